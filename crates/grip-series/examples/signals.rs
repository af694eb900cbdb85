//! False alarms per series and year, and how soon a jump is seen, in simulated monthly series.
//!
//!     cargo run --release --example signals -- [SERIES] [OUTLIER CHANGE]
//!
//! SERIES of each kind, 300 by default; OUTLIER and CHANGE are other thresholds than the default ones. Takes some ten minutes.

#[path = "../tests/it/simulated.rs"]
mod simulated;

use std::time::Instant;

use grip_series::Thresholds;
use simulated::{Course, Errors, QUIET, detection, false_alarms};

#[expect(clippy::print_stdout, reason = "tables are what this is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = arguments.first().map_or(Ok(300), |number| number.parse())?;
    let mut thresholds = Thresholds::DEFAULT;
    if let [_, outlier, change] = arguments.as_slice() {
        thresholds = Thresholds { outlier: outlier.parse()?, change: change.parse()? };
    }
    println!("{number} series of each kind, {thresholds:?}");
    println!("false alarms a year: outliers, level shifts and trends, together; over 5 years and over 10");
    for (name, course) in courses() {
        for months in [60, 120] {
            let (outliers, changes) = false_alarms(&course, months, number, &thresholds);
            print!("{:28}", if months == 60 { name } else { "" });
            println!("{months:5} {outliers:.3} {changes:.3} {:.3}", outliers + changes);
        }
    }
    let begun = Instant::now();
    false_alarms(&courses()[4].1, 120, 10, &thresholds);
    println!("a replay of ten years: {:.0} ms", begun.elapsed().as_secs_f64() * 100.0);
    println!("jumps: seen within 12 and 24 months as a level shift, median delay in months, at once as an outlier");
    for (name, course) in courses().into_iter().filter(|(_, course)| !matches!(course.errors, Errors::Counts(_))) {
        for size in [1.0, 2.0, 3.0, 5.0] {
            let seen = detection(&course, size, number, &thresholds);
            let delay = seen.median_delay.map_or_else(|| "-".to_owned(), |months| months.to_string());
            print!("{:28}", if size < 1.5 { name } else { "" });
            println!("{size:4} {:.2} {:.2} {delay:>3} {:.2}", seen.within_12, seen.within_24, seen.at_once);
        }
    }
    Ok(())
}

fn courses() -> Vec<(&'static str, Course)> {
    let errors = |errors| Course { errors, ..QUIET };
    vec![
        ("white", QUIET),
        ("correlated 0.3", errors(Errors::Correlated(0.3))),
        ("correlated 0.5", errors(Errors::Correlated(0.5))),
        ("correlated 0.7", errors(Errors::Correlated(0.7))),
        ("season", Course { season: 3.0, ..QUIET }),
        ("season, correlated 0.3", Course { season: 3.0, ..errors(Errors::Correlated(0.3)) }),
        ("season, correlated 0.5", Course { season: 3.0, ..errors(Errors::Correlated(0.5)) }),
        ("slope 0.05", Course { slope: 0.05, ..QUIET }),
        ("heavy tails", errors(Errors::HeavyTailed)),
        ("counts of 20", errors(Errors::Counts(20.0))),
        ("counts of 3", errors(Errors::Counts(3.0))),
        ("counts of 0.3", errors(Errors::Counts(0.3))),
    ]
}
