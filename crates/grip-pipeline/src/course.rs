//! The values of an indicator, period by period: what goals, assumptions and measures are held against.

use std::collections::BTreeMap;

use grip_indicator::{Answer, Call, CallError, Dimension, Direction, Grain, Number, Period, Status, Unit};
use grip_insight::effect::{
    Error as EffectError,
    association::{Expected, Preparation, Verdict, across, association},
    interrupted::{Season, Settings, Shape, interrupted},
    reach::{self, reach},
};
use grip_types::{Date, GemeenteCode, Maand};
use serde::Serialize;

use crate::{Grip, PipelineError};

/// Years of a course per year, with that of the reporting date.
const YEARS: i32 = 8;
/// Months of a course per month, as many as those in which departures are looked for.
const MONTHS: i32 = crate::DEPARTURE_MONTHS;
/// Years of a figure that is forecast: each takes a forecast of its own.
const COMPUTED_YEARS: i32 = 2;

/// Months after the first message from which on the data of a municipality is under way.
const BEGIN_MONTHS: i32 = 3;

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

/// What an indicator may be in a year, when it goes on as it did. Values are as people write them: money in euros.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Outlook {
    /// The value that is expected.
    pub value: f64,
    /// The value is as likely below this as above `high`: four in five lie between.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// Chance that the target is met, from 0 to 1.
    pub chance: f64,
    /// Definitive years it rests on.
    pub years: usize,
}

/// Level of the interval of an outlook.
const OUTLOOK_LEVEL: f64 = 0.8;

impl IndicatorCourse {
    /// What the indicator may be in a year against a target, from its definitive years; nothing when there are fewer than four, when
    /// every year is the same, or when that year is over. See [`reach`].
    pub fn outlook(&self, year: i16, target: f64, is_more_better: bool) -> Option<Outlook> {
        let values: Vec<Option<f64>> =
            self.points.iter().map(|point| point.definitive().map(|value| self.as_written(value))).collect();
        let last: i16 = self.points.last()?.periode.parse().ok()?;
        // The year of the day is not over: its value is not known and it is one step ahead of what is.
        let ahead = usize::try_from(year.checked_sub(last)?).ok()?;
        let (values, ahead) = match (ahead, values.split_last()) {
            (0, Some((None, before))) => (before.to_vec(), 1),
            _ => (values, ahead),
        };
        let target = if is_more_better { reach::Target::AtLeast(target) } else { reach::Target::AtMost(target) };
        let found = reach(&values, ahead, 1, target).ok()?;
        let interval = found.value.interval(OUTLOOK_LEVEL);
        Some(Outlook {
            value: found.value.value,
            low: interval.low,
            high: interval.high,
            chance: found.chance,
            years: found.values,
        })
    }
}

/// What the data says of an assumption that one thing leads to another. Never a proof.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkTest {
    /// `fits`, `does_not_fit` or `not_to_be_told`.
    pub verdict: &'static str,
    /// Why it is not to be told when nothing was calculated: `too_few` (months that are known of both) or `no_variation`.
    pub reason: Option<&'static str>,
    /// The lag at which the two go together most clearly.
    pub clearest: Option<LinkLag>,
    /// Months of lag that were looked at, from none.
    pub lag_max: usize,
}

/// How two indicators go together when the second comes some months after the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LinkLag {
    /// Months that the second comes after the first.
    pub months: usize,
    /// Their correlation, from −1 to 1, of changes against the same month of a year before.
    pub correlation: f64,
    /// Lower bound of its 95 percent interval.
    pub low: f64,
    /// Upper bound of its 95 percent interval.
    pub high: f64,
    /// Chance of at least this if there were nothing, raised for looking at all lags.
    pub chance: f64,
    /// Months of both that it rests on.
    pub pairs: usize,
}

/// Months of lag that are looked at when the theory says none.
const LAG_MONTHS: usize = 12;
/// Months of lag that can be looked at: with more, too few pairs are left of five years.
const LAG_MONTHS_MAX: usize = 24;
const LINK_LEVEL: f64 = 0.95;

/// Whether what the data says fits the assumption that more of the first leads to more (or less) of the second, after `months`. From
/// definitive months; see [`association`].
pub fn link_test(cause: &IndicatorCourse, effect: &IndicatorCourse, is_more: bool, months: Option<f64>) -> LinkTest {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 120 months, and a cast saturates"
    )]
    let expected = months.map_or(LAG_MONTHS, |months| months.round() as usize);
    let lag_max = expected.clamp(LAG_MONTHS, LAG_MONTHS_MAX);
    let values = |course: &IndicatorCourse| -> Vec<Option<f64>> {
        course.months().into_iter().map(|(_, value)| value).collect()
    };
    let sign = if is_more { Expected::Positive } else { Expected::Negative };
    let found = association(&values(cause), &values(effect), lag_max, Preparation::Differences(12), sign, LINK_LEVEL);
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let reason = if matches!(error, EffectError::NoVariation) { "no_variation" } else { "too_few" };
            return LinkTest { verdict: "not_to_be_told", reason: Some(reason), clearest: None, lag_max };
        }
    };
    let clearest = found.lags.iter().min_by(|one, other| one.chance.total_cmp(&other.chance)).map(|lag| LinkLag {
        months: lag.lag,
        correlation: lag.correlation,
        low: lag.interval.low,
        high: lag.interval.high,
        chance: lag.chance,
        pairs: lag.pairs,
    });
    let verdict = match found.verdict {
        Verdict::Consistent => "fits",
        Verdict::Against => "does_not_fit",
        Verdict::NotToBeTold => "not_to_be_told",
    };
    LinkTest { verdict, reason: None, clearest, lag_max }
}

/// Whether the effect turned when the cause did. Never a proof: something else may have turned too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BeforeAfter {
    /// `fits`, `does_not_fit` or `not_to_be_told`.
    pub verdict: &'static str,
    /// By how much the cause was another than its course before, per month.
    pub cause: Option<Turn>,
    /// The same of the effect, from as many months later as it is expected.
    pub effect: Option<Turn>,
}

/// How much a month is another than the course before, as people write it: money in euros.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Turn {
    /// Mean per month.
    pub value: f64,
    /// Lower bound of its 95 percent interval.
    pub low: f64,
    /// Upper bound of its 95 percent interval.
    pub high: f64,
    /// Definitive months after.
    pub months: usize,
}

impl Turn {
    fn sign(self) -> Option<f64> {
        (self.low > 0.0 || self.high < 0.0).then(|| self.value.signum())
    }
}

/// Months after that a turn needs: of fewer nobody can tell it from chance.
const TURN_MONTHS_MIN: usize = 6;

/// Whether the effect turned as the assumption says after the cause did in the month `since`. By an interrupted series of each, of
/// definitive months with their season, whose level may change; see [`interrupted`].
pub fn before_after(
    cause: &IndicatorCourse,
    effect: &IndicatorCourse,
    is_more: bool,
    since: Maand,
    months: Option<f64>,
) -> BeforeAfter {
    #[expect(clippy::cast_possible_truncation, reason = "0 to 120 months, and a cast saturates")]
    let later = since.plus(months.map_or(0, |months| months.round() as i32));
    let (cause, effect) = (turn(cause, since), turn(effect, later));
    let signs = cause.and_then(Turn::sign).zip(effect.and_then(Turn::sign));
    let verdict = match signs {
        Some((first, second)) if (first == second) == is_more => "fits",
        Some(_) => "does_not_fit",
        None => "not_to_be_told",
    };
    BeforeAfter { verdict, cause, effect }
}

fn turn(course: &IndicatorCourse, since: Maand) -> Option<Turn> {
    let known: Vec<(Maand, Option<f64>)> = course.months();
    let start = known.iter().position(|(maand, _)| *maand >= since)?;
    let values: Vec<Option<f64>> = known.iter().map(|(_, value)| value.map(|value| course.as_written(value))).collect();
    let (before, after) = values.split_at(start);
    let season = Season::by_length(before.iter().flatten().count());
    if after.iter().flatten().count() < TURN_MONTHS_MIN {
        return None;
    }
    let settings = Settings { start, transition: 0, season, shape: Shape::Level };
    let found = interrupted(&values, &settings).ok()?;
    let bounds = found.mean.interval(LINK_LEVEL);
    Some(Turn { value: found.mean.value, low: bounds.low, high: bounds.high, months: found.months.len() })
}

/// Whether municipalities in which the cause rose more are those in which the effect did. Never a proof.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Across {
    /// `fits`, `does_not_fit` or `not_to_be_told`.
    pub verdict: &'static str,
    /// The first year of the change.
    pub from: i16,
    /// The last year of it.
    pub to: i16,
    /// Municipalities of which both figures are known in both years.
    pub gemeenten: usize,
    /// How the two changes go together, from −1 to 1.
    pub correlation: f64,
    /// Lower bound of its 95 percent interval.
    pub low: f64,
    /// Upper bound of its 95 percent interval.
    pub high: f64,
}

impl Grip {
    /// Whether municipalities in which one public figure rose more are those in which another did, from the first to the last year of which
    /// there are both; nothing when there are fewer than ten of them, or no such figures. Figures are named as in [`crate::Measure::id`].
    ///
    /// # Formula
    /// Pearson's correlation of `ln(last/first)` of both over municipalities, with Fisher's interval.
    ///
    /// # Errors
    /// As [`Grip::measures`].
    pub fn across(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        cause: &str,
        effect: &str,
        is_more: bool,
    ) -> Result<Option<Across>, PipelineError> {
        let (cause, effect) =
            (self.public_figure(gemeente, peildatum, cause)?, self.public_figure(gemeente, peildatum, effect)?);
        let both = |year: &&i16| effect.contains_key(*year);
        let (first, last) = (cause.keys().find(|year| both(year)), cause.keys().rfind(|year| both(year)));
        let Some((from, to)) = first.zip(last).filter(|(from, to)| from < to) else { return Ok(None) };
        // A ratio, so that a large municipality and a small one count alike.
        let change = |figure: &YearsOfAll, area: &String| {
            let [before, after] =
                [from, to].map(|year| figure.get(year)?.get(area).copied().filter(|value| *value > 0.0));
            Some((after? / before?).ln())
        };
        let pairs: Vec<(f64, f64)> = cause
            .get(to)
            .into_iter()
            .flat_map(BTreeMap::keys)
            .filter_map(|area| Some((change(&cause, area)?, change(&effect, area)?)))
            .collect();
        let Ok(found) = across(&pairs, LINK_LEVEL) else { return Ok(None) };
        let sign = if is_more { 1.0 } else { -1.0 };
        let verdict = match (found.interval.low * sign, found.interval.high * sign) {
            (low, high) if low > 0.0 && high > 0.0 => "fits",
            (low, high) if low < 0.0 && high < 0.0 => "does_not_fit",
            _ => "not_to_be_told",
        };
        Ok(Some(Across {
            verdict,
            from: *from,
            to: *to,
            gemeenten: found.pairs,
            correlation: found.correlation,
            low: found.interval.low,
            high: found.interval.high,
        }))
    }
}

/// A public figure of all municipalities, by year.
pub(crate) type YearsOfAll = BTreeMap<i16, BTreeMap<String, f64>>;

/// The dimensions that filters written as text name: `wet=jw; productcategorie=45`.
///
/// # Errors
/// [`CallError::Filter`] when there is no such dimension.
pub fn dimensions_of(filters: &BTreeMap<String, String>) -> Result<Vec<(Dimension, String)>, CallError> {
    let one = |(name, value): (&String, &String)| Ok((Dimension::parse(name).ok_or(CallError::Filter)?, value.clone()));
    filters.iter().map(one).collect()
}

impl Grip {
    /// The values of an indicator as known on a day, per month (the last sixty) or per year (the last eight), up to the period in which
    /// that day lies. It is made of [`Grip::indicator`], so that it is the same number as on the page of the indicator.
    ///
    /// A figure that is made of messages has no value of a period that began before the data was under way: of a year before the first
    /// message was received, of a month up to three months after it. A figure that is forecast has the year of the day and the one
    /// before.
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
        let narrowed: Vec<Dimension> = only.iter().map(|(dimension, _)| *dimension).collect();
        if !indicator.may_cross(&narrowed, grain) {
            // Of groups so small nothing is told.
            let (unit, direction) = (indicator.unit, indicator.direction);
            return Ok(IndicatorCourse { id: id.to_owned(), unit, direction, points: Vec::new() });
        }
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
                // A year in which the first message came is a part only; one that began after it is whole.
                let begin = match grain {
                    Grain::Jaar => self.first_received(gemeente)?.map(Maand::of),
                    Grain::Maand | Grain::Kwartaal => self.under_way_from(gemeente)?,
                };
                Box::new(move |period| begin.is_some_and(|begin| period.first_month() >= begin))
            }
        };
        let points = answers.iter().filter_map(|answer| point(answer, &is_known)).collect();
        Ok(IndicatorCourse { id: id.to_owned(), unit: indicator.unit, direction: indicator.direction, points })
    }

    /// The first month in which the data of a municipality is under way; before it what had begun earlier is still told of, and a rise is
    /// one of data.
    pub(crate) fn under_way_from(&self, gemeente: GemeenteCode) -> Result<Option<Maand>, PipelineError> {
        Ok(self.first_received(gemeente)?.map(|day| Maand::of(day).plus(BEGIN_MONTHS)))
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
        assert_eq!(filters(&[("wet", "jw"), ("productcategorie", "45")]), Ok(expected));
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
        assert_eq!(course.outlook(2026, 3.0, true), None, "two definitive years tell nothing");
        let month = IndicatorCourse { points: vec![point("2024-02", Some(1.0), Status::Provisional)], ..course };
        assert_eq!(month.months(), [(Maand::new(2024, 2), None)]);
    }

    /// Noise of a linear congruential generator, so that nothing repeats within a year.
    fn noise(mut state: u64) -> impl FnMut() -> f64 {
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(state >> 40).expect("24 bits")) / 16_777_216.0
        }
    }

    /// Months from January 2020 on.
    fn months_of(values: &[f64]) -> IndicatorCourse {
        let month = |at: usize| Maand::new(2020, 1).plus(i32::try_from(at).expect("few")).to_string();
        course(values.iter().enumerate().map(|(at, value)| (month(at), Some(*value))))
    }

    fn course(periods: impl Iterator<Item = (String, Option<f64>)>) -> IndicatorCourse {
        let point = |(periode, value)| CoursePoint { periode, value, status: Status::Definitive, is_withheld: false };
        let points = periods.map(point).collect();
        IndicatorCourse { id: "aantal".to_owned(), unit: Unit::Count, direction: Direction::None, points }
    }

    #[test]
    fn an_outlook_goes_on_as_it_went() {
        let values = [Some(100.0), Some(96.0), Some(97.0), Some(91.0), None];
        let course = course((2021_i16..).map(|year| year.to_string()).zip(values));
        let found = course.outlook(2025, 88.0, false).expect("four years");
        // The mean change is −3 a year, from the last value of 91.
        assert!((found.value - 88.0).abs() < 1e-9, "{found:?}");
        assert!((found.chance - 0.5).abs() < 1e-9, "{found:?}");
        assert!(found.low < 88.0 && found.high > 88.0);
        assert_eq!(found.years, 4);
        let later = course.outlook(2027, 88.0, false).expect("four years");
        assert!((later.value - 82.0).abs() < 1e-9, "{later:?}");
        assert_eq!(course.outlook(2024, 88.0, false), None, "that year is over");
    }

    #[test]
    fn what_turned_with_its_cause_fits_and_what_turned_the_other_way_does_not() {
        let mut noise = noise(11);
        let mut stepped = |step: f64, from: usize| {
            let value = |at: usize| 100.0 + 4.0 * noise() + if at < from { 0.0 } else { step };
            months_of(&(0..60).map(value).collect::<Vec<f64>>())
        };
        let (cause, effect, flat) = (stepped(20.0, 36), stepped(-15.0, 39), stepped(0.0, 0));
        let since = Maand::new(2023, 1);
        let found = before_after(&cause, &effect, false, since, Some(3.0));
        assert_eq!(found.verdict, "fits", "{found:?}");
        let turned = found.effect.expect("a turn");
        assert!(turned.low < -15.0 && -15.0 < turned.high && turned.months == 21, "{turned:?}");
        assert_eq!(before_after(&cause, &effect, true, since, Some(3.0)).verdict, "does_not_fit");
        assert_eq!(before_after(&cause, &flat, false, since, None).verdict, "not_to_be_told");
        let late = before_after(&cause, &effect, false, Maand::new(2024, 10), None);
        assert_eq!((late.verdict, late.effect), ("not_to_be_told", None), "three months are too few");
    }

    #[test]
    fn an_assumption_is_held_against_what_followed() {
        let mut noise = noise(7);
        let first: Vec<f64> = (0..60).map(|_| noise()).collect();
        let second: Vec<f64> = (0..60).map(|at: usize| at.checked_sub(3).map_or(0.5, |at| 1.0 - first[at])).collect();
        let (first, second) = (months_of(&first), months_of(&second));
        let found = link_test(&first, &second, false, Some(3.0));
        assert_eq!(found.verdict, "fits", "{found:?}");
        assert_eq!(found.clearest.map(|lag| lag.months), Some(3), "{found:?}");
        assert_eq!(link_test(&first, &second, true, None).verdict, "does_not_fit");
        let short = IndicatorCourse { points: first.points[..20].to_vec(), ..first.clone() };
        let other = IndicatorCourse { points: second.points[..20].to_vec(), ..second };
        assert_eq!(link_test(&short, &other, true, None).reason, Some("too_few"));
    }
}
