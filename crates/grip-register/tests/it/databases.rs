//! Every test of the store runs on SQLite and on PostgreSQL.

use crate::postgres::Postgres;

/// Runs a test on an empty SQLite file, and then in an empty database of PostgreSQL.
#[expect(clippy::needless_pass_by_value, reason = "so that a closure can be written where it is called")]
pub(crate) fn on_both(test: impl AsyncFn(&str)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a register?.db");
    runtime.block_on(test(&format!("sqlite:{}", file.display())));
    let postgres = Postgres::shared();
    let url = postgres.make_database();
    runtime.block_on(test(&url));
}
