//! Who moved from one category to another, and who came back.

use std::collections::{BTreeMap, BTreeSet};

use grip_indicator::Dimension;
use grip_insight::flow::{Direction, RepeatUse, Return, Returns, repeat_use, transitions};
use grip_types::{Maand, PERSONS_MIN, Periode, Pseudoniem, Wet};
use serde::Serialize;

use super::{Care, Costs, Key, RENEWED_WITHIN_DAYS, Trajectory, whole};
use crate::{
    disclosure::{is_few_persons, parts_shown},
    year_end::segment_naam,
};

/// Months within which care that begins again is repeat use.
const RETURN_WITHIN_MONTHS: u16 = 12;

/// A category at one side of a move.
type Side = Option<(&'static str, Option<String>)>;

/// Clients who went from one category to another, or stayed, came or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CareMove {
    /// Law and category when the year began; none without care.
    pub from: Side,
    /// Law and category when it ended; none without care.
    pub to: Side,
    /// What it is by cost.
    pub direction: MoveDirection,
    /// Clients: ten or more.
    pub clients: i64,
}

/// What a move is, by the mean cost of a category per client and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveDirection {
    /// To a dearer category.
    Up,
    /// To another of the same cost.
    Sideways,
    /// To a cheaper category.
    Down,
    /// The same category.
    Same,
    /// Came into care.
    Came,
    /// Left care.
    Left,
    /// Came and left within the year.
    Passed,
}

/// From which category to which clients went in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CareMoves {
    /// First and last day that is known of the year, `YYYY-MM-DD`; none when it had not begun.
    pub days: Option<(String, String)>,
    /// The most clients first. Moves of few clients are not among them, nor what would say how few they are.
    pub moves: Vec<CareMove>,
    /// Clients per direction; none where they are few.
    pub directions: Vec<(MoveDirection, Option<i64>)>,
    /// What care costs, the dearest first.
    pub costs: Vec<CategoryCost>,
}

/// What a category costs per client and month with a declaration, in the year and the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CategoryCost {
    /// `wmo` or `jw`.
    pub wet: &'static str,
    /// ProductCategorie; none where it is not known.
    pub productcategorie: Option<String>,
    /// Its name.
    pub naam: String,
    /// Different clients: ten or more.
    pub clients: i64,
    /// Mean eurocents.
    pub per_month: i64,
}

/// How many came back of those whose care ended in some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnRow {
    /// `wmo` or `jw`.
    pub wet: &'static str,
    /// What ended last; none for all care under the law, or where it is not known.
    pub productcategorie: Option<String>,
    /// Its name; empty for all care under the law.
    pub naam: String,
    /// Year in which the care ended.
    pub jaar: i16,
    /// Ends that were followed for twelve months; none where these, those after which the client came back, or the others are few, or
    /// would say how few are in another row.
    pub ended: Option<i64>,
    /// Those after which the client came back within these, in the same way.
    pub returned: Option<i64>,
    /// Ends that are too recent to tell, in the same way.
    pub too_recent: Option<i64>,
}

impl ReturnRow {
    /// Share that came back; none where it is not shown, or when no end was followed long enough.
    pub fn share(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 clients")]
        self.returned.zip(self.ended.filter(|ended| *ended > 0)).map(|(returned, ended)| returned as f64 / ended as f64)
    }
}

/// Repeat use within twelve months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CareReturns {
    /// Per law and year, five years.
    pub years: Vec<ReturnRow>,
    /// Per category that ended last, of the year before the one that was asked.
    pub categories: Vec<ReturnRow>,
}

pub(super) fn moves(care: &Care, costs: &Costs, jaar: i16, wet: Option<Wet>) -> CareMoves {
    let cost = cost_per_month(costs, jaar, wet);
    let Some(period) = care.year(jaar) else {
        return CareMoves { days: None, moves: Vec::new(), directions: Vec::new(), costs: Vec::new() };
    };
    let of_law = of_law(care, wet);
    let intensity = |key: &Key| cost.get(key).map_or(0, |(per_month, _)| *per_month);
    let found = transitions(&of_law, period, intensity);
    let mut moves: Vec<CareMove> = found
        .moves
        .iter()
        .map(|((from, to), clients)| CareMove {
            direction: direction_of(from.as_ref(), to.as_ref(), &intensity),
            from: from.as_ref().map(side),
            to: to.as_ref().map(side),
            clients: whole(*clients),
        })
        .collect();
    moves.sort_by_key(|it| std::cmp::Reverse(it.clients));
    let mut directions: BTreeMap<MoveDirection, i64> = BTreeMap::new();
    for (direction, clients) in found.directions(intensity) {
        *directions.entry(direction.into()).or_default() += whole(clients);
    }
    let mut costs: Vec<CategoryCost> = cost
        .iter()
        .map(|(key, (per_month, clients))| CategoryCost {
            wet: key.wet.as_str(),
            productcategorie: key.value.as_ref().map(ToString::to_string),
            naam: segment_naam(key.value.as_deref().unwrap_or_default()),
            clients: *clients,
            per_month: *per_month,
        })
        .filter(|cost| cost.clients >= i64::from(PERSONS_MIN))
        .collect();
    costs.sort_by_key(|cost| std::cmp::Reverse(cost.per_month));
    let days = Some((period.begin.to_string(), period.eind.to_string()));
    let directions = directions.into_iter().map(|(direction, clients)| (direction, Some(clients)));
    CareMoves { days, moves, directions: directions.collect(), costs }
}

/// Takes away what few clients are behind, and what would say it. Who is of both laws is in the moves of all and not in those of one, so
/// of one law what differs from all must not be few either.
pub(super) fn withhold_moves(own: &mut CareMoves, all: &CareMoves) {
    let of_all = |it: &CareMove| all.moves.iter().find(|other| (&other.from, &other.to) == (&it.from, &it.to));
    let mut kept = Vec::new();
    for (direction, clients) in &mut own.directions {
        let moves: Vec<&CareMove> = own.moves.iter().filter(|it| it.direction == *direction).collect();
        let less = |it: &CareMove| (of_all(it).map_or(0, |other| other.clients) - it.clients).abs();
        let parts: Vec<[i64; 2]> = moves.iter().map(|it| [it.clients, less(it)]).collect();
        let total_of_all =
            all.directions.iter().find(|(other, _)| other == direction).and_then(|(_, clients)| *clients);
        let is_alike = total_of_all.zip(*clients).is_none_or(|(all, own)| !is_few_persons((all - own).abs()));
        let shown = parts_shown(&parts);
        *clients = clients.filter(|clients| shown.is_some() && is_alike && !is_few_persons(*clients));
        let shown = shown.unwrap_or_default();
        kept.extend(moves.into_iter().zip(shown).filter(|(_, shown)| *shown).map(|(it, _)| it.clone()));
    }
    kept.sort_by_key(|it| std::cmp::Reverse(it.clients));
    own.moves = kept;
}

fn side(key: &Key) -> (&'static str, Option<String>) {
    (key.wet.as_str(), key.value.as_ref().map(ToString::to_string))
}

fn of_law(care: &Care, wet: Option<Wet>) -> Vec<Trajectory> {
    let of_law = care.trajectories(Dimension::Productcategorie).iter();
    of_law.filter(|it| wet.is_none_or(|wet| it.key.wet == wet)).cloned().collect()
}

/// Mean eurocents per client and month with a declaration, and how many clients, per category, in a year and the one before it.
fn cost_per_month(costs: &Costs, jaar: i16, wet: Option<Wet>) -> BTreeMap<Key, (i64, i64)> {
    let mut sums: BTreeMap<Key, (i64, i64, BTreeSet<Pseudoniem>)> = BTreeMap::new();
    let is_meant = |year: i16, of: Wet| (jaar - 1..=jaar).contains(&year) && wet.is_none_or(|wet| of == wet);
    for row in costs.rows.iter().filter(|row| is_meant(row.jaar, row.key.wet)) {
        let (cents, months, clients) = sums.entry(row.key.clone()).or_default();
        *cents += row.cents;
        *months += row.months;
        clients.insert(row.client);
    }
    let known = sums.into_iter().filter(|(_, (_, months, _))| *months > 0);
    known.map(|(key, (cents, months, clients))| (key, (cents / months, whole(clients.len())))).collect()
}

fn direction_of(from: Option<&Key>, to: Option<&Key>, intensity: impl Fn(&Key) -> i64) -> MoveDirection {
    match (from, to) {
        (None, None) => MoveDirection::Passed,
        (None, Some(_)) => MoveDirection::Came,
        (Some(_), None) => MoveDirection::Left,
        (Some(from), Some(to)) if from == to => MoveDirection::Same,
        (Some(from), Some(to)) => match intensity(to).cmp(&intensity(from)) {
            std::cmp::Ordering::Greater => MoveDirection::Up,
            std::cmp::Ordering::Equal => MoveDirection::Sideways,
            std::cmp::Ordering::Less => MoveDirection::Down,
        },
    }
}

impl From<Direction> for MoveDirection {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Up => Self::Up,
            Direction::Sideways => Self::Sideways,
            Direction::Down => Self::Down,
            Direction::Same => Self::Same,
            Direction::Came => Self::Came,
            Direction::Left => Self::Left,
            Direction::Passed => Self::Passed,
        }
    }
}

pub(super) fn returns(care: &Care, jaar: i16) -> CareReturns {
    let (mut years, mut categories) = (Vec::new(), Vec::new());
    for wet in [Wet::Wmo, Wet::Jw] {
        let of_law = of_law(care, Some(wet));
        if of_law.is_empty() {
            continue;
        }
        for year in jaar - 4..=jaar {
            let found = returns_of(care, &of_law, year);
            let by_key: Vec<(&Key, &Returns)> = found.by_key.iter().filter(|(_, returns)| returns.ended > 0).collect();
            let shown = parts_shown(&by_key.iter().map(|(_, returns)| numbers(returns)).collect::<Vec<_>>());
            let may_total = shown.is_some() && !numbers(&found.total).iter().any(|number| is_few_persons(*number));
            years.push(row(wet, None, year, found.total, may_total));
            if year == jaar - 1 {
                let shown = shown.unwrap_or_else(|| vec![false; by_key.len()]);
                let rows = by_key.into_iter().zip(shown);
                categories.extend(rows.map(|((key, returns), shown)| row(wet, Some(key), year, *returns, shown)));
            }
        }
    }
    CareReturns { years, categories }
}

fn returns_of(care: &Care, trajectories: &[Trajectory], jaar: i16) -> RepeatUse<Key> {
    let (first, last) = (Maand::new(jaar, 1).first_day(), Maand::new(jaar, 12).last_day());
    let ends_in = Periode { begin: first, eind: last.min(care.peildatum()) };
    let rule = Return { without_care_days_min: RENEWED_WITHIN_DAYS, within_months: RETURN_WITHIN_MONTHS };
    repeat_use(trajectories, ends_in, rule, care.peildatum())
}

/// What is told of ends: with care again and without, and those of which it is not known yet.
fn numbers(returns: &Returns) -> [i64; 4] {
    let [ended, returned, too_recent] = [returns.ended, returns.returned, returns.too_recent].map(whole);
    [ended, returned, ended - returned, too_recent]
}

fn row(wet: Wet, key: Option<&Key>, jaar: i16, returns: Returns, is_shown: bool) -> ReturnRow {
    let number = |count| Some(whole(count)).filter(|_| is_shown);
    ReturnRow {
        wet: wet.as_str(),
        productcategorie: key.and_then(|key| key.value.as_ref()).map(ToString::to_string),
        naam: key.map(|key| segment_naam(key.value.as_deref().unwrap_or_default())).unwrap_or_default(),
        jaar,
        ended: number(returns.ended),
        returned: number(returns.returned),
        too_recent: number(returns.too_recent),
    }
}
