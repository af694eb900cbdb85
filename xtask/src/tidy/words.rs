//! The language of names: Dutch nouns with a source, English verbs.

use std::collections::{BTreeMap, BTreeSet};

use grip_pipeline::TABLES;

use super::{assert_none, read, rust_files};

/// Dutch verbs as a function would begin with them. English words that look the same (`start`, `open`, `stop`) are not here.
const DUTCH_VERBS: &str = "bepaal bepalen bereken berekenen bewaar bewaren bied bieden boek boeken bouw bouwen controleer \
    controleren converteer converteren declareer declareren geef geven groepeer groeperen haal halen kies kiezen koppel \
    koppelen laad laden lees lezen maak maken neem nemen onthoud onthouden ontvang ontvangen schat schatten schrijf \
    schrijven sla sluit sluiten sorteer sorteren stuur sturen tel tellen toon tonen valideer valideren vergelijk \
    vergelijken verstuur versturen vertaal vertalen verwerk verwerken verwijder verwijderen verzamel verzamelen vind \
    vinden voeg voegen voorspel voorspellen wijzig wijzigen wis wissen zet zetten zoek zoeken";

/// Words in names of types and columns that are English, or the same in both languages and of no domain.
const ENGLISH: &str = "agb at basis bytes cents code codes datatype element error fact facts fault file finding header id imported intake list money \
    personal place product reading received release rule scale source status text units value version contact";

#[test]
fn functions_do_english_verbs() {
    let verbs: BTreeSet<&str> = DUTCH_VERBS.split_whitespace().collect();
    let mut complaints = Vec::new();
    for file in rust_files() {
        for (index, line) in file.text.lines().enumerate() {
            let Some((_, rest)) = line.split_once("fn ") else { continue };
            let first = rest.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
            if verbs.contains(first) {
                complaints.push(format!("{}:{}: `{first}` is a Dutch verb", file.path, index + 1));
            }
        }
    }
    assert_none(&complaints);
}

/// A row of the glossary.
struct Row {
    dutch: String,
    plural: String,
    in_code: Vec<String>,
    source: String,
    not_called: Vec<String>,
}

fn glossary() -> Vec<Row> {
    let page = read("GLOSSARY.md");
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let [dutch, plural, code, _, source, not_called] = cells.as_slice() else { return None };
        let spans = code.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect();
        let list =
            |cell: &str| cell.split(',').map(|word| word.trim().to_lowercase()).filter(|word| word.len() > 1).collect();
        Some(Row {
            dutch: (*dutch).to_owned(),
            plural: (*plural).to_owned(),
            in_code: spans,
            source: (*source).to_owned(),
            not_called: list(not_called),
        })
    });
    rows.filter(|row| row.dutch != "Nederlands" && !row.dutch.starts_with("--")).collect()
}

/// The words of a name: `ToegewezenProduct` and `toewijzing_nummer` have two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && !before.is_uppercase() || before == '_';
        if letter != '_' {
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
        before = letter;
    }
    words
}

/// Names that others read: public types of the crates that speak the standard's language, and columns.
fn names() -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for file in rust_files() {
        if !["grip-types", "grip-messages", "grip-ledger"]
            .iter()
            .any(|name| file.path.starts_with(&format!("crates/{name}/src/")))
        {
            continue;
        }
        for line in file.text.lines() {
            let declared = line.trim().strip_prefix("pub ").and_then(|rest| {
                let (kind, name) = rest.split_once(' ')?;
                ["struct", "enum", "type", "trait"].contains(&kind).then_some(name)
            });
            // A class of a message, as the macro of the codec declares it.
            let class = line
                .trim()
                .split_once(" in Message")
                .or_else(|| line.trim().split_once(" in Basis"))
                .map(|(name, _)| name);
            if let Some(name) = declared.or(class) {
                let name = name.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
                if name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
                    names.insert(name.to_owned(), file.path.clone());
                }
            }
        }
    }
    for table in TABLES {
        names.insert(table.name.to_owned(), "a table".to_owned());
        for field in (table.schema)().fields() {
            names.insert(field.name().clone(), format!("table {}", table.name));
        }
    }
    names
}

#[test]
fn dutch_nouns_have_a_glossary_row() {
    let rows = glossary();
    assert!(rows.len() > 30, "only {} rows were read", rows.len());
    let mut known: BTreeSet<String> = ENGLISH.split_whitespace().map(ToOwned::to_owned).collect();
    for row in &rows {
        for name in row.in_code.iter().chain([&row.dutch, &row.plural]) {
            known.extend(name.split(' ').flat_map(words));
        }
    }
    let names = names();
    assert!(names.len() > 100, "only {} names were found", names.len());
    let mut complaints = BTreeSet::new();
    for (name, place) in names {
        for word in words(&name).into_iter().filter(|word| !known.contains(word)) {
            complaints.insert(format!("`{word}` in `{name}` ({place}) has no row in GLOSSARY.md"));
        }
    }
    assert_none(&complaints.into_iter().collect::<Vec<_>>());
}

#[test]
fn glossary_rows_have_a_source() {
    let without = glossary().into_iter().filter(|row| row.source.len() < 3);
    assert_none(&without.map(|row| format!("{}: no source", row.dutch)).collect::<Vec<_>>());
}

/// A comment that sends the reader to the glossary sends him to a row.
#[test]
fn pointers_to_the_glossary_arrive() {
    let rows = glossary();
    let mut complaints = Vec::new();
    for file in rust_files().iter().filter(|file| file.path.starts_with("crates/")) {
        for rest in file.text.split("Glossary: ").skip(1) {
            let word: String = rest.chars().take_while(|letter| letter.is_alphanumeric()).collect();
            if !rows.iter().any(|row| row.dutch == word) {
                complaints.push(format!("{}: no row for {word}", file.path));
            }
        }
    }
    assert_none(&complaints);
}

/// Words of the last column do not occur in what we declare.
#[test]
fn nothing_has_a_name_it_should_not() {
    let forbidden: Vec<String> = glossary().into_iter().flat_map(|row| row.not_called).collect();
    assert!(forbidden.len() > 10, "{forbidden:?}");
    let mut complaints = Vec::new();
    for (name, place) in names() {
        for word in words(&name).iter().filter(|word| forbidden.contains(word)) {
            complaints.push(format!("`{name}` ({place}): GLOSSARY.md says not to call it `{word}`"));
        }
    }
    assert_none(&complaints);
}

#[test]
fn columns_have_a_comment() {
    let mut complaints = Vec::new();
    for table in TABLES {
        if table.comment.len() < 10 {
            complaints.push(format!("table {} is not explained", table.name));
        }
        for field in (table.schema)().fields() {
            if field.metadata().get("comment").is_none_or(|comment| comment.len() < 3) {
                complaints.push(format!("column {}.{} is not explained", table.name, field.name()));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn names_fall_into_words() {
    assert_eq!(words("ToegewezenProduct"), ["toegewezen", "product"]);
    assert_eq!(words("_received_at"), ["received", "at"]);
    assert_eq!(words("BedragMetDC"), ["bedrag", "met", "dc"]);
}
