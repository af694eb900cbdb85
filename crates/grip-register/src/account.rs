//! Who may sign in, and what they prove it with.

use grip_access::{PasswordHash, SecretHash};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Executor, Row, any::AnyRow};

use crate::{
    Account, Fault, Problem, Register, RegisterError,
    content::{DOCUMENT_BYTES_MAX, LINE_CHARS_MAX},
    register::stored,
    session,
    view::{parse, parse_some, unreadable},
};

/// An account as it is kept. Holds what a password is checked with, and is not to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its name.
    pub account: Account,
    /// When it was made.
    pub made: Timestamp,
    /// What it may do, as whoever gave it wrote that down.
    pub grants: String,
    /// When that last changed.
    pub rights_changed: Timestamp,
    /// Its password; `None` for who signs in elsewhere.
    pub password: Option<PasswordHash>,
    /// The sealed secret of its authenticator app.
    pub totp: Option<String>,
    /// The step of the last code that was taken; 0 when there was none.
    pub totp_step: i64,
    /// Who it is to an OpenID provider.
    pub identity: Option<Identity>,
    /// Whether it may no longer sign in.
    pub closed: bool,
}

/// Who an OpenID provider says somebody is: `iss` and `sub` of an ID token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Which provider.
    pub issuer: String,
    /// Who, to that provider.
    pub subject: String,
}

/// All that is read of an account.
macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "SELECT name, made_at, grants, rights_at, password, totp, totp_step, issuer, subject, closed FROM account ",
            $rest
        )
    };
}

impl Register {
    /// Makes an account without a password, a second factor or an identity elsewhere.
    ///
    /// # Errors
    /// [`RegisterError::AccountTaken`], also when the name differs in capitals only; [`RegisterError::Invalid`] when the grants
    /// are too long; [`RegisterError::Busy`], and [`RegisterError::Database`], as every function here that writes.
    pub async fn make_account(&self, account: &Account, grants: &str, at: Timestamp) -> Result<(), RegisterError> {
        check_grants(grants)?;
        let user = User {
            account: account.clone(),
            made: at,
            grants: grants.to_owned(),
            rights_changed: at,
            password: None,
            totp: None,
            totp_step: 0,
            identity: None,
            closed: false,
        };
        insert(&mut *self.writer.acquire().await?, &user).await.map_err(taken)
    }

    /// An account, also when it is closed.
    ///
    /// # Errors
    /// [`RegisterError::Database`], as every function here that only reads.
    pub async fn account(&self, account: &Account) -> Result<Option<User>, RegisterError> {
        let query = sqlx::query(select_accounts!("WHERE name = $1")).bind(account.as_str());
        self.readers.fetch_optional(query).await?.as_ref().map(read).transpose()
    }

    /// The account of who an OpenID provider says somebody is.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn account_of(&self, identity: &Identity) -> Result<Option<User>, RegisterError> {
        let query = sqlx::query(select_accounts!("WHERE issuer = $1 AND subject = $2"));
        let query = query.bind(identity.issuer.as_str()).bind(identity.subject.as_str());
        self.readers.fetch_optional(query).await?.as_ref().map(read).transpose()
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn accounts(&self) -> Result<Vec<User>, RegisterError> {
        read_accounts(&mut *self.readers.acquire().await?).await
    }

    /// Gives an account other rights. A session that is under way gets another secret at its next page.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`], and [`RegisterError::Invalid`] when they are too long.
    pub async fn set_grants(&self, account: &Account, grants: &str, at: Timestamp) -> Result<(), RegisterError> {
        check_grants(grants)?;
        let query = sqlx::query("UPDATE account SET grants = $1, rights_at = $2 WHERE name = $3").bind(grants);
        self.change_account(account, query.bind(stored(at)).bind(account.as_str())).await
    }

    /// Gives an account another password, or none, and ends its sessions: who knew the old one may be in one of them.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`].
    pub async fn set_password(&self, account: &Account, password: Option<&PasswordHash>) -> Result<(), RegisterError> {
        let mut transaction = self.writer.begin().await?;
        let query = sqlx::query("UPDATE account SET password = $1 WHERE name = $2");
        let query = query.bind(password.map(|password| password.expose().to_owned())).bind(account.as_str());
        expect_one(account, query.execute(&mut *transaction).await?.rows_affected())?;
        session::end_all_of(&mut transaction, account).await?;
        Ok(transaction.commit().await?)
    }

    /// Keeps the same password with more work, when nobody changed it since `before` was read. Answers whether it did.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn rehash_password(
        &self,
        account: &Account,
        before: &PasswordHash,
        after: &PasswordHash,
    ) -> Result<bool, RegisterError> {
        let query = sqlx::query("UPDATE account SET password = $1 WHERE name = $2 AND password = $3");
        let query = query.bind(after.expose()).bind(account.as_str()).bind(before.expose());
        Ok(self.writer.execute(query).await?.rows_affected() == 1)
    }

    /// Gives an account another authenticator app, whose secret was sealed, and other recovery codes; or takes both away.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`].
    pub async fn set_totp(
        &self,
        account: &Account,
        sealed: Option<&str>,
        codes: &[SecretHash],
    ) -> Result<(), RegisterError> {
        let mut transaction = self.writer.begin().await?;
        let query = sqlx::query("UPDATE account SET totp = $1, totp_step = 0 WHERE name = $2");
        let query = query.bind(sealed.map(ToOwned::to_owned)).bind(account.as_str());
        expect_one(account, query.execute(&mut *transaction).await?.rows_affected())?;
        sqlx::query("DELETE FROM recovery_code WHERE account = $1")
            .bind(account.as_str())
            .execute(&mut *transaction)
            .await?;
        for code in codes {
            insert_code(&mut transaction, account.as_str(), &code.to_string()).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Takes a code of the authenticator app by its step. Of two who take the same code at once one gets `true`.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn take_totp_step(&self, account: &Account, step: i64) -> Result<bool, RegisterError> {
        let query = sqlx::query("UPDATE account SET totp_step = $1 WHERE name = $2 AND totp_step < $1");
        Ok(self.writer.execute(query.bind(step).bind(account.as_str())).await?.rows_affected() == 1)
    }

    /// Takes a recovery code. Of two who take the same at once one gets `true`.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn take_recovery_code(&self, account: &Account, code: &SecretHash) -> Result<bool, RegisterError> {
        let query = sqlx::query("DELETE FROM recovery_code WHERE account = $1 AND hash = $2");
        Ok(self.writer.execute(query.bind(account.as_str()).bind(code.to_string())).await?.rows_affected() == 1)
    }

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// [`RegisterError::Database`].
    pub async fn recovery_codes_left(&self, account: &Account) -> Result<i64, RegisterError> {
        let query = sqlx::query("SELECT COUNT(*) FROM recovery_code WHERE account = $1").bind(account.as_str());
        Ok(self.readers.fetch_one(query).await?.try_get(0)?)
    }

    /// Says who an account is to an OpenID provider, or that it is nobody there, and ends its sessions: who was let in as another may be
    /// in one of them.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`], [`RegisterError::AccountTaken`] when another account is that already, and
    /// [`RegisterError::Invalid`] when one of both is empty or too long.
    pub async fn set_identity(&self, account: &Account, identity: Option<&Identity>) -> Result<(), RegisterError> {
        let parts =
            identity.into_iter().flat_map(|identity| [("issuer", &identity.issuer), ("subject", &identity.subject)]);
        for (field, text) in parts {
            if text.is_empty() {
                return Err(RegisterError::Invalid(vec![Fault { field, problem: Problem::Empty }]));
            }
            check_length(field, text, LINE_CHARS_MAX)?;
        }
        let query = sqlx::query("UPDATE account SET issuer = $1, subject = $2 WHERE name = $3")
            .bind(identity.map(|identity| identity.issuer.clone()))
            .bind(identity.map(|identity| identity.subject.clone()))
            .bind(account.as_str());
        let mut transaction = self.writer.begin().await?;
        expect_one(account, query.execute(&mut *transaction).await.map_err(taken)?.rows_affected())?;
        session::end_all_of(&mut transaction, account).await?;
        Ok(transaction.commit().await?)
    }

    /// Closes an account: nobody signs in to it, its sessions end, its devices are unknown, and its API tokens do nothing for as long.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`].
    pub async fn close_account(&self, account: &Account) -> Result<(), RegisterError> {
        let mut transaction = self.writer.begin().await?;
        let query = sqlx::query("UPDATE account SET closed = 1 WHERE name = $1").bind(account.as_str());
        expect_one(account, query.execute(&mut *transaction).await?.rows_affected())?;
        session::end_all_of(&mut transaction, account).await?;
        sqlx::query("DELETE FROM device WHERE account = $1").bind(account.as_str()).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Opens an account that was closed.
    ///
    /// # Errors
    /// [`RegisterError::NoAccount`].
    pub async fn open_account(&self, account: &Account) -> Result<(), RegisterError> {
        let query = sqlx::query("UPDATE account SET closed = 0 WHERE name = $1").bind(account.as_str());
        self.change_account(account, query).await
    }

    async fn change_account<'q>(
        &self,
        account: &Account,
        query: sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>,
    ) -> Result<(), RegisterError> {
        expect_one(account, self.writer.execute(query).await?.rows_affected())
    }
}

/// The row that is to be changed is there.
pub(crate) fn expect_one(account: &Account, rows: u64) -> Result<(), RegisterError> {
    if rows == 1 { Ok(()) } else { Err(RegisterError::NoAccount(account.clone())) }
}

/// What breaks an index of names or identities.
fn taken(error: sqlx::Error) -> RegisterError {
    match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => RegisterError::AccountTaken,
        _ => error.into(),
    }
}

fn check_grants(grants: &str) -> Result<(), RegisterError> {
    check_length("grants", grants, DOCUMENT_BYTES_MAX)
}

/// So many bytes at most.
pub(crate) fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), RegisterError> {
    let fault = Fault { field, problem: Problem::TooLong(max) };
    if text.len() > max { Err(RegisterError::Invalid(vec![fault])) } else { Ok(()) }
}

async fn read_accounts(connection: &mut AnyConnection) -> Result<Vec<User>, RegisterError> {
    let rows = sqlx::query(select_accounts!("")).fetch_all(connection).await?;
    let mut users: Vec<User> = rows.iter().map(read).collect::<Result<_, _>>()?;
    // Sorted here, because databases do not agree on the order of texts.
    users.sort_by(|one, other| one.account.cmp(&other.account));
    Ok(users)
}

fn read(row: &AnyRow) -> Result<User, RegisterError> {
    let identity = match (row.try_get("issuer")?, row.try_get("subject")?) {
        (Some(issuer), Some(subject)) => Some(Identity { issuer, subject }),
        (None, None) => None,
        _ => return Err(unreadable("subject")),
    };
    Ok(User {
        account: parse(row, "name")?,
        made: parse(row, "made_at")?,
        grants: row.try_get("grants")?,
        rights_changed: parse(row, "rights_at")?,
        password: parse_some(row, "password")?,
        totp: row.try_get("totp")?,
        totp_step: row.try_get("totp_step")?,
        identity,
        closed: row.try_get::<i64, _>("closed")? != 0,
    })
}

async fn insert(connection: &mut AnyConnection, user: &User) -> Result<(), sqlx::Error> {
    let (issuer, subject) =
        user.identity.clone().map_or((None, None), |identity| (Some(identity.issuer), Some(identity.subject)));
    sqlx::query(
        "INSERT INTO account (name, made_at, grants, rights_at, password, totp, totp_step, issuer, subject, closed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(user.account.as_str())
    .bind(stored(user.made))
    .bind(user.grants.as_str())
    .bind(stored(user.rights_changed))
    .bind(user.password.as_ref().map(|password| password.expose().to_owned()))
    .bind(user.totp.clone())
    .bind(user.totp_step)
    .bind(issuer)
    .bind(subject)
    .bind(i64::from(user.closed))
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_code(connection: &mut AnyConnection, account: &str, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO recovery_code (account, hash) VALUES ($1, $2)")
        .bind(account)
        .bind(hash)
        .execute(connection)
        .await?;
    Ok(())
}

/// An account in a backup, with what it can be signed in to with.
#[derive(Serialize, Deserialize)]
pub(crate) struct AccountLine {
    account: Account,
    made: String,
    grants: String,
    rights: String,
    password: Option<String>,
    totp: Option<String>,
    totp_step: i64,
    issuer: Option<String>,
    subject: Option<String>,
    closed: bool,
    recovery_codes: Vec<String>,
}

/// All accounts, as lines of a backup.
pub(crate) async fn lines(connection: &mut AnyConnection) -> Result<Vec<AccountLine>, RegisterError> {
    let mut lines = Vec::new();
    for user in read_accounts(connection).await? {
        let query = sqlx::query("SELECT hash FROM recovery_code WHERE account = $1").bind(user.account.as_str());
        let rows = query.fetch_all(&mut *connection).await?;
        let mut recovery_codes: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        recovery_codes.sort();
        let (issuer, subject) =
            user.identity.map_or((None, None), |identity| (Some(identity.issuer), Some(identity.subject)));
        lines.push(AccountLine {
            made: stored(user.made),
            rights: stored(user.rights_changed),
            account: user.account,
            grants: user.grants,
            password: user.password.map(|password| password.expose().to_owned()),
            totp: user.totp,
            totp_step: user.totp_step,
            issuer,
            subject,
            closed: user.closed,
            recovery_codes,
        });
    }
    Ok(lines)
}

/// Brings an account of a backup back; `None` when the line holds none.
pub(crate) async fn restore(connection: &mut AnyConnection, line: AccountLine) -> Result<Option<()>, RegisterError> {
    let AccountLine {
        account,
        made,
        grants,
        rights,
        password,
        totp,
        totp_step,
        issuer,
        subject,
        closed,
        recovery_codes,
    } = line;
    let (Ok(made), Ok(rights_changed)) = (made.parse(), rights.parse()) else { return Ok(None) };
    let Ok(password) = password.map(|hash| hash.parse()).transpose() else { return Ok(None) };
    let identity = issuer.zip(subject).map(|(issuer, subject)| Identity { issuer, subject });
    let user = User { account, made, grants, rights_changed, password, totp, totp_step, identity, closed };
    insert(connection, &user).await?;
    for code in &recovery_codes {
        insert_code(connection, user.account.as_str(), code).await?;
    }
    Ok(Some(()))
}
