//! Nobody finds out what is hidden in the figures of the town, whatever he may ask.

use grip_pipeline::{Call, Dimension, Number, Period, PipelineError, ShownTables};

use crate::town::town;

fn tables(may_split: impl Fn(Dimension) -> bool) -> Vec<ShownTables> {
    let (gemeente, peildatum) = (town().gemeente(), "2025-06-30".parse().expect("a day"));
    town().grip().shown_tables(gemeente, 2024, peildatum, may_split, |_, _| {}).expect("tables")
}

#[track_caller]
fn check(tables: &[ShownTables]) {
    let (mut cells, mut small, mut besides) = (0, 0, 0);
    for figure in tables {
        let (counts, amounts) = figure.audit().expect("tables that hold");
        for found in std::iter::once(counts).chain(amounts) {
            assert_eq!(found.narrowed, 0, "{:?} {found:?}", figure.indicators);
            cells += found.cells;
            small += found.sensitive;
            besides += found.secondary;
        }
    }
    assert!(small > 0 && besides > 0 && small + besides < cells, "{cells} cells, {small} small, {besides} besides");
}

#[test]
fn who_sees_no_providers_finds_nothing_out() {
    check(&tables(|dimension| dimension != Dimension::Aanbieder));
}

#[test]
fn who_sees_everything_finds_nothing_out_and_sees_what_is_shown_too_much() {
    let tables = tables(|_| true);
    check(&tables);
    let of = |id: &str| tables.iter().find(|figure| figure.indicators.iter().any(|own| own == id));
    let figure = of("gedeclareerd").expect("the figure");
    assert!(figure.secondary() > 0);
    let is_found = |nth: usize| {
        let (counts, amounts) = figure.clone().showing(nth).audit().expect("tables that hold");
        counts.narrowed + amounts.map_or(0, |amounts| amounts.narrowed) > 0
    };
    assert!((0..figure.secondary()).any(is_found), "of what is hidden besides something is needed");
}

fn call(periode: &str, by: &[Dimension], only: &[(Dimension, &str)]) -> Call {
    Call {
        gemeente: town().gemeente(),
        periods: vec![periode.parse::<Period>().expect("a period")],
        peildatum: "2025-06-30".parse().expect("a day"),
        by: by.to_vec(),
        only: only.iter().map(|(dimension, value)| (*dimension, (*value).to_owned())).collect(),
    }
}

#[test]
fn a_figure_is_shown_or_hidden_whatever_was_asked() {
    let grip = town().grip();
    let together = [Dimension::Wet, Dimension::Wijk];
    let mut compared = 0;
    for answer in grip.indicator("clienten-met-zorg", &call("2024", &together, &[])).expect("answers").iter() {
        let (wet, wijk) = (answer.by["wet"].as_deref(), answer.by["wijk"].as_deref());
        let Some((wet, wijk)) = wet.zip(wijk) else { continue };
        let only = [(Dimension::Wijk, wijk), (Dimension::Wet, wet)];
        let alone = grip.indicator("clienten-met-zorg", &call("2024", &[], &only)).expect("answers");
        assert_eq!((alone[0].value, alone[0].is_withheld), (answer.value, answer.is_withheld), "{wet} {wijk}");
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
    let (by_wijk, withheld) = sum(&[Dimension::Wijk]);
    assert!(by_wijk <= total && (by_wijk == total) == (withheld == 0), "{by_wijk} of {total}, {withheld} withheld");
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
