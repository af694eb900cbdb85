//! What must hold for every history, also a strange one.

use crate::portfolio::portfolio;
use grip_forecast::{FUTURE, Forecast, ForecastError, Outlook, PAST, SegmentHistory, Window, forecast};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Rounding of sums of a few hundred amounts of up to a million.
const ROUNDING: f64 = 1e-4;

/// Amounts without any meaning: nothing in them develops, adds up or resembles care.
fn noise(seed: u64, months: usize, filled: f64) -> SegmentHistory {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut amount = || if rng.random_bool(filled) { rng.random_range(-2e5..1e6_f64).round() } else { 0.0 };
    SegmentHistory {
        declared: (0..months).map(|month| (month..months).map(|_| amount()).collect()).collect(),
        committed: (0..months).map(|_| (0..=PAST + FUTURE).map(|_| amount()).collect()).collect(),
        known_declared: (0..months)
            .map(|cut| {
                (1..=FUTURE.min(months - 1 - cut))
                    .map(|ahead| (cut + ahead..months).map(|_| amount()).collect())
                    .collect()
            })
            .collect(),
        lapsing: (0..months).map(|_| (0..FUTURE).map(|_| amount()).collect()).collect(),
        renewed: (0..months)
            .map(|cut| {
                (1..=FUTURE.min(months - 1 - cut))
                    .map(|ahead| (cut + ahead..months).map(|_| amount()).collect())
                    .collect()
            })
            .collect(),
        arrivals: (0..months).map(|_| (amount() / 1e4).round().abs()).collect(),
        arrival_value: (0..months).map(|_| amount()).collect(),
        arrived: (0..months)
            .map(|cut| {
                (0..FUTURE.min(months - cut)).map(|after| (cut + after..months).map(|_| amount()).collect()).collect()
            })
            .collect(),
        group: usize::from(seed.is_multiple_of(2)),
        providers: Vec::new(),
        beyond_ceiling: 0.0,
        price: (0..months + FUTURE).map(|month| if month < months / 2 { 1.0 } else { 1.0 + filled }).collect(),
    }
}

fn segments() -> impl Strategy<Value = Vec<SegmentHistory>> {
    (1..=44_usize, proptest::collection::vec((any::<u64>(), prop_oneof![Just(0.0), Just(0.1), Just(1.0)]), 1..=3))
        .prop_map(|(months, kinds)| kinds.into_iter().map(|(seed, filled)| noise(seed, months, filled)).collect())
}

/// A window around the newest month; it may begin before month 0.
fn window(months: usize, length: i64, ahead: i64) -> Window {
    let last = i64::try_from(months).unwrap() - 1 + ahead;
    Window { first: last - length + 1, last }
}

fn scaled(segment: &SegmentHistory, factor: f64) -> SegmentHistory {
    let rows = |rows: &[Vec<f64>]| rows.iter().map(|row| row.iter().map(|amount| amount * factor).collect()).collect();
    SegmentHistory {
        declared: rows(&segment.declared),
        committed: rows(&segment.committed),
        known_declared: segment.known_declared.iter().map(|lists| rows(lists)).collect(),
        lapsing: rows(&segment.lapsing),
        renewed: segment.renewed.iter().map(|lists| rows(lists)).collect(),
        arrival_value: segment.arrival_value.iter().map(|amount| amount * factor).collect(),
        arrived: segment.arrived.iter().map(|lists| rows(lists)).collect(),
        ..segment.clone()
    }
}

fn figures(outlook: &Outlook) -> Vec<f64> {
    let mut figures = vec![
        outlook.declared,
        outlook.ibnr,
        outlook.open_commitments,
        outlook.inflow,
        outlook.p10,
        outlook.p50,
        outlook.p90,
        outlook.naive_run_rate,
        outlook.chain_ladder_run_rate,
        outlook.standard_error,
    ];
    for month in &outlook.months {
        figures.extend([month.declared, month.ibnr, month.open_commitments, month.inflow, month.p10, month.p90]);
    }
    for cut in &outlook.record.cuts {
        figures.extend([cut.declared, cut.forecast, cut.actual, cut.naive_run_rate, cut.chain_ladder_run_rate]);
    }
    figures
}

fn outlooks(forecast: &Forecast) -> impl Iterator<Item = &Outlook> {
    forecast.segments.iter().chain([&forecast.total])
}

#[track_caller]
fn same(one: f64, other: f64) {
    assert!((one - other).abs() <= ROUNDING * (1.0 + one.abs() * 1e-6), "{one} is not {other}");
}

proptest! {
    #[test]
    fn everything_adds_up_and_is_finite(segments in segments(), length in 1..=24_i64, ahead in -12..=12_i64) {
        let forecast = forecast(&segments, window(segments[0].months(), length, ahead)).unwrap();
        for outlook in outlooks(&forecast) {
            prop_assert!(figures(outlook).iter().all(|figure| figure.is_finite()));
            prop_assert!(outlook.p10 <= outlook.p50 && outlook.p50 <= outlook.p90);
            prop_assert!(outlook.open_commitments >= 0.0 && outlook.inflow >= 0.0);
            prop_assert!(outlook.degrees_of_freedom >= 1.0);
            same(outlook.declared + outlook.ibnr + outlook.open_commitments + outlook.inflow, outlook.p50);
            same(outlook.months.iter().map(|month| month.declared).sum(), outlook.declared);
            same(outlook.months.iter().map(|month| month.ibnr).sum(), outlook.ibnr);
            same(outlook.months.iter().map(|month| month.open_commitments).sum(), outlook.open_commitments);
            same(outlook.months.iter().map(|month| month.inflow).sum(), outlook.inflow);
            for month in &outlook.months {
                let middle = month.declared + month.ibnr + month.open_commitments + month.inflow;
                prop_assert!(month.p10 <= middle + ROUNDING && middle <= month.p90 + ROUNDING);
            }
            let chances: Vec<f64> =
                [outlook.p10, outlook.p50, outlook.p90].iter().map(|amount| outlook.probability_above(*amount)).collect();
            prop_assert!(chances.windows(2).all(|pair| pair[0] >= pair[1]));
            prop_assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
        }
        let parts: [fn(&Outlook) -> f64; 5] =
            [|o| o.declared, |o| o.ibnr, |o| o.open_commitments, |o| o.inflow, |o| o.naive_run_rate];
        for part in parts {
            same(forecast.segments.iter().map(part).sum(), part(&forecast.total));
        }
    }

    #[test]
    fn money_times_four_is_everything_times_four(segments in segments(), length in 1..=24_i64, ahead in -12..=12_i64) {
        // A power of two does not round, but the logarithms of sizes do.
        let window = window(segments[0].months(), length, ahead);
        let larger: Vec<SegmentHistory> = segments.iter().map(|segment| scaled(segment, 4.0)).collect();
        let (small, large) = (forecast(&segments, window).unwrap(), forecast(&larger, window).unwrap());
        for (small, large) in outlooks(&small).zip(outlooks(&large)) {
            for (small, large) in figures(small).into_iter().zip(figures(large)) {
                prop_assert!((4.0 * small - large).abs() <= 1e-9 * large.abs(), "4 x {small} is not {large}");
            }
        }
    }

    #[test]
    fn the_past_does_not_know_the_future(segments in segments(), cut in 0..44_usize) {
        // Truncating twice is truncating once, and a truncated history is a history.
        let months = segments[0].months();
        let early: Vec<SegmentHistory> = segments.iter().map(|segment| segment.truncate(cut)).collect();
        prop_assert_eq!(early[0].months(), months.min(cut + 1));
        prop_assert_eq!(&early[0], &segments[0].truncate(months).truncate(cut));
        prop_assert!(forecast(&early, window(early[0].months(), 12, 3)).is_ok());
    }
}

#[test]
fn a_back_test_is_the_forecast_that_would_have_been_made() {
    // Thirty-two months: too short for a season, so that nothing is chosen with hindsight.
    let known: Vec<SegmentHistory> = portfolio(5, 3, 60).iter().map(|segment| segment.truncate(31)).collect();
    let now = forecast(&known, Window { first: 24, last: 35 }).unwrap();
    assert!(now.total.record.cuts.len() >= 8);
    for tested in &now.total.record.cuts {
        let shift = 31 - i64::try_from(tested.cut).unwrap();
        let early: Vec<SegmentHistory> = known.iter().map(|segment| segment.truncate(tested.cut)).collect();
        let then = forecast(&early, Window { first: 24 - shift, last: 35 - shift }).unwrap().total;
        assert_eq!(then.p50.to_bits(), tested.forecast.to_bits());
        assert_eq!(then.declared.to_bits(), tested.declared.to_bits());
        assert_eq!(then.naive_run_rate.to_bits(), tested.naive_run_rate.to_bits());
        assert_eq!(then.chain_ladder_run_rate.to_bits(), tested.chain_ladder_run_rate.to_bits());
    }
}

#[test]
fn nothing_gives_nothing() {
    let nothing = noise(0, 30, 0.0);
    let total = forecast(&[nothing], Window { first: 24, last: 35 }).unwrap().total;
    assert!(figures(&total).iter().all(|figure| *figure == 0.0));
    assert!(total.probability_above(0.0) <= 0.0);
    assert!(total.probability_above(-1.0) >= 1.0);
}

#[test]
fn half_lies_above_the_middle_and_a_tenth_above_p90() {
    let known: Vec<SegmentHistory> = portfolio(2, 3, 60).iter().map(|segment| segment.truncate(44)).collect();
    let total = forecast(&known, Window { first: 36, last: 47 }).unwrap().total;
    // The quantile is found to 1e-9, and the probability is integrated to 1e-6.
    assert!((total.probability_above(total.p50) - 0.5).abs() < 1e-6);
    assert!((total.probability_above(total.p90) - 0.1).abs() < 1e-6);
    assert!((total.probability_above(total.p10) - 0.9).abs() < 1e-6);
}

#[test]
fn what_cannot_be_forecast_is_refused() {
    let year = Window { first: 0, last: 11 };
    let good = noise(0, 12, 1.0);
    let check = |segments: &[SegmentHistory], window, expected| assert_eq!(forecast(segments, window), Err(expected));
    check(&[], year, ForecastError::NoSegments);
    check(&[noise(0, 0, 1.0)], year, ForecastError::NoMonths { segment: 0 });
    let differ = ForecastError::MonthsDiffer { segment: 1, months: 11, expected: 12 };
    check(&[good.clone(), noise(0, 11, 1.0)], year, differ);
    let empty = Window { first: 3, last: 2 };
    check(std::slice::from_ref(&good), empty, ForecastError::EmptyWindow { first: 3, last: 2 });
    let far = Window { first: 13, last: 24 };
    check(std::slice::from_ref(&good), far, ForecastError::WindowTooFar { last: 24, now: 11 });
    let mut short = good.clone();
    short.declared[3].pop();
    let wrong = ForecastError::WrongLength { segment: 0, list: "declared", month: 3, given: 8, needed: 9 };
    check(&[short], year, wrong);
    let mut broken = good;
    broken.committed[2][0] = f64::NAN;
    check(&[broken], year, ForecastError::ImplausibleAmount { segment: 0, list: "committed", month: 2 });
}
