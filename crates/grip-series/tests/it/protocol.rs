//! How forecasts are judged, for the tests and the bench alike.

use std::collections::BTreeMap;
use std::io::Read;

use grip_series::{Paths, Series};

pub(crate) const SEASON: usize = 12;
pub(crate) const HORIZON: usize = 12;
/// Months after each origin.
pub(crate) const LEFT: [usize; 3] = [24, 18, 12];
const MONTHS_MIN: usize = 60;

pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) series: Vec<Vec<Option<f64>>>,
}

pub(crate) fn series(values: &[Option<f64>]) -> Series<'_> {
    Series { values, season: SEASON }
}

/// The series of a file, by source, at most so many of each if that is not 0.
pub(crate) fn read(path: &str, per_source: usize) -> Result<Vec<Source>, Box<dyn std::error::Error>> {
    let bytes = fs_err::read(path)?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    let mut found: BTreeMap<String, BTreeMap<String, Vec<Option<f64>>>> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row?;
        let value = row.get(3).and_then(|value| value.parse().ok());
        found.entry(row[0].to_owned()).or_default().entry(row[1].to_owned()).or_default().push(value);
    }
    let sources = found.into_iter().map(|(name, by_id)| {
        let all: Vec<Vec<Option<f64>>> = by_id.into_values().filter(|values| is_usable(values)).collect();
        let take = if per_source == 0 { all.len() } else { per_source.min(all.len()) };
        Source { name, series: (0..take).map(|at| all[at * all.len() / take].clone()).collect() }
    });
    Ok(sources.collect())
}

fn is_usable(values: &[Option<f64>]) -> bool {
    let mut different: Vec<f64> = values.iter().take(values.len().saturating_sub(LEFT[0])).copied().flatten().collect();
    different.sort_by(f64::total_cmp);
    different.dedup();
    values.len() >= MONTHS_MIN && different.len() > 5
}

/// One series at one origin: what was said, and what came.
pub(crate) struct Case {
    came: Vec<f64>,
    mean: Vec<f64>,
    /// Low and high at 50, 80 and 95 %, for each month and for the sum.
    months: Vec<[(f64, f64); 3]>,
    sum: [(f64, f64); 3],
    /// Mean absolute difference over a season before the origin.
    scale: f64,
}

const TAILS: [f64; 3] = [0.25, 0.1, 0.025];

impl Case {
    pub(crate) fn new(values: &[Option<f64>], left: usize, mean: Vec<f64>, paths: &Paths) -> Self {
        let origin = values.len() - left;
        let known: Vec<f64> = values.iter().copied().flatten().collect();
        let changes: Vec<f64> = (SEASON..origin).map(|at| (known[at] - known[at - SEASON]).abs()).collect();
        let months =
            (0..HORIZON).map(|month| TAILS.map(|tail| (paths.month(month, tail), paths.month(month, 1.0 - tail))));
        Self {
            came: known[origin..origin + HORIZON].to_vec(),
            mean,
            months: months.collect(),
            sum: TAILS.map(|tail| (paths.sum(0..HORIZON, tail), paths.sum(0..HORIZON, 1.0 - tail))),
            scale: average(&changes),
        }
    }
}

#[expect(clippy::allow_attributes, reason = "the bench prints all of them, the tests look at some")]
#[allow(dead_code, reason = "as above")]
pub(crate) struct Figures {
    pub(crate) mase: f64,
    pub(crate) cov50: f64,
    pub(crate) cov80: f64,
    pub(crate) cov95: f64,
    pub(crate) cov50_sum12: f64,
    pub(crate) cov80_sum12: f64,
    pub(crate) cov95_sum12: f64,
    pub(crate) msis80: f64,
    pub(crate) below_zero: f64,
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / u32::try_from(values.len()).map_or(1.0, f64::from).max(1.0)
}

fn holds(bounds: (f64, f64), value: f64) -> f64 {
    // Half a unit in the last digits: a constant is in its own interval.
    let slack = 1e-9 * value.abs();
    if value >= bounds.0 - slack && value <= bounds.1 + slack { 1.0 } else { 0.0 }
}

/// The figures over all cases; MASE and the interval score over those with a scale.
pub(crate) fn judge(cases: &[Case]) -> Figures {
    let month = |level: usize| {
        let held =
            cases.iter().flat_map(|case| case.months.iter().zip(&case.came).map(move |(b, y)| holds(b[level], *y)));
        average(&held.collect::<Vec<_>>())
    };
    let sum = |level: usize| {
        average(&cases.iter().map(|case| holds(case.sum[level], case.came.iter().sum())).collect::<Vec<_>>())
    };
    let scaled = || cases.iter().filter(|case| case.scale > 0.0);
    let mase = scaled().map(|case| {
        let errors: Vec<f64> = case.mean.iter().zip(&case.came).map(|(mean, came)| (mean - came).abs()).collect();
        average(&errors) / case.scale
    });
    let score = scaled().flat_map(|case| {
        case.months.iter().zip(&case.came).map(|(bounds, came)| {
            let (low, high) = bounds[1];
            (high - low + 10.0 * (low - came).max(0.0) + 10.0 * (came - high).max(0.0)) / case.scale
        })
    });
    let below = cases.iter().flat_map(|case| case.mean.iter().map(|mean| if *mean < 0.0 { 1.0 } else { 0.0 }));
    Figures {
        mase: average(&mase.collect::<Vec<_>>()),
        cov50: month(0),
        cov80: month(1),
        cov95: month(2),
        cov50_sum12: sum(0),
        cov80_sum12: sum(1),
        cov95_sum12: sum(2),
        msis80: average(&score.collect::<Vec<_>>()),
        below_zero: average(&below.collect::<Vec<_>>()),
    }
}
