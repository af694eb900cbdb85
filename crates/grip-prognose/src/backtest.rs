//! The forecast as it would have been made on earlier days, beside what controllers do without one, and what it became.

use std::collections::{BTreeMap, BTreeSet};

use grip_forecast::{Outlook, SegmentHistory};
use grip_types::{Bedrag, Date, Maand};
use serde::Serialize;

use crate::{Facts, Grid, Segment, prognose};

/// Months after the end of a year at which it is told what it became: providers account for a year before 1 April.
const SETTLED_AFTER_MONTHS: i32 = 3;

/// Who says what a year will cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The forecast of `grip-forecast`.
    Grip,
    /// What is paid, times twelve over the months that have passed.
    PaidRunRate,
    /// What is paid, and the budget of the months to come.
    PaidAndBudget,
    /// Paid chain ladder for the months that have passed, and their latest mean for those to come.
    ChainLadder,
    /// Last year times growth: paid so far, over what was paid a year before for the same months.
    LastYear,
}

impl Method {
    /// All of them, Grip first.
    pub const ALL: [Self; 5] = [Self::Grip, Self::PaidRunRate, Self::PaidAndBudget, Self::ChainLadder, Self::LastYear];
}

/// What was said at one month-end of the year it lies in. Eurocents.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The month-end as of which everything was known.
    #[serde(serialize_with = "shown")]
    pub peildatum: Date,
    /// Year that is forecast.
    pub jaar: i16,
    /// Law; none for the total.
    pub wet: Option<&'static str>,
    /// ProductCategorie; none for the total.
    pub productcategorie: Option<String>,
    /// Declared over the year by then.
    pub declared: i64,
    /// Lower end of the 80 % interval.
    pub p10: i64,
    /// The forecast.
    pub p50: i64,
    /// Upper end of the 80 % interval.
    pub p90: i64,
    /// See [`Method::PaidRunRate`].
    pub paid_run_rate: i64,
    /// See [`Method::PaidAndBudget`]; none without a budget.
    pub paid_and_budget: Option<i64>,
    /// See [`Method::ChainLadder`].
    pub chain_ladder: i64,
    /// See [`Method::LastYear`]; none in a first year.
    pub last_year: Option<i64>,
    /// What the year became, as known now: declared and, of a young year, what is expected still.
    pub actual: i64,
    /// Whether three months have passed since the end of the year: only then the row counts in a score.
    pub settled: bool,
}

impl Row {
    /// What a method said.
    #[must_use]
    pub fn said(&self, method: Method) -> Option<i64> {
        match method {
            Method::Grip => Some(self.p50),
            Method::PaidRunRate => Some(self.paid_run_rate),
            Method::PaidAndBudget => self.paid_and_budget,
            Method::ChainLadder => Some(self.chain_ladder),
            Method::LastYear => self.last_year,
        }
    }

    fn holds(&self) -> bool {
        (self.p10..=self.p90).contains(&self.actual)
    }
}

/// How far off a method was at the ends of one month, over all years.
#[derive(Debug, Clone, Serialize)]
pub struct Score {
    /// Month of the year, 1 to 12.
    pub maand: i8,
    /// `total`, `segments` (all of them together) or `segment`.
    pub level: &'static str,
    /// Law of a segment.
    pub wet: Option<&'static str>,
    /// ProductCategorie of a segment.
    pub productcategorie: Option<String>,
    /// Method.
    pub method: Method,
    /// Years, or years of segments, that count.
    pub rows: usize,
    /// `Σ |said − actual| / n`, in eurocents.
    pub mean_absolute_error: i64,
    /// `Σ |said − actual| / Σ actual`.
    pub relative_error: Option<f64>,
    /// `Σ (said − actual) / Σ actual`: above zero is too high.
    pub bias: Option<f64>,
    /// Share of outcomes in the 80 % interval; only of Grip's own.
    pub coverage: Option<f64>,
}

/// What was said at every month-end of a period, and how far off that was.
#[derive(Debug, Clone, Serialize)]
pub struct Backtest {
    /// Municipality.
    pub gemeente: String,
    /// Always `eurocent`: the unit of every amount.
    pub unit: &'static str,
    /// The last day on which anything was received: what the years became is as known then.
    #[serde(serialize_with = "shown")]
    pub known_until: Date,
    /// Per month-end the segments, and the total.
    pub rows: Vec<Row>,
    /// Per month of the year and method.
    pub scores: Vec<Score>,
}

/// Makes the forecast of the year at every month-end of a period, as it would have been made then.
///
/// Each month-end stands by itself and is made on one of the processors; what comes out does not depend on how many there are.
/// `progress` is told how many are done.
#[must_use]
pub fn backtest(facts: &Facts, from: Maand, to: Maand, progress: impl Fn(usize, usize) + Sync) -> Option<Backtest> {
    let months: Vec<Maand> = (from.index()..=to.index()).map(Maand::from_index).collect();
    backtest_at(facts, &months, progress)
}

/// As [`backtest`], at the ends of these months only.
#[must_use]
pub fn backtest_at(facts: &Facts, months: &[Maand], progress: impl Fn(usize, usize) + Sync) -> Option<Backtest> {
    let received = facts.prestaties.iter().map(|fact| fact.line.received);
    let known_until = received.chain(facts.toewijzingen.values().flatten().map(|version| version.received)).max()?;
    let last = Maand::of(known_until);
    // A month-end after the last thing that is known is no look back.
    let months: Vec<Maand> = months.iter().copied().filter(|maand| *maand <= last).collect();
    let years: BTreeSet<i16> = months.iter().map(|maand| maand.year()).collect();
    let outcomes: BTreeMap<i16, Outcome> =
        years.into_iter().map(|jaar| (jaar, outcome(facts, jaar, known_until))).collect();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some(maand) = months.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let settled = last.index() - Maand::new(maand.year(), 12).index() >= SETTLED_AFTER_MONTHS;
            found.push((*maand, at_month_end(facts, *maand, &outcomes[&maand.year()], settled)));
            progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, months.len());
        }
        found
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut found: Vec<(Maand, Vec<Row>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a forecast does not panic")).collect()
    });
    found.sort_by_key(|(maand, _)| *maand);
    let rows: Vec<Row> = found.into_iter().flat_map(|(_, rows)| rows).collect();
    let scores = scores(&rows);
    Some(Backtest { gemeente: facts.gemeente.to_string(), unit: "eurocent", known_until, rows, scores })
}

/// What a year became, per segment and in total.
type Outcome = BTreeMap<Option<Segment>, i64>;

fn outcome(facts: &Facts, jaar: i16, known_until: Date) -> Outcome {
    let Ok(made) = prognose(facts, jaar, known_until) else { return Outcome::new() };
    let segments = made.segments.into_iter().map(Some).zip(&made.forecast.segments);
    segments.chain([(None, &made.forecast.total)]).map(|(segment, outlook)| (segment, cents(outlook.p50))).collect()
}

fn at_month_end(facts: &Facts, maand: Maand, outcome: &Outcome, settled: bool) -> Vec<Row> {
    let (jaar, peildatum) = (maand.year(), maand.last_day());
    let Ok(made) = prognose(facts, jaar, peildatum) else { return Vec::new() };
    let mut rows: Vec<Row> = Vec::new();
    for (at, segment) in made.segments.iter().enumerate() {
        let budget = made.budget.get(&(segment.0, Some(segment.1.clone()))).copied();
        let naive = Naive::new(&made.histories[at], &made.grid, maand, budget);
        rows.push(Row {
            wet: Some(segment.0.as_str()),
            productcategorie: Some(segment.1.to_string()),
            actual: outcome.get(&Some(segment.clone())).copied().unwrap_or_default(),
            settled,
            ..row(jaar, peildatum, &made.forecast.segments[at], &naive)
        });
    }
    let naive = Naive {
        paid_run_rate: rows.iter().map(|row| row.paid_run_rate).sum(),
        paid_and_budget: rows.iter().map(|row| row.paid_and_budget).sum(),
        last_year: rows.iter().map(|row| row.last_year).sum(),
    };
    let actual = outcome.get(&None).copied().unwrap_or_default();
    rows.push(Row { actual, settled, ..row(jaar, peildatum, &made.forecast.total, &naive) });
    rows
}

fn row(jaar: i16, peildatum: Date, outlook: &Outlook, naive: &Naive) -> Row {
    Row {
        peildatum,
        jaar,
        wet: None,
        productcategorie: None,
        declared: cents(outlook.declared),
        p10: cents(outlook.p10),
        p50: cents(outlook.p50),
        p90: cents(outlook.p90),
        paid_run_rate: naive.paid_run_rate,
        paid_and_budget: naive.paid_and_budget,
        chain_ladder: cents(outlook.chain_ladder_run_rate),
        last_year: naive.last_year,
        actual: 0,
        settled: false,
    }
}

/// What those say who look at what is paid.
struct Naive {
    paid_run_rate: i64,
    paid_and_budget: Option<i64>,
    last_year: Option<i64>,
}

impl Naive {
    fn new(history: &SegmentHistory, grid: &Grid, maand: Maand, budget: Option<i64>) -> Self {
        let passed = i32::from(maand.month());
        let now = grid.index(maand);
        // Paid for the first months of a year, as known at a cut.
        let paid = |jaar: i16, months: i32, cut: i64| -> f64 {
            let first = grid.index(Maand::new(jaar, 1));
            let known = |month: i64| {
                let row = usize::try_from(month).ok().and_then(|month| history.declared.get(month));
                let count = usize::try_from(cut - month + 1).unwrap_or_default();
                row.map_or(0.0, |row| row.iter().take(count).sum())
            };
            (first..first + i64::from(months)).map(known).sum()
        };
        let so_far = paid(maand.year(), passed, now);
        let before = paid(maand.year() - 1, passed, now - 12);
        let whole_before = paid(maand.year() - 1, 12, now);
        Self {
            paid_run_rate: cents(so_far * 12.0 / f64::from(passed)),
            paid_and_budget: budget.map(|budget| cents(so_far) + budget * i64::from(12 - passed) / 12),
            last_year: (before > 0.0).then(|| cents(whole_before * so_far / before)),
        }
    }
}

fn shown<S: serde::Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

fn cents(amount: f64) -> i64 {
    Bedrag::from_f64(amount).cents
}

fn scores(rows: &[Row]) -> Vec<Score> {
    type Level = (&'static str, Option<&'static str>, Option<String>);
    let mut groups: BTreeMap<(i8, Level), Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.settled) {
        let maand = row.peildatum.month();
        let levels: Vec<Level> = match &row.productcategorie {
            None => vec![("total", None, None)],
            Some(categorie) => {
                vec![("segments", None, None), ("segment", row.wet, Some(categorie.clone()))]
            }
        };
        for level in levels {
            groups.entry((maand, level)).or_default().push(row);
        }
    }
    let mut scores = Vec::new();
    for ((maand, (level, wet, productcategorie)), rows) in groups {
        for method in Method::ALL {
            let score = score(&rows, method);
            scores.extend(score.map(|score| Score {
                maand,
                level,
                wet,
                productcategorie: productcategorie.clone(),
                ..score
            }));
        }
    }
    scores
}

#[expect(clippy::cast_precision_loss, reason = "a share of amounts below 2^53 eurocents")]
fn score(rows: &[&Row], method: Method) -> Option<Score> {
    let pairs: Vec<(i64, i64)> = rows.iter().filter_map(|row| Some((row.said(method)?, row.actual))).collect();
    let count = i64::try_from(pairs.len()).ok().filter(|count| *count > 0)?;
    let absolute: i64 = pairs.iter().map(|(said, actual)| (said - actual).abs()).sum();
    let signed: i64 = pairs.iter().map(|(said, actual)| said - actual).sum();
    let size: i64 = pairs.iter().map(|(_, actual)| actual.abs()).sum();
    let share = |amount: i64| (size > 0).then(|| amount as f64 / size as f64);
    let held = rows.iter().filter(|row| row.holds()).count();
    Some(Score {
        maand: 0,
        level: "",
        wet: None,
        productcategorie: None,
        method,
        rows: pairs.len(),
        mean_absolute_error: absolute / count,
        relative_error: share(absolute),
        bias: share(signed),
        coverage: (method == Method::Grip).then(|| held as f64 / rows.len() as f64),
    })
}
