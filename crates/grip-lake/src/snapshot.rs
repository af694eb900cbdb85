//! Reading: SQL over the files that the tables' logs name, as known on a day.

use std::{collections::BTreeMap, io::Write, path::PathBuf, sync::Arc};

use arrow::{
    array::RecordBatch,
    csv::WriterBuilder,
    json::{WriterBuilder as JsonWriterBuilder, writer::JsonArray},
    util::pretty::pretty_format_batches,
};
use datafusion::{
    common::ScalarValue,
    datasource::{
        TableProvider,
        empty::EmptyTable,
        file_format::parquet::ParquetFormat,
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    execution::context::SQLOptions,
    prelude::{DataFrame, SessionConfig, SessionContext, col, lit},
};
use futures::StreamExt;
use jiff::civil::Date;

use crate::{LakeError, RECEIVED_AT, Table, Threads, days, store::Store};

/// The tables at one moment: a query sees all of an intake or nothing of it.
pub struct Snapshot {
    runtime: Arc<Threads>,
    context: SessionContext,
    versions: BTreeMap<&'static str, u64>,
}

impl Snapshot {
    pub(crate) fn take(store: &Store, threads: &Arc<Threads>, as_of: Option<Date>) -> Result<Self, LakeError> {
        threads.get().block_on(async {
            let found = files(store).await?;
            let config = SessionConfig::new()
                .with_information_schema(true)
                .set_bool("datafusion.execution.parquet.schema_force_view_types", false)
                .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false)
                .set_bool("datafusion.execution.parquet.pushdown_filters", false);
            let context = SessionContext::new_with_config(config);
            let mut versions = BTreeMap::new();
            for (table, version, paths) in found {
                let provider = provider(table, &paths)?;
                let provider = match as_of {
                    Some(day) => as_known_on(&context, provider, day)?,
                    None => provider,
                };
                context.register_table(table.name, provider)?;
                versions.insert(table.name, version);
            }
            Ok(Self { runtime: Arc::clone(threads), context, versions })
        })
    }

    /// The version of each table, which together say whether anything has changed.
    pub fn versions(&self) -> &BTreeMap<&'static str, u64> {
        &self.versions
    }

    /// Adds rows that were computed as a table of this snapshot only; no batch at all is no table.
    ///
    /// # Errors
    /// When the batches do not have one schema.
    pub fn add(&self, name: &str, batches: Vec<RecordBatch>) -> Result<(), LakeError> {
        let Some(first) = batches.first() else { return Ok(()) };
        let table = datafusion::datasource::MemTable::try_new(first.schema(), vec![batches])?;
        self.context.register_table(name, Arc::new(table))?;
        Ok(())
    }

    /// Adds a view: a query under a name.
    ///
    /// # Errors
    /// [`LakeError::Query`] when the query can't be planned.
    pub fn add_view(&self, name: &str, sql: &str) -> Result<(), LakeError> {
        self.runtime.get().block_on(async {
            let view = self.context.sql(sql).await?.into_view();
            self.context.register_table(name, view)?;
            Ok(())
        })
    }

    /// Puts a view in the place of a table it reads.
    ///
    /// # Errors
    /// [`LakeError::Query`] when the query can't be planned.
    pub fn replace_by_view(&self, name: &str, sql: &str) -> Result<(), LakeError> {
        self.runtime.get().block_on(async {
            let view = self.context.sql(sql).await?.into_view();
            self.context.deregister_table(name)?;
            self.context.register_table(name, view)?;
            Ok(())
        })
    }

    /// Runs one query with values for `$1`, `$2` and so on.
    ///
    /// # Errors
    /// [`LakeError::Query`] with the engine's own explanation.
    pub fn query_with(&self, sql: &str, values: &[Parameter<'_>]) -> Result<Vec<RecordBatch>, LakeError> {
        let values: Vec<ScalarValue> = values.iter().map(Parameter::scalar).collect();
        self.run(sql, Some(values))
    }

    /// Runs one query. Statements that change anything are refused.
    ///
    /// # Errors
    /// [`LakeError::Query`] with the engine's own explanation.
    pub fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, LakeError> {
        self.run(sql, None)
    }

    /// Runs one query and gives its rows away batch by batch, so that they are never in memory all at once.
    ///
    /// # Errors
    /// [`LakeError::Query`] with the engine's own explanation.
    pub fn each(&self, sql: &str, mut take: impl FnMut(&RecordBatch)) -> Result<(), LakeError> {
        self.runtime.get().block_on(async {
            let mut batches = self.plan(sql, None).await?.execute_stream().await?;
            while let Some(batch) = batches.next().await {
                take(&batch?);
            }
            Ok(())
        })
    }

    async fn plan(&self, sql: &str, values: Option<Vec<ScalarValue>>) -> Result<DataFrame, LakeError> {
        let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        let frame = self.context.sql_with_options(sql, options).await?;
        Ok(match values {
            Some(values) => frame.with_param_values(values)?,
            None => frame,
        })
    }

    fn run(&self, sql: &str, values: Option<Vec<ScalarValue>>) -> Result<Vec<RecordBatch>, LakeError> {
        self.runtime.get().block_on(async {
            let frame = self.plan(sql, values).await?;
            let schema = Arc::new(frame.schema().as_arrow().clone());
            let mut batches = frame.collect().await?;
            if batches.is_empty() {
                batches.push(RecordBatch::new_empty(schema));
            }
            Ok(batches)
        })
    }
}

/// A value for a query.
#[derive(Debug, Clone, Copy)]
pub enum Parameter<'p> {
    /// A text.
    Text(&'p str),
    /// A whole number.
    Number(i64),
    /// A day.
    Day(Date),
}

impl Parameter<'_> {
    fn scalar(&self) -> ScalarValue {
        match *self {
            Self::Text(text) => ScalarValue::Utf8(Some(text.to_owned())),
            Self::Number(number) => ScalarValue::Int64(Some(number)),
            Self::Day(day) => ScalarValue::Date32(Some(days(day))),
        }
    }
}

/// The files of every table, taken while no intake is between two tables. One that was cut off is finished first.
async fn files(store: &Store) -> Result<Vec<(&'static Table, u64, Vec<PathBuf>)>, LakeError> {
    let mut found = Vec::with_capacity(store.tables.len());
    let applying = match store.root.exists().then(|| store.lock("commit.lock")).transpose() {
        // Who may read and not write has to trust that nobody is between two tables.
        Err(LakeError::Io(error)) if is_read_only(&error) => None,
        other => other?,
    };
    if applying.is_some() {
        store.finish_journal().await?;
    }
    store.check_readable()?;
    for table in store.tables {
        let (version, files) = store.files_of(table).await?;
        found.push((table, version, files.into_iter().map(|(path, _)| path).collect()));
    }
    Ok(found)
}

fn is_read_only(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem)
}

fn provider(table: &Table, paths: &[PathBuf]) -> Result<Arc<dyn TableProvider>, LakeError> {
    let schema = table.plain_schema();
    if paths.is_empty() {
        return Ok(Arc::new(EmptyTable::new(schema)));
    }
    let mut urls = Vec::with_capacity(paths.len());
    for path in paths {
        let invalid = || LakeError::Path { path: path.clone(), source: std::io::ErrorKind::InvalidInput.into() };
        let url = url::Url::from_file_path(path).map_err(|()| invalid())?;
        urls.push(ListingTableUrl::parse(url.as_str())?);
    }
    let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
    Ok(Arc::new(ListingTable::try_new(config)?))
}

fn as_known_on(
    context: &SessionContext,
    provider: Arc<dyn TableProvider>,
    day: Date,
) -> Result<Arc<dyn TableProvider>, LakeError> {
    let known = col(RECEIVED_AT).lt_eq(lit(ScalarValue::Date32(Some(days(day)))));
    Ok(context.read_table(provider)?.filter(known)?.into_view())
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines and boxes, for people.
    Table,
    /// Comma-separated with a header.
    Csv,
    /// One JSON array of objects; a value that is not there is `null`.
    Json,
}

/// Prints rows.
///
/// # Errors
/// When a value can't be printed or `out` refuses.
pub fn write_rows(batches: &[RecordBatch], format: Format, mut out: impl Write) -> Result<(), LakeError> {
    match format {
        Format::Table => writeln!(out, "{}", pretty_format_batches(batches)?)?,
        Format::Csv => {
            let mut writer = WriterBuilder::new().with_header(true).build(&mut out);
            for batch in batches {
                writer.write(batch)?;
            }
        }
        Format::Json => {
            let mut writer = JsonWriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(&mut out);
            for batch in batches {
                writer.write(batch)?;
            }
            writer.finish()?;
            drop(writer);
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(())
}
