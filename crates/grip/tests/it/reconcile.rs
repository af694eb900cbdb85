//! What was declared beside what was booked, on a case that can be counted by hand.

use serde_json::{Value, json};

use crate::{
    grip::{Place, path},
    open_data::write_iv3,
};

const LINES: &str = "bsn;wet;aanbieder;declaratienummer;declaratieperiode;referentienummer;toewijzingnummer;productcategorie;productcode;begindatum;einddatum;volume;eenheid;tarief;bedrag;status;ontvangen\n";

fn import(place: &Place, kind: &str, text: &str) {
    let file = place.folder.path().join(format!("{kind}.csv"));
    fs_err::write(&file, text).expect("written");
    place.succeed(&["import", kind, &path(&file), "--gemeente", "0935", "--received-on", "2025-01-15"]);
}

fn declared(reference: &str, categorie: &str, month: i32, euros: i64, status: &str, received: &str) -> String {
    format!(
        "999900006;wmo;12345678;D-{reference};2024-{month:02};{reference};77;{categorie};{categorie}A01;2024-{month:02}-01;2024-{month:02}-28;1;82;;{euros};{status};{received}\n"
    )
}

/// By hand, in euros. Begeleiding (02) is taakveld 6.71b in 2024.
///
/// January: A 100 in time and booked in February, B 40 received in April and booked in April.
/// February: C 50 refused, D 30 not answered, E 200 booked in February.
/// March: F 80 of which 75 was booked.
fn case() -> Place {
    let place = Place::new();
    let lines = [
        declared("A", "02", 1, 100, "goedgekeurd", "2024-02-05"),
        declared("B", "02", 1, 40, "goedgekeurd", "2024-04-05"),
        declared("C", "02", 2, 50, "afgekeurd", "2024-03-05"),
        declared("D", "02", 2, 30, "ingediend", "2024-03-05"),
        declared("E", "02", 2, 200, "goedgekeurd", "2024-03-05"),
        declared("F", "02", 3, 80, "goedgekeurd", "2024-04-05"),
        // A category outside the lists.
        declared("G", "99", 3, 7, "goedgekeurd", "2024-04-05"),
    ];
    import(&place, "declaratie", &format!("{LINES}{}", lines.concat()));
    let bookings = "boekdatum;periode;rekening;rekeningtype;bedrag\n2024-03-01;2;4301;resultaat;100\n2024-03-01;2;4302;resultaat;200\n\
                    2024-04-10;3;4301;resultaat;75\n2024-05-10;4;4301;resultaat;40\n2024-05-10;4;1000;balans;-415\n\
                    2024-05-10;4;8100;resultaat;-20\n2024-05-10;4;9999;resultaat;12,34\n";
    import(&place, "grootboek", bookings);
    let accounts = "rekening;taakveld;soort\n4*;6.1;last\n4300-4399;6.71b;last\n8100;6.71b;baat\n";
    import(&place, "grootboekrekening", accounts);
    place
}

#[track_caller]
fn check(line: &Value, expected: [i64; 9]) {
    let names =
        ["declared", "refused", "unanswered", "approved", "booked", "difference", "late", "not_yet_booked", "other"];
    let found = names.map(|name| line[name].as_i64().expect("a number"));
    assert_eq!(found, expected.map(|euros| euros * 100), "{line}");
    assert_eq!(found[5], found[1] + found[2] + found[6] + found[7] + found[8]);
}

#[test]
fn every_kind_of_difference() {
    let place = case();
    let answer = place.json(&["reconcile", "--jaar", "2024", "--format", "json"]);
    let lines = answer["lines"].as_array().expect("a list");
    let of: Vec<String> = lines.iter().map(|line| format!("{} {}", line["maand"], line["taakveld"])).collect();
    assert_eq!(
        of,
        ["2024-01", "2024-02", "2024-03", "2024-04"].map(|maand| format!("\"{maand}\" \"6.71b\"")),
        "{answer}"
    );
    check(&lines[0], [140, 0, 0, 140, 0, 140, 40, 100, 0]);
    check(&lines[1], [280, 50, 30, 200, 300, -20, 0, -100, 0]);
    check(&lines[2], [80, 0, 0, 80, 75, 5, 0, 0, 5]);
    check(&lines[3], [0, 0, 0, 0, 40, -40, -40, 0, 0]);
    check(&answer["total"], [500, 50, 30, 420, 415, 85, 0, 0, 5]);
    assert_eq!((answer["without_taakveld"].as_i64(), answer["without_mapping"].as_i64()), (Some(700), Some(1234)));
    assert_eq!((answer["gemeente"].as_str(), answer["unit"].as_str()), (Some("0935"), Some("eurocent")));
    let csv = place.succeed(&["reconcile", "--jaar", "2024", "--format", "csv"]);
    assert_eq!(csv.lines().nth(2), Some("2024-02,6.71b,28000,5000,3000,20000,30000,-2000,0,-10000,0"));
    let table = place.succeed(&["reconcile", "--jaar", "2024"]);
    assert!(
        table.contains("Aansluiting 2024 van gemeente 0935") && table.contains("12 geboekt op rekeningen"),
        "{table}"
    );
}

#[test]
fn as_it_was_known() {
    let place = case();
    // At the end of March the late line had not come and nothing of April was booked.
    let answer = place.json(&["reconcile", "--jaar", "2024", "--peildatum", "2024-03-31", "--format", "json"]);
    let lines = answer["lines"].as_array().expect("a list");
    assert_eq!(lines.len(), 2, "{answer}");
    check(&lines[0], [100, 0, 0, 100, 0, 100, 0, 100, 0]);
    check(&lines[1], [280, 50, 30, 200, 300, -20, 0, -100, 0]);
}

#[test]
fn beside_iv3_and_the_budget() {
    let place = case();
    let folder = place.folder.path().join("45067NED");
    write_iv3(
        &folder,
        &[
            ("6.71b ", "L3.8", "2024X000", 9),
            ("6.71b ", "L3.8", "2024X005", 2),
            ("6.71b ", "L1.1", "2024X005", 1),
            ("6.71b ", "B4.3", "2024X005", 5),
        ],
    );
    place.succeed(&["open-data", "import", &path(&folder)]);
    import(
        &place,
        "begroting",
        "jaar;wet;taakveld;versie;wijzigingsnummer;bedrag;vastgesteld\n2024;wmo;6.71b;primitief;;500;2023-11-09\n2024;wmo;6.71b;wijziging;1;-50;2024-06-01\n",
    );
    let answer = place.json(&["reconcile", "--jaar", "2024", "--format", "json"]);
    let year = &answer["taakvelden"][0];
    assert_eq!(
        json!([year["taakveld"], year["booked"], year["iv3"], year["verslagsoort"], year["begroting"]]),
        json!(["6.71b", 41_500, 300_000, "jaarrekening", 45_000])
    );
}

#[test]
fn the_mapping_says_where_products_belong() {
    let place = case();
    import(
        &place,
        "grootboekrekening",
        "rekening;taakveld;wet;productcategorie;soort\n4300-4399;6.71b;wmo;02;last\n4400;6.71d;wmo;99;last\n",
    );
    let answer = place.json(&["reconcile", "--jaar", "2024", "--format", "json"]);
    assert_eq!(answer["without_taakveld"], 0);
    let line = answer["lines"].as_array().expect("a list").iter().find(|line| line["taakveld"] == "6.71d");
    check(line.expect("a line"), [7, 0, 0, 7, 0, 7, 0, 0, 7]);
}

#[test]
fn without_bookings_there_is_nothing_to_compare() {
    let place = case();
    let output = place.run(&["reconcile", "--jaar", "2023"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && error.contains("GP015") && error.contains("hint"), "{error}");
}
