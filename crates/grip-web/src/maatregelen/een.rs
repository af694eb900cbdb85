//! `/maatregelen/{id}`: one measure: what it should save, and what it saved by each method.

use axum::{extract::Path, http::Uri, response::Response};
use grip_pipeline::{
    answer::Line,
    effect::{Effect, MISS_MAX, MethodFound, last_definitive},
};
use grip_policy::{Dossier, Measure, Object};
use grip_register::ObjectId;
use grip_report::{
    Cell, Chart, Column, Course, CourseBand, CourseLine, Form, Language, Mark, Scale, Table, TableRow, euros_short,
    percent,
};
use grip_types::Maand;

use super::{
    Written, between, chosen, frame, gap_name, horizon, method_name, question, said, share, steps, text, verdict,
    whole_euros, why_silent, why_unasked,
};
use crate::{
    App,
    address::Scope,
    document::{Block, ChartBlock, Document, Fact, Facts, Figure, Links, WithTables},
    problem::Problem,
    prognose::{drawings::both, month_in_full},
    register,
    sentences::long_date,
    words::say,
};

/// `/maatregelen/{id}`
pub(super) async fn show(app: App, Path(id): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let id: ObjectId = id.parse().map_err(|_| Problem::NotFound)?;
    let all: Vec<Written> = dossier.list()?;
    let written = all.iter().find(|written| written.id == id).ok_or(Problem::NotFound)?;
    let measure = &written.content;
    let asked = question(written, &all, &scope);
    let effect = match asked {
        Some(asked) => Some(app.ask(move |grip| grip.effect(&asked)).await?),
        None => None,
    };
    let effect = effect.as_deref();
    let title = title(measure, effect, language);
    let frame = frame(&opened, &app, &uri, &title, Some(measure.name.0.clone()));
    let mut document = Document::new(frame, &uri, measure.name.0.clone(), title);
    document.title_is_dutch = true;
    let known_to = last_definitive(scope.peildatum);
    document.figures = figures(measure, effect, known_to, &scope);
    document.blocks.push(text(
        language,
        ("Wat hierover te zeggen is", "What can be said of this"),
        words_of(measure, effect, &scope),
    ));
    if let Some((effect, found)) = effect.and_then(|effect| Some((effect, effect.headline()?))) {
        document.blocks.push(course(effect, found, language));
    }
    if let Some(effect) = effect.filter(|effect| !effect.methods.is_empty()) {
        document.blocks.push(Block::Table(methods(effect, language)));
        document.blocks.extend(effect.headline().map(|found| Block::Table(cumulative(found, measure, language))));
    }
    document.blocks.push(Block::Facts(facts(measure, &scope)));
    if !measure.reasoning.0.is_empty() {
        let name = say(language, "Onderbouwing van de verwachting", "Reasoning of the expectation");
        document.blocks.push(Block::Text(crate::document::Text {
            name,
            text: measure.reasoning.0.clone(),
            is_dutch: true,
        }));
    }
    document.blocks.push(Block::Table(expected(measure, &scope)));
    document.blocks.extend(in_forecast(&app, measure, known_to, &scope).await?);
    document.blocks.push(Block::Links(onward(&dossier, id, measure, &scope)));
    document.respond(&opened.asked)
}

fn title(measure: &Measure, effect: Option<&Effect>, language: Language) -> String {
    let found = effect.and_then(Effect::headline);
    let Some(found) = found else {
        let why = effect.and_then(|effect| effect.silence.as_ref());
        let why = why.map_or_else(|| why_unasked(measure, language), |silence| why_silent(silence, language));
        return match language {
            Language::Nl => format!("Nog niet te zeggen wat deze maatregel bespaarde: {why}."),
            Language::En => format!("It can't be told yet what this measure saved: {why}."),
        };
    };
    let amount = euros_short(found.total.p50.abs(), language);
    let range = between(&found.total, language);
    match (language, found.total.p50 >= 0) {
        (Language::Nl, true) => format!("Naar schatting {amount} bespaard, met 80 % zekerheid {range}."),
        (Language::Nl, false) => {
            format!("Naar schatting {amount} duurder, de besparing is met 80 % zekerheid {range}.")
        }
        (Language::En, true) => format!("An estimated {amount} saved, with 80% certainty {range}."),
        (Language::En, false) => format!("An estimated {amount} dearer, the saving is with 80% certainty {range}."),
    }
}

/// What can be said, and why it is not sure.
fn words_of(measure: &Measure, effect: Option<&Effect>, scope: &Scope) -> String {
    let language = scope.language;
    let day = long_date(scope.peildatum, language);
    let Some((effect, found)) = effect.and_then(|effect| Some((effect, effect.headline()?))) else {
        return match language {
            Language::Nl => format!("Zoals bekend op {day}. {}", title(measure, effect, language)),
            Language::En => format!("As known on {day}. {}", title(measure, effect, language)),
        };
    };
    let month = month_in_full(effect.known_to.as_deref().unwrap_or_default(), language);
    let (amount, range) = (euros_short(found.total.p50.saturating_abs(), language), between(&found.total, language));
    let method = method_name(effect.first.unwrap_or_default(), language);
    let verdict = verdict(&found.total, language);
    let first = match (language, found.total.p50 >= 0) {
        (Language::Nl, true) => format!(
            "Zoals bekend op {day} is tot en met {month} {amount} bespaard, met 80 % zekerheid {range}: {verdict}. Gemeten {method}."
        ),
        (Language::Nl, false) => format!(
            "Zoals bekend op {day} is tot en met {month} {amount} meer uitgegeven dan er zonder de maatregel zou zijn; de besparing is met 80 % zekerheid {range}: {verdict}. Gemeten {method}."
        ),
        (Language::En, true) => format!(
            "As known on {day}, {amount} was saved up to {month}, with 80% certainty {range}: {verdict}. Measured {method}."
        ),
        (Language::En, false) => format!(
            "As known on {day}, {amount} more was spent up to {month} than would have been without the measure; the saving is with 80% certainty {range}: {verdict}. Measured {method}."
        ),
    };
    format!("{first} {}", doubts(effect, found, language).join(" "))
}

/// Why attribution is not sure.
fn doubts(effect: &Effect, found: &MethodFound, language: Language) -> Vec<String> {
    let mut doubts = vec![say(
        language,
        "Toeschrijven is onzeker: wat tegelijk veranderde is er niet van te scheiden, en de band kent dat niet.",
        "Attribution is uncertain: what changed at the same time can't be told apart from it, and the band does not know that.",
    )];
    if effect.is_disputed {
        doubts.push(say(
            language,
            "De methoden hieronder spreken elkaar tegen: hun banden hebben niets gemeen.",
            "The methods below disagree: their bands have nothing in common.",
        ));
    }
    if let (Some(tried), Some(part)) = (found.placebos, found.placebo_share) {
        doubts.push(match language {
            Language::Nl => format!(
                "Ter controle is {tried} keer gedaan alsof: {} daarvan, de echte meegeteld, gaf minstens zo veel.",
                percent(part, language)
            ),
            Language::En => {
                format!(
                    "As a check {tried} pretences were tried: {} of them, the real one counted, gave at least as much.",
                    percent(part, language)
                )
            }
        });
    }
    if let Some(miss) = found.miss.filter(|miss| *miss > MISS_MAX) {
        doubts.push(match language {
            Language::Nl => format!(
                "Waarmee is vergeleken week ervóór zelf gemiddeld {} af: dat is veel. Kies iets dat meer gelijk op ging.",
                percent(miss, language)
            ),
            Language::En => format!(
                "What it was compared with missed by {} before, which is much. Choose something that went more alike.",
                percent(miss, language)
            ),
        });
    }
    if found.months.len() < 12 {
        doubts.push(say(
            language,
            "Er is nog geen jaar met de maatregel; een seizoen kan voor een effect doorgaan.",
            "There is no year with the measure yet; a season may pass for an effect.",
        ));
    }
    doubts
}

fn figures(measure: &Measure, effect: Option<&Effect>, known_to: Maand, scope: &Scope) -> Vec<Figure> {
    let language = scope.language;
    let figure = |name: String, number: String, note: String| Figure { name, number, note };
    let sums = grip_policy::totals(std::iter::once(measure), |_| (), known_to, horizon(scope));
    let sums = sums.get(&()).filter(|sums| sums.without_amount == 0);
    let month = month_in_full(&known_to.to_string(), language);
    let dash = || "–".to_owned();
    let found = effect.and_then(Effect::headline);
    vec![
        figure(
            say(language, "Verwacht tot nu", "Expected so far"),
            sums.map_or_else(dash, |sums| euros_short(sums.so_far.cents, language)),
            match language {
                Language::Nl => format!("tot en met {month}"),
                Language::En => format!("up to {month}"),
            },
        ),
        figure(
            say(language, "Gerealiseerd", "Realised"),
            found.map_or_else(dash, |found| euros_short(found.total.p50, language)),
            found.map(|found| between(&found.total, language)).unwrap_or_default(),
        ),
        figure(
            say(language, "Nog te komen dit jaar", "Still to come this year"),
            sums.map_or_else(dash, |sums| euros_short(sums.to_come.cents, language)),
            say(language, "verwacht, tot en met december", "expected, up to December"),
        ),
        figure(
            say(language, "Kosten", "Cost"),
            sums.map_or_else(dash, |sums| euros_short(sums.cost.cents, language)),
            say(language, "tot en met december", "up to December"),
        ),
    ]
}

/// Months that a chart shows.
const SHOWN: usize = 48;

fn course(effect: &Effect, found: &MethodFound, language: Language) -> Block {
    let from = effect.months.len().saturating_sub(SHOWN);
    let months = &effect.months[from..];
    let names: Vec<String> = months.iter().map(|month| month.maand.clone()).collect();
    let title = say(
        language,
        "Wat het kostte, en wat het zonder de maatregel was geweest",
        "What it cost, and what it would have been without the measure",
    );
    let counterfactual: Vec<Option<i64>> = found.counterfactual.iter().skip(from).copied().collect();
    let bound = |month: &grip_pipeline::effect::EffectMonth| {
        let saved = found.months.iter().find(|saved| saved.maand == month.maand)?;
        Some((month.cost?.saturating_add(saved.saving.p10), month.cost?.saturating_add(saved.saving.p90)))
    };
    let bounds: Vec<Option<(i64, i64)>> = months.iter().map(bound).collect();
    let begin = months.iter().position(|month| month.with_measure);
    let band = CourseBand { name: say(language, "80 % kans", "80% chance"), bounds: bounds.clone() };
    let chart = Chart::Course(Course {
        id: "tegenfeit-grafiek".to_owned(),
        title: title.clone(),
        description: say(
            language,
            "Twee lijnen per maand in euro: wat het deel kostte dat de maatregel raakt, en wat het zonder de maatregel was geweest, met een band van 80 %. De ruimte ertussen is de besparing.",
            "Two lines by month in euros: what the part that the measure touches cost, and what it would have been without it, with a band of 80%. The space between them is the saving.",
        ),
        language,
        scale: Scale::Euros,
        labels: steps(&names, language),
        lines: vec![
            CourseLine {
                name: say(language, "werkelijk", "actual"),
                values: months.iter().map(|month| month.cost).collect(),
                band: None,
            },
            CourseLine {
                name: say(language, "zonder de maatregel", "without the measure"),
                values: counterfactual.clone(),
                band: Some(band),
            },
        ],
        reference: None,
        marks: begin
            .map(|at| Mark { at, name: say(language, "maatregel begint", "measure begins") })
            .into_iter()
            .collect(),
        form: Form::Straight,
        from_zero: true,
        known_to: months.len(),
        provisional_name: String::new(),
    });
    let rows = months.iter().zip(&counterfactual).zip(&bounds).map(|((month, without), bounds)| {
        let cells = vec![
            Cell::of(month.cost, Cell::Euros),
            Cell::of(*without, Cell::Euros),
            Cell::of(*bounds, |(low, _)| Cell::Euros(low)),
            Cell::of(*bounds, |(_, high)| Cell::Euros(high)),
        ];
        TableRow::new(month_in_full(&month.maand, language), cells)
    });
    let table = Table {
        id: "tegenfeit".to_owned(),
        title: title.clone(),
        note: say(
            language,
            "Definitieve maanden, met wat daarvan nog wordt gedeclareerd. Waar te weinig cliënten achter zitten staat niets.",
            "Definitive months, with what is still to be declared of them. Where too few clients are behind it nothing is shown.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "maand", "month")),
            Column::number(say(language, "werkelijk", "actual")),
            Column::number(say(language, "zonder de maatregel", "without the measure")),
            Column::number(say(language, "laag", "low")),
            Column::number(say(language, "hoog", "high")),
        ],
        rows: rows.collect(),
        total: None,
    };
    Block::Chart(ChartBlock { drawings: both(title, &chart), table })
}

fn methods(effect: &Effect, language: Language) -> Table {
    let row = |method: &grip_pipeline::effect::MethodEffect| {
        let name = method_name(method.method, language);
        let is_first = effect.first == Some(method.method);
        let head =
            if is_first { format!("{name} – {}", say(language, "dit zeggen wij", "this we say")) } else { name };
        let found = method.found.as_ref();
        let silence = method.silence.as_ref().map(|silence| why_silent(silence, language));
        let follows = found.and_then(|found| found.follows).map(|follows| match (follows, language) {
            (true, Language::Nl) => "ja",
            (false, Language::Nl) => "nee",
            (true, Language::En) => "yes",
            (false, Language::En) => "no",
        });
        let basis = found.map(|found| {
            let parts = found.parts.iter().map(|part| format!("{} {}", part.naam, percent(part.weight, language)));
            parts.collect::<Vec<_>>().join("; ")
        });
        let cells = vec![
            Cell::of(found, |found| Cell::Euros(found.total.p50)),
            Cell::of(found, |found| Cell::Euros(found.total.p10)),
            Cell::of(found, |found| Cell::Euros(found.total.p90)),
            Cell::of(found.and_then(|found| found.placebo_share), Cell::Share),
            Cell::of(follows, Cell::text),
            Cell::Text(share(found.and_then(|found| found.miss), language)),
            Cell::Text(silence.or(basis).unwrap_or_default()),
        ];
        TableRow::new(head, cells)
    };
    Table {
        id: "methoden".to_owned(),
        title: say(language, "Wat elke methode zegt", "What each method says"),
        note: say(
            language,
            "Placebo: welk deel van gedane-alsof-maatregelen, de echte meegeteld, minstens zo veel geeft; hoe kleiner, hoe minder toeval. Loopt gelijk op: of ervóór geen verschil in verloop te zien was; een gelijkmatig verschil is overigens verrekend. Gezegd wordt de eerste methode die genoeg maanden heeft; een mengsel alleen als het gelijk oploopt.",
            "Placebo: which share of pretended measures, the real one counted, gives at least as much; the smaller, the less chance. Goes alike: whether no difference in course was to be seen before; a steady difference is allowed for anyhow. Said is the first method that has enough months; a mixture only when it goes alike.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "methode", "method")),
            Column::number(say(language, "bespaard", "saved")),
            Column::number(say(language, "laag", "low")),
            Column::number(say(language, "hoog", "high")),
            Column::number("placebo"),
            Column::text(say(language, "loopt gelijk op", "goes alike")),
            Column::number(say(language, "mist ervóór", "misses before")),
            Column::text(say(language, "rust op, of waarom niets", "rests on, or why nothing")),
        ],
        rows: effect.methods.iter().map(row).collect(),
        total: None,
    }
}

fn cumulative(found: &MethodFound, measure: &Measure, language: Language) -> Table {
    let expected = |maand: &str| {
        let (begin, month) = (measure.begin?, maand.parse().ok()?);
        measure.saving_per_month?;
        Some(grip_policy::expected_between(measure, begin, month).cents)
    };
    let row = |month: &grip_pipeline::effect::SavedMonth| {
        let cells = vec![
            Cell::Euros(month.saving.p50),
            Cell::Euros(month.cumulative.p50),
            Cell::Euros(month.cumulative.p10),
            Cell::Euros(month.cumulative.p90),
            Cell::of(expected(&month.maand), Cell::Euros),
        ];
        TableRow::new(month_in_full(&month.maand, language), cells)
    };
    Table {
        id: "gerealiseerd".to_owned(),
        title: say(language, "Gerealiseerd per maand en opgeteld", "Realised by month and added up"),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "maand", "month")),
            Column::number(say(language, "in de maand", "in the month")),
            Column::number(say(language, "opgeteld", "added up")),
            Column::number(say(language, "laag", "low")),
            Column::number(say(language, "hoog", "high")),
            Column::number(say(language, "verwacht, opgeteld", "expected, added up")),
        ],
        rows: found.months.iter().map(row).collect(),
        total: None,
    }
}

fn expected(measure: &Measure, scope: &Scope) -> Table {
    let language = scope.language;
    let months = grip_policy::expected(measure, horizon(scope));
    let sums = grip_policy::cumulative(std::iter::once(measure), horizon(scope));
    let row = |(month, sum): (&grip_policy::ExpectedMonth, &grip_policy::CumulativeMonth)| {
        let cells = vec![
            Cell::Cents(month.saving.cents),
            Cell::Cents(month.cost.cents),
            Cell::Cents(sum.saving.cents),
            Cell::Cents(sum.cost.cents),
        ];
        TableRow::new(month_in_full(&month.maand.to_string(), language), cells)
    };
    Table {
        id: "verwacht".to_owned(),
        title: say(language, "Verwacht per maand", "Expected by month"),
        note: say(
            language,
            "Zoals het bij de maatregel is ingevuld, tot en met december van dit jaar.",
            "As it was filled in with the measure, up to December of this year.",
        ),
        empty: say(
            language,
            "Er is geen eerste maand ingevuld, of die ligt na dit jaar.",
            "No first month was filled in, or it lies after this year.",
        ),
        columns: vec![
            Column::text(say(language, "maand", "month")),
            Column::number(say(language, "besparing", "saving")),
            Column::number(say(language, "kosten", "cost")),
            Column::number(say(language, "besparing, opgeteld", "saving, added up")),
            Column::number(say(language, "kosten, opgeteld", "cost, added up")),
        ],
        rows: months.iter().zip(&sums).map(row).collect(),
        total: None,
    }
}

fn facts(measure: &Measure, scope: &Scope) -> Facts {
    let language = scope.language;
    let field = |name: &str| Measure::kind().field(name).map_or("", |field| said(field.label, language)).to_owned();
    let fact = |name: &str, text: String, is_dutch: bool| Fact { name: field(name), text, is_dutch };
    let month = |maand: Option<Maand>| {
        maand.map_or_else(|| "–".to_owned(), |maand| month_in_full(&maand.to_string(), language))
    };
    let money = |amount: Option<grip_types::Bedrag>| {
        amount.map_or_else(|| "–".to_owned(), |amount| whole_euros(amount.cents, language))
    };
    let line = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    let mut facts = vec![
        fact("sort", chosen(measure.sort.choice(), language).to_owned(), false),
        fact("status", chosen(measure.status.choice(), language).to_owned(), false),
        fact("stream", line(&measure.stream.0), true),
        fact("knob", chosen(measure.knob.choice(), language).to_owned(), false),
        fact("led", chosen(measure.led.choice(), language).to_owned(), false),
        fact("owner", line(&measure.owner.0), true),
        fact("begin", month(measure.begin), false),
        fact("full_from", month(measure.full_from.or(measure.begin)), false),
        fact("end", month(measure.end), false),
        fact("saving_per_month", money(measure.saving_per_month), false),
        fact("cost_once", money(measure.cost_once), false),
        fact("cost_per_month", money(measure.cost_per_month), false),
        fact("indicator", line(measure.indicator.as_ref().map_or("", |indicator| &indicator.0)), false),
        fact("filters", line(&grip_policy::Value::text(&measure.filters)), false),
        fact("comparison", line(&grip_policy::Value::text(&measure.comparison)), false),
        fact("source", line(&measure.source.0), true),
    ];
    let missing: Vec<String> =
        grip_policy::measure_gaps(measure).into_iter().map(|gap| gap_name(gap, language)).collect();
    if !missing.is_empty() {
        facts.push(Fact {
            name: say(language, "Ontbreekt nog", "Still missing"),
            text: missing.join(", "),
            is_dutch: false,
        });
    }
    Facts { title: say(language, "Over deze maatregel", "About this measure"), facts }
}

/// What is still to come, beside the forecast of what it touches.
async fn in_forecast(app: &App, measure: &Measure, known_to: Maand, scope: &Scope) -> Result<Vec<Block>, Problem> {
    let language = scope.language;
    let ahead = grip_policy::ahead(measure, known_to, horizon(scope));
    // Without an indicator nobody knows in which part of the forecast it is.
    if ahead == grip_policy::Ahead::default() || measure.indicator.is_none() {
        return Ok(Vec::new());
    }
    let (gemeente, peildatum, jaar) = (scope.gemeente, scope.peildatum, scope.peildatum.year());
    let year_end = match app.ask(move |grip| grip.year_end(gemeente, jaar, peildatum)).await {
        Ok(found) => Some(found),
        Err(Problem::OutOfReach { .. } | Problem::UnknownGemeente { .. }) => None,
        Err(problem) => return Err(problem),
    };
    let is_touched =
        |line: &&Line| line.wet.is_some_and(|wet| grip_policy::touches(measure, wet, line.productcategorie.as_deref()));
    let lines: Vec<&Line> = year_end.iter().flat_map(|found| &found.segments).filter(is_touched).collect();
    let rows = lines.iter().map(|line| {
        let cells = vec![Cell::Euros(line.forecast.p50), Cell::of(line.budget, Cell::Euros)];
        let row = TableRow { head: line.naam.clone(), href: None, is_dutch: true, cells };
        let path = format!(
            "/prognose/{}/{}",
            line.wet.unwrap_or_default(),
            line.productcategorie.as_deref().unwrap_or_default()
        );
        row.linked(scope.link(&path))
    });
    let [to_come, inside, outside] =
        [ahead.to_come, ahead.in_forecast, ahead.not_in_forecast].map(|amount| whole_euros(amount.cents, language));
    let begun = match language {
        Language::Nl => format!(
            "Van dit jaar wordt nog {to_come} verwacht. In de prognose zit {inside}, voor zover het echt is: het is het tempo dat in de gedeclareerde maanden te zien kan zijn, doorgetrokken."
        ),
        Language::En => format!(
            "Of this year {to_come} is still expected. In the forecast is {inside}, as far as it is real: it is the pace that can be seen in the declared months, carried on."
        ),
    };
    let rest = match (ahead.not_in_forecast.cents.signum(), language) {
        (0, _) => String::new(),
        (1, Language::Nl) => {
            format!(
                " {outside} komt daar nog bij en zit er niet in; trek dat zelf van de prognose af als u erop rekent."
            )
        }
        (1, Language::En) => {
            format!(
                " {outside} comes on top and is not in it; subtract it from the forecast yourself if you count on it."
            )
        }
        (_, Language::Nl) => format!(
            " Dat is {} meer dan er nog komt; tel dat zelf bij de prognose op.",
            whole_euros(ahead.not_in_forecast.cents.saturating_abs(), language)
        ),
        (_, Language::En) => format!(
            " That is {} more than is still to come; add it to the forecast yourself.",
            whole_euros(ahead.not_in_forecast.cents.saturating_abs(), language)
        ),
    };
    let sentence = begun + &rest;
    let table = Table {
        id: "prognose".to_owned(),
        title: say(language, "De prognose van wat de maatregel raakt", "The forecast of what the measure touches"),
        note: String::new(),
        empty: say(language, "Er is geen prognose van dit deel.", "There is no forecast of this part."),
        columns: vec![
            Column::text(say(language, "deel", "part")),
            Column::number(say(language, "prognose", "forecast")),
            Column::number(say(language, "begroting", "budget")),
        ],
        rows: rows.collect(),
        total: None,
    };
    Ok(vec![
        text(language, ("Wat hiervan in de prognose zit", "What of this is in the forecast"), sentence),
        Block::Table(table),
    ])
}

fn onward(dossier: &Dossier, id: ObjectId, measure: &Measure, scope: &Scope) -> Links {
    let language = scope.language;
    let mut links = vec![(
        say(
            language,
            "Alles wat erover is opgeschreven, met geschiedenis",
            "All that was written about it, with history",
        ),
        register::object_link(scope, Measure::kind().name, id),
    )];
    for goal in measure.goals.0.iter().filter_map(|goal| dossier.get(*goal)) {
        let name = format!("{}: {}", said(goal.kind.one, language), goal.name());
        links.push((name, register::object_link(scope, goal.kind.name, goal.version.id)));
    }
    let mut seen: Vec<ObjectId> = Vec::new();
    for (entry, _) in dossier.naming(id) {
        if !seen.contains(&entry.version.id) {
            seen.push(entry.version.id);
            let name = format!("{}: {}", said(entry.kind.one, language), entry.name());
            links.push((name, register::object_link(scope, entry.kind.name, entry.version.id)));
        }
    }
    if let Some(indicator) = &measure.indicator {
        let of = ["wet", "productcategorie", "productcode", "aanbieder"];
        let pairs: Vec<(&'static str, String)> =
            of.iter().filter_map(|name| Some((*name, measure.filters.0.get(*name)?.clone()))).collect();
        links.push((
            say(language, "De indicator waarin het zichtbaar is", "The indicator in which it shows"),
            scope.link_with(&format!("/indicatoren/{}", indicator.0), &pairs),
        ));
    }
    let decision = [("measures", id.to_string())];
    links.push((
        say(language, "Leg een besluit hierover vast", "Record a decision about it"),
        register::new_link::<grip_policy::Decision>(scope, &decision),
    ));
    links.push((say(language, "Alle maatregelen", "All measures"), scope.link("/maatregelen")));
    Links { title: say(language, "Verder", "Onward"), links }
}
