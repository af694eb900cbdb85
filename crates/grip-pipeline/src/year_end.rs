//! The year-end table: the forecast of every segment, in whole cents, beside its budget.

use std::collections::{BTreeMap, BTreeSet};

use grip_forecast::{Notice, Outlook, SegmentHistory};
use grip_messages::{aanduiding_onbekend, product_categorie_naam};
use grip_prognose::{Facts, Grid, Prognose, PrognoseError, Segment};
use grip_types::{Bedrag, Date, Wet};

use crate::{
    PipelineError,
    answer::{Interval, Line, Month, Noticed, Record, RunOff, YearEnd},
};

/// Chance and width of the naive methods are not given: they claim none.
pub(crate) fn year_end(facts: &Facts, made: &Prognose) -> YearEnd {
    let Prognose { gemeente, jaar, peildatum, grid, segments, forecast: result, budget, histories } = made;
    let mut lines: Vec<Line> = Vec::new();
    for (segment, outlook) in segments.iter().zip(&result.segments) {
        let budget = budget.get(&(segment.0, Some(segment.1.clone()))).copied();
        let line = Line {
            wet: Some(segment.0.as_str()),
            productcategorie: Some(segment.1.to_string()),
            naam: segment_naam(&segment.1),
            noticed: noticed(outlook, grid, facts),
            ..line(outlook, grid, budget)
        };
        lines.push(line);
    }
    add_budgets_without_history(&mut lines, segments, budget);
    let total_budget = (!budget.is_empty()).then(|| total_budget(budget));
    let total = total_line(&lines, &result.total, grid, total_budget);
    YearEnd {
        gemeente: gemeente.to_string(),
        jaar: *jaar,
        peildatum: peildatum.to_string(),
        unit: "eurocent",
        total,
        segments: lines,
        run_off: run_off(histories),
        record: record(&result.total),
    }
}

pub(crate) fn no_prognose(error: PrognoseError, jaar: i16, peildatum: Date) -> PipelineError {
    match error {
        PrognoseError::OutOfReach => PipelineError::YearOutOfReach { jaar, peildatum },
        PrognoseError::Forecast(error) => error.into(),
    }
}

pub(crate) fn segment_naam(categorie: &str) -> String {
    product_categorie_naam(categorie).map_or_else(|| aanduiding_onbekend(categorie), ToOwned::to_owned)
}

/// A law's budget is that of its categories, or the one line for the law as a whole where there are none.
pub(crate) fn total_budget(budget: &BTreeMap<(Wet, Option<Box<str>>), i64>) -> i64 {
    let laws: BTreeSet<Wet> = budget.keys().map(|(wet, _)| *wet).collect();
    let of_law = |wet: Wet| {
        let parts: Vec<i64> = budget
            .iter()
            .filter(|((of, categorie), _)| *of == wet && categorie.is_some())
            .map(|(_, cents)| *cents)
            .collect();
        if parts.is_empty() { budget.get(&(wet, None)).copied().unwrap_or_default() } else { parts.iter().sum() }
    };
    laws.into_iter().map(of_law).sum()
}

fn add_budgets_without_history(
    lines: &mut Vec<Line>,
    segments: &[Segment],
    budget: &BTreeMap<(Wet, Option<Box<str>>), i64>,
) {
    for ((wet, categorie), cents) in budget {
        let Some(categorie) = categorie else { continue };
        if segments.contains(&(*wet, categorie.clone())) {
            continue;
        }
        lines.push(Line {
            wet: Some(wet.as_str()),
            productcategorie: Some(categorie.to_string()),
            naam: segment_naam(categorie),
            declared: 0,
            ibnr: 0,
            open_commitments: 0,
            inflow: 0,
            forecast: Interval { p10: 0, p50: 0, p90: 0 },
            naive_run_rate: 0,
            budget: Some(*cents),
            difference: Some(*cents),
            chance_of_overspend: None,
            months: Vec::new(),
            noticed: Vec::new(),
        });
    }
    lines.sort_by(|a, b| (b.wet, &a.productcategorie).cmp(&(a.wet, &b.productcategorie)));
}

fn noticed(outlook: &Outlook, grid: &Grid, facts: &Facts) -> Vec<Noticed> {
    let of = |notice: &Notice| {
        let naam = |code: &String| facts.namen.get(&code.parse().ok()?).cloned();
        Noticed {
            kind: notice.kind,
            naam: notice.provider.as_ref().and_then(naam),
            aanbieder: notice.provider.clone(),
            maand: grid.maand(notice.month).to_string(),
            amount: notice.cents,
        }
    };
    outlook.noticed.iter().map(of).collect()
}

fn cents(amount: f64) -> i64 {
    Bedrag::from_f64(amount).cents
}

fn line(outlook: &Outlook, grid: &Grid, budget: Option<i64>) -> Line {
    let months: Vec<Month> = outlook
        .months
        .iter()
        .map(|month| Month {
            maand: grid.maand(month.month).to_string(),
            declared: cents(month.declared),
            ibnr: cents(month.ibnr),
            open_commitments: cents(month.open_commitments),
            inflow: cents(month.inflow),
            p10: cents(month.p10),
            p90: cents(month.p90),
        })
        .collect();
    // Rounded per month and then added, so that months add up to the line and lines to the total, to the cent.
    let sum = |part: fn(&Month) -> i64| months.iter().map(part).sum::<i64>();
    let (declared, ibnr) = (sum(|month| month.declared), sum(|month| month.ibnr));
    let (open_commitments, inflow) = (sum(|month| month.open_commitments), sum(|month| month.inflow));
    let p50 = declared + ibnr + open_commitments + inflow;
    Line {
        wet: None,
        productcategorie: None,
        naam: String::new(),
        declared,
        ibnr,
        open_commitments,
        inflow,
        forecast: Interval { p10: cents(outlook.p10).min(p50), p50, p90: cents(outlook.p90).max(p50) },
        naive_run_rate: cents(outlook.naive_run_rate),
        budget,
        difference: budget.map(|budget| budget - p50),
        chance_of_overspend: budget.map(|budget| outlook.probability_above(Bedrag::from_cents(budget).to_f64())),
        months,
        noticed: Vec::new(),
    }
}

fn total_line(lines: &[Line], outlook: &Outlook, grid: &Grid, budget: Option<i64>) -> Line {
    let own = line(outlook, grid, budget);
    let sum = |part: fn(&Line) -> i64| lines.iter().map(part).sum::<i64>();
    let months = own
        .months
        .iter()
        .map(|month| {
            let of_segments =
                || lines.iter().filter_map(|line| line.months.iter().find(|other| other.maand == month.maand));
            Month {
                declared: of_segments().map(|month| month.declared).sum(),
                ibnr: of_segments().map(|month| month.ibnr).sum(),
                open_commitments: of_segments().map(|month| month.open_commitments).sum(),
                inflow: of_segments().map(|month| month.inflow).sum(),
                ..month.clone()
            }
        })
        .collect();
    let p50 = sum(|line| line.forecast.p50);
    Line {
        naam: "Totaal".to_owned(),
        declared: sum(|line| line.declared),
        ibnr: sum(|line| line.ibnr),
        open_commitments: sum(|line| line.open_commitments),
        inflow: sum(|line| line.inflow),
        forecast: Interval { p10: own.forecast.p10.min(p50), p50, p90: own.forecast.p90.max(p50) },
        difference: budget.map(|budget| budget - p50),
        months,
        ..own
    }
}

/// Months after delivery that the run-off is told of, and months of delivery that it is taken over.
const RUN_OFF_AGES: usize = 12;
const RUN_OFF_MONTHS: usize = 24;

fn run_off(histories: &[SegmentHistory]) -> Vec<RunOff> {
    let months = histories.iter().map(|history| history.declared.len()).max().unwrap_or_default();
    let last = months.saturating_sub(RUN_OFF_AGES);
    // Per month of delivery what was known after each age.
    let known: Vec<Vec<f64>> = (last.saturating_sub(RUN_OFF_MONTHS)..last)
        .map(|month| {
            let at_age = |age| -> f64 {
                let rows = histories.iter().filter_map(|history| history.declared.get(month));
                rows.flat_map(|row| row.iter().take(age + 1)).sum()
            };
            (0..=RUN_OFF_AGES).map(at_age).collect()
        })
        .filter(|ages: &Vec<f64>| ages[RUN_OFF_AGES] > 0.0)
        .collect();
    let whole: f64 = known.iter().map(|ages| ages[RUN_OFF_AGES]).sum();
    let of_age = |age: usize| {
        let shares = || known.iter().map(|ages| ages[age] / ages[RUN_OFF_AGES]);
        RunOff {
            age,
            share: known.iter().map(|ages| ages[age]).sum::<f64>() / whole,
            lowest: shares().fold(f64::INFINITY, f64::min),
            highest: shares().fold(f64::NEG_INFINITY, f64::max),
        }
    };
    if known.is_empty() { Vec::new() } else { (0..=RUN_OFF_AGES).map(of_age).collect() }
}

fn record(outlook: &Outlook) -> Record {
    let record = &outlook.record;
    Record {
        cuts: record.cuts.len(),
        mape: record.forecast.as_ref().map(|score| score.mape),
        bias: record.forecast.as_ref().map(|score| score.bias),
        coverage: record.coverage,
        mape_naive_run_rate: record.naive_run_rate.as_ref().map(|score| score.mape),
        mape_chain_ladder: record.chain_ladder_run_rate.as_ref().map(|score| score.mape),
    }
}
