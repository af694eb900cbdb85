//! What must hold for every triangle.

use std::num::NonZeroUsize;

use grip_reserving::{
    Adjustment, Averaging, BootstrapSettings, Development, Estimate, Grain, Links, RateModel, Triangle, benktander,
    bootstrap, bornhuetter_ferguson, cape_cod, chain_ladder, links, mack, one_year, shrink,
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

/// Squares of positive increments, half filled, of a size that can be cut and aggregated.
fn square() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (3..=12_usize).prop_flat_map(|size| {
        (0..size).map(|origin| proptest::collection::vec(1.0..1e4_f64, size - origin)).collect::<Vec<_>>()
    })
}

proptest! {
    #[test]
    fn a_cut_knows_nothing_new_and_cuts_of_cuts_are_cuts(rows in square(), earlier in 1..12_usize, earlier_still in 1..12_usize) {
        let triangle = Triangle::from_increments(&rows).unwrap();
        let now = triangle.valuation();
        prop_assert_eq!(&triangle.cut(now).unwrap(), &triangle);
        let first = now.saturating_sub(earlier).max(1);
        let second = first.saturating_sub(earlier_still).max(1);
        let cut = triangle.cut(first).unwrap();
        prop_assert_eq!(cut.cut(second).unwrap(), triangle.cut(second).unwrap());
        let known = |triangle: &Triangle| (0..triangle.origins()).map(|origin| triangle.latest(origin)).sum::<f64>();
        prop_assert!(known(&cut) <= known(&triangle));
    }

    #[test]
    fn aggregation_loses_no_money_and_goes_in_any_order(rows in square(), together in 1..4_usize) {
        let triangle = Triangle::from_increments(&rows).unwrap();
        let known = |triangle: &Triangle| (0..triangle.origins()).map(|origin| triangle.latest(origin)).sum::<f64>();
        // Longer origins at the old steps keep every amount.
        let longer = triangle.aggregate(Grain { origin: together, development: 1 }).unwrap();
        prop_assert!((known(&longer) - known(&triangle)).abs() <= 1e-9 * known(&triangle));
        // Origins first and steps later is both at once.
        let both = Grain { origin: together, development: together };
        if let (Ok(at_once), Ok(later)) = (triangle.aggregate(both), longer.aggregate(both)) {
            prop_assert_eq!(at_once.origins(), later.origins());
            for origin in 0..later.origins() {
                for (a, b) in at_once.row(origin).iter().zip(later.row(origin)) {
                    prop_assert!((a - b).abs() <= 1e-9 * a.abs());
                }
            }
        }
        // The sum of a triangle with itself is it, twice.
        let sum = Triangle::sum(&[&triangle, &triangle]).unwrap();
        prop_assert_eq!(known(&sum).to_bits(), (2.0 * known(&triangle)).to_bits());
    }

    #[test]
    fn methods_agree_where_they_should(rows in square()) {
        let triangle = Triangle::from_increments(&rows).unwrap();
        let development = Development::estimate(&triangle, Averaging::AllOrigins);
        let ladder = chain_ladder(&triangle, &development).unwrap();
        let prior: Vec<f64> = ladder.origins.iter().map(|origin| origin.ultimate).collect();
        for iterations in 1..4 {
            // Chain ladder is what repeating Bornhuetter–Ferguson does not change.
            let again = benktander(&triangle, &development, &prior, iterations).unwrap();
            for (a, b) in again.origins.iter().zip(&ladder.origins) {
                prop_assert!((a.ultimate - b.ultimate).abs() <= 1e-9 * b.ultimate);
            }
        }
        // One year's error is part of the whole.
        prop_assert!(one_year(&triangle).total <= mack(&triangle, Averaging::AllOrigins).total.total * (1.0 + 1e-9));
    }

    #[test]
    fn the_bootstrap_is_the_same_on_any_number_of_threads(rows in square(), seed: u64, threads in 2..5_usize) {
        let triangle = Triangle::from_increments(&rows).unwrap();
        let settings = |threads: usize| BootstrapSettings {
            simulations: 200, seed, adjustment: Adjustment::Hat, threads: NonZeroUsize::new(threads).unwrap(),
        };
        prop_assert_eq!(bootstrap(&triangle, settings(1)), bootstrap(&triangle, settings(threads)));
    }

    #[test]
    fn shrunk_factors_lie_between_the_extremes_of_the_group(rows in proptest::collection::vec(square(), 1..8)) {
        let own: Vec<Links> =
            rows.iter().map(|rows| links(&Triangle::from_increments(rows).unwrap(), Averaging::AllOrigins)).collect();
        let shrunk = shrink(&own.iter().collect::<Vec<_>>());
        for (own_of_one, shrunk) in own.iter().zip(&shrunk) {
            for age in 0..own_of_one.development.factors().len() {
                let group = own.iter().filter_map(|links| links.development.factors().get(age));
                let (low, high) = group.fold((f64::INFINITY, 0.0_f64), |(low, high), x| (low.min(*x), high.max(*x)));
                let factor = shrunk.factors()[age];
                prop_assert!(low * (1.0 - 1e-9) <= factor && factor <= high * (1.0 + 1e-9));
            }
        }
    }
}
