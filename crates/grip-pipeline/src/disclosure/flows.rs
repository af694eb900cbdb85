//! Who came, left and stayed: which of that is shown.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use grip_indicator::{Dimension, NOT_KNOWN, Period};
use grip_types::{Date, GemeenteCode, Pseudoniem, Wet};

use super::{Deciding, Found, Places, Spot};
use crate::{
    Grip, PipelineError,
    care::{CareFlows, Flow, FlowRow},
};

/// The row of a place of a law, by a dimension.
fn row_of(spot: &Spot, by: Dimension) -> Option<(Wet, Option<String>)> {
    let value = |wanted| spot.by.iter().find(|(dimension, _)| *dimension == wanted).map(|(_, value)| value);
    let wet = value(Dimension::Wet)?.parse().ok()?;
    if spot.by.len() != if by == Dimension::Wet { 1 } else { 2 } {
        return None;
    }
    if by == Dimension::Wet {
        return Some((wet, None));
    }
    Some((wet, Some(value(by)?.to_string()).filter(|value| value != NOT_KNOWN)))
}

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
                let at = found.entry(spot.clone()).or_insert(Found::NOTHING);
                at.total += 1;
                if clients.insert((spot, client)) {
                    at.count += 1;
                }
            }
        }
        Ok(found)
    }

    /// Takes away what few persons are behind, and what would say it. Where it is not said that nothing stands somewhere, a row is added.
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
        let mut hidden_rows: BTreeSet<(Wet, Option<String>)> = BTreeSet::new();
        for figure in figures {
            let more = self.figures[figure].more().find(|more| *more == by);
            desk.read(figure, more, &periods)?;
            for period in &periods {
                let hidden = desk.hidden(figure, more, *period)?;
                let own = hidden.spots.iter().filter(|spot| spot.period == *period);
                hidden_rows.extend(own.filter_map(|spot| row_of(spot, by)));
            }
        }
        let naam: BTreeMap<Option<String>, Option<String>> =
            flows.rows.iter().map(|row| (row.value.clone(), row.naam.clone())).collect();
        for (wet, value) in hidden_rows {
            if !flows.rows.iter().any(|row| row.wet == wet.as_str() && row.value == value) {
                let naam = naam.get(&value).cloned().flatten();
                flows.rows.push(FlowRow { wet: wet.as_str(), naam, value, flows: vec![Flow::NOTHING; periods.len()] });
            }
        }
        flows.rows.sort_by_key(|row| (row.wet.parse::<Wet>().ok(), row.value.clone()));
        for (figure, part) in figures.into_iter().zip(parts) {
            let more = self.figures[figure].more().find(|more| *more == by);
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
