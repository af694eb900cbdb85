//! How totals are spent over their term, learnt from those that are finished.

use std::collections::BTreeMap;

use grip_types::{Date, Maand, Periode, Wet};

use crate::{
    Eenheid, Facts, Toewijzing, current,
    facts::Group,
    is_deleted, is_settled,
    shape::{ONE, PARTS, Shape},
    toewijzing::is_total,
    volume::month_days,
};

/// So many finished totals weigh as much as what is assumed without them. A judgement, not an estimate: with fewer than
/// about twenty, one large trajectory sets the whole pattern.
pub const CREDIBILITY_TOEWIJZINGEN: i64 = 20;

/// What a total is spent on, and so how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Effort: by elapsed part of the term.
    Effort,
    /// A trajectory paid for its result: payments at the start and at the end. Frequentie 6 with unit 82 or 83 (OP264).
    Result,
}

impl Kind {
    fn of(toewijzing: &Toewijzing) -> Self {
        let eenheid = toewijzing.omvang.map(|omvang| omvang.eenheid);
        if matches!(eenheid, Some(Eenheid::Euro | Eenheid::StuksOutput)) { Self::Result } else { Self::Effort }
    }
}

/// How totals are spent over their term, per category.
///
/// # Formula
/// Of finished totals, the eurocents declared in each tenth of the days of the term, or, of a trajectory, in its first month,
/// its last and between. A category of `n` of them counts with weight n / (n + 20), and the law as a whole with the rest;
/// that is itself blended with an even spread, in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns {
    wholes: BTreeMap<(Wet, Kind), Shape>,
    categories: BTreeMap<(Wet, Kind), BTreeMap<Box<str>, Shape>>,
}

impl Patterns {
    /// Nothing learnt: every total is spread by days.
    pub fn even() -> Self {
        Self::default()
    }

    /// Learns from what was finished on a day, and known then.
    ///
    /// Finished is a total with an end, all of whose months are settled ([`is_settled`]), on which something was declared
    /// within its term. A term of one month, or for a trajectory of two, says nothing and is left out.
    pub fn learn(facts: &Facts<'_>, peildatum: Date) -> Self {
        let mut sums: BTreeMap<(Wet, Kind), BTreeMap<&str, Spent>> = BTreeMap::new();
        for group in facts.groups.values() {
            let Some(version) = current(group.versions.iter().copied(), peildatum) else { continue };
            let kind = Kind::of(version);
            if let Some(parts) = finished(version, peildatum).and_then(|periode| spent(group, kind, periode, peildatum))
            {
                let categorie = version.categorie.as_deref().unwrap_or_default();
                sums.entry((version.wet, kind)).or_default().entry(categorie).or_default().add(1, &parts);
            }
        }
        let mut found = Self::default();
        for (key, categories) in sums {
            let mut whole = Spent::default();
            categories.values().for_each(|spent| whole.add(spent.count, &spent.cents));
            found.wholes.insert(key, whole.shape(key.1, None));
            let shapes =
                categories.iter().map(|(categorie, spent)| ((*categorie).into(), spent.shape(key.1, Some(&whole))));
            found.categories.insert(key, shapes.collect());
        }
        found
    }

    pub(crate) fn shape(&self, toewijzing: &Toewijzing) -> &Shape {
        const EVEN: &Shape = &Shape::EVEN;
        if self.wholes.is_empty() || !is_total(toewijzing) {
            return EVEN;
        }
        let key = (toewijzing.wet, Kind::of(toewijzing));
        let categorie = toewijzing.categorie.as_deref().unwrap_or_default();
        let own = self.categories.get(&key).and_then(|shapes| shapes.get(categorie));
        own.or_else(|| self.wholes.get(&key)).unwrap_or(EVEN)
    }
}

/// The term of a total that is over and settled.
fn finished(version: &Toewijzing, peildatum: Date) -> Option<Periode> {
    let periode = Periode { begin: version.ingangsdatum, eind: version.einddatum? };
    let is_finished = is_total(version)
        && !is_deleted(version)
        && periode.begin <= periode.eind
        && is_settled(Maand::of(periode.eind), peildatum);
    is_finished.then_some(periode)
}

/// What was declared in each part of a term. What credits leave below zero in a month counts as nothing.
fn spent(group: &Group<'_>, kind: Kind, periode: Periode, peildatum: Date) -> Option<[i128; PARTS]> {
    let mut months: BTreeMap<Maand, i64> = BTreeMap::new();
    for (line, _) in group.known(peildatum).filter(|(_, is_refused)| !is_refused) {
        *months.entry(line.maand).or_default() += line.cents;
    }
    let (first, last) = (Maand::of(periode.begin), Maand::of(periode.eind));
    let fewest = if kind == Kind::Effort { 1 } else { 2 };
    if last.index() - first.index() < fewest {
        return None;
    }
    let mut parts = [0; PARTS];
    let (mut days_before, all) = (0, periode.days());
    for (maand, days) in month_days(periode) {
        let cents = i128::from(months.get(&maand).copied().unwrap_or_default().max(0));
        match kind {
            Kind::Result => parts[usize::from(maand > first) + usize::from(maand == last)] += cents,
            Kind::Effort => by_tenths(&mut parts, cents, (days_before, days_before + days), all),
        }
        days_before += days;
    }
    parts.iter().any(|cents| *cents > 0).then_some(parts)
}

/// Gives an amount to the tenths of a term its days lie in.
fn by_tenths(parts: &mut [i128; PARTS], cents: i128, (from, to): (i64, i64), all: i64) {
    let tenths = i64::try_from(PARTS).expect("ten");
    for (index, part) in (0_i64..).zip(parts.iter_mut()) {
        let overlap = (tenths * to).min((index + 1) * all) - (tenths * from).max(index * all);
        if overlap > 0 {
            *part += cents * i128::from(overlap) / i128::from(tenths * (to - from));
        }
    }
}

/// Sums over finished totals.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    count: i64,
    cents: [i128; PARTS],
}

impl Spent {
    fn add(&mut self, count: i64, cents: &[i128; PARTS]) {
        self.count += count;
        self.cents.iter_mut().zip(cents).for_each(|(sum, cents)| *sum += cents);
    }

    /// The cumulative share of each part.
    fn curve(&self) -> [i64; PARTS] {
        let all = self.cents.iter().sum::<i128>().max(1);
        let mut so_far = 0;
        self.cents.map(|cents| {
            so_far += cents;
            i64::try_from(so_far * i128::from(ONE) / all).expect("a share is at most one")
        })
    }

    /// Blended with the whole, and that with an even spread; of the whole itself, with an even spread only.
    fn shape(&self, kind: Kind, whole: Option<&Self>) -> Shape {
        match (kind, whole) {
            (Kind::Effort, None) => {
                Shape { curve: blend(&self.curve(), self.count, &Shape::EVEN.curve), ..Shape::EVEN }
            }
            (Kind::Effort, Some(whole)) => {
                let whole = whole.shape(kind, None).curve;
                Shape { curve: blend(&self.curve(), self.count, &whole), ..Shape::EVEN }
            }
            (Kind::Result, None) => {
                let [first, by_between, ..] = self.curve();
                let payments = ONE * self.count / (self.count + CREDIBILITY_TOEWIJZINGEN);
                Shape { payments, first, last: ONE - by_between, ..Shape::EVEN }
            }
            (Kind::Result, Some(whole)) => {
                let whole = whole.shape(kind, None);
                let own = ONE * self.count / (self.count + CREDIBILITY_TOEWIJZINGEN);
                let of_whole = (ONE - own) * whole.payments / ONE;
                let [first, by_between, ..] = self.curve();
                let mixed = |own_share: i64, share: i64| (own * own_share + of_whole * share) / (own + of_whole);
                Shape {
                    payments: own + of_whole,
                    first: mixed(first, whole.first),
                    last: mixed(ONE - by_between, whole.last),
                    ..Shape::EVEN
                }
            }
        }
    }
}

fn blend(own: &[i64; PARTS], count: i64, other: &[i64; PARTS]) -> [i64; PARTS] {
    let share = |own, other| (own * count + other * CREDIBILITY_TOEWIJZINGEN) / (count + CREDIBILITY_TOEWIJZINGEN);
    std::array::from_fn(|index| share(own[index], other[index]))
}
