//! What is wrong with a file, where, and what to do about it.

use grip_indicator::{Catalogue, Source};

const GOOD: &str = r#"
thema = "zorg"
naam = "Zorg"
name = "Care"

[[indicator]]
id = "starts"
naam = "Starts"
name = "Starts"
definitie = "Aantal starts."
definition = "Number of starts."
unit = "count"
dimensions = ["wet"]
source = "starts"

[indicator.numerator]
sql = "SELECT gemeente, periode, wet, client AS counted, 1 AS value FROM start"
"#;

#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    assert!(from.is_empty() || GOOD.contains(from), "the test changes nothing");
    let text = if from.is_empty() { format!("{GOOD}{to}") } else { GOOD.replacen(from, to, 1) };
    let found = match Catalogue::read(&[Source { name: "zorg.toml", text: &text }], &["start"]) {
        Ok(_) => "good".to_owned(),
        Err(faults) => {
            assert!(faults.iter().all(|fault| !fault.hint().is_empty()));
            faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
    };
    assert!(found.starts_with(expected), "{found}");
}

#[test]
fn a_good_file_is_read() {
    check("", "", "good");
    check("", "[[bouwsteen]]\nid = \"met_start\"\nuitleg = \"x\"\nsql = \"SELECT a FROM start\"\n", "good");
}

#[test]
fn a_key_that_is_not_known_is_refused() {
    check("unit = \"count\"", "unit = \"count\"\nformule = \"x\"", "GC001 zorg.toml:13: unknown field `formule`");
    check("unit = \"count\"", "unit = \"stuks\"", "GC001 zorg.toml:12: unknown variant `stuks`");
    check("unit = \"count\"\n", "", "GC001 zorg.toml:6: missing field `unit`");
    check("[\"wet\"]", "[\"postcode\"]", "GC001 zorg.toml:13: unknown variant `postcode`");
    check("unit = \"count\"", "unit = ", "GC001 zorg.toml:12: ");
    check("thema = \"zorg\"\n", "", "GC001 zorg.toml:1: a file with indicators says");
}

#[test]
fn ids_are_written_one_way_and_used_once() {
    check("id = \"starts\"", "id = \"Starts\"", "GC002 zorg.toml:7: `Starts` can't be an id");
    check("id = \"starts\"", "id = \"aantal_starts\"", "GC002 zorg.toml:7: `aantal_starts` can't be an id");
    let again = GOOD.split_once("[[indicator]]").unwrap().1;
    check("", &format!("[[indicator]]{again}"), "GC003 zorg.toml:19: `starts` is already at zorg.toml:7");
    let table = "[[bouwsteen]]\nid = \"start\"\nuitleg = \"x\"\nsql = \"SELECT client FROM start\"\n";
    check("", table, "GC003 zorg.toml:19: `start` is already at a table of that name");
}

#[test]
fn sql_is_one_select_with_the_columns_it_must_have() {
    check(
        "FROM start\"",
        "FROM start; DROP TABLE start\"",
        "GC004 zorg.toml:17: the SQL of `starts`: it is more than one",
    );
    check("\"SELECT gemeente", "\"DELETE gemeente", "GC004 zorg.toml:17: the SQL of `starts`: it does not begin");
    check("client AS counted, ", "", "GC005 zorg.toml:17: the SQL of `starts` has no column `counted`");
    check("wet, client", "client", "GC005 zorg.toml:17: the SQL of `starts` has no column `wet`");
    check(
        "FROM start\"",
        "FROM starts\"",
        "GC006 zorg.toml:17: the SQL of `starts` reads `starts`, which is not there",
    );
}

#[test]
fn keys_that_contradict_each_other_are_refused() {
    check("unit = \"count\"", "unit = \"percent\"", "GC007 zorg.toml:7: `starts` is a share or a rate");
    check(
        "source =",
        "computed = \"prognose\"\nsource =",
        "GC007 zorg.toml:7: `starts` is `computed` and has SQL as well",
    );
    check("[\"wet\"]", "[\"wet\", \"wet\"]", "GC007 zorg.toml:7: `starts` names a dimension twice");
    check("\"Starts\"\nname", "\" \"\nname", "GC007 zorg.toml:7: `starts` has an empty text");
    let late = "status = { provisional_after_months = 5, definitive_after_months = 4 }\nsource =";
    check("source =", late, "GC007 zorg.toml:7: `starts` is definitive before it is provisional");
    let law = "law = { article = \"Wmo 2015, artikel 2.3.5\", date = \"2025-02-30\" }\nsource =";
    check("source =", law, "GC007 zorg.toml:7: `starts` has a `law` whose `date` is no day");
}

#[test]
fn every_fault_is_told_at_once() {
    let text = GOOD.replace("id = \"starts\"", "id = \"Starts\"").replace("client AS counted, ", "");
    let faults = Catalogue::read(&[Source { name: "a.toml", text: &text }], &["start"]).unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_bouwsteen_knows_only_what_stands_above_it() {
    let two = |first: &str, second: &str| {
        format!(
            "[[bouwsteen]]\nid = \"een\"\nuitleg = \"x\"\nsql = \"SELECT a FROM {first}\"\n\
             [[bouwsteen]]\nid = \"twee\"\nuitleg = \"x\"\nsql = \"SELECT a FROM {second}\"\n"
        )
    };
    let read = |text: &str| Catalogue::read(&[Source { name: "b.toml", text }], &["start"]).map(|_| ());
    assert_eq!(read(&two("start", "een")), Ok(()));
    let faults = read(&two("twee", "start")).unwrap_err();
    assert_eq!(faults[0].to_string(), "GC006 b.toml:4: the SQL of `een` reads `twee`, which is not there");
    assert!(read(&two("een", "start")).is_err(), "a bouwsteen read itself");
}
