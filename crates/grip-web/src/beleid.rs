//! What a municipality wants and how it thinks that works: goals, theory, cycle, calendar, dilemmas, conversations, and which care is
//! good enough.

mod cyclus;
mod dilemmas;
mod doelen;
mod gesprekken;
mod goed_genoeg;
mod here;
mod text;
mod theorie;
mod toetsen;

use std::{collections::BTreeMap, sync::Arc};

use axum::http::Uri;
use grip_access::{Detail, Part};
use grip_pipeline::{Direction, Grain, IndicatorCourse, Outlook, PipelineError, dimensions_of};
use grip_policy::{
    Choice, Dossier, Favours, Filters, Goal, GoalTree, Measure, Missing, Object, Standing, StatusCounts, Target,
    favours, gaps, goal_tree, next_target, roll_up, standing,
};
use grip_register::{ObjectId, Version};
use grip_report::Language;

pub(crate) use here::{of_forecast, of_indicator};

use crate::{
    App,
    address::Scope,
    document::{Block, Links, Opened},
    frame::{Crumb, Frame},
    pages::{Asks, Pages},
    problem::Problem,
    register,
    words::{say, words},
};

/// The pages of this part.
pub(crate) fn pages() -> Pages {
    Pages::default()
        .get("/beleid", Asks::reads(Part::Policy, Detail::Totals), doelen::tree)
        .get("/beleid/tabel", Asks::reads(Part::Policy, Detail::Totals), doelen::table)
        .get("/beleid/theorie", Asks::reads(Part::Policy, Detail::Totals), theorie::show)
        .get("/beleid/cyclus", Asks::reads(Part::Policy, Detail::Totals), cyclus::cycle)
        .get("/beleid/kalender", Asks::reads(Part::Policy, Detail::Totals), cyclus::calendar)
        .get("/beleid/dilemmas", Asks::reads(Part::Policy, Detail::Totals), dilemmas::show)
        .get("/beleid/gesprekken", Asks::reads(Part::Policy, Detail::Totals), gesprekken::overview)
        .get("/beleid/gesprekken/{talk}", Asks::reads(Part::Policy, Detail::Totals), gesprekken::show)
        .get("/beleid/goed-genoeg", Asks::reads(Part::Policy, Detail::Totals), goed_genoeg::show)
}

/// The frame of a page of this part; the goal tree itself has no name.
fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, below: Vec<Crumb>) -> Frame {
    let scope = &opened.scope;
    let href = (!below.is_empty()).then(|| scope.link("/beleid"));
    let part = Crumb { name: words(scope.language).policy.to_owned(), href };
    opened.frame(app, uri, title, std::iter::once(part).chain(below).collect())
}

/// A step on the way that is the page itself.
fn here(name: &str) -> Vec<Crumb> {
    vec![Crumb { name: name.to_owned(), href: None }]
}

/// The other pages of this part.
fn onward(scope: &Scope) -> Block {
    let pages = [
        ("/beleid", "Doelenboom", "Tree of goals"),
        ("/beleid/tabel", "Doelen in een tabel", "Goals in a table"),
        ("/beleid/theorie", "Beleidstheorie", "Policy theory"),
        ("/beleid/cyclus", "Beleidscyclus", "Policy cycle"),
        ("/beleid/kalender", "Kalender", "Calendar"),
        ("/beleid/dilemmas", "Dilemma's", "Dilemmas"),
        ("/beleid/gesprekken", "Gesprekken", "Conversations"),
        ("/beleid/goed-genoeg", "Welke zorg is goed genoeg", "Which care is good enough"),
    ];
    let links = pages.map(|(path, nl, en)| (say(scope.language, nl, en), scope.link(path)));
    Block::Links(Links { title: say(scope.language, "Meer over beleid", "More about policy"), links: links.to_vec() })
}

/// The objects of a type.
fn list<O: Object>(dossier: &Dossier) -> Result<Vec<Version<O>>, Problem> {
    Ok(dossier.list::<O>()?)
}

/// The name of a choice.
fn chosen(choice: &'static Choice, language: Language) -> String {
    say(language, choice.nl, choice.en)
}

/// The address of an object.
fn to<O: Object>(scope: &Scope, id: ObjectId) -> String {
    register::object_link(scope, O::kind().name, id)
}

/// Names and addresses of the objects of a type that are there.
fn links_to<O: Object>(dossier: &Dossier, ids: &[ObjectId], scope: &Scope) -> Vec<(String, String)> {
    ids.iter().filter_map(|id| Some((dossier.name(*id)?.to_owned(), to::<O>(scope, *id)))).collect()
}

/// The address of an indicator, limited as said.
fn indicator_link(scope: &Scope, id: &str, filters: &Filters) -> String {
    let pairs: Vec<(&'static str, String)> = dimensions_of(&filters.0)
        .unwrap_or_default()
        .into_iter()
        .map(|(dimension, value)| (dimension.column(), value))
        .collect();
    scope.link_with(&format!("/indicatoren/{id}"), &pairs)
}

/// The value of an indicator that could not be had, or its course.
type Course = Option<Arc<IndicatorCourse>>;

/// The courses of indicators, limited as said, in the same order. Nothing where the indicator is not in the catalogue, or is not kept like
/// that.
async fn courses(
    app: &App,
    scope: &Scope,
    wanted: Vec<(Option<String>, Filters)>,
    grain: Grain,
) -> Result<Vec<Course>, Problem> {
    let Scope { gemeente, peildatum, .. } = *scope;
    app.ask(move |grip| {
        let course = |(id, filters): (Option<String>, Filters)| {
            let (Some(id), Ok(only)) = (id, dimensions_of(&filters.0)) else { return Ok(None) };
            match grip.indicator_course(gemeente, peildatum, &id, &only, grain) {
                Ok(course) => Ok(Some(Arc::new(course))),
                Err(PipelineError::Call(_) | PipelineError::NoGemeente(_)) => Ok(None),
                Err(error) => Err(error),
            }
        };
        wanted.into_iter().map(course).collect()
    })
    .await
}

/// Whether more of an indicator is better, as the catalogue says.
fn direction(app: &App, id: &str) -> Option<Favours> {
    match app.catalogue().get(id).ok()?.direction {
        Direction::HigherIsBetter => Some(Favours::More),
        Direction::LowerIsBetter => Some(Favours::Less),
        Direction::None => None,
    }
}

/// The goals of a municipality with how they stand.
struct Goals {
    dossier: Dossier,
    goals: Vec<Version<Goal>>,
    targets: Vec<Version<Target>>,
    tree: GoalTree,
    gaps: Vec<Missing>,
    measured: BTreeMap<ObjectId, Measured>,
    counts: BTreeMap<ObjectId, StatusCounts>,
}

/// How a target stands, with what that rests on.
struct Measured {
    standing: Standing,
    course: Course,
    outlook: Option<Outlook>,
}

async fn goals(app: &App, scope: &Scope, dossier: Dossier) -> Result<Goals, Problem> {
    let goals = list::<Goal>(&dossier)?;
    let targets = list::<Target>(&dossier)?;
    let measures = list::<Measure>(&dossier)?;
    let wanted = targets
        .iter()
        .map(|target| {
            let it = &target.content;
            (it.indicator.as_ref().map(|id| id.0.clone()), it.filters.clone())
        })
        .collect();
    let courses = courses(app, scope, wanted, Grain::Jaar).await?;
    let measured: BTreeMap<ObjectId, Measured> = targets
        .iter()
        .zip(courses)
        .map(|(target, course)| (target.id, measured(app, &target.content, course)))
        .collect();
    let tree = goal_tree(&goals);
    let standings = measured.iter().map(|(id, measured)| (*id, measured.standing)).collect();
    Ok(Goals {
        gaps: gaps(&tree, &goals, &targets, &measures),
        counts: roll_up(&tree, &targets, &standings),
        dossier,
        goals,
        targets,
        tree,
        measured,
    })
}

fn measured(app: &App, target: &Target, course: Course) -> Measured {
    let of_indicator = target.indicator.as_ref().and_then(|id| direction(app, &id.0));
    let values = course.as_ref().map(|course| course.years()).unwrap_or_default();
    let last = values.last_key_value().map_or(i16::MIN, |(year, _)| *year);
    let outlook = course.as_ref().and_then(|course| {
        let (year, wanted) = next_target(target, last)?;
        course.outlook(year, wanted, favours(target, of_indicator)? == Favours::More)
    });
    let standing = standing(target, &values, of_indicator, outlook.map(|outlook| outlook.chance));
    Measured { standing, course, outlook }
}

impl Goals {
    fn goal(&self, id: ObjectId) -> Option<&Version<Goal>> {
        self.goals.iter().find(|goal| goal.id == id)
    }

    fn targets_of(&self, goal: ObjectId) -> impl Iterator<Item = &Version<Target>> {
        self.targets.iter().filter(move |target| target.content.goal.0 == goal)
    }
}
