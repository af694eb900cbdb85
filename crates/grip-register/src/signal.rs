use grip_types::GemeenteCode;
use serde::{Deserialize, Serialize};

use crate::{
    Account, Content, Edit, Fault, ObjectId, RegisterError, Version, View,
    content::{as_text, check_line, check_text},
};

/// What is done with a signal: who looks after it, what explains it, what follows, and why that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalFollowUp {
    /// Whose signal it is.
    #[serde(with = "as_text")]
    pub gemeente: GemeenteCode,
    /// The name of the signal.
    pub signal: String,
    /// Who looks after it.
    pub owner: Account,
    /// What explains it (*duiding*), in Markdown; empty until it is known.
    pub explanation: String,
    /// What is done about it, in Markdown; empty until that is decided.
    pub follow_up: String,
    /// Why no more is done, when that is so. When it ended, and who ended it, are with the version.
    pub ended: Option<String>,
}

impl SignalFollowUp {
    fn term(&self) -> String {
        term(self.gemeente, &self.signal)
    }
}

/// Both parts are there at most once: a code has four digits.
fn term(gemeente: GemeenteCode, signal: &str) -> String {
    format!("{gemeente} {signal}")
}

/// Characters in the name of a signal, such that with the municipality it can be a term.
const SIGNAL_CHARS_MAX: usize = 190;

impl Content for SignalFollowUp {
    const KIND: &'static str = "signal_follow_up";

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_line("signal", &self.signal, &mut faults);
        if self.signal.chars().count() > SIGNAL_CHARS_MAX {
            faults.push(Fault { field: "signal", problem: crate::Problem::TooLong(SIGNAL_CHARS_MAX) });
        }
        check_text("explanation", &self.explanation, &mut faults);
        check_text("follow_up", &self.follow_up, &mut faults);
        if let Some(reason) = &self.ended {
            check_line("ended", reason, &mut faults);
        }
        faults
    }

    fn terms(&self) -> Vec<(&'static str, String)> {
        vec![(SIGNAL, self.term()), (OWNER, self.owner.to_string())]
    }
}

const SIGNAL: &str = "signal";
const OWNER: &str = "owner";

/// Begins to follow up a signal that nobody follows up.
///
/// # Errors
/// [`RegisterError::Exists`] when it is followed up and that has not ended; those of [`Edit::create`].
pub async fn take_up(edit: &mut Edit, follow_up: &SignalFollowUp) -> Result<ObjectId, RegisterError> {
    let found = edit.find::<SignalFollowUp>(SIGNAL, &follow_up.term()).await?;
    if let Some(current) = found.into_iter().find(|version| version.content.ended.is_none()) {
        return Err(RegisterError::Exists { id: current.id });
    }
    edit.create(follow_up).await
}

/// What was and is done with a signal, the first first.
///
/// # Errors
/// As [`View::find`].
pub async fn follow_ups_of(
    view: &View<'_>,
    gemeente: GemeenteCode,
    signal: &str,
) -> Result<Vec<Version<SignalFollowUp>>, RegisterError> {
    view.find(SIGNAL, &term(gemeente, signal)).await
}

/// What was and is done with all signals of a municipality, the first first.
///
/// # Errors
/// As [`View::list`].
pub async fn follow_ups(
    view: &View<'_>,
    gemeente: GemeenteCode,
) -> Result<Vec<Version<SignalFollowUp>>, RegisterError> {
    let mut found = view.list::<SignalFollowUp>().await?;
    found.retain(|version| version.content.gemeente == gemeente);
    Ok(found)
}

/// What somebody looks after and has not ended, the first first.
///
/// # Errors
/// As [`View::find`].
pub async fn follow_ups_owned_by(
    view: &View<'_>,
    account: &Account,
) -> Result<Vec<Version<SignalFollowUp>>, RegisterError> {
    let mut found = view.find::<SignalFollowUp>(OWNER, account.as_str()).await?;
    found.retain(|version| version.content.ended.is_none());
    Ok(found)
}
