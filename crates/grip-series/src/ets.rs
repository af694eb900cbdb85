//! Exponential smoothing with a likelihood: error, trend, season.
//!
//! Hyndman, R. J., Koehler, A. B., Snyder, R. D. and Grose, S. (2002), A state space framework for automatic forecasting using
//! exponential smoothing methods, International Journal of Forecasting 18(3), 439-454; Hyndman, Koehler, Ord and Snyder
//! (2008), Forecasting with Exponential Smoothing, Springer, chapters 2, 5 and 10.

use crate::least_squares::{Problem, minimise};
use crate::season::{Season, indices};
use crate::series::{Prepared, count};

/// Whether the error is in the unit of the series or a part of what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    /// In the unit of the series.
    Additive,
    /// As a part of what was expected: larger where the series is larger.
    Multiplicative,
}

/// How the level runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// It stays.
    None,
    /// It goes on by a slope.
    Additive,
    /// It goes on by a slope that dies out.
    Damped,
}

/// One model of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Error.
    pub errors: Errors,
    /// Trend.
    pub trend: Trend,
    /// Season.
    pub season: Season,
}

impl Form {
    /// In the notation of the source: `ETS(M,Ad,M)`.
    pub fn name(self) -> String {
        let errors = match self.errors {
            Errors::Additive => "A",
            Errors::Multiplicative => "M",
        };
        let trend = match self.trend {
            Trend::None => "N",
            Trend::Additive => "A",
            Trend::Damped => "Ad",
        };
        let season = match self.season {
            Season::None => "N",
            Season::Additive => "A",
            Season::Multiplicative => "M",
        };
        format!("ETS({errors},{trend},{season})")
    }
}

/// α, β, γ and φ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Smoothing {
    pub(crate) level: f64,
    pub(crate) slope: f64,
    pub(crate) season: f64,
    pub(crate) damping: f64,
}

/// Where the series stands: level, slope, and the index of every step of the season, of which `at` comes next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    pub(crate) level: f64,
    pub(crate) slope: f64,
    pub(crate) indices: Vec<f64>,
    at: usize,
}

impl State {
    /// What the next value is expected to be.
    fn expected(&self, season: Season, damping: f64) -> f64 {
        let base = self.level + damping * self.slope;
        match season {
            Season::None => base,
            Season::Additive => base + self.indices[self.at],
            Season::Multiplicative => base * self.indices[self.at],
        }
    }

    /// Goes one step on, having been wrong by `error` (in the unit of the series, whatever the error's kind).
    fn advance(&mut self, season: Season, smoothing: Smoothing, error: f64) {
        let slope = smoothing.damping * self.slope;
        let base = self.level + slope;
        let error_base = match season {
            Season::Multiplicative => error / self.indices[self.at],
            Season::None | Season::Additive => error,
        };
        self.level = base + smoothing.level * error_base;
        self.slope = slope + smoothing.slope * error_base;
        match season {
            Season::None => return,
            Season::Additive => self.indices[self.at] += smoothing.season * error,
            Season::Multiplicative => self.indices[self.at] += smoothing.season * error / base,
        }
        self.at += 1;
        if self.at == self.indices.len() {
            self.at = 0;
        }
    }
}

/// A form with everything estimated; values are in the scale of the prepared series.
#[derive(Debug, Clone)]
pub(crate) struct Ets {
    pub(crate) form: Form,
    pub(crate) smoothing: Smoothing,
    /// After the last known value.
    state: State,
    /// One-step errors as a part (multiplicative) or in scale (additive), corrected for the number of parameters; NaN where
    /// unknown.
    pub(crate) residuals: Vec<f64>,
    pub(crate) aicc: f64,
    pub(crate) log_likelihood: f64,
}

const SMOOTHING_MIN: f64 = 1e-4;
/// φ as the R package forecast and statsforecast bound it: below it a trend is gone at once, above it never ends.
const DAMPING: (f64, f64) = (0.8, 0.98);
/// No seasonal index that multiplies, and no expected value under a multiplicative error, is below this part of the scale.
const POSITIVE_MIN: f64 = 1e-6;

/// Position of each parameter in the list that is estimated.
#[derive(Clone, Copy)]
struct Layout {
    form: Form,
    season: usize,
}

impl Layout {
    fn has_trend(self) -> bool {
        self.form.trend != Trend::None
    }
    fn has_season(self) -> bool {
        self.form.season != Season::None
    }
    /// α and the first level; β and the first slope; φ; γ and one index less than the season has steps.
    fn len(self) -> usize {
        let trend = match self.form.trend {
            Trend::None => 0,
            Trend::Additive => 2,
            Trend::Damped => 3,
        };
        2 + trend + if self.has_season() { self.season } else { 0 }
    }

    /// β is a part of α and γ a part of 1 - α, so that the usual region of the source is a box.
    fn smoothing(self, parameters: &[f64]) -> Smoothing {
        let alpha = parameters[0];
        let mut next = 2;
        let mut smoothing = Smoothing { level: alpha, slope: 0.0, season: 0.0, damping: 1.0 };
        if self.has_trend() {
            smoothing.slope = alpha * parameters[2];
            next = 4;
        }
        if self.form.trend == Trend::Damped {
            smoothing.damping = parameters[4];
            next = 5;
        }
        if self.has_season() {
            smoothing.season = (1.0 - alpha) * parameters[next];
        }
        smoothing
    }

    /// Sets the state at the first value. The last index is what makes them sum to 0, or have mean 1.
    fn start(self, parameters: &[f64], state: &mut State) {
        state.level = parameters[1];
        state.slope = if self.has_trend() { parameters[3] } else { 0.0 };
        state.at = 0;
        if self.has_season() {
            let first = self.len() - (self.season - 1);
            state.indices[..self.season - 1].copy_from_slice(&parameters[first..]);
            let sum: f64 = parameters[first..].iter().sum();
            state.indices[self.season - 1] = match self.form.season {
                Season::Multiplicative => count(self.season) - sum,
                Season::None | Season::Additive => -sum,
            };
        }
    }

    fn bounds(self) -> Vec<(f64, f64)> {
        let part = (SMOOTHING_MIN, 1.0 - SMOOTHING_MIN);
        let mut bounds = vec![part, (-1e6, 1e6)];
        if self.has_trend() {
            bounds.extend([part, (-1e6, 1e6)]);
        }
        if self.form.trend == Trend::Damped {
            bounds.push(DAMPING);
        }
        if self.has_season() {
            bounds.push(part);
            bounds.extend(vec![(-1e6, 1e6); self.season - 1]);
        }
        bounds
    }
}

/// The likelihood of a form as a sum of squares: with a multiplicative error, relative errors times the geometric mean of what
/// was expected, which has the same minimum.
struct Likelihood<'a> {
    layout: Layout,
    series: &'a Prepared,
    state: State,
}

impl<'a> Likelihood<'a> {
    fn new(layout: Layout, series: &'a Prepared) -> Self {
        let state = State { level: 0.0, slope: 0.0, indices: vec![0.0; layout.season], at: 0 };
        Self { layout, series, state }
    }
}

impl Problem for Likelihood<'_> {
    fn residuals(&mut self, parameters: &[f64], out: &mut [f64]) -> bool {
        let Form { errors, season, .. } = self.layout.form;
        let smoothing = self.layout.smoothing(parameters);
        self.layout.start(parameters, &mut self.state);
        if season == Season::Multiplicative && self.state.indices.iter().any(|index| *index < POSITIVE_MIN) {
            return false;
        }
        let mut product = 1.0;
        let mut logs = 0.0;
        for (value, residual) in self.series.y.iter().zip(out.iter_mut()) {
            let expected = self.state.expected(season, smoothing.damping);
            let error = if value.is_nan() { 0.0 } else { value - expected };
            self.state.advance(season, smoothing, error);
            *residual = error;
            if errors == Errors::Multiplicative {
                if expected < POSITIVE_MIN {
                    return false;
                }
                *residual = error / expected;
                if !value.is_nan() {
                    product *= expected;
                    if !(1e-100..1e100).contains(&product) {
                        logs += product.ln();
                        product = 1.0;
                    }
                }
            }
        }
        if errors == Errors::Multiplicative {
            let mean = ((logs + product.ln()) / count(self.series.known)).exp();
            out.iter_mut().for_each(|residual| *residual *= mean);
        }
        out.iter().sum::<f64>().is_finite()
    }

    fn is_admissible(&self, parameters: &[f64]) -> bool {
        let smoothing = self.layout.smoothing(parameters);
        !self.layout.has_season() || forgets(self.layout, smoothing)
    }
}

/// Whether an error in the starting values dies out, or at least never grows: the admissible region of the source, chapter 10.
/// For a form with a season the region has no closed shape, so it is tried: on a series of zeros, from a start that is wrong.
fn forgets(layout: Layout, smoothing: Smoothing) -> bool {
    let season = layout.season;
    let mut indices = vec![-1.0 / count(season); season];
    indices[0] += 1.0;
    let slope = if layout.has_trend() { 1.0 } else { 0.0 };
    let mut state = State { level: 1.0, slope, indices, at: 0 };
    let mut largest = |steps: usize| {
        (0..steps).fold(0.0, |most: f64, _| {
            let error = -state.expected(Season::Additive, smoothing.damping);
            state.advance(Season::Additive, smoothing, error);
            most.max(error.abs())
        })
    };
    largest(season);
    let early = largest(4 * season);
    let late = largest(4 * season);
    late <= early * (1.0 + 1e-9)
}

/// The form of lowest AICc among those the series allows; `None` when it has too few values for any.
///
/// Formula: AICc = -2 log L + 2k + 2k(k+1)/(n-k-1), k counting smoothing parameters, starting values and the variance.
///
/// Source: Hyndman et al. (2008), section 7.2; no additive error with a season that multiplies, and no trend that
/// multiplies: both have no finite variance or none that is stable (chapter 15).
pub(crate) fn select(series: &Prepared) -> Option<Ets> {
    let mut seasons = vec![Season::None];
    if series.has_seasons() {
        seasons.push(Season::Additive);
        if series.is_positive() {
            seasons.push(Season::Multiplicative);
        }
    }
    let mut best: Option<Ets> = None;
    for season in seasons {
        for trend in [Trend::None, Trend::Additive, Trend::Damped] {
            for errors in [Errors::Additive, Errors::Multiplicative] {
                if errors == Errors::Additive && season == Season::Multiplicative
                    || errors == Errors::Multiplicative && !series.is_positive()
                {
                    continue;
                }
                let found = estimate(series, Form { errors, trend, season }).filter(|found| stays(found, series));
                if let Some(found) = found
                    && best.as_ref().is_none_or(|best| found.aicc < best.aicc)
                {
                    best = Some(found);
                }
            }
        }
    }
    best
}

/// Whether in the two seasons to come the series moves no further out of its range than that range is wide.
fn stays(found: &Ets, series: &Prepared) -> bool {
    let (low, high) = series.range();
    let width = high - low;
    let mut state = found.state.clone();
    (0..2 * series.season.max(6)).all(|_| {
        let expected = found.step(&mut state, 0.0);
        expected >= low - width && expected <= high + width
    })
}

/// The form with the highest likelihood, in the region where old errors are forgotten.
pub(crate) fn estimate(series: &Prepared, form: Form) -> Option<Ets> {
    let layout = Layout { form, season: series.season };
    // What is estimated, and the variance.
    let parameters = count(layout.len() + 1);
    let known = count(series.known);
    if known - parameters - 1.0 < 1.0 || series.is_constant() {
        return None;
    }
    let start = start(series, layout);
    let mut likelihood = Likelihood::new(layout, series);
    let found = minimise(&mut likelihood, &start, &layout.bounds(), series.y.len())?;
    let minimum = found.sum_of_squares.max(1e-20 * known);
    let log_likelihood = -0.5 * known * ((minimum / known).ln() + std::f64::consts::TAU.ln() + 1.0);
    let aicc =
        -2.0 * log_likelihood + 2.0 * parameters + 2.0 * parameters * (parameters + 1.0) / (known - parameters - 1.0);
    let smoothing = layout.smoothing(&found.parameters);
    layout.start(&found.parameters, &mut likelihood.state);
    let mut ets = Ets { form, smoothing, state: likelihood.state, residuals: Vec::new(), aicc, log_likelihood };
    ets.residuals = ets.run(series, (known / (known - parameters + 1.0)).sqrt());
    Some(ets)
}

/// Where the search begins: indices by decomposition, a line through the first two seasons of what is left, and a cautious
/// smoothing.
fn start(series: &Prepared, layout: Layout) -> Vec<f64> {
    let (kind, indices) = indices(series, layout.form.season);
    let adjusted = |at: usize| match kind {
        Season::Multiplicative => series.filled[at] / indices[at % series.season],
        Season::None | Season::Additive => series.filled[at] - indices[at % series.season],
    };
    let length = series.y.len().min((2 * series.season).max(10));
    let middle = count(length - 1) / 2.0;
    let mean = (0..length).map(adjusted).sum::<f64>() / count(length);
    let spread: f64 = (0..length).map(|at| (count(at) - middle).powi(2)).sum();
    let slope = (0..length).map(|at| (count(at) - middle) * adjusted(at)).sum::<f64>() / spread.max(1.0);
    let mut start = vec![0.3];
    if layout.has_trend() {
        start.extend([mean - slope * (middle + 1.0), 0.1, slope]);
    } else {
        start.push(mean);
    }
    if layout.form.trend == Trend::Damped {
        start.push(0.95);
    }
    if layout.has_season() {
        start.push(0.1);
        let last = series.season - 1;
        // Positive values too small to be divided by have additive indices; a flat start is the honest one then.
        let fits = kind == layout.form.season;
        start.extend(indices[..last].iter().map(|index| if fits { *index } else { 1.0 }));
    }
    start
}

impl Ets {
    /// One step on from `state` with an error in the form's own kind; what the value becomes.
    fn step(&self, state: &mut State, error: f64) -> f64 {
        let expected = state.expected(self.form.season, self.smoothing.damping);
        let error = match self.form.errors {
            Errors::Additive => error,
            Errors::Multiplicative => error * expected,
        };
        state.advance(self.form.season, self.smoothing, error);
        expected + error
    }

    /// Runs through the series, leaving the state at its end; the one-step errors times `correction`.
    fn run(&mut self, series: &Prepared, correction: f64) -> Vec<f64> {
        let mut state = self.state.clone();
        let errors = series.y.iter().map(|value| {
            let expected = state.expected(self.form.season, self.smoothing.damping);
            let error = if value.is_nan() { 0.0 } else { value - expected };
            state.advance(self.form.season, self.smoothing, error);
            let part = match self.form.errors {
                Errors::Additive => error,
                Errors::Multiplicative => error / expected,
            };
            if value.is_nan() { f64::NAN } else { part * correction }
        });
        let residuals = errors.collect();
        self.state = state;
        residuals
    }

    /// The values after the series when the errors are `errors`.
    pub(crate) fn walk(&self, errors: impl Iterator<Item = f64>, out: &mut [f64]) {
        let mut state = self.state.clone();
        for (value, error) in out.iter_mut().zip(errors) {
            *value = self.step(&mut state, error);
        }
    }
}
