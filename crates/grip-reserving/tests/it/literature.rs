//! Numbers printed in papers, taken from public test suites that quote them (see `tests/reference/PROVENANCE.md`). The
//! tolerance is half a unit of the last printed digit.

use crate::{assert_near, taylor_ashe};
use grip_reserving::{Averaging, mack};

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
