//! Rows of persons whose term is over: removed in one step, and shown to be gone. ADR-0030.

mod terms;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use grip_lake::{Lake, Snapshot};
use grip_logboek::{Activity, DESTROYED};
use grip_types::{Date, Pseudoniem};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use self::terms::{PurgeKind, Terms};
use crate::{
    PipelineError, TABLES,
    facts::Columns,
    occurrence::{Replacements, Search, search},
    processing, rewrite, rotate,
    table::{VernietigingRow, VernietigingRows},
};

/// Folder of the reports, below that of the data.
const REPORTS: &str = "vernietigd";

/// What is to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Kinds, and the first day of each that is kept.
    pub before: BTreeMap<PurgeKind, Date>,
    /// The day it happens.
    pub today: Date,
}

/// Whether rows are removed or only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// Count what would go.
    Look,
    /// Remove it.
    Do,
}

/// What was removed, and what shows that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurgeReport {
    /// Whether the rows were removed; otherwise they would be.
    pub removed: bool,
    /// Day it happened.
    pub day: String,
    /// Every table with rows of a kind that was asked for.
    pub tables: Vec<PurgedTable>,
    /// Persons with rows that went.
    pub persons: usize,
    /// Of which nothing at all is left.
    pub persons_gone: usize,
    /// Files of the record of processing that went.
    pub logboek_files: usize,
    /// Files of tables that were removed from the disk.
    pub files: usize,
    /// SHA-256 of their paths below the data folder, sorted, each with a line end: who kept a list can compare.
    pub files_sha256: String,
    /// Whether counting the rows again afterwards gave what was expected.
    pub counted_again: bool,
    /// What a search for the pseudonyms of who is gone found in every file of the data folder afterwards.
    pub search: Search,
}

impl PurgeReport {
    /// Whether the tables have as many rows as they should, and nothing of who is gone was found.
    pub fn is_proven(&self) -> bool {
        self.removed && self.counted_again && self.search.is_clean()
    }
}

/// A table before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurgedTable {
    /// Its name.
    pub table: String,
    /// Kind of data.
    pub kind: PurgeKind,
    /// First day that is kept.
    pub before: String,
    /// Rows there were.
    pub rows_before: i64,
    /// Rows there are.
    pub rows_after: i64,
    /// The earliest day of what is left by which its age counts; empty when nothing is left.
    pub oldest_left: Option<String>,
}

/// Removes the rows whose term is over from all tables in one step, then looks whether anything of who is gone is anywhere in the
/// data folder, and writes the report beside the tables. Of who is gone the pseudonym is replaced where it stands in other texts and
/// in the record of processing.
///
/// # Errors
/// When the lake or the disk refuses.
pub fn purge(lake: &Lake, wanted: &Wanted, how: Purge) -> Result<PurgeReport, PipelineError> {
    let mut intake = lake.begin()?;
    let processing = processing::begin(Activity::Destroy, "gegevens vernietigen", None)?;
    let snapshot = lake.snapshot(None)?;
    for (name, sql) in views(&wanted.before) {
        snapshot.add_view(&name, &sql)?;
    }
    let mut report = PurgeReport {
        removed: false,
        day: wanted.today.to_string(),
        tables: Vec::new(),
        persons: 0,
        persons_gone: 0,
        logboek_files: 0,
        files: 0,
        files_sha256: String::new(),
        counted_again: false,
        search: Search::default(),
    };
    for (kind, before) in &wanted.before {
        for table in kind.tables() {
            report.tables.push(count(&snapshot, *kind, table, *before)?);
        }
    }
    let (touched, gone) = persons(&snapshot, &wanted.before)?;
    (report.persons, report.persons_gone) = (touched.len(), gone.len());
    if how == Purge::Look {
        return Ok(report);
    }
    if !touched.is_empty() {
        processing::write(lake, &processing, &touched)?;
    }
    let replacements: Replacements = gone.iter().map(|one| (one.bits(), DESTROYED.to_owned())).collect();
    let shrunk: HashSet<&str> =
        report.tables.iter().filter(|one| one.rows_after < one.rows_before).map(|one| one.table.as_str()).collect();
    let mut files = Vec::new();
    for table in TABLES {
        let name = table.name;
        let is_purged = shrunk.contains(name);
        let sql = format!("SELECT * FROM {}{name}", if is_purged { KEPT } else { "" });
        if is_purged || !gone.is_empty() && rewrite::is_touched(&snapshot, &sql, &replacements)? {
            files.extend(rewrite::rewrite(&mut intake, &snapshot, table, &sql, &replacements)?.1);
        }
    }
    let logboek = processing::logboek(lake);
    let held = logboek.hold().map_err(PipelineError::Logboek)?;
    if let Some(before) = wanted.before.get(&PurgeKind::Logboek) {
        report.logboek_files = held.remove_before(*before).map_err(PipelineError::Logboek)?;
    }
    if !gone.is_empty() {
        rewrite::rewrite_logboek(&mut intake, &held, &replacements)?;
    }
    let mut rows = VernietigingRows::default();
    for one in report.tables.iter().filter(|one| shrunk.contains(one.table.as_str())) {
        rows.push(VernietigingRow {
            soort: one.kind.as_str(),
            tabel: &one.table,
            tot: *wanted.before.get(&one.kind).unwrap_or(&wanted.today),
            regels: one.rows_before - one.rows_after,
            _received_at: wanted.today,
        });
    }
    if rows.count > 0 {
        let mut file = intake.stage(VernietigingRows::TABLE)?;
        file.write(&rows.finish())?;
        file.finish()?;
    }
    intake.commit()?;
    drop(held);
    files.sort();
    report.removed = true;
    report.files = files.len();
    let list: String = files.iter().map(|file| format!("{file}\n")).collect();
    report.files_sha256 = Sha256::digest(list).iter().map(|byte| format!("{byte:02x}")).collect();
    let after = lake.snapshot(None)?;
    report.counted_again = true;
    for one in &report.tables {
        report.counted_again &= rows_of(&after, &one.table)? == one.rows_after;
    }
    report.search = search(lake.root(), &gone)?;
    keep(lake, &report)?;
    Ok(report)
}

/// Writes the report under the first free number of its day.
fn keep(lake: &Lake, report: &PurgeReport) -> Result<(), PipelineError> {
    let folder = lake.root().join(REPORTS);
    fs_err::create_dir_all(&folder)?;
    let text = serde_json::to_vec_pretty(report).map_err(std::io::Error::from)?;
    let mut number = 1;
    loop {
        let path = folder.join(format!("{}-{number:03}.json", report.day));
        match fs_err::OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(mut file) => {
                std::io::Write::write_all(&mut file, &text)?;
                return Ok(file.sync_all()?);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// Begins the name of the view with what stays of a table.
const KEPT: &str = "blijft_";

/// Views with what stays of every table with rows of persons, and with the last day of the care of each person.
///
/// Lines of invoices count from the last day of delivery, so that a line, its credit and its refusal go together. Care counts from
/// the last that happened under a law, as a dossier does: an allocation that has not ended, or that still has lines, keeps all of it.
fn views(before: &BTreeMap<PurgeKind, Date>) -> Vec<(String, String)> {
    let day = |kind: PurgeKind| before.get(&kind).map(|day| format!("DATE '{day}'"));
    let kept = |table: &str, condition: Option<String>| {
        let condition = condition.unwrap_or_else(|| "TRUE".to_owned());
        (format!("{KEPT}{table}"), format!("SELECT {table}.* FROM {table} WHERE {condition}"))
    };
    let declaratie = day(PurgeKind::Declaratie);
    let zorg = day(PurgeKind::Zorg);
    let kenmerk = day(PurgeKind::Kenmerk);
    let mut views = vec![
        kept("prestatie", declaratie.as_ref().map(|day| format!("einddatum >= {day}"))),
        // The refusal of a line stays as long as the line. One whose line is not known counts by itself.
        kept(
            "prestatie_afkeuring",
            declaratie.as_ref().map(|day| {
                let same = |lines: &str| {
                    format!(
                        "SELECT {lines}.referentie_nummer FROM {lines}
                         WHERE {lines}.gemeente = prestatie_afkeuring.gemeente AND {lines}.wet = prestatie_afkeuring.wet
                           AND {lines}.aanbieder = prestatie_afkeuring.aanbieder
                           AND {lines}.client = prestatie_afkeuring.client
                           AND {lines}.referentie_nummer = prestatie_afkeuring.referentie_nummer"
                    )
                };
                let (stays, known) = (same("blijft_prestatie"), same("prestatie"));
                format!("EXISTS ({stays}) OR (_received_at >= {day} AND NOT EXISTS ({known}))")
            }),
        ),
        ("zorg_laatst".to_owned(), LAST_DAY_OF_CARE.to_owned()),
    ];
    for table in PurgeKind::Zorg.tables() {
        views.push(kept(
            table,
            zorg.as_ref().map(|day| {
                format!(
                    "EXISTS (SELECT laatst FROM zorg_laatst WHERE laatst >= {day}
                       AND zorg_laatst.gemeente = {table}.gemeente AND zorg_laatst.wet = {table}.wet
                       AND zorg_laatst.client = {table}.client)"
                )
            }),
        ));
    }
    views.push(("client_blijft".to_owned(), clients_in(KEPT, false)));
    views.push(kept(
        "clientkenmerk",
        kenmerk.map(|day| {
            format!(
                "_received_at >= {day} OR EXISTS (SELECT client_blijft.client FROM client_blijft
                   WHERE client_blijft.client = clientkenmerk.client)"
            )
        }),
    ));
    views
}

/// The last day on which something happened in the care of a person under a law. Care that has no end goes on.
const LAST_DAY_OF_CARE: &str = "
SELECT gemeente, wet, client, MAX(dag) AS laatst FROM (
    SELECT gemeente, wet, client, COALESCE(einddatum, DATE '9999-12-31') AS dag FROM (
        SELECT gemeente, wet, client, einddatum, ROW_NUMBER() OVER (
            PARTITION BY gemeente, wet, client,
                COALESCE(CAST(toewijzing_nummer AS VARCHAR), bericht_id || '/' || CAST(regel AS VARCHAR))
            ORDER BY toewijzingsdatum DESC, toewijzingstijd DESC
        ) AS rang FROM toewijzing
    ) WHERE rang = 1
    UNION ALL SELECT gemeente, wet, client, _received_at FROM toewijzing
    UNION ALL SELECT gemeente, wet, client, _received_at FROM start
    UNION ALL SELECT gemeente, wet, client, begindatum FROM start
    UNION ALL SELECT gemeente, wet, client, _received_at FROM stop
    UNION ALL SELECT gemeente, wet, client, einddatum FROM stop
    UNION ALL SELECT gemeente, wet, client, _received_at FROM verzoek
    UNION ALL SELECT gemeente, wet, client, COALESCE(einddatum, _received_at) FROM verzoek
    UNION ALL SELECT gemeente, wet, client, einddatum FROM blijft_prestatie
) GROUP BY gemeente, wet, client";

/// Everybody with rows, in the tables or in what stays of them.
fn clients_in(prefix: &str, with_kenmerk: bool) -> String {
    let kinds = [PurgeKind::Declaratie, PurgeKind::Zorg].into_iter().chain(with_kenmerk.then_some(PurgeKind::Kenmerk));
    let all: Vec<String> =
        kinds.flat_map(PurgeKind::tables).map(|table| format!("SELECT client FROM {prefix}{table}")).collect();
    all.join(" UNION ")
}

/// By what the age of a row counts.
fn age_column(table: &str) -> &'static str {
    match table {
        "prestatie" => "einddatum",
        _ => "_received_at",
    }
}

fn count(snapshot: &Snapshot, kind: PurgeKind, table: &str, before: Date) -> Result<PurgedTable, PipelineError> {
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM {table}) AS was, COUNT(*) AS blijft, MIN({age}) AS oudste FROM {KEPT}{table}",
        age = age_column(table)
    );
    let batches = snapshot.query(&sql)?;
    let columns = batches.first().map(Columns);
    let number = |column| columns.as_ref().and_then(|columns| columns.number(column, 0)).unwrap_or_default();
    Ok(PurgedTable {
        table: table.to_owned(),
        kind,
        before: before.to_string(),
        rows_before: number(0),
        rows_after: number(1),
        oldest_left: columns.as_ref().and_then(|columns| columns.day(2, 0)).map(|day| day.to_string()),
    })
}

fn rows_of(snapshot: &Snapshot, table: &str) -> Result<i64, PipelineError> {
    let batches = snapshot.query(&format!("SELECT COUNT(*) FROM {table}"))?;
    Ok(batches.first().and_then(|batch| Columns(batch).number(0, 0)).unwrap_or_default())
}

/// Persons of whom rows go, and pseudonyms of which nothing is left.
fn persons(
    snapshot: &Snapshot,
    before: &BTreeMap<PurgeKind, Date>,
) -> Result<(BTreeSet<Pseudoniem>, HashSet<Pseudoniem>), PipelineError> {
    let read = |sql: &str| {
        let mut found = BTreeSet::new();
        snapshot.each(sql, |batch| found.extend(processing::first_column(batch)))?;
        Ok::<_, PipelineError>(found)
    };
    let mut touched = BTreeSet::new();
    for table in before.keys().copied().flat_map(PurgeKind::tables) {
        // As many rows of a person as there were is none that went.
        touched.append(&mut read(&format!(
            "SELECT er.client FROM (SELECT client, COUNT(*) AS rijen FROM {table} GROUP BY client) er
             LEFT JOIN (SELECT client, COUNT(*) AS rijen FROM {KEPT}{table} GROUP BY client) blijft
               ON blijft.client = er.client
             WHERE er.rijen > COALESCE(blijft.rijen, 0)"
        ))?);
    }
    let households =
        |prefix: &str| format!("SELECT huishouden FROM {prefix}clientkenmerk WHERE huishouden IS NOT NULL");
    let left = read(&format!("{} UNION {}", clients_in(KEPT, true), households(KEPT)))?;
    let (_, all) = rotate::pseudonyms(snapshot)?;
    Ok((touched, all.into_iter().filter(|one| !left.contains(one)).collect()))
}
