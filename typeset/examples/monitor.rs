//! Writes a synthetic monitor of about forty pages as PDF, workbook, page and list into a folder, and says how long each took.
//! A second folder, if there is one, is the template.

#![expect(clippy::print_stderr, reason = "who runs it wants to know how long it took")]

use std::{path::PathBuf, time::Instant};

use grip_report::{
    Block, Cell, Chart, Column, Course, CourseBand, CourseLine, Dots, DotsRow, Figure, Form, Interval, Language, Layer,
    Look, Marker, MonthBar, MonthChart, Reference, Remark, Report, Ribbon, Sankey, Scale, Section, Spread, Step, Table,
    TableRow, Waterfall, WaterfallStep, month_name, month_name_short, report_csv, report_html, report_xlsx,
};
use grip_typeset::{Template, pdf};
use jiff::civil::date;

const NL: Language = Language::Nl;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or("name a folder to write to")?;
    let template = match arguments.next() {
        Some(folder) => Template::read(&folder)?,
        None => Template::standard(),
    };
    let report = monitor();
    let mut since = Instant::now();
    let mut write = |name: &str, file: Vec<u8>| {
        eprintln!("{name}: {} kB in {:.2} s", file.len() / 1_000, since.elapsed().as_secs_f64());
        let written = fs_err::write(folder.join(name), file);
        since = Instant::now();
        written
    };
    write("monitor.csv", report_csv(&report).into_bytes())?;
    write("monitor.html", report_html(&report).into_bytes())?;
    write("monitor.xlsx", report_xlsx(&report)?)?;
    let begun = Instant::now();
    let told = |phase| eprintln!("  {phase:?} after {:.2} s", begun.elapsed().as_secs_f64());
    write("monitor.pdf", pdf(&report, &template, told)?)?;
    write("again.pdf", pdf(&report, &template, |_| {})?)?;
    Ok(())
}

const SEGMENTS: [&str; 9] = [
    "Jeugdhulp zonder verblijf",
    "Jeugdhulp met verblijf",
    "Jeugdbescherming en jeugdreclassering",
    "Wmo-begeleiding",
    "Huishoudelijke hulp",
    "Wmo-hulpmiddelen",
    "Beschermd wonen",
    "Inkomensvoorzieningen",
    "Re-integratie en participatie",
];

fn monitor() -> Report {
    let mut sections = vec![in_short()];
    sections.extend(SEGMENTS.iter().zip(1_i64..).map(|(name, number)| segment(name, number)));
    Report {
        title: "Monitor sociaal domein".to_owned(),
        subtitle: "Eerste halfjaar 2025, met een vooruitblik op het hele jaar".to_owned(),
        gemeente: "Gemeente Voorbeeldstad".to_owned(),
        peildatum: date(2025, 6, 30),
        language: NL,
        origin: [
            (
                "Peildatum",
                "Wat er op 30 juni 2025 bekend was. Met dezelfde peildatum is dit rapport later opnieuw te maken.",
            ),
            ("Bronnen", "iWmo- en iJw-berichten, begroting, contractregister, open data van het CBS."),
            ("Onthulling", "Aantallen onder de tien zijn weggelaten; waar dat nodig is ook andere."),
            ("Gemaakt met", "Grip, met zelfgemaakte gegevens: deze gemeente bestaat niet."),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec(),
        sections,
    }
}

/// More columns than a page in portrait holds.
fn years_ahead() -> Table {
    let row = |name: &str, base: i64| {
        TableRow::new(name, (0..12).map(|year| Cell::Euros(base + year * 31_234_500)).collect())
    };
    Table {
        id: "meerjarenbeeld".to_owned(),
        title: "Uitgaven per onderdeel, 2018 tot en met 2029".to_owned(),
        note: "Bedragen in euro's; vanaf 2026 geraamd.".to_owned(),
        empty: String::new(),
        columns: std::iter::once(Column::text("onderdeel"))
            .chain((2018..2030).map(|year| Column::number(year.to_string())))
            .collect(),
        rows: SEGMENTS.iter().zip(1_i64..).map(|(name, number)| row(name, 912_345_600 - number * 12_345_600)).collect(),
        total: Some(row("Totaal", 8_112_345_600)),
    }
}

fn in_short() -> Section {
    let money = |cents| Cell::Euros(cents);
    let figures = vec![
        Figure {
            name: "Verwachte uitgaven 2025".to_owned(),
            value: money(8_120_000_000),
            interval: Some(Interval {
                name: "80 % kans".to_owned(),
                low: money(7_930_000_000),
                high: money(8_340_000_000),
            }),
            note: "begroot is € 77,6 mln".to_owned(),
        },
        Figure {
            name: "Verschil met de begroting".to_owned(),
            value: Cell::Difference(-360_000_000),
            interval: Some(Interval {
                name: "80 % kans".to_owned(),
                low: Cell::Difference(-580_000_000),
                high: Cell::Difference(-170_000_000),
            }),
            note: "vorig jaar op dezelfde dag: € −2,1 mln N".to_owned(),
        },
        Figure {
            name: "Cliënten met een voorziening".to_owned(),
            value: Cell::Count(6_412),
            interval: None,
            note: "3,1 % meer dan een jaar eerder".to_owned(),
        },
    ];
    let remark = Remark {
        title: "Waarom de uitgaven hoger uitkomen".to_owned(),
        markdown: "De stijging komt vooral door **langere trajecten** in de jeugdhulp zonder verblijf, niet door meer kinderen.\n\n\
            Drie dingen spelen mee:\n\n\
            1. de wachttijd bij de *gecertificeerde instelling* is opgelopen;\n\
            2. afschalen gebeurt later dan afgesproken, zie [de afspraken](https://example.org/afspraken);\n\
            3. nieuwe tarieven gelden sinds 1 januari.\n\n\
            De directie bespreekt dit in september met de vijf grootste aanbieders."
            .to_owned(),
        by: "beleid Jeugd".to_owned(),
        on: date(2025, 7, 8),
    };
    let table = Table {
        id: "onderdelen".to_owned(),
        title: "Begroting en prognose per onderdeel".to_owned(),
        note: "Bedragen × € 1.000. V is voordelig, N is nadelig voor de gemeente.".to_owned(),
        empty: String::new(),
        columns: vec![
            Column::text("onderdeel"),
            Column::number("begroting"),
            Column::number("gedeclareerd"),
            Column::number("prognose"),
            Column::number("verschil"),
            Column::number("cliënten"),
            Column::number("per cliënt"),
        ],
        rows: SEGMENTS
            .iter()
            .zip(1_i64..)
            .map(|(name, number)| {
                TableRow::new(
                    *name,
                    vec![
                        Cell::Thousands(860_000_000 - number * 31_000_000),
                        Cell::Thousands(410_000_000 - number * 15_000_000),
                        Cell::Thousands(902_000_000 - number * 32_500_000),
                        Cell::Difference(-42_000_000 + number * 7_500_000),
                        Cell::Count(1_210 - number * 97),
                        Cell::Euros(745_000 + number * 12_300),
                    ],
                )
            })
            .collect(),
        total: Some(TableRow::new(
            "Totaal",
            vec![
                Cell::Thousands(7_760_000_000),
                Cell::Thousands(3_610_000_000),
                Cell::Thousands(8_120_000_000),
                Cell::Difference(-360_000_000),
                Cell::Count(6_412),
                Cell::Euros(1_266_375),
            ],
        )),
    };
    Section::new("Het halfjaar in het kort", vec![
        Block::Paragraph(
            "De gemeente geeft dit jaar naar verwachting € 81,2 miljoen uit aan het sociaal domein. Dat is € 3,6 miljoen meer dan \
             begroot. Dit hoofdstuk vat samen wat er op 30 juni bekend was; de hoofdstukken daarna gaan per onderdeel in op \
             kosten, cliënten en aanbieders."
                .to_owned(),
        ),
        Block::Figures(figures),
        Block::Chart(Box::new(months("totaal", 0)), providers("totaal-maand", 12, "maand")),
        Block::Remark(remark),
        Block::Notice(
            "De cijfers over mei en juni zijn nog niet compleet: van deze maanden is naar verwachting 71 % gedeclareerd.".to_owned(),
        ),
        Block::Table(table),
        Block::Table(years_ahead()),
    ])
}

fn segment(name: &str, number: i64) -> Section {
    let id = |what: &str| format!("{what}-{number}");
    let remark = Remark {
        title: String::new(),
        markdown: "Het beeld past bij wat de wijkteams melden: de vraag is gelijk gebleven, de duur niet.".to_owned(),
        by: "contractmanagement".to_owned(),
        on: date(2025, 7, 3),
    };
    Section::new(
        name,
        vec![
            Block::Paragraph(format!("{name}: wat het kost, wie er gebruik van maakt en wie het levert.")),
            Block::Chart(Box::new(months(&id("maanden"), number)), providers(&id("maanden"), 12, "maand")),
            Block::Remark(remark),
        ],
    )
    .with(vec![
        Section::new(
            "Aanbieders",
            vec![
                Block::Table(providers(&id("aanbieders"), 30, "aanbieder")),
                Block::Chart(Box::new(waterfall(&id("groei"), number)), providers(&id("groei"), 5, "oorzaak")),
            ],
        ),
        Section::new(
            "Cliënten",
            vec![
                Block::Chart(
                    Box::new(if number % 2 == 0 { course(&id("verloop"), number) } else { sankey(&id("verloop")) }),
                    providers(&id("verloop"), 6, "groep"),
                ),
                Block::Chart(Box::new(dots(&id("vergelijking"))), providers(&id("vergelijking"), 4, "maat")),
                Block::Table(providers(&id("wijken"), 30, "wijk")),
            ],
        ),
    ])
}

fn providers(id: &str, rows: i64, of: &str) -> Table {
    let row = |number: i64| {
        let head = if of == "maand" {
            format!("{} 2025", month_name(i8::try_from(number % 12 + 1).unwrap_or(1), NL))
        } else {
            format!("{of} {}", number + 1)
        };
        let clients = if number % 11 == 10 { Cell::Withheld } else { Cell::Count(212 - number * 5) };
        TableRow::new(
            head,
            vec![
                clients,
                Cell::Thousands(91_234_567 - number * 2_345_678),
                Cell::Difference((number % 5 - 2) * 3_210_000),
                Cell::Share(0.183 - 0.005 * f64::from(i32::try_from(number).unwrap_or(0))),
                Cell::of((number % 7 != 3).then_some(4.25), |value| Cell::Real(value, 1)),
            ],
        )
    };
    Table {
        id: format!("tabel-{id}"),
        title: format!("Per {of}"),
        note: "Bedragen × € 1.000.".to_owned(),
        empty: "Er zijn geen gegevens.".to_owned(),
        columns: vec![
            Column::text(of),
            Column::number("cliënten"),
            Column::number("uitgaven"),
            Column::number("verschil met begroting"),
            Column::number("aandeel"),
            Column::number("maanden duur"),
        ],
        rows: (0..rows).map(row).collect(),
        total: (rows > 12).then(|| {
            TableRow::new(
                "Totaal",
                vec![
                    Cell::Count(4_185),
                    Cell::Thousands(1_716_600_000),
                    Cell::Difference(-12_000_000),
                    Cell::Share(1.0),
                    Cell::Nothing,
                ],
            )
        }),
    }
}

fn months(id: &str, number: i64) -> Chart {
    let layer = |name: &str, total, look| Layer { name: name.to_owned(), total: Some(total), look };
    let bars = (0_i8..12).map(|at| {
        let values = match at {
            0..=3 => vec![330_000_000 - number * 9_000_000, 1_000_000, 0, 0],
            4..=5 => vec![245_000_000 - number * 9_000_000, 118_000_000, 0, 0],
            _ => vec![0, 0, 250_000_000 - number * 9_000_000, 100_000_000],
        };
        let total: i64 = values.iter().sum();
        let spread = 8_000_000 * i64::from(at);
        let label = month_name_short(at + 1, NL).to_owned();
        MonthBar {
            name: format!("{} 2025", month_name(at + 1, NL)),
            initial: label.chars().take(1).collect(),
            label,
            values,
            interval: Some((total - 5_000_000 - spread / 2, total + 5_000_000 + spread)),
            href: None,
        }
    });
    Chart::Months(MonthChart {
        id: id.to_owned(),
        title: "De uitgaven liggen elke maand boven wat begroot is".to_owned(),
        description:
            "Gestapelde kolommen per maand van 2025: gedeclareerd, nog te declareren, open verplichtingen en nieuwe \
            instroom, met een lijn voor de begroting per maand."
                .to_owned(),
        language: NL,
        layers: vec![
            layer("gedeclareerd", 1_810_000_000, Look::Solid),
            layer("nog te declareren", 240_000_000, Look::Hatched),
            layer("open verplichtingen", 1_500_000_000, Look::Tint),
            layer("nieuwe instroom", 600_000_000, Look::Outline),
        ],
        bars: bars.collect(),
        reference: Some(Reference {
            name: vec!["begroting".to_owned(), "per maand".to_owned()],
            value: 327_000_000 - number * 9_000_000,
        }),
        marker: Some(Marker { name: "peildatum 30 juni".to_owned(), position: 6.0 }),
        interval_name: "80 % kans tussen".to_owned(),
    })
}

fn waterfall(id: &str, number: i64) -> Chart {
    let step = |name: &str, amount| WaterfallStep { name: name.to_owned(), amount, href: None };
    Chart::Waterfall(Waterfall {
        id: id.to_owned(),
        title: "De groei komt meer door langere duur dan door meer cliënten".to_owned(),
        description: "Stappen van de uitgaven in 2024 naar die in 2025, met een balk per oorzaak.".to_owned(),
        language: NL,
        from: "uitgaven 2024".to_owned(),
        start: 820_000_000 - number * 21_000_000,
        steps: vec![
            step("meer cliënten", 12_000_000),
            step("langere duur", 41_000_000 + number * 1_000_000),
            step("hogere tarieven", 22_000_000),
            step("lichtere ondersteuning", -17_000_000),
        ],
        to: "uitgaven 2025".to_owned(),
    })
}

fn course(id: &str, number: i64) -> Chart {
    let steps = (0_i8..36).map(|at| {
        let (month, year) = (at % 12 + 1, 2023 + i32::from(at / 12));
        let label = month_name_short(month, NL).to_owned();
        Step {
            name: format!("{} {year}", month_name(month, NL)),
            initial: label.chars().take(1).collect(),
            label,
            year: if month == 1 { year.to_string() } else { String::new() },
            href: None,
        }
    });
    let values = |base: i64, rise: i64| (0_i64..36).map(move |at| base + rise * at + ((at * 7) % 11 - 5) * 4);
    let with_band = |name: &str, base, rise| CourseLine {
        name: name.to_owned(),
        values: values(base, rise).map(Some).collect(),
        band: Some(CourseBand {
            name: "80 % kans".to_owned(),
            bounds: values(base, rise)
                .zip(0..)
                .map(|(value, at)| (at >= 30).then_some((value - 30, value + 34)))
                .collect(),
        }),
    };
    Chart::Course(Course {
        id: id.to_owned(),
        title: "Het aantal cliënten stijgt langzaam, het aantal nieuwe niet".to_owned(),
        description: "Twee lijnen per maand van 2023 tot en met 2025, vanaf juli 2025 geschat.".to_owned(),
        language: NL,
        scale: Scale::Number { name: "cliënten".to_owned() },
        known_to: 30,
        labels: steps.collect(),
        lines: vec![with_band("in zorg", 620 + number * 10, 4), with_band("nieuw", 210, 0)],
        reference: None,
        marks: Vec::new(),
        form: Form::Straight,
        from_zero: true,
        provisional_name: "nog niet compleet".to_owned(),
    })
}

fn sankey(id: &str) -> Chart {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let flows =
        [(0, 0, 210), (0, 1, 24), (0, 3, 61), (1, 0, 12), (1, 1, 130), (1, 3, 33), (2, 0, 88), (2, 1, 45), (2, 2, 15)];
    Chart::Sankey(Sankey {
        id: id.to_owned(),
        title: "Wie lichte ondersteuning had, heeft die een jaar later meestal nog".to_owned(),
        description: "Banden van de vorm op 1 januari 2024 naar die op 1 januari 2025, zo dik als het aantal cliënten."
            .to_owned(),
        language: NL,
        unit: "cliënten".to_owned(),
        from_name: "op 1 januari 2024".to_owned(),
        to_name: "op 1 januari 2025".to_owned(),
        from: names(&["lichte ondersteuning", "ondersteuning met verblijf", "nieuw"]),
        to: names(&["lichte ondersteuning", "ondersteuning met verblijf", "pleegzorg", "uit zorg"]),
        ribbons: flows.map(|(from, to, clients)| Ribbon { from, to, clients, href: None }).to_vec(),
    })
}

fn dots(id: &str) -> Chart {
    let row = |name: &str, own, (low, median, high)| DotsRow {
        name: name.to_owned(),
        scale: Scale::Percent { name: "van de inwoners".to_owned() },
        own: Some(own),
        group: Some(Spread { low, median, high }),
        href: None,
    };
    Chart::Dots(Dots {
        id: id.to_owned(),
        title: "Naast tien vergelijkbare gemeenten is het gebruik hoog".to_owned(),
        description: "Per maat een punt voor de eigen gemeente naast de spreiding van tien vergelijkbare gemeenten."
            .to_owned(),
        language: NL,
        own_name: "Voorbeeldstad".to_owned(),
        median_name: "mediaan".to_owned(),
        group_name: "middelste helft van de groep".to_owned(),
        shared: true,
        rows: vec![
            row("jeugdhulp zonder verblijf", 98, (71, 94, 132)),
            row("jeugdhulp met verblijf", 12, (6, 11, 19)),
            row("Wmo-maatwerkvoorzieningen", 61, (40, 55, 58)),
        ],
    })
}
