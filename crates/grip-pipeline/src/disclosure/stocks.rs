//! What stocks say of what comes and goes: who sees that a stock grew by three knows that three came at least.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use grip_indicator::{Dimension, Period};
use grip_types::Maand;

use super::{Deciding, KEPT_MAX, Spot, Stage, period_of, within};
use crate::PipelineError;

/// What nobody knows from stocks of what comes and goes in a year.
#[derive(Debug, Default)]
pub(super) struct Turnover {
    /// The dimensions by which it is divided in the shortest periods.
    sets: BTreeSet<Vec<Dimension>>,
    /// Of what comes at a place, and of what goes, how much nobody knows.
    again: BTreeMap<Spot, [i64; 2]>,
    /// Places of the shortest periods of which a stock is hidden.
    without_stock: BTreeSet<Spot>,
}

impl Turnover {
    /// Whether the shortest periods are divided as a place is.
    fn divides(&self, spot: &Spot) -> bool {
        self.sets.contains(&spot.by.iter().map(|(dimension, _)| *dimension).collect::<Vec<_>>())
    }

    fn again(&self, spot: &Spot) -> [i64; 2] {
        self.again.get(spot).copied().unwrap_or_default()
    }

    /// Where a stock is known what comes and what goes are known together: what nobody knows of the one nobody knows of the other.
    fn tied(&self, spot: &Spot, [one, other]: [i64; 2]) -> [i64; 2] {
        if self.without_stock.contains(spot) { [one, other] } else { [one.min(other); 2] }
    }
}

impl Deciding<'_> {
    /// Adds to the stages of what comes and what goes the least that each can be for who sees the stocks of everything it is divided into, in the
    /// shortest periods.
    pub(super) fn know_stocks(
        &self,
        figure: usize,
        more: Option<Dimension>,
        mut both: [&mut Stage; 2],
    ) -> Result<(), PipelineError> {
        let Some(year) = both[0].members.first().map(|member| member.year()) else { return Ok(()) };
        let mut again: BTreeMap<Spot, i64> = BTreeMap::new();
        for table in std::iter::once(None).chain(self.figure(figure).more().map(Some)) {
            let turnover = self.turnover(figure, table, year)?;
            let is_in =
                |spot: &&Spot| (table == more || more.is_none_or(|more| !spot.has(more))) && turnover.divides(spot);
            for spot in both[0].places.keys().filter(is_in) {
                let [one, other] = turnover.again(spot);
                let own = one.min(other);
                again.entry(spot.clone()).and_modify(|least| *least = own.min(*least)).or_insert(own);
            }
        }
        let turnover = self.turnover(figure, more, year)?;
        let together = self.of_hidden_stocks(figure, &turnover, both[0]);
        for (at, stage) in both.iter_mut().enumerate() {
            let found = |spot: &Spot| stage.places.get(spot).map_or(0, |found| found.total);
            let least = again.iter().map(|(spot, again)| (spot.clone(), found(spot) - again)).collect();
            let least_together = together.iter().map(|(parts, again)| {
                let sum: i64 = parts.iter().map(found).sum();
                (parts.clone(), sum - again[at])
            });
            (stage.least_together, stage.least) = (least_together.collect(), least);
        }
        Ok(())
    }

    /// Parts of one total in longer periods of which stocks are hidden, with what nobody knows of what comes and goes there together: where the
    /// stock of the total and of the other parts is known, that of these together is too.
    fn of_hidden_stocks(&self, figure: usize, turnover: &Turnover, stage: &Stage) -> Vec<(BTreeSet<Spot>, [i64; 2])> {
        let Some(shortest) = self.figure(figure).grains.first().copied() else { return Vec::new() };
        let mut parts: BTreeMap<(Spot, Dimension), Vec<&Spot>> = BTreeMap::new();
        let is_in = |spot: &&Spot| spot.period.grain() > shortest && turnover.divides(spot);
        for spot in stage.places.keys().filter(is_in) {
            for (dimension, _) in &spot.by {
                parts.entry((spot.without(*dimension), *dimension)).or_default().push(spot);
            }
        }
        let mut found = Vec::new();
        for ((whole, _), parts) in parts {
            let months = within(whole.period, shortest);
            let is_hidden = |part: &&Spot| {
                let hidden = |month: &Period| turnover.without_stock.contains(&part.at(*month));
                stage.without_stock.contains(*part) || months.iter().any(hidden)
            };
            let parts: BTreeSet<Spot> = parts.into_iter().filter(is_hidden).cloned().collect();
            if parts.is_empty() {
                continue;
            }
            let mut again = [0; 2];
            for month in &months {
                let own = parts.iter().map(|part| turnover.again(&part.at(*month))).fold([0; 2], added);
                again = added(again, turnover.tied(&whole.at(*month), own));
            }
            found.push((parts, again));
        }
        found
    }

    /// What nobody knows from the stocks of what comes and goes in a year: in the shortest periods and divided most what came and went, or all of it
    /// where a stock is hidden; elsewhere what that adds up to, or less where a stock is known.
    fn turnover(&self, figure: usize, more: Option<Dimension>, year: i16) -> Result<Arc<Turnover>, PipelineError> {
        let own = self.figure(figure);
        let shortest = own.grains.first().and_then(|grain| period_of(Maand::new(year, 1), *grain));
        let Some(shortest) = shortest else { return Ok(Default::default()) };
        let key = (self.table(figure, more), year);
        if let Some(found) = self.grip.kept().disclosure.turnover.get(&key) {
            return Ok(found.clone());
        }
        let mut all: BTreeMap<Spot, [i64; 2]> = BTreeMap::new();
        for (at, figure) in std::iter::once(figure).chain(own.twin).enumerate() {
            for table in std::iter::once(None).chain(more.map(Some)) {
                for (spot, found) in &*self.places(figure, table, shortest)? {
                    all.entry(spot.clone()).or_default()[at] = found.total;
                }
            }
        }
        let mut found = Turnover::default();
        // Of each place what its parts add up to, by each dimension.
        let mut sums: BTreeMap<Spot, BTreeMap<Dimension, [i64; 2]>> = BTreeMap::new();
        let mut spots: Vec<&Spot> = all.keys().collect();
        spots.sort_by_key(|spot| std::cmp::Reverse(spot.by.len()));
        for spot in spots {
            found.sets.insert(spot.by.iter().map(|(dimension, _)| *dimension).collect());
            for stock in own.stocks.into_iter().flatten() {
                if self.hidden(stock, more, spot.period)?.contains(spot) {
                    found.without_stock.insert(spot.clone());
                }
            }
            let of_parts = sums.remove(spot).into_iter().flatten().map(|(_, sum)| sum);
            let least = of_parts.fold(all[spot], |[a, b], [one, other]| [a.min(one), b.min(other)]);
            let again = found.tied(spot, least);
            for (dimension, _) in &spot.by {
                let sum = sums.entry(spot.without(*dimension)).or_default().entry(*dimension).or_default();
                *sum = added(*sum, again);
            }
            for grain in &own.grains {
                if let Some(period) = period_of(spot.period.first_month(), *grain) {
                    let sum = found.again.entry(spot.at(period)).or_default();
                    *sum = added(*sum, again);
                }
            }
        }
        let found = Arc::new(found);
        self.grip.keep_of(self.workplace.snapshot(), |kept| {
            if kept.disclosure.turnover.len() >= KEPT_MAX {
                kept.disclosure.turnover.clear();
            }
            kept.disclosure.turnover.insert(key, found.clone());
        });
        Ok(found)
    }
}

fn added([a, b]: [i64; 2], [one, other]: [i64; 2]) -> [i64; 2] {
    [a + one, b + other]
}
