//! What can't be done.

use std::{fmt, path::PathBuf};

use grip_report::ReportJsonError;

/// Why a report can't be typeset.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder of a template, or a file in it, can't be read.
    #[error("GT001 the template can't be read: {0}")]
    Folder(#[from] std::io::Error),
    /// A folder has no template.
    #[error("GT002 there is no `rapport.typ` in `{}`\nhint: copy the one that `docs/handboek/rapporten.md` shows", folder.display())]
    NoTemplate {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder holds more than a template would.
    #[error(
        "GT003 the template `{}` is larger than {most}\nhint: leave in it what the report needs: `rapport.typ`, pictures, fonts",
        folder.display()
    )]
    TooLarge {
        /// The folder.
        folder: PathBuf,
        /// The limit.
        most: &'static str,
    },
    /// The template has a fault, or what comes out can't be an accessible PDF.
    #[error("GT004 the report can't be typeset\n{}", faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))]
    Typeset {
        /// Each with its place.
        faults: Vec<Fault>,
    },
    /// What came in is no report, or one of another version.
    #[error("GT005 the report can't be read: {0}")]
    Report(#[from] ReportJsonError),
}

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file, line and column, from one; nothing when it is in no file.
    pub place: Option<Place>,
    /// What is wrong, in Typst's words.
    pub message: String,
    /// What may help.
    pub hints: Vec<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(out, "{place}: ")?;
        }
        out.write_str(&self.message)?;
        self.hints.iter().try_for_each(|hint| write!(out, "\nhint: {hint}"))
    }
}

/// A place in a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}")]
pub struct Place {
    /// The path of the file, below the folder of the template.
    pub file: String,
    /// The line, from one.
    pub line: usize,
    /// The character in the line, from one.
    pub column: usize,
}
