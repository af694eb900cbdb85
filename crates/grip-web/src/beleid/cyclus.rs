//! The policy cycle of every theme, and the calendar.

use axum::{http::Uri, response::Response};
use grip_policy::{CycleStep, Decision, Dossier, Due, Moment, Round, StepState, Theme, rounds};
use grip_register::Version;
use grip_report::{Cell, Column, Language, Table, TableRow};

use super::{chosen, frame, here, links_to, list, onward, text, to};
use crate::{
    App,
    address::Scope,
    document::{Block, Document, Figure, Links, WithTables},
    problem::Problem,
    register,
    sentences::long_date,
    words::say,
};

/// `/beleid/cyclus`
pub(super) async fn cycle(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let title = say(language, "Waar het beleid is in zijn cyclus", "Where the policy is in its cycle");
    let day = long_date(scope.peildatum, language);
    let lede = match language {
        Language::Nl => format!(
            "Per thema de vijf stappen, zoals het stond op {day}: van visie tot leren, en wat er daardoor veranderde."
        ),
        Language::En => format!(
            "By theme the five steps, as it stood on {day}: from vision to learning, and what changed because of it."
        ),
    };
    let below = here(&say(language, "beleidscyclus", "policy cycle"));
    let frame = frame(&opened, &app, &uri, &title, below).without_care();
    let mut document = Document::new(frame, &uri, title.clone(), lede);
    document.blocks = blocks(&dossier, &scope)?;
    document.blocks.push(onward(&scope));
    document.respond(&opened.asked)
}

/// The steps of every theme, and what was learnt.
pub(super) fn blocks(dossier: &Dossier, scope: &Scope) -> Result<Vec<Block>, Problem> {
    let language = scope.language;
    let themes = list::<Theme>(dossier)?;
    let steps = list::<CycleStep>(dossier)?;
    let found = rounds(&themes, &steps, scope.peildatum);
    let mut blocks = vec![Block::Table(overview(&found, dossier, scope))];
    for round in &found {
        let own: Vec<&Version<CycleStep>> = round
            .steps
            .iter()
            .flat_map(|(.., ids)| ids)
            .filter_map(|id| steps.iter().find(|step| step.id == *id))
            .collect();
        if !own.is_empty() {
            blocks.push(Block::Table(step_table(round, &own, dossier, scope)));
        }
    }
    blocks.extend(lessons(&found, &steps, dossier, scope));
    blocks.push(Block::Links(Links {
        title: say(language, "Toevoegen", "Add"),
        links: vec![
            (say(language, "Nieuw thema", "New theme"), register::new_link::<Theme>(scope, &[])),
            (say(language, "Nieuwe stap", "New step"), register::new_link::<CycleStep>(scope, &[])),
        ],
    }));
    Ok(blocks)
}

fn overview(found: &[Round], dossier: &Dossier, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |round: &Round| {
        let mut cells: Vec<Cell> =
            round.steps.iter().map(|(_, state, _)| Cell::text(text::step_state(*state, language))).collect();
        cells.push(Cell::of(round.now, |step| Cell::text(chosen(step.choice(), language))));
        let name = dossier.name(round.theme).unwrap_or_default();
        TableRow { is_dutch: true, ..TableRow::new(name, cells).linked(to::<Theme>(scope, round.theme)) }
    };
    let heads = grip_policy::Step::ALL.iter().map(|step| Column::text(chosen(step.choice(), language)));
    Table {
        id: "cyclus".to_owned(),
        title: say(language, "De vijf stappen per thema", "The five steps by theme"),
        note: say(
            language,
            "Van een stap met meer onderdelen staat er hoe het dringendste ervoor staat.",
            "Of a step with several parts this is how the most pressing one stands.",
        ),
        empty: say(
            language,
            "Er zijn nog geen thema's. Maak een thema, en daarna de stappen van zijn cyclus.",
            "There are no themes yet. Make a theme, and then the steps of its cycle.",
        ),
        columns: std::iter::once(Column::text(say(language, "thema", "theme")))
            .chain(heads)
            .chain([Column::text(say(language, "nu", "now"))])
            .collect(),
        rows: found.iter().map(row).collect(),
        total: None,
    }
}

fn step_table(round: &Round, own: &[&Version<CycleStep>], dossier: &Dossier, scope: &Scope) -> Table {
    let language = scope.language;
    let day = |day: Option<grip_types::Date>| Cell::of(day, |day| Cell::text(day.to_string()));
    let row = |step: &&Version<CycleStep>| {
        let it = &step.content;
        let state = grip_policy::step_state(it, scope.peildatum);
        let cells = vec![
            Cell::text(chosen(it.step.choice(), language)),
            Cell::text(text::step_state(state, language)),
            day(it.begin),
            day(it.due),
            day(it.done),
            Cell::text(&it.owner.0),
            Cell::text(&it.document.0),
        ];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<CycleStep>(scope, step.id)) }
    };
    Table {
        id: format!("thema-{}", round.theme.to_string().to_lowercase()),
        title: dossier.name(round.theme).unwrap_or_default().to_owned(),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "wat", "what")),
            Column::text(say(language, "stap", "step")),
            Column::text("status"),
            Column::kept(say(language, "begin", "begin")),
            Column::kept(say(language, "klaar op", "due")),
            Column::kept(say(language, "werkelijk klaar", "done")),
            Column::text(say(language, "eigenaar", "owner")),
            Column::text(say(language, "document", "document")),
        ],
        rows: own.iter().map(row).collect(),
        total: None,
    }
}

/// What was learnt and what changed because of it, and where that is missing.
pub(super) fn lessons(found: &[Round], steps: &[Version<CycleStep>], dossier: &Dossier, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let rows = found.iter().flat_map(|round| &round.lessons).filter_map(|id| {
        let step = steps.iter().find(|step| step.id == *id)?;
        let it = &step.content;
        let theme = dossier.name(it.theme.0).unwrap_or_default();
        let changed = if it.changed.0.is_empty() {
            say(language, "nog niets vastgelegd", "nothing recorded yet")
        } else {
            it.changed.0.clone()
        };
        let cells = vec![Cell::text(theme), Cell::text(&it.learnt.0), Cell::text(changed)];
        Some(TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<CycleStep>(scope, *id)) })
    });
    let table = Table {
        id: "geleerd".to_owned(),
        title: say(
            language,
            "Wat is geleerd, en wat is daardoor veranderd",
            "What was learnt, and what changed because of it",
        ),
        note: String::new(),
        empty: say(language, "Er is nog niets vastgelegd.", "Nothing is recorded yet."),
        columns: vec![
            Column::text(say(language, "stap", "step")),
            Column::text(say(language, "thema", "theme")),
            Column::prose(say(language, "geleerd", "learnt")),
            Column::prose(say(language, "veranderd", "changed")),
        ],
        rows: rows.collect(),
        total: None,
    };
    let all = |of: fn(&Round) -> &Vec<grip_register::ObjectId>| {
        let ids: Vec<_> = found.iter().flat_map(|round| of(round).iter().copied()).collect();
        links_to::<CycleStep>(dossier, &ids, scope)
    };
    let missing = [
        (
            say(
                language,
                "Evaluaties die klaar zijn zonder vastgelegde les",
                "Evaluations that are done without a recorded lesson",
            ),
            all(|round| &round.without_lesson),
        ),
        (
            say(language, "Lessen waardoor nog niets is veranderd", "Lessons because of which nothing changed yet"),
            all(|round| &round.without_change),
        ),
    ];
    let missing = missing.into_iter().filter(|(_, links)| !links.is_empty());
    std::iter::once(Block::Table(table))
        .chain(missing.map(|(title, links)| Block::Links(Links { title, links })))
        .collect()
}

/// `/beleid/kalender`
pub(super) async fn calendar(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let found = calendar_of(&dossier, &scope)?;
    let title = say(language, "Kalender van beleid, planning en control", "Calendar of policy, planning and control");
    let lede = say(
        language,
        "Kadernota, begroting, rapportages, evaluaties, stappen van de beleidscyclus en wat nog beantwoord moet worden. Te laat staat bovenaan.",
        "Framework memorandum, budget, reports, evaluations, steps of the policy cycle and what is still to be answered. Overdue comes first.",
    );
    let below = here(&say(language, "kalender", "calendar"));
    let frame = frame(&opened, &app, &uri, &title, below).without_care();
    let mut document = Document::new(frame, &uri, title.clone(), lede);
    let to_do = found.overdue.len() + found.ahead.iter().filter(|due| !due.is_done).count();
    let whole = |number: usize| Cell::Count(i64::try_from(number).unwrap_or(i64::MAX)).shown(language);
    document.figures = vec![
        Figure {
            name: say(language, "te laat", "overdue"),
            number: whole(found.overdue.len()),
            note: long_date(scope.peildatum, language),
        },
        Figure {
            name: say(language, "nog te doen", "still to do"),
            number: whole(to_do),
            note: say(language, "met wat te laat is", "with what is overdue"),
        },
    ];
    let dues: Vec<&Due> = found.overdue.iter().chain(&found.ahead).chain(&found.past).collect();
    let empty = say(
        language,
        "Er staat nog niets in de kalender. Voeg momenten toe, of geef stappen van de beleidscyclus een datum.",
        "There is nothing in the calendar yet. Add moments, or give steps of the policy cycle a day.",
    );
    let note = say(
        language,
        "Eerst wat te laat is, dan wat vanaf de peildatum komt, dan wat is geweest.",
        "First what is overdue, then what comes from the day shown on, then what has been.",
    );
    let table = due_table(say(language, "De kalender", "The calendar"), &dues, &dossier, &scope);
    document.blocks.push(Block::Table(Table { note, empty, ..table }));
    document.blocks.push(Block::Links(Links {
        title: say(language, "Toevoegen", "Add"),
        links: vec![(say(language, "Nieuw moment", "New moment"), register::new_link::<Moment>(&scope, &[]))],
    }));
    document.blocks.push(onward(&scope));
    document.respond(&opened.asked)
}

pub(super) fn calendar_of(dossier: &Dossier, scope: &Scope) -> Result<grip_policy::Calendar, Problem> {
    let moments = list::<Moment>(dossier)?;
    let steps = list::<CycleStep>(dossier)?;
    let decisions = list::<Decision>(dossier)?;
    Ok(grip_policy::calendar(&moments, &steps, &decisions, scope.peildatum))
}

pub(super) fn due_table(title: String, dues: &[&Due], dossier: &Dossier, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |due: &&Due| {
        let entry = dossier.get(due.id)?;
        let state = if due.is_overdue {
            StepState::Overdue
        } else if due.is_done {
            StepState::Done
        } else {
            StepState::Planned
        };
        let kind = entry.kind;
        let sort = kind.field("sort").or_else(|| kind.field("step")).map(|field| {
            let grip_policy::Input::Choice(choices) = field.input else { return String::new() };
            let choice = choices.iter().find(|choice| choice.value == entry.text(field.name));
            choice.map_or(String::new(), |choice| say(language, choice.nl, choice.en))
        });
        let cells = vec![
            Cell::text(due.date.to_string()),
            Cell::text(text::step_state(state, language)),
            Cell::text(say(language, kind.one.nl, kind.one.en)),
            Cell::of(sort, Cell::Text),
        ];
        let row = TableRow::new(entry.name(), cells).linked(register::object_link(scope, kind.name, due.id));
        Some(TableRow { is_dutch: true, ..row })
    };
    Table {
        id: "kalender".to_owned(),
        title,
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "wat", "what")),
            Column::kept(say(language, "datum", "day")),
            Column::text("status"),
            Column::text(say(language, "uit", "from")),
            Column::text(say(language, "soort", "sort")),
        ],
        rows: dues.iter().filter_map(row).collect(),
        total: None,
    }
}
