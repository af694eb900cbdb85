//! At an OpenID provider of the municipality.

use axum::{
    http::{HeaderMap, StatusCode, Uri, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use grip_access::{Grant, Reach, Rights, chain::Outcome};
use grip_oidc::{OidcError, Pending, RelyingParty, SignedIn};
use grip_register::{Account, Identity, Register, RegisterError, Source};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{begin, doors, names, set_cookie};
use crate::{App, address::Asked, app::cookie, problem::Problem, vragen::local};

fn provider(app: &App) -> Result<&RelyingParty, Problem> {
    doors(app)?.1.provider.as_deref().ok_or(Problem::NotFound)
}

/// What the purpose of a sealed cookie is.
const PENDING: &str = "grip onderweg";

/// `/aanmelden/elders`: goes to the provider.
pub(crate) async fn go(app: App, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let (writing, sign_in) = doors(&app)?;
    let back = Asked::of(&uri)?.get("terug").and_then(local).unwrap_or_else(|| "/".to_owned());
    let (address, pending) = provider(&app)?.begin(&back, (writing.now)()).await?;
    let text = serde_json::to_vec(&pending).map_err(|error| Problem::Broken(error.to_string()))?;
    let sealed = sign_in.key.seal(PENDING, &text).map_err(super::broken)?;
    let names = names(&headers);
    let age = grip_oidc::PENDING_MINUTES_MAX * 60;
    let kept = set_cookie(names.pending, &sealed, Some(age), names.attributes)?;
    Ok((AppendHeaders([(header::SET_COOKIE, kept)]), Redirect::to(address.as_str())).into_response())
}

/// `/aanmelden/terug`: back from the provider.
pub(crate) async fn back(app: App, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let (writing, sign_in) = doors(&app)?;
    let names = names(&headers);
    let now = (writing.now)();
    let sealed = cookie(&headers, names.pending).ok_or(Problem::SignIn)?;
    let opened = sign_in.key.open(PENDING, sealed).map_err(|_| Problem::SignIn)?;
    let pending: Pending = serde_json::from_slice(&opened).map_err(|_| Problem::SignIn)?;
    let found = provider(&app)?.finish(uri.query().unwrap_or_default(), pending, now).await?;
    let rights = rights(&found)?;
    if rights.roles().is_empty() {
        app.audit(None, "sign_in", "oidc", Outcome::Refused).await?;
        return Err(Problem::NotAllowed);
    }
    let account = account(&writing.register, &found, &rights, now).await?;
    let source = Source::Oidc { issuer: found.issuer.clone(), sid: found.session.clone() };
    let cookies = begin(&app, &headers, &account, &source).await?;
    app.audit(Some(&account), "sign_in", "oidc", Outcome::Done).await?;
    let used = set_cookie(names.pending, "", Some(0), names.attributes)?;
    let cookies: Vec<_> = cookies.into_iter().chain([used]).map(|cookie| (header::SET_COOKIE, cookie)).collect();
    Ok((AppendHeaders(cookies), Redirect::to(&found.return_to)).into_response())
}

/// What the claims of the provider give. A role or a municipality in the settings that there is not is a fault of the settings.
fn rights(found: &SignedIn) -> Result<Rights, Problem> {
    let wrong = |text: &str| Problem::Broken(format!("the settings of the OpenID provider give `{text}`"));
    let grant = |grant: &grip_oidc::Grant| {
        let role = grant.role.parse().map_err(|_| wrong(&grant.role))?;
        let gemeenten = match grant.municipalities.as_slice() {
            [all] if all == "alle" => Reach::All,
            some => Reach::Only(
                some.iter().map(|code| code.parse().map_err(|_| wrong(code))).collect::<Result<_, Problem>>()?,
            ),
        };
        Ok(Grant { role, gemeenten })
    };
    found.grants.iter().map(grant).collect::<Result<_, Problem>>().map(Rights)
}

/// The account of who signed in, made at the first time, with the rights that the provider gives now.
async fn account(register: &Register, found: &SignedIn, rights: &Rights, now: Timestamp) -> Result<Account, Problem> {
    let identity = Identity { issuer: found.issuer.clone(), subject: found.subject.clone() };
    let grants = serde_json::to_string(rights).map_err(|error| Problem::Broken(error.to_string()))?;
    if let Some(user) = register.account_of(&identity).await? {
        if user.closed {
            return Err(Problem::NotAllowed);
        }
        if user.grants != grants {
            register.set_grants(&user.account, &grants, now).await?;
        }
        return Ok(user.account);
    }
    // Under the name of the provider when it can be one and nobody has it; never the account of somebody else.
    let named = found.subject.parse::<Account>();
    let account = match named {
        Ok(account) => match register.make_account(&account, &grants, now).await {
            Ok(()) => account,
            Err(RegisterError::AccountTaken) => by_mark(register, &identity, &grants, now).await?,
            Err(other) => return Err(other.into()),
        },
        Err(_) => by_mark(register, &identity, &grants, now).await?,
    };
    register.set_identity(&account, Some(&identity)).await?;
    Ok(account)
}

/// An account whose name is a mark of who it is.
async fn by_mark(register: &Register, identity: &Identity, grants: &str, now: Timestamp) -> Result<Account, Problem> {
    let digest = Sha256::digest(format!("{}\n{}", identity.issuer, identity.subject));
    let mark: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let account: Account =
        format!("oidc-{mark}").parse().map_err(|_| Problem::Broken("a mark is no name".to_owned()))?;
    register.make_account(&account, grants, now).await?;
    Ok(account)
}

/// `POST /aanmelden/afgemeld`: the provider tells that somebody signed out there. Not from a browser, so not from this site.
pub(crate) async fn signed_out(app: App, body: String) -> Result<Response, Problem> {
    let (writing, _) = doors(&app)?;
    let told = match provider(&app)?.receive_logout(&body, (writing.now)()).await {
        Ok(told) => told,
        // OpenID Connect Back-Channel Logout 1.0 §2.8.
        Err(_) => return Ok((StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")]).into_response()),
    };
    let ended = match (&told.session, told.subject) {
        (Some(sid), _) => writing.register.end_sessions_of_sid(&told.issuer, sid).await?,
        (None, Some(subject)) => {
            let identity = Identity { issuer: told.issuer.clone(), subject };
            writing.register.end_sessions_of_identity(&identity).await?
        }
        (None, None) => 0,
    };
    app.audit(None, "sign_out", &format!("oidc {ended}"), Outcome::Done).await?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        Self::Provider(std::sync::Arc::new(error))
    }
}
