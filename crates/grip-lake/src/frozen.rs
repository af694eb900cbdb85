//! What is on disk at one moment, for whoever copies it, and whether it is all there.

use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
};

use crate::{
    Lake, LakeError,
    columns::{self, Columns},
    store::Store,
};

/// The files of the tables while nothing is committed. What is committed later is not in it.
pub struct Frozen {
    /// Version of each table.
    pub versions: BTreeMap<&'static str, u64>,
    /// Files of the logs, below the folder of the lake: to be read before [`Frozen::release`].
    pub logs: Vec<PathBuf>,
    /// Files of rows with their size in bytes, below the folder of the lake. They never change, and stay where they are until rows are
    /// replaced.
    pub rows: Vec<(PathBuf, u64)>,
    lock: File,
}

impl Frozen {
    /// Lets others commit again; the files of rows can still be read.
    pub fn release(self) -> Vec<(PathBuf, u64)> {
        drop(self.lock);
        self.rows
    }
}

/// How a table is on disk.
#[derive(Debug, Clone)]
pub struct TableState {
    /// Its name.
    pub name: &'static str,
    /// Its columns beside those this version writes.
    pub columns: Columns,
    /// Its version, or why its log can't be read.
    pub version: Result<u64, String>,
    /// How many files its log names.
    pub files: usize,
    /// How many of those are not there, or have another size.
    pub damaged: usize,
}

impl Lake {
    /// Holds up commits and says which files belong to the tables. What was cut off is finished first. An intake that is under way goes
    /// on, and waits with its next commit.
    ///
    /// # Errors
    /// When the folder can't be written, a table can't be read, or a later Grip wrote it.
    pub fn freeze(&self) -> Result<Frozen, LakeError> {
        let store = &self.store;
        self.runtime.get().block_on(async {
            let lock = store.lock("commit.lock")?;
            store.finish_journal().await?;
            store.check_readable()?;
            let mut frozen = Frozen { versions: BTreeMap::new(), logs: Vec::new(), rows: Vec::new(), lock };
            if store.columns_file().exists() {
                frozen.logs.push(below(store, &store.columns_file()));
            }
            for table in store.tables.iter().filter(|table| store.exists(table)) {
                let (version, files) = store.files_of(table).await?;
                frozen.versions.insert(table.name, version);
                frozen.rows.extend(files.into_iter().map(|(path, bytes)| (below(store, &path), bytes)));
                let mut logs = Vec::new();
                for entry in fs_err::read_dir(store.log_folder(table))? {
                    let entry = entry?;
                    if entry.file_type()?.is_file() && belongs_to_log(&entry.file_name().to_string_lossy()) {
                        logs.push(below(store, &entry.path()));
                    }
                }
                logs.sort();
                frozen.logs.append(&mut logs);
            }
            Ok(frozen)
        })
    }

    /// How each table is on disk, found without changing anything.
    ///
    /// # Errors
    /// When what is written down of the columns can't be read.
    pub fn examine(&self) -> Result<Vec<TableState>, LakeError> {
        let known = self.store.known_columns()?;
        let mut states = Vec::with_capacity(self.store.tables.len());
        for table in self.store.tables {
            let mut state = TableState {
                name: table.name,
                columns: columns::compare(table, known.get(table.name)),
                version: Ok(0),
                files: 0,
                damaged: 0,
            };
            match self.runtime.get().block_on(self.store.files_of(table)) {
                Ok((version, files)) => {
                    let is_whole = |(path, bytes): &&(PathBuf, u64)| {
                        fs_err::metadata(path).is_ok_and(|found| found.len() == *bytes)
                    };
                    state.version = Ok(version);
                    state.files = files.len();
                    state.damaged = files.len() - files.iter().filter(is_whole).count();
                }
                Err(error) => state.version = Err(error.to_string()),
            }
            states.push(state);
        }
        Ok(states)
    }

    /// A table on disk that this version does not know: a later Grip wrote it.
    ///
    /// # Errors
    /// As [`Lake::examine`].
    pub fn unknown_table(&self) -> Result<Option<String>, LakeError> {
        let known = self.store.known_columns()?;
        Ok(columns::beyond(&known, self.store.tables).map(ToOwned::to_owned))
    }
}

fn below(store: &Store, path: &Path) -> PathBuf {
    path.strip_prefix(&store.root).unwrap_or(path).to_owned()
}

/// Whether a file in the folder of a log is part of it: a commit, a checkpoint or the pointer to the last one, and not what a process
/// that was killed left behind.
fn belongs_to_log(name: &str) -> bool {
    let is_numbered = name.len() > 20 && name.bytes().take(20).all(|byte| byte.is_ascii_digit());
    name == "_last_checkpoint" || is_numbered && (name.ends_with(".json") || name.ends_with(".parquet"))
}
