//! Sheets as texts, for who knows himself what the columns are.

use grip_import::{ImportError, Sheet, sheets};

fn cells(sheet: &Sheet) -> Vec<(u64, Vec<&str>)> {
    sheet.rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect()
}

#[test]
fn a_text_of_several_lines_is_one_cell() {
    let text = "\u{feff}Doel;Waarom\n\"Eén; twee\";\"regel 1\nregel 2\"\n\n ; \n Later ;\n";
    let found = sheets(text.as_bytes()).unwrap();
    assert_eq!(found[0].name, None);
    let expected = [(1, vec!["Doel", "Waarom"]), (2, vec!["Eén; twee", "regel 1\nregel 2"]), (6, vec!["Later", ""])];
    assert_eq!(cells(&found[0]), expected);
}

#[test]
fn every_sheet_of_a_workbook_is_read_and_what_is_a_number_is_said() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let first = book.add_worksheet().set_name("doelen").unwrap();
    first.write_string(0, 0, "Doel").unwrap().write_string(2, 0, "Goed").unwrap();
    let second = book.add_worksheet().set_name("standen").unwrap();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 12, 31).unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("d-m-yyyy");
    second.write_number(0, 0, 1234.5).unwrap().write_datetime_with_format(0, 2, &day, &format).unwrap();
    // A number and a text that show the same, and a percentage, which is a number with a format.
    let percent = rust_xlsxwriter::Format::new().set_num_format("0%");
    second.write_number(1, 0, 1.1).unwrap().write_string(1, 1, "1.1").unwrap();
    second.write_number_with_format(1, 3, 0.5, &percent).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let found = sheets(bytes.as_slice()).unwrap();
    assert_eq!(found.iter().map(|sheet| sheet.name.as_deref()).collect::<Vec<_>>(), [Some("doelen"), Some("standen")]);
    assert_eq!(cells(&found[0]), [(1, vec!["Doel"]), (3, vec!["Goed"])]);
    assert_eq!(cells(&found[1]), [(1, vec!["1234.5", "", "2024-12-31"]), (2, vec!["1.1", "1.1", "", "0.5"])]);
    assert_eq!(found[1].rows.iter().map(|row| row.numbers.clone()).collect::<Vec<_>>(), [vec![0], vec![0, 3]]);
    assert!(sheets(&b"a;b\n1,5;2.5\n"[..]).unwrap()[0].rows.iter().all(|row| row.numbers.is_empty()));
}

#[test]
fn what_is_no_table_is_an_error() {
    assert!(matches!(sheets(&b"PK\x03\x04 geen werkboek"[..]), Err(ImportError::Unreadable { .. })));
}
