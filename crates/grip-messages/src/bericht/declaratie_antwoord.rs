//! 325 Declaratie-antwoord: which lines of an invoice are refused; all others are approved.

use super::delen::{
    BedragMetDC, Bedragwaarde, BerichtIdentificatie, GeslotenPeriode, Nummer, ProductReferentie, TotaalBedragMetDC,
    Volume, XsdVersie,
};
use super::retour::RetourCodes;
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 325: the answer to one invoice.
    DeclaratieAntwoordBericht in Message {
        header: "Header" AntwoordHeader<'a>,
        declaratie_antwoord: "DeclaratieAntwoord" Option<DeclaratieAntwoord<'a>>,
    }

    /// Header of a 325, which names the message it answers.
    AntwoordHeader in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<4>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<8>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
        xsd_versie: "XsdVersie" XsdVersie<'a>,
        declaratie_identificatie: "DeclaratieIdentificatie" BerichtIdentificatie<'a>,
        xslt_versie: "XsltVersie" Option<Value<'a, VersieNummer>>,
        xsd_versie_declaratie: "XsdVersieDeclaratie" XsdVersie<'a>,
        retour_codes: "RetourCodes" RetourCodes<'a>,
    }

    /// The answer; absent when the message was refused at its header.
    DeclaratieAntwoord in Message {
        declaratie_nummer: "DeclaratieNummer" Value<'a, Text<12>>,
        totaal_ingediend_bedrag: "TotaalIngediendBedrag" TotaalBedragMetDC<'a>,
        totaal_toegekend_bedrag: "TotaalToegekendBedrag" TotaalBedragMetDC<'a>,
        clienten: "Clienten" Option<Vec<AntwoordClient<'a>>>,
        retour_codes: "RetourCodes" RetourCodes<'a>,
    }

    /// A client with refused lines.
    AntwoordClient in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        prestaties: "Prestaties" Vec<AfgekeurdePrestatie<'a>>,
        retour_codes: "RetourCodes" RetourCodes<'a>,
    }

    /// A refused line: the line as it was sent, and why.
    AfgekeurdePrestatie in Message as "Prestatie" {
        product_referentie: "ProductReferentie" ProductReferentie<'a>,
        toewijzing_nummer: "ToewijzingNummer" Value<'a, Nummer>,
        product_categorie: "ProductCategorie" Value<'a, ProductCategorie>,
        product_code: "ProductCode" Value<'a, Text<5>>,
        product_periode: "ProductPeriode" GeslotenPeriode<'a>,
        geleverd_volume: "GeleverdVolume" Value<'a, Volume>,
        eenheid: "Eenheid" Value<'a, Eenheid>,
        product_tarief: "ProductTarief" Option<Value<'a, Bedragwaarde>>,
        ingediend_bedrag: "IngediendBedrag" BedragMetDC<'a>,
        retour_codes: "RetourCodes" RetourCodes<'a>,
    }
}
