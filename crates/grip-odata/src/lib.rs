#![doc = include_str!("../README.md")]

mod decimal;
mod periode;

mod waarneming;

mod error;
mod finding;

mod page;
mod table;

mod reader;

mod saved;

pub mod gebieden;
pub mod iv3;
pub mod taakveld;

mod download;
mod edition;

pub mod fuzz;

pub use decimal::Decimal;
pub use download::{Download, Downloaded, Limits, Progress, Selection, download};
pub use error::OdataError;
pub use finding::{Finding, Findings, Rule};
pub use periode::CbsPeriode;
pub use reader::{Reader, Reading};
pub use saved::{Saved, read_saved};
pub use table::{Description, Table};
pub use waarneming::{Bron, DimensieWaarde, Meting, Status, Waarneming};
