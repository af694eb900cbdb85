//! What `grip check` says of the sample, and of the sample with something left out.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::grip::{Place, path, sample};

/// Provider, law and first month of what is missing.
fn missing(answer: &Value) -> BTreeSet<(String, String, String)> {
    let text = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
    let rows = answer["missing_months"].as_array().expect("a list");
    rows.iter().map(|row| (text(row, "aanbieder"), text(row, "wet"), text(row, "since"))).collect()
}

/// The files of one provider over one month are left out: that month is missing, and no other.
#[test]
fn a_month_that_was_left_out_is_found() {
    let whole = Place::new();
    whole.ingest_sample();
    let largest = "SELECT wet, aanbieder FROM prestatie GROUP BY 1, 2 ORDER BY COUNT(*) DESC, 2 LIMIT 1";
    let largest = whole.rows(largest).remove(0);
    let (wet, aanbieder) = (largest["wet"].as_str().expect("a law"), largest["aanbieder"].as_str().expect("a code"));
    let left_out: BTreeSet<String> = whole
        .rows(&format!(
            "SELECT DISTINCT _source_file FROM prestatie JOIN bericht ON bericht.bericht_id = prestatie.bericht_id
             WHERE prestatie.wet = '{wet}' AND prestatie.aanbieder = '{aanbieder}' AND declaratie_begindatum = '2024-09-01'"
        ))
        .iter()
        .map(|row| row["_source_file"].as_str().expect("a path").to_owned())
        .collect();
    assert!(!left_out.is_empty());

    let part = Place::new();
    let files = part.folder.path().join("berichten");
    let mut copied = 0;
    for day in fs_err::read_dir(sample().join("berichten")).expect("a folder") {
        let day = day.expect("an entry");
        let to = files.join(day.file_name());
        fs_err::create_dir_all(&to).expect("a folder");
        for file in fs_err::read_dir(day.path()).expect("a folder") {
            let file = file.expect("an entry");
            let name = file.file_name().into_string().expect("a plain name");
            if !left_out.iter().any(|path| path.ends_with(&format!("/{name}")) || *path == name) {
                fs_err::copy(file.path(), to.join(&name)).expect("copied");
                copied += 1;
            }
        }
    }
    assert_eq!(copied + left_out.len(), crate::grip::sample_files().len());
    part.succeed(&["ingest", &path(&files), "--received-on", "from-folder"]);

    let (before, after) = (missing(&whole.json(&["check", "--json"])), missing(&part.json(&["check", "--json"])));
    let expected = BTreeSet::from([(aanbieder.to_owned(), wet.to_owned(), "2024-09".to_owned())]);
    assert_eq!(after.difference(&before).cloned().collect::<BTreeSet<_>>(), expected);
    assert!(before.is_subset(&after));
    let early = missing(&part.json(&["check", "--json", "--peildatum", "2024-11-15"]));
    assert!(early.is_disjoint(&expected), "its term had not passed");
}

#[test]
fn counts_are_those_of_the_tables() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let answer = place.json(&["check", "--json"]);
    let number = |sql: &str| place.rows(sql)[0]["n"].as_i64().expect("a number");
    let sum = |list: &str, name: &str| -> i64 {
        let rows = answer[list].as_array().expect("a list");
        rows.iter().map(|row| row["total"][name].as_i64().or(row[name].as_i64()).expect("a number")).sum()
    };
    assert_eq!(sum("senders", "berichten"), number("SELECT COUNT(*) AS n FROM bericht WHERE afzender IS NOT NULL"));
    assert_eq!(sum("senders", "declared_lines"), number("SELECT COUNT(*) AS n FROM prestatie_stand"));
    assert_eq!(sum("months", "refused_lines"), number("SELECT COUNT(afgekeurd_op) AS n FROM prestatie_stand"));
    assert_eq!(sum("findings", "count"), number("SELECT COUNT(*) AS n FROM bevinding"));
    assert!(sum("senders", "refused_lines") > 0 && sum("findings", "count") > 0);
    let coverage = &answer["coverage"];
    assert_eq!(coverage["clienten"], number("SELECT COUNT(DISTINCT client) AS n FROM prestatie"));
    assert_eq!(coverage["clienten"], coverage["wijk"], "the sample tells of every client");
    let reasons = answer["refusals"].as_array().expect("a list");
    assert!(reasons.iter().all(|reason| reason["omschrijving"].is_string()), "{reasons:?}");
    for source in answer["sources"].as_array().expect("a list") {
        assert!(source["age_days"].as_i64().is_some_and(|days| days >= 0), "{source}");
    }
    let early = place.json(&["check", "--json", "--peildatum", "2023-12-31"]);
    assert!(
        early["findings"].as_array().expect("a list").len() <= answer["findings"].as_array().expect("a list").len()
    );
    assert_eq!(early["peildatum"], "2023-12-31");
}

#[test]
fn people_read_the_same() {
    let place = Place::new();
    place.ingest_sample();
    let text = place.succeed(&["check"]);
    for part in
        ["Gegevens van gemeente 9998", "Per afzender", "Maanden zonder declaratie", "OP271", "Hoe oud elke bron is"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
}
