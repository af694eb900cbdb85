#![doc = include_str!("../README.md")]

mod address;
mod api;
mod around;
mod berichten;
mod document;
mod frame;
mod gegevens;
mod pager;
mod problem;
mod prognose;
mod sentences;
mod style;
mod vergelijking;
mod words;

use std::sync::{Arc, atomic::AtomicU32};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri, header},
    middleware,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use grip_pipeline::{Grip, PipelineError};
use tokio::net::TcpListener;

use crate::{problem::Problem, style::Style};

/// What whoever starts the pages decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names, besides those of the loopback, by which the server may be called, without a port.
    pub allowed_hosts: Vec<String>,
    /// Custom properties that replace those of the neutral house style.
    pub house_style: Option<String>,
    /// What to do with a request that failed by no fault of whoever asked: write it to a log.
    pub on_incident: fn(&Incident),
}

/// A request that failed by no fault of whoever asked. Holds nothing of persons.
#[derive(Debug, Clone)]
pub struct Incident {
    /// The same text that the page shows.
    pub operation: String,
    /// Stable code.
    pub code: &'static str,
    /// What happened, in English.
    pub message: String,
}

/// What every request needs.
pub(crate) struct App {
    grip: Grip,
    pub(crate) settings: Settings,
    pub(crate) style: Style,
    pub(crate) started: u32,
    pub(crate) requests: AtomicU32,
}

impl App {
    /// Asks the pipeline, away from the threads that answer requests.
    pub(crate) async fn ask<T, F>(&self, question: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Grip) -> Result<T, PipelineError> + Send + 'static,
    {
        let grip = self.grip.clone();
        let answer = tokio::task::spawn_blocking(move || question(&grip)).await;
        Ok(answer.map_err(|error| Problem::Broken(error.to_string()))??)
    }
}

/// All pages and the API, over the data of `grip`.
pub fn router(grip: Grip, settings: Settings) -> Router {
    let style = Style::new(settings.house_style.as_deref());
    let started = getrandom::u32().unwrap_or_default();
    let app = Arc::new(App { grip, settings, style, started, requests: AtomicU32::new(0) });
    Router::new()
        .route("/", get(|uri: Uri| async move { Redirect::to(&home(&uri)) }))
        .route("/prognose", get(prognose::overview))
        .route("/prognose/{wet}/{categorie}", get(prognose::segment))
        .route("/prognose/{wet}/{categorie}/{aanbieder}", get(prognose::lines))
        .route("/berichten", get(berichten::show))
        .route("/gegevens", get(gegevens::overview))
        .route("/gegevens/afzender/{code}", get(gegevens::sender))
        .route("/gegevens/bevinding/{code}", get(gegevens::rule))
        .route("/gegevens/bestand/{bericht_id}", get(gegevens::file))
        .route("/vergelijking", get(vergelijking::overview))
        .route("/vergelijking/gegevensrapportage", get(vergelijking::report))
        .route("/vergelijking/taakvelden", get(vergelijking::taakvelden))
        .route("/api/v1/gegevens", get(api::gegevens))
        .route("/api/v1/prognose", get(api::prognose))
        .route("/gezond", get(healthy))
        .route("/stijl.css", get(stylesheet))
        .fallback(|| async { Problem::NotFound })
        .method_not_allowed_fallback(|| async { Problem::NotReading })
        .layer(middleware::from_fn_with_state(Arc::clone(&app), around::around))
        .with_state(app)
}

/// Answers requests until the process is asked to stop, then finishes what it is doing.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, router: Router) -> std::io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(asked_to_stop()).await
}

async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

fn home(uri: &Uri) -> String {
    match uri.query() {
        Some(query) => format!("/prognose?{query}"),
        None => "/prognose".to_owned(),
    }
}

/// Whether the tables can be read.
async fn healthy(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.ask(|grip| grip.gemeenten()).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "gezond\n").into_response())
}

async fn stylesheet(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Response {
    app.style.respond(&uri, &headers)
}

/// The page of a template.
pub(crate) fn page(template: &impl askama::Template) -> Result<Response, Problem> {
    let text = template.render().map_err(|error| Problem::Broken(error.to_string()))?;
    Ok(Html(text).into_response())
}
