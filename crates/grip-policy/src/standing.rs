//! Where a target stands: between its start value and what is wanted, from the values of its indicator.

use std::collections::BTreeMap;

use crate::{Better, Number, Target, Year};

/// How a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetStatus {
    /// The last value is the last that is wanted, or better.
    Reached,
    /// The last value is on the line to the next target, or better.
    OnTrack,
    /// It is behind that line.
    Behind,
    /// There are values, and they do not tell yet.
    NotYetToBeTold,
    /// There is no value.
    NoInformation,
}

/// Why a target stands so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// By the line between the start value and the targets.
    Line,
    /// By the chance that the next target is reached, for want of a line.
    Forecast,
    /// There is no indicator: the information is not available yet.
    NoIndicator,
    /// The indicator has no value of a complete year.
    NoValue,
    /// No value is wanted in any year.
    NoTarget,
    /// Whether more or less is better is not said.
    NoDirection,
    /// There is no complete year after the start.
    TooEarly,
    /// There is no start value, the first target lies ahead, and nothing is forecast.
    NoLine,
}

/// Whether more or less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Favours {
    /// More is better.
    More,
    /// Less is better.
    Less,
}

impl Favours {
    fn sign(self) -> f64 {
        match self {
            Self::More => 1.0,
            Self::Less => -1.0,
        }
    }
}

/// Where a target stands. Values are as people write them: money in euros.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// How it stands.
    pub status: TargetStatus,
    /// Why.
    pub because: Because,
    /// Whether more or less is better.
    pub favours: Option<Favours>,
    /// The last complete year with its value.
    pub last: Option<(i16, f64)>,
    /// Whether that value may still change.
    pub is_provisional: bool,
    /// The value on the line in that year.
    pub line: Option<f64>,
    /// How much better than the line, in the unit of the indicator; below zero is worse.
    pub distance: Option<f64>,
    /// The next year for which a value is wanted, with that value; the last when all years are past.
    pub next: Option<(i16, f64)>,
    /// The chance that the next target is reached, from 0 to 1.
    pub chance: Option<f64>,
}

impl Standing {
    /// That of a target of which nothing is known.
    pub fn unknown() -> Self {
        Self {
            status: TargetStatus::NoInformation,
            because: Because::NoIndicator,
            favours: None,
            last: None,
            is_provisional: false,
            line: None,
            distance: None,
            next: None,
            chance: None,
        }
    }
}

/// Whether more or less is better: as the target says; else as the indicator says; else from the first to the last value that is
/// wanted, the start value included.
pub fn favours(target: &Target, of_indicator: Option<Favours>) -> Option<Favours> {
    match target.better {
        Better::More => return Some(Favours::More),
        Better::Less => return Some(Favours::Less),
        Better::AsIndicator => {}
    }
    let points = points(target);
    let (first, last) = (points.first_key_value()?.1, points.last_key_value()?.1);
    let own = match last.total_cmp(first) {
        std::cmp::Ordering::Greater => Some(Favours::More),
        std::cmp::Ordering::Less => Some(Favours::Less),
        std::cmp::Ordering::Equal => None,
    };
    of_indicator.or(own)
}

/// How a target stands.
///
/// `values` holds complete years: the value as people write it, and whether it is definitive. `of_indicator` is the direction that the
/// catalogue gives. `chance` is that of reaching the next target.
///
/// # Formula
/// The line goes straight from point to point: the start value and what is wanted at the end of each year; before the first point
/// there is none, after the last it is the last. The last complete year after the start year counts. Reached: its value is the last wanted
/// one or better. On track: it is the line in its year or better. Behind: it is not. Without a start value, and before the first
/// target, there is no line: then a chance of a half or more is on track and a smaller one behind.
pub fn standing(
    target: &Target,
    values: &BTreeMap<i16, (f64, bool)>,
    of_indicator: Option<Favours>,
    chance: Option<f64>,
) -> Standing {
    let start = target.start_year.map(|Year(year)| year);
    let last = values.last_key_value().map(|(year, (value, is_definitive))| (*year, *value, *is_definitive));
    let found = Standing {
        favours: favours(target, of_indicator),
        last: last.map(|(year, value, _)| (year, value)),
        is_provisional: last.is_some_and(|(_, _, is_definitive)| !is_definitive),
        next: next_target(target, last.map_or(i16::MIN, |(year, ..)| year)),
        chance,
        ..Standing::unknown()
    };
    let none = |because| Standing { because, ..found };
    let not_yet = |because| Standing { status: TargetStatus::NotYetToBeTold, because, ..found };
    if target.indicator.is_none() {
        return Standing::unknown();
    }
    let Some((year, value, _)) = last else { return none(Because::NoValue) };
    let Some((_, goal)) = target.targets.0.last_key_value() else { return not_yet(Because::NoTarget) };
    let Some(favours) = found.favours else { return not_yet(Because::NoDirection) };
    let better = |than: f64| (value - than) * favours.sign();
    if start.is_some_and(|start| year <= start) {
        return not_yet(Because::TooEarly);
    }
    let line = line(&points(target), year);
    let distance = line.map(better);
    let by_line = |status| Standing { status, because: Because::Line, line, distance, ..found };
    if better(*goal) >= 0.0 {
        return by_line(TargetStatus::Reached);
    }
    match (distance, chance) {
        (Some(distance), _) if distance >= 0.0 => by_line(TargetStatus::OnTrack),
        (Some(_), _) => by_line(TargetStatus::Behind),
        (None, Some(chance)) => {
            let status = if chance >= 0.5 { TargetStatus::OnTrack } else { TargetStatus::Behind };
            Standing { status, because: Because::Forecast, ..found }
        }
        (None, None) => not_yet(Because::NoLine),
    }
}

/// The first year after `after` for which a value is wanted; the last one when all are past.
pub fn next_target(target: &Target, after: i16) -> Option<(i16, f64)> {
    let wanted = &target.targets.0;
    let ahead = wanted.iter().find(|(year, _)| **year > after);
    ahead.or_else(|| wanted.last_key_value()).map(|(year, value)| (*year, *value))
}

/// The start value and what is wanted, by year.
fn points(target: &Target) -> BTreeMap<i16, f64> {
    let start = target.start_year.zip(target.start_value).map(|(Year(year), Number(value))| (year, value));
    start.into_iter().chain(target.targets.0.iter().map(|(year, value)| (*year, *value))).collect()
}

/// The value of the line in a year; nothing before its first point.
fn line(points: &BTreeMap<i16, f64>, year: i16) -> Option<f64> {
    let (from, from_value) = points.range(..=year).next_back()?;
    let Some((to, to_value)) = points.range(year..).next().filter(|(to, _)| *to > from) else {
        return Some(*from_value);
    };
    let share = f64::from(year - from) / f64::from(to - from);
    Some(from_value + (to_value - from_value) * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn target(start: &str, targets: &str, better: &str) -> Target {
        let (year, value) = start.split_once(':').unwrap_or_default();
        let goal = samples::id(1).to_string();
        let fields = [
            ("goal", goal.as_str()),
            ("indicator", "clienten-met-zorg"),
            ("start_year", year),
            ("start_value", value),
            ("targets", targets),
            ("better", better),
        ];
        samples::object::<Target>(2, &fields).content
    }

    #[track_caller]
    fn check(target: &Target, values: &[(i16, f64)], expected: (TargetStatus, Because, Option<f64>)) {
        let values = values.iter().map(|(year, value)| (*year, (*value, true))).collect();
        let found = standing(target, &values, None, None);
        assert_eq!((found.status, found.because, found.distance), expected);
    }

    #[test]
    fn the_line_tells_how_a_target_stands() {
        use Because::Line;
        use TargetStatus::{Behind, OnTrack, Reached};
        // From 100 in 2020 to 80 in 2024 and 70 in 2025: 90 in 2022.
        let target = target("2020:100", "2024: 80; 2025: 70", "");
        check(&target, &[(2021, 99.0), (2022, 90.0)], (OnTrack, Line, Some(0.0)));
        check(&target, &[(2022, 88.0)], (OnTrack, Line, Some(2.0)));
        check(&target, &[(2022, 93.5)], (Behind, Line, Some(-3.5)));
        check(&target, &[(2022, 70.0)], (Reached, Line, Some(20.0)));
        check(&target, &[(2024, 78.0)], (OnTrack, Line, Some(2.0)));
        check(&target, &[(2026, 71.0)], (Behind, Line, Some(-1.0)));
        check(&target, &[(2026, 69.0)], (Reached, Line, Some(1.0)));
    }

    #[test]
    fn more_can_be_better_and_the_target_says_so() {
        use TargetStatus::{Behind, Reached};
        let rising = target("2020:10", "2024: 20", "");
        check(&rising, &[(2022, 14.0)], (Behind, Because::Line, Some(-1.0)));
        // At most 20, whatever way the values go.
        let ceiling = target("2020:10", "2024: 20", "minder");
        check(&ceiling, &[(2022, 14.0)], (Reached, Because::Line, Some(1.0)));
        let values = [(2022, (14.0, false))].into();
        let found = standing(&rising, &values, Some(Favours::Less), None);
        assert_eq!((found.status, found.favours, found.is_provisional), (Reached, Some(Favours::Less), true));
    }

    #[test]
    fn what_can_not_be_told_is_said_with_its_reason() {
        use TargetStatus::{NoInformation, NotYetToBeTold};
        let whole = target("2023:100", "2026: 80", "");
        check(&whole, &[], (NoInformation, Because::NoValue, None));
        check(&whole, &[(2023, 100.0)], (NotYetToBeTold, Because::TooEarly, None));
        check(&target("2023:100", "", ""), &[(2024, 90.0)], (NotYetToBeTold, Because::NoTarget, None));
        check(&target("", "2026: 80", ""), &[(2024, 90.0)], (NotYetToBeTold, Because::NoDirection, None));
        check(&target("", "2026: 80", "minder"), &[(2024, 90.0)], (NotYetToBeTold, Because::NoLine, None));
        let mut none = whole;
        none.indicator = None;
        check(&none, &[(2024, 90.0)], (NoInformation, Because::NoIndicator, None));
    }

    #[test]
    fn without_a_line_the_forecast_tells() {
        let target = target("", "2026: 80", "minder");
        let values = [(2024, (90.0, true))].into();
        let status = |chance| standing(&target, &values, None, Some(chance)).status;
        assert_eq!(status(0.5), TargetStatus::OnTrack);
        assert_eq!(status(0.49), TargetStatus::Behind);
        assert_eq!(standing(&target, &values, None, Some(0.49)).because, Because::Forecast);
    }

    #[test]
    fn the_next_target_is_the_first_year_after_the_last_value() {
        let target = target("2020:100", "2024: 80; 2026: 70", "");
        assert_eq!(next_target(&target, 2023), Some((2024, 80.0)));
        assert_eq!(next_target(&target, 2024), Some((2026, 70.0)));
        assert_eq!(next_target(&target, 2030), Some((2026, 70.0)));
    }
}
