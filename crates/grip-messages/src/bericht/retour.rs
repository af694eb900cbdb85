//! The retours 302, 306, 308, 316, 318 and 320: the message they answer, copied, with a judgement of every class.

use grip_types::Wet;

use super::{
    antwoord::{Antwoord, Woonplaatsbeginsel},
    delen::{BerichtIdentificatie, XsdVersie},
    start::{StartClient, StartProduct},
    stop::{StopClient, StopProduct},
    toewijzing::{Contact, Relatie, ToegewezenProduct, ToewijzingClient},
    verzoek_om_toewijzing::{AangevraagdProduct, VerzoekOmToewijzingClient},
    verzoek_om_wijziging::{NieuwProduct, OngewijzigdProduct, TeWijzigenProduct, Verzoek, VerzoekOmWijzigingClient},
};
use crate::{
    class::{Class, Elements, Field, Ns, RETOUR_CODES, classes},
    datatype::*,
    sample::Source,
    value::Value,
    xml::{Refused, Scanner, Writer},
};

/// A class of a message as its receiver sends it back: the class as it was, and RetourCodes at its end. Glossary: Beoordeeld.
#[derive(Debug, Clone, PartialEq)]
pub struct Beoordeeld<'a, C> {
    /// The class as it was sent.
    pub berichtklasse: C,
    /// Element `RetourCodes`.
    pub retour_codes: RetourCodes<'a>,
}

impl<'a, C: Class<'a>> Class<'a> for Beoordeeld<'a, C> {
    const NAME: &'static str = C::NAME;
    const NS: Ns = C::NS;
    const JUDGED: bool = true;

    fn names_and_retour_codes(wet: Wet) -> &'static [&'static str] {
        C::names_and_retour_codes(wet)
    }

    fn read_elements(scanner: &mut Scanner<'a>, elements: &mut Elements) -> Result<Self, Refused> {
        let berichtklasse = C::read_elements(scanner, elements)?;
        let retour_codes = Field::read(scanner, elements)?;
        elements.advance();
        Ok(Self { berichtklasse, retour_codes })
    }

    fn absent() -> Self {
        Self { berichtklasse: C::absent(), retour_codes: Class::absent() }
    }

    fn write_elements(&self, writer: &mut Writer) {
        self.berichtklasse.write_elements(writer);
        Field::write(&self.retour_codes, writer, RETOUR_CODES, Self::NS);
    }

    fn sample(source: &mut Source) -> Self {
        Self { berichtklasse: C::sample(source), retour_codes: Class::sample(source) }
    }
}

/// Contact with its judgement.
pub type ContactRetour<'a> = Beoordeeld<'a, Contact<'a>>;
/// Relatie with its judgement.
pub type RelatieRetour<'a> = Beoordeeld<'a, Relatie<'a, ContactRetour<'a>>>;
/// Client of a 302.
pub type ToewijzingClientRetour<'a> =
    Beoordeeld<'a, ToewijzingClient<'a, RelatieRetour<'a>, ContactRetour<'a>, Beoordeeld<'a, ToegewezenProduct<'a>>>>;
/// Client of a 306.
pub type StartClientRetour<'a> = Beoordeeld<'a, StartClient<'a, Beoordeeld<'a, StartProduct<'a>>>>;
/// Client of a 308.
pub type StopClientRetour<'a> = Beoordeeld<'a, StopClient<'a, Beoordeeld<'a, StopProduct<'a>>>>;
/// Client of a 316.
pub type VerzoekOmToewijzingClientRetour<'a> =
    Beoordeeld<'a, VerzoekOmToewijzingClient<'a, Beoordeeld<'a, AangevraagdProduct<'a>>>>;
/// Verzoek of a 318.
pub type VerzoekRetour<'a> = Beoordeeld<
    'a,
    Verzoek<
        'a,
        Beoordeeld<'a, OngewijzigdProduct<'a>>,
        Beoordeeld<'a, TeWijzigenProduct<'a>>,
        Beoordeeld<'a, NieuwProduct<'a>>,
    >,
>;
/// Client of a 318.
pub type VerzoekOmWijzigingClientRetour<'a> = Beoordeeld<'a, VerzoekOmWijzigingClient<'a, VerzoekRetour<'a>>>;
/// Antwoord of a 320.
pub type AntwoordRetour<'a> = Beoordeeld<'a, Antwoord<'a, Beoordeeld<'a, Woonplaatsbeginsel<'a>>>>;

classes! {
    /// One or more judgements.
    RetourCodes in Message {
        retour_code: "RetourCode" Vec<Value<'a, RetourCode>>,
    }

    /// Header of a retour on a message from a Gemeente: that of the message, Afzender and Ontvanger included, and the retour's
    /// own.
    RetourHeaderVanGemeente in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<4>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<8>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
        xsd_versie: "XsdVersie" XsdVersie<'a>,
        identificatie_retour: "IdentificatieRetour" Value<'a, Text<12>>,
        dagtekening_retour: "DagtekeningRetour" Value<'a, Datum>,
        xslt_versie: "XsltVersie" Option<Value<'a, VersieNummer>>,
        xsd_versie_retour: "XsdVersieRetour" XsdVersie<'a>,
        retour_codes: "RetourCodes" Option<RetourCodes<'a>>,
    }

    /// Header of a retour on a message from an Aanbieder: that of the message, Afzender and Ontvanger included, and the
    /// retour's own.
    RetourHeaderVanAanbieder in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<8>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<4>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
        xsd_versie: "XsdVersie" XsdVersie<'a>,
        identificatie_retour: "IdentificatieRetour" Value<'a, Text<12>>,
        dagtekening_retour: "DagtekeningRetour" Value<'a, Datum>,
        xslt_versie: "XsltVersie" Option<Value<'a, VersieNummer>>,
        xsd_versie_retour: "XsdVersieRetour" XsdVersie<'a>,
        retour_codes: "RetourCodes" Option<RetourCodes<'a>>,
    }

    /// 302: the retour on a 301. There is no body when only the header is judged.
    ToewijzingRetourBericht in Message {
        header: "Header" RetourHeaderVanGemeente<'a>,
        client: "Client" Option<ToewijzingClientRetour<'a>>,
    }

    /// 306: the retour on a 305. There is no body when only the header is judged.
    StartRetourBericht in Message {
        header: "Header" RetourHeaderVanAanbieder<'a>,
        client: "Client" Option<StartClientRetour<'a>>,
    }

    /// 308: the retour on a 307. There is no body when only the header is judged.
    StopRetourBericht in Message {
        header: "Header" RetourHeaderVanAanbieder<'a>,
        client: "Client" Option<StopClientRetour<'a>>,
    }

    /// 316: the retour on a 315. There is no body when only the header is judged.
    VerzoekOmToewijzingRetourBericht in Message {
        header: "Header" RetourHeaderVanAanbieder<'a>,
        client: "Client" Option<VerzoekOmToewijzingClientRetour<'a>>,
    }

    /// 318: the retour on a 317. There is no body when only the header is judged.
    VerzoekOmWijzigingRetourBericht in Message {
        header: "Header" RetourHeaderVanAanbieder<'a>,
        client: "Client" Option<VerzoekOmWijzigingClientRetour<'a>>,
    }

    /// 320: the retour on a 319. There is no body when only the header is judged.
    AntwoordRetourBericht in Message {
        header: "Header" RetourHeaderVanGemeente<'a>,
        antwoord: "Antwoord" Option<AntwoordRetour<'a>>,
    }
}
