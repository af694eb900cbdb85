//! What is kept of one citizen, for the right of access (article 15 of the AVG, article 5.3.2 of the Wmo 2015).

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use grip_lake::{Format, Lake, Parameter, Snapshot, write_rows};
use grip_logboek::{Activity, Entry, Trace};
use grip_types::{GemeenteCode, Pseudoniem};
use serde::Serialize;
use serde_json::Value;

use crate::{
    LakeTable, PipelineError, TABLES,
    processing::{self, CLIENT, first_column, pseudonym},
};

/// Everything that is kept of a citizen in a municipality.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// Code of the municipality, four digits.
    pub gemeente: String,
    /// Pseudonym under which it is kept.
    pub client: String,
    /// Every table with rows about this citizen, or in which the pseudonym stands.
    pub tables: Vec<PersonTable>,
    /// What was done with it before, as far as the record of processing goes back, the oldest first.
    pub processings: Vec<Entry>,
}

/// The rows of one table.
#[derive(Debug, Clone, Serialize)]
pub struct PersonTable {
    /// Its name.
    pub table: String,
    /// What its rows are.
    pub comment: &'static str,
    /// Its columns with what they are, in their order; the last ones say from which file a row came.
    pub columns: Vec<(String, String)>,
    /// The rows, each with the name of every column.
    pub rows: Vec<Value>,
}

/// Reads it, and records that it was.
pub(crate) fn person(
    lake: &Lake,
    gemeente: GemeenteCode,
    client: Pseudoniem,
    trace: Option<Trace>,
) -> Result<Person, PipelineError> {
    let processing = processing::begin(Activity::GiveAccess, "inzage geven", trace)?;
    let snapshot = lake.snapshot(None)?;
    let (gemeente, pseudonym) = (gemeente.to_string(), client.to_string());
    let mut tables = Vec::new();
    for table in TABLES {
        let batches = rows_about(&snapshot, table, &gemeente, &pseudonym)?;
        let rows = to_json(&batches)?;
        if !rows.is_empty() {
            let schema = (table.schema)();
            let own = schema
                .fields()
                .iter()
                .map(|field| (field.name().clone(), field.metadata().get("comment").cloned().unwrap_or_default()));
            let file = has_file(table).then(|| FILE.map(|(name, what)| (name.to_owned(), what.to_owned())));
            let columns = own.chain(file.into_iter().flatten()).collect();
            tables.push(PersonTable { table: table.name.to_owned(), comment: table.comment, columns, rows });
        }
    }
    let mut processings = Vec::new();
    let mine = |entry: Entry| {
        if entry.subject.as_deref() == Some(&pseudonym) {
            processings.push(entry);
        }
    };
    processing::logboek(lake).each(mine).map_err(PipelineError::Logboek)?;
    processing::write(lake, &processing, &BTreeSet::from([client]))?;
    Ok(Person { gemeente, client: pseudonym, tables, processings })
}

/// Columns that say from which file a row came.
const FILE: [(&str, &str); 2] =
    [("bestand", "Path of the file it came from."), ("soort_bestand", "Kind of that file.")];

fn has_column(table: &LakeTable, name: &str) -> bool {
    (table.schema)().field_with_name(name).is_ok()
}

/// Whether rows name the file they came from, without being the list of files.
fn has_file(table: &LakeTable) -> bool {
    table.name != "bericht" && has_column(table, "bericht_id")
}

/// Rows about a client; of a table without clients those in which the pseudonym stands somewhere in a text.
fn rows_about(
    snapshot: &Snapshot,
    table: &LakeTable,
    gemeente: &str,
    client: &str,
) -> Result<Vec<RecordBatch>, PipelineError> {
    let name = table.name;
    let about = if has_column(table, CLIENT) {
        format!("rij.{CLIENT} = $1")
    } else {
        let schema = (table.schema)();
        let texts = schema.fields().iter().filter(|field| field.data_type() == &arrow::datatypes::DataType::Utf8);
        let inside: Vec<String> = texts.map(|field| format!("strpos(rij.{}, $1) > 0", field.name())).collect();
        format!("({})", inside.join(" OR "))
    };
    let of =
        if has_column(table, "gemeente") { "AND (rij.gemeente = $2 OR rij.gemeente IS NULL)" } else { "AND $2 = $2" };
    let (file, join) = if has_file(table) {
        (
            ", bron.bestand, bron.soort_bestand",
            "LEFT JOIN (SELECT bericht_id AS van, MIN(_source_file) AS bestand, MIN(berichtsoort) AS soort_bestand
                        FROM bericht GROUP BY bericht_id) bron ON bron.van = rij.bericht_id",
        )
    } else {
        ("", "")
    };
    let sql = format!("SELECT rij.*{file} FROM {name} rij {join} WHERE {about} {of} ORDER BY rij._received_at");
    Ok(snapshot.query_with(&sql, &[Parameter::Text(client), Parameter::Text(gemeente)])?)
}

fn to_json(batches: &[RecordBatch]) -> Result<Vec<Value>, PipelineError> {
    let mut text = Vec::new();
    write_rows(batches, Format::Json, &mut text)?;
    Ok(serde_json::from_slice(&text).map_err(std::io::Error::from)?)
}

/// Whose lines stand behind a figure: what is counted is a client, or the number of an allocation.
pub(crate) fn clients_of_counted<'c>(
    snapshot: &Snapshot,
    gemeente: GemeenteCode,
    counted: impl Iterator<Item = &'c str>,
) -> Result<BTreeSet<Pseudoniem>, PipelineError> {
    let (mut clients, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for one in counted {
        match pseudonym(one) {
            Some(client) => {
                clients.insert(client);
            }
            None => numbers.extend(one.parse::<i64>()),
        }
    }
    if !numbers.is_empty() {
        let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT DISTINCT client FROM toewijzing WHERE gemeente = $1 AND toewijzing_nummer IN ({})",
            list.join(", ")
        );
        let found = snapshot.query_with(&sql, &[Parameter::Text(&gemeente.to_string())])?;
        clients.extend(found.iter().flat_map(first_column));
    }
    Ok(clients)
}

/// Whose lines in a file something was found about.
pub(crate) fn clients_with_findings(
    snapshot: &Snapshot,
    gemeente: GemeenteCode,
    bericht_id: &str,
) -> Result<BTreeSet<Pseudoniem>, PipelineError> {
    let mut clients = BTreeSet::new();
    let gemeente = gemeente.to_string();
    for table in TABLES.iter().filter(|table| has_column(table, CLIENT) && has_column(table, "regel")) {
        let sql = format!(
            "SELECT DISTINCT client FROM {} WHERE gemeente = $1 AND bericht_id = $2
             AND regel IN (SELECT rij FROM bevinding WHERE bericht_id = $2 AND rij IS NOT NULL)",
            table.name
        );
        let values = [Parameter::Text(&gemeente), Parameter::Text(bericht_id)];
        clients.extend(snapshot.query_with(&sql, &values)?.iter().flat_map(first_column));
    }
    Ok(clients)
}
