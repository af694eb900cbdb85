//! 319 Antwoord: a municipality refuses a request (315 or 317) or says that it looks into it.

use super::delen::HeaderVanGemeente;
use crate::{class::classes, datatype::*, value::Value};

classes! {
    /// 319: the answer to one request.
    AntwoordBericht in Message {
        header: "Header" HeaderVanGemeente<'a>,
        antwoord: "Antwoord" Antwoord<'a>,
    }

    /// The answer. It names no client: ReferentieAanbieder is that of the request.
    Antwoord<W = Woonplaatsbeginsel<'a>> in Message {
        referentie_aanbieder: "ReferentieAanbieder" Value<'a, Text<36>>,
        verzoek_antwoord: "VerzoekAntwoord" Value<'a, VerzoekAntwoord>,
        reden_afwijzing_verzoek: "RedenAfwijzingVerzoek" Option<Value<'a, RedenAfwijzingVerzoek>>,
        woonplaatsbeginsel: "Woonplaatsbeginsel" Option<W> where Jw,
    }

    /// The municipality that is responsible instead.
    Woonplaatsbeginsel in Message {
        gemeente: "Gemeente" Value<'a, PartijCode<4>>,
    }
}
