use std::collections::BTreeMap;

use grip_insight::effect::overlap::{Claim, overlap};
use grip_types::Bedrag;
use proptest::prelude::*;

fn cents(cents: i64) -> Bedrag {
    Bedrag::from_cents(cents)
}

/// Counted by hand: three measures, two of them in the same cell, with 100 there of 120 claimed.
#[test]
fn two_measures_on_one_cell() {
    let claims = [
        Claim { measure: "a", cells: BTreeMap::from([("jeugd", cents(70)), ("wmo", cents(40))]) },
        Claim { measure: "b", cells: BTreeMap::from([("jeugd", cents(50))]) },
        Claim { measure: "c", cells: BTreeMap::from([("jeugd", cents(-5)), ("wmo", cents(10)), ("new", cents(7))]) },
    ];
    let there = BTreeMap::from([("jeugd", cents(100)), ("wmo", cents(60))]);
    let found = overlap(&claims, &there);
    assert_eq!(found.cells.len(), 2);
    let jeugd = &found.cells[0];
    assert_eq!((jeugd.cell, jeugd.claimed.len(), jeugd.there), ("jeugd", 2, Some(cents(100))));
    assert_eq!((jeugd.double_min, jeugd.double_max), (cents(20), cents(50)));
    assert_eq!((found.cells[1].double_min, found.cells[1].double_max), (cents(0), cents(10)));
    assert_eq!((found.double_min, found.double_max), (cents(20), cents(60)));
    // 70 · 100/120 = 58.33 and 50 · 100/120 = 41.67: the cent goes to the second.
    let a = found.measures["a"];
    assert_eq!((a.claimed, a.credited, a.shared), (cents(110), cents(58 + 40), cents(110)));
    let b = found.measures["b"];
    assert_eq!((b.claimed, b.credited, b.shared), (cents(50), cents(42), cents(50)));
    let c = found.measures["c"];
    assert_eq!((c.claimed, c.credited, c.shared), (cents(12), cents(12), cents(10)));
}

#[test]
fn a_single_claim_beyond_what_is_there_is_contested_too() {
    let claims = [Claim { measure: 1, cells: BTreeMap::from([(1, cents(30)), (2, cents(9))]) }];
    let found = overlap(&claims, &BTreeMap::from([(1, cents(-4)), (2, cents(9))]));
    assert_eq!(found.cells.len(), 1);
    assert_eq!((found.double_min, found.double_max), (cents(30), cents(30)));
    assert_eq!(found.measures[&1].credited, cents(9));
}

proptest! {
    #[test]
    fn credits_add_up(
        claims in prop::collection::vec(prop::collection::btree_map(0_u8..6, -500_i64..5000, 0..6), 0..6),
        there in prop::collection::btree_map(0_u8..6, -100_i64..8000, 0..6),
    ) {
        let claims: Vec<Claim<usize, u8>> = claims
            .into_iter()
            .enumerate()
            .map(|(measure, cells)| Claim { measure, cells: cells.into_iter().map(|(cell, c)| (cell, cents(c))).collect() })
            .collect();
        let there = there.into_iter().map(|(cell, c)| (cell, cents(c))).collect();
        let found = overlap(&claims, &there);
        let claimed: Bedrag = found.measures.values().map(|share| share.claimed).sum();
        let credited: Bedrag = found.measures.values().map(|share| share.credited).sum();
        prop_assert_eq!(claimed - credited, found.double_min);
        prop_assert!(found.double_min <= found.double_max);
        prop_assert!(found.measures.values().all(|share| share.credited <= share.claimed));
        let mut turned = claims.clone();
        turned.reverse();
        prop_assert_eq!(overlap(&turned, &there), found);
    }
}
