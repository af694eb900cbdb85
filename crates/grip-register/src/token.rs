//! API tokens: secrets of programs that ask questions in the name of an account.

use grip_access::SecretHash;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Executor, Row, any::AnyRow};

use crate::{
    Account, Fault, Problem, Register, RegisterError,
    account::check_length,
    check_line,
    content::{DOCUMENT_BYTES_MAX, as_text},
    register::stored,
    session::{before, lock_open},
    view::{parse, parse_some},
};

/// How long a token lasts at most.
pub const TOKEN_AGE_MAX: SignedDuration = SignedDuration::from_hours(366 * 24);
/// How old what is kept of the last use may be.
const SEEN_EVERY: SignedDuration = grip_access::session::SEEN_EVERY;

/// An API token, as it is kept and may be shown: nobody can use what is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// What is kept of its secret, and what it is known by.
    #[serde(with = "as_text")]
    pub hash: SecretHash,
    /// In whose name it asks.
    pub account: Account,
    /// What it is for, as whoever made it wrote that down.
    pub name: String,
    /// What it may do at most, as whoever gave it wrote that down.
    pub scope: String,
    /// When it was made.
    #[serde(with = "as_text")]
    pub made: Timestamp,
    /// When it ends.
    #[serde(with = "as_text")]
    pub expires: Timestamp,
    /// When it was last used, up to a minute ago.
    #[serde(with = "as_text::option")]
    pub seen: Option<Timestamp>,
    /// When it was revoked.
    #[serde(with = "as_text::option")]
    pub revoked: Option<Timestamp>,
}

/// All that is read of a token, and what its account may do.
macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT t.hash, t.account, t.name, t.scope, t.made_at, t.expires_at, t.seen_at, t.revoked_at, a.grants \
             FROM api_token t CROSS JOIN account a WHERE a.name = t.account ",
            $rest
        )
    };
}

impl Register {
    /// Makes a token that was never used.
    ///
    /// # Errors
    /// [`RegisterError::Invalid`] when it has no name, or ends before it begins or later than [`TOKEN_AGE_MAX`] after;
    /// [`RegisterError::NoAccount`], also when it is closed; [`RegisterError::Database`].
    pub async fn make_token(&self, token: &ApiToken) -> Result<(), RegisterError> {
        let mut faults = Vec::new();
        check_line("name", &token.name, &mut faults);
        let lasts = token.expires.duration_since(token.made);
        if lasts <= SignedDuration::ZERO || lasts > TOKEN_AGE_MAX {
            faults.push(Fault { field: "expires", problem: Problem::Form("a moment within a year") });
        }
        if !faults.is_empty() {
            return Err(RegisterError::Invalid(faults));
        }
        check_length("scope", &token.scope, DOCUMENT_BYTES_MAX)?;
        let mut transaction = self.writer.begin().await?;
        lock_open(&mut transaction, &token.account).await?;
        restore(&mut transaction, token).await?;
        Ok(transaction.commit().await?)
    }

    /// The token of a secret and what its account may do, when both are worth something now. That it was used is kept, at most
    /// once a minute.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn find_token(
        &self,
        secret: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<(ApiToken, String)>, RegisterError> {
        let query = sqlx::query(select_tokens!("AND t.hash = $1 AND a.closed = 0 AND t.revoked_at IS NULL"));
        let Some(row) = self.readers.fetch_optional(query.bind(secret.to_string())).await? else { return Ok(None) };
        let mut token = read(&row)?;
        if now >= token.expires {
            return Ok(None);
        }
        if token.seen.is_none_or(|seen| seen <= before(now, SEEN_EVERY)) {
            let query = sqlx::query("UPDATE api_token SET seen_at = $1 WHERE hash = $2");
            match self
                .writer
                .execute(query.bind(stored(now)).bind(secret.to_string()))
                .await
                .map_err(RegisterError::from)
            {
                Ok(_) => token.seen = Some(now),
                Err(RegisterError::Busy) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(Some((token, row.try_get("grants")?)))
    }

    /// The tokens of an account, also those that ended, the first first.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn tokens_of(&self, account: &Account) -> Result<Vec<ApiToken>, RegisterError> {
        let query = sqlx::query(select_tokens!("AND t.account = $1")).bind(account.as_str());
        sorted(&self.readers.fetch_all(query).await?)
    }

    /// Makes a token worth nothing. Answers whether it was worth something.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn revoke_token(&self, hash: &SecretHash, now: Timestamp) -> Result<bool, RegisterError> {
        let query = sqlx::query("UPDATE api_token SET revoked_at = $1 WHERE hash = $2 AND revoked_at IS NULL");
        Ok(self.writer.execute(query.bind(stored(now)).bind(hash.to_string())).await?.rows_affected() == 1)
    }
}

fn read(row: &AnyRow) -> Result<ApiToken, RegisterError> {
    Ok(ApiToken {
        hash: parse(row, "hash")?,
        account: parse(row, "account")?,
        name: row.try_get("name")?,
        scope: row.try_get("scope")?,
        made: parse(row, "made_at")?,
        expires: parse(row, "expires_at")?,
        seen: parse_some(row, "seen_at")?,
        revoked: parse_some(row, "revoked_at")?,
    })
}

fn sorted(rows: &[AnyRow]) -> Result<Vec<ApiToken>, RegisterError> {
    let mut tokens: Vec<ApiToken> = rows.iter().map(read).collect::<Result<_, _>>()?;
    tokens.sort_by_cached_key(|token| (token.made, token.hash.to_string()));
    Ok(tokens)
}

/// All tokens, as lines of a backup.
pub(crate) async fn lines(connection: &mut AnyConnection) -> Result<Vec<ApiToken>, RegisterError> {
    sorted(&sqlx::query(select_tokens!("")).fetch_all(connection).await?)
}

/// Writes a token as it is.
pub(crate) async fn restore(connection: &mut AnyConnection, token: &ApiToken) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO api_token (hash, account, name, scope, made_at, expires_at, seen_at, revoked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(token.hash.to_string())
    .bind(token.account.as_str())
    .bind(token.name.as_str())
    .bind(token.scope.as_str())
    .bind(stored(token.made))
    .bind(stored(token.expires))
    .bind(token.seen.map(stored))
    .bind(token.revoked.map(stored))
    .execute(connection)
    .await?;
    Ok(())
}
