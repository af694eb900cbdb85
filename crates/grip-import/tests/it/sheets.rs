use grip_import::{Decimal, Mapping, Reader, Soort};
use rust_xlsxwriter::{Format, Formula, Workbook};

use crate::{faults, read};

fn sheet(write: impl FnOnce(&mut Workbook) -> Result<(), rust_xlsxwriter::XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    write(&mut book).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_sheet_with_numbers_days_and_a_title() {
    let bytes = sheet(|book| {
        book.add_worksheet().set_name("Uitleg")?;
        let sheet = book.add_worksheet().set_name("Contracten 2025")?;
        sheet.write(0, 0, "Contracten")?;
        let day = Format::new().set_num_format("dd-mm-yyyy");
        for (column, name) in ["AGB", "Wet", "Categorie", "Eenheid", "Tarief", "Vanaf"].into_iter().enumerate() {
            sheet.write(2, u16::try_from(column).unwrap(), name)?;
        }
        // The spreadsheet has eaten the zeros in front.
        sheet.write(3, 0, 1_234_567)?.write(3, 1, "Jeugdwet")?.write(3, 2, 2)?.write(3, 3, 4)?;
        sheet.write(3, 4, 63.5)?;
        sheet.write_datetime_with_format(3, 5, rust_xlsxwriter::ExcelDateTime::from_ymd(2025, 1, 1)?, &day)?;
        sheet.write(4, 0, "12345678")?.write(4, 1, "wmo")?.write(4, 2, "45")?.write(4, 3, "04")?;
        sheet.write(3, 8, "een opmerking naast de tabel")?;
        sheet.write(4, 4, 0.125)?.write(4, 5, "1-1-2025")?;
        Ok(())
    });
    let mapping = "[bestand]\nblad = \"contracten 2025\"\nkopregel = 3\n[velden]\naanbieder = \"agb\"\nwet = \"wet\"\n\
        productcategorie = \"categorie\"\neenheid = \"eenheid\"\ntarief = \"tarief\"\nbegindatum = \"vanaf\"\n";
    let (records, report) = read(&bytes, Soort::Contract, mapping).unwrap();
    assert_eq!((records.len(), faults(&report)), (1, vec!["5 I001 Tarief".to_owned()]));
    assert_eq!(records[0].agb("aanbieder").map(|code| code.to_string()).as_deref(), Some("01234567"));
    assert_eq!(records[0].amount("tarief").map(|amount| amount.cents), Some(6350));
    assert_eq!(records[0].day("begindatum"), Some(jiff::civil::date(2025, 1, 1)));
    assert_eq!((records[0].line, records[0].text("productcategorie")), (4, Some("02")));
    let error = read(&bytes, Soort::Contract, &mapping.replace("contracten 2025", "2024")).unwrap_err().to_string();
    assert!(error.contains("there are `Uitleg`, `Contracten 2025`"), "{error}");
}

/// A number of a sheet is never ambiguous, and has the digits that the sheet shows.
#[test]
fn numbers_of_a_sheet_are_what_it_shows() {
    let bytes = sheet(|book| {
        let sheet = book.add_worksheet();
        for (column, name) in ["indicator", "periode", "gebied", "waarde", "eenheid"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), name)?;
        }
        for (row, value) in [1.234, 0.1 + 0.2, -118_636.0].into_iter().enumerate() {
            let row = u32::try_from(row).unwrap() + 1;
            sheet
                .write(row, 0, "x")?
                .write(row, 1, 2025)?
                .write(row, 2, "NL")?
                .write(row, 3, value)?
                .write(row, 4, "y")?;
        }
        sheet.write(4, 0, "x")?.write(4, 1, 2025)?.write(4, 2, "NL")?.write(4, 4, "y")?;
        sheet.write_formula(4, 3, Formula::new("=NA()").set_result("#N/A"))?;
        Ok(())
    });
    let (records, report) = read(&bytes, Soort::Kerncijfer, "").unwrap();
    let found: Vec<_> = records.iter().map(|record| record.decimal("waarde").unwrap()).collect();
    assert_eq!(found, [Decimal::new(1234, 3), Decimal::new(3, 1), Decimal::new(-118_636, 0)]);
    assert_eq!(report.faults.count, 1);
}

/// 6.60 and 6.6 are two task fields, and a number can't tell them apart.
#[test]
fn a_task_field_stored_as_a_number_is_not_guessed() {
    let bytes = sheet(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "rekening")?.write(0, 1, "taakveld")?.write(0, 2, "soort")?;
        for (row, taakveld) in [(1, 6.6), (2, 6.72), (3, 6.762)] {
            sheet.write(row, 0, 4300)?.write(row, 1, taakveld)?.write(row, 2, "last")?;
        }
        Ok(())
    });
    let (records, report) = read(&bytes, Soort::Grootboekrekening, "").unwrap();
    let found: Vec<_> = records.iter().map(|record| record.text("taakveld").unwrap().to_owned()).collect();
    assert_eq!(
        (found, faults(&report)),
        (vec!["6.72".to_owned(), "6.762".to_owned()], vec!["2 I005 taakveld".to_owned()])
    );
}

/// One cell far away must not make a table of billions.
#[test]
fn a_cell_far_away_is_refused() {
    let bytes = sheet(|book| {
        book.add_worksheet().write(0, 0, "jaar")?.write(1_048_575, 16_383, 1)?;
        Ok(())
    });
    let error =
        Reader::new(bytes.as_slice(), Soort::Begroting, &Mapping::default()).map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with("GI006") || error.starts_with("GI010"), "{error}");
}

#[test]
fn a_file_on_disk_and_a_broken_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rekeningen.csv");
    fs_err::write(&path, "rekening;taakveld;soort\n4300;6.72;last\n").unwrap();
    let reader = Reader::open(&path, Soort::Grootboekrekening, &Mapping::default()).unwrap();
    assert_eq!(reader.map(Result::unwrap).count(), 1);
    let error = read(b"PK\x03\x04 and nothing more", Soort::Begroting, "").unwrap_err().to_string();
    assert!(error.starts_with("GI009"), "{error}");
    assert!(Reader::open(&folder.path().join("none"), Soort::Client, &Mapping::default()).is_err());
}
