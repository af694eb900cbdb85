//! Spreadsheets: right rows go in, wrong rows are named.

use crate::grip::{Place, path};

fn import(place: &Place, kind: &str, name: &str, bytes: &[u8]) -> (Option<i32>, serde_json::Value) {
    let file = place.folder.path().join(name);
    fs_err::write(&file, bytes).expect("written");
    let output = place.run(&["import", kind, &path(&file), "--gemeente", "0935", "--json"]);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default())
}

const BUDGET: &str = "\u{feff}# uitleg\r\njaar;wet;productcategorie;versie;bedrag;vastgesteld\r\n\
2025;wmo;01;primitief;1.250.000,00;7-11-2024\r\n\
2025;wlz;02;primitief;100;2024-11-07\r\n\
2025;jw;45;Actueel;-12,50;2025-06-30\r\n\
2025;jw;45;actueel;veel;morgen\r\n";

#[test]
fn right_rows_go_in_and_wrong_rows_are_named() {
    let place = Place::new();
    let (code, report) = import(&place, "begroting", "begroting.csv", BUDGET.as_bytes());
    assert_eq!(code, Some(3));
    assert_eq!((report["rows"].as_i64(), report["taken"].as_i64()), (Some(4), Some(2)));
    let faults: Vec<String> = report["faults"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|fault| format!("{} {}", fault["line"], fault["column"]))
        .collect();
    assert_eq!(faults, ["4 \"wet\"", "6 \"bedrag\"", "6 \"vastgesteld\""]);
    let rows = place.rows("SELECT wet, bedrag_cents, versie FROM begroting ORDER BY bedrag_cents");
    assert_eq!(rows[0]["bedrag_cents"], -1250);
    assert_eq!(rows[1]["bedrag_cents"], 125_000_000);
    let (code, report) = import(&place, "begroting", "kopie.csv", BUDGET.as_bytes());
    assert_eq!((code, report["known"].as_bool()), (Some(0), Some(true)));
    assert_eq!(place.rows("SELECT COUNT(*) AS n FROM begroting")[0]["n"], 2);
}

#[test]
fn workbooks_are_read_as_their_cells_mean() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let names =
        ["aanbieder", "naam", "wet", "productcategorie", "productcode", "eenheid", "tarief", "begindatum", "einddatum"];
    for (column, name) in (0..).zip(names) {
        sheet.write_string(0, column, name).expect("a cell");
    }
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 1, 1).expect("a date");
    let format = rust_xlsxwriter::Format::new().set_num_format("d-m-yyyy");
    sheet.write_number(1, 0, 12_345_678.0).expect("a cell");
    sheet.write_string(1, 1, "Zorg & Zo").expect("a cell");
    sheet.write_string(1, 2, "Wmo").expect("a cell");
    sheet.write_number(1, 3, 2.0).expect("a cell");
    sheet.write_string(1, 4, "02A01").expect("a cell");
    sheet.write_number(1, 5, 4.0).expect("a cell");
    sheet.write_number(1, 6, 63.5).expect("a cell");
    sheet.write_datetime_with_format(1, 7, &date, &format).expect("a cell");
    let place = Place::new();
    let (code, report) = import(&place, "contract", "contract.xlsx", &book.save_to_buffer().expect("a workbook"));
    assert_eq!((code, report["taken"].as_i64()), (Some(0), Some(1)), "{report}");
    let row = &place.rows("SELECT * FROM contract")[0];
    assert_eq!(
        (row["aanbieder"].as_str(), row["product_categorie"].as_str(), row["eenheid"].as_str()),
        (Some("12345678"), Some("02"), Some("04"))
    );
    assert_eq!((row["tarief_cents"].as_i64(), row["begindatum"].as_str()), (Some(6350), Some("2025-01-01")));
}

#[test]
fn clients_are_pseudonyms_from_the_door_on() {
    let place = Place::new();
    let text =
        "bsn;geboortedatum;wijk;huishouden\n999900006;1950-02-03;WK999801;12\n999900007;1950-02-03;WK999801;12\n";
    let (code, report) = import(&place, "client", "client.csv", text.as_bytes());
    assert_eq!(code, Some(3));
    assert!(!report.to_string().contains("999900007"), "{report}");
    let rows = place.rows("SELECT * FROM clientkenmerk");
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0]["geboortemaand"].as_str(), rows[0]["wijk"].as_str()), (Some("1950-02"), Some("WK999801")));
    assert_eq!(rows[0]["client"].as_str().map(str::len), Some(32));
}

#[test]
fn templates_can_be_filled_in_and_imported() {
    let place = Place::new();
    for kind in ["begroting", "contract", "client"] {
        let template = place.succeed(&["import", kind, "--template"]);
        let (code, report) = import(&place, kind, &format!("{kind}.csv"), template.as_bytes());
        assert_eq!((code, report["rows"].as_i64()), (Some(0), Some(0)), "{kind}");
    }
    let (code, _) = import(&place, "begroting", "andere.csv", b"a;b\n1;2\n");
    assert_eq!(code, Some(1));
}
