//! 317 Verzoek om wijziging: a provider asks a municipality to change what is allocated for a client.

use super::delen::{HeaderVanAanbieder, Nummer, Omvang, Product};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 317: the request for one client.
    VerzoekOmWijzigingBericht in Message {
        header: "Header" HeaderVanAanbieder<'a>,
        client: "Client" VerzoekOmWijzigingClient<'a>,
    }

    /// The client and the request.
    VerzoekOmWijzigingClient<V = Verzoek<'a>> in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        verzoek: "Verzoek" V,
    }

    /// The whole situation that is wanted: what stays, what changes and what is new.
    Verzoek<O = OngewijzigdProduct<'a>, W = TeWijzigenProduct<'a>, N = NieuwProduct<'a>> in Message {
        referentie_aanbieder: "ReferentieAanbieder" Value<'a, Text<36>>,
        reden_verzoek: "RedenVerzoek" Value<'a, RedenVerzoek>,
        ongewijzigde_producten: "OngewijzigdeProducten" Option<Vec<O>>,
        te_wijzigen_producten: "TeWijzigenProducten" Option<Vec<W>>,
        nieuwe_producten: "NieuweProducten" Option<Vec<N>>,
    }

    /// An allocation that stays as it is.
    OngewijzigdProduct in Message {
        toewijzing_nummer: "ToewijzingNummer" Value<'a, Nummer>,
    }

    /// An allocation that should change.
    TeWijzigenProduct in Message {
        toewijzing_nummer: "ToewijzingNummer" Value<'a, Nummer>,
        gewenste_ingangsdatum: "GewensteIngangsdatum" Value<'a, Datum>,
        einddatum: "Einddatum" Option<Value<'a, Datum>>,
        omvang: "Omvang" Option<Omvang<'a>>,
        budget: "Budget" Option<Value<'a, GeldBedrag<99_999_999>>>,
    }

    /// A product that should be allocated besides.
    NieuwProduct in Message {
        product: "Product" Option<Product<'a>>,
        gewenste_ingangsdatum: "GewensteIngangsdatum" Value<'a, Datum>,
        einddatum: "Einddatum" Option<Value<'a, Datum>>,
        omvang: "Omvang" Option<Omvang<'a>>,
        budget: "Budget" Option<Value<'a, GeldBedrag<99_999_999>>>,
    }
}
