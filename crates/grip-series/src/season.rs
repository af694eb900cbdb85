//! Whether a series has seasons, and which.

use crate::series::{Prepared, Series, count};

/// How a seasonal pattern works on the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// No pattern.
    None,
    /// So much is added every month of a kind.
    Additive,
    /// The level is multiplied by so much.
    Multiplicative,
}

/// Standard normal value with 90 % between it and its negative.
const NORMAL_90: f64 = 1.645;
/// Indices below this make a division meaningless.
const INDEX_MIN: f64 = 0.01;

/// Whether the autocorrelation at one season differs from zero at 90 %, given those at shorter lags.
///
/// Formula: |r(m)| > 1.645 · √((1 + 2 Σ r(i)², i < m) / n)
///
/// Source: Bartlett's variance, as Fiorucci et al. (2016), International Journal of Forecasting 32(4), 1151-1161,
/// and Assimakopoulos and Nikolopoulos (2000) before them use it to decide on adjustment.
pub(crate) fn is_seasonal(series: &Prepared) -> bool {
    if !series.has_seasons() || series.is_constant() {
        return false;
    }
    let y = &series.filled;
    let mean = y.iter().sum::<f64>() / count(y.len());
    let product = |lag: usize| y[lag..].iter().zip(y).map(|(late, early)| (late - mean) * (early - mean)).sum::<f64>();
    let variance = product(0);
    let earlier: f64 = (1..series.season).map(|lag| (product(lag) / variance).powi(2)).sum();
    let limit = NORMAL_90 * ((1.0 + 2.0 * earlier) / count(y.len())).sqrt();
    (product(series.season) / variance).abs() > limit
}

/// One index per step of the season, starting with the first value: the classical decomposition by a centred moving average.
/// Additive ones sum to 0, multiplicative ones have mean 1. Multiplicative where that can be, if that is asked.
pub(crate) fn indices(series: &Prepared, wanted: Season) -> (Season, Vec<f64>) {
    let season = series.season;
    if wanted == Season::None || !series.has_seasons() {
        return (Season::None, vec![0.0; season]);
    }
    if wanted == Season::Multiplicative && series.is_positive() {
        let found = averages(series, |value, level| value / level);
        let mean = found.iter().sum::<f64>() / count(season);
        let found: Vec<f64> = found.iter().map(|index| index / mean).collect();
        if found.iter().all(|index| *index > INDEX_MIN) {
            return (Season::Multiplicative, found);
        }
    }
    let found = averages(series, |value, level| value - level);
    let mean = found.iter().sum::<f64>() / count(season);
    (Season::Additive, found.iter().map(|index| index - mean).collect())
}

/// The series without its season, where it shows one over at least two: the additive indices of the classical decomposition off.
pub(crate) fn without(series: Series<'_>) -> Vec<Option<f64>> {
    let prepared = Prepared::of(series);
    if !is_seasonal(&prepared) {
        return series.values.to_vec();
    }
    let (_, indices) = indices(&prepared, Season::Additive);
    let first = series.values.len() - prepared.trailing - prepared.y.len();
    let index = |at: usize| indices[(at + prepared.season - first % prepared.season) % prepared.season];
    let less = |(at, value): (usize, &Option<f64>)| value.map(|value| value - prepared.scale * index(at));
    series.values.iter().enumerate().map(less).collect()
}

/// The mean of `compare` with the moving average, for every step of the season.
fn averages(series: &Prepared, compare: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let (y, season) = (&series.filled, series.season);
    let mut sums = vec![0.0_f64; season];
    let mut numbers = vec![0.0_f64; season];
    let half = season / 2;
    for middle in half..y.len() - half {
        let level = if season.is_multiple_of(2) {
            let inner: f64 = y[middle + 1 - half..middle + half].iter().sum();
            (inner + f64::midpoint(y[middle - half], y[middle + half])) / count(season)
        } else {
            y[middle - half..=middle + half].iter().sum::<f64>() / count(season)
        };
        sums[middle % season] += compare(y[middle], level);
        numbers[middle % season] += 1.0;
    }
    sums.iter().zip(numbers).map(|(sum, number)| sum / number.max(1.0)).collect()
}
