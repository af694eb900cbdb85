//! The quality of the data: all of it, one sender, one rule, one file.

use std::{collections::BTreeSet, sync::Arc};

use axum::{extract::Path, http::Uri, response::Response};
use grip_access::{Detail, Need, Part};
use grip_pipeline::{
    quality::{
        FileFindings, FindingTotal, FoundAt, Quality, QualityCounts, QualityMonth, Refusal, RuleFindings, Sender,
    },
    rule_texts::RuleSource,
};
use grip_report::{
    Cell, Chart, Column, Language, RateBar, RateChart, Table, TableRow, decimal, month_name_short, percent_one_decimal,
};
use grip_types::Maand;

use crate::{
    App,
    address::{Scope, percent_encode},
    document::{Block, ChartBlock, Document, Fact, Facts, Figure, Opened, Text, WithTables, open},
    frame::{Crumb, Frame},
    problem::Problem,
    prognose::{
        drawings::{Drawings, both},
        month_in_full,
    },
    sentences::long_date,
    words::{Words, words},
};

/// Months of a trend.
const TREND_MONTHS: usize = 24;
/// Months of a headline figure.
const FIGURE_MONTHS: usize = 12;

/// The frame of a page below the overview, or of the overview itself when it has no name.
fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, name: Option<String>) -> Frame {
    let scope = &opened.scope;
    let overview = name.as_ref().map(|_| scope.link("/gegevens"));
    let part = Crumb { name: words(scope.language).data.to_owned(), href: overview };
    let own = name.map(|name| Crumb { name, href: None });
    let mut frame = opened.frame(app, uri, title, std::iter::once(part).chain(own).collect());
    frame.json_href = Some(scope.link("/api/v1/gegevens"));
    frame
}

async fn quality(app: &App, scope: &Scope) -> Result<Arc<Quality>, Problem> {
    let Scope { gemeente, peildatum, .. } = *scope;
    app.ask(move |grip| grip.quality(gemeente, peildatum)).await
}

/// `/gegevens`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
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
    let sees_providers = app.may(Need::read(Part::Data, Detail::Providers), scope.gemeente);
    let mut figures = vec![
        Figure {
            name: w.faults_per_1000.to_owned(),
            number: rate(total.faults_per_1000(), language),
            note: w.last_twelve.to_owned(),
        },
        Figure {
            name: w.refused_money_share.to_owned(),
            number: percentage(total.refused_money_share(), language),
            note: w.last_twelve.to_owned(),
        },
    ];
    if sees_providers {
        figures.push(Figure {
            name: w.missing_months.to_owned(),
            number: amount(quality.missing_months.iter().map(|month| month.months).sum(), language),
            note: missing_note(&quality, language),
        });
    }
    let frame = frame(&opened, &app, &uri, w.quality_title, None);
    let lede = format!("{} {}.", w.quality_lede, long_date(scope.peildatum, language));
    let mut document = Document::new(frame, &uri, w.quality_title, lede);
    document.figures = figures;
    document.blocks = trends(&quality.months, language);
    let of_all = [
        finding_table(&quality.findings, scope),
        refusal_table(&quality.refusals, scope),
        source_table(&quality, scope),
        coverage_table(&quality, scope),
    ];
    if !quality.purged.is_empty() {
        document.blocks.push(Block::Table(purged_table(&quality, scope)));
    }
    if sees_providers {
        document.blocks.push(Block::Table(missing_table(&quality, scope)));
    }
    document.blocks.extend(of_all.map(Block::Table));
    if sees_providers {
        let per_provider =
            [unanswered_table(&quality, scope), sender_table(&quality, scope), delivery_table(&quality, scope)];
        document.blocks.extend(per_provider.map(Block::Table));
    }
    document.respond(&opened.asked)
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
pub(crate) async fn sender(app: App, Path(code): Path<String>, uri: Uri) -> Result<Response, Problem> {
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
    let mut figures = vec![Figure {
        name: w.faults_per_1000.to_owned(),
        number: rate(total.faults_per_1000(), language),
        note: String::new(),
    }];
    if total.declared_lines > 0 {
        let shares = [(w.refused_share, total.refused_share()), (w.refused_money_share, total.refused_money_share())];
        figures.extend(shares.map(|(name, share)| Figure {
            name: name.to_owned(),
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
    let frame = frame(&opened, &app, &uri, &title, Some(name));
    let lede = format!("{} {}.", w.quality_lede, long_date(scope.peildatum, language));
    let mut document = Document::new(frame, &uri, title, lede);
    document.figures = figures;
    document.blocks = trends(&sender.months, language);
    document.blocks.extend(tables.into_iter().map(Block::Table));
    document.respond(&opened.asked)
}

/// `/gegevens/bevinding/{code}`
pub(crate) async fn rule(app: App, Path(code): Path<String>, uri: Uri) -> Result<Response, Problem> {
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
    let frame = frame(&opened, &app, &uri, &title, Some(found.rule.code.to_owned()));
    let mut document = Document::new(frame, &uri, title, lede);
    document.title_is_dutch = language != Language::Nl;
    let dutch =
        |name: &str, text: &str| Block::Text(Text { name: name.to_owned(), text: text.to_owned(), is_dutch: true });
    document.blocks = vec![
        dutch(w.what_is_checked, found.rule.uitleg),
        dutch(w.what_to_do, found.rule.advies),
        Block::Facts(Facts { title: w.about_rule.to_owned(), facts: rule_facts(&found, w) }),
    ];
    document.blocks.extend(tables.into_iter().map(Block::Table));
    document.respond(&opened.asked)
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
        Fact { name: w.severity.to_owned(), text: rule.ernst.to_owned(), is_dutch: true },
        Fact { name: w.law.to_owned(), text: wetten.join(", "), is_dutch: false },
        Fact {
            name: w.checked_in.to_owned(),
            text: if berichten.is_empty() { w.any_file.to_owned() } else { berichten.join(", ") },
            is_dutch: false,
        },
        Fact { name: w.return_code.to_owned(), text: answer.0, is_dutch: answer.1 },
        Fact { name: w.rule_source.to_owned(), text: by.to_owned(), is_dutch: false },
    ]
}

fn rule_tables(found: &RuleFindings, scope: &Scope) -> Vec<Table> {
    let language = scope.language;
    let w = words(language);
    let senders = found.senders.iter().map(|(code, name, count)| TableRow {
        head: sender_name(code, name.as_deref(), scope),
        href: Some(sender_link(code, scope)),
        is_dutch: false,
        cells: vec![Cell::Count(*count)],
    });
    let months = found.months.iter().rev().take(TREND_MONTHS).map(|(maand, count)| TableRow {
        head: month_in_full(maand, language),
        href: None,
        is_dutch: false,
        cells: vec![Cell::Count(*count)],
    });
    let latest = found.latest.iter().map(|at| TableRow {
        head: at.bestand.clone(),
        href: Some(scope.link(&format!("/gegevens/bestand/{}", percent_encode(&at.bericht_id)))),
        is_dutch: false,
        cells: [at.ontvangen.clone(), place_in_file(at, w), row_in_message(at), at.omschrijving.clone()]
            .map(Cell::Text)
            .to_vec(),
    });
    let table = |id: &str, title: &str, note: &str, columns, rows| Table {
        id: id.to_owned(),
        title: title.to_owned(),
        note: note.to_owned(),
        empty: w.never_found.to_owned(),
        columns,
        total: None,
        rows,
    };
    vec![
        table(
            "afzenders",
            w.per_sender,
            w.how_often,
            vec![Column::text(w.sender), Column::number(w.times)],
            senders.collect(),
        ),
        table(
            "maanden",
            w.per_month_found,
            w.trend_months,
            vec![Column::text(w.month_received), Column::number(w.times)],
            months.collect(),
        ),
        table(
            "laatste",
            w.latest_found,
            w.latest_found_note,
            vec![
                Column::text(w.file),
                Column::kept(w.received),
                Column::text(w.place),
                Column::number(w.row),
                Column::prose(w.what_was_found),
            ],
            latest.collect(),
        ),
    ]
}

/// `/gegevens/bestand/{bericht_id}`
pub(crate) async fn file(app: App, Path(bericht_id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let Scope { gemeente, peildatum, language, .. } = *scope;
    let file = app.ask(move |grip| grip.file_findings(gemeente, peildatum, &bericht_id)).await?;
    let file = file.ok_or(Problem::NotFound)?;
    let w = words(language);
    let frame = frame(&opened, &app, &uri, w.file_title, Some(w.file.to_owned()));
    let mut document = Document::new(frame, &uri, w.file_title, file.bestand.clone());
    document.blocks = vec![
        Block::Facts(Facts { title: w.kinds_sent.to_owned(), facts: file_facts(&file, scope) }),
        Block::Table(file_table(&file, scope)),
    ];
    document.respond(&opened.asked)
}

fn file_facts(file: &FileFindings, scope: &Scope) -> Vec<Fact> {
    let w = words(scope.language);
    let fact = |name: &str, text: &str| Fact { name: name.to_owned(), text: text.to_owned(), is_dutch: false };
    let mut facts = vec![
        fact(w.received, &file.ontvangen),
        Fact { name: w.outcome.to_owned(), text: file.status.clone(), is_dutch: true },
    ];
    facts.extend(file.soort.as_deref().map(|soort| fact(w.kind, soort)));
    facts.extend(file.release.as_deref().map(|release| fact(w.release, release)));
    facts.extend(file.afzender.as_deref().map(|code| fact(w.sender, code)));
    facts.push(fact(w.lines, &amount(file.regels, scope.language)));
    facts
}

fn file_table(file: &FileFindings, scope: &Scope) -> Table {
    let w = words(scope.language);
    let rows = file.findings.iter().map(|at| TableRow {
        head: at.code.clone(),
        href: Some(rule_link(&at.code, scope)),
        is_dutch: false,
        cells: [place_in_file(at, w), row_in_message(at), at.omschrijving.clone()].map(Cell::Text).to_vec(),
    });
    Table {
        id: "bevindingen".to_owned(),
        title: w.found_in_file.to_owned(),
        note: w.found_in_file_note.to_owned(),
        empty: w.nothing_found.to_owned(),
        columns: vec![
            Column::text(w.rule),
            Column::text(w.place),
            Column::number(w.row),
            Column::prose(w.what_was_found),
        ],
        rows: rows.collect(),
        total: None,
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
        head: sender_name(&month.aanbieder, month.naam.as_deref(), scope),
        href: Some(sender_link(&month.aanbieder, scope)),
        is_dutch: false,
        cells: vec![
            Cell::text(if month.wet == "jw" { w.jw } else { w.wmo }),
            Cell::Text(month_in_full(&month.since, language)),
            Cell::Count(month.months),
            Cell::Euros(month.usual),
            Cell::text(&month.overdue_since),
        ],
    });
    Table {
        id: "ontbrekende-maanden".to_owned(),
        title: w.missing_months.to_owned(),
        note: w.missing_months_note.to_owned(),
        empty: w.missing_none.to_owned(),
        columns: vec![
            Column::text(w.provider),
            Column::text(w.law),
            Column::kept(w.since),
            Column::number(w.months),
            Column::number(w.usual_per_month),
            Column::kept(w.overdue_since),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn sender_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = quality.senders.iter().map(|sender| {
        let total = &sender.total;
        let day = |day: Option<&str>| Cell::of(day, Cell::text);
        let days = || sender.kinds.iter().filter(|kind| kind.berichten > 0);
        TableRow {
            head: sender_name(&sender.afzender, sender.naam.as_deref(), scope),
            href: Some(sender_link(&sender.afzender, scope)),
            is_dutch: false,
            cells: vec![
                Cell::Count(total.berichten),
                Cell::Count(total.regels),
                day(days().map(|kind| kind.first.as_str()).min()),
                day(days().map(|kind| kind.last.as_str()).max()),
                Cell::Count(total.faults),
                Cell::Count(total.warnings),
                Cell::of(total.faults_per_1000(), |rate| Cell::Real(rate, 1)),
                Cell::of(total.refused_share(), Cell::Share),
                Cell::of(total.refused_money_share(), Cell::Share),
            ],
        }
    });
    Table {
        id: "afzenders".to_owned(),
        title: w.per_sender.to_owned(),
        note: w.per_sender_note.to_owned(),
        empty: w.no_messages.to_owned(),
        columns: vec![
            Column::text(w.sender),
            Column::number(w.berichten),
            Column::number(w.lines),
            Column::kept(w.first_received),
            Column::kept(w.last_received),
            Column::number(w.faults),
            Column::number(w.warnings),
            Column::number(w.per_1000),
            Column::number(w.refused_lines),
            Column::number(w.refused_money),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn finding_table(findings: &[FindingTotal], scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = findings.iter().map(|finding| TableRow {
        head: format!("{} {}", finding.code, finding.titel),
        href: grip_pipeline::rule_texts::rule_text(&finding.code).map(|rule| rule_link(rule.code, scope)),
        is_dutch: true,
        cells: vec![Cell::text(&finding.ernst), Cell::Count(finding.count), Cell::Count(finding.files)],
    });
    Table {
        id: "bevindingen".to_owned(),
        title: w.findings.to_owned(),
        note: w.findings_note.to_owned(),
        empty: w.no_findings.to_owned(),
        columns: vec![Column::text(w.rule), Column::text(w.severity), Column::number(w.times), Column::number(w.files)],
        rows: rows.collect(),
        total: None,
    }
}

fn refusal_table(refusals: &[Refusal], scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = refusals.iter().map(|refusal| TableRow {
        head: format!("{} {}", refusal.retourcode, refusal.omschrijving.unwrap_or_default()).trim().to_owned(),
        href: None,
        is_dutch: true,
        cells: vec![Cell::Count(refusal.regels), Cell::Euros(refusal.refused)],
    });
    Table {
        id: "afgekeurd".to_owned(),
        title: w.why_refused.to_owned(),
        note: w.why_refused_note.to_owned(),
        empty: w.none_refused.to_owned(),
        columns: vec![Column::text(w.return_code), Column::number(w.lines), Column::number(w.amount)],
        rows: rows.collect(),
        total: None,
    }
}

fn delivery_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let missing = quality.deliveries.iter().filter(|row| row.starts_missing + row.stops_missing > 0);
    let rows = missing.map(|row| TableRow {
        head: sender_name(&row.aanbieder, row.naam.as_deref(), scope),
        href: Some(sender_link(&row.aanbieder, scope))
            .filter(|_| quality.senders.iter().any(|s| s.afzender == row.aanbieder)),
        is_dutch: false,
        cells: [row.running, row.starts_missing, row.ended, row.stops_missing].map(Cell::Count).to_vec(),
    });
    Table {
        id: "starts-en-stops".to_owned(),
        title: w.deliveries_missing.to_owned(),
        note: w.deliveries_note.to_owned(),
        empty: w.deliveries_none.to_owned(),
        columns: vec![
            Column::text(w.provider),
            Column::number(w.running),
            Column::number(w.without_start),
            Column::number(w.ended),
            Column::number(w.without_stop),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn unanswered_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = quality.unanswered.iter().map(|row| TableRow {
        head: sender_name(&row.aanbieder, row.naam.as_deref(), scope),
        href: Some(sender_link(&row.aanbieder, scope)),
        is_dutch: false,
        cells: vec![Cell::Count(row.declaraties), Cell::Count(row.verzoeken), Cell::text(&row.oldest)],
    });
    Table {
        id: "onbeantwoord".to_owned(),
        title: w.unanswered.to_owned(),
        note: w.unanswered_note.to_owned(),
        empty: w.unanswered_none.to_owned(),
        columns: vec![
            Column::text(w.provider),
            Column::number(w.invoices),
            Column::number(w.requests),
            Column::kept(w.oldest),
        ],
        rows: rows.collect(),
        total: None,
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
        head: (*name).to_owned(),
        href: None,
        is_dutch: false,
        cells: vec![Cell::Count(*count), Cell::Share(share_of(*count, coverage.clienten))],
    });
    Table {
        id: "clientkenmerken".to_owned(),
        title: w.coverage_title.to_owned(),
        note: w.coverage_note.to_owned(),
        empty: w.no_messages.to_owned(),
        columns: vec![Column::text(w.known), Column::number(w.number), Column::number(w.share)],
        rows: rows.collect(),
        total: None,
    }
}

/// What was removed in time, first on the page: figures of before it are not whole.
fn purged_table(quality: &Quality, scope: &Scope) -> Table {
    let w = words(scope.language);
    let rows = quality.purged.iter().map(|purged| TableRow {
        head: purged.tabel.clone(),
        href: None,
        is_dutch: true,
        cells: vec![Cell::text(&purged.tot), Cell::Count(purged.regels), Cell::text(&purged.op)],
    });
    Table {
        id: "vernietigd".to_owned(),
        title: w.purged_title.to_owned(),
        note: w.purged_note.to_owned(),
        empty: w.no_messages.to_owned(),
        columns: vec![
            Column::text(w.source),
            Column::kept(w.purged_kept_from),
            Column::number(w.lines),
            Column::kept(w.purged_on),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn source_table(quality: &Quality, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let rows = quality.sources.iter().map(|source| TableRow {
        head: source.soort.clone(),
        href: None,
        is_dutch: false,
        cells: vec![
            Cell::Count(source.files),
            Cell::Count(source.regels),
            Cell::text(&source.first),
            Cell::text(&source.last),
            Cell::Count(source.age_days),
        ],
    });
    Table {
        id: "bronnen".to_owned(),
        title: w.sources_title.to_owned(),
        note: w.sources_note.to_owned(),
        empty: w.no_messages.to_owned(),
        columns: vec![
            Column::text(w.source),
            Column::number(w.files),
            Column::number(w.lines),
            Column::kept(w.first_received),
            Column::kept(w.last_received),
            Column::number(w.age_days),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn kind_table(sender: &Sender, language: Language) -> Table {
    let w = words(language);
    let rows = sender.kinds.iter().map(|kind| TableRow {
        head: kind.soort.clone(),
        href: None,
        is_dutch: false,
        cells: vec![
            Cell::Count(kind.berichten),
            Cell::Count(kind.regels),
            Cell::text(&kind.first),
            Cell::text(&kind.last),
            Cell::Count(kind.faults),
            Cell::Count(kind.warnings),
        ],
    });
    Table {
        id: "soorten".to_owned(),
        title: w.kinds_sent.to_owned(),
        note: w.kinds_note.to_owned(),
        empty: w.no_messages.to_owned(),
        columns: vec![
            Column::text(w.kind),
            Column::number(w.berichten),
            Column::number(w.lines),
            Column::kept(w.first_received),
            Column::kept(w.last_received),
            Column::number(w.faults),
            Column::number(w.warnings),
        ],
        rows: rows.collect(),
        total: None,
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
fn trends(months: &[QualityMonth], language: Language) -> Vec<Block> {
    let w = words(language);
    let months = last_months(months, TREND_MONTHS);
    let total = sum(months);
    let mut trends = Vec::new();
    if let Some(mean) = total.faults_per_1000() {
        let title = match language {
            Language::Nl => format!("In deze maanden waren er {} fouten per 1.000 regels", rate(Some(mean), language)),
            Language::En => format!("In these months there were {} faults per 1,000 lines", rate(Some(mean), language)),
        };
        let rows = months.iter().map(|month| {
            TableRow::new(
                month_in_full(&month.maand, language),
                vec![
                    Cell::Count(month.counts.regels),
                    Cell::Count(month.counts.faults),
                    Cell::Count(month.counts.warnings),
                    Cell::of(month.counts.faults_per_1000(), |rate| Cell::Real(rate, 1)),
                ],
            )
        });
        let drawings = rates("fouten", title, w.per_1000, months, language, QualityCounts::faults_per_1000);
        trends.push(trend(
            "verloop-fouten",
            drawings,
            &[w.lines, w.faults, w.warnings, w.per_1000],
            rows.collect(),
            language,
        ));
    }
    if let Some(mean) = total.refused_share() {
        let mean = percentage(Some(mean), language);
        let title = match language {
            Language::Nl => format!("In deze maanden werd {mean} van de declaratieregels afgekeurd"),
            Language::En => format!("In these months {mean} of the invoice lines were refused"),
        };
        let rows = months.iter().map(|month| {
            TableRow::new(
                month_in_full(&month.maand, language),
                vec![
                    Cell::Count(month.counts.declared_lines),
                    Cell::of(month.counts.refused_share(), Cell::Share),
                    Cell::of(month.counts.refused_money_share(), Cell::Share),
                ],
            )
        });
        let share = |counts: &QualityCounts| counts.refused_share().map(|share| share * 100.0);
        let drawings = rates("afgekeurd-deel", title, "%", months, language, share);
        trends.push(trend(
            "verloop-afgekeurd",
            drawings,
            &[w.source_lines, w.refused_lines, w.refused_money],
            rows.collect(),
            language,
        ));
    }
    trends
}

fn trend(id: &str, drawings: Drawings, heads: &[&str], rows: Vec<TableRow>, language: Language) -> Block {
    let month = Column::text(words(language).month_received);
    let table = Table {
        id: id.to_owned(),
        title: drawings.title.clone(),
        note: String::new(),
        empty: String::new(),
        columns: std::iter::once(month).chain(heads.iter().map(|head| Column::number(*head))).collect(),
        rows,
        total: None,
    };
    Block::Chart(ChartBlock { drawings, table })
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
fn share_of(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

fn amount(number: i64, language: Language) -> String {
    decimal(number, 1, 0, language)
}
