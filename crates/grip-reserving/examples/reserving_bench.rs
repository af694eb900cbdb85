//! Measures what `benches/peers/reserving_chainladder.py` measures too: one line of JSON per task.
//!
//! Usage: `reserving_bench [TASK ...]`, all tasks without one. Memory is the peak of the process, so run one task per process to
//! compare it.

#![expect(clippy::print_stdout, reason = "its output is its result")]

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::time::Instant;

use grip_reserving::{Adjustment, Averaging, BootstrapSettings, Grain, Triangle, bootstrap, in_parallel, mack};

const TASKS: [&str; 6] =
    ["mack_10x10", "odp_10000", "mack_775", "mack_48x48_1000", "mack_48x48_4000", "mack_48x48_20000"];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    for task in TASKS.iter().filter(|task| asked.is_empty() || asked.iter().any(|asked| asked == *task)) {
        let (seconds, checksum) = run(task);
        let peak = peak_memory_kb();
        println!("{{\"task\":\"{task}\",\"seconds\":{seconds:e},\"peak_rss_kb\":{peak},\"checksum\":{checksum}}}");
    }
}

fn run(task: &str) -> (f64, f64) {
    match task {
        "mack_10x10" => one_mack(),
        "odp_10000" => simulations(),
        "mack_775" => many(775, 10),
        "mack_48x48_1000" => many(1_000, 48),
        "mack_48x48_4000" => many(4_000, 48),
        _ => many(20_000, 48),
    }
}

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Taylor and Ashe (1983), as in `tests/reference`.
fn taylor_ashe() -> Triangle {
    let increments: Vec<Vec<f64>> = include_str!("../tests/reference/taylor_ashe_increments.csv")
        .lines()
        .map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect())
        .collect();
    Triangle::from_increments(&increments).expect("a published triangle")
}

/// Seconds of one, from many: the best of five rounds.
fn one_mack() -> (f64, f64) {
    const TIMES: u32 = 10_000;
    let triangle = taylor_ashe();
    let round = || {
        let started = Instant::now();
        for _ in 0..TIMES {
            black_box(mack(black_box(&triangle), Averaging::AllOrigins));
        }
        started.elapsed().as_secs_f64() / f64::from(TIMES)
    };
    let best = (0..5).map(|_| round()).fold(f64::INFINITY, f64::min);
    (best, mack(&triangle, Averaging::AllOrigins).total.total)
}

fn simulations() -> (f64, f64) {
    let triangle = taylor_ashe();
    let settings = BootstrapSettings { simulations: 10_000, seed: 1, adjustment: Adjustment::Hat, threads: threads() };
    let started = Instant::now();
    let result = bootstrap(&triangle, settings).expect("a published triangle");
    (started.elapsed().as_secs_f64(), result.mean())
}

/// Builds and estimates so many triangles; no more of them are in memory than the threads work on.
fn many(count: u32, size: u32) -> (f64, f64) {
    let steps: Vec<f64> = (0..size).map(|age| 0.7_f64.powf(f64::from(age) * 10.0 / f64::from(size))).collect();
    let round = || {
        let started = Instant::now();
        let ibnr = in_parallel(0..count, threads(), |number| {
            let result = mack(&made_up(number, &steps), Averaging::AllOrigins);
            black_box(result.total.total);
            result.estimate.total().ibnr
        })
        .expect("nothing in here panics");
        (started.elapsed().as_secs_f64(), ibnr.iter().sum())
    };
    // A few milliseconds are measured five times, as the peer does.
    let rounds = if count < 1_000 { 5 } else { 1 };
    (0..rounds).map(|_| round()).min_by(|a, b| a.0.total_cmp(&b.0)).expect("at least one round")
}

/// A triangle from a formula, the same as the peer's.
fn made_up(number: u32, steps: &[f64]) -> Triangle {
    let mut cells = vec![None; steps.len() * steps.len()];
    for (origin, row) in (0_u32..).zip(cells.chunks_mut(steps.len())) {
        let level = f64::from(1_000 + (37 * number) % 991) * (1.0 + 0.03 * f64::from(origin));
        let known_ages = row.len() - usize::try_from(origin).expect("a small number");
        let mut known = 0.0;
        for (age, (cell, step)) in (0_u32..).zip(row.iter_mut().zip(steps)).take(known_ages) {
            let noise = f64::from((31 * number + 17 * origin + 13 * age) % 101) / 50.0 - 1.0;
            known += level * step * (1.0 + 0.3 * noise);
            *cell = Some(known);
        }
    }
    Triangle::from_cells(&cells, steps.len(), Grain::ONE).expect("numbers from a formula")
}

/// The most memory this process has held, in kilobytes; 0 where the system does not say.
fn peak_memory_kb() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
