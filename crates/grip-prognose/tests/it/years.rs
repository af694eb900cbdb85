use std::collections::BTreeMap;

use grip_prognose::{Assumptions, Facts, YearAhead, prognose, years_ahead};
use grip_types::Wet;
use jiff::civil::date;

use crate::town::town;

fn totals(facts: &Facts, assumed: &Assumptions) -> Vec<YearAhead> {
    let made = prognose(facts, 2025, date(2025, 6, 30)).expect("it is known");
    let found = years_ahead(facts, &made, assumed).expect("amounts are plausible");
    let years: Vec<YearAhead> = found.years.into_iter().filter(|row| row.wet.is_none()).collect();
    assert_eq!(years.iter().map(|row| row.jaar).collect::<Vec<_>>(), [2025, 2026, 2027, 2028, 2029]);
    years
}

/// € 9,000 a month: € 108,000 a year, as long as nothing is assumed.
#[test]
fn a_steady_town_stays_as_it_is_and_is_known_less_the_further_one_looks() {
    let years = totals(&town(), &Assumptions::default());
    for row in &years {
        assert!((row.p50 - 10_800_000).abs() < 540_000, "{row:?}");
        assert!((row.price - 1.0).abs() < 1e-9, "{row:?}");
    }
    for pair in years.windows(2) {
        let width = |row: &YearAhead| (row.p90 - row.p10) as f64 / row.p50 as f64;
        assert!(width(&pair[1]) >= width(&pair[0]) - 1e-6, "{pair:?}");
    }
}

#[test]
fn prices_and_residents_multiply() {
    let plain = totals(&town(), &Assumptions::default());
    let assumed =
        Assumptions { indexation: Some(0.03), demography: BTreeMap::from([(Wet::Wmo, 0.01), (Wet::Jw, 0.5)]) };
    for (year, (row, before)) in totals(&town(), &assumed).iter().zip(&plain).enumerate() {
        let times =
            1.03_f64.powi(i32::try_from(year).expect("small")) * 1.01_f64.powi(i32::try_from(year).expect("small"));
        let expected = before.p50 as f64 * times;
        assert!((row.p50 as f64 - expected).abs() <= 2.0, "{row:?} and not {expected}");
        assert!((row.price - 1.03_f64.powi(i32::try_from(year).expect("small"))).abs() < 1e-9, "{row:?}");
    }
}

/// A tariff that is agreed for next year is not raised once more.
#[test]
fn what_is_agreed_is_not_assumed_again() {
    let mut facts = town();
    let raised = grip_ledger::Tarief { begin: date(2026, 1, 1), cents: 5_500, ..facts.contract[0].clone() };
    facts.contract.push(raised);
    let years = totals(&facts, &Assumptions { indexation: Some(0.03), ..Assumptions::default() });
    assert!((years[1].price - 1.1).abs() < 1e-6, "{years:?}");
    assert!((years[2].price - 1.1 * 1.03).abs() < 1e-6, "{years:?}");
    assert!((years[1].p50 - 11_880_000).abs() < 600_000, "{years:?}");
}
