//! The values of an indicator, period by period: what goals, assumptions and measures are held against.

use std::collections::BTreeMap;

use grip_indicator::{Answer, Call, CallError, Dimension, Direction, Grain, Number, Period, Status, Unit};
use grip_types::{Date, GemeenteCode, Maand};
use serde::Serialize;

use crate::{Grip, PipelineError};

/// Years of a course per year, with that of the reporting date.
const YEARS: i32 = 8;
/// Months of a course per month, as many as those in which departures are looked for.
const MONTHS: i32 = crate::DEPARTURE_MONTHS;
/// Years of a figure that is forecast: each takes a forecast of its own.
const COMPUTED_YEARS: i32 = 2;

/// What is made of messages about care: of before the first message nothing is known of it.
const OF_MESSAGES: [&str; 8] =
    ["toewijzing", "prestatie", "declaratie", "verplichting_maand", "verzoek", "levering", "bericht", "traject"];

/// The values of an indicator, the oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorCourse {
    /// The indicator.
    pub id: String,
    /// In what it is expressed.
    pub unit: Unit,
    /// Whether more is better.
    pub direction: Direction,
    /// A point for each period that was asked, also for those of which nothing is known.
    pub points: Vec<CoursePoint>,
}

/// One value of an indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoursePoint {
    /// The period: `2024` or `2024-03`.
    pub periode: String,
    /// The value in the unit of the indicator (money in eurocents). Nothing when it is not known, withheld, or of before the first
    /// message about care was received.
    pub value: Option<f64>,
    /// How sure it is: of a period that is not complete the value is too low or tells of a part only.
    pub status: Status,
    /// Whether it is withheld because too few are behind it.
    pub is_withheld: bool,
}

impl CoursePoint {
    /// The value when it hardly changes any more.
    pub fn definitive(&self) -> Option<f64> {
        self.value.filter(|_| self.status == Status::Definitive)
    }

    /// The value when the period is complete, perhaps not definitive yet.
    pub fn complete(&self) -> Option<f64> {
        self.value.filter(|_| self.status != Status::Incomplete)
    }
}

impl IndicatorCourse {
    /// A value as people write it: money in euros and not in eurocents.
    pub fn as_written(&self, value: f64) -> f64 {
        if self.unit.is_money() { value / 100.0 } else { value }
    }

    /// The values of complete years as people write them, with whether each hardly changes any more.
    pub fn years(&self) -> BTreeMap<i16, (f64, bool)> {
        let year = |point: &CoursePoint| {
            let year = point.periode.parse().ok()?;
            Some((year, (self.as_written(point.complete()?), point.status == Status::Definitive)))
        };
        self.points.iter().filter_map(year).collect()
    }

    /// The definitive value of every month in order, without a gap: nothing where it is not known.
    pub fn months(&self) -> Vec<(Maand, Option<f64>)> {
        let month = |point: &CoursePoint| Some((point.periode.parse().ok()?, point.definitive()));
        self.points.iter().filter_map(month).collect()
    }
}

/// The dimensions that filters written as text name: `wet=jw; categorie=45`. `categorie` is short for `productcategorie`.
///
/// # Errors
/// [`CallError::Filter`] when there is no such dimension.
pub fn dimensions_of(filters: &BTreeMap<String, String>) -> Result<Vec<(Dimension, String)>, CallError> {
    let one = |(name, value): (&String, &String)| {
        let name = if name == "categorie" { Dimension::Productcategorie.column() } else { name.as_str() };
        Ok((Dimension::parse(name).ok_or(CallError::Filter)?, value.clone()))
    };
    filters.iter().map(one).collect()
}

impl Grip {
    /// The values of an indicator as known on a day, per month (the last sixty) or per year (the last eight), up to the period in which
    /// that day lies. It is made of [`Grip::indicator`], so that it is the same number as on the page of the indicator.
    ///
    /// A figure that is made of messages has no value of a period that began before the first message was received. A figure that is
    /// forecast has the year of the day and the one before.
    ///
    /// # Errors
    /// [`PipelineError::Call`] when there is no such indicator, or it is not kept for that length of period or that dimension; else as
    /// [`Grip::indicator`].
    pub fn indicator_course(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        id: &str,
        only: &[(Dimension, String)],
        grain: Grain,
    ) -> Result<IndicatorCourse, PipelineError> {
        let indicator = self.catalogue().get(id)?;
        let periods = periods(peildatum, grain, indicator.computed.is_some());
        let call = Call { gemeente, periods, peildatum, by: Vec::new(), only: only.to_vec() };
        let answers = self.indicator(id, &call)?;
        let is_of_messages = indicator.computed.is_none() && {
            let sql = grip_indicator::query(self.catalogue(), indicator, &call)?.whole();
            OF_MESSAGES.iter().any(|table| sql.contains(table))
        };
        let is_known: Box<dyn Fn(Period) -> bool> = match is_of_messages {
            false => Box::new(|_| true),
            true => {
                let begin = self.first_received(gemeente)?.map(Maand::of);
                Box::new(move |period| begin.is_some_and(|begin| period.first_month() >= begin))
            }
        };
        let points = answers.iter().filter_map(|answer| point(answer, &is_known)).collect();
        Ok(IndicatorCourse { id: id.to_owned(), unit: indicator.unit, direction: indicator.direction, points })
    }

    /// When the first message about care of a municipality was received; nothing when there is none.
    pub(crate) fn first_received(&self, gemeente: GemeenteCode) -> Result<Option<Date>, PipelineError> {
        if let Some(found) = self.current().first_received.get(&gemeente) {
            return Ok(*found);
        }
        let facts = match self.facts(gemeente) {
            Ok(facts) => facts,
            Err(PipelineError::NoGemeente(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let allocated = facts.toewijzingen.values().flatten().map(|version| version.received);
        let found = allocated.chain(facts.prestaties.iter().map(|fact| fact.line.received)).min();
        self.keep(&facts, |kept| kept.first_received.insert(gemeente, found));
        Ok(found)
    }
}

fn point(answer: &Answer, is_known: &dyn Fn(Period) -> bool) -> Option<CoursePoint> {
    let period: Period = answer.periode.parse().ok()?;
    let value = answer.value.filter(|_| is_known(period)).map(|number| match number {
        #[expect(clippy::cast_precision_loss, reason = "a statistic needs no more than 15 digits")]
        Number::Whole(whole) => whole as f64,
        Number::Real(real) => real,
    });
    let (status, is_withheld) = (answer.status, answer.is_withheld);
    Some(CoursePoint { periode: answer.periode.clone(), value, status, is_withheld })
}

fn periods(peildatum: Date, grain: Grain, is_computed: bool) -> Vec<Period> {
    let last = Maand::of(peildatum);
    let (steps, months) = match grain {
        Grain::Maand => (MONTHS, 1),
        Grain::Kwartaal => (MONTHS / 3, 3),
        Grain::Jaar if is_computed => (COMPUTED_YEARS, 12),
        Grain::Jaar => (YEARS, 12),
    };
    let text = |maand: Maand| match grain {
        Grain::Maand => maand.to_string(),
        Grain::Kwartaal => format!("{:04}-K{}", maand.year(), (maand.month() + 2) / 3),
        Grain::Jaar => format!("{:04}", maand.year()),
    };
    (0..steps).rev().filter_map(|back| text(last.plus(-back * months)).parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_with_that_of_the_day() {
        let day: Date = "2025-05-10".parse().expect("a day");
        let ends = |grain, is_computed| {
            let periods = periods(day, grain, is_computed);
            let text = |period: Option<&Period>| period.map(ToString::to_string).unwrap_or_default();
            (periods.len(), text(periods.first()), text(periods.last()))
        };
        assert_eq!(ends(Grain::Jaar, false), (8, "2018".to_owned(), "2025".to_owned()));
        assert_eq!(ends(Grain::Jaar, true), (2, "2024".to_owned(), "2025".to_owned()));
        assert_eq!(ends(Grain::Maand, false), (60, "2020-06".to_owned(), "2025-05".to_owned()));
        assert_eq!(ends(Grain::Kwartaal, false), (20, "2020-K3".to_owned(), "2025-K2".to_owned()));
    }

    #[test]
    fn filters_name_dimensions() {
        let filters = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            dimensions_of(&pairs)
        };
        let expected = vec![(Dimension::Productcategorie, "45".to_owned()), (Dimension::Wet, "jw".to_owned())];
        assert_eq!(filters(&[("wet", "jw"), ("categorie", "45")]), Ok(expected));
        assert_eq!(filters(&[("kleur", "rood")]), Err(CallError::Filter));
    }

    #[test]
    fn only_what_is_complete_counts_and_money_is_written_in_euros() {
        let point = |periode: &str, value: Option<f64>, status| CoursePoint {
            periode: periode.to_owned(),
            value,
            status,
            is_withheld: false,
        };
        let course = IndicatorCourse {
            id: "gedeclareerd".to_owned(),
            unit: Unit::Eurocent,
            direction: Direction::None,
            points: vec![
                point("2022", None, Status::Definitive),
                point("2023", Some(150.0), Status::Definitive),
                point("2024", Some(250.0), Status::Provisional),
                point("2025", Some(99.0), Status::Incomplete),
            ],
        };
        assert_eq!(course.years(), BTreeMap::from([(2023, (1.5, true)), (2024, (2.5, false))]));
        let month = IndicatorCourse { points: vec![point("2024-02", Some(1.0), Status::Provisional)], ..course };
        assert_eq!(month.months(), [(Maand::new(2024, 2), None)]);
    }
}
