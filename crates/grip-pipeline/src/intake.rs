//! The door: a folder of files becomes rows, each file once, all of a commit or nothing of it.

pub(crate) mod containers;
mod known;
mod offered;
pub(crate) mod watch;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    io::Read,
    ops::Range,
    path::Path,
    time::Instant,
};

use arrow::array::RecordBatch;
use grip_lake::{Intake, Lake};
use grip_logboek::Activity;
use grip_messages::{Berichtsoort, Ernst, Finding, door};
use grip_types::{Date, GemeenteCode, Pseudoniem, hex};
use serde::Serialize;
use sha2::{Digest, Sha256};

use self::{
    known::{Known, message_key},
    offered::{Content, Offered, Stamp, whole},
};
use crate::{
    PipelineError, processing,
    pseudonym::Key,
    rows::{Appender, Rows, TABLE_COUNT, answered, envelope},
    table::{BerichtRow, BevindingRow},
};

/// What the standard allows a message to be (OP179).
const STANDARD_BYTES_MAX: u64 = 25_000_000;
/// How much is read between two commits: bounds memory, and what a killed process has to do again.
const COMMIT_BYTES: u64 = 192 << 20;
const COMMIT_FILES: usize = 50_000;
/// The same for documents out of containers, which lie in memory all at once.
const COMMIT_UNPACKED_BYTES: u64 = 64 << 20;
/// Below this a second thread costs more than it brings, and makes a second file of few rows.
const SHARE_BYTES: u64 = 2 << 20;
/// What `berichtsoort` says of an archive or envelope.
const CONTAINER: &str = "container";
/// A file without a date of its own is dated by the first day there is: it holds no facts, only that it was there.
const UNDATED: Date = Date::constant(1970, 1, 1);
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

/// What one file became, and where its rows are.
struct Taken {
    offered: usize,
    digest: u128,
    message: Option<u128>,
    /// The message that this one answers and refuses as a whole, so that it counts as never sent (OP286).
    refuses: Option<u128>,
    /// Set when the file was written just before it was read.
    fresh: Option<Stamp>,
    outcome: Outcome,
    soort: Option<Berichtsoort>,
    lines: i64,
    findings: Vec<Finding>,
    ranges: [Range<usize>; TABLE_COUNT],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Was in already.
    Known,
    /// Counted where its refusal is.
    Replaced,
    /// Holds documents that are offered after it.
    Container,
    Whole,
    Partial,
    Refused,
}

impl Outcome {
    fn status(self) -> &'static str {
        match self {
            Self::Whole | Self::Known | Self::Replaced | Self::Container => "ingelezen",
            Self::Partial => "gedeeltelijk",
            Self::Refused => "geweigerd",
        }
    }
}

impl Outcome {
    /// The word people see, or `None` when another line tells of the file.
    fn told(self) -> Option<&'static str> {
        match self {
            Self::Known => Some("bekend"),
            Self::Replaced | Self::Container => None,
            other => Some(other.status()),
        }
    }
}

/// What became of one file or document.
#[derive(Debug, Clone)]
pub struct Fate<'f> {
    /// Path below the offered folder; of a document the path goes on inside its container.
    pub file: &'f str,
    /// First 32 hexadecimal digits of its SHA-256.
    pub digest: String,
    /// ingelezen, gedeeltelijk, bekend or geweigerd.
    pub outcome: &'static str,
    /// Whether it is in, now or from before; of a container everything it holds.
    pub is_in: bool,
    /// What was found.
    pub findings: &'f [Finding],
}

/// Takes in a folder of files, or one file, and judges what is new by the rules over messages together.
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
    progress: impl FnMut(Progress),
) -> Result<IntakeReport, PipelineError> {
    let folders = offered::folders(folder, received)?;
    let total = folders.iter().map(|folder| folder.files).sum();
    if total == 0 {
        return Err(PipelineError::NoFiles(folder.to_owned()));
    }
    let files = offered::files(folder, &folders, key);
    take_all(lake, key, files, total, received, only, progress, |_| {})
}

/// Takes in files that are named one by one, and tells what became of each.
#[expect(clippy::too_many_arguments, reason = "the seam between both ways to offer files and their taking")]
fn take_all(
    lake: &Lake,
    key: &Key,
    files: impl Iterator<Item = Offered>,
    files_total: usize,
    received: ReceivedOn,
    only: Option<GemeenteCode>,
    mut progress: impl FnMut(Progress),
    tell: impl FnMut(&Fate<'_>),
) -> Result<IntakeReport, PipelineError> {
    let intake = lake.begin()?;
    crate::check_key(lake.root(), key)?;
    let known = Known::load(lake, only)?;
    let mut run = Run { lake, intake, key, received, known, report: IntakeReport::default(), tell };
    let mut state = Progress { files: 0, files_total, bytes: 0 };
    progress(state);
    let mut part: Vec<Offered> = Vec::new();
    let mut part_bytes = 0;
    let mut files = files.peekable();
    while let Some(file) = files.next() {
        part_bytes += file.bytes;
        part.push(file);
        if part_bytes >= COMMIT_BYTES || part.len() >= COMMIT_FILES || files.peek().is_none() {
            let containers = run.take_part(&part, None)?;
            for container in containers {
                run.take_container(&part[container])?;
            }
            state.files += part.len();
            state.bytes += part_bytes;
            progress(state);
            part.clear();
            part_bytes = 0;
        }
    }
    // What was known is not needed any more, and there may be millions of it.
    let Run { mut intake, known, mut report, .. } = run;
    drop(known);
    for (code, count) in crate::controle::judge_new(lake, &mut intake)? {
        *report.findings.entry(code).or_default() += count;
    }
    report.files = state.files;
    report.bytes = state.bytes;
    Ok(report)
}

/// An intake under way.
struct Run<'a, T> {
    lake: &'a Lake,
    intake: Intake<'a>,
    key: &'a Key,
    received: ReceivedOn,
    known: Known,
    report: IntakeReport,
    tell: T,
}

/// An archive or envelope whose last documents are about to go in.
struct Container<'c> {
    offered: &'c Offered,
    digest: u128,
    documents: usize,
    /// Refusals before its first document.
    refused_before: usize,
    findings: Vec<Finding>,
}

impl<T: FnMut(&Fate<'_>)> Run<'_, T> {
    /// Takes files or documents in, in one commit, with the container that they are the last of. Gives the positions of those
    /// that are containers themselves.
    fn take_part(
        &mut self,
        offered: &[Offered],
        container: Option<Container<'_>>,
    ) -> Result<Vec<usize>, PipelineError> {
        let processing = processing::begin(Activity::TakeInMessages, "berichten inlezen", None)?;
        let (key, sequence) = (self.key, self.intake.sequence());
        let (known, started) = (&self.known, Instant::now());
        let mut done: Vec<(Rows, Vec<Taken>)> = std::thread::scope(|scope| {
            let workers: Vec<_> = shares(offered)
                .into_iter()
                .map(|share| scope.spawn(move || take_share(key, offered, share, known, sequence)))
                .collect();
            workers.into_iter().map(|worker| worker.join().expect("reading a file does not panic")).collect()
        });
        if done.iter().flat_map(|(_, files)| files).any(|taken| taken.fresh.is_some()) {
            std::thread::sleep(offered::FRESH_WAIT.saturating_sub(started.elapsed()));
        }
        // Two files of one part can be the same, or carry the same identification. The first in order stays; its twin loses
        // its rows, and a different message under a used identification is refused.
        // What an answer refuses may be sent again under the same identification, wherever in the part the answer stands.
        let mut answers = HashSet::new();
        for taken in done.iter().flat_map(|(_, files)| files) {
            let is_new = !self.known.files.contains(&taken.digest) && answers.insert(taken.digest);
            if let Some(message) = taken.refuses.filter(|_| is_new) {
                self.known.note_refusal(message);
            }
        }
        let mut late = (Rows::default(), Vec::new());
        let mut dropped: Vec<[Vec<Range<usize>>; TABLE_COUNT]> = Vec::new();
        let known = &mut self.known;
        for (_, files) in &mut done {
            let mut without: [Vec<Range<usize>>; TABLE_COUNT] = Default::default();
            for taken in files.iter_mut().filter(|taken| !matches!(taken.outcome, Outcome::Known | Outcome::Container))
            {
                let file = &offered[taken.offered];
                let is_refused = taken.outcome == Outcome::Refused;
                let is_new =
                    if is_refused { known.refused.insert(taken.digest) } else { known.files.insert(taken.digest) };
                let changes = is_new && taken.fresh.is_some_and(|fresh| !fresh.holds(file));
                let is_twin = is_new && !changes && taken.message.is_some_and(|message| !known.admit(message));
                if is_new && !is_twin && !changes {
                    continue;
                }
                for (table, range) in without.iter_mut().zip(&taken.ranges) {
                    table.push(range.clone());
                }
                if is_twin || changes {
                    known.files.remove(&taken.digest);
                    let rows = known.refused.insert(taken.digest).then_some(&mut late.0);
                    let findings = vec![if changes { offered::changes() } else { twin() }];
                    late.1.push(refuse(rows, file, taken.offered, taken.digest, taken.soort, findings, sequence));
                    taken.outcome = Outcome::Replaced;
                } else if !is_refused {
                    taken.outcome = Outcome::Known;
                }
            }
            dropped.push(without);
        }
        let mut containers = Vec::new();
        for (_, files) in done.iter().chain([&late]) {
            for taken in files {
                if taken.outcome == Outcome::Container {
                    containers.push(taken.offered);
                    continue;
                }
                count(&mut self.report, offered, taken);
                self.tell(&offered[taken.offered], taken);
            }
        }
        dropped.push(Default::default());
        done.push(late);
        let intake = &self.intake;
        let clients = std::thread::scope(|scope| {
            let writers: Vec<_> = done
                .into_iter()
                .zip(&dropped)
                .map(|((mut rows, _), without)| scope.spawn(move || stage(intake, rows.finish(), without)))
                .collect();
            writers.into_iter().try_fold(BTreeSet::new(), |mut all, writer| {
                all.append(&mut writer.join().expect("writing rows does not panic")?);
                Ok::<_, PipelineError>(all)
            })
        })?;
        if let Some(container) = container {
            self.write_down(container)?;
        }
        if !clients.is_empty() {
            processing::write(self.lake, &processing, &clients)?;
        }
        self.intake.commit()?;
        Ok(containers)
    }

    /// Stages the row of a container. One that was told of before, and still is not wholly in, is not told of again.
    fn write_down(&mut self, container: Container<'_>) -> Result<(), PipelineError> {
        let Container { offered: file, digest, documents, refused_before, findings } = container;
        let refused = self.report.refused - refused_before;
        let is_hurt = refused > 0 || findings.iter().any(|finding| finding.rule.ernst == Ernst::Weigering);
        let outcome = match (is_hurt, documents > refused) {
            (false, _) => Outcome::Whole,
            (true, true) => Outcome::Partial,
            (true, false) => Outcome::Refused,
        };
        let is_new = if is_hurt { self.known.refused.insert(digest) } else { self.known.files.insert(digest) };
        if is_new {
            let mut rows = Rows::default();
            let received = file.received.unwrap_or(UNDATED);
            let bericht_id = hex(digest);
            rows.bericht.push(BerichtRow {
                status: outcome.status(),
                berichtsoort: Some(CONTAINER),
                ..BerichtRow::of_file(&bericht_id, file, &findings, self.intake.sequence())
            });
            push_findings(&mut rows, &bericht_id, received, &findings);
            stage(&self.intake, rows.finish(), &Default::default())?;
        }
        let taken = Taken { findings, ..Taken::without_rows(0, digest, outcome) };
        count(&mut self.report, std::slice::from_ref(file), &taken);
        self.tell(file, &taken);
        Ok(())
    }

    fn tell(&mut self, file: &Offered, taken: &Taken) {
        if let Some(outcome) = taken.outcome.told() {
            let digest = hex(taken.digest);
            let is_in = self.known.files.contains(&taken.digest);
            (self.tell)(&Fate { file: &file.name, digest, outcome, is_in, findings: &taken.findings });
        }
    }
}

impl<'r> BerichtRow<'r> {
    /// What is known of any file.
    fn of_file(bericht_id: &'r str, file: &'r Offered, findings: &[Finding], sequence: i64) -> Self {
        Self {
            bericht_id,
            status: Outcome::Refused.status(),
            wet: None,
            berichtsoort: None,
            release: None,
            gemeente: None,
            aanbieder: None,
            afzender: None,
            identificatie: None,
            dagtekening: None,
            regels: 0,
            bevindingen: i64::try_from(findings.len()).unwrap_or(i64::MAX),
            bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
            _source_file: &file.name,
            _intake: sequence,
            _received_at: file.received.unwrap_or(UNDATED),
        }
    }
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

fn take_share(key: &Key, offered: &[Offered], share: Range<usize>, known: &Known, sequence: i64) -> (Rows, Vec<Taken>) {
    let mut rows = Rows::default();
    let mut taken = Vec::with_capacity(share.len());
    let mut buffer = Vec::new();
    for index in share {
        taken.push(take_file(key, &offered[index], index, known, &mut rows, &mut buffer, sequence));
    }
    (rows, taken)
}

fn take_file(
    key: &Key,
    file: &Offered,
    offered: usize,
    known: &Known,
    rows: &mut Rows,
    buffer: &mut Vec<u8>,
    sequence: i64,
) -> Taken {
    let before = rows.lengths();
    let (bytes, fresh) = match offered::read(file, buffer) {
        Ok(read) => read,
        Err(_) if containers::is_big_archive(file) => {
            return Taken::without_rows(offered, 0, Outcome::Container);
        }
        Err(finding) => {
            let digest = digest(format!("{}\n{}", file.name, file.bytes).as_bytes());
            let rows = (!known.refused.contains(&digest)).then_some(rows);
            return refuse(rows, file, offered, digest, None, vec![finding], sequence);
        }
    };
    let digest = digest(bytes);
    if known.files.contains(&digest) {
        return Taken::without_rows(offered, digest, Outcome::Known);
    }
    if matches!(file.content, Content::OnDisk(..)) && grip_envelope::is_container(bytes) {
        return Taken::without_rows(offered, digest, Outcome::Container);
    }
    let is_told = known.refused.contains(&digest);
    let mut refuse =
        |soort, findings| refuse((!is_told).then_some(&mut *rows), file, offered, digest, soort, findings, sequence);
    let mut reading = grip_messages::read(bytes);
    if file.bytes > STANDARD_BYTES_MAX {
        reading.findings.push(whole(door::GROTER_DAN_STANDAARD, format!("het bestand is {} bytes", file.bytes)));
    }
    let Some(received) = file.received else {
        let finding = whole(door::GEEN_ONTVANGSTDATUM, "geen map in het pad heeft een datum als naam".to_owned());
        return refuse(reading.soort, vec![finding]);
    };
    let Some(bericht) = reading.bericht else {
        return refuse(reading.soort, reading.findings);
    };
    let Some(envelope) = envelope(&bericht.inhoud) else {
        let mut findings = reading.findings;
        findings.push(whole(
            door::HEADER_ONVOLLEDIG,
            "afzender, ontvanger, identificatie of dagtekening ontbreekt of is ongeldig".to_owned(),
        ));
        return refuse(reading.soort, findings);
    };
    if let Some(only) = known.only.as_ref().filter(|only| *only != envelope.gemeente) {
        let text = format!("het bericht is van gemeente {} en niet van {only}", envelope.gemeente);
        return refuse(reading.soort, vec![whole(door::ANDERE_GEMEENTE, text)]);
    }
    let soort = bericht.soort.to_string();
    let message = message_key(&soort, envelope.afzender, envelope.identificatie);
    let refuses = answered(&bericht.inhoud, bericht.soort)
        .filter(|answer| answer.refuses_whole)
        .map(|answer| message_key(&answer.soort.to_string(), answer.afzender, answer.identificatie));
    let bericht_id = hex(digest);
    let mut findings = reading.findings;
    findings.extend(grip_rules::inside::check(&bericht, bytes));
    let mut appender =
        Appender { file: bytes, bericht_id: &bericht_id, received, key, rows, findings: &mut findings, line: 0 };
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
        afzender: Some(envelope.afzender),
        identificatie: Some(envelope.identificatie),
        dagtekening: Some(envelope.dagtekening),
        regels: lines,
        bevindingen: i64::try_from(findings.len()).unwrap_or(i64::MAX),
        bytes: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        _source_file: &file.name,
        _intake: sequence,
        _received_at: received,
    });
    push_findings(rows, &bericht_id, received, &findings);
    let after = rows.lengths();
    let ranges = std::array::from_fn(|table| before[table]..after[table]);
    let message = Some(message);
    Taken { offered, digest, message, refuses, fresh, outcome, soort: reading.soort, lines, findings, ranges }
}

impl Taken {
    fn without_rows(offered: usize, digest: u128, outcome: Outcome) -> Self {
        Self {
            offered,
            digest,
            message: None,
            refuses: None,
            fresh: None,
            outcome,
            soort: None,
            lines: 0,
            findings: Vec::new(),
            ranges: std::array::from_fn(|_| 0..0),
        }
    }
}

/// The first half of the SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> u128 {
    first_half(Sha256::new_with_prefix(bytes))
}

/// The same of what is too big to hold.
fn digest_of(mut source: impl Read) -> std::io::Result<u128> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(first_half(hash)),
            Ok(read) => hash.update(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn first_half(hash: Sha256) -> u128 {
    let hash = hash.finalize();
    let (first, _) = hash.split_first_chunk::<16>().expect("SHA-256 gives 32 bytes");
    u128::from_be_bytes(*first)
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
    sequence: i64,
) -> Taken {
    let mut ranges = std::array::from_fn(|_| 0..0);
    if let Some(rows) = rows {
        let before = rows.lengths();
        push_refused(rows, file, digest, soort, &findings, sequence);
        let after = rows.lengths();
        ranges = std::array::from_fn(|table| before[table]..after[table]);
    }
    Taken { soort, findings, ranges, ..Taken::without_rows(offered, digest, Outcome::Refused) }
}

fn push_refused(
    rows: &mut Rows,
    file: &Offered,
    digest: u128,
    soort: Option<Berichtsoort>,
    findings: &[Finding],
    sequence: i64,
) {
    let bericht_id = hex(digest);
    let received = file.received.unwrap_or(UNDATED);
    rows.bericht.push(BerichtRow {
        wet: soort.map(|soort| soort.wet.as_str()),
        berichtsoort: soort.map(|soort| soort.to_string()).as_deref(),
        release: soort.map(|soort| soort.release.to_string()).as_deref(),
        ..BerichtRow::of_file(&bericht_id, file, findings, sequence)
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
            rij: None,
            element: &finding.element,
            omschrijving: &finding.text,
            _received_at: received,
        });
    }
}

fn count(report: &mut IntakeReport, offered: &[Offered], taken: &Taken) {
    match taken.outcome {
        Outcome::Replaced | Outcome::Container => return,
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

/// Stages rows but for those that were dropped, and gives the clients they are about.
fn stage(
    intake: &Intake<'_>,
    tables: [(&'static str, RecordBatch); TABLE_COUNT],
    without: &[Vec<Range<usize>>; TABLE_COUNT],
) -> Result<BTreeSet<Pseudoniem>, PipelineError> {
    let mut clients = BTreeSet::new();
    for ((table, batch), dropped) in tables.into_iter().zip(without) {
        let gone: usize = dropped.iter().map(Range::len).sum();
        if batch.num_rows() == gone {
            continue;
        }
        let mut file = intake.stage(table)?;
        let mut start = 0;
        for range in dropped.iter().chain([&(batch.num_rows()..batch.num_rows())]) {
            if range.start > start {
                let rows = batch.slice(start, range.start - start);
                processing::note_clients(&rows, &mut clients);
                file.write(&rows)?;
            }
            start = range.end;
        }
        file.finish()?;
    }
    Ok(clients)
}
