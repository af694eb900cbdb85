//! Taking rows in: staged files, one journal entry, one commit per table.

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
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
    LakeError, RECEIVED_AT, date_of,
    store::{FileBeside, Journal, JournalFile, RemovedFile, Store, sync_folder},
};

/// An intake under way, and the lock that makes it the only one.
pub struct Intake<'a> {
    store: &'a Store,
    runtime: &'a Runtime,
    sequence: i64,
    staged: Mutex<Vec<JournalFile>>,
    removed: Vec<RemovedFile>,
    beside: Vec<FileBeside>,
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
            store.bring_up_to_date().await?;
            for table in store.tables.iter().filter(|table| !store.is_untouched(table)) {
                let loaded = store.load_or_create(table).await?;
                last = last.max(store.sequence(table, &loaded).await?);
            }
            Ok::<_, LakeError>(last + 1)
        })?;
        // What a killed intake staged and never journalled has not happened.
        if store.staging().exists() {
            fs_err::remove_dir_all(store.staging())?;
        }
        fs_err::create_dir_all(store.staging())?;
        Ok(Self {
            store,
            runtime,
            sequence,
            staged: Mutex::default(),
            removed: Vec::new(),
            beside: Vec::new(),
            counter: AtomicU64::new(0),
            _lock: lock,
        })
    }

    /// Number of the next commit: 1 for the first of a lake.
    pub fn sequence(&self) -> i64 {
        self.sequence
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

    /// Takes all rows that a table has now out of it with the next commit: what is staged for it takes their place, and the files
    /// they are in are removed from the disk. Gives the paths of those files below the root.
    ///
    /// # Errors
    /// [`LakeError::NoTable`], or when the table can't be read.
    pub fn replace(&mut self, table: &str) -> Result<Vec<String>, LakeError> {
        let table = self.store.find(table)?;
        let files = self.runtime.block_on(self.store.files(table))?;
        let names = files.iter().map(|(name, _)| format!("tables/{}/{name}", table.name)).collect();
        self.removed.extend(files.into_iter().map(|(name, bytes)| RemovedFile {
            table: table.name.to_owned(),
            name,
            bytes,
        }));
        Ok(names)
    }

    /// Writes a file that is of no table, and takes its place below the root with the next commit, in the same step.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn stage_beside(
        &mut self,
        home: &Path,
        write: impl FnOnce(&mut BufWriter<fs_err::File>) -> std::io::Result<()>,
    ) -> Result<(), LakeError> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:010}-{number:04}.beside", self.sequence);
        let mut out = BufWriter::new(fs_err::File::create(self.store.staging().join(&name))?);
        write(&mut out)?;
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        self.beside.push(FileBeside { name, home: home.to_owned() });
        Ok(())
    }

    /// Makes all staged files part of their tables, in one step, and goes on with a next intake under the same lock.
    ///
    /// # Errors
    /// When the disk or a table refuses; what was journalled is then finished by the next call or process.
    pub fn commit(&mut self) -> Result<(), LakeError> {
        let mut files = std::mem::take(&mut *self.staged.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        let (removed, beside) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.beside));
        if files.is_empty() && removed.is_empty() && beside.is_empty() {
            return Ok(());
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        sync_folder(&self.store.staging())?;
        self.runtime.block_on(async {
            let _applying = self.store.lock("commit.lock")?;
            self.store.write_journal(&Journal { sequence: self.sequence, files, removed, beside })?;
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
            stats["minValues"] = serde_json::json!({ RECEIVED_AT: date_of(first).to_string() });
            stats["maxValues"] = serde_json::json!({ RECEIVED_AT: date_of(last).to_string() });
            stats["nullCount"] = serde_json::json!({ RECEIVED_AT: 0 });
        }
        let staged = JournalFile { table: self.table, name: self.name, bytes, stats: stats.to_string() };
        self.intake.staged.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(staged);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::{
        array::{Date32Array, Int64Array, RecordBatch},
        datatypes::{DataType, Schema},
    };

    use crate::{Lake, RECEIVED_AT, Table, column, store::Journal};

    static TABLES: &[Table] = &[
        Table { name: "eerste", comment: "First.", schema: || schema() },
        Table { name: "tweede", comment: "Second.", schema: || schema() },
    ];

    fn schema() -> arrow::datatypes::SchemaRef {
        let fields = vec![
            column("nummer", DataType::Int64, false, "Number."),
            column(RECEIVED_AT, DataType::Date32, false, "Day."),
        ];
        Arc::new(Schema::new(fields))
    }

    fn rows(numbers: &[i64], day: i32) -> RecordBatch {
        let columns: Vec<arrow::array::ArrayRef> =
            vec![Arc::new(Int64Array::from(numbers.to_vec())), Arc::new(Date32Array::from(vec![day; numbers.len()]))];
        RecordBatch::try_new(TABLES[0].plain_schema(), columns).expect("columns of the schema")
    }

    fn stage(intake: &super::Intake<'_>, table: &str, numbers: &[i64], day: i32) {
        let mut file = intake.stage(table).expect("a file");
        file.write(&rows(numbers, day)).expect("written");
        file.finish().expect("closed");
    }

    #[track_caller]
    fn check(lake: &Lake, as_of: Option<jiff::civil::Date>, expected: [i64; 2]) {
        let snapshot = lake.snapshot(as_of).expect("a snapshot");
        let sql = "SELECT (SELECT COALESCE(SUM(nummer), 0) FROM eerste), (SELECT COALESCE(SUM(nummer), 0) FROM tweede)";
        let found = snapshot.query(sql).expect("an answer");
        let value =
            |index: usize| found[0].column(index).as_any().downcast_ref::<Int64Array>().expect("numbers").value(0);
        assert_eq!([value(0), value(1)], expected);
    }

    #[test]
    fn an_intake_is_there_after_its_commit_and_not_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path(), TABLES).expect("a lake");
        check(&lake, None, [0, 0]);
        let mut intake = lake.begin().expect("the lock");
        stage(&intake, "eerste", &[1, 2], 10);
        check(&lake, None, [0, 0]);
        intake.commit().expect("committed");
        stage(&intake, "eerste", &[4], 20);
        stage(&intake, "tweede", &[8], 20);
        intake.commit().expect("committed");
        check(&lake, None, [7, 8]);
        check(&lake, Some(jiff::civil::date(1970, 1, 15)), [3, 0]);
    }

    #[test]
    fn what_was_staged_and_never_journalled_has_not_happened() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path(), TABLES).expect("a lake");
        let intake = lake.begin().expect("the lock");
        stage(&intake, "eerste", &[1], 10);
        drop(intake);
        let mut intake = lake.begin().expect("the lock");
        stage(&intake, "eerste", &[2], 10);
        intake.commit().expect("committed");
        check(&lake, None, [2, 0]);
    }

    /// A process that dies after its journal is finished by the next, however far it came.
    #[test]
    fn a_journal_is_finished_by_whoever_comes_next() {
        for tables_done in 0..=2 {
            let folder = tempfile::tempdir().expect("a folder");
            let lake = Lake::open(folder.path(), TABLES).expect("a lake");
            let intake = lake.begin().expect("the lock");
            stage(&intake, "eerste", &[1], 10);
            stage(&intake, "tweede", &[2], 10);
            let files = intake.staged.lock().expect("no panic").clone();
            let whole = Journal { sequence: 1, files, ..Journal::default() };
            // What the dead process had done: the commits of some tables, but never the removal of its journal.
            let done = Journal {
                sequence: 1,
                files: whole
                    .files
                    .iter()
                    .filter(|file| TABLES[..tables_done].iter().any(|table| table.name == file.table))
                    .cloned()
                    .collect(),
                ..Journal::default()
            };
            lake.store.write_journal(&done).expect("written");
            lake.runtime.get().block_on(lake.store.finish_journal()).expect("finished in part");
            lake.store.write_journal(&whole).expect("written");
            drop(intake);
            check(&lake, None, [1, 2]);
            check(&lake, None, [1, 2]);
            assert!(!lake.store.journal().exists());
        }
    }

    fn parquet_files(lake: &Lake, table: &str) -> usize {
        let files = fs_err::read_dir(lake.table_folder(table)).expect("a folder");
        files
            .filter(|file| file.as_ref().expect("an entry").path().extension().is_some_and(|end| end == "parquet"))
            .count()
    }

    #[test]
    fn what_is_replaced_is_gone_from_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path(), TABLES).expect("a lake");
        let mut intake = lake.begin().expect("the lock");
        for numbers in [[1, 2], [4, 8]] {
            stage(&intake, "eerste", &numbers, 10);
            stage(&intake, "tweede", &numbers, 10);
            intake.commit().expect("committed");
        }
        assert_eq!(intake.replace("eerste").expect("files").len(), 2);
        stage(&intake, "eerste", &[16], 10);
        intake
            .stage_beside(std::path::Path::new("kant/bij.txt"), |out| std::io::Write::write_all(out, b"x"))
            .expect("staged");
        check(&lake, None, [15, 15]);
        assert!(!folder.path().join("kant").exists());
        intake.commit().expect("committed");
        check(&lake, None, [16, 15]);
        assert_eq!((parquet_files(&lake, "eerste"), parquet_files(&lake, "tweede")), (1, 2));
        assert_eq!(fs_err::read_to_string(folder.path().join("kant/bij.txt")).expect("there"), "x");
        // A table of which nothing is left, and another intake after it.
        intake.replace("eerste").expect("files");
        intake.commit().expect("committed");
        check(&lake, None, [0, 15]);
        stage(&intake, "eerste", &[32], 10);
        intake.commit().expect("committed");
        check(&lake, None, [32, 15]);
    }

    /// However far a process came after its journal: the rows that were replaced come back with nobody.
    #[test]
    fn a_replacement_is_finished_by_whoever_comes_next() {
        for tables_done in 0..=2 {
            let folder = tempfile::tempdir().expect("a folder");
            let lake = Lake::open(folder.path(), TABLES).expect("a lake");
            let mut intake = lake.begin().expect("the lock");
            stage(&intake, "eerste", &[1], 10);
            stage(&intake, "tweede", &[2], 10);
            intake.commit().expect("committed");
            for table in ["eerste", "tweede"] {
                intake.replace(table).expect("files");
                stage(&intake, table, &[4], 10);
            }
            intake
                .stage_beside(std::path::Path::new("bij.txt"), |out| std::io::Write::write_all(out, b"x"))
                .expect("staged");
            let files = intake.staged.lock().expect("no panic").clone();
            let (removed, beside) = (intake.removed.clone(), intake.beside.clone());
            let is_done = |table: &str| TABLES[..tables_done].iter().any(|done| done.name == table);
            let whole = Journal { sequence: 2, files, removed, beside };
            let done = Journal {
                sequence: 2,
                files: whole.files.iter().filter(|file| is_done(&file.table)).cloned().collect(),
                removed: whole.removed.iter().filter(|file| is_done(&file.table)).cloned().collect(),
                beside: Vec::new(),
            };
            lake.store.write_journal(&done).expect("written");
            lake.runtime.get().block_on(lake.store.finish_journal()).expect("finished in part");
            lake.store.write_journal(&whole).expect("written");
            drop(intake);
            check(&lake, None, [4, 4]);
            assert_eq!((parquet_files(&lake, "eerste"), parquet_files(&lake, "tweede")), (1, 1));
            assert!(folder.path().join("bij.txt").exists() && !lake.store.journal().exists());
        }
    }

    #[test]
    fn intakes_take_turns() {
        let folder = tempfile::tempdir().expect("a folder");
        let numbers: Vec<i64> = (0..4).collect();
        std::thread::scope(|scope| {
            for number in &numbers {
                let path = folder.path();
                scope.spawn(move || {
                    let lake = Lake::open(path, TABLES).expect("a lake");
                    let mut intake = lake.begin().expect("the lock");
                    stage(&intake, "eerste", &[1 << number], 10);
                    stage(&intake, "tweede", &[1 << number], 10);
                    intake.commit().expect("committed");
                });
            }
        });
        check(&Lake::open(folder.path(), TABLES).expect("a lake"), None, [15, 15]);
    }

    #[test]
    fn queries_can_not_change_anything() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path(), TABLES).expect("a lake");
        let snapshot = lake.snapshot(None).expect("a snapshot");
        for sql in [
            "CREATE TABLE x (a INT)",
            "INSERT INTO eerste VALUES (1, DATE '2025-01-01')",
            "COPY (SELECT 1) TO 'x.csv'",
            "SET a = 1",
        ] {
            assert!(snapshot.query(sql).is_err(), "{sql}");
        }
        assert!(snapshot.query("SELECT 1").is_ok());
    }
}
