#![doc = include_str!("../README.md")]
#![forbid(missing_docs)]

pub mod across;
pub mod inside;
