//! The one door to a drawing.

use serde::Serialize;

use crate::{
    course::{self, Course},
    dots::{self, Dots},
    drawing::{identifier, render},
    fan::{self, Fan},
    graph::{self, Graph},
    month_chart::{self, MonthChart},
    planning::{self, Planning},
    rate_chart::{self, RateChart},
    sankey::{self, Sankey},
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
    /// One to four lines over months or other steps.
    Course(Course),
    /// From where to where people go.
    Sankey(Sankey),
    /// One's own figures beside those of a group.
    Dots(Dots),
    /// When things are done, and what waits for what.
    Planning(Planning),
    /// Boxes in layers with arrows.
    Graph(Graph),
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
/// The element has a `<title>` and a `<desc>`, and the class `chart` with `chart-wide` or `chart-narrow`. Ids in it begin
/// with the chart's own id and the width.
///
/// On a desk, what belongs together (a month, a step, a row) is a stop for the keyboard of class `stop`: an `<a>` where the
/// chart says where it leads, else a `<g role="img">`. Its text is in `aria-label` and in a part of class `tip` that the
/// style sheet shows. Such a drawing has `role="group"`; one without stops has `role="img"`.
pub fn svg(chart: &Chart, width: Width) -> String {
    let (drawing, id, title, description) = match chart {
        Chart::Months(it) => (month_chart::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Rates(it) => (rate_chart::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Waterfall(it) => (waterfall::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Course(it) => (course::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Sankey(it) => (sankey::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Dots(it) => (dots::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Planning(it) => (planning::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Graph(it) => (graph::draw(it, width), &it.id, &it.title, &it.description),
        Chart::Fan(it) => (fan::draw(it, width), &it.id, &it.title, &it.description),
    };
    let suffix = width.suffix();
    let row = matches!(chart, Chart::Fan(fan) if fan.labels.is_none());
    let class = format!("chart chart-{suffix}{}", if row { " chart-row" } else { "" });
    render(&drawing, width, (&format!("{}-{suffix}", identifier(id)), &class), title, description)
}
