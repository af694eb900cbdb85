//! The retours 302, 306, 308 and 316: the message they answer, copied, with a judgement of every class.

use super::{
    super::{
        delen::BerichtIdentificatie,
        retour::{Beoordeeld, ContactRetour, RelatieRetour, RetourCodes},
    },
    start::{StartClient, StartProduct},
    stop::{StopClient, StopProduct},
    toewijzing::{Beperking, BeperkingScore, Beschikking, ToegewezenProduct, ToewijzingClient},
    verzoek_om_toewijzing::{AangevraagdProduct, VerzoekOmToewijzingClient},
};
use crate::{class::classes, datatype::*, value::Value};

/// Beperking with its judgement.
pub type BeperkingRetour<'a> = Beoordeeld<'a, Beperking<'a, Beoordeeld<'a, BeperkingScore<'a>>>>;
/// Beschikking with its judgement.
pub type BeschikkingRetour<'a> =
    Beoordeeld<'a, Beschikking<'a, BeperkingRetour<'a>, Beoordeeld<'a, ToegewezenProduct<'a>>>>;
/// Client of a 302.
pub type ToewijzingClientRetour<'a> =
    Beoordeeld<'a, ToewijzingClient<'a, RelatieRetour<'a>, ContactRetour<'a>, BeschikkingRetour<'a>>>;
/// Client of a 306.
pub type StartClientRetour<'a> = Beoordeeld<'a, StartClient<'a, Beoordeeld<'a, StartProduct<'a>>>>;
/// Client of a 308.
pub type StopClientRetour<'a> = Beoordeeld<'a, StopClient<'a, Beoordeeld<'a, StopProduct<'a>>>>;
/// Client of a 316.
pub type VerzoekOmToewijzingClientRetour<'a> =
    Beoordeeld<'a, VerzoekOmToewijzingClient<'a, Beoordeeld<'a, AangevraagdProduct<'a>>>>;

classes! {
    /// Header of a retour on a message from a Gemeente: that of the message, Afzender and Ontvanger included, and the retour's
    /// own.
    RetourHeaderVanGemeente in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<4>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<8>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
        identificatie_retour: "IdentificatieRetour" Value<'a, Text<12>>,
        dagtekening_retour: "DagtekeningRetour" Value<'a, Datum>,
        xslt_versie: "XsltVersie" Option<Value<'a, VersieNummer>>,
        retour_codes: "RetourCodes" Option<RetourCodes<'a>>,
    }

    /// Header of a retour on a message from an Aanbieder: that of the message, Afzender and Ontvanger included, and the retour's
    /// own.
    RetourHeaderVanAanbieder in Message {
        bericht_code: "BerichtCode" Value<'a, BerichtCode>,
        bericht_versie: "BerichtVersie" Value<'a, BerichtVersie>,
        bericht_subversie: "BerichtSubversie" Value<'a, BerichtSubversie>,
        afzender: "Afzender" Value<'a, PartijCode<8>>,
        ontvanger: "Ontvanger" Value<'a, PartijCode<4>>,
        bericht_identificatie: "BerichtIdentificatie" BerichtIdentificatie<'a>,
        identificatie_retour: "IdentificatieRetour" Value<'a, Text<12>>,
        dagtekening_retour: "DagtekeningRetour" Value<'a, Datum>,
        xslt_versie: "XsltVersie" Option<Value<'a, VersieNummer>>,
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
}
