//! What a page shows, for programs: the same titles, figures, tables and texts, with numbers as numbers.

use axum::{
    extract::Request,
    http::{HeaderName, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use grip_report::{Block as Part, Cell, ColumnKind, Language, Report, Section, Table, TableRow};
use serde::Serialize;

use crate::{
    address::with,
    document::{Block, Defined, Filter, JSON, Tree, WithTables},
    pager::Pager,
    problem::Problem,
    register::shown::Shown,
    vragen::Talk,
};

/// Below this are the addresses of pages, as JSON.
pub(crate) const PAGES: &str = "/api/v1/paginas";

/// What the page one starts at is called there, as an address never ends with a slash.
const BEGIN: &str = "/begin";

/// The address at which a program reads a page.
pub(crate) fn address_of(path: &str) -> String {
    format!("{PAGES}{}", if path == "/" { BEGIN } else { path })
}

/// Answers a program with what a page shows: the page is asked for its JSON.
pub(crate) async fn as_page(mut request: Request, next: Next) -> Result<Response, Problem> {
    let asked = request.uri().to_string();
    let page = asked.strip_prefix(PAGES).and_then(|page| match page.strip_prefix(BEGIN) {
        Some(rest) if rest.is_empty() || rest.starts_with('?') => format!("/{rest}").parse().ok(),
        _ => page.parse::<Uri>().ok(),
    });
    let page = with(&page.ok_or(Problem::NotFound)?, &[("formaat", JSON), ("tabel", "")]);
    *request.uri_mut() = page.parse().map_err(|_| Problem::Unreadable)?;
    let response = next.run(request).await;
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    // A page that could not begin says to people what to do first.
    if response.status().is_success() && !is_json { Err(Problem::NoData) } else { Ok(response) }
}

/// Everything a page shows.
#[derive(Serialize)]
pub(crate) struct PageAnswer {
    /// Address of the page for people.
    adres: String,
    /// `nl` or `en`.
    taal: &'static str,
    /// Code of the municipality; empty when the page is about none.
    gemeente: Option<String>,
    /// The year; empty when the page is about none.
    jaar: Option<i16>,
    /// The day as known on which the page is; empty when it is about none. Written `YYYY-MM-DD`.
    peildatum: Option<String>,
    #[serde(flatten)]
    told: Told,
}

/// What a page shows below what it is about.
#[derive(Default, Serialize)]
pub(crate) struct Told {
    /// Its title.
    pub(crate) titel: String,
    /// The sentences below the title.
    pub(crate) inleiding: String,
    /// What the page can be narrowed by.
    pub(crate) keuzes: Vec<Choice>,
    /// Headline figures.
    pub(crate) kerncijfers: Vec<Headline>,
    /// What the page consists of, in the order of reading.
    pub(crate) onderdelen: Vec<Piece>,
    /// The addresses of what comes before and after in a long list; empty when all is here.
    pub(crate) bladeren: Option<Leafing>,
}

/// What a page can be narrowed by.
#[derive(Serialize)]
pub(crate) struct Choice {
    /// Name of the parameter.
    naam: String,
    /// What it is called.
    label: String,
    /// What is chosen now; empty when nothing is.
    gekozen: String,
    /// What can be chosen; empty when it is a text to find.
    opties: Vec<Choosable>,
}

/// A value that can be chosen.
#[derive(Serialize)]
struct Choosable {
    /// As the parameter says it.
    waarde: String,
    /// What it is called.
    label: String,
}

/// A headline figure.
#[derive(Serialize)]
pub(crate) struct Headline {
    /// What it is.
    pub(crate) naam: String,
    /// As people read it.
    pub(crate) weergave: String,
    /// What it is compared with; may be empty.
    pub(crate) toelichting: String,
}

/// Where the rest of a long list is.
#[derive(Clone, Serialize)]
pub(crate) struct Leafing {
    /// Address of the part before this one.
    vorige: Option<String>,
    /// Address of the part after this one.
    volgende: Option<String>,
}

/// A part of a page.
#[derive(Serialize)]
#[serde(tag = "soort", rename_all = "snake_case")]
pub(crate) enum Piece {
    /// A text, under its heading or without one.
    Tekst {
        /// Its heading; may be empty.
        titel: String,
        /// What it says; empty when it is a heading alone.
        tekst: String,
    },
    /// Something that holds for the whole page.
    Melding {
        /// What it says.
        tekst: String,
    },
    /// Names and what they are.
    Feiten {
        /// Its heading; may be empty.
        titel: String,
        /// In the order of reading.
        feiten: Vec<Fact>,
    },
    /// A table, or what a drawing shows.
    Tabel {
        /// Its name in addresses.
        id: String,
        /// What it shows.
        titel: String,
        /// How to read it; may be empty.
        toelichting: String,
        /// The columns; the first is that of the heads of the rows.
        kolommen: Vec<Column>,
        /// The rows.
        rijen: Vec<Row>,
        /// The row below the line.
        totaal: Option<Row>,
    },
    /// Names with addresses.
    Verwijzingen {
        /// Its heading; may be empty.
        titel: String,
        /// In the order of reading.
        verwijzingen: Vec<Reference>,
    },
    /// Things below each other, in the order of reading: each right before those below it.
    Boom {
        /// Its heading.
        titel: String,
        /// What is in it.
        takken: Vec<Branch>,
    },
    /// What people asked and explained.
    Gesprek {
        /// What it is about.
        titel: String,
        /// What was said, the first first.
        bijdragen: Vec<Said>,
    },
    /// The fields of something that people wrote, as they are shown. The register has them by name.
    Velden {
        /// In the order of reading.
        velden: Vec<Fact>,
    },
}

impl Piece {
    /// A text under its heading.
    pub(crate) fn text(title: &str, text: &str) -> Self {
        Self::Tekst { titel: title.to_owned(), tekst: text.to_owned() }
    }
}

/// A name and what it is.
#[derive(Serialize)]
pub(crate) struct Fact {
    /// The name.
    naam: String,
    /// What it is. A text in Markdown is HTML here.
    tekst: String,
}

/// A column of a table.
#[derive(Serialize)]
pub(crate) struct Column {
    /// Its head.
    naam: String,
    /// What is in it.
    inhoud: Content,
}

/// What is in a column.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// Words.
    Tekst,
    /// Days and codes.
    Code,
    /// Numbers.
    Getal,
    /// Sentences in Dutch, whatever the language of the page.
    Zinnen,
}

impl From<ColumnKind> for Content {
    fn from(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Tekst,
            ColumnKind::Kept => Self::Code,
            ColumnKind::Number => Self::Getal,
            ColumnKind::Prose => Self::Zinnen,
        }
    }
}

/// A row of a table.
#[derive(Serialize)]
pub(crate) struct Row {
    /// Its head: what stands in the first column.
    kop: String,
    /// Address of the page its head leads to.
    adres: Option<String>,
    /// What stands in the columns after the first.
    cellen: Vec<Value>,
}

/// What stands in one place of a table.
#[derive(Serialize)]
#[serde(tag = "soort", rename_all = "snake_case")]
pub(crate) enum Value {
    /// There is nothing to say.
    Leeg,
    /// There is a number, and too few persons are behind it.
    Afgeschermd,
    /// Words, a day or a code.
    Tekst {
        /// The words.
        waarde: String,
    },
    /// Words that lead to a page.
    Verwijzing {
        /// The words.
        waarde: String,
        /// Address of the page.
        adres: String,
    },
    /// A number of things.
    Aantal {
        /// How many.
        waarde: i64,
    },
    /// An amount, or a difference between amounts.
    Bedrag {
        /// In eurocents.
        waarde: i64,
    },
    /// A real number.
    Getal {
        /// As precise as it is known.
        waarde: f64,
    },
    /// A share.
    Aandeel {
        /// 1 is all.
        waarde: f64,
    },
}

/// A name with an address.
#[derive(Serialize)]
pub(crate) struct Reference {
    /// The group it stands in; empty when there are none.
    groep: String,
    /// The name.
    naam: String,
    /// Address of the page.
    adres: String,
}

/// Something in a tree.
#[derive(Serialize)]
pub(crate) struct Branch {
    /// How many stand above it.
    diepte: usize,
    /// What it is one of.
    wat: String,
    /// Its name.
    naam: String,
    /// Address of its page.
    adres: String,
    /// How it stands; may be empty.
    stand: String,
}

/// What somebody said.
#[derive(Serialize)]
pub(crate) struct Said {
    /// Who and when.
    kop: String,
    /// What was said.
    alineas: Vec<String>,
}

/// The page as JSON.
pub(crate) fn respond(page: &impl WithTables) -> Result<Response, Problem> {
    let frame = page.frame();
    let about = frame.picker.as_ref();
    answer(PageAnswer {
        adres: with(page.here(), &[("formaat", ""), ("tabel", "")]),
        taal: frame.language.code(),
        gemeente: about.map(|about| about.gemeente.clone()),
        jaar: about.map(|about| about.jaar),
        peildatum: about.map(|about| about.peildatum.clone()),
        told: page.told(),
    })
}

/// A report as JSON: the parts of its sections after each other, each below the heading of its section.
pub(crate) fn respond_report(report: &Report, gemeente: &str, jaar: i16, here: &Uri) -> Result<Response, Problem> {
    let mut onderdelen = Vec::new();
    report.sections.iter().for_each(|section| pieces_of_section(section, report.language, &mut onderdelen));
    answer(PageAnswer {
        adres: with(here, &[("formaat", ""), ("tabel", "")]),
        taal: report.language.code(),
        gemeente: Some(gemeente.to_owned()),
        jaar: Some(jaar),
        peildatum: Some(report.peildatum.to_string()),
        told: Told { titel: format!("{} {}", report.title, report.subtitle), onderdelen, ..Told::default() },
    })
}

fn answer(page: PageAnswer) -> Result<Response, Problem> {
    let links: Vec<String> = page
        .told
        .bladeren
        .iter()
        .flat_map(|leafing| [(&leafing.vorige, "prev"), (&leafing.volgende, "next")])
        .filter_map(|(address, name)| Some(format!("<{}>; rel=\"{name}\"", address.as_ref()?)))
        .collect();
    let body = serde_json::to_string(&page).map_err(|error| Problem::Broken(error.to_string()))?;
    let meta = [(header::CONTENT_TYPE, "application/json"), (HeaderName::from_static("api-version"), super::VERSION)];
    let mut response = (StatusCode::OK, meta, body).into_response();
    if !links.is_empty()
        && let Ok(links) = links.join(", ").parse()
    {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

impl Leafing {
    pub(crate) fn of(pager: &Pager) -> Self {
        let address = |page: &String| format!("{PAGES}{page}");
        Self { vorige: pager.previous.as_ref().map(address), volgende: pager.next.as_ref().map(address) }
    }
}

impl From<&Filter> for Choice {
    fn from(filter: &Filter) -> Self {
        let option = |(value, name): &(String, String)| Choosable { waarde: value.clone(), label: name.clone() };
        Self {
            naam: filter.name.to_owned(),
            label: filter.label.clone(),
            gekozen: filter.chosen.clone(),
            opties: filter.options.iter().map(option).collect(),
        }
    }
}

/// What a block of a page is; nothing for what one can only do on a page.
pub(crate) fn piece(block: &Block) -> Vec<Piece> {
    let reference = |group: &str, (name, href): &(String, String)| Reference {
        groep: group.to_owned(),
        naam: name.clone(),
        adres: href.clone(),
    };
    match block {
        Block::Text(text) => vec![Piece::text(&text.name, &text.text)],
        Block::Facts(facts) => {
            let fact = |(name, text): (&String, &String)| Fact { naam: name.clone(), tekst: text.clone() };
            let facts_of = facts.facts.iter().map(|one| fact((&one.name, &one.text)));
            vec![Piece::Feiten { titel: facts.title.clone(), feiten: facts_of.collect() }]
        }
        Block::Definitions(words) => {
            let fact = |word: &Defined| Fact { naam: word.name.to_owned(), tekst: word.text.to_owned() };
            vec![Piece::Feiten { titel: words.title.to_owned(), feiten: words.terms.iter().map(fact).collect() }]
        }
        Block::Chart(chart) => vec![table(&chart.table)],
        Block::Table(found) => vec![table(found)],
        Block::Links(links) => {
            let own = links.links.iter().map(|link| reference("", link)).collect();
            vec![Piece::Verwijzingen { titel: links.title.clone(), verwijzingen: own }]
        }
        Block::Groups(groups) => {
            let own =
                groups.groups.iter().flat_map(|group| group.links.iter().map(|link| reference(&group.name, link)));
            vec![Piece::Verwijzingen { titel: groups.title.clone(), verwijzingen: own.collect() }]
        }
        Block::Tree(tree) => vec![Piece::Boom { titel: tree.title.clone(), takken: branches(tree) }],
        Block::Thread(talk) => threads(talk),
        Block::Record(fields) => {
            let field = |field: &crate::register::shown::ShownField| Fact {
                naam: field.name.to_owned(),
                tekst: match &field.value {
                    Shown::Text(text) | Shown::Html(text) => text.clone(),
                    Shown::Links(links) => links.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("; "),
                },
            };
            vec![Piece::Velden { velden: fields.iter().map(field).collect() }]
        }
        Block::Notice(notice) => vec![Piece::Melding { tekst: notice.text.clone() }],
        Block::Form(_) | Block::Picture(_) => Vec::new(),
    }
}

fn branches(tree: &Tree) -> Vec<Branch> {
    let mut branches = Vec::new();
    for row in &tree.rows {
        let branch = |depth, what: &str, name: &str, href: &str, state: String| Branch {
            diepte: depth,
            wat: what.to_owned(),
            naam: name.to_owned(),
            adres: href.to_owned(),
            stand: state,
        };
        branches.push(branch(row.depth, &row.kind, &row.name, &row.href, row.summary.clone()));
        branches.extend(row.leaves.iter().map(|leaf| {
            let state = [leaf.badge.as_str(), leaf.text.as_str()];
            let state = state.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
            branch(row.depth + 1, "", &leaf.name, &leaf.href, state)
        }));
    }
    branches
}

/// What was asked and explained at a page.
pub(crate) fn threads(talk: &Talk) -> Vec<Piece> {
    let said = |thread: &crate::vragen::ThreadView| {
        let one =
            |entry: &crate::vragen::EntryView| Said { kop: entry.head.clone(), alineas: entry.paragraphs.clone() };
        Piece::Gesprek { titel: thread.title.clone(), bijdragen: thread.entries.iter().map(one).collect() }
    };
    talk.threads.iter().map(said).collect()
}

/// A table with its numbers as numbers.
pub(crate) fn table(table: &Table) -> Piece {
    let column = |column: &grip_report::Column| Column { naam: column.name.clone(), inhoud: column.kind.into() };
    Piece::Tabel {
        id: table.id.clone(),
        titel: table.title.clone(),
        toelichting: table.note.clone(),
        kolommen: table.columns.iter().map(column).collect(),
        rijen: table.rows.iter().map(row).collect(),
        totaal: table.total.as_ref().map(row),
    }
}

fn row(row: &TableRow) -> Row {
    Row { kop: row.head.clone(), adres: row.href.clone(), cellen: row.cells.iter().map(value).collect() }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Nothing => Value::Leeg,
        Cell::Withheld => Value::Afgeschermd,
        Cell::Text(text) => Value::Tekst { waarde: text.clone() },
        Cell::Link { text, href } => Value::Verwijzing { waarde: text.clone(), adres: href.clone() },
        Cell::Count(number) => Value::Aantal { waarde: *number },
        Cell::Euros(cents) | Cell::Cents(cents) | Cell::Thousands(cents) | Cell::Difference(cents) => {
            Value::Bedrag { waarde: *cents }
        }
        Cell::Real(number, _) | Cell::Share(number) if !number.is_finite() => Value::Leeg,
        Cell::Real(number, _) => Value::Getal { waarde: *number },
        Cell::Share(share) => Value::Aandeel { waarde: *share },
    }
}

fn pieces_of_section(section: &Section, language: Language, to: &mut Vec<Piece>) {
    to.push(Piece::text(&section.title, ""));
    for block in &section.blocks {
        match block {
            Part::Paragraph(paragraph) => to.push(Piece::text("", paragraph)),
            Part::Remark(remark) => to.push(Piece::Gesprek {
                titel: remark.title.clone(),
                bijdragen: vec![Said { kop: remark.credit(language), alineas: vec![remark.markdown.clone()] }],
            }),
            Part::Figures(figures) => {
                let fact = |figure: &grip_report::Figure| Fact {
                    naam: figure.name.clone(),
                    tekst: [figure.value.shown(language), figure.note.clone()].join(" ").trim().to_owned(),
                };
                to.push(Piece::Feiten { titel: String::new(), feiten: figures.iter().map(fact).collect() });
            }
            Part::Chart(_, found) | Part::Table(found) => to.push(table(found)),
            Part::Notice(notice) => to.push(Piece::Melding { tekst: notice.clone() }),
            Part::PageBreak => {}
        }
    }
    section.sections.iter().for_each(|below| pieces_of_section(below, language, to));
}
