//! Whether an indicator reaches its target, when it goes on as it did.
//!
//! Random walk with drift: Hyndman, R. J. and Athanasopoulos, G. (2021), Forecasting: Principles and Practice, third edition,
//! sections 5.2 and 5.5. The drift is the mean change, and not knowing it is part of the interval.

use super::{Error, Estimate, count};

/// Fewer known values say nothing of a course: three changes give two degrees of freedom.
pub const VALUES_MIN: usize = 4;

/// What should be reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Higher is better.
    AtLeast(f64),
    /// Lower is better.
    AtMost(f64),
    /// Both bounds included.
    Between(f64, f64),
}

/// What may be at the date of the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Value at that date. Its interval is that of the value itself, not only of its mean.
    pub value: Estimate,
    /// Chance that the target is met then.
    pub chance: f64,
    /// Mean change per step used.
    pub change: Estimate,
    /// Known values it rests on.
    pub values: usize,
}

/// The value `ahead` steps after the last place of `values`, against the target.
///
/// Values in equal steps, oldest first; unknown ones are `None` or not finite. `season` is 1 for yearly values; 12 for monthly
/// ones, of which those of the target's own month of the year are used, so that no season can pass for a change.
///
/// Value `y + h·d` for `h` steps after the last known value `y`, `d` the mean change per step over the `N` steps from first to last
/// known value; standard error `√(s²·(h + h²/N))` with `s²` the variance of changes per step, one degree of freedom fewer than
/// changes. Exact when changes are independent and normal, too wide when the course returns to a line.
///
/// # Errors
///
/// * [`Error::TooFewValues`]: fewer than four known ones. [`Error::NoVariation`]: every change is the same.
/// * [`Error::Setting`]: nothing ahead, no season, a target that is not finite or the wrong way round.
pub fn reach(values: &[Option<f64>], ahead: usize, season: usize, target: Target) -> Result<Reach, Error> {
    let is_target = match target {
        Target::AtLeast(bound) | Target::AtMost(bound) => bound.is_finite(),
        Target::Between(low, high) => low.is_finite() && high.is_finite() && low <= high,
    };
    if ahead == 0 || season == 0 || !is_target {
        return Err(Error::Setting);
    }
    // Places of the target's own month, counted in seasons back from the target.
    let end = values.len() + ahead - 1;
    let known: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter(|(at, _)| (end - at).is_multiple_of(season))
        .filter_map(|(at, value)| Some(((end - at) / season, value.filter(|value| value.is_finite())?)))
        .collect();
    let (Some((first_back, first)), Some((back, last))) = (known.first().copied(), known.last().copied()) else {
        return Err(Error::TooFewValues { needed: VALUES_MIN, given: 0 });
    };
    if known.len() < VALUES_MIN {
        return Err(Error::TooFewValues { needed: VALUES_MIN, given: known.len() });
    }
    let steps = count(first_back - back);
    let drift = (last - first) / steps;
    let squares: f64 = known
        .windows(2)
        .map(|pair| {
            let gap = count(pair[0].0 - pair[1].0);
            (pair[1].1 - pair[0].1 - gap * drift).powi(2) / gap
        })
        .sum();
    let freedom = count(known.len() - 2);
    let variance = squares / freedom;
    let largest = known.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    if variance <= (largest * 1e-12).powi(2) {
        return Err(Error::NoVariation);
    }
    let ahead = count(back);
    let spread = (variance * (ahead + ahead * ahead / steps)).sqrt();
    let value = Estimate { value: last + ahead * drift, standard_error: spread, freedom };
    let chance = match target {
        Target::AtLeast(bound) => value.chance_above(bound),
        Target::AtMost(bound) => 1.0 - value.chance_above(bound),
        Target::Between(low, high) => value.chance_above(low) - value.chance_above(high),
    };
    let change = Estimate { value: drift, standard_error: (variance / steps).sqrt(), freedom };
    Ok(Reach { value, chance, change, values: known.len() })
}
