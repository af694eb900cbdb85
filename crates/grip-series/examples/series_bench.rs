//! How good and how fast the forecasts are on real series, one line of JSON for every source and model.
//!
//!     cargo run --example series_bench -- FILE [SERIES_PER_SOURCE]
//!
//! FILE is CSV, plain or gzipped, with the columns source, unique_id, ds, y: months in order. Twelve months ahead from three
//! origins six months apart, refitted at each. Series of fewer than 60 months, or with at most five different values before
//! the first origin, are left out. SERIES_PER_SOURCE takes that many of every source, evenly over the sorted identifiers; 0
//! takes all. `benches/peers/series_statsforecast.py` prints the same lines for statsforecast.
//!
//! `mean` is the default on the series alone; `mean_portfolio` has its spread from all series of the source as well, as far as
//! their errors were known at the origin. `cov80_sum12` of the bare models is that of their own paths.
//! `seconds_per_fit` is processor time where Linux tells it, and includes paths and, for `mean`, the record.

#[path = "../tests/it/protocol.rs"]
mod protocol;

use std::time::Instant;

use grip_series::{Model, Options, Record, calibrate, fit, forecast_with, record};
use protocol::{Case, HORIZON, LEFT, SEASON, Source, judge, read, series};

const PATHS: usize = 500;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let per_source = arguments.next().map_or(Ok(0), |number| number.parse())?;
    for source in read(&path, per_source)? {
        for (name, model) in [
            ("seasonal_naive", Model::SeasonalNaive),
            ("ets", Model::Ets),
            ("theta", Model::Theta),
            ("mean_raw", Model::Mean),
        ] {
            let clock = Clock::start();
            let cases = bare(&source, model);
            print(&source, name, &cases, clock.seconds());
        }
        calibrated(&source);
    }
    Ok(())
}

fn bare(source: &Source, model: Model) -> Vec<Case> {
    let mut cases = Vec::new();
    for values in &source.series {
        for left in LEFT {
            let known = &values[..values.len() - left];
            let fitted = fit(series(known), model);
            cases.push(Case::new(values, left, fitted.mean(HORIZON), &fitted.paths(HORIZON, PATHS, 0)));
        }
    }
    cases
}

/// The default, alone and with a portfolio.
fn calibrated(source: &Source) {
    let options = Options { paths: PATHS, ..Options::COUNTS };
    let clock = Clock::start();
    let mut alone = Vec::new();
    let mut records: Vec<Vec<Record>> = Vec::new();
    for left in LEFT {
        let mut at_origin = Vec::new();
        for values in &source.series {
            let known = &values[..values.len() - left];
            let own = record(series(known));
            let found = forecast_with(series(known), HORIZON, &options, None, &own);
            alone.push(Case::new(values, left, found.mean, &found.paths));
            at_origin.push(own);
        }
        records.push(at_origin);
    }
    print(source, "mean", &alone, clock.seconds());
    let clock = Clock::start();
    let mut pooled = Vec::new();
    for (left, records) in LEFT.into_iter().zip(&records) {
        let portfolio = calibrate(records);
        for (values, own) in source.series.iter().zip(records) {
            let known = &values[..values.len() - left];
            let found = forecast_with(series(known), HORIZON, &options, portfolio.as_ref(), own);
            pooled.push(Case::new(values, left, found.mean, &found.paths));
        }
    }
    print(source, "mean_portfolio", &pooled, clock.seconds());
}

#[expect(clippy::print_stdout, reason = "lines of JSON are what this is for")]
fn print(source: &Source, model: &str, cases: &[Case], seconds: f64) {
    let figures = judge(cases);
    let fits = u32::try_from(cases.len()).map_or(1.0, f64::from);
    let line = serde_json::json!({
        "tool": "grip-series", "source": source.name, "model": model, "series": source.series.len(),
        "mase": figures.mase, "cov50": figures.cov50, "cov80": figures.cov80, "cov95": figures.cov95,
        "cov80_sum12": figures.cov80_sum12, "cov50_sum12": figures.cov50_sum12, "cov95_sum12": figures.cov95_sum12,
        "msis80": figures.msis80, "below_zero": figures.below_zero, "seconds_per_fit": seconds / fits,
    });
    println!("{line}");
}

/// Processor time of this thread, or time by the clock where nobody tells.
struct Clock {
    begun: Instant,
    used: Option<f64>,
}

impl Clock {
    fn start() -> Self {
        Self { begun: Instant::now(), used: used() }
    }

    fn seconds(&self) -> f64 {
        match (self.used, used()) {
            (Some(before), Some(after)) => after - before,
            (None, _) | (_, None) => self.begun.elapsed().as_secs_f64(),
        }
    }
}

/// The first figure of `schedstat`: nanoseconds on a processor.
fn used() -> Option<f64> {
    let text = fs_err::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// The season is not asked for: all series are monthly.
const _: () = assert!(SEASON == 12 && HORIZON == 12);
