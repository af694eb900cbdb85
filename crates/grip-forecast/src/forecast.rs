use crate::calibration::Pool;
use crate::history::{FUTURE, KnownAmounts};
use crate::notice::{Notice, Seen, notices};
use crate::projection::{Experience, MonthProjection, Projection, learn_together, mean};
use crate::provider::Late;
use crate::record::{
    BackTest, Record, SizedError, chance_in_rates, degrees_of_freedom, half_width, relative_error, scale, weight,
};
use crate::{Forecast, ForecastError, Method, MonthOutlook, Outlook, SegmentHistory, Window};
use grip_reserving::{Averaging, mack};

/// The first cut of a back-test has at least this many months behind it.
const WARM_UP_MONTHS: usize = 6;

/// With fewer cuts than this nothing is chosen by them.
const CUTS_TO_CHOOSE: usize = 18;

/// Another method must have erred less than this part of what the composed forecast did.
const MUCH_BETTER: f64 = 0.6;

/// A remainder that is smaller than this part of a change is not scaled by it.
const SMALLEST_REMAINDER: f64 = 0.1;

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
/// use grip_forecast::{SegmentHistory, Window, forecast};
/// // Twenty-four months of 100 euro a month, declared one month later; nothing allocated is recorded.
/// let months = 24;
/// let history = SegmentHistory {
///     declared: (0..months).map(|m| (0..months - m).map(|d| if d == 1 { 10_000.0 } else { 0.0 }).collect()).collect(),
///     ..SegmentHistory::empty(months)
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
pub fn forecast(histories: &[SegmentHistory], window: Window) -> Result<Forecast, ForecastError> {
    let now = check(histories, window)?;
    let sum = declared_sum(histories);
    let portfolio_amounts = KnownAmounts::new(&sum);
    let cuts = back_test_cuts(window, now);
    let portfolio: Vec<Experience> =
        cuts.iter().chain([&now]).map(|cut| Experience::new(&portfolio_amounts, *cut, None)).collect();
    let plan = Plan { window, now, cuts, portfolio };

    let amounts: Vec<KnownAmounts> = histories.iter().map(KnownAmounts::new).collect();
    let mut segments = run_segments(&plan, &amounts);
    for runs in &mut segments {
        choose(&plan, runs);
    }
    let total = sum_of_runs(&plan, &segments);
    let record_of = |runs: &Runs| record(&plan, &runs.tests, &runs.actual, runs.settled_from);
    let records: Vec<Record> = segments.iter().map(record_of).collect();
    let pool = Pool::new(&records, overlap_months(&plan, total.settled_from));
    let outlooks = segments.iter().zip(records).zip(&amounts).map(|((runs, record), amounts)| {
        let outlook = outlook(&plan, runs, record, pool);
        Outlook { noticed: noticed(&plan, amounts, runs, &outlook), ..outlook }
    });
    Ok(Forecast { segments: outlooks.collect(), total: outlook(&plan, &total, record_of(&total), None) })
}

/// What is the same for every segment.
struct Plan<'a> {
    window: Window,
    now: usize,
    /// The earlier cuts to test at, oldest first.
    cuts: Vec<usize>,
    /// The portfolio as known at each of the cuts, and last as known now.
    portfolio: Vec<Experience<'a>>,
}

impl Plan<'_> {
    /// Window of the same length that lies to an earlier cut as the real one lies to now.
    fn shifted(&self, cut: usize) -> Window {
        let shift = index(self.now - cut);
        Window { first: self.window.first - shift, last: self.window.last - shift }
    }

    /// Months from now to the end of the window.
    fn ahead(&self) -> usize {
        usize::try_from(self.window.last).unwrap_or(0).saturating_sub(self.now)
    }

    fn portfolio_now(&self) -> &Experience<'_> {
        &self.portfolio[self.cuts.len()]
    }
}

/// The method applied at one cut to the window that belongs to it.
#[derive(Clone)]
struct Run {
    cut: usize,
    /// One per month of the window, those before month 0 included.
    months: Vec<MonthProjection>,
    naive_run_rate: f64,
    chain_ladder_run_rate: f64,
}

impl Run {
    /// What a method says of the window.
    fn of(&self, method: Method) -> f64 {
        match method {
            Method::Composed => self.total().ultimate(),
            Method::ChainLadderRunRate => self.chain_ladder_run_rate,
            Method::RunRate => self.naive_run_rate,
        }
    }

    /// Says what another method says: every part that is still to come in the same measure more or less, and all of a difference
    /// to inflow of the last month where nothing is to come.
    fn adopt(&mut self, method: Method) {
        let total = self.total();
        let difference = self.of(method) - total.ultimate();
        let remainder = total.remainder();
        if remainder.abs() > difference.abs() * SMALLEST_REMAINDER {
            let factor = 1.0 + difference / remainder;
            for month in &mut self.months {
                month.ibnr *= factor;
                month.open_commitments *= factor;
                month.inflow *= factor;
            }
        } else if let Some(last) = self.months.last_mut() {
            last.inflow += difference;
        }
    }

    /// The sum over the window.
    fn total(&self) -> MonthProjection {
        let mut total = MonthProjection::default();
        for month in &self.months {
            total.add(month);
        }
        total
    }
}

/// Everything known of one segment, or of the total, from which its outlook follows.
struct Runs {
    now: Run,
    /// The same method at earlier cuts.
    tests: Vec<Run>,
    /// Ultimate of each month of the grid as known now.
    actual: Vec<f64>,
    /// The age from which a month counts as an outcome.
    settled_from: usize,
    /// A wide standard error for the window, and one for each month, for when there is no record.
    guess: Guess,
    seasonal: bool,
    method: Method,
    /// Providers of the segment that are late now; none of the total.
    late: Vec<Late>,
    /// What they owe within the window: the record knows little of it.
    owed: f64,
    /// What ceilings take away.
    beyond_ceiling: f64,
}

#[derive(Clone)]
struct Guess {
    window: f64,
    months: Vec<f64>,
}

/// The newest month, when segments and window can be forecast.
fn check(segments: &[SegmentHistory], window: Window) -> Result<usize, ForecastError> {
    let first = segments.first().ok_or(ForecastError::NoSegments)?;
    for (segment, history) in segments.iter().enumerate() {
        history.check(segment)?;
        if history.months() != first.months() {
            return Err(ForecastError::MonthsDiffer { segment, months: history.months(), expected: first.months() });
        }
    }
    if window.last < window.first {
        return Err(ForecastError::EmptyWindow { first: window.first, last: window.last });
    }
    let now = first.months() - 1;
    if window.last > index(now + FUTURE) {
        return Err(ForecastError::WindowTooFar { last: window.last, now: index(now) });
    }
    Ok(now)
}

/// Cuts whose window lies in the grid, from its first month to its last.
fn back_test_cuts(window: Window, now: usize) -> Vec<usize> {
    (WARM_UP_MONTHS - 1..now)
        .filter(|cut| {
            let shift = index(now - cut);
            window.first - shift >= 0 && window.last - shift <= index(now)
        })
        .collect()
}

/// Declared of all segments together.
fn declared_sum(segments: &[SegmentHistory]) -> SegmentHistory {
    let mut sum = SegmentHistory { declared: segments[0].declared.clone(), ..SegmentHistory::default() };
    for segment in &segments[1..] {
        for (row, other) in sum.declared.iter_mut().zip(&segment.declared) {
            for (amount, other) in row.iter_mut().zip(other) {
                *amount += other;
            }
        }
    }
    sum
}

/// The method applied to every segment: now, and at every earlier cut.
fn run_segments(plan: &Plan, amounts: &[KnownAmounts]) -> Vec<Runs> {
    let experiences_at = |cut: usize, portfolio: &Experience| -> Vec<Experience> {
        amounts.iter().map(|amounts| Experience::new(amounts, cut, Some(portfolio.development()))).collect()
    };
    let experiences = experiences_at(plan.now, plan.portfolio_now());
    let projections = together(&experiences);
    let mut segments: Vec<Runs> = experiences.iter().zip(&projections).map(|(e, p)| runs_now(plan, e, p)).collect();
    for (cut, portfolio) in plan.cuts.iter().zip(&plan.portfolio) {
        let experiences = experiences_at(*cut, portfolio);
        for (runs, projection) in segments.iter_mut().zip(together(&experiences)) {
            runs.tests.push(run(&projection, plan.shifted(*cut)));
        }
    }
    segments
}

fn together<'a>(experiences: &'a [Experience<'a>]) -> Vec<Projection<'a>> {
    let mut projections: Vec<Projection> =
        experiences.iter().map(|experience| Projection::new(experience, experience.season())).collect();
    learn_together(&mut projections);
    projections
}

fn runs_now(plan: &Plan, experience: &Experience, projection: &Projection) -> Runs {
    let now = run(projection, plan.window);
    let is_owed = |late: &&Late| (plan.window.first..=plan.window.last).contains(&index(late.month));
    Runs {
        tests: Vec::new(),
        actual: (0..=plan.now).map(|month| projection.month(index(month)).ultimate()).collect(),
        settled_from: settled_from(experience),
        guess: guess(experience, plan.window, &now),
        seasonal: projection.is_seasonal(),
        method: Method::Composed,
        late: experience.late().to_vec(),
        beyond_ceiling: experience.beyond_ceiling(),
        owed: experience.late().iter().filter(is_owed).map(|late| late.usual - late.declared).sum(),
        now,
    }
}

/// Adds the segments up, cut by cut: so the errors of the total hold whatever makes segments move together.
fn sum_of_runs(plan: &Plan, segments: &[Runs]) -> Runs {
    let sum_run = |of: &dyn Fn(&Runs) -> Run| {
        let mut runs = segments.iter().map(of);
        let first = runs.next().expect("at least one segment was checked");
        runs.fold(first, |mut sum, run| {
            for (month, other) in sum.months.iter_mut().zip(&run.months) {
                month.add(other);
            }
            sum.naive_run_rate += run.naive_run_rate;
            sum.chain_ladder_run_rate += run.chain_ladder_run_rate;
            sum
        })
    };
    Runs {
        now: sum_run(&|runs| runs.now.clone()),
        tests: (0..plan.cuts.len()).map(|cut| sum_run(&|runs| runs.tests[cut].clone())).collect(),
        actual: (0..=plan.now).map(|month| segments.iter().map(|runs| runs.actual[month]).sum()).collect(),
        settled_from: settled_from(plan.portfolio_now()),
        // Without a record nothing is known of how segments move together, so they are taken to move as one.
        guess: Guess {
            window: segments.iter().map(|runs| runs.guess.window).sum(),
            months: (0..segments[0].guess.months.len())
                .map(|month| segments.iter().map(|runs| runs.guess.months[month]).sum())
                .collect(),
        },
        seasonal: segments.iter().any(|runs| runs.seasonal),
        method: Method::Composed,
        late: Vec::new(),
        owed: segments.iter().map(|runs| runs.owed).sum(),
        beyond_ceiling: segments.iter().map(|runs| runs.beyond_ceiling).sum(),
    }
}

fn run(projection: &Projection, window: Window) -> Run {
    let experience = projection.experience();
    Run {
        cut: experience.cut(),
        months: (window.first..=window.last).map(|month| projection.month(month)).collect(),
        naive_run_rate: experience.run_rate(window.first, window.last),
        chain_ladder_run_rate: experience.chain_ladder_run_rate(window.first, window.last),
    }
}

/// The youngest age from which on every month counts as an outcome.
fn settled_from(experience: &Experience) -> usize {
    let ages = experience.development().ages();
    (0..ages).rev().take_while(|age| experience.is_settled(*age)).last().unwrap_or(ages)
}

/// Takes another method for a segment in which it did much better at the earlier cuts, those of the last year counting double.
fn choose(plan: &Plan, runs: &mut Runs) {
    let tests: Vec<&Run> = runs.tests.iter().filter(|run| is_outcome(plan, run, runs.settled_from)).collect();
    if tests.len() < CUTS_TO_CHOOSE {
        return;
    }
    let error = |method: Method| -> f64 {
        let error = |run: &&Run| {
            let window = plan.shifted(run.cut);
            let actual: f64 = (window.first..=window.last).map(|month| actual_of(&runs.actual, month)).sum();
            weight(plan.now - run.cut) * (run.of(method) - actual).abs()
        };
        tests.iter().map(error).sum()
    };
    let own = error(Method::Composed);
    let best = [Method::ChainLadderRunRate, Method::RunRate].map(|method| (error(method), method));
    let Some((error, method)) = best.into_iter().min_by(|one, other| one.0.total_cmp(&other.0)) else { return };
    if error < MUCH_BETTER * own {
        runs.method = method;
        runs.now.adopt(method);
        runs.tests.iter_mut().for_each(|run| run.adopt(method));
    }
}

/// Whether the last month of a test's window is an outcome by now.
fn is_outcome(plan: &Plan, run: &Run, settled_from: usize) -> bool {
    index(plan.now) - plan.shifted(run.cut).last >= index(settled_from)
}

fn record(plan: &Plan, tests: &[Run], actual: &[f64], settled_from: usize) -> Record {
    let cuts = tests
        .iter()
        .filter(|run| is_outcome(plan, run, settled_from))
        .map(|run| {
            let window = plan.shifted(run.cut);
            let total = run.total();
            BackTest {
                cut: run.cut,
                declared: total.declared,
                forecast: total.ultimate(),
                naive_run_rate: run.naive_run_rate,
                chain_ladder_run_rate: run.chain_ladder_run_rate,
                actual: (window.first..=window.last).map(|month| actual_of(actual, month)).sum(),
            }
        })
        .collect();
    Record::new(cuts, overlap_months(plan, settled_from), plan.ahead())
}

fn actual_of(actual: &[f64], month: i64) -> f64 {
    usize::try_from(month).ok().and_then(|month| actual.get(month)).copied().unwrap_or(0.0)
}

/// Over how many months the part that had to be forecast extends: those to come, and those not settled yet.
fn overlap_months(plan: &Plan, settled_from: usize) -> usize {
    (plan.ahead() + settled_from).max(1)
}

fn outlook(plan: &Plan, runs: &Runs, record: Record, pool: Option<Pool>) -> Outlook {
    let parts = runs.now.total();
    let p50 = parts.ultimate();
    let relative = record.relative_error();
    let width_from_record = relative.is_some();
    let (standard_error, freedom) = match relative {
        Some(relative) => {
            let freedom = degrees_of_freedom(record.cuts.len(), overlap_months(plan, runs.settled_from));
            let size = scale(parts.remainder(), p50) * chance_in_rates(plan.now, plan.ahead());
            let (relative, freedom) = pool.map_or((relative, freedom), |pool| pool.help(Some(relative), freedom, size));
            (pool.map_or(1.0, |pool| pool.factor()) * relative * size, freedom)
        }
        None => (runs.guess.window, GUESSED_FREEDOM),
    };
    let standard_error = standard_error.hypot(LEAST_GUESSED_ERROR * runs.owed).hypot(runs.beyond_ceiling);
    let half_width = half_width(freedom);
    let (p10, p90) = interval(p50, half_width * standard_error);
    let months = (plan.window.first..=plan.window.last)
        .zip(runs.now.months.iter().enumerate())
        .filter(|(month, _)| *month >= 0)
        .map(|(month, (offset, projection))| {
            let error = month_error(plan, runs, offset).unwrap_or(runs.guess.months[offset]);
            month_outlook(month, projection, half_width * error)
        })
        .collect();
    Outlook {
        declared: parts.declared,
        ibnr: parts.ibnr,
        open_commitments: parts.open_commitments,
        inflow: parts.inflow,
        p10,
        p50,
        p90,
        months,
        naive_run_rate: runs.now.naive_run_rate,
        chain_ladder_run_rate: runs.now.chain_ladder_run_rate,
        record,
        standard_error,
        degrees_of_freedom: freedom,
        width_from_record,
        seasonal: runs.seasonal,
        method: runs.method,
        noticed: Vec::new(),
    }
}

fn noticed(plan: &Plan, amounts: &KnownAmounts, runs: &Runs, outlook: &Outlook) -> Vec<Notice> {
    let months: Vec<f64> = runs.now.months.iter().map(MonthProjection::ultimate).collect();
    notices(&Seen {
        amounts,
        late: &runs.late,
        now: plan.now,
        first: plan.window.first,
        months: &months,
        standard_error: outlook.standard_error,
        method: outlook.method,
    })
}

fn month_outlook(month: i64, projection: &MonthProjection, half_width: f64) -> MonthOutlook {
    let (p10, p90) = interval(projection.ultimate(), half_width);
    MonthOutlook {
        month,
        declared: projection.declared,
        ibnr: projection.ibnr,
        open_commitments: projection.open_commitments,
        inflow: projection.inflow,
        p10,
        p90,
    }
}

/// Standard error of one month of the window, from the errors at the same place in the windows of earlier cuts. None
/// without a record.
fn month_error(plan: &Plan, runs: &Runs, offset: usize) -> Option<f64> {
    let errors = runs.tests.iter().filter(|run| is_outcome(plan, run, runs.settled_from)).map(|run| {
        let month = &run.months[offset];
        let forecast = month.ultimate();
        let actual = actual_of(&runs.actual, plan.shifted(run.cut).first + index(offset));
        SizedError {
            cut: run.cut,
            error: actual - forecast,
            scale: scale(month.remainder(), forecast) * chance_in_rates(run.cut, plan.ahead()),
        }
    });
    let now = &runs.now.months[offset];
    relative_error(errors)
        .map(|relative| relative * scale(now.remainder(), now.ultimate()) * chance_in_rates(plan.now, plan.ahead()))
}

/// Both ends around a middle. Costs are not below zero, unless the middle is.
fn interval(middle: f64, half_width: f64) -> (f64, f64) {
    ((middle - half_width).max(middle.min(0.0)), middle + half_width)
}

/// A wide standard error where there is no record: of months that have come Mack's standard error, between a quarter of
/// what is still to be declared and all of it; of months to come the relative variation of the monthly ultimates, at least
/// a quarter. Months are taken to move as one.
fn guess(experience: &Experience, window: Window, run: &Run) -> Guess {
    let mack = mack(experience.triangle(), Averaging::AllOrigins);
    let ultimates: Vec<f64> = experience.latest_ultimates().collect();
    let level = mean(ultimates.iter().copied());
    let variance = mean(ultimates.iter().map(|ultimate| (ultimate - level).powi(2)));
    let variation = if level > 0.0 { (variance.sqrt() / level).clamp(LEAST_GUESSED_ERROR, 1.0) } else { 1.0 };
    let errors = (window.first..=window.last).zip(&run.months).map(|(month, projection)| {
        let mack =
            usize::try_from(month).ok().and_then(|month| mack.origins.get(month)).map_or(0.0, |error| error.total);
        let open = projection.ibnr.abs();
        let past = mack.clamp(LEAST_GUESSED_ERROR * open, open);
        past + variation * (projection.open_commitments + projection.inflow)
    });
    let months: Vec<f64> = errors.collect();
    Guess { window: months.iter().sum(), months }
}

/// An index of the grid, as months of a window are counted.
fn index(month: usize) -> i64 {
    i64::try_from(month).expect("a grid of months fits in 63 bits")
}
