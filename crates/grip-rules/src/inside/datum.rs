//! Dates that follow on each other, whatever the message.

use grip_messages::{Value, datatype::Datum};

use super::Found;

rules! {
    CS003 [301, 315, 317]: "Einddatum ligt voor het begin van de periode",
        wat: "Een periode eindigt niet eerder dan zij begint. Anders heeft een toewijzing een negatieve looptijd. Dan is niet te zeggen wat er in die tijd geleverd en betaald kan worden. Een einddatum zonder begindatum telt ook als fout.",
        doen: "Vraag de afzender welke van beide datums klopt en om een gecorrigeerd bericht.";
    TR134 [301, 305, 307, 315, 323, 325]: "Datum ligt na de dagtekening",
        wat: "Wat een bericht als gebeurd meldt, is op zijn laatst gebeurd op de dag die het bericht draagt: een geboorte, een \
            besluit, een start, een stop, het begin van een declaratieperiode of productperiode.",
        doen: "Vraag de afzender of de datum een typefout is of het bericht te vroeg is gemaakt.";
    TR137 [323, 325]: "Periode eindigt voor haar begin of na de dagtekening",
        wat: "De einddatum van een declaratieperiode of productperiode ligt niet voor de begindatum en niet na de dagtekening van \
            het bericht: er wordt gedeclareerd over tijd die voorbij is.",
        doen: "Vraag de aanbieder om een gecorrigeerde declaratie, na afloop van de maand.";
}

/// CS003 for the Einddatum of a period whose Begindatum may be absent.
pub(super) fn period(
    found: &mut Found,
    begin: Option<&Value<'_, Datum>>,
    eind: Option<&Value<'_, Datum>>,
    path: [&str; 2],
) {
    let Some(eind) = eind else { return };
    match (begin.map(Value::get), eind.get()) {
        (None, Some(_)) => found.add(CS003, eind, path, "de periode heeft een einde en geen begin"),
        (Some(Some(begin)), Some(day)) if day < begin => {
            found.add(CS003, eind, path, format!("{day} ligt voor het begin {begin}"));
        }
        _ => {}
    }
}

/// TR134 for a date that may be shown.
pub(super) fn has_happened(found: &mut Found, value: &Value<'_, Datum>, path: [&str; 2]) {
    if let (Some(day), Some(dagtekening)) = (value.get(), found.dagtekening)
        && day > dagtekening
    {
        found.add(TR134, value, path, format!("{day} ligt na de dagtekening {dagtekening}"));
    }
}
