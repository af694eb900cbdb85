//! Weights of predictors such that the donors they choose went like the treated unit before.

use super::nearest::{Nearest, nearest};
use crate::effect::count;
use crate::effect::regression::{cholesky, solve};

/// Steps of one descent, per predictor.
const EVALUATIONS_PER_PREDICTOR: usize = 200;
/// A descent ends when its corners differ by less than this part.
const DIFFERENCE_MIN: f64 = 1e-6;
/// The first corners of the first descent lie this far away, per predictor, in natural logarithms: a factor of twenty.
const FIRST_STEP: f64 = 3.0;
/// Those of the descents after it, that start where the one before ended: a factor of nearly three.
const NEXT_STEP: f64 = 1.0;
/// Descents after the first, at most; none after one that gains less than this part.
const NEXT_MAX: usize = 4;
const GAIN_MIN: f64 = 1e-3;
/// No predictor weighs less than this beside the heaviest: the nearest donors are found up to rounding, and what weighs less
/// would be lost in that.
const WEIGHT_MIN: f64 = 1e-6;
/// A squared distance below this is none.
pub(super) const NOTHING: f64 = 1e-9;
/// Keeps a regression solvable when predictors add up to the same for all, as shares do: added to each predictor's mean square.
const RIDGE: f64 = 1e-9;

/// What is compared, without units of measurement.
pub(super) struct Differences {
    /// Per donor, per predictor: donor minus treated, in standard deviations over all units.
    pub(super) predictors: Vec<Vec<f64>>,
    /// Per donor, per period of the fit: donor minus treated.
    pub(super) outcomes: Vec<Vec<f64>>,
}

impl Differences {
    /// Weights of donors, nearest to the treated unit by these weights of predictors.
    pub(super) fn donors(&self, by: &[f64]) -> Nearest {
        let sum: f64 = by.iter().sum();
        let turns: Vec<f64> = by.iter().map(|weight| (weight / sum).sqrt()).collect();
        let corners: Vec<Vec<f64>> = self
            .predictors
            .iter()
            .map(|donor| donor.iter().zip(&turns).map(|(value, turn)| value * turn).collect())
            .collect();
        nearest(&corners)
    }

    /// Whether the treated unit lies amid the donors in all predictors that weigh anything.
    pub(super) fn is_amid(&self, by: &[f64]) -> bool {
        let corners: Vec<Vec<f64>> = self
            .predictors
            .iter()
            .map(|donor| donor.iter().zip(by).filter(|(_, weight)| **weight > 0.0).map(|(value, _)| *value).collect())
            .collect();
        corners.len() > 1 && distance(&corners, &nearest(&corners).weights) < NOTHING
    }

    /// Mean squared difference of the outcomes over the fit.
    fn loss(&self, by: &[f64]) -> f64 {
        distance(&self.outcomes, &self.donors(by).weights) / count(self.outcomes.first().map_or(0, Vec::len))
    }

    /// Searched from equal weights and from those of a regression; the better end counts.
    pub(super) fn search(&self) -> Vec<f64> {
        let predictors = self.predictors.first().map_or(0, Vec::len);
        let equal = vec![1.0 / count(predictors); predictors];
        let mut best = self.from(&equal);
        if let Some(start) = self.by_regression() {
            let other = self.from(&start);
            if other.1 < best.1 {
                best = other;
            }
        }
        best.0
    }

    /// Descents in the logarithms of the weights, each from where the one before ended: only the ratios of weights matter, and
    /// good ones differ by powers of ten.
    fn from(&self, start: &[f64]) -> (Vec<f64>, f64) {
        let heaviest = start.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let logs: Vec<f64> = start.iter().map(|weight| (weight / heaviest).max(WEIGHT_MIN).ln()).collect();
        let loss = |logs: &[f64]| self.loss(&shares(logs));
        let mut best = downhill(loss, &logs, FIRST_STEP);
        for _ in 0..NEXT_MAX {
            let next = downhill(loss, &best.0, NEXT_STEP);
            let is_over = next.1 >= best.1 * (1.0 - GAIN_MIN);
            if next.1 < best.1 {
                best = next;
            }
            if is_over {
                break;
            }
        }
        (shares(&best.0), best.1)
    }

    /// Squared coefficients of the outcomes on the predictors, over all units, summed over the periods, and together one.
    ///
    /// `None` when there are not more donors than predictors, or when predictors say nothing of outcomes.
    pub(super) fn by_regression(&self) -> Option<Vec<f64>> {
        let predictors = self.predictors.first()?.len();
        let periods = self.outcomes.first()?.len();
        // The treated unit is the one whose differences are zero.
        let mut rows: Vec<Vec<f64>> = vec![vec![0.0; predictors + 1]];
        rows.extend(self.predictors.iter().map(|donor| [&donor[..], &[0.0]].concat()));
        rows.iter_mut().for_each(|row| row[predictors] = 1.0);
        let mut products = vec![vec![0.0; predictors + 1]; predictors + 1];
        for row in &rows {
            for i in 0..=predictors {
                for j in 0..=i {
                    products[i][j] += row[i] * row[j];
                }
            }
        }
        let ridge = RIDGE * count(rows.len());
        (0..predictors).for_each(|at| products[at][at] += ridge);
        let root = (rows.len() > predictors + 1).then(|| cholesky(products))??;
        let mut weights = vec![0.0; predictors];
        for period in 0..periods {
            let mut right = vec![0.0; predictors + 1];
            for (row, outcomes) in rows[1..].iter().zip(&self.outcomes) {
                right.iter_mut().zip(row).for_each(|(sum, value)| *sum += value * outcomes[period]);
            }
            let coefficients = solve(&root, right);
            weights.iter_mut().zip(coefficients).for_each(|(sum, value)| *sum += value * value);
        }
        let sum: f64 = weights.iter().sum();
        (sum > 0.0 && sum.is_finite()).then(|| weights.iter().map(|weight| weight / sum).collect())
    }
}

/// Squared distance between the treated unit and the mean of the donors.
pub(super) fn distance(differences: &[Vec<f64>], weights: &[f64]) -> f64 {
    let mut sums = vec![0.0; differences.first().map_or(0, Vec::len)];
    for (donor, weight) in differences.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
        sums.iter_mut().zip(donor).for_each(|(sum, value)| *sum += weight * value);
    }
    sums.iter().map(|sum| sum * sum).sum()
}

/// Weights with these logarithms, together one.
fn shares(logs: &[f64]) -> Vec<f64> {
    let highest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| (log - highest).exp().max(WEIGHT_MIN)).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// A low point of a function near `start`, and its height: Nelder, J. A. and Mead, R. (1965), Computer Journal 7, 308-313.
fn downhill(of: impl Fn(&[f64]) -> f64, start: &[f64], step: f64) -> (Vec<f64>, f64) {
    let mut corners = vec![(start.to_vec(), of(start))];
    let highest = start.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for at in 0..start.len() {
        let mut corner = start.to_vec();
        // The heaviest gives way, the others come up.
        corner[at] += if corner[at] < highest { step } else { -step };
        let height = of(&corner);
        corners.push((corner, height));
    }
    let mut left = EVALUATIONS_PER_PREDICTOR * start.len();
    let order = |corners: &mut Vec<(Vec<f64>, f64)>| corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    order(&mut corners);
    let last = start.len();
    while left > 0 && corners[last].1 - corners[0].1 > DIFFERENCE_MIN * corners[0].1.max(1e-12) {
        let middle: Vec<f64> = (0..last)
            .map(|at| corners[..last].iter().map(|(corner, _)| corner[at]).sum::<f64>() / count(last))
            .collect();
        let along = |by: f64| -> (Vec<f64>, f64) {
            let point: Vec<f64> =
                middle.iter().zip(&corners[last].0).map(|(middle, worst)| middle + by * (worst - middle)).collect();
            let height = of(&point);
            (point, height)
        };
        let mirrored = along(-1.0);
        let (next, used) = if mirrored.1 < corners[0].1 {
            let farther = along(-2.0);
            (Some(if farther.1 < mirrored.1 { farther } else { mirrored }), 2)
        } else if mirrored.1 < corners[last - 1].1 {
            (Some(mirrored), 1)
        } else {
            let is_outside = mirrored.1 < corners[last].1;
            let nearer = along(if is_outside { -0.5 } else { 0.5 });
            (Some(nearer).filter(|near| near.1 <= mirrored.1.min(corners[last].1)), 2)
        };
        left = left.saturating_sub(used);
        if let Some(next) = next {
            corners[last] = next;
        } else {
            let best = corners[0].0.clone();
            for (corner, height) in &mut corners[1..] {
                corner.iter_mut().zip(&best).for_each(|(value, best)| *value = f64::midpoint(*value, *best));
                *height = of(corner);
            }
            left = left.saturating_sub(last);
        }
        order(&mut corners);
    }
    corners.swap_remove(0)
}
