//! Who lapses, is renewed and arrives, as it goes into the forecast.

use grip_forecast::SegmentHistory;
use grip_ledger::Omvang;
use grip_prognose::{Facts, Grid, histories};
use grip_types::{Date, Maand, Wet};
use jiff::civil::date;

use crate::town::{prestatie, toewijzing, town};

/// € 500 a month, as allocated; € 450 of it is declared, a month later.
const ALLOCATED: f64 = 50_000.0;
const DECLARED: f64 = 45_000.0;

/// The town of twenty, in which client 3 has something until June 2024 and, told on 15 July, on from July; client 4 until June 2024 and
/// no more; and client 21 comes in February 2025, told on the tenth.
fn moving() -> Facts {
    let mut facts = town();
    for nummer in [3, 4] {
        facts.toewijzingen.get_mut(&(Wet::Wmo, Some(nummer))).expect("it is there")[0].einddatum =
            Some(date(2024, 6, 30));
    }
    facts
        .prestaties
        .retain(|fact| !matches!(fact.line.nummer.1, Some(3 | 4)) || fact.line.maand <= Maand::new(2024, 6));
    let renewed = grip_ledger::Toewijzing {
        client: toewijzing(3, date(2023, 1, 2)).client,
        ingangsdatum: date(2024, 7, 1),
        ..toewijzing(103, date(2024, 7, 15))
    };
    let new = toewijzing(21, date(2025, 2, 10));
    for version in [renewed, new] {
        for index in Maand::of(version.ingangsdatum).index()..=Maand::new(2025, 5).index() {
            let maand = Maand::from_index(index);
            facts.prestaties.push(prestatie(&version, maand, maand.plus(1).day_clamped(15), 45_000));
        }
        facts.toewijzingen.insert((Wet::Wmo, Some(version.nummer)), vec![version]);
    }
    facts
}

fn history(facts: &Facts, day: Date) -> (Grid, SegmentHistory) {
    let grid = Grid::new(facts, day).expect("something is known");
    let found = histories(facts, &grid).remove(&(Wet::Wmo, "02".into())).expect("the one segment");
    (grid, found)
}

fn at(grid: &Grid, maand: Maand) -> usize {
    usize::try_from(grid.index(maand)).expect("within the grid")
}

#[test]
fn who_lapses_is_renewed_or_arrives_is_told_apart() {
    let (grid, history) = history(&moving(), date(2025, 6, 30));
    let (may, june, july) =
        (at(&grid, Maand::new(2024, 5)), at(&grid, Maand::new(2024, 6)), at(&grid, Maand::new(2024, 7)));
    // In May two clients end after next month; in June after this one. In July one of them is told to go on.
    let lapsing = |cut: usize, ahead: usize| history.lapsing[cut][ahead - 1];
    let check = |found: f64, clients: f64| assert!((found - clients * ALLOCATED).abs() < 1.0, "{found}");
    check(lapsing(may, 1), 0.0);
    check(lapsing(may, 2), 2.0);
    check(lapsing(june, 1), 2.0);
    check(lapsing(july, 1), 1.0);
    // Whoever ended in June is gone three months later.
    check(lapsing(july + 2, 1), 0.0);
    // Of July and later, at the end of May and of June: one client, known a month later.
    let renewed = |cut: usize, ahead: usize| history.renewed[cut][ahead - 1].iter().sum::<f64>();
    for (cut, ahead) in [(may, 2), (may, 5), (june, 1), (june, 11)] {
        assert!((renewed(cut, ahead) - DECLARED).abs() < 1.0, "{}", renewed(cut, ahead));
    }
    assert!(renewed(july, 1).abs() < 1.0);
    // All others are there from the first; the renewed client was never away.
    let february = at(&grid, Maand::new(2025, 2));
    let arrivals: Vec<usize> = (1..history.months()).filter(|cut| history.arrivals[*cut] > 0.0).collect();
    assert_eq!(arrivals, [february]);
    assert!((history.arrivals[february] - 1.0).abs() < 1e-9);
    check(history.arrival_value[february], 1.0);
    let arrived: Vec<f64> = history.arrived[february].iter().map(|row| row.iter().sum()).collect();
    // February to May; June is not declared yet.
    assert_eq!(arrived, [DECLARED, DECLARED, DECLARED, DECLARED, 0.0]);
}

/// What an earlier day knew is what a later one says that it knew.
#[test]
fn nothing_that_came_later_is_in_what_was_known() {
    let facts = moving();
    let (grid, later) = history(&facts, date(2025, 6, 30));
    for month in [(2024, 6), (2024, 7), (2025, 2), (2025, 3)] {
        let maand = Maand::new(month.0, month.1);
        let (_, then) = history(&facts, maand.last_day());
        let told = later.truncate(at(&grid, maand));
        assert_eq!(then.declared, told.declared, "{maand}");
        assert_eq!(then.committed, told.committed, "{maand}");
        assert_eq!(then.known_declared, told.known_declared, "{maand}");
        assert_eq!(then.lapsing, told.lapsing, "{maand}");
        assert_eq!(then.renewed, told.renewed, "{maand}");
        assert_eq!(then.arrivals, told.arrivals, "{maand}");
        assert_eq!(then.arrived, told.arrived, "{maand}");
    }
}

/// A budget that ends in March and not in December is spent as fast as it was meant to be.
#[test]
fn a_budget_that_ends_sooner_is_not_spent_faster() {
    let mut facts = town();
    let budget = |received: Date, eind: Date| grip_ledger::Toewijzing {
        omvang: None::<Omvang>,
        code: None,
        budget: Some(grip_types::Bedrag::from_cents(1_200_000)),
        ingangsdatum: date(2025, 1, 1),
        einddatum: Some(eind),
        stempel: (received, "12:00:00".into()),
        ..toewijzing(50, received)
    };
    let without = history(&facts, date(2025, 4, 30)).1;
    let versions = vec![budget(date(2025, 1, 2), date(2025, 12, 31)), budget(date(2025, 3, 3), date(2025, 3, 31))];
    facts.toewijzingen.insert((Wet::Wmo, Some(50)), versions);
    let with = history(&facts, date(2025, 4, 30)).1;
    let newest = with.months() - 1;
    let of = |back: usize| {
        with.committed[newest][grip_forecast::PAST - back] - without.committed[newest][grip_forecast::PAST - back]
    };
    // March has 31 of the 365 days of € 12,000, and April is past its end.
    assert!((of(1) - 1_200_000.0 * 31.0 / 365.0).abs() < 2.0, "{}", of(1));
    assert!(of(0).abs() < 1.0, "{}", of(0));
}
