//! The answers as JSON, for programs.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderName, Uri, header},
    response::{IntoResponse, Response},
};

use crate::{
    App,
    address::{Asked, Scope},
    problem::Problem,
    prognose::{Found, find_scope},
};

const VERSION: &str = "1.0.0";

/// `/api/v1/prognose`: the answer of the pipeline as it is, in eurocents.
pub(crate) async fn prognose(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let Found::Data { scope, .. } = find_scope(&app, &Asked::of(&uri)?).await? else {
        return Err(Problem::NoData);
    };
    let Scope { gemeente, jaar, peildatum, .. } = scope;
    let answer = app.ask(move |grip| grip.year_end(gemeente, jaar, peildatum)).await?;
    respond(&*answer)
}

/// `/api/v1/gegevens`: the quality of the data, in eurocents.
pub(crate) async fn gegevens(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let Found::Data { scope, .. } = find_scope(&app, &Asked::of(&uri)?).await? else {
        return Err(Problem::NoData);
    };
    let Scope { gemeente, peildatum, .. } = scope;
    let answer = app.ask(move |grip| grip.quality(gemeente, peildatum)).await?;
    respond(&*answer)
}

fn respond(answer: &impl serde::Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_string(answer).map_err(|error| Problem::Broken(error.to_string()))?;
    let meta = [(header::CONTENT_TYPE, "application/json"), (HeaderName::from_static("api-version"), VERSION)];
    Ok((meta, body).into_response())
}
