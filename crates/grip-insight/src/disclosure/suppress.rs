//! What else to hide, so that what is hidden stays hidden.

use std::collections::BTreeMap;

use super::{
    Attacker, Precision, Publication, Showing, Tables,
    attack::{Move, Part, Pool, Side, View, float, is_within, moved, rounded, whole},
    audit::singles,
};

/// What is published, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// What may be shown.
    pub publication: Publication,
    /// Sensitive cells that are hidden.
    pub sensitive: Cost,
    /// Other cells that are hidden to protect them.
    pub secondary: Cost,
    /// All cells, to compare with.
    pub all: Cost,
    /// Sensitive cells of which more is known than may be whatever is hidden: they are public, or public cells, relations
    /// or an insider give them away. They are protected as far as hiding goes.
    pub beyond_help: Vec<usize>,
}

/// Cells together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// How many.
    pub cells: usize,
    /// Their values without sign, together. Totals count beside their parts.
    pub value: u128,
    /// Their weights together.
    pub weight: u128,
}

/// Hides sensitive cells, and others until no attacker can exclude what protects them. The same tables always give the same.
///
/// # Formula
///
/// A sensitive cell is safe when there are two other tables of whole numbers, agreeing with all that is shown, in which
/// it stands at the ends of its protection interval or beyond. Where there is none, the linear program
/// `min Σ wᵢ · |mᵢ| / min(need, room)` over the moves `m` of shown cells, with the sensitive cell moved by its need and all
/// relations kept, says which to hide: those that move. It is solved again twice with `wᵢ / (|mᵢ| + need / 10)`, so that few cells move, and the
/// cheapest is taken. At the end each hidden cell that is not sensitive is shown again, the most expensive first, where all
/// stay safe. It ends, because cells are only hidden, and with all hidden what remains is what hiding can do.
///
/// # Source
///
/// Robertson, D. A. (1993), Cell suppression at Statistics Canada (CONFID), Proceedings of the Bureau of the Census
/// Annual Research Conference, 107–131; Kelly, J. P., Golden, B. L. and Assad, A. A. (1992), Networks 22, 397–417; the two tables: Fischetti,
/// M. and Salazar, J. J. (2001), Management Science 47(7), 1008–1027; weights from the last solution: Candès, E. J., Wakin, M. B. and Boyd, S. P.
/// (2008), Journal of Fourier Analysis and Applications 14, 877–905.
pub fn suppress(tables: &Tables, attacker: Attacker, precision: Precision) -> Suppression {
    let mut search = Search {
        view: View::new(tables, &tables.without_sensitive(precision), None),
        attacker,
        safe: BTreeMap::new(),
        limits: BTreeMap::new(),
        pool: Pool::default(),
    };
    search.protect();
    search.show_again();
    let mut beyond_help: Vec<usize> = search.limits.keys().map(|demand| demand.cell).collect();
    beyond_help.dedup();
    let is_shown = search.view.is_shown;
    let sum = |of: &dyn Fn(usize) -> bool| {
        (0..tables.cells.len()).filter(|cell| of(*cell)).fold(Cost::default(), |cost, cell| Cost {
            cells: cost.cells + 1,
            value: cost.value + u128::from(tables.cells[cell].value.unsigned_abs()),
            weight: cost.weight + u128::from(tables.cells[cell].weight),
        })
    };
    Suppression {
        sensitive: sum(&|cell| !is_shown[cell] && tables.cells[cell].must_hide()),
        secondary: sum(&|cell| !is_shown[cell] && !tables.cells[cell].must_hide()),
        all: sum(&|_| true),
        publication: Publication { is_shown, precision },
        beyond_help,
    }
}

/// How many tables are sought to show cells again: some seconds, and more than a table of hundreds of cells needs.
const SOUGHT_MAX: usize = 1_000;

/// A sensitive cell must be movable to one side, in the eyes of one attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Demand {
    cell: usize,
    side: Side,
    insider: Option<usize>,
}

struct Search<'t> {
    /// Of an outsider.
    view: View<'t>,
    attacker: Attacker,
    /// The table that meets a demand.
    safe: BTreeMap<Demand, Move>,
    /// How far a cell goes with all hidden, where that is less than it should.
    limits: BTreeMap<Demand, i64>,
    pool: Pool,
}

impl<'t> Search<'t> {
    fn tables(&self) -> &'t Tables {
        self.view.tables
    }

    fn seen_by(&self, insider: Option<usize>) -> View<'t> {
        View { insider, ..self.view.clone() }
    }

    /// How far the cell must be movable.
    fn amount(&self, demand: Demand) -> i64 {
        if let Some(limit) = self.limits.get(&demand) {
            return *limit;
        }
        let cell = &self.tables().cells[demand.cell];
        let protection = cell.protection.unwrap_or(super::Interval::exactly(cell.value));
        match demand.side {
            Side::Up => protection.high.map_or(0, |high| high.saturating_sub(cell.value)),
            Side::Down => protection.low.map_or(0, |low| cell.value.saturating_sub(low)),
        }
    }

    /// The sensitive cells, those that need most first.
    fn order(&self) -> Vec<usize> {
        let is_sensitive = |cell: &usize| self.tables().cells[*cell].protection.is_some();
        let mut cells: Vec<usize> = (0..self.tables().cells.len()).filter(is_sensitive).collect();
        let need =
            |cell: usize| Side::BOTH.map(|side| self.amount(Demand { cell, side, insider: None })).into_iter().max();
        cells.sort_by_key(|cell| (std::cmp::Reverse(need(*cell)), *cell));
        cells
    }

    fn insiders(&self, cell: usize) -> Vec<Option<usize>> {
        let mut found = vec![None];
        if self.attacker == Attacker::Contributor {
            let part = self.view.part(cell);
            let near = |single: &usize| *single != cell && part.cells.binary_search(single).is_ok();
            found.extend(singles(self.tables(), &self.view).into_iter().filter(near).map(Some));
        }
        found
    }

    fn protect(&mut self) {
        let order = self.order();
        loop {
            let before = self.view.is_shown.clone();
            for &cell in &order {
                for insider in self.insiders(cell) {
                    for side in Side::BOTH {
                        let demand = Demand { cell, side, insider };
                        if self.safe.get(&demand).is_none_or(|by| !self.seen_by(insider).allows(by)) {
                            let by = self.meet(demand);
                            self.pool.keep(by.clone());
                            self.safe.insert(demand, by);
                        }
                    }
                }
            }
            if self.view.is_shown == before {
                return;
            }
        }
    }

    /// A table that meets a demand, hiding what it takes.
    fn meet(&mut self, demand: Demand) -> Move {
        if let Some(found) = self.reach(demand) {
            return found;
        }
        let mut all = self.seen_by(demand.insider);
        all.is_shown.fill(false);
        let part = all.part(demand.cell);
        let mut planned = self.plan(demand, &part);
        if planned.is_none() && !self.limits.contains_key(&demand) {
            // Only what is sure: where the search was ended, everything around is hidden below.
            let push = all.push(&part, demand.cell, demand.side);
            let reached = moved(&push.by, demand.cell) * demand.side.sign();
            if push.is_exact && reached < self.amount(demand) {
                self.limits.insert(demand, reached);
                if let Some(found) = self.reach(demand) {
                    return found;
                }
                planned = self.plan(demand, &part).or(Some(push.by));
            }
        }
        let before = self.seen_by(demand.insider);
        for (cell, by) in planned.iter().flatten() {
            if !is_within(before.room(*cell), *by) {
                self.hide(*cell);
            }
        }
        let seen = self.seen_by(demand.insider);
        if let Some(by) = planned.filter(|by| self.is_met(demand, by) && seen.allows(by)) {
            return by;
        }
        // The plan was not in whole numbers: hide around it until there is a table that is.
        loop {
            if let Some(found) = self.reach(demand) {
                return found;
            }
            let near = self.seen_by(demand.insider).part(demand.cell);
            let before = self.view.is_shown.clone();
            for relation in near.relations {
                for (cell, _) in &self.tables().relations[relation].terms {
                    self.hide(*cell);
                }
            }
            if self.view.is_shown == before {
                let seen = self.seen_by(demand.insider);
                let by = seen.reach(&seen.part(demand.cell), demand.cell, demand.side, self.amount(demand));
                self.limits.insert(demand, moved(&by, demand.cell) * demand.side.sign());
                return by;
            }
        }
    }

    fn hide(&mut self, cell: usize) {
        if self.tables().cells[cell].showing == Showing::Free {
            self.view.is_shown[cell] = false;
        }
    }

    fn is_met(&self, demand: Demand, by: &Move) -> bool {
        moved(by, demand.cell) * demand.side.sign() >= self.amount(demand)
    }

    /// A table that meets a demand as it is.
    fn reach(&self, demand: Demand) -> Option<Move> {
        let amount = self.amount(demand);
        if amount <= 0 {
            return Some(Move::new());
        }
        let seen = self.seen_by(demand.insider);
        let (low, high) = seen.room(demand.cell);
        let room = if demand.side == Side::Up { high } else { low.map(i64::saturating_neg) };
        if room.is_some_and(|room| room < amount) {
            return None;
        }
        if let Some(found) = self.pool.find(&seen, demand.cell, demand.side, amount) {
            return Some(found);
        }
        let part = seen.part(demand.cell);
        let at = part.cells.binary_search(&demand.cell).ok()?;
        let (low, high) = seen.outer(&part)[at];
        let most = if demand.side == Side::Up { high } else { low.map(i64::saturating_neg) };
        if most.is_some_and(|most| most < amount) {
            return None;
        }
        seen.find(&part, demand.cell, amount * demand.side.sign())
    }

    /// The cells to hide, as the move that needs them; nothing where hiding does not reach so far.
    fn plan(&self, demand: Demand, part: &Part) -> Option<Move> {
        let seen = self.seen_by(demand.insider);
        let amount = self.amount(demand);
        let hidden = View { is_shown: vec![false; seen.is_shown.len()], ..seen.clone() };
        if !is_within(hidden.room(demand.cell), amount * demand.side.sign()) {
            return None;
        }
        let heaviest =
            f64_of(part.cells.iter().map(|cell| self.tables().cells[*cell].weight).max().unwrap_or(1).max(1));
        let weight = |by: &Move| -> u128 {
            let hides = by.iter().filter(|(cell, by)| !is_within(seen.room(*cell), *by));
            hides.map(|(cell, _)| u128::from(self.tables().cells[*cell].weight)).sum()
        };
        let mut moves: Option<Vec<f64>> = None;
        let mut best: Option<(u128, Move)> = None;
        for _ in 0..3 {
            let price = |at: usize, far: Option<i64>| {
                let cell = part.cells[at];
                let found = &self.tables().cells[cell];
                if !seen.is_shown[cell] {
                    // Next to nothing, so that few cells move.
                    return Some(1e-4 / float(amount));
                }
                (found.showing == Showing::Free).then(|| {
                    let limit = match &moves {
                        None => float(far.map_or(amount, |far| far.min(amount)).max(1)),
                        Some(moves) => f64::abs(moves[at]) + float(amount) / 10.0,
                    };
                    f64_of(found.weight) / heaviest / limit
                })
            };
            let found = hidden.cheapest(part, demand.cell, amount * demand.side.sign(), &price, false)?;
            let by = self.touched(part, &found);
            let weight = weight(&by);
            if best.as_ref().is_none_or(|(least, _)| weight < *least) {
                best = Some((weight, by));
            }
            if weight == 0 {
                break;
            }
            moves = Some(found);
        }
        best.map(|(_, by)| by)
    }

    /// A move in whole numbers; of what moves by a part of one, one, so that it is hidden too.
    fn touched(&self, part: &Part, values: &[f64]) -> Move {
        let whole_move = rounded(part, values.iter().copied());
        if values.iter().all(|value| (value - value.round()).abs() < 1e-6) {
            return whole_move;
        }
        let away = |value: f64| if value.abs() < 1e-6 { 0.0 } else { value.signum() * value.abs().ceil() };
        part.cells
            .iter()
            .copied()
            .zip(values.iter().map(|value| whole(away(*value))))
            .filter(|(_, by)| *by != 0)
            .collect()
    }

    /// Shows again what need not be hidden after all.
    fn show_again(&mut self) {
        let is_secondary = |cell: &usize| !self.view.is_shown[*cell] && !self.tables().cells[*cell].must_hide();
        let mut cells: Vec<usize> = (0..self.view.is_shown.len()).filter(is_secondary).collect();
        cells.sort_by_key(|cell| (std::cmp::Reverse(self.tables().cells[*cell].weight), *cell));
        let mut sought = 0;
        for cell in cells {
            if sought > SOUGHT_MAX {
                return;
            }
            self.view.is_shown[cell] = true;
            let mut found = Vec::new();
            let lost: Vec<Demand> = self
                .safe
                .iter()
                .filter(|(demand, by)| moved(by, cell) != 0 && !self.seen_by(demand.insider).allows(by))
                .map(|(demand, _)| *demand)
                .collect();
            let is_safe = lost.into_iter().all(|demand| {
                let by = self
                    .pool
                    .without(&self.seen_by(demand.insider), &self.safe[&demand], cell, |by| self.is_met(demand, by));
                let by = by.or_else(|| {
                    sought += 1;
                    self.reach(demand)
                });
                if let Some(by) = &by {
                    self.pool.keep(by.clone());
                }
                by.map(|by| found.push((demand, by))).is_some()
            });
            if is_safe {
                self.safe.extend(found);
            } else {
                self.view.is_shown[cell] = false;
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a price, of which only the order of size matters")]
fn f64_of(weight: u64) -> f64 {
    weight as f64
}
