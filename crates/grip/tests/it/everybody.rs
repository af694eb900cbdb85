//! Whether everybody can use the pages: every page in every role, in a real browser, by the rules of WCAG 2.2 that a program can
//! tell ([axe-core]), on a narrow screen, enlarged, with more room between letters, in the dark, and by keyboard alone.
//!
//! [axe-core]: https://github.com/dequelabs/axe-core

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

use grip_access::{Role, TotpSecret};
use grip_web::addresses;
use jiff::Timestamp;
use serde_json::json;

use crate::{
    chromium::{Chromium, ENTER, TAB},
    grip::{Place, path},
    server::Server,
};

const LOOK: &str = include_str!("look.js");

/// How a page is shown: what it is called, width in points, and the scheme.
const SHOWN: [(&str, u32, &str); 5] = [
    ("wide", 1280, "light"),
    ("dark", 1280, "dark"),
    ("spacing", 1280, "light"),
    ("zoom", 640, "light"),
    ("narrow", 320, "light"),
];

/// WCAG 2.2, 1.4.12.
const SPACING: &str = "const sheet = new CSSStyleSheet(); sheet.replaceSync('* { line-height: 1.5 !important; \
    letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }'); \
    document.adoptedStyleSheets = [sheet]; return true;";

/// The text of axe-core; nothing when it is not there, which is then said.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says where it is installed")]
fn axe() -> Option<String> {
    let Some(file) = std::env::var_os("GRIP_TEST_AXE") else {
        {
            eprintln!("GRIP_TEST_AXE does not say where axe.min.js of npm's axe-core is: NOTHING WAS TRIED WITH IT");
        }
        return None;
    };
    Some(fs_err::read_to_string(std::path::Path::new(&file)).expect("axe-core"))
}

/// A sample municipality with goals and measures, and a server over it.
fn municipality() -> (Place, Server) {
    let place = Place::new();
    let out = path(&place.folder.path().join("sample"));
    place.succeed(&["demo", "--no-serve", "--inhabitants", "2500", "--out", &out]);
    let server = Server::start(&place, &[]);
    (place, server)
}

fn open(server: &Server) -> Option<Chromium> {
    Chromium::open(server.address.parse::<SocketAddr>().expect("an address"))
}

/// What an address is an example of: its path as the table of addresses has it, and what makes it another page. Of kinds of objects
/// each is one.
fn sort_of(address: &str) -> Option<String> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let given: Vec<&str> = path.split('/').collect();
    let is_like = |known: &str| {
        let known: Vec<&str> = known.split('/').collect();
        known.len() == given.len()
            && known
                .iter()
                .zip(&given)
                .all(|(known, given)| known == given || known.starts_with('{') && !given.is_empty())
    };
    let known = addresses().into_iter().filter(|known| known.method == "GET" && is_like(known.path));
    let known = known.min_by_key(|known| known.path.matches('{').count())?.path;
    let kind = given.get(2).copied().unwrap_or_default();
    let every_kind = ["/register/{kind}", "/register/{kind}/nieuw", "/register/{kind}/{id}"].contains(&known);
    let known = if every_kind { known.replace("{kind}", kind) } else { known.to_owned() };
    let other_pages = ["q", "rondleiding", "stand"];
    let choices: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let choices: Vec<&str> = choices.into_iter().filter(|choice| other_pages.contains(choice)).collect();
    Some(format!("{known} {}", choices.join(" ")))
}

/// What a page consists of, whatever it says: its tags with their classes.
fn build_of(page: &str) -> String {
    let main = page.split_once("<main").map_or("", |(_, main)| main);
    let tags = main.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    let tag = |tag: &str| {
        let class = tag.split_once(" class=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
        format!("{}.{class}", tag.split_whitespace().next().unwrap_or_default())
    };
    tags.map(tag).collect::<Vec<_>>().join(" ")
}

/// One address of every sort, from links on pages that a person sees, in Dutch.
fn one_of_every_sort(server: &Server) -> BTreeMap<String, String> {
    // Where nobody signs in, nothing leads to what people did.
    let begin = ["/", "/?rondleiding=2", "/zoeken?q=jeugd", "/aanmelden", "/geen-pagina", "/beheer/handelingen"];
    let mut waiting: Vec<String> = begin.map(str::to_owned).into();
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    while let Some(address) = waiting.pop() {
        let sort = sort_of(&address).unwrap_or_else(|| "none".to_owned());
        if found.contains_key(&sort) || !seen.insert(address.clone()) {
            continue;
        }
        let answer = server.get(&address);
        if !answer.head.contains("text/html") {
            continue;
        }
        found.insert(sort, address);
        let links = answer.body.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let links = links.map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
        let links =
            links.filter(|link| link.starts_with('/') && !link.contains("taal=en") && !link.contains("formaat="));
        waiting.extend(links.map(|link| link.split('#').next().unwrap_or_default().to_owned()));
    }
    found
}

fn look_once(browser: &Chromium, mode: &str) -> Vec<String> {
    let found = browser.run(&format!("return ({LOOK})(arguments[0]);"), &[mode]);
    found.as_array().expect("a list").iter().filter_map(|line| line.as_str().map(str::to_owned)).collect()
}

/// Looks at the page that is shown in every way, and answers what is wrong.
fn look(browser: &Chromium) -> Vec<String> {
    look_in(browser, &SHOWN)
}

fn look_in(browser: &Chromium, ways: &[(&str, u32, &str)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (mode, width, scheme) in ways.iter().copied() {
        browser.show(width, scheme);
        if mode == "spacing" {
            browser.run(SPACING, &[]);
        }
        wrong.extend(look_once(browser, mode));
        if mode == "spacing" {
            browser.run("document.adoptedStyleSheets = []; return true;", &[]);
        }
    }
    wrong
}

#[test]
fn every_page_in_every_role_can_be_used_by_everybody() {
    let Some(axe) = axe() else { return };
    let (_place, server) = municipality();
    let Some(browser) = open(&server) else { return };
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": axe }));
    let sorts = one_of_every_sort(&server);
    // Every page that has an address without places to fill in was found through links alone.
    let unseen: Vec<&str> = addresses()
        .iter()
        .filter(|known| known.method == "GET" && !known.path.contains('{'))
        .map(|known| known.path)
        .filter(|path| !sorts.keys().any(|sort| sort.split(' ').next() == Some(path)))
        .filter(|path| server.get(path).status == 200 && server.get(path).head.contains("text/html"))
        .collect();
    assert_eq!(unseen, Vec::<&str>::new(), "no link leads there");
    let mut wrong = Vec::new();
    let (mut looked, mut asked) = (0, 0);
    let mut seen = BTreeSet::new();
    for role in std::iter::once(None).chain(Role::ALL.map(Some)) {
        browser.look_as(role.map_or("", Role::as_str));
        for address in sorts.values() {
            asked += 1;
            let answer = server.look(address, role);
            // What is around the page is looked at on the one where each role starts.
            if !seen.insert(build_of(&answer.body)) && address != "/" {
                continue;
            }
            looked += 1;
            browser.go(address);
            let role = role.map_or("owner", Role::as_str);
            // What a role sees of a page is the same page with less on it: one way of looking is enough.
            let ways = if role == "owner" || address == "/" { &SHOWN[..] } else { &SHOWN[..1] };
            wrong.extend(look_in(&browser, ways).into_iter().map(|what| format!("{address} as {role}: {what}")));
        }
    }
    browser.look_as("");
    browser.show(320, "light");
    browser.go("/");
    wrong.extend(look_once(&browser, "menu"));
    for address in ["/?taal=en", "/prognose?taal=en", "/uitleg?taal=en"] {
        browser.go(address);
        wrong.extend(look(&browser).into_iter().map(|what| format!("{address}: {what}")));
    }
    // A form that was not filled in as it must be.
    browser.show(1280, "light");
    browser.go("/register/goal/nieuw");
    browser.submit();
    wrong.extend(look(&browser).into_iter().map(|what| format!("a form with faults: {what}")));
    println!(
        "{asked} pages were asked in {} roles and {looked} that are built otherwise were looked at",
        Role::ALL.len() + 1
    );
    assert!(looked > 100, "{looked}");
    assert!(wrong.is_empty(), "{} things are wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn signing_in_can_be_done_by_everybody() {
    let Some(axe) = axe() else { return };
    let place = Place::new();
    let out = path(&place.folder.path().join("sample"));
    place.succeed(&["demo", "--no-serve", "--inhabitants", "2500", "--out", &out]);
    let key = path(&place.folder.path().join("access.key"));
    let made = ["account", "add", "beheer", "--role", "administrator", "--role", "data-steward", "--access-key", &key];
    let password = place.succeed(&made);
    let server = Server::start(&place, &["--access-key", &key]);
    let Some(browser) = open(&server) else { return };
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": axe }));
    let mut wrong = Vec::new();
    let mut see = |what: &str| {
        wrong.extend(look(&browser).into_iter().map(|found| format!("{what}: {found}")));
        browser.show(1280, "light");
    };
    let fill = |name: &str, text: &str| {
        let script = "document.querySelector(`main [name=${arguments[0]}]`).value = arguments[1]; return true;";
        browser.run(script, &[name, text]);
    };
    let send = || {
        browser.run("document.querySelector('main form.entry button').focus(); return true;", &[]);
        browser.leave(|| browser.keys(ENTER));
    };
    browser.go("/beheer/accounts");
    see("signing in");
    fill("account", "beheer");
    fill("wachtwoord", "iets anders");
    send();
    see("a wrong password");
    fill("wachtwoord", password.trim());
    send();
    assert_eq!(browser.path(), "/account/code");
    see("a second factor");
    let secret = TotpSecret::from_base32(&browser.text("main .facts dd")).expect("a secret");
    fill("code", &secret.code(Timestamp::now()));
    send();
    see("codes to recover with");
    for address in
        ["/account", "/beheer/accounts", "/beheer/accounts/beheer", "/beheer/handelingen", "/inzage", "/prognose"]
    {
        browser.go(address);
        assert_eq!(browser.path(), address);
        see(address);
    }
    // What is kept of a citizen who is not there.
    browser.go("/inzage");
    fill("bsn", "999999990");
    send();
    assert!(browser.text("main").contains("Er is niets bewaard."), "{}", browser.text("main"));
    see("what is kept of a citizen");
    drop(see);
    assert!(wrong.is_empty(), "{} things are wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_wrong_is_seen() {
    let Some(axe) = axe() else { return };
    let (_place, server) = municipality();
    let Some(browser) = open(&server) else { return };
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": axe }));
    let harm = [
        ("document.querySelector('main h1').style.color = '#aaa'", "color-contrast"),
        ("document.querySelector('label').remove()", "label"),
        ("document.querySelector('main').style.width = '1500px'", "is wider than"),
        ("document.querySelector('.brand').style.outline = 'none'", "does not show that it has the focus"),
        ("document.querySelector('h1').animate([{ opacity: 0 }, { opacity: 1 }], 1e6)", "something moves"),
    ];
    for (script, told) in harm {
        browser.go("/uitleg");
        browser.show(1280, "light");
        browser.run(&format!("{script}; return true;"), &[]);
        let found = look(&browser).join("\n");
        assert!(found.contains(told), "{script}: {found}");
    }
}

/// Presses Tab until what has the focus is what is wanted, and answers how often.
fn tab_to(browser: &Chromium, is_there: &str) -> usize {
    for pressed in 0..400 {
        let found = browser.run(&format!("const at = document.activeElement; return {is_there};"), &[]);
        if found == true {
            return pressed;
        }
        browser.keys(TAB);
    }
    panic!("{is_there} is never reached by Tab");
}

#[test]
fn a_day_of_work_is_done_with_keys_alone() {
    let (_place, server) = municipality();
    let Some(browser) = open(&server) else { return };
    browser.show(1280, "light");
    browser.go("/");
    // Past the frame to the content at once.
    browser.keys(TAB);
    assert_eq!(browser.focused("className"), "nl-skip-link nl-skip-link--visible-on-focus");
    browser.keys(ENTER);
    assert_eq!(browser.focused("id"), "inhoud");
    // Through the eyes of finance.
    browser.go("/");
    tab_to(&browser, "at.id === 'rolkeuze'");
    browser.keys("Fin");
    browser.keys(TAB);
    browser.leave(|| browser.keys(ENTER));
    assert!(browser.text("main h1").contains("Financi"), "{}", browser.text("main h1"));
    // By the menu to the forecast; the values of its chart one by one; its table scrolls; it can be taken along.
    tab_to(&browser, "at.closest('.menu') !== null && at.textContent === 'Prognose'");
    browser.leave(|| browser.keys(ENTER));
    assert_eq!(browser.path(), "/prognose");
    tab_to(&browser, "at.matches('svg .stop')");
    let tip = browser.run("return getComputedStyle(document.activeElement.querySelector('.tip')).display;", &[]);
    assert_ne!(tip, "none", "the value is shown where the keyboard is");
    tab_to(&browser, "at.matches('.utrecht-table-container[role=region]')");
    tab_to(&browser, "at.textContent.includes('CSV')");
    // A word that is explained, and back to where one was.
    browser.go("/prognose");
    tab_to(&browser, "at.matches('.term')");
    browser.leave(|| browser.keys(ENTER));
    assert_eq!(browser.path(), "/uitleg");
    browser.back();
    assert_eq!(browser.path(), "/prognose");
    // No trap: Tab gets to the last link of the page, and from there out of it.
    tab_to(&browser, "at === [...document.querySelectorAll('.bottom a')].at(-1)");
    browser.keys(TAB);
    let left = browser
        .run("return document.activeElement === document.body || !document.activeElement.closest('.bottom');", &[]);
    assert_eq!(left, true, "one gets out of the page again");
}

#[test]
fn pages_take_the_colours_of_a_municipality() {
    let place = Place::new();
    place.ingest_sample();
    let file = place.folder.path().join("theme.css");
    let theme = ".gemeente-theme { --gemeente-color-blue: #154273; --utrecht-link-color: var(--gemeente-color-blue); \
                 --utrecht-button-primary-action-background-color: #ffe600; --utrecht-textbox-border-width: 0 0 3px; \
                 --utrecht-select-background-image: url(https://elders.example/x.svg); }";
    fs_err::write(&file, theme).expect("written");
    let server = Server::start(&place, &["--house-style", &path(&file)]);
    let sheet = server.get("/stijl.css").body;
    assert!(sheet.contains("--accent:#154273;--action:#ffe600;"), "{sheet}");
    assert!(sheet.contains("--nl-button-primary-background-color:#ffe600;"), "{sheet}");
    assert!(sheet.contains("--utrecht-textbox-border-width:0 0 3px;") && !sheet.contains("elders.example"), "{sheet}");
    assert!(server.said().contains("--on-action on --action has a contrast of 1.3"), "{}", server.said());
    fs_err::write(&file, ":root { --accent: url(https://elders.example/x.svg); }").expect("written");
    let refused = place.run(&["serve", "--house-style", &path(&file)]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(1) && said.contains("GW031") && said.contains("hint"), "{said}");
}
