//! The page of one object: what stands there, what names it, and how it came to be so.

use axum::{extract::Path, http::Uri, response::Response};
use grip_policy::{Dossier, GEMEENTE, Kind, Texts, changed, kinds};
use grip_register::{Action, ObjectId, Version};
use grip_report::{Cell, Column, Language, Table, TableRow};

use crate::{
    App,
    address::{Scope, with},
    document::{Block, Document, Group, Groups, Links, Notice, Opened, WithTables},
    problem::Problem,
    register::{
        capital, dossier, entry, form_link, frame, kind_of, may_write, object_link, open,
        shown::{Showing, said},
        stand_notice, undo, view,
    },
    sentences::long_date,
    vragen,
    words::say,
};

/// What is shown of an object.
struct Looked<'l> {
    kind: &'static Kind,
    /// Every version, the first first.
    history: &'l [Version<Texts>],
    /// The version that is shown.
    shown: &'l Version<Texts>,
}

impl Looked<'_> {
    fn last(&self) -> &Version<Texts> {
        self.history.last().unwrap_or(self.shown)
    }

    fn is_last(&self) -> bool {
        self.shown.number == self.last().number
    }

    fn name(&self) -> &str {
        self.shown.content.get("name").map_or("", String::as_str)
    }
}

/// The versions of the object that an address names, of this kind and municipality.
pub(crate) async fn history_of(
    app: &App,
    scope: &Scope,
    kind: &Kind,
    id: &str,
) -> Result<Vec<Version<Texts>>, Problem> {
    let id: ObjectId = id.parse().map_err(|_| Problem::NotFound)?;
    let history = grip_policy::history(&view(app, scope).await?, id).await?;
    let last = history.last().ok_or(Problem::NotFound)?;
    let is_here = last.content.get(GEMEENTE).is_some_and(|code| *code == scope.gemeente.to_string());
    if last.kind == kind.name && is_here { Ok(history) } else { Err(Problem::NotFound) }
}

/// `/register/{kind}/{id}`
pub(crate) async fn show(app: App, Path((kind, id)): Path<(String, String)>, uri: Uri) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let language = scope.language;
    let history = history_of(&app, scope, kind, &id).await?;
    let asked = opened.asked.read("versie", |text| text.parse::<i64>().ok())?;
    let shown = match asked {
        None => history.last(),
        Some(number) => history.iter().find(|version| version.number == number),
    };
    let looked = Looked { kind, history: &history, shown: shown.ok_or(Problem::NotFound)? };
    let dossier = dossier(&app, scope).await?;
    let texts: Vec<&str> =
        history.iter().flat_map(|version| kind.references().map(|it| text(&version.content, it.name))).collect();
    let showing = Showing::new(&dossier, app.catalogue(), scope).with_gone(&view(&app, scope).await?, &texts).await?;
    let frame = frame(&app, &opened, &uri, looked.name(), Some(kind), vec![(looked.name().to_owned(), None)]);
    let lede = capital(said(kind.one, language));
    // What was just kept is said once, not again to who comes back from elsewhere.
    let here: Uri = with(&uri, &[("bewaard", "")]).parse().unwrap_or_else(|_| uri.clone());
    let mut document = Document::new(frame, &here, looked.name(), format!("{lede}."));
    document.blocks.extend(stand_notice(&opened, &uri));
    document.blocks.extend(notices(&looked, &opened));
    let fields = kind.fields.iter().skip(1).filter_map(|field| showing.shown(field, &looked.shown.content));
    document.blocks.push(Block::Record(fields.collect()));
    document.blocks.push(Block::Groups(naming(&dossier, looked.shown.id, scope)));
    if looked.is_last() && scope.stand.is_none() && !looked.shown.withdrawn {
        document.blocks.extend(onward(&looked, scope));
    }
    document.blocks.push(Block::Table(history_table(&looked, &showing)));
    if looked.is_last() && scope.stand.is_none() && may_write(&app, scope.gemeente, kind) {
        document.blocks.push(Block::Form(undo::form(kind, &history, &showing, opened.asked.get("naam"))));
    }
    let about = vragen::chart(&format!("register/{}/{}", kind.name, looked.shown.id), &[]);
    document.blocks.extend(vragen::on(&app, &opened, &here, about).await?);
    document.respond(&opened.asked)
}

fn text<'t>(texts: &'t Texts, field: &str) -> &'t str {
    texts.get(field).map_or("", String::as_str)
}

/// What just happened to it, that it was withdrawn, and that an earlier version is shown.
fn notices(looked: &Looked<'_>, opened: &Opened) -> Vec<Block> {
    let scope = &opened.scope;
    let language = scope.language;
    let (kind, shown) = (looked.kind, looked.shown);
    let now = object_link(scope, kind.name, shown.id);
    let mut blocks = Vec::new();
    if opened.asked.get("bewaard") == Some(&looked.last().number.to_string()) && looked.is_last() {
        let text = match shown.action {
            Action::Create | Action::Change => say(language, "Bewaard.", "Kept."),
            Action::Withdraw => say(language, "Ingetrokken.", "Withdrawn."),
            Action::Undo => say(language, "Ongedaan gemaakt.", "Undone."),
        };
        let drafts = [entry::draft_name(scope, kind, None), entry::draft_name(scope, kind, Some(shown.id))];
        let form = undo::button(kind, shown.id, shown.number, scope, opened.asked.get("naam"));
        blocks.push(Block::Notice(Notice { text, form, saved: drafts.join(" "), ..Notice::default() }));
    }
    if shown.withdrawn {
        let day = long_date(vragen::day_of(shown.by.at), language);
        let text = match language {
            Language::Nl => format!("Dit is ingetrokken op {day} door {}. Het telt nergens meer mee.", shown.by.actor),
            Language::En => format!("This was withdrawn on {day} by {}. It no longer counts anywhere.", shown.by.actor),
        };
        blocks.push(Block::Notice(Notice { text, ..Notice::default() }));
    }
    if !looked.is_last() {
        let day = long_date(vragen::day_of(shown.by.at), language);
        let text = match language {
            Language::Nl => format!("Dit is versie {}, van {day}. Er is een latere.", shown.number),
            Language::En => format!("This is version {}, of {day}. There is a later one.", shown.number),
        };
        let link = Some((say(language, "Toon zoals het nu is", "Show it as it is now"), now));
        blocks.push(Block::Notice(Notice { text, links: link.into_iter().collect(), ..Notice::default() }));
        if !looked.last().withdrawn && scope.stand.is_none() {
            let again = scope.link_with(
                &format!("/register/{}/{}/wijzig", kind.name, shown.id),
                &[("versie", shown.number.to_string())],
            );
            blocks.push(Block::Links(Links {
                title: say(language, "Terug naar deze versie", "Back to this version"),
                links: vec![(
                    say(language, "Begin een wijziging met deze versie", "Begin a change with this version"),
                    again,
                )],
            }));
        }
    }
    blocks
}

/// What names an object, by kind and field.
pub(crate) fn naming(dossier: &Dossier, id: ObjectId, scope: &Scope) -> Groups {
    let language = scope.language;
    let mut groups: Vec<Group> = Vec::new();
    for (entry, field) in dossier.naming(id) {
        let label = entry.kind.field(field).map_or("", |field| said(field.label, language));
        let name = format!("{} ({})", capital(said(entry.kind.many, language)), label.to_lowercase());
        let link = (entry.name().to_owned(), object_link(scope, entry.kind.name, entry.version.id));
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.links.push(link),
            None => groups.push(Group { name, links: vec![link] }),
        }
    }
    Groups {
        title: say(language, "Wat hiernaar verwijst", "What refers to this"),
        empty: say(language, "Nog niets.", "Nothing yet."),
        groups,
    }
}

/// What can be done with an object: change it, or make something that names it.
fn onward(looked: &Looked<'_>, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let (kind, id) = (looked.kind, looked.shown.id);
    let withdraw = scope.link(&format!("/register/{}/{id}/intrekken", kind.name));
    let own = vec![
        (say(language, "Wijzig dit", "Change this"), form_link(scope, kind, Some(id))),
        (say(language, "Trek dit in", "Withdraw this"), withdraw),
    ];
    let new = kinds().flat_map(|other| {
        let naming = other.references().filter(move |field| {
            matches!(field.input, grip_policy::Input::One(named) | grip_policy::Input::Many(named) if named == kind.name)
        });
        naming.map(move |field| {
            let (one, label) = (said(other.one, language), said(field.label, language).to_lowercase());
            let href = scope.link_with(&format!("/register/{}/nieuw", other.name), &[(field.name, id.to_string())]);
            (format!("{} ({label})", capital(one)), href)
        })
    });
    let new: Vec<(String, String)> = new.collect();
    let mut blocks = vec![Block::Links(Links { title: say(language, "Wijzig", "Change"), links: own })];
    if !new.is_empty() {
        blocks
            .push(Block::Links(Links { title: say(language, "Maak nieuw bij dit", "Make new with this"), links: new }));
    }
    blocks
}

/// Characters of a long text in the history, at most.
const LONG: usize = 300;

/// Who changed what, when and why: a row for each field that changed, the last change first.
fn history_table(looked: &Looked<'_>, showing: &Showing<'_>) -> Table {
    let scope = showing.scope;
    let language = scope.language;
    let nothing = Texts::new();
    let mut rows = Vec::new();
    for (at, version) in looked.history.iter().enumerate().rev() {
        let before =
            at.checked_sub(1).and_then(|at| looked.history.get(at)).map_or(&nothing, |version| &version.content);
        let href = scope.link_with(
            &format!("/register/{}/{}", looked.kind.name, version.id),
            &[("versie", version.number.to_string())],
        );
        let who = [
            Cell::text(vragen::day_of(version.by.at).to_string()),
            Cell::text(version.by.actor.to_string()),
            Cell::text(action(version, language)),
            Cell::text(version.by.reason.clone()),
        ];
        let fields = changed(looked.kind, before, &version.content);
        let head = |cells: Vec<Cell>| TableRow::new(version.number.to_string(), cells).linked(href.clone());
        if fields.is_empty() {
            rows.push(head(who.into_iter().chain([Cell::Nothing, Cell::Nothing, Cell::Nothing]).collect()));
            continue;
        }
        for field in fields {
            let shown = |texts: &Texts| match short(&showing.plain(field, text(texts, field.name))) {
                text if text.is_empty() => Cell::Nothing,
                text => Cell::Text(text),
            };
            let what = [Cell::text(said(field.label, language)), shown(before), shown(&version.content)];
            rows.push(head(who.iter().cloned().chain(what).collect()));
        }
    }
    Table {
        id: "geschiedenis".to_owned(),
        title: say(language, "Geschiedenis", "History"),
        note: say(
            language,
            "Niets gaat verloren: elke versie is te openen.",
            "Nothing is lost: every version can be opened.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "Versie", "Version")),
            Column::kept(say(language, "Wanneer", "When")),
            Column::text(say(language, "Wie", "Who")),
            Column::text(say(language, "Wat", "What")),
            Column::text(say(language, "Waarom", "Why")),
            Column::text(say(language, "Veld", "Field")),
            Column::text(say(language, "Was", "Was")),
            Column::text(say(language, "Werd", "Became")),
        ],
        total: None,
        rows,
    }
}

fn short(text: &str) -> String {
    let short: String = text.chars().take(LONG).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// What was done by a version.
pub(crate) fn action(version: &Version<Texts>, language: Language) -> String {
    match version.action {
        Action::Create => say(language, "gemaakt", "made"),
        Action::Change => say(language, "gewijzigd", "changed"),
        Action::Withdraw => say(language, "ingetrokken", "withdrawn"),
        Action::Undo if version.withdrawn => say(language, "ongedaan gemaakt: ingetrokken", "undone: withdrawn"),
        Action::Undo => say(language, "ongedaan gemaakt", "undone"),
    }
}
