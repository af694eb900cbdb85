use std::collections::{BTreeMap, BTreeSet};

use grip_insight::concentration::{TooFewHouseholds, by_number, combinations, top_share};
use grip_types::Bedrag;
use proptest::prelude::*;

fn amounts(cents: impl IntoIterator<Item = i64>) -> Vec<Bedrag> {
    cents.into_iter().map(Bedrag::from_cents).collect()
}

#[test]
fn the_top_of_two_hundred() {
    // 1, 2, … 200 euros: together 20,100; the top two 399, the top ten 1,955.
    let amounts = amounts((1..=200).map(|euros| euros * 100));
    let one = top_share(&amounts, 1).expect("two of 200");
    assert_eq!((one.units, one.of_units, one.amount.cents, one.total.cents), (2, 200, 39_900, 2_010_000));
    assert_eq!(one.from_amount, Bedrag::from_cents(19_900));
    assert!((one.share - 399.0 / 20_100.0).abs() < 1e-15);
    let five = top_share(&amounts, 5).expect("ten of 200");
    assert_eq!((five.units, five.amount.cents), (10, 195_500));
    assert_eq!(top_share(&amounts, 100).map(|all| all.amount.cents), Some(2_010_000));
}

#[test]
fn few_units_and_none() {
    // 5 % of 19 is less than one; of 21 it is rounded up to two.
    assert_eq!(top_share(&amounts([100; 19]), 5), None);
    assert_eq!(top_share(&amounts([100; 21]), 5).map(|top| (top.units, top.amount.cents)), Some((2, 200)));
    assert_eq!(top_share(&[], 10), None);
    assert_eq!(top_share(&amounts([100; 100]), 0), None);
    // What is zero or a credit is none of those compared, but counts in the total.
    let with_credits = amounts([600, 300, 100, 0, -500]);
    let half = top_share(&with_credits, 50).expect("two of three");
    assert_eq!((half.units, half.of_units, half.amount.cents, half.total.cents), (2, 3, 900, 500));
    assert!((half.share - 1.8).abs() < 1e-15);
    assert_eq!(top_share(&amounts([100, -100]), 100), None);
}

#[test]
fn combinations_per_thousand() {
    let uses = [(1, "Wmo"), (1, "Jeugd"), (1, "Wmo"), (2, "Wmo"), (3, "Jeugd"), (3, "Wmo"), (4, "Participatie")];
    let found = combinations(uses, 10).expect("there are ten");
    let count = |domains: &[&'static str]| {
        let combination = found[&domains.iter().copied().collect::<BTreeSet<_>>()];
        (combination.households, combination.per_thousand)
    };
    assert_eq!(found.len(), 4);
    assert_eq!(count(&[]), (6, 600.0));
    assert_eq!(count(&["Wmo"]), (1, 100.0));
    assert_eq!(count(&["Wmo", "Jeugd"]), (2, 200.0));
    assert_eq!(count(&["Participatie"]), (1, 100.0));
    let numbers: BTreeMap<usize, usize> =
        by_number(&found).into_iter().map(|(number, c)| (number, c.households)).collect();
    assert_eq!(numbers, BTreeMap::from([(0, 6), (1, 2), (2, 2)]));
    assert_eq!(combinations(uses, 3), Err(TooFewHouseholds { using: 4, households: 3 }));
    let none = combinations(Vec::<(u8, u8)>::new(), 0).expect("nobody there");
    assert!(none.values().all(|combination| combination.households == 0 && combination.per_thousand == 0.0));
}

proptest! {
    #[test]
    fn a_larger_top_carries_more(cents in proptest::collection::vec(1..10_000i64, 100..300)) {
        let all = amounts(cents.clone());
        let shares = [1, 5, 10, 50, 100].map(|percent| top_share(&all, percent).expect("a hundred at least").share);
        prop_assert!(shares.windows(2).all(|pair| pair[0] <= pair[1]));
        // The most expensive carry at least their part.
        prop_assert!(shares[0] >= 0.01 && shares[2] >= 0.1 && (shares[4] - 1.0).abs() < 1e-12);
        let mut reversed = cents.clone();
        reversed.reverse();
        prop_assert_eq!(top_share(&amounts(reversed), 10), top_share(&amounts(cents), 10));
    }

    #[test]
    fn combinations_add_up(uses in proptest::collection::vec((0..30u8, 0..4u8), 0..80)) {
        let found = combinations(uses.clone(), 100).expect("no more than thirty");
        prop_assert_eq!(found.values().map(|c| c.households).sum::<usize>(), 100);
        prop_assert_eq!(by_number(&found).values().map(|c| c.households).sum::<usize>(), 100);
        let pairs: BTreeSet<(u8, u8)> = uses.into_iter().collect();
        prop_assert_eq!(found.iter().map(|(domains, c)| domains.len() * c.households).sum::<usize>(), pairs.len());
    }
}
