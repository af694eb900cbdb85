use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, Row, any::AnyRow, pool::PoolConnection};

use crate::{Action, By, Content, ObjectId, Register, RegisterError, Version};

/// The register as it stood after an edit. All that is read from one view belongs together, whoever writes meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct View<'r> {
    pub(crate) register: &'r Register,
    pub(crate) edit: i64,
}

impl View<'_> {
    /// The number of the last edit it shows; 0 when there is none.
    pub fn edit(&self) -> i64 {
        self.edit
    }

    /// An object, also when it is withdrawn; `None` when there was none of this kind.
    ///
    /// # Errors
    /// [`RegisterError::Database`] and [`RegisterError::Unreadable`], as every function here.
    pub async fn get<C: Content>(&self, id: ObjectId) -> Result<Option<Version<C>>, RegisterError> {
        let found = self.get_any(id).await?.filter(|version| version.kind == C::KIND);
        found.map(Version::read).transpose()
    }

    /// An object of whatever kind.
    ///
    /// # Errors
    /// See [`View::get`].
    pub async fn get_any(&self, id: ObjectId) -> Result<Option<Version>, RegisterError> {
        get(&mut *self.connection().await?, self.edit, id).await
    }

    /// All objects of a kind that are not withdrawn, in the order in which they were made.
    ///
    /// # Errors
    /// See [`View::get`].
    pub async fn list<C: Content>(&self) -> Result<Vec<Version<C>>, RegisterError> {
        let rows = sqlx::query(LIST).bind(self.edit).bind(C::KIND);
        read_all(&rows.fetch_all(&mut *self.connection().await?).await?)
    }

    /// All objects of every kind that are not withdrawn, in the order in which they were made.
    ///
    /// # Errors
    /// See [`View::get`].
    pub async fn list_all(&self) -> Result<Vec<Version>, RegisterError> {
        let rows = sqlx::query(LIST_ALL).bind(self.edit).fetch_all(&mut *self.connection().await?).await?;
        rows.iter().map(read_version).collect()
    }

    /// The last version of every object that is withdrawn, of every kind, in the order in which they were made.
    ///
    /// # Errors
    /// See [`View::get`].
    pub async fn list_withdrawn(&self) -> Result<Vec<Version>, RegisterError> {
        let rows = sqlx::query(LIST_WITHDRAWN).bind(self.edit).fetch_all(&mut *self.connection().await?).await?;
        rows.iter().map(read_version).collect()
    }

    /// Those of a kind that have a term with this value and are not withdrawn, in the order in which they were made.
    ///
    /// # Errors
    /// See [`View::get`].
    pub async fn find<C: Content>(&self, term: &str, value: &str) -> Result<Vec<Version<C>>, RegisterError> {
        find(&mut *self.connection().await?, self.edit, term, value).await
    }

    /// Every version of an object up to this view, the first first; none when there is no object of this kind.
    ///
    /// # Errors
    /// See [`View::get`].
    pub async fn history<C: Content>(&self, id: ObjectId) -> Result<Vec<Version<C>>, RegisterError> {
        let rows = sqlx::query(HISTORY).bind(self.edit).bind(id.to_string()).bind(C::KIND);
        read_all(&rows.fetch_all(&mut *self.connection().await?).await?)
    }

    /// Every version of an object of whatever kind up to this view, the first first.
    ///
    /// # Errors
    /// See [`View::get`].
    pub async fn history_any(&self, id: ObjectId) -> Result<Vec<Version>, RegisterError> {
        let rows = sqlx::query(HISTORY_ANY).bind(self.edit).bind(id.to_string());
        rows.fetch_all(&mut *self.connection().await?).await?.iter().map(read_version).collect()
    }

    pub(crate) async fn connection(&self) -> Result<PoolConnection<sqlx::Any>, sqlx::Error> {
        self.register.readers.acquire().await
    }
}

/// What a version is read from, in the order `$from` names the tables: what is looked up first comes first, and `CROSS JOIN`
/// keeps SQLite to it, which otherwise prefers to go through all objects of a kind.
macro_rules! select_versions {
    ($from:literal, $($rest:literal)+) => {
        concat!(
            "SELECT v.object_id, v.number, v.edit, v.kind, v.action, v.withdrawn, v.document, e.actor, e.written_at, e.reason FROM ",
            $from,
            " CROSS JOIN edit e WHERE e.number = v.edit AND ",
            $($rest),+
        )
    };
}

/// The same for those that are the last as of edit `$1`, count, and are of kind `$2`.
macro_rules! select_present {
    ($from:literal, $($rest:literal)+) => {
        select_versions!(
            $from,
            $($rest)+
            " v.kind = $2 AND v.withdrawn = 0 AND v.edit <= $1 AND NOT EXISTS (SELECT 1 FROM version w \
             WHERE w.object_id = v.object_id AND w.number > v.number AND w.edit <= $1) ORDER BY v.object_id"
        )
    };
}

const GET: &str = select_versions!("version v", "v.object_id = $2 AND v.edit <= $1 ORDER BY v.number DESC LIMIT 1");
const HISTORY_ANY: &str = select_versions!("version v", "v.object_id = $2 AND v.edit <= $1 ORDER BY v.number");
const HISTORY: &str =
    select_versions!("version v", "v.object_id = $2 AND v.kind = $3 AND v.edit <= $1 ORDER BY v.number");
/// Where `$1` is the last edit that is left out.
const WRITTEN_IN: &str =
    select_versions!("version v", "v.edit > $1 AND v.edit <= $2 ORDER BY v.edit, v.object_id, v.number");
const LIST: &str = select_present!("version v", "");
const LIST_ALL: &str = select_versions!(
    "version v",
    "v.withdrawn = 0 AND v.edit <= $1 AND NOT EXISTS (SELECT 1 FROM version w \
     WHERE w.object_id = v.object_id AND w.number > v.number AND w.edit <= $1) ORDER BY v.object_id"
);
const LIST_WITHDRAWN: &str = select_versions!(
    "version v",
    "v.withdrawn <> 0 AND v.edit <= $1 AND NOT EXISTS (SELECT 1 FROM version w \
     WHERE w.object_id = v.object_id AND w.number > v.number AND w.edit <= $1) ORDER BY v.object_id"
);
const FIND: &str = select_present!(
    "term t CROSS JOIN version v",
    "t.name = $3 AND t.value = $4 AND v.object_id = t.object_id AND v.number = t.number AND"
);
pub(crate) async fn get(
    connection: &mut AnyConnection,
    edit: i64,
    id: ObjectId,
) -> Result<Option<Version>, RegisterError> {
    let row = sqlx::query(GET).bind(edit).bind(id.to_string()).fetch_optional(connection).await?;
    row.as_ref().map(read_version).transpose()
}

pub(crate) async fn find<C: Content>(
    connection: &mut AnyConnection,
    edit: i64,
    term: &str,
    value: &str,
) -> Result<Vec<Version<C>>, RegisterError> {
    let rows = sqlx::query(FIND).bind(edit).bind(C::KIND).bind(term).bind(value);
    read_all(&rows.fetch_all(connection).await?)
}

/// Every version that was written after one edit, up to and with another.
pub(crate) async fn written_in(
    connection: &mut AnyConnection,
    after: i64,
    last: i64,
) -> Result<Vec<Version>, RegisterError> {
    let rows = sqlx::query(WRITTEN_IN).bind(after).bind(last).fetch_all(connection).await?;
    rows.iter().map(read_version).collect()
}

fn read_all<C: Content>(rows: &[AnyRow]) -> Result<Vec<Version<C>>, RegisterError> {
    rows.iter().map(read_version).collect()
}

fn read_version<C: DeserializeOwned>(row: &AnyRow) -> Result<Version<C>, RegisterError> {
    let number = row.try_get("number")?;
    let (id, document): (&str, &str) = (row.try_get("object_id")?, row.try_get("document")?);
    let content = serde_json::from_str(document).map_err(|source| RegisterError::Unreadable {
        id: id.to_owned(),
        number,
        source,
    })?;
    let action = Action::from_stored(row.try_get("action")?);
    Ok(Version {
        id: parse(row, "object_id")?,
        kind: row.try_get("kind")?,
        number,
        edit: row.try_get("edit")?,
        action: action.ok_or_else(|| unreadable("action"))?,
        withdrawn: row.try_get::<i64, _>("withdrawn")? != 0,
        by: read_by(row)?,
        content,
    })
}

pub(crate) fn read_by(row: &AnyRow) -> Result<By, RegisterError> {
    Ok(By { actor: parse(row, "actor")?, at: parse(row, "written_at")?, reason: row.try_get("reason")? })
}

/// A value that the database knows as text.
pub(crate) fn parse<T: std::str::FromStr>(row: &AnyRow, column: &'static str) -> Result<T, RegisterError> {
    row.try_get::<&str, _>(column)?.parse().map_err(|_| unreadable(column))
}

/// The same, of what may be absent.
pub(crate) fn parse_some<T: std::str::FromStr>(row: &AnyRow, column: &'static str) -> Result<Option<T>, RegisterError> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| text.parse()).transpose().map_err(|_| unreadable(column))
}

/// What was not written by Grip.
pub(crate) fn unreadable(column: &'static str) -> RegisterError {
    let source = format!("the value in column `{column}` is none of ours").into();
    RegisterError::Database(sqlx::Error::ColumnDecode { index: column.to_owned(), source })
}
