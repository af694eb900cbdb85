//! 303 Declaratie of factuur and its retour 304: BerichtCode tells which of the two it is.

use super::{
    super::delen::{Commentaar, Geboortedatum, GeslotenPeriode, Nummer, ProductReferentie, VerkorteNaam},
    super::retour::RetourCodes,
    delen::{
        DeclaratieFactuurBedragen, DeclaratieFactuurIdentificatie, IngediendeBedragPrestatie, RetourBedragen,
        RetourHeader, ToegekendeBedragPrestatie,
    },
};
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 303: one declaratie or factuur.
    DeclaratieFactuurBericht in Message {
        header: "Header" DeclaratieFactuurHeader<'a>,
        clienten: "Clienten" Vec<DeclaratieFactuurClient<'a>>,
    }

    /// Header of a 303.
    DeclaratieFactuurHeader in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        gemeente: "Gemeente" Value<'a, PartijCode<4>>,
        servicebureau: "Servicebureau" Option<Value<'a, ServicebureauCode>>,
        aanbieder: "Aanbieder" Value<'a, PartijCode<8>>,
        betaling_aan_id: "BetalingAanID" Value<'a, BetalingAanID>,
        declaratie_factuur_identificatie: "DeclaratieFactuurIdentificatie" DeclaratieFactuurIdentificatie<'a>,
        declaratie_factuur_bedragen: "DeclaratieFactuurBedragen" DeclaratieFactuurBedragen<'a>,
    }

    /// A client and what was delivered.
    DeclaratieFactuurClient in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        geboortedatum: "Geboortedatum" Geboortedatum<'a>,
        geslacht: "Geslacht" Value<'a, Geslacht>,
        naam: "Naam" VerkorteNaam<'a>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
        prestaties: "Prestaties" Vec<DeclaratieFactuurPrestatie<'a>>,
    }

    /// One line.
    DeclaratieFactuurPrestatie in Message as "Prestatie" {
        beschikking_nummer: "BeschikkingNummer" Option<Value<'a, Nummer>>,
        toewijzing_nummer: "ToewijzingNummer" Option<Value<'a, Nummer>>,
        product_categorie: "ProductCategorie" Value<'a, ProductCategorie>,
        product_code: "ProductCode" Value<'a, Text<5>>,
        product_periode: "ProductPeriode" GeslotenPeriode<'a>,
        ingediende_bedrag_prestatie: "IngediendeBedragPrestatie" IngediendeBedragPrestatie<'a>,
        product_referentie: "ProductReferentie" ProductReferentie<'a>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
    }

    /// 304: the retour on a 303. There are no clients when the 303 was refused at its header.
    DeclaratieFactuurRetourBericht in Message {
        header: "Header" DeclaratieFactuurRetourHeader<'a>,
        clienten: "Clienten" Option<Vec<DeclaratieFactuurRetourClient<'a>>>,
    }

    /// Header of a 304.
    DeclaratieFactuurRetourHeader in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        gemeente: "Gemeente" Value<'a, PartijCode<4>>,
        servicebureau: "Servicebureau" Option<Value<'a, ServicebureauCode>>,
        aanbieder: "Aanbieder" Value<'a, PartijCode<8>>,
        betaling_aan_id: "BetalingAanID" Value<'a, BetalingAanID>,
        declaratie_factuur_identificatie: "DeclaratieFactuurIdentificatie" DeclaratieFactuurIdentificatie<'a>,
        retour_header: "RetourHeader" RetourHeader<'a>,
        retour_bedragen: "RetourBedragen" RetourBedragen<'a>,
        xslt_versie: "XsltVersie" Option<Value<'a, VersieNummer>>,
        retour_codes: "RetourCodes" RetourCodes<'a>,
    }

    /// A client and what was delivered, with its judgement.
    DeclaratieFactuurRetourClient in Message as "Client" {
        bsn: "Bsn" Value<'a, BurgerServicenummer>,
        geboortedatum: "Geboortedatum" Geboortedatum<'a>,
        geslacht: "Geslacht" Value<'a, Geslacht>,
        naam: "Naam" VerkorteNaam<'a>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
        prestaties: "Prestaties" Vec<DeclaratieFactuurRetourPrestatie<'a>>,
        retour_codes: "RetourCodes" Option<RetourCodes<'a>>,
    }

    /// One line, what is approved of it, and its judgement.
    DeclaratieFactuurRetourPrestatie in Message as "Prestatie" {
        beschikking_nummer: "BeschikkingNummer" Option<Value<'a, Nummer>>,
        toewijzing_nummer: "ToewijzingNummer" Option<Value<'a, Nummer>>,
        product_categorie: "ProductCategorie" Value<'a, ProductCategorie>,
        product_code: "ProductCode" Value<'a, Text<5>>,
        product_periode: "ProductPeriode" GeslotenPeriode<'a>,
        ingediende_bedrag_prestatie: "IngediendeBedragPrestatie" IngediendeBedragPrestatie<'a>,
        product_referentie: "ProductReferentie" ProductReferentie<'a>,
        toegekende_bedrag_prestatie: "ToegekendeBedragPrestatie" ToegekendeBedragPrestatie<'a>,
        commentaar: "Commentaar" Option<Value<'a, Commentaar>>,
        retour_codes: "RetourCodes" Option<RetourCodes<'a>>,
    }
}
