//! The forecast: all of it, one segment, and the invoice lines of one provider.

mod change;
pub(crate) mod drawings;
mod noticed;
mod view;
mod years;

pub(crate) use view::month_in_full;

use std::sync::Arc;

use askama::Template;
use axum::{extract::Path, http::Uri, response::Response};
use grip_access::{Detail, Need, Part};
use grip_pipeline::answer::{Line, ProviderLine, SourceLine, YearEnd};
use grip_report::{Block as Drawn, Cell, Column, Language, Section, Table, TableRow, count, euros_and_cents};
use grip_types::{AgbCode, GemeenteCode, Wet};

use crate::{
    App,
    address::{Asked, Scope, percent_encode},
    api::{
        self,
        page::{Leafing, Piece, Told},
    },
    beleid,
    document::{Figure, Links, WithTables, beginning, part},
    form::FieldKind,
    frame::{About, Crumb, EmptyPage, Frame},
    page,
    pager::Pager,
    problem::Problem,
    prognose::{
        change::ChangeView,
        drawings::Drawings,
        view::{Headline, RecordView, RunOffView, SegmentGroup, SegmentRow},
        years::YearsView,
    },
    sentences,
    vragen::{self, Talk},
    words::words,
};

/// Invoice lines on one page.
const LINES_PER_PAGE: usize = 100;

/// What a request is about, completed with the latest that is known, or that nothing is known yet.
pub(crate) enum Found {
    Nothing,
    Data { scope: Scope, gemeenten: Vec<GemeenteCode> },
}

/// Completes what was asked: the first municipality, the last day on which something came in, the year of that day.
pub(crate) async fn find_scope(app: &App, asked: &Asked) -> Result<Found, Problem> {
    let (gemeente, jaar, peildatum) = (asked.gemeente()?, asked.jaar()?, asked.peildatum()?);
    let knows = move |grip: &grip_pipeline::Desk| gemeente.map_or(Ok(false), |gemeente| grip.knows(gemeente));
    let (mut gemeenten, last, is_known) =
        app.ask(move |grip| Ok((grip.gemeenten()?, grip.last_received()?, knows(grip)?))).await?;
    gemeenten.retain(|gemeente| app.may_here(*gemeente));
    if gemeenten.is_empty() && app.is_limited() {
        return Err(Problem::refusal(&app.visitor));
    }
    let (Some(first), Some(last)) = (gemeenten.first().copied(), last) else { return Ok(Found::Nothing) };
    let gemeente = match gemeente {
        None => first,
        Some(known) if gemeenten.contains(&known) => known,
        // Known by open data only: one can choose it here, and the way back to the others stays.
        Some(known) if is_known && app.may_here(known) => {
            gemeenten.push(known);
            gemeenten.sort_unstable();
            known
        }
        Some(asked) => {
            return Err(Problem::UnknownGemeente { asked: asked.to_string(), known: gemeenten });
        }
    };
    let asked_on = peildatum.unwrap_or(last);
    let peildatum = app.ask(move |grip| Ok(grip.known_on(gemeente, asked_on))).await?;
    let jaar = jaar.unwrap_or(peildatum.year());
    let stand = asked.stand()?;
    Ok(Found::Data { scope: Scope { gemeente, jaar, peildatum, stand, language: asked.language() }, gemeenten })
}

/// The page that says there is nothing to forecast, when there is no care of the municipality.
async fn without_care(app: &App, uri: &Uri, asked: &Asked, scope: &Scope) -> Result<Option<Response>, Problem> {
    let gemeente = scope.gemeente;
    if app.ask(move |grip| grip.has_care(gemeente)).await? {
        return Ok(None);
    }
    let title = words(scope.language).empty_title.to_owned();
    page(&EmptyPage { frame: Frame::new(app, uri, title).keeping(asked) }).map(Some)
}

async fn year_end(app: &App, scope: &Scope) -> Result<Arc<YearEnd>, Problem> {
    let Scope { gemeente, jaar, peildatum, .. } = *scope;
    app.ask(move |grip| grip.year_end(gemeente, jaar, peildatum)).await
}

/// Where the year ends in a sentence and three figures; nothing without care.
pub(crate) async fn in_short(app: &App, scope: &Scope) -> Result<Option<(String, Vec<Figure>)>, Problem> {
    let gemeente = scope.gemeente;
    if !app.ask(move |grip| grip.has_care(gemeente)).await? {
        return Ok(None);
    }
    let answer = year_end(app, scope).await?;
    let view = Headline::new(&answer, &answer.total, scope);
    let figure =
        |figure: view::Figure| Figure { name: figure.name, number: figure.number, note: figure.notes.join(" ") };
    Ok(Some((format!("{}.", view.headline.trim_end_matches('.')), view.figures.into_iter().map(figure).collect())))
}

pub(crate) fn empty(app: &App, uri: &Uri, language: Language) -> Result<Response, Problem> {
    let w = words(language);
    page(&EmptyPage { frame: Frame::new(app, uri, w.empty_title.to_owned()) })
}

#[derive(Template)]
#[template(path = "prognose/overview.html")]
struct OverviewPage {
    frame: Frame,
    here: Uri,
    /// The rows of the segments without pictures, for a file.
    segments: Table,
    view: Headline,
    noticed: Vec<String>,
    groups: Vec<SegmentGroup>,
    total: SegmentRow,
    change: Option<ChangeView>,
    years: Option<YearsView>,
    run_off: Option<RunOffView>,
    record: Option<RecordView>,
    policy: Vec<Links>,
    talk: Option<Talk>,
}

/// `/prognose`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri)?;
    let Found::Data { scope, gemeenten } = find_scope(&app, &asked).await? else {
        return empty(&app, &uri, asked.language());
    };
    if let Some(nothing) = without_care(&app, &uri, &asked, &scope).await? {
        return Ok(nothing);
    }
    let answer = year_end(&app, &scope).await?;
    let view = Headline::new(&answer, &answer.total, &scope);
    let (groups, total) = view::segment_table(&answer, &scope);
    let about = About { scope: &scope, gemeenten: &gemeenten };
    let crumbs = vec![Crumb { name: place(&scope), href: None }];
    let frame = Frame::new(&app, &uri, view.headline.clone()).about(&about, &uri, crumbs);
    let change = change::since_last_month(&app, &scope).await?;
    let change = change.and_then(|change| ChangeView::new(&change, None, answer.total.forecast.p50, &scope));
    let years = years::years(&app, &scope).await?;
    let run_off = view::run_off(&answer.run_off, scope.language);
    let record = view::record(&answer.record, scope.language);
    let about = vragen::chart("prognose", &[("jaar", scope.jaar.to_string())]);
    let talk = vragen::talk(&app, &asked, &scope, &uri, about).await?;
    let noticed = noticed::noticed(&answer.segments.iter().collect::<Vec<_>>(), scope.language);
    let overview = OverviewPage {
        frame,
        here: uri.clone(),
        segments: view::segment_file(&answer, &scope),
        view,
        noticed,
        groups,
        total,
        change,
        years,
        run_off,
        record,
        policy: beleid::of_forecast(&app, &scope, None).await?,
        talk,
    };
    overview.respond(&asked)
}

impl WithTables for OverviewPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn section(&self) -> Section {
        let drawn = |drawings: &Drawings, table: &Table| Drawn::Chart(Box::new(drawings.chart.clone()), table.clone());
        let months = (!self.view.month_table.rows.is_empty()).then(|| drawn(&self.view.months, &self.view.month_table));
        let noticed = self.noticed.iter().cloned().map(Drawn::Paragraph);
        let change = self.change.iter().map(|change| drawn(&change.chart, &change.table));
        let years = self.years.iter().map(|years| drawn(&years.chart, &years.table));
        let run_off = self.run_off.iter().map(|run_off| drawn(&run_off.chart, &run_off.table));
        let record = self
            .record
            .iter()
            .map(|record| [Drawn::Paragraph(record.verdict.clone()), Drawn::Table(record.table.clone())]);
        let remarks = self.talk.iter().flat_map(|talk| talk.remarks.iter().cloned()).map(Drawn::Remark);
        let parts = beginning(&self.view.lede, self.view.figures.iter().map(view::Figure::for_report))
            .chain(months)
            .chain(noticed)
            .chain(change)
            .chain([Drawn::Table(self.segments.clone())])
            .chain(years)
            .chain(run_off)
            .chain(record.flatten())
            .chain(remarks);
        Section::new(self.view.headline.clone(), parts.collect())
    }

    fn here(&self) -> &Uri {
        &self.here
    }

    fn tables(&self) -> Vec<&Table> {
        let change = self.change.iter().map(|change| &change.table);
        let years = self.years.iter().map(|years| &years.table);
        let run_off = self.run_off.iter().map(|run_off| &run_off.table);
        let record = self.record.iter().map(|record| &record.table);
        [&self.view.month_table, &self.segments]
            .into_iter()
            .chain(change)
            .chain(years)
            .chain(run_off)
            .chain(record)
            .collect()
    }

    fn told(&self) -> Told {
        told(&self.frame.title, &self.view, &self.noticed, self.tables(), self.talk.as_ref())
    }
}

/// What a page of the forecast shows, for programs.
fn told(title: &str, top: &Headline, noticed: &[String], tables: Vec<&Table>, talk: Option<&Talk>) -> Told {
    let figure = |figure: &view::Figure| api::page::Headline {
        naam: figure.name.clone(),
        weergave: figure.number.clone(),
        toelichting: figure.notes.join(" "),
    };
    let noticed = noticed.iter().map(|text| Piece::Melding { tekst: text.clone() });
    let tables = tables.into_iter().map(api::page::table);
    Told {
        titel: title.to_owned(),
        inleiding: top.lede.clone(),
        kerncijfers: top.figures.iter().map(figure).collect(),
        onderdelen: noticed.chain(tables).chain(talk.into_iter().flat_map(api::page::threads)).collect(),
        ..Told::default()
    }
}

#[derive(Template)]
#[template(path = "prognose/segment.html")]
struct SegmentPage {
    frame: Frame,
    here: Uri,
    view: Headline,
    noticed: Vec<String>,
    change: Option<ChangeView>,
    /// Nothing for whoever may not see providers.
    providers: Option<Table>,
    hidden: bool,
    policy: Vec<Links>,
    talk: Option<Talk>,
}

impl WithTables for SegmentPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn here(&self) -> &Uri {
        &self.here
    }

    fn tables(&self) -> Vec<&Table> {
        let change = self.change.iter().map(|change| &change.table);
        std::iter::once(&self.view.month_table).chain(&self.providers).chain(change).collect()
    }

    fn told(&self) -> Told {
        told(&self.frame.title, &self.view, &self.noticed, self.tables(), self.talk.as_ref())
    }
}

/// `/prognose/{wet}/{categorie}`
pub(crate) async fn segment(
    app: App,
    Path((wet, categorie)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let wet = known_wet(&wet)?;
    let asked = Asked::of(&uri)?;
    let Found::Data { scope, gemeenten } = find_scope(&app, &asked).await? else {
        return empty(&app, &uri, asked.language());
    };
    if let Some(nothing) = without_care(&app, &uri, &asked, &scope).await? {
        return Ok(nothing);
    }
    let answer = year_end(&app, &scope).await?;
    let line = segment_of(&answer, wet, &categorie)?;
    let Scope { gemeente, jaar, peildatum, .. } = scope;
    let code = categorie.clone();
    let providers = match app.may(Need::read(Part::Forecast, Detail::Providers), gemeente) {
        true => Some(app.ask(move |grip| grip.providers(gemeente, jaar, peildatum, wet, &code)).await?),
        false => None,
    };
    let view = Headline::new(&answer, line, &scope);
    let about = About { scope: &scope, gemeenten: &gemeenten };
    let crumbs = vec![
        Crumb { name: place(&scope), href: Some(scope.link("/prognose")) },
        Crumb { name: line.naam.clone(), href: None },
    ];
    let frame = Frame::new(&app, &uri, view.headline.clone()).about(&about, &uri, crumbs);
    let hidden = providers.iter().flatten().any(|provider| provider.clienten.is_none());
    let path = segment_path(wet, &categorie);
    let providers = providers.map(|providers| provider_table(&providers, &path, &scope));
    let change = change::since_last_month(&app, &scope).await?;
    let of = Some((wet.as_str(), categorie.as_str()));
    let change = change.and_then(|change| ChangeView::new(&change, of, line.forecast.p50, &scope));
    let noticed = noticed::noticed(&[line], scope.language);
    let policy = beleid::of_forecast(&app, &scope, Some((wet.as_str(), &categorie))).await?;
    let filters = [("jaar", scope.jaar.to_string()), ("wet", wet.as_str().to_owned()), ("productcategorie", categorie)];
    let talk = vragen::talk(&app, &asked, &scope, &uri, vragen::chart("prognose", &filters)).await?;
    SegmentPage { frame, here: uri.clone(), view, noticed, change, providers, hidden, policy, talk }.respond(&asked)
}

fn provider_table(providers: &[ProviderLine], path: &str, scope: &Scope) -> Table {
    let w = words(scope.language);
    let row = |provider: &ProviderLine| {
        let clients = match provider.clienten {
            Some(number) => Cell::Count(i64::try_from(number).unwrap_or(i64::MAX)),
            None => Cell::text(w.clients_hidden),
        };
        let amounts = [provider.allocated, provider.declared, provider.refused, provider.open].map(Cell::Euros);
        let name = match &provider.naam {
            Some(naam) => format!("{naam} ({})", provider.aanbieder),
            None => provider.aanbieder.clone(),
        };
        TableRow::new(name, [clients].into_iter().chain(amounts).collect())
            .linked(scope.link(&format!("{path}/{}", percent_encode(&provider.aanbieder))))
    };
    let heads = [w.clients, w.allocated, w.declared, w.refused, w.open].map(Column::number);
    Table {
        id: "aanbieders".to_owned(),
        title: w.providers.to_owned(),
        note: w.whole_euros.to_owned(),
        empty: w.no_providers.to_owned(),
        columns: std::iter::once(Column::text(w.provider)).chain(heads).collect(),
        rows: providers.iter().map(row).collect(),
        total: None,
    }
}

#[derive(Template)]
#[template(path = "prognose/lines.html")]
struct LinesPage {
    frame: Frame,
    here: Uri,
    /// The same lines with whole pseudonyms, for a file.
    table: Table,
    title: String,
    lede: String,
    rows: Vec<LineRow>,
    pager: Pager,
}

struct LineRow {
    delivered: String,
    client: String,
    client_short: String,
    toewijzing: String,
    product: String,
    volume: String,
    rate: String,
    amount: String,
    return_codes: String,
    references: String,
    received: String,
    file: String,
}

/// `/prognose/{wet}/{categorie}/{aanbieder}`
pub(crate) async fn lines(
    app: App,
    Path((wet, categorie, aanbieder)): Path<(String, String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let wet = known_wet(&wet)?;
    let aanbieder: AgbCode = aanbieder.parse().map_err(|_| Problem::NotFound)?;
    let asked = Asked::of(&uri)?;
    let pagina = asked.pagina()?;
    let Found::Data { scope, gemeenten } = find_scope(&app, &asked).await? else {
        return empty(&app, &uri, asked.language());
    };
    if let Some(nothing) = without_care(&app, &uri, &asked, &scope).await? {
        return Ok(nothing);
    }
    let answer = year_end(&app, &scope).await?;
    let segment = segment_of(&answer, wet, &categorie)?;
    let Scope { gemeente, jaar, peildatum, language, .. } = scope;
    let code = categorie.clone();
    let (offset, limit) = part(&asked, pagina, LINES_PER_PAGE);
    let (number, lines) =
        app.ask(move |grip| grip.source_lines(gemeente, jaar, peildatum, wet, &code, aanbieder, offset, limit)).await?;
    let path = segment_path(wet, &categorie);
    let about = About { scope: &scope, gemeenten: &gemeenten };
    let crumbs = vec![
        Crumb { name: place(&scope), href: Some(scope.link("/prognose")) },
        Crumb { name: segment.naam.clone(), href: Some(scope.link(&path)) },
        Crumb { name: aanbieder.to_string(), href: None },
    ];
    let title = match language {
        Language::Nl => format!("Declaratieregels van aanbieder {aanbieder} in {jaar}"),
        Language::En => format!("Invoice lines of provider {aanbieder} in {jaar}"),
    };
    let day = sentences::long_date(peildatum, language);
    let (total, name) = (count(number, language), &segment.naam);
    let lede = match language {
        Language::Nl => format!("{name}: {total} regels, zoals bekend op {day}."),
        Language::En => format!("{name}: {total} lines, as known on {day}."),
    };
    let own = format!("{path}/{aanbieder}");
    let pager = Pager::new(pagina, LINES_PER_PAGE, number, language, |pagina| {
        scope.link_with(&own, &[("pagina", pagina.to_string())])
    })?;
    let frame = Frame::new(&app, &uri, title.clone()).about(&about, &uri, crumbs);
    let table = lines_table(&lines, language);
    let rows = lines.into_iter().map(|line| line_row(line, language)).collect();
    LinesPage { frame, here: uri.clone(), table, title, lede, rows, pager }.respond(&asked)
}

impl WithTables for LinesPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn here(&self) -> &Uri {
        &self.here
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.table]
    }

    fn told(&self) -> Told {
        Told {
            titel: self.title.clone(),
            inleiding: self.lede.clone(),
            onderdelen: vec![api::page::table(&self.table)],
            bladeren: Some(Leafing::of(&self.pager)),
            ..Told::default()
        }
    }
}

fn lines_table(lines: &[SourceLine], language: Language) -> Table {
    let w = words(language);
    let row = |line: &SourceLine| {
        let text = |text: &str| Cell::text(text);
        let cells = vec![
            text(&line.einddatum),
            text(&line.client),
            text(&line.toewijzing_nummer.to_string()),
            text(&line.productcode),
            Cell::Count(line.volume),
            text(&line.eenheid),
            Cell::of(line.tarief, Cell::Cents),
            Cell::Cents(line.bedrag),
            text(&line.retourcodes),
            text(&line.declaratie_nummer),
            text(&line.referentie_nummer),
            text(&line.ontvangen),
            text(&line.bestand),
        ];
        TableRow::new(&line.begindatum, cells)
    };
    let from = format!("{}, {}", w.delivered, w.lower_bound);
    let to = format!("{}, {}", w.delivered, w.upper_bound);
    Table {
        id: "declaratieregels".to_owned(),
        title: w.source_lines.to_owned(),
        note: String::new(),
        empty: w.no_lines.to_owned(),
        columns: vec![
            Column::kept(from),
            Column::kept(to),
            Column::kept(w.client),
            Column::kept(w.toewijzing),
            Column::kept(w.product),
            Column::number(w.volume),
            Column::kept(w.unit),
            Column::number(w.rate),
            Column::number(w.amount),
            Column::text(w.return_codes),
            Column::kept(w.invoice),
            Column::kept(w.reference),
            Column::kept(w.received),
            Column::text(w.file),
        ],
        rows: lines.iter().map(row).collect(),
        total: None,
    }
}

fn line_row(line: SourceLine, language: Language) -> LineRow {
    LineRow {
        delivered: format!("{} – {}", line.begindatum, line.einddatum),
        client_short: line.client.chars().take(8).collect(),
        client: line.client,
        toewijzing: line.toewijzing_nummer.to_string(),
        product: line.productcode,
        volume: format!("{} × {}", line.volume, line.eenheid),
        rate: line.tarief.map_or("–".to_owned(), |cents| euros_and_cents(cents, language)),
        amount: euros_and_cents(line.bedrag, language),
        return_codes: line.retourcodes,
        references: format!("{} / {}", line.declaratie_nummer, line.referentie_nummer),
        received: line.ontvangen,
        file: line.bestand,
    }
}

fn known_wet(text: &str) -> Result<Wet, Problem> {
    [Wet::Wmo, Wet::Jw].into_iter().find(|wet| wet.as_str() == text).ok_or(Problem::NotFound)
}

fn segment_of<'a>(answer: &'a YearEnd, wet: Wet, categorie: &str) -> Result<&'a Line, Problem> {
    let is_it = |line: &&Line| line.wet == Some(wet.as_str()) && line.productcategorie.as_deref() == Some(categorie);
    answer.segments.iter().find(is_it).ok_or(Problem::NotFound)
}

pub(crate) fn segment_path(wet: Wet, categorie: &str) -> String {
    format!("/prognose/{}/{}", wet.as_str(), percent_encode(categorie))
}

pub(crate) fn place(scope: &Scope) -> String {
    let w = words(scope.language);
    format!("{} {}, {} {}", w.gemeente, scope.gemeente, w.forecast_lower, scope.jaar)
}
