//! What each provider does in a segment: whose clients are shown.

use std::{collections::BTreeSet, sync::Arc};

use grip_indicator::{Dimension, Grain};
use grip_types::{Date, GemeenteCode, Maand, Wet};

use super::{Deciding, Spot, figures::CLIENTS, period_of};
use crate::{Grip, PipelineError, answer::ProviderLine};

impl Grip {
    /// Takes away numbers of clients where those with declared care are not shown in the indicator: they are nearly the same. Amounts
    /// are public money for a contracted provider.
    pub(crate) fn withhold_providers(
        &self,
        (gemeente, peildatum): (GemeenteCode, Date),
        jaar: i16,
        (wet, categorie): (Wet, &str),
        lines: &mut [ProviderLine],
    ) -> Result<(), PipelineError> {
        let figure = self.figures.above(&self.catalogue, CLIENTS);
        let Some((figure, period)) = figure.zip(period_of(Maand::new(jaar, 1), Grain::Jaar)) else { return Ok(()) };
        let desk = Deciding::new(self, gemeente, peildatum)?;
        let hidden = desk.hidden(figure, Some(Dimension::Aanbieder), period)?;
        for line in lines {
            let by = [
                (Dimension::Wet, wet.as_str()),
                (Dimension::Productcategorie, categorie),
                (Dimension::Aanbieder, line.aanbieder.as_str()),
            ];
            let by: BTreeSet<(Dimension, Arc<str>)> =
                by.into_iter().map(|(dimension, value)| (dimension, Arc::from(value))).collect();
            if hidden.contains(&Spot { period, by: by.into_iter().collect() }) {
                line.clienten = None;
            }
        }
        Ok(())
    }
}
