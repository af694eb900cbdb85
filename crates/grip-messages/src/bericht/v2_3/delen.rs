//! Parts that several messages of release 2.3 have and release 3 has not, or has otherwise.

use super::super::delen::{
    BedragMetDC, Bedragwaarde, BerichtIdentificatie, GeslotenPeriode, TotaalBedragMetDC, Volume,
};
use crate::{class::classes, datatype::*, value::Value};

/// Percentage, in hundredths of a percent: 2100 is 21 %.
pub type Percentage = Geheel<99_999>;

classes! {
    /// Header of a message from a Gemeente to an Aanbieder.
    HeaderVanGemeente in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<4>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<8>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
    }

    /// Header of a message from an Aanbieder to a Gemeente.
    HeaderVanAanbieder in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<8>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<4>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
    }

    /// Who referred a client: an organisation or a practitioner.
    Verwijzer in Basis {
        type_: "Type" Value<'a, TypeVerwijzer>,
        naam: "Naam" Option<Value<'a, PersonalText<64>>>,
    }

    /// One or two grounds of a decision.
    Grondslagen in Basis {
        grondslag01: "Grondslag01" Value<'a, Grondslag>,
        grondslag02: "Grondslag02" Option<Value<'a, Grondslag>>,
    }

    /// Which declaratie or factuur it is, and of which period.
    DeclaratieFactuurIdentificatie in Basis {
        declaratie_periode: "DeclaratiePeriode" GeslotenPeriode<'a>,
        declarant_factuur_nummer: "DeclarantFactuurNummer" Value<'a, Alfanumeriek<12>>,
        factuur_dagtekening: "FactuurDagtekening" Value<'a, Datum>,
        btw_id_nummer: "BtwIDNummer" Option<Value<'a, BtwIDNummer>>,
        valuta_code: "ValutaCode" Value<'a, ValutaCode>,
    }

    /// Totals: of what is asked, and of the VAT in it.
    DeclaratieFactuurBedragen in Basis {
        declaratie_factuur_totaal_bedrag: "DeclaratieFactuurTotaalBedrag" TotaalBedragMetDC<'a>,
        btw_totaal_bedrag: "BtwTotaalBedrag" Option<TotaalBedragMetDC<'a>>,
    }

    /// What is asked for one line, and how it was calculated.
    IngediendeBedragPrestatie in Basis {
        geleverd_volume: "GeleverdVolume" Value<'a, Volume>,
        eenheid: "Eenheid" Value<'a, Eenheid>,
        verrekenpercentage: "Verrekenpercentage" Option<Value<'a, Percentage>>,
        product_tarief: "ProductTarief" Option<Value<'a, Bedragwaarde>>,
        berekend_bedrag: "BerekendBedrag" Option<BedragMetDC<'a>>,
        btw_vrijstelling_indicatie: "BtwVrijstellingIndicatie" Option<Value<'a, BtwVrijstellingIndicatie>>,
        btw_percentage: "BtwPercentage" Option<Value<'a, Geheel<9_999>>>,
        btw_bedrag: "BtwBedrag" Option<BedragMetDC<'a>>,
        declaratie_factuur_bedrag: "DeclaratieFactuurBedrag" BedragMetDC<'a>,
    }

    /// The retour's own identification in a 304.
    RetourHeader in Basis {
        gemeente_referentie_nummer: "GemeenteReferentieNummer" Value<'a, Text<24>>,
        retour_dagtekening: "RetourDagtekening" Value<'a, Datum>,
    }

    /// What was asked and what is approved in all.
    RetourBedragen in Basis {
        ingediend_totaal_bedrag: "IngediendTotaalBedrag" TotaalBedragMetDC<'a>,
        toegekend_totaal_bedrag: "ToegekendTotaalBedrag" TotaalBedragMetDC<'a>,
    }

    /// What is approved of one line.
    ToegekendeBedragPrestatie in Basis {
        gemeente_berekend_bedrag: "GemeenteBerekendBedrag" BedragMetDC<'a>,
        toegekend_bedrag: "ToegekendBedrag" BedragMetDC<'a>,
    }
}
