#![doc = include_str!("../README.md")]
#![forbid(missing_docs)]

mod triangle;

mod development;

mod estimate;

mod chain_ladder;

mod mack;

mod bornhuetter_ferguson;

mod cape_cod;

pub use bornhuetter_ferguson::bornhuetter_ferguson;
pub use cape_cod::{CapeCod, cape_cod};
pub use chain_ladder::chain_ladder;
pub use development::{Averaging, Development};
pub use estimate::{Estimate, OriginEstimate};
pub use mack::{Mack, StandardError, mack};
pub use triangle::Triangle;

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
    /// A prior or exposure that is NaN or infinite.
    #[error("the prior or exposure of origin {origin} is not finite")]
    InvalidExposure {
        /// Row, counted from 0, oldest first.
        origin: usize,
    },
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
