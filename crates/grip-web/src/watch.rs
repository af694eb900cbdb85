//! What whoever keeps the server running sees of requests: how many, how long and how they ended, and nothing of who asked for what.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::Method;

use crate::metrics::Metrics;

/// Who watches; by default nobody.
#[derive(Clone, Default)]
pub struct Watch {
    /// Is told of every request that was answered: writes it to a log.
    pub on_answer: Option<fn(&Answered)>,
    /// Counts.
    pub metrics: Option<Arc<Metrics>>,
}

/// A request that was answered. Holds nothing that whoever asked chose: no path, no query, no account and no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// By which the request is known, on the page, in the log and in the audit log.
    pub operation: String,
    /// The method, or `other` for one that no page takes.
    pub method: &'static str,
    /// The address with what is to be filled in between braces, as `/indicatoren/{id}`; `unknown` where there is none.
    pub route: &'static str,
    /// The status of HTTP.
    pub status: u16,
    /// From when it came in until the answer began.
    pub took: Duration,
}

/// Which address of the table answered; goes with the response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route(pub(crate) &'static str);

/// The route of an address that is not there.
const UNKNOWN: Route = Route("unknown");

/// A request that is being answered. It counts as one also when whoever asked went away.
pub(crate) struct Underway {
    watch: Watch,
    method: &'static str,
    began: Instant,
}

impl Underway {
    pub(crate) fn begin(watch: &Watch, method: &Method) -> Self {
        if let Some(metrics) = &watch.metrics {
            metrics.in_flight.inc();
        }
        // A client may make up a method, and with it put anything in a log.
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            _ => "other",
        };
        Self { watch: watch.clone(), method, began: Instant::now() }
    }

    pub(crate) fn end(self, operation: &str, route: Option<Route>, status: u16) {
        let (Route(route), took) = (route.unwrap_or(UNKNOWN), self.began.elapsed());
        let answered = Answered { operation: operation.to_owned(), method: self.method, route, status, took };
        if let Some(metrics) = &self.watch.metrics {
            metrics.answered(&answered);
        }
        if let Some(tell) = self.watch.on_answer {
            tell(&answered);
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        if let Some(metrics) = &self.watch.metrics {
            metrics.in_flight.dec();
        }
    }
}
