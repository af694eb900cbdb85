use std::path::PathBuf;

use serde::Deserialize;
use url::{Host, Url};

use crate::{OidcError, grant::GrantRule};

/// Characters of a setting at most.
const TEXT_CHARS_MAX: usize = 2000;

/// What an administrator says about the provider, from one TOML file. Words of the standard keep their names; the others
/// are Dutch.
///
/// ```
/// let settings = grip_oidc::Settings::from_toml(
///     r#"
///     issuer = "https://inloggen.example.nl"
///     client_id = "grip"
///     sleutel = "grip-oidc.pem"
///     redirect_uri = "https://grip.example.nl/aanmelden/terug"
///
///     [[rol]]
///     claim = "groups"
///     waarde = "grip-lezen"
///     rol = "lezer"
///     gemeenten = ["GM9998"]
///     "#,
/// )?;
/// assert_eq!(settings.scopes, ["openid"]);
/// # Ok::<(), grip_oidc::OidcError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address of the provider, to the letter as it writes it in its tokens.
    pub issuer: String,
    /// The name under which the provider knows Grip.
    pub client_id: String,
    /// File with the private key in PEM, and perhaps its certificate; the caller reads it.
    #[serde(rename = "sleutel")]
    pub key: PathBuf,
    /// The name under which the provider knows the key, when it has more than one of this client.
    #[serde(rename = "sleutel_id")]
    pub key_id: Option<String>,
    /// Where the provider sends people back to; the provider must know it to the letter.
    pub redirect_uri: String,
    /// Where the provider sends people after they signed out; without it they stay there.
    pub post_logout_redirect_uri: Option<String>,
    /// What is asked for; `openid` is always.
    #[serde(default = "only_openid")]
    pub scopes: Vec<String>,
    /// Ways of signing in that are asked for, the best first.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// Ways of signing in that are good enough, and any level of eIDAS above one of them. Without it: those of
    /// `acr_values`.
    #[serde(rename = "acr_vereist")]
    pub acr_required: Option<Vec<String>>,
    /// Whether claims that are not in the ID token are asked for at userinfo.
    #[serde(default)]
    pub userinfo: bool,
    /// What claims give which role; what no rule names gives nothing.
    #[serde(default, rename = "rol")]
    pub rules: Vec<GrantRule>,
}

fn only_openid() -> Vec<String> {
    vec!["openid".to_owned()]
}

impl Settings {
    /// Reads and checks settings.
    ///
    /// # Errors
    ///
    /// [`OidcError::Settings`] for what is no TOML or has an unknown name, [`OidcError::Setting`] for the first value that
    /// is not allowed: addresses must be `https`, save those of the own machine written as a number (`http://127.0.0.1`),
    /// OIDC NL GOV 1.0 §4.2.1 `redirect_uri`.
    pub fn from_toml(text: &str) -> Result<Self, OidcError> {
        let mut settings: Self =
            toml::from_str(text).map_err(|error| OidcError::Settings(error.message().to_owned()))?;
        if !settings.scopes.iter().any(|scope| scope == "openid") {
            settings.scopes.insert(0, "openid".to_owned());
        }
        settings.check()?;
        Ok(settings)
    }

    /// The ways of signing in that are good enough; none means that any is.
    pub(crate) fn acr_enough(&self) -> &[String] {
        self.acr_required.as_ref().unwrap_or(&self.acr_values)
    }

    pub(crate) fn check(&self) -> Result<(), OidcError> {
        let wrong = |field, problem| Err(OidcError::Setting { field, problem });
        match address(&self.issuer) {
            Some(url) if url.query().is_none() => {}
            _ => return wrong("issuer", ADDRESS),
        }
        if address(&self.redirect_uri).is_none() {
            return wrong("redirect_uri", ADDRESS);
        }
        if self.post_logout_redirect_uri.as_ref().is_some_and(|uri| address(uri).is_none()) {
            return wrong("post_logout_redirect_uri", ADDRESS);
        }
        if !is_line(&self.client_id) {
            return wrong("client_id", LINE);
        }
        if self.key_id.as_ref().is_some_and(|id| !is_line(id)) {
            return wrong("sleutel_id", LINE);
        }
        // They are sent with spaces between them: RFC 6749 §3.3, OpenID Connect Core 1.0 §3.1.2.1.
        let is_word = |text: &String| is_line(text) && !text.contains(char::is_whitespace);
        let word = "must be words without spaces";
        if !self.scopes.iter().all(is_word) {
            return wrong("scopes", word);
        }
        if !self.acr_values.iter().all(is_word) {
            return wrong("acr_values", word);
        }
        match &self.acr_required {
            Some(required) if required.is_empty() || !required.iter().all(is_word) => wrong("acr_vereist", word),
            _ => Ok(()),
        }?;
        for rule in &self.rules {
            if ![&rule.claim, &rule.value, &rule.role].into_iter().chain(&rule.municipalities).all(|text| is_line(text))
            {
                return wrong("rol", LINE);
            }
        }
        Ok(())
    }
}

const ADDRESS: &str = "must be an address with https, or with http and the number of the own machine, without # in it";
const LINE: &str = "must be one line of text";

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= TEXT_CHARS_MAX && !text.contains(char::is_control)
}

/// An address that may be used: `https` with a host, or `http` to this very machine; nobody's password, nothing behind `#`.
pub(crate) fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= TEXT_CHARS_MAX)?;
    let is_safe = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(&url),
        _ => false,
    };
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (is_safe && is_plain).then_some(url)
}

/// Whether an address is of this very machine, by its number: a name can be made to lead elsewhere (RFC 8252 §8.3).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        issuer = "https://inloggen.example.nl/tenant/"
        client_id = "grip"
        sleutel = "grip-oidc.pem"
        redirect_uri = "https://grip.example.nl/aanmelden/terug"
    "#;

    #[track_caller]
    fn refused(line: &str, field: &str) {
        let name = line.split(' ').next().expect("a name");
        let rest: String =
            GOOD.lines().filter(|line| !line.trim().starts_with(name)).map(|l| format!("{l}\n")).collect();
        match Settings::from_toml(&format!("{rest}{line}\n")) {
            Err(OidcError::Setting { field: found, .. }) => assert_eq!(found, field, "{line}"),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn least_settings_are_enough() {
        let settings = Settings::from_toml(GOOD).expect("good settings");
        assert_eq!(settings.scopes, ["openid"]);
        assert!(settings.acr_enough().is_empty() && settings.rules.is_empty() && !settings.userinfo);
    }

    #[test]
    fn openid_is_always_asked_for() {
        let settings = Settings::from_toml(&format!("{GOOD}scopes = [\"groups\"]")).expect("good settings");
        assert_eq!(settings.scopes, ["openid", "groups"]);
    }

    #[test]
    fn what_is_required_is_what_is_asked_unless_said() {
        let asked = Settings::from_toml(&format!("{GOOD}acr_values = [\"a\", \"b\"]")).expect("good settings");
        assert_eq!(asked.acr_enough(), ["a", "b"]);
        let said = format!("{GOOD}acr_values = [\"a\"]\nacr_vereist = [\"c\"]");
        assert_eq!(Settings::from_toml(&said).expect("good settings").acr_enough(), ["c"]);
    }

    #[test]
    fn addresses_are_safe() {
        for bad in ["http://inloggen.example.nl", "http://localhost:1", "ftp://x", "https://a@b", "https://a#b", "a"] {
            refused(&format!("issuer = \"{bad}\""), "issuer");
            refused(&format!("redirect_uri = \"{bad}\""), "redirect_uri");
            refused(&format!("post_logout_redirect_uri = \"{bad}\""), "post_logout_redirect_uri");
        }
        refused("issuer = \"https://a.nl/?b=c\"", "issuer");
        for good in ["http://127.0.0.1:8080/x", "http://[::1]:9/x", "https://x.nl/y?z=1"] {
            assert!(address(good).is_some(), "{good}");
        }
    }

    #[test]
    fn words_and_lines_are_what_they_should_be() {
        refused("client_id = \"\"", "client_id");
        refused("scopes = [\"openid groups\"]", "scopes");
        refused("acr_values = [\"\"]", "acr_values");
        refused("acr_vereist = []", "acr_vereist");
        refused("rol = [{ claim = \"groups\", waarde = \"\", rol = \"x\" }]", "rol");
    }

    #[test]
    fn unknown_names_are_refused() {
        let error = Settings::from_toml(&format!("{GOOD}client_secret = \"x\"")).expect_err("no such setting");
        assert!(error.to_string().starts_with("GS001") && error.to_string().contains("client_secret"), "{error}");
    }
}
