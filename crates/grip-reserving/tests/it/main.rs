//! One binary for every integration test of the crate.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]
#![expect(clippy::print_stdout, reason = "tests say what they did not check, and what they measured")]

mod backtest;
mod literature;
mod properties;
mod reference;
mod settlement;
mod shared;
mod shared_bootstrap;
mod shared_reference;
mod worked_examples;

use grip_reserving::Triangle;

/// Taylor and Ashe (1983), the triangle of Mack (1993), table 1: incremental payments made cumulative.
fn taylor_ashe() -> Triangle {
    let increments: Vec<Vec<f64>> = include_str!("../reference/taylor_ashe_increments.csv")
        .lines()
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    Triangle::from_increments(&increments).unwrap()
}

fn cumulative(table: &str) -> Triangle {
    let rows: Vec<Vec<f64>> =
        table.lines().map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    Triangle::from_cumulative(&rows).unwrap()
}

/// Reinsurance Association of America (1991), the triangle of Mack (1994).
fn raa() -> Triangle {
    cumulative(include_str!("../reference/raa_cumulative.csv"))
}

#[track_caller]
fn assert_near(actual: f64, expected: f64, tolerance: f64) {
    assert!((actual - expected).abs() <= tolerance, "{actual} is not within {tolerance} of {expected}");
}
