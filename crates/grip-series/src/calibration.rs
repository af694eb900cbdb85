//! Intervals that hold what they promise: errors of the past, in units of the spread the model expected.
//!
//! Split conformal prediction (Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, Springer, chapter 2;
//! for series, Stankevičiūtė, Alaa and van der Schaar (2021), NeurIPS 34), on months and on the sum of a season at once.

use rand_distr::{Distribution, StandardNormal};

use crate::fitted::{Model, fit, stream};
use crate::paths::{Paths, quantile, weighted_quantile};
use crate::series::{Series, count};

/// What one origin of the past taught: how far off the months after it were, and their sum, in expected spreads.
#[derive(Debug, Clone, PartialEq)]
struct Lesson {
    /// Months in the first half of the season, those that are known.
    near: Vec<f64>,
    /// Months in the second half.
    far: Vec<f64>,
    /// Sum over the season, when all of it is known.
    sum: Option<f64>,
}

/// The lessons of one series, or of many.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    lessons: Vec<Lesson>,
}

/// What a portfolio of series taught: as many quantiles as matter of the errors of months near and far, and of sums.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    near: Vec<f64>,
    far: Vec<f64>,
    sum: Vec<f64>,
}

/// Origins of a series itself, half a season apart.
const ORIGINS_MAX: usize = 4;
/// Paths that say how wide the model thought it was.
const RECORD_PATHS: usize = 200;
/// What is known beforehand counts as so many origins of the series itself.
const PRIOR_ORIGINS: f64 = 4.0;
/// Quantiles that a calibration keeps of each kind of error.
const KEPT: usize = 200;
/// Fewer sums than this say nothing about a portfolio.
const LESSONS_MIN: usize = 20;
/// Where a spread is matched; beyond the last it goes on in proportion.
const LEVELS: [f64; 7] = [0.25, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98];

/// Plays the series again from origins of its past: the same method, on what was known then.
pub fn record(series: Series<'_>) -> Record {
    let season = season_of(series);
    let mut lessons = Vec::new();
    for back in 0..ORIGINS_MAX {
        let Some(origin) = series.values.len().checked_sub(season + back * season.div_ceil(2)) else { break };
        if origin < 2 * season {
            break;
        }
        lessons.extend(lesson(series, origin, season));
    }
    Record { lessons }
}

/// How many months errors are learned over.
fn season_of(series: Series<'_>) -> usize {
    if series.season > 1 { series.season } else { 6 }
}

fn lesson(series: Series<'_>, origin: usize, season: usize) -> Option<Lesson> {
    let known_then = Series { values: &series.values[..origin], season: series.season };
    let fitted = fit(known_then, Model::Mean);
    let mean = fitted.mean(season);
    let paths = fitted.paths(season, RECORD_PATHS, 0);
    let mut lesson = Lesson { near: Vec::new(), far: Vec::new(), sum: None };
    let mut sum = Some(0.0);
    for month in 0..season {
        let spread = deviation(&paths, |path| path[month] - mean[month]);
        let came = series.values[origin + month].filter(|value| value.is_finite());
        let error = came.map(|came| came - mean[month]);
        sum = sum.zip(error).map(|(sum, error)| sum + error);
        if let Some(error) = error
            && spread > 0.0
        {
            let half = if month < season / 2 { &mut lesson.near } else { &mut lesson.far };
            half.push(error.abs() / spread);
        }
    }
    let expected: f64 = mean.iter().sum();
    let spread = deviation(&paths, |path| path.iter().sum::<f64>() - expected);
    lesson.sum = sum.filter(|_| spread > 0.0).map(|sum| sum.abs() / spread);
    (!lesson.near.is_empty() || !lesson.far.is_empty()).then_some(lesson)
}

/// Root mean square of a figure over the paths.
fn deviation(paths: &Paths, figure: impl Fn(&[f64]) -> f64) -> f64 {
    let (squares, number) =
        paths.iter().fold((0.0, 0.0), |(squares, number), path| (squares + figure(path).powi(2), number + 1.0));
    if number > 0.0 { f64::sqrt(squares / number) } else { 0.0 }
}

/// Pools what many series taught; `None` when that is too little to go by.
pub fn calibrate<'r>(records: impl IntoIterator<Item = &'r Record>) -> Option<Calibration> {
    let lessons: Vec<&Lesson> = records.into_iter().flat_map(|record| &record.lessons).collect();
    let sums: Vec<f64> = lessons.iter().filter_map(|lesson| lesson.sum).collect();
    if sums.len() < LESSONS_MIN {
        return None;
    }
    let kept = |mut errors: Vec<f64>| {
        errors.sort_by(f64::total_cmp);
        (0..KEPT).map(|at| quantile(&errors, (count(at) + 0.5) / count(KEPT))).collect()
    };
    Some(Calibration {
        near: kept(lessons.iter().flat_map(|lesson| lesson.near.iter().copied()).collect()),
        far: kept(lessons.iter().flat_map(|lesson| lesson.far.iter().copied()).collect()),
        sum: kept(sums),
    })
}

/// The spread that is promised, as a function of the spread that was expected.
struct Stretch {
    /// From 0, ascending: expected and promised.
    knots: Vec<(f64, f64)>,
}

impl Stretch {
    fn new(expected: &[f64], promised: &[(f64, f64)]) -> Self {
        let mut knots = vec![(0.0, 0.0)];
        for level in LEVELS {
            let knot = (quantile(expected, level), weighted_quantile(promised, level));
            let (before, promised_before) = knots.last().copied().unwrap_or_default();
            if knot.0 > before + 1e-12 {
                knots.push((knot.0, knot.1.max(promised_before)));
            }
        }
        Self { knots }
    }

    fn of(&self, deviation: f64) -> f64 {
        let size = deviation.abs();
        let above = self.knots.iter().position(|(expected, _)| *expected >= size);
        let stretched = match above {
            Some(0) => 0.0,
            Some(above) => {
                let ((from, low), (to, high)) = (self.knots[above - 1], self.knots[above]);
                low + (size - from) / (to - from) * (high - low)
            }
            None => match self.knots.last() {
                Some((expected, promised)) if *expected > 0.0 => size * promised / expected,
                Some(_) | None => size,
            },
        };
        stretched.copysign(deviation)
    }
}

/// What was known beforehand and what the series itself taught, with weights, sorted.
fn mixed(prior: &[f64], own: impl Iterator<Item = Vec<f64>>) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, f64)> = prior.iter().map(|error| (*error, PRIOR_ORIGINS / count(prior.len()))).collect();
    for lesson in own {
        let weight = 1.0 / count(lesson.len().max(1));
        all.extend(lesson.iter().map(|error| (*error, weight)));
    }
    all.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    all
}

/// Moves paths away from, or towards, their mean until months are spread as the past promises, and ties their months together
/// until the sum over a season is.
pub(crate) fn apply(
    paths: &mut Paths,
    mean: &[f64],
    season: usize,
    own: &Record,
    prior: Option<&Calibration>,
    seed: u64,
) {
    let season = if season > 1 { season } else { 6 }.min(paths.horizon());
    let spreads: Vec<f64> =
        (0..paths.horizon()).map(|month| deviation(paths, |path| path[month] - mean[month])).collect();
    let sum: f64 = mean[..season].iter().sum();
    let spread_of_sum = deviation(paths, |path| path[..season].iter().sum::<f64>() - sum);
    if spread_of_sum <= 0.0 {
        return;
    }
    for path in paths.iter_mut() {
        for (month, value) in path.iter_mut().enumerate() {
            *value = if spreads[month] > 0.0 { (*value - mean[month]) / spreads[month] } else { 0.0 };
        }
    }
    let pooled = |months: std::ops::Range<usize>| {
        let mut sizes: Vec<f64> = paths.iter().flat_map(|path| path[months.clone()].iter().map(|v| v.abs())).collect();
        sizes.sort_by(f64::total_cmp);
        sizes
    };
    let (near, far) = (pooled(0..season.div_ceil(2)), pooled(season / 2..season));
    let lessons = || own.lessons.iter();
    let near_promised = mixed(prior.map_or(&near, |prior| &prior.near), lessons().map(|lesson| lesson.near.clone()));
    let far_promised = mixed(prior.map_or(&far, |prior| &prior.far), lessons().map(|lesson| lesson.far.clone()));
    let weighted: f64 = spread_of_sum;
    let sums = paths.sorted(|path| {
        (path.iter().zip(&spreads).take(season).map(|(v, spread)| v * spread).sum::<f64>() / weighted).abs()
    });
    let sum_promised =
        mixed(prior.map_or(&sums, |prior| &prior.sum), lessons().filter_map(|lesson| lesson.sum.map(|sum| vec![sum])));
    let target = weighted_quantile(&sum_promised, 0.8) * spread_of_sum;
    let stretches = Stretches {
        near: Stretch::new(&near, &near_promised),
        far: Stretch::new(&far, &far_promised),
        spreads: &spreads,
        season,
    };
    let (common, lone) = companions(paths, seed);
    let tie = tie(paths, &common, &lone, &stretches, target);
    for (at, path) in paths.iter_mut().enumerate() {
        for (month, value) in path.iter_mut().enumerate() {
            let tied = tied(*value, common[at], lone[at * spreads.len() + month], tie);
            *value = mean[month] + stretches.of(month, tied);
        }
    }
}

struct Stretches<'a> {
    near: Stretch,
    far: Stretch,
    spreads: &'a [f64],
    season: usize,
}

impl Stretches<'_> {
    /// From near to far in a line, from the middle of the one half of the season to the middle of the other.
    fn of(&self, month: usize, deviation: f64) -> f64 {
        let half = count(self.season) / 2.0;
        let part = ((count(month) + 0.5 - half / 2.0) / half).clamp(0.0, 1.0);
        self.spreads[month] * ((1.0 - part) * self.near.of(deviation) + part * self.far.of(deviation))
    }
}

/// For each path a deviation that all months have in common, and for each of its months one of its own.
fn companions(paths: &Paths, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let (mut common, mut lone) = (Vec::new(), Vec::new());
    for (at, path) in paths.iter().enumerate() {
        let mut random = stream(seed, at, 1);
        common.push(StandardNormal.sample(&mut random));
        lone.extend(path.iter().map(|_| -> f64 { StandardNormal.sample(&mut random) }));
    }
    (common, lone)
}

/// Above 0 a part of what the months have in common, below 0 a part of their own; the variance stays what it was.
fn tied(deviation: f64, common: f64, lone: f64, tie: f64) -> f64 {
    let other = if tie > 0.0 { common } else { lone };
    (1.0 - tie.abs()).sqrt() * deviation + tie.abs().sqrt() * other
}

/// How the months must be tied for the sum over a season to be as wide as promised, by halving.
fn tie(paths: &Paths, common: &[f64], lone: &[f64], stretches: &Stretches<'_>, target: f64) -> f64 {
    let horizon = paths.horizon();
    let width = |tie: f64| {
        let mut sums: Vec<f64> = paths
            .iter()
            .enumerate()
            .map(|(at, path)| {
                let months = path.iter().take(stretches.season).enumerate();
                let sum: f64 = months
                    .map(|(month, v)| stretches.of(month, tied(*v, common[at], lone[at * horizon + month], tie)))
                    .sum();
                sum.abs()
            })
            .collect();
        sums.sort_by(f64::total_cmp);
        quantile(&sums, 0.8)
    };
    let (mut low, mut high) = (-1.0, 1.0);
    for _ in 0..10 {
        let middle = f64::midpoint(low, high);
        if width(middle) < target { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

impl Record {
    /// How many origins of the past it has.
    pub fn origins(&self) -> usize {
        self.lessons.len()
    }
}
