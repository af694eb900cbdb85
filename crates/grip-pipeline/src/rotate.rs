//! A new key for the pseudonyms that are kept: all of them at once, and nothing of the old ones left. ADR-0030.

use std::{
    collections::{BTreeSet, HashSet},
    io::Write,
    path::Path,
};

use grip_lake::{Lake, Snapshot};
use grip_logboek::{Activity, Entry};
use grip_types::Pseudoniem;
use serde::Serialize;

use crate::{
    FINGERPRINT, PipelineError, TABLES, fingerprint, is_key_of,
    occurrence::{Replacements, Search, search},
    processing,
    pseudonym::Key,
    rewrite,
};

/// Columns that hold a pseudonym and nothing else.
const COLUMNS: [&str; 2] = [processing::CLIENT, "huishouden"];

/// What came of a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RotateReport {
    /// Whether the data was under the new key already, so that nothing was done.
    pub already: bool,
    /// Different pseudonyms that were made anew.
    pub pseudonyms: usize,
    /// Tables that were written anew, with their rows.
    pub tables: Vec<(String, usize)>,
    /// What a search for the old pseudonyms found in every file of the data folder afterwards.
    pub search: Search,
}

/// Carries every pseudonym that is kept over from a key to the one that follows it, in one step: in every text of every table and
/// in the record of processing. The files that had the old ones are removed. A process that dies before the step has done
/// nothing; one that dies after it is finished by whoever comes next.
///
/// # Errors
/// [`PipelineError::OtherKey`] when the data is under neither key, [`PipelineError::Empty`], and when the lake or the disk refuses.
pub fn rotate(
    lake: &Lake,
    old: &Key,
    new: &Key,
    mut progress: impl FnMut(&str, usize, usize),
) -> Result<RotateReport, PipelineError> {
    let mut intake = lake.begin()?;
    if is_key_of(lake.root(), new).unwrap_or(false) {
        let nothing = Search::default();
        return Ok(RotateReport { already: true, pseudonyms: 0, tables: Vec::new(), search: nothing });
    }
    if !is_key_of(lake.root(), old)? {
        return Err(PipelineError::Empty(lake.root().to_owned()));
    }
    let processing = processing::begin(Activity::RotateKey, "sleutel wisselen", None)?;
    let snapshot = lake.snapshot(None)?;
    let (clients, mut kept) = pseudonyms(&snapshot)?;
    processing::write(lake, &processing, &clients)?;
    let logboek = processing::logboek(lake);
    let held = logboek.hold().map_err(PipelineError::Logboek)?;
    // Somebody of whom nothing was found stands there too.
    let asked = |entry: Entry| kept.extend(entry.subject.as_deref().and_then(processing::pseudonym));
    logboek.each(asked).map_err(PipelineError::Logboek)?;
    let replacements: Replacements =
        kept.iter().map(|before| (before.bits(), new.carried_over(*before).to_string())).collect();
    let mut tables = Vec::new();
    for (done, table) in TABLES.iter().enumerate() {
        progress(table.name, done, TABLES.len());
        let sql = format!("SELECT * FROM {}", table.name);
        if rewrite::is_touched(&snapshot, &sql, &replacements)? {
            let (rows, _) = rewrite::rewrite(&mut intake, &snapshot, table, &sql, &replacements)?;
            tables.push((table.name.to_owned(), rows));
        }
    }
    rewrite::rewrite_logboek(&mut intake, &held, &replacements)?;
    intake.stage_beside(Path::new(FINGERPRINT), |out| out.write_all(fingerprint(new).as_bytes()))?;
    intake.commit()?;
    drop(held);
    progress("", TABLES.len(), TABLES.len());
    let search = search(lake.root(), &kept)?;
    Ok(RotateReport { already: false, pseudonyms: kept.len(), tables, search })
}

/// The clients, and every pseudonym that is kept: of clients and of households.
pub(crate) fn pseudonyms(snapshot: &Snapshot) -> Result<(BTreeSet<Pseudoniem>, HashSet<Pseudoniem>), PipelineError> {
    let (mut clients, mut all) = (BTreeSet::new(), HashSet::new());
    for table in TABLES {
        let schema = (table.schema)();
        for column in COLUMNS.iter().filter(|column| schema.field_with_name(column).is_ok()) {
            let sql = format!("SELECT DISTINCT {column} FROM {} WHERE {column} IS NOT NULL", table.name);
            for batch in snapshot.query(&sql)? {
                for one in processing::first_column(&batch) {
                    all.insert(one);
                    if *column == processing::CLIENT {
                        clients.insert(one);
                    }
                }
            }
        }
    }
    Ok((clients, all))
}
