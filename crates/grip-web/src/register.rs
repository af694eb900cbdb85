//! What people write: objects of every kind, each with its own address, form and history.

mod entry;
mod import;
pub(crate) mod list;
mod markdown;
pub(crate) mod object;
mod search;
pub(crate) mod shown;
mod undo;

use axum::{http::Uri, response::Response};
use grip_access::{Deed, Detail, Need, Part};
use grip_policy::{
    CareQuality, Conversation, CycleStep, Decision, Dossier, Funding, Goal, Intervention, Kind, Measure, Moment,
    Object, PlanItem, Position, Programme, ProgrammeRole, ProviderAnswers, Reserve, Risk, Target, Theme, TheoryLink,
    TheoryPart, gemeenten, kind_named,
};
use grip_register::{Content, ObjectId, View};
use grip_report::Language;
use grip_types::GemeenteCode;
use jiff::{ToSpan, tz::TimeZone};

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, Document, Filter, Notice, Opened, WithTables},
    frame::{Crumb, Frame},
    pages::{Asks, Pages},
    problem::Problem,
    prognose::{Found, empty, find_scope},
    sentences::long_date,
    vragen,
    words::{say, words},
};

/// The pages of all kinds.
pub(crate) fn pages() -> Pages {
    let (reads, writes) = (Asks::RightOfKind(Deed::Read), Asks::RightOfKind(Deed::Write));
    Pages::default()
        .get("/register", Asks::AnyRight, list::all)
        .get("/register/{kind}", reads, list::objects)
        .apart("/register/{kind}/nieuw", writes, entry::new)
        .post("/register/{kind}/nieuw", writes, entry::write_new)
        .get("/register/{kind}/{id}", reads, object::show)
        .apart("/register/{kind}/{id}/wijzig", writes, entry::edit)
        .post("/register/{kind}/{id}/wijzig", writes, entry::write_change)
        .post("/register/{kind}/{id}/ongedaan", writes, undo::undo)
        .apart("/register/{kind}/{id}/intrekken", writes, undo::ask)
        .post("/register/{kind}/{id}/intrekken", writes, undo::withdraw)
        .apart("/register/{kind}/inlezen", writes, import::ask)
        .post_large("/register/{kind}/inlezen", writes, import::UPLOAD_BYTES_MAX, import::look)
        // What goes along in a form takes up to three bytes for one.
        .post_large("/register/{kind}/inlezen/bewaren", writes, 3 * import::UPLOAD_BYTES_MAX, import::write)
        .apart("/register/{kind}/blad", reads, import::export)
        .get("/zoeken", Asks::AnyRight, search::show)
}

/// Where the objects of each kind belong.
const PARTS_OF_KINDS: [(&str, Part); 20] = [
    (Theme::KIND, Part::Policy),
    (Goal::KIND, Part::Policy),
    (Target::KIND, Part::Policy),
    (TheoryPart::KIND, Part::Policy),
    (TheoryLink::KIND, Part::Policy),
    (CycleStep::KIND, Part::Policy),
    (Moment::KIND, Part::Policy),
    (Measure::KIND, Part::Measures),
    (Programme::KIND, Part::Programme),
    (PlanItem::KIND, Part::Programme),
    (Funding::KIND, Part::Programme),
    (Risk::KIND, Part::Programme),
    (ProgrammeRole::KIND, Part::Programme),
    (Decision::KIND, Part::Decisions),
    (CareQuality::KIND, Part::Policy),
    (Intervention::KIND, Part::Measures),
    (ProviderAnswers::KIND, Part::Policy),
    (Position::KIND, Part::Policy),
    (Conversation::KIND, Part::Policy),
    (Reserve::KIND, Part::Money),
];

/// The part that the objects of a kind belong to; nothing for what is no kind.
pub(crate) fn part_of_kind(name: &str) -> Option<Part> {
    PARTS_OF_KINDS.iter().find(|(kind, _)| *kind == name).map(|(_, part)| *part)
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
        // Of a municipality without care something may be written all the same.
        Ok(Found::Nothing) | Err(Problem::NotAllowed) => (Vec::new(), asked.gemeente()?),
        Err(Problem::UnknownGemeente { known, .. }) if app.settings.writing.is_some() => (known, asked.gemeente()?),
        Err(other) => return Err(other),
    };
    let Some(writing) = &app.settings.writing else { return Ok(Err(empty(app, uri, asked.language())?)) };
    let mut known = gemeenten(&writing.register.now().await?).await?;
    let Some(gemeente) = wanted.or_else(|| known.iter().copied().find(|gemeente| app.may_here(*gemeente))) else {
        return Ok(Err(choose(app, uri, &asked)?));
    };
    known.extend(with_care);
    known.insert(gemeente);
    known.retain(|gemeente| app.may_here(*gemeente));
    if !known.contains(&gemeente) {
        return Err(Problem::refusal(&app.visitor));
    }
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

/// What the municipality of a page wrote: as it stands, or as it stood at the end of the day that `stand` in the address names;
/// as far as whoever asks may see it.
pub(crate) async fn dossier(app: &App, scope: &Scope) -> Result<Dossier, Problem> {
    let all = Dossier::read(&view(app, scope).await?, scope.gemeente).await?;
    Ok(all.only(|kind| may_read(app, scope.gemeente, kind)))
}

/// Whether whoever asks may see the objects of a kind.
pub(crate) fn may_read(app: &App, gemeente: GemeenteCode, kind: &Kind) -> bool {
    part_of_kind(kind.name).is_some_and(|part| app.may(Need::read(part, Detail::Totals), gemeente))
}

/// Whether whoever asks may write objects of a kind.
pub(crate) fn may_write(app: &App, gemeente: GemeenteCode, kind: &Kind) -> bool {
    part_of_kind(kind.name).is_some_and(|part| app.may(Need::write(part), gemeente))
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
    Some(Block::Notice(Notice { text, links: link.into_iter().collect(), ..Notice::default() }))
}

/// The address of an object: permanent.
pub(crate) fn object_link(scope: &Scope, kind: &str, id: ObjectId) -> String {
    scope.link(&format!("/register/{kind}/{id}"))
}

/// The address of the form for a new object, with some fields filled in.
pub(crate) fn new_link<O: Object>(scope: &Scope, filled: &[(&'static str, String)]) -> String {
    scope.link_with(&format!("/register/{}/nieuw", O::kind().name), filled)
}
