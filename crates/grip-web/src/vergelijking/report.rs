//! The report of open data of a municipality.

use std::cmp::Ordering;

use axum::{http::Uri, response::Response};
use grip_pipeline::comparison::{BudgetLine, Contradiction, DataReport, Iv3Line, Iv3Table, ReportSection};
use grip_report::{Cell, Chart, Column, Course, CourseLine, Language, Table, TableRow};

use super::{PATH, course, frame, onward};
use crate::{
    App,
    address::{Scope, percent_encode},
    document::{Block, ChartBlock, Document, Text, WithTables, open},
    problem::Problem,
    prognose::drawings::both,
    words::{either, words},
};

/// `/vergelijking/gegevensrapportage`
pub(crate) async fn report(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let Scope { gemeente, peildatum, language, .. } = opened.scope;
    let found = app.ask(move |grip| grip.data_report(gemeente, peildatum)).await?;
    let title = match language {
        Language::Nl => format!("Gegevensrapportage {}", found.naam),
        Language::En => format!("Report of open data: {}", found.naam),
    };
    let lede = either(
        language,
        "Een beeld van de gemeente en haar sociaal domein uit openbare bronnen. De indeling is die van de gegevensrapportage bij een visitatie. \
         Elk cijfer noemt zijn bron en periode en staat er zoals het is gepubliceerd. Een beeld in cijfers is nooit volledig.",
        "A picture of the municipality and its social domain from public sources, in the order of the report of data of a review. Each \
         figure names its source and period and stands as published. A picture in figures is never complete.",
    );
    let frame = frame(&opened, &app, &uri, &title, Some(either(language, "gegevensrapportage", "report of open data")));
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks = blocks(&found, &opened.scope);
    document.respond(&opened.asked)
}

fn blocks(found: &DataReport, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let mut blocks = Vec::new();
    let (numbered, other): (Vec<&ReportSection>, Vec<&ReportSection>) =
        found.sections.iter().partition(|section| section.number != 0);
    blocks.push(Block::Table(striking_table(found, language)));
    for section in numbered {
        add_section(section, scope, &mut blocks);
    }
    blocks.push(Block::Table(budget_table(found, language)));
    let mut domains: Vec<&str> = found.budget.iter().map(|line| line.domein.as_str()).collect();
    domains.dedup();
    blocks.extend(domains.into_iter().enumerate().filter_map(|(at, domain)| budget_chart(found, domain, at, language)));
    if found.iv3.is_empty() {
        blocks.push(Block::Text(Text {
            name: either(language, "8. Iv3: begroting en realisatie per taakveld", "8. Iv3: budget and accounts by task field").to_owned(),
            text: either(
                language,
                "Er is van deze gemeente geen Iv3 ingelezen, of haar inwoners zijn niet bekend. grip open-data download --bron iv3 --jaar \
                 2024 en grip open-data download 70072ned halen beide op; grip open-data import MAP leest ze in.",
                "No Iv3 of this municipality was imported, or its inhabitants are not known. grip open-data download --bron iv3 --jaar \
                 2024 and grip open-data download 70072ned get both; grip open-data import MAP takes them in.",
            )
            .to_owned(),
            is_dutch: false,
        }));
    }
    blocks.extend(found.iv3.iter().enumerate().map(|(at, table)| Block::Table(iv3_table(table, at, language))));
    blocks.extend(contradiction_table("tegenspraak-8", &found.contradictions, scope).map(Block::Table));
    for section in other {
        add_section(section, scope, &mut blocks);
    }
    blocks.push(onward(scope));
    blocks
}

fn add_section(section: &ReportSection, scope: &Scope, blocks: &mut Vec<Block>) {
    blocks.push(Block::Table(section_table(section, scope)));
    let id = format!("tegenspraak-{}", section.number);
    blocks.extend(contradiction_table(&id, &section.contradictions, scope).map(Block::Table));
}

fn title(number: u8, language: Language) -> &'static str {
    match number {
        3 => either(language, "3. Kengetallen", "3. Key figures"),
        4 => either(language, "4. Jeugdhulp", "4. Youth care"),
        5 => either(language, "5. Wmo", "5. Wmo"),
        6 => either(language, "6. Participatie", "6. Participation"),
        7 => either(language, "7. Gebruik van re-integratievoorzieningen", "7. Use of re-integration"),
        _ => either(language, "Overige gepubliceerde cijfers", "Other published figures"),
    }
}

/// Which tables would fill a part.
fn empty(number: u8, language: Language) -> String {
    let tables = match number {
        3 => "70072ned, 86060NED",
        4 => "85098NED, 85099NED, 85097NED",
        5 => "85896NED, 86050NED, 86051NED",
        6 => "86131NED",
        7 => "85588NED",
        _ => "70072ned",
    };
    match language {
        Language::Nl => format!(
            "Hierover is van deze gemeente niets ingelezen. Met grip open-data download TABEL (CBS: {tables}) en grip open-data import MAP, of \
             met een gepubliceerde tabel: grip import publicatie."
        ),
        Language::En => format!(
            "Nothing about this was imported of this municipality. Use grip open-data download TABEL (CBS: {tables}) and grip open-data \
             import MAP, or a published table: grip import publicatie."
        ),
    }
}

fn section_table(section: &ReportSection, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = section.figures.iter().map(|figure| {
        let values = figure.values.iter().map(|value| Cell::of(*value, |value| Cell::Real(value, figure.decimals)));
        let texts = [Cell::text(&figure.eenheid), Cell::text(&figure.bron)];
        let more = [("meting", figure.measure.clone()), ("periode", figure.periode.clone())];
        TableRow {
            head: figure.naam.clone(),
            href: Some(scope.link_with(PATH, &more)),
            is_dutch: true,
            cells: std::iter::once(Cell::text(&figure.periode)).chain(values).chain(texts).collect(),
        }
    });
    let areas = section.areas.iter().map(|area| Column::number(area.clone()));
    Table {
        id: format!("deel-{}", section.number),
        title: title(section.number, language).to_owned(),
        note: either(
            language,
            "De naam van een cijfer leidt naar de vergelijking met andere gemeenten.",
            "The name of a figure leads to the comparison with other municipalities.",
        )
        .to_owned(),
        empty: empty(section.number, language),
        columns: [
            Column::text(either(language, "cijfer", "figure")),
            Column::kept(either(language, "periode", "period")),
        ]
        .into_iter()
        .chain(areas)
        .chain([Column::prose(either(language, "eenheid", "unit")), Column::prose(words(language).source)])
        .collect(),
        rows: rows.collect(),
        total: None,
    }
}

fn budget_table(found: &DataReport, language: Language) -> Table {
    let thousands = |cents: Option<i64>| Cell::of(cents, Cell::Thousands);
    let rows = found.budget.iter().map(|line| TableRow {
        head: format!("{} {}", line.domein, line.jaar),
        href: None,
        is_dutch: true,
        cells: vec![
            thousands(line.rekening_vorig),
            thousands(line.primitief),
            thousands(line.begroting),
            thousands(line.rekening),
            Cell::of(line.verschil, Cell::Difference),
            Cell::of(line.gepubliceerd, Cell::Difference),
            Cell::text(&line.bron),
        ],
    });
    Table {
        id: "begroting".to_owned(),
        title: either(language, "8. Begroting en realisatie per domein", "8. Budget and accounts by domain").to_owned(),
        note: either(
            language,
            "In duizenden euro's. Het verschil is de begroting min de rekening: V is voordelig, N nadelig. Noemt een publicatie maar één \
             begroting, dan staat die onder begroting na wijziging. Het gepubliceerde saldo staat ernaast zoals de bron het noemt.",
            "In thousands of euros. The difference is budget less accounts: F is favourable, A adverse. Of a publication that names one \
             budget, that one stands as the amended budget. The published balance stands beside it as the source has it.",
        )
        .to_owned(),
        empty: either(
            language,
            "Er zijn geen begroting en rekening van deze gemeente ingelezen. Een gepubliceerde tabel komt erin met grip import publicatie; \
             de cijfers heten begroting, rekening en gepubliceerd saldo, elk met het domein erachter.",
            "No budget and accounts of this municipality were imported. A published table comes in with grip import publicatie; its \
             figures are called begroting, rekening and gepubliceerd saldo, each with the domain behind it.",
        )
        .to_owned(),
        columns: vec![
            Column::text(either(language, "domein en jaar", "domain and year")),
            Column::number(either(language, "rekening vorig jaar", "accounts of the year before")),
            Column::number(either(language, "primitieve begroting", "original budget")),
            Column::number(either(language, "begroting na wijziging", "amended budget")),
            Column::number(either(language, "rekening", "accounts")),
            Column::number(either(language, "verschil", "difference")),
            Column::number(either(language, "gepubliceerd saldo", "published balance")),
            Column::prose(words(language).source),
        ],
        rows: rows.collect(),
        total: None,
    }
}

/// Budget and accounts of a domain over the years; one year is no course.
fn budget_chart(found: &DataReport, domain: &str, at: usize, language: Language) -> Option<Block> {
    let lines: Vec<&BudgetLine> = found.budget.iter().filter(|line| line.domein == domain).collect();
    let over = lines.iter().filter(|line| line.verschil.is_some_and(|difference| difference < 0)).count();
    let all = lines.len();
    let title = match language {
        Language::Nl => format!("{domain}: in {over} van de {all} jaren meer uitgegeven dan begroot"),
        Language::En => format!("{domain}: in {over} of {all} years more was spent than budgeted"),
    };
    let description = either(
        language,
        "Lijn per jaar van de begroting en van de rekening.",
        "Line per year of the budget and of the accounts.",
    );
    let line = |name: &str, of: fn(&BudgetLine) -> Option<i64>| CourseLine {
        name: name.to_owned(),
        values: lines.iter().map(|line| of(line)).collect(),
        band: None,
    };
    let drawn = vec![
        line(either(language, "begroting", "budget"), |line| line.begroting.or(line.primitief)),
        line(either(language, "rekening", "accounts"), |line| line.rekening),
    ];
    let id = format!("domein-{}", at + 1);
    let years = lines.iter().map(|line| line.jaar.clone());
    let chart = course(&format!("{id}-lijn"), &title, description.to_owned(), years, drawn);
    let thousands = |cents: Option<i64>| Cell::of(cents, Cell::Thousands);
    let rows = lines.iter().map(|line| {
        let cells = vec![
            thousands(line.begroting.or(line.primitief)),
            thousands(line.rekening),
            Cell::of(line.verschil, Cell::Difference),
        ];
        TableRow::new(line.jaar.clone(), cells)
    });
    let table = Table {
        id,
        title: title.clone(),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(words(language).jaar),
            Column::number(either(language, "begroting", "budget")),
            Column::number(either(language, "rekening", "accounts")),
            Column::number(either(language, "verschil", "difference")),
        ],
        rows: rows.collect(),
        total: None,
    };
    let chart = Chart::Course(Course { language, ..chart });
    (all > 1).then(|| Block::Chart(ChartBlock { drawings: both(title, &chart), table }))
}

/// Where one's own value, the first, stands: above all others, below all, or neither; nothing when it is not known or there are
/// fewer than two others.
fn standing<T: PartialOrd>(values: impl IntoIterator<Item = Option<T>>) -> Option<Ordering> {
    let mut values = values.into_iter();
    let own = values.next()??;
    let others: Vec<T> = values.flatten().collect();
    if others.len() < 2 {
        None
    } else if others.iter().all(|other| own > *other) {
        Some(Ordering::Greater)
    } else if others.iter().all(|other| own < *other) {
        Some(Ordering::Less)
    } else {
        Some(Ordering::Equal)
    }
}

fn of_accounts(line: &Iv3Line) -> Option<Ordering> {
    standing(line.amounts.iter().map(|(actual, _)| *actual))
}

fn shown(standing: Option<Ordering>, language: Language) -> Cell {
    match standing {
        None => Cell::Nothing,
        Some(Ordering::Greater) => Cell::text(either(language, "hoger dan elke groep", "above every group")),
        Some(Ordering::Equal) => Cell::text(either(language, "ertussen", "between")),
        Some(Ordering::Less) => Cell::text(either(language, "lager dan elke groep", "below every group")),
    }
}

/// What stands above or below everything it is published beside.
fn striking_table(found: &DataReport, language: Language) -> Table {
    let row = |head: &str, periode: &str, own: Cell, standing, bron: &str| TableRow {
        head: head.to_owned(),
        href: None,
        is_dutch: true,
        cells: vec![Cell::text(periode), own, shown(Some(standing), language), Cell::text(bron)],
    };
    let figures = found.sections.iter().flat_map(|section| &section.figures);
    let mut rows: Vec<TableRow> = figures
        .filter_map(|one| {
            let standing = standing(one.values.iter().copied()).filter(|found| found.is_ne())?;
            let own = Cell::of(one.values.first().copied().flatten(), |value| Cell::Real(value, one.decimals));
            Some(row(&one.naam, &one.periode, own, standing, &one.bron))
        })
        .collect();
    for table in &found.iv3 {
        for line in &table.lines {
            let Some(found) = of_accounts(line).filter(|found| found.is_ne()) else { continue };
            let own = Cell::of(line.amounts.first().and_then(|(actual, _)| *actual), Cell::Euros);
            rows.push(row(&line.taakveld, &table.jaar, own, found, &table.bron));
        }
    }
    Table {
        id: "opvallend".to_owned(),
        title: either(language, "2. Opvallendheden", "2. What stands out").to_owned(),
        note: either(
            language,
            "Cijfers die hoger of lager zijn dan elk van ten minste twee gebieden of groepen waarnaast zij staan. Dat zegt niet waardoor.",
            "Figures above or below each of at least two areas or groups they stand beside. That does not say why.",
        )
        .to_owned(),
        empty: either(
            language,
            "Geen cijfer is hoger of lager dan alle gebieden waarnaast het staat, of er staan er geen twee naast.",
            "No figure is above or below all areas it stands beside, or there are no two beside it.",
        )
        .to_owned(),
        columns: vec![
            Column::text(either(language, "cijfer", "figure")),
            Column::kept(either(language, "periode", "period")),
            Column::number(found.naam.clone()),
            Column::text(either(language, "naast de andere", "beside the others")),
            Column::prose(words(language).source),
        ],
        rows,
        total: None,
    }
}

fn iv3_table(table: &Iv3Table, at: usize, language: Language) -> Table {
    let row = |line: &Iv3Line| TableRow {
        head: line.taakveld.clone(),
        href: None,
        is_dutch: true,
        cells: line
            .amounts
            .iter()
            .flat_map(|(actual, budget)| [Cell::of(*actual, Cell::Euros), Cell::of(*budget, Cell::Euros)])
            .chain([shown(of_accounts(line), language)])
            .collect(),
    };
    let columns = table.columns.iter().flat_map(|column| {
        let count = column.gemeenten.filter(|count| *count > 1).map_or(String::new(), |count| format!(" ({count})"));
        [either(language, "rekening", "accounts"), either(language, "begroot", "budget")]
            .map(|what| Column::number(format!("{}{count}: {what}", column.gebied)))
    });
    let how = match (table.is_published, language) {
        (true, Language::Nl) => "Zoals gepubliceerd.",
        (true, Language::En) => "As published.",
        (false, Language::Nl) => {
            "Berekend uit de ingelezen Iv3: lasten, gedeeld door de inwoners; van een groep de som van allen door de inwoners van allen."
        }
        (false, Language::En) => {
            "Computed from the Iv3 that was imported: spending over inhabitants; of a group the sum of all over the inhabitants of all."
        }
    };
    Table {
        id: format!("iv3-{}", at + 1),
        title: match language {
            Language::Nl => format!("8. Begroting en realisatie per inwoner {}", table.jaar),
            Language::En => format!("8. Budget and accounts per inhabitant {}", table.jaar),
        },
        note: format!("{how} {}.", table.bron),
        empty: String::new(),
        columns: std::iter::once(Column::text(either(language, "taakveld", "task field")))
            .chain(columns)
            .chain([Column::text(either(language, "rekening naast de groepen", "accounts beside the groups"))])
            .collect(),
        rows: table.lines.iter().map(row).collect(),
        total: table.total.as_ref().map(row),
    }
}

fn contradiction_table(id: &str, found: &[Contradiction], scope: &Scope) -> Option<Table> {
    let language = scope.language;
    let rows = found.iter().map(|one| {
        let head = match language {
            Language::Nl => format!("{}, regel {}", one.bestand, one.regel),
            Language::En => format!("{}, line {}", one.bestand, one.regel),
        };
        let href = scope.link(&format!("/gegevens/bestand/{}", percent_encode(&one.bericht_id)));
        TableRow { head, href: Some(href), is_dutch: false, cells: vec![Cell::text(&one.omschrijving)] }
    });
    (!found.is_empty()).then(|| Table {
        id: id.to_owned(),
        title: either(language, "De gepubliceerde tabel spreekt zichzelf tegen", "The published table contradicts itself").to_owned(),
        note: either(
            language,
            "Bij het inlezen nagerekend; wat afronding kan verklaren staat er niet bij. De cijfers hierboven zijn niet veranderd.",
            "Checked when it was imported; what rounding can explain is left out. The figures above were not changed.",
        )
        .to_owned(),
        empty: String::new(),
        columns: vec![
            Column::text(either(language, "waar", "where")),
            Column::prose(either(language, "wat niet klopt", "what is wrong")),
        ],
        rows: rows.collect(),
        total: None,
    })
}
