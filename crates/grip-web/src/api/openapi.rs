//! What the API is, as OpenAPI 3.1: made from the table of addresses, the types of the answers, and the handbook.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use grip_access::{Deed, Detail};
use grip_policy::kinds;
use serde_json::{Map, Value, json};

use crate::{
    api::{VERSION, page::PAGES, register::PAGE_SIZE_MAX},
    pages::{ALL, Address, Asks},
    problem::Problem,
};

/// Where the API begins.
const BASE: &str = "/api/v1";

/// What answers consist of: generated from their types.
const SCHEMAS: &str = include_str!("schemas.json");

/// The fields of answers in Dutch, for the descriptions of schemas.
const FIELDS: &str = include_str!("../../../../docs/handboek/velden.md");

/// An answer that is no page.
pub(super) struct Answered {
    /// Its address.
    pub(super) path: &'static str,
    group: &'static str,
    id: &'static str,
    /// What it is, in Dutch.
    pub(super) summary: &'static str,
    /// The parameters it knows besides those of every answer, by name.
    parameters: &'static [&'static str],
    /// The name of its schema; a list of it when it begins with `[`.
    schema: &'static str,
}

/// What every answer is asked by.
const SCOPE: [&str; 4] = ["gemeente", "jaar", "peildatum", "taal"];

/// What single pages are asked by besides: a test compares it with what they say themselves.
const OF_PAGES: [(&str, &[&str]); 21] = [
    ("/beheer/handelingen", &["pagina"]),
    ("/beleid/tabel", &["doel", "niveau", "status"]),
    ("/beleid/theorie", &["thema"]),
    ("/berichten", &["pagina"]),
    ("/besluiten", &["soort", "orgaan", "in", "antwoord", "doel", "maatregel", "programma"]),
    ("/geld/groei", &["van", "tot", "wet", "productcategorie", "door", "methode", "indexatie"]),
    ("/geld/groei/sinds-wanneer", &["van", "tot", "wet", "productcategorie", "door", "methode"]),
    ("/indicatoren/{id}", &DIMENSIONS),
    ("/indicatoren/{id}/regels", &DIMENSIONS),
    ("/maatregelen", &["doel", "knop", "status", "soort", "spoor", "eigenaar"]),
    ("/prognose/{wet}/{categorie}/{aanbieder}", &["pagina"]),
    ("/programma/{id}", &["fase", "spoor", "snelheid", "eigenaar", "status", "uitstel", "zonder"]),
    ("/register/{kind}", &["tekst", "doel"]),
    ("/register/{kind}/{id}", &["versie"]),
    ("/signalen", &["wet", "soort", "status"]),
    ("/vergelijking", &["meting", "bron", "groep", "periode"]),
    ("/zoeken", &["q"]),
    ("/zorg", &["wet"]),
    ("/zorg/duur", &["wet", "productcategorie"]),
    ("/zorg/overgangen", &["wet"]),
    ("/zorg/verloop", &["wet", "door", "periode", "waarde"]),
];

/// What the answers of an indicator are asked by, and last the page of a list of them.
const DIMENSIONS: [&str; 11] = [
    "periode",
    "door",
    "wet",
    "productcategorie",
    "productcode",
    "aanbieder",
    "leeftijdsgroep",
    "geslacht",
    "wijk",
    "verwijzer",
    "pagina",
];

const fn answered(
    path: &'static str,
    group: &'static str,
    id: &'static str,
    summary: &'static str,
    parameters: &'static [&'static str],
    schema: &'static str,
) -> Answered {
    Answered { path, group, id, summary, parameters, schema }
}

/// Every answer that is no page.
pub(super) const ANSWERS: [Answered; 13] = [
    answered("/api/v1/openapi.json", "Over de API", "beschrijving", "De beschrijving van de API", &[], ""),
    answered(
        "/api/v1/paginas",
        "Pagina's",
        "paginas",
        "De pagina's die als JSON te lezen zijn",
        &[],
        "[Paginaverwijzing",
    ),
    answered("/api/v1/prognose", "Antwoorden", "prognose", "De prognose van het jaar", &[], "YearEnd"),
    answered("/api/v1/gegevens", "Antwoorden", "gegevens", "De kwaliteit van de gegevens", &[], "Quality"),
    answered(
        "/api/v1/begroting",
        "Antwoorden",
        "begroting",
        "Begroting en realisatie van het jaar",
        &[],
        "BudgetTable",
    ),
    answered(
        "/api/v1/groei",
        "Antwoorden",
        "groei",
        "Groei tussen twee jaren naar oorzaken",
        &["van", "tot", "wet", "productcategorie", "door", "indexatie", "methode"],
        "GrowthAnswer",
    ),
    answered("/api/v1/signalen", "Antwoorden", "signalen", "Wat opvalt in de reeksen", &[], "Signals"),
    answered("/api/v1/indicatoren", "Antwoorden", "indicatoren", "De catalogus van indicatoren", &[], "[Indicator"),
    answered(
        "/api/v1/indicatoren/{id}",
        "Antwoorden",
        "indicator",
        "De waarden van één indicator",
        DIMENSIONS.split_at(DIMENSIONS.len() - 1).0,
        "[Answer",
    ),
    answered(
        "/api/v1/register",
        "Register",
        "registerSoorten",
        "De soorten van het register met hun velden",
        &["stand"],
        "[Soort",
    ),
    answered(
        "/api/v1/register/{kind}",
        "Register",
        "registerObjecten",
        "De objecten van een soort, per bladzijde",
        &["stand", "tekst", "doel", "pagina", "pageSize"],
        "Objecten",
    ),
    answered(
        "/api/v1/register/{kind}/{id}",
        "Register",
        "registerObject",
        "Eén object",
        &["stand", "versie"],
        "Object",
    ),
    answered(
        "/api/v1/register/{kind}/{id}/versies",
        "Register",
        "registerVersies",
        "Alle versies van een object, de laatste eerst",
        &["stand", "pagina", "pageSize"],
        "Objecten",
    ),
];

/// The pages of the API: each with its path for people.
pub(super) fn of_pages() -> impl Iterator<Item = (&'static str, &'static Address)> {
    ALL.addresses.iter().filter_map(|address| {
        let below = address.path.strip_prefix(PAGES).filter(|below| !below.is_empty())?;
        Some((if below == "/begin" { "/" } else { below }, address))
    })
}

/// `/api/v1/openapi.json`, which any site may read.
pub(crate) async fn show() -> Result<Response, Problem> {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());
    let meta = [
        (header::CONTENT_TYPE, "application/json"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("api-version"), VERSION),
    ];
    Ok((meta, TEXT.as_str()).into_response())
}

/// The whole document.
fn document() -> Value {
    let mut paths = Map::new();
    for answered in &ANSWERS {
        let schema = schema_of(answered.schema);
        let address = ALL.addresses.iter().find(|address| address.path == answered.path);
        let Some(address) = address else { continue };
        let own: Vec<&str> = match address.asks {
            Asks::Nothing => Vec::new(),
            _ => SCOPE.into_iter().chain(answered.parameters.iter().copied()).collect(),
        };
        let about = About { group: answered.group, id: answered.id.to_owned(), summary: answered.summary.to_owned() };
        put(&mut paths, address, &operation(address, &about, &own, &schema));
    }
    let schema = schema_of("Pagina");
    for (page, address) in of_pages() {
        let more = OF_PAGES.iter().find(|(path, _)| *path == page).map_or(&[][..], |(_, names)| names);
        let own: Vec<&str> = SCOPE.into_iter().chain(["stand"]).chain(more.iter().copied()).collect();
        let about =
            About { group: "Pagina's", id: id_of(address.path), summary: format!("Wat de pagina {page} toont") };
        put(&mut paths, address, &operation(address, &about, &own, &schema));
    }
    let mut schemas: Map<String, Value> = serde_json::from_str(SCHEMAS).unwrap_or_default();
    let dutch = dutch();
    schemas.values_mut().for_each(|schema| in_dutch(schema, &dutch));
    schemas.insert("Probleem".to_owned(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Grip",
            "summary": "Stuurinformatie voor het sociaal domein",
            "description": "Alles wat de pagina's van Grip tonen, voor programma's. Bedragen zijn hele eurocenten. De namen van velden \
                staan in het handboek, bij velden; hoe te beginnen staat bij API.",
            "version": VERSION,
            "contact": {
                "name": "Beheerder van deze installatie",
                "email": "grip@voorbeeld.example",
                "url": "https://voorbeeld.example/grip",
            },
            "license": {"name": "European Union Public Licence 1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": BASE, "description": "Deze server"}],
        "tags": [
            {"name": "Antwoorden", "description": "De antwoorden van de berekeningen, met vaste velden."},
            {"name": "Pagina's", "description": "Wat pagina's tonen: kerncijfers, tabellen en teksten."},
            {"name": "Register", "description": "Wat mensen opschreven: doelen, maatregelen, besluiten en meer."},
            {"name": "Over de API", "description": "De beschrijving zelf."},
        ],
        "security": [{"sleutel": []}, {"sessie": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "sleutel": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Een sleutel die begint met `grip_`, gemaakt op de pagina van uw account. Waar niemand zich \
                        hoeft aan te melden is geen sleutel nodig.",
                },
                "sessie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-grip-sessie",
                    "description": "De sessie van wie in een browser is aangemeld.",
                },
            },
            "parameters": all_parameters(),
            "responses": {
                "NietGewijzigd": {"description": "Niet gewijzigd", "headers": headers(&["API-Version", "ETag"])},
                "BadRequest": problem("Dit adres is niet te lezen"),
                "Unauthorized": problem("Meld u eerst aan"),
                "Forbidden": problem("Hier hebt u geen recht op"),
                "NotFound": problem("Dit is er niet"),
                "MethodNotAllowed": problem("Hier is alleen te lezen"),
                "NotAcceptable": problem("De API schrijft alleen JSON"),
                "MisdirectedRequest": problem("Onbekende naam van deze server"),
                "TooManyRequests": problem("Te veel vragen achter elkaar"),
                "InternalServerError": problem("Er ging iets mis in Grip"),
                "ServiceUnavailable": problem("Het register is bezet"),
            },
            "headers": {
                "API-Version": header("Volledige versie van de API.", &json!({"type": "string", "examples": [VERSION]})),
                "ETag": header("De versie van het object.", &json!({"type": "string"})),
                "Link": header("Adressen van de bladzijden ervoor en erna, met `rel` `prev` en `next`.", &json!({"type": "string"})),
                "RateLimit": header("Hoeveel vragen nog kunnen, en na hoeveel seconden er een bij komt.", &json!({"type": "string"})),
                "RateLimit-Policy": header("Hoeveel vragen in hoeveel seconden.", &json!({"type": "string"})),
                "Retry-After": header("Na hoeveel seconden weer een vraag kan.", &json!({"type": "integer"})),
            },
        },
    })
}

/// A reference to a schema, or to a list of it.
fn schema_of(name: &str) -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    match name.strip_prefix('[') {
        _ if name.is_empty() => json!({"type": "object", "description": "Een document volgens OpenAPI 3.1."}),
        Some(name) => json!({"type": "array", "items": reference(name)}),
        None => reference(name),
    }
}

fn header(description: &str, schema: &Value) -> Value {
    json!({"description": description, "schema": schema})
}

fn headers(names: &[&str]) -> Value {
    let header = |name: &&str| ((*name).to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
    Value::Object(names.iter().map(header).collect())
}

fn put(paths: &mut Map<String, Value>, address: &Address, operation: &Value) {
    let path = address.path.strip_prefix(BASE).unwrap_or(address.path);
    paths.insert(path.to_owned(), json!({"get": operation}));
}

/// Name of the operation of a page: `paginaGeldGroei`.
fn id_of(path: &str) -> String {
    let words = path.strip_prefix(PAGES).unwrap_or(path).split(|letter: char| !letter.is_ascii_alphanumeric());
    let capital = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    };
    std::iter::once("pagina".to_owned()).chain(words.map(capital)).collect()
}

/// What an operation is.
struct About {
    group: &'static str,
    id: String,
    summary: String,
}

fn operation(address: &Address, about: &About, parameters: &[&str], schema: &Value) -> Value {
    let placed = address.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let reference = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
    let placed = placed.map(|name| match name {
        // The same name of other things, and of things of one form only.
        "id" if address.path.contains("/register/") => reference("plaats-object"),
        name => reference(&format!("plaats-{name}")),
    });
    let parameters: Vec<Value> = placed.chain(parameters.iter().map(|name| reference(name))).collect();
    let is_object = address.path == "/api/v1/register/{kind}/{id}";
    let mut told = vec!["API-Version", "RateLimit", "RateLimit-Policy"];
    told.extend(is_object.then_some("ETag"));
    told.extend(about.id.starts_with("pagina").then_some("Link"));
    told.extend(["registerObjecten", "registerVersies"].contains(&about.id.as_str()).then_some("Link"));
    let mut responses = json!({
        "200": {"description": about.summary, "headers": headers(&told), "content": {"application/json": {"schema": schema}}},
    });
    let named = [
        ("400", "BadRequest"),
        ("401", "Unauthorized"),
        ("403", "Forbidden"),
        ("404", "NotFound"),
        ("405", "MethodNotAllowed"),
        ("406", "NotAcceptable"),
        ("421", "MisdirectedRequest"),
        ("429", "TooManyRequests"),
        ("500", "InternalServerError"),
        ("503", "ServiceUnavailable"),
    ];
    for (status, name) in named.into_iter().chain(is_object.then_some(("304", "NietGewijzigd"))) {
        responses[status] = json!({"$ref": format!("#/components/responses/{name}")});
    }
    let mut operation = json!({
        "operationId": about.id,
        "tags": [about.group],
        "summary": about.summary,
        "description": right_of(address.asks),
        "parameters": parameters,
        "responses": responses,
    });
    if address.asks == Asks::Nothing {
        operation["security"] = json!([]);
    }
    operation
}

/// What one must be allowed, in Dutch.
pub(super) fn right_of(asks: Asks) -> String {
    match asks {
        Asks::Nothing => "Voor iedereen.".to_owned(),
        Asks::AnyRight => "Voor wie een rol heeft; er is te zien waar die recht op geeft.".to_owned(),
        Asks::RightOfKind(_) => "Vraagt het recht om te lezen van het onderdeel waar de soort bij hoort.".to_owned(),
        Asks::Right(need) => {
            let deed = if need.deed == Deed::Read { "lezen" } else { "schrijven" };
            let detail = match need.detail {
                Detail::Totals => "totalen",
                Detail::Providers => "per aanbieder",
                Detail::Lines => "losse regels",
            };
            format!("Vraagt het recht om {} te {deed} ({detail}).", need.part.nl())
        }
    }
}

/// Every parameter there is, by the name under which operations refer to it: that in the address, or `plaats-` before that of a
/// place in the path.
fn all_parameters() -> Map<String, Value> {
    let day = || json!({"type": "string", "format": "date"});
    let text = || json!({"type": "string"});
    let page = || json!({"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1});
    let laws = || json!({"type": "string", "enum": ["wmo", "jw"]});
    let year = || json!({"type": "integer", "minimum": 2015, "maximum": 2100});
    let kinds: Vec<&str> = kinds().map(|kind| kind.name).collect();
    let reports = crate::report_names();
    let query = [
        (
            "gemeente",
            "Code van de gemeente, vier cijfers. Zonder: de eerste waar u recht op hebt.",
            json!({"type": "string", "pattern": "^[0-9]{4}$", "examples": ["0935"]}),
        ),
        ("jaar", "Het jaar. Zonder: dat van de peildatum.", year()),
        ("peildatum", "Zoals bekend aan het eind van deze dag. Zonder: de laatste dag waarop iets binnenkwam.", day()),
        ("stand", "Wat mensen opschreven zoals het stond aan het eind van deze dag. Zonder: zoals het nu is.", day()),
        ("taal", "Taal van namen en teksten.", json!({"type": "string", "enum": ["nl", "en"], "default": "nl"})),
        ("pagina", "Welke bladzijde van een lange lijst.", page()),
        (
            "pageSize",
            "Hoeveel er op een bladzijde staan.",
            json!({"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX, "default": 100}),
        ),
        ("tekst", "Woorden die allemaal moeten voorkomen.", text()),
        ("doel", "Identificatie van een object dat genoemd moet worden.", text()),
        ("versie", "Nummer van een versie. Zonder: de laatste.", json!({"type": "integer", "minimum": 1})),
        ("van", "Het eerdere jaar.", year()),
        ("tot", "Het latere jaar.", year()),
        ("wet", "Van één wet.", laws()),
        ("productcategorie", "Van één productcategorie.", text()),
        ("productcode", "Van één productcode.", text()),
        ("aanbieder", "Van één aanbieder, met zijn AGB-code.", text()),
        ("leeftijdsgroep", "Van één leeftijdsgroep.", text()),
        ("geslacht", "Van één geslacht.", text()),
        ("wijk", "Van één wijk.", text()),
        ("verwijzer", "Van één soort verwijzer.", text()),
        ("door", "Waarnaar verdeeld, met komma's ertussen.", text()),
        ("methode", "`logaritmisch` verdeelt de samenloop over de oorzaken; anders staat zij apart.", text()),
        ("indexatie", "Afgesproken indexatie in procenten. Zonder: die van de contracten.", text()),
        ("periode", "Perioden met komma's ertussen, zoals `2024` of `2025-01`.", text()),
        ("niveau", "Doelen van één niveau.", text()),
        ("status", "Wat zo staat.", text()),
        ("thema", "Van één thema.", text()),
        ("soort", "Van één soort.", text()),
        ("knop", "Van één knop.", text()),
        ("spoor", "Van één spoor.", text()),
        ("fase", "Van één fase.", text()),
        ("snelheid", "Van één snelheid.", text()),
        ("eigenaar", "Van één eigenaar.", text()),
        ("programma", "Identificatie van een programma.", text()),
        ("uitstel", "Een onderdeel en de maand waarnaar het schuift.", text()),
        ("zonder", "Identificatie van een onderdeel dat vervalt.", text()),
        ("orgaan", "Van één orgaan.", text()),
        ("in", "Van één jaar.", text()),
        ("antwoord", "Of er antwoord is: `open`, `te-laat`, `beantwoord` of `besloten`.", text()),
        ("maatregel", "Identificatie van een maatregel.", text()),
        ("meting", "Wat vergeleken wordt.", text()),
        ("bron", "Waar de cijfers vandaan komen.", text()),
        ("groep", "Waarmee vergeleken wordt.", text()),
        ("waarde", "Van één waarde van `door`.", text()),
        ("q", "Woorden die allemaal moeten voorkomen.", text()),
    ];
    let places = [
        ("wet", "De wet.", laws()),
        ("categorie", "Productcategorie, twee cijfers.", text()),
        ("aanbieder", "AGB-code van de aanbieder, acht cijfers.", text()),
        ("id", "Zijn naam in adressen.", text()),
        (
            "object",
            "Identificatie van het object.",
            json!({"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}),
        ),
        ("code", "De code.", text()),
        ("bericht_id", "Identificatie van het bestand.", text()),
        ("kind", "De soort.", json!({"type": "string", "enum": kinds})),
        ("rapport", "Het rapport.", json!({"type": "string", "enum": reports})),
        ("talk", "Het gesprek.", text()),
        ("account", "Naam van het account.", text()),
    ];
    let asked = query.into_iter().map(|(name, description, schema)| {
        let parameter = json!({"name": name, "in": "query", "description": description, "schema": schema});
        (name.to_owned(), parameter)
    });
    let placed = places.into_iter().map(|(name, description, schema)| {
        let own = if name == "object" { "id" } else { name };
        let parameter =
            json!({"name": own, "in": "path", "required": true, "description": description, "schema": schema});
        (format!("plaats-{name}"), parameter)
    });
    asked.chain(placed).collect()
}

/// A response of RFC 9457.
fn problem(description: &str) -> Value {
    let mut told = vec!["API-Version"];
    told.extend((description == "Te veel vragen achter elkaar").then_some("Retry-After"));
    json!({
        "description": description,
        "headers": headers(&told),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Probleem"}}},
    })
}

fn problem_schema() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let members = ["type", "title", "status", "detail", "instance", "hint"];
    json!({
        "type": "object",
        "description": "Wat er misging, volgens RFC 9457.",
        "required": members,
        "properties": {
            "type": text("`urn:grip:probleem:` en de code, die het handboek uitlegt."),
            "title": text("Wat er misging."),
            "status": {"type": "integer", "description": "De status van HTTP.", "minimum": 400, "maximum": 599},
            "detail": text("Wat er misging met deze vraag."),
            "instance": text("`urn:grip:kenmerk:` en het kenmerk van deze vraag, dat ook in het log staat."),
            "hint": text("Wat te doen."),
        },
        "examples": [{
            "type": "urn:grip:probleem:GW002",
            "title": "Dit adres is niet te lezen",
            "status": 400,
            "detail": "“twee” kan niet als jaar: verwacht wordt een jaar vanaf 2015.",
            "instance": "urn:grip:kenmerk:0a1b2c3d-7",
            "hint": "Begin opnieuw bij de prognose en kies daar.",
        }],
    })
}

/// What the handbook says of fields that mean the same wherever they stand.
fn dutch() -> BTreeMap<&'static str, &'static str> {
    let mut found: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for line in FIELDS.lines().filter_map(|line| line.strip_prefix("| `")) {
        let cells: Vec<&str> = line.trim_end_matches('|').split('|').map(str::trim).collect();
        let (Some(names), Some(meaning)) = (cells.first(), cells.last()) else { continue };
        for name in names.split(',').map(|name| name.trim().trim_matches('`')) {
            found
                .entry(name)
                .and_modify(|known| *known = known.filter(|known| known == meaning))
                .or_insert(Some(meaning));
        }
    }
    found.into_iter().filter_map(|(name, meaning)| Some((name, meaning?))).collect()
}

fn in_dutch(schema: &mut Value, dutch: &BTreeMap<&str, &str>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get_mut("properties") {
                for (name, property) in properties {
                    if let (Some(meaning), Value::Object(property)) = (dutch.get(name.as_str()), property) {
                        property.insert("description".to_owned(), Value::from(*meaning));
                    }
                }
            }
            members.values_mut().for_each(|member| in_dutch(member, dutch));
        }
        Value::Array(members) => members.iter_mut().for_each(|member| in_dutch(member, dutch)),
        _ => {}
    }
}
