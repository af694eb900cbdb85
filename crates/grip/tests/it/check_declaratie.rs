//! A declaratie looked at before it is taken in.

use crate::grip::{Place, path, sample, sample_files};

/// The last 323 with enough lines, and a place that knows all the other messages.
fn last_declaratie() -> (Place, String, String) {
    let all = Place::new();
    all.ingest_sample();
    let file = all.rows(
        "SELECT _source_file AS file, CAST(_received_at AS VARCHAR) AS day FROM bericht
         WHERE berichtsoort = 'JW323' AND regels > 8 ORDER BY _received_at DESC, bericht_id LIMIT 1",
    );
    let (file, day) = (file[0]["file"].as_str().expect("a file"), file[0]["day"].as_str().expect("a day"));
    let file = sample_files().into_iter().find(|known| path(known).ends_with(file)).expect("in the sample");
    let (place, top) = (Place::new(), sample().join("berichten"));
    let others = place.folder.path().join("andere");
    for other in sample_files().into_iter().filter(|other| *other != file) {
        let copy = others.join(other.strip_prefix(&top).expect("below the sample"));
        fs_err::create_dir_all(copy.parent().expect("a folder")).expect("made");
        fs_err::copy(&other, &copy).expect("copied");
    }
    place.succeed(&["ingest", &path(&others), "--received-on", "from-folder"]);
    place.import_sample();
    (place, fs_err::read_to_string(file).expect("a message"), day.to_owned())
}

fn check(place: &Place, text: &str, day: &str) -> (Option<i32>, serde_json::Value) {
    let file = place.folder.path().join("te_controleren.xml");
    fs_err::write(&file, text).expect("written");
    let output = place.run(&["check", "declaratie", &path(&file), "--json", "--peildatum", day]);
    (output.status.code(), serde_json::from_slice(&output.stdout).expect("JSON"))
}

fn codes(checked: &serde_json::Value) -> Vec<String> {
    let found = checked["bevindingen"].as_array().expect("a list").iter();
    let mut codes: Vec<String> = found.filter_map(|one| one["code"].as_str().map(ToOwned::to_owned)).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// The text with another content in the `nth` element of a name.
fn with(text: &str, element: &str, nth: usize, content: &str) -> String {
    let open = format!(":{element}>");
    let start = text.match_indices(&open).nth(nth * 2).expect("an element").0 + open.len();
    let end = start + text[start..].find('<').expect("its end");
    format!("{}{content}{}", &text[..start], &text[end..])
}

#[test]
fn what_is_changed_in_a_declaratie_is_found_and_answered() {
    let (place, text, day) = last_declaratie();
    let before = place.dump();
    let (_, plain) = check(&place, &text, &day);
    let lines = plain["controlelijst"].as_array().expect("a list").len();
    assert_eq!(plain["regels"].as_u64(), u64::try_from(lines).ok(), "{plain}");
    let usual = codes(&plain);

    // A tariff that is not the contract's, in a line and in the amount and total that follow from it.
    let other = with(&text, "ProductTarief", 0, "1");
    let found = codes(&check(&place, &other, &day).1);
    assert!(found.iter().any(|code| code == "TR418" || code == "TR346"), "{found:?}");
    // An allocation nobody gave.
    let (code, checked) = check(&place, &with(&text, "ToewijzingNummer", 0, "999999999"), &day);
    assert_eq!(code, Some(3));
    let found = codes(&checked);
    assert!(found.contains(&"TR338".to_owned()) && !usual.contains(&"TR338".to_owned()), "{found:?}");
    let line = checked["bevindingen"].as_array().expect("a list").iter().find(|one| one["code"] == "TR338");
    assert_eq!(line.expect("found")["rij"], 1);
    let answer = checked["antwoord"].as_str().expect("an answer");
    assert!(answer.contains("325:Bericht") && answer.contains(">9338<"), "{answer}");
    let refused = checked["ingediend_cents"].as_i64().zip(checked["toegekend_cents"].as_i64());
    assert!(refused.is_some_and(|(asked, granted)| granted < asked), "{checked}");
    // A total that does not follow refuses the message before its lines are looked at.
    let (_, checked) = check(&place, &with(&text, "TotaalBedrag", 0, "1"), &day);
    assert!(codes(&checked).contains(&"TR358".to_owned()));
    assert!(checked["antwoord"].as_str().is_some_and(|answer| answer.contains(">0001<")), "{checked}");
    // Out of the schema there is no answer at all.
    let (code, checked) = check(&place, &with(&text, "GeleverdVolume", 0, "veel"), &day);
    assert_eq!((code, checked["antwoord"].is_null()), (Some(3), true));
    assert_eq!(place.dump(), before, "looking changes nothing");
}

#[test]
fn what_is_no_declaratie_is_an_error() {
    let place = Place::new();
    let file = sample_files().into_iter().find(|file| path(file).contains("301_")).expect("a 301");
    let output = place.run(&["check", "declaratie", &path(&file)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("GP016"));
}

/// Without anything of the provider only the message itself is judged, and that is said.
#[test]
fn without_a_dossier_only_the_message_is_judged() {
    let place = Place::new();
    let file = sample_files().into_iter().find(|file| path(file).contains("JW323_")).expect("a 323");
    let text = fs_err::read_to_string(file).expect("a message");
    let (_, checked) = check(&place, &text, "2026-01-01");
    assert_eq!(checked["zonder_dossier"], true);
    assert!(checked["antwoord"].as_str().is_some_and(|answer| answer.contains(">8001<") || answer.contains(">0001<")));
}
