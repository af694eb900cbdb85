//! The path of a policy officer, in a real browser, on both databases: from a goal to what a measure saved and who decided it.

use std::net::SocketAddr;

use crate::{
    chromium::{Chromium, ENTER, TAB},
    postgres::Postgres,
    town::{folder, server_at},
};

const SCOPE: &str = "gemeente=9998&jaar=2025&peildatum=2025-06-30";

/// Tries something on a register in a file and on one in PostgreSQL.
fn on_both(name: &str, path: impl Fn(&Chromium)) {
    let file = folder(name).join("register.db");
    let postgres = Postgres::shared();
    let addresses = [format!("sqlite:{}", file.display()), postgres.make_database()];
    for server in addresses.map(server_at) {
        let Some(browser) = open(server) else { return };
        path(&browser);
    }
}

fn open(server: SocketAddr) -> Option<Chromium> {
    Chromium::open(server)
}

/// Says who writes, sends the form, and answers what was made.
fn keep(browser: &Chromium) -> String {
    browser.choose("naam", "beleidsadviseur-jeugd");
    browser.submit();
    assert!(browser.text("main").contains("Bewaard."), "{}", browser.text("main"));
    let path = browser.path();
    path.rsplit('/').next().expect("an identification").to_owned()
}

#[test]
fn from_a_goal_to_what_was_saved_and_who_decided() {
    on_both("beleidsmedewerker", |browser| {
        browser.go(&format!("/register/goal/nieuw?{SCOPE}"));
        browser.fill("name", "Minder jeugdigen in zware hulp");
        browser.choose("level", "strategisch");
        browser.fill("owner", "beleidsadviseur jeugd");
        let goal = keep(browser);
        let page = format!("/register/goal/{goal}?{SCOPE}");

        browser.click("main a[href*='/register/target/nieuw']");
        assert_eq!(browser.value("goal"), goal, "it is tied to the goal one came from");
        browser.fill("name", "Jeugdigen met hulp in het jaar");
        browser.choose("indicator", "clienten-met-zorg");
        browser.fill("filters", "wet=jw");
        browser.fill("targets", "2025: 90; 2026: 80");
        keep(browser);

        browser.go(&page);
        browser.click("main a[href*='/register/measure/nieuw']");
        browser.fill("name", "Eerst samen kijken bij de huisarts");
        browser.choose("status", "loopt");
        browser.choose("begin", "2024-01");
        browser.choose("full_from", "2024-04");
        browser.fill("saving_per_month", "4.000");
        browser.fill("reasoning", "Een op de tien verwijzingen is dan niet nodig.");
        browser.choose("indicator", "gedeclareerd");
        browser.fill("filters", "wet=jw");
        browser.fill("comparison", "wet=wmo");
        let measure = keep(browser);

        browser.go(&format!("/maatregelen/{measure}?{SCOPE}"));
        let saved = browser.text("main");
        assert!(saved.contains("met 80 % zekerheid"), "{saved}");
        browser.go(&format!("/maatregelen/{measure}?gemeente=9998&jaar=2024&peildatum=2024-03-31"));
        assert!(browser.text("main").contains("Nog niet te zeggen"), "nothing was definitive by then");

        browser.go(&format!("/register/measure/{measure}?{SCOPE}"));
        browser.click("main a[href*='/register/decision/nieuw']");
        browser.fill("name", "Ja tegen samen kijken bij de huisarts");
        browser.choose("date", "2023-12-12");
        browser.choose("body", "raad");
        browser.choose("outcome", "aangenomen");
        keep(browser);

        found_back(browser);
    });
}

/// Everything is at most three clicks from the forecast.
fn found_back(browser: &Chromium) {
    let begin = || browser.go(&format!("/prognose?{SCOPE}"));
    let heading = |expected: &str| {
        let found = browser.text("main h1");
        assert_eq!(found, expected);
    };
    begin();
    browser.click("nav.menu a[href^='/maatregelen']");
    browser.follow("Eerst samen kijken bij de huisarts");
    heading("Eerst samen kijken bij de huisarts");
    assert!(browser.text("main").contains("met 80 % zekerheid"), "what it saved, with its interval");
    browser.follow("Minder jeugdigen in zware hulp");
    heading("Minder jeugdigen in zware hulp");
    browser.back();
    browser.follow("Ja tegen samen kijken bij de huisarts");
    heading("Ja tegen samen kijken bij de huisarts");

    begin();
    browser.click("nav.menu a[href^='/besluiten']");
    browser.follow("Ja tegen samen kijken bij de huisarts");
    heading("Ja tegen samen kijken bij de huisarts");

    begin();
    let sought = browser.find("css selector", "#zoekveld");
    assert!(!sought.is_empty());
    browser.run("document.getElementById('zoekveld').value = arguments[0];", &["jeugdigen met hulp"]);
    browser.click("form.find button");
    browser.follow("Jeugdigen met hulp in het jaar");
    heading("Jeugdigen met hulp in het jaar");
}

/// Presses Tab until a field has the focus.
fn tab_to(browser: &Chromium, what: &str, value: &str) {
    for _ in 0..100 {
        if browser.focused(what) == value {
            return;
        }
        browser.keys(TAB);
    }
    panic!("no {what} {value} is reached by Tab");
}

#[test]
fn a_form_is_filled_in_with_keys_only_and_says_what_is_wrong() {
    on_both("toetsenbord", |browser| {
        browser.go(&format!("/register/theme/nieuw?{SCOPE}"));
        tab_to(browser, "name", "naam");
        browser.keys("beleidsadviseur-jeugd");
        browser.leave(|| browser.keys(ENTER));
        // Without a name nothing is kept: the summary has the focus, and its link leads to the field.
        assert!(browser.text(".utrecht-alert--error").contains("Naam"));
        assert_eq!(browser.focused("className"), "utrecht-alert utrecht-alert--error");
        browser.keys(TAB);
        browser.keys(ENTER);
        assert_eq!(browser.focused("name"), "name");
        let beside = browser.run(
            "const field = document.activeElement; \
             return field.getAttribute('aria-invalid') + ' ' + field.getAttribute('aria-describedby').split(' ') \
               .map((id) => document.getElementById(id)?.textContent ?? '').join(' ');",
            &[],
        );
        let beside = beside.as_str().expect("a text");
        assert!(beside.starts_with("true ") && beside.len() > "true ".len(), "{beside}");
        browser.keys("Jeugd");
        browser.leave(|| browser.keys(ENTER));
        assert!(browser.text("main").contains("Bewaard."));
        assert_eq!(browser.text("main h1"), "Jeugd");
    });
}

#[test]
fn what_was_typed_is_there_after_a_reload_and_what_was_done_can_be_undone() {
    on_both("concept", |browser| {
        let form = format!("/register/theme/nieuw?{SCOPE}");
        browser.go(&form);
        browser.fill("name", "Wonen met zorg");
        browser.reload();
        assert!(browser.text("main .utrecht-alert [role=status]").contains("Teruggezet"));
        assert_eq!(browser.value("name"), "Wonen met zorg");
        keep(browser);
        assert_eq!(browser.text("main h1"), "Wonen met zorg");

        browser.click("main .utrecht-alert form[action*='/ongedaan'] button");
        let undone = browser.text("main");
        assert!(undone.contains("Ongedaan gemaakt.") && undone.contains("ingetrokken"), "{undone}");
        browser.go(&form);
        assert_eq!(browser.value("name"), "", "what was kept is no draft any more");
    });
}
