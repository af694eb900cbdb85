//! The quality of the data: all of it, one sender, one rule, one file.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::Uri,
    response::Response,
};
use grip_pipeline::{
    quality::{
        FileFindings, FindingTotal, FoundAt, Quality, QualityCounts, QualityMonth, Refusal, RuleFindings, Sender,
    },
    rule_texts::RuleSource,
};
use grip_report::{Chart, Language, RateBar, RateChart, decimal, euros, month_name_short, percent_one_decimal};
use grip_types::{GemeenteCode, Maand};

use crate::{
    App,
    address::{Asked, Scope, percent_encode},
    frame::{About, Crumb, Frame},
    page,
    problem::Problem,
    prognose::{
        Found, Row,
        drawings::{Drawings, both},
        empty, find_scope, month_in_full, place,
    },
    sentences::long_date,
    words::{Words, words},
};

/// Months of a trend.
const TREND_MONTHS: usize = 24;
/// Months of a headline figure.
const FIGURE_MONTHS: usize = 12;

#[derive(Template)]
#[template(path = "gegevens/page.html")]
struct DataPage {
    frame: Frame,
    title: String,
    title_is_dutch: bool,
    lede: String,
    figures: Vec<Figure>,
    texts: Vec<DutchText>,
    facts_title: &'static str,
    facts: Vec<Fact>,
    trends: Vec<Trend>,
    tables: Vec<Table>,
}

struct Figure {
    name: &'static str,
    number: String,
    note: String,
}

/// A text of a rule under its heading.
struct DutchText {
    name: &'static str,
    text: String,
}

struct Fact {
    name: &'static str,
    text: String,
    is_dutch: bool,
}

/// A rate per month as a drawing and as a table.
struct Trend {
    id: &'static str,
    drawings: Drawings,
    heads: Vec<&'static str>,
    rows: Vec<Row>,
}

/// A table under its own heading.
struct Table {
    id: &'static str,
    title: String,
    note: String,
    /// What stands there when there are no rows.
    empty: &'static str,
    heads: Vec<Head>,
    rows: Vec<TableRow>,
}

struct Head {
    name: &'static str,
    is_number: bool,
    /// Sentences in Dutch, whatever the language of the page.
    is_prose: bool,
    /// Days and codes, which stay on one line.
    is_kept: bool,
}

struct TableRow {
    name: String,
    href: Option<String>,
    is_dutch: bool,
    cells: Vec<String>,
}

impl Table {
    /// Whether a cell, counted from 1, is in a column of numbers.
    fn is_number(&self, cell: &usize) -> bool {
        self.heads.get(*cell).is_some_and(|head| head.is_number)
    }

    fn is_prose(&self, cell: &usize) -> bool {
        self.heads.get(*cell).is_some_and(|head| head.is_prose)
    }

    fn is_kept(&self, cell: &usize) -> bool {
        self.heads.get(*cell).is_some_and(|head| head.is_kept)
    }
}

fn text(name: &'static str) -> Head {
    Head { name, is_number: false, is_prose: false, is_kept: false }
}

fn kept(name: &'static str) -> Head {
    Head { is_kept: true, ..text(name) }
}

fn number(name: &'static str) -> Head {
    Head { is_number: true, ..text(name) }
}

fn prose(name: &'static str) -> Head {
    Head { is_prose: true, ..text(name) }
}

/// What every page of this part begins with: what it is about, and the way to it.
struct Opened {
    scope: Scope,
    gemeenten: Vec<GemeenteCode>,
}

impl Opened {
    /// The frame of a page below the overview, or of the overview itself when it has no name.
    fn frame(&self, app: &App, uri: &Uri, title: String, name: Option<String>) -> Frame {
        let w = words(self.scope.language);
        let about = About { scope: &self.scope, gemeenten: &self.gemeenten };
        let overview = name.as_ref().map(|_| self.scope.link("/gegevens"));
        let crumbs = [
            Crumb { name: place(&self.scope), href: Some(self.scope.link("/prognose")) },
            Crumb { name: w.data.to_owned(), href: overview },
        ];
        let own = name.map(|name| Crumb { name, href: None });
        let mut frame = Frame::new(app, uri, title).about(&about, uri, crumbs.into_iter().chain(own).collect());
        frame.json_href = Some(self.scope.link("/api/v1/gegevens"));
        frame
    }
}

async fn open(app: &App, uri: &Uri) -> Result<Result<Opened, Response>, Problem> {
    let asked = Asked::of(uri)?;
    match find_scope(app, &asked).await? {
        Found::Nothing => Ok(Err(empty(app, uri, asked.language())?)),
        Found::Data { scope, gemeenten } => Ok(Ok(Opened { scope, gemeenten })),
    }
}

async fn quality(app: &App, scope: &Scope) -> Result<Arc<Quality>, Problem> {
    let Scope { gemeente, peildatum, .. } = *scope;
    app.ask(move |grip| grip.quality(gemeente, peildatum)).await
}

/// `/gegevens`
pub(crate) async fn overview(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let quality = quality(&app, scope).await?;
    let language = scope.language;
    let w = words(language);
    let last = last_months(&quality.months, FIGURE_MONTHS);
    let total = sum(last);
    let figures = vec![
        Figure {
            name: w.faults_per_1000,
            number: rate(total.faults_per_1000(), language),
            note: w.last_twelve.to_owned(),
        },
        Figure {
            name: w.refused_money_share,
            number: percentage(total.refused_money_share(), language),
            note: w.last_twelve.to_owned(),
        },
        Figure {
            name: w.missing_months,
            number: amount(quality.missing_months.iter().map(|month| month.months).sum(), language),
            note: missing_note(&quality, language),
        },
    ];
    let title = w.quality_title.to_owned();
    page(&DataPage {
        frame: opened.frame(&app, &uri, title.clone(), None),
        title,
        title_is_dutch: false,
        lede: format!("{} {}.", w.quality_lede, long_date(scope.peildatum, language)),
        figures,
        texts: Vec::new(),
        facts_title: "",
        facts: Vec::new(),
        trends: trends(&quality.months, language),
        tables: vec![
            missing_table(&quality, scope),
            finding_table(&quality.findings, scope),
            refusal_table(&quality.refusals, scope),
            source_table(&quality, scope),
            coverage_table(&quality, scope),
            unanswered_table(&quality, scope),
            sender_table(&quality, scope),
            delivery_table(&quality, scope),
        ],
    })
}

fn missing_note(quality: &Quality, language: Language) -> String {
    let w = words(language);
    let providers: BTreeSet<&str> = quality.missing_months.iter().map(|month| month.aanbieder.as_str()).collect();
    match (providers.len(), language) {
        (0, _) => w.missing_none.to_owned(),
        (1, Language::Nl) => "bij één aanbieder".to_owned(),
        (1, Language::En) => "of one provider".to_owned(),
        (several, Language::Nl) => format!("bij {several} aanbieders"),
        (several, Language::En) => format!("of {several} providers"),
    }
}

/// `/gegevens/afzender/{code}`
pub(crate) async fn sender(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let quality = quality(&app, scope).await?;
    let sender = quality.senders.iter().find(|sender| sender.afzender == code).ok_or(Problem::NotFound)?;
    let language = scope.language;
    let w = words(language);
    let name = sender_name(&sender.afzender, sender.naam.as_deref(), scope);
    let title = format!("{} {name}", w.quality_of);
    let total = &sender.total;
    let mut figures =
        vec![Figure { name: w.faults_per_1000, number: rate(total.faults_per_1000(), language), note: String::new() }];
    if total.declared_lines > 0 {
        let shares = [(w.refused_share, total.refused_share()), (w.refused_money_share, total.refused_money_share())];
        figures.extend(shares.map(|(name, share)| Figure {
            name,
            number: percentage(share, language),
            note: String::new(),
        }));
    }
    let mut tables = vec![kind_table(sender, language), finding_table(&sender.findings, scope)];
    if total.declared_lines > 0 {
        tables.push(refusal_table(&sender.refusals, scope));
    }
    if quality.missing_months.iter().any(|month| month.aanbieder == code) {
        tables.push(missing_rows(quality.missing_months.iter().filter(|month| month.aanbieder == code), scope));
    }
    page(&DataPage {
        frame: opened.frame(&app, &uri, title.clone(), Some(name)),
        title,
        title_is_dutch: false,
        lede: format!("{} {}.", w.quality_lede, long_date(scope.peildatum, language)),
        figures,
        texts: Vec::new(),
        facts_title: "",
        facts: Vec::new(),
        trends: trends(&sender.months, language),
        tables,
    })
}

/// `/gegevens/bevinding/{code}`
pub(crate) async fn rule(State(app): State<Arc<App>>, Path(code): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let Scope { gemeente, peildatum, language, .. } = *scope;
    let found = app.ask(move |grip| grip.rule_findings(gemeente, peildatum, &code)).await?;
    let found = found.ok_or(Problem::NotFound)?;
    let w = words(language);
    let title = format!("{} {}", found.rule.code, found.rule.titel);
    let times = amount(found.count, language);
    let files = amount(found.files, language);
    let day = long_date(peildatum, language);
    let lede = match (found.count, language) {
        (0, _) => w.never_found.to_owned(),
        (_, Language::Nl) => format!("{times} keer gevonden, in {files} bestanden, zoals bekend op {day}."),
        (_, Language::En) => format!("Found {times} times, in {files} files, as known on {day}."),
    };
    let tables = if found.count == 0 { Vec::new() } else { rule_tables(&found, scope) };
    page(&DataPage {
        frame: opened.frame(&app, &uri, title.clone(), Some(found.rule.code.to_owned())),
        title,
        title_is_dutch: language != Language::Nl,
        lede,
        figures: Vec::new(),
        texts: vec![
            DutchText { name: w.what_is_checked, text: found.rule.uitleg.to_owned() },
            DutchText { name: w.what_to_do, text: found.rule.advies.to_owned() },
        ],
        facts_title: w.about_rule,
        facts: rule_facts(&found, w),
        trends: Vec::new(),
        tables,
    })
}

fn rule_facts(found: &RuleFindings, w: &'static Words) -> Vec<Fact> {
    let rule = &found.rule;
    let berichten: Vec<String> = rule.berichten.iter().map(ToString::to_string).collect();
    let wetten: Vec<&str> = rule.wetten.iter().map(|wet| if *wet == "jw" { w.jw } else { w.wmo }).collect();
    let by = if rule.source() == RuleSource::Standaard { w.by_standard } else { w.by_grip };
    let answer = match (rule.retourcode, found.retour_text) {
        (Some(code), Some(text)) => (format!("{code} {text}"), true),
        (Some(code), None) => (code.to_owned(), false),
        (None, _) => (w.no_answer_code.to_owned(), false),
    };
    vec![
        Fact { name: w.severity, text: rule.ernst.to_owned(), is_dutch: true },
        Fact { name: w.law, text: wetten.join(", "), is_dutch: false },
        Fact {
            name: w.checked_in,
            text: if berichten.is_empty() { w.any_file.to_owned() } else { berichten.join(", ") },
            is_dutch: false,
        },
        Fact { name: w.return_code, text: answer.0, is_dutch: answer.1 },
        Fact { name: w.rule_source, text: by.to_owned(), is_dutch: false },
    ]
}

fn rule_tables(found: &RuleFindings, scope: &Scope) -> Vec<Table> {
    let language = scope.language;
    let w = words(language);
    let senders = found.senders.iter().map(|(code, name, count)| TableRow {
        name: sender_name(code, name.as_deref(), scope),
        href: Some(sender_link(code, scope)),
        is_dutch: false,
        cells: vec![amount(*count, language)],
    });
    let months = found.months.iter().rev().take(TREND_MONTHS).map(|(maand, count)| TableRow {
        name: month_in_full(maand, language),
        href: None,
        is_dutch: false,
        cells: vec![amount(*count, language)],
    });
    let latest = found.latest.iter().map(|at| TableRow {
        name: at.bestand.clone(),
        href: Some(scope.link(&format!("/gegevens/bestand/{}", percent_encode(&at.bericht_id)))),
        is_dutch: false,
        cells: vec![at.ontvangen.clone(), place_in_file(at, w), row_in_message(at), at.omschrijving.clone()],
    });
    let table = |id, title: &str, note: &str, heads, rows| Table {
        id,
        title: title.to_owned(),
        note: note.to_owned(),
        empty: w.never_found,
        heads,
        rows,
    };
    vec![
        table("afzenders", w.per_sender, w.how_often, vec![text(w.sender), number(w.times)], senders.collect()),
        table(
            "maanden",
            w.per_month_found,
            w.trend_months,
            vec![text(w.month_received), number(w.times)],
            months.collect(),
        ),
        table(
            "laatste",
            w.latest_found,
            w.latest_found_note,
            vec![text(w.file), kept(w.received), text(w.place), number(w.row), prose(w.what_was_found)],
            latest.collect(),
        ),
    ]
}

/// `/gegevens/bestand/{bericht_id}`
pub(crate) async fn file(
    State(app): State<Arc<App>>,
    Path(bericht_id): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let Scope { gemeente, peildatum, language, .. } = *scope;
    let file = app.ask(move |grip| grip.file_findings(gemeente, peildatum, &bericht_id)).await?;
    let file = file.ok_or(Problem::NotFound)?;
    let w = words(language);
    let title = w.file_title.to_owned();
    page(&DataPage {
        frame: opened.frame(&app, &uri, title.clone(), Some(w.file.to_owned())),
        title,
        title_is_dutch: false,
        lede: file.bestand.clone(),
        figures: Vec::new(),
        texts: Vec::new(),
        facts_title: w.kinds_sent,
        facts: file_facts(&file, scope),
        trends: Vec::new(),
        tables: vec![file_table(&file, scope)],
    })
}

fn file_facts(file: &FileFindings, scope: &Scope) -> Vec<Fact> {
    let w = words(scope.language);
    let fact = |name, text: &str| Fact { name, text: text.to_owned(), is_dutch: false };
    let mut facts =
        vec![fact(w.received, &file.ontvangen), Fact { name: w.outcome, text: file.status.clone(), is_dutch: true }];
    facts.extend(file.soort.as_deref().map(|soort| fact(w.kind, soort)));
    facts.extend(file.release.as_deref().map(|release| fact(w.release, release)));
    facts.extend(file.afzender.as_deref().map(|code| fact(w.sender, code)));
    facts.push(fact(w.lines, &amount(file.regels, scope.language)));
    facts
}

fn file_table(file: &FileFindings, scope: &Scope) -> Table {
    let w = words(scope.language);
    let rows = file.findings.iter().map(|at| TableRow {
        name: at.code.clone(),
        href: Some(rule_link(&at.code, scope)),
        is_dutch: false,
        cells: vec![place_in_file(at, w), row_in_message(at), at.omschrijving.clone()],
    });
    Table {
        id: "bevindingen",
        title: w.found_in_file.to_owned(),
        note: w.found_in_file_note.to_owned(),
        empty: w.nothing_found,
        heads: vec![text(w.rule), text(w.place), number(w.row), prose(w.what_was_found)],
        rows: rows.collect(),
    }
}

fn place_in_file(at: &FoundAt, w: &Words) -> String {
    match (at.regel, at.rij) {
        (0, None) => w.whole_file.to_owned(),
        (0, Some(_)) => short_path(&at.element),
        (regel, _) => format!("{regel}:{}", at.kolom),
    }
}

/// The last two names of a path: the others are the same for every finding of a rule.
fn short_path(element: &str) -> String {
    let names: Vec<&str> = element.rsplit('/').take(2).collect();
    names.into_iter().rev().collect::<Vec<_>>().join("/")
}

fn row_in_message(at: &FoundAt) -> String {
    at.rij.map(|rij| rij.to_string()).unwrap_or_default()
}

fn rule_link(code: &str, scope: &Scope) -> String {
    scope.link(&format!("/gegevens/bevinding/{}", percent_encode(code)))
}

fn sender_link(code: &str, scope: &Scope) -> String {
    scope.link(&format!("/gegevens/afzender/{}", percent_encode(code)))
}

fn sender_name(code: &str, name: Option<&str>, scope: &Scope) -> String {
    match name {
        Some(name) => format!("{name} ({code})"),
        None if code == scope.gemeente.to_string() => format!("{code}, {}", words(scope.language).own_messages),
        None => code.to_owned(),
    }
}

fn missing_table(quality: &Quality, scope: &Scope) -> Table {
    missing_rows(quality.missing_months.iter(), scope)
}

fn missing_rows<'q>(months: impl Iterator<Item = &'q grip_pipeline::quality::MissingMonth>, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = months.map(|month| TableRow {
        name: sender_name(&month.aanbieder, month.naam.as_deref(), scope),
        href: Some(sender_link(&month.aanbieder, scope)),
        is_dutch: false,
        cells: vec![
            if month.wet == "jw" { w.jw } else { w.wmo }.to_owned(),
            month_in_full(&month.since, language),
            amount(month.months, language),
            euros(month.usual, language),
            month.overdue_since.clone(),
        ],
    });
    Table {
        id: "ontbrekende-maanden",
        title: w.missing_months.to_owned(),
        note: w.missing_months_note.to_owned(),
        empty: w.missing_none,
        heads: vec![
            text(w.provider),
            text(w.law),
            kept(w.since),
            number(w.months),
            number(w.usual_per_month),
            kept(w.overdue_since),
        ],
        rows: rows.collect(),
    }
}

fn sender_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = quality.senders.iter().map(|sender| {
        let total = &sender.total;
        let day = |day: Option<&str>| day.unwrap_or("–").to_owned();
        let days = || sender.kinds.iter().filter(|kind| kind.berichten > 0);
        TableRow {
            name: sender_name(&sender.afzender, sender.naam.as_deref(), scope),
            href: Some(sender_link(&sender.afzender, scope)),
            is_dutch: false,
            cells: vec![
                amount(total.berichten, language),
                amount(total.regels, language),
                day(days().map(|kind| kind.first.as_str()).min()),
                day(days().map(|kind| kind.last.as_str()).max()),
                amount(total.faults, language),
                amount(total.warnings, language),
                rate(total.faults_per_1000(), language),
                percentage(total.refused_share(), language),
                percentage(total.refused_money_share(), language),
            ],
        }
    });
    Table {
        id: "afzenders",
        title: w.per_sender.to_owned(),
        note: w.per_sender_note.to_owned(),
        empty: w.no_messages,
        heads: vec![
            text(w.sender),
            number(w.berichten),
            number(w.lines),
            kept(w.first_received),
            kept(w.last_received),
            number(w.faults),
            number(w.warnings),
            number(w.per_1000),
            number(w.refused_lines),
            number(w.refused_money),
        ],
        rows: rows.collect(),
    }
}

fn finding_table(findings: &[FindingTotal], scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = findings.iter().map(|finding| TableRow {
        name: format!("{} {}", finding.code, finding.titel),
        href: grip_pipeline::rule_texts::rule_text(&finding.code).map(|rule| rule_link(rule.code, scope)),
        is_dutch: true,
        cells: vec![finding.ernst.clone(), amount(finding.count, language), amount(finding.files, language)],
    });
    Table {
        id: "bevindingen",
        title: w.findings.to_owned(),
        note: w.findings_note.to_owned(),
        empty: w.no_findings,
        heads: vec![text(w.rule), text(w.severity), number(w.times), number(w.files)],
        rows: rows.collect(),
    }
}

fn refusal_table(refusals: &[Refusal], scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = refusals.iter().map(|refusal| TableRow {
        name: format!("{} {}", refusal.retourcode, refusal.omschrijving.unwrap_or_default()).trim().to_owned(),
        href: None,
        is_dutch: true,
        cells: vec![amount(refusal.regels, language), euros(refusal.refused, language)],
    });
    Table {
        id: "afgekeurd",
        title: w.why_refused.to_owned(),
        note: w.why_refused_note.to_owned(),
        empty: w.none_refused,
        heads: vec![text(w.return_code), number(w.lines), number(w.amount)],
        rows: rows.collect(),
    }
}

fn delivery_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let missing = quality.deliveries.iter().filter(|row| row.starts_missing + row.stops_missing > 0);
    let rows = missing.map(|row| TableRow {
        name: sender_name(&row.aanbieder, row.naam.as_deref(), scope),
        href: Some(sender_link(&row.aanbieder, scope))
            .filter(|_| quality.senders.iter().any(|s| s.afzender == row.aanbieder)),
        is_dutch: false,
        cells: [row.running, row.starts_missing, row.ended, row.stops_missing]
            .map(|number| amount(number, language))
            .to_vec(),
    });
    Table {
        id: "starts-en-stops",
        title: w.deliveries_missing.to_owned(),
        note: w.deliveries_note.to_owned(),
        empty: w.deliveries_none,
        heads: vec![
            text(w.provider),
            number(w.running),
            number(w.without_start),
            number(w.ended),
            number(w.without_stop),
        ],
        rows: rows.collect(),
    }
}

fn unanswered_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = quality.unanswered.iter().map(|row| TableRow {
        name: sender_name(&row.aanbieder, row.naam.as_deref(), scope),
        href: Some(sender_link(&row.aanbieder, scope)),
        is_dutch: false,
        cells: vec![amount(row.declaraties, language), amount(row.verzoeken, language), row.oldest.clone()],
    });
    Table {
        id: "onbeantwoord",
        title: w.unanswered.to_owned(),
        note: w.unanswered_note.to_owned(),
        empty: w.unanswered_none,
        heads: vec![text(w.provider), number(w.invoices), number(w.requests), kept(w.oldest)],
        rows: rows.collect(),
    }
}

fn coverage_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let coverage = &quality.coverage;
    let known = [
        (w.clients_declared, coverage.clienten),
        (w.month_of_birth, coverage.geboortemaand),
        (w.district, coverage.wijk),
        (w.household, coverage.huishouden),
    ];
    let rows = known.iter().filter(|_| coverage.clienten > 0).map(|(name, count)| TableRow {
        name: (*name).to_owned(),
        href: None,
        is_dutch: false,
        cells: vec![amount(*count, language), share_of(*count, coverage.clienten, language)],
    });
    Table {
        id: "clientkenmerken",
        title: w.coverage_title.to_owned(),
        note: w.coverage_note.to_owned(),
        empty: w.no_messages,
        heads: vec![text(w.known), number(w.number), number(w.share)],
        rows: rows.collect(),
    }
}

fn source_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = quality.sources.iter().map(|source| TableRow {
        name: source.soort.clone(),
        href: None,
        is_dutch: false,
        cells: vec![
            amount(source.files, language),
            amount(source.regels, language),
            source.first.clone(),
            source.last.clone(),
            amount(source.age_days, language),
        ],
    });
    Table {
        id: "bronnen",
        title: w.sources_title.to_owned(),
        note: w.sources_note.to_owned(),
        empty: w.no_messages,
        heads: vec![
            text(w.source),
            number(w.files),
            number(w.lines),
            kept(w.first_received),
            kept(w.last_received),
            number(w.age_days),
        ],
        rows: rows.collect(),
    }
}

fn kind_table(sender: &Sender, language: Language) -> Table {
    let w = words(language);
    let rows = sender.kinds.iter().map(|kind| TableRow {
        name: kind.soort.clone(),
        href: None,
        is_dutch: false,
        cells: vec![
            amount(kind.berichten, language),
            amount(kind.regels, language),
            kind.first.clone(),
            kind.last.clone(),
            amount(kind.faults, language),
            amount(kind.warnings, language),
        ],
    });
    Table {
        id: "soorten",
        title: w.kinds_sent.to_owned(),
        note: w.kinds_note.to_owned(),
        empty: w.no_messages,
        heads: vec![
            text(w.kind),
            number(w.berichten),
            number(w.lines),
            kept(w.first_received),
            kept(w.last_received),
            number(w.faults),
            number(w.warnings),
        ],
        rows: rows.collect(),
    }
}

fn last_months(months: &[QualityMonth], most: usize) -> &[QualityMonth] {
    &months[months.len().saturating_sub(most)..]
}

fn sum(months: &[QualityMonth]) -> QualityCounts {
    let mut total = QualityCounts::default();
    for month in months {
        total.add(&month.counts);
    }
    total
}

/// Findings per 1000 lines and the refused share, over the last months. What is not there is not drawn.
fn trends(months: &[QualityMonth], language: Language) -> Vec<Trend> {
    let w = words(language);
    let months = last_months(months, TREND_MONTHS);
    let total = sum(months);
    let mut trends = Vec::new();
    if let Some(mean) = total.faults_per_1000() {
        let title = match language {
            Language::Nl => format!("In deze maanden waren er {} fouten per 1.000 regels", rate(Some(mean), language)),
            Language::En => format!("In these months there were {} faults per 1,000 lines", rate(Some(mean), language)),
        };
        let rows = months.iter().map(|month| Row {
            name: month_in_full(&month.maand, language),
            cells: vec![
                amount(month.counts.regels, language),
                amount(month.counts.faults, language),
                amount(month.counts.warnings, language),
                rate(month.counts.faults_per_1000(), language),
            ],
        });
        trends.push(Trend {
            id: "verloop-fouten",
            drawings: rates("fouten", title, w.per_1000, months, language, QualityCounts::faults_per_1000),
            heads: vec![w.lines, w.faults, w.warnings, w.per_1000],
            rows: rows.collect(),
        });
    }
    if let Some(mean) = total.refused_share() {
        let mean = percentage(Some(mean), language);
        let title = match language {
            Language::Nl => format!("In deze maanden werd {mean} van de declaratieregels afgekeurd"),
            Language::En => format!("In these months {mean} of the invoice lines were refused"),
        };
        let rows = months.iter().map(|month| Row {
            name: month_in_full(&month.maand, language),
            cells: vec![
                amount(month.counts.declared_lines, language),
                percentage(month.counts.refused_share(), language),
                percentage(month.counts.refused_money_share(), language),
            ],
        });
        let share = |counts: &QualityCounts| counts.refused_share().map(|share| share * 100.0);
        trends.push(Trend {
            id: "verloop-afgekeurd",
            drawings: rates("afgekeurd-deel", title, "%", months, language, share),
            heads: vec![w.source_lines, w.refused_lines, w.refused_money],
            rows: rows.collect(),
        });
    }
    trends
}

fn rates(
    id: &str,
    title: String,
    unit: &str,
    months: &[QualityMonth],
    language: Language,
    of: impl Fn(&QualityCounts) -> Option<f64>,
) -> Drawings {
    let mut year = None;
    let bars: Vec<RateBar> = months
        .iter()
        .map(|month| {
            let maand = month.maand.parse::<Maand>().ok();
            let label = maand.map_or("", |maand| month_name_short(maand.month(), language));
            let own = maand.map(Maand::year);
            let is_first = own != year;
            year = own;
            RateBar {
                name: month_in_full(&month.maand, language),
                label: label.to_owned(),
                initial: label.chars().take(1).collect(),
                year: own.filter(|_| is_first).map(|year| year.to_string()).unwrap_or_default(),
                tenths: of(&month.counts).map(tenths),
            }
        })
        .collect();
    let highest = bars.iter().filter(|bar| bar.tenths.is_some()).max_by_key(|bar| bar.tenths);
    let (first, last) = (bars.first().map_or("", |bar| &bar.name), bars.last().map_or("", |bar| &bar.name));
    let highest = highest.map_or(String::new(), |bar| {
        let value = decimal(bar.tenths.unwrap_or_default(), 10, 1, language);
        match language {
            Language::Nl => format!(" De hoogste is {}, met {value}.", bar.name),
            Language::En => format!(" The highest is {}, with {value}.", bar.name),
        }
    });
    let description = match language {
        Language::Nl => {
            format!("Staafdiagram, {unit}, per maand van ontvangst van {first} tot en met {last}.{highest}")
        }
        Language::En => format!("Bar chart, {unit}, by month of receipt from {first} to {last}.{highest}"),
    };
    let chart =
        RateChart { id: id.to_owned(), title: title.clone(), description, language, unit: unit.to_owned(), bars };
    both(title, &Chart::Rates(chart))
}

#[expect(clippy::cast_possible_truncation, reason = "rates are far below what an i64 holds, and a cast saturates")]
fn tenths(rate: f64) -> i64 {
    (rate * 10.0).round() as i64
}

fn rate(rate: Option<f64>, language: Language) -> String {
    rate.map_or("–".to_owned(), |rate| decimal(tenths(rate), 10, 1, language))
}

fn percentage(share: Option<f64>, language: Language) -> String {
    share.map_or("–".to_owned(), |share| percent_one_decimal(share, language))
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 15 digits")]
fn share_of(part: i64, whole: i64, language: Language) -> String {
    percent_one_decimal(part as f64 / whole as f64, language)
}

fn amount(number: i64, language: Language) -> String {
    decimal(number, 1, 0, language)
}
