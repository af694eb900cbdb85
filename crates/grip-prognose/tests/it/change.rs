use std::collections::BTreeMap;

use grip_ledger::{LeveringFact, LeveringSoort, Omvang};
use grip_prognose::{Cause, Change, Facts, change, prognose};
use grip_types::{Date, Maand, Wet};
use jiff::civil::date;

use crate::town::{prestatie, toewijzing, town};

fn between(facts: &Facts, one: Date, other: Date) -> Change {
    let on = |day| prognose(facts, 2025, day).expect("the day is known");
    change(facts, &on(one), &on(other))
}

fn june(facts: &Facts) -> Change {
    between(facts, date(2025, 5, 31), date(2025, 6, 30))
}

/// Per cause, after checking that the parts add up.
fn causes(change: &Change) -> BTreeMap<Cause, i64> {
    assert_eq!(change.parts.iter().map(|part| part.amount).sum::<i64>(), change.after - change.before, "{change:?}");
    let mut found = BTreeMap::new();
    for part in &change.parts {
        *found.entry(part.cause).or_default() += part.amount;
    }
    found
}

/// What these causes have more than they had without what happened.
fn more(with: &Facts, without: &Facts) -> BTreeMap<Cause, i64> {
    let (mut with, without) = (causes(&june(with)), causes(&june(without)));
    for (cause, amount) in without {
        *with.entry(cause).or_default() -= amount;
    }
    with
}

#[test]
fn a_steady_month_changes_next_to_nothing() {
    let change = june(&town());
    causes(&change);
    // Twelve months of € 9,000.
    assert!((change.before - 10_800_000).abs() < 108_000, "{change:?}");
    assert!((change.after - change.before).abs() < 54_000, "{change:?}");
}

#[test]
fn the_days_may_come_in_either_order() {
    let (facts, days) = (town(), (date(2025, 5, 31), date(2025, 6, 30)));
    let told = |from, to| format!("{:?}", between(&facts, from, to));
    assert_eq!(told(days.1, days.0), told(days.0, days.1));
}

#[test]
fn late_declarations_are_told_by_month() {
    let (mut facts, quiet) = (town(), town());
    let version = facts.toewijzingen[&(Wet::Wmo, Some(1))][0].clone();
    facts.prestaties.push(prestatie(&version, Maand::new(2025, 3), date(2025, 6, 20), 100_000));
    let told = june(&facts);
    let march = |change: &Change| -> i64 {
        let parts = change.parts.iter().filter(|part| part.maand.as_deref() == Some("2025-03"));
        parts.filter(|part| part.cause == Cause::LateDeclarations).map(|part| part.amount).sum()
    };
    let late = march(&told) - march(&june(&quiet));
    // Some was expected still: nine of ten hours were declared.
    assert!((40_000..=115_000).contains(&late), "{late}");
    causes(&told);
}

#[test]
fn new_allocations_stops_and_changes_are_told_apart() {
    // Two clients more from June on: € 450 a month over July to December.
    let mut grown = town();
    for nummer in [21, 22] {
        grown.toewijzingen.insert((Wet::Wmo, Some(nummer)), vec![toewijzing(nummer, date(2025, 6, 3))]);
    }
    let more_clients = more(&grown, &town());
    let new = more_clients[&Cause::NewAllocations];
    assert!((200_000..=700_000).contains(&new), "{more_clients:?}");

    // Two clients who leave in June.
    let mut left = town();
    for nummer in [1, 2] {
        left.leveringen.insert(
            (Wet::Wmo, Some(nummer)),
            vec![LeveringFact {
                received: date(2025, 6, 12),
                kind: LeveringSoort::Stop,
                begindatum: date(2023, 1, 2),
                day: date(2025, 6, 10),
                deletes: false,
            }],
        );
    }
    let stops = more(&left, &town())[&Cause::Stops];
    assert!((-600_000..=-480_000).contains(&stops), "{stops}");

    // Two clients whose hours go from ten to five.
    let mut less = town();
    for nummer in [1, 2] {
        let mut version = toewijzing(nummer, date(2025, 6, 12));
        version.ingangsdatum = date(2023, 1, 1);
        version.omvang = version.omvang.map(|omvang| Omvang { volume: 5, ..omvang });
        less.toewijzingen.get_mut(&(Wet::Wmo, Some(nummer))).expect("it is there").push(version);
    }
    let changed = more(&less, &town())[&Cause::ChangedAllocations];
    assert!((-300_000..=-240_000).contains(&changed), "{changed}");
}
