//! Grip as a test sets it.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use grip_oidc::{ClientKey, RelyingParty, Settings};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};

/// Where people come back to; nobody listens there.
pub(crate) const BACK: &str = "http://127.0.0.1:9/terug";
pub(crate) const OUT: &str = "http://127.0.0.1:9/uit";

/// A new private key of P-256 in PEM.
pub(crate) fn new_key() -> String {
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64_STANDARD.encode(der))
}

/// Grip with a provider, and with more settings: `userinfo = true` and the like.
pub(crate) fn party(issuer: &str, pem: &str, more: &str) -> RelyingParty {
    patient_party(issuer, pem, more, Duration::from_secs(grip_oidc::TIME_OUT_SECONDS))
}

/// As `party`, with another patience.
pub(crate) fn patient_party(issuer: &str, pem: &str, more: &str, time_out: Duration) -> RelyingParty {
    let settings = format!(
        "issuer = '{issuer}'\nclient_id = 'grip'\nsleutel = 'key.pem'\nredirect_uri = '{BACK}'\n\
         post_logout_redirect_uri = '{OUT}'\nscopes = ['openid', 'groups', 'profile']\n{more}\n\
         [[rol]]\nclaim = 'groups'\nwaarde = 'g-beleid'\nrol = 'beleid'\ngemeenten = ['GM9998']\n"
    );
    let settings = Settings::from_toml(&settings).expect("good settings");
    let key = ClientKey::from_pem(pem, settings.key_id.clone()).expect("a good key");
    RelyingParty::new(settings, key, time_out).expect("a relying party")
}
