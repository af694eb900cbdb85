//! All numbers of a report in one table of one form, for who wants to reckon with them.

use std::borrow::Cow;

use crate::{
    Language,
    download::{SOFT_HYPHEN, line, plain},
    report::{Block, Report},
    table::Cell,
};

/// The columns of [`report_csv`].
const COLUMNS: [&str; 11] =
    ["gemeente", "peildatum", "deel", "tabel", "titel", "nr", "rij", "kolom", "waarde", "eenheid", "getoond"];

/// Every headline figure and every cell of every table as a row of its own, as CSV (RFC 4180, UTF-8, a decimal point).
///
/// One form for all tables, so that one pivot or one query reads a whole report, and files of several municipalities or days
/// can be put below each other: each row says of which municipality and day it is. `deel` is the way through the headings,
/// `tabel` the id of the table (`kerncijfers` for headline figures), `nr` the position of the row from one (`totaal` for the row
/// below the line), `eenheid` one of `euro`, `aantal`, `getal`, `aandeel` and `tekst`; `waarde` is empty where there is nothing
/// or too few persons are behind it, and `getoond` is what the report shows there. What people wrote is not in it.
pub fn report_csv(report: &Report) -> String {
    let mut text = line(COLUMNS.into_iter().map(Cow::Borrowed));
    let peildatum = report.peildatum.to_string();
    let mut push = |path: &[&str], table: [&str; 2], row: [&str; 3], cell: &Cell| {
        let shown = cell.shown(report.language);
        let (value, path) = (plain(cell), path.join(" > "));
        let fields = [
            &report.gemeente,
            &peildatum,
            &path,
            table[0],
            table[1],
            row[0],
            row[1],
            row[2],
            &value,
            unit(cell),
            &shown,
        ];
        text.push_str(&line(fields.into_iter().map(|field| Cow::Owned(field.replace(SOFT_HYPHEN, "")))));
    };
    let (low, high) = match report.language {
        Language::Nl => ("ondergrens", "bovengrens"),
        Language::En => ("lower bound", "upper bound"),
    };
    for (path, block) in report.blocks() {
        match block {
            Block::Figures(figures) => {
                for (figure, number) in figures.iter().zip(1_usize..) {
                    let number = number.to_string();
                    let row = |column| [number.as_str(), figure.name.as_str(), column];
                    push(&path, ["kerncijfers", ""], row("waarde"), &figure.value);
                    if let Some(interval) = &figure.interval {
                        push(&path, ["kerncijfers", &interval.name], row(low), &interval.low);
                        push(&path, ["kerncijfers", &interval.name], row(high), &interval.high);
                    }
                }
            }
            Block::Table(table) | Block::Chart(_, table) => {
                let numbers = (1..=table.rows.len()).map(|number| number.to_string()).chain(["totaal".to_owned()]);
                for (row, number) in table.rows.iter().chain(&table.total).zip(numbers) {
                    for (column, cell) in table.columns.iter().skip(1).zip(&row.cells) {
                        push(&path, [&table.id, &table.title], [&number, &row.head, &column.name], cell);
                    }
                }
            }
            Block::Paragraph(_) | Block::Remark(_) | Block::Notice(_) | Block::PageBreak => {}
        }
    }
    text
}

fn unit(cell: &Cell) -> &'static str {
    match cell {
        Cell::Nothing | Cell::Withheld => "",
        Cell::Text(_) | Cell::Link { .. } => "tekst",
        Cell::Count(_) => "aantal",
        Cell::Euros(_) | Cell::Cents(_) | Cell::Thousands(_) | Cell::Difference(_) => "euro",
        Cell::Real(..) => "getal",
        Cell::Share(_) => "aandeel",
    }
}
