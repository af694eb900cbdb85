//! The whole register as one file of lines: what it is, one line for each edit, and a checksum. It can be read without Grip,
//! and restored into the other database.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::Path,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Row};

use crate::{
    Action, ApiToken, ObjectId, Register, RegisterError, SCHEMA, Version, View,
    account::{self, AccountLine},
    audit::{self, EventLine},
    edit::{VersionRow, insert_term, insert_version},
    register::{private_file, stored},
    session, token,
    view::{self, read_by},
};

/// Edits that are held in memory at once.
const EDITS_AT_ONCE: i64 = 100;
/// And records of the audit log.
const RECORDS_AT_ONCE: usize = 100;
/// Bytes in one line, at most; no edit of people comes near.
const LINE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The first line says that it is one of ours.
const FORMAT: &str = "grip-register";

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    backup: String,
    schema: i64,
    edits: i64,
    // A backup of before there were accounts does not name these.
    #[serde(default)]
    accounts: i64,
    #[serde(default)]
    tokens: i64,
    #[serde(default)]
    records: i64,
}

impl Head {
    /// How many lines come between the first and the last.
    fn lines(&self) -> Option<i64> {
        let counts = [self.edits, self.accounts, self.tokens, self.records];
        let is_count = counts.iter().all(|count| *count >= 0);
        is_count.then_some(())?;
        counts.into_iter().try_fold(0_i64, i64::checked_add)
    }
}

/// A line for each edit: everything that was done in it.
#[derive(Serialize, Deserialize)]
struct EditLine {
    edit: i64,
    actor: String,
    at: String,
    reason: String,
    versions: Vec<VersionLine>,
}

#[derive(Serialize, Deserialize)]
struct VersionLine {
    id: ObjectId,
    number: i64,
    kind: String,
    action: Action,
    withdrawn: bool,
    document: Value,
    terms: Vec<(String, String)>,
}

/// The last line: the SHA-256 of all bytes before it.
#[derive(Serialize, Deserialize)]
struct Tail {
    sha256: String,
}

impl Register {
    /// Writes everything but who is signed in to a new file that only its owner can read, and answers how many edits that are.
    /// Others may write meanwhile; edits after the beginning are not in it.
    ///
    /// # Errors
    /// [`RegisterError::Io`], also when there is a file of that name, and [`RegisterError::Database`].
    pub async fn backup(&self, to: &Path) -> Result<i64, RegisterError> {
        let view = self.now().await?;
        let file = private_file().create_new(true).open(to)?;
        let written = write_backup(&view, BufWriter::new(file)).await;
        if written.is_err() {
            // Half a backup would be refused, but would also be in the way of the next.
            fs_err::remove_file(to)?;
        }
        written
    }

    /// Brings back a backup, all of it or nothing, and answers how many edits that are. The file is read twice: nothing is
    /// written before its checksum is right.
    ///
    /// # Errors
    /// [`RegisterError::Damaged`], [`RegisterError::Newer`], [`RegisterError::NotEmpty`], [`RegisterError::Io`], and
    /// [`RegisterError::Database`].
    pub async fn restore(&self, from: &Path) -> Result<i64, RegisterError> {
        let head = verify(from)?;
        let mut transaction = self.writer.begin().await?;
        let row = sqlx::query("UPDATE head SET edits = edits + $1 RETURNING edits").bind(head.edits);
        let edits = row.fetch_one(&mut *transaction).await?.try_get::<i64, _>(0)? - head.edits;
        let row = sqlx::query("SELECT COUNT(*) FROM account").fetch_one(&mut *transaction).await?;
        let accounts: i64 = row.try_get(0)?;
        let records = audit::read_head(&mut transaction).await?.records;
        if (edits, accounts, records) != (0, 0, 0) {
            return Err(RegisterError::NotEmpty { edits, accounts, records });
        }
        let mut lines = Lines::open(from)?;
        lines.next_line()?;
        for number in 1..=head.edits {
            let line: EditLine = lines.parse_next("an edit is missing, or has another form")?;
            if line.edit != number {
                return Err(lines.damaged("edits should follow each other"));
            }
            restore_edit(&mut transaction, &line).await?;
        }
        for _ in 0..head.accounts {
            let line: AccountLine = lines.parse_next("an account is missing, or has another form")?;
            let restored = account::restore(&mut transaction, line).await?;
            restored.ok_or_else(|| lines.damaged("an account has another form"))?;
        }
        for _ in 0..head.tokens {
            let line: ApiToken = lines.parse_next("a token is missing, or has another form")?;
            token::restore(&mut transaction, &line).await?;
        }
        for place in 1..=head.records {
            let line: EventLine = lines.parse_next("a record is missing, or has another form")?;
            let restored = audit::restore(&mut transaction, line, place).await?;
            restored.ok_or_else(|| lines.damaged("records should follow each other"))?;
        }
        session::forget_the_moment(&mut transaction).await?;
        transaction.commit().await?;
        Ok(head.edits)
    }
}

async fn write_backup(view: &View<'_>, mut file: BufWriter<fs_err::File>) -> Result<i64, RegisterError> {
    let mut connection = view.connection().await?;
    let mut hash = Sha256::new();
    let mut write = |line: String| {
        hash.update(line.as_bytes());
        file.write_all(line.as_bytes())
    };
    let (accounts, tokens) = (account::lines(&mut connection).await?, token::lines(&mut connection).await?);
    let records = audit::read_head(&mut connection).await?.records;
    write(line(&Head {
        backup: FORMAT.to_owned(),
        schema: SCHEMA,
        edits: view.edit(),
        accounts: count(&accounts),
        tokens: count(&tokens),
        records,
    }))?;
    let mut after = 0;
    while after < view.edit() {
        let last = view.edit().min(after + EDITS_AT_ONCE);
        for edit in read_edits(&mut connection, after, last).await? {
            write(line(&edit))?;
        }
        after = last;
    }
    for account in &accounts {
        write(line(account))?;
    }
    for token in &tokens {
        write(line(token))?;
    }
    for first in (1..=records).step_by(RECORDS_AT_ONCE) {
        let last = records.min(first.saturating_add(EDITS_AT_ONCE - 1));
        for record in audit::read_records(&mut connection, first..=last).await? {
            write(line(&EventLine::from(record)))?;
        }
    }
    let sha256 = hex::encode(hash.finalize());
    file.write_all(line(&Tail { sha256 }).as_bytes())?;
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(view.edit())
}

fn count<T>(lines: &[T]) -> i64 {
    i64::try_from(lines.len()).expect("fewer than there are bytes in memory")
}

fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("texts and numbers can be written as JSON");
    text.push('\n');
    text
}

/// The edits after one, up to and with another.
async fn read_edits(connection: &mut AnyConnection, after: i64, last: i64) -> Result<Vec<EditLine>, RegisterError> {
    let mut edits = Vec::new();
    let query = "SELECT number, actor, written_at, reason FROM edit WHERE number > $1 AND number <= $2 ORDER BY number";
    for row in sqlx::query(query).bind(after).bind(last).fetch_all(&mut *connection).await? {
        let (by, edit) = (read_by(&row)?, row.try_get("number")?);
        let (actor, at) = (by.actor.as_str().to_owned(), stored(by.at));
        edits.push(EditLine { edit, actor, at, reason: by.reason, versions: Vec::new() });
    }
    let place = |edit: i64| usize::try_from(edit - after - 1).ok();
    let mut terms = read_terms(connection, after, last).await?;
    for version in view::written_in(connection, after, last).await? {
        if let Some(line) = place(version.edit).and_then(|place| edits.get_mut(place)) {
            let Version { id, kind, number, action, withdrawn, content: document, .. } = version;
            let terms = terms.remove(&(id, number)).unwrap_or_default();
            line.versions.push(VersionLine { id, number, kind, action, withdrawn, document, terms });
        }
    }
    // Sorted here, because databases do not agree on the order of texts.
    for line in &mut edits {
        line.versions.iter_mut().for_each(|version| version.terms.sort());
    }
    Ok(edits)
}

/// The terms of each version that was written in those edits.
async fn read_terms(
    connection: &mut AnyConnection,
    after: i64,
    last: i64,
) -> Result<BTreeMap<(ObjectId, i64), Vec<(String, String)>>, RegisterError> {
    let query = "SELECT t.object_id, t.number, t.name, t.value FROM version v CROSS JOIN term t \
                 WHERE t.object_id = v.object_id AND t.number = v.number AND v.edit > $1 AND v.edit <= $2";
    let mut terms: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in sqlx::query(query).bind(after).bind(last).fetch_all(connection).await? {
        let version = (view::parse(&row, "object_id")?, row.try_get("number")?);
        terms.entry(version).or_default().push((row.try_get("name")?, row.try_get("value")?));
    }
    Ok(terms)
}

async fn restore_edit(connection: &mut AnyConnection, line: &EditLine) -> Result<(), RegisterError> {
    sqlx::query("INSERT INTO edit (number, actor, written_at, reason) VALUES ($1, $2, $3, $4)")
        .bind(line.edit)
        .bind(line.actor.as_str())
        .bind(line.at.as_str())
        .bind(line.reason.as_str())
        .execute(&mut *connection)
        .await?;
    for version in &line.versions {
        let (id, document) = (version.id.to_string(), version.document.to_string());
        let row = VersionRow {
            id: &id,
            number: version.number,
            edit: line.edit,
            kind: &version.kind,
            action: version.action,
            is_withdrawn: version.withdrawn,
            document: &document,
        };
        insert_version(connection, &row).await?;
        for (name, value) in &version.terms {
            insert_term(connection, &id, version.number, name, value).await?;
        }
    }
    Ok(())
}

/// Reads a whole backup and answers what it says it is, when its checksum is right.
fn verify(path: &Path) -> Result<Head, RegisterError> {
    let mut lines = Lines::open(path)?;
    let head: Head = lines.parse_next("this is no backup of a register")?;
    let Some(count) = head.lines().filter(|_| head.backup == FORMAT && head.schema >= 1) else {
        return Err(lines.damaged("this is no backup of a register"));
    };
    if head.schema > SCHEMA {
        return Err(RegisterError::Newer { found: head.schema, known: SCHEMA });
    }
    for _ in 0..count {
        if !lines.next_line()? {
            return Err(lines.damaged("the file ends before its last line"));
        }
    }
    let sha256 = hex::encode(lines.hash.clone().finalize());
    let tail: Tail = lines.parse_next("the checksum is missing")?;
    if tail.sha256 != sha256 {
        return Err(lines.damaged("the checksum is not that of the lines before"));
    }
    if lines.next_line()? {
        return Err(lines.damaged("there is more after the checksum"));
    }
    Ok(head)
}

/// The lines of a backup, one in memory at a time.
struct Lines {
    reader: BufReader<fs_err::File>,
    hash: Sha256,
    number: u64,
    line: Vec<u8>,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, RegisterError> {
        let reader = BufReader::new(fs_err::File::open(path)?);
        Ok(Self { reader, hash: Sha256::new(), number: 0, line: Vec::new() })
    }

    /// Whether there is a line more, which then is in `line`.
    fn next_line(&mut self) -> Result<bool, RegisterError> {
        self.number += 1;
        self.line.clear();
        let bytes = (&mut self.reader).take(LINE_BYTES_MAX).read_until(b'\n', &mut self.line)?;
        if bytes > 0 && self.line.last() != Some(&b'\n') {
            return Err(self.damaged("the line has no end"));
        }
        self.hash.update(&self.line);
        Ok(bytes > 0)
    }

    fn parse_next<T: DeserializeOwned>(&mut self, problem: &'static str) -> Result<T, RegisterError> {
        self.next_line()?;
        serde_json::from_slice(&self.line).map_err(|_| self.damaged(problem))
    }

    fn damaged(&self, problem: &'static str) -> RegisterError {
        RegisterError::Damaged { line: self.number, problem }
    }
}
