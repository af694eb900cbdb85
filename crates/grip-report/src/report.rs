//! A whole report as data: sections of text, figures, charts and tables. Its numbers are cells, so that each output writes them
//! in its own way.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Chart, Language,
    number::{difference, euros_beside, month_name},
    prose::{Prose, prose},
    table::{Cell, Table},
};

/// A report of one municipality, as known on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What it is.
    pub title: String,
    /// What it is about, such as a year; may be empty.
    pub subtitle: String,
    /// The municipality that gives it out.
    pub gemeente: String,
    /// The day as known on which it is; every file made of it carries this day and no other.
    #[serde(with = "crate::sent::text")]
    pub peildatum: Date,
    /// The language of its headings and numbers. What people wrote is in Dutch.
    pub language: Language,
    /// How it came to be: names and what they are, in the order of reading.
    pub origin: Vec<(String, String)>,
    /// What it says.
    pub sections: Vec<Section>,
}

/// A part of a report under its heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// The parts below it, after its blocks.
    pub sections: Vec<Section>,
}

impl Section {
    /// A section with its blocks, and no sections below it.
    pub fn new(title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { title: title.into(), blocks, sections: Vec::new() }
    }

    /// The same, with sections below it.
    #[must_use]
    pub fn with(self, sections: Vec<Section>) -> Self {
        Self { sections, ..self }
    }
}

/// What can stand in a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph of our own, in the language of the report.
    Paragraph(String),
    /// What a person wrote.
    Remark(Remark),
    /// Headline figures, at most three beside each other.
    Figures(Vec<Figure>),
    /// A drawing with the table of what it shows.
    Chart(Box<Chart>, Table),
    /// A table.
    Table(Table),
    /// What a reader has to know before what follows.
    Notice(String),
    /// On paper, what follows begins on a page of its own.
    PageBreak,
}

/// A text by a person, which may be an opinion and may hold numbers that nobody computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// What it is about; may be empty.
    pub title: String,
    /// What was written, in Markdown and in Dutch.
    pub markdown: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    #[serde(with = "crate::sent::text")]
    pub on: Date,
}

impl Remark {
    /// What was written, read.
    pub fn prose(&self) -> Vec<Prose> {
        prose(&self.markdown)
    }

    /// Who wrote it and when: `Toelichting van beleid Jeugd, 1 juli 2025`.
    pub fn credit(&self, language: Language) -> String {
        let day = day(self.on, language);
        match language {
            Language::Nl => format!("Toelichting van {}, {day}", self.by),
            Language::En => format!("Explanation by {}, {day}", self.by),
        }
    }
}

/// A headline figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What it is.
    pub name: String,
    /// The number.
    pub value: Cell,
    /// Between what it lies, where it is an estimate.
    pub interval: Option<Interval>,
    /// What it is compared with; may be empty.
    pub note: String,
}

/// Between what an estimate lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// How sure that is: `80 % kans`.
    pub name: String,
    /// The lower end, in the unit of the estimate.
    pub low: Cell,
    /// The upper end.
    pub high: Cell,
}

impl Figure {
    /// The number as in a headline: amounts in millions or thousands.
    pub fn shown(&self, language: Language) -> String {
        headline(&self.value, &self.value, language)
    }

    /// The interval in words: `80 % kans: € 40,1 mln tot € 42,6 mln`, with the decimals of the number.
    pub fn interval_shown(&self, language: Language) -> Option<String> {
        let Interval { name, low, high } = self.interval.as_ref()?;
        let to = if language == Language::Nl { "tot" } else { "to" };
        let end = |cell| headline(cell, &self.value, language);
        Some(format!("{name}: {} {to} {}", end(low), end(high)))
    }
}

fn headline(cell: &Cell, beside: &Cell, language: Language) -> String {
    let cents = |cell: &Cell| match cell {
        Cell::Euros(cents) | Cell::Cents(cents) | Cell::Thousands(cents) | Cell::Difference(cents) => Some(*cents),
        _ => None,
    };
    let decimals = cents(beside).or(cents(cell)).unwrap_or_default();
    match cell {
        Cell::Euros(cents) | Cell::Thousands(cents) => euros_beside(*cents, decimals, language),
        Cell::Difference(cents) => difference(*cents, decimals, language),
        other => other.shown(language),
    }
}

impl Report {
    /// Its day in words: `30 juni 2025`.
    pub fn peildatum_shown(&self) -> String {
        day(self.peildatum, self.language)
    }

    /// Every block with the headings above it, in the order of reading.
    pub fn blocks(&self) -> Vec<(Vec<&str>, &Block)> {
        fn push<'r>(sections: &'r [Section], above: &[&'r str], found: &mut Vec<(Vec<&'r str>, &'r Block)>) {
            for section in sections {
                let path: Vec<&str> = above.iter().copied().chain([section.title.as_str()]).collect();
                found.extend(section.blocks.iter().map(|block| (path.clone(), block)));
                push(&section.sections, &path, found);
            }
        }
        let mut found = Vec::new();
        push(&self.sections, &[], &mut found);
        found
    }

    /// Every table with the headings above it, those of charts too.
    pub fn tables(&self) -> Vec<(Vec<&str>, &Table)> {
        let table = |(path, block)| match block {
            &Block::Table(ref table) | &Block::Chart(_, ref table) => Some((path, table)),
            _ => None,
        };
        self.blocks().into_iter().filter_map(table).collect()
    }
}

/// A day in words: `30 juni 2025`, `30 June 2025`.
pub(crate) fn day(date: Date, language: Language) -> String {
    format!("{} {} {}", date.day(), month_name(date.month(), language), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headline_figures_have_the_decimals_of_their_estimate() {
        let figure = |value, low, high| Figure {
            name: "Uitgaven".to_owned(),
            value,
            interval: Some(Interval { name: "80 % kans".to_owned(), low, high }),
            note: String::new(),
        };
        let shown = |figure: &Figure, language| {
            let text = format!("{} ({})", figure.shown(language), figure.interval_shown(language).unwrap_or_default());
            text.replace('\u{a0}', " ")
        };
        let money = figure(Cell::Euros(4_120_000_000), Cell::Euros(980_000_000), Cell::Euros(4_260_000_000));
        assert_eq!(shown(&money, Language::Nl), "€ 41,2 mln (80 % kans: € 9,8 mln tot € 42,6 mln)");
        assert_eq!(shown(&money, Language::En), "€41.2m (80 % kans: €9.8m to €42.6m)");
        let clients = figure(Cell::Count(1_234), Cell::Count(1_200), Cell::Count(1_300));
        assert_eq!(shown(&clients, Language::Nl), "1.234 (80 % kans: 1.200 tot 1.300)");
    }
}
