use crate::history::{FUTURE, KnownAmounts};
use crate::projection::{Experience, MonthProjection, Projection, mean};
use crate::record::{BackTest, Record, SMALLEST_RECORD, degrees_of_freedom, half_width, relative_error, scale};
use crate::season::FLAT;
use crate::{Forecast, ForecastError, MonthOutlook, Outlook, SegmentHistory, Window};
use grip_reserving::{Averaging, mack};

/// The first cut of a back-test has at least this many months behind it.
const WARM_UP_MONTHS: usize = 6;

/// Seasonal factors are used when they bring the mean square error of the record below this part of that without them:
/// about five percent of the error, so that chance in a few overlapping windows does not decide.
const SEASON_MUST_WIN: f64 = 0.9;

/// Without a record, an error is taken to be at least this part of what has to be forecast.
const LEAST_GUESSED_ERROR: f64 = 0.25;

/// Degrees of freedom of a guessed error: as good as three observations.
const GUESSED_FREEDOM: f64 = 2.0;

/// Forecasts a window of months for every segment and in total, as known at the newest cut, and tests itself at every
/// earlier cut.
///
/// # Formula
/// Per month up to now: declared + Bornhuetter–Ferguson on what is allocated × the realisation at that maturity. Per month
/// to come: allocated × realisation of what was known that far ahead + level × the part that used to come in that was not
/// known that far ahead. The interval is `p50 ± t · σ · remainder` with `σ` the relative error of the same method at
/// earlier cuts. In full in `docs/methods/year-end-forecast.md`.
/// # Source
/// Bornhuetter and Ferguson (1972) for the past; Tashman, L. J. (2000), Out-of-sample tests of forecasting accuracy,
/// International Journal of Forecasting 16(4), 437–450, for the rolling origin. The composition is our own.
/// # Example
/// ```
/// use grip_forecast::{FUTURE, PAST, SegmentHistory, Window, forecast};
/// // Twenty-four months of 100 euro a month, declared one month later; nothing allocated is recorded.
/// let months = 24;
/// let history = SegmentHistory {
///     declared: (0..months).map(|m| (0..months - m).map(|d| if d == 1 { 10_000.0 } else { 0.0 }).collect()).collect(),
///     committed: vec![vec![0.0; PAST + FUTURE + 1]; months],
///     known_declared: (0..months)
///         .map(|c| (1..=FUTURE.min(months - 1 - c)).map(|h| vec![0.0; months - c - h]).collect())
///         .collect(),
/// };
/// // The second year, of which the last month is not declared yet.
/// let result = forecast(&[history], Window { first: 12, last: 23 })?;
/// assert_eq!(result.total.declared, 110_000.0);
/// assert_eq!(result.total.p50, 120_000.0);
/// # Ok::<(), grip_forecast::ForecastError>(())
/// ```
/// # Errors
/// [`ForecastError`] when there is no segment or no month, when the lists do not have the lengths that
/// [`SegmentHistory`] describes, when an amount is not plausible, or when the window is empty or ends too far ahead.
pub fn forecast(segments: &[SegmentHistory], window: Window) -> Result<Forecast, ForecastError> {
    let now = check(segments, window)?;
    let sum = declared_sum(segments);
    let portfolio_amounts = KnownAmounts::new(&sum);
    let cuts = back_test_cuts(window, now);
    let portfolio: Vec<Experience> =
        cuts.iter().chain([&now]).map(|cut| Experience::new(&portfolio_amounts, *cut, None)).collect();
    let plan = Plan { window, now, cuts, portfolio };

    let tested: Vec<SegmentRuns> = segments.iter().map(|segment| run_segment(&plan, segment)).collect();
    let portfolio_now = &plan.portfolio[plan.cuts.len()];
    let outlooks: Vec<Outlook> = tested
        .iter()
        .map(|runs| outlook(&plan, runs, |age| runs.settled[age], runs.guessed.clone(), runs.seasonal))
        .collect();
    let total_runs = sum_of_runs(&plan, &tested, portfolio_now);
    let total = outlook(
        &plan,
        &total_runs,
        |age| portfolio_now.is_settled(age),
        total_runs.guessed.clone(),
        total_runs.seasonal,
    );
    Ok(Forecast { segments: outlooks, total })
}
