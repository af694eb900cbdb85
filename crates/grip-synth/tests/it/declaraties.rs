//! Rules about 323 and 325, checked on what was written and with none of the simulation's own arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use grip_messages::{
    Inhoud,
    bericht::{BedragMetDC, Declaratie, DeclaratieAntwoord, TotaalBedragMetDC},
};
use grip_types::{Date, Maand, Periode, Wet};

use crate::town::{Version, berichten, day, number, table, toewijzingen};

/// A line of a 323.
struct Line {
    bsn: String,
    referentie: String,
    vorige: Option<String>,
    toewijzing: u32,
    categorie: String,
    code: String,
    periode: Periode,
    volume: i64,
    eenheid: String,
    tarief: Option<i64>,
    cents: i64,
    is_credit: bool,
    refused: Option<String>,
}

/// What there may be one debit of: Toewijzing, ProductPeriode, category and code.
type Key<'l> = (u32, Date, Date, &'l str, &'l str);

impl Line {
    fn signed_cents(&self) -> i64 {
        if self.is_credit { -self.cents } else { self.cents }
    }

    fn key(&self) -> Key<'_> {
        (self.toewijzing, self.periode.begin, self.periode.eind, &self.categorie, &self.code)
    }
}

/// A 323 with its 325, when that has come.
struct Invoice {
    wet: Wet,
    aanbieder: String,
    sent: Date,
    nummer: String,
    maand: Maand,
    total: i64,
    lines: Vec<Line>,
    answered: Option<Date>,
    is_refused_whole: bool,
}

fn signed(bedrag: &TotaalBedragMetDC<'_>) -> i64 {
    let cents = number(bedrag.totaal_bedrag.text());
    if bedrag.debet_credit.text() == "C" { -cents } else { cents }
}

fn lines(declaratie: &Declaratie<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for client in &declaratie.clienten {
        for prestatie in &client.prestaties {
            let BedragMetDC { bedrag, debet_credit } = &prestatie.ingediend_bedrag;
            lines.push(Line {
                bsn: client.bsn.text().to_owned(),
                referentie: prestatie.product_referentie.referentie_nummer.text().to_owned(),
                vorige: prestatie.product_referentie.vorig_referentie_nummer.as_ref().map(|v| v.text().to_owned()),
                toewijzing: prestatie.toewijzing_nummer.text().parse().expect("a number"),
                categorie: prestatie.product_categorie.text().to_owned(),
                code: prestatie.product_code.text().to_owned(),
                periode: Periode {
                    begin: day(&prestatie.product_periode.begindatum),
                    eind: day(&prestatie.product_periode.einddatum),
                },
                volume: number(prestatie.geleverd_volume.text()),
                eenheid: prestatie.eenheid.text().to_owned(),
                tarief: prestatie.product_tarief.as_ref().map(|tarief| number(tarief.text())),
                cents: number(bedrag.text()),
                is_credit: debet_credit.text() == "C",
                refused: None,
            });
        }
    }
    lines
}

/// Takes an answer in, and checks that it adds up (SPEC section 9, 325 outcome).
fn take_answer(invoice: &mut Invoice, header_code: &str, antwoord: Option<&DeclaratieAntwoord<'_>>, name: &str) {
    let Some(antwoord) = antwoord else {
        assert_eq!(header_code, "0001", "{name}");
        invoice.is_refused_whole = true;
        return;
    };
    assert_eq!(header_code, "0200", "{name}");
    assert_eq!(antwoord.declaratie_nummer.text(), invoice.nummer, "{name}");
    let (asked, granted) = (signed(&antwoord.totaal_ingediend_bedrag), signed(&antwoord.totaal_toegekend_bedrag));
    assert_eq!(asked, invoice.total, "{name}");
    let code = antwoord.retour_codes.retour_code[0].text();
    if !["0200", "8001"].contains(&code) {
        assert_eq!((granted, antwoord.clienten.is_none()), (0, true), "{name}");
        invoice.is_refused_whole = true;
        return;
    }
    let mut refused_cents = 0;
    for client in antwoord.clienten.iter().flatten() {
        assert_eq!(client.retour_codes.retour_code[0].text(), "0200", "{name}");
        for prestatie in &client.prestaties {
            let referentie = prestatie.product_referentie.referentie_nummer.text();
            let line = invoice
                .lines
                .iter_mut()
                .find(|line| line.referentie == referentie)
                .expect("a line of the 323 (rule TR366)");
            assert_eq!(
                (line.bsn.as_str(), line.volume, line.cents),
                (
                    client.bsn.text(),
                    number(prestatie.geleverd_volume.text()),
                    number(prestatie.ingediend_bedrag.bedrag.text())
                ),
                "{name}"
            );
            assert!(!line.is_credit, "{name}: a credit is not refused (rule IV085)");
            line.refused = Some(prestatie.retour_codes.retour_code[0].text().to_owned());
            refused_cents += line.signed_cents();
        }
    }
    assert_eq!(asked - granted, refused_cents, "{name}");
    assert_eq!(code == "8001", asked == granted && antwoord.clienten.is_none(), "{name}");
}

/// All declaraties in order of sending, with their answers.
fn invoices() -> Vec<Invoice> {
    let mut invoices: Vec<Invoice> = Vec::new();
    let mut by_identificatie: BTreeMap<(Wet, String, String), usize> = BTreeMap::new();
    for bericht in berichten() {
        match &bericht.inhoud {
            Inhoud::Declaratie(inhoud) => {
                let declaratie = &inhoud.declaratie;
                let periode = Periode {
                    begin: day(&declaratie.declaratie_periode.begindatum),
                    eind: day(&declaratie.declaratie_periode.einddatum),
                };
                let maand = Maand::of(periode.begin);
                assert_eq!(periode, maand.periode(), "{}: one calendar month (rule CS340)", bericht.name);
                assert!(periode.eind < day(&declaratie.declaratie_dagtekening), "{}", bericht.name);
                let aanbieder = inhoud.header.afzender.text().to_owned();
                let identificatie = inhoud.header.bericht_identificatie.identificatie.text().to_owned();
                by_identificatie.insert((bericht.wet, aanbieder.clone(), identificatie), invoices.len());
                invoices.push(Invoice {
                    wet: bericht.wet,
                    aanbieder,
                    sent: bericht.day,
                    nummer: declaratie.declaratie_nummer.text().to_owned(),
                    maand,
                    total: signed(&declaratie.totaal_ingediend_bedrag),
                    lines: lines(declaratie),
                    answered: None,
                    is_refused_whole: false,
                });
            }
            Inhoud::DeclaratieAntwoord(inhoud) => {
                let header = &inhoud.header;
                let key = (
                    bericht.wet,
                    header.ontvanger.text().to_owned(),
                    header.declaratie_identificatie.identificatie.text().to_owned(),
                );
                let invoice = &mut invoices[by_identificatie[&key]];
                assert_eq!(day(&header.declaratie_identificatie.dagtekening), invoice.sent, "{}", bericht.name);
                assert!(
                    invoice.answered.replace(bericht.day).is_none() && invoice.sent < bericht.day,
                    "{}",
                    bericht.name
                );
                take_answer(
                    invoice,
                    header.retour_codes.retour_code[0].text(),
                    inhoud.declaratie_antwoord.as_ref(),
                    bericht.name,
                );
            }
            _ => {}
        }
    }
    invoices
}

#[test]
fn totals_and_amounts_add_up() {
    let mut wrong_total = 0;
    for invoice in invoices() {
        let sum: i64 = invoice.lines.iter().map(Line::signed_cents).sum();
        // A total that is wrong is why a whole message is refused, and only that.
        if sum != invoice.total {
            assert!(invoice.is_refused_whole || invoice.answered.is_none(), "{} {}", invoice.aanbieder, invoice.nummer);
            wrong_total += 1;
        }
        for line in &invoice.lines {
            let at = &line.referentie;
            assert_eq!(line.eenheid == "83", line.tarief.is_none(), "{at} (rule CD087)");
            assert_eq!(line.cents, line.volume * line.tarief.unwrap_or(1), "{at} (rules TR346 and CS339)");
            assert!(line.volume > 0, "{at}");
            assert_eq!(line.is_credit, line.vorige.is_some(), "{at} (rule CD060)");
        }
    }
    assert!(wrong_total > 0);
}

#[test]
fn numbers_are_unique_per_aanbieder_and_law() {
    let (mut nummers, mut referenties) = (BTreeSet::new(), BTreeSet::new());
    for invoice in &invoices() {
        let sender = (invoice.wet, invoice.aanbieder.clone());
        assert!(nummers.insert((sender.clone(), invoice.nummer.clone())), "{}", invoice.nummer);
        assert!(
            invoice.nummer.len() <= 12 && invoice.nummer.bytes().all(|b| b.is_ascii_alphanumeric()),
            "{}",
            invoice.nummer
        );
        let clients: BTreeSet<&str> = invoice.lines.iter().map(|line| line.bsn.as_str()).collect();
        let changes = invoice.lines.windows(2).filter(|pair| pair[0].bsn != pair[1].bsn).count();
        assert_eq!(clients.len(), changes + 1, "{}: a client stands in it once", invoice.nummer);
        let out_of_order = invoice.lines.windows(2).find(|p| p[0].bsn == p[1].bsn && !p[0].is_credit && p[1].is_credit);
        assert!(out_of_order.is_none(), "{}: credits come before debits (rule OP366)", invoice.nummer);
        for line in &invoice.lines {
            assert!(referenties.insert((sender.clone(), line.referentie.clone())), "{}", line.referentie);
        }
    }
    assert!(referenties.len() > 4_000, "{}", referenties.len());
}

#[test]
fn months_follow_each_other_unless_nothing_was_delivered() {
    let all = toewijzingen();
    let invoices = invoices();
    let mut by_sender: BTreeMap<(Wet, &str), Vec<&Invoice>> = BTreeMap::new();
    for invoice in &invoices {
        by_sender.entry((invoice.wet, &invoice.aanbieder)).or_default().push(invoice);
    }
    let (mut gaps, mut seconds, mut wrong) = (0, 0, 0);
    for ((wet, aanbieder), own) in by_sender {
        // What was delivered in which month, and since when the provider could know that it was ordered.
        let delivered: BTreeSet<(Maand, Date)> = own
            .iter()
            .flat_map(|invoice| &invoice.lines)
            .filter_map(|line| Some((Maand::of(line.periode.begin), all.get(&(wet, line.toewijzing))?[0].received)))
            .collect();
        let mut last: Option<Maand> = None;
        for invoice in own {
            let previous = last.unwrap_or(invoice.maand);
            if invoice.maand < previous {
                assert!(
                    invoice.is_refused_whole || invoice.answered.is_none(),
                    "{aanbieder} {}: an older month",
                    invoice.nummer
                );
                wrong += 1;
                continue;
            }
            seconds += usize::from(last == Some(invoice.maand));
            for skipped in (previous.index() + 1..invoice.maand.index()).map(Maand::from_index) {
                gaps += 1;
                let known = delivered.iter().any(|(maand, since)| *maand == skipped && *since <= skipped.last_day());
                assert!(!known, "{aanbieder} {wet}: nothing was sent over {skipped} (rule TR318)");
            }
            last = Some(invoice.maand);
        }
    }
    assert!(gaps > 0 && seconds > 0, "{gaps} {seconds} {wrong}");
}

/// The version that was known on a day.
fn known(versions: &[Version], day: Date) -> Option<&Version> {
    versions.iter().rfind(|version| version.received <= day)
}

#[test]
fn lines_fit_their_toewijzing_or_are_refused() {
    let all = toewijzingen();
    let mut unknown = 0;
    for invoice in &invoices() {
        for line in &invoice.lines {
            let at = format!("{} {} {}", invoice.aanbieder, invoice.nummer, line.referentie);
            assert_eq!(Maand::of(line.periode.begin), Maand::of(line.periode.eind), "{at} (rule CS337)");
            let Some(versions) = all.get(&(invoice.wet, line.toewijzing)) else {
                unknown += 1;
                assert!(line.refused.as_deref() == Some("9338") || invoice.answered.is_none(), "{at} (rule TR338)");
                continue;
            };
            assert_ne!(line.refused.as_deref(), Some("9338"), "{at}");
            let version =
                known(versions, invoice.sent).unwrap_or_else(|| panic!("{at}: declared before it was ordered"));
            assert_eq!((&version.bsn, &version.aanbieder), (&line.bsn, &invoice.aanbieder), "{at} (rule TR304)");
            let (categorie, code) = version.product();
            assert!(
                categorie.is_none_or(|c| c == line.categorie) && code.is_none_or(|c| c == line.code),
                "{at} (rules TR339, TR340)"
            );
            assert!(version.omvang().is_none_or(|(_, eenheid, _)| eenheid == line.eenheid), "{at} (rule TR341)");
            assert_ne!(version.reden(), Some("13"), "{at} (rule TR384)");
            let maand = Maand::of(line.periode.begin);
            let expected =
                maand.periode().intersect(Periode { begin: version.ingangsdatum(), eind: version.einddatum() });
            assert_eq!(Some(line.periode), expected, "{at} (rules TR387 and TR388)");
            assert!(
                invoice.is_refused_whole || invoice.answered.is_none() || maand <= invoice.maand,
                "{at} (rule TR319)"
            );
        }
    }
    assert!(unknown > 0);
}

#[test]
fn tariffs_are_those_of_the_contract_or_refused() {
    let tarieven: BTreeMap<(String, String, String), String> = table("contract.csv")
        .into_iter()
        .map(|row| ((row[0].clone(), row[4].clone(), row[7][..4].to_owned()), row[6].clone()))
        .collect();
    let mut refused = 0;
    for invoice in &invoices() {
        for line in invoice.lines.iter().filter(|line| line.eenheid != "83") {
            let key = (invoice.aanbieder.clone(), line.code.clone(), line.periode.begin.year().to_string());
            let contract = number(&tarieven[&key].replace(',', ""));
            let is_refused = line.refused.as_deref() == Some("0611");
            refused += usize::from(is_refused);
            let is_judged = invoice.answered.is_some() && !invoice.is_refused_whole;
            assert!(
                !is_judged || is_refused == (line.tarief != Some(contract)),
                "{} {} (rule TR418)",
                invoice.aanbieder,
                line.referentie
            );
        }
    }
    assert!(refused > 0);
}

/// The most that fits in a productperiode (TR321) and in the whole so far (TR322, TR369), the last in eurocents for a Budget.
fn ceilings(version: &Version, wet: Wet, periode: Periode) -> (Option<i64>, Option<i64>) {
    let whole = Periode { begin: version.ingangsdatum(), eind: version.einddatum() };
    if let Some(budget) = &version.product.budget {
        return (None, Some(number(budget.text())));
    }
    let Some((volume, _, frequentie)) = version.omvang() else { return (None, None) };
    let months = |periode: Periode| i64::try_from(periode.months().count()).expect("a number");
    match frequentie {
        "2" if wet == Wet::Wmo && version.product().0 == Some("01") => {
            (Some(6 * volume), Some(volume * whole.iso_weeks()))
        }
        "2" => (Some(volume * periode.iso_weeks()), Some(volume * whole.iso_weeks())),
        "4" if whole.eind == Date::MAX => (Some(volume), None),
        "4" => (Some(volume), Some(volume * months(whole))),
        "6" => (None, Some(volume)),
        other => panic!("frequency {other}"),
    }
}

#[test]
fn volumes_stay_below_their_ceilings_or_are_refused() {
    let all = toewijzingen();
    let mut declared: BTreeMap<(Wet, u32), i64> = BTreeMap::new();
    let mut refusals: BTreeMap<String, usize> = BTreeMap::new();
    for invoice in invoices().iter().filter(|invoice| !invoice.is_refused_whole && invoice.answered.is_some()) {
        // Credits come first.
        for is_credit in [true, false] {
            for line in invoice.lines.iter().filter(|line| line.is_credit == is_credit) {
                let Some(versions) = all.get(&(invoice.wet, line.toewijzing)) else { continue };
                let version = known(versions, invoice.sent).expect("ordered before");
                let (month, whole) = ceilings(version, invoice.wet, line.periode);
                let size = if version.product.budget.is_some() { line.cents } else { line.volume };
                let used = declared.entry((invoice.wet, line.toewijzing)).or_default();
                let at = format!("{} {} of {size} after {used}", invoice.aanbieder, line.referentie);
                match line.refused.as_deref() {
                    None if line.is_credit => *used -= size,
                    None => {
                        *used += size;
                        assert!(month.is_none_or(|most| size <= most), "{at}: above {month:?} (rule TR321)");
                        assert!(
                            whole.is_none_or(|most| *used <= most),
                            "{at}: above {whole:?} (rules TR322 and TR369)"
                        );
                    }
                    Some("9321") => assert!(month.is_some_and(|most| size > most), "{at}: refused without a cause"),
                    Some("9322" | "9369") => {
                        assert!(whole.is_some_and(|most| *used + size > most), "{at}: refused without a cause")
                    }
                    Some(_) => {}
                }
                *refusals.entry(line.refused.clone().unwrap_or_default()).or_default() += 1;
            }
        }
    }
    for code in ["0611", "9321", "9322"] {
        assert!(refusals.contains_key(code), "no line refused with {code}: {refusals:?}");
    }
}

#[test]
fn credits_copy_an_approved_debit_once_and_each_key_has_one_debit() {
    struct Debit<'l> {
        line: &'l Line,
        answered: Option<Date>,
        is_credited: bool,
    }
    let invoices = invoices();
    let mut debits: BTreeMap<(Wet, &str, &str), Debit<'_>> = BTreeMap::new();
    let mut live: BTreeMap<(Wet, Key<'_>), &str> = BTreeMap::new();
    let mut credits = 0;
    for invoice in invoices.iter().filter(|invoice| !invoice.is_refused_whole) {
        let sender = |referentie| (invoice.wet, invoice.aanbieder.as_str(), referentie);
        for line in invoice.lines.iter().filter(|line| line.is_credit) {
            credits += 1;
            let at = &line.referentie;
            let vorige = line.vorige.as_deref().expect("a credit names its debit");
            let debit = debits
                .get_mut(&sender(vorige))
                .unwrap_or_else(|| panic!("{at}: no earlier debit (rules TR323, TR316)"));
            assert!(
                debit.answered.is_some_and(|day| day < invoice.sent) && debit.line.refused.is_none(),
                "{at}: not approved (IV085)"
            );
            assert!(!debit.is_credited, "{at}: credited twice (rule TR390)");
            debit.is_credited = true;
            let copied = |line: &Line| (line.bsn.clone(), line.volume, line.eenheid.clone(), line.tarief, line.cents);
            assert!(
                copied(debit.line) == copied(line) && debit.line.key() == line.key(),
                "{at}: not a copy (rule IV091)"
            );
            live.remove(&(invoice.wet, line.key()));
        }
        for line in invoice.lines.iter().filter(|line| !line.is_credit) {
            debits.insert(sender(&line.referentie), Debit { line, answered: invoice.answered, is_credited: false });
            if line.refused.is_none() {
                let before = live.insert((invoice.wet, line.key()), &line.referentie);
                assert_eq!(before, None, "{}: a second debit (rules TR389 and TR416)", line.referentie);
            }
        }
    }
    assert!(credits > 20, "{credits}");
}
