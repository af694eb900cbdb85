use grip_prognose::{Row, backtest, backtest_at};
use grip_types::Maand;

use crate::town::town;

/// Month-ends are made on all processors at once: together they say what each says by itself.
#[test]
fn a_month_end_does_not_depend_on_the_others() {
    let facts = town();
    let (from, to) = (Maand::new(2024, 3), Maand::new(2025, 2));
    let told = |rows: &[Row]| -> Vec<String> { rows.iter().map(|row| format!("{row:?}")).collect() };
    let together = backtest(&facts, from, to, |_, _| ()).expect("it is known");
    let apart: Vec<String> = (from.index()..=to.index())
        .flat_map(|index| told(&backtest_at(&facts, &[Maand::from_index(index)], |_, _| ()).expect("it is known").rows))
        .collect();
    assert_eq!(told(&together.rows), apart);
    assert_eq!(apart.len(), 12 * 2, "a segment and the total of twelve months");
}
