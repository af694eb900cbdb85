use grip_insight::disclosure::{
    Attacker, Cell, Dimension, Exposure, Interval, Precision, Publication, Rule, Showing, Tables, Zeros, audit,
    relations, suppress,
};

use super::{cells, codes, counts, exposed, hidden, hiding, tables, trial::Trial};
use crate::effect::noise::Noise;

impl Noise {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers, above zero")]
    fn below(&mut self, sides: usize) -> usize {
        (self.uniform() * crate::effect::count(sides)) as usize
    }

    /// Many small, few large, and zeros.
    fn count(&mut self) -> i64 {
        let most = [1, 3, 6, 12, 40][self.below(5)];
        i64::try_from(self.below(most)).expect("small")
    }

    /// Flat, with subtotals, or with two kinds of subtotals of the same leaves.
    fn dimension(&mut self, leaves: usize, kinds: usize) -> Dimension {
        let total = leaves + 2 * kinds;
        let mut sums = Vec::new();
        for kind in 0..kinds {
            let border = 1 + self.below(leaves - 1);
            sums.push((leaves + 2 * kind, (0..border).collect()));
            sums.push((leaves + 2 * kind + 1, (border..leaves).collect()));
        }
        if kinds == 0 {
            sums.push((total, (0..leaves).collect()));
        }
        sums.extend((0..kinds).map(|kind| (total, vec![leaves + 2 * kind, leaves + 2 * kind + 1])));
        Dimension { codes: total + 1, sums }
    }

    fn table(&mut self, dimensions: Vec<Dimension>) -> Random {
        let is_leaf = |codes: Vec<usize>| {
            codes.iter().zip(&dimensions).all(|(code, of)| of.sums.iter().all(|(total, _)| total != code))
        };
        let size: usize = dimensions.iter().map(|dimension| dimension.codes).product();
        let leaves = (0..size).filter(|at| is_leaf(codes(&dimensions, *at))).count();
        let parts: Vec<i64> = (0..leaves).map(|_| self.count()).collect();
        let values = cells(&dimensions, &parts);
        let mut sums = Vec::new();
        for (along, dimension) in dimensions.iter().enumerate() {
            for at in 0..size {
                let of = codes(&dimensions, at);
                for (_, parts) in dimension.sums.iter().filter(|(total, _)| *total == of[along]) {
                    let with = |code: &usize| {
                        let mut of = of.clone();
                        of[along] = *code;
                        super::position(&dimensions, &of)
                    };
                    sums.push((at, parts.iter().map(with).collect()));
                }
            }
        }
        Random { dimensions, values, sums }
    }

    fn tiny(&mut self) -> Random {
        let leaves: &[usize] = [&[3][..], &[5], &[2, 2], &[3, 2], &[3, 3], &[2, 2, 2]][self.below(6)];
        // Subtotals of a cube are more than can be tried.
        let kinds = if leaves.len() == 3 { 1 } else { 3 };
        let dimensions = leaves.iter().map(|leaves| (*leaves, self.below(kinds))).collect::<Vec<_>>();
        let dimensions = dimensions.into_iter().map(|(leaves, kinds)| self.dimension(leaves, kinds)).collect();
        self.table(dimensions)
    }

    fn rule(&mut self) -> Rule {
        let zeros = [Zeros::Shown, Zeros::Protected][self.below(2)];
        Rule::MinimumCount { minimum: [3, 5, 10][self.below(3)], zeros }
    }
}

struct Random {
    dimensions: Vec<Dimension>,
    values: Vec<i64>,
    sums: Vec<(usize, Vec<usize>)>,
}

impl Random {
    fn tables(&self, rule: Rule) -> Tables {
        tables(counts(&self.values), relations(&self.dimensions)).protected_by(&[rule])
    }

    /// What everybody knows of each cell alone, by hand and not by the code under test.
    fn bounds(&self, tables: &Tables, publication: &Publication) -> Vec<(i64, i64)> {
        let most = self.values.iter().max().expect("cells") + 15;
        let of = |(at, cell): (usize, &Cell)| match (publication.is_shown[at], publication.precision) {
            (true, Precision::Exact) => (cell.value, cell.value),
            _ if cell.showing == Showing::Public => (cell.value, cell.value),
            (true, precision) => {
                let same = |value: &i64| precision.shown(*value) == precision.shown(cell.value);
                let low = (0..=cell.value).find(same).expect("itself");
                (low, (cell.value..).take_while(|value| same(value)).last().expect("itself"))
            }
            (false, _) => (cell.known.low.expect("counts"), most),
        };
        tables.cells().iter().enumerate().map(of).collect()
    }
}

/// Of each sensitive cell and side whether every table agrees that it can be there: how many, and how many took too long.
#[track_caller]
fn check(
    random: &Random,
    tables: &Tables,
    publication: &Publication,
    insider: Option<usize>,
    seed: u64,
) -> (usize, usize) {
    let mut bounds = random.bounds(tables, publication);
    let mut everything_hidden = random.bounds(tables, &hiding(tables, &(0..bounds.len()).collect::<Vec<_>>()));
    if let Some(insider) = insider {
        bounds[insider] = (random.values[insider], random.values[insider]);
        everything_hidden[insider] = bounds[insider];
    }
    let mut trial = Trial::new(&random.sums, &random.values);
    let (mut known, mut unknown) = (0, 0);
    for (at, cell) in tables.cells().iter().enumerate().filter(|(at, _)| Some(*at) != insider) {
        let Some(Interval { low: Some(low), high: Some(high) }) = cell.protection else { continue };
        for (end, step) in [(low, 1), (high, -1)] {
            let to = |bounds: &[(i64, i64)], end: i64| {
                let mut to = bounds.to_vec();
                to[at] = if step < 0 { (to[at].0.max(end), to[at].1) } else { (to[at].0, to[at].1.min(end)) };
                to
            };
            let mut end = end;
            let mut found = trial.is_there(&to(&bounds, end));
            // What is known beforehand, whatever is hidden, can't be helped.
            while found == Some(false) && trial.is_there(&to(&everything_hidden, end)) == Some(false) {
                end += step;
                found = trial.is_there(&to(&bounds, end));
            }
            let values = &random.values;
            assert_ne!(
                found,
                Some(false),
                "seed {seed}: cell {at} at {end} of {values:?} hiding {:?}",
                hidden(publication)
            );
            if found.is_some() { known += 1 } else { unknown += 1 }
        }
    }
    (known, unknown)
}

#[test]
fn no_table_shows_a_protected_cell() {
    let (mut known, mut unknown) = (0, 0);
    for seed in 0..2_000 {
        let mut dice = Noise(seed);
        let random = dice.tiny();
        let tables = random.tables(dice.rule());
        let attacker = [Attacker::Outsider, Attacker::Contributor][dice.below(2)];
        let precision = [Precision::Exact, Precision::Exact, Precision::Rounded { base: 5 }][dice.below(3)];
        let found = suppress(&tables, attacker, precision);
        let mut insiders = vec![None];
        if attacker == Attacker::Contributor {
            let is_single = |at: &usize| tables.cells()[*at].contributors == 1 && !found.publication.is_shown[*at];
            insiders.extend((0..tables.cells().len()).filter(is_single).map(Some));
        }
        for insider in insiders {
            let (more, less) = check(&random, &tables, &found.publication, insider, seed);
            (known, unknown) = (known + more, unknown + less);
        }
    }
    assert!(known > 10_000 && unknown * 200 < known, "{known} are known, {unknown} took too long");
}

/// The audit of any publication is that of somebody who tries all tables.
#[test]
fn the_audit_finds_what_all_tables_have_in_common() {
    let (mut exact, mut compared) = (0, 0);
    for seed in 0..600 {
        let mut dice = Noise(seed);
        let random = dice.tiny();
        let tables = random.tables(dice.rule());
        let precision = [Precision::Exact, Precision::Rounded { base: 4 }][dice.below(2)];
        let mut publication = tables.without_sensitive(precision);
        for is_shown in &mut publication.is_shown {
            *is_shown &= dice.below(4) > 0;
        }
        let bounds = random.bounds(&tables, &publication);
        let mut trial = Trial::new(&random.sums, &random.values);
        for found in audit(&tables, &publication, Attacker::Outsider) {
            let value = random.values[found.cell];
            let mut ends = [Some(value); 2];
            for (step, end) in [-1, 1].into_iter().zip(&mut ends) {
                for to in 1.. {
                    let mut tried = bounds.clone();
                    let to = value + to * step;
                    let (low, high) = tried[found.cell];
                    tried[found.cell] = if step > 0 { (low.max(to), high) } else { (low, high.min(to)) };
                    match trial.is_there(&tried) {
                        Some(true) => {
                            *end = Some(to);
                            continue;
                        }
                        Some(false) => (),
                        None => *end = Some(i64::MAX),
                    }
                    break;
                }
            }
            if !ends.contains(&Some(i64::MAX)) {
                // Where there is no end, those who try come to the end of their patience.
                let high = found.interval.high.and(ends[1]);
                let expected = Interval { low: ends[0], high };
                assert_eq!(found.interval, expected, "seed {seed}: {found:?} of {:?}", random.values);
                compared += 1;
                exact += usize::from(found.exposure == Exposure::Exact);
            }
        }
    }
    assert!(compared > 2_000 && exact > 200, "{compared} compared, {exact} exact");
}

/// The least weight of cells that makes tables safe, by trying all sets that weigh less than one that does.
fn optimum(random: &Random, tables: &Tables, most: u128) -> u128 {
    let primary = tables.without_sensitive(Precision::Exact);
    let mut free: Vec<usize> = (0..tables.cells().len())
        .filter(|at| primary.is_shown[*at] && tables.cells()[*at].showing == Showing::Free)
        .collect();
    free.sort_by_key(|at| tables.cells()[*at].weight);
    let is_safe = |hidden: &[bool]| {
        // One blank in a sum is no blank.
        let is_alone =
            |(total, parts): &(usize, Vec<usize>)| parts.iter().chain([total]).filter(|at| hidden[**at]).count() == 1;
        let publication =
            Publication { is_shown: hidden.iter().map(|hidden| !hidden).collect(), precision: Precision::Exact };
        !random.sums.iter().any(is_alone) && exposed(tables, &publication, Attacker::Outsider).is_empty()
    };
    fn least(
        free: &[usize],
        tables: &Tables,
        hidden: &mut Vec<bool>,
        so_far: u128,
        best: &mut u128,
        is_safe: &impl Fn(&[bool]) -> bool,
    ) {
        if so_far >= *best {
            return;
        }
        if is_safe(hidden) {
            *best = so_far;
            return;
        }
        for (at, cell) in free.iter().enumerate() {
            hidden[*cell] = true;
            let weight = u128::from(tables.cells()[*cell].weight);
            least(&free[at + 1..], tables, hidden, so_far + weight, best, is_safe);
            hidden[*cell] = false;
        }
    }
    let mut best = most;
    let mut hidden: Vec<bool> = primary.is_shown.iter().map(|is_shown| !is_shown).collect();
    least(&free, tables, &mut hidden, 0, &mut best, &is_safe);
    best
}

/// Sizes of docs/methods/disclosure.md.
#[test]
fn little_more_is_hidden_than_has_to_be() {
    let (mut found_weight, mut least_weight, mut best, mut searched) = (0, 0, 0, 0);
    for seed in 10_000..10_400 {
        let mut dice = Noise(seed);
        let random = dice.tiny();
        let tables = random.tables(Rule::MinimumCount { minimum: 5, zeros: Zeros::Protected });
        let found = suppress(&tables, Attacker::Outsider, Precision::Exact);
        if found.secondary.cells == 0 || found.secondary.cells > 6 {
            continue;
        }
        let least = optimum(&random, &tables, found.secondary.weight);
        found_weight += found.secondary.weight;
        least_weight += least;
        searched += 1;
        best += usize::from(least == found.secondary.weight);
    }
    println!("{searched} searched, {best} at the optimum, weight {found_weight} against {least_weight}");
    assert!(searched > 50 && best * 10 > searched * 8 && found_weight * 100 < least_weight * 115);
}

/// Nine products with subtotals, in places of which there are three ways to group twelve.
fn linked(seed: u64) -> Random {
    let mut dice = Noise(seed);
    let mut places = Dimension { codes: 22, sums: vec![] };
    for (groups, first, step) in [(4, 12, 1), (3, 16, 5), (2, 19, 7)] {
        let parts = |group: usize| (0..12).filter(|place| place * step % 13 % groups == group).collect();
        places.sums.extend((0..groups).map(|group| (first + group, parts(group))));
        places.sums.push((21, (first..first + groups).collect()));
    }
    let groups = (0..3).map(|group| (9 + group, (group * 3..group * 3 + 3).collect()));
    let products = Dimension { codes: 13, sums: groups.chain([(12, vec![9, 10, 11])]).collect() };
    dice.table(vec![places, products])
}

#[test]
fn three_linked_hierarchies() {
    for (seed, zeros) in [(1, Zeros::Shown), (2, Zeros::Protected)] {
        let tables = linked(seed).tables(Rule::MinimumCount { minimum: 10, zeros });
        let found = suppress(&tables, Attacker::Outsider, Precision::Exact);
        let exposed: Vec<_> = exposed(&tables, &found.publication, Attacker::Outsider)
            .into_iter()
            .filter(|bounds| {
                tables.cells()[bounds.cell].protection.is_some() && !found.beyond_help.contains(&bounds.cell)
            })
            .collect();
        assert_eq!(exposed, []);
        assert!(found.all.cells == 286 && found.sensitive.cells + found.secondary.cells < 286, "{found:?}");
    }
}

/// Amounts in cents of up to six contributors per cell, by dominance and p %: far too many tables to try, so by the audit.
#[test]
fn no_audit_narrows_a_protected_amount() {
    let mut sensitive = 0;
    for seed in 0..300 {
        let mut dice = Noise(seed);
        let random = dice.tiny();
        let leaf = |at: usize| random.sums.iter().all(|(total, _)| *total != at);
        let mut contributions: Vec<Vec<i64>> = vec![vec![]; random.values.len()];
        for (at, of) in contributions.iter_mut().enumerate().filter(|(at, _)| leaf(*at)) {
            let several = random.values[at] % 7;
            *of = (0..several).map(|_| 100 + 1_000 * dice.count() * dice.count() + dice.count()).collect();
        }
        // The cells of a total come before it, or another pass fills it.
        for (total, parts) in random.sums.iter().cycle().take(4 * random.sums.len()) {
            contributions[*total] = parts.iter().flat_map(|part| contributions[*part].clone()).collect();
        }
        let cells = contributions.iter_mut().map(|of| {
            of.sort_unstable_by(|a, b| b.cmp(a));
            Cell::amount(of.iter().sum(), of.len() as u64, of)
        });
        let rules = [
            Rule::MinimumContributors { minimum: 2, margin_percent: 20 },
            Rule::Dominance { n: 2, k_percent: 85 },
            Rule::PPercent { p_percent: 10 },
        ];
        let tables = tables(cells.collect(), relations(&random.dimensions)).protected_by(&rules);
        let attacker = [Attacker::Outsider, Attacker::Contributor][dice.below(2)];
        let found = suppress(&tables, attacker, Precision::Exact);
        for bounds in exposed(&tables, &found.publication, attacker) {
            let is_sensitive = tables.cells()[bounds.cell].protection.is_some();
            assert!(!is_sensitive || found.beyond_help.contains(&bounds.cell), "seed {seed}: {bounds:?}");
        }
        sensitive += found.sensitive.cells - found.beyond_help.len();
    }
    assert!(sensitive > 1_000, "{sensitive}");
}
