//! What can happen to a municipality that the years before do not foretell: which scenario there is, and every number of it.
//!
//! A scenario takes nothing from the chance of anything else: what it does not touch is as it is without it. Only the order in
//! which a provider's office draws its delays and mistakes shifts where there is something else to declare.

use std::{collections::BTreeMap, fmt, str::FromStr};

use grip_types::{Date, Maand, Periode, Wet};
use jiff::civil::date;

use crate::{
    Settings,
    contracts::{Market, PRODUCTS, draw_contract, product_of},
    deliveries::Delivery,
    random::{Purpose, Stream, real, rounded},
    toewijzingen::Toewijzing,
};

/// What changes, and when. Year Y is the year of the last day of the simulation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scenario {
    /// Nothing but what always happens: now and then a provider comes to declare sooner or later, or skips a month.
    #[default]
    Default,
    /// As by default, but no provider ever changes its delay or skips a month.
    Steady,
    /// From 1 January Y the largest provider under each law declares most of what it delivers three months late.
    SlowProvider,
    /// From 1 January Y every tariff is 12 % higher on top of indexation. Amounts in euros (Eenheid 83) have no tariff.
    TariffJump,
    /// From 1 March Y more new clients come: 40 % more under Jw, 20 % more under Wmo.
    InflowJump,
    /// Who comes from 1 January of the year before Y on stays 40 % longer.
    LongerDurations,
    /// From 1 January Y about a third of the money is allotted as a Budget per year, which is spent faster or slower and
    /// never exceeded.
    Ceiling,
    /// As by default; meant for a municipality of 2 000 to 4 000 inhabitants.
    Tiny,
    /// In the second quarter of Y the three largest providers declare nothing; all of it comes in July.
    Backlog,
    /// From 1 January Y product 45A03 takes the place of 45A01, also for who already has it.
    ReplacedProduct,
}

/// A name that no scenario has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario has this name; there are: {}", Scenario::ALL.map(Scenario::name).join(", "))]
pub struct ScenarioError;

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Default,
        Self::Steady,
        Self::SlowProvider,
        Self::TariffJump,
        Self::InflowJump,
        Self::LongerDurations,
        Self::Ceiling,
        Self::Tiny,
        Self::Backlog,
        Self::ReplacedProduct,
    ];

    /// Its name, such as `tariff-jump`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Steady => "steady",
            Self::SlowProvider => "slow-provider",
            Self::TariffJump => "tariff-jump",
            Self::InflowJump => "inflow-jump",
            Self::LongerDurations => "longer-durations",
            Self::Ceiling => "ceiling",
            Self::Tiny => "tiny",
            Self::Backlog => "backlog",
            Self::ReplacedProduct => "replaced-product",
        }
    }

    /// The day on which it begins in a simulation that ends on `to`; `None` when nothing begins on a day.
    pub fn since(self, to: Date) -> Option<Date> {
        let year = to.year();
        match self {
            Self::Default | Self::Steady | Self::Tiny => None,
            Self::SlowProvider | Self::TariffJump | Self::Ceiling | Self::ReplacedProduct => Some(date(year, 1, 1)),
            Self::InflowJump => Some(date(year, INFLOW_MONTH, 1)),
            Self::LongerDurations => Some(date(year - 1, 1, 1)),
            Self::Backlog => Some(date(year, BACKLOG_MONTHS.0, 1)),
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Scenario {
    type Err = ScenarioError;

    fn from_str(name: &str) -> Result<Self, ScenarioError> {
        Self::ALL.into_iter().find(|scenario| scenario.name() == name).ok_or(ScenarioError)
    }
}

/// Slow provider: share of the lines that it still declares over the month itself.
const SLOW_PROMPT: f64 = 0.10;
/// Slow provider: months that every other line waits at least.
const SLOW_MONTHS: i64 = 3;
/// Slow provider: chance that such a line does not wait another month, for each month. About two lines in three of all, then,
/// wait [`SLOW_MONTHS`] exactly.
const SLOW_CATCH_UP: f64 = 0.75;
/// Slow provider: months that a line waits at most, so that all is declared within what is simulated after the last day.
const SLOW_MONTHS_MAX: i64 = 12;

/// Tariff jump: what a tariff is multiplied by, beside indexation.
const TARIFF_FACTOR: f64 = 1.12;

/// Inflow jump: the first month with more new clients, March.
const INFLOW_MONTH: i8 = 3;
/// Inflow jump: new clients beside those who come anyway, under the Jw.
const INFLOW_ADDED_JW: f64 = 0.40;
/// Inflow jump: new clients beside those who come anyway, under the Wmo.
const INFLOW_ADDED_WMO: f64 = 0.20;

/// Longer durations: what the time that is drawn for a client's care is multiplied by. Youth care still ends at 18.
const DURATION_FACTOR: f64 = 1.40;

/// Ceiling: the categories of which every Toewijzing becomes a Budget per year. By the figures of [`PRODUCTS`] they are 35 % of
/// the money: counselling of adults (02), counselling of youth (45) and treatment (54).
const CEILING_CATEGORIES: [&str; 3] = ["02", "45", "54"];
/// Ceiling: how fast a Budget is spent, slowest and fastest: multiples of what would be delivered without it. As about 0.8 of what
/// is allotted is delivered, a Budget is empty before its end from 1.25 on: nearly half of them.
const CEILING_PACE: (f64, f64) = (0.6, 1.8);

/// Backlog: how many providers are silent, the largest under both laws together.
const BACKLOG_AANBIEDERS: usize = 3;
/// Backlog: first and last month in which they send nothing, April and June.
const BACKLOG_MONTHS: (i8, i8) = (4, 6);

/// Replaced product: what is no longer allotted.
const REPLACED: &str = "45A01";
/// Replaced product: what takes its place. Both are in hours, and what a client needs in a month stays the same.
const REPLACEMENT: &str = "45A03";

/// Days before the day on which it begins that the municipality decides about who already has care.
pub(crate) const DECIDED_DAYS_BEFORE: i64 = 20;

/// Providers by what they deliver in eurocents under a law, or under both: the largest first.
pub fn largest(toewijzingen: &[Toewijzing], deliveries: &[Delivery], wet: Option<Wet>) -> Vec<usize> {
    let mut cents: BTreeMap<usize, i64> = BTreeMap::new();
    for delivery in deliveries {
        let toewijzing = &toewijzingen[delivery.toewijzing];
        if wet.is_none_or(|wet| toewijzing.wet == wet) {
            *cents.entry(toewijzing.aanbieder).or_default() += delivery.cents;
        }
    }
    let mut aanbieders: Vec<usize> = cents.keys().copied().collect();
    aanbieders.sort_by_key(|aanbieder| std::cmp::Reverse(cents[aanbieder]));
    aanbieders
}

/// Changes what providers do and are paid from the beginning, or from a year on.
pub(crate) fn change_market(settings: &Settings, market: &mut Market) {
    if settings.scenario == Scenario::Steady {
        for delay in market.aanbieders.iter_mut().flat_map(|aanbieder| aanbieder.delay.values_mut()) {
            delay.skip = 0.0;
            delay.change = None;
        }
    }
    if settings.scenario == Scenario::TariffJump {
        for contract in market.contracts.values_mut() {
            if let Some(tarief) = contract.tarief_cents.get_mut(&settings.to.year()) {
                *tarief = tarief.map(|cents| rounded(real(cents) * TARIFF_FACTOR));
            }
        }
    }
}

/// Who has a contract for the replaced product has one for its replacement from year Y on, and no longer one for the old.
pub(crate) fn replace_contracts(settings: &Settings, market: &mut Market) {
    if settings.scenario != Scenario::ReplacedProduct {
        return;
    }
    let (year, replaced, replacement) = (settings.to.year(), product_of(REPLACED), product_of(REPLACEMENT));
    for aanbieder in 0..market.aanbieders.len() {
        let Some(old) = market.contracts.get_mut(&(aanbieder, replaced)) else { continue };
        old.tarief_cents.remove(&year);
        market.contracts.entry((aanbieder, replacement)).or_insert_with(|| {
            let number = u64::try_from(aanbieder).unwrap_or_default();
            let mut stream = Stream::new(settings.seed, Purpose::Scenario, (1 << 54) | number);
            let mut contract = draw_contract(&mut stream, aanbieder, replacement, year);
            contract.tarief_cents.retain(|of, _| *of == year);
            contract
        });
    }
}

/// How many more new clients come in a month, as a share of those who come anyway.
pub(crate) fn inflow_added(settings: &Settings, wet: Wet, maand: Maand) -> f64 {
    let is_later = maand >= Maand::new(settings.to.year(), i32::from(INFLOW_MONTH));
    match (settings.scenario == Scenario::InflowJump && is_later, wet) {
        (false, _) => 0.0,
        (true, Wet::Jw) => INFLOW_ADDED_JW,
        (true, Wet::Wmo) => INFLOW_ADDED_WMO,
    }
}

/// What the care of a client who comes on this day is longer by.
pub(crate) fn duration_factor(settings: &Settings, begin: Date) -> f64 {
    let is_longer = settings.scenario == Scenario::LongerDurations && begin.year() >= settings.to.year() - 1;
    if is_longer { DURATION_FACTOR } else { 1.0 }
}

/// Whether a Toewijzing for a product becomes a Budget per year.
pub(crate) fn is_capped(product: usize) -> bool {
    CEILING_CATEGORIES.contains(&PRODUCTS[product].categorie)
}

/// How fast a Budget is spent.
pub(crate) fn draw_pace(stream: &mut Stream) -> f64 {
    stream.range(CEILING_PACE.0, CEILING_PACE.1)
}

/// The product in whose place another is allotted, and that other one.
pub(crate) fn replacement() -> (usize, usize) {
    (product_of(REPLACED), product_of(REPLACEMENT))
}

/// What is delivered in a month where a Toewijzing leaves the product open.
pub(crate) fn product_in(settings: &Settings, product: usize, maand: Maand) -> usize {
    let (replaced, replacement) = replacement();
    let is_replaced =
        settings.scenario == Scenario::ReplacedProduct && product == replaced && maand.year() >= settings.to.year();
    if is_replaced { replacement } else { product }
}

/// What a provider does otherwise than it always did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Habit {
    /// The first month of delivery over which it declares late.
    slow_from: Option<Maand>,
    /// When it sends nothing.
    pub(crate) silent: Option<Periode>,
}

impl Habit {
    /// How many months a line waits; `None` when that is as it always was.
    pub(crate) fn months_late(&self, stream: &mut Stream, maand: Maand) -> Option<i64> {
        self.slow_from.filter(|from| maand >= *from)?;
        let late = if stream.chance(SLOW_PROMPT) { 0 } else { SLOW_MONTHS + stream.geometric(SLOW_CATCH_UP) };
        Some(late.min(SLOW_MONTHS_MAX))
    }
}

/// The providers with another habit.
pub(crate) fn habits(
    settings: &Settings,
    toewijzingen: &[Toewijzing],
    deliveries: &[Delivery],
) -> BTreeMap<(Wet, usize), Habit> {
    let year = settings.to.year();
    let mut habits = BTreeMap::new();
    for wet in [Wet::Wmo, Wet::Jw] {
        if settings.scenario == Scenario::SlowProvider {
            let slow = Habit { slow_from: Some(Maand::new(year, 1)), silent: None };
            let first = largest(toewijzingen, deliveries, Some(wet)).into_iter().next();
            habits.extend(first.map(|aanbieder| ((wet, aanbieder), slow)));
        }
        if settings.scenario == Scenario::Backlog {
            let (first, last) = BACKLOG_MONTHS;
            let begin = date(year, first, 1);
            let silent =
                Habit { slow_from: None, silent: Some(Periode { begin, eind: date(year, last, 1).last_of_month() }) };
            let silent_ones = largest(toewijzingen, deliveries, None).into_iter().take(BACKLOG_AANBIEDERS);
            habits.extend(silent_ones.map(|aanbieder| ((wet, aanbieder), silent.clone())));
        }
    }
    habits
}
