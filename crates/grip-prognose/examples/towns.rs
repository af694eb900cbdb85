//! How far off the forecast and its rivals are in simulated towns, of which is known what the year became.
//!
//! `cargo run -p grip-prognose --example towns -- <scenario,..> <seed,..> <inhabitants> <first year> <last year>`
#![expect(clippy::print_stdout, reason = "it tells what it measured")]
#![expect(clippy::cast_precision_loss, reason = "amounts below 2^53 eurocents")]

#[path = "../tests/it/synthetic.rs"]
mod synthetic;

use std::collections::BTreeMap;

use grip_forecast::NoticeKind;
use grip_prognose::{Method, Row, backtest_at, prognose};
use grip_synth::{Municipality, Scenario, Settings, simulate};
use grip_types::{Maand, Wet};
use jiff::civil::date;
use synthetic::facts;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scenarios, seeds, inhabitants, first, last] = arguments.as_slice() else {
        return Err("scenario,.. seed,.. inhabitants first-year last-year".into());
    };
    let (first, last): (i16, i16) = (first.parse()?, last.parse()?);
    let mut seen = Vec::new();
    println!("{HEAD}");
    for scenario in scenarios.split(',') {
        let scenario: Scenario = scenario.parse()?;
        let mut rows = Vec::new();
        let mut noticed: BTreeMap<(i8, NoticeKind), u32> = BTreeMap::new();
        for seed in seeds.split(',') {
            let settings = Settings {
                gemeente: "9998".parse()?,
                inhabitants: inhabitants.parse()?,
                from: date(first, 1, 1),
                to: date(last, 12, 31),
                seed: seed.parse()?,
                scenario,
            };
            let since = scenario.since(settings.to).map_or(last - 2, |day| day.year());
            let municipality = simulate(&settings)?;
            let months: Vec<Maand> =
                (since..=last).flat_map(|year| [3, 6, 9].map(|month| Maand::new(year, month))).collect();
            let facts = facts(&municipality);
            for maand in &months {
                let made = prognose(&facts, maand.year(), maand.last_day())?;
                for notice in made.forecast.segments.iter().flat_map(|outlook| &outlook.noticed) {
                    *noticed.entry((maand.month(), notice.kind)).or_default() += 1;
                }
            }
            let Some(made) = backtest_at(&facts, &months, |_, _| ()) else { continue };
            rows.extend(made.rows.into_iter().map(|row| Row {
                actual: truth(&municipality, &row),
                settled: true,
                ..row
            }));
        }
        seen.push(format!("{scenario}: noticed {noticed:?}"));
        for month in [3, 6, 9] {
            println!("| {scenario} | {month} | {}", told(rows.iter().filter(|row| row.peildatum.month() == month)));
        }
    }
    println!("\n{}", seen.join("\n"));
    Ok(())
}

/// Error of ours beside that of the best of the others, and what an 80 % interval should hold, in percent.
const OF_BEST_MAX: f64 = 0.6;
const COVERAGE: std::ops::RangeInclusive<f64> = 74.0..=86.0;

const HEAD: &str = "\
| scenario | end of month | error of segment-years, % | paid × 12/m | paid + budget | chain ladder | last year | of the best | in the 80 % interval, % | bias, % | segment-years | year total, % | chain ladder | in the interval, % |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

/// Errors over segment-years and over totals, relative to what it became.
fn told<'r>(rows: impl Iterator<Item = &'r Row>) -> String {
    let (totals, segments): (Vec<&Row>, Vec<&Row>) = rows.partition(|row| row.wet.is_none());
    let error = |rows: &[&Row], method| {
        let size: i64 = rows.iter().map(|row| row.actual).sum();
        let error = |row: &&Row| Some((row.said(method)? - row.actual).abs());
        let errors: Option<Vec<i64>> = rows.iter().map(error).collect();
        errors.map_or(f64::INFINITY, |errors| 100.0 * errors.iter().sum::<i64>() as f64 / size as f64)
    };
    let errors = Method::ALL.map(|method| error(&segments, method));
    let best = errors[1..].iter().copied().fold(f64::INFINITY, f64::min);
    let held = |rows: &[&Row]| {
        let held = rows.iter().filter(|row| (row.p10..=row.p90).contains(&row.actual)).count();
        100.0 * held as f64 / rows.len().max(1) as f64
    };
    let said: i64 = segments.iter().map(|row| row.p50).sum();
    let actual: i64 = segments.iter().map(|row| row.actual).sum();
    let ratio = errors[0] / best;
    let covered = held(&segments);
    let told = |held: bool| if held { "ok" } else { "MISS" };
    let theirs: Vec<String> = errors[1..].iter().map(|error| format!("{error:.2}")).collect();
    format!(
        "{:.2} | {} | {ratio:.2} {} | {covered:.0} {} | {:+.2} | {} | {:.2} | {:.2} | {:.0} |",
        errors[0],
        theirs.join(" | "),
        told(ratio <= OF_BEST_MAX),
        told(COVERAGE.contains(&covered)),
        100.0 * (said - actual) as f64 / actual as f64,
        segments.len(),
        error(&totals, Method::Grip),
        error(&totals, Method::ChainLadder),
        held(&totals),
    )
}

/// What is granted in the end.
fn truth(municipality: &Municipality, row: &Row) -> i64 {
    let is_of = |((wet, categorie), maand): &((Wet, &str), Maand)| {
        maand.year() == row.jaar
            && row.wet.is_none_or(|of| of == wet.as_str())
            && row.productcategorie.as_deref().is_none_or(|of| of == *categorie)
    };
    municipality.truth.iter().filter(|(key, _)| is_of(key)).map(|(_, (_, granted))| granted).sum()
}
