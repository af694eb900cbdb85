//! How much of the cost a few carry, and what households use together.

use std::collections::{BTreeMap, BTreeSet};

use grip_types::Bedrag;

/// What the most expensive units, clients or households, carry of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopShare {
    /// As asked for, such as 1, 5 or 10.
    pub percent: u8,
    /// How many units that are: whole ones, rounded up.
    pub units: usize,
    /// Units with an amount above zero, of which these are the top.
    pub of_units: usize,
    /// The smallest amount among them. Others may have the same; which of these are in the top does not matter for
    /// the amount.
    pub from_amount: Bedrag,
    /// What they cost together.
    pub amount: Bedrag,
    /// What all cost, units with credits included.
    pub total: Bedrag,
    /// `amount / total`, between 0 and 1, or above 1 where credits make the total smaller than its largest parts.
    pub share: f64,
}

/// What the most expensive `percent` percent of units carry, for one amount per unit.
///
/// `None` when that is less than one unit, as 1 % of sixty, or when the total is not above zero: then there is no
/// such share. A unit without an amount above zero is none of those compared, and its amount counts in the total,
/// which is that of the books.
///
/// # Formula
///
/// `k = ⌈n · percent / 100⌉` of the `n` units with an amount above zero; share = the `k` largest amounts / all
/// amounts. Eurocents.
pub fn top_share(amounts: &[Bedrag], percent: u8) -> Option<TopShare> {
    let mut positive: Vec<Bedrag> = amounts.iter().copied().filter(|amount| *amount > Bedrag::ZERO).collect();
    positive.sort_unstable_by(|a, b| b.cmp(a));
    let hundredths = positive.len() * usize::from(percent.min(100));
    let top = &positive[..hundredths.div_ceil(100)];
    let total: Bedrag = amounts.iter().copied().sum();
    let from_amount = *top.last().filter(|_| hundredths >= 100 && total > Bedrag::ZERO)?;
    let amount: Bedrag = top.iter().copied().sum();
    let share = amount.to_f64() / total.to_f64();
    Some(TopShare { percent, units: top.len(), of_units: positive.len(), from_amount, amount, total, share })
}

/// How many households use exactly these domains together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Combination {
    /// Households.
    pub households: usize,
    /// Per thousand of all households, whether they use anything or not.
    pub per_thousand: f64,
}

/// More households use something than there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{using} households use something, and there are {households}")]
pub struct TooFewHouseholds {
    /// Households that use something.
    pub using: usize,
    /// Households there are, as given.
    pub households: usize,
}

/// Counts the households by the exact set of domains they use, from one row per household and domain; repeated rows
/// count once.
///
/// The empty set holds those that use nothing, so that the counts add up to `households`.
///
/// # Errors
///
/// [`TooFewHouseholds`].
pub fn combinations<H: Ord, D: Ord>(
    uses: impl IntoIterator<Item = (H, D)>,
    households: usize,
) -> Result<BTreeMap<BTreeSet<D>, Combination>, TooFewHouseholds> {
    let mut domains: BTreeMap<H, BTreeSet<D>> = BTreeMap::new();
    for (household, domain) in uses {
        domains.entry(household).or_default().insert(domain);
    }
    let using = domains.len();
    let without = households.checked_sub(using).ok_or(TooFewHouseholds { using, households })?;
    let mut counts: BTreeMap<BTreeSet<D>, usize> = BTreeMap::from([(BTreeSet::new(), without)]);
    for domains in domains.into_values() {
        *counts.entry(domains).or_default() += 1;
    }
    Ok(counts.into_iter().map(|(domains, count)| (domains, combination(count, households))).collect())
}

/// Households by how many domains they use, from none upwards: how many use two or more is what stacking is about.
pub fn by_number<D: Ord>(combinations: &BTreeMap<BTreeSet<D>, Combination>) -> BTreeMap<usize, Combination> {
    let households = combinations.values().map(|combination| combination.households).sum();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (domains, combination) in combinations {
        *counts.entry(domains.len()).or_default() += combination.households;
    }
    counts.into_iter().map(|(number, count)| (number, combination(count, households))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 households")]
fn combination(count: usize, households: usize) -> Combination {
    let per_thousand = if households == 0 { 0.0 } else { count as f64 * 1000.0 / households as f64 };
    Combination { households: count, per_thousand }
}
