//! Who asks: signing in with an account of the register or at an OpenID provider, and out again.

mod account;
mod local;
mod provider;
mod qr;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use grip_access::{Key, Rights, Secret};
use grip_oidc::RelyingParty;
use grip_register::{Account, Register, Session, Source};
use jiff::Timestamp;

use crate::{
    Writing,
    app::{Shared, Visitor, cookie},
    begin::LOOKS_AS,
    pages::{Asks, Pages},
    problem::Problem,
};

/// What is needed to let people sign in.
#[derive(Clone)]
pub struct SignIn {
    /// Seals second factors and marks the audit log.
    pub key: Key,
    /// Where people sign in elsewhere.
    pub provider: Option<Arc<RelyingParty>>,
}

/// Shows no key.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("provider", &self.provider.is_some()).finish_non_exhaustive()
    }
}

/// The pages to sign in and out, and of one's own account.
pub(crate) fn pages() -> Pages {
    Pages::default()
        .apart("/aanmelden", Asks::Nothing, local::ask)
        .post("/aanmelden", Asks::Nothing, local::sign_in)
        .post("/afmelden", Asks::Nothing, local::sign_out)
        .apart("/aanmelden/elders", Asks::Nothing, provider::go)
        .apart("/aanmelden/terug", Asks::Nothing, provider::back)
        .post("/aanmelden/afgemeld", Asks::Nothing, provider::signed_out)
        .apart("/account", Asks::Nothing, account::show)
        .post("/account/wachtwoord", Asks::Nothing, account::change_password)
        .apart("/account/code", Asks::Nothing, account::ask_code)
        .post("/account/code", Asks::Nothing, account::keep_code)
        .post("/account/sleutel", Asks::Nothing, account::make_token)
        .post("/account/sleutel/intrekken", Asks::Nothing, account::revoke_token)
}

/// The cookie of a session, and that of a device somebody signed in on before. Behind TLS they have a prefix with which browsers hold
/// a cookie to this one host.
struct Names {
    session: &'static str,
    device: &'static str,
    pending: &'static str,
    attributes: &'static str,
}

/// On the loopback there is no TLS; elsewhere there must be.
fn names(headers: &HeaderMap) -> Names {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_own = ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| host.strip_prefix(own).is_some_and(is_port));
    if is_own {
        Names {
            session: "grip-sessie",
            device: "grip-apparaat",
            pending: "grip-onderweg",
            attributes: "; Path=/; HttpOnly; SameSite=Lax",
        }
    } else {
        Names {
            session: "__Host-grip-sessie",
            device: "__Host-grip-apparaat",
            pending: "__Host-grip-onderweg",
            attributes: "; Path=/; HttpOnly; Secure; SameSite=Lax",
        }
    }
}

fn is_port(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A cookie to be set; without an age it ends with the browser.
fn set_cookie(name: &str, value: &str, age_seconds: Option<i64>, attributes: &str) -> Result<HeaderValue, Problem> {
    let age = age_seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{name}={value}{attributes}{age}");
    HeaderValue::from_str(&text).map_err(|error| Problem::Broken(error.to_string()))
}

/// Who sent a request, and the cookie they get when their session has another secret from now on.
pub(crate) async fn visitor(shared: &Shared, headers: &HeaderMap) -> Result<(Visitor, Option<HeaderValue>), Problem> {
    let looks_as = cookie(headers, LOOKS_AS).and_then(|role| role.parse().ok());
    let Some((writing, _)) = shared.accounts() else {
        return Ok((Visitor::new(None, Rights::of_owner(), looks_as), None));
    };
    let now = (writing.now)();
    if let Some(token) = bearer(headers) {
        let found = match Secret::from_token(token) {
            Some(secret) => writing.register.find_token(&secret.hash(), now).await?,
            None => None,
        };
        let (token, grants) = found.ok_or(Problem::SignIn)?;
        let rights = rights_of(&token.scope)?.within(&rights_of(&grants)?);
        let visitor = Visitor::new(Some(token.account), rights, None);
        return Ok((Visitor { is_program: true, ..visitor }, None));
    }
    let Some((secret, session)) = session(&writing.register, headers, now).await? else {
        return Ok((Visitor::default(), None));
    };
    let mut fresh = None;
    if session.is_rotation_due {
        let new = Secret::generate().map_err(broken)?;
        if writing.register.rotate_session(&secret.hash(), &new.hash(), now).await? {
            let names = names(headers);
            fresh = Some(set_cookie(names.session, &new.expose(), None, names.attributes)?);
        }
    }
    // Who has a password has a second factor too, or sees nothing before there is one.
    let is_whole = session.source != Source::Local || session.has_second_factor;
    let rights = if is_whole { rights_of(&session.grants)? } else { Rights::default() };
    Ok((Visitor::new(Some(session.account), rights, looks_as), fresh))
}

/// The session whose cookie goes along with a request.
async fn session(
    register: &Register,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Option<(Secret, Session)>, Problem> {
    let Some(secret) = cookie(headers, names(headers).session).and_then(Secret::from_cookie) else { return Ok(None) };
    Ok(register.find_session(&secret.hash(), now).await?.map(|session| (secret, session)))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// What an account may, as it is kept.
pub(crate) fn rights_of(grants: &str) -> Result<Rights, Problem> {
    serde_json::from_str(grants).map_err(|error| Problem::Broken(format!("the rights of an account: {error}")))
}

fn broken(error: grip_access::AccessError) -> Problem {
    Problem::Broken(error.to_string())
}

/// Checks or hashes a password, which takes much memory: when many are tried at once, they wait for each other.
pub(crate) async fn at_passwords<T: Send + 'static>(
    shared: &Shared,
    work: impl FnOnce() -> Result<T, grip_access::AccessError> + Send + 'static,
) -> Result<T, Problem> {
    let _turn = shared.password_turns.acquire().await.map_err(|error| Problem::Broken(error.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Problem::Broken(error.to_string()))?.map_err(broken)
}

/// The register and what is needed to sign in, where people do.
fn doors(shared: &Shared) -> Result<(&Writing, &SignIn), Problem> {
    shared.accounts().ok_or(Problem::NotFound)
}

/// Begins a session on the device of a request, and gives the cookies of both.
async fn begin(
    shared: &Shared,
    headers: &HeaderMap,
    account: &Account,
    source: &Source,
) -> Result<[HeaderValue; 2], Problem> {
    let (writing, _) = doors(shared)?;
    let (names, now) = (names(headers), (writing.now)());
    // Whoever was somebody else here before is that no longer.
    if let Some((old, _)) = session(&writing.register, headers, now).await? {
        writing.register.end_session(&old.hash()).await?;
    }
    let device = match cookie(headers, names.device).and_then(Secret::from_cookie) {
        Some(device) => device,
        None => Secret::generate().map_err(broken)?,
    };
    writing.register.know_device(&device.hash(), account, now).await?;
    let secret = Secret::generate().map_err(broken)?;
    writing.register.begin_session(&secret.hash(), account, source, Some(&device.hash()), now).await?;
    let device_seconds = grip_access::lockout::DEVICE_AGE_MAX.as_secs();
    Ok([
        set_cookie(names.session, &secret.expose(), None, names.attributes)?,
        set_cookie(names.device, &device.expose(), Some(device_seconds), names.attributes)?,
    ])
}
