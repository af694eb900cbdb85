//! This year and the four that follow.

use std::sync::Arc;

use grip_pipeline::{Assumptions, YearAhead, YearsAhead};
use grip_report::{Cell, Chart, Column, Layer, Look, MonthBar, MonthChart, Table, TableRow};

use crate::{
    App,
    address::Scope,
    problem::Problem,
    prognose::{
        drawings::{self, Drawings},
        view::bounds,
    },
    sentences,
    words::words,
};

pub(crate) struct YearsView {
    pub(crate) chart: Drawings,
    pub(crate) table: Table,
}

/// Nothing when the page is about another year than that of the peildatum.
pub(crate) async fn years(app: &App, scope: &Scope) -> Result<Option<YearsView>, Problem> {
    let Scope { gemeente, jaar, peildatum, .. } = *scope;
    if jaar != peildatum.year() {
        return Ok(None);
    }
    let answer: Arc<YearsAhead> =
        app.ask(move |grip| grip.years_ahead(gemeente, peildatum, &Assumptions::default())).await?;
    let totals: Vec<&YearAhead> = answer.years.iter().filter(|row| row.wet.is_none()).collect();
    Ok(totals.first().zip(totals.last()).map(|(first, last)| view(&totals, first, last, scope)))
}

fn view(totals: &[&YearAhead], first: &YearAhead, last: &YearAhead, scope: &Scope) -> YearsView {
    let (language, w) = (scope.language, words(scope.language));
    let rows = totals.iter().map(|row| {
        let amounts = [row.p50, row.p10, row.p90].map(Cell::Thousands);
        TableRow::new(row.jaar.to_string(), amounts.into_iter().chain([Cell::Share(row.price - 1.0)]).collect())
    });
    let mut columns = vec![Column::text(w.jaar), Column::number(w.forecast_lower)];
    columns.extend(bounds(w));
    columns.push(Column::number(w.price_rise));
    let table = Table {
        id: "meerjarenbeeld".to_owned(),
        title: w.years_ahead.to_owned(),
        note: w.thousands.to_owned(),
        empty: String::new(),
        columns,
        rows: rows.collect(),
        total: None,
    };
    let bars = totals.iter().map(|row| MonthBar {
        name: row.jaar.to_string(),
        label: row.jaar.to_string(),
        initial: format!("{:02}", row.jaar % 100),
        values: vec![row.p50],
        interval: Some((row.p10, row.p90)),
        href: None,
    });
    let title = sentences::years_title(first, last, language);
    let layer = Layer { name: w.forecast_lower.to_owned(), total: None, look: Look::Tint };
    let chart = Chart::Months(MonthChart {
        id: "jaren".to_owned(),
        title: title.clone(),
        description: sentences::years_description(totals, language),
        language,
        layers: vec![layer],
        bars: bars.collect(),
        reference: None,
        marker: None,
        interval_name: w.interval_between.to_owned(),
    });
    YearsView { chart: drawings::both(title, &chart), table }
}
