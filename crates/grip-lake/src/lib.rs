#![doc = include_str!("../README.md")]

mod columns;
mod error;
mod frozen;
mod intake;
mod snapshot;
mod store;
mod table;
mod texts;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use columns::Columns;
pub use error::LakeError;
pub use frozen::{Frozen, TableState};
pub use intake::{Intake, StagedFile};
pub use snapshot::{Format, Parameter, Snapshot, write_rows};
use store::Store;
pub use table::{RECEIVED_AT, Table, column, date_of, days};
pub use texts::each_text;

/// A folder of tables. Calls block; inside an asynchronous server they belong on a thread of their own.
pub struct Lake {
    store: Store,
    runtime: Arc<Threads>,
}

/// Threads of the lake's own. They may end anywhere, also inside another asynchronous program, which a runtime on its own
/// does not let itself be dropped in.
pub(crate) struct Threads(Option<tokio::runtime::Runtime>);

impl Threads {
    pub(crate) fn get(&self) -> &tokio::runtime::Runtime {
        self.0.as_ref().expect("there until dropped")
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Lake {
    /// The lake in `root`, which need not exist yet, with the tables it should have.
    ///
    /// # Errors
    /// [`LakeError::Runtime`] when the system gives no threads, [`LakeError::Path`] when `root` can't be made absolute.
    pub fn open(root: &Path, tables: &'static [Table]) -> Result<Self, LakeError> {
        let root = std::path::absolute(root).map_err(|source| LakeError::Path { path: root.to_owned(), source })?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(LakeError::Runtime)?;
        Ok(Self { store: Store { root, tables }, runtime: Arc::new(Threads(Some(runtime))) })
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.store.root
    }

    /// Folder of a table, for other engines.
    pub fn table_folder(&self, table: &str) -> PathBuf {
        self.store.table_folder(table)
    }

    /// Whether anything was ever taken in.
    pub fn exists(&self) -> bool {
        self.store.tables.iter().any(|table| self.store.exists(table))
    }

    /// Takes the lock for an intake, waiting for one that is under way, and finishes one that was cut off.
    ///
    /// # Errors
    /// When the folder can't be written or a table can't be read.
    pub fn begin(&self) -> Result<Intake<'_>, LakeError> {
        Intake::begin(&self.store, self.runtime.get())
    }

    /// Finishes an intake that was cut off after it happened, so that what lies beside the tables is as new as they are.
    ///
    /// # Errors
    /// When the folder can't be written or a table can't be read.
    pub fn settle(&self) -> Result<(), LakeError> {
        if !self.store.journal().exists() {
            return Ok(());
        }
        let _applying = self.store.lock("commit.lock")?;
        self.runtime.get().block_on(self.store.finish_journal())
    }

    /// The tables as they are now, or as known at the end of the day `as_of`.
    ///
    /// # Errors
    /// When a table can't be read.
    pub fn snapshot(&self, as_of: Option<jiff::civil::Date>) -> Result<Snapshot, LakeError> {
        Snapshot::take(&self.store, &self.runtime, as_of)
    }

    /// Whether the tables still are at these versions, told without opening any: nothing was committed after them and nothing waits
    /// to be.
    pub fn is_at(&self, versions: &BTreeMap<&'static str, u64>) -> bool {
        self.store.is_at(versions)
    }
}
