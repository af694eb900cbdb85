//! Signing in at a running server: with a password and a code, with a token, and what happens when somebody guesses.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use grip_access::{Grant, Key, Password, Reach, Rights, Role, TotpSecret, level_of};
use grip_register::{Account, Register};
use grip_web::{Asks, SignIn, addresses};
use jiff::{SignedDuration, Timestamp};

use crate::{
    http::{Answer, post, request},
    town::{folder, server_with_accounts},
};

const PASSWORD: &str = "wolken boven het stadhuis";
const KEY: [u8; 32] = [7; 32];
const FROM_HERE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Seconds the clock of the servers here is ahead.
static AHEAD: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(AHEAD.load(Ordering::SeqCst))
}

fn in_runtime<T>(task: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(task)
}

/// A register with accounts, each with the second factor `secret` when it is given.
async fn fill(path: &PathBuf, accounts: &[(&str, Rights)], secret: Option<&TotpSecret>) {
    let register = Register::open(&format!("sqlite:{}", path.display())).await.expect("a register");
    let hash = Password::from_typed(PASSWORD).hash().expect("a hash");
    for (name, rights) in accounts {
        let account: Account = name.parse().expect("a name");
        let grants = serde_json::to_string(rights).expect("JSON");
        register.make_account(&account, &grants, clock()).await.expect("made");
        register.set_password(&account, Some(&hash)).await.expect("set");
        if let Some(secret) = secret {
            let sealed = Key::from_bytes(KEY).seal(name, secret.expose()).expect("sealed");
            register.set_totp(&account, Some(&sealed), &[]).await.expect("set");
        }
    }
    register.close().await;
}

fn of(role: Role, gemeenten: Reach) -> Rights {
    Rights(vec![Grant { role, gemeenten }])
}

fn doors() -> SignIn {
    SignIn { key: Key::from_bytes(KEY), provider: None }
}

fn get(server: SocketAddr, path: &str, cookies: &str) -> Answer {
    request(server, "GET", path, &[("host", "localhost"), ("cookie", cookies)])
}

fn send(server: SocketAddr, path: &str, fields: &[(&str, &str)], cookies: &str) -> Answer {
    let fields: Vec<(&str, String)> = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    post(server, path, &fields, &[FROM_HERE, ("cookie", cookies)])
}

fn try_in(server: SocketAddr, account: &str, password: &str, code: &str, cookies: &str) -> Answer {
    send(
        server,
        "/aanmelden",
        &[("account", account), ("wachtwoord", password), ("code", code), ("terug", "/prognose")],
        cookies,
    )
}

/// Signs in and gives the cookies. A code works once, so that each sign-in of an account is half a minute after the one before.
fn sign_in(server: SocketAddr, account: &str, secret: &TotpSecret, cookies: &str) -> String {
    let answer = try_in(server, account, PASSWORD, &secret.code(Timestamp::now()), cookies);
    assert_eq!((answer.status, answer.header("location")), (303, "/prognose"), "{}", answer.body);
    answer.cookies(cookies)
}

/// One server with an account for each role, for tests that only look.
fn of_all_roles() -> &'static (SocketAddr, TotpSecret) {
    static SERVER: OnceLock<(SocketAddr, TotpSecret)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let path = folder("accounts").join("register.db");
        let secret = TotpSecret::generate().expect("a secret");
        let accounts: Vec<(&str, Rights)> =
            Role::ALL.iter().map(|role| (role.as_str(), of(*role, Reach::All))).collect();
        in_runtime(fill(&path, &accounts, Some(&secret)));
        (server_with_accounts(&path, Timestamp::now, doors()), secret)
    })
}

#[test]
fn nobody_sees_anything_before_signing_in() {
    let (server, _) = of_all_roles();
    for address in addresses() {
        let path = address.path.replace("{kind}", "goal").replace(['{', '}'], "");
        let answer = match address.method.as_str() {
            "GET" => get(*server, &path, ""),
            _ => send(*server, &path, &[], ""),
        };
        if address.asks == Asks::Nothing {
            assert_ne!(answer.status, 500, "{path}");
        } else if path.starts_with("/api/") {
            assert_eq!(answer.status, 401, "{path}");
        } else {
            assert_eq!(answer.status, 303, "{path}");
            assert!(answer.header("location").starts_with("/aanmelden?terug="), "{path}");
        }
    }
}

#[test]
fn accounts_get_what_their_role_may() {
    let (server, secret) = of_all_roles();
    let mut wrong = Vec::new();
    for role in Role::ALL {
        let cookies = sign_in(*server, role.as_str(), secret, "");
        for address in addresses().into_iter().filter(|address| address.method == "GET" && !address.path.contains('{'))
        {
            let Asks::Right(need) = address.asks else { continue };
            let may = level_of(role, need.part).allows(need);
            let status = get(*server, address.path, &cookies).status;
            if (status == 403) == may {
                wrong.push(format!("{} as {role}: {status} though may is {may}", address.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_right_in_another_municipality_opens_nothing_here() {
    let path = folder("elsewhere").join("register.db");
    let secret = TotpSecret::generate().expect("a secret");
    let elsewhere = of(Role::Finance, Reach::Only(vec!["0935".parse().expect("a code")]));
    in_runtime(fill(&path, &[("elders", elsewhere)], Some(&secret)));
    let server = server_with_accounts(&path, Timestamp::now, doors());
    let cookies = sign_in(server, "elders", &secret, "");
    for path in [
        "/prognose?gemeente=9998",
        "/api/v1/prognose?gemeente=9998",
        "/geld?gemeente=9998",
        "/register/goal?gemeente=9998",
        "/api/v1/paginas/geld?gemeente=9998",
        "/api/v1/register/goal?gemeente=9998",
    ] {
        let answer = get(server, path, &cookies);
        assert!(!answer.body.contains("9998 –") && answer.status != 200, "{path}: {}", answer.status);
    }
    assert!(!get(server, "/prognose", &cookies).body.contains("9998"), "nor is it told that it is there");
}

/// What a camera reads of the code on a page.
fn read_code(page: &str) -> String {
    const UNIT: usize = 4;
    let drawing = page.split_once("<svg class=\"qr\"").and_then(|(_, rest)| rest.split_once("</svg>")).expect("one").0;
    let size = drawing.split_once("viewBox=\"0 0 ").and_then(|(_, rest)| rest.split_once(' ')).expect("a size").0;
    let size = size.parse::<usize>().expect("a number") * UNIT;
    let dark: BTreeSet<(usize, usize)> = drawing
        .split(['M', '"'])
        .filter_map(|piece| piece.strip_suffix("h1v1h-1z")?.split_once(' '))
        .map(|(column, row)| (column.parse().expect("a number"), row.parse().expect("a number")))
        .collect();
    let is_dark = |column: usize, row: usize| dark.contains(&(column / UNIT, row / UNIT));
    let mut seen = rqrr::PreparedImage::prepare_from_bitmap(size, size, is_dark);
    let found = seen.detect_grids();
    let [code] = found.as_slice() else { panic!("{} codes", found.len()) };
    code.decode().expect("a code that can be read").1
}

#[test]
fn a_first_password_asks_for_a_second_factor_and_then_opens() {
    let path = folder("first").join("register.db");
    in_runtime(fill(&path, &[("nieuw", of(Role::Policy, Reach::All))], None));
    let server = server_with_accounts(&path, Timestamp::now, doors());
    let answer = try_in(server, "nieuw", PASSWORD, "", "");
    assert_eq!((answer.status, answer.header("location")), (303, "/account/code"));
    let cookies = answer.cookies("");
    assert_eq!(get(server, "/prognose", &cookies).status, 403, "a password alone opens nothing");
    let page = get(server, "/account/code", &cookies).body;
    let key = page.split("otpauth://totp/").nth(1).and_then(|rest| rest.split("secret=").nth(1)).expect("a link");
    let secret = TotpSecret::from_base32(key.split(['&', '"']).next().expect("a key")).expect("base 32");
    assert_eq!(read_code(&page), secret.uri("Grip", "nieuw"), "what a camera reads");
    let sealed =
        page.split("name=\"geheim\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a field");
    assert_eq!(send(server, "/account/code", &[("geheim", sealed), ("code", "000000")], &cookies).status, 422);
    let kept = send(server, "/account/code", &[("geheim", sealed), ("code", &secret.code(Timestamp::now()))], &cookies);
    assert_eq!(kept.status, 200);
    assert_eq!(get(server, "/prognose", &cookies).status, 200);
    // A recovery code opens once.
    let mut words = kept.body.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let code = words.find(|word| {
        word.len() == 39 && word.matches('-').count() == 7 || word.len() == 19 && word.matches('-').count() == 3
    });
    let code = code.expect("a recovery code");
    assert_eq!(try_in(server, "nieuw", PASSWORD, code, "").status, 303);
    assert_eq!(try_in(server, "nieuw", PASSWORD, code, "").status, 422);
}

#[test]
fn who_guesses_waits_and_who_is_known_does_not() {
    let path = folder("guess").join("register.db");
    let secret = TotpSecret::generate().expect("a secret");
    in_runtime(fill(&path, &[("doelwit", of(Role::Council, Reach::All))], Some(&secret)));
    let server = server_with_accounts(&path, clock, doors());
    let own = try_in(server, "doelwit", PASSWORD, &secret.code(clock()), "").cookies("");
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(try_in(server, "doelwit", "een ander wachtwoord hier", "", ""));
    }
    assert!(answers.iter().all(|answer| answer.status == 422));
    assert!(answers[0].body.contains("klopt niet"), "the first guesses are looked at");
    assert!(answers[7].body.contains("Te vaak geprobeerd"), "the last are not");
    // The right password from elsewhere has to wait too: otherwise guessing would go on.
    assert!(try_in(server, "doelwit", PASSWORD, &secret.code(clock()), "").body.contains("Te vaak"));
    AHEAD.fetch_add(60, Ordering::SeqCst);
    let again = try_in(server, "doelwit", PASSWORD, &secret.code(clock()), &own);
    assert_eq!(again.status, 303, "on a device that is known one gets in meanwhile");
    // A name that nobody has waits as one that somebody has.
    let nobody: Vec<Answer> = (0..8).map(|_| try_in(server, "niemand", "een ander wachtwoord hier", "", "")).collect();
    assert!(nobody[0].body.contains("klopt niet") && nobody[7].body.contains("Te vaak geprobeerd"));
}

#[test]
fn sessions_end() {
    let path = folder("sessions").join("register.db");
    let secret = TotpSecret::generate().expect("a secret");
    in_runtime(fill(&path, &[("kort", of(Role::Policy, Reach::All))], Some(&secret)));
    static LATER: AtomicI64 = AtomicI64::new(0);
    fn later() -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(LATER.load(Ordering::SeqCst))
    }
    let server = server_with_accounts(&path, later, doors());
    let enter = || {
        let answer = try_in(server, "kort", PASSWORD, &secret.code(later()), "");
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.cookies("")
    };
    let cookies = enter();
    LATER.fetch_add(29 * 60, Ordering::SeqCst);
    assert_eq!(get(server, "/beleid", &cookies).status, 200);
    LATER.fetch_add(31 * 60, Ordering::SeqCst);
    assert_eq!(get(server, "/beleid", &cookies).status, 303, "after half an hour of nothing");
    let cookies = enter();
    let out = send(server, "/afmelden", &[], &cookies);
    assert_eq!((out.status, out.header("location")), (303, "/aanmelden"));
    assert_eq!(get(server, "/beleid", &cookies).status, 303, "the cookie is worth nothing after signing out");
    LATER.fetch_add(60, Ordering::SeqCst);
    let cookies = enter();
    for _ in 0..14 {
        LATER.fetch_add(55 * 60 / 2, Ordering::SeqCst);
        get(server, "/beleid", &cookies);
        LATER.fetch_add(55 * 60 / 2, Ordering::SeqCst);
        get(server, "/beleid", &cookies);
    }
    assert_eq!(get(server, "/beleid", &cookies).status, 303, "after half a day, whatever was done");
}

#[test]
fn another_right_gives_another_secret() {
    let path = folder("rotation").join("register.db");
    let secret = TotpSecret::generate().expect("a secret");
    in_runtime(fill(&path, &[("stijger", of(Role::Council, Reach::All))], Some(&secret)));
    let server = server_with_accounts(&path, Timestamp::now, doors());
    let cookies = sign_in(server, "stijger", &secret, "");
    assert_eq!(get(server, "/signalen", &cookies).status, 403);
    let grants = serde_json::to_string(&of(Role::Policy, Reach::All)).expect("JSON");
    in_runtime(async {
        let register = Register::open(&format!("sqlite:{}", path.display())).await.expect("a register");
        register.set_grants(&"stijger".parse().expect("a name"), &grants, Timestamp::now()).await.expect("set");
        register.close().await;
    });
    let answer = get(server, "/signalen", &cookies);
    assert_eq!(answer.status, 200);
    let fresh = answer.cookies(&cookies);
    assert_ne!(fresh, cookies, "the old cookie is replaced");
    assert_eq!(get(server, "/signalen", &fresh).status, 200);
    assert_eq!(get(server, "/signalen", &cookies).status, 303, "and worth nothing");
}

#[test]
fn a_token_is_for_programs_and_gives_no_more_than_its_account() {
    let path = folder("tokens").join("register.db");
    let secret = TotpSecret::generate().expect("a secret");
    let both = Rights([Role::Finance, Role::Council].map(|role| Grant { role, gemeenten: Reach::All }).into());
    in_runtime(fill(&path, &[("koppeling", both)], Some(&secret)));
    let server = server_with_accounts(&path, Timestamp::now, doors());
    let cookies = sign_in(server, "koppeling", &secret, "");
    let made =
        send(server, "/account/sleutel", &[("doel", "dashboard"), ("rol", "council"), ("dagen", "30")], &cookies);
    assert_eq!(made.status, 200, "{}", made.body);
    let token = made.body.split_whitespace().find_map(|word| {
        word.strip_prefix("grip_").map(|rest| format!("grip_{}", rest.split('<').next().unwrap_or(rest)))
    });
    let bearer = format!("Bearer {}", token.expect("a token"));
    let ask = |path: &str| request(server, "GET", path, &[("host", "localhost"), ("authorization", &bearer)]);
    assert_eq!(ask("/api/v1/prognose").status, 200);
    for (path, status) in [
        ("/api/v1/signalen", 403),
        ("/api/v1/paginas/signalen", 403),
        ("/api/v1/paginas/geld", 200),
        ("/api/v1/register/goal", 200),
        ("/api/v1/register/niets", 404),
    ] {
        let answer = ask(path);
        assert_eq!(answer.status, status, "{path}: the token is for the council");
        let kind = if status == 200 { "application/json" } else { "application/problem+json" };
        assert_eq!((answer.header("content-type"), answer.header("api-version")), (kind, "1.1.0"), "{path}");
    }
    assert_eq!(ask("/account").status, 303, "a program has no account page");
    let page = get(server, "/account", &cookies).body;
    assert!(!page.contains(bearer.trim_start_matches("Bearer ")), "a token is shown once");
    let hash = page.split("name=\"sleutel\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form");
    assert_eq!(send(server, "/account/sleutel/intrekken", &[("sleutel", hash)], &cookies).status, 303);
    assert_eq!(ask("/api/v1/prognose").status, 401);
    let forged =
        request(server, "GET", "/api/v1/prognose", &[("host", "localhost"), ("authorization", "Bearer grip_x")]);
    assert_eq!(forged.status, 401);
}

#[test]
fn what_people_did_is_in_the_log_and_the_log_holds() {
    let path = folder("audit").join("register.db");
    let secret = TotpSecret::generate().expect("a secret");
    in_runtime(fill(
        &path,
        &[("boekhouder", of(Role::Finance, Reach::All)), ("beheer", of(Role::Administrator, Reach::All))],
        Some(&secret),
    ));
    let server = server_with_accounts(&path, Timestamp::now, doors());
    try_in(server, "boekhouder", "niet het wachtwoord dus", "", "");
    let cookies = sign_in(server, "boekhouder", &secret, "");
    let lines = crate::town::town().longest_list().0;
    assert_eq!(get(server, &lines, &cookies).status, 200);
    assert_eq!(get(server, "/geld?formaat=csv", &cookies).status, 200);
    assert_eq!(get(server, "/beheer/accounts", &cookies).status, 403);
    let written = send(
        server,
        "/register/decision/nieuw",
        &[("name", "Een besluit"), ("naam", "iemand-anders"), ("reden", "")],
        &cookies,
    );
    assert!(matches!(written.status, 303 | 422), "{}", written.status);
    let made = send(
        server,
        "/beheer/accounts",
        &[("account", "raadslid"), ("rollen", "council"), ("gemeenten", "alle")],
        &cookies,
    );
    assert_eq!(made.status, 403);
    let admin = sign_in(server, "beheer", &secret, "");
    let made = send(
        server,
        "/beheer/accounts",
        &[("account", "raadslid"), ("rollen", "council"), ("gemeenten", "alle")],
        &admin,
    );
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(made.body.contains("alleen nu te zien"));
    let page = get(server, "/beheer/handelingen", &admin).body;
    for deed in ["sign_in", "see_lines", "download", "refused", "make_account"] {
        assert!(page.contains(deed), "{deed} is in the log");
    }
    in_runtime(async {
        let register = Register::open(&format!("sqlite:{}", path.display())).await.expect("a register");
        let head = register.verify_audit(&Key::from_bytes(KEY), &[]).await.expect("read").expect("whole");
        assert!(head.records >= 7, "{}", head.records);
        let other = register.verify_audit(&Key::from_bytes([8; 32]), &[]).await.expect("read");
        assert!(other.is_err(), "another key did not mark it");
        register.close().await;
    });
}
