use std::{
    io::ErrorKind,
    path::PathBuf,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use sqlx::{
    AnyConnection, AnyPool, Connection, Executor, Row,
    any::{AnyPoolOptions, install_default_drivers},
};

use crate::{By, Edit, RegisterError, View, schema};

/// Connections for reading, at most.
const READERS_MAX: u32 = 8;
/// How long is waited for a connection, and with it for who writes before.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Before the tables are tried again when another makes them.
const AGAIN_AFTER: Duration = Duration::from_millis(20);

/// The store of what people write.
#[derive(Debug, Clone)]
pub struct Register {
    pub(crate) readers: AnyPool,
    /// One connection: who writes waits here for who writes before, and not in the database.
    pub(crate) writer: AnyPool,
}

impl Register {
    /// Opens the register at `sqlite:PATH`, where it is made for its owner alone when it is not there, or at
    /// `postgres://account@host/database`, where the database must be; and brings its tables up to date.
    ///
    /// # Errors
    /// [`RegisterError::Address`], [`RegisterError::Io`], [`RegisterError::Database`], [`RegisterError::Newer`] when a later
    /// Grip wrote in it, and [`RegisterError::Schema`].
    pub async fn open(url: &str) -> Result<Self, RegisterError> {
        install_default_drivers();
        let (url, to_read, to_write) = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = make_private_file(path.strip_prefix("//").unwrap_or(path))?;
            let url = format!("sqlite:{}", percent_encode(&path.to_string_lossy()));
            (url, &[SQLITE, "PRAGMA query_only = ON"][..], &[SQLITE][..])
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            (url.to_owned(), &[POSTGRES][..], &[POSTGRES][..])
        } else {
            return Err(RegisterError::Address);
        };
        let begun = Instant::now();
        while let Err(error) = make_tables(&url, to_write).await {
            // Two who make one file at once: SQLite does not let the second wait when it changes how the file is written.
            if !matches!(error, RegisterError::Busy) || begun.elapsed() > WAIT_MAX {
                return Err(error);
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        Ok(Self { readers: pool(&url, READERS_MAX, to_read)?, writer: pool(&url, 1, to_write)? })
    }

    /// Begins to write. Nothing is written before [`Edit::commit`]; until then nobody else writes, so do not wait for people.
    ///
    /// # Errors
    /// [`RegisterError::Invalid`] when the reason is too long, [`RegisterError::Clock`] when the edit is said to be made more
    /// than a minute before the last one (within that minute it gets the time of the last), [`RegisterError::Busy`], and
    /// [`RegisterError::Database`].
    pub async fn edit(&self, by: By) -> Result<Edit, RegisterError> {
        Edit::begin(self, by).await
    }

    /// What stands in the register now. Who writes later does not change what a view shows.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn now(&self) -> Result<View<'_>, RegisterError> {
        let row = self.readers.fetch_one("SELECT edits FROM head").await?;
        Ok(View { register: self, edit: row.try_get(0)? })
    }

    /// What stood in the register at a moment: everything that was written then or before.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn as_of(&self, moment: Timestamp) -> Result<View<'_>, RegisterError> {
        let query =
            sqlx::query("SELECT COALESCE(MAX(number), 0) FROM edit WHERE written_at <= $1").bind(stored(moment));
        let row = self.readers.fetch_one(query).await?;
        Ok(View { register: self, edit: row.try_get(0)? })
    }

    /// Ends all connections, after what is under way. Not needed: it is for who wants to wait for it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A moment as stored: always of the same length, so that the order of texts is that of time.
pub(crate) fn stored(moment: Timestamp) -> String {
    format!("{moment:.9}")
}

/// What holds for each connection to a file: writers wait for each other, but not for ever, links lead somewhere, and what was
/// committed survives a power cut.
const SQLITE: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";
/// The same for PostgreSQL, which has the rest of itself.
const POSTGRES: &str = "SET lock_timeout = 5000";

fn pool(url: &str, connections_max: u32, first: &'static [&'static str]) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(WAIT_MAX)
        .after_connect(move |connection, _| Box::pin(prepare(connection, first)))
        .connect_lazy(url)
}

async fn prepare(connection: &mut AnyConnection, first: &'static [&'static str]) -> Result<(), sqlx::Error> {
    for statement in first {
        sqlx::raw_sql(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The first connection, which makes the tables or brings them up to date.
async fn make_tables(url: &str, first: &'static [&'static str]) -> Result<(), RegisterError> {
    let mut connection = AnyConnection::connect(url).await?;
    prepare(&mut connection, first).await?;
    schema::migrate(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Makes an empty file that only its owner can read and write, unless it is there. What SQLite puts beside it gets the same
/// permissions.
fn make_private_file(path: &str) -> Result<PathBuf, RegisterError> {
    if path.is_empty() || path.starts_with(":memory:") {
        return Err(RegisterError::Address);
    }
    let path = PathBuf::from(path);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs_err::create_dir_all(folder)?;
    }
    // Only when it is new: closing a file that is open elsewhere in this program would drop the locks that SQLite has on it.
    match private_file().create_new(true).open(&path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
        _ => {}
    }
    Ok(fs_err::canonicalize(path)?)
}

/// How a file is opened for writing that, when it is made, only its owner can read and write.
pub(crate) fn private_file() -> fs_err::OpenOptions {
    let mut options = fs_err::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// A path as part of an address, in which `?` would begin something else.
pub(crate) fn percent_encode(path: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(byte);
    let encode = |byte: u8| if is_plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(encode).collect()
}
