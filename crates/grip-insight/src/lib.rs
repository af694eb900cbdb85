#![doc = include_str!("../README.md")]
#![forbid(missing_docs)]

pub mod comparison;
pub mod concentration;
pub mod disclosure;
pub mod effect;
pub mod flow;
pub mod growth;
mod normal;
pub mod realised;
pub mod survival;
