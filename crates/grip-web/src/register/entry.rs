//! The form of an object: made from its fields, read, checked, and kept.

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use grip_policy::{Dossier, Entry, GEMEENTE, Input, Kind, Texts, change, create};
use grip_register::{By, Fault, ObjectId, REASON_CHARS_MAX, RegisterError};
use grip_report::{Cell, Column, Language, Table, TableRow};

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, Document, Notice, Opened, WithTables},
    form::{Draft, Field, FieldKind, Form, Typed, author_field, check_site, explain},
    problem::Problem,
    register::{
        dossier, form_link, frame, kind_of, object_link, open,
        shown::{Showing, said},
    },
    vragen,
    words::say,
};

/// What a form is for.
pub(crate) struct Writing<'w> {
    pub(crate) kind: &'static Kind,
    /// The object and the number of its version that was looked at; nothing for a new one.
    pub(crate) of: Option<(ObjectId, i64)>,
    pub(crate) showing: Showing<'w>,
}

impl Writing<'_> {
    /// The form with these texts in its fields.
    pub(crate) fn form(&self, texts: &Texts, author: Option<&str>) -> Form {
        let scope = self.showing.scope;
        let language = scope.language;
        let fields = self.kind.fields.iter().map(|field| self.field(field, texts));
        let reason = Field {
            name: REASON,
            label: say(language, "Waarom deze wijziging", "Why this change"),
            hint: say(
                language,
                "Mag leeg blijven; staat later in de geschiedenis.",
                "May stay empty; it stands in the history later.",
            ),
            value: String::new(),
            error: String::new(),
            is_required: false,
            kind: FieldKind::Line,
        };
        let action = form_link(scope, self.kind, self.of.map(|(id, _)| id));
        Form {
            id: "invullen".to_owned(),
            title: say(language, "Gegevens", "Fields"),
            note: say(
                language,
                "Wat niet verplicht is mag leeg blijven. Schrijf geen persoonsgegevens op. Langere teksten mogen in Markdown.",
                "What is not required may stay empty. Write no personal data. Longer texts may be in Markdown.",
            ),
            hidden: self.of.map(|(_, version)| ("versie", version.to_string())).into_iter().collect(),
            fields: fields.chain([reason, author_field(author, language)]).collect(),
            button: say(language, "Bewaar", "Keep"),
            faulty: say(language, "Er is nog niets bewaard. Kijk dit na:", "Nothing was kept yet. Look at this:"),
            draft: Some(Draft::new(draft_name(scope, self.kind, self.of.map(|(id, _)| id)), language)),
            action,
        }
    }

    fn field(&self, field: &'static grip_policy::Field, texts: &Texts) -> Field {
        let language = self.showing.scope.language;
        let value = texts.get(field.name).cloned().unwrap_or_default();
        let named = |value: &str, nl: &str, en: &str| (value.to_owned(), say(language, nl, en));
        let mut hint = said(field.hint, language).to_owned();
        let kind = match field.input {
            Input::Line | Input::Filters | Input::YearValues => FieldKind::Line,
            Input::Text => FieldKind::Text,
            Input::Day => FieldKind::Day,
            Input::Month => FieldKind::Month,
            Input::Year | Input::Amount | Input::Number => FieldKind::Number,
            Input::YesNo => FieldKind::Choice(vec![named("", "nee", "no"), named("ja", "ja", "yes")]),
            Input::Choice(choices) => {
                FieldKind::Choice(choices.iter().map(|choice| named(choice.value, choice.nl, choice.en)).collect())
            }
            Input::Indicator => FieldKind::Choice(self.indicators(&value)),
            Input::One(kind) => {
                let none = named("", "geen", "none");
                FieldKind::Choice(std::iter::once(none).chain(self.options(kind, &value)).collect())
            }
            Input::Many(kind) => {
                let options = self.options(kind, &value);
                if options.is_empty() {
                    hint = format!("{hint} {}", say(language, "Er zijn er nog geen.", "There are none yet."))
                        .trim()
                        .to_owned();
                }
                FieldKind::Checks(options)
            }
        };
        let label = said(field.label, language).to_owned();
        Field { name: field.name, label, hint, value, error: String::new(), is_required: field.is_required, kind }
    }

    /// The objects of a kind by name, but not the one that is written; and what is chosen and no longer there.
    fn options(&self, kind: &str, chosen: &str) -> Vec<(String, String)> {
        let own = self.of.map(|(id, _)| id);
        let entries = self.showing.dossier.of_kind(kind).filter(|entry| Some(entry.version.id) != own);
        let mut options: Vec<(String, String)> =
            entries.map(|entry| (entry.version.id.to_string(), entry.name().to_owned())).collect();
        options.sort_by_key(|(_, name)| name.to_lowercase());
        for gone in chosen.split_whitespace() {
            if !options.iter().any(|(id, _)| id == gone) {
                options.push((gone.to_owned(), say(self.showing.scope.language, "(ingetrokken)", "(withdrawn)")));
            }
        }
        options
    }

    fn indicators(&self, chosen: &str) -> Vec<(String, String)> {
        let language = self.showing.scope.language;
        let mut options: Vec<(String, String)> = self
            .showing
            .catalogue
            .indicators()
            .iter()
            .map(|indicator| (indicator.id.clone(), self.showing.indicator(&indicator.id)))
            .collect();
        options.sort_by_key(|(_, name)| name.to_lowercase());
        options.insert(0, (String::new(), say(language, "geen", "none")));
        if !options.iter().any(|(id, _)| id == chosen) {
            options.push((
                chosen.to_owned(),
                format!("{chosen} {}", say(language, "(niet in de catalogus)", "(not in the catalogue)")),
            ));
        }
        options
    }
}

/// The field in which somebody says why; no kind has one of that name.
pub(crate) const REASON: &str = "reden";

/// Under which name the browser keeps a draft.
pub(crate) fn draft_name(scope: &Scope, kind: &Kind, id: Option<ObjectId>) -> String {
    let what = id.map_or_else(|| "nieuw".to_owned(), |id| id.to_string());
    format!("{}/{}/{what}", scope.gemeente, kind.name)
}

/// Opens a page on which is written: what is shown is what stands there now.
pub(crate) async fn open_to_write(app: &App, uri: &Uri) -> Result<Result<Opened, Response>, Problem> {
    vragen::writing(app)?;
    let mut opened = open(app, uri).await?;
    if let Ok(opened) = &mut opened {
        opened.scope.stand = None;
    }
    Ok(opened)
}

/// The object that an address names, of the kind and the municipality of the page, when it is not withdrawn.
pub(crate) fn find<'d>(dossier: &'d Dossier, kind: &Kind, id: &str) -> Result<&'d Entry, Problem> {
    let id: ObjectId = id.parse().map_err(|_| Problem::NotFound)?;
    dossier.get(id).filter(|entry| entry.kind.name == kind.name).ok_or(Problem::NotFound)
}

fn title(kind: &Kind, entry: Option<&Entry>, is_new: bool, language: Language) -> String {
    match (entry, language) {
        (None, Language::Nl) if is_new => format!("Nieuw: {}", kind.one.nl),
        (None, Language::En) if is_new => format!("New: {}", kind.one.en),
        (None, Language::Nl) => format!("Wijzig: {}", kind.one.nl),
        (None, Language::En) => format!("Change: {}", kind.one.en),
        (Some(entry), Language::Nl) => format!("Wijzig: {}", entry.name()),
        (Some(entry), Language::En) => format!("Change: {}", entry.name()),
    }
}

fn page(
    app: &App,
    opened: &Opened,
    uri: &Uri,
    (kind, entry): (&'static Kind, Option<&Entry>),
    (form, before): (Form, Vec<Block>),
) -> Document {
    let scope = &opened.scope;
    let mut title = title(kind, entry, form.hidden.is_empty(), scope.language);
    if form.has_errors() {
        title = format!("{}: {title}", say(scope.language, "Fout", "Error"));
    }
    let own = entry.map(|entry| (entry.name().to_owned(), Some(object_link(scope, kind.name, entry.version.id))));
    let frame = frame(app, opened, uri, &title, Some(kind), own.into_iter().chain([(title.clone(), None)]).collect());
    let lede = say(
        scope.language,
        "Bewaren kan ook als nog niet alles bekend is. Elke wijziging blijft in de geschiedenis en is ongedaan te maken.",
        "It can be kept while not all is known yet. Every change stays in the history and can be undone.",
    );
    let mut document = Document::new(frame, uri, title, lede);
    document.blocks = before;
    document.blocks.push(Block::Form(form));
    document
}

/// `/register/{kind}/nieuw`: an empty form, or one with the fields that the address names filled in.
pub(crate) async fn new(app: App, Path(kind): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let dossier = dossier(&app, &opened.scope).await?;
    let texts = filled(&opened.asked, kind);
    let showing = Showing::new(&dossier, app.catalogue(), &opened.scope);
    let form = Writing { kind, of: None, showing }.form(&texts, opened.asked.get("naam"));
    page(&app, &opened, &uri, (kind, None), (form, Vec::new())).respond(&Asked::default())
}

/// `/register/{kind}/{id}/wijzig`: the form with what stands there, or with what stood there in the version that is asked for.
pub(crate) async fn edit(app: App, Path((kind, id)): Path<(String, String)>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let dossier = dossier(&app, &opened.scope).await?;
    let entry = find(&dossier, kind, &id)?;
    let mut texts = entry.version.content.clone();
    if let Some(number) = opened.asked.read("versie", |text| text.parse::<i64>().ok())? {
        let history = grip_policy::history(&super::view(&app, &opened.scope).await?, entry.version.id).await?;
        texts = history.into_iter().find(|version| version.number == number).ok_or(Problem::NotFound)?.content;
    }
    texts.extend(filled(&opened.asked, kind));
    let showing = Showing::new(&dossier, app.catalogue(), &opened.scope);
    let of = Some((entry.version.id, entry.version.number));
    let form = Writing { kind, of, showing }.form(&texts, opened.asked.get("naam"));
    page(&app, &opened, &uri, (kind, Some(entry)), (form, Vec::new())).respond(&Asked::default())
}

/// The fields that the address names.
fn filled(asked: &Asked, kind: &Kind) -> Texts {
    let one = |field: &grip_policy::Field| Some((field.name.to_owned(), asked.get(field.name)?.to_owned()));
    kind.fields.iter().filter_map(one).collect()
}

/// `POST /register/{kind}/nieuw`
pub(crate) async fn write_new(
    app: App,
    Path(kind): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    check_site(&headers)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    write(&app, &opened, &uri, (kind_of(&kind)?, None), &app.typed(&body)?).await
}

/// `POST /register/{kind}/{id}/wijzig`
pub(crate) async fn write_change(
    app: App,
    Path((kind, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Problem> {
    check_site(&headers)?;
    let opened = match open_to_write(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    write(&app, &opened, &uri, (kind_of(&kind)?, Some(id)), &app.typed(&body)?).await
}

/// The fields of a kind as they were typed.
fn texts_of(kind: &Kind, typed: &Typed, scope: &Scope) -> Texts {
    let own = kind.fields.iter().map(|field| (field.name.to_owned(), typed.get(field.name).to_owned()));
    let mut texts: Texts = own.chain([(GEMEENTE.to_owned(), scope.gemeente.to_string())]).collect();
    texts.retain(|_, text| !text.is_empty());
    texts
}

/// Who writes, when and why; or what is wrong with that.
pub(crate) fn by(app: &App, typed: &Typed, language: Language) -> Result<By, Vec<(&'static str, String)>> {
    let writing = app.settings.writing.as_ref().map(|writing| (writing.now)()).unwrap_or_default();
    let reason = typed.get(REASON).to_owned();
    let mut faults = Vec::new();
    grip_register::check_text(REASON, &reason, &mut faults);
    if reason.chars().count() > REASON_CHARS_MAX {
        faults.push(Fault { field: REASON, problem: grip_register::Problem::TooLong(REASON_CHARS_MAX) });
    }
    let mut errors = in_words(&faults, language);
    match typed.account("naam") {
        Ok(actor) if errors.is_empty() => Ok(By { actor, at: writing, reason }),
        Ok(_) => Err(errors),
        Err(fault) => {
            errors.push(("naam", explain(&fault, language)));
            Err(errors)
        }
    }
}

fn in_words(faults: &[Fault], language: Language) -> Vec<(&'static str, String)> {
    faults.iter().map(|fault| (fault.field, explain(fault, language))).collect()
}

async fn write(
    app: &App,
    opened: &Opened,
    uri: &Uri,
    (kind, id): (&'static Kind, Option<ObjectId>),
    typed: &Typed,
) -> Result<Response, Problem> {
    let scope = &opened.scope;
    let dossier = dossier(app, scope).await?;
    let texts = texts_of(kind, typed, scope);
    if let Some(id) = id {
        exists(app, scope, kind, id).await?;
    }
    let mut errors = in_words(&dossier.faults(kind, id, &texts), scope.language);
    let by = by(app, typed, scope.language).map_err(|wrong| errors.extend(wrong)).ok();
    let expected: i64 = typed.get("versie").parse().unwrap_or_default();
    if let (Some(by), true) = (by, errors.is_empty()) {
        match keep(app, by, (kind, id, expected), &texts).await {
            Ok((id, number)) => return Ok(saved(scope, kind, id, number, typed.get("naam"))),
            Err(RegisterError::Conflict { .. } | RegisterError::Withdrawn(_)) => {
                return conflict(app, opened, uri, (kind, id), (typed, &texts)).await;
            }
            Err(RegisterError::Invalid(faults)) => errors = in_words(&faults, scope.language),
            Err(other) => return Err(other.into()),
        }
    }
    let showing = Showing::new(&dossier, app.catalogue(), scope);
    let form = Writing { kind, of: id.map(|id| (id, expected)), showing }.form(&texts, None).filled(typed, &errors);
    let entry = id.and_then(|id| dossier.get(id));
    let document = page(app, opened, uri, (kind, entry), (form, Vec::new()));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, document.respond(&Asked::default())?).into_response())
}

/// Refuses what is not there, of another kind, or of another municipality; what was withdrawn is there.
async fn exists(app: &App, scope: &Scope, kind: &Kind, id: ObjectId) -> Result<(), Problem> {
    let last = grip_policy::history(&super::view(app, scope).await?, id).await?.pop().ok_or(Problem::NotFound)?;
    let is_here = last.content.get(GEMEENTE).is_some_and(|code| *code == scope.gemeente.to_string());
    if last.kind == kind.name && is_here { Ok(()) } else { Err(Problem::NotFound) }
}

/// Makes or changes an object, and answers which it is and the number of the version it then has.
async fn keep(
    app: &App,
    by: By,
    (kind, id, expected): (&Kind, Option<ObjectId>, i64),
    texts: &Texts,
) -> Result<(ObjectId, i64), RegisterError> {
    let Some(writing) = &app.settings.writing else { unreachable!("a page on which is written has a register") };
    let mut edit = writing.register.edit(by).await?;
    let kept = match id {
        None => (create(&mut edit, kind, texts).await?, 1),
        Some(id) => (id, change(&mut edit, id, expected, kind, texts).await?),
    };
    edit.commit().await?;
    Ok(kept)
}

/// Sends the browser to what was kept.
pub(crate) fn saved(scope: &Scope, kind: &Kind, id: ObjectId, number: i64, author: &str) -> Response {
    let back = scope.link_with(&format!("/register/{}/{id}", kind.name), &[("bewaard", number.to_string())]);
    Redirect::to(&vragen::returned(&back, author, "inhoud")).into_response()
}

/// Somebody else wrote in between: what stands there now beside what was typed, to be put together.
async fn conflict(
    app: &App,
    opened: &Opened,
    uri: &Uri,
    (kind, id): (&'static Kind, Option<ObjectId>),
    (typed, texts): (&Typed, &Texts),
) -> Result<Response, Problem> {
    let scope = &opened.scope;
    let language = scope.language;
    let id = id.ok_or(Problem::NotFound)?;
    let history = grip_policy::history(&super::view(app, scope).await?, id).await?;
    let now = history.last().ok_or(Problem::NotFound)?;
    let dossier = dossier(app, scope).await?;
    let showing = Showing::new(&dossier, app.catalogue(), scope);
    let rows = grip_policy::changed(kind, &now.content, texts).into_iter().map(|field| {
        let shown = |texts: &Texts| Cell::text(showing.plain(field, texts.get(field.name).map_or("", String::as_str)));
        TableRow::new(said(field.label, language), vec![shown(&now.content), shown(texts)])
    });
    let table = Table {
        id: "verschil".to_owned(),
        title: say(language, "Wat verschilt", "What differs"),
        note: String::new(),
        empty: say(language, "Er verschilt niets.", "Nothing differs."),
        columns: vec![
            Column::text(say(language, "Veld", "Field")),
            Column::text(say(language, "Staat er nu", "Stands there now")),
            Column::text(say(language, "Typte u", "You typed")),
        ],
        total: None,
        rows: rows.collect(),
    };
    let text = if now.withdrawn {
        say(
            language,
            "Dit is ingetrokken nadat u de pagina opende. Er is niets van u bewaard. Maak eerst de intrekking ongedaan.",
            "This was withdrawn after you opened the page. Nothing of yours was kept. Undo the withdrawal first.",
        )
    } else {
        say(
            language,
            "Een ander was u voor: dit is gewijzigd nadat u de pagina opende. Er is niets van u bewaard. Hieronder staat wat \
             verschilt, en daaronder uw eigen invulling: neem over wat moet blijven en bewaar opnieuw.",
            "Somebody else came first: this was changed after you opened the page. Nothing of yours was kept. Below is what \
             differs, and below that what you typed: put together what should stay and keep it again.",
        )
    };
    let link = Some((say(language, "Zoals het nu is", "As it is now"), object_link(scope, kind.name, id)));
    let notice = Block::Notice(Notice { text, links: link.into_iter().collect(), ..Notice::default() });
    let form = Writing { kind, of: Some((id, now.number)), showing }.form(texts, None).filled(typed, &[]);
    let document = page(app, opened, uri, (kind, dossier.get(id)), (form, vec![notice, Block::Table(table)]));
    Ok((StatusCode::CONFLICT, document.respond(&Asked::default())?).into_response())
}
