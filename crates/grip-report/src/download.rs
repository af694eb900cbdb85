//! A table as a file: numbers as numbers, money in euros with two decimals.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::{
    Language,
    table::{Cell, Table, TableRow},
};

/// Where a word may be broken on a page.
pub(crate) const SOFT_HYPHEN: char = '\u{ad}';

/// Comma-separated with a header, as RFC 4180 has it; a decimal point, whatever the language.
pub fn csv(table: &Table) -> String {
    let mut text = line(table.columns.iter().map(|column| Cow::Owned(column.name.replace(SOFT_HYPHEN, ""))));
    for row in rows(table) {
        text.push_str(&line(std::iter::once(Cow::Borrowed(row.head.as_str())).chain(row.cells.iter().map(plain))));
    }
    text
}

pub(crate) fn rows(table: &Table) -> impl Iterator<Item = &TableRow> {
    table.rows.iter().chain(&table.total)
}

pub(crate) fn line<'t>(fields: impl Iterator<Item = Cow<'t, str>>) -> String {
    let fields: Vec<String> = fields.map(|field| quoted(&field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field in quotes where it needs them. What a spreadsheet would take for a formula is made a text.
fn quoted(field: &str) -> String {
    let is_formula =
        field.starts_with(['=', '+', '@', '\t', '\r']) || field.starts_with('-') && field.parse::<f64>().is_err();
    let safe = if is_formula { Cow::Owned(format!("'{field}")) } else { Cow::Borrowed(field) };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe.into_owned() }
}

/// As a program reads it; empty where there is nothing or too little.
pub(crate) fn plain(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Nothing | Cell::Withheld => Cow::Borrowed(""),
        Cell::Text(text) | Cell::Link { text, .. } => Cow::Borrowed(text),
        Cell::Count(number) => Cow::Owned(number.to_string()),
        Cell::Euros(cents) | Cell::Cents(cents) | Cell::Thousands(cents) | Cell::Difference(cents) => {
            let sign = if *cents < 0 { "-" } else { "" };
            Cow::Owned(format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100))
        }
        Cell::Real(value, _) | Cell::Share(value) if value.is_finite() => Cow::Owned(value.to_string()),
        Cell::Real(..) | Cell::Share(_) => Cow::Borrowed(""),
    }
}

/// A spreadsheet of two sheets: the table, and what it is, from `about`: names and what they are.
///
/// # Errors
/// When the table does not fit a spreadsheet, which has room for 1,048,576 rows.
pub fn xlsx(table: &Table, about: &[(String, String)], language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Without the hour at which it was made the same table gives the same bytes.
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    let head = Format::new().set_bold().set_text_wrap();
    let sheet = workbook.add_worksheet().set_name(if language == Language::Nl { "Tabel" } else { "Table" })?;
    for (at, column) in table.columns.iter().enumerate() {
        sheet.write_with_format(0, position(at), column.name.replace(SOFT_HYPHEN, ""), &head)?;
    }
    for (row, at) in rows(table).zip(1..) {
        sheet.write(at, 0, row.head.as_str())?;
        for (cell, column) in row.cells.iter().zip(1..) {
            write(sheet, at, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.autofit();
    let source = workbook.add_worksheet().set_name(if language == Language::Nl { "Herkomst" } else { "Source" })?;
    let title = ("".to_owned(), table.title.clone());
    let note = ("".to_owned(), table.note.clone());
    for ((name, text), at) in [&title, &note].into_iter().chain(about).zip(0..) {
        source.write_with_format(at, 0, name.as_str(), &head)?;
        source.write(at, 1, text.as_str())?;
    }
    source.autofit();
    workbook.save_to_buffer()
}

pub(crate) fn position(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    let money = Format::new().set_num_format("#,##0.00");
    #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers")]
    let number = |number: i64| number as f64;
    match cell {
        Cell::Nothing | Cell::Withheld => return Ok(()),
        Cell::Text(text) | Cell::Link { text, .. } => sheet.write(row, column, text.as_str())?,
        Cell::Count(count) => sheet.write(row, column, number(*count))?,
        Cell::Euros(cents) | Cell::Cents(cents) | Cell::Thousands(cents) | Cell::Difference(cents) => {
            sheet.write_with_format(row, column, number(*cents) / 100.0, &money)?
        }
        Cell::Real(value, _) | Cell::Share(value) if !value.is_finite() => return Ok(()),
        Cell::Real(value, _) => sheet.write(row, column, *value)?,
        Cell::Share(share) => sheet.write_with_format(row, column, *share, &Format::new().set_num_format("0.0%"))?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    fn table() -> Table {
        let row = |head: &str, cells| TableRow::new(head, cells);
        Table {
            id: "kosten".to_owned(),
            title: "Kosten per aanbieder".to_owned(),
            note: String::new(),
            empty: String::new(),
            columns: vec![Column::text("aanbieder"), Column::number("bedrag"), Column::number("deel")],
            rows: vec![
                row("Zorg, \"Noord\"", vec![Cell::Thousands(-123_405), Cell::Share(0.25)]),
                row("=1+1", vec![Cell::Withheld, Cell::Nothing]),
                row("-", vec![Cell::Count(-3), Cell::Real(1.5, 1)]),
            ],
            total: Some(row("Totaal", vec![Cell::Euros(5), Cell::Real(f64::NAN, 1)])),
        }
    }

    #[test]
    fn programs_read_it() {
        let expected = "aanbieder,bedrag,deel\r\n\"Zorg, \"\"Noord\"\"\",-1234.05,0.25\r\n'=1+1,,\r\n'-,-3,1.5\r\nTotaal,0.05,\r\n";
        assert_eq!(csv(&table()), expected);
    }

    #[test]
    fn a_spreadsheet_is_the_same_each_time() {
        let about = [("peildatum".to_owned(), "2025-06-30".to_owned())];
        let make = || xlsx(&table(), &about, Language::Nl).expect("it fits");
        assert!(make().starts_with(b"PK"));
        assert_eq!(make(), make());
    }
}
