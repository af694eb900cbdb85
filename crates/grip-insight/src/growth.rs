//! Price or volume: why an amount grew between two periods.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::Sum,
    ops::{Add, AddAssign},
};

use grip_types::Bedrag;

/// What was delivered in one period within one cell of the mix, such as a product, or a product at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cell {
    /// Clients with care in this cell, each once. A client in two cells counts in both.
    pub clients: u64,
    /// Months in care of these clients together. Zero when it is not known.
    pub months: f64,
    /// Units delivered to these clients together, in the unit the cell is priced in. Zero when it is not known.
    pub units: f64,
    /// What it cost, credits deducted.
    pub amount: Bedrag,
}

/// Everything delivered in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Period<K> {
    /// Clients, each once however many cells they are in.
    pub clients: u64,
    /// The cells. Keys that mean the same must be the same in both periods.
    pub cells: BTreeMap<K, Cell>,
}

impl<K: Ord> Period<K> {
    /// A period in which every client is in one cell: the clients are the sum of those of the cells.
    pub fn of_cells(cells: BTreeMap<K, Cell>) -> Self {
        Self { clients: cells.values().map(|cell| cell.clients).sum(), cells }
    }
}

/// A cause of growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// More or fewer clients in all.
    Clients,
    /// Clients who are in more or fewer cells at once.
    Stacking,
    /// Clients who moved between cells that exist in both periods.
    Mix,
    /// Cells with clients in the later period only.
    New,
    /// Cells with clients in the earlier period only.
    Ended,
    /// Months per client.
    Duration,
    /// Units per client and month.
    Intensity,
    /// The agreed indexation of the tariff.
    Indexation,
    /// Amount per unit beyond the agreed indexation.
    Tariff,
    /// What two or more causes did together. Always zero with [`Method::LogMean`].
    Interaction,
    /// Growth of cells whose months, units or amounts do not allow a split: corrections, credits, care without units.
    Undivided,
}

impl Part {
    /// All parts, in the order of a waterfall: volume, then price, then the rest.
    pub const ALL: [Self; PARTS] = [
        Self::Clients,
        Self::Stacking,
        Self::Mix,
        Self::New,
        Self::Ended,
        Self::Duration,
        Self::Intensity,
        Self::Indexation,
        Self::Tariff,
        Self::Interaction,
        Self::Undivided,
    ];
}

const PARTS: usize = 11;

/// An amount for each [`Part`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    amounts: [Bedrag; PARTS],
}

impl Parts {
    /// The amount of one part.
    pub fn of(&self, part: Part) -> Bedrag {
        self.amounts[part as usize]
    }

    /// All parts with their amounts, in the order of [`Part::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Part, Bedrag)> {
        Part::ALL.into_iter().zip(self.amounts)
    }

    /// The sum, which is the growth, to the cent.
    pub fn total(&self) -> Bedrag {
        self.amounts.into_iter().sum()
    }
}

/// Growth of one cell, or of several together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Amount of the earlier period.
    pub before: Bedrag,
    /// Amount of the later period.
    pub after: Bedrag,
    /// What made the difference. `before + parts.total() == after`.
    pub parts: Parts,
}

impl Add for Change {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}
impl AddAssign for Change {
    fn add_assign(&mut self, other: Self) {
        self.before += other.before;
        self.after += other.after;
        for (mine, theirs) in self.parts.amounts.iter_mut().zip(other.parts.amounts) {
            *mine += theirs;
        }
    }
}
impl Sum for Change {
    fn sum<I: Iterator<Item = Self>>(changes: I) -> Self {
        changes.fold(Self::default(), Add::add)
    }
}

/// Growth of all, per cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth<K> {
    /// Every cell of either period.
    pub cells: BTreeMap<K, Change>,
}

impl<K: Ord> Growth<K> {
    /// All cells together.
    pub fn total(&self) -> Change {
        self.cells.values().copied().sum()
    }

    /// The cells together per group. The groups' parts add up to those of [`total`](Self::total), to the cent,
    /// whatever the dimension, as each cell was rounded once.
    ///
    /// The clients of a group are in it as they are in the total: what they grew more than all clients is its mix.
    pub fn by<G: Ord>(&self, group: impl Fn(&K) -> G) -> BTreeMap<G, Change> {
        let mut groups: BTreeMap<G, Change> = BTreeMap::new();
        for (key, change) in &self.cells {
            *groups.entry(group(key)).or_default() += *change;
        }
        groups
    }
}

/// How growth is divided over causes that changed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Each cause by itself, everything else as it was: the earlier amount times the change of that cause. What
    /// causes did together is shown apart, as [`Part::Interaction`]. Can be checked with a pocket calculator.
    #[default]
    OneByOne,
    /// Each cause gets its share of what causes did together: the logarithmic mean of both amounts times the
    /// logarithm of the change. Nothing is left, and running time backwards gives the same parts with the other sign.
    LogMean,
}

/// Why growth can not be split.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There can't be more clients than the cells have together, nor cells with clients and no client.
    #[error("{clients} clients in all do not fit {in_cells} clients in cells")]
    Clients {
        /// As given for the period.
        clients: u64,
        /// Sum over the cells.
        in_cells: u64,
    },
    /// Months or units below zero, or not a number.
    #[error("months and units are zero or more, and {value} is not")]
    Volume {
        /// What was given.
        value: f64,
    },
    /// An index that is not a ratio.
    #[error("indexation is a ratio above zero, such as 1.03, and {value} is not")]
    Indexation {
        /// What was given.
        value: f64,
    },
}

/// Splits growth between two periods into its causes, exactly.
///
/// `indexation` gives for a key the agreed ratio between the tariffs of the two periods, such as 1.0479; 1 when none
/// was agreed.
///
/// # Formula
///
/// Per cell `V = N · m · s · d · q · p · i`: clients in all, cells per client, share of the cell in that, months per
/// client, units per client and month, amount per unit without indexation, index. With `r` the later value of a
/// factor over the earlier: one by one `V₀ · (r − 1)`, interaction `V₁ − V₀ − Σ`; logarithmic mean `(V₁ −
/// V₀)/ln(V₁/V₀) · ln r`. Amounts in eurocents.
///
/// A cell that is new counts `V₁ · C₀/C₁` as new, with `C` the clients in cells, and the rest as interaction; one
/// that ended counts `−V₀` as ended beside its part in the clients, with the opposite of that as interaction. With
/// the logarithmic mean they count in full. Factors that are not known are [`Part::Undivided`] together, and so is a
/// cell without an amount above zero in both periods, or without clients.
///
/// Each cell is rounded to whole cents by largest remainder, the first part in order winning ties.
///
/// # Source
///
/// One by one: the Laspeyres approach with a cross effect, as the Patented Medicine Prices Review Board (2013), The
/// Drivers of Prescription Drug Expenditures, uses it; for volume and mix, the sales-quantity and sales-mix variances
/// of Horngren and others, Cost Accounting. Logarithmic mean: Ang, B. W. (2005), Energy Policy 33, 867–871, equation
/// 5; zeros after Ang, B. W. and Liu, N. (2007), Energy Policy 35, 238–246.
///
/// # Errors
///
/// As [`Error`] says.
pub fn split<K: Ord + Clone>(
    before: &Period<K>,
    after: &Period<K>,
    indexation: impl Fn(&K) -> f64,
    method: Method,
) -> Result<Growth<K>, Error> {
    let totals = Totals::of(before, after)?;
    let keys: BTreeSet<&K> = before.cells.keys().chain(after.cells.keys()).collect();
    let mut cells = BTreeMap::new();
    for key in keys {
        let index = indexation(key);
        if !(index.is_finite() && index > 0.0) {
            return Err(Error::Indexation { value: index });
        }
        let cell = |period: &Period<K>| period.cells.get(key).copied().unwrap_or_default();
        cells.insert(key.clone(), change(&cell(before), &cell(after), &totals, index, method));
    }
    Ok(Growth { cells })
}

/// Ratios that all cells have in common.
struct Totals {
    /// Clients in all, later over earlier. One when one period has none: then no cell lasts.
    clients: f64,
    /// Cells per client, later over earlier.
    stacking: f64,
    /// Clients in cells, earlier and later.
    in_cells: (f64, f64),
}

impl Totals {
    fn of<K: Ord>(before: &Period<K>, after: &Period<K>) -> Result<Self, Error> {
        let (before_in_cells, after_in_cells) = (checked(before)?, checked(after)?);
        let clients = ratio(to_f64(before.clients), to_f64(after.clients)).unwrap_or(1.0);
        let in_cells = ratio(before_in_cells, after_in_cells).unwrap_or(1.0);
        Ok(Self { clients, stacking: in_cells / clients, in_cells: (before_in_cells, after_in_cells) })
    }

    fn has_clients_in_both(&self) -> bool {
        self.in_cells.0 > 0.0 && self.in_cells.1 > 0.0
    }
}

/// Clients in cells together, once the period was looked at.
fn checked<K: Ord>(period: &Period<K>) -> Result<f64, Error> {
    let in_cells = period.cells.values().map(|cell| cell.clients).sum();
    if period.clients > in_cells || (period.clients == 0 && in_cells > 0) {
        return Err(Error::Clients { clients: period.clients, in_cells });
    }
    let mut volumes = period.cells.values().flat_map(|cell| [cell.months, cell.units]);
    match volumes.find(|volume| !(volume.is_finite() && *volume >= 0.0)) {
        Some(value) => Err(Error::Volume { value }),
        None => Ok(to_f64(in_cells)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 people")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

/// Later over earlier, when both are above zero.
fn ratio(earlier: f64, later: f64) -> Option<f64> {
    (earlier > 0.0 && later > 0.0).then_some(later / earlier)
}

fn change(before: &Cell, after: &Cell, totals: &Totals, index: f64, method: Method) -> Change {
    let (v0, v1) = (before.amount.to_f64(), after.amount.to_f64());
    let effects = match (before.clients > 0, after.clients > 0) {
        (true, true) if v0 > 0.0 && v1 > 0.0 => lasting(before, after, totals, index, method),
        (false, true) => new(v0, v1, totals, method),
        (true, false) => ended(v0, v1, totals, method),
        _ => Effects::default().with(Part::Undivided, v1 - v0),
    };
    let growth = after.amount - before.amount;
    let parts = Parts { amounts: effects.round(growth) };
    Change { before: before.amount, after: after.amount, parts }
}

/// A cell with clients and amounts in both periods.
fn lasting(before: &Cell, after: &Cell, totals: &Totals, index: f64, method: Method) -> Effects {
    let (v0, v1) = (before.amount.to_f64(), after.amount.to_f64());
    let clients = to_f64(after.clients) / to_f64(before.clients);
    let months = ratio(before.months, after.months);
    let units = ratio(before.units, after.units);
    let all = v1 / v0;
    let known = [
        (Part::Clients, Some(totals.clients)),
        (Part::Stacking, Some(totals.stacking)),
        (Part::Mix, Some(clients * totals.in_cells.0 / totals.in_cells.1)),
        (Part::Duration, months.map(|months| months / clients)),
        (Part::Intensity, months.zip(units).map(|(months, units)| units / months)),
        (Part::Indexation, Some(index)),
        (Part::Tariff, units.map(|units| all / units / index)),
    ];
    let unknown = match (months, units) {
        (Some(_), Some(_)) => None,
        (Some(months), None) => Some(all / months / index),
        (None, Some(units)) => Some(units / clients),
        (None, None) => Some(all / clients / index),
    };
    let effect = |ratio: f64| match method {
        Method::OneByOne => v0 * (ratio - 1.0),
        Method::LogMean => log_mean(v0, v1) * ratio.ln(),
    };
    let mut effects = Effects::default();
    for (part, ratio) in known.into_iter().chain([(Part::Undivided, unknown)]) {
        effects = effects.with(part, ratio.map_or(0.0, effect));
    }
    match method {
        Method::OneByOne => effects.rest_to_interaction(v1 - v0),
        Method::LogMean => effects,
    }
}

/// A cell with clients in the later period only. What it cost before is a correction.
fn new(v0: f64, v1: f64, totals: &Totals, method: Method) -> Effects {
    let share = match method {
        Method::OneByOne if totals.has_clients_in_both() => totals.in_cells.0 / totals.in_cells.1,
        Method::OneByOne | Method::LogMean => 1.0,
    };
    Effects::default().with(Part::New, v1 * share).with(Part::Undivided, -v0).rest_to_interaction(v1 - v0)
}

/// A cell with clients in the earlier period only. What it cost after is a correction.
fn ended(v0: f64, v1: f64, totals: &Totals, method: Method) -> Effects {
    let effects = Effects::default().with(Part::Ended, -v0).with(Part::Undivided, v1);
    let effects = match method {
        Method::OneByOne if totals.has_clients_in_both() => {
            effects.with(Part::Clients, v0 * (totals.clients - 1.0)).with(Part::Stacking, v0 * (totals.stacking - 1.0))
        }
        Method::OneByOne | Method::LogMean => effects,
    };
    effects.rest_to_interaction(v1 - v0)
}

/// The logarithmic mean of two amounts above zero: `(b − a)/ln(b/a)`, and `a` when they are equal.
fn log_mean(a: f64, b: f64) -> f64 {
    let logarithm = (b / a).ln();
    // The first terms of the series: the quotient of two differences near zero would be noise.
    if logarithm.abs() < 1e-6 { a * (1.0 + logarithm / 2.0) } else { (b - a) / logarithm }
}

/// Parts in eurocents, not rounded yet.
#[derive(Debug, Clone, Copy, Default)]
struct Effects([f64; PARTS]);

/// Above this an f64 has no whole eurocents.
const CENTS_MAX: f64 = 9_007_199_254_740_992.0;

impl Effects {
    fn with(mut self, part: Part, effect: f64) -> Self {
        self.0[part as usize] = effect;
        self
    }

    fn rest_to_interaction(self, growth: f64) -> Self {
        let rest = growth - self.0.iter().sum::<f64>();
        self.with(Part::Interaction, rest)
    }

    /// Whole cents that add up to the growth: each part rounded down, the cents that lack to those that lost most.
    fn round(self, growth: Bedrag) -> [Bedrag; PARTS] {
        let can_be_split = self.0.iter().all(|effect| effect.abs() < CENTS_MAX);
        let mut cents = self.0.map(|effect| Bedrag::from_f64(if can_be_split { effect.floor() } else { 0.0 }));
        let mut order: Vec<usize> = (0..PARTS).collect();
        order.sort_by(|&a, &b| (self.0[b] - self.0[b].floor()).total_cmp(&(self.0[a] - self.0[a].floor())));
        for &part in &order {
            let lacking = growth - cents.iter().copied().sum();
            if can_be_split && lacking > Bedrag::ZERO {
                cents[part] += Bedrag::from_cents(1);
            }
        }
        // Nothing is left, unless a double could not hold the parts to the cent.
        cents[Part::Undivided as usize] += growth - cents.iter().copied().sum();
        cents
    }
}

#[cfg(test)]
mod tests {
    use super::{Effects, PARTS, Part, log_mean};
    use grip_types::Bedrag;

    #[track_caller]
    fn check(effects: [f64; PARTS], growth: i64, expected: [i64; PARTS]) {
        let rounded = Effects(effects).round(Bedrag::from_cents(growth));
        assert_eq!(rounded.map(|amount| amount.cents), expected);
    }

    #[test]
    fn cents_that_lack_go_to_those_that_lost_most() {
        // 33⅓ each of 100: the tie goes to the first.
        let third = 100.0 / 3.0;
        check([third, third, third, 0., 0., 0., 0., 0., 0., 0., 0.], 100, [34, 33, 33, 0, 0, 0, 0, 0, 0, 0, 0]);
        // Down is down for what is below zero too: −0.6 becomes −1, and 0.6 one.
        check([0.6, -0.6, 0., 0., 0., 0., 0., 0., 0., 0., 0.], 0, [1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        // What no double holds to the cent is not split.
        check([1e300, -1e300, 0., 0., 0., 0., 0., 0., 0., 5., 0.], 5, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
        check([f64::NAN, 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.], 7, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
    }

    #[test]
    fn the_logarithmic_mean_lies_between() {
        assert!((log_mean(100.0, 200.0) - 100.0 / 2f64.ln()).abs() < 1e-9);
        assert!((log_mean(100.0, 100.0) - 100.0).abs() < 1e-9);
        // On both sides of where the series takes over.
        for b in [100.000_09, 100.000_11] {
            assert!((log_mean(100.0, b) - (100.0 + b) / 2.0).abs() < 1e-6, "{b}");
        }
    }

    #[test]
    fn parts_are_where_their_names_say() {
        for (index, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(part as usize, index, "{part:?}");
        }
    }
}
