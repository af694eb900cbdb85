//! Care: who comes, leaves and stays, how long, who moves and comes back, and what is used together.

mod duur;
mod overgangen;
mod stapeling;
mod verloop;

use axum::{http::Uri, response::Response};
pub(crate) use duur::show as duur;
use grip_pipeline::{
    Dimension, Period,
    care::{CareReturns, Flow, ReturnRow},
};
use grip_report::{Cell, Language, Table, decimal, percent_one_decimal, real};
use grip_types::{Date, Wet};
pub(crate) use overgangen::show as overgangen;
pub(crate) use stapeling::show as stapeling;
pub(crate) use verloop::show as verloop;

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, Document, Figure, Filter, Links, Opened, Text, WithTables, open},
    frame::{Crumb, Frame},
    problem::Problem,
    sentences::long_date,
    words::{say, words},
};

/// Themes of the catalogue that are about care.
const THEMAS: [&str; 3] = ["gebruik", "verloop", "toegang"];

fn text(language: Language, name: (&str, &str), text: (&str, &str)) -> Block {
    Block::Text(Text { name: say(language, name.0, name.1), text: say(language, text.0, text.1), is_dutch: false })
}

/// The frame of a page below the overview, or of the overview itself when it has no name.
fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, name: Option<String>) -> Frame {
    let scope = &opened.scope;
    let overview = name.as_ref().map(|_| scope.link("/zorg"));
    let part = Crumb { name: words(scope.language).care.to_owned(), href: overview };
    let own = name.map(|name| Crumb { name, href: None });
    opened.frame(app, uri, title, std::iter::once(part).chain(own).collect())
}

fn law_name(wet: &str, language: Language) -> &'static str {
    let w = words(language);
    if wet == Wet::Jw.as_str() { w.jw } else { w.wmo }
}

/// The law that is asked for, if any.
fn asked_wet(asked: &Asked) -> Result<Option<Wet>, Problem> {
    asked.read("wet", |text| [Wet::Wmo, Wet::Jw].into_iter().find(|wet| wet.as_str() == text))
}

fn wet_filter(chosen: Option<Wet>, language: Language) -> Filter {
    let laws = [Wet::Wmo, Wet::Jw].map(|wet| (wet.as_str().to_owned(), law_name(wet.as_str(), language).to_owned()));
    Filter {
        name: "wet",
        label: words(language).law.to_owned(),
        options: std::iter::once((String::new(), say(language, "beide wetten", "both laws"))).chain(laws).collect(),
        chosen: chosen.map(|wet| wet.as_str().to_owned()).unwrap_or_default(),
    }
}

/// What care is about, as in `Wmo` or `Wmo en Jeugdwet`.
fn laws(wet: Option<Wet>, language: Language) -> String {
    wet.map_or_else(
        || say(language, "Wmo en Jeugdwet", "the Wmo and the Jeugdwet"),
        |wet| law_name(wet.as_str(), language).to_owned(),
    )
}

fn number(count: i64, language: Language) -> String {
    decimal(count, 1, 0, language)
}

/// A number of persons or households, unless it is not shown.
fn persons(count: Option<i64>) -> Cell {
    count.map_or(Cell::Withheld, Cell::Count)
}

fn year_period(jaar: i16) -> Vec<Period> {
    jaar.to_string().parse().into_iter().collect()
}

/// The last day that is known of a year.
fn last_day(scope: &Scope) -> Date {
    let last = year_period(scope.jaar).first().map_or(scope.peildatum, |period| period.last_day());
    last.min(scope.peildatum)
}

/// The year with how far it is known, as in `2025 tot en met 30 juni`.
fn year_name(scope: &Scope) -> String {
    let last = last_day(scope);
    if last < scope.peildatum || (last.month(), last.day()) == (12, 31) {
        return scope.jaar.to_string();
    }
    match scope.language {
        Language::Nl => format!("{} tot en met {}", scope.jaar, long_date(last, scope.language)),
        Language::En => format!("{} up to {}", scope.jaar, long_date(last, scope.language)),
    }
}

fn table(id: &str, title: String, note: String, scope: &Scope) -> Table {
    let empty = say(
        scope.language,
        "Er is in deze periode geen zorg bekend. Lees toewijzingen (301) in om dit te zien.",
        "No care is known in this period. Take in allocations (301) to see this.",
    );
    Table { id: id.to_owned(), title, note, empty, columns: Vec::new(), rows: Vec::new(), total: None }
}

/// Why a cell says that there are too few.
pub(crate) const WITHHELD: (&str, &str) = (
    "‘Te weinig’ staat waar minder dan tien personen achter een getal zitten. Het staat ook bij een groter getal dat zo’n klein getal zou verraden.",
    "‘Too few’ stands where fewer than ten persons are behind a number, and also at a larger one from which such a small number could be worked out.",
);

/// Indicators of the catalogue by their names, for whoever wants to know more.
fn indicator_links(app: &App, scope: &Scope, ids: &[&str]) -> Block {
    let found = ids.iter().filter_map(|id| app.catalogue().get(id).ok());
    let links = found.map(|indicator| {
        let name = if scope.language == Language::Nl { &indicator.naam } else { &indicator.name };
        (name.clone(), scope.link(&format!("/indicatoren/{}", indicator.id)))
    });
    let title = say(scope.language, "Dezelfde cijfers als indicator", "The same figures as indicators");
    Block::Links(Links { title, links: links.collect() })
}

/// Ways to the other pages of this part.
fn pages(scope: &Scope, without: &str) -> Block {
    let language = scope.language;
    let all = [
        ("/zorg/verloop", "Instroom, uitstroom en stand", "Inflow, outflow and stock"),
        ("/zorg/duur", "Hoe lang zorg duurt, en wie langer blijft", "How long care lasts, and who stays longer"),
        ("/zorg/overgangen", "Op- en afschalen en terugkeer", "Scaling up and down, and repeat use"),
        ("/zorg/stapeling", "Stapeling en concentratie van kosten", "Stacking, and concentration of cost"),
    ];
    let links = all.into_iter().filter(|(path, ..)| *path != without);
    Block::Links(Links {
        title: say(language, "Verder in dit deel", "Further in this part"),
        links: links.map(|(path, nl, en)| (say(language, nl, en), scope.link(path))).collect(),
    })
}

/// `/zorg`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let Scope { gemeente, jaar, peildatum, language, .. } = *scope;
    let (laws, products, returns) = app
        .ask(move |grip| {
            let year = year_period(jaar);
            Ok((
                grip.care_flows(gemeente, peildatum, Dimension::Wet, &year)?,
                grip.care_flows(gemeente, peildatum, Dimension::Productcategorie, &year)?,
                grip.care_returns(gemeente, peildatum, jaar)?,
            ))
        })
        .await?;
    let total = laws.of(None, None).first().copied();
    let title = overview_title(total, scope);
    let lede = match language {
        Language::Nl => format!(
            "Een traject is zorg van één cliënt binnen één wet zonder onderbreking van meer dan 31 dagen. Zoals bekend op {}.",
            long_date(peildatum, language)
        ),
        Language::En => format!(
            "A trajectory is care of one client under one law without a break of more than 31 days. As known on {}.",
            long_date(peildatum, language)
        ),
    };
    let frame = frame(&opened, &app, &uri, &title, None);
    let mut document = Document::new(frame, &uri, title, lede);
    document.figures = figures(total, &returns, scope);
    let note = verloop::flow_note(&products, scope);
    let rows: Vec<_> = products.rows.iter().collect();
    let all = products.of(None, None).first().copied();
    document.blocks = vec![
        Block::Table(verloop::flow_table(Dimension::Productcategorie, (&products, &rows), all, note, scope)),
        pages(scope, "/zorg"),
        verloop::what_counts(language),
        no_team(language),
    ];
    document.blocks.extend(theme_links(&app, scope));
    document.respond(&opened.asked)
}

fn overview_title(total: Option<Flow>, scope: &Scope) -> String {
    let language = scope.language;
    let day = long_date(last_day(scope), language);
    let Some(total) = total.filter(|total| !total.is_nothing()) else {
        let jaar = scope.jaar;
        return match language {
            Language::Nl => format!("Over {jaar} is geen zorg bekend"),
            Language::En => format!("No care is known in {jaar}"),
        };
    };
    let Some((end, change)) = total.end.zip(total.change()) else {
        return say(language, "Wie zorg krijgt, komt en gaat", "Who is in care, comes and goes");
    };
    let end = number(end, language);
    let by = number(change.abs(), language);
    match (language, change.signum()) {
        (Language::Nl, 0) => format!("Op {day} liepen {end} trajecten, evenveel als bij het begin van {}", scope.jaar),
        (Language::Nl, sign) => {
            let more = if sign > 0 { "meer" } else { "minder" };
            format!("Op {day} liepen {end} trajecten, {by} {more} dan bij het begin van {}", scope.jaar)
        }
        (Language::En, 0) => format!("{end} trajectories ran on {day}, as many as when {} began", scope.jaar),
        (Language::En, sign) => {
            let more = if sign > 0 { "more" } else { "fewer" };
            format!("{end} trajectories ran on {day}, {by} {more} than when {} began", scope.jaar)
        }
    }
}

fn figures(total: Option<Flow>, returns: &CareReturns, scope: &Scope) -> Vec<Figure> {
    let language = scope.language;
    let [begin, inflow, outflow, end] = verloop::cells(&total.unwrap_or_default()).map(|cell| cell.shown(language));
    let year = year_name(scope);
    let stock = match language {
        Language::Nl => format!("{begin} bij het begin van {}", scope.jaar),
        Language::En => format!("{begin} when {} began", scope.jaar),
    };
    let flow = match language {
        Language::Nl => format!("en {outflow} eindigden, in {year}"),
        Language::En => format!("and {outflow} ended, in {year}"),
    };
    let (ended, came_back) = back_within_year(returns, scope.jaar - 1, language);
    let back = match (ended, language) {
        (Some(ended), Language::Nl) => {
            format!("van de {ended} van wie de zorg in {} eindigde en een jaar te volgen was", scope.jaar - 1)
        }
        (None, Language::Nl) => format!("van wie de zorg in {} eindigde en een jaar te volgen was", scope.jaar - 1),
        (Some(ended), Language::En) => {
            format!("of the {ended} whose care ended in {} and who could be followed for a year", scope.jaar - 1)
        }
        (None, Language::En) => {
            format!("of those whose care ended in {} and who could be followed for a year", scope.jaar - 1)
        }
    };
    let figure = |name: String, number: String, note: String| Figure { name, number, note };
    vec![
        figure(say(language, "Lopende trajecten", "Running trajectories"), end, stock),
        figure(say(language, "Begonnen trajecten", "Trajectories begun"), inflow, flow),
        figure(say(language, "Terug binnen 12 maanden", "Back within 12 months"), came_back, back),
    ]
}

/// How many ended in a year and were followed, and which share came back: both in words.
fn back_within_year(returns: &CareReturns, jaar: i16, language: Language) -> (Option<String>, String) {
    let of_year: Vec<&ReturnRow> = returns.years.iter().filter(|row| row.jaar == jaar).collect();
    let sum = |of: fn(&ReturnRow) -> Option<i64>| of_year.iter().map(|row| of(row)).sum::<Option<i64>>();
    let (ended, returned) = (sum(|row| row.ended), sum(|row| row.returned));
    let share = return_share(ended, returned).map_or_else(|| "–".to_owned(), |cell| cell.shown(language));
    (ended.map(|ended| persons(Some(ended)).shown(language)), share)
}

/// A share of persons, or nothing when there are none, or withheld as its parts are.
fn return_share(ended: Option<i64>, returned: Option<i64>) -> Option<Cell> {
    match ended.zip(returned) {
        Some((0, _)) => None,
        Some((ended, returned)) => Some(Cell::Share(share_of(returned, ended))),
        None => Some(Cell::Withheld),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 15 digits")]
fn share_of(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

fn percentage(share: f64, language: Language) -> String {
    percent_one_decimal(share, language)
}

fn one_decimal(value: f64, language: Language) -> String {
    real(value, 1, language)
}

fn no_team(language: Language) -> Block {
    text(
        language,
        ("Per team", "Per team"),
        (
            "Het standaardbericht noemt geen team of consulent. Verloop is er daarom per aanbieder, per verwijzer en per wijk.",
            "The standard message names no team or case worker. Flows are therefore by provider, referrer and district.",
        ),
    )
}

/// The indicators of care, a list per theme.
fn theme_links(app: &App, scope: &Scope) -> Vec<Block> {
    let catalogue = app.catalogue();
    let dutch = scope.language == Language::Nl;
    let themas = THEMAS.iter().filter_map(|id| catalogue.themas().iter().find(|thema| thema.id == *id));
    themas
        .map(|thema| {
            let indicators = catalogue.indicators().iter().filter(|indicator| indicator.thema == thema.id);
            let links = indicators.map(|indicator| {
                let name = if dutch { &indicator.naam } else { &indicator.name };
                (name.clone(), scope.link(&format!("/indicatoren/{}", indicator.id)))
            });
            let name = if dutch { &thema.naam } else { &thema.name };
            let title = format!("{}: {}", say(scope.language, "Indicatoren", "Indicators"), name.to_lowercase());
            Block::Links(Links { title, links: links.collect() })
        })
        .collect()
}
