//! Sources other than messages: right rows go in, wrong rows are named by line and column. A file goes in as a whole or not at
//! all: rows are written to staged files while they are read, and become part of the tables in one step.

mod double;
mod publicatie;
mod rows;
mod sink;

use std::{
    io::{Read, Seek},
    path::Path,
};

use grip_import::{Fault, Faults, Mapping, Reader, Soort};
use grip_lake::{Lake, Parameter};
use grip_logboek::Activity;
use grip_types::{Date, GemeenteCode};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use self::publicatie::import_publicatie;
pub(crate) use self::sink::Sink;
use self::{double::Double, rows::Source};
use crate::{
    PipelineError,
    facts::Columns,
    processing,
    pseudonym::Key,
    table::{BerichtRow, BevindingRow},
};

/// Code of the finding about lines that were in already.
pub(crate) const DOUBLE_CODE: &str = "I050";

/// What came of an import.
#[derive(Debug, Default, Serialize)]
pub struct ImportReport {
    /// Rows in the file.
    pub rows: u64,
    /// Rows taken.
    pub taken: u64,
    /// Rows that the filters of the mapping left out.
    pub filtered: u64,
    /// Rows that were in already, by a message or an earlier file.
    pub double: u64,
    /// Whether the very same file was imported before, so that nothing was done.
    pub known: bool,
    /// How many things were wrong.
    pub fault_count: u64,
    /// The first thousand of them.
    pub faults: Vec<ImportFault>,
}

impl ImportReport {
    /// Whether any row could not be used.
    pub fn has_refused(&self) -> bool {
        !self.known && self.taken + self.double < self.rows
    }
}

/// A cell that can't be used, or something wrong with the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportFault {
    /// Stable code of the finding.
    pub code: &'static str,
    /// Line in the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// Column.
    pub column: String,
    /// What was expected, in Dutch, without the value where that is about a person.
    pub text: String,
}

impl From<Fault> for ImportFault {
    fn from(fault: Fault) -> Self {
        Self { code: fault.rule.code(), line: fault.line, column: fault.column, text: fault.text }
    }
}

/// Imports a file whose columns are called as the fields are, for a municipality.
///
/// # Errors
/// As [`import_mapped`].
pub fn import(
    lake: &Lake,
    key: &Key,
    soort: Soort,
    path: &Path,
    gemeente: GemeenteCode,
    when: (&str, Date),
) -> Result<ImportReport, PipelineError> {
    import_mapped(lake, key, (soort, &Mapping::default()), path, gemeente, when)
}

/// Imports a file of a supplier, for a municipality: CSV, XLSX or, of the general ledger, XAF. Memory does not grow with CSV
/// and XAF, but for some 64 bytes per line of an invoice or version of an allocation and as much per invoice, to know what is there twice.
///
/// # Errors
/// [`PipelineError::Import`] when the file is not what it should be; [`PipelineError::OtherKey`]; and when the lake refuses.
/// Wrong rows are no error.
pub fn import_mapped(
    lake: &Lake,
    key: &Key,
    (soort, mapping): (Soort, &Mapping),
    path: &Path,
    gemeente: GemeenteCode,
    when: (&str, Date),
) -> Result<ImportReport, PipelineError> {
    let mut offered = Offered::open(path, soort.name(), gemeente)?;
    let mut reader = Reader::new(offered.file.by_ref(), soort, mapping)?;
    let mut intake = lake.begin()?;
    crate::check_key(lake.root(), key)?;
    if is_in(lake, &offered.bericht_id)? {
        return Ok(ImportReport { known: true, ..ImportReport::default() });
    }
    let code = gemeente.to_string();
    let source =
        Source { key, gemeente: &code, bericht_id: &offered.bericht_id, imported_at: when.0, received: when.1 };
    let processing = processing::begin(Activity::TakeInFiles, "bestand inlezen", None)?;
    let mut double = Double::load(lake, soort, &code)?;
    let mut sink = Sink::new(&intake);
    while let Some(record) = reader.next().transpose()? {
        rows::push(&record, &source, &mut double, &mut sink.rows);
        sink.flush_full()?;
    }
    let read = reader.into_report();
    let taken = read.taken - double.skipped();
    let mut report = ImportReport {
        rows: read.rows,
        taken,
        filtered: read.filtered,
        double: double.skipped(),
        ..ImportReport::default()
    };
    report.take_faults(read.faults);
    report.faults.extend(double.findings());
    report.fault_count += double.findings().count() as u64;
    double.push_answers(&source, &mut sink.rows);
    let received = double.first_day().unwrap_or(when.1);
    offered.describe(&mut sink, key, &report, received);
    let clients = sink.finish()?;
    if !clients.is_empty() {
        processing::write(lake, &processing, &clients)?;
    }
    intake.commit()?;
    if soort == Soort::Contract {
        crate::controle::judge_new(lake, &mut intake)?;
    }
    Ok(report)
}

impl ImportReport {
    fn take_faults(&mut self, faults: Faults) {
        self.fault_count += faults.count;
        self.faults.extend(faults.kept.into_iter().map(ImportFault::from));
    }
}

/// A file that is offered, and the name it gets.
struct Offered {
    file: fs_err::File,
    bericht_id: String,
    bytes: u64,
    name: String,
    berichtsoort: String,
    gemeente: String,
}

impl Offered {
    /// The same file may hold for another municipality, or be of another kind, too.
    fn open(path: &Path, berichtsoort: &str, gemeente: GemeenteCode) -> Result<Self, PipelineError> {
        let mut file = fs_err::File::open(path)?;
        let mut sha = Sha256::new();
        sha.update(format!("{berichtsoort}\0{gemeente}\0"));
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            bytes += count as u64;
            sha.update(&buffer[..count]);
        }
        file.rewind()?;
        let berichtsoort = match berichtsoort {
            "toewijzing" | "declaratie" => format!("{berichtsoort}-export"),
            other => other.to_owned(),
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self {
            file,
            bericht_id: first_half(&sha.finalize()),
            bytes,
            name,
            berichtsoort,
            gemeente: gemeente.to_string(),
        })
    }

    fn describe(&self, sink: &mut Sink<'_>, key: &Key, report: &ImportReport, received: Date) {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let status = match (report.taken + report.double, report.rows) {
            (0, 1..) => "geweigerd",
            (good, rows) if good < rows => "gedeeltelijk",
            _ => "ingelezen",
        };
        let sequence = sink.sequence();
        sink.rows.bericht.push(BerichtRow {
            bericht_id: &self.bericht_id,
            status,
            wet: None,
            berichtsoort: Some(&self.berichtsoort),
            release: None,
            gemeente: Some(&self.gemeente),
            aanbieder: None,
            afzender: None,
            identificatie: None,
            dagtekening: None,
            regels: count(report.taken),
            bevindingen: count(report.fault_count),
            bytes: count(self.bytes),
            _source_file: &key.without_citizen_numbers(&self.name),
            _intake: sequence,
            _received_at: received,
        });
        for fault in &report.faults {
            sink.rows.bevinding.push(BevindingRow {
                bericht_id: &self.bericht_id,
                code: fault.code,
                ernst: crate::rule_text(fault.code).map_or("fout", |rule| rule.ernst),
                regel: count(fault.line),
                kolom: 0,
                rij: None,
                element: &fault.column,
                omschrijving: &fault.text,
                _received_at: received,
            });
        }
    }
}

/// First 32 hexadecimal digits of a SHA-256.
pub(crate) fn first_half(digest: &[u8]) -> String {
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether rows of that very file are in. A file of which nothing could be taken may be offered again, with another mapping.
pub(crate) fn is_in(lake: &Lake, bericht_id: &str) -> Result<bool, PipelineError> {
    let found = lake.snapshot(None)?.query_with(
        "SELECT COUNT(*) FROM bericht WHERE bericht_id = $1 AND status <> 'geweigerd'",
        &[Parameter::Text(bericht_id)],
    )?;
    Ok(found.first().and_then(|batch| Columns(batch).number(0, 0)) != Some(0))
}
