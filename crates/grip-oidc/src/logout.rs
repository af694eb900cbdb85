use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{
    Flaw, Settings,
    claims::{LEEWAY, check_parties, check_times, id, is_there},
};

/// The event that a logout token must tell of: OpenID Connect Back-Channel Logout 1.0 §2.4.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How long after it was issued a logout token is taken at most, so that what was received need not be remembered for
/// longer. The standard advises to let it expire in two minutes.
const AGE_MAX: SignedDuration = SignedDuration::from_mins(10);
/// Logout tokens that are remembered at most. All are signed by the provider; more in ten minutes is a fault there.
const SEEN_MAX: usize = 10_000;

/// Whose sign-in is over, as the provider tells. At least one of `subject` and `session` is there.
#[derive(Clone, PartialEq, Eq)]
pub struct LoggedOut {
    /// The provider.
    pub issuer: String,
    /// The person; without a session all of this person's sign-ins are over.
    pub subject: Option<String>,
    /// The session at the provider, as [`crate::SignedIn::session`] had it.
    pub session: Option<String>,
}

/// Shows no claim of a person.
impl fmt::Debug for LoggedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoggedOut").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The media type of a logout token, without `application/`. The standard advises it (OpenID Connect Back-Channel Logout
/// 1.0 §2.4); OWASP ASVS 5.0, 10.5.5, requires it, so that no other token is taken for one.
pub(crate) const KIND: &str = "logout+jwt";

/// Everything that is asked of a logout token beside its signature: OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6.
pub(crate) fn check_logout_token(
    claims: &Map<String, Value>,
    settings: &Settings,
    seen: &Seen,
    now: Timestamp,
) -> Result<LoggedOut, Flaw> {
    check_parties(claims, settings)?;
    let (issued, expires) = check_times(claims, now)?;
    if now.duration_since(issued) > AGE_MAX {
        return Err(Flaw::Old);
    }
    // An ID token has one; so neither is taken for the other.
    if is_there(claims, "nonce") {
        return Err(Flaw::Kind);
    }
    if !claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object) {
        return Err(Flaw::Event);
    }
    let [subject, session] = ["sub", "sid"].map(|name| id(claims, name).map(ToOwned::to_owned));
    if is_there(claims, "sub") != subject.is_some() || is_there(claims, "sid") != session.is_some() {
        return Err(Flaw::Form);
    }
    if subject.is_none() && session.is_none() {
        return Err(Flaw::Nobody);
    }
    let name = id(claims, "jti").ok_or(Flaw::Form)?;
    seen.remember(name, expires.min(issued + AGE_MAX) + LEEWAY, now)?;
    Ok(LoggedOut { issuer: settings.issuer.clone(), subject, session })
}

/// Names of logout tokens that were taken, each for as long as it could be taken again.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<String, Timestamp>>);

impl Seen {
    fn remember(&self, name: &str, until: Timestamp, now: Timestamp) -> Result<(), Flaw> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, until| *until >= now);
        if seen.contains_key(name) {
            return Err(Flaw::Replayed);
        }
        if seen.len() >= SEEN_MAX {
            return Err(Flaw::TooMany);
        }
        seen.insert(name.to_owned(), until);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_767_268_800;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(NOW + seconds).expect("a time")
    }

    fn settings() -> Settings {
        let text = "issuer = 'https://a.nl'\nclient_id = 'grip'\nsleutel = 'x'\nredirect_uri = 'https://grip.nl/terug'";
        Settings::from_toml(text).expect("good settings")
    }

    fn good() -> Value {
        json!({
            "iss": "https://a.nl", "aud": "grip", "iat": NOW, "exp": NOW + 120, "jti": "j", "sub": "s", "sid": "t",
            "events": { EVENT: {} },
        })
    }

    fn verdict(claims: &Value, seen: &Seen, now: Timestamp) -> Result<LoggedOut, Flaw> {
        check_logout_token(claims.as_object().expect("an object"), &settings(), seen, now)
    }

    #[test]
    fn a_good_token_says_who() {
        let out = verdict(&good(), &Seen::default(), at(0)).expect("it is good");
        assert_eq!((out.subject.as_deref(), out.session.as_deref()), (Some("s"), Some("t")));
        for missing in ["sub", "sid"] {
            let mut claims = good();
            claims[missing] = Value::Null;
            assert!(verdict(&claims, &Seen::default(), at(0)).is_ok(), "{missing}");
        }
    }

    #[test]
    fn each_claim_can_be_wrong() {
        for (name, value, flaw) in [
            ("iss", json!("https://b.nl"), Flaw::Issuer),
            ("aud", json!("other"), Flaw::Audience),
            ("iat", Value::Null, Flaw::Form),
            ("iat", json!(NOW + 31), Flaw::Early),
            ("iat", json!(NOW - 601), Flaw::Old),
            ("exp", Value::Null, Flaw::Form),
            ("exp", json!(NOW - 30), Flaw::Late),
            ("jti", Value::Null, Flaw::Form),
            ("jti", json!(""), Flaw::Form),
            ("nonce", json!("n"), Flaw::Kind),
            ("events", Value::Null, Flaw::Event),
            ("events", json!([EVENT]), Flaw::Event),
            ("events", json!({ EVENT: "yes" }), Flaw::Event),
            ("events", json!({ "other": {} }), Flaw::Event),
            ("sub", json!(7), Flaw::Form),
            ("sid", json!(""), Flaw::Form),
        ] {
            let mut claims = good();
            claims[name] = value.clone();
            assert_eq!(verdict(&claims, &Seen::default(), at(0)), Err(flaw), "{name}: {value}");
        }
        let mut nobody = good();
        nobody["sub"] = Value::Null;
        nobody["sid"] = Value::Null;
        assert_eq!(verdict(&nobody, &Seen::default(), at(0)), Err(Flaw::Nobody));
    }

    #[test]
    fn a_token_is_taken_once_for_as_long_as_it_lives() {
        let seen = Seen::default();
        assert!(verdict(&good(), &seen, at(0)).is_ok());
        for later in [0, 1, 149] {
            assert_eq!(verdict(&good(), &seen, at(later)), Err(Flaw::Replayed), "{later}");
        }
        assert_eq!(verdict(&good(), &seen, at(150)), Err(Flaw::Late));
        let mut long = good();
        (long["exp"], long["jti"]) = (json!(NOW + 86_400), json!("k"));
        assert!(verdict(&long, &seen, at(0)).is_ok());
        assert_eq!(verdict(&long, &seen, at(600)), Err(Flaw::Replayed));
        assert_eq!(verdict(&long, &seen, at(601)), Err(Flaw::Old));
    }

    #[test]
    fn a_refused_token_is_not_remembered() {
        let seen = Seen::default();
        let mut wrong = good();
        wrong["aud"] = json!("other");
        assert_eq!(verdict(&wrong, &seen, at(0)), Err(Flaw::Audience));
        assert!(verdict(&good(), &seen, at(0)).is_ok());
    }

    #[test]
    fn memory_has_a_bound_and_empties() {
        let seen = Seen::default();
        for number in 0..SEEN_MAX {
            seen.remember(&number.to_string(), at(10), at(0)).expect("there is room");
        }
        assert_eq!(seen.remember("more", at(10), at(10)), Err(Flaw::TooMany));
        assert_eq!(seen.remember("more", at(20), at(11)), Ok(()));
    }
}
