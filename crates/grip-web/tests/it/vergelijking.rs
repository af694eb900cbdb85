//! The comparison, over the published figures of a real case and over open data made by hand.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use grip_pipeline::{Grip, Key, Publicatie, import_open_data, import_publicatie, open_lake};
use grip_types::parse_date;

use crate::{
    http::get,
    pages::check_page,
    town::{folder, server, start},
};

const FILES: [&str; 3] = ["begroting-en-rekening", "iv3-per-inwoner", "kerncijfers"];
const REPORT: &str = "/vergelijking/gegevensrapportage";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../voorbeelden/maastricht")
}

fn text(path: &Path) -> String {
    fs_err::read_to_string(path).expect("a file")
}

/// A lake with the example and nothing else.
fn case() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| {
        let root = folder("case");
        let data = root.join("data");
        let key = Key::load_or_make(&root.join("key"), &data).expect("a key");
        let lake = open_lake(&data).expect("a lake");
        let when = ("2021-07-01T09:00:00Z", parse_date("2021-07-01").expect("a day"));
        for name in FILES {
            let publicatie = Publicatie::parse(&text(&example().join(format!("{name}.toml")))).expect("a description");
            let file = example().join(format!("{name}.csv"));
            let gemeente = "0935".parse().expect("a code");
            let report = import_publicatie(&lake, &key, (&publicatie, None), &file, gemeente, when).expect("imported");
            assert_eq!(report.taken, report.rows, "{name}: {:?}", report.faults);
        }
        start(Grip::open(&data).expect("the lake"))
    })
}

/// Fields of a line of CSV; quoted ones may hold commas.
fn fields(line: &str, separator: char) -> Vec<String> {
    let (mut found, mut field, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            _ if letter == separator && !is_quoted => found.push(std::mem::take(&mut field)),
            _ => field.push(letter),
        }
    }
    found.push(field);
    found
}

/// A table of a page as a file.
fn table(server: SocketAddr, path: &str, id: &str) -> Vec<Vec<String>> {
    let sign = if path.contains('?') { '&' } else { '?' };
    let answer = get(server, &format!("{path}{sign}tabel={id}&formaat=csv"));
    assert_eq!(answer.status, 200, "{id}: {}", answer.body);
    answer.body.lines().map(|line| fields(line, ',')).collect()
}

fn number(text: &str) -> f64 {
    text.replace(',', ".").parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

#[track_caller]
fn is_same(shown: &str, published: &str, factor: f64) {
    assert!((number(shown) - number(published) * factor).abs() < 1e-6, "{shown} is not {published} × {factor}");
}

/// The files of the sources, when they lie beside the project.
fn shared(name: &str) -> Option<Vec<Vec<String>>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/case-maastricht").join(name);
    if !file.is_file() {
        println!("not checked against the sources: no ../shared/case-maastricht/{name} beside the project");
        return None;
    }
    Some(text(&file).lines().skip(1).map(|line| fields(line, ',')).collect())
}

/// The contradictions were counted by hand in the tests of grip-import.
#[test]
fn what_contradicts_itself_is_said_beside_the_table() {
    let answer = get(case(), REPORT);
    check_page(&answer, 200, "nl");
    let title = "De gepubliceerde tabel spreekt zichzelf tegen";
    for numbers in [
        "sociaal domein 2017: gepubliceerd is -13,4, uit de andere getallen volgt -13,6",
        "jeugdhulp 2017: gepubliceerd is -6, uit de andere getallen volgt -9",
        "begroting GM0935: gepubliceerd is 3041, uit de andere getallen volgt 3061",
        "gepubliceerd is 1864, uit de andere getallen volgt 1884",
    ] {
        assert!(answer.body.contains(numbers), "{numbers}");
    }
    assert_eq!(table(case(), REPORT, "tegenspraak-8").len(), 1 + 4);
    // Only beside the tables that do: key figures contradict nothing.
    assert_eq!(answer.body.matches(&format!("id=\"tegenspraak-8\">{title}")).count(), 1, "{}", answer.body);
    for part in ["3. Kengetallen", "4. Jeugdhulp", "5. Wmo", "6. Participatie", "7. Gebruik", "8. Begroting"] {
        assert!(answer.body.contains(part), "{part}");
    }
    let english = get(case(), &format!("{REPORT}?taal=en"));
    check_page(&english, 200, "en");
    assert!(english.body.contains("contradicts itself"));
}

#[test]
fn budget_and_accounts_are_those_of_the_source() {
    let Some(source) = shared("budget_actual_eur_mln.csv") else { return };
    let shown = table(case(), REPORT, "begroting");
    assert_eq!(shown.len(), 1 + source.len());
    for row in &source {
        let domain = match row[0].as_str() {
            "sociaal_domein" => "sociaal domein",
            "jeugdhulp" => "jeugdhulp",
            _ => "Wmo zonder beschermd wonen",
        };
        let of = |year: &str| shown.iter().find(|line| line[0] == format!("{domain} {year}"));
        let line = of(&row[1]).expect("a line");
        for (column, published) in [(3, &row[2]), (4, &row[3]), (6, &row[4])] {
            is_same(&line[column], published, 1e6);
        }
        is_same(&line[5], &format!("{:.1}", number(&row[2]) - number(&row[3])), 1e6);
        let before = (number(&row[1]) - 1.0).to_string();
        assert_eq!(line[1], of(&before).map_or(String::new(), |line| line[4].clone()), "{line:?}");
    }
}

#[test]
fn iv3_per_inhabitant_is_that_of_the_source() {
    let Some(source) = shared("iv3_2019_eur_per_inhabitant.csv") else { return };
    let shown = table(case(), REPORT, "iv3-1");
    let mut checked = 0;
    for row in &source {
        let place = match row[2].as_str() {
            "GM0935" => "Maastricht",
            "stedelijkheid_sterk" => "sterk stedelijke gemeenten",
            _ => "gemeenten van 100.000 tot 150.000 inwoners",
        };
        let is_it = |head: &str| {
            head.split(' ').next() == Some(row[0].as_str()) || head.starts_with("Totaal") && row[0] == "totaal"
        };
        let line = shown.iter().find(|line| is_it(&line[0])).expect("a line");
        for (what, published) in [("rekening", &row[3]), ("begroot", &row[4])] {
            let column = shown[0].iter().position(|head| *head == format!("{place}: {what}")).expect("a column");
            is_same(&line[column], published, 1.0);
            checked += 1;
        }
    }
    assert_eq!(checked, 66);
    let of = |code: &str| shown.iter().find(|line| line[0].starts_with(code)).and_then(|line| line.last());
    assert_eq!(of("6.72").map(String::as_str), Some("hoger dan elke groep"));
    assert_eq!(of("6.2 ").map(String::as_str), Some("lager dan elke groep"));
    let striking = table(case(), REPORT, "opvallend");
    let heads: Vec<&str> = striking.iter().skip(1).map(|line| line[0].as_str()).collect();
    for head in ["jongeren met jeugdhulp", "huishoudens met een laag inkomen", "re-integratievoorzieningen"] {
        assert!(heads.contains(&head), "{heads:?}");
    }
    assert!(heads.iter().any(|head| head.starts_with("6.72")) && !heads.contains(&"mantelzorgers onder volwassenen"));
}

#[test]
fn key_figures_are_those_of_the_source() {
    let parts: Vec<Vec<Vec<String>>> =
        [3, 4, 5, 6, 7, 0].map(|part| table(case(), REPORT, &format!("deel-{part}"))).into();
    let file = text(&example().join("kerncijfers.csv"));
    let rows: Vec<Vec<String>> = file.lines().skip(1).map(|line| fields(line, ';')).collect();
    for row in &rows {
        let area = match row[2].as_str() {
            "GM0935" => "Maastricht",
            "NL" => "Nederland",
            "PV31" => "Limburg",
            other => other,
        };
        let shown = parts.iter().find_map(|part| {
            let column = part[0].iter().position(|head| head == area)?;
            let line = part.iter().find(|line| line[0] == row[0] && line[1] == row[1])?;
            Some(&line[column])
        });
        is_same(shown.unwrap_or_else(|| panic!("{row:?} is not shown")), &row[3], 1.0);
    }
    let Some(source) = shared("key_figures.csv") else { return };
    assert_eq!(source.len(), rows.len());
    for (published, own) in source.iter().zip(&rows) {
        is_same(&own[3], &published[3], 1.0);
        assert_eq!(own[1], published[1]);
    }
}

/// A municipality without messages has its pages, and nothing to forecast.
#[test]
fn without_messages_every_page_answers() {
    for path in ["/prognose", "/prognose/jw/45", "/berichten", "/gegevens", "/vergelijking", "/vergelijking/taakvelden"]
    {
        check_page(&get(case(), path), 200, "nl");
    }
    assert!(get(case(), "/prognose").body.contains("grip ingest"));
    assert_eq!(get(case(), "/prognose?gemeente=1234").status, 400);
    // And one with messages and without open data is told what to import.
    for path in ["/vergelijking", REPORT] {
        let answer = get(server(), path);
        check_page(&answer, 200, "nl");
        assert!(answer.body.contains("grip open-data download"), "{path}");
    }
}

const INHABITANTS: [(&str, i64, i64); 6] = [
    ("0935", 120_000, 2_000),
    ("0917", 110_000, 1_800),
    ("0983", 130_000, 1_600),
    ("0080", 125_000, 1_550),
    ("0114", 105_000, 900),
    ("0344", 360_000, 3_000),
];

fn write(folder: &Path, name: &str, value: &str) {
    fs_err::create_dir_all(folder).expect("a folder");
    fs_err::write(folder.join(format!("{name}.json")), format!("{{\"value\":[{value}]}}")).expect("written");
}

fn write_key_figures(folder: &Path) {
    let topic = |name: &str, unit: &str| {
        format!(r#"{{"Type":"Topic","Key":"{name}","Title":"{name}","Datatype":"Long","Unit":"{unit}","Decimals":0}}"#)
    };
    write(
        folder,
        "TableInfos",
        r#"{"ID":0,"Title":"Kerncijfers","Identifier":"70072ned","Modified":"2024-05-29T02:00:00"}"#,
    );
    let dimensions = r#"{"Type":"GeoDimension","Key":"RegioS"},{"Type":"TimeDimension","Key":"Perioden"}"#;
    let topics = [topic("TotaleBevolking_1", "aantal"), topic("Omgevingsadressendichtheid_53", "per km2")].join(",");
    write(folder, "DataProperties", &format!("{dimensions},{topics}"));
    let regions: Vec<String> =
        INHABITANTS.iter().map(|(code, ..)| format!(r#"{{"Key":"GM{code}","Title":"{code}"}}"#)).collect();
    write(folder, "RegioS", &regions.join(","));
    write(folder, "Perioden", r#"{"Key":"2022JJ00","Title":"2022","Status":"Definitief"}"#);
    let rows: Vec<String> = INHABITANTS
        .iter()
        .map(|(code, people, density)| {
            format!(
                r#"{{"RegioS":"GM{code}  ","Perioden":"2022JJ00","TotaleBevolking_1":{people},"Omgevingsadressendichtheid_53":{density}}}"#
            )
        })
        .collect();
    write(folder, "TypedDataSet-0001", &rows.join(","));
}

/// Iv3 of a year: of each municipality so many euros per inhabitant on each task field, the first a hundred and each next one ten
/// more.
fn write_iv3(folder: &Path, jaar: i16, taakvelden: &[&str]) {
    let topic = |name: &str| {
        format!(r#"{{"Type":"Topic","Key":"{name}","Datatype":"Long","Unit":"x 1 000 euro","Decimals":0}}"#)
    };
    let dimensions = r#"{"Type":"Dimension","Key":"Gemeenten"},{"Type":"Dimension","Key":"TaakveldBalanspost"},
        {"Type":"Dimension","Key":"Categorie"},{"Type":"TimeDimension","Key":"Verslagsoort"}"#;
    write(folder, "DataProperties", &format!("{dimensions},{},{}", topic("k_1ePlaatsing_1"), topic("k_2ePlaatsing_2")));
    let mut rows = Vec::new();
    for ((code, people, _), more) in INHABITANTS.iter().zip(0..) {
        for taakveld in taakvelden {
            let thousands = people * (100 + 10 * more) / 1_000;
            rows.push(format!(
                r#"{{"Gemeenten":"GM{code}  ","TaakveldBalanspost":"{taakveld:<6}","Categorie":"L3.8","Verslagsoort":"{jaar}X005","k_1ePlaatsing_1":{thousands},"k_2ePlaatsing_2":-99998}}"#
            ));
        }
    }
    write(folder, "TypedDataSet-0001", &rows.join(","));
}

/// A lake with open data of six municipalities and no file of any.
fn open_data() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| {
        let root = folder("open-data");
        write_key_figures(&root.join("70072ned"));
        write_iv3(&root.join("45059NED"), 2022, &["6.3", "6.72", "6.82"]);
        write_iv3(&root.join("45067NED"), 2024, &["6.3", "6.72a", "6.74b"]);
        write_iv3(&root.join("45071NED"), 2025, &["6.3", "6.751", "6.91"]);
        let lake = open_lake(&root.join("data")).expect("a lake");
        let when = ("2025-07-01T09:00:00Z", parse_date("2025-07-01").expect("a day"));
        for name in ["70072ned", "45059NED", "45067NED", "45071NED"] {
            let report = import_open_data(&lake, &root.join(name), when).expect("imported");
            assert!(report.figures > 0 && report.fault_count == 0, "{report:?}");
        }
        start(Grip::open(&root.join("data")).expect("the lake"))
    })
}

/// By hand, of 6.3 in 2022 with 100, 110 … 150 euros in the order of the list: Maastricht has 100. Of the others Heerlen, Venlo,
/// Leeuwarden and Emmen are in its class of size, with 110, 120, 130, 140: quartiles at 0.75, 1.5 and 2.25 steps. In its province
/// are Heerlen and Venlo, too few for a spread. Strongly urban are Heerlen, Venlo and Leeuwarden.
#[test]
fn groups_are_told_by_their_spread() {
    let path = "/vergelijking?gemeente=0935&meting=iv3:jaarrekening:6.3&periode=2022";
    check_page(&get(open_data(), path), 200, "nl");
    let groups = table(open_data(), path, "groepen");
    let of = |name: &str| groups.iter().find(|line| line[0].starts_with(name)).expect("a group")[1..].to_vec();
    assert_eq!(of("grootteklasse"), ["4", "4", "110", "117.5", "125", "132.5", "140", "0"]);
    assert_eq!(of("provincie: Limburg"), ["2", "2", "", "", "", "", "", ""]);
    assert_eq!(of("stedelijkheid: sterk stedelijk"), ["3", "3", "110", "115", "120", "125", "130", "0"]);
    assert_eq!(of("alle")[..3], ["5", "5", "110"]);
    let members = table(open_data(), &format!("{path}&groep=grootte"), "leden");
    let names: Vec<&str> = members.iter().skip(1).map(|line| line[0].as_str()).collect();
    assert_eq!(names, ["Emmen", "Heerlen", "Leeuwarden", "Venlo"], "in the order of the alphabet");
}

/// Weights are in the address: without inhabitants the density alone decides, and Heerlen (1,800) is nearest to 2,000.
#[test]
fn neighbours_follow_the_weights() {
    let nearest = |weights: &str| {
        let path = format!("/vergelijking?gemeente=0935&meting=iv3:jaarrekening:6.3&periode=2022{weights}");
        table(open_data(), &path, "buren")[1][0].clone()
    };
    assert_eq!(nearest("&weeg_inwoners=0"), "Heerlen");
    // 125,000 is nearest to 120,000 in ratio.
    assert_eq!(nearest("&weeg_dichtheid=0"), "Leeuwarden");
    let wrong = get(open_data(), "/vergelijking?weeg_inwoners=9");
    check_page(&wrong, 400, "nl");
}

/// 6.72 of 2022 goes on as youth as a whole: 6.72 and 6.82, then 6.72a and 6.74b, then 6.751. 6.91 of 2025 has nothing before.
#[test]
fn a_series_of_iv3_shows_where_it_breaks() {
    let path = "/vergelijking?gemeente=0935&meting=iv3:jaarrekening:6.72&periode=2022";
    let series = table(open_data(), path, "verloop");
    let heads: Vec<&str> = series.iter().skip(1).map(|line| line[0].as_str()).collect();
    assert_eq!(heads, ["2022", "breuk vóór 2024", "2024", "breuk vóór 2025", "2025"]);
    let own: Vec<&str> = series.iter().skip(1).map(|line| line[1].as_str()).collect();
    assert_eq!(own, ["200", "", "200", "", "100"]);
    assert!(series[2][3].contains("alleen de som is vergelijkbaar"), "{:?}", series[2]);
    let policy = table(open_data(), "/vergelijking?gemeente=0935&meting=iv3:jaarrekening:6.91", "verloop");
    assert!(policy.iter().any(|line| line[3].contains("geen vergelijkbaar taakveld")), "{policy:?}");
    let seamless = table(open_data(), "/vergelijking?gemeente=0935&meting=iv3:jaarrekening:6.3", "verloop");
    assert_eq!(seamless.len(), 1 + 3);
    let conversions = table(open_data(), "/vergelijking/taakvelden", "omrekening");
    assert!(conversions.len() > 20 && conversions.iter().all(|line| !line[7].is_empty() && !line[8].is_empty()));
}

/// Any municipality of which there is open data has its report, by its code.
#[test]
fn the_report_is_there_for_any_municipality() {
    let answer = get(open_data(), &format!("{REPORT}?gemeente=0917"));
    check_page(&answer, 200, "nl");
    assert!(answer.body.contains("Gegevensrapportage Heerlen"));
    let iv3 = table(open_data(), &format!("{REPORT}?gemeente=0917"), "iv3-1");
    let total = iv3.last().expect("a total");
    assert_eq!((total[0].as_str(), total[1].as_str()), ("Totaal van het sociaal domein", "330.00"));
    // Four others in the class of size: 100, 120, 130 and 140 euros, each over its inhabitants, on three task fields.
    let class = 3.0 * (100.0 * 120.0 + 120.0 * 130.0 + 130.0 * 125.0 + 140.0 * 105.0) / 480.0;
    assert!((number(&total[3]) - class).abs() < 0.01, "{total:?}");
}

/// Twelve municipalities in two years: the second figure falls by as many percent as the first rises, but for the last, of which one
/// is not known. With ratios that are each other's opposite in logarithm, the correlation is −1.
#[test]
fn what_rises_where_something_else_falls_goes_together_across_municipalities() {
    let root = folder("across");
    let tabel = root.join("99999NED");
    let topic = |name: &str| {
        format!(r#"{{"Type":"Topic","Key":"{name}","Title":"{name}","Datatype":"Long","Unit":"aantal","Decimals":0}}"#)
    };
    write(&tabel, "TableInfos", r#"{"ID":0,"Title":"Zorg","Identifier":"99999NED","Modified":"2024-05-29T02:00:00"}"#);
    let dimensions = r#"{"Type":"GeoDimension","Key":"RegioS"},{"Type":"TimeDimension","Key":"Perioden"}"#;
    write(&tabel, "DataProperties", &format!("{dimensions},{},{}", topic("Steun_1"), topic("Zwaar_2")));
    let codes: Vec<String> = (0..13).map(|at| format!("GM{:04}", 1700 + at)).collect();
    let regions: Vec<String> = codes.iter().map(|code| format!(r#"{{"Key":"{code}","Title":"{code}"}}"#)).collect();
    write(&tabel, "RegioS", &regions.join(","));
    let period = |year: i32| format!(r#"{{"Key":"{year}JJ00","Title":"{year}","Status":"Definitief"}}"#);
    write(&tabel, "Perioden", &format!("{},{}", period(2019), period(2022)));
    let row = |code: &String, year: i32, steun: i64, zwaar: &str| {
        format!(r#"{{"RegioS":"{code}  ","Perioden":"{year}JJ00","Steun_1":{steun},"Zwaar_2":{zwaar}}}"#)
    };
    // Of municipality `at` help goes from 1000 to 1000·2^at and heavy care from 2^12 to 2^(12 − at).
    let rows = codes.iter().zip(0_u32..).flat_map(|(code, at)| {
        let last = if at == 12 { "null".to_owned() } else { 2_i64.pow(12 - at).to_string() };
        [row(code, 2019, 1000, "4096"), row(code, 2022, 1000 * 2_i64.pow(at), &last)]
    });
    write(&tabel, "TypedDataSet-0001", &rows.collect::<Vec<_>>().join(","));
    let lake = open_lake(&root.join("data")).expect("a lake");
    let when = ("2025-07-01T09:00:00Z", parse_date("2025-07-01").expect("a day"));
    let report = import_open_data(&lake, &tabel, when).expect("imported");
    assert!(report.fault_count == 0, "{report:?}");
    let grip = Grip::open(&root.join("data")).expect("the lake");
    let (gemeente, day) = ("1700".parse().expect("a code"), parse_date("2025-07-01").expect("a day"));
    let measures = grip.measures(gemeente, day).expect("measures");
    let id = |name: &str| &measures.iter().find(|measure| measure.naam == name).expect("a measure").id;
    let ask = |is_more: bool| grip.across(gemeente, day, id("Steun"), id("Zwaar"), is_more).expect("an answer");
    let found = ask(false).expect("enough municipalities");
    assert_eq!((found.verdict, found.from, found.to, found.gemeenten), ("fits", 2019, 2022, 12));
    assert!((found.correlation + 1.0).abs() < 1e-9 && found.high < -0.99, "{found:?}");
    assert_eq!(ask(true).expect("the same").verdict, "does_not_fit");
    assert_eq!(grip.across(gemeente, day, id("Steun"), "cbs:geen:cijfer:", true).expect("an answer"), None);
}
