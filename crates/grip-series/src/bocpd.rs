//! Change-points as they come in, by Bayes' rule.

use crate::cost::{Noise, Rows};
use crate::segmentation::Segmentation;
use crate::series::count;

/// What is believed before anything is seen, of a series brought to mean 0 and variance 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Belief {
    /// Places between changes, on average; above 1.
    pub run: f64,
    /// How many values the belief about the level, which is 0, is worth.
    pub kappa: f64,
    /// Shape of the inverse gamma distribution of the variance.
    pub alpha: f64,
    /// Scale of the same.
    pub beta: f64,
}

impl Belief {
    /// A change in a hundred places, and one value's worth of belief in a variance of about one: what van den Burg and Williams (2020)
    /// gave the method by default (`default_bocpd` in their `abed_conf.py`).
    pub const DEFAULT: Self = Self { run: 100.0, kappa: 1.0, alpha: 1.0, beta: 1.0 };
}

/// A run that may still be going on.
struct Run {
    from: usize,
    /// Logarithm of the probability of this run and all values, less a constant.
    weight: f64,
    /// Logarithm of the probability of its values.
    evidence: f64,
    states: Vec<State>,
}

/// What is known of level and variance of one dimension: normal-inverse-gamma.
#[derive(Clone, Copy)]
struct State {
    mean: f64,
    kappa: f64,
    alpha: f64,
    beta: f64,
}

/// Runs with less than this of the likeliest are given up.
const WEIGHT_MIN: f64 = -35.0;
/// Runs that are followed at most; the likeliest are kept.
const RUNS_MAX: usize = 500;

/// The likeliest cutting-up into runs of one level and variance each, given a belief, in one pass over the values.
///
/// Several series change together and are independent otherwise. `None` is unknown and teaches nothing.
/// [`Change::confidence`](crate::Change::confidence) is the probability of the change against none between its neighbours, under the
/// belief.
///
/// Time and memory grow with the number of places: at most 500 runs are followed.
///
/// Source: Adams and MacKay (2007), arXiv:0710.3742, algorithm 1, with a constant hazard; the likeliest runs as Fearnhead and Liu (2007),
/// Journal of the Royal Statistical Society B 69(4), 589-605, section 3.
pub fn bocpd(series: &[&[Option<f64>]], belief: &Belief) -> Segmentation {
    let rows = Rows::of(series, Noise::Level);
    let number = rows.places.len();
    if number == 0 {
        return Segmentation { changes: Vec::new(), segments: Vec::new() };
    }
    let hazard = 1.0 / belief.run.max(1.0 + f64::EPSILON);
    let (ends, goes_on) = (hazard.ln(), (-hazard).ln_1p());
    let mut runs: Vec<Run> = Vec::new();
    // Of the likeliest runs that end before a row, and where the last of them began.
    let mut likeliest = vec![0.0; number + 1];
    let mut last = vec![0_usize; number + 1];
    for row in 0..number {
        runs.push(Run { from: row, weight: 0.0, evidence: 0.0, states: vec![belief.state(); series.len()] });
        let values: Vec<f64> = rows.dimensions.iter().map(|dimension| dimension.value(row)).collect();
        for run in &mut runs {
            let predicted = run.see(&values);
            run.weight += predicted;
            run.evidence += predicted;
        }
        likeliest[row + 1] = f64::NEG_INFINITY;
        for run in &runs {
            let all = likeliest[run.from] + run.evidence + count(row - run.from) * goes_on + ends;
            if all > likeliest[row + 1] {
                (likeliest[row + 1], last[row + 1]) = (all, run.from);
            }
        }
        // A run that begins next weighs as much as all before it together, times the hazard: that is the unit.
        let change = logarithm_of_sum(&runs) + ends;
        give_up(&mut runs);
        runs.iter_mut().for_each(|run| run.weight += goes_on - change);
    }
    let mut bounds = vec![number];
    while let Some(at) = bounds.last().copied().filter(|at| *at > 0) {
        bounds.push(last[at]);
    }
    bounds.reverse();
    let evidence = |from: usize, to: usize| evidence(&rows, belief, from, to);
    let confidence: Vec<f64> = bounds
        .windows(3)
        .map(|three| {
            let apart = evidence(three[0], three[1]) + evidence(three[1], three[2]) + ends;
            1.0 / (1.0 + (evidence(three[0], three[2]) + goes_on - apart).exp())
        })
        .collect();
    Segmentation::new(&rows, &bounds, false, &confidence)
}

fn evidence(rows: &Rows, belief: &Belief, from: usize, to: usize) -> f64 {
    let mut run = Run { from, weight: 0.0, evidence: 0.0, states: vec![belief.state(); rows.dimensions.len()] };
    (from..to)
        .map(|row| {
            let values: Vec<f64> = rows.dimensions.iter().map(|dimension| dimension.value(row)).collect();
            run.see(&values)
        })
        .sum()
}

fn logarithm_of_sum(runs: &[Run]) -> f64 {
    let most = runs.iter().fold(f64::NEG_INFINITY, |most, run| most.max(run.weight));
    most + runs.iter().map(|run| (run.weight - most).exp()).sum::<f64>().ln()
}

fn give_up(runs: &mut Vec<Run>) {
    let most = runs.iter().fold(f64::NEG_INFINITY, |most, run| most.max(run.weight));
    runs.retain(|run| run.weight >= most + WEIGHT_MIN);
    if runs.len() > RUNS_MAX {
        let mut weights: Vec<f64> = runs.iter().map(|run| run.weight).collect();
        weights.sort_by(|one, other| other.total_cmp(one));
        let least = weights[RUNS_MAX - 1];
        runs.retain(|run| run.weight >= least);
    }
}

impl Belief {
    fn state(&self) -> State {
        State { mean: 0.0, kappa: self.kappa, alpha: self.alpha, beta: self.beta }
    }
}

impl Run {
    /// Takes the values in, and gives the logarithm of how likely they were.
    fn see(&mut self, values: &[f64]) -> f64 {
        let known = self.states.iter_mut().zip(values).filter(|(_, value)| !value.is_nan());
        known.map(|(state, value)| state.see(*value)).sum()
    }
}

impl State {
    fn see(&mut self, value: f64) -> f64 {
        let State { mean, kappa, alpha, beta } = *self;
        let freedom = 2.0 * alpha;
        let scale_squared = beta * (kappa + 1.0) / (alpha * kappa);
        let distance = (value - mean).powi(2);
        let density = log_gamma_half_step(alpha)
            - 0.5 * (freedom * std::f64::consts::PI * scale_squared).ln()
            - (freedom + 1.0) / 2.0 * (distance / (freedom * scale_squared)).ln_1p();
        *self = State {
            mean: (kappa * mean + value) / (kappa + 1.0),
            kappa: kappa + 1.0,
            alpha: alpha + 0.5,
            beta: beta + kappa * distance / (2.0 * (kappa + 1.0)),
        };
        density
    }
}

/// ln Γ(a + 1/2) - ln Γ(a), by Stirling's series beyond ten and the step `Γ(a + 1) = a · Γ(a)` before.
fn log_gamma_half_step(a: f64) -> f64 {
    let (mut high, mut steps) = (a, 0.0);
    while high < 10.0 {
        steps += (high / (high + 0.5)).ln();
        high += 1.0;
    }
    let stirling =
        |x: f64| (x - 0.5) * x.ln() - x + (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * x * x)) / (x * x)) / x;
    stirling(high + 0.5) - stirling(high) + steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_of_the_gamma_function_is_that_of_the_tables() {
        // Γ(1) = 1, Γ(1.5) = √π / 2, Γ(2) = 1, Γ(2.5) = 3√π / 4.
        let root = std::f64::consts::PI.sqrt();
        assert!((log_gamma_half_step(1.0) - (root / 2.0).ln()).abs() < 1e-9);
        assert!((log_gamma_half_step(1.5) - (2.0 / root).ln()).abs() < 1e-9);
        assert!((log_gamma_half_step(2.0) - (0.75 * root).ln()).abs() < 1e-9);
    }

    /// Of a normal-inverse-gamma belief of (0, 1, 1, 1) the first value has Student's density with 2 degrees of freedom and scale √2:
    /// at 0 that is Γ(1.5) / (Γ(1) · √(2π) · √2) = 0.25. After the value 0 it is (0, 2, 1.5, 1): 3 degrees, squared scale 1, 0.3676 at 0.
    #[test]
    fn predicts_as_student_does() {
        let mut state = Belief::DEFAULT.state();
        assert!((state.see(0.0).exp() - 0.25).abs() < 1e-9);
        assert!((state.see(0.0).exp() - 0.367_552_6).abs() < 1e-6);
    }
}
