//! A report as a template gets it: texts and cells as people read them, drawings as SVG.

use std::collections::BTreeSet;

use grip_report::{
    Block, Cell, Chart, ColumnKind, Figure, Language, Prose, Report, Section, Table, TableRow, Width, svg,
};
use serde::Serialize;
use serde_json::Value;

/// Characters of a column of words at least and at most, of which its share of the width is made.
const NARROWEST: usize = 10;
const WIDEST_NAME: usize = 34;
const WIDEST_PROSE: usize = 60;
/// A remark below this, in bytes and lines, is kept on one page.
const SHORT: usize = 1_500;
const SHORT_LINES: usize = 20;

#[derive(Serialize)]
struct ReportData<'r> {
    title: &'r str,
    subtitle: &'r str,
    gemeente: &'r str,
    peildatum: String,
    language: &'static str,
    origin: Vec<OriginData<'r>>,
    sections: Vec<SectionData<'r>>,
}

#[derive(Serialize)]
struct OriginData<'r> {
    name: &'r str,
    text: &'r str,
}

#[derive(Serialize)]
struct SectionData<'r> {
    title: &'r str,
    blocks: Vec<BlockData<'r>>,
    sections: Vec<SectionData<'r>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum BlockData<'r> {
    Paragraph { text: &'r str },
    Remark { title: &'r str, credit: String, is_short: bool, prose: Vec<Prose> },
    Figures { figures: Vec<FigureData<'r>> },
    Chart { title: &'r str, description: &'r str, svg: String, table: TableData<'r> },
    Table(TableData<'r>),
    Notice { text: &'r str },
    PageBreak,
}

#[derive(Serialize)]
struct FigureData<'r> {
    name: &'r str,
    shown: String,
    is_adverse: bool,
    interval: Option<String>,
    note: &'r str,
}

#[derive(Serialize)]
struct TableData<'r> {
    title: &'r str,
    note: &'r str,
    empty: &'r str,
    columns: Vec<ColumnData<'r>>,
    rows: Vec<RowData<'r>>,
    total: Option<RowData<'r>>,
}

#[derive(Serialize)]
struct ColumnData<'r> {
    name: &'r str,
    is_number: bool,
    is_kept: bool,
    is_dutch: bool,
    characters: usize,
}

#[derive(Serialize)]
struct RowData<'r> {
    head: &'r str,
    is_dutch: bool,
    cells: Vec<CellData>,
}

#[derive(Serialize)]
struct CellData {
    text: String,
    is_adverse: bool,
}

/// The report as JSON in which every character can be typeset: what `can_show` denies is replaced.
///
/// # Errors
/// None that is known: everything in a report can be written as JSON.
pub(crate) fn json(report: &Report, can_show: impl Fn(char) -> bool) -> Result<Vec<u8>, serde_json::Error> {
    let data = ReportData {
        title: &report.title,
        subtitle: &report.subtitle,
        gemeente: &report.gemeente,
        peildatum: report.peildatum_shown(),
        language: report.language.code(),
        origin: report.origin.iter().map(|(name, text)| OriginData { name, text }).collect(),
        sections: report.sections.iter().map(|section| self::section(section, report.language)).collect(),
    };
    let mut value = serde_json::to_value(data)?;
    let instead = ['\u{fffd}', '□', '?'].into_iter().find(|sign| can_show(*sign)).unwrap_or('?');
    clean(&mut value, &can_show, instead);
    serde_json::to_vec(&value)
}

fn section(section: &Section, language: Language) -> SectionData<'_> {
    SectionData {
        title: &section.title,
        blocks: section.blocks.iter().map(|block| self::block(block, language)).collect(),
        sections: section.sections.iter().map(|below| self::section(below, language)).collect(),
    }
}

fn block(block: &Block, language: Language) -> BlockData<'_> {
    match block {
        Block::Paragraph(text) => BlockData::Paragraph { text },
        Block::Remark(remark) => BlockData::Remark {
            title: &remark.title,
            credit: remark.credit(language),
            is_short: remark.markdown.len() < SHORT && remark.markdown.lines().count() < SHORT_LINES,
            prose: remark.prose(),
        },
        Block::Figures(figures) => {
            BlockData::Figures { figures: figures.iter().map(|figure| self::figure(figure, language)).collect() }
        }
        Block::Chart(chart, table) => self::chart(chart, table, language),
        Block::Table(table) => BlockData::Table(self::table(table, language)),
        Block::Notice(text) => BlockData::Notice { text },
        Block::PageBreak => BlockData::PageBreak,
    }
}

fn chart<'r>(chart: &'r Chart, table: &'r Table, language: Language) -> BlockData<'r> {
    BlockData::Chart {
        title: chart.title(),
        description: chart.description(),
        svg: svg(chart, Width::Paper),
        table: self::table(table, language),
    }
}

fn figure(figure: &Figure, language: Language) -> FigureData<'_> {
    FigureData {
        name: &figure.name,
        shown: figure.shown(language),
        is_adverse: figure.value.is_adverse(),
        interval: figure.interval_shown(language),
        note: &figure.note,
    }
}

fn table(table: &Table, language: Language) -> TableData<'_> {
    let row = |row| self::row(row, table.columns.len(), language);
    let columns = table.columns.iter().enumerate().map(|(at, column)| ColumnData {
        name: &column.name,
        is_number: column.kind == ColumnKind::Number,
        is_kept: column.kind == ColumnKind::Kept,
        is_dutch: column.kind == ColumnKind::Prose,
        characters: characters(table, at, language),
    });
    TableData {
        title: &table.title,
        note: &table.note,
        empty: &table.empty,
        columns: columns.collect(),
        rows: table.rows.iter().map(row).collect(),
        total: table.total.as_ref().map(row),
    }
}

/// A row with as many cells as there are columns after the first.
fn row(row: &TableRow, columns: usize, language: Language) -> RowData<'_> {
    let cell = |cell: &Cell| CellData { text: cell.shown(language), is_adverse: cell.is_adverse() };
    let cells = row.cells.iter().chain(std::iter::repeat(&Cell::Nothing)).take(columns.saturating_sub(1));
    RowData { head: &row.head, is_dutch: row.is_dutch, cells: cells.map(cell).collect() }
}

/// The room that a column asks for. Numbers and codes are not broken; words are, in lines.
fn characters(table: &Table, at: usize, language: Language) -> usize {
    let Some(column) = table.columns.get(at) else { return 0 };
    let length = |text: &str| text.chars().filter(|letter| *letter != '\u{ad}').count();
    // A head is broken at blanks and where it may be hyphenated.
    let word = column.name.split([' ', '\u{ad}', '-', '/']).map(length).max().unwrap_or(0);
    let rows = table.rows.iter().chain(&table.total);
    let longest = rows.map(|row| match at.checked_sub(1) {
        None => length(&row.head),
        Some(at) => row.cells.get(at).map_or(0, |cell| length(&cell.shown(language))),
    });
    let longest = longest.max().unwrap_or(0);
    match column.kind {
        ColumnKind::Number | ColumnKind::Kept => longest.max(word),
        ColumnKind::Text => longest.max(word).clamp(NARROWEST, WIDEST_NAME),
        ColumnKind::Prose => longest.max(word).clamp(NARROWEST, WIDEST_PROSE),
    }
}

/// Replaces characters for which there is no sign in any font; marks that are not seen are left out.
fn clean(value: &mut Value, can_show: &impl Fn(char) -> bool, instead: char) {
    match value {
        Value::String(text) => {
            let strange: BTreeSet<char> = text.chars().filter(|letter| !can_show(*letter)).collect();
            if !strange.is_empty() {
                *text = text.chars().filter_map(|letter| shown(letter, &strange, instead)).collect();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| clean(value, can_show, instead)),
        Value::Object(fields) => fields.values_mut().for_each(|value| clean(value, can_show, instead)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn shown(letter: char, strange: &BTreeSet<char>, instead: char) -> Option<char> {
    match letter {
        _ if !strange.contains(&letter) => Some(letter),
        // The soft hyphen is no sign, and says where a word may be broken.
        '\u{ad}' => Some(letter),
        '\u{202f}' | '\u{2007}' | '\u{2009}' => Some('\u{a0}'),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => None,
        control if control.is_control() => Some(' '),
        _ => Some(instead),
    }
}
