use std::{error::Error, time::Duration};

use reqwest::{
    Client, RequestBuilder,
    header::{ACCEPT, CACHE_CONTROL, HeaderMap, HeaderValue},
    redirect::Policy,
};
use url::Url;

use crate::{OidcError, Part, settings::is_loopback};

/// Bytes of an answer at most. Discovery documents and sets of keys have some ten kilobytes, a token with hundreds of
/// groups as well.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// A client that follows no redirects, takes no more than it should, and waits no longer than it should.
pub(crate) struct Http {
    client: Client,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// `max-age` of `Cache-Control`, in seconds; 0 when it must not be kept.
    pub(crate) max_age_seconds: Option<u64>,
}

impl Http {
    /// `time_out` is for one answer, from looking up the name to the last byte.
    pub(crate) fn new(issuer: &Url, time_out: Duration) -> Result<Self, OidcError> {
        let is_here = is_loopback(issuer);
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        let mut builder = Client::builder()
            .user_agent("grip")
            .default_headers(headers)
            .redirect(Policy::none())
            .https_only(!is_here)
            .timeout(time_out);
        if is_here {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| OidcError::Client(reason(error)))?;
        Ok(Self { client })
    }

    pub(crate) fn get(&self, url: &Url) -> RequestBuilder {
        self.client.get(url.clone())
    }

    pub(crate) fn post(&self, url: &Url) -> RequestBuilder {
        self.client.post(url.clone())
    }

    /// Asks, and takes the answer whatever its status.
    pub(crate) async fn ask(&self, part: Part, host: &Url, request: RequestBuilder) -> Result<Answer, OidcError> {
        let away = |error| {
            let host = host.host_str().unwrap_or_default().to_owned();
            OidcError::Away { host, part, reason: reason(error) }
        };
        let mut response = request.send().await.map_err(away)?;
        let too_large = OidcError::TooLarge { part, bytes_max: ANSWER_BYTES_MAX };
        if response.content_length().is_some_and(|bytes| bytes > ANSWER_BYTES_MAX as u64) {
            return Err(too_large);
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(away)? {
            if body.len() + piece.len() > ANSWER_BYTES_MAX {
                return Err(too_large);
            }
            body.extend_from_slice(&piece);
        }
        let cache = response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok());
        Ok(Answer { status: response.status().as_u16(), body, max_age_seconds: cache.and_then(max_age) })
    }
}

/// RFC 9111 §5.2.2.
fn max_age(cache: &str) -> Option<u64> {
    let directives = cache.split(',').map(|directive| directive.trim().to_ascii_lowercase());
    let ages = directives.filter_map(|directive| match directive.as_str() {
        "no-store" | "no-cache" => Some(0),
        _ => directive.strip_prefix("max-age=")?.trim_matches('"').parse().ok(),
    });
    ages.min()
}

/// The innermost reason, without the address, which may hold more than a log should.
fn reason(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let error = error.without_url();
    let mut innermost: &dyn Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::max_age;

    #[test]
    fn the_shortest_age_counts() {
        for (cache, age) in [
            ("max-age=300", Some(300)),
            ("public, Max-Age=60, must-revalidate", Some(60)),
            ("no-store, max-age=300", Some(0)),
            ("private", None),
            ("max-age=x", None),
        ] {
            assert_eq!(max_age(cache), age, "{cache}");
        }
    }
}
