//! What a municipality wants and how it thinks that works: goals, theory, cycle, calendar, dilemmas, conversations, and which care is good enough.

use std::sync::Arc;

use axum::Router;

use crate::App;

/// The pages of this part.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
