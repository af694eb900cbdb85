//! Who came, left and stayed, how long, who came back, who moved, and what is used together.
//!
//! Care runs as the bouwstenen `zorg`, `traject` and `producttraject` of the catalogue say, so that these answers and the
//! indicators are the same numbers.

mod duration;
mod moves;
mod stacking;

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::Arc,
};

pub use duration::{
    CareDurations, CareSurvival, Cohort, CohortYears, Curve, CurvePoint, DurationRow, StartYear, StayDifference,
};
use grip_indicator::{Dimension, Period, Query, over};
use grip_insight::flow::{PeriodsNotInOrder, Spell, flows, joined};
use grip_messages::verwijzer_naam;
use grip_types::{Date, GemeenteCode, Maand, Periode, Pseudoniem, Wet};
use jiff::ToSpan;
pub use moves::{CareMove, CareMoves, CareReturns, CategoryCost, MoveDirection, ReturnRow};
use serde::Serialize;
pub use stacking::{CareStacking, CostShares, PairRow, StackingRow, TopRow, WijkRow};

use crate::{Columns, Grip, PipelineError, indicators::Workplace, year_end::segment_naam};

/// By what flows can be counted.
pub const FLOW_DIMENSIONS: [Dimension; 5] =
    [Dimension::Wet, Dimension::Productcategorie, Dimension::Aanbieder, Dimension::Verwijzer, Dimension::Wijk];

/// A next allocation that begins this many days after the last day is the same care, as in the bouwsteen `traject`.
pub const RENEWED_WITHIN_DAYS: u16 = 31;
/// In the first months of the data it can't be seen whether care that begins was there before.
const MONTHS_UNTIL_STARTS_ARE_SEEN: i32 = 3;
/// Days of which the care is kept.
const CARES_KEPT: usize = 4;

/// What care is counted by: a law, and a value of a dimension within it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    wet: Wet,
    value: Option<Arc<str>>,
}

type Trajectory = Spell<Pseudoniem, Key>;

/// What was declared for a client in a year, in a category.
struct CostRow {
    jaar: i16,
    key: Key,
    client: Pseudoniem,
    huishouden: Option<Arc<str>>,
    wijk: Option<Arc<str>>,
    cents: i64,
    months: i64,
}

/// The care of one municipality as known on a day.
pub(crate) struct Care {
    of: (GemeenteCode, Date),
    /// Trajectories, in the order of [`FLOW_DIMENSIONS`].
    by: Vec<Vec<Trajectory>>,
    /// Day on which the first allocation was received.
    first_received: Option<Date>,
    /// From this day on it is seen whether care is new.
    starts_seen_from: Option<Date>,
}

/// What the care of one municipality cost, as known on a day.
pub(crate) struct Costs {
    of: (GemeenteCode, Date),
    rows: Vec<CostRow>,
    /// Private households, by year.
    huishoudens: BTreeMap<i16, i64>,
}

/// Answers that were made of care that is kept.
#[derive(Default)]
pub(crate) struct KeptCare {
    cares: VecDeque<Arc<Care>>,
    costs: VecDeque<Arc<Costs>>,
    flows: HashMap<(GemeenteCode, Date, &'static str, Vec<Period>), Arc<CareFlows>>,
    durations: HashMap<(GemeenteCode, Date, i16), Arc<CareDurations>>,
    survivals: HashMap<(GemeenteCode, Date, i16, Option<Wet>, Option<String>), Arc<CareSurvival>>,
    moves: HashMap<(GemeenteCode, Date, i16, Option<Wet>), Arc<CareMoves>>,
    returns: HashMap<(GemeenteCode, Date, i16), Arc<CareReturns>>,
    stackings: HashMap<(GemeenteCode, Date, i16), Arc<CareStacking>>,
}

/// Begin, in, out and end of trajectories in one period, as far as they are shown: what few persons are behind is not, nor what would say
/// it. `begin + inflow = outflow + end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Flow {
    /// Trajectories that ran when the period began.
    pub begin: Option<i64>,
    /// Trajectories that began in it.
    pub inflow: Option<i64>,
    /// Trajectories whose last day lies in it.
    pub outflow: Option<i64>,
    /// Trajectories that run on after it.
    pub end: Option<i64>,
}

impl Flow {
    pub(crate) const NOTHING: Self = Self { begin: Some(0), inflow: Some(0), outflow: Some(0), end: Some(0) };

    /// Whether no trajectory ran in the period.
    pub fn is_nothing(&self) -> bool {
        *self == Self::NOTHING
    }

    /// Whether none of the four is shown.
    pub fn is_withheld(&self) -> bool {
        *self == Self::default()
    }

    /// By how many the stock changed.
    pub fn change(&self) -> Option<i64> {
        let less = |one: Option<i64>, other: Option<i64>| Some(one? - other?);
        less(self.end, self.begin).or_else(|| less(self.inflow, self.outflow))
    }

    fn with(&self, other: &Self, join: fn(i64, i64) -> i64) -> Self {
        let both = |one: Option<i64>, other: Option<i64>| Some(join(one?, other?));
        Self {
            begin: both(self.begin, other.begin),
            inflow: both(self.inflow, other.inflow),
            outflow: both(self.outflow, other.outflow),
            end: both(self.end, other.end),
        }
    }
}

/// The flow of one value of a dimension.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowRow {
    /// `wmo` or `jw`.
    pub wet: &'static str,
    /// The value; none where it is not known, and where the law alone was asked.
    pub value: Option<String>,
    /// The value in Dutch words, where there are some.
    pub naam: Option<String>,
    /// In the order of the periods.
    pub flows: Vec<Flow>,
}

/// All values of a law together, or of both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowTotal {
    /// `wmo` or `jw`; none for both.
    pub wet: Option<&'static str>,
    /// In the order of the periods.
    pub flows: Vec<Flow>,
}

/// Who came, left and stayed, by one dimension over periods.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CareFlows {
    /// Column of the dimension.
    pub by: &'static str,
    /// The periods that had begun on the day, as they were asked for.
    pub periods: Vec<String>,
    /// In the order of law and value.
    pub rows: Vec<FlowRow>,
    /// Of both laws, and of each. By district these are of trajectories under a law: who moved is in two districts and counts once.
    pub totals: Vec<FlowTotal>,
    /// From this day on it is seen whether care is new, `YYYY-MM-DD`; before it, inflow holds what was there already.
    pub starts_seen_from: Option<String>,
}

impl CareFlows {
    /// What is asked of them, per period: everything, a law, or a value as far as its rows are shown.
    pub fn of(&self, wet: Option<Wet>, value: Option<&str>) -> Vec<Flow> {
        let wet = wet.map(|wet| wet.as_str());
        let Some(value) = value else {
            return self
                .totals
                .iter()
                .find(|total| total.wet == wet)
                .map(|total| total.flows.clone())
                .unwrap_or_default();
        };
        let is_asked = |row: &&FlowRow| wet.is_none_or(|wet| wet == row.wet) && row.value.as_deref() == Some(value);
        let rows: Vec<&FlowRow> = self.rows.iter().filter(is_asked).collect();
        let nothing = vec![Flow::NOTHING; self.periods.len()];
        rows.into_iter().fold(nothing, |sums, row| {
            sums.iter().zip(&row.flows).map(|(sum, flow)| sum.with(flow, |sum, flow| sum + flow)).collect()
        })
    }
}

impl CareFlows {
    /// What is left of a total without the rows that are listed; nothing of it where rows have something in common.
    pub fn rest<'f>(&self, total: &Flow, listed: impl IntoIterator<Item = &'f Flow>) -> Flow {
        if self.by == Dimension::Wijk.column() {
            return Flow::default();
        }
        listed.into_iter().fold(*total, |rest, part| rest.with(part, |rest, part| rest - part))
    }
}

impl Grip {
    /// Who came, left and stayed in each period, per value of one of [`FLOW_DIMENSIONS`]. A trajectory is care of one client
    /// under one law and value without a break of more than 31 days, as in the indicators of the theme `verloop`.
    ///
    /// # Errors
    /// [`PipelineError::NoGemeente`], or when the tables can't be read.
    pub fn care_flows(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        by: Dimension,
        periods: &[Period],
    ) -> Result<Arc<CareFlows>, PipelineError> {
        let care = self.care(gemeente, peildatum)?;
        let key = (gemeente, peildatum, by.column(), periods.to_vec());
        if let Some(found) = self.kept().care.flows.get(&key) {
            return Ok(found.clone());
        }
        let facts = self.facts(gemeente)?;
        let mut answer = flows_of(&care, by, periods);
        self.withhold_flows(gemeente, peildatum, by, &mut answer)?;
        if by == Dimension::Aanbieder {
            for row in &mut answer.rows {
                let agb = row.value.as_deref().and_then(|value| value.parse().ok());
                row.naam = agb.and_then(|agb| facts.namen.get(&agb)).cloned();
            }
        }
        let answer = Arc::new(answer);
        self.keep_care(&care, |kept| kept.flows.insert(key, answer.clone()));
        Ok(answer)
    }

    /// How long care lasts for who began in an earlier and in a later period, per category, up to a year.
    ///
    /// # Errors
    /// As [`Grip::care_flows`].
    pub fn care_durations(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        jaar: i16,
    ) -> Result<Arc<CareDurations>, PipelineError> {
        let care = self.care(gemeente, peildatum)?;
        let key = (gemeente, peildatum, jaar);
        if let Some(found) = self.kept().care.durations.get(&key) {
            return Ok(found.clone());
        }
        let answer = Arc::new(duration::durations(&care, jaar));
        self.keep_care(&care, |kept| kept.durations.insert(key, answer.clone()));
        Ok(answer)
    }

    /// The survival curves of one law or category, or of all care.
    ///
    /// # Errors
    /// As [`Grip::care_flows`].
    pub fn care_survival(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        jaar: i16,
        wet: Option<Wet>,
        categorie: Option<&str>,
    ) -> Result<Arc<CareSurvival>, PipelineError> {
        let care = self.care(gemeente, peildatum)?;
        let key = (gemeente, peildatum, jaar, wet, categorie.map(str::to_owned));
        if let Some(found) = self.kept().care.survivals.get(&key) {
            return Ok(found.clone());
        }
        let answer = Arc::new(duration::survival(&care, jaar, wet, categorie));
        // A category that is not there may be any text: of those nothing is kept.
        if answer.curves.iter().any(|curve| curve.cohort.begun != Some(0)) {
            self.keep_care(&care, |kept| kept.survivals.insert(key, answer.clone()));
        }
        Ok(answer)
    }

    /// From which category to which clients went in a year, of one law or of both.
    ///
    /// # Errors
    /// As [`Grip::care_flows`].
    pub fn care_moves(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        jaar: i16,
        wet: Option<Wet>,
    ) -> Result<Arc<CareMoves>, PipelineError> {
        let care = self.care(gemeente, peildatum)?;
        let key = (gemeente, peildatum, jaar, wet);
        if let Some(found) = self.kept().care.moves.get(&key) {
            return Ok(found.clone());
        }
        let costs = self.costs(&care)?;
        let mut answer = moves::moves(&care, &costs, jaar, wet);
        let all = if wet.is_some() { moves::moves(&care, &costs, jaar, None) } else { answer.clone() };
        moves::withhold_moves(&mut answer, &all);
        let answer = Arc::new(answer);
        self.keep_care(&care, |kept| kept.moves.insert(key, answer.clone()));
        Ok(answer)
    }

    /// How many of those whose care ended came back within twelve months, for five years up to one.
    ///
    /// # Errors
    /// As [`Grip::care_flows`].
    pub fn care_returns(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        jaar: i16,
    ) -> Result<Arc<CareReturns>, PipelineError> {
        let care = self.care(gemeente, peildatum)?;
        let key = (gemeente, peildatum, jaar);
        if let Some(found) = self.kept().care.returns.get(&key) {
            return Ok(found.clone());
        }
        let answer = Arc::new(moves::returns(&care, jaar));
        self.keep_care(&care, |kept| kept.returns.insert(key, answer.clone()));
        Ok(answer)
    }

    /// What households use together in a year, and how much of the cost a few carry.
    ///
    /// # Errors
    /// As [`Grip::care_flows`].
    pub fn care_stacking(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        jaar: i16,
    ) -> Result<Arc<CareStacking>, PipelineError> {
        let care = self.care(gemeente, peildatum)?;
        let key = (gemeente, peildatum, jaar);
        if let Some(found) = self.kept().care.stackings.get(&key) {
            return Ok(found.clone());
        }
        let mut answer = stacking::stacking(self.costs(&care)?.as_ref(), jaar);
        self.withhold_stacking(gemeente, peildatum, &mut answer)?;
        let answer = Arc::new(answer);
        self.keep_care(&care, |kept| kept.stackings.insert(key, answer.clone()));
        Ok(answer)
    }

    pub(crate) fn care(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Arc<Care>, PipelineError> {
        let of = (gemeente, peildatum);
        if let Some(found) = self.current().care.cares.iter().find(|care| care.of == of) {
            return Ok(found.clone());
        }
        if !self.gemeenten()?.contains(&gemeente) {
            self.facts(gemeente)?; // Refuses a municipality of which there is nothing at all.
        }
        let (workplace, care) = load(self, gemeente, peildatum)?;
        let care = Arc::new(care);
        self.keep_of(workplace.snapshot(), |kept| {
            kept.care.cares.truncate(CARES_KEPT - 1);
            kept.care.cares.push_front(care.clone());
        });
        Ok(care)
    }

    fn costs(&self, care: &Care) -> Result<Arc<Costs>, PipelineError> {
        if let Some(found) = self.current().care.costs.iter().find(|costs| costs.of == care.of) {
            return Ok(found.clone());
        }
        let (workplace, costs) = load_costs(self, care)?;
        let costs = Arc::new(costs);
        self.keep_of(workplace.snapshot(), |kept| {
            kept.care.costs.truncate(CARES_KEPT - 1);
            kept.care.costs.push_front(costs.clone());
        });
        Ok(costs)
    }

    /// Keeps what was made of this care, unless something was taken in meanwhile.
    fn keep_care<T>(&self, care: &Arc<Care>, keep: impl FnOnce(&mut KeptCare) -> T) {
        let mut kept = self.kept();
        if kept.care.cares.iter().any(|now| Arc::ptr_eq(now, care)) {
            keep(&mut kept.care);
        }
    }
}

impl Care {
    fn peildatum(&self) -> Date {
        self.of.1
    }

    fn trajectories(&self, by: Dimension) -> &[Trajectory] {
        let position = FLOW_DIMENSIONS.iter().position(|known| *known == by);
        position.map_or(&[], |position| self.by[position].as_slice())
    }

    /// The part of a year that is known, or nothing when it had not begun.
    fn year(&self, jaar: i16) -> Option<Periode> {
        let (first, last) = (Maand::new(jaar, 1).first_day(), Maand::new(jaar, 12).last_day());
        (first <= self.peildatum()).then(|| Periode { begin: first, eind: last.min(self.peildatum()) })
    }
}

/// Texts of which each is kept once.
#[derive(Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn of(&mut self, text: Option<&str>) -> Option<Arc<str>> {
        let text = text?;
        if let Some(known) = self.0.get(text) {
            return Some(known.clone());
        }
        let new: Arc<str> = text.into();
        self.0.insert(new.clone());
        Some(new)
    }
}

fn load(grip: &Grip, gemeente: GemeenteCode, peildatum: Date) -> Result<(Arc<Workplace>, Care), PipelineError> {
    let values = || vec![gemeente.to_string()];
    let first = "SELECT MIN(_received_at) FROM toewijzing WHERE gemeente = $1".to_owned();
    let (_, first) = grip.run(gemeente, peildatum, &Query { sql: first, values: values(), bouwstenen: Vec::new() })?;
    let first_received = first.first().filter(|batch| batch.num_rows() > 0).and_then(|batch| Columns(batch).day(0, 0));
    let mut texts = Texts::default();
    let query = over(&grip.catalogue, &["zorg"], &[year_of(peildatum)], peildatum, SPELLS);
    let (workplace, spells) = grip.run(gemeente, peildatum, &Query { values: values(), ..query })?;
    let mut by: Vec<Vec<Trajectory>> = vec![Vec::new(); FLOW_DIMENSIONS.len()];
    for batch in &spells {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let read =
                || Some((columns.wet(0, row)?, columns.client(1, row)?, columns.day(2, row)?, columns.day(3, row)?));
            let Some((wet, client, begin, end)) = read() else { continue };
            let end = Some(end).filter(|end| *end < NO_END);
            for (position, of_dimension) in by.iter_mut().enumerate() {
                // The first dimension is the law itself.
                let value = (position > 0).then(|| texts.of(columns.text(3 + position, row))).flatten();
                of_dimension.push(Spell { client, key: Key { wet, value }, begin, end });
            }
        }
    }
    let gap_days = RENEWED_WITHIN_DAYS - 1;
    let by = by.into_iter().map(|spells| joined(&spells, gap_days)).collect();
    let starts_seen_from = first_received.map(|day| Maand::of(day).plus(MONTHS_UNTIL_STARTS_ARE_SEEN).first_day());
    Ok((workplace, Care { of: (gemeente, peildatum), by, first_received, starts_seen_from }))
}

/// The year a day lies in.
fn year_of(day: Date) -> Period {
    day.year().to_string().parse().expect("a year of four digits is a period")
}

fn load_costs(grip: &Grip, care: &Care) -> Result<(Arc<Workplace>, Costs), PipelineError> {
    let (gemeente, peildatum) = care.of;
    // Of care that began before the first allocation was received a year is looked back.
    let first = care.first_received.unwrap_or(peildatum).year() - 1;
    let years: Vec<Period> = (first..=peildatum.year()).filter_map(|jaar| jaar.to_string().parse().ok()).collect();
    let ask = |read: &str, select: &str| {
        let query = over(&grip.catalogue, &[read], &years, peildatum, select);
        grip.run(gemeente, peildatum, &Query { values: vec![gemeente.to_string()], ..query })
    };
    let (workplace, lines) = ask("geleverd", COSTS)?;
    let rows = costs(&lines);
    let mut huishoudens = BTreeMap::new();
    for batch in &ask("huishoudens", HOUSEHOLDS)?.1 {
        let columns = Columns(batch);
        huishoudens.extend((0..batch.num_rows()).filter_map(|row| {
            Some((columns.text(0, row)?.parse().ok()?, columns.number(1, row).filter(|count| *count > 0)?))
        }));
    }
    Ok((workplace, Costs { of: care.of, rows, huishoudens }))
}

/// In the order of [`FLOW_DIMENSIONS`] after the first four.
const SPELLS: &str = "SELECT wet, client, begin_dag, eind_dag, productcategorie, aanbieder, verwijzer, wijk
FROM zorg WHERE gemeente = $1 AND eind_dag >= begin_dag";

const COSTS: &str =
    "SELECT periode, wet, client, productcategorie, huishouden, wijk, CAST(SUM(bedrag_cents) AS BIGINT),
       CAST(COUNT(DISTINCT EXTRACT(YEAR FROM begindatum) * 12 + EXTRACT(MONTH FROM begindatum)) AS BIGINT)
FROM geleverd WHERE gemeente = $1 GROUP BY periode, wet, client, productcategorie, huishouden, wijk";

const HOUSEHOLDS: &str = "SELECT periode, CAST(aantal AS BIGINT) FROM huishoudens WHERE gemeente = $1";

/// What the bouwsteen `zorg` gives an allocation without an end.
const NO_END: Date = jiff::civil::date(2999, 12, 31);

fn costs(batches: &[arrow::array::RecordBatch]) -> Vec<CostRow> {
    let mut texts = Texts::default();
    let mut found = Vec::new();
    for batch in batches {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let mut read = || {
                Some(CostRow {
                    jaar: columns.text(0, row)?.parse().ok()?,
                    key: Key { wet: columns.wet(1, row)?, value: texts.of(columns.text(3, row)) },
                    client: columns.client(2, row)?,
                    huishouden: texts.of(columns.text(4, row)),
                    wijk: texts.of(columns.text(5, row)),
                    cents: columns.number(6, row)?,
                    months: columns.number(7, row)?,
                })
            };
            found.extend(read());
        }
    }
    found
}

fn flows_of(care: &Care, by: Dimension, periods: &[Period]) -> CareFlows {
    let known = begun(care, periods);
    let days: Vec<Periode> = known.iter().map(|(_, days)| *days).collect();
    let counted = count(care.trajectories(by), &days).unwrap_or_default();
    let of_law = if by == Dimension::Wijk {
        count(care.trajectories(Dimension::Wet), &days).unwrap_or_default()
    } else {
        counted.clone()
    };
    let total = |wet: Option<Wet>| {
        let mut sums = vec![Flow::NOTHING; days.len()];
        for (_, flows) in of_law.iter().filter(|(key, _)| wet.is_none_or(|wet| wet == key.wet)) {
            sums = sums.iter().zip(flows).map(|(sum, flow)| sum.with(flow, |sum, flow| sum + flow)).collect();
        }
        FlowTotal { wet: wet.map(|wet| wet.as_str()), flows: sums }
    };
    let totals = [None, Some(Wet::Wmo), Some(Wet::Jw)].map(total).to_vec();
    let rows = counted.into_iter().map(|(key, flows)| FlowRow {
        wet: key.wet.as_str(),
        naam: key.value.as_deref().and_then(|value| value_name(by, value)),
        value: key.value.map(|value| value.to_string()),
        flows,
    });
    CareFlows {
        by: by.column(),
        periods: known.iter().map(|(period, _)| period.to_string()).collect(),
        rows: rows.collect(),
        totals,
        starts_seen_from: care.starts_seen_from.map(|day| day.to_string()),
    }
}

/// The periods that had begun, with the days of them that are known.
fn begun(care: &Care, periods: &[Period]) -> Vec<(Period, Periode)> {
    let known = periods.iter().filter(|period| period.first_day() <= care.peildatum());
    known
        .map(|period| (*period, Periode { begin: period.first_day(), eind: period.last_day().min(care.peildatum()) }))
        .collect()
}

fn count(trajectories: &[Trajectory], periods: &[Periode]) -> Result<BTreeMap<Key, Vec<Flow>>, PeriodsNotInOrder> {
    let counted = flows(trajectories, periods)?;
    let found = counted.into_iter().map(|(key, flows)| {
        let flows = flows.iter().map(|flow| Flow {
            begin: Some(whole(flow.spells.begin)),
            inflow: Some(whole(flow.spells.inflow)),
            outflow: Some(whole(flow.spells.outflow)),
            end: Some(whole(flow.spells.end)),
        });
        (key, flows.collect())
    });
    Ok(found.collect())
}

impl Care {
    /// Which trajectories are behind begin (0), in (1), out (2) and end (3) of periods: of each the period, law, value and client.
    pub(crate) fn behind(
        &self,
        by: Dimension,
        part: usize,
        periods: &[Period],
    ) -> Vec<(Period, Wet, Option<Arc<str>>, Pseudoniem)> {
        let mut found = Vec::new();
        for (period, Periode { begin, eind }) in begun(self, periods) {
            let is_behind = |it: &&Trajectory| {
                let end = it.end.unwrap_or(NO_END);
                match part {
                    0 => it.begin < begin && end >= begin,
                    1 => (begin..=eind).contains(&it.begin),
                    2 => (begin..=eind).contains(&end),
                    _ => it.begin <= eind && end > eind,
                }
            };
            let own = self.trajectories(by).iter().filter(is_behind);
            found.extend(own.map(|it| (period, it.key.wet, it.key.value.clone(), it.client)));
        }
        found
    }
}

/// A value of a dimension in Dutch words.
fn value_name(by: Dimension, value: &str) -> Option<String> {
    match by {
        Dimension::Productcategorie => Some(segment_naam(value)),
        Dimension::Verwijzer => verwijzer_naam(value).map(str::to_owned),
        _ => None,
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The last day up to which it is known that nothing follows on care that ended: a renewal may come within a month.
fn ends_seen_until(care: &Care) -> Date {
    care.peildatum().saturating_sub(i64::from(RENEWED_WITHIN_DAYS).days())
}
