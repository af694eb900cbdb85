//! Numbers of another implementation; see `tests/reference/PROVENANCE.md`.

use crate::{raa, taylor_ashe};
use grip_reserving::{
    Averaging, Curve, Development, Grain, Growth, RateModel, Selection, SigmaRule, Triangle, bornhuetter_ferguson,
    cape_cod, chain_ladder, clark_cape_cod, clark_ldf, fit_tail, links, mack, mack_with,
};

/// Two implementations of the same formula differ by rounding only: about 1e-16 per operation, a few hundred of them.
const RELATIVE_ROUNDING: f64 = 1e-11;

#[track_caller]
fn check(actual: f64, expected: f64) {
    let scale = expected.abs().max(1.0);
    assert!((actual - expected).abs() <= RELATIVE_ROUNDING * scale, "{actual} is not {expected}");
}

fn reference(table: &str, name: &str) -> Vec<f64> {
    table
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(','))
        .unwrap_or_else(|| panic!("`{name}` is not in the table"))
        .split(',')
        .map(|cell| cell.parse().unwrap())
        .collect()
}

#[track_caller]
fn check_mack(triangle: &Triangle, table: &str) {
    let result = mack(triangle, Averaging::AllOrigins);
    let columns: [(&str, Vec<f64>); 5] = [
        ("factors", result.development.factors().to_vec()),
        ("sigma", result.sigma.clone()),
        ("ultimate", result.estimate.origins.iter().map(|origin| origin.ultimate).collect()),
        ("process", result.origins.iter().map(|error| error.process).collect()),
        ("total", result.origins.iter().map(|error| error.total).collect()),
    ];
    for (name, actual) in columns {
        let expected = reference(table, name);
        assert_eq!(actual.len(), expected.len(), "{name}");
        for (actual, expected) in actual.iter().zip(expected) {
            check(*actual, expected);
        }
    }
    let totals = reference(table, "totals");
    check(result.total.process, totals[0]);
    check(result.total.parameter, totals[1]);
    check(result.total.total, totals[2]);
}

#[test]
fn mack_of_taylor_ashe() {
    check_mack(&taylor_ashe(), include_str!("../reference/taylor_ashe.csv"));
}

#[test]
fn mack_of_raa() {
    check_mack(&raa(), include_str!("../reference/raa.csv"));
}

#[test]
fn the_latest_three_origins() {
    let triangle = taylor_ashe();
    let development = Development::estimate(&triangle, Averaging::LatestOrigins(3));
    let estimate = chain_ladder(&triangle, &development).unwrap();
    check(estimate.total().ultimate, 52_255_649.345_021_695);
    check(development.factors()[0], 3.460_400_952_253_104_7);
}

/// The exposure of the reference run: 5 300 000 in the oldest year, growing by 3 % a year, rounded to cents.
const EXPOSURE: [f64; 10] = [
    5_300_000.0,
    5_459_000.0,
    5_622_770.0,
    5_791_453.1,
    5_965_196.69,
    6_144_152.59,
    6_328_477.17,
    6_518_331.49,
    6_713_881.43,
    6_915_297.87,
];

#[test]
fn bornhuetter_ferguson_with_ninety_percent_of_exposure() {
    let triangle = taylor_ashe();
    let development = Development::estimate(&triangle, Averaging::AllOrigins);
    let prior = EXPOSURE.map(|exposure| 0.9 * exposure);
    let estimate = bornhuetter_ferguson(&triangle, &development, &prior).unwrap();
    check(estimate.total().ibnr, 19_805_744.409_904_18);
    check(estimate.origins[9].ibnr, 5_792_955.431_658_987);
}

#[test]
fn cape_cod_of_taylor_ashe() {
    let triangle = taylor_ashe();
    let development = Development::estimate(&triangle, Averaging::AllOrigins);
    let result = cape_cod(&triangle, &development, &EXPOSURE, RateModel::ONE_RATE).unwrap();
    check(result.rates[0], 0.886_610_561_589_156_3);
    check(result.estimate.total().ibnr, 19_511_091.304_396_037);
    check(result.estimate.origins[1].ibnr, 84_293.712_236_085_9);
}

#[test]
fn clarks_curves_of_taylor_ashe() {
    // The reference searches with differences of 1e-8 and stops early: its parameters are good to about 1e-4.
    let near =
        |actual: f64, expected: f64| assert!((actual / expected - 1.0).abs() < 2e-4, "{actual} is not {expected}");
    let triangle = taylor_ashe().with_grain(Grain { origin: 12, development: 12 }).unwrap();
    let ldf = clark_ldf(&triangle, Growth::LogLogistic).unwrap();
    near(ldf.curve.omega, 1.435_559_292_713_518_6);
    near(ldf.curve.theta, 48.501_095_207_666_374);
    near(ldf.scale, 64_401.138_610_403_345);
    let cape_cod = clark_cape_cod(&triangle, Growth::Weibull, &EXPOSURE).unwrap();
    near(cape_cod.curve.omega, 1.306_003_752_073_578);
    near(cape_cod.curve.theta, 48.275_377_420_747_67);
    near(cape_cod.rate.unwrap(), 0.922_034_699_564_918_7);
}

#[test]
fn tails_of_taylor_ashe() {
    let own = links(&taylor_ashe(), Selection::mack().with_sigma(SigmaRule::LogLinear));
    for (curve, slope, factor, error) in [
        (Curve::Exponential, -0.526_589_524_447_716_7, 1.029_499_171_052_917_3, 2_558_934.932_213_263_6),
        (Curve::InversePower, -2.039_238_558_072_471, 1.292_430_311_543_693_3, 3_934_652.162_412_495),
        (Curve::Weibull, 1.060_696_385_608_472_3, 1.036_068_613_403_110_5, 2_589_044.443_996_263_7),
    ] {
        let tail = fit_tail(&own.development, curve, 100, 1.00001).unwrap();
        check(tail.slope, slope);
        check(tail.factor, factor);
        check(mack_with(&taylor_ashe(), own.with_tail(tail.factor).unwrap()).total.total, error);
    }
}
