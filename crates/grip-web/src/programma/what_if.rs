//! What if an item were put off or left out: asked in the address, kept nowhere.

use axum::http::Uri;
use grip_policy::{Change, Cost, Effect, ItemStatus, Plan, Value};
use grip_register::ObjectId;
use grip_report::{Cell, Column, Language, Table, TableRow, euros};
use grip_types::{Date, parse_date};
use jiff::ToSpan;

use super::{people::hundredths, planning::Planned};
use crate::{
    address::{Asked, Scope, with},
    document::{Block, Fact, Facts, Links},
    problem::Problem,
    words::{either, say},
};

/// Months by which an item can be put off with one link.
const STEPS: [i32; 4] = [1, 3, 6, 12];
/// The step in the table of items.
pub(super) const STEP: i32 = 3;

/// What is tried: `uitstel=ITEM:DAY` and `zonder=ITEM`, several with a comma between.
pub(super) fn asked(asked: &Asked, plan: &Plan) -> Result<Vec<Change>, Problem> {
    let deferred = asked.read("uitstel", |text| text.split(',').map(|part| deferral(part, plan)).collect())?;
    let without =
        asked.read("zonder", |text| text.split(',').map(|part| known(part, plan).map(Change::LeaveOut)).collect())?;
    let changes: [Option<Vec<Change>>; 2] = [deferred, without];
    Ok(changes.into_iter().flatten().flatten().collect())
}

fn deferral(text: &str, plan: &Plan) -> Option<Change> {
    let (id, day) = text.split_once(':')?;
    let day = parse_date(day.trim()).filter(|day| (1900..=2200).contains(&day.year()))?;
    Some(Change::Defer(known(id, plan)?, day))
}

fn known(id: &str, plan: &Plan) -> Option<ObjectId> {
    let id = id.trim().parse().ok()?;
    plan.place(id).map(|_| id)
}

/// A day some months later.
pub(super) fn later(day: Date, months: i32) -> Date {
    day.saturating_add(months.months())
}

/// The address of this page with an item put off instead of what is tried now.
pub(super) fn deferred(uri: &Uri, id: ObjectId, to: Date) -> String {
    with(uri, &[("uitstel", &format!("{id}:{to}")), ("zonder", ""), ("formaat", ""), ("tabel", "")])
}

/// The address of this page with an item left out instead of what is tried now.
pub(super) fn without(uri: &Uri, id: ObjectId) -> String {
    with(uri, &[("zonder", &id.to_string()), ("uitstel", ""), ("formaat", ""), ("tabel", "")])
}

/// What the changes do, beside the plan; `planned` is the plan as it is.
pub(super) fn blocks(planned: &Planned<'_>, changes: &[Change], effect: &Effect, uri: &Uri) -> Vec<Block> {
    vec![
        Block::Facts(facts(planned, changes, effect)),
        Block::Table(moved(planned, effect)),
        Block::Table(years(effect, planned.scope.language)),
        Block::Table(overloads(effect, planned.scope.language)),
        Block::Links(links(planned, changes, uri)),
    ]
}

fn name(planned: &Planned<'_>, id: ObjectId) -> String {
    planned.plan.place(id).map(|place| planned.name(place)).unwrap_or_default()
}

fn facts(planned: &Planned<'_>, changes: &[Change], effect: &Effect) -> Facts {
    let language = planned.scope.language;
    let fact = |nl: &str, en: &str, text: String| Fact { name: say(language, nl, en), text, is_dutch: false };
    let tried: Vec<String> = changes
        .iter()
        .map(|change| match (change, language) {
            (Change::Defer(id, to), Language::Nl) => format!("{} begint op {to}", name(planned, *id)),
            (Change::Defer(id, to), Language::En) => format!("{} begins on {to}", name(planned, *id)),
            (Change::LeaveOut(id), Language::Nl) => format!("{} vervalt", name(planned, *id)),
            (Change::LeaveOut(id), Language::En) => format!("{} is left out", name(planned, *id)),
        })
        .collect();
    let day = |day: Option<Date>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
    let (now, then) = (&effect.schedules.0, &effect.schedules.1);
    let end = match (effect.later.unwrap_or(0), language) {
        (0, Language::Nl) => format!("{}, zoals nu", day(then.end)),
        (0, Language::En) => format!("{}, as now", day(then.end)),
        (days, Language::Nl) if days > 0 => format!("{}, {days} dagen later dan {}", day(then.end), day(now.end)),
        (days, Language::En) if days > 0 => format!("{}, {days} days later than {}", day(then.end), day(now.end)),
        (days, Language::Nl) => format!("{}, {} dagen eerder dan {}", day(then.end), -days, day(now.end)),
        (days, Language::En) => format!("{}, {} days earlier than {}", day(then.end), -days, day(now.end)),
    };
    let total =
        |cost: &Cost| if cost.is_said() { euros(cost.total.cents, language) } else { Cell::Nothing.shown(language) };
    let (before, after) = (total(&effect.costs.0), total(&effect.costs.1));
    let cost = match language {
        Language::Nl => format!("{after} in plaats van {before}"),
        Language::En => format!("{after} instead of {before}"),
    };
    let mut facts = vec![
        fact("Stel dat", "Suppose that", tried.join("; ")),
        fact("Alles klaar", "Everything done", end),
        fact("Kosten met onvoorzien", "Cost with contingency", cost),
    ];
    if !effect.missing.is_empty() {
        let missing: Vec<String> = effect.missing.iter().map(|id| name(planned, *id)).collect();
        facts.push(fact("Steunt op wat vervalt", "Rests on what is left out", missing.join("; ")));
    }
    Facts { title: say(language, "Wat als", "What if"), facts }
}

fn moved(planned: &Planned<'_>, effect: &Effect) -> Table {
    let language = planned.scope.language;
    let rows = effect.moved.iter().filter_map(|moved| {
        let place = planned.plan.place(moved.item)?;
        let days = [moved.from.0, moved.from.1, moved.to.0, moved.to.1].map(|day| Cell::Text(day.to_string()));
        Some(planned.row(place, days.into_iter().chain([Cell::Count(moved.days)]).collect()))
    });
    Table {
        id: "wat-als-verschoven".to_owned(),
        title: say(language, "Wat dan verschuift", "What then moves"),
        note: String::new(),
        empty: say(language, "Geen ander onderdeel verschuift.", "No item moves."),
        columns: vec![
            Column::text(either(language, "Onderdeel", "Item")),
            Column::kept(either(language, "Begin nu", "Begin now")),
            Column::kept(either(language, "Einde nu", "End now")),
            Column::kept(either(language, "Begin dan", "Begin then")),
            Column::kept(either(language, "Einde dan", "End then")),
            Column::number(either(language, "Dagen later", "Days later")),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn years(effect: &Effect, language: Language) -> Table {
    let cells = |now: i64, then: i64| vec![Cell::Euros(now), Cell::Euros(then), Cell::Euros(then.saturating_sub(now))];
    let rows =
        effect.years.iter().map(|(year, (now, then))| TableRow::new(year.to_string(), cells(now.cents, then.cents)));
    let (now, then) = &effect.costs;
    let all = if now.is_said() && then.is_said() {
        cells(now.estimate.cents, then.estimate.cents)
    } else {
        vec![Cell::Nothing; 3]
    };
    Table {
        id: "wat-als-jaren".to_owned(),
        title: say(language, "Kosten per jaar, nu en dan", "Cost by year, now and then"),
        note: say(language, "Zonder onvoorzien.", "Without contingency."),
        empty: say(language, "Geen onderdeel met dagen heeft een bedrag.", "No item with days has an amount."),
        columns: vec![
            Column::text(either(language, "Jaar", "Year")),
            Column::number(either(language, "Nu", "Now")),
            Column::number(either(language, "Dan", "Then")),
            Column::number(either(language, "Verschil", "Difference")),
        ],
        rows: rows.collect(),
        total: Some(TableRow::new(either(language, "Alles, ook zonder dagen", "All, also without days"), all)),
    }
}

fn overloads(effect: &Effect, language: Language) -> Table {
    let rows = effect.overloads.iter().map(|overload| {
        let hours = |hours| Cell::Text(hundredths(hours, language));
        let cells = vec![Cell::text(overload.month.to_string()), hours(overload.over.0), hours(overload.over.1)];
        TableRow::new(overload.function.clone(), cells)
    });
    Table {
        id: "wat-als-uren".to_owned(),
        title: say(language, "Waar er dan te weinig mensen zijn", "Where there are then too few people"),
        note: say(language, "Uren meer dan er zijn.", "Hours more than there are."),
        empty: say(
            language,
            "Voor zover bekend komt niemand (verder) boven zijn uren.",
            "As far as known nobody gets (further) above their hours.",
        ),
        columns: vec![
            Column::text(either(language, "Functie", "Function")),
            Column::kept(either(language, "Maand", "Month")),
            Column::number(either(language, "Te veel nu", "Too many now")),
            Column::number(either(language, "Te veel dan", "Too many then")),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn links(planned: &Planned<'_>, changes: &[Change], uri: &Uri) -> Links {
    let language = planned.scope.language;
    let mut links = Vec::new();
    for change in changes {
        match change {
            Change::Defer(id, to) => {
                let begin =
                    planned.plan.place(*id).and_then(|place| planned.schedule.bars[place]).map(|bar| bar.planned.0);
                for months in begin.iter().flat_map(|_| STEPS) {
                    let name = match language {
                        Language::Nl => format!("In plaats daarvan {months} maanden later"),
                        Language::En => format!("{months} months later instead"),
                    };
                    links.push((name, deferred(uri, *id, later(begin.unwrap_or(*to), months))));
                }
                let fields = [("status", ItemStatus::Deferred.text()), ("deferred_to", to.to_string())];
                links.push((save(planned, *id), change_link(planned.scope, *id, &fields)));
            }
            Change::LeaveOut(id) => {
                let fields = [("status", ItemStatus::Stopped.text())];
                links.push((save(planned, *id), change_link(planned.scope, *id, &fields)));
            }
        }
    }
    let back = with(uri, &[("uitstel", ""), ("zonder", ""), ("formaat", ""), ("tabel", "")]);
    links.push((say(language, "Terug naar het plan zoals het is", "Back to the plan as it is"), back));
    Links { title: say(language, "Hiermee verder", "Onward with this"), links }
}

fn save(planned: &Planned<'_>, id: ObjectId) -> String {
    let name = name(planned, id);
    match planned.scope.language {
        Language::Nl => format!("Leg dit vast bij {name}"),
        Language::En => format!("Record this at {name}"),
    }
}

/// The form of an item, with what was tried filled in.
fn change_link(scope: &Scope, id: ObjectId, fields: &[(&'static str, String)]) -> String {
    scope.link_with(&format!("/register/plan_item/{id}/wijzig"), fields)
}
