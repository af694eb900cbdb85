/// Why a file could not be read. Codes start with `GI`; wrong rows are no error but a [`Fault`](crate::Fault).
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be opened or read on.
    #[error("GI001 {0}")]
    Io(#[from] std::io::Error),
    /// The mapping is not TOML of the form that `mapping_template` shows.
    #[error("GI002 the mapping can't be used: {reason}")]
    Mapping {
        /// What is wrong in it.
        reason: String,
    },
    /// The mapping is for another kind of source.
    #[error("GI003 the mapping is for `{found}`, not for `{wanted}`")]
    OtherSoort {
        /// Kind that was asked for.
        wanted: &'static str,
        /// Kind the mapping names.
        found: String,
    },
    /// The mapping names a field that the kind has not.
    #[error("GI004 the mapping names a field `{field}` that `{soort}` has not{}", suggestion(nearest.as_deref()))]
    UnknownField {
        /// As the mapping names it.
        field: String,
        /// The kind.
        soort: &'static str,
        /// The field whose name is nearest.
        nearest: Option<String>,
    },
    /// The mapping says nothing about a required field.
    #[error(
        "GI005 the mapping says nothing about the required field `{field}`\nhint: name its column, or a constant with `vast`"
    )]
    UnmappedField {
        /// The field.
        field: &'static str,
    },
    /// The file has no such column.
    #[error(
        "GI006 there is no column `{column}` for `{field}`; {columns}{}\nhint: a mapping can name it; `kopregel` says in which line the names stand",
        suggestion(nearest.as_deref())
    )]
    NoColumn {
        /// The field, or what else needs the column.
        field: String,
        /// The column that was looked for.
        column: String,
        /// Which columns there are, in words.
        columns: String,
        /// The column whose name is nearest.
        nearest: Option<String>,
    },
    /// Two columns have the name that is looked for.
    #[error(
        "GI007 the columns {first} and {second} are both called `{column}`\nhint: name the one you mean by its letter or position"
    )]
    DoubleColumn {
        /// The name.
        column: String,
        /// Position of the first, from 1.
        first: usize,
        /// Position of the second, from 1.
        second: usize,
    },
    /// The file has no line with names of columns.
    #[error("GI008 the file has no line with the names of the columns")]
    NoHeader,
    /// A spreadsheet can't be opened.
    #[error("GI009 the file can't be read as {what}: {reason}")]
    Unreadable {
        /// XLSX, or the encoding.
        what: &'static str,
        /// Why, without contents of the file.
        reason: String,
    },
    /// The file is larger than can be read safely.
    #[error("GI010 the file is too large: {what}, at most {most}\nhint: save it as CSV, which has no such limit")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        most: u64,
    },
    /// The spreadsheet has no such sheet.
    #[error("GI011 there is no sheet `{sheet}`; there are {sheets}")]
    NoSheet {
        /// The sheet that was looked for.
        sheet: String,
        /// The sheets there are.
        sheets: String,
    },
    /// The audit file can't be read on.
    #[error("GI012 the audit file can't be read on after line {line}: {reason}")]
    Xml {
        /// Line of the last element that was read.
        line: u64,
        /// Why, without contents of the file.
        reason: &'static str,
    },
    /// The audit file is not in euros.
    #[error("GI013 the audit file is not in euros")]
    NotEuro,
    /// The description of a published table can't be used.
    #[error("GI014 the description of the table can't be used: {reason}")]
    Publicatie {
        /// What is wrong in it.
        reason: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("\nhint: did you mean `{nearest}`?")).unwrap_or_default()
}
