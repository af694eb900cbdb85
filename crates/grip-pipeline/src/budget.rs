//! Budget and actual of a year: what was spent before, what was planned, what came in, and where it ends.

use std::collections::BTreeMap;

use grip_indicator::{Answer, Call, Dimension, Number, Period};
use grip_lake::Parameter;
use grip_prognose::{Amendment, amendments};
use grip_types::{Date, GemeenteCode, Maand};
use serde::Serialize;

use crate::{
    Grip, PipelineError,
    facts::{BEGROTING, begroting},
    year_end::segment_naam,
};

/// Budget and actual of a year.
#[derive(Debug, Clone, Serialize)]
pub struct BudgetTable {
    /// Code of the municipality, four digits.
    pub gemeente: String,
    /// The year.
    pub jaar: i16,
    /// The day as of which everything is known, `YYYY-MM-DD`.
    pub peildatum: String,
    /// Always `eurocent`: the unit of every amount.
    pub unit: &'static str,
    /// Per law, each followed by its categories.
    pub lines: Vec<BudgetLine>,
    /// All laws together.
    pub total: BudgetLine,
    /// Per month of the year.
    pub months: Vec<BudgetMonth>,
    /// Per taakveld: what stands in the budget, in the general ledger and in Iv3.
    pub taakvelden: Vec<TaakveldLine>,
}

/// A line of the budget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BudgetLine {
    /// `wmo`, `jw`, or nothing for the total.
    pub wet: Option<String>,
    /// Productcategorie, or nothing for the law as a whole.
    pub productcategorie: Option<String>,
    /// What to call it, in Dutch.
    pub naam: String,
    /// Declared for the year before, as known on the peildatum.
    pub last_year: Option<i64>,
    /// The budget as first decided.
    pub original: Option<i64>,
    /// The budget in force on the peildatum.
    pub current: Option<i64>,
    /// Declared for this year so far.
    pub declared: Option<i64>,
    /// What the year is expected to cost.
    pub forecast: Option<i64>,
    /// Current budget less forecast: negative is an overspend.
    pub difference: Option<i64>,
}

/// A month of the year, all laws together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BudgetMonth {
    /// `YYYY-MM`.
    pub maand: String,
    /// Declared for the same month of the year before.
    pub last_year: Option<i64>,
    /// A twelfth of the budget in force on the peildatum; the twelve add up to it, to the cent.
    pub current: Option<i64>,
    /// Declared so far.
    pub declared: Option<i64>,
    /// What the month is expected to cost.
    pub forecast: Option<i64>,
    /// Twelfth of the budget less forecast: negative is an overspend.
    pub difference: Option<i64>,
}

/// A line of the budget by taakveld.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TaakveldLine {
    /// Code of the taakveld.
    pub taakveld: String,
    /// What the accounts of the year before gave to Iv3 as expenditure.
    pub last_year: Option<i64>,
    /// The budget as first decided.
    pub original: Option<i64>,
    /// The budget in force on the peildatum.
    pub current: Option<i64>,
    /// Booked for this year in the general ledger.
    pub booked: Option<i64>,
    /// What the budget of this year gave to Iv3 as expenditure.
    pub iv3_budget: Option<i64>,
}

type Key = (Option<String>, Option<String>);

impl Grip {
    /// The amendments of the budgets of a municipality that were decided and known by a day, with all their lines together.
    ///
    /// # Errors
    /// When the table of budgets can't be read.
    pub fn budget_amendments(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Vec<Amendment>, PipelineError> {
        let snapshot = self.snapshot(Some(peildatum))?;
        let rows = begroting(&snapshot.query_with(BEGROTING, &[Parameter::Text(&gemeente.to_string())])?);
        Ok(amendments(&rows, peildatum))
    }
}

pub(crate) fn budget(
    grip: &Grip,
    gemeente: GemeenteCode,
    jaar: i16,
    peildatum: Date,
) -> Result<BudgetTable, PipelineError> {
    let ask = |id: &str, year: i16, by: &[Dimension]| {
        let periods = format!("{year:04}").parse::<Period>().into_iter().collect();
        grip.indicator(id, &Call { gemeente, periods, peildatum, by: by.to_vec(), only: Vec::new() })
    };
    let mut lines: BTreeMap<Key, BudgetLine> = BTreeMap::new();
    let by = [Dimension::Wet, Dimension::Productcategorie];
    let fields: [(&str, i16, fn(&mut BudgetLine) -> &mut Option<i64>); 5] = [
        ("gedeclareerd", jaar - 1, |line| &mut line.last_year),
        ("begroting-oorspronkelijk", jaar, |line| &mut line.original),
        ("begroting-actueel", jaar, |line| &mut line.current),
        ("gedeclareerd", jaar, |line| &mut line.declared),
        ("prognose", jaar, |line| &mut line.forecast),
    ];
    for (id, year, field) in fields {
        for answer in ask(id, year, &by)?.iter() {
            let value = |dimension: Dimension| answer.by.get(dimension.column()).cloned().flatten();
            let key = (value(Dimension::Wet), value(Dimension::Productcategorie).filter(|code| !code.is_empty()));
            *field(lines.entry(key).or_default()) = whole(answer);
        }
    }
    let mut total = BudgetLine { naam: "Totaal".to_owned(), ..BudgetLine::default() };
    let mut laws: BTreeMap<String, (BudgetLine, Vec<BudgetLine>)> = BTreeMap::new();
    for ((wet, productcategorie), mut line) in lines {
        let Some(wet) = wet else { continue };
        let (law, parts) = laws.entry(wet.clone()).or_default();
        add(law, &line);
        add(&mut total, &line);
        line.naam = productcategorie.as_deref().map_or_else(|| "niet per categorie".to_owned(), segment_naam);
        line.difference = difference(&line);
        parts.push(BudgetLine { wet: Some(wet), productcategorie, ..line });
    }
    total.difference = difference(&total);
    let lines = laws.into_iter().rev().flat_map(|(wet, (law, parts))| {
        let naam = if wet == "jw" { "Jeugdwet" } else { "Wmo 2015" }.to_owned();
        let difference = difference(&law);
        std::iter::once(BudgetLine { wet: Some(wet), naam, difference, ..law }).chain(parts)
    });
    Ok(BudgetTable {
        gemeente: gemeente.to_string(),
        jaar,
        peildatum: peildatum.to_string(),
        unit: "eurocent",
        lines: lines.collect(),
        months: months(grip, gemeente, jaar, peildatum, total.current)?,
        total,
        taakvelden: taakvelden(jaar, ask)?,
    })
}

fn months(
    grip: &Grip,
    gemeente: GemeenteCode,
    jaar: i16,
    peildatum: Date,
    budget: Option<i64>,
) -> Result<Vec<BudgetMonth>, PipelineError> {
    let of_year = |jaar: i16| (1..=12).map(move |month| Maand::new(jaar, month));
    let declared = |jaar: i16| {
        let periods = of_year(jaar).filter_map(|maand| maand.to_string().parse().ok()).collect();
        grip.indicator("gedeclareerd", &Call { gemeente, periods, peildatum, by: Vec::new(), only: Vec::new() })
    };
    let (before, now) = (declared(jaar - 1)?, declared(jaar)?);
    let forecast = match grip.year_end(gemeente, jaar, peildatum) {
        Ok(answer) => Some(answer),
        Err(PipelineError::YearOutOfReach { .. }) => None,
        Err(error) => return Err(error),
    };
    let month = |(at, maand): (usize, Maand)| {
        let maand = maand.to_string();
        let of = |answers: &[Answer]| answers.get(at).and_then(whole);
        let months = forecast.iter().flat_map(|answer| &answer.total.months);
        let forecast = months
            .filter(|month| month.maand == maand)
            .map(|month| month.declared + month.ibnr + month.open_commitments + month.inflow)
            .next();
        let current = budget.map(|budget| {
            let until = |at: usize| i64::try_from(at).map_or(0, |at| budget * at / 12);
            until(at + 1) - until(at)
        });
        let difference = current.zip(forecast).map(|(current, forecast)| current - forecast);
        BudgetMonth { last_year: of(&before), declared: of(&now), maand, current, forecast, difference }
    };
    Ok(of_year(jaar).enumerate().map(month).collect())
}

fn difference(line: &BudgetLine) -> Option<i64> {
    Some(line.current? - line.forecast?)
}

/// Adds what is known; what no part knows stays unknown.
fn add(sum: &mut BudgetLine, part: &BudgetLine) {
    for (sum, part) in [
        (&mut sum.last_year, part.last_year),
        (&mut sum.original, part.original),
        (&mut sum.current, part.current),
        (&mut sum.declared, part.declared),
        (&mut sum.forecast, part.forecast),
    ] {
        if let Some(part) = part {
            *sum = Some(sum.unwrap_or_default() + part);
        }
    }
}

fn taakvelden(
    jaar: i16,
    ask: impl Fn(&str, i16, &[Dimension]) -> Result<std::sync::Arc<[Answer]>, PipelineError>,
) -> Result<Vec<TaakveldLine>, PipelineError> {
    let mut lines: BTreeMap<String, TaakveldLine> = BTreeMap::new();
    let fields: [(&str, i16, fn(&mut TaakveldLine) -> &mut Option<i64>); 5] = [
        ("iv3-jaarrekening-lasten", jaar - 1, |line| &mut line.last_year),
        ("begroting-oorspronkelijk", jaar, |line| &mut line.original),
        ("begroting-actueel", jaar, |line| &mut line.current),
        ("grootboek-geboekt", jaar, |line| &mut line.booked),
        ("iv3-begroting-lasten", jaar, |line| &mut line.iv3_budget),
    ];
    for (id, year, field) in fields {
        for answer in ask(id, year, &[Dimension::Taakveld])?.iter() {
            let Some(taakveld) = answer.by.get(Dimension::Taakveld.column()).cloned().flatten() else { continue };
            let line =
                lines.entry(taakveld.clone()).or_insert_with(|| TaakveldLine { taakveld, ..TaakveldLine::default() });
            *field(line) = whole(answer);
        }
    }
    Ok(lines.into_values().collect())
}

fn whole(answer: &Answer) -> Option<i64> {
    match answer.value? {
        Number::Whole(whole) => Some(whole),
        Number::Real(_) => None,
    }
}
