//! The answers as JSON, for programs.

use axum::{
    extract::Path,
    http::{HeaderName, Uri, header},
    response::{IntoResponse, Response},
};

use grip_pipeline::{Call, Dimension, Direction, Grain, Period, Unit};

use crate::{
    App,
    address::{Asked, Scope},
    geld,
    problem::Problem,
    prognose::{Found, find_scope},
};

const VERSION: &str = "1.0.0";

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
    id: &'i str,
    thema: &'i str,
    naam: &'i str,
    name: &'i str,
    definitie: &'i str,
    definition: &'i str,
    unit: Unit,
    direction: Direction,
    periods: &'i [Grain],
    dimensions: &'i [Dimension],
    source: &'i str,
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
