//! Measures together: what they should save, what they saved, and what is counted twice.

use std::{collections::BTreeMap, sync::Arc};

use grip_types::{Date, GemeenteCode, Maand};
use serde::Serialize;

use super::{Claimed, DoubleCounting, Effect, EffectQuestion, Filter};
use crate::{Grip, PipelineError, answer::Interval};

/// Measures of a municipality, as known on a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BoardQuestion {
    /// Municipality.
    pub gemeente: GemeenteCode,
    /// Day as of which everything is known.
    pub peildatum: Date,
    /// The measures.
    pub measures: Vec<BoardMeasure>,
}

/// A measure among others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BoardMeasure {
    /// Which.
    pub id: String,
    /// What it touches.
    pub touched: Vec<Filter>,
    /// What it should save per month, in eurocents, up to the end of the year of the peildatum.
    pub expected: Vec<(Maand, i64)>,
    /// How its effect is asked; nothing when it can't show.
    pub question: Option<EffectQuestion>,
}

/// What measures together should save and saved.
#[derive(Debug, Clone, Serialize)]
pub struct Board {
    /// The last month that is looked back on, `YYYY-MM`.
    pub known_to: String,
    /// Per measure that can show what it saved.
    pub effects: BTreeMap<String, Arc<Effect>>,
    /// Expected of all up to `known_to`.
    pub expected: i64,
    /// Expected after `known_to`, up to the end of the year of the peildatum.
    pub to_come: i64,
    /// Saved by those of which it can be told, up to `known_to`; nothing when it can be told of none. The ends of the interval are
    /// the sums of the ends, as if all erred to the same side: the widest there can be.
    pub realised: Option<Interval>,
    /// Of how many it can be told.
    pub told: usize,
    /// What was expected of those, up to `known_to`.
    pub expected_of_told: i64,
    /// Month by month, added up.
    pub months: Vec<BoardMonth>,
    /// What is expected twice, up to the end of the year.
    pub double_expected: DoubleCounting,
    /// What was saved twice, of what is told.
    pub double_realised: DoubleCounting,
}

/// A month, with all before it.
#[derive(Debug, Clone, Serialize)]
pub struct BoardMonth {
    /// `YYYY-MM`.
    pub maand: String,
    /// Expected up to and including it.
    pub expected: i64,
    /// Saved up to and including it; nothing after `known_to`.
    pub realised: Option<Interval>,
    /// From `known_to` on: what was saved until then, and what is expected after.
    pub ahead: Option<i64>,
}

/// Boards that are kept.
const BOARDS_KEPT: usize = 50;

impl Grip {
    /// Measures together.
    ///
    /// # Errors
    /// As [`Grip::effect`].
    pub fn measures_board(&self, question: &BoardQuestion) -> Result<Arc<Board>, PipelineError> {
        let facts = match self.facts(question.gemeente) {
            Ok(facts) => facts,
            Err(PipelineError::NoGemeente(_)) => return Ok(Arc::new(self.board_of(&without_care(question))?)),
            Err(error) => return Err(error),
        };
        if let Some(found) = self.kept().boards.get(question) {
            return Ok(found.clone());
        }
        let board = Arc::new(self.board_of(question)?);
        self.keep(&facts, |kept| {
            if kept.boards.len() >= BOARDS_KEPT {
                kept.boards.clear();
            }
            kept.boards.insert(question.clone(), board.clone());
        });
        Ok(board)
    }

    fn board_of(&self, question: &BoardQuestion) -> Result<Board, PipelineError> {
        let mut effects: BTreeMap<String, Arc<Effect>> = BTreeMap::new();
        for measure in &question.measures {
            if let Some(asked) = &measure.question {
                effects.insert(measure.id.clone(), self.effect(asked)?);
            }
        }
        let known_to = super::last_definitive(question.peildatum);
        let horizon = Maand::new(question.peildatum.year(), 12);
        let claim = |measure: &BoardMeasure, months: Vec<(Maand, i64)>| Claimed {
            measure: measure.id.clone(),
            touched: measure.touched.clone(),
            months,
        };
        let expected: Vec<Claimed> = question
            .measures
            .iter()
            .filter(|measure| measure.question.is_some() || !measure.touched.is_empty())
            .map(|measure| claim(measure, measure.expected.clone()))
            .collect();
        let realised: Vec<Claimed> = question
            .measures
            .iter()
            .filter_map(|measure| Some(claim(measure, saved(effects.get(&measure.id)?)?)))
            .collect();
        let told: Vec<&str> = realised.iter().map(|claim| claim.measure.as_str()).collect();
        let until = |last: Maand, is_meant: &dyn Fn(&BoardMeasure) -> bool| -> i64 {
            let measures = question.measures.iter().filter(|measure| is_meant(measure));
            measures
                .flat_map(|measure| &measure.expected)
                .filter(|(maand, _)| *maand <= last)
                .map(|(_, cents)| cents)
                .sum()
        };
        let all = |_: &BoardMeasure| true;
        let so_far = until(known_to, &all);
        let (gemeente, peildatum) = (question.gemeente, question.peildatum);
        Ok(Board {
            known_to: known_to.to_string(),
            expected: so_far,
            to_come: until(horizon, &all) - so_far,
            realised: realised_until(&effects, known_to),
            told: told.len(),
            expected_of_told: until(known_to, &|measure| told.contains(&measure.id.as_str())),
            months: months(question, &effects, known_to, horizon),
            double_expected: self.double_counting(gemeente, peildatum, &expected, true)?,
            double_realised: self.double_counting(gemeente, peildatum, &realised, false)?,
            effects,
        })
    }
}

/// The same measures where no care is known: what was expected of them is all there is.
fn without_care(question: &BoardQuestion) -> BoardQuestion {
    let measures =
        question.measures.iter().map(|measure| BoardMeasure { touched: Vec::new(), question: None, ..measure.clone() });
    BoardQuestion { measures: measures.collect(), ..*question }
}

/// What a measure saved per month, when it can be told.
fn saved(effect: &Effect) -> Option<Vec<(Maand, i64)>> {
    let months = effect.headline()?.months.iter();
    Some(months.filter_map(|month| Some((month.maand.parse().ok()?, month.saving.p50))).collect())
}

fn realised_until(effects: &BTreeMap<String, Arc<Effect>>, last: Maand) -> Option<Interval> {
    let last = last.to_string();
    let cumulative = |effect: &Arc<Effect>| {
        // Texts of months are in the order of months.
        let known = effect.headline()?.months.iter().filter(|month| month.maand <= last);
        Some(known.last().map_or(Interval { p10: 0, p50: 0, p90: 0 }, |month| month.cumulative))
    };
    effects.values().filter_map(cumulative).reduce(|sum, next| Interval {
        p10: sum.p10.saturating_add(next.p10),
        p50: sum.p50.saturating_add(next.p50),
        p90: sum.p90.saturating_add(next.p90),
    })
}

fn months(
    question: &BoardQuestion,
    effects: &BTreeMap<String, Arc<Effect>>,
    known_to: Maand,
    horizon: Maand,
) -> Vec<BoardMonth> {
    let mut expected: BTreeMap<Maand, i64> = BTreeMap::new();
    for (maand, cents) in question.measures.iter().flat_map(|measure| &measure.expected) {
        *expected.entry(*maand).or_default() += cents;
    }
    let Some(first) = expected.keys().next().copied() else { return Vec::new() };
    let saved = realised_until(effects, known_to).map(|saved| saved.p50);
    let mut sums = (0, 0);
    let month = |maand: Maand| {
        let own = expected.get(&maand).copied().unwrap_or_default();
        sums.0 += own;
        sums.1 += if maand > known_to { own } else { 0 };
        BoardMonth {
            maand: maand.to_string(),
            expected: sums.0,
            realised: realised_until(effects, maand).filter(|_| maand <= known_to),
            ahead: saved.filter(|_| maand >= known_to).map(|saved| saved + sums.1),
        }
    };
    (first.index()..=horizon.index()).map(Maand::from_index).map(month).collect()
}
