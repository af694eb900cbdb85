//! The policy theory of a theme: a graph, its links with what founds them and what the data says, and what changed in it.

use std::collections::BTreeMap;

use axum::{http::Uri, response::Response};
use grip_pipeline::{Across, BeforeAfter, Grain, LinkTest, before_after, link_test};
use grip_policy::{
    Contradiction, Dossier, Evidence, Favours, Number, Object, One, Reasoning, Sign, Texts, Theme, TheoryLink,
    TheoryPart, history, reasoning, withdrawn,
};
use grip_register::{ObjectId, Version};
use grip_report::{Arrow, ArrowLook, Cell, Chart, Column, Graph, GraphBox, GraphLayer, Language, Table, TableRow};

use super::{
    chosen, courses, direction, frame, here, indicator_link, list, onward, text, to,
    toetsen::{self, verdict},
};
use crate::{
    App,
    address::Scope,
    document::{Block, ChartBlock, Document, Filter, Links, Text, WithTables},
    problem::Problem,
    prognose::drawings::both,
    register,
    vragen::day_of,
    words::say,
};

/// Versions that the table of changes shows.
const CHANGES_SHOWN: usize = 100;

/// The theory of one theme.
struct Theory {
    parts: Vec<Version<TheoryPart>>,
    links: Vec<Version<TheoryLink>>,
    drawn: Reasoning,
    /// What the data says, of links between two parts with an indicator.
    tests: BTreeMap<ObjectId, LinkTest>,
    /// The same, of links that say when the cause turned.
    turned: BTreeMap<ObjectId, BeforeAfter>,
    /// What other municipalities say, of links between two parts with a public figure.
    across: BTreeMap<ObjectId, Option<Across>>,
}

/// `/beleid/theorie`
pub(super) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let themes = list::<Theme>(&dossier)?;
    let asked = opened.asked.get("thema");
    let theme = match asked {
        None => first_with_theory(&dossier, &themes)?,
        Some(id) => Some(themes.iter().find(|theme| theme.id.to_string() == id).ok_or(Problem::NotFound)?),
    };
    let name = theme.map(|theme| theme.content.name.0.as_str()).unwrap_or_default();
    let title = match (name, language) {
        ("", _) => say(language, "Hoe wij denken dat het werkt", "How we think it works"),
        (name, Language::Nl) => format!("Hoe wij denken dat het werkt: {name}"),
        (name, Language::En) => format!("How we think it works: {name}"),
    };
    let lede = say(
        language,
        "De redeneerlijn van middelen naar effect, met bij elke stap hoe goed die is onderbouwd. Wat de cijfers zeggen past erbij of niet; het bewijst niets.",
        "The line of reasoning from means to effect, with how well each step is founded. What the figures say fits or does not; it proves nothing.",
    );
    let below = here(&say(language, "beleidstheorie", "policy theory"));
    let mut document = Document::new(frame(&opened, &app, &uri, &title, below), &uri, title.clone(), lede);
    document.filters = vec![Filter {
        name: "thema",
        label: say(language, "Thema", "Theme"),
        options: themes.iter().map(|theme| (theme.id.to_string(), theme.content.name.0.clone())).collect(),
        chosen: theme.map(|theme| theme.id.to_string()).unwrap_or_default(),
    }];
    let Some(theme) = theme else {
        document.filters.clear();
        document.blocks = vec![nothing(&scope, None), onward(&scope)];
        return document.respond(&opened.asked);
    };
    let theory = theory(&app, &scope, &dossier, theme.id).await?;
    if theory.parts.is_empty() {
        document.blocks = vec![nothing(&scope, Some(theme.id)), onward(&scope)];
        return document.respond(&opened.asked);
    }
    document.blocks.push(graph(&theory, &title, &scope));
    document.blocks.push(Block::Table(link_table(&theory, &dossier, &scope)));
    document.blocks.push(toetsen::before_after(&theory.links, &theory.turned, &scope));
    document.blocks.push(toetsen::compared(&theory.links, &theory.across, &scope));
    document.blocks.extend(weak(&theory, &dossier, &scope));
    document.blocks.push(Block::Table(part_table(&theory, &scope)));
    document.blocks.push(Block::Table(change_table(&app, &theory, theme.id, &scope).await?));
    document.blocks.push(add(&scope, theme.id));
    document.blocks.push(onward(&scope));
    document.respond(&opened.asked)
}

/// The first theme with a part, else the first.
fn first_with_theory<'t>(
    dossier: &Dossier,
    themes: &'t [Version<Theme>],
) -> Result<Option<&'t Version<Theme>>, Problem> {
    let parts = list::<TheoryPart>(dossier)?;
    let has = |theme: &&Version<Theme>| parts.iter().any(|part| part.content.theme.0 == theme.id);
    Ok(themes.iter().find(has).or_else(|| themes.first()))
}

fn nothing(scope: &Scope, theme: Option<ObjectId>) -> Block {
    let language = scope.language;
    let title = say(
        language,
        "Er is nog geen beleidstheorie. Begin met wat erin gaat (geld, mensen) en wat het moet opleveren.",
        "There is no policy theory yet. Begin with what goes in (money, people) and what it should bring.",
    );
    match theme {
        Some(theme) => match add(scope, theme) {
            Block::Links(links) => Block::Links(Links { title, ..links }),
            other => other,
        },
        None => Block::Links(Links {
            title,
            links: vec![(say(language, "Nieuw thema", "New theme"), register::new_link::<Theme>(scope, &[]))],
        }),
    }
}

fn add(scope: &Scope, theme: ObjectId) -> Block {
    let language = scope.language;
    Block::Links(Links {
        title: say(language, "Toevoegen", "Add"),
        links: vec![
            (
                say(language, "Nieuw onderdeel", "New part"),
                register::new_link::<TheoryPart>(scope, &[("theme", theme.to_string())]),
            ),
            (say(language, "Nieuwe veronderstelling", "New assumption"), register::new_link::<TheoryLink>(scope, &[])),
        ],
    })
}

async fn theory(app: &App, scope: &Scope, dossier: &Dossier, theme: ObjectId) -> Result<Theory, Problem> {
    let mut parts = list::<TheoryPart>(dossier)?;
    parts.retain(|part| part.content.theme.0 == theme);
    let mut links = list::<TheoryLink>(dossier)?;
    let is_own = |one: One<TheoryPart>| parts.iter().any(|part| part.id == one.0);
    links.retain(|link| is_own(link.content.from) && is_own(link.content.to));
    let favours: BTreeMap<ObjectId, Favours> =
        parts.iter().filter_map(|part| Some((part.id, direction(app, &part.content.indicator.as_ref()?.0)?))).collect();
    let drawn = reasoning(&parts, &links, &favours);
    let wanted = parts
        .iter()
        .map(|part| (part.content.indicator.as_ref().map(|id| id.0.clone()), part.content.filters.clone()))
        .collect();
    let found = courses(app, scope, wanted, Grain::Maand).await?;
    let courses: BTreeMap<ObjectId, _> = parts.iter().map(|part| part.id).zip(found).collect();
    let (mut tests, mut turned) = (BTreeMap::new(), BTreeMap::new());
    for link in &links {
        let it = &link.content;
        let of = |id: ObjectId| courses.get(&id)?.as_ref();
        let (Some(cause), Some(effect)) = (of(it.from.0), of(it.to.0)) else { continue };
        let (is_more, months) = (it.sign == Sign::More, it.months.map(|Number(months)| months));
        tests.insert(link.id, link_test(cause, effect, is_more, months));
        if let Some(since) = it.since {
            turned.insert(link.id, before_after(cause, effect, is_more, since, months));
        }
    }
    let across = toetsen::across(app, scope, &parts, &links).await?;
    Ok(Theory { parts, links, drawn, tests, turned, across })
}

impl Theory {
    fn part(&self, id: ObjectId) -> Option<&TheoryPart> {
        self.parts.iter().find(|part| part.id == id).map(|part| &part.content)
    }

    fn part_name(&self, id: ObjectId) -> String {
        self.part(id).map_or(String::new(), |part| part.name.0.clone())
    }
}

fn graph(theory: &Theory, title: &str, scope: &Scope) -> Block {
    let language = scope.language;
    let order: Vec<ObjectId> = theory.drawn.layers.iter().flat_map(|(_, parts)| parts.iter().copied()).collect();
    let place = |id: ObjectId| order.iter().position(|one| *one == id);
    let own = |id: &ObjectId| {
        let part = theory.part(*id)?;
        let note = match &part.indicator {
            Some(_) => String::new(),
            None => say(language, "geen indicator", "no indicator"),
        };
        Some(GraphBox { name: part.name.0.clone(), note, href: Some(to::<TheoryPart>(scope, *id)) })
    };
    let layer = |(layer, parts): &(grip_policy::Layer, Vec<ObjectId>)| GraphLayer {
        name: chosen(layer.choice(), language),
        boxes: parts.iter().filter_map(own).collect(),
    };
    let arrow = |link: &Version<TheoryLink>| {
        let it = &link.content;
        let look = match it.evidence {
            Evidence::Assumed => ArrowLook::Dashed,
            Evidence::Refuted => ArrowLook::Dotted,
            Evidence::Experience | Evidence::Elsewhere | Evidence::Here => ArrowLook::Full,
        };
        let sign = if it.sign == Sign::More { "+" } else { "−" };
        let says = format!(
            "{} ({}, {})",
            theory.part_name(it.to.0),
            chosen(it.sign.choice(), language),
            chosen(it.evidence.choice(), language)
        );
        Some(Arrow { from: place(it.from.0)?, to: place(it.to.0)?, look, sign: sign.to_owned(), says })
    };
    let (parts, links) = (theory.parts.len(), theory.links.len());
    let description = match language {
        Language::Nl => format!(
            "Schema van {parts} onderdelen van input naar impact met {links} veronderstellingen als pijlen. Een onderbroken pijl is een aanname, een stippellijn met een streep is weersproken, een dwarsstreep voor de punt betekent: hoe meer, hoe minder. De tabel hieronder zegt hetzelfde."
        ),
        Language::En => format!(
            "Diagram of {parts} parts from input to impact with {links} assumptions as arrows. A dashed arrow is an assumption, a dotted one with a stroke is contradicted, a bar before the point means: the more, the less. The table below says the same."
        ),
    };
    let chart = Chart::Graph(Graph {
        id: "theorie".to_owned(),
        title: title.to_owned(),
        description,
        language,
        layers: theory.drawn.layers.iter().filter(|(_, parts)| !parts.is_empty()).map(layer).collect(),
        arrows: theory.links.iter().filter_map(arrow).collect(),
    });
    let rows = theory.links.iter().map(|link| {
        let it = &link.content;
        let cells = vec![
            Cell::text(chosen(it.sign.choice(), language)),
            Cell::text(theory.part_name(it.to.0)),
            Cell::text(chosen(it.evidence.choice(), language)),
        ];
        TableRow { is_dutch: true, ..TableRow::new(theory.part_name(it.from.0), cells) }
    });
    let table = Table {
        id: "schema".to_owned(),
        title: say(language, "De pijlen van het schema", "The arrows of the diagram"),
        note: say(
            language,
            "Onderbroken: aanname. Stippellijn met streep: weersproken. Dwarsstreep: hoe meer, hoe minder.",
            "Dashed: assumption. Dotted with a stroke: contradicted. Bar: the more, the less.",
        ),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "van", "from")),
            Column::text(say(language, "verband", "relation")),
            Column::text(say(language, "naar", "to")),
            Column::text(say(language, "onderbouwing", "evidence")),
        ],
        rows: rows.collect(),
        total: None,
    };
    Block::Chart(ChartBlock { drawings: both(title.to_owned(), &chart), table })
}

fn link_table(theory: &Theory, dossier: &Dossier, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |link: &Version<TheoryLink>| {
        let it = &link.content;
        let part = |id: ObjectId| Cell::Link {
            text: dossier.name(id).unwrap_or_default().to_owned(),
            href: to::<TheoryPart>(scope, id),
        };
        let test = theory.tests.get(&link.id);
        let clearest = test.and_then(|test| test.clearest);
        let cells =
            vec![
                part(it.from.0),
                part(it.to.0),
                Cell::text(chosen(it.sign.choice(), language)),
                Cell::text(chosen(it.evidence.choice(), language)),
                Cell::text(test.map_or_else(
                    || say(language, "niet getoetst", "not tested"),
                    |test| verdict(test.verdict, language),
                )),
                Cell::of(clearest, |lag| Cell::Real(lag.correlation, 2)),
                Cell::of(clearest, |lag| {
                    Cell::text(format!("{} – {}", text::number(lag.low, language), text::number(lag.high, language)))
                }),
                Cell::of(clearest, |lag| Cell::Count(i64::try_from(lag.months).unwrap_or(i64::MAX))),
                Cell::of(clearest, |lag| Cell::Count(i64::try_from(lag.pairs).unwrap_or(i64::MAX))),
                Cell::text(&it.source.0),
            ];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<TheoryLink>(scope, link.id)) }
    };
    Table {
        id: "veronderstellingen".to_owned(),
        title: say(
            language,
            "Veronderstellingen, en wat de cijfers ervan zeggen",
            "Assumptions, and what the figures say of them",
        ),
        note: say(
            language,
            "Vergeleken zijn veranderingen sinds dezelfde maand een jaar eerder, van definitieve maanden. De vertraging is nul maanden tot een jaar of langer. Getoond is de duidelijkste vertraging met haar 95 %-interval. Samengaan is geen oorzaak: dit bewijst of weerlegt niets. Niet getoetst: niet beide onderdelen hebben een indicator per maand.",
            "Compared are changes against the same month of a year before, definitive months only, at a lag of none to twelve months or more. Shown is the clearest lag with its 95 % interval. Going together is no cause: this proves or refutes nothing. Not tested: not both parts have an indicator by month.",
        ),
        empty: say(language, "Er zijn nog geen veronderstellingen.", "There are no assumptions yet."),
        columns: vec![
            Column::text(say(language, "veronderstelling", "assumption")),
            Column::text(say(language, "van", "from")),
            Column::text(say(language, "naar", "to")),
            Column::text(say(language, "verband", "relation")),
            Column::text(say(language, "onderbouwing", "evidence")),
            Column::text(say(language, "wat de cijfers zeggen", "what the figures say")),
            Column::number(say(language, "samenhang (−1 tot 1)", "correlation (−1 to 1)")),
            Column::kept(say(language, "interval", "interval")),
            Column::number(say(language, "na maanden", "after months")),
            Column::number(say(language, "maanden gebruikt", "months used")),
            Column::prose(say(language, "bron", "source")),
        ],
        rows: theory.links.iter().map(row).collect(),
        total: None,
    }
}

/// What is weak in the reasoning.
fn weak(theory: &Theory, dossier: &Dossier, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let drawn = &theory.drawn;
    let groups = [
        (
            say(language, "Onderdelen zonder indicator", "Parts without indicator"),
            super::links_to::<TheoryPart>(dossier, &drawn.unseen, scope),
        ),
        (
            say(language, "Veronderstellingen zonder onderbouwing", "Assumptions without evidence"),
            super::links_to::<TheoryLink>(dossier, &drawn.unfounded, scope),
        ),
        (
            say(language, "Weersproken veronderstellingen", "Contradicted assumptions"),
            super::links_to::<TheoryLink>(dossier, &drawn.refuted, scope),
        ),
        (
            say(language, "Onderdelen waar niets naartoe of vandaan leidt", "Parts to and from which nothing leads"),
            super::links_to::<TheoryPart>(dossier, &drawn.loose, scope),
        ),
    ];
    let mut blocks: Vec<Block> = groups
        .into_iter()
        .filter(|(_, links)| !links.is_empty())
        .map(|(title, links)| Block::Links(Links { title, links }))
        .collect();
    let name = |id: ObjectId| dossier.name(id).unwrap_or_default().to_owned();
    for contradiction in &drawn.contradictions {
        let said = match (*contradiction, language) {
            (Contradiction::Ways { from, to }, Language::Nl) => format!(
                "Langs de ene weg leidt meer van “{}” tot meer van “{}”. Langs de andere weg leidt het tot minder.",
                name(from),
                name(to)
            ),
            (Contradiction::Ways { from, to }, Language::En) => format!(
                "Along one way more of “{}” leads to more of “{}”, along another to less.",
                name(from),
                name(to)
            ),
            (Contradiction::Direction { from, to }, Language::Nl) => format!(
                "Volgens de redeneerlijn maakt meer van “{}” het slechter bij “{}”. Dat volgt uit of bij die indicator hoger of lager beter is. Klopt het verband?",
                name(from),
                name(to)
            ),
            (Contradiction::Direction { from, to }, Language::En) => format!(
                "By the line of reasoning more of “{}” makes “{}” worse, given whether higher or lower is better of its indicator. Is the relation right?",
                name(from),
                name(to)
            ),
            (Contradiction::Circle { link }, Language::Nl) => {
                format!("De veronderstelling “{}” sluit een kring: een onderdeel leidt zo tot zichzelf.", name(link))
            }
            (Contradiction::Circle { link }, Language::En) => {
                format!("The assumption “{}” closes a circle: a part leads to itself.", name(link))
            }
        };
        let name = say(language, "Dit spreekt elkaar tegen", "This contradicts itself");
        blocks.push(Block::Text(Text { name, text: said, is_dutch: false }));
    }
    blocks
}

fn part_table(theory: &Theory, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |part: &Version<TheoryPart>| {
        let it = &part.content;
        let cells = vec![
            Cell::text(chosen(it.layer.choice(), language)),
            match &it.indicator {
                Some(id) => Cell::Link { text: id.0.clone(), href: indicator_link(scope, &id.0, &it.filters) },
                None => Cell::text(say(language, "geen", "none")),
            },
            Cell::text(&it.description.0),
        ];
        TableRow { is_dutch: true, ..TableRow::new(&it.name.0, cells).linked(to::<TheoryPart>(scope, part.id)) }
    };
    Table {
        id: "onderdelen".to_owned(),
        title: say(language, "Onderdelen", "Parts"),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "onderdeel", "part")),
            Column::text(say(language, "plaats in de redeneerlijn", "place in the line of reasoning")),
            Column::text("indicator"),
            Column::prose(say(language, "omschrijving", "description")),
        ],
        rows: theory.parts.iter().map(row).collect(),
        total: None,
    }
}

/// What was withdrawn of the theory of a theme: its parts, and the links to or from a part of it, withdrawn or not.
fn gone(withdrawn: &[Version<Texts>], theory: &Theory, theme: ObjectId) -> Vec<ObjectId> {
    let names = |version: &Version<Texts>, field: &str| version.content.get(field)?.parse::<ObjectId>().ok();
    let of_kind = |kind: &'static str| withdrawn.iter().filter(move |version| version.kind == kind);
    let parts = of_kind(TheoryPart::kind().name).filter(|version| names(version, "theme") == Some(theme));
    let mut gone: Vec<ObjectId> = parts.map(|version| version.id).collect();
    let is_own = |id: ObjectId| gone.contains(&id) || theory.part(id).is_some();
    let links = of_kind(TheoryLink::kind().name)
        .filter(|version| ["from", "to"].iter().any(|field| names(version, field).is_some_and(is_own)));
    let links: Vec<ObjectId> = links.map(|version| version.id).collect();
    gone.extend(links);
    gone
}

/// Every change of a part or a link, also of those that were withdrawn, the last first, with who made it and why.
async fn change_table(app: &App, theory: &Theory, theme: ObjectId, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let mut versions: Vec<Version<Texts>> = Vec::new();
    let view = register::view(app, scope).await?;
    let gone = gone(&withdrawn(&view, scope.gemeente).await?, theory, theme);
    let ids = theory.parts.iter().map(|part| part.id).chain(theory.links.iter().map(|link| link.id));
    for id in ids.chain(gone) {
        versions.extend(history(&view, id).await?);
    }
    versions.sort_by_key(|version| std::cmp::Reverse((version.by.at, version.id)));
    versions.truncate(CHANGES_SHOWN);
    let row = |version: &Version<Texts>| {
        let action = match version.action {
            grip_register::Action::Create => say(language, "gemaakt", "made"),
            grip_register::Action::Change => say(language, "gewijzigd", "changed"),
            grip_register::Action::Withdraw => say(language, "ingetrokken", "withdrawn"),
            grip_register::Action::Undo => say(language, "teruggedraaid", "undone"),
        };
        let cells = vec![
            Cell::text(action),
            Cell::text(day_of(version.by.at).to_string()),
            Cell::text(version.by.actor.as_str()),
            Cell::text(&version.by.reason),
        ];
        let name = version.content.get("name").cloned().unwrap_or_default();
        let kind =
            if version.kind == TheoryPart::kind().name { TheoryPart::kind().name } else { TheoryLink::kind().name };
        let href = register::object_link(scope, kind, version.id);
        TableRow { is_dutch: true, ..TableRow::new(name, cells).linked(href) }
    };
    Ok(Table {
        id: "wijzigingen".to_owned(),
        title: say(language, "Wat in de theorie veranderde, en waarom", "What changed in the theory, and why"),
        note: say(language, "Nieuwste eerst.", "Newest first."),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "wat", "what")),
            Column::text(say(language, "hoe", "how")),
            Column::kept(say(language, "wanneer", "when")),
            Column::text(say(language, "door", "by")),
            Column::text(say(language, "waarom", "why")),
        ],
        rows: versions.iter().map(row).collect(),
        total: None,
    })
}
