//! `/inzage`: what is kept of a citizen who asks, on a number that is typed and kept nowhere (article 15 of the AVG).

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use grip_pipeline::{Key, Person, PersonTable};
use grip_report::{Cell, Column, Language, Table, TableRow};
use grip_types::Bsn;
use serde_json::Value;

use crate::{
    App,
    document::{Block, Document, Opened, Text, WithTables, open},
    form::{Field, FieldKind, Form, Typed, check_site},
    frame::Crumb,
    problem::Problem,
    words::say,
};

/// The field of the number.
const BSN: &str = "bsn";

/// `/inzage`
pub(crate) async fn ask(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    form_page(&app, &opened, &uri, None)
}

/// `POST /inzage`: what is kept of the citizen with the number that was typed.
pub(crate) async fn show(app: App, uri: Uri, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let typed = Typed::of(&body)?;
    let Some(key) = app.settings.pseudonym_key.clone() else { return form_page(&app, &opened, &uri, None) };
    // What is wrong with a number is said without the number.
    let Ok(bsn) = typed.get(BSN).parse::<Bsn>() else {
        let language = opened.scope.language;
        let error = say(
            language,
            "Dit is geen burgerservicenummer: negen cijfers, en met de juiste controle.",
            "This is no citizen service number: nine digits that pass the check.",
        );
        return form_page(&app, &opened, &uri, Some(error));
    };
    let person = found(&app, &opened, key, bsn).await?;
    let mut document = document(&app, &opened, &uri);
    document.gives_files = false;
    document.blocks = blocks(&person, opened.scope.language);
    document.respond(&opened.asked)
}

async fn found(app: &App, opened: &Opened, key: Key, bsn: Bsn) -> Result<Person, Problem> {
    let gemeente = opened.scope.gemeente;
    app.ask(move |desk| desk.person(gemeente, &key, bsn)).await
}

fn document(app: &App, opened: &Opened, uri: &Uri) -> Document {
    let language = opened.scope.language;
    let title = say(language, "Inzage van een burger", "Access of a citizen");
    let lede = say(
        language,
        "Vraagt iemand wat de gemeente van hem of haar bewaart? Hier vindt u wat in Grip staat. Dat u keek, komt in het logboek.",
        "Does somebody ask what the municipality keeps? Here is what is in Grip. That you looked is recorded.",
    );
    let crumbs = vec![Crumb { name: say(language, "Inzage", "Access"), href: None }];
    let frame = opened.frame(app, uri, &title, crumbs).without_care();
    Document::new(frame, uri, title, lede)
}

fn form_page(app: &App, opened: &Opened, uri: &Uri, error: Option<String>) -> Result<Response, Problem> {
    let language = opened.scope.language;
    let mut document = document(app, opened, uri);
    if app.settings.pseudonym_key.is_none() {
        let text = say(
            language,
            "Deze server heeft de sleutel van de pseudoniemen niet, en kan dus niemand vinden. Gebruik `grip person` op een machine met de sleutel.",
            "This server does not have the key of the pseudonyms, and so can find nobody. Use `grip person` on a machine with the key.",
        );
        document.blocks.push(Block::Text(Text { name: String::new(), text, is_dutch: false }));
        return document.respond(&opened.asked);
    }
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let field = Field {
        name: BSN,
        label: say(language, "Burgerservicenummer", "Citizen service number"),
        hint: say(
            language,
            "Van wie erom vraagt, nadat u weet wie het is. Het nummer wordt niet bewaard en komt in geen enkel logboek.",
            "Of who asks, after you know who it is. The number is not kept and stands in no log.",
        ),
        value: String::new(),
        error: error.unwrap_or_default(),
        is_required: true,
        kind: FieldKind::Secret("off"),
    };
    document.blocks.push(Block::Form(Form {
        id: "inzage".to_owned(),
        title: String::new(),
        note: String::new(),
        action: opened.scope.link("/inzage"),
        hidden: Vec::new(),
        fields: vec![field],
        button: say(language, "Zoek op", "Find"),
        faulty: say(language, "Er is niets opgezocht.", "Nothing was looked up."),
        draft: None,
    }));
    Ok((status, document.respond(&opened.asked)?).into_response())
}

fn blocks(person: &Person, language: Language) -> Vec<Block> {
    let text = match (person.tables.is_empty(), language) {
        (true, Language::Nl) => "Er is niets bewaard.".to_owned(),
        (true, Language::En) => "Nothing is kept.".to_owned(),
        (false, Language::Nl) => {
            format!("Bewaard onder het pseudoniem {}, zonder naam, adres en burgerservicenummer.", person.client)
        }
        (false, Language::En) => {
            format!("Kept under the pseudonym {}, without name, address and citizen service number.", person.client)
        }
    };
    let mut blocks = vec![Block::Text(Text { name: String::new(), text, is_dutch: false })];
    blocks.extend(person.tables.iter().map(|table| Block::Table(kept(table, language))));
    let row = |entry: &grip_pipeline::ProcessingEntry| {
        TableRow::new(entry.start.to_string(), vec![Cell::text(&entry.name), Cell::text(&entry.activity)])
    };
    blocks.push(Block::Table(Table {
        id: "verwerkingen".to_owned(),
        title: say(language, "Wat er eerder mee is gedaan", "What was done with it before"),
        note: String::new(),
        empty: say(language, "Er staat niets in het logboek.", "Nothing is recorded."),
        columns: vec![
            Column::kept(say(language, "wanneer", "when")),
            Column::text(say(language, "wat", "what")),
            Column::text(say(language, "verwerking", "processing activity")),
        ],
        total: None,
        rows: person.processings.iter().map(row).collect(),
    }));
    blocks
}

/// The rows of a table with the columns in which any of them has something.
fn kept(table: &PersonTable, language: Language) -> Table {
    let has = |name: &str| table.rows.iter().any(|row| row.get(name).is_some_and(|value| !value.is_null()));
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).filter(|name| has(name)).collect();
    let head = say(language, "regel", "row");
    let row = |(number, row): (usize, &Value)| {
        let cells = columns.iter().map(|name| row.get(name).map_or(Cell::Nothing, |value| shown(name, value)));
        TableRow::new((number + 1).to_string(), cells.collect())
    };
    Table {
        id: format!("tabel-{}", table.table),
        title: table.table.clone(),
        note: String::new(),
        empty: String::new(),
        columns: std::iter::once(Column::kept(head)).chain(columns.iter().map(|name| Column::kept(*name))).collect(),
        total: None,
        rows: table.rows.iter().enumerate().map(row).collect(),
    }
}

fn shown(column: &str, value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Nothing,
        Value::Number(cents) if column.ends_with("_cents") => match cents.as_i64() {
            Some(cents) => Cell::Cents(cents),
            None => Cell::Text(cents.to_string()),
        },
        Value::String(text) => Cell::text(text),
        other => Cell::Text(other.to_string()),
    }
}
