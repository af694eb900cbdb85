//! Rules on the header of any message.

use super::{
    day::{Day, date_of},
    replay::{Gemeentecode, Out, State, rows},
    rule::{BEIDE, rules},
};

rules! {
    DUBBELE_IDENTIFICATIE "TR056" Fout Some("9056"), BEIDE, [301, 305, 307, 315, 317, 319, 323, 325]:
        "Identificatie al gebruikt",
        wat: "Een afzender gebruikt een identificatie per berichtsoort één keer. Anders is niet te zeggen welk bericht een retour of antwoord bedoelt.",
        doen: "Ga met de afzender na of dit hetzelfde bericht is, of een ander dat een nieuwe identificatie had moeten krijgen.";
    DAGTEKENING_IN_TOEKOMST "TR135" Fout Some("8848"), BEIDE, [301, 305, 307, 315, 317, 319, 323, 325]:
        "Dagtekening na ontvangst",
        wat: "De dagtekening van een bericht ligt op of voor de dag waarop het is ontvangen.",
        doen: "Controleer de ontvangstdatum; klopt die, vraag de afzender dan om een bericht met de juiste dagtekening.";
    GEMEENTE_ONBEKEND "TR378" Fout Some("S300"), BEIDE, [301, 305, 307, 315, 317, 319, 323, 325]:
        "Gemeentecode niet in de lijst van het CBS",
        wat: "De gemeentecode staat in de lijst van het CBS. Na een herindeling mag de oude code, als die gold toen de toewijzing inging.",
        doen: "Controleer of de lijst in Grip actueel is; meld de afzender anders de juiste gemeentecode.";
}

fn is_from_gemeente(nummer: u16) -> bool {
    matches!(nummer, 301 | 319 | 325)
}

pub(super) fn judge(state: &State<'_>, number: u32, out: &mut Out) {
    let bericht = &state.dossier.berichten[number as usize];
    // Answers to messages (302 and so on) have no rules of their own here.
    if !matches!(bericht.nummer, 301 | 305 | 307 | 315 | 317 | 319 | 323 | 325) {
        return;
    }
    let known = state.identificaties.get(&(bericht.nummer, bericht.identificatie));
    if known.is_some_and(|known| state.is_alive(*known)) {
        out.report(DUBBELE_IDENTIFICATIE, 0, "Bericht/Header/BerichtIdentificatie/Identificatie", || {
            format!("een eerdere {} van deze afzender heeft dezelfde identificatie", bericht.nummer)
        });
    }
    if bericht.dagtekening > bericht.received {
        out.report(DAGTEKENING_IN_TOEKOMST, 0, "Bericht/Header/BerichtIdentificatie/Dagtekening", || {
            format!("dagtekening {}, ontvangen {}", date_of(bericht.dagtekening), date_of(bericht.received))
        });
    }
    let Some(list) = &state.context.gemeenten else { return };
    let element = if is_from_gemeente(bericht.nummer) { "Bericht/Header/Afzender" } else { "Bericht/Header/Ontvanger" };
    if !is_known(state, list, number, &state.dossier.gemeente) {
        out.report(GEMEENTE_ONBEKEND, 0, element, || {
            format!("gemeentecode {} geldt niet op {}", state.dossier.gemeente, date_of(bericht.dagtekening))
        });
    }
    for answer in rows(&state.dossier.antwoorden, number, |row| row.bericht).1 {
        let Some(code) = answer.gemeente.map(|word| state.dossier.text(word)) else { continue };
        if !is_known(state, list, number, code) {
            out.report(GEMEENTE_ONBEKEND, 1, "Bericht/Antwoord/Woonplaatsbeginsel/Gemeente", || {
                format!("gemeentecode {code} geldt niet op {}", date_of(bericht.dagtekening))
            });
        }
    }
}

fn is_known(state: &State<'_>, list: &[Gemeentecode], number: u32, code: &str) -> bool {
    let bericht = &state.dossier.berichten[number as usize];
    let holds = |day: Day| {
        list.iter().any(|one| {
            &*one.code == code && one.begin.is_none_or(|begin| begin <= day) && one.eind.is_none_or(|eind| day <= eind)
        })
    };
    if holds(bericht.dagtekening) {
        return true;
    }
    match bericht.nummer {
        301 => rows(&state.dossier.toewijzingen, number, |row| row.bericht).1.iter().any(|row| holds(row.ingangsdatum)),
        315 => super::replay::requests_in(state.dossier, number).iter().filter_map(|row| row.ingangsdatum).any(holds),
        // These name an allocation that may have begun under the older code.
        _ => list.iter().any(|one| &*one.code == code && one.begin.is_none_or(|begin| begin <= bericht.dagtekening)),
    }
}
