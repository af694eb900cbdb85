//! What a server says of itself: log, counters, and the doctor.

use std::net::TcpListener;

use serde_json::Value;

use crate::{
    grip::Place,
    server::{Server, ask},
};

/// What stands in no log and no counter: a number of a citizen, a name, and where they stand.
const SECRETS: [&str; 4] = ["999900006", "Jansen-de-Vries", "geheimwoord", "VREEMD"];

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").to_string()
}

#[test]
fn the_log_and_the_counters_hold_nothing_that_whoever_asks_chose() {
    let place = Place::new();
    place.ingest_sample();
    let metrics = free_address();
    let mut server = Server::start(&place, &["--log", "json", "--metrics", &metrics]);
    let paths = [
        "/prognose?gemeente=9998&zoek=999900006",
        "/prognose/999900006/Jansen-de-Vries",
        "/gegevens/bestand/999900006",
        "/999900006/Jansen-de-Vries?naam=geheimwoord",
        "/indicatoren/Jansen-de-Vries",
        "/api/v1/prognose?gemeente=geheimwoord",
        "/zoeken?q=999900006",
    ];
    for path in paths {
        server.get(path);
    }
    server.post("/register/goal/nieuw", "name=Jansen-de-Vries+999900006&naam=geheimwoord").expect("an answer");
    ask(&server.address, "VREEMD", "/prognose", "geheimwoord").expect("an answer");
    let counters = ask(&metrics, "GET", "/metrics", "").expect("an answer");
    assert_eq!(server.stop(), Some(0));
    let said = server.said();
    for secret in SECRETS {
        assert!(!said.contains(secret), "{said}");
        assert!(!counters.body.contains(secret), "{}", counters.body);
    }
    let lines: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!((events.first(), events.last()), (Some(&"start"), Some(&"stop")), "{said}");
    let requests: Vec<&Value> = lines.iter().filter(|line| line["event"] == "request").collect();
    assert_eq!(requests.len(), paths.len() + 2, "{said}");
    let is_of = |line: &&&Value| line["route"] == "/prognose/{wet}/{categorie}";
    let request = requests.iter().find(is_of).expect("a line of the page");
    assert_eq!(request["method"], "GET");
    assert!(request["milliseconds"].is_f64() && request["operation"].is_string() && request["status"].is_u64());
    assert!(requests.iter().any(|line| line["method"] == "other"), "{said}");
    assert!(requests.iter().any(|line| line["route"] == "unknown" && line["status"] == 404), "{said}");

    assert!(counters.head.to_lowercase().contains("content-type: text/plain; version=0.0.4"), "{}", counters.head);
    for expected in [
        "# TYPE grip_request_duration_seconds histogram",
        "grip_request_duration_seconds_bucket{method=\"GET\",route=\"/prognose/{wet}/{categorie}\",status=\"",
        "grip_requests_in_flight 0",
        "grip_prepared ",
        // 2025-06-30 or a day before it: the last day of the sample.
        "grip_last_received_timestamp_seconds 17",
        "process_resident_memory_bytes ",
        "process_cpu_seconds_total ",
        "process_start_time_seconds ",
    ] {
        assert!(counters.body.contains(expected), "{expected} in {}", counters.body);
    }
}

fn doctor(place: &Place, more: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = place.run(&[&["doctor", "--json"], more].concat());
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let findings: Value = serde_json::from_str(&said).expect("JSON");
    (output.status.code(), findings.as_array().expect("findings").clone())
}

fn state<'f>(findings: &'f [Value], check: &str) -> &'f str {
    let found = findings.iter().find(|finding| finding["check"] == check);
    found.and_then(|finding| finding["state"].as_str()).unwrap_or_else(|| panic!("{check} in {findings:?}"))
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let place = Place::new();
    let (code, findings) = doctor(&place, &[]);
    assert_eq!((code, state(&findings, "data_folder")), (Some(4), "fault"));
    place.ingest_sample();
    let (code, findings) = doctor(&place, &[]);
    for check in ["version", "data_folder", "tables", "pseudonym_key", "register", "access_key", "clock", "address"] {
        assert_eq!(state(&findings, check), "ok", "{findings:?}");
    }
    // The sample ends in 2025: nothing came in since.
    assert_eq!((code, state(&findings, "intake")), (Some(3), "attention"));
    for finding in &findings {
        assert_eq!(finding["advice"].as_str().expect("text").is_empty(), finding["state"] == "ok", "{finding}");
    }

    let (code, findings) = doctor(&place, &["--listen", "0.0.0.0:8080"]);
    assert_eq!((code, state(&findings, "address")), (Some(4), "fault"));
    let inside = place.data().join("key");
    fs_err::write(&inside, "0".repeat(64)).expect("written");
    let (_, findings) = doctor(&place, &["--key", inside.to_str().expect("plain")]);
    assert_eq!(state(&findings, "pseudonym_key"), "fault");
    fs_err::remove_file(&inside).expect("removed");
    let other = place.folder.path().join("other.key");
    fs_err::write(&other, "1".repeat(64)).expect("written");
    let (_, findings) = doctor(&place, &["--key", other.to_str().expect("plain")]);
    assert_eq!(state(&findings, "pseudonym_key"), "fault");

    // A file of rows that is gone.
    let rows = fs_err::read_dir(place.data().join("tables/prestatie")).expect("a folder").filter_map(Result::ok);
    let file = rows.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|end| end == "parquet"));
    let file = file.expect("a file of rows");
    let aside = place.folder.path().join("aside");
    fs_err::rename(&file, &aside).expect("moved");
    assert_eq!(state(&doctor(&place, &[]).1, "tables"), "fault");
    fs_err::rename(&aside, &file).expect("back");
    // Columns that only a later Grip knows.
    let columns = place.data().join("tables/columns.json");
    let text = fs_err::read_to_string(&columns).expect("columns");
    fs_err::write(&columns, text.replacen("\"bericht\": [", "\"bericht\": [\"later Utf8?\",", 1)).expect("written");
    assert_eq!(state(&doctor(&place, &[]).1, "tables"), "fault");
    let output = place.run(&["sql", "SELECT 1"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("GL011") && said.contains("hint: use the Grip that wrote it"), "{said}");
    fs_err::write(&columns, text).expect("as it was");

    // A register that is damaged in the middle, and one that is none.
    let register = place.data().join("register/register.db");
    place.succeed(&["register", "import", crate::backup::REGISTER, "--gemeente", "9998"]);
    assert_eq!(state(&doctor(&place, &[]).1, "register"), "ok");
    let mut bytes = fs_err::read(&register).expect("a register");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x5A);
    fs_err::write(&register, bytes).expect("damaged");
    assert_eq!(state(&doctor(&place, &[]).1, "register"), "fault");
    fs_err::write(&register, "dit is geen register, en lang genoeg om er een te willen zijn").expect("written");
    assert_eq!(state(&doctor(&place, &[]).1, "register"), "fault");
}
