//! Slows down who guesses passwords, in a way that nobody can use to shut another out.
//!
//! Who signed in on a device before has a cookie of it. What fails there counts for that device alone. What fails on devices that
//! are not known counts for the account, and closes it for devices that are not known: who sits at their own goes on.
//!
//! An attempt counts as failed when it begins, and no longer when it succeeds: a thousand attempts at once are a thousand.
//!
//! # Source
//! A. Dedov, "Slow Down Online Guessing Attacks with Device Cookies", OWASP: the protocol, without numbers. The numbers are ours: on
//! devices that are not known an account takes at most seventeen attempts in three days and four hundred in a year. NIST SP 800-63B
//! (June 2017), §5.2.2, names growing waits, and closes an account after a hundred failures in a row. Here those take three months, and
//! then only the wait remains: who closes an account shuts out its owner.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::SecretHash;

/// Failures before anybody has to wait.
pub const FREE_FAILURES: i64 = 5;
/// How long is waited after one more than those; each next failure doubles it.
pub const WAIT_MIN: SignedDuration = SignedDuration::from_mins(1);
/// The longest that is waited.
pub const WAIT_MAX: SignedDuration = SignedDuration::from_hours(24);
/// After how long without an attempt one failure is forgotten.
pub const FORGET_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Failures that are kept at most: more would make no wait longer.
pub const FAILURES_MAX: i64 = 30;
/// After how long without an attempt nothing of it is left.
pub const FORGET_ALL: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Devices that are known of one account. One more makes the one that was used longest ago unknown.
pub const DEVICES_MAX: usize = 10;
/// How long a device is known after it was last signed in on.
pub const DEVICE_AGE_MAX: SignedDuration = SignedDuration::from_hours(180 * 24);
/// What is kept of names that are of no account: so many tallies, whatever is tried.
pub const NOBODY_MAX: u32 = 1024;

/// Who an attempt counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter<'a> {
    /// A device that the account was signed in on before.
    Device(SecretHash),
    /// All other devices on which somebody tries an account.
    Account(&'a str),
    /// A name of no account. It waits as that of an account does, so that waiting does not tell which names there are; names share
    /// [`NOBODY_MAX`] tallies, so that who tries names at random fills nothing.
    Nobody(&'a str),
}

impl Counter<'_> {
    /// What its tally is kept under. No two kinds share one.
    pub fn key(&self) -> String {
        match self {
            Self::Device(hash) => format!("device {hash}"),
            Self::Account(name) => format!("account {name}"),
            Self::Nobody(name) => {
                let sum = Sha256::digest(name).iter().take(4).fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
                format!("nobody {}", sum % NOBODY_MAX)
            }
        }
    }
}

/// What is kept of attempts that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many, less those that are forgotten.
    pub failures: i64,
    /// When the last was.
    pub last: Timestamp,
}

impl Tally {
    /// From when on another attempt is looked at.
    pub fn opens(&self) -> Timestamp {
        let over = self.failures - FREE_FAILURES;
        if over < 0 {
            return self.last;
        }
        // Doubling eleven times is more than the longest wait.
        let doublings = u32::try_from(over.min(11)).unwrap_or(0);
        let wait = WAIT_MIN.saturating_mul(1 << doublings).min(WAIT_MAX);
        self.last.saturating_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// The failures that count now.
    pub fn failures_at(&self, now: Timestamp) -> i64 {
        let quiet = now.duration_since(self.last).as_secs().max(0);
        (self.failures - quiet / FORGET_EVERY.as_secs()).max(0)
    }
}

/// What becomes of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It may be looked at; this is to be kept before that.
    Allowed(Tally),
    /// It may not; it does not count, so that trying does not make the wait longer.
    Refused {
        /// When the next may.
        until: Timestamp,
    },
}

/// What becomes of an attempt that begins now, after what is kept of those before.
pub fn attempt(before: Option<Tally>, now: Timestamp) -> Attempt {
    let Some(before) = before else { return Attempt::Allowed(Tally { failures: 1, last: now }) };
    // What a clock that was ahead kept counts from now, and not from then.
    let before = Tally { last: before.last.min(now), ..before };
    let until = before.opens();
    if now < until {
        return Attempt::Refused { until };
    }
    Attempt::Allowed(Tally { failures: (before.failures_at(now) + 1).min(FAILURES_MAX), last: now })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Secret;

    fn second(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    /// Attempts as fast as they are let, for so many seconds: how many, and the longest wait.
    fn guess_for(seconds: i64) -> (i64, i64) {
        let (mut tally, mut now, mut attempts, mut longest) = (None, second(0), 0, 0);
        while now < second(seconds) {
            match attempt(tally, now) {
                Attempt::Allowed(next) => (tally, attempts) = (Some(next), attempts + 1),
                Attempt::Refused { until } => {
                    longest = longest.max(until.duration_since(now).as_secs());
                    now = until;
                }
            }
        }
        (attempts, longest)
    }

    #[test]
    fn who_types_wrong_a_few_times_waits_for_nothing() {
        let mut tally = None;
        for _ in 0..FREE_FAILURES {
            let Attempt::Allowed(next) = attempt(tally, second(0)) else { panic!("{tally:?}") };
            tally = Some(next);
        }
        assert_eq!(attempt(tally, second(0)), Attempt::Refused { until: second(60) });
        assert_eq!(
            attempt(tally, second(59)),
            Attempt::Refused { until: second(60) },
            "trying does not make it longer"
        );
        let Attempt::Allowed(next) = attempt(tally, second(60)) else { panic!("{tally:?}") };
        assert_eq!((next.failures, next.opens()), (6, second(180)));
    }

    #[test]
    fn who_goes_on_guessing_gets_few_chances() {
        assert_eq!(guess_for(3600), (10, 1920));
        let (attempts, longest) = guess_for(3 * 24 * 3600);
        assert_eq!(longest, 24 * 3600);
        assert!(attempts <= 17, "{attempts}");
        let (in_a_year, _) = guess_for(365 * 24 * 3600);
        assert!(in_a_year <= 400, "{in_a_year}");
    }

    #[test]
    fn a_day_of_quiet_forgets_one() {
        let tally = Tally { failures: 7, last: second(0) };
        assert_eq!(tally.failures_at(second(24 * 3600 - 1)), 7);
        assert_eq!(tally.failures_at(second(24 * 3600)), 6);
        assert_eq!(tally.failures_at(second(90 * 24 * 3600)), 0);
        assert_eq!(tally.failures_at(second(-1)), 7);
        let most = Tally { failures: FAILURES_MAX, last: second(0) };
        assert_eq!(most.failures_at(second(FORGET_ALL.as_secs())), 0);
        assert!(
            matches!(attempt(Some(most), second(24 * 3600)), Attempt::Allowed(next) if next.failures == FAILURES_MAX)
        );
    }

    #[test]
    fn what_a_clock_that_was_ahead_kept_counts_from_now() {
        let tally = Tally { failures: 50, last: second(365 * 24 * 3600) };
        assert_eq!(attempt(Some(tally), second(0)), Attempt::Refused { until: second(24 * 3600) });
    }

    #[test]
    fn tallies_of_names_are_few_and_their_own() {
        let device = Secret::generate().unwrap().hash();
        let keys: std::collections::BTreeSet<String> =
            (0..20_000).map(|number| Counter::Nobody(&format!("naam{number}")).key()).collect();
        assert_eq!(keys.len(), 1024);
        assert!(!keys.contains(&Counter::Account("naam1").key()) && !keys.contains(&Counter::Device(device).key()));
        assert_ne!(Counter::Account(&device.to_string()).key(), Counter::Device(device).key());
    }

    proptest! {
        /// Waits grow with failures, and never beyond the longest.
        #[test]
        fn waits_grow(failures in 0_i64..200) {
            let wait = |failures| Tally { failures, last: second(0) }.opens().duration_since(second(0));
            prop_assert!(wait(failures) <= wait(failures + 1));
            prop_assert!(wait(failures) <= WAIT_MAX);
        }

        /// Whatever was kept: the wait has an end, and there the door is open.
        #[test]
        fn every_wait_ends(failures in 0_i64..=FAILURES_MAX, last in -100_000_i64..0, now in 0_i64..100_000) {
            let tally = Some(Tally { failures, last: second(last) });
            if let Attempt::Refused { until } = attempt(tally, second(now)) {
                prop_assert!(until > second(now) && until.duration_since(second(now)) <= WAIT_MAX);
                prop_assert!(matches!(attempt(tally, until), Attempt::Allowed(_)));
            }
        }
    }
}
