//! What is asked of the claims of a token, whoever signed it.

use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};

use crate::{Flaw, Settings, jws::encode, pending::is_same};

/// How far the clocks of Grip and the provider may be apart: OpenID Connect Core 1.0 §3.1.3.7 allows a small leeway.
pub(crate) const LEEWAY: SignedDuration = SignedDuration::from_secs(30);
/// Characters of an identification at most: OpenID Connect Core 1.0 §2 `sub`.
const ID_CHARS_MAX: usize = 255;
/// Levels of eIDAS from low to high, as they stand in `acr`: OIDC NL GOV 1.0 §5.2 "Authentication Context".
const EIDAS: [&str; 3] =
    ["http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"];

/// A claim that is a text; nothing when it is something else.
pub(crate) fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    claims.get(name).and_then(Value::as_str)
}

/// A claim that identifies, of a reasonable length.
pub(crate) fn id<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c str> {
    text(claims, name).filter(|id| !id.is_empty() && id.len() <= ID_CHARS_MAX && !id.contains(char::is_control))
}

/// A claim that is there, whatever it is.
pub(crate) fn is_there(claims: &Map<String, Value>, name: &str) -> bool {
    claims.get(name).is_some_and(|value| !value.is_null())
}

/// A claim that is a time in seconds since 1970, perhaps with a fraction, which is cut off: RFC 7519 §2 "NumericDate".
pub(crate) fn time(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, Flaw> {
    let Some(value) = claims.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let number = value.as_number().ok_or(Flaw::Form)?.to_string();
    let seconds = number.split('.').next().and_then(|whole| whole.parse().ok()).ok_or(Flaw::Form)?;
    Timestamp::from_second(seconds).map(Some).map_err(|_| Flaw::Form)
}

/// `iss`, `aud` and `azp`: OpenID Connect Core 1.0 §3.1.3.7, 2 to 5, and OIDC NL GOV 1.0 §4.3.4. No audience beside Grip is
/// trusted.
pub(crate) fn check_parties(claims: &Map<String, Value>, settings: &Settings) -> Result<(), Flaw> {
    if text(claims, "iss") != Some(&settings.issuer) {
        return Err(Flaw::Issuer);
    }
    let is_ours = |value: &Value| value.as_str() == Some(&settings.client_id);
    let is_alone = match claims.get("aud") {
        Some(Value::Array(audiences)) => !audiences.is_empty() && audiences.iter().all(is_ours),
        Some(audience) => is_ours(audience),
        None => false,
    };
    if !is_alone || is_there(claims, "azp") && !claims.get("azp").is_some_and(is_ours) {
        return Err(Flaw::Audience);
    }
    Ok(())
}

/// `exp`, `iat` and `nbf`: OIDC NL GOV 1.0 §4.3.4. Returns when the token was issued and when it expires.
pub(crate) fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(Timestamp, Timestamp), Flaw> {
    let (Some(issued), Some(expires)) = (time(claims, "iat")?, time(claims, "exp")?) else { return Err(Flaw::Form) };
    let begins = time(claims, "nbf")?.unwrap_or(issued);
    if now.duration_since(expires) >= LEEWAY {
        return Err(Flaw::Late);
    }
    if issued.max(begins).duration_since(now) > LEEWAY {
        return Err(Flaw::Early);
    }
    Ok((issued, expires))
}

/// What a sign-in says about itself, to hold against an ID token.
pub(crate) struct Expected<'e> {
    pub(crate) settings: &'e Settings,
    pub(crate) nonce: &'e str,
    /// When it began, in whole seconds since 1970; no ID token for it is older.
    pub(crate) begun_at_seconds: i64,
    pub(crate) access_token: &'e str,
    pub(crate) now: Timestamp,
}

/// Everything that is asked of an ID token beside its signature: OIDC NL GOV 1.0 §4.3.4 and OpenID Connect Core 1.0
/// §3.1.3.7 and §3.1.3.8.
pub(crate) fn check_id_token(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Flaw> {
    check_parties(claims, expected.settings)?;
    let (issued, _) = check_times(claims, expected.now)?;
    if expected.begun_at_seconds.saturating_sub(issued.as_second()) > LEEWAY.as_secs() {
        return Err(Flaw::Old);
    }
    if !text(claims, "nonce").is_some_and(|nonce| is_same(nonce, expected.nonce)) {
        return Err(Flaw::Nonce);
    }
    if id(claims, "sub").is_none() {
        return Err(Flaw::Form);
    }
    // Who acts for another must not be taken for himself; that nobody does is not agreed: §5.2 "Representation
    // Relationships".
    if is_there(claims, "represents") {
        return Err(Flaw::Represents);
    }
    if !is_enough(text(claims, "acr"), expected.settings.acr_enough()) {
        return Err(Flaw::NotEnough);
    }
    let is_bound = match claims.get("at_hash").filter(|hash| !hash.is_null()) {
        Some(hash) => hash.as_str().is_some_and(|hash| is_same(hash, &access_token_hash(expected.access_token))),
        None => true,
    };
    if is_bound { Ok(()) } else { Err(Flaw::AccessToken) }
}

/// Left half of the hash of an access token, for algorithms with SHA-256: OpenID Connect Core 1.0 §3.1.3.6 `at_hash`.
fn access_token_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    encode(hash.as_ref().split_at(hash.as_ref().len() / 2).0)
}

/// Whether a way of signing in is one of those that are good enough, or a higher level of eIDAS than one of them: OIDC NL
/// GOV 1.0 §4.3.4 `acr`.
fn is_enough(acr: Option<&str>, enough: &[String]) -> bool {
    if enough.is_empty() {
        return true;
    }
    let Some(acr) = acr else { return false };
    let level = |acr: &str| EIDAS.iter().position(|level| *level == acr);
    enough.iter().any(|one| one == acr || level(one).is_some_and(|least| level(acr) > Some(least)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_767_268_800;

    fn settings(more: &str) -> Settings {
        let text = format!(
            "issuer = 'https://a.nl'\nclient_id = 'grip'\nsleutel = 'x'\nredirect_uri = 'https://grip.nl/terug'\n{more}"
        );
        Settings::from_toml(&text).expect("good settings")
    }

    fn good() -> Value {
        json!({
            "iss": "https://a.nl", "sub": "s", "aud": "grip", "exp": NOW + 300, "iat": NOW, "nonce": "n",
            // Of the access token `jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y`: OpenID Connect Core 1.0, appendix A.3.
            "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
        })
    }

    fn verdict(settings: &Settings, change: impl FnOnce(&mut Value)) -> Result<(), Flaw> {
        let mut claims = good();
        change(&mut claims);
        let now = Timestamp::from_second(NOW).expect("a time");
        let expected = Expected {
            settings,
            nonce: "n",
            begun_at_seconds: NOW,
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            now,
        };
        check_id_token(claims.as_object().expect("an object"), &expected)
    }

    #[test]
    fn a_good_token_is_taken() {
        assert_eq!(verdict(&settings(""), |_| {}), Ok(()));
        for (name, value) in [
            ("aud", json!(["grip"])),
            ("azp", json!("grip")),
            ("at_hash", Value::Null),
            ("iat", json!(1_767_268_800.75)),
            ("exp", json!(NOW - 29)),
            ("nbf", json!(NOW + 30)),
            ("iat", json!(NOW - 30)),
        ] {
            assert_eq!(verdict(&settings(""), |claims| claims[name] = value.clone()), Ok(()), "{name}: {value}");
        }
    }

    #[test]
    fn each_claim_can_be_wrong() {
        for (name, value, flaw) in [
            ("iss", json!("https://a.nl/"), Flaw::Issuer),
            ("iss", Value::Null, Flaw::Issuer),
            ("aud", json!("other"), Flaw::Audience),
            ("aud", json!(["grip", "other"]), Flaw::Audience),
            ("aud", json!([]), Flaw::Audience),
            ("aud", Value::Null, Flaw::Audience),
            ("azp", json!("other"), Flaw::Audience),
            ("exp", json!(NOW - 30), Flaw::Late),
            ("exp", Value::Null, Flaw::Form),
            ("exp", json!("tomorrow"), Flaw::Form),
            ("exp", json!(1e300), Flaw::Form),
            ("iat", json!(NOW + 31), Flaw::Early),
            ("iat", json!(NOW - 31), Flaw::Old),
            ("iat", Value::Null, Flaw::Form),
            ("nbf", json!(NOW + 31), Flaw::Early),
            ("nonce", json!("m"), Flaw::Nonce),
            ("nonce", Value::Null, Flaw::Nonce),
            ("sub", json!(""), Flaw::Form),
            ("sub", json!("x".repeat(256)), Flaw::Form),
            ("sub", json!(7), Flaw::Form),
            ("represents", json!({ "sub": "x" }), Flaw::Represents),
            ("at_hash", json!("77QmUPtjPfzWtF2AnpK9RR"), Flaw::AccessToken),
            ("at_hash", json!(1), Flaw::AccessToken),
        ] {
            let found = verdict(&settings(""), |claims| claims[name] = value.clone());
            assert_eq!(found, Err(flaw), "{name}: {value}");
        }
    }

    #[test]
    fn acr_is_at_least_what_is_asked() {
        let asked = settings("acr_values = ['http://eidas.europa.eu/LoA/substantial', 'urn:own']");
        for (acr, is_enough) in [
            (json!("http://eidas.europa.eu/LoA/low"), false),
            (json!("http://eidas.europa.eu/LoA/substantial"), true),
            (json!("http://eidas.europa.eu/LoA/high"), true),
            (json!("urn:own"), true),
            (json!("urn:other"), false),
            (json!(["urn:own"]), false),
            (Value::Null, false),
        ] {
            let expected = if is_enough { Ok(()) } else { Err(Flaw::NotEnough) };
            assert_eq!(verdict(&asked, |claims| claims["acr"] = acr.clone()), expected, "{acr}");
        }
        let own = settings("acr_values = ['urn:own']");
        let high = verdict(&own, |claims| claims["acr"] = json!("http://eidas.europa.eu/LoA/high"));
        assert_eq!(high, Err(Flaw::NotEnough));
    }
}
