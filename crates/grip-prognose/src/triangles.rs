//! The seam: from the words of the ledger to the words of actuaries, and nowhere else.
//!
//! | in the ledger | here |
//! |---|---|
//! | maand waarin is geleverd | origin, the row |
//! | maanden tussen levering en ontvangst van de Declaratie | development, `d` |
//! | stand per peildatum | cut |
//! | nog te ontvangen declaraties | `ibnr` |

use std::collections::{BTreeMap, HashMap, HashSet};

use grip_forecast::{FUTURE, PAST, ProviderHistory, SegmentHistory};
use grip_ledger::{
    Eenheid, Levering, LeveringFact, Nummer, Prestatie, Tarieven, Toewijzing, current, is_total, known_value,
};
use grip_types::{AgbCode, Bedrag, Date, Maand, Periode, Pseudoniem, Wet};

use crate::Facts;

/// Law and category; an empty category is that of allocations that name none.
pub type Segment = (Wet, Box<str>);

/// At most so many months of history are looked at: ten years of one pattern is more than any municipality keeps.
const MONTHS_MAX: i32 = 84;

/// [`FUTURE`] as a difference of months.
const AHEAD: i64 = FUTURE as i64;

/// A provider has a pattern of its own when this part of what is declared in a segment is its.
const SMALLEST_PROVIDER: f64 = 0.03;

/// And when it declares for so many clients a month: with fewer, one of them who stops looks like a provider that is late.
const SMALLEST_CLIENTELE: usize = 5;

/// Months and the days of their cuts: the same day in every month as the peildatum, and the last day if that is one.
#[derive(Debug, Clone)]
pub struct Grid {
    first: Maand,
    months: usize,
    day: i8,
}

impl Grid {
    /// From the first month of delivery up to the month of the peildatum; `None` when nothing was known yet.
    pub fn new(facts: &Facts, peildatum: Date) -> Option<Self> {
        let now = Maand::of(peildatum);
        let known = facts
            .prestaties
            .iter()
            .map(|fact| &fact.line)
            .filter(|line| line.received <= peildatum)
            .map(|line| line.maand);
        let allocated = facts.toewijzingen.values().flatten().filter(|version| version.received <= peildatum);
        let first = known.chain(allocated.map(|version| Maand::of(version.received))).min()?;
        let first = first.min(now).max(now.plus(1 - MONTHS_MAX));
        let months = usize::try_from(now.index() - first.index() + 1).ok()?;
        let day = if peildatum == now.last_day() { 31 } else { peildatum.day() };
        Some(Self { first, months, day })
    }

    /// Position of a month; below zero before the grid.
    pub fn index(&self, maand: Maand) -> i64 {
        i64::from(maand.index() - self.first.index())
    }

    /// The month at a position.
    pub fn maand(&self, index: i64) -> Maand {
        self.first.plus(i32::try_from(index).unwrap_or_default())
    }

    fn cut(&self, index: usize) -> Date {
        self.maand(i64::try_from(index).unwrap_or_default()).day_clamped(self.day)
    }

    /// The first cut at which something received on a day is known.
    fn known_at(&self, received: Date) -> Option<usize> {
        let maand = Maand::of(received);
        let later = i64::from(received > maand.day_clamped(self.day));
        usize::try_from((self.index(maand) + later).max(0)).ok().filter(|cut| *cut < self.months)
    }

    /// Row and development of an amount, or nothing when it was not known yet or lies before the grid.
    fn cell(&self, maand: Maand, received: Date) -> Option<(usize, usize)> {
        let known = self.known_at(received)?;
        // What is declared for a month to come can only be a mistake in the month: it counts when it is known.
        let origin = usize::try_from(self.index(maand)).ok()?.min(known);
        Some((origin, known - origin))
    }
}

/// The postings of a line: its amount when received, and the same back when it is refused.
fn postings(line: &Prestatie) -> impl Iterator<Item = (Date, i64)> {
    [Some((line.received, line.cents)), line.refused.map(|refused| (refused.max(line.received), -line.cents))]
        .into_iter()
        .flatten()
}

/// The history of every segment, as known at each cut.
pub fn histories(facts: &Facts, grid: &Grid) -> BTreeMap<Segment, SegmentHistory> {
    let mut found: BTreeMap<Segment, SegmentHistory> = BTreeMap::new();
    let mut providers: Providers = BTreeMap::new();
    let mut clients: HashMap<(Segment, AgbCode), HashSet<(usize, Pseudoniem)>> = HashMap::new();
    let mut by_nummer: BTreeMap<Nummer, Vec<&Prestatie>> = BTreeMap::new();
    for line in facts.prestaties.iter().map(|fact| &fact.line) {
        let segment = (line.nummer.0, line.categorie.clone());
        for cell in cells_of(grid, line) {
            let history = found.entry(segment.clone()).or_insert_with(|| SegmentHistory::empty(grid.months));
            if let Ok(origin) = usize::try_from(cell.month) {
                history.declared[origin][cell.delay] += cell.amount;
                let key = (segment.clone(), line.aanbieder);
                let provider = providers.entry(key).or_insert_with(|| no_provider(grid.months));
                provider.declared[origin][cell.delay] += cell.amount;
                if cell.amount > 0.0 {
                    clients.entry((segment.clone(), line.aanbieder)).or_default().insert((origin, line.client));
                }
            }
        }
        by_nummer.entry(line.nummer).or_default().push(line);
    }
    let tarieven = facts.tarieven(grid.cut(grid.months - 1));
    follow_clients(grid, facts, &tarieven, &by_nummer, (&mut found, &mut providers));
    for ((wet, _), history) in &mut found {
        history.group = usize::from(*wet == Wet::Jw);
    }
    for (segment, price) in prices(facts, &tarieven, grid) {
        found.entry(segment).and_modify(|history| history.price = price);
    }
    for (((wet, categorie), aanbieder), provider) in providers {
        let served = clients.get(&((wet, categorie.clone()), aanbieder)).map_or(0, HashSet::len);
        let months = provider.declared.iter().filter(|row| row.iter().any(|amount| *amount > 0.0)).count();
        if served < SMALLEST_CLIENTELE * months {
            continue;
        }
        let Some(history) = found.get_mut(&(wet, categorie)) else { continue };
        let declared = |rows: &[Vec<f64>]| rows.iter().flatten().sum::<f64>();
        if declared(&provider.declared) >= SMALLEST_PROVIDER * declared(&history.declared) {
            history.providers.push(ProviderHistory { name: aanbieder.to_string(), ..provider });
        }
    }
    found
}

/// Adds what each client had in each segment at each cut, and what came of it.
fn follow_clients(
    grid: &Grid,
    facts: &Facts,
    tarieven: &Tarieven,
    by_nummer: &BTreeMap<Nummer, Vec<&Prestatie>>,
    (found, providers): (&mut BTreeMap<Segment, SegmentHistory>, &mut Providers),
) {
    let mut by_client: BTreeMap<(Segment, Pseudoniem), Vec<Nummer>> = BTreeMap::new();
    for (nummer, versions) in &facts.toewijzingen {
        let Some(version) = versions.first() else { continue };
        let segment = (version.wet, version.categorie.clone().unwrap_or_default());
        by_client.entry((segment, version.client)).or_default().push(*nummer);
    }
    let mut lines_of: HashMap<(Wet, &str, Pseudoniem), Vec<&Prestatie>> = HashMap::new();
    for line in facts.prestaties.iter().map(|fact| &fact.line) {
        lines_of.entry((line.nummer.0, &line.categorie, line.client)).or_default().push(line);
    }
    for ((segment, client), nummers) in by_client {
        let mut holding = Holding::new(grid.months);
        for nummer in nummers {
            let lines = by_nummer.get(&nummer).map_or(&[][..], Vec::as_slice);
            let leveringen = facts.leveringen.get(&nummer).map_or(&[][..], Vec::as_slice);
            commit(
                grid,
                tarieven,
                &facts.toewijzingen[&nummer],
                leveringen,
                lines,
                (&mut *found, &mut *providers, &mut holding),
            );
        }
        let lines = lines_of.get(&(segment.0, &*segment.1, client)).map_or(&[][..], Vec::as_slice);
        let history = found.entry(segment.clone()).or_insert_with(|| SegmentHistory::empty(grid.months));
        holding.add_to(history, grid, lines);
    }
}

/// What is declared by, and allocated to, each provider in a segment.
type Providers = BTreeMap<(Segment, AgbCode), ProviderHistory>;

fn no_provider(months: usize) -> ProviderHistory {
    ProviderHistory {
        name: String::new(),
        declared: (0..months).map(|month| vec![0.0; months - month]).collect(),
        committed: vec![vec![0.0; PAST + 1]; months],
    }
}

/// A provider's product in a unit.
type Product<'f> = (AgbCode, Option<&'f str>, Eenheid);

/// Per segment what its allocations cost in a month beside the first month of the grid: the tariffs of each provider's product,
/// weighted with the volume that was ever allocated of it.
///
/// # Formula
/// `Σ volume · tariff(month) / Σ volume · tariff(first month)`: Laspeyres, with the volume of all years as the basket. Amounts
/// in euros cost what they cost.
fn prices(facts: &Facts, tarieven: &Tarieven, grid: &Grid) -> BTreeMap<Segment, Vec<f64>> {
    let mut baskets: BTreeMap<Segment, HashMap<Product<'_>, i64>> = BTreeMap::new();
    let known = facts.toewijzingen.values().filter_map(|versions| current(versions, grid.cut(grid.months - 1)));
    for version in known {
        let (Some(omvang), Some(categorie)) = (version.omvang, version.categorie.clone()) else { continue };
        let eind = version.einddatum.unwrap_or_else(|| grid.cut(grid.months - 1)).max(version.ingangsdatum);
        let volume = grip_ledger::total(omvang, Periode { begin: version.ingangsdatum, eind });
        let basket = baskets.entry((version.wet, categorie)).or_default();
        *basket.entry((version.aanbieder, version.code.as_deref(), omvang.eenheid)).or_default() += volume;
    }
    let horizon = i64::try_from(grid.months + FUTURE).unwrap_or_default();
    let index = |(wet, categorie): &Segment, basket: &HashMap<Product<'_>, i64>| -> Option<Vec<f64>> {
        let cost = |month: i64| -> Option<f64> {
            let day = grid.maand(month).last_day();
            let costs = basket.iter().filter_map(|((aanbieder, code, eenheid), volume)| {
                tarieven.value(*wet, *aanbieder, (categorie, *code), *eenheid, *volume, day)
            });
            let cents: i64 = costs.map(|cost| cost.cents).sum();
            (cents > 0).then(|| Bedrag::from_cents(cents).to_f64())
        };
        let first = cost(0)?;
        (0..horizon).map(|month| Some(cost(month)? / first)).collect()
    };
    baskets.iter().filter_map(|(segment, basket)| Some((segment.clone(), index(segment, basket)?))).collect()
}

/// What became known of one allocation, in one cell of the triangle.
struct Cell<'f> {
    month: i64,
    delay: usize,
    amount: f64,
    categorie: &'f str,
}

fn cells_of<'f>(grid: &Grid, line: &'f Prestatie) -> impl Iterator<Item = Cell<'f>> {
    postings(line).filter_map(move |(received, cents)| {
        let (origin, delay) = grid.cell(line.maand, received)?;
        let (month, amount) = (i64::try_from(origin).ok()?, Bedrag::from_cents(cents).to_f64());
        Some(Cell { month, delay, amount, categorie: &line.categorie })
    })
}

/// Of an allocation with a ceiling what is left at a cut, per month from the last one declared to its end: what is spent fast is
/// gone before. Without a ceiling there is no limit.
fn left_per_month(version: &Toewijzing, months: &[(i64, f64)], cells: &[Cell<'_>], now: i64) -> (i64, f64) {
    if !is_total(version) {
        return (i64::MAX, f64::INFINITY);
    }
    let known = |cell: &&Cell<'_>| cell.month + i64::try_from(cell.delay).unwrap_or_default() <= now;
    let declared: f64 = cells.iter().filter(known).map(|cell| cell.amount).sum();
    let Some(last) = cells.iter().filter(known).map(|cell| cell.month).max() else { return (i64::MAX, f64::INFINITY) };
    let total: f64 = months.iter().map(|(_, value)| value).sum();
    let open = months.iter().filter(|(month, _)| *month > last).count();
    (last, (total - declared).max(0.0) / f64::from(u32::try_from(open).unwrap_or(u32::MAX).max(1)))
}

/// What one client has in one segment, cut by cut.
struct Holding {
    /// Of the cut's own month and the two before it: what it has of what is not stopped; of months ahead: what is allocated.
    back: Vec<[f64; HELD_MONTHS]>,
    ahead: Vec<[f64; FUTURE]>,
    /// Whether anything allocated runs at a cut, also of what no value is known.
    runs: Vec<bool>,
    /// Cut, month ahead, delay and amount of what was declared on what was allocated at the cut.
    known: Vec<(usize, usize, usize, f64)>,
}

/// Less than this part of what a client has is left: the rest lapses.
const LAPSED: f64 = 0.5;

/// Who had something in one of so many months up to the cut has it still, unless it was stopped: a renewal comes late.
const HELD_MONTHS: usize = 3;

impl Holding {
    fn new(months: usize) -> Self {
        Self {
            back: vec![[0.0; HELD_MONTHS]; months],
            ahead: vec![[0.0; FUTURE]; months],
            known: Vec::new(),
            runs: vec![false; months],
        }
    }

    /// Adds what is allocated for a month this many months after a cut.
    fn add(&mut self, cut: usize, ahead: i64, value: f64, is_stopped: bool) {
        if let Some(place) = usize::try_from(ahead - 1).ok().and_then(|index| self.ahead[cut].get_mut(index)) {
            *place += value;
        } else if let Some(place) = usize::try_from(-ahead).ok().and_then(|index| self.back[cut].get_mut(index))
            && !is_stopped
        {
            *place += value;
        }
    }

    /// What the client has in a month at a cut: the latest of the last months.
    fn present(&self, cut: usize) -> f64 {
        self.back[cut].iter().copied().find(|value| *value > 0.0).unwrap_or(0.0)
    }

    fn is_known(&self, cut: usize) -> bool {
        self.runs[cut]
    }

    fn add_to(&self, history: &mut SegmentHistory, grid: &Grid, lines: &[&Prestatie]) {
        let mut cells: Vec<Cell<'_>> = lines.iter().flat_map(|line| cells_of(grid, line)).collect();
        cells.sort_by_key(|cell| cell.month);
        let of = |month: usize| {
            let month = i64::try_from(month).unwrap_or_default();
            let start = cells.partition_point(|cell| cell.month < month);
            cells[start..].iter().take_while(move |cell| cell.month == month)
        };
        for (cut, ahead, delay, amount) in &self.known {
            if self.ahead[*cut][*ahead] < LAPSED * self.present(*cut) {
                history.renewed[*cut][*ahead][*delay] -= amount;
            }
        }
        let mut arrived: Option<usize> = None;
        for cut in 0..grid.months {
            if self.is_known(cut) {
                if cut > 0 && !self.is_known(cut - 1) {
                    history.arrivals[cut] += 1.0;
                    let ahead = self.ahead[cut].iter().copied().find(|value| *value > 0.0).unwrap_or(0.0);
                    history.arrival_value[cut] += self.present(cut).max(ahead);
                    arrived = Some(cut);
                }
                let present = self.present(cut);
                for (index, ahead) in
                    self.ahead[cut].into_iter().enumerate().filter(|(_, ahead)| *ahead < LAPSED * present)
                {
                    history.lapsing[cut][index] += present - ahead;
                    let Some(list) = history.renewed[cut].get_mut(index) else { continue };
                    for cell in of(cut + index + 1) {
                        list[cell.delay] += cell.amount;
                    }
                }
            }
            if let Some(list) = arrived.and_then(|from| history.arrived[from].get_mut(cut - from)) {
                for cell in of(cut) {
                    list[cell.delay] += cell.amount;
                }
            }
        }
    }
}

/// What an allocation is worth in each month, at the pace at which it was first meant to be spent: a total that ends sooner than it
/// was to end is not spent faster.
fn exposure(version: &Toewijzing, versions: &[Toewijzing], tarieven: &Tarieven, horizon: Maand) -> Vec<(Maand, i64)> {
    let (Some(eind), true) = (version.einddatum, is_total(version)) else {
        return known_value(version, tarieven, horizon).unwrap_or_default();
    };
    let is_before = |other: &&Toewijzing| {
        other.received <= version.received && (other.omvang, other.budget) == (version.omvang, version.budget)
    };
    let meant = versions.iter().filter(is_before).filter_map(|other| other.einddatum).max().unwrap_or(eind).max(eind);
    let whole = Toewijzing { einddatum: Some(meant), ..version.clone() };
    let mut months = known_value(&whole, tarieven, horizon).unwrap_or_default();
    months.retain(|(maand, _)| *maand <= Maand::of(eind));
    months
}

/// Adds what one allocation was worth at each cut, and what came of it.
fn commit(
    grid: &Grid,
    tarieven: &Tarieven,
    versions: &[Toewijzing],
    leveringen: &[LeveringFact],
    lines: &[&Prestatie],
    (found, providers, holding): (&mut BTreeMap<Segment, SegmentHistory>, &mut Providers, &mut Holding),
) {
    let Some(first) = versions.iter().filter_map(|version| grid.known_at(version.received)).min() else { return };
    let horizon = grid.maand(i64::try_from(grid.months + FUTURE).unwrap_or_default() - 1);
    let mut cells: Vec<Cell<'_>> = lines.iter().flat_map(|line| cells_of(grid, line)).collect();
    cells.sort_by_key(|cell| cell.month);
    let mut at: Option<(&Toewijzing, Vec<(i64, f64)>)> = None;
    let mut ended: (usize, Option<i64>) = (0, None);
    for cut in first..grid.months {
        let day = grid.cut(cut);
        let Some(version) = current(versions, day) else { continue };
        if at.as_ref().is_none_or(|(before, _)| !std::ptr::eq(*before, version)) {
            let months = exposure(version, versions, tarieven, horizon);
            let value = |(maand, cents): (Maand, i64)| (grid.index(maand), Bedrag::from_cents(cents).to_f64());
            at = Some((version, months.into_iter().map(value).collect()));
        }
        let Some((version, months)) = &at else { continue };
        let Ok(now) = i64::try_from(cut) else { continue };
        // What is known of the delivery changes with a message, and seldom between two cuts.
        let known = leveringen.iter().filter(|fact| fact.received <= day).count();
        if known != ended.0 {
            ended = (known, Levering::known(leveringen, day).ended.map(|ended| grid.index(Maand::of(ended))));
        }
        let last_month = ended.1.unwrap_or(i64::MAX);
        let runs_until = version.einddatum.map_or(last_month, |eind| grid.index(Maand::of(eind)).min(last_month));
        holding.runs[cut] |= runs_until.saturating_add(i64::try_from(HELD_MONTHS).unwrap_or_default()) > now;
        if months.last().is_none_or(|(last, _)| last + i64::try_from(PAST).unwrap_or_default() < now) {
            continue;
        }
        let categorie = version.categorie.clone().unwrap_or_default();
        let history =
            found.entry((version.wet, categorie.clone())).or_insert_with(|| SegmentHistory::empty(grid.months));
        let mut provider = providers.get_mut(&((version.wet, categorie.clone()), version.aanbieder));
        let (last, left) = left_per_month(version, months, &cells, now);
        for (month, value) in months.iter().filter(|(month, value)| *month <= last_month && *value > 0.0) {
            let whole = *value;
            let value = if *month > last { whole.min(left) } else { whole };
            if cut + 1 == grid.months && (now + 1..=now + AHEAD).contains(month) {
                history.beyond_ceiling += whole - value;
            }
            holding.add(cut, month - now, whole, ended.1.is_some());
            let Ok(offset) = usize::try_from(month - now + i64::try_from(PAST).unwrap_or_default()) else { continue };
            let Some(committed) = history.committed[cut].get_mut(offset) else { continue };
            *committed += value;
            if let (Some(back), Some(provider)) = (PAST.checked_sub(offset), &mut provider) {
                provider.committed[cut][back] += value;
            }
            let Some(list) = offset.checked_sub(PAST + 1).and_then(|ahead| history.known_declared[cut].get_mut(ahead))
            else {
                continue;
            };
            let start = cells.partition_point(|cell| cell.month < *month);
            for cell in cells[start..]
                .iter()
                .take_while(|cell| cell.month == *month)
                .filter(|cell| *cell.categorie == *categorie)
            {
                list[cell.delay] += cell.amount;
                holding.known.push((cut, offset - PAST - 1, cell.delay, cell.amount));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn budget(budget: Option<Bedrag>) -> Toewijzing {
        Toewijzing {
            wet: Wet::Jw,
            nummer: 1,
            aanbieder: "00000001".parse().expect("a code of eight digits"),
            client: Pseudoniem::from_bits(1),
            categorie: Some("45".into()),
            code: None,
            stempel: (date(2025, 1, 1), "00:00:00".into()),
            ingangsdatum: date(2025, 1, 1),
            einddatum: Some(date(2025, 12, 31)),
            reden_wijziging: None,
            omvang: None,
            budget,
            received: date(2025, 1, 1),
        }
    }

    #[test]
    fn of_a_budget_no_more_is_to_come_than_what_is_left() {
        let months: Vec<(i64, f64)> = (0..12).map(|month| (month, 100.0)).collect();
        // Three months of 200, each known a month later.
        let cells: Vec<Cell<'_>> =
            (0..3).map(|month| Cell { month, delay: 1, amount: 200.0, categorie: "45" }).collect();
        let check = |budget: Toewijzing, now, expected: (i64, f64)| {
            let found = left_per_month(&budget, &months, &cells, now);
            assert_eq!((found.0, found.1.to_bits()), (expected.0, expected.1.to_bits()));
        };
        let of = Some(Bedrag::from_cents(120_000));
        // Of 1200, 600 is left for the nine months after the third; at an earlier cut 1000 for eleven.
        check(budget(of), 3, (2, 600.0 / 9.0));
        check(budget(of), 1, (0, 1000.0 / 11.0));
        check(budget(of), 0, (i64::MAX, f64::INFINITY));
        check(budget(None), 3, (i64::MAX, f64::INFINITY));
    }
}
