//! The catalogue of indicators: what there is, one of them over time and split, and the lines behind it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::Path, http::Uri, response::Response};
use grip_access::Part;
use grip_pipeline::{
    Answer, Call, CallError, Departure, Dimension, Grain, Indicator, IndicatorLine, Number, Period, PipelineError,
    Status, Unit,
};
use grip_report::{
    Cell, Chart, Column, Course, CourseLine, Form, Language, Mark, Scale, Step, Table, TableRow, count,
    month_name_short,
};
use grip_types::Maand;

use crate::{
    App,
    address::Scope,
    beleid,
    document::{Block, ChartBlock, Document, Fact, Facts, Figure, Filter, Links, Opened, WithTables, open, part},
    frame::{Crumb, Frame},
    pager::Pager,
    problem::Problem,
    prognose::{drawings::both, month_in_full},
    sentences::long_date,
    vragen,
    words::{say, words},
    zorg::WITHHELD,
};

/// Lines on one page.
const LINES_PER_PAGE: usize = 100;

fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, below: Vec<Crumb>) -> Frame {
    let scope = &opened.scope;
    let href = (!below.is_empty()).then(|| scope.link("/indicatoren"));
    let part = Crumb { name: words(scope.language).indicators.to_owned(), href };
    let mut frame = opened.frame(app, uri, title, std::iter::once(part).chain(below).collect());
    frame.json_href = Some(scope.link("/api/v1/indicatoren"));
    frame
}

fn name(indicator: &Indicator, language: Language) -> &str {
    if language == Language::Nl { &indicator.naam } else { &indicator.name }
}

/// `/indicatoren`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let catalogue = app.catalogue();
    let title = words(language).indicators;
    let frame = frame(&opened, &app, &uri, title, Vec::new());
    let number = count(catalogue.indicators().len(), language);
    let lede = match language {
        Language::Nl => format!("Alle {number} cijfers die Grip kent, elk op één plaats gedefinieerd."),
        Language::En => format!("All {number} figures that Grip knows, each defined in one place."),
    };
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks = catalogue
        .themas()
        .iter()
        .map(|thema| {
            let of_thema = catalogue.indicators().iter().filter(|indicator| indicator.thema == thema.id);
            let rows = of_thema.map(|indicator| {
                let definition = if language == Language::Nl { &indicator.definitie } else { &indicator.definition };
                let cells = vec![Cell::text(unit_name(indicator.unit, language)), Cell::text(definition)];
                TableRow::new(name(indicator, language), cells)
                    .linked(scope.link(&format!("/indicatoren/{}", indicator.id)))
            });
            Block::Table(Table {
                id: thema.id.clone(),
                title: if language == Language::Nl { thema.naam.clone() } else { thema.name.clone() },
                note: String::new(),
                empty: String::new(),
                columns: vec![
                    Column::text("indicator"),
                    Column::text(say(language, "eenheid", "unit")),
                    Column::text(say(language, "wat het is", "what it is")),
                ],
                rows: rows.collect(),
                total: None,
            })
        })
        .collect();
    document.respond(&opened.asked)
}

/// What a page about an indicator asks.
struct Asking {
    indicator: Indicator,
    grain: Grain,
    by: Option<Dimension>,
    only: Vec<(Dimension, String)>,
}

impl Asking {
    fn new(app: &App, id: &str, opened: &Opened) -> Result<Self, Problem> {
        let asked = &opened.asked;
        let mut indicator = app.catalogue().get(id).map_err(|_| Problem::NotFound)?.clone();
        indicator.dimensions.retain(|by| app.may_split(Part::Indicators, *by, opened.scope.gemeente));
        let has = |grain: &Grain| indicator.periods.contains(grain);
        let only: Vec<(Dimension, String)> = indicator
            .dimensions
            .iter()
            .filter_map(|dimension| Some((*dimension, asked.get(dimension.column())?.to_owned())))
            .collect();
        let narrowed: Vec<Dimension> = only.iter().map(|(dimension, _)| *dimension).collect();
        let has = |grain: &Grain| has(grain) && indicator.may_cross(&narrowed, *grain);
        let usual = [Grain::Maand, Grain::Kwartaal, Grain::Jaar].into_iter().find(has).unwrap_or(Grain::Jaar);
        let named =
            |text: &str| GRAINS.iter().find(|(grain, name, _)| *name == text && has(grain)).map(|(grain, ..)| *grain);
        let grain = asked.read("periode", named)?.unwrap_or(usual);
        let dimension = |text: &str| indicator.dimensions.iter().copied().find(|dimension| dimension.column() == text);
        let by = asked.read("door", dimension)?;
        // What is not chosen is split by the first that is left, coarse before fine.
        let is_free = |dimension: &Dimension| is_free(&indicator, &only, *dimension);
        let by = by.or_else(|| indicator.dimensions.iter().copied().find(is_free)).filter(is_free);
        Ok(Self { grain, by, only, indicator })
    }

    fn may_course(&self, grain: Grain) -> bool {
        let narrowed: Vec<Dimension> = self.only.iter().map(|(dimension, _)| *dimension).collect();
        self.indicator.may_cross(&narrowed, grain)
    }

    fn is_free(&self, dimension: Dimension) -> bool {
        is_free(&self.indicator, &self.only, dimension)
    }

    fn call(&self, scope: &Scope, periods: Vec<Period>, by: Vec<Dimension>) -> Call {
        Call { gemeente: scope.gemeente, periods, peildatum: scope.peildatum, by, only: self.only.clone() }
    }
}

/// Whether a figure that is narrowed may be split by a dimension too.
fn is_free(indicator: &Indicator, only: &[(Dimension, String)], dimension: Dimension) -> bool {
    let together: Vec<Dimension> = only.iter().map(|(chosen, _)| *chosen).chain([dimension]).collect();
    let longest = indicator.periods.iter().copied().max().unwrap_or(Grain::Jaar);
    only.iter().all(|(chosen, _)| *chosen != dimension) && indicator.may_cross(&together, longest)
}

const GRAINS: [(Grain, &str, [&str; 2]); 3] = [
    (Grain::Maand, "maand", ["per maand", "by month"]),
    (Grain::Kwartaal, "kwartaal", ["per kwartaal", "by quarter"]),
    (Grain::Jaar, "jaar", ["per jaar", "by year"]),
];

/// Periods of a course, up to the one in which the day lies.
fn periods(grain: Grain, scope: &Scope) -> Vec<Period> {
    let last =
        if scope.jaar < scope.peildatum.year() { Maand::new(scope.jaar, 12) } else { Maand::of(scope.peildatum) };
    let steps: i32 = match grain {
        Grain::Maand => 36,
        Grain::Kwartaal => 12,
        Grain::Jaar => 5,
    };
    let text = |maand: Maand| match grain {
        Grain::Maand => maand.to_string(),
        Grain::Kwartaal => format!("{:04}-K{}", maand.year(), (maand.month() + 2) / 3),
        Grain::Jaar => format!("{:04}", maand.year()),
    };
    (0..steps).rev().filter_map(|back| text(last.plus(-back * grain.months())).parse().ok()).collect()
}

/// The period the tables are about: the year of the page, or the last known period in it.
fn chosen(asking: &Asking, scope: &Scope) -> Vec<Period> {
    if asking.indicator.periods.contains(&Grain::Jaar) {
        [scope.jaar - 1, scope.jaar].iter().filter_map(|jaar| format!("{jaar:04}").parse().ok()).collect()
    } else {
        periods(asking.grain, scope).split_off(periods(asking.grain, scope).len().saturating_sub(2))
    }
}

async fn ask(app: &App, id: &str, call: Call) -> Result<Arc<[Answer]>, Problem> {
    let id = id.to_owned();
    app.ask(move |grip| match grip.indicator(&id, &call) {
        Err(PipelineError::Call(CallError::Computed { .. })) => Ok(Arc::from(Vec::new())),
        other => other,
    })
    .await
}

/// `/indicatoren/{id}`
pub(crate) async fn show(app: App, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let asking = Asking::new(&app, &id, &opened)?;
    let indicator = &asking.indicator;
    let course = ask(&app, &id, asking.call(&scope, periods(asking.grain, &scope), Vec::new())).await?;
    let now = chosen(&asking, &scope);
    let whole = ask(&app, &id, asking.call(&scope, now.clone(), Vec::new())).await?;
    let split = match asking.by {
        Some(by) => Some((by, ask(&app, &id, asking.call(&scope, now.clone(), vec![by])).await?)),
        None => None,
    };
    let names = names(&app, &scope, &asking, split.as_ref()).await?;
    let title = title(&asking, &names, language);
    let mut frame = frame(&opened, &app, &uri, &title, vec![Crumb { name: title.clone(), href: None }]);
    frame.json_href = Some(scope.link(&format!("/api/v1/indicatoren/{id}")));
    let definition = if language == Language::Nl { &indicator.definitie } else { &indicator.definition };
    let mut document = Document::new(frame, &uri, title.clone(), definition.clone());
    document.filters = filters(&asking, &names, language);
    document.figures = whole.iter().rev().map(|answer| figure(answer, language)).collect();
    if course.iter().any(|answer| answer.value.is_some()) {
        let (own, only) = (id.clone(), asking.only.clone());
        let departures = if asking.may_course(Grain::Maand) {
            app.ask(move |grip| grip.departures(&own, scope.gemeente, scope.peildatum, &only)).await?
        } else {
            Arc::from(Vec::new())
        };
        document.blocks.push(course_block(&title, indicator, asking.grain, &course, &departures, language));
        document.blocks.extend((!departures.is_empty()).then(|| departure_table(indicator, &departures, language)));
    }
    if let Some((by, split)) = &split {
        document.blocks.push(Block::Table(split_table(&asking, *by, split, &now, &names, &scope)));
    }
    document.blocks.push(Block::Facts(facts(indicator, &scope)));
    document.blocks.extend(beleid::of_indicator(&app, &scope, &id).await?.into_iter().map(Block::Links));
    document.blocks.push(Block::Links(onward(&app, &asking, &scope)));
    document.blocks.extend(vragen::on_page(&app, &opened, &uri).await?);
    document.respond(&opened.asked)
}

/// Names of the values of dimensions that the page shows.
type Names = BTreeMap<(Dimension, String), String>;

async fn names(
    app: &App,
    scope: &Scope,
    asking: &Asking,
    split: Option<&(Dimension, Arc<[Answer]>)>,
) -> Result<Names, Problem> {
    let mut wanted = asking.only.clone();
    if let Some((by, answers)) = split {
        wanted.extend(answers.iter().filter_map(|answer| Some((*by, answer.by.get(by.column())?.clone()?))));
    }
    let gemeente = scope.gemeente;
    app.ask(move |grip| {
        wanted
            .into_iter()
            .map(|(dimension, value)| {
                let name = grip.name_of(gemeente, dimension, Some(&value))?;
                Ok(((dimension, value), name))
            })
            .collect()
    })
    .await
}

fn named<'n>(names: &'n Names, dimension: Dimension, value: &'n str) -> &'n str {
    names.get(&(dimension, value.to_owned())).map_or(value, String::as_str)
}

fn title(asking: &Asking, names: &Names, language: Language) -> String {
    let only: Vec<&str> = asking.only.iter().map(|(dimension, value)| named(names, *dimension, value)).collect();
    let name = name(&asking.indicator, language);
    if only.is_empty() { name.to_owned() } else { format!("{name}: {}", only.join(", ")) }
}

fn filters(asking: &Asking, names: &Names, language: Language) -> Vec<Filter> {
    let nl = usize::from(language != Language::Nl);
    let w = words(language);
    let mut filters = vec![Filter {
        name: "periode",
        label: say(language, "Verloop", "Course"),
        options: GRAINS
            .iter()
            .filter(|(grain, ..)| asking.indicator.periods.contains(grain) && asking.may_course(*grain))
            .map(|(_, value, names)| ((*value).to_owned(), names[nl].to_owned()))
            .collect(),
        chosen: GRAINS.iter().find(|(grain, ..)| *grain == asking.grain).map_or("", |(_, name, _)| name).to_owned(),
    }];
    let free = asking.indicator.dimensions.iter().filter(|dimension| asking.is_free(**dimension));
    let free: Vec<(String, String)> = free
        .map(|dimension| (dimension.column().to_owned(), dimension_name(*dimension, language).to_owned()))
        .collect();
    if !free.is_empty() {
        filters.push(Filter {
            name: "door",
            label: say(language, "Verdeeld naar", "Split by"),
            options: free,
            chosen: asking.by.map(|by| by.column().to_owned()).unwrap_or_default(),
        });
    }
    if asking.indicator.dimensions.contains(&Dimension::Wet) {
        let chosen = asking.only.iter().find(|(dimension, _)| *dimension == Dimension::Wet);
        filters.push(Filter {
            name: Dimension::Wet.column(),
            label: dimension_name(Dimension::Wet, language).to_owned(),
            options: [("", w.all_values), ("jw", w.jw), ("wmo", w.wmo)]
                .map(|(value, name)| (value.to_owned(), name.to_owned()))
                .to_vec(),
            chosen: chosen.map(|(_, value)| value.clone()).unwrap_or_default(),
        });
    }
    for (dimension, value) in asking.only.iter().filter(|(dimension, _)| *dimension != Dimension::Wet) {
        filters.push(Filter {
            name: dimension.column(),
            label: dimension_name(*dimension, language).to_owned(),
            options: vec![
                (String::new(), w.all_values.to_owned()),
                (value.clone(), named(names, *dimension, value).to_owned()),
            ],
            chosen: value.clone(),
        });
    }
    filters
}

fn figure(answer: &Answer, language: Language) -> Figure {
    let counted = match (answer.count, answer.is_withheld) {
        (_, true) => say(language, "te weinig om te tonen", "too few to show"),
        (Some(number), _) if number > 0 => {
            format!("{} {}", count(usize::try_from(number).unwrap_or_default(), language), answer.counts)
        }
        _ => String::new(),
    };
    let status = status_name(answer.status, language);
    let note = if counted.is_empty() { status.to_owned() } else { format!("{status}; {counted}") };
    Figure { name: period_name(&answer.periode, language), number: with_unit(answer, language), note }
}

/// The value as a cell of a table whose head says the unit.
pub(crate) fn cell(answer: &Answer) -> Cell {
    if answer.is_withheld {
        return Cell::Withheld;
    }
    match (answer.value, answer.unit) {
        (None, _) => Cell::Nothing,
        (Some(Number::Whole(cents)), unit) if unit.is_money() => Cell::Euros(cents),
        (Some(Number::Whole(number)), _) => Cell::Count(number),
        (Some(Number::Real(value)), Unit::Percent) => Cell::Share(value / 100.0),
        (Some(Number::Real(value)), _) => Cell::Real(value, 1),
    }
}

fn with_unit(answer: &Answer, language: Language) -> String {
    match (cell(answer), answer.unit) {
        (Cell::Euros(cents), Unit::EurocentPerHour) => Cell::Cents(cents).shown(language),
        (Cell::Euros(cents), _) if cents.abs() >= 100_000_000 => grip_report::euros_short(cents, language),
        (cell, Unit::Days | Unit::Months | Unit::Minutes) => {
            format!("{} {}", cell.shown(language), unit_name(answer.unit, language))
        }
        (cell, _) => cell.shown(language),
    }
}

/// What departs from its own course.
fn departure_table(indicator: &Indicator, departures: &[Departure], language: Language) -> Block {
    let value = |value: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and figures are far below 2^63")]
        if indicator.unit.is_money() { Cell::Euros(value.round() as i64) } else { Cell::Real(value, 1) }
    };
    let row = |departure: &Departure| {
        let kind = match departure.kind {
            "level" => say(language, "ander niveau", "another level"),
            "trend" => say(language, "andere richting (per maand)", "another direction (per month)"),
            _ => say(language, "één maand", "one month"),
        };
        let month = |maand: &str| Cell::Text(month_in_full(maand, language));
        let cells = vec![
            month(&departure.since),
            month(&departure.seen_at),
            value(departure.before),
            value(departure.after),
            Cell::Share(departure.confidence),
        ];
        TableRow::new(kind, cells)
    };
    Block::Table(Table {
        id: "afwijkingen".to_owned(),
        title: say(language, "Wat afwijkt van het eigen verloop", "What departs from its own course"),
        note: say(
            language,
            "Over vijf jaar, met de cijfers van nu; maanden die nog niet definitief zijn tellen niet mee. In een reeks waarin niets verandert is er hoogstens één vals alarm in tien jaar.",
            "Over five years, with the figures of now; months that are not definitive do not count. In a series in which nothing changes there is at most one false alarm in ten years.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "wat", "what")),
            Column::kept(say(language, "sinds", "since")),
            Column::kept(say(language, "te zien eind", "to be seen at the end of")),
            Column::number(say(language, "verwacht", "expected")),
            Column::number(say(language, "werd", "became")),
            Column::number(say(language, "zekerheid", "certainty")),
        ],
        rows: departures.iter().map(row).collect(),
        total: None,
    })
}

fn course_block(
    title: &str,
    indicator: &Indicator,
    grain: Grain,
    answers: &[Answer],
    departures: &[Departure],
    language: Language,
) -> Block {
    let mut year = None;
    let labels = answers.iter().map(|answer| step(&answer.periode, grain, &mut year, language)).collect();
    let known_to = answers.iter().take_while(|answer| answer.status == Status::Definitive).count();
    // A period that is not complete would be drawn as a fall that is none; the table has it.
    let is_drawn = |answer: &Answer| !answer.is_withheld && answer.status != Status::Incomplete;
    let values: Vec<Option<i64>> = answers.iter().map(|answer| scaled(answer).filter(|_| is_drawn(answer))).collect();
    let mark = |departure: &Departure| {
        let at = answers.iter().position(|answer| answer.periode == departure.since)?;
        Some(Mark { at, name: say(language, "veranderde", "changed") })
    };
    let marks = departures.iter().filter(|departure| departure.kind != "outlier").filter_map(mark).collect();
    let (first, last) = (answers.first(), answers.last());
    let ends =
        [first, last].map(|answer| answer.map_or(String::new(), |answer| period_name(&answer.periode, language)));
    let unit = unit_name(indicator.unit, language);
    let described = match language {
        Language::Nl => format!("Lijn van {} tot en met {}, in {unit}.", ends[0], ends[1]),
        Language::En => format!("Line from {} to {}, in {unit}.", ends[0], ends[1]),
    };
    let chart = Chart::Course(Course {
        id: "verloop-grafiek".to_owned(),
        title: title.to_owned(),
        description: described,
        language,
        scale: scale(indicator.unit, language),
        labels,
        lines: vec![CourseLine { name: name(indicator, language).to_owned(), values, band: None }],
        reference: None,
        marks,
        form: Form::Straight,
        from_zero: true,
        known_to,
        provisional_name: say(language, "voorlopig", "provisional"),
    });
    let rows = answers.iter().map(|answer| {
        let cells =
            vec![cell(answer), Cell::of(answer.count, Cell::Count), Cell::text(status_name(answer.status, language))];
        TableRow::new(period_name(&answer.periode, language), cells)
    });
    let table = Table {
        id: "verloop".to_owned(),
        title: title.to_owned(),
        note: unit.to_owned(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "periode", "period")),
            Column::number(say(language, "waarde", "value")),
            Column::number(indicator.counts.clone()),
            Column::text("status"),
        ],
        rows: rows.collect(),
        total: None,
    };
    let title = match language {
        Language::Nl => {
            format!("{title}, {}", GRAINS.iter().find(|(of, ..)| *of == grain).map_or("", |(.., names)| names[0]))
        }
        Language::En => {
            format!("{title}, {}", GRAINS.iter().find(|(of, ..)| *of == grain).map_or("", |(.., names)| names[1]))
        }
    };
    Block::Chart(ChartBlock { drawings: both(title, &chart), table })
}

/// A value in what a chart reckons in: eurocents, or tenths.
fn scaled(answer: &Answer) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and figures are far below 2^63")]
    let tenths = |value: f64| (value * 10.0).round() as i64;
    Some(match (answer.value?, answer.unit.is_money()) {
        (Number::Whole(cents), true) => cents,
        (Number::Whole(number), false) => number.saturating_mul(10),
        (Number::Real(value), _) => tenths(value),
    })
}

fn scale(unit: Unit, language: Language) -> Scale {
    match unit {
        Unit::Eurocent | Unit::EurocentPerHour => Scale::Euros,
        Unit::Percent => Scale::Percent { name: String::new() },
        other => Scale::Number { name: unit_name(other, language).to_owned() },
    }
}

fn step(periode: &str, grain: Grain, year: &mut Option<String>, language: Language) -> Step {
    let own = periode.get(..4).unwrap_or(periode).to_owned();
    let is_first = year.as_ref() != Some(&own);
    let month = periode.parse::<Maand>().ok().filter(|_| grain == Grain::Maand);
    let label = match (grain, month) {
        (Grain::Maand, Some(month)) => month_name_short(month.month(), language).to_owned(),
        (Grain::Kwartaal, _) => periode.get(5..).unwrap_or(periode).to_owned(),
        _ => periode.to_owned(),
    };
    *year = Some(own.clone());
    Step {
        name: period_name(periode, language),
        initial: label.chars().take(if grain == Grain::Maand { 1 } else { 4 }).collect(),
        label,
        year: if is_first && grain != Grain::Jaar { own } else { String::new() },
        href: None,
    }
}

fn split_table(
    asking: &Asking,
    by: Dimension,
    answers: &[Answer],
    periods: &[Period],
    names: &Names,
    scope: &Scope,
) -> Table {
    let language = scope.language;
    let mut values: BTreeMap<Option<String>, Vec<Option<&Answer>>> = BTreeMap::new();
    for answer in answers {
        let value = answer.by.get(by.column()).cloned().flatten();
        let at = periods.iter().position(|period| period.to_string() == answer.periode);
        let row = values.entry(value).or_insert_with(|| vec![None; periods.len()]);
        if let Some(slot) = at.and_then(|at| row.get_mut(at)) {
            *slot = Some(answer);
        }
    }
    let mut rows: Vec<(Option<i64>, TableRow)> = values
        .into_iter()
        .map(|(value, answers)| {
            let last = answers.last().copied().flatten();
            let head = value
                .as_deref()
                .map_or_else(|| say(language, "onbekend", "unknown"), |value| named(names, by, value).to_owned());
            let mut cells: Vec<Cell> = answers.iter().map(|answer| Cell::of(*answer, cell)).collect();
            cells.push(Cell::of(last.and_then(|answer| answer.count), Cell::Count));
            cells.push(Cell::of(last, |answer| Cell::Link {
                text: say(language, "regels", "lines"),
                href: lines_link(
                    asking,
                    Some((by, answer.by.get(by.column()).cloned().flatten())),
                    &answer.periode,
                    scope,
                ),
            }));
            let row = TableRow { head, href: None, is_dutch: true, cells };
            let row = match &value {
                Some(value) => row.linked(own_link(asking, Some((by, value.clone())), scope)),
                None => row,
            };
            (last.and_then(scaled), row)
        })
        .collect();
    rows.sort_by_key(|(value, _)| std::cmp::Reverse(*value));
    let dimension = dimension_name(by, language);
    let mut note = unit_name(asking.indicator.unit, language).to_owned();
    if answers.iter().any(|answer| answer.is_withheld) {
        note = format!("{note}. {}", say(language, WITHHELD.0, WITHHELD.1));
    }
    let mut columns = vec![Column::text(dimension)];
    columns.extend(periods.iter().map(|period| Column::number(period_name(&period.to_string(), language))));
    columns.push(Column::number(asking.indicator.counts.clone()));
    columns.push(Column::text(say(language, "herkomst", "origin")));
    Table {
        id: "verdeling".to_owned(),
        title: match language {
            Language::Nl => format!("Verdeeld naar {dimension}"),
            Language::En => format!("Split by {dimension}"),
        },
        note,
        empty: say(
            language,
            "Hierover is in deze perioden niets bekend.",
            "Nothing is known of this in these periods.",
        ),
        columns,
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        total: None,
    }
}

fn pairs(asking: &Asking, more: Option<(Dimension, String)>) -> Vec<(&'static str, String)> {
    asking.only.iter().cloned().chain(more).map(|(dimension, value)| (dimension.column(), value)).collect()
}

fn own_link(asking: &Asking, more: Option<(Dimension, String)>, scope: &Scope) -> String {
    scope.link_with(&format!("/indicatoren/{}", asking.indicator.id), &pairs(asking, more))
}

fn lines_link(asking: &Asking, more: Option<(Dimension, Option<String>)>, periode: &str, scope: &Scope) -> String {
    let more = more.and_then(|(dimension, value)| Some((dimension, value?)));
    let mut pairs = pairs(asking, more);
    pairs.push(("periode", periode.to_owned()));
    scope.link_with(&format!("/indicatoren/{}/regels", asking.indicator.id), &pairs)
}

fn facts(indicator: &Indicator, scope: &Scope) -> Facts {
    let language = scope.language;
    let fact = |nl: &str, en: &str, text: String, is_dutch: bool| Fact { name: say(language, nl, en), text, is_dutch };
    let mut facts = vec![
        fact("Eenheid", "Unit", unit_name(indicator.unit, language).to_owned(), false),
        fact("Bron", "Source", indicator.source.clone(), true),
        fact("Bekend op", "Known on", long_date(scope.peildatum, language), false),
    ];
    if indicator.minimum_count > 1 {
        let text = match language {
            Language::Nl => {
                format!("bij minder dan {} {} wordt het cijfer niet getoond", indicator.minimum_count, indicator.counts)
            }
            Language::En => {
                format!("with fewer than {} {} the figure is not shown", indicator.minimum_count, indicator.counts)
            }
        };
        facts.push(fact("Kleinste aantal", "Smallest number", text, false));
    }
    let status = &indicator.status;
    facts.push(fact(
        "Status",
        "Status",
        match language {
            Language::Nl => format!(
                "onvolledig tot {} maanden na de periode, definitief na {}",
                status.provisional_after_months, status.definitive_after_months
            ),
            Language::En => format!(
                "incomplete until {} months after the period, definitive after {}",
                status.provisional_after_months, status.definitive_after_months
            ),
        },
        false,
    ));
    if let Some(law) = &indicator.law {
        facts.push(fact("Wet", "Law", format!("{} ({})", law.article, law.date), true));
    }
    facts.push(fact("Naam in aanroepen", "Name in calls", indicator.id.clone(), false));
    Facts { title: say(language, "Over dit cijfer", "About this figure"), facts }
}

fn onward(app: &App, asking: &Asking, scope: &Scope) -> Links {
    let language = scope.language;
    let mut links = Vec::new();
    if asking.indicator.computed.is_none() {
        let year = chosen(asking, scope).last().map(ToString::to_string).unwrap_or_default();
        let name = match language {
            Language::Nl => format!("De regels achter dit cijfer, {}", period_name(&year, language)),
            Language::En => format!("The lines behind this figure, {}", period_name(&year, language)),
        };
        links.push((name, lines_link(asking, None, &year, scope)));
    }
    let same = app.catalogue().indicators().iter().filter(|other| {
        other.thema == asking.indicator.thema
            && other.id != asking.indicator.id
            && asking.only.iter().all(|(dimension, _)| other.dimensions.contains(dimension))
    });
    links.extend(same.map(|other| {
        let href = scope.link_with(&format!("/indicatoren/{}", other.id), &pairs(asking, None));
        (name(other, language).to_owned(), href)
    }));
    Links { title: say(language, "Verder kijken", "Look further"), links }
}

/// `/indicatoren/{id}/regels?periode=…`
pub(crate) async fn lines(app: App, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let indicator = app.catalogue().get(&id).map_err(|_| Problem::NotFound)?.clone();
    let periode = opened.asked.read("periode", |text| text.parse::<Period>().ok())?;
    let only: Vec<(Dimension, String)> = indicator
        .dimensions
        .iter()
        .filter_map(|dimension| Some((*dimension, opened.asked.get(dimension.column())?.to_owned())))
        .collect();
    let asking = Asking { grain: Grain::Jaar, by: None, only, indicator };
    let period = periode.or_else(|| chosen(&asking, &scope).pop()).ok_or(Problem::NotFound)?;
    let pagina = opened.asked.pagina()?;
    let call = asking.call(&scope, vec![period], Vec::new());
    let own = id.clone();
    let (offset, limit) = part(&opened.asked, pagina, LINES_PER_PAGE);
    let (total, lines) = app.ask(move |grip| grip.indicator_lines(&own, &call, offset, limit)).await?;
    let names = names(&app, &scope, &asking, None).await?;
    let period = period.to_string();
    let pager = Pager::new(pagina, LINES_PER_PAGE, total, language, |pagina| {
        let mut pairs = pairs(&asking, None);
        pairs.extend([("periode", period.clone()), ("pagina", pagina.to_string())]);
        scope.link_with(&format!("/indicatoren/{id}/regels"), &pairs)
    })?;
    let title = match language {
        Language::Nl => format!("De regels achter {}", title(&asking, &names, language)),
        Language::En => format!("The lines behind {}", title(&asking, &names, language)),
    };
    let crumbs = vec![
        Crumb { name: name(&asking.indicator, language).to_owned(), href: Some(own_link(&asking, None, &scope)) },
        Crumb { name: say(language, "Regels", "Lines"), href: None },
    ];
    let frame = frame(&opened, &app, &uri, &title, crumbs);
    let (number, day) = (count(total, language), long_date(scope.peildatum, language));
    let lede = match language {
        Language::Nl => {
            format!("{number} regels in {}, zoals bekend op {day}; de grootste eerst.", period_name(&period, language))
        }
        Language::En => {
            format!("{number} lines in {}, as known on {day}; the largest first.", period_name(&period, language))
        }
    };
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks.push(Block::Table(lines_table(&asking.indicator, lines, language)));
    document.pager = Some(pager);
    document.respond(&opened.asked)
}

fn lines_table(indicator: &Indicator, lines: Vec<IndicatorLine>, language: Language) -> Table {
    let mut columns = vec![Column::text(indicator.counts.clone())];
    columns.extend(indicator.dimensions.iter().map(|dimension| Column::kept(dimension_name(*dimension, language))));
    columns.push(Column::number(say(language, "telt voor", "counts for")));
    let is_money = indicator.unit.is_money();
    let rows = lines.into_iter().map(|line| {
        let value = Cell::of(line.value, |value| {
            #[expect(clippy::cast_possible_truncation, reason = "a sum of eurocents of one line is far below 2^53")]
            if is_money { Cell::Cents(value.round() as i64) } else { Cell::Real(value, 2) }
        });
        let by = line.by.into_iter().map(|value| Cell::of(value, Cell::Text));
        TableRow::new(line.counted, by.chain([value]).collect())
    });
    Table {
        id: "regels".to_owned(),
        title: say(language, "Regels", "Lines"),
        note: say(
            language,
            "Personen staan er als pseudoniem. Wat een regel telt is wat boven de streep staat.",
            "Persons are pseudonyms. What a line counts for is what stands above the line.",
        ),
        empty: say(language, "Er zijn geen regels.", "There are no lines."),
        columns,
        rows: rows.collect(),
        total: None,
    }
}

/// A period in words: `2024`, `januari 2024`, `2024-K1`.
pub(crate) fn period_name(periode: &str, language: Language) -> String {
    let is_month = periode.len() == 7 && !periode.contains('K');
    if is_month { month_in_full(periode, language) } else { periode.to_owned() }
}

fn status_name(status: Status, language: Language) -> &'static str {
    let (nl, en) = match status {
        Status::Definitive => ("definitief", "definitive"),
        Status::Provisional => ("voorlopig", "provisional"),
        Status::Incomplete => ("nog niet compleet", "not complete yet"),
        Status::Estimate => ("geschat", "estimated"),
    };
    if language == Language::Nl { nl } else { en }
}

/// What a unit is called.
pub(crate) fn unit_name(unit: Unit, language: Language) -> &'static str {
    let (nl, en) = match unit {
        Unit::Eurocent => ("euro", "euros"),
        Unit::EurocentPerHour => ("euro per uur", "euros per hour"),
        Unit::Clients => ("cliënten", "clients"),
        Unit::Households => ("huishoudens", "households"),
        Unit::Providers => ("aanbieders", "providers"),
        Unit::Count => ("aantal", "number"),
        Unit::Minutes => ("minuten", "minutes"),
        Unit::Days => ("dagen", "days"),
        Unit::Months => ("maanden", "months"),
        Unit::Percent => ("procent", "percent"),
        Unit::Per1000 => ("per 1.000", "per 1,000"),
        Unit::Per1000Inhabitants => ("per 1.000 inwoners", "per 1,000 inhabitants"),
        Unit::Per1000Households => ("per 1.000 huishoudens", "per 1,000 households"),
    };
    if language == Language::Nl { nl } else { en }
}

/// What a dimension is called, as after `per`.
pub(crate) fn dimension_name(dimension: Dimension, language: Language) -> &'static str {
    let (nl, en) = match dimension {
        Dimension::Wet => ("wet", "law"),
        Dimension::Productcategorie => ("productcategorie", "product category"),
        Dimension::Productcode => ("productcode", "product code"),
        Dimension::Aanbieder => ("aanbieder", "provider"),
        Dimension::Leeftijdsgroep => ("leeftijd", "age"),
        Dimension::Geslacht => ("geslacht", "sex"),
        Dimension::Wijk => ("wijk", "district"),
        Dimension::Verwijzer => ("verwijzer", "referrer"),
        Dimension::Taakveld => ("taakveld", "task field"),
        Dimension::Eenheid => ("eenheid", "unit"),
        Dimension::RedenBeeindiging => ("reden van einde", "reason of ending"),
        Dimension::RetourCodes => ("retourcode", "return code"),
        Dimension::Regeling => ("regeling", "scheme"),
        Dimension::Berichtsoort => ("berichtsoort", "kind of message"),
        Dimension::Release => ("release", "release"),
        Dimension::Code => ("regel van bevinding", "rule of finding"),
        Dimension::Ernst => ("ernst", "gravity"),
        Dimension::Vraag => ("vraag", "question"),
    };
    if language == Language::Nl { nl } else { en }
}
