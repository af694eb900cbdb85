//! A report with one of everything.

use grip_report::{
    Block, Cell, Chart, Column, Fan, FanAxis, FanLabels, Figure, Interval, Language, Remark, Report, Section, Table,
    TableRow,
};
use jiff::civil::date;

/// What would do harm if it were read as Typst, HTML, a path or a formula.
pub(crate) const EVIL: &str =
    "#panic(\"kwaad\") $x^2$ \\ #read(\"/etc/passwd\") #sys.inputs @label <label> `raw` // weg /* weg */ =1+1";

pub(crate) fn table(id: &str, rows: usize) -> Table {
    let row = |number: usize| {
        TableRow::new(
            format!("rij {number}"),
            vec![Cell::Thousands(123_456_700), Cell::Difference(-2_500_000), Cell::Withheld, Cell::text("een woord")],
        )
    };
    Table {
        id: id.to_owned(),
        title: "Uitgaven per vorm".to_owned(),
        note: "Bedragen × € 1.000.".to_owned(),
        empty: "Er is niets.".to_owned(),
        columns: vec![
            Column::text("vorm"),
            Column::number("uit\u{ad}gaven"),
            Column::number("verschil"),
            Column::number("cliënten"),
            Column::prose("toelichting"),
        ],
        rows: (1..=rows).map(row).collect(),
        total: Some(TableRow::new("Totaal", vec![Cell::Euros(123_456_700)])),
    }
}

pub(crate) fn chart() -> Chart {
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

pub(crate) fn report(language: Language) -> Report {
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
        title: "Waarom".to_owned(),
        markdown: format!(
            "Dit **ligt** hoger, zie [hier](https://example.org).\n\n1. een\n   - twee\n2. *drie*\n\n{EVIL}"
        ),
        by: "beleid Jeugd".to_owned(),
        on: date(2025, 7, 1),
    };
    let wide = Table {
        columns: (0..14).map(|_| Column::number("verplichtingen")).collect(),
        rows: vec![TableRow::new("1", vec![Cell::Cents(12_345_678_900); 13])],
        total: None,
        ..table("breed", 0)
    };
    Report {
        title: "Monitor sociaal domein".to_owned(),
        subtitle: "2025".to_owned(),
        gemeente: "Voorbeeldstad".to_owned(),
        peildatum: date(2025, 6, 30),
        language,
        origin: vec![("Bron".to_owned(), "berichten".to_owned())],
        sections: vec![
            Section::new(
                "Beeld",
                vec![
                    Block::Paragraph("Een alinea.".to_owned()),
                    Block::Figures(vec![figure.clone(), figure]),
                    Block::Notice("Voorlopig.".to_owned()),
                    Block::Chart(Box::new(chart()), table("prognose", 3)),
                    Block::Remark(remark),
                ],
            )
            .with(vec![Section::new(
                "Verdieping",
                vec![
                    Block::Table(table("lang", 90)),
                    Block::PageBreak,
                    Block::Table(Table { total: None, ..table("leeg", 0) }),
                    Block::Table(wide),
                ],
            )]),
            Section::new("Leeg", Vec::new()),
        ],
    }
}
