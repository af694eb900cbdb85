//! The conversations: a page for each, with what it needs and no more.

use axum::{extract::Path, http::Uri, response::Response};
use grip_policy::{
    Asked, Conversation, CycleStep, Decision, DecisionKind, Dossier, Due, GoalLevel, Measure, MeasureKind,
    MeasureStatus, Object, Outcome, Programme, ProviderAnswers, Reserve, Talk, Theme, TheoryLink, Topic, Value,
    follow_up, needs, rounds,
};
use grip_register::Version;
use grip_report::{Cell, Column, Language, Table, TableRow};
use jiff::ToSpan;

use super::{Goals, chosen, cyclus, dilemmas, doelen, frame, goals, goed_genoeg, list, onward, to};
use crate::{
    App,
    address::Scope,
    document::{Block, Document, Links, WithTables},
    frame::Crumb,
    problem::Problem,
    register,
    words::say,
};

/// Conversations of which notes are shown on a page.
const NOTES_SHOWN: usize = 20;

/// `/beleid/gesprekken`
pub(super) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let notes = list::<Conversation>(&dossier)?;
    let title = say(language, "Wie praat met wie waarover", "Who talks with whom about what");
    let lede = say(
        language,
        "Elk gesprek heeft zijn eigen vraag: wat, waarom of hoe. Per gesprek een pagina met precies wat daarvoor nodig is.",
        "Every conversation has its own question: what, why or how. A page for each, with just what it needs.",
    );
    let below = super::here(&say(language, "gesprekken", "conversations"));
    let frame = frame(&opened, &app, &uri, &title, below).without_care();
    let mut document = Document::new(frame, &uri, title.clone(), lede);
    let row = |talk: &Talk| {
        let own: Vec<&Version<Conversation>> = notes.iter().filter(|note| note.content.talk == *talk).collect();
        let last = own.iter().map(|note| note.content.date).max();
        let topics: Vec<String> = needs(*talk).iter().map(|topic| topic_name(*topic, language)).collect();
        let cells = vec![
            Cell::text(topics.join(", ")),
            Cell::Count(i64::try_from(own.len()).unwrap_or(i64::MAX)),
            Cell::of(last, |day| Cell::text(day.to_string())),
        ];
        let href = scope.link(&format!("/beleid/gesprekken/{}", talk.choice().value));
        TableRow::new(chosen(talk.choice(), language), cells).linked(href)
    };
    document.blocks.push(Block::Table(Table {
        id: "gesprekken".to_owned(),
        title: say(language, "Gesprekken", "Conversations"),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "gesprek", "conversation")),
            Column::text(say(language, "wat erop tafel ligt", "what is on the table")),
            Column::number(say(language, "keer vastgelegd", "times recorded")),
            Column::kept(say(language, "laatste", "last")),
        ],
        rows: Talk::ALL.iter().map(row).collect(),
        total: None,
    }));
    document.blocks.push(onward(&scope));
    document.respond(&opened.asked)
}

/// `/beleid/gesprekken/{talk}`
pub(super) async fn show(app: App, Path(talk): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let talk = Talk::ALL.iter().copied().find(|one| one.choice().value == talk).ok_or(Problem::NotFound)?;
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let found = goals(&app, &scope, register::dossier(&app, &scope).await?).await?;
    let mut title = chosen(talk.choice(), language);
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let lede = say(
        language,
        "Alleen wat dit gesprek nodig heeft, met wat eerder is afgesproken.",
        "Only what this conversation needs, with what was agreed before.",
    );
    let overview =
        Crumb { name: say(language, "gesprekken", "conversations"), href: Some(scope.link("/beleid/gesprekken")) };
    let below = vec![overview, Crumb { name: title.clone(), href: None }];
    let mut document = Document::new(frame(&opened, &app, &uri, &title, below), &uri, title.clone(), lede);
    let is_about_care = needs(talk).contains(&Topic::Care);
    let providers = if is_about_care { goed_genoeg::providers(&app, &scope).await? } else { Vec::new() };
    for topic in needs(talk) {
        document.blocks.extend(topic_blocks(*topic, &found, &providers, &scope)?);
    }
    document.blocks.push(Block::Table(note_table(talk, &found.dossier, &scope)?));
    let filled = [("talk", talk.choice().value.to_owned()), ("date", scope.peildatum.to_string())];
    document.blocks.push(Block::Links(Links {
        title: say(language, "Vastleggen", "Record"),
        links: vec![(
            say(language, "Nieuw gesprek", "New conversation"),
            register::new_link::<Conversation>(&scope, &filled),
        )],
    }));
    document.respond(&opened.asked)
}

fn topic_name(topic: Topic, language: Language) -> String {
    match topic {
        Topic::Goals(GoalLevel::Vision) => say(language, "visie", "vision"),
        Topic::Goals(GoalLevel::Strategic) => say(language, "strategische doelen", "strategic goals"),
        Topic::Goals(GoalLevel::Tactical) => say(language, "tactische doelen", "tactical goals"),
        Topic::Goals(GoalLevel::Operational) => say(language, "operationele doelen", "operational goals"),
        Topic::Dilemmas => say(language, "dilemma's", "dilemmas"),
        Topic::Open => say(language, "open vragen en toezeggingen", "open questions and promises"),
        Topic::Decided => say(language, "besluiten van het laatste jaar", "decisions of the last year"),
        Topic::Calendar => say(language, "kalender", "calendar"),
        Topic::Measures => say(language, "maatregelen", "measures"),
        Topic::Pilots => say(language, "pilots en initiatieven", "pilots and initiatives"),
        Topic::Programmes => say(language, "programma's", "programmes"),
        Topic::Cycle => say(language, "beleidscyclus", "policy cycle"),
        Topic::Gaps => say(language, "wat ontbreekt", "what is missing"),
        Topic::Assumptions => say(language, "aannamen", "assumptions"),
        Topic::Lessons => say(language, "lessen", "lessons"),
        Topic::Care => say(language, "welke zorg is goed genoeg", "which care is good enough"),
        Topic::Reserve => say(language, "algemene reserve", "general reserve"),
        Topic::Forecast => say(language, "prognose", "forecast"),
    }
}

fn topic_blocks(
    topic: Topic,
    found: &Goals,
    providers: &[(String, String)],
    scope: &Scope,
) -> Result<Vec<Block>, Problem> {
    let language = scope.language;
    let dossier = &found.dossier;
    let link = |path: &str, nl: &str, en: &str| {
        let links = vec![(say(language, nl, en), scope.link(path))];
        vec![Block::Links(Links { title: topic_title(topic, language), links })]
    };
    Ok(match topic {
        Topic::Goals(level) => vec![Block::Tree(doelen::goal_list(found, Some(level), scope))],
        Topic::Dilemmas => dilemmas::blocks(dossier, scope)?,
        Topic::Open => vec![Block::Table(open_table(dossier, scope)?)],
        Topic::Decided => vec![Block::Table(decided_table(dossier, scope)?)],
        Topic::Calendar => {
            let calendar = cyclus::calendar_of(dossier, scope)?;
            let ahead = calendar.ahead.iter().filter(|due| !due.is_done);
            let dues: Vec<&Due> = calendar.overdue.iter().chain(ahead).take(15).collect();
            let title = say(language, "Te laat, en wat eraan komt", "Overdue, and what is coming");
            let empty = say(language, "Er is niets te laat en er komt niets aan.", "Nothing is overdue or coming.");
            vec![Block::Table(Table { empty, ..cyclus::due_table(title, &dues, dossier, scope) })]
        }
        Topic::Measures => vec![Block::Table(measure_table(dossier, scope, |_| true)?)],
        Topic::Pilots => vec![Block::Table(measure_table(dossier, scope, |sort| sort != MeasureKind::Measure)?)],
        Topic::Programmes => vec![named::<Programme>(topic, dossier, scope, |_| true)?],
        Topic::Cycle => cyclus::blocks(dossier, scope)?.into_iter().take(1).collect(),
        Topic::Gaps => vec![Block::Table(doelen::gap_table(found, scope))],
        Topic::Assumptions => {
            vec![named::<TheoryLink>(topic, dossier, scope, |link| link.evidence == grip_policy::Evidence::Assumed)?]
        }
        Topic::Lessons => {
            let (themes, steps) = (list::<Theme>(dossier)?, list::<CycleStep>(dossier)?);
            cyclus::lessons(&rounds(&themes, &steps, scope.peildatum), &steps, dossier, scope)
        }
        Topic::Care => {
            let answers = list::<ProviderAnswers>(dossier)?;
            vec![Block::Table(goed_genoeg::answer_table(&answers, providers, scope))]
        }
        Topic::Reserve => {
            let mut blocks = vec![reserve_block(topic, dossier, scope)?];
            blocks.extend(link(
                "/geld/weerstand",
                "Wat de prognose met de reserve doet",
                "What the forecast does to the reserve",
            ));
            blocks
        }
        Topic::Forecast => link("/prognose", "De prognose van dit jaar", "The forecast of this year"),
    })
}

fn topic_title(topic: Topic, language: Language) -> String {
    let mut title = topic_name(topic, language);
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

/// The names of objects of a type.
fn named<O: Object>(
    topic: Topic,
    dossier: &Dossier,
    scope: &Scope,
    is_shown: impl Fn(&O) -> bool,
) -> Result<Block, Problem> {
    let language = scope.language;
    let objects = list::<O>(dossier)?;
    let shown = objects.iter().filter(|object| is_shown(&object.content));
    let mut links: Vec<(String, String)> =
        shown.map(|object| (object.content.name().to_owned(), to::<O>(scope, object.id))).collect();
    let mut title = topic_title(topic, language);
    if links.is_empty() {
        title = format!("{title}: {}", say(language, "nog niets vastgelegd", "nothing recorded yet"));
        links.push((say(language, "Toevoegen", "Add"), register::new_link::<O>(scope, &[])));
    }
    Ok(Block::Links(Links { title, links }))
}

/// The states of the reserve, the last first; a way to write one when there is none.
fn reserve_block(topic: Topic, dossier: &Dossier, scope: &Scope) -> Result<Block, Problem> {
    let language = scope.language;
    let mut states = list::<Reserve>(dossier)?;
    if states.is_empty() {
        return named::<Reserve>(topic, dossier, scope, |_| true);
    }
    states.retain(|state| state.content.date <= scope.peildatum);
    states.sort_by_key(|state| std::cmp::Reverse((state.content.date, state.id)));
    let row = |state: &Version<Reserve>| {
        let it = &state.content;
        let cells = vec![
            Cell::text(it.date.to_string()),
            Cell::Euros(it.amount.cents),
            Cell::of(it.minimum, |minimum| Cell::Euros(minimum.cents)),
        ];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<Reserve>(scope, state.id)) }
    };
    Ok(Block::Table(Table {
        id: "reserve".to_owned(),
        title: topic_title(topic, language),
        note: String::new(),
        empty: say(language, "Op de peildatum is er nog geen stand.", "There is no state on the day shown yet."),
        columns: vec![
            Column::text(say(language, "reserve", "reserve")),
            Column::kept(say(language, "stand op", "as on")),
            Column::number(say(language, "bedrag", "amount")),
            Column::number(say(language, "minimaal nodig", "at least needed")),
        ],
        rows: states.iter().map(row).collect(),
        total: None,
    }))
}

/// Questions, motions, assignments and promises that nothing answers yet, the longest first.
fn open_table(dossier: &Dossier, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let decisions = list::<Decision>(dossier)?;
    let asked = follow_up(&decisions, scope.peildatum);
    let mut open: Vec<&Version<Decision>> =
        decisions.iter().filter(|one| asked.get(&one.id).is_some_and(Asked::is_open)).collect();
    open.sort_by_key(|one| (one.content.due.is_none(), one.content.due, one.content.date));
    let row = |one: &&Version<Decision>| {
        let it = &one.content;
        let is_late = asked.get(&one.id).is_some_and(Asked::is_overdue);
        let state = if is_late { say(language, "te laat", "overdue") } else { say(language, "open", "open") };
        let cells = vec![
            Cell::text(chosen(it.sort.choice(), language)),
            Cell::text(it.date.to_string()),
            Cell::text(&it.asked_by.0),
            Cell::text(&it.asked_of.0),
            Cell::of(it.due, |due| Cell::text(due.to_string())),
            Cell::text(state),
        ];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<Decision>(scope, one.id)) }
    };
    Ok(Table {
        id: "open".to_owned(),
        title: say(
            language,
            "Open vragen, moties, opdrachten en toezeggingen",
            "Open questions, motions, assignments and promises",
        ),
        note: String::new(),
        empty: say(language, "Er staat niets open.", "Nothing is open."),
        columns: vec![
            Column::text(say(language, "onderwerp", "subject")),
            Column::text(say(language, "soort", "sort")),
            Column::kept(say(language, "datum", "day")),
            Column::text(say(language, "gevraagd door", "asked by")),
            Column::text(say(language, "gevraagd aan", "asked of")),
            Column::kept(say(language, "uiterlijk", "due")),
            Column::text("status"),
        ],
        rows: open.iter().map(row).collect(),
        total: None,
    })
}

/// What was decided in the year before the day.
fn decided_table(dossier: &Dossier, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let from = scope.peildatum.saturating_sub(1.year());
    let mut decisions = list::<Decision>(dossier)?;
    decisions.retain(|one| {
        let is_decided = !matches!(one.content.sort, DecisionKind::Question | DecisionKind::Promise);
        is_decided
            && one.content.outcome != Outcome::Open
            && one.content.date > from
            && one.content.date <= scope.peildatum
    });
    decisions.sort_by_key(|one| std::cmp::Reverse(one.content.date));
    let row = |one: &Version<Decision>| {
        let it = &one.content;
        let cells = vec![
            Cell::text(chosen(it.sort.choice(), language)),
            Cell::text(chosen(it.body.choice(), language)),
            Cell::text(it.date.to_string()),
            Cell::text(chosen(it.outcome.choice(), language)),
            Cell::of(it.amount, |amount| Cell::Euros(amount.cents)),
        ];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<Decision>(scope, one.id)) }
    };
    Ok(Table {
        id: "besloten".to_owned(),
        title: say(language, "Besluiten van het laatste jaar", "Decisions of the last year"),
        note: String::new(),
        empty: say(language, "In dit jaar is niets besloten.", "Nothing was decided in this year."),
        columns: vec![
            Column::text(say(language, "onderwerp", "subject")),
            Column::text(say(language, "soort", "sort")),
            Column::text(say(language, "orgaan", "body")),
            Column::kept(say(language, "datum", "day")),
            Column::text(say(language, "uitkomst", "outcome")),
            Column::number(say(language, "bedrag", "amount")),
        ],
        rows: decisions.iter().map(row).collect(),
        total: None,
    })
}

fn measure_table(dossier: &Dossier, scope: &Scope, is_shown: impl Fn(MeasureKind) -> bool) -> Result<Table, Problem> {
    let language = scope.language;
    let mut measures = list::<Measure>(dossier)?;
    measures.retain(|measure| is_shown(measure.content.sort) && measure.content.status != MeasureStatus::Stopped);
    let row = |measure: &Version<Measure>| {
        let it = &measure.content;
        let cells = vec![
            Cell::text(chosen(it.sort.choice(), language)),
            Cell::text(chosen(it.status.choice(), language)),
            Cell::text(&it.owner.0),
            Cell::of(it.begin, |begin| Cell::text(begin.text())),
            Cell::of(it.saving_per_month, |saving| Cell::Euros(saving.cents)),
        ];
        let href = scope.link(&format!("/maatregelen/{}", measure.id));
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(href) }
    };
    Ok(Table {
        id: "maatregelen".to_owned(),
        title: say(language, "Wat wij doen", "What we do"),
        note: String::new(),
        empty: say(language, "Er zijn nog geen maatregelen.", "There are no measures yet."),
        columns: vec![
            Column::text(say(language, "maatregel", "measure")),
            Column::text(say(language, "soort", "sort")),
            Column::text("status"),
            Column::text(say(language, "eigenaar", "owner")),
            Column::kept(say(language, "eerste maand", "first month")),
            Column::number(say(language, "verwachte besparing per maand", "expected saving per month")),
        ],
        rows: measures.iter().map(row).collect(),
        total: None,
    })
}

/// What was agreed before, the last first.
fn note_table(talk: Talk, dossier: &Dossier, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let mut notes = list::<Conversation>(dossier)?;
    notes.retain(|note| note.content.talk == talk);
    notes.sort_by_key(|note| std::cmp::Reverse((note.content.date, note.id)));
    notes.truncate(NOTES_SHOWN);
    let row = |note: &Version<Conversation>| {
        let it = &note.content;
        let cells = vec![Cell::text(it.date.to_string()), Cell::text(&it.agreed.0), Cell::text(&it.next.0)];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<Conversation>(scope, note.id)) }
    };
    Ok(Table {
        id: "afgesproken".to_owned(),
        title: say(language, "Wat eerder is afgesproken", "What was agreed before"),
        note: String::new(),
        empty: say(language, "Er is nog geen gesprek vastgelegd.", "No conversation is recorded yet."),
        columns: vec![
            Column::text(say(language, "onderwerp", "subject")),
            Column::kept(say(language, "datum", "day")),
            Column::prose(say(language, "afgesproken", "agreed")),
            Column::prose(say(language, "nog te bespreken", "still to be discussed")),
        ],
        rows: notes.iter().map(row).collect(),
        total: None,
    })
}
