//! This year and the four that follow: a first idea for a budget of several years, with its width.

use std::collections::BTreeMap;

use grip_forecast::{Outlook, SegmentHistory, Window, forecast};
use grip_series::{Options, Series};
use grip_types::{Bedrag, Date, Maand, Wet};
use serde::Serialize;

use crate::{Facts, Grid, Prognose, PrognoseError};

/// Years after the first: a budget of a municipality looks three years beyond its own (Gemeentewet, article 190), and is made
/// in the year before.
pub const YEARS_AHEAD: i16 = 4;

/// What is assumed of years of which nothing is agreed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assumptions {
    /// Rise of prices in a year of which no tariffs are known, 0.03 for 3 %. None: as over the last three years.
    pub indexation: Option<f64>,
    /// Per law the change in a year of the number of residents who may need care, beside how it changed before.
    pub demography: BTreeMap<Wet, f64>,
}

/// One year of one segment, or of all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct YearAhead {
    /// The year.
    pub jaar: i16,
    /// Law; none for the total.
    pub wet: Option<&'static str>,
    /// ProductCategorie; none for the total.
    pub productcategorie: Option<String>,
    /// Lower end of the 80 % interval, in eurocents.
    pub p10: i64,
    /// The forecast, in eurocents.
    pub p50: i64,
    /// Upper end of the 80 % interval, in eurocents.
    pub p90: i64,
    /// Price level beside the first year, of which agreed or assumed.
    pub price: f64,
}

/// The forecast of several years as known on a day.
#[derive(Debug, Clone, Serialize)]
pub struct YearsAhead {
    /// Municipality.
    pub gemeente: String,
    /// Day as of which everything is known.
    pub peildatum: String,
    /// Always `eurocent`: the unit of every amount.
    pub unit: &'static str,
    /// Per segment and year, and then the total per year.
    pub years: Vec<YearAhead>,
}

/// Forecasts the year of a day and the four that follow, from the forecast of that year on that day.
///
/// # Formula
/// The first year is the year-end forecast. A later one is the first times `V(year) / V(first)`, with `V` the volume of twelve
/// months: what was delivered at constant prices, continued by `grip_series::forecast`; times prices, which are those agreed
/// and then rise as assumed; times demography. The ends of the interval are those of the sums of the paths beside their mean,
/// never nearer than a year before, and never within the width of the first year times the number of years.
///
/// # Errors
/// [`PrognoseError::Forecast`] when an amount can't be.
pub fn years_ahead(facts: &Facts, made: &Prognose, assumed: &Assumptions) -> Result<YearsAhead, PrognoseError> {
    let Prognose { jaar, peildatum, .. } = *made;
    let delivered = forecast(&made.histories, Window { first: 0, last: made.grid.index(Maand::of(peildatum)) })?;
    let mut total_volume: Vec<f64> = Vec::new();
    let mut years: Vec<YearAhead> = Vec::new();
    for (at, (segment, history)) in made.segments.iter().zip(&made.histories).enumerate() {
        let volume = volume(&delivered.segments[at], history);
        total_volume.resize(volume.len().max(total_volume.len()), 0.0);
        total_volume.iter_mut().zip(&volume).for_each(|(sum, amount)| *sum += amount);
        let prices = prices(history, &made.grid, jaar, assumed.indexation);
        let demography = 1.0 + assumed.demography.get(&segment.0).copied().unwrap_or_default();
        let rows = rows(&made.forecast.segments[at], &later_years(&volume, peildatum), &prices, demography, jaar);
        years.extend(rows.into_iter().map(|row| YearAhead {
            wet: Some(segment.0.as_str()),
            productcategorie: Some(segment.1.to_string()),
            ..row
        }));
    }
    let totals = totals(&years, &made.forecast.total, &later_years(&total_volume, peildatum), jaar);
    years.extend(totals);
    let (gemeente, peildatum) = (facts.gemeente.to_string(), peildatum.to_string());
    Ok(YearsAhead { gemeente, peildatum, unit: "eurocent", years })
}

/// What was delivered per month, at the prices of the newest month. Of that month itself hardly anything is known.
fn volume(delivered: &Outlook, history: &SegmentHistory) -> Vec<f64> {
    let months = delivered.months.len().saturating_sub(1);
    let price = |month: usize| history.price.get(month).copied().unwrap_or(1.0);
    let amounts = delivered.months.iter().take(months).map(|month| month.declared + month.ibnr);
    amounts.enumerate().map(|(month, amount)| amount / price(month) * price(months)).collect()
}

/// A later year: its volume beside the first year's, and the ends of its interval beside the middle.
#[derive(Debug, Clone, Copy)]
struct Later {
    volume: f64,
    ends: [f64; 2],
}

/// Where nothing is known, anything up to twice as much.
const UNKNOWN: [f64; 2] = [0.0, 2.0];

fn later_years(volume: &[f64], peildatum: Date) -> Vec<Later> {
    let start = volume.iter().position(|amount| *amount > 0.0).unwrap_or(volume.len());
    let values: Vec<Option<f64>> = volume[start..].iter().copied().map(Some).collect();
    let passed = usize::from(peildatum.month().unsigned_abs());
    let ahead = usize::from(YEARS_AHEAD.unsigned_abs());
    // The newest month is forecast too: it is the first of these.
    let left = 13 - passed;
    let series = Series { values: &values, season: 12 };
    let found = grip_series::forecast(series, left + 12 * ahead, &Options::COUNTS, None);
    let known: f64 = volume.iter().rev().take(passed - 1).sum();
    let first = known + found.mean[..left].iter().sum::<f64>();
    let of_year = |year: usize| {
        let months = left + 12 * (year - 1)..left + 12 * year;
        let sum = found.mean[months.clone()].iter().sum::<f64>();
        if sum <= 0.0 || first <= 0.0 {
            return Later { volume: 1.0, ends: UNKNOWN };
        }
        let end = |level| found.paths.sum(months.clone(), level) / sum;
        Later { volume: sum / first, ends: [end(0.1), end(0.9)] }
    };
    (1..=ahead).map(of_year).collect()
}

/// The price level per year beside the first: what is agreed, and from the first year of which nothing is, a rise as assumed
/// or as it was over the last three years.
fn prices(history: &SegmentHistory, grid: &Grid, jaar: i16, indexation: Option<f64>) -> Vec<f64> {
    let price = |month: i64| {
        let month = usize::try_from(month).unwrap_or_default();
        history.price.get(month).or(history.price.last()).copied().unwrap_or(1.0)
    };
    let of_year = |jaar: i16| (1..=12).map(|month| price(grid.index(Maand::new(jaar, month)))).sum::<f64>() / 12.0;
    let rise = indexation.map_or_else(|| (of_year(jaar) / of_year(jaar - 3)).powf(1.0 / 3.0), |rise| 1.0 + rise);
    let agreed = |jaar: i16| of_year(jaar) / of_year(jaar - 1);
    let mut level = 1.0;
    let later = (jaar + 1..=jaar + YEARS_AHEAD).map(|year| {
        let is_agreed =
            price(grid.index(Maand::new(year, 12))).to_bits() != price(grid.index(Maand::new(year - 1, 12))).to_bits();
        level *= if is_agreed { agreed(year) } else { rise };
        level
    });
    [1.0].into_iter().chain(later.collect::<Vec<_>>()).collect()
}

fn rows(first: &Outlook, later: &[Later], prices: &[f64], demography: f64, jaar: i16) -> Vec<YearAhead> {
    let volumes = [1.0].into_iter().chain(later.iter().map(|of| of.volume));
    let years = (0_i16..).zip(volumes).zip(widths(first, later)).zip(prices);
    let row = |(((year, volume), width), price): (((i16, f64), [f64; 2]), &f64)| {
        year_ahead(jaar + year, first.p50 * volume * price * demography.powi(i32::from(year)), width, *price)
    };
    years.map(row).collect()
}

fn year_ahead(jaar: i16, amount: f64, width: [f64; 2], price: f64) -> YearAhead {
    let cents = |amount: f64| Bedrag::from_f64(amount).cents;
    let (p50, [low, high]) = (cents(amount), width.map(|end| cents(amount * end)));
    YearAhead { jaar, wet: None, productcategorie: None, p10: low.min(p50), p50, p90: high.max(p50), price }
}

/// The ends of the interval beside the middle, for the first year and the later ones.
fn widths(first: &Outlook, later: &[Later]) -> Vec<[f64; 2]> {
    let mut widest = ends(first);
    let of_years = [widest].into_iter().chain(later.iter().map(|of| of.ends));
    let width = |(year, of): (i16, [f64; 2])| {
        widest = wider(wider(widest, of), at_least(ends(first), year));
        widest
    };
    (0_i16..).zip(of_years).map(width).collect()
}

fn ends(outlook: &Outlook) -> [f64; 2] {
    if outlook.p50 > 0.0 { [outlook.p10 / outlook.p50, outlook.p90 / outlook.p50] } else { UNKNOWN }
}

/// The width of the first year once more for every year: what is wrong with the level stays wrong, and what is wrong with the
/// growth adds up. A judgement, for municipalities whose past is too short to say.
fn at_least([low, high]: [f64; 2], year: i16) -> [f64; 2] {
    let times = f64::from(year + 1);
    [(1.0 - (1.0 - low) * times).max(0.0), 1.0 + (high - 1.0) * times]
}

fn wider([low, high]: [f64; 2], other: [f64; 2]) -> [f64; 2] {
    [low.min(other[0]), high.max(other[1])]
}

/// Segments add up; the width of the sum is that of the total's own record and volume.
fn totals(years: &[YearAhead], first: &Outlook, later: &[Later], jaar: i16) -> Vec<YearAhead> {
    let total = |(jaar, width): (i16, [f64; 2])| {
        let of_year = || years.iter().filter(|row| row.jaar == jaar);
        let amount = Bedrag::from_cents(of_year().map(|row| row.p50).sum()).to_f64();
        let at_first_prices: f64 = of_year().map(|row| Bedrag::from_cents(row.p50).to_f64() / row.price).sum();
        let price = if at_first_prices > 0.0 { amount / at_first_prices } else { 1.0 };
        year_ahead(jaar, amount, width, price)
    };
    (jaar..).zip(widths(first, later)).map(total).collect()
}
