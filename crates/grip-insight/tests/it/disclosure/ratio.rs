use grip_insight::disclosure::{Attacker, Cell, Interval, Precision, Ratio, Relation, Rule, Showing, Zeros, suppress};
use proptest::prelude::*;

use super::{bounds_of, hiding, tables};

#[test]
fn a_percentage_gives_back_the_count() {
    let shown = |value, scale| Ratio { value, worth: 1, scale };
    // 7 % of 43, in whole percents: 3 is 6.98 %.
    assert_eq!(shown(7, 100).numerator(43), Interval::exactly(3));
    assert_eq!(shown(7, 100).numerator(1_000), Interval::between(65, 75));
    // Three, as 6.98 %: of 43 and no other.
    assert_eq!(shown(698, 10_000).denominator(3), Interval::exactly(43));
    assert_eq!(shown(0, 100).numerator(43), Interval::exactly(0));
    assert_eq!(shown(0, 100).denominator(3), Interval { low: Some(600), high: None });
    // A mean of € 1,234 over 3 persons, in cents.
    assert_eq!(Ratio { value: 1234, worth: 100, scale: 1 }.numerator(3), Interval::between(370_050, 370_350));
}

#[test]
fn a_percentage_beside_hidden_counts_is_reckoned_with() {
    let rule = Rule::MinimumCount { minimum: 5, zeros: Zeros::Protected };
    let cells = || vec![Cell::count(3), Cell::count(40), Cell::count(43).with(Showing::Public)];
    let sum = Relation::total(2, [0, 1]);
    let without = tables(cells(), vec![sum.clone()]).protected_by(&[rule]);
    let both_hidden = hiding(&without, &[0, 1]);
    assert_eq!(bounds_of(&without, &both_hidden, 0), Interval::between(0, 43));
    let ratio = Ratio { value: 7, worth: 1, scale: 100 };
    let with = tables(cells(), [vec![sum], ratio.relations(0, 2).to_vec()].concat()).protected_by(&[rule]);
    assert_eq!(bounds_of(&with, &both_hidden, 0), Interval::exactly(3));
    // The percentage is out: hiding does not help any more, and that is said.
    assert_eq!(suppress(&with, Attacker::Outsider, Precision::Exact).beyond_help, [0]);
}

proptest! {
    #[test]
    fn every_count_is_among_those_its_percentage_gives_back(
        one in 0_i64..2_000, other in 1_i64..2_000, decimals in 0_u32..3, worth in 1_u32..200,
    ) {
        let (over, under) = (one.min(other), one.max(other));
        let scale = 10_u32.pow(decimals + 2);
        let exact = i128::from(over) * i128::from(scale);
        let digit = i128::from(under) * i128::from(worth);
        let value = i64::try_from((2 * exact + digit) / (2 * digit)).expect("small");
        let ratio = Ratio { value, worth, scale };
        prop_assert!(ratio.numerator(under).contains(over));
        prop_assert!(over == 0 || ratio.denominator(over).contains(under));
        for relation in ratio.relations(0, 1) {
            tables(vec![Cell::count(over), Cell::count(under)], vec![relation]);
        }
    }
}
