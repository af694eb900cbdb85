//! Who came, who left, who stayed, who came back, and who moved: begin + in − out = end.

use std::collections::{BTreeMap, BTreeSet};

use grip_types::{Date, Maand, Periode};
use jiff::ToSpan;

/// Care of a client under a key, such as a product or a team, from a day to a day.
///
/// A spell that ends before it begins covers no day and counts nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spell<C, K> {
    /// Who.
    pub client: C,
    /// What, where or by whom: what is counted by.
    pub key: K,
    /// First day.
    pub begin: Date,
    /// Last day, or `None` when it goes on.
    pub end: Option<Date>,
}

impl<C, K> Spell<C, K> {
    fn last(&self) -> Date {
        self.end.unwrap_or(Date::MAX)
    }

    /// Whether it runs on through the midnight at which `day` begins: it covers the day before, and that day.
    fn runs_into(&self, day: Date) -> bool {
        self.begin < day && self.last() >= day
    }
}

/// A stock at both ends of a period, and what changed it. `begin + inflow == outflow + end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flow {
    /// There when the period began: since a day before it, and not ended before it.
    pub begin: usize,
    /// Came in the period.
    pub inflow: usize,
    /// Left in the period. The last day is the day of leaving.
    pub outflow: usize,
    /// There when the period ended, and still there after it.
    pub end: usize,
}

impl Flow {
    /// Everyone who was there at some time in the period.
    pub fn served(&self) -> usize {
        self.begin + self.inflow
    }
}

/// Flow of spells, and of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flows {
    /// Every spell counts.
    pub spells: Flow,
    /// Every client counts once per key, however many spells he has. Who left and came back within the period neither
    /// left nor came. A spell that begins the day after another ended goes on with it.
    pub clients: Flow,
}

/// Periods are not in order, or overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("period {position} (counted from 0) is reversed, or does not begin after the one before it has ended")]
pub struct PeriodsNotInOrder {
    /// Which.
    pub position: usize,
}

/// The months that a period touches, whole ones, to count by.
pub fn months(period: Periode) -> Vec<Periode> {
    period.months().map(Maand::periode).collect()
}

/// Begin, in, out and end of each period, per key. Where periods follow each other, each begins with the end of the
/// one before.
///
/// For the flow of all keys together, give all spells one key: a client with two keys is one client. A key is missing
/// when it has no spell in any of the periods.
///
/// # Formula
///
/// A spell is in the stock at a midnight it runs through. It is inflow where its first day lies in the period,
/// outflow where its last day does. Clients: with `B`, `E` and `S` who is in the stock at the begin, at the end, and
/// at any time, inflow is `|S| − |B|` and outflow `|S| − |E|`. Counts.
///
/// # Errors
///
/// [`PeriodsNotInOrder`].
pub fn flows<C: Ord + Clone, K: Ord + Clone>(
    spells: &[Spell<C, K>],
    periods: &[Periode],
) -> Result<BTreeMap<K, Vec<Flows>>, PeriodsNotInOrder> {
    let is_wrong = |position: &usize| {
        periods[*position].begin > periods[*position].eind
            || *position > 0 && periods[*position].begin <= periods[*position - 1].eind
    };
    if let Some(position) = (0..periods.len()).find(is_wrong) {
        return Err(PeriodsNotInOrder { position });
    }
    let mut found: BTreeMap<K, Vec<Flows>> = BTreeMap::new();
    for spell in spells {
        let mut presences = presences(spell, periods).peekable();
        if presences.peek().is_some() {
            let row = found.entry(spell.key.clone()).or_insert_with(|| vec![Flows::default(); periods.len()]);
            presences.for_each(|(position, presence)| row[position].spells.add(presence));
        }
    }
    for of_client in joined(spells, 0).chunk_by(|one, next| one.client == next.client && one.key == next.key) {
        let mut touched: BTreeMap<usize, Presence> = BTreeMap::new();
        for (position, presence) in of_client.iter().flat_map(|spell| presences(spell, periods)) {
            let known = touched.entry(position).or_default();
            known.at_begin |= presence.at_begin;
            known.at_end |= presence.at_end;
        }
        if let Some(row) = found.get_mut(&of_client[0].key) {
            touched.into_iter().for_each(|(position, presence)| row[position].clients.add(presence));
        }
    }
    Ok(found)
}

/// What a spell is to a period it touches.
#[derive(Debug, Clone, Copy, Default)]
struct Presence {
    at_begin: bool,
    at_end: bool,
}

impl Flow {
    fn add(&mut self, presence: Presence) {
        self.begin += usize::from(presence.at_begin);
        self.inflow += usize::from(!presence.at_begin);
        self.outflow += usize::from(!presence.at_end);
        self.end += usize::from(presence.at_end);
    }
}

/// The periods a spell touches.
fn presences<C, K>(spell: &Spell<C, K>, periods: &[Periode]) -> impl Iterator<Item = (usize, Presence)> {
    let (begin, last) = (spell.begin, spell.last());
    let first = if begin <= last { periods.partition_point(|period| period.eind < begin) } else { periods.len() };
    let touched = periods[first..].iter().take_while(move |period| period.begin <= last);
    touched.enumerate().map(move |(offset, period)| {
        (first + offset, Presence { at_begin: begin < period.begin, at_end: last > period.eind })
    })
}

/// Spells of the same client and key as one, where no more than `gap_days` days lie between them; sorted.
///
/// With a gap of 0 a spell goes on with the next when that begins the day after at the latest. A renewal that was
/// decided late leaves a gap which is none in care.
pub fn joined<C: Ord + Clone, K: Ord + Clone>(spells: &[Spell<C, K>], gap_days: u16) -> Vec<Spell<C, K>> {
    let mut sorted: Vec<&Spell<C, K>> = spells.iter().filter(|spell| spell.begin <= spell.last()).collect();
    sorted.sort_by_key(|spell| (&spell.client, &spell.key, spell.begin, spell.last()));
    let mut found: Vec<Spell<C, K>> = Vec::new();
    for spell in sorted {
        match found.last_mut() {
            Some(open)
                if open.client == spell.client
                    && open.key == spell.key
                    && spell.begin <= open.last().saturating_add((i64::from(gap_days) + 1).days()) =>
            {
                open.end = open.end.zip(spell.end).map(|(one, other)| one.max(other));
            }
            _ => found.push(spell.clone()),
        }
    }
    found
}

/// What counts as coming back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Return {
    /// Care that begins again after fewer days without is the same care: its end was none.
    pub without_care_days_min: u16,
    /// Care that begins again after more months is new care.
    pub within_months: u16,
}

/// How many came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Returns {
    /// Ends of all care of a client that were followed long enough to tell.
    pub ended: usize,
    /// Those after which the client came back in time.
    pub returned: usize,
    /// Ends that are too recent to tell. They are in neither of the other two: those who come back early would count
    /// too heavily.
    pub too_recent: usize,
}

impl Returns {
    /// Share that came back. `None` when no end was followed long enough.
    pub fn share(&self) -> Option<f64> {
        (self.ended > 0).then(|| to_f64(self.returned) / to_f64(self.ended))
    }
}

/// How many came back, in all and by what ended last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepeatUse<K> {
    /// Every end once.
    pub total: Returns,
    /// By what the client had on the last day. Two keys that ended on that day both count, so that these may add up
    /// to more.
    pub by_key: BTreeMap<K, Returns>,
}

/// Of the clients whose care ended altogether in a period: how many came back?
///
/// An end is the last day of all care of a client among these spells, whatever its key. `known_until` is the last day
/// up to which spells are known.
///
/// # Formula
///
/// Share `returned / ended`. A return begins after at least the given days without care, and no later than the same
/// day that many months after the end; an end is too recent when that day lies after `known_until`. Counts of ends: a
/// client may end twice.
pub fn repeat_use<C: Ord + Clone, K: Ord + Clone>(
    spells: &[Spell<C, K>],
    ends_in: Periode,
    rule: Return,
    known_until: Date,
) -> RepeatUse<K> {
    let mut found = RepeatUse { total: Returns::default(), by_key: BTreeMap::new() };
    let care = joined(&without_key(spells), rule.without_care_days_min.saturating_sub(1));
    let ending = ending_on(spells);
    for (position, episode) in care.iter().enumerate() {
        let Some(end) = episode.end.filter(|end| (ends_in.begin..=ends_in.eind).contains(end)) else { continue };
        let limit = end.saturating_add(i64::from(rule.within_months).months());
        let next = care.get(position + 1).filter(|next| next.client == episode.client);
        let count = |returns: &mut Returns| {
            if limit > known_until {
                returns.too_recent += 1;
            } else {
                returns.ended += 1;
                returns.returned += usize::from(next.is_some_and(|next| next.begin <= limit));
            }
        };
        count(&mut found.total);
        for key in ending.get(&(&episode.client, end)).into_iter().flatten() {
            count(found.by_key.entry((*key).clone()).or_default());
        }
    }
    found
}

fn without_key<C: Clone, K>(spells: &[Spell<C, K>]) -> Vec<Spell<C, ()>> {
    let care =
        |spell: &Spell<C, K>| Spell { client: spell.client.clone(), key: (), begin: spell.begin, end: spell.end };
    spells.iter().map(care).collect()
}

/// What ended, by client and day.
fn ending_on<C: Ord, K: Ord>(spells: &[Spell<C, K>]) -> BTreeMap<(&C, Date), BTreeSet<&K>> {
    let mut found: BTreeMap<(&C, Date), BTreeSet<&K>> = BTreeMap::new();
    for spell in spells.iter().filter(|spell| spell.begin <= spell.last()) {
        if let Some(end) = spell.end {
            found.entry((&spell.client, end)).or_default().insert(&spell.key);
        }
    }
    found
}

/// What a move between keys is, by intensity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Came into care.
    Came,
    /// To a key of higher intensity.
    Up,
    /// The same key.
    Same,
    /// To another key of the same intensity.
    Sideways,
    /// To a key of lower intensity.
    Down,
    /// Left care.
    Left,
    /// Came and left within the period.
    Passed,
}

/// How many clients went from which key to which, between both ends of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transitions<K> {
    /// Clients by key at the begin and at the end; `None` is no care. Every client with care in the period counts once.
    pub moves: BTreeMap<(Option<K>, Option<K>), usize>,
}

impl<K: Ord + Clone> Transitions<K> {
    /// Clients per key when the period began.
    pub fn begin(&self) -> BTreeMap<Option<K>, usize> {
        self.margin(|(from, _)| from)
    }

    /// Clients per key when it ended: what the next period begins with, save those without care.
    pub fn end(&self) -> BTreeMap<Option<K>, usize> {
        self.margin(|(_, to)| to)
    }

    fn margin(&self, side: impl Fn(&(Option<K>, Option<K>)) -> &Option<K>) -> BTreeMap<Option<K>, usize> {
        let mut found = BTreeMap::new();
        for (both, count) in &self.moves {
            *found.entry(side(both).clone()).or_default() += count;
        }
        found
    }

    /// Clients per direction, by the intensity the moves were counted with.
    pub fn directions<I: Ord>(&self, intensity: impl Fn(&K) -> I) -> BTreeMap<Direction, usize> {
        let mut found = BTreeMap::new();
        for ((from, to), count) in &self.moves {
            let direction = match (from, to) {
                (None, None) => Direction::Passed,
                (None, Some(_)) => Direction::Came,
                (Some(_), None) => Direction::Left,
                (Some(from), Some(to)) if from == to => Direction::Same,
                (Some(from), Some(to)) => match intensity(to).cmp(&intensity(from)) {
                    std::cmp::Ordering::Greater => Direction::Up,
                    std::cmp::Ordering::Equal => Direction::Sideways,
                    std::cmp::Ordering::Less => Direction::Down,
                },
            };
            *found.entry(direction).or_default() += count;
        }
        found
    }
}

/// Counts for each client with care in the period what he had when it began and when it ended.
///
/// Of several keys at once the most intensive counts, and of those that are alike the last in order. Who has care on
/// both sides of a midnight has care at it, also when all he had ended there and something else began: then what
/// ended counts. So a period begins with what the one before ended with, and the margins are the clients of [`flows`]
/// under one key.
pub fn transitions<C: Ord + Clone, K: Ord + Clone, I: Ord>(
    spells: &[Spell<C, K>],
    period: Periode,
    intensity: impl Fn(&K) -> I,
) -> Transitions<K> {
    let care = joined(&without_key(spells), 0);
    let after = period.eind.tomorrow().unwrap_or(Date::MAX);
    let mut of_client: BTreeMap<&C, Vec<&Spell<C, K>>> = BTreeMap::new();
    for spell in spells.iter().filter(|spell| spell.begin <= spell.last()) {
        of_client.entry(&spell.client).or_default().push(spell);
    }
    let key_at = |client: &C, day: Date| -> Option<K> {
        let first = care.partition_point(|episode| &episode.client < client);
        let episodes = care[first..].iter().take_while(|episode| &episode.client == client);
        if !episodes.into_iter().any(|episode| episode.runs_into(day)) {
            return None;
        }
        let spells = of_client.get(client)?;
        let most_intensive = |is_meant: &dyn Fn(&Spell<C, K>) -> bool| {
            let keys = spells.iter().filter(|spell| is_meant(spell)).map(|spell| &spell.key);
            keys.max_by_key(|key| (intensity(key), *key)).cloned()
        };
        let eve = day.saturating_sub(1.day());
        most_intensive(&|spell| spell.runs_into(day)).or_else(|| most_intensive(&|spell| spell.end == Some(eve)))
    };
    let mut moves = BTreeMap::new();
    let is_there = |spell: &Spell<C, K>| spell.begin <= period.eind && spell.last() >= period.begin;
    for client in
        of_client.iter().filter(|(_, spells)| spells.iter().any(|spell| is_there(spell))).map(|(client, _)| *client)
    {
        *moves.entry((key_at(client, period.begin), key_at(client, after))).or_default() += 1;
    }
    Transitions { moves }
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 clients")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
