//! Who is signed in, and on what devices somebody was before. Kept for as long as it lasts, and in no backup.

use grip_access::{
    SecretHash,
    lockout::{DEVICE_AGE_MAX, DEVICES_MAX, FORGET_ALL},
    session::{AGE_MAX, IDLE_MAX, SESSIONS_MAX, Times},
};
use jiff::{SignedDuration, Timestamp};
use sqlx::{AnyConnection, Executor, Row};

use crate::{
    Account, Identity, Register, RegisterError,
    account::expect_one,
    register::stored,
    view::{parse, parse_some},
};

/// A session that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub account: Account,
    /// What that account may do now.
    pub grants: String,
    /// Its moments.
    pub times: Times,
    /// How somebody signed in.
    pub source: Source,
    /// The device it was begun on.
    pub device: Option<SecretHash>,
    /// Whether it must get another secret before anything is shown, by [`Register::rotate_session`].
    pub is_rotation_due: bool,
    /// Whether the account has a second factor.
    pub has_second_factor: bool,
}

/// How somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// With a password here.
    Local,
    /// At an OpenID provider.
    Oidc {
        /// Which: `iss` of the ID token.
        issuer: String,
        /// The session there: `sid` of the ID token, when it has one.
        sid: Option<String>,
    },
}

impl Register {
    /// Begins a session, with a secret that is new. When the account has [`SESSIONS_MAX`] already, the one that was used longest
    /// ago ends.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`], also when it is closed, and [`RegisterError::Database`].
    pub async fn begin_session(
        &self,
        secret: &SecretHash,
        account: &Account,
        source: &Source,
        device: Option<&SecretHash>,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        let (issuer, sid) = match source {
            Source::Local => (None, None),
            Source::Oidc { issuer, sid } => (Some(issuer.clone()), sid.clone()),
        };
        let mut transaction = self.writer.begin().await?;
        lock_open(&mut transaction, account).await?;
        keep_newest(&mut transaction, KEEP_SESSIONS, account, SESSIONS_MAX - 1).await?;
        sqlx::query(
            "INSERT INTO session (hash, account, begun_at, seen_at, rotated_at, issuer, sid, device) \
             VALUES ($1, $2, $3, $3, $3, $4, $5, $6)",
        )
        .bind(secret.to_string())
        .bind(account.as_str())
        .bind(stored(now))
        .bind(issuer)
        .bind(sid)
        .bind(device.map(ToString::to_string))
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// The session of a secret, when it may still be used and its account is open. That it was used is kept, at most once a minute,
    /// and not when somebody else writes for too long.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn find_session(&self, secret: &SecretHash, now: Timestamp) -> Result<Option<Session>, RegisterError> {
        let query = sqlx::query(
            "SELECT s.account, s.begun_at, s.seen_at, s.rotated_at, s.issuer, s.sid, s.device, a.grants, a.rights_at, a.totp \
             FROM session s CROSS JOIN account a WHERE s.hash = $1 AND a.name = s.account AND a.closed = 0",
        );
        let Some(row) = self.readers.fetch_optional(query.bind(secret.to_string())).await? else { return Ok(None) };
        let mut times = Times {
            begun: parse(&row, "begun_at")?,
            seen: parse(&row, "seen_at")?,
            rotated: parse(&row, "rotated_at")?,
        };
        if !times.is_alive(now) {
            return Ok(None);
        }
        if times.is_seen_due(now) {
            let query = sqlx::query("UPDATE session SET seen_at = $1 WHERE hash = $2 AND seen_at < $1");
            let query = query.bind(stored(now)).bind(secret.to_string());
            match self.writer.execute(query).await.map_err(RegisterError::from) {
                Ok(_) => times.seen = now,
                Err(RegisterError::Busy) => {}
                Err(other) => return Err(other),
            }
        }
        let issuer: Option<String> = row.try_get("issuer")?;
        let sid = row.try_get("sid")?;
        Ok(Some(Session {
            account: parse(&row, "account")?,
            grants: row.try_get("grants")?,
            times,
            source: issuer.map_or(Source::Local, |issuer| Source::Oidc { issuer, sid }),
            device: parse_some(&row, "device")?,
            is_rotation_due: times.is_rotation_due(parse(&row, "rights_at")?),
            has_second_factor: row.try_get::<Option<String>, _>("totp")?.is_some(),
        }))
    }

    /// Gives a session another secret; the old one is worth nothing from then on. Answers whether there was such a session: of two
    /// who do it at once one does.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn rotate_session(
        &self,
        old: &SecretHash,
        new: &SecretHash,
        now: Timestamp,
    ) -> Result<bool, RegisterError> {
        let query = sqlx::query("UPDATE session SET hash = $1, rotated_at = $2 WHERE hash = $3");
        let query = query.bind(new.to_string()).bind(stored(now)).bind(old.to_string());
        Ok(self.writer.execute(query).await?.rows_affected() == 1)
    }

    /// Ends a session. Answers whether there was one.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn end_session(&self, secret: &SecretHash) -> Result<bool, RegisterError> {
        let query = sqlx::query("DELETE FROM session WHERE hash = $1").bind(secret.to_string());
        Ok(self.writer.execute(query).await?.rows_affected() == 1)
    }

    /// Ends all sessions of an account, and answers how many.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn end_sessions_of(&self, account: &Account) -> Result<u64, RegisterError> {
        end_all_of(&mut *self.writer.acquire().await?, account).await
    }

    /// Ends the sessions that belong to one at an OpenID provider (OpenID Connect Back-Channel Logout 1.0, §2.7), and answers how many.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn end_sessions_of_sid(&self, issuer: &str, sid: &str) -> Result<u64, RegisterError> {
        let query = sqlx::query("DELETE FROM session WHERE issuer = $1 AND sid = $2").bind(issuer).bind(sid);
        Ok(self.writer.execute(query).await?.rows_affected())
    }

    /// Ends all sessions that somebody began at an OpenID provider (OpenID Connect Back-Channel Logout 1.0, §2.7), and answers how many.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn end_sessions_of_identity(&self, identity: &Identity) -> Result<u64, RegisterError> {
        let query = sqlx::query(
            "DELETE FROM session WHERE issuer = $1 \
             AND account IN (SELECT name FROM account WHERE issuer = $1 AND subject = $2)",
        );
        let query = query.bind(identity.issuer.as_str()).bind(identity.subject.as_str());
        Ok(self.writer.execute(query).await?.rows_affected())
    }

    /// Ends every session, and forgets every device and every attempt: what is to be done when a copy of the database itself was put back, which
    /// holds what was signed out or closed since.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn end_all_sessions(&self) -> Result<(), RegisterError> {
        let mut transaction = self.writer.begin().await?;
        forget_the_moment(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes a device known to an account somebody signed in to on it, or keeps that it was used. When the account has
    /// [`DEVICES_MAX`] already, the one that was used longest ago is no longer known.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`], also when it is closed, and [`RegisterError::Database`].
    pub async fn know_device(
        &self,
        device: &SecretHash,
        account: &Account,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        let mut transaction = self.writer.begin().await?;
        lock_open(&mut transaction, account).await?;
        let query = sqlx::query("UPDATE device SET seen_at = $1 WHERE hash = $2 AND account = $3").bind(stored(now));
        let query = query.bind(device.to_string()).bind(account.as_str());
        if query.execute(&mut *transaction).await?.rows_affected() == 0 {
            keep_newest(&mut transaction, KEEP_DEVICES, account, DEVICES_MAX - 1).await?;
            sqlx::query("INSERT INTO device (hash, account, seen_at) VALUES ($1, $2, $3)")
                .bind(device.to_string())
                .bind(account.as_str())
                .bind(stored(now))
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Removes what no longer counts: sessions that ended, devices that were not used for long, and attempts that are forgotten. Answers
    /// how many rows.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn purge(&self, now: Timestamp) -> Result<u64, RegisterError> {
        let mut rows = 0;
        for (statement, age) in [
            ("DELETE FROM session WHERE seen_at <= $1", IDLE_MAX),
            ("DELETE FROM session WHERE begun_at <= $1", AGE_MAX),
            ("DELETE FROM device WHERE seen_at <= $1", DEVICE_AGE_MAX),
            ("DELETE FROM attempt WHERE last_at <= $1", FORGET_ALL),
        ] {
            let query = sqlx::query(statement).bind(stored(before(now, age)));
            rows += self.writer.execute(query).await?.rows_affected();
        }
        Ok(rows)
    }
}

/// A moment so long ago.
pub(crate) fn before(now: Timestamp, age: SignedDuration) -> Timestamp {
    now.saturating_sub(age).unwrap_or(Timestamp::MIN)
}

pub(crate) async fn end_all_of(connection: &mut AnyConnection, account: &Account) -> Result<u64, RegisterError> {
    let query = sqlx::query("DELETE FROM session WHERE account = $1").bind(account.as_str());
    Ok(query.execute(connection).await?.rows_affected())
}

/// Empties the tables that are of the moment.
pub(crate) async fn forget_the_moment(connection: &mut AnyConnection) -> Result<(), RegisterError> {
    for statement in ["DELETE FROM session", "DELETE FROM device", "DELETE FROM attempt"] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Waits for whoever else changes what belongs to an account, and makes sure that it is open. The first statement of a
/// transaction, because SQLite does not let who has read wait for who writes.
pub(crate) async fn lock_open(connection: &mut AnyConnection, account: &Account) -> Result<(), RegisterError> {
    let query = sqlx::query("UPDATE account SET closed = closed WHERE name = $1 AND closed = 0").bind(account.as_str());
    expect_one(account, query.execute(connection).await?.rows_affected())
}

/// Removes all but so many of an account, the ones that were used last.
macro_rules! keep_newest {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE account = $1 AND hash NOT IN (SELECT hash FROM ",
            $table,
            " WHERE account = $1 ORDER BY seen_at DESC LIMIT $2)"
        )
    };
}

const KEEP_SESSIONS: &str = keep_newest!("session");
const KEEP_DEVICES: &str = keep_newest!("device");

async fn keep_newest(
    connection: &mut AnyConnection,
    statement: &'static str,
    account: &Account,
    count: usize,
) -> Result<(), RegisterError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    sqlx::query(statement).bind(account.as_str()).bind(count).execute(connection).await?;
    Ok(())
}
