//! Where everything is, and the commits that make staged files part of the tables.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use deltalake_core::{
    DeltaTable,
    kernel::{
        Action, Add, Remove, StructField, StructType, Transaction,
        engine::arrow_conversion::TryIntoKernel,
        transaction::{CommitBuilder, CommitProperties},
    },
    operations::create::CreateBuilder,
    protocol::{DeltaOperation, SaveMode},
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    LakeError, Table,
    columns::{self, Columns},
};

/// Name under which intakes count themselves in the tables' logs.
const APPLICATION: &str = "grip";

pub(crate) struct Store {
    pub(crate) root: PathBuf,
    pub(crate) tables: &'static [Table],
}

/// What one intake adds and takes away: once this is on disk under its name, the intake has happened.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Journal {
    pub(crate) sequence: i64,
    pub(crate) files: Vec<JournalFile>,
    #[serde(default)]
    pub(crate) removed: Vec<RemovedFile>,
    #[serde(default)]
    pub(crate) beside: Vec<FileBeside>,
}

/// A file that its table does without from now on, and that is then removed from the disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RemovedFile {
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) bytes: i64,
}

/// A file that is of no table and changes in the same step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileBeside {
    /// Its name in the staging folder.
    pub(crate) name: String,
    /// Its path below the root.
    pub(crate) home: PathBuf,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct JournalFile {
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) bytes: i64,
    /// Statistics of the file as Delta writes them.
    pub(crate) stats: String,
}

impl Store {
    pub(crate) fn table_folder(&self, table: &str) -> PathBuf {
        self.root.join("tables").join(table)
    }

    fn intake_folder(&self) -> PathBuf {
        self.root.join("intake")
    }

    pub(crate) fn staging(&self) -> PathBuf {
        self.intake_folder().join("staging")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.intake_folder().join("journal.json")
    }

    /// A lock that other processes see and that ends with this one.
    pub(crate) fn lock(&self, name: &str) -> Result<File, LakeError> {
        fs_err::create_dir_all(self.intake_folder())?;
        let path = self.intake_folder().join(name);
        let file = fs_err::OpenOptions::new().create(true).truncate(false).write(true).open(path)?.into_file();
        file.lock()?;
        Ok(file)
    }

    /// The table as it is on disk, or `None` when nobody has made it yet.
    pub(crate) async fn load(&self, table: &Table) -> Result<Option<DeltaTable>, LakeError> {
        let folder = self.table_folder(table.name);
        if !self.exists(table) {
            return Ok(None);
        }
        let loaded = deltalake_core::open_table(url_of(&folder)?).await;
        match loaded {
            Ok(loaded) => Ok(Some(loaded)),
            // A process killed while making the table leaves a log folder without a log.
            Err(
                deltalake_core::DeltaTableError::NotATable(_)
                | deltalake_core::DeltaTableError::InvalidTableLocation(_),
            ) => Ok(None),
            Err(error) => Err(LakeError::delta(table.name)(error)),
        }
    }

    /// Version of a table and its files, each with its size in bytes.
    pub(crate) async fn files_of(&self, table: &Table) -> Result<(u64, Vec<(PathBuf, u64)>), LakeError> {
        if self.is_untouched(table) {
            return Ok((0, Vec::new()));
        }
        let Some(loaded) = self.load(table).await? else { return Ok((0, Vec::new())) };
        let folder = self.table_folder(table.name);
        let state = loaded.snapshot().map_err(LakeError::delta(table.name))?;
        let files = state.log_data().into_iter();
        let files = files.map(|file| (folder.join(file.path().as_ref()), u64::try_from(file.size()).unwrap_or(0)));
        Ok((state.version(), files.collect()))
    }

    /// Names and sizes in bytes of the files of a table.
    pub(crate) async fn files(&self, table: &Table) -> Result<Vec<(String, i64)>, LakeError> {
        if self.is_untouched(table) {
            return Ok(Vec::new());
        }
        let Some(loaded) = self.load(table).await? else { return Ok(Vec::new()) };
        let state = loaded.snapshot().map_err(LakeError::delta(table.name))?;
        Ok(state.log_data().into_iter().map(|file| (file.path().into_owned(), file.size())).collect())
    }

    /// Whether a table was made and never written to: then there is no need to read its log.
    pub(crate) fn is_untouched(&self, table: &Table) -> bool {
        // A log that was shortened has a checkpoint.
        let is_shortened = self.log_folder(table).join("_last_checkpoint").exists();
        self.commit(table, 0).exists() && !self.commit(table, 1).exists() && !is_shortened
    }

    /// Whether no table has a later version than these, and no journal waits to be applied.
    pub(crate) fn is_at(&self, versions: &BTreeMap<&'static str, u64>) -> bool {
        let has_more = |table: &Table| match versions.get(table.name) {
            Some(version) => self.commit(table, version + 1).exists(),
            None => true,
        };
        // A table that nobody has made yet counts as version 0, and one with rows is at 1 at least.
        !self.journal().exists() && !self.tables.iter().any(has_more)
    }

    fn commit(&self, table: &Table, version: u64) -> PathBuf {
        self.log_folder(table).join(format!("{version:020}.json"))
    }

    /// Makes the tables of an earlier Grip those of this one, and writes down which columns they have. Rows of before have nothing in
    /// the columns that came later. To be called under the lock of commits.
    pub(crate) async fn bring_up_to_date(&self) -> Result<(), LakeError> {
        self.check_readable()?;
        let known = self.known_columns()?;
        for table in self.tables {
            match columns::compare(table, known.get(table.name)) {
                Columns::Earlier => self.add_columns(table).await?,
                // Of a table that was made by hand nobody knows how.
                Columns::Unknown if known.is_empty() && self.exists(table) => {
                    return Err(self.has_other_columns(table.name));
                }
                _ => {}
            }
        }
        let now: columns::Known = self.tables.iter().map(|table| (table.name.to_owned(), columns::of(table))).collect();
        if now != known {
            let path = self.columns_file();
            fs_err::create_dir_all(self.root.join("tables"))?;
            let written = path.with_extension("tmp");
            let unwritable = |source| LakeError::Journal { path: path.clone(), source };
            fs_err::write(&written, serde_json::to_vec_pretty(&now).map_err(unwritable)?)?;
            fs_err::rename(&written, &path)?;
        }
        Ok(())
    }

    /// Refuses to read tables that a later Grip wrote, or that have other columns under the same names.
    pub(crate) fn check_readable(&self) -> Result<(), LakeError> {
        let known = self.known_columns()?;
        for table in self.tables {
            match columns::compare(table, known.get(table.name)) {
                Columns::Same | Columns::Earlier | Columns::Unknown => {}
                Columns::Later => return Err(self.is_later(table.name)),
                Columns::Other => return Err(self.has_other_columns(table.name)),
            }
        }
        match columns::beyond(&known, self.tables) {
            Some(table) => Err(self.is_later(table)),
            None => Ok(()),
        }
    }

    fn is_later(&self, table: &str) -> LakeError {
        LakeError::Later { table: table.to_owned(), root: self.root.clone() }
    }

    fn has_other_columns(&self, table: &str) -> LakeError {
        LakeError::OtherColumns { table: table.to_owned(), root: self.root.clone() }
    }

    pub(crate) fn columns_file(&self) -> PathBuf {
        self.root.join("tables/columns.json")
    }

    /// The columns that the tables on disk have, as they were written down.
    pub(crate) fn known_columns(&self) -> Result<columns::Known, LakeError> {
        let path = self.columns_file();
        match fs_err::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| LakeError::Journal { path, source }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(columns::Known::new()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn exists(&self, table: &Table) -> bool {
        self.log_folder(table).is_dir()
    }

    pub(crate) fn log_folder(&self, table: &Table) -> PathBuf {
        self.table_folder(table.name).join("_delta_log")
    }

    /// Adds to a table on disk the columns that it does not have, for engines that read it without Grip.
    async fn add_columns(&self, table: &Table) -> Result<(), LakeError> {
        let Some(loaded) = self.load(table).await? else { return Ok(()) };
        let failed = || LakeError::delta(table.name);
        let there = loaded.snapshot().map_err(failed())?.schema();
        let schema: StructType = (table.schema)().as_ref().try_into_kernel()?;
        let new: Vec<StructField> =
            schema.fields().filter(|field| there.field(field.name()).is_none()).cloned().collect();
        if !new.is_empty() {
            loaded.add_columns().with_fields(new).await.map_err(failed())?;
        }
        Ok(())
    }

    pub(crate) async fn load_or_create(&self, table: &Table) -> Result<DeltaTable, LakeError> {
        if let Some(loaded) = self.load(table).await? {
            return Ok(loaded);
        }
        let folder = self.table_folder(table.name);
        fs_err::create_dir_all(&folder)?;
        let schema: StructType = (self.find(table.name)?.schema)().as_ref().try_into_kernel()?;
        let columns: Vec<StructField> = schema.fields().cloned().collect();
        CreateBuilder::new()
            .with_location(url_of(&folder)?.to_string())
            .with_table_name(table.name)
            .with_comment(table.comment)
            .with_columns(columns)
            .await
            .map_err(LakeError::delta(table.name))
    }

    pub(crate) fn find(&self, name: &str) -> Result<&'static Table, LakeError> {
        self.tables.iter().find(|table| table.name == name).ok_or_else(|| LakeError::NoTable(name.to_owned()))
    }

    /// The number of the last intake that reached this table.
    pub(crate) async fn sequence(&self, table: &Table, loaded: &DeltaTable) -> Result<i64, LakeError> {
        let state = loaded.snapshot().map_err(LakeError::delta(table.name))?;
        let version = state.transaction_version(loaded.log_store().as_ref(), APPLICATION).await;
        Ok(version.map_err(LakeError::delta(table.name))?.unwrap_or(0))
    }

    /// Writes the journal so that it is either wholly there or not at all, whatever happens to the machine.
    pub(crate) fn write_journal(&self, journal: &Journal) -> Result<(), LakeError> {
        let path = self.journal();
        let written = path.with_extension("tmp");
        let mut file = fs_err::File::create(&written)?;
        let text = serde_json::to_vec(journal).map_err(|source| LakeError::Journal { path: path.clone(), source })?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs_err::rename(&written, &path)?;
        sync_folder(&self.intake_folder())
    }

    /// Finishes the intake of the journal if there is one. Doing it twice, or going on halfway, ends in the same tables.
    pub(crate) async fn finish_journal(&self) -> Result<(), LakeError> {
        let path = self.journal();
        if !path.exists() {
            return Ok(());
        }
        let text = fs_err::read(&path)?;
        let journal: Journal =
            serde_json::from_slice(&text).map_err(|source| LakeError::Journal { path: path.clone(), source })?;
        for table in self.tables {
            let files: Vec<&JournalFile> = journal.files.iter().filter(|file| file.table == table.name).collect();
            let removed: Vec<&RemovedFile> = journal.removed.iter().filter(|file| file.table == table.name).collect();
            if !files.is_empty() || !removed.is_empty() {
                self.change_files(table, journal.sequence, &files, &removed).await?;
            }
        }
        for file in &journal.beside {
            let (staged, home) = (self.staging().join(&file.name), self.root.join(&file.home));
            if staged.exists() {
                let folder = home.parent().unwrap_or(&self.root);
                fs_err::create_dir_all(folder)?;
                fs_err::rename(&staged, &home)?;
                sync_folder(folder)?;
            }
        }
        // What was taken away must not lie there any longer, nor what older versions of the table still had.
        for table in self.tables.iter().filter(|table| journal.removed.iter().any(|file| file.table == table.name)) {
            self.vacuum(table).await?;
        }
        fs_err::remove_file(&path)?;
        sync_folder(&self.intake_folder())
    }

    /// Removes every file with rows that the table as it is now does without.
    async fn vacuum(&self, table: &Table) -> Result<(), LakeError> {
        let (_, kept) = self.files_of(table).await?;
        let folder = self.table_folder(table.name);
        for entry in fs_err::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "parquet") && kept.iter().all(|(file, _)| *file != path)
            {
                fs_err::remove_file(&path)?;
            }
        }
        sync_folder(&folder)
    }

    async fn change_files(
        &self,
        table: &Table,
        sequence: i64,
        files: &[&JournalFile],
        removed: &[&RemovedFile],
    ) -> Result<(), LakeError> {
        let loaded = self.load_or_create(table).await?;
        if self.sequence(table, &loaded).await? >= sequence {
            return Ok(());
        }
        let folder = self.table_folder(table.name);
        let mut actions = Vec::with_capacity(files.len() + removed.len());
        for file in files {
            let (staged, home) = (self.staging().join(&file.name), folder.join(&file.name));
            if staged.exists() {
                fs_err::rename(&staged, &home)?;
            }
            let modified = fs_err::metadata(&home)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            actions.push(Action::Add(Add {
                path: file.name.clone(),
                partition_values: HashMap::new(),
                size: file.bytes,
                modification_time: i64::try_from(modified.as_millis()).unwrap_or(i64::MAX),
                data_change: true,
                stats: Some(file.stats.clone()),
                tags: None,
                deletion_vector: None,
                base_row_id: None,
                default_row_commit_version: None,
                clustering_provider: None,
            }));
        }
        let written = fs_err::metadata(self.journal())?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let written = i64::try_from(written.as_millis()).unwrap_or(i64::MAX);
        actions.extend(removed.iter().map(|file| {
            Action::Remove(Remove {
                path: file.name.clone(),
                data_change: true,
                deletion_timestamp: Some(written),
                extended_file_metadata: Some(true),
                partition_values: Some(HashMap::new()),
                size: Some(file.bytes),
                tags: None,
                deletion_vector: None,
                base_row_id: None,
                default_row_commit_version: None,
            })
        }));
        sync_folder(&folder)?;
        let state = loaded.snapshot().map_err(LakeError::delta(table.name))?;
        let mode = if removed.is_empty() { SaveMode::Append } else { SaveMode::Overwrite };
        let operation = DeltaOperation::Write { mode, partition_by: None, predicate: None };
        let properties =
            CommitProperties::default().with_application_transaction(Transaction::new(APPLICATION, sequence));
        CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(state), loaded.log_store(), operation)
            .await
            .map_err(LakeError::delta(table.name))?;
        Ok(())
    }
}

pub(crate) fn url_of(folder: &Path) -> Result<Url, LakeError> {
    Url::from_directory_path(folder).map_err(|()| LakeError::Path {
        path: folder.to_owned(),
        source: std::io::Error::from(std::io::ErrorKind::InvalidInput),
    })
}

/// Makes renames and new files in a folder last.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), LakeError> {
    // Only Unix lets a folder be opened and synced; elsewhere the rename itself is what there is.
    if cfg!(unix) {
        fs_err::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
