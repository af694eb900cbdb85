//! Intervals that hold what they promise: errors of the past, in units of the spread the model expected.
//!
//! Split conformal prediction (Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, Springer, chapter 2;
//! for series, Stankevičiūtė, Alaa and van der Schaar (2021), NeurIPS 34), on months and on the sum of a season at once.

use std::ops::Range;

use rand_distr::{Distribution, StandardNormal};

use crate::fitted::{Fitted, Model, fit, stream};
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

impl Record {
    /// How many origins of the past it has.
    pub fn origins(&self) -> usize {
        self.lessons.len()
    }
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
/// The model's own idea of the errors of months counts as so many origins of the past.
const MODEL_ORIGINS: f64 = 1.0;
/// And that of the error of a sum as so many: an origin teaches twelve months, but only one sum.
const MODEL_ORIGINS_SUM: f64 = 4.0;
/// What a portfolio taught counts as so many: it has hundreds of origins, the series itself at most four.
const PORTFOLIO_ORIGINS: f64 = 20.0;
/// An error of more spreads than this counts as this many: of a series that hardly moved before, it says nothing finer.
const ERROR_MAX: f64 = 8.0;
/// Quantiles that a calibration keeps of each kind of error.
const KEPT: usize = 200;
/// Fewer sums than this say nothing about a portfolio.
const LESSONS_MIN: usize = 20;
/// Where the spread of a sum is matched.
const LEVEL_OF_SUM: f64 = 0.8;
/// Where a spread is matched; beyond the last it goes on in proportion.
const LEVELS: [f64; 7] = [0.25, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98];

/// Plays the series again from origins of its past: the same method, on what was known then.
pub fn record(series: Series<'_>) -> Record {
    let season = window(series.season);
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

/// How many months errors are learned over: a season, or half a year where there is none.
pub(crate) fn window(season: usize) -> usize {
    if season > 1 { season } else { 6 }
}

fn lesson(series: Series<'_>, origin: usize, season: usize) -> Option<Lesson> {
    let known_then = Series { values: &series.values[..origin], season: series.season };
    let fitted = fit(known_then, Model::Mean);
    let mean = fitted.mean(season);
    let spreads = fitted.spreads(season, season, RECORD_PATHS);
    let mut lesson = Lesson { near: Vec::new(), far: Vec::new(), sum: None };
    let mut sum = Some(0.0);
    for (month, (mean, spread)) in mean.iter().zip(spreads.months).enumerate() {
        let came = series.values[origin + month].filter(|value| value.is_finite());
        let error = came.map(|came| came - mean);
        sum = sum.zip(error).map(|(sum, error)| sum + error);
        if let Some(error) = error
            && spread > 0.0
        {
            let half = if month < season / 2 { &mut lesson.near } else { &mut lesson.far };
            half.push((error.abs() / spread).min(ERROR_MAX));
        }
    }
    lesson.sum = sum.filter(|_| spreads.sum > 0.0).map(|sum: f64| (sum.abs() / spreads.sum).min(ERROR_MAX));
    (!lesson.near.is_empty() || !lesson.far.is_empty()).then_some(lesson)
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
fn mixed(prior: &[f64], weight: f64, own: impl Iterator<Item = Vec<f64>>) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, f64)> = prior.iter().map(|error| (*error, weight / count(prior.len()))).collect();
    for lesson in own {
        let weight = 1.0 / count(lesson.len().max(1));
        all.extend(lesson.iter().map(|error| (*error, weight)));
    }
    all.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    all
}

/// Moves paths away from, or towards, their mean until months are spread as the past promises, and ties their months together
/// until the sum over a season is.
pub(crate) fn apply(paths: &mut Paths, fitted: &Fitted, own: &Record, prior: Option<&Calibration>, seed: u64) {
    let horizon = paths.horizon();
    let season = window(fitted.season()).min(horizon);
    let mean = fitted.mean(horizon);
    let spreads = fitted.spreads(horizon, season, RECORD_PATHS);
    let drawn: Vec<f64> = (0..horizon).map(|month| paths.root_mean_square(|path| path[month] - mean[month])).collect();
    if spreads.sum <= 0.0 || drawn.iter().any(|spread| *spread <= 0.0) {
        return;
    }
    for path in paths.iter_mut() {
        for (month, value) in path.iter_mut().enumerate() {
            *value = (*value - mean[month]) / drawn[month];
        }
    }
    let near = sizes(paths, 0..season.div_ceil(2));
    let far = sizes(paths, season / 2..season);
    let mut sums =
        paths.sorted(|path| path.iter().zip(&drawn).take(season).map(|(v, spread)| v * spread).sum::<f64>().abs());
    let drawn_sum = (sums.iter().map(|sum| sum * sum).sum::<f64>() / count(sums.len())).sqrt();
    sums.iter_mut().for_each(|sum| *sum /= drawn_sum);
    let lessons = || own.lessons.iter();
    let (near_prior, far_prior, sum_prior, weight, weight_of_sum) = match prior {
        Some(prior) => (&prior.near, &prior.far, &prior.sum, PORTFOLIO_ORIGINS, PORTFOLIO_ORIGINS),
        None => (&near, &far, &sums, MODEL_ORIGINS, MODEL_ORIGINS_SUM),
    };
    let near_promised = mixed(near_prior, weight, lessons().map(|lesson| lesson.near.clone()));
    let far_promised = mixed(far_prior, weight, lessons().map(|lesson| lesson.far.clone()));
    let sum_promised = mixed(sum_prior, weight_of_sum, lessons().filter_map(|lesson| lesson.sum.map(|sum| vec![sum])));
    let target = weighted_quantile(&sum_promised, LEVEL_OF_SUM) * spreads.sum;
    let stretches = Stretches {
        near: Stretch::new(&near, &near_promised),
        far: Stretch::new(&far, &far_promised),
        spreads: &spreads.months,
        season,
    };
    let (common, lone) = companions(paths, seed);
    let (tie, widening) = tie(paths, &common, &lone, &stretches, target);
    for (at, path) in paths.iter_mut().enumerate() {
        for (month, value) in path.iter_mut().enumerate() {
            let tied = tied(*value, common[at], lone[at * horizon + month], tie);
            *value = mean[month] + widening * stretches.of(month, tied);
        }
    }
}

/// All deviations of some months, without sign, from small to large.
fn sizes(paths: &Paths, months: Range<usize>) -> Vec<f64> {
    let mut sizes: Vec<f64> = paths.iter().flat_map(|path| &path[months.clone()]).map(|v| v.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes
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

/// How the months must be tied for the sum over a season to be as wide as promised, by halving; and by how much they must be
/// widened when even months that move as one do not reach that.
fn tie(paths: &Paths, common: &[f64], lone: &[f64], stretches: &Stretches<'_>, target: f64) -> (f64, f64) {
    let horizon = paths.horizon();
    let width = |tie: f64| {
        let one = |(at, path): (usize, &[f64])| {
            let months = path.iter().take(stretches.season).enumerate();
            let tied = months.map(|(month, v)| (month, tied(*v, common[at], lone[at * horizon + month], tie)));
            tied.map(|(month, deviation)| stretches.of(month, deviation)).sum::<f64>().abs()
        };
        let mut sums: Vec<f64> = paths.iter().enumerate().map(one).collect();
        sums.sort_by(f64::total_cmp);
        quantile(&sums, LEVEL_OF_SUM)
    };
    let widest = width(1.0);
    if widest <= target {
        return (1.0, if widest > 0.0 { target / widest } else { 1.0 });
    }
    let (mut low, mut high) = (-1.0, 1.0);
    for _ in 0..10 {
        let middle = f64::midpoint(low, high);
        if width(middle) < target { low = middle } else { high = middle }
    }
    (f64::midpoint(low, high), 1.0)
}
