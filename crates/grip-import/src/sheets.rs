//! A file as sheets of texts, for who knows himself what the columns are.

use std::io::Read;

use crate::{
    ImportError,
    file::{CellKind, Next, Peeked, Row, delimited::Delimited, workbook::Workbook},
};

/// A sheet of a spreadsheet, or the only one of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What the spreadsheet calls it; nothing in a CSV file.
    pub name: Option<String>,
    /// Its rows, without those in which nothing stands. The first has the names of the columns.
    pub rows: Vec<SheetRow>,
}

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Where it stands, from 1.
    pub line: u64,
    /// Its cells: numbers of a spreadsheet with a decimal point, days as `2025-06-30`, the rest as it stands there.
    pub cells: Vec<String>,
    /// The places of the cells that the spreadsheet has as numbers. In a CSV file nothing tells a number from a text.
    pub numbers: Vec<usize>,
}

/// Reads every sheet of a file: XLSX, or CSV in any of its dialects.
///
/// # Errors
/// [`ImportError::Io`], [`ImportError::Unreadable`], [`ImportError::TooLarge`], and the others of a file that is no table.
pub fn sheets(source: impl Read) -> Result<Vec<Sheet>, ImportError> {
    let peeked = Peeked::new(source)?;
    if peeked.is_workbook() {
        let sheets = Workbook::all(peeked.into_read())?.into_iter();
        return sheets
            .map(|(name, mut book)| Ok(Sheet { name: Some(name), rows: read_rows(|row| Ok(book.next(row)))? }))
            .collect();
    }
    let mut table = Delimited::new(peeked, None, None)?;
    Ok(vec![Sheet { name: None, rows: read_rows(|row| table.next(row))? }])
}

fn read_rows(mut next: impl FnMut(&mut Row) -> Result<Next, ImportError>) -> Result<Vec<SheetRow>, ImportError> {
    let (mut rows, mut row) = (Vec::new(), Row::default());
    loop {
        match next(&mut row)? {
            Next::Row if row.is_blank() => {}
            Next::Row => {
                let numbers = row.cells().enumerate().filter(|(_, cell)| cell.kind == CellKind::Number);
                rows.push(SheetRow {
                    line: row.line,
                    cells: row.cells().map(|cell| cell.text.to_owned()).collect(),
                    numbers: numbers.map(|(place, _)| place).collect(),
                });
            }
            Next::Unclosed(line) => {
                let reason = format!("the row on line {line} does not end");
                return Err(ImportError::Unreadable { what: "CSV", reason });
            }
            Next::End => return Ok(rows),
        }
    }
}
