//! Prints a page with every kind of chart, with the style sheet of the pages, to look at in a browser.

use std::io::Write;

use grip_report::{
    Chart, Course, CourseBand, CourseLine, Dots, DotsRow, Fan, FanAxis, FanLabels, Form, Language, Layer, Look, Mark,
    Marker, MonthBar, MonthChart, Planning, PlanningBar, PlanningMark, PlanningMonth, PlanningRow, PlanningWait,
    RateBar, RateChart, Reference, Ribbon, Sankey, Scale, Spread, Step, Waterfall, WaterfallStep, Width, month_name,
    month_name_short, svg,
};

const STYLE: &str =
    concat!(include_str!("../../grip-web/src/tokens.css"), include_str!("../../grip-web/src/style.css"));

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    write!(
        out,
        "<!DOCTYPE html><html lang=\"nl\"><head><meta charset=\"utf-8\"><title>Grafieken</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head>\
         <body><main class=\"width\"><h1>Grafieken</h1>"
    )?;
    let charts = [
        ("Kosten per maand", months()),
        ("Bevindingen per maand", rates()),
        ("Prognose en begroting", fan()),
        ("Van prognose naar prognose", waterfall()),
        ("Twee vormen, vijf jaar, met marges", course_of_months()),
        ("Vier lijnen, één jaar", four_lines()),
        ("Hoe lang een voorziening loopt", survival()),
        ("Kosten per cliënt", money()),
        ("Van vorm naar vorm", sankey()),
        ("Naast andere gemeenten, elk op eigen schaal", dots(false)),
        ("Naast andere gemeenten, op één schaal", dots(true)),
        ("Wanneer een programma klaar is", planning()),
    ];
    for (title, chart) in charts {
        let (wide, narrow) = (svg(&chart, Width::Wide), svg(&chart, Width::Narrow));
        write!(out, "<section><figure><figcaption>{title}</figcaption>{wide}{narrow}</figure></section>")?;
    }
    writeln!(out, "</main></body></html>")
}

/// Month `at` of the months since January of a year: its short name, its full name and, in January, its year.
fn month(at: usize, from: usize) -> (String, String, String) {
    let number = i8::try_from(at % 12 + 1).expect("a month");
    let year = from + at / 12;
    let short = month_name_short(number, Language::Nl).to_owned();
    let begins = if at.is_multiple_of(12) { year.to_string() } else { String::new() };
    (short, format!("{} {year}", month_name(number, Language::Nl)), begins)
}

fn month_steps(count: usize, from: usize) -> Vec<Step> {
    let step = |at| {
        let (label, name, year) = month(at, from);
        Step { name, initial: label.chars().take(1).collect(), label, year, href: Some(format!("#maand-{at}")) }
    };
    (0..count).map(step).collect()
}

/// Values that go up and down without chance: `base`, rising by `rise` per step, with a swing.
fn swinging(count: i64, base: i64, rise: i64, swing: i64) -> Vec<i64> {
    (0..count).map(|at| base + rise * at + swing * ((at * 7) % 11 - 5) / 5).collect()
}

fn some(values: Vec<i64>) -> Vec<Option<i64>> {
    values.into_iter().map(Some).collect()
}

fn months() -> Chart {
    let layer = |name: &str, total, look| Layer { name: name.to_owned(), total: Some(total), look };
    let bars = (0..12).map(|at| {
        let (label, name, _) = month(at, 2025);
        let values = match at {
            0..=3 => vec![330_000_000, 1_000_000, 0, 0],
            4..=5 => vec![245_000_000, 118_000_000, 0, 0],
            _ => vec![0, 0, 250_000_000, 100_000_000],
        };
        let spread = 8_000_000 * i64::try_from(at).expect("a month");
        let interval = Some((330_000_000, 345_000_000 + spread));
        MonthBar { name, initial: label[..1].to_owned(), label, values, interval, href: Some("#maand".to_owned()) }
    });
    Chart::Months(MonthChart {
        id: "maanden".to_owned(),
        title: "Kosten per maand".to_owned(),
        description: "Kolommen per maand.".to_owned(),
        language: Language::Nl,
        layers: vec![
            layer("gedeclareerd", 1_810_000_000, Look::Solid),
            layer("nog te declareren", 240_000_000, Look::Hatched),
            layer("open verplichtingen", 1_500_000_000, Look::Tint),
            layer("nieuwe instroom", 600_000_000, Look::Outline),
        ],
        bars: bars.collect(),
        reference: Some(Reference { name: vec!["begroting".to_owned(), "per maand".to_owned()], value: 327_000_000 }),
        marker: Some(Marker { name: "peildatum 30 juni".to_owned(), position: 6.0 }),
        interval_name: "80 % kans tussen".to_owned(),
    })
}

fn rates() -> Chart {
    let bars = (0..24).zip(swinging(24, 60, 1, 30)).map(|(at, tenths)| {
        let (label, name, year) = month(at, 2024);
        RateBar { name, initial: label[..1].to_owned(), label, year, tenths: (at != 4).then_some(tenths) }
    });
    Chart::Rates(RateChart {
        id: "bevindingen".to_owned(),
        title: "Bevindingen per maand".to_owned(),
        description: "Kolommen per maand.".to_owned(),
        language: Language::Nl,
        unit: "per 1.000 regels".to_owned(),
        bars: bars.collect(),
    })
}

fn fan() -> Chart {
    Chart::Fan(Fan {
        id: "prognose".to_owned(),
        title: "Prognose en begroting".to_owned(),
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

fn waterfall() -> Chart {
    let step = |name: &str, amount| WaterfallStep { name: name.to_owned(), amount, href: Some("#stap".to_owned()) };
    Chart::Waterfall(Waterfall {
        id: "verandering".to_owned(),
        title: "Van prognose naar prognose".to_owned(),
        description: "Stappen onder elkaar.".to_owned(),
        language: Language::Nl,
        from: "prognose op 31 mei 2025".to_owned(),
        start: 3_600_000_000,
        steps: vec![
            step("late declaraties over april 2025", 31_000_000),
            step("nieuwe toewijzingen", 62_000_000),
            step("gestopte ondersteuning", -48_000_000),
            step("meer geleverd dan verwacht", 12_000_000),
        ],
        to: "prognose op 30 juni 2025".to_owned(),
    })
}

fn course(id: &str, scale: Scale, labels: Vec<Step>, lines: Vec<CourseLine>) -> Course {
    Course {
        id: id.to_owned(),
        title: "Verloop".to_owned(),
        description: "Lijnen per maand.".to_owned(),
        language: Language::Nl,
        scale,
        known_to: labels.len(),
        labels,
        lines,
        reference: None,
        marks: Vec::new(),
        form: Form::Straight,
        from_zero: true,
        provisional_name: "nog niet compleet".to_owned(),
    }
}

fn line(name: &str, values: Vec<Option<i64>>) -> CourseLine {
    CourseLine { name: name.to_owned(), values, band: None }
}

fn course_of_months() -> Chart {
    let mut first = line("jeugdhulp zonder verblijf", some(swinging(60, 4_000, 25, 300)));
    let mut second = line("jeugdhulp met verblijf", some(swinging(60, 1_500, -4, 150)));
    for at in [20, 21, 35, 37] {
        second.values[at] = None;
    }
    for line in [&mut first, &mut second] {
        let values = line.values.iter().enumerate();
        let bounds = values.map(|(at, value)| value.filter(|_| at >= 48).map(|v| (v - 300, v + 350))).collect();
        line.band = Some(CourseBand { name: "80 % kans".to_owned(), bounds });
    }
    let scale = Scale::Number { name: "cliënten".to_owned() };
    let mut chart = course("vijf-jaar", scale, month_steps(60, 2021), vec![first, second]);
    chart.known_to = 52;
    chart.marks = vec![
        Mark { at: 16, name: "hier veranderde het".to_owned() },
        Mark { at: 21, name: "hier was het te zien".to_owned() },
        Mark { at: 56, name: "nieuwe verordening".to_owned() },
    ];
    chart.reference = Some(Reference { name: vec!["gemiddelde".to_owned(), "van de regio".to_owned()], value: 3_000 });
    Chart::Course(chart)
}

fn four_lines() -> Chart {
    let names = ["Wmo begeleiding", "Wmo huishoudelijke hulp", "Jeugd zonder verblijf", "Jeugd met verblijf"];
    let lines = names.into_iter().zip([620, 705, 810, 880]);
    let lines = lines.map(|(name, base)| line(name, some(swinging(12, base, 5, 28)))).collect();
    let scale = Scale::Percent { name: "op tijd gedeclareerd".to_owned() };
    let mut chart = course("vier", scale, month_steps(12, 2025), lines);
    chart.known_to = 10;
    chart.from_zero = false;
    Chart::Course(chart)
}

fn survival() -> Chart {
    let steps = (0..=36).map(|at: i32| Step {
        name: format!("na {at} maanden"),
        label: at.to_string(),
        initial: at.to_string(),
        year: String::new(),
        href: None,
    });
    let curve = |monthly: i64| {
        (0..=36).scan(1_000_i64, move |left, _| {
            let now = *left;
            *left = *left * monthly / 1_000;
            Some(now)
        })
    };
    let mut first = line("gestart in 2022", curve(955).map(Some).collect());
    let bounds = curve(955).zip(0..).map(|(v, at)| Some(((v - at * 3).max(0), (v + at * 2).min(1_000)))).collect();
    first.band = Some(CourseBand { name: "95 % betrouwbaar".to_owned(), bounds });
    let second = line("gestart in 2024", curve(925).take(22).map(Some).collect());
    let scale = Scale::Percent { name: "loopt nog, naar maanden na de start".to_owned() };
    let mut chart = course("duur", scale, steps.collect(), vec![first, second]);
    chart.form = Form::Stairs;
    chart.reference = Some(Reference { name: vec!["de helft".to_owned()], value: 500 });
    Chart::Course(chart)
}

fn money() -> Chart {
    let lines = vec![line("kosten per cliënt", some(swinging(24, 82_000_000, 700_000, 4_000_000)))];
    let mut chart = course("kosten", Scale::Euros, month_steps(24, 2024), lines);
    chart.known_to = 21;
    Chart::Course(chart)
}

fn sankey() -> Chart {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let flows = [
        (0, 0, 210),
        (0, 1, 24),
        (0, 4, 61),
        (1, 0, 12),
        (1, 1, 130),
        (1, 2, 9),
        (1, 4, 33),
        (2, 1, 18),
        (2, 2, 41),
        (2, 4, 2),
        (3, 0, 88),
        (3, 1, 45),
        (3, 2, 6),
        (3, 3, 15),
    ];
    let ribbon = |(from, to, clients)| Ribbon { from, to, clients, href: Some(format!("#van-{from}-naar-{to}")) };
    Chart::Sankey(Sankey {
        id: "stroom".to_owned(),
        title: "Van vorm naar vorm".to_owned(),
        description: "Banden van links naar rechts.".to_owned(),
        language: Language::Nl,
        unit: "cliënten".to_owned(),
        from_name: "op 1 januari 2024".to_owned(),
        to_name: "op 1 januari 2025".to_owned(),
        from: names(&[
            "ambulante jeugdhulp",
            "jeugdhulp met verblijf in een gezinsvorm",
            "gesloten jeugdhulp",
            "nieuw",
        ]),
        to: names(&[
            "ambulante jeugdhulp",
            "jeugdhulp met verblijf in een gezinsvorm",
            "gesloten jeugdhulp",
            "pleegzorg",
            "uit zorg",
        ]),
        ribbons: flows.into_iter().map(ribbon).collect(),
    })
}

fn dots(shared: bool) -> Chart {
    let row = |name: &str, scale: Scale, own, (low, median, high)| DotsRow {
        name: name.to_owned(),
        scale,
        own,
        group: Some(Spread { low, median, high }),
        href: Some("#maatstaf".to_owned()),
    };
    let percent = || Scale::Percent { name: "van de inwoners".to_owned() };
    let rows = if shared {
        vec![
            row("jeugdhulp zonder verblijf", percent(), Some(98), (71, 94, 132)),
            row("jeugdhulp met verblijf", percent(), Some(12), (6, 11, 19)),
            row("Wmo-maatwerk", percent(), Some(61), (40, 55, 58)),
            row("beschermd wonen", percent(), None, (2, 4, 7)),
        ]
    } else {
        vec![
            row("kosten per inwoner", Scale::Euros, Some(41_200), (29_900, 38_700, 52_100)),
            row("jongeren met jeugdhulp", percent(), Some(128), (71, 114, 132)),
            row(
                "gemiddelde duur van een traject dat in het afgelopen jaar is afgesloten",
                Scale::Number { name: "maanden".to_owned() },
                Some(95),
                (98, 121, 190),
            ),
            row("wachtenden per 1.000 inwoners", Scale::Number { name: String::new() }, None, (2, 11, 40)),
        ]
    };
    Chart::Dots(Dots {
        id: if shared { "naast-een" } else { "naast" }.to_owned(),
        title: "Naast andere gemeenten".to_owned(),
        description: "Een rij per maatstaf.".to_owned(),
        language: Language::Nl,
        own_name: "Voorbeeldstad".to_owned(),
        median_name: "mediaan".to_owned(),
        group_name: "laagste – hoogste van 12 gemeenten".to_owned(),
        rows,
        shared,
    })
}

fn planning() -> Chart {
    let months = (0..18).map(|at| {
        let (label, _, year) = month(at + 6, 2021);
        let quarter = if at.is_multiple_of(3) { format!("k{}", (at + 6) % 12 / 3 + 1) } else { String::new() };
        PlanningMonth { label, quarter, year: if at == 0 { "2021".to_owned() } else { year }, days: 30 }
    });
    let row = |name: &str, state: &str, depth, bar: Option<(i64, i64, Option<Look>, bool)>| PlanningRow {
        name: name.to_owned(),
        state: state.to_owned(),
        depth,
        bar: bar.map(|(from, to, look, is_critical)| PlanningBar {
            from,
            to,
            look,
            planned: is_critical.then_some((from - 40, to - 40)),
            is_critical,
        }),
        told: format!("{name}: {state}"),
        href: Some("#onderdeel".to_owned()),
    };
    Chart::Planning(Planning {
        id: "planning".to_owned(),
        title: "Planning".to_owned(),
        description: "Wat wanneer wordt gedaan.".to_owned(),
        language: Language::Nl,
        months: months.collect(),
        rows: vec![
            row("6 Processen", "bezig", 0, Some((10, 330, None, false))),
            row("6.1 Procesanalyse verwervingsketen", "gereed", 1, Some((10, 120, Some(Look::Solid), false))),
            row(
                "6.2 Nieuwe werkwijze in de toegang en bij de inkoop",
                "bezig",
                1,
                Some((121, 330, Some(Look::Hatched), false)),
            ),
            row("7 Systemen", "gepland", 0, Some((331, 520, None, false))),
            row("7.1 Aanbesteding zaaksysteem", "uitgesteld", 1, Some((331, 460, Some(Look::Tint), true))),
            row("7.2 In gebruik", "gepland", 1, Some((520, 520, Some(Look::Outline), false))),
            row("8 Sturingsinformatie", "gepland", 0, None),
        ],
        waits: vec![
            PlanningWait { first: 1, then: 2, is_broken: false },
            PlanningWait { first: 2, then: 4, is_broken: true },
            PlanningWait { first: 4, then: 5, is_broken: false },
        ],
        marks: vec![
            PlanningMark { day: 200, name: "peildatum 21 jan".to_owned() },
            PlanningMark { day: 535, name: "einde programma".to_owned() },
        ],
        keys: [
            (Look::Solid, "gereed"),
            (Look::Hatched, "bezig"),
            (Look::Tint, "uitgesteld"),
            (Look::Outline, "gepland"),
        ]
        .map(|(look, name)| (look, name.to_owned()))
        .to_vec(),
        critical_name: "bepaalt het einde".to_owned(),
        planned_name: "zoals gepland".to_owned(),
    })
}
