use jiff::{SignedDuration, Timestamp};
use sqlx::{Any, AnyConnection, Row, Transaction};

use crate::{
    Action, By, Content, Fault, ObjectId, Problem, Register, RegisterError, Version,
    content::{DOCUMENT_BYTES_MAX, LINE_CHARS_MAX, REASON_CHARS_MAX, TERMS_MAX, check_chars},
    register::stored,
    view,
};

/// How far the clocks of two who write may be apart.
const CLOCKS_APART_MAX: SignedDuration = SignedDuration::from_secs(60);

/// What somebody writes in one go: all of it, or, when it is dropped without [`Edit::commit`], nothing.
///
/// Who holds an edit is the only one who writes. What is read through it is therefore still so when it is committed.
#[derive(Debug)]
pub struct Edit {
    transaction: Transaction<'static, Any>,
    number: i64,
    at: Timestamp,
    made: u16,
    is_empty: bool,
    /// Whether everything that was begun was also finished.
    is_whole: bool,
}

impl Edit {
    pub(crate) async fn begin(register: &Register, by: By) -> Result<Self, RegisterError> {
        let mut faults = Vec::new();
        check_chars("reason", &by.reason, 0, REASON_CHARS_MAX, &mut faults);
        if by.at < Timestamp::UNIX_EPOCH {
            faults.push(Fault { field: "at", problem: Problem::Form("a moment after 1970") });
        }
        accept(faults)?;
        let mut transaction = register.writer.begin().await?;
        // Changing the row waits for whoever else has changed it, in both databases, until that edit is over.
        let row = sqlx::query("UPDATE head SET edits = edits + 1 RETURNING edits").fetch_one(&mut *transaction).await?;
        let number: i64 = row.try_get(0)?;
        let at = no_earlier_than_the_last(by.at, number - 1, &mut transaction).await?;
        sqlx::query("INSERT INTO edit (number, actor, written_at, reason) VALUES ($1, $2, $3, $4)")
            .bind(number)
            .bind(by.actor.as_str())
            .bind(stored(at))
            .bind(by.reason.as_str())
            .execute(&mut *transaction)
            .await?;
        Ok(Self { transaction, number, at, made: 0, is_empty: true, is_whole: true })
    }

    /// Makes an object.
    ///
    /// # Errors
    /// [`RegisterError::Invalid`], [`RegisterError::NoRandomness`], and [`RegisterError::Database`].
    pub async fn create<C: Content>(&mut self, content: &C) -> Result<ObjectId, RegisterError> {
        let random = getrandom::u32().map_err(|_| RegisterError::NoRandomness)?;
        let too_many = Fault { field: "edit", problem: Problem::TooLong(usize::from(u16::MAX)) };
        let id = ObjectId::new(self.at, self.number, self.made, random);
        self.made = self.made.checked_add(1).ok_or_else(|| RegisterError::Invalid(vec![too_many]))?;
        self.write(id, 1, Action::Create, content).await?;
        Ok(id)
    }

    /// Gives an object another content, and answers the number of the version it then has. `expected` is the number of the
    /// version that was looked at.
    ///
    /// # Errors
    /// [`RegisterError::NotFound`], [`RegisterError::Conflict`] when it has another version by now,
    /// [`RegisterError::Withdrawn`], [`RegisterError::Invalid`], and [`RegisterError::Database`].
    pub async fn change<C: Content>(&mut self, id: ObjectId, expected: i64, content: &C) -> Result<i64, RegisterError> {
        let current = self.expect(id, expected).await?;
        if current.kind != C::KIND {
            return Err(RegisterError::NotFound(id));
        }
        if current.withdrawn {
            return Err(RegisterError::Withdrawn(id));
        }
        self.write(id, expected + 1, Action::Change, content).await?;
        Ok(expected + 1)
    }

    /// Makes an object no longer count; it is kept, with all that was written about it.
    ///
    /// # Errors
    /// As [`Edit::change`].
    pub async fn withdraw(&mut self, id: ObjectId, expected: i64) -> Result<i64, RegisterError> {
        let current = self.expect(id, expected).await?;
        if current.withdrawn {
            return Err(RegisterError::Withdrawn(id));
        }
        self.repeat(id, expected, expected, Action::Withdraw).await
    }

    /// Makes an object as it was a version earlier, by a new version. Undoing that makes it as it was before; undoing the
    /// first version withdraws it.
    ///
    /// # Errors
    /// [`RegisterError::NotFound`], [`RegisterError::Conflict`], and [`RegisterError::Database`].
    pub async fn undo(&mut self, id: ObjectId, expected: i64) -> Result<i64, RegisterError> {
        self.expect(id, expected).await?;
        self.repeat(id, expected, (expected - 1).max(1), Action::Undo).await
    }

    /// An object as this edit has made it; see [`View::get`](crate::View::get).
    ///
    /// # Errors
    /// [`RegisterError::Database`] and [`RegisterError::Unreadable`].
    pub async fn get<C: Content>(&mut self, id: ObjectId) -> Result<Option<Version<C>>, RegisterError> {
        let found = self.get_any(id).await?;
        found.filter(|version| version.kind == C::KIND).map(Version::read).transpose()
    }

    /// Objects as this edit has made them; see [`View::find`](crate::View::find).
    ///
    /// # Errors
    /// [`RegisterError::Database`] and [`RegisterError::Unreadable`].
    pub async fn find<C: Content>(&mut self, term: &str, value: &str) -> Result<Vec<Version<C>>, RegisterError> {
        self.is_whole = false;
        let found = view::find(&mut self.transaction, self.number, term, value).await?;
        self.is_whole = true;
        Ok(found)
    }

    /// Writes it all. An edit in which nothing was done leaves no trace.
    ///
    /// # Errors
    /// [`RegisterError::Half`] when the database failed before, and [`RegisterError::Database`]; then nothing was written.
    pub async fn commit(self) -> Result<(), RegisterError> {
        if !self.is_whole {
            // PostgreSQL would answer the commit of a failed transaction with a rollback, and no error.
            return Err(RegisterError::Half);
        }
        let ended = if self.is_empty { self.transaction.rollback().await } else { self.transaction.commit().await };
        Ok(ended?)
    }

    async fn get_any(&mut self, id: ObjectId) -> Result<Option<Version>, RegisterError> {
        self.is_whole = false;
        let found = view::get(&mut self.transaction, self.number, id).await?;
        self.is_whole = true;
        Ok(found)
    }

    async fn expect(&mut self, id: ObjectId, expected: i64) -> Result<Version, RegisterError> {
        let current = self.get_any(id).await?.ok_or(RegisterError::NotFound(id))?;
        if current.number == expected {
            Ok(current)
        } else {
            Err(RegisterError::Conflict { current: Box::new(current) })
        }
    }

    async fn write<C: Content>(
        &mut self,
        id: ObjectId,
        number: i64,
        action: Action,
        content: &C,
    ) -> Result<(), RegisterError> {
        accept(content.faults())?;
        let mut terms = content.terms();
        terms.sort();
        terms.dedup();
        let document = serde_json::to_value(content)
            .map_err(|source| RegisterError::Unreadable { id: id.to_string(), number, source })?
            .to_string();
        accept(sizes(&document, &terms))?;
        let row = VersionRow {
            id: &id.to_string(),
            number,
            edit: self.number,
            kind: C::KIND,
            action,
            is_withdrawn: false,
            document: &document,
        };
        self.is_whole = false;
        insert_version(&mut self.transaction, &row).await?;
        for (name, value) in &terms {
            insert_term(&mut self.transaction, row.id, number, name, value).await?;
        }
        (self.is_empty, self.is_whole) = (false, true);
        Ok(())
    }

    /// A version after `expected` with the document and the terms of an earlier one.
    async fn repeat(
        &mut self,
        id: ObjectId,
        expected: i64,
        earlier: i64,
        action: Action,
    ) -> Result<i64, RegisterError> {
        let (number, id) = (expected + 1, id.to_string());
        // Before its first version an object was not there.
        let withdrawn = i64::from(earlier == expected);
        self.is_whole = false;
        sqlx::query(
            "INSERT INTO version (object_id, number, edit, kind, action, withdrawn, document) \
             SELECT object_id, $1, $2, kind, $3, CASE WHEN $4 = 1 THEN 1 ELSE withdrawn END, document \
             FROM version WHERE object_id = $5 AND number = $6",
        )
        .bind(number)
        .bind(self.number)
        .bind(action.as_str())
        .bind(withdrawn)
        .bind(id.as_str())
        .bind(earlier)
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query(
            "INSERT INTO term (name, value, object_id, number) \
             SELECT name, value, object_id, $1 FROM term WHERE object_id = $2 AND number = $3",
        )
        .bind(number)
        .bind(id)
        .bind(earlier)
        .execute(&mut *self.transaction)
        .await?;
        (self.is_empty, self.is_whole) = (false, true);
        Ok(number)
    }
}

/// A row of `version`, as an edit writes it and a backup brings it back.
pub(crate) struct VersionRow<'r> {
    pub(crate) id: &'r str,
    pub(crate) number: i64,
    pub(crate) edit: i64,
    pub(crate) kind: &'r str,
    pub(crate) action: Action,
    pub(crate) is_withdrawn: bool,
    pub(crate) document: &'r str,
}

pub(crate) async fn insert_version(connection: &mut AnyConnection, row: &VersionRow<'_>) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "INSERT INTO version (object_id, number, edit, kind, action, withdrawn, document) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    );
    let query = query.bind(row.id).bind(row.number).bind(row.edit).bind(row.kind).bind(row.action.as_str());
    query.bind(i64::from(row.is_withdrawn)).bind(row.document).execute(connection).await?;
    Ok(())
}

pub(crate) async fn insert_term(
    connection: &mut AnyConnection,
    id: &str,
    number: i64,
    name: &str,
    value: &str,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query("INSERT INTO term (name, value, object_id, number) VALUES ($1, $2, $3, $4)");
    query.bind(name).bind(value).bind(id).bind(number).execute(connection).await?;
    Ok(())
}

/// The time an edit gets: what its clock says, or that of the last edit when that is a little later.
async fn no_earlier_than_the_last(
    at: Timestamp,
    last_edit: i64,
    connection: &mut AnyConnection,
) -> Result<Timestamp, RegisterError> {
    let query = sqlx::query("SELECT actor, written_at, reason FROM edit WHERE number = $1").bind(last_edit);
    let Some(row) = query.fetch_optional(connection).await? else { return Ok(at) };
    let last = view::read_by(&row)?.at;
    if last.duration_since(at) > CLOCKS_APART_MAX {
        return Err(RegisterError::Clock { at, last });
    }
    Ok(at.max(last))
}

fn sizes(document: &str, terms: &[(&'static str, String)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if document.len() > DOCUMENT_BYTES_MAX {
        faults.push(Fault { field: "document", problem: Problem::TooLong(DOCUMENT_BYTES_MAX) });
    }
    if terms.len() > TERMS_MAX {
        faults.push(Fault { field: "terms", problem: Problem::TooLong(TERMS_MAX) });
    }
    for (name, _) in terms.iter().filter(|(_, value)| value.contains(char::is_control)) {
        faults.push(Fault { field: name, problem: Problem::Control });
    }
    for (name, _) in terms.iter().filter(|(_, value)| value.chars().count() > LINE_CHARS_MAX) {
        faults.push(Fault { field: name, problem: Problem::TooLong(LINE_CHARS_MAX) });
    }
    faults
}

fn accept(faults: Vec<Fault>) -> Result<(), RegisterError> {
    if faults.is_empty() { Ok(()) } else { Err(RegisterError::Invalid(faults)) }
}
