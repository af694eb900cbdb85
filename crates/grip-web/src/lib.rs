#![doc = include_str!("../README.md")]

mod address;
mod api;
mod around;
mod beleid;
mod berichten;
mod besluiten;
mod document;
mod form;
mod frame;
mod gegevens;
mod geld;
mod indicatoren;
mod maatregelen;
mod pager;
mod problem;
mod prognose;
mod programma;
mod register;
mod sentences;
mod signalen;
mod style;
mod vergelijking;
mod vragen;
mod words;
mod zorg;

use std::sync::{Arc, atomic::AtomicU32};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri, header},
    middleware,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use grip_pipeline::{Catalogue, Grip, PipelineError};
use grip_register::Register;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::{problem::Problem, style::Served};

/// What whoever starts the pages decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names, besides those of the loopback, by which the server may be called, without a port.
    pub allowed_hosts: Vec<String>,
    /// Custom properties that replace those of the neutral house style.
    pub house_style: Option<String>,
    /// Where what people write is kept, and the clock; without it pages are for reading only.
    pub writing: Option<Writing>,
    /// What to do with a request that failed by no fault of whoever asked: write it to a log.
    pub on_incident: fn(&Incident),
}

/// What is needed to write.
#[derive(Debug, Clone)]
pub struct Writing {
    /// The store of what people write, opened where requests are answered.
    pub register: Register,
    /// What time it is.
    pub now: fn() -> Timestamp,
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
    pub(crate) style: Served,
    pub(crate) script: Served,
    pub(crate) started: u32,
    pub(crate) requests: AtomicU32,
}

impl App {
    /// The indicators there are.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.grip.catalogue()
    }

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
    let style = Served::style(settings.house_style.as_deref());
    let script = Served::script();
    let started = getrandom::u32().unwrap_or_default();
    let app = Arc::new(App { grip, settings, style, script, started, requests: AtomicU32::new(0) });
    Router::new()
        .route("/", get(|uri: Uri| async move { Redirect::to(&home(&uri)) }))
        .route("/prognose", get(prognose::overview))
        .route("/prognose/{wet}/{categorie}", get(prognose::segment))
        .route("/prognose/{wet}/{categorie}/{aanbieder}", get(prognose::lines))
        .route("/berichten", get(berichten::show))
        .route("/geld", get(geld::overview))
        .route("/geld/groei", get(geld::growth))
        .route("/geld/groei/sinds-wanneer", get(geld::foresight))
        .route("/indicatoren", get(indicatoren::overview))
        .route("/indicatoren/{id}", get(indicatoren::show))
        .route("/indicatoren/{id}/regels", get(indicatoren::lines))
        .route("/signalen", get(signalen::overview))
        .route("/signalen/{id}", get(signalen::show).post(signalen::write))
        .route("/vragen", get(vragen::overview).post(vragen::write))
        .route("/gegevens", get(gegevens::overview))
        .route("/gegevens/afzender/{code}", get(gegevens::sender))
        .route("/gegevens/bevinding/{code}", get(gegevens::rule))
        .route("/gegevens/bestand/{bericht_id}", get(gegevens::file))
        .route("/zorg", get(zorg::overview))
        .route("/zorg/verloop", get(zorg::verloop))
        .route("/zorg/duur", get(zorg::duur))
        .route("/zorg/overgangen", get(zorg::overgangen))
        .route("/zorg/stapeling", get(zorg::stapeling))
        .route("/vergelijking", get(vergelijking::overview))
        .route("/vergelijking/gegevensrapportage", get(vergelijking::report))
        .route("/vergelijking/taakvelden", get(vergelijking::taakvelden))
        .route("/api/v1/gegevens", get(api::gegevens))
        .route("/api/v1/signalen", get(api::signalen))
        .route("/api/v1/prognose", get(api::prognose))
        .route("/api/v1/begroting", get(api::begroting))
        .route("/api/v1/groei", get(api::groei))
        .route("/api/v1/indicatoren", get(api::indicatoren))
        .route("/api/v1/indicatoren/{id}", get(api::indicator))
        .route("/gezond", get(healthy))
        .route("/stijl.css", get(stylesheet))
        .route("/register.js", get(drafts_script))
        .merge(register::routes())
        .merge(beleid::routes())
        .merge(maatregelen::routes())
        .merge(programma::routes())
        .merge(besluiten::routes())
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

async fn drafts_script(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Response {
    app.script.respond(&uri, &headers)
}

/// The page of a template.
pub(crate) fn page(template: &impl askama::Template) -> Result<Response, Problem> {
    let text = template.render().map_err(|error| Problem::Broken(error.to_string()))?;
    Ok(Html(text).into_response())
}
