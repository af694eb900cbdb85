//! What households use together, and how much of the cost a few carry.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use grip_insight::concentration::{Combination, TopShare, by_number, combinations, top_share};
use grip_types::{Bedrag, PERSONS_MIN, Pseudoniem, Wet};
use serde::Serialize;

use super::{CostRow, Costs, Key, whole};
use crate::{disclosure::is_few_persons, year_end::segment_naam};

/// Percentages of the most expensive, as the indicators have them, and a half.
const TOPS: [u8; 4] = [1, 5, 10, 50];
/// Percentages at which the curve of the cost is drawn.
const CURVE: [u8; 12] = [1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/// Households that use something together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StackingRow {
    /// The laws, `wmo` and `jw`, or empty where the number of categories is counted.
    pub wetten: Vec<&'static str>,
    /// How many laws or categories.
    pub number: usize,
    /// Whether it is of so many or more.
    pub or_more: bool,
    /// Households; none where they are too few, or would say how few others are.
    pub huishoudens: Option<i64>,
    /// Per 1000 private households; none when their number is not known.
    pub per_1000: Option<f64>,
    /// Eurocents declared for them in the year, credits subtracted.
    pub cents: Option<i64>,
}

impl StackingRow {
    pub(crate) fn withhold(&mut self) {
        (self.huishoudens, self.per_1000, self.cents) = (None, None, None);
    }
}

/// Households that use two categories together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairRow {
    /// Laws and names of both categories.
    pub categories: [(&'static str, String); 2],
    /// Households.
    pub huishoudens: i64,
    /// Eurocents declared for them in the year for these two categories.
    pub cents: i64,
}

/// Households in a district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WijkRow {
    /// District; none where it is not known.
    pub wijk: Option<String>,
    /// Households with care; none where they are too few, or would say how few others are.
    pub huishoudens: Option<i64>,
    /// Those with care under both laws, in the same way.
    pub both: Option<i64>,
    /// Eurocents declared for the latter.
    pub both_cents: Option<i64>,
}

/// What the most expensive carry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TopRow {
    /// Percent of the units.
    pub percent: u8,
    /// How many that are, rounded up: ten or more, as are those between it and the next.
    pub units: i64,
    /// Eurocents of the least expensive among them, in whole thousands of euros: it is what one of them costs.
    pub from_cents: i64,
    /// Eurocents of all of them.
    pub cents: i64,
    /// Share of the cost of all units, from 0 to 1.
    pub share: f64,
}

/// How the cost of a year is spread.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CostShares {
    /// Year of delivery.
    pub jaar: i16,
    /// Clients or households with an amount above zero; none where they are few.
    pub units: Option<i64>,
    /// Eurocents of all of them.
    pub cents: Option<i64>,
    /// The most expensive 1, 5, 10 and 50 percent; those that are few are missing.
    pub tops: Vec<TopRow>,
}

/// What is used together, and how the cost is spread, in one year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CareStacking {
    /// Year of delivery.
    pub jaar: i16,
    /// Private households in the municipality; none when open data has not been imported.
    pub particuliere_huishoudens: Option<i64>,
    /// Eurocents declared in the year.
    pub cents: i64,
    /// Those of clients whose household is known.
    pub household_cents: i64,
    /// By the exact set of laws.
    pub by_law: Vec<StackingRow>,
    /// By the number of categories; all above a number that few households reach are one row.
    pub by_number: Vec<StackingRow>,
    /// Pairs of categories that are not of few households, the most first.
    pub pairs: Vec<PairRow>,
    /// By district.
    pub wijken: Vec<WijkRow>,
    /// Clients with care under both laws; none where they are few.
    pub clients_both: Option<i64>,
    /// Households with care under both laws, per year, five years.
    pub both_per_year: Vec<(i16, Option<i64>, Option<f64>)>,
    /// Cost per client, five years.
    pub clients: Vec<CostShares>,
    /// Cost per client of one law, in the year; not where those of one law alone or of both are few, who would be what is left of all.
    pub of_law: Vec<(&'static str, CostShares)>,
    /// Cost per household, in the year.
    pub households: CostShares,
    /// Percent of clients, and the share of the cost of so many of the most expensive.
    pub curve: Vec<(u8, f64)>,
}

/// What a household has in a year.
#[derive(Default)]
struct Household<'c> {
    per_key: BTreeMap<&'c Key, i64>,
    wijk: Option<&'c Arc<str>>,
}

impl Household<'_> {
    fn wetten(&self) -> BTreeSet<Wet> {
        self.per_key.keys().map(|key| key.wet).collect()
    }

    fn cents(&self) -> i64 {
        self.per_key.values().sum()
    }
}

type Households<'c> = BTreeMap<&'c Arc<str>, Household<'c>>;

pub(super) fn stacking(costs: &Costs, jaar: i16) -> CareStacking {
    let rows: Vec<&CostRow> = costs.rows.iter().filter(|row| row.jaar == jaar).collect();
    let households = households(&rows);
    let there_are = particuliere(costs, jaar, households.len());
    let per_client = per_client(&rows);
    let per_household: Vec<i64> = households.values().map(Household::cents).collect();
    let mut laws: BTreeMap<Pseudoniem, BTreeSet<Wet>> = BTreeMap::new();
    for row in &rows {
        laws.entry(row.client).or_default().insert(row.key.wet);
    }
    let both = whole(laws.values().filter(|laws| laws.len() > 1).count());
    let of_laws = [Wet::Wmo, Wet::Jw].map(|wet| (wet.as_str(), shares_of_law(&rows, jaar, wet)));
    let all = whole(positive(&per_client).len());
    let units = of_laws.each_ref().map(|(_, shares)| shares.units);
    let is_of_laws = units.into_iter().all(|units| units.is_some_and(|units| !is_few_persons((all - units).abs())))
        && !is_few_persons(both)
        && !is_few_persons((units.into_iter().flatten().sum::<i64>() - all).abs());
    CareStacking {
        jaar,
        particuliere_huishoudens: there_are,
        cents: rows.iter().map(|row| row.cents).sum(),
        household_cents: per_household.iter().sum(),
        by_law: by_law(&households, there_are),
        by_number: by_categories(&households, there_are),
        pairs: pairs(&households),
        wijken: wijken(&households),
        clients_both: Some(both).filter(|both| !is_few_persons(*both)),
        both_per_year: (jaar - 4..=jaar).map(|jaar| both_in(costs, jaar)).collect(),
        clients: (jaar - 4..=jaar).map(|jaar| shares_of_year(costs, jaar)).collect(),
        of_law: of_laws.into_iter().filter(|_| is_of_laws).collect(),
        households: shares(jaar, &per_household),
        curve: curve(&per_client),
    }
}

fn households<'c>(rows: &[&'c CostRow]) -> Households<'c> {
    let mut found: Households<'c> = BTreeMap::new();
    for row in rows {
        if let Some(huishouden) = &row.huishouden {
            let household = found.entry(huishouden).or_default();
            *household.per_key.entry(&row.key).or_default() += row.cents;
            household.wijk = household.wijk.max(row.wijk.as_ref());
        }
    }
    found
}

/// Private households on 1 January of a year or the last before it that is known, unless more use care than there are.
fn particuliere(costs: &Costs, jaar: i16, using: usize) -> Option<i64> {
    let (_, count) = costs.huishoudens.range(..=jaar).next_back()?;
    Some(*count).filter(|count| *count >= whole(using))
}

fn per_client(rows: &[&CostRow]) -> Vec<i64> {
    let mut found: BTreeMap<Pseudoniem, i64> = BTreeMap::new();
    for row in rows {
        *found.entry(row.client).or_default() += row.cents;
    }
    found.into_values().collect()
}

/// Without a number of households those that use nothing are not counted, and nothing is per thousand.
fn combined<D: Ord>(
    uses: impl IntoIterator<Item = (usize, D)>,
    using: usize,
    there_are: Option<i64>,
) -> BTreeMap<BTreeSet<D>, Combination> {
    let households = there_are.and_then(|count| usize::try_from(count).ok()).unwrap_or(using);
    let mut found = combinations(uses, households.max(using)).unwrap_or_default();
    found.retain(|domains, _| !domains.is_empty());
    found
}

fn by_law(households: &Households<'_>, there_are: Option<i64>) -> Vec<StackingRow> {
    let uses = households.values().enumerate().flat_map(|(at, it)| it.wetten().into_iter().map(move |wet| (at, wet)));
    let mut cents: BTreeMap<BTreeSet<Wet>, i64> = BTreeMap::new();
    for household in households.values() {
        *cents.entry(household.wetten()).or_default() += household.cents();
    }
    let found = combined(uses, households.len(), there_are).into_iter().map(|(laws, combination)| StackingRow {
        wetten: laws.iter().map(|wet| wet.as_str()).collect(),
        number: laws.len(),
        or_more: false,
        huishoudens: Some(whole(combination.households)),
        per_1000: there_are.map(|_| combination.per_thousand),
        cents: Some(cents.get(&laws).copied().unwrap_or_default()),
    });
    let mut found: Vec<StackingRow> = found.collect();
    found.sort_by_key(|row| row.number);
    found
}

fn by_categories(households: &Households<'_>, there_are: Option<i64>) -> Vec<StackingRow> {
    let uses = households.values().enumerate().flat_map(|(at, it)| it.per_key.keys().map(move |key| (at, *key)));
    let mut cents: BTreeMap<usize, i64> = BTreeMap::new();
    for household in households.values() {
        *cents.entry(household.per_key.len()).or_default() += household.cents();
    }
    let combinations = combined(uses, households.len(), there_are);
    let numbers = by_number(&combinations).into_iter().filter(|(number, _)| *number > 0);
    let mut rows: Vec<(usize, bool, i64, i64)> = numbers
        .map(|(number, counted)| {
            (number, false, whole(counted.households), cents.get(&number).copied().unwrap_or_default())
        })
        .collect();
    // All above a number that few households reach are one row, of enough of them: how many there are together is known.
    let of = |rows: &[(usize, bool, i64, i64)]| rows.iter().map(|row| row.2).sum::<i64>();
    let mut cut = rows.iter().position(|row| is_few_persons(row.2)).unwrap_or(rows.len());
    while cut > 0 && is_few_persons(of(&rows[cut..])) {
        cut -= 1;
    }
    let rest = rows.split_off(cut);
    if let Some(first) = rest.first() {
        rows.push((first.0, rest.len() > 1, of(&rest), rest.iter().map(|row| row.3).sum()));
    }
    let shown = |(number, or_more, count, cents)| StackingRow {
        wetten: Vec::new(),
        number,
        or_more,
        huishoudens: Some(count).filter(|count| !is_few_persons(*count)),
        per_1000: there_are.filter(|_| !is_few_persons(count)).map(|all| per_1000(count, all)),
        cents: Some(cents).filter(|_| !is_few_persons(count)),
    };
    rows.into_iter().map(shown).collect()
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 households")]
fn per_1000(part: i64, all: i64) -> f64 {
    part as f64 * 1000.0 / all as f64
}

fn pairs(households: &Households<'_>) -> Vec<PairRow> {
    let mut counted: BTreeMap<(&Key, &Key), (i64, i64)> = BTreeMap::new();
    for household in households.values() {
        let used: Vec<(&&Key, &i64)> = household.per_key.iter().collect();
        for (at, (one, one_cents)) in used.iter().enumerate() {
            for (other, other_cents) in &used[at + 1..] {
                let pair = counted.entry((one, other)).or_default();
                pair.0 += 1;
                pair.1 += **one_cents + **other_cents;
            }
        }
    }
    let named = |key: &Key| (key.wet.as_str(), segment_naam(key.value.as_deref().unwrap_or_default()));
    let mut found: Vec<PairRow> = counted
        .into_iter()
        .map(|((one, other), (huishoudens, cents))| PairRow {
            categories: [named(one), named(other)],
            huishoudens,
            cents,
        })
        .collect();
    found.retain(|row| row.huishoudens >= i64::from(PERSONS_MIN));
    found.sort_by_key(|row| std::cmp::Reverse(row.huishoudens));
    found
}

fn wijken(households: &Households<'_>) -> Vec<WijkRow> {
    let mut found: BTreeMap<Option<&Arc<str>>, [i64; 3]> = BTreeMap::new();
    for household in households.values() {
        let [all, both, cents] = found.entry(household.wijk).or_default();
        *all += 1;
        if household.wetten().len() > 1 {
            *both += 1;
            *cents += household.cents();
        }
    }
    let row = |(wijk, [all, both, cents]): (Option<&Arc<str>>, [i64; 3])| WijkRow {
        wijk: wijk.map(ToString::to_string),
        huishoudens: Some(all),
        both: Some(both),
        both_cents: Some(cents),
    };
    found.into_iter().map(row).collect()
}

fn both_in(costs: &Costs, jaar: i16) -> (i16, Option<i64>, Option<f64>) {
    let rows: Vec<&CostRow> = costs.rows.iter().filter(|row| row.jaar == jaar).collect();
    let households = households(&rows);
    let both = whole(households.values().filter(|household| household.wetten().len() > 1).count());
    (jaar, Some(both), particuliere(costs, jaar, households.len()).map(|all| per_1000(both, all)))
}

fn shares_of_year(costs: &Costs, jaar: i16) -> CostShares {
    let rows: Vec<&CostRow> = costs.rows.iter().filter(|row| row.jaar == jaar).collect();
    shares(jaar, &per_client(&rows))
}

fn shares_of_law(rows: &[&CostRow], jaar: i16, wet: Wet) -> CostShares {
    let of_law: Vec<&CostRow> = rows.iter().filter(|row| row.key.wet == wet).copied().collect();
    shares(jaar, &per_client(&of_law))
}

/// As the indicators have it: who has no amount above zero is none of the units, and not in the total.
fn shares(jaar: i16, amounts: &[i64]) -> CostShares {
    let amounts = positive(amounts);
    let tops = tops_shown(&amounts, TOPS).into_iter().map(|(percent, top)| TopRow {
        percent,
        units: whole(top.units),
        from_cents: whole_thousands(top.from_amount.cents),
        cents: top.amount.cents,
        share: top.share,
    });
    let is_shown = !is_few_persons(whole(amounts.len()));
    let cents: i64 = amounts.iter().map(|amount| amount.cents).sum();
    CostShares {
        jaar,
        units: Some(whole(amounts.len())).filter(|_| is_shown),
        cents: Some(cents).filter(|_| is_shown),
        tops: tops.collect(),
    }
}

/// The most expensive, as far as neither they, nor those between one and the next, nor those that are left are few.
fn tops_shown<const N: usize>(amounts: &[Bedrag], percents: [u8; N]) -> Vec<(u8, TopShare)> {
    let mut found: Vec<(u8, TopShare)> = Vec::new();
    for percent in percents {
        let Some(top) = top_share(amounts, percent) else { continue };
        let before = found.last().map_or(0, |(_, top)| top.units);
        let rest = amounts.len().saturating_sub(top.units);
        if !is_few_persons(whole(top.units - before)) && !is_few_persons(whole(rest)) {
            found.push((percent, top));
        }
    }
    found
}

/// An amount of one client or household, so rounded that it does not point to him.
fn whole_thousands(cents: i64) -> i64 {
    (cents + 50_000) / 100_000 * 100_000
}

fn positive(amounts: &[i64]) -> Vec<Bedrag> {
    amounts.iter().filter(|cents| **cents > 0).map(|cents| Bedrag::from_cents(*cents)).collect()
}

fn curve(amounts: &[i64]) -> Vec<(u8, f64)> {
    let amounts = positive(amounts);
    tops_shown(&amounts, CURVE).into_iter().map(|(percent, top)| (percent, top.share)).collect()
}
