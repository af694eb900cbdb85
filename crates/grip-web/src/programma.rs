//! Programmes: items, planning, cost, risks and roles; what would follow if an item were put off or left out.

mod board;
mod calendar;
mod money;
mod people;
mod planning;
mod what_if;

use axum::{http::Uri, response::Response};
use grip_access::{Detail, Part};
use grip_policy::{Choice, Dossier, Object, Plan, PlanItem, Programme};
use grip_report::{Cell, Column, Language, Table, TableRow};
use grip_types::Date;

use crate::{
    App,
    address::Scope,
    document::{Block, Document, Links, WithTables},
    frame::Crumb,
    pages::{Asks, Pages},
    problem::Problem,
    register::{dossier, new_link, object_link, open},
    words::{either, say, words},
};

pub(crate) use calendar::Calendar;

/// The pages of this part.
pub(crate) fn pages() -> Pages {
    Pages::default().get("/programma", Asks::reads(Part::Programme, Detail::Totals), overview).get(
        "/programma/{id}",
        Asks::reads(Part::Programme, Detail::Totals),
        board::show,
    )
}

/// What a choice is called.
pub(crate) fn called(choice: &Choice, language: Language) -> &'static str {
    either(language, choice.nl, choice.en)
}

/// A day, or nothing.
pub(crate) fn day_cell(day: Option<Date>) -> Cell {
    Cell::of(day, |day| Cell::Text(day.to_string()))
}

/// `/programma`
async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let title = either(language, "Programma's en uitvoeringsplannen", "Programmes and execution plans");
    let here = Crumb { name: words(language).programme.to_owned(), href: None };
    let lede = say(
        language,
        "Wat er gebeurt, wanneer het klaar is, wat het kost en of er mensen genoeg voor zijn.",
        "What is done, when it is finished, what it costs and whether there are people enough for it.",
    );
    let dossier = dossier(&app, scope).await?;
    let frame = opened.frame(&app, &uri, title, vec![here]).without_care();
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks = vec![Block::Table(list(&dossier, scope)?), Block::Links(onward(scope))];
    document.respond(&opened.asked)
}

fn onward(scope: &Scope) -> Links {
    let language = scope.language;
    let link = |nl: &str, en: &str, href| (say(language, nl, en), href);
    let items = scope.link(&format!("/register/{}/inlezen", PlanItem::kind().name));
    Links {
        title: say(language, "Verder", "Onward"),
        links: vec![
            link("Nieuw programma", "New programme", new_link::<Programme>(scope, &[])),
            link("Onderdelen inlezen uit een rekenblad", "Import items from a spreadsheet", items),
            link("Besluiten", "Decisions", scope.link("/besluiten")),
            link("Doelen", "Goals", scope.link("/beleid")),
        ],
    }
}

fn list(dossier: &Dossier, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let mut rows = Vec::new();
    for programme in dossier.of_kind(Programme::kind().name) {
        let Some(plan) = Plan::read(dossier, programme.version.id)? else { continue };
        let schedule = plan.schedule();
        let cost = plan.cost(&schedule);
        let overdue = i64::try_from(plan.overdue(scope.peildatum).len()).unwrap_or(i64::MAX);
        let cells = vec![
            day_cell(schedule.end),
            day_cell(plan.programme.end),
            Cell::Count(overdue),
            if cost.is_said() { Cell::Euros(cost.total.cents) } else { Cell::Nothing },
            Cell::of(plan.programme.budget, |budget| Cell::Euros(budget.cents)),
            Cell::of(cost.left.filter(|_| cost.is_said()), |left| Cell::Euros(left.cents)),
            Cell::Euros(cost.spent.cents),
            Cell::text(plan.programme.owner.0.clone()),
        ];
        let row = TableRow::new(plan.programme.name.0.clone(), cells);
        rows.push(TableRow { is_dutch: language == Language::En, ..row.linked(board_link(scope, &plan)) });
    }
    Ok(Table {
        id: "programmas".to_owned(),
        title: say(language, "Alle programma's", "All programmes"),
        note: say(
            language,
            "De kosten zijn met onvoorzien. Te laat: onderdelen die op de peildatum begonnen of klaar hadden moeten \
             zijn.",
            "Cost is with contingency. Overdue: items that should have begun or been done on the day shown.",
        ),
        empty: say(
            language,
            "Er is nog geen programma. Maak er een met ‘Nieuw programma’, of lees onderdelen in uit een rekenblad.",
            "There is no programme yet. Make one with ‘New programme’, or import items from a spreadsheet.",
        ),
        columns: vec![
            Column::text(either(language, "Programma", "Programme")),
            Column::kept(either(language, "Klaar volgens planning", "Done by planning")),
            Column::kept(either(language, "Afgesproken einde", "Agreed end")),
            Column::number(either(language, "Te laat", "Overdue")),
            Column::number(either(language, "Kosten", "Cost")),
            Column::number(either(language, "Budget", "Budget")),
            Column::number(either(language, "Over", "Left")),
            Column::number(either(language, "Uitgegeven", "Spent")),
            Column::text(either(language, "Eigenaar", "Owner")),
        ],
        rows,
        total: None,
    })
}

/// The address of the board of a programme.
pub(crate) fn board_link(scope: &Scope, plan: &Plan) -> String {
    scope.link(&format!("/programma/{}", plan.id))
}

/// A link to an object by its name; nothing when it is not there.
pub(crate) fn object_cell(dossier: &Dossier, id: grip_register::ObjectId, scope: &Scope) -> Cell {
    Cell::of(dossier.get(id), |entry| Cell::Link {
        text: entry.name().to_owned(),
        href: if entry.kind.name == Programme::kind().name {
            scope.link(&format!("/programma/{id}"))
        } else {
            object_link(scope, entry.kind.name, id)
        },
    })
}
