//! The worked example of `docs/methods/year-end-forecast.md`.

use grip_forecast::{FUTURE, PAST, SegmentHistory, Window, forecast};

/// Twenty-one months, in euros. Every month 1000 is allocated, of which 800 is declared: 600 a month later and 200 two
/// months later. Of the 1000, `1000 - 50 h` was allocated already `h` months before, and 78 % of that was declared. Only
/// now has something changed: at the newest cut a tenth more is allocated, for the newest month and those to come.
fn history() -> SegmentHistory {
    let months = 21;
    let delays = |amount: f64, count: usize| -> Vec<f64> {
        [0.0, 0.75 * amount, 0.25 * amount].into_iter().chain(std::iter::repeat(0.0)).take(count).collect()
    };
    let ahead = |months: usize| 1000.0 - 50.0 * months as f64;
    let committed: Vec<f64> = (0..=PAST + FUTURE).map(|k| if k > PAST { ahead(k - PAST) } else { 1000.0 }).collect();
    let newest: Vec<f64> =
        committed.iter().enumerate().map(|(k, amount)| if k >= PAST { 1.1 * amount } else { *amount }).collect();
    let mut all_committed = vec![committed; months - 1];
    all_committed.push(newest);
    SegmentHistory {
        declared: (0..months).map(|month| delays(800.0, months - month)).collect(),
        committed: all_committed,
        known_declared: (0..months)
            .map(|cut| (1..=FUTURE.min(months - 1 - cut)).map(|h| delays(0.78 * ahead(h), months - cut - h)).collect())
            .collect(),
        ..SegmentHistory::empty(months)
    }
}

#[test]
fn the_numbers_in_the_text() {
    // The text prints two decimals.
    let check = |actual: f64, printed: f64| assert!((actual - printed).abs() <= 0.005, "{actual} is not {printed}");
    let total = forecast(&[history()], Window { first: 12, last: 23 }).unwrap().total;
    check(total.declared, 6200.0);
    check(total.ibnr, 1080.0);
    check(total.open_commitments, 2316.60);
    check(total.inflow, 296.45);
    check(total.p50, 9893.05);
    check(total.naive_run_rate, 9600.0);
}
