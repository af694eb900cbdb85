//! `/maatregelen`: every measure with what it should save and saved.

use std::{collections::BTreeMap, sync::Arc};

use axum::{http::Uri, response::Response};
use grip_pipeline::effect::{Board, BoardQuestion, DoubleCounting, Effect};
use grip_policy::{Knob, Led, Measure, MeasureKind, MeasureStatus, Value};
use grip_register::ObjectId;
use grip_report::{
    Cell, Chart, Column, Course, CourseBand, CourseLine, Form, Language, Mark, Scale, Table, TableRow, euros_short,
};
use grip_types::Maand;

use super::{
    Written, between, chosen, frame, gap_name, goal_names, goals, horizon, measure_link, on_board, text, verdict,
    why_silent, why_unasked,
};
use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, ChartBlock, Document, Figure, Filter, Links, WithTables},
    problem::Problem,
    prognose::{drawings::both, month_in_full},
    register,
    sentences::long_date,
    words::say,
};

/// What narrows the board.
struct Narrowed {
    doel: Option<ObjectId>,
    knop: Option<Knob>,
    status: Option<MeasureStatus>,
    soort: Option<MeasureKind>,
    spoor: Option<String>,
    eigenaar: Option<String>,
}

impl Narrowed {
    fn of(asked: &Asked) -> Result<Self, Problem> {
        Ok(Self {
            doel: asked.read("doel", |text| text.parse().ok())?,
            knop: asked.read("knop", |text| Knob::read(text).ok())?,
            status: asked.read("status", |text| MeasureStatus::read(text).ok())?,
            soort: asked.read("soort", |text| MeasureKind::read(text).ok())?,
            spoor: asked.get("spoor").map(str::to_owned),
            eigenaar: asked.get("eigenaar").map(str::to_owned),
        })
    }

    fn holds(&self, measure: &Measure) -> bool {
        self.doel.is_none_or(|goal| measure.goals.contains(goal))
            && self.knop.is_none_or(|knob| measure.knob == knob)
            && self.status.is_none_or(|status| measure.status == status)
            && self.soort.is_none_or(|sort| measure.sort == sort)
            && self.spoor.as_ref().is_none_or(|stream| measure.stream.0 == *stream)
            && self.eigenaar.as_ref().is_none_or(|owner| measure.owner.0 == *owner)
    }
}

/// `/maatregelen`
pub(super) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let dossier = register::dossier(&app, &scope).await?;
    let narrowed = Narrowed::of(&opened.asked)?;
    let all: Vec<Written> = dossier.list()?;
    let shown: Vec<&Written> = all.iter().filter(|written| narrowed.holds(&written.content)).collect();
    let measures = shown.iter().map(|written| on_board(written, &all, &scope)).collect();
    let question = BoardQuestion { gemeente: scope.gemeente, peildatum: scope.peildatum, measures };
    let board = app.ask(move |grip| grip.measures_board(&question)).await?;
    let language = scope.language;
    let title = title(&board, &shown, language);
    let frame = frame(&opened, &app, &uri, &title, None);
    let mut document = Document::new(frame, &uri, title, lede(&board, &scope));
    document.filters = filters(&narrowed, &all, &dossier, language);
    document.figures = figures(&board, &shown, language);
    if board.months.iter().any(|month| month.expected != 0) {
        document.blocks.push(course(&board, language));
    }
    document.blocks.extend(columns(&board, &shown, &dossier, &scope));
    document.blocks.push(Block::Table(totals(&shown, &board, &scope)));
    document.blocks.extend(double(&board, &shown, &scope));
    document.blocks.push(Block::Table(gaps(&shown, &scope)));
    document.blocks.push(explained(language));
    document.blocks.push(Block::Links(onward(&scope)));
    document.respond(&opened.asked)
}

fn title(board: &Board, shown: &[&Written], language: Language) -> String {
    if shown.is_empty() {
        return say(language, "Maatregelen", "Measures");
    }
    let expected = euros_short(board.expected, language);
    let month = month_in_full(&board.known_to, language);
    match (&board.realised, language) {
        (Some(saved), Language::Nl) if saved.p50 < 0 => format!(
            "Tot en met {month} is waar het te zeggen is per saldo {} meer uitgegeven, niet bespaard",
            euros_short(saved.p50.saturating_abs(), language)
        ),
        (Some(saved), Language::En) if saved.p50 < 0 => format!(
            "Up to {month} {} more was spent on balance where it can be told, not saved",
            euros_short(saved.p50.saturating_abs(), language)
        ),
        (Some(saved), Language::Nl) => format!(
            "Tot en met {month} is {} bespaard waar het te zeggen is, {} was daar verwacht",
            euros_short(saved.p50, language),
            euros_short(board.expected_of_told, language)
        ),
        (Some(saved), Language::En) => format!(
            "Up to {month} {} was saved where it can be told, {} was expected there",
            euros_short(saved.p50, language),
            euros_short(board.expected_of_told, language)
        ),
        (None, Language::Nl) => {
            format!("Van geen maatregel is al te zeggen wat hij bespaarde; tot en met {month} was {expected} verwacht")
        }
        (None, Language::En) => {
            format!("Of no measure can be told yet what it saved; up to {month} {expected} was expected")
        }
    }
}

fn lede(board: &Board, scope: &Scope) -> String {
    let (day, month) = (long_date(scope.peildatum, scope.language), month_in_full(&board.known_to, scope.language));
    match scope.language {
        Language::Nl => format!(
            "Zoals bekend op {day}; teruggekeken is tot en met {month}, de laatste maand die definitief is. Wat een maatregel bespaarde is altijd een schatting: toeschrijven blijft onzeker."
        ),
        Language::En => format!(
            "As known on {day}; looked back up to {month}, the last month that is definitive. What a measure saved is always an estimate: attribution stays uncertain."
        ),
    }
}

fn figures(board: &Board, shown: &[&Written], language: Language) -> Vec<Figure> {
    let figure = |name: String, number: String, note: String| Figure { name, number, note };
    let realised = board.realised.as_ref();
    let untold = shown.len().saturating_sub(board.told);
    let certain = |saved| match language {
        Language::Nl => format!("80 % zeker {}, van {} maatregelen", between(saved, language), board.told),
        Language::En => format!("80% sure {}, of {} measures", between(saved, language), board.told),
    };
    vec![
        figure(
            say(language, "Verwacht tot nu", "Expected so far"),
            euros_short(board.expected, language),
            match language {
                Language::Nl => format!("van {} maatregelen", shown.len()),
                Language::En => format!("of {} measures", shown.len()),
            },
        ),
        figure(
            say(language, "Gerealiseerd", "Realised"),
            realised.map_or_else(|| "–".to_owned(), |saved| euros_short(saved.p50, language)),
            realised.map(certain).unwrap_or_default(),
        ),
        figure(
            say(language, "Nog te komen dit jaar", "Still to come this year"),
            euros_short(board.to_come, language),
            say(language, "verwacht, tot en met december", "expected, up to December"),
        ),
        figure(
            say(language, "Nog niet te zeggen", "Not to be told yet"),
            untold.to_string(),
            say(language, "maatregelen; de reden staat in de tabel", "measures; the reason is in the table"),
        ),
    ]
}

fn course(board: &Board, language: Language) -> Block {
    let months: Vec<String> = board.months.iter().map(|month| month.maand.clone()).collect();
    let known_to = board.months.iter().take_while(|month| month.maand <= board.known_to).count();
    let title = say(
        language,
        "Verwacht, gerealiseerd en nog te komen, opgeteld",
        "Expected, realised and still to come, added up",
    );
    let realised = board.months.iter().map(|month| month.realised.as_ref());
    let band = CourseBand {
        name: say(language, "80 % kans", "80% chance"),
        bounds: realised.clone().map(|saved| saved.map(|saved| (saved.p10, saved.p90))).collect(),
    };
    let line =
        |nl: &str, en: &str, values: Vec<Option<i64>>, band| CourseLine { name: say(language, nl, en), values, band };
    let chart = Chart::Course(Course {
        id: "opgeteld-grafiek".to_owned(),
        title: title.clone(),
        description: say(
            language,
            "Drie lijnen per maand in euro: wat verwacht was, wat gerealiseerd is met een band van 80 %, en wat er volgens verwachting nog bij komt.",
            "Three lines by month in euros: what was expected, what was realised with a band of 80%, and what is still expected to come.",
        ),
        language,
        scale: Scale::Euros,
        labels: super::steps(&months, language),
        lines: vec![
            line("verwacht", "expected", board.months.iter().map(|month| Some(month.expected)).collect(), None),
            line("gerealiseerd", "realised", realised.map(|saved| saved.map(|saved| saved.p50)).collect(), Some(band)),
            line(
                "gerealiseerd en nog te komen",
                "realised and still to come",
                board.months.iter().map(|month| month.ahead).collect(),
                None,
            ),
        ],
        reference: None,
        marks: vec![Mark {
            at: known_to.saturating_sub(1),
            name: say(language, "tot hier definitief", "definitive up to here"),
        }],
        form: Form::Straight,
        from_zero: true,
        known_to: board.months.len(),
        provisional_name: String::new(),
    });
    let row = |month: &grip_pipeline::effect::BoardMonth| {
        let saved = month.realised.as_ref();
        let cells = vec![
            Cell::Euros(month.expected),
            Cell::of(saved, |saved| Cell::Euros(saved.p50)),
            Cell::of(saved, |saved| Cell::Euros(saved.p10)),
            Cell::of(saved, |saved| Cell::Euros(saved.p90)),
            Cell::of(month.ahead, Cell::Euros),
        ];
        TableRow::new(month_in_full(&month.maand, language), cells)
    };
    let table = Table {
        id: "opgeteld".to_owned(),
        title: title.clone(),
        note: say(
            language,
            "Van alle maatregelen hierboven samen, sinds de eerste begon. De band telt de uitersten op, alsof alle maatregelen naar dezelfde kant afwijken: smaller kan, breder niet.",
            "Of all measures above together, since the first began. The band adds up the ends, as if all measures erred to the same side: it may be narrower, not wider.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "maand", "month")),
            Column::number(say(language, "verwacht", "expected")),
            Column::number(say(language, "gerealiseerd", "realised")),
            Column::number(say(language, "laag", "low")),
            Column::number(say(language, "hoog", "high")),
            Column::number(say(language, "met wat nog komt", "with what is to come")),
        ],
        rows: board.months.iter().map(row).collect(),
        total: None,
    };
    Block::Chart(ChartBlock { drawings: both(title, &chart), table })
}

/// The board: a table for each status, in the order in which measures go through them.
fn columns(board: &Board, shown: &[&Written], dossier: &grip_policy::Dossier, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    if shown.is_empty() {
        return vec![Block::Table(list(
            "maatregelen",
            say(language, "Maatregelen", "Measures"),
            &[],
            board,
            dossier,
            scope,
        ))];
    }
    let groups = MeasureStatus::ALL.iter().filter_map(|status| {
        let group: Vec<&Written> = shown.iter().copied().filter(|written| written.content.status == *status).collect();
        let name = chosen(status.choice(), language);
        let title = format!("{} ({})", capital(name), group.len());
        let id = format!("maatregelen-{}", status.choice().value);
        (!group.is_empty()).then(|| Block::Table(list(&id, title, &group, board, dossier, scope)))
    });
    groups.collect()
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn list(
    id: &str,
    title: String,
    group: &[&Written],
    board: &Board,
    dossier: &grip_policy::Dossier,
    scope: &Scope,
) -> Table {
    let language = scope.language;
    let known_to = board.known_to.parse::<Maand>().unwrap_or_else(|_| horizon(scope));
    let row = |written: &&Written| {
        let measure = &written.content;
        let effect = board.effects.get(&written.id.to_string()).map(Arc::as_ref);
        let sums = grip_policy::totals(std::iter::once(measure), |_| (), known_to, horizon(scope));
        let sums = sums.get(&()).filter(|sums| sums.without_amount == 0);
        let cells = vec![
            Cell::text(goal_names(dossier, measure)),
            Cell::text(measure.owner.0.as_str()),
            Cell::of(measure.begin, |begin| Cell::Text(month_in_full(&begin.to_string(), language))),
            Cell::of(sums, |sums| Cell::Euros(sums.so_far.cents)),
            Cell::of(effect.and_then(Effect::headline), |found| Cell::Euros(found.total.p50)),
            Cell::Text(told(measure, effect, language)),
            Cell::of(sums, |sums| Cell::Euros(sums.to_come.cents)),
        ];
        let row = TableRow { head: measure.name.0.clone(), href: None, is_dutch: true, cells };
        row.linked(measure_link(scope, written.id))
    };
    Table {
        id: id.to_owned(),
        title,
        note: String::new(),
        empty: say(
            language,
            "Hier staan nog geen maatregelen. Maak er een, of lees een lijst uit een spreadsheet in: zie ‘Verder’ onderaan.",
            "There are no measures here yet. Make one, or take in a list from a spreadsheet: see ‘Onward’ below.",
        ),
        columns: vec![
            Column::text(say(language, "maatregel", "measure")),
            Column::text(say(language, "doelen", "goals")),
            Column::text(say(language, "eigenaar", "owner")),
            Column::kept(say(language, "sinds", "since")),
            Column::number(say(language, "verwacht tot nu", "expected so far")),
            Column::number(say(language, "gerealiseerd", "realised")),
            Column::text(say(language, "hoe zeker", "how sure")),
            Column::number(say(language, "nog te komen", "to come")),
        ],
        rows: group.iter().map(row).collect(),
        total: None,
    }
}

/// How sure what a measure saved is, or why it can't be told.
fn told(measure: &Measure, effect: Option<&Effect>, language: Language) -> String {
    let Some(effect) = effect else { return why_unasked(measure, language) };
    match (effect.headline(), &effect.silence) {
        (Some(found), _) => {
            let disputed = if effect.is_disputed {
                say(language, "; methoden spreken elkaar tegen", "; methods disagree")
            } else {
                String::new()
            };
            format!("{}, {}{disputed}", verdict(&found.total, language), between(&found.total, language))
        }
        (None, Some(silence)) => why_silent(silence, language),
        (None, None) => String::new(),
    }
}

/// Totals by status, knob, stream, and vision or money.
fn totals(shown: &[&Written], board: &Board, scope: &Scope) -> Table {
    let language = scope.language;
    let known_to = board.known_to.parse::<Maand>().unwrap_or_else(|_| horizon(scope));
    let by = |name: (&str, &str), key: &dyn Fn(&Measure) -> String| -> Vec<TableRow> {
        let measures = shown.iter().map(|written| &written.content);
        let found = grip_policy::totals(measures, key, known_to, horizon(scope));
        let row = |(key, sums): (String, grip_policy::Totals)| {
            let none = say(language, "niet gezegd", "not said");
            let cells = vec![
                Cell::Text(if key.is_empty() { none } else { key }),
                Cell::Count(i64::try_from(sums.measures).unwrap_or_default()),
                Cell::Euros(sums.so_far.cents),
                Cell::Euros(sums.to_come.cents),
                Cell::Euros(sums.cost.cents),
                Cell::Count(i64::try_from(sums.without_amount).unwrap_or_default()),
            ];
            TableRow::new(say(language, name.0, name.1), cells)
        };
        found.into_iter().map(row).collect()
    };
    let rows = [
        by(("status", "status"), &|measure| chosen(measure.status.choice(), language).to_owned()),
        by(("knop", "knob"), &|measure| chosen(measure.knob.choice(), language).to_owned()),
        by(("spoor", "stream"), &|measure| measure.stream.0.clone()),
        by(("visie of geld", "vision or money"), &|measure: &Measure| {
            let led: Led = measure.led;
            chosen(led.choice(), language).to_owned()
        }),
    ];
    Table {
        id: "totalen".to_owned(),
        title: say(
            language,
            "Verwacht per status, knop, spoor en aanleiding",
            "Expected by status, knob, stream and reason",
        ),
        note: say(
            language,
            "Alleen wat verwacht is; kosten tot en met december van dit jaar. Wie geen bedrag of begin noemt telt in geen bedrag mee.",
            "Only what is expected; cost up to December of this year. What names no amount or begin counts in no amount.",
        ),
        empty: say(language, "Er zijn geen maatregelen.", "There are no measures."),
        columns: vec![
            Column::text(say(language, "naar", "by")),
            Column::text(say(language, "groep", "group")),
            Column::number(say(language, "maatregelen", "measures")),
            Column::number(say(language, "verwacht tot nu", "expected so far")),
            Column::number(say(language, "nog te komen", "to come")),
            Column::number(say(language, "kosten", "cost")),
            Column::number(say(language, "zonder bedrag", "without amount")),
        ],
        rows: rows.into_iter().flatten().collect(),
        total: None,
    }
}

/// What more than one measure claims.
fn double(board: &Board, shown: &[&Written], scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let names: BTreeMap<String, &str> =
        shown.iter().map(|written| (written.id.to_string(), written.content.name.0.as_str())).collect();
    let rows = |what: (&str, &str), counted: &DoubleCounting| -> Vec<TableRow> {
        let row = |part: &grip_pipeline::effect::DoublePart| {
            let measures: Vec<&str> =
                part.measures.iter().map(|id| names.get(id).copied().unwrap_or(id.as_str())).collect();
            let cells = vec![
                Cell::text(say(language, what.0, what.1)),
                Cell::Text(measures.join("; ")),
                Cell::Euros(part.claimed),
                Cell::of(part.double_min, Cell::Euros),
                Cell::Euros(part.double_max),
            ];
            let row = TableRow { head: part.naam.clone(), href: None, is_dutch: true, cells };
            row.linked(scope.link(&format!("/prognose/{}/{}", part.wet, part.productcategorie)))
        };
        counted.parts.iter().map(row).collect()
    };
    let mut all = rows(("verwacht", "expected"), &board.double_expected);
    all.extend(rows(("gerealiseerd", "realised"), &board.double_realised));
    if all.is_empty() {
        return Vec::new();
    }
    let table = Table {
        id: "dubbeltelling".to_owned(),
        title: say(language, "Wat meer dan één maatregel zich toerekent", "What more than one measure claims"),
        note: say(
            language,
            "Zeker dubbel is wat samen meer is dan het deel kost. Hoogstens dubbel is alles op de grootste claim per deel en maand na. Twee maatregelen op één deel kunnen ook allebei waar zijn.",
            "Certainly double is what is more together than the part costs. At most double is all but the largest claim on each part and month. Two measures on one part may also both be true.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "deel", "part")),
            Column::text(say(language, "wat", "what")),
            Column::prose(say(language, "maatregelen", "measures")),
            Column::number(say(language, "samen", "together")),
            Column::number(say(language, "zeker dubbel", "certainly double")),
            Column::number(say(language, "hoogstens dubbel", "double at most")),
        ],
        rows: all,
        total: None,
    };
    vec![Block::Table(table)]
}

/// What is not said of measures.
fn gaps(shown: &[&Written], scope: &Scope) -> Table {
    let language = scope.language;
    let row = |written: &&Written| {
        let found = grip_policy::measure_gaps(&written.content);
        let names: Vec<String> = found.iter().map(|gap| gap_name(*gap, language)).collect();
        let change = Cell::Link {
            text: say(language, "aanvullen", "fill in"),
            href: scope.link(&format!("/register/measure/{}/wijzig", written.id)),
        };
        let cells = vec![Cell::Text(names.join(", ")), change];
        let row = TableRow { head: written.content.name.0.clone(), href: None, is_dutch: true, cells };
        (!found.is_empty()).then(|| row.linked(measure_link(scope, written.id)))
    };
    Table {
        id: "ontbreekt".to_owned(),
        title: say(language, "Wat er nog niet bij staat", "What is not filled in yet"),
        note: String::new(),
        empty: say(language, "Alles is ingevuld.", "Everything is filled in."),
        columns: vec![
            Column::text(say(language, "maatregel", "measure")),
            Column::text(say(language, "ontbreekt", "missing")),
            Column::text(say(language, "doen", "do")),
        ],
        rows: shown.iter().filter_map(row).collect(),
        total: None,
    }
}

fn explained(language: Language) -> Block {
    text(
        language,
        ("Hoe dit is berekend", "How this is reckoned"),
        say(
            language,
            "Verwacht is wat bij de maatregel is ingevuld, gelijkmatig groeiend tot de maand van volledig effect. Gerealiseerd is wat er zonder de maatregel zou zijn geweest, min wat er was: naast een vergelijkingsdeel, een mengsel van delen of het eigen verloop ervoor. De pagina van een maatregel laat alle methoden zien. Alleen definitieve maanden tellen, aangevuld met wat daarvan nog wordt gedeclareerd: een maand die nog volloopt is geen besparing.",
            "Expected is what was filled in with the measure, growing evenly to the month of full effect. Realised is what would have been without the measure less what was: beside a part to compare with, a mixture of parts, or its own course before. The page of a measure shows all methods. Only definitive months count, completed with what is still to be declared of them: a month that still fills is no saving.",
        ),
    )
}

fn onward(scope: &Scope) -> Links {
    let language = scope.language;
    let link = |nl: &str, en: &str, path: &str| (say(language, nl, en), scope.link(path));
    Links {
        title: say(language, "Verder", "Onward"),
        links: vec![
            link("Nieuwe maatregel", "New measure", "/register/measure/nieuw"),
            link("Alle maatregelen als lijst", "All measures as a list", "/register/measure"),
            link(
                "Maatregelen inlezen uit een spreadsheet",
                "Take in measures from a spreadsheet",
                "/register/measure/inlezen",
            ),
            link("Pilots en hun opbrengst", "Pilots and what they yield", "/maatregelen/pilots"),
            link("Wat de reserve kan dragen", "What the reserve can bear", "/geld/weerstand"),
        ],
    }
}

fn filters(narrowed: &Narrowed, all: &[Written], dossier: &grip_policy::Dossier, language: Language) -> Vec<Filter> {
    let every = || (String::new(), say(language, "alle", "all"));
    let choices = |choices: &'static [grip_policy::Choice]| {
        let named = choices.iter().map(|choice| (choice.value.to_owned(), chosen(choice, language).to_owned()));
        std::iter::once(every()).chain(named).collect::<Vec<_>>()
    };
    let lines = |line: &dyn Fn(&Measure) -> &str| {
        let mut names: Vec<String> = all.iter().map(|written| line(&written.content).to_owned()).collect();
        names.retain(|name| !name.is_empty());
        names.sort();
        names.dedup();
        std::iter::once(every()).chain(names.into_iter().map(|name| (name.clone(), name))).collect::<Vec<_>>()
    };
    let filter = |name: &'static str, nl: &str, en: &str, options, chosen: String| Filter {
        name,
        label: say(language, nl, en),
        options,
        chosen,
    };
    let goals = goals(dossier).map(|(id, name)| (id.to_string(), name.to_owned()));
    vec![
        filter(
            "doel",
            "Doel",
            "Goal",
            std::iter::once(every()).chain(goals).collect(),
            narrowed.doel.map(|id| id.to_string()).unwrap_or_default(),
        ),
        filter(
            "knop",
            "Knop",
            "Knob",
            choices(Knob::CHOICES),
            narrowed.knop.map(|knob| knob.text()).unwrap_or_default(),
        ),
        filter(
            "status",
            "Status",
            "Status",
            choices(MeasureStatus::CHOICES),
            narrowed.status.map(|status| status.text()).unwrap_or_default(),
        ),
        filter(
            "soort",
            "Soort",
            "Sort",
            choices(MeasureKind::CHOICES),
            narrowed.soort.map(|sort| sort.text()).unwrap_or_default(),
        ),
        filter(
            "spoor",
            "Spoor",
            "Stream",
            lines(&|measure| &measure.stream.0),
            narrowed.spoor.clone().unwrap_or_default(),
        ),
        filter(
            "eigenaar",
            "Eigenaar",
            "Owner",
            lines(&|measure| &measure.owner.0),
            narrowed.eigenaar.clone().unwrap_or_default(),
        ),
    ]
}
