#![doc = include_str!("../README.md")]
#![forbid(missing_docs)]

pub mod bericht;
mod class;
mod codes;
mod finding;
pub mod sample;
mod soort;
mod value;
mod xml;

pub use bericht::{Bericht, Inhoud, Reading, read, write};
pub use codes::{CodeList, aanduiding_onbekend, product_categorie_naam, verwijzer_naam};
pub use finding::{Ernst, Finding, Place, Rule, door};
pub use soort::{Berichtsoort, Release};
pub use value::{Datatype, Fault, Value};

/// The types a value of a message can have, named as the standard names them.
pub mod datatype {
    pub use crate::codes::{
        AanduidingWoonadres, AdresSoort, BeperkingCategorie, BeperkingScore, BeperkingVraag, BetalingAanID,
        BtwVrijstellingIndicatie, Communicatievorm, DatumGebruik, DebetCredit, Duur, Eenheid, Frequentie, Geslacht,
        Grondslag, JaNee, JuridischeStatus, LandCode, NaamGebruik, ProductCategorie, RedenAfwijzingVerzoek,
        RedenBeeindiging, RedenVerzoek, RedenWijziging, RetourCode, SoortRelatie, StatusAanlevering, TypeVerwijzer,
        ValutaCode, VerzoekAntwoord, WettelijkeVertegenwoordiging,
    };
    pub use crate::value::{
        Alfanumeriek, BerichtCode, BerichtSubversie, BerichtVersie, BtwIDNummer, BurgerServicenummer, Cijfers, Datum,
        Geboortedag, Geheel, GeldBedrag, PartijCode, PersonalText, ServicebureauCode, Text, Tijd, VersieNummer,
        Voorletters,
    };
}
