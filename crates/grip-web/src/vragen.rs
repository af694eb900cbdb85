//! Questions and explanations about any figure: what was written, the forms to write more, and what waits for an answer.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use grip_access::{Need, Part};
use grip_policy::Dossier;
use grip_register::{About, Annotation, By, Entry, Figure, ObjectId, RegisterError, Thread, Version, reply};
use grip_register::{threads_of, threads_waiting};
use grip_report::{Cell, Column, Language, Remark, Table, TableRow};
use grip_types::{Date, parse_date};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    App, Writing,
    address::{Asked, Scope, kept, percent_encode, with},
    document::{Block, Document, Opened, WithTables},
    form::{Field, FieldKind, Form, Typed, author_field, check_site, explain},
    frame::Crumb,
    problem::Problem,
    register::{self, open},
    sentences::long_date,
    words::say,
};

/// What was written about a figure, and the forms to write more.
pub(crate) struct Talk {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) threads: Vec<ThreadView>,
    /// What was explained, for a report.
    pub(crate) remarks: Vec<Remark>,
    pub(crate) form: Option<Form>,
    pub(crate) begin: String,
    pub(crate) answer: String,
}

pub(crate) struct ThreadView {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Who is to answer and by when; empty when nobody is.
    pub(crate) waiting: String,
    pub(crate) entries: Vec<EntryView>,
    pub(crate) form: Option<Form>,
}

pub(crate) struct EntryView {
    pub(crate) head: String,
    pub(crate) paragraphs: Vec<String>,
}

/// A chart, or what a page shows as a whole, limited to some values of dimensions.
pub(crate) fn chart(name: &str, filters: &[(&str, String)]) -> About {
    let filters = filters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    About::Chart { chart: name.to_owned(), filters }
}

/// The block of a page about a figure: `document.blocks.extend(vragen::on(&app, &opened, &uri, about).await?)`.
pub(crate) async fn on(app: &App, opened: &Opened, here: &Uri, about: About) -> Result<Option<Block>, Problem> {
    Ok(talk(app, &opened.asked, &opened.scope, here, about).await?.map(Block::Thread))
}

/// The same about all that a page shows, with the filters in its address.
pub(crate) async fn on_page(app: &App, opened: &Opened, here: &Uri) -> Result<Option<Block>, Problem> {
    let asked = kept(here).into_iter().filter(|(name, _)| name != "naam");
    let filters = asked.chain([("jaar".to_owned(), opened.scope.jaar.to_string())]).collect();
    let chart = here.path().trim_matches('/').to_owned();
    on(app, opened, here, About::Chart { chart, filters }).await
}

/// The same for pages with a template of their own; nothing when there is no register.
pub(crate) async fn talk(
    app: &App,
    asked: &Asked,
    scope: &Scope,
    here: &Uri,
    about: About,
) -> Result<Option<Talk>, Problem> {
    let Some(writing) = &app.settings.writing else { return Ok(None) };
    let language = scope.language;
    let mut threads = threads_of(&writing.register.now().await?, scope.gemeente).await?;
    threads.retain(|thread| thread.figure().is_some_and(|figure| is_about(&figure.about, &about)));
    let author = asked.get("naam");
    let place = Place { scope, here, author };
    let may_ask = app.may(Need::write(Part::Questions), scope.gemeente);
    let explained = |entry: &&Version<Annotation>| matches!(entry.content.entry, Entry::Explanation | Entry::Remark);
    let remark = |entry: &Version<Annotation>| Remark {
        title: String::new(),
        markdown: entry.content.text.clone(),
        by: entry.by.actor.to_string(),
        on: day_of(entry.by.at),
    };
    let remarks = threads.iter().flat_map(|thread| thread.entries.iter().filter(explained).map(remark)).collect();
    let views = threads.iter().map(|thread| thread_view(thread, &place)).collect();
    let figure = serde_json::to_string(&about).map_err(|error| Problem::Broken(error.to_string()))?;
    Ok(Some(Talk {
        title: say(language, "Vragen en toelichtingen", "Questions and explanations"),
        note: say(
            language,
            "Wat hier staat hoort bij dit cijfer en bij de peildatum waarop het werd geschreven. Schrijf geen \
             persoonsgegevens op.",
            "What stands here belongs to this figure and to the day as of which it was written. Write no personal data.",
        ),
        threads: views,
        remarks,
        form: may_ask.then(|| new_form(&figure, &place)),
        begin: say(language, "Stel een vraag of licht dit toe", "Ask a question or explain this"),
        answer: say(language, "Antwoord of sluit af", "Answer or close"),
    }))
}

/// Whether both are the same; a signal may be placed a little differently as months come in.
fn is_about(one: &About, other: &About) -> bool {
    match (one, other) {
        (About::Signal { signal: one }, About::Signal { signal: other }) => {
            one == other || grip_pipeline::is_same_signal(one, other)
        }
        _ => one == other,
    }
}

/// Where a form stands, and who filled in the last one.
struct Place<'p> {
    scope: &'p Scope,
    here: &'p Uri,
    author: Option<&'p str>,
}

fn thread_view(thread: &Thread, place: &Place<'_>) -> ThreadView {
    let language = place.scope.language;
    let peildatum = thread.figure().map(|figure| long_date(figure.peildatum, language)).unwrap_or_default();
    let first = thread.entries.first().map(|entry| entry_name(&entry.content.entry, language)).unwrap_or_default();
    let title = match language {
        Language::Nl => format!("{first} bij peildatum {peildatum}"),
        Language::En => format!("{first} as known on {peildatum}"),
    };
    let mut form = reply_form(&thread.id.to_string(), place);
    form.fields.insert(0, choice(&REPLIES, language));
    ThreadView {
        id: format!("gesprek-{}", thread.id),
        title,
        waiting: waiting(thread, language),
        entries: thread.entries.iter().map(|entry| entry_view(entry, language)).collect(),
        form: Some(form),
    }
}

fn waiting(thread: &Thread, language: Language) -> String {
    let Some(waiting) = thread.waiting() else { return String::new() };
    let who = waiting.assignee.map(|account| match language {
        Language::Nl => format!(" van {account}"),
        Language::En => format!(" of {account}"),
    });
    let due = waiting.due.map(|due| match language {
        Language::Nl => format!(", uiterlijk {}", long_date(due, language)),
        Language::En => format!(", by {}", long_date(due, language)),
    });
    let open = say(language, "Wacht op antwoord", "Waits for an answer");
    format!("{open}{}{}", who.unwrap_or_default(), due.unwrap_or_default())
}

fn entry_view(version: &Version<Annotation>, language: Language) -> EntryView {
    let what = entry_name(&version.content.entry, language);
    let (who, day) = (&version.by.actor, long_date(day_of(version.by.at), language));
    let head = match (&version.content.entry, language) {
        (Entry::Assignment { to, .. }, Language::Nl) => format!("{what} aan {to}, door {who}, {day}"),
        (Entry::Assignment { to, .. }, Language::En) => format!("{what} to {to}, by {who}, {day}"),
        (_, Language::Nl) => format!("{what}, door {who}, {day}"),
        (_, Language::En) => format!("{what}, by {who}, {day}"),
    };
    EntryView { head, paragraphs: paragraphs(&version.content.text) }
}

pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// The day by the clock on the wall.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::system()).date()
}

fn entry_name(entry: &Entry, language: Language) -> String {
    match entry {
        Entry::Remark => say(language, "Toelichting", "Remark"),
        Entry::Question => say(language, "Vraag", "Question"),
        Entry::Answer => say(language, "Antwoord", "Answer"),
        Entry::Assignment { .. } => say(language, "Vraag", "Question"),
        Entry::Explanation => say(language, "Duiding", "Explanation"),
        Entry::Closed => say(language, "Afgesloten", "Closed"),
    }
}

/// What a form can do: value, Dutch and English.
type Kinds = [(&'static str, &'static str, &'static str)];
const BEGINNINGS: [(&str, &str, &str); 3] = [
    ("vraag", "Een vraag", "A question"),
    ("toelichting", "Een toelichting", "A remark"),
    ("duiding", "Een duiding: wat dit verklaart", "An explanation of why this is so"),
];
const REPLIES: [(&str, &str, &str); 5] = [
    ("antwoord", "Een antwoord", "An answer"),
    ("toelichting", "Een toelichting", "A remark"),
    ("duiding", "Een duiding: wat dit verklaart", "An explanation of why this is so"),
    ("vraag", "Een vraag", "A question"),
    ("sluiten", "Afsluiten", "Close"),
];

fn choice(kinds: &Kinds, language: Language) -> Field {
    let name = |(value, nl, en): &(&str, &str, &str)| ((*value).to_owned(), say(language, nl, en));
    Field {
        name: "soort",
        label: say(language, "Wat is het", "What it is"),
        hint: String::new(),
        value: String::new(),
        error: String::new(),
        is_required: false,
        kind: FieldKind::Choice(kinds.iter().map(name).collect()),
    }
}

fn new_form(figure: &str, place: &Place<'_>) -> Form {
    let mut form = reply_form("", place);
    form.hidden.push(("figuur", figure.to_owned()));
    form.fields.insert(0, choice(&BEGINNINGS, place.scope.language));
    form
}

/// The form below a thread, or when it has no name the one that begins a thread; without what it can do.
fn reply_form(thread: &str, place: &Place<'_>) -> Form {
    let language = place.scope.language;
    let line = |name, label: String, hint: String, kind| Field {
        name,
        label,
        hint,
        value: String::new(),
        error: String::new(),
        is_required: false,
        kind,
    };
    let here = place.here.path_and_query().map_or("/", |path| path.as_str());
    Form {
        id: if thread.is_empty() { "nieuw".to_owned() } else { format!("antwoord-{thread}") },
        title: String::new(),
        note: String::new(),
        action: place.scope.link("/vragen"),
        hidden: vec![("terug", here.to_owned()), ("gesprek", thread.to_owned())],
        fields: vec![
            line("tekst", say(language, "Tekst", "Text"), String::new(), FieldKind::Text),
            line(
                "aan",
                say(language, "Vraag aan", "Asked of"),
                say(language, "Functie of rol; mag leeg blijven.", "Function or role; may stay empty."),
                FieldKind::Line,
            ),
            line(
                "voor",
                say(language, "Antwoord uiterlijk", "Answer by"),
                say(language, "Alleen bij een vraag; mag leeg blijven.", "Of a question only; may stay empty."),
                FieldKind::Day,
            ),
            author_field(place.author, language),
        ],
        button: say(language, "Bewaar", "Keep"),
        faulty: say(language, "Er is nog niets bewaard: zie hieronder.", "Nothing was kept yet: see below."),
        draft: None,
    }
}

/// The register and the clock, where there are.
pub(crate) fn writing(app: &App) -> Result<&Writing, Problem> {
    app.settings.writing.as_ref().ok_or(Problem::NoRegister)
}

/// What was typed, ready to be written; or what is wrong with it.
struct Ready {
    by: By,
    entry: Entry,
    text: String,
}

fn ready(typed: &Typed, now: Timestamp, language: Language) -> Result<Ready, Vec<(&'static str, String)>> {
    let mut errors = Vec::new();
    let account = |name: &'static str| typed.account(name).map_err(|fault| (name, explain(&fault, language)));
    let actor = account("naam").map_err(|error| errors.push(error)).ok();
    let to = Some("aan").filter(|name| !typed.get(name).is_empty()).map(account).transpose();
    let to = to.map_err(|error| errors.push(error)).ok().flatten();
    let due = parse_date(typed.get("voor"));
    if due.is_none() && !typed.get("voor").is_empty() {
        errors.push(("voor", say(language, "Dit is geen dag.", "This is not a day.")));
    }
    let entry = match (typed.get("soort"), to) {
        ("vraag", Some(to)) => Some(Entry::Assignment { to, due }),
        ("vraag", None) => Some(Entry::Question),
        ("toelichting", _) => Some(Entry::Remark),
        ("duiding", _) => Some(Entry::Explanation),
        ("antwoord", _) => Some(Entry::Answer),
        ("sluiten", _) => Some(Entry::Closed),
        _ => {
            errors.push(("soort", say(language, "Kies wat het is.", "Choose what it is.")));
            None
        }
    };
    match (actor, entry) {
        (Some(actor), Some(entry)) if errors.is_empty() => {
            Ok(Ready { by: By { actor, at: now, reason: String::new() }, entry, text: typed.get("tekst").to_owned() })
        }
        _ => Err(errors),
    }
}

/// `POST /vragen`: writes one entry, of a new thread or in answer.
pub(crate) async fn write(app: App, uri: Uri, headers: HeaderMap, body: String) -> Result<Response, Problem> {
    check_site(&headers)?;
    let writing = writing(&app)?;
    let typed = app.typed(&body)?;
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let back = local(typed.get("terug")).unwrap_or_else(|| scope.link("/vragen"));
    let errors = match ready(&typed, (writing.now)(), scope.language) {
        Err(errors) => errors,
        Ok(ready) => match keep(writing, ready, &typed, scope).await {
            Ok(()) => return Ok(Redirect::to(&returned(&back, typed.get("naam"), "gesprek")).into_response()),
            Err(RegisterError::Invalid(faults)) => {
                let field = |field: &str| match field {
                    "text" => "tekst",
                    "entry" => "soort",
                    _ => "tekst",
                };
                faults.iter().map(|fault| (field(fault.field), explain(fault, scope.language))).collect()
            }
            Err(other) => return Err(other.into()),
        },
    };
    let here: Uri = back.parse().map_err(|_| Problem::Unreadable)?;
    let place = Place { scope, here: &here, author: None };
    let form = match typed.get("gesprek") {
        "" => new_form(typed.get("figuur"), &place),
        thread => {
            let mut form = reply_form(thread, &place);
            form.fields.insert(0, choice(&REPLIES, scope.language));
            form
        }
    };
    again(&app, &opened, &uri, form.filled(&typed, &errors), StatusCode::UNPROCESSABLE_ENTITY)
}

/// The page with a form that has to be looked at again.
pub(crate) fn again(
    app: &App,
    opened: &Opened,
    uri: &Uri,
    mut form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let language = opened.scope.language;
    let title = say(language, "Kijk dit nog eens na", "Look at this again");
    let part = Crumb { name: say(language, "Vragen", "Questions"), href: Some(opened.scope.link("/vragen")) };
    let mut frame = opened.frame(app, uri, &title, vec![part]);
    frame = frame.without_care();
    if form.title.is_empty() {
        form.title = say(language, "Uw tekst", "Your text");
    }
    let mut document = Document::new(frame, uri, title, form.faulty.clone());
    document.blocks = vec![Block::Form(form)];
    Ok((status, document.respond(&Asked::default())?).into_response())
}

async fn keep(writing: &Writing, ready: Ready, typed: &Typed, scope: &Scope) -> Result<(), RegisterError> {
    let invalid = |field| {
        RegisterError::Invalid(vec![grip_register::Fault { field, problem: grip_register::Problem::Form("a figure") }])
    };
    let mut edit = writing.register.edit(ready.by).await?;
    match typed.get("gesprek") {
        "" => {
            let about: About = serde_json::from_str(typed.get("figuur")).map_err(|_| invalid("figure"))?;
            let figure = Figure { gemeente: scope.gemeente, peildatum: scope.peildatum, about };
            edit.create(&Annotation { figure, thread: None, entry: ready.entry, text: ready.text }).await?;
        }
        thread => {
            let thread: ObjectId = thread.parse().map_err(|_| invalid("thread"))?;
            reply(&mut edit, thread, ready.entry, ready.text).await?;
        }
    }
    edit.commit().await
}

/// An address of this site, as it was given.
pub(crate) fn local(text: &str) -> Option<String> {
    let is_ours = text.starts_with('/') && !text.starts_with("//") && !text.contains(['\\', '\n', '\r', '\t']);
    is_ours.then(|| text.to_owned()).filter(|text| text.parse::<Uri>().is_ok())
}

/// Where somebody goes on after writing, remembered for the next form.
pub(crate) fn returned(back: &str, author: &str, anchor: &str) -> String {
    let author = author.split_whitespace().collect::<Vec<_>>().join("-");
    let back = back
        .parse::<Uri>()
        .map_or_else(|_| back.to_owned(), |uri| with(&uri, &[("naam", &author), ("formaat", ""), ("tabel", "")]));
    format!("{back}#{anchor}")
}

/// The page on which a figure is.
pub(crate) fn address_of(figure: &Figure, scope: &Scope) -> String {
    let scope = Scope { peildatum: figure.peildatum, jaar: figure.peildatum.year(), ..scope.clone() };
    match &figure.about {
        About::Signal { signal } => scope.link(&format!("/signalen/{}", percent_encode(signal))),
        About::Indicator { indicator, .. } => scope.link(&format!("/indicatoren/{}", percent_encode(indicator))),
        About::Chart { chart, filters } => page_address(chart, filters, &scope),
    }
}

/// The page of a chart: its path and filters; of a segment of the forecast its own path.
fn page_address(chart: &str, filters: &BTreeMap<String, String>, scope: &Scope) -> String {
    let jaar = filters.get("jaar").and_then(|jaar| jaar.parse().ok()).unwrap_or(scope.jaar);
    let scope = Scope { jaar, ..scope.clone() };
    let get = |name: &str| filters.get(name).map(|value| percent_encode(value));
    if let ("prognose", Some(wet), Some(categorie)) = (chart, get("wet"), get("productcategorie")) {
        return scope.link(&format!("/prognose/{wet}/{categorie}"));
    }
    let path: Vec<String> = chart.split('/').map(percent_encode).collect();
    let more: Vec<(&str, &str)> = filters
        .iter()
        .filter(|(name, _)| *name != "jaar" && name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let page = scope.link(&format!("/{}", path.join("/")));
    page.parse::<Uri>().map_or_else(|_| scope.link("/vragen"), |uri| with(&uri, &more))
}

/// What a figure is called.
pub(crate) fn figure_name(figure: &Figure, dossier: Option<&Dossier>, language: Language) -> String {
    match &figure.about {
        About::Signal { signal } => format!("{} {signal}", say(language, "signaal", "signal")),
        About::Indicator { indicator, .. } => indicator.clone(),
        About::Chart { chart, filters } => {
            let object = chart.strip_prefix("register/").and_then(|rest| rest.split_once('/')?.1.parse().ok());
            if let Some(name) = object.and_then(|id| dossier?.name(id)) {
                return name.to_owned();
            }
            let filters: Vec<&str> = filters.values().map(String::as_str).collect();
            format!("{chart} {}", filters.join(" ")).trim().to_owned()
        }
    }
}

/// `/vragen`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let threads = threads_waiting(&writing(&app)?.register.now().await?, scope.gemeente).await?;
    let title = say(language, "Openstaande vragen", "Open questions");
    let mut frame = opened.frame(&app, &uri, &title, vec![Crumb { name: title.clone(), href: None }]);
    frame = frame.without_care();
    let lede = say(
        language,
        "Wat over een cijfer is gevraagd en nog niet is beantwoord.",
        "What was asked about a figure and is not answered yet.",
    );
    let mut document = Document::new(frame, &uri, title, lede);
    let dossier = register::dossier(&app, scope).await?;
    document.blocks = vec![Block::Table(open_table(&threads, &dossier, scope))];
    document.respond(&opened.asked)
}

pub(crate) fn open_table(threads: &[Thread], dossier: &Dossier, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |thread: &Thread| {
        let (waiting, figure) = (thread.waiting()?, thread.figure()?);
        let asked = &waiting.asked.content.text;
        let short: String = asked.chars().take(120).collect();
        let cells = vec![
            Cell::text(if short.len() < asked.len() { format!("{short}…") } else { short }),
            Cell::text(waiting.asked.by.actor.to_string()),
            Cell::of(waiting.assignee, |account| Cell::text(account.to_string())),
            Cell::text(day_of(waiting.asked.by.at).to_string()),
            Cell::of(waiting.due, |due| Cell::text(due.to_string())),
            Cell::text(figure.peildatum.to_string()),
        ];
        Some(TableRow::new(figure_name(figure, Some(dossier), language), cells).linked(address_of(figure, scope)))
    };
    Table {
        id: "open".to_owned(),
        title: say(language, "Wachten op antwoord", "Waiting for an answer"),
        note: String::new(),
        empty: say(language, "Er staan geen vragen open.", "There are no open questions."),
        columns: vec![
            Column::text(say(language, "Waarover", "About")),
            Column::text(say(language, "Vraag", "Question")),
            Column::text(say(language, "Gevraagd door", "Asked by")),
            Column::text(say(language, "Gevraagd aan", "Asked of")),
            Column::kept(say(language, "Sinds", "Since")),
            Column::kept(say(language, "Uiterlijk", "By")),
            Column::kept(say(language, "Peildatum", "As known on")),
        ],
        total: None,
        rows: threads.iter().filter_map(row).collect(),
    }
}
