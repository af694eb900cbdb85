//! Rules on a 323 that need allocations, contract and what was declared before.

use std::collections::HashSet;

use grip_ledger::{Eenheid, Frequentie, ceiling};
use grip_types::{Maand, Periode};

use super::{
    control::Bounds,
    day::{Day, date_of, first_day, last_day, month_of, month_text, months_before},
    dossier::{Declaratie, Key, Prestatie, Toewijzing},
    levering::period_text,
    replay::{NONE, Number, Out, State, fine, fine_unit, rows},
    rule::{BEIDE, rules},
    toewijzing::{PRODUCT_PAST_NIET, misfit_text},
    words::{euros, units, volume},
};

rules! {
    ANDERE_AANBIEDER "K001" Fout Some("9338"), BEIDE, [323]:
        "Toewijzing is van een andere aanbieder",
        wat: "Een aanbieder declareert op toewijzingen die hij zelf heeft gekregen. Dit nummer is aan een andere aanbieder toegewezen. Het antwoord gebruikt de code van TR338.",
        doen: "Ga na welke aanbieder de ondersteuning heeft geleverd en of de toewijzing moet worden omgezet.";
    DUBBELE_LEVERING "K002" Waarschuwing None, BEIDE, [323]:
        "Zelfde product en dagen twee keer gedeclareerd",
        wat: "Voor dezelfde client, hetzelfde product en overlappende dagen staan twee debetregels open. Zij zijn van verschillende toewijzingen of over verschillende dagen van een maand. Bij opvolgende toewijzingen in één maand overlappen de dagen niet. Wmo-categorieën 11 tot en met 14 zijn uitgezonderd.",
        doen: "Vraag de aanbieder welke regel geldt en laat de andere crediteren.";
    CREDIT_WIJKT_AF "K003" Waarschuwing None, BEIDE, [323]:
        "Credit wijkt af van debet",
        wat: "Een creditregel neemt een debetregel in zijn geheel terug: volume, eenheid, tarief en bedrag zijn gelijk (IV091, OP366). Een gemeente mag een credit hierop niet afkeuren (IV085).",
        doen: "Vraag de aanbieder om de juiste credit; anders blijft een deel van het bedrag openstaan.";
    CREDIT_TE_VROEG "K004" Waarschuwing None, BEIDE, [323]:
        "Credit op een regel zonder antwoord",
        wat: "Een regel wordt pas gecrediteerd als een declaratie-antwoord hem heeft goedgekeurd (IV085). Ontbreekt het antwoord in het archief, dan kan de credit terecht zijn.",
        doen: "Lees het declaratie-antwoord in, of beantwoord de eerdere declaratie eerst.";
    NIET_IN_CONTRACT "K005" Waarschuwing None, BEIDE, [323]:
        "Product niet in het contract",
        wat: "Bij deze aanbieder is voor dit product in deze eenheid geen tarief afgesproken dat op deze dagen geldt. Het tarief is daarom niet te controleren.",
        doen: "Vul het contract aan, of vraag de aanbieder op grond waarvan is gedeclareerd.";
    LATER_DAN_VIJF_JAAR "K010" Waarschuwing None, BEIDE, [323]:
        "Ontvangen meer dan vijf jaar na levering",
        wat: "De standaard begrenst declareren op vijf jaar, gerekend vanaf de dagtekening (TR335). Hier is gerekend vanaf de dag van ontvangst.",
        doen: "Beoordeel of de vordering is verjaard voor er wordt betaald.";
    CLIENT_ONBEKEND "TR304" Fout Some("8187"), BEIDE, [317, 323, 325]:
        "Client onbekend",
        wat: "De client heeft een toewijzing bij deze aanbieder, en een afgekeurde regel is van de client waarvoor is gedeclareerd.",
        doen: "Controleer of de toewijzingen van deze aanbieder volledig zijn ingelezen; klopt dat, dan hoort de declaratie niet bij deze gemeente.";
    BEGIN_BUITEN_TOEWIJZING "TR307" Fout Some("9307"), BEIDE, [323]:
        "Begint voor de toewijzing",
        wat: "De productperiode begint op of na de ingangsdatum van de toewijzing.",
        doen: "Wijs de regel af; de aanbieder kan de toegewezen dagen opnieuw indienen.";
    EIND_BUITEN_TOEWIJZING "TR308" Fout Some("9308"), BEIDE, [323]:
        "Eindigt na de toewijzing",
        wat: "De productperiode eindigt op of voor de einddatum van de toewijzing.",
        doen: "Wijs de regel af; de aanbieder kan de toegewezen dagen opnieuw indienen.";
    REFERENTIE_AL_GEBRUIKT "TR314" Fout Some("8021"), BEIDE, [323]:
        "Referentienummer al gebruikt",
        wat: "Een aanbieder gebruikt een referentienummer per wet één keer, ook na een afkeuring van de regel. Regels van een declaratie die als niet verzonden geldt, tellen niet.",
        doen: "Wijs de regel af; vaak is dezelfde regel twee keer ingediend.";
    OUDERE_PERIODE "TR318" Fout Some("8214"), BEIDE, [323]:
        "Declaratieperiode ligt voor de vorige",
        wat: "Declaratieperioden volgen elkaar op. Een tweede declaratie over de laatst ingediende maand mag, een oudere maand niet: late regels gaan mee in de lopende maand (OP284, IV090).",
        doen: "Vraag de aanbieder de regels met de lopende declaratieperiode in te dienen.";
    NA_DECLARATIEPERIODE "TR319" Fout Some("9319"), BEIDE, [323]:
        "Levering na de declaratieperiode",
        wat: "Een declaratie bevat alleen levering uit haar eigen maand of eerder.",
        doen: "Wijs de regel af; hij hoort in een volgende declaratie.";
    VOLUME_IN_MAAND "TR321" Fout Some("9321"), BEIDE, [323]:
        "Meer volume dan in de maand is toegewezen",
        wat: "Het volume van een regel past in wat de toewijzing voor die maand ten hoogste toelaat. Dat hangt af van eenheid, frequentie en het aantal weken of dagen (IV076, IV077, IV078).",
        doen: "Wijs de regel af; de aanbieder kan het toegewezen volume opnieuw indienen of een wijziging vragen.";
    VOLUME_IN_TOTAAL "TR322" Fout Some("9322"), BEIDE, [323]:
        "Meer volume dan in totaal is toegewezen",
        wat: "Alle regels op een toewijzing samen passen in het volume over haar hele looptijd. Afgekeurde en gecrediteerde regels tellen niet mee.",
        doen: "Wijs de regel af, of bespreek met de aanbieder of de toewijzing te krap is.";
    GEEN_DEBET "TR323" Fout Some("8017"), BEIDE, [323]:
        "Credit zonder debet",
        wat: "Een creditregel noemt een eerder ingediende debetregel van dezelfde client, toewijzing, product en periode, die niet is afgekeurd.",
        doen: "Wijs de regel af; een afgekeurde regel wordt niet gecrediteerd.";
    DECLARATIE_NUMMER_AL_GEBRUIKT "TR333" Fout Some("9333"), BEIDE, [323]:
        "Declaratienummer al gebruikt",
        wat: "Een aanbieder gebruikt een declaratienummer per wet één keer, behalve als de eerdere declaratie als niet verzonden geldt.",
        doen: "Controleer of dezelfde declaratie twee keer is verstuurd.";
    TOEWIJZING_ONBEKEND "TR338" Fout Some("9338"), BEIDE, [323]:
        "Geen toewijzing met dit nummer",
        wat: "Een regel noemt het nummer van een toewijzing van deze client bij deze aanbieder. Die was bekend toen de declaratie kwam.",
        doen: "Controleer het nummer en of de toewijzing is ingelezen.";
    ANDERE_CATEGORIE "TR339" Fout Some("9339"), BEIDE, [323]:
        "Andere categorie dan toegewezen",
        wat: "Noemt de toewijzing een productcategorie, dan noemt de regel dezelfde.",
        doen: "Wijs de regel af; de aanbieder kan het toegewezen product indienen.";
    ANDERE_CODE "TR340" Fout Some("9340"), BEIDE, [323]:
        "Andere productcode dan toegewezen",
        wat: "Noemt de toewijzing een productcode, dan noemt de regel dezelfde.",
        doen: "Wijs de regel af; de aanbieder kan het toegewezen product indienen.";
    ANDERE_EENHEID "TR341" Fout Some("9341"), BEIDE, [323]:
        "Eenheid past niet bij de toewijzing",
        wat: "De eenheid is die van de toewijzing; uren mogen in minuten. Heeft de toewijzing geen eenheid, dan is het die van het contract.",
        doen: "Wijs de regel af; de aanbieder kan in de juiste eenheid indienen.";
    BEDRAG_WIJKT_AF "TR346" Fout Some("9346"), BEIDE, [323]:
        "Bedrag is niet volume maal tarief",
        wat: "Het bedrag is volume maal tarief. Minuten bij een tarief per uur worden gerekend met het uurtarief: maal de minuten, gedeeld door 60 en afgerond (IV081).",
        doen: "Wijs de regel af; de aanbieder kan het juiste bedrag indienen.";
    BUDGET_OP "TR369" Fout Some("9369"), BEIDE, [323]:
        "Meer dan het budget",
        wat: "Alle regels op een toewijzing met een budget zijn samen niet meer dan dat budget. Afgekeurde en gecrediteerde regels tellen niet mee. Andere eenheden dan euro's tellen met hun bedrag.",
        doen: "Wijs de regel af, of bespreek met de aanbieder of het budget te krap is.";
    OP_VERWIJDERD "TR384" Fout Some("9384"), BEIDE, [323]:
        "Toewijzing is verwijderd",
        wat: "Een verwijderde toewijzing geldt als nooit verstuurd; er kan niet op worden gedeclareerd.",
        doen: "Wijs de regel af, of ga na of de verwijdering terecht was.";
    BEGIN_NIET_VAN_MAAND "TR387" Fout Some("9387"), BEIDE, [323]:
        "Begint niet op de eerste dag",
        wat: "De productperiode begint op de eerste van de maand, of op de ingangsdatum van de toewijzing als die later is; niet op de dag van de start.",
        doen: "Wijs de regel af; de aanbieder kan de juiste periode indienen.";
    EIND_NIET_VAN_MAAND "TR388" Fout Some("9388"), BEIDE, [323]:
        "Eindigt niet op de laatste dag",
        wat: "De productperiode eindigt op de laatste van de maand, of op de einddatum van de toewijzing als die eerder is; niet op de dag van de stop.",
        doen: "Wijs de regel af; de aanbieder kan de juiste periode indienen.";
    AL_GEDECLAREERD "TR389" Fout Some("9389"), BEIDE, [323]:
        "Al gedeclareerd en niet gecrediteerd",
        wat: "Per toewijzing, product en productperiode is er één debetregel. Een tweede kan pas als de eerste is gecrediteerd of afgekeurd.",
        doen: "Wijs de regel af; de aanbieder kan eerst crediteren.";
    AL_GECREDITEERD "TR390" Fout Some("9390"), BEIDE, [323]:
        "Al gecrediteerd",
        wat: "Een debetregel wordt één keer gecrediteerd.",
        doen: "Wijs de regel af.";
    TARIEF_WIJKT_AF "TR418" Fout Some("0611"), BEIDE, [323]:
        "Tarief is niet dat van het contract",
        wat: "Het tarief is dat van het contract voor dit product, op een van de dagen van de productperiode. Minuten bij een tarief per uur: het uurtarief gedeeld door 60 en afgerond.",
        doen: "Wijs de regel af, of werk het contract in Grip bij als er een nieuw tarief is afgesproken.";
}

macro_rules! path {
    ($element:literal) => {
        concat!("Bericht/Declaratie/Clienten/Client/Prestaties/Prestatie/", $element)
    };
}

pub(super) fn play(state: &mut State<'_>, number: u32, out: &mut Out) {
    let dossier = state.dossier;
    let Some(declaratie) = rows(&dossier.declaraties, number, |row| row.bericht).1.first() else { return };
    judge_declaratie(state, declaratie, out);
    let (first, lines) = rows(&dossier.prestaties, number, |row| row.bericht);
    // A fault in header or declaratie: nothing is processed, and unless an answer says otherwise nothing was sent.
    if out.faults() > 0 {
        state.skipped.insert(number);
        return;
    }
    state.declaraties.push(number);
    state.declaratie_nummers.insert(declaratie.nummer, number);
    let mut unknown: HashSet<Key> = HashSet::new();
    for (index, line) in (first..).zip(lines) {
        if !state.knows_client(index) && unknown.insert(line.client) {
            out.report(CLIENT_ONBEKEND, line.regel, "Bericht/Declaratie/Clienten/Client/Bsn", || {
                "voor deze client is geen toewijzing bij deze aanbieder bekend".to_owned()
            });
        }
    }
    // Credits first (OP366).
    for takes_credits in [true, false] {
        for (index, line) in (first..).zip(lines).filter(|(_, line)| line.is_credit == takes_credits) {
            if unknown.contains(&line.client) {
                state.claim(index);
            } else {
                play_line(state, declaratie, index, line, out);
            }
        }
    }
}

fn judge_declaratie(state: &State<'_>, declaratie: &Declaratie, out: &mut Out) {
    let known = state.declaratie_nummers.get(&declaratie.nummer);
    if known.is_some_and(|known| state.is_alive(*known)) {
        out.report(DECLARATIE_NUMMER_AL_GEBRUIKT, 0, "Bericht/Declaratie/DeclaratieNummer", || {
            "een eerdere declaratie van deze aanbieder heeft hetzelfde nummer".to_owned()
        });
    }
    let begin = |number: &u32| {
        let rows = rows(&state.dossier.declaraties, *number, |row| row.bericht).1;
        rows.first().map(|row| row.begindatum)
    };
    let sent = state.declaraties.iter().filter(|number| state.is_alive(**number));
    let last = sent.filter_map(begin).max();
    if let Some(last) = last.filter(|last| declaratie.begindatum < *last) {
        out.report(OUDERE_PERIODE, 0, "Bericht/Declaratie/DeclaratiePeriode/Begindatum", || {
            let (month, last) = (month_of(declaratie.begindatum), month_of(last));
            format!("declaratie over {}, eerder ingediend over {}", month_text(month), month_text(last))
        });
    }
}

fn play_line(state: &mut State<'_>, declaratie: &Declaratie, index: u32, line: &Prestatie, out: &mut Out) {
    let (faults, from) = (out.faults(), out.len());
    let regel = line.regel;
    if state.claim(index).is_some() {
        out.report(REFERENTIE_AL_GEBRUIKT, regel, path!("ProductReferentie/ReferentieNummer"), || {
            "een eerdere regel van deze aanbieder heeft hetzelfde referentienummer".to_owned()
        });
    }
    let period_end = last_day(month_of(declaratie.begindatum));
    if line.einddatum > period_end {
        out.report(NA_DECLARATIEPERIODE, regel, path!("ProductPeriode/Einddatum"), || {
            format!(
                "geleverd tot en met {}, declaratieperiode tot en met {}",
                date_of(line.einddatum),
                date_of(period_end)
            )
        });
    }
    let mut bounds = Bounds::default();
    if line.is_credit {
        let debit = judge_credit(state, line, out);
        if let Some(debit) = debit.filter(|_| out.faults() == faults) {
            state.credit(index, debit);
        }
    } else {
        judge_debit(state, index, &mut bounds, out);
        state.open(index);
        if out.faults() == faults {
            state.count(index);
        }
    }
    state.watch(line, bounds, out.since(from));
}

fn judge_credit(state: &State<'_>, line: &Prestatie, out: &mut Out) -> Option<u32> {
    let regel = line.regel;
    let element = path!("ProductReferentie/VorigReferentieNummer");
    let Some(index) = state.debit_of(line) else {
        out.report(GEEN_DEBET, regel, element, || {
            let amount = euros(i64::from(line.bedrag));
            format!("toewijzing {}, {amount}: de debetregel is niet bekend", line.toewijzing)
        });
        return None;
    };
    let (debit, of_debit) = (state.line(index), state.lines[index as usize]);
    let key =
        |line: &Prestatie| (line.client, line.toewijzing, line.categorie, line.code, line.begindatum, line.einddatum);
    if of_debit.refused {
        out.report(GEEN_DEBET, regel, element, || {
            format!("de debetregel op toewijzing {} is afgekeurd", debit.toewijzing)
        });
    } else if key(debit) != key(line) {
        out.report(GEEN_DEBET, regel, element, || {
            "de genoemde debetregel is van een andere client, toewijzing, periode of een ander product".to_owned()
        });
    } else if of_debit.partner != NONE {
        out.report(AL_GECREDITEERD, regel, element, || {
            format!("de debetregel op toewijzing {} is al gecrediteerd", debit.toewijzing)
        });
    } else if !of_debit.approved {
        out.report(CREDIT_TE_VROEG, regel, element, || {
            format!("de debetregel op toewijzing {} is nog niet beantwoord", debit.toewijzing)
        });
    }
    let amounts = |line: &Prestatie| (line.volume, line.eenheid, line.tarief);
    if amounts(debit) != amounts(line) || i64::from(debit.bedrag) + i64::from(line.bedrag) != 0 {
        out.report(CREDIT_WIJKT_AF, regel, path!("IngediendBedrag/Bedrag"), || {
            let text = |line: &Prestatie| {
                let amount = euros(i64::from(line.bedrag).abs());
                if line.eenheid == Eenheid::Euro {
                    return amount;
                }
                format!("{} voor {amount}", volume(i64::from(line.volume), line.eenheid))
            };
            format!("gecrediteerd {}, gedeclareerd {}", text(line), text(debit))
        });
    }
    Some(index)
}

fn judge_debit(state: &State<'_>, index: u32, bounds: &mut Bounds, out: &mut Out) {
    let (line, number) = (state.line(index), state.number_of(index));
    let current = number.current.map(|index| state.version(index));
    let regel = line.regel;
    if line.einddatum < months_before(state.today, 60) {
        out.report(LATER_DAN_VIJF_JAAR, regel, path!("ProductPeriode/Einddatum"), || {
            format!("geleverd tot en met {}, ontvangen op {}", date_of(line.einddatum), date_of(state.today))
        });
    }
    if state.is_misfit(Some(line.categorie), Some(line.code)) {
        out.report(PRODUCT_PAST_NIET, regel, path!("ProductCode"), || {
            misfit_text(state, Some(line.categorie), Some(line.code))
        });
    }
    judge_double(state, line, out);
    judge_tariff(state, line, current, bounds, out);
    let nummer = line.toewijzing;
    let Some(version) = current else {
        let own = {
            let bericht = &state.dossier.berichten[line.bericht as usize];
            (bericht.received, bericht.digest)
        };
        let (rule, text) = match state.elders.get(&nummer) {
            Some(other) if *other < own => (ANDERE_AANBIEDER, "is van een andere aanbieder"),
            _ => (TOEWIJZING_ONBEKEND, "van deze client is niet bekend"),
        };
        out.report(rule, regel, path!("ToewijzingNummer"), || format!("toewijzing {nummer} {text}"));
        return;
    };
    bounds.toewijzing = Some((version.ingangsdatum, version.einddatum));
    if state.is_deleted(version) {
        out.report(OP_VERWIJDERD, regel, path!("ToewijzingNummer"), || format!("toewijzing {nummer} is verwijderd"));
        return;
    }
    judge_period(version, line, out);
    if version.categorie.is_some_and(|categorie| categorie != line.categorie) {
        out.report(ANDERE_CATEGORIE, regel, path!("ProductCategorie"), || {
            let allocated = version.categorie.map_or("", |word| state.dossier.text(word));
            format!("gedeclareerd {}, toegewezen {allocated}", state.dossier.text(line.categorie))
        });
    }
    if version.code.is_some_and(|code| code != line.code) {
        out.report(ANDERE_CODE, regel, path!("ProductCode"), || {
            let allocated = version.code.map_or("", |word| state.dossier.text(word));
            format!("gedeclareerd {}, toegewezen {allocated}", state.dossier.text(line.code))
        });
    }
    judge_volume(state, version, number, line, bounds, out);
}

fn judge_period(version: &Toewijzing, line: &Prestatie, out: &mut Out) {
    let (regel, month) = (line.regel, month_of(line.begindatum));
    if line.begindatum < version.ingangsdatum {
        out.report(BEGIN_BUITEN_TOEWIJZING, regel, path!("ProductPeriode/Begindatum"), || {
            format!("gedeclareerd vanaf {}, toegewezen {}", date_of(line.begindatum), period_text(version))
        });
    } else if line.begindatum != first_day(month).max(version.ingangsdatum) {
        out.report(BEGIN_NIET_VAN_MAAND, regel, path!("ProductPeriode/Begindatum"), || {
            let expected = first_day(month).max(version.ingangsdatum);
            format!("gedeclareerd vanaf {}, verwacht vanaf {}", date_of(line.begindatum), date_of(expected))
        });
    }
    let eind = version.einddatum.unwrap_or(Day::MAX);
    if line.einddatum > eind {
        out.report(EIND_BUITEN_TOEWIJZING, regel, path!("ProductPeriode/Einddatum"), || {
            format!("gedeclareerd tot en met {}, toegewezen {}", date_of(line.einddatum), period_text(version))
        });
    } else if line.einddatum != last_day(month).min(eind) {
        out.report(EIND_NIET_VAN_MAAND, regel, path!("ProductPeriode/Einddatum"), || {
            let expected = date_of(last_day(month).min(eind));
            format!("gedeclareerd tot en met {}, verwacht tot en met {expected}", date_of(line.einddatum))
        });
    }
}

fn judge_double(state: &State<'_>, line: &Prestatie, out: &mut Out) {
    for (_, other) in state.chain(line) {
        let same = other.toewijzing == line.toewijzing
            && (other.begindatum, other.einddatum) == (line.begindatum, line.einddatum);
        // Twice in one message is TR416, which needs no other message.
        if same && other.bericht != line.bericht {
            out.report(AL_GEDECLAREERD, line.regel, path!("ProductPeriode"), || {
                let received = date_of(state.dossier.berichten[other.bericht as usize].received);
                let amount = euros(i64::from(other.bedrag));
                format!(
                    "toewijzing {} over deze periode is op {received} al gedeclareerd voor {amount}",
                    line.toewijzing
                )
            });
            return;
        }
        let product = (Some(line.categorie), Some(line.code));
        let overlaps = other.begindatum <= line.einddatum && line.begindatum <= other.einddatum;
        // Wheelchairs and other aids may be had twice.
        if !same && overlaps && state.is_same_product(product, product) {
            out.report(DUBBELE_LEVERING, line.regel, path!("ProductPeriode"), || {
                let received = date_of(state.dossier.berichten[other.bericht as usize].received);
                let numbers = format!("{} en {}", other.toewijzing, line.toewijzing);
                format!("op toewijzingen {numbers} is hetzelfde product over dezelfde dagen gedeclareerd, eerder op {received}")
            });
            return;
        }
    }
}

fn judge_volume(
    state: &State<'_>,
    version: &Toewijzing,
    number: &Number,
    line: &Prestatie,
    bounds: &mut Bounds,
    out: &mut Out,
) {
    let regel = line.regel;
    bounds.cents = number.cents;
    if let Some(budget) = version.budget {
        bounds.budget = Some(budget);
        let sum = number.cents + i64::from(line.bedrag);
        if sum > budget {
            out.report(BUDGET_OP, regel, path!("IngediendBedrag"), || {
                format!("ingediend samen {}, budget {}", euros(sum), euros(budget))
            });
        }
    }
    let Some(omvang) = version.omvang else { return };
    let fits = omvang.eenheid == line.eenheid || (omvang.eenheid, line.eenheid) == (Eenheid::Uur, Eenheid::Minuut);
    if !fits {
        out.report(ANDERE_EENHEID, regel, path!("Eenheid"), || {
            format!("gedeclareerd in {}, toegewezen in {}", units(line.eenheid), units(omvang.eenheid))
        });
        return;
    }
    let declared = fine(i64::from(line.volume), line.eenheid);
    // Shown in the unit of the line; fine volumes of hours are whole hours.
    let shown = |fine: i64| {
        if line.eenheid == Eenheid::Uur {
            volume(fine / 60, Eenheid::Uur)
        } else {
            volume(fine, fine_unit(line.eenheid))
        }
    };
    let month = month_of(line.begindatum);
    let eind = version.einddatum.unwrap_or(Day::MAX);
    if version.ingangsdatum <= eind && omvang.frequentie != Frequentie::Onbekend {
        let periode = Periode { begin: date_of(version.ingangsdatum), eind: date_of(eind) };
        let is_hulp = state.is_wmo() && state.dossier.text(line.categorie) == "01";
        let most = fine(ceiling(omvang, is_hulp, periode, Maand::from_index(month)), omvang.eenheid);
        bounds.maximum = Some(most);
        // Days outside the allocation are TR307 and TR308; nothing is allocated to them.
        let is_inside = version.ingangsdatum <= line.einddatum && line.begindatum <= eind;
        if declared > most && is_inside {
            out.report(VOLUME_IN_MAAND, regel, path!("GeleverdVolume"), || {
                format!(
                    "ingediend {}, toegewezen ten hoogste {} in {}",
                    shown(declared),
                    shown(most),
                    month_text(month)
                )
            });
        }
    }
    bounds.volume = number.volume;
    bounds.total = number.total;
    if let Some(total) = number.total.filter(|total| number.volume + declared > *total) {
        out.report(VOLUME_IN_TOTAAL, regel, path!("GeleverdVolume"), || {
            format!("ingediend samen {}, toegewezen in totaal {}", shown(number.volume + declared), shown(total))
        });
    }
}

/// `a / b`, halves up; for numbers that are not negative.
fn divide(a: i64, b: i64) -> i64 {
    (2 * a + b) / (2 * b)
}

fn judge_tariff(state: &State<'_>, line: &Prestatie, current: Option<&Toewijzing>, bounds: &mut Bounds, out: &mut Out) {
    let (regel, eenheid) = (line.regel, line.eenheid);
    let rows = state.contract(line);
    let rates = |eenheid: Eenheid| {
        let rows = rows.clone().into_iter().flatten();
        rows.filter(move |(unit, ..)| *unit == eenheid).filter_map(|(_, _, _, cents)| *cents)
    };
    let known_unit = |eenheid: Eenheid| rows.clone().into_iter().flatten().any(|(unit, ..)| *unit == eenheid);
    let by_hour = eenheid == Eenheid::Minuut && !known_unit(Eenheid::Minuut) && known_unit(Eenheid::Uur);
    let is_in_contract = known_unit(eenheid) || by_hour;
    if !state.context.contract.is_empty() && !is_in_contract {
        if rows.is_some() && current.is_some_and(|version| version.omvang.is_none()) {
            out.report(ANDERE_EENHEID, regel, path!("Eenheid"), || {
                let unit = units(eenheid);
                format!("gedeclareerd in {unit}, het contract kent voor dit product een andere eenheid")
            });
        } else {
            out.report(NIET_IN_CONTRACT, regel, path!("ProductCode"), || {
                let (categorie, code) = (state.dossier.text(line.categorie), state.dossier.text(line.code));
                format!("categorie {categorie}, code {code}: geen afgesproken tarief in deze eenheid")
            });
        }
    }
    let Some(tarief) = line.tarief.map(i64::from).filter(|_| eenheid != Eenheid::Euro) else { return };
    let (units, amount) = (i64::from(line.volume), i64::from(line.bedrag));
    if is_in_contract {
        let shown = |cents: i64| if by_hour { divide(cents, 60) } else { cents };
        let unit = if by_hour { Eenheid::Uur } else { eenheid };
        bounds.tarief = rates(unit).map(shown).next();
        let agreed = bounds.tarief.filter(|_| !rates(unit).any(|cents| shown(cents) == tarief));
        if let Some(agreed) = agreed {
            out.report(TARIEF_WIJKT_AF, regel, path!("ProductTarief"), || {
                format!("gedeclareerd {}, afgesproken {}", euros(tarief), euros(agreed))
            });
        }
    }
    let exact = |per_hour: i64| divide(per_hour * units, 60) == amount;
    let agreed: Vec<i64> = if by_hour {
        rates(Eenheid::Uur).filter(|per_hour| divide(*per_hour, 60) == tarief).collect()
    } else {
        Vec::new()
    };
    let fits = if agreed.is_empty() {
        // Every hour tariff that rounds to this tariff per minute.
        units * tarief == amount
            || eenheid == Eenheid::Minuut && (60 * tarief - 30..60 * tarief + 30).any(|hour| hour >= 0 && exact(hour))
    } else {
        agreed.iter().any(|per_hour| exact(*per_hour))
    };
    if !fits {
        out.report(BEDRAG_WIJKT_AF, regel, path!("IngediendBedrag/Bedrag"), || {
            let expected = agreed.first().map_or(units * tarief, |per_hour| divide(per_hour * units, 60));
            format!("ingediend {}, {} maal tarief is {}", euros(amount), volume(units, eenheid), euros(expected))
        });
    }
}
