//! At a real provider.

use grip_oidc::{ClientKey, Flaw, OidcError, Part, RelyingParty, SignedIn};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

use crate::{
    browser::{Arrival, Browser},
    listener::Listener,
    node::{Node, new_rsa_key},
    party::{BACK, OUT, new_key, party},
};

const SUBSTANTIAL: &str = "acr_values = ['http://eidas.europa.eu/LoA/substantial']";

/// A provider that knows Grip by this key.
fn provider(pem: &str, more: &[&str]) -> Option<Node> {
    let jwk = ClientKey::from_pem(pem, None).expect("a good key").public_jwk();
    let known = ["--redirect-uri", BACK, "--post-logout-redirect-uri", OUT, "--account", "beleid=g-beleid,g-x"];
    Node::start(&jwk, &[&known[..], more].concat())
}

async fn sign_in(grip: &RelyingParty, browser: &mut Browser, name: &str) -> Result<SignedIn, OidcError> {
    let (url, pending) = grip.begin("/beleid?jaar=2025", Timestamp::now()).await?;
    let query = browser.sign_in(&url, name).await;
    grip.finish(&query, pending, Timestamp::now()).await
}

#[tokio::test]
async fn somebody_signs_in_with_each_algorithm() {
    for signing in ["PS256", "RS256", "ES256"] {
        let pem = new_key();
        let Some(node) = provider(&pem, &["--signing", signing]) else { return };
        let grip = party(&node.issuer, &pem, SUBSTANTIAL);
        grip.check(Timestamp::now()).await.expect("the provider does");
        let who = sign_in(&grip, &mut Browser::new(), "beleid").await.expect("a sign-in");
        assert_eq!((who.subject.as_str(), who.issuer.as_str()), ("beleid", node.issuer.as_str()));
        assert_eq!(who.name.as_deref(), Some("Account beleid"));
        assert_eq!(who.acr.as_deref(), Some("http://eidas.europa.eu/LoA/substantial"));
        assert_eq!(who.return_to, "/beleid?jaar=2025");
        let [grant] = who.grants.as_slice() else { panic!("{:?}", who.grants) };
        assert_eq!((grant.role.as_str(), grant.municipalities.as_slice()), ("beleid", &["GM9998".to_owned()][..]));
        // Somebody without a group may nothing.
        let other = sign_in(&grip, &mut Browser::new(), "other").await.expect("a sign-in");
        assert!(other.grants.is_empty(), "{other:?}");
    }
}

#[tokio::test]
async fn grip_signs_with_what_its_key_and_the_provider_can() {
    let Some(rsa) = new_rsa_key() else { return };
    for (pem, algorithm) in [(rsa.as_str(), "PS256"), (&rsa, "RS256"), (&new_key(), "ES256")] {
        let Some(node) = provider(pem, &["--client-signing", algorithm]) else { return };
        sign_in(&party(&node.issuer, pem, ""), &mut Browser::new(), "beleid").await.expect("a sign-in");
        let other = if algorithm == "ES256" { rsa.clone() } else { new_key() };
        let refused = party(&node.issuer, &other, "").check(Timestamp::now()).await;
        assert!(matches!(refused, Err(OidcError::Unsupported(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn claims_come_from_userinfo_when_asked() {
    let pem = new_key();
    let Some(node) = provider(&pem, &["--userinfo"]) else { return };
    let without = sign_in(&party(&node.issuer, &pem, ""), &mut Browser::new(), "beleid").await.expect("a sign-in");
    assert!(without.grants.is_empty() && without.name.is_none());
    let grip = party(&node.issuer, &pem, "userinfo = true");
    let with = sign_in(&grip, &mut Browser::new(), "beleid").await.expect("a sign-in");
    assert_eq!((with.grants.len(), with.name.as_deref()), (1, Some("Account beleid")));
}

#[tokio::test]
async fn a_weaker_way_of_signing_in_is_refused() {
    let pem = new_key();
    let Some(node) = provider(&pem, &["--acr", "http://eidas.europa.eu/LoA/low"]) else { return };
    let refused = sign_in(&party(&node.issuer, &pem, SUBSTANTIAL), &mut Browser::new(), "beleid").await;
    assert_eq!(refused, Err(OidcError::IdToken(Flaw::NotEnough)));
}

#[tokio::test]
async fn an_answer_is_for_one_sign_in_and_one_time() {
    let pem = new_key();
    let Some(node) = provider(&pem, &[]) else { return };
    let grip = party(&node.issuer, &pem, "");
    let (first, first_pending) = grip.begin("/", Timestamp::now()).await.expect("a sign-in");
    let (_, second_pending) = grip.begin("/", Timestamp::now()).await.expect("a sign-in");
    let query = Browser::new().sign_in(&first, "beleid").await;
    // What another browser began.
    let foreign = grip.finish(&query, second_pending, Timestamp::now()).await;
    assert_eq!(foreign, Err(OidcError::Foreign));
    // Too late: nothing is asked of the provider, and the code is still good.
    let late = Timestamp::now() + SignedDuration::from_secs(601);
    let kept = serde_json::to_string(&first_pending).expect("JSON");
    let kept = || serde_json::from_str(&kept).expect("what was kept");
    assert_eq!(grip.finish(&query, first_pending, late).await, Err(OidcError::TooLate));
    grip.finish(&query, kept(), Timestamp::now()).await.expect("a sign-in");
    let again = grip.finish(&query, kept(), Timestamp::now()).await;
    let code = Some("invalid_grant".to_owned());
    assert_eq!(again, Err(OidcError::Refused { part: Part::Tokens, status: 400, code }));
}

#[tokio::test]
async fn who_turns_back_is_not_signed_in() {
    let pem = new_key();
    let Some(node) = provider(&pem, &[]) else { return };
    let grip = party(&node.issuer, &pem, "");
    let (url, pending) = grip.begin("/", Timestamp::now()).await.expect("a sign-in");
    let mut browser = Browser::new();
    let Arrival::Form(form) = browser.go(&url).await else { panic!("a form to sign in") };
    let abort = form.action().join(&format!("{}/abort", form.action().path())).expect("an address");
    let Arrival::Back(url) = browser.go(&abort).await else { panic!("back at Grip") };
    let denied = grip.finish(url.query().expect("an answer"), pending, Timestamp::now()).await;
    assert_eq!(denied, Err(OidcError::Denied("access_denied".to_owned())));
}

#[tokio::test]
async fn another_key_of_grip_is_refused_by_the_provider() {
    let Some(node) = provider(&new_key(), &[]) else { return };
    let refused = sign_in(&party(&node.issuer, &new_key(), ""), &mut Browser::new(), "beleid").await;
    let code = Some("invalid_client".to_owned());
    assert_eq!(refused, Err(OidcError::Refused { part: Part::Tokens, status: 401, code }));
}

#[tokio::test]
async fn new_keys_of_the_provider_are_fetched_once_a_minute() {
    let pem = new_key();
    let Some(node) = provider(&pem, &[]) else { return };
    let grip = party(&node.issuer, &pem, "");
    sign_in(&grip, &mut Browser::new(), "beleid").await.expect("a sign-in");
    let port = node.port().to_owned();
    drop(node);
    let Some(node) = provider(&pem, &["--port", &port]) else { return };
    assert_eq!(node.port(), port);
    let refused = sign_in(&grip, &mut Browser::new(), "beleid").await;
    assert_eq!(refused, Err(OidcError::IdToken(Flaw::UnknownKey)), "keys were asked for just now");
    let (url, pending) = grip.begin("/", Timestamp::now()).await.expect("a sign-in");
    let query = Browser::new().sign_in(&url, "beleid").await;
    let later = Timestamp::now() + SignedDuration::from_secs(61);
    grip.finish(&query, pending, later).await.expect("the new key is known");
}

#[tokio::test]
async fn a_sign_out_at_the_provider_reaches_grip() {
    let (heard, mut hears) = mpsc::unbounded_channel();
    let ear = Listener::start(move |request| {
        heard.send(request.body).expect("somebody listens");
        (200, "Content-Length: 0\r\n".to_owned(), String::new())
    })
    .await;
    let pem = new_key();
    let Some(node) = provider(&pem, &["--backchannel-logout-uri", &ear.url("/uitgelogd")]) else { return };
    let grip = party(&node.issuer, &pem, "");
    let mut browser = Browser::new();
    let who = sign_in(&grip, &mut browser, "beleid").await.expect("a sign-in");
    let address = grip.logout_address(&who.id_token, Timestamp::now()).await.expect("the provider is there");
    let Arrival::Form(form) = browser.go(&address.expect("it has an address")).await else { panic!("a form") };
    let Arrival::Back(url) = browser.send(&form, &[("logout", "yes")]).await else { panic!("back at Grip") };
    assert_eq!(url.as_str(), OUT);
    let body = hears.recv().await.expect("the provider told it");
    let out = grip.receive_logout(&body, Timestamp::now()).await.expect("a sign-out");
    assert_eq!(out.issuer, node.issuer);
    assert!(out.session == who.session && out.session.is_some(), "the same session");
    let again = grip.receive_logout(&body, Timestamp::now()).await;
    assert_eq!(again, Err(OidcError::LogoutToken(Flaw::Replayed)));
    // A logout token is no ID token, and an ID token no logout token.
    let who = sign_in(&grip, &mut Browser::new(), "beleid").await.expect("a sign-in");
    let hint = grip.logout_address(&who.id_token, Timestamp::now()).await.expect("the provider is there");
    let hint = hint.expect("it has an address");
    let id_token = hint.query_pairs().find(|(name, _)| name == "id_token_hint").expect("the token").1.into_owned();
    let swapped = grip.receive_logout(&format!("logout_token={id_token}"), Timestamp::now()).await;
    assert_eq!(swapped, Err(OidcError::LogoutToken(Flaw::Kind)));
}
