//! What is kept of a citizen who asks.

use std::path::Path;

use crate::{
    http::{get, post},
    pages::check_page,
    town::{empty_writing_server, start, town, writing_server},
};

const FROM_HERE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// A number that stands in a message of the town.
fn a_number() -> String {
    let messages = Path::new(env!("CARGO_TARGET_TMPDIR")).join("grip-web/town/files/berichten");
    let first = |folder: &Path| fs_err::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path()).max();
    let file = first(&messages).and_then(|day| first(&day)).expect("a message");
    let text = fs_err::read_to_string(file).expect("a text");
    let after = text.split_once("Bsn>").expect("a citizen").1;
    after.chars().take_while(char::is_ascii_digit).collect()
}

#[test]
fn a_data_steward_finds_what_is_kept() {
    let (server, number) = (writing_server(), a_number());
    check_page(&get(server, "/inzage"), 200, "nl");
    let found = post(server, "/inzage", &[("bsn", number.clone())], &[FROM_HERE]);
    check_page(&found, 200, "nl");
    assert!(found.body.contains("Bewaard onder het pseudoniem"), "{}", found.body);
    assert!(
        found.body.contains("<h2 class=\"nl-heading nl-heading--level-2\" id=\"tabel-toewijzing\">"),
        "{}",
        found.body
    );
    assert!(!found.body.contains(&number), "the number stands nowhere");
    assert!(!found.body.contains("formaat="), "no address can give it again");
    // That somebody looked is what a next one sees.
    let again = post(server, "/inzage", &[("bsn", number)], &[FROM_HERE]);
    assert!(again.body.contains("inzage geven"), "{}", again.body);
}

#[test]
fn what_is_no_number_is_said_without_it() {
    let server = writing_server();
    town();
    for wrong in ["", "123", "999900007", "iemand"] {
        let answer = post(server, "/inzage", &[("bsn", wrong.to_owned())], &[FROM_HERE]);
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.body.contains("geen burgerservicenummer"));
        assert!(wrong.is_empty() || !answer.body.contains(&format!("value=\"{wrong}\"")));
    }
    let unknown = post(server, "/inzage", &[("bsn", "999999990".to_owned())], &[FROM_HERE]);
    assert!(unknown.body.contains("Er is niets bewaard."), "{}", unknown.body);
    let from_elsewhere =
        post(server, "/inzage", &[("bsn", "999999990".to_owned())], &[("sec-fetch-site", "cross-site")]);
    assert_eq!(from_elsewhere.status, 403);
    let as_policy = [FROM_HERE, ("cookie", "grip-rol=policy")];
    assert_eq!(post(server, "/inzage", &[("bsn", "999999990".to_owned())], &as_policy).status, 403);
}

#[test]
fn without_the_key_nobody_is_found() {
    let server = start(town().grip().clone());
    assert!(get(server, "/inzage").body.contains("heeft de sleutel van de pseudoniemen niet"));
    let asked = post(server, "/inzage", &[("bsn", "999999990".to_owned())], &[FROM_HERE]);
    assert!(asked.body.contains("heeft de sleutel van de pseudoniemen niet"));
    assert_eq!(get(empty_writing_server(), "/inzage").status, 200);
}
