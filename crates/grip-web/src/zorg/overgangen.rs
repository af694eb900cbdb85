//! From which care to which, and who came back.

use std::collections::BTreeMap;

use axum::{http::Uri, response::Response};
use grip_pipeline::care::{CareMoves, CareReturns, MoveDirection, ReturnRow};
use grip_report::{Cell, Chart, Column, Language, Ribbon, Sankey, Table, TableRow};
use grip_types::Wet;

use super::{
    WITHHELD, asked_wet, frame, indicator_links, law_name, laws, number, pages, percentage, persons, return_share,
    share_of, table, text, wet_filter, year_name,
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

/// Names beside the drawing; more can't be read.
const NODES_MAX: usize = 11;

/// One side of a move as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Category(&'static str, Option<String>),
    Others,
    None,
}

/// Who went from where to where, as far as it is shown.
type Merged = BTreeMap<(Side, Side), i64>;

/// `/zorg/overgangen`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let Scope { gemeente, jaar, peildatum, language, .. } = *scope;
    let wet = asked_wet(&opened.asked)?;
    let (moves, returns) = app
        .ask(move |grip| {
            let moves = grip.care_moves(gemeente, peildatum, jaar, wet)?;
            Ok((moves, grip.care_returns(gemeente, peildatum, jaar)?))
        })
        .await?;
    let title = title(&moves, wet, scope);
    let frame = frame(&opened, &app, &uri, &title, Some(say(language, "Overgangen", "Moves")));
    let lede = format!("{} {}.", say(language, LEDE.0, LEDE.1), long_date(peildatum, language));
    let mut document = Document::new(frame, &uri, title, lede);
    document.filters = vec![wet_filter(wet, language)];
    document.figures = figures(&moves, scope);
    document.blocks.extend(sankey_block(&moves, scope));
    document.blocks.extend([
        Block::Table(direction_table(&moves, scope)),
        Block::Table(cost_table(&moves, scope)),
        Block::Table(return_table(&returns, wet, scope)),
        Block::Table(return_category_table(&returns, wet, scope)),
        what_counts(language),
        indicator_links(&app, scope, &["herhaald-beroep", "productcategorieen-per-client", "kosten-per-client"]),
        pages(scope, "/zorg/overgangen"),
    ]);
    document.respond(&opened.asked)
}

const LEDE: (&str, &str) = (
    "Elke cliënt telt één keer: met de zorg bij het begin van het jaar en die aan het eind. Zoals bekend op",
    "Every client counts once: with the care when the year began and that when it ended. As known on",
);

fn clients(moves: &CareMoves, direction: MoveDirection) -> Option<i64> {
    moves.directions.iter().find(|(known, _)| *known == direction).map_or(Some(0), |(_, clients)| *clients)
}

fn title(moves: &CareMoves, wet: Option<Wet>, scope: &Scope) -> String {
    let language = scope.language;
    let (up, down) = (clients(moves, MoveDirection::Up), clients(moves, MoveDirection::Down));
    let (laws, year) = (laws(wet, language), year_name(scope));
    if moves.directions.is_empty() {
        return match language {
            Language::Nl => format!("{laws}: over {year} is geen zorg bekend"),
            Language::En => format!("{laws}: no care is known in {year}"),
        };
    }
    let Some((up, down)) = up.zip(down) else {
        return match language {
            Language::Nl => format!("{laws}: wie in {year} van zorg wisselde"),
            Language::En => format!("{laws}: who changed care in {year}"),
        };
    };
    let (up, down) = (number(up, language), number(down, language));
    match language {
        Language::Nl => format!("{laws}: in {year} gingen {up} cliënten naar duurdere zorg en {down} naar goedkopere"),
        Language::En => format!("{laws}: in {year} {up} clients went to dearer care and {down} to cheaper care"),
    }
}

fn figures(moves: &CareMoves, scope: &Scope) -> Vec<Figure> {
    let language = scope.language;
    let before = |direction: &MoveDirection| !matches!(direction, MoveDirection::Came | MoveDirection::Passed);
    let there = moves.directions.iter().filter(|(direction, _)| before(direction)).map(|(_, clients)| *clients);
    let there = there.sum::<Option<i64>>().filter(|there| *there > 0);
    let figure = |direction, nl: &str, en: &str| {
        let count = clients(moves, direction);
        let share = count.zip(there).map(|(count, there)| percentage(share_of(count, there), language));
        let note = share.map_or_else(String::new, |share| match language {
            Language::Nl => format!("{share} van wie bij het begin van {} zorg had", scope.jaar),
            Language::En => format!("{share} of those in care when {} began", scope.jaar),
        });
        Figure { name: say(language, nl, en), number: persons(count).shown(language), note }
    };
    vec![
        figure(MoveDirection::Up, "Opgeschaald", "Scaled up"),
        figure(MoveDirection::Down, "Afgeschaald", "Scaled down"),
        figure(MoveDirection::Left, "Zonder zorg aan het eind", "Without care at the end"),
    ]
}

/// Puts together the categories that are too many to draw.
fn merged(moves: &CareMoves) -> Merged {
    let mut sizes: BTreeMap<Side, i64> = BTreeMap::new();
    let side = |side: &Option<(&'static str, Option<String>)>| match side {
        Some((wet, categorie)) => Side::Category(wet, categorie.clone()),
        None => Side::None,
    };
    // Who came and left within the year is at neither side.
    let drawn = moves.moves.iter().filter(|it| it.direction != MoveDirection::Passed);
    let mut found: Merged = drawn.map(|it| ((side(&it.from), side(&it.to)), it.clients)).collect();
    for ((from, to), clients) in &found {
        for side in [from, to] {
            *sizes.entry(side.clone()).or_default() += clients;
        }
    }
    sizes.remove(&Side::None);
    let mut largest: Vec<(i64, Side)> = sizes.into_iter().map(|(side, size)| (size, side)).collect();
    largest.sort_by(|one, other| other.cmp(one));
    for (_, side) in largest.into_iter().skip(NODES_MAX) {
        found = renamed(found, |known| *known == side);
    }
    found
}

fn renamed(moves: Merged, is_meant: impl Fn(&Side) -> bool) -> Merged {
    let mut found = Merged::new();
    for ((from, to), clients) in moves {
        let name = |side: Side| if is_meant(&side) { Side::Others } else { side };
        *found.entry((name(from), name(to))).or_default() += clients;
    }
    found
}

/// The name of one side; without care it is called by what happened.
fn side_name(side: &Side, moves: &CareMoves, without: (&str, &str), language: Language) -> String {
    match side {
        Side::Others => say(language, "overige zorg", "other care"),
        Side::None => say(language, without.0, without.1),
        Side::Category(wet, categorie) => {
            let named = moves.costs.iter().find(|cost| cost.wet == *wet && cost.productcategorie == *categorie);
            let naam = named.map(|cost| cost.naam.clone()).or_else(|| categorie.clone());
            let naam = naam.unwrap_or_else(|| say(language, "Zonder productcategorie", "Without a category"));
            let law = if *wet == Wet::Jw.as_str() { say(language, "jeugd", "youth") } else { "Wmo".to_owned() };
            format!("{naam} ({law})")
        }
    }
}

const NEW: (&str, &str) = ("geen zorg", "no care");
const GONE: (&str, &str) = ("geen zorg meer", "no care any more");

fn sankey_block(moves: &CareMoves, scope: &Scope) -> Option<Block> {
    let language = scope.language;
    let merged = merged(moves);
    let (first, last) = moves.days.clone()?;
    if merged.is_empty() {
        return None;
    }
    let at_either = moves.directions.iter().filter(|(direction, _)| *direction != MoveDirection::Passed);
    let all = at_either.map(|(_, clients)| *clients).sum::<Option<i64>>();
    let share =
        clients(moves, MoveDirection::Same).zip(all).map(|(same, all)| percentage(share_of(same, all), language));
    let title = match (share, language) {
        (Some(share), Language::Nl) => {
            format!("{share} van de cliënten had aan het begin en aan het eind dezelfde zorg")
        }
        (Some(share), Language::En) => format!("{share} of clients had the same care at the begin and at the end"),
        (None, Language::Nl) => "Van welke zorg naar welke".to_owned(),
        (None, Language::En) => "From which care to which".to_owned(),
    };
    let mut rows: Vec<(&(Side, Side), &i64)> = merged.iter().collect();
    rows.sort_by_key(|(_, clients)| std::cmp::Reverse(**clients));
    let rows = rows.into_iter().map(|((from, to), clients)| TableRow {
        head: side_name(from, moves, NEW, language),
        href: None,
        is_dutch: language != Language::Nl && matches!(from, Side::Category(..)),
        cells: vec![Cell::text(side_name(to, moves, GONE, language)), Cell::Count(*clients)],
    });
    let note = say(
        language,
        "Overgangen van minder dan tien cliënten staan er niet bij, en ook niet wat zou zeggen hoeveel dat er zijn. Wie binnen het jaar kwam en \
         ging staat alleen in de volgende tabel.",
        "Moves of fewer than ten clients are left out, and what would say how many these are. Who came and left within the year is in the next \
         table only.",
    );
    let table = Table {
        columns: vec![
            Column::text(say(language, "van", "from")),
            Column::text(say(language, "naar", "to")),
            Column::number(say(language, "cliënten", "clients")),
        ],
        rows: rows.collect(),
        ..table("overgangen", title.clone(), note, scope)
    };
    let chart = sankey(title.clone(), &merged, moves, (&first, &last), language);
    Some(Block::Chart(ChartBlock { drawings: both(title, &Chart::Sankey(chart)), table }))
}

fn sankey(title: String, merged: &Merged, moves: &CareMoves, days: (&str, &str), language: Language) -> Sankey {
    let sides = |of: fn(&(Side, Side)) -> &Side| -> Vec<Side> {
        let mut found: Vec<Side> = merged.keys().map(|both| of(both).clone()).collect();
        found.sort();
        found.dedup();
        found
    };
    let (from, to) = (sides(|(from, _)| from), sides(|(_, to)| to));
    let place = |sides: &[Side], side: &Side| sides.iter().position(|known| known == side);
    let ribbons = merged.iter().filter_map(|((one, other), clients)| {
        Some(Ribbon {
            from: place(&from, one)?,
            to: place(&to, other)?,
            clients: u32::try_from(*clients).ok()?,
            href: None,
        })
    });
    let names = |sides: &[Side], without| -> Vec<String> {
        sides.iter().map(|side| side_name(side, moves, without, language)).collect()
    };
    let day = |text: &str| grip_types::parse_date(text).map_or_else(|| text.to_owned(), |day| long_date(day, language));
    Sankey {
        id: "stromen".to_owned(),
        title,
        description: say(
            language,
            "Links de zorg bij het begin van het jaar, rechts die aan het eind; hoe breder een band, hoe meer cliënten.",
            "On the left the care when the year began, on the right that when it ended; the broader a band, the more clients.",
        ),
        language,
        unit: say(language, "cliënten", "clients"),
        from_name: day(days.0),
        to_name: day(days.1),
        from: names(&from, NEW),
        to: names(&to, GONE),
        ribbons: ribbons.collect(),
    }
}

fn direction_name(direction: MoveDirection, language: Language) -> String {
    match direction {
        MoveDirection::Up => say(language, "naar duurdere zorg (opgeschaald)", "to dearer care (scaled up)"),
        MoveDirection::Sideways => {
            say(language, "naar andere zorg van gelijke kosten", "to other care of the same cost")
        }
        MoveDirection::Down => say(language, "naar goedkopere zorg (afgeschaald)", "to cheaper care (scaled down)"),
        MoveDirection::Same => say(language, "dezelfde zorg", "the same care"),
        MoveDirection::Came => {
            say(language, "gekomen: eerst geen zorg, aan het eind wel", "came: no care first, care at the end")
        }
        MoveDirection::Left => {
            say(language, "gegaan: aan het eind geen zorg meer", "left: no care any more at the end")
        }
        MoveDirection::Passed => say(language, "gekomen en gegaan binnen het jaar", "came and left within the year"),
    }
}

fn direction_table(moves: &CareMoves, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = moves
        .directions
        .iter()
        .map(|(direction, clients)| TableRow::new(direction_name(*direction, language), vec![persons(*clients)]));
    let title = match language {
        Language::Nl => format!("Op- en afschalen in {}", year_name(scope)),
        Language::En => format!("Scaling up and down in {}", year_name(scope)),
    };
    Table {
        columns: vec![
            Column::text(say(language, "wat er gebeurde", "what happened")),
            Column::number(say(language, "cliënten", "clients")),
        ],
        rows: rows.collect(),
        ..table("richting", title, say(language, WITHHELD.0, WITHHELD.1), scope)
    }
}

fn cost_table(moves: &CareMoves, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = moves.costs.iter().map(|cost| TableRow {
        head: cost.naam.clone(),
        href: None,
        is_dutch: true,
        cells: vec![Cell::text(law_name(cost.wet, language)), Cell::Euros(cost.per_month)],
    });
    let note = match language {
        Language::Nl => format!(
            "Gemiddeld gedeclareerd bedrag per cliënt per maand met een declaratie, in {} en {}. Dit bepaalt wat op- en afschalen heet. Categorieën van minder dan tien cliënten staan er niet bij.",
            scope.jaar - 1,
            scope.jaar
        ),
        Language::En => format!(
            "Mean amount declared per client and month with a declaration, in {} and {}. It says what is up and what is down. Categories of fewer than ten clients are left out.",
            scope.jaar - 1,
            scope.jaar
        ),
    };
    Table {
        columns: vec![
            Column::text(say(language, "productcategorie", "product category")),
            Column::text(words(language).law),
            Column::number(say(language, "per cliënt per maand", "per client and month")),
        ],
        rows: rows.collect(),
        ..table("kosten", say(language, "Van dure naar goedkope zorg", "From dear to cheap care"), note, scope)
    }
}

fn return_cells(row: &ReturnRow) -> Vec<Cell> {
    let share = return_share(row.ended, row.returned);
    let returned = if row.ended == Some(0) { Cell::Nothing } else { persons(row.returned) };
    vec![persons(row.ended), returned, share.unwrap_or(Cell::Nothing), persons(row.too_recent)]
}

fn return_columns(first: String, language: Language) -> Vec<Column> {
    vec![
        Column::text(first),
        Column::text(words(language).law),
        Column::number(say(language, "geëindigd en gevolgd", "ended and followed")),
        Column::number(say(language, "terug", "came back")),
        Column::number(say(language, "deel", "share")),
        Column::number(say(language, "nog te kort geleden", "too recent to tell")),
    ]
}

fn is_of(row: &ReturnRow, wet: Option<Wet>) -> bool {
    wet.is_none_or(|wet| row.wet == wet.as_str())
}

fn return_table(returns: &CareReturns, wet: Option<Wet>, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = returns.years.iter().filter(|row| is_of(row, wet)).map(|row| {
        let law = Cell::text(law_name(row.wet, language));
        TableRow::new(row.jaar.to_string(), std::iter::once(law).chain(return_cells(row)).collect())
    });
    let note = say(
        language,
        "Van wie alle zorg onder de wet eindigde: wie had binnen 12 maanden weer zorg, na ten minste 31 dagen zonder? Een einde dat nog geen \
         jaar te volgen is telt niet mee. De indicator Herhaald beroep telt andersom: van wie begon, wie eerder zorg had.",
        "Of those whose care under the law ended altogether: who was in care again within 12 months, after at least 31 days without? An end \
         that can't be followed for a year yet is left out. The indicator of repeat use counts the other way round: of those who began, \
         who was in care before.",
    );
    Table {
        columns: return_columns(say(language, "geëindigd in", "ended in"), language),
        rows: rows.collect(),
        ..table(
            "terugkeer",
            say(language, "Terug binnen 12 maanden, per jaar", "Back within 12 months, by year"),
            note,
            scope,
        )
    }
}

fn return_category_table(returns: &CareReturns, wet: Option<Wet>, scope: &Scope) -> Table {
    let language = scope.language;
    let mut found: Vec<&ReturnRow> = returns.categories.iter().filter(|row| is_of(row, wet)).collect();
    found.sort_by_key(|row| std::cmp::Reverse(row.ended));
    let rows = found.into_iter().map(|row| {
        let law = Cell::text(law_name(row.wet, language));
        TableRow {
            head: row.naam.clone(),
            href: None,
            is_dutch: true,
            cells: std::iter::once(law).chain(return_cells(row)).collect(),
        }
    });
    let title = match language {
        Language::Nl => format!("Terug binnen 12 maanden, naar de zorg die in {} als laatste eindigde", scope.jaar - 1),
        Language::En => format!("Back within 12 months, by the care that ended last in {}", scope.jaar - 1),
    };
    let note = say(
        language,
        "Eindigde er op de laatste dag meer dan één soort zorg, dan telt de cliënt bij elk. Terug is terug in zorg onder dezelfde wet, welke \
         dan ook.",
        "Where more than one kind of care ended on the last day, the client counts for each. Back is back in care under the same law, \
         whichever.",
    );
    Table {
        columns: return_columns(say(language, "productcategorie", "product category"), language),
        rows: rows.collect(),
        ..table("terugkeer-product", title, note, scope)
    }
}

fn what_counts(language: Language) -> Block {
    text(
        language,
        ("Wat telt als overgang?", "What counts as a move?"),
        (
            "De zorg van een cliënt op twee dagen: de eerste en de laatste van het jaar, of de peildatum. Wie op zo’n dag meer dan één soort \
             zorg heeft telt met de duurste. Duurder en goedkoper is naar wat de categorie gemiddeld per cliënt en maand kost, niet naar wat deze cliënt kost. Wat er tussen de twee dagen gebeurde is hier niet te zien.",
            "The care of a client on two days: the first and the last of the year, or the date. Who has more than one kind of care on such a \
             day counts with the dearest. Dearer and cheaper is by the mean amount per client and month of the category, not by what this \
             client costs. What happened between both days is not seen here.",
        ),
    )
}
