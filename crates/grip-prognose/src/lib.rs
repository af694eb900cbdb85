#![doc = include_str!("../README.md")]

mod backtest;

mod change;
mod facts;

mod prognose;

mod signals;

mod triangles;

mod years;

pub use backtest::{Backtest, Method, Row, Score, backtest, backtest_at};
pub use change::{Cause, Change, Part, change};
pub use facts::{Amendment, BegrotingFact, BegrotingKey, Facts, PrestatieFact, Versie, amendments, in_force};
pub use prognose::{Prognose, PrognoseError, prognose};
pub use signals::{
    Deviation, FALSE_ALARMS_PER_SERIES, Measure, SAME_SIGNAL_MONTHS, SIGNAL_MONTHS, SeriesMonth, SeriesName,
    SignalLine, Signals, is_same_signal, signals,
};
pub use triangles::{Grid, Segment, histories};
pub use years::{Assumptions, YEARS_AHEAD, YearAhead, YearsAhead, years_ahead};
