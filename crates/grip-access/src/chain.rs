//! The audit log as a chain: each record is marked together with the mark of the one before it, with a key that does not lie in
//! the database. What is changed, removed, moved or put in between breaks the chain at that place. That the end was cut off is seen
//! against a head that was kept elsewhere.
//!
//! # Source
//! B. Schneier and J. Kelsey, "Secure Audit Logs to Support Computer Forensics", ACM TISSEC 2(2), 1999, §3: a hash chain with a
//! message authentication code. Here the key stays the same: who has it can write another chain, but not one with a head that was kept.

use std::fmt;

use hmac::Mac;
use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::Key;

/// What the key is derived for.
const PURPOSE: &str = "grip audit 1";

/// What was done: who, what, to what, and whether it could be done. Holds no secret, and nothing of a citizen: `subject` is an
/// account, an object of the register, a file or a page. What was typed as a name that is of no account is none: it may be a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// By whom; `None` for who did not prove who they are.
    pub account: Option<String>,
    /// What, by its name, such as `sign_in`.
    pub deed: String,
    /// To what; may be empty.
    pub subject: String,
    /// Whether it was done.
    pub outcome: Outcome,
    /// The request it was done in, as the page and the log name it; may be empty.
    pub request: String,
}

/// Whether something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    Done,
    /// It was not allowed.
    Refused,
    /// It was allowed and could not be done.
    Failed,
}

impl Outcome {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// What [`Outcome::as_str`] wrote.
    pub fn from_stored(text: &str) -> Option<Self> {
        [Self::Done, Self::Refused, Self::Failed].into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// An event in its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place, from 1.
    pub sequence: i64,
    /// What was done.
    pub event: Event,
    /// Its mark.
    pub mark: Mark,
}

/// What ties a record to all before it: HMAC-SHA-256 of the mark before and the record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark([u8; 32]);

impl Mark {
    /// Before the first record.
    pub const NONE: Self = Self([0; 32]);

    /// What `Display` wrote.
    pub fn from_stored(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(self.0))
    }
}

impl fmt::Debug for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mark({self})")
    }
}

/// How far a chain goes: to be kept elsewhere, such as on paper, in a mail or in another system's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many records there are.
    pub records: i64,
    /// The mark of the last.
    pub mark: Mark,
}

impl Head {
    /// Of a chain without records.
    pub const EMPTY: Self = Self { records: 0, mark: Mark::NONE };

    /// The record that comes after it.
    pub fn next(&self, key: &Key, event: Event) -> Record {
        let sequence = self.records + 1;
        let mark = mark(key, self.mark, sequence, &event);
        Record { sequence, event, mark }
    }
}

impl Record {
    /// The head of a chain that ends with it.
    pub fn head(&self) -> Head {
        Head { records: self.sequence, mark: self.mark }
    }
}

/// Where a chain breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// The record that should come next is not there: it was removed, or moved, or another was put before it.
    #[error("where record {expected} should be is record {found}")]
    Sequence {
        /// Which should come.
        expected: i64,
        /// Which came.
        found: i64,
    },
    /// The mark is not that of the record after the one before: one of both was changed, or the key is another.
    #[error("record {0} is not as it was written")]
    Mark(i64),
    /// There are fewer records than there were.
    #[error("there were {expected} records and there are {found}")]
    Short {
        /// How many there were.
        expected: i64,
        /// How many there are.
        found: i64,
    },
    /// The record at the place of the head has another mark: the chain was written again with the key.
    #[error("record {0} is not the one whose mark was kept")]
    Head(i64),
}

/// Goes along a chain, one record at a time.
#[derive(Debug)]
pub struct Verifier<'k> {
    key: &'k Key,
    head: Head,
    kept: Vec<Head>,
}

impl<'k> Verifier<'k> {
    /// At the beginning of a chain. `kept` are heads of it that lay elsewhere.
    pub fn new(key: &'k Key, kept: Vec<Head>) -> Self {
        Self { key, head: Head::EMPTY, kept }
    }

    /// Looks at the next record.
    ///
    /// # Errors
    /// The [`Break`] there.
    pub fn look(&mut self, record: &Record) -> Result<(), Break> {
        let expected = self.head.records + 1;
        if record.sequence != expected {
            return Err(Break::Sequence { expected, found: record.sequence });
        }
        let mark = mark(self.key, self.head.mark, expected, &record.event);
        if !bool::from(mark.0.ct_eq(&record.mark.0)) {
            return Err(Break::Mark(expected));
        }
        if self.kept.iter().any(|kept| kept.records == expected && kept.mark != mark) {
            return Err(Break::Head(expected));
        }
        self.head = record.head();
        Ok(())
    }

    /// The head of what was looked at.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The head of the whole chain, when nothing comes after.
    ///
    /// # Errors
    /// [`Break::Short`].
    pub fn finish(self) -> Result<Head, Break> {
        let expected = self.kept.iter().map(|kept| kept.records).max().unwrap_or_default();
        let found = self.head.records;
        if expected > found { Err(Break::Short { expected, found }) } else { Ok(self.head) }
    }
}

/// The head of a chain that is whole.
///
/// # Errors
/// The first [`Break`].
pub fn verify<'r>(key: &Key, records: impl IntoIterator<Item = &'r Record>) -> Result<Head, Break> {
    walk(Verifier::new(key, Vec::new()), records)
}

/// The same for a chain that holds everything that was there when `kept` was its head.
///
/// # Errors
/// The first [`Break`].
pub fn verify_to<'r>(key: &Key, records: impl IntoIterator<Item = &'r Record>, kept: Head) -> Result<Head, Break> {
    walk(Verifier::new(key, vec![kept]), records)
}

fn walk<'r>(mut verifier: Verifier<'_>, records: impl IntoIterator<Item = &'r Record>) -> Result<Head, Break> {
    for record in records {
        verifier.look(record)?;
    }
    verifier.finish()
}

fn mark(key: &Key, before: Mark, sequence: i64, event: &Event) -> Mark {
    let mut mac = key.mac(PURPOSE);
    mac.update(&before.0);
    mac.update(&canonical(sequence, event));
    Mark(mac.finalize().into_bytes().into())
}

/// A record as bytes: each field with its length before it, so that no two records are the same bytes. Never changed: what was
/// written would no longer be whole.
fn canonical(sequence: i64, event: &Event) -> Vec<u8> {
    let Event { at, account, deed, subject, outcome, request } = event;
    let mut bytes = sequence.to_be_bytes().to_vec();
    let is_somebody = if account.is_some() { "1" } else { "0" };
    let account = account.as_deref().unwrap_or_default();
    for field in [&format!("{at:.9}"), is_somebody, account, deed, subject, outcome.as_str(), request] {
        // A length of 64 bits holds that of any text.
        bytes.extend(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend(field.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> Key {
        Key::from_bytes([1; 32])
    }

    fn event(number: i64) -> Event {
        Event {
            at: Timestamp::from_second(1_800_000_000 + number).unwrap(),
            account: (number % 3 != 0).then(|| format!("account{number}")),
            deed: "sign_in".to_owned(),
            subject: String::new(),
            outcome: if number % 2 == 0 { Outcome::Done } else { Outcome::Refused },
            request: format!("req{number}"),
        }
    }

    fn chain(records: i64) -> Vec<Record> {
        let mut head = Head::EMPTY;
        let next = |number| {
            let record = head.next(&key(), event(number));
            head = record.head();
            record
        };
        (1..=records).map(next).collect()
    }

    /// By Python: hmac.new(hmac.new(key, b"grip audit 1", "sha256").digest(), bytes(32) + record, "sha256").
    #[test]
    fn the_mark_is_that_of_another_program() {
        let [first] = &chain(1)[..] else { panic!("one record") };
        assert_eq!(first.mark.to_string(), "47a4e3ecdbbf1ee222720d5f6f218a0570543294dcecb48c6a50694d6165349c");
    }

    #[test]
    fn a_whole_chain_and_its_head() {
        let records = chain(5);
        let head = Head { records: 5, mark: records[4].mark };
        assert_eq!(verify(&key(), &records), Ok(head));
        assert_eq!(verify_to(&key(), &records, head), Ok(head));
        assert_eq!(verify_to(&key(), &records, records[2].head()), Ok(head), "an earlier head");
        assert_eq!(verify(&key(), []), Ok(Head::EMPTY));
        assert_eq!(Mark::from_stored(&head.mark.to_string()), Some(head.mark));
    }

    #[test]
    fn each_kind_of_tampering_is_found_where_it_is() {
        let whole = chain(5);
        let head = whole[4].head();
        let mut removed = whole.clone();
        removed.remove(2);
        assert_eq!(verify(&key(), &removed), Err(Break::Sequence { expected: 3, found: 4 }));
        // Numbered anew, so that nothing seems to be missing.
        for (place, record) in removed.iter_mut().enumerate() {
            record.sequence = i64::try_from(place).unwrap() + 1;
        }
        assert_eq!(verify(&key(), &removed), Err(Break::Mark(3)));

        let mut moved = whole.clone();
        moved.swap(1, 2);
        assert_eq!(verify(&key(), &moved), Err(Break::Sequence { expected: 2, found: 3 }));
        moved[1].sequence = 2;
        moved[2].sequence = 3;
        assert_eq!(verify(&key(), &moved), Err(Break::Mark(2)));

        let mut inserted = whole.clone();
        inserted.insert(3, whole[0].head().next(&Key::from_bytes([2; 32]), event(9)));
        assert_eq!(verify(&key(), &inserted), Err(Break::Sequence { expected: 4, found: 2 }));

        let cut = &whole[..3];
        assert_eq!(verify(&key(), cut), Ok(whole[2].head()), "the rest of it is whole");
        assert_eq!(verify_to(&key(), cut, head), Err(Break::Short { expected: 5, found: 3 }));
        assert_eq!(verify(&Key::from_bytes([2; 32]), &whole), Err(Break::Mark(1)), "another key");
    }

    /// Who has the key can write another chain, which does not have the head that was kept.
    #[test]
    fn a_chain_that_was_written_again_is_not_the_one_that_was_kept() {
        let (whole, mut head) = (chain(3), Head::EMPTY);
        let again: Vec<Record> = [1, 2, 4]
            .map(|number| {
                let record = head.next(&key(), event(number));
                head = record.head();
                record
            })
            .into();
        assert!(verify(&key(), &again).is_ok());
        assert_eq!(verify_to(&key(), &again, whole[2].head()), Err(Break::Head(3)));
        assert!(verify_to(&key(), &again, whole[1].head()).is_ok(), "what was kept earlier is in both");
    }

    proptest! {
        /// No field can be changed, and no text moved from one into the next.
        #[test]
        fn every_field_is_marked(place in 0_usize..6, field in 0_usize..7, text in "[a-z]{1,8}") {
            let mut records = chain(6);
            let before = records[place].event.clone();
            let event = &mut records[place].event;
            match field {
                0 => event.at = event.at.saturating_add(jiff::SignedDuration::from_nanos(1)).unwrap(),
                1 => event.account = Some(text),
                2 => event.account = if event.account.is_none() { Some(String::new()) } else { None },
                3 => event.deed.push_str(&text),
                4 => event.outcome = Outcome::Failed,
                5 => event.request = text,
                _ => (event.deed, event.subject) = ("sign_i".to_owned(), "n".to_owned()),
            }
            prop_assume!(records[place].event != before);
            prop_assert_eq!(verify(&key(), &records), Err(Break::Mark(i64::try_from(place).unwrap() + 1)));
        }
    }
}
