//! `/maatregelen/pilots`: what pilots yield, and whose purse that lands in.

use axum::{http::Uri, response::Response};
use grip_policy::{Measure, MeasureKind, Published, Purses};
use grip_report::{Cell, Column, Language, Table, TableRow, euros_short};

use super::{Written, chosen, frame, measure_link, text, whole_euros};
use crate::{
    App,
    address::Scope,
    document::{Block, Document, Figure, Links, WithTables},
    problem::Problem,
    register,
    words::say,
};

/// `/maatregelen/pilots`
pub(super) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let all: Vec<Written> = dossier.list()?;
    let pilots: Vec<&Written> = all.iter().filter(|written| written.content.sort == MeasureKind::Pilot).collect();
    let found = pilots.iter().filter_map(|written| grip_policy::published_purses(&written.content));
    let purses = Purses::sum(found.map(|(_, purses)| purses));
    let title = say(language, "Pilots: wat zij opbrengen, en voor wie", "Pilots: what they yield, and for whom");
    let lede = say(
        language,
        "Wat over elke pilot is gepubliceerd staat naast elkaar; geen van die cijfers is vanzelf het goede. Per pilot staat ook wat er in de eigen cijfers van te zien is.",
        "What was published about each pilot stands side by side; none of those figures is the right one by itself. The page of a pilot shows what can be seen of it in the own figures.",
    );
    let frame = frame(&opened, &app, &uri, &title, Some("Pilots".to_owned()));
    let mut document = Document::new(frame, &uri, title, lede);
    document.figures = figures(&purses, language);
    document.blocks = vec![Block::Table(published(&pilots, &scope)), Block::Table(by_purse(&pilots, &scope))];
    document.blocks.push(Block::Table(under_study(&pilots, &scope)));
    document.blocks.push(text(
        language,
        ("Hoe dit is verdeeld", "How this is divided"),
        say(
            language,
            "Verdeeld is wat de evaluatie vond, of anders wat per jaar werd verwacht. De percentages staan bij de pilot. Waarvan niet is gezegd voor wie het is staat bij ‘onbekend’. De vier tellen op de cent op.",
            "Divided is what the evaluation found, or else what was expected a year, by the percentages given with the pilot. What nobody said whose it is stands under ‘unknown’. The four add up to the cent.",
        ),
    ));
    let new = register::new_link::<Measure>(&scope, &[("sort", "pilot".to_owned())]);
    document.blocks.push(Block::Links(Links {
        title: say(language, "Verder", "Onward"),
        links: vec![
            (say(language, "Nieuwe pilot", "New pilot"), new),
            (say(language, "Alle maatregelen", "All measures"), scope.link("/maatregelen")),
        ],
    }));
    document.respond(&opened.asked)
}

fn figures(purses: &Purses, language: Language) -> Vec<Figure> {
    let figure = |nl: &str, en: &str, amount: grip_types::Bedrag| Figure {
        name: say(language, nl, en),
        number: euros_short(amount.cents, language),
        note: say(language, "van wat is gepubliceerd", "of what was published"),
    };
    vec![
        figure("Voor de gemeente", "For the municipality", purses.municipality),
        figure("Voor de zorgverzekeraar", "For the health insurer", purses.insurer),
        figure("Voor het Rijk", "For the state", purses.state),
        figure("Voor wie is onbekend", "For whom is unknown", purses.unknown),
    ]
}

fn table(
    id: &str,
    title: String,
    note: String,
    columns: Vec<Column>,
    rows: Vec<TableRow>,
    language: Language,
) -> Table {
    let empty = say(
        language,
        "Hier staan nog geen pilots. Maak een maatregel van de soort ‘pilot’.",
        "There are no pilots here yet. Make a measure of the sort ‘pilot’.",
    );
    Table { id: id.to_owned(), title, note, empty, columns, rows, total: None }
}

fn row(written: &Written, cells: Vec<Cell>, scope: &Scope) -> TableRow {
    let row = TableRow { head: written.content.name.0.clone(), href: None, is_dutch: true, cells };
    row.linked(measure_link(scope, written.id))
}

fn pilot_column(language: Language) -> Column {
    Column::text(say(language, "pilot", "pilot"))
}

fn published(pilots: &[&Written], scope: &Scope) -> Table {
    let language = scope.language;
    let rows = pilots.iter().map(|written| {
        let figures = grip_policy::published(&written.content);
        let expected = figures.iter().find_map(|figure| match figure {
            Published::ExpectedPerYear(amount) => Some(amount.cents),
            Published::Evaluated(..) => None,
        });
        let evaluated = figures.iter().find_map(|figure| match figure {
            Published::Evaluated(amount, year) => Some((amount.cents, *year)),
            Published::ExpectedPerYear(_) => None,
        });
        let apart = grip_policy::published_apart(&written.content);
        let cells = vec![
            Cell::text(chosen(written.content.status.choice(), language)),
            Cell::of(expected, Cell::Euros),
            Cell::of(evaluated, |(cents, _)| Cell::Euros(cents)),
            Cell::of(evaluated.and_then(|(_, year)| year), |year| Cell::Text(year.0.to_string())),
            Cell::of(apart, |apart| Cell::Euros(apart.cents)),
            Cell::text(written.content.source.0.as_str()),
        ];
        row(written, cells, scope)
    });
    let columns = vec![
        pilot_column(language),
        Column::text("status"),
        Column::number(say(language, "verwacht per jaar", "expected a year")),
        Column::number(say(language, "volgens evaluatie", "by evaluation")),
        Column::kept(say(language, "over jaar", "over year")),
        Column::number(say(language, "verschil", "difference")),
        Column::prose(say(language, "bron", "source")),
    ];
    let title = say(language, "Gepubliceerde cijfers naast elkaar", "Published figures side by side");
    let note = say(
        language,
        "Een verschil is geen fout: verwacht is bij volledig effect, een evaluatie telt wat er in een jaar echt was.",
        "A difference is no error: expected is in full effect, an evaluation counts what there really was in a year.",
    );
    table("gepubliceerd", title, note, columns, rows.collect(), language)
}

fn by_purse(pilots: &[&Written], scope: &Scope) -> Table {
    let language = scope.language;
    let rows = pilots.iter().filter_map(|written| {
        let (figure, purses) = grip_policy::published_purses(&written.content)?;
        let what = match figure {
            Published::ExpectedPerYear(_) => say(language, "verwacht per jaar", "expected a year"),
            Published::Evaluated(..) => say(language, "volgens evaluatie", "by evaluation"),
        };
        let amounts = [figure.amount(), purses.municipality, purses.insurer, purses.state, purses.unknown];
        let cells = std::iter::once(Cell::Text(what)).chain(amounts.map(|amount| Cell::Cents(amount.cents))).collect();
        Some(row(written, cells, scope))
    });
    let columns = vec![
        pilot_column(language),
        Column::text(say(language, "wat", "what")),
        Column::number(say(language, "in totaal", "in all")),
        Column::number(say(language, "gemeente", "municipality")),
        Column::number(say(language, "zorgverzekeraar", "health insurer")),
        Column::number(say(language, "Rijk", "state")),
        Column::number(say(language, "onbekend", "unknown")),
    ];
    let title = say(language, "In wiens portemonnee het terechtkomt", "Whose purse it lands in");
    table("portemonnee", title, String::new(), columns, rows.collect(), language)
}

fn under_study(pilots: &[&Written], scope: &Scope) -> Table {
    let language = scope.language;
    let rows = pilots.iter().filter_map(|written| {
        let measure = &written.content;
        let is_open = !measure.under_study.0.is_empty() || measure.evaluated_saving.is_none();
        let expected = measure.saving_per_month.map_or_else(String::new, |amount| whole_euros(amount.cents, language));
        let none = say(language, "er is nog geen evaluatie", "there is no evaluation yet");
        let open = if measure.under_study.0.is_empty() { none } else { measure.under_study.0.clone() };
        is_open.then(|| row(written, vec![Cell::Text(open), Cell::Text(expected)], scope))
    });
    let columns = vec![
        pilot_column(language),
        Column::prose(say(language, "nog in onderzoek", "still under study")),
        Column::number(say(language, "verwacht per maand", "expected a month")),
    ];
    let title = say(language, "Wat nog wordt onderzocht", "What is still being studied");
    let mut table = table("onderzoek", title, String::new(), columns, rows.collect(), language);
    if !pilots.is_empty() {
        table.empty = say(language, "Van elke pilot is er een evaluatie.", "There is an evaluation of every pilot.");
    }
    table
}
