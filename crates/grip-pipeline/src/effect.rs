//! What measures saved: the months of an indicator before and with a measure, beside what would have been.
//!
//! Months are those that are definitive by the catalogue, and what is still to be declared for them by the forecast is added: a
//! month that still fills would look like a saving.

mod board;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use grip_forecast::{Window, forecast};
use grip_indicator::{Answer, Call, CallError, Dimension, Grain, Indicator, Number, Period, Status, StatusRule};
use grip_insight::{
    effect::{
        Error,
        overlap::{Claim, overlap},
    },
    realised::{Case, Comparison, Found, Method, Other, Realised, realised},
};
use grip_prognose::{Facts, Prognose};
use grip_types::{Bedrag, Date, GemeenteCode, Maand};
use serde::Serialize;

pub use board::{Board, BoardMeasure, BoardMonth, BoardQuestion};
pub use grip_insight::realised::MISS_MAX;

use crate::{Grip, PipelineError, answer::Interval, year_end::segment_naam};

/// A name and a value, as in `wet` and `jw`.
pub type Filter = (String, String);

/// What is asked of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EffectQuestion {
    /// Municipality.
    pub gemeente: GemeenteCode,
    /// Day as of which everything is known.
    pub peildatum: Date,
    /// The indicator in which it should show.
    pub indicator: String,
    /// What the indicator is limited to: the part that the measure touches.
    pub touched: Vec<Filter>,
    /// The part to compare with, apart from what is touched; empty when none was named.
    pub comparison: Vec<Filter>,
    /// The first month with the measure.
    pub begin: Maand,
    /// The last month with it, when it ended.
    pub end: Option<Maand>,
    /// What other measures touch: no part of that is untouched.
    pub taken: Vec<Vec<Filter>>,
}

/// Why nothing can be told, or not by this method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Silence {
    /// There is no such indicator.
    UnknownIndicator,
    /// The indicator is no amount of money that adds up over parts.
    NotMoney,
    /// The indicator is not kept per month.
    NotPerMonth,
    /// The indicator can't be limited by this.
    UnknownFilter {
        /// The name.
        name: String,
    },
    /// No month is definitive.
    NothingKnown,
    /// The measure begins after the last month that is definitive.
    NotBegun,
    /// Too few months before the measure.
    TooFewBefore {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// Too few months with the measure.
    TooFewAfter {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// Too few parts to compare with.
    TooFewParts {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        given: usize,
    },
    /// The months do not let themselves be told apart.
    Unsolvable,
}

impl From<&Error> for Silence {
    fn from(error: &Error) -> Self {
        match *error {
            Error::TooFewBefore { needed, given } => Self::TooFewBefore { needed, given },
            Error::TooFewAfter { needed, given } => Self::TooFewAfter { needed, given },
            Error::TooFewUnits { needed, given } => Self::TooFewParts { needed, given },
            Error::TooFewValues { .. }
            | Error::UnequalLengths { .. }
            | Error::Missing { .. }
            | Error::NoVariation
            | Error::Collinear
            | Error::Setting => Self::Unsolvable,
        }
    }
}

/// What a measure saved, as known on a day.
#[derive(Debug, Clone, Serialize)]
pub struct Effect {
    /// The day, `YYYY-MM-DD`.
    pub peildatum: String,
    /// Always `eurocent`.
    pub unit: &'static str,
    /// The last month that is looked at, `YYYY-MM`: definitive on the day, and with the measure.
    pub known_to: Option<String>,
    /// The months of what is touched.
    pub months: Vec<EffectMonth>,
    /// What each method says, those with a comparison first.
    pub methods: Vec<MethodEffect>,
    /// The method to say first, by its name in `methods`.
    pub first: Option<&'static str>,
    /// Whether the intervals of methods have nothing in common.
    pub is_disputed: bool,
    /// Why nothing can be told at all.
    pub silence: Option<Silence>,
}

/// A month of what is touched.
#[derive(Debug, Clone, Serialize)]
pub struct EffectMonth {
    /// `YYYY-MM`.
    pub maand: String,
    /// What it cost, with what is still to be declared; empty when it is withheld or unknown.
    pub cost: Option<i64>,
    /// Whether the measure was there.
    pub with_measure: bool,
}

/// What one method says.
#[derive(Debug, Clone, Serialize)]
pub struct MethodEffect {
    /// `named`, `synthetic`, `untouched` or `interrupted`.
    pub method: &'static str,
    /// What it finds.
    pub found: Option<MethodFound>,
    /// Why it finds nothing.
    pub silence: Option<Silence>,
}

/// What one method finds. A saving below zero is more cost.
#[derive(Debug, Clone, Serialize)]
pub struct MethodFound {
    /// Saved up to and including the last month, with its interval of 80 %.
    pub total: Interval,
    /// The months with the measure.
    pub months: Vec<SavedMonth>,
    /// What would have been, per month of [`Effect::months`].
    pub counterfactual: Vec<Option<i64>>,
    /// How many pretended measures were tried.
    pub placebos: Option<usize>,
    /// Share of them, the real one among them, that gives at least as much.
    pub placebo_share: Option<f64>,
    /// Whether it went like what is touched before.
    pub follows: Option<bool>,
    /// By how much it missed before, as a share of the mean cost.
    pub miss: Option<f64>,
    /// The parts it rests on.
    pub parts: Vec<PartWeight>,
}

/// A part to compare with.
#[derive(Debug, Clone, Serialize)]
pub struct PartWeight {
    /// `wmo` or `jw`.
    pub wet: String,
    /// Product category.
    pub productcategorie: String,
    /// What it is called, in Dutch.
    pub naam: String,
    /// Its weight; together one.
    pub weight: f64,
}

/// What was saved in a month.
#[derive(Debug, Clone, Serialize)]
pub struct SavedMonth {
    /// `YYYY-MM`.
    pub maand: String,
    /// Saved in it.
    pub saving: Interval,
    /// Saved up to and including it.
    pub cumulative: Interval,
}

impl Effect {
    /// What the method that is said first finds.
    pub fn headline(&self) -> Option<&MethodFound> {
        let first = self.first?;
        self.methods.iter().find(|method| method.method == first).and_then(|method| method.found.as_ref())
    }

    fn silent(question: &EffectQuestion, silence: Silence) -> Self {
        Self {
            peildatum: question.peildatum.to_string(),
            unit: "eurocent",
            known_to: None,
            months: Vec::new(),
            methods: Vec::new(),
            first: None,
            is_disputed: false,
            silence: Some(silence),
        }
    }
}

/// Months that are looked at, at most.
const MONTHS: i32 = 84;
/// The last month that is definitive on a day, where the catalogue says nothing else of an indicator: up to it measures are looked
/// back on.
pub fn last_definitive(peildatum: Date) -> Maand {
    let last = Maand::of(peildatum).plus(-StatusRule::default().definitive_after_months);
    // On the last day of its month a day counts as that whole month.
    if peildatum == Maand::of(peildatum).last_day() { last } else { last.plus(-1) }
}

/// Indicators to which what is still to be declared is added.
const DECLARED: &str = "gedeclareerd";

/// A law and a product category.
pub(crate) type PartKey = (String, String);

/// What each part cost per month, and how much of it is declared.
pub(crate) struct Completion(BTreeMap<PartKey, BTreeMap<Maand, [f64; 2]>>);

impl Completion {
    pub(crate) fn new(made: &Prognose) -> Result<Self, PipelineError> {
        let window = Window { first: 0, last: made.grid.index(Maand::of(made.peildatum)) };
        let delivered = forecast(&made.histories, window)?;
        let months = |at: usize| {
            let months = delivered.segments.get(at).map_or(&[][..], |outlook| outlook.months.as_slice());
            months.iter().map(|month| (made.grid.maand(month.month), [month.declared, month.ibnr])).collect()
        };
        let parts = made.segments.iter().enumerate();
        Ok(Self(parts.map(|(at, part)| ((part.0.as_str().to_owned(), part.1.to_string()), months(at))).collect()))
    }

    /// What the declared amount of a month must be multiplied by to be all of it; `None` when nothing sensible can be said.
    fn factor(&self, maand: Maand, is_meant: impl Fn(&PartKey) -> bool) -> Option<f64> {
        let months = self.0.iter().filter(|(part, _)| is_meant(part)).filter_map(|(_, months)| months.get(&maand));
        let [declared, late] = months.fold([0.0, 0.0], |sum, month| [sum[0] + month[0], sum[1] + month[1]]);
        if declared == 0.0 {
            return Some(1.0);
        }
        let factor = (declared + late) / declared;
        (0.5..=3.0).contains(&factor).then_some(factor)
    }

    /// The mean cost per month of each part over a year up to a month.
    fn yearly_mean(&self, to: Maand) -> BTreeMap<&PartKey, f64> {
        let mean = |months: &BTreeMap<Maand, [f64; 2]>| {
            let sum: f64 = months.range(to.plus(-11)..=to).map(|(_, month)| month[0] + month[1]).sum();
            (sum / 12.0).max(0.0)
        };
        self.0.iter().map(|(part, months)| (part, mean(months))).collect()
    }
}

/// Whether filters leave room for a part of care.
fn holds(filters: &[Filter], part: &PartKey) -> bool {
    filters.iter().all(|(name, value)| match Dimension::parse(name) {
        Some(Dimension::Wet) => *value == part.0,
        Some(Dimension::Productcategorie) => *value == part.1,
        // The first two figures of a product code are its category, in both standards.
        Some(Dimension::Productcode) => value.get(..2).is_none_or(|category| category == part.1),
        _ => true,
    })
}

impl Grip {
    /// What a measure saved by each method, as known on a day.
    ///
    /// # Errors
    /// As [`Grip::indicator`]. What can't be told is no error: the answer says why.
    pub fn effect(&self, question: &EffectQuestion) -> Result<Arc<Effect>, PipelineError> {
        let facts = match self.facts(question.gemeente) {
            Ok(facts) => facts,
            Err(PipelineError::NoGemeente(_)) => return Ok(Arc::new(Effect::silent(question, Silence::NothingKnown))),
            Err(error) => return Err(error),
        };
        if let Some(found) = self.kept().effects.get(question) {
            return Ok(found.clone());
        }
        let answer = Arc::new(self.effect_of(question, &facts)?);
        self.keep(&facts, |kept| {
            if kept.effects.len() >= crate::ANSWERS_KEPT {
                kept.effects.clear();
            }
            kept.effects.insert(question.clone(), answer.clone());
        });
        Ok(answer)
    }

    fn effect_of(&self, question: &EffectQuestion, facts: &Arc<Facts>) -> Result<Effect, PipelineError> {
        let asked = match self.only(question) {
            Ok(asked) => asked,
            Err(silence) => return Ok(Effect::silent(question, silence)),
        };
        let months = months(self.under_way_from(question.gemeente)?, question.peildatum);
        let touched = self.costs_of(question, facts, &months, &question.touched, &asked.touched)?;
        let Some(last) = touched.iter().rposition(|month| month.is_definitive) else {
            return Ok(Effect::silent(question, Silence::NothingKnown));
        };
        let last = question.end.map_or(last, |end| last.min(place(&months, end)));
        if months.get(last).is_none_or(|last| *last < question.begin) {
            return Ok(Effect::silent(question, Silence::NotBegun));
        }
        let (months, touched) = (&months[..=last], &touched[..=last]);
        let start = months.iter().position(|maand| *maand >= question.begin).unwrap_or(months.len());
        let costs: Vec<Option<f64>> = touched.iter().map(|month| month.cost).collect();
        let others = self.others_of(question, facts, months)?;
        let named = self.compared_with(question, facts, months, &asked.comparison)?;
        let found = realised(&Case { touched: &costs, named: named.as_ref(), others: &others, start });
        Ok(answer(question, months, &costs, start, &found))
    }

    /// The filters as dimensions of the indicator.
    fn only(&self, question: &EffectQuestion) -> Result<Only, Silence> {
        let indicator = self.catalogue.get(&question.indicator).map_err(|_| Silence::UnknownIndicator)?;
        if !indicator.unit.is_money() || indicator.denominator.is_some() {
            return Err(Silence::NotMoney);
        }
        if !indicator.periods.contains(&Grain::Maand) || indicator.computed.is_some() {
            return Err(Silence::NotPerMonth);
        }
        let read = |filters: &[Filter]| -> Result<Vec<_>, Silence> {
            filters.iter().map(|filter| read_filter(indicator, filter)).collect()
        };
        Ok(Only { touched: read(&question.touched)?, comparison: read(&question.comparison)? })
    }

    fn ask(
        &self,
        question: &EffectQuestion,
        months: &[Maand],
        by: &[Dimension],
        only: &[(Dimension, String)],
    ) -> Result<Arc<[Answer]>, PipelineError> {
        let periods: Vec<Period> = months.iter().filter_map(|maand| maand.to_string().parse().ok()).collect();
        let (gemeente, peildatum) = (question.gemeente, question.peildatum);
        let call = Call { gemeente, periods, peildatum, by: by.to_vec(), only: only.to_vec() };
        match self.indicator(&question.indicator, &call) {
            // Of groups so small nothing is told.
            Err(PipelineError::Call(CallError::Crossing { .. })) => Ok(Arc::from(Vec::new())),
            other => other,
        }
    }

    /// What a part of care cost per month, with what is still to be declared.
    fn costs_of(
        &self,
        question: &EffectQuestion,
        facts: &Arc<Facts>,
        months: &[Maand],
        filters: &[Filter],
        only: &[(Dimension, String)],
    ) -> Result<Vec<Known>, PipelineError> {
        let completion = self.completion_for(question, facts)?;
        let answers = self.ask(question, months, &[], only)?;
        let known = |maand: &Maand| {
            let text = maand.to_string();
            let answer = answers.iter().find(|answer| answer.periode == text);
            let factor =
                completion.as_ref().map_or(Some(1.0), |found| found.factor(*maand, |part| holds(filters, part)));
            Known {
                cost: answer.and_then(value).zip(factor).map(|(cost, factor)| cost * factor),
                is_definitive: answer.is_some_and(|answer| answer.status == Status::Definitive),
            }
        };
        Ok(months.iter().map(known).collect())
    }

    /// Parts that no measure touches.
    fn others_of(
        &self,
        question: &EffectQuestion,
        facts: &Arc<Facts>,
        months: &[Maand],
    ) -> Result<Vec<Other<PartKey>>, PipelineError> {
        let mut parts = self.parts_of(question, facts, months, &[])?;
        parts.retain(|part| {
            !holds(&question.touched, &part.key) && !question.taken.iter().any(|filters| holds(filters, &part.key))
        });
        Ok(parts)
    }

    /// What was named to compare with.
    fn compared_with(
        &self,
        question: &EffectQuestion,
        facts: &Arc<Facts>,
        months: &[Maand],
        only: &[(Dimension, String)],
    ) -> Result<Option<Comparison<PartKey>>, PipelineError> {
        if question.comparison.is_empty() {
            return Ok(None);
        }
        let costs = self.costs_of(question, facts, months, &question.comparison, only)?;
        let mut parts = self.parts_of(question, facts, months, only)?;
        parts.retain(|part| holds(&question.comparison, &part.key));
        Ok(Some(Comparison { costs: costs.into_iter().map(|month| month.cost).collect(), parts }))
    }

    /// What each law and product category cost per month, within a part of care.
    fn parts_of(
        &self,
        question: &EffectQuestion,
        facts: &Arc<Facts>,
        months: &[Maand],
        only: &[(Dimension, String)],
    ) -> Result<Vec<Other<PartKey>>, PipelineError> {
        let indicator = self.catalogue.get(&question.indicator)?;
        let by = [Dimension::Wet, Dimension::Productcategorie];
        if !by.iter().all(|dimension| indicator.dimensions.contains(dimension)) {
            return Ok(Vec::new());
        }
        let completion = self.completion_for(question, facts)?;
        let complete = |part: &PartKey, costs: Vec<Option<f64>>| {
            let factor = |maand: Maand| {
                completion.as_ref().map_or(Some(1.0), |found| found.factor(maand, |other| other == part))
            };
            months.iter().zip(costs).map(|(maand, cost)| Some(cost? * factor(*maand)?)).collect()
        };
        let part = |(key, costs): (PartKey, Vec<Option<f64>>)| Other { costs: complete(&key, costs), key };
        Ok(table(months, &*self.ask(question, months, &by, only)?).into_iter().map(part).collect())
    }

    fn completion_for(
        &self,
        question: &EffectQuestion,
        facts: &Arc<Facts>,
    ) -> Result<Option<Arc<Completion>>, PipelineError> {
        let is_declared = question.indicator.starts_with(DECLARED);
        if is_declared { self.completion(facts, question.peildatum) } else { Ok(None) }
    }

    /// Makes what every question about measures needs: how much of each month is declared.
    pub(crate) fn declared_in_full(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<(), PipelineError> {
        self.completion(&self.facts(gemeente)?, peildatum).map(drop)
    }

    fn completion(&self, facts: &Arc<Facts>, peildatum: Date) -> Result<Option<Arc<Completion>>, PipelineError> {
        let key = (facts.gemeente, peildatum);
        if let Some(found) = self.kept().completions.get(&key) {
            return Ok(Some(found.clone()));
        }
        let made = match self.prognose(facts, peildatum.year(), peildatum) {
            Ok(made) => made,
            Err(PipelineError::YearOutOfReach { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let answer = Arc::new(Completion::new(&made)?);
        self.keep(facts, |kept| kept.completions.insert(key, answer.clone()));
        Ok(Some(answer))
    }

    /// What measures claim of the same money: per part of care and in all.
    ///
    /// A claim is spread over the parts that its filters leave, by what those cost in the last year that is definitive. With
    /// `beside_cost` claims are held against that cost: nobody can save more than is spent.
    ///
    /// # Errors
    /// As [`Grip::year_end`].
    pub fn double_counting(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        claims: &[Claimed],
        beside_cost: bool,
    ) -> Result<DoubleCounting, PipelineError> {
        if claims.is_empty() {
            return Ok(DoubleCounting::default());
        }
        let facts = self.facts(gemeente)?;
        let Some(completion) = self.completion(&facts, peildatum)? else { return Ok(DoubleCounting::default()) };
        let means = completion.yearly_mean(last_definitive(peildatum));
        let months: BTreeSet<Maand> =
            claims.iter().flat_map(|claim| claim.months.iter().map(|(maand, _)| *maand)).collect();
        let spread: Vec<Claim<String, (PartKey, Maand)>> = claims.iter().map(|claim| spread(claim, &means)).collect();
        let cost = |part: &PartKey| Bedrag::from_f64(means.get(part).copied().unwrap_or_default());
        let there = means.keys().flat_map(|part| months.iter().map(move |maand| ((*part).clone(), *maand)));
        let there = there.filter(|_| beside_cost).map(|cell| (cell.clone(), cost(&cell.0))).collect();
        let found = overlap(&spread, &there);
        let mut parts: BTreeMap<PartKey, DoublePart> = BTreeMap::new();
        for cell in &found.cells {
            let part = parts.entry(cell.cell.0.clone()).or_insert_with(|| DoublePart::new(&cell.cell.0));
            part.measures.extend(cell.claimed.keys().cloned());
            part.claimed += cell.claimed.values().map(|claimed| claimed.cents).sum::<i64>();
            part.double_min = beside_cost.then(|| part.double_min.unwrap_or_default() + cell.double_min.cents);
            part.double_max += cell.double_max.cents;
        }
        Ok(DoubleCounting {
            parts: parts.into_values().collect(),
            double_min: beside_cost.then_some(found.double_min.cents),
            double_max: found.double_max.cents,
        })
    }
}

/// What one measure claims to save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Which measure.
    pub measure: String,
    /// What it touches.
    pub touched: Vec<Filter>,
    /// What it claims per month, in eurocents.
    pub months: Vec<(Maand, i64)>,
}

/// What is claimed more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DoubleCounting {
    /// Per part of care that more than one measure claims, or of which more is claimed than it costs.
    pub parts: Vec<DoublePart>,
    /// Certainly counted too much: more than is spent. Nothing when claims were not held against that.
    pub double_min: Option<i64>,
    /// Counted double at most: all but the largest claim on each part and month.
    pub double_max: i64,
}

/// A part of care that is claimed more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DoublePart {
    /// `wmo` or `jw`.
    pub wet: String,
    /// Product category.
    pub productcategorie: String,
    /// What it is called, in Dutch.
    pub naam: String,
    /// The measures that claim it.
    pub measures: BTreeSet<String>,
    /// What they claim of it together.
    pub claimed: i64,
    /// Certainly counted too much; nothing when claims were not held against what was spent.
    pub double_min: Option<i64>,
    /// Counted double at most.
    pub double_max: i64,
}

impl DoublePart {
    fn new((wet, categorie): &PartKey) -> Self {
        Self { wet: wet.clone(), productcategorie: categorie.clone(), naam: segment_naam(categorie), ..Self::default() }
    }
}

/// A claim over the parts that its filters leave, each month to the cent: up to and including each part the rounded share of all.
fn spread(claim: &Claimed, means: &BTreeMap<&PartKey, f64>) -> Claim<String, (PartKey, Maand)> {
    let parts: Vec<(&PartKey, f64)> =
        means.iter().filter(|(part, _)| holds(&claim.touched, part)).map(|(part, mean)| (*part, *mean)).collect();
    let whole: f64 = parts.iter().map(|(_, mean)| mean).sum();
    let mut cells: BTreeMap<(PartKey, Maand), Bedrag> = BTreeMap::new();
    for (maand, cents) in claim.months.iter().filter(|_| whole > 0.0) {
        let (mut weight, mut given) = (0.0, 0);
        for (part, mean) in &parts {
            weight += mean;
            let until = Bedrag::from_f64(Bedrag::from_cents(*cents).to_f64() * (weight / whole)).cents;
            cells.insert(((*part).clone(), *maand), Bedrag::from_cents(until - given));
            given = until;
        }
    }
    Claim { measure: claim.measure.clone(), cells }
}

struct Only {
    touched: Vec<(Dimension, String)>,
    comparison: Vec<(Dimension, String)>,
}

struct Known {
    cost: Option<f64>,
    is_definitive: bool,
}

fn read_filter(indicator: &Indicator, (name, value): &Filter) -> Result<(Dimension, String), Silence> {
    let found = Dimension::parse(name).filter(|dimension| indicator.dimensions.contains(dimension));
    found.map(|found| (found, value.clone())).ok_or_else(|| Silence::UnknownFilter { name: name.clone() })
}

/// The months of which costs are asked: from when the data was under way.
fn months(begin: Option<Maand>, peildatum: Date) -> Vec<Maand> {
    let last = Maand::of(peildatum);
    let first = begin.unwrap_or(last).max(last.plus(1 - MONTHS));
    (first.index()..=last.index()).map(Maand::from_index).collect()
}

/// The place of a month, or of the last before it.
fn place(months: &[Maand], maand: Maand) -> usize {
    months.iter().rposition(|month| *month <= maand).unwrap_or_default()
}

fn value(answer: &Answer) -> Option<f64> {
    match answer.value.filter(|_| !answer.is_withheld)? {
        Number::Whole(cents) => Some(Bedrag::from_cents(cents).to_f64()),
        Number::Real(real) => Some(real),
    }
}

/// The answers per part, a value per month.
fn table(months: &[Maand], answers: &[Answer]) -> BTreeMap<PartKey, Vec<Option<f64>>> {
    let places: BTreeMap<String, usize> =
        months.iter().enumerate().map(|(at, maand)| (maand.to_string(), at)).collect();
    let mut parts: BTreeMap<PartKey, Vec<Option<f64>>> = BTreeMap::new();
    for answer in answers {
        let by = |dimension: Dimension| answer.by.get(dimension.column()).cloned().flatten();
        let Some(part) = by(Dimension::Wet).zip(by(Dimension::Productcategorie)) else { continue };
        let costs = parts.entry(part).or_insert_with(|| vec![None; months.len()]);
        if let Some(slot) = places.get(&answer.periode).and_then(|at| costs.get_mut(*at)) {
            *slot = value(answer);
        }
    }
    parts
}

fn name(method: Method) -> &'static str {
    match method {
        Method::Named => "named",
        Method::Synthetic => "synthetic",
        Method::Untouched => "untouched",
        Method::Interrupted => "interrupted",
    }
}

fn cents(amount: f64) -> i64 {
    Bedrag::from_f64(amount).cents
}

fn interval(saving: grip_insight::realised::Saving) -> Interval {
    Interval { p10: cents(saving.low), p50: cents(saving.value), p90: cents(saving.high) }
}

fn answer(
    question: &EffectQuestion,
    months: &[Maand],
    costs: &[Option<f64>],
    start: usize,
    found: &Realised<PartKey>,
) -> Effect {
    let month = |(at, (maand, cost)): (usize, (&Maand, &Option<f64>))| EffectMonth {
        maand: maand.to_string(),
        cost: cost.map(cents),
        with_measure: at >= start,
    };
    let method = |(method, found): &(Method, Result<Found<PartKey>, Error>)| MethodEffect {
        method: name(*method),
        found: found.as_ref().ok().map(|found| method_found(months, found)),
        silence: found.as_ref().err().map(Silence::from),
    };
    let early = found.methods.iter().find_map(|(_, found)| match found {
        Err(error @ (Error::TooFewBefore { .. } | Error::TooFewAfter { .. })) => Some(Silence::from(error)),
        _ => None,
    });
    Effect {
        peildatum: question.peildatum.to_string(),
        unit: "eurocent",
        known_to: months.last().map(ToString::to_string),
        months: months.iter().zip(costs).enumerate().map(month).collect(),
        methods: found.methods.iter().map(method).collect(),
        first: found.first.map(name),
        is_disputed: found.is_disputed,
        silence: if found.first.is_some() { None } else { early.or(Some(Silence::Unsolvable)) },
    }
}

fn method_found(months: &[Maand], found: &Found<PartKey>) -> MethodFound {
    let maand = |at: usize| months.get(at).map(ToString::to_string).unwrap_or_default();
    let part = |((wet, categorie), weight): &(PartKey, f64)| PartWeight {
        wet: wet.clone(),
        productcategorie: categorie.clone(),
        naam: segment_naam(categorie),
        weight: *weight,
    };
    let saved = found.months.iter().map(|month| SavedMonth {
        maand: maand(month.at),
        saving: interval(month.saving),
        cumulative: interval(month.cumulative),
    });
    MethodFound {
        total: interval(found.total),
        months: saved.collect(),
        counterfactual: found.path.iter().map(|value| value.map(cents)).collect(),
        placebos: found.placebo.map(|check| check.tried),
        placebo_share: found.placebo.map(|check| check.share),
        follows: found.follows,
        miss: found.miss,
        parts: found.parts.iter().map(part).collect(),
    }
}

/// What the social domain left in a year.
#[derive(Debug, Clone, Serialize)]
pub struct SocialResult {
    /// The year.
    pub jaar: i16,
    /// The budget in force on the peildatum.
    pub budget: i64,
    /// What the year cost, or is expected to.
    pub cost: Interval,
    /// Budget less cost; negative is a deficit. `p10` is the bad end.
    pub result: Interval,
    /// Whether care of this year is still to come or to be declared.
    pub is_forecast: bool,
}

/// Years back of which results are shown.
const RESULT_YEARS: i16 = 5;
/// Years ahead that can be forecast.
const YEARS_AHEAD: i16 = 4;

impl Grip {
    /// What the social domain left in the years that have a budget: five back, this one, and those ahead.
    ///
    /// # Formula
    /// Budget in force less cost. Cost of this year and of the one before is their forecast, of later years the forecast over
    /// years, of earlier ones what was declared.
    ///
    /// # Errors
    /// As [`Grip::year_end`].
    pub fn social_results(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Vec<SocialResult>, PipelineError> {
        let facts = match self.facts(gemeente) {
            Ok(facts) => facts,
            Err(PipelineError::NoGemeente(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let now = peildatum.year();
        let ahead = match self.years_ahead(gemeente, peildatum, &crate::Assumptions::default()) {
            Ok(found) => Some(found),
            Err(PipelineError::YearOutOfReach { .. }) => None,
            Err(error) => return Err(error),
        };
        let mut results = Vec::new();
        for jaar in now - RESULT_YEARS..=now + YEARS_AHEAD {
            let budget = facts.budget(jaar, peildatum);
            if budget.is_empty() {
                continue;
            }
            let budget = crate::year_end::total_budget(&budget);
            let cost = if jaar > now {
                let year =
                    ahead.iter().flat_map(|ahead| &ahead.years).find(|year| year.wet.is_none() && year.jaar == jaar);
                year.map(|year| Interval { p10: year.p10, p50: year.p50, p90: year.p90 })
            } else {
                self.year_cost(gemeente, jaar, peildatum)?
            };
            let Some(cost) = cost else { continue };
            let result = Interval { p10: budget - cost.p90, p50: budget - cost.p50, p90: budget - cost.p10 };
            results.push(SocialResult { jaar, budget, cost, result, is_forecast: jaar >= now - 1 });
        }
        Ok(results)
    }

    fn year_cost(&self, gemeente: GemeenteCode, jaar: i16, peildatum: Date) -> Result<Option<Interval>, PipelineError> {
        if jaar >= peildatum.year() - 1 {
            return match self.year_end(gemeente, jaar, peildatum) {
                Ok(found) => Ok(Some(found.total.forecast)),
                Err(PipelineError::YearOutOfReach { .. }) => Ok(None),
                Err(error) => Err(error),
            };
        }
        // Of a year in which messages began only a part is known.
        if self.first_received(gemeente)?.is_none_or(|day| Maand::of(day) > Maand::new(jaar, 1)) {
            return Ok(None);
        }
        let periods: Vec<Period> = format!("{jaar:04}").parse().into_iter().collect();
        let call = Call { gemeente, periods, peildatum, by: Vec::new(), only: Vec::new() };
        let declared = self.indicator(DECLARED, &call)?.first().and_then(|answer| match answer.value? {
            Number::Whole(cents) if cents != 0 => Some(cents),
            Number::Whole(_) | Number::Real(_) => None,
        });
        Ok(declared.map(|cents| Interval { p10: cents, p50: cents, p90: cents }))
    }
}
