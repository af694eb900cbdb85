//! The portfolio method against what really came of 352 and 365 triangles of American companies, origins 1988–1997, known
//! to the end of 1997 and followed to 2006 (Casualty Actuarial Society, loss reserve database). Every decade that is in the
//! folder is tried by the same code: nothing here was tuned to this one.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use grip_reserving::portfolio::{Forecast, Member, calibrate, estimate};
use grip_reserving::{Averaging, Triangle, mack};

use crate::shared::shared;

const SIZE: usize = 10;

/// One company and line, with what came of it.
struct Company {
    line: String,
    triangle: Triangle,
    premium: Vec<f64>,
    outcome: f64,
}

/// Rows and cells of one company and line as they are read.
#[derive(Default)]
struct Square {
    cells: BTreeMap<(usize, usize), f64>,
    premium: BTreeMap<usize, f64>,
}

impl Square {
    /// A whole square with premium and amounts in every cell that was known: half of the companies, the larger ones.
    fn company(self, line: &str) -> Option<Company> {
        let origins: Vec<usize> = self.premium.keys().copied().collect();
        if origins.len() != SIZE
            || self.cells.len() != SIZE * SIZE
            || self.premium.values().any(|premium| *premium <= 0.0)
        {
            return None;
        }
        let value = |row: usize, lag: usize| self.cells[&(origins[row], lag)];
        let rows: Vec<Vec<f64>> = (0..SIZE).map(|row| (1..=SIZE - row).map(|lag| value(row, lag)).collect()).collect();
        let outcome: f64 = (0..SIZE).map(|row| value(row, SIZE)).sum();
        if outcome <= 0.0 || rows.iter().flatten().any(|value| *value <= 0.0) {
            return None;
        }
        let triangle = Triangle::from_cumulative(&rows).unwrap();
        Some(Company { line: line.to_owned(), triangle, premium: self.premium.into_values().collect(), outcome })
    }
}

/// Every decade there is, by the name of its file.
fn decades() -> Vec<PathBuf> {
    let Some(folder) = shared("backtest") else { return Vec::new() };
    let mut paths: Vec<PathBuf> = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let is_decade = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("cas_"));
    paths.retain(|path| is_decade(path) && path.extension().is_some_and(|extension| extension == "gz"));
    paths.sort();
    paths
}

fn companies(path: &Path, measure: &str) -> Vec<Company> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs_err::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    // Names of companies may hold commas, so what stands after them is counted from the end.
    let from_end = |name: &str| header.len() - header.iter().position(|found| *found == name).unwrap();
    let (origin, lag, premium) = (from_end("origin"), from_end("lag"), from_end("net_premium"));
    let value = from_end(measure);
    let mut squares: BTreeMap<(String, String), Square> = BTreeMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let field = |place: usize| fields[fields.len() - place];
        let square = squares.entry((fields[1].to_owned(), fields[2].to_owned())).or_default();
        let (year, lag): (usize, usize) = (field(origin).parse().unwrap(), field(lag).parse().unwrap());
        square.cells.insert((year, lag), field(value).parse().unwrap());
        square.premium.insert(year, field(premium).parse().unwrap());
    }
    squares.into_iter().filter_map(|((line, _), square)| square.company(&line)).collect()
}

fn forecasts(companies: &[Company]) -> Vec<Forecast> {
    let members: Vec<Member<'_>> = companies
        .iter()
        .map(|company| Member { group: &company.line, triangle: &company.triangle, exposure: Some(&company.premium) })
        .collect();
    estimate(&members).unwrap()
}

fn mean_error(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let count = f64::from(u32::try_from(pairs.clone().count()).unwrap());
    100.0 * pairs.map(|(forecast, outcome)| (forecast / outcome - 1.0).abs()).sum::<f64>() / count
}

/// Per level: how many percent of outcomes lie in intervals learned from the other half of the companies.
fn coverage(companies: &[Company], forecasts: &[Forecast]) -> [f64; 3] {
    let in_first = |place: usize| place.is_multiple_of(2);
    let mut held = [0_u32; 3];
    for first in [true, false] {
        let learned = calibrate(
            forecasts
                .iter()
                .zip(companies)
                .enumerate()
                .filter(|(place, _)| in_first(*place) == first)
                .map(|(_, (forecast, company))| (forecast, company.outcome)),
        )
        .unwrap();
        for (place, (forecast, company)) in forecasts.iter().zip(companies).enumerate() {
            for (held, level) in held.iter_mut().zip([0.5, 0.8, 0.95]) {
                let interval = learned.interval(forecast, level).unwrap();
                let inside = interval.low <= company.outcome && company.outcome <= interval.high;
                *held += u32::from(inside && in_first(place) != first);
            }
        }
    }
    held.map(|held| 100.0 * f64::from(held) / f64::from(u32::try_from(companies.len()).unwrap()))
}

/// The bar for the decade that is known here; any other must be closer than each company's own chain ladder.
#[track_caller]
fn check(measure: &str, error_max_1997: f64) {
    for path in decades() {
        let decade = path.file_name().unwrap().to_string_lossy().into_owned();
        let companies = companies(&path, measure);
        let forecasts = forecasts(&companies);
        let outcome = |place: usize| companies[place].outcome;
        let of = |total: fn(&Forecast) -> f64| {
            mean_error(forecasts.iter().enumerate().map(move |(place, forecast)| (total(forecast), outcome(place))))
        };
        let own = mean_error(companies.iter().map(|company| {
            (mack(&company.triangle, Averaging::AllOrigins).estimate.total().ultimate, company.outcome)
        }));
        let error = of(|forecast| forecast.estimate.total().ultimate);
        println!("{decade} {measure}: {} companies, mean error of the total {error:.3} %", companies.len());
        println!("  own chain ladder {own:.3} %");
        println!("  shrunk chain ladder {:.3} %", of(|forecast| forecast.chain_ladder.total().ultimate));
        println!("  Cape Cod {:.3} %", of(|forecast| forecast.cape_cod.as_ref().unwrap().total().ultimate));
        let bornhuetter_ferguson = of(|forecast| forecast.bornhuetter_ferguson.as_ref().unwrap().total().ultimate);
        println!("  Bornhuetter–Ferguson {bornhuetter_ferguson:.3} %");
        let coverage = coverage(&companies, &forecasts);
        println!("  50, 80 and 95 % intervals hold {coverage:.1?} %");
        let error_max = if decade.contains("1997") { error_max_1997 } else { own };
        assert!(error <= error_max, "{decade} {measure}: {error} % is more than {error_max} %");
        for (held, level) in coverage.into_iter().zip([50.0, 80.0, 95.0_f64]) {
            assert!((held - level).abs() <= 4.0, "{decade} {measure}: intervals of {level} % hold {held} %");
        }
    }
}

#[test]
fn paid_triangles() {
    check("paid", 5.5);
}

#[test]
fn case_incurred_triangles() {
    check("case", 4.8);
}
