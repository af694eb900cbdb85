//! Attempts to sign in that failed: what `grip_access::lockout` is to know of those before.

use grip_access::{
    SecretHash,
    lockout::{Attempt, Counter, DEVICE_AGE_MAX, Tally, attempt},
};
use jiff::Timestamp;
use sqlx::{Executor, Row};

use crate::{Register, RegisterError, register::stored, session::before, view::parse};

impl Register {
    /// Who an attempt counts for: this device when it is known to the account of this name, or else all devices that are not. A name of
    /// no account, and that of a closed one, is treated the same.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn counter_for<'n>(
        &self,
        name: &'n str,
        device: Option<&SecretHash>,
        now: Timestamp,
    ) -> Result<Counter<'n>, RegisterError> {
        // One question whoever it is, so that the time it takes does not tell which names there are.
        let query = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM account WHERE name = $1 AND closed = 0) AS accounts, \
             (SELECT COUNT(*) FROM device WHERE account = $1 AND hash = $2 AND seen_at > $3) AS devices",
        );
        let hash = device.map(ToString::to_string).unwrap_or_default();
        let row = query.bind(name).bind(hash).bind(stored(before(now, DEVICE_AGE_MAX)));
        let row = self.readers.fetch_one(row).await?;
        let (accounts, devices): (i64, i64) = (row.try_get("accounts")?, row.try_get("devices")?);
        Ok(match device {
            Some(device) if accounts > 0 && devices > 0 => Counter::Device(*device),
            _ if accounts > 0 => Counter::Account(name),
            _ => Counter::Nobody(name),
        })
    }

    /// Begins an attempt, which counts as failed until [`Register::attempt_succeeded`]. When it is refused, nothing is to be
    /// looked at: no password, and no code. Two at once count as two.
    ///
    /// # Errors
    /// [`RegisterError::Busy`] and [`RegisterError::Database`]; then nobody is let in.
    pub async fn begin_attempt(&self, counter: Counter<'_>, now: Timestamp) -> Result<Attempt, RegisterError> {
        let mut transaction = self.writer.begin().await?;
        // Writing first makes whoever else counts for the same wait until this is over.
        let query = sqlx::query(
            "INSERT INTO attempt (counter, failures, last_at) VALUES ($1, 0, $2) \
             ON CONFLICT (counter) DO UPDATE SET counter = excluded.counter RETURNING failures, last_at",
        );
        let row = query.bind(counter.key()).bind(stored(now)).fetch_one(&mut *transaction).await?;
        let kept = Tally { failures: row.try_get("failures")?, last: parse(&row, "last_at")? };
        let outcome = attempt((kept.failures > 0).then_some(kept), now);
        match outcome {
            Attempt::Allowed(tally) => {
                sqlx::query("UPDATE attempt SET failures = $1, last_at = $2 WHERE counter = $3")
                    .bind(tally.failures)
                    .bind(stored(tally.last))
                    .bind(counter.key())
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
            }
            Attempt::Refused { .. } => transaction.rollback().await?,
        }
        Ok(outcome)
    }

    /// Forgets the failures of a counter: somebody proved who they are there, or who looks after accounts says so.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn attempt_succeeded(&self, counter: Counter<'_>) -> Result<(), RegisterError> {
        self.writer.execute(sqlx::query("DELETE FROM attempt WHERE counter = $1").bind(counter.key())).await?;
        Ok(())
    }
}
