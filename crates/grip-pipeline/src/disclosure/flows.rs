//! Who came, left and stayed: which of that is shown.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use grip_indicator::{Dimension, NOT_KNOWN, Period};
use grip_types::{Date, GemeenteCode, Pseudoniem};

use super::{Deciding, Found, Places, Spot};
use crate::{
    Grip, PipelineError,
    care::{CareFlows, Flow},
};

impl Grip {
    /// What stands at the places of begin (0), in (1), out (2) or end (3), by sets of law and dimension.
    pub(super) fn flow_places(
        &self,
        (gemeente, peildatum): (GemeenteCode, Date),
        (by, part): (Dimension, usize),
        periods: &[Period],
        sets: &[Vec<Dimension>],
    ) -> Result<Places, PipelineError> {
        let care = self.care(gemeente, peildatum)?;
        let mut found = Places::new();
        let mut clients: HashSet<(Spot, Pseudoniem)> = HashSet::new();
        for (period, wet, value, client) in care.behind(by, part, periods) {
            for set in sets {
                let of = |dimension: &Dimension| match dimension {
                    Dimension::Wet => (*dimension, Arc::from(wet.as_str())),
                    _ => (*dimension, value.clone().unwrap_or_else(|| Arc::from(NOT_KNOWN))),
                };
                let spot = Spot { period, by: set.iter().collect::<BTreeSet<_>>().into_iter().map(of).collect() };
                let at = found.entry(spot.clone()).or_insert(Found { total: 0, count: 0 });
                at.total += 1;
                if clients.insert((spot, client)) {
                    at.count += 1;
                }
            }
        }
        Ok(found)
    }

    /// Takes away what few persons are behind, and what would say it.
    pub(crate) fn withhold_flows(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        by: Dimension,
        flows: &mut CareFlows,
    ) -> Result<(), PipelineError> {
        let Some(figures) = self.figures.flow(&self.catalogue, by) else { return Ok(()) };
        let desk = Deciding::new(self, gemeente, peildatum)?;
        let periods: Vec<Period> = flows.periods.iter().filter_map(|period| period.parse().ok()).collect();
        let parts: [fn(&mut Flow) -> &mut Option<i64>; 4] =
            [|it| &mut it.begin, |it| &mut it.inflow, |it| &mut it.outflow, |it| &mut it.end];
        for (figure, part) in figures.into_iter().zip(parts) {
            let more = self.figures[figure].more().find(|more| *more == by);
            desk.read(figure, more, &periods)?;
            for (at, period) in periods.iter().enumerate() {
                let hidden = desk.hidden(figure, more, *period)?;
                let spot = |of: &[(Dimension, &str)]| {
                    let of: BTreeSet<(Dimension, &str)> = of.iter().copied().collect();
                    let by = of.into_iter().map(|(dimension, value)| (dimension, Arc::from(value))).collect();
                    Spot { period: *period, by }
                };
                let rows = flows.rows.iter_mut().map(|row| {
                    let own = (by, row.value.as_deref().unwrap_or(NOT_KNOWN));
                    let of_law = (Dimension::Wet, row.wet);
                    let place = if by == Dimension::Wet { spot(&[of_law]) } else { spot(&[of_law, own]) };
                    (place, &mut row.flows)
                });
                let totals = flows.totals.iter_mut().map(|total| {
                    let of_law: Vec<(Dimension, &str)> =
                        total.wet.map(|wet| (Dimension::Wet, wet)).into_iter().collect();
                    (spot(&of_law), &mut total.flows)
                });
                for (place, own) in rows.chain(totals) {
                    if let Some(flow) = own.get_mut(at).filter(|_| hidden.contains(&place)) {
                        *part(flow) = None;
                    }
                }
            }
        }
        Ok(())
    }
}
