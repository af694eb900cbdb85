//! Statistical disclosure control of tables: which figures may be shown together, so that nobody is known from them.
//!
//! Tables are cells in whole numbers and the sums that hold between them. A rule makes a cell sensitive and says which
//! values an attacker may not be able to exclude; [`suppress`] hides more cells until that holds, and [`audit()`] is the
//! attacker, for tables that were protected here or anywhere else.

use std::collections::BTreeMap;

mod attack;
mod audit;
mod dimension;
mod linked;
mod ratio;
mod rule;
mod suppress;

pub use audit::{Bounds, Exposure, audit};
pub use dimension::{Dimension, position, relations};
pub use linked::{Audited, Linked, Protected};
pub use ratio::Ratio;
pub use rule::{Rule, Zeros};
pub use suppress::{Cost, Suppression, suppress};

/// Whole numbers from `low` up to and including `high`; without a bound on a side where it is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The smallest.
    pub low: Option<i64>,
    /// The largest.
    pub high: Option<i64>,
}

impl Interval {
    /// Every whole number.
    pub const ALL: Self = Self { low: None, high: None };
    /// Zero and more, as counts are.
    pub const NOT_NEGATIVE: Self = Self { low: Some(0), high: None };

    /// From `low` to `high`.
    pub fn between(low: i64, high: i64) -> Self {
        Self { low: Some(low), high: Some(high) }
    }

    /// One number.
    pub fn exactly(value: i64) -> Self {
        Self::between(value, value)
    }

    /// Whether a number is in it.
    pub fn contains(self, value: i64) -> bool {
        self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high)
    }

    /// Whether all of another is in it.
    pub fn covers(self, other: Self) -> bool {
        self.low.is_none_or(|low| other.low.is_some_and(|other| low <= other))
            && self.high.is_none_or(|high| other.high.is_some_and(|other| high >= other))
    }

    fn end(self, side: attack::Side) -> Option<i64> {
        if side == attack::Side::Up { self.high } else { self.low }
    }

    /// What is in both.
    pub fn meet(self, other: Self) -> Self {
        let either = |a: Option<i64>, b: Option<i64>, pick: fn(i64, i64) -> i64| match (a, b) {
            (Some(a), Some(b)) => Some(pick(a, b)),
            (a, b) => a.or(b),
        };
        Self { low: either(self.low, other.low, i64::max), high: either(self.high, other.high, i64::min) }
    }
}

/// Whether a cell may be hidden, or must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Showing {
    /// Shown, unless it has to be hidden.
    Free,
    /// Known to everybody already, exactly: an earlier release, a figure of CBS, a zero that can't be otherwise.
    Public,
    /// Never shown: the reader has no right to it, or it stands in no table, such as the difference of two filters.
    Never,
}

/// One figure of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// A count, or an amount in cents.
    pub value: i64,
    /// How many persons or organisations are behind it.
    pub contributors: u64,
    /// Their largest contributions, from the largest down, as many as are known.
    pub largest: Vec<i64>,
    /// What everybody knows of it while it is hidden.
    pub known: Interval,
    /// Values an attacker may not be able to exclude. A cell that has them is sensitive, and hidden.
    pub protection: Option<Interval>,
    /// Whether it may be hidden.
    pub showing: Showing,
    /// What it costs to hide it, compared with others.
    pub weight: u64,
}

impl Cell {
    /// A count of persons, each of whom adds one.
    pub fn count(value: i64) -> Self {
        Self::amount(value, value.unsigned_abs(), &[])
    }

    /// An amount to which several contribute. It is not below zero; for credits say so in [`known`](Self::known).
    pub fn amount(value: i64, contributors: u64, largest: &[i64]) -> Self {
        let known = if value < 0 { Interval::ALL } else { Interval::NOT_NEGATIVE };
        let (largest, weight) = (largest.to_vec(), value.unsigned_abs().max(1));
        Self { value, contributors, largest, known, protection: None, showing: Showing::Free, weight }
    }

    /// The same cell, shown or hidden in another way.
    #[must_use]
    pub fn with(self, showing: Showing) -> Self {
        Self { showing, ..self }
    }

    fn must_hide(&self) -> bool {
        self.showing == Showing::Never || self.showing == Showing::Free && self.protection.is_some()
    }
}

/// Something that everybody knows of cells together: a weighted sum of them is within bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    terms: Vec<(usize, i64)>,
    sum: Interval,
}

impl Relation {
    /// Any relation: the sum of each cell times its factor is in `sum`.
    pub fn new(terms: impl IntoIterator<Item = (usize, i64)>, sum: Interval) -> Self {
        let mut factors: BTreeMap<usize, i64> = BTreeMap::new();
        for (cell, factor) in terms {
            *factors.entry(cell).or_default() += factor;
        }
        Self { terms: factors.into_iter().filter(|(_, factor)| *factor != 0).collect(), sum }
    }

    /// A total is the sum of its parts.
    pub fn total(total: usize, parts: impl IntoIterator<Item = usize>) -> Self {
        let parts = parts.into_iter().map(|part| (part, 1));
        Self::new(parts.chain([(total, -1)]), Interval::exactly(0))
    }

    /// Two cells are the same by definition, such as one figure in two tables.
    pub fn equal(one: usize, other: usize) -> Self {
        Self::total(one, [other])
    }
}

/// One or more tables that one reader can see together.
///
/// What is linked goes in here together: the same figure in two tables is one cell, or two that are
/// [`equal`](Relation::equal); of two filters, peildata or releases the difference is a cell that is
/// [never](Showing::Never) shown, and the one figure the [total](Relation::total) of it and the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    cells: Vec<Cell>,
    relations: Vec<Relation>,
    /// Of each cell the relations it is in, with its factor.
    within: Vec<Vec<(usize, i64)>>,
    /// How far the sum of each relation may move.
    slack: Vec<(Option<i64>, Option<i64>)>,
}

impl Tables {
    /// Checks that what is said to hold does.
    ///
    /// # Errors
    ///
    /// [`Error`], of the first cell or relation that is not as it says.
    pub fn new(cells: Vec<Cell>, relations: Vec<Relation>) -> Result<Self, Error> {
        for (cell, found) in cells.iter().enumerate() {
            if !found.known.contains(found.value) {
                return Err(Error::Known { cell, value: found.value });
            }
            if found.protection.is_some_and(|protection| !protection.contains(found.value)) {
                return Err(Error::Protection { cell, value: found.value });
            }
        }
        let mut within = vec![Vec::new(); cells.len()];
        let mut slack = Vec::new();
        for (relation, found) in relations.iter().enumerate() {
            let mut sum: i128 = 0;
            for &(cell, factor) in &found.terms {
                let value = cells.get(cell).ok_or(Error::NoCell { relation, cell })?.value;
                sum += i128::from(factor) * i128::from(value);
                within[cell].push((relation, factor));
            }
            let whole = i64::try_from(sum).ok().filter(|sum| found.sum.contains(*sum));
            let whole = whole.ok_or(Error::Relation { relation, sum })?;
            slack.push((
                found.sum.low.map(|low| low.saturating_sub(whole)),
                found.sum.high.map(|high| high.saturating_sub(whole)),
            ));
        }
        Ok(Self { cells, relations, within, slack })
    }

    /// Makes cells sensitive by rules. Where several rules find a cell sensitive, it is protected against each.
    #[must_use]
    pub fn protected_by(mut self, rules: &[Rule]) -> Self {
        for cell in &mut self.cells {
            for rule in rules {
                rule.apply(cell);
            }
        }
        self
    }

    /// The cells, in the order they were given.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// What is published when only the sensitive cells are hidden: the first thing to [`audit`].
    pub fn without_sensitive(&self, precision: Precision) -> Publication {
        Publication { is_shown: self.cells.iter().map(|cell| !cell.must_hide()).collect(), precision }
    }
}

/// How shown figures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// As they are.
    Exact,
    /// Each to the nearest multiple of a base, such as 5, halves away from zero. Figures that were rounded need not
    /// add up, and say less: fewer others are hidden. What is [public](Showing::Public) is known exactly.
    ///
    /// # Source
    ///
    /// Conventional rounding: Hundepool, A. and others, Handbook on Statistical Disclosure Control, chapter 5.
    Rounded {
        /// Above zero.
        base: u32,
    },
}

impl Precision {
    /// A figure as it is shown.
    pub fn shown(self, value: i64) -> i64 {
        match self {
            Self::Exact => value,
            Self::Rounded { base } => {
                let base = i64::from(base.max(1));
                (value.abs() + base / 2) / base * base * value.signum()
            }
        }
    }

    /// What a shown figure tells.
    fn interval(self, value: i64) -> Interval {
        match self {
            Self::Exact => Interval::exactly(value),
            Self::Rounded { base } => {
                let (base, shown) = (i64::from(base.max(1)), self.shown(value));
                // An even base rounds its half away from zero: the half nearest to zero is in, the other is not.
                let (away, near) = ((base - 1) / 2, base / 2);
                match shown.signum() {
                    0 => Interval::between(-away, away),
                    1 => Interval::between(shown - near, shown + away),
                    _ => Interval::between(shown - away, shown + near),
                }
            }
        }
    }
}

/// What a reader sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Of each cell whether it is shown.
    pub is_shown: Vec<bool>,
    /// How.
    pub precision: Precision,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attacker {
    /// Knows what is published.
    Outsider,
    /// Knows besides the value of one hidden cell: who is the only one behind it. Outsiders are reckoned with too.
    Contributor,
}

/// Why these are no tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A relation names a cell that is not there.
    #[error("relation {relation} names cell {cell}, which is not there")]
    NoCell {
        /// Which relation.
        relation: usize,
        /// The cell it names.
        cell: usize,
    },
    /// A relation does not hold.
    #[error("relation {relation} does not hold: its sum is {sum}")]
    Relation {
        /// Which relation.
        relation: usize,
        /// What its cells come to.
        sum: i128,
    },
    /// A value outside what everybody knows of it.
    #[error("cell {cell} has the value {value}, outside what is known of it")]
    Known {
        /// Which cell.
        cell: usize,
        /// Its value.
        value: i64,
    },
    /// A value outside its own protection interval.
    #[error("cell {cell} has the value {value}, outside what protects it")]
    Protection {
        /// Which cell.
        cell: usize,
        /// Its value.
        value: i64,
    },
}
