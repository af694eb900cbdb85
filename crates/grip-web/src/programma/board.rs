//! The board of one programme.

use std::collections::BTreeSet;

use axum::{extract::Path, http::Uri, response::Response};
use grip_policy::{Cost, Dossier, ItemStatus, Plan, PlanItem, Speed};
use grip_register::ObjectId;
use grip_report::{Cell, Column, Language, Table, TableRow, count, euros};

use super::{called, money, people, planning::Planned, what_if};
use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, Document, Figure, Filter, Links, Opened, WithTables},
    frame::Crumb,
    problem::Problem,
    register::{dossier, new_link, object_link, open},
    sentences::long_date,
    words::{either, say, words},
};

/// `/programma/{id}`
pub(super) async fn show(app: App, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let dossier = dossier(&app, scope).await?;
    let plan = read(&dossier, &id)?;
    let changes = what_if::asked(&opened.asked, &plan)?;
    let roles = people::roles_of(&dossier, &plan)?;
    let effect = (!changes.is_empty()).then(|| plan.effect(&changes, &roles));
    let (schedule, overdue) = (plan.schedule(), plan.overdue(scope.peildatum));
    let cost = plan.cost(&schedule);
    let shown = shown(&plan, &opened.asked);
    let planned = Planned { plan: &plan, schedule: &schedule, overdue: &overdue, shown: &shown, scope };
    let mut document = page(&app, &opened, &uri, &plan);
    document.filters = filters(&plan, &opened.asked, scope.language);
    document.figures = figures(&planned, &cost);
    if let Some(effect) = &effect {
        document.blocks.extend(what_if::blocks(&planned, &changes, effect, &uri));
    }
    document.blocks.push(planned.block());
    let mut tables = vec![items_table(&planned, &cost, &uri), planned.overdue_table()];
    tables.extend(planned.odd_table());
    tables.extend([money::chapters(&planned, &cost), money::years(&cost, scope.language)]);
    tables.extend(money::attention(&planned, &cost));
    tables.extend([money::funding(&dossier, &plan, scope)?, money::risks(&dossier, &plan, scope)?]);
    tables.push(people::roles(&dossier, &plan, scope)?);
    tables.push(people::hours(&planned, &plan.capacity(&schedule, &roles)));
    document.blocks.extend(tables.into_iter().map(Block::Table));
    document.blocks.push(Block::Links(onward(&dossier, &plan, scope)));
    document.respond(&opened.asked)
}

fn read(dossier: &Dossier, id: &str) -> Result<Plan, Problem> {
    let id: ObjectId = id.parse().map_err(|_| Problem::NotFound)?;
    Plan::read(dossier, id)?.ok_or(Problem::NotFound)
}

fn page(app: &App, opened: &Opened, uri: &Uri, plan: &Plan) -> Document {
    let scope = &opened.scope;
    let part = Crumb { name: words(scope.language).programme.to_owned(), href: Some(scope.link("/programma")) };
    let name = plan.programme.name.0.clone();
    let frame = opened.frame(app, uri, &name, vec![part, Crumb { name: name.clone(), href: None }]).without_care();
    let owner = &plan.programme.owner.0;
    let day = long_date(scope.peildatum, scope.language);
    let lede = match (owner.is_empty(), scope.language) {
        (true, Language::Nl) => format!("Stand op {day}."),
        (true, Language::En) => format!("As on {day}."),
        (false, Language::Nl) => format!("Eigenaar: {owner}. Stand op {day}."),
        (false, Language::En) => format!("Owner: {owner}. As on {day}."),
    };
    let mut document = Document::new(frame, uri, name, lede);
    document.title_is_dutch = scope.language == Language::En;
    document
}

/// The filters, with what an item has of each.
const FILTERS: [(&str, &str, &str); 5] = [
    ("fase", "Fase", "Phase"),
    ("spoor", "Spoor", "Track"),
    ("snelheid", "Snelheid", "Speed"),
    ("eigenaar", "Eigenaar", "Owner"),
    ("status", "Status", "Status"),
];

fn value(plan: &Plan, place: usize, filter: &str) -> String {
    let node = &plan.nodes[place];
    match filter {
        "fase" => node.item.phase.0.clone(),
        "spoor" => node.item.track.0.clone(),
        "snelheid" => node.item.speed.choice().value.to_owned(),
        "eigenaar" => plan.owner(place).unwrap_or_default().to_owned(),
        _ => plan.status(place).choice().value.to_owned(),
    }
}

fn filters(plan: &Plan, asked: &Asked, language: Language) -> Vec<Filter> {
    let choices = || Speed::CHOICES.iter().chain(ItemStatus::CHOICES);
    let name = |filter: &str, value: &str| match filter {
        "snelheid" | "status" => {
            let choice = choices().find(|choice| choice.value == value);
            choice.map_or_else(|| value.to_owned(), |choice| called(choice, language).to_owned())
        }
        _ => value.to_owned(),
    };
    let filter = |(filter, nl, en): (&'static str, &str, &str)| {
        let values: BTreeSet<String> = (0..plan.nodes.len()).map(|place| value(plan, place, filter)).collect();
        let values = values.into_iter().filter(|value| !value.is_empty());
        let all = (String::new(), words(language).all_values.to_owned());
        Filter {
            name: filter,
            label: say(language, nl, en),
            options: std::iter::once(all).chain(values.map(|value| (value.clone(), name(filter, &value)))).collect(),
            chosen: asked.get(filter).unwrap_or_default().to_owned(),
        }
    };
    FILTERS.into_iter().map(filter).filter(|filter| filter.options.len() > 2 || !filter.chosen.is_empty()).collect()
}

/// The items that are asked for, and those above them.
fn shown(plan: &Plan, asked: &Asked) -> Vec<usize> {
    let fits = |place: &usize| {
        FILTERS
            .iter()
            .all(|(filter, _, _)| asked.get(filter).is_none_or(|wanted| value(plan, *place, filter) == wanted))
    };
    let places = (0..plan.nodes.len()).filter(fits);
    let shown: BTreeSet<usize> = places.flat_map(|place| std::iter::once(place).chain(plan.above(place))).collect();
    shown.into_iter().collect()
}

fn figures(planned: &Planned<'_>, cost: &Cost) -> Vec<Figure> {
    let language = planned.scope.language;
    let programme = &planned.plan.programme;
    let figure =
        |nl: &str, en: &str, number: String, note: String| Figure { name: say(language, nl, en), number, note };
    let end = planned.schedule.end.map_or_else(|| "–".to_owned(), |end| long_date(end, language));
    let agreed = programme
        .end
        .map(|end| format!("{} {}", either(language, "afgesproken:", "agreed:"), long_date(end, language)));
    let left = match (cost.left, language) {
        (None, _) => say(language, "geen budget genoemd", "no budget is named"),
        (Some(left), Language::Nl) if left.cents < 0 => format!("{} meer dan het budget", euros(-left.cents, language)),
        (Some(left), Language::En) if left.cents < 0 => {
            format!("{} more than the budget", euros(-left.cents, language))
        }
        (Some(left), Language::Nl) => format!("{} onder het budget", euros(left.cents, language)),
        (Some(left), Language::En) => format!("{} below the budget", euros(left.cents, language)),
    };
    let (amount, note) = if cost.is_said() {
        (euros(cost.total.cents, language), left)
    } else {
        let budget = programme.budget.map(|budget| euros(budget.cents, language));
        let note = match (budget, language) {
            (None, _) => say(language, "er is nog niets geraamd", "nothing was estimated yet"),
            (Some(budget), Language::Nl) => format!("er is nog niets geraamd; het budget is {budget}"),
            (Some(budget), Language::En) => format!("nothing was estimated yet; the budget is {budget}"),
        };
        ("–".to_owned(), note)
    };
    let total = figure("Kosten met onvoorzien", "Cost with contingency", amount, note);
    let work = planned.plan.nodes.iter().filter(|node| node.parts.is_empty() && !node.is_out);
    let done = work.clone().filter(|node| node.item.status == ItemStatus::Done).count();
    let work = count(work.count(), language);
    vec![
        figure("Klaar volgens planning", "Done by planning", end, agreed.unwrap_or_default()),
        total,
        figure("Uitgegeven", "Spent", euros(cost.spent.cents, language), String::new()),
        figure(
            "Gereed",
            "Done",
            count(done, language),
            match language {
                Language::Nl => format!("van {work} onderdelen zonder iets eronder"),
                Language::En => format!("of {work} items without any below them"),
            },
        ),
        figure("Te laat", "Overdue", count(planned.overdue.len(), language), String::new()),
    ]
}

fn items_table(planned: &Planned<'_>, cost: &Cost, uri: &Uri) -> Table {
    let language = planned.scope.language;
    let rows = planned.shown.iter().map(|place| items_row(planned, cost, *place, uri));
    Table {
        id: "onderdelen".to_owned(),
        title: say(language, "Onderdelen", "Items"),
        note: say(
            language,
            "Probeer wat het doet als een onderdeel drie maanden later begint of vervalt: er wordt niets vastgelegd.",
            "Try what it does when an item begins three months later or is left out: nothing is kept.",
        ),
        empty: say(
            language,
            "Er zijn geen onderdelen, of geen die bij deze keuze passen.",
            "There are no items, or none that fit this choice.",
        ),
        columns: vec![
            Column::text(either(language, "Onderdeel", "Item")),
            Column::text(either(language, "Niveau", "Level")),
            Column::text("Status"),
            Column::text(either(language, "Eigenaar", "Owner")),
            Column::text(either(language, "Fase", "Phase")),
            Column::text(either(language, "Spoor", "Track")),
            Column::text(either(language, "Snelheid", "Speed")),
            Column::text(either(language, "Prioriteit", "Priority")),
            Column::number(either(language, "Raming", "Estimate")),
            Column::number(either(language, "Uitgegeven", "Spent")),
            Column::text(either(language, "Wat als later", "What if later")),
            Column::text(either(language, "Wat als niet", "What if not")),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn items_row(planned: &Planned<'_>, cost: &Cost, place: usize, uri: &Uri) -> TableRow {
    let language = planned.scope.language;
    let node = &planned.plan.nodes[place];
    let item = &node.item;
    let is_open = !node.is_out && item.status != ItemStatus::Done;
    let later = planned.schedule.bars[place].filter(|_| is_open).map(|bar| Cell::Link {
        text: say(language, "drie maanden later", "three months later"),
        href: what_if::deferred(uri, node.id, what_if::later(bar.planned.0, what_if::STEP)),
    });
    let without = is_open
        .then(|| Cell::Link { text: say(language, "zonder dit", "without it"), href: what_if::without(uri, node.id) });
    let cells = vec![
        Cell::text(called(item.level.choice(), language)),
        Cell::Text(planned.state(place)),
        Cell::text(planned.plan.owner(place).unwrap_or_default()),
        Cell::text(item.phase.0.clone()),
        Cell::text(item.track.0.clone()),
        Cell::text(called(item.speed.choice(), language)),
        Cell::text(called(item.priority.choice(), language)),
        Cell::of(cost.items[place].estimate, |amount| Cell::Euros(amount.cents)),
        Cell::of(cost.items[place].spent, |amount| Cell::Euros(amount.cents)),
        later.unwrap_or(Cell::Nothing),
        without.unwrap_or(Cell::Nothing),
    ];
    let row = planned.row(place, cells);
    // Wide blanks, which no browser takes away, say how deep it is.
    TableRow { head: format!("{}{}", "\u{2003}".repeat(node.depth.min(6)), row.head), ..row }
}

fn onward(dossier: &Dossier, plan: &Plan, scope: &Scope) -> Links {
    let language = scope.language;
    let mine = [("programme", plan.id.to_string())];
    let link = |nl: &str, en: &str, href| (say(language, nl, en), href);
    let mut links = vec![
        link(
            "Dit programma met zijn geschiedenis",
            "This programme with its history",
            object_link(scope, "programme", plan.id),
        ),
        link("Nieuw onderdeel", "New item", new_link::<PlanItem>(scope, &mine)),
        link("Nieuw risico", "New risk", new_link::<grip_policy::Risk>(scope, &mine)),
        link("Nieuwe rol", "New role", new_link::<grip_policy::ProgrammeRole>(scope, &mine)),
        link("Nieuwe budgetaanvraag", "New request for budget", new_link::<grip_policy::Funding>(scope, &mine)),
        link(
            "Onderdelen als rekenblad, om te wijzigen en in te lezen",
            "Items as a spreadsheet, to change and import",
            scope.link("/register/plan_item/inlezen"),
        ),
        link(
            "Besluiten over dit programma",
            "Decisions about this programme",
            scope.link_with("/besluiten", &[("programma", plan.id.to_string())]),
        ),
    ];
    let goals = plan.programme.goals.0.iter().filter_map(|goal| dossier.get(*goal));
    links.extend(goals.map(|goal| {
        let name = format!("{} {}", either(language, "Doel:", "Goal:"), goal.name());
        (name, object_link(scope, goal.kind.name, goal.version.id))
    }));
    Links { title: say(language, "Verder", "Onward"), links }
}
