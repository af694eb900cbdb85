//! The look of a municipality, and what it can't do.

use std::path::Path;

use grip_report::Language;
use grip_typeset::{Error, Template, pdf};

use crate::sample::report;

fn read(files: &[(&str, &str)]) -> Result<Template, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("a folder");
        fs_err::write(path, text).expect("a file");
    }
    Template::read(folder.path())
}

fn typeset(template: &str) -> Result<Vec<u8>, Error> {
    pdf(&report(Language::Nl), &read(&[("rapport.typ", template)])?, |_| {})
}

#[track_caller]
fn check_fault(template: &str, place: &str, says: &str) {
    let error = typeset(template).expect_err("a fault").to_string();
    assert!(error.starts_with("GT004") && error.contains(place) && error.contains(says), "{error}");
}

#[test]
fn a_municipality_brings_its_own_colour_and_logo() {
    let logo = r##"<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40" fill="#c00"/></svg>"##;
    let own = "#import \"/grip/opmaak.typ\": rapport\n#rapport(json(\"/grip/rapport.json\"), kleur: rgb(\"#8a1538\"), \
        logo: image(\"beeld/logo.svg\", height: 14mm, alt: \"Logo van Voorbeeldstad\"))\n";
    let template = read(&[("rapport.typ", own), ("beeld/logo.svg", logo)]).expect("a template");
    let theirs = pdf(&report(Language::Nl), &template, |_| {}).expect("a file");
    let ours = pdf(&report(Language::Nl), &Template::standard(), |_| {}).expect("a file");
    assert!(theirs.starts_with(b"%PDF-") && theirs != ours);
}

#[test]
fn a_fault_is_told_with_its_place() {
    check_fault("= Kop\n\n#let x = onbekend\n", "rapport.typ:3:", "unknown variable: onbekend");
    check_fault("#set text(size: 3)", "rapport.typ:1:", "expected length");
    check_fault("#let (", "rapport.typ:1:", "unclosed delimiter");
}

#[test]
fn what_can_not_be_read_aloud_is_refused() {
    let picture = "#set document(title: \"x\")\n#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>\"))";
    check_fault(picture, "rapport.typ:2:", "alt");
    check_fault("zonder titel", "", "title");
}

#[test]
fn nothing_outside_the_folder_can_be_reached() {
    let outside = tempfile::NamedTempFile::new().expect("a file");
    let path = outside.path().to_string_lossy().into_owned();
    check_fault(&format!("#read(\"{path}\")"), "rapport.typ:1:", "not found");
    check_fault("#read(\"../geheim.txt\")", "rapport.typ:1:", "");
    check_fault("#import \"@preview/cetz:0.3.4\": *", "rapport.typ:1:", "packages can't be fetched");
}

#[cfg(unix)]
#[test]
fn links_to_places_elsewhere_are_not_followed() {
    let outside = tempfile::NamedTempFile::new().expect("a file");
    fs_err::write(outside.path(), "geheim").expect("it is written");
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::os::unix::fs::symlink(outside.path(), folder.path().join("geheim.txt")).expect("a link");
    fs_err::write(folder.path().join("rapport.typ"), "#read(\"geheim.txt\")").expect("a file");
    let template = Template::read(folder.path()).expect("a template");
    let error = pdf(&report(Language::Nl), &template, |_| {}).expect_err("it is not there").to_string();
    assert!(error.contains("not found"), "{error}");
}

#[test]
fn a_folder_without_a_template_and_one_too_large_are_refused() {
    assert!(matches!(read(&[("ander.typ", "")]), Err(Error::NoTemplate { .. })));
    let names: Vec<String> = (0..250).map(|number| format!("{number}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).chain([("rapport.typ", "")]).collect();
    assert!(matches!(read(&files), Err(Error::TooLarge { .. })));
    assert!(matches!(Template::read(Path::new("bestaat-niet")), Err(Error::Folder(_))));
}

/// What is below `grip/` is ours: a template can't put something else in its place unseen.
#[test]
fn a_template_can_not_replace_the_report() {
    let own = "#import \"/grip/opmaak.typ\": rapport\n#rapport(json(\"/grip/rapport.json\"))\n";
    let template =
        read(&[("rapport.typ", own), ("grip/opmaak.typ", "#panic(\"vervangen\")"), ("grip/rapport.json", "{}")]);
    let theirs = pdf(&report(Language::Nl), &template.expect("a template"), |_| {}).expect("a file");
    let ours = pdf(&report(Language::Nl), &Template::standard(), |_| {}).expect("a file");
    assert_eq!(theirs, ours);
}
