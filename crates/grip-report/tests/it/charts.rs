use grip_report::{
    Block, Chart, Course, CourseBand, CourseLine, Dots, DotsRow, Fan, FanAxis, FanLabels, Form, Language, Layer, Look,
    Mark, Marker, MonthBar, MonthChart, Planning, PlanningBar, PlanningMark, PlanningMonth, PlanningRow, PlanningWait,
    Reference, Report, Ribbon, Sankey, Scale, Section, Spread, Step, Table, Waterfall, WaterfallStep, Width,
    month_name, month_name_short, report_json, report_of_json, svg,
};

/// A name and an address with all that XML has a meaning for.
const NAME: &str = "jeugd & \"Wmo\" <samen>";
const HREF: &str = "/x?a=1&b=\"<2>\"";

fn months() -> Chart {
    let language = Language::Nl;
    Chart::Months(MonthChart {
        id: "Maanden 2025".to_owned(),
        title: "Tot en met juni is € 18,1 mln gedeclareerd & \"meer\" <komt>".to_owned(),
        description: "Gestapelde kolommen per maand van levering.".to_owned(),
        language,
        layers: vec![
            Layer { name: "gedeclareerd".to_owned(), total: Some(1_810_000_000), look: Look::Solid },
            Layer { name: "nog te declareren".to_owned(), total: Some(240_000_000), look: Look::Hatched },
            Layer { name: "open verplichtingen".to_owned(), total: Some(1_500_000_000), look: Look::Tint },
            Layer { name: "nieuwe instroom".to_owned(), total: Some(600_000_000), look: Look::Outline },
        ],
        bars: (1..=12)
            .map(|month| MonthBar {
                name: format!("{} 2025", month_name(month, language)),
                label: month_name_short(month, language).to_owned(),
                initial: month_name_short(month, language)[..1].to_owned(),
                values: match month {
                    1..=4 => vec![330_000_000, 1_000_000, 0, 0],
                    5..=6 => vec![245_000_000, 118_000_000, 0, 0],
                    _ => vec![0, 0, 250_000_000, 100_000_000],
                },
                interval: Some((330_000_000, 330_000_000 + i64::from(month) * 8_000_000)),
                href: (month == 6).then(|| HREF.to_owned()),
            })
            .collect(),
        reference: Some(Reference { name: vec!["begroting".to_owned(), "per maand".to_owned()], value: 327_000_000 }),
        marker: Some(Marker { name: "peildatum 30 juni".to_owned(), position: 6.0 }),
        interval_name: "80 % kans tussen".to_owned(),
    })
}

fn fan(labels: Option<FanLabels>) -> Chart {
    Chart::Fan(Fan {
        id: "44".to_owned(),
        title: "Jeugdwet 44".to_owned(),
        description: "Prognose met interval tegen begroting.".to_owned(),
        language: Language::Nl,
        low: 4_000_000_000,
        estimate: 4_120_000_000,
        high: 4_260_000_000,
        budget: Some(3_930_000_000),
        axis: FanAxis::around(&[3_930_000_000, 4_260_000_000]),
        labels,
    })
}

fn labels() -> Option<FanLabels> {
    Some(FanLabels { estimate: "prognose".to_owned(), budget: "begroting".to_owned() })
}

fn course() -> Chart {
    let step = |at: i64| Step {
        name: format!("maand {at} {NAME}"),
        label: at.to_string(),
        initial: at.to_string(),
        year: if at == 0 { "2025" } else { "" }.to_owned(),
        href: (at == 1).then(|| HREF.to_owned()),
    };
    let band = CourseBand { name: "80 % kans".to_owned(), bounds: vec![Some((10, 40)), None, Some((20, 50))] };
    Chart::Course(Course {
        id: "verloop".to_owned(),
        title: "Verloop".to_owned(),
        description: "Een lijn.".to_owned(),
        language: Language::Nl,
        scale: Scale::Percent { name: NAME.to_owned() },
        labels: (0..3).map(step).collect(),
        lines: vec![CourseLine { name: NAME.to_owned(), values: vec![Some(25), None, Some(35)], band: Some(band) }],
        reference: Some(Reference { name: vec![NAME.to_owned()], value: 30 }),
        marks: vec![Mark { at: 1, name: NAME.to_owned() }, Mark { at: 9, name: "buiten beeld".to_owned() }],
        form: Form::Stairs,
        from_zero: true,
        known_to: 2,
        provisional_name: "nog niet compleet".to_owned(),
    })
}

fn sankey() -> Chart {
    let ribbon = |from, href| Ribbon { from, to: 0, clients: 7, href };
    Chart::Sankey(Sankey {
        id: "stroom".to_owned(),
        title: "Stroom".to_owned(),
        description: "Banden.".to_owned(),
        language: Language::Nl,
        unit: "cliënten".to_owned(),
        from_name: "toen".to_owned(),
        to_name: "nu".to_owned(),
        from: vec![NAME.to_owned(), "b".to_owned()],
        to: vec!["c".to_owned()],
        ribbons: vec![ribbon(0, Some(HREF.to_owned())), ribbon(1, None)],
    })
}

fn dots() -> Chart {
    let row = |href| DotsRow {
        name: NAME.to_owned(),
        scale: Scale::Euros,
        own: Some(41_200),
        group: Some(Spread { low: 30_000, median: 40_000, high: 50_000 }),
        href,
    };
    Chart::Dots(Dots {
        id: "naast".to_owned(),
        title: "Naast".to_owned(),
        description: "Rijen.".to_owned(),
        language: Language::Nl,
        own_name: "Voorbeeldstad".to_owned(),
        median_name: "mediaan".to_owned(),
        group_name: "laagste – hoogste".to_owned(),
        rows: vec![row(Some(HREF.to_owned())), row(None)],
        shared: true,
    })
}

fn planning() -> Chart {
    let row = |href| PlanningRow {
        name: NAME.to_owned(),
        state: "bezig".to_owned(),
        depth: 0,
        bar: Some(PlanningBar {
            from: 3,
            to: 20,
            look: Some(Look::Hatched),
            planned: Some((0, 17)),
            is_critical: true,
        }),
        told: NAME.to_owned(),
        href,
    };
    let month = PlanningMonth { label: "jan".to_owned(), quarter: "k1".to_owned(), year: "2025".to_owned(), days: 31 };
    Chart::Planning(Planning {
        id: "planning".to_owned(),
        title: "Planning".to_owned(),
        description: "Rijen.".to_owned(),
        language: Language::Nl,
        months: vec![month],
        rows: vec![row(Some(HREF.to_owned())), row(None)],
        waits: vec![PlanningWait { first: 0, then: 1, is_broken: true }],
        marks: vec![PlanningMark { day: 9, name: "peildatum".to_owned() }],
        keys: vec![(Look::Hatched, "bezig".to_owned())],
        critical_name: "bepaalt het einde".to_owned(),
        planned_name: "zoals gepland".to_owned(),
    })
}

fn waterfall() -> Chart {
    let step = |amount, href| WaterfallStep { name: NAME.to_owned(), amount, href };
    Chart::Waterfall(Waterfall {
        id: "verandering".to_owned(),
        title: "Verandering".to_owned(),
        description: "Stappen.".to_owned(),
        language: Language::Nl,
        from: "toen".to_owned(),
        start: 100_000,
        steps: vec![step(5_000, Some(HREF.to_owned())), step(-2_000, None)],
        to: "nu".to_owned(),
    })
}

/// One of each that has stops, and how many; one of them leads somewhere.
fn walked() -> [(Chart, usize); 6] {
    [(months(), 12), (course(), 3), (sankey(), 2), (dots(), 2), (planning(), 2), (waterfall(), 4)]
}

/// Every start tag has its end tag, attributes are quoted, and no bare `&` or `<` is left: enough of XML to notice what
/// an SVG writer can do wrong. Returns the names of elements in order.
fn elements(svg: &str) -> Vec<String> {
    let (mut open, mut seen, mut rest) = (Vec::new(), Vec::new(), svg);
    while let Some(start) = rest.find('<') {
        check_text(&rest[..start]);
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "in {svg}");
        } else {
            let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            assert_eq!(tag.matches("=\"").count() * 2, tag.matches('"').count(), "{tag}");
            check_text(tag);
            if !tag.ends_with('/') {
                open.push(name.clone());
            }
            seen.push(name);
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.is_empty(), "{open:?} {rest}");
    seen
}

#[track_caller]
fn check_text(text: &str) {
    for (at, _) in text.match_indices('&') {
        let known = ["&amp;", "&lt;", "&gt;", "&quot;"];
        assert!(known.iter().any(|entity| text[at..].starts_with(entity)), "{text}");
    }
}

#[test]
fn drawings_are_well_formed_and_described() {
    let walked = walked().map(|(chart, _)| chart);
    for chart in walked.into_iter().chain([fan(labels()), fan(None)]) {
        for width in [Width::Wide, Width::Paper, Width::Narrow] {
            let drawn = svg(&chart, width);
            let elements = elements(&drawn);
            assert_eq!(elements[..3], ["svg", "title", "desc"]);
            assert!(drawn.contains("aria-labelledby") && drawn.contains("aria-describedby"));
            let stops = drawn.matches(r#"class="stop""#).count();
            let role = if stops > 0 { r#"role="group""# } else { r#"role="img""# };
            assert!(drawn.split('>').next().is_some_and(|svg| svg.contains(role)), "{drawn}");
            assert!(stops == 0 || width == Width::Wide, "only a desk has stops");
            assert!(!drawn.contains("style=") && !drawn.contains("<style") && !drawn.contains("<script"));
            assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
        }
    }
}

#[test]
fn every_part_and_month_is_named_with_its_amount() {
    let drawn = svg(&months(), Width::Wide).replace('\u{a0}', " ");
    for text in [
        "gedeclareerd € 18,1 mln",
        "nog te declareren € 2,40 mln",
        "open verplichtingen € 15,0 mln",
        "nieuwe instroom € 6,00 mln",
        ">begroting<",
        ">€ 3,27 mln<",
        ">peildatum 30 juni<",
        "€ mln",
        "&amp; &quot;meer&quot; &lt;komt&gt;",
        "aria-label=\"juni 2025: gedeclareerd € 2,45 mln, nog te declareren € 1,18 mln; 80 % kans tussen € 3,30 mln – € 3,78 mln",
    ] {
        assert!(drawn.contains(text), "{text} in {drawn}");
    }
    for month in 1..=12 {
        assert!(drawn.contains(&format!(">{}<", month_name_short(month, Language::Nl))), "{month}");
    }
    let drawn = svg(&fan(labels()), Width::Narrow).replace('\u{a0}', " ");
    for text in ["prognose € 41,2 mln", "begroting € 39,3 mln", "€ 40,0 mln", "€ 42,6 mln"] {
        assert!(drawn.contains(text), "{text} in {drawn}");
    }
}

#[test]
fn ids_differ_by_chart_and_width() {
    let mut ids = Vec::new();
    for chart in walked().map(|(chart, _)| chart).into_iter().chain([fan(None)]) {
        for width in [Width::Wide, Width::Paper, Width::Narrow] {
            let drawn = svg(&chart, width);
            ids.extend(drawn.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or("").to_owned()));
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(ids.iter().all(|id| id.starts_with(|c: char| c.is_ascii_lowercase())), "{ids:?}");
}

#[test]
fn the_same_chart_is_the_same_text() {
    for ((one, _), (other, _)) in walked().into_iter().zip(walked()) {
        assert_eq!(svg(&one, Width::Wide), svg(&other, Width::Wide));
        assert_eq!(svg(&one, Width::Narrow), svg(&other, Width::Narrow));
    }
}

#[test]
fn parts_are_told_apart_without_colour() {
    let drawn = svg(&months(), Width::Wide);
    assert!(
        drawn.contains("url(#maanden-2025-wide-hatch)") && drawn.contains("<pattern id=\"maanden-2025-wide-hatch\"")
    );
    assert!(drawn.contains("stroke-dasharray=\"3 2\""), "the least certain part is an outline");
}

#[test]
fn the_keyboard_walks_what_belongs_together_and_opens_what_has_a_page() {
    for (chart, stops) in walked() {
        let drawn = svg(&chart, Width::Wide);
        let link = "<a class=\"stop\" href=\"/x?a=1&amp;b=&quot;&lt;2&gt;&quot;\" aria-label=\"";
        assert_eq!(drawn.matches(link).count(), 1, "{drawn}");
        let others = "<g class=\"stop\" tabindex=\"0\" role=\"img\" aria-label=\"";
        assert_eq!(drawn.matches(others).count(), stops - 1, "{drawn}");
        assert_eq!(drawn.matches("<g class=\"tip\" display=\"none\" aria-hidden=\"true\">").count(), stops);
        let (picture, stops) = drawn.split_once("class=\"stop\"").expect("a stop");
        assert!(picture.contains("<g aria-hidden=\"true\">"), "what a screen reader hears is the stops");
        assert!(!stops.contains("c-solid") && !stops.contains("c-ribbon"), "stops lie over the picture");
        assert_eq!(svg(&chart, Width::Narrow).matches("<g><title>").count(), drawn.matches("class=\"stop\"").count());
    }
    let narrow = svg(&months(), Width::Narrow).replace('\u{a0}', " ");
    assert!(narrow.contains("<g><title>juni 2025: gedeclareerd € 2,45 mln"), "{narrow}");
}

#[test]
fn names_are_escaped_and_what_is_not_there_is_not_marked() {
    for chart in [course(), sankey(), dots()] {
        let drawn = svg(&chart, Width::Wide);
        assert!(drawn.contains("jeugd &amp; &quot;Wmo&quot; &lt;samen&gt;"), "{drawn}");
        assert!(!drawn.contains("<samen>") && !drawn.contains("buiten beeld"));
    }
}

#[test]
fn charts_come_back_as_they_were_sent() {
    let charts = [months(), fan(None), course(), sankey(), dots(), planning(), waterfall()];
    let table = Table {
        id: "t".to_owned(),
        title: String::new(),
        note: String::new(),
        empty: String::new(),
        columns: Vec::new(),
        rows: Vec::new(),
        total: None,
    };
    let blocks = charts.map(|chart| Block::Chart(Box::new(chart), table.clone()));
    let report = Report {
        title: NAME.to_owned(),
        subtitle: String::new(),
        gemeente: NAME.to_owned(),
        peildatum: jiff::civil::date(2025, 6, 30),
        language: Language::En,
        origin: Vec::new(),
        sections: vec![Section::new(NAME, blocks.to_vec())],
    };
    let json = report_json(&report).expect("JSON");
    assert_eq!(report_of_json(&json).expect("a report"), report);
}
