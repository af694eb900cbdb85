//! Sheets of XLSX files, with limits on what they may unpack to.

use std::{
    collections::VecDeque,
    io::{self, Cursor, Read},
};

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::{COLUMNS_MAX, CellKind, Next, Row};
use crate::ImportError;

/// Largest file that is opened.
pub(crate) const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most that its parts may unpack to; a sheet of half a million rows and ten columns is about half of it.
const UNPACKED_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Cells with something in them.
const CELLS_MAX: u64 = 6_000_000;

/// A sheet in memory, row by row.
pub(crate) struct Workbook {
    rows: VecDeque<SheetRow>,
}

struct SheetRow {
    line: u64,
    cells: Vec<(usize, CellKind, Box<str>)>,
}

impl Workbook {
    pub(crate) fn new(source: impl Read, sheet: Option<&str>) -> Result<Self, ImportError> {
        let mut book = open(source)?;
        let names = book.sheet_names();
        let name = match sheet {
            Some(sheet) => names.iter().find(|name| name.trim().eq_ignore_ascii_case(sheet.trim())).cloned(),
            None => names.first().cloned(),
        };
        let name = name.ok_or_else(|| ImportError::NoSheet {
            sheet: sheet.unwrap_or_default().to_owned(),
            sheets: names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        })?;
        Self::read(&mut book, &name, &mut 0)
    }

    /// Every sheet of a file, with its name.
    pub(crate) fn all(source: impl Read) -> Result<Vec<(String, Self)>, ImportError> {
        let mut book = open(source)?;
        let mut count = 0;
        let names = book.sheet_names().into_iter();
        names.map(|name| Self::read(&mut book, &name, &mut count).map(|sheet| (name, sheet))).collect()
    }

    fn read(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, count: &mut u64) -> Result<Self, ImportError> {
        let mut cells = book.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
        let mut rows: VecDeque<SheetRow> = VecDeque::new();
        while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
            let (line, column) = cell.get_position();
            let Some((kind, text)) = text_of_cell(cell.get_value()) else { continue };
            *count += 1;
            if *count > CELLS_MAX {
                return Err(ImportError::TooLarge { what: "cells of a spreadsheet", most: CELLS_MAX });
            }
            let (line, column) = (u64::from(line) + 1, usize::try_from(column).unwrap_or(usize::MAX));
            if column >= COLUMNS_MAX {
                return Err(ImportError::TooLarge { what: "columns of a spreadsheet", most: COLUMNS_MAX as u64 });
            }
            match rows.back_mut() {
                Some(row) if row.line == line => row.cells.push((column, kind, text.into())),
                _ => rows.push_back(SheetRow { line, cells: vec![(column, kind, text.into())] }),
            }
        }
        Ok(Self { rows })
    }

    pub(crate) fn next(&mut self, row: &mut Row) -> Next {
        loop {
            let Some(mut found) = self.rows.pop_front() else { return Next::End };
            row.clear(found.line);
            found.cells.sort_by_key(|(column, ..)| *column);
            for (column, kind, text) in &found.cells {
                while row.len() < *column {
                    row.push(CellKind::Text, "");
                }
                // A file that gives a cell twice: the first holds.
                if row.len() == *column {
                    row.push(*kind, text);
                }
            }
            let is_comment = row.cell(0).text.starts_with('#') && row.cell(0).kind == CellKind::Text;
            if !row.is_blank() && !is_comment {
                return Next::Row;
            }
        }
    }
}

fn open(source: impl Read) -> Result<Xlsx<Cursor<Vec<u8>>>, ImportError> {
    let mut bytes = Vec::new();
    source.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > FILE_BYTES_MAX) {
        return Err(ImportError::TooLarge { what: "bytes of a spreadsheet", most: FILE_BYTES_MAX });
    }
    check_unpacked(&bytes, UNPACKED_BYTES_MAX)?;
    Xlsx::new(Cursor::new(bytes)).map_err(|error: XlsxError| unreadable(&error))
}

/// Unpacks every part to nowhere first: what a part says of its own size need not be true.
fn check_unpacked(bytes: &[u8], most: u64) -> Result<(), ImportError> {
    let unreadable = |error: &dyn std::fmt::Display| unreadable(error);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut left = most;
    for position in 0..archive.len() {
        let part = archive.by_index(position).map_err(|error| unreadable(&error))?;
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|error| unreadable(&error))?;
        left = left
            .checked_sub(unpacked)
            .ok_or(ImportError::TooLarge { what: "bytes of an unpacked spreadsheet", most })?;
    }
    Ok(())
}

fn unreadable(error: &dyn std::fmt::Display) -> ImportError {
    // Names of parts and positions, never what a cell holds; cut short all the same.
    ImportError::Unreadable { what: "XLSX", reason: error.to_string().chars().take(120).collect() }
}

/// A cell as text, or `None` when nothing is in it.
fn text_of_cell(value: &DataRef<'_>) -> Option<(CellKind, String)> {
    let found = match value {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DurationIso(text) => (CellKind::Text, text.trim().to_owned()),
        DataRef::SharedString(text) => (CellKind::Text, text.trim().to_owned()),
        DataRef::Int(number) => (CellKind::Number, number.to_string()),
        DataRef::Float(number) => (CellKind::Number, number_of_sheet(*number)),
        DataRef::Bool(truth) => (CellKind::Text, if *truth { "ja" } else { "nee" }.to_owned()),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => (CellKind::Day, day),
                _ => (CellKind::Text, format!("{day} {hour:02}:{minute:02}:{second:02}")),
            }
        }
        DataRef::DateTimeIso(text) => (CellKind::Text, text.clone()),
        DataRef::Error(_) => (CellKind::Error, "#".to_owned()),
    };
    (!found.1.is_empty()).then_some(found)
}

/// A number in the 15 significant digits that a spreadsheet keeps and shows, so that 0,1 + 0,2 is 0,3 again.
fn number_of_sheet(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(exponent) = exponent.parse::<i32>() else { return scientific };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    // Far outside what money or counts can be; the reader of the cell refuses it.
    if !(-30..=30).contains(&exponent) {
        return scientific;
    }
    let whole_digits = usize::try_from(exponent + 1).unwrap_or(0);
    if whole_digits == 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    }
    if digits.len() <= whole_digits {
        return format!("{sign}{digits}{}", "0".repeat(whole_digits - digits.len()));
    }
    format!("{sign}{}.{}", &digits[..whole_digits], &digits[whole_digits..])
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::{check_unpacked, number_of_sheet};

    /// Two megabytes of zeros are two kilobytes in an archive.
    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for part in ["a", "b"] {
            archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 8192 && check_unpacked(&bytes, 2 << 20).is_ok());
        let error = check_unpacked(&bytes, (2 << 20) - 1).unwrap_err().to_string();
        assert!(error.starts_with("GI010"), "{error}");
    }

    #[test]
    fn numbers_of_sheets() {
        for (number, expected) in [
            (63.5, "63.5"),
            (2025.0, "2025"),
            (0.1 + 0.2, "0.3"),
            (-0.05, "-0.05"),
            (1_250_000.0, "1250000"),
            (1_234_567_890_123.25, "1234567890123.25"),
            (0.0, "0"),
            (1e-40, "1.00000000000000e-40"),
            (999_900_006.0, "999900006"),
        ] {
            assert_eq!(number_of_sheet(number), expected);
        }
        assert_eq!(number_of_sheet(f64::NAN), "NaN");
    }
}
