//! The program: a report as JSON comes in, a PDF goes out.

#![expect(clippy::print_stderr, reason = "who waits is told what is done")]

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use grip_report::{ReportJsonError, report_of_json};
use grip_typeset::{Error, Phase, Template, pdf};

const USAGE: &str = "\
usage: grip-typeset [--template DIR] < report.json > report.pdf
       grip-typeset --version

Reads one report as JSON, as `grip` hands it over, and writes it as PDF that conforms to PDF/UA-1.";

/// What is asked.
enum Task {
    Typeset(Option<PathBuf>),
    Version,
}

fn task(arguments: &[OsString]) -> Option<Task> {
    match arguments {
        [] => Some(Task::Typeset(None)),
        [name, folder] if name == "--template" => Some(Task::Typeset(Some(PathBuf::from(folder)))),
        [name] if name == "--version" => Some(Task::Version),
        _ => None,
    }
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let written = match task(&arguments) {
        Some(Task::Typeset(template)) => typeset(template.as_deref()).map(|file| write(&file)),
        Some(Task::Version) => Ok(write(concat!("grip-typeset ", env!("CARGO_PKG_VERSION"), "\n").as_bytes())),
        None => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let failed = match written {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    eprintln!("error: {failed}");
    ExitCode::FAILURE
}

fn typeset(template: Option<&Path>) -> Result<Vec<u8>, Error> {
    let template = template.map_or_else(|| Ok(Template::standard()), Template::read)?;
    let mut json = Vec::new();
    io::stdin().lock().read_to_end(&mut json).map_err(|error| ReportJsonError::from(serde_json::Error::io(error)))?;
    let report = report_of_json(&json)?;
    pdf(&report, &template, |phase| eprintln!("{}", said(phase)))
}

fn said(phase: Phase) -> &'static str {
    match phase {
        Phase::Drawing => "drawing",
        Phase::Layout => "layout",
        Phase::Writing => "writing",
    }
}

fn write(file: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(file)?;
    out.flush()
}
