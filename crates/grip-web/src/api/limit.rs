//! How often somebody may ask: a bucket of tokens for each account, and for each address nobody signed in at.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// Requests at once, after a while without any.
pub(crate) const BURST: u32 = 3000;
/// Seconds in which an empty bucket fills.
pub(crate) const WINDOW_SECONDS: u32 = 60;
/// Buckets that are kept at once.
const BUCKETS_MAX: usize = 10_000;

/// What is left for everybody who asked lately.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<String, Bucket>>);

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// What is left after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// Whether the request may go on.
    pub(crate) is_allowed: bool,
    /// Requests that may follow at once.
    pub(crate) requests: u32,
    /// Seconds until there is room for one more.
    pub(crate) wait_seconds: u32,
}

fn per_second() -> f64 {
    f64::from(BURST) / f64::from(WINDOW_SECONDS)
}

impl Bucket {
    fn filled(self, now: Instant) -> Self {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        Self { tokens: (self.tokens + passed * per_second()).min(f64::from(BURST)), at: now }
    }
}

impl Limits {
    /// Takes one request of whoever it is from their bucket.
    pub(crate) fn take(&self, who: &str, now: Instant) -> Left {
        // A bucket is never half written.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = buckets.get(who).copied();
        if known.is_none() && buckets.len() >= BUCKETS_MAX {
            // A full bucket says as much as none.
            buckets.retain(|_, bucket| now.saturating_duration_since(bucket.at) < FILLS);
            if buckets.len() >= BUCKETS_MAX {
                let oldest = buckets.iter().min_by_key(|(_, bucket)| bucket.at).map(|(who, _)| who.clone());
                oldest.and_then(|who| buckets.remove(&who));
            }
        }
        let mut bucket = known.unwrap_or(Bucket { tokens: f64::from(BURST), at: now }).filled(now);
        let is_allowed = bucket.tokens >= 1.0;
        if is_allowed {
            bucket.tokens -= 1.0;
        }
        buckets.insert(who.to_owned(), bucket);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from zero to the burst")]
        let whole = |number: f64| number.clamp(0.0, f64::from(BURST)) as u32;
        let wait_seconds =
            if bucket.tokens >= 1.0 { 0 } else { whole(((1.0 - bucket.tokens) / per_second()).ceil()).max(1) };
        Left { is_allowed, requests: whole(bucket.tokens), wait_seconds }
    }
}

/// How long an empty bucket takes to fill.
const FILLS: Duration = Duration::from_secs(WINDOW_SECONDS as u64);

/// Tells in the headers of draft-ietf-httpapi-ratelimit-headers-10 what may be asked and what is left of it.
pub(crate) fn tell(left: Left, headers: &mut HeaderMap) {
    let mut put = |name: &'static str, text: String| {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("ratelimit-policy", format!("\"api\";q={BURST};w={WINDOW_SECONDS}"));
    put("ratelimit", format!("\"api\";r={};t={}", left.requests, left.wait_seconds));
    if !left.is_allowed {
        put("retry-after", left.wait_seconds.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let (limits, began) = (Limits::default(), Instant::now());
        for number in (0..BURST).rev() {
            let left = limits.take("a", began);
            assert!(left.is_allowed && left.requests == number, "{left:?}");
        }
        let none = limits.take("a", began);
        assert_eq!(none, Left { is_allowed: false, requests: 0, wait_seconds: 1 });
        // Somebody else has a bucket of their own.
        assert!(limits.take("b", began).is_allowed);
        // A second brings fifty.
        let later = began + Duration::from_secs(1);
        for number in (0..50).rev() {
            let left = limits.take("a", later);
            assert!(left.is_allowed && left.requests == number, "{left:?}");
        }
        assert!(!limits.take("a", later).is_allowed);
        assert_eq!(limits.take("a", later + FILLS).requests, BURST - 1);
    }

    #[test]
    fn no_more_is_kept_than_a_number_of_buckets() {
        let (limits, began) = (Limits::default(), Instant::now());
        for number in 0..BUCKETS_MAX + 10 {
            let at = began + Duration::from_millis(u64::try_from(number).expect("a small number") / 1000);
            assert!(limits.take(&number.to_string(), at).is_allowed);
        }
        assert_eq!(limits.0.lock().expect("nothing went wrong").len(), BUCKETS_MAX);
    }

    #[test]
    fn it_is_told_in_headers() {
        let mut headers = HeaderMap::new();
        tell(Left { is_allowed: false, requests: 0, wait_seconds: 1 }, &mut headers);
        let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!(told("ratelimit-policy"), "\"api\";q=3000;w=60");
        assert_eq!((told("ratelimit"), told("retry-after")), ("\"api\";r=0;t=1".to_owned(), "1".to_owned()));
    }
}
