//! The questions about comparison, and what is kept of their answers.

use std::sync::Arc;

use grip_types::{Date, GemeenteCode};

use super::{Comparison, ComparisonCall, DataReport, Field, Measure, compare, figures, report};
use crate::{Grip, PipelineError, course::YearsOfAll};

/// Municipalities and days of which it is kept what can be compared.
const FIELDS_KEPT: usize = 4;
/// Comparisons.
const COMPARISONS_KEPT: usize = 500;

impl Grip {
    /// What can be compared with other municipalities, as known on a day.
    ///
    /// # Errors
    /// When the tables can't be read.
    pub fn measures(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Vec<Measure>, PipelineError> {
        Ok(self.field(gemeente, peildatum)?.measures().to_vec())
    }

    /// Where a municipality stands on a measure among others, as known on a day; nothing when there is no such measure.
    ///
    /// # Errors
    /// As [`Grip::measures`].
    pub fn comparison(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        call: &ComparisonCall,
    ) -> Result<Option<Arc<Comparison>>, PipelineError> {
        let key = (gemeente, peildatum, call.clone());
        if let Some(found) = self.current().comparisons.get(&key) {
            return Ok(found.clone());
        }
        let (field, snapshot) = (self.field(gemeente, peildatum)?, self.snapshot(Some(peildatum))?);
        let made = compare(&snapshot, &field, gemeente, call)?.map(Arc::new);
        self.keep_of(&snapshot, |kept| {
            if kept.comparisons.len() >= COMPARISONS_KEPT {
                kept.comparisons.clear();
            }
            kept.comparisons.insert(key, made.clone());
        });
        Ok(made)
    }

    /// A public figure of all municipalities, by the years of which there is one; empty when there is no such figure.
    pub(crate) fn public_figure(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        id: &str,
    ) -> Result<Arc<YearsOfAll>, PipelineError> {
        let key = (gemeente, peildatum, id.to_owned());
        if let Some(found) = self.current().public_figures.get(&key) {
            return Ok(found.clone());
        }
        let (field, snapshot) = (self.field(gemeente, peildatum)?, self.snapshot(Some(peildatum))?);
        let measure = field.measures().iter().find(|measure| measure.id == id);
        let mut years = YearsOfAll::new();
        for (measure, period) in
            measure.iter().flat_map(|measure| measure.periodes.iter().map(move |one| (measure, one)))
        {
            let Some(year) = figures::year_of(&period.periode) else { continue };
            let found = figures::values(&snapshot, &field.published, measure, &period.periode)?;
            let of = found.into_iter().filter(|(area, _)| figures::municipality(area).is_some());
            years.insert(year, of.collect());
        }
        let years = Arc::new(years);
        self.keep_of(&snapshot, |kept| {
            if kept.public_figures.len() >= COMPARISONS_KEPT {
                kept.public_figures.clear();
            }
            kept.public_figures.insert(key, years.clone());
        });
        Ok(years)
    }

    /// The open data of a municipality by the parts of a gegevensrapportage, as known on a day.
    ///
    /// # Errors
    /// As [`Grip::measures`].
    pub fn data_report(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Arc<DataReport>, PipelineError> {
        if let Some(found) = self.current().data_reports.get(&(gemeente, peildatum)) {
            return Ok(found.clone());
        }
        let (field, snapshot) = (self.field(gemeente, peildatum)?, self.snapshot(Some(peildatum))?);
        let made = Arc::new(report::report(&snapshot, &field, gemeente)?);
        self.keep_of(&snapshot, |kept| kept.data_reports.insert((gemeente, peildatum), made.clone()));
        Ok(made)
    }

    fn field(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Arc<Field>, PipelineError> {
        let key = (gemeente, peildatum);
        if let Some((_, found)) = self.current().fields.iter().find(|(of, _)| *of == key) {
            return Ok(found.clone());
        }
        let snapshot = self.snapshot(Some(peildatum))?;
        let field = Arc::new(Field::load(&snapshot, gemeente)?);
        self.keep_of(&snapshot, |kept| {
            kept.fields.truncate(FIELDS_KEPT - 1);
            kept.fields.push_front((key, field.clone()));
        });
        Ok(field)
    }
}
