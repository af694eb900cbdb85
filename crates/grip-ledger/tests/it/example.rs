//! The worked example of `docs/methods/ledger.md`.

use grip_ledger::{
    Basis, Entry, Facts, LeveringFact, LeveringSoort, Patterns, Prestatie, Toewijzing, ledger, realisation,
};
use grip_types::{Bedrag, Date, Maand, Wet};
use jiff::civil::date;

use super::{line, tarieven, toewijzing};

fn month(month: i32) -> Maand {
    Maand::new(2025, month)
}

/// Ten hours a month of sixty euros, first to August and then to June; delivery stops on the last of April.
fn versions() -> Vec<Toewijzing> {
    let first = toewijzing(1, date(2025, 1, 1), date(2025, 8, 31));
    let shortened = Toewijzing {
        stempel: (date(2025, 4, 25), "09:00:00".into()),
        einddatum: Some(date(2025, 6, 30)),
        reden_wijziging: Some("05".into()),
        received: date(2025, 4, 25),
        ..first.clone()
    };
    let budget = Toewijzing {
        code: None,
        omvang: None,
        budget: Some(Bedrag::from_cents(90_000)),
        ..toewijzing(2, date(2025, 1, 1), date(2025, 3, 31))
    };
    vec![shortened, budget, first]
}

fn lines() -> Vec<Prestatie> {
    let refused =
        Prestatie { refused: Some(date(2025, 3, 20)), ..line(1, "45A01", month(2), 48_000, date(2025, 3, 10)) };
    vec![
        line(1, "45A01", month(1), 60_000, date(2025, 2, 10)),
        refused,
        line(1, "45A01", month(1), -60_000, date(2025, 4, 10)),
        line(1, "45A01", month(1), 54_000, date(2025, 4, 10)),
        line(1, "45A01", month(2), 48_000, date(2025, 4, 10)),
        line(1, "45A01", month(3), 66_000, date(2025, 4, 10)),
        line(1, "45A01", month(4), 60_000, date(2025, 5, 10)),
        line(2, "45B01", month(2), 50_000, date(2025, 3, 10)),
        line(2, "45B02", month(3), 10_000, date(2025, 4, 10)),
        line(3, "45C01", month(3), 1_000, date(2025, 4, 10)),
    ]
}

fn levering() -> [LeveringFact; 2] {
    let begindatum = date(2025, 1, 3);
    let start = LeveringFact {
        received: date(2025, 1, 5),
        kind: LeveringSoort::Start,
        begindatum,
        day: begindatum,
        deletes: false,
    };
    [start, LeveringFact { received: date(2025, 5, 5), kind: LeveringSoort::Stop, day: date(2025, 4, 30), ..start }]
}

fn on(peildatum: Date, check: impl FnOnce(Vec<Entry<'_>>)) {
    let (versions, lines, levering, tarieven, patterns) =
        (versions(), lines(), levering(), tarieven(), Patterns::even());
    let facts = Facts::new(&versions, levering.iter().map(|fact| ((Wet::Jw, Some(1)), fact)), &lines);
    let basis = Basis { tarieven: &tarieven, patterns: &patterns };
    check(ledger(&facts, basis, peildatum, Maand::new(2025, 12)).collect());
}

/// Allocated, declared, waiting, refused, credited, within, above, open, after the stop, lapsed, withdrawn; in euros.
type Row<'r> = (i64, &'r str, i32, Option<i64>, [i64; 10]);

#[track_caller]
fn check(peildatum: Date, expected: &[Row<'_>]) {
    on(peildatum, |entries| {
        let found: Vec<Row<'_>> = entries
            .iter()
            .map(|entry| {
                let p = entry.postings;
                let parts = [p.within, p.above, p.open, p.open_after_stop, p.lapsed, p.withdrawn];
                let declared = [p.declared, p.waiting, p.refused, p.credited];
                let mut cents = [0; 10];
                cents[..4].copy_from_slice(&declared);
                cents[4..].copy_from_slice(&parts);
                let place = entry.place;
                let nummer = place.nummer.1.unwrap_or_default();
                (
                    nummer,
                    place.code,
                    place.maand.month().into(),
                    p.allocated.map(|cents| cents / 100),
                    cents.map(|cents| cents / 100),
                )
            })
            .collect();
        assert_eq!(found, expected);
    });
}

#[test]
fn as_known_in_may() {
    check(
        date(2025, 5, 15),
        &[
            // One credited and replaced, one refused and sent again, one above, one not answered; then after the stop.
            (1, "45A01", 1, Some(600), [540, 0, 0, 600, 540, 0, 60, 0, 0, 0]),
            (1, "45A01", 2, Some(600), [480, 0, 480, 0, 480, 0, 120, 0, 0, 0]),
            (1, "45A01", 3, Some(600), [660, 0, 0, 0, 600, 60, 0, 0, 0, 0]),
            (1, "45A01", 4, Some(600), [600, 600, 0, 0, 600, 0, 0, 0, 0, 0]),
            (1, "45A01", 5, Some(600), [0, 0, 0, 0, 0, 0, 0, 600, 0, 0]),
            (1, "45A01", 6, Some(600), [0, 0, 0, 0, 0, 0, 0, 600, 0, 0]),
            (1, "45A01", 7, None, [0, 0, 0, 0, 0, 0, 0, 0, 0, 600]),
            (1, "45A01", 8, None, [0, 0, 0, 0, 0, 0, 0, 0, 0, 600]),
            // 31, 28 and 31 of 90 days; what February has too much is taken from January.
            (2, "", 1, Some(310), [0, 0, 0, 0, 220, 0, 90, 0, 0, 0]),
            (2, "", 2, Some(280), [0, 0, 0, 0, 280, 0, 0, 0, 0, 0]),
            (2, "", 3, Some(310), [0, 0, 0, 0, 100, 0, 210, 0, 0, 0]),
            (2, "45B01", 2, None, [500, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (2, "45B02", 3, None, [100, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (3, "45C01", 3, None, [10, 0, 0, 0, 0, 10, 0, 0, 0, 0]),
        ],
    );
}

#[test]
fn as_known_in_march() {
    check(
        date(2025, 3, 15),
        &[
            (1, "45A01", 1, Some(600), [600, 0, 0, 0, 600, 0, 0, 0, 0, 0]),
            (1, "45A01", 2, Some(600), [480, 480, 0, 0, 480, 0, 120, 0, 0, 0]),
            (1, "45A01", 3, Some(600), [0, 0, 0, 0, 0, 0, 600, 0, 0, 0]),
            (1, "45A01", 4, Some(600), [0, 0, 0, 0, 0, 0, 600, 0, 0, 0]),
            (1, "45A01", 5, Some(600), [0, 0, 0, 0, 0, 0, 600, 0, 0, 0]),
            (1, "45A01", 6, Some(600), [0, 0, 0, 0, 0, 0, 600, 0, 0, 0]),
            (1, "45A01", 7, Some(600), [0, 0, 0, 0, 0, 0, 600, 0, 0, 0]),
            (1, "45A01", 8, Some(600), [0, 0, 0, 0, 0, 0, 600, 0, 0, 0]),
            (2, "", 1, Some(310), [0, 0, 0, 0, 220, 0, 90, 0, 0, 0]),
            (2, "", 2, Some(280), [0, 0, 0, 0, 280, 0, 0, 0, 0, 0]),
            (2, "", 3, Some(310), [0, 0, 0, 0, 0, 0, 310, 0, 0, 0]),
            (2, "45B01", 2, None, [500, 500, 0, 0, 0, 0, 0, 0, 0, 0]),
        ],
    );
}

#[test]
fn what_can_no_longer_be_declared_lapses() {
    let parts = |peildatum| {
        let mut found = (0, 0);
        on(peildatum, |entries| {
            let of_budget = entries.iter().filter(|entry| entry.place.nummer == (Wet::Jw, Some(2)));
            found = of_budget
                .fold((0, 0), |(open, lapsed), entry| (open + entry.postings.open, lapsed + entry.postings.lapsed));
        });
        found
    };
    assert_eq!(parts(date(2030, 1, 31)), (30_000, 0));
    assert_eq!(parts(date(2030, 2, 1)), (21_000, 9_000));
    assert_eq!(parts(date(2030, 3, 31)), (21_000, 9_000));
    assert_eq!(parts(date(2030, 4, 1)), (0, 30_000));
}

/// A ProductPeriode ends with its allocation (TR388), and so does the time to declare it.
#[test]
fn the_last_month_lapses_by_its_last_day_of_delivery() {
    let (versions, tarieven, patterns) =
        ([toewijzing(1, date(2025, 3, 1), date(2025, 3, 10))], tarieven(), Patterns::even());
    let facts = Facts::new(&versions, [], []);
    let open = |peildatum| {
        let basis = Basis { tarieven: &tarieven, patterns: &patterns };
        ledger(&facts, basis, peildatum, month(12)).map(|entry| entry.postings.open).sum::<i64>()
    };
    assert_eq!((open(date(2030, 3, 10)), open(date(2030, 3, 11))), (60_000, 0));
}

#[test]
fn realisation_by_product_and_by_age() {
    on(date(2025, 9, 15), |entries| {
        // January to April are settled; 228 of 240 euros a time ten, and 600 of 900 of the budget.
        let by_code = realisation(entries.clone(), date(2025, 9, 15), |entry| entry.place.code);
        let found: Vec<_> =
            by_code.iter().map(|(code, r)| (*code, r.declared, r.allocated, r.toewijzingen, r.maanden)).collect();
        assert_eq!(found, [("", 60_000, 90_000, 1, 3), ("45A01", 228_000, 240_000, 1, 4)]);
        assert_eq!(by_code["45A01"].share(), Some(0.95));
        let by_age = realisation(entries, date(2025, 9, 15), |entry| entry.age_months);
        let found: Vec<_> = by_age.iter().map(|(age, r)| (*age, r.declared, r.allocated, r.toewijzingen)).collect();
        let of_both = [(Some(0), 54_000, 91_000, 2), (Some(1), 98_000, 88_000, 2), (Some(2), 76_000, 91_000, 2)];
        assert_eq!(found, [&of_both[..], &[(Some(3), 60_000, 60_000, 1)]].concat());
    });
}

#[test]
fn a_start_that_was_taken_back_is_none_from_then_on() {
    let [start, stop] = levering();
    let deleted = LeveringFact { received: date(2025, 2, 1), deletes: true, ..start };
    let known = |facts: &[LeveringFact], peildatum| grip_ledger::Levering::known(facts, peildatum);
    assert_eq!(known(&[deleted, start], date(2025, 1, 31)).started, Some(date(2025, 1, 3)));
    assert_eq!(known(&[deleted, start], date(2025, 2, 1)).started, None);
    // A new start after the stop: delivery goes on.
    let again =
        LeveringFact { received: date(2025, 6, 1), begindatum: date(2025, 5, 20), day: date(2025, 5, 20), ..start };
    assert_eq!(known(&[again, stop, start], date(2025, 5, 31)).ended, Some(date(2025, 4, 30)));
    assert_eq!(known(&[again, stop, start], date(2025, 6, 1)).ended, None);
}
