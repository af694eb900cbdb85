#![doc = include_str!("../README.md")]

mod number;

mod axis;
mod chart;
mod course;
mod dots;
mod download;
mod drawing;
mod fan;
mod graph;
mod month_chart;
mod planning;
mod rate_chart;
mod sankey;
mod scale;
mod stops;
mod table;
mod waterfall;

pub use chart::{Chart, Width, svg};
pub use course::{Course, CourseBand, CourseLine, Form, Mark, Step};
pub use dots::{Dots, DotsRow, Spread};
pub use download::{csv, xlsx};
pub use fan::{Fan, FanAxis, FanLabels, shared_axes};
pub use graph::{Arrow, ArrowLook, Graph, GraphBox, GraphLayer};
pub use month_chart::{Layer, Look, Marker, MonthBar, MonthChart, Reference};
pub use number::{
    Favour, Language, chance, count, decimal, difference, euros, euros_and_cents, euros_beside, euros_change,
    euros_short, favour, month_name, month_name_short, percent, percent_one_decimal, thousands, thousands_difference,
};
pub use planning::{Planning, PlanningBar, PlanningMark, PlanningMonth, PlanningRow, PlanningWait};
pub use rate_chart::{RateBar, RateChart};
pub use sankey::{Ribbon, Sankey};
pub use scale::Scale;
pub use table::{Cell, Column, ColumnKind, Table, TableRow, real};
pub use waterfall::{Waterfall, WaterfallStep};
