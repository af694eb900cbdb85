//! What pages load: the style sheet, with the house style (a file of custom properties that may be replaced) before the rules
//! that use it, and the one script.

use std::fmt::Write;

use axum::{
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

const TOKENS: &str = include_str!("tokens.css");
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
    pub(crate) fn style(house_style: Option<&str>) -> Self {
        let text = format!("{}\n{RULES}", house_style.unwrap_or(TOKENS));
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
    use std::collections::BTreeMap;

    use super::{RULES, Served, TOKENS};

    /// Custom properties with a colour, in a block of the house style.
    fn colours(block: &str) -> BTreeMap<String, [f64; 3]> {
        let channel = |hex: &str| {
            let value = f64::from(u8::from_str_radix(hex, 16).expect("two hexadecimal digits")) / 255.0;
            // WCAG 2.2, definition of relative luminance.
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        block
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"))
            .map(|(name, hex)| (name.to_owned(), [channel(&hex[0..2]), channel(&hex[2..4]), channel(&hex[4..6])]))
            .collect()
    }

    fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
        let luminance = |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// WCAG 2.2: 4.5 for text (1.4.3), 3 for what carries meaning in a drawing (1.4.11).
    #[test]
    fn contrast_is_enough_in_both_schemes() {
        let (light, dark) = TOKENS.split_once("@media").expect("a dark scheme");
        for (scheme, block) in [("light", light), ("dark", dark)] {
            let colours = colours(block);
            for (front, back, least) in [
                ("text", "ground", 4.5),
                ("text", "surface", 4.5),
                ("text-quiet", "ground", 4.5),
                ("text-quiet", "surface", 4.5),
                ("accent", "ground", 4.5),
                ("on-accent", "accent", 4.5),
                ("adverse", "ground", 4.5),
                ("chart-budget", "ground", 4.5),
                ("rule-strong", "ground", 3.0),
                ("chart-known", "ground", 3.0),
                ("chart-agreed", "ground", 3.0),
                ("chart-expected", "ground", 3.0),
                ("chart-interval", "ground", 3.0),
                ("chart-known", "chart-agreed", 3.0),
            ] {
                let found = contrast(colours[front], colours[back]);
                assert!(found >= least, "{scheme}: {front} on {back} is {found:.2}, below {least}");
            }
        }
    }

    #[test]
    fn rules_use_only_properties_that_the_house_style_has() {
        for used in RULES.split("var(--").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(TOKENS.contains(&format!("--{used}:")), "{used}");
        }
        let colours = RULES.lines().filter(|line| line.contains('#') && !line.contains("/*"));
        assert_eq!(colours.count(), 0, "colours belong in the house style");
    }

    #[test]
    fn another_house_style_has_another_address() {
        assert_ne!(Served::style(None).href(), Served::style(Some(":root{}")).href());
    }
}
