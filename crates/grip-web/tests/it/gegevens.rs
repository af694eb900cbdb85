use crate::{
    http::get,
    pages::{check_page, links},
    town::server,
};

/// Every table says what it is about, and every cell of its header is one.
#[track_caller]
fn check_tables(body: &str) {
    let tables: Vec<&str> = body.split("<table").skip(1).filter_map(|rest| rest.split("</table>").next()).collect();
    assert!(!tables.is_empty());
    for table in tables {
        assert!(
            table.contains("<caption") && table.contains("scope=\"col\"") && table.contains("scope=\"row\""),
            "{table}"
        );
    }
}

#[test]
fn the_overview_shows_every_part() {
    let answer = get(server(), "/gegevens");
    check_page(&answer, 200, "nl");
    check_tables(&answer.body);
    for text in [
        "Maanden zonder declaratie",
        "Per afzender",
        "Waarom declaratieregels",
        "Hoe oud elke bron is",
        "de gemeente zelf",
        "B004",
    ] {
        assert!(answer.body.contains(text), "{text}");
    }
    assert_eq!(answer.body.matches("<figure").count(), 2);
    let english = get(server(), "/gegevens?taal=en");
    check_page(&english, 200, "en");
    assert!(english.body.contains("How good is the data?") && english.body.contains("lang=\"nl\""));
    assert!(links(&english.body, "/gegevens/").iter().all(|link| link.ends_with("taal=en")));
}

#[test]
fn from_the_overview_to_every_rule_and_its_files() {
    let overview = get(server(), "/gegevens").body;
    let rules = links(&overview, "/gegevens/bevinding/");
    assert!(rules.len() > 3, "{rules:?}");
    let (mut files, mut found) = (0, 0);
    for rule in rules {
        let answer = get(server(), &rule);
        check_page(&answer, 200, "nl");
        check_tables(&answer.body);
        for text in ["Wat te doen", "Wat wordt gecontroleerd", "retourcode", "keer gevonden"] {
            assert!(answer.body.contains(text), "{text} of {rule}");
        }
        found += 1;
        let Some(file) = links(&answer.body, "/gegevens/bestand/").into_iter().next() else { continue };
        let page = get(server(), &file);
        check_page(&page, 200, "nl");
        let code = rule.split(['/', '?']).nth(3).expect("a code");
        assert!(page.body.contains(&format!("/gegevens/bevinding/{code}")), "{file} leads back to {code}");
        files += 1;
    }
    assert_eq!(files, found, "every finding leads to its file");
}

#[test]
fn every_sender_has_a_page() {
    let overview = get(server(), "/gegevens?peildatum=2024-12-31").body;
    let senders = links(&overview, "/gegevens/afzender/");
    assert!(senders.len() > 5);
    for sender in senders {
        let answer = get(server(), &sender);
        check_page(&answer, 200, "nl");
        check_tables(&answer.body);
    }
}

#[test]
fn a_rule_that_found_nothing_has_a_page_and_what_is_no_rule_has_none() {
    let answer = get(server(), "/gegevens/bevinding/E007");
    check_page(&answer, 200, "nl");
    assert!(answer.body.contains("niets gevonden"));
    for path in [
        "/gegevens/bevinding/TR999",
        "/gegevens/bevinding/%27%20OR%201=1",
        "/gegevens/afzender/00000000",
        "/gegevens/bestand/0",
        "/gegevens/x",
    ] {
        let answer = get(server(), path);
        check_page(&answer, 404, "nl");
        assert!(answer.body.contains("GW005"), "{path}");
    }
}

#[test]
fn days_before_anything_came_are_no_fault() {
    for path in ["/gegevens?peildatum=2016-01-01", "/gegevens/bevinding/B004?peildatum=2016-01-01"] {
        check_page(&get(server(), path), 200, "nl");
    }
}

/// Pseudonyms are on no page of this part: a pseudonym is 32 hexadecimal digits, and so is the key of a file.
#[test]
fn nothing_of_clients_is_shown() {
    for path in ["/gegevens", "/api/v1/gegevens"] {
        let answer = get(server(), path);
        let words = answer.body.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 32);
        assert_eq!(words.count(), 0, "{path}");
        assert!(!answer.body.contains("9999"), "no citizen service number of the sample");
    }
}

#[test]
fn programs_get_the_same() {
    let answer = get(server(), "/api/v1/gegevens");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let theirs: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(theirs["unit"], "eurocent");
    assert!(theirs["senders"].as_array().is_some_and(|senders| senders.len() > 5));
}
