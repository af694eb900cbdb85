//! The one door to a drawing.

use serde::Serialize;

use crate::{
    drawing::{identifier, render},
    fan::{self, Fan},
    month_chart::{self, MonthChart},
    rate_chart::{self, RateChart},
    waterfall::{self, Waterfall},
};

/// A chart: data and texts, without a place or a colour.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Chart {
    /// Months beside each other, parts stacked.
    Months(MonthChart),
    /// A rate per month.
    Rates(RateChart),
    /// One estimate with its interval against its budget.
    Fan(Fan),
    /// From one amount to another, a step for every cause.
    Waterfall(Waterfall),
}

/// Room that a drawing may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A page on a desk or on paper, 1040 units.
    Wide,
    /// A telephone, 340 units.
    Narrow,
}

impl Width {
    pub(crate) fn units(self) -> f64 {
        match self {
            Self::Wide => 1040.0,
            Self::Narrow => 340.0,
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }
}

/// Draws a chart as an `<svg>` element. The same chart gives the same text, always.
///
/// The element has `role="img"`, a `<title>` and a `<desc>`, and the class `chart` with `chart-wide` or `chart-narrow`.
/// Ids in it begin with the chart's own id and the width.
pub fn svg(chart: &Chart, width: Width) -> String {
    let suffix = width.suffix();
    match chart {
        Chart::Months(months) => render(
            &month_chart::draw(months, width),
            &format!("{}-{suffix}", identifier(&months.id)),
            &format!("chart chart-{suffix}"),
            &months.title,
            &months.description,
        ),
        Chart::Rates(rates) => render(
            &rate_chart::draw(rates, width),
            &format!("{}-{suffix}", identifier(&rates.id)),
            &format!("chart chart-{suffix}"),
            &rates.title,
            &rates.description,
        ),
        Chart::Waterfall(waterfall) => render(
            &waterfall::draw(waterfall, width),
            &format!("{}-{suffix}", identifier(&waterfall.id)),
            &format!("chart chart-{suffix}"),
            &waterfall.title,
            &waterfall.description,
        ),
        Chart::Fan(fan) => render(
            &fan::draw(fan, width),
            &format!("{}-{suffix}", identifier(&fan.id)),
            &format!("chart chart-{suffix}{}", if fan.labels.is_some() { "" } else { " chart-row" }),
            &fan.title,
            &fan.description,
        ),
    }
}
