//! Downloads from a server on this machine.

use std::{
    collections::BTreeMap,
    io::Write as _,
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use fs_err as fs;
use grip_odata::{Bron, Download, Downloaded, Limits, OdataError, Progress, Selection, download, read_saved};

use crate::{
    server::{Reply, Request, Server},
    shapes::{DATA_PROPERTIES, FIGURES, PERIODS, REGIONS, ROWS, TABLE_INFOS, TYPES, line, page},
};

/// Patient as ever, but without waiting.
fn limits() -> Limits {
    Limits { attempts: 3, first_wait: Duration::ZERO, silence: Duration::from_secs(20), ..Limits::usual() }
}

fn what<'a>(base: &'a str, folder: &'a Path) -> Download<'a> {
    Download { tabel: "86050NED", bron: Bron::CbsV3, base, folder, selection: &[], limits: limits() }
}

fn fetch(what: &Download<'_>) -> Result<Downloaded, OdataError> {
    download(what, &mut |_| ControlFlow::Continue(()))
}

fn list(request: &Request) -> &str {
    request.path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default()
}

fn describe(request: &Request) -> Option<Reply> {
    Some(Reply::ok(match list(request) {
        "TableInfos" => TABLE_INFOS,
        "DataProperties" => DATA_PROPERTIES,
        "TypeMaatwerkarrangement" => TYPES,
        "RegioS" => REGIONS,
        "Perioden" => PERIODS,
        _ => return None,
    }))
}

/// Rows 0, 1 and 2–3 on three pages, as the feed cuts them.
fn three_pages(base: &str, request: &Request) -> Reply {
    let link = |skip: usize| format!("{base}/odata/86050NED/TypedDataSet?$format=json&$skip={skip}");
    let body = match request.path.rsplit("$skip=").next() {
        Some("1") => page(&ROWS[1..2], Some(&link(2))),
        Some("2") => page(&ROWS[2..], None),
        _ => page(&ROWS[..1], Some(&link(1))),
    };
    Reply::ok(body)
}

fn statline(base: &str, request: &Request) -> Reply {
    describe(request).unwrap_or_else(|| three_pages(base, request))
}

/// Serves the table; `rows` may answer for a page of rows instead, knowing how often it was asked for.
fn serve(rows: impl Fn(&str, &Request, usize) -> Option<Reply> + Send + 'static) -> (Server, String) {
    let server = Server::start(move |base, request, times| {
        let own = (list(request) == "TypedDataSet").then(|| rows(base, request, times)).flatten();
        own.unwrap_or_else(|| statline(base, request))
    });
    let base = format!("{}/odata", server.base);
    (server, base)
}

#[track_caller]
fn check_saved(folder: &Path) {
    let mut lines = Vec::new();
    let (_, reading) = read_saved(folder, |found| lines.push(line(found))).expect("a saved table");
    assert_eq!(lines, FIGURES);
    assert!(reading.is_complete && reading.findings.is_empty(), "{:?}", reading.findings);
}

/// How often each page of rows was asked for.
fn asked(server: &Server) -> Vec<usize> {
    let mut times = BTreeMap::new();
    for path in server.paths().iter().filter(|path| path.contains("/TypedDataSet")) {
        let page = path.rsplit("$skip=").next().and_then(|skip| skip.parse::<usize>().ok()).unwrap_or_default();
        *times.entry(page).or_default() += 1;
    }
    times.into_values().collect()
}

#[test]
fn a_table_on_three_pages_is_fetched_once() {
    let (server, base) = serve(|_, _, _| None);
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("86050NED");
    let mut heard = Vec::new();
    let done = download(&what(&base, &folder), &mut |progress: &Progress<'_>| {
        heard.push((progress.list.to_owned(), progress.pages, progress.rows));
        ControlFlow::Continue(())
    })
    .expect("a download");
    assert_eq!((done.pages, done.rows, done.was_current), (3, 4, false));
    assert!(done.bytes > 2_000);
    assert_eq!(heard.last(), Some(&("TableInfos".to_owned(), 3, 4)));
    assert!(heard.contains(&("TypedDataSet".to_owned(), 1, 1)));
    check_saved(&folder);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "DataProperties.json",
            "Perioden.json",
            "RegioS.json",
            "TableInfos.json",
            "TypeMaatwerkarrangement.json",
            "TypedDataSet-0001.json",
            "TypedDataSet-0002.json",
            "TypedDataSet-0003.json",
            "download.jsonl",
        ]
    );
    // What came is what was sent, to the byte.
    assert_eq!(fs::read_to_string(folder.join("Perioden.json")).expect("saved"), PERIODS);
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1, "nothing stays beside it");

    let again = fetch(&what(&base, &folder)).expect("a download");
    assert_eq!((again.pages, again.rows, again.was_current), (3, 4, true));
    assert_eq!(asked(&server), [1, 1, 1]);
    for request in server.requests() {
        assert!(
            request.path.starts_with("/odata/86050NED/") && request.path.contains("$format=json"),
            "{}",
            request.path
        );
        for header in ["accept: application/json", "user-agent: grip", "accept-encoding: gzip"] {
            assert!(request.headers.iter().any(|line| line == header), "{header} in {:?}", request.headers);
        }
    }
}

#[test]
fn keys_in_a_filter_are_padded_as_the_table_pads_them() {
    let (server, base) = serve(|_, _, _| Some(Reply::ok(page(&ROWS[..1], None))));
    let place = tempfile::tempdir().expect("a temporary folder");
    let select = |dimensie: &str, keys: &[&str]| Selection {
        dimensie: dimensie.to_owned(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    };
    let selection = [select("RegioS", &["NL01", "GM0114", "BU0935*"]), select("Perioden", &["2024JJ00"])];
    let folder = place.path().join("nieuw");
    fetch(&Download { selection: &selection, ..what(&base, &folder) }).expect("a download");
    assert_eq!(
        server.paths().last().map(String::as_str),
        Some(
            "/odata/86050NED/TypedDataSet?$format=json&$filter=(RegioS eq 'NL01    ' or RegioS eq 'GM0114  ' or \
             startswith(RegioS,'BU0935')) and (Perioden eq '2024JJ00')"
        )
    );
    for wrong in [select("RegioS", &["GM0935"]), select("Geslacht", &["M"]), select("RegioS", &["x' or 'a' eq 'a"])] {
        let folder = place.path().join("fout");
        let error = fetch(&Download { selection: &[wrong], ..what(&base, &folder) }).expect_err("no such key");
        assert!(matches!(error, OdataError::NoSuchKey { .. }) && error.hint().is_some(), "{error}");
    }
    // Another selection is another download, into a folder that may hold the first.
    let other = [select("RegioS", &["NL01"])];
    let done = fetch(&Download { selection: &other, ..what(&base, &folder) }).expect("a download");
    assert!(!done.was_current);
}

#[test]
fn what_passes_is_tried_again() {
    let (server, base) = serve(|_, request, times| match (request.path.rsplit("$skip=").next(), times) {
        (Some("1"), 1) => Some(Reply::status("429 Too Many Requests", "").header("Retry-After", "0")),
        (Some("1"), 2) => Some(Reply::status("503 Service Unavailable", "<html>").header("Retry-After", "0")),
        (Some("2"), 1) => Some(
            Reply::status("429 Too Many Requests", "")
                .header("Date", "Sun, 22 Nov 2026 18:00:00 GMT")
                .header("Retry-After", "Sun, 22 Nov 2026 18:00:00 GMT"),
        ),
        _ => None,
    });
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    // A wait of our own would be an hour: that the test ends shows that the server's is kept.
    let patient = Limits { first_wait: Duration::from_secs(3600), longest_wait: Duration::from_secs(3600), ..limits() };
    fetch(&Download { limits: patient, ..what(&base, &folder) }).expect("a download");
    assert_eq!(asked(&server), [1, 3, 2]);
    check_saved(&folder);
}

#[test]
fn what_does_not_pass_is_told_with_what_the_server_says() {
    let told = r#"{"odata.error":{"code":"","message":{"lang":"nl-NL","value":"Skip query option\nnot supported"}}}"#;
    for (status, times) in [("500 Internal Server Error", 3), ("400 Bad Request", 1), ("404 Not Found", 1)] {
        let (server, base) = serve(move |_, _, _| Some(Reply::status(status, told)));
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = place.path().join("tabel");
        let error = fetch(&what(&base, &folder)).expect_err("refused");
        let code = &status[..3];
        let text = error.to_string();
        assert!(text.ends_with(&format!("answers {code}: Skip query option not supported")), "{text}");
        assert_eq!(asked(&server), [times]);
        assert!(!folder.exists());
    }
}

#[test]
fn a_connection_cut_in_mid_page_is_taken_up_where_it_broke() {
    let is_cut = Arc::new(AtomicBool::new(true));
    let cutting = Arc::clone(&is_cut);
    let (server, base) = serve(move |base, request, _| {
        let is_second = request.path.ends_with("$skip=1") && cutting.load(Ordering::SeqCst);
        is_second.then(|| three_pages(base, request).cut(70))
    });
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    let error = fetch(&what(&base, &folder)).expect_err("cut off");
    assert!(matches!(error, OdataError::NotOdata { .. }), "{error}");
    assert!(!folder.exists(), "half a table is no table");
    assert_eq!(asked(&server), [1, 3]);
    // The process was killed while it wrote the next line of its journal.
    let part = place.path().join("tabel.part");
    let mut journal = fs::OpenOptions::new().append(true).open(part.join("download.jsonl")).expect("begun");
    journal.write_all(br#"{"of":"TypedDataSet","file":"TypedDa"#).expect("writable");
    is_cut.store(false, Ordering::SeqCst);
    let done = fetch(&what(&base, &folder)).expect("a download");
    assert_eq!((done.pages, done.rows), (3, 4));
    assert_eq!(asked(&server), [1, 4, 1], "the first page was whole");
    let described = server.paths().iter().filter(|path| path.contains("RegioS")).count();
    assert_eq!(described, 1, "and so was what describes the table");
    check_saved(&folder);
}

#[test]
fn a_page_that_was_damaged_on_disk_is_fetched_again() {
    let (server, base) = serve(|_, request, times| {
        (request.path.ends_with("$skip=2") && times == 1).then(|| Reply::status("400 Bad Request", ""))
    });
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    fetch(&what(&base, &folder)).expect_err("refused");
    fs::write(place.path().join("tabel.part/TypedDataSet-0002.json"), "{").expect("writable");
    fetch(&what(&base, &folder)).expect("a download");
    assert_eq!(asked(&server), [1, 2, 2]);
    check_saved(&folder);
}

#[test]
fn links_to_other_servers_are_refused() {
    let elsewhere = Server::start(|_, _, _| Reply::ok(page(&ROWS, None)));
    let links: [fn(&str, &str) -> Reply; 6] = [
        |_, other| Reply::ok(page(&ROWS[..1], Some(&format!("{other}/odata/86050NED/TypedDataSet?$skip=1")))),
        |_, other| Reply::status("302 Found", "").header("Location", format!("{other}/TypedDataSet")),
        |base, _| Reply::ok(page(&ROWS[..1], Some(&base.replace("http://", "https://")))),
        |base, _| Reply::ok(page(&ROWS[..1], Some(&base.replace("http://", "http://a:b@")))),
        |_, _| Reply::ok(page(&ROWS[..1], Some("file:///etc/hostname"))),
        |_, other| Reply::ok(page(&ROWS[..1], Some(&other.replace("http:", "")))),
    ];
    for link in links {
        let other = elsewhere.base.clone();
        let (_server, base) = serve(move |base, _, _| Some(link(base, &other)));
        let place = tempfile::tempdir().expect("a temporary folder");
        let error = fetch(&what(&base, &place.path().join("tabel"))).expect_err("foreign");
        assert!(matches!(error, OdataError::ForeignLink { .. }), "{error}");
        assert!(!error.to_string().contains("a:b"), "{error}");
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[test]
fn redirects_and_relative_links_on_the_same_server_are_followed() {
    let (_server, base) = serve(|base, request, _| {
        if request.path.contains("moved") {
            return Some(Reply::ok(page(&ROWS[..1], Some("TypedDataSet?$skip=1"))));
        }
        (!request.path.contains("$skip")).then(|| {
            let place = format!("{base}/odata/86050NED/TypedDataSet?moved=1");
            Reply::status("301 Moved Permanently", "").header("Location", place)
        })
    });
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    fetch(&what(&base, &folder)).expect("a download");
    check_saved(&folder);
    let (_server, base) = serve(|base, _, _| {
        Some(
            Reply::status("307 Temporary Redirect", "")
                .header("Location", format!("{base}/odata/86050NED/TypedDataSet")),
        )
    });
    let error = fetch(&what(&base, &place.path().join("rond"))).expect_err("round and round");
    assert!(error.to_string().contains("redirects"), "{error}");
    let (_server, base) = serve(|base, _, _| {
        Some(Reply::ok(page(&ROWS[..1], Some(&format!("{base}/odata/86050NED/TypedDataSet?$format=json")))))
    });
    let error = fetch(&what(&base, &place.path().join("rond"))).expect_err("round and round");
    assert!(error.to_string().contains("earlier"), "{error}");
}

#[test]
fn what_is_not_odata_is_not_kept() {
    let whole = page(&ROWS, None);
    let bodies = [
        (whole[..whole.len() - 20].to_owned(), 3),
        ("<html>Onderhoud</html>".to_owned(), 3),
        (format!("{whole}x"), 3),
        (r#"{"odata.error":{}}"#.to_owned(), 1),
    ];
    for (body, times) in bodies {
        let (server, base) = serve(move |_, _, _| Some(Reply::ok(body.clone())));
        let place = tempfile::tempdir().expect("a temporary folder");
        let error = fetch(&what(&base, &place.path().join("tabel"))).expect_err("no OData");
        assert!(matches!(error, OdataError::NotOdata { .. }), "{error}");
        assert_eq!(asked(&server), [times]);
        assert!(!place.path().join("tabel.part/TypedDataSet-0001.json").exists());
    }
}

fn zipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn packed_answers_are_unpacked_and_bounded() {
    let zip = |body: &str| Reply::ok(zipped(body)).header("Content-Encoding", "gzip");
    let (server, base) = serve(move |_, _, times| {
        let mut reply = zip(&page(&ROWS, None));
        if times == 1 {
            // Whole as a body, cut off as an archive.
            reply.body.truncate(100);
        }
        Some(reply)
    });
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    fetch(&what(&base, &folder)).expect("a download");
    assert_eq!(asked(&server), [2]);
    check_saved(&folder);

    let (server, base) = serve(move |_, _, _| Some(zip(&page(&[" ".repeat(3_000_000)], None))));
    let folder = place.path().join("groot");
    let small = Limits { page_bytes: 1 << 20, ..limits() };
    let error = fetch(&Download { limits: small, ..what(&base, &folder) }).expect_err("too large");
    assert!(matches!(error, OdataError::TooLarge { limit: 1_048_576, .. }), "{error}");
    assert_eq!(asked(&server), [1]);

    let (_server, base) = serve(|_, _, _| Some(Reply::ok("x").header("Content-Encoding", "br")));
    let error = fetch(&what(&base, &place.path().join("anders"))).expect_err("not asked for");
    assert!(error.to_string().contains("packed as `br`"), "{error}");
}

#[test]
fn a_table_that_was_published_anew_begins_anew() {
    let edition = Arc::new(AtomicUsize::new(1));
    let (own_edition, base_edition) = (Arc::clone(&edition), Arc::clone(&edition));
    let server = Server::start(move |base, request, times| {
        let now = own_edition.load(Ordering::SeqCst);
        match list(request) {
            "TableInfos" => Reply::ok(TABLE_INFOS.replace("2026-05-29", &format!("2026-05-{now:02}"))),
            "TypedDataSet" if request.path.ends_with("$skip=2") && now == 1 && times == 1 => {
                Reply::status("400 Bad Request", "")
            }
            "TypedDataSet" if request.path.ends_with("$skip=2") && now == 3 => {
                // Published while the last page is on its way.
                own_edition.store(4, Ordering::SeqCst);
                statline(base, request)
            }
            _ => statline(base, request),
        }
    });
    let base = format!("{}/odata", server.base);
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    fetch(&what(&base, &folder)).expect_err("refused");
    base_edition.store(2, Ordering::SeqCst);
    fetch(&what(&base, &folder)).expect("a download");
    assert_eq!(asked(&server), [2, 2, 2], "nothing of the first edition is used");
    base_edition.store(3, Ordering::SeqCst);
    fetch(&what(&base, &folder)).expect("a download");
    assert_eq!(asked(&server), [4, 4, 4], "and nothing of the third");
    let header = fs::read_to_string(folder.join("download.jsonl")).expect("saved");
    assert!(header.contains("2026-05-04"), "{header}");
    check_saved(&folder);
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1);
}

#[test]
fn whoever_stops_it_can_go_on_later() {
    let (server, base) = serve(|_, _, _| None);
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    let error = download(&what(&base, &folder), &mut |progress: &Progress<'_>| {
        if progress.pages == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .expect_err("stopped");
    assert!(matches!(error, OdataError::Stopped));
    fetch(&what(&base, &folder)).expect("a download");
    assert_eq!(asked(&server), [1, 1, 1]);
    check_saved(&folder);
}

#[test]
fn odata_4_has_other_lists() {
    let server = Server::start(|base, request, _| {
        let base = format!("{base}/v1/CBS/86050NED");
        Reply::ok(match (list(request), request.path.contains("$skip")) {
            ("Properties", _) => r#"{"Identifier":"86050NED","Modified":"2026-05-29T02:00:00Z"}"#.to_owned(),
            ("Dimensions", _) => {
                r#"{"value":[{"Identifier":"RegioS","Kind":"GeoDimension"},{"Identifier":"Perioden","Kind":"TimeDimension"}]}"#.to_owned()
            }
            ("MeasureCodes", _) => r#"{"value":[{"Identifier":"M1","Unit":"aantal"}]}"#.to_owned(),
            // A list of codes may have more pages as well.
            ("RegioSCodes", false) => {
                format!(r#"{{"value":[{{"Identifier":"NL01"}}],"@odata.nextLink":"{base}/RegioSCodes?$skip=1"}}"#)
            }
            ("RegioSCodes", true) => r#"{"value":[{"Identifier":"GM0935","Title":"Maastricht"}]}"#.to_owned(),
            ("PeriodenCodes", _) => r#"{"value":[{"Identifier":"2024JJ00","Status":"Definitief"}]}"#.to_owned(),
            ("Observations", false) => format!(
                r#"{{"value":[{{"Id":0,"Measure":"M1","ValueAttribute":"None","Value":1.0,"RegioS":"NL01","Perioden":"2024JJ00"}}],"@odata.nextLink":"{base}/Observations?$skip=1"}}"#
            ),
            ("Observations", true) => {
                r#"{"value":[{"Id":1,"Measure":"M1","ValueAttribute":"None","Value":2.5,"RegioS":"GM0935","Perioden":"2024JJ00"}]}"#.to_owned()
            }
            _ => return Reply::status("404 Not Found", ""),
        })
    });
    let base = format!("{}/v1/CBS/", server.base);
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    let selection = [Selection { dimensie: "RegioS".to_owned(), keys: vec!["NL01".to_owned(), "GM0935".to_owned()] }];
    let v4 = Download { bron: Bron::CbsV4, selection: &selection, ..what(&base, &folder) };
    let done = fetch(&v4).expect("a download");
    assert_eq!((done.pages, done.rows), (2, 2));
    assert!(fetch(&v4).expect("a download").was_current);
    assert!(
        server
            .paths()
            .contains(&"/v1/CBS/86050NED/Observations?$filter=(RegioS eq 'NL01' or RegioS eq 'GM0935')".to_owned())
    );
    let mut lines = Vec::new();
    let (_, reading) = read_saved(&folder, |found| lines.push(line(found))).expect("a saved table");
    assert_eq!(
        lines,
        ["cbs-v4 86050NED 2024JJ00 NL01 M1 = 1 definitief", "cbs-v4 86050NED 2024JJ00 GM0935 M1 = 2.5 definitief"]
    );
    assert!(reading.findings.is_empty());
}

#[test]
fn without_a_network_saved_files_are_the_way() {
    let base = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", listener.local_addr().expect("bound"))
    };
    let place = tempfile::tempdir().expect("a temporary folder");
    let error = fetch(&what(&base, &place.path().join("tabel"))).expect_err("nobody there");
    assert!(matches!(&error, OdataError::NoNetwork { host, .. } if host == "127.0.0.1"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("copy its folder here")));
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 0, "nothing was begun");
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for() {
    // Connections are taken by the system and never answered.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    let impatient = Limits { silence: Duration::from_millis(100), attempts: 2, ..limits() };
    let error = fetch(&Download { limits: impatient, ..what(&base, &folder) }).expect_err("silence");
    assert!(matches!(error, OdataError::NoNetwork { .. }), "{error}");
}

#[test]
fn a_limit_holds_for_the_whole_table_and_its_pages() {
    let (server, base) = serve(|_, _, _| None);
    let place = tempfile::tempdir().expect("a temporary folder");
    let few = Limits { pages: 2, ..limits() };
    let error = fetch(&Download { limits: few, ..what(&base, &place.path().join("a")) }).expect_err("too many");
    assert!(matches!(error, OdataError::TooLarge { unit: "pages", limit: 2, .. }), "{error}");
    assert_eq!(asked(&server), [1, 1]);
    let size = (TABLE_INFOS.len() + DATA_PROPERTIES.len() + TYPES.len() + REGIONS.len() + PERIODS.len()) as u64;
    let small = Limits { table_bytes: size + 500, ..limits() };
    let error = fetch(&Download { limits: small, ..what(&base, &place.path().join("b")) }).expect_err("too large");
    assert!(matches!(error, OdataError::TooLarge { unit: "bytes", .. }), "{error}");
    assert_eq!(asked(&server), [2, 2], "the first page fits");
}

#[test]
fn an_edition_that_was_whole_when_the_process_was_killed_takes_its_place() {
    let (server, base) = serve(|_, _, _| None);
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    fetch(&what(&base, &folder)).expect("a download");
    fs::rename(&folder, place.path().join("tabel.part")).expect("writable");
    assert!(fetch(&what(&base, &folder)).expect("a download").was_current);
    assert_eq!(asked(&server), [1, 1, 1]);
    check_saved(&folder);
}

#[test]
fn a_download_killed_at_its_very_beginning_is_begun_again() {
    let (_server, base) = serve(|_, _, _| None);
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("tabel");
    let part = place.path().join("tabel.part");
    fs::create_dir(&part).expect("writable");
    fs::write(part.join("download.tmp"), "{\"tab").expect("writable");
    fetch(&what(&base, &folder)).expect("a download");
    check_saved(&folder);
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1);
}

#[test]
fn folders_of_others_and_strange_addresses_are_left_alone() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("van_een_ander");
    fs::create_dir(&folder).expect("writable");
    fs::write(folder.join("TypedDataSet.json"), "[]").expect("writable");
    let (server, base) = serve(|_, _, _| None);
    let error = fetch(&what(&base, &folder)).expect_err("not ours");
    assert!(matches!(error, OdataError::FolderInUse(_)) && folder.join("TypedDataSet.json").exists());

    let new = place.path().join("nieuw");
    for tabel in ["", "../x", "86050NED/TypedDataSet", "86050NED?x", "a b"] {
        let error = fetch(&Download { tabel, ..what(&base, &new) }).expect_err("no table");
        assert!(matches!(error, OdataError::Address { .. }), "{tabel}: {error}");
    }
    for base in
        ["", "opendata.cbs.nl", "ftp://opendata.cbs.nl", "https://", "https://a@cbs.nl/x", "https://cbs.nl/x?y=1"]
    {
        let error = fetch(&what(base, &new)).expect_err("no service");
        assert!(matches!(error, OdataError::Address { .. }), "{base}: {error}");
    }
    assert_eq!(server.requests().len(), 0);

    // An empty folder that somebody made beforehand is fine.
    fs::create_dir(&new).expect("writable");
    fetch(&what(&base, &new)).expect("a download");
    check_saved(&new);
}

#[test]
fn a_dimension_cannot_name_a_file_elsewhere() {
    let server = Server::start(|base, request, _| match list(request) {
        "DataProperties" => Reply::ok(r#"[{"Type":"Dimension","Key":"../../Perioden"}]"#),
        _ => statline(base, request),
    });
    let base = format!("{}/odata", server.base);
    let place = tempfile::tempdir().expect("a temporary folder");
    let error = fetch(&what(&base, &place.path().join("tabel"))).expect_err("no name");
    assert!(error.to_string().contains("a dimension is called"), "{error}");
}
