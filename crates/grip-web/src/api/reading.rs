//! The page that says which addresses the API has.

use axum::{http::Uri, response::Response};
use grip_report::{Cell, Column, Language, Table, TableRow};

use crate::{
    App,
    address::Asked,
    api::openapi::{ANSWERS, of_pages, right_of},
    document::{Block, Document, Links, Text, WithTables},
    frame::Frame,
    pages::ALL,
    problem::Problem,
    words::say,
};

/// `/api`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let language = asked.language();
    let title = say(language, "API voor programma's", "API for programs");
    let lede = say(
        language,
        "Alles wat de pagina's tonen is ook als JSON te lezen, met dezelfde rechten. Bedragen zijn hele eurocenten.",
        "All that the pages show can be read as JSON too, with the same rights. Amounts are whole eurocents.",
    );
    let mut document = Document::new(Frame::new(&app, &uri, title.clone()).without_care(), &uri, title, lede);
    document.blocks = vec![
        Block::Links(Links {
            title: String::new(),
            links: vec![(
                say(language, "De beschrijving volgens OpenAPI 3.1", "The description by OpenAPI 3.1"),
                "/api/v1/openapi.json".to_owned(),
            )],
        }),
        Block::Text(Text {
            name: say(language, "Aanmelden", "Signing in"),
            text: say(
                language,
                "Waar mensen zich aanmelden, maakt u op de pagina van uw account een sleutel. Stuur hem mee in de kop \
                 Authorization, na het woord Bearer.",
                "Where people sign in, make a key on the page of your account. Send it in the header Authorization, after the \
                 word Bearer.",
            ),
            is_dutch: false,
        }),
        Block::Table(answers(language)),
        Block::Table(pages(language)),
    ];
    document.respond(&asked)
}

fn table(id: &str, title: String, columns: Vec<Column>, rows: Vec<TableRow>) -> Table {
    Table { id: id.to_owned(), title, note: String::new(), empty: String::new(), columns, total: None, rows }
}

fn answers(language: Language) -> Table {
    let row = |answered: &crate::api::openapi::Answered| {
        let address = ALL.addresses.iter().find(|address| address.path == answered.path);
        let right = address.map_or_else(String::new, |address| right_of(address.asks));
        TableRow::new(answered.path, vec![Cell::text(answered.summary), Cell::Text(right)])
    };
    let columns = vec![
        Column::kept(say(language, "Adres", "Address")),
        Column::prose(say(language, "Geeft", "Gives")),
        Column::prose(say(language, "Recht", "Right")),
    ];
    table("antwoorden", say(language, "Antwoorden", "Answers"), columns, ANSWERS.iter().map(row).collect())
}

fn pages(language: Language) -> Table {
    let row = |(_, address): (&str, &crate::pages::Address)| {
        TableRow::new(address.path, vec![Cell::Text(right_of(address.asks))])
    };
    let columns = vec![Column::kept(say(language, "Adres", "Address")), Column::prose(say(language, "Recht", "Right"))];
    table("paginas", say(language, "Pagina's", "Pages"), columns, of_pages().map(row).collect())
}
