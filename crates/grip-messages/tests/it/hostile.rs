//! Files that are no messages, or mean harm: each is refused with a finding that says what and where.

use grip_messages::{Ernst, read, write};
use grip_types::Wet;

use crate::messages::declaratie;

#[track_caller]
fn check(file: &[u8], code: &str, line: u32) {
    let reading = read(file);
    assert!(reading.bericht.is_none());
    let refusals: Vec<_> = reading.findings.iter().filter(|f| f.rule.ernst == Ernst::Weigering).collect();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!((refusals[0].rule.code, refusals[0].place.line), (code, line), "{}", refusals[0]);
}

fn example() -> Vec<u8> {
    write(&declaratie(Wet::Wmo, vec![]))
}

fn with_head(head: &str) -> Vec<u8> {
    let text = String::from_utf8(example()).expect("UTF-8");
    text.replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", head).into_bytes()
}

#[test]
fn files_that_are_no_messages() {
    check(b"", "B001", 0);
    check(b" \r\n ", "B001", 0);
    check(b"%PDF-1.7\n...", "B001", 1);
    check(b"PK\x03\x04....", "B001", 1);
    check(b"jaar;bedrag\n2025;1", "B001", 1);
    check(b"<!-- nothing -->", "B001", 1);
    check(b"<html><body/></html>", "B010", 1);
    check(b"<Bericht/>", "B010", 1);
}

#[test]
fn encodings() {
    let utf16: Vec<u8> =
        String::from_utf8(example()).expect("UTF-8").encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&utf16, "B002", 1);
    check(&[&[0xFF, 0xFE][..], &utf16].concat(), "B002", 1);
    check(&with_head("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"), "B002", 1);
    let latin: Vec<u8> = example().iter().map(|byte| if *byte == b'D' { 0xE9 } else { *byte }).collect();
    check(&latin, "B002", 10);
}

#[test]
fn control_characters_are_no_xml() {
    let text = String::from_utf8(example()).expect("UTF-8");
    check(text.replace("D2025001", "D2025\u{1}01").as_bytes(), "B004", 19);
    check(text.replace("D2025001", "D2025\u{0}01").as_bytes(), "B004", 19);
}

#[test]
fn byte_order_mark_is_read_and_reported() {
    let reading =
        read(&[b"\xEF\xBB\xBF", &example()[..]].concat()).findings.iter().map(|f| f.rule.code).collect::<Vec<_>>();
    assert_eq!(reading[0], "B003");
}

#[test]
fn truncated_at_every_byte() {
    let whole = example();
    for length in 1..whole.len() - 3 {
        let reading = read(&whole[..length]);
        assert!(reading.bericht.is_none(), "{length}");
        assert!(reading.findings.iter().any(|f| f.rule.ernst == Ernst::Weigering), "{length}");
    }
}

/// Every element looks its prefix up among those in force: with as many of both as fit in a file that took hours.
#[test]
fn prefixes_without_end_take_no_time() {
    let text = String::from_utf8(example()).expect("UTF-8");
    let (head, rest) = text.split_once("schema\">").expect("the root ends with a namespace");
    let with = |namespace: &str| {
        let declared: String = (0..100_000).map(|number| format!(" xmlns:p{number}=\"{namespace}\"")).collect();
        let elements = format!("{}<wmo323:Declaratie>", "<unknown:x/>".repeat(100_000));
        let rest = rest.replacen("<wmo323:Declaratie>", &elements, 1);
        let file = format!("{head}schema\"{declared}>{rest}");
        let reading = read(file.as_bytes());
        assert!(reading.bericht.is_some());
        reading.findings.iter().filter(|finding| finding.rule.code == "B024").count()
    };
    // What is not of the standard may be declared by all means; of what is, so much is no message.
    assert_eq!(with("http://example.test"), 0);
    assert_eq!(with("http://www.istandaarden.nl/iwmo/3_2/basisschema/schema"), 200);
}

#[test]
fn document_types_and_entities() {
    let bomb = "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    check(&with_head(bomb), "B005", 1);
    check(&with_head("<!DOCTYPE b SYSTEM \"file:///etc/passwd\">"), "B005", 1);
    let text = String::from_utf8(example()).expect("UTF-8");
    check(text.replace("D2025001", "&b;").as_bytes(), "B006", 19);
    check(text.replace("D2025001", "&#xFFFFFFFF;").as_bytes(), "B006", 19);
    check(text.replace("D2025001", "&#1;").as_bytes(), "B006", 19);
    check(text.replace("D2025001", "&#xFFFE;").as_bytes(), "B006", 19);
}

#[test]
fn depth_is_bounded() {
    let text = String::from_utf8(example()).expect("UTF-8");
    let deep = "<wmo323:a>".repeat(100_000);
    check(text.replace("<wmo323:Declaratie>", &format!("<wmo323:Declaratie>{deep}")).as_bytes(), "B007", 18);
    let closed = format!("{}{}", "<wmo323:a>".repeat(1_000), "</wmo323:a>".repeat(1_000));
    check(text.replace("D2025001", &closed).as_bytes(), "B007", 19);
}

#[test]
fn findings_are_bounded() {
    let text = String::from_utf8(example()).expect("UTF-8");
    let many = "<wmo323:x/>".repeat(10_000);
    let reading =
        read(text.replace("<wmo323:Declaratie>", &format!("<wmo323:Declaratie>{many}")).as_bytes()).findings.len();
    assert_eq!(reading, 201);
}

#[test]
fn content_after_the_root() {
    let mut file = example();
    file.extend_from_slice(b"<!-- fine -->\r\n");
    assert!(read(&file).bericht.is_some());
    file.extend_from_slice(b"<more/>");
    assert!(read(&file).bericht.is_none());
}
