use grip_insight::effect::Error;
use grip_insight::effect::association::{Expected, Preparation, Verdict, across, association};

use super::noise::Noise;
use super::{assert_close, count, known};

const RUNS: usize = 400;

#[test]
fn what_follows_after_three_months_is_found() {
    let mut noise = Noise(5);
    let first = noise.autoregressive(0.3, 63);
    let second: Vec<f64> = (0..60).map(|at| 100.0 + 2.0 * count(at) - 2.0 * first[at] + noise.normal()).collect();
    let (first, second) = (known(first[3..].iter().copied()), known(second));
    let of = |expected| association(&first, &second, 6, Preparation::Detrended(1), expected, 0.95).unwrap();
    let found = of(Expected::Negative);
    assert_eq!((found.verdict, of(Expected::Positive).verdict), (Verdict::Consistent, Verdict::Against));
    let strongest = found.lags.iter().min_by(|a, b| a.correlation.total_cmp(&b.correlation)).unwrap();
    assert_eq!(strongest.lag, 3);
    assert!(strongest.correlation < -0.7 && strongest.interval.high < -0.5 && strongest.pairs == 57);
}

/// Two series that both rise and both have a summer say nothing of each other: a verdict in at most about one of twenty.
#[test]
fn shared_trends_and_seasons_do_not_count() {
    for (tie, preparation) in [
        (0.0, Preparation::Detrended(12)),
        (0.6, Preparation::Detrended(12)),
        (0.0, Preparation::Differences(12)),
        (0.6, Preparation::Differences(12)),
    ] {
        let mut noise = Noise(17);
        let mut series = || -> Vec<Option<f64>> {
            let rise = |(at, value): (usize, f64)| {
                value + 3.0 * count(at) + 20.0 * (count(at % 12) * std::f64::consts::FRAC_PI_6).sin()
            };
            known(noise.autoregressive(tie, 60).into_iter().enumerate().map(rise))
        };
        let wrong = (0..RUNS)
            .filter(|_| {
                let (first, second) = (series(), series());
                let found = association(&first, &second, 6, preparation, Expected::Positive, 0.95).unwrap();
                found.lags.iter().any(|lag| lag.chance < 0.05)
            })
            .count();
        println!("association {preparation:?} tie {tie}: {:.3} false", count(wrong) / count(RUNS));
        assert!(wrong * 100 <= RUNS * 12, "{wrong} of {RUNS}");
    }
}

/// By hand: without lag, 1..10 and its squares have sums of products 82.5, 907.5 and 10510.5.
#[test]
fn differences_are_correlated_as_by_hand() {
    // Running sums, so that the differences are 1..10 and 1, 4, .. 100.
    let sums = |power: i32| {
        let mut sum = 0.0;
        known((0..=10).map(|at| {
            sum += if at == 0 { 0.0 } else { count(at).powi(power) };
            sum
        }))
    };
    let found = association(&sums(1), &sums(2), 0, Preparation::Differences(1), Expected::Positive, 0.9).unwrap();
    assert_close(found.lags[0].correlation, 907.5 / (82.5_f64 * 10_510.5).sqrt(), 1e-12);
    assert_eq!(found.lags[0].pairs, 10);
}

#[test]
fn what_says_nothing_is_refused() {
    let some = known((0..12).map(|at| count(at * at)));
    let of = |first: &[Option<f64>], lags, preparation| {
        association(first, &some, lags, preparation, Expected::Positive, 0.95).unwrap_err()
    };
    let differences = Preparation::Differences(1);
    assert_eq!(of(&some[1..], 0, differences), Error::UnequalLengths { needed: 11, given: 12 });
    assert_eq!(of(&some, 2, differences), Error::TooFewValues { needed: 10, given: 9 });
    assert_eq!(of(&some, 0, Preparation::Differences(0)), Error::Setting);
    assert_eq!(of(&known((0..12).map(count)), 0, differences), Error::NoVariation);
}

/// Anscombe, F. J. (1973), Graphs in Statistical Analysis, The American Statistician 27(1), 17-21, first set: r = 0.816; Fisher's
/// interval of 95 % is (0.424, 0.951), with z = atanh r and a spread of 1/√8.
#[test]
fn units_that_do_not_hang_together_are_correlated_as_published() {
    let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
    let pairs: Vec<(f64, f64)> = x.into_iter().zip(y).collect();
    let found = across(&pairs, 0.95).unwrap();
    assert_close(found.correlation, 0.816, 0.001);
    assert_close(found.interval.low, 0.424, 0.002);
    assert_close(found.interval.high, 0.951, 0.002);
    assert_eq!(across(&pairs[..9], 0.95).unwrap_err(), Error::TooFewValues { needed: 10, given: 9 });
    let same: Vec<(f64, f64)> = pairs.iter().map(|(x, _)| (*x, 1.0)).collect();
    assert_eq!(across(&same, 0.95).unwrap_err(), Error::NoVariation);
}
