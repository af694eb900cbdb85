//! From a line of the forecast to its charts.

use grip_pipeline::answer::{Line, RunOff};
use grip_report::{
    Chart, Fan, FanAxis, FanLabels, Language, Layer, Look, Marker, MonthBar, MonthChart, RateBar, RateChart, Reference,
    Width, month_name_short, svg,
};
use grip_types::{Date, Maand};

use crate::{address::Scope, prognose::view::month_in_full, sentences, words::words};

/// A chart for a desk and for a telephone; the style sheet shows one of them.
pub(crate) struct Drawings {
    pub(crate) title: String,
    pub(crate) wide: String,
    pub(crate) narrow: String,
    /// What is drawn, for a report.
    pub(crate) chart: Chart,
}

pub(crate) fn both(title: String, chart: &Chart) -> Drawings {
    Drawings { title, wide: svg(chart, Width::Wide), narrow: svg(chart, Width::Narrow), chart: chart.clone() }
}

/// The months of a line, and a twelfth of its budget.
pub(crate) fn months(line: &Line, scope: &Scope) -> Drawings {
    let language = scope.language;
    let w = words(language);
    let layer = |name: &str, total, look| Layer { name: name.to_owned(), total: Some(total), look };
    let bars = line.months.iter().map(|month| {
        let label = month.maand.parse::<Maand>().map_or("", |maand| month_name_short(maand.month(), language));
        MonthBar {
            name: month_in_full(&month.maand, language),
            label: label.to_owned(),
            initial: label.chars().take(1).collect(),
            values: vec![month.declared, month.ibnr, month.open_commitments, month.inflow],
            interval: Some((month.p10, month.p90)),
            href: None,
        }
    });
    let title = sentences::months_title(line, language);
    let chart = Chart::Months(MonthChart {
        id: "maanden".to_owned(),
        title: title.clone(),
        description: sentences::months_description(line, scope.jaar, language),
        language,
        layers: vec![
            layer(w.declared, line.declared, Look::Solid),
            layer(w.ibnr, line.ibnr, Look::Hatched),
            layer(w.open_commitments, line.open_commitments, Look::Tint),
            layer(w.inflow, line.inflow, Look::Outline),
        ],
        bars: bars.collect(),
        reference: line
            .budget
            .map(|budget| Reference { name: vec![w.budget.to_owned(), w.per_month.to_owned()], value: budget / 12 }),
        marker: marker(scope.peildatum, scope.jaar, language),
        interval_name: w.interval_between.to_owned(),
    });
    both(title, &chart)
}

/// The share of a month that is declared, by months after it.
pub(crate) fn run_off(run_off: &[RunOff], title: String, description: String, language: Language) -> Drawings {
    let bars = run_off.iter().map(|age| RateBar {
        name: format!("{} {}", age.age, words(language).months_after),
        label: age.age.to_string(),
        initial: age.age.to_string(),
        year: String::new(),
        tenths: Some(tenths_of_percent(age.share)),
    });
    let chart = Chart::Rates(RateChart {
        id: "uitloop".to_owned(),
        title: title.clone(),
        description,
        language,
        unit: format!("% {}", words(language).declared_share),
        bars: bars.collect(),
    });
    both(title, &chart)
}

#[expect(clippy::cast_possible_truncation, reason = "a share of some hundreds of percent at most")]
fn tenths_of_percent(share: f64) -> i64 {
    (share * 1_000.0).round() as i64
}

/// Where the peildatum is among the months, when it is in the year.
fn marker(peildatum: Date, jaar: i16, language: Language) -> Option<Marker> {
    let month_begun = f64::from(peildatum.month()) - 1.0;
    let position = month_begun + f64::from(peildatum.day()) / f64::from(peildatum.days_in_month());
    let name = match language {
        Language::Nl => format!("peildatum {} {}", peildatum.day(), month_name_short(peildatum.month(), language)),
        Language::En => format!("as known on {} {}", peildatum.day(), month_name_short(peildatum.month(), language)),
    };
    (peildatum.year() == jaar).then_some(Marker { name, position })
}

/// The forecast of a line against its budget, with names.
pub(crate) fn fan(line: &Line, title: String, scope: &Scope) -> Drawings {
    let w = words(scope.language);
    let amounts: Vec<i64> = [line.forecast.p10, line.forecast.p90].into_iter().chain(line.budget).collect();
    let labels = FanLabels { estimate: w.forecast_lower.to_owned(), budget: w.budget.to_owned() };
    let unnamed = row(line, "prognose".to_owned(), title.clone(), FanAxis::around(&amounts), scope);
    both(title, &Chart::Fan(Fan { labels: Some(labels), ..unnamed }))
}

/// The forecast of a line against its budget, small enough for a row.
pub(crate) fn row_fan(line: &Line, id: String, title: String, axis: FanAxis, scope: &Scope) -> String {
    svg(&Chart::Fan(row(line, id, title, axis, scope)), Width::Wide)
}

fn row(line: &Line, id: String, title: String, axis: FanAxis, scope: &Scope) -> Fan {
    Fan {
        id,
        title,
        description: sentences::fan_description(line, scope.language),
        language: scope.language,
        low: line.forecast.p10,
        estimate: line.forecast.p50,
        high: line.forecast.p90,
        budget: line.budget,
        axis,
        labels: None,
    }
}
