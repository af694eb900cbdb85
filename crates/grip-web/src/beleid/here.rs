//! What other pages show of goals: those that a forecast or an indicator touches, with the measures and decisions tied to them.

use std::collections::BTreeSet;

use grip_policy::{Decision, Dossier, Goal, Measure, Target};
use grip_register::{ObjectId, Version};

use super::{links_to, list, to};
use crate::{App, address::Scope, document::Links, problem::Problem, register, words::say};

/// Links of each group that a page shows.
const SHOWN: usize = 20;

/// What the municipality of a page wrote, when anything can be written.
async fn dossier(app: &App, scope: &Scope) -> Result<Option<Dossier>, Problem> {
    if app.settings.writing.is_none() { Ok(None) } else { register::dossier(app, scope).await.map(Some) }
}

/// Goals, measures and decisions that touch what a forecast is about: all of it, or a law and a category of products.
pub(crate) async fn of_forecast(app: &App, scope: &Scope, of: Option<(&str, &str)>) -> Result<Vec<Links>, Problem> {
    let Some(dossier) = dossier(app, scope).await? else { return Ok(Vec::new()) };
    let touches =
        |filters: &grip_policy::Filters| of.is_none_or(|(wet, categorie)| filters.touches(wet, Some(categorie)));
    let targets = list::<Target>(&dossier)?;
    let shown: Vec<&Version<Target>> =
        targets.iter().filter(|it| it.content.indicator.is_some() && touches(&it.content.filters)).collect();
    let all_measures = list::<Measure>(&dossier)?;
    let measures: Vec<&Version<Measure>> =
        all_measures.iter().filter(|it| it.content.indicator.is_some() && touches(&it.content.filters)).collect();
    let of_targets = shown.iter().map(|target| target.content.goal.0);
    let of_measures = measures.iter().flat_map(|measure| measure.content.goals.0.iter().copied());
    let goals: BTreeSet<ObjectId> = of_targets.chain(of_measures).collect();
    // A measure for a goal of these belongs here too, unless it says that it touches something else.
    let is_here = |measure: &&Version<Measure>| {
        let serves = measure.content.goals.0.iter().any(|goal| goals.contains(goal));
        measures.iter().any(|own| own.id == measure.id) || serves && touches(&measure.content.filters)
    };
    let measures: BTreeSet<ObjectId> = all_measures.iter().filter(is_here).map(|measure| measure.id).collect();
    groups(&dossier, scope, &goals, &measures)
}

/// Goals with a target on an indicator, and what is tied to them.
pub(crate) async fn of_indicator(app: &App, scope: &Scope, id: &str) -> Result<Vec<Links>, Problem> {
    let Some(dossier) = dossier(app, scope).await? else { return Ok(Vec::new()) };
    let is_it = |indicator: &Option<grip_policy::IndicatorId>| indicator.as_ref().is_some_and(|own| own.0 == id);
    let targets = list::<Target>(&dossier)?;
    let goals: BTreeSet<ObjectId> =
        targets.iter().filter(|it| is_it(&it.content.indicator)).map(|it| it.content.goal.0).collect();
    let measures = list::<Measure>(&dossier)?;
    let measures: BTreeSet<ObjectId> =
        measures.iter().filter(|it| is_it(&it.content.indicator)).map(|it| it.id).collect();
    let language = scope.language;
    let mut links = links_to::<Goal>(&dossier, &Vec::from_iter(goals), scope);
    let filled = [("indicator", id.to_owned())];
    links.push((
        say(language, "Nieuwe streefwaarde op deze indicator", "New target on this indicator"),
        register::new_link::<Target>(scope, &filled),
    ));
    let mut found =
        vec![Links { title: say(language, "Doelen met deze indicator", "Goals with this indicator"), links }];
    let links = measure_links(&dossier, &measures, scope);
    if !links.is_empty() {
        let title =
            say(language, "Maatregelen die hierin zichtbaar moeten worden", "Measures that should show in this");
        found.push(Links { title, links });
    }
    Ok(found)
}

fn measure_links(dossier: &Dossier, measures: &BTreeSet<ObjectId>, scope: &Scope) -> Vec<(String, String)> {
    let link = |id: &ObjectId| Some((dossier.name(*id)?.to_owned(), scope.link(&format!("/maatregelen/{id}"))));
    measures.iter().filter_map(link).take(SHOWN).collect()
}

/// The goals, the measures, and the decisions about any of them. Where there is none: how to make one.
fn groups(
    dossier: &Dossier,
    scope: &Scope,
    goals: &BTreeSet<ObjectId>,
    measures: &BTreeSet<ObjectId>,
) -> Result<Vec<Links>, Problem> {
    let language = scope.language;
    let decisions = list::<Decision>(dossier)?;
    let is_tied = |it: &&Version<Decision>| {
        let of_goals = it.content.goals.0.iter().any(|id| goals.contains(id));
        of_goals || it.content.measures.0.iter().any(|id| measures.contains(id))
    };
    let tied: Vec<(String, String)> = decisions
        .iter()
        .rev()
        .filter(is_tied)
        .take(SHOWN)
        .map(|it| (it.content.name.0.clone(), to::<Decision>(scope, it.id)))
        .collect();
    let some = |nl: &str, en: &str, links: Vec<(String, String)>, new: (String, String)| {
        let links = if links.is_empty() { vec![new] } else { links };
        Links { title: say(language, nl, en), links }
    };
    let shown: Vec<ObjectId> = goals.iter().copied().take(SHOWN).collect();
    Ok(vec![
        some(
            "Doelen hierbij",
            "Goals about this",
            links_to::<Goal>(dossier, &shown, scope),
            (say(language, "Nog geen: nieuw doel", "None yet: new goal"), register::new_link::<Goal>(scope, &[])),
        ),
        some(
            "Maatregelen hierbij",
            "Measures about this",
            measure_links(dossier, measures, scope),
            (
                say(language, "Nog geen: nieuwe maatregel", "None yet: new measure"),
                register::new_link::<Measure>(scope, &[]),
            ),
        ),
        some(
            "Besluiten hierbij",
            "Decisions about this",
            tied,
            (
                say(language, "Nog geen: nieuw besluit", "None yet: new decision"),
                register::new_link::<Decision>(scope, &[]),
            ),
        ),
    ])
}
