//! What holds for any history.

use std::collections::BTreeMap;

use grip_ledger::{
    Basis, Entry, Facts, LeveringFact, LeveringSoort, Nummer, Patterns, Postings, Prestatie, Tarief, Tarieven,
    Toewijzing, current, is_deleted, ledger,
};
use grip_types::{Bedrag, Date, Maand, Wet};
use jiff::civil::date;
use proptest::prelude::*;

use super::{later, line, omvang, tarieven, toewijzing};

/// Everything that was ever sent.
#[derive(Debug, Clone)]
struct History {
    versions: Vec<Toewijzing>,
    leveringen: Vec<(Nummer, LeveringFact)>,
    lines: Vec<Prestatie>,
    /// Tariffs in lines, with the day these came.
    seen: Vec<(Date, Tarief)>,
}

const LAST: i16 = 2026;

impl History {
    /// The ledger of a day, with all that can be learnt on it.
    fn on(&self, peildatum: Date, mut check: impl FnMut(&[Entry<'_>])) {
        let facts =
            Facts::new(&self.versions, self.leveringen.iter().map(|(nummer, fact)| (*nummer, fact)), &self.lines);
        let tarieven = Tarieven::as_of([], self.seen.iter().cloned(), peildatum);
        let patterns = Patterns::learn(&facts, peildatum);
        let basis = Basis { tarieven: &tarieven, patterns: &patterns };
        check(&ledger(&facts, basis, peildatum, Maand::new(LAST, 12)).collect::<Vec<_>>());
    }

    fn rows(&self, peildatum: Date) -> Vec<String> {
        let mut rows = Vec::new();
        self.on(peildatum, |entries| rows = entries.iter().map(|entry| format!("{entry:?}")).collect());
        rows
    }

    /// What was received by a day, and nothing of what was to come.
    fn received_by(&self, peildatum: Date) -> Self {
        let mut known = self.clone();
        known.versions.retain(|version| version.received <= peildatum);
        known.leveringen.retain(|(_, fact)| fact.received <= peildatum);
        known.lines.retain(|line| line.received <= peildatum);
        known.seen.retain(|(received, _)| *received <= peildatum);
        for line in &mut known.lines {
            line.refused = line.refused.filter(|refused| *refused <= peildatum);
            line.answered = line.answered.filter(|answered| *answered <= peildatum);
        }
        known
    }
}

fn day() -> impl Strategy<Value = Date> {
    (0_i64..900).prop_map(|days| later(date(2024, 1, 1), days))
}

fn version() -> impl Strategy<Value = Toewijzing> {
    let kinds = [Some("1"), Some("2"), Some("4"), Some("6"), None, None];
    let units = ["04", "14", "82", "83"];
    let size = (prop::sample::select(kinds.to_vec()), prop::sample::select(units.to_vec()), 0_i64..30, any::<bool>());
    let dates = (day(), prop::option::of(-40_i64..500), day(), 0_i64..3);
    (1_i64..5, size, dates, prop::option::of(prop::sample::select(&["05", "13", "14"]))).prop_map(
        |(nummer, (frequentie, eenheid, volume, has_budget), (begin, days, received, stamp), reden)| Toewijzing {
            einddatum: days.map(|days| later(begin, days)).map(|eind| if reden == Some("13") { begin } else { eind }),
            reden_wijziging: reden.map(Into::into),
            stempel: (later(date(2024, 6, 1), stamp), "09:00:00".into()),
            omvang: frequentie.map(|frequentie| omvang(volume, eenheid, frequentie)),
            budget: (frequentie.is_none() && has_budget).then_some(Bedrag::from_cents(volume * 9_973)),
            code: (volume % 3 > 0).then(|| "45A01".into()),
            received,
            ..toewijzing(nummer, begin, begin)
        },
    )
}

fn prestatie() -> impl Strategy<Value = Prestatie> {
    let what = (1_i64..6, prop::sample::select(&["45A01", "45B02"]), -6_i32..34, -50_000_i64..150_000);
    let after = prop::option::of(0_i64..90);
    (what, day(), after.clone(), after).prop_map(|((nummer, code, month, cents), received, refused, answered)| {
        Prestatie {
            nummer: (Wet::Jw, (nummer < 5).then_some(nummer)),
            refused: refused.map(|days| later(received, days)),
            answered: answered.or(refused).map(|days| later(received, days)),
            ..line(nummer, code, Maand::new(2024, month), cents, received)
        }
    })
}

fn levering() -> impl Strategy<Value = (Nummer, LeveringFact)> {
    let fact = (0_i64..4, 0_i64..8, any::<bool>(), any::<bool>(), day());
    (1_i64..5, fact).prop_map(|(nummer, (begin, length, stops, deletes, received))| {
        let begindatum = later(date(2024, 1, 1), begin * 100);
        let (kind, day) = if stops {
            (LeveringSoort::Stop, later(begindatum, length * 60))
        } else {
            (LeveringSoort::Start, begindatum)
        };
        ((Wet::Jw, Some(nummer)), LeveringFact { received, kind, begindatum, day, deletes })
    })
}

fn history() -> impl Strategy<Value = History> {
    let tarief =
        (day(), prop::sample::select(&["04", "14", "82"]), 1_i64..9_999).prop_map(|(received, eenheid, cents)| {
            let code = Some("45A01".into());
            let eenheid = omvang(0, eenheid, "4").eenheid;
            let tarief = Tarief {
                wet: Wet::Jw,
                aanbieder: "00000001".parse().expect("an AGB code"),
                categorie: "45".into(),
                code,
                eenheid,
                begin: date(2024, 1, 1),
                cents,
            };
            (received, tarief)
        });
    (
        prop::collection::vec(version(), 0..9),
        prop::collection::vec(levering(), 0..9),
        prop::collection::vec(prestatie(), 0..30),
        prop::collection::vec(tarief, 0..6),
    )
        .prop_map(|(versions, leveringen, lines, seen)| History { versions, leveringen, lines, seen })
}

fn sum(entries: &[Entry<'_>], nummer: Nummer, amount: impl Fn(&Postings) -> i64) -> i64 {
    entries.iter().filter(|entry| entry.place.nummer == nummer).map(|entry| amount(&entry.postings)).sum()
}

/// Without what a pair that undoes itself leaves behind, and without rows that say nothing.
fn net(entries: &[Entry<'_>]) -> Vec<(String, Postings)> {
    let without =
        |entry: &Entry<'_>| (format!("{:?}", entry.place), Postings { refused: 0, credited: 0, ..entry.postings });
    entries.iter().map(without).filter(|(_, postings)| *postings != Postings::default()).collect()
}

proptest! {
    #[test]
    fn sums_close(history in history(), peildatum in day()) {
        history.on(peildatum, |entries| {
            for entry in entries {
                let p = entry.postings;
                if let Some(allocated) = p.allocated {
                    assert_eq!(allocated, p.within + p.open + p.open_after_stop + p.lapsed, "{entry:?}");
                }
                assert!([p.open, p.open_after_stop, p.lapsed, p.withdrawn, p.credited].iter().all(|cents| *cents >= 0));
            }
            let mut by_month: BTreeMap<_, (i64, i64)> = BTreeMap::new();
            for entry in entries {
                let (declared, set) = by_month.entry((entry.place.nummer, entry.place.maand)).or_default();
                *declared += entry.postings.declared;
                *set += entry.postings.within + entry.postings.above;
            }
            for nummer in (1..5).map(|nummer| (Wet::Jw, Some(nummer))) {
                let of_number = |version: &&Toewijzing| (version.wet, Some(version.nummer)) == nummer;
                let version = current(history.versions.iter().filter(of_number), peildatum);
                let is_total = version.is_some_and(|v| v.budget.is_some() || v.omvang.is_some_and(|o| o.frequentie == grip_ledger::Frequentie::Totaal));
                let of_number = by_month.iter().filter(|((of, _), _)| *of == nummer);
                if is_total {
                    let (declared, set) = of_number.fold((0, 0), |(a, b), (_, (c, d))| (a + c, b + d));
                    assert_eq!(declared, set);
                } else {
                    for (place, (declared, set)) in of_number {
                        assert_eq!(declared, set, "{place:?}");
                    }
                }
            }
            // Nothing is lost, and nothing is counted twice.
            for number in 1..6 {
                let nummer = (Wet::Jw, (number < 5).then_some(number));
                let sent = history.lines.iter().filter(|line| line.nummer == nummer && line.received <= peildatum);
                let sent: i64 = sent.map(|line| line.cents).sum();
                assert_eq!(sent, sum(entries, nummer, |p| p.declared + p.refused));
            }
        });
    }

    /// A total is open for what is not declared of it, in whatever month that was.
    #[test]
    fn a_total_is_open_for_what_is_left(cents in prop::collection::vec((0_i32..8, 0_i64..60_000), 0..12), budget in 0_i64..200_000) {
        let version = Toewijzing { omvang: None, code: None, budget: Some(Bedrag::from_cents(budget)), ..toewijzing(1, date(2024, 1, 10), date(2024, 8, 20)) };
        let lines = cents.iter().map(|(month, cents)| line(1, "45A01", Maand::new(2024, month + 1), *cents, date(2024, 9, 10)));
        let history = History { versions: vec![version], leveringen: vec![], lines: lines.collect(), seen: vec![] };
        let declared: i64 = cents.iter().map(|(_, cents)| cents).sum();
        history.on(date(2024, 12, 31), |entries| {
            let nummer = (Wet::Jw, Some(1));
            assert_eq!(sum(entries, nummer, |p| p.allocated.unwrap_or_default()), budget);
            assert_eq!(sum(entries, nummer, |p| p.open), (budget - declared).max(0));
            assert_eq!(sum(entries, nummer, |p| p.above), (declared - budget).max(0));
        });
    }

    #[test]
    fn the_order_of_messages_does_not_matter(history in history(), peildatum in day(), rotate in 0_usize..30) {
        let mut other = history.clone();
        let turned = |length: usize| if length == 0 { 0 } else { rotate % length };
        other.versions.reverse();
        other.versions.rotate_left(turned(history.versions.len()));
        other.leveringen.rotate_left(turned(history.leveringen.len()));
        other.lines.rotate_left(turned(history.lines.len()));
        other.lines.reverse();
        other.seen.reverse();
        prop_assert_eq!(history.rows(peildatum), other.rows(peildatum));
    }

    #[test]
    fn what_was_still_to_come_does_not_show(history in history(), peildatum in day()) {
        prop_assert_eq!(history.rows(peildatum), history.received_by(peildatum).rows(peildatum));
    }

    #[test]
    fn what_is_known_stays_known(mut history in history(), days in (day(), 0_i64..300)) {
        let (before, after) = (days.0, later(days.0, days.1));
        // Debits only: they add up to what was sent.
        history.lines.retain(|line| line.cents >= 0);
        let mut known: BTreeMap<String, i64> = BTreeMap::new();
        let sent = |entry: &Entry<'_>| (format!("{:?}", entry.place), entry.postings.declared + entry.postings.refused);
        history.on(before, |entries| known = entries.iter().map(sent).filter(|(_, cents)| *cents > 0).collect());
        history.on(after, |entries| {
            let later: BTreeMap<String, i64> = entries.iter().map(sent).collect();
            for (place, cents) in &known {
                assert!(later.get(place).is_some_and(|later| later >= cents), "{place}");
            }
        });
    }

    #[test]
    fn a_credit_undoes_its_debit(history in history(), mut debit in prestatie(), days in 0_i64..90) {
        debit = Prestatie { cents: debit.cents.abs(), refused: None, answered: None, ..debit };
        let credit = Prestatie { cents: -debit.cents, received: later(debit.received, days), ..debit.clone() };
        let peildatum = later(credit.received, 1);
        let mut with = history.clone();
        with.lines.extend([debit.clone(), credit]);
        // What is learnt looks at months as a whole, and these are the same.
        let mut expected = Vec::new();
        history.on(peildatum, |entries| expected = net(entries));
        with.on(peildatum, |entries| {
            assert_eq!(net(entries), expected);
            let credited = |lines: &[Prestatie]| lines.iter().filter(|line| line.nummer == debit.nummer && line.received <= peildatum
                && line.refused.is_none_or(|refused| refused > peildatum)).map(|line| (-line.cents).max(0)).sum::<i64>();
            assert_eq!(sum(entries, debit.nummer, |p| p.credited), credited(&with.lines));
        });
    }

    #[test]
    fn refused_and_sent_again_is_as_sent_once(history in history(), mut sent in prestatie(), days in 0_i64..90) {
        sent = Prestatie { refused: None, answered: None, ..sent };
        let refused = Prestatie { refused: Some(later(sent.received, days)), ..sent.clone() };
        let peildatum = later(sent.received, days);
        let [mut once, mut twice] = [history.clone(), history];
        once.lines.push(sent.clone());
        twice.lines.extend([refused, sent.clone()]);
        let mut expected = Vec::new();
        let mut refused_once = 0;
        once.on(peildatum, |entries| {
            expected = net(entries);
            refused_once = sum(entries, sent.nummer, |p| p.refused);
        });
        twice.on(peildatum, |entries| {
            assert_eq!(net(entries), expected);
            assert_eq!(sum(entries, sent.nummer, |p| p.refused), refused_once + sent.cents);
        });
    }

    #[test]
    fn a_deleted_allocation_promises_nothing(history in history(), peildatum in day()) {
        history.on(peildatum, |entries| {
            for nummer in 1..5 {
                let of_number = history.versions.iter().filter(|version| version.nummer == nummer);
                if current(of_number, peildatum).is_none_or(is_deleted) {
                    let promised = |p: &Postings| p.allocated.unwrap_or_default() + p.open + p.withdrawn + p.within;
                    assert_eq!(sum(entries, (Wet::Jw, Some(nummer)), promised), 0);
                }
            }
        });
    }
}

#[test]
fn amounts_beyond_reason_do_not_break_it() {
    let absurd =
        Toewijzing { omvang: Some(omvang(i64::MAX, "04", "1")), ..toewijzing(1, date(2024, 1, 1), date(9999, 12, 31)) };
    let (versions, lines) = ([absurd], [line(1, "45A01", Maand::new(2024, 1), i64::MIN, date(2024, 2, 1))]);
    let facts = Facts::new(&versions, [], &lines);
    let (tarieven, patterns) = (tarieven(), Patterns::learn(&facts, date(2024, 6, 1)));
    let rows: Vec<_> =
        ledger(&facts, Basis { tarieven: &tarieven, patterns: &patterns }, date(2024, 6, 1), Maand::new(2024, 12))
            .collect();
    // To December, and ten years more at most.
    assert_eq!(rows.len(), 12 + 120);
    assert_eq!(rows[1].postings.open, i64::MAX);
}
