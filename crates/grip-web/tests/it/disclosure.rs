//! Nobody finds out what is hidden in the figures of the town, whatever he may ask.

use std::sync::Arc;

use grip_access::{Rights, Role};
use grip_pipeline::{Audited, Call, Dimension, Grip, Number, Period, PipelineError, ShownTables};
use grip_types::Date;

use crate::town::{other_town, town};

/// Everything a role sees of a year.
fn tables(grip: &Grip, rol: Role, jaar: i16, peildatum: &str, indicators: &[&str]) -> Vec<ShownTables> {
    let (gemeente, peildatum) = (town().gemeente(), day(peildatum));
    let desk = grip.desk(Arc::new(Rights::of_owner().only(rol)));
    desk.shown_tables(gemeente, jaar, peildatum, indicators, |_, _| {}).expect("tables")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn sum(figure: &ShownTables) -> Audited {
    let mut all = Audited::default();
    for (found, narrowed) in figure.audit().expect("tables that hold").into_iter().flatten() {
        all.add(&found);
        assert_eq!(found.narrowed == 0, narrowed.is_empty());
    }
    all
}

#[track_caller]
fn check(tables: &[ShownTables]) {
    let mut all = Audited::default();
    for figure in tables {
        let found = sum(figure);
        assert_eq!(found.narrowed, 0, "{:?} {:?}", figure.indicators, figure.audit());
        all.add(&found);
    }
    assert!(all.sensitive > 0 && all.secondary > 0 && all.sensitive + all.secondary < all.cells, "{all:?}");
}

#[test]
fn the_council_finds_no_figure_out() {
    check(&tables(town().grip(), Role::Council, 2024, "2025-06-30", &[]));
}

/// The hardest: what few do, what comes and goes, what is part of something, and persons in several parts.
const HARD: [&str; 10] = [
    "clienten-met-zorg",
    "instroom",
    "instroom-product",
    "uitstroom",
    "herhaald-beroep",
    "afgekeurde-regels-per-code",
    "aflopend-binnen-drie-maanden",
    "dagen-tot-start",
    "huishoudens-beide-wetten",
    "niet-gestart",
];

#[test]
fn policy_finds_no_figure_of_other_towns_out() {
    for (inhabitants, seed, years) in [(1_500, 2, 2023..=2024), (3_000, 5, 2023..=2024), (10_000, 7, 2023..=2024)] {
        let other = other_town(inhabitants, seed);
        for jaar in years {
            check(&tables(&other, Role::Policy, jaar, "2024-12-31", &HARD));
        }
    }
}

#[test]
fn what_is_shown_too_much_is_found() {
    let tables = tables(town().grip(), Role::Policy, 2024, "2025-06-30", &["gedeclareerd"]);
    check(&tables);
    let figure = tables.first().expect("it");
    assert!((0..figure.secondary()).any(|nth| sum(&figure.showing(nth)).narrowed > 0));
}

/// Who sees no lines sees the end of a month, whatever day he asks; what changed between two of them is told.
#[test]
fn days_are_ends_of_months_for_who_sees_no_lines() {
    let gemeente = town().gemeente();
    let desk = |rol| town().grip().desk(Arc::new(Rights::of_owner().only(rol)));
    for (asked, known) in [("2025-05-17", "2025-04-30"), ("2025-05-31", "2025-05-31"), ("2024-03-01", "2024-02-29")] {
        assert_eq!(desk(Role::Council).known_on(gemeente, day(asked)), day(known));
        assert_eq!(town().grip().desk(Arc::new(Rights::of_owner())).known_on(gemeente, day(asked)), day(asked));
        let call = Call { peildatum: day(asked), ..call("2024", &[], &[]) };
        let answers = desk(Role::Council).indicator("clienten-met-zorg", &call).expect("an answer");
        assert_eq!(answers[0].peildatum, known);
    }
    let before = tables(town().grip(), Role::Policy, 2024, "2024-12-31", &["clienten-met-zorg"]);
    let after = tables(town().grip(), Role::Policy, 2024, "2025-01-17", &["clienten-met-zorg"]);
    assert_eq!(before[0].changes(&after[0]).changed, 0, "the same end of a month");
    let after = tables(town().grip(), Role::Policy, 2024, "2025-01-31", &["clienten-met-zorg"]);
    let changes = before[0].changes(&after[0]);
    assert!(changes.compared > changes.changed && changes.changed >= changes.few && changes.changed > 0, "{changes:?}");
}

fn call(periode: &str, by: &[Dimension], only: &[(Dimension, &str)]) -> Call {
    Call {
        gemeente: town().gemeente(),
        periods: vec![periode.parse::<Period>().expect("a period")],
        peildatum: day("2025-06-30"),
        by: by.to_vec(),
        only: only.iter().map(|(dimension, value)| (*dimension, (*value).to_owned())).collect(),
    }
}

#[test]
fn a_figure_is_shown_or_hidden_whatever_was_asked() {
    let grip = town().grip();
    let together = [Dimension::Wet, Dimension::Aanbieder];
    let mut compared = 0;
    for answer in grip.indicator("clienten-met-zorg", &call("2024", &together, &[])).expect("answers").iter() {
        let (wet, own) = (answer.by["wet"].as_deref(), answer.by["aanbieder"].as_deref());
        let Some((wet, own)) = wet.zip(own) else { continue };
        let only = [(Dimension::Aanbieder, own), (Dimension::Wet, wet)];
        let alone = grip.indicator("clienten-met-zorg", &call("2024", &[], &only)).expect("answers");
        assert_eq!((alone[0].value, alone[0].is_withheld), (answer.value, answer.is_withheld), "{wet} {own}");
        compared += 1;
    }
    assert!(compared > 1);
}

/// What is left of a total is not one figure alone.
#[test]
fn what_is_shown_adds_up_where_nobody_is_in_two() {
    let grip = town().grip();
    let sum = |by: &[Dimension]| {
        let answers = grip.indicator("gedeclareerd", &call("2024", by, &[])).expect("answers");
        let value = |answer: &grip_pipeline::Answer| match answer.value {
            Some(Number::Whole(cents)) => cents,
            _ => 0,
        };
        (answers.iter().map(value).sum::<i64>(), answers.iter().filter(|answer| answer.is_withheld).count())
    };
    let (total, _) = sum(&[]);
    let (split, withheld) = sum(&[Dimension::Aanbieder]);
    assert!(split <= total && (split == total) == (withheld == 0), "{split} of {total}, {withheld} withheld");
    assert_ne!(withheld, 1, "one alone would be what is left");
}

#[test]
fn finer_than_one_dimension_more_is_refused() {
    let asked = call("2024", &[Dimension::Wijk], &[(Dimension::Geslacht, "2")]);
    let refused = town().grip().indicator("clienten-met-zorg", &asked).expect_err("too fine");
    assert!(matches!(refused, PipelineError::Call(grip_pipeline::CallError::Crossing { .. })), "{refused}");
    let fine = call("2024", &[Dimension::Wijk], &[(Dimension::Wet, "jw"), (Dimension::Productcategorie, "45")]);
    town().grip().indicator("clienten-met-zorg", &fine).expect("one dimension beside law and category");
}
