//! A report as page, workbook and list.

use std::collections::BTreeSet;

use grip_report::{
    Block, Cell, Chart, Column, Fan, FanAxis, FanLabels, Figure, Interval, Language, Remark, Report, Section, Table,
    TableRow, report_csv, report_html, report_html_body, report_json, report_of_json, report_xlsx,
};
use jiff::civil::date;

const EVIL: &str = "<script>alert(\"x\")</script> & 'y'";

fn table(id: &str, title: &str) -> Table {
    Table {
        id: id.to_owned(),
        title: title.to_owned(),
        note: "Bedragen × € 1.000.".to_owned(),
        empty: "Er is niets.".to_owned(),
        columns: vec![
            Column::text("vorm"),
            Column::number("uit\u{ad}gaven"),
            Column::number("ver\u{ad}schil"),
            Column::number("deel"),
            Column::prose("toelichting"),
        ],
        rows: vec![
            TableRow::new(
                "=1+1",
                vec![Cell::Thousands(123_456_700), Cell::Difference(-2_500_000), Cell::Share(0.25), Cell::text(EVIL)],
            )
            .linked("/zorg?vorm=1"),
            TableRow::new(
                "met verblijf",
                vec![
                    Cell::Withheld,
                    Cell::Nothing,
                    Cell::Real(f64::NAN, 1),
                    Cell::Link { text: "bron".to_owned(), href: "https://example.org/?a=1&b=2".to_owned() },
                ],
            ),
        ],
        total: Some(TableRow::new("Totaal", vec![Cell::Euros(123_456_700), Cell::Cents(5), Cell::Count(3)])),
    }
}

fn chart() -> Chart {
    Chart::Fan(Fan {
        id: "prognose".to_owned(),
        title: "De prognose ligt boven de begroting".to_owned(),
        description: "Een lijn met de prognose, haar marge en de begroting.".to_owned(),
        language: Language::Nl,
        low: 4_000_000_000,
        estimate: 4_120_000_000,
        high: 4_260_000_000,
        budget: Some(3_930_000_000),
        axis: FanAxis::around(&[3_930_000_000, 4_260_000_000]),
        labels: Some(FanLabels { estimate: "prognose".to_owned(), budget: "begroting".to_owned() }),
    })
}

fn report(language: Language) -> Report {
    let figure = Figure {
        name: "Uitgaven".to_owned(),
        value: Cell::Euros(4_120_000_000),
        interval: Some(Interval {
            name: "80 % kans".to_owned(),
            low: Cell::Euros(4_000_000_000),
            high: Cell::Euros(4_260_000_000),
        }),
        note: "begroot is € 39,3 mln".to_owned(),
    };
    let remark = Remark {
        title: "Waarom & hoe".to_owned(),
        markdown: format!(
            "Dit **ligt** hoger.\n\n- een\n- [twee](https://example.org)\n- [kwaad](javascript:x)\n\n{EVIL}"
        ),
        by: "Beleid <Jeugd>".to_owned(),
        on: date(2025, 7, 1),
    };
    let below = Section::new(
        "Verdieping",
        vec![
            Block::PageBreak,
            Block::Table(table("leeg", "Kosten per vorm")),
            Block::Table(Table { rows: Vec::new(), total: None, ..table("niets", "Kosten per vorm") }),
        ],
    );
    Report {
        title: format!("Monitor {EVIL}"),
        subtitle: "2025".to_owned(),
        gemeente: "Voorbeeldstad".to_owned(),
        peildatum: date(2025, 6, 30),
        language,
        origin: vec![("Bron".to_owned(), EVIL.to_owned())],
        sections: vec![
            Section::new(
                "Beeld",
                vec![
                    Block::Paragraph(EVIL.to_owned()),
                    Block::Figures(vec![figure]),
                    Block::Notice("Voorlopig.".to_owned()),
                    Block::Chart(Box::new(chart()), table("prognose", "De prognose")),
                    Block::Remark(remark),
                ],
            )
            .with(vec![below]),
            Section::new("Tweede", Vec::new()),
        ],
    }
}

/// Reads a page as XML, which is stricter than HTML, and gives the names of its elements in order.
fn elements(page: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for tag in page.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('!') || ["meta", "br"].contains(&name.as_str()) {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()), "{tag}");
        } else {
            found.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    found
}

#[test]
fn the_page_is_well_formed_and_nothing_in_it_runs() {
    for language in [Language::Nl, Language::En] {
        let page = report_html(&report(language));
        let found = elements(&page);
        assert!(!found.contains(&"script".to_owned()) && !page.contains("javascript:"), "{page}");
        assert!(page.contains(&format!("<html lang=\"{}\">", language.code())));
        assert_eq!(found.iter().filter(|name| *name == "h1").count(), 1);
        assert!(page.contains("&lt;script&gt;") && page.contains("<div lang=\"nl\">"));
        assert!(!page.contains("src=") && !page.contains("@import") && !page.contains("url(http"));
    }
}

#[test]
fn headings_go_down_one_by_one_and_ids_differ() {
    let page = report_html(&report(Language::Nl));
    let levels = elements(&page).into_iter().filter_map(|name| name.strip_prefix('h')?.parse::<u32>().ok());
    let mut before = 0;
    for level in levels {
        assert!(level <= before + 1, "h{level} after h{before}");
        before = level;
    }
    assert!(before >= 2);
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&target), "{target}");
    }
}

#[test]
fn tables_and_charts_can_be_heard() {
    let page = report_html(&report(Language::Nl));
    assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
    assert!(!page.contains("<th>") && page.contains("<th scope=\"col\">") && page.contains("<th scope=\"row\">"));
    let (_, figure) = page.split_once("<figure>").expect("a chart");
    let (figure, _) = figure.split_once("</figure>").expect("it ends");
    assert!(figure.starts_with("<figcaption>De prognose ligt boven de begroting</figcaption><svg"));
    assert_eq!(figure.matches("role=\"img\"").count(), 2);
    assert!(figure.contains("<desc") && figure.contains("<table>"));
    assert!(page.contains("class=\"n adverse\">−25\u{a0}N</td>"), "{page}");
}

#[test]
fn links_of_the_application_stay_inside_it() {
    let report = report(Language::Nl);
    assert!(!report_html(&report).contains("/zorg?vorm=1"));
    assert!(report_html(&report).contains("https://example.org/?a=1&amp;b=2"));
    let body = report_html_body(&report);
    assert!(body.contains("<a href=\"/zorg?vorm=1\">") && !body.contains("<h1"));
    elements(&body);
}

#[test]
fn the_list_has_every_number_with_its_place() {
    let list = report_csv(&report(Language::Nl));
    let lines: Vec<&str> = list.split("\r\n").collect();
    assert_eq!(lines[0], "gemeente,peildatum,deel,tabel,titel,nr,rij,kolom,waarde,eenheid,getoond");
    let starts = "Voorbeeldstad,2025-06-30,Beeld";
    assert_eq!(lines[1], format!("{starts},kerncijfers,,1,Uitgaven,waarde,41200000.00,euro,€\u{a0}41.200.000"));
    assert_eq!(
        lines[2],
        format!("{starts},kerncijfers,80 % kans,1,Uitgaven,ondergrens,40000000.00,euro,€\u{a0}40.000.000")
    );
    assert_eq!(lines[4], format!("{starts},prognose,De prognose,1,'=1+1,uitgaven,1234567.00,euro,1.235"));
    assert!(list.contains("Beeld > Verdieping,leeg,Kosten per vorm,totaal,Totaal,uitgaven,1234567.00,euro"), "{list}");
    assert!(list.contains(",met verblijf,uitgaven,,,te weinig"), "{list}");
    assert!(list.contains(",toelichting,\"<script>alert(\"\"x\"\")</script> & 'y'\",tekst,"), "{list}");
    // Three for the figure, and two tables of two rows of four cells and a total of three.
    assert_eq!(lines.len(), 1 + 3 + 2 * 11 + 1);
}

#[test]
fn the_workbook_is_the_same_each_time() {
    let make = |language| report_xlsx(&report(language)).expect("it fits");
    assert!(make(Language::Nl).starts_with(b"PK"));
    assert_eq!(make(Language::Nl), make(Language::Nl));
    assert_ne!(make(Language::Nl), make(Language::En));
}

#[test]
fn a_report_comes_back_as_it_was_sent() {
    for language in [Language::Nl, Language::En] {
        let report = report(language);
        let json = report_json(&report).expect("JSON");
        let back = report_of_json(&json).expect("a report");
        assert_eq!(report_json(&back).expect("JSON"), json);
        assert_eq!(report_html(&back), report_html(&report));
        assert_eq!(report_csv(&back), report_csv(&report));
        assert_eq!((back.peildatum, back.language), (report.peildatum, language));
    }
}

/// A number between two that are shown goes one way only, on whichever side of the pipe.
#[test]
fn real_numbers_come_back_to_the_last_bit() {
    let reals = [0.1 + 0.2, 2.675, 1.0 / 3.0, 123_456.785, 5e-324, f64::MAX, -0.0, f64::NAN, f64::INFINITY];
    for real in reals {
        let block = Block::Table(Table {
            rows: vec![TableRow::new("", vec![Cell::Real(real, 2), Cell::Share(real)])],
            ..table("t", "")
        });
        let sent = Report { sections: vec![Section::new("", vec![block])], ..report(Language::Nl) };
        let back = report_of_json(&report_json(&sent).expect("JSON")).expect("a report");
        let Some((_, Block::Table(table))) = back.blocks().into_iter().next() else { panic!("a table") };
        let [Cell::Real(one, 2), Cell::Share(two)] = table.rows[0].cells[..] else { panic!("two numbers") };
        assert_eq!([one.to_bits(), two.to_bits()], [real.to_bits(); 2]);
    }
}

#[test]
fn a_report_of_another_form_is_refused_for_that() {
    let refused = |json: &str| report_of_json(json.as_bytes()).expect_err("it is refused").to_string();
    assert!(refused("{\"form\":7,\"report\":[]}").starts_with("it has form 7 and this program reads form 1\nhint: "));
    assert!(refused("{\"report\":{}}").contains("missing field `form`"));
    assert!(refused("{\"form\":1}").contains("missing field `report`"));
    let json = String::from_utf8(report_json(&report(Language::Nl)).expect("JSON")).expect("text");
    assert!(refused(&json.replace("2025-06-30", "2025-02-30")).contains("day"));
    assert!(refused(&json.replace("\"difference\"", "\"verschil\"")).contains("unknown variant `verschil`"));
}
