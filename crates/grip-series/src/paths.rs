//! Many possible futures of one series, and what they say of a month or of a sum.

use std::ops::Range;

use crate::series::count;

/// Possible futures: rows are paths, columns the months after the series. Months of one path belong together, so that a sum
/// over a path is a possible sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Paths {
    horizon: usize,
    values: Vec<f64>,
}

impl Paths {
    pub(crate) fn new(horizon: usize, values: Vec<f64>) -> Self {
        Self { horizon, values }
    }

    /// How many months each path has.
    pub fn horizon(&self) -> usize {
        self.horizon
    }

    /// The paths, each of `horizon` values.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.horizon.max(1))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.values.chunks_exact_mut(self.horizon.max(1))
    }

    /// Of one figure over the paths.
    pub(crate) fn root_mean_square(&self, figure: impl Fn(&[f64]) -> f64) -> f64 {
        let squares = self.iter().map(|path| figure(path).powi(2));
        let number = count(self.values.len() / self.horizon.max(1)).max(1.0);
        f64::sqrt(squares.sum::<f64>() / number)
    }

    /// One figure of every path, from low to high: what `quantile` reads.
    pub fn sorted(&self, figure: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        let mut figures: Vec<f64> = self.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures
    }

    /// The value below which a part `level` (0 to 1) of the paths lies in one month, counted from 0; 0 outside the horizon.
    pub fn month(&self, month: usize, level: f64) -> f64 {
        quantile(&self.sorted(|path| path.get(month).copied().unwrap_or(0.0)), level)
    }

    /// The value below which a part `level` of the paths has its sum over some months; those outside the horizon add nothing.
    pub fn sum(&self, months: Range<usize>, level: f64) -> f64 {
        quantile(&self.sorted(|path| total(path, &months)), level)
    }
}

pub(crate) fn total(path: &[f64], months: &Range<usize>) -> f64 {
    path.iter().take(months.end).skip(months.start).sum()
}

/// The value below which a part `level` lies, on the line between the two nearest; 0 of nothing.
///
/// Source: Definition 7 of Hyndman and Fan (1996), The American Statistician 50(4), 361-365.
pub fn quantile(sorted: &[f64], level: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = level.clamp(0.0, 1.0) * count(last);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a length")]
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - count(below)) * (sorted[above] - sorted[below])
}

/// The same over values with weights, sorted by value.
pub(crate) fn weighted_quantile(sorted: &[(f64, f64)], level: f64) -> f64 {
    let all: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let mut passed = 0.0;
    let mut before: Option<(f64, f64)> = None;
    for (value, weight) in sorted {
        // Each value stands in the middle of its weight.
        let place = (passed + weight / 2.0) / all;
        if place >= level {
            return before.map_or(*value, |(place_before, value_before)| {
                value_before + (value - value_before) * (level - place_before) / (place - place_before)
            });
        }
        before = Some((place, *value));
        passed += weight;
    }
    before.map_or(0.0, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first worked example of `docs/methods/time-series.md`.
    #[test]
    fn bounds_of_months_do_not_add_up_to_the_bound_of_the_sum() {
        let paths = Paths::new(2, vec![1.0, 6.0, 3.0, 4.0, 5.0, 2.0]);
        assert!((paths.month(0, 0.8) - 4.2).abs() < 1e-12 && (paths.month(1, 0.8) - 5.2).abs() < 1e-12);
        assert!((paths.sum(0..2, 0.8) - 7.0).abs() < 1e-12 && (paths.sum(0..2, 0.1) - 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_weighted_quantile_lies_between_values_by_their_weight() {
        // Places of the values: 0.25 and 0.75 of all weight.
        let even = [(10.0, 1.0), (20.0, 1.0)];
        assert!((weighted_quantile(&even, 0.5) - 15.0).abs() < 1e-12);
        assert!(
            (weighted_quantile(&even, 0.1) - 10.0).abs() < 1e-12
                && (weighted_quantile(&even, 0.9) - 20.0).abs() < 1e-12
        );
        // Places 1/8 and 5/8: half is at three quarters of the way.
        let uneven = [(10.0, 1.0), (20.0, 3.0)];
        assert!((weighted_quantile(&uneven, 0.5) - 17.5).abs() < 1e-12);
    }
}
