use crate::{Links, Triangle};

/// A standardised residual of one step of one origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Residual {
    /// Row, counted from 0, oldest first.
    pub origin: usize,
    /// The age from which the step leads.
    pub age: usize,
    /// The valuation at which its end became known, in units of the grain.
    pub valuation: usize,
    /// How many σ the value lies above what the factor says.
    pub value: f64,
}

/// Standardised residuals of every step that is known.
///
/// # Formula
/// `(y - f x) / (σ x^(e/2))` with the average's `e`; steps from a value at or below zero, or at an age with σ zero, have
/// none.
/// # Source
/// Mack, T. (1994), Measuring the variability of chain ladder reserve estimates, CAS Forum, spring 1994, p. 123.
#[must_use]
pub fn residuals(triangle: &Triangle, links: &Links) -> Vec<Residual> {
    let mut found = Vec::new();
    for origin in 0..triangle.origins() {
        let steps = triangle.row(origin).windows(2).zip(links.development.factors().iter().zip(&links.sigma));
        for (age, (step, (factor, sigma))) in steps.enumerate() {
            let &[from, to] = step else { continue };
            let value = (to - factor * from) / (sigma * links.average.variance_power(from).sqrt());
            if from > 0.0 && *sigma > 0.0 && !value.is_nan() {
                let valuation = triangle.grain().valuation(origin, age + 1);
                found.push(Residual { origin, age, valuation, value });
            }
        }
    }
    found
}

/// Result of [`calendar_test`].
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarTest {
    /// Sum over diagonals of the lesser of how many ratios are high and how many are low.
    pub statistic: f64,
    /// What it is on average without calendar effects.
    pub expected: f64,
    /// Its standard deviation without calendar effects.
    pub deviation: f64,
    /// Per valuation: how many ratios that lead to it are below the median of their age, and how many above.
    pub diagonals: Vec<(usize, u32, u32)>,
}

impl CalendarTest {
    /// Whether the statistic lies within two standard deviations: no sign of a calendar effect, at about 95 %.
    #[must_use]
    pub fn passes(&self) -> bool {
        (self.statistic - self.expected).abs() <= 2.0 * self.deviation
    }
}

/// Mack's test for calendar effects: does some diagonal have mostly high, or mostly low, link ratios?
///
/// # Formula
/// Each ratio is above or below the median of its age (on it, it does not count). Of a diagonal with `S` below, `L` above
/// and `n = S + L`, `Z = min(S, L)`, `m = ⌊(n-1)/2⌋`, `c = C(n-1, m) / 2ⁿ`: `E = n/2 - c n`,
/// `Var = n(n-1)/4 - c n(n-1) + E - E²`. Statistic, mean and variance are added over diagonals.
/// # Source
/// Mack, T. (1994), Measuring the variability of chain ladder reserve estimates, CAS Forum, spring 1994, appendix H,
/// pp. 153–157.
#[must_use]
pub fn calendar_test(triangle: &Triangle) -> CalendarTest {
    let mut diagonals: std::collections::BTreeMap<usize, (u32, u32)> = std::collections::BTreeMap::new();
    for age in 0..triangle.ages() - 1 {
        let ratios = ratios(triangle, age);
        let mut sorted: Vec<f64> = ratios.iter().map(|(_, ratio)| *ratio).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let median = crate::bootstrap::quantile_of_sorted(&sorted, 0.5);
        for (origin, ratio) in ratios {
            let counts = diagonals.entry(triangle.grain().valuation(origin, age + 1)).or_default();
            counts.0 += u32::from(ratio < median);
            counts.1 += u32::from(ratio > median);
        }
    }
    let mut test = CalendarTest { statistic: 0.0, expected: 0.0, deviation: 0.0, diagonals: Vec::new() };
    let mut variance = 0.0;
    for (valuation, (low, high)) in diagonals {
        test.diagonals.push((valuation, low, high));
        let count = low + high;
        if count == 0 {
            continue;
        }
        let n = f64::from(count);
        let chance = central_chance(count);
        let expected = n / 2.0 - chance * n;
        test.statistic += f64::from(low.min(high));
        test.expected += expected;
        variance += n * (n - 1.0) / 4.0 - chance * n * (n - 1.0) + expected - expected * expected;
    }
    test.deviation = variance.max(0.0).sqrt();
    test
}

/// `C(n-1, ⌊(n-1)/2⌋) / 2ⁿ`.
fn central_chance(count: u32) -> f64 {
    let chosen = (count - 1) / 2;
    let product: f64 = (1..=chosen).map(|i| f64::from(count - 1 - chosen + i) / f64::from(i) / 4.0).product();
    // Two halves of each step were taken already.
    product * 0.5_f64.powi(i32::try_from(count - 2 * chosen).unwrap_or(0))
}

/// Link ratios at one age, with their origins.
fn ratios(triangle: &Triangle, age: usize) -> Vec<(usize, f64)> {
    (0..triangle.origins())
        .filter_map(|origin| Some((origin, triangle.value(origin, age + 1)? / triangle.value(origin, age)?)))
        .filter(|(_, ratio)| ratio.is_finite())
        .collect()
}

/// Result of [`correlation_test`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CorrelationTest {
    /// Weighted mean of rank correlations between the ratios of subsequent ages.
    pub statistic: f64,
    /// Its standard deviation when they are independent; the mean is then 0.
    pub deviation: f64,
}

impl CorrelationTest {
    /// Whether the statistic lies in the middle half of what chance gives, `±0.67` standard deviations. The test is strict
    /// on purpose: it warns early, and a triangle that fails it is not by that wrong.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.statistic.abs() <= 0.67 * self.deviation
    }
}

/// Mack's test for correlation of subsequent factors: is a high ratio followed by a low one, or again by a high one?
///
/// # Formula
/// `T[k]` is Spearman's rank correlation of the ratios at age `k` and at age `k-1` of the `n[k]` origins that have both;
/// `T = Σ (n[k]-1) T[k] / Σ (n[k]-1)` with variance `1 / Σ (n[k]-1)`. Equal ratios share the mean of their ranks. `None`
/// when no two ages have two origins in common.
/// # Source
/// Mack, T. (1994), Measuring the variability of chain ladder reserve estimates, CAS Forum, spring 1994, appendix G,
/// pp. 147–152.
#[must_use]
pub fn correlation_test(triangle: &Triangle) -> Option<CorrelationTest> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for age in 1..triangle.ages() - 1 {
        let before = ratios(triangle, age - 1);
        let both: Vec<(f64, f64)> = ratios(triangle, age)
            .into_iter()
            .filter_map(|(origin, ratio)| Some((before.iter().find(|(other, _)| *other == origin)?.1, ratio)))
            .collect();
        if both.len() < 2 {
            continue;
        }
        let n = f64::from(u32::try_from(both.len()).ok()?);
        let first = ranks(&both.iter().map(|pair| pair.0).collect::<Vec<_>>());
        let second = ranks(&both.iter().map(|pair| pair.1).collect::<Vec<_>>());
        let squares: f64 = first.iter().zip(&second).map(|(a, b)| (a - b).powi(2)).sum();
        sum += (n - 1.0) * (1.0 - 6.0 * squares / (n * n * n - n));
        weights += n - 1.0;
    }
    (weights > 0.0).then(|| CorrelationTest { statistic: sum / weights, deviation: 1.0 / weights.sqrt() })
}

fn ranks(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|value| {
            let (below, equal) = values.iter().fold((0.0, 0.0), |(below, equal), other| {
                let order = other.total_cmp(value);
                (below + f64::from(u8::from(order.is_lt())), equal + f64::from(u8::from(order.is_eq())))
            });
            below + (equal + 1.0) / 2.0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_of_the_middle() {
        for (count, expected) in [(1, 0.5), (2, 0.25), (3, 0.25), (5, 6.0 / 32.0), (6, 10.0 / 64.0)] {
            assert!((central_chance(count) - expected).abs() < 1e-15, "{count}");
        }
    }

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0]), [2.5, 1.0, 2.5]);
    }
}
