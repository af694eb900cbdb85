//! What can be concluded from what is shown.
//!
//! Everything here is in moves: how far each cell is from its value in another table that agrees with what is shown. The
//! true table is no move at all, so that the numbers stay small, and a move is checked in whole numbers. The linear
//! program only proposes: what it says never makes a table safe.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::{Precision, Publication, Showing, Tables};

/// Enough to settle the fractions of tables in three dimensions. Where it is not, the cell counts as not reached.
const NODES_MAX: u64 = 200;
/// For the few cells of which something seems to be found out.
pub(super) const NODES_MOST: u64 = 5_000;

/// A way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Down,
    Up,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Down, Self::Up];

    pub(super) fn sign(self) -> i64 {
        if self == Self::Up { 1 } else { -1 }
    }
}

/// Another table that agrees with what is shown: of each cell that differs, by how much, in the order of cells.
pub(super) type Move = Vec<(usize, i64)>;

pub(super) fn moved(by: &Move, cell: usize) -> i64 {
    by.binary_search_by_key(&cell, |(cell, _)| *cell).map_or(0, |at| by[at].1)
}

/// What an attacker sees.
#[derive(Debug, Clone)]
pub(super) struct View<'t> {
    pub(super) tables: &'t Tables,
    pub(super) is_shown: Vec<bool>,
    pub(super) precision: Precision,
    /// The cell whose only contributor looks.
    pub(super) insider: Option<usize>,
    /// How long is sought among whole numbers.
    pub(super) nodes_max: u64,
}

/// Cells that can move together, and the relations that tie them.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) cells: Vec<usize>,
    pub(super) relations: Vec<usize>,
}

/// How far a cell can be moved to one side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Push {
    /// No table goes further; nothing where there is no end, or none was found.
    pub(super) most: Option<f64>,
    /// A table that goes far; as far as any where [`is_exact`](Self::is_exact).
    pub(super) by: Move,
    /// Whether the move goes as far as any.
    pub(super) is_exact: bool,
    /// Whether there is no end to it.
    pub(super) is_endless: bool,
}

impl<'t> View<'t> {
    pub(super) fn new(tables: &'t Tables, publication: &Publication, insider: Option<usize>) -> Self {
        Self {
            tables,
            is_shown: publication.is_shown.clone(),
            precision: publication.precision,
            insider,
            nodes_max: NODES_MAX,
        }
    }

    /// How far a cell can be from its value, down and up, for all that is known of it alone.
    pub(super) fn room(&self, cell: usize) -> (Option<i64>, Option<i64>) {
        let found = &self.tables.cells[cell];
        if self.insider == Some(cell) || found.showing == Showing::Public {
            return (Some(0), Some(0));
        }
        let known = if self.is_shown[cell] {
            let above = if found.known.low.is_some_and(|low| low >= 0) { Some(0) } else { None };
            self.precision.interval(found.value).meet(super::Interval { low: above, high: found.known.high })
        } else {
            found.known
        };
        (known.low.map(|low| low.saturating_sub(found.value)), known.high.map(|high| high.saturating_sub(found.value)))
    }

    pub(super) fn is_free(&self, cell: usize) -> bool {
        self.room(cell) != (Some(0), Some(0))
    }

    /// Whether a move agrees with all that is known, in whole numbers.
    pub(super) fn allows(&self, by: &Move) -> bool {
        let mut touched = BTreeSet::new();
        for &(cell, by) in by {
            if !is_within(self.room(cell), by) {
                return false;
            }
            touched.extend(self.tables.within[cell].iter().map(|(relation, _)| *relation));
        }
        touched.into_iter().all(|relation| {
            let (low, high) = self.tables.slack[relation];
            let terms = &self.tables.relations[relation].terms;
            let sum: i128 = terms.iter().map(|(cell, factor)| i128::from(*factor) * i128::from(moved(by, *cell))).sum();
            low.is_none_or(|low| i128::from(low) <= sum) && high.is_none_or(|high| sum <= i128::from(high))
        })
    }

    /// The cells that can move with a cell.
    pub(super) fn part(&self, cell: usize) -> Part {
        let (mut cells, mut relations) = (BTreeSet::new(), BTreeSet::new());
        let mut pending = vec![cell];
        cells.insert(cell);
        while let Some(cell) = pending.pop() {
            for (relation, _) in &self.tables.within[cell] {
                if relations.insert(*relation) {
                    for (other, _) in &self.tables.relations[*relation].terms {
                        if self.is_free(*other) && cells.insert(*other) {
                            pending.push(*other);
                        }
                    }
                }
            }
        }
        Part { cells: cells.into_iter().collect(), relations: relations.into_iter().collect() }
    }

    /// Bounds on the moves of the cells of a part from one relation after the other: not tight, and no linear program.
    pub(super) fn outer(&self, part: &Part) -> Vec<(Option<i64>, Option<i64>)> {
        let at = |cell: usize| part.cells.binary_search(&cell).ok();
        let mut rooms: Vec<_> = part.cells.iter().map(|cell| self.room(*cell)).collect();
        for _ in 0..8 {
            let mut changed = false;
            for relation in &part.relations {
                let (low, high) = self.tables.slack[*relation];
                let terms: Vec<(usize, i64)> = self.tables.relations[*relation]
                    .terms
                    .iter()
                    .filter_map(|(cell, factor)| at(*cell).map(|at| (at, *factor)))
                    .collect();
                for (at, factor) in &terms {
                    let (mut least, mut most) = (Some(0_i128), Some(0_i128));
                    for (other, factor) in terms.iter().filter(|(other, _)| other != at) {
                        let (low, high) = rooms[*other];
                        let (low, high) = if *factor > 0 { (low, high) } else { (high, low) };
                        let times = |end: Option<i64>| end.map(|end| i128::from(end) * i128::from(*factor));
                        least = least.zip(times(low)).map(|(a, b)| a + b);
                        most = most.zip(times(high)).map(|(a, b)| a + b);
                    }
                    let own_low = low.zip(most).map(|(low, most)| i128::from(low) - most);
                    let own_high = high.zip(least).map(|(high, least)| i128::from(high) - least);
                    let up =
                        |end: i128| super::rule::ceiling(end * i128::from(factor.signum()), i128::from(factor.abs()));
                    let down = |end: i128| (end * i128::from(factor.signum())).div_euclid(i128::from(factor.abs()));
                    let (from, until) = if *factor > 0 { (own_low, own_high) } else { (own_high, own_low) };
                    let from = from.and_then(|end| i64::try_from(up(end)).ok());
                    let until = until.and_then(|end| i64::try_from(down(end)).ok());
                    let room = &mut rooms[*at];
                    if let Some(from) = from.filter(|from| room.0.is_none_or(|low| low < *from)) {
                        (room.0, changed) = (Some(from), true);
                    }
                    if let Some(until) = until.filter(|until| room.1.is_none_or(|high| high > *until)) {
                        (room.1, changed) = (Some(until), true);
                    }
                }
            }
            if !changed {
                break;
            }
        }
        rooms
    }

    /// Moves a cell as far as it goes.
    pub(super) fn push(&self, part: &Part, cell: usize, side: Side) -> Push {
        let first = self.solve(part, cell, side, None, false);
        if first.is_exact || first.is_endless || first.most.is_none() {
            return first;
        }
        self.solve(part, cell, side, None, true)
    }

    /// Moves a cell as far as is asked, or as far as it goes.
    pub(super) fn reach(&self, part: &Part, cell: usize, side: Side, amount: i64) -> Move {
        let mut best = Move::new();
        for whole in [true, false] {
            let found = self.solve(part, cell, side, Some(amount), whole).by;
            let goes = |by: &Move| moved(by, cell) * side.sign();
            if goes(&found) > goes(&best) {
                best = found;
            }
            if goes(&best) >= amount {
                break;
            }
        }
        best
    }

    /// A table in which a cell is as far from its value as is asked, with as little else moved as may be.
    pub(super) fn find(&self, part: &Part, cell: usize, by: i64) -> Option<Move> {
        [false, true].into_iter().find_map(|whole| {
            let values = self.cheapest(part, cell, by, &|_, _| Some(1.0), whole)?;
            Some(rounded(part, values.into_iter())).filter(|found| moved(found, cell) == by && self.allows(found))
        })
    }

    /// The move that costs least with one cell moved as is asked, as a number for each cell of the part; nothing where there is none.
    /// Of each place in the part and how far it can go that way a price for one further; without a price it stays.
    pub(super) fn cheapest(
        &self,
        part: &Part,
        cell: usize,
        by: i64,
        price: &dyn Fn(usize, Option<i64>) -> Option<f64>,
        whole: bool,
    ) -> Option<Vec<f64>> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut variables = Vec::new();
        for (at, found) in part.cells.iter().enumerate() {
            let (low, high) = if *found == cell { (Some(by), Some(by)) } else { self.room(*found) };
            let mut of_cell = Vec::new();
            let ends = [(-1.0, high.map(|high| high.min(0)), low), (1.0, low.map(|low| low.max(0)), high)];
            for (sign, near, far) in ends {
                let near = near.map_or(0, i64::saturating_abs);
                let far = far.map(|far| if sign < 0.0 { far.saturating_neg() } else { far });
                let price = if *found == cell { Some(0.0) } else { price(at, far) };
                if let Some(price) = price.filter(|_| far.is_none_or(|far| far > 0)) {
                    let near = if *found == cell { near } else { 0 };
                    let variable = if whole {
                        let bound = |end: i64| i32::try_from(end).unwrap_or(MOVE_MAX);
                        problem.add_integer_var(price, (bound(near), far.map_or(MOVE_MAX, bound)))
                    } else {
                        problem.add_var(price, (float(near), far.map_or(f64::INFINITY, float)))
                    };
                    of_cell.push((variable, sign));
                }
            }
            variables.push(of_cell);
        }
        self.tie(&mut problem, part, |at| variables[at].clone());
        let mut options = SolveOptions::default();
        options.node_limit = Some(self.nodes_max);
        let solution = problem.solve_with(options).ok()?.into_solution().ok()?;
        let value =
            |of: &Vec<(Variable, f64)>| of.iter().map(|(variable, sign)| sign * solution.var_value(*variable)).sum();
        Some(variables.iter().map(value).collect())
    }

    fn solve(&self, part: &Part, cell: usize, side: Side, until: Option<i64>, whole: bool) -> Push {
        let none = Push { most: None, by: Move::new(), is_exact: false, is_endless: false };
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let variables: Vec<Variable> = part
            .cells
            .iter()
            .map(|found| {
                let mut room = self.room(*found);
                if *found == cell {
                    match side {
                        Side::Up => room.1 = earlier(room.1, until),
                        Side::Down => room.0 = earlier(room.0.map(i64::saturating_neg), until).map(i64::saturating_neg),
                    }
                }
                let worth = if *found == cell { float(side.sign()) } else { 0.0 };
                if whole {
                    let bound =
                        |end: Option<i64>, open: i32| end.map_or(open, |end| i32::try_from(end).unwrap_or(open));
                    problem.add_integer_var(worth, (bound(room.0, -MOVE_MAX), bound(room.1, MOVE_MAX)))
                } else {
                    problem.add_var(worth, bounds(room))
                }
            })
            .collect();
        self.tie(&mut problem, part, |at| vec![(variables[at], 1.0)]);
        let mut options = SolveOptions::default();
        options.node_limit = Some(self.nodes_max);
        match problem.solve_with(options) {
            Ok(outcome) => {
                let is_optimal = outcome.is_optimal();
                let Ok(solution) = outcome.into_solution() else { return none };
                let values = variables.iter().map(|variable| solution.var_value(*variable));
                let by = rounded(part, values);
                let most = is_optimal.then(|| solution.objective());
                if !self.allows(&by) {
                    return Push { most, is_exact: most.is_some_and(|most| most + NOISE < 1.0), ..none };
                }
                let reached = float(moved(&by, cell) * side.sign());
                let is_exact = most.is_some_and(|most| reached >= (most + NOISE).floor());
                Push { most, by, is_exact, is_endless: false }
            }
            Err(microlp::Error::Unbounded) => Push { is_endless: true, ..none },
            Err(_) => none,
        }
    }

    /// The relations of a part as rows of a program, each cell being a sum of variables.
    pub(super) fn tie(&self, problem: &mut Problem, part: &Part, of: impl Fn(usize) -> Vec<(Variable, f64)>) {
        for relation in &part.relations {
            let (low, high) = self.tables.slack[*relation];
            let mut row = Vec::new();
            for (cell, factor) in &self.tables.relations[*relation].terms {
                if let Ok(at) = part.cells.binary_search(cell) {
                    row.extend(of(at).into_iter().map(|(variable, sign)| (variable, sign * float(*factor))));
                }
            }
            match (low, high) {
                (Some(low), Some(high)) if low == high => {
                    problem.add_constraint(row, ComparisonOp::Eq, float(low));
                }
                (low, high) => {
                    if let Some(low) = low {
                        problem.add_constraint(row.clone(), ComparisonOp::Ge, float(low));
                    }
                    if let Some(high) = high {
                        problem.add_constraint(row, ComparisonOp::Le, float(high));
                    }
                }
            }
        }
    }
}

/// Ten times what the solver allows itself.
const NOISE: f64 = 1e-6;
/// Moves further than this are not looked for among whole ones.
const MOVE_MAX: i32 = 1_000_000_000;

pub(super) fn is_within((low, high): (Option<i64>, Option<i64>), by: i64) -> bool {
    low.is_none_or(|low| low <= by) && high.is_none_or(|high| by <= high)
}

fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

pub(super) fn bounds((low, high): (Option<i64>, Option<i64>)) -> (f64, f64) {
    (low.map_or(f64::NEG_INFINITY, float), high.map_or(f64::INFINITY, float))
}

#[expect(clippy::cast_precision_loss, reason = "only a proposal, checked in whole numbers")]
pub(super) fn float(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::cast_possible_truncation, reason = "saturates, and is checked in whole numbers")]
pub(super) fn whole(value: f64) -> i64 {
    value.round() as i64
}

pub(super) fn rounded(part: &Part, values: impl Iterator<Item = f64>) -> Move {
    part.cells.iter().copied().zip(values.map(whole)).filter(|(_, by)| *by != 0).collect()
}

/// Moves that were found, so that what is known is not sought again.
#[derive(Debug, Default)]
pub(super) struct Pool {
    moves: VecDeque<Move>,
}

impl Pool {
    const MOVES_MAX: usize = 1000;

    pub(super) fn keep(&mut self, by: Move) {
        if !by.is_empty() {
            self.moves.truncate(Self::MOVES_MAX - 1);
            self.moves.push_front(by);
        }
    }

    /// A move without a cell, from one with it and a known one that takes its place.
    pub(super) fn without(
        &self,
        view: &View<'_>,
        by: &Move,
        cell: usize,
        is_enough: impl Fn(&Move) -> bool,
    ) -> Option<Move> {
        self.moves.iter().find_map(|other| {
            let (own, its) = (moved(by, cell), moved(other, cell));
            if its == 0 || own % its != 0 {
                return None;
            }
            let mut sum: BTreeMap<usize, i64> = by.iter().copied().collect();
            for (cell, other) in other {
                let by = sum.entry(*cell).or_default();
                *by = by.checked_sub(other.checked_mul(own / its)?)?;
            }
            let sum: Move = sum.into_iter().filter(|(_, by)| *by != 0).collect();
            (is_enough(&sum) && view.allows(&sum)).then_some(sum)
        })
    }

    /// A known move, its opposite, or a multiple of either, that brings a cell as far as is asked.
    pub(super) fn find(&self, view: &View<'_>, cell: usize, side: Side, amount: i64) -> Option<Move> {
        self.moves.iter().find_map(|found| {
            let by = moved(found, cell) * side.sign();
            if by == 0 {
                return None;
            }
            let times = amount / by.abs() + i64::from(amount % by.abs() > 0);
            let times = times * by.signum();
            let scaled: Option<Move> = found.iter().map(|(cell, by)| Some((*cell, by.checked_mul(times)?))).collect();
            scaled.filter(|scaled| view.allows(scaled))
        })
    }
}
