//! What people write: objects of every kind, each with its own address, form and history.

use std::sync::Arc;

use axum::Router;
use grip_policy::{Dossier, Object};
use grip_register::ObjectId;
use grip_types::parse_date;
use jiff::{ToSpan, tz::TimeZone};

use crate::{
    App,
    address::{Asked, Scope},
    problem::Problem,
};

/// The pages of all kinds.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}

/// What the municipality of a page wrote: as it stands, or as it stood at the end of the day that `stand` in the address names.
pub(crate) async fn dossier(app: &App, asked: &Asked, scope: &Scope) -> Result<Dossier, Problem> {
    let writing = app.settings.writing.as_ref().ok_or(Problem::NoRegister)?;
    let view = match asked.read("stand", parse_date)? {
        None => writing.register.now().await?,
        Some(day) => {
            let next = day.checked_add(1.day()).ok().and_then(|next| TimeZone::UTC.to_zoned(next.into()).ok());
            let end = next.ok_or_else(|| Problem::BadParameter { parameter: "stand", text: day.to_string() })?;
            writing.register.as_of(end.timestamp()).await?
        }
    };
    Ok(Dossier::read(&view, scope.gemeente).await?)
}

/// The address of an object: permanent.
pub(crate) fn object_link(scope: &Scope, kind: &str, id: ObjectId) -> String {
    scope.link(&format!("/register/{kind}/{id}"))
}

/// The address of the form for a new object, with some fields filled in.
pub(crate) fn new_link<O: Object>(scope: &Scope, filled: &[(&'static str, String)]) -> String {
    scope.link_with(&format!("/register/{}/nieuw", O::kind().name), filled)
}
