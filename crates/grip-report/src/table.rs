//! A table as data: what is in it is typed, so that a page writes it for people and a download for programs.

use serde::{Deserialize, Serialize};

use crate::{
    Language,
    number::{Favour, decimal, euros, euros_and_cents, favour, percent_one_decimal, thousands, thousands_difference},
};

/// A table under its own heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its name in addresses: letters, digits and dashes.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub note: String,
    /// What stands there when there are no rows.
    pub empty: String,
    /// The columns; the first is that of the heads of the rows.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// The row below the line.
    pub total: Option<TableRow>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its head.
    pub name: String,
    /// What is in it.
    pub kind: ColumnKind,
    /// Where its head is explained.
    pub href: Option<String>,
}

/// What is in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Words.
    Text,
    /// Days and codes, which stay on one line.
    Kept,
    /// Numbers, under each other.
    Number,
    /// Sentences in Dutch, whatever the language of the page.
    Prose,
}

impl Column {
    /// A column of words.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: ColumnKind::Text, href: None }
    }

    /// A column of days or codes.
    pub fn kept(name: impl Into<String>) -> Self {
        Self { kind: ColumnKind::Kept, ..Self::text(name) }
    }

    /// A column of numbers.
    pub fn number(name: impl Into<String>) -> Self {
        Self { kind: ColumnKind::Number, ..Self::text(name) }
    }

    /// A column of Dutch sentences.
    pub fn prose(name: impl Into<String>) -> Self {
        Self { kind: ColumnKind::Prose, ..Self::text(name) }
    }

    /// The same, with its head explained elsewhere.
    #[must_use]
    pub fn explained_at(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// Its head.
    pub head: String,
    /// Where its head leads.
    pub href: Option<String>,
    /// Whether its head is in Dutch, whatever the language of the page.
    pub is_dutch: bool,
    /// What stands in the columns after the first.
    pub cells: Vec<Cell>,
}

impl TableRow {
    /// A row without a link.
    pub fn new(head: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self { head: head.into(), href: None, is_dutch: false, cells }
    }

    /// The same, with its head leading somewhere.
    #[must_use]
    pub fn linked(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
}

/// What stands in one place of a table. Money is in eurocents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// There is nothing to say.
    Nothing,
    /// There is a number and too few persons are behind it.
    Withheld,
    /// Words, a day or a code.
    Text(String),
    /// Words that lead somewhere.
    Link {
        /// The words.
        text: String,
        /// The address.
        href: String,
    },
    /// A number of things.
    Count(i64),
    /// An amount, shown in whole euros.
    Euros(i64),
    /// An amount, shown with its cents.
    Cents(i64),
    /// An amount, shown in whole thousands of euros.
    Thousands(i64),
    /// A difference with a budget, in whole thousands of euros with V or N.
    Difference(i64),
    /// A real number with so many decimals, at most four.
    Real(#[serde(with = "crate::sent::text")] f64, u32),
    /// A share from 0 to 1, shown as a percentage.
    Share(#[serde(with = "crate::sent::text")] f64),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// What a function makes of a value, or nothing where there is none.
    pub fn of<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Nothing, cell)
    }

    /// As people read it.
    pub fn shown(&self, language: Language) -> String {
        match self {
            Self::Nothing => "–".to_owned(),
            Self::Withheld => match language {
                Language::Nl => "te weinig".to_owned(),
                Language::En => "too few".to_owned(),
            },
            Self::Text(text) | Self::Link { text, .. } => text.clone(),
            Self::Count(number) => decimal(*number, 1, 0, language),
            Self::Euros(cents) => euros(*cents, language),
            Self::Cents(cents) => euros_and_cents(*cents, language),
            Self::Thousands(cents) => thousands(*cents, language),
            Self::Difference(cents) => thousands_difference(*cents, language),
            Self::Real(value, decimals) => real(*value, *decimals, language),
            Self::Share(share) => percent_one_decimal(*share, language),
        }
    }

    /// Where it leads.
    pub fn href(&self) -> Option<&str> {
        match self {
            Self::Link { href, .. } => Some(href),
            _ => None,
        }
    }

    /// Whether it is a difference that costs the municipality money.
    pub fn is_adverse(&self) -> bool {
        matches!(self, Self::Difference(cents) if favour(*cents) == Favour::Adverse)
    }
}

/// A real number with so many decimals: `1.234,5`.
pub fn real(value: f64, decimals: u32, language: Language) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let scale = 10_u64.pow(decimals.min(4));
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "`as` saturates, and a scale is at most 10,000"
    )]
    let scaled = (value * scale as f64).round() as i64;
    decimal(scaled, scale, decimals.min(4), language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &Cell, nl: &str, en: &str) {
        let shown = |language| cell.shown(language).replace('\u{a0}', " ").replace('\u{2212}', "-");
        assert_eq!((shown(Language::Nl).as_str(), shown(Language::En).as_str()), (nl, en));
    }

    #[test]
    fn cells_are_written_for_people() {
        check(&Cell::Count(1_234), "1.234", "1,234");
        check(&Cell::Euros(123_456), "€ 1.235", "€1,235");
        check(&Cell::Cents(-123_456), "€ -1.234,56", "-€1,234.56");
        check(&Cell::Thousands(123_456_789), "1.235", "1,235");
        check(&Cell::Difference(-123_456_789), "-1.235 N", "-1,235 A");
        check(&Cell::Real(2.345, 1), "2,3", "2.3");
        check(&Cell::Real(f64::NAN, 1), "–", "–");
        check(&Cell::Share(0.1234), "12,3 %", "12.3%");
        check(&Cell::Withheld, "te weinig", "too few");
    }
}
