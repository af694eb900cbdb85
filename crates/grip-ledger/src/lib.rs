#![doc = include_str!("../README.md")]

mod facts;
mod ledger;
mod pattern;
mod realisation;
mod shape;
mod tarief;
mod toewijzing;
mod volume;

pub use facts::{Facts, Levering, LeveringFact, LeveringSoort, Nummer, Prestatie};
pub use ledger::{
    Basis, DECLARABLE_MONTHS, Entry, MONTHS_AHEAD_MAX, Place, Postings, SETTLED_MONTHS, is_settled, ledger,
};
pub use pattern::{CREDIBILITY_TOEWIJZINGEN, Patterns};
pub use realisation::{Realisation, realisation};
pub use tarief::{Tarief, Tarieven};
pub use toewijzing::{Stempel, Toewijzing, current, is_deleted, is_total, known_value, value_per_month};
pub use volume::{Eenheid, Frequentie, Omvang, allocated, ceiling, spread_by_days, total};
