//! Against the publisher's own examples and schemas, which are not in this repository: the tests look for them beside it and
//! say so when they are not there.

use std::{
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

/// The findings of an example, as rule and element: what `LICENCES.md` of the collection says of its quality.
fn faults(name: &str) -> Vec<(&'static str, &'static str)> {
    match name {
        // A date that does not exist, in two products.
        "examples-3.2/ijw/JW315.xml" => {
            vec![("B022", "Bericht/Client/AangevraagdeProducten/AangevraagdProduct/ToewijzingEinddatum"); 2]
        }
        // RetourCode directly under Verzoek, where RetourCodes should be.
        "examples-3.2/ijw/JW318.xml" => {
            vec![("B021", "Bericht/Client/Verzoek/RetourCode")]
        }
        _ => vec![],
    }
}

fn examples(standard: &Path) -> Vec<(String, PathBuf)> {
    let folders = ["examples-2.3/ijw", "examples-2.3/iwmo", "examples-3.0", "examples-3.2/ijw", "examples-3.2/iwmo"];
    let files = folders.iter().flat_map(|folder| {
        let entries = fs_err::read_dir(standard.join(folder)).expect("a folder of examples");
        entries.map(move |entry| {
            let entry = entry.expect("an entry");
            (format!("{folder}/{}", entry.file_name().to_string_lossy()), entry.path())
        })
    });
    // The one file that is no message: an envelope of VECOZO.
    let mut files: Vec<_> = files.filter(|(name, _)| !name.ends_with("/IndienenBericht.xml")).collect();
    files.sort();
    files
}

#[test]
fn examples_read_and_write_back_without_loss() {
    let Some(standard) = standard() else { return };
    let examples = examples(&standard);
    assert_eq!(examples.len(), 44, "{examples:?}");
    for (name, path) in examples {
        let xml = fs_err::read_to_string(&path).expect("an example");
        let reading = read(xml.as_bytes());
        let found: Vec<_> = reading.findings.iter().map(|f| (f.rule.code, f.element.as_str())).collect();
        assert_eq!(found, faults(&name), "{name}");
        let written = write(reading.bericht.as_ref().expect("a message"));
        let (mut expected, written) = (content(&xml), content(std::str::from_utf8(&written).expect("UTF-8")));
        if name.ends_with("JW318.xml") {
            // What has no place in the schema is reported and skipped; it is the one thing that does not come back.
            let at = expected.windows(3).position(|w| w == ["<RetourCode", "9350", ">"]).expect("the fault");
            expected.drain(at..at + 3);
        }
        assert_eq!(expected, written, "{name}");
    }
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
