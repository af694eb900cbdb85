use std::fmt;

use jiff::Timestamp;

use crate::{Account, ObjectId, Version};

/// Why the register could not do something. Codes start with `GR`; the hint says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// A file could not be used; the source names it.
    #[error("GR001 {0}")]
    Io(#[from] std::io::Error),
    /// The address is of no database the register can live in. It may hold a password, so it is not shown.
    #[error("GR002 the address of the register begins with neither `sqlite:` nor `postgres://`")]
    Address,
    /// The database could not be reached, or could not do it.
    #[error("GR003 the database of the register: {0}")]
    Database(#[source] sqlx::Error),
    /// Somebody else was writing for as long as we were willing to wait, or the database has gone since it was opened.
    #[error("GR004 the register is busy, or its database does not answer")]
    Busy,
    /// The tables could not be brought up to date.
    #[error("GR005 the tables of the register can't be brought up to date: {0}")]
    Schema(#[source] sqlx::migrate::MigrateError),
    /// The register, or the backup, was made by a later Grip.
    #[error("GR006 schema {found} is of a later Grip; this one knows schemas up to {known}")]
    Newer {
        /// The schema that was found.
        found: i64,
        /// The last one this build knows.
        known: i64,
    },
    /// There is no such object, or it is of another kind.
    #[error("GR007 there is no object `{0}` of this kind")]
    NotFound(ObjectId),
    /// The object is no longer at the version that was to be changed.
    #[error("GR008 `{}` was changed in the meantime and is now at version {}", current.id, current.number)]
    Conflict {
        /// The object as it is now.
        current: Box<Version>,
    },
    /// The object was withdrawn: nothing but an undo brings it back.
    #[error("GR009 `{0}` was withdrawn")]
    Withdrawn(ObjectId),
    /// What was entered can't be kept; every fault is named.
    #[error("GR010 {}", join(.0))]
    Invalid(Vec<Fault>),
    /// The clock of the writer lies behind what was written before.
    #[error("GR011 the clock says {at}, but the last edit was written at {last}")]
    Clock {
        /// When the edit was said to be made.
        at: Timestamp,
        /// When the last edit was made.
        last: Timestamp,
    },
    /// A stored document is not what its kind prescribes.
    #[error("GR012 version {number} of `{id}` can't be read: {source}")]
    Unreadable {
        /// The object.
        id: String,
        /// Its version.
        number: i64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The system gives no random numbers.
    #[error("GR013 the system gives no random numbers to make an identification from")]
    NoRandomness,
    /// The backup is not whole.
    #[error("GR014 the backup is damaged at line {line}: {problem}")]
    Damaged {
        /// Where, counting from 1.
        line: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// A backup can only be restored into a register in which nothing was written.
    #[error(
        "GR015 the register is not empty: it has {edits} edits, {accounts} accounts and {records} records of its audit log"
    )]
    NotEmpty {
        /// How many edits it has.
        edits: i64,
        /// How many accounts.
        accounts: i64,
        /// How many records its audit log has.
        records: i64,
    },
    /// There can be only one of these, and there is one.
    #[error("GR016 there is one already: `{id}`")]
    Exists {
        /// The one there is.
        id: ObjectId,
    },
    /// The database failed in the middle of an edit.
    #[error("GR017 the edit was not finished and nothing of it was written")]
    Half,
    /// There is no account of this name, or it is closed where an open one is needed.
    #[error("GR018 there is no account `{0}`, or it is closed")]
    NoAccount(Account),
    /// Another account has this name, or is this to the provider.
    #[error("GR019 there is an account of this name, or for this person, already")]
    AccountTaken,
}

impl RegisterError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Io(_) => "check that the folder exists and may be written, and that the disk is not full",
            Self::Address => "as sqlite:grip-register.db or postgres://account@host/database",
            Self::Database(_) => "check that the database runs and that this account may write in it",
            Self::Busy | Self::Half => "try again; nothing was written",
            Self::Newer { .. } => "use the Grip that wrote it, or a later one",
            Self::NotFound(_) => "check the identification",
            Self::NoAccount(_) => "check the name, or open the account again",
            Self::AccountTaken => "choose another name, or take the identity away from the other account first",
            Self::Conflict { .. } => "look at what has changed and make the change again",
            Self::Withdrawn(_) => "undo the withdrawal first",
            Self::Clock { .. } => "set the clock of the computer right",
            Self::Damaged { .. } => "use another backup; nothing was restored",
            Self::NotEmpty { .. } => "restore into a new register",
            Self::Exists { .. } => "go on with the one there is",
            Self::Schema(_) | Self::Invalid(_) | Self::Unreadable { .. } | Self::NoRandomness => return None,
        })
    }
}

impl From<sqlx::Error> for RegisterError {
    fn from(error: sqlx::Error) -> Self {
        let is_busy = match &error {
            sqlx::Error::PoolTimedOut => true,
            sqlx::Error::Database(database) => database.code().is_some_and(|code| is_busy(&code)),
            _ => false,
        };
        if is_busy { Self::Busy } else { Self::Database(error) }
    }
}

/// SQLite says in the lowest byte of its code that it was locked for too long; PostgreSQL, where transactions were set to be
/// serialisable, that one of two must begin again.
fn is_busy(code: &str) -> bool {
    const SQLITE_BUSY: u32 = 5;
    match code.len() {
        5 => ["40001", "40P01", "55P03"].contains(&code),
        _ => code.parse::<u32>().is_ok_and(|code| code & 0xff == SQLITE_BUSY),
    }
}

fn join(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A field that was not filled in as it must be. Never holds what was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The field, as the document names it.
    pub field: &'static str,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was entered.
    Empty,
    /// More characters, or parts, than this.
    TooLong(usize),
    /// A character that can't be seen, other than the end of a line or a tab.
    Control,
    /// A number that passes the elfproef and so may be of a citizen.
    CitizenNumber,
    /// It does not have the form that is expected.
    Form(&'static str),
    /// Something else, in words for who filled it in.
    Said {
        /// In Dutch.
        nl: &'static str,
        /// In English.
        en: &'static str,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.field)?;
        match self.problem {
            Problem::Empty => f.write_str("is empty"),
            Problem::TooLong(max) => write!(f, "is longer than {max}"),
            Problem::Control => f.write_str("holds a control character"),
            Problem::CitizenNumber => f.write_str("holds what may be a citizen service number"),
            Problem::Form(expected) => write!(f, "should be {expected}"),
            Problem::Said { en, .. } => write!(f, "is wrong: {en}"),
        }
    }
}

impl std::error::Error for Fault {}
