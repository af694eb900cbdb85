//! Against the publisher's own examples and schemas, which are not in this repository: the tests look for them beside it and
//! say so when they are not there.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use grip_messages::{Berichtsoort, Release, read, sample, write};
use grip_types::Wet;
use quick_xml::{NsReader, events::Event, name::ResolveResult};

use crate::samples::soorten;

fn standard() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/istandaarden");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("not checked against the standard: no ../shared/istandaarden beside the project");
    None
}

/// Every element with its namespace and text, in order, without prefixes, comments and blanks: what must survive.
fn content(xml: &str) -> Vec<String> {
    let mut reader = NsReader::from_str(xml);
    let (mut content, mut text) = (Vec::new(), String::new());
    loop {
        let (namespace, event) = reader.read_resolved_event().expect("well-formed");
        let namespace = if let ResolveResult::Bound(namespace) = namespace { namespace.into_inner() } else { "" };
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(reference) => text.push_str(&format!("&{};", &*reference)),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => {}
            Event::Start(_) | Event::Empty(_) | Event::End(_) | Event::Eof => {
                if !text.trim().is_empty() {
                    content.push(text.replace("\r\n", "\n"));
                }
                text.clear();
                match event {
                    Event::Start(start) => content.push(format!("<{namespace} {}", start.local_name().into_inner())),
                    Event::Empty(start) => {
                        content.push(format!("<{namespace} {}", start.local_name().into_inner()));
                        content.push(">".to_owned());
                    }
                    Event::End(_) => content.push(">".to_owned()),
                    _ => return content,
                }
            }
        }
    }
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
            let at = expected
                .windows(3)
                .position(|w| w[0].ends_with(" RetourCode") && w[1..] == ["9350", ">"])
                .expect("the fault");
            expected.drain(at..at + 3);
        }
        assert_eq!(expected, written, "{name}");
    }
}

/// The publisher's schema of a message, or else the one that was derived for it; of 3.0 and 3.1 there is none.
fn schema(standard: &Path, soort: Berichtsoort) -> Option<PathBuf> {
    let folders: &[&str] = match (soort.release, soort.wet) {
        (Release { versie: 3, subversie: 2 }, Wet::Wmo) => &["xsd-3.2/iwmo", "xsd-3.2-derived/iwmo"],
        (Release { versie: 3, subversie: 2 }, Wet::Jw) => &["xsd-3.2/ijw"],
        (Release { versie: 2, .. }, Wet::Wmo) => &["xsd-2.3/iWmo"],
        (Release { versie: 2, .. }, Wet::Jw) => &["xsd-2.3/iJw"],
        _ => return None,
    };
    folders.iter().map(|folder| standard.join(folder).join(format!("{soort}.xsd"))).find(|path| path.exists())
}

/// Which of the files are valid, by name; `None` when there is nobody to ask.
fn validate(schema: &Path, folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Option<BTreeMap<String, bool>> {
    for (name, file) in files {
        fs_err::write(folder.join(name), file).expect("written");
    }
    let output = Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(schema)
        .args(files.keys())
        .current_dir(folder)
        .output()
        .inspect_err(|_| println!("not validated: xmllint is not installed"))
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let valid: BTreeSet<&str> = said.lines().filter_map(|line| line.strip_suffix(" validates")).collect();
    let fails = said.lines().filter(|line| line.ends_with(" fails to validate")).count();
    assert_eq!(valid.len() + fails, files.len(), "every file is judged: {said}");
    Some(files.keys().map(|name| (name.clone(), valid.contains(name.as_str()))).collect())
}

/// Every message with a schema: the schema, and a few samples.
fn samples_with_schema(standard: &Path, count: u64) -> Vec<(Berichtsoort, PathBuf, Vec<Vec<u8>>)> {
    let of = |soort: Berichtsoort| {
        let sample = |seed| write(&sample::bericht(soort, seed).expect("a message we write"));
        Some((soort, schema(standard, soort)?, (0..count).map(sample).collect()))
    };
    let found: Vec<_> = soorten().into_iter().filter_map(of).collect();
    assert_eq!(found.len(), 2 * 14 + 2 * 10, "every message of 3.2 and 2.3 has a schema");
    found
}

#[test]
fn what_is_written_is_valid_by_the_schema() {
    let Some(standard) = standard() else { return };
    for (soort, schema, samples) in samples_with_schema(&standard, 25) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = samples.into_iter().enumerate().map(|(seed, file)| (format!("{seed}.xml"), file)).collect();
        let Some(valid) = validate(&schema, folder.path(), &files) else { return };
        let invalid: Vec<&str> = valid.iter().filter(|(_, valid)| !**valid).map(|(name, _)| name.as_str()).collect();
        assert_eq!(invalid, [""; 0], "{soort} {}", soort.release);
    }
}

/// The message without each of its elements in turn, and with each class and RetourCode twice, by the path of the element.
fn changed(file: &[u8]) -> BTreeMap<String, String> {
    let text = std::str::from_utf8(file).expect("UTF-8");
    let lines: Vec<&str> = text.split_inclusive("\r\n").collect();
    let depth = |line: &str| line.bytes().take_while(|byte| *byte == b'\t').count();
    let (mut path, mut changed) = (Vec::new(), BTreeMap::new());
    for (first, line) in lines.iter().enumerate().skip(2) {
        let Some((name, rest)) = line.trim_start().trim_start_matches('<').split_once('>') else { continue };
        if name.starts_with('/') {
            continue;
        }
        let closing = format!("</{name}>\r\n");
        let last = if rest.ends_with(&closing) {
            first
        } else {
            let ends = |line: &&str| depth(line) == depth(lines[first]) && line.ends_with(&closing);
            first + lines[first..].iter().position(ends).expect("a closing tag")
        };
        path.truncate(depth(line) - 1);
        path.push(name.rsplit(':').next().unwrap_or(name));
        let without = [&lines[..first], &lines[last + 1..]].concat().concat();
        let twice = [&lines[..=last], &lines[first..]].concat().concat();
        changed.insert(format!("{}.without.xml", path.join(".")), without);
        if first < last || name.ends_with(":RetourCode") {
            changed.insert(format!("{}.twice.xml", path.join(".")), twice);
        }
    }
    changed
}

/// What the schema requires we require, and nothing else: the two judge every message alike that has an element less or more.
#[test]
fn an_element_less_or_more_is_judged_as_by_the_schema() {
    let Some(standard) = standard() else { return };
    for (soort, schema, samples) in samples_with_schema(&standard, 8) {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (name, text) in samples.iter().flat_map(|file| changed(file)) {
            files.entry(name).or_insert_with(|| text.into_bytes());
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let Some(valid) = validate(&schema, folder.path(), &files) else { return };
        assert!(valid.values().any(|valid| *valid) && valid.values().any(|valid| !*valid));
        for (name, file) in &files {
            let findings = read(file).findings;
            assert_eq!(findings.is_empty(), valid[name], "{soort} {} {name}: {findings:?}", soort.release);
        }
    }
}

/// Texts at the edges of the types of the schema.
const TEXTS: [&str; 39] = [
    "",
    " ",
    "0",
    "1",
    "2",
    "9",
    "00",
    "01",
    "06",
    "99",
    "100",
    "9999",
    "10000",
    "99999",
    "100000",
    "00000000",
    "99999999",
    "98000000",
    "98000001",
    "100000000",
    "999999999",
    "1000000000",
    "999999999999",
    "1000000000000",
    "-1",
    "+1",
    "1.0",
    "EUR",
    "C",
    "J.",
    "2024-02-29",
    "2023-02-29",
    "2024-01-01Z",
    " 2024-01-01 ",
    "12:00:00",
    "24:00:00",
    "1.02.0",
    "12:00:00Z",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabc",
];

/// What the schema lets pass and we do not: references of blanks, the midnight that is of two days, and house numbers that are
/// more than digits or too many of them.
const STRICTER: [(&str, &str); 6] = [
    ("ReferentieNummer", " "),
    ("VorigReferentieNummer", " "),
    ("GemeenteReferentieNummer", " "),
    ("Toewijzingstijd", "24:00:00"),
    ("Huisnummer", "00000000"),
    ("Huisnummer", "+1"),
];

/// A value is valid for us when it is valid by the schema. Of a citizen service number we ask the elfproef besides.
#[test]
fn a_value_is_judged_as_by_the_schema() {
    let Some(standard) = standard() else { return };
    let mut seen = BTreeSet::new();
    for (soort, schema, samples) in samples_with_schema(&standard, 8) {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for sample in &samples {
            let text = std::str::from_utf8(sample).expect("UTF-8");
            for line in text.split_inclusive("\r\n") {
                let Some((open, rest)) = line.split_once('>') else { continue };
                let Some((_, close)) = rest.split_once("</") else { continue };
                let name = close.trim_end().trim_end_matches('>').rsplit(':').next().unwrap_or_default();
                if name == "Bsn" || !seen.insert((soort.release.versie, name.to_owned())) {
                    continue;
                }
                for (number, value) in TEXTS.iter().enumerate() {
                    let changed = text.replacen(line, &format!("{open}>{value}</{close}"), 1);
                    files.insert(format!("{name}.{number}.xml"), changed.into_bytes());
                }
            }
        }
        if files.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let Some(valid) = validate(&schema, folder.path(), &files) else { return };
        for (name, file) in &files {
            let findings = read(file).findings;
            let (element, text) = name.trim_end_matches(".xml").split_once('.').expect("element and number");
            let text = TEXTS[text.parse::<usize>().expect("a number")];
            let is_stricter = valid[name] && STRICTER.contains(&(element, text));
            assert_eq!(
                findings.is_empty(),
                valid[name] && !is_stricter,
                "{soort} {} {element} `{text}`",
                soort.release
            );
        }
    }
}
