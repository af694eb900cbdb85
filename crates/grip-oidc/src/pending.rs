use std::fmt;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::{OidcError, jws::encode};

/// Minutes that may pass between going to the provider and coming back.
pub const PENDING_MINUTES_MAX: i64 = 10;

/// Characters of a path to go to afterwards at most.
const RETURN_CHARS_MAX: usize = 2000;

/// What the caller keeps while somebody is at the provider, for that browser only and once: it is used up by
/// [`crate::RelyingParty::finish`]. The caller must take it away from where it was kept before that. It holds secrets; its
/// `Debug` shows none.
#[derive(Serialize, Deserialize)]
pub struct Pending {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) return_to: String,
    /// Whole seconds since 1970.
    pub(crate) begun_at_seconds: i64,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("begun_at_seconds", &self.begun_at_seconds).finish_non_exhaustive()
    }
}

impl Pending {
    /// New secrets of 256 bits each; OIDC NL GOV 1.0 §4.2.1 asks for 128 or more in `state` and `nonce`, §5 for 43
    /// characters or more in the verifier.
    pub(crate) fn new(return_to: &str, now: Timestamp) -> Result<Self, OidcError> {
        Ok(Self {
            state: random()?,
            nonce: random()?,
            verifier: random()?,
            return_to: own_path(return_to).to_owned(),
            begun_at_seconds: now.as_second(),
        })
    }

    /// Whether it is too old, or of the future, and can be thrown away.
    pub fn is_over(&self, now: Timestamp) -> bool {
        !(0..=PENDING_MINUTES_MAX * 60).contains(&now.as_second().saturating_sub(self.begun_at_seconds))
    }

    /// The challenge of PKCE, S256: RFC 7636 §4.2.
    pub(crate) fn challenge(&self) -> String {
        encode(digest(&SHA256, self.verifier.as_bytes()))
    }
}

/// A secret of 256 bits, in 43 letters.
pub(crate) fn random() -> Result<String, OidcError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| OidcError::NoRandomness)?;
    Ok(encode(bytes))
}

/// Whether two texts are the same, in a time that does not depend on where they differ.
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// A path on this very server; anything else becomes `/`. NL GOV Assurance profile for OAuth 2.0 §2.2.1 forbids to send
/// people on to addresses that others give.
fn own_path(text: &str) -> &str {
    // `//host` and `/\host` are other servers to a browser.
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains(['\\', '\t', '\r', '\n']);
    if is_path && text.len() <= RETURN_CHARS_MAX && !text.contains(char::is_control) { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-01-01T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let pending = Pending::new("/x", now()).expect("random numbers");
        let secrets = [&pending.state, &pending.nonce, &pending.verifier];
        assert!(secrets.iter().all(|secret| secret.len() == 43), "{secrets:?}");
        assert!(!is_same(secrets[0], secrets[1]) && !is_same(secrets[1], secrets[2]));
    }

    #[test]
    fn debug_shows_no_secret() {
        let pending = Pending::new("/x", now()).expect("random numbers");
        let shown = format!("{pending:?}");
        assert!(![&pending.state, &pending.nonce, &pending.verifier].iter().any(|secret| shown.contains(*secret)));
    }

    #[test]
    fn it_lasts_ten_minutes() {
        let pending = Pending::new("/x", now()).expect("random numbers");
        let at = |seconds| now() + jiff::SignedDuration::from_secs(seconds);
        assert!(!pending.is_over(now()) && !pending.is_over(at(600)));
        assert!(pending.is_over(at(601)) && pending.is_over(at(-1)));
    }

    /// RFC 7636, appendix B.
    #[test]
    fn challenge_is_of_the_standard() {
        let mut pending = Pending::new("/x", now()).expect("random numbers");
        pending.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        assert_eq!(pending.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn only_own_paths_are_gone_to() {
        for good in ["/", "/beleid?jaar=2025", "/a/b#c"] {
            assert_eq!(own_path(good), good);
        }
        for bad in ["", "a", "https://x.nl", "//x.nl", "/\\x.nl", "/a\r\nb", "/\t/x.nl", "javascript:1", "\\/x"] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }

    #[test]
    fn it_can_be_kept_as_text() {
        let pending = Pending::new("/x", now()).expect("random numbers");
        let text = serde_json::to_string(&pending).expect("JSON");
        let again: Pending = serde_json::from_str(&text).expect("the same");
        assert!(is_same(&again.verifier, &pending.verifier) && again.begun_at_seconds == pending.begun_at_seconds);
    }
}
