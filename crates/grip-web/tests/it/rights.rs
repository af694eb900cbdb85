//! Every role at every address of a running server: who may, is answered; who may not, is refused.

use std::{collections::BTreeMap, net::SocketAddr};

use grip_access::{Deed, Role, level_of};
use grip_web::{Asks, addresses};

use crate::{
    http::{Answer, post, request},
    town::{town, writing_server},
};

/// Where programs read pages.
const PAGES: &str = "/api/v1/paginas";

fn look(server: SocketAddr, role: Option<Role>, path: &str) -> Answer {
    let cookie = role.map(|role| format!("grip-rol={role}"));
    let headers = cookie.iter().map(|cookie| ("cookie", cookie.as_str()));
    request(server, "GET", path, &[("host", "localhost")].into_iter().chain(headers).collect::<Vec<_>>())
}

/// What stands in the places between braces, so that the address is of something that is there.
pub(crate) struct Places {
    lines: Vec<String>,
    signal: String,
    sender: String,
    rule: String,
    file: String,
}

impl Places {
    pub(crate) fn find(server: SocketAddr) -> Self {
        let first = |path: &str, prefix: &str| {
            let page = look(server, None, path).body;
            let begin = page.find(prefix).unwrap_or_else(|| panic!("{path} has a link to {prefix}")) + prefix.len();
            page[begin..].split(['"', '?', '&']).next().unwrap_or_default().to_owned()
        };
        let (lines, _) = town().longest_list();
        let rule = first("/gegevens", "href=\"/gegevens/bevinding/");
        Self {
            lines: lines.split('/').map(str::to_owned).collect(),
            signal: first("/signalen", "href=\"/signalen/"),
            sender: first("/gegevens", "href=\"/gegevens/afzender/"),
            file: first(&format!("/gegevens/bevinding/{rule}"), "href=\"/gegevens/bestand/"),
            rule,
        }
    }

    /// The address with its places filled in; nothing when a page has none yet, as that of one object.
    pub(crate) fn fill(&self, path: &str) -> Option<String> {
        // Programs read a page at the same address, below another.
        let below = path.strip_prefix(PAGES).filter(|page| page.contains('{'));
        if let Some(page) = below {
            return Some(format!("{PAGES}{}", self.fill(page)?));
        }
        let filled: Option<Vec<&str>> = path
            .split('/')
            .map(|part| {
                Some(match (part, path.split('/').nth(1)) {
                    ("{wet}", _) => self.lines[2].as_str(),
                    ("{categorie}", _) => &self.lines[3],
                    ("{aanbieder}", _) => &self.lines[4],
                    ("{id}", Some("signalen")) => &self.signal,
                    ("{id}", Some("indicatoren" | "api")) if !path.contains("register") => "clienten-met-zorg",
                    ("{code}", _) if path.contains("afzender") => &self.sender,
                    ("{code}", _) => &self.rule,
                    ("{bericht_id}", _) => &self.file,
                    ("{kind}", _) => "goal",
                    (place, _) if place.starts_with('{') => return None,
                    (part, _) => part,
                })
            })
            .collect();
        filled.map(|parts| parts.join("/"))
    }
}

#[test]
fn every_role_gets_what_it_may_and_nothing_else() {
    let server = writing_server();
    let places = Places::find(server);
    let mut wrong = Vec::new();
    let mut tried: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for address in addresses() {
        // What is not there yet is asked by a name that nothing has: the right is asked before whether it is there.
        let path = places.fill(address.path).unwrap_or_else(|| {
            address
                .path
                .replace("{kind}", "goal")
                .replace("{id}", "01890000-0000-7000-8000-000000000000")
                .replace("{talk}", "geen")
        });
        let is_there = places.fill(address.path).is_some();
        for role in Role::ALL {
            let may = match address.asks {
                Asks::Nothing | Asks::AnyRight => true,
                other => {
                    let need = other.need(Some("goal")).expect("a right");
                    level_of(role, need.part).allows(need)
                }
            };
            let cookie = format!("grip-rol={role}");
            let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
            let answer = match address.method.as_str() {
                "GET" => look(server, Some(role), &path),
                _ => post(server, &path, &[], &headers),
            };
            *tried.entry((may, if answer.status == 403 { "refused" } else { "answered" })).or_default() += 1;
            let is_right = match (may, address.method.as_str()) {
                (false, _) => answer.status == 403,
                // Where nobody signs in there are no pages for it.
                (true, "GET") if is_there && address.asks != Asks::Nothing => matches!(answer.status, 200 | 503),
                // Something is missing in the form, or it is of nothing; it was not refused.
                (true, _) => {
                    let is_told = answer.status < 500 || address.path == "/gereed";
                    answer.status != 403 && answer.status != 401 && is_told
                }
            };
            if !is_right {
                wrong.push(format!("{} {path} as {role}: {} though may is {may}", address.method, answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried.get(&(false, "refused")).is_some_and(|count| *count > 100), "{tried:?}");
    assert!(tried.get(&(true, "answered")).is_some_and(|count| *count > 300), "{tried:?}");
}

#[test]
fn what_writes_asks_for_a_right_to_write() {
    for address in addresses() {
        let writes = match address.asks {
            Asks::Right(need) => need.deed == Deed::Write,
            Asks::RightOfKind(deed) => deed == Deed::Write,
            Asks::Nothing | Asks::AnyRight => false,
        };
        // Looking as a role keeps nothing but a cookie; signing in and out is what gives rights.
        let keeps_nothing = address.path == "/rol" || address.asks == Asks::Nothing;
        assert!(address.method == "GET" || writes || keeps_nothing, "{} {}", address.method, address.path);
    }
}

#[test]
fn who_sees_no_providers_finds_none_on_the_way() {
    let server = writing_server();
    let (lines, _) = town().longest_list();
    let mut parts: Vec<&str> = lines.split('/').collect();
    let provider = parts.pop().expect("a provider");
    let segment = parts.join("/");
    let full = look(server, Some(Role::Finance), &segment);
    assert!(full.body.contains(provider), "finance sees providers");
    assert!(full.body.contains(&format!("href=\"{segment}/{provider}")), "and their lines");
    let executive = look(server, Some(Role::Executive), &segment);
    assert!(executive.body.contains(provider), "the executive sees providers");
    assert!(!executive.body.contains(&format!("href=\"{segment}/{provider}")), "and not their lines");
    for path in [
        segment.as_str(),
        "/gegevens",
        "/geld/groei",
        "/zorg/verloop?door=productcategorie",
        "/beleid/goed-genoeg",
        "/indicatoren/kosten-per-client",
    ] {
        let council = look(server, Some(Role::Council), path);
        assert_eq!(council.status, 200, "{path}");
        assert!(!council.body.contains(provider), "the council sees no provider on {path}");
    }
    for path in ["/geld/groei?door=aanbieder", "/zorg/verloop?door=aanbieder"] {
        assert_eq!(look(server, Some(Role::Council), path).status, 403, "{path}");
        assert_eq!(look(server, Some(Role::Finance), path).status, 200, "{path}");
    }
}

#[test]
fn each_role_has_its_own_start_page() {
    let server = writing_server();
    let mut seen = BTreeMap::new();
    for role in Role::ALL {
        let page = look(server, Some(role), "/");
        assert_eq!(page.status, 200, "{role}");
        // Every link of the menu and of the questions can be followed.
        for piece in page.body.split("href=\"/").skip(1) {
            let path = format!("/{}", piece.split('"').next().unwrap_or_default().replace("&amp;", "&"));
            assert_eq!(look(server, Some(role), &path).status, 200, "{role}: {path}");
        }
        let title =
            page.body.split("<h1").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap_or_default().to_owned();
        assert!(seen.insert(title, role).is_none(), "{role} has a title of its own");
    }
}

#[test]
fn a_role_is_chosen_in_the_frame_and_only_from_this_site() {
    let server = writing_server();
    let fields = [("rol", "council".to_owned()), ("terug", "/beleid".to_owned())];
    let chosen = post(server, "/rol", &fields, &[("sec-fetch-site", "same-origin")]);
    assert_eq!((chosen.status, chosen.header("location")), (303, "/beleid"));
    assert_eq!(chosen.header("set-cookie"), "grip-rol=council; Path=/; HttpOnly; SameSite=Strict");
    assert_eq!(post(server, "/rol", &fields, &[("sec-fetch-site", "cross-site")]).status, 403);
    let away = post(
        server,
        "/rol",
        &[("rol", "nobody".to_owned()), ("terug", "//elders.example".to_owned())],
        &[("sec-fetch-site", "same-origin")],
    );
    assert_eq!(away.header("location"), "/");
    assert!(away.header("set-cookie").contains("Max-Age=0"));
}
