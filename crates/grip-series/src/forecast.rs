//! The default: the mean of three models, with paths calibrated on the past.

use crate::calibration::{Calibration, Record, apply, record, window};
use crate::fitted::{Model, fit};
use crate::paths::Paths;
use crate::series::Series;

/// What a forecast is made with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// No path and no mean goes below this: `Some(0.0)` for what can't be negative.
    pub floor: Option<f64>,
    /// Number of paths; quantiles are as fine as this allows.
    pub paths: usize,
    /// The same seed gives the same paths, on any number of threads.
    pub seed: u64,
}

impl Options {
    /// Counts and amounts that can't be negative.
    pub const COUNTS: Self = Self { floor: Some(0.0), paths: 1000, seed: 0 };
    /// Balances and other figures of either sign.
    pub const SIGNED: Self = Self { floor: None, paths: 1000, seed: 0 };
}

/// What the spread of a forecast rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// There is no known value: the forecast is 0 and says nothing.
    Nothing,
    /// Too few values for a model: their level, and a wide guess.
    Level,
    /// The model's own idea of its errors: there is no past to check it on.
    Model,
    /// Errors of other series.
    Portfolio,
    /// Errors of the series itself, from so many origins, together with those of a portfolio if there is one.
    OwnRecord(usize),
}

/// What may come.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The expected value per month.
    pub mean: Vec<f64>,
    /// Possible futures. Months and sums of them are spread as the past promises.
    pub paths: Paths,
    /// The models whose mean it is, in the notation of their sources.
    pub models: Vec<String>,
    /// What the spread rests on.
    pub basis: Basis,
}

/// Forecasts the months after the last of `series`, with what the series' own past and, if given, a portfolio say about errors.
pub fn forecast(series: Series<'_>, horizon: usize, options: &Options, portfolio: Option<&Calibration>) -> Forecast {
    forecast_with(series, horizon, options, portfolio, &record(series))
}

/// The same with a record that was made before, as when a portfolio was calibrated.
pub fn forecast_with(
    series: Series<'_>,
    horizon: usize,
    options: &Options,
    portfolio: Option<&Calibration>,
    own: &Record,
) -> Forecast {
    let fitted = fit(series, Model::Mean);
    // A whole season is simulated always, because that is what ties the months together.
    let steps = horizon.max(window(fitted.season()));
    let mut mean = fitted.mean(steps);
    let mut paths = fitted.paths(steps, options.paths, options.seed);
    apply(&mut paths, &fitted, own, portfolio, options.seed);
    mean.truncate(horizon);
    let mut values: Vec<f64> = paths.iter().flat_map(|path| path[..horizon].iter().copied()).collect();
    if let Some(floor) = options.floor {
        values.iter_mut().chain(&mut mean).for_each(|value| *value = value.max(floor));
    }
    let models = fitted.names();
    let basis = match (fitted.known(), own.origins(), portfolio) {
        (0, _, _) => Basis::Nothing,
        (_, origins @ 1.., _) => Basis::OwnRecord(origins),
        (_, 0, Some(_)) => Basis::Portfolio,
        (_, 0, None) if models == ["Level"] => Basis::Level,
        (_, 0, None) => Basis::Model,
    };
    Forecast { mean, paths: Paths::new(horizon, values), models, basis }
}
