//! Signals: what stands out, since when, seen when, how much money, and what is done about it.

mod text;

use std::{cmp::Reverse, sync::Arc};

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use grip_access::{Need, Part};
use grip_pipeline::{SignalLine, Signals, is_same_signal};
use grip_register::{By, Content, RegisterError, SignalFollowUp, Version, follow_ups, take_up, threads_of};
use grip_report::{
    Cell, Chart, Column, Course, CourseLine, Form as Lines, Language, Mark, Scale, Step, Table, TableRow, euros_short,
    month_name_short, percent,
};
use grip_types::Maand;

use crate::{
    App,
    address::{Scope, percent_encode},
    document::{Block, ChartBlock, Document, Fact, Facts, Figure, Filter, Links, Opened, Text, WithTables, open},
    form::{Field, FieldKind, Form, Typed, author_field, check_site, explain},
    frame::{Crumb, Frame},
    problem::Problem,
    prognose::{drawings::both, month_in_full},
    sentences::{chance_in_words, long_date},
    vragen,
    words::{say, words},
};

/// How far a signal has come, in the order of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    New,
    TakenUp,
    Explained,
    FollowedUp,
    Ended,
}

const ALL_PROGRESS: [Progress; 5] =
    [Progress::New, Progress::TakenUp, Progress::Explained, Progress::FollowedUp, Progress::Ended];

impl Progress {
    fn of(follow_up: Option<&SignalFollowUp>) -> Self {
        match follow_up {
            None => Self::New,
            Some(it) if it.ended.is_some() => Self::Ended,
            Some(it) if !it.follow_up.is_empty() => Self::FollowedUp,
            Some(it) if !it.explanation.is_empty() => Self::Explained,
            Some(_) => Self::TakenUp,
        }
    }

    /// In addresses.
    fn value(self) -> &'static str {
        match self {
            Self::New => "nieuw",
            Self::TakenUp => "opgepakt",
            Self::Explained => "geduid",
            Self::FollowedUp => "opvolging",
            Self::Ended => "afgerond",
        }
    }

    fn name(self, language: Language) -> String {
        match self {
            Self::New => say(language, "nieuw", "new"),
            Self::TakenUp => say(language, "opgepakt", "taken up"),
            Self::Explained => say(language, "geduid", "explained"),
            Self::FollowedUp => say(language, "opvolging loopt", "followed up"),
            Self::Ended => say(language, "afgerond", "ended"),
        }
    }
}

type FollowUps = Vec<Version<SignalFollowUp>>;

async fn kept(app: &App, scope: &Scope) -> Result<FollowUps, Problem> {
    match &app.settings.writing {
        Some(writing) => Ok(follow_ups(&writing.register.now().await?, scope.gemeente).await?),
        None => Ok(Vec::new()),
    }
}

/// What is done with a signal now: what has not ended, or what ended last.
fn current<'f>(
    kept: &'f [Version<SignalFollowUp>],
    is_it: impl Fn(&str) -> bool,
) -> Option<&'f Version<SignalFollowUp>> {
    let mine = kept.iter().filter(|version| is_it(&version.content.signal));
    mine.max_by_key(|version| (version.content.ended.is_none(), version.id))
}

fn of_line<'f>(kept: &'f [Version<SignalFollowUp>], line: &SignalLine) -> Option<&'f Version<SignalFollowUp>> {
    current(kept, |signal| line.ids().any(|id| is_same_signal(id, signal)))
}

async fn signals(app: &App, scope: &Scope) -> Result<Arc<Signals>, Problem> {
    let Scope { gemeente, peildatum, .. } = *scope;
    app.ask(move |grip| grip.signals(gemeente, peildatum)).await
}

fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, name: Option<String>) -> Frame {
    let scope = &opened.scope;
    let overview = name.as_ref().map(|_| scope.link("/signalen"));
    let part = Crumb { name: words(scope.language).signals.to_owned(), href: overview };
    let own = name.map(|name| Crumb { name, href: None });
    let mut frame = opened.frame(app, uri, title, std::iter::once(part).chain(own).collect());
    frame.json_href = Some(scope.link("/api/v1/signalen"));
    frame
}

/// `/signalen`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let found = signals(&app, scope).await?;
    let kept = kept(&app, scope).await?;
    let asked = |name| opened.asked.get(name);
    let shown: Vec<&SignalLine> = found
        .signals
        .iter()
        .filter(|line| asked("wet").is_none_or(|wet| line.deviation.name.wet == Some(wet)))
        .filter(|line| asked("soort").is_none_or(|kind| line.deviation.kind == kind))
        .filter(|line| {
            let progress = Progress::of(of_line(&kept, line).map(|version| &version.content));
            asked("status").is_none_or(|status| progress.value() == status)
        })
        .collect();
    let title = words(language).signals;
    let lede = match (&found.last_month, language) {
        (None, _) => say(language, "Er is nog niets om naar te kijken.", "There is nothing to look at yet."),
        (Some(month), Language::Nl) => format!(
            "Wat afwijkt van het eigen verloop, zoals bekend eind {}. Het meeste geld staat bovenaan.",
            month_in_full(month, language)
        ),
        (Some(month), Language::En) => format!(
            "What departs from its own course, as known at the end of {}. The most money comes first.",
            month_in_full(month, language)
        ),
    };
    let mut document = Document::new(frame(&opened, &app, &uri, title, None), &uri, title, lede);
    document.filters = filters(&opened, language);
    document.figures = figures(&found, &shown, &kept, language);
    document.blocks = vec![Block::Table(table(&shown, &kept, scope))];
    document.blocks.extend(gone(&found, &kept, scope).map(Block::Table));
    document.blocks.push(Block::Text(Text {
        name: say(language, "Hoe vaak dit ten onrechte gebeurt", "How often this happens for nothing"),
        text: text::false_alarms(&found, language),
        is_dutch: false,
    }));
    if app.settings.writing.is_some() {
        document.blocks.push(Block::Links(Links {
            title: say(language, "Verder", "Onward"),
            links: vec![(say(language, "Openstaande vragen", "Open questions"), scope.link("/vragen"))],
        }));
    }
    document.respond(&opened.asked)
}

/// The signals with the most money that nobody took up yet; nothing when there are none.
pub(crate) async fn to_take_up(app: &App, scope: &Scope, most: usize) -> Result<Option<Table>, Problem> {
    let found = match signals(app, scope).await {
        Ok(found) => found,
        Err(Problem::UnknownGemeente { .. }) => return Ok(None),
        Err(other) => return Err(other),
    };
    let kept = kept(app, scope).await?;
    let is_new = |line: &&SignalLine| of_line(&kept, line).is_none();
    let shown: Vec<&SignalLine> = found.signals.iter().filter(is_new).take(most).collect();
    let title = say(scope.language, "Signalen die niemand oppakte", "Signals nobody took up");
    Ok((!shown.is_empty()).then(|| Table { title, ..table(&shown, &kept, scope) }))
}

fn filters(opened: &Opened, language: Language) -> Vec<Filter> {
    let w = words(language);
    let all = || (String::new(), say(language, "alle", "all"));
    let filter = |name: &'static str, label: String, options: Vec<(String, String)>| Filter {
        name,
        label,
        options: std::iter::once(all()).chain(options).collect(),
        chosen: opened.asked.get(name).unwrap_or_default().to_owned(),
    };
    let kinds = ["level", "trend", "outlier"].map(|kind| (kind.to_owned(), text::kind(kind, language)));
    let statuses = ALL_PROGRESS.map(|progress| (progress.value().to_owned(), progress.name(language)));
    vec![
        filter("wet", w.law.to_owned(), vec![("jw".into(), w.jw.to_owned()), ("wmo".into(), w.wmo.to_owned())]),
        filter("soort", say(language, "Soort", "Kind"), kinds.to_vec()),
        filter("status", say(language, "Status", "Status"), statuses.to_vec()),
    ]
}

fn figures(
    found: &Signals,
    shown: &[&SignalLine],
    kept: &[Version<SignalFollowUp>],
    language: Language,
) -> Vec<Figure> {
    let new = shown.iter().filter(|line| of_line(kept, line).is_none()).count();
    let whole = |number: usize| Cell::Count(i64::try_from(number).unwrap_or(i64::MAX)).shown(language);
    vec![
        Figure {
            name: words(language).signals.to_lowercase(),
            number: whole(shown.len()),
            note: match language {
                Language::Nl => format!("in {} reeksen", whole(found.series)),
                Language::En => format!("in {} series", whole(found.series)),
            },
        },
        Figure {
            name: say(language, "nog van niemand", "of nobody yet"),
            number: whole(new),
            note: say(language, "zonder eigenaar", "without an owner"),
        },
    ]
}

fn table(shown: &[&SignalLine], kept: &[Version<SignalFollowUp>], scope: &Scope) -> Table {
    let language = scope.language;
    let row = |line: &&SignalLine| {
        let it = &line.deviation;
        let follow_up = of_line(kept, line).map(|version| &version.content);
        let cells = vec![
            Cell::text(text::kind_and_way(it, language)),
            Cell::text(month_in_full(&it.since, language)),
            Cell::text(month_in_full(&it.seen_at, language)),
            Cell::text(sure(it.confidence, language)),
            Cell::text(text::compared(it, language)),
            Cell::of(it.per_year, Cell::Euros),
            Cell::Euros(it.to_date),
            Cell::of(follow_up, |follow_up| Cell::text(follow_up.owner.to_string())),
            Cell::text(Progress::of(follow_up).name(language)),
        ];
        TableRow::new(text::series(&it.name, language), cells).linked(link(&it.id, scope))
    };
    Table {
        id: "signalen".to_owned(),
        title: say(language, "Wat opvalt", "What stands out"),
        note: say(
            language,
            "Bedragen in euro: meer is een plus. Per jaar is wat het nu in een jaar scheelt, tot nu toe wat het sinds het \
             begin scheelde.",
            "Amounts in euros: more is a plus. Per year is what it makes in a year now, to date what it made since it began.",
        ),
        empty: say(language, "Er valt niets op.", "Nothing stands out."),
        columns: vec![
            Column::text(say(language, "Reeks", "Series")),
            Column::text(say(language, "Wat", "What")),
            Column::text(say(language, "Sinds", "Since")),
            Column::text(say(language, "Te zien eind", "Seen at the end of")),
            Column::text(say(language, "Zekerheid", "Certainty")),
            Column::text(say(language, "Van en naar, per maand", "From and to, a month")),
            Column::number(say(language, "Per jaar", "Per year")),
            Column::number(say(language, "Tot nu toe", "To date")),
            Column::text(say(language, "Eigenaar", "Owner")),
            Column::text(say(language, "Status", "Status")),
        ],
        total: None,
        rows: shown.iter().map(row).collect(),
    }
}

/// What was taken up and is no longer to be seen.
fn gone(found: &Signals, kept: &[Version<SignalFollowUp>], scope: &Scope) -> Option<Table> {
    let language = scope.language;
    let gone = kept.iter().filter(|version| found.find(&version.content.signal).is_none());
    let row = |version: &Version<SignalFollowUp>| {
        let it = &version.content;
        let status = Progress::of(Some(it)).name(language);
        TableRow::new(it.signal.clone(), vec![Cell::text(it.owner.to_string()), Cell::text(status)])
            .linked(link(&it.signal, scope))
    };
    let rows: Vec<TableRow> = gone.map(row).collect();
    (!rows.is_empty()).then(|| Table {
        id: "niet-meer".to_owned(),
        title: say(language, "Opgepakt, en niet meer te zien", "Taken up, and no longer to be seen"),
        note: say(
            language,
            "Op deze peildatum is dit er nog niet, of is het langer dan twee jaar geleden. Of het is met latere gegevens geen afwijking meer.",
            "On this day it is not there yet, it is more than two years ago, or with later data it is no deviation any more.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "Signaal", "Signal")),
            Column::text(say(language, "Eigenaar", "Owner")),
            Column::text(say(language, "Status", "Status")),
        ],
        total: None,
        rows,
    })
}

fn link(id: &str, scope: &Scope) -> String {
    scope.link(&format!("/signalen/{}", percent_encode(id)))
}

/// A certainty as a share; nothing is wholly certain.
fn share(confidence: f64, language: Language) -> String {
    if confidence > 0.995 { say(language, "meer dan 99 %", "more than 99%") } else { percent(confidence, language) }
}

fn sure(confidence: f64, language: Language) -> String {
    format!("{} ({})", chance_in_words(confidence, language), share(confidence, language))
}

/// `/signalen/{id}`
pub(crate) async fn show(app: App, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let found = signals(&app, scope).await?;
    let kept = kept(&app, scope).await?;
    let line = found.find(&id);
    let follow_up = match line {
        Some(line) => of_line(&kept, line),
        None => current(&kept, |signal| is_same_signal(signal, &id)),
    };
    if line.is_none() && follow_up.is_none() && !has_threads(&app, scope, &id).await? {
        return Err(Problem::NotFound);
    }
    let id = line.map_or(id, |line| line.deviation.id.clone());
    let title = line.map_or_else(
        || say(language, "Dit signaal is op deze peildatum niet te zien", "This signal is not to be seen on this day"),
        |line| text::title(&line.deviation, language),
    );
    let lede = line.map_or_else(|| id.clone(), |line| text::change(&line.deviation, language));
    let own = line.map_or_else(|| id.clone(), |line| text::series(&line.deviation.name, language));
    let frame = frame(&opened, &app, &uri, &title, Some(own));
    let mut document = Document::new(frame, &uri, title, lede);
    if let Some(line) = line {
        document.figures = headline(line, &found, language);
        document.blocks = blocks(line, &found, scope);
    }
    if app.settings.writing.is_some() {
        document.blocks.extend(state(follow_up, language));
        let author = opened.asked.get("naam");
        if app.may(Need::write(Part::Signals), scope.gemeente) {
            document.blocks.push(Block::Form(follow_up_form(&id, follow_up, scope, author)));
        }
        let about = grip_register::About::Signal { signal: id };
        document.blocks.extend(vragen::on(&app, &opened, &uri, about).await?);
    }
    document.respond(&opened.asked)
}

async fn has_threads(app: &App, scope: &Scope, id: &str) -> Result<bool, Problem> {
    let Some(writing) = &app.settings.writing else { return Ok(false) };
    let threads = threads_of(&writing.register.now().await?, scope.gemeente).await?;
    let is_it = |about: &grip_register::About| matches!(about, grip_register::About::Signal { signal } if is_same_signal(signal, id));
    Ok(threads.iter().any(|thread| thread.figure().is_some_and(|figure| is_it(&figure.about))))
}

fn headline(line: &SignalLine, found: &Signals, language: Language) -> Vec<Figure> {
    let it = &line.deviation;
    let until = found.last_month.as_deref().map(|month| month_in_full(month, language)).unwrap_or_default();
    let mut figures = vec![Figure {
        name: say(language, "sinds", "since"),
        number: month_in_full(&it.since, language),
        note: match language {
            Language::Nl => format!("te zien eind {}", month_in_full(&it.seen_at, language)),
            Language::En => format!("to be seen at the end of {}", month_in_full(&it.seen_at, language)),
        },
    }];
    figures.extend(it.per_year.map(|cents| Figure {
        name: say(language, "per jaar", "per year"),
        number: euros_short(cents, language),
        note: say(language, "wat het nu in een jaar scheelt", "what it makes in a year now"),
    }));
    figures.push(Figure {
        name: say(language, "tot nu toe", "to date"),
        number: euros_short(it.to_date, language),
        note: match language {
            Language::Nl => format!("tot en met {until}"),
            Language::En => format!("up to and including {until}"),
        },
    });
    figures.push(Figure {
        name: say(language, "zekerheid", "certainty"),
        number: chance_in_words(it.confidence, language).to_owned(),
        note: share(it.confidence, language),
    });
    figures
}

fn blocks(line: &SignalLine, found: &Signals, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let it = &line.deviation;
    let sentences = text::sentences(it, found, language);
    let mut blocks = vec![
        Block::Chart(chart(line, language)),
        Block::Text(Text { name: say(language, "Wat dit is", "What this is"), text: sentences, is_dutch: false }),
    ];
    if !line.also.is_empty() {
        let mut also: Vec<_> = line.also.iter().collect();
        also.sort_by_key(|other| Reverse(other.per_year.unwrap_or(other.to_date).abs()));
        let rows = also.into_iter().map(|other| {
            let cells = vec![
                Cell::text(month_in_full(&other.since, language)),
                Cell::text(month_in_full(&other.seen_at, language)),
                Cell::text(text::compared(other, language)),
                Cell::of(other.per_year, Cell::Euros),
            ];
            TableRow::new(text::series(&other.name, language), cells)
        });
        blocks.push(Block::Table(Table {
            id: "ook".to_owned(),
            title: say(language, "Ook te zien in", "Also to be seen in"),
            note: say(
                language,
                "Dezelfde verandering in andere reeksen; de bedragen tellen niet op.",
                "The same change in other series; the amounts do not add up.",
            ),
            empty: String::new(),
            columns: vec![
                Column::text(say(language, "Reeks", "Series")),
                Column::text(say(language, "Sinds", "Since")),
                Column::text(say(language, "Te zien eind", "Seen at the end of")),
                Column::text(say(language, "Van en naar, per maand", "From and to, a month")),
                Column::number(say(language, "Per jaar", "Per year")),
            ],
            total: None,
            rows: rows.collect(),
        }));
    }
    blocks.push(Block::Links(onward(line, scope)));
    blocks
}

fn onward(line: &SignalLine, scope: &Scope) -> Links {
    let language = scope.language;
    let name = &line.deviation.name;
    let year = line.deviation.since.parse::<Maand>().map_or(scope.jaar, Maand::year);
    let mut asked = vec![("van", (year - 1).to_string()), ("tot", year.to_string())];
    asked.extend(name.wet.map(|wet| ("wet", wet.to_owned())));
    asked.extend(name.productcategorie.clone().map(|categorie| ("productcategorie", categorie)));
    let growth = scope.link_with("/geld/groei", &asked);
    let mut links = vec![(say(language, "Waarom het bedrag groeide", "Why the amount grew"), growth)];
    if let Some(indicator) = text::indicator(name.measure) {
        let href = scope.link(&format!("/indicatoren/{indicator}"));
        links.push((say(language, "Deze indicator", "This indicator"), href));
    }
    if let (Some(wet), Some(categorie)) = (name.wet, &name.productcategorie) {
        let href = scope.link(&format!("/prognose/{wet}/{}", percent_encode(categorie)));
        links.push((say(language, "De prognose van dit segment", "The forecast of this segment"), href));
    }
    links.push((say(language, "Alle signalen", "All signals"), scope.link("/signalen")));
    Links { title: say(language, "Verder", "Onward"), links }
}

fn chart(line: &SignalLine, language: Language) -> ChartBlock {
    let it = &line.deviation;
    let title = text::title(it, language);
    let unit = text::Unit::of(it.name.measure);
    let labels = line.months.iter().map(|month| {
        let maand = month.maand.parse::<Maand>().ok();
        let label = maand.map_or("", |maand| month_name_short(maand.month(), language));
        Step {
            name: month_in_full(&month.maand, language),
            label: label.to_owned(),
            initial: label.chars().take(1).collect(),
            year: maand.filter(|maand| maand.month() == 1).map(|maand| maand.year().to_string()).unwrap_or_default(),
            href: None,
        }
    });
    let place = |maand: &str| line.months.iter().position(|month| month.maand == maand);
    let mark = |maand: &str, name: String| place(maand).map(|at| Mark { at, name });
    let marks = [
        mark(&it.since, say(language, "veranderde in", "changed in")),
        mark(&it.seen_at, say(language, "te zien op", "seen at")),
    ];
    let values = |of: fn(&grip_pipeline::SeriesMonth) -> Option<f64>| {
        line.months.iter().map(|month| of(month).map(|value| unit.scaled(value))).collect()
    };
    let scale = match unit {
        text::Unit::Euros => Scale::Euros,
        text::Unit::Count => Scale::Number { name: text::measure(it.name.measure, language) },
        text::Unit::Index => Scale::Number { name: say(language, "index", "index") },
    };
    let own = CourseLine { name: text::series(&it.name, language), values: values(|month| month.value), band: None };
    let without = CourseLine {
        name: say(language, "zonder de verandering", "without the change"),
        values: values(|month| month.expected),
        band: None,
    };
    let course = Chart::Course(Course {
        id: "verloop-grafiek".to_owned(),
        title: title.clone(),
        description: text::change(it, language),
        language,
        scale,
        labels: labels.collect(),
        lines: vec![own, without],
        reference: None,
        marks: marks.into_iter().flatten().collect(),
        form: Lines::Straight,
        from_zero: unit != text::Unit::Index,
        known_to: line.months.len(),
        provisional_name: String::new(),
    });
    ChartBlock { drawings: both(title.clone(), &course), table: months(line, title, unit, language) }
}

fn months(line: &SignalLine, title: String, unit: text::Unit, language: Language) -> Table {
    let rows = line.months.iter().rev().map(|month| {
        let cells = [month.value, month.expected].map(|value| Cell::of(value, |value| unit.cell(value)));
        TableRow::new(month_in_full(&month.maand, language), cells.to_vec())
    });
    Table {
        id: "verloop".to_owned(),
        title,
        note: say(
            language,
            "Zoals nu bekend. Een streepje: nog te weinig bekend, of te weinig personen.",
            "As known now. A dash: too little is known yet, or too few persons.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "Maand", "Month")),
            Column::number(say(language, "Waarde", "Value")),
            Column::number(say(language, "Zonder de verandering", "Without the change")),
        ],
        total: None,
        rows: rows.collect(),
    }
}

/// What is done about a signal, when something is.
fn state(follow_up: Option<&Version<SignalFollowUp>>, language: Language) -> Option<Block> {
    let version = follow_up?;
    let it = &version.content;
    let fact = |name: String, text: &str| Fact { name, text: text.to_owned(), is_dutch: true };
    let facts = [
        Some(fact(say(language, "Status", "Status"), &Progress::of(Some(it)).name(language))),
        Some(fact(say(language, "Eigenaar", "Owner"), it.owner.as_str())),
        Some(fact(say(language, "Duiding", "Explanation"), &it.explanation)),
        Some(fact(say(language, "Opvolging", "Follow-up"), &it.follow_up)),
        it.ended.as_ref().map(|reason| fact(say(language, "Afgerond omdat", "Ended because"), reason)),
        Some(fact(
            say(language, "Laatst gewijzigd", "Last changed"),
            &format!("{}, {}", long_date(vragen::day_of(version.by.at), language), version.by.actor),
        )),
    ];
    let facts = facts.into_iter().flatten().filter(|fact| !fact.text.is_empty()).collect();
    Some(Block::Facts(Facts { title: say(language, "Wat ermee gebeurt", "What is done about it"), facts }))
}

fn follow_up_form(id: &str, follow_up: Option<&Version<SignalFollowUp>>, scope: &Scope, author: Option<&str>) -> Form {
    let language = scope.language;
    let open = follow_up.filter(|version| version.content.ended.is_none());
    let of = |text: fn(&SignalFollowUp) -> &str| open.map_or("", |version| text(&version.content)).to_owned();
    let field = |name, label, hint, value, kind| Field {
        name,
        label,
        hint,
        value,
        error: String::new(),
        is_required: false,
        kind,
    };
    let title = if open.is_some() {
        say(language, "Werk de opvolging bij", "Update the follow-up")
    } else {
        say(language, "Pak dit signaal op", "Take this signal up")
    };
    Form {
        id: "opvolgen".to_owned(),
        title,
        note: say(language, "Schrijf geen persoonsgegevens op.", "Write no personal data."),
        action: link(id, scope),
        hidden: vec![
            ("object", open.map(|version| version.id.to_string()).unwrap_or_default()),
            ("versie", open.map(|version| version.number.to_string()).unwrap_or_default()),
        ],
        fields: vec![
            field(
                "eigenaar",
                say(language, "Eigenaar", "Owner"),
                say(language, "Functie of rol die ernaar kijkt.", "Function or role that looks after it."),
                of(|it| it.owner.as_str()),
                FieldKind::Line,
            ),
            field(
                "duiding",
                say(language, "Duiding", "Explanation"),
                say(language, "Wat verklaart dit? Mag later.", "What explains this? May come later."),
                of(|it| &it.explanation),
                FieldKind::Text,
            ),
            field(
                "opvolging",
                say(language, "Opvolging", "Follow-up"),
                say(language, "Wat wordt eraan gedaan? Mag later.", "What is done about it? May come later."),
                of(|it| &it.follow_up),
                FieldKind::Text,
            ),
            field(
                "einde",
                say(language, "Afgerond omdat", "Ended because"),
                say(language, "Alleen als er niets meer mee hoeft.", "Only when nothing more is to be done."),
                String::new(),
                FieldKind::Line,
            ),
            author_field(author, language),
        ],
        button: say(language, "Bewaar", "Keep"),
        faulty: say(language, "Er is nog niets bewaard: zie hieronder.", "Nothing was kept yet: see below."),
        draft: None,
    }
}

/// What was typed about a signal, or what is wrong with it.
fn ready(
    typed: &Typed,
    id: &str,
    scope: &Scope,
    now: jiff::Timestamp,
) -> Result<(By, SignalFollowUp), Vec<(&'static str, String)>> {
    let language = scope.language;
    let account = |name: &'static str| typed.account(name).map_err(|fault| (name, explain(&fault, language)));
    match (account("naam"), account("eigenaar")) {
        (Ok(actor), Ok(owner)) => {
            let ended = Some(typed.get("einde").to_owned()).filter(|reason| !reason.is_empty());
            let follow_up = SignalFollowUp {
                gemeente: scope.gemeente,
                signal: id.to_owned(),
                owner,
                explanation: typed.get("duiding").to_owned(),
                follow_up: typed.get("opvolging").to_owned(),
                ended,
            };
            Ok((By { actor, at: now, reason: String::new() }, follow_up))
        }
        (actor, owner) => Err(actor.err().into_iter().chain(owner.err()).collect()),
    }
}

/// `POST /signalen/{id}`: takes it up, or writes how it goes on.
pub(crate) async fn write(
    app: App,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    check_site(&headers)?;
    let writing = vragen::writing(&app)?;
    let typed = app.typed(&body)?;
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let kept = kept(&app, scope).await?;
    let known = current(&kept, |signal| is_same_signal(signal, &id));
    if known.is_none() && signals(&app, scope).await?.find(&id).is_none() {
        return Err(Problem::NotFound);
    }
    let form = |follow_up| follow_up_form(&id, follow_up, scope, None);
    let errors = match ready(&typed, &id, scope, (writing.now)()) {
        Err(errors) => errors,
        Ok((by, follow_up)) => match keep(&app, by, follow_up, &typed).await {
            Ok(()) => {
                let back = vragen::returned(&link(&id, scope), typed.get("naam"), "opvolgen");
                return Ok(Redirect::to(&back).into_response());
            }
            Err(RegisterError::Invalid(faults)) => {
                let field = |field: &str| match field {
                    "explanation" => "duiding",
                    "follow_up" => "opvolging",
                    "ended" => "einde",
                    _ => "eigenaar",
                };
                faults.iter().map(|fault| (field(fault.field), explain(fault, language))).collect()
            }
            Err(RegisterError::Conflict { .. } | RegisterError::Exists { .. }) => {
                return conflict(&app, &opened, &uri, &id, &typed).await;
            }
            Err(other) => return Err(other.into()),
        },
    };
    let open_one = known.filter(|version| version.id.to_string() == typed.get("object"));
    let mut form = form(open_one).filled(&typed, &errors);
    form.hidden = vec![("object", typed.get("object").to_owned()), ("versie", typed.get("versie").to_owned())];
    vragen::again(&app, &opened, &uri, form, StatusCode::UNPROCESSABLE_ENTITY)
}

async fn keep(app: &App, by: By, mut follow_up: SignalFollowUp, typed: &Typed) -> Result<(), RegisterError> {
    let Some(writing) = &app.settings.writing else { return Ok(()) };
    // Before somebody else's version: what can't be kept is wrong whoever comes first.
    let faults = follow_up.faults();
    if !faults.is_empty() {
        return Err(RegisterError::Invalid(faults));
    }
    let mut edit = writing.register.edit(by).await?;
    let object = typed.get("object");
    if object.is_empty() {
        take_up(&mut edit, &follow_up).await?;
    } else {
        let wrong = || grip_register::Fault { field: "object", problem: grip_register::Problem::Form("a name") };
        let id = object.parse().map_err(|_| RegisterError::Invalid(vec![wrong()]))?;
        let expected = typed.get("versie").parse().map_err(|_| RegisterError::Invalid(vec![wrong()]))?;
        // It keeps the name under which it was taken up.
        if let Some(before) = edit.get::<SignalFollowUp>(id).await? {
            follow_up.signal = before.content.signal;
        }
        edit.change(id, expected, &follow_up).await?;
    }
    edit.commit().await
}

/// Somebody else wrote in between: what stands there now, and what was typed, to be put together.
async fn conflict(app: &App, opened: &Opened, uri: &Uri, id: &str, typed: &Typed) -> Result<Response, Problem> {
    let scope = &opened.scope;
    let language = scope.language;
    let kept = kept(app, scope).await?;
    let now = current(&kept, |signal| is_same_signal(signal, id));
    let title = say(language, "Een ander was u voor", "Somebody else came first");
    let lede = say(
        language,
        "Dit signaal is gewijzigd nadat u de pagina opende. Er is niets van u bewaard. Hieronder staat wat er nu staat, en \
         daaronder uw eigen tekst: neem over wat moet blijven en bewaar opnieuw.",
        "This signal was changed after you opened the page. Nothing of yours was kept. Below is what stands there now, and \
         below that your own text: put together what should stay and keep it again.",
    );
    let mut document = Document::new(frame(opened, app, uri, &title, Some(id.to_owned())), uri, title, lede);
    document.blocks.extend(state(now, language));
    let mut form = follow_up_form(id, now, scope, None).filled(typed, &[]);
    form.title = say(language, "Uw tekst", "Your text");
    document.blocks.push(Block::Form(form));
    Ok((StatusCode::CONFLICT, document.respond(&crate::address::Asked::default())?).into_response())
}
