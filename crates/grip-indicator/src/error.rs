use std::fmt;

/// Where in a file something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What is wrong with a file of the catalogue. Codes start with `GI`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// The file is no TOML, or says something the format does not know.
    #[error("GC001 {place}: {message}")]
    Form {
        /// Where.
        place: Place,
        /// What the reader of TOML says.
        message: String,
    },
    /// An id is not written as ids are.
    #[error("GC002 {place}: `{id}` can't be an id")]
    Id {
        /// Where.
        place: Place,
        /// The id.
        id: String,
    },
    /// An id is used by two.
    #[error("GC003 {place}: `{id}` is already at {first}")]
    Twice {
        /// Where the second is.
        place: Place,
        /// The id.
        id: String,
        /// Where the first is, or what has the name.
        first: String,
    },
    /// A query is not what the catalogue may run.
    #[error("GC004 {place}: the SQL of `{id}`: {reason}")]
    Sql {
        /// Where the SQL begins.
        place: Place,
        /// Of which indicator or bouwsteen.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A query lacks a column, or a dimension that was promised.
    #[error("GC005 {place}: the SQL of `{id}` has no column `{column}`")]
    Column {
        /// Where the SQL begins.
        place: Place,
        /// Of which indicator.
        id: String,
        /// The column.
        column: String,
    },
    /// A query reads what is not there.
    #[error("GC006 {place}: the SQL of `{id}` reads `{table}`, which is not there")]
    Table {
        /// Where the SQL begins.
        place: Place,
        /// Of which indicator or bouwsteen.
        id: String,
        /// The table.
        table: String,
    },
    /// The keys of an indicator contradict each other, or one lacks.
    #[error("GC007 {place}: `{id}` {reason}")]
    Keys {
        /// Where.
        place: Place,
        /// The indicator.
        id: String,
        /// What is wrong.
        reason: String,
    },
}

impl CatalogueError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Form { .. } => "docs/handboek/indicatoren.md names every key and every value it may have",
            Self::Id { .. } => {
                "an indicator is named in small letters, digits and hyphens; a bouwsteen with underscores instead"
            }
            Self::Twice { .. } => "choose another id: a figure must mean one thing",
            Self::Sql { .. } => {
                "write one SELECT that both DataFusion and DuckDB know; docs/handboek/indicatoren.md says how"
            }
            Self::Column { .. } => {
                "name it with AS: a query has gemeente, periode, counted and value, and each of its dimensions"
            }
            Self::Table { .. } => {
                "read a table or view of docs/handboek/tabellen.md and velden.md, `periode`, or a bouwsteen that stands above"
            }
            Self::Keys { .. } => "docs/handboek/indicatoren.md says which keys belong together",
        }
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        match self {
            Self::Form { place, .. }
            | Self::Id { place, .. }
            | Self::Twice { place, .. }
            | Self::Sql { place, .. }
            | Self::Column { place, .. }
            | Self::Table { place, .. }
            | Self::Keys { place, .. } => place,
        }
    }
}

/// Why a question about an indicator can't be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// A period is not written as periods are. It may be anything, so it is not shown.
    #[error("GC008 a period is written as 2024, 2024-K1 or 2024-03")]
    Period,
    /// There is no such indicator.
    #[error("GC009 there is no such indicator")]
    Unknown,
    /// The indicator is not kept for periods of that length.
    #[error("GC010 `{id}` is not kept for `{period}`")]
    Grain {
        /// The indicator.
        id: String,
        /// The period.
        period: String,
    },
    /// The indicator can't be split by that dimension.
    #[error("GC011 `{id}` can't be split by `{dimension}`")]
    Dimension {
        /// The indicator.
        id: String,
        /// The dimension.
        dimension: &'static str,
    },
    /// The figure comes from a calculation and not from SQL.
    #[error("GC012 `{id}` is computed by `{source_name}` and has no SQL")]
    Computed {
        /// The indicator.
        id: String,
        /// The calculation.
        source_name: String,
    },
    /// Nothing was asked.
    #[error("GC013 no period was asked for")]
    NoPeriod,
    /// A filter names a dimension that is not there. It may be anything, so it is not shown.
    #[error("GC014 a filter names a dimension that there is not")]
    Filter,
    /// The figure would be of too small groups.
    #[error("GC015 `{id}` is not split by {} together", .dimensions.join(" and "))]
    Crossing {
        /// The indicator.
        id: String,
        /// The dimensions that do not go together.
        dimensions: Vec<&'static str>,
    },
}

impl CallError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Period => "K1 to K4 are quarters; months run from 01 to 12",
            Self::Unknown => "`grip indicator` without an id lists what there is",
            Self::Grain { .. } => "its `periods` say for which lengths it is kept",
            Self::Dimension { .. } => "its `dimensions` say by what it can be split",
            Self::Computed { .. } => "ask the calculation itself",
            Self::NoPeriod => "give at least one",
            Self::Filter => "write it as `wet=jw; productcategorie=45`, with dimensions of the indicator",
            Self::Crossing { .. } => {
                "ask one dimension beside law and category, over less than a year beside law: finer groups are a few persons"
            }
        }
    }
}
