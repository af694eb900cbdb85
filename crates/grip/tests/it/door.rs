//! What goes in once, what does not go in, and what is said about it.

use crate::grip::{Place, path, sample, sample_files};

fn count(place: &Place, table: &str) -> i64 {
    place.rows(&format!("SELECT COUNT(*) AS n FROM {table}"))[0]["n"].as_i64().expect("a number")
}

#[test]
fn the_same_files_twice_change_nothing() {
    let place = Place::new();
    place.ingest_sample();
    let before = place.dump();
    let report = place.json(&["ingest", &path(&sample().join("berichten")), "--received-on", "from-folder", "--json"]);
    assert_eq!(report["taken"], 0);
    assert_eq!(report["known"], report["files"]);
    assert_eq!(place.dump(), before);
}

#[test]
fn every_line_of_every_message_is_in() {
    let place = Place::new();
    place.ingest_sample();
    let mut lines = std::collections::BTreeMap::new();
    for file in sample_files() {
        let text = fs_err::read_to_string(file).expect("a message");
        for class in ["ToegewezenProduct", "StartProduct", "StopProduct", "Prestatie"] {
            let kind = if class == "Prestatie" && text.contains("325:Bericht") { "Afkeuring" } else { class };
            *lines.entry(kind).or_insert(0_i64) +=
                i64::try_from(text.matches(&format!(":{class}>")).count() / 2).expect("few");
        }
    }
    for (class, table) in [
        ("ToegewezenProduct", "toewijzing"),
        ("StartProduct", "start"),
        ("StopProduct", "stop"),
        ("Prestatie", "prestatie"),
        ("Afkeuring", "prestatie_afkeuring"),
    ] {
        assert!(lines[class] > 10, "{class} occurs in the sample");
        assert_eq!(count(&place, table), lines[class], "{table}");
    }
    assert_eq!(count(&place, "bericht"), i64::try_from(sample_files().len()).expect("few"));
}

/// All that is not a message is refused with what and where; the good file beside it is in.
#[test]
fn bad_files_never_lose_good_ones() {
    let good = sample_files().into_iter().find(|file| path(file).contains("323")).expect("a 323");
    let text = fs_err::read_to_string(&good).expect("a message");
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| fs_err::write(folder.path().join(name), bytes).expect("written");
    put("a_goed.xml", text.as_bytes());
    put("afgebroken.xml", &text.as_bytes()[..text.len() / 2]);
    put("leeg.xml", b"");
    put("rapport.xml", b"%PDF-1.7 ...");
    put("namespace.xml", text.replace("www.istandaarden.nl", "www.example.org").as_bytes());
    put(
        "latin1.xml",
        &text
            .replace(">D<", ">\u{e9}<")
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
            .collect::<Vec<_>>(),
    );
    put(
        "bom.xml",
        format!("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"{}\">]>{}", "b".repeat(1000), &text[40..]).as_bytes(),
    );
    put("diep.xml", format!("{}{}", &text[..text.len() - 40], "<a>".repeat(5000)).as_bytes());
    put("kopie.xml", text.as_bytes());
    put("zelfde_nummer.xml", text.replacen(">D<", ">C<", 1).as_bytes());

    let place = Place::new();
    let output = place.run(&["ingest", &path(folder.path()), "--received-on", "2025-01-02", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (report["taken"].as_i64(), report["known"].as_i64(), report["refused"].as_i64()),
        (Some(1), Some(1), Some(8)),
        "{report}"
    );
    let refused: Vec<String> = report["refused_files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| {
            format!(
                "{} {}",
                file["file"].as_str().unwrap_or_default(),
                &file["findings"][0].as_str().unwrap_or_default()[..4]
            )
        })
        .collect();
    let expected = [
        "afgebroken.xml B004",
        "bom.xml B005",
        "diep.xml B007",
        "latin1.xml B002",
        "leeg.xml B001",
        "namespace.xml B010",
        "rapport.xml B001",
        "zelfde_nummer.xml B030",
    ];
    let mut sorted = refused.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
    assert_eq!(count(&place, "bericht WHERE status = 'geweigerd'"), 8);
    let findings = place.rows("SELECT bevinding.code, regel, omschrijving FROM bevinding JOIN bericht USING (bericht_id) WHERE _source_file = 'afgebroken.xml'");
    assert!(findings[0]["regel"].as_i64().is_some_and(|line| line > 10), "{findings:?}");

    let again = place.run(&["ingest", &path(folder.path()), "--received-on", "2025-01-02", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&again.stdout).expect("JSON");
    // What is refused is judged again and said again, but stands in the tables once.
    assert_eq!((report["known"].as_i64(), report["refused"].as_i64()), (Some(2), Some(8)), "{report}");
    assert_eq!(count(&place, "bericht"), 9);
}

#[test]
fn a_line_that_can_not_be_used_leaves_the_others_in() {
    let good = sample_files()
        .into_iter()
        .find(|file| {
            path(file).contains("323")
                && fs_err::read_to_string(file).expect("a message").matches(":Prestatie>").count() > 6
        })
        .expect("a 323 with some lines");
    let text = fs_err::read_to_string(&good).expect("a message");
    let at = text.find("<iwmo:Bedrag>").or_else(|| text.find("<ijw:Bedrag>")).expect("an amount");
    let broken = format!("{}{}", &text[..at], text[at..].replacen("Bedrag>", "Bedrag>x", 1));
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("regel.xml"), &broken).expect("written");
    let place = Place::new();
    let output = place.run(&["ingest", &path(folder.path()), "--received-on", "2025-01-02", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((report["partial"].as_i64(), report["refused"].as_i64()), (Some(1), Some(0)));
    let lines = text.matches(":Prestatie>").count() / 2;
    assert_eq!(count(&place, "prestatie"), i64::try_from(lines).expect("few") - 1);
    let codes: Vec<_> =
        place.rows("SELECT code FROM bevinding ORDER BY code").iter().map(|row| row["code"].to_string()).collect();
    assert_eq!(codes, ["\"B022\"", "\"B032\""]);
}

/// Lines in an element that has no place are not in, and the total says so; the status and the exit code do too.
#[test]
fn misplaced_elements_do_not_pass_unseen() {
    let good = sample_files().into_iter().find(|file| path(file).contains("JW323")).expect("a 323");
    let text = fs_err::read_to_string(&good).expect("a message");
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("kleine_letter.xml"), text.replace("jw323:Prestaties>", "jw323:prestaties>"))
        .expect("written");
    let place = Place::new();
    let output = place.run(&["ingest", &path(folder.path()), "--received-on", "2025-01-02", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((report["partial"].as_i64(), report["lines"].as_i64()), (Some(1), Some(0)), "{report}");
    assert!(
        report["findings"]["TR358"] == 1 && report["findings"]["B021"].as_i64().is_some_and(|count| count > 0),
        "{report}"
    );
}

/// The message with other content in the first element of a name.
fn with_content(text: &str, element: &str, content: &str) -> String {
    let start = text.find(&format!(":{element}>")).expect("an element") + element.len() + 2;
    let end = start + text[start..].find('<').expect("its end");
    format!("{}{content}{}", &text[..start], &text[end..])
}

/// Without a number nobody knows who a client is: two of them are not the same one. A number with blanks or points is.
#[test]
fn clients_are_told_apart_by_what_is_known_of_them() {
    let good = sample_files().into_iter().find(|file| path(file).contains("305_")).expect("a 305");
    let text = fs_err::read_to_string(good).expect("a message");
    let folder = tempfile::tempdir().expect("a folder");
    for (number, bsn) in ["", "", "999900006", " 999900006", "9999.00.006"].iter().enumerate() {
        let text = with_content(&with_content(&text, "Bsn", bsn), "Identificatie", &format!("S{number}"));
        fs_err::write(folder.path().join(format!("{number}.xml")), text).expect("written");
    }
    let place = Place::new();
    place.run(&["ingest", &path(folder.path()), "--received-on", "2025-01-02"]);
    let clients = place.rows("SELECT COUNT(DISTINCT bericht_id) AS n FROM start GROUP BY client ORDER BY n");
    let messages: Vec<_> = clients.iter().map(|row| row["n"].as_i64()).collect();
    assert_eq!(messages, [Some(1), Some(1), Some(3)]);
}

#[test]
fn the_day_received_comes_from_the_folder() {
    let place = Place::new();
    place.ingest_sample();
    let wrong = "SELECT COUNT(*) AS n FROM bericht WHERE _source_file NOT LIKE CAST(_received_at AS VARCHAR) || '/%'";
    assert_eq!(place.rows(wrong)[0]["n"], 0);
    let file = sample_files()[0].clone();
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::copy(file, folder.path().join("bericht.xml")).expect("copied");
    let place = Place::new();
    let output = place.run(&["ingest", &path(folder.path()), "--received-on", "from-folder", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("B031"));
    // A reason that is gone is no reason: the same file with a date is taken.
    let report = place.json(&["ingest", &path(folder.path()), "--received-on", "2025-01-02", "--json"]);
    assert_eq!(report["taken"], 1);
}

#[test]
fn messages_of_others_stay_outside() {
    let place = Place::new();
    let berichten = path(&sample().join("berichten"));
    let output = place.run(&["ingest", &berichten, "--received-on", "from-folder", "--gemeente", "0935", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["refused"], report["files"]);
    assert!(report["findings"]["B034"].as_i64().is_some_and(|count| count > 100), "{}", report["findings"]);
    let report = place.json(&["ingest", &berichten, "--received-on", "from-folder", "--gemeente", "GM9998", "--json"]);
    assert_eq!(report["taken"], report["files"]);
    let lines = |table: &str| count(&place, table);
    assert_eq!(lines("prestatie"), lines("prestatie_stand"));
}

#[test]
fn as_known_on_a_day_shows_what_had_been_received() {
    let place = Place::new();
    place.ingest_sample();
    let asked =
        place.succeed(&["sql", "SELECT COUNT(*) AS n FROM prestatie", "--peildatum", "2023-12-31", "--format", "csv"]);
    let direct = place.succeed(&[
        "sql",
        "SELECT COUNT(*) AS n FROM prestatie WHERE _received_at <= DATE '2023-12-31'",
        "--format",
        "csv",
    ]);
    assert_eq!(asked, direct);
    assert_ne!(asked, place.succeed(&["sql", "SELECT COUNT(*) AS n FROM prestatie", "--format", "csv"]));
}

#[test]
fn errors_say_what_to_do() {
    let place = Place::new();
    for (arguments, code, word) in [
        (vec!["forecast"], 1, "grip ingest"),
        (vec!["ingest", "nergens"], 1, "nergens"),
        (vec!["ingest"], 2, "Usage"),
        (vec!["forecast", "--peildatum", "gisteren"], 2, "2025-06-30"),
        (vec!["forecast", "--gemeente", "93x"], 2, "0935"),
    ] {
        let output = place.run(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(word), "{arguments:?}: {said}");
    }
    place.ingest_sample();
    let output = place.run(&["sql", "DROP TABLE prestatie"]);
    assert_eq!(output.status.code(), Some(1));
    let output = place.run(&["forecast", "--gemeente", "0935"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("hint: "));
}

/// A contract says more of messages that were in before it: what is found does not depend on which came first.
#[test]
fn a_contract_that_comes_later_finds_as_much() {
    let contract = path(&sample().join("contract.csv"));
    let import = ["import", "contract", &contract, "--gemeente", "GM9998", "--received-on", "2021-01-01"];
    let (first, later) = (Place::new(), Place::new());
    first.succeed(&import);
    first.ingest_sample();
    later.ingest_sample();
    let found = |place: &Place| {
        place.succeed(&[
            "sql",
            "SELECT bericht_id, code, rij, element, omschrijving FROM bevinding ORDER BY 1, 2, 3, 5",
            "--format",
            "csv",
        ])
    };
    let before = found(&later);
    later.succeed(&import);
    assert_eq!(found(&later), found(&first));
    assert!(found(&first).contains("TR418") && !before.contains("TR418"));
    // And once more changes nothing.
    let again = found(&later);
    later.ingest_sample();
    assert_eq!(found(&later), again);
}

/// A provider sends an invoice again under the same identification after a refusal of the whole, on the very day of the refusal:
/// whatever the files are called, the first is refused, the second counts.
#[test]
fn a_corrected_message_may_use_the_identification_of_a_refused_one() {
    let good = sample_files().into_iter().find(|file| path(file).contains("JW323")).expect("a 323");
    let first = fs_err::read_to_string(good).expect("a message");
    let wrong = with_content(&first, "TotaalBedrag", "1");
    let corrected = with_content(&first, "Dagtekening", "2030-01-04");
    let lines = i64::try_from(first.matches(":Prestatie>").count() / 2).expect("few");
    for names in [["a_fout.xml", "b_goed.xml", "c_afkeuring.xml"], ["z_fout.xml", "y_goed.xml", "x_afkeuring.xml"]] {
        let place = Place::new();
        let folder = place.folder.path().join("berichten");
        let put = |day: &str, name: &str, text: &[u8]| {
            fs_err::create_dir_all(folder.join(day)).expect("a folder");
            fs_err::write(folder.join(day).join(name), text).expect("written");
            path(&folder.join(day).join(name))
        };
        let file = put("2030-01-02", names[0], wrong.as_bytes());
        let answer = place.run(&["check", "declaratie", &file, "--antwoord", "--peildatum", "2030-01-04"]);
        assert!(String::from_utf8_lossy(&answer.stdout).contains(">0001<"));
        put("2030-01-04", names[1], corrected.as_bytes());
        put("2030-01-04", names[2], &answer.stdout);
        let report = place.json(&["ingest", &path(&folder), "--received-on", "from-folder", "--json"]);
        assert_eq!(report["refused"], 0, "{names:?}: {report}");
        let counted = place.rows(&format!(
            "SELECT _source_file LIKE '%goed%' AS good, afgekeurd_op IS NOT NULL AS refused, COUNT(*) AS n
             FROM prestatie_stand GROUP BY 1, 2 ORDER BY 1"
        ));
        let expected = serde_json::json!([
            { "good": false, "refused": true, "n": lines },
            { "good": true, "refused": false, "n": lines },
        ]);
        assert_eq!(serde_json::Value::Array(counted), expected, "{names:?}");
    }
}

/// An archive that comes in back to front says nothing less than one in order.
#[test]
fn nothing_is_missed_when_the_oldest_come_last() {
    let (forward, backward) = (Place::new(), Place::new());
    forward.ingest_sample();
    let mut days: Vec<_> = fs_err::read_dir(sample().join("berichten"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    days.sort();
    let half = days.len() / 2;
    for part in [&days[half..], &days[..half]] {
        let folder = tempfile::tempdir().expect("a folder");
        for day in part {
            let to = folder.path().join(day.file_name().expect("a name"));
            fs_err::create_dir_all(&to).expect("made");
            for file in fs_err::read_dir(day).expect("a folder") {
                let file = file.expect("an entry");
                fs_err::copy(file.path(), to.join(file.file_name())).expect("copied");
            }
        }
        backward.succeed(&["ingest", &path(folder.path()), "--received-on", "from-folder"]);
    }
    let found = |place: &Place| -> std::collections::BTreeSet<String> {
        let sql = "SELECT bericht_id || ' ' || code || ' ' || COALESCE(CAST(rij AS VARCHAR), '') AS f FROM bevinding";
        place.rows(sql).iter().filter_map(|row| row["f"].as_str().map(ToOwned::to_owned)).collect()
    };
    let (in_order, reversed) = (found(&forward), found(&backward));
    assert!(in_order.len() > 10);
    let missed: Vec<_> = in_order.difference(&reversed).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// A line that came in an export and later as a message counts once.
#[test]
fn a_line_of_an_export_that_comes_as_a_message_later_counts_once() {
    let messages = Place::new();
    messages.ingest_sample();
    let total =
        |place: &Place| place.rows("SELECT SUM(bedrag_cents) AS c, COUNT(*) AS n FROM prestatie_stand").remove(0);
    let line = messages
        .rows("SELECT wet, aanbieder, referentie_nummer FROM prestatie WHERE bedrag_cents > 0 ORDER BY bericht_id, regel LIMIT 1")
        .remove(0);
    let text = |name: &str| line[name].as_str().expect("a text").to_owned();
    let export = format!(
        "bsn;wet;aanbieder;declaratienummer;declaratieperiode;referentienummer;toewijzingnummer;productcategorie;productcode;begindatum;einddatum;volume;eenheid;tarief;bedrag;status;ontvangen\n\
         999900006;{};{};D1;2024-01;{};1;{};00A00;2024-01-01;2024-01-31;1;84;12,34;12,34;ingediend;2024-02-05\n",
        text("wet"),
        text("aanbieder"),
        text("referentie_nummer"),
        if text("wet") == "jw" { "45" } else { "02" },
    );
    let both = Place::new();
    let file = both.folder.path().join("export.csv");
    fs_err::write(&file, export).expect("written");
    let report = both.run(&["import", "declaratie", &path(&file), "--gemeente", "GM9998", "--json"]);
    let report = String::from_utf8_lossy(&report.stdout).into_owned();
    assert_eq!(total(&both)["n"], 1, "{report}");
    both.ingest_sample();
    assert_eq!(total(&both), total(&messages));
}
