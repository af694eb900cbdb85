//! Forms without a script: how they look, how they are read, and that they came from here.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use grip_register::{Account, Fault, Problem as Wrong};
use grip_report::Language;

use crate::{problem::Problem, words::say};

/// A form that is sent with POST.
pub(crate) struct Form {
    /// Unique in the page; begins the ids of its fields.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) action: String,
    pub(crate) hidden: Vec<(&'static str, String)>,
    pub(crate) fields: Vec<Field>,
    pub(crate) button: String,
    /// What stands above it when a field was not filled in as it must be.
    pub(crate) faulty: String,
}

/// A field with its label.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    /// What is wrong with what was filled in; empty when nothing is.
    pub(crate) error: String,
    pub(crate) kind: FieldKind,
}

pub(crate) enum FieldKind {
    /// A line.
    Line,
    /// Paragraphs.
    Text,
    /// A day.
    Day,
    /// One of these: values with their names.
    Choice(Vec<(String, String)>),
}

impl Form {
    pub(crate) fn has_errors(&self) -> bool {
        self.fields.iter().any(|field| !field.error.is_empty())
    }

    pub(crate) fn id_of(&self, field: &Field) -> String {
        format!("{}-{}", self.id, field.name)
    }

    /// The attributes that say where a field is explained and that it is wrong. Holds nothing that was typed.
    pub(crate) fn described(&self, field: &Field) -> String {
        let id = self.id_of(field);
        let hint = (!field.hint.is_empty()).then(|| format!("{id}-uitleg"));
        let fault = (!field.error.is_empty()).then(|| format!("{id}-fout"));
        let invalid = if fault.is_some() { " aria-invalid=\"true\"" } else { "" };
        let by: Vec<String> = hint.into_iter().chain(fault).collect();
        if by.is_empty() { String::new() } else { format!(" aria-describedby=\"{}\"{invalid}", by.join(" ")) }
    }

    /// The same with what was typed before, and what is wrong with it.
    pub(crate) fn filled(mut self, typed: &Typed, errors: &[(&'static str, String)]) -> Self {
        for field in &mut self.fields {
            typed.get(field.name).clone_into(&mut field.value);
            let wrong = errors.iter().filter(|(name, _)| *name == field.name);
            field.error = wrong.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        }
        self
    }
}

/// What was typed into a form.
#[derive(Debug, Default)]
pub(crate) struct Typed(BTreeMap<String, String>);

impl Typed {
    /// Reads the body of a form.
    pub(crate) fn of(body: &str) -> Result<Self, Problem> {
        let mut fields = BTreeMap::new();
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = decode(name).zip(decode(value)).ok_or(Problem::Unreadable)?;
            if fields.insert(name, value.replace("\r\n", "\n")).is_some() {
                return Err(Problem::Unreadable);
            }
        }
        Ok(Self(fields))
    }

    /// A field without blanks around it; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// A function or a role as the identification of an account: without blanks.
    pub(crate) fn account(&self, name: &str) -> Result<Account, Fault> {
        self.get(name).split_whitespace().collect::<Vec<_>>().join("-").parse()
    }
}

/// A name or value of `application/x-www-form-urlencoded`.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let value = 16 * digit(rest.next()?)? + digit(rest.next()?)?;
                u8::try_from(value).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Refuses a form that a page elsewhere sent in the name of who reads both.
///
/// Browsers say where a request comes from: in `Sec-Fetch-Site`, and otherwise in `Origin`. Who says neither is refused too:
/// there is no session, so nothing else tells a form of ours from another.
pub(crate) fn check_site(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let origin = text("origin")
        .zip(text(header::HOST.as_str()))
        .map(|(origin, host)| ["http://", "https://"].iter().any(|scheme| origin.strip_prefix(scheme) == Some(host)));
    let is_ours = match (text("sec-fetch-site"), origin) {
        (Some(site), origin) => site == "same-origin" && origin != Some(false),
        (None, Some(same)) => same,
        (None, None) => false,
    };
    let kind = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if !is_ours {
        Err(Problem::OtherSite)
    } else if kind.split(';').next() != Some("application/x-www-form-urlencoded") {
        Err(Problem::Unreadable)
    } else {
        Ok(())
    }
}

/// What is wrong with a field, for who filled it in.
pub(crate) fn explain(fault: &Fault, language: Language) -> String {
    match fault.problem {
        Wrong::Empty => say(language, "Vul dit in.", "Fill this in."),
        Wrong::TooLong(max) => match language {
            Language::Nl => format!("Dit is te lang: hooguit {max} tekens."),
            Language::En => format!("This is too long: {max} characters at most."),
        },
        Wrong::Control => {
            say(language, "Hierin staat een teken dat niet te tonen is.", "This holds a character that can't be shown.")
        }
        Wrong::CitizenNumber => say(
            language,
            "Hierin staat een getal dat een burgerservicenummer kan zijn. Schrijf geen persoonsgegevens op.",
            "This holds a number that may be a citizen service number. Write no personal data.",
        ),
        Wrong::Said { nl, en } => say(language, nl, en),
        Wrong::Form(_) => say(language, "Dit heeft niet de goede vorm.", "This does not have the right form."),
    }
}

/// Who writes, in a form: there are no accounts yet.
pub(crate) fn author_field(name: Option<&str>, language: Language) -> Field {
    Field {
        name: "naam",
        label: say(language, "Uw functie of rol", "Your function or role"),
        hint: say(
            language,
            "Bijvoorbeeld contractmanager-jeugd. Vul geen naam van een persoon in.",
            "For example contract-manager-youth. Enter no name of a person.",
        ),
        value: name.unwrap_or_default().to_owned(),
        error: String::new(),
        kind: FieldKind::Line,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Typed, check_site};

    #[test]
    fn forms_are_read() {
        let typed = Typed::of("tekst=a%0D%0Ab+%26+%C3%A9&naam=&leeg").expect("a form");
        assert_eq!(typed.get("tekst"), "a\nb & é");
        assert_eq!((typed.get("naam"), typed.get("leeg"), typed.get("weg")), ("", "", ""));
        for wrong in ["a=1&a=2", "a=%4", "a=%zz", "a=%ff"] {
            assert!(Typed::of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_forms_of_this_site_are_taken() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        for (headers, is_taken) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8080")], true),
            (vec![("sec-fetch-site", "same-origin"), ("origin", "http://evil.example")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("origin", "http://localhost:8080")], true),
            (vec![("origin", "http://localhost:8081")], false),
            (vec![("origin", "null")], false),
            (vec![], false),
        ] {
            let all = headers.iter().chain([&form, &("host", "localhost:8080")]);
            let map: HeaderMap =
                all.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
            assert_eq!(check_site(&map).is_ok(), is_taken, "{headers:?}");
        }
    }
}
