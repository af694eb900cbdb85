//! Iv3 per municipality.

use grip_odata::{
    Bron, Description, OdataError, Rule, Table,
    iv3::{Iv3Reading, Iv3Sums, Verslagsoort, read_iv3, read_iv3_page, table_of_year},
    taakveld::{Generatie, TaakveldSoort},
};

use crate::shapes::page;

pub(crate) const PROPERTIES: &str = r#"{"value":[{"Type":"Dimension","Key":"Gemeenten"},{"Type":"Dimension","Key":"TaakveldBalanspost"},
    {"Type":"Dimension","Key":"Categorie"},{"Type":"TimeDimension","Key":"Verslagsoort"},
    {"Type":"Topic","Key":"k_1ePlaatsing_1","Datatype":"Long","Unit":"x 1 000 euro","Decimals":0},
    {"Type":"Topic","Key":"k_2ePlaatsing_2","Datatype":"Long","Unit":"x 1 000 euro","Decimals":0}]}"#;

pub(crate) fn row(gemeente: &str, taakveld: &str, categorie: &str, verslag: &str, first: &str, second: &str) -> String {
    format!(
        r#"{{"ID":0,"Gemeenten":"{gemeente}","TaakveldBalanspost":"{taakveld}","Categorie":"{categorie}","Verslagsoort":"{verslag}","k_1ePlaatsing_1":{first},"k_2ePlaatsing_2":{second}}}"#
    )
}

fn table(properties: &str) -> Table {
    let files = Description { measures: vec![properties.as_bytes()], ..Description::default() };
    Table::parse(Bron::Iv3, "45067NED", &files).expect("well-formed")
}

fn read(rows: &[String]) -> (Vec<String>, Iv3Reading) {
    let mut lines = Vec::new();
    let reading = read_iv3_page(&table(PROPERTIES), page(rows, None).as_bytes(), |regel| {
        let side = if regel.is_last { "last" } else { "baat" };
        lines.push(format!(
            "{} {} {} {} {} {side} {} ({}) {}",
            regel.gemeente,
            regel.jaar,
            regel.verslagsoort.as_str(),
            regel.taakveld,
            regel.categorie,
            regel.bedrag_cents,
            regel.plaatsing,
            regel.generatie.as_str()
        ));
    });
    (lines, reading.expect("a known unit"))
}

#[test]
fn the_second_publication_counts_and_nothing_is_exactly_minus_99998() {
    let (lines, reading) = read(&[
        row("GM0935   ", "6.71a ", "L3.4.1", "2023X005", "100", "12345"),
        row("GM0935   ", "6.71a ", "L4.2  ", "2023X005", "100", "-99998"),
        row("GM0935   ", "6.71a ", "B4.3.1", "2023X005", "-99998", "-99998"),
        row("GM0935   ", "6.71b ", "B4.3.1", "2023X005", "7", "-446327"),
        row("GM0935   ", "6.71c ", "B4.3.1", "2023X005", "-99999", "null"),
        row("GM0935   ", "6.71d ", "B4.3.1", "2023X005", "5", "0"),
        row("GM0935   ", "6.71d ", "L4.3.1", "2023X003", r#"" 12 ""#, r#""  -99998""#),
    ]);
    assert_eq!(
        lines,
        [
            "0935 2023 jaarrekening 6.71a L3.4.1 last 1234500000 (2) 2023-2024",
            "0935 2023 jaarrekening 6.71a L4.2 last 10000000 (1) 2023-2024",
            "0935 2023 jaarrekening 6.71b B4.3.1 baat -44632700000 (2) 2023-2024",
            "0935 2023 jaarrekening 6.71c B4.3.1 baat -9999900000 (1) 2023-2024",
            "0935 2023 jaarrekening 6.71d B4.3.1 baat 0 (2) 2023-2024",
            "0935 2023 kwartaal 3 6.71d L4.3.1 last 1200000 (1) 2023-2024",
        ]
    );
    assert_eq!((reading.rows, reading.regels, reading.rows_without_figure), (7, 6, 1));
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
}

#[test]
fn what_is_no_spending_is_skipped_or_marked() {
    let (lines, reading) = read(&[
        row("GM0935", "A111  ", "Ultimo", "2025X005", "1", "1"),
        row("GM0935", "P111  ", "L1.1", "2025X005", "1", "1"),
        row("GM0935", "6.    ", "L1.1", "2025X005", "1", "1"),
        row("GM0935", "Tot_TV", "L1.1", "2025X005", "1", "1"),
        row("GM0935", "6.711", "Tot_cat_l", "2025X005", "1", "1"),
        row("NL01  ", "6.711", "L1.1", "2025X005", "1", "1"),
        row("GM0935", "6.711", "L1.1", "2025X009", "1", "1"),
        row("GM0935", "6.711", "L1.1", "2025X005", r#""veel""#, "1.5"),
        row("GM0935", "6.711", "L1.1", "2025X005", "1", "1"),
        row("GM0935", "6.712", "L1.1", "2025X005", "1", "0.000001"),
        row("GM0935", "6.71a", "L1.1", "2025X005", "1", "1"),
    ]);
    assert_eq!(
        lines,
        [
            "0935 2025 jaarrekening 6.711 L1.1 last 150000 (2) vanaf 2025",
            "0935 2025 jaarrekening 6.71a L1.1 last 100000 (2) vanaf 2025",
        ]
    );
    assert_eq!(reading.balance_rows, 2);
    let counts: Vec<(&str, u64)> = reading.findings.counts().map(|(rule, count)| (rule.code(), count)).collect();
    assert_eq!(
        counts,
        [("O003", 1), ("O005", 2), ("O006", 1), ("O011", 1), ("O012", 1), ("O013", 1), ("O014", 2)],
        "{:?}",
        reading.findings
    );
    let mut kinds = Vec::new();
    let rows = ["0.1", "0.10", "0.11"].map(|taakveld| row("GM0935", taakveld, "L7.1", "2025X000", "1", "1"));
    read_iv3_page(&table(PROPERTIES), page(&rows, None).as_bytes(), |regel| kinds.push(regel.soort))
        .expect("a known unit");
    assert_eq!(kinds, [TaakveldSoort::Gewoon, TaakveldSoort::MutatieReserves, TaakveldSoort::Resultaat]);
}

#[test]
fn columns_of_older_years() {
    let properties = PROPERTIES
        .replace("TaakveldBalanspost", "FunctieKostenplaatsBalanspost")
        .replace("k_1ePlaatsing_1", "k_1stePlaatsing_1")
        .replace("k_2ePlaatsing_2", "k_2dePlaatsing_2");
    let rows = r#"[{"Gemeenten":"GM0935 ","FunctieKostenplaatsBalanspost":"670   ","Categorie":"L4.2","Verslagsoort":"2012X005",
        "k_1stePlaatsing_1":10,"k_2dePlaatsing_2":11}]"#;
    let mut found = Vec::new();
    let reading = read_iv3_page(&table(&properties), rows.as_bytes(), |regel| {
        found.push((regel.jaar, regel.taakveld.to_owned(), regel.generatie, regel.bedrag_cents, regel.verslagsoort));
    });
    assert!(reading.expect("a known unit").findings.is_empty());
    assert_eq!(found, [(2012, "670".to_owned(), Generatie::Functies, 1_100_000, Verslagsoort::Jaarrekening)]);
}

#[test]
fn a_unit_that_is_not_known_is_no_guess() {
    let in_millions = PROPERTIES.replace("x 1 000 euro", "mln euro");
    let error = read_iv3_page(&table(&in_millions), b"[]", |_| {}).expect_err("not known");
    assert!(matches!(error, OdataError::Unit { .. }), "{error}");
    let in_euros = PROPERTIES.replace("x 1 000 euro", "euro");
    let mut cents = 0;
    let row = page(&[row("GM0935", "6.1", "L1.1", "2024X005", "3", "3")], None);
    read_iv3_page(&table(&in_euros), row.as_bytes(), |regel| cents = regel.bedrag_cents).expect("a known unit");
    assert_eq!(cents, 300);
}

#[test]
fn sums_never_mix_sides_or_accounts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs_err::write(folder.path().join("DataProperties.json"), PROPERTIES).expect("writable");
    let rows = |verslag| {
        page(
            &[
                row("GM0935", "6.1", "L1.1", verslag, "1", "1"),
                row("GM0935", "6.1", "L4.2", verslag, "2", "2"),
                row("GM0935", "6.1", "B4.2", verslag, "4", "4"),
            ],
            None,
        )
    };
    fs_err::write(folder.path().join("TypedDataSet-0001.json"), rows("2024X000")).expect("writable");
    fs_err::write(folder.path().join("TypedDataSet-0002.json"), rows("2024X005")).expect("writable");
    let mut sums = Iv3Sums::default();
    let reading = read_iv3(folder.path(), |regel| sums.add(regel)).expect("a saved table");
    assert!(reading.is_complete && reading.findings.count(Rule::DuplicateKey) == 0);
    let found: Vec<_> = sums.iter().map(|(key, cents)| (key.verslagsoort, key.is_last, cents)).collect();
    assert_eq!(
        found,
        [
            (Verslagsoort::Begroting, false, 400_000),
            (Verslagsoort::Begroting, true, 300_000),
            (Verslagsoort::Jaarrekening, false, 400_000),
            (Verslagsoort::Jaarrekening, true, 300_000),
        ]
    );
}

#[test]
fn tables_per_year() {
    assert_eq!(table_of_year(2024), Some("45067NED"));
    assert_eq!(table_of_year(2010), Some("45007NED"));
    assert_eq!(table_of_year(2009), None);
}
