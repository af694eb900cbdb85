//! The answers as JSON, for programs.

pub(crate) mod limit;
mod openapi;
pub(crate) mod page;
mod reading;
mod register;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderName, Uri, header},
    response::{IntoResponse, Response},
};

use grip_access::{
    Deed,
    Detail::{Providers, Totals},
    Part,
};
use grip_pipeline::{Call, Dimension, Direction, Grain, Period, Unit};
use grip_policy::kinds;

use crate::{
    App,
    address::{Asked, Scope},
    geld,
    pages::{Asks, Pages},
    problem::Problem,
    prognose::{Found, find_scope},
};

/// The version of the API: goes with every answer, as the API Design Rules ask.
pub(crate) const VERSION: &str = "1.1.0";

/// The addresses of the API besides those of pages.
pub(crate) fn pages() -> Pages {
    let reads = Asks::reads;
    let of_kind = Asks::RightOfKind(Deed::Read);
    Pages::default()
        .apart("/api", Asks::Nothing, reading::show)
        .apart("/api/v1/openapi.json", Asks::Nothing, openapi::show)
        .apart("/api/v1/paginas", Asks::AnyRight, all_pages)
        .apart("/api/v1/gegevens", reads(Part::Data, Providers), gegevens)
        .apart("/api/v1/signalen", reads(Part::Signals, Providers), signalen)
        .apart("/api/v1/prognose", reads(Part::Forecast, Totals), prognose)
        .apart("/api/v1/begroting", reads(Part::Money, Totals), begroting)
        .apart("/api/v1/groei", reads(Part::Money, Totals), groei)
        .apart("/api/v1/indicatoren", reads(Part::Indicators, Totals), indicatoren)
        .apart("/api/v1/indicatoren/{id}", reads(Part::Indicators, Totals), indicator)
        .apart("/api/v1/register", Asks::AnyRight, register::all)
        .apart("/api/v1/register/{kind}", of_kind, register::objects)
        .apart("/api/v1/register/{kind}/{id}", of_kind, register::one)
        .apart("/api/v1/register/{kind}/{id}/versies", of_kind, register::versions)
}

/// Whether a program speaks that only wants what the API does not write.
pub(crate) fn takes_json(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(header::ACCEPT).iter().peekable();
    if lines.peek().is_none() {
        return true;
    }
    let takes = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let is_refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        matches!(kind.as_str(), "*/*" | "application/*" | "application/json" | "application/problem+json")
            && !is_refused
    };
    lines.filter_map(|line| line.to_str().ok()).any(|line| line.split(',').any(takes))
}

/// A page that can be read as JSON.
#[derive(serde::Serialize)]
struct PageListed {
    /// Path of the page for people, with what is to be filled in between braces.
    pagina: &'static str,
    /// The same for programs.
    adres: &'static str,
}

/// `/api/v1/paginas`: the pages that whoever asks may see.
async fn all_pages(app: App) -> Result<Response, Problem> {
    let may = |asks: Asks, kind| asks.need(kind).is_some_and(|need| app.rights().may_somewhere(need));
    let readable = openapi::of_pages().filter(|(_, address)| match address.asks {
        Asks::Nothing | Asks::AnyRight => true,
        Asks::RightOfKind(_) => kinds().any(|kind| may(address.asks, Some(kind.name))),
        Asks::Right(_) => may(address.asks, None),
    });
    respond(&readable.map(|(pagina, address)| PageListed { pagina, adres: address.path }).collect::<Vec<_>>())
}

/// `/api/v1/prognose`: the answer of the pipeline as it is, in eurocents.
pub(crate) async fn prognose(app: App, uri: Uri) -> Result<Response, Problem> {
    let Found::Data { scope, .. } = find_scope(&app, &Asked::of(&uri)?).await? else {
        return Err(Problem::NoData);
    };
    let Scope { gemeente, jaar, peildatum, .. } = scope;
    let answer = app.ask(move |grip| grip.year_end(gemeente, jaar, peildatum)).await?;
    respond(&*answer)
}

/// `/api/v1/gegevens`: the quality of the data, in eurocents.
pub(crate) async fn gegevens(app: App, uri: Uri) -> Result<Response, Problem> {
    let Found::Data { scope, .. } = find_scope(&app, &Asked::of(&uri)?).await? else {
        return Err(Problem::NoData);
    };
    let Scope { gemeente, peildatum, .. } = scope;
    let answer = app.ask(move |grip| grip.quality(gemeente, peildatum)).await?;
    respond(&*answer)
}

/// `/api/v1/begroting`: budget and actual of a year, in eurocents.
pub(crate) async fn begroting(app: App, uri: Uri) -> Result<Response, Problem> {
    let Found::Data { scope, .. } = find_scope(&app, &Asked::of(&uri)?).await? else {
        return Err(Problem::NoData);
    };
    let Scope { gemeente, jaar, peildatum, .. } = scope;
    let answer = app.ask(move |grip| grip.budget(gemeente, jaar, peildatum)).await?;
    respond(&*answer)
}

/// `/api/v1/groei`: growth between two years in its causes, in eurocents; asked as the page asks.
pub(crate) async fn groei(app: App, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let Found::Data { scope, .. } = find_scope(&app, &asked).await? else {
        return Err(Problem::NoData);
    };
    let question = geld::question(&app, &asked, &scope)?;
    let answer = app.ask(move |grip| grip.growth(&question)).await?;
    respond(&*answer)
}

/// What the catalogue says of an indicator.
#[derive(serde::Serialize)]
struct Listed<'i> {
    /// Its name in addresses.
    id: &'i str,
    /// What it is about.
    thema: &'i str,
    /// What it is called, in Dutch.
    naam: &'i str,
    /// What it is called, in English.
    name: &'i str,
    /// What it means, in Dutch.
    definitie: &'i str,
    /// What it means, in English.
    definition: &'i str,
    /// In what it is expressed.
    unit: Unit,
    /// Whether more is better.
    direction: Direction,
    /// The periods it can be asked of.
    periods: &'i [Grain],
    /// By what it can be split or limited.
    dimensions: &'i [Dimension],
    /// Where it comes from.
    source: &'i str,
    /// Fewer than this are withheld.
    minimum_count: i64,
}

/// `/api/v1/indicatoren`: every indicator there is.
pub(crate) async fn indicatoren(app: App) -> Result<Response, Problem> {
    let listed: Vec<Listed<'_>> = app
        .catalogue()
        .indicators()
        .iter()
        .map(|indicator| Listed {
            id: &indicator.id,
            thema: &indicator.thema,
            naam: &indicator.naam,
            name: &indicator.name,
            definitie: &indicator.definitie,
            definition: &indicator.definition,
            unit: indicator.unit,
            direction: indicator.direction,
            periods: &indicator.periods,
            dimensions: &indicator.dimensions,
            source: &indicator.source,
            minimum_count: indicator.minimum_count,
        })
        .collect();
    respond(&listed)
}

/// `/api/v1/indicatoren/{id}?periode=2024,2025-01&door=wet&wet=jw`: the answers of one, of the year of the page unless periods are
/// named.
pub(crate) async fn indicator(app: App, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let Found::Data { scope, .. } = find_scope(&app, &asked).await? else {
        return Err(Problem::NoData);
    };
    let indicator = app.catalogue().get(&id).map_err(|_| Problem::NotFound)?;
    let periods = asked.read("periode", |text| text.split(',').map(|period| period.trim().parse().ok()).collect())?;
    let year = || format!("{:04}", scope.jaar).parse().into_iter().collect::<Vec<Period>>();
    let dimension = |text: &str| Dimension::parse(text.trim());
    let by = asked.read("door", |text| text.split(',').map(dimension).collect::<Option<Vec<_>>>())?;
    let only = indicator
        .dimensions
        .iter()
        .filter_map(|dimension| Some((*dimension, asked.get(dimension.column())?.to_owned())))
        .collect();
    let call = Call {
        gemeente: scope.gemeente,
        periods: periods.unwrap_or_else(year),
        peildatum: scope.peildatum,
        by: by.unwrap_or_default(),
        only,
    };
    let answer = app.ask(move |grip| grip.indicator(&id, &call)).await?;
    respond(&*answer)
}

/// `/api/v1/signalen`: what stands out, in eurocents.
pub(crate) async fn signalen(app: App, uri: Uri) -> Result<Response, Problem> {
    let Found::Data { scope, .. } = find_scope(&app, &Asked::of(&uri)?).await? else {
        return Err(Problem::NoData);
    };
    let Scope { gemeente, peildatum, .. } = scope;
    let answer = app.ask(move |grip| grip.signals(gemeente, peildatum)).await?;
    respond(&*answer)
}

fn respond(answer: &(impl serde::Serialize + ?Sized)) -> Result<Response, Problem> {
    let body = serde_json::to_string(answer).map_err(|error| Problem::Broken(error.to_string()))?;
    let meta = [(header::CONTENT_TYPE, "application/json"), (HeaderName::from_static("api-version"), VERSION)];
    Ok((meta, body).into_response())
}
