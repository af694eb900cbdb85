//! 315 Verzoek om toewijzing: a provider asks a municipality for an allocation.

use super::delen::{Commentaar, Geboortedatum, HeaderVanAanbieder, Nummer, Omvang, Product, VerkorteNaam, Verwijzer};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 315: the requests for one client.
    VerzoekOmToewijzingBericht in Message {
        header: "Header" HeaderVanAanbieder<'a>,
        client: "Client" VerzoekOmToewijzingClient<'a>,
    }

    /// The client and what is requested.
    VerzoekOmToewijzingClient<P = AangevraagdProduct<'a>> in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        geboortedatum: "Geboortedatum" Geboortedatum<'a>,
        geslacht: "Geslacht" Value<'a, Geslacht>,
        naam: "Naam" VerkorteNaam<'a>,
        gezagsdrager_bekend: "GezagsdragerBekend" Option<Value<'a, JaNee>> where Jw,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
        aangevraagde_producten: "AangevraagdeProducten" Vec<P>,
    }

    /// One product that is requested, with who referred the client to it.
    AangevraagdProduct in Message {
        referentie_aanbieder: "ReferentieAanbieder" Value<'a, Text<36>>,
        beschikking_nummer: "BeschikkingNummer" Option<Value<'a, Nummer>>,
        product: "Product" Option<Product<'a>>,
        beschikking_ingangsdatum: "BeschikkingIngangsdatum" Option<Value<'a, Datum>>,
        toewijzing_ingangsdatum: "ToewijzingIngangsdatum" Value<'a, Datum>,
        toewijzing_einddatum: "ToewijzingEinddatum" Option<Value<'a, Datum>>,
        omvang: "Omvang" Option<Omvang<'a>>,
        budget: "Budget" Option<Value<'a, GeldBedrag<99_999_999>>>,
        verwijzer: "Verwijzer" Verwijzer<'a>,
        raamcontract: "Raamcontract" Option<Value<'a, JaNee>>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
    }
}
