//! Rows of cells, whatever the file they come from.

pub(crate) mod delimited;
pub(crate) mod text;
pub(crate) mod workbook;

use std::io::{self, Read};

/// Columns a row may have.
pub(crate) const COLUMNS_MAX: usize = 2000;

/// What a cell was in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Text, as every cell of a CSV file is.
    Text,
    /// A number of a spreadsheet, written with a decimal point and without thousands separators.
    Number,
    /// A day of a spreadsheet, as `2025-06-30`.
    Day,
    /// `#N/B` and the like.
    Error,
}

/// A cell without blanks at its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell<'r> {
    pub(crate) text: &'r str,
    pub(crate) kind: CellKind,
}

/// A row that is filled again and again, so that reading allocates nothing per cell.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) line: u64,
    text: String,
    cells: Vec<(CellKind, usize)>,
}

impl Row {
    pub(crate) fn clear(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.cells.clear();
    }

    pub(crate) fn push(&mut self, kind: CellKind, text: &str) {
        self.text.push_str(text.trim());
        self.cells.push((kind, self.text.len()));
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// A cell; one behind the end of the row is empty.
    pub(crate) fn cell(&self, position: usize) -> Cell<'_> {
        let Some((kind, end)) = self.cells.get(position).copied() else {
            return Cell { text: "", kind: CellKind::Text };
        };
        let start = position.checked_sub(1).map_or(0, |before| self.cells[before].1);
        Cell { text: &self.text[start..end], kind }
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.cells.len()).map(|position| self.cell(position))
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// What a source of rows gives.
pub(crate) enum Next {
    /// The row has been filled.
    Row,
    /// A row that does not end began at this line; it was left out.
    Unclosed(u64),
    /// There are no more.
    End,
}

/// The beginning of a file, and the whole of it.
pub(crate) struct Peeked<'r> {
    pub(crate) head: Vec<u8>,
    rest: Box<dyn Read + 'r>,
}

/// Bytes that are looked at to see what a file is.
const HEAD_BYTES: u64 = 64 * 1024;

impl<'r> Peeked<'r> {
    pub(crate) fn new(mut source: impl Read + 'r) -> io::Result<Self> {
        let mut head = Vec::new();
        source.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok(Self { head, rest: Box::new(source) })
    }

    pub(crate) fn is_workbook(&self) -> bool {
        self.head.starts_with(b"PK\x03\x04")
    }

    pub(crate) fn is_xml(&self) -> bool {
        // Every other byte of UTF-16 is zero where the letters are those of tags.
        let mut bytes = self.head.iter().filter(|byte| !matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF));
        bytes.find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
    }

    pub(crate) fn into_read(self) -> impl Read + 'r {
        io::Cursor::new(self.head).chain(self.rest)
    }
}
