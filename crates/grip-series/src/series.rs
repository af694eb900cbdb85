//! A series as it is given, and as the models see it.

/// Values in equal steps of time, oldest first, and how many steps a season has.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// In any one unit; `None` (and a value that is not finite) is unknown, which is not zero.
    pub values: &'a [Option<f64>],
    /// Steps after which a pattern returns: 12 for months. 1, or 0, when there is none.
    pub season: usize,
}

/// A series without unknown ends, in its own scale, so that no model depends on the unit.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// NaN where unknown; the first and the last are known.
    pub(crate) y: Vec<f64>,
    /// The same with a guess where unknown: for starting values and tests, never for errors.
    pub(crate) filled: Vec<f64>,
    /// Number of known values.
    pub(crate) known: usize,
    pub(crate) season: usize,
    /// Unknown steps after the last known value.
    pub(crate) trailing: usize,
    /// What the values were divided by.
    pub(crate) scale: f64,
}

impl Prepared {
    pub(crate) fn of(series: Series<'_>) -> Self {
        let given: Vec<f64> = series.values.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        let first = given.iter().position(|value| value.is_finite()).unwrap_or(given.len());
        let end = given.iter().rposition(|value| value.is_finite()).map_or(first, |last| last + 1);
        let known: Vec<f64> = given[first..end].iter().copied().filter(|value| value.is_finite()).collect();
        let largest = known.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        let scale = if largest > 0.0 {
            largest * (known.iter().map(|value| (value / largest).abs()).sum::<f64>() / count(known.len()))
        } else {
            1.0
        };
        let y: Vec<f64> =
            given[first..end].iter().map(|value| if value.is_finite() { value / scale } else { f64::NAN }).collect();
        // Longer than the series is as good as any longer.
        let season = series.season.clamp(1, given.len() + 1);
        let filled = fill(&y, season);
        Self { known: known.len(), filled, y, season, trailing: given.len() - end, scale }
    }

    /// Whether a pattern of a season can be told from chance: two whole seasons, and not too much unknown.
    pub(crate) fn has_seasons(&self) -> bool {
        self.season > 1 && self.y.len() >= 2 * self.season && self.known >= 2 * self.season
    }

    /// Whether all known values are equal.
    pub(crate) fn is_constant(&self) -> bool {
        let (low, high) = self.range();
        high <= low
    }

    /// Smallest and largest known value.
    pub(crate) fn range(&self) -> (f64, f64) {
        self.y
            .iter()
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
    }

    /// Whether ratios make sense: every known value above zero.
    pub(crate) fn is_positive(&self) -> bool {
        self.range().0 > 0.0
    }
}

/// A number of things as a number to calculate with.
pub(crate) fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

/// Unknown values get the mean of the same season before and after where that is known, else lie on the line between their
/// neighbours.
fn fill(y: &[f64], season: usize) -> Vec<f64> {
    let at = |index: usize| y.get(index).copied().filter(|value| value.is_finite());
    let mut filled = y.to_vec();
    for index in 0..y.len() {
        if y[index].is_finite() {
            continue;
        }
        let before = index.checked_sub(season).and_then(at);
        let after = at(index + season);
        filled[index] = match (before, after) {
            (Some(before), Some(after)) if season > 1 => f64::midpoint(before, after),
            _ => between(y, index),
        };
    }
    filled
}

/// On the line between the nearest known values; both are there, since the ends are known.
fn between(y: &[f64], index: usize) -> f64 {
    let left = (0..index).rev().find(|left| y[*left].is_finite()).unwrap_or(index);
    let right = (index..y.len()).find(|right| y[*right].is_finite()).unwrap_or(index);
    y[left] + (y[right] - y[left]) * count(index - left) / count((right - left).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_ends_are_no_values_and_gaps_are_guessed_for_starts_only() {
        let values = [None, Some(2.0), None, Some(4.0), Some(f64::NAN), Some(6.0), None, None];
        let prepared = Prepared::of(Series { values: &values, season: 2 });
        assert_eq!((prepared.y.len(), prepared.known, prepared.trailing), (5, 3, 2));
        assert!((prepared.scale - 4.0).abs() < 1e-12);
        assert!(prepared.y[1].is_nan() && prepared.y[3].is_nan());
        assert!((prepared.filled[1] * 4.0 - 3.0).abs() < 1e-12);
        assert!((prepared.filled[3] * 4.0 - 5.0).abs() < 1e-12);
    }
}
