//! 307 Stop: a provider ends delivery, for a time or for good.

use super::delen::{Geboortedatum, HeaderVanAanbieder, Nummer, Product, VerkorteNaam};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 307: the stops of one client.
    StopBericht in Message {
        header: "Header" HeaderVanAanbieder<'a>,
        client: "Client" StopClient<'a>,
    }

    /// The client and what stops.
    StopClient<P = StopProduct<'a>> in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        geboortedatum: "Geboortedatum" Geboortedatum<'a>,
        geslacht: "Geslacht" Value<'a, Geslacht>,
        naam: "Naam" VerkorteNaam<'a>,
        stop_producten: "StopProducten" Vec<P>,
    }

    /// The stop of one product.
    StopProduct in Message {
        toewijzing_nummer: "ToewijzingNummer" Option<Value<'a, Nummer>>,
        product: "Product" Option<Product<'a>>,
        toewijzing_ingangsdatum: "ToewijzingIngangsdatum" Option<Value<'a, Datum>>,
        begindatum: "Begindatum" Value<'a, Datum>,
        reden_beeindiging: "RedenBeeindiging" Value<'a, RedenBeeindiging>,
        einddatum: "Einddatum" Value<'a, Datum>,
        status_aanlevering: "StatusAanlevering" Value<'a, StatusAanlevering>,
    }
}
