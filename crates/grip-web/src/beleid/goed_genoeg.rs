//! Which care is good enough: what clients think, what was reached and who ended early, next to what it costs.

use std::collections::{BTreeMap, BTreeSet};

use axum::{http::Uri, response::Response};
use grip_access::Part;
use grip_pipeline::{Answer, Call, Dimension, PipelineError};
use grip_policy::{Answered, CareQuality, Intervention, ProviderAnswers, QualityRow, Recognition, answered, qualities};
use grip_register::Version;
use grip_report::{Cell, Column, Language, Table, TableRow};

use super::{chosen, frame, here, list, onward, to};
use crate::{
    App,
    address::Scope,
    document::{Block, Document, Links, WithTables},
    indicatoren,
    problem::Problem,
    register,
    words::say,
};

/// Years beside each other.
const YEARS_SHOWN: usize = 5;
/// The indicators of care that stand beside its cost, where there are figures.
const INDICATORS: [&str; 4] = ["kosten-per-client", "clienten-met-zorg", "trajecten-afgesloten", "uitval"];

/// `/beleid/goed-genoeg`
pub(super) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let title = say(language, "Welke zorg is goed genoeg", "Which care is good enough");
    let lede = say(
        language,
        "Wat zorg kost per categorie en per aanbieder, en wat is vastgelegd van uitkomsten en interventies. Ook wie de vier vragen beantwoordde. Verschillen zijn een begin van een gesprek: aanbieders helpen niet dezelfde mensen.",
        "What care costs by category and by provider, what was recorded of outcomes and interventions, and who answered the four questions. Differences begin a conversation: providers do not help the same people.",
    );
    let below = here(&say(language, "welke zorg is goed genoeg", "which care is good enough"));
    let mut document = Document::new(frame(&opened, &app, &uri, &title, below), &uri, title.clone(), lede);
    let by_category = figures(&app, &scope, Dimension::Productcategorie, &INDICATORS).await?;
    let by_provider = figures(&app, &scope, Dimension::Aanbieder, &INDICATORS).await?;
    let mut names = BTreeMap::new();
    for (dimension, found) in [(Dimension::Productcategorie, &by_category), (Dimension::Aanbieder, &by_provider)] {
        let values: Vec<String> = found.iter().flat_map(|(_, values)| values.keys().cloned()).collect();
        names.extend(value_names(&app, &scope, dimension, values).await?);
    }
    let answers = list::<ProviderAnswers>(&dossier)?;
    let providers = providers(&app, &scope).await?;
    let sees_providers = app.may_split(Part::Indicators, Dimension::Aanbieder, scope.gemeente);
    document.blocks = vec![Block::Table(figure_table(&by_category, Dimension::Productcategorie, &names, &scope))];
    if sees_providers {
        document.blocks.push(Block::Table(figure_table(&by_provider, Dimension::Aanbieder, &names, &scope)));
    }
    document.blocks.push(Block::Table(quality_table(&list::<CareQuality>(&dossier)?, &scope)));
    document.blocks.push(Block::Table(intervention_table(&list::<Intervention>(&dossier)?, &scope)));
    if sees_providers {
        document.blocks.push(Block::Table(answer_table(&answers, &providers, &scope)));
    }
    document.blocks.push(Block::Links(Links {
        title: say(language, "Toevoegen", "Add"),
        links: vec![
            (
                say(language, "Nieuwe uitkomst van zorg", "New outcome of care"),
                register::new_link::<CareQuality>(&scope, &[]),
            ),
            (say(language, "Nieuwe interventie", "New intervention"), register::new_link::<Intervention>(&scope, &[])),
            (
                say(language, "Antwoorden van een aanbieder", "Answers of a provider"),
                register::new_link::<ProviderAnswers>(&scope, &[("year", scope.jaar.to_string())]),
            ),
        ],
    }));
    document.blocks.push(onward(&scope));
    document.respond(&opened.asked)
}

/// Of some indicators, the figures of the year of the page by the values of a dimension.
type Figures = Vec<(String, BTreeMap<String, Answer>)>;

/// The providers that declared care in the year of the page: codes with names. They are asked the four questions.
pub(super) async fn providers(app: &App, scope: &Scope) -> Result<Vec<(String, String)>, Problem> {
    let cost = figures(app, scope, Dimension::Aanbieder, &INDICATORS[..1]).await?;
    let codes = cost.into_iter().flat_map(|(_, values)| values.into_keys()).collect();
    let names = value_names(app, scope, Dimension::Aanbieder, codes).await?;
    Ok(names.into_iter().map(|((_, code), name)| (code, name)).collect())
}

/// Indicators that are not in the catalogue, or not kept like that, are left out.
async fn figures(
    app: &App,
    scope: &Scope,
    by: Dimension,
    indicators: &'static [&'static str],
) -> Result<Figures, Problem> {
    let Scope { gemeente, jaar, peildatum, .. } = *scope;
    if !app.may_split(Part::Indicators, by, gemeente) {
        return Ok(Vec::new());
    }
    app.ask(move |grip| {
        let mut found = Vec::new();
        for id in indicators {
            let periods = format!("{jaar:04}").parse().into_iter().collect();
            let call = Call { gemeente, periods, peildatum, by: vec![by], only: Vec::new() };
            let answers = match grip.indicator(id, &call) {
                Ok(answers) => answers,
                Err(PipelineError::Call(_) | PipelineError::NoGemeente(_)) => continue,
                Err(error) => return Err(error),
            };
            let value = |answer: &Answer| Some((answer.by.get(by.column())?.clone()?, answer.clone()));
            found.push(((*id).to_owned(), answers.iter().filter_map(value).collect()));
        }
        Ok(found)
    })
    .await
}

async fn value_names(
    app: &App,
    scope: &Scope,
    dimension: Dimension,
    values: Vec<String>,
) -> Result<BTreeMap<(Dimension, String), String>, Problem> {
    let gemeente = scope.gemeente;
    app.ask(move |grip| {
        values
            .into_iter()
            .map(|value| {
                let name = match grip.name_of(gemeente, dimension, Some(&value)) {
                    Err(PipelineError::NoGemeente(_)) => value.clone(),
                    other => other?,
                };
                Ok(((dimension, value), name))
            })
            .collect()
    })
    .await
}

/// A row for each value of a dimension, with a column for each indicator.
fn figure_table(found: &Figures, by: Dimension, names: &BTreeMap<(Dimension, String), String>, scope: &Scope) -> Table {
    let language = scope.language;
    let values: BTreeSet<&String> = found.iter().flat_map(|(_, values)| values.keys()).collect();
    let row = |value: &&String| {
        let cells = found.iter().map(|(_, figures)| figures.get(*value).map_or(Cell::Nothing, indicatoren::cell));
        let name = names.get(&(by, (*value).clone())).unwrap_or(value);
        let href = scope.link_with("/indicatoren/kosten-per-client", &[(by.column(), (*value).clone())]);
        TableRow { is_dutch: true, ..TableRow::new(name, cells.collect()).linked(href) }
    };
    let head = |id: &str| match id {
        "kosten-per-client" => say(language, "kosten per cliënt", "cost per client"),
        "clienten-met-zorg" => say(language, "cliënten", "clients"),
        "trajecten-afgesloten" => say(language, "afgesloten trajecten", "trajectories ended"),
        _ => say(language, "uitval", "drop-out"),
    };
    let (id, title, first) = if by == Dimension::Aanbieder {
        ("per-aanbieder", say(language, "Per aanbieder", "By provider"), say(language, "aanbieder", "provider"))
    } else {
        ("per-categorie", say(language, "Per categorie", "By category"), say(language, "categorie", "category"))
    };
    let note = match language {
        Language::Nl => format!("Uit de gegevens over {}; wat over te weinig mensen gaat, staat er niet.", scope.jaar),
        Language::En => format!("From the data about {}; what is about too few people is not shown.", scope.jaar),
    };
    let head_of = |id: &String| Column::number(head(id)).explained_at(scope.link(&format!("/indicatoren/{id}")));
    Table {
        id: id.to_owned(),
        title,
        note,
        empty: say(
            language,
            "Er zijn over dit jaar nog geen gegevens. Lees declaraties, een ervaringsonderzoek of uitkomsten in.",
            "There is no data about this year yet. Take in invoices, a survey of clients or outcomes.",
        ),
        columns: std::iter::once(Column::text(first)).chain(found.iter().map(|(id, _)| head_of(id))).collect(),
        rows: values.iter().map(row).collect(),
        total: None,
    }
}

/// What was written of experience, attainment and drop-out, by year.
fn quality_table(found: &[Version<CareQuality>], scope: &Scope) -> Table {
    let language = scope.language;
    let rows = qualities(found);
    let years: BTreeSet<i16> = rows.iter().flat_map(|row| row.years.keys().copied()).collect();
    let years: Vec<i16> = years.into_iter().rev().take(YEARS_SHOWN).collect();
    let row = |row: &QualityRow| {
        let all = say(language, "alle", "all");
        let text = |text: &Option<String>| Cell::text(text.as_ref().unwrap_or(&all));
        let mut cells = vec![
            Cell::text(chosen(row.sort.choice(), language)),
            text(&row.provider),
            text(&row.wet),
            text(&row.categorie),
        ];
        cells.extend(years.iter().map(|year| match row.years.get(year) {
            None => Cell::Nothing,
            Some(outcome) => outcome.percentage.map_or(Cell::Withheld, |percentage| Cell::Share(percentage / 100.0)),
        }));
        let last = row.years.values().next_back();
        let shown = TableRow::new(&row.name, cells);
        let shown = match last {
            Some(outcome) => shown.linked(to::<CareQuality>(scope, outcome.id)),
            None => shown,
        };
        TableRow { is_dutch: true, ..shown }
    };
    let heads = [("soort", "sort"), ("aanbieder", "provider"), ("wet", "law"), ("categorie", "category")];
    Table {
        id: "uitkomsten".to_owned(),
        title: say(language, "Vastgelegde uitkomsten", "Recorded outcomes"),
        note: say(
            language,
            "Wat in het register is geschreven, in procenten; minder dan tien cliënten wordt niet getoond.",
            "What was written in the register, in percent; fewer than ten clients are not shown.",
        ),
        empty: say(language, "Er zijn nog geen uitkomsten vastgelegd.", "No outcomes are recorded yet."),
        columns: std::iter::once(Column::text(say(language, "wat", "what")))
            .chain(heads.map(|(nl, en)| Column::text(say(language, nl, en))))
            .chain(years.iter().map(|year| Column::number(year.to_string())))
            .collect(),
        rows: rows.iter().map(row).collect(),
        total: None,
    }
}

/// Interventions, those best known to work first.
fn intervention_table(found: &[Version<Intervention>], scope: &Scope) -> Table {
    let language = scope.language;
    let mut sorted: Vec<&Version<Intervention>> = found.iter().collect();
    sorted.sort_by_key(|one| (std::cmp::Reverse(one.content.recognition), one.id));
    let number = |level: &Recognition| found.iter().filter(|one| one.content.recognition == *level).count();
    let counts: Vec<String> = Recognition::ALL
        .iter()
        .rev()
        .map(|level| (number(level), level))
        .filter(|(number, _)| *number > 0)
        .map(|(number, level)| format!("{number} {}", chosen(level.choice(), language)))
        .collect();
    let row = |one: &&Version<Intervention>| {
        let it = &one.content;
        let cells = vec![
            Cell::text(chosen(it.recognition.choice(), language)),
            Cell::text(&it.target_group.0),
            Cell::text(&it.database.0),
            Cell::of(it.checked, |day| Cell::text(day.to_string())),
            Cell::text(&it.providers.0),
        ];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<Intervention>(scope, one.id)) }
    };
    Table {
        id: "interventies".to_owned(),
        title: say(language, "Interventies naar erkenningsniveau", "Interventions by level of recognition"),
        note: if counts.is_empty() {
            String::new()
        } else {
            format!("{}: {}.", say(language, "Registraties", "Entries"), counts.join("; "))
        },
        empty: say(language, "Er zijn nog geen interventies vastgelegd.", "No interventions are recorded yet."),
        columns: vec![
            Column::text(say(language, "interventie", "intervention")),
            Column::text(say(language, "erkenningsniveau", "level of recognition")),
            Column::text(say(language, "doelgroep", "target group")),
            Column::text(say(language, "databank", "databank")),
            Column::kept(say(language, "geraadpleegd op", "looked up on")),
            Column::text(say(language, "aanbieders", "providers")),
        ],
        rows: sorted.iter().map(row).collect(),
        total: None,
    }
}

/// Who answered the four questions in the year of the page, and which providers (codes with names) did not.
pub(super) fn answer_table(
    answers: &[Version<ProviderAnswers>],
    providers: &[(String, String)],
    scope: &Scope,
) -> Table {
    let language = scope.language;
    let codes: BTreeSet<String> = providers.iter().map(|(code, _)| code.clone()).collect();
    let found = answered(answers, &codes, scope.jaar);
    let full = found.iter().filter(|one| one.number() == one.questions.len()).count();
    let none = found.iter().filter(|one| one.number() == 0).count();
    let row = |one: &Answered| {
        let known = || providers.iter().find(|(code, _)| *code == one.agb).map(|(_, name)| name.clone());
        let name = one.name.clone().or_else(known).unwrap_or_else(|| one.agb.clone());
        let mut cells: Vec<Cell> = one
            .questions
            .iter()
            .map(|is_answered| {
                Cell::text(if *is_answered {
                    say(language, "beantwoord", "answered")
                } else {
                    say(language, "niet", "not")
                })
            })
            .collect();
        cells.push(Cell::text(&one.agb));
        let href = match one.id {
            Some(id) => to::<ProviderAnswers>(scope, id),
            None => register::new_link::<ProviderAnswers>(
                scope,
                &[("name", name.clone()), ("agb", one.agb.clone()), ("year", scope.jaar.to_string())],
            ),
        };
        TableRow { is_dutch: true, ..TableRow::new(name, cells).linked(href) }
    };
    let (total, year) = (found.len(), scope.jaar);
    let note = match language {
        Language::Nl => format!("Over {year}: {full} van {total} aanbieders beantwoordden alle vier, {none} geen."),
        Language::En => format!("About {year}: {full} of {total} providers answered all four, {none} none."),
    };
    let questions = [
        ("vakmanschap", "skill"),
        ("volgt resultaten", "monitors results"),
        ("verbetergesprekken", "conversations to improve"),
        ("geleerd en verbeterd", "learnt and improved"),
    ];
    Table {
        id: "vier-vragen".to_owned(),
        title: say(language, "De vier vragen aan aanbieders", "The four questions to providers"),
        note,
        empty: say(language, "Er zijn nog geen antwoorden vastgelegd.", "No answers are recorded yet."),
        columns: std::iter::once(Column::text(say(language, "aanbieder", "provider")))
            .chain(questions.map(|(nl, en)| Column::text(say(language, nl, en))))
            .chain([Column::kept(say(language, "AGB-code", "AGB code"))])
            .collect(),
        rows: found.iter().map(row).collect(),
        total: None,
    }
}
