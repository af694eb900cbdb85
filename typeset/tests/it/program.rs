//! The program as others run it.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use grip_report::{Language, PdfError, find_program, pdf_by, report_json};

use crate::{paper::standard, sample::report};

const PROGRAM: &str = env!("CARGO_BIN_EXE_grip-typeset");

fn run(arguments: &[&str], json: &[u8]) -> Output {
    let command = Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = command.expect("it starts");
    // Fails where the program ends before it has read.
    _ = child.stdin.take().expect("a pipe").write_all(json);
    child.wait_with_output().expect("it ends")
}

#[track_caller]
fn check_refused(arguments: &[&str], json: &[u8], starts: &str, says: &str) {
    let output = run(arguments, json);
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]), "{said}");
    let (_, error) = said.split_once("error: ").expect("it says why");
    assert!(error.starts_with(starts) && error.contains(says), "{said}");
}

fn folder(template: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("rapport.typ"), template).expect("it is written");
    folder
}

/// What goes to another program and comes back is what would have been made here.
#[test]
fn the_program_makes_the_same_file() {
    for language in [Language::Nl, Language::En] {
        let report = report(language);
        let mut told = Vec::new();
        let file = pdf_by(Path::new(PROGRAM), None, &report, |line| told.push(line.to_owned())).expect("a file");
        assert!(file == standard(&report));
        assert_eq!(told, ["drawing", "layout", "writing"]);
    }
}

#[test]
fn a_template_of_a_municipality_is_used() {
    let own = folder(
        "#import \"/grip/opmaak.typ\": rapport\n#rapport(json(\"/grip/rapport.json\"), kleur: rgb(\"#8a1538\"))\n",
    );
    let report = report(Language::Nl);
    let file = pdf_by(Path::new(PROGRAM), Some(own.path()), &report, |_| {}).expect("a file");
    assert!(file.starts_with(b"%PDF-") && file != standard(&report));
}

#[test]
fn what_is_refused_says_why_and_writes_nothing() {
    let json = report_json(&report(Language::Nl)).expect("JSON");
    let (empty, wrong) = (tempfile::tempdir().expect("a folder"), folder("= Kop\n#let x = onbekend\n"));
    let template = |folder: &Path| folder.to_string_lossy().into_owned();
    check_refused(&["--template", "bestaat-niet"], &json, "GT001", "bestaat-niet");
    check_refused(&["--template", &template(empty.path())], &json, "GT002", "hint: ");
    check_refused(&["--template", &template(wrong.path())], &json, "GT004", "rapport.typ:2:");
    check_refused(&[], b"", "GT005", "EOF");
    check_refused(&[], &json[..json.len() - 1], "GT005", "EOF");
    check_refused(&[], b"{\"form\":2,\"report\":{\"chapters\":[]}}", "GT005", "form 2");
    check_refused(&[], b"{\"form\":1,\"report\":{}}", "GT005", "missing field `title`");
    let refused = pdf_by(Path::new(PROGRAM), Some(wrong.path()), &report(Language::Nl), |_| {});
    assert!(matches!(refused, Err(PdfError::Refused(why)) if why.starts_with("GT004")));
}

#[test]
fn it_says_its_version_and_what_it_can_be_asked() {
    let version = run(&["--version"], b"");
    assert_eq!(String::from_utf8_lossy(&version.stdout), format!("grip-typeset {}\n", env!("CARGO_PKG_VERSION")));
    for wrong in [&["--template"][..], &["report.json"], &["--help"]] {
        let output = run(wrong, b"");
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("usage: "));
    }
}

/// Grip finds it by the name that it is built under.
#[test]
fn it_has_the_name_that_is_looked_for() {
    let found = find_program(None, Some(&Path::new(PROGRAM).with_file_name("grip")), None).expect("it is there");
    assert_eq!(found, Path::new(PROGRAM));
}
