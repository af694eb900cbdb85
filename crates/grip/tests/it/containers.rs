//! Archives, envelopes and the drop folder.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Stdio},
};

use crate::grip::{Place, path, sample, sample_files};

fn count(place: &Place, table: &str) -> i64 {
    place.rows(&format!("SELECT COUNT(*) AS n FROM {table}"))[0]["n"].as_i64().expect("a number")
}

/// Rows of a table without what says which file they came out of.
fn lines(place: &Place) -> String {
    place.succeed(&["sql", "SELECT * FROM prestatie ORDER BY bericht_id, regel", "--format", "csv"])
}

fn pack(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    grip_envelope::pack(entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))).expect("an archive")
}

/// The sample as one archive of archives by month, with the dates of its folders kept.
pub(crate) fn sample_archive() -> Vec<u8> {
    let top = sample().join("berichten");
    let mut months: std::collections::BTreeMap<String, Vec<(String, Vec<u8>)>> = std::collections::BTreeMap::new();
    for file in sample_files() {
        let name = path(file.strip_prefix(&top).expect("below the sample"));
        months.entry(name[..7].to_owned()).or_default().push((name, fs_err::read(&file).expect("a file")));
    }
    let months: Vec<_> = months.into_iter().map(|(month, files)| (format!("{month}.zip"), pack(&files))).collect();
    pack(&months)
}

#[test]
fn an_archive_is_taken_as_the_files_in_it() {
    let plain = Place::new();
    plain.ingest_sample();
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("alles.zip"), sample_archive()).expect("written");
    let place = Place::new();
    let arguments = ["ingest", &path(folder.path()), "--received-on", "from-folder", "--json"];
    let report = place.json(&arguments);
    assert_eq!(report["refused"], 0, "{report}");
    assert_eq!(lines(&place), lines(&plain));
    let files = "bericht WHERE berichtsoort <> 'container'";
    assert_eq!(count(&place, files), count(&plain, "bericht"));
    assert_eq!(count(&place, "bericht WHERE berichtsoort = 'container'"), 1);
    let before = place.dump();
    let report = place.json(&arguments);
    assert_eq!((report["known"].as_i64(), report["taken"].as_i64()), (Some(1), Some(0)), "{report}");
    assert_eq!(place.dump(), before);
    // The same messages as files are known too.
    let report = place.json(&["ingest", &path(&sample().join("berichten")), "--received-on", "from-folder", "--json"]);
    assert_eq!(report["known"], report["files"]);
}

/// What is wrong in an archive is told by its name inside, and the good messages beside it are in.
#[test]
fn one_bad_entry_loses_no_other() {
    let good = fs_err::read(&sample_files()[0]).expect("a message");
    let envelope = grip_envelope::Envelope {
        kind: grip_envelope::EnvelopeKind::StufDi01,
        referentienummer: Some("0b5a3d3e-8a4c-4a53-9d0b-0c8f4a1f1a01".to_owned()),
        cross_refnummer: None,
        functie: Some("WMO301".to_owned()),
        tijdstip_bericht: None,
    };
    let stuf = grip_envelope::seal(&envelope, &good);
    let archive = pack(&[
        ("envelop.xml".to_owned(), stuf),
        ("../../etc/passwd".to_owned(), b"geen bericht".to_vec()),
        ("half.xml".to_owned(), good[..good.len() / 2].to_vec()),
        ("binnen.zip".to_owned(), b"PK\x03\x04 en dan niets".to_vec()),
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("gemengd.zip"), archive).expect("written");
    let place = Place::new();
    let output = place.run(&["ingest", &path(folder.path()), "--received-on", "2025-01-02", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["taken"], 1, "{report}");
    let codes = place.rows("SELECT DISTINCT code FROM bevinding ORDER BY code");
    let codes: Vec<_> = codes.iter().filter_map(|row| row["code"].as_str()).collect();
    assert_eq!(codes, ["B001", "B004", "E010", "E011", "E015"], "{report}");
    let files = place.rows("SELECT _source_file AS f, status FROM bericht ORDER BY 1");
    assert!(files.iter().all(|row| !row["f"].as_str().unwrap_or_default().contains("..")), "{files:?}");
    assert_eq!(place.rows("SELECT status FROM bericht WHERE berichtsoort = 'container'")[0]["status"], "gedeeltelijk");
}

struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn start(place: &Place, folder: &Path) -> Self {
        let mut command = place.command(&["watch", &path(folder), "--json"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary runs");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, lines }
    }

    /// The next events, up to one of this kind.
    #[track_caller]
    fn until(&mut self, event: &str) -> Vec<serde_json::Value> {
        let mut seen = Vec::new();
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).expect("a line") > 0, "it ended before `{event}`: {seen:?}");
            seen.push(serde_json::from_str(&line).expect("JSON"));
            if seen.last().is_some_and(|last: &serde_json::Value| last["event"] == event) {
                return seen;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_drop_folder_takes_what_is_whole_and_leaves_the_rest() {
    let files = sample_files();
    let (first, second) = (fs_err::read(&files[0]).expect("a message"), fs_err::read(&files[1]).expect("a message"));
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| fs_err::write(folder.path().join(name), bytes).expect("written");
    let place = Place::new();
    put("geen.xml", b"geen bericht");
    put("half.xml", &second[..second.len() / 2]);
    put("nog_bezig.xml.part", &first);
    let mut watching = Watching::start(&place, folder.path());
    assert_eq!(watching.until("geweigerd")[0]["file"], "geen.xml");
    assert_eq!(watching.until("geweigerd")[0]["file"], "half.xml");
    // The program that was copying comes to its end, under the same and under another name.
    put("half.xml", &second);
    fs_err::rename(folder.path().join("nog_bezig.xml.part"), folder.path().join("af.xml")).expect("renamed");
    let mut moved: Vec<String> = Vec::new();
    while moved.len() < 2 {
        let events = watching.until("verplaatst");
        moved.extend(events.last().and_then(|last| last["file"].as_str()).map(ToOwned::to_owned));
    }
    moved.sort();
    assert_eq!(moved, ["af.xml", "half.xml"]);
    assert!(folder.path().join("geen.xml").exists());
    assert!(!folder.path().join("af.xml").exists() && !folder.path().join("half.xml").exists());
    // Killed and started again: what was taken before it could be moved is known, and moved now.
    drop(watching);
    put("kopie.xml", &first);
    let mut watching = Watching::start(&place, folder.path());
    let events = watching.until("verplaatst");
    assert!(events.iter().any(|event| event["event"] == "bekend" && event["file"] == "kopie.xml"), "{events:?}");
    assert_eq!(count(&place, "bericht WHERE status = 'ingelezen'"), 2);
}
