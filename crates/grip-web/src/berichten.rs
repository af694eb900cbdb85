//! What was taken in, what was not, and why.

use std::collections::BTreeMap;

use askama::Template;
use axum::{http::Uri, response::Response};
use grip_pipeline::answer::{FindingCount, IntakeSummary, RefusedMessage};
use grip_report::{Cell, Column, Language, Table, TableRow, decimal};

use crate::{
    App,
    address::Asked,
    api::{
        self,
        page::{Leafing, Piece, Told},
    },
    document::WithTables,
    frame::{EmptyPage, Frame},
    page,
    pager::Pager,
    problem::Problem,
    words::words,
};

/// Refused files on one page.
const FILES_PER_PAGE: usize = 50;
/// What can become of a file, as the table `bericht` spells it.
const STATUSES: [&str; 3] = ["ingelezen", "gedeeltelijk", "geweigerd"];

#[derive(Template)]
#[template(path = "berichten.html")]
struct BerichtenPage {
    frame: Frame,
    here: Uri,
    lede: String,
    kinds: Table,
    findings: Vec<RuleRow>,
    /// The same findings, for a file.
    finding_table: Table,
    refused: Vec<RefusedRow>,
    pager: Pager,
}

struct RuleRow {
    code: String,
    title: String,
    severity: String,
    times: String,
    files: String,
    explanation: String,
    advice: String,
}

struct RefusedRow {
    file: String,
    received: String,
    findings: Vec<FindingText>,
}

struct FindingText {
    code: String,
    text: String,
    place: String,
}

/// `/berichten`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let (language, pagina) = (asked.language(), asked.pagina()?);
    let summary = app.ask(|grip| grip.intake_summary()).await?;
    let w = words(language);
    if summary.files.is_empty() {
        return page(&EmptyPage { frame: Frame::new(&app, &uri, w.empty_title.to_owned()) });
    }
    let same_file = |a: &RefusedMessage, b: &RefusedMessage| (&a.bestand, &a.ontvangen) == (&b.bestand, &b.ontvangen);
    let refused: Vec<&[RefusedMessage]> = summary.refused.chunk_by(same_file).collect();
    let pager = Pager::new(pagina, FILES_PER_PAGE, refused.len(), language, |pagina| {
        asked.link_with("/berichten", language, &[("pagina", pagina.to_string())])
    })?;
    let refused = refused.into_iter().skip(pager.offset).take(FILES_PER_PAGE);
    let page = BerichtenPage {
        frame: Frame::new(&app, &uri, w.intake_title.to_owned()).keeping(&asked),
        here: uri.clone(),
        lede: lede(&summary, language),
        kinds: kinds(&summary, language),
        finding_table: finding_table(&summary.findings, language),
        findings: summary.findings.iter().map(|finding| rule_row(finding, language)).collect(),
        refused: refused.map(|file| refused_row(file, language)).collect(),
        pager,
    };
    page.respond(&asked)
}

impl WithTables for BerichtenPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn here(&self) -> &Uri {
        &self.here
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.kinds, &self.finding_table]
    }

    fn told(&self) -> Told {
        let refused = self.refused.iter().map(|file| {
            let findings = file.findings.iter().map(|found| format!("{} {} {}", found.code, found.text, found.place));
            Piece::text(&file.file, &[file.received.clone()].into_iter().chain(findings).collect::<Vec<_>>().join("\n"))
        });
        Told {
            titel: self.frame.title.clone(),
            inleiding: self.lede.clone(),
            onderdelen: self.tables().into_iter().map(api::page::table).chain(refused).collect(),
            bladeren: Some(Leafing::of(&self.pager)),
            ..Told::default()
        }
    }
}

fn finding_table(findings: &[FindingCount], language: Language) -> Table {
    let w = words(language);
    let row = |finding: &FindingCount| {
        let text = [&finding.titel, &finding.ernst].map(Cell::text);
        let counts = [finding.count, finding.files].map(Cell::Count);
        let why = [&finding.uitleg, &finding.advies].map(Cell::text);
        TableRow::new(&finding.code, text.into_iter().chain(counts).chain(why).collect())
    };
    Table {
        id: "bevindingen".to_owned(),
        title: w.findings.to_owned(),
        note: String::new(),
        empty: w.no_findings.to_owned(),
        columns: vec![
            Column::kept("code"),
            Column::prose(w.rule),
            Column::text(w.severity),
            Column::number(w.times),
            Column::number(w.files),
            Column::prose(w.what_is_checked),
            Column::prose(w.what_to_do),
        ],
        rows: findings.iter().map(row).collect(),
        total: None,
    }
}

fn lede(summary: &IntakeSummary, language: Language) -> String {
    let of = |wanted: &str| {
        let files = summary.files.iter().filter(|(status, ..)| status == wanted).map(|(.., files)| files).sum();
        number(files, language)
    };
    let [taken, partly, refused] = STATUSES.map(of);
    match language {
        Language::Nl => format!("Bestanden geheel ingelezen: {taken}; gedeeltelijk: {partly}; geweigerd: {refused}."),
        Language::En => format!("Files taken in whole: {taken}; in part: {partly}; refused: {refused}."),
    }
}

/// Files per kind of message, one column per status.
fn kinds(summary: &IntakeSummary, language: Language) -> Table {
    let w = words(language);
    let mut kinds: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    for (status, kind, files) in &summary.files {
        let counts = kinds.entry(kind).or_default();
        if let Some(at) = STATUSES.iter().position(|known| known == status) {
            counts[at] = *files;
        }
    }
    let row = |(name, counts): (&str, [i64; 3])| TableRow::new(name, counts.map(Cell::Count).to_vec());
    Table {
        id: "uitkomst".to_owned(),
        title: w.intake_status.to_owned(),
        note: String::new(),
        empty: String::new(),
        columns: std::iter::once(Column::text(w.kind)).chain(STATUSES.map(Column::number)).collect(),
        rows: kinds.into_iter().map(row).collect(),
        total: None,
    }
}

fn rule_row(finding: &FindingCount, language: Language) -> RuleRow {
    RuleRow {
        code: finding.code.clone(),
        title: finding.titel.clone(),
        severity: finding.ernst.clone(),
        times: number(finding.count, language),
        files: number(finding.files, language),
        explanation: finding.uitleg.clone(),
        advice: finding.advies.clone(),
    }
}

/// One file, with everything that was found in it.
fn refused_row(file: &[RefusedMessage], language: Language) -> RefusedRow {
    let findings = file.iter().map(|finding| FindingText {
        code: finding.code.clone(),
        text: finding.omschrijving.clone(),
        place: match (finding.regel, language) {
            (0, _) => finding.element.clone(),
            (line, Language::Nl) => format!("regel {line}, kolom {}", finding.kolom),
            (line, Language::En) => format!("line {line}, column {}", finding.kolom),
        },
    });
    let first = file.first();
    RefusedRow {
        file: first.map(|first| first.bestand.clone()).unwrap_or_default(),
        received: first.map(|first| first.ontvangen.clone()).unwrap_or_default(),
        findings: findings.collect(),
    }
}

fn number(number: i64, language: Language) -> String {
    decimal(number, 1, 0, language)
}
