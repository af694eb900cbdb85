//! Undoing the last change of an object, and withdrawing it.

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use grip_policy::{Kind, Texts, changed};
use grip_register::{Account, Action, By, Edit, ObjectId, RegisterError, Version};
use grip_report::Language;

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, Document, Notice, Opened, WithTables},
    form::{Field, FieldKind, Form, Typed, author_field, check_site},
    problem::Problem,
    register::{
        dossier,
        entry::{REASON, by, find, open_to_write, saved},
        frame, kind_of,
        object::history_of,
        object_link,
        shown::{Showing, said},
    },
    sentences::long_date,
    vragen,
    words::say,
};

fn path(kind: &Kind, id: ObjectId, what: &str) -> String {
    format!("/register/{}/{id}/{what}", kind.name)
}

/// A button that undoes what was just done, when it is known who did.
pub(crate) fn button(kind: &Kind, id: ObjectId, number: i64, scope: &Scope, author: Option<&str>) -> Option<Form> {
    let author: Account = author?.parse().ok()?;
    Some(Form {
        id: "terug".to_owned(),
        title: String::new(),
        note: String::new(),
        action: scope.link(&path(kind, id, "ongedaan")),
        hidden: vec![("versie", number.to_string()), ("naam", author.to_string())],
        fields: Vec::new(),
        button: say(scope.language, "Maak ongedaan", "Undo"),
        faulty: String::new(),
        draft: None,
    })
}

/// The form that undoes the last version, and says what that does.
pub(crate) fn form(
    kind: &'static Kind,
    history: &[Version<Texts>],
    showing: &Showing<'_>,
    author: Option<&str>,
) -> Form {
    let scope = showing.scope;
    let language = scope.language;
    let (id, number) =
        history.last().map_or_else(|| unreachable!("an object has a version"), |last| (last.id, last.number));
    Form {
        id: "ongedaan".to_owned(),
        title: say(language, "Maak de laatste wijziging ongedaan", "Undo the last change"),
        note: what_it_undoes(kind, history, language),
        action: scope.link(&path(kind, id, "ongedaan")),
        hidden: vec![("versie", number.to_string())],
        fields: vec![reason_field(language), author_field(author, language)],
        button: say(language, "Maak dit ongedaan", "Undo this"),
        faulty: say(language, "Er is nog niets gewijzigd. Kijk dit na:", "Nothing was changed yet. Look at this:"),
        draft: None,
    }
}

pub(crate) fn reason_field(language: Language) -> Field {
    Field {
        name: REASON,
        label: say(language, "Waarom", "Why"),
        hint: say(language, "Mag leeg blijven.", "May stay empty."),
        value: String::new(),
        error: String::new(),
        is_required: false,
        kind: FieldKind::Line,
    }
}

/// In words what undoing the last version does.
fn what_it_undoes(kind: &'static Kind, history: &[Version<Texts>], language: Language) -> String {
    let Some((last, before)) = history.split_last() else { return String::new() };
    let (day, who) = (long_date(vragen::day_of(last.by.at), language), &last.by.actor);
    let Some(before) = before.last() else {
        return match language {
            Language::Nl => format!("Dit is gemaakt op {day} door {who}. Ongedaan maken trekt het in."),
            Language::En => format!("This was made on {day} by {who}. Undoing withdraws it."),
        };
    };
    let fields = changed(kind, &before.content, &last.content).into_iter();
    let fields: Vec<String> = fields.map(|field| said(field.label, language).to_lowercase()).collect();
    let becomes = match (before.withdrawn, last.withdrawn) {
        (true, false) => say(language, " Het is daarna weer ingetrokken.", " It is withdrawn again after that."),
        (false, true) => say(language, " Het telt daarna weer mee.", " It counts again after that."),
        _ => String::new(),
    };
    let what = match (last.action, language) {
        (Action::Withdraw, Language::Nl) => "de intrekking".to_owned(),
        (Action::Withdraw, Language::En) => "the withdrawal".to_owned(),
        (Action::Undo, Language::Nl) => "het ongedaan maken".to_owned(),
        (Action::Undo, Language::En) => "the undoing".to_owned(),
        (_, Language::Nl) => "de wijziging".to_owned(),
        (_, Language::En) => "the change".to_owned(),
    };
    let of = if fields.is_empty() { String::new() } else { format!(" ({})", fields.join(", ")) };
    match language {
        Language::Nl => format!("Dit draait {what} van {day} door {who} terug{of}.{becomes}"),
        Language::En => format!("This turns back {what} of {day} by {who}{of}.{becomes}"),
    }
}

/// What can be done with an object besides giving it other fields.
#[derive(Clone, Copy, PartialEq)]
enum Doing {
    Undo,
    Withdraw,
}

/// `POST /register/{kind}/{id}/ongedaan`
pub(crate) async fn undo(
    app: App,
    Path(place): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    check_site(&headers)?;
    act(&app, place, &uri, &app.typed(&body)?, Doing::Undo).await
}

/// `POST /register/{kind}/{id}/intrekken`
pub(crate) async fn withdraw(
    app: App,
    Path(place): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    check_site(&headers)?;
    act(&app, place, &uri, &app.typed(&body)?, Doing::Withdraw).await
}

async fn act(
    app: &App,
    (kind, id): (String, String),
    uri: &Uri,
    typed: &Typed,
    doing: Doing,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open_to_write(app, uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let history = history_of(app, scope, kind, &id).await?;
    let id = history.last().ok_or(Problem::NotFound)?.id;
    let by = match by(app, typed, language) {
        Ok(by) => by,
        Err(errors) => {
            let dossier = dossier(app, scope).await?;
            let showing = Showing::new(&dossier, app.catalogue(), scope);
            let form = match doing {
                Doing::Undo => form(kind, &history, &showing, None),
                Doing::Withdraw => withdraw_form(kind, id, typed.get("versie").to_owned(), scope, None),
            };
            return vragen::again(app, &opened, uri, form.filled(typed, &errors), StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let expected = typed.get("versie").parse().unwrap_or_default();
    match write(app, by, id, expected, doing).await {
        Ok(number) => Ok(saved(scope, kind, id, number, typed.get("naam"))),
        Err(RegisterError::Conflict { .. } | RegisterError::Withdrawn(_)) => outdated(app, &opened, uri, kind, id),
        Err(other) => Err(other.into()),
    }
}

async fn write(app: &App, by: By, id: ObjectId, expected: i64, doing: Doing) -> Result<i64, RegisterError> {
    let Some(writing) = &app.settings.writing else { return Err(RegisterError::NotFound(id)) };
    let mut edit: Edit = writing.register.edit(by).await?;
    let number = match doing {
        Doing::Undo => edit.undo(id, expected).await?,
        Doing::Withdraw => edit.withdraw(id, expected).await?,
    };
    edit.commit().await?;
    Ok(number)
}

/// Somebody else wrote in between.
fn outdated(app: &App, opened: &Opened, uri: &Uri, kind: &'static Kind, id: ObjectId) -> Result<Response, Problem> {
    let scope = &opened.scope;
    let language = scope.language;
    let title = say(language, "Een ander was u voor", "Somebody else came first");
    let lede = say(
        language,
        "Dit is gewijzigd nadat u de pagina opende. Er is niets gedaan. Kijk eerst wat er nu staat.",
        "This was changed after you opened the page. Nothing was done. Look first at what stands there now.",
    );
    let frame = frame(app, opened, uri, &title, Some(kind), vec![(title.clone(), None)]);
    let mut document = Document::new(frame, uri, title, lede.clone());
    let link = Some((say(language, "Zoals het nu is", "As it is now"), object_link(scope, kind.name, id)));
    document.blocks =
        vec![Block::Notice(Notice { text: lede, links: link.into_iter().collect(), ..Notice::default() })];
    Ok((StatusCode::CONFLICT, document.respond(&Asked::default())?).into_response())
}

fn withdraw_form(kind: &Kind, id: ObjectId, version: String, scope: &Scope, author: Option<&str>) -> Form {
    let language = scope.language;
    Form {
        id: "intrekken".to_owned(),
        title: say(language, "Bevestig", "Confirm"),
        note: String::new(),
        action: scope.link(&path(kind, id, "intrekken")),
        hidden: vec![("versie", version)],
        fields: vec![reason_field(language), author_field(author, language)],
        button: say(language, "Trek dit in", "Withdraw this"),
        faulty: say(language, "Er is nog niets ingetrokken. Kijk dit na:", "Nothing was withdrawn yet. Look at this:"),
        draft: None,
    }
}

/// `/register/{kind}/{id}/intrekken`: what withdrawing does, and the button.
pub(crate) async fn ask(app: App, Path((kind, id)): Path<(String, String)>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let dossier = dossier(&app, scope).await?;
    let entry = find(&dossier, kind, &id)?;
    let id = entry.version.id;
    let title = match language {
        Language::Nl => format!("Intrekken: {}", entry.name()),
        Language::En => format!("Withdraw: {}", entry.name()),
    };
    let lede = say(
        language,
        "Het telt dan nergens meer mee, maar blijft met zijn geschiedenis bewaard op hetzelfde adres. Dit is ongedaan te maken.",
        "It no longer counts anywhere then, but stays at the same address with its history. This can be undone.",
    );
    let own = (entry.name().to_owned(), Some(object_link(scope, kind.name, id)));
    let frame = frame(&app, &opened, &uri, &title, Some(kind), vec![own, (title.clone(), None)]);
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks.push(Block::Groups(super::object::naming(&dossier, id, scope)));
    let form = withdraw_form(kind, id, entry.version.number.to_string(), scope, opened.asked.get("naam"));
    document.blocks.push(Block::Form(form));
    document.respond(&Asked::default())
}
