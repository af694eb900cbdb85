//! Every processing of persons in the record of processing, before it has its effect. ADR-0030.

use std::collections::BTreeSet;

use arrow::array::{AsArray, RecordBatch};
use grip_lake::Lake;
use grip_logboek::{Activity, Logboek, Processing, Trace};
use grip_types::Pseudoniem;

use crate::PipelineError;

/// Folder of the record, below that of the data.
pub(crate) const FOLDER: &str = "logboek";
/// The column that says who a row is about.
pub(crate) const CLIENT: &str = "client";

/// The record of a lake.
pub(crate) fn logboek(lake: &Lake) -> Logboek {
    Logboek::at(lake.root().join(FOLDER))
}

/// A processing that begins now.
pub(crate) fn begin(activity: Activity, name: &str, trace: Option<Trace>) -> Result<Processing<'_>, PipelineError> {
    Processing::begin(activity, name, trace).map_err(PipelineError::Logboek)
}

/// Writes a processing down. Who shows or keeps something does so after this.
pub(crate) fn write(
    lake: &Lake,
    processing: &Processing<'_>,
    subjects: &BTreeSet<Pseudoniem>,
) -> Result<(), PipelineError> {
    let logboek = logboek(lake);
    let held = logboek.hold().map_err(PipelineError::Logboek)?;
    // A rotation or a purge that was cut off puts other files in the place of these: that comes first.
    lake.settle()?;
    held.write(processing, subjects).map_err(PipelineError::Logboek)
}

/// The pseudonym in a text of a table.
pub(crate) fn pseudonym(text: &str) -> Option<Pseudoniem> {
    (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok()).flatten().map(Pseudoniem::from_bits)
}

/// The pseudonyms in the first column of an answer.
pub(crate) fn first_column(batch: &RecordBatch) -> impl Iterator<Item = Pseudoniem> {
    let texts = batch.columns().first().and_then(|texts| texts.as_string_opt::<i32>());
    texts.into_iter().flat_map(|texts| texts.iter().flatten()).filter_map(pseudonym)
}

/// Takes down who these rows are about.
pub(crate) fn note_clients(rows: &RecordBatch, clients: &mut BTreeSet<Pseudoniem>) {
    if let Some(column) = rows.column_by_name(CLIENT).and_then(|column| column.as_string_opt::<i32>()) {
        clients.extend(column.iter().flatten().filter_map(pseudonym));
    }
}
