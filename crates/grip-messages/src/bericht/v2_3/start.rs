//! 305 Start: a provider begins to deliver.

use super::{
    super::delen::{Geboortedatum, Nummer, Product, VerkorteNaam},
    delen::HeaderVanAanbieder,
};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 305: the starts of one client.
    StartBericht in Message {
        header: "Header" HeaderVanAanbieder<'a>,
        client: "Client" StartClient<'a>,
    }

    /// The client and what starts.
    StartClient<P = StartProduct<'a>> in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        geboortedatum: "Geboortedatum" Geboortedatum<'a>,
        geslacht: "Geslacht" Value<'a, Geslacht>,
        naam: "Naam" VerkorteNaam<'a>,
        status_aanlevering: "StatusAanlevering" Value<'a, StatusAanlevering>,
        start_producten: "StartProducten" Vec<P>,
    }

    /// The start of one product.
    StartProduct in Message {
        beschikking_nummer: "BeschikkingNummer" Option<Value<'a, Nummer>>,
        toewijzing_nummer: "ToewijzingNummer" Option<Value<'a, Nummer>>,
        product: "Product" Product<'a>,
        toewijzing_ingangsdatum: "ToewijzingIngangsdatum" Option<Value<'a, Datum>>,
        begindatum: "Begindatum" Value<'a, Datum>,
        status_aanlevering: "StatusAanlevering" Value<'a, StatusAanlevering>,
    }
}
