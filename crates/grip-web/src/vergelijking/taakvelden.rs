//! What of one list of task fields is comparable with what of another.

use axum::{http::Uri, response::Response};
use grip_pipeline::comparison::{ConversionLine, conversion_table};
use grip_report::{Cell, Column, Language, Table, TableRow};

use super::frame;
use crate::{
    App,
    document::{Block, Document, WithTables, open},
    problem::Problem,
    words::{either, words},
};

/// `/vergelijking/taakvelden`
pub(crate) async fn taakvelden(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let language = opened.scope.language;
    let title =
        either(language, "Taakvelden: drie lijsten en hun omrekening", "Task fields: three lists and their conversion");
    let lede = either(
        language,
        "De lijst van taakvelden van Iv3 is in 2023 en in 2025 gewijzigd. Wat links en rechts staat mag als som worden vergeleken. Het \
         CBS publiceert geen omrekening: wat wat werd is aan de namen afgelezen, en waar die het niet beslissen is de groep ruim genomen.",
        "The list of task fields of Iv3 changed in 2023 and 2025. What stands left and right may be compared as a sum. CBS publishes \
         no conversion: what became what is read off the names, and where they do not decide it the group is taken widely.",
    );
    let frame = frame(&opened, &app, &uri, title, Some(either(language, "taakvelden", "task fields")));
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks = vec![Block::Table(table(&conversion_table(), language))];
    document.respond(&opened.asked)
}

fn table(lines: &[ConversionLine], language: Language) -> Table {
    let rows = lines.iter().map(|line| TableRow {
        head: line.groep.to_owned(),
        href: None,
        is_dutch: true,
        cells: vec![
            Cell::text(line.from),
            Cell::Text(line.from_codes.join(", ")),
            Cell::text(line.to),
            Cell::Text(line.to_codes.join(", ")),
            Cell::text(line.level),
            Cell::text(line.why),
            Cell::text(line.since),
            Cell::Text(line.sources.join(", ")),
        ],
    });
    Table {
        id: "omrekening".to_owned(),
        title: either(language, "Omrekentabel", "Conversion table").to_owned(),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(either(language, "groep", "group")),
            Column::text(either(language, "lijst", "list")),
            Column::text(either(language, "taakvelden", "task fields")),
            Column::text(either(language, "wordt lijst", "becomes list")),
            Column::text(either(language, "taakvelden", "task fields")),
            Column::prose(either(language, "overgang", "transition")),
            Column::prose(either(language, "waarom", "why")),
            Column::kept(either(language, "geldt vanaf", "holds from")),
            Column::text(words(language).source),
        ],
        rows: rows.collect(),
        total: None,
    }
}
