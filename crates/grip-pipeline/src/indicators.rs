//! The catalogue of indicators over the tables of the lake.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use arrow::{
    array::{Array, Float64Array, Int64Array, RecordBatch},
    compute::cast,
    datatypes::DataType,
};
use grip_indicator::{
    Answer, Call, Catalogue, Dimension, Indicator, Number, Period, Query, Row, Side, Source, Status, answers,
};
use grip_lake::{Parameter, Snapshot};
use grip_series::{Series, Signal, SignalKind, Thresholds, signals};
use grip_types::{GemeenteCode, Maand};
use serde::Serialize;

use crate::{Columns, PipelineError, TABLES, VIEWS, answer::YearEnd};

/// Folder of the data in which a municipality keeps indicators of its own.
const OWN: &str = "indicatoren";

/// The files that come with Grip.
const SHIPPED: [Source<'static>; 10] = [
    Source { name: "bouwstenen.toml", text: include_str!("../../../indicatoren/bouwstenen.toml") },
    Source { name: "geld.toml", text: include_str!("../../../indicatoren/geld.toml") },
    Source { name: "gebruik.toml", text: include_str!("../../../indicatoren/gebruik.toml") },
    Source { name: "verloop.toml", text: include_str!("../../../indicatoren/verloop.toml") },
    Source { name: "toegang.toml", text: include_str!("../../../indicatoren/toegang.toml") },
    Source { name: "aanbieders.toml", text: include_str!("../../../indicatoren/aanbieders.toml") },
    Source { name: "ervaring.toml", text: include_str!("../../../indicatoren/ervaring.toml") },
    Source { name: "verantwoording.toml", text: include_str!("../../../indicatoren/verantwoording.toml") },
    Source { name: "bevolking.toml", text: include_str!("../../../indicatoren/bevolking.toml") },
    Source { name: "gegevens.toml", text: include_str!("../../../indicatoren/gegevens.toml") },
];

/// The indicators that come with Grip and those in the folder `indicatoren` of the data.
pub(crate) fn catalogue(data: &Path) -> Result<Catalogue, PipelineError> {
    let folder = data.join(OWN);
    let mut own: Vec<(String, String)> = Vec::new();
    if folder.is_dir() {
        for entry in fs_err::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "toml") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                own.push((format!("{OWN}/{name}"), fs_err::read_to_string(&path)?));
            }
        }
        own.sort();
    }
    let sources: Vec<Source<'_>> =
        SHIPPED.into_iter().chain(own.iter().map(|(name, text)| Source { name, text })).collect();
    let tables: Vec<&str> =
        TABLES.iter().map(|table| table.name).chain(VIEWS.iter().map(|(name, _)| *name)).chain([LEDGER]).collect();
    Catalogue::read(&sources, &tables).map_err(PipelineError::Catalogue)
}

/// The table that is computed when it is asked for.
pub(crate) const LEDGER: &str = "verplichting_maand";

/// A line that a figure was made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorLine {
    /// The period it counts in.
    pub periode: String,
    /// What is counted by it, as a pseudonym of a client or the number of an allocation.
    pub counted: String,
    /// What it adds, in the unit of what stands above the line.
    pub value: Option<f64>,
    /// Its dimensions, in the order of the indicator.
    pub by: Vec<Option<String>>,
}

/// The tables as known on a day, with what is made of them for one municipality when it is first read.
pub(crate) struct Workplace {
    snapshot: Snapshot,
    gemeente: GemeenteCode,
    made: Mutex<BTreeSet<String>>,
}

impl Workplace {
    pub(crate) fn new(snapshot: Snapshot, gemeente: GemeenteCode) -> Self {
        Self { snapshot, gemeente, made: Mutex::default() }
    }

    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Runs a query, once all it reads is there. Who asks for the same waits for it instead of making it too.
    pub(crate) fn run(
        &self,
        query: &Query,
        ledger: impl FnOnce() -> Result<RecordBatch, PipelineError>,
    ) -> Result<Vec<RecordBatch>, PipelineError> {
        let reads_ledger = query.sql.contains(LEDGER) || query.bouwstenen.iter().any(|(_, sql)| sql.contains(LEDGER));
        if reads_ledger {
            self.need(LEDGER, || Ok(vec![ledger()?]))?;
        }
        for (id, sql) in &query.bouwstenen {
            let sql = format!("SELECT * FROM ({sql}) AS alles WHERE gemeente = '{}'", self.gemeente);
            self.need(id, || Ok(self.snapshot.query(&sql)?))?;
        }
        let values: Vec<Parameter<'_>> = query.values.iter().map(|value| Parameter::Text(value)).collect();
        Ok(self.snapshot.query_with(&query.sql, &values)?)
    }

    /// Makes a table unless it is there.
    pub(crate) fn need(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<Vec<RecordBatch>, PipelineError>,
    ) -> Result<(), PipelineError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if !made.contains(name) {
            self.snapshot.add(name, make()?)?;
            made.insert(name.to_owned());
        }
        Ok(())
    }
}

/// The answers that the rows of a query are.
pub(crate) fn answers_of(indicator: &Indicator, call: &Call, batches: &[RecordBatch]) -> Vec<Answer> {
    let mut rows = Vec::new();
    for batch in batches {
        let columns = Columns(batch);
        let dimensions = call.by.len();
        let [whole, middle, count] = [0, 1, 2].map(|at| 2 + dimensions + at);
        let middle = real(batch, middle);
        for row in 0..batch.num_rows() {
            let text = |column| columns.text(column, row);
            let Some(side) = text(0).and_then(Side::parse) else { continue };
            rows.push(Row {
                side,
                periode: text(1).unwrap_or_default().to_owned(),
                by: (2..2 + dimensions).map(|column| text(column).map(str::to_owned)).collect(),
                whole: columns.number(whole, row),
                middle: middle.is_valid(row).then(|| middle.value(row)),
                count: columns.number(count, row).unwrap_or_default(),
            });
        }
    }
    answers(indicator, call, &rows)
}

/// How many lines there are, and those that were asked.
pub(crate) fn lines_of(dimensions: &[Dimension], batches: &[RecordBatch]) -> (usize, Vec<IndicatorLine>) {
    let (mut total, mut found) = (0, Vec::new());
    for batch in batches {
        let columns = Columns(batch);
        let (totals, values) = (whole(batch, 0), real(batch, 3));
        for row in 0..batch.num_rows() {
            let text = |column| columns.text(column, row).map(str::to_owned);
            total = usize::try_from(totals.value(row)).unwrap_or_default();
            found.push(IndicatorLine {
                periode: text(1).unwrap_or_default(),
                counted: text(2).unwrap_or_default(),
                value: values.is_valid(row).then(|| values.value(row)),
                by: (4..4 + dimensions.len()).map(text).collect(),
            });
        }
    }
    (total, found)
}

/// Where an indicator departs from its own course.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Departure {
    /// `level` (another level from then on), `trend` (another direction) or `outlier` (one month).
    pub kind: &'static str,
    /// The first month that is different, `YYYY-MM`.
    pub since: String,
    /// The month at whose end it could first be seen, with the figures of now and only months that were definitive then.
    pub seen_at: String,
    /// Probability of the departure against none.
    pub confidence: f64,
    /// What was to be expected, in the unit of the indicator; of a trend per month.
    pub before: f64,
    /// What came instead.
    pub after: f64,
}

/// Months of a season.
const SEASON: usize = 12;

/// Where answers per month, oldest first, depart from their own course. A month that is not definitive or withheld is not known, nor is
/// one before the data of the municipality was under way.
pub(crate) fn departures(indicator: &Indicator, answers: &[Answer], begin: Option<Maand>) -> Vec<Departure> {
    let is_known = |answer: &Answer| {
        let maand = answer.periode.parse::<Maand>().ok();
        answer.status == Status::Definitive && maand.zip(begin).is_some_and(|(maand, begin)| maand >= begin)
    };
    let value = |answer: &Answer| match answer.value.filter(|_| is_known(answer))? {
        #[expect(clippy::cast_precision_loss, reason = "a statistic needs no more than 15 digits")]
        Number::Whole(whole) => Some(whole as f64),
        Number::Real(real) => Some(real),
    };
    let values: Vec<Option<f64>> = answers.iter().map(value).collect();
    let months: Vec<Option<Maand>> = answers.iter().map(|answer| answer.periode.parse().ok()).collect();
    let month = |at: usize| months.get(at).copied().flatten();
    let late = indicator.status.definitive_after_months.max(0);
    let departure = |signal: Signal| {
        Some(Departure {
            kind: match signal.kind {
                SignalKind::LevelShift => "level",
                SignalKind::Trend => "trend",
                SignalKind::Outlier => "outlier",
            },
            since: month(signal.since)?.to_string(),
            seen_at: month(signal.seen_at)?.plus(late).to_string(),
            confidence: signal.confidence,
            before: signal.before,
            after: signal.after,
        })
    };
    let series = Series { values: &values, season: SEASON };
    signals(series, &Thresholds::DEFAULT).into_iter().filter_map(departure).collect()
}

/// A calculation that stands behind an indicator without SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Computed {
    Forecast,
    Ibnr,
    Difference,
    Growth,
}

impl Computed {
    /// By its name in the catalogue.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "prognose" => Some(Self::Forecast),
            "nog-te-declareren" => Some(Self::Ibnr),
            "begroting-min-prognose" => Some(Self::Difference),
            "groei" => Some(Self::Growth),
            _ => None,
        }
    }

    /// The years it is made of, the one that is asked first.
    pub(crate) fn years(self, jaar: i16) -> impl Iterator<Item = i16> {
        let earlier = matches!(self, Self::Growth).then_some(jaar - 1);
        std::iter::once(jaar).chain(earlier)
    }

    /// Its rows, from the year-end tables of those years.
    pub(crate) fn rows(self, year_ends: &[Arc<YearEnd>], period: &Period, call: &Call) -> Vec<Row> {
        let mut sums: BTreeMap<Vec<Option<String>>, i64> = BTreeMap::new();
        for (year_end, sign) in year_ends.iter().zip([1, -1]) {
            for line in &year_end.segments {
                let value = |dimension: Dimension| match dimension {
                    Dimension::Wet => line.wet.map(str::to_owned),
                    Dimension::Productcategorie => line.productcategorie.clone(),
                    _ => None,
                };
                if call.only.iter().any(|(dimension, only)| value(*dimension).as_ref() != Some(only)) {
                    continue;
                }
                let amount = match self {
                    Self::Forecast => Some(line.forecast.p50),
                    Self::Ibnr => Some(line.ibnr),
                    Self::Difference => line.difference,
                    Self::Growth => Some(line.declared),
                };
                if let Some(amount) = amount {
                    *sums.entry(call.by.iter().copied().map(value).collect()).or_default() += sign * amount;
                }
            }
        }
        let row = |(by, whole)| Row {
            side: Side::Numerator,
            periode: period.to_string(),
            by,
            whole: Some(whole),
            middle: None,
            count: 0,
        };
        sums.into_iter().map(row).collect()
    }
}

/// A column as real numbers. What stands there as NULL alone has no type of its own.
fn real(batch: &RecordBatch, column: usize) -> Float64Array {
    let cast = cast(batch.column(column), &DataType::Float64).expect("the query made it a number");
    cast.as_any().downcast_ref::<Float64Array>().expect("it was just made one").clone()
}

fn whole(batch: &RecordBatch, column: usize) -> Int64Array {
    let cast = cast(batch.column(column), &DataType::Int64).expect("the query made it a number");
    cast.as_any().downcast_ref::<Int64Array>().expect("it was just made one").clone()
}
