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

mod least_squares;

pub use calibration::{Calibration, Record, calibrate, record};
pub use ets::{Errors, Form, Trend};
pub use fitted::{Fitted, Model, fit};
pub use forecast::{Basis, Forecast, Options, forecast, forecast_with};
pub use paths::{Paths, quantile};
pub use season::Season;
pub use series::Series;
pub use theta::ThetaForm;
