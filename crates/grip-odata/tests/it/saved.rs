//! Tables read from files.

use std::path::Path;

use fs_err as fs;
use grip_odata::{Bron, OdataError, Rule, Saved, read_saved};
use tempfile::TempDir;

use crate::shapes::{
    DATA_PROPERTIES, FIGURES, PERIODS, REGIONS, ROWS, TABLE_INFOS, TYPES, line, page, read, table, table_of,
};

fn save(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("writable");
    }
    folder
}

fn description() -> Vec<(&'static str, &'static str)> {
    vec![
        ("TableInfos.json", TABLE_INFOS),
        ("DataProperties.json", DATA_PROPERTIES),
        ("TypeMaatwerkarrangement.json", TYPES),
        ("RegioS.json", REGIONS),
        ("Perioden.json", PERIODS),
    ]
}

#[track_caller]
fn lines(folder: &Path) -> (Vec<String>, grip_odata::Reading) {
    let mut lines = Vec::new();
    let (_, reading) = read_saved(folder, |found| lines.push(line(found))).expect("a saved table");
    (lines, reading)
}

#[test]
fn figures_keep_their_key_their_name_and_their_status() {
    let page = page(&ROWS, None);
    let mut files = description();
    files.push(("TypedDataSet-0001.json", &page));
    let folder = save(&files);
    let (found, reading) = lines(folder.path());
    assert_eq!(found, FIGURES);
    assert!(reading.is_complete && reading.findings.is_empty(), "{:?}", reading.findings);
    assert_eq!((reading.pages, reading.rows, reading.waarnemingen), (1, 4, 8));

    let saved = Saved::open(folder.path()).expect("a saved table");
    assert_eq!(saved.table().modified, "2026-05-29T02:00:00");
    let meting = saved.table().meting("WmoClientenRelatief").expect("there");
    assert_eq!((meting.eenheid.as_str(), meting.decimals), ("per 1 000 inwoners", 1));
    let mut titles = Vec::new();
    saved
        .read(|found| titles.push((found.regio_titel.map(str::to_owned), found.dimensies[0].titel.map(str::to_owned))))
        .expect("readable");
    assert_eq!(titles[2], (Some("Emmen".to_owned()), Some("Totaal maatwerkarrangementen".to_owned())));
}

#[test]
fn another_edition_has_other_numbers_behind_its_columns() {
    let change = |text: &str| text.replace("WmoClienten_5", "WmoClienten_93").replace("Relatief_6", "Relatief_94");
    let rows = ROWS.map(change);
    let (found, reading) = read(&table_of(&change(DATA_PROPERTIES)), &[page(&rows, None)]);
    assert_eq!(found, FIGURES);
    assert!(reading.findings.is_empty());
    // Rows of one edition with the description of another: not guessed.
    let (found, reading) = read(&table(), &[page(&rows, None)]);
    assert_eq!((found.len(), reading.findings.count(Rule::UnknownMeasure)), (0, 2));
}

#[test]
fn measures_of_one_name_are_told_apart_by_their_group() {
    let properties = r#"[{"ID":1,"Type":"TopicGroup","Title":"Stand"},{"ID":2,"Type":"TopicGroup","Title":"Instroom","ParentID":null},
        {"ID":3,"ParentID":1,"Type":"Topic","Key":"Totaal_1"},{"ID":4,"ParentID":2,"Type":"Topic","Key":"Totaal_2"},
        {"ID":5,"ParentID":2,"Type":"Topic","Key":"Totaal_3"},{"ID":6,"ParentID":2,"Type":"Topic","Key":"Naam_4","Datatype":"String"}]"#;
    let (found, reading) =
        read(&table_of(properties), &[r#"[{"Totaal_1":1,"Totaal_2":2,"Totaal_3":3,"Naam_4":"Emmen"}]"#]);
    let names: Vec<&str> = found.iter().map(|line| line.split(' ').nth(2).unwrap_or_default()).collect();
    assert_eq!(names, ["Stand/Totaal", "Instroom/Totaal", "Instroom/Totaal~2"]);
    assert_eq!(reading.findings.count(Rule::SameName), 1);
}

#[test]
fn no_figure_is_not_the_figure_zero() {
    let row = |value: &str| {
        format!(
            r#"{{"TypeMaatwerkarrangement":"T001024","RegioS":"NL01","Perioden":"2023JJ00","WmoClienten_5":{value}}}"#
        )
    };
    for (value, expected) in [
        ("null", "niets ontbreekt"),
        (r#""       .""#, "niets geheim of onbekend"),
        (r#""""#, "niets niet van toepassing"),
        ("0", "0 definitief"),
        (r#""     0""#, "0 definitief"),
        ("-99998", "-99998 definitief"),
        (r#""  13.90""#, "13.9 definitief"),
    ] {
        let (found, reading) = read(&table(), &[page(&[row(value)], None)]);
        assert_eq!(found, [format!("cbs-v3 86050NED 2023JJ00 NL01 T001024 WmoClienten = {expected}")]);
        assert!(reading.findings.is_empty());
    }
    for value in [r#""13,9""#, "true", "[1]", r#"{"a":1}"#, "1e300", "18446744073709551615"] {
        let (found, reading) = read(&table(), &[page(&[row(value)], None)]);
        assert_eq!((found.len(), reading.findings.count(Rule::NoNumber)), (0, 1), "{value}");
    }
}

#[test]
fn one_bad_row_never_loses_the_rest() {
    let bad = [
        r#"{"ID":9,"TypeMaatwerkarrangement":"T001024","RegioS":"GM0114","Perioden":"2024W101","WmoClienten_5":5}"#,
        r#"{"ID":10,"TypeMaatwerkarrangement":"T001024","RegioS":"GM9999","Perioden":"2024JJ00","WmoClienten_5":"veel"}"#,
        r#"{"ID":11,"TypeMaatwerkarrangement":"T001024","Perioden":"2024JJ00","Onbekend_7":5}"#,
        "7",
        "null",
        r#"{"ID":12}"#,
        ROWS[1],
    ];
    let rows: Vec<&str> = bad.iter().chain(&ROWS).copied().collect();
    let (found, reading) = read(&table(), &[page(&rows, None)]);
    assert_eq!(found[0], "cbs-v3 86050NED 2024W101 GM0114 T001024 WmoClienten = 5 niet vermeld");
    for figure in FIGURES {
        assert!(found.iter().any(|line| line == figure), "{figure}");
    }
    let counts: Vec<(&str, u64)> = reading.findings.counts().map(|(rule, count)| (rule.code(), count)).collect();
    assert_eq!(
        counts,
        [("O003", 1), ("O004", 1), ("O005", 1), ("O006", 1), ("O007", 2), ("O009", 4), ("O015", 2)],
        "{:?}",
        reading.findings
    );
    assert!(reading.findings.list().iter().any(|f| f.rule == Rule::NoNumber && f.row == 2 && f.text == "veel"));
}

#[test]
fn a_page_that_ends_too_early_gives_what_stands_before() {
    let whole = page(&ROWS, None);
    let cut = &whole[..whole.find(r#""ID":2"#).expect("there") + 30];
    let mut files = description();
    files.push(("TypedDataSet-0001.json", cut));
    let folder = save(&files);
    let (found, reading) = lines(folder.path());
    assert_eq!(found, FIGURES[..4]);
    assert!(!reading.is_complete);
    assert_eq!(reading.findings.count(Rule::PageBroken), 1);
}

#[test]
fn missing_pages_are_told() {
    let (first, third) = (page(&ROWS[..1], Some("x?$skip=1")), page(&ROWS[2..], Some("x?$skip=9")));
    let mut files = description();
    files.extend([("TypedDataSet-0001.json", first.as_str()), ("TypedDataSet-0003.json", &third)]);
    let folder = save(&files);
    let (found, reading) = lines(folder.path());
    assert_eq!(found.len(), 6);
    assert!(!reading.is_complete);
    assert_eq!(reading.findings.count(Rule::PageMissing), 2);
}

#[test]
fn lists_as_other_programs_save_them() {
    // cbsodata for Python saves the bare list; some editors put a byte order mark before it.
    let rows = format!("\u{feff}[{}]", ROWS.join(",\n  "));
    let bare = |text: &str| {
        let list = &text[text.find(r#""value":"#).expect("a list") + 8..text.len() - 1];
        format!("\u{feff}{list}")
    };
    let (properties, regions) = (bare(DATA_PROPERTIES), bare(REGIONS));
    let folder = save(&[
        ("TableInfos.json", TABLE_INFOS),
        ("DataProperties.json", &properties),
        ("TypeMaatwerkarrangement.json", TYPES),
        ("RegioS.json", &regions),
        ("Perioden.json", PERIODS),
        ("TypedDataSet.json", &rows),
    ]);
    assert_eq!(lines(folder.path()).0, FIGURES);
}

#[test]
fn a_table_without_periods_has_that_of_its_information() {
    let folder = save(&[
        ("TableInfos.json", r#"{"value":[{"Identifier":"85984NED","Period":"2024"}]}"#),
        (
            "DataProperties.json",
            r#"{"value":[{"Type":"GeoDimension","Key":"WijkenEnBuurten"},{"Type":"Topic","Key":"Gemeentenaam_1","Datatype":"String"},
                {"Type":"Topic","Key":"WmoClienten_93","Datatype":"Long","Unit":"aantal"}]}"#,
        ),
        (
            "TypedDataSet.json",
            r#"{"value":[{"ID":0,"WijkenEnBuurten":"BU09350001","Gemeentenaam_1":"Maastricht   ","WmoClienten_93":25}]}"#,
        ),
    ]);
    let (found, reading) = lines(folder.path());
    assert_eq!(found, ["cbs-v3 85984NED 2024JJ00 BU09350001 WmoClienten = 25 niet vermeld"]);
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
}

#[test]
fn odata_4() {
    let observation = |id: u32, measure: &str, attribute: &str, value: &str, region: &str, period: &str| {
        format!(
            r#"{{"Id":{id},"Measure":"{measure}","ValueAttribute":"{attribute}","Value":{value},"StringValue":null,"RegioS":"{region}","Perioden":"{period}"}}"#
        )
    };
    let first = [
        observation(0, "M002994_2", "None", "520.0", "GM0935", "2024JJ00"),
        observation(1, "M002994_2", "None", "0", "GM0935", "2023JJ00"),
        observation(2, "M002994_2", "Impossible", "null", "GM0114", "2024JJ00"),
        observation(3, "M002994_2", "Confidential", "0", "GM0118", "2024JJ00"),
    ];
    let second = [
        observation(4, "M9", "None", "1", "GM0935", "2024JJ00"),
        observation(5, "M002994_2", "Raar", "3.25", "NL01", "2024JJ00"),
        observation(6, "M002994_2", "None", "520", "GM0935", "2024JJ00"),
        observation(7, "M002994_2", "None", "null", "NL01", "2023JJ00"),
    ];
    let link = "https://datasets.cbs.nl/odata/v1/CBS/86050NED/Observations?$skip=4";
    let pages = [
        format!(r#"{{"@odata.context":"…","value":[{}],"@odata.nextLink":"{link}"}}"#, first.join(",")),
        format!(r#"{{"@odata.context":"…","value":[{}]}}"#, second.join(",")),
    ];
    let files = [
        (
            "Properties.json",
            r#"{"@odata.context":"…","Identifier":"86050NED","Title":"Wmo","Modified":"2026-05-29T02:00:00Z"}"#,
        ),
        (
            "Dimensions.json",
            r#"{"value":[{"Identifier":"RegioS","Kind":"GeoDimension"},{"Identifier":"Perioden","Kind":"TimeDimension"}]}"#,
        ),
        (
            "MeasureCodes.json",
            r#"{"value":[{"Identifier":"M002994_2","Index":1,"Title":"Wmo-cliënten","MeasureGroupId":null,"DataType":"Long","Unit":"aantal","Decimals":0}]}"#,
        ),
        (
            "RegioSCodes.json",
            r#"{"value":[{"Identifier":"GM0935","Title":"Maastricht"},{"Identifier":"GM0114"},{"Identifier":"GM0118"},{"Identifier":"NL01"}]}"#,
        ),
        (
            "PeriodenCodes.json",
            r#"{"value":[{"Identifier":"2023JJ00","Title":"2023","Status":"Definitief"},{"Identifier":"2024JJ00","Title":"2024","Status":"Nader voorlopig"}]}"#,
        ),
        ("Observations-0001.json", pages[0].as_str()),
        ("Observations-0002.json", pages[1].as_str()),
    ];
    let expected = [
        "cbs-v4 86050NED 2024JJ00 GM0935 M002994_2 = 520 nader voorlopig",
        "cbs-v4 86050NED 2023JJ00 GM0935 M002994_2 = 0 definitief",
        "cbs-v4 86050NED 2024JJ00 GM0114 M002994_2 = niets niet van toepassing",
        "cbs-v4 86050NED 2024JJ00 GM0118 M002994_2 = niets geheim of onbekend",
        "cbs-v4 86050NED 2024JJ00 NL01 M002994_2 = 3.25 nader voorlopig",
        "cbs-v4 86050NED 2023JJ00 NL01 M002994_2 = niets ontbreekt",
    ];
    let (found, reading) = lines(save(&files).path());
    assert_eq!(found, expected);
    let counts: Vec<(&str, u64)> = reading.findings.counts().map(|(rule, count)| (rule.code(), count)).collect();
    assert_eq!(counts, [("O004", 1), ("O006", 1), ("O008", 1)]);
    // The list of dimensions was not always saved.
    let without: Vec<_> = files.into_iter().filter(|(name, _)| *name != "Dimensions.json").collect();
    let mut found = lines(save(&without).path()).0;
    found.sort();
    let mut sorted = expected.to_vec();
    sorted.sort_unstable();
    assert_eq!(found, sorted);
}

#[test]
fn folders_that_hold_no_table() {
    let empty = save(&[]);
    assert!(matches!(Saved::open(empty.path()), Err(OdataError::NotSaved { file: "TypedDataSet-0001.json", .. })));
    assert!(matches!(Saved::open(&empty.path().join("niets")), Err(OdataError::Io(_))));
    let without = save(&[("TypedDataSet.json", "[]")]);
    let error = Saved::open(without.path()).expect_err("no columns");
    assert!(matches!(error, OdataError::NotSaved { file: "DataProperties.json", .. }) && error.hint().is_some());
    let broken = save(&[("TypedDataSet.json", "[]"), ("DataProperties.json", "<html>")]);
    let error = Saved::open(broken.path()).expect_err("no JSON");
    assert!(error.to_string().starts_with("GO003 ") && error.to_string().contains("DataProperties.json"), "{error}");
}

#[test]
fn iv3_is_recognised_and_its_mark_for_nothing_too() {
    let folder = save(&[
        ("DataProperties.json", crate::iv3::PROPERTIES),
        (
            "TypedDataSet.json",
            &page(&[crate::iv3::row("GM0935   ", "6.1   ", "L1.1", "2024X005", "-99998", "-446327")], None),
        ),
    ]);
    assert_eq!(Saved::open(folder.path()).expect("a table").table().bron, Bron::Iv3);
    let as_statline = r#"{"tabel":"45067NED","bron":"cbs-v3","base":"https://x","selection":"","modified":""}"#;
    fs::write(folder.path().join("download.jsonl"), as_statline).expect("writable");
    assert_eq!(Saved::open(folder.path()).expect("a table").table().bron, Bron::Iv3);
    fs::remove_file(folder.path().join("download.jsonl")).expect("writable");
    let (found, _) = lines(folder.path());
    let name = folder.path().file_name().and_then(|name| name.to_str()).expect("a name");
    assert_eq!(
        found,
        [
            format!("iv3 {name} 2024X005 GM0935 6.1 L1.1 k_1ePlaatsing = niets ontbreekt"),
            format!("iv3 {name} 2024X005 GM0935 6.1 L1.1 k_2ePlaatsing = -446327 niet vermeld"),
        ]
    );
}

#[test]
fn real_figures_of_the_excerpts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/open-data/cbs_excerpts.csv");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("absent: {}; nothing to compare with", path.display());
        return;
    };
    let mut compared = 0;
    for row in text.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let [tabel, period, _, measure, value, ..] = fields[..] else { panic!("{row}") };
        let period = match period.len() {
            4 => format!("{period}JJ00"),
            10 => period.replace('-', ""),
            _ => period.to_owned(),
        };
        let properties = format!(
            r#"[{{"Type":"TimeDimension","Key":"Perioden"}},{{"Type":"Topic","Key":"Meting_17","Title":"{measure}"}}]"#
        );
        let (found, reading) =
            read(&table_of(&properties), &[format!(r#"[{{"Perioden":"{period} ","Meting_17":{value}}}]"#)]);
        assert_eq!(found.len(), 1, "{tabel} {row}");
        assert!(
            found[0].contains(&format!(" {period} ")) && found[0].contains(&format!("Meting = {value} ")),
            "{}",
            found[0]
        );
        assert_eq!(reading.findings.count(Rule::PeriodForm), 0, "{row}");
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn stock_and_flow_of_youth_protection_close() {
    // CBS, jeugdbescherming 2022: 31 960 + 9 065 - 11 955 = 29 070.
    let properties = r#"[{"Type":"Topic","Key":"StandBegin_1"},{"Type":"Topic","Key":"Instroom_2"},
        {"Type":"Topic","Key":"Uitstroom_3"},{"Type":"Topic","Key":"StandEind_4"}]"#;
    let page = r#"[{"StandBegin_1":31960,"Instroom_2":9065,"Uitstroom_3":11955,"StandEind_4":"     29070"}]"#;
    let table = table_of(properties);
    let mut reader = grip_odata::Reader::new(&table);
    let mut values = Vec::new();
    reader.read_page(page.as_bytes(), |found| values.extend(found.waarde.and_then(|waarde| waarde.scaled_to(0))));
    assert_eq!(values[0] + values[1] - values[2], values[3]);
}
