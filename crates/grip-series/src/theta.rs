//! Theta: a line and an exponentially smoothed curve, between them.
//!
//! Assimakopoulos, V. and Nikolopoulos, K. (2000), The theta model: a decomposition approach to forecasting, International
//! Journal of Forecasting 16(4), 521-530. As a state space, with θ estimated and the line following the series: Fiorucci, J.
//! A., Pellegrini, T. R., Louzada, F., Petropoulos, F. and Koehler, A. B. (2016), Models for optimising the theta method and
//! their relationship to state space models, International Journal of Forecasting 32(4), 1151-1161.

use crate::least_squares::{Problem, minimise};
use crate::season::{Season, indices, is_seasonal};
use crate::series::{Prepared, count};

/// Which member of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThetaForm {
    /// θ = 2 and one line through the whole series: the method of 2000.
    Standard,
    /// θ estimated.
    Optimised,
    /// θ = 2, and the line that the values so far would give.
    Dynamic,
    /// θ estimated, and the line that the values so far would give.
    DynamicOptimised,
}

impl ThetaForm {
    const ALL: [Self; 4] = [Self::Standard, Self::Optimised, Self::Dynamic, Self::DynamicOptimised];

    fn is_dynamic(self) -> bool {
        matches!(self, Self::Dynamic | Self::DynamicOptimised)
    }

    fn is_optimised(self) -> bool {
        matches!(self, Self::Optimised | Self::DynamicOptimised)
    }

    /// In the abbreviation of the source: `DOTM`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "STM",
            Self::Optimised => "OTM",
            Self::Dynamic => "DSTM",
            Self::DynamicOptimised => "DOTM",
        }
    }
}

/// Level, the line `intercept + slope · t`, the mean so far, and how many values were seen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct State {
    level: f64,
    intercept: f64,
    slope: f64,
    mean: f64,
    seen: f64,
    /// (1 - α) to the power of `seen`.
    decay: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) alpha: f64,
    /// 1 - 1/θ: the weight of the line's part.
    pub(crate) weight: f64,
    is_dynamic: bool,
}

impl State {
    /// μ(t) = ℓ(t-1) + (1 - 1/θ) · ((1-α)^(t-1) · A + (1 - (1-α)^t)/α · B)
    fn expected(&self, parameters: Parameters) -> f64 {
        let Parameters { alpha, weight, .. } = parameters;
        let drift = (1.0 - self.decay * (1.0 - alpha)) / alpha;
        self.level + weight * (self.decay * self.intercept + drift * self.slope)
    }

    /// ℓ(t) = α·y + (1-α)·ℓ(t-1); the line by recursion, which is least squares on the values so far.
    fn advance(&mut self, parameters: Parameters, value: f64) {
        self.level += parameters.alpha * (value - self.level);
        self.decay *= 1.0 - parameters.alpha;
        self.seen += 1.0;
        if parameters.is_dynamic {
            let (t, before) = (self.seen, self.mean);
            self.mean += (value - before) / t;
            self.slope = ((t - 2.0) * self.slope + 6.0 / t * (value - before)) / (t + 1.0);
            if t < 2.0 {
                self.slope = 0.0;
            }
            self.intercept = self.mean - self.slope * (t + 1.0) / 2.0;
        }
    }
}

/// A form with everything estimated; values are in the scale of the prepared series.
#[derive(Debug, Clone)]
pub(crate) struct Theta {
    pub(crate) form: ThetaForm,
    pub(crate) adjustment: Season,
    /// One per step of the season, of which `next` comes next.
    indices: Vec<f64>,
    next: usize,
    pub(crate) parameters: Parameters,
    state: State,
    /// One-step errors of the adjusted series, corrected for the number of parameters; NaN where unknown.
    pub(crate) residuals: Vec<f64>,
    mean_square: f64,
}

/// The first values have hardly a line yet: their errors say nothing about a dynamic form.
const LEARNING: usize = 3;
/// As the source has it for α; and θ up to 1000.
const BOUNDS: [(f64, f64); 3] = [(0.05, 0.99), (-1e6, 1e6), (0.0, 0.999)];

struct Squares<'a> {
    y: &'a [f64],
    start: State,
    form: ThetaForm,
}

impl Squares<'_> {
    fn read(&self, parameters: &[f64]) -> (Parameters, State) {
        let weight = if self.form.is_optimised() { parameters[2] } else { 0.5 };
        let mut state = self.start;
        state.level = parameters[1];
        (Parameters { alpha: parameters[0], weight, is_dynamic: self.form.is_dynamic() }, state)
    }
}

impl Problem for Squares<'_> {
    fn residuals(&mut self, parameters: &[f64], out: &mut [f64]) -> bool {
        let (parameters, mut state) = self.read(parameters);
        for (at, (value, residual)) in self.y.iter().zip(out).enumerate() {
            let expected = state.expected(parameters);
            let value = if value.is_nan() { expected } else { *value };
            *residual = if at < LEARNING { 0.0 } else { value - expected };
            state.advance(parameters, value);
        }
        state.level.is_finite()
    }
    fn is_admissible(&self, _: &[f64]) -> bool {
        true
    }
}

/// The form with the smallest mean square error; `None` when there are too few values.
pub(crate) fn select(series: &Prepared) -> Option<Theta> {
    let found = ThetaForm::ALL.into_iter().filter_map(|form| estimate(series, form));
    found.min_by(|one, other| one.mean_square.total_cmp(&other.mean_square))
}

/// The form with the smallest mean square error, after adjustment for the season where a test finds one.
pub(crate) fn estimate(series: &Prepared, form: ThetaForm) -> Option<Theta> {
    let known = count(series.known);
    let free = if form.is_optimised() { 3 } else { 2 };
    if series.known < LEARNING + free + 2 || series.is_constant() {
        return None;
    }
    let wanted = if is_seasonal(series) { Season::Multiplicative } else { Season::None };
    let (adjustment, indices) = indices(series, wanted);
    let adjusted: Vec<f64> = series
        .y
        .iter()
        .enumerate()
        .map(|(at, value)| unseason(adjustment, indices[at % series.season], *value))
        .collect();
    let start = if form.is_dynamic() { State { decay: 1.0, ..EMPTY } } else { line(&adjusted) };
    let first = adjusted.first().copied()?;
    let mut squares = Squares { y: &adjusted, start, form };
    let begin = [0.5, first / 2.0, 0.5];
    let found = minimise(&mut squares, &begin[..free], &BOUNDS[..free], adjusted.len())?;
    let (parameters, mut state) = squares.read(&found.parameters);
    let correction = (known / (known - count(free))).sqrt();
    let mut residuals = vec![0.0; adjusted.len()];
    for (at, (value, residual)) in adjusted.iter().zip(&mut residuals).enumerate() {
        let expected = state.expected(parameters);
        *residual = if at < LEARNING { f64::NAN } else { (value - expected) * correction };
        state.advance(parameters, if value.is_nan() { expected } else { *value });
    }
    let mean_square = found.sum_of_squares / known;
    let next = adjusted.len() % series.season;
    Some(Theta { form, adjustment, indices, next, parameters, state, residuals, mean_square })
}

const EMPTY: State = State { level: 0.0, intercept: 0.0, slope: 0.0, mean: 0.0, seen: 0.0, decay: 1.0 };

/// The line of least squares through what is known, over t = 1, 2, ….
fn line(y: &[f64]) -> State {
    let known: Vec<(f64, f64)> = y
        .iter()
        .enumerate()
        .filter(|(_, value)| value.is_finite())
        .map(|(at, value)| (count(at + 1), *value))
        .collect();
    let number = count(known.len());
    let (time, mean) = (
        known.iter().map(|(time, _)| time).sum::<f64>() / number,
        known.iter().map(|(_, value)| value).sum::<f64>() / number,
    );
    let spread: f64 = known.iter().map(|(at, _)| (at - time).powi(2)).sum();
    let slope = known.iter().map(|(at, value)| (at - time) * (value - mean)).sum::<f64>() / spread.max(1.0);
    State { intercept: mean - slope * time, slope, ..EMPTY }
}

fn unseason(adjustment: Season, index: f64, value: f64) -> f64 {
    match adjustment {
        Season::None => value,
        Season::Additive => value - index,
        Season::Multiplicative => value / index,
    }
}

impl Theta {
    /// The values after the series when the errors are `errors`.
    pub(crate) fn walk(&self, errors: impl Iterator<Item = f64>, out: &mut [f64]) {
        let mut state = self.state;
        let mut season = self.indices.iter().cycle().skip(self.next);
        for (value, error) in out.iter_mut().zip(errors) {
            let adjusted = state.expected(self.parameters) + error;
            state.advance(self.parameters, adjusted);
            let index = season.next().copied().unwrap_or(0.0);
            *value = match self.adjustment {
                Season::None => adjusted,
                Season::Additive => adjusted + index,
                Season::Multiplicative => adjusted * index,
            };
        }
    }
}
