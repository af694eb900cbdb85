//! What a page of figures consists of: a title, filters, headline figures, and blocks of text, charts and tables, each table
//! also as a file.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Extension,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use grip_report::{Block as Part, Cell, ColumnKind, Figure as ReportFigure, Language, Section, Table, csv, xlsx};

use grip_types::GemeenteCode;

use crate::{
    App,
    address::{Asked, Scope, kept, with},
    api::{
        self,
        page::{Choice, Headline, Leafing, Told},
    },
    form::{FieldKind, Form},
    frame::{About, Crumb, Frame},
    page,
    pager::Pager,
    problem::Problem,
    prognose::{Found, drawings::Drawings, empty, find_scope, place},
    register::shown::{Shown, ShownField},
    vragen::Talk,
    words::say,
};

/// What every page of figures begins with: what is asked, what it is about, and what it could be about.
pub(crate) struct Opened {
    pub(crate) asked: Asked,
    pub(crate) scope: Scope,
    pub(crate) gemeenten: Vec<GemeenteCode>,
    /// The page to which the name of the municipality leads.
    pub(crate) home: &'static str,
}

/// Opens a page of figures, or gives the page that says there are none.
pub(crate) async fn open(app: &App, uri: &Uri) -> Result<Result<Opened, Response>, Problem> {
    let asked = Asked::of(uri)?;
    match find_scope(app, &asked).await? {
        Found::Nothing => Ok(Err(empty(app, uri, asked.language())?)),
        Found::Data { scope, gemeenten } => Ok(Ok(Opened { asked, scope, gemeenten, home: "/prognose" })),
    }
}

impl Opened {
    /// The frame of a page, with the way to it below the municipality.
    pub(crate) fn frame(&self, app: &App, uri: &Uri, title: &str, below: Vec<Crumb>) -> Frame {
        let about = About { scope: &self.scope, gemeenten: &self.gemeenten };
        let home = Crumb { name: place(&self.scope), href: Some(self.scope.link(self.home)) };
        Frame::new(app, uri, title.to_owned()).about(&about, uri, std::iter::once(home).chain(below).collect())
    }
}

/// A page of figures.
#[derive(Template)]
#[template(path = "document/page.html")]
pub(crate) struct Document {
    pub(crate) frame: Frame,
    pub(crate) title: String,
    pub(crate) title_is_dutch: bool,
    pub(crate) lede: String,
    pub(crate) filters: Vec<Filter>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) blocks: Vec<Block>,
    /// Where in a long list this is.
    pub(crate) pager: Option<Pager>,
    /// Whether its tables can be had as files.
    pub(crate) gives_files: bool,
    /// The address of this page.
    here: Uri,
}

/// A choice that narrows what the page shows.
pub(crate) struct Filter {
    /// Its name in the address.
    pub(crate) name: &'static str,
    pub(crate) label: String,
    /// Values with their names, in order. The empty value is no choice. Without any, it is a text to find.
    pub(crate) options: Vec<(String, String)>,
    pub(crate) chosen: String,
}

/// A headline figure.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) note: String,
}

impl Figure {
    pub(crate) fn for_report(&self) -> ReportFigure {
        ReportFigure {
            name: self.name.clone(),
            value: Cell::text(&self.number),
            interval: None,
            note: self.note.clone(),
        }
    }
}

pub(crate) enum Block {
    Text(Text),
    Facts(Facts),
    Definitions(Definitions),
    Chart(ChartBlock),
    Table(Table),
    Links(Links),
    Tree(Tree),
    Form(Form),
    Thread(Talk),
    /// The fields of something that people wrote.
    Record(Vec<ShownField>),
    Groups(Groups),
    Notice(Notice),
    Picture(Picture),
}

/// What is read by a camera: dark on light, whatever the scheme.
pub(crate) struct Picture {
    pub(crate) name: String,
    /// Units in both directions.
    pub(crate) size: usize,
    /// What is dark, as an outline of SVG.
    pub(crate) path: String,
}

/// What just happened, or what holds for the whole page.
#[derive(Default)]
pub(crate) struct Notice {
    pub(crate) text: String,
    /// Names with addresses.
    pub(crate) links: Vec<(String, String)>,
    pub(crate) form: Option<Form>,
    /// The names of the drafts that were saved.
    pub(crate) saved: String,
}

/// Names with addresses, in groups.
pub(crate) struct Groups {
    pub(crate) title: String,
    /// What stands there when there are none.
    pub(crate) empty: String,
    pub(crate) groups: Vec<Group>,
}

pub(crate) struct Group {
    pub(crate) name: String,
    /// Names with addresses.
    pub(crate) links: Vec<(String, String)>,
}

/// A text under its heading, or without one.
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether it is in Dutch, whatever the language of the page.
    pub(crate) is_dutch: bool,
}

/// Names and what they are.
pub(crate) struct Facts {
    pub(crate) title: String,
    pub(crate) facts: Vec<Fact>,
}

pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) is_dutch: bool,
}

/// Words and what they mean, each at a place of its own on the page.
pub(crate) struct Definitions {
    pub(crate) title: &'static str,
    pub(crate) terms: Vec<Defined>,
}

pub(crate) struct Defined {
    pub(crate) anchor: &'static str,
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// A chart with the table of what it shows.
pub(crate) struct ChartBlock {
    pub(crate) drawings: Drawings,
    pub(crate) table: Table,
}

/// Ways onward.
pub(crate) struct Links {
    pub(crate) title: String,
    /// Names with addresses.
    pub(crate) links: Vec<(String, String)>,
}

/// Things below each other, as a list in lists.
pub(crate) struct Tree {
    pub(crate) title: String,
    pub(crate) note: String,
    /// What stands there when there is nothing.
    pub(crate) empty: String,
    /// In the order of reading: each right before those below it.
    pub(crate) rows: Vec<TreeRow>,
}

pub(crate) struct TreeRow {
    /// How many stand above it.
    pub(crate) depth: usize,
    /// What it is one of.
    pub(crate) kind: String,
    /// In Dutch, whatever the language of the page.
    pub(crate) name: String,
    pub(crate) href: String,
    /// How all of it stands; may be empty.
    pub(crate) summary: String,
    pub(crate) leaves: Vec<Leaf>,
}

/// What hangs on a row of a tree.
pub(crate) struct Leaf {
    /// In Dutch, whatever the language of the page.
    pub(crate) name: String,
    pub(crate) href: String,
    /// How it stands, in a word or two.
    pub(crate) badge: String,
    /// Whether that asks for attention.
    pub(crate) is_warning: bool,
    pub(crate) text: String,
}

impl Tree {
    /// The rows with the tags before and behind each that make lists in lists of them.
    pub(crate) fn nested(&self) -> Vec<(&'static str, &TreeRow, String)> {
        let depth = |at: usize| self.rows.get(at).map(|row| row.depth);
        let mut nested = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let is_first = at.checked_sub(1).and_then(depth).is_none_or(|before| before < row.depth);
            let before = if is_first { "<ul class=\"tree\">" } else { "" };
            let behind = match depth(at + 1) {
                Some(next) if next > row.depth => String::new(),
                Some(next) => format!("</li>{}", "</ul></li>".repeat(row.depth - next)),
                None => format!("</li>{}</ul>", "</ul></li>".repeat(row.depth)),
            };
            nested.push((before, row, behind));
        }
        nested
    }
}

impl Document {
    pub(crate) fn new(frame: Frame, here: &Uri, title: impl Into<String>, lede: impl Into<String>) -> Self {
        Self {
            frame,
            title: title.into(),
            title_is_dutch: false,
            lede: lede.into(),
            filters: Vec::new(),
            figures: Vec::new(),
            blocks: Vec::new(),
            pager: None,
            gives_files: true,
            here: here.clone(),
        }
    }

    /// A page that is not about care.
    pub(crate) fn of_people(app: &App, here: &Uri, title: String, lede: String) -> Self {
        Self::new(Frame::new(app, here, title.clone()).without_care(), here, title, lede)
    }

    /// A page about Grip itself, one step below the start page.
    pub(crate) fn about_grip(app: &App, here: &Uri, asked: &Asked, title: String, lede: String) -> Self {
        let mut frame = Frame::new(app, here, title.clone()).keeping(asked).without_care();
        let start =
            Crumb { name: say(asked.language(), "Start", "Start"), href: Some(asked.link("/", asked.language())) };
        frame.crumbs = vec![start, Crumb { name: title.clone(), href: None }];
        Self::new(frame, here, title, lede)
    }

    /// What the form of the filters keeps: all that is asked and no filter, in names and values.
    fn kept(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = kept(&self.here);
        pairs.retain(|(name, _)| !self.filters.iter().any(|filter| filter.name == name));
        if let Some(picker) = &self.frame.picker {
            pairs.push(("gemeente".to_owned(), picker.gemeente.clone()));
            pairs.push(("jaar".to_owned(), picker.jaar.to_string()));
            pairs.push(("peildatum".to_owned(), picker.peildatum.clone()));
        }
        if self.frame.language == Language::En {
            pairs.push(("taal".to_owned(), "en".to_owned()));
        }
        pairs
    }

    fn path(&self) -> &str {
        self.here.path()
    }

    /// Whether what is typed in it is kept in the browser, or what was kept is no longer needed.
    fn has_drafts(&self) -> bool {
        self.blocks.iter().any(|block| match block {
            Block::Form(form) => form.draft.is_some(),
            Block::Notice(notice) => !notice.saved.is_empty(),
            _ => false,
        })
    }
}

/// Rows of a file at most, as many as a spreadsheet holds.
const FILE_ROWS: usize = 1_000_000;

/// Which part of a long list is wanted: what comes before it, and how much of it. In a file it is all of it.
pub(crate) fn part(asked: &Asked, pagina: usize, per_page: usize) -> (usize, usize) {
    match asked.get("formaat") {
        None | Some(JSON) => ((pagina - 1) * per_page, per_page),
        Some(_) => (0, FILE_ROWS),
    }
}

/// A page with tables, each of which may be had as a file.
pub(crate) trait WithTables: Template + Sized {
    fn frame(&self) -> &Frame;
    /// The address of the page.
    fn here(&self) -> &Uri;
    fn tables(&self) -> Vec<&Table>;

    /// What the page is about besides the municipality, the year and the day: names and what they are.
    fn about(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// What the page shows, for programs.
    fn told(&self) -> Told {
        let onderdelen = self.tables().into_iter().map(api::page::table).collect();
        Told { titel: self.frame().title.clone(), onderdelen, ..Told::default() }
    }

    /// The page, or one of its tables when the address asks for that.
    fn respond(self, asked: &Asked) -> Result<Response, Problem> {
        match asked.get("formaat") {
            None => page(&self),
            Some(JSON) => api::page::respond(&self),
            Some(REPORT) => Ok((StatusCode::NO_CONTENT, Extension(self.section())).into_response()),
            Some(format) => self.download(format, asked.get("tabel")),
        }
    }

    fn download(&self, format: &str, id: Option<&str>) -> Result<Response, Problem> {
        let tables = self.tables();
        let table = tables.into_iter().find(|table| id.is_none_or(|id| id == table.id)).ok_or(Problem::NotFound)?;
        let name = format!("attachment; filename=\"grip-{}.{format}\"", table.id);
        match format {
            "csv" => {
                let meta = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &name)];
                Ok((meta, csv(table)).into_response())
            }
            "xlsx" => {
                let language = self.frame().language;
                let file = xlsx(table, &self.origin(), language).map_err(|error| Problem::Broken(error.to_string()))?;
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, &name)], file).into_response())
            }
            _ => Err(Problem::BadParameter { parameter: "formaat", text: format.chars().take(60).collect() }),
        }
    }

    /// The same as a part of a report.
    fn section(&self) -> Section {
        let tables = self.tables().into_iter().filter(|table| !table.rows.is_empty());
        Section::new(self.frame().title.clone(), tables.cloned().map(Part::Table).collect())
    }

    /// Where a file came from: what the page is about, and its address.
    fn origin(&self) -> Vec<(String, String)> {
        let w = self.frame().words();
        let mut origin = vec![(String::new(), self.frame().title.clone())];
        if let Some(picker) = &self.frame().picker {
            origin.push((w.gemeente.to_owned(), picker.gemeente.clone()));
            origin.push((w.jaar.to_owned(), picker.jaar.to_string()));
            origin.push((w.peildatum.to_owned(), picker.peildatum.clone()));
        }
        origin.extend(self.about());
        origin.push((String::new(), with(self.here(), &[("formaat", ""), ("tabel", "")])));
        origin
    }

    /// Whether its tables can be had as files: not when the page came from what was typed.
    fn gives_files(&self) -> bool {
        true
    }

    /// The address of a table as a file.
    fn file(&self, table: &Table, format: &str) -> String {
        with(self.here(), &[("tabel", &table.id), ("formaat", format)])
    }

    fn shown<'c>(&self, cell: &'c Cell) -> Cow<'c, str> {
        Cow::Owned(cell.shown(self.frame().language))
    }

    /// The class of a cell, counted from the first after the head of its row.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
    fn class(&self, table: &Table, at: &usize) -> &'static str {
        match table.columns.get(at + 1).map(|column| column.kind) {
            Some(ColumnKind::Number) => "n",
            Some(ColumnKind::Kept) => "keep",
            Some(ColumnKind::Prose) => "prose",
            Some(ColumnKind::Text) | None => "",
        }
    }
}

/// What a section of a report begins with: what it says in a sentence, and its headline figures.
pub(crate) fn beginning(lede: &str, figures: impl Iterator<Item = ReportFigure>) -> impl Iterator<Item = Part> {
    let lede = (!lede.is_empty()).then(|| Part::Paragraph(lede.to_owned()));
    let figures: Vec<ReportFigure> = figures.collect();
    lede.into_iter().chain((!figures.is_empty()).then_some(Part::Figures(figures)))
}

/// What a block of a page is in a report: what one can only do on a page is left out.
fn parts(block: &Block) -> Vec<Part> {
    match block {
        Block::Text(text) => {
            let name = Some(&text.name).filter(|name| !name.is_empty());
            name.into_iter().chain([&text.text]).map(|text| Part::Paragraph(text.clone())).collect()
        }
        Block::Facts(facts) => {
            facts.facts.iter().map(|fact| Part::Paragraph(format!("{}: {}", fact.name, fact.text))).collect()
        }
        Block::Chart(chart) => vec![Part::Chart(Box::new(chart.drawings.chart.clone()), chart.table.clone())],
        Block::Table(table) if !table.rows.is_empty() => vec![Part::Table(table.clone())],
        Block::Tree(tree) => {
            let line = |row: &TreeRow| Part::Paragraph(format!("{} {}: {}", row.kind, row.name, row.summary));
            tree.rows.iter().map(line).collect()
        }
        Block::Notice(notice) => vec![Part::Notice(notice.text.clone())],
        Block::Thread(talk) => talk.remarks.iter().cloned().map(Part::Remark).collect(),
        Block::Table(_)
        | Block::Links(_)
        | Block::Form(_)
        | Block::Record(_)
        | Block::Groups(_)
        | Block::Picture(_)
        | Block::Definitions(_) => Vec::new(),
    }
}

/// The form in which a report asks for what a page shows. From a browser it gives nothing.
pub(crate) const REPORT: &str = "rapport";

/// The form in which a program asks for what a page shows.
pub(crate) const JSON: &str = "json";

impl WithTables for Document {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn here(&self) -> &Uri {
        &self.here
    }

    fn gives_files(&self) -> bool {
        self.gives_files
    }

    fn tables(&self) -> Vec<&Table> {
        self.blocks
            .iter()
            .filter_map(|block| match block {
                Block::Table(table) => Some(table),
                Block::Chart(chart) => Some(&chart.table),
                _ => None,
            })
            .collect()
    }

    fn section(&self) -> Section {
        let begin = beginning(&self.lede, self.figures.iter().map(Figure::for_report));
        Section::new(&self.title, begin.chain(self.blocks.iter().flat_map(parts)).collect())
    }

    fn told(&self) -> Told {
        let figure = |figure: &Figure| Headline {
            naam: figure.name.clone(),
            weergave: figure.number.clone(),
            toelichting: figure.note.clone(),
        };
        Told {
            titel: self.title.clone(),
            inleiding: self.lede.clone(),
            keuzes: self.filters.iter().map(Choice::from).collect(),
            kerncijfers: self.figures.iter().map(figure).collect(),
            onderdelen: self.blocks.iter().flat_map(api::page::piece).collect(),
            bladeren: self.pager.as_ref().map(Leafing::of),
        }
    }

    fn about(&self) -> Vec<(String, String)> {
        let chosen = self.filters.iter().filter(|filter| !filter.chosen.is_empty());
        let named = |filter: &Filter| {
            let option = filter.options.iter().find(|(value, _)| *value == filter.chosen);
            (filter.label.clone(), option.map_or_else(|| filter.chosen.clone(), |(_, name)| name.clone()))
        };
        chosen.map(named).collect()
    }
}
