//! Series in which nothing happens, and series in which the level jumps: what is signalled of either, month by month.

use grip_series::{Series, SignalKind, Thresholds, alarms, replay};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson, StandardNormal, StudentT};

/// How the errors come about; a standard deviation of 1, but for counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Errors {
    White,
    /// Each takes so much of the one before.
    Correlated(f64),
    /// Five degrees of freedom.
    HeavyTailed,
    /// Poisson with this mean.
    Counts(f64),
}

/// What is under the errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    pub(crate) errors: Errors,
    /// Half the way from the lowest month of the year to the highest.
    pub(crate) season: f64,
    /// Change per month.
    pub(crate) slope: f64,
}

pub(crate) const QUIET: Course = Course { errors: Errors::White, season: 0.0, slope: 0.0 };

pub(crate) fn simulate(course: &Course, months: u32, random: &mut ChaCha8Rng) -> Vec<f64> {
    let mut before: f64 = StandardNormal.sample(random);
    (0..months)
        .map(|month| {
            let expected = course.season * (f64::from(month % 12) * std::f64::consts::TAU / 12.0).sin()
                + course.slope * f64::from(month);
            let error = match course.errors {
                Errors::White => StandardNormal.sample(random),
                Errors::Correlated(share) => {
                    let new: f64 = StandardNormal.sample(random);
                    before = share * before + (1.0 - share * share).sqrt() * new;
                    before
                }
                Errors::HeavyTailed => {
                    let error: f64 = StudentT::new(5.0).expect("freedom is above zero").sample(random);
                    error / (5.0_f64 / 3.0).sqrt()
                }
                Errors::Counts(mean) => {
                    return Poisson::new(mean + expected).expect("no mean here is below zero").sample(random);
                }
            };
            expected + error
        })
        .collect()
}

/// Alarms per series and year of monthly looks, where nothing happens: outliers, and level shifts and trends.
pub(crate) fn false_alarms(course: &Course, months: u32, number: u32, thresholds: &Thresholds) -> (f64, f64) {
    let (mut outliers, mut changes, mut looks) = (0.0, 0.0, 0.0);
    for seed in 0..number {
        let mut random = ChaCha8Rng::seed_from_u64(seed.into());
        let values: Vec<Option<f64>> = simulate(course, months, &mut random).into_iter().map(Some).collect();
        let past = replay(Series { values: &values, season: 12 }, thresholds);
        for alarm in alarms(&past) {
            match alarm.kind {
                SignalKind::Outlier => outliers += 1.0,
                SignalKind::LevelShift | SignalKind::Trend => changes += 1.0,
            }
        }
        // Before two years are known nothing is looked at.
        looks += f64::from(months - 23);
    }
    (outliers * 12.0 / looks, changes * 12.0 / looks)
}

/// What became of a jump.
#[derive(Debug)]
pub(crate) struct Detection {
    /// Part of the jumps seen as a level shift within a year, and within two years.
    pub(crate) within_12: f64,
    pub(crate) within_24: f64,
    /// Months from the first month of the jump to the month at whose end it was seen as a level shift; none where fewer than half
    /// were seen in two years.
    pub(crate) median_delay: Option<usize>,
    /// Part of which the first month was an outlier at its end.
    pub(crate) at_once: f64,
}

/// A jump of `size` in the fifth or sixth year of eight.
pub(crate) fn detection(course: &Course, size: f64, number: u32, thresholds: &Thresholds) -> Detection {
    let (mut delays, mut at_once) = (Vec::new(), 0.0);
    let total = f64::from(number);
    for seed in 1_000_000..1_000_000 + number {
        let mut random = ChaCha8Rng::seed_from_u64(seed.into());
        let at = random.random_range(48..72);
        let mut values: Vec<Option<f64>> = simulate(course, 96, &mut random).into_iter().map(Some).collect();
        values[at..].iter_mut().flatten().for_each(|value| *value += size);
        let past = alarms(&replay(Series { values: &values, season: 12 }, thresholds));
        let near = |since: usize| since.abs_diff(at) <= 2;
        let seen = past.iter().filter(|alarm| alarm.kind == SignalKind::LevelShift && alarm.seen_at >= at);
        let delay = seen.filter(|alarm| near(alarm.since)).map(|alarm| alarm.seen_at - at).min();
        delays.push(delay.unwrap_or(usize::MAX));
        let same = |alarm: &grip_series::Signal| alarm.kind == SignalKind::Outlier && alarm.seen_at == at;
        at_once += if past.iter().any(same) { 1.0 / total } else { 0.0 };
    }
    delays.sort_unstable();
    let within = |months: usize| {
        let seen = delays.iter().filter(|delay| **delay <= months).count();
        u32::try_from(seen).map_or(f64::NAN, f64::from) / total
    };
    Detection {
        within_12: within(12),
        within_24: within(24),
        median_delay: delays.get(delays.len() / 2).copied().filter(|delay| *delay <= 24),
        at_once,
    }
}
