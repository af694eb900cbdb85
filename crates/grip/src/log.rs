//! What the server says on standard error while it runs: one line for each request and each incident. Holds nothing of persons: what
//! whoever asked chose (path, query, account, address) is in none of its lines.

use std::io::Write;

use clap::ValueEnum;
use grip_web::{Answered, Incident};
use serde_json::json;

/// The form of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    /// For people: without a time, which the journal adds.
    Text,
    /// One JSON object per line.
    Json,
}

/// How incidents are told.
pub(crate) fn on_incident(form: Option<LogForm>) -> fn(&Incident) {
    match form {
        Some(LogForm::Json) => |incident| {
            let Incident { operation, code, message } = incident;
            line(
                &json!({ "time": now(), "event": "incident", "operation": operation, "code": code, "message": message }),
            );
        },
        _ => |incident| line(&format_args!("incident {}: {} {}", incident.operation, incident.code, incident.message)),
    }
}

/// How requests are told; not at all where no form was chosen.
pub(crate) fn on_answer(form: Option<LogForm>) -> Option<fn(&Answered)> {
    match form? {
        LogForm::Json => Some(|answered| {
            let Answered { operation, method, route, status, took } = answered;
            let milliseconds = (took.as_secs_f64() * 10_000.0).round() / 10.0;
            line(&json!({
                "time": now(), "event": "request", "operation": operation, "method": method, "route": route,
                "status": status, "milliseconds": milliseconds,
            }));
        }),
        LogForm::Text => Some(|answered| {
            let Answered { operation, method, route, status, took } = answered;
            line(&format_args!("request {operation}: {method} {route} {status} {} ms", took.as_millis()));
        }),
    }
}

/// Tells that the server began or ended.
pub(crate) fn tell(form: Option<LogForm>, event: &str, address: std::net::SocketAddr) {
    let version = env!("CARGO_PKG_VERSION");
    match form {
        None => {}
        Some(LogForm::Text) => line(&format_args!("{event}: Grip {version} on {address}")),
        Some(LogForm::Json) => {
            line(&json!({ "time": now(), "event": event, "version": version, "address": address.to_string() }));
        }
    }
}

fn now() -> String {
    format!("{:.3}", jiff::Timestamp::now())
}

/// Who reads the log may have gone; the pages go on.
fn line(what: &dyn std::fmt::Display) {
    let _ = std::io::stderr().lock().write_all(format!("{what}\n").as_bytes());
}
