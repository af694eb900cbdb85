//! Open data that was downloaded or copied: folders in, rows of `open_data` and `iv3` out. Nothing is replaced: a newer edition
//! is newer rows, and views tell which hold.

use std::{io::Read, path::Path};

use grip_lake::Lake;
use grip_odata::{Bron, Findings, Saved, Table, iv3::read_iv3};
use grip_types::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    PipelineError,
    import::{Sink, first_half, is_in},
    table::{BerichtRow, BevindingRow, Iv3Row, OpenDataRow},
};

/// What came of taking in one folder.
#[derive(Debug, Default, Serialize)]
pub struct OpenDataReport {
    /// Table, as 85098NED.
    pub tabel: String,
    /// Its title.
    pub titel: String,
    /// When it was changed last, as the source writes it.
    pub editie: String,
    /// Rows read.
    pub rows: u64,
    /// Figures taken, absent ones included.
    pub figures: u64,
    /// Whether every page was there and whole.
    pub is_complete: bool,
    /// Whether the very same folder was imported before, so that nothing was done.
    pub known: bool,
    /// How many things were wrong.
    pub fault_count: u64,
    /// What was wrong, per code.
    pub findings: Vec<(String, u64)>,
}

/// Takes in one folder of a table as `grip open-data download` leaves it.
///
/// # Errors
/// [`PipelineError::OpenData`] when the folder holds no table, and when the lake refuses. Faults in rows are findings.
pub fn import_open_data(
    lake: &Lake,
    folder: &Path,
    (imported_at, received): (&str, Date),
) -> Result<OpenDataReport, PipelineError> {
    let saved = Saved::open(folder)?;
    let (bericht_id, bytes) = digest(folder)?;
    let table = saved.table();
    let mut report = OpenDataReport {
        tabel: table.tabel.clone(),
        titel: table.titel.clone(),
        editie: table.modified.clone(),
        is_complete: true,
        ..OpenDataReport::default()
    };
    let mut intake = lake.begin()?;
    if is_in(lake, &bericht_id)? {
        report.known = true;
        return Ok(report);
    }
    let mut sink = Sink::new(&intake);
    let row = Source { table, bericht_id: &bericht_id, imported_at, received };
    let findings = if table.bron == Bron::Iv3 {
        row.take_iv3(folder, &mut sink, &mut report)?
    } else {
        row.take(&saved, &mut sink, &mut report)?
    };
    report.fault_count = findings.total();
    report.findings = findings.counts().map(|(rule, count)| (rule.code().to_owned(), count)).collect();
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sequence = sink.sequence();
    sink.rows.bericht.push(BerichtRow {
        bericht_id: &bericht_id,
        status: if report.figures == 0 {
            "geweigerd"
        } else if report.is_complete {
            "ingelezen"
        } else {
            "gedeeltelijk"
        },
        wet: None,
        berichtsoort: Some(if table.bron == Bron::Iv3 { "iv3" } else { "open-data" }),
        release: None,
        gemeente: None,
        aanbieder: None,
        afzender: None,
        identificatie: None,
        dagtekening: None,
        regels: count(report.figures),
        bevindingen: count(report.fault_count),
        bytes: count(bytes),
        _source_file: &name,
        _intake: sequence,
        _received_at: received,
    });
    for finding in findings.list() {
        sink.rows.bevinding.push(BevindingRow {
            bericht_id: &bericht_id,
            code: finding.rule.code(),
            ernst: crate::rule_text(finding.rule.code()).map_or("fout", |rule| rule.ernst),
            regel: count(finding.row),
            kolom: 0,
            rij: None,
            element: &format!("pagina {}", finding.page),
            omschrijving: &finding.text,
            _received_at: received,
        });
    }
    sink.finish()?;
    intake.commit()?;
    Ok(report)
}

struct Source<'s> {
    table: &'s Table,
    bericht_id: &'s str,
    imported_at: &'s str,
    received: Date,
}

impl Source<'_> {
    fn take(&self, saved: &Saved, sink: &mut Sink<'_>, report: &mut OpenDataReport) -> Result<Findings, PipelineError> {
        let mut failed = None;
        let mut dimensies = String::new();
        let reading = saved.read(|figure| {
            if failed.is_some() {
                return;
            }
            dimensies.clear();
            for dimensie in figure.dimensies {
                if !dimensies.is_empty() {
                    dimensies.push(';');
                }
                dimensies.extend([dimensie.dimensie, "=", dimensie.key]);
            }
            sink.rows.open_data.push(OpenDataRow {
                bron: figure.bron.as_str(),
                tabel: figure.tabel,
                editie: &self.table.modified,
                regio: figure.regio,
                periode: figure.periode.map(ToString::to_string).as_deref(),
                meting: &figure.meting.naam,
                dimensies: &dimensies,
                waarde: figure.waarde.map(|waarde| waarde.to_string()).as_deref(),
                waarde_units: figure.waarde.map(grip_odata::Decimal::mantissa),
                waarde_scale: figure.waarde.map(|waarde| i64::from(waarde.scale())),
                eenheid: &figure.meting.eenheid,
                status: figure.status.as_str(),
                bericht_id: self.bericht_id,
                _imported_at: self.imported_at,
                _received_at: self.received,
            });
            failed = sink.flush_full().err();
        })?;
        report.rows = reading.rows;
        report.figures = reading.waarnemingen;
        report.is_complete = reading.is_complete;
        failed.map_or(Ok(reading.findings), Err)
    }

    fn take_iv3(
        &self,
        folder: &Path,
        sink: &mut Sink<'_>,
        report: &mut OpenDataReport,
    ) -> Result<Findings, PipelineError> {
        let mut failed = None;
        let reading = read_iv3(folder, |regel| {
            if failed.is_some() {
                return;
            }
            sink.rows.iv3.push(Iv3Row {
                gemeente: &regel.gemeente.to_string(),
                jaar: i64::from(regel.jaar),
                verslagsoort: regel.verslagsoort.as_str(),
                taakveld: regel.taakveld,
                generatie: regel.generatie.as_str(),
                categorie: regel.categorie,
                is_last: regel.is_last,
                bedrag_cents: regel.bedrag_cents,
                plaatsing: i64::from(regel.plaatsing),
                tabel: &self.table.tabel,
                editie: &self.table.modified,
                bericht_id: self.bericht_id,
                _imported_at: self.imported_at,
                _received_at: self.received,
            });
            failed = sink.flush_full().err();
        })?;
        report.rows = reading.rows;
        report.figures = reading.regels;
        report.is_complete = reading.is_complete;
        failed.map_or(Ok(reading.findings), Err)
    }
}

/// The name of what a folder holds, and its size: of the files that a table is read from, their names and bytes.
fn digest(folder: &Path) -> Result<(String, u64), PipelineError> {
    let mut paths = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let (mut sha, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    for path in paths {
        sha.update(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        sha.update(fs_err::metadata(&path)?.len().to_be_bytes());
        let mut file = fs_err::File::open(&path)?;
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            bytes += count as u64;
            sha.update(&buffer[..count]);
        }
    }
    Ok((first_half(&sha.finalize()), bytes))
}
