//! All kinds with how many there are, and the objects of one kind.

use axum::{extract::Path, http::Uri, response::Response};
use grip_policy::{Dossier, Entry, Field, Input, Kind, kinds};
use grip_report::{Cell, Column, Language, Table, TableRow};

use crate::{
    App,
    address::Asked,
    document::{Block, Document, Filter, Links, WithTables},
    problem::Problem,
    register::{
        capital, dossier, form_link, frame, import, kind_of, object_link, open,
        shown::{Showing, said},
        stand_notice,
    },
    vragen,
    words::{say, words},
};

/// Columns after the name on a page; a file has all fields.
const COLUMNS: usize = 6;

/// `/register`
pub(crate) async fn all(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let dossier = dossier(&app, scope).await?;
    let title = words(language).register;
    let lede = say(
        language,
        "Alles wat is opgeschreven: wat de gemeente wil, hoe zij denkt dat het werkt, wat zij doet, besluit en leert.",
        "All that was written: what the municipality wants, how it thinks that works, what it does, decides and learns.",
    );
    let mut document = Document::new(frame(&app, &opened, &uri, title, None, Vec::new()), &uri, title, lede);
    document.blocks.extend(stand_notice(&opened, &uri));
    let row = |kind: &'static Kind| {
        let last = dossier.of_kind(kind.name).map(|entry| vragen::day_of(entry.version.by.at)).max();
        let count = i64::try_from(dossier.of_kind(kind.name).count()).unwrap_or(i64::MAX);
        let new = Cell::Link { text: say(language, "nieuw", "new"), href: form_link(scope, kind, None) };
        let cells = vec![Cell::Count(count), Cell::of(last, |day| Cell::text(day.to_string())), new];
        let href = scope.link(&format!("/register/{}", kind.name));
        TableRow::new(capital(said(kind.many, language)), cells).linked(href)
    };
    document.blocks.push(Block::Table(Table {
        id: "soorten".to_owned(),
        title: say(language, "Soorten", "Kinds"),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "Soort", "Kind")),
            Column::number(say(language, "Aantal", "Number")),
            Column::kept(say(language, "Laatst gewijzigd", "Last changed")),
            Column::text(say(language, "Maak", "Make")),
        ],
        total: None,
        rows: kinds().map(row).collect(),
    }));
    document.respond(&opened.asked)
}

/// `/register/{kind}`
pub(crate) async fn objects(app: App, Path(kind): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let dossier = dossier(&app, scope).await?;
    let title = capital(said(kind.many, language));
    let all = dossier.of_kind(kind.name).count();
    let lede = if all == 0 {
        match language {
            Language::Nl => format!("Er zijn nog geen {}. Maak de eerste.", kind.many.nl),
            Language::En => format!("There are no {} yet. Make the first.", kind.many.en),
        }
    } else {
        say(
            language,
            "Kies een naam voor alles wat erover is opgeschreven.",
            "Choose a name for all that was written of it.",
        )
    };
    let mut document = Document::new(frame(&app, &opened, &uri, &title, Some(kind), Vec::new()), &uri, title, lede);
    document.blocks.extend(stand_notice(&opened, &uri));
    document.blocks.extend(import::told(&opened.asked, language));
    document.blocks.push(Block::Links(Links {
        title: say(language, "Schrijf erbij", "Write"),
        links: vec![
            (
                match language {
                    Language::Nl => format!("Nieuw: {}", kind.one.nl),
                    Language::En => format!("New: {}", kind.one.en),
                },
                form_link(scope, kind, None),
            ),
            (
                say(language, "Lees een rekenblad in", "Read a spreadsheet"),
                scope.link(&format!("/register/{}/inlezen", kind.name)),
            ),
        ],
    }));
    if all > 0 {
        document.filters = filters(kind, &dossier, &opened.asked, language);
        let of_kind: Vec<&Entry> = match opened.asked.get(TEXT) {
            None => dossier.of_kind(kind.name).collect(),
            Some(text) => dossier.search(text).into_iter().filter(|entry| entry.kind.name == kind.name).collect(),
        };
        let shown: Vec<&Entry> = of_kind.into_iter().filter(|entry| passes(entry, &opened.asked)).collect();
        let showing = Showing::new(&dossier, app.catalogue(), scope);
        document.blocks.push(Block::Table(table(kind, &shown, &showing, opened.asked.get("formaat").is_some())));
    }
    document.respond(&opened.asked)
}

/// The words by which objects are found in the address, and the field that a page of another part calls `doel`.
pub(crate) const TEXT: &str = "tekst";
const GOAL: &str = "doel";

/// Whether the address asks for an object.
pub(crate) fn passes(entry: &Entry, asked: &Asked) -> bool {
    let by_goal = asked.get(GOAL).is_none_or(|id| entry.references().any(|(_, named)| named.to_string() == id));
    let by_field = |field: &Field| {
        let has = |wanted: &str| entry.text(field.name).split_whitespace().any(|part| part == wanted);
        !is_filter(field, entry.kind) || asked.get(field.name).is_none_or(has)
    };
    by_goal && entry.kind.fields.iter().all(by_field)
}

/// Whether a list can be narrowed by a field.
fn is_filter(field: &Field, kind: &Kind) -> bool {
    match field.input {
        Input::Choice(_) => true,
        Input::One(named) | Input::Many(named) => named != kind.name,
        _ => false,
    }
}

fn filters(kind: &'static Kind, dossier: &Dossier, asked: &Asked, language: Language) -> Vec<Filter> {
    let text = Filter {
        name: TEXT,
        label: say(language, "Tekst", "Text"),
        options: Vec::new(),
        chosen: asked.get(TEXT).unwrap_or_default().to_owned(),
    };
    let of = |field: &'static Field| {
        let mut options: Vec<(String, String)> = match field.input {
            Input::Choice(choices) => {
                choices.iter().map(|it| (it.value.to_owned(), say(language, it.nl, it.en))).collect()
            }
            Input::One(named) | Input::Many(named) => {
                dossier.of_kind(named).map(|entry| (entry.version.id.to_string(), entry.name().to_owned())).collect()
            }
            _ => Vec::new(),
        };
        if options.is_empty() {
            return None;
        }
        options.insert(0, (String::new(), words(language).all_values.to_owned()));
        Some(Filter {
            name: field.name,
            label: said(field.label, language).to_owned(),
            options,
            chosen: asked.get(field.name).unwrap_or_default().to_owned(),
        })
    };
    std::iter::once(text).chain(kind.fields.iter().filter(|field| is_filter(field, kind)).filter_map(of)).collect()
}

/// Whether a field fits in a column.
fn fits(field: &Field) -> bool {
    !matches!(field.input, Input::Text | Input::Filters | Input::YearValues) && field.name != "source"
}

fn table(kind: &'static Kind, shown: &[&Entry], showing: &Showing<'_>, is_file: bool) -> Table {
    let scope = showing.scope;
    let language = scope.language;
    let fields: Vec<&'static Field> = if is_file {
        kind.fields.iter().skip(1).collect()
    } else {
        kind.fields.iter().skip(1).filter(|field| fits(field)).take(COLUMNS).collect()
    };
    let column = |field: &&'static Field| {
        let name = said(field.label, language);
        match field.input {
            Input::Amount | Input::Number => Column::number(name),
            Input::Day | Input::Month | Input::Year => Column::kept(name),
            _ => Column::text(name),
        }
    };
    let row = |entry: &&Entry| {
        let own = fields.iter().map(|field| showing.cell(field, entry.text(field.name)));
        let changed = Cell::text(vragen::day_of(entry.version.by.at).to_string());
        TableRow::new(entry.name(), own.chain([changed]).collect()).linked(object_link(
            scope,
            kind.name,
            entry.version.id,
        ))
    };
    let first = kind.fields.first().map_or("", |field| said(field.label, language));
    let last = Column::kept(say(language, "Laatst gewijzigd", "Last changed"));
    Table {
        id: kind.name.replace('_', "-"),
        title: capital(said(kind.many, language)),
        note: String::new(),
        empty: say(language, "Niets past bij deze keuze.", "Nothing fits this choice."),
        columns: std::iter::once(Column::text(first)).chain(fields.iter().map(column)).chain([last]).collect(),
        total: None,
        rows: shown.iter().map(row).collect(),
    }
}
