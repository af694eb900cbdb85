//! The one door to a drawing.

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

impl Chart {
    /// What names it in a page: letters, digits and dashes.
    pub fn id(&self) -> &str {
        self.texts().0
    }

    /// What it says, as a sentence.
    pub fn title(&self) -> &str {
        self.texts().1
    }

    /// What is to be seen, for who does not see it.
    pub fn description(&self) -> &str {
        self.texts().2
    }

    /// The same under another name: in a report no two charts have one.
    #[must_use]
    pub fn named(mut self, id: String) -> Self {
        let own = match &mut self {
            Self::Months(it) => &mut it.id,
            Self::Rates(it) => &mut it.id,
            Self::Waterfall(it) => &mut it.id,
            Self::Course(it) => &mut it.id,
            Self::Sankey(it) => &mut it.id,
            Self::Dots(it) => &mut it.id,
            Self::Planning(it) => &mut it.id,
            Self::Graph(it) => &mut it.id,
            Self::Fan(it) => &mut it.id,
        };
        *own = id;
        self
    }

    fn texts(&self) -> (&str, &str, &str) {
        match self {
            Self::Months(it) => (&it.id, &it.title, &it.description),
            Self::Rates(it) => (&it.id, &it.title, &it.description),
            Self::Waterfall(it) => (&it.id, &it.title, &it.description),
            Self::Course(it) => (&it.id, &it.title, &it.description),
            Self::Sankey(it) => (&it.id, &it.title, &it.description),
            Self::Dots(it) => (&it.id, &it.title, &it.description),
            Self::Planning(it) => (&it.id, &it.title, &it.description),
            Self::Graph(it) => (&it.id, &it.title, &it.description),
            Self::Fan(it) => (&it.id, &it.title, &it.description),
        }
    }
}

/// Room that a drawing may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A page on a desk, 1040 units.
    Wide,
    /// A page of paper, 760 units: at the width of the text of an A4 its labels are eight points high. Nothing in it answers
    /// to a pointer or the keyboard.
    Paper,
    /// A telephone, 340 units.
    Narrow,
}

impl Width {
    pub(crate) fn units(self) -> f64 {
        match self {
            Self::Wide => 1040.0,
            Self::Paper => 760.0,
            Self::Narrow => 340.0,
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Paper => "paper",
            Self::Narrow => "narrow",
        }
    }
}

/// Draws a chart as an `<svg>` element. The same chart gives the same text, always.
///
/// The element has a `<title>` and a `<desc>`, and the class `chart` with `chart-wide`, `chart-paper` or `chart-narrow`. Ids in it begin
/// with the chart's own id and the width.
///
/// On a desk, what belongs together (a month, a step, a row) is a stop for the keyboard of class `stop`: an `<a>` where the
/// chart says where it leads, else a `<g role="img">`. Its text is in `aria-label` and in a part of class `tip` that the
/// style sheet shows. Such a drawing has `role="group"`; one without stops has `role="img"`.
pub fn svg(chart: &Chart, width: Width) -> String {
    let drawing = match chart {
        Chart::Months(it) => month_chart::draw(it, width),
        Chart::Rates(it) => rate_chart::draw(it, width),
        Chart::Waterfall(it) => waterfall::draw(it, width),
        Chart::Course(it) => course::draw(it, width),
        Chart::Sankey(it) => sankey::draw(it, width),
        Chart::Dots(it) => dots::draw(it, width),
        Chart::Planning(it) => planning::draw(it, width),
        Chart::Graph(it) => graph::draw(it, width),
        Chart::Fan(it) => fan::draw(it, width),
    };
    let suffix = width.suffix();
    let row = matches!(chart, Chart::Fan(fan) if fan.labels.is_none());
    let class = format!("chart chart-{suffix}{}", if row { " chart-row" } else { "" });
    let (id, title, description) = (chart.id(), chart.title(), chart.description());
    render(&drawing, width, (&format!("{}-{suffix}", identifier(id)), &class), title, description)
}
