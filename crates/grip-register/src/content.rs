use std::{fmt, str::FromStr};

use grip_types::Bsn;
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Fault, ObjectId, Problem, RegisterError};

/// Characters in the identification of an account.
pub const ACCOUNT_CHARS_MAX: usize = 100;
/// Characters in the reason of an edit.
pub const REASON_CHARS_MAX: usize = 500;
/// Characters in a name, a key or a line.
pub const LINE_CHARS_MAX: usize = 200;
/// Characters in a text of several paragraphs, in Markdown.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// Bytes in a document as it is stored.
pub const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// Terms of one version.
pub const TERMS_MAX: usize = 50;

/// What people write, of one kind. A type for each kind; the store knows only JSON.
///
/// A field that is added to a kind needs `#[serde(default)]`: what was written before stays as it was written.
pub trait Content: Serialize + DeserializeOwned + Send + Sync {
    /// The name of the kind in the store: never changed, never used for something else.
    const KIND: &'static str;

    /// Everything that must be filled in otherwise, each with its field. See [`check_line`] and [`check_text`].
    fn faults(&self) -> Vec<Fault>;

    /// What the object can be found by, as name and value, with [`View::find`](crate::View::find).
    fn terms(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The identification of an account: all that the register knows of a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Account(String);

impl Account {
    /// The identification.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Account {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let mut faults = Vec::new();
        check_chars("account", text, 1, ACCOUNT_CHARS_MAX, &mut faults);
        if text.chars().any(char::is_whitespace) {
            faults.push(Fault { field: "account", problem: Problem::Form("without blanks") });
        }
        faults.first().map_or_else(|| Ok(Self(text.to_owned())), |fault| Err(*fault))
    }
}

impl TryFrom<String> for Account {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        text.parse()
    }
}

impl From<Account> for String {
    fn from(account: Account) -> Self {
        account.0
    }
}

/// Who writes, when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub actor: Account,
    /// When, by the clock of the caller.
    pub at: Timestamp,
    /// Why, in a line; may be empty.
    pub reason: String,
}

/// What made a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The object was made.
    Create,
    /// It has another content.
    Change,
    /// It no longer counts; everything about it is kept.
    Withdraw,
    /// It is again as it was a version earlier.
    Undo,
}

impl Action {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Withdraw => "withdraw",
            Self::Undo => "undo",
        }
    }

    pub(crate) fn from_stored(text: &str) -> Option<Self> {
        [Self::Create, Self::Change, Self::Withdraw, Self::Undo].into_iter().find(|action| action.as_str() == text)
    }
}

/// An object as it was from an edit on.
#[derive(Debug, Clone, PartialEq)]
pub struct Version<C = serde_json::Value> {
    /// The object.
    pub id: ObjectId,
    /// Its kind.
    pub kind: String,
    /// Which version this is, from 1; what a next change must name.
    pub number: i64,
    /// The edit it was written in.
    pub edit: i64,
    /// What made it.
    pub action: Action,
    /// Whether the object does not count in this version.
    pub withdrawn: bool,
    /// Who wrote it, when, and why.
    pub by: By,
    /// What it holds.
    pub content: C,
}

impl Version {
    /// The same with its content read.
    ///
    /// # Errors
    /// [`RegisterError::NotFound`] when it is of another kind, [`RegisterError::Unreadable`].
    pub fn read<C: Content>(self) -> Result<Version<C>, RegisterError> {
        let Self { id, kind, number, edit, action, withdrawn, by, content } = self;
        if kind != C::KIND {
            return Err(RegisterError::NotFound(id));
        }
        let content = serde_json::from_value(content).map_err(|source| RegisterError::Unreadable {
            id: id.to_string(),
            number,
            source,
        })?;
        Ok(Version { id, kind, number, edit, action, withdrawn, by, content })
    }
}

/// Complains about a line that must be filled in: at most [`LINE_CHARS_MAX`] characters.
pub fn check_line(field: &'static str, line: &str, faults: &mut Vec<Fault>) {
    check_chars(field, line, 1, LINE_CHARS_MAX, faults);
    if line.contains(['\n', '\t', '\r']) {
        faults.push(Fault { field, problem: Problem::Control });
    }
}

/// Complains about a text that may be empty: at most [`TEXT_CHARS_MAX`] characters.
pub fn check_text(field: &'static str, text: &str, faults: &mut Vec<Fault>) {
    check_chars(field, text, 0, TEXT_CHARS_MAX, faults);
}

pub(crate) fn check_chars(field: &'static str, text: &str, min: usize, max: usize, faults: &mut Vec<Fault>) {
    check_form(field, text, min, max, faults);
    if holds_citizen_number(text) {
        faults.push(Fault { field, problem: Problem::CitizenNumber });
    }
}

/// The same for what no person types, in which digits may stand in a row by chance.
pub(crate) fn check_form(field: &'static str, text: &str, min: usize, max: usize, faults: &mut Vec<Fault>) {
    let mut complain = |problem| faults.push(Fault { field, problem });
    if text.trim().chars().count() < min {
        complain(Problem::Empty);
    }
    if text.chars().count() > max {
        complain(Problem::TooLong(max));
    }
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r')) {
        complain(Problem::Control);
    }
}

/// Whether a run of exactly nine digits passes the elfproef.
fn holds_citizen_number(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() == 9 && digits.parse::<Bsn>().is_ok())
}

/// Values as their text, in documents: dates and codes, which have no form of their own in JSON.
pub(crate) mod as_text {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(reader: D) -> Result<T, D::Error> {
        String::deserialize(reader)?.parse().map_err(D::Error::custom)
    }

    /// The same for what may be absent.
    pub(crate) mod option {
        use super::*;

        pub(crate) fn serialize<T: Display, S: Serializer>(
            value: &Option<T>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => serializer.collect_str(value),
                None => serializer.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
            reader: D,
        ) -> Result<Option<T>, D::Error> {
            let text: Option<String> = Option::deserialize(reader)?;
            text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Problem]) {
        let mut faults = Vec::new();
        check_line("naam", text, &mut faults);
        assert_eq!(faults.iter().map(|fault| fault.problem).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn lines() {
        check("Wachttijd jeugd", &[]);
        check(" \u{a0}", &[Problem::Empty]);
        check(&"é".repeat(LINE_CHARS_MAX), &[]);
        check(&"é".repeat(LINE_CHARS_MAX + 1), &[Problem::TooLong(LINE_CHARS_MAX)]);
        check("a\nb", &[Problem::Control]);
        check("a\0b", &[Problem::Control]);
        check("client 999900006 belde", &[Problem::CitizenNumber]);
        check("bedrag 999900007, nummer 1999900006", &[]);
    }

    #[test]
    fn accounts() {
        assert_eq!(
            "j01@voorbeeldstad".parse::<Account>().map(|account| account.to_string()),
            Ok("j01@voorbeeldstad".to_owned())
        );
        for text in ["", "a b", "a\u{7}", &"a".repeat(ACCOUNT_CHARS_MAX + 1)] {
            assert!(text.parse::<Account>().is_err(), "{text}");
        }
    }
}
