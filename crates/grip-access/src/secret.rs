use std::{fmt, str::FromStr};

use hmac::Mac;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{AccessError, key::keyed};

/// How an API token begins, so that who looks for tokens that leaked finds ours.
pub const TOKEN_PREFIX: &str = "grip_";

/// Bytes of the checksum of an API token.
const CHECKSUM_BYTES: usize = 4;

/// 256 random bits that prove something by being known: a session, a device, an API token. Nobody but its owner keeps it.
///
/// A guess is right once in 2²⁵⁶, so what is kept of it needs no salt and no slow hash (OWASP Session Management Cheat Sheet,
/// "Session ID Entropy", asks for 64 bits).
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// [`AccessError::NoRandomness`].
    pub fn generate() -> Result<Self, AccessError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| AccessError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0).into())
    }

    /// As a cookie holds it: 64 hexadecimal digits.
    pub fn expose(&self) -> String {
        hex::encode(self.0)
    }

    /// What [`Secret::expose`] wrote.
    pub fn from_cookie(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        // Capitals would be another cookie for the same session.
        let is_ours = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (is_ours && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(Self(bytes))
    }

    /// As an API token: `grip_`, 64 hexadecimal digits, and a checksum of 8, by which a token is told from what only looks like
    /// one without asking anybody. A pattern for scanners is `grip_[0-9a-f]{72}`.
    pub fn to_token(&self) -> String {
        let body = format!("{TOKEN_PREFIX}{}", self.expose());
        let checksum = checksum(&body);
        body + &checksum
    }

    /// What [`Secret::to_token`] wrote.
    pub fn from_token(text: &str) -> Option<Self> {
        let (body, found) = text.split_at_checked(text.len().checked_sub(2 * CHECKSUM_BYTES)?)?;
        if found != checksum(body) {
            return None;
        }
        Self::from_cookie(body.strip_prefix(TOKEN_PREFIX)?)
    }

    /// What a form on a page of this session holds, and another site can't know: 64 hexadecimal digits. It is of this secret
    /// alone, and lasts as long.
    ///
    /// # Source
    /// OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Employing HMAC CSRF Tokens".
    pub fn csrf(&self) -> String {
        hex::encode(self.csrf_bytes())
    }

    /// Whether a form came from a page of this session.
    pub fn accepts_csrf(&self, given: &str) -> bool {
        let mut bytes = [0; 32];
        hex::decode_to_slice(given, &mut bytes).is_ok() && self.csrf_bytes().ct_eq(&bytes).into()
    }

    fn csrf_bytes(&self) -> [u8; 32] {
        let mut mac = keyed(&self.0);
        mac.update(b"grip form 1");
        mac.finalize().into_bytes().into()
    }
}

/// The first bytes of a SHA-256.
fn checksum(body: &str) -> String {
    hex::encode(Sha256::digest(body).iter().take(CHECKSUM_BYTES).copied().collect::<Vec<_>>())
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([REDACTED])")
    }
}

/// What is kept of a [`Secret`]: its SHA-256. Two are compared in the same time wherever they differ.
#[derive(Debug, Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    pub(crate) fn of(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }
}

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl fmt::Display for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(self.0))
    }
}

/// What a text is that holds no [`SecretHash`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash has 64 hexadecimal digits")]
pub struct NoHash;

impl FromStr for SecretHash {
    type Err = NoHash;
    fn from_str(text: &str) -> Result<Self, NoHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NoHash)?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_comes_back_from_cookie_and_token() {
        let secret = Secret::generate().unwrap();
        assert_eq!(Secret::from_cookie(&secret.expose()).unwrap().hash(), secret.hash());
        let token = secret.to_token();
        assert_eq!(token.len(), 77);
        assert_eq!(Secret::from_token(&token).unwrap().hash(), secret.hash());
        assert_eq!(secret.hash().to_string().parse(), Ok(secret.hash()));
        assert_ne!(Secret::generate().unwrap().hash(), secret.hash());
        assert_eq!(format!("{secret:?}"), "Secret([REDACTED])");
    }

    /// The SHA-256 of 32 zero bytes, as sha256sum says it.
    #[test]
    fn the_hash_is_sha_256() {
        let zero = Secret::from_cookie(&"0".repeat(64)).unwrap();
        assert_eq!(zero.hash().to_string(), "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
    }

    #[test]
    fn what_is_no_secret() {
        for text in ["", "0", &"A".repeat(64), &"0".repeat(63), &"0".repeat(66), &"é".repeat(32)] {
            assert!(Secret::from_cookie(text).is_none(), "{text}");
            assert!(Secret::from_token(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_form_is_of_one_session() {
        let (one, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert!(one.accepts_csrf(&one.csrf()));
        assert!(!one.accepts_csrf(&other.csrf()) && !one.accepts_csrf("") && !one.accepts_csrf(&one.expose()));
    }

    proptest! {
        /// One character typed wrong is seen without asking the register.
        #[test]
        fn a_changed_token_is_none(place in 0_usize..77, letter in "[0-9a-z_]") {
            let token = Secret::from_cookie(&"5a".repeat(32)).unwrap().to_token();
            let mut changed = token.clone();
            changed.replace_range(place..=place, &letter);
            prop_assert_eq!(Secret::from_token(&changed).is_some(), changed == token);
        }
    }
}
