//! Accounts, and the log of what people did.

use std::io::Write;

use grip_access::{
    Grant, Password, Reach, Rights,
    chain::{Event, Head, Outcome},
};
use grip_pipeline::Grip;
use grip_register::{Account, Register};

use crate::{
    Ending,
    args::{AccountAction, AccountRights, AuditAction, Place},
    commands::access_key,
    error::CliError,
    register::with_register,
};

/// Who does this, in the log of deeds.
const COMMAND_LINE: &str = "opdrachtregel";

pub(crate) fn account(place: &Place, action: &AccountAction) -> Result<Ending, CliError> {
    let grip = Grip::open(&place.data)?;
    with_register(&grip, async |register| match action {
        AccountAction::List => list(register).await,
        AccountAction::Add(asked) => {
            register.make_account(&asked.account, &grants(asked)?, jiff::Timestamp::now()).await?;
            note(place, register, "make_account", &asked.account).await?;
            give_password(register, &asked.account).await
        }
        AccountAction::Rights(asked) => {
            register.set_grants(&asked.account, &grants(asked)?, jiff::Timestamp::now()).await?;
            note(place, register, "give_rights", &asked.account).await
        }
        AccountAction::Password { account } => {
            register.set_totp(account, None, &[]).await?;
            note(place, register, "reset_password", account).await?;
            give_password(register, account).await
        }
        AccountAction::Close { account } => {
            register.close_account(account).await?;
            note(place, register, "close_account", account).await
        }
    })?;
    Ok(Ending::Whole)
}

fn grants(asked: &AccountRights) -> Result<String, CliError> {
    let gemeenten = if asked.only.is_empty() { Reach::All } else { Reach::Only(asked.only.clone()) };
    let grant = |role| Grant { role, gemeenten: gemeenten.clone() };
    Ok(serde_json::to_string(&Rights(asked.role.iter().copied().map(grant).collect()))?)
}

async fn give_password(register: &Register, account: &Account) -> Result<(), CliError> {
    let (text, password) = Password::generate()?;
    register.set_password(account, Some(&password.hash()?)).await?;
    eprintln!("the password of {account}, printed once; signing in asks to set up a second factor:");
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

async fn note(place: &Place, register: &Register, deed: &str, account: &Account) -> Result<(), CliError> {
    let event = Event {
        at: jiff::Timestamp::now(),
        account: Some(COMMAND_LINE.to_owned()),
        deed: deed.to_owned(),
        subject: account.to_string(),
        outcome: Outcome::Done,
        request: String::new(),
    };
    register.write_event(&access_key(place)?, event).await?;
    Ok(())
}

async fn list(register: &Register) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    for user in register.accounts().await? {
        let rights: Rights = serde_json::from_str(&user.grants)?;
        let grants = rights.0.iter().map(|grant| match &grant.gemeenten {
            Reach::All => grant.role.to_string(),
            Reach::Only(codes) => {
                format!("{} ({})", grant.role, codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
            }
        });
        let state = match (user.closed, user.identity.is_some(), user.totp.is_some()) {
            (true, ..) => "closed",
            (_, true, _) => "signs in elsewhere",
            (.., true) => "password and code",
            _ => "no second factor yet",
        };
        writeln!(out, "{}\t{}\t{state}", user.account, grants.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

pub(crate) fn audit(place: &Place, action: &AuditAction) -> Result<Ending, CliError> {
    let grip = Grip::open(&place.data)?;
    let key = access_key(place)?;
    with_register(&grip, async |register| {
        let mut out = std::io::stdout().lock();
        match action {
            AuditAction::Head => {
                let Head { records, mark } = register.audit_head().await?;
                writeln!(out, "{records}:{mark}")?;
            }
            AuditAction::Verify { head } => {
                let kept = head.iter().map(|text| parse_head(text)).collect::<Result<Vec<_>, _>>()?;
                let found = register.verify_audit(&key, &kept).await?.map_err(CliError::AuditBroken)?;
                writeln!(out, "{} records, nothing was changed", found.records)?;
            }
        }
        Ok(())
    })?;
    Ok(Ending::Whole)
}

fn parse_head(text: &str) -> Result<Head, CliError> {
    let parts = text.split_once(':');
    let head = parts.and_then(|(records, mark)| {
        Some(Head { records: records.parse().ok()?, mark: grip_access::chain::Mark::from_stored(mark)? })
    });
    head.ok_or_else(|| CliError::NoHead(text.chars().take(100).collect()))
}
