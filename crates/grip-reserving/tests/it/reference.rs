//! Numbers of another implementation; see `tests/reference/PROVENANCE.md`.

use crate::taylor_ashe;
use grip_reserving::{
    Averaging, Development, RateModel, Triangle, bornhuetter_ferguson, cape_cod, chain_ladder, mack,
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
    let rows: Vec<Vec<f64>> = include_str!("../reference/raa_cumulative.csv")
        .lines()
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    check_mack(&Triangle::from_cumulative(&rows).unwrap(), include_str!("../reference/raa.csv"));
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
