//! How totals are placed by what was learnt from finished ones.

use grip_ledger::{Facts, Patterns, Prestatie, Toewijzing, known_value, value_per_month};
use grip_types::{Bedrag, Date, Maand};
use jiff::civil::date;

use super::{line, omvang, tarieven, toewijzing};

/// Trajectories of a thousand euros, of which 70 % is paid in January and 30 % in June; or budgets spent in January.
fn history(count: i64, like: &Toewijzing, paid: &[(i32, i64)]) -> (Vec<Toewijzing>, Vec<Prestatie>) {
    let numbered = |nummer| Toewijzing { nummer, ..like.clone() };
    let versions = (1..=count).map(numbered).collect();
    let lines = (1..=count).flat_map(|nummer| {
        let paid = paid.iter();
        paid.map(move |(month, cents)| line(nummer, "45T01", Maand::new(2025, *month), *cents, date(2025, 7, 10)))
    });
    (versions, lines.collect())
}

fn trajectory(begin: Date, eind: Date) -> Toewijzing {
    Toewijzing { omvang: Some(omvang(100_000, "83", "6")), ..toewijzing(0, begin, eind) }
}

fn budget(begin: Date, eind: Date) -> Toewijzing {
    Toewijzing { omvang: None, code: None, budget: Some(Bedrag::from_cents(100_000)), ..toewijzing(0, begin, eind) }
}

#[track_caller]
fn check(history: &(Vec<Toewijzing>, Vec<Prestatie>), peildatum: Date, next: &Toewijzing, expected: &[i64]) {
    let patterns = Patterns::learn(&Facts::new(&history.0, [], &history.1), peildatum);
    let months = value_per_month(next, &tarieven(), &patterns, Maand::new(2026, 12)).expect("a value");
    assert_eq!(months.into_iter().map(|(_, cents)| cents).collect::<Vec<_>>(), expected);
}

#[test]
fn payments_of_a_trajectory_come_where_they_came_before() {
    let past = history(20, &trajectory(date(2025, 1, 1), date(2025, 6, 30)), &[(1, 70_000), (6, 30_000)]);
    let next = trajectory(date(2026, 1, 1), date(2026, 3, 31));
    // Settled after October. Before that nothing is learnt, and all is by days.
    let even = known_value(&next, &tarieven(), Maand::new(2026, 12)).expect("a value");
    assert_eq!(even.iter().map(|(_, cents)| *cents).collect::<Vec<_>>(), [34_444, 31_112, 34_444]);
    check(&past, date(2025, 10, 31), &next, &[34_444, 31_112, 34_444]);
    // Twenty: half of the weight, and half of the other half by way of the whole, which is the same here. So three
    // quarters by payments and a quarter by days: 0.75 * 70000 + 0.25 * 34444, 0.25 * 31111, 0.75 * 30000 + 0.25 * 34444.
    check(&past, date(2025, 11, 1), &next, &[61_111, 7_778, 31_111]);
    // Another category has only the whole: half by payments.
    let other = Toewijzing { categorie: Some("43".into()), ..next.clone() };
    check(&past, date(2025, 11, 1), &other, &[52_222, 15_556, 32_222]);
    // Nothing is learnt for budgets and other laws.
    check(&past, date(2025, 11, 1), &budget(date(2026, 1, 1), date(2026, 3, 31)), &[34_444, 31_112, 34_444]);
    check(&past, date(2025, 11, 1), &Toewijzing { wet: grip_types::Wet::Wmo, ..next }, &[34_444, 31_112, 34_444]);
}

#[test]
fn a_budget_follows_the_curve_of_budgets() {
    let past = history(20, &budget(date(2025, 1, 1), date(2025, 3, 31)), &[(1, 80_000)]);
    let next = budget(date(2026, 1, 1), date(2026, 3, 31));
    // Tenths are 9 days; January has 31, so its money lies 9/31, 9/31, 9/31 and 4/31 in the first four. By the 31st day
    // that curve is at (27 + 4 * 4/9)/31 = 0.92832, and three quarters of it and a quarter of 31/90 are 0.78235; by the
    // 59th day 0.75 + 0.25 * 59/90 = 0.91389.
    check(&past, date(2025, 8, 1), &next, &[78_235, 13_154, 8_611]);
    // Ten times as long, the same shape: 304 days, of which January is 31/304 and so on.
    let months = |next: &Toewijzing| {
        let patterns = Patterns::learn(&Facts::new(&past.0, [], &past.1), date(2025, 8, 1));
        value_per_month(next, &tarieven(), &patterns, Maand::new(2026, 12)).expect("a value")
    };
    let long = months(&budget(date(2026, 1, 1), date(2026, 10, 31)));
    assert_eq!(long.iter().map(|(_, cents)| cents).sum::<i64>(), 100_000);
    assert!(long[0].1 > 20_000 && long[9].1 < 3_000, "{long:?}");
}

#[test]
fn what_says_nothing_is_not_learnt_from() {
    let learnt =
        |past: &(Vec<Toewijzing>, Vec<Prestatie>)| Patterns::learn(&Facts::new(&past.0, [], &past.1), date(2026, 6, 1));
    let one_month = history(5, &budget(date(2025, 1, 1), date(2025, 1, 31)), &[(1, 80_000)]);
    assert_eq!(learnt(&one_month), Patterns::even());
    let unspent = history(5, &budget(date(2025, 1, 1), date(2025, 3, 31)), &[]);
    assert_eq!(learnt(&unspent), Patterns::even());
    let per_month = history(5, &toewijzing(1, date(2025, 1, 1), date(2025, 3, 31)), &[(1, 60_000)]);
    assert_eq!(learnt(&per_month), Patterns::even());
    let deleted = Toewijzing { reden_wijziging: Some("13".into()), ..budget(date(2025, 1, 1), date(2025, 1, 1)) };
    assert_eq!(learnt(&history(5, &deleted, &[(1, 60_000)])), Patterns::even());
}
