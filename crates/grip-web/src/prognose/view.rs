//! What the templates of the forecast show: texts only.

use grip_pipeline::answer::{Interval, Line, Month, Record, RunOff, YearEnd};
use grip_report::{
    Cell, Column, FanAxis, Favour, Language, Table, TableRow, chance, difference, euros_short, favour, month_name,
    shared_axes, thousands, thousands_difference,
};
use grip_types::Wet;

use crate::{
    address::Scope,
    prognose::{
        drawings::{self, Drawings},
        segment_path,
    },
    sentences,
    words::{Words, words},
};

/// The top of a forecast page.
pub(crate) struct Headline {
    pub(crate) headline: String,
    pub(crate) lede: String,
    pub(crate) figures: Vec<Figure>,
    pub(crate) fan: Drawings,
    pub(crate) months: Drawings,
    pub(crate) month_table: Table,
}

pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) adverse: bool,
    pub(crate) notes: Vec<String>,
}

impl Figure {
    pub(crate) fn for_report(&self) -> grip_report::Figure {
        grip_report::Figure {
            name: self.name.clone(),
            value: Cell::text(&self.number),
            interval: None,
            note: self.notes.join(" "),
        }
    }
}

impl Headline {
    pub(crate) fn new(answer: &YearEnd, line: &Line, scope: &Scope) -> Self {
        let language = scope.language;
        let subject = sentences::subject(answer, line, language);
        let headline = sentences::headline(&subject, line, scope.jaar, language);
        Self {
            fan: drawings::fan(line, headline.clone(), scope),
            headline,
            lede: sentences::lede(line, scope.peildatum, language),
            figures: figures(line, scope.jaar, language),
            month_table: month_table(line, scope),
            months: drawings::months(line, scope),
        }
    }
}

/// The parts of a forecast and its bounds, as columns.
fn part_columns(w: &Words) -> Vec<Column> {
    [w.declared, w.ibnr, w.open_commitments, w.inflow].map(Column::number).to_vec()
}

/// Both ends of an interval, as columns.
pub(crate) fn bounds(w: &Words) -> [Column; 2] {
    [w.lower_bound, w.upper_bound].map(|bound| Column::number(format!("{}, {bound}", w.interval)))
}

fn month_table(line: &Line, scope: &Scope) -> Table {
    let (language, w) = (scope.language, words(scope.language));
    let row = |name: String, amounts: [i64; 6]| TableRow::new(name, amounts.map(Cell::Thousands).to_vec());
    let rows = line.months.iter().map(|month| {
        let Month { declared, ibnr, open_commitments, inflow, p10, p90, .. } = *month;
        row(month_in_full(&month.maand, language), [declared, ibnr, open_commitments, inflow, p10, p90])
    });
    let Interval { p10, p90, .. } = line.forecast;
    let total = [line.declared, line.ibnr, line.open_commitments, line.inflow, p10, p90];
    Table {
        id: "maanden".to_owned(),
        title: sentences::months_title(line, language),
        note: w.thousands.to_owned(),
        empty: String::new(),
        columns: std::iter::once(Column::text(w.month)).chain(part_columns(w)).chain(bounds(w)).collect(),
        rows: rows.collect(),
        total: Some(row(w.total.to_owned(), total)),
    }
}

fn figures(line: &Line, jaar: i16, language: Language) -> Vec<Figure> {
    let w = words(language);
    let none = "–".to_owned();
    let against_budget = line.budget.map_or(w.no_budget.to_owned(), |b| sentences::against_budget(b, language));
    let overspend = line.chance_of_overspend;
    let chance_note = match (overspend, line.budget) {
        (Some(probability), _) => sentences::chance_in_words(probability, language),
        (None, Some(_)) => w.no_history,
        (None, None) => w.no_budget,
    };
    vec![
        Figure {
            name: format!("{} {jaar}", w.forecast),
            number: euros_short(line.forecast.p50, language),
            adverse: false,
            notes: vec![sentences::between(line, language), sentences::against_run_rate(line, language)],
        },
        Figure {
            name: w.difference_with_budget.to_owned(),
            number: line.difference.map_or(none.clone(), |cents| difference(cents, line.forecast.p50, language)),
            adverse: is_adverse(line),
            notes: vec![against_budget],
        },
        Figure {
            name: w.chance_of_overspend.to_owned(),
            number: overspend.map_or(none, |p| chance(p, language)),
            adverse: false,
            notes: vec![chance_note.to_owned()],
        },
    ]
}

/// The rows of one law.
pub(crate) struct SegmentGroup {
    pub(crate) name: String,
    pub(crate) rows: Vec<SegmentRow>,
}

pub(crate) struct SegmentRow {
    pub(crate) name: String,
    pub(crate) href: Option<String>,
    pub(crate) parts: Vec<String>,
    pub(crate) forecast: String,
    pub(crate) interval: String,
    pub(crate) budget: String,
    pub(crate) difference: String,
    pub(crate) adverse: bool,
    pub(crate) chance: String,
    pub(crate) picture: String,
}

/// The rows per law, and the row of the total.
pub(crate) fn segment_table(answer: &YearEnd, scope: &Scope) -> (Vec<SegmentGroup>, SegmentRow) {
    let lines: Vec<&Line> = answer.segments.iter().chain([&answer.total]).collect();
    let values: Vec<_> =
        lines.iter().map(|line| (line.forecast.p10, line.forecast.p50, line.forecast.p90, line.budget)).collect();
    let axes = shared_axes(&values);
    let row = |number: usize| segment_row(answer, number, axes[number], scope);
    let w = words(scope.language);
    let groups = [(Wet::Wmo, w.wmo), (Wet::Jw, w.jw)]
        .into_iter()
        .map(|(wet, name)| SegmentGroup {
            name: name.to_owned(),
            rows: (0..answer.segments.len()).filter(|at| lines[*at].wet == Some(wet.as_str())).map(row).collect(),
        })
        .filter(|group| !group.rows.is_empty())
        .collect();
    (groups, row(answer.segments.len()))
}

/// The same rows without pictures, for a file.
pub(crate) fn segment_file(answer: &YearEnd, scope: &Scope) -> Table {
    let w = words(scope.language);
    let row = |line: &Line| {
        let parts = [line.declared, line.ibnr, line.open_commitments, line.inflow, line.forecast.p50];
        let bounds = [line.forecast.p10, line.forecast.p90];
        let mut cells: Vec<Cell> = parts.into_iter().chain(bounds).map(Cell::Euros).collect();
        cells.push(Cell::of(line.budget, Cell::Euros));
        cells.push(Cell::of(line.difference, Cell::Euros));
        cells.push(Cell::of(line.chance_of_overspend, Cell::Share));
        cells.insert(0, Cell::of(line.wet, Cell::text));
        TableRow::new(if line.wet.is_some() { &line.naam } else { w.total }, cells)
    };
    let mut columns = vec![Column::text(w.segment), Column::text(w.law)];
    columns.extend(part_columns(w));
    columns.push(Column::number(w.forecast_lower));
    columns.extend(bounds(w));
    columns.extend([w.budget, w.difference, w.chance].map(Column::number));
    Table {
        id: "segmenten".to_owned(),
        title: w.per_segment.to_owned(),
        note: String::new(),
        empty: String::new(),
        columns,
        rows: answer.segments.iter().map(row).collect(),
        total: Some(row(&answer.total)),
    }
}

/// Row `number` of the segments; after the last comes the total.
fn segment_row(answer: &YearEnd, number: usize, axis: FanAxis, scope: &Scope) -> SegmentRow {
    let line = answer.segments.get(number).unwrap_or(&answer.total);
    let language = scope.language;
    let amount = |cents| thousands(cents, language);
    let none = || "–".to_owned();
    let title = sentences::headline(&sentences::subject(answer, line, language), line, scope.jaar, language);
    let wet = [Wet::Wmo, Wet::Jw].into_iter().find(|wet| line.wet == Some(wet.as_str()));
    let categorie = line.productcategorie.as_deref().filter(|categorie| !categorie.is_empty());
    let path = wet.zip(categorie).map(|(wet, categorie)| segment_path(wet, categorie));
    SegmentRow {
        name: if wet.is_some() { line.naam.clone() } else { words(language).total.to_owned() },
        href: path.map(|path| scope.link(&path)),
        parts: [line.declared, line.ibnr, line.open_commitments, line.inflow].map(amount).to_vec(),
        forecast: amount(line.forecast.p50),
        interval: interval(line, language),
        budget: line.budget.map_or_else(none, amount),
        difference: line.difference.map_or_else(none, |cents| thousands_difference(cents, language)),
        adverse: is_adverse(line),
        chance: line.chance_of_overspend.map_or_else(none, |p| chance(p, language)),
        picture: drawings::row_fan(line, format!("regel-{number}"), title, axis, scope),
    }
}

/// How late invoices come.
pub(crate) struct RunOffView {
    pub(crate) chart: Drawings,
    pub(crate) table: Table,
}

/// Month of age that the message is about.
const RUN_OFF_TOLD: usize = 3;

pub(crate) fn run_off(run_off: &[RunOff], language: Language) -> Option<RunOffView> {
    let told = run_off.get(RUN_OFF_TOLD)?;
    let percent = |share: f64| grip_report::percent_one_decimal(share, language);
    let title = sentences::run_off_title(told.share, language);
    let shares: Vec<String> = run_off.iter().map(|age| percent(age.share)).collect();
    let description = sentences::run_off_description(&shares, language);
    let rows = run_off
        .iter()
        .map(|age| TableRow::new(age.age.to_string(), [age.share, age.lowest, age.highest].map(Cell::Share).to_vec()));
    let w = words(language);
    let heads = [w.declared_share, w.lowest, w.highest].map(Column::number);
    let table = Table {
        id: "uitloop".to_owned(),
        title: title.clone(),
        note: String::new(),
        empty: String::new(),
        columns: std::iter::once(Column::text(w.months_after)).chain(heads).collect(),
        rows: rows.collect(),
        total: None,
    };
    let chart = drawings::run_off(run_off, title, description, language);
    Some(RunOffView { chart, table })
}

/// How the method did, when there is anything to say.
pub(crate) struct RecordView {
    pub(crate) verdict: String,
    pub(crate) table: Table,
}

pub(crate) fn record(record: &Record, language: Language) -> Option<RecordView> {
    let w = words(language);
    let verdict = sentences::record_verdict(record, language)?;
    let share = |share: Option<f64>| Cell::of(share, Cell::Share);
    let rival = |name: &str, mape| TableRow::new(name, vec![share(mape), Cell::Nothing, Cell::Nothing]);
    let own = vec![
        share(record.mape),
        Cell::of(record.bias, |bias| Cell::Text(sentences::bias(bias, language))),
        Cell::of(record.coverage, |share| Cell::Text(sentences::coverage(share, language))),
    ];
    let rows = vec![
        TableRow::new(w.this_method, own),
        rival(w.run_rate, record.mape_naive_run_rate),
        rival(w.chain_ladder, record.mape_chain_ladder),
    ];
    let table = Table {
        id: "methode".to_owned(),
        title: w.record.to_owned(),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(w.method),
            Column::number(w.mape),
            Column::number(w.bias),
            Column::number(w.coverage),
        ],
        rows,
        total: None,
    };
    Some(RecordView { verdict, table })
}

fn is_adverse(line: &Line) -> bool {
    line.difference.is_some_and(|cents| favour(cents) == Favour::Adverse)
}

fn interval(line: &Line, language: Language) -> String {
    format!("{} – {}", thousands(line.forecast.p10, language), thousands(line.forecast.p90, language))
}

/// `juli 2025` of `2025-07`; another text stays as it is.
pub(crate) fn month_in_full(maand: &str, language: Language) -> String {
    match maand.parse::<grip_types::Maand>() {
        Ok(maand) => format!("{} {}", month_name(maand.month(), language), maand.year()),
        Err(_) => maand.to_owned(),
    }
}
