//! What households use together: which of that is shown.

use std::{collections::BTreeSet, sync::Arc};

use grip_indicator::{Dimension, Grain, NOT_KNOWN};
use grip_insight::disclosure::{Cell, Linked, Rule, Showing, Zeros};
use grip_types::{Date, GemeenteCode, Maand, PERSONS_MIN};

use super::{
    Deciding, Hidden, MARGIN_PERCENT, Spot,
    figures::{HOUSEHOLDS, HOUSEHOLDS_BOTH},
    period_of,
};
use crate::{
    Grip, PipelineError,
    care::{CareStacking, StackingRow},
};

impl Grip {
    /// Takes away what few households are behind, and what would say it. The number of households with care and of those with both laws, by
    /// district too, are indicators: what is shown of these is shown here.
    pub(crate) fn withhold_stacking(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        stacking: &mut CareStacking,
    ) -> Result<(), PipelineError> {
        let desk = Deciding::new(self, gemeente, peildatum)?;
        let hidden = |id: &str, more: Option<Dimension>, jaar: i16| -> Result<Arc<Hidden>, PipelineError> {
            let figure = self.figures.above(&self.catalogue, id);
            let period = period_of(Maand::new(jaar, 1), Grain::Jaar);
            figure.zip(period).map_or_else(|| Ok(Arc::default()), |(figure, period)| desk.hidden(figure, more, period))
        };
        let spot = |jaar: i16, wijk: Option<&str>| {
            let by = wijk.map(|wijk| (Dimension::Wijk, Arc::from(wijk)));
            Some(Spot { period: period_of(Maand::new(jaar, 1), Grain::Jaar)?, by: by.into_iter().collect() })
        };
        let has = |hidden: &Hidden, spot: Option<Spot>| spot.is_some_and(|spot| hidden.contains(&spot));
        let jaar = stacking.jaar;
        let using = hidden(HOUSEHOLDS, Some(Dimension::Wijk), jaar)?;
        let both = hidden(HOUSEHOLDS_BOTH, Some(Dimension::Wijk), jaar)?;
        for row in &mut stacking.wijken {
            let at = spot(jaar, Some(row.wijk.as_deref().unwrap_or(NOT_KNOWN)));
            row.huishoudens = row.huishoudens.filter(|_| !has(&using, at.clone()));
            if has(&both, at) {
                (row.both, row.both_cents) = (None, None);
            }
        }
        for (jaar, both, per_1000) in &mut stacking.both_per_year {
            if has(&*hidden(HOUSEHOLDS_BOTH, None, *jaar)?, spot(*jaar, None)) {
                (*both, *per_1000) = (None, None);
            }
        }
        let (using, both) = (hidden(HOUSEHOLDS, None, jaar)?, hidden(HOUSEHOLDS_BOTH, None, jaar)?);
        let is_using_hidden = has(&using, spot(jaar, None));
        let decided = |row: &StackingRow| (row.number > 1).then(|| has(&both, spot(jaar, None)));
        let few = of_laws(&stacking.by_law, is_using_hidden, decided);
        for (at, row) in stacking.by_law.iter_mut().enumerate() {
            if few.contains(&at) {
                row.withhold();
            }
        }
        Ok(())
    }
}

/// The rows that are hidden of households by the laws they use: all of them together and those with both laws were decided before.
fn of_laws(
    rows: &[StackingRow],
    is_total_hidden: bool,
    decided: impl Fn(&StackingRow) -> Option<bool>,
) -> BTreeSet<usize> {
    let with = |cell: Cell, is_hidden: Option<bool>| match is_hidden {
        Some(true) => cell.with(Showing::Never),
        Some(false) => cell.with(Showing::Public),
        None => cell,
    };
    let known: Vec<(i64, i64)> =
        rows.iter().map(|row| (row.huishoudens.unwrap_or_default(), row.cents.unwrap_or_default())).collect();
    let total = known.iter().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    let all = rows.len();
    let linked = |cell: &dyn Fn((i64, i64)) -> Cell, hidden: &BTreeSet<usize>| {
        let mut linked = Linked::default();
        linked.add(all, with(cell(total), Some(is_total_hidden)));
        for (at, row) in rows.iter().enumerate() {
            let is_hidden = if hidden.contains(&at) { Some(true) } else { decided(row) };
            linked.add(at, with(cell(known[at]), is_hidden));
        }
        linked.total(&all, &(0..all).collect::<Vec<_>>());
        linked
    };
    let minimum = PERSONS_MIN;
    let counts = Rule::MinimumCount { minimum: i64::from(minimum), zeros: Zeros::Shown };
    let amounts = Rule::MinimumContributors { minimum: u64::from(minimum), margin_percent: MARGIN_PERCENT };
    // What can't be reckoned with is not shown.
    let everything = || (0..=all).collect();
    let few = linked(&|(count, _)| Cell::count(count), &BTreeSet::new()).protected(&[counts]).map(|found| found.hidden);
    let few = few.unwrap_or_else(|_| everything());
    let amount = |(count, cents): (i64, i64)| Cell::amount(cents, u64::try_from(count).unwrap_or_default(), &[]);
    let found = linked(&amount, &few).protected(&[amounts]).map(|found| found.hidden);
    found.unwrap_or_else(|_| everything()).union(&few).copied().collect()
}
