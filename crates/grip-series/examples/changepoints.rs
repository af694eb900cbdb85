//! How well methods for change-points agree with people, on the series of van den Burg and Williams (2020).
//!
//!     cargo run --example changepoints -- [FOLDER]
//!
//! FOLDER, by default `../shared/change-points` beside the repository, has a JSON file per series and `annotations.json`. Prints
//! cover and F1 per series and method, what the default found, the mean per method, and the time of ten thousand values. No method
//! sees the marks, and none has a setting per series.

#[path = "../tests/it/annotated.rs"]
mod annotated;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use annotated::{Annotated, cover, f1, read};
use grip_series::{
    Belief, Cost, Noise, Penalty, Search, Segmentation, Series, SignalKind, Thresholds, bocpd, change_points, look,
    pelt,
};

/// A method by name.
type Method = (&'static str, fn(&Annotated) -> BTreeSet<usize>);

const DEFAULT: &str = "default";
const METHODS: [Method; 8] = [
    ("zero", |_| BTreeSet::new()),
    ("mean", |one| cut(one, Cost::Mean, Noise::Level, Penalty::Mbic)),
    ("mean_robust", |one| cut(one, Cost::Mean, Noise::Differences, Penalty::Mbic)),
    ("mean_var", |one| cut(one, Cost::MeanVariance, Noise::Level, Penalty::Mbic)),
    ("trend_bic", |one| cut(one, Cost::Trend, Noise::Line, Penalty::Bic)),
    ("bocpd", |one| places(&bocpd(&slices(one), &Belief::DEFAULT))),
    ("signals", |one| {
        let found =
            one.values.iter().flat_map(|values| look(Series { values, season: one.season }, &Thresholds::DEFAULT));
        found.filter(|signal| signal.kind != SignalKind::Outlier).map(|signal| signal.since).collect()
    }),
    (DEFAULT, |one| {
        let series: Vec<Series<'_>> = one.values.iter().map(|values| Series { values, season: one.season }).collect();
        places(&change_points(&series))
    }),
];

#[expect(clippy::print_stdout, reason = "tables are what this is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/change-points");
    let folder = std::env::args().nth(1).map_or_else(beside, PathBuf::from);
    let Some(all) = read(&folder)? else {
        println!("there is no annotations.json in `{}`: nothing is scored", folder.display());
        return Ok(());
    };
    print!("{:20}", "cover/F1");
    METHODS.iter().for_each(|(name, _)| print!(" {name:>11}"));
    println!("  found by {DEFAULT}");
    let mut sums = [(0.0, 0.0); METHODS.len()];
    for one in &all {
        print!("{:20}", one.name);
        let length = one.values.iter().map(Vec::len).max().unwrap_or(0);
        let mut found = BTreeSet::new();
        for ((_, method), sum) in METHODS.iter().zip(&mut sums) {
            found = method(one);
            let (cover, f1) = (cover(&one.marks, &found, length), f1(&one.marks, &found));
            *sum = (sum.0 + cover, sum.1 + f1);
            print!("   {cover:.2}/{f1:.2}");
        }
        println!("  {found:?}");
    }
    let number = u32::try_from(all.len()).map_or(f64::NAN, f64::from);
    for ((name, _), (cover, f1)) in METHODS.iter().zip(sums) {
        println!("mean of {number} series, {name:12} cover {:.3}  F1 {:.3}", cover / number, f1 / number);
    }
    for (name, every) in [("every 100", 100), ("never", 20_000)] {
        for cost in [Cost::Mean, Cost::MeanVariance, Cost::Trend] {
            let milliseconds = time(cost, every) * 1000.0;
            println!("10,000 values with a change {name}, {cost:?}: {milliseconds:.0} ms");
        }
    }
    Ok(())
}

/// Seconds for ten thousand values that jump up or down by four spreads of an even distribution now and then.
fn time(cost: Cost, every: u32) -> f64 {
    let chance = |at: u32| f64::from(at.wrapping_mul(2_654_435_761).rotate_left(15).wrapping_mul(2_246_822_519) >> 8);
    let value =
        |at: u32| Some(chance(at) / f64::from(1 << 24) + if (at / every).is_multiple_of(2) { 0.0 } else { 1.2 });
    let values: Vec<Option<f64>> = (0..10_000).map(value).collect();
    let (begun, used_before) = (Instant::now(), used());
    let found = pelt(&[&values], &Search { cost, noise: Noise::Differences, ..Search::DEFAULT });
    let seconds = match (used_before, used()) {
        (Some(before), Some(after)) => after - before,
        (None, _) | (_, None) => begun.elapsed().as_secs_f64(),
    };
    assert!((every > 10_000) == found.changes.is_empty(), "{} changes are found", found.changes.len());
    seconds
}

/// Processor time of this thread, where Linux tells: the first figure of `schedstat`, in nanoseconds.
fn used() -> Option<f64> {
    let text = fs_err::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

fn cut(one: &Annotated, cost: Cost, noise: Noise, penalty: Penalty) -> BTreeSet<usize> {
    places(&pelt(&slices(one), &Search { cost, noise, penalty, length_min: 3 }))
}

fn slices(one: &Annotated) -> Vec<&[Option<f64>]> {
    one.values.iter().map(Vec::as_slice).collect()
}

fn places(found: &Segmentation) -> BTreeSet<usize> {
    found.changes.iter().map(|change| change.at).collect()
}
