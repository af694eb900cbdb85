//! Difference in differences: what changed for those with the measure, minus what changed for those without.
//!
//! Standard errors of month by month regressions are far too small when months hang together: Bertrand, M., Duflo, E. and
//! Mullainathan, S. (2004), Quarterly Journal of Economics 119(1), 249-275. So each unit becomes one change, mean after minus mean
//! before (their section IV.C), and few units get Student's distribution (Donald, S. G. and Lang, K. 2007, Review of Economics and
//! Statistics 89(2), 221-233). With very few units the course of the difference between the groups is all there is: a
//! regression over time with errors that hang together.

use std::ops::Range;

use super::regression::Data;
use super::{Error, Estimate, count, mean};

/// Fewer periods before say nothing of a course.
pub const BEFORE_MIN: usize = 4;
/// With fewer units to compare with, the interval over time is the better one.
pub const UNITS_MIN: usize = 5;
/// More ways to choose the treated units than this are not all tried: there is no chance by exchange then.
const WAYS_MAX: usize = 100_000;

/// Units with and without a measure, over the same periods, every value known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panel<'a> {
    /// Those with the measure, per unit its values, in a unit that can be compared: per inhabitant, per client, or a logarithm.
    pub treated: &'a [Vec<f64>],
    /// Those without.
    pub comparison: &'a [Vec<f64>],
    /// The first period with the measure.
    pub start: usize,
    /// Periods from the start on that are left out.
    pub transition: usize,
}

/// One period of the difference between the groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    /// Place in the series.
    pub at: usize,
    /// Difference between the groups minus its mean before.
    pub gap: f64,
    /// The same with its spread over units. `None` with fewer than two degrees of freedom.
    pub over_units: Option<Estimate>,
}

/// What the comparison says.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Mean change of the treated minus mean change of the others, per period.
    pub effect: f64,
    /// Spread over units. `None` with fewer than two degrees of freedom (units less two).
    pub over_units: Option<Estimate>,
    /// From the course of the difference between the groups. `None` with too few periods, or none that vary.
    pub over_time: Option<Estimate>,
    /// Share of ways to choose as many treated units from all whose effect is at least as large, the real way among them.
    /// `None` with more than 100 000 ways. Can not be below one over the number of ways.
    pub chance_by_exchange: Option<f64>,
    /// How much faster per period the treated rose before: parallel when its interval holds zero, and is narrow enough to mean
    /// something.
    pub slope_before: Option<Estimate>,
    /// Every period before and after: leads should be near zero, lags show when the effect comes.
    pub periods: Vec<Period>,
    /// Number of units to compare with.
    pub comparison_units: usize,
}

impl Difference {
    /// The interval to show: over units from five units to compare with, else over time, else what there is.
    pub fn estimate(&self) -> Option<Estimate> {
        if self.comparison_units >= UNITS_MIN {
            self.over_units.or(self.over_time)
        } else {
            self.over_time.or(self.over_units)
        }
    }
}

/// Effect of a measure on some units, by what happened to others.
///
/// # Errors
///
/// * [`Error::TooFewUnits`]: none without the measure, or none with it. [`Error::UnequalLengths`]. [`Error::Missing`]: a value is
///   not finite (place in its series).
/// * [`Error::TooFewBefore`]: fewer than four periods. [`Error::TooFewAfter`]: none after start and transition.
pub fn difference(panel: &Panel<'_>) -> Result<Difference, Error> {
    let (before, after) = check(panel)?;
    let units: Vec<&Vec<f64>> = panel.treated.iter().chain(panel.comparison).collect();
    let treated = panel.treated.len();
    let changes: Vec<f64> = units.iter().map(|unit| mean(&unit[after.clone()]) - mean(&unit[before.clone()])).collect();
    let group = |at: usize, of: &[Vec<f64>]| mean(&of.iter().map(|unit| unit[at]).collect::<Vec<_>>());
    let gaps: Vec<f64> = (0..after.end).map(|at| group(at, panel.treated) - group(at, panel.comparison)).collect();
    let gap_before = mean(&gaps[before.clone()]);
    let periods = before.clone().chain(after.clone()).map(|at| {
        let since: Vec<f64> = units.iter().map(|unit| unit[at] - mean(&unit[before.clone()])).collect();
        Period { at, gap: gaps[at] - gap_before, over_units: between_groups(&since, treated) }
    });
    Ok(Difference {
        effect: mean(&changes[..treated]) - mean(&changes[treated..]),
        over_units: between_groups(&changes, treated),
        over_time: over_time(&gaps, before.clone().chain(after.clone()), |at| count(usize::from(at >= after.start))),
        chance_by_exchange: by_exchange(&changes, treated),
        slope_before: slope_before(&units, treated, &gaps, &before),
        periods: periods.collect(),
        comparison_units: panel.comparison.len(),
    })
}

fn check(panel: &Panel<'_>) -> Result<(Range<usize>, Range<usize>), Error> {
    if panel.treated.is_empty() || panel.comparison.is_empty() {
        return Err(Error::TooFewUnits { needed: 1, given: 0 });
    }
    let length = panel.treated[0].len();
    for unit in panel.treated.iter().chain(panel.comparison) {
        if unit.len() != length {
            return Err(Error::UnequalLengths { needed: length, given: unit.len() });
        }
        if let Some(at) = unit.iter().position(|value| !value.is_finite()) {
            return Err(Error::Missing { at });
        }
    }
    if panel.start < BEFORE_MIN {
        return Err(Error::TooFewBefore { needed: BEFORE_MIN, given: panel.start });
    }
    let first_after = panel.start.saturating_add(panel.transition);
    if first_after >= length {
        return Err(Error::TooFewAfter { needed: 1, given: 0 });
    }
    Ok((0..panel.start, first_after..length))
}

/// Mean of the first `treated` figures minus mean of the others, with the spread within both groups.
fn between_groups(figures: &[f64], treated: usize) -> Option<Estimate> {
    let (with, without) = figures.split_at(treated);
    let freedom = figures.len().checked_sub(2).filter(|freedom| *freedom >= 2)?;
    let squares = |group: &[f64]| group.iter().map(|figure| (figure - mean(group)).powi(2)).sum::<f64>();
    let variance = (squares(with) + squares(without)) / count(freedom);
    let standard_error = (variance * (1.0 / count(with.len()) + 1.0 / count(without.len()))).sqrt();
    Some(Estimate { value: mean(with) - mean(without), standard_error, freedom: count(freedom) })
}

/// Coefficient of one factor beside a level, with errors that hang together.
fn over_time(gaps: &[f64], times: impl Iterator<Item = usize>, factor: impl Fn(usize) -> f64) -> Option<Estimate> {
    let times: Vec<usize> = times.collect();
    let values: Vec<f64> = times.iter().map(|at| gaps[*at]).collect();
    let rows = times.iter().map(|at| vec![1.0, factor(*at)]).collect();
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let fit = Data { times, values, rows }.fit()?;
    (fit.variance > (largest * 1e-10).powi(2)).then(|| fit.combination(&[0.0, 1.0]))
}

fn slope_before(units: &[&Vec<f64>], treated: usize, gaps: &[f64], before: &Range<usize>) -> Option<Estimate> {
    if units.len() - treated < UNITS_MIN {
        return over_time(gaps, before.clone(), count);
    }
    let middle = mean(&before.clone().map(count).collect::<Vec<_>>());
    let spread: f64 = before.clone().map(|at| (count(at) - middle).powi(2)).sum();
    let slope = |unit: &&Vec<f64>| before.clone().map(|at| (count(at) - middle) * unit[at]).sum::<f64>() / spread;
    between_groups(&units.iter().map(slope).collect::<Vec<_>>(), treated)
}

/// All ways to choose the treated units: the effect of each against the real one.
fn by_exchange(changes: &[f64], treated: usize) -> Option<f64> {
    let (all, sum) = (changes.len(), changes.iter().sum::<f64>());
    let mut ways = 1_usize;
    for step in 0..treated.min(all - treated) {
        ways = ways.checked_mul(all - step)? / (step + 1);
        if ways > WAYS_MAX {
            return None;
        }
    }
    let effect = |chosen: f64| (chosen / count(treated) - (sum - chosen) / count(all - treated)).abs();
    let own = effect(changes[..treated].iter().sum());
    // Equal but for the last digits is equal.
    let bar = own - 1e-9 * changes.iter().map(|change| change.abs()).fold(own, f64::max);
    let mut chosen: Vec<usize> = (0..treated).collect();
    let (mut tried, mut as_large) = (0, 0);
    loop {
        tried += 1;
        as_large += usize::from(effect(chosen.iter().map(|at| changes[*at]).sum()) >= bar);
        let Some(place) = (0..treated).rev().find(|place| chosen[*place] < all - treated + place) else { break };
        chosen[place] += 1;
        for later in place + 1..treated {
            chosen[later] = chosen[later - 1] + 1;
        }
    }
    Some(count(as_large) / count(tried))
}
