//! The worked examples of the pages in `docs/methods`.

use std::num::NonZeroUsize;

use grip_reserving::portfolio::{Member, estimate};
use grip_reserving::{
    Adjustment, Average, Averaging, BootstrapSettings, Curve, Development, Estimate, Growth, Links, RateModel,
    Selection, Triangle, additive, benktander, bootstrap, bornhuetter_ferguson, calendar_test, cape_cod, chain_ladder,
    clark_cape_cod, clark_ldf, correlation_test, fit_tail, links, mack, mack_with, one_year, settlement, shrink,
};

use crate::assert_near;

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
    let twice = benktander(&triangle, &development, &prior, 2).unwrap();
    assert_near(twice.origins[3].ibnr, 52.22, HALF_A_HUNDREDTH);
    assert_near(twice.origins[3].ultimate, 72.22, HALF_A_HUNDREDTH);
    let drifting = cape_cod(&triangle, &development, &exposure, RateModel { decay: 0.75, trend: 0.03 }).unwrap();
    assert_near(drifting.estimate.origins[3].ibnr, 62.56, HALF_A_HUNDREDTH);
    assert_near(drifting.rates.iter().copied().fold(f64::INFINITY, f64::min), 0.750, 0.0005);
    assert_near(drifting.rates.iter().copied().fold(0.0, f64::max), 0.764, 0.0005);
}

/// What was allocated for the four months.
const EXPOSURE: [f64; 4] = [125.0, 136.0, 136.0, 138.0];

/// Half a unit of the last printed digit.
const TENTHS: f64 = 0.05;
const THOUSANDTHS: f64 = 0.0005;
const TEN_THOUSANDTHS: f64 = 0.00005;

/// Five triangles with one link ratio each to believe, and one that is odd.
fn five() -> Vec<Triangle> {
    let rows = |factor: &f64| [vec![10.0, 15.0], vec![10.0, 10.0 * factor], vec![10.0]];
    [1.4, 1.5, 1.6, 1.5, 3.0].iter().map(|factor| Triangle::from_cumulative(&rows(factor)).unwrap()).collect()
}

#[test]
fn development_factors() {
    let averages = [Average::Volume, Average::Simple, Average::Regression, Average::Geometric];
    for (average, printed) in averages.into_iter().zip([2.2698, 2.2702, 2.2694, 2.2697]) {
        let found = links(&triangle(), Selection::new(average, Averaging::AllOrigins));
        assert_near(found.development.factors()[0], printed, TEN_THOUSANDTHS);
    }
    let volume = links(&triangle(), Averaging::AllOrigins);
    assert_near(volume.sigma[0], 0.3639, TEN_THOUSANDTHS);
    assert_near(volume.standard_errors[0], 0.0324, TEN_THOUSANDTHS);
    let own: Vec<Links> = five().iter().map(|triangle| links(triangle, Averaging::AllOrigins)).collect();
    let shrunk = shrink(&own.iter().collect::<Vec<_>>());
    for (development, printed) in shrunk.iter().zip([1.453, 1.500, 1.547, 1.500, 1.593]) {
        assert_near(development.factors()[0], printed, THOUSANDTHS);
    }
}

#[test]
fn additive_method() {
    let result = additive(&triangle(), &EXPOSURE, Averaging::AllOrigins).unwrap();
    for (rate, printed) in result.rates[1..].iter().zip([0.4030, 0.0651, 0.0160]) {
        assert_near(*rate, printed, TEN_THOUSANDTHS);
    }
    assert_near(result.estimate.origins[3].ibnr, 66.81, HALF_A_HUNDREDTH);
    assert_near(result.estimate.origins[3].ultimate, 86.81, HALF_A_HUNDREDTH);
    assert_near(result.total.total, 1.50, HALF_A_HUNDREDTH);
}

#[test]
fn tail_factors() {
    let own = links(&triangle(), Averaging::AllOrigins);
    let curves = [Curve::Exponential, Curve::InversePower, Curve::Weibull];
    for (curve, printed) in curves.into_iter().zip([1.0024, 1.0138, 1.0007]) {
        let tail = fit_tail(&own.development, curve, 100, 1.00001).unwrap();
        assert_near(tail.factor, printed, TEN_THOUSANDTHS);
        if curve == Curve::Exponential {
            let with = mack_with(&triangle(), own.with_tail(tail.factor).unwrap());
            assert_near(with.total.total, 1.981, THOUSANDTHS);
        }
    }
}

#[test]
fn growth_curves() {
    let ldf = clark_ldf(&triangle(), Growth::Weibull).unwrap();
    assert_near(ldf.curve.omega, 1.351, THOUSANDTHS);
    assert_near(ldf.curve.theta, 0.823, THOUSANDTHS);
    assert_near(ldf.estimate.origins[3].ibnr, 30.07, HALF_A_HUNDREDTH);
    let cape_cod = clark_cape_cod(&triangle(), Growth::Weibull, &EXPOSURE).unwrap();
    assert_near(cape_cod.rate.unwrap(), 0.755, THOUSANDTHS);
    assert_near(cape_cod.estimate.origins[3].ibnr, 66.21, HALF_A_HUNDREDTH);
    let heavy = clark_ldf(&triangle(), Growth::LogLogistic).unwrap();
    assert_near(heavy.estimate.origins[3].ibnr, 31.61, HALF_A_HUNDREDTH);
    assert_near(heavy.estimate.origins[0].ibnr, 2.0, 0.1);
    let heavy = clark_cape_cod(&triangle(), Growth::LogLogistic, &EXPOSURE).unwrap();
    assert_near(heavy.estimate.origins[3].ibnr, 68.98, HALF_A_HUNDREDTH);
}

#[test]
fn bootstrap_of_the_example() {
    let threads = NonZeroUsize::MIN;
    let settings = BootstrapSettings { simulations: 10_000, seed: 1, adjustment: Adjustment::Hat, threads };
    let result = bootstrap(&triangle(), settings).unwrap();
    assert_near(result.scale, 0.0317, TEN_THOUSANDTHS);
    assert_near(result.mean(), 43.7, TENTHS);
    assert_near(result.standard_deviation(), 2.1, TENTHS);
    let quantiles = result.quantiles(&[0.1, 0.9]);
    assert_near(quantiles[0], 41.1, TENTHS);
    assert_near(quantiles[1], 46.5, TENTHS);
}

#[test]
fn one_year_ahead() {
    let result = one_year(&triangle());
    for (actual, printed) in result.origins[1..].iter().zip([0.02, 0.25, 1.95]) {
        assert_near(*actual, printed, HALF_A_HUNDREDTH);
    }
    assert_near(result.total, 1.971, THOUSANDTHS);
    assert_near(mack(&triangle(), Averaging::AllOrigins).total.total, 1.977, THOUSANDTHS);
}

#[test]
fn tests_of_assumptions() {
    let calendar = calendar_test(&triangle());
    assert_eq!(calendar.diagonals, [(2, 0, 0), (3, 2, 0), (4, 0, 2)]);
    assert_near(calendar.statistic, 0.0, HALF_A_HUNDREDTH);
    assert_near(calendar.expected, 1.0, HALF_A_HUNDREDTH);
    assert_near(calendar.deviation, 0.71, HALF_A_HUNDREDTH);
    assert!(calendar.passes());
    let correlation = correlation_test(&triangle()).unwrap();
    assert_near(correlation.statistic, -1.0, HALF_A_HUNDREDTH);
    assert_near(correlation.deviation, 1.0, HALF_A_HUNDREDTH);
    assert!(!correlation.passes());
}

#[test]
fn settlement_speed() {
    let known = [0.0, 30.0, 60.0, 80.0, 90.0, 100.0];
    let cell = |origin: usize, age: usize| match origin + age {
        11 => (known[age] + known[age + 1]) / 2.0,
        _ => known[age + 1],
    };
    let row = |origin: usize| (0..(12 - origin).min(5)).map(|age| cell(origin, age)).collect();
    let triangle = Triangle::from_cumulative(&(0..12).map(row).collect::<Vec<Vec<f64>>>()).unwrap();
    let found = settlement(&triangle);
    let plain = chain_ladder(&triangle, &Development::estimate(&triangle, Averaging::AllOrigins)).unwrap();
    assert_near(plain.total().ultimate, 1096.0, 0.5);
    assert_near(found.shifts[11].steps, -0.50, HALF_A_HUNDREDTH);
    assert_near(chain_ladder(&triangle, &found.now).unwrap().total().ultimate, 1195.0, 0.5);
}

#[test]
fn portfolio_of_five() {
    let (triangles, exposure) = (five(), [20.0; 3]);
    let members: Vec<Member<'_>> =
        triangles.iter().map(|triangle| Member { group: "one", triangle, exposure: Some(&exposure) }).collect();
    let odd = &estimate(&members).unwrap()[4];
    let newest = |estimate: &Estimate| estimate.origins[2].ibnr;
    assert_near(newest(&odd.chain_ladder), 5.93, HALF_A_HUNDREDTH);
    assert_near(newest(odd.cape_cod.as_ref().unwrap()), 7.86, HALF_A_HUNDREDTH);
    assert_near(newest(odd.bornhuetter_ferguson.as_ref().unwrap()), 6.14, HALF_A_HUNDREDTH);
    assert_near(newest(&odd.estimate), 6.64, HALF_A_HUNDREDTH);
    assert_near(mack(&triangles[4], Averaging::AllOrigins).estimate.origins[2].ibnr, 12.50, HALF_A_HUNDREDTH);
}
