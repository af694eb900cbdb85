//! The goals: as a tree and as a table.

use std::collections::BTreeMap;

use axum::{http::Uri, response::Response};
use grip_policy::{Gap, Goal, GoalLevel, Measure, Missing, Target, TargetStatus};
use grip_register::Version;
use grip_report::{Cell, Column, Language, Table, TableRow};

use super::{Goals, chosen, frame, goals, here, indicator_link, onward, text, to};
use crate::{
    App,
    address::Scope,
    document::{Block, Document, Figure, Filter, Leaf, Links, Opened, Tree, TreeRow, WithTables},
    problem::Problem,
    register,
    words::say,
};

/// `/beleid`
pub(super) async fn tree(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let found = goals(&app, &scope, register::dossier(&app, &scope).await?).await?;
    let title = say(language, "Wat wij willen bereiken", "What we want to reach");
    let mut document =
        Document::new(frame(&opened, &app, &uri, &title, Vec::new()), &uri, title.clone(), lede(&scope, language));
    document.figures = figures(&found, say(language, "zie onder de boom", "see below the tree"), language);
    document.blocks.push(Block::Tree(goal_list(&found, None, &scope)));
    document.blocks.push(Block::Links(Links {
        title: say(language, "Toevoegen", "Add"),
        links: vec![
            (say(language, "Nieuw doel", "New goal"), register::new_link::<Goal>(&scope, &[])),
            (say(language, "Nieuwe streefwaarde", "New target"), register::new_link::<Target>(&scope, &[])),
            (say(language, "Nieuwe maatregel", "New measure"), register::new_link::<Measure>(&scope, &[])),
        ],
    }));
    document.blocks.push(Block::Table(gap_table(&found, &scope)));
    document.blocks.push(onward(&scope));
    document.respond(&opened.asked)
}

fn lede(scope: &Scope, language: Language) -> String {
    let day = crate::sentences::long_date(scope.peildatum, language);
    match language {
        Language::Nl => format!(
            "Van visie tot werk: elk doel met zijn streefwaarden en hoe die ervoor staan volgens de cijfers van {day}. Alleen hele jaren tellen."
        ),
        Language::En => format!(
            "From vision to work: every goal with its targets and how they stand by the figures of {day}. Only whole years count."
        ),
    }
}

/// How many targets stand how, and how much is missing, with where that is told.
fn figures(found: &Goals, missing: String, language: Language) -> Vec<Figure> {
    let mut counts = grip_policy::StatusCounts::default();
    found.measured.values().for_each(|measured| counts.count(measured.standing.status));
    let whole = |number: usize| Cell::Count(i64::try_from(number).unwrap_or(i64::MAX)).shown(language);
    let of = |number: usize, name: String| Figure {
        name,
        number: whole(number),
        note: match language {
            Language::Nl => format!("van {} streefwaarden", whole(counts.total())),
            Language::En => format!("of {} targets", whole(counts.total())),
        },
    };
    vec![
        of(counts.reached, text::status(TargetStatus::Reached, language)),
        of(counts.on_track, text::status(TargetStatus::OnTrack, language)),
        of(counts.behind, text::status(TargetStatus::Behind, language)),
        of(
            counts.not_yet + counts.unknown,
            say(language, "nog niet te zeggen of geen informatie", "not yet to be told, or no information"),
        ),
        Figure {
            name: say(language, "wat ontbreekt", "what is missing"),
            number: whole(found.gaps.len()),
            note: missing,
        },
    ]
}

/// The tree, or the goals of one level in it.
pub(super) fn goal_list(found: &Goals, only: Option<GoalLevel>, scope: &Scope) -> Tree {
    let language = scope.language;
    let row = |row: &grip_policy::GoalRow| {
        let goal = &found.goal(row.id)?.content;
        if only.is_some_and(|only| only != goal.level) {
            return None;
        }
        let summary = found.counts.get(&row.id).copied().unwrap_or_default();
        let leaves = found.targets_of(row.id).map(|target| leaf(found, target, scope));
        Some(TreeRow {
            depth: if only.is_some() { 0 } else { row.depth },
            kind: chosen(goal.level.choice(), language),
            name: goal.name.0.clone(),
            href: to::<Goal>(scope, row.id),
            summary: if summary.total() > 0 { format!("({})", text::counts(summary, language)) } else { String::new() },
            leaves: leaves.collect(),
        })
    };
    Tree {
        title: match only {
            Some(GoalLevel::Vision) => say(language, "Visie", "Vision"),
            Some(GoalLevel::Strategic) => say(language, "Strategische doelen", "Strategic goals"),
            Some(GoalLevel::Tactical) => say(language, "Tactische doelen", "Tactical goals"),
            Some(GoalLevel::Operational) => say(language, "Operationele doelen", "Operational goals"),
            None => say(language, "De doelen", "The goals"),
        },
        note: say(
            language,
            "Tussen haakjes hoe de streefwaarden van een doel en van alles eronder ervoor staan: aantallen, geen gemiddelde.",
            "In brackets how the targets of a goal and of all below it stand: counts, no average.",
        ),
        empty: say(
            language,
            "Er zijn nog geen doelen. Begin met een visie of een strategisch doel, of lees ze in uit een spreadsheet.",
            "There are no goals yet. Begin with a vision or a strategic goal, or read them from a spreadsheet.",
        ),
        rows: found.tree.rows.iter().filter_map(row).collect(),
    }
}

fn leaf(found: &Goals, target: &Version<Target>, scope: &Scope) -> Leaf {
    let language = scope.language;
    let measured = found.measured.get(&target.id);
    let status = measured.map_or(TargetStatus::NoInformation, |measured| measured.standing.status);
    let mut words = measured.map(|measured| text::standing(measured, language)).unwrap_or_default();
    if !target.content.missing.0.is_empty() && target.content.indicator.is_none() {
        let who = &target.content.missing.0;
        words = match language {
            Language::Nl => format!("{words} Wie maakt die: {who}."),
            Language::En => format!("{words} Who makes it: {who}."),
        };
    }
    Leaf {
        name: target.content.name.0.clone(),
        href: to::<Target>(scope, target.id),
        badge: text::status(status, language),
        is_warning: status == TargetStatus::Behind,
        text: words,
    }
}

/// All that is missing.
pub(super) fn gap_table(found: &Goals, scope: &Scope) -> Table {
    let language = scope.language;
    let mut numbers: BTreeMap<Gap, i64> = BTreeMap::new();
    for missing in &found.gaps {
        *numbers.entry(missing.gap).or_default() += 1;
    }
    let row = |missing: &Missing| {
        let name = found.dossier.name(missing.id).unwrap_or_default();
        let cells = vec![
            Cell::text(text::gap(missing.gap, language)),
            Cell::of(grip_policy::kind_named(missing.kind), |kind| Cell::text(say(language, kind.one.nl, kind.one.en))),
        ];
        let row = TableRow::new(name, cells).linked(register::object_link(scope, missing.kind, missing.id));
        TableRow { is_dutch: true, ..row }
    };
    let note: Vec<String> =
        numbers.iter().map(|(gap, number)| format!("{number} × {}", text::gap(*gap, language))).collect();
    Table {
        id: "ontbreekt".to_owned(),
        title: say(language, "Wat ontbreekt", "What is missing"),
        note: note.join("; "),
        empty: say(language, "Er ontbreekt niets.", "Nothing is missing."),
        columns: vec![
            Column::text(say(language, "waar", "where")),
            Column::text(say(language, "wat", "what")),
            Column::text(say(language, "soort", "kind")),
        ],
        rows: found.gaps.iter().map(row).collect(),
        total: None,
    }
}

/// `/beleid/tabel`
pub(super) async fn table(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let found = goals(&app, &scope, register::dossier(&app, &scope).await?).await?;
    let title = say(language, "Doelen en streefwaarden in een tabel", "Goals and targets in a table");
    let below = here(&say(language, "tabel", "table"));
    let mut document =
        Document::new(frame(&opened, &app, &uri, &title, below), &uri, title.clone(), lede(&scope, language));
    document.filters = filters(&opened, language);
    let missing = say(language, "staat onder de doelenboom", "stands below the tree of goals");
    document.figures = figures(&found, missing, language);
    document.blocks = vec![Block::Table(target_table(&found, &opened)), onward(&scope)];
    document.respond(&opened.asked)
}

const STATUSES: [(TargetStatus, &str); 5] = [
    (TargetStatus::Reached, "gehaald"),
    (TargetStatus::OnTrack, "op-koers"),
    (TargetStatus::Behind, "achter"),
    (TargetStatus::NotYetToBeTold, "nog-niet"),
    (TargetStatus::NoInformation, "geen-informatie"),
];

fn filters(opened: &Opened, language: Language) -> Vec<Filter> {
    let all = (String::new(), say(language, "alle", "all"));
    let chosen_of = |name: &str| opened.asked.get(name).unwrap_or_default().to_owned();
    let levels = GoalLevel::ALL.iter().map(|level| (level.choice().value.to_owned(), chosen(level.choice(), language)));
    let statuses = STATUSES.iter().map(|(status, value)| ((*value).to_owned(), text::status(*status, language)));
    vec![
        Filter {
            name: "niveau",
            label: say(language, "Niveau", "Level"),
            options: std::iter::once(all.clone()).chain(levels).collect(),
            chosen: chosen_of("niveau"),
        },
        Filter {
            name: "status",
            label: say(language, "Status", "Status"),
            options: std::iter::once(all).chain(statuses).collect(),
            chosen: chosen_of("status"),
        },
    ]
}

/// A row for every target, and for every goal without one.
fn target_table(found: &Goals, opened: &Opened) -> Table {
    let scope = &opened.scope;
    let language = scope.language;
    let (level, status, only) = (opened.asked.get("niveau"), opened.asked.get("status"), opened.asked.get("doel"));
    let mut rows = Vec::new();
    for place in &found.tree.rows {
        let Some(goal) = found.goal(place.id) else { continue };
        let is_asked = level.is_none_or(|level| goal.content.level.choice().value == level)
            && only.is_none_or(|only| place.id.to_string() == only);
        if !is_asked {
            continue;
        }
        let mut targets = found.targets_of(place.id).peekable();
        if targets.peek().is_none() && status.is_none() {
            rows.push(goal_row(goal, None, found, scope));
        }
        let is_asked = |target: &&Version<Target>| {
            let own = found.measured.get(&target.id).map(|measured| measured.standing.status);
            status.is_none_or(|status| STATUSES.iter().any(|(of, value)| *value == status && Some(*of) == own))
        };
        rows.extend(targets.filter(is_asked).map(|target| goal_row(goal, Some(target), found, scope)));
    }
    Table {
        id: "doelen".to_owned(),
        title: say(language, "Doelen en streefwaarden", "Goals and targets"),
        note: say(
            language,
            "Afstand: hoeveel beter (+) of slechter (−) dan de lijn naar de streefwaarde, in de eenheid van de indicator; van een percentage in procentpunten.",
            "Distance: how much better (+) or worse (−) than the line to the target, in the unit of the indicator; of a percentage in percentage points.",
        ),
        empty: say(language, "Er zijn geen doelen die hieraan voldoen.", "There are no goals like that."),
        columns: vec![
            Column::text(say(language, "doel", "goal")),
            Column::text(say(language, "niveau", "level")),
            Column::text(say(language, "streefwaarde", "target")),
            Column::text("indicator"),
            Column::text("status"),
            Column::number(say(language, "beginwaarde", "start value")),
            Column::number(say(language, "jaar", "year")),
            Column::number(say(language, "waarde", "value")),
            Column::number(say(language, "streefjaar", "target year")),
            Column::number(say(language, "gewenst", "wanted")),
            Column::number(say(language, "afstand tot de lijn", "distance to the line")),
            Column::number(say(language, "verwacht", "expected")),
            Column::number(say(language, "ondergrens", "lower bound")),
            Column::number(say(language, "bovengrens", "upper bound")),
            Column::number(say(language, "kans", "chance")),
            Column::text(say(language, "eigenaar", "owner")),
            Column::prose(say(language, "bron", "source")),
        ],
        rows,
        total: None,
    }
}

fn goal_row(goal: &Version<Goal>, target: Option<&Version<Target>>, found: &Goals, scope: &Scope) -> TableRow {
    let language = scope.language;
    let year = |year: i16| Cell::text(year.to_string());
    let mut cells = vec![Cell::text(chosen(goal.content.level.choice(), language))];
    let missing = say(language, "geen", "none");
    match target {
        None => {
            cells.push(Cell::text(&missing));
            cells.extend(std::iter::repeat_n(Cell::Nothing, 12));
            cells.push(Cell::text(&goal.content.owner.0));
            cells.push(Cell::text(&goal.content.source.0));
        }
        Some(target) => {
            let it = &target.content;
            let measured = found.measured.get(&target.id);
            let standing = measured.map(|measured| measured.standing);
            let unit = measured.and_then(|measured| measured.course.as_ref()).map(|course| course.unit);
            let value = |number: f64| text::value(number, unit);
            let outlook = measured.and_then(|measured| measured.outlook);
            cells.push(Cell::Link { text: it.name.0.clone(), href: to::<Target>(scope, target.id) });
            cells.push(match &it.indicator {
                Some(id) => Cell::Link { text: id.0.clone(), href: indicator_link(scope, &id.0, &it.filters) },
                None => Cell::text(say(language, "nog niet beschikbaar", "not available yet")),
            });
            let status = standing.map_or(TargetStatus::NoInformation, |standing| standing.status);
            cells.push(Cell::text(text::status(status, language)));
            cells.push(Cell::of(it.start_value, |start| value(start.0)));
            let (last, next) = (standing.and_then(|it| it.last), standing.and_then(|it| it.next));
            cells.push(Cell::of(last, |(of, _)| year(of)));
            cells.push(Cell::of(last, |(_, last)| value(last)));
            cells.push(Cell::of(next, |(of, _)| year(of)));
            cells.push(Cell::of(next, |(_, wanted)| value(wanted)));
            cells.push(Cell::of(standing.and_then(|it| it.distance), |distance| text::distance(distance, unit)));
            cells.push(Cell::of(outlook, |outlook| value(outlook.value)));
            cells.push(Cell::of(outlook, |outlook| value(outlook.low)));
            cells.push(Cell::of(outlook, |outlook| value(outlook.high)));
            cells.push(Cell::of(outlook, |outlook| Cell::Share(outlook.chance)));
            cells.push(Cell::text(if it.owner.0.is_empty() { &goal.content.owner.0 } else { &it.owner.0 }));
            cells.push(Cell::text(if it.source.0.is_empty() { &goal.content.source.0 } else { &it.source.0 }));
        }
    }
    TableRow { is_dutch: true, ..TableRow::new(&goal.content.name.0, cells).linked(to::<Goal>(scope, goal.id)) }
}
