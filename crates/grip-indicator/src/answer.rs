use std::collections::{BTreeMap, BTreeSet};

use grip_types::{Date, Maand, percent_encode};
use serde::Serialize;

use crate::{Aggregate, Call, Dimension, Empty, Fraction, Indicator, Law, Period, Unit};

/// Above or below the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Above.
    Numerator,
    /// Below.
    Denominator,
}

impl Side {
    /// Reads the column `side` of a query.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "numerator" => Some(Self::Numerator),
            "denominator" => Some(Self::Denominator),
            _ => None,
        }
    }
}

/// A row that a [`crate::Query`] gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Above or below the line.
    pub side: Side,
    /// The period, as it was asked for.
    pub periode: String,
    /// The values of the dimensions, in the order of the call.
    pub by: Vec<Option<String>>,
    /// A whole number: a sum or a number of different ones.
    pub whole: Option<i64>,
    /// A real number: a mean or a median.
    pub middle: Option<f64>,
    /// How many different ones are behind it.
    pub count: i64,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// A whole number; all money is.
    Whole(i64),
    /// A real number.
    Real(f64),
}

/// How sure a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It hardly changes any more.
    Definitive,
    /// It is nearly complete.
    Provisional,
    /// The period is too short ago: much of it is not known yet.
    Incomplete,
    /// It was calculated and not counted.
    Estimate,
}

/// One figure, with all it takes to understand it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The indicator.
    pub id: String,
    /// Code of the municipality, four digits.
    pub gemeente: String,
    /// The period.
    pub periode: String,
    /// The day as of which everything is known, `YYYY-MM-DD`.
    pub peildatum: String,
    /// The dimensions it is split by with their values; empty for all together.
    pub by: BTreeMap<&'static str, Option<String>>,
    /// The figure; empty when it is withheld or not known.
    pub value: Option<Number>,
    /// In what it is expressed.
    pub unit: Unit,
    /// What stands above the line; empty like the value.
    pub numerator: Option<Number>,
    /// What stands below the line; empty where there is none.
    pub denominator: Option<Number>,
    /// How many are behind the numerator; empty when withheld.
    pub count: Option<i64>,
    /// What is counted in `count`.
    pub counts: String,
    /// Whether it is withheld because too few are behind it.
    pub is_withheld: bool,
    /// How sure it is.
    pub status: Status,
    /// What it means, in Dutch.
    pub definitie: String,
    /// What it means, in English.
    pub definition: String,
    /// Where it comes from.
    pub source: String,
    /// The article it rests on.
    pub law: Option<Law>,
    /// Address, below that of the server, of the lines it was made of; empty where it was calculated.
    pub lines: Option<String>,
}

impl Answer {
    /// The answer for values of the dimensions of a call that is withheld whether or not something stands there.
    pub fn withheld(indicator: &Indicator, call: &Call, period: Period, by: &[Option<String>]) -> Self {
        let by: Vec<Option<&str>> = by.iter().map(Option::as_deref).collect();
        let mut found = answer(indicator, call, period, &by, None, None);
        found.withhold();
        found
    }

    /// Takes away the figure and all that would say it.
    pub fn withhold(&mut self) {
        (self.value, self.numerator, self.denominator, self.count) = (None, None, None, None);
        self.is_withheld = true;
    }
}

type Key<'r> = (&'r str, Vec<Option<&'r str>>);

/// Turns the rows of a query into answers: for each period one, or one for each value of the dimensions.
///
/// A denominator that lacks a dimension counts for each of its values. Where there is a denominator and no numerator, the
/// numerator is zero; where there is neither, or no denominator, the value is empty. A value is withheld when the count behind
/// numerator or denominator is above zero and below the minimum, and so is a share of persons that leaves fewer than that
/// outside it. Nothing here looks at two answers together: what a total or another table would give back is withheld by whoever knows
/// all of them.
///
/// # Formula
/// value = factor of the unit × numerator / denominator; money is rounded to whole eurocents, halves away from zero.
pub fn answers(indicator: &Indicator, call: &Call, rows: &[Row]) -> Vec<Answer> {
    let (mut above, mut below): (BTreeMap<Key<'_>, &Row>, BTreeMap<Key<'_>, &Row>) = Default::default();
    for row in rows {
        let side = if row.side == Side::Numerator { &mut above } else { &mut below };
        side.insert((row.periode.as_str(), row.by.iter().map(Option::as_deref).collect()), row);
    }
    let has: Vec<bool> = match &indicator.denominator {
        Some(part) => call.by.iter().map(|dimension| part.has(*dimension)).collect(),
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for (name, period) in
        call.periods.iter().collect::<BTreeSet<_>>().into_iter().map(|period| (period.to_string(), *period))
    {
        let of_period = |key: &&Key<'_>| key.0 == name;
        let mut keys: BTreeSet<Vec<Option<&str>>> = above.keys().filter(of_period).map(|(_, by)| by.clone()).collect();
        if has.iter().all(|has| *has) && !has.is_empty() || call.by.is_empty() {
            keys.extend(below.keys().filter(of_period).map(|(_, by)| by.clone()));
        }
        if call.by.is_empty() && keys.is_empty() {
            keys.insert(Vec::new());
        }
        for by in keys {
            let of_all = by.iter().zip(&has).map(|(value, has)| value.filter(|_| *has)).collect();
            let under = below.get(&(name.as_str(), of_all)).copied();
            let over = above.get(&(name.as_str(), by.clone())).copied();
            found.push(answer(indicator, call, period, &by, over, under));
        }
    }
    found
}

fn answer(
    indicator: &Indicator,
    call: &Call,
    period: Period,
    by: &[Option<&str>],
    over: Option<&Row>,
    under: Option<&Row>,
) -> Answer {
    let is_withheld = is_withheld(indicator, over, under);
    let shown = |number: Option<Number>| number.filter(|_| !is_withheld);
    let denominator = under.and_then(number);
    let zero = indicator.denominator.is_some() && under.is_some() || indicator.empty == Empty::Zero;
    let numerator = match over {
        Some(row) => number(row),
        None => zero.then_some(Number::Whole(0)),
    };
    let value = match &indicator.denominator {
        None => numerator.and_then(|number| plain(indicator.unit, number)),
        Some(_) => numerator.zip(denominator).and_then(|(over, under)| quotient(indicator.unit, over, under)),
    };
    let texts = by.iter().map(|value| value.map(str::to_owned));
    Answer {
        id: indicator.id.clone(),
        gemeente: call.gemeente.to_string(),
        periode: period.to_string(),
        peildatum: call.peildatum.to_string(),
        by: call.by.iter().map(|dimension: &Dimension| dimension.column()).zip(texts).collect(),
        value: shown(value),
        unit: indicator.unit,
        numerator: shown(numerator),
        denominator: shown(denominator),
        count: (!is_withheld).then(|| over.map_or(0, |row| row.count)),
        counts: indicator.counts.clone(),
        is_withheld,
        status: status(indicator, period, call.peildatum),
        definitie: indicator.definitie.clone(),
        definition: indicator.definition.clone(),
        source: indicator.source.clone(),
        law: indicator.law.clone(),
        lines: indicator.numerator.is_some().then(|| lines(indicator, call, period, by)),
    }
}

fn lines(indicator: &Indicator, call: &Call, period: Period, by: &[Option<&str>]) -> String {
    let mut address = format!(
        "/indicatoren/{}/regels?gemeente={}&peildatum={}&periode={period}",
        indicator.id, call.gemeente, call.peildatum
    );
    let split = call.by.iter().zip(by).filter_map(|(dimension, value)| Some((dimension, (*value)?)));
    for (dimension, value) in split.chain(call.only.iter().map(|(dimension, value)| (dimension, value.as_str()))) {
        address.push_str(&format!("&{}={}", dimension.column(), percent_encode(value)));
    }
    address
}

fn number(row: &Row) -> Option<Number> {
    row.whole.map(Number::Whole).or(row.middle.map(Number::Real))
}

/// A figure without a denominator.
fn plain(unit: Unit, number: Number) -> Option<Number> {
    match number {
        Number::Real(real) if unit.is_money() => Some(Number::Whole(grip_types::Bedrag::from_f64(real).cents)),
        Number::Whole(_) | Number::Real(_) => Some(number),
    }
}

fn quotient(unit: Unit, over: Number, under: Number) -> Option<Number> {
    match (over, under) {
        (Number::Whole(over), Number::Whole(under)) if unit.is_money() => {
            let (over, under) = (i128::from(over) * i128::from(unit.factor()), i128::from(under));
            if under == 0 {
                return None;
            }
            let half = under.abs() / 2;
            let rounded = (over.abs() + half) / under.abs() * over.signum() * under.signum();
            i64::try_from(rounded).ok().map(Number::Whole)
        }
        (over, under) => {
            let (over, under) = (real(over), real(under));
            let is_zero = under.abs() < f64::MIN_POSITIVE;
            (!is_zero).then(|| Number::Real(real(Number::Whole(unit.factor())) * over / under))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "for shares and rates, which nobody reads to the sixteenth digit")]
fn real(number: Number) -> f64 {
    match number {
        Number::Whole(whole) => whole as f64,
        Number::Real(real) => real,
    }
}

/// Whether too few are behind a figure.
fn is_withheld(indicator: &Indicator, over: Option<&Row>, under: Option<&Row>) -> bool {
    let is_few = |count: i64| 0 < count && count < indicator.minimum_count;
    let count = |row: Option<&Row>| row.map_or(0, |row| row.count);
    let is_distinct = |part: &Option<Fraction>| part.as_ref().is_some_and(|part| part.aggregate == Aggregate::Distinct);
    let is_share = indicator.unit == Unit::Percent;
    let leaves_few = is_share
        && is_distinct(&indicator.numerator)
        && is_distinct(&indicator.denominator)
        && is_few(count(under) - count(over));
    is_few(count(over)) || is_few(count(under)) || leaves_few
}

fn status(indicator: &Indicator, period: Period, peildatum: Date) -> Status {
    let months = |months: i32| Maand::of(period.last_day()).plus(months).last_day() <= peildatum;
    if months(indicator.status.definitive_after_months) {
        Status::Definitive
    } else if indicator.computed.is_some() {
        Status::Estimate
    } else if months(indicator.status.provisional_after_months) {
        Status::Provisional
    } else {
        Status::Incomplete
    }
}
