//! Decisions: who asked what, and was it answered.

use std::collections::{BTreeMap, BTreeSet};

use axum::{http::Uri, response::Response};
use grip_access::{Detail, Part};
use grip_policy::{
    Asked as FollowUp, Body, BudgetAmendment, BudgetChange, Choice, Decision, DecisionKind, Dossier, Outcome,
    budget_changes, chains, decided_money, follow_up,
};
use grip_register::{ObjectId, Version};
use grip_report::{
    Cell, Chart, Column, Language, Look, Planning, PlanningBar, PlanningRow, PlanningWait, Table, TableRow, count,
    euros,
};
use grip_types::{Bedrag, Date};

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, ChartBlock, Document, Figure, Filter, Links, WithTables},
    frame::Crumb,
    pages::{Asks, Pages},
    problem::Problem,
    prognose::drawings::both,
    programma::{Calendar, called, day_cell, object_cell},
    register::{dossier, new_link, object_link, open},
    sentences::long_date,
    words::{either, say, words},
};

/// The pages of this part.
pub(crate) fn pages() -> Pages {
    Pages::default().get("/besluiten", Asks::reads(Part::Decisions, Detail::Totals), overview)
}

/// Rows of the timeline: more would not be read.
const TIMELINE: usize = 40;

/// The decisions that are shown, with what became of what was asked.
struct Shown<'a> {
    dossier: &'a Dossier,
    decisions: Vec<Version<Decision>>,
    states: BTreeMap<ObjectId, FollowUp>,
    /// All decisions by a day that answer something, the first first.
    answering: Vec<(ObjectId, Vec<ObjectId>)>,
    scope: &'a Scope,
    /// Whether a file is asked for, in which a cell has room for all names.
    is_file: bool,
}

/// `/besluiten`
async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let dossier = dossier(&app, scope).await?;
    let all = dossier.list::<Decision>()?;
    let states = follow_up(&all, scope.peildatum);
    let filters = filters(&dossier, &all, &opened.asked, language);
    let decisions: Vec<Version<Decision>> =
        all.iter().filter(|decision| fits(decision, &states, &opened.asked)).cloned().collect();
    let chained = chains(&all);
    let answering = answering(&all, scope.peildatum);
    let is_file = opened.asked.get("formaat").is_some();
    let changes = budget_changes(&all, &amendments(&app, scope).await?, scope.peildatum);
    let shown = Shown { dossier: &dossier, decisions, states, answering, scope, is_file };
    let title = either(language, "Besluiten, vragen en toezeggingen", "Decisions, questions and promises");
    let here = Crumb { name: words(language).decisions.to_owned(), href: None };
    let day = long_date(scope.peildatum, language);
    let lede = match language {
        Language::Nl => format!("Wie vroeg wat, wat is er besloten en is het beantwoord? Stand op {day}."),
        Language::En => format!("Who asked what, what was decided and was it answered? As on {day}."),
    };
    let frame = opened.frame(&app, &uri, title, vec![here]).without_care();
    let mut document = Document::new(frame, &uri, title, lede);
    document.filters = filters;
    document.figures = shown.figures();
    document.blocks = vec![Block::Table(shown.open_table())];
    document.blocks.extend(shown.timeline());
    document.blocks.push(Block::Table(shown.all_table()));
    document.blocks.extend(shown.chain_table(&chained).map(Block::Table));
    document.blocks.push(Block::Table(shown.money_table()));
    document.blocks.push(Block::Table(changes_table(&changes, &dossier, scope)));
    document.blocks.push(Block::Links(onward(scope)));
    document.respond(&opened.asked)
}

/// The amendments of the budget that were imported.
async fn amendments(app: &App, scope: &Scope) -> Result<Vec<BudgetAmendment>, Problem> {
    let Scope { gemeente, peildatum, .. } = *scope;
    let found = app.ask(move |grip| grip.budget_amendments(gemeente, peildatum)).await?;
    let amendment = |found: grip_pipeline::Amendment| BudgetAmendment {
        number: found.number.into_string(),
        year: i16::try_from(found.jaar).unwrap_or_default(),
        date: found.vastgesteld,
        amount: Bedrag::from_cents(found.cents),
    };
    Ok(found.into_iter().map(amendment).collect())
}

/// Numbers of amendments: what was decided beside what is in the budget.
fn changes_table(changes: &[BudgetChange], dossier: &Dossier, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |change: &BudgetChange| {
        let said = match (change.decided, change.budgeted) {
            _ if change.decisions.is_empty() => either(language, "geen besluit vastgelegd", "no decision recorded"),
            (_, None) => either(language, "niet in de begroting ingelezen", "not in the budgets that were imported"),
            (None, Some(_)) => either(language, "bij het besluit staat geen bedrag", "the decision says no amount"),
            (Some(decided), Some(budgeted)) if decided == budgeted => either(language, "gelijk", "the same"),
            (Some(_), Some(_)) => either(language, "verschilt", "differs"),
        };
        let names: Vec<&str> = change.decisions.iter().filter_map(|id| dossier.name(*id)).collect();
        let first = change.decisions.first().map(|id| object_link(scope, "decision", *id));
        let names = match first {
            Some(href) => Cell::Link { text: names.join("; "), href },
            None => Cell::Nothing,
        };
        let cells = vec![
            Cell::text(change.year.to_string()),
            names,
            Cell::of(change.decided, |amount| Cell::Cents(amount.cents)),
            Cell::of(change.budgeted, |amount| Cell::Cents(amount.cents)),
            Cell::text(said),
        ];
        TableRow::new(change.number.clone(), cells).linked(scope.link("/geld"))
    };
    Table {
        id: "begrotingswijzigingen".to_owned(),
        title: say(language, "Begrotingswijzigingen", "Budget amendments"),
        note: say(
            language,
            "Wat besluiten over een wijziging zeggen naast wat in de ingelezen begroting staat, naar nummer en jaar van het besluit. Een besluit kan over meer gaan dan over zorg; de begroting hier niet.",
            "What decisions say of an amendment beside what stands in the imported budget, by number and year of the decision. A decision may be about more than care; the budget here is not.",
        ),
        empty: say(
            language,
            "Geen besluit noemt een begrotingswijziging, en in de begroting is er geen ingelezen.",
            "No decision names an amendment of the budget, and none was imported.",
        ),
        columns: vec![
            Column::text(either(language, "Nummer", "Number")),
            Column::kept(either(language, "Jaar", "Year")),
            Column::text(either(language, "Besluiten", "Decisions")),
            Column::number(either(language, "Volgens besluit", "By decision")),
            Column::number(either(language, "In de begroting", "In the budget")),
            Column::text(either(language, "Klopt het", "Does it agree")),
        ],
        rows: changes.iter().map(row).collect(),
        total: None,
    }
}

/// What answers something by a day, with what it answers.
fn answering(all: &[Version<Decision>], day: Date) -> Vec<(ObjectId, Vec<ObjectId>)> {
    let counts = |one: &&Version<Decision>| one.content.date <= day && one.content.outcome != Outcome::Dropped;
    let mut found: Vec<&Version<Decision>> = all.iter().filter(counts).collect();
    found.sort_by_key(|one| (one.content.date, one.id));
    found.iter().map(|one| (one.id, one.content.answers.0.clone())).collect()
}

fn onward(scope: &Scope) -> Links {
    let language = scope.language;
    let new = |sort: DecisionKind| new_link::<Decision>(scope, &[("sort", sort.choice().value.to_owned())]);
    let link = |nl: &str, en: &str, href| (say(language, nl, en), href);
    Links {
        title: say(language, "Verder", "Onward"),
        links: vec![
            link("Leg een besluit vast", "Record a decision", new(DecisionKind::Decision)),
            link("Leg een vraag vast", "Record a question", new(DecisionKind::Question)),
            link("Leg een toezegging vast", "Record a promise", new(DecisionKind::Promise)),
            link(
                "Besluiten inlezen uit een rekenblad",
                "Import decisions from a spreadsheet",
                scope.link("/register/decision/inlezen"),
            ),
            link("Begroting en prognose", "Budget and forecast", scope.link("/geld")),
            link("Programma's", "Programmes", scope.link("/programma")),
        ],
    }
}

/// States that can be asked for, with their names.
const STATES: [(&str, &str, &str); 4] = [
    ("open", "open", "open"),
    ("te-laat", "open en te laat", "open and overdue"),
    ("beantwoord", "beantwoord of afgedaan", "answered or settled"),
    ("besloten", "besluiten en voorstellen", "decisions and proposals"),
];

fn fits(version: &Version<Decision>, states: &BTreeMap<ObjectId, FollowUp>, asked: &Asked) -> bool {
    let decision = &version.content;
    let state = states.get(&version.id);
    let is = |name: &str, value: &str| asked.get(name).is_none_or(|wanted| wanted == value);
    let names = |name: &str, ids: &[ObjectId]| {
        asked.get(name).is_none_or(|wanted| ids.iter().any(|id| id.to_string() == wanted))
    };
    let is_in_state = match asked.get("antwoord") {
        Some("open") => state.is_some_and(FollowUp::is_open),
        Some("te-laat") => state.is_some_and(FollowUp::is_overdue),
        Some("beantwoord") => matches!(state, Some(FollowUp::Answered { .. } | FollowUp::Settled)),
        Some("besloten") => !grip_policy::is_asked(decision),
        _ => true,
    };
    is("soort", decision.sort.choice().value)
        && is("orgaan", decision.body.choice().value)
        && is("in", &decision.date.year().to_string())
        && names("doel", &decision.goals.0)
        && names("maatregel", &decision.measures.0)
        && names("programma", &decision.programmes.0)
        && is_in_state
}

fn filters(dossier: &Dossier, all: &[Version<Decision>], asked: &Asked, language: Language) -> Vec<Filter> {
    let make = |name: &'static str, label: String, values: Vec<(String, String)>| {
        let none = (String::new(), words(language).all_values.to_owned());
        let chosen = asked.get(name).unwrap_or_default().to_owned();
        Filter { name, label, options: std::iter::once(none).chain(values).collect(), chosen }
    };
    let choices = |choices: &[Choice], has: &dyn Fn(&Choice) -> bool| -> Vec<(String, String)> {
        let used = choices.iter().filter(|choice| has(choice));
        used.map(|choice| (choice.value.to_owned(), called(choice, language).to_owned())).collect()
    };
    let sorts = choices(DecisionKind::CHOICES, &|choice| all.iter().any(|one| one.content.sort.choice() == choice));
    let bodies = choices(Body::CHOICES, &|choice| all.iter().any(|one| one.content.body.choice() == choice));
    let years: BTreeSet<i16> = all.iter().map(|one| one.content.date.year()).collect();
    let objects = |of: fn(&Decision) -> &[ObjectId]| -> Vec<(String, String)> {
        let ids: BTreeSet<ObjectId> = all.iter().flat_map(|one| of(&one.content).iter().copied()).collect();
        ids.iter().filter_map(|id| Some((id.to_string(), dossier.name(*id)?.to_owned()))).collect()
    };
    let filters = vec![
        make("soort", say(language, "Soort", "Sort"), sorts),
        make("orgaan", say(language, "Orgaan", "Body"), bodies),
        make(
            "antwoord",
            say(language, "Stand", "State"),
            STATES.iter().map(|(value, nl, en)| ((*value).to_owned(), say(language, nl, en))).collect(),
        ),
        make(
            "in",
            say(language, "Jaar van het besluit", "Year of the decision"),
            years.iter().rev().map(|year| (year.to_string(), year.to_string())).collect(),
        ),
        make("doel", say(language, "Doel", "Goal"), objects(|one| &one.goals.0)),
        make("maatregel", say(language, "Maatregel", "Measure"), objects(|one| &one.measures.0)),
        make("programma", say(language, "Programma", "Programme"), objects(|one| &one.programmes.0)),
    ];
    filters.into_iter().filter(|filter| filter.options.len() > 1 || !filter.chosen.is_empty()).collect()
}

impl Shown<'_> {
    fn figures(&self) -> Vec<Figure> {
        let language = self.scope.language;
        let states = || self.decisions.iter().filter_map(|one| self.states.get(&one.id));
        let money = decided_money(&self.decisions, self.scope.peildatum);
        let figure = |nl: &str, en: &str, number, note| Figure { name: say(language, nl, en), number, note };
        let late = states().filter(|state| state.is_overdue()).count();
        let open = states().filter(|state| state.is_open()).count();
        let uncovered =
            money.covers.iter().filter(|cover| cover.name.is_empty()).map(|cover| cover.amount.cents).next();
        let uncovered = uncovered.map(|cents| {
            format!(
                "{} {}",
                euros(cents, language),
                either(language, "zonder genoemde dekking", "without a named cover")
            )
        });
        vec![
            figure(
                "Open",
                "Open",
                count(open, language),
                say(language, "vragen, moties, opdrachten, toezeggingen", "questions, motions, assignments, promises"),
            ),
            figure("Te laat", "Overdue", count(late, language), say(language, "van wat open is", "of what is open")),
            figure(
                "Besloten over",
                "Decided about",
                euros(money.decided.cents, language),
                uncovered.unwrap_or_default(),
            ),
        ]
    }

    /// An object with its own columns.
    fn row(&self, version: &Version<Decision>, cells: Vec<Cell>) -> TableRow {
        let row = TableRow::new(version.content.name.0.clone(), cells);
        TableRow { is_dutch: self.scope.language == Language::En, ..row.linked(self.link(version.id)) }
    }

    fn link(&self, id: ObjectId) -> String {
        object_link(self.scope, "decision", id)
    }

    /// What became of something, in words; what asks nothing has its outcome.
    fn state(&self, version: &Version<Decision>) -> String {
        let language = self.scope.language;
        match (self.states.get(&version.id), language) {
            (None, _) if version.content.date > self.scope.peildatum => {
                say(language, "na de peildatum", "after the day shown")
            }
            (None, _) => called(version.content.outcome.choice(), language).to_owned(),
            (Some(FollowUp::Dropped), _) => called(version.content.outcome.choice(), language).to_owned(),
            (Some(FollowUp::Settled), _) => {
                say(language, "afgedaan; waarmee is niet vastgelegd", "settled; by what is not recorded")
            }
            (Some(FollowUp::Answered { late: Some(days), .. }), Language::Nl) if *days > 0 => {
                format!("beantwoord, {days} dagen te laat")
            }
            (Some(FollowUp::Answered { late: Some(days), .. }), Language::En) if *days > 0 => {
                format!("answered, {days} days late")
            }
            (Some(FollowUp::Answered { late: Some(_), .. }), _) => {
                say(language, "op tijd beantwoord", "answered in time")
            }
            (Some(FollowUp::Answered { late: None, .. }), _) => say(language, "beantwoord", "answered"),
            (Some(FollowUp::Open { overdue: Some(days) }), Language::Nl) if *days > 0 => {
                format!("open, {days} dagen te laat")
            }
            (Some(FollowUp::Open { overdue: Some(days) }), Language::En) if *days > 0 => {
                format!("open, {days} days overdue")
            }
            (Some(FollowUp::Open { .. }), _) => say(language, "open", "open"),
        }
    }

    /// What is open: what is most overdue first, then by when it is due, then what is never due.
    fn open_table(&self) -> Table {
        let language = self.scope.language;
        let mut open: Vec<&Version<Decision>> =
            self.decisions.iter().filter(|one| self.states.get(&one.id).is_some_and(FollowUp::is_open)).collect();
        open.sort_by_key(|one| (one.content.due.is_none(), one.content.due, one.content.date));
        let rows = open.iter().map(|one| {
            let Decision { sort, date, due, asked_by, asked_of, .. } = &one.content;
            let cells = vec![
                Cell::Text(self.state(one)),
                Cell::text(called(sort.choice(), language)),
                day_cell(Some(*date)),
                day_cell(*due),
                Cell::text(asked_by.0.clone()),
                Cell::text(asked_of.0.clone()),
            ];
            self.row(one, cells)
        });
        Table {
            id: "open".to_owned(),
            title: say(language, "Open vragen en toezeggingen", "Open questions and promises"),
            note: say(
                language,
                "Wat nog op een antwoord wacht; wat het langst te laat is, staat bovenaan.",
                "What still waits for an answer; what is overdue longest stands at the top.",
            ),
            empty: say(
                language,
                "Er staat niets open. Een vraag, motie, opdracht of toezegging is open tot een ander besluit erop antwoordt, of tot zij is afgedaan.",
                "Nothing is open. A question, motion, assignment or promise is open until another decision says that \
                 it answers it, or until it is settled.",
            ),
            columns: vec![
                Column::text(either(language, "Onderwerp", "Subject")),
                Column::text(either(language, "Stand", "State")),
                Column::text(either(language, "Soort", "Sort")),
                Column::kept(either(language, "Datum", "Date")),
                Column::kept(either(language, "Uiterlijk", "Due")),
                Column::text(either(language, "Gevraagd door", "Asked by")),
                Column::text(either(language, "Gevraagd aan", "Asked of")),
            ],
            rows: rows.collect(),
            total: None,
        }
    }

    /// The last of what is shown, by day.
    fn timeline(&self) -> Option<Block> {
        let language = self.scope.language;
        let mut last: Vec<&Version<Decision>> = self.decisions.iter().collect();
        last.sort_by_key(|one| (one.content.date, one.id));
        let last = last.split_off(last.len().saturating_sub(TIMELINE));
        let days = last.iter().flat_map(|one| [one.content.date, self.until(one)]);
        let calendar = Calendar::holding(days.collect::<Vec<_>>().into_iter())?;
        let place = |id: ObjectId| last.iter().position(|one| one.id == id);
        let waits = last.iter().enumerate().flat_map(|(then, one)| {
            let answers = one.content.answers.0.iter().filter_map(|id| place(*id));
            answers.map(move |first| PlanningWait { first, then, is_broken: false })
        });
        let known = format!("{} {}", either(language, "peildatum", "as known on"), self.scope.peildatum);
        let title = say(language, "Wat werd gevraagd en besloten, in de tijd", "What was asked and decided, in time");
        let key = |look, nl: &str, en: &str| (look, say(language, nl, en));
        let chart = Chart::Planning(Planning {
            id: "tijdlijn".to_owned(),
            title: title.clone(),
            description: say(
                language,
                "Een rij per besluit. Wat iets vroeg, heeft een balk van de vraag tot het antwoord, of tot de \
                 peildatum zolang het open is; de rest is een ruit op zijn dag. Lijnen gaan van een vraag naar het \
                 antwoord.",
                "A row for each decision. What asked something has a bar from the question to the answer, or to the \
                 day shown while it is open; the rest is a diamond on its day. Lines go from a question to its answer.",
            ),
            language,
            months: calendar.months(language),
            rows: last.iter().map(|one| self.timeline_row(calendar, one)).collect(),
            waits: waits.collect(),
            marks: calendar.mark(self.scope.peildatum, known).into_iter().collect(),
            keys: vec![
                key(Look::Solid, "besloten, beantwoord of afgedaan", "decided, answered or settled"),
                key(Look::Hatched, "open", "open"),
                key(
                    Look::Outline,
                    "verworpen, ingetrokken of nog niet besloten",
                    "rejected, withdrawn or not decided yet",
                ),
            ],
            critical_name: String::new(),
            planned_name: String::new(),
        });
        let table = self.timeline_table(&last);
        Some(Block::Chart(ChartBlock { drawings: both(title, &chart), table }))
    }

    /// The last day of something in the timeline.
    fn until(&self, version: &Version<Decision>) -> Date {
        let date = version.content.date;
        match self.states.get(&version.id) {
            Some(FollowUp::Answered { on, .. }) => date.max(*on),
            Some(FollowUp::Open { .. }) => date.max(self.scope.peildatum),
            Some(FollowUp::Settled | FollowUp::Dropped) | None => date,
        }
    }

    fn timeline_row(&self, calendar: Calendar, version: &Version<Decision>) -> PlanningRow {
        let language = self.scope.language;
        let Decision { name, sort, outcome, date, .. } = &version.content;
        let is_done = matches!(outcome, Outcome::Adopted | Outcome::Settled);
        let look = match self.states.get(&version.id) {
            Some(FollowUp::Open { .. }) => Look::Hatched,
            Some(FollowUp::Answered { .. } | FollowUp::Settled) => Look::Solid,
            None if is_done => Look::Solid,
            Some(FollowUp::Dropped) | None => Look::Outline,
        };
        let sort = called(sort.choice(), language);
        PlanningRow {
            name: name.0.clone(),
            state: sort.to_owned(),
            depth: 0,
            bar: Some(PlanningBar {
                from: calendar.place(*date),
                to: calendar.place(self.until(version)),
                look: Some(look),
                planned: None,
                is_critical: false,
            }),
            told: format!("{date}: {} ({sort}); {}", name.0, self.state(version)),
            href: Some(self.link(version.id)),
        }
    }

    fn timeline_table(&self, last: &[&Version<Decision>]) -> Table {
        let language = self.scope.language;
        let rows = last.iter().map(|one| {
            let sort = called(one.content.sort.choice(), language);
            let until = day_cell(Some(self.until(one)));
            self.row(one, vec![day_cell(Some(one.content.date)), until, Cell::text(sort), Cell::Text(self.state(one))])
        });
        Table {
            id: "tijdlijn".to_owned(),
            title: say(language, "In de tijd", "In time"),
            note: match language {
                Language::Nl => format!("De laatste {TIMELINE}, de oudste bovenaan."),
                Language::En => format!("The last {TIMELINE}, the oldest at the top."),
            },
            empty: String::new(),
            columns: vec![
                Column::text(either(language, "Onderwerp", "Subject")),
                Column::kept(either(language, "Van", "From")),
                Column::kept(either(language, "Tot", "Until")),
                Column::text(either(language, "Soort", "Sort")),
                Column::text(either(language, "Stand", "State")),
            ],
            rows: rows.collect(),
            total: None,
        }
    }

    /// All that is shown, the last first.
    fn all_table(&self) -> Table {
        let language = self.scope.language;
        let mut all: Vec<&Version<Decision>> = self.decisions.iter().collect();
        all.sort_by_key(|one| std::cmp::Reverse((one.content.date, one.id)));
        Table {
            id: "besluiten".to_owned(),
            title: say(language, "Alle besluiten, vragen en toezeggingen", "All decisions, questions and promises"),
            note: String::new(),
            empty: say(
                language,
                "Er is nog niets vastgelegd, of niets past bij deze keuze. Leg hieronder een besluit vast, of lees een \
                 rekenblad in.",
                "Nothing is recorded yet, or nothing fits this choice. Record a decision below, or import a \
                 spreadsheet.",
            ),
            columns: vec![
                Column::text(either(language, "Onderwerp", "Subject")),
                Column::kept(either(language, "Datum", "Date")),
                Column::text(either(language, "Soort", "Sort")),
                Column::text(either(language, "Orgaan", "Body")),
                Column::text(either(language, "Gevraagd door", "Asked by")),
                Column::text(either(language, "Gevraagd aan", "Asked of")),
                Column::text(either(language, "Stand of uitkomst", "State or outcome")),
                Column::text(either(language, "Antwoord", "Answer")),
                Column::text(either(language, "Antwoordt op", "Answers")),
                Column::text(either(language, "Doel", "Goal")),
                Column::text(either(language, "Maatregel", "Measure")),
                Column::text(either(language, "Programma", "Programme")),
                Column::number(either(language, "Bedrag", "Amount")),
            ],
            rows: all.into_iter().map(|one| self.all_row(one)).collect(),
            total: None,
        }
    }

    fn all_row(&self, version: &Version<Decision>) -> TableRow {
        let language = self.scope.language;
        let decision = &version.content;
        let answer = match self.states.get(&version.id) {
            Some(FollowUp::Answered { by, .. }) => self.objects(by),
            _ => {
                let answers = self.answering.iter().filter(|(_, answers)| answers.contains(&version.id));
                self.objects(&answers.map(|(id, _)| *id).collect::<Vec<_>>())
            }
        };
        let cells = vec![
            day_cell(Some(decision.date)),
            Cell::text(called(decision.sort.choice(), language)),
            Cell::text(called(decision.body.choice(), language)),
            Cell::text(&decision.asked_by.0),
            Cell::text(&decision.asked_of.0),
            Cell::Text(self.state(version)),
            answer,
            self.objects(&decision.answers.0),
            self.objects(&decision.goals.0),
            self.objects(&decision.measures.0),
            self.objects(&decision.programmes.0),
            Cell::of(decision.amount, |amount| Cell::Euros(amount.cents)),
        ];
        self.row(version, cells)
    }

    /// Objects by name. A cell of a page leads to one place: the first, and says how many there are besides; a file has all names.
    fn objects(&self, ids: &[ObjectId]) -> Cell {
        let named: Vec<(ObjectId, &str)> = ids.iter().filter_map(|id| Some((*id, self.dossier.name(*id)?))).collect();
        let Some((first, name)) = named.first() else { return Cell::Nothing };
        if self.is_file {
            return Cell::Text(named.iter().map(|(_, name)| *name).collect::<Vec<_>>().join("; "));
        }
        let text = match (named.len() - 1, self.scope.language) {
            (0, _) => (*name).to_owned(),
            (more, Language::Nl) => format!("{name} (en nog {more})"),
            (more, Language::En) => format!("{name} (and {more} more)"),
        };
        match object_cell(self.dossier, *first, self.scope) {
            Cell::Link { href, .. } => Cell::Link { text, href },
            other => other,
        }
    }

    /// What follows from what, of the chains in which something is shown; nothing when there is none.
    fn chain_table(&self, chained: &[Vec<ObjectId>]) -> Option<Table> {
        let language = self.scope.language;
        let known: BTreeMap<ObjectId, &Version<Decision>> = self.decisions.iter().map(|one| (one.id, one)).collect();
        let mut rows = Vec::new();
        for (number, chain) in (1_i64..).zip(chained) {
            for one in chain.iter().filter_map(|id| known.get(id)) {
                let Decision { sort, body, date, answers, .. } = &one.content;
                let cells = vec![
                    Cell::Count(number),
                    day_cell(Some(*date)),
                    Cell::text(called(sort.choice(), language)),
                    Cell::text(called(body.choice(), language)),
                    self.objects(&answers.0),
                ];
                rows.push(self.row(one, cells));
            }
        }
        (!rows.is_empty()).then(|| Table {
            id: "ketens".to_owned(),
            title: say(language, "Wat uit wat volgde", "What followed from what"),
            note: say(
                language,
                "Opdracht, amendement, voorstel en besluit die op elkaar antwoorden hebben hetzelfde nummer.",
                "Assignment, amendment, proposal and decision that answer each other have the same number.",
            ),
            empty: String::new(),
            columns: vec![
                Column::text(either(language, "Onderwerp", "Subject")),
                Column::number(either(language, "Keten", "Chain")),
                Column::kept(either(language, "Datum", "Date")),
                Column::text(either(language, "Soort", "Sort")),
                Column::text(either(language, "Orgaan", "Body")),
                Column::text(either(language, "Antwoordt op", "Answers")),
            ],
            rows,
            total: None,
        })
    }

    /// Decisions with an amount that were taken, by what covers it.
    fn money_table(&self) -> Table {
        let language = self.scope.language;
        let money = decided_money(&self.decisions, self.scope.peildatum);
        let find = |id: &ObjectId| self.decisions.iter().find(|one| one.id == *id);
        let rows = money.covers.iter().flat_map(|cover| cover.decisions.iter().filter_map(find)).map(|one| {
            let Decision { date, cover, budget_change, amount, .. } = &one.content;
            let missing = |text: &str, nl, en| {
                if text.trim().is_empty() { Cell::text(either(language, nl, en)) } else { Cell::text(text) }
            };
            let change = if budget_change.0.trim().is_empty() {
                Cell::text(either(language, "niet genoemd", "not named"))
            } else {
                Cell::Link { text: budget_change.0.clone(), href: self.scope.link("/geld") }
            };
            let cells = vec![
                day_cell(Some(*date)),
                missing(&cover.0, "niet genoemd", "not named"),
                change,
                Cell::of(*amount, |amount| Cell::Euros(amount.cents)),
            ];
            self.row(one, cells)
        });
        let rows: Vec<TableRow> = rows.collect();
        let total = vec![Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Euros(money.decided.cents)];
        Table {
            id: "dekking".to_owned(),
            title: say(language, "Geld en dekking", "Money and cover"),
            note: say(
                language,
                "Genomen besluiten met een bedrag. Een motie, amendement of voorstel telt niet mee: dat geld staat bij \
                 het besluit.",
                "Decisions with an amount that were taken. A motion, amendment or proposal does not count: its money \
                 is with the decision.",
            ),
            empty: say(
                language,
                "Er is geen genomen besluit met een bedrag.",
                "There is no taken decision with an amount.",
            ),
            columns: vec![
                Column::text(either(language, "Besluit", "Decision")),
                Column::kept(either(language, "Datum", "Date")),
                Column::text(either(language, "Dekking", "Cover")),
                Column::text(either(language, "Begrotingswijziging", "Budget amendment")),
                Column::number(either(language, "Bedrag", "Amount")),
            ],
            total: (!rows.is_empty()).then(|| TableRow::new(either(language, "Samen", "Together"), total)),
            rows,
        }
    }
}
