//! `grip disclosure audit`: what somebody who sees everything a role sees can find out of what is hidden.

use grip_access::{Detail, Part, Role, level_of};
use grip_pipeline::{Audited, Dimension, ShownTables};
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
    /// Share of all values that is hidden besides, from 0 to 1.
    value_besides: f64,
    /// Small ones of which more can be found out than may be.
    narrowed: usize,
    /// Those of them that are known to the unit.
    exact: usize,
}

pub(crate) fn audit(place: &Place, asked: &DisclosureAudit) -> Result<Ending, CliError> {
    let (grip, gemeente, peildatum) = known(place)?;
    let jaar = asked.jaar.unwrap_or(peildatum.year());
    let bar = screen::bar("looking at figures", 0);
    let progress = |done: usize, total: usize| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let may = |dimension| asked.rol.is_none_or(|rol| may_split(rol, dimension));
    let shown = match asked.rol {
        Some(rol) if level_of(rol, Part::Indicators).reads.is_none() => Vec::new(),
        _ => grip.shown_tables(gemeente, jaar, peildatum, may, progress)?,
    };
    bar.finish_and_clear();
    let bar = screen::bar("attacking", shown.len() as u64);
    let mut lines = Vec::new();
    for tables in &shown {
        lines.extend(of(tables)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    show(asked.format.format, &lines, |lines| table(&rows(lines)), |lines| csv(&rows(lines)))?;
    let narrowed: usize = lines.iter().map(|line| line.narrowed).sum();
    Ok(if narrowed > 0 { Ending::SomeRefused } else { Ending::Whole })
}

/// Whether a role sees figures by a dimension.
fn may_split(rol: Role, dimension: Dimension) -> bool {
    let needed = if dimension == Dimension::Aanbieder { Detail::Providers } else { Detail::Totals };
    level_of(rol, Part::Indicators).reads.is_some_and(|reads| reads >= needed)
}

fn of(tables: &ShownTables) -> Result<Vec<Line>, CliError> {
    let (counts, amounts) = tables.audit()?;
    let line = |what, found: Audited| Line {
        indicators: tables.indicators.clone(),
        what,
        cells: found.cells,
        small: found.sensitive,
        besides: found.secondary,
        value_besides: share(found.secondary_value, found.value),
        narrowed: found.narrowed,
        exact: found.exact,
    };
    Ok(std::iter::once(line("persons", counts)).chain(amounts.map(|amounts| line("amounts", amounts))).collect())
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 15 digits")]
fn share(part: u128, all: u128) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

fn rows(lines: &[Line]) -> Vec<Vec<String>> {
    let head = ["indicators", "what", "cells", "small", "besides", "value besides", "narrowed", "exact"];
    let all = Line {
        indicators: vec!["all".to_owned()],
        what: "",
        cells: lines.iter().map(|line| line.cells).sum(),
        small: lines.iter().map(|line| line.small).sum(),
        besides: lines.iter().map(|line| line.besides).sum(),
        value_besides: f64::NAN,
        narrowed: lines.iter().map(|line| line.narrowed).sum(),
        exact: lines.iter().map(|line| line.exact).sum(),
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
            share,
            line.narrowed.to_string(),
            line.exact.to_string(),
        ]
    };
    let head = head.map(str::to_owned).to_vec();
    std::iter::once(head).chain(lines.iter().map(row)).chain([row(&all)]).collect()
}
