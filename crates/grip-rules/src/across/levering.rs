//! Rules on a 305 and a 307 that need what was sent before them.

use super::{
    day::{date_of, end_of_term},
    dossier::{Key, Start, Stop, Toewijzing, Word},
    replay::{LeveringKey, Out, State, rows},
    rule::{BEIDE, rules},
    toewijzing::{PRODUCT_PAST_NIET, misfit_text},
};

rules! {
    BUITEN_TOEWIJZING "K006" Waarschuwing None, BEIDE, [305, 307]:
        "Levering buiten de toegewezen dagen",
        wat: "De dag waarop de levering begint of eindigt ligt binnen de toewijzing.",
        doen: "Ga na of de toewijzing of de melding moet worden aangepast.";
    START_TE_LAAT "OP271" Waarschuwing None, BEIDE, [305]:
        "Start later gemeld dan vijf werkdagen",
        wat: "Een aanbieder meldt de start binnen vijf werkdagen na de begindatum. Kwam de toewijzing met terugwerkende kracht, dan binnen vijf werkdagen na ontvangst.",
        doen: "Bespreek het met de aanbieder als het vaker gebeurt: verplichtingen en wachttijden zijn dan later bekend.";
    STOP_TE_LAAT "OP272" Waarschuwing None, BEIDE, [307]:
        "Stop later gemeld dan vijf werkdagen",
        wat: "Een aanbieder meldt een stop binnen vijf werkdagen na de einddatum. Voor een definitieve stop na een tijdelijke is de termijn niet te controleren.",
        doen: "Bespreek het met de aanbieder als het vaker gebeurt: de verwachte uitgaven blijven zolang te hoog.";
    STOP_ONTBREEKT "OP288" Waarschuwing None, BEIDE, [305]:
        "Toewijzing voorbij, levering niet gestopt",
        wat: "Op iedere start volgt een stop, ook als de levering volgens plan met de toewijzing eindigt.",
        doen: "Vraag de aanbieder om de stop, of ga na of de toewijzing verlengd had moeten worden.";
    GEEN_TOEWIJZING "TR019" Fout Some("9019"), BEIDE, [305, 307]:
        "Melding zonder toewijzing",
        wat: "Een start of stop met een toewijzingnummer hoort bij een toewijzing van deze client bij deze aanbieder. Een verwijderde toewijzing telt niet.",
        doen: "Vraag de aanbieder om het juiste toewijzingnummer, of ga na of een toewijzing ontbreekt.";
    NIETS_TE_VERWIJDEREN "TR063" Fout Some("9063"), BEIDE, [305, 307]:
        "Verwijdert wat niet is aangeleverd",
        wat: "StatusAanlevering 3 verwijdert een eerdere melding met dezelfde sleutel; die moet er zijn.",
        doen: "Vraag de aanbieder welke melding is bedoeld.";
    START_AL_GESTOPT "TR071" Fout Some("9071"), BEIDE, [305]:
        "Start verwijderd terwijl er een stop is",
        wat: "Een start waarbij al een stop is gemeld, kan niet meer worden verwijderd.",
        doen: "Laat de aanbieder eerst de stop verwijderen.";
    AL_AANGELEVERD "TR074" Fout Some("9074"), BEIDE, [305, 307]:
        "Melding met dezelfde sleutel al ontvangen",
        wat: "Een eerste aanlevering heeft een sleutel die nog niet in gebruik is.",
        doen: "Controleer of dezelfde melding twee keer is verstuurd.";
    NOG_NIET_GESTOPT "TR326" Fout Some("9326"), BEIDE, [305]:
        "Start terwijl de levering loopt",
        wat: "Bij een toewijzing loopt één levering. Een nieuwe start kan pas na een stop van de vorige.",
        doen: "Vraag de aanbieder om de stop, of om verwijdering van de eerdere start.";
    GEEN_START "TR382" Fout Some("9069"), BEIDE, [307]:
        "Stop zonder start",
        wat: "Een stop herhaalt toewijzingnummer, product en begindatum van de start die eindigt.",
        doen: "Vraag de aanbieder om de start, of om de stop met de begindatum van de start.";
    AL_TIJDELIJK_GESTOPT "TR413" Fout Some("9413"), BEIDE, [307]:
        "Tweede tijdelijke stop",
        wat: "Na een tijdelijke stop volgt een nieuwe start of een definitieve stop, geen tweede tijdelijke.",
        doen: "Vraag de aanbieder welke stop geldt.";
    EINDE_VOOR_TIJDELIJKE "TR414" Fout Some("9414"), BEIDE, [307]:
        "Definitieve stop voor de tijdelijke",
        wat: "De einddatum van een definitieve stop ligt op of na die van de tijdelijke stop daarvoor.",
        doen: "Vraag de aanbieder om de juiste einddatum.";
    AL_GESTOPT "TR415" Fout Some("9415"), BEIDE, [307]:
        "Levering was al gestopt",
        wat: "Na een definitieve stop kan dezelfde levering niet nog eens stoppen.",
        doen: "Laat de aanbieder de eerdere stop verwijderen als die onjuist was.";
}

/// Product and first day: what tells starts of one allocation apart.
type Begin = (Option<Word>, Option<Word>, super::day::Day);

fn key(client: Key, toewijzing: Option<u32>, product: (Option<Word>, Option<Word>)) -> LeveringKey {
    (client, toewijzing, toewijzing.is_none().then_some(product))
}

fn begin_of_start(start: &Start) -> Begin {
    (start.categorie, start.code, start.begindatum)
}

fn begin_of_stop(stop: &Stop) -> Begin {
    (stop.categorie, stop.code, stop.begindatum)
}

pub(super) fn is_same_start(a: &Start, b: &Start) -> bool {
    begin_of_start(a) == begin_of_start(b)
}

pub(super) fn is_same_stop(a: &Stop, b: &Stop) -> bool {
    begin_of_stop(a) == begin_of_stop(b) && (a.reden, a.einddatum) == (b.reden, b.einddatum)
}

fn allocation<'d>(state: &State<'d>, client: Key, nummer: u32) -> Option<&'d Toewijzing> {
    state.current_of(client, nummer).filter(|version| !state.is_deleted(version))
}

macro_rules! start {
    ($element:literal) => {
        concat!("Bericht/Client/StartProducten/StartProduct/", $element)
    };
}
macro_rules! stop {
    ($element:literal) => {
        concat!("Bericht/Client/StopProducten/StopProduct/", $element)
    };
}

/// What deletes comes first, so that a correction may stand in one message (IV008).
fn in_order<T>(first: u32, rows: &[T], deletes: impl Fn(&T) -> bool) -> Vec<(u32, &T)> {
    let mut rows: Vec<(u32, &T)> = (first..).zip(rows).collect();
    rows.sort_by_key(|(_, row)| !deletes(row));
    rows
}

pub(super) fn play_start(state: &mut State<'_>, number: u32, out: &mut Out) {
    let dossier = state.dossier;
    let (first, starts) = rows(&dossier.starts, number, |row| row.bericht);
    for (index, row) in in_order(first, starts, |row| row.deletes) {
        judge_start(state, row, out);
        let key = key(row.client, row.toewijzing, (row.categorie, row.code));
        state.starts.entry(key).or_default().push(index);
    }
}

fn judge_start(state: &State<'_>, row: &Start, out: &mut Out) {
    let key = key(row.client, row.toewijzing, (row.categorie, row.code));
    let starts = state.active_starts(key);
    let stops = state.active_stops(key);
    let begin = date_of(row.begindatum);
    let known = starts.iter().any(|other| is_same_start(other, row));
    if row.deletes {
        if !known {
            out.report(NIETS_TE_VERWIJDEREN, row.regel, start!("StatusAanlevering"), || {
                format!("er is geen start per {begin} om te verwijderen")
            });
        } else if stops.iter().any(|stop| begin_of_stop(stop) == begin_of_start(row)) {
            out.report(START_AL_GESTOPT, row.regel, start!("StatusAanlevering"), || {
                format!("bij de start per {begin} is al een stop gemeld")
            });
        }
        return;
    }
    if known {
        out.report(AL_AANGELEVERD, row.regel, start!("Begindatum"), || format!("de start per {begin} is al gemeld"));
    }
    if state.is_misfit(row.categorie, row.code) {
        out.report(PRODUCT_PAST_NIET, row.regel, start!("Product/Code"), || {
            misfit_text(state, row.categorie, row.code)
        });
    }
    let Some(nummer) = row.toewijzing else { return };
    let running = |other: &&&Start| !stops.iter().any(|stop| begin_of_stop(stop) == begin_of_start(other));
    if let Some(other) = starts.iter().filter(running).find(|other| !is_same_start(other, row)) {
        out.report(NOG_NIET_GESTOPT, row.regel, start!("Begindatum"), || {
            format!("start per {begin}, de start per {} is nog niet gestopt", date_of(other.begindatum))
        });
    }
    let Some(version) = allocation(state, row.client, nummer) else {
        out.report(GEEN_TOEWIJZING, row.regel, start!("ToewijzingNummer"), || {
            format!("toewijzing {nummer} van deze client is niet bekend")
        });
        return;
    };
    if row.begindatum < version.ingangsdatum || version.einddatum.is_some_and(|eind| row.begindatum > eind) {
        out.report(BUITEN_TOEWIJZING, row.regel, start!("Begindatum"), || {
            format!("start per {begin}, toewijzing {nummer} geldt {}", period_text(version))
        });
    }
    let allocated = first_received(state, row.client, nummer).unwrap_or(row.begindatum);
    let term = end_of_term(row.begindatum.max(allocated), 5);
    if state.today > term {
        out.report(START_TE_LAAT, row.regel, start!("Begindatum"), || {
            format!("start per {begin}, te melden tot en met {}, gemeld op {}", date_of(term), date_of(state.today))
        });
    }
}

/// Starts that should have ended with their allocation.
pub(super) fn judge_overdue(state: &State<'_>, number: u32, out: &mut Out) {
    for row in rows(&state.dossier.starts, number, |row| row.bericht).1 {
        let key = key(row.client, row.toewijzing, (row.categorie, row.code));
        let is_running = state.active_starts(key).iter().any(|start| std::ptr::eq(*start, row))
            && !state.active_stops(key).iter().any(|stop| begin_of_stop(stop) == begin_of_start(row));
        let version = row.toewijzing.and_then(|nummer| allocation(state, row.client, nummer));
        let Some((version, eind)) = version.and_then(|version| Some((version, version.einddatum?))) else { continue };
        let known_since = state.dossier.berichten[version.bericht as usize].received;
        let term = end_of_term(eind.max(known_since), 5);
        if is_running && state.today > term {
            out.report(STOP_ONTBREEKT, row.regel, start!("Begindatum"), || {
                let nummer = version.nummer;
                format!(
                    "toewijzing {nummer} eindigde op {}, stop te melden tot en met {}",
                    date_of(eind),
                    date_of(term)
                )
            });
        }
    }
}

fn first_received(state: &State<'_>, client: Key, nummer: u32) -> Option<super::day::Day> {
    let received = |index: &u32| state.dossier.berichten[state.version(*index).bericht as usize].received;
    state.number(client, nummer)?.versions.iter().map(received).min()
}

/// `van 2024-01-01 tot en met 2024-12-31`.
pub(super) fn period_text(version: &Toewijzing) -> String {
    let begin = date_of(version.ingangsdatum);
    match version.einddatum {
        Some(eind) => format!("van {begin} tot en met {}", date_of(eind)),
        None => format!("vanaf {begin}"),
    }
}

pub(super) fn play_stop(state: &mut State<'_>, number: u32, out: &mut Out) {
    let dossier = state.dossier;
    let (first, stops) = rows(&dossier.stops, number, |row| row.bericht);
    for (index, row) in in_order(first, stops, |row| row.deletes) {
        judge_stop(state, row, out);
        let key = key(row.client, row.toewijzing, (row.categorie, row.code));
        state.stops.entry(key).or_default().push(index);
    }
}

fn judge_stop(state: &State<'_>, row: &Stop, out: &mut Out) {
    let key = key(row.client, row.toewijzing, (row.categorie, row.code));
    let stops = state.active_stops(key);
    let (begin, eind) = (date_of(row.begindatum), date_of(row.einddatum));
    let known = stops.iter().any(|other| is_same_stop(other, row));
    if row.deletes {
        if !known {
            out.report(NIETS_TE_VERWIJDEREN, row.regel, stop!("StatusAanlevering"), || {
                format!("er is geen stop per {eind} om te verwijderen")
            });
        }
        return;
    }
    if state.is_misfit(row.categorie, row.code) {
        out.report(PRODUCT_PAST_NIET, row.regel, stop!("Product/Code"), || misfit_text(state, row.categorie, row.code));
    }
    let starts = state.active_starts(key);
    if !starts.iter().any(|start| begin_of_start(start) == begin_of_stop(row)) {
        out.report(GEEN_START, row.regel, stop!("Begindatum"), || {
            format!("er is geen start per {begin} van dit product die loopt")
        });
    }
    let is_temporary = |stop: &Stop| state.dossier.text(stop.reden) == "20";
    let earlier: Vec<&&Stop> = stops.iter().filter(|stop| stop.begindatum == row.begindatum).collect();
    if known {
        out.report(AL_AANGELEVERD, row.regel, stop!("Einddatum"), || format!("de stop per {eind} is al gemeld"));
    } else if let Some(stop) = earlier.iter().find(|stop| !is_temporary(stop)) {
        out.report(AL_GESTOPT, row.regel, stop!("RedenBeeindiging"), || {
            format!("stop per {eind}, de levering was al gestopt per {}", date_of(stop.einddatum))
        });
    } else if let Some(stop) = earlier.last() {
        if is_temporary(row) {
            out.report(AL_TIJDELIJK_GESTOPT, row.regel, stop!("RedenBeeindiging"), || {
                format!("tijdelijke stop per {eind}, er was al een tijdelijke stop per {}", date_of(stop.einddatum))
            });
        } else if row.einddatum < stop.einddatum {
            out.report(EINDE_VOOR_TIJDELIJKE, row.regel, stop!("Einddatum"), || {
                format!("stop per {eind}, tijdelijk gestopt per {}", date_of(stop.einddatum))
            });
        }
    }
    let Some(nummer) = row.toewijzing else { return };
    let Some(version) = allocation(state, row.client, nummer) else {
        out.report(GEEN_TOEWIJZING, row.regel, stop!("ToewijzingNummer"), || {
            format!("toewijzing {nummer} van deze client is niet bekend")
        });
        return;
    };
    if row.einddatum < version.ingangsdatum || version.einddatum.is_some_and(|last| row.einddatum > last) {
        out.report(BUITEN_TOEWIJZING, row.regel, stop!("Einddatum"), || {
            format!("stop per {eind}, toewijzing {nummer} geldt {}", period_text(version))
        });
    }
    // The allocation may have been shortened to a day that had passed.
    let known_since = state.dossier.berichten[version.bericht as usize].received;
    let term = end_of_term(row.einddatum.max(known_since), 5);
    if earlier.is_empty() && state.today > term {
        out.report(STOP_TE_LAAT, row.regel, stop!("Einddatum"), || {
            format!("stop per {eind}, te melden tot en met {}, gemeld op {}", date_of(term), date_of(state.today))
        });
    }
}
