//! Made-up monthly triangles with a backlog, where the truth is known.

use grip_reserving::{Averaging, Development, Triangle, chain_ladder, settlement};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const MONTHS: usize = 36;
/// Part of a month that is known after each month, of care that is declared within ten.
const KNOWN: [f64; 10] = [0.25, 0.60, 0.78, 0.88, 0.93, 0.96, 0.98, 0.99, 0.995, 1.0];

/// Months of about 100 000 with noise; at the latest valuation this part of what should have become known is late.
fn made_up(seed: u64, late: f64) -> (Triangle, f64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut rows = Vec::new();
    let mut truth = 0.0;
    for month in 0..MONTHS {
        let mut row = Vec::new();
        let mut known = 0.0;
        for age in 0..MONTHS {
            let before = if age == 0 { 0.0 } else { KNOWN[(age - 1).min(9)] };
            let amount = 1e5 * (KNOWN[age.min(9)] - before) * random.random_range(0.85..1.15);
            let is_latest = month + age == MONTHS - 1;
            if month + age < MONTHS {
                row.push(known + amount * if is_latest { 1.0 - late } else { 1.0 });
            }
            known += amount;
        }
        truth += known;
        rows.push(row);
    }
    (Triangle::from_cumulative(&rows).unwrap(), truth)
}

fn error_of(triangle: &Triangle, development: &Development, truth: f64) -> f64 {
    chain_ladder(triangle, development).unwrap().total().ultimate / truth - 1.0
}

#[test]
fn a_backlog_is_found_and_does_not_lower_the_ultimate() {
    let (mut plain, mut corrected) = (0.0, 0.0);
    for seed in 0..20 {
        let (triangle, truth) = made_up(seed, 0.4);
        let found = settlement(&triangle);
        let shift = found.shifts.last().unwrap();
        assert!(shift.is_clear && (shift.steps + 0.4).abs() < 0.15, "{shift:?}");
        plain += error_of(&triangle, &Development::estimate(&triangle, Averaging::AllOrigins), truth).abs() / 20.0;
        corrected += error_of(&triangle, &found.now, truth).abs() / 20.0;
    }
    println!("mean error of the total: {plain} without, {corrected} with the shift");
    assert!(corrected < plain / 2.0, "{corrected} should be less than half of {plain}");
}

#[test]
fn a_late_valuation_is_not_taken_for_an_early_one_after_it() {
    for seed in 0..10 {
        let (late, _) = made_up(seed, 0.4);
        let (calm, _) = made_up(seed, 0.0);
        // The newest valuation is calm, and the one before it late.
        let rows: Vec<Vec<f64>> = (0..MONTHS - 1)
            .map(|month| {
                let age = late.age(month);
                let grown = KNOWN[(age + 1).min(9)] / KNOWN[age.min(9)];
                late.row(month).iter().copied().chain([calm.latest(month) * grown]).collect()
            })
            .collect();
        let found = settlement(&Triangle::from_cumulative(&rows).unwrap());
        let [.., before, newest] = found.shifts.as_slice() else { panic!("two valuations") };
        assert!(before.is_clear && (before.steps + 0.4).abs() < 0.15, "{before:?}");
        assert!(!newest.is_clear, "{newest:?}");
    }
}

#[test]
fn calm_months_are_left_alone() {
    let clear: usize = (100..120)
        .map(|seed| settlement(&made_up(seed, 0.0).0).shifts.iter().filter(|shift| shift.is_clear).count())
        .sum();
    // One in fifty.
    assert!(clear <= 14, "{clear} of 720 calm valuations are called clear");
}

#[test]
fn nothing_to_see_is_nothing_said() {
    let triangle = Triangle::from_increments(&[vec![0.0, 0.0], vec![0.0]]).unwrap();
    assert!(settlement(&triangle).shifts.iter().all(|shift| !shift.is_clear));
}
