#![doc = include_str!("../README.md")]
#![forbid(missing_docs)]

mod series;

mod forecast;

mod calibration;

mod paths;

mod fitted;

mod naive;

mod ets;

mod theta;

mod season;

mod signal;

mod disturbance;

mod pelt;

mod bocpd;

mod cost;

mod segmentation;

mod student;

mod least_squares;

pub use bocpd::{Belief, bocpd};
pub use calibration::{Calibration, Record, calibrate, record};
pub use cost::{Cost, Noise};
pub use ets::{Errors, Form, Trend};
pub use fitted::{Fitted, Model, fit};
pub use forecast::{Basis, Forecast, Options, forecast, forecast_with};
pub use paths::{Paths, quantile};
pub use pelt::{Penalty, Search, change_points, pelt};
pub use season::Season;
pub use segmentation::{Change, Course, Segment, Segmentation, Shift};
pub use series::Series;
pub use signal::{AsOf, Signal, SignalKind, Thresholds, alarms, look, replay, signals};
pub use theta::ThetaForm;
