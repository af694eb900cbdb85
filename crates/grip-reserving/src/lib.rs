#![doc = include_str!("../README.md")]
#![forbid(missing_docs)]

mod additive;
mod batch;
mod bootstrap;
mod bornhuetter_ferguson;
mod cape_cod;
mod chain_ladder;
mod clark;
mod credibility;
mod development;
mod diagnostics;
mod distribution;
mod estimate;
mod linear;
mod links;
mod mack;
mod one_year;
pub mod portfolio;
mod reshape;
mod settlement;
mod tail;
mod triangle;

pub use additive::{Additive, additive};
pub use batch::in_parallel;
pub use bootstrap::{Adjustment, Bootstrap, BootstrapSettings, bootstrap};
pub use bornhuetter_ferguson::{benktander, bornhuetter_ferguson, expected_loss};
pub use cape_cod::{CapeCod, RateModel, cape_cod};
pub use chain_ladder::chain_ladder;
pub use clark::{Clark, Growth, GrowthCurve, clark_cape_cod, clark_ldf};
pub use credibility::shrink;
pub use development::{Averaging, Development};
pub use diagnostics::{CalendarTest, CorrelationTest, Residual, calendar_test, correlation_test, residuals};
pub use distribution::{lognormal_interval, lognormal_quantile};
pub use estimate::{Estimate, OriginEstimate};
pub use links::{Average, LinkWeights, Links, Selection, SigmaRule, links};
pub use mack::{Mack, StandardError, mack, mack_with};
pub use one_year::{OneYear, one_year};
pub use settlement::{Settlement, settlement};
pub use tail::{Curve, Tail, fit_tail};
pub use triangle::{Absent, Grain, Kind, Triangle};

/// Why a triangle could not be built or an estimate could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no origin at all.
    #[error("a triangle needs at least one origin")]
    NoOrigins,
    /// An origin without a single observation.
    #[error("origin {origin} has no observation")]
    EmptyOrigin {
        /// Row, counted from 0, oldest first.
        origin: usize,
    },
    /// A younger origin is observed to a higher age than the one before it.
    #[error("origin {origin} is observed to age {age}, further than the older origin before it")]
    YoungerObservedFurther {
        /// Row, counted from 0, oldest first.
        origin: usize,
        /// The highest age at which this origin is observed.
        age: usize,
    },
    /// A value, or a sum of increments, that is NaN or infinite.
    #[error("the value of origin {origin} at age {age} is not finite")]
    NotFinite {
        /// Row, counted from 0, oldest first.
        origin: usize,
        /// Column, counted from 0.
        age: usize,
    },
    /// A development pattern has a factor that is NaN, infinite or not above zero.
    #[error("development factor {age} is not a finite number above zero")]
    InvalidFactor {
        /// Age from which the factor develops, counted from 0.
        age: usize,
    },
    /// A weight outside 0 to 1.
    #[error("weight {age} does not lie between 0 and 1")]
    InvalidWeight {
        /// Age, counted from 0.
        age: usize,
    },
    /// A development pattern that is shorter than the triangle.
    #[error("the development pattern has {given} ages, the triangle {needed}")]
    PatternTooShort {
        /// Ages in the pattern.
        given: usize,
        /// Ages in the triangle.
        needed: usize,
    },
    /// A list that should have one number per origin (or per age) has another length.
    #[error("{given} numbers were given where {needed} are needed")]
    LengthMismatch {
        /// Numbers given.
        given: usize,
        /// Numbers needed.
        needed: usize,
    },
    /// A prior or exposure that is NaN or infinite, or an exposure below zero where that has no meaning.
    #[error("the prior or exposure of origin {origin} is not a number that can be used")]
    InvalidExposure {
        /// Row, counted from 0, oldest first.
        origin: usize,
    },
    /// Lengths of origins and development steps that are zero, or do not fit each other.
    #[error("these lengths of origins and development steps do not fit")]
    Grain,
    /// A second cumulative value of one cell.
    #[error("origin {origin} has two values at age {age}")]
    DuplicateCell {
        /// Row, counted from 0, oldest first.
        origin: usize,
        /// Column, counted from 0.
        age: usize,
    },
    /// A cell that the triangle does not have.
    #[error("the triangle has no origin {origin} at age {age}")]
    NoSuchCell {
        /// Row, counted from 0, oldest first.
        origin: usize,
        /// Column, counted from 0.
        age: usize,
    },
    /// More cells than a triangle may have.
    #[error("the triangle would have more than a hundred million cells")]
    TooLarge,
    /// Triangles that should have the same grain, origins and valuation have not.
    #[error("the triangles differ in grain, origins or valuation")]
    ShapeMismatch,
    /// Not more known increments than parameters to estimate.
    #[error("{given} known increments are too few: {needed} are needed")]
    TooFewCells {
        /// Known increments.
        given: usize,
        /// Needed at least.
        needed: usize,
    },
    /// A model that has no finite fit to this triangle, or fits it without any error.
    #[error("the model has no fit to this triangle")]
    NoFit,
    /// No curve can be drawn through the factors, or its product is not finite.
    #[error("the factors have no tail that could be continued")]
    NoTail,
    /// A setting outside what it can be.
    #[error("a setting is out of its range: {what}")]
    InvalidSetting {
        /// What the range is.
        what: &'static str,
    },
    /// Fewer forecasts with a known outcome than intervals can be learned from.
    #[error("{given} outcomes are too few to calibrate: {needed} are needed")]
    TooFewOutcomes {
        /// Usable outcomes.
        given: usize,
        /// Needed at least.
        needed: usize,
    },
    /// What was done for many triangles panicked: a mistake in the function that was given, or here.
    #[error("a thread stopped before its work was done")]
    Panicked,
}

/// One finite number per origin, or the reason why not.
fn check_per_origin(triangle: &Triangle, numbers: &[f64]) -> Result<(), Error> {
    if numbers.len() != triangle.origins() {
        return Err(Error::LengthMismatch { given: numbers.len(), needed: triangle.origins() });
    }
    match numbers.iter().position(|number| !number.is_finite()) {
        Some(origin) => Err(Error::InvalidExposure { origin }),
        None => Ok(()),
    }
}
