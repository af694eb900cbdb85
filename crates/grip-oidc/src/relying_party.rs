use std::{fmt, time::Duration};

use jiff::{SignedDuration, Timestamp};
use reqwest::{
    RequestBuilder,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::{Url, form_urlencoded};

use crate::{
    ClientKey, Flaw, Grant, LoggedOut, OidcError, Part, Pending, Settings,
    claims::{self, Expected, check_id_token},
    grant::grants,
    http::{Answer, Http},
    jws::Token,
    logout::{KIND, Seen, check_logout_token},
    pending::{is_same, random},
    provider::{Metadata, Provider},
    settings::address,
};

/// How long an assertion of Grip is good. It is used at once.
const ASSERTION_SECONDS: i64 = 60;
/// Characters of a code of an error at most.
const CODE_CHARS_MAX: usize = 64;
/// Characters of a name of a person at most.
const NAME_CHARS_MAX: usize = 200;

/// Grip as a relying party of one provider. Knows no cookies, pages or sessions: the caller keeps [`Pending`], gives the
/// queries that come in, and gets addresses and what the provider says of a person. It has no clock either; `now` is the
/// caller's.
pub struct RelyingParty {
    settings: Settings,
    key: ClientKey,
    provider: Provider,
    seen: Seen,
}

/// Shows the settings and nothing else.
impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelyingParty").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// The ID token itself, to give back to the provider at signing out. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenHint(String);

impl fmt::Debug for IdTokenHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdTokenHint")
    }
}

/// Somebody who signed in, as far as Grip wants to know. Its `Debug` shows nothing of the person.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The provider.
    pub issuer: String,
    /// Who it is, at this provider and for this client; together with the issuer it is always the same person.
    pub subject: String,
    /// The session at the provider, for a sign-out that it tells of.
    pub session: Option<String>,
    /// A name to show, when the provider gives the claim `name`.
    pub name: Option<String>,
    /// How the person signed in.
    pub acr: Option<String>,
    /// What the person may by the rules of the settings; without any, nothing.
    pub grants: Vec<Grant>,
    /// For signing out at the provider.
    pub id_token: IdTokenHint,
    /// Where on this server the person wanted to be: a path, never another server.
    pub return_to: String,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("grants", &self.grants).finish_non_exhaustive()
    }
}

/// What the token endpoint sends: RFC 6749 §5.1, OpenID Connect Core 1.0 §3.1.3.3.
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    token_type: String,
    id_token: String,
}

impl RelyingParty {
    /// A relying party that asks nothing of the provider yet. `time_out` is for each answer of it; see
    /// [`crate::TIME_OUT_SECONDS`].
    ///
    /// # Errors
    ///
    /// [`OidcError::Setting`] when the settings were changed after they were read, [`OidcError::Client`] when there is no
    /// TLS.
    pub fn new(settings: Settings, key: ClientKey, time_out: Duration) -> Result<Self, OidcError> {
        settings.check()?;
        let wrong = OidcError::Setting { field: "issuer", problem: "is no address" };
        let http = Http::new(&address(&settings.issuer).ok_or(wrong)?, time_out)?;
        let provider = Provider::new(settings.issuer.clone(), http);
        Ok(Self { settings, key, provider, seen: Seen::default() })
    }

    /// Looks whether the provider is there and does what the profile asks for, so that an administrator need not sign in to
    /// know.
    ///
    /// # Errors
    ///
    /// What is wrong.
    pub async fn check(&self, now: Timestamp) -> Result<(), OidcError> {
        let metadata = self.provider.metadata(now).await?;
        self.assertion(&metadata, now)?;
        self.provider.keys(now).await.map(drop)
    }

    /// Begins a sign-in: where to send the browser, and what to keep until it comes back. `return_to` is the path to show
    /// afterwards; anything else than a path on this server becomes `/`.
    ///
    /// OIDC NL GOV 1.0 §3 (code flow only), §4.2.1 (`state`, `nonce`, PKCE with S256, `acr_values`).
    ///
    /// # Errors
    ///
    /// When the provider is not there, or does not do what the profile asks for.
    pub async fn begin(&self, return_to: &str, now: Timestamp) -> Result<(Url, Pending), OidcError> {
        let metadata = self.provider.metadata(now).await?;
        let pending = Pending::new(return_to, now)?;
        let mut url = metadata.authorization_endpoint.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.settings.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &pending.challenge())
            .append_pair("code_challenge_method", "S256");
        if !self.settings.acr_values.is_empty() {
            query.append_pair("acr_values", &self.settings.acr_values.join(" "));
        }
        drop(query);
        Ok((url, pending))
    }

    /// Ends a sign-in: `query` is what stands behind the `?` of the address the browser came back to, `pending` what was
    /// kept for this browser. It is used up, so that no code is sent twice.
    ///
    /// OIDC NL GOV 1.0 §4.2.3 (`state`), §4.3.1 (`private_key_jwt`), §4.3.2 (tokens), §4.3.3 and §4.3.4 (validation); RFC
    /// 9207 (`iss`).
    ///
    /// # Errors
    ///
    /// When the provider is not there or refuses, when the answer is not to this question or comes too late, or when a
    /// token is not to be trusted. Nobody has signed in then.
    pub async fn finish(&self, query: &str, pending: Pending, now: Timestamp) -> Result<SignedIn, OidcError> {
        if pending.is_over(now) {
            return Err(OidcError::TooLate);
        }
        let metadata = self.provider.metadata(now).await?;
        let code = self.code(query, &pending, metadata.says_issuer)?;
        let tokens = self.tokens(&metadata, &code, &pending, now).await?;
        let token = Token::parse(&tokens.id_token).map_err(OidcError::IdToken)?;
        // Tokens of other kinds say so: RFC 8725 §3.11.
        if token.kind().is_some_and(|kind| kind != "jwt") {
            return Err(OidcError::IdToken(Flaw::Kind));
        }
        let claims = self.provider.verify(&token, now, OidcError::IdToken).await?;
        let expected = Expected {
            settings: &self.settings,
            nonce: &pending.nonce,
            begun_at_seconds: pending.begun_at_seconds,
            access_token: &tokens.access_token,
            now,
        };
        check_id_token(&claims, &expected).map_err(OidcError::IdToken)?;
        let subject = claims::id(&claims, "sub").ok_or(OidcError::IdToken(Flaw::Form))?.to_owned();
        let acr = claims::text(&claims, "acr").map(ToOwned::to_owned);
        let session = claims::id(&claims, "sid").map(ToOwned::to_owned);
        let claims = match self.settings.userinfo {
            true => self.with_userinfo(&metadata, claims, &subject, &tokens.access_token).await?,
            false => claims,
        };
        Ok(SignedIn {
            issuer: self.settings.issuer.clone(),
            subject,
            session,
            name: claims::text(&claims, "name").and_then(shown_name),
            acr,
            grants: grants(&self.settings.rules, &claims),
            id_token: IdTokenHint(tokens.id_token),
            return_to: pending.return_to,
        })
    }

    /// Where to send the browser to sign out at the provider too; nothing when the provider has no such address. OpenID
    /// Connect RP-Initiated Logout 1.0 §2.
    ///
    /// # Errors
    ///
    /// When the provider is not there.
    pub async fn logout_address(&self, id_token: &IdTokenHint, now: Timestamp) -> Result<Option<Url>, OidcError> {
        let metadata = self.provider.metadata(now).await?;
        let Some(mut url) = metadata.end_session_endpoint.clone() else { return Ok(None) };
        let mut query = url.query_pairs_mut();
        query.append_pair("id_token_hint", &id_token.0).append_pair("client_id", &self.settings.client_id);
        if let Some(uri) = &self.settings.post_logout_redirect_uri {
            query.append_pair("post_logout_redirect_uri", uri);
        }
        drop(query);
        Ok(Some(url))
    }

    /// Takes a sign-out that the provider tells of: `form` is the body it posts, as `application/x-www-form-urlencoded`.
    /// The caller ends the sessions of that sign-in, answers 200 with `Cache-Control: no-store`, and 400 for an error.
    /// OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8.
    ///
    /// # Errors
    ///
    /// [`OidcError::LogoutToken`] when it is not of the provider, not for Grip, too old, or was taken before; or when the
    /// keys of the provider can't be fetched.
    pub async fn receive_logout(&self, form: &str, now: Timestamp) -> Result<LoggedOut, OidcError> {
        let text = parameter(form, "logout_token").ok().flatten().ok_or(OidcError::LogoutToken(Flaw::Form))?;
        let token = Token::parse(&text).map_err(OidcError::LogoutToken)?;
        if token.kind().as_deref() != Some(KIND) {
            return Err(OidcError::LogoutToken(Flaw::Kind));
        }
        let claims = self.provider.verify(&token, now, OidcError::LogoutToken).await?;
        check_logout_token(&claims, &self.settings, &self.seen, now).map_err(OidcError::LogoutToken)
    }

    /// The public half of Grip's key as a JWK, for whoever registers Grip with the provider.
    pub fn public_jwk(&self) -> Value {
        self.key.public_jwk()
    }

    /// The code of an answer that belongs to this sign-in.
    fn code(&self, query: &str, pending: &Pending, says_issuer: bool) -> Result<String, OidcError> {
        let value = |name| parameter(query, name).map_err(|Twice| OidcError::Foreign);
        // First of all: what does not belong here is not read.
        if !value("state")?.is_some_and(|state| is_same(&state, &pending.state)) {
            return Err(OidcError::Foreign);
        }
        // RFC 9207 §2.4.
        let is_from_issuer = match value("iss")? {
            Some(issuer) => issuer == self.settings.issuer,
            None => !says_issuer,
        };
        if !is_from_issuer {
            return Err(OidcError::Foreign);
        }
        if let Some(code) = value("error")? {
            return Err(OidcError::Denied(error_code(&code).unwrap_or_else(|| "unknown".to_owned())));
        }
        value("code")?.filter(|code| !code.is_empty()).ok_or(OidcError::Foreign)
    }

    /// The tokens for a code: OIDC NL GOV 1.0 §4.3.2.
    async fn tokens(
        &self,
        metadata: &Metadata,
        code: &str,
        pending: &Pending,
        now: Timestamp,
    ) -> Result<Tokens, OidcError> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.settings.redirect_uri)
            .append_pair("code_verifier", &pending.verifier)
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("client_assertion", &self.assertion(metadata, now)?)
            .finish();
        let url = &metadata.token_endpoint;
        let request = self.provider.http.post(url).body(form);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = self.ask(Part::Tokens, url, request).await?;
        let unusable = |problem| OidcError::Unusable { part: Part::Tokens, problem };
        let tokens: Tokens =
            serde_json::from_slice(&body).map_err(|_| unusable("it is not the JSON that the standard prescribes"))?;
        // RFC 6749 §7.1: a type that is not understood is not used.
        if !tokens.token_type.eq_ignore_ascii_case("Bearer") {
            return Err(unusable("its `token_type` is not `Bearer`"));
        }
        Ok(tokens)
    }

    /// A new assertion that Grip is Grip: NL GOV Assurance profile for OAuth 2.0 §2.3.3.
    fn assertion(&self, metadata: &Metadata, now: Timestamp) -> Result<String, OidcError> {
        let algorithm = self.key.algorithm(metadata.client_algorithms.as_deref());
        let algorithm = algorithm.ok_or(OidcError::Unsupported("signatures with this kind of key of Grip"))?;
        let until = now + SignedDuration::from_secs(ASSERTION_SECONDS);
        let claims = json!({
            "iss": self.settings.client_id,
            "sub": self.settings.client_id,
            "aud": metadata.token_endpoint.as_str(),
            "iat": now.as_second(),
            "exp": until.as_second(),
            "jti": random()?,
        });
        self.key.sign(algorithm, &claims)
    }

    /// The claims with those of userinfo, where the ID token has none of that name. Only of the same subject: OpenID
    /// Connect Core 1.0 §5.3.2.
    async fn with_userinfo(
        &self,
        metadata: &Metadata,
        mut claims: Map<String, Value>,
        subject: &str,
        access_token: &str,
    ) -> Result<Map<String, Value>, OidcError> {
        let unusable = |problem| OidcError::Unusable { part: Part::UserInfo, problem };
        let url = metadata.userinfo_endpoint.as_ref().ok_or(OidcError::Unsupported("userinfo"))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {access_token}"));
        let mut bearer =
            bearer.map_err(|_| OidcError::Unusable { part: Part::Tokens, problem: "its token fits in no header" })?;
        bearer.set_sensitive(true);
        let body = self.ask(Part::UserInfo, url, self.provider.http.get(url).header(AUTHORIZATION, bearer)).await?;
        let more: Map<String, Value> =
            serde_json::from_slice(&body).map_err(|_| unusable("it is no JSON; signed userinfo is not taken"))?;
        if claims::id(&more, "sub") != Some(subject) {
            return Err(OidcError::OtherSubject);
        }
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
        Ok(claims)
    }

    /// The body of an answer with status 200.
    async fn ask(&self, part: Part, url: &Url, request: RequestBuilder) -> Result<Vec<u8>, OidcError> {
        #[derive(Deserialize)]
        struct Refusal {
            error: String,
        }
        let Answer { status, body, .. } = self.provider.http.ask(part, url, request).await?;
        if status == 200 {
            return Ok(body);
        }
        // RFC 6749 §5.2. Its description may hold anything and is left.
        let code = serde_json::from_slice(&body).ok().and_then(|Refusal { error }| error_code(&error));
        Err(OidcError::Refused { part, status, code })
    }
}

/// A parameter that stands there more than once, which RFC 6749 §3.1 forbids.
struct Twice;

/// The value of a parameter in a query or form.
fn parameter(form: &str, name: &str) -> Result<Option<String>, Twice> {
    let mut values = form_urlencoded::parse(form.as_bytes()).filter(|(found, _)| found == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    if values.next().is_some() { Err(Twice) } else { Ok(value) }
}

/// A code of an error, when it looks like one.
fn error_code(text: &str) -> Option<String> {
    let is_code = (1..=CODE_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    is_code.then(|| text.to_owned())
}

/// A name that fits on a page.
fn shown_name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    (!name.is_empty()).then_some(name)
}
