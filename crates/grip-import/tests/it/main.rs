//! Files of every kind, good and bad, read through the public interface only.

#![expect(clippy::print_stdout, reason = "tests say what they could not check")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod as_texts;
mod case;
mod kinds;
mod properties;
mod sheets;
mod xaf;

use grip_import::{ImportError, Mapping, Reader, Record, Report, Soort};

/// Reads all of a file: its records, and what came of it.
fn read(bytes: &[u8], soort: Soort, mapping: &str) -> Result<(Vec<Record>, Report), ImportError> {
    let mapping = if mapping.is_empty() { Mapping::default() } else { Mapping::parse(mapping)? };
    let mut reader = Reader::new(bytes, soort, &mapping)?;
    let records = reader.by_ref().collect::<Result<_, _>>()?;
    Ok((records, reader.into_report()))
}

/// The faults of a file, as `line code column`.
fn faults(report: &Report) -> Vec<String> {
    let kept = report.faults.kept.iter();
    kept.map(|fault| format!("{} {} {}", fault.line, fault.rule.code(), fault.column).trim_end().to_owned()).collect()
}
