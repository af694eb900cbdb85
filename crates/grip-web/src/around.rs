//! What happens around every request: who may call, which page a problem becomes, which headers go with it.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use askama::Template;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use grip_access::{Detail, Need, Part, chain::Outcome};

use crate::{
    App, Incident,
    address::{Asked, percent_encode},
    api::{self, limit},
    app::{Operation, Shared, Visitor},
    frame::Frame,
    problem::Problem,
    sign_in,
    watch::{Route, Underway},
};

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

pub(crate) async fn around(State(shared): State<Arc<Shared>>, mut request: Request, next: Next) -> Response {
    let (uri, method) = (request.uri().clone(), request.method().clone());
    let operation = shared.operation();
    let underway = Underway::begin(&shared.watch, &method);
    let mut visitor = Visitor::default();
    let mut cookie = None;
    let is_api = is_api(&uri);
    let mut left = None;
    let mut response = if host_is_known(request.headers(), &shared.settings.allowed_hosts) {
        match sign_in::visitor(&shared, request.headers()).await {
            Ok((found, fresh)) => {
                (visitor, cookie) = (found, fresh);
                request.extensions_mut().insert(visitor.clone());
                request.extensions_mut().insert(operation);
                left = taken(&shared, &visitor, &request);
                let response = match too_many(left) {
                    Some(problem) => problem.into_response(),
                    None if is_api && !api::takes_json(request.headers()) => Problem::NotAcceptable.into_response(),
                    None => next.run(request).await,
                };
                let done = done(&visitor, &method, &uri, &response);
                match audit(&shared, &visitor, done, &uri, operation).await {
                    Ok(()) => response,
                    Err(problem) => problem.into_response(),
                }
            }
            Err(problem) => {
                left = taken(&shared, &visitor, &request);
                too_many(left).unwrap_or(problem).into_response()
            }
        }
    } else {
        Problem::WrongHost.into_response()
    };
    let route = response.extensions().get::<Route>().copied();
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        // RFC 9110, 15.5.6: with a refused method goes which are not.
        let allowed = response.headers_mut().remove(header::ALLOW);
        let app = App::new(shared, visitor, operation);
        response = tell(&app, &uri, &problem, operation);
        if let Some(allowed) = allowed {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
    }
    let headers = response.headers_mut();
    if is_api {
        headers.insert(HeaderName::from_static("api-version"), HeaderValue::from_static(api::VERSION));
    }
    if let Some(left) = left {
        limit::tell(left, headers);
    }
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(cookie) = cookie {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    underway.end(&operation.to_string(), route, response.status().as_u16());
    response
}

/// Whether programs are answered at an address.
fn is_api(uri: &Uri) -> bool {
    uri.path().starts_with("/api/")
}

/// Takes a request of the API, or to sign in, from what whoever asks may ask; nothing for other requests.
fn taken(shared: &Shared, visitor: &Visitor, request: &Request) -> Option<limit::Left> {
    let signs_in = request.method() == Method::POST && request.uri().path() == "/aanmelden";
    if !is_api(request.uri()) && !signs_in {
        return None;
    }
    let address = || {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        peer.map_or_else(String::new, |ConnectInfo(peer)| peer.ip().to_string())
    };
    // An account has no blanks: no address is one.
    let who = visitor.account.as_ref().map_or_else(|| format!("adres {}", address()), ToString::to_string);
    Some(shared.limits.take(&who, Instant::now()))
}

/// That more was asked than is answered at once.
fn too_many(left: Option<limit::Left>) -> Option<Problem> {
    left.filter(|left| !left.is_allowed).map(|left| Problem::TooMany { wait_seconds: left.wait_seconds })
}

/// What somebody did that must be known later: what they wrote, took with them, saw of single lines, or were refused. Signing in
/// tells its own.
fn done(visitor: &Visitor, method: &Method, uri: &Uri, response: &Response) -> Option<(&'static str, Outcome)> {
    visitor.account.as_ref()?;
    let status = response.status();
    let takes_file = uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("formaat=")));
    let sees_person = response.extensions().get::<Need>().is_some_and(|need| need.part == Part::Persons);
    let sees_lines = response.extensions().get::<Need>().is_some_and(|need| need.detail == Detail::Lines);
    let is_done = status.is_success() || status.is_redirection();
    match () {
        () if status == StatusCode::FORBIDDEN => Some(("refused", Outcome::Refused)),
        () if method == Method::POST && status.is_success() && sees_person => Some(("see_person", Outcome::Done)),
        () if method == Method::POST && is_done => Some(("write", Outcome::Done)),
        () if method == Method::GET && status.is_success() && takes_file => Some(("download", Outcome::Done)),
        () if method == Method::GET && status.is_success() && sees_lines => Some(("see_lines", Outcome::Done)),
        () => None,
    }
}

async fn audit(
    shared: &Shared,
    visitor: &Visitor,
    done: Option<(&'static str, Outcome)>,
    uri: &Uri,
    operation: Operation,
) -> Result<(), Problem> {
    let Some((deed, outcome)) = done else { return Ok(()) };
    shared.audit(visitor.account.as_ref(), deed, uri.path(), outcome, operation).await
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

fn tell(app: &App, uri: &Uri, problem: &Problem, operation: Operation) -> Response {
    let operation = operation.to_string();
    let status = problem.status();
    if status.is_server_error() {
        let incident = Incident { operation: operation.clone(), code: problem.code(), message: problem.to_string() };
        (app.settings.on_incident)(&incident);
        if let Some(metrics) = &app.watch.metrics {
            metrics.incident(incident.code);
        }
    }
    let language = Asked::of(uri).unwrap_or_default().language();
    let (title, detail, hint) = (problem.title(language), problem.detail(language), problem.hint(language));
    let is_page = !is_api(uri);
    if is_page && matches!(problem, Problem::SignIn) {
        let back = uri.path_and_query().map_or("/", |path| path.as_str());
        return Redirect::to(&format!("/aanmelden?terug={}", percent_encode(back))).into_response();
    }
    if !is_page {
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
