//! At a provider that forges, hangs and sends too much.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grip_oidc::{Flaw, LoggedOut, OidcError, Part, RelyingParty, SignedIn};
use jiff::Timestamp;
use ring::{
    digest::{SHA256, digest},
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey},
};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    listener::{Listener, Reply, Request, json},
    node::new_rsa_key,
    party::{BACK, new_key, party, patient_party},
};

const NOW: i64 = 1_767_268_800;
/// What must stand in no error.
const SECRETS: [&str; 4] = ["the-code", "the-access-token", "the-subject", "eyJ"];

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW + seconds).expect("a time")
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random).expect("a key")
}

fn jwk(key: &EcdsaKeyPair, id: &str) -> Value {
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    json!({ "kty": "EC", "crv": "P-256", "kid": id, "x": encode(x), "y": encode(y) })
}

fn sign(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature");
    format!("{signed}.{}", encode(signature))
}

/// A provider of which each answer can be changed, and Grip.
struct Forger {
    listener: Listener,
    key: EcdsaKeyPair,
    answers: Arc<Mutex<BTreeMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<Request>>>,
    grip: RelyingParty,
    grips_key: Value,
}

impl Forger {
    async fn start(more: &str) -> Self {
        Self::start_patient(more, Duration::from_secs(10)).await
    }

    async fn start_patient(more: &str, patience: Duration) -> Self {
        let answers: Arc<Mutex<BTreeMap<String, Reply>>> = Arc::default();
        let asked: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (shared, log) = (Arc::clone(&answers), Arc::clone(&asked));
        let listener = Listener::start(move |request| {
            let answers = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = answers.get(&request.path).cloned();
            log.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            answer.unwrap_or_else(|| (404, String::new(), String::new()))
        })
        .await;
        let grip = patient_party(&listener.url(""), &new_key(), more, patience);
        let grips_key = grip.public_jwk();
        let forger = Self { listener, key: key(), answers, asked, grip, grips_key };
        forger.discovery(|_| {});
        forger.says("/keys", json(&json!({ "keys": [jwk(&forger.key, "k")] })));
        forger
    }

    fn issuer(&self) -> String {
        self.listener.url("")
    }

    fn says(&self, path: &str, reply: Reply) {
        self.answers.lock().expect("nobody fell over it").insert(path.to_owned(), reply);
    }

    fn discovery(&self, change: impl FnOnce(&mut Value)) {
        let url = |path| self.listener.url(path);
        let mut document = json!({
            "issuer": url(""),
            "authorization_endpoint": url("/auth"),
            "token_endpoint": url("/token"),
            "jwks_uri": url("/keys"),
            "userinfo_endpoint": url("/me"),
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "id_token_signing_alg_values_supported": ["ES256"],
        });
        change(&mut document);
        self.says("/.well-known/openid-configuration", json(&document));
    }

    /// How often was asked for a path.
    fn times_asked(&self, path: &str) -> usize {
        self.asked.lock().expect("nobody fell over it").iter().filter(|request| request.path == path).count()
    }

    /// A sign-in in which the provider sends this ID token, made from its nonce.
    async fn sign_in_with(&self, token: impl FnOnce(&str) -> String, now: i64) -> Result<SignedIn, OidcError> {
        let (url, pending) = self.grip.begin("/", at(now)).await?;
        let value = |name| url.query_pairs().find(|(found, _)| found == name).expect("it is there").1.into_owned();
        let tokens =
            json!({ "access_token": "the-access-token", "token_type": "Bearer", "id_token": token(&value("nonce")) });
        self.says("/token", json(&tokens));
        let query = format!("code=the-code&state={}", value("state"));
        let result = self.grip.finish(&query, pending, at(now)).await;
        tells_nothing(result.as_ref().err());
        result
    }

    /// A sign-in in which header and claims are changed, and the signature is right.
    async fn sign_in(&self, change: impl FnOnce(&mut Value, &mut Value)) -> Result<SignedIn, OidcError> {
        let token = |nonce: &str| {
            let (mut header, mut claims) = (json!({ "alg": "ES256", "kid": "k" }), self.claims(nonce));
            change(&mut header, &mut claims);
            sign(&self.key, &header, &claims)
        };
        self.sign_in_with(token, 0).await
    }

    fn claims(&self, nonce: &str) -> Value {
        json!({
            "iss": self.issuer(), "sub": "the-subject", "aud": "grip", "iat": NOW, "exp": NOW + 300, "nonce": nonce,
            "groups": ["g-beleid"],
        })
    }

    async fn sign_out(&self, token: &str, now: i64) -> Result<LoggedOut, OidcError> {
        let result = self.grip.receive_logout(&format!("logout_token={token}"), at(now)).await;
        tells_nothing(result.as_ref().err());
        result
    }

    fn logout_claims(&self) -> Value {
        json!({
            "iss": self.issuer(), "aud": "grip", "iat": NOW, "exp": NOW + 120, "jti": "j", "sid": "s",
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        })
    }
}

/// An error holds nothing that is of a person or gives access.
#[track_caller]
fn tells_nothing(error: Option<&OidcError>) {
    let told = error.map(|error| format!("{error} {error:?}")).unwrap_or_default();
    assert!(!SECRETS.iter().any(|secret| told.contains(secret)), "{told}");
}

#[tokio::test]
async fn an_honest_answer_is_taken() {
    let forger = Forger::start("").await;
    let who = forger.sign_in(|_, _| {}).await.expect("a sign-in");
    assert_eq!((who.subject.as_str(), who.grants.len()), ("the-subject", 1));
    let shown = format!("{who:?}");
    assert!(!SECRETS.iter().any(|secret| shown.contains(secret)), "{shown}");
    let header = json!({ "alg": "ES256", "kid": "k", "typ": "logout+jwt" });
    let out = forger.sign_out(&sign(&forger.key, &header, &forger.logout_claims()), 0).await.expect("a sign-out");
    assert_eq!(out.session.as_deref(), Some("s"));
}

#[tokio::test]
async fn what_grip_sends_is_as_the_profile_says() {
    let forger = Forger::start("acr_values = ['urn:a', 'urn:b']\nacr_vereist = ['urn:c']").await;
    let (url, _) = forger.grip.begin("/", at(0)).await.expect("a sign-in");
    let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "grip"),
        ("redirect_uri", BACK),
        ("scope", "openid groups profile"),
        ("code_challenge_method", "S256"),
        ("acr_values", "urn:a urn:b"),
    ] {
        assert_eq!(query[name], value, "{name}");
    }
    assert!(query["state"].len() >= 43 && query["nonce"].len() >= 43 && query["state"] != query["nonce"]);

    let mut challenges = Vec::new();
    let mut names = Vec::new();
    for _ in 0..2 {
        let (url, pending) = forger.grip.begin("/", at(0)).await.expect("a sign-in");
        let value = |name| url.query_pairs().find(|(found, _)| found == name).expect("it is there").1.into_owned();
        challenges.push(value("code_challenge"));
        let query = format!("code=the-code&state={}", value("state"));
        forger.grip.finish(&query, pending, at(0)).await.expect_err("the provider has no tokens");
    }
    let asked = forger.asked.lock().expect("nobody fell over it");
    let requests: Vec<&Request> = asked.iter().filter(|request| request.path == "/token").collect();
    assert_eq!(requests.len(), 2);
    for (request, challenge) in requests.iter().zip(&challenges) {
        assert!(request.head.starts_with("POST ") && !request.head.to_lowercase().contains("authorization:"));
        let form: BTreeMap<String, String> = form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
        assert_eq!(form["grant_type"], "authorization_code");
        assert_eq!((form["code"].as_str(), form["redirect_uri"].as_str()), ("the-code", BACK));
        assert_eq!(encode(digest(&SHA256, form["code_verifier"].as_bytes())), *challenge);
        assert_eq!(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        let (signed, signature) = form["client_assertion"].rsplit_once('.').expect("three parts");
        let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).expect("it is base64");
        let coordinate = |name: &str| decode(forger.grips_key[name].as_str().expect("a text"));
        let point = [vec![4], coordinate("x"), coordinate("y")].concat();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        public.verify(signed.as_bytes(), &decode(signature)).expect("it is signed by Grip");
        let claims = decode(signed.split_once('.').expect("two parts").1);
        let claims: Value = serde_json::from_slice(&claims).expect("JSON");
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!("grip"), &json!("grip")));
        assert_eq!(claims["aud"], json!(forger.listener.url("/token")));
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(NOW), &json!(NOW + 60)));
        names.push(claims["jti"].as_str().expect("a text").to_owned());
    }
    assert!(names[0].len() >= 43 && names[0] != names[1], "{names:?}");
}

/// OIDC NL GOV 1.0, "Algorithms": PS256 is recommended over RS256, which every provider has.
#[tokio::test]
async fn a_key_of_rsa_signs_as_well_as_the_provider_can() {
    let Some(rsa) = new_rsa_key() else { return };
    let forger = Forger::start("").await;
    for (offered, algorithm) in
        [(json!(["RS256", "PS256"]), "PS256"), (json!(["RS256"]), "RS256"), (Value::Null, "RS256")]
    {
        forger.discovery(|document| document["token_endpoint_auth_signing_alg_values_supported"] = offered);
        let grip = party(&forger.issuer(), &rsa, "");
        let (url, pending) = grip.begin("/", at(0)).await.expect("a sign-in");
        let state = url.query_pairs().find(|(name, _)| name == "state").expect("it is there").1.into_owned();
        let query = format!("code=the-code&state={state}");
        grip.finish(&query, pending, at(0)).await.expect_err("the provider has no tokens");
        let asked = forger.asked.lock().expect("nobody fell over it");
        let body = &asked.last().expect("it was asked").body;
        let (_, assertion) = body.split_once("client_assertion=").expect("an assertion");
        let header = BASE64_URL_SAFE_NO_PAD.decode(assertion.split('.').next().expect("a part")).expect("base64");
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        assert_eq!(header["alg"], algorithm);
    }
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let forger = Forger::start("").await;
    let honest = json!({ "alg": "ES256", "kid": "k" });
    let public = jwk(&forger.key, "k");
    let point = forger.key.public_key().as_ref();
    let other = key();

    let by_another = |nonce: &str| sign(&other, &honest, &forger.claims(nonce));
    let with_its_own_key = |nonce: &str| {
        let header = json!({ "alg": "ES256", "kid": "k", "jwk": jwk(&other, "k"), "jku": forger.listener.url("/x") });
        sign(&other, &header, &forger.claims(nonce))
    };
    let by_nobody = |nonce: &str| {
        format!("{}.{}.", encode(json!({ "alg": "none" }).to_string()), encode(forger.claims(nonce).to_string()))
    };
    let with_shared_secret = |secret: &[u8], nonce: &str| {
        let header = json!({ "alg": "HS256", "kid": "k" });
        let signed = format!("{}.{}", encode(header.to_string()), encode(forger.claims(nonce).to_string()));
        let mark = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
        format!("{signed}.{}", encode(mark))
    };
    let changed_afterwards = |nonce: &str| {
        let token = sign(&forger.key, &honest, &forger.claims(nonce));
        let (header, rest) = token.split_once('.').expect("parts");
        let (_, signature) = rest.split_once('.').expect("parts");
        let mut claims = forger.claims(nonce);
        claims["sub"] = json!("somebody else");
        format!("{header}.{}.{signature}", encode(claims.to_string()))
    };
    let refused = |verdict: Result<SignedIn, OidcError>| match verdict {
        Err(OidcError::IdToken(flaw)) => flaw,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(forger.sign_in_with(by_another, 0).await), Flaw::Signature);
    assert_eq!(refused(forger.sign_in_with(with_its_own_key, 0).await), Flaw::Signature);
    assert_eq!(refused(forger.sign_in_with(changed_afterwards, 0).await), Flaw::Signature);
    assert_eq!(refused(forger.sign_in_with(by_nobody, 0).await), Flaw::Algorithm);
    for secret in [point, public.to_string().as_bytes(), encode(point).as_bytes()] {
        assert_eq!(refused(forger.sign_in_with(|nonce| with_shared_secret(secret, nonce), 0).await), Flaw::Algorithm);
    }
    assert_eq!(refused(forger.sign_in_with(|_| "a.b".to_owned(), 0).await), Flaw::Form);
    assert_eq!(refused(forger.sign_in_with(|_| "eyJ.eyJ.eyJ.eyJ.eyJ".to_owned(), 0).await), Flaw::Form);
    // Nobody is signed in by what was refused, and an honest one still is.
    forger.sign_in(|_, _| {}).await.expect("a sign-in");
}

#[tokio::test]
async fn signed_tokens_with_other_claims_are_refused() {
    let forger = Forger::start("").await;
    for (name, value, flaw) in [
        ("nonce", json!("another"), Flaw::Nonce),
        ("exp", json!(NOW - 30), Flaw::Late),
        ("iat", json!(NOW - 31), Flaw::Old),
        ("aud", json!(["grip", "the-subject"]), Flaw::Audience),
        ("azp", json!("other"), Flaw::Audience),
        ("iss", json!("https://a.nl"), Flaw::Issuer),
        ("at_hash", json!(encode([0; 16])), Flaw::AccessToken),
        ("represents", json!({ "sub": "x", "iss": "y" }), Flaw::Represents),
    ] {
        let verdict = forger.sign_in(|_, claims| claims[name] = value).await;
        assert_eq!(verdict, Err(OidcError::IdToken(flaw)), "{name}");
    }
    for (name, value) in [("typ", "logout+jwt"), ("typ", "at+jwt")] {
        let verdict = forger.sign_in(|header, _| header[name] = json!(value)).await;
        assert_eq!(verdict, Err(OidcError::IdToken(Flaw::Kind)), "{value}");
    }
}

#[tokio::test]
async fn forged_sign_outs_are_refused() {
    let forger = Forger::start("").await;
    let header = json!({ "alg": "ES256", "kid": "k", "typ": "logout+jwt" });
    let good = sign(&forger.key, &header, &forger.logout_claims());
    let refused = |flaw| Err(OidcError::LogoutToken(flaw));
    assert_eq!(forger.sign_out(&sign(&key(), &header, &forger.logout_claims()), 0).await, refused(Flaw::Signature));
    for of_another_kind in [json!({ "typ": "at+jwt" }), json!({ "typ": "JWT" }), json!({})] {
        let mut header = of_another_kind;
        (header["alg"], header["kid"]) = (json!("ES256"), json!("k"));
        let kind = sign(&forger.key, &header, &forger.logout_claims());
        assert_eq!(forger.sign_out(&kind, 0).await, refused(Flaw::Kind), "{header}");
    }
    let id_token = sign(&forger.key, &json!({ "alg": "ES256", "kid": "k" }), &forger.claims("n"));
    assert_eq!(forger.sign_out(&id_token, 0).await, refused(Flaw::Kind));
    assert_eq!(forger.sign_out(&good, 150).await, refused(Flaw::Late));
    assert_eq!(forger.sign_out(&format!("{good}&logout_token={good}"), 0).await, refused(Flaw::Form));
    assert_eq!(forger.grip.receive_logout("", at(0)).await, refused(Flaw::Form));
    assert!(forger.sign_out(&good, 0).await.is_ok());
    assert_eq!(forger.sign_out(&good, 1).await, refused(Flaw::Replayed));
}

#[tokio::test]
async fn made_up_keys_do_not_make_grip_ask_without_end() {
    let forger = Forger::start("").await;
    forger.sign_in(|_, _| {}).await.expect("a sign-in");
    let other = key();
    let made_up = async |seconds: i64| {
        let header = json!({ "alg": "ES256", "kid": format!("made up {seconds}"), "typ": "logout+jwt" });
        forger.sign_out(&sign(&other, &header, &forger.logout_claims()), seconds).await
    };
    for seconds in 0..60 {
        assert_eq!(made_up(seconds).await, Err(OidcError::LogoutToken(Flaw::UnknownKey)));
    }
    assert_eq!(forger.times_asked("/keys"), 1);
    for seconds in 60..120 {
        assert_eq!(made_up(seconds).await, Err(OidcError::LogoutToken(Flaw::UnknownKey)));
    }
    assert_eq!(forger.times_asked("/keys"), 2);
    assert_eq!(forger.times_asked("/.well-known/openid-configuration"), 1);
}

#[tokio::test]
async fn answers_to_something_else_are_refused() {
    let forger = Forger::start("").await;
    let other = format!("iss={}", form_urlencoded::byte_serialize(b"https://a.nl").collect::<String>());
    let own: String = form_urlencoded::byte_serialize(forger.issuer().as_bytes()).collect();
    for says_issuer in [false, true] {
        // A new relying party, which has not seen the document before.
        forger.discovery(|document| document["authorization_response_iss_parameter_supported"] = json!(says_issuer));
        let grip = party(&forger.issuer(), &new_key(), "");
        let answer = async |query: &dyn Fn(&str) -> String| {
            let (url, pending) = grip.begin("/", at(0)).await.expect("a sign-in");
            let state = url.query_pairs().find(|(name, _)| name == "state").expect("it is there").1.into_owned();
            grip.finish(&query(&state), pending, at(0)).await.expect_err("the provider has no tokens")
        };
        let queries: [&dyn Fn(&str) -> String; 9] = [
            &|_| "code=the-code".to_owned(),
            &|_| "code=the-code&state=".to_owned(),
            &|_| format!("code=the-code&state={}", "x".repeat(43)),
            &|state| format!("code=the-code&state={}", &state[..42]),
            &|state| format!("code=the-code&state={state}&state={state}"),
            &|state| format!("code=the-code&code=other&state={state}&iss={own}"),
            &|state| format!("code=the-code&state={state}&{other}"),
            &|state| format!("state={state}&iss={own}"),
            &|_| "error=access_denied&state=x".to_owned(),
        ];
        for query in queries {
            assert_eq!(answer(query).await, OidcError::Foreign, "{}", query("S"));
        }
        let denied = answer(&|state| format!("error=%3Cscript%3E&error_description=x&state={state}&iss={own}")).await;
        assert_eq!(denied, OidcError::Denied("unknown".to_owned()));
        assert_eq!(forger.times_asked("/token"), 0);
        let silent = answer(&|state| format!("code=the-code&state={state}")).await;
        assert_eq!(silent == OidcError::Foreign, says_issuer, "{silent}");
        forger.asked.lock().expect("nobody fell over it").clear();
    }
}

#[tokio::test]
async fn userinfo_of_somebody_else_is_refused() {
    let forger = Forger::start("userinfo = true").await;
    let without_groups = |_: &mut Value, claims: &mut Value| claims["groups"] = Value::Null;
    let answer = |subject: &str| json(&json!({ "sub": subject, "name": "N", "nonce": "x", "groups": ["g-beleid"] }));
    forger.says("/me", answer("somebody else"));
    assert_eq!(forger.sign_in(without_groups).await, Err(OidcError::OtherSubject));
    forger.says("/me", json(&json!({ "name": "N" })));
    assert_eq!(forger.sign_in(without_groups).await, Err(OidcError::OtherSubject));
    forger.says("/me", (200, "Content-Type: application/jwt\r\n".to_owned(), "eyJ.eyJ.eyJ".to_owned()));
    let unusable = forger.sign_in(without_groups).await;
    assert!(matches!(unusable, Err(OidcError::Unusable { part: Part::UserInfo, .. })), "{unusable:?}");
    forger.says("/me", answer("the-subject"));
    let who = forger.sign_in(|_, claims| drop(claims.as_object_mut().expect("claims").remove("groups"))).await;
    assert_eq!(who.map(|who| (who.grants.len(), who.name)), Ok((1, Some("N".to_owned()))));
    // What the ID token says is not replaced.
    let who = forger.sign_in(|_, claims| claims["groups"] = json!(["g-x"])).await;
    assert_eq!(who.map(|who| who.grants.len()), Ok(0));
    let asked = forger.asked.lock().expect("nobody fell over it");
    let request = asked.iter().find(|request| request.path == "/me").expect("it was asked");
    assert!(request.head.to_lowercase().contains("authorization: bearer the-access-token"), "{}", request.head);
}

#[tokio::test]
async fn huge_answers_are_refused() {
    let huge = "x".repeat(300 * 1024);
    let says_length = (200, format!("Content-Length: {}\r\n", huge.len()), huge.clone());
    let silent = (200, String::new(), huge);
    let too_large = |part| OidcError::TooLarge { part, bytes_max: 262_144 };
    for reply in [says_length, silent] {
        let forger = Forger::start("userinfo = true").await;
        forger.says("/me", reply.clone());
        assert_eq!(forger.sign_in(|_, _| {}).await, Err(too_large(Part::UserInfo)));
        let (url, pending) = forger.grip.begin("/", at(0)).await.expect("a sign-in");
        let state = url.query_pairs().find(|(name, _)| name == "state").expect("it is there").1.into_owned();
        forger.says("/token", reply.clone());
        let query = format!("code=the-code&state={state}");
        assert_eq!(forger.grip.finish(&query, pending, at(0)).await, Err(too_large(Part::Tokens)));
        for (path, part) in [("/keys", Part::Keys), ("/.well-known/openid-configuration", Part::Discovery)] {
            forger.says(path, reply.clone());
            let grip = party(&forger.issuer(), &new_key(), "");
            assert_eq!(grip.check(at(0)).await, Err(too_large(part)));
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_away_or_hangs_is_said_in_time() {
    let forger = Forger::start_patient("", Duration::from_millis(300)).await;
    let gone = {
        // Nobody listens there any more.
        let listener = Listener::start(|_| (404, String::new(), String::new())).await;
        listener.url("")
    };
    let away = party(&gone, &new_key(), "").begin("/", at(0)).await.expect_err("nobody answers");
    let OidcError::Away { host, part: Part::Discovery, .. } = &away else { panic!("{away}") };
    assert_eq!(host, "127.0.0.1");
    assert!(away.hint().is_some());

    let hangs: Reply = (0, String::new(), String::new());
    forger.says("/.well-known/openid-configuration", hangs);
    let hung = forger.grip.begin("/", at(0)).await;
    assert!(matches!(&hung, Err(OidcError::Away { reason, .. }) if reason == "it took too long"), "{hung:?}");
    // And one that begins, and does not go on.
    let begins = (200, "Content-Length: 9\r\n".to_owned(), "{".to_owned());
    forger.says("/.well-known/openid-configuration", begins);
    let broken = forger.grip.begin("/", at(0)).await;
    assert!(matches!(broken, Err(OidcError::Away { part: Part::Discovery, .. })), "{broken:?}");
    // It is not remembered: when the provider is back, so is signing in.
    forger.discovery(|_| {});
    forger.sign_in(|_, _| {}).await.expect("a sign-in");
}

#[tokio::test]
async fn nobody_is_sent_elsewhere() {
    let forger = Forger::start("").await;
    let elsewhere = format!("Location: {}\r\n", forger.listener.url("/elsewhere"));
    forger.says("/.well-known/openid-configuration", (302, elsewhere, String::new()));
    let refused = OidcError::Refused { part: Part::Discovery, status: 302, code: None };
    assert_eq!(forger.grip.check(at(0)).await, Err(refused));
    assert_eq!(forger.times_asked("/elsewhere"), 0);
}

#[tokio::test]
async fn what_the_provider_says_of_itself_is_kept_for_as_long_as_it_says() {
    let forger = Forger::start("").await;
    for _ in 0..3 {
        forger.grip.check(at(0)).await.expect("the provider does");
    }
    forger.grip.check(at(3599)).await.expect("the provider does");
    assert_eq!((forger.times_asked("/keys"), forger.times_asked("/.well-known/openid-configuration")), (1, 1));
    forger.grip.check(at(3600)).await.expect("the provider does");
    assert_eq!((forger.times_asked("/keys"), forger.times_asked("/.well-known/openid-configuration")), (2, 2));
}

#[tokio::test]
async fn tokens_of_another_type_and_refusals_are_told_apart() {
    let forger = Forger::start("").await;
    for (reply, expected) in [
        (
            json(&json!({ "access_token": "the-access-token", "token_type": "mac", "id_token": "eyJ" })),
            OidcError::Unusable { part: Part::Tokens, problem: "its `token_type` is not `Bearer`" },
        ),
        (
            (400, String::new(), r#"{"error":"invalid_grant","error_description":"the-subject"}"#.to_owned()),
            OidcError::Refused { part: Part::Tokens, status: 400, code: Some("invalid_grant".to_owned()) },
        ),
        (
            (500, String::new(), r#"{"error":"the-subject did <this>"}"#.to_owned()),
            OidcError::Refused { part: Part::Tokens, status: 500, code: None },
        ),
    ] {
        let (url, pending) = forger.grip.begin("/", at(0)).await.expect("a sign-in");
        let state = url.query_pairs().find(|(name, _)| name == "state").expect("it is there").1.into_owned();
        forger.says("/token", reply);
        let refused = forger.grip.finish(&format!("code=the-code&state={state}"), pending, at(0)).await;
        tells_nothing(refused.as_ref().err());
        assert_eq!(refused, Err(expected));
    }
}
