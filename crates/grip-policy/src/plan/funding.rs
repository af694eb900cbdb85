//! Where the money of a programme comes from, whether published sums hold, and what its risks may cost.

use grip_register::ObjectId;
use grip_types::{Bedrag, Date};

use super::percentage;
use crate::{
    Funding, FundingKind, Risk,
    sums::{minus, sum},
};

/// Claims, grants and requests of a programme. A sum of which no amount is there is nothing, not zero.
#[derive(Debug, Clone, PartialEq)]
pub struct FundingSum {
    /// Asked for at first.
    pub claimed: Option<Bedrag>,
    /// Given when the request was made.
    pub granted_before: Option<Bedrag>,
    /// Given in all.
    pub granted: Option<Bedrag>,
    /// Claimed less what was given before the request.
    pub remaining: Option<Bedrag>,
    /// Asked for to cover the rest.
    pub requested: Option<Bedrag>,
    /// How much less is asked than remained of the claim; negative when it is more.
    pub less: Option<Bedrag>,
    /// Whether sums that a source states are what their parts add up to.
    pub checks: Vec<SumCheck>,
}

/// A sum as a source states it beside what its parts add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumCheck {
    /// Which.
    pub what: SumOf,
    /// What its parts add up to; nothing when one is missing.
    pub computed: Option<Bedrag>,
    /// What the source states.
    pub stated: Bedrag,
}

/// A sum that a source may state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumOf {
    /// Claimed less granted.
    Remaining,
    /// Remaining less requested.
    Less,
}

impl SumCheck {
    /// Whether they are the same to the cent; nothing when it can't be computed.
    pub fn holds(&self) -> Option<bool> {
        self.computed.map(|computed| computed == self.stated)
    }
}

impl FundingSum {
    /// The sums of the amounts of a programme.
    ///
    /// What was given counts as given before the request when it has no day or a day not after that of the last
    /// request, and is
    /// not by the same decision.
    pub fn of<'a>(programme: ObjectId, amounts: impl IntoIterator<Item = &'a Funding>) -> Self {
        let own: Vec<&Funding> = amounts.into_iter().filter(|amount| amount.programme.0 == programme).collect();
        let of_sort = |sort: FundingKind| own.iter().copied().filter(move |amount| amount.sort == sort);
        let asked: Option<Date> = of_sort(FundingKind::Requested).filter_map(|amount| amount.date).max();
        let is_before = |amount: &&Funding| {
            let is_late = amount.date.zip(asked).is_some_and(|(date, asked)| date > asked);
            let decided = |request: &Funding| request.decision.is_some() && request.decision == amount.decision;
            !is_late && !of_sort(FundingKind::Requested).any(decided)
        };
        let claimed = total(of_sort(FundingKind::Claimed));
        let granted = total(of_sort(FundingKind::Granted));
        let granted_before = total(of_sort(FundingKind::Granted).filter(is_before));
        let remaining = claimed.map(|claimed| minus(claimed, granted_before.unwrap_or_default()));
        let requested = total(of_sort(FundingKind::Requested));
        let less = remaining.zip(requested).map(|(remaining, requested)| minus(remaining, requested));
        let check = |what, sort, computed| total(of_sort(sort)).map(|stated| SumCheck { what, computed, stated });
        let checks =
            [check(SumOf::Remaining, FundingKind::Remaining, remaining), check(SumOf::Less, FundingKind::Less, less)];
        let checks = checks.into_iter().flatten().collect();
        Self { claimed, granted_before, granted, remaining, requested, less, checks }
    }
}

fn total<'a>(amounts: impl Iterator<Item = &'a Funding>) -> Option<Bedrag> {
    let amounts: Vec<Bedrag> = amounts.map(|amount| amount.amount).collect();
    (!amounts.is_empty()).then(|| sum(amounts))
}

/// What risks may cost.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskSum {
    /// Amount times chance of each; nothing where either is missing.
    pub each: Vec<Option<Bedrag>>,
    /// The sum of those.
    pub expected: Bedrag,
    /// The sum of the amounts, if all of it happened.
    pub full: Bedrag,
    /// Risks without an amount: they can't be quantified yet, which is not zero.
    pub without_amount: Vec<usize>,
    /// Risks with an amount and without a chance: not in what is expected.
    pub without_chance: Vec<usize>,
}

impl RiskSum {
    /// The sums of risks, which are named by their place.
    pub fn of<'a>(risks: impl IntoIterator<Item = &'a Risk>) -> Self {
        let risks: Vec<&Risk> = risks.into_iter().collect();
        let each: Vec<Option<Bedrag>> = risks.iter().map(|risk| Some(percentage(risk.amount?, risk.chance?))).collect();
        let places = |is: fn(&Risk) -> bool| (0..risks.len()).filter(|at| is(risks[*at])).collect();
        Self {
            expected: sum(each.iter().copied().flatten()),
            each,
            full: sum(risks.iter().filter_map(|risk| risk.amount)),
            without_amount: places(|risk| risk.amount.is_none()),
            without_chance: places(|risk| risk.amount.is_some() && risk.chance.is_none()),
        }
    }
}
