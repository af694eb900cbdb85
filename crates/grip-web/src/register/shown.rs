//! How what stands in a field is shown: names of what it names, labels of what was chosen, Markdown as text.

use std::collections::BTreeMap;

use grip_pipeline::Catalogue;
use grip_policy::{Dossier, Field, Filters, Input, Said, Value};
use grip_register::{ObjectId, View};
use grip_report::{Cell, Language};
use grip_types::{Bedrag, parse_date};

use crate::{
    address::{Scope, percent_encode},
    dress::dressed,
    problem::Problem,
    register::{markdown, object_link},
    sentences::long_date,
    words::say,
};

/// What is needed to show fields.
pub(crate) struct Showing<'s> {
    pub(crate) dossier: &'s Dossier,
    pub(crate) catalogue: &'s Catalogue,
    pub(crate) scope: &'s Scope,
    /// What is named and was withdrawn: its kind and its name.
    pub(crate) gone: BTreeMap<ObjectId, (String, String)>,
}

/// A field as it is shown.
pub(crate) struct ShownField {
    pub(crate) name: &'static str,
    pub(crate) value: Shown,
}

pub(crate) enum Shown {
    Text(String),
    /// Safe HTML.
    Html(String),
    /// Names with addresses.
    Links(Vec<(String, String)>),
}

/// One of two texts.
pub(crate) fn said(said: Said, language: Language) -> &'static str {
    if language == Language::Nl { said.nl } else { said.en }
}

impl<'s> Showing<'s> {
    pub(crate) fn new(dossier: &'s Dossier, catalogue: &'s Catalogue, scope: &'s Scope) -> Self {
        Self { dossier, catalogue, scope, gone: BTreeMap::new() }
    }

    /// The same, which also knows the names of what was withdrawn.
    pub(crate) async fn with_gone(mut self, view: &View<'_>, texts: &[&str]) -> Result<Self, Problem> {
        let ids = texts.iter().flat_map(|text| text.split_whitespace()).filter_map(|id| id.parse::<ObjectId>().ok());
        for id in ids.filter(|id| self.dossier.get(*id).is_none()) {
            if let Some(version) = grip_policy::history(view, id).await?.pop() {
                let name = version.content.get("name").cloned().unwrap_or_default();
                self.gone.insert(id, (version.kind, name));
            }
        }
        Ok(self)
    }

    fn language(&self) -> Language {
        self.scope.language
    }

    /// The objects that a text names, with their addresses.
    fn named(&self, text: &str) -> Vec<(String, Option<String>)> {
        let name = |id: &str| {
            let Ok(id) = id.parse::<ObjectId>() else { return (id.to_owned(), None) };
            if let Some(entry) = self.dossier.get(id) {
                return (entry.name().to_owned(), Some(object_link(self.scope, entry.kind.name, id)));
            }
            let withdrawn = say(self.language(), "ingetrokken", "withdrawn");
            match self.gone.get(&id) {
                Some((kind, name)) => (format!("{name} ({withdrawn})"), Some(object_link(self.scope, kind, id))),
                None => (withdrawn, None),
            }
        };
        text.split_whitespace().map(name).collect()
    }

    /// What an indicator is called.
    pub(crate) fn indicator(&self, id: &str) -> String {
        self.catalogue.get(id).map_or_else(
            |_| id.to_owned(),
            |indicator| if self.language() == Language::Nl { &indicator.naam } else { &indicator.name }.clone(),
        )
    }

    /// What stands in a field, in words; empty when nothing does.
    pub(crate) fn plain(&self, field: &Field, text: &str) -> String {
        let language = self.language();
        if text.is_empty() {
            return if field.input == Input::YesNo { say(language, "nee", "no") } else { String::new() };
        }
        match field.input {
            Input::Choice(choices) => {
                let chosen = choices.iter().find(|choice| choice.value == text);
                chosen.map_or_else(|| text.to_owned(), |choice| say(language, choice.nl, choice.en))
            }
            Input::YesNo => say(language, "ja", "yes"),
            Input::One(_) | Input::Many(_) => {
                let names: Vec<String> = self.named(text).into_iter().map(|(name, _)| name).collect();
                grip_policy::sheet::joined(&names, text)
            }
            Input::Indicator => self.indicator(text),
            Input::Amount => Bedrag::parse_euros(text)
                .map_or_else(|| text.to_owned(), |amount| Cell::Cents(amount.cents).shown(language)),
            Input::Day => parse_date(text).map_or_else(|| text.to_owned(), |day| long_date(day, language)),
            Input::Line
            | Input::Text
            | Input::Month
            | Input::Year
            | Input::Number
            | Input::Filters
            | Input::YearValues => text.to_owned(),
        }
    }

    /// What stands in a field, for a page about the object.
    pub(crate) fn shown(&self, field: &'static Field, content: &grip_policy::Texts) -> Option<ShownField> {
        let text = content.get(field.name).map_or("", String::as_str);
        let plain = || self.plain(field, text);
        let value = match field.input {
            _ if text.is_empty() && field.input != Input::YesNo => return None,
            Input::Text => Shown::Html(dressed(&markdown::html(text))),
            Input::One(_) | Input::Many(_) => {
                let named = self.named(text).into_iter();
                Shown::Links(named.map(|(name, href)| (name, href.unwrap_or_default())).collect())
            }
            Input::Indicator => {
                let filters = content.get("filters").map_or("", String::as_str);
                Shown::Links(vec![(plain(), self.indicator_link(text, filters))])
            }
            _ => Shown::Text(plain()),
        };
        Some(ShownField { name: said(field.label, self.language()), value })
    }

    /// The page of an indicator with its filters.
    fn indicator_link(&self, id: &str, filters: &str) -> String {
        if self.catalogue.get(id).is_err() {
            return String::new();
        }
        let page = self.scope.link(&format!("/indicatoren/{}", percent_encode(id)));
        let filters = Filters::read(filters).unwrap_or_default().0;
        let more: Vec<(&str, &str)> = filters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        page.parse().map_or(page, |uri| crate::address::with(&uri, &more))
    }

    /// What stands in a field, for a table.
    pub(crate) fn cell(&self, field: &Field, text: &str) -> Cell {
        if text.is_empty() && field.input != Input::YesNo {
            return Cell::Nothing;
        }
        match field.input {
            Input::Amount => {
                Bedrag::parse_euros(text).map_or_else(|| Cell::text(text), |amount| Cell::Cents(amount.cents))
            }
            Input::One(_) => match self.named(text).pop() {
                Some((text, Some(href))) => Cell::Link { text, href },
                Some((text, None)) => Cell::Text(text),
                None => Cell::Nothing,
            },
            Input::Indicator => match self.indicator_link(text, "") {
                href if href.is_empty() => Cell::text(text),
                href => Cell::Link { text: self.indicator(text), href },
            },
            Input::Day => Cell::text(text),
            _ => Cell::Text(self.plain(field, text)),
        }
    }
}
