//! The forecast of one year.

use std::collections::BTreeMap;

use grip_forecast::{FUTURE, Forecast, ForecastError, SegmentHistory, Window, forecast};
use grip_types::{Date, GemeenteCode, Maand, Wet};

use crate::{Facts, Grid, Segment, histories};

/// Why there is no forecast.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrognoseError {
    /// The year lies before everything that is known, further ahead than a forecast reaches, or nothing is known of it.
    #[error("nothing is known of the year on that day")]
    OutOfReach,
    /// An amount that can't be.
    #[error(transparent)]
    Forecast(#[from] ForecastError),
}

/// The forecast of one year for every segment, as known on a day.
#[derive(Debug, Clone)]
pub struct Prognose {
    /// Municipality.
    pub gemeente: GemeenteCode,
    /// The year.
    pub jaar: i16,
    /// The day as of which everything is known.
    pub peildatum: Date,
    /// Months and cuts it was made on.
    pub grid: Grid,
    /// Law and category of each segment, in order.
    pub segments: Vec<Segment>,
    /// What went in, per segment.
    pub histories: Vec<SegmentHistory>,
    /// What came out, per segment and in total.
    pub forecast: Forecast,
    /// The budget in force on the day.
    pub budget: BTreeMap<(Wet, Option<Box<str>>), i64>,
}

/// Forecasts a year as known at the end of a day.
///
/// A segment without an amount and without a budget is nothing to show. Allocations without a category are such: what is
/// delivered on them is declared under a category.
///
/// # Errors
/// [`PrognoseError`].
pub fn prognose(facts: &Facts, jaar: i16, peildatum: Date) -> Result<Prognose, PrognoseError> {
    let grid = Grid::new(facts, peildatum).ok_or(PrognoseError::OutOfReach)?;
    let window = Window { first: grid.index(Maand::new(jaar, 1)), last: grid.index(Maand::new(jaar, 12)) };
    let furthest = grid.index(Maand::of(peildatum)) + i64::try_from(FUTURE).unwrap_or_default();
    if window.last < 0 || window.last > furthest {
        return Err(PrognoseError::OutOfReach);
    }
    let budget = facts.budget(jaar, peildatum);
    let mut histories = histories(facts, &grid);
    histories.retain(|segment, history| {
        let has_amount = history.declared.iter().flatten().any(|amount| *amount != 0.0);
        let has_commitment = !segment.1.is_empty() && history.committed.iter().flatten().any(|amount| *amount > 0.0);
        has_amount || has_commitment || budget.contains_key(&(segment.0, Some(segment.1.clone())))
    });
    let (segments, histories): (Vec<Segment>, Vec<_>) = histories.into_iter().unzip();
    if segments.is_empty() {
        return Err(PrognoseError::OutOfReach);
    }
    let forecast = forecast(&histories, window)?;
    Ok(Prognose { gemeente: facts.gemeente, jaar, peildatum, grid, segments, histories, forecast, budget })
}
