//! What a citizen is told, and that the number is nowhere afterwards.

use std::{
    collections::BTreeSet,
    io::Write,
    process::{Output, Stdio},
};

use grip_messages::{Inhoud, read};

use crate::grip::{Place, sample, sample_files};

fn run(place: &Place, number: &str, shape: &str) -> Output {
    let mut command = place.command(&["person", "--bsn-stdin", "--format", shape]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(format!("{number}\n").as_bytes()).expect("written");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

#[track_caller]
pub(crate) fn ask(place: &Place, number: &str, shape: &str) -> String {
    let output = run(place, number, shape);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The number in the first allocation of the sample.
fn somebody() -> String {
    let number = sample_files().into_iter().find_map(|file| {
        let bytes = fs_err::read(file).expect("a message");
        match read(&bytes).bericht?.inhoud {
            Inhoud::Toewijzing(bericht) => Some(bericht.client.bsn.text().to_owned()),
            _ => None,
        }
    });
    number.expect("an allocation")
}

#[test]
fn a_citizen_is_told_everything_and_from_which_file() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let number = somebody();
    let told = ask(&place, &number, "json");
    assert!(!told.contains(&number));
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let client = told["client"].as_str().expect("a pseudonym");
    let tables: Vec<&str> = told["tables"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|table| table["table"].as_str().expect("a name"))
        .collect();
    assert!(tables.contains(&"toewijzing") && tables.contains(&"clientkenmerk"), "{tables:?}");

    // The files it names are those, and all those, in which the number stands and that hold rows about persons.
    let mut named = BTreeSet::new();
    for table in told["tables"].as_array().expect("a list") {
        let name = table["table"].as_str().expect("a name");
        let rows = table["rows"].as_array().expect("a list");
        let count = place.rows(&format!("SELECT COUNT(*) AS n FROM {name} WHERE client = '{client}'"))[0]["n"].as_u64();
        assert_eq!(count, Some(rows.len() as u64), "{name}");
        named.extend(rows.iter().filter_map(|row| row["bestand"].as_str()).map(ToOwned::to_owned));
    }
    let top = sample().join("berichten");
    let mut expected = BTreeSet::new();
    for file in sample_files() {
        if fs_err::read_to_string(&file).expect("a message").contains(&number) {
            expected.insert(crate::grip::path(file.strip_prefix(&top).expect("below the sample")));
        }
    }
    assert_eq!(named, expected);

    let letter = ask(&place, &number, "table");
    assert!(letter.starts_with("Wat gemeente 9998 in Grip") && letter.contains("\ntoewijzing: "), "{letter}");
    let cells = ask(&place, &number, "csv");
    assert!(cells.starts_with("tabel,regel,kolom,waarde\n") && cells.contains(client));
}

/// The intake stands in it, and every time access was given: once, and after that as one that was before.
#[test]
fn access_is_recorded() {
    let place = Place::new();
    place.ingest_sample();
    let number = somebody();
    let before: serde_json::Value = serde_json::from_str(&ask(&place, &number, "json")).expect("JSON");
    let after: serde_json::Value = serde_json::from_str(&ask(&place, &number, "json")).expect("JSON");
    let activities = |told: &serde_json::Value| -> Vec<String> {
        let list = told["processings"].as_array().expect("a list");
        list.iter().map(|one| one["activity"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(activities(&before), ["grip:berichten-inlezen"]);
    assert_eq!(activities(&after), ["grip:berichten-inlezen", "grip:inzage-geven"]);
}

/// Whoever sees lines leaves a line for each person, below one for the question.
#[test]
fn lines_that_are_shown_are_recorded() {
    let place = Place::new();
    place.ingest_sample();
    let shown = || {
        let mut files = Vec::new();
        crate::privacy::all_files(&place.data().join("logboek"), &mut files);
        let text = files.concat();
        String::from_utf8_lossy(&text).lines().filter(|line| line.contains("grip:regels-inzien")).count()
    };
    assert_eq!(shown(), 0);
    place.succeed(&["indicator", "gedeclareerd", "--periode", "2024-03", "--by", "wet"]);
    assert_eq!(shown(), 0, "figures are about nobody");
    let lines = place.json(&["indicator", "clienten-met-zorg", "--periode", "2024-03", "--lines", "--format", "json"]);
    let clients: BTreeSet<&str> =
        lines.as_array().expect("a list").iter().map(|line| line["counted"].as_str().expect("a pseudonym")).collect();
    assert!(clients.len() > 10, "{lines}");
    assert_eq!(shown(), clients.len() + 1);
}

#[test]
fn nobody_and_nonsense() {
    let place = Place::new();
    place.ingest_sample();
    assert!(ask(&place, "999999990", "table").contains("Er is niets bewaard."));
    for wrong in ["123", "999900007", "iemand"] {
        let output = run(&place, wrong, "json");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && told.contains("G030") && !told.contains(wrong), "{told}");
    }
    let named = place.command(&["person", "999900006"]).output().expect("the binary runs");
    assert_eq!(named.status.code(), Some(2), "a number on the command line is refused");
}
