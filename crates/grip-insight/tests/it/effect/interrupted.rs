use grip_insight::effect::Error;
use grip_insight::effect::interrupted::{Season, Settings, Shape, interrupted, placebos};
use proptest::prelude::*;

use super::noise::Noise;
use super::{assert_close, count, known};

const PLAIN: Settings = Settings { start: 28, transition: 0, season: Season::None, shape: Shape::LevelAndTrend };

/// Forty months, of which the tenth is not known, with an effect from the 29th on.
fn series() -> Vec<Option<f64>> {
    let value = |month: usize| {
        let t = count(month);
        let effect = if month >= 28 { 12.0 + 0.5 * (t - 28.0) } else { 0.0 };
        100.0 + 0.8 * t + 6.0 * (t * t * 0.37).sin() + 3.0 * (1.3 * t).cos() - effect
    };
    (0..40).map(|month| (month != 9).then(|| value(month))).collect()
}

/// numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0, 2026-11-23, with `t`, `y` the known months but 28 and 29:
///
/// ```python
/// post = (t >= 30) * 1.0
/// X = np.column_stack([np.ones_like(y), t - 28, post, post * (t - 30)])
/// V = lambda p: np.abs(p) ** np.abs(t[:, None] - t[None])
/// def deviance(p):
///     W = np.linalg.inv(V(p)); A = X.T @ W @ X; r = y - X @ np.linalg.solve(A, X.T @ W @ y)
///     return (len(y) - 4) * np.log(r @ W @ r) + np.linalg.slogdet(V(p))[1] + np.linalg.slogdet(A)[1]
/// p = minimize_scalar(deviance, bounds=(0.01, 0.97), method="bounded", options={"xatol": 1e-10}).x
/// f = sm.GLS(y, X, sigma=V(p)).fit()
/// W = np.linalg.inv(V(p)); Xc = X.copy(); Xc[:, 2:] = 0; c = Xc.T @ post
/// a = post - (np.linalg.inv(X.T @ W @ X) @ X.T @ W).T @ c
/// total, error = post @ y - c @ f.params, np.sqrt(f.scale * a @ V(p) @ a)
/// ```
#[test]
fn as_statsmodels_has_it() {
    let found = interrupted(&series(), &Settings { transition: 2, ..PLAIN }).unwrap();
    assert_close(found.autocorrelation, 0.37017046025616374, 1e-6);
    let trend = found.trend.unwrap();
    for (estimate, value, error) in [
        (found.trend_before, 0.6735718424055024, 0.15303786762970092),
        (found.level, -9.216315900512416, 4.5191759106917235),
        (trend, -0.3937945802022838, 0.6681385186703177),
        (found.total, -109.16178831834077, 40.24158430557742),
    ] {
        assert_close(estimate.value, value, 1e-6);
        assert_close(estimate.standard_error, error, 1e-6);
        assert!(estimate.freedom >= 2.0 && estimate.freedom <= 33.0);
    }
    assert_eq!(found.months.len(), 10);
    assert_close(found.mean.value, found.total.value / 10.0, 1e-12);
}

/// Months share one course: the margin of a sum is less than the sum of margins, and more than if they were independent.
#[test]
fn the_sum_has_its_own_interval() {
    let found = interrupted(&series(), &PLAIN).unwrap();
    let effects: f64 = found.months.iter().map(|month| month.effect.value).sum();
    assert_close(found.total.value, effects, 1e-12);
    let margins: f64 = found.months.iter().map(|month| month.effect.standard_error).sum();
    let independent = found.months.iter().map(|month| month.effect.standard_error.powi(2)).sum::<f64>().sqrt();
    assert!(found.total.standard_error < margins && found.total.standard_error > independent);
    for month in &found.months {
        assert_close(month.observed - month.counterfactual.value, month.effect.value, 1e-12);
    }
}

#[test]
fn a_known_effect_is_found_beside_a_season() {
    let mut noise = Noise(11);
    let values: Vec<Option<f64>> = (0..60)
        .map(|month| {
            let season = [5.0, 3.0, 0.0, -2.0, -4.0, -9.0, -12.0, -6.0, 1.0, 6.0, 9.0, 9.0][month % 12];
            let effect = if month >= 42 { 10.0 } else { 0.0 };
            Some(200.0 + 0.5 * count(month) + season - effect + noise.normal())
        })
        .collect();
    for season in [Season::Months, Season::Harmonics(3)] {
        let found = interrupted(&values, &Settings { start: 42, season, shape: Shape::Level, ..PLAIN }).unwrap();
        assert!(found.level.interval(0.99).contains(-10.0) && found.level.chance() < 0.001, "{found:?}");
        assert!(found.total.interval(0.99).contains(-180.0) && found.trend.is_none());
        let placebos = placebos(&values, &Settings { start: 42, season, shape: Shape::Level, ..PLAIN }).unwrap();
        assert_eq!(placebos.window, 14);
        assert_eq!(placebos.pretended.len(), 42 - 14 - 24 + 1);
        assert_eq!(placebos.share(), Some(0.0));
    }
    assert_eq!(Season::by_length(23), Season::None);
    assert_eq!(Season::by_length(24), Season::Harmonics(2));
}

#[test]
fn what_says_nothing_is_refused() {
    let values = series();
    let with = |settings| interrupted(&values, &settings).unwrap_err();
    assert_eq!(with(Settings { start: 7, ..PLAIN }), Error::TooFewBefore { needed: 8, given: 7 });
    assert_eq!(
        with(Settings { season: Season::Months, start: 24, ..PLAIN }),
        Error::TooFewBefore { needed: 24, given: 23 }
    );
    assert_eq!(with(Settings { transition: 10, ..PLAIN }), Error::TooFewAfter { needed: 3, given: 2 });
    assert_eq!(with(Settings { season: Season::Harmonics(6), ..PLAIN }), Error::Setting);
    let flat = vec![Some(3.0); 40];
    assert_eq!(interrupted(&flat, &PLAIN).unwrap_err(), Error::NoVariation);
    assert_eq!(placebos(&[], &PLAIN).unwrap_err(), Error::TooFewBefore { needed: 8, given: 0 });
}

proptest! {
    /// Other units, another level and another trend leave the effect the same.
    #[test]
    fn units_levels_and_trends_do_not_matter(seed in 0_u64..1000, times in 0.01_f64..1000.0, more in -50.0_f64..50.0) {
        let values = Noise(seed).autoregressive(0.4, 40);
        let one = interrupted(&known(values.clone()), &PLAIN).unwrap();
        let turned = values.iter().enumerate().map(|(at, value)| times * (value + more + 0.3 * count(at)));
        let other = interrupted(&known(turned), &PLAIN).unwrap();
        assert_close(other.total.value / times, one.total.value, 1e-4);
        assert_close(other.total.standard_error / times, one.total.standard_error, 1e-3);
    }
}
