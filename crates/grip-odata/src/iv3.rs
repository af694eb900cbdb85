//! Iv3: what every municipality budgets and spends, per taakveld and category, as CBS publishes it for third parties.
//!
//! Lasten and baten are never added to each other here, nor one Verslagsoort to another: the first would give the balance and
//! not the size of a household, the second would count the same euro up to six times.

use std::collections::BTreeMap;

use grip_types::GemeenteCode;

use crate::{
    CbsPeriode, Decimal, Findings, OdataError, Rule, Saved, Table,
    page::{Cell, Columns, Rows, read_slice},
    reader::{Compared, Seen, judge},
    taakveld::{Generatie, TaakveldSoort},
    table::stable_name,
};

/// The table of each year at dataderden.cbs.nl.
///
/// Source: two public registers of these tables that agree with each other, one of them with the remark that each was looked
/// up at dataderden.cbs.nl. Not checked by us: see the README.
const TABLES: &[(i16, &str)] = &[
    (2010, "45007NED"),
    (2011, "45008NED"),
    (2012, "45001NED"),
    (2013, "45004NED"),
    (2014, "45005NED"),
    (2015, "45006NED"),
    (2016, "45031NED"),
    (2017, "45038NED"),
    (2018, "45042NED"),
    (2019, "45046NED"),
    (2020, "45050NED"),
    (2021, "45054NED"),
    (2022, "45059NED"),
    (2023, "45063NED"),
    (2024, "45067NED"),
    (2025, "45071NED"),
    (2026, "45078NED"),
];

/// The table with the Iv3 of that year, as far as it is known.
pub fn table_of_year(jaar: i16) -> Option<&'static str> {
    TABLES.iter().find(|(year, _)| *year == jaar).map(|(_, table)| *table)
}

/// What CBS writes where there is no figure. Real amounts lie below it as well, so it is compared exactly.
pub(crate) fn no_figure() -> Decimal {
    Decimal::from(-99_998)
}

/// Which account of a year. Glossary: Verslagsoort.
///
/// Source: Regeling informatie voor derden; code behind the year in `2024X005`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verslagsoort {
    /// `000`: the budget.
    Begroting,
    /// `001` to `004`.
    Kwartaal(u8),
    /// `005`: the annual accounts.
    Jaarrekening,
}

impl Verslagsoort {
    pub(crate) fn parse(code: &str) -> Option<Self> {
        match code.as_bytes() {
            b"000" => Some(Self::Begroting),
            [b'0', b'0', quarter @ b'1'..=b'4'] => Some(Self::Kwartaal(quarter - b'0')),
            b"005" => Some(Self::Jaarrekening),
            _ => None,
        }
    }

    /// The three digits behind the `X`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Begroting => "000",
            Self::Kwartaal(1) => "001",
            Self::Kwartaal(2) => "002",
            Self::Kwartaal(3) => "003",
            Self::Kwartaal(_) => "004",
            Self::Jaarrekening => "005",
        }
    }

    /// `begroting`, `kwartaal 1` and so on, as stored in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begroting => "begroting",
            Self::Kwartaal(1) => "kwartaal 1",
            Self::Kwartaal(2) => "kwartaal 2",
            Self::Kwartaal(3) => "kwartaal 3",
            Self::Kwartaal(_) => "kwartaal 4",
            Self::Jaarrekening => "jaarrekening",
        }
    }
}

/// One amount of one municipality. Glossary: Iv3regel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Iv3Regel<'a> {
    /// Whose.
    pub gemeente: GemeenteCode,
    /// Of which year.
    pub jaar: i16,
    /// Which account of it. Amounts of different accounts must not be added.
    pub verslagsoort: Verslagsoort,
    /// Code without blanks: `6.71a`.
    pub taakveld: &'a str,
    /// Which list of codes that one is from.
    pub generatie: Generatie,
    /// Whether it is a taakveld to leave out of spending.
    pub soort: TaakveldSoort,
    /// Category with its letter: `L3.4.1`.
    pub categorie: &'a str,
    /// `true` for lasten (L), `false` for baten (B). The two must not be added.
    pub is_last: bool,
    /// Eurocents. Published in thousands of euros.
    pub bedrag_cents: i64,
    /// 2 when it is the amount of the second publication, 1 when there is only the first.
    pub plaatsing: u8,
}

/// What reading a year of Iv3 came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iv3Reading {
    /// Pages read.
    pub pages: u32,
    /// Rows read.
    pub rows: u64,
    /// Lines given.
    pub regels: u64,
    /// Rows of the balance sheet, which were skipped.
    pub balance_rows: u64,
    /// Rows without a figure, in both publications.
    pub rows_without_figure: u64,
    /// Rows beyond those that were remembered, of which it is not known whether they came twice.
    pub rows_not_compared: u64,
    /// Whether every page is there and whole.
    pub is_complete: bool,
    /// What was wrong.
    pub findings: Findings,
}

/// Reads the Iv3 saved in `folder` and gives every line to `on`; in memory is one page at a time.
///
/// # Errors
/// When the folder does not hold a table, a file can't be read from disk, or amounts are in a unit that is not known.
pub fn read_iv3(folder: &std::path::Path, on: impl FnMut(&Iv3Regel<'_>)) -> Result<Iv3Reading, OdataError> {
    let saved = Saved::open(folder)?;
    let mut rows = Receiver::new(saved.table(), on)?;
    saved.drive(&mut rows)?;
    Ok(rows.reading)
}

/// Reads one page of Iv3, as the server sent it.
///
/// # Errors
/// When amounts are in a unit that is not known.
pub fn read_iv3_page(table: &Table, bytes: &[u8], on: impl FnMut(&Iv3Regel<'_>)) -> Result<Iv3Reading, OdataError> {
    let mut rows = Receiver::new(table, on)?;
    rows.begin_page(1);
    let end = read_slice(bytes, &mut rows);
    _ = judge(end, &mut rows);
    Ok(rows.reading)
}

/// What makes amounts comparable: those of one key may be added, and no others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iv3Key {
    /// Whose.
    pub gemeente: GemeenteCode,
    /// Of which year.
    pub jaar: i16,
    /// Which account of it.
    pub verslagsoort: Verslagsoort,
    /// `true` for lasten, `false` for baten.
    pub is_last: bool,
    /// Code of the taakveld.
    pub taakveld: Box<str>,
}

/// Eurocents per taakveld, summed over categories. A year of all municipalities is some two hundred thousand sums.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Iv3Sums(BTreeMap<Iv3Key, i64>);

impl Iv3Sums {
    /// Adds a line to its sum.
    pub fn add(&mut self, regel: &Iv3Regel<'_>) {
        let key = Iv3Key {
            gemeente: regel.gemeente,
            jaar: regel.jaar,
            verslagsoort: regel.verslagsoort,
            is_last: regel.is_last,
            taakveld: regel.taakveld.into(),
        };
        let sum = self.0.entry(key).or_default();
        // No household reaches 90 trillion euros: what would not fit is not money, and must not stop the rest.
        *sum = sum.saturating_add(regel.bedrag_cents);
    }

    /// The sums, in order of municipality, year and account.
    pub fn iter(&self) -> impl Iterator<Item = (&Iv3Key, i64)> {
        self.0.iter().map(|(key, cents)| (key, *cents))
    }
}

#[derive(Debug, Clone, Copy)]
enum Role {
    Gemeente,
    Taakveld,
    Categorie,
    Verslagsoort,
    First,
    Second,
    Skip,
}

impl Role {
    /// Columns have been called different things over the years: `k_1ePlaatsing_1`, `k_1stePlaatsing_1`.
    fn of(name: &str) -> Self {
        match name {
            "Gemeenten" => Self::Gemeente,
            "TaakveldBalanspost" | "FunctieKostenplaatsBalanspost" => Self::Taakveld,
            "Categorie" => Self::Categorie,
            "Verslagsoort" => Self::Verslagsoort,
            _ => match stable_name(name) {
                "k_1ePlaatsing" | "k_1stePlaatsing" => Self::First,
                "k_2ePlaatsing" | "k_2dePlaatsing" | "k_2eplaatsing" => Self::Second,
                _ => Self::Skip,
            },
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Amount {
    None,
    Unusable,
    Figure(Decimal),
}

struct Receiver<F> {
    columns: Columns<Role>,
    seen: Seen,
    /// Digits to shift to get eurocents: 2 of euros, 5 of thousands of euros.
    shift: u8,
    gemeente: String,
    taakveld: String,
    categorie: String,
    verslagsoort: String,
    first: Amount,
    second: Amount,
    page: u32,
    row_number: u64,
    reading: Iv3Reading,
    on: F,
}

impl<F: FnMut(&Iv3Regel<'_>)> Receiver<F> {
    fn new(table: &Table, on: F) -> Result<Self, OdataError> {
        let amounts = table.metingen.iter().filter(|m| matches!(Role::of(&m.kolom), Role::First | Role::Second));
        let mut shift = 5;
        for meting in amounts {
            shift = shift_of_unit(&meting.eenheid)
                .ok_or_else(|| OdataError::Unit { tabel: table.tabel.clone(), eenheid: meting.eenheid.clone() })?;
        }
        Ok(Self {
            columns: Columns::default(),
            seen: Seen::default(),
            shift,
            gemeente: String::new(),
            taakveld: String::new(),
            categorie: String::new(),
            verslagsoort: String::new(),
            first: Amount::None,
            second: Amount::None,
            page: 0,
            row_number: 0,
            reading: Iv3Reading {
                pages: 0,
                rows: 0,
                regels: 0,
                balance_rows: 0,
                rows_without_figure: 0,
                rows_not_compared: 0,
                is_complete: true,
                findings: table.findings.clone(),
            },
            on,
        })
    }

    fn finding(&mut self, rule: Rule, text: &str) {
        self.reading.findings.add(rule, self.page, self.row_number, text);
    }

    fn amount(&mut self, cell: Cell<'_>) -> Amount {
        let figure = match cell {
            Cell::Null => return Amount::None,
            Cell::Integer(number) => Some(Decimal::from(number)),
            Cell::Float(number) => Decimal::from_f64(number),
            Cell::Text(text) if matches!(text.trim(), "" | ".") => return Amount::None,
            Cell::Text(text) => Decimal::parse(text.trim()),
            Cell::Other => None,
        };
        match figure {
            Some(figure) if figure == no_figure() => Amount::None,
            Some(figure) => Amount::Figure(figure),
            None => {
                let text = match cell {
                    Cell::Text(text) => text.trim().to_owned(),
                    _ => "geen getal en geen tekst".to_owned(),
                };
                self.finding(Rule::NoNumber, &text);
                Amount::Unusable
            }
        }
    }

    /// The line of the row that was read, its two texts left out: `Err` with what is wrong, `Ok(None)` when there is none.
    fn regel(&mut self) -> Result<Option<Iv3Regel<'static>>, (Rule, String)> {
        if self.taakveld.starts_with(['A', 'P']) || matches!(self.categorie.as_str(), "Primo" | "Ultimo") {
            self.reading.balance_rows += 1;
            return Ok(None);
        }
        let gemeente = self.gemeente.strip_prefix("GM").and_then(|digits| digits.parse::<GemeenteCode>().ok());
        let gemeente = gemeente.ok_or_else(|| (Rule::NoGemeente, self.gemeente.clone()))?;
        let CbsPeriode::Verslag(jaar, verslagsoort) = CbsPeriode::parse(&self.verslagsoort) else {
            return Err((Rule::PeriodForm, self.verslagsoort.clone()));
        };
        let is_last = match self.categorie.as_bytes() {
            [b'L', b'0'..=b'9', ..] => true,
            [b'B', b'0'..=b'9', ..] => false,
            _ => return Err((Rule::UnknownCategorie, self.categorie.clone())),
        };
        let generatie = Generatie::of_year(jaar);
        match self.taakveld.as_bytes() {
            // A head such as `6.` is the sum of its taakvelden, and so is anything that is no number.
            [b'0'..=b'9', b'.', b'0'..=b'9', ..] => {}
            [b'0'..=b'9', b'0'..=b'9', ..] if generatie == Generatie::Functies => {}
            _ => return Err((Rule::Subtotal, self.taakveld.clone())),
        }
        let compared = self.seen.add(&(&self.gemeente, &self.verslagsoort, &self.taakveld, &self.categorie));
        match compared {
            Compared::New => {}
            Compared::Again => return Err((Rule::DuplicateKey, format!("{} {}", self.taakveld, self.categorie))),
            Compared::Not => self.reading.rows_not_compared += 1,
        }
        let (figure, plaatsing) = match (self.first, self.second) {
            (_, Amount::Figure(second)) => (second, 2),
            // A second publication that can't be read is not replaced by the first, which it corrected.
            (_, Amount::Unusable) => return Ok(None),
            (Amount::Figure(first), Amount::None) => (first, 1),
            (Amount::Unusable, Amount::None) => return Ok(None),
            (Amount::None, Amount::None) => {
                self.reading.rows_without_figure += 1;
                return Ok(None);
            }
        };
        let cents = figure.scaled_to(self.shift);
        let bedrag_cents = cents.ok_or_else(|| (Rule::NoNumber, figure.to_string()))?;
        if !generatie.has(&self.taakveld) {
            let Self { reading, page, row_number, taakveld, .. } = self;
            reading.findings.add(Rule::UnknownTaakveld, *page, *row_number, taakveld);
        }
        Ok(Some(Iv3Regel {
            gemeente,
            jaar,
            verslagsoort,
            taakveld: "",
            generatie,
            soort: TaakveldSoort::of(&self.taakveld),
            categorie: "",
            is_last,
            bedrag_cents,
            plaatsing,
        }))
    }
}

/// `x 1 000 euro` and `1 000 euro` shift by five digits, `euro` by two. Nothing said is a thousand: all these tables are.
fn shift_of_unit(unit: &str) -> Option<u8> {
    let letters: String = unit.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match letters.as_str() {
        "" | "1000euro" | "x1000euro" | "1000" | "x1000" | "duizendeuro" => Some(5),
        "euro" => Some(2),
        _ => None,
    }
}

impl<F: FnMut(&Iv3Regel<'_>)> Rows for Receiver<F> {
    fn begin_page(&mut self, number: u32) {
        self.page = number;
        self.row_number = 0;
        self.reading.pages += 1;
    }

    fn fault(&mut self, rule: Rule, text: &str) {
        self.reading.is_complete &= !matches!(rule, Rule::PageBroken | Rule::PageMissing);
        self.finding(rule, text);
    }

    fn begin_row(&mut self) {
        self.row_number += 1;
        self.columns.begin_row();
        for text in [&mut self.gemeente, &mut self.taakveld, &mut self.categorie, &mut self.verslagsoort] {
            text.clear();
        }
        (self.first, self.second) = (Amount::None, Amount::None);
    }

    fn column(&mut self, name: &str) -> usize {
        self.columns.number(name, Role::of)
    }

    fn cell(&mut self, column: usize, cell: Cell<'_>) {
        let role = self.columns.get(column).copied().unwrap_or(Role::Skip);
        let target = match role {
            Role::First => return self.first = self.amount(cell),
            Role::Second => return self.second = self.amount(cell),
            Role::Skip => return,
            Role::Gemeente => &mut self.gemeente,
            Role::Taakveld => &mut self.taakveld,
            Role::Categorie => &mut self.categorie,
            Role::Verslagsoort => &mut self.verslagsoort,
        };
        if let Cell::Text(text) = cell {
            target.clear();
            target.push_str(text.trim());
        }
    }

    fn end_row(&mut self) {
        self.reading.rows += 1;
        let given = match self.regel() {
            Ok(Some(regel)) => regel,
            Ok(None) => return,
            Err((rule, text)) => return self.finding(rule, &text),
        };
        self.reading.regels += 1;
        (self.on)(&Iv3Regel { taakveld: &self.taakveld, categorie: &self.categorie, ..given });
    }
}
