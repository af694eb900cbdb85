//! Numbers printed in papers, taken from public test suites that quote them (see `tests/reference/PROVENANCE.md`). The
//! tolerance is half a unit of the last printed digit.

use std::num::NonZeroUsize;

use grip_reserving::{
    Adjustment, Averaging, BootstrapSettings, bootstrap, calendar_test, correlation_test, mack, one_year,
};

use crate::{assert_near, cumulative, raa, taylor_ashe};

const HALF_A_UNIT: f64 = 0.5;
const HALF_A_THOUSANDTH: f64 = 0.0005;

#[test]
fn taylor_ashe_reserves_and_standard_errors() {
    // England, P. and Verrall, R. (2002), British Actuarial Journal 8(3): chain-ladder reserves, and Mack's prediction
    // errors, by origin and in total, and thousands of them in Mack (1993).
    let reserves = [
        0.0,
        94_634.0,
        469_511.0,
        709_638.0,
        984_889.0,
        1_419_459.0,
        2_177_641.0,
        3_920_301.0,
        4_278_972.0,
        4_625_811.0,
    ];
    let errors =
        [0.0, 75_535.0, 121_699.0, 133_549.0, 261_406.0, 411_010.0, 558_317.0, 875_328.0, 971_258.0, 1_363_155.0];
    let result = mack(&taylor_ashe(), Averaging::AllOrigins);
    for origin in 0..10 {
        assert_near(result.estimate.origins[origin].ibnr, reserves[origin], HALF_A_UNIT);
        assert_near(result.origins[origin].total, errors[origin], HALF_A_UNIT);
    }
    assert_near(result.estimate.total().ibnr, 18_680_856.0, HALF_A_UNIT);
    assert_near(result.total.total, 2_447_095.0, HALF_A_UNIT);
}

#[test]
fn taylor_ashe_factors() {
    // Mack (1993): the factors of the example, to three decimals.
    let result = mack(&taylor_ashe(), Averaging::AllOrigins);
    for (actual, printed) in
        result.development.factors().iter().zip([3.491, 1.747, 1.457, 1.174, 1.104, 1.086, 1.054, 1.077, 1.018])
    {
        assert_near(*actual, printed, HALF_A_THOUSANDTH);
    }
}

#[test]
fn raa_reserve_and_standard_errors() {
    // Mack, T. (1994), CAS Forum, spring 1994, p. 130.
    let result = mack(&raa(), Averaging::AllOrigins);
    assert_near(result.estimate.total().ibnr, 52_135.0, HALF_A_UNIT);
    assert_near(result.total.total, 26_909.0, HALF_A_UNIT);
    let errors = [206.0, 623.0, 747.0, 1_469.0, 2_002.0, 2_209.0, 5_358.0, 6_333.0, 24_566.0];
    for (actual, printed) in result.origins[1..].iter().zip(errors) {
        assert_near(actual.total, printed, HALF_A_UNIT);
    }
    let squares =
        [(27_883.0, 0.5), (1_109.0, 0.5), (691.0, 0.5), (61.2, 0.05), (119.0, 0.5), (40.8, 0.05), (1.34, 0.005)];
    for (sigma, (printed, half)) in result.sigma.iter().zip(squares) {
        assert_near(sigma * sigma, printed, half);
    }
}

#[test]
fn raa_tests_of_assumptions() {
    // Mack (1994), appendices G and H, as quoted in the documentation of the R package ChainLadder: T = 0.070 with variance
    // 1/28; Z = 14 with mean 12.875 and variance 3.978.
    let correlation = correlation_test(&raa()).unwrap();
    assert_near(correlation.statistic, 0.070, HALF_A_THOUSANDTH);
    assert_near(correlation.deviation.powi(2), 1.0 / 28.0, 1e-12); // a fraction in the text; 1e-12 is rounding
    assert!(correlation.passes());
    let calendar = calendar_test(&raa());
    assert_near(calendar.statistic, 14.0, 1e-12);
    assert_near(calendar.expected, 12.875, HALF_A_THOUSANDTH);
    assert_near(calendar.deviation.powi(2), 3.978, 2.0 * HALF_A_THOUSANDTH); // 3.9785, printed without rounding
    assert!(calendar.passes());
}

#[test]
fn merz_and_wuthrich_one_year() {
    // Merz, M. and Wüthrich, M. V. (2008), CAS E-Forum, fall 2008, tables 3 and 4: reserve 2,237,826, Mack's error 108,401,
    // error of the claims development result 81,080. By origin to four digits: what the R package ChainLadder prints for
    // the same triangle (`CDR(MackChainLadder(MW2008, est.sigma = "Mack"))` in its documentation).
    let triangle = cumulative(include_str!("../reference/merz_wuthrich_cumulative.csv"));
    let full = mack(&triangle, Averaging::AllOrigins);
    assert_near(full.estimate.total().ibnr, 2_237_826.0, HALF_A_UNIT);
    assert_near(full.total.total, 108_401.0, HALF_A_UNIT);
    let result = one_year(&triangle);
    let printed = [0.0, 566.1744, 1486.5603, 3923.0986, 9722.8598, 28442.6216, 20954.2870, 28119.3180, 53320.8210];
    for (actual, printed) in result.origins.iter().zip(printed) {
        assert_near(*actual, printed, 0.00006);
    }
    assert_near(result.total, 81080.5468, 0.00006);
}

#[test]
fn taylor_ashe_bootstrap() {
    // England and Verrall (2002), British Actuarial Journal 8(3): bootstrap prediction errors with a constant scale, of 1000
    // simulations or so: the standard error of a standard deviation is then 2 %, and of one origin's more. They widen by
    // degrees of freedom.
    let threads = NonZeroUsize::new(2).unwrap();
    let adjustment = Adjustment::DegreesOfFreedom;
    let settings = BootstrapSettings { simulations: 20_000, seed: 3, adjustment, threads };
    let result = bootstrap(&taylor_ashe(), settings).unwrap();
    assert_near(result.scale, 52_601.0, HALF_A_UNIT);
    assert_near(result.standard_deviation(), 2_992_296.0, 0.06 * 2_992_296.0);
    let printed =
        [112_552.0, 217_547.0, 262_934.0, 306_595.0, 375_745.0, 500_332.0, 791_481.0, 1_060_473.0, 2_025_898.0];
    for (actual, printed) in result.origin_deviations[1..].iter().zip(printed) {
        assert_near(*actual, printed, 0.08 * printed);
    }
    assert_near(result.mean(), 18_680_856.0, 0.02 * 18_680_856.0);
    assert_eq!(result.rejected, 0);
}
