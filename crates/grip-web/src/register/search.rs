//! Search over everything: what people wrote, the indicators, the pages, and the questions.

use axum::{http::Uri, response::Response};
use grip_policy::{Dossier, kinds};
use grip_register::threads_of;
use grip_report::{Cell, Column, Language, Table, TableRow};

use crate::{
    App,
    address::{Scope, percent_encode},
    document::{Block, Document, Filter, Opened, WithTables},
    frame::{Crumb, Frame},
    problem::Problem,
    register::{
        capital, dossier, object_link, open,
        shown::{Showing, said},
        stand_notice, view,
    },
    vragen,
    words::{say, words},
};

/// What is found of one sort, at most.
const FOUND_MAX: usize = 200;

/// `/zoeken`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let sought = opened.asked.get("q").unwrap_or_default();
    let title = match (sought, language) {
        ("", _) => say(language, "Zoeken", "Search"),
        (sought, Language::Nl) => format!("Gezocht: {sought}"),
        (sought, Language::En) => format!("Sought: {sought}"),
    };
    let lede = say(
        language,
        "Alle woorden moeten voorkomen. Gezocht is in het register, de indicatoren, de vragen en de pagina's.",
        "All words must occur. Searched are the register, the indicators, the questions and the pages.",
    );
    let here = Crumb { name: say(language, "Zoeken", "Search"), href: None };
    let mut frame = opened.frame(&app, &uri, &title, vec![here]).without_care();
    sought.clone_into(&mut frame.sought);
    let pages = pages(&frame, scope, sought);
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks.extend(stand_notice(&opened, &uri));
    document.filters = vec![Filter {
        name: "q",
        label: say(language, "Woorden", "Words"),
        options: Vec::new(),
        chosen: sought.to_owned(),
    }];
    let mut rows = Vec::new();
    if !sought.is_empty() {
        if app.settings.writing.is_some() {
            let dossier = dossier(&app, scope).await?;
            rows.extend(objects(&dossier, &app, scope, sought));
            rows.extend(questions(&app, &opened, &dossier, sought).await?);
        }
        rows.extend(indicators(&app, scope, sought));
        rows.extend(pages);
        document.blocks.push(Block::Table(table(rows, language)));
    }
    document.respond(&opened.asked)
}

fn table(rows: Vec<TableRow>, language: Language) -> Table {
    Table {
        id: "gevonden".to_owned(),
        title: say(language, "Gevonden", "Found"),
        note: String::new(),
        empty: say(
            language,
            "Niets gevonden. Probeer minder of andere woorden.",
            "Nothing found. Try fewer or other words.",
        ),
        columns: vec![
            Column::text(say(language, "Naam", "Name")),
            Column::text(say(language, "Soort", "Kind")),
            Column::text(say(language, "Waar de woorden staan", "Where the words are")),
        ],
        total: None,
        rows,
    }
}

fn row(name: &str, sort: String, snippet: String, href: String) -> TableRow {
    TableRow::new(name, vec![Cell::Text(sort), Cell::Text(snippet)]).linked(href)
}

fn objects(dossier: &Dossier, app: &App, scope: &Scope, sought: &str) -> Vec<TableRow> {
    let language = scope.language;
    let showing = Showing::new(dossier, app.catalogue(), scope);
    let found = dossier.search(sought).into_iter().take(FOUND_MAX);
    found
        .map(|entry| {
            let snippet = entry.found(sought).map_or_else(String::new, |snippet| {
                let text = match snippet.field.input {
                    grip_policy::Input::Indicator => showing.indicator(&snippet.text),
                    _ => snippet.text,
                };
                format!("{}: {text}", said(snippet.field.label, language))
            });
            let href = object_link(scope, entry.kind.name, entry.version.id);
            row(entry.name(), capital(said(entry.kind.one, language)), snippet, href)
        })
        .collect()
}

fn holds(sought: &str, texts: &[&str]) -> bool {
    let text = texts.join("\n").to_lowercase();
    sought.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn indicators(app: &App, scope: &Scope, sought: &str) -> Vec<TableRow> {
    let found = app.catalogue().indicators().iter().filter(|indicator| {
        let own = [&indicator.id, &indicator.naam, &indicator.name, &indicator.definitie, &indicator.definition];
        holds(sought, &own.map(String::as_str))
    });
    found
        .map(|indicator| {
            let (name, definition) = match scope.language {
                Language::Nl => (&indicator.naam, &indicator.definitie),
                Language::En => (&indicator.name, &indicator.definition),
            };
            let href = scope.link(&format!("/indicatoren/{}", percent_encode(&indicator.id)));
            row(name, say(scope.language, "Indicator", "Indicator"), definition.clone(), href)
        })
        .collect()
}

async fn questions(app: &App, opened: &Opened, dossier: &Dossier, sought: &str) -> Result<Vec<TableRow>, Problem> {
    let scope = &opened.scope;
    let threads = threads_of(&view(app, scope).await?, scope.gemeente).await?;
    let found = threads.iter().filter_map(|thread| {
        let entry = thread.entries.iter().find(|entry| holds(sought, &[&entry.content.text]))?;
        let figure = thread.figure()?;
        let name = vragen::figure_name(figure, Some(dossier), scope.language);
        let text: String = entry.content.text.chars().take(160).collect();
        let href = format!("{}#gesprek-{}", vragen::address_of(figure, scope), thread.id);
        Some(row(&name, say(scope.language, "Vraag of toelichting", "Question or explanation"), text, href))
    });
    Ok(found.take(FOUND_MAX).collect())
}

/// The pages of the menu, and the lists of the register.
fn pages(frame: &Frame, scope: &Scope, sought: &str) -> Vec<TableRow> {
    let language = scope.language;
    let sort = || say(language, "Pagina", "Page");
    let menu = frame.menu.iter().flat_map(|group| &group.items).filter(|item| holds(sought, &[item.name]));
    let menu = menu.map(|item| row(item.name, sort(), String::new(), item.href.clone()));
    let lists = kinds().filter(|kind| holds(sought, &[kind.one.nl, kind.many.nl, kind.one.en, kind.many.en]));
    let lists = lists.map(|kind| {
        let href = scope.link(&format!("/register/{}", kind.name));
        row(&capital(said(kind.many, language)), words(language).register.to_owned(), String::new(), href)
    });
    menu.chain(lists).collect()
}
