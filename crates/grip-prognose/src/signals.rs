//! Change-points and outliers in what a municipality is told month by month: since when, seen when, how sure, how much money.

mod grouped;
mod watched;

use grip_series::{Series, Signal, SignalKind, Thresholds, look};
use grip_types::{Date, Maand, Wet};
use serde::Serialize;

pub use watched::Measure;
use watched::{Part, Tables, Watched};

use crate::Facts;

/// Month-ends that are looked back over: older changes are history.
pub const SIGNAL_MONTHS: usize = 24;
/// Two signals of one series whose first months are no further apart are the same one, placed better.
pub const SAME_SIGNAL_MONTHS: i32 = 3;
/// Alarms per series and year that are false, at most: see `docs/methods/signals.md`.
pub const FALSE_ALARMS_PER_SERIES: f64 = 0.1;
/// Least number of persons or allocations in a month of a series: fewer jump by nature.
const COUNT_MIN: f64 = 10.0;
/// Counts of persons below this are not told.
const TOLD_FROM: f64 = 10.0;
/// Least known months.
const MONTHS_MIN: usize = 24;
/// Least change that matters beside what was to be expected: of a level or trend in a year, and of one month.
const CHANGE_MIN: f64 = 0.02;
const OUTLIER_MIN: f64 = 0.05;
/// Least money of a signal, in a year or of one month, beside all that was declared in the last twelve known months.
const MONEY_MIN: f64 = 0.002;

/// What stands out in a municipality, as known at the last month-end before a day.
#[derive(Debug, Clone, Serialize)]
pub struct Signals {
    /// Municipality.
    pub gemeente: String,
    /// Day as of which everything is known.
    pub peildatum: String,
    /// The last whole month that was looked at; none when there is none.
    pub last_month: Option<String>,
    /// Always `eurocent`: the unit of every amount.
    pub unit: &'static str,
    /// How many series were looked at.
    pub series: usize,
    /// False alarms a year to be expected of all series together, at most.
    pub false_alarms_per_year: f64,
    /// The signals, the most money first.
    pub signals: Vec<SignalLine>,
}

/// What a series is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeriesName {
    /// What is measured: [`Measure::as_str`].
    pub measure: &'static str,
    /// Law; none for both together.
    pub wet: Option<&'static str>,
    /// ProductCategorie.
    pub productcategorie: Option<String>,
    /// Provider.
    pub aanbieder: Option<String>,
    /// Name of the category or the provider, when it has one.
    pub naam: Option<String>,
}

/// A deviation in one series.
#[derive(Debug, Clone, Serialize)]
pub struct Deviation {
    /// Its name: the series, the kind and the first month. Whoever asks for a name with a month a little off gets this.
    pub id: String,
    /// The series.
    pub name: SeriesName,
    /// `level`, `trend` or `outlier`.
    pub kind: &'static str,
    /// The first month that is different.
    pub since: String,
    /// The month at whose end it could first be seen, with what was known then.
    pub seen_at: String,
    /// Probability of the deviation against none.
    pub confidence: f64,
    /// What was to be expected, in the unit of the series; of a trend per month.
    pub before: f64,
    /// What came instead.
    pub after: f64,
    /// 95 % interval of the difference.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Eurocents a year that it makes now; none for one month alone.
    pub per_year: Option<i64>,
    /// Eurocents since it began, up to and including the last month.
    pub to_date: i64,
}

/// One change, in the narrowest series that explains most of it.
#[derive(Debug, Clone, Serialize)]
pub struct SignalLine {
    /// The change.
    #[serde(flatten)]
    pub deviation: Deviation,
    /// The same change in other series.
    pub also: Vec<Deviation>,
    /// The series as known now, from its first month; none where nothing is known yet, or too few persons are behind it.
    pub months: Vec<SeriesMonth>,
}

/// A month of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesMonth {
    /// The month.
    pub maand: String,
    /// Its value: eurocents, a number, or an index.
    pub value: Option<f64>,
    /// What was to be expected without the change, from its first month on.
    pub expected: Option<f64>,
}

/// Whether two names are of one signal: the same series, begun within [`SAME_SIGNAL_MONTHS`] of each other. Of what kind may
/// change as months come in: one month that is off becomes a level.
pub fn is_same_signal(a: &str, b: &str) -> bool {
    apart(a, b).is_some_and(|apart| apart <= SAME_SIGNAL_MONTHS.unsigned_abs())
}

/// Months between the beginnings of two signals of one series.
fn apart(a: &str, b: &str) -> Option<u32> {
    let ((series, since), (other, began)) = (split(a)?, split(b)?);
    (series == other).then(|| since.index().abs_diff(began.index()))
}

impl SignalLine {
    /// Every name it goes by: its own, and those of the same change in other series.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.deviation).chain(&self.also).map(|deviation| deviation.id.as_str())
    }
}

impl Signals {
    /// The signal of a name: itself, or that of the same series that began within [`SAME_SIGNAL_MONTHS`] of it.
    pub fn find(&self, id: &str) -> Option<&SignalLine> {
        let near = |line: &SignalLine| line.ids().filter_map(|own| apart(own, id)).min();
        let near = self.signals.iter().filter_map(|line| Some((near(line)?, line)));
        near.filter(|(apart, _)| *apart <= SAME_SIGNAL_MONTHS.unsigned_abs())
            .min_by_key(|(apart, _)| *apart)
            .map(|(_, line)| line)
    }
}

/// Series and first month of a name.
fn split(id: &str) -> Option<(&str, Maand)> {
    let (front, since) = id.rsplit_once('.')?;
    let (series, _kind) = front.rsplit_once('.')?;
    Some((series, since.parse().ok()?))
}

/// What stands out as known at the end of the last whole month of a day, with the month-end at which each could first be seen.
///
/// # Formula
/// Each series is looked at by [`grip_series::look`] as it was known at the end of the month; what stands out is looked for
/// at the month-ends since it began, each with what was known then. What is too low counts only in months that are as good
/// as complete. Money: of a level `size · worth · 12` a year, of a trend `size · worth · 12 · months since`.
pub fn signals(facts: &Facts, peildatum: Date) -> Signals {
    let month = Maand::of(peildatum);
    let last = if month.last_day() == peildatum { month } else { month.plus(-1) };
    let watched = Watched::of(facts, last);
    let (series, found) = watched.as_ref().map_or_else(Default::default, |watched| all(watched, facts));
    Signals {
        gemeente: facts.gemeente.to_string(),
        peildatum: peildatum.to_string(),
        last_month: watched.as_ref().map(|_| last.to_string()),
        unit: "eurocent",
        series,
        false_alarms_per_year: FALSE_ALARMS_PER_SERIES * count(series),
        signals: grouped::grouped(found),
    }
}

/// How many series there are to look at, and what stands out in them.
fn all(watched: &Watched, facts: &Facts) -> (usize, Vec<Found>) {
    let least =
        watched.parts.first().map_or(0.0, |(_, tables)| MONEY_MIN * 12.0 * watched.recent(tables, Measure::Declaratie));
    let looked: Vec<Looked<'_>> = watched
        .parts
        .iter()
        .flat_map(|(part, tables)| Measure::ALL.map(|measure| Looked::at(watched, (part, tables), measure)))
        .flatten()
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let found = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|first| {
                let mine = looked.iter().skip(first).step_by(threads);
                scope.spawn(move || mine.flat_map(|series| series.deviations(facts, least)).collect::<Vec<Found>>())
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("looking does not panic")).collect()
    });
    (looked.len(), found)
}

/// A series that can be looked at.
struct Looked<'w> {
    watched: &'w Watched,
    part: &'w Part,
    tables: &'w Tables,
    measure: Measure,
    /// As known at the last month-end.
    values: Vec<Option<f64>>,
}

/// A deviation with what it is grouped by.
pub(super) struct Found {
    pub(super) part: Part,
    pub(super) measure: Measure,
    pub(super) kind: SignalKind,
    pub(super) since: Maand,
    pub(super) deviation: Deviation,
    pub(super) months: Vec<SeriesMonth>,
}

impl<'w> Looked<'w> {
    fn at(watched: &'w Watched, (part, tables): (&'w Part, &'w Tables), measure: Measure) -> Option<Self> {
        // What one provider is allotted in a month is a few large amounts: it jumps by nature.
        if measure == Measure::WaardeToewijzingen && part.aanbieder.is_some() {
            return None;
        }
        let values = watched.series(tables, measure, watched.months - 1, false);
        let known: Vec<f64> = values.iter().copied().flatten().collect();
        let mean = known.iter().sum::<f64>() / count(known.len().max(1));
        let persons = match measure {
            Measure::Tarief | Measure::VolumePerClient | Measure::Declaratie => {
                watched.recent(tables, Measure::Clienten)
            }
            Measure::WaardeToewijzingen => watched.recent(tables, Measure::NieuweToewijzingen),
            _ => mean,
        };
        let is_enough = known.len() >= MONTHS_MIN && mean > 0.0 && persons >= COUNT_MIN;
        is_enough.then_some(Self { watched, part, tables, measure, values })
    }

    /// What stands out as known at the end of a month: rises in what is nearly complete, falls in what is complete.
    fn look(&self, known: usize) -> Vec<Signal> {
        let values = |strict| self.watched.series(self.tables, self.measure, known, strict);
        let (all, complete) = (values(false), values(true));
        let ask = |values: &[Option<f64>]| look(Series { values, season: 12 }, &Thresholds::DEFAULT);
        let found = ask(&all);
        let falls = if all == complete { found.clone() } else { ask(&complete) };
        let rises = found.into_iter().filter(|signal| signal.size > 0.0);
        let mut both: Vec<Signal> = rises.chain(falls.into_iter().filter(|signal| signal.size < 0.0)).collect();
        both.retain(|signal| matters(signal, &all));
        both
    }

    /// What stands out now and is worth at least so many eurocents, in a year or of one month.
    fn deviations(&self, facts: &Facts, least: f64) -> Vec<Found> {
        let last = self.watched.months - 1;
        let recent = last.saturating_sub(SIGNAL_MONTHS - 1);
        let standing = self.look(last);
        let mut before: Vec<(usize, Vec<Signal>)> = Vec::new();
        let mut found = Vec::new();
        let is_worth_it = |signal: &&Signal| {
            let (per_year, to_date) = self.money(signal);
            per_year.unwrap_or(to_date).abs() >= least
        };
        for signal in standing.iter().filter(|signal| signal.since >= recent).filter(is_worth_it) {
            let mut seen_at = last;
            for known in signal.since..last {
                if !before.iter().any(|(at, _)| *at == known) {
                    before.push((known, self.look(known)));
                }
                let (_, then) = before.iter().find(|(at, _)| *at == known).expect("it was just looked at");
                if then.iter().any(|other| is_same(signal, other)) {
                    seen_at = known;
                    break;
                }
            }
            found.push(self.found(signal, seen_at, facts));
        }
        found
    }

    fn found(&self, signal: &Signal, seen_at: usize, facts: &Facts) -> Found {
        let since = self.watched.maand(signal.since);
        let (per_year, to_date) = self.money(signal);
        let kind = kind_name(signal.kind);
        let name = name(self.part, self.measure, facts);
        let deviation = Deviation {
            id: format!("{}.{kind}.{since}", series_id(&name)),
            name,
            kind,
            since: since.to_string(),
            seen_at: self.watched.maand(seen_at).to_string(),
            confidence: signal.confidence,
            before: signal.before,
            after: signal.after,
            low: signal.interval.0,
            high: signal.interval.1,
            per_year: per_year.map(cents),
            to_date: cents(to_date),
        };
        Found {
            part: self.part.clone(),
            measure: self.measure,
            kind: signal.kind,
            since,
            deviation,
            months: self.months(signal),
        }
    }

    /// Eurocents a year that it makes now, and since it began.
    fn money(&self, signal: &Signal) -> (Option<f64>, f64) {
        let lasting = count(self.watched.months - signal.since);
        let amount = signal.size * self.worth();
        match signal.kind {
            SignalKind::LevelShift => (Some(12.0 * amount), lasting * amount),
            SignalKind::Trend => (Some(12.0 * lasting * amount), lasting * (lasting + 1.0) / 2.0 * amount),
            SignalKind::Outlier => (None, amount),
        }
    }

    /// Eurocents a month that one of the unit of the series is worth, over the last twelve months that are known.
    fn worth(&self) -> f64 {
        let recent = |measure| self.watched.recent(self.tables, measure);
        let ratio = |of: f64, per: f64| if per > 0.0 { of / per } else { 0.0 };
        match self.measure {
            Measure::Declaratie | Measure::WaardeToewijzingen => 1.0,
            Measure::Clienten | Measure::Tarief | Measure::LopendeToewijzingen | Measure::VolumePerClient => {
                ratio(recent(Measure::Declaratie), recent(self.measure))
            }
            Measure::NieuweToewijzingen | Measure::NieuweClienten => {
                ratio(recent(Measure::WaardeToewijzingen), recent(Measure::NieuweToewijzingen))
            }
        }
    }

    fn months(&self, signal: &Signal) -> Vec<SeriesMonth> {
        let is_told = |value: &f64| !self.measure.is_count() || *value >= TOLD_FROM;
        let without = |at: usize, value: f64| {
            let lasting = count((at + 1).saturating_sub(signal.since));
            match signal.kind {
                SignalKind::LevelShift => value - signal.size,
                SignalKind::Trend => value - signal.size * lasting,
                SignalKind::Outlier => signal.before,
            }
        };
        let is_changed = |at: usize| match signal.kind {
            SignalKind::Outlier => at == signal.since,
            SignalKind::LevelShift | SignalKind::Trend => at >= signal.since,
        };
        let values = self.values.iter().enumerate();
        let month = |(at, value): (usize, &Option<f64>)| SeriesMonth {
            maand: self.watched.maand(at).to_string(),
            value: value.filter(is_told),
            expected: value.filter(|_| is_changed(at)).map(|value| without(at, value)).filter(is_told),
        };
        values.map(month).collect()
    }
}

/// Whether a deviation is large enough to say something about.
fn matters(signal: &Signal, values: &[Option<f64>]) -> bool {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    let level = known.iter().sum::<f64>() / count(known.len().max(1));
    let (change, least) = match signal.kind {
        SignalKind::LevelShift => (signal.size, CHANGE_MIN),
        SignalKind::Trend => (12.0 * signal.size, CHANGE_MIN),
        SignalKind::Outlier => (signal.size, OUTLIER_MIN),
    };
    change.abs() >= least * level
}

/// Whether one is the other, seen at another month-end. A level is seen as an outlier in its first month.
fn is_same(signal: &Signal, other: &Signal) -> bool {
    let apart = signal.since.abs_diff(other.since);
    let same = |apart_max: i32| i32::try_from(apart).is_ok_and(|apart| apart <= apart_max);
    (signal.size > 0.0) == (other.size > 0.0)
        && match (signal.kind, other.kind) {
            (SignalKind::Outlier, SignalKind::Outlier) => apart == 0,
            (SignalKind::LevelShift, SignalKind::LevelShift) => same(SAME_SIGNAL_MONTHS),
            (SignalKind::Trend, SignalKind::Trend) => same(2 * SAME_SIGNAL_MONTHS),
            _ => false,
        }
}

fn kind_name(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::LevelShift => "level",
        SignalKind::Trend => "trend",
        SignalKind::Outlier => "outlier",
    }
}

fn name(part: &Part, measure: Measure, facts: &Facts) -> SeriesName {
    SeriesName {
        measure: measure.as_str(),
        wet: part.wet.map(Wet::as_str),
        productcategorie: part.categorie.as_deref().map(ToOwned::to_owned),
        aanbieder: part.aanbieder.map(|aanbieder| aanbieder.to_string()),
        naam: part.aanbieder.and_then(|aanbieder| facts.namen.get(&aanbieder).cloned()),
    }
}

fn series_id(name: &SeriesName) -> String {
    let categorie = name.productcategorie.as_deref().map(|categorie| {
        categorie.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>()
    });
    let aanbieder = name.aanbieder.as_ref().map(|aanbieder| format!("agb{aanbieder}"));
    let wet = Some(name.wet.unwrap_or("alles").to_owned());
    let parts = [Some(name.measure.to_owned()), wet, categorie, aanbieder];
    parts.into_iter().flatten().collect::<Vec<_>>().join(".")
}

#[expect(clippy::cast_precision_loss, reason = "numbers of months and series")]
fn count(number: usize) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates; amounts of municipalities are below 2^53 eurocents"
)]
fn cents(amount: f64) -> i64 {
    amount.round() as i64
}
