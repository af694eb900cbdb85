//! 323 Declaratie: a provider's invoice for what it delivered.

use super::delen::{
    BedragMetDC, Bedragwaarde, GeslotenPeriode, HeaderVanAanbieder, Nummer, ProductReferentie, TotaalBedragMetDC,
    Volume,
};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 323: one invoice.
    DeclaratieBericht in Message {
        header: "Header" HeaderVanAanbieder<'a>,
        declaratie: "Declaratie" Declaratie<'a>,
    }

    /// The invoice: its month, its total and its clients.
    Declaratie in Message {
        declaratie_nummer: "DeclaratieNummer" Value<'a, Alfanumeriek<12>>,
        declaratie_periode: "DeclaratiePeriode" GeslotenPeriode<'a>,
        declaratie_dagtekening: "DeclaratieDagtekening" Value<'a, Datum>,
        totaal_ingediend_bedrag: "TotaalIngediendBedrag" TotaalBedragMetDC<'a>,
        clienten: "Clienten" Vec<DeclaratieClient<'a>>,
    }

    /// A client and what was delivered.
    DeclaratieClient in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        prestaties: "Prestaties" Vec<Prestatie<'a>>,
    }

    /// One line: a product delivered within one calendar month.
    Prestatie in Message {
        product_referentie: "ProductReferentie" ProductReferentie<'a>,
        toewijzing_nummer: "ToewijzingNummer" Value<'a, Nummer>,
        product_categorie: "ProductCategorie" Value<'a, ProductCategorie>,
        product_code: "ProductCode" Value<'a, Text<5>>,
        product_periode: "ProductPeriode" GeslotenPeriode<'a>,
        geleverd_volume: "GeleverdVolume" Value<'a, Volume>,
        eenheid: "Eenheid" Value<'a, Eenheid>,
        product_tarief: "ProductTarief" Option<Value<'a, Bedragwaarde>>,
        ingediend_bedrag: "IngediendBedrag" BedragMetDC<'a>,
    }
}
