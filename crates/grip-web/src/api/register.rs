//! The register for programs: its kinds, the objects of a kind a page at a time, one object, and its versions.

use std::collections::BTreeMap;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use grip_policy::{Entry, Field, Input, Kind, Number, Texts, Value, kind_named, kinds};
use grip_register::Version;
use grip_report::Language;
use grip_types::Bedrag;
use serde::Serialize;

use crate::{
    App,
    address::{Scope, with},
    api::{VERSION, respond},
    document::Opened,
    problem::Problem,
    register::{
        dossier,
        list::{TEXT, passes},
        may_read,
        object::history_of,
        open,
        shown::said,
    },
};

/// Where the register is for programs.
const REGISTER: &str = "/api/v1/register";
/// Objects on a page, unless asked otherwise.
const PAGE_SIZE: usize = 100;
/// Objects on a page at most.
pub(crate) const PAGE_SIZE_MAX: usize = 500;

/// A part of a long list of objects.
#[derive(Serialize)]
pub(crate) struct ObjectList {
    /// How many there are in all.
    totaal: usize,
    /// Which page this is, from 1.
    pagina: usize,
    /// How many stand on a page.
    #[serde(rename = "pageSize")]
    page_size: usize,
    /// What stands on this page.
    items: Vec<ObjectAnswer>,
    /// Addresses of the pages around it.
    links: Links,
}

/// Addresses of the pages of a list.
#[derive(Serialize)]
pub(crate) struct Links {
    /// This one.
    #[serde(rename = "self")]
    own: String,
    /// The one before; empty on the first.
    prev: Option<String>,
    /// The one after; empty on the last.
    next: Option<String>,
}

/// A kind of object.
#[derive(Serialize)]
pub(crate) struct KindAnswer {
    /// Its name in addresses.
    naam: &'static str,
    /// What one is called.
    enkelvoud: &'static str,
    /// What several are called.
    meervoud: &'static str,
    /// How many there are.
    aantal: usize,
    /// Address of its objects.
    adres: String,
    /// Its fields, in the order in which they are asked for.
    velden: Vec<FieldAnswer>,
}

/// A field of a kind.
#[derive(Serialize)]
struct FieldAnswer {
    /// Its name in objects.
    naam: &'static str,
    /// What it is called.
    label: &'static str,
    /// What helps to fill it in; may be empty.
    uitleg: &'static str,
    /// What stands in it: `line`, `text` (Markdown), `day`, `month`, `year`, `amount` (eurocents), `number`, `yes_no`, `choice`,
    /// `indicator`, `filters`, `year_values`, `one` or `many` (identifications of objects).
    inhoud: &'static str,
    /// Whether it must be filled in.
    verplicht: bool,
    /// The values that can be chosen; empty when it is no choice.
    waarden: Vec<&'static str>,
    /// The kind of what it names; empty when it names nothing.
    verwijst_naar: Option<&'static str>,
}

/// An object in one of its versions.
#[derive(Serialize)]
pub(crate) struct ObjectAnswer {
    /// Its permanent identification: 26 letters and digits.
    id: String,
    /// The kind it is of.
    soort: String,
    /// What it is called.
    naam: String,
    /// Number of the version, from 1.
    versie: i64,
    /// What made the version: `create`, `change`, `withdraw` or `undo`.
    handeling: &'static str,
    /// Whether it is withdrawn and counts no longer.
    ingetrokken: bool,
    /// When the version was made, in UTC, by RFC 3339.
    gewijzigd_op: String,
    /// Who made it.
    gewijzigd_door: String,
    /// Why; may be empty.
    reden: String,
    /// Its fields by their names; `null` where nothing is filled in.
    velden: BTreeMap<&'static str, Option<FieldValue>>,
    /// Address of its page for people.
    adres: String,
}

/// What stands in a field.
#[derive(Serialize)]
#[serde(untagged)]
enum FieldValue {
    /// Yes or no.
    Truth(bool),
    /// A year, or an amount in eurocents.
    Whole(i64),
    /// A number.
    Real(f64),
    /// A text, a day `YYYY-MM-DD`, a month `YYYY-MM`, a choice, or an identification.
    Text(String),
    /// Identifications.
    Many(Vec<String>),
}

/// Opens what somebody asks of the register.
async fn opened(app: &App, uri: &Uri) -> Result<Opened, Problem> {
    open(app, uri).await?.map_err(|_| Problem::NoData)
}

/// `/api/v1/register`
pub(crate) async fn all(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = opened(&app, &uri).await?;
    let scope = &opened.scope;
    let dossier = dossier(&app, scope).await?;
    let readable = kinds().filter(|kind| may_read(&app, scope.gemeente, kind));
    let answer: Vec<KindAnswer> = readable
        .map(|kind| KindAnswer {
            naam: kind.name,
            enkelvoud: said(kind.one, scope.language),
            meervoud: said(kind.many, scope.language),
            aantal: dossier.of_kind(kind.name).count(),
            adres: scope.link(&format!("{REGISTER}/{}", kind.name)),
            velden: kind.fields.iter().map(|field| field_answer(field, scope.language)).collect(),
        })
        .collect();
    respond(&answer)
}

fn field_answer(field: &'static Field, language: Language) -> FieldAnswer {
    let (inhoud, waarden, verwijst_naar) = match field.input {
        Input::Line => ("line", Vec::new(), None),
        Input::Text => ("text", Vec::new(), None),
        Input::Day => ("day", Vec::new(), None),
        Input::Month => ("month", Vec::new(), None),
        Input::Year => ("year", Vec::new(), None),
        Input::Amount => ("amount", Vec::new(), None),
        Input::Number => ("number", Vec::new(), None),
        Input::YesNo => ("yes_no", Vec::new(), None),
        Input::Choice(choices) => ("choice", choices.iter().map(|choice| choice.value).collect(), None),
        Input::Indicator => ("indicator", Vec::new(), None),
        Input::Filters => ("filters", Vec::new(), None),
        Input::YearValues => ("year_values", Vec::new(), None),
        Input::One(kind) => ("one", Vec::new(), Some(kind)),
        Input::Many(kind) => ("many", Vec::new(), Some(kind)),
    };
    FieldAnswer {
        naam: field.name,
        label: said(field.label, language),
        uitleg: said(field.hint, language),
        inhoud,
        verplicht: field.is_required,
        waarden,
        verwijst_naar,
    }
}

/// `/api/v1/register/{kind}`: narrowed by words in `tekst` and by fields, as the page of the kind.
pub(crate) async fn objects(app: App, Path(kind): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_named(&kind).ok_or(Problem::NotFound)?;
    let opened = opened(&app, &uri).await?;
    let dossier = dossier(&app, &opened.scope).await?;
    let found: Vec<&Entry> = match opened.asked.get(TEXT) {
        None => dossier.of_kind(kind.name).collect(),
        Some(text) => dossier.search(text).into_iter().filter(|entry| entry.kind.name == kind.name).collect(),
    };
    let found: Vec<&Entry> = found.into_iter().filter(|entry| passes(entry, &opened.asked)).collect();
    list(&opened, &uri, &found, |entry| object(kind, &entry.version, &opened.scope))
}

/// `/api/v1/register/{kind}/{id}`: as it stands, or the version that `versie` names.
pub(crate) async fn one(
    app: App,
    Path((kind, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let kind = kind_named(&kind).ok_or(Problem::NotFound)?;
    let opened = opened(&app, &uri).await?;
    let history = history_of(&app, &opened.scope, kind, &id).await?;
    let wanted = opened.asked.read("versie", |text| text.parse::<i64>().ok())?;
    let version = match wanted {
        None => history.last(),
        Some(number) => history.iter().find(|version| version.number == number),
    };
    let version = version.ok_or(Problem::NotFound)?;
    let tag = format!("\"{}\"", version.number);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        let meta = [(header::ETAG, tag.as_str()), (HeaderName::from_static("api-version"), VERSION)];
        return Ok((StatusCode::NOT_MODIFIED, meta).into_response());
    }
    let mut response = respond(&object(kind, version, &opened.scope))?;
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// `/api/v1/register/{kind}/{id}/versies`: the last first.
pub(crate) async fn versions(
    app: App,
    Path((kind, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let kind = kind_named(&kind).ok_or(Problem::NotFound)?;
    let opened = opened(&app, &uri).await?;
    let mut history = history_of(&app, &opened.scope, kind, &id).await?;
    history.reverse();
    list(&opened, &uri, &history, |version| object(kind, version, &opened.scope))
}

/// A page of a list, with the addresses of those around it.
fn list<E>(opened: &Opened, uri: &Uri, all: &[E], item: impl Fn(&E) -> ObjectAnswer) -> Result<Response, Problem> {
    let pagina = opened.asked.pagina()?;
    let size = opened
        .asked
        .read("pageSize", |text| text.parse::<usize>().ok().filter(|size| (1..=PAGE_SIZE_MAX).contains(size)))?;
    let page_size = size.unwrap_or(PAGE_SIZE);
    let begin = (pagina - 1) * page_size;
    if pagina > 1 && begin >= all.len() {
        return Err(Problem::NotFound);
    }
    let link = |pagina: usize| with(uri, &[("pagina", &pagina.to_string())]);
    let links = Links {
        own: with(uri, &[]),
        prev: (pagina > 1).then(|| link(pagina - 1)),
        next: (begin + page_size < all.len()).then(|| link(pagina + 1)),
    };
    let told = [(&links.prev, "prev"), (&links.next, "next")];
    let told: Vec<String> =
        told.into_iter().filter_map(|(to, name)| Some(format!("<{}>; rel=\"{name}\"", to.as_ref()?))).collect();
    let items = all.iter().skip(begin).take(page_size).map(item).collect();
    let mut response = respond(&ObjectList { totaal: all.len(), pagina, page_size, items, links })?;
    if !told.is_empty()
        && let Ok(told) = told.join(", ").parse()
    {
        response.headers_mut().insert(header::LINK, told);
    }
    Ok(response)
}

fn object(kind: &'static Kind, version: &Version<Texts>, scope: &Scope) -> ObjectAnswer {
    let text = |field: &Field| version.content.get(field.name).map_or("", String::as_str);
    ObjectAnswer {
        id: version.id.to_string(),
        soort: version.kind.clone(),
        naam: version.content.get("name").cloned().unwrap_or_default(),
        versie: version.number,
        handeling: version.action.as_str(),
        ingetrokken: version.withdrawn,
        gewijzigd_op: version.by.at.to_string(),
        gewijzigd_door: version.by.actor.to_string(),
        reden: version.by.reason.clone(),
        velden: kind.fields.iter().map(|field| (field.name, field_value(field, text(field)))).collect(),
        adres: crate::register::object_link(scope, kind.name, version.id),
    }
}

/// What stands in a field; nothing when it is empty.
fn field_value(field: &Field, text: &str) -> Option<FieldValue> {
    let plain = || FieldValue::Text(text.to_owned());
    Some(match field.input {
        Input::YesNo => bool::read(text).map_or_else(|_| plain(), FieldValue::Truth),
        Input::Many(_) => FieldValue::Many(text.split_whitespace().map(str::to_owned).collect()),
        _ if text.is_empty() => return None,
        Input::Amount => Bedrag::parse_euros(text).map_or_else(plain, |amount| FieldValue::Whole(amount.cents)),
        Input::Year => text.parse().map_or_else(|_| plain(), FieldValue::Whole),
        Input::Number => Number::read(text).map_or_else(|_| plain(), |number| FieldValue::Real(number.0)),
        _ => plain(),
    })
}
