use std::fmt;

use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
        RsaKeyPair, RsaPublicKeyComponents,
    },
};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::{Value, json};

use crate::{
    OidcError,
    jws::{Algorithm, encode},
};

/// The private key with which Grip proves to a provider that it is Grip: `private_key_jwt`, OIDC NL GOV 1.0 §4.3.1.
pub struct ClientKey {
    pair: Pair,
    random: SystemRandom,
    id: Option<String>,
    /// SHA-256 of the certificate, for providers that know a client by that (RFC 7515 §4.1.8).
    certificate: Option<String>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// Shows nothing of the key.
impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey")
    }
}

impl ClientKey {
    /// Reads a private key from PEM: PKCS#8, RSA of 2048 bits or more, or P-256. With a certificate in the same text, its
    /// thumbprint is sent along. `id` is the name that the provider gave to the key, if it gave one.
    ///
    /// # Errors
    ///
    /// [`OidcError::Key`] when there is no such key in the text.
    pub fn from_pem(pem: &str, id: Option<String>) -> Result<Self, OidcError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| OidcError::Key("is not there as PKCS#8, between `BEGIN PRIVATE KEY` and `END PRIVATE KEY`"))?;
        let (der, random) = (der.secret_pkcs8_der(), SystemRandom::new());
        let pair = RsaKeyPair::from_pkcs8(der)
            .map(Pair::Rsa)
            .or_else(|_| EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random).map(Pair::P256));
        let pair = pair.map_err(|_| OidcError::Key("is neither RSA of 2048 bits or more nor P-256"))?;
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).ok();
        let certificate = certificate.map(|der| encode(digest(&SHA256, &der)));
        Ok(Self { pair, random, id, certificate })
    }

    /// The public half as a JWK (RFC 7517), for whoever registers Grip with the provider.
    pub fn public_jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let key: RsaPublicKeyComponents<Vec<u8>> = pair.public().into();
                json!({ "kty": "RSA", "n": encode(key.n), "e": encode(key.e), "use": "sig" })
            }
            Pair::P256(pair) => {
                // An uncompressed point: 4, x, y.
                let point = pair.public_key().as_ref();
                let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
                json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y), "use": "sig" })
            }
        };
        if let Some(id) = &self.id {
            jwk["kid"] = json!(id);
        }
        jwk
    }

    /// The algorithm for this key among those a provider offers. PS256 is recommended over RS256, which every provider has:
    /// OIDC NL GOV 1.0, "Algorithms".
    pub(crate) fn algorithm(&self, offered: Option<&[String]>) -> Option<Algorithm> {
        let is_offered =
            |algorithm: &Algorithm| offered.is_none_or(|offered| offered.iter().any(|name| name == algorithm.name()));
        match (&self.pair, offered) {
            (Pair::Rsa(_), None) => Some(Algorithm::Rs256),
            (Pair::Rsa(_), Some(_)) => [Algorithm::Ps256, Algorithm::Rs256].into_iter().find(is_offered),
            (Pair::P256(_), _) => Some(Algorithm::Es256).filter(is_offered),
        }
    }

    /// Signs claims.
    pub(crate) fn sign(&self, algorithm: Algorithm, claims: &Value) -> Result<String, OidcError> {
        let mut header = json!({ "alg": algorithm.name(), "typ": "JWT" });
        if let Some(id) = &self.id {
            header["kid"] = json!(id);
        }
        if let Some(certificate) = &self.certificate {
            header["x5t#S256"] = json!(certificate);
        }
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let padding: &dyn RsaEncoding =
                    if algorithm == Algorithm::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &self.random, signed.as_bytes(), &mut signature).map(|()| signature)
            }
            Pair::P256(pair) => pair.sign(&self.random, signed.as_bytes()).map(|signature| signature.as_ref().to_vec()),
        };
        let signature = signature.map_err(|_| OidcError::NoRandomness)?;
        Ok(format!("{signed}.{}", encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine,
        prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
    };

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64_STANDARD.encode(der))
    }

    fn new_key() -> String {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        pem("PRIVATE KEY", der.expect("a key").as_ref())
    }

    fn header(key: &ClientKey) -> Value {
        let token = key.sign(Algorithm::Es256, &json!({})).expect("a signature");
        let header = token.split('.').next().expect("a first part");
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).expect("base64")).expect("JSON")
    }

    #[test]
    fn what_is_no_key_is_said() {
        for text in ["", "x", &pem("PRIVATE KEY", b"x"), &pem("EC PRIVATE KEY", b"x"), &pem("CERTIFICATE", b"x")] {
            let error = ClientKey::from_pem(text, None).expect_err("no key");
            assert!(error.to_string().starts_with("GS003"), "{error}");
        }
    }

    #[test]
    fn name_and_certificate_are_sent_along() {
        let plain = header(&ClientKey::from_pem(&new_key(), None).expect("a key"));
        assert_eq!(plain, json!({ "alg": "ES256", "typ": "JWT" }));
        let text = format!("{}{}", new_key(), pem("CERTIFICATE", b"abc"));
        let key = ClientKey::from_pem(&text, Some("k".to_owned())).expect("a key");
        assert_eq!((&header(&key)["kid"], &key.public_jwk()["kid"]), (&json!("k"), &json!("k")));
        // SHA-256 of `abc`: FIPS 180-2, appendix B.1.
        assert_eq!(header(&key)["x5t#S256"], "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    #[test]
    fn a_key_of_p256_signs_with_es256_only() {
        let key = ClientKey::from_pem(&new_key(), None).expect("a key");
        let offered = |names: &[&str]| key.algorithm(Some(&names.iter().map(ToString::to_string).collect::<Vec<_>>()));
        assert_eq!(key.algorithm(None), Some(Algorithm::Es256));
        assert_eq!(offered(&["RS256", "ES256"]), Some(Algorithm::Es256));
        assert_eq!(offered(&["RS256", "PS256"]), None);
    }

    #[test]
    fn nothing_of_a_key_is_shown() {
        let key = ClientKey::from_pem(&new_key(), Some("k".to_owned())).expect("a key");
        assert_eq!(format!("{key:?}"), "ClientKey");
    }
}
