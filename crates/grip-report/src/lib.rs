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
mod long;
mod month_chart;
mod page;
mod pdf;
mod planning;
mod prose;
mod rate_chart;
mod report;
mod sankey;
mod scale;
mod sent;
mod stops;
mod table;
mod waterfall;
mod workbook;

pub use chart::{Chart, Width, svg};
pub use course::{Course, CourseBand, CourseLine, Form, Mark, Step};
pub use dots::{Dots, DotsRow, Spread};
pub use download::{csv, xlsx};
pub use fan::{Fan, FanAxis, FanLabels, shared_axes};
pub use graph::{Arrow, ArrowLook, Graph, GraphBox, GraphLayer};
pub use long::report_csv;
pub use month_chart::{Layer, Look, Marker, MonthBar, MonthChart, Reference};
pub use number::{
    Favour, Language, chance, count, decimal, difference, euros, euros_and_cents, euros_beside, euros_change,
    euros_short, favour, month_name, month_name_short, percent, percent_one_decimal, thousands, thousands_difference,
};
pub use page::{report_html, report_html_body};
pub use pdf::{Limit, PdfError, find_program, pdf_by};
pub use planning::{Planning, PlanningBar, PlanningMark, PlanningMonth, PlanningRow, PlanningWait};
pub use prose::{Prose, Span, plain_prose, prose};
pub use rate_chart::{RateBar, RateChart};
pub use report::{Block, Figure, Interval, Remark, Report, Section};
pub use sankey::{Ribbon, Sankey};
pub use scale::Scale;
pub use sent::{ReportJsonError, report_json, report_of_json};
pub use table::{Cell, Column, ColumnKind, Table, TableRow, real};
pub use waterfall::{Waterfall, WaterfallStep};
pub use workbook::report_xlsx;
