//! What must hold for every triangle.

use grip_reserving::{
    Averaging, Development, Estimate, RateModel, Triangle, bornhuetter_ferguson, cape_cod, chain_ladder, mack,
};
use proptest::prelude::*;

/// Increments of up to twelve origins and eight ages; zeros and credits are common.
fn increments() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let cell = prop_oneof![2 => Just(0.0), 6 => 0.0..1e6_f64, 1 => -1e5..0.0_f64];
    (1..=12_usize, 1..=8_usize).prop_flat_map(move |(origins, ages)| {
        (0..origins)
            .map(|origin| proptest::collection::vec(cell.clone(), (origins - origin).min(ages)))
            .collect::<Vec<_>>()
    })
}

fn estimates(triangle: &Triangle, exposure: &[f64]) -> [Estimate; 4] {
    let development = Development::estimate(triangle, Averaging::LatestOrigins(6));
    [
        chain_ladder(triangle, &development).unwrap(),
        mack(triangle, Averaging::AllOrigins).estimate,
        bornhuetter_ferguson(triangle, &development, exposure).unwrap(),
        cape_cod(triangle, &development, exposure, RateModel::ONE_RATE).unwrap().estimate,
    ]
}

fn scaled(rows: &[Vec<f64>], factor: f64) -> Vec<Vec<f64>> {
    rows.iter().map(|row| row.iter().map(|value| value * factor).collect()).collect()
}

proptest! {
    #[test]
    fn nothing_is_lost_and_everything_is_finite(rows in increments()) {
        let triangle = Triangle::from_increments(&rows).unwrap();
        let exposure = vec![1e6; rows.len()];
        for estimate in estimates(&triangle, &exposure) {
            for (origin, row) in estimate.origins.iter().zip(&rows) {
                prop_assert!(origin.ultimate.is_finite());
                // The two sides are the same sum, in another order of rounding.
                prop_assert!((origin.latest - row.iter().sum::<f64>()).abs() <= 1e-6);
                prop_assert!((origin.latest + origin.ibnr - origin.ultimate).abs() <= 1e-12 * origin.ultimate.abs());
            }
        }
        let errors = mack(&triangle, Averaging::AllOrigins);
        prop_assert!(errors.total.total.is_finite() && errors.origins.iter().all(|error| error.total.is_finite()));
    }

    #[test]
    fn money_times_eight_is_everything_times_eight(rows in increments()) {
        // A power of two, so that scaling does not round and the results must be equal to the bit.
        let exposure = vec![1e6; rows.len()];
        let plain = Triangle::from_increments(&rows).unwrap();
        let scaled_triangle = Triangle::from_increments(&scaled(&rows, 8.0)).unwrap();
        let scaled_exposure: Vec<f64> = exposure.iter().map(|value| value * 8.0).collect();
        for (small, large) in estimates(&plain, &exposure).iter().zip(&estimates(&scaled_triangle, &scaled_exposure)) {
            for (small, large) in small.origins.iter().zip(&large.origins) {
                prop_assert_eq!((small.ultimate * 8.0).to_bits(), large.ultimate.to_bits());
            }
        }
        let (small, large) = (mack(&plain, Averaging::AllOrigins), mack(&scaled_triangle, Averaging::AllOrigins));
        // Here a root is taken, which rounds.
        prop_assert!((small.total.total * 8.0 - large.total.total).abs() <= 1e-12 * large.total.total);
    }

    #[test]
    fn an_origin_without_anything_known_has_no_chain_ladder_ibnr(mut rows in increments()) {
        if let Some(youngest) = rows.last_mut() {
            youngest.fill(0.0);
        }
        let triangle = Triangle::from_increments(&rows).unwrap();
        let development = Development::estimate(&triangle, Averaging::AllOrigins);
        let estimate = chain_ladder(&triangle, &development).unwrap();
        prop_assert!(estimate.origins[rows.len() - 1].ibnr.abs() <= 0.0);
    }

    #[test]
    fn the_total_error_lies_between_independent_and_fully_dependent(rows in increments()) {
        let positive: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|value| value.abs()).collect()).collect();
        let result = mack(&Triangle::from_increments(&positive).unwrap(), Averaging::AllOrigins);
        let independent = result.origins.iter().map(|error| error.total.powi(2)).sum::<f64>().sqrt();
        let dependent = result.origins.iter().map(|error| error.total).sum::<f64>();
        // A billionth for rounding.
        prop_assert!(independent <= result.total.total * (1.0 + 1e-9));
        prop_assert!(result.total.total <= dependent * (1.0 + 1e-9));
    }

    #[test]
    fn the_whole_weight_is_the_own_pattern(rows in increments()) {
        let triangle = Triangle::from_increments(&rows).unwrap();
        let own = Development::estimate(&triangle, Averaging::AllOrigins);
        let other = Development::from_factors(vec![1.5; own.factors().len()]).unwrap();
        let none = own.blend(&other, &vec![0.0; own.factors().len()]).unwrap();
        for age in 0..own.ages() {
            prop_assert!((none.developed(age) - other.developed(age)).abs() <= 1e-12);
        }
    }
}
