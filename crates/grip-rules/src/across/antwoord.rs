//! Rules on a 325 and on retours that need the message they answer.

use std::collections::{HashMap, HashSet};

use super::{
    day::{date_of, end_of_term},
    declaratie::CLIENT_ONBEKEND,
    dossier::{Afkeuring, DeclaratieAntwoord, Key, Prestatie},
    replay::{Out, State, rows},
    rule::{BEIDE, rules},
    words::euros,
};

rules! {
    TWEEDE_ANTWOORD "K007" Waarschuwing None, BEIDE, [325]:
        "Tweede antwoord op dezelfde declaratie",
        wat: "Op iedere declaratie volgt één declaratie-antwoord. Het eerste telt.",
        doen: "Ga na welk antwoord de aanbieder heeft verwerkt.";
    INGEDIEND_WIJKT_AF "K008" Waarschuwing None, BEIDE, [325]:
        "Ingediend totaal is niet dat van de declaratie",
        wat: "TotaalIngediendBedrag in het antwoord is de som van de regels van de declaratie.",
        doen: "Ga na of regels van de declaratie ontbreken, of dat het antwoord bij een andere declaratie hoort.";
    TOEGEKEND_VOLGT_NIET "K009" Waarschuwing None, BEIDE, [325]:
        "Toegekend bedrag volgt niet uit de afkeuringen",
        wat: "Ingediend min toegekend is de som van de afgekeurde regels, creditregels negatief. Een verschil is geld waarvan niemand weet waar het bij hoort.",
        doen: "Controleer het antwoord met de aanbieder voor er wordt betaald.";
    DECLARATIE_ZONDER_ANTWOORD "K011" Waarschuwing None, BEIDE, [323]:
        "Declaratie zonder antwoord na de termijn",
        wat: "Op iedere declaratie volgt binnen tien werkdagen een antwoord (OP090x4). Zonder antwoord kan de aanbieder niets crediteren.",
        doen: "Beantwoord de declaratie, of neem contact op met de aanbieder.";
    RETOUR_TE_LAAT "OP090" Waarschuwing None, BEIDE, [302, 306, 308, 316, 318, 320]:
        "Retour later dan drie werkdagen",
        wat: "Op ieder bericht volgt binnen drie werkdagen een retour.",
        doen: "Bespreek het met de ontvanger als het vaker gebeurt: zonder retour is niet zeker dat een bericht is verwerkt.";
    ANTWOORD_TE_LAAT "OP090x4" Waarschuwing None, BEIDE, [325]:
        "Declaratie-antwoord later dan tien werkdagen",
        wat: "Op een declaratie volgt binnen tien werkdagen een antwoord.",
        doen: "Ga na waar in het proces de tijd blijft.";
    DECLARATIE_ONBEKEND "TR337" Fout None, BEIDE, [325]:
        "Antwoord op een onbekende declaratie",
        wat: "Een declaratie-antwoord noemt de identificatie van een declaratie die is ontvangen.",
        doen: "Lees de declaratie in die ontbreekt.";
    REGEL_ONBEKEND "TR366" Fout Some("9366"), BEIDE, [325]:
        "Afgekeurde regel staat niet in de declaratie",
        wat: "Een afgekeurde regel is een regel van de beantwoorde declaratie, met hetzelfde referentienummer.",
        doen: "Controleer of het antwoord bij de juiste declaratie hoort.";
    WAARDE_WIJKT_AF "TR367" Fout Some("9367"), BEIDE, [325]:
        "Afgekeurde regel wijkt af van de declaratie",
        wat: "Een afgekeurde regel wordt ongewijzigd teruggestuurd.",
        doen: "Ga na welke waarde juist is; de declaratie gaat voor.";
    ANDER_NUMMER "TR376" Fout None, BEIDE, [325]:
        "Declaratienummer is niet dat van de declaratie",
        wat: "Het antwoord noemt hetzelfde DeclaratieNummer als de declaratie die het beantwoordt.",
        doen: "Controleer of het antwoord bij de juiste declaratie hoort.";
}

macro_rules! path {
    ($element:literal) => {
        concat!("Bericht/DeclaratieAntwoord/", $element)
    };
}
macro_rules! line {
    ($element:literal) => {
        concat!("Bericht/DeclaratieAntwoord/Clienten/Client/Prestaties/Prestatie/", $element)
    };
}

pub(super) fn play(state: &mut State<'_>, number: u32, out: &mut Out) {
    let dossier = state.dossier;
    let refused = rows(&dossier.afkeuringen, number, |row| row.bericht).1;
    for answer in rows(&dossier.declaratie_antwoorden, number, |row| row.bericht).1 {
        let target = state.identificaties.get(&(323, answer.declaratie)).copied();
        // An answer may refuse what an earlier one refused already; then it is the second.
        let Some(target) = target else {
            out.report(DECLARATIE_ONBEKEND, 0, "Bericht/Header/DeclaratieIdentificatie", || {
                "geen declaratie met deze identificatie is bekend".to_owned()
            });
            continue;
        };
        judge(state, target, answer, refused, out);
        if state.answered.contains_key(&target) {
            continue;
        }
        state.answered.insert(target, number);
        if answer.geheel_afgekeurd {
            state.kill(target);
        } else {
            settle(state, target, refused);
        }
    }
}

fn settle(state: &mut State<'_>, target: u32, refused: &[Afkeuring]) {
    let (first, lines) = rows(&state.dossier.prestaties, target, |row| row.bericht);
    let keys: HashSet<Key> = refused.iter().map(|row| row.referentie).collect();
    let is_refused = |line: &Prestatie| keys.contains(&line.referentie);
    // What was not processed when it came is processed now.
    if state.skipped.contains(&target) {
        (first..).take(lines.len()).for_each(|index| _ = state.claim(index));
    }
    // Refused lines first: they make room for what was approved.
    for (index, _) in (first..).zip(lines).filter(|(_, line)| is_refused(line)) {
        state.release(index);
        state.lines[index as usize].refused = true;
    }
    for takes_credits in [true, false] {
        let approved = |line: &Prestatie| line.is_credit == takes_credits && !is_refused(line);
        for (index, _) in (first..).zip(lines).filter(|(_, line)| approved(line)) {
            state.approve(index);
        }
    }
}

fn judge(state: &State<'_>, target: u32, answer: &DeclaratieAntwoord, refused: &[Afkeuring], out: &mut Out) {
    let received = state.dossier.berichten[target as usize].received;
    if state.answered.contains_key(&target) {
        out.report(TWEEDE_ANTWOORD, 0, "Bericht/Header/DeclaratieIdentificatie", || {
            format!("de declaratie die op {} is ontvangen, was al beantwoord", date_of(received))
        });
    }
    let term = end_of_term(received, 10);
    if state.today > term {
        out.report(ANTWOORD_TE_LAAT, 0, "Bericht/Header/BerichtIdentificatie/Dagtekening", || {
            let today = date_of(state.today);
            format!(
                "declaratie ontvangen op {}, te beantwoorden tot en met {}, beantwoord op {today}",
                date_of(received),
                date_of(term)
            )
        });
    }
    let declaratie = rows(&state.dossier.declaraties, target, |row| row.bericht).1.first();
    if answer.nummer.zip(declaratie).is_some_and(|(nummer, declaratie)| nummer != declaratie.nummer) {
        out.report(ANDER_NUMMER, 0, path!("DeclaratieNummer"), || {
            "het declaratienummer is een ander dan in de declaratie".to_owned()
        });
    }
    let lines = rows(&state.dossier.prestaties, target, |row| row.bericht).1;
    let sum: i64 = lines.iter().map(|line| i64::from(line.bedrag)).sum();
    if let Some(ingediend) = answer.ingediend.filter(|ingediend| *ingediend != sum) {
        out.report(INGEDIEND_WIJKT_AF, 0, path!("TotaalIngediendBedrag"), || {
            format!("antwoord noemt {}, de regels van de declaratie zijn samen {}", euros(ingediend), euros(sum))
        });
    }
    let sum: i64 = refused.iter().map(|row| i64::from(row.bedrag)).sum();
    let totals = answer.ingediend.zip(answer.toegekend).filter(|_| !answer.geheel_afgekeurd);
    if let Some((ingediend, toegekend)) = totals.filter(|(ingediend, toegekend)| ingediend - toegekend != sum) {
        out.report(TOEGEKEND_VOLGT_NIET, 0, path!("TotaalToegekendBedrag"), || {
            let difference = euros(ingediend - toegekend);
            format!("ingediend min toegekend is {difference}, afgekeurd is {}", euros(sum))
        });
    }
    let by_reference: HashMap<Key, usize> =
        lines.iter().enumerate().map(|(index, line)| (line.referentie, index)).collect();
    for row in refused {
        let Some(line) = by_reference.get(&row.referentie).map(|index| &lines[*index]) else {
            out.report(REGEL_ONBEKEND, row.regel, line!("ProductReferentie/ReferentieNummer"), || {
                format!("toewijzing {}, {}: staat niet in de declaratie", row.toewijzing, euros(i64::from(row.bedrag)))
            });
            continue;
        };
        if line.client != row.client {
            out.report(CLIENT_ONBEKEND, row.regel, "Bericht/DeclaratieAntwoord/Clienten/Client/Bsn", || {
                format!("regel {} van de declaratie is van een andere client", line.regel)
            });
        }
        if line.bedrag != row.bedrag {
            out.report(WAARDE_WIJKT_AF, row.regel, line!("IngediendBedrag"), || {
                let (declared, refused) = (i64::from(line.bedrag), i64::from(row.bedrag));
                format!("gedeclareerd {}, afgekeurd {}", euros(declared), euros(refused))
            });
        }
        if line.toewijzing != row.toewijzing {
            out.report(WAARDE_WIJKT_AF, row.regel, line!("ToewijzingNummer"), || {
                format!("gedeclareerd op toewijzing {}, afgekeurd op {}", line.toewijzing, row.toewijzing)
            });
        }
    }
}

pub(super) fn play_retour(state: &mut State<'_>, number: u32, out: &mut Out) {
    let dossier = state.dossier;
    for retour in rows(&dossier.retours, number, |row| row.bericht).1 {
        let Some(target) = state.identificaties.get(&(retour.heen, retour.identificatie)).copied() else { continue };
        let received = dossier.berichten[target as usize].received;
        let term = end_of_term(received, 3);
        if state.today > term {
            out.report(RETOUR_TE_LAAT, 0, "Bericht/Header/DagtekeningRetour", || {
                let (received, today) = (date_of(received), date_of(state.today));
                format!(
                    "{} van {received}, te beantwoorden tot en met {}, beantwoord op {today}",
                    retour.heen,
                    date_of(term)
                )
            });
        }
        if retour.afgekeurd {
            state.kill(target);
        }
    }
}

pub(super) fn judge_overdue(state: &State<'_>, number: u32, out: &mut Out) {
    let received = state.dossier.berichten[number as usize].received;
    let term = end_of_term(received, 10);
    if !state.answered.contains_key(&number) && state.today > term {
        out.report(DECLARATIE_ZONDER_ANTWOORD, 0, "Bericht/Declaratie", || {
            format!("ontvangen op {}, te beantwoorden tot en met {}", date_of(received), date_of(term))
        });
    }
}
