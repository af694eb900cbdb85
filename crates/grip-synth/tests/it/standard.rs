//! Against the publisher's schemas, which are not in this repository: the test looks for them beside it and says so when they
//! are not there.

use std::{collections::BTreeMap, path::Path, process::Command};

use grip_synth::write;

use crate::town::{files, municipality};

#[test]
fn every_message_is_valid_by_its_schema() {
    let standard = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/istandaarden");
    if !standard.is_dir() || Command::new("xmllint").arg("--version").output().is_err() {
        println!("not checked against the schemas: no ../shared/istandaarden beside the project, or no xmllint");
        return;
    }
    let dir = tempfile::tempdir().expect("a temporary folder");
    write(municipality(), dir.path(), |_| {}).expect("written");
    let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in files(dir.path()).into_keys().filter(|name| name.ends_with(".xml")) {
        let file = name.rsplit('/').next().expect("a name");
        let kind = file.split('_').next().expect("a kind").to_owned();
        by_kind.entry(kind).or_default().push(name);
    }
    assert_eq!(by_kind.len(), 10, "five kinds under two laws");
    for (kind, names) in by_kind {
        let family = if kind.starts_with("JW") { "ijw" } else { "iwmo" };
        let official = standard.join(format!("xsd-3.2/{family}/{kind}.xsd"));
        let schema =
            if official.exists() { official } else { standard.join(format!("xsd-3.2-derived/{family}/{kind}.xsd")) };
        let output = Command::new("xmllint")
            .arg("--noout")
            .arg("--schema")
            .arg(&schema)
            .args(names.iter().map(|name| dir.path().join(name)))
            .output()
            .expect("xmllint runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{kind}: {}",
            said.lines().filter(|line| !line.ends_with("validates")).take(5).collect::<Vec<_>>().join("\n")
        );
        assert_eq!(said.lines().filter(|line| line.ends_with("validates")).count(), names.len(), "{kind}");
    }
}
