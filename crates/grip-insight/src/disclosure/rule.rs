//! Which cells are sensitive by themselves, and what an attacker may not find out of them.

use super::{Cell, Interval, Showing};

/// What a zero tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zeros {
    /// Nothing of anybody: it is always shown. So everybody knows that a hidden count is not zero.
    Shown,
    /// That it holds for nobody in a group: it is as sensitive as a small count. A zero that can't be otherwise is
    /// [public](Showing::Public).
    Protected,
    /// Nothing of anybody; and whether everybody knows of a hidden count that it is not zero is said of each in
    /// [`known`](Cell::known), because zeros are hidden too where it is not said what a total consists of.
    AsGiven,
}

/// What makes a cell sensitive.
///
/// Contributions are not below zero, and those of one organisation are one. Percentages are whole. Of the two rules for
/// dominance the handbook recommends p %. Their parameters are not published: who knows them knows more.
///
/// # Source
///
/// Hundepool, A. and others, Handbook on Statistical Disclosure Control, second edition
/// (`sdctools.github.io/HandbookSDC`), section 4.2: the tables of sensitivity rules and of upper protection levels; the lower level is
/// the same, as there. What protects a count is ours: the handbook asks of a minimum frequency that it is not known exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A count of persons below a minimum.
    ///
    /// # Formula
    ///
    /// Sensitive: `0 < x < m`, and `x = 0` where zeros are protected. Protected: `1 … m − 1`, with zero where zeros are
    /// protected, so that nobody learns more than that there are fewer than `m`; and at least two values. Where what was shown before excludes one
    /// of them, an interval that is as wide is enough.
    MinimumCount {
        /// The smallest count that may be shown.
        minimum: i64,
        /// Whether a zero is sensitive.
        zeros: Zeros,
    },
    /// An amount with contributors, and fewer of them than a minimum.
    ///
    /// # Formula
    ///
    /// Sensitive: `0 < n < m`. Protected: `x ± margin · x / 100`, at least one more and one less. Where what was shown before leaves no room on one
    /// side, such as under a total that is hardly more, an interval that is as wide is enough: a sliding protection level, as in Fischetti and
    /// Salazar (2001).
    MinimumContributors {
        /// The smallest number of contributors whose amount may be shown.
        minimum: u64,
        /// How near to the amount nobody may come, in percent of it.
        margin_percent: u8,
    },
    /// The `n` largest contributors make more than `k` percent of an amount.
    ///
    /// # Formula
    ///
    /// Sensitive: `x₁ + … + xₙ > k · X / 100`. Protected: `X ± (100 (x₁ + … + xₙ) / k − X)`.
    Dominance {
        /// How many.
        n: usize,
        /// Their largest allowed share, above zero.
        k_percent: u8,
    },
    /// The second largest contributor can estimate the largest to within `p` percent.
    ///
    /// # Formula
    ///
    /// Sensitive: `X − x₁ − x₂ < p · x₁ / 100`. Protected: `X ± (p · x₁ / 100 − (X − x₁ − x₂))`.
    PPercent {
        /// How near nobody may come to the largest contribution.
        p_percent: u8,
    },
}

impl Rule {
    pub(super) fn apply(self, cell: &mut Cell) {
        if let Self::MinimumCount { minimum, zeros: Zeros::Shown } = self
            && minimum > 0
            && cell.known == Interval::NOT_NEGATIVE
        {
            match cell.value {
                0 if cell.showing == Showing::Free => cell.showing = Showing::Public,
                0 => (),
                _ => cell.known = Interval { low: Some(1), high: None },
            }
        }
        if let Some(found) = self.protection(cell) {
            let wider = |before: Interval| Interval {
                low: before.low.zip(found.low).map(|(a, b)| a.min(b)),
                high: before.high.zip(found.high).map(|(a, b)| a.max(b)),
            };
            cell.protection = Some(cell.protection.map_or(found, wider));
        }
    }

    /// Whether an interval is as wide as what protects a cell by this rule, wherever the cell stands in it: then nobody knows it nearer than may be.
    /// Of an amount with contributors that is twice the margin.
    pub(super) fn is_wide(self, cell: &Cell, interval: Interval) -> bool {
        let Some(protection) = self.protection(cell) else { return true };
        let width = |of: Interval| of.low.zip(of.high).map(|(low, high)| high.saturating_sub(low));
        let needed = match self {
            Self::MinimumContributors { .. } => {
                protection.high.map(|high| high.saturating_sub(cell.value).saturating_mul(2))
            }
            _ => width(protection),
        };
        width(interval).is_none_or(|width| needed.is_some_and(|needed| width >= needed))
    }

    /// What protects a cell by this rule; nothing where it is not sensitive.
    pub fn protection(self, cell: &Cell) -> Option<Interval> {
        let around = |distance: i128| {
            let distance = i64::try_from(distance.max(1)).unwrap_or(i64::MAX);
            let low = cell.value.saturating_sub(distance);
            let low = cell.known.low.map_or(low, |known| low.max(known));
            Interval::between(low, cell.value.saturating_add(distance))
        };
        let value = i128::from(cell.value);
        let largest = |n: usize| cell.largest.iter().take(n).map(|part| i128::from(*part)).sum::<i128>();
        match self {
            Self::MinimumCount { minimum, zeros } => {
                let from = if zeros == Zeros::Protected { 0 } else { 1 };
                (from..minimum).contains(&cell.value).then(|| Interval::between(from, (minimum - 1).max(from + 1)))
            }
            Self::MinimumContributors { minimum, margin_percent } => (1..minimum)
                .contains(&cell.contributors)
                .then(|| around(ceiling(value * i128::from(margin_percent), 100))),
            Self::Dominance { n, k_percent } => {
                let (top, k) = (largest(n), i128::from(k_percent.max(1)));
                (100 * top > k * value).then(|| around(ceiling(100 * top - k * value, k)))
            }
            Self::PPercent { p_percent } => {
                let first = largest(1);
                let short = i128::from(p_percent) * first - 100 * (value - largest(2));
                (first > 0 && short > 0).then(|| around(ceiling(short, 100)))
            }
        }
    }
}

/// A quotient, rounded up. The divisor is above zero.
pub(super) fn ceiling(over: i128, under: i128) -> i128 {
    over.div_euclid(under) + i128::from(over.rem_euclid(under) > 0)
}
