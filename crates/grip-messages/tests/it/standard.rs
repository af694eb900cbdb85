//! Against the publisher's own examples and schemas, which are not in this repository: the tests look for them beside it and
//! say so when they are not there.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use grip_messages::{read, write};
use grip_types::Wet;

use crate::messages::declaratie_with_lines;

fn standard() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/istandaarden");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("not checked against the standard: no ../shared/istandaarden beside the project");
    None
}

fn schema(standard: &Path, name: &str) -> PathBuf {
    let family = if name.starts_with("JW") { "ijw" } else { "iwmo" };
    let official = standard.join(format!("xsd-3.2/{family}/{name}.xsd"));
    if official.exists() { official } else { standard.join(format!("xsd-3.2-derived/{family}/{name}.xsd")) }
}

/// The one example of a 315 of the Jeugdwet has a date that does not exist, twice; all else survives.
#[test]
fn the_impossible_date_of_an_example_is_found() {
    let Some(standard) = standard() else { return };
    let xml = fs_err::read_to_string(standard.join("examples-3.2/ijw/JW315.xml")).expect("an example");
    let reading = read(xml.as_bytes());
    let found: Vec<_> = reading.findings.iter().map(|f| (f.rule.code, f.element.as_str())).collect();
    let element = "Bericht/Client/AangevraagdeProducten/AangevraagdProduct/ToewijzingEinddatum";
    assert_eq!(found, [("B022", element); 2]);
    let written = write(reading.bericht.as_ref().expect("a message"));
    assert_eq!(content(&xml), content(std::str::from_utf8(&written).expect("UTF-8")));
}

/// Every element with its text, in order, without prefixes, comments and blanks: what must survive.
fn content(xml: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut content = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            quick_xml::events::Event::Eof => return content,
            quick_xml::events::Event::Start(e) => content.push(format!("<{}", e.local_name().into_inner())),
            quick_xml::events::Event::End(_) => content.push(">".to_owned()),
            quick_xml::events::Event::Text(t) if !t.trim().is_empty() => content.push(t.to_string()),
            _ => {}
        }
    }
}

fn valid(schema: &Path, file: &Path) -> Option<Result<(), String>> {
    let output = Command::new("xmllint").arg("--noout").arg("--schema").arg(schema).arg(file).output().ok()?;
    Some(if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) })
}

#[test]
fn examples_read_and_write_back_without_loss() {
    let Some(standard) = standard() else { return };
    let mut seen = BTreeMap::new();
    for family in ["ijw", "iwmo"] {
        for number in [301, 305, 307, 317, 319, 323, 325] {
            let name = format!("{}{number}", if family == "ijw" { "JW" } else { "WMO" });
            let path = standard.join(format!("examples-3.2/{family}/{name}.xml"));
            let Ok(xml) = fs_err::read_to_string(&path) else { continue };
            let reading = read(xml.as_bytes());
            assert_eq!(reading.findings, vec![], "{name}");
            let written = write(reading.bericht.as_ref().expect("a message"));
            assert_eq!(content(&xml), content(std::str::from_utf8(&written).expect("UTF-8")), "{name}");
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join("written.xml");
            fs_err::write(&file, &written).expect("written");
            match valid(&schema(&standard, &name), &file) {
                Some(result) => assert_eq!(result, Ok(()), "{name}"),
                None => println!("not validated: xmllint is not installed"),
            }
            seen.insert(name, ());
        }
    }
    assert_eq!(seen.len(), 13, "every message but WMO325 has an example: {seen:?}");
}

#[test]
fn what_we_write_is_valid_by_the_schema() {
    let Some(standard) = standard() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (wet, name) in [(Wet::Wmo, "WMO323"), (Wet::Jw, "JW323")] {
        let file = folder.path().join(format!("{name}.xml"));
        fs_err::write(&file, write(&declaratie_with_lines(wet))).expect("written");
        if let Some(result) = valid(&schema(&standard, name), &file) {
            assert_eq!(result, Ok(()), "{name}");
        }
    }
}
