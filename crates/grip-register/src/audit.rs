//! The audit log: a chain of records, which `grip_access::chain` marks and checks.

use std::ops::RangeInclusive;

use grip_access::{
    Key,
    chain::{Break, Event, Head, Mark, Outcome, Record, Verifier},
};
use grip_types::Bsn;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row, any::AnyRow};

use crate::{
    Fault, Problem, Register, RegisterError,
    content::{ACCOUNT_CHARS_MAX, LINE_CHARS_MAX, as_text, check_form},
    register::stored,
    view::{parse, unreadable},
};

/// Records that are held in memory at once.
const RECORDS_AT_ONCE: i64 = 1000;

const RECORDS: &str = "SELECT sequence, at, account, deed, subject, outcome, request, mark FROM audit \
     WHERE sequence >= $1 AND sequence <= $2 ORDER BY sequence";

impl Register {
    /// Writes what was done at the end of the audit log, and answers the head it then has. However many write at once, also from
    /// several computers, their records follow each other.
    ///
    /// # Errors
    /// [`RegisterError::Invalid`] when a text is too long, holds what can't be seen, or may hold a citizen service number;
    /// [`RegisterError::Busy`] and [`RegisterError::Database`]: then it is not written, and what was to be done should not be done.
    pub async fn write_event(&self, key: &Key, event: Event) -> Result<Head, RegisterError> {
        check(&event)?;
        let mut transaction = self.writer.begin().await?;
        // Changing the row waits for whoever else has changed it, in both databases, until that record is written.
        let query = sqlx::query("UPDATE audit_head SET records = records + 1 RETURNING records, mark");
        let row = query.fetch_one(&mut *transaction).await?;
        let before = Head { records: row.try_get::<i64, _>("records")? - 1, mark: read_mark(&row)? };
        let record = before.next(key, event);
        insert(&mut transaction, &record).await?;
        sqlx::query("UPDATE audit_head SET mark = $1").bind(record.mark.to_string()).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(record.head())
    }

    /// How far the audit log goes, to be kept elsewhere.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn audit_head(&self) -> Result<Head, RegisterError> {
        read_head(&mut *self.readers.acquire().await?).await
    }

    /// The records from one place to another, both of which belong to it. Places count from 1 to [`Head::records`].
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn audit_records(&self, places: RangeInclusive<i64>) -> Result<Vec<Record>, RegisterError> {
        read_records(&mut *self.readers.acquire().await?, places).await
    }

    /// The head of the audit log when it is whole and holds everything that was there at each of the heads that were kept; or
    /// the first place where that is not so. Others may write meanwhile.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn verify_audit(&self, key: &Key, kept: &[Head]) -> Result<Result<Head, Break>, RegisterError> {
        let mut connection = self.readers.acquire().await?;
        let mut heads = kept.to_vec();
        heads.push(read_head(&mut connection).await?);
        let mut verifier = Verifier::new(key, heads);
        let mut next = 1;
        loop {
            let places = next..=next + RECORDS_AT_ONCE - 1;
            let query = sqlx::query(RECORDS).bind(*places.start()).bind(*places.end());
            let rows = query.fetch_all(&mut *connection).await?;
            for row in &rows {
                // What can't be read was not written by us.
                let found =
                    read(row).map_or(Err(Break::Mark(row.try_get("sequence")?)), |record| verifier.look(&record));
                if let Err(found) = found {
                    return Ok(Err(found));
                }
            }
            next = places.end() + 1;
            if rows.is_empty() {
                return Ok(match first_from(&mut connection, next).await? {
                    Some(found) => Err(Break::Sequence { expected: verifier.head().records + 1, found }),
                    None => verifier.finish(),
                });
            }
        }
    }
}

/// Whether an event can be kept. A number is looked for between letters and digits only, because marks and names of requests are
/// of both, and an event must not be refused by chance.
fn check(event: &Event) -> Result<(), RegisterError> {
    let mut faults = Vec::new();
    for (field, text, min, max) in [
        ("account", event.account.as_deref().unwrap_or_default(), 0, ACCOUNT_CHARS_MAX),
        ("deed", event.deed.as_str(), 1, LINE_CHARS_MAX),
        ("subject", event.subject.as_str(), 0, LINE_CHARS_MAX),
        ("request", event.request.as_str(), 0, LINE_CHARS_MAX),
    ] {
        check_form(field, text, min, max, &mut faults);
        if text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word.parse::<Bsn>().is_ok()) {
            faults.push(Fault { field, problem: Problem::CitizenNumber });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(RegisterError::Invalid(faults)) }
}

/// The place of the first record from a place on: there is one when all of a page before it are missing.
async fn first_from(connection: &mut AnyConnection, place: i64) -> Result<Option<i64>, RegisterError> {
    let query = sqlx::query("SELECT sequence FROM audit WHERE sequence >= $1 ORDER BY sequence LIMIT 1").bind(place);
    Ok(query.fetch_optional(connection).await?.map(|row| row.try_get(0)).transpose()?)
}

pub(crate) async fn read_head(connection: &mut AnyConnection) -> Result<Head, RegisterError> {
    let row = sqlx::query("SELECT records, mark FROM audit_head").fetch_one(connection).await?;
    Ok(Head { records: row.try_get("records")?, mark: read_mark(&row)? })
}

pub(crate) async fn read_records(
    connection: &mut AnyConnection,
    places: RangeInclusive<i64>,
) -> Result<Vec<Record>, RegisterError> {
    let query = sqlx::query(RECORDS).bind(*places.start()).bind(*places.end());
    query.fetch_all(connection).await?.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Record, RegisterError> {
    let event = Event {
        at: parse(row, "at")?,
        account: row.try_get("account")?,
        deed: row.try_get("deed")?,
        subject: row.try_get("subject")?,
        outcome: Outcome::from_stored(row.try_get("outcome")?).ok_or_else(|| unreadable("outcome"))?,
        request: row.try_get("request")?,
    };
    Ok(Record { sequence: row.try_get("sequence")?, event, mark: read_mark(row)? })
}

fn read_mark(row: &AnyRow) -> Result<Mark, RegisterError> {
    Mark::from_stored(row.try_get("mark")?).ok_or_else(|| unreadable("mark"))
}

async fn insert(connection: &mut AnyConnection, record: &Record) -> Result<(), sqlx::Error> {
    let Record { sequence, event, mark } = record;
    sqlx::query(
        "INSERT INTO audit (sequence, at, account, deed, subject, outcome, request, mark) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(*sequence)
    .bind(stored(event.at))
    .bind(event.account.clone())
    .bind(event.deed.as_str())
    .bind(event.subject.as_str())
    .bind(event.outcome.as_str())
    .bind(event.request.as_str())
    .bind(mark.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// A record in a backup.
#[derive(Serialize, Deserialize)]
pub(crate) struct EventLine {
    record: i64,
    #[serde(with = "as_text")]
    at: Timestamp,
    account: Option<String>,
    deed: String,
    subject: String,
    outcome: String,
    request: String,
    mark: String,
}

impl From<Record> for EventLine {
    fn from(record: Record) -> Self {
        let Record { sequence, event: Event { at, account, deed, subject, outcome, request }, mark } = record;
        let (outcome, mark) = (outcome.as_str().to_owned(), mark.to_string());
        Self { record: sequence, at, account, deed, subject, outcome, request, mark }
    }
}

impl EventLine {
    fn into_record(self) -> Option<Record> {
        let Self { record, at, account, deed, subject, outcome, request, mark } = self;
        let event = Event { at, account, deed, subject, outcome: Outcome::from_stored(&outcome)?, request };
        Some(Record { sequence: record, event, mark: Mark::from_stored(&mark)? })
    }
}

/// Brings a record of a backup back as it was, whether its mark is right or not; `None` when the line holds none, or another than
/// the one at this place.
pub(crate) async fn restore(
    connection: &mut AnyConnection,
    line: EventLine,
    place: i64,
) -> Result<Option<()>, RegisterError> {
    let Some(record) = line.into_record().filter(|record| record.sequence == place) else { return Ok(None) };
    insert(connection, &record).await?;
    sqlx::query("UPDATE audit_head SET records = $1, mark = $2")
        .bind(place)
        .bind(record.mark.to_string())
        .execute(connection)
        .await?;
    Ok(Some(()))
}
