//! What households use together, and how much of the cost a few carry.

use axum::{http::Uri, response::Response};
use grip_pipeline::care::{CareStacking, CostShares, StackingRow, TopRow};
use grip_report::{Cell, Chart, Column, Course, CourseLine, Form, Language, Scale, Step, Table, TableRow, euros_short};

use super::{
    WITHHELD, frame, indicator_links, law_name, number, one_decimal, pages, percentage, persons, share_of, table, text,
    year_name,
};
use crate::{
    App,
    address::Scope,
    document::{Block, ChartBlock, Document, Figure, WithTables, open},
    problem::Problem,
    prognose::drawings::both,
    sentences::long_date,
    words::{say, words},
};

/// Pairs of categories on a page.
const PAIRS_MAX: usize = 25;

/// `/zorg/stapeling`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let Scope { gemeente, jaar, peildatum, language, .. } = *scope;
    let stacking = app.ask(move |grip| grip.care_stacking(gemeente, peildatum, jaar)).await?;
    let title = title(&stacking, scope);
    let frame = frame(&opened, &app, &uri, &title, Some(say(language, "Stapeling", "Stacking")));
    let mut document = Document::new(frame, &uri, title, lede(&stacking, scope));
    document.figures = figures(&stacking, scope);
    document.blocks = vec![
        Block::Table(law_table(&stacking, scope)),
        Block::Table(number_table(&stacking, scope)),
        Block::Table(pair_table(&stacking, scope)),
        Block::Table(wijk_table(&stacking, scope)),
        Block::Table(both_table(&stacking, scope)),
    ];
    document.blocks.extend(curve_block(&stacking, scope));
    document.blocks.extend([
        Block::Table(top_table(&stacking, scope)),
        Block::Table(top_years_table(&stacking, scope)),
        what_counts(&stacking, language),
        no_participation(language),
        indicator_links(&app, scope, &INDICATORS),
        pages(scope, "/zorg/stapeling"),
    ]);
    document.respond(&opened.asked)
}

const INDICATORS: [&str; 10] = [
    "huishoudens-met-zorg",
    "huishoudens-met-zorg-per-1000",
    "huishoudens-beide-wetten",
    "huishoudens-beide-wetten-per-1000",
    "aandeel-kosten-beide-wetten",
    "huishoudens-meer-clienten",
    "clienten-beide-wetten",
    "aandeel-duurste-1-procent",
    "aandeel-duurste-5-procent",
    "aandeel-duurste-10-procent",
];

/// Households with care under both laws.
fn both_laws(stacking: &CareStacking) -> Option<&StackingRow> {
    stacking.by_law.iter().find(|row| row.number > 1)
}

fn top(shares: &CostShares, percent: u8) -> Option<&TopRow> {
    shares.tops.iter().find(|top| top.percent == percent)
}

/// Of the clients in the year.
fn of_year(stacking: &CareStacking) -> Option<&CostShares> {
    stacking.clients.iter().find(|shares| shares.jaar == stacking.jaar)
}

fn title(stacking: &CareStacking, scope: &Scope) -> String {
    let (language, year) = (scope.language, year_name(scope));
    if stacking.cents == 0 && stacking.by_law.is_empty() {
        return match language {
            Language::Nl => format!("Over {year} is niets gedeclareerd"),
            Language::En => format!("Nothing was declared for {year}"),
        };
    }
    match both_laws(stacking).and_then(|row| Some((row, row.huishoudens?))) {
        None => match language {
            Language::Nl => format!("Wat huishoudens in {year} samen gebruikten, en hoe de kosten zijn verdeeld"),
            Language::En => format!("What households used together in {year}, and how the cost is spread"),
        },
        Some((row, both)) => {
            let both = number(both, language);
            let per = row.per_1000.map(|per| one_decimal(per, language));
            match (language, per) {
                (Language::Nl, Some(per)) => {
                    format!("In {year} gebruikten {both} huishoudens Wmo én jeugdhulp: {per} per 1.000 huishoudens")
                }
                (Language::Nl, None) => format!("In {year} gebruikten {both} huishoudens Wmo én jeugdhulp"),
                (Language::En, Some(per)) => {
                    format!(
                        "In {year} {both} households used both Wmo support and youth care: {per} per 1,000 households"
                    )
                }
                (Language::En, None) => format!("In {year} {both} households used both Wmo support and youth care"),
            }
        }
    }
}

fn lede(stacking: &CareStacking, scope: &Scope) -> String {
    let language = scope.language;
    let day = long_date(scope.peildatum, language);
    match (of_year(stacking).and_then(|shares| top(shares, 10)), language) {
        (Some(top), Language::Nl) => format!(
            "De duurste 10 % van de cliënten maakte {} van de kosten. Geteld wordt gedeclareerde zorg die niet is afgekeurd, zoals bekend op {day}.",
            percentage(top.share, language)
        ),
        (Some(top), Language::En) => format!(
            "The most expensive 10% of clients made {} of the cost. Care that was declared and not refused is counted, as known on {day}.",
            percentage(top.share, language)
        ),
        (None, Language::Nl) => {
            format!("Geteld wordt gedeclareerde zorg die niet is afgekeurd, zoals bekend op {day}.")
        }
        (None, Language::En) => format!("Care that was declared and not refused is counted, as known on {day}."),
    }
}

fn figures(stacking: &CareStacking, scope: &Scope) -> Vec<Figure> {
    let language = scope.language;
    let dash = || "–".to_owned();
    let both = both_laws(stacking);
    let shown = both.filter(|row| row.huishoudens.is_some());
    let share = shown
        .and_then(|row| row.cents)
        .filter(|_| stacking.household_cents > 0)
        .map(|cents| share_of(cents, stacking.household_cents));
    let households = match (shown.and_then(|row| row.per_1000), language) {
        (Some(per), Language::Nl) => format!("{} per 1.000 huishoudens", one_decimal(per, language)),
        (Some(per), Language::En) => format!("{} per 1,000 households", one_decimal(per, language)),
        (None, Language::Nl) => "het aantal huishoudens in de gemeente is niet ingelezen".to_owned(),
        (None, Language::En) => "the number of households in the municipality was not taken in".to_owned(),
    };
    let households =
        if stacking.particuliere_huishoudens.is_some() && shown.is_none() { String::new() } else { households };
    let tenth = of_year(stacking).and_then(|shares| top(shares, 10));
    let tenth_note = tenth.map_or_else(String::new, |top| match language {
        Language::Nl => format!("{} cliënten, {}", number(top.units, language), euros_short(top.cents, language)),
        Language::En => format!("{} clients, {}", number(top.units, language), euros_short(top.cents, language)),
    });
    vec![
        Figure {
            name: say(language, "Huishoudens met Wmo en jeugdhulp", "Households with Wmo support and youth care"),
            number: both.map_or_else(dash, |row| counted(row.huishoudens).shown(language)),
            note: households,
        },
        Figure {
            name: say(language, "Deel van de kosten dat naar hen gaat", "Share of the cost that goes to them"),
            number: share.map_or_else(dash, |share| percentage(share, language)),
            note: say(language, "van huishoudens die bekend zijn", "of households that are known"),
        },
        Figure {
            name: say(language, "Kosten van de duurste 10 %", "Cost of the most expensive 10%"),
            number: tenth.map_or_else(dash, |top| percentage(top.share, language)),
            note: tenth_note,
        },
    ]
}

fn counted(count: Option<i64>) -> Cell {
    count.map_or(Cell::Withheld, Cell::Count)
}

/// Households with what belongs to them, unless they are withheld.
fn household_cells(row: &StackingRow, all_cents: i64) -> Vec<Cell> {
    let Some((count, cents)) = row.huishoudens.zip(row.cents) else { return vec![Cell::Withheld; 4] };
    vec![
        Cell::Count(count),
        Cell::of(row.per_1000, |per| Cell::Real(per, 1)),
        Cell::Euros(cents),
        if all_cents > 0 { Cell::Share(share_of(cents, all_cents)) } else { Cell::Nothing },
    ]
}

fn household_columns(first: String, language: Language) -> Vec<Column> {
    vec![
        Column::text(first),
        Column::number(say(language, "huishoudens", "households")),
        Column::number(say(language, "per 1.000 huishoudens", "per 1,000 households")),
        Column::number(say(language, "kosten", "cost")),
        Column::number(say(language, "deel van de kosten", "share of the cost")),
    ]
}

fn without_source(stacking: &CareStacking, language: Language) -> String {
    let mut note = say(language, WITHHELD.0, WITHHELD.1);
    if stacking.particuliere_huishoudens.is_none() {
        note.push(' ');
        note.push_str(&say(
            language,
            "Per 1.000 kan niet: lees de open data van het CBS in (tabel 70072ned).",
            "Per 1,000 can't be said: take in the open data of CBS (table 70072ned).",
        ));
    }
    note
}

fn empty_households(table: Table, language: Language) -> Table {
    let empty = say(
        language,
        "Van geen cliënt met gedeclareerde zorg is het huishouden bekend. Het wordt bepaald uit de adressen in de toewijzingen (301).",
        "Of no client with declared care the household is known. It is found from the addresses in the allocations (301).",
    );
    Table { empty, ..table }
}

fn law_table(stacking: &CareStacking, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = stacking.by_law.iter().map(|row| {
        let names: Vec<&str> = row.wetten.iter().map(|wet| law_name(wet, language)).collect();
        let head = match (names.as_slice(), language) {
            ([only], Language::Nl) => format!("alleen {only}"),
            ([only], Language::En) => format!("only {only}"),
            (_, Language::Nl) => names.join(" en "),
            (_, Language::En) => names.join(" and "),
        };
        TableRow::new(head, household_cells(row, stacking.household_cents))
    });
    let title = match language {
        Language::Nl => format!("Huishoudens naar wetten die zij samen gebruiken, {}", year_name(scope)),
        Language::En => format!("Households by the laws they use together, {}", year_name(scope)),
    };
    let table = Table {
        columns: household_columns(say(language, "wetten", "laws"), language),
        rows: rows.collect(),
        ..table("wetten", title, without_source(stacking, language), scope)
    };
    empty_households(table, language)
}

fn number_table(stacking: &CareStacking, scope: &Scope) -> Table {
    let language = scope.language;
    let head = |number: usize, more: bool| match (number, more, language) {
        (1, false, Language::Nl) => "1 soort zorg".to_owned(),
        (1, false, Language::En) => "1 kind of care".to_owned(),
        (_, false, Language::Nl) => format!("{number} soorten zorg"),
        (_, false, Language::En) => format!("{number} kinds of care"),
        (_, true, Language::Nl) => format!("{number} of meer soorten zorg"),
        (_, true, Language::En) => format!("{number} or more kinds of care"),
    };
    let rows = stacking
        .by_number
        .iter()
        .map(|row| TableRow::new(head(row.number, row.or_more), household_cells(row, stacking.household_cents)));
    let title = say(language, "Huishoudens naar aantal soorten zorg", "Households by the number of kinds of care");
    let note = format!(
        "{} {}",
        say(language, "Een soort zorg is een productcategorie.", "A kind of care is a product category."),
        without_source(stacking, language)
    );
    let table = Table {
        columns: household_columns(say(language, "soorten", "kinds"), language),
        rows: rows.collect(),
        ..table("soorten", title, note, scope)
    };
    empty_households(table, language)
}

fn pair_table(stacking: &CareStacking, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = stacking.pairs.iter().take(PAIRS_MAX).map(|row| {
        let [one, other] = &row.categories;
        let name = |of: &(&'static str, String)| format!("{} ({})", of.1, law_name(of.0, Language::Nl));
        TableRow {
            head: name(one),
            href: None,
            is_dutch: true,
            cells: vec![Cell::text(name(other)), Cell::Count(row.huishoudens), Cell::Euros(row.cents)],
        }
    });
    let note = match language {
        Language::Nl => format!(
            "De {PAIRS_MAX} paren die het meest voorkomen, van tien huishoudens of meer; van dezelfde of van verschillende personen. Kosten zijn die van deze twee samen."
        ),
        Language::En => format!(
            "The {PAIRS_MAX} most frequent pairs, of ten households or more; of one person or of several. Cost is that of these two together."
        ),
    };
    let title = say(language, "Welke zorg in één huishouden samengaat", "Which care goes together in one household");
    let table = Table {
        columns: vec![
            Column::text(say(language, "soort zorg", "kind of care")),
            Column::text(say(language, "samen met", "together with")),
            Column::number(say(language, "huishoudens", "households")),
            Column::number(say(language, "kosten", "cost")),
        ],
        rows: rows.collect(),
        ..table("paren", title, note, scope)
    };
    empty_households(table, language)
}

fn wijk_table(stacking: &CareStacking, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = stacking.wijken.iter().map(|row| {
        let share = row.both.zip(row.huishoudens.filter(|all| *all > 0));
        let share = match (share, row.both, row.huishoudens) {
            (Some((both, all)), ..) => Cell::Share(share_of(both, all)),
            (None, Some(_), Some(_)) => Cell::Nothing,
            (None, ..) => Cell::Withheld,
        };
        let cents = row.both_cents.map_or(Cell::Withheld, Cell::Euros);
        let cells = vec![counted(row.huishoudens), counted(row.both), share, cents];
        TableRow::new(row.wijk.clone().unwrap_or_else(|| say(language, "niet bekend", "not known")), cells)
    });
    let title = say(language, "Huishoudens met beide wetten, per wijk", "Households with both laws, by district");
    let table = Table {
        columns: vec![
            Column::text(say(language, "wijk", "district")),
            Column::number(say(language, "huishoudens met zorg", "households with care")),
            Column::number(say(language, "met beide wetten", "with both laws")),
            Column::number(say(language, "deel", "share")),
            Column::number(say(language, "kosten van beide", "cost of both")),
        ],
        rows: rows.collect(),
        ..table("wijken", title, say(language, WITHHELD.0, WITHHELD.1), scope)
    };
    empty_households(table, language)
}

fn both_table(stacking: &CareStacking, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = stacking.both_per_year.iter().map(|(jaar, both, per_1000)| {
        TableRow::new(jaar.to_string(), vec![counted(*both), Cell::of(*per_1000, |per| Cell::Real(per, 1))])
    });
    let title = say(language, "Huishoudens met beide wetten, per jaar", "Households with both laws, by year");
    Table {
        columns: vec![
            Column::text(words(language).jaar),
            Column::number(say(language, "huishoudens", "households")),
            Column::number(say(language, "per 1.000 huishoudens", "per 1,000 households")),
        ],
        rows: rows.collect(),
        ..table("beide-per-jaar", title, without_source(stacking, language), scope)
    }
}

fn curve_block(stacking: &CareStacking, scope: &Scope) -> Option<Block> {
    let language = scope.language;
    let shown = &stacking.curve;
    if shown.len() < 2 {
        return None;
    }
    let half = shown.iter().find(|(percent, _)| *percent == 50)?.1;
    let title = match language {
        Language::Nl => format!("De duurste helft van de cliënten maakt {} van de kosten", percentage(half, language)),
        Language::En => format!("The most expensive half of clients makes {} of the cost", percentage(half, language)),
    };
    let name = |percent: u8| match language {
        Language::Nl => format!("duurste {percent} %"),
        Language::En => format!("most expensive {percent}%"),
    };
    let rows = shown.iter().map(|(percent, share)| TableRow::new(name(*percent), vec![Cell::Share(*share)]));
    let table = Table {
        columns: vec![
            Column::text(say(language, "cliënten", "clients")),
            Column::number(say(language, "deel van de kosten", "share of the cost")),
        ],
        rows: rows.collect(),
        ..table("concentratie", title.clone(), String::new(), scope)
    };
    let labels = shown.iter().map(|(percent, _)| Step {
        name: name(*percent),
        label: format!("{percent}\u{a0}%"),
        initial: percent.to_string(),
        year: String::new(),
        href: None,
    });
    let chart = Course {
        id: "kosten".to_owned(),
        title: title.clone(),
        description: say(
            language,
            "Stijgende lijn: het deel van de kosten van de duurste 1, 5, 10 en steeds 10 procent meer van de cliënten.",
            "Rising line: the share of the cost of the most expensive 1, 5, 10 and each time 10 percent more of clients.",
        ),
        language,
        scale: Scale::Percent {
            name: say(language, "van de kosten, naar deel van de cliënten", "of the cost, by share of clients"),
        },
        labels: labels.collect(),
        lines: vec![CourseLine {
            name: say(language, "deel van de kosten", "share of the cost"),
            values: shown.iter().map(|(_, share)| Some(tenths(*share))).collect(),
            band: None,
        }],
        reference: None,
        marks: Vec::new(),
        form: Form::Straight,
        from_zero: true,
        known_to: shown.len(),
        provisional_name: String::new(),
    };
    Some(Block::Chart(ChartBlock { drawings: both(title, &Chart::Course(chart)), table }))
}

/// Tenths of a percent.
#[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
fn tenths(share: f64) -> i64 {
    (share * 1_000.0).round() as i64
}

fn top_table(stacking: &CareStacking, scope: &Scope) -> Table {
    let language = scope.language;
    let clients = say(language, "cliënten", "clients");
    let mut groups: Vec<(String, &CostShares)> =
        of_year(stacking).map(|shares| (clients.clone(), shares)).into_iter().collect();
    groups.extend(
        stacking.of_law.iter().map(|(wet, shares)| (format!("{clients}, {}", law_name(wet, language)), shares)),
    );
    groups.push((say(language, "huishoudens", "households"), &stacking.households));
    let rows = groups.into_iter().flat_map(|(of, shares)| {
        shares.tops.iter().map(move |top| {
            let head = match language {
                Language::Nl => format!("duurste {} % van de {of}", top.percent),
                Language::En => format!("most expensive {}% of {of}", top.percent),
            };
            let [number, cost] = [Cell::Count(top.units), Cell::Euros(top.cents)];
            TableRow::new(head, vec![number, cost, Cell::Share(top.share), Cell::Thousands(top.from_cents)])
        })
    });
    let title = match language {
        Language::Nl => format!("Hoeveel van de kosten een klein deel maakt, {}", year_name(scope)),
        Language::En => format!("How much of the cost a few make, {}", year_name(scope)),
    };
    let note = say(
        language,
        "Van alle cliënten of huishoudens met een bedrag boven nul in het jaar; het aantal is naar boven afgerond. De laatste kolom is de \
         laagste van hen, in hele duizenden. Een groep van minder dan tien staat er niet bij, ook niet als \
         verschil van twee regels.",
        "Of all clients or households with an amount above zero in the year; the number is rounded up. The last column is the least of them, \
         in whole thousands. A group of fewer than ten is left out, also as the difference of two rows.",
    );
    Table {
        columns: vec![
            Column::text(say(language, "groep", "group")),
            Column::number(say(language, "aantal", "number")),
            Column::number(say(language, "kosten", "cost")),
            Column::number(say(language, "deel van de kosten", "share of the cost")),
            Column::number(say(language, "vanaf, × € 1.000", "from, × €1,000")),
        ],
        rows: rows.collect(),
        ..table("duurste", title, note, scope)
    }
}

fn top_years_table(stacking: &CareStacking, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = stacking.clients.iter().filter(|shares| shares.units != Some(0)).map(|shares| {
        let cells = [1, 5, 10, 50].map(|percent| Cell::of(top(shares, percent), |top| Cell::Share(top.share)));
        TableRow::new(
            shares.jaar.to_string(),
            [persons(shares.units), shares.cents.map_or(Cell::Withheld, Cell::Euros)]
                .into_iter()
                .chain(cells)
                .collect(),
        )
    });
    let of = |percent: u8| Column::number(say(language, &format!("duurste {percent} %"), &format!("top {percent}%")));
    let title = say(
        language,
        "Deel van de kosten van de duurste cliënten, per jaar",
        "Share of the most expensive clients, by year",
    );
    Table {
        columns: vec![
            Column::text(words(language).jaar),
            Column::number(say(language, "cliënten", "clients")),
            Column::number(say(language, "kosten", "cost")),
            of(1),
            of(5),
            of(10),
            of(50),
        ],
        rows: rows.collect(),
        ..table("duurste-per-jaar", title, String::new(), scope)
    }
}

fn what_counts(stacking: &CareStacking, language: Language) -> Block {
    let known = if stacking.cents > 0 { share_of(stacking.household_cents, stacking.cents) } else { 0.0 };
    let known = percentage(known, language);
    let nl = format!(
        "Een huishouden gebruikt een wet als een van zijn leden in het jaar zorg onder die wet had. Die zorg is gedeclareerd en niet afgekeurd. \
         Huishoudens zijn gevonden uit adressen en worden alleen als pseudoniem bewaard. Van {known} van het gedeclareerde bedrag is het \
         huishouden bekend; de rest ontbreekt in de tabellen over huishoudens."
    );
    let en = format!(
        "A household uses a law when one of its members had care under that law in the year that was declared and not refused. Households \
         were found from addresses and are kept as pseudonyms only. Of {known} of the amount declared the household is known; the rest is \
         missing from the tables of households."
    );
    text(language, ("Wat telt als gebruik?", "What counts as use?"), (&nl, &en))
}

fn no_participation(language: Language) -> Block {
    text(
        language,
        ("Participatie ontbreekt nog", "Participation is missing"),
        (
            "Stapeling gaat hier over de Wmo en de Jeugdwet. Voor de Participatiewet (uitkering, re-integratie, schuldhulp) heeft Grip nog \
             geen bron: wie ook een uitkering heeft is hier niet te zien, en de stapeling is in werkelijkheid groter.",
            "Stacking is about the Wmo and the Jeugdwet here. For the Participatiewet (benefits, reintegration, debt counselling) Grip has no \
             source yet: who has a benefit too is not seen here, and stacking is larger in reality.",
        ),
    )
}
