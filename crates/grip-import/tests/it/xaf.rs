use grip_import::Soort;

use crate::{faults, read};

const V32: &str = "http://www.auditfiles.nl/XAF/3.2";

/// An audit file of the exact form, with the transactions given.
fn file(namespace: &str, said: (&str, &str, &str), transactions: &str) -> String {
    let (lines, debit, credit) = said;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<auditfile xmlns=\"{namespace}\">\n<header><fiscalYear>2025</fiscalYear>\
         <startDate>2025-01-01</startDate><endDate>2025-12-31</endDate><curCode>EUR</curCode><dateCreated>2026-01-05</dateCreated>\
         <softwareDesc>Pakket</softwareDesc><softwareVersion>1</softwareVersion></header>\n<company><companyIdent>1</companyIdent>\
         <companyName>Gemeente</companyName><taxRegistrationCountry>NL</taxRegistrationCountry><taxRegIdent>1</taxRegIdent>\n\
         <customersSuppliers><customerSupplier><custSupID>C1</custSupID><custSupName>Mevrouw Jansen</custSupName><bankAccount>\
         <bankAccNr>NL00BANK0123</bankAccNr></bankAccount></customerSupplier></customersSuppliers>\n<generalLedger>\
         <ledgerAccount><accID>4300</accID><accDesc>Jeugdhulp &amp; verblijf</accDesc><accTp>P</accTp></ledgerAccount>\
         <ledgerAccount><accID>1600</accID><accDesc>Crediteuren</accDesc><accTp>B</accTp></ledgerAccount></generalLedger>\n\
         <openingBalance><linesCount>2</linesCount><totalDebit>5.00</totalDebit><totalCredit>5.00</totalCredit>\
         <obLine><nr>1</nr><accID>4300</accID><amnt>5.00</amnt><amntTp>D</amntTp></obLine>\
         <obLine><nr>2</nr><accID>1600</accID><amnt>5.00</amnt><amntTp>C</amntTp></obLine></openingBalance>\n\
         <transactions><linesCount>{lines}</linesCount><totalDebit>{debit}</totalDebit><totalCredit>{credit}</totalCredit>\
         <journal><jrnID>INK</jrnID><desc>Inkoop</desc><jrnTp>P</jrnTp>\n{transactions}</journal></transactions>\n</company></auditfile>\n"
    )
}

fn transaction(day: &str, lines: &[(&str, &str, &str)]) -> String {
    let lines = lines.iter().enumerate().map(|(nr, (account, amount, side))| {
        format!(
            "<trLine><nr>{nr}</nr><accID>{account}</accID><docRef>F1</docRef><effDate>2025-03-01</effDate>\
             <desc>Mevrouw Jansen</desc><amnt>{amount}</amnt><amntTp>{side}</amntTp><custSupID>C1</custSupID><costID>6720</costID>\
             <vat><vatID>1</vatID><vatAmnt>9.99</vatAmnt><vatAmntTp>D</vatAmntTp></vat><currency><curCode>USD</curCode>\
             <curAmnt>7.77</curAmnt></currency></trLine>\n"
        )
    });
    let lines: String = lines.collect();
    format!(
        "<transaction><nr>2025-001</nr><desc>Mevrouw Jansen</desc><periodNumber>3</periodNumber><trDt>{day}</trDt><amnt>1</amnt>\n{lines}</transaction>\n"
    )
}

const BALANCED: [(&str, &str, &str); 2] = [("4300", "12.50", "D"), ("1600", "12.5", "C")];

#[test]
fn an_audit_file_gives_bookings_and_no_names() {
    let text = file(V32, ("2", "12.50", "12.50"), &transaction("2025-03-14", &BALANCED));
    let (records, report) = read(text.as_bytes(), Soort::Grootboek, "").unwrap();
    assert_eq!((faults(&report), report.rows, report.taken), (vec![], 2, 2));
    let first = &records[0];
    assert_eq!(first.day("boekdatum"), Some(jiff::civil::date(2025, 3, 14)));
    assert_eq!(first.whole("periode"), Some(3));
    assert_eq!(
        (first.text("rekening"), first.text("rekeningomschrijving")),
        (Some("4300"), Some("Jeugdhulp & verblijf"))
    );
    assert_eq!((first.text("rekeningtype"), first.text("kostenplaats")), (Some("resultaat"), Some("6720")));
    assert_eq!(
        (first.text("dagboek"), first.text("boekstuk"), first.text("relatie")),
        (Some("INK"), Some("2025-001"), Some("C1"))
    );
    assert_eq!(records.iter().map(|record| record.amount("bedrag").unwrap().cents).collect::<Vec<_>>(), [1250, -1250]);
    let line_of = |number: usize| {
        text.lines().position(|line| line.contains(&format!("<trLine><nr>{number}"))).unwrap() as u64 + 1
    };
    assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [line_of(0), line_of(1)]);
    let values: String =
        Soort::Grootboek.fields().iter().map(|field| format!("{:?}", first.value(field.name))).collect();
    assert!(!values.contains("Jansen") && !values.contains("BANK"), "{values}");
}

#[test]
fn other_releases_prefixes_and_encodings() {
    let body = transaction("2025-03-14", &BALANCED);
    for (namespace, expected) in [
        ("http://www.auditfiles.nl/XAF/3.1", 0),
        ("http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0", 0),
        ("http://example.org/XAF/9", 1),
    ] {
        let text = file(namespace, ("2", "12.50", "12.50"), &body.replace("costID", "cost"));
        let (records, report) = read(text.as_bytes(), Soort::Grootboek, "").unwrap();
        assert_eq!((records.len(), report.faults.count), (2, expected), "{namespace}");
        assert_eq!(records[0].text("kostenplaats"), Some("6720"));
    }
    let text = file(V32, ("2", "12.50", "12.50"), &body);
    let prefixed = text.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=");
    assert_eq!(read(prefixed.as_bytes(), Soort::Grootboek, "").unwrap().0.len(), 2);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.replace("UTF-8", "UTF-16").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(read(&wide, Soort::Grootboek, "").unwrap().0.len(), 2);
    let latin = text.replace("UTF-8", "ISO-8859-1").replace("Jeugdhulp", "Jeugdz\u{f3}rg");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let (records, _) = read(&latin, Soort::Grootboek, "").unwrap();
    assert_eq!(records[0].text("rekeningomschrijving"), Some("Jeugdz\u{f3}rg & verblijf"));
}

#[track_caller]
fn check_found(said: (&str, &str, &str), transactions: &str, taken: u64, expected: &[&str]) {
    let text = file(V32, said, transactions);
    let (records, report) = read(text.as_bytes(), Soort::Grootboek, "").unwrap();
    let found: Vec<String> =
        report.faults.kept.iter().map(|fault| format!("{} {}", fault.rule.code(), fault.column)).collect();
    assert_eq!(found, expected);
    assert_eq!((records.len() as u64, report.taken), (taken, taken));
    assert!(!format!("{report:?}").contains("Jansen"));
}

#[test]
fn what_does_not_add_up_is_found() {
    let balanced = transaction("2025-03-14", &BALANCED);
    check_found(("3", "12.50", "12.50"), &balanced, 2, &["I021 transactions/linesCount"]);
    check_found(
        ("2", "12.51", "12.49"),
        &balanced,
        2,
        &["I021 transactions/totalDebit", "I021 transactions/totalCredit"],
    );
    let unbalanced = transaction("2025-03-14", &[("4300", "12.50", "D"), ("1600", "12.49", "C")]);
    check_found(("2", "12.50", "12.49"), &unbalanced, 2, &["I022 transaction"]);
    let unknown = transaction("2025-03-14", &[("4999", "12.50", "D"), ("4999", "12.50", "C")]);
    check_found(("2", "12.50", "12.50"), &unknown, 2, &["I023 accID"]);
    check_found(("2", "12.50", "12.50"), &transaction("2026-01-01", &BALANCED), 2, &["I024 trDt"]);
    // A negative debit is a credit, as the standard has it.
    let negative = transaction("2025-03-14", &[("4300", "-12.50", "D"), ("1600", "-12.50", "C")]);
    check_found(("2", "-12.50", "-12.50"), &negative, 2, &[]);
}

#[test]
fn lines_that_can_not_be_read_cost_only_themselves() {
    let lines = [
        ("4300", "12,50", "D"),
        ("1600", "12.50", "X"),
        ("", "1.00", "D"),
        ("4300", "2.00", "D"),
        ("1600", "2.00", "C"),
    ];
    let expected = ["I020 amnt", "I020 amntTp", "I020 accID"];
    check_found(("5", "1.00", "1.00"), &transaction("2025-03-14", &lines), 2, &expected);
    check_found(("2", "12.50", "12.50"), &transaction("morgen", &BALANCED), 0, &["I020 trDt", "I020 trDt"]);
}

/// Some packages number citizens by their citizen service number.
#[test]
fn a_relation_that_could_be_a_citizen_is_left_out() {
    let text = file(V32, ("2", "12.50", "12.50"), &transaction("2025-03-14", &BALANCED))
        .replace("C1</custSupID><cost", "D999900006</custSupID><cost");
    let (records, _) = read(text.as_bytes(), Soort::Grootboek, "").unwrap();
    assert_eq!(records[0].text("relatie"), None);
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let error = read(text.as_bytes(), Soort::Grootboek, "").unwrap_err().to_string();
    assert!(error.contains(expected) && !error.contains("Jansen"), "{error}");
}

#[test]
fn dangerous_and_broken_files_are_refused() {
    let good = file(V32, ("2", "12.50", "12.50"), &transaction("2025-03-14", &BALANCED));
    check_refused(&good.replace("<auditfile ", "<!DOCTYPE a [<!ENTITY x \"y\">]><auditfile "), "DOCTYPE");
    check_refused(&good.replace("&amp;", "&x;"), "entity");
    check_refused(&good.replace("<desc>Inkoop</desc>", &"<a>".repeat(100)), "too deeply");
    check_refused(&good.replace("</journal>", "</jansen>"), "not well-formed");
    check_refused(&good[..good.len() - 30], "cut off");
    check_refused("<html></html>", "no audit file");
    check_refused(&good.replace("EUR", "USD"), "GI013");
    check_refused(&good.replace("encoding=\"UTF-8\"", "encoding=\"x\""), "GI009");
    // What came before the break has been given.
    let cut = good.split("<nr>1</nr><accID>1600</accID><docRef>").next().unwrap();
    let mut reader =
        grip_import::Reader::new(cut.as_bytes(), Soort::Grootboek, &grip_import::Mapping::default()).unwrap();
    assert!(reader.next().unwrap().is_ok() && reader.next().unwrap().is_err() && reader.next().is_none());
}
