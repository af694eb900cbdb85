#![doc = include_str!("../README.md")]
#![forbid(missing_docs)]

mod answer;
mod catalogue;
mod error;
mod format;
mod period;
mod query;
mod sql;

pub use answer::{Answer, Number, Row, Side, Status, answers};
pub use catalogue::{Bouwsteen, Catalogue, Fraction, Indicator, KNOWN_COLUMNS, Source, Thema};
pub use error::{CallError, CatalogueError, Place};
pub use format::{Aggregate, Dimension, Direction, Empty, Grain, Law, StatusRule, Unit};
pub use period::Period;
pub use query::{COARSE, Call, NOT_KNOWN, Query, check, lines, over, places, query};
