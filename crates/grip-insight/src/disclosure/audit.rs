//! The attacker: what can be concluded of every hidden cell from everything that is shown.

use std::rc::Rc;

use super::{
    Attacker, Interval, Publication, Tables,
    attack::{NODES_MOST, Part, Pool, Side, View, moved},
};

/// How much an attacker finds out of a hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// No more than may be.
    Safe,
    /// Values that protect it can be excluded.
    Narrowed,
    /// Its value.
    Exact,
}

/// What can be concluded of one hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Which cell.
    pub cell: usize,
    /// The cell whose only contributor concludes it; nothing for an outsider.
    pub insider: Option<usize>,
    /// The smallest and the largest value in any table of whole numbers that agrees with what is shown.
    ///
    /// Where the search for whole numbers had to be ended it is what was found: not too wide, and perhaps too narrow.
    pub interval: Interval,
    /// What that means.
    pub exposure: Exposure,
}

/// What can be concluded of each hidden cell, and of each sensitive cell that is shown, in the order of cells: by an outsider of all of them, by
/// contributors what they may not.
///
/// # Formula
///
/// `min` and `max` of the cell over all tables of whole numbers within all relations, with what is shown as it is shown.
/// First by moves that are known and bounds from one relation after the other, and where these differ by a linear program;
/// by branch and bound where its solution is not whole.
///
/// # Source
///
/// Fischetti, M. and Salazar, J. J. (2001), Management Science 47(7), 1008–1027: the attacker's two programs.
pub fn audit(tables: &Tables, publication: &Publication, attacker: Attacker) -> Vec<Bounds> {
    let hidden: Vec<usize> = (0..tables.cells.len())
        .filter(|cell| !publication.is_shown[*cell] || tables.cells[*cell].protection.is_some())
        .collect();
    let outsider = View::new(tables, publication, None);
    let mut found = Vec::new();
    bounds_of(&outsider, &hidden, &mut found);
    if attacker == Attacker::Contributor {
        for insider in singles(tables, &outsider) {
            let view = View { insider: Some(insider), ..outsider.clone() };
            let near: Vec<usize> = outsider
                .part(insider)
                .cells
                .into_iter()
                .filter(|cell| *cell != insider && hidden.contains(cell))
                .collect();
            let mut of_insider = Vec::new();
            bounds_of(&view, &near, &mut of_insider);
            found.extend(of_insider.into_iter().filter(|bounds| bounds.exposure != Exposure::Safe));
        }
    }
    found.sort_by_key(|bounds| (bounds.cell, bounds.insider));
    found
}

/// The sensitive cells of which an outsider finds out more than may be, with what he finds out: as [`audit`], and sooner, because how far a cell goes is only
/// asked where it does not go far enough.
pub(super) fn narrowed(tables: &Tables, publication: &Publication) -> Vec<Bounds> {
    let view = View::new(tables, publication, None);
    let mut pool = Pool::default();
    let mut parts: Vec<Option<Rc<Part>>> = vec![None; tables.cells.len()];
    let mut found = Vec::new();
    for (at, cell) in tables.cells.iter().enumerate() {
        let Some(protection) = cell.protection else { continue };
        if parts[at].is_none() {
            // All that can move with it can move with each other.
            let part = Rc::new(view.part(at));
            part.cells.iter().for_each(|cell| parts[*cell] = Some(part.clone()));
        }
        let Some(part) = parts[at].clone() else { continue };
        let is_safe = Side::BOTH.into_iter().all(|side| {
            let needed = protection.end(side).map(|end| end - cell.value);
            needed.is_some_and(|needed| {
                if needed * side.sign() <= 0 || pool.find(&view, at, side, needed * side.sign()).is_some() {
                    return true;
                }
                let by = view.find(&part, at, needed);
                by.map(|by| pool.keep(by)).is_some()
            })
        });
        if !is_safe {
            bounds_of(&View { nodes_max: NODES_MOST, ..view.clone() }, &[at], &mut found);
        }
    }
    found.retain(|bounds| bounds.exposure != Exposure::Safe);
    found
}

/// What is known of each cell where everything that is not public is hidden, from one relation after the other: hiding can do no better.
pub(super) fn whatever_is_hidden(tables: &Tables) -> Vec<Interval> {
    let publication = Publication { is_shown: vec![false; tables.cells.len()], precision: super::Precision::Exact };
    let view = View::new(tables, &publication, None);
    let mut found: Vec<Interval> = tables.cells.iter().map(|cell| Interval::exactly(cell.value)).collect();
    let mut done = vec![false; tables.cells.len()];
    for cell in 0..tables.cells.len() {
        if done[cell] {
            continue;
        }
        let part = view.part(cell);
        for (at, (low, high)) in part.cells.iter().zip(view.outer(&part)) {
            let value = tables.cells[*at].value;
            let from = |by: Option<i64>| by.map(|by| value.saturating_add(by));
            (found[*at], done[*at]) = (Interval { low: from(low), high: from(high) }, true);
        }
    }
    found
}

/// Hidden cells with one contributor.
pub(super) fn singles(tables: &Tables, view: &View<'_>) -> Vec<usize> {
    let is_single = |cell: &usize| !view.is_shown[*cell] && tables.cells[*cell].contributors == 1;
    (0..tables.cells.len()).filter(is_single).collect()
}

fn bounds_of(view: &View<'_>, cells: &[usize], found: &mut Vec<Bounds>) {
    let mut pool = Pool::default();
    for &cell in cells {
        let part = view.part(cell);
        let outer = view.outer(&part);
        let at = part.cells.binary_search(&cell).unwrap_or_default();
        let value = view.tables.cells[cell].value;
        let mut ends = [None; 2];
        for (side, end) in Side::BOTH.into_iter().zip(&mut ends) {
            let limit = if side == Side::Up { outer[at].1 } else { outer[at].0 }.map(|end| end * side.sign());
            let reached = limit.filter(|limit| *limit <= 0 || pool.find(view, cell, side, *limit).is_some());
            *end = match reached {
                Some(reached) => Some(value + reached.max(0) * side.sign()),
                None => {
                    let mut push = view.push(&part, cell, side);
                    let needed = view.tables.cells[cell].protection.and_then(|it| it.end(side)).map(|end| end - value);
                    let is_near =
                        |needed: &i64| !push.is_exact && needed * side.sign() > moved(&push.by, cell) * side.sign();
                    // Where the search for the furthest was ended, the end of the protection may still be found.
                    if let Some(found) = needed.filter(is_near).and_then(|needed| view.find(&part, cell, needed)) {
                        push.by = found;
                    }
                    let by = moved(&push.by, cell);
                    pool.keep(push.by);
                    (!push.is_endless).then_some(value + by)
                }
            };
        }
        let interval = Interval { low: ends[0], high: ends[1] };
        let is_open = view.tables.cells[cell].protection.is_none_or(|protection| interval.covers(protection));
        let exposure = match (interval.low == interval.high && interval.low.is_some(), is_open) {
            (true, _) => Exposure::Exact,
            (false, true) => Exposure::Safe,
            (false, false) => Exposure::Narrowed,
        };
        found.push(Bounds { cell, insider: view.insider, interval, exposure });
    }
}
