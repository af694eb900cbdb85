//! The one binary: commands, environment, clock and terminal. What is worth testing lives in the other crates.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the crate that talks to the terminal")]

mod account;
mod args;
mod backtest_screen;
mod change_screen;
mod check;
mod commands;
mod disclosure;
mod error;
mod indicator;
mod log;
mod privacy;
mod register;
mod reserve;
mod screen;
mod signals_screen;
mod upkeep;
mod years_screen;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Args, Command},
    error::CliError,
};

/// How a command ended. Documented in the handbook and in `grip --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Everything was done.
    Whole,
    /// Something was refused, or wants attention; the rest was done, or is well.
    SomeRefused,
    /// What was looked at has a fault.
    Unwell,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match run(args) {
        Ok(Ending::Whole) => ExitCode::SUCCESS,
        Ok(Ending::SomeRefused) => ExitCode::from(3),
        Ok(Ending::Unwell) => ExitCode::from(4),
        // Somebody who pipes into `head` has seen enough.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if let Some(hint) = error.hint() {
                eprintln!("hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<Ending, CliError> {
    let place = args.place;
    match args.command {
        Command::Demo(demo) => commands::demo(&place, &demo),
        Command::Generate(generate) => commands::generate(&place, &generate),
        Command::Ingest(ingest) => commands::ingest(&place, &ingest),
        Command::Watch(watch) => commands::watch(&place, &watch),
        Command::Import(import) => commands::import(&place, &import),
        Command::OpenData(open_data) => commands::open_data(&place, &open_data.action),
        Command::Reconcile(reconcile) => commands::reconcile(&place, &reconcile),
        Command::Sql(sql) => commands::sql(&place, &sql),
        Command::Ledger(ledger) => commands::ledger(&place, &ledger),
        Command::Backtest(backtest) => commands::backtest(&place, &backtest),
        Command::Reserve(reserve) => reserve::reserve(&reserve),
        Command::Forecast(forecast) => commands::forecast(&place, &forecast),
        Command::Signals(signals) => commands::signals(&place, &signals),
        Command::Indicator(indicator) => indicator::indicator(&place, &indicator),
        Command::Disclosure(asked) => match asked.action {
            args::DisclosureAction::Audit(audit) => disclosure::audit(&place, &audit),
        },
        Command::Check(check) => commands::check(&place, &check),
        Command::Register(asked) => register::register(&place, &asked.action),
        Command::Person(asked) => privacy::person(&place, &asked),
        Command::Purge(asked) => privacy::purge(&place, &asked),
        Command::Key(asked) => privacy::key(&place, &asked.action),
        Command::Account(asked) => account::account(&place, &asked.action),
        Command::Audit(asked) => account::audit(&place, &asked.action),
        Command::Doctor(doctor) => upkeep::doctor(&place, &doctor),
        Command::Backup(backup) => upkeep::backup(&place, &backup),
        Command::Restore(restore) => upkeep::restore(&place, &restore),
        Command::Serve(serve) => commands::serve(&place, &serve),
    }
}
