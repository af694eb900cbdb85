//! Begin, in, out and end, by product, law, provider, referrer or district, per year, quarter or month.

use axum::{http::Uri, response::Response};
use grip_access::Part;
use grip_pipeline::{
    Dimension, Grain, Period,
    care::{CareFlows, FLOW_DIMENSIONS, Flow, FlowRow},
};
use grip_report::{
    Cell, Chart, Column, Course, CourseLine, Form, Language, Scale, Step, Table, TableRow, month_name_short,
};
use grip_types::{Wet, parse_date};

use super::{
    WITHHELD, asked_wet, frame, indicator_links, law_name, laws, no_team, number, pages, table, text, wet_filter,
    year_name, year_period,
};
use crate::{
    App,
    address::Scope,
    document::{Block, ChartBlock, Document, Filter, WithTables, open},
    problem::Problem,
    prognose::{drawings::both, month_in_full},
    sentences::long_date,
    words::{say, words},
};

/// Rows of a dimension on a page; the rest is one row.
const ROWS_MAX: usize = 60;

/// What is asked of this page.
struct Choice {
    by: Dimension,
    wet: Option<Wet>,
    grain: Grain,
    value: Option<String>,
}

/// `/zorg/verloop`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let asked = &opened.asked;
    let choice = Choice {
        by: asked.read("door", dimension)?.unwrap_or(Dimension::Productcategorie),
        wet: asked_wet(asked)?,
        grain: asked.read("periode", grain)?.unwrap_or(Grain::Jaar),
        value: asked.get("waarde").map(str::to_owned),
    };
    let scope = &opened.scope;
    let Scope { gemeente, jaar, peildatum, language, .. } = *scope;
    let (by, periods) = (choice.by, periods(choice.grain, jaar));
    let (year, course) = app
        .ask(move |grip| {
            let year = grip.care_flows(gemeente, peildatum, by, &year_period(jaar))?;
            Ok((year, grip.care_flows(gemeente, peildatum, by, &periods)?))
        })
        .await?;
    let rows = of_choice(&year, &choice);
    let total = year.of(choice.wet, choice.value.as_deref()).first().copied();
    let title = title(&rows, total, &choice, scope);
    let frame = frame(&opened, &app, &uri, &title, Some(say(language, "Verloop", "Flows")));
    let lede = format!("{} {}.", say(language, LEDE.0, LEDE.1), long_date(peildatum, language));
    let mut document = Document::new(frame, &uri, title, lede);
    document.filters = filters(&year, &choice, language);
    app.narrow(&mut document.filters, Part::Care, gemeente);
    document.blocks = course_blocks(&course, &choice, scope);
    if choice.by == Dimension::Verwijzer && !rows.is_empty() && rows.iter().all(|row| row.value.is_none()) {
        document.blocks.push(no_referrers(language));
    }
    document.blocks.push(Block::Table(flow_table(choice.by, (&year, &rows), total, flow_note(&year, scope), scope)));
    document.blocks.extend([what_counts(language), no_team(language)]);
    let ids: &[&str] = match choice.by {
        Dimension::Productcategorie => {
            &["beginstand-product", "instroom-product", "uitstroom-product", "eindstand-product"]
        }
        _ => &["beginstand", "instroom", "uitstroom", "eindstand", "instroom-per-1000-inwoners"],
    };
    document.blocks.extend([indicator_links(&app, scope, ids), pages(scope, "/zorg/verloop")]);
    document.respond(&opened.asked)
}

const LEDE: (&str, &str) = (
    "Wat er liep bij het begin, plus wat begon, min wat eindigde, is wat er aan het eind liep. Geteld worden trajecten, zoals bekend op",
    "What ran at the begin, plus what began, minus what ended, is what ran at the end. Trajectories are counted, as known on",
);

fn dimension(text: &str) -> Option<Dimension> {
    FLOW_DIMENSIONS.into_iter().find(|dimension| dimension.column() == text)
}

fn grain(text: &str) -> Option<Grain> {
    match text {
        "jaar" => Some(Grain::Jaar),
        "kwartaal" => Some(Grain::Kwartaal),
        "maand" => Some(Grain::Maand),
        _ => None,
    }
}

/// Five years, or eight quarters or twenty-four months to the end of a year.
fn periods(grain: Grain, jaar: i16) -> Vec<Period> {
    let names: Vec<String> = match grain {
        Grain::Jaar => (jaar - 4..=jaar).map(|year| year.to_string()).collect(),
        Grain::Kwartaal => {
            (jaar - 1..=jaar).flat_map(|year| (1..=4).map(move |quarter| format!("{year}-K{quarter}"))).collect()
        }
        Grain::Maand => {
            (jaar - 1..=jaar).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).collect()
        }
    };
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

fn of_choice<'f>(flows: &'f CareFlows, choice: &Choice) -> Vec<&'f FlowRow> {
    let is_asked = |row: &&FlowRow| {
        choice.wet.is_none_or(|wet| row.wet == wet.as_str())
            && (choice.value.is_none() || row.value.as_deref() == choice.value.as_deref())
    };
    flows.rows.iter().filter(is_asked).collect()
}

fn title(rows: &[&FlowRow], total: Option<Flow>, choice: &Choice, scope: &Scope) -> String {
    let language = scope.language;
    let subject = match (&choice.value, rows.first()) {
        (Some(_), Some(row)) => row_name(choice.by, row, language),
        _ => laws(choice.wet, language),
    };
    let year = year_name(scope);
    let Some(total) = total.filter(|total| !total.is_nothing()) else {
        return match language {
            Language::Nl => format!("{subject}: over {year} is geen zorg bekend"),
            Language::En => format!("{subject}: no care is known in {year}"),
        };
    };
    let Some((inflow, outflow)) = total.inflow.zip(total.outflow) else {
        return match language {
            Language::Nl => format!("{subject}: instroom, uitstroom en stand in {year}"),
            Language::En => format!("{subject}: inflow, outflow and stock in {year}"),
        };
    };
    let (inflow, outflow) = (number(inflow, language), number(outflow, language));
    match language {
        Language::Nl => format!("{subject}: {inflow} trajecten begonnen en {outflow} eindigden in {year}"),
        Language::En => format!("{subject}: {inflow} trajectories began and {outflow} ended in {year}"),
    }
}

fn filters(year: &CareFlows, choice: &Choice, language: Language) -> Vec<Filter> {
    let option = |value: &str, nl: &str, en: &str| (value.to_owned(), say(language, nl, en));
    let mut values: Vec<(String, String)> = of_choice(year, &Choice { value: None, ..*choice })
        .into_iter()
        .filter_map(|row| Some((row.value.clone()?, row_name(choice.by, row, language))))
        .collect();
    values.dedup_by(|one, other| one.0 == other.0);
    values.sort();
    values.dedup_by(|one, other| one.0 == other.0);
    let mut filters = vec![
        Filter {
            name: "door",
            label: say(language, "Per", "By"),
            options: FLOW_DIMENSIONS.map(|by| (by.column().to_owned(), dimension_name(by, language))).to_vec(),
            chosen: choice.by.column().to_owned(),
        },
        wet_filter(choice.wet, language),
        Filter {
            name: "periode",
            label: say(language, "Verloop per", "Course by"),
            options: vec![
                option("jaar", "jaar", "year"),
                option("kwartaal", "kwartaal", "quarter"),
                option("maand", "maand", "month"),
            ],
            chosen: grain_name(choice.grain).to_owned(),
        },
    ];
    if !values.is_empty() {
        let all = (String::new(), words(language).all_values.to_owned());
        filters.push(Filter {
            name: "waarde",
            label: dimension_name(choice.by, language),
            options: std::iter::once(all).chain(values).collect(),
            chosen: choice.value.clone().unwrap_or_default(),
        });
    }
    filters
}

fn grain_name(grain: Grain) -> &'static str {
    match grain {
        Grain::Jaar => "jaar",
        Grain::Kwartaal => "kwartaal",
        Grain::Maand => "maand",
    }
}

fn dimension_name(by: Dimension, language: Language) -> String {
    match by {
        Dimension::Wet => say(language, "wet", "law"),
        Dimension::Aanbieder => say(language, "aanbieder", "provider"),
        Dimension::Verwijzer => say(language, "verwijzer", "referrer"),
        Dimension::Wijk => say(language, "wijk", "district"),
        _ => say(language, "productcategorie", "product category"),
    }
}

fn row_name(by: Dimension, row: &FlowRow, language: Language) -> String {
    match (by, &row.naam, &row.value) {
        (Dimension::Wet, ..) => law_name(row.wet, language).to_owned(),
        (Dimension::Aanbieder, Some(naam), Some(value)) => format!("{naam} ({value})"),
        (_, Some(naam), _) => naam.clone(),
        (_, None, Some(value)) => value.clone(),
        (_, None, None) => say(language, "niet bekend", "not known"),
    }
}

/// Begin, in, out and end.
pub(super) fn cells(flow: &Flow) -> [Cell; 4] {
    [flow.begin, flow.inflow, flow.outflow, flow.end].map(shown)
}

fn shown(count: Option<i64>) -> Cell {
    count.map_or(Cell::Withheld, Cell::Count)
}

pub(super) fn flow_note(flows: &CareFlows, scope: &Scope) -> String {
    let language = scope.language;
    let withheld = say(language, WITHHELD.0, WITHHELD.1);
    let seen_from = flows.starts_seen_from.as_deref().and_then(parse_date);
    match (seen_from.filter(|day| day.year() >= scope.jaar), language) {
        (None, _) => withheld,
        (Some(day), Language::Nl) => format!(
            "{withheld} De berichten beginnen kort voor {}: zorg die er al was telt tot die dag als begonnen.",
            long_date(day, language)
        ),
        (Some(day), Language::En) => format!(
            "{withheld} The messages begin shortly before {}: care that was there already counts as begun until that day.",
            long_date(day, language)
        ),
    }
}

/// The flow of a year by one dimension. Values of which nothing is shown, and those beyond the largest, are one row: what is left of the total.
pub(super) fn flow_table(
    by: Dimension,
    (flows, rows): (&CareFlows, &[&FlowRow]),
    total: Option<Flow>,
    note: String,
    scope: &Scope,
) -> Table {
    let language = scope.language;
    let known = rows.iter().filter_map(|row| Some((*row, *row.flows.first()?)));
    let mut known: Vec<(&FlowRow, Flow)> = known.filter(|(_, flow)| !flow.is_nothing()).collect();
    if by != Dimension::Productcategorie {
        known.sort_by_key(|(_, flow)| std::cmp::Reverse(flow.end.or(flow.inflow)));
    }
    let (mut lines, mut listed, mut merged) = (Vec::new(), Vec::new(), 0);
    for (row, flow) in known {
        if flow.is_withheld() || lines.len() >= ROWS_MAX {
            merged += 1;
        } else {
            lines.push(line(row_head(by, row, scope), Cell::text(law_name(row.wet, language)), &flow));
            listed.push(flow);
        }
    }
    let total = total.unwrap_or_default();
    if merged > 0 {
        let head = match language {
            Language::Nl => format!("overige ({merged})"),
            Language::En => format!("others ({merged})"),
        };
        lines.push(line(TableRow::new(head, Vec::new()), Cell::Nothing, &flows.rest(&total, &listed)));
    }
    let last = TableRow::new(words(language).total, Vec::new());
    let total = (lines.len() > 1).then(|| line(last, Cell::Nothing, &total));
    let title = match language {
        Language::Nl => format!("Verloop in {} per {}", year_name(scope), dimension_name(by, language)),
        Language::En => format!("Flows in {} by {}", year_name(scope), dimension_name(by, language)),
    };
    Table {
        columns: vec![
            Column::text(dimension_name(by, language)),
            Column::text(words(language).law),
            Column::number(say(language, "beginstand", "stock at the start")),
            Column::number(say(language, "instroom", "inflow")),
            Column::number(say(language, "uitstroom", "outflow")),
            Column::number(say(language, "eindstand", "stock at the end")),
            Column::number(say(language, "verschil", "difference")),
        ],
        rows: lines,
        total,
        ..table("verloop", title, note, scope)
    }
}

fn row_head(by: Dimension, row: &FlowRow, scope: &Scope) -> TableRow {
    let mut asks = vec![("door", by.column().to_owned()), ("wet", row.wet.to_owned())];
    asks.extend(row.value.clone().map(|value| ("waarde", value)));
    asks.push(("periode", "kwartaal".to_owned()));
    let leads = by == Dimension::Wet || row.value.is_some();
    TableRow {
        head: row_name(by, row, scope.language),
        href: leads.then(|| scope.link_with("/zorg/verloop", &asks)),
        is_dutch: row.naam.is_some(),
        cells: Vec::new(),
    }
}

/// A row of the table of a year.
fn line(head: TableRow, law: Cell, flow: &Flow) -> TableRow {
    let [begin, inflow, outflow, end] = cells(flow);
    TableRow { cells: vec![law, begin, inflow, outflow, end, shown(flow.change())], ..head }
}

/// The course over the periods, as a chart with its table.
fn course_blocks(flows: &CareFlows, choice: &Choice, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let counts = flows.of(choice.wet, choice.value.as_deref());
    if counts.iter().all(Flow::is_nothing) {
        return Vec::new();
    }
    let periods: Vec<Period> = flows.periods.iter().filter_map(|name| name.parse().ok()).collect();
    let rows = periods
        .iter()
        .zip(&counts)
        .map(|(period, flow)| TableRow::new(period_name(*period, language), cells(flow).to_vec()));
    let seen_from = flows.starts_seen_from.as_deref().and_then(parse_date);
    let seen: Vec<bool> = periods.iter().map(|period| seen_from.is_none_or(|day| period.first_day() >= day)).collect();
    let title = course_title(&counts, &periods, &seen, (choice, scope));
    let mut note = say(language, WITHHELD.0, WITHHELD.1);
    if let Some(day) = seen_from.filter(|_| seen.contains(&false)) {
        let day = long_date(day, language);
        note.push_str(&match language {
            Language::Nl => format!(
                " De berichten beginnen kort voor {day}: zorg die er al was telt tot die dag als begonnen. De lijn van wat begon laat die perioden weg."
            ),
            Language::En => format!(
                " The messages begin shortly before {day}: care that was there already counts as begun until that day. The line of what began leaves these periods out."
            ),
        });
    }
    let table = Table {
        columns: vec![
            Column::text(say(language, "periode", "period")),
            Column::number(say(language, "beginstand", "stock at the start")),
            Column::number(say(language, "instroom", "inflow")),
            Column::number(say(language, "uitstroom", "outflow")),
            Column::number(say(language, "eindstand", "stock at the end")),
        ],
        rows: rows.collect(),
        ..table("perioden", title.clone(), note, scope)
    };
    let chart = course(title.clone(), &periods, (&counts, &seen), scope);
    vec![Block::Chart(ChartBlock { drawings: both(title, &Chart::Course(chart)), table })]
}

fn course_title(counts: &[Flow], periods: &[Period], seen: &[bool], of: (&Choice, &Scope)) -> String {
    let (choice, scope) = of;
    let language = scope.language;
    let known = periods.iter().zip(counts).zip(seen).filter(|(_, seen)| **seen).map(|(known, _)| known);
    let whole: Vec<i64> = known
        .filter(|(period, _)| period.last_day() <= scope.peildatum)
        .filter_map(|(_, flow)| flow.change())
        .collect();
    let growing = whole.iter().filter(|change| **change > 0).count();
    let unit = match (choice.grain, language) {
        (Grain::Jaar, Language::Nl) => "jaren",
        (Grain::Kwartaal, Language::Nl) => "kwartalen",
        (Grain::Maand, Language::Nl) => "maanden",
        (Grain::Jaar, Language::En) => "years",
        (Grain::Kwartaal, Language::En) => "quarters",
        (Grain::Maand, Language::En) => "months",
    };
    match language {
        Language::Nl => {
            format!("In {growing} van de {} hele {unit} begonnen meer trajecten dan er eindigden", whole.len())
        }
        Language::En => format!("In {growing} of {} whole {unit} more trajectories began than ended", whole.len()),
    }
}

fn period_name(period: Period, language: Language) -> String {
    match period.grain() {
        Grain::Jaar => period.year().to_string(),
        Grain::Kwartaal => {
            let quarter = (period.first_month().month() - 1) / 3 + 1;
            match language {
                Language::Nl => format!("{quarter}e kwartaal {}", period.year()),
                Language::En => format!("quarter {quarter} of {}", period.year()),
            }
        }
        Grain::Maand => month_in_full(&period.to_string(), language),
    }
}

fn course(title: String, periods: &[Period], (counts, seen): (&[Flow], &[bool]), scope: &Scope) -> Course {
    let language = scope.language;
    let mut year = None;
    let labels = periods.iter().map(|period| {
        let is_first = year != Some(period.year()) && period.grain() != Grain::Jaar;
        year = Some(period.year());
        let month = period.first_month().month();
        let label = match period.grain() {
            Grain::Jaar => period.year().to_string(),
            Grain::Kwartaal => format!("K{}", (month - 1) / 3 + 1),
            Grain::Maand => month_name_short(month, language).to_owned(),
        };
        Step {
            name: period_name(*period, language),
            initial: if period.grain() == Grain::Maand { label.chars().take(1).collect() } else { label.clone() },
            label,
            year: if is_first { period.year().to_string() } else { String::new() },
            href: None,
        }
    });
    let line = |name: (&str, &str), value: &dyn Fn(usize, &Flow) -> Option<i64>| CourseLine {
        name: say(language, name.0, name.1),
        values: counts.iter().enumerate().map(|(at, flow)| value(at, flow).map(|number| number * 10)).collect(),
        band: None,
    };
    let known_to = periods.iter().take_while(|period| period.last_day() <= scope.peildatum).count();
    let description = match language {
        Language::Nl => format!("Lijndiagram van begonnen en geëindigde trajecten over {} perioden.", periods.len()),
        Language::En => format!("Line chart of trajectories begun and ended over {} periods.", periods.len()),
    };
    Course {
        id: "verloop".to_owned(),
        title,
        description,
        language,
        scale: Scale::Number { name: say(language, "trajecten", "trajectories") },
        labels: labels.collect(),
        lines: vec![
            line(("begonnen", "begun"), &|at, flow| flow.inflow.filter(|_| seen[at])),
            line(("geëindigd", "ended"), &|_, flow| flow.outflow),
        ],
        reference: None,
        marks: Vec::new(),
        form: Form::Straight,
        from_zero: true,
        known_to,
        provisional_name: say(language, "nog niet compleet", "not complete yet"),
    }
}

pub(super) fn what_counts(language: Language) -> Block {
    text(
        language,
        ("Wat telt als begin en einde?", "What counts as begin and end?"),
        (
            "Een traject begint op de ingangsdatum van een toewijzing. De cliënt had dan in de 31 dagen ervoor geen zorg onder dezelfde wet. Hier kan dat ook zijn: in dezelfde productcategorie of wijk, of van dezelfde aanbieder of verwijzer. Het eindigt op de laatste dag van de toewijzing, of eerder als de aanbieder voorgoed is gestopt (307). Er mag dan niet binnen 31 dagen een andere volgen. Een \
             tijdelijke stop (reden 20) is geen einde. Een verlenging die nog niet is verstuurd telt als uitstroom tot zij er is: de \
             laatste maand is daardoor te hoog. Wie van aanbieder wisselt stroomt bij de een uit en bij de ander in, en telt per wet \
             gewoon door.",
            "A trajectory begins on the first day of an allocation when the client had no care under the same law, or here of the same \
             product category, provider, referrer or district, in the 31 days before. It ends on the last day of the allocation, or \
             before when the provider stopped for good (307), and no other follows within 31 days. A temporary stop (reason 20) is no \
             end. A prolongation not yet sent counts as outflow until it is there: the last month is too high for that. Who changes \
             provider leaves one and comes to the other, and goes on under the law.",
        ),
    )
}

fn no_referrers(language: Language) -> Block {
    text(
        language,
        ("Verwijzer niet bekend", "Referrer not known"),
        (
            "Van geen toewijzing is bekend wie verwees. De verwijzer staat in het verzoek om toewijzing (315) van de aanbieder: lees die \
             berichten in.",
            "Of no allocation it is known who referred. The referrer is in the request for allocation (315) of the provider: take these \
             messages in.",
        ),
    )
}
