//! What was, will be: the same month of last year.

use crate::series::Prepared;

/// The last known value of every step of the season, and how far one season was from the one before.
#[derive(Debug, Clone)]
pub(crate) struct Naive {
    /// Of which the first comes next.
    last: Vec<f64>,
    /// Differences over a season, in order, those that are known.
    pub(crate) changes: Vec<f64>,
}

/// A series of less than a season repeats its last value; for a step that was never known that is taken too.
pub(crate) fn estimate(series: &Prepared) -> Option<Naive> {
    let y = &series.y;
    let latest = y.last().copied()?;
    let lag = if y.len() >= series.season { series.season } else { 1 };
    let last_of = |next: usize| {
        let same_step = (0..y.len()).rev().filter(|at| at % lag == next % lag);
        same_step.map(|at| y[at]).find(|value| value.is_finite()).unwrap_or(latest)
    };
    let changes = y.iter().skip(lag).zip(y).map(|(late, early)| late - early).filter(|change| change.is_finite());
    Some(Naive { last: (y.len()..y.len() + lag).map(last_of).collect(), changes: changes.collect() })
}

impl Naive {
    /// The values after the series when the changes over the seasons to come are `changes`, step by step.
    pub(crate) fn walk(&self, changes: impl Iterator<Item = f64>, out: &mut [f64]) {
        let lag = self.last.len();
        for (at, change) in changes.take(out.len()).enumerate() {
            let before = if at < lag { self.last[at] } else { out[at - lag] };
            out[at] = before + change;
        }
    }
}
