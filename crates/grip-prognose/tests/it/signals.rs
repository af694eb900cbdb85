//! Changes in simulated towns are signalled when they can be seen, and what is not yet declared never is.

use std::{collections::HashSet, sync::OnceLock};

use grip_prognose::{Deviation, Facts, SIGNAL_MONTHS, SignalLine, Signals, is_same_signal, signals};
use grip_synth::{Scenario, Settings, simulate};
use grip_types::Maand;
use jiff::civil::date;

use crate::{synthetic, town::town};

fn simulated(scenario: Scenario) -> Facts {
    let settings = Settings {
        gemeente: "9998".parse().expect("a code"),
        inhabitants: 20_000,
        from: date(2021, 1, 1),
        to: date(2025, 12, 31),
        seed: 1,
        scenario,
    };
    synthetic::facts(&simulate(&settings).expect("a town"))
}

fn tariff_jump() -> &'static Facts {
    static TOWN: OnceLock<Facts> = OnceLock::new();
    TOWN.get_or_init(|| simulated(Scenario::TariffJump))
}

fn maand(text: &str) -> Maand {
    text.parse().expect("a month")
}

fn all(found: &Signals) -> impl Iterator<Item = &Deviation> {
    found.signals.iter().flat_map(|line| std::iter::once(&line.deviation).chain(&line.also))
}

/// Every tariff is 12 % higher from January 2025 on, on top of indexation. At 95 % declared after some months that is seen in
/// spring, and at the month-end that is named and not before.
#[test]
fn a_tariff_jump_is_seen_at_the_month_end_at_which_it_is_visible() {
    let facts = tariff_jump();
    let jump = |found: &Signals| -> Option<Deviation> {
        let is_it = |it: &&Deviation| {
            it.name.measure == "tarief" && it.kind == "level" && it.name.wet.is_none() && it.since == "2025-01"
        };
        all(found).find(is_it).cloned()
    };
    let found = signals(facts, date(2025, 10, 31));
    let seen = jump(&found).expect("it is signalled");
    let (rise, seen_at) = (seen.after / seen.before - 1.0, maand(&seen.seen_at));
    assert!((0.12..0.20).contains(&rise), "{rise}");
    assert!((maand("2025-03")..=maand("2025-07")).contains(&seen_at), "{seen_at}");
    assert!(seen.confidence > 0.99 && seen.low < seen.after - seen.before && seen.after - seen.before < seen.high);
    // As it was: nothing at the month-end before, and the same from that one on.
    assert!(jump(&signals(facts, seen_at.plus(-1).last_day())).is_none());
    let then = jump(&signals(facts, seen_at.last_day())).expect("it is signalled then");
    assert_eq!(then.seen_at, seen.seen_at);
    // Twelve times what it makes in a month: some 12 to 20 % of all that is declared.
    let year: i64 =
        facts.prestaties.iter().filter(|fact| fact.line.maand.year() == 2024).map(|fact| fact.line.cents).sum();
    let per_year = seen.per_year.expect("it lasts");
    assert!(per_year > year / 10 && per_year < year / 4, "{per_year} of {year}");
    assert!((seen.to_date - per_year * 10 / 12).abs() <= 1, "ten months of it");
}

/// From March 2025 on 40 % more young people come.
#[test]
fn more_new_clients_are_seen() {
    let found = signals(&simulated(Scenario::InflowJump), date(2025, 11, 30));
    let persons = ["nieuwe-clienten", "clienten", "nieuwe-toewijzingen", "lopende-toewijzingen"];
    let is_it = |it: &&Deviation| {
        persons.contains(&it.name.measure)
            && it.name.aanbieder.is_none()
            && it.after > it.before
            && (maand("2025-01")..=maand("2025-06")).contains(&maand(&it.since))
    };
    let rises: Vec<&str> = all(&found).filter(is_it).map(|it| it.id.as_str()).collect();
    assert!(!rises.is_empty(), "{:?}", all(&found).map(|it| &it.id).collect::<Vec<_>>());
}

/// A provider that declares three months late, and three that declare nothing for a quarter: at every month-end of that year
/// what was declared is far too low, and none of it is a fall.
#[test]
fn what_is_not_yet_declared_is_no_fall() {
    let before = {
        let facts = simulated(Scenario::Steady);
        [4, 6, 7, 8].into_iter().flat_map(|month| falls(&facts, month)).collect::<HashSet<String>>()
    };
    for scenario in [Scenario::SlowProvider, Scenario::Backlog] {
        let facts = simulated(scenario);
        for month in [4, 6, 7, 8] {
            for fall in falls(&facts, month) {
                // What falls in the town to which nothing happens falls here too.
                assert!(before.iter().any(|known| is_same_signal(known, &fall)), "{scenario}, month {month}: {fall}");
            }
        }
    }
}

/// Falls of what is declared that begin in 2025, as known at the end of a month of it.
fn falls(facts: &Facts, month: i32) -> Vec<String> {
    let found = signals(facts, Maand::new(2025, month).last_day());
    let declared = ["declaratie", "clienten"];
    let is_it =
        |it: &&Deviation| declared.contains(&it.name.measure) && it.after < it.before && it.since.starts_with("2025");
    all(&found).filter(is_it).map(|it| it.id.clone()).collect()
}

#[test]
fn one_change_is_one_signal() {
    let found = signals(tariff_jump(), date(2025, 10, 31));
    let of_january = |line: &&SignalLine| {
        line.deviation.name.measure == "tarief" && line.deviation.kind == "level" && line.deviation.since == "2025-01"
    };
    let homes: Vec<&SignalLine> = found.signals.iter().filter(of_january).collect();
    assert_eq!(homes.len(), 1, "{:?}", homes.iter().map(|line| &line.deviation.id).collect::<Vec<_>>());
    assert!(homes[0].also.len() > 2, "it is seen in laws and categories too");
    let mut ids: Vec<&str> = found.signals.iter().flat_map(SignalLine::ids).collect();
    let number = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), number, "every name is of one deviation");
    // Found by its name, by that in another series, and by a month that is a little off.
    for id in homes[0].ids() {
        assert_eq!(found.find(id).map(|line| &line.deviation.id), Some(&homes[0].deviation.id));
    }
    assert!(found.find(&homes[0].deviation.id.replace("2025-01", "2025-03")).is_some());
    assert!(found.find(&homes[0].deviation.id.replace("2025-01", "2026-01")).is_none());
    assert!(found.find("geen naam").is_none());
}

#[test]
fn names_stay_when_the_month_or_the_kind_moves_a_little() {
    assert!(is_same_signal("declaratie.jw.45.level.2025-01", "declaratie.jw.45.outlier.2025-02"));
    assert!(!is_same_signal("declaratie.jw.45.level.2025-01", "declaratie.jw.45.level.2025-05"));
    assert!(!is_same_signal("declaratie.jw.45.level.2025-01", "declaratie.jw.44.level.2025-01"));
    assert!(!is_same_signal("", ""));
}

/// A town in which every month is the same has no signals, whatever the day; nor has one of which nothing is known.
#[test]
fn a_steady_town_has_no_signals() {
    let facts = town();
    for day in [date(2022, 12, 31), date(2025, 4, 3), date(2025, 5, 31), date(2025, 6, 30)] {
        let found = signals(&facts, day);
        assert!(found.signals.is_empty(), "{day}: {:?}", found.signals[0].deviation);
    }
    assert_eq!(signals(&facts, date(2022, 12, 31)).last_month, None);
    assert_eq!(signals(&facts, date(2025, 6, 29)).last_month.as_deref(), Some("2025-05"), "the last whole month");
    assert!(signals(&facts, date(2025, 6, 30)).series > 0);
}

/// Counts of persons below ten are not told, and nothing begins before what is looked back over.
#[test]
fn few_persons_are_not_told() {
    let found = signals(&simulated(Scenario::Default), date(2025, 12, 31));
    assert!(!found.signals.is_empty());
    for line in &found.signals {
        let is_count =
            line.deviation.name.measure.contains("clienten") || line.deviation.name.measure.contains("toewijzingen");
        let is_money = line.deviation.name.measure.starts_with("waarde");
        let values = line.months.iter().flat_map(|month| [month.value, month.expected]).flatten();
        assert!(!is_count || is_money || values.into_iter().all(|value| value >= 10.0), "{}", line.deviation.id);
        let months = i32::try_from(SIGNAL_MONTHS).expect("few");
        assert!(maand(&line.deviation.since) > maand("2025-12").plus(-months));
    }
}
