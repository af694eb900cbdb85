#![doc = include_str!("../README.md")]

mod right;
mod role;

pub use right::{Deed, Detail, Level, Need, Part, level_of};
pub use role::{Grant, Reach, Rights, Role, RoleError};
