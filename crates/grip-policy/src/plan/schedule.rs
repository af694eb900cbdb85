//! When the items of a plan can be done: what waits for what, what collides, and what there is no room in.

use std::collections::BTreeSet;

use grip_types::Date;

use super::{Plan, days, plus};
use crate::{ItemStatus, PlanItem};

/// A first and a last day.
type Days = (Date, Date);

/// When everything is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Of every item; nothing where it has no day and nothing below it has.
    pub bars: Vec<Option<Bar>>,
    /// The first day of all.
    pub begin: Option<Date>,
    /// The last day of all.
    pub end: Option<Date>,
    /// The items that determine the last day, in order: each begins the day after the one before it ends, and the
    /// first begins
    /// on its own day.
    pub critical: Vec<usize>,
    /// Items that begin, as planned, before what they wait for is done: one for each tie as it was written.
    pub conflicts: Vec<Conflict>,
    /// Ties that lead back to where they began, as item and what it would wait for: they are left out, as far as they do.
    pub circles: Vec<(usize, usize)>,
    /// What must be done before what, as the first and the second, as it was written: a tie between two chapters is one, not one for
    /// each item in the one and each in the other.
    pub waits: Vec<(usize, usize)>,
}

/// When an item is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// The first and last day that the plan says, with what it was put off.
    pub planned: (Date, Date),
    /// The first day it can begin: as planned, or later because of what it waits for.
    pub begin: Date,
    /// The last day, then.
    pub end: Date,
    /// Days that it may be later without the whole being later; nothing of what is done.
    pub slack: Option<i64>,
    /// Whether it is from the first to the last day of what is below it.
    pub is_sum: bool,
}

/// An item that begins before what it waits for is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The item.
    pub item: usize,
    /// What it waits for.
    pub after: usize,
    /// When that is done as planned: the last of it, when it is several.
    pub done: Date,
    /// When the item begins as planned: the first of it.
    pub begin: Date,
    /// The days it begins too early.
    pub days: i64,
}

/// What should have happened already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The item.
    pub item: usize,
    /// What should have happened.
    pub what: OverdueWhat,
    /// When.
    pub day: Date,
    /// How many days ago.
    pub days: i64,
}

/// What should have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverdueWhat {
    /// It should have begun.
    Begin,
    /// It should have been done.
    End,
}

/// What an item is to the planning.
#[derive(Clone, Copy)]
enum Node {
    /// It takes this time.
    Task { begin: Date, end: Date, can_move: bool },
    /// It takes no time, because nobody said when. What waits for it waits for what it waits for.
    Pass,
    /// Its time is that of what is below it, it is part of a task above it, or it is stopped.
    Other,
}

impl Plan {
    /// When everything is done.
    ///
    /// An item begins as planned, or the day after all that it waits for is done when that is later; it takes as many
    /// days as
    /// planned. What is under way or done is where it is. An item with dated items below it is from the first to the
    /// last of
    /// those. To wait for an item is to wait for all below it; what an item waits for, all below it wait for. What is
    /// stopped takes
    /// no time and nothing waits for it.
    pub fn schedule(&self) -> Schedule {
        let planned = self.planned();
        let nodes = self.tasks(&planned);
        let (before, ties) = self.ties(&nodes);
        let order = in_order(&before);
        let dates = earliest(&nodes, &before, &order);
        let end = dates.iter().flatten().map(|(_, end)| *end).max();
        let latest = latest_ends(&nodes, &before, &order, &dates, end);
        let mut schedule = Schedule {
            bars: vec![None; nodes.len()],
            begin: dates.iter().flatten().map(|(begin, _)| *begin).min(),
            end,
            critical: chain(&nodes, &before, &dates, end),
            conflicts: ties.iter().filter_map(Tie::conflict).collect(),
            circles: ties.iter().filter(|tie| tie.is_cut).map(|tie| (tie.item, tie.after)).collect(),
            waits: ties.iter().filter(|tie| tie.holds).map(|tie| (tie.after, tie.item)).collect(),
        };
        for place in (0..nodes.len()).rev() {
            schedule.bars[place] = match (nodes[place], dates[place]) {
                (Node::Task { begin, end, .. }, Some(found)) => {
                    let is_open = self.nodes[place].item.status != ItemStatus::Done;
                    let slack = latest[place].filter(|_| is_open).map(|latest| days(found.1, latest));
                    Some(Bar { planned: (begin, end), begin: found.0, end: found.1, slack, is_sum: false })
                }
                _ => around(self.nodes[place].parts.iter().filter_map(|part| schedule.bars[*part])),
            };
        }
        schedule
    }

    /// What should have happened by a day: what should have begun and did not, and what should be done and is not. By
    /// what was
    /// planned, with what was put off.
    pub fn overdue(&self, day: Date) -> Vec<Overdue> {
        let planned = self.planned();
        let nodes = self.tasks(&planned);
        let found = nodes.iter().enumerate().filter_map(|(item, node)| {
            let Node::Task { begin, end, .. } = *node else { return None };
            let status = self.nodes[item].item.status;
            let (what, date) = match status {
                ItemStatus::Done | ItemStatus::Stopped => return None,
                _ if end < day => (OverdueWhat::End, end),
                ItemStatus::Planned | ItemStatus::Deferred if begin < day => (OverdueWhat::Begin, begin),
                ItemStatus::Planned | ItemStatus::Deferred | ItemStatus::Busy => return None,
            };
            Some(Overdue { item, what, day: date, days: days(date, day) })
        });
        let mut found: Vec<Overdue> = found.collect();
        found.sort_by_key(|overdue| (overdue.day, overdue.item));
        found
    }

    /// Items that say other days than those of what is below them, which count: each with what it says itself, and what is below it,
    /// as planned.
    pub fn days_apart(&self, schedule: &Schedule) -> Vec<(usize, Days, Days)> {
        let planned = self.planned();
        let apart = schedule.bars.iter().zip(planned).enumerate().filter_map(|(place, (bar, own))| {
            let (below, own) = (bar.filter(|bar| bar.is_sum)?.planned, own?);
            let PlanItem { begin, end, .. } = self.nodes[place].item;
            let is_apart = begin.is_some() && own.0 != below.0 || end.is_some() && own.1 != below.1;
            is_apart.then_some((place, own, below))
        });
        apart.collect()
    }

    /// First and last day of every item that says so itself, with what it or an item above it was put off.
    fn planned(&self) -> Vec<Option<(Date, Date)>> {
        let mut shifts: Vec<i64> = Vec::with_capacity(self.nodes.len());
        let mut planned = Vec::with_capacity(self.nodes.len());
        for (place, node) in self.nodes.iter().enumerate() {
            let stated = stated(&node.item);
            let from_above = node.parent.map_or(0, |parent| shifts[parent]);
            let first = stated.map(|(begin, _)| begin).or_else(|| self.first_below(place));
            let shift = match (node.item.deferred_to, first) {
                (Some(to), Some(first)) => days(first, to),
                _ => from_above,
            };
            shifts.push(shift);
            let moved = match (stated, node.item.deferred_to) {
                (Some(stated), _) if node.item.status == ItemStatus::Done => Some(stated),
                (Some((begin, end)), _) => Some((plus(begin, shift), plus(end, shift))),
                // Nobody said when it would begin, until it was put off.
                (None, Some(to)) if self.first_below(place).is_none() => Some((to, to)),
                (None, _) => None,
            };
            planned.push(moved);
        }
        planned
    }

    fn first_below(&self, place: usize) -> Option<Date> {
        let below = self.branch(place).skip(1);
        below.filter_map(|below| stated(&self.nodes[below].item).map(|(begin, _)| begin)).min()
    }

    fn tasks(&self, planned: &[Option<(Date, Date)>]) -> Vec<Node> {
        let count = self.nodes.len();
        let mut has_dates_below = vec![false; count];
        for place in (0..count).rev() {
            let parts = &self.nodes[place].parts;
            has_dates_below[place] = parts.iter().any(|part| planned[*part].is_some() || has_dates_below[*part]);
        }
        let mut in_task = vec![false; count];
        let mut nodes = Vec::with_capacity(count);
        for (place, node) in self.nodes.iter().enumerate() {
            in_task[place] = node.parent.is_some_and(|parent| in_task[parent]);
            let can_move = matches!(node.item.status, ItemStatus::Planned | ItemStatus::Deferred);
            nodes.push(match planned[place] {
                _ if in_task[place] || has_dates_below[place] => Node::Other,
                Some((begin, end)) => {
                    in_task[place] = true;
                    if node.is_out { Node::Other } else { Node::Task { begin, end, can_move } }
                }
                None if node.parts.is_empty() && !node.is_out => Node::Pass,
                None => Node::Other,
            });
        }
        nodes
    }

    /// What every task waits for, and what became of the ties that were written.
    fn ties(&self, nodes: &[Node]) -> (Vec<Vec<usize>>, Vec<Tie>) {
        let count = nodes.len();
        let mut ties: Vec<Tie> = Vec::new();
        let mut of_item: Vec<std::ops::Range<usize>> = Vec::with_capacity(count);
        for (item, node) in self.nodes.iter().enumerate() {
            let named = node.item.after.0.iter().filter_map(|id| self.place(*id));
            let named: BTreeSet<usize> = named.filter(|other| !self.nodes[*other].is_out).collect();
            let first = ties.len();
            ties.extend(named.into_iter().map(|after| Tie::new(item, after, self.tasks_of(nodes, after))));
            of_item.push(first..ties.len());
        }
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
        for place in (0..count).filter(|place| !matches!(nodes[*place], Node::Other)) {
            let own: Vec<usize> =
                std::iter::once(place).chain(self.above(place)).flat_map(|above| of_item[above].clone()).collect();
            if own.is_empty() {
                continue;
            }
            // What it waits for itself adds nothing to who waits for it.
            let waiting = all_that_wait(&next, place);
            let mut all: BTreeSet<usize> = BTreeSet::new();
            for at in own {
                let (kept, cut): (Vec<usize>, Vec<usize>) = ties[at].tasks.iter().partition(|other| !waiting[**other]);
                ties[at].is_cut |= !cut.is_empty();
                ties[at].holds |= !kept.is_empty();
                for other in kept {
                    ties[at].add(self.too_early(nodes, place, other));
                    all.insert(other);
                }
            }
            all.iter().for_each(|other| next[*other].push(place));
            before[place] = all.into_iter().collect();
        }
        (before, ties)
    }

    /// The tasks that an item is: itself, the one it is part of, or all below it.
    fn tasks_of(&self, nodes: &[Node], place: usize) -> Vec<usize> {
        let is_task = |place: &usize| !matches!(nodes[*place], Node::Other);
        if is_task(&place) {
            return vec![place];
        }
        match self.above(place).find(is_task) {
            Some(above) => vec![above],
            None => self.branch(place).filter(is_task).collect(),
        }
    }

    /// When a task begins as planned, and what it waits for is done, when that is not before it. What is done itself is never too
    /// early.
    fn too_early(&self, nodes: &[Node], place: usize, other: usize) -> Option<(Date, Date)> {
        match (nodes[place], nodes[other]) {
            (Node::Task { begin, .. }, Node::Task { end: done, .. }) => {
                (begin <= done && self.nodes[place].item.status != ItemStatus::Done).then_some((begin, done))
            }
            _ => None,
        }
    }
}

/// A tie as it was written: an item that waits for another.
struct Tie {
    item: usize,
    after: usize,
    /// The tasks that the other is.
    tasks: Vec<usize>,
    /// Whether anything waits because of it.
    holds: bool,
    /// Whether some of it leads back to where it began.
    is_cut: bool,
    /// The first that begins too early, and the last of what it should wait for.
    early: Option<(Date, Date)>,
}

impl Tie {
    fn new(item: usize, after: usize, tasks: Vec<usize>) -> Self {
        Self { item, after, tasks, holds: false, is_cut: false, early: None }
    }

    fn add(&mut self, found: Option<(Date, Date)>) {
        let both = self.early.zip(found).map(|((begin, done), other)| (begin.min(other.0), done.max(other.1)));
        self.early = both.or(self.early).or(found);
    }

    fn conflict(&self) -> Option<Conflict> {
        let (begin, done) = self.early?;
        Some(Conflict { item: self.item, after: self.after, done, begin, days: days(begin, done) + 1 })
    }
}

/// First and last day as first planned; an item with one day takes that day.
fn stated(item: &PlanItem) -> Option<(Date, Date)> {
    match (item.begin, item.end) {
        (Some(begin), Some(end)) => Some((begin, end.max(begin))),
        (Some(day), None) | (None, Some(day)) => Some((day, day)),
        (None, None) => None,
    }
}

/// From the first to the last day of parts.
fn around(parts: impl Iterator<Item = Bar>) -> Option<Bar> {
    parts
        .reduce(|whole, part| Bar {
            planned: (whole.planned.0.min(part.planned.0), whole.planned.1.max(part.planned.1)),
            begin: whole.begin.min(part.begin),
            end: whole.end.max(part.end),
            slack: match (whole.slack, part.slack) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            },
            is_sum: true,
        })
        .map(|whole| Bar { is_sum: true, ..whole })
}

/// Whether each waits, at once or by way of others, for one; or is it. `next` has what waits at once for each.
fn all_that_wait(next: &[Vec<usize>], place: usize) -> Vec<bool> {
    let mut waiting = vec![false; next.len()];
    let mut open = vec![place];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut waiting[at], true) {
            open.extend(next[at].iter().filter(|other| !waiting[**other]));
        }
    }
    waiting
}

/// Everything after all that it waits for.
fn in_order(before: &[Vec<usize>]) -> Vec<usize> {
    let mut open: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); before.len()];
    for (place, others) in before.iter().enumerate() {
        for other in others {
            next[*other].push(place);
        }
    }
    let mut order: Vec<usize> = (0..before.len()).filter(|place| open[*place] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        for following in &next[order[at]] {
            open[*following] -= 1;
            if open[*following] == 0 {
                order.push(*following);
            }
        }
        at += 1;
    }
    order
}

/// First and last day of every task.
fn earliest(nodes: &[Node], before: &[Vec<usize>], order: &[usize]) -> Vec<Option<(Date, Date)>> {
    let mut dates = vec![None; nodes.len()];
    // When everything that is waited for is done, by way of what takes no time too.
    let mut done: Vec<Option<Date>> = vec![None; nodes.len()];
    for place in order {
        let waited = before[*place].iter().filter_map(|other| done[*other]).max();
        done[*place] = match nodes[*place] {
            Node::Task { begin, end, can_move } => {
                let free = waited.filter(|_| can_move).map(|waited| plus(waited, 1));
                let from = free.map_or(begin, |free| free.max(begin));
                let to = plus(from, days(begin, end));
                dates[*place] = Some((from, to));
                Some(to)
            }
            Node::Pass | Node::Other => waited,
        };
    }
    dates
}

/// The last day on which each may end without the whole ending later.
fn latest_ends(
    nodes: &[Node],
    before: &[Vec<usize>],
    order: &[usize],
    dates: &[Option<(Date, Date)>],
    end: Option<Date>,
) -> Vec<Option<Date>> {
    let mut latest = vec![end; nodes.len()];
    for place in order.iter().rev() {
        // The last day on which what it waits for may end.
        let room = match (nodes[*place], dates[*place]) {
            (Node::Task { can_move: true, .. }, Some((from, to))) => {
                latest[*place].map(|latest| plus(latest, -days(from, to) - 1))
            }
            (Node::Task { .. }, _) => end,
            (Node::Pass | Node::Other, _) => latest[*place],
        };
        for other in &before[*place] {
            latest[*other] = latest[*other].min(room);
        }
    }
    latest
}

/// From the last to end back to what begins on its own day.
fn chain(nodes: &[Node], before: &[Vec<usize>], dates: &[Option<(Date, Date)>], end: Option<Date>) -> Vec<usize> {
    let last = (0..nodes.len()).find(|place| dates[*place].is_some_and(|(_, to)| Some(to) == end));
    let mut chain: Vec<usize> = Vec::new();
    let mut at = last;
    while let Some(place) = at {
        chain.push(place);
        let Node::Task { begin, .. } = nodes[place] else { break };
        let Some((from, _)) = dates[place] else { break };
        // It begins later than it would by itself: the one that it waits for ends the day before.
        at = if from == begin { None } else { ending_before(nodes, before, dates, place, from) };
    }
    chain.reverse();
    chain
}

/// The task that one waits for, by way of what takes no time too, and that ends the day before.
fn ending_before(
    nodes: &[Node],
    before: &[Vec<usize>],
    dates: &[Option<(Date, Date)>],
    place: usize,
    from: Date,
) -> Option<usize> {
    tasks_before(nodes, before, place)
        .into_iter()
        .find(|other| dates[*other].is_some_and(|(_, to)| plus(to, 1) == from))
}

/// The tasks that one waits for, by way of what takes no time too.
fn tasks_before(nodes: &[Node], before: &[Vec<usize>], place: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = before[place].clone();
    let mut tasks = BTreeSet::new();
    while let Some(other) = open.pop() {
        if seen.insert(other) {
            match nodes[other] {
                Node::Task { .. } => {
                    tasks.insert(other);
                }
                Node::Pass | Node::Other => open.extend(&before[other]),
            }
        }
    }
    tasks
}
