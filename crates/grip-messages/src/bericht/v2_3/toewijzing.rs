//! 301 Toewijzing: a decision on one client, and what a municipality orders from a provider because of it.

use super::{
    super::{
        delen::{Commentaar, Communicatie, Geboortedatum, Nummer, Omvang, Product, VolledigeNaam},
        toewijzing::{Contact, Relatie},
    },
    delen::{Grondslagen, HeaderVanGemeente},
};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 301: the allocations of one client with one provider.
    ToewijzingBericht in Message {
        header: "Header" HeaderVanGemeente<'a>,
        client: "Client" ToewijzingClient<'a>,
    }

    /// The client and what was decided.
    ToewijzingClient<R = Relatie<'a>, C = Contact<'a>, B = Beschikking<'a>> in Message as "Client" {
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
        beschikking: "Beschikking" B,
    }

    /// A decision, and what is allocated because of it.
    Beschikking<L = Beperking<'a>, P = ToegewezenProduct<'a>> in Message {
        beschikking_nummer: "BeschikkingNummer" Value<'a, Nummer>,
        grondslagen: "Grondslagen" Option<Grondslagen<'a>>,
        afgiftedatum: "Afgiftedatum" Value<'a, Datum>,
        ingangsdatum: "Ingangsdatum" Value<'a, Datum>,
        einddatum: "Einddatum" Option<Value<'a, Datum>>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
        beperkingen: "Beperkingen" Option<Vec<L>>,
        toegewezen_producten: "ToegewezenProducten" Vec<P>,
    }

    /// What the client can't do alone.
    Beperking<S = BeperkingScore<'a>> in Message {
        categorie: "Categorie" Value<'a, BeperkingCategorie>,
        duur: "Duur" Option<Value<'a, Duur>>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
        beperking_scores: "BeperkingScores" Option<Vec<S>>,
    }

    /// The answer to one question about a Beperking.
    BeperkingScore in Message {
        vraag: "Vraag" Value<'a, BeperkingVraag>,
        score: "Score" Value<'a, crate::datatype::BeperkingScore>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
    }

    /// One allocation, in the version that Toewijzingsdatum and Toewijzingstijd stamp.
    ToegewezenProduct in Message {
        toewijzing_nummer: "ToewijzingNummer" Option<Value<'a, Nummer>>,
        referentie_aanbieder: "ReferentieAanbieder" Option<Value<'a, Text<36>>>,
        product: "Product" Product<'a>,
        toewijzingsdatum: "Toewijzingsdatum" Value<'a, Datum>,
        toewijzingstijd: "Toewijzingstijd" Value<'a, Tijd>,
        ingangsdatum: "Ingangsdatum" Value<'a, Datum>,
        einddatum: "Einddatum" Option<Value<'a, Datum>>,
        reden_wijziging: "RedenWijziging" Option<Value<'a, RedenWijziging>>,
        omvang: "Omvang" Option<Omvang<'a>>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
    }
}
