//! What is around every page: who, as known when, where.

use askama::Template;
use axum::http::Uri;
use grip_access::{
    Detail::{Lines, Providers, Totals},
    Need, Part, Rights, Role,
};
use grip_report::Language;

use crate::{
    App,
    address::{Asked, Scope, address, in_language, kept, language_pair},
    begin::role_name,
    pages, uitleg,
    words::{Words, words},
};

pub(crate) struct Frame {
    pub(crate) language: Language,
    pub(crate) title: String,
    pub(crate) style_href: String,
    pub(crate) script_href: String,
    /// The page one starts at.
    pub(crate) home_href: String,
    pub(crate) menu: Vec<MenuGroup>,
    /// The roles through whose eyes one can look: name in addresses, name, and whether one does.
    pub(crate) roles: Vec<(&'static str, &'static str, bool)>,
    /// Who signed in.
    pub(crate) account: Option<String>,
    /// The address of the page.
    pub(crate) here: String,
    rights: Rights,
    pub(crate) other_language_href: String,
    pub(crate) picker: Option<Picker>,
    pub(crate) crumbs: Vec<Crumb>,
    pub(crate) json_href: Option<String>,
    /// Whether there are figures of care on it.
    pub(crate) has_care: bool,
    /// What was looked for.
    pub(crate) sought: String,
    /// What the search keeps of the address.
    pub(crate) search_keeps: Vec<(&'static str, String)>,
}

/// Pages that belong together.
pub(crate) struct MenuGroup {
    pub(crate) name: &'static str,
    pub(crate) items: Vec<MenuItem>,
}

pub(crate) struct MenuItem {
    pub(crate) name: &'static str,
    path: &'static str,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// The choice of municipality, year and day.
pub(crate) struct Picker {
    pub(crate) action: String,
    pub(crate) gemeenten: Vec<String>,
    pub(crate) gemeente: String,
    pub(crate) jaren: Vec<i16>,
    pub(crate) jaar: i16,
    pub(crate) peildatum: String,
    /// Whether figures are as known at the end of a month, whatever day is asked.
    pub(crate) is_by_month: bool,
    /// What else the address asks.
    pub(crate) kept: Vec<(String, String)>,
}

/// A step on the way to this page; without an address it is the page itself.
pub(crate) struct Crumb {
    pub(crate) name: String,
    pub(crate) href: Option<String>,
}

impl Frame {
    pub(crate) fn new(app: &App, uri: &Uri, title: String) -> Self {
        let language = Asked::of(uri).unwrap_or_default().language();
        let words = words(language);
        let item = |name, path, part, detail| {
            let is_seen = app.rights().may_somewhere(Need::read(part, detail));
            is_seen.then(|| MenuItem {
                name,
                path,
                href: Asked::default().link(path, language),
                current: uri.path().starts_with(path),
            })
        };
        let group =
            |name, items: [Option<MenuItem>; 6]| MenuGroup { name, items: items.into_iter().flatten().collect() };
        let roles = app.visitor.rights.roles();
        let role = |role: Role| (role.as_str(), role_name(role, language), app.visitor.looks_as == Some(role));
        Self {
            language,
            title,
            style_href: app.style.href(),
            script_href: app.script.href(),
            home_href: Asked::default().link("/", language),
            menu: [
                group(
                    words.menu_figures,
                    [
                        item(words.forecast, "/prognose", Part::Forecast, Totals),
                        item(words.money, "/geld", Part::Money, Totals),
                        item(words.care, "/zorg", Part::Care, Totals),
                        item(words.comparison, "/vergelijking", Part::Comparison, Totals),
                        item(words.signals, "/signalen", Part::Signals, Providers),
                        item(words.indicators, "/indicatoren", Part::Indicators, Totals),
                    ],
                ),
                group(
                    words.menu_steering,
                    [
                        item(words.policy, "/beleid", Part::Policy, Totals),
                        item(words.measures, "/maatregelen", Part::Measures, Totals),
                        item(words.programme, "/programma", Part::Programme, Totals),
                        item(words.decisions, "/besluiten", Part::Decisions, Totals),
                        item(words.register, "/register", Part::Questions, Totals),
                        item(words.reports, "/rapporten", Part::Questions, Totals),
                    ],
                ),
                group(
                    words.menu_management,
                    [
                        item(words.data, "/gegevens", Part::Data, Totals),
                        item(words.messages, "/berichten", Part::Data, Providers),
                        item(words.insight, "/inzage", Part::Persons, Lines),
                        item(words.accounts, "/beheer/accounts", Part::Accounts, Totals),
                        item(words.deeds, "/beheer/handelingen", Part::Audit, Totals)
                            .filter(|_| app.accounts().is_some()),
                        None,
                    ],
                ),
            ]
            .into_iter()
            .filter(|group| !group.items.is_empty())
            .collect(),
            roles: if roles.len() > 1 { roles.into_iter().map(role).collect() } else { Vec::new() },
            account: app.visitor.account.as_ref().map(ToString::to_string),
            here: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            rights: app.rights().clone(),
            other_language_href: in_language(uri, other(language)),
            picker: None,
            crumbs: Vec::new(),
            json_href: None,
            has_care: true,
            sought: String::new(),
            search_keeps: language_pair(language).into_iter().collect(),
        }
    }

    /// With links that keep the municipality, year and day that were asked.
    pub(crate) fn keeping(mut self, asked: &Asked) -> Self {
        for item in self.menu.iter_mut().flat_map(|group| &mut group.items) {
            item.href = asked.link(item.path, self.language);
        }
        self.home_href = asked.link("/", self.language);
        self.search_keeps = asked.kept_with(self.language);
        self
    }

    /// With the choice of what the page is about, and the way to it.
    pub(crate) fn about(mut self, about: &About<'_>, uri: &Uri, crumbs: Vec<Crumb>) -> Self {
        let scope = about.scope;
        for item in self.menu.iter_mut().flat_map(|group| &mut group.items) {
            item.href = scope.link(item.path);
        }
        self.home_href = scope.link("/");
        self.search_keeps = scope.kept_with();
        let around = scope.peildatum.year();
        let mut jaren: Vec<i16> = (around - 4..=around).chain([scope.jaar]).collect();
        jaren.sort_unstable();
        jaren.dedup();
        self.picker = Some(Picker {
            action: uri.path().to_owned(),
            gemeenten: about.gemeenten.iter().map(ToString::to_string).collect(),
            gemeente: scope.gemeente.to_string(),
            jaren,
            jaar: scope.jaar,
            peildatum: scope.peildatum.to_string(),
            is_by_month: !self.rights.may(Need::read(Part::Indicators, Lines), scope.gemeente),
            kept: kept(uri),
        });
        self.crumbs = crumbs;
        self.json_href = pages::for_programs(uri.path()).map(|path| match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        });
        self
    }

    /// Of a page that shows no figures of care, and is not an answer of the API.
    pub(crate) fn without_care(self) -> Self {
        Self { json_href: None, has_care: false, ..self }
    }

    /// Whether whoever asks may go where an address leads.
    pub(crate) fn goes(&self, href: &str) -> bool {
        pages::need_of(href).is_none_or(|need| self.rights.may_somewhere(need))
    }

    /// Where a word is explained; nothing when it is none that has to be.
    pub(crate) fn explains(&self, name: &str) -> Option<String> {
        uitleg::explains(name, self.language).map(|anchor| self.explained_at(anchor))
    }

    /// Where the word at a place of the page of explanations is explained.
    pub(crate) fn explained_at(&self, anchor: &str) -> String {
        format!("{}#{anchor}", self.link("/uitleg"))
    }

    /// Where the tour begins.
    pub(crate) fn tour_href(&self) -> String {
        address("/", self.search_keeps.iter().cloned().chain([("rondleiding", "1".to_owned())]))
    }

    /// An address about the same municipality, year and day.
    pub(crate) fn link(&self, path: &str) -> String {
        address(path, self.search_keeps.iter().cloned())
    }

    /// An address, when whoever asks may go there.
    pub(crate) fn leads<'h>(&self, href: Option<&'h str>) -> Option<&'h str> {
        href.filter(|href| self.goes(href))
    }

    pub(crate) fn words(&self) -> &'static Words {
        words(self.language)
    }

    pub(crate) fn other_language(&self) -> Language {
        other(self.language)
    }
}

/// What there is to see before the first message.
#[derive(Template)]
#[template(path = "empty.html")]
pub(crate) struct EmptyPage {
    pub(crate) frame: Frame,
}

/// What a page is about and what it could be about.
pub(crate) struct About<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) gemeenten: &'a [grip_types::GemeenteCode],
}

fn other(language: Language) -> Language {
    match language {
        Language::Nl => Language::En,
        Language::En => Language::Nl,
    }
}
