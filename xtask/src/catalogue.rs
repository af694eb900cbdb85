//! The queries of the catalogue in Grip and in DuckDB, over the same Parquet files.

use std::{path::Path, process::Command, time::Instant};

use grip_indicator::{Period, query};
use grip_pipeline::{Call, Format, Grip, TABLES, VIEWS, write_rows};
use serde_json::{Value, json};

use crate::{Failure, python, root};

/// How many of the heaviest are compared.
const HEAVIEST: usize = 20;
const ROUNDS: usize = 3;
/// Of the median over the heaviest, and of each of them: Grip's time over DuckDB's.
const MEDIAN_MAX: f64 = 1.0;
const EACH_MAX: f64 = 2.0;

/// Asks every indicator that is SQL, and DuckDB the heaviest of them.
pub(crate) fn run(data: &Path) -> Result<(), Failure> {
    let first = Grip::open(data)?;
    let gemeente = first.gemeente(None)?;
    let peildatum = first.last_received()?.ok_or("there is no data")?;
    let year: Period = format!("{:04}", peildatum.year() - 1).parse()?;
    let call = Call { gemeente, periods: vec![year], peildatum, by: Vec::new(), only: Vec::new() };
    let mut asked = Vec::new();
    for indicator in first.catalogue().indicators() {
        if let Ok(query) = query(first.catalogue(), indicator, &call) {
            asked.push((indicator.id.clone(), query));
        }
    }
    let cold = Instant::now();
    first.indicator("gedeclareerd", &call)?;
    println!("first figure from cold: {:.2} s", cold.elapsed().as_secs_f64());
    let ours = ours(data, &asked, &call)?;
    let mut heaviest: Vec<usize> = (0..asked.len()).collect();
    heaviest.sort_by(|a, b| ours[*b].0.total_cmp(&ours[*a].0));
    heaviest.truncate(HEAVIEST);
    let folder = root().join("target/bench-catalogue");
    fs_err::create_dir_all(&folder)?;
    let ledger = folder.join("verplichting_maand.csv");
    let rows = first.sql("SELECT * FROM verplichting_maand", Some(gemeente), Some(peildatum), peildatum)?;
    write_rows(&rows, Format::Csv, fs_err::File::create(&ledger)?)?;
    let questions: Vec<Value> = heaviest
        .iter()
        .map(|at| json!({ "id": asked[*at].0, "sql": asked[*at].1.whole(), "values": asked[*at].1.values }))
        .collect();
    let text = json!({
        "tables": tables(data)?,
        "columns": columns(),
        "views": VIEWS,
        "peildatum": peildatum.to_string(),
        "ledger": ledger,
        "questions": questions,
    });
    let file = folder.join("questions.json");
    fs_err::write(&file, text.to_string())?;
    let output = Command::new(python()).arg(root().join("benches/peers/catalogue_duckdb.py")).arg(&file).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let theirs = String::from_utf8(output.stdout)?;
    println!("| indicator | grip, s | duckdb, s | ratio | same answer |\n|---|---|---|---|---|");
    let mut ratios = Vec::new();
    for (at, line) in heaviest.iter().zip(theirs.lines()) {
        let line: Value = serde_json::from_str(line)?;
        let (seconds, answer) = (line["seconds"].as_f64().unwrap_or(0.0), line["answer"].as_f64().unwrap_or(0.0));
        let (own, own_answer) = ours[*at];
        let is_same = (answer - own_answer).abs() <= 1e-6 * own_answer.abs().max(1.0);
        println!("| {} | {own:.3} | {seconds:.3} | {:.2} | {is_same} |", asked[*at].0, own / seconds);
        ratios.push(own / seconds);
    }
    ratios.sort_by(f64::total_cmp);
    let (median, worst) = (ratios[ratios.len() / 2], ratios[ratios.len() - 1]);
    for (what, ratio, aim) in [("median", median, MEDIAN_MAX), ("worst", worst, EACH_MAX)] {
        let told = if ratio <= aim { "ok  " } else { "MISS" };
        println!("{told} {what} of {} queries: {ratio:.2} of DuckDB's time (aim {aim:.1})", ratios.len());
    }
    Ok(())
}

/// The least time of each query and its answer. Each round has nothing kept but the opened tables and what is made of them.
fn ours(data: &Path, asked: &[(String, grip_indicator::Query)], call: &Call) -> Result<Vec<(f64, f64)>, Failure> {
    let mut found = vec![(f64::INFINITY, 0.0); asked.len()];
    for round in 0..=ROUNDS {
        let grip = Grip::open(data)?;
        for (at, (id, query)) in asked.iter().enumerate() {
            // The first time makes the bouwstenen.
            let mut seconds = f64::INFINITY;
            for _ in 0..2 {
                let start = Instant::now();
                let rows = grip.run_query(call.gemeente, call.peildatum, query)?;
                seconds = seconds.min(start.elapsed().as_secs_f64());
                found[at].1 = sum(&rows);
            }
            found[at].0 = found[at].0.min(seconds);
            if round == 0 {
                eprintln!("{id}: {seconds:.3} s");
            }
        }
    }
    Ok(found)
}

/// The figures together: `whole`, or `middle` where that is empty.
fn sum(rows: &[grip_pipeline::RecordBatch]) -> f64 {
    let mut text = Vec::new();
    if write_rows(rows, Format::Json, &mut text).is_err() {
        return f64::NAN;
    }
    let rows: Vec<Value> = serde_json::from_slice(&text).unwrap_or_default();
    rows.iter().filter_map(|row| row["whole"].as_f64().or_else(|| row["middle"].as_f64())).sum()
}

fn tables(data: &Path) -> Result<serde_json::Map<String, Value>, Failure> {
    let mut found = serde_json::Map::new();
    for table in TABLES {
        let folder = data.join("tables").join(table.name);
        let mut paths = Vec::new();
        if folder.is_dir() {
            for entry in fs_err::read_dir(&folder)? {
                let path = entry?.path();
                if path.extension().is_some_and(|end| end == "parquet") {
                    paths.push(path.display().to_string());
                }
            }
        }
        found.insert(table.name.to_owned(), json!(paths));
    }
    Ok(found)
}

/// The columns of each table with their types in DuckDB, for those of which there is no file.
fn columns() -> serde_json::Map<String, Value> {
    let of_table = |table: &grip_pipeline::LakeTable| {
        let schema = (table.schema)();
        let columns: Vec<Value> = schema
            .fields()
            .iter()
            .map(|field| {
                let kind = match field.data_type().to_string().as_str() {
                    "Int64" => "BIGINT",
                    "Date32" => "DATE",
                    "Boolean" => "BOOLEAN",
                    "Float64" => "DOUBLE",
                    _ => "VARCHAR",
                };
                json!([field.name(), kind])
            })
            .collect();
        (table.name.to_owned(), json!(columns))
    };
    TABLES.iter().map(of_table).collect()
}
