use std::{collections::BTreeSet, fmt::Write};

use grip_types::{Date, GemeenteCode};

use crate::{Aggregate, Bouwsteen, CallError, Catalogue, Dimension, Fraction, Indicator, Period, catalogue::PERIODE};

/// By these a figure of persons may be split beside any other dimension; over less than a year only by the first.
pub const COARSE: [Dimension; 2] = [Dimension::Wet, Dimension::Productcategorie];

/// What is asked of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call {
    /// Of which municipality.
    pub gemeente: GemeenteCode,
    /// Of which periods; each has its own answer.
    pub periods: Vec<Period>,
    /// As known on which day. The tables are filtered below the SQL; here it says how far a stock can be known.
    pub peildatum: Date,
    /// By what the answer is split.
    pub by: Vec<Dimension>,
    /// To which value of a dimension it is narrowed. A denominator without that dimension stays as it is.
    pub only: Vec<(Dimension, String)>,
}

/// A query that is ready to run on tables as known on the peildatum, once its bouwstenen are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// One SELECT, with `$1` and so on where the values go. Its columns are `side` (`numerator` or `denominator`), `periode`,
    /// the dimensions of `by` in their order as texts, `whole` (a whole number, or empty), `middle` (a real number, or empty)
    /// and `count`.
    pub sql: String,
    /// The values for `$1` and so on: texts.
    pub values: Vec<String>,
    /// What it reads as tables beside those of the lake, with the query of each; each reads only those before it. They do not know
    /// the periods: on a peildatum they are the same for every question, and can be made once.
    pub bouwstenen: Vec<(String, String)>,
}

impl Query {
    /// The same as one SELECT that makes everything itself.
    pub fn whole(&self) -> String {
        let bouwstenen = self.bouwstenen.iter().map(|(id, sql)| format!("{id} AS (\n{sql}\n),\n"));
        let rest = self.sql.strip_prefix(WITH).unwrap_or(&self.sql);
        format!("{WITH}{}{rest}", bouwstenen.collect::<String>())
    }
}

/// What every query begins with.
const WITH: &str = "WITH ";

/// Makes the query for a call. What goes into its text was written by the catalogue or is a code, a number or a day; what a user
/// may choose freely is a value.
///
/// # Errors
/// [`CallError`], when the indicator is not kept like that.
pub fn query(catalogue: &Catalogue, indicator: &Indicator, call: &Call) -> Result<Query, CallError> {
    let numerator = numerator(indicator, call)?;
    check_crossing(indicator, call)?;
    let sides = [("numerator", Some(numerator)), ("denominator", indicator.denominator.as_ref())];
    let sides: Vec<(&str, &Fraction)> = sides.into_iter().filter_map(|(side, part)| Some((side, part?))).collect();
    let (mut sql, bouwstenen) =
        with(catalogue, &call.periods, call.peildatum, sides.iter().map(|(_, part)| &part.tables));
    let mut values = Vec::new();
    for (at, (side, part)) in sides.into_iter().enumerate() {
        sql.push_str(if at == 0 { "\n" } else { "\nUNION ALL\n" });
        sql.push_str(&select(side, part, call, &mut values));
    }
    Ok(Query { sql, values, bouwstenen })
}

/// Makes the query for the lines that a figure was made of: those above the line of its periods, the largest first, so many of them
/// after so many. Its columns are `total` (how many there are in all), `periode`, `counted`, `value` (a real number, or empty) and
/// every dimension of the indicator, as texts.
///
/// # Errors
/// As [`query`].
pub fn lines(
    catalogue: &Catalogue,
    indicator: &Indicator,
    call: &Call,
    offset: usize,
    limit: usize,
) -> Result<Query, CallError> {
    let part = numerator(indicator, call)?;
    let (mut sql, bouwstenen) = with(catalogue, &call.periods, call.peildatum, std::iter::once(&part.tables));
    let mut values = Vec::new();
    let only = only(part, call, &mut values);
    let mut columns = String::new();
    for dimension in &indicator.dimensions {
        let _ = write!(columns, ", CAST({0} AS VARCHAR) AS {0}", dimension.column());
    }
    let _ = write!(
        sql,
        "
SELECT COUNT(*) OVER () AS total, periode, CAST(counted AS VARCHAR) AS counted, CAST(value AS DOUBLE) AS value{columns}
FROM (
{}
) AS regels
WHERE gemeente = '{}'{only}
ORDER BY periode, value DESC NULLS LAST, counted
LIMIT {limit} OFFSET {offset}",
        part.sql.trim(),
        call.gemeente
    );
    Ok(Query { sql, values, bouwstenen })
}

/// Makes a query of one's own over the bouwstenen in `read`: `select` may read these, what they read, and `periode`. Its values are for
/// whoever asks to fill in.
///
/// Nothing is narrowed to a municipality: that is for `select`.
pub fn over(catalogue: &Catalogue, read: &[&str], periods: &[Period], peildatum: Date, select: &str) -> Query {
    let wanted: BTreeSet<String> = read.iter().map(|id| (*id).to_owned()).collect();
    let (with, bouwstenen) = with(catalogue, periods, peildatum, std::iter::once(&wanted));
    Query { sql: format!("{with}\n{select}"), values: Vec::new(), bouwstenen }
}

fn numerator<'i>(indicator: &'i Indicator, call: &Call) -> Result<&'i Fraction, CallError> {
    check(indicator, call)?;
    indicator.numerator.as_ref().ok_or_else(|| CallError::Computed {
        id: indicator.id.clone(),
        source_name: indicator.computed.clone().unwrap_or_default(),
    })
}

/// The beginning of a query: the periods and the bouwstenen that know them; and those that do not.
fn with<'c>(
    catalogue: &'c Catalogue,
    of: &[Period],
    peildatum: Date,
    read: impl Iterator<Item = &'c BTreeSet<String>>,
) -> (String, Vec<(String, String)>) {
    let mut sql = format!("{WITH}{}", periods(of, peildatum));
    let mut made = Vec::new();
    for bouwsteen in needed(catalogue, read) {
        let text = bouwsteen.sql.trim();
        if bouwsteen.stands_alone {
            made.push((bouwsteen.id.clone(), text.to_owned()));
        } else {
            let _ = write!(sql, ",\n{} AS (\n{text}\n)", bouwsteen.id);
        }
    }
    (sql, made)
}

/// The conditions of what the call is narrowed to.
fn only(part: &Fraction, call: &Call, values: &mut Vec<String>) -> String {
    let mut only = String::new();
    for (dimension, value) in call.only.iter().filter(|(dimension, _)| part.has(*dimension)) {
        values.push(value.clone());
        let _ = write!(only, " AND CAST({} AS VARCHAR) = ${}", dimension.column(), values.len());
    }
    only
}

/// Whether an indicator can be asked like that, also one that no SQL makes.
///
/// # Errors
/// [`CallError`], when the indicator is not kept like that.
pub fn check(indicator: &Indicator, call: &Call) -> Result<(), CallError> {
    if call.periods.is_empty() {
        return Err(CallError::NoPeriod);
    }
    let id = || indicator.id.clone();
    if let Some(period) = call.periods.iter().find(|period| !indicator.periods.contains(&period.grain())) {
        return Err(CallError::Grain { id: id(), period: period.to_string() });
    }
    let mut asked = call.by.iter().copied().chain(call.only.iter().map(|(dimension, _)| *dimension));
    match asked.find(|dimension| !indicator.dimensions.contains(dimension)) {
        Some(dimension) => Err(CallError::Dimension { id: id(), dimension: dimension.column() }),
        None => Ok(()),
    }
}

/// Whether a figure of persons is asked no finer than it may be, counting what the call is narrowed to.
///
/// # Errors
/// [`CallError::Crossing`].
fn check_crossing(indicator: &Indicator, call: &Call) -> Result<(), CallError> {
    let asked: BTreeSet<Dimension> =
        call.by.iter().copied().chain(call.only.iter().map(|(dimension, _)| *dimension)).collect();
    let asked: Vec<Dimension> = asked.into_iter().collect();
    if call.periods.iter().all(|period| indicator.may_cross(&asked, period.grain())) {
        return Ok(());
    }
    let dimensions = asked.into_iter().filter(|dimension| *dimension != Dimension::Wet).map(Dimension::column);
    Err(CallError::Crossing { id: indicator.id.clone(), dimensions: dimensions.collect() })
}

/// Makes the query for what is shown of one part of figures at every place of its tables, so that what has to be withheld can be found:
/// by each set of dimensions. Its columns are `periode`, every dimension of the sets once in the order of [`Dimension`], as texts, empty
/// where the row is of all its values together and [`NOT_KNOWN`] where it is of those without one; `total` (the sum of `value`, of a mean in thousandths, or
/// the number of different ones) and `count` (of different ones). Whole numbers, or empty.
pub fn places(
    catalogue: &Catalogue,
    part: &Fraction,
    gemeente: GemeenteCode,
    of: &[Period],
    peildatum: Date,
    sets: &[Vec<Dimension>],
) -> Query {
    let (mut sql, bouwstenen) = with(catalogue, of, peildatum, std::iter::once(&part.tables));
    let total = match part.aggregate {
        Aggregate::Sum => "SUM(value)",
        Aggregate::Mean => "ROUND(SUM(CAST(value AS DOUBLE)) * 1000)",
        Aggregate::Distinct | Aggregate::Median => "COUNT(DISTINCT counted)",
    };
    let dimensions: BTreeSet<Dimension> = sets.iter().flatten().copied().collect();
    let (mut named, mut columns) = (String::new(), String::new());
    for name in dimensions.iter().map(|dimension| dimension.column()) {
        let _ = write!(named, ", COALESCE(CAST({name} AS VARCHAR), '{NOT_KNOWN}') AS {name}");
        let _ = write!(columns, ", {name}");
    }
    let sets: Vec<String> = sets
        .iter()
        .map(|set| std::iter::once("periode").chain(set.iter().map(|dimension| dimension.column())).collect())
        .map(|columns: Vec<&str>| format!("({})", columns.join(", ")))
        .collect();
    let _ = write!(
        sql,
        "
SELECT periode{columns}, CAST({total} AS BIGINT) AS total, COUNT(DISTINCT counted) AS count
FROM (
SELECT periode, counted, value{named}
FROM (
{}
) AS regels
WHERE gemeente = '{gemeente}'
) AS plaatsen
GROUP BY GROUPING SETS ({})",
        part.sql.trim(),
        sets.join(", ")
    );
    Query { sql, values: Vec::new(), bouwstenen }
}

/// What [`places`] calls those of which the value of a dimension is not known.
pub const NOT_KNOWN: &str = "\u{1}";

/// The table `periode`: a row for each period, once.
fn periods(of: &[Period], peildatum: Date) -> String {
    let row = |period: Period| {
        let stand = period.last_day().min(peildatum);
        format!(
            "('{period}', {}, DATE '{}', DATE '{}', DATE '{stand}', '{}', '{}')",
            period.year(),
            period.first_day(),
            period.last_day(),
            period.first_month(),
            period.last_month()
        )
    };
    let once: BTreeSet<Period> = of.iter().copied().collect();
    let rows: Vec<String> = once.into_iter().map(row).collect();
    format!(
        "{PERIODE} (periode, jaar, van, tot, stand, van_maand, tot_maand) AS (\nVALUES {}\n)",
        rows.join(",\n       ")
    )
}

/// The bouwstenen that are read, also by each other, each after those it reads.
fn needed<'c>(
    catalogue: &'c Catalogue,
    read: impl Iterator<Item = &'c BTreeSet<String>>,
) -> impl Iterator<Item = &'c Bouwsteen> {
    let mut wanted: BTreeSet<&str> = read.flatten().map(String::as_str).collect();
    for bouwsteen in catalogue.bouwstenen().iter().rev() {
        if wanted.contains(bouwsteen.id.as_str()) {
            wanted.extend(bouwsteen.tables.iter().map(String::as_str));
        }
    }
    catalogue.bouwstenen().iter().filter(move |bouwsteen| wanted.contains(bouwsteen.id.as_str()))
}

fn select(side: &str, part: &Fraction, call: &Call, values: &mut Vec<String>) -> String {
    let (whole, middle) = match part.aggregate {
        Aggregate::Sum => ("SUM(value)", "NULL"),
        Aggregate::Distinct => ("COUNT(DISTINCT counted)", "NULL"),
        Aggregate::Mean => ("NULL", "AVG(value)"),
        Aggregate::Median => ("NULL", "MEDIAN(value)"),
    };
    let (mut columns, mut group) = (String::new(), String::new());
    for dimension in &call.by {
        let name = dimension.column();
        if part.has(*dimension) {
            let _ = write!(columns, ", CAST({name} AS VARCHAR) AS {name}");
            let _ = write!(group, ", {name}");
        } else {
            let _ = write!(columns, ", CAST(NULL AS VARCHAR) AS {name}");
        }
    }
    let only = only(part, call, values);
    format!(
        "SELECT '{side}' AS side, periode{columns}, CAST({whole} AS BIGINT) AS whole, CAST({middle} AS DOUBLE) AS middle,
       COUNT(DISTINCT counted) AS count
FROM (
{}
) AS regels
WHERE gemeente = '{}'{only}
GROUP BY periode{group}",
        part.sql.trim(),
        call.gemeente
    )
}
