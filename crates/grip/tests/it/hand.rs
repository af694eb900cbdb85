//! Every indicator of the catalogue on a municipality that can be counted by hand: `tests/hand/README.md` counts.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use grip_pipeline::{
    Amendment, Call, Dimension, Grip, ImportKind, Key, Number, ReceivedOn, import, import_open_data, ingest, open_lake,
};
use grip_types::{Date, GemeenteCode, parse_date};
use tempfile::TempDir;

const GEMEENTE: GemeenteCode = GemeenteCode::constant(9998);
/// A value in `verwacht.csv` has so many decimals at most.
const TOLERANCE: f64 = 6e-7;

fn day(text: &str) -> Date {
    parse_date(text).expect("a day")
}

/// Takes in what `lees.txt` names, in its order.
fn take_in(hand: &Path, data: &Path, key: &Key) {
    let lake = open_lake(data).expect("a lake");
    for line in fs_err::read_to_string(hand.join("lees.txt")).expect("a file").lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["ingest", folder] => {
                ingest(&lake, key, &hand.join(folder), ReceivedOn::FromFolder, Some(GEMEENTE), |_| {})
                    .expect("taken in");
            }
            ["import", kind, file, received] => {
                let kinds = [
                    ("begroting", ImportKind::Begroting),
                    ("contract", ImportKind::Contract),
                    ("client", ImportKind::Client),
                    ("subsidie", ImportKind::Subsidie),
                    ("toewijzing", ImportKind::Toewijzing),
                    ("declaratie", ImportKind::Declaratie),
                    ("grootboek", ImportKind::Grootboek),
                    ("grootboekrekening", ImportKind::Grootboekrekening),
                    ("ervaring", ImportKind::Ervaring),
                    ("uitkomst", ImportKind::Uitkomst),
                ];
                let (_, kind) = kinds.into_iter().find(|(name, _)| name == kind).expect("a kind");
                let when = format!("{received}T09:00:00Z");
                let report = import(&lake, key, kind, &hand.join(file), GEMEENTE, (&when, day(received)));
                assert!(!report.expect("imported").has_refused(), "{file}");
            }
            ["open-data", folder, received] => {
                let when = format!("{received}T09:00:00Z");
                import_open_data(&lake, &hand.join(folder), (&when, day(received))).expect("imported");
            }
            _ => panic!("`{line}` is not known"),
        }
    }
}

/// `wet=jw|wijk=`: dimensions with their values.
/// The folder of what can be counted by hand.
fn hand() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hand")
}

/// A lake with all of it, in a folder that goes when it is dropped.
fn taken_in() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let key = Key::load_or_make(&folder.path().join("key"), &data).expect("a key");
    take_in(&hand(), &data, &key);
    (folder, data)
}

fn pairs(text: &str) -> Vec<(Dimension, Option<String>)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').expect("name=value");
        (Dimension::parse(name).expect("a dimension"), (!value.is_empty()).then(|| value.to_owned()))
    };
    text.split('|').filter(|text| !text.is_empty()).map(pair).collect()
}

#[test]
fn every_indicator_says_what_was_counted_by_hand() {
    let (_folder, data) = taken_in();
    let grip = Grip::open(&data).expect("the lake");
    let mut reader = csv::Reader::from_path(hand().join("verwacht.csv")).expect("a file");
    let (mut wrong, mut seen, mut rows) = (Vec::new(), BTreeSet::new(), 0);
    for row in reader.records() {
        let row = row.expect("a row");
        let field = |at: usize| row.get(at).unwrap_or_default();
        let by = pairs(field(3));
        let only = pairs(field(4)).into_iter().map(|(dimension, value)| (dimension, value.expect("a value")));
        let call = Call {
            gemeente: GEMEENTE,
            periods: vec![field(1).parse().expect("a period")],
            peildatum: day(field(2)),
            by: by.iter().map(|(dimension, _)| *dimension).collect(),
            only: only.collect(),
        };
        let answers = grip.indicator(field(0), &call).unwrap_or_else(|error| panic!("{row:?}: {error}"));
        let is_meant = |answer: &&grip_pipeline::Answer| {
            by.iter().all(|(dimension, value)| answer.by.get(dimension.column()) == Some(value))
        };
        let answer = answers.iter().find(is_meant);
        let found = answer.and_then(|answer| answer.value);
        // What was counted is not small, and is withheld because it would give a small one back.
        let is_besides = field(6) == "besides";
        let is_right = match (field(5), found) {
            ("", None) => true,
            (_, found) if is_besides => found.is_none(),
            (text, Some(Number::Whole(whole))) => text.parse::<i64>() == Ok(whole),
            (text, Some(Number::Real(real))) => text.parse().is_ok_and(|value: f64| (value - real).abs() < TOLERANCE),
            (_, None) => false,
        };
        if !is_right || answer.is_some_and(|answer| answer.is_withheld) != (field(6) == "true" || is_besides) {
            wrong.push(format!("{:?}: {found:?}", row.iter().collect::<Vec<_>>()));
        }
        seen.insert(field(0).to_owned());
        rows += 1;
    }
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
    let uncounted: Vec<&str> = grip
        .catalogue()
        .indicators()
        .iter()
        .filter(|indicator| indicator.computed.is_none() && !seen.contains(&indicator.id))
        .map(|indicator| indicator.id.as_str())
        .collect();
    assert!(uncounted.is_empty(), "nobody counted {uncounted:?}");
}

/// An indicator of a municipality's own, in a file in its data.
const OWN: &str = r#"
thema = "eigen"
naam = "Eigen"
name = "Own"

[[indicator]]
id = "regels-van-declaraties"
naam = "Regels van declaraties"
name = "Lines of invoices"
definitie = "Hoeveel regels van declaraties er zijn over zorg in de periode."
definition = "How many lines of invoices there are for care in the period."
unit = "count"
minimum_count = 0
dimensions = ["wet"]
source = "declaraties"
[indicator.numerator]
sql = "SELECT gemeente, periode, wet, client AS counted, 1 AS value FROM geleverd"
"#;

/// In `begroting.csv` there is one amendment, of 20 June 2024.
#[test]
fn amendments_of_the_budget_are_known_by_their_number() {
    let (_folder, data) = taken_in();
    let grip = Grip::open(&data).expect("the lake");
    let known = |at: &str| grip.budget_amendments(GEMEENTE, day(at)).expect("an answer");
    let one = Amendment { number: "1".into(), jaar: 2024, vastgesteld: day("2024-06-20"), cents: 250_000 };
    assert_eq!((known("2024-06-19"), known("2024-12-31")), (Vec::new(), vec![one]));
    assert_eq!(grip.budget_amendments(GemeenteCode::constant(9997), day("2024-12-31")).expect("an answer"), []);
}

#[test]
fn a_municipality_adds_a_file_and_a_faulty_one_is_refused() {
    let (_folder, data) = taken_in();
    let own = data.join("indicatoren");
    fs_err::create_dir_all(&own).expect("a folder");
    fs_err::write(own.join("eigen.toml"), OWN).expect("written");
    let call = Call {
        gemeente: GEMEENTE,
        periods: vec!["2024".parse().expect("a year")],
        peildatum: day("2025-06-30"),
        by: Vec::new(),
        only: Vec::new(),
    };
    let grip = Grip::open(&data).expect("the lake");
    let lines = grip.indicator("regels-van-declaraties", &call).expect("an answer");
    let (counted, _) = grip.indicator_lines("gedeclareerd", &call, 0, 1).expect("lines");
    assert!(counted > 0);
    assert_eq!(lines[0].value, Some(Number::Whole(i64::try_from(counted).expect("few"))));
    fs_err::write(own.join("fout.toml"), OWN.replace("FROM geleverd", "FROM nergens")).expect("written");
    let refused = Grip::open(&data).err().expect("refused").to_string();
    assert!(refused.starts_with("GP018") && refused.contains("indicatoren/fout.toml"), "{refused}");
    assert!(refused.contains("nergens") && refused.contains("already"), "every fault is told: {refused}");
}
