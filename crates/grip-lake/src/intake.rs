//! Taking rows in: staged files, one journal entry, one commit per table.

use std::{
    fs::File,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use arrow::{
    array::{Array, Date32Array, RecordBatch},
    compute::{max, min},
};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use tokio::runtime::Runtime;

use crate::{
    LakeError, RECEIVED_AT,
    store::{Journal, JournalFile, Store, sync_folder},
};

/// An intake under way, and the lock that makes it the only one.
pub struct Intake<'a> {
    store: &'a Store,
    runtime: &'a Runtime,
    sequence: i64,
    staged: Mutex<Vec<JournalFile>>,
    counter: AtomicU64,
    _lock: File,
}

impl<'a> Intake<'a> {
    pub(crate) fn begin(store: &'a Store, runtime: &'a Runtime) -> Result<Self, LakeError> {
        let lock = store.lock("intake.lock")?;
        let sequence = runtime.block_on(async {
            let _applying = store.lock("commit.lock")?;
            store.finish_journal().await?;
            let mut last = 0;
            for table in store.tables {
                let loaded = store.load_or_create(table).await?;
                last = last.max(store.sequence(&loaded).await?);
            }
            Ok::<_, LakeError>(last + 1)
        })?;
        // What a killed intake staged and never journalled has not happened.
        if store.staging().exists() {
            fs_err::remove_dir_all(store.staging())?;
        }
        fs_err::create_dir_all(store.staging())?;
        Ok(Self { store, runtime, sequence, staged: Mutex::default(), counter: AtomicU64::new(0), _lock: lock })
    }

    /// A new file for a table. Several may be open at a time, on several threads.
    ///
    /// # Errors
    /// [`LakeError::NoTable`], or when the file can't be made.
    pub fn stage(&self, table: &str) -> Result<StagedFile<'_>, LakeError> {
        let schema = self.store.find(table)?.plain_schema();
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:010}-{number:04}.parquet", self.sequence);
        let path = self.store.staging().join(&name);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(fs_err::File::create(&path)?, schema, Some(properties))?;
        Ok(StagedFile { intake: self, table: table.to_owned(), name, path, writer, received: None, rows: 0 })
    }

    /// Makes all staged files part of their tables, in one step, and goes on with a next intake under the same lock.
    ///
    /// # Errors
    /// When the disk or a table refuses; what was journalled is then finished by the next call or process.
    pub fn commit(&mut self) -> Result<(), LakeError> {
        let mut files = std::mem::take(&mut *self.staged.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        if files.is_empty() {
            return Ok(());
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        sync_folder(&self.store.staging())?;
        self.runtime.block_on(async {
            let _applying = self.store.lock("commit.lock")?;
            self.store.write_journal(&Journal { sequence: self.sequence, files })?;
            self.store.finish_journal().await
        })?;
        self.sequence += 1;
        *self.counter.get_mut() = 0;
        Ok(())
    }
}

/// A file of rows that is not yet part of its table.
pub struct StagedFile<'a> {
    intake: &'a Intake<'a>,
    table: String,
    name: String,
    path: PathBuf,
    writer: ArrowWriter<fs_err::File>,
    received: Option<(i32, i32)>,
    rows: usize,
}

impl StagedFile<'_> {
    /// Adds rows.
    ///
    /// # Errors
    /// When the rows do not have the table's columns or the disk refuses.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<(), LakeError> {
        let received =
            rows.column_by_name(RECEIVED_AT).and_then(|column| column.as_any().downcast_ref::<Date32Array>());
        if let Some((first, last)) = received.and_then(|days| min(days).zip(max(days))) {
            let (so_far_first, so_far_last) = self.received.unwrap_or((first, last));
            self.received = Some((first.min(so_far_first), last.max(so_far_last)));
        }
        self.rows += rows.num_rows();
        Ok(self.writer.write(rows)?)
    }

    /// Closes the file so that the next commit takes it along. A file without rows is dropped.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<(), LakeError> {
        let file = self.writer.into_inner()?;
        if self.rows == 0 {
            drop(file);
            fs_err::remove_file(&self.path)?;
            return Ok(());
        }
        file.sync_all()?;
        let bytes = i64::try_from(file.metadata()?.len()).unwrap_or(i64::MAX);
        let mut stats = serde_json::json!({ "numRecords": self.rows });
        if let Some((first, last)) = self.received {
            stats["minValues"] = serde_json::json!({ RECEIVED_AT: iso(first) });
            stats["maxValues"] = serde_json::json!({ RECEIVED_AT: iso(last) });
            stats["nullCount"] = serde_json::json!({ RECEIVED_AT: 0 });
        }
        let staged = JournalFile { table: self.table, name: self.name, bytes, stats: stats.to_string() };
        self.intake.staged.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(staged);
        Ok(())
    }
}

fn iso(days: i32) -> String {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.saturating_add(jiff::Span::new().days(i64::from(days))).to_string()
}
