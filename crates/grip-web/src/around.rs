//! What happens around every request: who may call, which page a problem becomes, which headers go with it.

use std::sync::{Arc, atomic::Ordering};

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::{App, Incident, address::Asked, frame::Frame, problem::Problem};

/// Goes with every response. Nothing is loaded from elsewhere, nothing runs but the one script of ADR 0022, and no other site may
/// show it in a frame.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub(crate) async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let called_rightly = host_is_known(request.headers(), &app.settings.allowed_hosts);
    let mut response = if called_rightly { next.run(request).await } else { Problem::WrongHost.into_response() };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = tell(&app, &uri, &problem);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether the request is for this server. A page elsewhere whose name was made to point here would send its own name.
fn host_is_known(headers: &HeaderMap, allowed: &[String]) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(name) = host.to_str().ok().and_then(name_of_host) else { return false };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| own.eq_ignore_ascii_case(name))
        || allowed.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The name in `name`, `name:port` or `[v6]:port`.
fn name_of_host(host: &str) -> Option<&str> {
    let colon = match host.rfind(']') {
        Some(bracket) => host[bracket..].find(':').map(|at| bracket + at),
        None => host.find(':'),
    };
    let (name, port) = colon.map_or((host, "0"), |at| (&host[..at], &host[at + 1..]));
    let port_is_one = !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    (!name.is_empty() && port_is_one).then_some(name)
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    title: &'static str,
    detail: String,
    hint: &'static str,
    code: &'static str,
    operation: String,
}

fn tell(app: &App, uri: &Uri, problem: &Problem) -> Response {
    let number = app.requests.fetch_add(1, Ordering::Relaxed);
    let operation = format!("{:08x}-{number}", app.started);
    let status = problem.status();
    if status.is_server_error() {
        let incident = Incident { operation: operation.clone(), code: problem.code(), message: problem.to_string() };
        (app.settings.on_incident)(&incident);
    }
    let language = Asked::of(uri).unwrap_or_default().language();
    let (title, detail, hint) = (problem.title(language), problem.detail(language), problem.hint(language));
    if uri.path().starts_with("/api/") {
        let body = serde_json::json!({
            "type": format!("urn:grip:probleem:{}", problem.code()),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
            "instance": format!("urn:grip:kenmerk:{operation}"),
            "hint": hint,
        });
        let meta = [(header::CONTENT_TYPE, "application/problem+json"), (header::CONTENT_LANGUAGE, language.code())];
        return (status, meta, body.to_string()).into_response();
    }
    let frame = Frame::new(app, uri, title.to_owned());
    let page = ProblemPage { frame, title, detail, hint, code: problem.code(), operation };
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, title).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::host_is_known;

    #[test]
    fn only_known_names_are_answered() {
        let allowed = ["grip.gemeente.example".to_owned()];
        for (host, known) in [
            ("localhost", true),
            ("LOCALHOST", true),
            ("localhost:8080", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("Grip.Gemeente.Example:443", true),
            ("localhost.evil.example", false),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("localhost:80:evil", false),
            ("localhost:", false),
            ("[::1", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            assert_eq!(host_is_known(&headers, &allowed), known, "{host}");
        }
        assert!(!host_is_known(&HeaderMap::new(), &allowed));
    }

    #[test]
    fn two_hosts_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, HeaderValue::from_static("localhost"));
        headers.append(header::HOST, HeaderValue::from_static("evil.example"));
        assert!(!host_is_known(&headers, &[]));
    }
}
