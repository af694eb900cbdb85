//! Double counting: measures that claim the same money.
//!
//! A cell is whatever the caller tells apart, such as a segment in a month. Two claims on a cell need not be double: ten and ten of
//! a hundred may both be true. What is certainly double is what is claimed beyond what is there; what may be double at most is
//! all but the largest claim. Everything in whole cents.

use std::collections::BTreeMap;

use grip_types::Bedrag;

/// What one measure claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<M, C> {
    /// The measure. Several claims of one measure on one cell count together.
    pub measure: M,
    /// Per cell the amount it claims. An amount below zero is a cost of the measure: it stays, and competes with nobody.
    pub cells: BTreeMap<C, Bedrag>,
}

/// A cell with more than one claim, or with more claimed than there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested<M, C> {
    /// The cell.
    pub cell: C,
    /// Per measure what it claims, above zero.
    pub claimed: BTreeMap<M, Bedrag>,
    /// What is there. `None` when that was not given.
    pub there: Option<Bedrag>,
    /// What is certainly counted too much: claims beyond what is there. Zero when that is not known.
    pub double_min: Bedrag,
    /// What can be counted double at most: all but the largest claim, or the certain part if that is more.
    pub double_max: Bedrag,
}

/// One measure after the claims were held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// All it claims, costs included.
    pub claimed: Bedrag,
    /// What is left when each cell is divided by claim as far as it goes.
    pub credited: Bedrag,
    /// The part of its claims that lies in cells which others claim too.
    pub shared: Bedrag,
}

/// What is claimed more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap<M, C> {
    /// Cells that are contested, in order.
    pub cells: Vec<Contested<M, C>>,
    /// Per measure its claims and its share.
    pub measures: BTreeMap<M, Share>,
    /// Certainly counted too much, over all cells.
    pub double_min: Bedrag,
    /// Counted double at most, over all cells.
    pub double_max: Bedrag,
}

/// Holds claims against each other and against what is there.
///
/// A cell of which is not known what is there credits all its claims. Where less is there than claimed, each measure is credited
/// its claim times what is there over all claims, whole cents, the cents that are left to the largest remainders (then in the
/// order of measures): credits of such a cell add up to what is there, or to nothing when that is below zero.
pub fn overlap<M: Ord + Clone, C: Ord + Clone>(claims: &[Claim<M, C>], there: &BTreeMap<C, Bedrag>) -> Overlap<M, C> {
    let mut by_cell: BTreeMap<&C, BTreeMap<&M, i128>> = BTreeMap::new();
    let mut measures: BTreeMap<M, Share> = BTreeMap::new();
    let nothing = Share { claimed: Bedrag::ZERO, credited: Bedrag::ZERO, shared: Bedrag::ZERO };
    for claim in claims {
        measures.entry(claim.measure.clone()).or_insert(nothing);
        for (cell, amount) in &claim.cells {
            *by_cell.entry(cell).or_default().entry(&claim.measure).or_default() += i128::from(amount.cents);
        }
    }
    let mut result = Overlap { cells: Vec::new(), measures, double_min: Bedrag::ZERO, double_max: Bedrag::ZERO };
    for (cell, amounts) in by_cell {
        let claimed: BTreeMap<&M, i128> =
            amounts.iter().filter(|(_, cents)| **cents > 0).map(|(m, c)| (*m, *c)).collect();
        let sum: i128 = claimed.values().sum();
        let known = there.get(cell).copied();
        let room = known.map_or(sum, |known| i128::from(known.cents).clamp(0, sum));
        let credits = divide(&claimed, sum, room);
        for (measure, cents) in amounts {
            let Some(share) = result.measures.get_mut(measure) else { continue };
            share.claimed += bedrag(cents);
            share.credited += credits.get(measure).map_or(bedrag(cents.min(0)), |credit| bedrag(*credit));
            share.shared += if cents > 0 && claimed.len() > 1 { bedrag(cents) } else { Bedrag::ZERO };
        }
        if claimed.len() > 1 || room < sum {
            let largest = claimed.values().copied().max().unwrap_or(0);
            let double_min = bedrag(sum - room);
            let double_max = bedrag((sum - largest).max(sum - room));
            result.double_min += double_min;
            result.double_max += double_max;
            let claimed = claimed.into_iter().map(|(measure, cents)| (measure.clone(), bedrag(cents))).collect();
            result.cells.push(Contested { cell: cell.clone(), claimed, there: known, double_min, double_max });
        }
    }
    result
}

/// What there is room for, by claim: largest remainders.
fn divide<'a, M: Ord>(claimed: &BTreeMap<&'a M, i128>, sum: i128, room: i128) -> BTreeMap<&'a M, i128> {
    let whole = |cents: i128| if sum > 0 { cents * room / sum } else { 0 };
    let mut credits: BTreeMap<&M, i128> = claimed.iter().map(|(measure, cents)| (*measure, whole(*cents))).collect();
    let mut rest = room - credits.values().sum::<i128>();
    let mut order: Vec<(&M, i128)> =
        claimed.iter().map(|(measure, cents)| (*measure, cents * room % sum.max(1))).collect();
    order.sort_by_key(|(_, remainder)| std::cmp::Reverse(*remainder));
    for (measure, _) in order {
        if rest > 0
            && let Some(credit) = credits.get_mut(measure)
        {
            *credit += 1;
            rest -= 1;
        }
    }
    credits
}

fn bedrag(cents: i128) -> Bedrag {
    let bound = if cents < 0 { i64::MIN } else { i64::MAX };
    Bedrag::from_cents(i64::try_from(cents).unwrap_or(bound))
}
