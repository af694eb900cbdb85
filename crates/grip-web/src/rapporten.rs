//! Reports: pages of one day put together, as a page, for a spreadsheet and on paper.

use askama::Template;
use axum::{
    extract::Path,
    http::{Uri, header},
    response::{IntoResponse, Response},
};
use grip_report::{
    Cell, Column, Language, PdfError, Report, Section, Table, TableRow, pdf_by, report_csv, report_html,
    report_html_body, report_xlsx,
};

use crate::{
    App,
    address::{Scope, with},
    api,
    document::{Block, Document, JSON, Opened, REPORT, WithTables, open},
    dress::dressed,
    frame::{Crumb, Frame},
    page,
    problem::Problem,
    words::{either, say},
};

/// A report: its name in addresses, what it is called, and the pages it is made of.
struct Kind {
    name: &'static str,
    nl: &'static str,
    en: &'static str,
    /// For whom, and when.
    nl_about: &'static str,
    en_about: &'static str,
    pages: &'static [&'static str],
}

const KINDS: [Kind; 6] = [
    Kind {
        name: "monitor",
        nl: "Monitor Sociaal Domein",
        en: "Monitor of the social domain",
        nl_about: "Voor de raad, twee keer per jaar: doelen, geld, zorg, maatregelen en besluiten.",
        en_about: "For the council, twice a year: goals, money, care, measures and decisions.",
        pages: &[
            "/beleid/tabel",
            "/geld",
            "/prognose",
            "/geld/groei",
            "/zorg/verloop",
            "/zorg/duur",
            "/vergelijking",
            "/maatregelen",
            "/programma",
            "/besluiten",
            "/gegevens",
        ],
    },
    Kind {
        name: "kwartaal",
        nl: "Kwartaalrapportage",
        en: "Quarterly report",
        nl_about: "Voor planning en control: begroting, prognose, groei, reserve en maatregelen.",
        en_about: "For planning and control: budget, forecast, growth, reserve and measures.",
        pages: &["/geld", "/prognose", "/geld/groei", "/geld/weerstand", "/maatregelen"],
    },
    Kind {
        name: "gegevensrapportage",
        nl: "Gegevensrapportage",
        en: "Data report",
        nl_about: "De cijfers van het CBS naar de indeling van de gegevensrapportage.",
        en_about: "The figures of Statistics Netherlands in the order of the data report.",
        pages: &["/vergelijking/gegevensrapportage", "/vergelijking/taakvelden"],
    },
    Kind {
        name: "aanbieders",
        nl: "Rapport over aanbieders",
        en: "Report on providers",
        nl_about: "Voor inkoop: wat aanbieders doen, hoe goed zij aanleveren, en wat van kwaliteit bekend is.",
        en_about: "For procurement: what providers do, how well they send, and what is known of quality.",
        pages: &["/beleid/goed-genoeg", "/gegevens", "/signalen"],
    },
    Kind {
        name: "maatregelen",
        nl: "Rapport over maatregelen",
        en: "Report on measures",
        nl_about: "Wat maatregelen moeten opleveren, wat zij opleverden, en wat nog niet te zeggen is.",
        en_about: "What measures should bring, what they brought, and what can't be said yet.",
        pages: &["/maatregelen", "/maatregelen/pilots", "/beleid/cyclus"],
    },
    Kind {
        name: "programma",
        nl: "Rapport over het programma",
        en: "Report on the programme",
        nl_about: "Hoe het programma ervoor staat: planning, geld, mensen en risico's.",
        en_about: "How the programme stands: planning, money, people and risks.",
        pages: &["/programma", "/besluiten"],
    },
];

/// The names of all reports.
pub fn report_names() -> [&'static str; 6] {
    KINDS.map(|kind| kind.name)
}

/// `/rapporten`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let (scope, language) = (&opened.scope, opened.scope.language);
    let title = say(language, "Rapporten", "Reports");
    let lede = say(
        language,
        "Elk rapport is gemaakt van de pagina's van deze peildatum. Dezelfde peildatum geeft weer hetzelfde rapport.",
        "Each report is made of the pages of this day. The same day gives the same report again.",
    );
    let mut document = Document::new(frame(&opened, &app, &uri, &title, None), &uri, title.clone(), lede);
    let row = |kind: &Kind| {
        let path = format!("/rapporten/{}", kind.name);
        let file = |format: &str| Cell::Link {
            text: format.to_uppercase(),
            href: scope.link_with(&path, &[("formaat", format.to_owned())]),
        };
        let cells =
            vec![Cell::text(either(language, kind.nl_about, kind.en_about)), file("pdf"), file("xlsx"), file("csv")];
        TableRow::new(either(language, kind.nl, kind.en), cells).linked(scope.link(&path))
    };
    document.blocks.push(Block::Table(Table {
        id: "rapporten".to_owned(),
        title,
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "Rapport", "Report")),
            Column::text(say(language, "Waarvoor", "What for")),
            Column::kept(say(language, "Op papier", "On paper")),
            Column::kept(say(language, "Rekenblad", "Spreadsheet")),
            Column::kept(say(language, "Getallen", "Numbers")),
        ],
        total: None,
        rows: KINDS.iter().map(row).collect(),
    }));
    document.respond(&opened.asked)
}

fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, kind: Option<&Kind>) -> Frame {
    let language = opened.scope.language;
    let part =
        Crumb { name: say(language, "Rapporten", "Reports"), href: kind.map(|_| opened.scope.link("/rapporten")) };
    let own = kind.map(|kind| Crumb { name: either(language, kind.nl, kind.en).to_owned(), href: None });
    opened.frame(app, uri, title, std::iter::once(part).chain(own).collect())
}

#[derive(Template)]
#[template(path = "rapport.html")]
struct ReportPage {
    frame: Frame,
    title: String,
    /// Names of forms with the addresses of the files.
    files: Vec<(&'static str, String)>,
    /// Written by `grip-report`, which escapes what it is given.
    body: String,
}

/// `/rapporten/{rapport}`
pub(crate) async fn show(app: App, Path(name): Path<String>, uri: Uri) -> Result<Response, Problem> {
    let kind = KINDS.iter().find(|kind| kind.name == name).ok_or(Problem::NotFound)?;
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let report = compose(&app, kind, &opened.scope).await?;
    if opened.asked.get("formaat") == Some(JSON) {
        return api::page::respond_report(&report, &opened.scope.gemeente.to_string(), opened.scope.jaar, &uri);
    }
    let Some(format) = opened.asked.get("formaat") else {
        let files = [("PDF", "pdf"), ("XLSX", "xlsx"), ("CSV", "csv"), ("HTML", "html")];
        let files = files.map(|(name, format)| (name, with(&uri, &[("formaat", format)])));
        let frame = frame(&opened, &app, &uri, &report.title, Some(kind));
        return page(&ReportPage {
            frame,
            title: format!("{} {}", report.title, report.subtitle),
            files: files.into(),
            body: dressed(&report_html_body(&report)),
        });
    };
    let (media, file) = match format {
        "html" => ("text/html; charset=utf-8", report_html(&report).into_bytes()),
        "csv" => ("text/csv; charset=utf-8", report_csv(&report).into_bytes()),
        "xlsx" => {
            let file = report_xlsx(&report).map_err(|error| Problem::Broken(error.to_string()))?;
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file)
        }
        "pdf" => ("application/pdf", pdf(&app, report).await?),
        _ => return Err(Problem::BadParameter { parameter: "formaat", text: format.chars().take(60).collect() }),
    };
    let name = format!(
        "attachment; filename=\"grip-{}-{}-{}.{format}\"",
        kind.name, opened.scope.gemeente, opened.scope.peildatum
    );
    Ok(([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, &name)], file).into_response())
}

async fn pdf(app: &App, report: Report) -> Result<Vec<u8>, Problem> {
    let program = app.settings.typeset.clone().ok_or(Problem::NoTypeset)?;
    let template = app.settings.template.clone();
    let made = tokio::task::spawn_blocking(move || pdf_by(&program, template.as_deref(), &report, |_| {})).await;
    made.map_err(|error| Problem::Broken(error.to_string()))?
        .map_err(|error: PdfError| Problem::Broken(error.to_string()))
}

/// A report for whoever asks: of the pages they may see, and of what is known on the day.
async fn compose(app: &App, kind: &Kind, scope: &Scope) -> Result<Report, Problem> {
    let language = scope.language;
    let mut sections = Vec::new();
    for path in kind.pages {
        let address = scope.link_with(path, &[("formaat", REPORT.to_owned())]);
        let Some(section) = app.section(&address).await? else { continue };
        sections.push(own(section, path));
    }
    let sources = kind.pages.iter().map(|path| scope.link(path));
    let mut origin = vec![
        (say(language, "Gemeente", "Municipality"), scope.gemeente.to_string()),
        (say(language, "Peildatum", "As known on"), scope.peildatum.to_string()),
    ];
    origin.extend(sources.map(|source| (say(language, "Pagina", "Page"), source)));
    Ok(Report {
        title: either(language, kind.nl, kind.en).to_owned(),
        subtitle: scope.jaar.to_string(),
        gemeente: match language {
            Language::Nl => format!("Gemeente {}", scope.gemeente),
            Language::En => format!("Municipality {}", scope.gemeente),
        },
        peildatum: scope.peildatum,
        language,
        origin,
        sections,
    })
}

/// A section whose charts and tables have names that no other section of the report has.
fn own(mut section: Section, path: &str) -> Section {
    use grip_report::Block as Part;
    let prefix = path.trim_matches('/').replace('/', "-");
    for (at, part) in section.blocks.iter_mut().enumerate() {
        if let Part::Chart(_, table) | Part::Table(table) = part {
            table.id = format!("{prefix}-{at}-{}", table.id);
        }
        if let Part::Chart(chart, _) = part {
            let id = format!("{prefix}-{at}-{}", chart.id());
            **chart = chart.as_ref().clone().named(id);
        }
    }
    section
}

/// A report over the data of `grip`, for whoever has the folder. `query` is what an address of a page would ask.
///
/// # Errors
/// In English, what went wrong; also when there is no such report.
pub async fn report(
    grip: grip_pipeline::Grip,
    settings: crate::Settings,
    name: &str,
    query: &str,
) -> Result<Report, String> {
    let told = |problem: Problem| problem.to_string();
    let kind = KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| format!("there is no report `{name}`"))?;
    let uri: Uri = format!("/rapporten/{name}?{query}").parse().map_err(|_| format!("`{query}` is no question"))?;
    let app = App::of_owner(grip, settings);
    let opened = open(&app, &uri).await.map_err(told)?.map_err(|_| "there is no data to report on".to_owned())?;
    compose(&app, kind, &opened.scope).await.map_err(told)
}
