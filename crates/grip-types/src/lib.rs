#![doc = include_str!("../README.md")]

mod address;
mod bedrag;
mod code;
mod maand;
mod persoon;

pub use address::percent_encode;
pub use bedrag::Bedrag;
pub use code::{AgbCode, CodeError, GemeenteCode, Wet};
pub use jiff::civil::Date;
pub use maand::{Maand, MaandError, Periode, parse_date};
pub use persoon::{Bsn, BsnError, PERSONS_MIN, Pseudoniem, hex};
