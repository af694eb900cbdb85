//! What pages load: the style sheet, and the one script. In the sheet come first custom properties, and those of the municipality's house style,
//! then the components of NL Design System, then the rules of the pages, which say where things stand and how figures look.

use std::fmt::Write;

use axum::{
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::HouseStyle;

pub(crate) const TOKENS: &str = include_str!("tokens.css");
pub(crate) const COMPONENTS: &str = include_str!("components.css");
const RULES: &str = include_str!("style.css");

const SCRIPT: &str = include_str!("register.js");

/// A file that comes with every Grip and changes only with it.
pub(crate) struct Served {
    path: &'static str,
    kind: &'static str,
    text: String,
    hash: String,
}

impl Served {
    pub(crate) fn style(house_style: Option<&HouseStyle>) -> Self {
        let text = format!("{TOKENS}\n{}{COMPONENTS}\n{RULES}", house_style.map(HouseStyle::css).unwrap_or_default());
        Self::new("/stijl.css", "text/css; charset=utf-8", text)
    }

    /// What keeps drafts in the browser.
    pub(crate) fn script() -> Self {
        Self::new("/register.js", "text/javascript; charset=utf-8", SCRIPT.to_owned())
    }

    fn new(path: &'static str, kind: &'static str, text: String) -> Self {
        let mut hash = String::with_capacity(16);
        for byte in &Sha256::digest(text.as_bytes())[..8] {
            write!(hash, "{byte:02x}").expect("writing to a string does not fail");
        }
        Self { path, kind, text, hash }
    }

    /// An address that changes with the text, so that it may be kept for good.
    pub(crate) fn href(&self) -> String {
        format!("{}?v={}", self.path, self.hash)
    }

    pub(crate) fn respond(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        let etag = format!("\"{}\"", self.hash);
        let current = uri.query() == Some(&format!("v={}", self.hash));
        let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
        let meta = [
            (header::CONTENT_TYPE, self.kind.to_owned()),
            (header::CACHE_CONTROL, keep.to_owned()),
            (header::ETAG, etag),
        ];
        if known { (StatusCode::NOT_MODIFIED, meta).into_response() } else { (meta, self.text.clone()).into_response() }
    }
}

#[cfg(test)]
mod tests {
    use super::{COMPONENTS, RULES, Served, TOKENS};
    use crate::{
        HouseStyle,
        house_style::{colours, low_contrasts},
    };

    #[test]
    fn contrast_is_enough_in_both_schemes() {
        let (light, dark) = TOKENS.split_once("@media").expect("a dark scheme");
        for block in [light, dark] {
            let colours = colours(block);
            assert!(colours.len() >= 15, "{colours:?}");
            assert_eq!(low_contrasts(&colours), []);
        }
    }

    #[test]
    fn rules_use_only_properties_that_the_house_style_has() {
        for used in RULES.split("var(--").skip(1).filter_map(|rest| rest.split([')', ',']).next()) {
            let is_of_component = COMPONENTS.contains(&format!("var(--{used}"));
            assert!(is_of_component || TOKENS.contains(&format!("--{used}:")), "{used}");
        }
        let tokens = TOKENS.lines().filter_map(|line| line.trim().split_once(':')?.0.strip_prefix("--"));
        for token in tokens.filter(|token| token.starts_with("nl-") || token.starts_with("utrecht-")) {
            assert!(
                COMPONENTS.contains(&format!("--{token}")) || RULES.contains(&format!("--{token})")),
                "nobody asks for {token}"
            );
        }
        let colours = RULES.lines().filter(|line| line.contains('#') && !line.contains("/*"));
        assert_eq!(colours.count(), 0, "colours belong in the house style");
    }

    #[test]
    fn another_house_style_has_another_address() {
        let other = HouseStyle::parse(":root{--accent:#154273}").expect("a house style");
        assert_ne!(Served::style(None).href(), Served::style(Some(&other)).href());
    }
}
