//! Every kind of source other than messages: with a supplier's mapping, one good row and one bad one.

use std::process::Stdio;

use crate::grip::{Place, path, sample};

#[track_caller]
fn import(place: &Place, kind: &str, name: &str, text: &str, arguments: &[&str]) -> (Option<i32>, serde_json::Value) {
    let file = place.folder.path().join(name);
    fs_err::write(&file, text).expect("written");
    let file = path(&file);
    let mut all = vec!["import", kind, &file, "--gemeente", "0935", "--received-on", "2025-06-30", "--json"];
    all.extend(arguments);
    let output = place.run(&all);
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report)
}

/// Imports a file of which the second row is wrong in one column, with a mapping, and gives the one row that is in.
#[track_caller]
fn check(kind: &str, table: &str, mapping: &str, text: &str, wrong: &str) -> serde_json::Value {
    let place = Place::new();
    let koppeling = place.folder.path().join("koppeling.toml");
    fs_err::write(&koppeling, mapping).expect("written");
    let (code, report) = import(&place, kind, "bestand.csv", text, &["--mapping", &path(&koppeling)]);
    assert_eq!((code, report["rows"].as_i64(), report["taken"].as_i64()), (Some(3), Some(2), Some(1)), "{report}");
    let fault = &report["faults"][0];
    assert_eq!((fault["line"].as_i64(), fault["column"].as_str()), (Some(3), Some(wrong)), "{report}");
    assert!(!report.to_string().contains("999900"), "{report}");
    let finding = &place.rows("SELECT regel, element, ernst FROM bevinding")[0];
    assert_eq!((finding["regel"].as_i64(), finding["element"].as_str()), (Some(3), Some(wrong)));
    let status = &place.rows("SELECT status, berichtsoort, regels FROM bericht")[0];
    assert_eq!((status["status"].as_str(), status["regels"].as_i64()), (Some("gedeeltelijk"), Some(1)), "{status}");
    let mut rows = place.rows(&format!("SELECT * FROM {table}"));
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

#[track_caller]
fn has(row: &serde_json::Value, expected: &serde_json::Value) {
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&row[name], value, "{name} of {row}");
    }
}

#[test]
fn budgets_have_taakvelden_and_amendments() {
    let row = check(
        "begroting",
        "begroting",
        "[velden]\njaar = 'Jaar'\nwet = 'Wet'\ntaakveld = 'TV'\nversie = { vast = 'wijziging' }\nwijzigingsnummer = 'Nr'\ndocument = 'Stuk'\nbedrag = { kolom = 'x1000', eenheid = 'EUR x 1000' }\nvastgesteld = 'Datum'\n",
        "Jaar;Wet;TV;Nr;Stuk;x1000;Datum\n2025;jw;6.752;3;Najaarsnota;-125;7-11-2025\n2025;jw;6.7x;3;Najaarsnota;-125;7-11-2025\n",
        "TV",
    );
    has(
        &row,
        &serde_json::json!({ "taakveld": "6.752", "versie": "wijziging", "wijzigingsnummer": "3", "bedrag_cents": -12_500_000, "_received_at": "2025-11-07" }),
    );
}

#[test]
fn an_amendment_comes_on_top_of_the_budget() {
    let place = Place::new();
    place.ingest_sample();
    let file = place.folder.path().join("begroting.csv");
    let budget = |text: &str| {
        fs_err::write(&file, format!("jaar;wet;productcategorie;versie;wijzigingsnummer;bedrag;vastgesteld\n{text}"))
            .expect("written");
        place.succeed(&["import", "begroting", &path(&file), "--gemeente", "9998"]);
        let answer = place.json(&["forecast", "--jaar", "2025", "--peildatum", "2025-06-30", "--format", "json"]);
        answer["segments"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|line| line["productcategorie"] == "02")
            .expect("a line")["budget"]
            .clone()
    };
    assert_eq!(budget("2025;wmo;02;primitief;;1000;2024-11-07\n"), 100_000);
    assert_eq!(budget("2025;wmo;02;wijziging;1;250,50;2025-03-01\n2025;wmo;02;wijziging;2;1;2025-12-01\n"), 125_050);
    assert_eq!(budget("2025;wmo;02;actueel;;2000;2025-04-01\n"), 200_000);
}

#[test]
fn contracts_have_ceilings() {
    let row = check(
        "contract",
        "contract",
        "[velden]\naanbieder = 'AGB'\ncontractnummer = 'Contract'\nsegment = 'Perceel'\nwet = { vast = 'jw' }\nproductcategorie = 'Cat'\neenheid = 'Eenheid'\ntarief = 'Prijs'\nplafond = 'Max'\nbegindatum = 'Van'\neinddatum = 'Tot'\n",
        "AGB;Contract;Perceel;Cat;Eenheid;Prijs;Max;Van;Tot\n12345678;C-1;Ambulant;45;04;91,20;100000;1-1-2025;31-12-2025\n12345678;C-1;Ambulant;45;04;;100000;1-1-2025;31-12-2024\n",
        "einddatum",
    );
    has(
        &row,
        &serde_json::json!({ "contractnummer": "C-1", "segment": "Ambulant", "plafond_cents": 10_000_000, "tarief_cents": 9120 }),
    );
}

#[test]
fn grants() {
    let row = check(
        "subsidie",
        "subsidie",
        "[velden]\nnaam = 'Ontvanger'\nkvk = 'KvK'\njaar = 'Jaar'\ntaakveld = 'TV'\nverleend = 'Bedrag'\nverleningsdatum = 'Op'\n",
        "Ontvanger;KvK;Jaar;TV;Bedrag;Op\nStichting 999900006;12345678;2025;6.1;25.000,00;2024-12-12\nStichting;12345678;2025;6.1;;2024-12-12\n",
        "Bedrag",
    );
    assert_eq!((row["verleend_cents"].as_i64(), row["kvk"].as_str()), (Some(2_500_000), Some("12345678")));
    // A number of a citizen in a name is a pseudonym too.
    let name = row["naam"].as_str().expect("a name");
    assert!(name.starts_with("Stichting ") && name.len() == 42 && !name.contains("999900006"), "{name}");
}

#[test]
fn accounts() {
    let row = check(
        "grootboekrekening",
        "grootboekrekening",
        "[velden]\nrekening = 'Rek'\ntaakveld = 'TV'\nwet = 'Wet'\nproductcategorie = 'Cat'\nsoort = { kolom = 'LB', vertaal = { 'Kosten' = 'last', 'Opbrengst' = 'baat' } }\n",
        "Rek;TV;Wet;Cat;LB\n4300-4399;6.762;jw;44;Kosten\n8*;6.762;jw;44;Iets\n",
        "LB",
    );
    has(
        &row,
        &serde_json::json!({ "rekening": "4300-4399", "taakveld": "6.762", "wet": "jw", "product_categorie": "44", "is_last": true }),
    );
}

#[test]
fn surveys() {
    let row = check(
        "ervaring",
        "ervaring",
        "[velden]\njaar = 'Jaar'\nwet = { vast = 'wmo' }\nvraag = 'Stelling'\npercentage = 'Eens'\nrespondenten = 'N'\n",
        "Jaar;Stelling;Eens;N\n2024;Ik werd snel geholpen;72,50%;310\n2024;Ik werd snel geholpen;172%;310\n",
        "Eens",
    );
    has(&row, &serde_json::json!({ "percentage": "72.50", "respondenten": 310, "wet": "wmo" }));
}

#[test]
fn outcomes() {
    let row = check(
        "uitkomst",
        "uitkomst",
        "[velden]\naanbieder = 'AGB'\nwet = { vast = 'jw' }\nperiode = 'Periode'\nafgesloten = 'Einde'\nuitval_aantal = 'Uitval'\ntevredenheid = 'Cijfer'\n",
        "AGB;Periode;Einde;Uitval;Cijfer\n12345678;2025-H1;40;6;7,8\n12345678;2025-H1;40;41;7,8\n",
        "uitval_aantal",
    );
    has(
        &row,
        &serde_json::json!({ "begindatum": "2025-01-01", "einddatum": "2025-06-30", "uitval_aantal": 6, "tevredenheid": "7.8" }),
    );
}

#[test]
fn figures() {
    let row = check(
        "kerncijfer",
        "kerncijfer",
        "[bestand]\ndecimaal = '.'\n[velden]\nindicator = 'wat'\nperiode = 'wanneer'\ngebied = 'waar'\nwaarde = 'getal'\neenheid = 'eenheid'\n",
        "wat;wanneer;waar;getal;eenheid\njeugdhulp;2024;GM0935;-12.50;procent\njeugdhulp;2024;GM0935;veel;procent\n",
        "getal",
    );
    has(
        &row,
        &serde_json::json!({ "waarde": "-12.50", "waarde_units": -1250, "waarde_scale": 2, "begindatum": "2024-01-01", "einddatum": "2024-12-31" }),
    );
}

#[test]
fn bookings_from_csv() {
    let row = check(
        "grootboek",
        "grootboek",
        "[velden]\nboekdatum = 'Datum'\nperiode = 'Per'\nrekening = 'Rek'\nbedrag = { debet = 'D', credit = 'C' }\nboekstuk = 'Stuk'\n",
        "Datum;Per;Rek;D;C;Stuk\n2025-04-03;3;4301;;12,50;F 999900006\n2025-04-03;3;4301;1;12,50;F1\n",
        "D, C",
    );
    has(&row, &serde_json::json!({ "jaar": 2025, "periode": 3, "bedrag_cents": -1250, "_received_at": "2025-04-03" }));
    assert!(!row.to_string().contains("999900006"));
}

fn auditfile(lines: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><auditfile xmlns=\"http://www.auditfiles.nl/XAF/3.2\"><header><startDate>2025-01-01</startDate>\
         <endDate>2025-12-31</endDate><curCode>EUR</curCode></header><company><generalLedger><ledgerAccount><accID>4301</accID>\
         <accDesc>Jeugdhulp</accDesc><accTp>P</accTp></ledgerAccount></generalLedger><transactions>\
         <journal><jrnID>INK</jrnID><transaction><nr>1</nr><periodNumber>6</periodNumber><trDt>2025-06-30</trDt>\n{lines}\
         </transaction></journal></transactions></company></auditfile>"
    )
}

#[test]
fn bookings_from_an_audit_file() {
    let place = Place::new();
    let lines = "<trLine><nr>1</nr><accID>4301</accID><desc>Jansen</desc><amnt>12.50</amnt><amntTp>D</amntTp></trLine>\n\
                 <trLine><nr>2</nr><accID>4301</accID><amnt>12.50</amnt><amntTp>C</amntTp></trLine>\n\
                 <trLine><nr>3</nr><accID>4301</accID><amnt>veel</amnt><amntTp>C</amntTp></trLine>\n";
    let (code, report) = import(&place, "grootboek", "boek.xaf", &auditfile(lines), &[]);
    assert_eq!(
        (code, report["taken"].as_i64(), report["faults"][0]["code"].as_str()),
        (Some(3), Some(2), Some("I020"))
    );
    let rows = place.rows("SELECT * FROM grootboek ORDER BY bedrag_cents");
    has(
        &rows[1],
        &serde_json::json!({ "bedrag_cents": 1250, "periode": 6, "dagboek": "INK", "rekening_omschrijving": "Jeugdhulp", "rekeningtype": "resultaat" }),
    );
    assert!(!format!("{rows:?}").contains("Jansen"));
    // A later export of the same journal and period takes the place of this one.
    let lines = "<trLine><nr>1</nr><accID>4301</accID><amnt>99</amnt><amntTp>D</amntTp></trLine>\n";
    import(&place, "grootboek", "later.xaf", &auditfile(lines), &[]);
    let sum = |table: &str| place.rows(&format!("SELECT SUM(bedrag_cents) AS n FROM {table}"))[0]["n"].clone();
    assert_eq!((sum("grootboek"), sum("grootboek_actueel")), (9_900.into(), 9_900.into()));
    assert_eq!(place.rows("SELECT COUNT(*) AS n FROM grootboek_actueel")[0]["n"], 1);
    assert_eq!(place.rows("SELECT COUNT(*) AS n FROM grootboek")[0]["n"], 3);
}

const ALLOCATIONS: &str = "bsn;wet;aanbieder;toewijzingnummer;productcategorie;toewijzingsdatum;ingangsdatum;einddatum;omvang_volume;omvang_eenheid;omvang_frequentie\n";
const LINES: &str = "bsn;wet;aanbieder;declaratienummer;declaratieperiode;referentienummer;toewijzingnummer;productcategorie;productcode;begindatum;einddatum;volume;eenheid;tarief;bedrag;status;ontvangen\n";

fn declared(bsn: &str, reference: &str, month: i32, cents: i64, status: &str, received: &str) -> String {
    format!(
        "{bsn};wmo;12345678;D{month};2025-{month:02};{reference};77;02;02A01;2025-{month:02}-01;2025-{month:02}-28;1;82;;{},{:02};{status};{received}\n",
        cents / 100,
        cents % 100
    )
}

#[test]
fn exports_of_a_case_system_are_ledger_too() {
    let place = Place::new();
    let rows = "999900006;wmo;12345678;77;02;2024-12-20;2025-01-01;2025-12-31;4;04;2\n999900007;wmo;12345678;78;02;2024-12-20;2025-01-01;;4;04;2\n";
    let (code, report) = import(&place, "toewijzing", "t.csv", &format!("{ALLOCATIONS}{rows}"), &[]);
    assert_eq!(
        (code, report["taken"].as_i64(), report["faults"][0]["code"].as_str()),
        (Some(3), Some(1), Some("I004"))
    );
    let lines = [
        declared("999900006", "R999900006", 1, 10_000, "goedgekeurd", "2025-02-03"),
        declared("999900006", "R2", 2, 5_000, "afgekeurd", "2025-03-03"),
        declared("999900006", "R3", 3, 2_000, "ingediend", "2025-04-03"),
        declared("999900006", "R3", 3, 2_000, "ingediend", "2025-04-03"),
        declared("999900007", "R4", 3, 2_000, "ingediend", "2025-04-03"),
    ];
    let (code, report) = import(&place, "declaratie", "d.csv", &format!("{LINES}{}", lines.concat()), &[]);
    assert_eq!((code, report["taken"].as_i64(), report["double"].as_i64()), (Some(3), Some(3), Some(1)), "{report}");
    assert!(!report.to_string().contains("999900"), "{report}");
    let rows =
        place.rows("SELECT referentie_nummer, bedrag_cents, afgekeurd_op FROM prestatie_stand ORDER BY begindatum");
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0]["afgekeurd_op"].as_str(), rows[1]["afgekeurd_op"].as_str()), (None, Some("2025-03-03")));
    assert!(!format!("{rows:?}").contains("999900006"));
    let kinds = place.rows("SELECT berichtsoort FROM bericht ORDER BY 1");
    assert_eq!(kinds[0]["berichtsoort"], "declaratie-export");
    assert_eq!(kinds[1]["berichtsoort"], "toewijzing-export");
    // One client, one ledger; what was refused is no cost.
    let ledger = place.json(&["ledger", "--peildatum", "2025-06-30", "--by", "wet", "--format", "json"]);
    has(&ledger[0], &serde_json::json!({ "gedeclareerd_cents": 12_000, "afgekeurd_cents": 5_000, "toewijzingen": 1 }));
    let clients = place
        .rows("SELECT DISTINCT client FROM (SELECT client FROM prestatie UNION ALL SELECT client FROM toewijzing)");
    assert_eq!(clients.len(), 1);
    // A later export knows that a line was refused after all; nothing counts twice.
    let later = [
        declared("999900006", "R999900006", 1, 10_000, "goedgekeurd", "2025-02-03"),
        declared("999900006", "R3", 3, 2_000, "afgekeurd", "2025-04-03"),
        declared("999900006", "R5", 4, 700, "goedgekeurd", "2025-05-03"),
    ];
    let (code, report) = import(&place, "declaratie", "later.csv", &format!("{LINES}{}", later.concat()), &[]);
    assert_eq!((code, report["taken"].as_i64(), report["double"].as_i64()), (Some(0), Some(1), Some(2)), "{report}");
    let ledger = place.json(&["ledger", "--peildatum", "2025-07-31", "--by", "wet", "--format", "json"]);
    has(&ledger[0], &serde_json::json!({ "gedeclareerd_cents": 10_700, "afgekeurd_cents": 7_000 }));
}

#[test]
fn what_came_as_a_message_does_not_count_double() {
    let place = Place::new();
    place.ingest_sample();
    let sum = || place.rows("SELECT SUM(bedrag_cents) AS n, COUNT(*) AS m FROM prestatie")[0].clone();
    let versions = || place.rows("SELECT COUNT(*) AS n FROM toewijzing")[0]["n"].clone();
    let (before, versions_before) = (sum(), versions());
    let known = &place.rows("SELECT * FROM prestatie ORDER BY referentie_nummer LIMIT 1")[0];
    let text = |name: &str| known[name].as_str().expect("a text").to_owned();
    let line = |reference: &str| {
        format!(
            "999900006;{};{};D1;{};{reference};1;{};{};{};{};1;82;;10,00;afgekeurd;2025-02-03\n",
            text("wet"),
            text("aanbieder"),
            &text("begindatum")[..7],
            text("product_categorie"),
            text("product_code"),
            text("begindatum"),
            text("einddatum")
        )
    };
    let file = place.folder.path().join("export.csv");
    fs_err::write(&file, format!("{LINES}{}{}", line(&text("referentie_nummer")), line("NIEUW"))).expect("written");
    let report = place.json(&["import", "declaratie", &path(&file), "--gemeente", "9998", "--json"]);
    assert_eq!((report["taken"].as_i64(), report["double"].as_i64()), (Some(1), Some(1)));
    let fault = &report["faults"][0];
    assert_eq!((fault["code"].as_str(), fault["line"].as_i64()), (Some("I050"), Some(0)));
    assert!(fault["text"].as_str().is_some_and(|text| text.starts_with("1 ")), "{fault}");
    assert_eq!(sum()["n"].as_i64(), before["n"].as_i64().map(|cents| cents + 1000));
    let known = &place.rows("SELECT * FROM toewijzing WHERE toewijzing_nummer IS NOT NULL LIMIT 1")[0];
    let version = |number: i64, day: &str| {
        format!(
            "999900006;{};{};{number};02;{day};2025-01-01;;4;04;2\n",
            known["wet"].as_str().expect("a law"),
            known["aanbieder"].as_str().expect("a provider"),
        )
    };
    let number = known["toewijzing_nummer"].as_i64().expect("a number");
    let day = known["toewijzingsdatum"].as_str().expect("a day");
    let rows = [version(number, day), version(number, ""), version(99_999_999, day)];
    fs_err::write(&file, format!("{ALLOCATIONS}{}", rows.concat())).expect("written");
    let report = place.json(&["import", "toewijzing", &path(&file), "--gemeente", "9998", "--json"]);
    assert_eq!((report["taken"].as_i64(), report["double"].as_i64()), (Some(1), Some(2)), "{report}");
    assert_eq!(versions().as_i64(), versions_before.as_i64().map(|count| count + 1));
}

#[test]
fn templates_of_every_kind_can_be_used() {
    let place = Place::new();
    for kind in [
        "begroting",
        "contract",
        "client",
        "subsidie",
        "toewijzing",
        "declaratie",
        "grootboek",
        "grootboekrekening",
        "ervaring",
        "uitkomst",
        "kerncijfer",
    ] {
        let template = place.succeed(&["import", kind, "--template"]);
        let mapping = place.succeed(&["import", kind, "--mapping-template"]);
        let koppeling = place.folder.path().join("koppeling.toml");
        fs_err::write(&koppeling, mapping).expect("written");
        let (code, report) = import(&place, kind, "leeg.csv", &template, &["--mapping", &path(&koppeling)]);
        assert_eq!((code, report["rows"].as_i64()), (Some(0), Some(0)), "{kind}");
    }
}

#[test]
fn a_file_that_gave_nothing_can_be_offered_with_another_mapping() {
    let place = Place::new();
    let text = "jaar;wet;versie;bedrag;vastgesteld\n2025;W;primitief;1;2024-11-07\n";
    let (code, report) = import(&place, "begroting", "b.csv", text, &[]);
    assert_eq!((code, report["taken"].as_i64()), (Some(3), Some(0)));
    let koppeling = place.folder.path().join("koppeling.toml");
    let mapping = "[velden]\njaar = 'jaar'\nwet = { kolom = 'wet', vertaal = { 'W' = 'wmo' } }\nversie = 'versie'\nbedrag = 'bedrag'\nvastgesteld = 'vastgesteld'\n";
    fs_err::write(&koppeling, mapping).expect("written");
    for known in [false, true] {
        let (code, report) = import(&place, "begroting", "b.csv", text, &["--mapping", &path(&koppeling)]);
        assert_eq!((code, report["known"].as_bool()), (Some(0), Some(known)));
    }
    assert_eq!(place.rows("SELECT COUNT(*) AS n FROM begroting")[0]["n"], 1);
    let output = place.run(&["import", "contract", &path(&place.folder.path().join("b.csv")), "--gemeente", "0935"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && error.contains("GI006") && error.contains("hint"), "{error}");
}

/// A file of bookings large enough to be killed in.
#[test]
fn a_killed_import_leaves_all_or_nothing() {
    const ROWS: usize = 60_000;
    let place = Place::new();
    import(&place, "begroting", "begroting.csv", "jaar;wet;versie;bedrag;vastgesteld\n", &[]);
    let file = place.folder.path().join("boek.csv");
    let rows = (0..ROWS).map(|row| format!("2025-06-30;43{:02};1,25;B{row}\n", row % 100));
    fs_err::write(&file, format!("boekdatum;rekening;bedrag;boekstuk\n{}", rows.collect::<String>())).expect("written");
    let arguments = ["import", "grootboek", &path(&file), "--gemeente", "0935"];
    let staging = place.data().join("intake/staging");
    let bytes = || -> u64 {
        let entries = fs_err::read_dir(&staging).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    };
    let begun = || bytes() > 0;
    let journal = || place.data().join("intake/journal.json").exists();
    let moments: [&dyn Fn() -> bool; 3] = [&|| true, &begun, &journal];
    for moment in moments {
        let mut command = place.command(&arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
        while !moment() && child.try_wait().expect("a child").is_none() {
            std::hint::spin_loop();
        }
        let _ = child.kill();
        child.wait().expect("a child");
        let count = place.rows("SELECT COUNT(*) AS n FROM grootboek")[0]["n"].as_u64();
        assert!(count == Some(0) || count == Some(ROWS as u64), "{count:?}");
    }
    place.succeed(&arguments);
    place.succeed(&arguments);
    assert_eq!(place.rows("SELECT COUNT(*) AS n, SUM(bedrag_cents) AS s FROM grootboek")[0]["s"], 125 * ROWS);
}

const PUBLICATIE: &str = "naam = 'Saldo'\nsleutel = ['jaar']\n[bestand]\ndecimaal = '.'\n[afronding]\nbegroot = '0.1'\nwerkelijk = '0.1'\nsaldo = '0.1'\n\
    [[regel]]\nnaam = 'saldo'\nlinks = [{ kolom = 'saldo' }]\nverband = '='\nrechts = [{ kolom = 'begroot' }, { kolom = 'werkelijk', min = true }]\n";

#[test]
fn published_tables_are_checked() {
    let place = Place::new();
    let beschrijving = place.folder.path().join("beschrijving.toml");
    fs_err::write(&beschrijving, PUBLICATIE).expect("written");
    let text = "jaar;begroot;werkelijk;saldo\n2023;12.0;13.5;-1.5\n2024;12.0;14.0;-1.0\n";
    let (code, report) = import(&place, "publicatie", "saldo.csv", text, &["--beschrijving", &path(&beschrijving)]);
    assert_eq!((code, report["fault_count"].as_i64()), (Some(0), Some(1)), "{report}");
    let findings = place.rows("SELECT code, ernst, regel, element, omschrijving FROM bevinding");
    has(&findings[0], &serde_json::json!({ "code": "I040", "ernst": "waarschuwing", "regel": 3, "element": "saldo" }));
    let said = findings[0]["omschrijving"].as_str().expect("a text");
    assert!(said.contains("-1") && said.contains("-2"), "{said}");
    let output = place.run(&["import", "publicatie", "saldo.csv", "--gemeente", "0935"]);
    assert_eq!(output.status.code(), Some(2));
}

/// The tables of a real case, where they lie beside the project; what they deserve was counted by hand in grip-import's tests.
#[test]
fn the_tables_of_a_real_case() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("../shared/case-maastricht");
    if !folder.is_dir() {
        println!("not checked against a real case: no ../shared/case-maastricht beside the project");
        return;
    }
    let place = Place::new();
    let koppeling = place.folder.path().join("koppeling.toml");
    let mapping = "[bestand]\ndecimaal = '.'\n[velden]\nindicator = 'indicator'\nperiode = 'period'\ngebied = 'area'\nwaarde = 'value'\neenheid = 'unit'\nbron = 'source'\n";
    fs_err::write(&koppeling, mapping).expect("written");
    for (description, table, rows, findings) in [
        ("saldo_per_jaar", "budget_actual_eur_mln", 12, 2),
        ("iv3_per_inwoner", "iv3_2019_eur_per_inhabitant", 33, 2),
        ("programmabudget", "programme_budget_eur", 7, 0),
        ("kerncijfers", "key_figures", 51, 0),
        ("pilots", "pilots", 7, 1),
    ] {
        let description = path(&root.join(format!("crates/grip-import/publicaties/{description}.toml")));
        let text = fs_err::read_to_string(folder.join(format!("{table}.csv"))).expect("a table");
        let mut arguments = vec!["--beschrijving", &description];
        let koppeling = path(&koppeling);
        if table == "key_figures" {
            arguments.extend(["--mapping", &koppeling]);
        }
        let (_, report) = import(&place, "publicatie", &format!("{table}.csv"), &text, &arguments);
        assert_eq!(report["rows"].as_i64(), Some(rows), "{table}: {report}");
        let codes = place.rows(&format!(
            "SELECT code, omschrijving FROM bevinding JOIN bericht ON bericht.bericht_id = bevinding.bericht_id
             WHERE _source_file = '{table}.csv' AND code IN ('I040', 'I041', 'I042')"
        ));
        assert_eq!(codes.len(), findings, "{table}: {codes:?}");
    }
    let said = place.rows("SELECT omschrijving FROM bevinding ORDER BY omschrijving");
    let all = said.iter().map(|row| row["omschrijving"].as_str().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    for numbers in [
        "gepubliceerd is -13,4, uit de andere getallen volgt -13,6",
        "gepubliceerd is -6, uit de andere getallen volgt -9",
        "gepubliceerd is 1864, uit de andere getallen volgt 1884",
        "gepubliceerd is 3041, uit de andere getallen volgt 3061",
        "gepubliceerd is 900000, elders staat 436074",
    ] {
        assert!(all.contains(numbers), "{numbers} is not in:\n{all}");
    }
    let figures = place.rows("SELECT COUNT(*) AS n FROM kerncijfer")[0]["n"].as_i64();
    assert!(figures.is_some_and(|count| count > 40), "{figures:?}");
}

/// The sample of the tests still goes in by the names of its own columns.
#[test]
fn the_sample_is_known_by_its_own_names() {
    let place = Place::new();
    place.import_sample();
    let lines =
        |kind: &str| fs_err::read_to_string(sample().join(format!("{kind}.csv"))).expect("a file").lines().count();
    for (kind, table) in [("begroting", "begroting"), ("contract", "contract"), ("client", "clientkenmerk")] {
        let count = place.rows(&format!("SELECT COUNT(*) AS n FROM {table}"))[0]["n"].as_u64();
        assert_eq!(count, Some(lines(kind) as u64 - 1), "{kind}");
    }
}
