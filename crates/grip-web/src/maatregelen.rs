//! Measures, initiatives and pilots, with what they save.

use std::sync::Arc;

use axum::Router;

use crate::App;

/// The pages of this part.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
