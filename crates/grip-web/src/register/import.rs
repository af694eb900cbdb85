//! Objects of a kind from a spreadsheet, and to one: first what will be done with each row, then all of it or nothing.

use axum::{
    body::Bytes,
    extract::{Multipart, Path, multipart::MultipartError},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use grip_pipeline::sheets;
use grip_policy::{
    Dossier, Kind,
    sheet::{self, FileRow, Plan, RowAction, Sheet, SheetRow, Written, kind_called},
};
use grip_register::{By, RegisterError};
use grip_report::{Cell, Column, Language, Table, TableRow};

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, Document, Links, Notice, Opened, WithTables},
    form::{Field, FieldKind, Form, Typed, author_field, check_site, check_upload, explain},
    problem::Problem,
    register::{
        capital, dossier,
        entry::{by, open_to_write},
        frame, kind_of, object_link, open,
        shown::said,
        undo::reason_field,
    },
    vragen,
    words::say,
};

/// Bytes of a spreadsheet, at most.
pub(crate) const UPLOAD_BYTES_MAX: usize = 5 * 1024 * 1024;

/// What goes along with the button that writes: the rows as they were read.
const ROWS: &str = "rijen";

fn path(kind: &Kind) -> String {
    format!("/register/{}/inlezen", kind.name)
}

fn document(app: &App, opened: &Opened, uri: &Uri, kind: &'static Kind) -> Document {
    let language = opened.scope.language;
    let title = match language {
        Language::Nl => format!("{} inlezen", capital(kind.many.nl)),
        Language::En => format!("Read {} from a spreadsheet", kind.many.en),
    };
    let lede = say(
        language,
        "Een blad met een rij per stuk. Eerst ziet u wat ermee gebeurt; pas daarna wordt er iets bewaard, alles of niets.",
        "A sheet with a row for each. First you see what is done with it; only then something is kept, all of it or nothing.",
    );
    let frame = frame(app, opened, uri, &title, Some(kind), vec![(title.clone(), None)]);
    Document::new(frame, uri, title, lede)
}

fn upload_form(kind: &Kind, scope: &Scope, error: String) -> Form {
    let language = scope.language;
    Form {
        id: "inlezen".to_owned(),
        title: say(language, "Kies een bestand", "Choose a file"),
        note: say(
            language,
            "CSV of XLSX, hoogstens 5 MB. De eerste rij heeft de namen van de velden, zoals in het blad hieronder. Een rij met een \
             id, of met een naam die er al is, wijzigt wat er is. Schrijf geen persoonsgegevens op.",
            "CSV or XLSX, 5 MB at most. The first row has the names of the fields, as in the sheet below. A row with an id, or with \
             a name that is there already, changes what is there. Write no personal data.",
        ),
        action: scope.link(&path(kind)),
        hidden: Vec::new(),
        fields: vec![Field {
            name: "bestand",
            label: say(language, "Bestand", "File"),
            hint: String::new(),
            value: String::new(),
            error,
            is_required: true,
            kind: FieldKind::File,
        }],
        button: say(language, "Bekijk wat ermee gebeurt", "See what is done with it"),
        faulty: say(language, "Er is nog niets gelezen. Kijk dit na:", "Nothing was read yet. Look at this:"),
        draft: None,
    }
}

/// `/register/{kind}/inlezen`
pub(crate) async fn ask(app: App, Path(kind): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    upload_page(&app, &opened, &uri, kind, String::new())?.respond(&Asked::default())
}

fn upload_page(app: &App, opened: &Opened, uri: &Uri, kind: &'static Kind, error: String) -> Result<Document, Problem> {
    let scope = &opened.scope;
    let language = scope.language;
    let mut document = document(app, opened, uri, kind);
    document.blocks.push(Block::Form(upload_form(kind, scope, error)));
    let file =
        |format: &str| scope.link_with(&format!("/register/{}/blad", kind.name), &[("formaat", format.to_owned())]);
    document.blocks.push(Block::Links(Links {
        title: say(language, "Het blad om in te vullen, met wat er al is", "The sheet to fill in, with what is there"),
        links: vec![
            (say(language, "Als Excel", "As Excel"), file("xlsx")),
            (say(language, "Als CSV", "As CSV"), file("csv")),
        ],
    }));
    Ok(document)
}

/// `/register/{kind}/blad`: the objects in columns that can be read back.
pub(crate) async fn export(app: App, Path(kind): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let dossier = dossier(&app, &opened.scope).await?;
    let sheet = sheet::export(&dossier, kind);
    let row = |row: SheetRow| {
        let mut cells = row.cells.into_iter();
        TableRow::new(cells.next().unwrap_or_default(), cells.map(Cell::Text).collect())
    };
    let title = capital(said(kind.many, opened.scope.language));
    let table = Table {
        id: kind.name.replace('_', "-"),
        title: title.clone(),
        note: String::new(),
        empty: String::new(),
        columns: sheet.header.into_iter().map(Column::text).collect(),
        total: None,
        rows: sheet.rows.into_iter().map(row).collect(),
    };
    let frame = frame(&app, &opened, &uri, &title, Some(kind), vec![(title.clone(), None)]);
    let mut document = Document::new(frame, &uri, title, String::new());
    document.blocks.push(Block::Table(table));
    document.respond(&opened.asked)
}

/// `POST /register/{kind}/inlezen`: what would be done with each row.
pub(crate) async fn look(
    app: App,
    Path(kind): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    upload: Multipart,
) -> Result<Response, Problem> {
    check_upload(&headers)?;
    let kind = kind_of(&kind)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let language = opened.scope.language;
    let found = match uploaded(upload).await {
        Ok(bytes) => sheet_of(kind, &bytes, language),
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(say(language, "Dit bestand is groter dan 5 MB.", "This file is larger than 5 MB."))
        }
        Err(_) => return Err(Problem::Unreadable),
    };
    match found {
        Ok(sheet) => preview(&app, &opened, &uri, (kind, &sheet), None, StatusCode::OK).await,
        Err(error) => {
            let document = upload_page(&app, &opened, &uri, kind, error)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, document.respond(&Asked::default())?).into_response())
        }
    }
}

/// The file in an upload; empty when none was chosen.
async fn uploaded(mut upload: Multipart) -> Result<Bytes, MultipartError> {
    while let Some(field) = upload.next_field().await? {
        if field.name() == Some("bestand") {
            return field.bytes().await;
        }
    }
    Ok(Bytes::new())
}

/// The sheet of a kind in a file: the one that is called after it, or the only one.
fn sheet_of(kind: &'static Kind, bytes: &[u8], language: Language) -> Result<Sheet, String> {
    if bytes.is_empty() {
        return Err(say(language, "Kies een bestand.", "Choose a file."));
    }
    let mut found = sheets(bytes).map_err(|_| {
        say(language, "Dit is geen CSV of XLSX, of het is beschadigd.", "This is no CSV or XLSX, or it is damaged.")
    })?;
    let is_named = |name: &Option<String>| name.as_deref().and_then(kind_called).is_some_and(|it| it.name == kind.name);
    let place = found.iter().position(|sheet| is_named(&sheet.name)).unwrap_or(0);
    if place >= found.len() {
        return Err(say(language, "Er staat niets in.", "There is nothing in it."));
    }
    let rows = found.swap_remove(place).rows.into_iter();
    let rows = rows.map(|row| FileRow { line: row.line, cells: row.cells, numbers: row.numbers });
    Ok(Sheet::of_file(kind, rows))
}

/// The rows as text that [`sheets`] reads back.
fn as_text(sheet: &Sheet) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        cells.join(";")
    };
    let rows = sheet.rows.iter().map(|row| line(&row.cells));
    std::iter::once(line(&sheet.header)).chain(rows).collect::<Vec<_>>().join("\n")
}

/// The page that says what is done with each row, with the button that does it when nothing is wrong.
async fn preview(
    app: &App,
    opened: &Opened,
    uri: &Uri,
    (kind, sheet): (&'static Kind, &Sheet),
    again: Option<(&Typed, &[(&'static str, String)])>,
    status: StatusCode,
) -> Result<Response, Problem> {
    let scope = &opened.scope;
    let language = scope.language;
    let dossier = dossier(app, scope).await?;
    let plan = sheet::plan(&dossier, std::slice::from_ref(sheet));
    let mut document = document(app, opened, uri, kind);
    if !plan.unknown.is_empty() {
        let names: Vec<&str> = plan.unknown.iter().map(|(_, name)| name.as_str()).collect();
        let text = match language {
            Language::Nl => {
                format!("Deze kolommen zijn niet gelezen, omdat er geen veld van is: {}.", names.join(", "))
            }
            Language::En => {
                format!("These columns were not read, because there is no field of them: {}.", names.join(", "))
            }
        };
        document.blocks.push(Block::Notice(Notice { text, ..Notice::default() }));
    }
    document.blocks.push(Block::Table(table(&plan, &dossier, kind, scope)));
    let refused = plan.count(|action| matches!(action, RowAction::Refuse(_)));
    let written = plan.count(|action| matches!(action, RowAction::Create | RowAction::Change(_)));
    if refused > 0 {
        let text = say(
            language,
            "Er is niets bewaard: verbeter eerst in het bestand wat hierboven staat, en kies het opnieuw.",
            "Nothing was kept: first better in the file what stands above, and choose it again.",
        );
        document.blocks.push(Block::Notice(Notice { text, ..Notice::default() }));
        document.blocks.push(Block::Form(upload_form(kind, scope, String::new())));
    } else if written > 0 {
        let mut form = write_form(kind, sheet, scope);
        if let Some((typed, errors)) = again {
            form = form.filled(typed, errors);
        }
        document.blocks.push(Block::Form(form));
    }
    Ok((status, document.respond(&Asked::default())?).into_response())
}

fn write_form(kind: &Kind, sheet: &Sheet, scope: &Scope) -> Form {
    let language = scope.language;
    Form {
        id: "schrijven".to_owned(),
        title: say(language, "Bewaar dit", "Keep this"),
        note: say(language, "Alles in één keer, of niets.", "All at once, or nothing."),
        action: scope.link(&format!("{}/bewaren", path(kind))),
        hidden: vec![(ROWS, as_text(sheet))],
        fields: vec![reason_field(language), author_field(None, language)],
        button: say(language, "Bewaar alles", "Keep all"),
        faulty: say(language, "Er is nog niets bewaard. Kijk dit na:", "Nothing was kept yet. Look at this:"),
        draft: None,
    }
}

fn table(plan: &Plan, dossier: &Dossier, kind: &'static Kind, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = plan.rows.iter().map(|row| {
        let (what, faults) = match &row.action {
            RowAction::Create => (say(language, "wordt gemaakt", "is made"), String::new()),
            RowAction::Change(_) => (say(language, "wordt gewijzigd", "is changed"), String::new()),
            RowAction::Same(_) => (say(language, "blijft zoals het is", "stays as it is"), String::new()),
            RowAction::Refuse(faults) => {
                let said = |fault: &sheet::CellFault| format!("{}: {}", fault.column, explain(&fault.fault, language));
                let faults: Vec<String> = faults.iter().map(said).collect();
                (say(language, "kan niet", "can't be done"), faults.join(" "))
            }
        };
        let name = match &row.action {
            RowAction::Change(id) | RowAction::Same(id) if dossier.get(*id).is_some() => {
                Cell::Link { text: row.name().to_owned(), href: object_link(scope, kind.name, *id) }
            }
            _ => Cell::text(row.name()),
        };
        TableRow::new(row.line.to_string(), vec![name, Cell::Text(what), Cell::Text(faults)])
    });
    Table {
        id: "rijen".to_owned(),
        title: say(language, "Wat er met elke rij gebeurt", "What is done with each row"),
        note: String::new(),
        empty: say(language, "Er staan geen rijen in.", "There are no rows in it."),
        columns: vec![
            Column::text(say(language, "Rij", "Row")),
            Column::text(said(kind.one, language)),
            Column::text(say(language, "Wat ermee gebeurt", "What is done")),
            Column::text(say(language, "Wat er niet klopt", "What is wrong")),
        ],
        total: None,
        rows: rows.collect(),
    }
}

/// `POST /register/{kind}/inlezen/bewaren`: all rows in one edit, or nothing.
pub(crate) async fn write(
    app: App,
    Path(kind): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    check_site(&headers)?;
    let kind = kind_of(&kind)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let typed = app.typed(&body)?;
    let sheet = sheet_of(kind, typed.get(ROWS).as_bytes(), scope.language).map_err(|_| Problem::Unreadable)?;
    let by = match by(&app, &typed, scope.language) {
        Ok(by) => by,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return preview(&app, &opened, &uri, (kind, &sheet), Some((&typed, &errors)), status).await;
        }
    };
    match keep(&app, scope, by, &sheet).await {
        Ok(Some(written)) => {
            let counts = format!("{}-{}-{}", written.created, written.changed, written.same);
            let back = scope.link_with(&format!("/register/{}", kind.name), &[("ingelezen", counts)]);
            Ok(Redirect::to(&vragen::returned(&back, typed.get("naam"), "inhoud")).into_response())
        }
        // What was right when it was looked at is no longer so.
        Ok(None) | Err(RegisterError::Conflict { .. } | RegisterError::Invalid(_) | RegisterError::Withdrawn(_)) => {
            preview(&app, &opened, &uri, (kind, &sheet), None, StatusCode::CONFLICT).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Writes all rows, or none when one can't be kept.
async fn keep(app: &App, scope: &Scope, by: By, sheet: &Sheet) -> Result<Option<Written>, RegisterError> {
    let Some(writing) = &app.settings.writing else { return Ok(None) };
    // While the edit is open nobody else writes: what is read now still holds when it is written.
    let mut edit = writing.register.edit(by).await?;
    let dossier = Dossier::read(&writing.register.now().await?, scope.gemeente).await?;
    let plan = sheet::plan(&dossier, std::slice::from_ref(sheet));
    if plan.count(|action| matches!(action, RowAction::Refuse(_))) > 0 {
        return Ok(None);
    }
    let written = sheet::write(&mut edit, &plan).await?;
    edit.commit().await?;
    Ok(Some(written))
}

/// What was just read, as the address says it.
pub(crate) fn told(asked: &Asked, language: Language) -> Option<Block> {
    let counts: Vec<u32> = asked.get("ingelezen")?.split('-').filter_map(|count| count.parse().ok()).collect();
    let [created, changed, same] = counts[..] else { return None };
    let text = match language {
        Language::Nl => format!("Ingelezen: {created} gemaakt, {changed} gewijzigd, {same} bleven zoals ze waren."),
        Language::En => format!("Read: {created} made, {changed} changed, {same} stayed as they were."),
    };
    Some(Block::Notice(Notice { text, ..Notice::default() }))
}
