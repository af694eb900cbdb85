//! Since when growth could have been known: what the forecasts of both years said at every month-end.

use grip_types::{Date, GemeenteCode, Maand, Wet};
use serde::Serialize;

use crate::{Grip, PipelineError, answer::Line};

/// What was to be known of growth, month-end by month-end.
#[derive(Debug, Clone, Serialize)]
pub struct Foresight {
    /// Code of the municipality, four digits.
    pub gemeente: String,
    /// The earlier year.
    pub van: i16,
    /// The later year.
    pub tot: i16,
    /// `wmo`, `jw`, or nothing for both.
    pub wet: Option<&'static str>,
    /// Productcategorie, or nothing for all.
    pub productcategorie: Option<String>,
    /// Always `eurocent`.
    pub unit: &'static str,
    /// From the last month-end of the earlier year to the last of the later, as far as the peildatum reaches.
    pub moments: Vec<Foreseen>,
    /// The first month-end from which at least half of the growth was foreseen, then and at every later one; of a fall likewise.
    pub known_from: Option<String>,
}

/// What was to be known at one month-end, with nothing of later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Foreseen {
    /// The day, `YYYY-MM-DD`.
    pub peildatum: String,
    /// What the earlier year was then expected to cost.
    pub before: i64,
    /// What the later year was then expected to cost.
    pub after: i64,
}

impl Foreseen {
    fn growth(&self) -> i64 {
        self.after - self.before
    }
}

impl Grip {
    /// Since when growth between two years could have been known.
    ///
    /// # Formula
    /// At each month-end the forecast of both years with what was known then. Known from the first moment at which the difference had
    /// the sign of the last one and at least half of its size, and had so at every later moment.
    ///
    /// # Errors
    /// [`PipelineError::NoGrowth`] when neither year could be forecast at any of these month-ends, or as [`Grip::year_end`].
    pub fn foresight(
        &self,
        gemeente: GemeenteCode,
        (van, tot): (i16, i16),
        wet: Option<Wet>,
        categorie: Option<&str>,
        peildatum: Date,
    ) -> Result<Foresight, PipelineError> {
        let days: Vec<Date> =
            (0..=12).map(|month| Maand::new(van, 12).plus(month).last_day()).filter(|day| *day <= peildatum).collect();
        let foreseen = |day: &Date| {
            let of = |jaar| self.expected(gemeente, jaar, *day, wet, categorie);
            Ok(of(van)?.zip(of(tot)?).map(|(before, after)| Foreseen { peildatum: day.to_string(), before, after }))
        };
        let part = days.len().div_ceil(std::thread::available_parallelism().map_or(1, usize::from)).max(1);
        let parts: Vec<Vec<Result<Option<Foreseen>, PipelineError>>> = std::thread::scope(|scope| {
            let workers: Vec<_> =
                days.chunks(part).map(|days| scope.spawn(|| days.iter().map(foreseen).collect())).collect();
            workers.into_iter().map(|worker| worker.join().expect("it does not panic")).collect()
        });
        let moments: Vec<Foreseen> =
            parts.into_iter().flatten().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        if moments.is_empty() {
            return Err(PipelineError::NoGrowth { van, tot, peildatum });
        }
        Ok(Foresight {
            gemeente: gemeente.to_string(),
            van,
            tot,
            wet: wet.map(Wet::as_str),
            productcategorie: categorie.map(str::to_owned),
            unit: "eurocent",
            known_from: known_from(&moments),
            moments,
        })
    }

    /// What a year was expected to cost on a day, or nothing where it could not be forecast then.
    fn expected(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        day: Date,
        wet: Option<Wet>,
        categorie: Option<&str>,
    ) -> Result<Option<i64>, PipelineError> {
        let answer = match self.year_end(gemeente, jaar, day) {
            Ok(answer) => answer,
            Err(PipelineError::YearOutOfReach { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_meant = |line: &&Line| {
            wet.is_none_or(|wet| line.wet == Some(wet.as_str()))
                && categorie.is_none_or(|categorie| line.productcategorie.as_deref() == Some(categorie))
        };
        Ok(Some(answer.segments.iter().filter(is_meant).map(|line| line.forecast.p50).sum()))
    }
}

fn known_from(moments: &[Foreseen]) -> Option<String> {
    let last = moments.last()?.growth();
    let is_foreseen = |moment: &&Foreseen| {
        moment.growth().signum() == last.signum() && 2 * moment.growth().abs() >= last.abs() && last != 0
    };
    moments.iter().rev().take_while(is_foreseen).last().map(|moment| moment.peildatum.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(growths: &[i64]) -> Vec<Foreseen> {
        let moment = |(at, growth): (usize, &i64)| Foreseen {
            peildatum: format!("2024-{:02}", at + 1),
            before: 1_000,
            after: 1_000 + growth,
        };
        growths.iter().enumerate().map(moment).collect()
    }

    #[test]
    fn known_is_what_stayed_known() {
        let known = |growths: &[i64]| known_from(&moments(growths));
        assert_eq!(known(&[10, 49, 50, 80, 100]).as_deref(), Some("2024-03"));
        assert_eq!(known(&[60, 40, 50, 100]).as_deref(), Some("2024-03"), "it was doubted in between");
        assert_eq!(known(&[-60, -40, -100]).as_deref(), Some("2024-03"));
        assert_eq!(known(&[100, -100]).as_deref(), Some("2024-02"));
        assert_eq!(known(&[10, 0]), None);
        assert_eq!(known(&[]), None);
    }
}
