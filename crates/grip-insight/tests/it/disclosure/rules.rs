use grip_insight::disclosure::{Cell, Error, Interval, Precision, Relation, Rule, Showing, Tables, Zeros};

#[track_caller]
fn check(rule: Rule, cell: &Cell, expected: Option<(i64, i64)>) {
    assert_eq!(rule.protection(cell), expected.map(|(low, high)| Interval::between(low, high)), "{rule:?} {cell:?}");
}

#[test]
fn counts_below_the_minimum() {
    let shown = Rule::MinimumCount { minimum: 10, zeros: Zeros::Shown };
    let protected = Rule::MinimumCount { minimum: 10, zeros: Zeros::Protected };
    for (value, of_shown, of_protected) in
        [(0, None, Some((0, 9))), (1, Some((1, 9)), Some((0, 9))), (9, Some((1, 9)), Some((0, 9))), (10, None, None)]
    {
        check(shown, &Cell::count(value), of_shown);
        check(protected, &Cell::count(value), of_protected);
    }
    check(Rule::MinimumCount { minimum: 2, zeros: Zeros::Shown }, &Cell::count(1), Some((1, 2)));
    check(Rule::MinimumCount { minimum: 0, zeros: Zeros::Shown }, &Cell::count(0), None);
}

#[test]
fn amounts_of_few() {
    let few = Rule::MinimumContributors { minimum: 3, margin_percent: 20 };
    check(few, &Cell::amount(1_001, 2, &[]), Some((800, 1_202)));
    check(few, &Cell::amount(1_001, 3, &[]), None);
    check(few, &Cell::amount(0, 0, &[]), None);
    check(few, &Cell::amount(0, 1, &[]), Some((0, 1)));
}

/// Levels by the formulas of the handbook (section 4.2, table of upper protection levels), counted by hand but for its examples.
#[test]
fn amounts_that_one_or_two_dominate() {
    let two = Rule::Dominance { n: 2, k_percent: 85 };
    check(two, &Cell::amount(100, 5, &[50, 35, 10]), None);
    check(two, &Cell::amount(100, 5, &[50, 36, 10]), Some((98, 102)));
    // Example 4: 300 is more than 85 % of 330, and nobody may know that it is less than 352.94.
    check(Rule::Dominance { n: 1, k_percent: 85 }, &Cell::amount(330, 3, &[300, 20, 10]), Some((307, 353)));
    // Examples 1 and 2: safe by (1,90), and not by p %; safe by p % = 10, and not by (2,90).
    let one = Cell::amount(100_000, 9, &[50_000, 49_000]);
    check(Rule::Dominance { n: 1, k_percent: 90 }, &one, None);
    check(Rule::PPercent { p_percent: 10 }, &one, Some((96_000, 104_000)));
    let two_large = Cell::amount(110_000, 9, &[52_000, 50_000]);
    check(Rule::PPercent { p_percent: 10 }, &two_large, None);
    check(Rule::Dominance { n: 2, k_percent: 90 }, &two_large, Some((106_666, 113_334)));
    // 15 % of 80 is 12, and 100 − 80 − 10 = 10 leaves 2.
    check(Rule::PPercent { p_percent: 15 }, &Cell::amount(100, 5, &[80, 10, 5]), Some((98, 102)));
    check(Rule::PPercent { p_percent: 10 }, &Cell::amount(100, 5, &[80, 10, 5]), None);
    check(Rule::PPercent { p_percent: 10 }, &Cell::amount(100, 1, &[100]), Some((90, 110)));
}

#[test]
fn rules_together_protect_against_each() {
    let rules = [Rule::MinimumContributors { minimum: 3, margin_percent: 1 }, Rule::PPercent { p_percent: 10 }];
    let found = Tables::new(vec![Cell::amount(1_000, 2, &[900, 100])], vec![]).expect("a cell").protected_by(&rules);
    assert_eq!(found.cells()[0].protection, Some(Interval::between(910, 1_090)));
    let rule = Rule::MinimumCount { minimum: 5, zeros: Zeros::Shown };
    let found = Tables::new(vec![Cell::count(0), Cell::count(7)], vec![]).expect("cells").protected_by(&[rule]);
    assert_eq!(found.cells()[0].showing, Showing::Public);
    assert_eq!(found.cells()[1].known, Interval { low: Some(1), high: None });
}

#[test]
fn what_does_not_hold_is_refused() {
    let of =
        |cells: &[i64], relation| Tables::new(cells.iter().map(|value| Cell::count(*value)).collect(), vec![relation]);
    assert_eq!(of(&[3, 1, 1], Relation::total(0, [1, 2])), Err(Error::Relation { relation: 0, sum: -1 }));
    assert_eq!(of(&[3, 1], Relation::total(0, [1, 2])), Err(Error::NoCell { relation: 0, cell: 2 }));
    let known = Cell { known: Interval::NOT_NEGATIVE, ..Cell::count(-1) };
    assert_eq!(Tables::new(vec![known], vec![]), Err(Error::Known { cell: 0, value: -1 }));
    let protected = Cell { protection: Some(Interval::between(4, 5)), ..Cell::count(3) };
    assert_eq!(Tables::new(vec![protected], vec![]), Err(Error::Protection { cell: 0, value: 3 }));
}

#[test]
fn rounded_to_the_nearest() {
    let five = Precision::Rounded { base: 5 };
    assert_eq!([0, 2, 3, 7, 8, -2, -3].map(|value| five.shown(value)), [0, 0, 5, 5, 10, 0, -5]);
    let ten = Precision::Rounded { base: 10 };
    assert_eq!([4, 5, 14, 15, -5].map(|value| ten.shown(value)), [0, 10, 10, 20, -10]);
}
