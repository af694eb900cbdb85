//! `grip reserve`: the estimators of `grip-reserving` on a triangle in a tidy CSV.

use std::{collections::BTreeMap, fmt::Write as _, num::NonZeroUsize, path::Path};

use grip_reserving::{
    Absent, Adjustment, Average, Averaging, BootstrapSettings, Clark, Estimate, Grain, Growth, Kind, RateModel,
    Selection, SigmaRule, StandardError, Triangle, additive, benktander, bootstrap, bornhuetter_ferguson, cape_cod,
    chain_ladder, clark_cape_cod, clark_ldf, expected_loss, links, mack, one_year,
};
use serde::Serialize;

use crate::{
    Ending,
    args::{Reserve, ReserveMethod, Sigma},
    commands::show,
    error::CliError,
};

/// Levels of the quantiles of a bootstrap.
const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/// A triangle as it was read.
struct Given {
    /// What each origin is called, oldest first.
    origins: Vec<String>,
    triangle: Triangle,
    /// One per origin, when the file has a column for it.
    exposure: Option<Vec<f64>>,
}

/// The answer: amounts in the unit of the file.
#[derive(Serialize)]
struct Answer {
    method: &'static str,
    origins: Vec<Line>,
    total: Line,
    /// Simulated total IBNR at levels, of the bootstrap only.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantiles: Option<BTreeMap<String, f64>>,
    /// Simulations that gave no factor, of the bootstrap only.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected: Option<usize>,
}

#[derive(Serialize, Default)]
struct Line {
    origin: String,
    latest: f64,
    ibnr: f64,
    ultimate: f64,
    /// Standard error of the IBNR, where the method has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    standard_error: Option<f64>,
    /// Its part from chance in what is to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    process: Option<f64>,
    /// Its part from not knowing the pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<f64>,
}

pub(crate) fn reserve(reserve: &Reserve) -> Result<Ending, CliError> {
    let given = read(&reserve.triangle, reserve)?;
    let answer =
        estimate(&given, reserve).map_err(|error| CliError::Triangle(reserve.triangle.clone(), error.to_string()))?;
    show(reserve.format.format, &answer, table, csv)
}

fn read(path: &Path, reserve: &Reserve) -> Result<Given, CliError> {
    let wrong = |why: String| CliError::Triangle(path.to_owned(), why);
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(|error| wrong(error.to_string()))?;
    let headers = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let needed = |name: &str| column(name).ok_or_else(|| wrong(format!("there is no column `{name}`")));
    let (origin, development, value) = (needed("origin")?, needed("development")?, needed("value")?);
    let exposure = column("exposure");
    let mut cells: Vec<(String, i64, f64)> = Vec::new();
    let mut exposed: BTreeMap<String, f64> = BTreeMap::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let line = row + 2;
        let number = |column: usize, name: &str| {
            let text = record.get(column).unwrap_or_default();
            let number: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite());
            number.ok_or_else(|| wrong(format!("line {line}: `{text}` in `{name}` is no number")))
        };
        let name = record.get(origin).unwrap_or_default().to_owned();
        let text = record.get(development).unwrap_or_default();
        let age: i64 =
            text.parse().map_err(|_| wrong(format!("line {line}: `{text}` in `development` is no whole number")))?;
        if let Some(column) = exposure.filter(|column| record.get(*column).is_some_and(|text| !text.is_empty())) {
            let exposure = number(column, "exposure")?;
            if exposed.insert(name.clone(), exposure).is_some_and(|before| before.to_bits() != exposure.to_bits()) {
                return Err(wrong(format!("line {line}: origin {name} has two exposures")));
            }
        }
        // An empty value is not known; a zero is an amount.
        if record.get(value).is_some_and(|text| !text.is_empty()) {
            cells.push((name, age, number(value, "value")?));
        }
    }
    let mut origins: Vec<String> = cells.iter().map(|(name, ..)| name.clone()).collect();
    // Years and months sort as text; plain numbers as numbers.
    origins.sort_by(|a, b| match (a.parse::<i64>(), b.parse::<i64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    });
    origins.dedup();
    let mut ages: Vec<i64> = cells.iter().map(|(_, age, _)| *age).collect();
    ages.sort_unstable();
    ages.dedup();
    let place_of: BTreeMap<&str, usize> = origins.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let records: Vec<(usize, usize, f64)> = cells
        .iter()
        .map(|(name, age, value)| (place_of[name.as_str()], ages.partition_point(|other| other < age), *value))
        .collect();
    let kind = if reserve.incremental { Kind::Incremental } else { Kind::Cumulative };
    let grain = Grain { origin: reserve.steps_per_origin, development: 1 };
    let triangle =
        Triangle::from_records(&records, kind, Absent::Unknown, grain).map_err(|error| wrong(error.to_string()))?;
    let exposure = (!exposed.is_empty())
        .then(|| {
            let of = |name: &String| {
                exposed.get(name).copied().ok_or_else(|| wrong(format!("origin {name} has no exposure")))
            };
            origins.iter().map(of).collect::<Result<Vec<f64>, CliError>>()
        })
        .transpose()?;
    Ok(Given { origins, triangle, exposure })
}

fn estimate(given: &Given, reserve: &Reserve) -> Result<Answer, Box<dyn std::error::Error>> {
    let triangle = &given.triangle;
    let sigma = match reserve.sigma {
        Sigma::Mack => SigmaRule::Mack,
        Sigma::LogLinear => SigmaRule::LogLinear,
    };
    let averaging = reserve.latest.map_or(Averaging::AllOrigins, Averaging::LatestOrigins);
    let selection = Selection::new(Average::Volume, averaging).with_sigma(sigma);
    let development = links(triangle, selection).development;
    let exposure = || given.exposure.as_deref().ok_or("this method needs a column `exposure`");
    let prior = || Ok::<Vec<f64>, &str>(exposure()?.iter().map(|exposure| exposure * reserve.rate).collect());
    let rate = RateModel { decay: reserve.decay, trend: reserve.trend };
    let plain = |estimate: &Estimate| answer(given, reserve.method, estimate, None);
    let clark = |found: Clark| answer(given, reserve.method, &found.estimate, None);
    Ok(match reserve.method {
        ReserveMethod::ChainLadder => plain(&chain_ladder(triangle, &development)?),
        ReserveMethod::Mack => {
            let found = mack(triangle, selection);
            answer(given, reserve.method, &found.estimate, Some((&found.origins, found.total)))
        }
        ReserveMethod::Bf => plain(&bornhuetter_ferguson(triangle, &development, &prior()?)?),
        ReserveMethod::Benktander => plain(&benktander(triangle, &development, &prior()?, reserve.iterations)?),
        ReserveMethod::ExpectedLoss => plain(&expected_loss(triangle, &prior()?)?),
        ReserveMethod::CapeCod => plain(&cape_cod(triangle, &development, exposure()?, rate)?.estimate),
        ReserveMethod::Additive => {
            let found = additive(triangle, exposure()?, averaging)?;
            answer(given, reserve.method, &found.estimate, Some((&found.origins, found.total)))
        }
        ReserveMethod::ClarkLdf => clark(clark_ldf(triangle, Growth::LogLogistic)?),
        ReserveMethod::ClarkCapeCod => clark(clark_cape_cod(triangle, Growth::LogLogistic, exposure()?)?),
        ReserveMethod::OneYear => {
            let error = |total: f64| StandardError { total, ..StandardError::default() };
            let (found, estimate) = (one_year(triangle), mack(triangle, Selection::mack()).estimate);
            let origins: Vec<StandardError> = found.origins.iter().map(|of_origin| error(*of_origin)).collect();
            let mut answer = answer(given, reserve.method, &estimate, Some((&origins, error(found.total))));
            for line in answer.origins.iter_mut().chain([&mut answer.total]) {
                (line.process, line.parameter) = (None, None);
            }
            answer
        }
        ReserveMethod::Bootstrap => {
            let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
            let settings = BootstrapSettings {
                simulations: reserve.simulations,
                seed: reserve.seed,
                adjustment: Adjustment::Hat,
                threads,
            };
            simulated(given, &bootstrap(triangle, settings)?)
        }
    })
}

fn simulated(given: &Given, found: &grip_reserving::Bootstrap) -> Answer {
    let line = |origin: String, latest: f64, ibnr: f64, error: f64| Line {
        origin,
        latest,
        ibnr,
        ultimate: latest + ibnr,
        standard_error: Some(error),
        ..Line::default()
    };
    let figures = found.origin_means.iter().zip(&found.origin_deviations).enumerate();
    let origins: Vec<Line> = figures
        .map(|(at, (mean, deviation))| line(given.origins[at].clone(), given.triangle.latest(at), *mean, *deviation))
        .collect();
    let latest = origins.iter().map(|line| line.latest).sum();
    let quantiles = LEVELS.iter().map(ToString::to_string).zip(found.quantiles(&LEVELS)).collect();
    Answer {
        method: ReserveMethod::Bootstrap.name(),
        total: line("total".to_owned(), latest, found.mean(), found.standard_deviation()),
        origins,
        quantiles: Some(quantiles),
        rejected: Some(found.rejected),
    }
}

fn answer(
    given: &Given,
    method: ReserveMethod,
    estimate: &Estimate,
    errors: Option<(&[StandardError], StandardError)>,
) -> Answer {
    let line = |origin: &str, of: grip_reserving::OriginEstimate, error: Option<StandardError>| Line {
        origin: origin.to_owned(),
        latest: of.latest,
        ibnr: of.ibnr,
        ultimate: of.ultimate,
        standard_error: error.map(|error| error.total),
        process: error.map(|error| error.process),
        parameter: error.map(|error| error.parameter),
    };
    let origins = estimate.origins.iter().zip(&given.origins).enumerate();
    Answer {
        method: method.name(),
        origins: origins
            .map(|(at, (of, name))| line(name, *of, errors.and_then(|(origins, _)| origins.get(at).copied())))
            .collect(),
        total: line("total", estimate.total(), errors.map(|(_, total)| total)),
        quantiles: None,
        rejected: None,
    }
}

fn table(answer: &Answer) -> String {
    let mut text =
        format!("{}\n{:>12}{:>18}{:>18}{:>18}{:>18}\n", answer.method, "origin", "latest", "ibnr", "ultimate", "s.e.");
    for line in answer.origins.iter().chain([&answer.total]) {
        let error = line.standard_error.map_or_else(|| "-".to_owned(), |error| format!("{error:.2}"));
        let _ = writeln!(
            text,
            "{:>12}{:>18.2}{:>18.2}{:>18.2}{error:>18}",
            line.origin, line.latest, line.ibnr, line.ultimate
        );
    }
    for (level, amount) in answer.quantiles.iter().flatten() {
        let _ = writeln!(text, "{level:>12}{:>18}{amount:>18.2}", "quantile of ibnr");
    }
    if let Some(rejected) = answer.rejected {
        let _ = writeln!(text, "{rejected} simulations gave no factor and are left out");
    }
    text
}

fn csv(answer: &Answer) -> String {
    let mut text = "origin,latest,ibnr,ultimate,standard_error\n".to_owned();
    for line in answer.origins.iter().chain([&answer.total]) {
        let error = line.standard_error.map(|error| error.to_string()).unwrap_or_default();
        let _ = writeln!(text, "{},{},{},{},{error}", line.origin, line.latest, line.ibnr, line.ultimate);
    }
    text
}
