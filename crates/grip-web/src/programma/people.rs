//! Who does what in a programme, and whether there are hours enough.

use std::collections::BTreeSet;

use grip_policy::{Capacity, Dossier, Number, Plan, ProgrammeRole};
use grip_report::{Cell, Column, Language, Table, TableRow, real};
use grip_types::Maand;

use super::planning::Planned;
use crate::{
    address::Scope,
    problem::Problem,
    register::object_link,
    words::{either, say},
};

/// The roles of a programme.
pub(super) fn roles_of(dossier: &Dossier, plan: &Plan) -> Result<Vec<ProgrammeRole>, Problem> {
    let roles = dossier.list::<ProgrammeRole>()?.into_iter().map(|role| role.content);
    Ok(roles.filter(|role| role.programme.0 == plan.id).collect())
}

/// The roles in the governance of a programme.
pub(super) fn roles(dossier: &Dossier, plan: &Plan, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let all = dossier.list::<ProgrammeRole>()?;
    let rows = all.iter().filter(|role| role.content.programme.0 == plan.id).map(|role| {
        let ProgrammeRole { name, function, tasks, capacity, .. } = &role.content;
        let cells = vec![
            Cell::text(function.0.clone()),
            Cell::of(*capacity, |Number(hours)| Cell::Real(hours, 1)),
            Cell::text(tasks.0.clone()),
        ];
        let row = TableRow::new(name.0.clone(), cells).linked(object_link(scope, "programme_role", role.id));
        TableRow { is_dutch: language == Language::En, ..row }
    });
    Ok(Table {
        id: "rollen".to_owned(),
        title: say(language, "Rollen", "Roles"),
        note: say(
            language,
            "Wie stuurt, wie doet het; altijd een functie.",
            "Who steers, who does it; always a function.",
        ),
        empty: say(language, "Er is nog geen rol vastgelegd.", "No role is recorded yet."),
        columns: vec![
            Column::text(either(language, "Rol", "Role")),
            Column::text(either(language, "Vervuld door", "Filled by")),
            Column::number(either(language, "Uren per maand", "Hours a month")),
            Column::prose(either(language, "Taken", "Tasks")),
        ],
        rows: rows.collect(),
        total: None,
    })
}

/// Hours asked of each function by month, against what it has.
pub(super) fn hours(planned: &Planned<'_>, capacity: &Capacity) -> Table {
    let language = planned.scope.language;
    let asked: Vec<_> = capacity.loads.iter().filter(|load| !load.months.is_empty()).collect();
    let months: BTreeSet<Maand> = asked.iter().flat_map(|load| load.months.keys().copied()).collect();
    let shown = |hours: i64| Cell::Text(hundredths(hours, language));
    let mut columns = vec![Column::text(either(language, "Maand", "Month"))];
    columns.extend(asked.iter().map(|load| {
        let limit = load.capacity.map(|capacity| match language {
            Language::Nl => format!(" (beschikbaar {})", hundredths(capacity, language)),
            Language::En => format!(" ({} available)", hundredths(capacity, language)),
        });
        let none = || either(language, " (niet bekend wat er is)", " (not known what there is)").to_owned();
        Column::number(format!("{}{}", load.function, limit.unwrap_or_else(none)))
    }));
    let rows = months.iter().map(|month| {
        let cells = asked.iter().map(|load| match load.months.get(month) {
            None => Cell::Nothing,
            Some(hours) => match load.over().find(|(over, _)| over == month) {
                None => shown(*hours),
                Some((_, over)) => {
                    let (hours, over) = (hundredths(*hours, language), hundredths(over, language));
                    Cell::Text(match language {
                        Language::Nl => format!("{hours}, {over} te veel"),
                        Language::En => format!("{hours}, {over} too many"),
                    })
                }
            },
        });
        TableRow::new(month.to_string(), cells.collect())
    });
    let total =
        TableRow::new(either(language, "Totaal", "Total"), asked.iter().map(|load| shown(load.total())).collect());
    let rows: Vec<TableRow> = rows.collect();
    Table {
        id: "uren".to_owned(),
        title: say(language, "Uren per maand", "Hours by month"),
        note: note(planned, capacity),
        empty: say(
            language,
            "Geen onderdeel heeft uren, een eigenaar en dagen: of er mensen genoeg zijn, is niet te zeggen.",
            "No item has hours, an owner and days: whether there are people enough can't be said.",
        ),
        columns,
        total: (!rows.is_empty()).then_some(total),
        rows,
    }
}

fn note(planned: &Planned<'_>, capacity: &Capacity) -> String {
    let language = planned.scope.language;
    let mut note = say(
        language,
        "De uren van een onderdeel zijn gelijk verdeeld over zijn dagen en horen bij zijn eigenaar.",
        "The hours of an item are spread evenly over its days and are of its owner.",
    );
    let missing = capacity.undated.iter().chain(&capacity.unowned);
    let missing: Vec<String> = missing.map(|place| planned.name(*place)).collect();
    if !missing.is_empty() {
        let first = either(
            language,
            " Zonder dagen of eigenaar, en dus niet meegeteld: ",
            " Without days or owner, and so not counted: ",
        );
        note.push_str(&format!("{first}{}.", missing.join("; ")));
    }
    note
}

/// Hundredths of hours as hours.
pub(super) fn hundredths(hours: i64, language: Language) -> String {
    let decimals = if hours % 100 == 0 { 0 } else { 1 };
    #[expect(clippy::cast_precision_loss, reason = "hours of people")]
    let hours = hours as f64 / 100.0;
    real(hours, decimals, language)
}
