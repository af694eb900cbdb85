//! How long care lasts, and who stays longer than before.

use grip_indicator::Dimension;
use grip_insight::survival::{Stay, Survival, at_risk, holm, kaplan_meier, log_rank};
use grip_types::{Date, PERSONS_MIN, Periode, Wet};
use serde::Serialize;

use super::{Care, Key, Trajectory, ends_seen_until, whole};
use crate::{disclosure::is_few_persons, year_end::segment_naam};

/// Mean days of a month in the calendar.
const DAYS_PER_MONTH: f64 = 365.2425 / 12.0;
/// Of every interval here.
const LEVEL: f64 = 0.95;
/// Where fewer are followed the curve is not shown: one end would move it, and point to a person.
const FOLLOWED_MIN: usize = 10;
/// Months to which a curve is drawn at most.
const MONTHS_MAX: u32 = 60;

/// Years in which care began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CohortYears {
    /// First.
    pub from: i16,
    /// Last.
    pub to: i16,
}

/// Who began in some years.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cohort {
    /// Trajectories that began and were followed; none, as all that follows, where in one of the years these are few.
    pub begun: Option<i64>,
    /// Months after which half had ended; none when half had not, or fewer than ten.
    pub median_months: Option<f64>,
    /// The lower 95 % bound of it.
    pub median_low: Option<f64>,
    /// The upper 95 % bound of it; none when it lies beyond what was seen.
    pub median_high: Option<f64>,
}

/// How much longer the later cohort stays, within the months that both could be followed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StayDifference {
    /// Months to which both were followed by at least ten.
    pub within_months: u32,
    /// Mean months in care within these, earlier cohort.
    pub early_mean: f64,
    /// The same, later cohort.
    pub late_mean: f64,
    /// Later minus earlier, in months.
    pub months: f64,
    /// Its lower 95 % bound.
    pub low: f64,
    /// Its upper 95 % bound.
    pub high: f64,
    /// Chance of so different curves when nothing had changed: the log-rank test.
    pub p: Option<f64>,
    /// The same, raised for the number of categories that are compared (Holm).
    pub p_of_all: Option<f64>,
}

/// One category in both cohorts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DurationRow {
    /// `wmo` or `jw`.
    pub wet: &'static str,
    /// ProductCategorie; none where it is not known.
    pub productcategorie: Option<String>,
    /// Its name.
    pub naam: String,
    /// Who began earlier.
    pub early: Cohort,
    /// Who began later.
    pub late: Cohort,
    /// None when one of both could not be followed by ten for a month.
    pub difference: Option<StayDifference>,
}

/// How long care lasts per category, for an earlier and a later cohort.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CareDurations {
    /// Years of the earlier cohort.
    pub early: CohortYears,
    /// Years of the later one.
    pub late: CohortYears,
    /// The largest difference first; categories that can't be compared last.
    pub rows: Vec<DurationRow>,
}

/// A share that is still in care so many months after the begin: what it was when ten or more had ended since it last changed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Months since the begin.
    pub month: u32,
    /// Share from 0 to 1 (Kaplan–Meier).
    pub share: f64,
    /// Its 95 % bounds; none before the first end and after the last.
    pub bounds: Option<(f64, f64)>,
}

/// A survival curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// When they began.
    pub years: CohortYears,
    /// How many, and their median.
    pub cohort: Cohort,
    /// Every month from 0 to which at least ten were followed.
    pub points: Vec<CurvePoint>,
}

/// Who began in one year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StartYear {
    /// Year.
    pub jaar: i16,
    /// How many, and their median.
    pub cohort: Cohort,
    /// Share still in care after 3, 6, 12 and 24 months; none where fewer than ten were followed so far, or ended since the one before.
    pub shares: [Option<f64>; 4],
}

/// Months of [`StartYear::shares`].
pub(super) const SHARE_MONTHS: [u32; 4] = [3, 6, 12, 24];

/// Survival curves of one law or category, or of all care.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CareSurvival {
    /// Earlier and later cohort.
    pub curves: [Curve; 2],
    /// How much longer the later stays.
    pub difference: Option<StayDifference>,
    /// Five years of begin.
    pub years: Vec<StartYear>,
    /// Begins before this day are left out: it is not seen whether care was there before, `YYYY-MM-DD`.
    pub begun_from: Option<String>,
    /// Ends after this day are not counted: a renewal may still come, `YYYY-MM-DD`.
    pub followed_until: String,
}

/// Five years up to one: two earlier ones and the three after them.
fn cohorts(jaar: i16) -> [CohortYears; 2] {
    [CohortYears { from: jaar - 4, to: jaar - 3 }, CohortYears { from: jaar - 2, to: jaar }]
}

pub(super) fn durations(care: &Care, jaar: i16) -> CareDurations {
    let [early, late] = cohorts(jaar);
    let trajectories = care.trajectories(Dimension::Productcategorie);
    let mut keys: Vec<&Key> = trajectories.iter().map(|it| &it.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut rows: Vec<DurationRow> = keys
        .into_iter()
        .map(|key| {
            let of = |years| stays(care, trajectories.iter().filter(|it| it.key == *key), years);
            let groups = [of(early), of(late)];
            DurationRow {
                wet: key.wet.as_str(),
                productcategorie: key.value.as_ref().map(ToString::to_string),
                naam: segment_naam(key.value.as_deref().unwrap_or_default()),
                early: cohort(&groups[0], may_tell(early, of)),
                late: cohort(&groups[1], may_tell(late, of)),
                difference: difference(&groups).filter(|_| may_tell(early, of) && may_tell(late, of)),
            }
        })
        .filter(|row| row.early.begun != Some(0) || row.late.begun != Some(0))
        .collect();
    raise_chances(&mut rows);
    let longer = |row: &DurationRow| row.difference.map_or(f64::NEG_INFINITY, |found| found.months);
    rows.sort_by(|one, other| longer(other).total_cmp(&longer(one)));
    CareDurations { early, late, rows }
}

fn raise_chances(rows: &mut [DurationRow]) {
    let chances: Vec<f64> = rows.iter().filter_map(|row| row.difference?.p).collect();
    let mut raised = holm(&chances).into_iter();
    for found in rows.iter_mut().filter_map(|row| row.difference.as_mut()) {
        found.p_of_all = found.p.and_then(|_| raised.next());
    }
}

pub(super) fn survival(care: &Care, jaar: i16, wet: Option<Wet>, categorie: Option<&str>) -> CareSurvival {
    let by = if categorie.is_some() { Dimension::Productcategorie } else { Dimension::Wet };
    let is_asked = |it: &&Trajectory| {
        wet.is_none_or(|wet| it.key.wet == wet) && (categorie.is_none() || it.key.value.as_deref() == categorie)
    };
    let asked: Vec<&Trajectory> = care.trajectories(by).iter().filter(is_asked).collect();
    let of = |years| stays(care, asked.iter().copied(), years);
    // Both laws together are the sum of each.
    let may_tell = |years| {
        [Wet::Wmo, Wet::Jw].into_iter().all(|wet| {
            may_tell(years, |years| stays(care, asked.iter().copied().filter(|it| it.key.wet == wet), years))
        })
    };
    let [early, late] = cohorts(jaar);
    let groups = [of(early), of(late)];
    let years = (jaar - 4..=jaar).map(|jaar| {
        let own = CohortYears { from: jaar, to: jaar };
        let (stays, is_told) = (of(own), may_tell(own));
        StartYear { jaar, cohort: cohort(&stays, is_told), shares: shares(&stays).map(|it| it.filter(|_| is_told)) }
    });
    let is_told = [early, late].map(may_tell);
    CareSurvival {
        years: years.collect(),
        difference: difference(&groups).filter(|_| is_told == [true, true]),
        curves: [curve(early, &groups[0], is_told[0]), curve(late, &groups[1], is_told[1])],
        begun_from: care.starts_seen_from.map(|day| day.to_string()),
        followed_until: ends_seen_until(care).to_string(),
    }
}

/// The stays of trajectories that began in some years, in days, as far as they could be followed.
fn stays<'t>(care: &Care, of: impl Iterator<Item = &'t Trajectory>, years: CohortYears) -> Vec<Stay> {
    let seen_from = care.starts_seen_from.unwrap_or(Date::MIN);
    let window = Periode { begin: Date::MIN, eind: ends_seen_until(care) };
    let began = |it: &&Trajectory| it.begin >= seen_from && (years.from..=years.to).contains(&it.begin.year());
    of.filter(began).filter_map(|it| Stay::seen(it.begin, it.end, window)).collect()
}

/// Whether in none of some years few began. Cohorts are told as their years are, since those of two pages may have all years but one in common.
fn may_tell(years: CohortYears, of: impl Fn(CohortYears) -> Vec<Stay>) -> bool {
    (years.from..=years.to).all(|jaar| {
        let begun = of(CohortYears { from: jaar, to: jaar }).len();
        !is_few_persons(whole(begun))
    })
}

fn ended_by(curve: &Survival, day: u32) -> i64 {
    whole(curve.steps.iter().filter(|step| step.age <= day).map(|step| step.ended).sum())
}

/// The shares of a year of begin, each where none or ten or more ended since the one before that is shown.
fn shares(stays: &[Stay]) -> [Option<f64>; 4] {
    let curve = kaplan_meier(stays, LEVEL);
    let mut told = 0;
    SHARE_MONTHS.map(|month| {
        let day = days(month);
        let ended = ended_by(&curve, day);
        let is_told = at_risk(stays, day.max(1)) >= FOLLOWED_MIN && !is_few_persons(ended - told);
        told = if is_told { ended } else { told };
        curve.at(day).filter(|_| is_told)
    })
}

fn cohort(stays: &[Stay], is_told: bool) -> Cohort {
    if !is_told {
        return Cohort { begun: None, median_months: None, median_low: None, median_high: None };
    }
    let curve = kaplan_meier(stays, LEVEL);
    let median = Some(curve.median()).filter(|_| !is_few_persons(ended_by(&curve, u32::MAX)));
    Cohort {
        begun: Some(whole(stays.len())),
        median_months: median.and_then(|median| median.age).map(months),
        median_low: median.and_then(|median| median.low).map(months),
        median_high: median.and_then(|median| median.high).map(months),
    }
}

/// How much longer the second group stays, within the whole months that ten of each were followed.
fn difference(groups: &[Vec<Stay>; 2]) -> Option<StayDifference> {
    let within =
        |stays: &[Stay]| (1..=MONTHS_MAX).take_while(|month| at_risk(stays, days(*month)) >= FOLLOWED_MIN).last();
    let within_months = within(&groups[0])?.min(within(&groups[1])?);
    let mean = |stays: &[Stay]| kaplan_meier(stays, LEVEL).restricted_mean(days(within_months));
    let (early, late) = (mean(&groups[0])?, mean(&groups[1])?);
    let longer = late - early;
    let (low, high) = longer.bounds(LEVEL);
    Some(StayDifference {
        within_months,
        early_mean: early.mean / DAYS_PER_MONTH,
        late_mean: late.mean / DAYS_PER_MONTH,
        months: longer.mean / DAYS_PER_MONTH,
        low: low / DAYS_PER_MONTH,
        high: high / DAYS_PER_MONTH,
        p: log_rank(&groups[0], &groups[1]).map(|test| test.p),
        p_of_all: None,
    })
}

fn curve(years: CohortYears, stays: &[Stay], is_told: bool) -> Curve {
    let found = kaplan_meier(stays, LEVEL);
    let (mut told, mut last) = (0, 0);
    let points = (0..=MONTHS_MAX).map_while(|month| {
        let day = days(month);
        let ended = ended_by(&found, day);
        if ended - told >= i64::from(PERSONS_MIN) {
            (told, last) = (ended, day);
        }
        let (share, bounds) = (found.at(last)?, bounds_at(&found, last));
        (is_told && at_risk(stays, day.max(1)) >= FOLLOWED_MIN).then_some(CurvePoint { month, share, bounds })
    });
    Curve { years, cohort: cohort(stays, is_told), points: points.collect() }
}

fn bounds_at(curve: &Survival, day: u32) -> Option<(f64, f64)> {
    curve.steps[..curve.steps.partition_point(|step| step.age <= day)].last()?.bounds
}

fn months(days: u32) -> f64 {
    f64::from(days) / DAYS_PER_MONTH
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of days, far below what fits")]
fn days(months: u32) -> u32 {
    (f64::from(months) * DAYS_PER_MONTH).round() as u32
}
