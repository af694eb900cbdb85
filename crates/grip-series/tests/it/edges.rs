//! Series nobody would draw in a book, and what must hold of any.

use grip_series::{Basis, Form, Model, Options, Paths, Season, Series, Trend, calibrate, fit, forecast, record};
use proptest::prelude::*;

fn forecast_of(values: &[Option<f64>], horizon: usize) -> grip_series::Forecast {
    forecast(Series { values, season: 12 }, horizon, &Options { paths: 200, ..Options::COUNTS }, None)
}

/// Counts with a season and a rise, the same ones every time.
fn counts(months: usize) -> Vec<Option<f64>> {
    let season = [9, 7, 4, 0, -3, -6, -9, -7, -2, 1, 2, 4];
    (0..months)
        .map(|t| {
            let t_wide = u32::try_from(t).expect("few months");
            let noise = f64::from(t_wide.wrapping_mul(2_654_435_761) >> 24) / 16.0 - 8.0;
            Some(100.0 + 0.3 * f64::from(t_wide) + f64::from(season[t % 12]) + noise)
        })
        .collect()
}

#[test]
fn nothing_known_is_a_forecast_of_nothing() {
    for values in [vec![], vec![None; 30]] {
        let found = forecast_of(&values, 5);
        assert_eq!((found.mean, found.basis), (vec![0.0; 5], Basis::Nothing));
    }
}

#[test]
fn a_season_longer_than_the_series_is_no_season() {
    let values = counts(30);
    let mean = |season: usize| forecast(Series { values: &values, season }, 4, &Options::COUNTS, None).mean;
    assert_eq!(mean(usize::MAX), mean(40));
}

#[test]
fn a_constant_stays_and_zeros_stay_zero() {
    for constant in [0.0, 37.0] {
        let found = forecast_of(&[Some(constant); 48], 12);
        assert_eq!(found.mean, vec![constant; 12]);
        assert_eq!((found.paths.sum(0..12, 0.01), found.paths.sum(0..12, 0.99)), (12.0 * constant, 12.0 * constant));
    }
}

#[test]
fn rare_counts_have_futures_with_and_without_them() {
    let values: Vec<Option<f64>> = (0..60).map(|t| Some(if t % 7 == 3 { 2.0 } else { 0.0 })).collect();
    let found = forecast_of(&values, 12);
    let expected: f64 = found.mean.iter().sum();
    // Two in seven a month is 3.4 a year.
    assert!((1.5..6.0).contains(&expected), "{expected}");
    assert!(found.paths.sum(0..12, 0.9) > expected && found.paths.month(0, 0.1) < 0.2);
}

#[test]
fn a_short_series_has_no_season_and_its_spread_is_the_models_own() {
    let found = forecast_of(&counts(20), 12);
    assert_eq!(found.basis, Basis::Model);
    assert!(found.models.iter().any(|name| name.ends_with(",N)")), "{:?}", found.models);
    assert!(found.mean.iter().all(|mean| (60.0..160.0).contains(mean)));
}

#[test]
fn unknown_months_at_the_end_are_forecast_too() {
    let mut values = counts(60);
    let known = forecast_of(&values, 14).mean;
    values.extend([None, None]);
    let late = forecast_of(&values, 12);
    for (late, known) in late.mean.iter().zip(&known[2..]) {
        assert!((late - known).abs() < 1e-9);
    }
}

#[test]
fn gaps_are_passed_over_and_not_taken_for_zero() {
    let values = counts(72);
    let mut holed = values.clone();
    for at in [5, 17, 30, 31, 32, 50, 61] {
        holed[at] = None;
    }
    let (whole, holed) = (forecast_of(&values, 12), forecast_of(&holed, 12));
    for (whole, holed) in whole.mean.iter().zip(&holed.mean) {
        // One in ten months is missing, of a noise of five: the forecast moves by no more than that noise.
        assert!((whole - holed).abs() < 5.0, "{whole} {holed}");
    }
}

#[test]
fn what_is_added_to_a_series_is_added_to_its_forecast() {
    let form = Form { errors: grip_series::Errors::Additive, trend: Trend::None, season: Season::Additive };
    let values = counts(72);
    let higher: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| value + 1000.0)).collect();
    let mean = |values: &[Option<f64>]| fit(Series { values, season: 12 }, Model::EtsOf(form)).mean(12);
    for (low, high) in mean(&values).iter().zip(mean(&higher)) {
        // The search ends elsewhere on a flat optimum: a tenth of the noise.
        assert!((high - low - 1000.0).abs() < 0.5, "{low} {high}");
    }
}

#[test]
fn the_same_seed_gives_the_same_futures_whoever_asks() {
    let values = counts(60);
    let alone = forecast_of(&values, 12);
    let together: Vec<grip_series::Forecast> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| forecast_of(&values, 12))).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(together.iter().all(|one| *one == alone));
    let other =
        forecast(Series { values: &values, season: 12 }, 12, &Options { seed: 1, paths: 200, floor: None }, None);
    assert_ne!(other.paths, alone.paths);
}

#[test]
fn a_longer_horizon_goes_on_where_a_shorter_one_ends() {
    let values = counts(60);
    let fitted = fit(Series { values: &values, season: 12 }, Model::Mean);
    let (short, long) = (fitted.paths(6, 50, 3), fitted.paths(18, 50, 3));
    for (short, long) in short.iter().zip(long.iter()) {
        assert!(short.iter().zip(long).all(|(short, long)| (short - long).abs() < 1e-9));
    }
}

/// The spread of a sum is not that of its months added up, nor that of months without ties.
#[test]
fn a_portfolio_that_errs_in_one_direction_for_a_year_widens_sums() {
    // Levels that jump once a year and stay: all months of a year are wrong the same way.
    let series = |which: u32| -> Vec<Option<f64>> {
        (0..84_u32)
            .map(|t| {
                let jump = |at: u32| f64::from((at * 73 + which * 151).wrapping_mul(2_654_435_761) >> 26) - 32.0;
                let noise = f64::from((t * 31 + which * 17).wrapping_mul(2_246_822_519) >> 29) - 3.5;
                Some(200.0 + jump(t / 12 + 1) + noise)
            })
            .collect()
    };
    let portfolio: Vec<Vec<Option<f64>>> = (0..30).map(series).collect();
    let records: Vec<_> = portfolio.iter().map(|values| record(Series { values, season: 12 })).collect();
    let calibration = calibrate(&records).unwrap();
    let asked = Series { values: &portfolio[0], season: 12 };
    let found = forecast(asked, 12, &Options { paths: 500, ..Options::COUNTS }, Some(&calibration));
    let width = |paths: &Paths, months: std::ops::Range<usize>| paths.sum(months.clone(), 0.9) - paths.sum(months, 0.1);
    let months: f64 = (0..12).map(|month| width(&found.paths, month..month + 1)).sum();
    let squares: f64 = (0..12).map(|month| width(&found.paths, month..month + 1).powi(2)).sum();
    let year = width(&found.paths, 0..12);
    assert!(year > 1.5 * squares.sqrt() && year < 1.05 * months, "{year} {} {months}", squares.sqrt());
}

#[test]
fn too_small_a_portfolio_teaches_nothing() {
    let values = counts(60);
    assert_eq!(calibrate(&[record(Series { values: &values, season: 12 })]), None);
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        5 => (0_u32..50).prop_map(|value| Some(f64::from(value))),
        1 => Just(Some(0.0)),
        1 => Just(None),
        1 => (-1e12..1e12).prop_map(Some),
        1 => (-1e-9..1e-9).prop_map(Some),
        1 => Just(Some(f64::NAN)),
        1 => Just(Some(f64::INFINITY)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_nan_and_never_below_the_floor(values in prop::collection::vec(value(), 0..70), season in 0_usize..14, horizon in 0_usize..20) {
        let options = Options { paths: 50, ..Options::COUNTS };
        let found = forecast(Series { values: &values, season }, horizon, &options, None);
        prop_assert_eq!(found.mean.len(), horizon);
        prop_assert!(found.mean.iter().all(|mean| mean.is_finite() && *mean >= 0.0));
        prop_assert_eq!(found.paths.horizon(), horizon);
        prop_assert!(horizon == 0 || found.paths.iter().count() == 50);
        prop_assert!(found.paths.iter().flatten().all(|value| value.is_finite() && *value >= 0.0));
    }

    /// In halves and doubles, which floating point has exactly, so that the search takes the same way.
    #[test]
    fn the_unit_does_not_matter(months in 3_usize..72, start in 0_usize..40, power in -8_i32..8) {
        let values: Vec<Option<f64>> = counts(112)[start..start + months].to_vec();
        let factor = 2.0_f64.powi(power);
        let other: Vec<Option<f64>> = values.iter().map(|value| value.map(|value| value * factor)).collect();
        let options = Options { paths: 50, ..Options::COUNTS };
        let one = forecast(Series { values: &values, season: 12 }, 6, &options, None);
        let two = forecast(Series { values: &other, season: 12 }, 6, &options, None);
        prop_assert_eq!(one.models, two.models);
        for (one, two) in one.mean.iter().chain(one.paths.iter().flatten()).zip(two.mean.iter().chain(two.paths.iter().flatten())) {
            prop_assert!((one * factor - two).abs() <= 1e-9 * two.abs());
        }
    }
}
