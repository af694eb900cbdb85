//! 301 Toewijzing: what a municipality orders from a provider for one client.

use super::delen::{
    Adres, Commentaar, Communicatie, Geboortedatum, HeaderVanGemeente, Nummer, Omvang, OpenPeriode, Product,
    Telefoonnummers, VolledigeNaam,
};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 301: the allocations of one client with one provider.
    ToewijzingBericht in Message {
        header: "Header" HeaderVanGemeente<'a>,
        client: "Client" ToewijzingClient<'a>,
    }

    /// The client and what is allocated.
    ToewijzingClient<R = Relatie<'a>, C = Contact<'a>, P = ToegewezenProduct<'a>> in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        geboortedatum: "Geboortedatum" Geboortedatum<'a>,
        geslacht: "Geslacht" Value<'a, Geslacht>,
        naam: "Naam" VolledigeNaam<'a>,
        communicatie: "Communicatie" Option<Communicatie<'a>>,
        juridische_status: "JuridischeStatus" Option<Value<'a, JuridischeStatus>>,
        wettelijke_vertegenwoordiging: "WettelijkeVertegenwoordiging" Option<Value<'a, WettelijkeVertegenwoordiging>>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
        relaties: "Relaties" Option<Vec<R>>,
        contactgegevens: "Contactgegevens" Vec<C>,
        toegewezen_producten: "ToegewezenProducten" Vec<P>,
    }

    /// Somebody around the client.
    Relatie<C = Contact<'a>> in Message {
        nummer: "Nummer" Value<'a, PersonalText<20>>,
        volgorde: "Volgorde" Option<Value<'a, Geheel<99>>>,
        soort: "Soort" Value<'a, SoortRelatie>,
        geboortedatum: "Geboortedatum" Option<Geboortedatum<'a>>,
        geslacht: "Geslacht" Option<Value<'a, Geslacht>>,
        naam: "Naam" VolledigeNaam<'a>,
        contact: "Contact" C,
    }

    /// How somebody can be reached.
    Contact in Message {
        soort: "Soort" Value<'a, AdresSoort>,
        adres: "Adres" Option<Adres<'a>>,
        organisatie: "Organisatie" Option<Value<'a, PersonalText<35>>>,
        telefoon: "Telefoon" Option<Telefoonnummers<'a>>,
        emailadres: "Emailadres" Option<Value<'a, PersonalText<80>>>,
        periode: "Periode" Option<OpenPeriode<'a>>,
    }

    /// One allocation, in the version that Toewijzingsdatum and Toewijzingstijd stamp.
    ToegewezenProduct in Message {
        toewijzing_nummer: "ToewijzingNummer" Value<'a, Nummer>,
        referentie_aanbieder: "ReferentieAanbieder" Option<Value<'a, Text<36>>>,
        product: "Product" Option<Product<'a>>,
        toewijzingsdatum: "Toewijzingsdatum" Value<'a, Datum>,
        toewijzingstijd: "Toewijzingstijd" Value<'a, Tijd>,
        ingangsdatum: "Ingangsdatum" Value<'a, Datum>,
        einddatum: "Einddatum" Option<Value<'a, Datum>>,
        reden_wijziging: "RedenWijziging" Option<Value<'a, RedenWijziging>>,
        omvang: "Omvang" Option<Omvang<'a>>,
        budget: "Budget" Option<Value<'a, GeldBedrag<99_999_999>>>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
    }
}
