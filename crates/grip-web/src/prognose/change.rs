//! Why the forecast is not what it was at the end of the month before.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use grip_pipeline::{Cause, Change, PipelineError};
use grip_report::{
    Cell, Chart, Column, Language, Table, TableRow, Waterfall, WaterfallStep, euros_change, euros_short,
};
use grip_types::Maand;

use crate::{
    App,
    address::Scope,
    problem::Problem,
    prognose::{
        drawings::{self, Drawings},
        view::month_in_full,
    },
    sentences::{self, long_date},
    words::words,
};

/// Months of which the late declarations have a step of their own; the others share one.
const MONTHS_NAMED: usize = 3;

/// The change since the end of the month before, or nothing when there was no forecast then.
pub(crate) async fn since_last_month(app: &App, scope: &Scope) -> Result<Option<Arc<Change>>, Problem> {
    let Scope { gemeente, jaar, peildatum, .. } = *scope;
    let before = Maand::of(peildatum).plus(-1).last_day();
    app.ask(move |grip| match grip.change(gemeente, jaar, before, peildatum) {
        Ok(change) => Ok(Some(change)),
        Err(PipelineError::YearOutOfReach { .. }) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

/// What the template shows of it.
pub(crate) struct ChangeView {
    pub(crate) chart: Drawings,
    pub(crate) table: Table,
}

impl ChangeView {
    /// Of one segment, or of all; `after` is its forecast now.
    pub(crate) fn new(change: &Change, of: Option<(&str, &str)>, after: i64, scope: &Scope) -> Option<Self> {
        let language = scope.language;
        let from = change.from.parse().ok()?;
        let steps = steps(change.causes(of), language);
        let start = after - steps.iter().map(|(_, amount)| amount).sum::<i64>();
        let title = sentences::change_title(start, after, from, language);
        let row = |name: &str, amount| TableRow::new(name, vec![Cell::Thousands(amount)]);
        let w = words(language);
        let table = Table {
            id: "waarom".to_owned(),
            title: title.clone(),
            note: w.thousands.to_owned(),
            empty: String::new(),
            columns: vec![Column::text(w.cause), Column::number(w.change)],
            rows: steps.iter().map(|(name, amount)| row(name, *amount)).collect(),
            total: Some(row(w.total, after - start)),
        };
        let on = |day| format!("{} {}", words(language).forecast_on, long_date(day, language));
        let chart = Chart::Waterfall(Waterfall {
            id: "verandering".to_owned(),
            title: title.clone(),
            description: description(&steps, start, after, language),
            language,
            from: on(from),
            start,
            steps: steps.into_iter().map(|(name, amount)| WaterfallStep { name, amount, href: None }).collect(),
            to: on(scope.peildatum),
        });
        Some(Self { chart: drawings::both(title, &chart), table })
    }
}

/// The causes with their names, in the order of what is known before what is expected.
fn steps(causes: BTreeMap<(Cause, Option<&str>), i64>, language: Language) -> Vec<(String, i64)> {
    let mut late: Vec<(&str, i64)> = Vec::new();
    let mut steps = Vec::new();
    for ((cause, maand), amount) in causes {
        match (cause, maand) {
            (Cause::LateDeclarations, Some(maand)) => late.push((maand, amount)),
            _ => steps.push((name(cause, maand, language), amount)),
        }
    }
    late.sort_by_key(|(maand, amount)| (Reverse(amount.abs()), *maand));
    let others: i64 = late.iter().skip(MONTHS_NAMED).map(|(_, amount)| amount).sum();
    late.truncate(MONTHS_NAMED);
    late.sort_unstable();
    let of_months =
        late.into_iter().map(|(maand, amount)| (name(Cause::LateDeclarations, Some(maand), language), amount));
    let others = (words(language).late_other_months.to_owned(), others);
    of_months.chain([others]).chain(steps).filter(|(_, amount)| *amount != 0).collect()
}

fn name(cause: Cause, maand: Option<&str>, language: Language) -> String {
    let w = words(language);
    let name = match cause {
        Cause::LateDeclarations => w.late_declarations,
        Cause::PassedMonths => w.passed_months,
        Cause::NewAllocations => w.new_allocations,
        Cause::ChangedAllocations => w.changed_allocations,
        Cause::Stops => w.stops,
        Cause::Realisation => w.realisation,
    };
    maand.map_or(name.to_owned(), |maand| format!("{name} {}", month_in_full(maand, language)))
}

fn description(steps: &[(String, i64)], start: i64, after: i64, language: Language) -> String {
    let (before, now) = (euros_short(start, language), euros_short(after, language));
    let steps: Vec<String> =
        steps.iter().map(|(name, amount)| format!("{name} {}", euros_change(*amount, language))).collect();
    let steps = steps.join("; ");
    match language {
        Language::Nl => format!("Van {before} naar {now}: {steps}. De cijfers staan in de tabel eronder."),
        Language::En => format!("From {before} to {now}: {steps}. The figures are in the table below."),
    }
}
