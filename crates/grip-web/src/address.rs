//! The state of a page is its address: which language, which municipality, which year, as known on which day.

use std::collections::BTreeMap;

use axum::{extract::Query, http::Uri};
use grip_report::Language;
pub(crate) use grip_types::percent_encode;
use grip_types::{Date, GemeenteCode, parse_date};
use serde::Deserialize;

use crate::problem::Problem;

/// What an address may ask, as text. Empty is the same as absent, because forms send empty fields.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    gemeente: Option<String>,
    jaar: Option<String>,
    peildatum: Option<String>,
    taal: Option<String>,
    pagina: Option<String>,
    /// What only some pages know.
    #[serde(flatten)]
    other: BTreeMap<String, String>,
}

impl Asked {
    /// Reads the query of an address. Parameters that mean nothing to Grip are ignored.
    pub(crate) fn of(uri: &Uri) -> Result<Self, Problem> {
        Query::<Self>::try_from_uri(uri).map(|Query(asked)| asked).map_err(|_| Problem::Unreadable)
    }

    /// The language asked for, Dutch unless it is `en`.
    pub(crate) fn language(&self) -> Language {
        if self.taal.as_deref() == Some("en") { Language::En } else { Language::Nl }
    }

    pub(crate) fn gemeente(&self) -> Result<Option<GemeenteCode>, Problem> {
        read("gemeente", self.gemeente.as_deref(), |text| text.parse().ok())
    }

    /// Years from the first of the Wmo 2015 and the Jeugdwet.
    pub(crate) fn jaar(&self) -> Result<Option<i16>, Problem> {
        read("jaar", self.jaar.as_deref(), |text| text.parse().ok().filter(|jaar| (2015..=2100).contains(jaar)))
    }

    pub(crate) fn peildatum(&self) -> Result<Option<Date>, Problem> {
        read("peildatum", self.peildatum.as_deref(), |text| {
            parse_date(text).filter(|date| (2015..=2100).contains(&date.year()))
        })
    }

    /// The day at whose end what people wrote is asked for.
    pub(crate) fn stand(&self) -> Result<Option<Date>, Problem> {
        self.read("stand", |text| parse_date(text).filter(|date| (2015..=2100).contains(&date.year())))
    }

    /// Number of the page, from 1.
    pub(crate) fn pagina(&self) -> Result<usize, Problem> {
        let pagina = read("pagina", self.pagina.as_deref(), |text| {
            text.parse().ok().filter(|pagina| (1..=1_000_000).contains(pagina))
        })?;
        Ok(pagina.unwrap_or(1))
    }

    /// What only some pages know: a filter, or which table as which file. Empty is absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.other.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The same, read by `parse`.
    pub(crate) fn read<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        read(name, self.get(name), parse)
    }

    /// The address of another page with the same municipality, year and day, where given, in a language.
    pub(crate) fn link(&self, path: &str, language: Language) -> String {
        self.link_with(path, language, &[])
    }

    /// The same, with more to ask.
    pub(crate) fn link_with(&self, path: &str, language: Language, more: &[(&'static str, String)]) -> String {
        let given = self.given().into_iter();
        address(path, given.chain(more.iter().cloned()).chain(language_pair(language)))
    }

    /// The municipality, year and day, where given.
    fn given(&self) -> Vec<(&'static str, String)> {
        let pairs = [("gemeente", &self.gemeente), ("jaar", &self.jaar), ("peildatum", &self.peildatum)];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
    }

    /// What a form keeps so that it stays about the same, in a language.
    pub(crate) fn kept_with(&self, language: Language) -> Vec<(&'static str, String)> {
        self.given().into_iter().chain(language_pair(language)).collect()
    }
}

fn read<T>(
    parameter: &'static str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match parse(text) {
            Some(value) => Ok(Some(value)),
            None => Err(Problem::BadParameter { parameter, text: text.chars().take(60).collect() }),
        },
    }
}

/// What a page is about.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) gemeente: GemeenteCode,
    pub(crate) jaar: i16,
    pub(crate) peildatum: Date,
    /// The day at whose end what people wrote is shown, when it is not as it stands now.
    pub(crate) stand: Option<Date>,
    pub(crate) language: Language,
}

impl Scope {
    /// The address of a page about the same, with more to ask.
    pub(crate) fn link_with(&self, path: &str, more: &[(&'static str, String)]) -> String {
        address(path, self.mine().chain(more.iter().cloned()).chain(language_pair(self.language)))
    }

    fn mine(&self) -> impl Iterator<Item = (&'static str, String)> {
        let mine = [
            ("gemeente", self.gemeente.to_string()),
            ("jaar", self.jaar.to_string()),
            ("peildatum", self.peildatum.to_string()),
        ];
        mine.into_iter().chain(self.stand.map(|day| ("stand", day.to_string())))
    }

    /// What a form keeps so that it stays about the same.
    pub(crate) fn kept_with(&self) -> Vec<(&'static str, String)> {
        self.mine().chain(language_pair(self.language)).collect()
    }

    /// The address of a page about the same.
    pub(crate) fn link(&self, path: &str) -> String {
        self.link_with(path, &[])
    }
}

pub(crate) fn language_pair(language: Language) -> Option<(&'static str, String)> {
    (language == Language::En).then(|| ("taal", "en".to_owned()))
}

pub(crate) fn address(path: &str, pairs: impl Iterator<Item = (&'static str, String)>) -> String {
    let mut address = path.to_owned();
    for (number, (name, value)) in pairs.enumerate() {
        address.push(if number == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&percent_encode(&value));
    }
    address
}

/// The same address in the other language: everything else stays as it is, the page number too.
pub(crate) fn in_language(uri: &Uri, language: Language) -> String {
    let kept = uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("taal="));
    let query: Vec<&str> = kept.chain((language == Language::En).then_some("taal=en")).collect();
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), query.join("&")) }
}

/// The same address with these asked instead, and without those whose value is empty.
pub(crate) fn with(uri: &Uri, changed: &[(&str, &str)]) -> String {
    let is_changed = |pair: &&str| changed.iter().any(|(name, _)| pair.split('=').next() == Some(*name));
    let mut query: Vec<String> = uri
        .query()
        .unwrap_or("")
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_changed(pair))
        .map(str::to_owned)
        .collect();
    let given = changed.iter().filter(|(_, value)| !value.is_empty());
    query.extend(given.map(|(name, value)| format!("{name}={}", percent_encode(value))));
    if query.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), query.join("&")) }
}

/// What an address asks besides the municipality, the year, the day, the language and the page, for a form that keeps it.
pub(crate) fn kept(uri: &Uri) -> Vec<(String, String)> {
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else { return Vec::new() };
    let own = ["gemeente", "jaar", "peildatum", "taal", "pagina", "formaat", "tabel"];
    pairs.into_iter().filter(|(name, value)| !own.contains(&name.as_str()) && !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_language_keeps_the_rest() {
        let uri: Uri = "/prognose/jw/44?gemeente=0935&taal=en&pagina=3".parse().expect("an address");
        assert_eq!(in_language(&uri, Language::Nl), "/prognose/jw/44?gemeente=0935&pagina=3");
        assert_eq!(in_language(&uri, Language::En), "/prognose/jw/44?gemeente=0935&pagina=3&taal=en");
        assert_eq!(in_language(&"/berichten".parse().expect("an address"), Language::Nl), "/berichten");
    }

    #[test]
    fn what_can_not_be_read_is_said() {
        let asked = |uri: &str| Asked::of(&uri.parse().expect("an address"));
        assert!(asked("/?jaar=2025&gemeente=").is_ok_and(|a| a.jaar().is_ok_and(|j| j == Some(2025))));
        assert!(asked("/?gemeente=").is_ok_and(|a| a.gemeente().is_ok_and(|g| g.is_none())));
        for uri in ["/?jaar=12", "/?jaar=-1", "/?jaar=99999", "/?jaar=twee"] {
            assert!(asked(uri).is_ok_and(|a| a.jaar().is_err()), "{uri}");
        }
        assert!(asked("/?peildatum=2025-02-30").is_ok_and(|a| a.peildatum().is_err()));
        assert!(asked("/?pagina=0").is_ok_and(|a| a.pagina().is_err()));
        assert!(asked("/?jaar=1&jaar=2").is_err());
    }
}
