//! Rules on a 315, a 317 and a 319 that need what was sent before them.

use grip_ledger::Frequentie;

use super::{
    day::{Day, date_of, end_of_term},
    dossier::{Asked, Toewijzing, Verzoek, Word},
    replay::{Out, Request, State, requests_in, rows},
    rule::{BEIDE, rules},
    toewijzing::{PRODUCT_PAST_NIET, misfit_text},
};

rules! {
    VERZOEK_OPEN "K012" Waarschuwing None, BEIDE, [315, 317]:
        "Verzoek wacht op antwoord na de termijn",
        wat: "Op een verzoek volgt binnen vijf werkdagen een toewijzing of een antwoord; is het in onderzoek, dan binnen acht weken na de dagtekening (OP274, OP346).",
        doen: "Beantwoord het verzoek. Tot die tijd kan de aanbieder voor deze client geen ander verzoek doen.";
    VOT_TE_LAAT "OP274" Waarschuwing None, BEIDE, [301, 319]:
        "Verzoek om toewijzing te laat beantwoord",
        wat: "Een gemeente antwoordt binnen vijf werkdagen, en als het verzoek in onderzoek was binnen acht weken na de dagtekening ervan.",
        doen: "Ga na waar in het proces de tijd blijft.";
    AL_TOEGEWEZEN "OP307" Waarschuwing None, BEIDE, [315]:
        "Gevraagd product is al toegewezen",
        wat: "Een verzoek om toewijzing vraagt een product waarvoor in die periode nog geen toewijzing is; anders is een verzoek om wijziging nodig.",
        doen: "Wijs het verzoek af als stapeling, of vraag om een verzoek om wijziging.";
    VOW_TE_LAAT "OP346" Waarschuwing None, BEIDE, [301, 319]:
        "Verzoek om wijziging te laat beantwoord",
        wat: "Een gemeente antwoordt binnen vijf werkdagen, en als het verzoek in onderzoek was binnen acht weken na de dagtekening ervan.",
        doen: "Ga na waar in het proces de tijd blijft.";
    WOONPLAATS_TE_LAAT "OP359" Waarschuwing None, &[grip_types::Wet::Jw], [319]:
        "Afwijzing op woonplaatsbeginsel na twee weken",
        wat: "Wie een verzoek afwijst omdat een andere gemeente verantwoordelijk is, doet dat binnen twee weken.",
        doen: "Stem met de genoemde gemeente af wie de eerste weken betaalt.";
    REFERENTIE_AL_GEBRUIKT "TR347" Fout Some("9347"), BEIDE, [315, 317]:
        "Referentie van verzoek al gebruikt",
        wat: "Een aanbieder gebruikt een ReferentieAanbieder per wet één keer; antwoorden en toewijzingen verwijzen ernaar.",
        doen: "Vraag de aanbieder om een verzoek met een eigen referentie.";
    NIET_ALLES_GENOEMD "TR349" Fout Some("9349"), BEIDE, [317]:
        "Niet alle actuele toewijzingen in het verzoek",
        wat: "Een verzoek om wijziging geeft het hele gewenste pakket: iedere actuele toewijzing staat erin als ongewijzigd of als te wijzigen.",
        doen: "Vraag de aanbieder om een volledig verzoek.";
    ONGEWIJZIGD_NIET_ACTUEEL "TR350" Fout Some("9350"), BEIDE, [317]:
        "Ongewijzigd product is niet actueel",
        wat: "Wat ongewijzigd blijft, is een toewijzing van deze client die vandaag of later geldt en niet is verwijderd.",
        doen: "Vraag de aanbieder om het juiste toewijzingnummer.";
    TE_WIJZIGEN_NIET_ACTUEEL "TR351" Fout Some("9351"), BEIDE, [317]:
        "Te wijzigen product is niet actueel",
        wat: "Wat gewijzigd moet worden, is een toewijzing van deze client die vandaag of later geldt en niet is verwijderd.",
        doen: "Vraag de aanbieder om het juiste toewijzingnummer.";
    VERZOEK_ONBEKEND "TR355" Fout Some("9355"), BEIDE, [319]:
        "Antwoord op een onbekend verzoek",
        wat: "Een antwoord noemt de referentie van een verzoek dat is ontvangen.",
        doen: "Controleer de referentie, of lees de verzoeken in die ontbreken.";
    INGANG_IN_VERLEDEN "TR357" Fout Some("9357"), BEIDE, [317]:
        "Gewenste ingangsdatum ligt in het verleden",
        wat: "Een wijziging gaat in na de dagtekening, of geldt voor de hele looptijd. Dan gaat zij in op de ingangsdatum van de toewijzing.",
        doen: "Vraag de aanbieder om een andere ingangsdatum.";
    AL_GEHONOREERD "TR359" Fout Some("9359"), BEIDE, [319]:
        "Antwoord na de toewijzing",
        wat: "Is een verzoek gehonoreerd met een toewijzing, dan volgt er geen antwoord meer.",
        doen: "Ga na of het antwoord bij een ander verzoek hoort.";
    AL_IN_ONDERZOEK "TR360" Fout Some("9360"), BEIDE, [319]:
        "Tweede keer in onderzoek",
        wat: "Dat een verzoek in onderzoek is, wordt één keer gemeld, en niet na een ander antwoord.",
        doen: "Stuur een toewijzing of een afwijzing.";
    OVERLAP_IN_VERZOEK "TR361" Fout Some("9361"), BEIDE, [317]:
        "Producten in het verzoek overlappen",
        wat: "In het gewenste pakket staat een product niet twee keer voor dezelfde dagen; van bestaande toewijzingen volgt het product uit het nummer.",
        doen: "Vraag de aanbieder om een verzoek zonder overlap.";
    AL_AFGEWEZEN "TR365" Fout Some("9365"), BEIDE, [319]:
        "Antwoord na een afwijzing",
        wat: "Na een antwoord dat het verzoek in onderzoek is volgt nog één antwoord; na een afwijzing geen.",
        doen: "Ga na of het antwoord bij een ander verzoek hoort.";
    INGANG_BIJ_BUDGET "TR373" Fout Some("9373"), BEIDE, [317]:
        "Budget of totaal gewijzigd vanaf een andere datum",
        wat: "Een budget, of een omvang over de hele looptijd, wijzigt altijd vanaf de ingangsdatum van de toewijzing.",
        doen: "Vraag de aanbieder om de ingangsdatum van de toewijzing.";
    VERZOEK_LOOPT_NOG "TR374" Fout Some("9374"), BEIDE, [315, 317]:
        "Er loopt al een verzoek",
        wat: "Zolang een verzoek van deze aanbieder voor deze client niet is afgewezen of gehonoreerd, komt er geen tweede.",
        doen: "Beantwoord eerst het lopende verzoek.";
    OMVANG_ZONDER_PRODUCT "TR375" Fout Some("9375"), BEIDE, [317]:
        "Omvang gevraagd bij een toewijzing zonder product",
        wat: "Een generieke toewijzing heeft alleen een budget en geen omvang, behalve als zij voor 2021 eindigde.",
        doen: "Vraag de aanbieder om een budget in plaats van een omvang.";
    OMVANG_ONTBREEKT "TR411" Fout Some("9411"), BEIDE, [317]:
        "Omvang ontbreekt",
        wat: "Heeft de toewijzing een productcode, dan noemt het verzoek de gewenste omvang.",
        doen: "Vraag de aanbieder om de omvang.";
    OMVANG_ZONDER_CODE "TR412" Fout Some("9412"), BEIDE, [317]:
        "Omvang gevraagd bij een toewijzing zonder productcode",
        wat: "Een toewijzing zonder productcode heeft geen omvang, behalve als zij voor 2021 eindigde.",
        doen: "Vraag de aanbieder om een verzoek zonder omvang.";
}

/// 2020-12-31: allocations that ended by then may break younger rules.
const EIND_2020: Day = 18_627;

pub(super) fn play(state: &mut State<'_>, number: u32, out: &mut Out) {
    let dossier = state.dossier;
    let lines = requests_in(dossier, number);
    let bericht = &dossier.berichten[number as usize];
    judge(state, number, lines, out);
    for line in lines {
        let known = state.requests.get(&line.referentie).is_some_and(|known| state.is_alive(known.bericht));
        if known {
            continue;
        }
        let request = Request {
            bericht: number,
            client: line.client,
            received: bericht.received,
            dagtekening: bericht.dagtekening,
            answers: Vec::new(),
            granted: Vec::new(),
            is_wijziging: bericht.nummer == 317,
        };
        state.requests.insert(line.referentie, request);
        let of_client = state.requests_of.entry(line.client).or_default();
        if !of_client.contains(&line.referentie) {
            of_client.push(line.referentie);
        }
    }
}

macro_rules! path {
    ($element:literal) => {
        concat!("Bericht/Client/Verzoek/", $element)
    };
}
macro_rules! changed {
    ($element:literal) => {
        concat!("Bericht/Client/Verzoek/TeWijzigenProducten/TeWijzigenProduct/", $element)
    };
}

fn judge(state: &State<'_>, number: u32, lines: &[Verzoek], out: &mut Out) {
    let Some(first) = lines.first() else { return };
    let is_wijziging = state.dossier.berichten[number as usize].nummer == 317;
    let in_use = |line: &&Verzoek| {
        state
            .requests
            .get(&line.referentie)
            .is_some_and(|known| known.bericht != number && state.is_alive(known.bericht))
    };
    let element = if is_wijziging {
        path!("ReferentieAanbieder")
    } else {
        "Bericht/Client/AangevraagdeProducten/AangevraagdProduct/ReferentieAanbieder"
    };
    for line in lines.iter().filter(in_use).take(if is_wijziging { 1 } else { lines.len() }) {
        out.report(REFERENTIE_AL_GEBRUIKT, line.regel, element, || {
            "een eerder verzoek van deze aanbieder heeft dezelfde referentie".to_owned()
        });
    }
    let requests = state.requests_of.get(&first.client).into_iter().flatten();
    let pending = requests.filter_map(|key| state.requests.get(key)).find(|request| state.is_pending(request));
    if let Some(pending) = pending {
        out.report(VERZOEK_LOOPT_NOG, 0, "Bericht/Client", || {
            format!("het verzoek dat op {} is ontvangen, is nog niet afgehandeld", date_of(pending.received))
        });
    }
    for line in lines.iter().filter(|line| state.is_misfit(line.categorie, line.code)) {
        let element = match line.asked {
            Asked::Nieuw => path!("NieuweProducten/NieuwProduct/Product/Code"),
            _ => "Bericht/Client/AangevraagdeProducten/AangevraagdProduct/Product/Code",
        };
        out.report(PRODUCT_PAST_NIET, line.regel, element, || misfit_text(state, line.categorie, line.code));
    }
    if is_wijziging {
        judge_wijziging(state, number, lines, out);
    } else {
        lines.iter().for_each(|line| judge_toewijzing(state, line, out));
    }
}

fn judge_toewijzing(state: &State<'_>, line: &Verzoek, out: &mut Out) {
    let Some(begin) = line.ingangsdatum else { return };
    let same = |version: &&Toewijzing| {
        state.is_same_product((line.categorie, line.code), (version.categorie, version.code))
            && overlap((begin, line.einddatum), (version.ingangsdatum, version.einddatum))
    };
    if let Some(version) = state.allocations_of(line.client).find(same) {
        let element = "Bericht/Client/AangevraagdeProducten/AangevraagdProduct/Product";
        out.report(AL_TOEGEWEZEN, line.regel, element, || {
            format!("toewijzing {} geldt al voor dit product en deze dagen", version.nummer)
        });
    }
}

fn overlap(a: (Day, Option<Day>), b: (Day, Option<Day>)) -> bool {
    b.1.is_none_or(|eind| a.0 <= eind) && a.1.is_none_or(|eind| b.0 <= eind)
}

fn is_actual(state: &State<'_>, version: &Toewijzing) -> bool {
    !state.is_deleted(version) && version.einddatum.is_none_or(|eind| eind >= state.today)
}

/// A line of a request with the product and the days it comes down to.
type Wanted<'d> = (&'d Verzoek, (Option<Word>, Option<Word>), (Day, Option<Day>));

fn judge_wijziging(state: &State<'_>, number: u32, lines: &[Verzoek], out: &mut Out) {
    let client = lines[0].client;
    if !state.clients.contains_key(&client) {
        out.report(super::declaratie::CLIENT_ONBEKEND, 0, "Bericht/Client/Bsn", || {
            "voor deze client is geen toewijzing bij deze aanbieder bekend".to_owned()
        });
        return;
    }
    // What was sent today may not have been known to who sent this.
    let named = |version: &Toewijzing| lines.iter().any(|line| line.toewijzing == Some(version.nummer));
    let received = |version: &Toewijzing| state.dossier.berichten[version.bericht as usize].received;
    let missing: Vec<u32> = state
        .allocations_of(client)
        .filter(|version| is_actual(state, version) && received(version) < state.today && !named(version))
        .map(|version| version.nummer)
        .collect();
    if !missing.is_empty() {
        out.report(NIET_ALLES_GENOEMD, 0, "Bericht/Client/Verzoek", || {
            let numbers: Vec<String> = missing.iter().map(u32::to_string).collect();
            format!("actuele toewijzingen die er niet in staan: {}", numbers.join(", "))
        });
    }
    let dagtekening = state.dossier.berichten[number as usize].dagtekening;
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    for line in lines {
        let Some(nummer) = line.toewijzing else {
            wanted.extend(line.ingangsdatum.map(|begin| (line, (line.categorie, line.code), (begin, line.einddatum))));
            continue;
        };
        let version = state.current_of(client, nummer).filter(|version| is_actual(state, version));
        let Some(version) = version else {
            let (rule, element) = match line.asked {
                Asked::Ongewijzigd => {
                    (ONGEWIJZIGD_NIET_ACTUEEL, path!("OngewijzigdeProducten/OngewijzigdProduct/ToewijzingNummer"))
                }
                _ => (TE_WIJZIGEN_NIET_ACTUEEL, changed!("ToewijzingNummer")),
            };
            out.report(rule, line.regel, element, || format!("toewijzing {nummer} is voor deze client niet actueel"));
            continue;
        };
        let periode = match line.asked {
            Asked::Ongewijzigd => (version.ingangsdatum, version.einddatum),
            _ => (line.ingangsdatum.unwrap_or(version.ingangsdatum), line.einddatum),
        };
        wanted.push((line, (version.categorie, version.code), periode));
        if line.asked == Asked::TeWijzigen {
            judge_change(state, dagtekening, line, version, out);
        }
    }
    for (index, (line, product, periode)) in wanted.iter().enumerate() {
        let same =
            |(_, other, days): &&(&Verzoek, _, _)| state.is_same_product(*product, *other) && overlap(*periode, *days);
        if let Some((other, ..)) = wanted[..index].iter().find(same) {
            out.report(OVERLAP_IN_VERZOEK, line.regel, path!("Product"), || {
                format!("producten {} en {} van het verzoek overlappen", other.regel, line.regel)
            });
        }
    }
}

fn judge_change(state: &State<'_>, dagtekening: Day, line: &Verzoek, version: &Toewijzing, out: &mut Out) {
    let (nummer, original) = (version.nummer, date_of(version.ingangsdatum));
    let wished = line.ingangsdatum.filter(|begin| *begin != version.ingangsdatum);
    if let Some(begin) = wished.filter(|begin| *begin <= dagtekening) {
        out.report(INGANG_IN_VERLEDEN, line.regel, changed!("GewensteIngangsdatum"), || {
            format!(
                "gewenst per {}, dagtekening {}, toewijzing {nummer} geldt vanaf {original}",
                date_of(begin),
                date_of(dagtekening)
            )
        });
    }
    let is_total =
        |omvang: Option<grip_ledger::Omvang>| omvang.is_some_and(|omvang| omvang.frequentie == Frequentie::Totaal);
    let budget_changes = version.budget.is_some() && line.budget != version.budget;
    let total_changes = is_total(version.omvang) && line.omvang != version.omvang;
    if let Some(begin) = wished.filter(|_| budget_changes || total_changes) {
        out.report(INGANG_BIJ_BUDGET, line.regel, changed!("GewensteIngangsdatum"), || {
            format!("gewenst per {}, toewijzing {nummer} geldt vanaf {original}", date_of(begin))
        });
    }
    let is_young = line.einddatum.is_none_or(|eind| eind > EIND_2020);
    match (version.categorie, version.code, line.omvang) {
        (None, _, Some(_)) if is_young => {
            out.report(OMVANG_ZONDER_PRODUCT, line.regel, changed!("Omvang"), || {
                format!("toewijzing {nummer} heeft geen product en dus geen omvang")
            });
        }
        (Some(_), None, Some(_)) if is_young => {
            out.report(OMVANG_ZONDER_CODE, line.regel, changed!("Omvang"), || {
                format!("toewijzing {nummer} heeft geen productcode en dus geen omvang")
            });
        }
        (Some(_), Some(code), None) => {
            out.report(OMVANG_ONTBREEKT, line.regel, changed!("Omvang"), || {
                format!("toewijzing {nummer} is voor code {}, zonder gewenste omvang", state.dossier.text(code))
            });
        }
        _ => {}
    }
}

pub(super) fn play_answer(state: &mut State<'_>, number: u32, out: &mut Out) {
    let dossier = state.dossier;
    let (first, answers) = rows(&dossier.antwoorden, number, |row| row.bericht);
    for (index, answer) in (first..).zip(answers) {
        let known = state.requests.get(&answer.referentie).filter(|request| state.is_alive(request.bericht));
        let Some(request) = known else {
            out.report(VERZOEK_ONBEKEND, 1, "Bericht/Antwoord/ReferentieAanbieder", || {
                "geen verzoek met deze referentie is bekend".to_owned()
            });
            continue;
        };
        let earlier = request.answers.iter().map(|index| &dossier.antwoorden[*index as usize]);
        let earlier: Vec<_> = earlier.filter(|answer| state.is_alive(answer.bericht)).collect();
        if request.granted.iter().any(|bericht| state.is_alive(*bericht)) {
            out.report(AL_GEHONOREERD, 1, "Bericht/Antwoord/ReferentieAanbieder", || {
                "het verzoek is al gehonoreerd met een toewijzing".to_owned()
            });
        }
        if !answer.afgewezen && !earlier.is_empty() {
            out.report(AL_IN_ONDERZOEK, 1, "Bericht/Antwoord/VerzoekAntwoord", || {
                "in onderzoek, er was al een antwoord op dit verzoek".to_owned()
            });
        }
        if earlier.iter().any(|answer| answer.afgewezen) {
            out.report(AL_AFGEWEZEN, 1, "Bericht/Antwoord/VerzoekAntwoord", || {
                "het verzoek is al afgewezen".to_owned()
            });
        }
        judge_term(state, request, "Bericht/Antwoord/VerzoekAntwoord", out);
        let reden = answer.reden.map(|reden| state.dossier.text(reden));
        if reden == Some("8") && state.today > request.received + 14 {
            out.report(WOONPLAATS_TE_LAAT, 1, "Bericht/Antwoord/RedenAfwijzingVerzoek", || {
                format!("verzoek ontvangen op {}, afgewezen op {}", date_of(request.received), date_of(state.today))
            });
        }
        if let Some(request) = state.requests.get_mut(&answer.referentie) {
            request.answers.push(index);
        }
    }
}

/// Last day on which a request should have been answered, and whether it was looked into first.
fn term(state: &State<'_>, request: &Request) -> (Day, bool) {
    let answers = request.answers.iter().map(|index| &state.dossier.antwoorden[*index as usize]);
    if answers.into_iter().any(|answer| state.is_alive(answer.bericht)) {
        (request.dagtekening + 56, true)
    } else {
        (end_of_term(request.received, 5), false)
    }
}

fn judge_term(state: &State<'_>, request: &Request, element: &'static str, out: &mut Out) {
    let (term, _) = term(state, request);
    if state.today > term {
        let rule = if request.is_wijziging { VOW_TE_LAAT } else { VOT_TE_LAAT };
        out.report(rule, 1, element, || {
            let received = date_of(request.received);
            format!(
                "verzoek ontvangen op {received}, te beantwoorden tot en met {}, beantwoord op {}",
                date_of(term),
                date_of(state.today)
            )
        });
    }
}

/// The term of requests that a 301 honours for the first time.
pub(super) fn judge_term_of_grant(state: &State<'_>, number: u32, versions: &[Toewijzing], out: &mut Out) {
    let mut seen = Vec::new();
    for key in versions.iter().filter_map(|version| version.referentie) {
        let Some(request) = state.requests.get(&key) else { continue };
        let is_first = request.granted.iter().all(|bericht| *bericht == number || !state.is_alive(*bericht));
        if !seen.contains(&key) && is_first {
            seen.push(key);
            judge_term(state, request, "Bericht/Client/ToegewezenProducten/ToegewezenProduct/ReferentieAanbieder", out);
        }
    }
}

pub(super) fn judge_overdue(state: &State<'_>, number: u32, out: &mut Out) {
    let mut seen = Vec::new();
    for line in requests_in(state.dossier, number) {
        let Some(request) = state.requests.get(&line.referentie) else { continue };
        if request.bericht != number || seen.contains(&line.referentie) || !state.is_pending(request) {
            continue;
        }
        seen.push(line.referentie);
        let (term, in_research) = term(state, request);
        if state.today > term {
            out.report(VERZOEK_OPEN, line.regel, "Bericht/Client", || {
                let research = if in_research { ", in onderzoek" } else { "" };
                format!(
                    "ontvangen op {}{research}, te beantwoorden tot en met {}",
                    date_of(request.received),
                    date_of(term)
                )
            });
        }
    }
}
