//! JSON Web Signature in its compact form (RFC 7515 §7.1), with the few algorithms that are allowed.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use crate::Flaw;

/// Algorithms of signatures, RFC 7518 §3.1. OIDC NL GOV 1.0, "Algorithms": RS256 must be supported, PS256 should be, others
/// may be when they are as secure, and what is less secure must not be. So there is no `none` and nothing with a shared
/// secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Ps256,
    Es256,
}

impl Algorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Ps256, Self::Es256].into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// Base64 for addresses, without padding: RFC 7515 §2.
pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// A signed token as it came in. Nothing of it is true before [`Token::verify`].
#[derive(Debug)]
pub(crate) struct Token<'t> {
    header: Header,
    signed: &'t str,
    signature: Vec<u8>,
    claims: Vec<u8>,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<IgnoredAny>,
}

impl<'t> Token<'t> {
    /// Takes a token apart. Encrypted tokens have five parts and are not taken.
    pub(crate) fn parse(text: &'t str) -> Result<Self, Flaw> {
        let (signed, signature) = text.rsplit_once('.').ok_or(Flaw::Form)?;
        let (header, claims) = signed.split_once('.').ok_or(Flaw::Form)?;
        let part = |text| decode(text).ok_or(Flaw::Form);
        let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| Flaw::Form)?;
        // Whoever does not know an extension that is critical must refuse it: RFC 7515 §4.1.11.
        if header.crit.is_some() {
            return Err(Flaw::Kind);
        }
        Ok(Self { claims: part(claims)?, signature: part(signature)?, header, signed })
    }

    /// Its media type without `application/`, in small letters: RFC 7515 §4.1.9.
    pub(crate) fn kind(&self) -> Option<String> {
        let kind = self.header.typ.as_ref()?.to_ascii_lowercase();
        Some(kind.strip_prefix("application/").map(ToOwned::to_owned).unwrap_or(kind))
    }

    /// The claims, when the signature is of one of the keys.
    pub(crate) fn verify(&self, keys: &Keys) -> Result<serde_json::Map<String, Value>, Flaw> {
        let algorithm = Algorithm::named(&self.header.alg).ok_or(Flaw::Algorithm)?;
        let mut fitting = keys.0.iter().filter(|key| key.fits(algorithm, self.header.kid.as_deref())).peekable();
        if fitting.peek().is_none() {
            return Err(Flaw::UnknownKey);
        }
        if !fitting.any(|key| key.has_signed(algorithm, self.signed.as_bytes(), &self.signature)) {
            return Err(Flaw::Signature);
        }
        serde_json::from_slice(&self.claims).map_err(|_| Flaw::Form)
    }
}

/// Public keys of a provider for RS256, PS256 and ES256 (RFC 7517). Others in the set are passed over, so that a key with a
/// shared secret or for encryption is never tried.
#[derive(Debug)]
pub(crate) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    id: Option<String>,
    algorithm: Option<Algorithm>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    /// A point of P-256, uncompressed.
    P256(Vec<u8>),
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Reads a set of keys; nothing when it is no set, or has no key that can be used.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(bytes).ok()?;
        let keys: Vec<Key> = set.keys.into_iter().filter_map(Key::read).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }
}

impl Key {
    fn read(jwk: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(jwk).ok()?;
        let algorithm = match &jwk.alg {
            Some(name) => Some(Algorithm::named(name)?),
            None => None,
        };
        if jwk.usage.as_ref().is_some_and(|usage| usage != "sig") {
            return None;
        }
        let bytes = |text: &Option<String>| decode(text.as_ref()?);
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa(RsaPublicKeyComponents { n: bytes(&jwk.n)?, e: bytes(&jwk.e)? }),
            ("EC", Some("P-256")) => Material::P256([vec![4], bytes(&jwk.x)?, bytes(&jwk.y)?].concat()),
            _ => return None,
        };
        Some(Self { id: jwk.kid, algorithm, material })
    }

    fn fits(&self, algorithm: Algorithm, id: Option<&str>) -> bool {
        let is_kind = match self.material {
            Material::Rsa(_) => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            Material::P256(_) => algorithm == Algorithm::Es256,
        };
        is_kind
            && self.algorithm.is_none_or(|own| own == algorithm)
            && id.is_none_or(|id| self.id.as_deref() == Some(id))
    }

    /// Keys of RSA with less than 2048 bits have signed nothing.
    fn has_signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let verified = match (&self.material, algorithm) {
            (Material::Rsa(key), Algorithm::Rs256) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            (Material::Rsa(key), Algorithm::Ps256) => key.verify(&RSA_PSS_2048_8192_SHA256, message, signature),
            (Material::P256(key), Algorithm::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(message, signature)
            }
            _ => return false,
        };
        verified.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 7515, appendix A.3: a token with ES256 and its key.
    const RFC_TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc1\
        9yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    const RFC_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    /// RFC 7515, appendix A.2: the same claims with RS256.
    const RFC_RSA_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc1\
        9yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1\
        dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZES\
        c6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    const RFC_RSA_KEY: &str = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;

    fn keys(jwk: &str) -> Option<Keys> {
        Keys::parse(format!(r#"{{"keys":[{jwk}]}}"#).as_bytes())
    }

    #[test]
    fn published_tokens_are_verified() {
        for (token, key) in [(RFC_TOKEN, RFC_KEY), (RFC_RSA_TOKEN, RFC_RSA_KEY)] {
            let claims = Token::parse(token).and_then(|token| token.verify(&keys(key).expect("keys")));
            assert_eq!(claims.expect("it is good")["iss"], "joe");
        }
    }

    #[test]
    fn a_changed_letter_is_seen() {
        let keys = keys(RFC_KEY).expect("keys");
        let (header, rest) = RFC_TOKEN.split_once('.').expect("parts");
        let (claims, signature) = rest.split_once('.').expect("parts");
        let changed = encode(r#"{"iss":"joe","exp":9300819380}"#);
        let verdict = |text: &str| Token::parse(text).and_then(|token| token.verify(&keys)).expect_err("refused");
        assert_eq!(verdict(&format!("{header}.{changed}.{signature}")), Flaw::Signature);
        assert_eq!(verdict(&format!("{header}.{claims}.")), Flaw::Signature);
        assert_eq!(verdict(&format!("{header}.{claims}")), Flaw::Form);
        assert_eq!(verdict(&format!("{header}.{claims}.{signature}.x.y")), Flaw::Form);
    }

    #[test]
    fn algorithms_are_of_the_list_and_of_the_key() {
        let verdict = |header: &str, jwk: &str| {
            let text = format!("{}.{}.{}", encode(header), encode("{}"), encode("x"));
            let token = Token::parse(&text)?;
            token.verify(&keys(jwk).expect("keys"))
        };
        for algorithm in ["none", "None", "", "HS256", "HS512", "RS1", "RS512", "ES256K", "EdDSA"] {
            let header = format!(r#"{{"alg":"{algorithm}"}}"#);
            assert_eq!(verdict(&header, RFC_KEY).expect_err("refused"), Flaw::Algorithm, "{algorithm}");
        }
        assert_eq!(verdict(r#"{"alg":"RS256"}"#, RFC_KEY).expect_err("refused"), Flaw::UnknownKey);
        assert_eq!(verdict(r#"{"alg":"ES256"}"#, RFC_RSA_KEY).expect_err("refused"), Flaw::UnknownKey);
        assert_eq!(verdict(r#"{"alg":"ES256","kid":"x"}"#, RFC_KEY).expect_err("refused"), Flaw::UnknownKey);
        assert_eq!(verdict(r#"{"alg":"ES256","crit":["b64"]}"#, RFC_KEY).expect_err("refused"), Flaw::Kind);
        assert_eq!(verdict("{}", RFC_KEY).expect_err("refused"), Flaw::Form);
    }

    #[test]
    fn a_key_is_tried_with_its_own_algorithm_only() {
        let other = keys(&RFC_RSA_KEY.replace(r#""kty""#, r#""alg":"PS256","kty""#)).expect("keys");
        let token = Token::parse(RFC_RSA_TOKEN).expect("a token");
        assert_eq!(token.verify(&other).expect_err("refused"), Flaw::UnknownKey);
    }

    proptest! {
        /// Another letter anywhere, and the token is refused or, where the letter only stood for unused bits, can't be
        /// read.
        #[test]
        fn no_letter_can_be_another(at in 0..RFC_TOKEN.len(), letter in "[A-Za-z0-9_.-]") {
            let mut text = RFC_TOKEN.to_owned();
            text.replace_range(at..=at, &letter);
            let verdict = Token::parse(&text).and_then(|token| token.verify(&keys(RFC_KEY).expect("keys")));
            prop_assert_eq!(verdict.is_ok(), text == RFC_TOKEN);
        }

        /// Whatever comes in is refused, and nothing worse.
        #[test]
        fn anything_else_is_refused(header in ".{0,40}", claims in ".{0,40}", signature in "[A-Za-z0-9_-]{0,90}", text in ".{0,80}") {
            let keys = keys(RFC_KEY).expect("keys");
            for text in [format!("{}.{}.{signature}", encode(header), encode(claims)), text] {
                prop_assert!(Token::parse(&text).and_then(|token| token.verify(&keys)).is_err());
            }
            prop_assert!(Keys::parse(signature.as_bytes()).is_none());
        }
    }

    #[test]
    fn keys_that_do_not_sign_are_passed_over() {
        for jwk in [
            r#"{"kty":"oct","k":"c2VjcmV0"}"#,
            r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#,
            &RFC_KEY.replace(r#""kty""#, r#""use":"enc","kty""#),
            &RFC_KEY.replace(r#""kty""#, r#""alg":"HS256","kty""#),
            &RFC_KEY.replace("P-256", "secp256k1"),
        ] {
            assert!(keys(jwk).is_none(), "{jwk}");
        }
    }
}
