//! The worked examples of `docs/methods/chain-ladder.md` and `docs/methods/bornhuetter-ferguson-cape-cod.md`.

use crate::assert_near;
use grip_reserving::{Averaging, Development, RateModel, Triangle, bornhuetter_ferguson, cape_cod, chain_ladder, mack};

/// The examples print two decimals.
const HALF_A_HUNDREDTH: f64 = 0.005;

fn triangle() -> Triangle {
    Triangle::from_increments(&[vec![40.0, 50.0, 8.0, 2.0], vec![44.0, 54.0, 9.0], vec![42.0, 56.0], vec![20.0]])
        .unwrap()
}

#[test]
fn chain_ladder_and_mack() {
    let result = mack(&triangle(), Averaging::AllOrigins);
    let factors = result.development.factors();
    assert_near(factors[0], 286.0 / 126.0, 1e-12); // the fractions are in the text; 1e-12 is rounding
    assert_near(factors[1], 205.0 / 188.0, 1e-12);
    assert_near(factors[2], 100.0 / 98.0, 1e-12);
    let ibnr: Vec<f64> = result.estimate.origins.iter().map(|origin| origin.ibnr).collect();
    for (actual, printed) in ibnr.iter().zip([0.0, 2.18, 11.04, 30.51]) {
        assert_near(*actual, printed, HALF_A_HUNDREDTH);
    }
    assert_near(result.total.total, 1.98, HALF_A_HUNDREDTH);
}

#[test]
fn bornhuetter_ferguson_and_cape_cod() {
    let triangle = triangle();
    let development = Development::estimate(&triangle, Averaging::AllOrigins);
    assert_near(development.developed(0), 0.40, HALF_A_HUNDREDTH);
    assert_near(chain_ladder(&triangle, &development).unwrap().origins[3].ultimate, 50.51, HALF_A_HUNDREDTH);
    let prior = [100.0, 109.0, 109.0, 110.0];
    let estimate = bornhuetter_ferguson(&triangle, &development, &prior).unwrap();
    assert_near(estimate.origins[3].ibnr, 66.45, HALF_A_HUNDREDTH);
    let exposure = [125.0, 136.0, 136.0, 138.0];
    let result = cape_cod(&triangle, &development, &exposure, RateModel::ONE_RATE).unwrap();
    assert_near(result.rates[0], 0.75, HALF_A_HUNDREDTH);
    assert_near(result.estimate.origins[3].ibnr, 62.26, HALF_A_HUNDREDTH);
}
