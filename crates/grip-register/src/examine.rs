//! How a register is, found without changing anything in it.

use std::path::Path;

use jiff::Timestamp;
use sqlx::{AnyConnection, Connection, Row, any::install_default_drivers};

use crate::{RegisterError, register::percent_encode};

/// How a register is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The kind of database, as `SQLite`.
    pub database: String,
    /// Its schema, to be held beside [`crate::SCHEMA`].
    pub schema: i64,
    /// How many edits it holds.
    pub edits: i64,
    /// When the last of them was written.
    pub last_edit: Option<Timestamp>,
    /// What is damaged, in the words of the database; it names tables and pages, and nothing that is in them.
    pub damage: Vec<String>,
}

/// Looks at the register at an address as [`crate::Register::open`] takes it, without making or changing anything. None when there is
/// no file of that name, or nothing in it yet.
///
/// # Errors
/// [`RegisterError::Address`], and [`RegisterError::Database`] when it can't be reached or is no database.
pub async fn examine(url: &str) -> Result<Option<Examined>, RegisterError> {
    install_default_drivers();
    let address = match url.strip_prefix("sqlite:") {
        Some(path) => {
            let path = path.strip_prefix("//").unwrap_or(path);
            match fs_err::metadata(Path::new(path)) {
                Ok(found) if found.len() > 0 => format!("sqlite:{}?mode=ro", percent_encode(path)),
                _ => return Ok(None),
            }
        }
        None if url.starts_with("postgres://") || url.starts_with("postgresql://") => url.to_owned(),
        None => return Err(RegisterError::Address),
    };
    let mut connection = AnyConnection::connect(&address).await?;
    let found = look(&mut connection).await;
    connection.close().await?;
    found.map(Some)
}

async fn look(connection: &mut AnyConnection) -> Result<Examined, RegisterError> {
    let database = connection.backend_name().to_owned();
    let mut damage = Vec::new();
    if database == "SQLite" {
        for row in sqlx::query("PRAGMA integrity_check(10)").fetch_all(&mut *connection).await? {
            let said: String = row.try_get(0)?;
            if said != "ok" {
                damage.push(said);
            }
        }
        let loose = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *connection).await?.len();
        if loose > 0 {
            damage.push(format!("{loose} rows name a row that is not there"));
        }
    }
    let row = sqlx::query("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&mut *connection).await?;
    let schema: i64 = row.try_get(0)?;
    let row = sqlx::query("SELECT edits FROM head").fetch_one(&mut *connection).await?;
    let edits: i64 = row.try_get(0)?;
    let row = sqlx::query("SELECT COUNT(*), MAX(written_at) FROM edit").fetch_one(connection).await?;
    let (written, last): (i64, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    if written != edits {
        damage.push(format!("there are {written} edits, and there should be {edits}"));
    }
    let last_edit = last.and_then(|moment| moment.parse().ok());
    Ok(Examined { database, schema, edits, last_edit, damage })
}
