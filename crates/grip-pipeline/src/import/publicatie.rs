//! Published tables: does what is published follow from what is published beside it, and what is published?

use std::{io::Seek, path::Path};

use grip_import::{ImportError, Mapping, Publicatie, Reader, Soort};
use grip_lake::Lake;
use grip_types::{Date, GemeenteCode};

use super::{ImportFault, ImportReport, Offered, Sink, double::Double, is_in, rows, rows::Source};
use crate::{PipelineError, pseudonym::Key};

/// Imports a published table: what does not follow in it becomes a finding with both numbers, and when the table is long its
/// figures become rows of `kerncijfer`. It is long when its columns are those of a Kerncijfer, by name or by the mapping.
///
/// # Errors
/// [`PipelineError::Import`] when the table or its description can't be used, and when the lake refuses. Numbers that do not
/// follow are no error.
pub fn import_publicatie(
    lake: &Lake,
    key: &Key,
    (publicatie, mapping): (&Publicatie, Option<&Mapping>),
    path: &Path,
    gemeente: GemeenteCode,
    when: (&str, Date),
) -> Result<ImportReport, PipelineError> {
    let mut offered = Offered::open(path, "publicatie", gemeente)?;
    let checked = publicatie.check(&mut offered.file)?;
    offered.file.rewind()?;
    let mut intake = lake.begin()?;
    crate::check_key(lake.root(), key)?;
    if is_in(lake, &offered.bericht_id)? {
        return Ok(ImportReport { known: true, ..ImportReport::default() });
    }
    let mut report = ImportReport { rows: checked.rows, fault_count: checked.count, ..ImportReport::default() };
    report.faults.extend(checked.findings.iter().map(|finding| {
        let text = finding.to_string();
        let text = text.strip_prefix(finding.rule.code()).map_or(text.as_str(), str::trim_start).to_owned();
        ImportFault { code: finding.rule.code(), line: finding.line, column: finding.column.clone(), text }
    }));
    let code = gemeente.to_string();
    let source =
        Source { key, gemeente: &code, bericht_id: &offered.bericht_id, imported_at: when.0, received: when.1 };
    let mut sink = Sink::new(&intake);
    let default = Mapping::default();
    match Reader::new(&mut offered.file, Soort::Kerncijfer, mapping.unwrap_or(&default)) {
        Ok(mut reader) => {
            let mut double = Double::default();
            while let Some(record) = reader.next().transpose()? {
                rows::push(&record, &source, &mut double, &mut sink.rows);
                sink.flush_full()?;
            }
            let read = reader.into_report();
            report.taken = read.taken;
            report.filtered = read.filtered;
            report.take_faults(read.faults);
        }
        // Not a long table: it was checked, and that is all there is to do.
        Err(ImportError::NoColumn { .. }) if mapping.is_none() => report.taken = report.rows,
        Err(error) => return Err(error.into()),
    }
    offered.describe(&mut sink, key, &report, when.1);
    sink.finish()?;
    intake.commit()?;
    Ok(report)
}
