//! What is kept of one citizen, what is removed in time, and a new key.

use std::{
    fmt::Write as _,
    io::{BufRead, Write as _},
};

use grip_pipeline::{Grip, Person, Purge, PurgeKind, PurgeReport, RotateReport, Terms, Wanted, open_lake};
use grip_types::{Bedrag, Bsn};
use serde_json::Value;

use crate::{
    Ending,
    args::{KeyAction, PersonArgs, Place, PurgeArgs, Shape},
    commands,
    error::CliError,
    screen,
};

pub(crate) fn person(place: &Place, asked: &PersonArgs) -> Result<Ending, CliError> {
    let (grip, gemeente, _) = commands::known(place)?;
    let key = commands::key(place)?;
    let found = grip.person(gemeente, &key, ask_bsn(asked.bsn_stdin)?)?;
    let mut out = std::io::stdout().lock();
    match asked.format.format {
        Shape::Table => write!(out, "{}", letter(&found))?,
        Shape::Json => writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?,
        Shape::Csv => out.write_all(&cells(&found)?)?,
    }
    Ok(Ending::Whole)
}

/// Reads a number so that it stands nowhere: not on the command line, not on the screen, not in an error.
fn ask_bsn(from_stdin: bool) -> Result<Bsn, CliError> {
    let text = if from_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        line
    } else {
        eprint!("Burgerservicenummer: ");
        console::Term::stderr().read_secure_line()?
    };
    Ok(text.trim().parse()?)
}

/// Everything in Dutch words, to give to who asked.
fn letter(person: &Person) -> String {
    let mut text = format!("Wat gemeente {} in Grip van deze persoon bewaart\n", person.gemeente);
    let _ =
        writeln!(text, "Bewaard onder het pseudoniem {}, zonder naam, adres en burgerservicenummer.", person.client);
    if person.tables.is_empty() {
        text.push_str("\nEr is niets bewaard.\n");
    }
    for table in &person.tables {
        let _ = writeln!(text, "\n{}: {} regels", table.table, table.rows.len());
        for row in &table.rows {
            text.push('\n');
            for (column, _) in &table.columns {
                if let Some(value) = row.get(column).filter(|value| !value.is_null()) {
                    let _ = writeln!(text, "  {column}: {}", shown(column, value));
                }
            }
        }
    }
    let _ = writeln!(text, "\nEerdere verwerkingen volgens het logboek: {}", person.processings.len());
    for processing in &person.processings {
        let _ = writeln!(text, "  {}  {} ({})", processing.start, processing.name, processing.activity);
    }
    text
}

fn shown(column: &str, value: &Value) -> String {
    match value {
        Value::Number(cents) if column.ends_with("_cents") => {
            cents.as_i64().map_or_else(|| cents.to_string(), |cents| format!("{} euro", Bedrag::from_cents(cents)))
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// One line for each value: tables have columns of their own.
fn cells(person: &Person) -> Result<Vec<u8>, CliError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let output = |error: csv::Error| CliError::Output(std::io::Error::other(error));
    writer.write_record(["tabel", "regel", "kolom", "waarde"]).map_err(output)?;
    for table in &person.tables {
        for (number, row) in table.rows.iter().enumerate() {
            for (column, _) in &table.columns {
                let value = match row.get(column) {
                    None | Some(Value::Null) => continue,
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                };
                writer.write_record([&table.table, &(number + 1).to_string(), column, &value]).map_err(output)?;
            }
        }
    }
    writer.into_inner().map_err(|error| CliError::Output(error.into_error()))
}

pub(crate) fn purge(place: &Place, asked: &PurgeArgs) -> Result<Ending, CliError> {
    let grip = commands::existing(place)?;
    let (terms, today) = (Terms::load(grip.data())?, commands::today());
    let mut kinds: Vec<PurgeKind> = asked.kind.iter().map(|kind| (*kind).into()).collect();
    if kinds.is_empty() {
        kinds.extend(PurgeKind::ALL);
    }
    let before = kinds.iter().map(|kind| (*kind, asked.before.unwrap_or_else(|| terms.before(*kind, today)))).collect();
    drop::<Grip>(grip);
    let how = if asked.dry_run { Purge::Look } else { Purge::Do };
    let report = grip_pipeline::purge(&open_lake(&place.data)?, &Wanted { before, today }, how)?;
    let mut out = std::io::stdout().lock();
    if asked.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        write!(out, "{}", purged(&report))?;
    }
    Ok(if asked.dry_run || report.is_proven() { Ending::Whole } else { Ending::SomeRefused })
}

fn purged(report: &PurgeReport) -> String {
    let mut text = format!("{} op {}\n\n", if report.removed { "Vernietigd" } else { "Te vernietigen" }, report.day);
    let _ =
        writeln!(text, "  {:<20} {:>12} {:>10} {:>10} {:>10}  oudste", "tabel", "eerste dag", "was", "weg", "blijft");
    for table in &report.tables {
        let gone = table.rows_before - table.rows_after;
        let oldest = table.oldest_left.as_deref().unwrap_or("–");
        let _ = writeln!(
            text,
            "  {:<20} {:>12} {:>10} {gone:>10} {:>10}  {oldest}",
            table.table, table.before, table.rows_before, table.rows_after
        );
    }
    let _ = writeln!(
        text,
        "\nPersonen met regels die gaan: {}, van wie niets overblijft: {}",
        report.persons, report.persons_gone
    );
    if !report.removed {
        return text;
    }
    let search = &report.search;
    let _ = writeln!(
        text,
        "Bestanden van tabellen verwijderd: {}, van het logboek: {}",
        report.files, report.logboek_files
    );
    let _ = writeln!(text, "SHA-256 van hun namen: {}", report.files_sha256);
    let _ = writeln!(text, "Opnieuw geteld: {}", if report.counted_again { "klopt" } else { "klopt niet" });
    text + &searched(search)
}

fn searched(search: &grip_pipeline::Search) -> String {
    let mut text = format!(
        "Gezocht naar {} pseudoniemen in {} bestanden ({}): gevonden in {}\n",
        search.sought,
        search.files,
        screen::megabytes(search.bytes),
        search.found_in.len()
    );
    for (file, count) in &search.found_in {
        let _ = writeln!(text, "  {file}: {count} keer");
    }
    for path in &search.unread {
        let _ = writeln!(text, "  {path}: mag deze gebruiker niet lezen, dus niet doorzocht");
    }
    text
}

pub(crate) fn key(place: &Place, action: &KeyAction) -> Result<Ending, CliError> {
    let KeyAction::Rotate { new, json } = action;
    commands::existing(place)?;
    let old = commands::key(place)?;
    let next = old.successor(new, &place.data)?;
    let bar = screen::bar("making pseudonyms anew", 0);
    let report = grip_pipeline::rotate(&open_lake(&place.data)?, &old, &next, |table, done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        bar.set_message(table.to_owned());
    })?;
    bar.finish_and_clear();
    if *json {
        writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        write!(std::io::stdout().lock(), "{}", rotated(&report))?;
        eprintln!("from now on: --key {} or GRIP_KEY; destroy the old key", new.display());
    }
    Ok(if report.search.is_clean() { Ending::Whole } else { Ending::SomeRefused })
}

fn rotated(report: &RotateReport) -> String {
    if report.already {
        return "De gegevens staan al onder deze sleutel.\n".to_owned();
    }
    let rows: usize = report.tables.iter().map(|(_, rows)| rows).sum();
    let tables = report.tables.len();
    format!("{} pseudoniemen vernieuwd, {rows} regels in {tables} tabellen\n", report.pseudonyms)
        + &searched(&report.search)
}
