#![doc = include_str!("../README.md")]

mod arrivals;

mod calibration;

mod history;

mod notice;

mod outlook;

mod forecast;

mod projection;

mod season;

mod provider;

mod record;

mod straub;

mod student;

pub use forecast::forecast;
pub use history::{FUTURE, MAX_DELAY, PAST, ProviderHistory, SegmentHistory};
pub use notice::{Notice, NoticeKind};
pub use outlook::{Forecast, Method, MonthOutlook, Outlook, Window};
pub use record::{BackTest, Record, Score};

/// Why a forecast could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// There is no segment.
    #[error("there is no segment to forecast")]
    NoSegments,
    /// A history without a month.
    #[error("segment {segment} has no month of history")]
    NoMonths {
        /// Index in the list of segments.
        segment: usize,
    },
    /// Segments must be on the same grid of months.
    #[error("segment {segment} has {months} months, the first segment has {expected}")]
    MonthsDiffer {
        /// Index in the list of segments.
        segment: usize,
        /// Months of this segment.
        months: usize,
        /// Months of the first segment.
        expected: usize,
    },
    /// A list in a [`SegmentHistory`] that is shorter or longer than its documentation says.
    #[error("segment {segment}: `{list}` of month {month} has {given} entries, not {needed}")]
    WrongLength {
        /// Index in the list of segments.
        segment: usize,
        /// Name of the field.
        list: &'static str,
        /// Index in the field.
        month: usize,
        /// Entries given.
        given: usize,
        /// Entries needed.
        needed: usize,
    },
    /// An amount that is NaN, infinite, or larger than 10^15 eurocents.
    #[error("segment {segment}: an amount in `{list}` of month {month} is not a plausible amount")]
    ImplausibleAmount {
        /// Index in the list of segments.
        segment: usize,
        /// Name of the field.
        list: &'static str,
        /// Index in the field.
        month: usize,
    },
    /// A window that ends before it starts.
    #[error("the window ends in month {last}, before it starts in month {first}")]
    EmptyWindow {
        /// First month of the window.
        first: i64,
        /// Last month of the window.
        last: i64,
    },
    /// A window that ends further ahead than commitments are known.
    #[error("the window ends in month {last}, more than {FUTURE} months after month {now}")]
    WindowTooFar {
        /// Last month of the window.
        last: i64,
        /// The newest month.
        now: i64,
    },
}
