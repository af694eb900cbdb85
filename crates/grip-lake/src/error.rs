use std::path::PathBuf;

/// Why the lake could not do something. Codes start with `GL`.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A file or folder could not be used; the message of the source names it.
    #[error("GL001 {0}")]
    Io(#[from] std::io::Error),
    /// A path can't be made absolute.
    #[error("GL002 `{path}` is not a usable path: {source}")]
    Path {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No threads.
    #[error("GL003 the system gives no threads: {0}")]
    Runtime(std::io::Error),
    /// A table's log can't be read or written.
    #[error("GL004 table `{table}`: {source}")]
    Delta {
        /// Name of the table.
        table: String,
        /// What the library said.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// A query can't be planned or run.
    #[error("GL005 {0}")]
    Query(#[from] Box<datafusion::error::DataFusionError>),
    /// Rows can't be encoded or printed.
    #[error("GL006 {0}")]
    Arrow(#[from] arrow::error::ArrowError),
    /// A file of a table can't be written.
    #[error("GL007 {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The journal of an intake can't be understood.
    #[error("GL008 the journal `{path}` can't be read: {source}")]
    Journal {
        /// The journal.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A table the lake does not have.
    #[error("GL009 there is no table `{0}`")]
    NoTable(String),
    /// A table on disk has other columns than this version of Grip writes.
    #[error(
        "GL010 table `{table}` in `{root}` has other columns than this version writes\nhint: take the files in again, into another data folder"
    )]
    OtherColumns {
        /// Name of the table.
        table: String,
        /// The data folder.
        root: PathBuf,
    },
    /// A table on disk has columns, or is one, that only a later Grip knows.
    #[error("GL011 table `{table}` in `{root}` is of a later Grip\nhint: use the Grip that wrote it, or a later one")]
    Later {
        /// Name of the table.
        table: String,
        /// The data folder.
        root: PathBuf,
    },
}

impl LakeError {
    pub(crate) fn delta(table: &str) -> impl FnOnce(deltalake_core::DeltaTableError) -> Self {
        move |source| Self::Delta { table: table.to_owned(), source: Box::new(source) }
    }
}

impl From<datafusion::error::DataFusionError> for LakeError {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        Self::Query(Box::new(error))
    }
}
