//! When a session ends, and when it gets another secret.
//!
//! # Source
//! NIST SP 800-63B (June 2017), §4.2.3: who proved themselves with two factors does so again after 12 hours, and after 30 minutes
//! in which nothing was done. OWASP Session Management Cheat Sheet, "Renew the Session ID After Any Privilege Level Change".

use jiff::{SignedDuration, Timestamp};

/// How long nothing may be done.
pub const IDLE_MAX: SignedDuration = SignedDuration::from_mins(30);
/// How long a session lasts, whatever is done in it.
pub const AGE_MAX: SignedDuration = SignedDuration::from_hours(12);
/// How old what is kept of the last use may be, so that not every page writes.
pub const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Sessions of one account at once. Who begins one more ends the one that was used longest ago.
pub const SESSIONS_MAX: usize = 10;

/// The moments of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When somebody signed in.
    pub begun: Timestamp,
    /// When it was last used, up to [`SEEN_EVERY`] ago.
    pub seen: Timestamp,
    /// When it got the secret it has.
    pub rotated: Timestamp,
}

impl Times {
    /// Of a session that begins now.
    pub fn begin(now: Timestamp) -> Self {
        Self { begun: now, seen: now, rotated: now }
    }

    /// Whether it may still be used. A clock that was set back does not end it.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen) < IDLE_MAX && now.duration_since(self.begun) < AGE_MAX
    }

    /// When it ends if nothing more is done in it.
    pub fn ends(&self) -> Timestamp {
        let [idle, aged] = [(self.seen, IDLE_MAX), (self.begun, AGE_MAX)]
            .map(|(from, lasts)| from.saturating_add(lasts).unwrap_or(Timestamp::MAX));
        idle.min(aged)
    }

    /// Whether this use is to be kept.
    pub fn is_seen_due(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen) >= SEEN_EVERY
    }

    /// Whether it must get another secret before anything is shown: the rights of its account changed since it got this one.
    pub fn is_rotation_due(&self, rights_changed: Timestamp) -> bool {
        rights_changed >= self.rotated
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn second(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_session_ends_after_half_an_hour_of_nothing_and_after_half_a_day() {
        let mut times = Times::begin(second(0));
        assert!(times.is_alive(second(1799)) && !times.is_alive(second(1800)));
        times.seen = second(43_190);
        assert!(times.is_alive(second(43_199)) && !times.is_alive(second(43_200)));
        assert!(times.is_alive(second(-3600)), "a clock that was set back");
    }

    #[test]
    fn use_is_kept_once_a_minute_and_rights_rotate_at_once() {
        let times = Times::begin(second(0));
        assert!(!times.is_seen_due(second(59)) && times.is_seen_due(second(60)));
        assert!(times.is_rotation_due(second(0)), "in the same moment, in doubt");
        assert!(!times.is_rotation_due(second(-1)) && times.is_rotation_due(second(1)));
    }

    proptest! {
        #[test]
        fn it_is_alive_until_it_ends(seen in 0_i64..50_000, now in 0_i64..60_000) {
            let times = Times { begun: second(0), seen: second(seen), rotated: second(0) };
            prop_assert_eq!(times.is_alive(second(now)), second(now) < times.ends());
        }
    }
}
