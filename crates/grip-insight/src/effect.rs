//! Did a measure do something, how much, and how sure.
//!
//! | module | the measure is held against |
//! |---|---|
//! | [`interrupted`] | its own course before |
//! | [`difference`] | others that had no measure, over the same time |
//! | [`synthetic`] | a weighted mean of others that went like it before |
//! | [`association`] | what should have followed, when a policy theory says that one thing leads to another |
//! | [`overlap`] | other measures that claim the same money |
//! | [`reach`] | the target it should reach |
//!
//! Nothing here proves a cause. Formulas, sources and measured coverage are in `docs/methods/effect.md` of the repository.

pub mod association;
pub mod difference;
pub mod interrupted;
pub mod overlap;
pub mod reach;
mod regression;
mod student;
pub mod synthetic;

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Error {
    /// Too few known values before the start.
    #[error("{given} values before the start, {needed} are needed")]
    TooFewBefore {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// Too few known values after the start and the transition.
    #[error("{given} values after the start, {needed} are needed")]
    TooFewAfter {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// Too few known values in all.
    #[error("{given} values, {needed} are needed")]
    TooFewValues {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// Too few units to compare with.
    #[error("{given} units to compare with, {needed} are needed")]
    TooFewUnits {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// Series that should run over the same periods do not.
    #[error("a series of {given} periods beside one of {needed}")]
    UnequalLengths {
        /// Length of the first.
        needed: usize,
        /// Length of the other.
        given: usize,
    },
    /// A value that has to be known is not, or is not a finite number.
    #[error("no value at place {at}")]
    Missing {
        /// Place in the series or list it was found in, from zero.
        at: usize,
    },
    /// There is no variation to learn from: all values are equal, or on the line exactly.
    #[error("the values do not vary")]
    NoVariation,
    /// Months, season and transition can not be told apart with these values.
    #[error("the parts of the model can not be told apart with these values")]
    Collinear,
    /// A setting that makes no sense: weights that are negative or all zero, a band the wrong way round, a period outside.
    #[error("a setting that makes no sense")]
    Setting,
}

/// Two bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies within, bounds included.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A figure with what is not known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The figure, in the unit of the series.
    pub value: f64,
    /// Its standard error, in the same unit.
    pub standard_error: f64,
    /// Degrees of freedom of Student's distribution; infinite for the normal one.
    pub freedom: f64,
}

impl Estimate {
    /// Bounds at a level such as 0.8 or 0.95: `value ± t·standard_error`.
    pub fn interval(self, level: f64) -> Interval {
        let margin = student::two_sided(level, self.freedom) * self.standard_error;
        Interval { low: self.value - margin, high: self.value + margin }
    }

    /// Chance of a figure at least this far from zero, on either side, if there were nothing.
    pub fn chance(self) -> f64 {
        if self.standard_error > 0.0 {
            (2.0 * student::upper_tail((self.value / self.standard_error).abs(), self.freedom)).min(1.0)
        } else if self.value.abs() > 0.0 {
            0.0
        } else {
            1.0
        }
    }

    /// Chance that what is estimated exceeds `bound`, when all values were as likely beforehand.
    pub fn chance_above(self, bound: f64) -> f64 {
        if self.standard_error > 0.0 {
            student::upper_tail((bound - self.value) / self.standard_error, self.freedom)
        } else if self.value > bound {
            1.0
        } else {
            0.0
        }
    }
}

/// A number of things as a number to calculate with.
pub(crate) fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

/// The mean; not a number for an empty list.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len())
}
