//! Percentages and means give back counts.

use super::{Interval, Relation, rule::ceiling};

/// A percentage, share or mean as it is shown: `value · worth / scale`, rounded to the nearest last digit.
///
/// 12.3 % is value 123, worth 1, scale 1000. A mean of € 1,234 of amounts in cents is value 1234, worth 100, scale 1.
///
/// # Formula
///
/// `(2v − 1) · w / 2s ≤ numerator / denominator ≤ (2v + 1) · w / 2s`, both ends included, so that it does not matter which way halves
/// go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// The digits that are shown, without a point.
    pub value: i64,
    /// What the last digit is worth: hundred for euros of cents. Above zero.
    pub worth: u32,
    /// How many of the last digit make that. Above zero.
    pub scale: u32,
}

impl Ratio {
    /// The numerators that give this ratio with a denominator that is shown, above zero.
    pub fn numerator(self, denominator: i64) -> Interval {
        let (low, high, double) = self.ends();
        let denominator = i128::from(denominator);
        let low = ceiling(low * denominator, double);
        let high = (high * denominator).div_euclid(double);
        Interval { low: i64::try_from(low).ok(), high: i64::try_from(high).ok() }
    }

    /// The denominators, above zero, that give this ratio with a numerator that is shown, zero or above.
    pub fn denominator(self, numerator: i64) -> Interval {
        let (low, high, double) = self.ends();
        let numerator = i128::from(numerator);
        let least = if high > 0 { ceiling(numerator * double, high).max(1) } else { 1 };
        let most = (low > 0).then(|| (numerator * double).div_euclid(low));
        Interval { low: i64::try_from(least).ok(), high: most.and_then(|most| i64::try_from(most).ok()) }
    }

    /// What the ratio tells of both, as relations for [`Tables`](super::Tables): for where either is hidden.
    pub fn relations(self, numerator: usize, denominator: usize) -> [Relation; 2] {
        let (double, worth) = (i64::from(self.scale.max(1)) * 2, i64::from(self.worth.max(1)));
        let least = Interval { low: Some(0), high: None };
        let most = Interval { low: None, high: Some(0) };
        [
            Relation::new([(numerator, double), (denominator, worth - 2 * self.value * worth)], least),
            Relation::new([(numerator, double), (denominator, -worth - 2 * self.value * worth)], most),
        ]
    }

    fn ends(self) -> (i128, i128, i128) {
        let (double, worth) = (i128::from(self.value) * 2, i128::from(self.worth.max(1)));
        ((double - 1) * worth, (double + 1) * worth, i128::from(self.scale.max(1)) * 2)
    }
}
