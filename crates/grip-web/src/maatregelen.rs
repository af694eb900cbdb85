//! Measures, initiatives and pilots, with what they save, and what the reserve can bear.

mod bord;
mod een;
mod pilots;
mod weerstand;

use axum::http::Uri;
use grip_access::{Detail, Part as Subject};
use grip_pipeline::{
    answer::Interval,
    effect::{BoardMeasure, EffectQuestion, Filter as Part, Silence, last_definitive},
};
use grip_policy::{Choice, Dossier, Goal, Measure, MeasureGap, MeasureStatus, Said};
use grip_register::{ObjectId, Version};
use grip_report::{Language, Step, euros, euros_short, month_name_short, percent};
use grip_types::Maand;

use crate::{
    App,
    address::Scope,
    document::{Block, Opened, Text},
    frame::{Crumb, Frame},
    pages::{Asks, Pages},
    prognose::month_in_full,
    words::{say, words},
};

/// The pages of this part.
pub(crate) fn pages() -> Pages {
    Pages::default()
        .get("/maatregelen", Asks::reads(Subject::Measures, Detail::Totals), bord::show)
        .get("/maatregelen/pilots", Asks::reads(Subject::Measures, Detail::Totals), pilots::show)
        .get("/maatregelen/{id}", Asks::reads(Subject::Measures, Detail::Totals), een::show)
        .get("/geld/weerstand", Asks::reads(Subject::Money, Detail::Totals), weerstand::show)
}

/// A measure as it stands in the register.
type Written = Version<Measure>;

fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, name: Option<String>) -> Frame {
    let scope = &opened.scope;
    let overview = name.as_ref().map(|_| scope.link("/maatregelen"));
    let part = Crumb { name: words(scope.language).measures.to_owned(), href: overview };
    let own = name.map(|name| Crumb { name, href: None });
    opened.frame(app, uri, title, std::iter::once(part).chain(own).collect())
}

fn text(language: Language, name: (&str, &str), text: String) -> Block {
    Block::Text(Text { name: say(language, name.0, name.1), text, is_dutch: false })
}

/// The address of the page about one measure.
pub(crate) fn measure_link(scope: &Scope, id: ObjectId) -> String {
    scope.link(&format!("/maatregelen/{id}"))
}

fn chosen(choice: &'static Choice, language: Language) -> &'static str {
    if language == Language::Nl { choice.nl } else { choice.en }
}

fn said(said: Said, language: Language) -> &'static str {
    if language == Language::Nl { said.nl } else { said.en }
}

/// The last month of the year of the day as of which everything is known.
fn horizon(scope: &Scope) -> Maand {
    Maand::new(scope.peildatum.year(), 12)
}

fn filters(filters: &grip_policy::Filters) -> Vec<Part> {
    filters.0.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Whether what a measure did can be looked for: it is more than a plan.
fn is_under_way(measure: &Measure) -> bool {
    matches!(measure.status, MeasureStatus::Running | MeasureStatus::Done | MeasureStatus::Stopped)
}

/// How the effect of a measure is asked, beside the others; nothing when it does not say where it shows or since when.
fn question(written: &Written, all: &[Written], scope: &Scope) -> Option<EffectQuestion> {
    let measure = &written.content;
    let (indicator, begin) = (measure.indicator.as_ref()?, measure.begin?);
    if !is_under_way(measure) {
        return None;
    }
    let others = all.iter().filter(|other| {
        let has_begun = other.content.begin.is_some_and(|begin| begin <= Maand::of(scope.peildatum));
        other.id != written.id && has_begun && is_under_way(&other.content) && other.content.indicator.is_some()
    });
    // The rule of the form, for what was written before there was one: what holds some of the touched part is no comparison.
    let is_apart = measure.comparison.is_apart_from(&measure.filters);
    let comparison = if is_apart { filters(&measure.comparison) } else { Vec::new() };
    let mut taken: Vec<Vec<Part>> = others.map(|other| filters(&other.content.filters)).collect();
    taken.sort();
    taken.dedup();
    Some(EffectQuestion {
        gemeente: scope.gemeente,
        peildatum: scope.peildatum,
        indicator: indicator.0.clone(),
        touched: filters(&measure.filters),
        comparison,
        begin,
        end: measure.end,
        taken,
    })
}

/// A measure among those of a board.
fn on_board(written: &Written, all: &[Written], scope: &Scope) -> BoardMeasure {
    let expected = grip_policy::counted(&written.content, last_definitive(scope.peildatum), horizon(scope));
    BoardMeasure {
        id: written.id.to_string(),
        touched: filters(&written.content.filters),
        expected: expected.into_iter().map(|month| (month.maand, month.saving.cents)).collect(),
        question: question(written, all, scope),
    }
}

/// Steps of a chart over months.
fn steps(months: &[String], language: Language) -> Vec<Step> {
    let step = |(at, text): (usize, &String)| {
        let month = text.parse::<Maand>().ok();
        let label = month.map_or(text.as_str(), |month| month_name_short(month.month(), language)).to_owned();
        let is_first = at == 0 || month.is_some_and(|month| month.month() == 1);
        Step {
            name: month_in_full(text, language),
            initial: label.chars().take(1).collect(),
            label,
            year: if is_first { text.get(..4).unwrap_or_default().to_owned() } else { String::new() },
            href: None,
        }
    };
    months.iter().enumerate().map(step).collect()
}

/// `tussen € 1 mln en € 2 mln`.
fn between(interval: &Interval, language: Language) -> String {
    let (low, high) = (euros_short(interval.p10, language), euros_short(interval.p90, language));
    match language {
        Language::Nl => format!("tussen {low} en {high}"),
        Language::En => format!("between {low} and {high}"),
    }
}

/// What kind of result an interval is, in words.
fn verdict(interval: &Interval, language: Language) -> String {
    let (nl, en) = if interval.p10 > 0 {
        ("bespaard", "saved")
    } else if interval.p90 < 0 {
        ("meer uitgegeven", "spent more")
    } else {
        ("geen aantoonbaar verschil", "no difference that shows")
    };
    say(language, nl, en)
}

/// What a method is called.
fn method_name(method: &str, language: Language) -> String {
    let (nl, en) = match method {
        "named" => ("naast het gekozen vergelijkingsdeel", "beside the part chosen to compare with"),
        "synthetic" => {
            ("naast een mengsel van delen (synthetische controle)", "beside a mixture of parts (synthetic control)")
        }
        "untouched" => ("naast alle delen die geen maatregel raakt", "beside all parts that no measure touches"),
        _ => {
            ("naast het eigen verloop ervoor (onderbroken reeks)", "beside its own course before (interrupted series)")
        }
    };
    say(language, nl, en)
}

/// Why nothing can be told.
fn why_silent(silence: &Silence, language: Language) -> String {
    let nl = language == Language::Nl;
    match silence {
        Silence::UnknownIndicator => say(language, "de indicator bestaat niet", "there is no such indicator"),
        Silence::NotMoney => {
            say(language, "de indicator is geen bedrag dat optelt", "the indicator is no amount that adds up")
        }
        Silence::NotPerMonth => {
            say(language, "de indicator is er niet per maand", "the indicator is not kept by month")
        }
        Silence::UnknownFilter { name } if nl => format!("de indicator kent ‘{name}’ niet"),
        Silence::UnknownFilter { name } => format!("the indicator does not know ‘{name}’"),
        Silence::NothingKnown => say(language, "er is nog geen maand definitief", "no month is definitive yet"),
        Silence::NotBegun => say(
            language,
            "de maatregel begint na de laatste definitieve maand",
            "the measure begins after the last definitive month",
        ),
        Silence::TooFewBefore { needed, given } if nl => format!("{given} maanden ervóór, {needed} nodig"),
        Silence::TooFewBefore { needed, given } => format!("{given} months before, {needed} needed"),
        Silence::TooFewAfter { needed, given } if nl => format!("{given} definitieve maanden mét, {needed} nodig"),
        Silence::TooFewAfter { needed, given } => format!("{given} definitive months with it, {needed} needed"),
        Silence::TooFewParts { needed, given } if nl => format!("{given} delen om mee te vergelijken, {needed} nodig"),
        Silence::TooFewParts { needed, given } => format!("{given} parts to compare with, {needed} needed"),
        Silence::Unsolvable => {
            say(language, "de cijfers laten zich hiermee niet uiteenrafelen", "the figures can't be told apart by this")
        }
    }
}

/// Why nothing is asked of a measure.
fn why_unasked(measure: &Measure, language: Language) -> String {
    if !is_under_way(measure) {
        return say(language, "de maatregel loopt nog niet", "the measure does not run yet");
    }
    if measure.indicator.is_none() {
        return say(language, "er is geen indicator gekozen", "no indicator was chosen");
    }
    say(language, "de eerste maand is niet ingevuld", "the first month is not filled in")
}

/// What is missing, in words.
fn gap_name(gap: MeasureGap, language: Language) -> String {
    let (nl, en) = match gap {
        MeasureGap::Goal => ("doel", "goal"),
        MeasureGap::Owner => ("eigenaar", "owner"),
        MeasureGap::Begin => ("eerste maand", "first month"),
        MeasureGap::Saving => ("verwachte besparing", "expected saving"),
        MeasureGap::Reasoning => ("onderbouwing", "reasoning"),
        MeasureGap::Indicator => ("indicator", "indicator"),
        MeasureGap::End => ("laatste maand", "last month"),
    };
    say(language, nl, en)
}

/// The goals of a measure by their names.
fn goal_names(dossier: &Dossier, measure: &Measure) -> String {
    let names: Vec<&str> = measure.goals.0.iter().filter_map(|id| dossier.name(*id)).collect();
    names.join("; ")
}

fn goals(dossier: &Dossier) -> impl Iterator<Item = (ObjectId, &str)> {
    dossier.of_kind(<Goal as grip_policy::Object>::kind().name).map(|entry| (entry.version.id, entry.name()))
}

/// A share as a percentage, or a dash.
fn share(value: Option<f64>, language: Language) -> String {
    value.map_or_else(|| "–".to_owned(), |value| percent(value, language))
}

fn whole_euros(cents: i64, language: Language) -> String {
    euros(cents, language)
}
