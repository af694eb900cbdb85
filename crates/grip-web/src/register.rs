//! What people write: objects of every kind, each with its own address, form and history.

mod entry;
mod import;
mod list;
mod markdown;
mod object;
mod search;
pub(crate) mod shown;
mod undo;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Uri,
    response::Response,
    routing::{get, post},
};
use grip_policy::{Dossier, Kind, Object, gemeenten, kind_named};
use grip_register::{ObjectId, View};
use grip_report::Language;
use jiff::{ToSpan, tz::TimeZone};

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, Document, Filter, Notice, Opened, WithTables},
    frame::{Crumb, Frame},
    problem::Problem,
    prognose::{Found, empty, find_scope},
    sentences::long_date,
    vragen,
    words::{say, words},
};

/// The pages of all kinds.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/register", get(list::all))
        .route("/register/{kind}", get(list::objects))
        .route("/register/{kind}/nieuw", get(entry::new).post(entry::write_new))
        .route("/register/{kind}/{id}", get(object::show))
        .route("/register/{kind}/{id}/wijzig", get(entry::edit).post(entry::write_change))
        .route("/register/{kind}/{id}/ongedaan", post(undo::undo))
        .route("/register/{kind}/{id}/intrekken", get(undo::ask).post(undo::withdraw))
        .route(
            "/register/{kind}/inlezen",
            get(import::ask).post(import::look).layer(DefaultBodyLimit::max(import::UPLOAD_BYTES_MAX)),
        )
        // What goes along in a form takes up to three bytes for one.
        .route(
            "/register/{kind}/inlezen/bewaren",
            post(import::write).layer(DefaultBodyLimit::max(3 * import::UPLOAD_BYTES_MAX)),
        )
        .route("/register/{kind}/blad", get(import::export))
        .route("/zoeken", get(search::show))
}

/// Opens a page of what people wrote, also for a municipality of which no care came in; or gives the page that says what to do.
///
/// Such a page is about the municipality that is asked for, or the first in the register; about today and its year.
pub(crate) async fn open(app: &App, uri: &Uri) -> Result<Result<Opened, Response>, Problem> {
    let asked = Asked::of(uri)?;
    let (with_care, wanted) = match find_scope(app, &asked).await {
        Ok(Found::Data { scope, gemeenten }) => {
            return Ok(Ok(Opened { asked, scope, gemeenten, home: "/prognose" }));
        }
        Ok(Found::Nothing) => (Vec::new(), asked.gemeente()?),
        Err(Problem::UnknownGemeente { known, .. }) if app.settings.writing.is_some() => (known, asked.gemeente()?),
        Err(other) => return Err(other),
    };
    let Some(writing) = &app.settings.writing else { return Ok(Err(empty(app, uri, asked.language())?)) };
    let mut known = gemeenten(&writing.register.now().await?).await?;
    let Some(gemeente) = wanted.or_else(|| known.first().copied()) else {
        return Ok(Err(choose(app, uri, &asked)?));
    };
    known.extend(with_care);
    known.insert(gemeente);
    let peildatum = asked.peildatum()?.unwrap_or_else(|| vragen::day_of((writing.now)()));
    let jaar = asked.jaar()?.unwrap_or(peildatum.year());
    let scope = Scope { gemeente, jaar, peildatum, stand: asked.stand()?, language: asked.language() };
    Ok(Ok(Opened { asked, scope, gemeenten: known.into_iter().collect(), home: "/register" }))
}

/// The page that asks for which municipality one writes, when there is none to choose.
fn choose(app: &App, uri: &Uri, asked: &Asked) -> Result<Response, Problem> {
    let language = asked.language();
    let title = say(language, "Voor welke gemeente?", "For which municipality?");
    let lede = say(
        language,
        "Er zijn nog geen berichten ingelezen en er is nog niets geschreven. Vul de code van de gemeente in, vier cijfers.",
        "No messages were read yet and nothing was written yet. Enter the code of the municipality, four digits.",
    );
    let mut document = Document::new(Frame::new(app, uri, title.clone()), uri, title, lede);
    document.filters = vec![Filter {
        name: "gemeente",
        label: words(language).gemeente.to_owned(),
        options: Vec::new(),
        chosen: String::new(),
    }];
    document.respond(&Asked::default())
}

/// The register as a page shows it: as it stands, or as it stood at the end of the day that `stand` in the address names.
pub(crate) async fn view<'a>(app: &'a App, scope: &Scope) -> Result<View<'a>, Problem> {
    let register = &vragen::writing(app)?.register;
    match scope.stand {
        None => Ok(register.now().await?),
        Some(day) => {
            let next = day.checked_add(1.day()).ok().and_then(|next| TimeZone::system().to_zoned(next.into()).ok());
            let end = next.ok_or_else(|| Problem::BadParameter { parameter: "stand", text: day.to_string() })?;
            let before = end.timestamp().checked_sub(jiff::SignedDuration::from_nanos(1));
            Ok(register.as_of(before.unwrap_or_else(|_| end.timestamp())).await?)
        }
    }
}

/// What the municipality of a page wrote: as it stands, or as it stood at the end of the day that `stand` in the address names.
pub(crate) async fn dossier(app: &App, scope: &Scope) -> Result<Dossier, Problem> {
    Ok(Dossier::read(&view(app, scope).await?, scope.gemeente).await?)
}

/// The kind that an address names.
fn kind_of(name: &str) -> Result<&'static Kind, Problem> {
    kind_named(name).ok_or(Problem::NotFound)
}

/// The address of the form of an object, or of a new one.
fn form_link(scope: &Scope, kind: &Kind, id: Option<ObjectId>) -> String {
    match id {
        None => scope.link(&format!("/register/{}/nieuw", kind.name)),
        Some(id) => scope.link(&format!("/register/{}/{id}/wijzig", kind.name)),
    }
}

/// The frame of a page of the register, with the way to it: names with addresses, the last of which is the page itself.
fn frame(
    app: &App,
    opened: &Opened,
    uri: &Uri,
    title: &str,
    kind: Option<&'static Kind>,
    below: Vec<(String, Option<String>)>,
) -> Frame {
    let scope = &opened.scope;
    let is_last = kind.is_none() && below.is_empty();
    let register =
        Crumb { name: words(scope.language).register.to_owned(), href: (!is_last).then(|| scope.link("/register")) };
    let kind = kind.map(|kind| Crumb {
        name: capital(shown::said(kind.many, scope.language)),
        href: (!below.is_empty()).then(|| scope.link(&format!("/register/{}", kind.name))),
    });
    let below = below.into_iter().map(|(name, href)| Crumb { name, href });
    opened.frame(app, uri, title, std::iter::once(register).chain(kind).chain(below).collect()).without_care()
}

/// With a capital in front.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Says that a page shows what people wrote as it stood on an earlier day.
pub(crate) fn stand_notice(opened: &Opened, uri: &Uri) -> Option<Block> {
    let language = opened.scope.language;
    let day = long_date(opened.scope.stand?, language);
    let text = match language {
        Language::Nl => format!("Zoals het register stond aan het eind van {day}."),
        Language::En => format!("As the register stood at the end of {day}."),
    };
    let now = crate::address::with(uri, &[("stand", "")]);
    let link = Some((say(language, "Toon zoals het nu is", "Show it as it is now"), now));
    Some(Block::Notice(Notice { text, link, ..Notice::default() }))
}

/// The address of an object: permanent.
pub(crate) fn object_link(scope: &Scope, kind: &str, id: ObjectId) -> String {
    scope.link(&format!("/register/{kind}/{id}"))
}

/// The address of the form for a new object, with some fields filled in.
pub(crate) fn new_link<O: Object>(scope: &Scope, filled: &[(&'static str, String)]) -> String {
    scope.link_with(&format!("/register/{}/nieuw", O::kind().name), filled)
}
