//! What is written down, as the standard and OTLP have it.

use std::{collections::BTreeSet, io::Write};

use grip_logboek::{Activity, Entry, Logboek, Processing, Trace};
use grip_types::Pseudoniem;
use serde_json::Value;

fn people(count: u128) -> BTreeSet<Pseudoniem> {
    (1..=count).map(Pseudoniem::from_bits).collect()
}

fn written(count: u128) -> (tempfile::TempDir, Logboek, Trace) {
    let folder = tempfile::tempdir().expect("a folder");
    let logboek = Logboek::at(folder.path().join("logboek"));
    let trace = Trace::from_bytes([7; 16]);
    let processing = Processing::begin(Activity::ShowLines, "regels achter een cijfer", Some(trace)).expect("random");
    logboek.hold().expect("the lock").write(&processing, &people(count)).expect("written");
    (folder, logboek, trace)
}

fn lines(logboek: &Logboek) -> Vec<Value> {
    let files = logboek.hold().expect("the lock").files().expect("files");
    let text: String = files.iter().map(|file| fs_err::read_to_string(file).expect("a file")).collect();
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn entries(logboek: &Logboek) -> Vec<Entry> {
    let mut found = Vec::new();
    logboek.each(|entry| found.push(entry)).expect("read");
    found
}

/// The fields and their types as the interface of component Logboek and OTLP's JSON encoding give them.
#[test]
fn a_line_has_the_fields_of_the_standard() {
    let (_folder, logboek, _) = written(1);
    let line = &lines(&logboek)[0];
    let span = &line["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    let is_hex = |value: &Value, digits: usize| {
        let text = value.as_str().expect("a text");
        assert!(text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit()), "{text}");
    };
    is_hex(&span["traceId"], 32);
    is_hex(&span["spanId"], 16);
    assert!(span["parentSpanId"].is_null());
    assert_eq!(span["status"]["code"], 0);
    assert_eq!(span["kind"], 1);
    let nanoseconds = |name: &str| span[name].as_str().expect("a text").parse::<u64>().expect("a number");
    assert!(nanoseconds("startTimeUnixNano") <= nanoseconds("endTimeUnixNano"));
    let attributes: Vec<(&str, &str)> = span["attributes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["key"].as_str().expect("a key"), one["value"]["stringValue"].as_str().expect("a value")))
        .collect();
    assert_eq!(
        attributes,
        [
            ("dpl.core.processing_activity_id", "grip:regels-inzien"),
            ("dpl.core.data_subject_id", "00000000000000000000000000000001"),
            ("dpl.core.data_subject_id_type", "grip:pseudoniem"),
        ]
    );
}

#[test]
fn several_persons_are_lines_below_one() {
    let (_folder, logboek, trace) = written(3);
    let found = entries(&logboek);
    assert_eq!(found.len(), 4);
    assert_eq!((&found[0].subject, &found[0].parent_span_id), (&None, &None));
    let spans: BTreeSet<&str> = found.iter().map(|entry| entry.span_id.as_str()).collect();
    assert_eq!(spans.len(), 4);
    for (entry, subject) in found[1..].iter().zip(people(3)) {
        assert_eq!(entry.parent_span_id.as_deref(), Some(found[0].span_id.as_str()));
        assert_eq!(entry.subject, Some(subject.to_string()));
        assert_eq!(entry.trace_id, trace.to_string());
    }
}

#[test]
fn a_processing_of_nobody_is_a_line_too() {
    let (_folder, logboek, _) = written(0);
    let found = entries(&logboek);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subject, None);
}

#[test]
fn what_a_crash_cut_off_harms_no_other_line() {
    let (_folder, logboek, trace) = written(1);
    let held = logboek.hold().expect("the lock");
    let file = held.files().expect("files").remove(0);
    let mut cut = fs_err::OpenOptions::new().append(true).open(file).expect("the file");
    cut.write_all(b"{\"resourceSpans\":[{").expect("written");
    let processing = Processing::begin(Activity::GiveAccess, "inzage", Some(trace)).expect("random");
    held.write(&processing, &people(1)).expect("written");
    assert_eq!(entries(&logboek).len(), 2);
}

#[test]
fn a_full_file_is_followed_by_a_next() {
    let (_folder, logboek, trace) = written(1);
    let held = logboek.hold().expect("the lock");
    let first = held.files().expect("files").remove(0);
    fs_err::OpenOptions::new().write(true).open(&first).expect("the file").set_len(64 << 20).expect("grown");
    let processing = Processing::begin(Activity::GiveAccess, "inzage", Some(trace)).expect("random");
    held.write(&processing, &people(1)).expect("written");
    let files = held.files().expect("files");
    assert_eq!(files.len(), 2);
    assert!(files[1].to_string_lossy().ends_with("-002.jsonl"));
    assert_eq!(held.remove_before(jiff::civil::date(2000, 1, 1)).expect("removed"), 0);
    assert_eq!(held.remove_before(jiff::civil::date(9999, 1, 1)).expect("removed"), 2);
    assert!(held.files().expect("files").is_empty());
}
