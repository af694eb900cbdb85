//! Monthly series as they were known at the end of each month: every table has a value per month of delivery for each month in
//! which something became known.

use std::collections::{HashMap, HashSet};

use grip_ledger::{Eenheid, Levering, Toewijzing, current, is_deleted, known_value};
use grip_types::{AgbCode, Date, Maand, Pseudoniem, Wet};

use crate::{Facts, PrestatieFact};

/// What is looked at, in order of how near it is to a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Index of tariffs of what was declared, 100 at the first tariff of each product of each provider.
    Tarief,
    /// Clients who had no allocation under the law in the twelve months before, in the month they were allocated.
    NieuweClienten,
    /// Clients with declared care, by month of delivery.
    Clienten,
    /// Eurocents declared per client, at the first tariffs.
    VolumePerClient,
    /// Allocations that were new, in the month in which they were made.
    NieuweToewijzingen,
    /// Eurocents that those are worth in their first twelve months.
    WaardeToewijzingen,
    /// Allocations that run on the last day of the month, as known then.
    LopendeToewijzingen,
    /// Eurocents declared and not refused, by month of delivery.
    Declaratie,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Tarief,
        Self::NieuweClienten,
        Self::Clienten,
        Self::VolumePerClient,
        Self::NieuweToewijzingen,
        Self::WaardeToewijzingen,
        Self::LopendeToewijzingen,
        Self::Declaratie,
    ];

    /// Its name in addresses and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tarief => "tarief",
            Self::NieuweClienten => "nieuwe-clienten",
            Self::Clienten => "clienten",
            Self::VolumePerClient => "volume-per-client",
            Self::NieuweToewijzingen => "nieuwe-toewijzingen",
            Self::WaardeToewijzingen => "waarde-toewijzingen",
            Self::LopendeToewijzingen => "lopende-toewijzingen",
            Self::Declaratie => "declaratie",
        }
    }

    /// What it tells of: prices, care per client, or how many have care; money is of all three.
    pub(crate) fn family(self) -> Option<u8> {
        match self {
            Self::Declaratie => None,
            Self::Tarief => Some(0),
            Self::VolumePerClient => Some(1),
            _ => Some(2),
        }
    }

    /// Whether it counts persons, or what stands for them.
    pub(crate) fn is_count(self) -> bool {
        matches!(self, Self::NieuweClienten | Self::Clienten | Self::NieuweToewijzingen | Self::LopendeToewijzingen)
    }

    /// Whether what is known of a month grows after it.
    fn grows(self) -> bool {
        matches!(self, Self::Tarief | Self::Clienten | Self::VolumePerClient | Self::Declaratie)
    }
}

/// What a series is about; all of it when nothing is named. The order is from wide to narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Part {
    pub(crate) wet: Option<Wet>,
    pub(crate) categorie: Option<Box<str>>,
    pub(crate) aanbieder: Option<AgbCode>,
}

impl Part {
    /// How much is named.
    pub(crate) fn narrowness(&self) -> u8 {
        u8::from(self.wet.is_some()) + u8::from(self.categorie.is_some()) + u8::from(self.aanbieder.is_some())
    }

    /// Whether the two can have something in common.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
            a.zip(b).is_none_or(|(a, b)| a == b)
        }
        agree(self.wet.as_ref(), other.wet.as_ref())
            && agree(self.categorie.as_ref(), other.categorie.as_ref())
            && agree(self.aanbieder.as_ref(), other.aanbieder.as_ref())
    }
}

/// Months that are looked back over, at most.
const MONTHS_MAX: i32 = 72;
/// A month of this age has all its declarations: what the run-off is learnt from.
const DEVELOPED: usize = 12;
/// Months the run-off is learnt from.
const LEARNT_MONTHS: usize = 18;
/// Of a month at least this share is expected to be declared before it counts.
const COUNTS_FROM: f64 = 0.95;
/// The same before it can be too low.
const FALLS_FROM: f64 = 0.99;
/// A month to which the last two months added more than this share is still growing.
const STILL_GROWING: f64 = 0.02;
/// Months without an allocation after which a client is new.
const NEW_AFTER: i32 = 12;

/// Values by month of delivery and by the month in which they became known, counted from the first.
#[derive(Debug, Clone)]
struct Grid {
    months: usize,
    cells: Vec<f64>,
}

impl Grid {
    fn new(months: usize) -> Self {
        Self { months, cells: vec![0.0; months * months] }
    }

    fn add(&mut self, month: usize, known: usize, value: f64) {
        self.cells[month * self.months + known] += value;
    }

    /// From what became known in each month to what was known by its end.
    fn accumulate(&mut self) {
        for row in self.cells.chunks_mut(self.months) {
            let mut sum = 0.0;
            for cell in row {
                sum += *cell;
                *cell = sum;
            }
        }
    }

    fn at(&self, month: usize, known: usize) -> f64 {
        self.cells[month * self.months + known]
    }

    /// Expected share of a month that is known so many months after it, as far as it was known at the end of a month.
    fn run_off(&self, known: usize) -> [f64; DEVELOPED] {
        let last = (known + 1).saturating_sub(DEVELOPED);
        let months = last.saturating_sub(LEARNT_MONTHS)..last;
        let all: f64 = months.clone().map(|month| self.at(month, known)).sum();
        std::array::from_fn(|age| {
            let then: f64 = months.clone().map(|month| self.at(month, month + age)).sum();
            if all > 0.0 { then / all } else { 0.0 }
        })
    }

    /// Youngest age from which a month was still added to by the last two months before the end of a month, plus one.
    fn quiet_from(&self, known: usize) -> usize {
        let grows = |age: usize| {
            (known.saturating_sub(1)..=known).any(|now| {
                let Some(month) = now.checked_sub(age).filter(|_| now > 0) else { return false };
                let all = self.at(month, known);
                all > 0.0 && (self.at(month, now) - self.at(month, now - 1)) / all > STILL_GROWING
            })
        };
        (1..DEVELOPED).rev().find(|age| grows(*age)).map_or(1, |age| age + 1)
    }
}

/// The tables of one part.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    declared: Grid,
    /// Of what states a tariff, at that tariff.
    priced: Grid,
    /// The same at the first tariff of the product.
    at_first: Grid,
    clients: Grid,
    /// By the month in which they became known, which is final.
    new_toewijzingen: Vec<f64>,
    new_clients: Vec<f64>,
    new_value: Vec<f64>,
    running: Vec<f64>,
}

impl Tables {
    fn new(months: usize) -> Self {
        let grid = Grid::new(months);
        let flat = vec![0.0; months];
        Self {
            declared: grid.clone(),
            priced: grid.clone(),
            at_first: grid.clone(),
            clients: grid,
            new_toewijzingen: flat.clone(),
            new_clients: flat.clone(),
            new_value: flat.clone(),
            running: flat,
        }
    }
}

/// Everything that is watched, month by month.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) first: Maand,
    /// How many months there are.
    pub(crate) months: usize,
    /// From wide to narrow.
    pub(crate) parts: Vec<(Part, Tables)>,
}

/// Where what belongs to a law, a category and a provider is counted: places among the parts, from wide to narrow.
type Places = [Option<usize>; 4];

/// Finds the places of a part, and makes it when it is new.
struct Index<'f> {
    months: usize,
    /// Providers large enough to be watched.
    large: HashSet<(Wet, AgbCode)>,
    known: HashMap<(Wet, Option<&'f str>, AgbCode), Places>,
    places: HashMap<Part, usize>,
}

impl<'f> Index<'f> {
    fn places(
        &mut self,
        parts: &mut Vec<(Part, Tables)>,
        wet: Wet,
        categorie: Option<&'f str>,
        aanbieder: AgbCode,
    ) -> Places {
        let key = (wet, categorie, aanbieder);
        if let Some(found) = self.known.get(&key) {
            return *found;
        }
        let of_wet = Part { wet: Some(wet), ..Part::default() };
        let is_large = self.large.contains(&(wet, aanbieder));
        let all = [
            Some(Part::default()),
            Some(of_wet.clone()),
            categorie.map(|categorie| Part { categorie: Some(categorie.into()), ..of_wet.clone() }),
            is_large.then_some(Part { aanbieder: Some(aanbieder), ..of_wet }),
        ];
        let found = all.map(|part| {
            part.map(|part| {
                *self.places.entry(part).or_insert_with_key(|part| {
                    parts.push((part.clone(), Tables::new(self.months)));
                    parts.len() - 1
                })
            })
        });
        self.known.insert(key, found);
        found
    }
}

/// A line of an invoice where it counts: month of delivery, and month in which it became known.
struct Placed<'f> {
    fact: &'f PrestatieFact,
    month: usize,
    known: usize,
    refused: Option<usize>,
    places: Places,
}

impl Watched {
    /// Of everything that became known up to and including a month. `None` when that is nothing.
    pub(crate) fn of(facts: &Facts, last: Maand) -> Option<Self> {
        let until = last.last_day();
        let received = facts.prestaties.iter().map(|fact| fact.line.received);
        let sent = facts.toewijzingen.values().flatten().map(|version| version.received);
        let first = Maand::of(received.chain(sent).filter(|day| *day <= until).min()?);
        let first = first.max(last.plus(1 - MONTHS_MAX));
        let months = usize::try_from(last.index() - first.index() + 1).ok()?;
        let mut watched = Self { first, months, parts: Vec::new() };
        let large = large(facts, last);
        let mut index = Index { months, large, known: HashMap::new(), places: HashMap::new() };
        let lines = watched.lines(facts, &mut index);
        watched.declare(&lines);
        (0..4).for_each(|narrowness| watched.count_clients(&lines, narrowness));
        watched.allocate(facts, last, &mut index);
        for (_, tables) in &mut watched.parts {
            for grid in [&mut tables.declared, &mut tables.priced, &mut tables.at_first, &mut tables.clients] {
                grid.accumulate();
            }
        }
        watched.parts.sort_by(|(a, _), (b, _)| (a.narrowness(), a).cmp(&(b.narrowness(), b)));
        Some(watched)
    }

    pub(crate) fn maand(&self, at: usize) -> Maand {
        self.first.plus(i32::try_from(at).unwrap_or(i32::MAX))
    }

    fn place(&self, maand: Maand) -> Option<usize> {
        usize::try_from(maand.index() - self.first.index()).ok().filter(|at| *at < self.months)
    }

    /// The month in which something became known; what was known before the first counts as known in it.
    fn known_in(&self, day: Date) -> Option<usize> {
        self.place(Maand::of(day).max(self.first))
    }

    fn lines<'f>(&mut self, facts: &'f Facts, index: &mut Index<'f>) -> Vec<Placed<'f>> {
        let mut lines = Vec::with_capacity(facts.prestaties.len());
        for fact in &facts.prestaties {
            let line = &fact.line;
            let (Some(month), Some(known)) = (self.place(line.maand), self.known_in(line.received)) else { continue };
            let known = known.max(month);
            let refused = line.refused.and_then(|day| self.known_in(day)).map(|refused| refused.max(known));
            let places = index.places(&mut self.parts, line.nummer.0, Some(&line.categorie), line.aanbieder);
            lines.push(Placed { fact, month, known, refused, places });
        }
        lines
    }

    fn declare(&mut self, lines: &[Placed<'_>]) {
        type Product<'f> = (Wet, AgbCode, &'f str, &'f str, Eenheid);
        let mut first_tariff: HashMap<Product<'_>, f64> = HashMap::new();
        for Placed { fact, month, known, refused, places } in lines {
            let line = &fact.line;
            let cents = real(line.cents);
            let ratio = fact.tarief.filter(|(_, tarief)| *tarief > 0).map(|(eenheid, tarief)| {
                let product = (line.nummer.0, line.aanbieder, &*line.categorie, &*line.code, eenheid);
                *first_tariff.entry(product).or_insert(real(tarief)) / real(tarief)
            });
            for (when, cents) in [(*known, cents)].into_iter().chain(refused.map(|refused| (refused, -cents))) {
                for place in places.iter().flatten() {
                    let tables = &mut self.parts[*place].1;
                    tables.declared.add(*month, when, cents);
                    if let Some(ratio) = ratio {
                        tables.priced.add(*month, when, cents);
                        tables.at_first.add(*month, when, cents * ratio);
                    }
                }
            }
        }
    }

    /// A client counts in a month from when what is known of it is above zero, for as long as it is.
    fn count_clients(&mut self, lines: &[Placed<'_>], narrowness: usize) {
        let mut events: Vec<(usize, usize, Pseudoniem, usize, i64)> = Vec::new();
        for line in lines {
            let Some(place) = line.places[narrowness] else { continue };
            let (client, cents) = (line.fact.line.client, line.fact.line.cents);
            events.push((place, line.month, client, line.known, cents));
            events.extend(line.refused.map(|refused| (place, line.month, client, refused, -cents)));
        }
        events.sort_unstable();
        for of_client in events.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
            let clients = &mut self.parts[of_client[0].0].1.clients;
            let (mut sum, mut counts) = (0, false);
            for of_month in of_client.chunk_by(|a, b| a.3 == b.3) {
                sum += of_month.iter().map(|event| event.4).sum::<i64>();
                if (sum > 0) != counts {
                    counts = sum > 0;
                    clients.add(of_client[0].1, of_month[0].3, if counts { 1.0 } else { -1.0 });
                }
            }
        }
    }

    fn allocate<'f>(&mut self, facts: &'f Facts, last: Maand, index: &mut Index<'f>) {
        let mut made: Vec<(Maand, &Toewijzing)> = Vec::new();
        for versions in facts.toewijzingen.values() {
            let known: Vec<&Toewijzing> =
                versions.iter().filter(|version| Maand::of(version.received) <= last).collect();
            if let Some(first) = known.iter().min_by_key(|version| (version.received, &version.stempel)) {
                made.push((Maand::of(first.received), first));
                self.run(&known, facts, last, index);
            }
        }
        made.sort_by_key(|(maand, version)| (*maand, version.wet, version.nummer));
        let mut had: HashMap<(Wet, Pseudoniem), Maand> = HashMap::new();
        for of_month in made.chunk_by(|a, b| a.0 == b.0) {
            let maand = of_month[0].0;
            let tarieven = facts.tarieven(maand.last_day());
            let mut seen: HashSet<(Wet, Pseudoniem)> = HashSet::new();
            for (_, version) in of_month.iter().filter(|(_, version)| !is_deleted(version)) {
                let Some(at) = self.place(maand) else { continue };
                let who = (version.wet, version.client);
                let is_new = had.get(&who).is_none_or(|until| until.plus(NEW_AFTER) < maand) && seen.insert(who);
                let months = known_value(version, &tarieven, Maand::of(version.ingangsdatum).plus(11));
                let value = months.map_or(0.0, |months| months.iter().map(|(_, cents)| real(*cents)).sum());
                for place in self.places_of(version, index).into_iter().flatten() {
                    let tables = &mut self.parts[place].1;
                    tables.new_toewijzingen[at] += 1.0;
                    tables.new_value[at] += value;
                    tables.new_clients[at] += f64::from(u8::from(is_new));
                }
            }
            for (_, version) in of_month {
                let until = version.einddatum.map_or(Maand::of(Date::MAX), Maand::of).max(maand);
                let known = had.entry((version.wet, version.client)).or_insert(until);
                *known = until.max(*known);
            }
        }
    }

    fn places_of<'f>(&mut self, version: &'f Toewijzing, index: &mut Index<'f>) -> Places {
        index.places(&mut self.parts, version.wet, version.categorie.as_deref(), version.aanbieder)
    }

    /// Counts an allocation at the end of each month in which it ran, as far as was known then.
    fn run<'f>(&mut self, versions: &[&'f Toewijzing], facts: &Facts, last: Maand, index: &mut Index<'f>) {
        let Some(begun) = versions.iter().map(|version| version.received).min() else { return };
        let ends = versions.iter().map(|version| version.einddatum.map_or(last, Maand::of)).max();
        let months = Maand::of(begun).max(self.first).index()..=ends.unwrap_or(last).min(last).index();
        let leveringen = facts.leveringen.get(&(versions[0].wet, Some(versions[0].nummer)));
        for maand in months.map(Maand::from_index) {
            let day = maand.last_day();
            let version = current(versions.iter().copied(), day).filter(|version| !is_deleted(version));
            let (Some(version), Some(at)) = (version, self.place(maand)) else { continue };
            let ended = leveringen.and_then(|facts| Levering::known(facts, day).ended);
            let runs = version.ingangsdatum <= day
                && version.einddatum.is_none_or(|end| end >= day)
                && ended.is_none_or(|end| end >= day);
            if runs {
                for place in self.places_of(version, index).into_iter().flatten() {
                    self.parts[place].1.running[at] += 1.0;
                }
            }
        }
    }

    /// Mean of the last twelve months that are known.
    pub(crate) fn recent(&self, tables: &Tables, measure: Measure) -> f64 {
        let known: Vec<f64> = self.series(tables, measure, self.months - 1, false).into_iter().flatten().collect();
        let recent = &known[known.len().saturating_sub(12)..];
        let months = u32::try_from(recent.len()).map_or(1.0, f64::from).max(1.0);
        recent.iter().sum::<f64>() / months
    }

    /// A series as known at the end of a month. `strict`: only months that can't be too low any more. Months that are nearly
    /// complete are made whole by what is expected to come; younger ones are unknown.
    pub(crate) fn series(&self, tables: &Tables, measure: Measure, known: usize, strict: bool) -> Vec<Option<f64>> {
        let months = 0..=known;
        let flat = |values: &[f64]| values[..=known].iter().copied().map(Some).collect();
        if !measure.grows() {
            return match measure {
                Measure::NieuweClienten => months
                    .map(|at| Some(tables.new_clients[at]).filter(|_| self.first.plus(NEW_AFTER) < self.maand(at)))
                    .collect(),
                Measure::NieuweToewijzingen => flat(&tables.new_toewijzingen),
                Measure::WaardeToewijzingen => flat(&tables.new_value),
                _ => flat(&tables.running),
            };
        }
        let whole = |grid: &Grid| -> (Vec<f64>, [f64; DEVELOPED]) {
            let run_off = grid.run_off(known);
            let share = |month: usize| run_off.get(known - month).copied().filter(|share| *share > 0.0).unwrap_or(1.0);
            ((0..=known).map(|month| grid.at(month, known) / share(month)).collect(), run_off)
        };
        let (declared, run_off) = whole(&tables.declared);
        let least = if strict { FALLS_FROM } else { COUNTS_FROM };
        let age = (0..DEVELOPED).rev().find(|age| run_off[*age] < least).map_or(0, |age| age + 1);
        let age = if strict { age.max(tables.declared.quiet_from(known)) } else { age };
        let is_known = |month: &usize| known - month >= age && declared[*month] > 0.0;
        let raw = |grid: &Grid, month: usize| grid.at(month, known);
        match measure {
            Measure::Declaratie => months.map(|at| is_known(&at).then(|| declared[at])).collect(),
            Measure::Clienten => {
                let (clients, _) = whole(&tables.clients);
                months.map(|at| is_known(&at).then(|| clients[at])).collect()
            }
            Measure::Tarief => {
                let index = |at| {
                    (raw(&tables.at_first, at) > 0.0)
                        .then(|| 100.0 * raw(&tables.priced, at) / raw(&tables.at_first, at))
                };
                months.map(|at| Some(at).filter(is_known).and_then(index)).collect()
            }
            _ => {
                let volume = |at| raw(&tables.declared, at) - raw(&tables.priced, at) + raw(&tables.at_first, at);
                let per_client = |at| (raw(&tables.clients, at) > 0.0).then(|| volume(at) / raw(&tables.clients, at));
                months.map(|at| Some(at).filter(is_known).and_then(per_client)).collect()
            }
        }
    }
}

/// Providers with clients enough to be told of, in the last twelve months together.
fn large(facts: &Facts, last: Maand) -> HashSet<(Wet, AgbCode)> {
    let mut clients: HashMap<(Wet, AgbCode), HashSet<Pseudoniem>> = HashMap::new();
    let recent = facts.prestaties.iter().map(|fact| &fact.line).filter(|line| {
        Maand::of(line.received) <= last
            && line.maand > last.plus(-12)
            && line.refused.is_none_or(|day| Maand::of(day) > last)
    });
    for line in recent {
        clients.entry((line.nummer.0, line.aanbieder)).or_default().insert(line.client);
    }
    clients
        .into_iter()
        .filter(|(_, clients)| clients.len() >= usize::from(grip_types::PERSONS_MIN))
        .map(|(key, _)| key)
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "amounts below 2^53 eurocents")]
fn real(cents: i64) -> f64 {
    cents as f64
}
