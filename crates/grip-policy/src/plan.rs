//! A programme as a plan: its items as a tree, from chapter to activity, and what would follow if some were changed.
//!
//! What is odd in a plan (a circle, a parent that is gone) never loses an item: the tie is cut and named.

mod capacity;
mod cost;
mod effect;
mod funding;
mod schedule;

use std::collections::BTreeMap;

use grip_register::{ObjectId, RegisterError};
use grip_types::{Bedrag, Date};
use jiff::ToSpan;

use crate::{Dossier, ItemStatus, Number, PlanItem, Programme, sums::amount};

pub use capacity::{Capacity, Load};
pub use cost::{Amounts, Cost};
pub use effect::{Effect, Moved, Overload};
pub use funding::{FundingSum, RiskSum, SumCheck, SumOf};
pub use schedule::{Bar, Conflict, Overdue, OverdueWhat, Schedule};

/// A programme with its items, each below the one it belongs to. Items are named by their place in `nodes`.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The programme.
    pub id: ObjectId,
    /// What it is.
    pub programme: Programme,
    /// Its items in the order in which they are read: each before its parts, those beside each other by number.
    pub nodes: Vec<PlanNode>,
    /// What is odd in how items belong to each other.
    pub odd: Vec<Odd>,
}

/// An item in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanNode {
    /// The item.
    pub id: ObjectId,
    /// What it is.
    pub item: PlanItem,
    /// How many items are above it.
    pub depth: usize,
    /// The item above it.
    pub parent: Option<usize>,
    /// The items right below it, in order.
    pub parts: Vec<usize>,
    /// Whether it, or an item above it, is stopped.
    pub is_out: bool,
}

/// Something odd in how items belong to each other or wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// It belongs to an item that is not in this programme; it stands at the top.
    NoParent(usize),
    /// The items above it lead back to it; it stands at the top.
    Circle(usize),
    /// It is of a higher level than the item it belongs to.
    UpsideDown(usize),
    /// It waits for an item that is not in this programme; it does not wait.
    NothingToWaitFor(usize),
}

/// A change that is tried, without keeping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An item with all below it begins on this day.
    Defer(ObjectId, Date),
    /// An item is not done, nor what is below it.
    LeaveOut(ObjectId),
}

impl Plan {
    /// The plan of a programme in a dossier; nothing when it is not there.
    ///
    /// # Errors
    /// Those of [`Dossier::list`].
    pub fn read(dossier: &Dossier, id: ObjectId) -> Result<Option<Self>, RegisterError> {
        let programmes = dossier.list::<Programme>()?;
        let Some(programme) = programmes.into_iter().find(|version| version.id == id) else { return Ok(None) };
        let items = dossier.list::<PlanItem>()?.into_iter().map(|version| (version.id, version.content));
        Ok(Some(Self::new(id, programme.content, items)))
    }

    /// The plan of a programme, of those items that are of it.
    pub fn new(id: ObjectId, programme: Programme, items: impl IntoIterator<Item = (ObjectId, PlanItem)>) -> Self {
        let items: Vec<(ObjectId, PlanItem)> = items.into_iter().filter(|(_, item)| item.programme.0 == id).collect();
        let places: BTreeMap<ObjectId, usize> = items.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let named = |at: usize| items[at].1.parent.map(|parent| parent.0);
        let mut parents: Vec<Option<usize>> = (0..items.len()).map(|at| places.get(&named(at)?).copied()).collect();
        let cut = cut_circles(&mut parents);
        let order = in_order(&items, &parents);
        let mut place_of = vec![0; items.len()];
        for (place, (at, _)) in order.iter().enumerate() {
            place_of[*at] = place;
        }
        let mut odd = Vec::new();
        let mut nodes: Vec<PlanNode> = Vec::with_capacity(items.len());
        for (place, (at, depth)) in order.iter().enumerate() {
            let (id, item) = items[*at].clone();
            let parent = parents[*at].map(|parent| place_of[parent]);
            if cut.contains(at) {
                odd.push(Odd::Circle(place));
            } else if item.parent.is_some() && parent.is_none() {
                odd.push(Odd::NoParent(place));
            }
            if parent.is_some_and(|parent| item.level > nodes[parent].item.level) {
                odd.push(Odd::UpsideDown(place));
            }
            if item.after.0.iter().any(|other| !places.contains_key(other)) {
                odd.push(Odd::NothingToWaitFor(place));
            }
            let is_out = item.status == ItemStatus::Stopped || parent.is_some_and(|parent| nodes[parent].is_out);
            if let Some(parent) = parent {
                nodes[parent].parts.push(place);
            }
            nodes.push(PlanNode { id, item, depth: *depth, parent, parts: Vec::new(), is_out });
        }
        Self { id, programme, nodes, odd }
    }

    /// The place of an item.
    pub fn place(&self, id: ObjectId) -> Option<usize> {
        self.nodes.iter().position(|node| node.id == id)
    }

    /// An item and all below it.
    pub fn branch(&self, place: usize) -> std::ops::Range<usize> {
        let depth = self.nodes[place].depth;
        let below = self.nodes[place + 1..].iter().take_while(|node| node.depth > depth).count();
        place..place + 1 + below
    }

    /// The items above one, from near to far.
    pub fn above(&self, place: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.nodes[place].parent, |parent| self.nodes[*parent].parent)
    }

    /// The items at the top.
    pub fn tops(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|place| self.nodes[*place].parent.is_none())
    }

    /// The same plan as it would be after these changes. What names an item that is not in it changes nothing.
    #[must_use]
    pub fn changed(&self, changes: &[Change]) -> Self {
        let mut items: Vec<(ObjectId, PlanItem)> = self.nodes.iter().map(|node| (node.id, node.item.clone())).collect();
        for change in changes {
            let id = match change {
                Change::Defer(id, _) | Change::LeaveOut(id) => *id,
            };
            let Some((_, item)) = items.iter_mut().find(|(other, _)| *other == id) else { continue };
            match change {
                Change::Defer(_, to) => {
                    item.deferred_to = Some(*to);
                    if item.status == ItemStatus::Planned {
                        item.status = ItemStatus::Deferred;
                    }
                }
                Change::LeaveOut(_) => item.status = ItemStatus::Stopped,
            }
        }
        Self::new(self.id, self.programme.clone(), items)
    }

    /// The function that does an item: its own, or that of the nearest item above it that says one.
    pub fn owner(&self, place: usize) -> Option<&str> {
        let own = |place: usize| Some(self.nodes[place].item.owner.0.trim()).filter(|owner| !owner.is_empty());
        std::iter::once(place).chain(self.above(place)).find_map(own)
    }

    /// How far an item is: what it says itself, unless that is planned and what is below it is further.
    pub fn status(&self, place: usize) -> ItemStatus {
        let node = &self.nodes[place];
        if node.is_out {
            return ItemStatus::Stopped;
        }
        let work = self.branch(place).skip(1).map(|below| &self.nodes[below]);
        let work: Vec<ItemStatus> =
            work.filter(|below| below.parts.is_empty() && !below.is_out).map(|below| below.item.status).collect();
        if node.item.status != ItemStatus::Planned || work.is_empty() {
            node.item.status
        } else if work.iter().all(|status| *status == ItemStatus::Done) {
            ItemStatus::Done
        } else if work.iter().any(|status| matches!(status, ItemStatus::Done | ItemStatus::Busy)) {
            ItemStatus::Busy
        } else {
            ItemStatus::Planned
        }
    }

    /// The places that carry a number: those that say it and have none below them that does. What is said above those
    /// is
    /// what there is to divide, and is not added to it.
    fn carriers(&self, says: impl Fn(&PlanItem) -> bool) -> Vec<bool> {
        let mut said_in_branch = vec![false; self.nodes.len()];
        let mut carries = vec![false; self.nodes.len()];
        for place in (0..self.nodes.len()).rev() {
            let node = &self.nodes[place];
            let said_below = node.parts.iter().any(|part| said_in_branch[*part]);
            let says = says(&node.item);
            carries[place] = says && !said_below;
            said_in_branch[place] = says || said_below;
        }
        carries
    }
}

/// Takes the tie to the parent from one item of each circle: the first that a walk up meets again. Answers which.
fn cut_circles(parents: &mut [Option<usize>]) -> Vec<usize> {
    let mut seen_in = vec![0; parents.len()];
    let mut cut = Vec::new();
    for start in 0..parents.len() {
        let walk = start + 1;
        let mut at = start;
        while seen_in[at] == 0 {
            seen_in[at] = walk;
            match parents[at] {
                Some(parent) if seen_in[parent] == walk => {
                    parents[parent] = None;
                    cut.push(parent);
                }
                Some(parent) => at = parent,
                None => {}
            }
        }
    }
    cut
}

/// Items with their depth, each before its parts.
fn in_order(items: &[(ObjectId, PlanItem)], parents: &[Option<usize>]) -> Vec<(usize, usize)> {
    let mut sorted: Vec<usize> = (0..items.len()).collect();
    sorted.sort_by_cached_key(|at| {
        let item = &items[*at].1;
        let day = item.begin.or(item.end);
        (item.number.0.is_empty(), natural(&item.number.0), day.is_none(), day, *at)
    });
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for at in &sorted {
        if let Some(parent) = parents[*at] {
            parts[parent].push(*at);
        }
    }
    // A stack, not a function that calls itself: a tree may be as deep as it has items.
    let tops = sorted.iter().rev().filter(|at| parents[**at].is_none());
    let mut open: Vec<(usize, usize)> = tops.map(|at| (*at, 0)).collect();
    let mut order = Vec::with_capacity(items.len());
    while let Some((at, depth)) = open.pop() {
        order.push((at, depth));
        open.extend(parts[at].iter().rev().map(|part| (*part, depth + 1)));
    }
    order
}

/// A number of a chapter or item in parts that sort as people read them: 3.9 before 3.10.
fn natural(number: &str) -> Vec<(u64, String)> {
    let parts = number.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_or_else(|_| (u64::MAX, part.to_lowercase()), |n| (n, String::new()))).collect()
}

/// Days from one day to another.
pub(crate) fn days(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// A day so many days later; at most the last day there is.
pub(crate) fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(days.clamp(-3_000_000, 3_000_000).days())
}

/// A share of an amount, with a percentage to four decimals; half a cent is rounded away from zero.
fn percentage(of: Bedrag, Number(percent): Number) -> Bedrag {
    // A percentage is a measured number, not money: it becomes a whole number of millionths first.
    let millionths = i128::from(Bedrag::from_f64(percent * 10_000.0).cents);
    let product = i128::from(of.cents) * millionths;
    let half = if product < 0 { -500_000 } else { 500_000 };
    amount((product + half) / 1_000_000)
}

/// Divides a whole number over the parts of a stretch of days, by their days. The parts add up to the whole: each
/// gets what
/// is due up to its last day less what was given before.
fn divide<K>(
    whole: i64,
    (begin, end): (Date, Date),
    part: impl Fn(Date) -> K,
    next: impl Fn(Date) -> Date,
) -> Vec<(K, i64)> {
    let total = i128::from(days(begin, end)) + 1;
    let mut parts = Vec::new();
    let (mut from, mut given) = (begin, 0);
    while from <= end {
        let following = next(from);
        // Also when there is no day after it at all.
        let is_last = following > end || following <= from;
        let due =
            if is_last { i128::from(whole) } else { i128::from(whole) * i128::from(days(begin, following)) / total };
        let due = i64::try_from(due).expect("no more than the whole");
        parts.push((part(from), due - given));
        if is_last {
            break;
        }
        (from, given) = (following, due);
    }
    parts
}
