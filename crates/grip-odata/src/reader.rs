use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher},
};

use crate::{
    Bron, CbsPeriode, Decimal, DimensieWaarde, Findings, Meting, Rule, Status, Table, Waarneming, iv3,
    page::{Cell, Columns, PageEnd, Rows, read_slice},
    table::Kind,
};

/// What reading a table came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Pages read.
    pub pages: u32,
    /// Rows read, of OData 4 one figure each.
    pub rows: u64,
    /// Figures given, absent ones included.
    pub waarnemingen: u64,
    /// Rows beyond those that were remembered, of which it is not known whether they came twice.
    pub rows_not_compared: u64,
    /// Whether every page is there and whole.
    pub is_complete: bool,
    /// What was wrong.
    pub findings: Findings,
}

/// Makes figures of the pages of one table. Keeps nothing but what is needed to see that a row comes twice.
pub struct Reader<'t> {
    table: &'t Table,
    metingen: HashMap<&'t str, usize>,
    columns: Columns<Role>,
    seen: Seen,
    row: Row,
    /// Where it is: page and row in it.
    page: u32,
    row_number: u64,
    reading: Reading,
}

impl<'t> Reader<'t> {
    /// A reader of the pages of this table.
    pub fn new(table: &'t Table) -> Self {
        let metingen =
            table.metingen.iter().enumerate().map(|(index, meting)| (meting.kolom.as_str(), index)).collect();
        Self {
            table,
            metingen,
            columns: Columns::default(),
            seen: Seen::default(),
            row: Row::new(table),
            page: 0,
            row_number: 0,
            reading: Reading {
                pages: 0,
                rows: 0,
                waarnemingen: 0,
                rows_not_compared: 0,
                is_complete: true,
                findings: table.findings.clone(),
            },
        }
    }

    /// Reads the next page, as the server sent it. A fault in it is a finding; what stands before it is given.
    pub fn read_page(&mut self, bytes: &[u8], mut on: impl FnMut(&Waarneming<'_>)) {
        let mut rows = Receiver { reader: self, on: &mut on };
        rows.begin_page(rows.reader.page + 1);
        let end = read_slice(bytes, &mut rows);
        _ = judge(end, &mut rows);
    }

    pub(crate) fn receiver<F: FnMut(&Waarneming<'_>)>(&mut self, on: F) -> Receiver<'_, 't, F> {
        Receiver { reader: self, on }
    }

    /// What it came to.
    pub fn finish(self) -> Reading {
        self.reading
    }

    pub(crate) fn fault(&mut self, rule: Rule, text: &str) {
        if matches!(rule, Rule::PageBroken | Rule::PageMissing) {
            self.reading.is_complete = false;
        }
        self.reading.findings.add(rule, self.page, self.row_number, text);
    }

    fn role(&self, name: &str) -> Role {
        if let Some(index) = self.table.dimensies.iter().position(|dimension| dimension.naam == name) {
            return Role::Dimension(index);
        }
        if self.table.bron == Bron::CbsV4 {
            return match name {
                "Measure" => Role::Measure,
                "Value" => Role::Value,
                "StringValue" => Role::StringValue,
                "ValueAttribute" => Role::Attribute,
                "Id" => Role::Skip,
                _ if name.contains('@') => Role::Skip,
                _ => Role::Unknown,
            };
        }
        match self.metingen.get(name) {
            Some(index) if self.table.metingen[*index].is_text => Role::Skip,
            Some(index) => Role::Topic(*index),
            None if name == "ID" || name.starts_with("odata.") || name.contains('@') => Role::Skip,
            None => Role::Unknown,
        }
    }
}

/// What came of a page, told to its receiver; gives where the next one is.
pub(crate) fn judge<R: Rows>(end: serde_json::Result<PageEnd>, rows: &mut R) -> Option<String> {
    match end {
        Ok(PageEnd { has_rows: true, next }) => next,
        Ok(PageEnd { has_rows: false, .. }) => {
            rows.fault(Rule::PageBroken, "geen lijst van rijen");
            None
        }
        Err(error) => {
            rows.fault(Rule::PageBroken, &format!("regel {}, teken {}", error.line(), error.column()));
            None
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Role {
    Dimension(usize),
    Topic(usize),
    Measure,
    Value,
    StringValue,
    Attribute,
    Skip,
    Unknown,
}

/// One value of a measure, before its period is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// The row does not have the column.
    Absent,
    /// No number, said so in a finding.
    Unusable,
    Missing(Status),
    Figure(Decimal),
}

/// The row being read; its room is used again for the next.
struct Row {
    keys: Vec<Option<String>>,
    spare: Vec<String>,
    topics: Vec<Slot>,
    measure: String,
    value: Slot,
    string_value: Slot,
    attribute: Option<Attribute>,
}

/// `ValueAttribute` of OData 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attribute {
    Nothing,
    NoFigure(Status),
    Figure(Status),
    Unknown,
}

impl Attribute {
    fn parse(text: &str) -> Self {
        match text.trim() {
            "" | "None" => Self::Nothing,
            "Impossible" => Self::NoFigure(Status::NietVanToepassing),
            "Confidential" | "Secret" | "Unknown" | "Unreliable" | "Unavailable" | "NotAvailable" => {
                Self::NoFigure(Status::Geheim)
            }
            other => Status::of_text(other).map_or(Self::Unknown, Self::Figure),
        }
    }
}

impl Row {
    fn new(table: &Table) -> Self {
        let topics = if table.bron == Bron::CbsV4 { 0 } else { table.metingen.len() };
        Self {
            keys: vec![None; table.dimensies.len()],
            spare: vec![String::new(); table.dimensies.len()],
            topics: vec![Slot::Absent; topics],
            measure: String::new(),
            value: Slot::Absent,
            string_value: Slot::Absent,
            attribute: None,
        }
    }

    fn clear(&mut self) {
        for (key, spare) in self.keys.iter_mut().zip(&mut self.spare) {
            if let Some(used) = key.take() {
                *spare = used;
            }
        }
        self.topics.fill(Slot::Absent);
        self.measure.clear();
        self.value = Slot::Absent;
        self.string_value = Slot::Absent;
        self.attribute = None;
    }

    fn set_key(&mut self, dimension: usize, text: &str) {
        let mut room = std::mem::take(&mut self.spare[dimension]);
        room.clear();
        room.push_str(text.trim());
        self.keys[dimension] = Some(room);
    }

    fn key(&self, dimension: usize) -> Option<&str> {
        self.keys[dimension].as_deref()
    }

    /// The slot of OData 4, of what three columns say together.
    fn observed(&self) -> (Slot, Option<Status>) {
        let slot = match (self.value, self.string_value) {
            (Slot::Missing(_) | Slot::Absent, text @ (Slot::Figure(_) | Slot::Unusable)) => text,
            (Slot::Missing(_) | Slot::Absent, Slot::Missing(Status::Geheim)) => Slot::Missing(Status::Geheim),
            (Slot::Absent, _) => Slot::Missing(Status::Ontbreekt),
            (slot, _) => slot,
        };
        match self.attribute {
            // A number that is marked as secret or impossible is a place holder, not a figure.
            Some(Attribute::NoFigure(status)) => (Slot::Missing(status), None),
            Some(Attribute::Figure(status)) => (slot, Some(status)),
            Some(Attribute::Nothing | Attribute::Unknown) | None => (slot, None),
        }
    }
}

/// Takes rows for a [`Reader`] and gives figures to `on`.
pub(crate) struct Receiver<'r, 't, F> {
    reader: &'r mut Reader<'t>,
    on: F,
}

impl<F: FnMut(&Waarneming<'_>)> Receiver<'_, '_, F> {
    fn slot(&mut self, cell: Cell<'_>, is_text: bool) -> Slot {
        let no_number = |reader: &mut Reader<'_>, text: &str| {
            reader.fault(Rule::NoNumber, text);
            Slot::Unusable
        };
        let figure = match cell {
            Cell::Null => return Slot::Missing(Status::Ontbreekt),
            Cell::Integer(number) => Decimal::from(number),
            Cell::Float(number) => match Decimal::from_f64(number) {
                Some(figure) => figure,
                None => return no_number(self.reader, &format!("{number:e}")),
            },
            Cell::Text(text) => match text.trim() {
                "" => return Slot::Missing(Status::NietVanToepassing),
                "." => return Slot::Missing(Status::Geheim),
                text => match Decimal::parse(text) {
                    Some(figure) => figure,
                    None if is_text => return Slot::Unusable,
                    None => return no_number(self.reader, text),
                },
            },
            Cell::Other => return no_number(self.reader, "geen getal en geen tekst"),
        };
        if self.reader.table.bron == Bron::Iv3 && figure == iv3::no_figure() {
            return Slot::Missing(Status::Ontbreekt);
        }
        Slot::Figure(figure)
    }

    /// Gives the figures of the row that was read.
    fn give(&mut self) {
        let Reader { table, metingen, row, seen, page, row_number, reading, .. } = &mut *self.reader;
        let table: &Table = table;
        let mut finding = |rule, text: &str| reading.findings.add(rule, *page, *row_number, text);
        let is_v4 = table.bron == Bron::CbsV4;
        let measure = metingen.get(row.measure.as_str()).copied();
        if is_v4 && measure.is_none() {
            return finding(Rule::UnknownMeasure, &row.measure);
        }
        match seen.add(&(&row.keys, &row.measure)) {
            Compared::New => {}
            Compared::Again => {
                return finding(
                    Rule::DuplicateKey,
                    &row.keys
                        .iter()
                        .flatten()
                        .fold(String::new(), |text, key| if text.is_empty() { key.clone() } else { text + " " + key }),
                );
            }
            Compared::Not => reading.rows_not_compared += 1,
        }
        let mut finding = |rule, text: &str| reading.findings.add(rule, *page, *row_number, text);

        let mut parsed_periode = None;
        let mut period_status = None;
        let (mut regio, mut regio_titel) = (None, None);
        let mut dimensies = Vec::with_capacity(table.dimensies.len());
        for (index, dimension) in table.dimensies.iter().enumerate() {
            let Some(key) = row.key(index) else {
                finding(Rule::DimensionMissing, &dimension.naam);
                continue;
            };
            let code = dimension.codes.get(key);
            if code.is_none() && !dimension.codes.is_empty() {
                finding(Rule::UnknownKey, key);
            }
            let titel = code.map(|code| code.titel.as_str());
            match dimension.kind {
                Kind::Time if parsed_periode.is_none() => {
                    let found = CbsPeriode::parse(key);
                    if !found.is_known() {
                        finding(Rule::PeriodForm, key);
                    }
                    parsed_periode = Some(found);
                    period_status = code.and_then(|code| code.status);
                }
                Kind::Place if regio.is_none() => (regio, regio_titel) = (Some(key), titel),
                _ => dimensies.push(DimensieWaarde { dimensie: &dimension.naam, key, titel }),
            }
        }
        let periode = parsed_periode.as_ref().or(table.periode.as_ref());
        let mut give = |meting: &Meting, slot: Slot, own_status: Option<Status>| {
            let (waarde, status) = match slot {
                Slot::Absent | Slot::Unusable => return,
                Slot::Missing(status) => (None, status),
                Slot::Figure(figure) => (Some(figure), own_status.or(period_status).unwrap_or(Status::NietVermeld)),
            };
            reading.waarnemingen += 1;
            (self.on)(&Waarneming {
                bron: table.bron,
                tabel: &table.tabel,
                periode,
                regio,
                regio_titel,
                meting,
                dimensies: &dimensies,
                waarde,
                status,
            });
        };
        if let (true, Some(measure)) = (is_v4, measure) {
            let (slot, own_status) = row.observed();
            let meting = &table.metingen[measure];
            if !meting.is_text {
                give(meting, slot, own_status);
            }
        } else {
            for (meting, slot) in table.metingen.iter().zip(&row.topics) {
                give(meting, *slot, None);
            }
        }
    }
}

impl<F: FnMut(&Waarneming<'_>)> Rows for Receiver<'_, '_, F> {
    fn begin_page(&mut self, number: u32) {
        self.reader.page = number;
        self.reader.row_number = 0;
        self.reader.reading.pages += 1;
    }

    fn fault(&mut self, rule: Rule, text: &str) {
        self.reader.fault(rule, text);
    }

    fn begin_row(&mut self) {
        self.reader.row_number += 1;
        self.reader.columns.begin_row();
        self.reader.row.clear();
    }

    fn column(&mut self, name: &str) -> usize {
        let mut columns = std::mem::take(&mut self.reader.columns);
        let number = columns.number(name, |name| {
            let role = self.reader.role(name);
            if matches!(role, Role::Unknown) {
                self.reader.fault(Rule::UnknownMeasure, name);
            }
            role
        });
        self.reader.columns = columns;
        number
    }

    fn cell(&mut self, column: usize, cell: Cell<'_>) {
        match (self.reader.columns.get(column).copied().unwrap_or(Role::Skip), cell) {
            (Role::Dimension(index), Cell::Text(text)) => self.reader.row.set_key(index, text),
            (Role::Dimension(index), Cell::Integer(number)) => self.reader.row.set_key(index, &number.to_string()),
            (Role::Topic(index), cell) => self.reader.row.topics[index] = self.slot(cell, false),
            (Role::Measure, Cell::Text(text)) => self.reader.row.measure.push_str(text.trim()),
            (Role::Value, cell) => self.reader.row.value = self.slot(cell, false),
            (Role::StringValue, cell) => self.reader.row.string_value = self.slot(cell, true),
            (Role::Attribute, Cell::Text(text)) => {
                let attribute = Attribute::parse(text);
                if attribute == Attribute::Unknown {
                    self.reader.fault(Rule::UnknownStatus, text);
                }
                self.reader.row.attribute = Some(attribute);
            }
            _ => {}
        }
    }

    fn end_row(&mut self) {
        self.reader.reading.rows += 1;
        self.give();
    }
}

/// Remembers which keys came by, up to a number of them.
#[derive(Debug, Default)]
pub(crate) struct Seen(HashSet<u64, BuildHasherDefault<AsItIs>>);

/// What is remembered are hashes already.
#[derive(Debug, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub(crate) enum Compared {
    New,
    Again,
    Not,
}

impl Seen {
    /// Two million keys take some forty megabytes; that two of them have one hash by chance has a chance of one in ten million.
    const MOST: usize = 2_000_000;

    pub(crate) fn add(&mut self, key: &impl Hash) -> Compared {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let hash = hasher.finish();
        if self.0.len() >= Self::MOST {
            return if self.0.contains(&hash) { Compared::Again } else { Compared::Not };
        }
        if self.0.insert(hash) { Compared::New } else { Compared::Again }
    }
}
