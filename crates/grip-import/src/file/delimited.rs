//! CSV in any of its dialects, in memory of one row.

use std::io::{BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::{
    COLUMNS_MAX, CellKind, Next, Peeked, Row,
    text::{Bytes, Transcoded, wide_encoding},
};
use crate::ImportError;

/// Bytes a row may have. A quotation mark that is never closed would otherwise swallow the file.
const ROW_BYTES_MAX: usize = 256 * 1024;
/// Rows without end after which a file is given up: each costs reading [`ROW_BYTES_MAX`] again.
const UNCLOSED_MAX: u32 = 1000;
const BUFFER_BYTES: usize = 64 * 1024;

pub(crate) struct Delimited<'r> {
    source: BufReader<Box<dyn Read + 'r>>,
    /// What was read of a row that did not end, to be read again from its second line.
    again: Vec<u8>,
    again_at: usize,
    parser: Reader,
    bytes: Bytes,
    delimiter: u8,
    line: u64,
    output: Vec<u8>,
    ends: Vec<usize>,
    /// The bytes of the row being read.
    raw: Vec<u8>,
    /// Fields of the row before.
    fields_before: usize,
    unclosed: u32,
    /// Whether the rest of a line is to be passed.
    skips_line: bool,
}

impl<'r> Delimited<'r> {
    /// Reads with the delimiter that is given, or else the one that the line with the names of the columns has most of.
    pub(crate) fn new(
        peeked: Peeked<'r>,
        delimiter: Option<u8>,
        header_line: Option<u64>,
    ) -> Result<Self, ImportError> {
        let wide = wide_encoding(&peeked.head);
        let source: Box<dyn Read + 'r> = match wide {
            Some(encoding) => Box::new(Transcoded::new(peeked.into_read(), encoding)),
            None => Box::new(peeked.into_read()),
        };
        let mut peeked = Peeked::new(source)?;
        if peeked.head.starts_with(b"\xEF\xBB\xBF") {
            peeked.head.drain(..3);
        }
        let delimiter = delimiter.unwrap_or_else(|| detect_delimiter(&peeked.head, header_line));
        let bytes = Bytes::of(&peeked.head);
        Ok(Self {
            bytes,
            source: BufReader::with_capacity(BUFFER_BYTES, Box::new(peeked.into_read())),
            again: Vec::new(),
            again_at: 0,
            parser: new_parser(delimiter),
            delimiter,
            line: 1,
            output: vec![0; 4096],
            ends: vec![0; 64],
            raw: Vec::new(),
            fields_before: 0,
            unclosed: 0,
            skips_line: false,
        })
    }

    pub(crate) fn next(&mut self, row: &mut Row) -> Result<Next, ImportError> {
        loop {
            if !self.skip_between_rows()? {
                return Ok(Next::End);
            }
            let start = self.line;
            match self.read_row()? {
                Some((length, fields)) => {
                    self.fields_before = fields;
                    row.clear(start);
                    let mut from = 0;
                    for end in &self.ends[..fields] {
                        row.push(CellKind::Text, &self.bytes.decode(&self.output[from..*end]));
                        from = *end;
                    }
                    debug_assert!(from <= length);
                    if !row.is_blank() {
                        return Ok(Next::Row);
                    }
                }
                None => {
                    self.unclosed += 1;
                    if self.unclosed > UNCLOSED_MAX {
                        let reason = format!("more than {UNCLOSED_MAX} rows do not end, the last from line {start}");
                        return Err(ImportError::Unreadable { what: "CSV", reason });
                    }
                    self.restart(start);
                    return Ok(Next::Unclosed(start));
                }
            }
        }
    }

    /// Passes the ends of lines and comments before a row; whether there is a row.
    fn skip_between_rows(&mut self) -> Result<bool, ImportError> {
        let mut in_comment = std::mem::take(&mut self.skips_line);
        loop {
            let buffer = self.buffer()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let (mut passed, mut lines, mut found) = (0, 0, false);
            for byte in buffer {
                match byte {
                    b'\n' => {
                        lines += 1;
                        in_comment = false;
                    }
                    b'\r' => {}
                    b'#' => in_comment = true,
                    _ if in_comment => {}
                    _ => {
                        found = true;
                        break;
                    }
                }
                passed += 1;
            }
            self.line += lines;
            self.consume(passed);
            if found {
                return Ok(true);
            }
        }
    }

    /// Reads a row: its length and number of fields, or `None` when it does not end.
    fn read_row(&mut self) -> Result<Option<(usize, usize)>, ImportError> {
        let (mut length, mut fields) = (0, 0);
        self.raw.clear();
        loop {
            let (again, at) = (std::mem::take(&mut self.again), self.again_at);
            let from_again = at < again.len();
            let input: &[u8] = if from_again { &again[at..] } else { self.source.fill_buf()? };
            let (result, read, written, ended) =
                self.parser.read_record(input, &mut self.output[length..], &mut self.ends[fields..]);
            self.line += count_lines(&input[..read]);
            self.raw.extend_from_slice(&input[..read]);
            self.again = again;
            self.consume(read);
            length += written;
            fields += ended;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => {
                    let is_cut_off = read == 0 && self.raw.contains(&b'\n') && self.raw.last() != Some(&b'"');
                    let is_whole = !is_cut_off && !self.has_swallowed_rows();
                    return Ok(is_whole.then_some((length, fields)));
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
            if self.raw.len() > ROW_BYTES_MAX || fields > COLUMNS_MAX {
                return Ok(None);
            }
        }
    }

    /// Whether a cell of several lines holds a line that looks like a row of this file: a quotation mark was not closed, and
    /// the next one in the file, meant to open a cell, has closed it.
    fn has_swallowed_rows(&self) -> bool {
        let delimiters = |line: &[u8]| line.iter().filter(|byte| **byte == self.delimiter).count();
        let inner = self.raw.strip_suffix(b"\n").unwrap_or(&self.raw);
        let mut lines = inner.split(|byte| *byte == b'\n').skip(1).peekable();
        // The last line is the end of the row itself.
        while let Some(line) = lines.next() {
            if lines.peek().is_some() && self.fields_before > 2 && delimiters(line) + 1 >= self.fields_before {
                return true;
            }
        }
        false
    }

    /// Goes on at the second line of the row that did not end.
    fn restart(&mut self, start: u64) {
        let cut = self.raw.iter().position(|byte| *byte == b'\n').map_or(self.raw.len(), |at| at + 1);
        let mut again = self.raw.split_off(cut);
        again.extend_from_slice(&self.again[self.again_at.min(self.again.len())..]);
        self.line = start + count_lines(&self.raw);
        // The rest of its first line is passed also when that lies beyond what was read of it.
        self.skips_line = !self.raw.ends_with(b"\n");
        self.again = again;
        self.again_at = 0;
        self.parser = new_parser(self.delimiter);
    }

    fn buffer(&mut self) -> Result<&[u8], ImportError> {
        if self.again_at < self.again.len() { Ok(&self.again[self.again_at..]) } else { Ok(self.source.fill_buf()?) }
    }

    fn consume(&mut self, count: usize) {
        if self.again_at < self.again.len() {
            self.again_at += count;
        } else {
            self.source.consume(count);
        }
    }
}

fn new_parser(delimiter: u8) -> Reader {
    ReaderBuilder::new().delimiter(delimiter).build()
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// The delimiter of which a line has most, outside quotation marks.
fn detect_delimiter(head: &[u8], header_line: Option<u64>) -> u8 {
    let mut lines = head.split(|byte| *byte == b'\n');
    let line = match header_line.and_then(|line| usize::try_from(line.max(1) - 1).ok()) {
        Some(position) => lines.nth(position),
        None => lines.find(|line| !line.starts_with(b"#") && !line.trim_ascii().is_empty()),
    };
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0), (b'|', 0)];
    let mut is_quoted = false;
    for byte in line.unwrap_or_default() {
        is_quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| delimiter == byte && !is_quoted) {
            *count += 1;
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(delimiter, _)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::{Delimited, Next, Peeked, Row, detect_delimiter};

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let mut delimited = Delimited::new(Peeked::new(bytes).unwrap(), None, None).unwrap();
        let (mut row, mut found) = (Row::default(), Vec::new());
        loop {
            match delimited.next(&mut row).unwrap() {
                Next::Row => found.push((row.line, row.cells().map(|cell| cell.text.to_owned()).collect())),
                Next::Unclosed(line) => found.push((line, vec!["unclosed".to_owned()])),
                Next::End => return found,
            }
        }
    }

    fn lines(bytes: &[u8]) -> Vec<(u64, String)> {
        rows(bytes).into_iter().map(|(line, cells)| (line, cells.join("|"))).collect()
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        let expected: Vec<(u64, String)> =
            [(2, "a|b"), (4, "1|x\ny"), (8, "2|z")].map(|(line, text)| (line, text.to_owned())).into();
        let text = "# uitleg \"met; teken\n a;b\n\n1;\"x\ny\"\n;;\n#\n2;z";
        assert_eq!(lines(text.as_bytes()), expected);
        assert_eq!(lines(format!("{text}\n").as_bytes()), expected);
        let with_mark: Vec<u8> = b"\xEF\xBB\xBF".iter().copied().chain(text.bytes()).collect();
        assert_eq!(lines(&with_mark), expected);
        let crlf: Vec<(u64, String)> =
            [(2, "a|b"), (4, "1|x\r\ny"), (8, "2|z")].map(|(line, text)| (line, text.to_owned())).into();
        assert_eq!(lines(text.replace('\n', "\r\n").as_bytes()), crlf);
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n\n#x"), []);
    }

    #[test]
    fn delimiters() {
        assert_eq!(detect_delimiter(b"a;b,c;d", None), b';');
        assert_eq!(detect_delimiter(b"\"a;b;c\",d\n", None), b',');
        assert_eq!(detect_delimiter(b"titel\na\tb\n", Some(2)), b'\t');
        assert_eq!(detect_delimiter(b"a", None), b';');
        assert_eq!(detect_delimiter(b"", None), b';');
    }

    #[test]
    fn an_open_quotation_mark_costs_one_row() {
        let good = "1;2\n".repeat(200_000);
        let text = format!("a;b\n1;\"open\n{good}");
        let found = rows(text.as_bytes());
        assert_eq!(found[1], (2, vec!["unclosed".to_owned()]));
        assert_eq!(found.len(), 200_002);
        assert_eq!(found.last().map(|(line, _)| *line), Some(200_002));
    }

    #[test]
    fn an_open_quotation_mark_near_the_end_or_closed_by_another_costs_one_row() {
        let expected = [(1, "a|b|c"), (2, "unclosed"), (3, "2|x|3"), (4, "3|y|4")];
        let expected = expected.map(|(line, text)| (line, text.to_owned()));
        assert_eq!(lines(b"a;b;c\n1;\"open;2\n2;x;3\n3;y;4\n"), expected);
        assert_eq!(lines(b"a;b;c\n1;\"open;2\n2;x;3\n3;\"y\";4\n"), expected);
    }

    #[test]
    fn a_file_of_nothing_but_open_quotation_marks_is_given_up() {
        let text = "a\"b;\"c\n".repeat(200_000);
        let mut delimited = Delimited::new(Peeked::new(text.as_bytes()).unwrap(), None, None).unwrap();
        let mut row = Row::default();
        let error = loop {
            if let Err(error) = delimited.next(&mut row) {
                break error.to_string();
            }
        };
        assert!(error.starts_with("GI009"), "{error}");
    }

    #[test]
    fn a_line_without_end_is_left_out() {
        let long = "x".repeat(600_000);
        let found = lines(format!("a;b\n1;{long}\n2;3\n").as_bytes());
        assert_eq!(found, [(1, "a|b"), (2, "unclosed"), (3, "2|3")].map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn offices_write_other_encodings() {
        assert_eq!(lines(b"naam;b\nCaf\xE9;1"), [(1, "naam|b".to_owned()), (2, "Café|1".to_owned())]);
        let wide: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("naam\tb\nCafé\t1".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(lines(&wide), [(1, "naam|b".to_owned()), (2, "Café|1".to_owned())]);
    }
}
