//! Open data: from a server on this machine into a folder, from folders into tables.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::grip::{Place, path};

const INFORMATION: &str =
    r#"{"value":[{"ID":0,"Title":"Wmo-clienten","Identifier":"86050NED","Modified":"2026-05-29T02:00:00"}]}"#;
const PROPERTIES: &str = r#"{"value":[
    {"Type":"GeoDimension","Key":"RegioS"},{"Type":"TimeDimension","Key":"Perioden"},{"Type":"Dimension","Key":"Soort"},
    {"Type":"Topic","Key":"WmoClienten_5","Title":"Wmo-clienten","Datatype":"Double","Unit":"per 1 000 inwoners","Decimals":1}]}"#;
const REGIONS: &str = r#"{"value":[{"Key":"NL01    ","Title":"Nederland"},{"Key":"GM0935  ","Title":"Maastricht"}]}"#;
const PERIODS: &str = r#"{"value":[{"Key":"2024JJ00","Title":"2024*","Status":"Voorlopig"}]}"#;
const KINDS: &str = r#"{"value":[{"Key":"T1","Title":"Totaal"}]}"#;

fn row(regio: &str, value: &str) -> String {
    format!(r#"{{"RegioS":"{regio}","Perioden":"2024JJ00","Soort":"T1","WmoClienten_5":{value}}}"#)
}

fn answer(path: &str, base: &str) -> Option<String> {
    let list = path.split('?').next()?.rsplit('/').next()?;
    Some(match list {
        "TableInfos" => INFORMATION.to_owned(),
        "DataProperties" => PROPERTIES.to_owned(),
        "RegioS" => REGIONS.to_owned(),
        "Perioden" => PERIODS.to_owned(),
        "Soort" => KINDS.to_owned(),
        "TypedDataSet" if path.contains("skip") => format!(r#"{{"value":[{}]}}"#, row("GM0935  ", "107.5")),
        "TypedDataSet" => format!(
            r#"{{"value":[{}],"odata.nextLink":"{base}/86050NED/TypedDataSet?$format=json&$skip=1"}}"#,
            row("NL01    ", "null")
        ),
        _ => return None,
    })
}

/// Serves the table as long as the tests run, and counts what it was asked. The first `refused` pages after the first fail.
fn serve(refused: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let asked = Arc::new(AtomicUsize::new(0));
    let (own_base, own_asked) = (base.clone(), Arc::clone(&asked));
    std::thread::spawn(move || {
        let mut left = refused;
        for stream in listener.incoming().map_while(Result::ok) {
            own_asked.fetch_add(1, Ordering::SeqCst);
            // Who asked may be gone.
            _ = reply(stream, &own_base, &mut left);
        }
    });
    (base, asked)
}

fn reply(mut stream: TcpStream, base: &str, left: &mut usize) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines.by_ref() {
        if line?.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default().replace("%24", "$");
    let refuses = path.contains("skip") && *left > 0;
    let (status, body) = match answer(&path, base) {
        Some(_) if refuses => ("404 Not Found", String::new()),
        Some(body) => ("200 OK", body),
        None => ("404 Not Found", String::new()),
    };
    *left -= usize::from(refuses);
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn download(place: &Place, base: &str, folder: &Path) -> (Option<i32>, String) {
    let arguments = ["open-data", "download", "86050NED", "--adres", base, "--out", &path(folder)];
    let output = place.run(&arguments);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn downloaded_imported_once_and_current() {
    let (base, asked) = serve(1);
    let place = Place::new();
    let folder = place.folder.path().join("86050NED");
    // The second page fails: what was fetched stays, and the next time goes on from there.
    let (code, said) = download(&place, &base, &folder);
    assert!(code == Some(1) && said.contains("GO005") && said.contains("hint"), "{said}");
    assert!(!folder.exists());
    let before = asked.load(Ordering::SeqCst);
    let (code, said) = download(&place, &base, &folder);
    assert!(code == Some(0) && said.contains("2 rows on 2 pages"), "{said}");
    // What the table is, its second page, and what the table is now.
    assert_eq!(asked.load(Ordering::SeqCst) - before, 3);
    let (code, said) = download(&place, &base, &folder);
    assert!(code == Some(0) && said.contains("already"), "{said}");

    let arguments = ["open-data", "import", &path(&folder), "--received-on", "2026-06-01", "--json"];
    let report = place.json(&arguments);
    assert_eq!((report[0]["rows"].as_i64(), report[0]["figures"].as_i64()), (Some(2), Some(2)), "{report}");
    assert_eq!((report[0]["is_complete"].as_bool(), report[0]["known"].as_bool()), (Some(true), Some(false)));
    assert_eq!(place.json(&arguments)[0]["known"], true);
    let rows = place.rows("SELECT * FROM open_data ORDER BY regio");
    assert_eq!(rows.len(), 2);
    for (name, value) in [
        ("tabel", "86050NED"),
        ("regio", "GM0935"),
        ("periode", "2024JJ00"),
        ("meting", "WmoClienten"),
        ("dimensies", "Soort=T1"),
        ("waarde", "107.5"),
        ("eenheid", "per 1 000 inwoners"),
        ("status", "voorlopig"),
        ("editie", "2026-05-29T02:00:00"),
        ("_received_at", "2026-06-01"),
    ] {
        assert_eq!(rows[0][name], value, "{name}");
    }
    assert_eq!((rows[0]["waarde_units"].as_i64(), rows[0]["waarde_scale"].as_i64()), (Some(1075), Some(1)));
    // No figure is not the figure nothing.
    assert!(rows[1]["waarde"].is_null() && rows[1]["status"] == "ontbreekt", "{}", rows[1]);

    // A newer edition is newer rows; the old ones stay and are not current.
    let change = |name: &str, from: &str, to: &str| {
        let file = folder.join(name);
        let text = fs_err::read_to_string(&file).expect("a file");
        assert!(text.contains(from), "{text}");
        fs_err::write(&file, text.replace(from, to)).expect("written");
    };
    change("TableInfos.json", "2026-05-29", "2026-09-30");
    change("TypedDataSet-0002.json", "107.5", "109.0");
    place.succeed(&["open-data", "import", &path(&folder), "--received-on", "2026-10-01"]);
    assert_eq!(place.rows("SELECT * FROM open_data").len(), 4);
    let sql = "SELECT waarde FROM open_data_actueel WHERE regio = 'GM0935'";
    assert_eq!(place.rows(sql), [serde_json::json!({ "waarde": "109" })]);
    let then = place.json(&["sql", sql, "--peildatum", "2026-07-01", "--format", "json"]);
    assert_eq!(then[0]["waarde"], "107.5");
}

#[test]
fn without_a_network_the_error_says_what_to_do() {
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let place = Place::new();
    let folder = place.folder.path().join("86050NED");
    let (code, said) = download(&place, &format!("http://{closed}"), &folder);
    assert!(code == Some(1) && said.contains("GO004") && said.contains("copy its folder here"), "{said}");
    let output = place.run(&["open-data", "download", "--bron", "iv3", "--jaar", "1999"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("GP014"), "{said}");
    let output = place.run(&["open-data", "import", &path(place.folder.path())]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("GO002"), "{said}");
}

/// A folder with Iv3 of one municipality and year.
pub(crate) fn write_iv3(folder: &Path, rows: &[(&str, &str, &str, i64)]) {
    fs_err::create_dir_all(folder).expect("a folder");
    let properties = r#"{"value":[{"Type":"Dimension","Key":"Gemeenten"},{"Type":"Dimension","Key":"TaakveldBalanspost"},
        {"Type":"Dimension","Key":"Categorie"},{"Type":"TimeDimension","Key":"Verslagsoort"},
        {"Type":"Topic","Key":"k_1ePlaatsing_1","Datatype":"Long","Unit":"x 1 000 euro","Decimals":0},
        {"Type":"Topic","Key":"k_2ePlaatsing_2","Datatype":"Long","Unit":"x 1 000 euro","Decimals":0}]}"#;
    fs_err::write(folder.join("DataProperties.json"), properties).expect("written");
    let rows: Vec<String> = rows
        .iter()
        .map(|(taakveld, categorie, verslag, thousands)| {
            format!(
                r#"{{"Gemeenten":"GM0935  ","TaakveldBalanspost":"{taakveld}","Categorie":"{categorie}","Verslagsoort":"{verslag}","k_1ePlaatsing_1":{thousands},"k_2ePlaatsing_2":-99998}}"#
            )
        })
        .collect();
    fs_err::write(folder.join("TypedDataSet-0001.json"), format!(r#"{{"value":[{}]}}"#, rows.join(",")))
        .expect("written");
}

#[test]
fn iv3_has_a_table_of_its_own() {
    let place = Place::new();
    let folder = place.folder.path().join("45067NED");
    write_iv3(
        &folder,
        &[("6.71b ", "L3.8", "2024X005", 12), ("6.71b ", "B4.3", "2024X005", 3), ("6.71e ", "L3.8", "2024X000", 1)],
    );
    let report = place.json(&["open-data", "import", &path(&folder), "--json"]);
    assert_eq!((report[0]["tabel"].as_str(), report[0]["figures"].as_i64()), (Some("45067NED"), Some(3)), "{report}");
    assert_eq!(report[0]["findings"], serde_json::json!([["O012", 1]]));
    let rows = place.rows("SELECT * FROM iv3_actueel ORDER BY bedrag_cents DESC");
    for (name, value) in [
        ("gemeente", "0935"),
        ("verslagsoort", "jaarrekening"),
        ("taakveld", "6.71b"),
        ("generatie", "2023-2024"),
        ("categorie", "L3.8"),
    ] {
        assert_eq!(rows[0][name], value, "{name}");
    }
    assert_eq!((rows[0]["bedrag_cents"].as_i64(), rows[0]["is_last"].as_bool()), (Some(1_200_000), Some(true)));
    assert_eq!(place.rows("SELECT code FROM bevinding")[0]["code"], "O012");
}
