//! Synthetic control: a weighted mean of others that went like the treated unit before, as what would have been.
//!
//! Abadie, A. and Gardeazabal, J. (2003), American Economic Review 93(1), 113-132; Abadie, A., Diamond, A. and Hainmueller, J.
//! (2010), Journal of the American Statistical Association 105, 493-505.

mod nearest;
mod search;

use std::cmp::Ordering;
use std::ops::Range;

use self::nearest::nearest;
use self::search::{Differences, NOTHING, distance};
use super::{Error, count, mean};

/// A unit: a municipality, a district, a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit<K> {
    /// What it is called.
    pub key: K,
    /// What the measure should move, per period; all units over the same periods. `None` (and what is not finite) is unknown.
    pub outcomes: Vec<Option<f64>>,
    /// What says whether units are alike, in the same order for all: means over years before, shares, earlier outcomes. In any
    /// units: they are divided by their standard deviation.
    pub predictors: Vec<Option<f64>>,
}

/// Who is compared with whom, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Study<'a, K> {
    /// The unit with the measure.
    pub treated: &'a Unit<K>,
    /// Those without, of which the comparison is made. They should not feel the measure.
    pub donors: &'a [Unit<K>],
    /// Periods before the start over which the comparison has to go like the treated unit.
    pub fit: Range<usize>,
    /// The first period that counts as after.
    pub start: usize,
}

/// How much each predictor counts.
#[derive(Debug, Clone, PartialEq)]
pub enum PredictorWeights {
    /// As given: not negative, not all zero.
    Given(Vec<f64>),
    /// By how much each predictor says of the outcomes of the fit: squared coefficients of a regression over all units, summed
    /// over its periods. Takes more donors than predictors. What Stata's `synth` does when not told otherwise.
    Regression,
    /// Such that the outcomes of the fit are followed well. Found by the descent of Nelder and Mead in the logarithms of the
    /// weights, from equal ones and from those of [`PredictorWeights::Regression`]: 200 evaluations per predictor at most, first
    /// corners a factor e³ away, until corners differ less than 1e-6; then again from its end with corners a factor e away, up to
    /// four times, while that gains a thousandth; of the two ends the better one. No chance in it. A low point, not surely the
    /// lowest.
    Nested,
    /// Predictors are not looked at: the outcomes of the fit, each as important, are followed as well as can be.
    OutcomesOnly,
}

/// Why a donor is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its outcome in this period is not known.
    Outcome(usize),
    /// This predictor is not known.
    Predictor(usize),
    /// Its series runs over another number of periods, or it has another number of predictors.
    Length,
}

/// The comparison, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Synthetic<K> {
    /// The donors with their weights, together one; heaviest first, then in the order given.
    pub weights: Vec<(K, f64)>,
    /// How much each predictor counted, together one; empty for [`PredictorWeights::OutcomesOnly`].
    pub predictor_weights: Vec<f64>,
    /// Donors that were left out, and why.
    pub refused: Vec<(K, Refusal)>,
    /// What would have been, per period.
    pub path: Vec<Option<f64>>,
    /// What was minus what would have been, per period.
    pub gaps: Vec<Option<f64>>,
    /// Root of the mean squared gap over the fit.
    pub rmspe_before: f64,
    /// Root of the mean squared gap from the start on.
    pub rmspe_after: f64,
    /// Mean gap per period from the start on.
    pub mean: f64,
    /// Sum of the gaps from the start on.
    pub total: f64,
    /// How much better other weights of donors could be at most, in the squared distance of predictors, beside that of the
    /// farthest donor: the certificate that these are the best ones, near zero.
    pub optimality_gap: f64,
    /// The treated unit lies amid the donors: other weights are as good, and a comparison of fewer donors may be.
    pub is_ambiguous: bool,
}

impl<K> Synthetic<K> {
    /// How much larger gaps are after than before; infinite when there were none before and there are after.
    pub fn ratio(&self) -> f64 {
        if self.rmspe_after > 0.0 { self.rmspe_after / self.rmspe_before } else { 0.0 }
    }
}

/// The comparison for the treated unit.
///
/// # Errors
///
/// * [`Error::Setting`]: the fit is empty, or does not end by the start, weights do not match the predictors.
/// * [`Error::Missing`]: the treated unit has no outcome in a period of the fit (place in the series), or lacks a predictor
///   (place in the predictors after the series).
/// * [`Error::TooFewAfter`], [`Error::TooFewUnits`]: nothing known from the start on, no donor without missing values; for
///   [`PredictorWeights::Regression`] not more donors than predictors.
/// * [`Error::Collinear`]: for [`PredictorWeights::Regression`], predictors say nothing of the outcomes.
pub fn synthetic<K: Clone>(study: &Study<'_, K>, weights: &PredictorWeights) -> Result<Synthetic<K>, Error> {
    check(study, weights)?;
    let mut usable: Vec<&Unit<K>> = Vec::new();
    let mut refused = Vec::new();
    for donor in study.donors {
        match refusal(study, donor, weights) {
            Some(reason) => refused.push((donor.key.clone(), reason)),
            None => usable.push(donor),
        }
    }
    if usable.is_empty() {
        return Err(Error::TooFewUnits { needed: 1, given: 0 });
    }
    let predictors = study.treated.predictors.len();
    if *weights == PredictorWeights::Regression && usable.len() <= predictors {
        return Err(Error::TooFewUnits { needed: predictors + 1, given: usable.len() });
    }
    // Sums of numbers depend on their order in the last digit, and a search on the last digit: always the same order.
    let mut order: Vec<usize> = (0..usable.len()).collect();
    order.sort_by(|a, b| by_values(usable[*a], usable[*b]));
    let sorted: Vec<&Unit<K>> = order.iter().map(|at| usable[*at]).collect();
    let differences = differences(study, &sorted, weights);
    let (found, predictor_weights) = match weights {
        PredictorWeights::OutcomesOnly => (nearest(&differences.outcomes), Vec::new()),
        PredictorWeights::Given(given) => {
            let sum: f64 = given.iter().sum();
            (differences.donors(given), given.iter().map(|weight| weight / sum).collect())
        }
        PredictorWeights::Regression => {
            let by = differences.by_regression().ok_or(Error::Collinear)?;
            (differences.donors(&by), by)
        }
        PredictorWeights::Nested => {
            let by = differences.search();
            (differences.donors(&by), by)
        }
    };
    let is_amid = match weights {
        PredictorWeights::OutcomesOnly => usable.len() > 1 && distance(&differences.outcomes, &found.weights) < NOTHING,
        _ => differences.is_amid(&predictor_weights),
    };
    let mut by_donor = vec![0.0; usable.len()];
    order.iter().zip(&found.weights).for_each(|(at, weight)| by_donor[*at] = *weight);
    let mut result = outcome(study, &usable, &by_donor);
    result.predictor_weights = predictor_weights;
    result.refused = refused;
    result.optimality_gap = found.gap;
    result.is_ambiguous = is_amid;
    Ok(result)
}

fn check<K>(study: &Study<'_, K>, weights: &PredictorWeights) -> Result<(), Error> {
    let Study { treated, fit, start, .. } = study;
    let periods = treated.outcomes.len();
    if fit.is_empty() || fit.end > *start {
        return Err(Error::Setting);
    }
    match weights {
        PredictorWeights::Given(given) => {
            let is_usable = given.iter().all(|weight| *weight >= 0.0 && weight.is_finite());
            if given.len() != treated.predictors.len() || !is_usable || given.iter().sum::<f64>() <= 0.0 {
                return Err(Error::Setting);
            }
        }
        PredictorWeights::Regression | PredictorWeights::Nested if treated.predictors.is_empty() => {
            return Err(Error::Setting);
        }
        PredictorWeights::Regression | PredictorWeights::Nested | PredictorWeights::OutcomesOnly => {}
    }
    if let Some(at) = fit.clone().find(|at| known(&treated.outcomes, *at).is_none()) {
        return Err(Error::Missing { at });
    }
    if *weights != PredictorWeights::OutcomesOnly
        && let Some(at) = (0..treated.predictors.len()).find(|at| known(&treated.predictors, *at).is_none())
    {
        return Err(Error::Missing { at: periods + at });
    }
    if (*start..periods).all(|at| known(&treated.outcomes, at).is_none()) {
        return Err(Error::TooFewAfter { needed: 1, given: 0 });
    }
    Ok(())
}

fn refusal<K>(study: &Study<'_, K>, donor: &Unit<K>, weights: &PredictorWeights) -> Option<Refusal> {
    let treated = study.treated;
    if donor.outcomes.len() != treated.outcomes.len() {
        return Some(Refusal::Length);
    }
    let mut needed = study.fit.clone().chain(study.start..treated.outcomes.len());
    let outcome = needed.find(|at| known(&treated.outcomes, *at).is_some() && known(&donor.outcomes, *at).is_none());
    if let Some(at) = outcome {
        return Some(Refusal::Outcome(at));
    }
    if *weights == PredictorWeights::OutcomesOnly {
        return None;
    }
    if donor.predictors.len() != treated.predictors.len() {
        return Some(Refusal::Length);
    }
    (0..donor.predictors.len()).find(|at| known(&donor.predictors, *at).is_none()).map(Refusal::Predictor)
}

fn known(values: &[Option<f64>], at: usize) -> Option<f64> {
    values.get(at).copied().flatten().filter(|value| value.is_finite())
}

fn by_values<K>(left: &Unit<K>, right: &Unit<K>) -> Ordering {
    let values = |unit: &Unit<K>| -> Vec<f64> {
        unit.outcomes.iter().chain(&unit.predictors).map(|value| value.unwrap_or(f64::NAN)).collect()
    };
    let (left, right) = (values(left), values(right));
    left.iter().zip(&right).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn differences<K>(study: &Study<'_, K>, donors: &[&Unit<K>], weights: &PredictorWeights) -> Differences {
    let value = |values: &[Option<f64>], at: usize| known(values, at).unwrap_or(0.0);
    let all = |of: &dyn Fn(&Unit<K>) -> f64| -> Vec<f64> {
        std::iter::once(study.treated).chain(donors.iter().copied()).map(of).collect()
    };
    let periods: Vec<Vec<f64>> = study.fit.clone().map(|at| all(&|unit| value(&unit.outcomes, at))).collect();
    // One scale for all periods, so that amounts in euros and in cents give the same.
    let scale = periods.iter().map(|period| deviation(period)).fold(0.0, f64::max);
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let predictors = if *weights == PredictorWeights::OutcomesOnly { 0 } else { study.treated.predictors.len() };
    let columns: Vec<(Vec<f64>, f64)> = (0..predictors)
        .map(|at| {
            let column = all(&|unit| value(&unit.predictors, at));
            let scale = deviation(&column);
            // What is the same for all says nothing, and weighs nothing: all its differences are zero.
            (column, if scale > 0.0 { scale } else { 1.0 })
        })
        .collect();
    Differences {
        predictors: (1..=donors.len())
            .map(|unit| columns.iter().map(|(column, scale)| (column[unit] - column[0]) / scale).collect())
            .collect(),
        outcomes: (1..=donors.len())
            .map(|unit| periods.iter().map(|period| (period[unit] - period[0]) / scale).collect())
            .collect(),
    }
}

fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
    (squares / (count(values.len()) - 1.0).max(1.0)).sqrt()
}

fn outcome<K: Clone>(study: &Study<'_, K>, donors: &[&Unit<K>], by_donor: &[f64]) -> Synthetic<K> {
    let periods = study.treated.outcomes.len();
    let path: Vec<Option<f64>> = (0..periods)
        .map(|at| {
            let chosen = donors.iter().zip(by_donor).filter(|(_, weight)| **weight > 0.0);
            chosen.map(|(donor, weight)| known(&donor.outcomes, at).map(|value| value * weight)).sum()
        })
        .collect();
    let gaps: Vec<Option<f64>> = (0..periods).map(|at| Some(known(&study.treated.outcomes, at)? - path[at]?)).collect();
    let after: Vec<f64> = gaps.iter().skip(study.start).flatten().copied().collect();
    let before: Vec<f64> = gaps[study.fit.clone()].iter().flatten().copied().collect();
    let rmspe = |gaps: &[f64]| (gaps.iter().map(|gap| gap * gap).sum::<f64>() / count(gaps.len())).sqrt();
    let mut weights: Vec<(K, f64)> =
        donors.iter().zip(by_donor).map(|(donor, weight)| (donor.key.clone(), *weight)).collect();
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    Synthetic {
        weights,
        predictor_weights: Vec::new(),
        refused: Vec::new(),
        rmspe_before: rmspe(&before),
        rmspe_after: rmspe(&after),
        mean: mean(&after),
        total: after.iter().sum(),
        path,
        gaps,
        optimality_gap: 0.0,
        is_ambiguous: false,
    }
}

/// A donor as if it had had the measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Placebo<K> {
    /// The donor.
    pub key: K,
    /// What was minus what would have been, per period.
    pub gaps: Vec<Option<f64>>,
    /// Root of the mean squared gap over the fit.
    pub rmspe_before: f64,
    /// Root of the mean squared gap from the start on.
    pub rmspe_after: f64,
    /// The one over the other.
    pub ratio: f64,
    /// Sum of the gaps from the start on.
    pub total: f64,
}

/// The same done for every donor, with the other donors: how large a gap is when there was no measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Placebos<K> {
    /// Ratio of the treated unit.
    pub ratio: f64,
    /// Root of its mean squared gap over the fit.
    pub rmspe_before: f64,
    /// The donors, in the order given.
    pub donors: Vec<Placebo<K>>,
}

impl<K> Placebos<K> {
    /// Share of all units, the treated one among them, whose ratio is at least that of the treated unit. With `n` donors it
    /// can not be below `1/(n + 1)`.
    pub fn chance(&self) -> f64 {
        self.chance_among(f64::INFINITY)
    }

    /// The same among those whose gaps before were at most so many times those of the treated unit (as root of mean square).
    pub fn chance_among(&self, times: f64) -> f64 {
        let fitting = self.donors.iter().filter(|donor| donor.rmspe_before <= times * self.rmspe_before);
        let (mut all, mut as_large) = (1, 1);
        for donor in fitting {
            all += 1;
            as_large += usize::from(donor.ratio >= self.ratio);
        }
        count(as_large) / count(all)
    }
}

/// Placebos in space, with the same settings. Donors that the study refuses are not there.
///
/// # Errors
///
/// As [`synthetic`]; and [`Error::TooFewUnits`] with fewer than two donors.
pub fn placebos<K: Clone>(study: &Study<'_, K>, weights: &PredictorWeights) -> Result<Placebos<K>, Error> {
    let own = synthetic(study, weights)?;
    let usable: Vec<&Unit<K>> = study.donors.iter().filter(|donor| refusal(study, donor, weights).is_none()).collect();
    if usable.len() < 2 {
        return Err(Error::TooFewUnits { needed: 2, given: usable.len() });
    }
    // Where the treated unit is unknown, the placebos are not looked at either.
    let seen = |unit: &Unit<K>| {
        let mut unit = unit.clone();
        let both = unit.outcomes.iter().zip(&study.treated.outcomes);
        unit.outcomes = both.map(|(own, treated)| treated.and(*own)).collect();
        unit
    };
    let units: Vec<Unit<K>> = usable.into_iter().map(seen).collect();
    let mut donors = Vec::with_capacity(units.len());
    for at in 0..units.len() {
        let others: Vec<Unit<K>> = [&units[..at], &units[at + 1..]].concat();
        let study = Study { treated: &units[at], donors: &others, fit: study.fit.clone(), start: study.start };
        let found = synthetic(&study, weights)?;
        donors.push(Placebo {
            key: units[at].key.clone(),
            ratio: found.ratio(),
            rmspe_before: found.rmspe_before,
            rmspe_after: found.rmspe_after,
            total: found.total,
            gaps: found.gaps,
        });
    }
    Ok(Placebos { ratio: own.ratio(), rmspe_before: own.rmspe_before, donors })
}
