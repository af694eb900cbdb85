//! `grip disclosure audit`: what somebody who sees everything a role sees can find out of what is hidden.

use std::sync::Arc;

use grip_access::Rights;
use grip_pipeline::{Audited, Changes, Narrowed, PipelineError, ShownTables};
use serde::Serialize;

use crate::{
    Ending,
    args::{DisclosureAudit, Place},
    commands::{known, show},
    error::CliError,
    indicator::{csv, table},
    screen,
};

/// One figure, in all tables of a year.
#[derive(Serialize)]
struct Line {
    /// The indicators it stands in.
    indicators: Vec<String>,
    /// `persons`, or `amounts` where more than their number is shown.
    what: &'static str,
    cells: usize,
    /// Too few.
    small: usize,
    /// Hidden so that the small ones stay hidden.
    besides: usize,
    /// Zeros that are hidden, because it is not said what a total consists of.
    zeros: usize,
    /// Share of all values that is hidden besides, from 0 to 1.
    value_besides: f64,
    /// Small ones of which something can be excluded, and as much else can't be.
    shifted: usize,
    /// Small ones of which more can be found out than may be.
    narrowed: usize,
    /// Those of them that are known to the unit.
    exact: usize,
    /// Where they stand, and between what they are known to be.
    found: Vec<String>,
}

pub(crate) fn audit(place: &Place, asked: &DisclosureAudit) -> Result<Ending, CliError> {
    let (grip, gemeente, peildatum) = known(place)?;
    let jaar = asked.jaar.unwrap_or(peildatum.year());
    let rights = asked.rol.map_or_else(Rights::of_owner, |rol| Rights::of_owner().only(rol));
    let desk = grip.desk(Arc::new(rights));
    let bar = screen::bar("looking at figures", 0);
    let progress = |done: usize, total: usize| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let shown = |peildatum| match desk.shown_tables(gemeente, jaar, peildatum, &[], progress) {
        Err(PipelineError::NotAllowed { .. }) => Ok(Vec::new()),
        found => found,
    };
    let before = shown(peildatum)?;
    if let Some(later) = asked.en {
        let after = shown(later)?;
        bar.finish_and_clear();
        let lines: Vec<ChangeLine> =
            before.iter().zip(&after).map(|(one, other)| ChangeLine::new(one, other)).collect();
        show(asked.format.format, &lines, |lines| table(&change_rows(lines)), |lines| csv(&change_rows(lines)))?;
        return Ok(Ending::Whole);
    }
    bar.finish_and_clear();
    let bar = screen::bar("attacking", before.len() as u64);
    let mut lines = Vec::new();
    for tables in &before {
        lines.extend(of(tables)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    show(asked.format.format, &lines, |lines| table(&rows(lines)), |lines| csv(&rows(lines)))?;
    let narrowed: usize = lines.iter().map(|line| line.narrowed).sum();
    Ok(if narrowed > 0 { Ending::SomeRefused } else { Ending::Whole })
}

/// One figure on two days.
#[derive(Serialize)]
struct ChangeLine {
    /// The indicators it stands in.
    indicators: Vec<String>,
    /// Figures that are shown on both days.
    compared: usize,
    /// Those that are not the same.
    changed: usize,
    /// Those that differ by fewer persons than may be shown.
    few: usize,
}

impl ChangeLine {
    fn new(before: &ShownTables, after: &ShownTables) -> Self {
        let Changes { compared, changed, few } = before.changes(after);
        Self { indicators: before.indicators.clone(), compared, changed, few }
    }
}

fn change_rows(lines: &[ChangeLine]) -> Vec<Vec<String>> {
    let sum = |of: fn(&ChangeLine) -> usize| lines.iter().map(of).sum();
    let all = ChangeLine {
        indicators: vec!["all".to_owned()],
        compared: sum(|line| line.compared),
        changed: sum(|line| line.changed),
        few: sum(|line| line.few),
    };
    let head = ["indicators", "compared", "changed", "few"].map(str::to_owned).to_vec();
    let row = |line: &ChangeLine| {
        let numbers = [line.compared, line.changed, line.few].map(|number| number.to_string());
        std::iter::once(line.indicators.join(" ")).chain(numbers).collect()
    };
    std::iter::once(head).chain(lines.iter().map(row)).chain([row(&all)]).collect()
}

fn of(tables: &ShownTables) -> Result<Vec<Line>, CliError> {
    let line = |(what, (found, narrowed)): (_, (Audited, Vec<Narrowed>))| Line {
        indicators: tables.indicators.clone(),
        what,
        cells: found.cells,
        small: found.sensitive,
        besides: found.secondary,
        zeros: found.zeros,
        value_besides: share(found.secondary_value, found.value),
        shifted: found.shifted,
        narrowed: found.narrowed,
        exact: found.exact,
        found: narrowed.iter().map(within).collect(),
    };
    let found = ["persons", "amounts"].into_iter().zip(tables.audit()?);
    Ok(found.filter_map(|(what, found)| Some(line((what, found?)))).collect())
}

fn within(narrowed: &Narrowed) -> String {
    let end = |end: Option<i64>| end.map_or_else(|| "…".to_owned(), |end| end.to_string());
    format!("{}: {} to {}", narrowed.place, end(narrowed.between.low), end(narrowed.between.high))
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 15 digits")]
fn share(part: u128, all: u128) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

fn rows(lines: &[Line]) -> Vec<Vec<String>> {
    let head =
        ["indicators", "what", "cells", "small", "besides", "zeros", "value besides", "shifted", "narrowed", "exact"];
    let all = Line {
        indicators: vec!["all".to_owned()],
        what: "",
        cells: lines.iter().map(|line| line.cells).sum(),
        small: lines.iter().map(|line| line.small).sum(),
        besides: lines.iter().map(|line| line.besides).sum(),
        zeros: lines.iter().map(|line| line.zeros).sum(),
        value_besides: f64::NAN,
        shifted: lines.iter().map(|line| line.shifted).sum(),
        narrowed: lines.iter().map(|line| line.narrowed).sum(),
        exact: lines.iter().map(|line| line.exact).sum(),
        found: Vec::new(),
    };
    let row = |line: &Line| {
        let share =
            if line.value_besides.is_nan() { String::new() } else { format!("{:.1}%", line.value_besides * 100.0) };
        vec![
            line.indicators.join(" "),
            line.what.to_owned(),
            line.cells.to_string(),
            line.small.to_string(),
            line.besides.to_string(),
            line.zeros.to_string(),
            share,
            line.shifted.to_string(),
            line.narrowed.to_string(),
            line.exact.to_string(),
        ]
    };
    let head = head.map(str::to_owned).to_vec();
    std::iter::once(head).chain(lines.iter().map(row)).chain([row(&all)]).collect()
}
