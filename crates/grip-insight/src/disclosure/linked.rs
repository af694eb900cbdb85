//! Tables by the names of their figures.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Attacker, Bounds, Cell, Error, Exposure, Interval, Precision, Publication, Relation, Rule, Showing, Tables, audit,
    audit::whatever_is_hidden, suppress,
};

/// Figures that a reader can see together, each under a name, with what holds between them.
///
/// What is found to be the same figure is one cell of the tables, so that they stay small.
#[derive(Debug, Clone)]
pub struct Linked<N> {
    names: Vec<N>,
    cells: Vec<Cell>,
    at: BTreeMap<N, usize>,
    /// Of each figure the first that is the same.
    same: Vec<usize>,
    relations: Vec<(Vec<(usize, i64)>, Interval)>,
    is_within_reach: bool,
}

/// What is hidden of the figures of [`Linked`] tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected<N> {
    /// The sensitive ones, and those that would give them back.
    pub hidden: BTreeSet<N>,
    /// Sensitive ones of which more is known than may be whatever is hidden of these tables.
    pub beyond_help: BTreeSet<N>,
}

/// What an attacker finds out of the figures of [`Linked`] tables that are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Audited {
    /// Figures that are not zero, of which the same is one.
    pub cells: usize,
    /// Hidden because they are sensitive.
    pub sensitive: usize,
    /// Hidden besides.
    pub secondary: usize,
    /// Zeros that are hidden, which are not among those.
    pub zeros: usize,
    /// What is hidden besides, without sign, added.
    pub secondary_value: u128,
    /// All values, without sign, added: totals count beside their parts.
    pub value: u128,
    /// Sensitive figures of which values that protect them are excluded, and others are not, so that what is known is as wide.
    pub shifted: usize,
    /// Sensitive figures of which more is known than may be.
    pub narrowed: usize,
    /// Those of them that are known to the unit.
    pub exact: usize,
}

impl Audited {
    /// Adds what was found of other tables.
    pub fn add(&mut self, other: &Self) {
        self.cells += other.cells;
        self.sensitive += other.sensitive;
        self.secondary += other.secondary;
        self.zeros += other.zeros;
        self.secondary_value += other.secondary_value;
        self.value += other.value;
        self.shifted += other.shifted;
        self.narrowed += other.narrowed;
        self.exact += other.exact;
    }
}

impl<N: Ord + Clone> Default for Linked<N> {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            cells: Vec::new(),
            at: BTreeMap::new(),
            same: Vec::new(),
            relations: Vec::new(),
            is_within_reach: false,
        }
    }
}

impl<N: Ord + Clone> Linked<N> {
    /// Adds a figure. A name that is there keeps the figure it has.
    pub fn add(&mut self, name: N, cell: Cell) {
        if self.at.contains_key(&name) {
            return;
        }
        let at = self.cells.len();
        self.at.insert(name.clone(), at);
        self.names.push(name);
        self.cells.push(cell);
        self.same.push(at);
    }

    /// The figure of a name.
    pub fn get(&self, name: &N) -> Option<&Cell> {
        self.at.get(name).map(|at| &self.cells[*at])
    }

    /// Protects figures only against what is not known of them with all of them hidden: of what was tied to a known number, such as what
    /// comes and goes to the change of a stock, more may be known than rules ask.
    pub fn protect_within_reach(&mut self) {
        self.is_within_reach = true;
    }

    /// Says that a total consists of parts; a part without a figure is nothing. Where persons are in several parts, these add up to more:
    /// everybody is taken to know how much.
    pub fn total<'n>(&mut self, total: &N, parts: impl IntoIterator<Item = &'n N>)
    where
        N: 'n,
    {
        let Some(&whole) = self.at.get(total) else { return };
        // What is known to be nothing is no part.
        let is_there = |at: &usize| self.cells[*at].value != 0 || self.cells[*at].showing != Showing::Public;
        let parts: Vec<usize> =
            parts.into_iter().filter_map(|part| self.at.get(part).copied()).filter(is_there).collect();
        let sum: i64 = parts.iter().map(|part| self.cells[*part].value).sum();
        let more = sum.saturating_sub(self.cells[whole].value);
        if let ([only], 0) = (parts.as_slice(), more) {
            self.join(whole, *only);
            return;
        }
        let terms = parts.into_iter().map(|part| (part, 1)).chain([(whole, -1)]).collect();
        self.relations.push((terms, Interval::exactly(more)));
    }

    /// Says that two figures are the same, where their values are.
    pub fn equal(&mut self, one: &N, other: &N) {
        if let (Some(&one), Some(&other)) = (self.at.get(one), self.at.get(other)) {
            self.join(one, other);
        }
    }

    /// Says that everybody knows what these figures, each times its factor, come to together; unless one lacks.
    pub fn tie<'n>(&mut self, terms: impl IntoIterator<Item = (&'n N, i64)>)
    where
        N: 'n,
    {
        let terms: Option<Vec<(usize, i64)>> =
            terms.into_iter().map(|(name, factor)| Some((*self.at.get(name)?, factor))).collect();
        if let Some(terms) = terms {
            let sum = terms.iter().map(|(cell, factor)| self.cells[*cell].value.saturating_mul(*factor)).sum();
            self.relations.push((terms, Interval::exactly(sum)));
        }
    }

    /// Says that everybody knows that these figures come to so much together, or more; unless one lacks.
    pub fn at_least<'n>(&mut self, names: impl IntoIterator<Item = &'n N>, least: i64)
    where
        N: 'n,
    {
        let terms: Option<Vec<(usize, i64)>> = names.into_iter().map(|name| Some((*self.at.get(name)?, 1))).collect();
        if let Some(terms) = terms {
            self.relations.push((terms, Interval { low: Some(least), high: None }));
        }
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        if one == other || self.cells[one].value != self.cells[other].value {
            return;
        }
        let (to, from) = (one.min(other), one.max(other));
        // What was decided of one of them holds for both.
        let rank = |showing: Showing| match showing {
            Showing::Free => 0,
            Showing::Public => 1,
            Showing::Never => 2,
        };
        let (a, b) = (self.cells[to].showing, self.cells[from].showing);
        self.cells[to].showing = if rank(a) >= rank(b) { a } else { b };
        let fewest = |a: u64, b: u64| if a == 0 || b == 0 { a.max(b) } else { a.min(b) };
        self.cells[to].known = self.cells[to].known.meet(self.cells[from].known);
        self.cells[to].contributors = fewest(self.cells[to].contributors, self.cells[from].contributors);
        self.same[from] = to;
    }

    fn first(&self, mut cell: usize) -> usize {
        while self.same[cell] != cell {
            cell = self.same[cell];
        }
        cell
    }

    /// The tables, with the place of every figure in them.
    fn tables(&self, rules: &[Rule]) -> Result<(Tables, Vec<usize>), Error> {
        let firsts: Vec<usize> = (0..self.cells.len()).map(|cell| self.first(cell)).collect();
        let kept: BTreeSet<usize> = firsts.iter().copied().collect();
        let place: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(place, cell)| (*cell, place)).collect();
        let cells = kept.iter().map(|cell| self.cells[*cell].clone()).collect();
        let places: Vec<usize> = firsts.iter().map(|first| place[first]).collect();
        let mut seen = BTreeSet::new();
        let mut relations = Vec::new();
        for (terms, sum) in &self.relations {
            let mut joined: BTreeMap<usize, i64> = BTreeMap::new();
            for (cell, factor) in terms {
                *joined.entry(places[*cell]).or_default() += factor;
            }
            joined.retain(|_, factor| *factor != 0);
            if joined.len() > 1 && seen.insert((joined.clone(), *sum)) {
                relations.push(Relation::new(joined, *sum));
            }
        }
        let mut tables = Tables::new(cells, relations)?.protected_by(rules);
        if self.is_within_reach {
            let mut hidden = tables.clone();
            for cell in hidden.cells.iter_mut().filter(|cell| cell.value != 0) {
                cell.showing = Showing::Never;
            }
            for (cell, least) in tables.cells.iter_mut().zip(whatever_is_hidden(&hidden)) {
                cell.protection = cell.protection.map(|protection| protection.meet(least));
            }
        }
        Ok((tables, places))
    }

    /// The figures to hide, by rules, so that nobody outside can exclude what protects a sensitive one: [`suppress`].
    ///
    /// # Errors
    ///
    /// [`Error`], where a figure can't be what it is said to be.
    pub fn protected(&self, rules: &[Rule]) -> Result<Protected<N>, Error> {
        let (tables, places) = self.tables(rules)?;
        let first = tables.without_sensitive(Precision::Exact);
        if first.is_shown.iter().all(|is_shown| *is_shown) {
            return Ok(Protected { hidden: BTreeSet::new(), beyond_help: BTreeSet::new() });
        }
        let found = suppress(&tables, Attacker::Outsider, Precision::Exact);
        let shown = &found.publication.is_shown;
        let named = |of: &dyn Fn(usize) -> bool| {
            self.names.iter().zip(&places).filter(|(_, place)| of(**place)).map(|(name, _)| name.clone()).collect()
        };
        let is_beyond = |place: usize| found.beyond_help.binary_search(&place).is_ok();
        Ok(Protected { hidden: named(&|place| !shown[place]), beyond_help: named(&is_beyond) })
    }

    /// Sensitive figures of which more is known than may be even if everything that may be hidden is, from one relation after the other: what is
    /// not among them may still be beyond help.
    ///
    /// # Errors
    ///
    /// As [`protected`](Self::protected).
    pub fn beyond_help(&self, rules: &[Rule]) -> Result<BTreeSet<N>, Error> {
        let (tables, places) = self.tables(rules)?;
        let least = whatever_is_hidden(&tables);
        let is_beyond = |place: usize| {
            let protection = tables.cells()[place].protection;
            protection.is_some_and(|protection| !least[place].covers(protection))
        };
        let beyond = self.names.iter().zip(places).filter(|(_, place)| is_beyond(*place));
        Ok(beyond.map(|(name, _)| name.clone()).collect())
    }

    /// What an outsider finds out of them where some are hidden, and of which sensitive ones more than may be.
    ///
    /// # Errors
    ///
    /// As [`protected`](Self::protected).
    pub fn audited(
        &self,
        rules: &[Rule],
        is_hidden: impl Fn(&N) -> bool,
    ) -> Result<(Audited, BTreeMap<N, Interval>), Error> {
        let (tables, places) = self.tables(rules)?;
        let mut is_shown = vec![false; tables.cells().len()];
        for (name, place) in self.names.iter().zip(&places) {
            is_shown[*place] |= !is_hidden(name);
        }
        let publication = Publication { is_shown, precision: Precision::Exact };
        let mut found = Audited::default();
        for (cell, is_shown) in tables.cells().iter().zip(&publication.is_shown) {
            let value = u128::from(cell.value.unsigned_abs());
            found.value += value;
            found.cells += usize::from(value > 0);
            match (is_shown, cell.protection.is_some()) {
                (false, true) => found.sensitive += 1,
                (false, false) if value == 0 => found.zeros += 1,
                (false, false) => {
                    found.secondary += 1;
                    found.secondary_value += value;
                }
                (true, _) => (),
            }
        }
        let mut narrowed: BTreeMap<usize, Interval> = BTreeMap::new();
        let is_wide = |bounds: &Bounds| {
            let cell = &tables.cells()[bounds.cell];
            rules.iter().all(|rule| rule.is_wide(cell, bounds.interval))
        };
        for bounds in audit::narrowed(&tables, &publication) {
            if is_wide(&bounds) {
                found.shifted += 1;
                continue;
            }
            found.narrowed += 1;
            found.exact += usize::from(bounds.exposure == Exposure::Exact);
            narrowed.insert(bounds.cell, bounds.interval);
        }
        let named = self.names.iter().zip(&places);
        Ok((found, named.filter_map(|(name, place)| Some((name.clone(), *narrowed.get(place)?))).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Zeros;

    const RULES: [Rule; 1] = [Rule::MinimumCount { minimum: 10, zeros: Zeros::Shown }];

    /// A total, `t`, and its parts.
    fn table(total: i64, parts: &[(&'static str, i64)]) -> Linked<&'static str> {
        let mut linked = Linked::default();
        linked.add("t", Cell::count(total).with(Showing::Public));
        parts.iter().for_each(|(name, value)| linked.add(*name, Cell::count(*value)));
        linked.total(&"t", parts.iter().map(|(name, _)| name));
        linked
    }

    #[track_caller]
    fn check(linked: &Linked<&'static str>, expected: &[&str]) {
        let hidden = linked.protected(&RULES).map(|found| found.hidden).expect("figures that hold");
        assert_eq!(hidden.iter().copied().collect::<Vec<_>>(), expected);
        let (found, _) = linked.audited(&RULES, |name| hidden.contains(name)).expect("figures that hold");
        assert_eq!(found.narrowed, 0);
    }

    #[test]
    fn a_second_figure_is_hidden_where_the_total_would_give_the_first() {
        check(&table(65, &[("a", 5), ("b", 20), ("c", 40)]), &["a", "b"]);
        check(&table(60, &[("b", 20), ("c", 40)]), &[]);
    }

    #[test]
    fn persons_in_several_parts_protect_nobody() {
        check(&table(40, &[("a", 5), ("b", 20), ("c", 40)]), &["a", "b"]);
        check(&table(64, &[("a", 5), ("b", 20), ("c", 40)]), &["a", "b"]);
    }

    #[test]
    fn what_is_the_same_is_hidden_everywhere() {
        let mut linked = table(65, &[("a", 5), ("b", 20), ("c", 40)]);
        linked.add("a as well", Cell::count(5));
        linked.equal(&"a", &"a as well");
        check(&linked, &["a", "a as well", "b"]);
    }

    /// Of a total of parts that nobody knows to be there less is known.
    #[test]
    fn what_nobody_can_hide_is_named() {
        let rules = [Rule::MinimumCount { minimum: 10, zeros: Zeros::AsGiven }];
        for (low, beyond) in [(1, 1), (0, 0)] {
            let known = Interval { low: Some(low), high: None };
            let mut linked = Linked::default();
            for (name, value) in [("t", 5), ("a", 2), ("b", 3)] {
                linked.add(name, Cell { known, ..Cell::count(value) });
            }
            linked.total(&"t", [&"a", &"b"]);
            let found = linked.protected(&rules).expect("figures that hold");
            assert_eq!(found.hidden, ["a", "b", "t"].into());
            assert_eq!(found.beyond_help.len(), beyond);
            assert_eq!(linked.beyond_help(&rules).expect("figures that hold"), found.beyond_help);
            let found = linked.audited(&rules, |_| true).expect("figures that hold").0;
            assert_eq!((found.shifted, found.narrowed), (beyond, 0), "two at least, and no end above");
        }
    }

    /// An amount that is nearly all of a total that is shown is known to be no more; but not how much less.
    #[test]
    fn an_amount_may_be_bounded_on_one_side_where_it_is_not_known_nearer() {
        let rules = [Rule::MinimumContributors { minimum: 10, margin_percent: 10 }];
        for (rest, least, narrowed) in [(50, 810, 0), (50, 811, 1), (200, 811, 0)] {
            let mut linked = Linked::default();
            linked.add("t", Cell::amount(950 + rest, 20, &[]).with(Showing::Public));
            linked.add("a", Cell { known: Interval { low: Some(least), high: None }, ..Cell::amount(950, 5, &[]) });
            linked.add("b", Cell::amount(rest, 15, &[]));
            linked.total(&"t", [&"a", &"b"]);
            assert_eq!(linked.audited(&rules, |name| *name != "t").expect("figures that hold").0.narrowed, narrowed);
        }
    }

    /// Of a total of twelve the other part can't be more than it is elsewhere.
    #[test]
    fn a_count_may_be_known_elsewhere_where_it_is_not_known_nearer() {
        for (most, shifted, narrowed) in [(12, 0, 0), (10, 1, 0), (8, 2, 0), (7, 0, 2)] {
            let mut linked = Linked::default();
            linked.add("t", Cell::count(12).with(Showing::Public));
            linked.add("a", Cell::count(7));
            let known = Interval { low: Some(0), high: Some(most) };
            linked.add("b", Cell { known, ..Cell::count(5) });
            linked.total(&"t", [&"a", &"b"]);
            let found = linked.audited(&RULES, |name| *name != "t").expect("figures that hold").0;
            assert_eq!((found.shifted, found.narrowed), (shifted, narrowed), "at most {most}");
        }
    }

    #[test]
    fn who_shows_what_was_hidden_is_found_out() {
        let linked = table(65, &[("a", 5), ("b", 20), ("c", 40)]);
        let (found, narrowed) = linked.audited(&RULES, |name| *name == "a").expect("figures that hold");
        assert_eq!((found.sensitive, found.secondary, found.narrowed, found.exact), (1, 0, 1, 1));
        assert_eq!(narrowed, [("a", Interval::exactly(5))].into());
    }

    #[test]
    fn a_difference_that_is_known_takes_the_other_with_it() {
        let mut linked = table(65, &[("a", 5), ("b", 20), ("c", 40)]);
        linked.add("x", Cell::count(12));
        linked.tie([(&"a", 1), (&"x", -1)]);
        check(&linked, &["a", "b", "x"]);
    }
}
