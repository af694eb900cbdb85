#![doc = include_str!("../README.md")]

mod address;
mod api;
mod app;
mod around;
mod begin;
mod beheer;
mod beleid;
mod berichten;
mod besluiten;
mod document;
mod dress;
mod form;
mod frame;
mod gegevens;
mod geld;
mod house_style;
mod indicatoren;
mod inzage;
mod maatregelen;
mod metrics;
mod pager;
mod pages;
mod problem;
mod prognose;
mod programma;
mod rapporten;
mod register;
mod sentences;
mod sign_in;
mod signalen;
mod style;
mod toegankelijkheid;
mod uitleg;
mod vergelijking;
mod vragen;
mod watch;
mod words;
mod zorg;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    middleware,
    response::{Html, IntoResponse, Response},
};
use grip_access::{Detail, Part};
use grip_pipeline::Grip;
use grip_register::Register;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::{
    app::{App, Shared},
    pages::Pages,
    problem::Problem,
};
pub use crate::{
    house_style::{HouseStyle, HouseStyleError, LowContrast},
    metrics::{Metrics, metrics_router},
    pages::{Address, Asks},
    rapporten::{report, report_names},
    sign_in::SignIn,
    watch::{Answered, Watch},
};

/// What whoever starts the pages decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names, besides those of the loopback, by which the server may be called, without a port.
    pub allowed_hosts: Vec<String>,
    /// What replaces the neutral look.
    pub house_style: Option<HouseStyle>,
    /// The key of the pseudonyms, with which a citizen can be found who asks what is kept; without it nobody can.
    pub pseudonym_key: Option<grip_pipeline::Key>,
    /// Where what people write is kept, and the clock; without it pages are for reading only.
    pub writing: Option<Writing>,
    /// The program that sets reports on paper; without it there are no PDFs.
    pub typeset: Option<std::path::PathBuf>,
    /// Folder with the municipality's own look of reports on paper.
    pub template: Option<std::path::PathBuf>,
    /// What people sign in with; without it whoever started the server uses it alone, with all rights.
    pub sign_in: Option<SignIn>,
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

/// All pages and the API, over the data of `grip`.
pub fn router(grip: Grip, settings: Settings) -> Router {
    watched_router(grip, settings, Watch::default())
}

/// The same, with somebody who watches over the server.
pub fn watched_router(grip: Grip, settings: Settings, watch: Watch) -> Router {
    let shared = Arc::new(Shared::new(grip, settings, watch));
    let unknown = || async { Problem::NotFound };
    let other_method = || async { Problem::NotReading };
    pages::ALL
        .router
        .clone()
        .fallback(unknown)
        .method_not_allowed_fallback(other_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), around::around))
        .with_state(shared)
}

/// Every address that is answered, with what it takes.
pub fn addresses() -> Vec<Address> {
    pages::ALL.addresses.clone()
}

fn pages() -> Pages {
    use Detail::{Lines, Providers, Totals};
    let reads = Asks::reads;
    Pages::default()
        .get("/", Asks::AnyRight, begin::show)
        .get("/prognose", reads(Part::Forecast, Totals), prognose::overview)
        .get("/prognose/{wet}/{categorie}", reads(Part::Forecast, Totals), prognose::segment)
        .get("/prognose/{wet}/{categorie}/{aanbieder}", reads(Part::Forecast, Lines), prognose::lines)
        .get("/berichten", reads(Part::Data, Providers), berichten::show)
        .get("/geld", reads(Part::Money, Totals), geld::overview)
        .get("/geld/groei", reads(Part::Money, Totals), geld::growth)
        .get("/geld/groei/sinds-wanneer", reads(Part::Money, Totals), geld::foresight)
        .get("/indicatoren", reads(Part::Indicators, Totals), indicatoren::overview)
        .get("/indicatoren/{id}", reads(Part::Indicators, Totals), indicatoren::show)
        .get("/indicatoren/{id}/regels", reads(Part::Indicators, Lines), indicatoren::lines)
        .get("/signalen", reads(Part::Signals, Providers), signalen::overview)
        .get("/signalen/{id}", reads(Part::Signals, Providers), signalen::show)
        .post("/signalen/{id}", Asks::writes(Part::Signals), signalen::write)
        .get("/vragen", reads(Part::Questions, Totals), vragen::overview)
        .post("/vragen", Asks::writes(Part::Questions), vragen::write)
        .get("/gegevens", reads(Part::Data, Totals), gegevens::overview)
        .get("/gegevens/afzender/{code}", reads(Part::Data, Providers), gegevens::sender)
        .get("/gegevens/bevinding/{code}", reads(Part::Data, Providers), gegevens::rule)
        .get("/gegevens/bestand/{bericht_id}", reads(Part::Data, Lines), gegevens::file)
        .get("/zorg", reads(Part::Care, Totals), zorg::overview)
        .get("/zorg/verloop", reads(Part::Care, Totals), zorg::verloop)
        .get("/zorg/duur", reads(Part::Care, Totals), zorg::duur)
        .get("/zorg/overgangen", reads(Part::Care, Totals), zorg::overgangen)
        .get("/zorg/stapeling", reads(Part::Care, Totals), zorg::stapeling)
        .get("/vergelijking", reads(Part::Comparison, Totals), vergelijking::overview)
        .get("/vergelijking/gegevensrapportage", reads(Part::Comparison, Totals), vergelijking::report)
        .get("/vergelijking/taakvelden", reads(Part::Comparison, Totals), vergelijking::taakvelden)
        .post("/rol", Asks::AnyRight, begin::look_as)
        .apart("/inzage", reads(Part::Persons, Lines), inzage::ask)
        .post("/inzage", Asks::writes(Part::Persons), inzage::show)
        .get("/uitleg", Asks::Nothing, uitleg::show)
        .get("/toegankelijkheid", Asks::Nothing, toegankelijkheid::show)
        .get("/rapporten", Asks::AnyRight, rapporten::overview)
        .get("/rapporten/{rapport}", Asks::AnyRight, rapporten::show)
        .apart("/gezond", Asks::Nothing, healthy)
        .apart("/gereed", Asks::Nothing, ready)
        .apart("/stijl.css", Asks::Nothing, stylesheet)
        .apart("/register.js", Asks::Nothing, drafts_script)
        .with(api::pages())
        .with(sign_in::pages())
        .with(beheer::pages())
        .with(register::pages())
        .with(beleid::pages())
        .with(maatregelen::pages())
        .with(programma::pages())
        .with(besluiten::pages())
}

/// Answers requests until the process is asked to stop, then finishes what it is doing.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, router: Router) -> std::io::Result<()> {
    // Whoever has not signed in is known by the address they call from.
    let router = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
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

/// Whether the tables can be read.
async fn healthy(app: App) -> Result<Response, Problem> {
    app.check_tables().await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "gezond\n").into_response())
}

/// Whether what is asked first was made, so that nobody waits for it.
async fn ready(app: App) -> Result<Response, Problem> {
    let (status, text) = match app.is_prepared().await? {
        true => (StatusCode::OK, "gereed\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "nog niet gereed\n"),
    };
    Ok((status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

async fn stylesheet(app: App, uri: Uri, headers: HeaderMap) -> Response {
    app.style.respond(&uri, &headers)
}

async fn drafts_script(app: App, uri: Uri, headers: HeaderMap) -> Response {
    app.script.respond(&uri, &headers)
}

/// The page of a template.
pub(crate) fn page(template: &impl askama::Template) -> Result<Response, Problem> {
    let text = template.render().map_err(|error| Problem::Broken(error.to_string()))?;
    Ok(Html(text).into_response())
}
