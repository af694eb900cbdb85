//! One program of ours and one of a peer do the same tasks and print the same lines of JSON: both, side by side.

use std::{collections::BTreeMap, process::Command};

use serde_json::{Map, Value};

use crate::{Failure, cargo, python, root};

/// What a line is about (its texts), and its figures.
type Lines = BTreeMap<Vec<String>, BTreeMap<String, f64>>;

/// Who says so: not what a line is about.
const TOOL: &str = "tool";

/// A figure that must be so many times the peer's, or may be at most that.
struct Bar {
    figure: &'static str,
    /// What the line is about begins with this.
    about: &'static str,
    of_peer_max: f64,
}

/// Forecasts of monthly series: as good as statsforecast's own mean, and no slower per model.
pub(crate) fn series(file: &str, per_source: &str) -> Result<(), Failure> {
    let bars = [
        Bar { figure: "mase", about: "mean", of_peer_max: 1.0 },
        Bar { figure: "seconds_per_fit", about: "ets", of_peer_max: 1.0 },
        Bar { figure: "seconds_per_fit", about: "theta", of_peer_max: 1.0 },
        Bar { figure: "seconds_per_fit", about: "seasonal_naive", of_peer_max: 1.0 },
    ];
    compare("series_bench", "series_statsforecast.py", &[vec![file, per_source]], &bars)
}

/// Late declarations: how much faster than chainladder-python, in how much of its memory.
pub(crate) fn reserving() -> Result<(), Failure> {
    let bars = [
        Bar { figure: "seconds", about: "mack_10x10", of_peer_max: 1.0 / 1000.0 },
        Bar { figure: "seconds", about: "mack_775", of_peer_max: 1.0 / 50.0 },
        Bar { figure: "seconds", about: "mack_48x48", of_peer_max: 1.0 / 50.0 },
        Bar { figure: "peak_rss_kb", about: "mack_48x48", of_peer_max: 1.0 / 10.0 },
        Bar { figure: "seconds", about: "odp_10000", of_peer_max: 1.0 / 50.0 },
    ];
    // Peak memory is that of a process: one for each task.
    let tasks = ["mack_10x10", "mack_775", "mack_48x48_1000", "mack_48x48_4000", "odp_10000"];
    let runs: Vec<Vec<&str>> = tasks.iter().map(|task| vec![*task]).collect();
    compare("reserving_bench", "reserving_chainladder.py", &runs, &bars)
}

/// How far off the year-end forecast is in simulated towns, beside what controllers do without one.
pub(crate) fn forecast(seeds: &str) -> Result<(), Failure> {
    let towns = |scenarios: &str, inhabitants: &str| {
        let told = ["run", "--example", "towns", "--", scenarios, seeds, inhabitants, "2021", "2025"];
        crate::run(cargo().args(told))
    };
    towns(
        "default,steady,slow-provider,tariff-jump,inflow-jump,longer-durations,ceiling,backlog,replaced-product",
        "40000",
    )?;
    towns("tiny", "3000")
}

fn compare(example: &str, script: &str, runs: &[Vec<&str>], bars: &[Bar]) -> Result<(), Failure> {
    let (mut ours, mut theirs) = (Lines::new(), Lines::new());
    crate::run(cargo().args(["build", "--example", example]))?;
    let programs = std::env::current_exe()?.parent().ok_or("the program has no folder")?.join("examples");
    for arguments in runs {
        ours.extend(lines(Command::new(programs.join(example)).args(arguments))?);
        theirs.extend(lines(Command::new(python()).arg(root().join("benches/peers").join(script)).args(arguments))?);
    }
    println!("| what | figure | grip | peer | of peer |\n|---|---|---|---|---|");
    for (about, figures) in &ours {
        for (figure, value) in figures {
            let peer = theirs.get(about).and_then(|figures| figures.get(figure));
            let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.6}"));
            let ratio = peer.map(|peer| value / peer);
            println!("| {} | {figure} | {value:.6} | {} | {} |", about.join(" "), shown(peer.copied()), shown(ratio));
        }
    }
    println!();
    for bar in bars {
        let is_about = |(about, _): &(&Vec<String>, _)| about.iter().any(|word| word.starts_with(bar.about));
        for (about, figures) in ours.iter().filter(is_about) {
            let pair = figures.get(bar.figure).zip(theirs.get(about).and_then(|figures| figures.get(bar.figure)));
            let Some((value, peer)) = pair else { continue };
            let told = if value / peer <= bar.of_peer_max { "ok  " } else { "MISS" };
            let aim = bar.of_peer_max;
            println!("{told} {} of {}: {:.5} of the peer's (aim {aim:.5})", bar.figure, about.join(" "), value / peer);
        }
    }
    Ok(())
}

fn lines(command: &mut Command) -> Result<Lines, Failure> {
    eprintln!("> {command:?}");
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let mut found = Lines::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let line: Map<String, Value> = serde_json::from_str(line)?;
        let text = |(key, value): (&String, &Value)| value.as_str().filter(|_| key != TOOL).map(ToOwned::to_owned);
        let number = |(key, value): (&String, &Value)| Some((key.clone(), value.as_f64()?));
        found.insert(line.iter().filter_map(text).collect(), line.iter().filter_map(number).collect());
    }
    Ok(found)
}
