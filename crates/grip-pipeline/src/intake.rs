//! The door: a folder of files becomes rows, each file once, all of a commit or nothing of it.

use std::{
    collections::{BTreeMap, HashSet},
    io::Read,
    ops::Range,
    path::{Path, PathBuf},
};

use arrow::array::{Array, RecordBatch, StringArray};
use grip_lake::{Intake, Lake};
use grip_messages::{Berichtsoort, Ernst, Finding, Place, Rule, door};
use grip_types::{Date, GemeenteCode, parse_date};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    PipelineError,
    pseudonym::Key,
    rows::{Appender, Rows, envelope},
    table::{BerichtRow, BevindingRow},
};

/// What the standard allows a message to be (OP179), and what is read at all.
const STANDARD_BYTES_MAX: u64 = 25_000_000;
const READ_BYTES_MAX: u64 = 64 << 20;
/// How much is read between two commits: bounds memory, and what a killed process has to do again.
const COMMIT_BYTES: u64 = 192 << 20;
const COMMIT_FILES: usize = 50_000;
/// Below this a second thread costs more than it brings, and makes a second file of few rows.
const SHARE_BYTES: u64 = 2 << 20;
/// Refused files that a report names; the tables name all.
const REFUSED_NAMED_MAX: usize = 100;

/// When the municipality received (or sent) the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceivedOn {
    /// All on this day.
    Day(Date),
    /// On the day that the nearest folder above the file has for a name, as `2025-06-30`.
    FromFolder,
}

/// How far an intake is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Files done.
    pub files: usize,
    /// Of this many.
    pub files_total: usize,
    /// Bytes done.
    pub bytes: u64,
}

/// What came of an intake.
#[derive(Debug, Default, Serialize)]
pub struct IntakeReport {
    /// Files offered.
    pub files: usize,
    /// Their size.
    pub bytes: u64,
    /// Taken whole.
    pub taken: usize,
    /// Taken but for some lines.
    pub partial: usize,
    /// Taken before, and therefore left alone.
    pub known: usize,
    /// Not taken.
    pub refused: usize,
    /// Lines taken.
    pub lines: i64,
    /// Taken messages by kind.
    pub messages: BTreeMap<String, usize>,
    /// Findings by code.
    pub findings: BTreeMap<&'static str, usize>,
    /// The first refused files, with why.
    pub refused_files: Vec<RefusedFile>,
}

/// A file that was not taken.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedFile {
    /// Path below the offered folder.
    pub file: String,
    /// Why, in Dutch.
    pub findings: Vec<String>,
}

struct Offered {
    path: PathBuf,
    /// Path below the offered folder, with `/`.
    name: String,
    bytes: u64,
    received: Option<Date>,
}

/// A folder whose files have not been listed yet: so that what is in memory does not grow with the number of files.
struct Folder {
    path: PathBuf,
    received: Option<Date>,
    files: usize,
}

/// What is known from before, and therefore what may come in.
#[derive(Default)]
struct Known {
    /// Messages of this municipality are taken, others refused.
    only: Option<String>,
    /// Files that were taken, by their digest.
    files: HashSet<u128>,
    /// Messages that were taken, by kind, sender and identification.
    messages: HashSet<u128>,
    /// Files that were refused. They are judged anew, because the reason may be gone, but not told of twice.
    refused: HashSet<u128>,
}

/// What one file became, and where its rows are.
struct Taken {
    offered: usize,
    digest: u128,
    message: Option<u128>,
    outcome: Outcome,
    soort: Option<Berichtsoort>,
    lines: i64,
    findings: Vec<Finding>,
    ranges: [Range<usize>; 9],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Was in already.
    Known,
    /// Counted where its refusal is.
    Replaced,
    Whole,
    Partial,
    Refused,
}

impl Outcome {
    fn status(self) -> &'static str {
        match self {
            Self::Whole | Self::Known | Self::Replaced => "ingelezen",
            Self::Partial => "gedeeltelijk",
            Self::Refused => "geweigerd",
        }
    }
}

/// Takes in a folder of files, or one file.
///
/// Files are taken in the order of the day received and their path; a file or message that is already in is left alone.
/// Intakes of several processes take turns. With `only`, messages of other municipalities are refused.
///
/// # Errors
/// [`PipelineError::NoFiles`], [`PipelineError::OtherKey`], and when the lake refuses. A file that can't be read or used is
/// not an error but a refused file.
pub fn ingest(
    lake: &Lake,
    key: &Key,
    folder: &Path,
    received: ReceivedOn,
    only: Option<GemeenteCode>,
    mut progress: impl FnMut(Progress),
) -> Result<IntakeReport, PipelineError> {
    let folders = folders(folder, received)?;
    let mut state = Progress { files: 0, files_total: folders.iter().map(|folder| folder.files).sum(), bytes: 0 };
    if state.files_total == 0 {
        return Err(PipelineError::NoFiles(folder.to_owned()));
    }
    let mut intake = lake.begin()?;
    crate::check_key(lake.root(), key)?;
    let mut known = Known { only: only.map(|gemeente| gemeente.to_string()), ..known(lake)? };
    let mut report = IntakeReport::default();
    progress(state);
    let mut part: Vec<Offered> = Vec::new();
    let mut part_bytes = 0;
    let mut files = folders.iter().flat_map(|of| files_in(folder, of, key)).peekable();
    while let Some(file) = files.next() {
        part_bytes += file.bytes;
        part.push(file);
        if part_bytes >= COMMIT_BYTES || part.len() >= COMMIT_FILES || files.peek().is_none() {
            take_part(&mut intake, key, &part, &mut known, &mut report)?;
            state.files += part.len();
            state.bytes += part_bytes;
            progress(state);
            part.clear();
            part_bytes = 0;
        }
    }
    report.files = state.files;
    report.bytes = state.bytes;
    Ok(report)
}

/// The folders with files in and below the one that is offered, in the order of the day received and their path.
fn folders(offered: &Path, received: ReceivedOn) -> Result<Vec<Folder>, PipelineError> {
    let metadata = fs_err::metadata(offered)?;
    if metadata.is_file() {
        let received = day_received(offered.parent().unwrap_or(offered), received);
        return Ok(vec![Folder { path: offered.to_owned(), received, files: 1 }]);
    }
    let mut found = Vec::new();
    let mut pending = vec![offered.to_owned()];
    while let Some(path) = pending.pop() {
        let mut folder = Folder { received: day_received(&path, received), path, files: 0 };
        match fs_err::read_dir(&folder.path) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    match entry.file_type() {
                        Ok(kind) if kind.is_dir() => pending.push(entry.path()),
                        Ok(kind) if kind.is_file() => folder.files += 1,
                        _ => {}
                    }
                }
            }
            Err(error) if folder.path == offered => return Err(error.into()),
            // A folder that can't be looked into is offered as a file that can't be read.
            Err(_) => folder.files = 1,
        }
        if folder.files > 0 {
            found.push(folder);
        }
    }
    found.sort_by(|a, b| (a.received, &a.path).cmp(&(b.received, &b.path)));
    Ok(found)
}

fn day_received(folder: &Path, received: ReceivedOn) -> Option<Date> {
    match received {
        ReceivedOn::Day(day) => Some(day),
        // The offered folder itself, or one above it, may be the dated one.
        ReceivedOn::FromFolder => {
            let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
            absolute.iter().rev().find_map(|part| parse_date(part.to_str()?))
        }
    }
}

/// The files of a folder by name. Links are not followed: what they point at may lie anywhere.
fn files_in(offered: &Path, folder: &Folder, key: &Key) -> Vec<Offered> {
    let mut files: Vec<(PathBuf, u64)> = match fs_err::read_dir(&folder.path) {
        Ok(entries) => {
            let is_file = |entry: &fs_err::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_file());
            let size = |entry: &fs_err::DirEntry| entry.metadata().map_or(0, |metadata| metadata.len());
            entries.flatten().filter(is_file).map(|entry| (entry.path(), size(&entry))).collect()
        }
        // One file is offered by itself; a folder that can't be looked into as a file that can't be read.
        Err(_) => vec![(folder.path.clone(), fs_err::metadata(&folder.path).map_or(0, |metadata| metadata.len()))],
    };
    files.sort();
    let offer = |(path, bytes): (PathBuf, u64)| {
        let below = path.strip_prefix(offered).ok().filter(|below| below.iter().next().is_some());
        let below = below.or(path.file_name().map(Path::new)).unwrap_or(&path);
        let name = below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        Offered { name: key.without_citizen_numbers(&name), path, bytes, received: folder.received }
    };
    files.into_iter().map(offer).collect()
}

fn known(lake: &Lake) -> Result<Known, PipelineError> {
    let sql = "SELECT bericht_id, berichtsoort, CASE WHEN berichtsoort LIKE '%301' OR berichtsoort LIKE '%325' THEN gemeente ELSE aanbieder END AS afzender, identificatie, status FROM bericht";
    let mut known = Known::default();
    for batch in lake.snapshot(None)?.query(sql)? {
        let column = |index: usize| batch.column(index).as_any().downcast_ref::<StringArray>().expect("text columns");
        let (ids, soorten, afzenders, identificaties, statuses) =
            (column(0), column(1), column(2), column(3), column(4));
        for row in 0..batch.num_rows() {
            let Ok(digest) = u128::from_str_radix(ids.value(row), 16) else { continue };
            if statuses.value(row) == Outcome::Refused.status() {
                known.refused.insert(digest);
                continue;
            }
            known.files.insert(digest);
            if identificaties.is_valid(row) {
                known.messages.insert(message_key(soorten.value(row), afzenders.value(row), identificaties.value(row)));
            }
        }
    }
    Ok(known)
}

/// TR056: the identification of a message is unique per kind of message and sender.
fn message_key(soort: &str, afzender: &str, identificatie: &str) -> u128 {
    digest(format!("{soort}\n{afzender}\n{identificatie}").as_bytes())
}

fn digest(bytes: &[u8]) -> u128 {
    let hash = Sha256::digest(bytes);
    let (first, _) = hash.split_first_chunk::<16>().expect("SHA-256 gives 32 bytes");
    u128::from_be_bytes(*first)
}

fn take_part(
    intake: &mut Intake<'_>,
    key: &Key,
    offered: &[Offered],
    known: &mut Known,
    report: &mut IntakeReport,
) -> Result<(), PipelineError> {
    let shares = shares(offered);
    let mut done: Vec<(Rows, Vec<Taken>)> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            shares.into_iter().map(|share| scope.spawn(|| take_share(key, offered, share, known))).collect();
        workers.into_iter().map(|worker| worker.join().expect("reading a file does not panic")).collect()
    });
    // Two files of one part can be the same, or carry the same identification. The first in order stays; its twin loses its
    // rows, and a different message under a used identification is refused.
    let mut late = (Rows::default(), Vec::new());
    let mut dropped: Vec<[Vec<Range<usize>>; 9]> = Vec::new();
    for (_, files) in &mut done {
        let mut without: [Vec<Range<usize>>; 9] = Default::default();
        for taken in files.iter_mut().filter(|taken| taken.outcome != Outcome::Known) {
            let is_refused = taken.outcome == Outcome::Refused;
            let is_new = if is_refused { known.refused.insert(taken.digest) } else { known.files.insert(taken.digest) };
            let is_twin = is_new && taken.message.is_some_and(|message| !known.messages.insert(message));
            if is_new && !is_twin {
                continue;
            }
            for (table, range) in without.iter_mut().zip(&taken.ranges) {
                table.push(range.clone());
            }
            if is_twin {
                known.files.remove(&taken.digest);
                let rows = known.refused.insert(taken.digest).then_some(&mut late.0);
                late.1.push(refuse(
                    rows,
                    &offered[taken.offered],
                    taken.offered,
                    taken.digest,
                    taken.soort,
                    vec![twin()],
                ));
                taken.outcome = Outcome::Replaced;
            } else if !is_refused {
                taken.outcome = Outcome::Known;
            }
        }
        dropped.push(without);
    }
    for (_, files) in done.iter().chain([&late]) {
        for taken in files {
            count(report, offered, taken);
        }
    }
    dropped.push(Default::default());
    done.push(late);
    {
        let intake = &*intake;
        std::thread::scope(|scope| {
            let writers: Vec<_> = done
                .into_iter()
                .zip(&dropped)
                .map(|((mut rows, _), without)| scope.spawn(move || stage(intake, rows.finish(), without)))
                .collect();
            writers.into_iter().try_for_each(|writer| writer.join().expect("writing rows does not panic"))
        })?;
    }
    intake.commit()?;
    Ok(())
}

/// Cuts a part into neighbouring pieces of about equal size, one per processor.
fn shares(offered: &[Offered]) -> Vec<Range<usize>> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let total: u64 = offered.iter().map(|file| file.bytes).sum();
    let wanted = processors.min(total / SHARE_BYTES + 1);
    let (mut shares, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (index, file) in offered.iter().enumerate() {
        bytes += file.bytes;
        if bytes * wanted >= total * (shares.len() as u64 + 1) || index + 1 == offered.len() {
            shares.push(start..index + 1);
            start = index + 1;
        }
    }
    shares
}

fn take_share(key: &Key, offered: &[Offered], share: Range<usize>, known: &Known) -> (Rows, Vec<Taken>) {
    let mut rows = Rows::default();
    let mut taken = Vec::with_capacity(share.len());
    let mut buffer = Vec::new();
    for index in share {
        taken.push(take_file(key, &offered[index], index, known, &mut rows, &mut buffer));
    }
    (rows, taken)
}

fn take_file(key: &Key, file: &Offered, offered: usize, known: &Known, rows: &mut Rows, buffer: &mut Vec<u8>) -> Taken {
    let before = rows.lengths();
    if let Err(finding) = read_into(file, buffer) {
        let digest = digest(format!("{}\n{}", file.name, file.bytes).as_bytes());
        let rows = (!known.refused.contains(&digest)).then_some(rows);
        return refuse(rows, file, offered, digest, None, vec![finding]);
    }
    let digest = digest(buffer);
    let ranges = std::array::from_fn(|table| before[table]..before[table]);
    if known.files.contains(&digest) {
        return Taken {
            offered,
            digest,
            message: None,
            outcome: Outcome::Known,
            soort: None,
            lines: 0,
            findings: Vec::new(),
            ranges,
        };
    }
    let is_told = known.refused.contains(&digest);
    let mut reading = grip_messages::read(buffer);
    if file.bytes > STANDARD_BYTES_MAX {
        reading.findings.push(whole(door::GROTER_DAN_STANDAARD, format!("het bestand is {} bytes", file.bytes)));
    }
    let Some(received) = file.received else {
        let finding = whole(door::GEEN_ONTVANGSTDATUM, "geen map in het pad heeft een datum als naam".to_owned());
        return refuse((!is_told).then_some(rows), file, offered, digest, reading.soort, vec![finding]);
    };
    let Some(bericht) = reading.bericht else {
        return refuse((!is_told).then_some(rows), file, offered, digest, reading.soort, reading.findings);
    };
    let Some(envelope) = envelope(&bericht.inhoud) else {
        let mut findings = reading.findings;
        findings.push(whole(
            door::HEADER_ONVOLLEDIG,
            "afzender, ontvanger, identificatie of dagtekening ontbreekt of is ongeldig".to_owned(),
        ));
        return refuse((!is_told).then_some(rows), file, offered, digest, reading.soort, findings);
    };
    if let Some(only) = known.only.as_ref().filter(|only| *only != envelope.gemeente) {
        let text = format!("het bericht is van gemeente {} en niet van {only}", envelope.gemeente);
        return refuse(
            (!is_told).then_some(rows),
            file,
            offered,
            digest,
            reading.soort,
            vec![whole(door::ANDERE_GEMEENTE, text)],
        );
    }
    let soort = bericht.soort.to_string();
    let message = message_key(&soort, envelope.afzender, envelope.identificatie);
    if known.messages.contains(&message) {
        return refuse((!is_told).then_some(rows), file, offered, digest, reading.soort, vec![twin()]);
    }
    let bericht_id = format!("{digest:032x}");
    let mut findings = reading.findings;
    let text = std::str::from_utf8(buffer).unwrap_or_default();
    let mut appender =
        Appender { text, bericht_id: &bericht_id, received, key, rows, findings: &mut findings, line: 0 };
    let lines = appender.append(bericht.soort, &envelope, &bericht.inhoud);
    // An element that is missing or has no place may have held lines.
    let is_partial = |finding: &Finding| {
        [door::REGEL_NIET_OVERGENOMEN, door::ELEMENT_ONTBREEKT, door::ELEMENT_ONVERWACHT].contains(&finding.rule)
    };
    let outcome = if findings.iter().any(is_partial) { Outcome::Partial } else { Outcome::Whole };
    rows.bericht.push(BerichtRow {
        bericht_id: &bericht_id,
        status: outcome.status(),
        wet: Some(bericht.soort.wet.as_str()),
        berichtsoort: Some(&soort),
        release: Some(&bericht.soort.release.to_string()),
        gemeente: Some(envelope.gemeente),
        aanbieder: Some(envelope.aanbieder),
        identificatie: Some(envelope.identificatie),
        dagtekening: Some(envelope.dagtekening),
        regels: lines,
        bevindingen: i64::try_from(findings.len()).unwrap_or(i64::MAX),
        bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        _source_file: &file.name,
        _received_at: received,
    });
    push_findings(rows, &bericht_id, received, &findings);
    let after = rows.lengths();
    let ranges = std::array::from_fn(|table| before[table]..after[table]);
    Taken { offered, digest, message: Some(message), outcome, soort: reading.soort, lines, findings, ranges }
}

fn read_into(file: &Offered, buffer: &mut Vec<u8>) -> Result<(), Finding> {
    if file.bytes > READ_BYTES_MAX {
        return Err(whole(door::TE_GROOT, format!("het bestand is {} bytes", file.bytes)));
    }
    let unreadable = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "het bestand is er niet meer".to_owned(),
            std::io::ErrorKind::PermissionDenied => "Grip mag het bestand niet lezen".to_owned(),
            kind => format!("het bestand is niet te lezen ({kind})"),
        };
        whole(door::NIET_LEESBAAR, why)
    };
    let mut opened = fs_err::File::open(&file.path).map_err(unreadable)?;
    // One call for what was counted and one for the end; a file that has grown since takes more.
    let counted = usize::try_from(file.bytes).unwrap_or(usize::MAX);
    buffer.resize(counted.saturating_add(1), 0);
    let mut filled = 0;
    loop {
        let read = match opened.read(&mut buffer[filled..]) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            other => other.map_err(unreadable)?,
        };
        filled += read;
        if read == 0 {
            buffer.truncate(filled);
            return Ok(());
        }
        if filled as u64 > READ_BYTES_MAX {
            return Err(whole(door::TE_GROOT, format!("het bestand is meer dan {READ_BYTES_MAX} bytes")));
        }
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
    }
}

fn whole(rule: &'static Rule, text: String) -> Finding {
    Finding { rule, place: Place::default(), element: String::new(), text }
}

fn twin() -> Finding {
    whole(door::DUBBEL_BERICHT, "een ander bericht van deze soort en afzender heeft dezelfde identificatie".to_owned())
}

/// A file that is not taken. Without `rows` it has been told of before.
fn refuse(
    rows: Option<&mut Rows>,
    file: &Offered,
    offered: usize,
    digest: u128,
    soort: Option<Berichtsoort>,
    findings: Vec<Finding>,
) -> Taken {
    let mut ranges = std::array::from_fn(|_| 0..0);
    if let Some(rows) = rows {
        let before = rows.lengths();
        push_refused(rows, file, digest, soort, &findings);
        let after = rows.lengths();
        ranges = std::array::from_fn(|table| before[table]..after[table]);
    }
    Taken { offered, digest, message: None, outcome: Outcome::Refused, soort, lines: 0, findings, ranges }
}

fn push_refused(rows: &mut Rows, file: &Offered, digest: u128, soort: Option<Berichtsoort>, findings: &[Finding]) {
    let bericht_id = format!("{digest:032x}");
    // A file without a date of its own is dated by the first day there is: it holds no facts, only that it was there.
    let received = file.received.unwrap_or(Date::constant(1970, 1, 1));
    rows.bericht.push(BerichtRow {
        bericht_id: &bericht_id,
        status: Outcome::Refused.status(),
        wet: soort.map(|soort| soort.wet.as_str()),
        berichtsoort: soort.map(|soort| soort.to_string()).as_deref(),
        release: soort.map(|soort| soort.release.to_string()).as_deref(),
        gemeente: None,
        aanbieder: None,
        identificatie: None,
        dagtekening: None,
        regels: 0,
        bevindingen: i64::try_from(findings.len()).unwrap_or(i64::MAX),
        bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        _source_file: &file.name,
        _received_at: received,
    });
    push_findings(rows, &bericht_id, received, findings);
}

fn push_findings(rows: &mut Rows, bericht_id: &str, received: Date, findings: &[Finding]) {
    for finding in findings {
        rows.bevinding.push(BevindingRow {
            bericht_id,
            code: finding.rule.code,
            ernst: finding.rule.ernst.as_str(),
            regel: i64::from(finding.place.line),
            kolom: i64::from(finding.place.column),
            element: &finding.element,
            omschrijving: &finding.text,
            _received_at: received,
        });
    }
}

fn count(report: &mut IntakeReport, offered: &[Offered], taken: &Taken) {
    match taken.outcome {
        Outcome::Replaced => return,
        Outcome::Known => report.known += 1,
        Outcome::Whole => report.taken += 1,
        Outcome::Partial => report.partial += 1,
        Outcome::Refused => report.refused += 1,
    }
    if taken.outcome == Outcome::Known {
        return;
    }
    report.lines += taken.lines;
    for finding in &taken.findings {
        *report.findings.entry(finding.rule.code).or_default() += 1;
    }
    if taken.outcome == Outcome::Refused {
        if report.refused_files.len() < REFUSED_NAMED_MAX {
            let why =
                taken.findings.iter().filter(|finding| finding.rule.ernst == Ernst::Weigering).map(ToString::to_string);
            report
                .refused_files
                .push(RefusedFile { file: offered[taken.offered].name.clone(), findings: why.collect() });
        }
    } else if let Some(soort) = taken.soort {
        *report.messages.entry(soort.to_string()).or_default() += 1;
    }
}

fn stage(
    intake: &Intake<'_>,
    tables: [(&'static str, RecordBatch); 9],
    without: &[Vec<Range<usize>>; 9],
) -> Result<(), PipelineError> {
    for ((table, batch), dropped) in tables.into_iter().zip(without) {
        let gone: usize = dropped.iter().map(Range::len).sum();
        if batch.num_rows() == gone {
            continue;
        }
        let mut file = intake.stage(table)?;
        let mut start = 0;
        for range in dropped.iter().chain([&(batch.num_rows()..batch.num_rows())]) {
            if range.start > start {
                file.write(&batch.slice(start, range.start - start))?;
            }
            start = range.end;
        }
        file.finish()?;
    }
    Ok(())
}
