use std::collections::BTreeSet;

use crate::{
    http::{Answer, get, request},
    town::{INCIDENTS, broken_server, empty_server, server, town},
};

/// What is true of every page, whatever it shows.
#[track_caller]
pub(crate) fn check_page(answer: &Answer, status: u16, language: &str) {
    let body = &answer.body;
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    check_headers(answer);
    assert!(!body.contains('\u{fffd}'), "pages are UTF-8");
    assert!(body.contains(&format!("<html lang=\"{language}\">")));
    assert_eq!(body.matches("<h1").count(), 1, "one heading");
    assert_eq!(body.matches("<main").count(), 1);
    assert!(status == 421 || body.contains("<nav"), "whoever may see something has a menu");
    for landmark in [
        "<header",
        "<footer",
        "class=\"nl-skip-link nl-skip-link--visible-on-focus\" href=\"#inhoud\"",
        "<meta name=\"viewport\"",
    ] {
        assert!(body.contains(landmark), "{landmark}");
    }
    // One script, for forms whose drafts are kept; what people typed may lead elsewhere.
    let script =
        body.split("<script src=\"/register.js?v=").nth(1).and_then(|rest| rest.split_once("\" defer></script>"));
    assert!(script.is_none_or(|(hash, _)| hash.bytes().all(|byte| byte.is_ascii_hexdigit())));
    let needs_script = body.contains(" data-draft=\"") || body.contains(" data-saved=\"");
    assert_eq!((script.is_some(), body.matches("<script").count()), (needs_script, usize::from(needs_script)));
    let mut own = body.clone();
    for link in body.split("<a ").filter_map(|rest| rest.split('>').next()) {
        if link.ends_with(" rel=\"noopener noreferrer\"") {
            own = own.replace(link, "");
        }
    }
    let body = &own;
    for forbidden in [" style=", "<style", " onclick=", "javascript:", "src=\"http", "href=\"http"] {
        assert!(!body.contains(forbidden), "{forbidden}");
    }
    check_ids(body);
    check_components(&answer.body);
    if language == "nl" {
        check_sentences(&answer.body);
    }
    for figure in body.split("<figure").skip(1).filter_map(|rest| rest.split("</figure>").next()) {
        let described = figure.matches("<svg").count();
        assert_eq!(figure.matches("aria-describedby=").count(), described);
        assert!(described > 0 && figure.matches("<desc").count() == described);
        // The drawing under the headline repeats the figures above it; every other has its own table.
        assert!(
            figure.contains("<table class=\"utrecht-table utrecht-table--html-table")
                || figure.starts_with(" class=\"under-headline\""),
            "{figure}"
        );
    }
}

#[track_caller]
fn check_headers(answer: &Answer) {
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
}

/// Sentences of Dutch pages are short: at most twenty words, as the [writing guide] for language level B1 asks. Numbers and codes are no words.
///
/// [writing guide]: https://www.communicatierijk.nl/vakkennis/rijkswebsites/aanbevolen-richtlijnen/taalniveau-b1
#[track_caller]
fn check_sentences(body: &str) {
    const WITHIN: [&str; 12] = ["a", "abbr", "b", "code", "dfn", "em", "i", "small", "span", "strong", "sup", "time"];
    let main = body.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).map_or("", |(main, _)| main);
    let mut text = String::new();
    for piece in main.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        text.push_str(if WITHIN.contains(&name) { "" } else { "\n" });
        text.push_str(after);
    }
    let ends = |letter: char| ['\n', '.', ':', ';', '!', '?'].contains(&letter);
    let is_word = |word: &&str| word.chars().filter(|letter| letter.is_alphabetic()).count() > 1;
    for sentence in text.split(ends) {
        assert!(sentence.split_whitespace().filter(is_word).count() <= 20, "{sentence}");
    }
}

/// What has a component of NL Design System is one, whoever wrote it. Left are the name and the menu, which are of the frame, and what stands in a
/// drawing.
#[track_caller]
fn check_components(body: &str) {
    let mut body = body.to_owned();
    for (begin, end) in [
        ("<nav class=\"menu\"", "</nav>"),
        ("<svg", "</svg>"),
        ("<input type=\"hidden\"", ">"),
        ("<a class=\"brand\"", ">"),
    ] {
        while let Some((before, rest)) = body.split_once(begin) {
            body = format!("{before}{}", rest.split_once(end).map(|(_, after)| after).unwrap_or_default());
        }
    }
    let components = [
        ("a", "-link"),
        ("button", "nl-button"),
        ("code", "nl-code"),
        ("h1", "nl-heading--level-1"),
        ("h2", "nl-heading--level-2"),
        ("h3", "nl-heading--level-3"),
        ("input", "utrecht-"),
        ("label", "utrecht-form-label"),
        ("legend", "utrecht-form-fieldset__legend"),
        ("p", "nl-paragraph"),
        ("pre", "nl-code-block"),
        ("select", "utrecht-select"),
        ("table", "utrecht-table--html-table"),
        ("textarea", "utrecht-textarea"),
    ];
    for tag in body.split('<').skip(1).filter_map(|piece| piece.split('>').next()) {
        let name = tag.split(' ').next().unwrap_or_default();
        let class = tag.split_once(" class=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
        let fits = |(_, component): &(&str, &str)| {
            class.contains(component) || name == "p" && (class == "credit" || class.contains("utrecht-form-field"))
        };
        assert!(components.iter().filter(|(element, _)| *element == name).all(fits), "<{tag}>");
    }
}

/// Ids are unique, and what points to one finds it.
#[track_caller]
fn check_ids(body: &str) {
    let values = |attribute: &str| -> Vec<String> {
        body.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let mut ids = values(" id=\"");
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");
    let named = values(" aria-labelledby=\"");
    let named = named.iter().flat_map(|value| value.split(' ')).map(str::to_owned);
    let describing = values(" aria-describedby=\"");
    let describing = describing.iter().flat_map(|value| value.split(' ')).map(str::to_owned);
    for target in values(" href=\"#").into_iter().chain(named).chain(describing).chain(values(" for=\"")) {
        assert!(ids.contains(&target), "`{target}` is not there");
    }
}

/// Addresses in a page that begin with a path, as a browser reads them.
pub(crate) fn links(body: &str, path: &str) -> Vec<String> {
    body.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&#38;", "&").replace("&amp;", "&"))
        .filter(|href| href.starts_with(path))
        .collect()
}

#[test]
fn the_first_page_leads_to_the_forecast() {
    let answer = get(server(), "/?taal=en");
    check_page(&answer, 200, "en");
    assert!(links(&answer.body, "/prognose?").iter().any(|link| link.contains("taal=en")), "in the same language");
    check_headers(&answer);
}

#[test]
fn the_forecast_shows_what_the_pipeline_answers() {
    let answer = get(server(), "/prognose");
    check_page(&answer, 200, "nl");
    let year_end = town().year_end();
    let body = answer.body.replace('\u{a0}', " ");
    let headline = format!("in {} uit op {}", year_end.jaar, short(year_end.total.forecast.p50));
    assert!(body.contains(&headline), "{headline}");
    assert!(body.contains("naar verwachting") || body.contains("Zoals bekend op"));
    for segment in &year_end.segments {
        assert!(body.contains(&segment.naam), "{}", segment.naam);
        let amount = grip_report::thousands(segment.forecast.p50, grip_report::Language::Nl);
        assert!(body.contains(&format!("<td class=\"n strong\">{amount}</td>")), "{amount}");
    }
    assert_eq!(body.matches("chart-row").count(), year_end.segments.len() + 1);
    assert!(body.contains(&format!("value=\"{}\"", year_end.peildatum)), "the day is in the form");
    assert!(body.contains("<details>"), "the chart has its table");
}

fn short(cents: i64) -> String {
    grip_report::euros_short(cents, grip_report::Language::Nl).replace('\u{a0}', " ")
}

#[test]
fn every_term_of_the_table_is_explained() {
    let body = get(server(), "/prognose").body;
    let terms: BTreeSet<String> =
        links(&body, "/uitleg").iter().filter_map(|link| Some(link.split_once('#')?.1.to_owned())).collect();
    assert!(terms.len() >= 8, "{terms:?}");
    let told = get(server(), "/uitleg");
    check_page(&told, 200, "nl");
    for term in terms {
        assert!(told.body.contains(&format!("<dt id=\"{term}\">")), "{term}");
    }
}

#[test]
fn a_tour_is_offered_once() {
    let first = get(server(), "/");
    assert!(first.body.contains("Begin de rondleiding"));
    for step in 1..=5 {
        let page = get(server(), &format!("/?rondleiding={step}"));
        check_page(&page, 200, "nl");
        assert!(page.body.contains(&format!("Stap {step} van 5.")), "{step}");
        let onward = if step == 5 { "klaar".to_owned() } else { (step + 1).to_string() };
        assert!(links(&page.body, "/?").iter().any(|link| link.ends_with(&format!("rondleiding={onward}"))));
    }
    let cookies = get(server(), "/?rondleiding=klaar").cookies("");
    assert_eq!(cookies, "grip-rondleiding=klaar");
    let after = request(server(), "GET", "/", &[("host", "localhost"), ("cookie", &cookies)]);
    assert!(!after.body.contains("Begin de rondleiding"));
    for wrong in ["0", "6", "x"] {
        assert_eq!(get(server(), &format!("/?rondleiding={wrong}")).status, 400, "{wrong}");
    }
}

#[test]
fn the_language_is_in_the_address_and_stays() {
    let answer = get(server(), "/prognose?taal=en");
    check_page(&answer, 200, "en");
    assert!(answer.body.contains("By law and product category"));
    let onward = links(&answer.body, "/prognose/");
    assert!(!onward.is_empty() && onward.iter().all(|link| link.ends_with("taal=en")), "{onward:?}");
    let back = links(&answer.body, "/prognose");
    assert!(back.contains(&"/prognose".to_owned()), "the way back to Dutch: {back:?}");
    check_page(&get(server(), "/prognose/x/y?taal=en"), 404, "en");
}

#[test]
fn from_the_forecast_down_to_the_invoice_lines() {
    let overview = get(server(), "/prognose").body;
    let segments = links(&overview, "/prognose/");
    assert_eq!(segments.len(), town().year_end().segments.len());
    let mut seen = 0;
    for segment in segments {
        let answer = get(server(), &segment);
        check_page(&answer, 200, "nl");
        assert!(answer.body.contains("Aanbieders"));
        let own = segment.split('?').next().expect("a path");
        let Some(provider) = links(&answer.body, &format!("{own}/")).into_iter().next() else { continue };
        let lines = get(server(), &provider);
        check_page(&lines, 200, "nl");
        assert!(lines.body.contains("cliënt (pseudoniem)") || lines.body.contains("geen declaratieregels"));
        seen += lines.body.matches("class=\"nl-code pseudonym\"").count();
    }
    assert!(seen > 0, "some lines were seen");
}

#[test]
fn long_lists_have_pages() {
    let (path, total) = town().longest_list();
    assert!(total > 100, "the town is large enough: {total}");
    let first = get(server(), &path);
    check_page(&first, 200, "nl");
    assert_eq!(first.body.matches("class=\"nl-code pseudonym\"").count(), 100);
    let next = links(&first.body, &path).into_iter().find(|link| link.contains("pagina=2")).expect("a second page");
    let second = get(server(), &next);
    check_page(&second, 200, "nl");
    assert_eq!(second.body.matches("class=\"nl-code pseudonym\"").count(), (total - 100).min(100));
    assert_eq!(get(server(), &format!("{path}?pagina=9999")).status, 404);
}

#[test]
fn what_was_refused_is_shown_with_its_reason() {
    let answer = get(server(), "/berichten");
    check_page(&answer, 200, "nl");
    for text in ["kapot.xml", "B004", "Lever het volledige bestand opnieuw aan", "WMO323", "JW301"] {
        assert!(answer.body.contains(text), "{text}");
    }
    check_page(&get(server(), "/berichten?taal=en"), 200, "en");
}

#[test]
fn before_the_first_message_there_is_a_way_to_begin() {
    for path in ["/prognose", "/prognose/wmo/01", "/berichten", "/gegevens", "/gegevens/bevinding/B004"] {
        let answer = get(empty_server(), path);
        check_page(&answer, 200, "nl");
        assert!(answer.body.contains("grip ingest"), "{path}");
    }
    let answer = get(empty_server(), "/api/v1/prognose");
    assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"));
}

#[test]
fn a_wrong_question_is_told_in_words() {
    for (path, text) in [
        ("/prognose?gemeente=0000", "Er zijn geen berichten van gemeente 0000"),
        ("/prognose?gemeente=maastricht", "verwacht wordt een code van vier cijfers"),
        ("/prognose?jaar=negentien", "een jaar vanaf 2015"),
        ("/prognose?jaar=99999", "een jaar vanaf 2015"),
        ("/prognose?peildatum=2025-02-30", "een dag zoals"),
        ("/prognose?peildatum=%3Cscript%3E", "een dag zoals"),
        ("/prognose?jaar=2024&jaar=2025", "staat er dubbel"),
        ("/prognose/wmo/01?peildatum=gisteren", "een dag zoals"),
        ("/berichten?pagina=-1", "een getal vanaf 1"),
    ] {
        let answer = get(server(), path);
        check_page(&answer, 400, "nl");
        assert!(answer.body.contains(text), "{path}: {}", answer.body);
        assert!(answer.body.contains("GW00") && answer.body.contains("Kenmerk"), "{path}");
    }
}

#[test]
fn days_and_years_without_data_are_no_fault() {
    for path in ["/prognose?peildatum=2016-01-01", "/prognose?jaar=2015", "/prognose?jaar=2100"] {
        let answer = get(server(), path);
        assert!(answer.status < 500, "{path}: {}", answer.body);
    }
}

#[test]
fn a_fault_of_ours_is_told_with_a_mark_that_is_in_the_log_too() {
    for (path, kind) in [("/prognose", "text/html; charset=utf-8"), ("/api/v1/prognose", "application/problem+json")] {
        let answer = get(broken_server(), path);
        assert_eq!((answer.status, answer.header("content-type")), (500, kind));
        let incidents = INCIDENTS.lock().expect("no test panics with it").clone();
        let incident = incidents.iter().find(|incident| answer.body.contains(&incident.operation)).expect("in the log");
        assert_eq!(incident.code, "GW008");
        assert!(
            !incident.message.is_empty() && !answer.body.contains(&incident.message),
            "what is inside stays inside"
        );
        assert!(answer.body.contains("GW008"));
    }
    check_page(&get(broken_server(), "/prognose"), 500, "nl");
    assert_eq!(get(broken_server(), "/gezond").status, 500);
}

#[test]
fn a_budget_for_what_nobody_gets_is_a_line_of_its_own() {
    let year_end = town().year_end();
    let idle = year_end.segments.iter().find(|segment| segment.months.is_empty()).expect("a line without months");
    let path = format!("/prognose/jw/{}", idle.productcategorie.as_deref().expect("a category"));
    let answer = get(server(), &path);
    check_page(&answer, 200, "nl");
    assert!(answer.body.contains("geen aanbieders") && answer.body.contains("niet te schatten"));
    assert!(!answer.body.contains("id=\"maanden\""), "there is nothing to draw");
}

#[test]
fn what_is_not_there_is_not_there() {
    for path in [
        "/nergens",
        "/prognose/",
        "/prognose/wmo",
        "/prognose/wlz/01",
        "/prognose/wmo/zz",
        "/prognose/wmo/01/12",
        "/.env",
    ] {
        let answer = get(server(), path);
        check_page(&answer, 404, "nl");
        assert!(answer.body.contains("GW005"), "{path}");
    }
}

#[test]
fn only_reading() {
    let answer = request(server(), "POST", "/prognose", &[("host", "localhost"), ("content-length", "0")]);
    check_page(&answer, 405, "nl");
    assert!(answer.header("allow").contains("GET"));
    assert_eq!(request(server(), "HEAD", "/prognose", &[("host", "localhost")]).body, "");
}

#[test]
fn a_foreign_name_is_not_answered() {
    for host in ["evil.example", "localhost.evil.example:80", "10.0.0.1"] {
        let answer = request(server(), "GET", "/prognose", &[("host", host)]);
        check_page(&answer, 421, "nl");
        assert!(answer.body.contains("GW004") && !answer.body.contains("<table"));
    }
    let answer = request(server(), "GET", "/gezond", &[("host", "grip.voorbeeld.example:8443")]);
    assert_eq!((answer.status, answer.body.as_str()), (200, "gezond\n"), "a name from the settings");
}

#[test]
fn the_style_sheet_is_kept_by_its_content() {
    let page = get(server(), "/prognose").body;
    let href = links(&page, "/stijl.css").pop().expect("a style sheet");
    let sheet = get(server(), &href);
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    check_headers(&sheet);
    assert_eq!(get(server(), "/stijl.css").header("cache-control"), "no-cache");
    let known = [("host", "localhost"), ("if-none-match", sheet.header("etag"))];
    assert_eq!(request(server(), "GET", &href, &known).status, 304);
}

#[test]
fn every_table_of_the_forecast_is_a_file_too() {
    let overview = get(server(), "/prognose");
    let segment = links(&overview.body, "/prognose/").into_iter().next().expect("a segment");
    let (path, total) = town().longest_list();
    for (page, least) in [("/prognose".to_owned(), 5), (segment, 2), (path.clone(), 1)] {
        let body = get(server(), &page).body;
        let own = page.split('?').next().expect("a path");
        let files: Vec<String> = links(&body, own).into_iter().filter(|link| link.contains("formaat=csv")).collect();
        assert!(files.len() >= least, "{page}: {files:?}");
        for file in files {
            let answer = get(server(), &file);
            assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"), "{file}");
            assert!(answer.body.lines().count() > 1 && !answer.body.contains('\u{ad}'), "{file}");
        }
    }
    // The page shows a hundred lines, the file all.
    let file = get(server(), &format!("{path}?formaat=csv&tabel=declaratieregels")).body;
    assert_eq!(file.lines().count(), total + 1);
}
