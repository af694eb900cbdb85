//! One answer of an OData service, read as a stream: of a row nothing is kept but what its receiver takes.

use std::{fmt, io::Read, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::Rule;

/// A value as JSON has it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'c> {
    Null,
    Integer(i64),
    Float(f64),
    Text(&'c str),
    Other,
}

/// Who takes the rows of a page.
pub(crate) trait Rows {
    fn begin_page(&mut self, number: u32);
    /// Something wrong with the page as a whole, or with its last row so far.
    fn fault(&mut self, rule: Rule, text: &str);
    fn begin_row(&mut self);
    /// Number of a column, for [`Rows::cell`]; called for every value, so it should be quick.
    fn column(&mut self, name: &str) -> usize;
    fn cell(&mut self, column: usize, cell: Cell<'_>);
    fn end_row(&mut self);
    /// Something in the list that is not a row.
    fn no_row(&mut self) {
        self.begin_row();
        self.fault(Rule::NoRow, "");
    }
}

/// What a page says besides its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageEnd {
    /// Where the next page is.
    pub(crate) next: Option<String>,
    /// Whether there was a list of rows at all: an answer that tells of an error has none.
    pub(crate) has_rows: bool,
}

/// Names of columns in the order in which rows have them, so that a column is found where it was in the row before.
#[derive(Debug)]
pub(crate) struct Columns<T> {
    known: Vec<(Box<str>, T)>,
    next: usize,
}

impl<T> Default for Columns<T> {
    fn default() -> Self {
        Self { known: Vec::new(), next: 0 }
    }
}

impl<T> Columns<T> {
    /// More columns than a table can have are not looked at.
    const MOST: usize = 4_000;

    pub(crate) fn begin_row(&mut self) {
        self.next = 0;
    }

    /// Number of the column; what it is gets decided when it is met for the first time.
    pub(crate) fn number(&mut self, name: &str, decide: impl FnOnce(&str) -> T) -> usize {
        let is_there = |known: &(Box<str>, T)| &*known.0 == name;
        let found = match self.known.get(self.next) {
            Some(known) if is_there(known) => self.next,
            _ => match self.known.iter().position(is_there) {
                Some(found) => found,
                None if self.known.len() < Self::MOST => {
                    self.known.push((name.into(), decide(name)));
                    self.known.len() - 1
                }
                None => return usize::MAX,
            },
        };
        self.next = found + 1;
        found
    }

    pub(crate) fn get(&self, number: usize) -> Option<&T> {
        self.known.get(number).map(|(_, what)| what)
    }
}

/// Reads a page; rows before a fault have been given to `rows`.
pub(crate) fn read_slice<R: Rows>(bytes: &[u8], rows: &mut R) -> serde_json::Result<PageEnd> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    read(serde_json::Deserializer::from_slice(bytes), rows)
}

/// Reads a page that is too large to hold.
pub(crate) fn read_stream<R: Rows>(mut file: impl Read, rows: &mut R) -> serde_json::Result<PageEnd> {
    let mut start = Vec::with_capacity(BYTE_ORDER_MARK.len());
    file.by_ref().take(3).read_to_end(&mut start).map_err(serde_json::Error::custom)?;
    let start = if start == BYTE_ORDER_MARK { Vec::new() } else { start };
    read(serde_json::Deserializer::from_reader(start.as_slice().chain(file)), rows)
}

/// What some programs put before UTF-8 when they save a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn read<'de, D, R: Rows>(mut json: serde_json::Deserializer<D>, rows: &mut R) -> serde_json::Result<PageEnd>
where
    D: serde_json::de::Read<'de>,
{
    let end = json.deserialize_any(PageVisitor(RowList(rows)))?;
    json.end()?;
    Ok(end)
}

/// Reads a short list, of codes or columns: `{"value": […]}`, the list alone, or one thing alone.
pub(crate) fn read_list<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> serde_json::Result<Vec<T>> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut list = Vec::new();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let end = json.deserialize_any(PageVisitor(Typed(&mut list)))?;
    json.end()?;
    if !end.has_rows {
        list.push(serde_json::from_slice(bytes)?);
    }
    Ok(list)
}

/// Counts the rows of a page and sees to it that it is whole.
pub(crate) fn count(file: impl Read) -> serde_json::Result<(u64, PageEnd)> {
    let mut counter = Counter(0);
    let mut json = serde_json::Deserializer::from_reader(file);
    let end = json.deserialize_any(PageVisitor(&mut counter))?;
    json.end()?;
    Ok((counter.0, end))
}

/// What to do with the elements of the list of a page.
trait Elements<'de> {
    /// Takes one; `false` at the end of the list.
    fn next<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error>;
}

struct Counter(u64);

impl<'de> Elements<'de> for &mut Counter {
    fn next<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        let found = list.next_element::<IgnoredAny>()?.is_some();
        self.0 += u64::from(found);
        Ok(found)
    }
}

struct Typed<'l, T>(&'l mut Vec<T>);

impl<'de, T: Deserialize<'de>> Elements<'de> for Typed<'_, T> {
    fn next<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        let found = list.next_element()?;
        let is_some = found.is_some();
        self.0.extend(found);
        Ok(is_some)
    }
}

struct RowList<'r, R>(&'r mut R);

impl<'de, R: Rows> Elements<'de> for RowList<'_, R> {
    fn next<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        Ok(list.next_element_seed(Row(self.0))?.is_some())
    }
}

struct PageVisitor<E>(E);

impl<'de, E: Elements<'de>> Visitor<'de> for PageVisitor<E> {
    type Value = PageEnd;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of OData")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<PageEnd, A::Error> {
        let mut end = PageEnd::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Value => {
                    map.next_value_seed(ListSeed(&mut self.0, PhantomData))?;
                    end.has_rows = true;
                }
                Field::Next => end.next = map.next_value()?,
                Field::Other => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(end)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<PageEnd, A::Error> {
        while self.0.next(&mut list)? {}
        Ok(PageEnd { next: None, has_rows: true })
    }
}

struct ListSeed<'e, 'de, E>(&'e mut E, PhantomData<&'de ()>);

impl<'de, E: Elements<'de>> DeserializeSeed<'de> for ListSeed<'_, 'de, E> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, E: Elements<'de>> Visitor<'de> for ListSeed<'_, 'de, E> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while self.0.next(&mut list)? {}
        Ok(())
    }
}

enum Field {
    Value,
    Next,
    Other,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct FieldVisitor;
        impl Visitor<'_> for FieldVisitor {
            type Value = Field;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E>(self, name: &str) -> Result<Field, E> {
                Ok(match name {
                    "value" => Field::Value,
                    "odata.nextLink" | "@odata.nextLink" => Field::Next,
                    _ => Field::Other,
                })
            }
        }
        json.deserialize_identifier(FieldVisitor)
    }
}

struct Row<'r, R>(&'r mut R);

impl<'de, R: Rows> DeserializeSeed<'de> for Row<'_, R> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

/// What is not an object is told to the receiver and is no fault of the page.
impl<'de, R: Rows> Visitor<'de> for Row<'_, R> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.begin_row();
        while let Some(column) = map.next_key_seed(ColumnName(self.0))? {
            map.next_value_seed(Value { rows: self.0, column })?;
        }
        self.0.end_row();
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.0.no_row();
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.no_row();
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.0.no_row();
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.0.no_row();
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.0.no_row();
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.0.no_row();
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.0.no_row();
        Ok(())
    }
}

struct ColumnName<'r, R>(&'r mut R);

impl<'de, R: Rows> DeserializeSeed<'de> for ColumnName<'_, R> {
    type Value = usize;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_identifier(self)
    }
}

impl<R: Rows> Visitor<'_> for ColumnName<'_, R> {
    type Value = usize;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name of a column")
    }
    fn visit_str<E>(self, name: &str) -> Result<usize, E> {
        Ok(self.0.column(name))
    }
}

struct Value<'r, R> {
    rows: &'r mut R,
    column: usize,
}

impl<'de, R: Rows> DeserializeSeed<'de> for Value<'_, R> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<R: Rows> Value<'_, R> {
    fn give<E>(self, cell: Cell<'_>) -> Result<(), E> {
        self.rows.cell(self.column, cell);
        Ok(())
    }
}

impl<'de, R: Rows> Visitor<'de> for Value<'_, R> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        self.give(Cell::Null)
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.give(Cell::Other)
    }
    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.give(Cell::Integer(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.give(i64::try_from(number).map_or(Cell::Other, Cell::Integer))
    }
    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.give(Cell::Float(number))
    }
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.give(Cell::Text(text))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.give(Cell::Other)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.give(Cell::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, PageEnd, Rows, count, read_list, read_slice, read_stream};
    use crate::Rule;

    /// Writes down what it is given.
    #[derive(Default)]
    struct Log {
        names: Vec<String>,
        text: String,
    }

    impl Rows for Log {
        fn begin_page(&mut self, _: u32) {}
        fn fault(&mut self, rule: Rule, _: &str) {
            self.text += rule.code();
        }
        fn begin_row(&mut self) {
            self.text += "(";
        }
        fn column(&mut self, name: &str) -> usize {
            self.names.push(name.to_owned());
            self.names.len() - 1
        }
        fn cell(&mut self, column: usize, cell: Cell<'_>) {
            self.text += &format!("{}={cell:?};", self.names[column]);
        }
        fn end_row(&mut self) {
            self.text += ")";
        }
    }

    #[test]
    fn a_page_is_the_same_in_one_piece_and_as_a_stream() {
        let next = || Some("volgende".to_owned());
        for (page, expected, end) in [
            (
                r#"{"x":{"y":[1]},"value":[{"a":1,"b":"t\u0065kst","c":null,"d":1.5,"e":[[]]},7],"odata.nextLink":"volgende"}"#,
                r#"(a=Integer(1);b=Text("tekst");c=Null;d=Float(1.5);e=Other;)(O015"#,
                PageEnd { next: next(), has_rows: true },
            ),
            (r#"{"@odata.nextLink":"volgende","value":[]}"#, "", PageEnd { next: next(), has_rows: true }),
            (r#"[{"a":-1}]"#, "(a=Integer(-1);)", PageEnd { next: None, has_rows: true }),
            (r#"{"error":{}}"#, "", PageEnd { next: None, has_rows: false }),
        ] {
            for mark in ["", "\u{feff}"] {
                let text = format!("{mark}{page}");
                let mut log = Log::default();
                assert_eq!(read_slice(text.as_bytes(), &mut log).expect("JSON"), end);
                assert_eq!(log.text, expected);
                let mut log = Log::default();
                assert_eq!(read_stream(text.as_bytes(), &mut log).expect("JSON"), end);
                assert_eq!(log.text, expected);
            }
            assert_eq!(count(page.as_bytes()).expect("JSON").1, end);
        }
        for text in ["", "1", "\"x\"", "{", r#"{"value":1}"#, r#"{"value":[{"a":}]}"#, "[] []"] {
            assert!(read_slice(text.as_bytes(), &mut Log::default()).is_err(), "{text}");
            assert!(read_stream(text.as_bytes(), &mut Log::default()).is_err(), "{text}");
        }
    }

    #[test]
    fn lists_in_three_forms() {
        for text in [r#"{"value":["a"]}"#, r#"["a"]"#] {
            assert_eq!(read_list::<String>(text.as_bytes()).expect("JSON"), ["a"]);
        }
        let alone: Vec<std::collections::BTreeMap<String, u8>> = read_list(br#"{"a":1}"#).expect("JSON");
        assert_eq!(alone[0]["a"], 1);
    }
}
