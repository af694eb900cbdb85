//! The tables, and how those of an earlier Grip become those of this one.

use sqlx::{
    AnyConnection, Connection, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use crate::RegisterError;

/// Every step, in order. A step that was released never changes: the next one does.
const STEPS: &[(i64, &str)] = &[
    (1, include_str!("../migrations/0001_first.sql")),
    (2, include_str!("../migrations/0002_no_links.sql")),
    (3, include_str!("../migrations/0003_accounts.sql")),
];

/// The schema this build writes.
pub const SCHEMA: i64 = STEPS[STEPS.len() - 1].0;

/// Brings the tables up to date, whichever schema they are in. Nothing happens when they are.
pub(crate) async fn migrate(connection: &mut AnyConnection) -> Result<(), RegisterError> {
    let steps = STEPS
        .iter()
        .map(|(number, sql)| Migration::new(*number, "".into(), MigrationType::Simple, (*sql).into_sql_str(), false));
    let migrator = Migrator::with_migrations(steps.collect());
    // SQLite has no lock for this but the one on writing; that of PostgreSQL is taken by the migrator, and ends with the
    // connection when it fails.
    let outcome = if connection.backend_name() == "SQLite" {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let outcome = migrator.run_direct(None, &mut *transaction, false).await;
        if outcome.is_ok() {
            transaction.commit().await?;
        }
        outcome
    } else {
        migrator.run_direct(None, connection, false).await
    };
    outcome.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > SCHEMA => RegisterError::Newer { found, known: SCHEMA },
        MigrateError::Execute(error) => error.into(),
        other => RegisterError::Schema(other),
    })
}
