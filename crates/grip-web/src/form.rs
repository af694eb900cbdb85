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
    /// Under which name the browser keeps what is typed until it is saved, and the words it then needs.
    pub(crate) draft: Option<Draft>,
}

/// What the script keeps of a form, in the browser alone.
pub(crate) struct Draft {
    /// Unique for what is written.
    pub(crate) name: String,
    /// What it says when it puts back what was typed.
    pub(crate) restored: String,
    /// The button that throws that away.
    pub(crate) discard: String,
    /// Whether the form comes back with what was typed, and so knows better than what was kept.
    pub(crate) is_again: bool,
}

impl Draft {
    pub(crate) fn new(name: String, language: Language) -> Self {
        Self {
            name,
            restored: say(
                language,
                "Teruggezet: wat u hier eerder typte en nog niet bewaarde. Het staat alleen in deze browser.",
                "Put back: what you typed here before and did not keep yet. It is in this browser only.",
            ),
            discard: say(language, "Gooi dit concept weg", "Throw this draft away"),
            is_again: false,
        }
    }
}

/// A field with its label.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    /// What is wrong with what was filled in; empty when nothing is.
    pub(crate) error: String,
    pub(crate) is_required: bool,
    pub(crate) kind: FieldKind,
}

pub(crate) enum FieldKind {
    /// A line.
    Line,
    /// Paragraphs.
    Text,
    /// A day.
    Day,
    /// A month.
    Month,
    /// A number, perhaps an amount: a line with a keyboard of digits where there is none of letters.
    Number,
    /// One of these: values with their names.
    Choice(Vec<(String, String)>),
    /// Any of these: values with their names. What is chosen are the values with blanks between them.
    Checks(Vec<(String, String)>),
    /// A file; the form is sent in parts.
    File,
    /// A line that the browser can fill in: the name it has in `autocomplete`.
    Filled(&'static str),
    /// The same, not to be read over a shoulder; never sent back.
    Secret(&'static str),
}

impl Field {
    /// An empty field that must be filled in.
    pub(crate) fn required(name: &'static str, label: String, hint: String, kind: FieldKind) -> Self {
        Self { name, label, hint, value: String::new(), error: String::new(), is_required: true, kind }
    }

    /// Whether the browser can show what was typed in its own way; otherwise it would lose it.
    pub(crate) fn is_native(&self) -> bool {
        let form: &[u8] = if matches!(self.kind, FieldKind::Month) { b"0000-00" } else { b"0000-00-00" };
        let fits = |(letter, form): (u8, &u8)| if *form == b'0' { letter.is_ascii_digit() } else { letter == *form };
        self.value.is_empty() || self.value.len() == form.len() && self.value.bytes().zip(form).all(fits)
    }

    /// Whether a value is among those chosen.
    pub(crate) fn has(&self, value: &str) -> bool {
        self.value.split_whitespace().any(|chosen| chosen == value)
    }
}

impl Form {
    /// A form of what nobody keeps a draft of.
    pub(crate) fn plain(id: &str, action: String, title: String, fields: Vec<Field>, button: String) -> Self {
        Self {
            id: id.to_owned(),
            title,
            note: String::new(),
            action,
            hidden: Vec::new(),
            fields,
            button,
            faulty: String::new(),
            draft: None,
        }
    }

    /// The same with what stands above it when a field was not filled in as it must be.
    pub(crate) fn saying(self, faulty: String) -> Self {
        Self { faulty, ..self }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.faulty_fields().next().is_some()
    }

    /// Whether a file goes along.
    pub(crate) fn has_file(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, FieldKind::File))
    }

    /// The fields that are asked for: of whoever signed in is known who writes.
    pub(crate) fn shown(&self, is_signed_in: bool) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| !is_signed_in || field.name != "naam")
    }

    pub(crate) fn faulty_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.error.is_empty())
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
        // What is wrong with no field in particular is said at the first.
        let lost = errors.iter().filter(|(name, _)| !self.fields.iter().any(|field| field.name == *name));
        let lost: Vec<&str> = lost.map(|(_, text)| text.as_str()).collect();
        if let Some(first) = self.fields.first_mut().filter(|_| !lost.is_empty()) {
            first.error = format!("{} {}", first.error, lost.join(" ")).trim().to_owned();
        }
        if let Some(draft) = &mut self.draft {
            draft.is_again = true;
        }
        self
    }
}

/// What was typed into a form.
#[derive(Debug, Default)]
pub(crate) struct Typed(BTreeMap<String, String>);

impl Typed {
    /// Reads the body of a form. A name that is there more than once, as of checkboxes, has its values with blanks between them.
    pub(crate) fn of(body: &str) -> Result<Self, Problem> {
        let mut fields = BTreeMap::new();
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = decode(name).zip(decode(value)).ok_or(Problem::Unreadable)?;
            let value = value.replace("\r\n", "\n");
            fields.entry(name).and_modify(|before: &mut String| *before = format!("{before} {value}")).or_insert(value);
        }
        Ok(Self(fields))
    }

    /// The same with one field more, or another.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A field as it was typed, blanks included; empty when it is not there.
    pub(crate) fn whole(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
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
    check_sent(headers, "application/x-www-form-urlencoded")
}

/// The same for a form with a file.
pub(crate) fn check_upload(headers: &HeaderMap) -> Result<(), Problem> {
    check_sent(headers, "multipart/form-data")
}

fn check_sent(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
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
    } else if kind.split(';').next() != Some(wanted) {
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
        is_required: true,
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
        assert_eq!(Typed::of("doel=1&doel=2").expect("a form").get("doel"), "1 2");
        for wrong in ["a=%4", "a=%zz", "a=%ff"] {
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
