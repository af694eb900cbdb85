//! Whether one series follows another, as a policy theory says it should. Never a proof.
//!
//! Correlation per lag of what is left when trend and season are taken out. Its variance by Bartlett (1946), Journal of the Royal
//! Statistical Society, Supplement 8, 27-41, as an effective number of values (Pyper, B. J. and Peterman, R. M. 1998, Canadian Journal
//! of Fisheries and Aquatic Sciences 55, 2127-2140); interval by Fisher's z; chances over all lags by Holm (1979).

use super::{Error, Interval, count, mean};
use crate::normal::{two_sided, upper_tail};
use crate::survival::holm;

/// Fewer pairs say nothing.
pub const PAIRS_MIN: usize = 10;

/// How trend and season are taken out of both series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preparation {
    /// The change since the value so many places before: 1 for yearly values, 12 for months.
    Differences(usize),
    /// What is left beside a straight line, and beside the mean of each place in a season of so many (1 for none).
    Detrended(usize),
}

/// What the theory says of the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// More of the one, more of the other.
    Positive,
    /// More of the one, less of the other.
    Negative,
}

/// What the data says of the theory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// At some lag they go together as the theory says, and at none against it.
    Consistent,
    /// At some lag they go together the other way, and at none as it says.
    Against,
    /// Neither, or both.
    NotToBeTold,
}

/// One lag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Places that the second series comes after the first.
    pub lag: usize,
    /// Their correlation.
    pub correlation: f64,
    /// Its bounds at the level asked for, for this lag alone.
    pub interval: Interval,
    /// Chance of a correlation at least as large if there were none, raised for looking at all lags.
    pub chance: f64,
    /// Pairs of values.
    pub pairs: usize,
    /// Independent pairs that would say as much.
    pub pairs_effective: f64,
}

/// All lags and the verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Association {
    /// From lag zero on.
    pub lags: Vec<Lag>,
    /// By the chances against `1 − level`.
    pub verdict: Verdict,
}

/// Lagged association of two series over the same periods; unknown values are `None`.
///
/// # Errors
///
/// * [`Error::UnequalLengths`]; [`Error::TooFewValues`]: fewer than ten pairs at the longest lag.
/// * [`Error::NoVariation`]: nothing is left of a series. [`Error::Setting`]: a step of zero, or a level outside 0 to 1.
pub fn association(
    first: &[Option<f64>],
    second: &[Option<f64>],
    lag_max: usize,
    preparation: Preparation,
    expected: Expected,
    level: f64,
) -> Result<Association, Error> {
    if first.len() != second.len() {
        return Err(Error::UnequalLengths { needed: first.len(), given: second.len() });
    }
    let step = match preparation {
        Preparation::Differences(step) | Preparation::Detrended(step) => step,
    };
    if step == 0 || !(level > 0.0 && level < 1.0) {
        return Err(Error::Setting);
    }
    let (first, second) = (prepared(first, preparation)?, prepared(second, preparation)?);
    let mut lags = (0..=lag_max).map(|lag| one_lag(&first, &second, lag, level)).collect::<Result<Vec<_>, _>>()?;
    let chances = holm(&lags.iter().map(|lag| lag.chance).collect::<Vec<_>>());
    lags.iter_mut().zip(chances).for_each(|(lag, chance)| lag.chance = chance);
    let shown = |sign: f64| lags.iter().any(|lag| lag.chance < 1.0 - level && lag.correlation * sign > 0.0);
    let sign = if expected == Expected::Positive { 1.0 } else { -1.0 };
    let verdict = match (shown(sign), shown(-sign)) {
        (true, false) => Verdict::Consistent,
        (false, true) => Verdict::Against,
        (true, true) | (false, false) => Verdict::NotToBeTold,
    };
    Ok(Association { lags, verdict })
}

fn prepared(values: &[Option<f64>], preparation: Preparation) -> Result<Vec<Option<f64>>, Error> {
    let known = |at: usize| values[at].filter(|value| value.is_finite());
    let left: Vec<Option<f64>> = match preparation {
        Preparation::Differences(step) => {
            (0..values.len()).map(|at| Some(known(at)? - known(at.checked_sub(step)?)?)).collect()
        }
        Preparation::Detrended(season) => {
            // A line within the places of the season, so that an uneven number of years does not tilt it.
            let centre = |of: &dyn Fn(usize) -> Option<f64>| -> Vec<Option<f64>> {
                let means: Vec<f64> = (0..season)
                    .map(|place| mean(&(place..values.len()).step_by(season).filter_map(of).collect::<Vec<_>>()))
                    .collect();
                (0..values.len()).map(|at| Some(of(at)? - means[at % season])).collect()
            };
            let level = centre(&known);
            let time = centre(&|at| known(at).map(|_| count(at)));
            let products = |other: &[Option<f64>]| -> f64 {
                time.iter().zip(other).filter_map(|(time, other)| Some((*time)? * (*other)?)).sum()
            };
            let spread = products(&time);
            let slope = if spread > 0.0 { products(&level) / spread } else { 0.0 };
            level.iter().zip(&time).map(|(level, time)| Some((*level)? - slope * (*time)?)).collect()
        }
    };
    let sum = |values: &[Option<f64>]| -> f64 { values.iter().flatten().map(|value| value * value).sum() };
    let rest: Vec<f64> = left.iter().flatten().copied().collect();
    let middle = if rest.is_empty() { 0.0 } else { mean(&rest) };
    let spread: f64 = rest.iter().map(|value| (value - middle).powi(2)).sum();
    if rest.len() >= 2 && spread <= 1e-20 * sum(values) {
        return Err(Error::NoVariation);
    }
    Ok(left.iter().map(|value| value.map(|value| value - middle)).collect())
}

fn one_lag(first: &[Option<f64>], second: &[Option<f64>], lag: usize, level: f64) -> Result<Lag, Error> {
    let pairs: Vec<(f64, f64)> =
        first.iter().zip(second.iter().skip(lag)).filter_map(|(x, y)| Some(((*x)?, (*y)?))).collect();
    let number = pairs.len();
    if number < PAIRS_MIN {
        return Err(Error::TooFewValues { needed: PAIRS_MIN, given: number });
    }
    told(lag, &pairs, effective(first, second, number), level)
}

/// Whether two things go together over units that do not hang together, such as municipalities: `Lag::lag` is zero.
///
/// # Errors
///
/// * [`Error::TooFewValues`]: fewer than ten pairs. [`Error::NoVariation`]: one of the two is the same everywhere.
/// * [`Error::Setting`]: a level outside 0 to 1.
pub fn across(pairs: &[(f64, f64)], level: f64) -> Result<Lag, Error> {
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::Setting);
    }
    if pairs.len() < PAIRS_MIN {
        return Err(Error::TooFewValues { needed: PAIRS_MIN, given: pairs.len() });
    }
    told(0, pairs, count(pairs.len()), level)
}

fn told(lag: usize, pairs: &[(f64, f64)], pairs_effective: f64, level: f64) -> Result<Lag, Error> {
    let correlation = correlation(pairs).ok_or(Error::NoVariation)?;
    let spread = 1.0 / (pairs_effective - 3.0).max(1.0).sqrt();
    let middle = correlation.clamp(-0.999_999, 0.999_999).atanh();
    let margin = two_sided(level) * spread;
    let interval = Interval { low: (middle - margin).tanh(), high: (middle + margin).tanh() };
    let chance = (2.0 * upper_tail(middle.abs() / spread)).min(1.0);
    Ok(Lag { lag, correlation, interval, chance, pairs: pairs.len(), pairs_effective })
}

fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let number = count(pairs.len());
    let (x, y) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / number, sum.1 + pair.1 / number));
    let products = pairs.iter().fold([0.0; 3], |[xx, xy, yy], pair| {
        let (left, right) = (pair.0 - x, pair.1 - y);
        [xx + left * left, xy + left * right, yy + right * right]
    });
    let squares = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 * pair.0, sum.1 + pair.1 * pair.1));
    let varies = products[0] > 1e-20 * squares.0 && products[2] > 1e-20 * squares.1;
    let spread = (products[0] * products[2]).sqrt();
    varies.then(|| (products[1] / spread).clamp(-1.0, 1.0))
}

/// `n / (1 + 2 Σ (1 − k/n) ρx(k) ρy(k))` over lags to a fifth of the series, between 4 and `n`.
fn effective(first: &[Option<f64>], second: &[Option<f64>], pairs: usize) -> f64 {
    let number = count(pairs);
    let own = |values: &[Option<f64>], lag: usize| -> f64 {
        let products = |lag: usize| -> (f64, f64) {
            let both = values.iter().zip(values.iter().skip(lag)).filter_map(|(a, b)| Some((*a)? * (*b)?));
            both.fold((0.0, 0.0), |(sum, known), product| (sum + product, known + 1.0))
        };
        let (whole, (part, known)) = (products(0), products(lag));
        if known > 0.0 && whole.0 > 0.0 { (part / known) / (whole.0 / whole.1) } else { 0.0 }
    };
    let sum: f64 = (1..=pairs / 5).map(|lag| (1.0 - count(lag) / number) * own(first, lag) * own(second, lag)).sum();
    (number / (1.0 + 2.0 * sum).max(1.0)).max(4.0)
}
