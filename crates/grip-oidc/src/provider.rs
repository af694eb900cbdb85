use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    Flaw, OidcError, Part,
    http::{Answer, Http},
    jws::{Algorithm, Keys, Token},
    settings::address,
};

/// How long discovery and keys are kept when the provider does not say: an hour. OIDC NL GOV 1.0 §4.4 asks to follow what
/// it says.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// And at least and at most, whatever it says.
const KEPT_MIN: SignedDuration = SignedDuration::from_mins(1);
const KEPT_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Keys are fetched again for a name that is not known no more than once in this time, so that whoever makes up names can't
/// make Grip ask the provider without end.
const KEYS_AGE_MIN: SignedDuration = SignedDuration::from_mins(1);

/// What the provider says about itself and is used here: OpenID Connect Discovery 1.0 §3.
#[derive(Debug)]
pub(crate) struct Metadata {
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    jwks_uri: Url,
    pub(crate) userinfo_endpoint: Option<Url>,
    pub(crate) end_session_endpoint: Option<Url>,
    /// Algorithms for `private_key_jwt`, when it lists them.
    pub(crate) client_algorithms: Option<Vec<String>>,
    /// Whether it says in its answers who it is: RFC 9207 §3.
    pub(crate) says_issuer: bool,
}

/// As it stands in the document.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
    id_token_signing_alg_values_supported: Vec<String>,
    code_challenge_methods_supported: Option<Vec<String>>,
    response_types_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Reads the document of a provider and looks whether the profile can be kept with it. Addresses must be as safe as the
    /// issuer's.
    fn read(bytes: &[u8], issuer: &str) -> Result<Self, OidcError> {
        let unusable = |problem| OidcError::Unusable { part: Part::Discovery, problem };
        let document: Document =
            serde_json::from_slice(bytes).map_err(|_| unusable("it is not the JSON that the standard prescribes"))?;
        // To the letter: OpenID Connect Discovery 1.0 §4.3.
        if document.issuer != issuer {
            return Err(unusable("it is of another issuer"));
        }
        let has = |list: &[String], word: &str| list.iter().any(|found| found == word);
        // OIDC NL GOV 1.0 §3: only the code flow.
        if !has(&document.response_types_supported, "code") {
            return Err(OidcError::Unsupported("the response type `code`"));
        }
        // §4.3.1. Who lists no methods has only `client_secret_basic`: OpenID Connect Discovery 1.0 §3.
        if !document.token_endpoint_auth_methods_supported.is_some_and(|methods| has(&methods, "private_key_jwt")) {
            return Err(OidcError::Unsupported("`private_key_jwt`"));
        }
        // §4.2.1. Some have PKCE and do not list it.
        if document.code_challenge_methods_supported.is_some_and(|methods| !has(&methods, "S256")) {
            return Err(OidcError::Unsupported("PKCE with S256"));
        }
        if !document.id_token_signing_alg_values_supported.iter().any(|name| Algorithm::named(name).is_some()) {
            return Err(OidcError::Unsupported("ID tokens signed with RS256, PS256 or ES256"));
        }
        let url = |text: &str| {
            let url = address(text).filter(|url| url.scheme() == "https" || issuer.starts_with("http:"));
            url.ok_or_else(|| unusable("it names an address without https"))
        };
        let maybe = |text: Option<String>| text.map(|text| url(&text)).transpose();
        Ok(Self {
            authorization_endpoint: url(&document.authorization_endpoint)?,
            token_endpoint: url(&document.token_endpoint)?,
            jwks_uri: url(&document.jwks_uri)?,
            userinfo_endpoint: maybe(document.userinfo_endpoint)?,
            end_session_endpoint: maybe(document.end_session_endpoint)?,
            client_algorithms: document.token_endpoint_auth_signing_alg_values_supported,
            says_issuer: document.authorization_response_iss_parameter_supported,
        })
    }
}

/// Something fetched, and how long it is good.
#[derive(Debug)]
struct Kept<T> {
    what: Arc<T>,
    since: Timestamp,
    lasts: SignedDuration,
}

impl<T> Kept<T> {
    fn new(what: T, answer: &Answer, now: Timestamp) -> Self {
        let said = answer.max_age_seconds.map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX));
        let lasts = said.map_or(KEPT, SignedDuration::from_secs).clamp(KEPT_MIN, KEPT_MAX);
        Self { what: Arc::new(what), since: now, lasts }
    }

    /// A clock that was set back makes everything old.
    fn is_good(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.since);
        !age.is_negative() && age < self.lasts
    }
}

#[derive(Debug, Default)]
struct Cache {
    metadata: Option<Kept<Metadata>>,
    keys: Option<Kept<Keys>>,
    /// When keys were last asked for, whether they came or not.
    keys_asked: Option<Timestamp>,
}

/// A provider, with what it said about itself for as long as that is good.
pub(crate) struct Provider {
    issuer: String,
    pub(crate) http: Http,
    cache: Mutex<Cache>,
    /// Held by the one that fetches keys for a name that is not known; others wait for what it gets.
    fetching: tokio::sync::Mutex<()>,
}

impl Provider {
    pub(crate) fn new(issuer: String, http: Http) -> Self {
        Self { issuer, http, cache: Mutex::default(), fetching: tokio::sync::Mutex::default() }
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // Nothing in it is ever half written.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the provider says about itself.
    pub(crate) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, OidcError> {
        let kept = self.cache().metadata.as_ref().filter(|kept| kept.is_good(now)).map(|kept| Arc::clone(&kept.what));
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let unusable = OidcError::Unusable { part: Part::Discovery, problem: "`issuer` is no address" };
        // OpenID Connect Discovery 1.0 §4.1.
        let text = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let url = address(&text).ok_or(unusable)?;
        let answer = self.fetch(Part::Discovery, &url).await?;
        let kept = Kept::new(Metadata::read(&answer.body, &self.issuer)?, &answer, now);
        let metadata = Arc::clone(&kept.what);
        self.cache().metadata = Some(kept);
        Ok(metadata)
    }

    /// The provider's keys.
    pub(crate) async fn keys(&self, now: Timestamp) -> Result<Arc<Keys>, OidcError> {
        let kept = self.cache().keys.as_ref().filter(|kept| kept.is_good(now)).map(|kept| Arc::clone(&kept.what));
        match kept {
            Some(kept) => Ok(kept),
            None => self.fetch_keys(now).await,
        }
    }

    /// The keys of this moment, when they are others than `known` or may be asked for again.
    async fn newer_keys(&self, known: &Arc<Keys>, now: Timestamp) -> Result<Option<Arc<Keys>>, OidcError> {
        let _turn = self.fetching.lock().await;
        {
            let cache = self.cache();
            let other = cache.keys.as_ref().filter(|kept| !Arc::ptr_eq(&kept.what, known));
            if let Some(other) = other {
                return Ok(Some(Arc::clone(&other.what)));
            }
            if cache.keys_asked.is_some_and(|asked| now.duration_since(asked).abs() < KEYS_AGE_MIN) {
                return Ok(None);
            }
        }
        self.fetch_keys(now).await.map(Some)
    }

    async fn fetch_keys(&self, now: Timestamp) -> Result<Arc<Keys>, OidcError> {
        let metadata = self.metadata(now).await?;
        self.cache().keys_asked = Some(now);
        let answer = self.fetch(Part::Keys, &metadata.jwks_uri).await?;
        let problem = "it has no key for RS256, PS256 or ES256";
        let keys = Keys::parse(&answer.body).ok_or(OidcError::Unusable { part: Part::Keys, problem })?;
        let kept = Kept::new(keys, &answer, now);
        let keys = Arc::clone(&kept.what);
        self.cache().keys = Some(kept);
        Ok(keys)
    }

    async fn fetch(&self, part: Part, url: &Url) -> Result<Answer, OidcError> {
        let answer = self.http.ask(part, url, self.http.get(url)).await?;
        match answer.status {
            200 => Ok(answer),
            status => Err(OidcError::Refused { part, status, code: None }),
        }
    }

    /// The claims of a token that the provider signed. When it does not publish the key that is named, its keys are fetched
    /// again: it may have a new one (OpenID Connect Core 1.0 §10.1.1). `refuse` makes an error from what is wrong with the
    /// token.
    pub(crate) async fn verify(
        &self,
        token: &Token<'_>,
        now: Timestamp,
        refuse: fn(Flaw) -> OidcError,
    ) -> Result<Map<String, Value>, OidcError> {
        let keys = self.keys(now).await?;
        let verdict = match token.verify(&keys) {
            Err(Flaw::UnknownKey) => match self.newer_keys(&keys, now).await? {
                Some(newer) => token.verify(&newer),
                None => Err(Flaw::UnknownKey),
            },
            verdict => verdict,
        };
        verdict.map_err(refuse)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "issuer": "https://a.nl",
            "authorization_endpoint": "https://a.nl/auth",
            "token_endpoint": "https://a.nl/token",
            "jwks_uri": "https://b.nl/keys",
            "response_types_supported": ["code", "id_token"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["plain", "S256"],
        })
    }

    fn read(change: impl FnOnce(&mut Value)) -> Result<Metadata, OidcError> {
        let mut document = document();
        change(&mut document);
        Metadata::read(document.to_string().as_bytes(), "https://a.nl")
    }

    #[test]
    fn a_good_document_is_read() {
        let metadata = read(|_| {}).expect("a good document");
        assert_eq!(metadata.jwks_uri.as_str(), "https://b.nl/keys");
        assert!(metadata.end_session_endpoint.is_none() && !metadata.says_issuer);
        // Lists PKCE or has it silently.
        read(|document| document["code_challenge_methods_supported"] = Value::Null).expect("silent about PKCE");
    }

    #[test]
    fn documents_that_do_not_do_are_refused() {
        #[track_caller]
        fn refused(field: &str, value: Value, code: &str) {
            let error = read(|document| document[field] = value).expect_err("refused").to_string();
            assert!(error.starts_with(code), "{field}: {error}");
        }
        refused("issuer", json!("https://a.nl/"), "GS007");
        refused("issuer", Value::Null, "GS007");
        refused("token_endpoint", json!("http://a.nl/token"), "GS007");
        refused("token_endpoint", json!("http://127.0.0.1/token"), "GS007");
        refused("end_session_endpoint", json!("javascript:1"), "GS007");
        refused("response_types_supported", json!(["id_token"]), "GS008");
        refused("token_endpoint_auth_methods_supported", json!(["client_secret_basic"]), "GS008");
        refused("token_endpoint_auth_methods_supported", Value::Null, "GS008");
        refused("code_challenge_methods_supported", json!(["plain"]), "GS008");
        refused("id_token_signing_alg_values_supported", json!(["HS256", "none"]), "GS008");
    }

    #[test]
    fn what_is_kept_grows_old() {
        let now: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a time");
        let kept = |max_age_seconds| Kept::new((), &Answer { status: 200, body: Vec::new(), max_age_seconds }, now);
        let later = |seconds| now + SignedDuration::from_secs(seconds);
        for (max_age, good_seconds) in [(None, 3600), (Some(0), 60), (Some(300), 300), (Some(u64::MAX), 86_400)] {
            assert!(kept(max_age).is_good(later(good_seconds - 1)), "{max_age:?}");
            assert!(!kept(max_age).is_good(later(good_seconds)), "{max_age:?}");
        }
        assert!(!kept(None).is_good(later(-1)));
    }
}
