//! The API beside its own description: every address is in it, every answer is what it says, and it keeps the API Design Rules.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    process::Command,
};

use grip_web::addresses;
use serde_json::Value;

use crate::{
    http::{Answer, get, post, request},
    rights::Places,
    town::{folder, server, start, town, writing_server},
};

const BASE: &str = "/api/v1";

/// What is read and is no page: forms, files, signing in, and what is not for people. Whatever else can be read is in the API.
const APART: [&str; 16] = [
    "/aanmelden",
    "/aanmelden/elders",
    "/aanmelden/terug",
    "/account",
    "/account/code",
    "/api",
    "/gereed",
    "/gezond",
    "/inzage",
    "/register.js",
    "/register/{kind}/blad",
    "/register/{kind}/inlezen",
    "/register/{kind}/nieuw",
    "/register/{kind}/{id}/intrekken",
    "/register/{kind}/{id}/wijzig",
    "/stijl.css",
];

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

fn document() -> Value {
    let answer = get(server(), "/api/v1/openapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let document = json(&answer);
    assert_eq!(document["info"]["version"], answer.header("api-version"));
    document
}

#[test]
fn every_address_is_described_and_every_page_is_read_by_programs() {
    let described: BTreeSet<String> = document()["paths"].as_object().expect("paths").keys().cloned().collect();
    let read: BTreeSet<&str> =
        addresses().iter().filter(|address| address.method == "GET").map(|address| address.path).collect();
    let ours: BTreeSet<String> = read.iter().filter_map(|path| path.strip_prefix(BASE)).map(str::to_owned).collect();
    assert_eq!(described, ours);
    let apart: BTreeSet<&str> = APART.into_iter().collect();
    let below = |path: &str| format!("{BASE}/paginas{}", if path == "/" { "/begin" } else { path });
    let missing: BTreeSet<&str> = read
        .iter()
        .copied()
        .filter(|path| !path.starts_with("/api/") && !read.contains(below(path).as_str()))
        .collect();
    assert_eq!(missing, apart);
}

/// What a schema says of a value: everything that is otherwise, by its place. What the schema of an object does not name may not be
/// there either, so that what is not described is not given.
struct Check<'d> {
    document: &'d Value,
    wrong: Vec<String>,
}

impl<'d> Check<'d> {
    fn resolved(&self, schema: &'d Value) -> &'d Value {
        match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => self.document.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")),
            None => schema,
        }
    }

    /// The properties of an object with those of what it is made of.
    fn properties(&self, schema: &'d Value) -> BTreeMap<&'d str, &'d Value> {
        let schema = self.resolved(schema);
        let own = schema["properties"].as_object().into_iter().flatten().map(|(name, it)| (name.as_str(), it));
        let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| self.properties(part));
        own.chain(parts).collect()
    }

    fn required(&self, schema: &'d Value) -> Vec<&'d str> {
        let schema = self.resolved(schema);
        let own = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(|part| self.required(part));
        own.chain(parts).collect()
    }

    fn value(&mut self, schema: &'d Value, value: &Value, place: &str) {
        let schema = self.resolved(schema);
        if let Some(kinds) = schema["anyOf"].as_array() {
            let fits = |kind: &'d Value| {
                let mut inner = Check { document: self.document, wrong: Vec::new() };
                inner.value(kind, value, place);
                inner.wrong.is_empty()
            };
            if !kinds.iter().any(fits) {
                self.wrong.push(format!("{place}: {value} is of no kind"));
            }
            return;
        }
        let of_type = |kind: &str| match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "null" => value.is_null(),
            other => panic!("unknown type {other}"),
        };
        let is_typed = match &schema["type"] {
            Value::String(kind) => of_type(kind),
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(of_type),
            other => panic!("a schema without a type at {place}: {other}"),
        };
        let is_named = schema["enum"].as_array().is_none_or(|values| values.contains(value));
        let is_const = schema.get("const").is_none_or(|known| known == value);
        let is_least =
            schema["minimum"].as_f64().is_none_or(|least| value.as_f64().is_none_or(|number| number >= least));
        let is_formed = match (schema["format"].as_str(), value.as_str()) {
            (Some("date"), Some(text)) => text.parse::<jiff::civil::Date>().is_ok(),
            (Some("date-time"), Some(text)) => text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok(),
            _ => true,
        };
        if !(is_typed && is_named && is_const && is_least && is_formed) {
            self.wrong.push(format!("{place}: {value} is not {schema}"));
            return;
        }
        if let Some(members) = value.as_object() {
            let known = self.properties(schema);
            for name in self.required(schema) {
                if !members.contains_key(name) {
                    self.wrong.push(format!("{place} has no {name}"));
                }
            }
            for (name, member) in members {
                let at = format!("{place}.{name}");
                match (known.get(name.as_str()).copied(), schema.get("additionalProperties")) {
                    (Some(schema), _) | (None, Some(schema)) => self.value(schema, member, &at),
                    // A document of OpenAPI is described elsewhere.
                    (None, None) if known.is_empty() => {}
                    (None, None) => self.wrong.push(format!("{at} is not described")),
                }
            }
        }
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            self.value(&schema["items"], item, &format!("{place}[{number}]"));
        }
    }
}

/// A goal that was written, and its identification.
fn written(name: &str) -> String {
    let fields = [("name", name), ("level", "visie"), ("naam", "beleidsadviseur")];
    let fields = fields.map(|(name, value)| (name, value.to_owned()));
    let made = post(writing_server(), "/register/goal/nieuw", &fields, &[("sec-fetch-site", "same-origin")]);
    assert_eq!(made.status, 303, "{}", made.body);
    let path = made.header("location").split('?').next().expect("a path");
    path.rsplit('/').next().expect("an identification").to_owned()
}

#[test]
fn every_answer_is_as_it_is_described() {
    let (server, document) = (writing_server(), document());
    let goal = written("Wat de API van doelen zegt");
    let places = Places::find(server);
    let (mut wrong, mut answered, mut choices) = (Vec::new(), 0, Vec::new());
    for (path, operations) in document["paths"].as_object().expect("paths") {
        let own = format!("{BASE}{path}");
        let filled = match path.contains("register/{kind}/{id}") {
            true => Some(own.replace("{kind}", "goal").replace("{id}", &goal)),
            false => places.fill(&own.replace("{rapport}", "kwartaal").replace("{account}", "niemand")),
        };
        let Some(address) = filled else { continue };
        let answer = get(server, &address);
        if answer.status != 200 {
            // Of what is not in the register of this town: a conversation, a measure, an account.
            let is_told = json(&answer)["status"] == answer.status && answer.header("api-version") == "1.1.0";
            assert!(answer.status < 500 && is_told, "{address}: {} {}", answer.status, answer.body);
            continue;
        }
        answered += 1;
        let told = json(&answer);
        let operation = &operations["get"];
        let mut check = Check { document: &document, wrong: Vec::new() };
        check.value(&operation["responses"]["200"]["content"]["application/json"]["schema"], &told, &address);
        wrong.extend(check.wrong.into_iter().take(5));
        // What a page can be narrowed by is described; the fields of a kind are told by the register itself.
        let named: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|parameter| parameter["$ref"].as_str()?.rsplit('/').next())
            .collect();
        if !path.contains("/register/") {
            let names = told["keuzes"].as_array().into_iter().flatten().filter_map(|choice| choice["naam"].as_str());
            choices.extend(names.filter(|name| !named.contains(name)).map(|name| format!("{path}: {name}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(choices.is_empty(), "not described: {}", choices.join("\n"));
    assert!(answered > 45, "{answered}");
}

/// What programs read by name is explained by name.
#[test]
fn every_field_stands_in_the_handbook() {
    let page = fs_err::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/handboek/velden.md"));
    let page = page.expect("the handbook");
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let kinds = |schema: &Value| schema["anyOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
    let names: BTreeSet<String> = schemas
        .values()
        .flat_map(kinds)
        .flat_map(|schema| schema["properties"].as_object().cloned().unwrap_or_default())
        .map(|(name, _)| name)
        .collect();
    assert!(names.len() > 150, "{names:?}");
    let missing: Vec<&String> = names.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "docs/handboek/velden.md does not explain {missing:?}");
}

#[test]
fn a_page_tells_programs_the_numbers_it_shows() {
    let page = json(&get(server(), "/api/v1/paginas/prognose"));
    assert_eq!(page["gemeente"], town().gemeente().to_string());
    assert_eq!(page["adres"], "/prognose");
    let answer = town().year_end();
    let tables: Vec<&Value> =
        page["onderdelen"].as_array().expect("parts").iter().filter(|part| part["soort"] == "tabel").collect();
    let amounts = |table: &Value| -> Vec<i64> {
        let rows = table["rijen"].as_array().into_iter().flatten().chain(table.get("totaal"));
        rows.flat_map(|row| row["cellen"].as_array().into_iter().flatten())
            .filter(|cell| cell["soort"] == "bedrag")
            .filter_map(|cell| cell["waarde"].as_i64())
            .collect()
    };
    let all: BTreeSet<i64> = tables.iter().flat_map(|table| amounts(table)).collect();
    for segment in &answer.segments {
        assert!(all.contains(&segment.forecast.p50), "{}", segment.naam);
    }
    assert!(all.contains(&answer.total.forecast.p50));
    assert!(page["kerncijfers"].as_array().is_some_and(|figures| figures.len() >= 2), "{page}");
    // A page that says to people that there is nothing says so to programs too.
    let nothing = get(crate::town::empty_server(), "/api/v1/paginas/prognose");
    assert_eq!((nothing.status, json(&nothing)["type"].as_str()), (404, Some("urn:grip:probleem:GW007")));
}

#[test]
fn a_long_list_is_read_a_page_at_a_time() {
    let server = server();
    let (path, count) = town().longest_list();
    assert!(count > 100, "{count}");
    let mut address = Some(format!("/api/v1/paginas{path}"));
    let (mut rows, mut pages) = (0, 0);
    while let Some(at) = address {
        let answer = get(server, &at);
        assert_eq!(answer.status, 200, "{at}");
        let page = json(&answer);
        rows += page["onderdelen"][0]["rijen"].as_array().expect("rows").len();
        pages += 1;
        address = page["bladeren"]["volgende"].as_str().map(str::to_owned);
        let told =
            address.as_ref().is_none_or(|next| answer.header("link").contains(&format!("<{next}>; rel=\"next\"")));
        assert!(told, "{}", answer.header("link"));
    }
    assert_eq!((rows, pages), (count, count.div_ceil(100)));
}

#[test]
fn the_register_is_read_by_programs() {
    let server = writing_server();
    let ids: Vec<String> = (0..3).map(|number| written(&format!("Leesbaar doel {number}"))).collect();
    let kinds = json(&get(server, "/api/v1/register"));
    let goals = kinds.as_array().expect("kinds").iter().find(|kind| kind["naam"] == "goal").expect("goals");
    assert!(goals["aantal"].as_u64().is_some_and(|count| count >= 3), "{goals}");
    assert!(goals["velden"].as_array().expect("fields").iter().any(|field| field["naam"] == "level"));

    let mut found = Vec::new();
    let mut address = Some("/api/v1/register/goal?tekst=Leesbaar&pageSize=2".to_owned());
    while let Some(at) = address {
        let answer = get(server, &at);
        let page = json(&answer);
        assert_eq!((page["totaal"].as_u64(), page["pageSize"].as_u64()), (Some(3), Some(2)), "{page}");
        found.extend(
            page["items"].as_array().expect("goals").iter().map(|goal| goal["id"].as_str().expect("it").to_owned()),
        );
        address = page["links"]["next"].as_str().map(str::to_owned);
        assert_eq!(answer.header("link").contains("rel=\"next\""), address.is_some());
    }
    assert_eq!(found.iter().collect::<BTreeSet<_>>(), ids.iter().collect());
    for (asked, status) in [("pageSize=0", 400), ("pageSize=501", 400), ("pagina=9", 404), ("pagina=0", 400)] {
        assert_eq!(get(server, &format!("/api/v1/register/goal?{asked}")).status, status, "{asked}");
    }

    let one = format!("/api/v1/register/goal/{}", ids[0]);
    let answer = get(server, &one);
    let goal = json(&answer);
    assert_eq!((goal["velden"]["level"].as_str(), goal["versie"].as_i64()), (Some("visie"), Some(1)), "{goal}");
    assert_eq!(answer.header("etag"), "\"1\"");
    let same = request(server, "GET", &one, &[("host", "localhost"), ("if-none-match", "\"1\"")]);
    assert_eq!((same.status, same.body.as_str(), same.header("etag")), (304, "", "\"1\""));
    let versions = json(&get(server, &format!("{one}/versies")));
    assert_eq!((versions["totaal"].as_u64(), versions["items"][0]["handeling"].as_str()), (Some(1), Some("create")));
    for nothing in ["/api/v1/register/niets", "/api/v1/register/goal/niets", &format!("{one}?versie=2")] {
        assert_eq!(get(server, nothing).status, 404, "{nothing}");
    }
}

#[test]
fn programs_are_told_what_they_did_wrong() {
    let server = server();
    let ask = |method: &str, path: &str, more: &[(&str, &str)]| {
        let headers: Vec<(&str, &str)> = [("host", "localhost")].into_iter().chain(more.iter().copied()).collect();
        request(server, method, path, &headers)
    };
    for (method, path, more, status) in [
        ("GET", "/api/v1/prognose/", &[][..], 404),
        ("GET", "/api/v1/paginas/geld/", &[], 404),
        ("GET", "/api/v1/paginas/aanmelden", &[], 404),
        ("GET", "/api/v1/niets", &[], 404),
        ("GET", "/api/v1", &[], 404),
        ("GET", "/api/v1/paginas/geld?jaar=twee", &[], 400),
        ("GET", "/api/v1/paginas/geld?jaar=2025&jaar=2024", &[], 400),
        ("GET", "/api/v1/prognose", &[("accept", "text/html")], 406),
        ("GET", "/api/v1/prognose", &[("accept", "application/json;q=0, text/*")], 406),
        ("PUT", "/api/v1/paginas/geld", &[], 405),
        ("DELETE", "/api/v1/prognose", &[], 405),
        ("TRACE", "/api/v1/prognose", &[], 405),
    ] {
        let answer = ask(method, path, more);
        assert_eq!((answer.status, answer.header("api-version")), (status, "1.1.0"), "{method} {path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
        assert_eq!(json(&answer)["status"], status, "{method} {path}");
        assert_eq!(answer.header("allow"), if status == 405 { "GET,HEAD" } else { "" }, "{method} {path}");
    }
    for accept in ["*/*", "application/*;q=0.8", "text/html, application/json"] {
        assert_eq!(ask("GET", "/api/v1/indicatoren", &[("accept", accept)]).status, 200, "{accept}");
    }
    // Which file of a page is wanted is no question to the API.
    let page = ask("GET", "/api/v1/paginas/geld?formaat=csv&tabel=niets", &[]);
    assert_eq!((page.status, page.header("content-type")), (200, "application/json"));
    let head = ask("HEAD", "/api/v1/paginas/geld", &[]);
    assert_eq!((head.status, head.body.as_str(), head.header("content-type")), (200, "", "application/json"));
    assert!(head.header("ratelimit").starts_with("\"api\";r="), "{}", head.header("ratelimit"));
    assert_eq!(get(server, "/geld").header("ratelimit"), "", "pages are not counted");
}

/// Own server: what is asked too much is too much for everybody on this address.
#[test]
fn too_many_questions_have_to_wait() {
    let server = start(grip_pipeline::Grip::open(&folder("limited")).expect("a lake"));
    let refused = (0..20_000).map(|_| get(server, "/api/v1/niets")).find(|answer| answer.status != 404);
    let refused = refused.expect("there is a limit");
    assert_eq!((refused.status, refused.header("content-type")), (429, "application/problem+json"));
    assert_eq!((refused.header("retry-after"), refused.header("ratelimit-policy")), ("1", "\"api\";q=3000;w=60"));
    assert_eq!(json(&refused)["type"], "urn:grip:probleem:GW028");
    assert_eq!(get(server, "/gezond").status, 200, "pages go on");
}

#[test]
fn people_read_which_addresses_there_are() {
    for taal in ["", "?taal=en"] {
        let page = get(server(), &format!("/api{taal}"));
        crate::pages::check_page(&page, 200, if taal.is_empty() { "nl" } else { "en" });
        for address in addresses().iter().filter(|address| address.path.starts_with("/api/v1/")) {
            assert!(page.body.contains(address.path), "{}", address.path);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says where the programs are")]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|path| !path.is_empty())
}

/// Spectral with the rules of Logius.
#[test]
fn the_description_keeps_the_api_design_rules() {
    let Some(spectral) = told("GRIP_TEST_SPECTRAL") else {
        eprintln!("GRIP_TEST_SPECTRAL names no folder with Spectral: THE API DESIGN RULES WERE NOT CHECKED");
        return;
    };
    let file = folder("openapi").join("openapi.json");
    fs_err::write(&file, document().to_string()).expect("written");
    let output = Command::new(format!("{spectral}/node_modules/.bin/spectral"))
        .args(["lint", "--format", "text", "--ruleset"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spectral/ruleset.yaml"))
        .arg(&file)
        .output()
        .expect("Spectral runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("No results"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Schemathesis with everything that the description allows, and much that it does not.
#[test]
fn nothing_that_is_asked_breaks_the_server() {
    let Some(program) = told("GRIP_TEST_SCHEMATHESIS") else {
        eprintln!("GRIP_TEST_SCHEMATHESIS names no schemathesis: THE API WAS NOT ASKED AT RANDOM");
        return;
    };
    written("Wat schemathesis vindt");
    // To pages a few questions at random; what is no page is also asked all kinds that follow from its description.
    ask_at_random(&program, writing_server(), &["--phases", "fuzzing", "--max-examples", "3"]);
    let answers = ["--phases", "coverage", "--include-tag", "Register", "--include-tag", "Antwoorden"];
    ask_at_random(&program, writing_server(), &answers);
}

fn ask_at_random(program: &str, server: SocketAddr, what: &[&str]) {
    let output = Command::new(program)
        .args(["run", &format!("http://{server}/api/v1/openapi.json"), "--workers", "2", "--seed", "1"])
        .args(what)
        .args(["--suppress-health-check", "all", "--rate-limit", "auto", "--request-timeout", "120"])
        .args(["--checks", CHECKS, "--warnings", "off", "--no-color"])
        .current_dir(folder("schemathesis"))
        .output()
        .expect("schemathesis runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// That a server answers, with what is described. What can't be asked is refused, yet more is allowed than is described: a parameter
/// that means nothing to Grip is ignored.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,unsupported_method,allow_header_conformance";
