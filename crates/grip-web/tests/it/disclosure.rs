//! Nobody finds out what is hidden in the figures of the town, whatever he may ask.

use grip_pipeline::{Audited, Call, Dimension, Number, Period, PipelineError, ShownTables};

use crate::town::town;

fn tables(may_split: impl Fn(Dimension) -> bool) -> Vec<ShownTables> {
    let (gemeente, peildatum) = (town().gemeente(), "2025-06-30".parse().expect("a day"));
    town().grip().shown_tables(gemeente, 2024, peildatum, may_split, |_, _| {}).expect("tables")
}

fn sum(figure: &ShownTables) -> Audited {
    let (mut all, amounts) = figure.audit().expect("tables that hold");
    amounts.iter().for_each(|amounts| all.add(amounts));
    all
}

/// FIXME: some small figures are narrowed, though not to the unit: a total of little more than ten that was decided before its parts
/// bounds each of many small parts below nine. None should be.
#[track_caller]
fn check(tables: &[ShownTables]) {
    let mut all = Audited::default();
    for figure in tables {
        let found = sum(figure);
        assert_eq!(found.exact, 0, "{:?} {found:?}", figure.indicators);
        all.add(&found);
    }
    assert!(all.sensitive > 0 && all.secondary > 0 && all.sensitive + all.secondary < all.cells, "{all:?}");
    assert!(all.narrowed * 10 < all.sensitive, "{all:?}");
}

#[test]
fn who_sees_no_providers_finds_no_figure_out() {
    check(&tables(|dimension| dimension != Dimension::Aanbieder));
}

#[test]
fn who_sees_everything_finds_no_figure_out_until_too_much_is_shown() {
    let tables = tables(|_| true);
    check(&tables);
    let figure = tables.iter().find(|figure| figure.indicators.iter().any(|id| id == "gedeclareerd")).expect("it");
    let narrowed = sum(figure).narrowed;
    assert!((0..figure.secondary()).any(|nth| sum(&figure.clone().showing(nth)).narrowed > narrowed));
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
