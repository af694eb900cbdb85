use grip_insight::disclosure::{
    Attacker, Cell, Dimension, Exposure, Interval, Precision, Relation, Rule, Showing, Tables, Zeros, position,
    relations, suppress,
};

use super::{bounds_of, cells, counts, exposed, hidden, hiding, protect, tables};

/// sdcTable 0.34, `tests/testthat/test-simpleheuristic.R`: its table and its sensitive cells.
fn simple_heuristic() -> (Vec<Dimension>, Tables) {
    let dimensions = vec![Dimension::flat(4), Dimension::flat(4)];
    let parts = [30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685];
    let mut found = counts(&cells(&dimensions, &parts));
    for (row, column) in [(1, 1), (1, 2), (1, 3), (2, 1), (2, 3), (3, 2), (3, 4), (4, 2), (4, 4)] {
        protect(&mut found[position(&dimensions, &[row, column])]);
    }
    let tables = tables(found, relations(&dimensions));
    (dimensions, tables)
}

#[test]
fn two_blanks_in_each_row_and_column_are_not_enough() {
    let (dimensions, tables) = simple_heuristic();
    let at = |row, column| position(&dimensions, &[row, column]);
    let primary = tables.without_sensitive(Precision::Exact);
    assert_eq!(bounds_of(&tables, &primary, at(1, 2)), Interval::exactly(47));
    let found = exposed(&tables, &primary, Attacker::Outsider);
    assert!(found.iter().any(|bounds| bounds.cell == at(1, 2) && bounds.exposure == Exposure::Exact));
    for (row, column, high) in [(2, 4, 78), (2, 2, 141)] {
        let mut more = hidden(&primary);
        more.push(at(row, column));
        let publication = hiding(&tables, &more);
        assert_eq!(bounds_of(&tables, &publication, at(1, 2)), Interval::between(0, high));
    }
    // Any of these cures it; the one of least value is found.
    let cures: Vec<usize> = (0..25)
        .filter(|cell| primary.is_shown[*cell] && cell % 5 != 0 && cell / 5 != 0)
        .filter(|cell| {
            let mut more = hidden(&primary);
            more.push(*cell);
            exposed(&tables, &hiding(&tables, &more), Attacker::Outsider).is_empty()
        })
        .collect();
    let expected = [(1, 4), (2, 2), (2, 4), (3, 1), (3, 3), (4, 1), (4, 3)].map(|(row, column)| at(row, column));
    assert_eq!(cures, expected);
    let found = suppress(&tables, Attacker::Outsider, Precision::Exact);
    assert_eq!((found.secondary.cells, found.secondary.value), (1, 31));
    assert!(!found.publication.is_shown[at(2, 4)]);
}

/// Handbook on Statistical Disclosure Control, second edition, section 4.2, example 3 (Geurts, 1992, table 10, p. 20).
#[test]
fn the_feasibility_interval_of_the_handbook() {
    let dimensions = [Dimension::flat(3), Dimension::flat(2)];
    // Any table with these totals and this third row.
    let tables = tables(counts(&cells(&dimensions, &[5, 2, 1, 2, 3, 3])), relations(&dimensions));
    let hidden = [[1, 1], [1, 2], [2, 1], [2, 2]].map(|codes| position(&dimensions, &codes));
    assert_eq!(bounds_of(&tables, &hiding(&tables, &hidden), hidden[0]), Interval::between(3, 6));
}

/// github.com/sdcTools/UserSupport/issues/136: two ways to group the same municipalities, each safe by itself.
#[test]
fn linked_tables_are_protected_together() {
    // A B I J K L M N, the counties ABIJ and KLMN, the groups LM and the rest, and all.
    let values = [2, 2, 8, 8, 3, 3, 3, 7, 20, 16, 6, 30, 36];
    let counties = vec![Relation::total(8, 0..4), Relation::total(9, 4..8), Relation::total(12, [8, 9])];
    let groups =
        vec![Relation::total(10, [5, 6]), Relation::total(11, [0, 1, 2, 3, 4, 7]), Relation::total(12, [10, 11])];
    let with = |relations: &[Relation]| {
        let mut found = counts(&values);
        [0, 1, 4, 5, 6].into_iter().for_each(|cell| protect(&mut found[cell]));
        tables(found, relations.to_vec())
    };
    let both = with(&[counties.clone(), groups.clone()].concat());
    let primary = both.without_sensitive(Precision::Exact);
    assert_eq!(bounds_of(&with(&counties), &primary, 4), Interval::between(0, 9));
    assert_eq!(bounds_of(&with(&groups), &primary, 4), Interval::between(0, 7));
    assert_eq!(bounds_of(&both, &primary, 4), Interval::exactly(3));
    let more = hiding(&both, &[0, 1, 4, 5, 6, 7]);
    assert_eq!(bounds_of(&both, &more, 4), Interval::between(0, 10));
    let found = suppress(&both, Attacker::Outsider, Precision::Exact);
    assert_eq!(exposed(&both, &found.publication, Attacker::Outsider), []);
    assert_eq!(hidden(&found.publication), [0, 1, 4, 5, 6, 7]);
}

/// One person in a, two in b, one in c: sdcTable hides a and c, and b too when those persons are reckoned with.
#[test]
fn a_person_alone_in_a_cell_knows_it() {
    let of = |minimum| {
        let rule = Rule::MinimumCount { minimum, zeros: Zeros::Protected };
        tables(counts(&[1, 2, 1, 4]), vec![Relation::total(3, 0..3)]).protected_by(&[rule])
    };
    let tables = of(2);
    let outsider = suppress(&tables, Attacker::Outsider, Precision::Exact);
    assert_eq!((hidden(&outsider.publication), outsider.secondary.cells), (vec![0, 2], 0));
    let found = exposed(&tables, &outsider.publication, Attacker::Contributor);
    assert_eq!(
        found.iter().map(|bounds| (bounds.cell, bounds.insider)).collect::<Vec<_>>(),
        [(0, Some(2)), (2, Some(0))]
    );
    let insider = suppress(&tables, Attacker::Contributor, Precision::Exact);
    assert_eq!(insider.secondary.cells, 1);
    assert_eq!(exposed(&tables, &insider.publication, Attacker::Contributor), []);
}

/// github.com/sdcTools/UserSupport/issues/135: three persons alone.
#[test]
fn three_persons_alone() {
    let dimensions = [Dimension::flat(2), Dimension::flat(5)];
    let values = cells(&dimensions, &[1, 1, 7, 1, 0, 1, 0, 0, 2, 8]);
    let rule = Rule::MinimumCount { minimum: 3, zeros: Zeros::Shown };
    let tables = tables(counts(&values), relations(&dimensions)).protected_by(&[rule]);
    for attacker in [Attacker::Outsider, Attacker::Contributor] {
        let found = suppress(&tables, attacker, Precision::Exact);
        let beside: Vec<_> = exposed(&tables, &found.publication, attacker)
            .into_iter()
            .filter(|bounds| !found.beyond_help.contains(&bounds.cell))
            .collect();
        assert_eq!(beside, [], "{found:?}");
    }
}

/// sdcTable's `microdata1`: one small cell takes three more, whichever of its methods is asked.
#[test]
fn one_small_cell_takes_three_more() {
    let dimensions = [Dimension::flat(4), Dimension::flat(2)];
    let values = cells(&dimensions, &[2, 18, 19, 14, 10, 12, 14, 11]);
    let rule = Rule::MinimumCount { minimum: 3, zeros: Zeros::Shown };
    let tables = tables(counts(&values), relations(&dimensions)).protected_by(&[rule]);
    let found = suppress(&tables, Attacker::Outsider, Precision::Exact);
    assert_eq!((found.sensitive.cells, found.secondary.cells, found.secondary.value), (1, 3, 40));
    assert_eq!(exposed(&tables, &found.publication, Attacker::Outsider), []);
}

/// The shape of github.com/sdcTools/UserSupport/issues/160, with figures of our own: in three hidden groups together one
/// organisation has 90 %, and two groups are left to hide besides.
#[test]
fn what_is_hidden_together_is_not_dominated() {
    let group = |value, largest: &[i64]| Cell::amount(value, 20, largest);
    let found = vec![
        group(9_300, &[9_000, 100, 50]),
        group(300, &[280, 10, 5]),
        group(400, &[350, 20, 10]),
        group(5_000, &[900, 800, 700]),
        group(90, &[9, 8, 7]),
        group(15_090, &[9_000, 900, 800]),
    ];
    let dominance = Rule::Dominance { n: 2, k_percent: 80 };
    let tables = tables(found, vec![Relation::total(5, 0..5)]).protected_by(&[dominance]);
    let primary = tables.without_sensitive(Precision::Exact);
    assert_eq!(hidden(&primary), [0, 1, 2]);
    // 9,000 and 100 are 80 % of 11,375; nothing shown may tell that the first group is below that.
    assert_eq!(tables.cells()[0].protection, Some(Interval::between(7_225, 11_375)));
    let narrowed = exposed(&tables, &primary, Attacker::Outsider);
    assert_eq!(narrowed.iter().map(|bounds| bounds.cell).collect::<Vec<_>>(), [0]);
    assert_eq!(narrowed[0].interval, Interval::between(0, 10_000));
    let found = suppress(&tables, Attacker::Outsider, Precision::Exact);
    assert_eq!(hidden(&found.publication), [0, 1, 2, 3], "the fifth group is too small to cover it");
    assert_eq!(exposed(&tables, &found.publication, Attacker::Outsider), []);
}

/// github.com/sdcTools/UserSupport/issues/315: the same tables twice, and other cells.
#[test]
fn the_same_tables_always_give_the_same() {
    let (_, tables) = simple_heuristic();
    let once = suppress(&tables, Attacker::Contributor, Precision::Exact);
    assert_eq!(once, suppress(&tables, Attacker::Contributor, Precision::Exact));
}

/// A total, and all of its parts but one: of two filters, or of two releases.
#[test]
fn the_difference_of_two_figures_is_a_figure() {
    let rule = Rule::MinimumCount { minimum: 10, zeros: Zeros::Protected };
    // All clients, those without a provider, and the difference, which stands in no table.
    let of = |first: Showing| {
        let found = vec![Cell::count(40).with(first), Cell::count(37), Cell::count(3).with(Showing::Never)];
        tables(found, vec![Relation::total(0, [1, 2])]).protected_by(&[rule])
    };
    let free = of(Showing::Free);
    let both = free.without_sensitive(Precision::Exact);
    assert_eq!(bounds_of(&free, &both, 2), Interval::exactly(3));
    assert_eq!(hidden(&suppress(&free, Attacker::Outsider, Precision::Exact).publication), [1, 2]);
    // What is out already can't be taken back, and the other is hidden.
    assert_eq!(hidden(&suppress(&of(Showing::Public), Attacker::Outsider, Precision::Exact).publication), [1, 2]);
    let late = vec![Cell::count(40).with(Showing::Public), Cell::count(37).with(Showing::Public), Cell::count(3)];
    let late = tables(late, vec![Relation::total(0, [1, 2])]).protected_by(&[rule]);
    assert_eq!(suppress(&late, Attacker::Outsider, Precision::Exact).beyond_help, [2]);
}
