//! A report as a workbook: a sheet for every table, with numbers as numbers.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use crate::{
    Language,
    download::{SOFT_HYPHEN, position},
    number::favour,
    prose::plain_prose,
    report::{Block, Figure, Report},
    table::{Cell, ColumnKind, Table, TableRow},
};

/// What Excel allows in the name of a sheet.
const NAME_MAX: usize = 31;
/// What Excel allows in a cell.
const CELL_MAX: usize = 32_000;
/// The row of the heads of columns in a sheet of a table: above it the title and how to read it.
const HEAD: u32 = 3;
const ACCENT: u32 = 0x12_43_6d;

/// The report as a workbook: contents, headline figures, a sheet for every table, those of charts too, and the texts.
///
/// Numbers are numbers with their full value, and shown as the report shows them: whole thousands, shares, differences with V or
/// N. What is withheld is the word for it, so that it is not read as nothing. The same report gives the same bytes; its day of
/// making is the peildatum.
///
/// # Errors
/// When a table does not fit a spreadsheet, which has room for 1,048,576 rows.
pub fn report_xlsx(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let language = report.language;
    let words = |nl: &'static str, en: &'static str| if language == Language::Nl { nl } else { en };
    let mut workbook = Workbook::new();
    let day = |number: i8| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(report.peildatum.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, day(report.peildatum.month()), day(report.peildatum.day()))?;
    let properties = DocProperties::new().set_title(&report.title).set_author(&report.gemeente);
    workbook.set_properties(&properties.set_creation_datetime(&made));
    let tables = report.tables();
    let titles = tables.iter().map(|(_, table)| table.title.as_str());
    let names: Vec<String> = titles.zip(1_usize..).map(|(title, number)| sheet_name(number, title)).collect();
    let (figures, texts) = (words("Kerncijfers", "Key figures"), words("Teksten", "Texts"));
    let listed: Vec<Listed<'_>> = tables
        .iter()
        .zip(&names)
        .map(|((path, table), name)| Listed { sheet: name, part: path.join(" > "), title: &table.title })
        .collect();
    write_contents(
        workbook.add_worksheet().set_name(words("Inhoud", "Contents"))?,
        report,
        &[figures, texts],
        &listed,
    )?;
    write_figures(workbook.add_worksheet().set_name(figures)?, report)?;
    for ((_, table), name) in tables.iter().zip(&names) {
        write_table(workbook.add_worksheet().set_name(name)?, table, report)?;
    }
    write_texts(workbook.add_worksheet().set_name(texts)?, report)?;
    workbook.save_to_buffer()
}

/// A sheet in the contents.
struct Listed<'r> {
    sheet: &'r str,
    part: String,
    title: &'r str,
}

/// A name for a sheet: its number, which makes it the only one of its name, and as much of its title as there is room for.
fn sheet_name(number: usize, title: &str) -> String {
    let clean = title.chars().filter(|letter| !letter.is_control() && *letter != SOFT_HYPHEN);
    let clean: String = clean.map(|letter| if "[]:*?/\\'".contains(letter) { ' ' } else { letter }).collect();
    let mut name = number.to_string();
    for word in clean.split_whitespace() {
        let longer = format!("{name} {word}");
        if longer.encode_utf16().count() > NAME_MAX {
            break;
        }
        name = longer;
    }
    name
}

fn bold() -> Format {
    Format::new().set_bold().set_font_color(ACCENT)
}

fn head() -> Format {
    Format::new().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Bottom)
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// As much of a text as a cell holds.
fn cut(text: &str) -> String {
    text.chars().filter(|letter| *letter != SOFT_HYPHEN).take(CELL_MAX).collect()
}

fn write_contents(
    sheet: &mut Worksheet,
    report: &Report,
    others: &[&str],
    listed: &[Listed<'_>],
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, cut(&report.title), &bold().set_font_size(16))?;
    sheet.write_string(1, 0, cut(&report.subtitle))?;
    let stand = if report.language == Language::Nl { "Stand op" } else { "As known on" };
    sheet.write_string(2, 0, format!("{}, {stand} {}", report.gemeente, report.peildatum_shown()))?;
    let mut row = 4;
    let mut link = |sheet: &mut Worksheet, name: &str, part: &str, title: &str| -> Result<(), XlsxError> {
        // An apostrophe in a name of a sheet is doubled in a reference; names here have none.
        sheet.write_url_with_text(row, 0, Url::new(format!("internal:'{name}'!A1")), name)?;
        sheet.write_string(row, 1, cut(part))?;
        sheet.write_string(row, 2, cut(title))?;
        row += 1;
        Ok(())
    };
    for name in others {
        link(sheet, name, "", "")?;
    }
    for one in listed {
        link(sheet, one.sheet, &one.part, one.title)?;
    }
    row += 1;
    for (name, text) in &report.origin {
        sheet.write_string_with_format(row, 0, cut(name), &wrapped())?;
        sheet.write_string_with_format(row, 1, cut(text), &wrapped())?;
        row += 1;
    }
    sheet.set_column_width(0, 34)?.set_column_width(1, 48)?.set_column_width(2, 70)?;
    Ok(())
}

fn write_figures(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let heads = match report.language {
        Language::Nl => ["Onderdeel", "Kerncijfer", "Waarde", "Ondergrens", "Bovengrens", "Kans", "Toelichting"],
        Language::En => ["Part", "Key figure", "Value", "Lower bound", "Upper bound", "Chance", "Note"],
    };
    for (name, at) in heads.iter().zip(0..) {
        sheet.write_string_with_format(0, at, *name, &head())?;
    }
    let figures = report.blocks().into_iter().filter_map(|(path, block)| match block {
        Block::Figures(figures) => Some((path.join(" > "), figures)),
        _ => None,
    });
    let figures = figures.flat_map(|(part, figures)| figures.iter().map(move |figure| (part.clone(), figure)));
    for ((part, figure), row) in figures.zip(1..) {
        let Figure { name, value, interval, note } = figure;
        sheet.write_string(row, 0, cut(&part))?;
        sheet.write_string(row, 1, cut(name))?;
        write_cell(sheet, (row, 2), value, report.language, &Format::new())?;
        if let Some(interval) = interval {
            write_cell(sheet, (row, 3), &interval.low, report.language, &Format::new())?;
            write_cell(sheet, (row, 4), &interval.high, report.language, &Format::new())?;
            sheet.write_string(row, 5, cut(&interval.name))?;
        }
        sheet.write_string(row, 6, cut(note))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (width, at) in [44, 44, 16, 16, 16, 16, 70].into_iter().zip(0..) {
        sheet.set_column_width(at, width)?;
    }
    Ok(())
}

fn write_table(sheet: &mut Worksheet, table: &Table, report: &Report) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, cut(&table.title), &bold().set_font_size(13))?;
    sheet.write_string(1, 0, cut(&table.note))?;
    for (column, at) in table.columns.iter().zip(0_usize..) {
        let side = if column.kind == ColumnKind::Number { FormatAlign::Right } else { FormatAlign::Left };
        sheet.write_string_with_format(HEAD, position(at), cut(&column.name), &head().set_align(side))?;
        sheet.set_column_width(position(at), width(table, at, report.language))?;
    }
    let mut last = HEAD;
    for (row, at) in table.rows.iter().zip(HEAD + 1..) {
        write_row(sheet, at, row, table, (report.language, &Format::new()))?;
        last = at;
    }
    if let Some(total) = &table.total {
        last += 1;
        let below = Format::new().set_bold().set_border_top(FormatBorder::Thin);
        write_row(sheet, last, total, table, (report.language, &below))?;
    } else if table.rows.is_empty() {
        last += 1;
        sheet.write_string(last, 0, cut(&table.empty))?;
    }
    let stand = if report.language == Language::Nl { "stand op" } else { "as known on" };
    let quiet = Format::new().set_italic().set_font_color(0x56_5c_62);
    let origin = format!("{}: {}, {stand} {}", report.gemeente, report.title, report.peildatum_shown());
    sheet.write_string_with_format(last + 2, 0, cut(&origin), &quiet)?;
    sheet.set_freeze_panes(HEAD + 1, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEAD, HEAD)?;
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    at: u32,
    row: &TableRow,
    table: &Table,
    (language, format): (Language, &Format),
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(at, 0, cut(&row.head), &format.clone().set_text_wrap())?;
    for ((cell, column), position) in row.cells.iter().zip(table.columns.iter().skip(1)).zip(1..) {
        let format = if column.kind == ColumnKind::Prose { format.clone().set_text_wrap() } else { format.clone() };
        write_cell(sheet, (at, position), cell, language, &format)?;
    }
    Ok(())
}

/// As many characters as the column shows, within reason.
fn width(table: &Table, at: usize, language: Language) -> f64 {
    let rows = table.rows.iter().chain(&table.total);
    let lengths = rows.map(|row| match at.checked_sub(1) {
        None => row.head.chars().count(),
        Some(at) => row.cells.get(at).map_or(0, |cell| cell.shown(language).chars().count()),
    });
    let word = |name: &str| name.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
    let name = table.columns.get(at).map_or(0, |column| word(&column.name));
    let characters = lengths.chain([name]).max().unwrap_or(0).clamp(10, 60);
    f64::from(u8::try_from(characters).unwrap_or(60)) + 2.0
}

/// The number with its full value, shown as the report shows it.
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    language: Language,
    format: &Format,
) -> Result<(), XlsxError> {
    #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
    let number = |number: i64| number as f64;
    let (value, notation) = match cell {
        Cell::Text(text) | Cell::Link { text, .. } => {
            sheet.write_string_with_format(row, column, cut(text), format)?;
            return Ok(());
        }
        Cell::Withheld => {
            let aside = format.clone().set_align(FormatAlign::Right).set_italic();
            sheet.write_string_with_format(row, column, cell.shown(language), &aside)?;
            return Ok(());
        }
        Cell::Nothing => return write_blank(sheet, (row, column), format),
        Cell::Real(value, _) | Cell::Share(value) if !value.is_finite() => {
            return write_blank(sheet, (row, column), format);
        }
        Cell::Count(count) => (number(*count), "#,##0".to_owned()),
        Cell::Euros(cents) => (number(*cents) / 100.0, "[$€-413] #,##0;[$€-413] -#,##0".to_owned()),
        Cell::Cents(cents) => (number(*cents) / 100.0, "[$€-413] #,##0.00;[$€-413] -#,##0.00".to_owned()),
        Cell::Thousands(cents) => (number(*cents) / 100.0, "#,##0,".to_owned()),
        Cell::Difference(cents) => {
            let letter = |sign: i64| favour(sign).letter(language);
            let (good, bad) = (letter(1), letter(-1));
            (number(*cents) / 100.0, format!("#,##0,\" {good}\";-#,##0,\" {bad}\";0"))
        }
        Cell::Real(value, decimals) => {
            let decimals = usize::try_from((*decimals).min(4)).unwrap_or(0);
            let point = if decimals == 0 { "" } else { "." };
            (*value, format!("#,##0{point}{}", "0".repeat(decimals)))
        }
        Cell::Share(share) => (*share, "0.0%".to_owned()),
    };
    sheet.write_number_with_format(row, column, value, &format.clone().set_num_format(notation))?;
    Ok(())
}

fn write_blank(sheet: &mut Worksheet, (row, column): (u32, u16), format: &Format) -> Result<(), XlsxError> {
    sheet.write_blank(row, column, format)?;
    Ok(())
}

fn write_texts(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let (heads, ours, notice) = match report.language {
        Language::Nl => (["Onderdeel", "Soort", "Tekst"], "tekst", "let op"),
        Language::En => (["Part", "Kind", "Text"], "text", "note"),
    };
    for (name, at) in heads.iter().zip(0..) {
        sheet.write_string_with_format(0, at, *name, &head())?;
    }
    let texts = report.blocks().into_iter().filter_map(|(path, block)| {
        let (kind, text) = match block {
            Block::Paragraph(text) => (ours.to_owned(), text.clone()),
            Block::Notice(text) => (notice.to_owned(), text.clone()),
            Block::Remark(remark) => {
                let title = if remark.title.is_empty() { String::new() } else { format!("{}\n", remark.title) };
                (remark.credit(report.language), format!("{title}{}", plain_prose(&remark.prose())))
            }
            Block::Figures(_) | Block::Chart(..) | Block::Table(_) | Block::PageBreak => return None,
        };
        Some((path.join(" > "), kind, text))
    });
    for ((part, kind, text), row) in texts.zip(1..) {
        for (text, at) in [part, kind, text].iter().zip(0..) {
            sheet.write_string_with_format(row, at, cut(text), &wrapped())?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_column_width(0, 44)?.set_column_width(1, 34)?.set_column_width(2, 110)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_clean_and_differ() {
        assert_eq!(sheet_name(1, "Kosten per maand"), "1 Kosten per maand");
        assert_eq!(sheet_name(12, "Kosten [2025]: jeugd/Wmo, en nog veel meer"), "12 Kosten 2025 jeugd Wmo, en");
        assert_eq!(sheet_name(3, &"x".repeat(80)), "3");
        assert_eq!(sheet_name(4, "'"), "4");
        for (number, title) in [(1, "😀 ".repeat(40)), (2, "History".to_owned()), (3, "a\u{ad}b c\u{0}d".to_owned())]
        {
            let name = sheet_name(number, &title);
            assert!(name.encode_utf16().count() <= NAME_MAX && name.starts_with(&number.to_string()), "{name}");
        }
    }
}
