#![doc = include_str!("../README.md")]

mod decimal;
mod error;
mod fault;
mod file;
pub mod fuzz;
mod mapping;
mod publicatie;
mod reader;
mod rekening;
mod sheets;
mod soort;
mod taakveld;
mod value;
mod xaf;

pub use decimal::Decimal;
pub use error::ImportError;
pub use fault::{FAULTS_MAX, Fault, Faults, Rule};
pub use mapping::{Mapping, mapping_template, template};
pub use publicatie::{Finding, Publicatie, PublicatieReport, RuleCount};
pub use reader::{Reader, Report};
pub use rekening::{Rekeningen, RekeningenError};
pub use sheets::{Sheet, SheetRow, sheets};
pub use soort::{Field, Soort, SoortError, Together, Type};
pub use taakveld::{Numbering, Taakveld, TaakveldError};
pub use value::{Record, Value};
