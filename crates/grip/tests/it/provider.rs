//! Signing in at a real provider of OpenID Connect, in a real browser, on the pages of the binary.

use std::net::{SocketAddr, TcpListener};

use grip_oidc::ClientKey;

use crate::{
    chromium::{Chromium, ENTER},
    grip::Place,
    node::{Node, new_rsa_key},
    server::Server,
};

/// A port that nobody uses now: the provider must know where Grip listens before Grip can know where the provider does.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// Types a name in the forms of the provider until they lead back to Grip.
fn sign_in(browser: &Chromium, name: &str) {
    browser.go("/prognose");
    assert_eq!(browser.path(), "/aanmelden", "who is nobody sees nothing");
    browser.follow("werkaccount");
    while browser.run("return location.port;", &[]) != browser.port() {
        if browser.run("return document.querySelector('[name=login]') !== null;", &[]) == true {
            let fill = "document.querySelector('[name=login]').value = arguments[0]; \
                        document.querySelector('[name=password]').value = 'x'; return true;";
            browser.run(fill, &[name]);
        }
        browser.click("form [type=submit]");
    }
}

#[test]
fn somebody_signs_in_at_the_provider_and_out_by_it() {
    let Some(pem) = new_rsa_key() else { return };
    let grip = format!("http://127.0.0.1:{}", free_port());
    let jwk = ClientKey::from_pem(&pem, None).expect("a good key").public_jwk();
    let (back, out) = (format!("{grip}/aanmelden/terug"), format!("{grip}/aanmelden/afgemeld"));
    let told = ["--redirect-uri", &back, "--backchannel-logout-uri", &out, "--account", "controller=g-geld"];
    let Some(node) = Node::start(&jwk, &told) else { return };
    let place = Place::new();
    let sample = crate::grip::path(&place.folder.path().join("sample"));
    place.succeed(&["demo", "--no-serve", "--inhabitants", "2500", "--out", &sample]);
    let file = place.folder.path().join("oidc.toml");
    fs_err::write(place.folder.path().join("oidc.pem"), &pem).expect("written");
    let settings = format!(
        "issuer = '{}'\nclient_id = 'grip'\nsleutel = 'oidc.pem'\nredirect_uri = '{back}'\nscopes = ['openid', 'groups']\n\
         [[rol]]\nclaim = 'groups'\nwaarde = 'g-geld'\nrol = 'finance'\ngemeenten = ['alle']\n",
        node.issuer
    );
    fs_err::write(&file, settings).expect("written");
    let listen = grip.trim_start_matches("http://").to_owned();
    let access_key = crate::grip::path(&place.folder.path().join("access.key"));
    let more = ["--listen", &listen, "--oidc", &crate::grip::path(&file), "--access-key", &access_key];
    let server = Server::start(&place, &more);
    let Some(browser) = Chromium::open(listen.parse::<SocketAddr>().expect("an address")) else { return };

    sign_in(&browser, "controller");
    assert_eq!(browser.path(), "/prognose", "back where one wanted to be");
    assert_eq!(
        browser.run("return document.querySelector('header [href=\"/account\"]').textContent;", &[]),
        "controller"
    );
    browser.go("/beheer/accounts");
    assert!(browser.text("main").contains("GW024"), "finance keeps no accounts");

    // Out at Grip; the provider still knows who it is, and lets in again.
    browser.go("/prognose");
    browser.run("document.querySelector('form[action=\"/afmelden\"] button').focus(); return true;", &[]);
    browser.leave(|| browser.keys(ENTER));
    assert_eq!(browser.path(), "/aanmelden");
    sign_in(&browser, "controller");
    assert_eq!(browser.path(), "/prognose");

    // Out at the provider: it tells Grip, and the session here is over too.
    browser.go_to(&format!("{}/session/end", node.issuer));
    browser.click("button[name=logout]");
    browser.go("/prognose");
    assert_eq!(browser.path(), "/aanmelden", "{}", server.said());

    // Somebody the provider knows and the settings give nothing.
    let stranger = Chromium::open(listen.parse::<SocketAddr>().expect("an address")).expect("a browser");
    sign_in(&stranger, "vreemde");
    assert!(stranger.text("main").contains("GW024"), "{}", stranger.text("main"));

    // An answer that nobody here asked for.
    stranger.go("/aanmelden/terug?code=x&state=y");
    assert!(stranger.text("main").contains("GW025"), "{}", stranger.text("main"));
    // What did not come from the provider ends nothing.
    let answer = server.post("/aanmelden/afgemeld", "logout_token=x.y.z").expect("an answer");
    assert_eq!(answer.status, 400);
    let log = place.command(&["audit", "verify", "--access-key", &access_key]).output().expect("the binary runs");
    assert!(log.status.success(), "{}", String::from_utf8_lossy(&log.stderr));
}
