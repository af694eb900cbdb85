//! The register, on both databases.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod accounts;
mod annotations;
mod as_of;
mod attempts;
mod audit;
mod backup;
mod databases;
mod open;
mod postgres;
mod schemas;
mod sessions;
mod signals;
mod store;
mod together;
mod tokens;

use grip_register::{Account, By, Content, Fault, check_line};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A kind of which everything is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) text: String,
}

impl Content for Note {
    const KIND: &'static str = "note";

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_line("text", &self.text, &mut faults);
        faults
    }

    fn terms(&self) -> Vec<(&'static str, String)> {
        vec![("first", self.text.chars().take(1).collect())]
    }
}

/// Another kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Folder {
    pub(crate) name: String,
}

impl Content for Folder {
    const KIND: &'static str = "folder";

    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }
}

pub(crate) fn note(text: &str) -> Note {
    Note { text: text.to_owned() }
}

/// So many seconds after the beginning of the story.
pub(crate) fn second(seconds: i64) -> Timestamp {
    let beginning: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    beginning + SignedDuration::from_secs(seconds)
}

pub(crate) fn by(actor: &str, seconds: i64, reason: &str) -> By {
    By { actor: actor.parse().unwrap(), at: second(seconds), reason: reason.to_owned() }
}

pub(crate) fn account(name: &str) -> Account {
    name.parse().unwrap()
}
