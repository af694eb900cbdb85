//! What is out of the ordinary in a monthly series, and since when that could be seen.

use crate::disturbance::{Found, Kind as Shape, search};
use crate::series::Series;

/// What kind of deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalKind {
    /// From some month on, everything is so much higher or lower.
    LevelShift,
    /// From some month on, the series rises or falls so much more a month.
    Trend,
    /// One month is off, and the next are not, or are not there yet: the newest month can't be told from a level shift.
    Outlier,
}

/// A deviation, compared with the course of the series without it: level, slope, season and the other deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// The first month that is different, as a place in the series.
    pub since: usize,
    /// The month at the end of which this was first seen, with what was known then and the values of today.
    pub seen_at: usize,
    /// Of what kind.
    pub kind: SignalKind,
    /// Probability of this deviation against none, by Schwarz's approximation: see `docs/methods/signals.md`.
    pub confidence: f64,
    /// What was to be expected: of a level shift the level without season at `since`, of a trend the change per month, of an outlier
    /// the value with its season.
    pub before: f64,
    /// What came instead.
    pub after: f64,
    /// `after - before`, in the unit of the series, for a trend per month.
    pub size: f64,
    /// 95 % interval of `size`, lower and upper end; `since` is taken as known.
    pub interval: (f64, f64),
}

/// How sure a deviation must be to be signalled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Size in standard errors, as a standard normal value, of an outlier.
    pub outlier: f64,
    /// The same of a level shift or a trend.
    pub change: f64,
}

impl Thresholds {
    /// At most one false alarm in ten years of monthly looks at a series whose errors are normal, with a correlation of at most 0.5 from month
    /// to month: `docs/methods/signals.md` says how that was measured.
    pub const DEFAULT: Self = Self { outlier: 3.75, change: 4.1 };
}

/// What was signalled at the end of a month.
#[derive(Debug, Clone, PartialEq)]
pub struct AsOf {
    /// The newest month that was known, as a place in the series.
    pub month: usize,
    /// What was signalled with it, in order of `since`.
    pub signals: Vec<Signal>,
}

/// Two level shifts that are no more months apart are the same one, placed better.
const SAME_SHIFT_MONTHS: usize = 2;
/// The same of two trends, whose begin is harder to place.
const SAME_TREND_MONTHS: usize = 6;

/// A deviation that was seen before.
struct Seen {
    kind: SignalKind,
    since: usize,
    seen_at: usize,
}

/// What stands out at the end of the series, in order of `since`, with the month in which each was first seen.
///
/// Needs two seasons of known values, or twelve values where there is no season; fewer give no signals. Unknown months are passed
/// over, and at the end of the series they are no news. Time grows with the third power of the number of months: of ten years it takes
/// some hundredths of a second, and beyond thirty [`look`] is what can be afforded.
pub fn signals(series: Series<'_>, thresholds: &Thresholds) -> Vec<Signal> {
    replay(series, thresholds).pop().map_or_else(Vec::new, |last| last.signals)
}

/// The same without the past: `seen_at` is the last known month.
pub fn look(series: Series<'_>, thresholds: &Thresholds) -> Vec<Signal> {
    let known = |value: &Option<f64>| value.is_some_and(f64::is_finite);
    let last = series.values.iter().rposition(known).unwrap_or(0);
    search(series, thresholds).iter().map(|found| Signal { seen_at: last, ..Signal::of(found) }).collect()
}

/// What would have been signalled at the end of every month that has a value, with nothing known of later ones: for how early a
/// change was seen, and how many alarms were false.
///
/// Values are those of today: where they are corrected later, what was known then has to be asked for per month.
pub fn replay(series: Series<'_>, thresholds: &Thresholds) -> Vec<AsOf> {
    let mut past: Vec<AsOf> = Vec::new();
    let mut seen: Vec<Seen> = Vec::new();
    for month in 0..series.values.len() {
        if !series.values[month].is_some_and(f64::is_finite) {
            continue;
        }
        let known = Series { values: &series.values[..=month], season: series.season };
        let mut signals = look(known, thresholds);
        signals.iter_mut().for_each(|signal| signal.seen_at = first_seen(signal, month, &mut seen));
        past.push(AsOf { month, signals });
    }
    past
}

/// The alarms of a replay, each when it was first raised: whether they still stand or not.
pub fn alarms(replay: &[AsOf]) -> Vec<Signal> {
    let first = |as_of: &AsOf| {
        let month = as_of.month;
        as_of.signals.iter().copied().filter(move |signal| signal.seen_at == month).collect::<Vec<Signal>>()
    };
    replay.iter().flat_map(first).collect()
}

/// The month in which this was seen first, remembered from now on if that is now.
fn first_seen(signal: &Signal, month: usize, seen: &mut Vec<Seen>) -> usize {
    let apart = match signal.kind {
        SignalKind::Outlier => 0,
        SignalKind::LevelShift => SAME_SHIFT_MONTHS,
        SignalKind::Trend => SAME_TREND_MONTHS,
    };
    let same = seen.iter_mut().filter(|seen| seen.kind == signal.kind && seen.since.abs_diff(signal.since) <= apart);
    if let Some(same) = same.min_by_key(|seen| seen.since.abs_diff(signal.since)) {
        // Where a change is placed may move as months come in, by a little at a time.
        same.since = signal.since;
        return same.seen_at;
    }
    seen.push(Seen { kind: signal.kind, since: signal.since, seen_at: month });
    month
}

impl Signal {
    fn of(found: &Found) -> Self {
        Self {
            since: found.since,
            seen_at: found.since,
            kind: match found.kind {
                Shape::Pulse => SignalKind::Outlier,
                Shape::Step => SignalKind::LevelShift,
                Shape::Ramp => SignalKind::Trend,
            },
            confidence: found.confidence,
            before: found.before,
            after: found.before + found.size,
            size: found.size,
            interval: (found.size - found.reach, found.size + found.reach),
        }
    }
}
