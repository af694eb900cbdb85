//! What a measure should save, month by month, whose purse that lands in, and what is not said of it. Exact in eurocents.

use std::collections::BTreeMap;

use grip_types::{Bedrag, Maand};

use crate::{
    Measure, MeasureStatus, Number, Year,
    sums::{amount, minus, sum},
};

/// What a measure should do in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedMonth {
    /// The month.
    pub maand: Maand,
    /// What it should save in it.
    pub saving: Bedrag,
    /// What it costs in it.
    pub cost: Bedrag,
}

/// What a measure should save and costs in each month from its first up to and including `to`. Empty when its first month is not
/// known, or when it was stopped and nobody said when.
///
/// # Formula
/// With `S` the saving in full effect and `n` the months from the first month to the one of full effect: month `k` (from 0) saves
/// `S · (k + 1) / (n + 1)`, from month `n` on `S`. Rounded so that the months up to any one add up to the exact sum, rounded to
/// the nearest cent. What it costs once counts in the first month.
pub fn expected(measure: &Measure, to: Maand) -> Vec<ExpectedMonth> {
    let Some(begin) = measure.begin.filter(|_| has_known_end(measure)) else { return Vec::new() };
    let last = measure.end.map_or(to, |end| end.min(to));
    let full = measure.full_from.unwrap_or(begin).max(begin).index() - begin.index();
    let saving = cents(measure.saving_per_month);
    let mut months = Vec::new();
    let mut so_far = 0;
    for index in begin.index()..=last.index().min(begin.index() + MONTHS_MAX) {
        let at = index - begin.index();
        let sum = sum_until(saving, i128::from(at), i128::from(full));
        let once = if at == 0 { cents(measure.cost_once) } else { 0 };
        months.push(ExpectedMonth {
            maand: Maand::from_index(index),
            saving: amount(sum - so_far),
            cost: amount(cents(measure.cost_per_month) + once),
        });
        so_far = sum;
    }
    months
}

/// Whether it is known until when a measure counts: what was stopped does not go on.
fn has_known_end(measure: &Measure) -> bool {
    measure.status != MeasureStatus::Stopped || measure.end.is_some()
}

/// The months of [`expected`] that count in a sum with other measures. What is only an idea was not begun, whatever its first month:
/// of it nothing counts up to and including `now`.
pub fn counted(measure: &Measure, now: Maand, to: Maand) -> Vec<ExpectedMonth> {
    let is_idea = measure.status == MeasureStatus::Idea;
    expected(measure, to).into_iter().filter(|month| !is_idea || month.maand > now).collect()
}

/// Months of a measure that are looked at: a century.
const MONTHS_MAX: i32 = 1_200;

/// The exact sum of the savings of months 0 up to and including `at`, to the nearest cent.
fn sum_until(saving: i128, at: i128, full: i128) -> i128 {
    // Months that grow: 1/(n+1) + 2/(n+1) + … ; the last of them is the first in full effect.
    let growing = (at + 1).min(full + 1);
    let twice = saving * growing * (growing + 1);
    let divisor = 2 * (full + 1);
    let grown = (2 * twice + divisor * twice.signum()) / (2 * divisor);
    grown + saving * (at - full).max(0)
}

fn cents(amount: Option<Bedrag>) -> i128 {
    amount.map_or(0, |amount| i128::from(amount.cents))
}

/// What a measure should save from one month up to and including another.
pub fn expected_between(measure: &Measure, from: Maand, to: Maand) -> Bedrag {
    sum(expected(measure, to).into_iter().filter(|month| month.maand >= from).map(|month| month.saving))
}

/// What several measures should save and cost, by month and added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CumulativeMonth {
    /// The month.
    pub maand: Maand,
    /// What should be saved up to and including it.
    pub saving: Bedrag,
    /// What was to be paid for it up to and including it.
    pub cost: Bedrag,
}

/// The sum over measures up to and including each month from the first of any of them to `to`.
pub fn cumulative<'m>(measures: impl Iterator<Item = &'m Measure>, to: Maand) -> Vec<CumulativeMonth> {
    let mut months: BTreeMap<Maand, (i128, i128)> = BTreeMap::new();
    for month in measures.flat_map(|measure| expected(measure, to)) {
        let (saving, cost) = months.entry(month.maand).or_default();
        *saving += i128::from(month.saving.cents);
        *cost += i128::from(month.cost.cents);
    }
    let Some(first) = months.keys().next().copied() else { return Vec::new() };
    let mut sums = (0, 0);
    (first.index()..=to.index())
        .map(Maand::from_index)
        .map(|maand| {
            let (saving, cost) = months.get(&maand).copied().unwrap_or_default();
            sums = (sums.0 + saving, sums.1 + cost);
            CumulativeMonth { maand, saving: amount(sums.0), cost: amount(sums.1) }
        })
        .collect()
}

/// What is expected of some measures together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many measures.
    pub measures: usize,
    /// Expected up to and including the last month that is known well enough to look back on.
    pub so_far: Bedrag,
    /// Expected in the months after it, up to the horizon.
    pub to_come: Bedrag,
    /// What they cost up to the horizon.
    pub cost: Bedrag,
    /// How many say no amount, no first month, or not when they were stopped: what they should save is in no sum.
    pub without_amount: usize,
}

/// Totals of measures by what they have in common, of the months that [count](counted).
pub fn totals<'m, K: Ord>(
    measures: impl Iterator<Item = &'m Measure>,
    key: impl Fn(&Measure) -> K,
    known_to: Maand,
    horizon: Maand,
) -> BTreeMap<K, Totals> {
    let mut found: BTreeMap<K, Totals> = BTreeMap::new();
    for measure in measures {
        let total = found.entry(key(measure)).or_default();
        let months = counted(measure, known_to, horizon);
        let (past, ahead): (Vec<&ExpectedMonth>, Vec<_>) = months.iter().partition(|month| month.maand <= known_to);
        let saving = |months: &[&ExpectedMonth]| sum(months.iter().map(|month| month.saving));
        total.measures += 1;
        total.so_far = sum([total.so_far, saving(&past)]);
        total.to_come = sum([total.to_come, saving(&ahead)]);
        total.cost = sum([total.cost].into_iter().chain(months.iter().map(|month| month.cost)));
        let is_said = measure.begin.is_some() && measure.saving_per_month.is_some() && has_known_end(measure);
        total.without_amount += usize::from(!is_said);
    }
    found
}

/// What a measure should still save up to the end of a year, beside a forecast that is made of the months up to `known_to`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Expected in the months after `known_to`.
    pub to_come: Bedrag,
    /// What a forecast from the months up to `known_to` carries on: what was saved in `known_to`, in every month after it, as far as
    /// it was real.
    pub in_forecast: Bedrag,
    /// What begins or grows later, that no forecast from those months can know. Below zero where the forecast carries on more than is
    /// to come: the measure ends, or costs more later.
    pub not_in_forecast: Bedrag,
}

/// What is still to come of a measure and what of it a forecast already holds.
///
/// # Formula
/// With `s(m)` the expected saving of month `m`, `m₀` the last known month and `n` the months after it up to `to`: to come `Σ s(m)`
/// over those months, in the forecast `n · s(m₀)`, whether the measure runs then or not. Not in it is the first less the second. Of
/// an idea nothing was saved in `m₀`.
pub fn ahead(measure: &Measure, known_to: Maand, to: Maand) -> Ahead {
    let months = expected(measure, to.max(known_to));
    let is_begun = measure.status != MeasureStatus::Idea;
    let reached = months.iter().find(|month| month.maand == known_to && is_begun).map(|month| month.saving);
    let to_come = sum(months.iter().filter(|month| month.maand > known_to).map(|month| month.saving));
    let later = i128::from((to.index() - known_to.index()).max(0));
    let in_forecast = amount(later * cents(reached));
    Ahead { to_come, in_forecast, not_in_forecast: minus(to_come, in_forecast) }
}

/// Whose purse a saving lands in. The four add up to the saving, to the cent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purses {
    /// The municipality's own.
    pub municipality: Bedrag,
    /// A health insurer's.
    pub insurer: Bedrag,
    /// The state's.
    pub state: Bedrag,
    /// Nobody said whose.
    pub unknown: Bedrag,
}

/// Spreads a saving over the purses by the shares that a measure gives; what has no share is of an unknown purse.
///
/// Rounded by largest remainder, so that the parts add up exactly; of equal remainders the purse named first gets the cent.
pub fn purses(measure: &Measure, saving: Bedrag) -> Purses {
    let share = |share: Option<Number>| share.map_or(0, |Number(percent)| billionths(percent));
    let given = [measure.share_municipality, measure.share_insurer, measure.share_state].map(share);
    let rest = (WHOLE - given.iter().sum::<i128>()).max(0);
    let shares = [given[0], given[1], given[2], rest];
    let [municipality, insurer, state, unknown] = spread(saving, shares);
    Purses { municipality, insurer, state, unknown }
}

impl Purses {
    /// The purses of several savings together.
    pub fn sum(all: impl Iterator<Item = Self>) -> Self {
        all.fold(Self::default(), |total, next| Self {
            municipality: sum([total.municipality, next.municipality]),
            insurer: sum([total.insurer, next.insurer]),
            state: sum([total.state, next.state]),
            unknown: sum([total.unknown, next.unknown]),
        })
    }
}

/// The figure that says most of what a measure saves, what was found before what was expected, and whose purse it lands in.
pub fn published_purses(measure: &Measure) -> Option<(Published, Purses)> {
    let figure = published(measure).pop()?;
    Some((figure, purses(measure, figure.amount())))
}

/// All of it, in shares of a billionth of a percent.
const WHOLE: i128 = 100_000_000_000;

fn billionths(percent: f64) -> i128 {
    i128::from(Bedrag::from_f64(percent.clamp(0.0, 100.0) * 1e9).cents)
}

fn spread(whole: Bedrag, shares: [i128; 4]) -> [Bedrag; 4] {
    let all = shares.iter().sum::<i128>().max(1);
    let (sign, size) = (i128::from(whole.cents.signum()), i128::from(whole.cents).abs());
    let mut parts = shares.map(|share| size * share / all);
    let mut order = [0, 1, 2, 3];
    order.sort_by_key(|at: &usize| std::cmp::Reverse(size * shares[*at] % all));
    let missing = usize::try_from(size - parts.iter().sum::<i128>()).unwrap_or_default();
    order.iter().take(missing).for_each(|at| parts[*at] += 1);
    parts.map(|part| amount(sign * part))
}

/// A figure that was published about what a measure saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// What was expected of a year in full effect.
    ExpectedPerYear(Bedrag),
    /// What an evaluation found, in all, in which year when that is said.
    Evaluated(Bedrag, Option<Year>),
}

impl Published {
    /// The amount.
    pub fn amount(self) -> Bedrag {
        match self {
            Self::ExpectedPerYear(amount) | Self::Evaluated(amount, _) => amount,
        }
    }
}

/// Every figure that was published about a measure, to stand side by side: none of them is the right one by itself.
pub fn published(measure: &Measure) -> Vec<Published> {
    let yearly = measure.saving_per_month.map(|month| Published::ExpectedPerYear(amount(12 * i128::from(month.cents))));
    let evaluated = measure.evaluated_saving.map(|amount| Published::Evaluated(amount, measure.evaluated_year));
    yearly.into_iter().chain(evaluated).collect()
}

/// What was expected of a year less what an evaluation found, when both were published and are not the same.
pub fn published_apart(measure: &Measure) -> Option<Bedrag> {
    let expected = 12 * i128::from(measure.saving_per_month?.cents);
    let apart = expected - i128::from(measure.evaluated_saving?.cents);
    (apart != 0).then(|| amount(apart))
}

/// What is not said of a measure and should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeasureGap {
    /// Which goal it serves.
    Goal,
    /// Who answers for it.
    Owner,
    /// When it begins.
    Begin,
    /// What it should save.
    Saving,
    /// Why that much.
    Reasoning,
    /// In which figure it should show.
    Indicator,
    /// When it was stopped.
    End,
}

impl MeasureGap {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Goal, Self::Owner, Self::Begin, Self::Saving, Self::Reasoning, Self::Indicator, Self::End];

    /// The field that is empty.
    pub fn field(self) -> &'static str {
        match self {
            Self::Goal => "goals",
            Self::Owner => "owner",
            Self::Begin => "begin",
            Self::Saving => "saving_per_month",
            Self::Reasoning => "reasoning",
            Self::Indicator => "indicator",
            Self::End => "end",
        }
    }
}

/// What is not said of a measure. A reasoning is missed where there is an amount; an end where it was stopped; an indicator and a
/// first month where it is more than an idea.
pub fn measure_gaps(measure: &Measure) -> Vec<MeasureGap> {
    let is_idea = measure.status == MeasureStatus::Idea;
    let is_missing = |gap: &MeasureGap| match gap {
        MeasureGap::Goal => measure.goals.0.is_empty(),
        MeasureGap::Owner => measure.owner.0.is_empty(),
        MeasureGap::Begin => measure.begin.is_none() && !is_idea,
        MeasureGap::Saving => measure.saving_per_month.is_none(),
        MeasureGap::Reasoning => measure.reasoning.0.is_empty() && measure.saving_per_month.is_some(),
        MeasureGap::Indicator => measure.indicator.is_none() && !is_idea,
        MeasureGap::End => measure.end.is_none() && measure.status == MeasureStatus::Stopped,
    };
    MeasureGap::ALL.into_iter().filter(is_missing).collect()
}

/// Whether a measure touches a part of care: it says in which indicator it shows, and none of its filters excludes the part.
///
/// `wet` is `wmo` or `jw`, `categorie` a product category; without one the whole law. Filters on anything finer, such as a
/// provider, do not exclude a part that holds it.
pub fn touches(measure: &Measure, wet: &str, categorie: Option<&str>) -> bool {
    measure.indicator.is_some() && measure.filters.touches(wet, categorie)
}
