#![doc = include_str!("../README.md")]

mod tarief;
mod toewijzing;
mod volume;

pub use tarief::{Tarief, Tarieven};
pub use toewijzing::{Levering, Stempel, Toewijzing, current, is_deleted, known_value};
pub use volume::{Eenheid, Frequentie, Omvang, allocated, ceiling, spread_by_days, total};
