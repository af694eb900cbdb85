//! A new key: the same figures, nothing of the old pseudonyms left, and all of it or nothing.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::grip::{Place, path, sample, sample_files};

const PSEUDONYMS: &str =
    "SELECT client FROM toewijzing UNION SELECT client FROM prestatie UNION SELECT client FROM start
    UNION SELECT client FROM stop UNION SELECT client FROM verzoek UNION SELECT client FROM prestatie_afkeuring
    UNION SELECT client FROM clientkenmerk
    UNION SELECT huishouden FROM clientkenmerk WHERE huishouden IS NOT NULL ORDER BY 1";

fn pseudonyms(place: &Place) -> BTreeSet<String> {
    let rows = place.succeed(&["sql", PSEUDONYMS, "--format", "csv"]);
    rows.lines().skip(1).map(ToOwned::to_owned).collect()
}

/// The messages of the sample received before or from a day on, in folders of their own.
fn part(folder: &Path, is_in: impl Fn(&str) -> bool) -> PathBuf {
    let top = sample().join("berichten");
    for file in sample_files() {
        let below = file.strip_prefix(&top).expect("below the sample");
        if is_in(&path(below)[..10]) {
            let to = folder.join(below);
            fs_err::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs_err::copy(&file, &to).expect("copied");
        }
    }
    folder.to_owned()
}

/// Figures in which every join of clients between old and new messages takes part.
fn figures(place: &Place) -> Vec<String> {
    let sql = |sql: &str| place.succeed(&["sql", sql, "--format", "csv"]);
    vec![
        place.succeed(&["forecast", "--peildatum", "2025-06-30", "--jaar", "2025", "--format", "json"]),
        place.succeed(&[
            "indicator",
            "clienten-met-zorg",
            "--periode",
            "2023,2024,2025",
            "--by",
            "wet",
            "--format",
            "json",
        ]),
        place.succeed(&["indicator", "gedeclareerd", "--periode", "2024,2025", "--by", "wijk", "--format", "json"]),
        place.succeed(&["check", "--json"]),
        sql("SELECT COUNT(DISTINCT client), SUM(bedrag_cents), COUNT(*) FROM prestatie_stand"),
        sql("SELECT COUNT(*), COUNT(DISTINCT p.client), SUM(p.bedrag_cents) FROM prestatie p JOIN toewijzing t
             ON t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer AND t.wet = p.wet"),
        sql("SELECT COUNT(*), COUNT(DISTINCT huishouden) FROM clientkenmerk k JOIN start s ON s.client = k.client"),
    ]
}

fn assert_same_figures(place: &Place, plain: &Place) {
    let (rotated, usual) = (figures(place), figures(plain));
    assert_eq!(rotated.len(), usual.len());
    for (one, other) in rotated.iter().zip(&usual) {
        assert_same(one, other);
    }
}

/// Line for line the same; a measure of the record, which is a sum in whatever order, to twelve digits.
fn assert_same(one: &str, other: &str) {
    assert_eq!(one.lines().count(), other.lines().count());
    for (one, other) in one.lines().zip(other.lines()) {
        let measure = |line: &str| {
            line.split_once("\": 0.")
                .or(line.split_once("\": -0."))
                .map(|(name, digits)| (name.to_owned(), digits.chars().take(12).collect::<String>()))
        };
        match (measure(one), measure(other)) {
            (Some(one), Some(other)) => assert_eq!(one, other),
            _ => assert_eq!(one, other),
        }
    }
}

#[test]
fn later_messages_join_earlier_ones_after_a_rotation() {
    let folder = tempfile::tempdir().expect("a folder");
    let early = part(&folder.path().join("vroeg"), |day| day < "2024-07-01");
    let late = part(&folder.path().join("laat"), |day| day >= "2024-07-01");
    let take = |place: &Place, messages: &Path, key: &[&str]| {
        place.succeed(&[&["ingest", &path(messages), "--received-on", "from-folder"], key].concat());
    };
    let plain = Place::new();
    take(&plain, &early, &[]);
    plain.import_sample();
    take(&plain, &late, &[]);

    let place = Place::new();
    take(&place, &early, &[]);
    place.import_sample();
    let mut old = pseudonyms(&place);
    // Somebody who asked, and of whom nothing is kept but that.
    let asked: serde_json::Value =
        serde_json::from_str(&crate::person::ask(&place, "999999990", "json")).expect("JSON");
    assert!(old.insert(asked["client"].as_str().expect("a pseudonym").to_owned()));
    let new_key = path(&place.folder.path().join("nieuw.key"));
    let report = place.json(&["key", "rotate", "--new", &new_key, "--json"]);
    assert_eq!(report["pseudonyms"].as_u64(), Some(old.len() as u64));
    assert_eq!(report["search"]["found_in"], serde_json::json!({}), "{report}");
    assert!(report["search"]["files"].as_u64().expect("a number") > 20);
    take(&place, &late, &["--key", &new_key]);
    assert_same_figures(&place, &plain);

    let new = pseudonyms(&place);
    assert!(old.len() > 100 && old.is_disjoint(&new));
    assert_nowhere(&place, &old);

    let file = path(&sample_files()[0]);
    let refused = place.run(&["ingest", &file, "--received-on", "2025-01-01"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("GP004"), "the old key is another key now");
    let again = place.json(&["key", "rotate", "--new", &new_key, "--json"]);
    assert_eq!(again["already"], true);
    let third = path(&place.folder.path().join("derde.key"));
    place.succeed(&["key", "rotate", "--new", &third, "--key", &new_key]);
    assert_nowhere(&place, &new);
    assert_same_figures(&place, &plain);
}

/// In no file, as it is or as its rows are.
#[track_caller]
fn assert_nowhere(place: &Place, pseudonyms: &BTreeSet<String>) {
    let mut files = Vec::new();
    crate::privacy::all_files(&place.data(), &mut files);
    files.push(place.dump().into_bytes());
    for file in files {
        let text = String::from_utf8_lossy(&file);
        let words = text.split(|letter: char| !letter.is_ascii_hexdigit());
        if let Some(found) = words.filter(|word| word.len() == 32).find(|word| pseudonyms.contains(*word)) {
            panic!("{found} is still there");
        }
    }
}

#[test]
fn a_file_with_another_key_is_left_alone() {
    let place = Place::new();
    place.ingest_sample();
    let other = place.folder.path().join("ander.key");
    fs_err::write(&other, format!("{}\n", "a1".repeat(32))).expect("written");
    let refused = place.run(&["key", "rotate", "--new", &path(&other)]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("GP030"));
    assert_eq!(fs_err::read_to_string(&other).expect("there"), format!("{}\n", "a1".repeat(32)));
}

#[test]
fn killed_at_any_moment() {
    let whole = Place::new();
    whole.ingest_sample().import_sample();
    let (before, old) = (whole.dump(), pseudonyms(&whole));
    let key = path(&whole.folder.path().join("nieuw.key"));
    whole.succeed(&["key", "rotate", "--new", &key]);
    let expected = whole.dump();
    let files_in = |folder: PathBuf| fs_err::read_dir(folder).map_or(0, Iterator::count);
    type Moment<'m> = (&'m str, &'m dyn Fn(&Path) -> bool);
    let commits = |data: &Path, table: &str| files_in(data.join(format!("tables/{table}/_delta_log")));
    let is_committed = |data: &Path, table: &str| commits(data, table) == commits(&whole.data(), table);
    let moments: [Moment<'_>; 7] = [
        ("at once", &|_| true),
        ("recorded", &|data| files_in(data.join("logboek")) >= 2),
        ("staging begun", &|data| files_in(data.join("intake/staging")) >= 1),
        ("staging half done", &|data| files_in(data.join("intake/staging")) >= 4),
        ("journal written", &|data| data.join("intake/journal.json").exists()),
        ("first table committed", &|data| is_committed(data, "toewijzing")),
        ("last table committed", &|data| is_committed(data, "clientkenmerk")),
    ];
    for (name, moment) in moments {
        let place = Place::new();
        place.ingest_sample().import_sample();
        let mut command = place.command(&["key", "rotate", "--new", &key]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
        while !moment(&place.data()) && child.try_wait().expect("a child").is_none() {
            std::hint::spin_loop();
        }
        // It may have ended by itself in the meantime: that is one of the moments too.
        let _ = child.kill();
        child.wait().expect("a child");
        let found = place.dump();
        let is_new = found == expected;
        assert!(is_new || found == before, "{name}: half of it");
        if is_new {
            assert_nowhere(&place, &old);
        }
        place.succeed(&["key", "rotate", "--new", &key]);
        assert_eq!(place.dump(), expected, "{name}");
        assert_nowhere(&place, &old);
    }
}
