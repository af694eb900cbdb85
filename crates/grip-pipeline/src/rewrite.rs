//! Rows in the place of those a table has, with other words for some of the pseudonyms in them. ADR-0030.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, AsArray, RecordBatch, StringArray},
    datatypes::SchemaRef,
};
use grip_lake::{Intake, Snapshot, StagedFile};
use grip_logboek::Held;

use crate::{
    LakeTable, PipelineError,
    occurrence::{Replacements, replaced},
    processing,
};

/// Rows of one file: as many as fit in memory while it is written.
const FILE_ROWS: usize = 1 << 20;

/// Whether a pseudonym that is to be replaced stands in any text of a query's rows.
pub(crate) fn is_touched(snapshot: &Snapshot, sql: &str, replacements: &Replacements) -> Result<bool, PipelineError> {
    let mut touched = false;
    snapshot.each(sql, |batch| {
        touched = touched
            || batch
                .columns()
                .iter()
                .filter_map(|column| column.as_string_opt::<i32>())
                .any(|texts| texts.iter().flatten().any(|text| replaced(text, replacements).is_some()));
    })?;
    Ok(touched)
}

/// Stages what a query gives of a table in the place of all its rows. Gives the number of rows and the files that go.
pub(crate) fn rewrite(
    intake: &mut Intake<'_>,
    snapshot: &Snapshot,
    table: &LakeTable,
    sql: &str,
    replacements: &Replacements,
) -> Result<(usize, Vec<String>), PipelineError> {
    let removed = intake.replace(table.name)?;
    let schema = (table.schema)();
    let mut out = Out { intake, table: table.name, file: None, in_file: 0, rows: 0 };
    let mut failed = None;
    snapshot.each(sql, |batch| {
        if failed.is_none() {
            failed = with_replacements(batch, &schema, replacements).and_then(|rows| out.write(&rows)).err();
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok((out.finish()?, removed)),
    }
}

struct Out<'i, 'a> {
    intake: &'i Intake<'a>,
    table: &'static str,
    file: Option<StagedFile<'i>>,
    in_file: usize,
    rows: usize,
}

impl Out<'_, '_> {
    fn write(&mut self, rows: &RecordBatch) -> Result<(), PipelineError> {
        if self.in_file >= FILE_ROWS
            && let Some(full) = self.file.take()
        {
            full.finish()?;
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                self.in_file = 0;
                none.insert(self.intake.stage(self.table)?)
            }
        };
        file.write(rows)?;
        self.in_file += rows.num_rows();
        self.rows += rows.num_rows();
        Ok(())
    }

    fn finish(self) -> Result<usize, PipelineError> {
        if let Some(file) = self.file {
            file.finish()?;
        }
        Ok(self.rows)
    }
}

fn with_replacements(
    batch: &RecordBatch,
    schema: &SchemaRef,
    replacements: &Replacements,
) -> Result<RecordBatch, PipelineError> {
    let columns = batch.columns().iter().map(|column| match column.as_string_opt::<i32>() {
        Some(texts) => {
            let of = |text: &str| replaced(text, replacements).unwrap_or_else(|| text.to_owned());
            Arc::new(texts.iter().map(|text| text.map(of)).collect::<StringArray>()) as ArrayRef
        }
        None => column.clone(),
    });
    let rows = RecordBatch::try_new(schema.clone(), columns.collect());
    Ok(rows.map_err(grip_lake::LakeError::from)?)
}

/// Stages the record of processing with the same words. Its lock has to be held until the commit.
pub(crate) fn rewrite_logboek(
    intake: &mut Intake<'_>,
    held: &Held<'_>,
    replacements: &Replacements,
) -> Result<(), PipelineError> {
    for file in held.files().map_err(PipelineError::Logboek)? {
        let Some(name) = file.file_name() else { continue };
        let home = Path::new(processing::FOLDER).join(name);
        let mut lines = BufReader::new(fs_err::File::open(&file)?);
        intake.stage_beside(&home, |out| {
            let mut line = String::new();
            while lines.read_line(&mut line)? > 0 {
                out.write_all(replaced(&line, replacements).as_ref().unwrap_or(&line).as_bytes())?;
                line.clear();
            }
            Ok(())
        })?;
    }
    Ok(())
}
