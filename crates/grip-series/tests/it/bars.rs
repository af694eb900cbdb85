//! What the default must reach on real series, where they are at hand.

use std::path::Path;

use grip_series::{Options, Record, calibrate, forecast_with, record};

use crate::protocol::{Case, Figures, HORIZON, LEFT, Source, judge, read, series};

/// Series of each source: enough to see a fault, few enough for a test. The example `bench` takes all of them.
const PER_SOURCE: usize = 40;

/// MASE of the mean of seasonal naive, AutoETS and AutoTheta of statsforecast 2.1.1 on the same series and origins:
/// `series_statsforecast.py FILE 40` on 2026-11-22.
const STATSFORECAST: [(&str, f64); 3] = [("M3", 0.693_033), ("PBS_cost", 0.890_581), ("PBS_scripts", 0.959_917)];

/// Another processor may round a search into another forecast; on all series ours is below theirs in every source
/// (`docs/methods/time-series.md`).
const MASE_SLACK: f64 = 1.01;

/// The default with the portfolio of its source, as known at each origin.
fn cases(source: &Source) -> Vec<Case> {
    let options = Options { paths: 300, ..Options::COUNTS };
    let mut cases = Vec::new();
    for left in LEFT {
        let known = |values: &[Option<f64>]| values[..values.len() - left].to_vec();
        let records: Vec<Record> = source.series.iter().map(|values| record(series(&known(values)))).collect();
        let portfolio = calibrate(&records);
        for (values, own) in source.series.iter().zip(&records) {
            let found = forecast_with(series(&known(values)), HORIZON, &options, portfolio.as_ref(), own);
            cases.push(Case::new(values, left, found.mean, &found.paths));
        }
    }
    cases
}

#[test]
fn real_series_are_forecast_as_well_as_by_statsforecast_and_their_intervals_hold() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reserving/series/monthly_visible.csv.gz");
    if !path.exists() {
        println!("not checked on real series: no ../shared/reserving beside the project");
        return;
    }
    let sources = read(path.to_str().unwrap(), PER_SOURCE).unwrap();
    let judged: Vec<(String, Vec<Case>)> = std::thread::scope(|scope| {
        let asked: Vec<_> = sources.iter().map(|source| scope.spawn(|| (source.name.clone(), cases(source)))).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let mut all = Vec::new();
    for (name, cases) in judged {
        let figures = judge(&cases);
        println!("{name}: MASE {:.4}, months {:.3}, sums {:.3}", figures.mase, figures.cov80, figures.cov80_sum12);
        if let Some((_, theirs)) = STATSFORECAST.iter().find(|(source, _)| *source == name) {
            assert!(figures.mase <= MASE_SLACK * theirs, "{name}: MASE {:.4}, statsforecast {theirs:.4}", figures.mase);
            all.extend(cases);
        }
    }
    let Figures { cov50, cov80, cov95, cov80_sum12, below_zero, .. } = judge(&all);
    println!("all: months {cov50:.3} {cov80:.3} {cov95:.3}, sums {cov80_sum12:.3}");
    assert!(below_zero == 0.0);
    assert!((0.76..=0.84).contains(&cov80), "months at 80 %: {cov80:.3}");
    assert!((0.44..=0.60).contains(&cov50) && (0.92..=0.98).contains(&cov95), "months: {cov50:.3} {cov95:.3}");
    // 360 sums of which those of a source go up and down together: the standard error is over two points.
    assert!((0.74..=0.86).contains(&cov80_sum12), "sums at 80 %: {cov80_sum12:.3}");
}
