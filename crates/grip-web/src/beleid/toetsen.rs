//! What the figures say of assumptions beside how two courses go together: before and after, and other municipalities.

use std::collections::BTreeMap;

use grip_pipeline::{Across, BeforeAfter, Turn};
use grip_policy::{Sign, TheoryLink, TheoryPart};
use grip_register::{ObjectId, Version};
use grip_report::{Cell, Column, Language, Table, TableRow};

use super::{text, to};
use crate::{App, address::Scope, document::Block, problem::Problem, prognose::month_in_full, words::say};

/// What a test says, in words.
pub(super) fn verdict(verdict: &str, language: Language) -> String {
    match verdict {
        "fits" => say(language, "past bij de veronderstelling", "fits the assumption"),
        "does_not_fit" => say(language, "past niet bij de veronderstelling", "does not fit the assumption"),
        _ => say(language, "niet te zeggen", "not to be told"),
    }
}

/// What other municipalities say of each link whose two parts have a public figure.
pub(super) async fn across(
    app: &App,
    scope: &Scope,
    parts: &[Version<TheoryPart>],
    links: &[Version<TheoryLink>],
) -> Result<BTreeMap<ObjectId, Option<Across>>, Problem> {
    let figure = |id: ObjectId| {
        let part = parts.iter().find(|part| part.id == id)?;
        (!part.content.figure.0.is_empty()).then(|| part.content.figure.0.clone())
    };
    let asked: Vec<(ObjectId, String, String, bool)> = links
        .iter()
        .filter_map(|link| {
            let it = &link.content;
            Some((link.id, figure(it.from.0)?, figure(it.to.0)?, it.sign == Sign::More))
        })
        .collect();
    let Scope { gemeente, peildatum, .. } = *scope;
    app.ask(move |grip| {
        let one = |(id, cause, effect, is_more): (ObjectId, String, String, bool)| {
            Ok((id, grip.across(gemeente, peildatum, &cause, &effect, is_more)?))
        };
        asked.into_iter().map(one).collect()
    })
    .await
}

fn row(link: &Version<TheoryLink>, cells: Vec<Cell>, scope: &Scope) -> TableRow {
    TableRow { is_dutch: true, ..TableRow::new(&link.content.name.0, cells).linked(to::<TheoryLink>(scope, link.id)) }
}

fn range(low: f64, high: f64, language: Language) -> Cell {
    Cell::text(format!("{} – {}", text::number(low, language), text::number(high, language)))
}

/// Before and after the month in which each cause turned.
pub(super) fn before_after(
    links: &[Version<TheoryLink>],
    found: &BTreeMap<ObjectId, BeforeAfter>,
    scope: &Scope,
) -> Block {
    let language = scope.language;
    let rows = links.iter().filter_map(|link| {
        let test = found.get(&link.id)?;
        let turned = |turn: Option<Turn>| {
            let value = Cell::of(turn, |turn| Cell::text(text::number(turn.value, language)));
            [value, Cell::of(turn, |turn| range(turn.low, turn.high, language))]
        };
        let since = Cell::of(link.content.since, |maand| Cell::Text(month_in_full(&maand.to_string(), language)));
        let mut cells = vec![since, Cell::Text(verdict(test.verdict, language))];
        cells.extend(turned(test.cause));
        cells.extend(turned(test.effect));
        cells.push(Cell::of(test.effect, |turn| Cell::Count(i64::try_from(turn.months).unwrap_or(i64::MAX))));
        Some(row(link, cells, scope))
    });
    Block::Table(Table {
        id: "voor-en-na".to_owned(),
        title: say(language, "Voor en na dat de oorzaak veranderde", "Before and after the cause turned"),
        note: say(
            language,
            "Hoeveel een maand gemiddeld anders is dan het eigen verloop en seizoen ervóór, met het 95 %-interval; van definitieve maanden. Het gevolg wordt bekeken vanaf zoveel maanden later als de veronderstelling zegt. Ook iets anders kan toen zijn veranderd: dit bewijst niets.",
            "By how much a month is on average another than its own course and season before, with the 95 % interval; of definitive months. The effect is looked at from as many months later as the assumption says. Something else may have turned then too: this proves nothing.",
        ),
        empty: say(
            language,
            "Nog van geen veronderstelling waarvan beide onderdelen een indicator hebben is ingevuld sinds welke maand de oorzaak anders is.",
            "Of no assumption of which both parts have an indicator was filled in yet since which month the cause is another.",
        ),
        columns: vec![
            Column::text(say(language, "veronderstelling", "assumption")),
            Column::kept(say(language, "sinds", "since")),
            Column::text(say(language, "wat de cijfers zeggen", "what the figures say")),
            Column::number(say(language, "oorzaak anders", "cause another")),
            Column::kept(say(language, "interval oorzaak", "interval cause")),
            Column::number(say(language, "gevolg anders", "effect another")),
            Column::kept(say(language, "interval gevolg", "interval effect")),
            Column::number(say(language, "maanden erna", "months after")),
        ],
        rows: rows.collect(),
        total: None,
    })
}

/// Other municipalities beside each link.
pub(super) fn compared(
    links: &[Version<TheoryLink>],
    found: &BTreeMap<ObjectId, Option<Across>>,
    scope: &Scope,
) -> Block {
    let language = scope.language;
    let rows = links.iter().filter_map(|link| {
        let test = found.get(&link.id)?.as_ref();
        let said = test.map_or_else(
            || say(language, "niet te zeggen: te weinig gemeenten", "not to be told: too few municipalities"),
            |test| verdict(test.verdict, language),
        );
        let cells = vec![
            Cell::Text(said),
            Cell::of(test, |test| Cell::Real(test.correlation, 2)),
            Cell::of(test, |test| range(test.low, test.high, language)),
            Cell::of(test, |test| Cell::text(format!("{} – {}", test.from, test.to))),
            Cell::of(test, |test| Cell::Count(i64::try_from(test.gemeenten).unwrap_or(i64::MAX))),
        ];
        Some(row(link, cells, scope))
    });
    Block::Table(Table {
        id: "gemeenten".to_owned(),
        title: say(language, "Wat andere gemeenten ervan laten zien", "What other municipalities show of it"),
        note: say(
            language,
            "Of het openbare cijfer van het gevolg meer groeide in gemeenten waar dat van de oorzaak meer groeide: de samenhang tussen beide verhoudingen (laatste jaar gedeeld door eerste), met het 95 %-interval. Minstens tien gemeenten. Gemeenten verschillen in meer: dit bewijst niets.",
            "Whether the public figure of the effect grew more in municipalities in which that of the cause did: the correlation of both ratios (last year over first), with the 95 % interval. At least ten municipalities. Municipalities differ in more: this proves nothing.",
        ),
        empty: say(
            language,
            "Nog van geen veronderstelling hebben beide onderdelen een openbaar cijfer.",
            "Of no assumption both parts have a public figure yet.",
        ),
        columns: vec![
            Column::text(say(language, "veronderstelling", "assumption")),
            Column::text(say(language, "wat de cijfers zeggen", "what the figures say")),
            Column::number(say(language, "samenhang (−1 tot 1)", "correlation (−1 to 1)")),
            Column::kept(say(language, "interval", "interval")),
            Column::kept(say(language, "jaren", "years")),
            Column::number(say(language, "gemeenten", "municipalities")),
        ],
        rows: rows.collect(),
        total: None,
    })
}
