//! Tasks of the repository, and the house rules as tests: `cargo test` runs them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "these are tasks for a terminal")]

mod api;
mod bench;
mod catalogue;
mod components;
mod disclosure;
mod generate;
mod kills;
mod load;
mod pages;
mod peers;
mod sbom;
mod schemas;
#[cfg(test)]
mod tidy;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Whatever went wrong, for somebody at a terminal.
type Failure = Box<dyn std::error::Error>;

const USAGE: &str = "\
usage:
  cargo xtask ci              formatting, lints and tests: what CI runs
  cargo xtask gen             write the generated pages
  cargo xtask components      write the style of the components of NL Design System, from their packages; wants npm
  cargo xtask sbom FILE       the bill of materials of the program, in CycloneDX 1.6
  cargo xtask bench [ROUNDS]  speed of the intake against quick-xml and against lxml with pyarrow
  cargo xtask bench kills [N] kill the intake at N random moments (200) and compare its tables
  cargo xtask bench archive DIR
                              rate and peak memory of taking a folder in, and of finding that it is in already
  cargo xtask bench series FILE [N]
                              forecasts of monthly series against statsforecast; N series of every source, else all
  cargo xtask bench catalogue DATA
                              the heaviest queries of the indicators against DuckDB on the same files
  cargo xtask bench disclosure DATA
                              what can be found out of figures of persons that are hidden, how long that takes, and what hiding costs
  cargo xtask bench roles     every role at every address and page, signing in elsewhere and the rules of the API, with nothing skipped
  cargo xtask bench changes   change-points against the labels of a public set, by three methods
  cargo xtask bench pages DATA
                              how long pages take for twenty who ask at once
  cargo xtask bench api DATA  the API asked all that its description allows, by schemathesis
  cargo xtask bench load DATA [SECONDS]
                              fifty who look and write at once, for so many seconds (600); DATA is a copy, it is written in
  cargo xtask bench reserving late declarations against chainladder-python
  cargo xtask bench forecast [SEEDS]
                              the year-end forecast against simple methods, in simulated towns (41,42)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["ci"] => ci(),
        ["gen"] => generate::write_all(),
        ["bench"] => bench::run(bench::ROUNDS),
        ["bench", rounds] if rounds.bytes().all(|byte| byte.is_ascii_digit()) => {
            rounds.parse().map_err(Failure::from).and_then(bench::run)
        }
        ["bench", "disclosure", data] => disclosure::run(Path::new(data)),
        ["bench", "roles"] => roles(),
        ["bench", "kills"] => kills::run(kills::KILLS),
        ["bench", "kills", number] => number.parse().map_err(Failure::from).and_then(kills::run),
        ["bench", "archive", folder] => bench::archive(Path::new(folder)),
        ["bench", "series", file] => peers::series(file, "0"),
        ["bench", "series", file, per_source] => peers::series(file, per_source),
        ["bench", "changes"] => run(cargo().args(["run", "--example", "changepoints"])),
        ["bench", "api", data] => api::run(Path::new(data)),
        ["bench", "pages", data] => pages::run(Path::new(data)),
        ["bench", "load", data] => load::run(Path::new(data), load::SECONDS),
        ["bench", "load", data, seconds] => {
            seconds.parse().map_err(Failure::from).and_then(|seconds| load::run(Path::new(data), seconds))
        }
        ["components"] => components::write(),
        ["sbom", file] => sbom::write(Path::new(file)),
        ["bench", "catalogue", data] => catalogue::run(Path::new(data)),
        ["bench", "reserving"] => peers::reserving(),
        ["bench", "forecast"] => peers::forecast("41,42"),
        ["bench", "forecast", seeds] => peers::forecast(seeds),
        // Called by the benchmark itself, as a process of its own.
        ["hash-files", folder] => bench::hash_files(Path::new(folder)),
        ["read-xml", folder, threads] => bench::read_xml(Path::new(folder), threads),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn ci() -> Result<(), Failure> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args(["clippy", "--all-targets", "--", "-D", "warnings"]))?;
    run(cargo().arg("test"))
}

/// The tests of what each role may see and do, which say that they were skipped where a program is not there: here it must be.
#[expect(clippy::disallowed_methods, reason = "a task is a binary, and reads the environment as one")]
fn roles() -> Result<(), Failure> {
    for name in ["GRIP_TEST_AXE", "GRIP_TEST_OIDC", "GRIP_TEST_SPECTRAL", "GRIP_TEST_SCHEMATHESIS"] {
        if std::env::var_os(name).is_none() {
            return Err(format!("{name} does not say where its program is; `.ci/run` shows how to install it").into());
        }
    }
    let tests = ["rights::", "sign_in::", "everybody::", "provider::", "real::", "openapi::"];
    run(cargo().args(["test", "--test", "it", "--"]).args(tests))
}

/// Folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_owned(), Path::to_owned)
}

/// Cargo, in the root of the repository, with an environment as if nobody had called it from another cargo: build scripts
/// that watch `CARGO_PKG_NAME` and its like would otherwise run again, and with them half of the dependencies.
fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The interpreter that has what peers are made of.
#[expect(clippy::disallowed_methods, reason = "a task is a binary, and reads the environment as one")]
fn python() -> OsString {
    std::env::var_os("GRIP_TEST_PYTHON").unwrap_or_else(|| "python3".into())
}

fn run(command: &mut Command) -> Result<(), Failure> {
    eprintln!("> {command:?}");
    if command.status()?.success() { Ok(()) } else { Err(format!("failed: {command:?}").into()) }
}
