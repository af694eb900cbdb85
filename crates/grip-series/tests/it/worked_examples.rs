//! The examples of `docs/methods/time-series.md`.

use grip_series::{Errors, Form, Model, Options, Season, Series, Trend, fit, forecast};

/// 100 and 2 more every month, times 0.8, 1.0, 1.2 in turn, and one in a thousand up or down.
#[test]
fn a_series_that_follows_its_model_goes_on_as_it_did() {
    let indices = [0.8, 1.0, 1.2];
    let value = |t: usize| (100.0 + 2.0 * f64::from(u32::try_from(t).unwrap())) * indices[t % 3];
    let values: Vec<Option<f64>> = (0..36).map(|t| Some(value(t) * if t % 2 == 0 { 1.001 } else { 0.999 })).collect();
    let form = Form { errors: Errors::Multiplicative, trend: Trend::Additive, season: Season::Multiplicative };
    let mean = fit(Series { values: &values, season: 3 }, Model::EtsOf(form)).mean(3);
    for (mean, expected) in mean.iter().zip([137.6, 174.0, 211.2]) {
        // A thousandth is what the values themselves are off.
        assert!((mean / expected - 1.0).abs() < 0.002, "{mean} and not {expected}");
    }
}

#[test]
fn seasonal_naive_repeats_the_last_that_is_known_of_each_month() {
    let values = [Some(7.0), Some(3.0), Some(5.0), Some(8.0), None, Some(6.0)];
    let mean = fit(Series { values: &values, season: 3 }, Model::SeasonalNaive).mean(4);
    assert_eq!(mean, [8.0, 3.0, 6.0, 8.0]);
}

#[test]
fn two_months_give_a_guess_that_says_so() {
    let few = [Some(40.0), Some(44.0)];
    let found = forecast(Series { values: &few, season: 12 }, 3, &Options::COUNTS, None);
    assert_eq!(found.models, ["Level"]);
    assert_eq!(found.basis, grip_series::Basis::Level);
    assert!((found.mean[2] - 42.0).abs() < 1e-9);
    // Half the level is the guess: 80 % of a normal distribution is 1.28 of it to either side, wider for what is unknown.
    assert!(found.paths.month(0, 0.9) > 42.0 + 1.28 * 21.0 * 0.8);
}
