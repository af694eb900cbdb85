//! Money: budget beside actual, and why it grew.

use axum::{http::Uri, response::Response};
use grip_access::Part;
use grip_pipeline::{
    Dimension, Foreseen, Foresight, GROWTH_DIMENSIONS, GrowthAnswer, GrowthCause, GrowthLine, GrowthMethod,
    GrowthQuestion, PipelineError,
    budget::{BudgetLine, BudgetMonth, BudgetTable, TaakveldLine},
};
use grip_report::{
    Cell, Chart, Column, Course, CourseLine, Form, Language, Mark, Scale, Step, Table, TableRow, Waterfall,
    WaterfallStep, euros_change, euros_short, month_name, month_name_short, real,
};
use grip_types::{Date, Maand, Wet};

use crate::{
    App,
    address::{Asked, Scope, percent_encode},
    document::{Block, ChartBlock, Document, Figure, Filter, Links, Text, WithTables, open},
    frame::Crumb,
    indicatoren::dimension_name,
    problem::Problem,
    prognose::{drawings::both, month_in_full, segment_path},
    sentences::long_date,
    vragen,
    words::{say, words},
};

/// `/geld`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let Scope { gemeente, jaar, peildatum, .. } = scope;
    let budget = app.ask(move |grip| grip.budget(gemeente, jaar, peildatum)).await?;
    let title = budget_title(&budget, language);
    let frame = opened.frame(&app, &uri, &title, vec![Crumb { name: words(language).money.to_owned(), href: None }]);
    let day = long_date(peildatum, language);
    let lede = match language {
        Language::Nl => format!("Begroting en werkelijkheid van {jaar}, zoals bekend op {day}."),
        Language::En => format!("Budget and actual of {jaar}, as known on {day}."),
    };
    let mut document = Document::new(frame, &uri, title, lede);
    document.figures = figures(&budget, language);
    document.blocks = vec![
        Block::Table(budget_table(&budget, &scope)),
        Block::Table(month_table(&budget, &scope)),
        Block::Table(taakveld_table(&budget, &scope)),
        Block::Links(onward(&app, &scope)),
    ];
    document.blocks.extend(vragen::on_page(&app, &opened, &uri).await?);
    document.respond(&opened.asked)
}

fn budget_title(budget: &BudgetTable, language: Language) -> String {
    let jaar = budget.jaar;
    match (budget.total.difference, language) {
        (Some(difference), _) if difference != 0 => {
            let amount = euros_short(difference.abs(), language);
            match (difference < 0, language) {
                (true, Language::Nl) => format!("{jaar} komt naar verwachting {amount} boven de begroting uit"),
                (false, Language::Nl) => format!("{jaar} blijft naar verwachting {amount} onder de begroting"),
                (true, Language::En) => format!("{jaar} is expected to end {amount} over budget"),
                (false, Language::En) => format!("{jaar} is expected to end {amount} under budget"),
            }
        }
        (_, Language::Nl) => format!("Begroting en werkelijkheid van {jaar}"),
        (_, Language::En) => format!("Budget and actual of {jaar}"),
    }
}

fn figures(budget: &BudgetTable, language: Language) -> Vec<Figure> {
    let amount = |cents: Option<i64>| cents.map_or("–".to_owned(), |cents| euros_short(cents, language));
    let total = &budget.total;
    let last = budget.jaar - 1;
    let figure = |name: String, number: Option<i64>, note: String| Figure { name, number: amount(number), note };
    vec![
        figure(
            say(language, "Begroting nu", "Budget now"),
            total.current,
            format!("{} {}", say(language, "eerst vastgesteld:", "as first decided:"), amount(total.original)),
        ),
        figure(
            say(language, "Prognose", "Forecast"),
            total.forecast,
            format!("{} {}", say(language, "tot nu gedeclareerd:", "declared so far:"), amount(total.declared)),
        ),
        figure(
            format!("{} {last}", say(language, "Gedeclareerd over", "Declared for")),
            total.last_year,
            say(language, "zoals nu bekend", "as known now"),
        ),
    ]
}

fn budget_table(budget: &BudgetTable, scope: &Scope) -> Table {
    let language = scope.language;
    let w = words(language);
    let row = |line: &BudgetLine| {
        let wet = line.wet.as_deref().and_then(|wet| wet.parse::<Wet>().ok());
        let href = match (wet, line.productcategorie.as_deref()) {
            (Some(wet), Some(categorie)) => Some(scope.link(&segment_path(wet, categorie))),
            (Some(wet), None) if line.naam != NO_CATEGORY => Some(growth_link(scope, Some(wet), None)),
            _ => None,
        };
        let cell = |cents: Option<i64>| Cell::of(cents, Cell::Thousands);
        TableRow {
            head: if wet.is_some() { line.naam.clone() } else { w.total.to_owned() },
            href,
            is_dutch: true,
            cells: vec![
                cell(line.last_year),
                cell(line.original),
                cell(line.current),
                cell(line.declared),
                cell(line.forecast),
                Cell::of(line.difference, Cell::Difference),
            ],
        }
    };
    let column = |nl: &str, en: &str, id: &str| {
        Column::number(say(language, nl, en)).explained_at(scope.link(&format!("/indicatoren/{id}")))
    };
    let last = budget.jaar - 1;
    Table {
        id: "begroting".to_owned(),
        title: say(language, "Per wet en productcategorie", "By law and product category"),
        note: format!(
            "{}. {}",
            w.thousands,
            say(
                language,
                "V is voordelig, N nadelig. Een wet leidt naar haar groei, een categorie naar haar prognose.",
                "F is favourable, A adverse. A law leads to its growth, a category to its forecast."
            )
        ),
        empty: say(
            language,
            "Er is geen begroting en er zijn geen declaraties van dit jaar. Een begroting leest u in met grip import begroting.",
            "There is no budget and there are no invoices of this year. Import a budget with grip import begroting.",
        ),
        columns: vec![
            Column::text(w.segment),
            column(&format!("gedeclareerd over {last}"), &format!("declared for {last}"), "gedeclareerd"),
            column("begroting, eerst", "budget, first", "begroting-oorspronkelijk"),
            column("begroting, nu", "budget, now", "begroting-actueel"),
            column("gedeclareerd", "declared", "gedeclareerd"),
            column("prognose", "forecast", "prognose"),
            column("verschil", "difference", "begroting-min-prognose"),
        ],
        rows: budget.lines.iter().map(row).collect(),
        total: Some(row(&budget.total)).filter(|_| !budget.lines.is_empty()),
    }
}

/// The name of what a law spends outside its categories.
const NO_CATEGORY: &str = "niet per categorie";

fn month_table(budget: &BudgetTable, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |month: &BudgetMonth| {
        let amounts = [month.last_year, month.current, month.declared, month.forecast];
        let mut cells: Vec<Cell> = amounts.into_iter().map(|cents| Cell::of(cents, Cell::Thousands)).collect();
        cells.push(Cell::of(month.difference, Cell::Difference));
        TableRow::new(month_in_full(&month.maand, language), cells)
    };
    Table {
        id: "begroting-maanden".to_owned(),
        title: say(language, "Per maand", "By month"),
        note: format!(
            "{}. {}",
            words(language).thousands,
            say(
                language,
                "De begroting kent geen maanden: er staat een twaalfde deel.",
                "The budget knows no months: a twelfth of it is shown."
            )
        ),
        empty: String::new(),
        columns: vec![
            Column::text(words(language).month),
            Column::number(format!("{} {}", say(language, "gedeclareerd in", "declared in"), budget.jaar - 1)),
            Column::number(say(language, "begroting, 1/12", "budget, 1/12")),
            Column::number(words(language).declared),
            Column::number(words(language).forecast_lower),
            Column::number(words(language).difference),
        ],
        rows: budget.months.iter().map(row).collect(),
        total: None,
    }
}

fn taakveld_table(budget: &BudgetTable, scope: &Scope) -> Table {
    let language = scope.language;
    let row = |line: &TaakveldLine| {
        let cell = |cents: Option<i64>| Cell::of(cents, Cell::Thousands);
        let cells = [line.last_year, line.original, line.current, line.booked, line.iv3_budget].map(cell).to_vec();
        TableRow::new(line.taakveld.clone(), cells)
    };
    Table {
        id: "taakvelden".to_owned(),
        title: say(language, "Per taakveld", "By task field"),
        note: words(language).thousands.to_owned(),
        empty: say(
            language,
            "Van geen taakveld is iets bekend. Lees Iv3 in met grip open-data, het grootboek met grip import grootboek, of een begroting met taakvelden.",
            "Nothing is known of any task field. Import Iv3 with grip open-data, the ledger with grip import grootboek, or a budget with task fields.",
        ),
        columns: vec![
            Column::text("taakveld"),
            Column::number(format!("{} {}", say(language, "jaarrekening (Iv3)", "accounts (Iv3)"), budget.jaar - 1)),
            Column::number(say(language, "begroting, eerst", "budget, first")),
            Column::number(say(language, "begroting, nu", "budget, now")),
            Column::number(say(language, "geboekt", "booked")),
            Column::number(say(language, "begroting (Iv3)", "budget (Iv3)")),
        ],
        rows: budget.taakvelden.iter().map(row).collect(),
        total: None,
    }
}

/// Where a controller goes from here.
fn onward(app: &App, scope: &Scope) -> Links {
    let language = scope.language;
    let growth =
        [(None, "alles", "all"), (Some(Wet::Jw), "de jeugdhulp", "youth care"), (Some(Wet::Wmo), "de Wmo", "the Wmo")]
            .map(|(wet, nl, en)| {
                let name = match language {
                    Language::Nl => format!("Waarom {nl} groeide"),
                    Language::En => format!("Why {en} grew"),
                };
                (name, growth_link(scope, wet, None))
            });
    let themes = ["geld", "aanbieders", "verantwoording"];
    let catalogue = app.catalogue();
    let indicators = catalogue.indicators().iter().filter(|indicator| themes.contains(&indicator.thema.as_str()));
    let named = indicators.map(|indicator| {
        let name = if language == Language::Nl { &indicator.naam } else { &indicator.name };
        (name.clone(), scope.link(&format!("/indicatoren/{}", indicator.id)))
    });
    let reserve = (
        say(language, "Wat de algemene reserve kan dragen", "What the general reserve can bear"),
        scope.link("/geld/weerstand"),
    );
    let links = growth.into_iter().chain([reserve]).chain(named);
    Links { title: say(language, "Verder kijken", "Look further"), links: links.collect() }
}

/// The address of the growth of a law, or of all, up to the year of the page.
pub(crate) fn growth_link(scope: &Scope, wet: Option<Wet>, categorie: Option<&str>) -> String {
    let wet = wet.map(|wet| ("wet", wet.as_str().to_owned()));
    let categorie = categorie.map(|categorie| ("productcategorie", categorie.to_owned()));
    let more: Vec<(&'static str, String)> = wet.into_iter().chain(categorie).collect();
    scope.link_with("/geld/groei", &more)
}

/// `/geld/groei?van=…&wet=…&productcategorie=…&door=…&indexatie=…&methode=…`
pub(crate) async fn growth(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let question = question(&app, &opened.asked, &scope)?;
    let asked = question.clone();
    let answer = app
        .ask(move |grip| match grip.growth(&asked) {
            Ok(answer) => Ok(Some(answer)),
            Err(PipelineError::NoGrowth { .. }) => Ok(None),
            Err(error) => Err(error),
        })
        .await?;
    let what = subject(&app, &question, language).await?;
    let title = match &answer {
        Some(answer) => growth_title(&what, answer, language),
        None => say(language, "Nog niet te vergelijken", "Not to be compared yet"),
    };
    let crumbs = vec![
        Crumb { name: words(language).money.to_owned(), href: Some(scope.link("/geld")) },
        Crumb { name: say(language, "Groei", "Growth"), href: None },
    ];
    let frame = opened.frame(&app, &uri, &title, crumbs);
    let lede = match &answer {
        Some(answer) => growth_lede(answer, &scope),
        None => say(
            language,
            "Van het latere jaar is nog geen maand bijna helemaal gedeclareerd. Kies een eerder jaar.",
            "Of the later year no month is all but fully declared yet. Choose an earlier year.",
        ),
    };
    let mut document = Document::new(frame, &uri, title, lede);
    document.filters = filters(&question, language);
    app.narrow(&mut document.filters, Part::Money, scope.gemeente);
    if let Some(answer) = &answer {
        document.blocks = growth_blocks(&what, &question, answer, &scope);
    }
    document.blocks.extend(vragen::on_page(&app, &opened, &uri).await?);
    document.respond(&opened.asked)
}

/// What an address asks of growth.
pub(crate) fn question(app: &App, asked: &Asked, scope: &Scope) -> Result<GrowthQuestion, Problem> {
    let year = |text: &str| text.parse::<i16>().ok().filter(|jaar| (2015..=2100).contains(jaar));
    let tot = asked.read("tot", year)?.unwrap_or(scope.jaar);
    let van = asked.read("van", |text| year(text).filter(|van| *van < tot))?.unwrap_or(tot - 1);
    let wet = asked.read("wet", |text| text.parse::<Wet>().ok())?;
    let categorie = asked.get("productcategorie").map(str::to_owned);
    let usual = match (&wet, &categorie) {
        (None, _) => Dimension::Wet,
        (Some(_), None) => Dimension::Productcategorie,
        (Some(_), Some(_)) if app.may_split(Part::Money, Dimension::Aanbieder, scope.gemeente) => Dimension::Aanbieder,
        (Some(_), Some(_)) => Dimension::Productcode,
    };
    let dimension = |text: &str| GROWTH_DIMENSIONS.into_iter().find(|dimension| dimension.column() == text);
    let percent =
        |text: &str| text.replace(',', ".").parse::<f64>().ok().filter(|percent| (-50.0..=100.0).contains(percent));
    Ok(GrowthQuestion {
        gemeente: scope.gemeente,
        peildatum: scope.peildatum,
        van,
        tot,
        wet,
        categorie,
        by: asked.read("door", dimension)?.unwrap_or(usual),
        indexation: asked.read("indexatie", percent)?.map(|percent| 1.0 + percent / 100.0),
        method: match asked.get("methode") {
            Some("logaritmisch") => GrowthMethod::LogMean,
            _ => GrowthMethod::OneByOne,
        },
    })
}

/// What grew, as in `De jeugdhulp`.
async fn subject(app: &App, question: &GrowthQuestion, language: Language) -> Result<String, Problem> {
    let law = match question.wet {
        None => say(language, "Wmo en jeugdhulp samen", "Social support and youth care together"),
        Some(Wet::Jw) => say(language, "De jeugdhulp", "Youth care"),
        Some(Wet::Wmo) => say(language, "De Wmo", "Social support"),
    };
    let Some(categorie) = question.categorie.clone() else { return Ok(law) };
    let gemeente = question.gemeente;
    app.ask(move |grip| grip.name_of(gemeente, Dimension::Productcategorie, Some(&categorie))).await
}

fn growth_title(what: &str, answer: &GrowthAnswer, language: Language) -> String {
    let growth = answer.total.after - answer.total.before;
    let amount = euros_short(growth.abs(), language);
    let largest = largest(&answer.total, growth);
    let because = largest.map_or(String::new(), |(cause, part)| {
        let (name, part) = (cause_done(cause, part > 0, language), euros_short(part.abs(), language));
        match language {
            Language::Nl => format!(", vooral door {name} ({part})"),
            Language::En => format!(", mostly by {name} ({part})"),
        }
    });
    let tot = answer.tot;
    match (growth < 0, language) {
        (false, Language::Nl) => format!("{what}: in {tot} {amount} duurder dan in {}{because}", answer.van),
        (true, Language::Nl) => format!("{what}: in {tot} {amount} goedkoper dan in {}{because}", answer.van),
        (false, Language::En) => format!("{what}: {amount} more in {tot} than in {}{because}", answer.van),
        (true, Language::En) => format!("{what}: {amount} less in {tot} than in {}{because}", answer.van),
    }
}

/// The cause that did most in the direction of the whole.
fn largest(line: &GrowthLine, growth: i64) -> Option<(GrowthCause, i64)> {
    let same = line.parts.iter().filter(|part| part.amount.signum() == growth.signum() && part.amount != 0);
    same.max_by_key(|part| part.amount.abs()).map(|part| (part.cause, part.amount))
}

fn growth_lede(answer: &GrowthAnswer, scope: &Scope) -> String {
    let language = scope.language;
    let day = long_date(scope.peildatum, language);
    let months = i8::try_from(answer.months).unwrap_or(12);
    let last = month_name(months, language);
    match (answer.months, language) {
        (12, Language::Nl) => format!("Vergeleken zijn hele jaren, zoals bekend op {day}."),
        (12, Language::En) => format!("Compared are whole years, as known on {day}."),
        (_, Language::Nl) => format!(
            "Vergeleken zijn januari tot en met {last} van beide jaren, zoals bekend op {day}. Latere maanden zijn nog niet helemaal gedeclareerd."
        ),
        (_, Language::En) => format!(
            "Compared are January to {last} of both years, as known on {day}. Later months are not fully declared yet."
        ),
    }
}

fn filters(question: &GrowthQuestion, language: Language) -> Vec<Filter> {
    let w = words(language);
    let year = |name, label: String, chosen: i16, from: i16| Filter {
        name,
        label,
        options: (from..from + 8).map(|jaar| (jaar.to_string(), jaar.to_string())).collect(),
        chosen: chosen.to_string(),
    };
    let wetten = [("", w.all_values), ("jw", w.jw), ("wmo", w.wmo)];
    let option = |(value, name): (&str, &str)| (value.to_owned(), name.to_owned());
    let mut filters = vec![
        year("van", say(language, "Van", "From"), question.van, question.tot - 7),
        year("tot", say(language, "Naar", "To"), question.tot, question.tot - 5),
        Filter {
            name: "wet",
            label: w.law.to_owned(),
            options: wetten.map(option).to_vec(),
            chosen: question.wet.map(|wet| wet.as_str().to_owned()).unwrap_or_default(),
        },
        Filter {
            name: "door",
            label: say(language, "Verdeeld naar", "Split by"),
            options: GROWTH_DIMENSIONS
                .into_iter()
                .map(|dimension| (dimension.column().to_owned(), dimension_name(dimension, language).to_owned()))
                .collect(),
            chosen: question.by.column().to_owned(),
        },
        Filter {
            name: "methode",
            label: say(language, "Samenloop", "Interaction"),
            options: vec![
                (String::new(), say(language, "apart getoond", "shown apart")),
                ("logaritmisch".to_owned(), say(language, "verdeeld (LMDI)", "divided (LMDI)")),
            ],
            chosen: match question.method {
                GrowthMethod::OneByOne => String::new(),
                GrowthMethod::LogMean => "logaritmisch".to_owned(),
            },
        },
    ];
    if let Some(categorie) = &question.categorie {
        filters.push(Filter {
            name: "productcategorie",
            label: dimension_name(Dimension::Productcategorie, language).to_owned(),
            options: vec![(String::new(), w.all_values.to_owned()), (categorie.clone(), categorie.clone())],
            chosen: categorie.clone(),
        });
    }
    filters
}

fn growth_blocks(what: &str, question: &GrowthQuestion, answer: &GrowthAnswer, scope: &Scope) -> Vec<Block> {
    let language = scope.language;
    let mut blocks = vec![waterfall(what, answer, scope), Block::Table(line_table(question, answer, scope))];
    blocks.push(Block::Text(Text {
        name: say(language, "Hoe dit is berekend", "How this is computed"),
        text: method_text(answer, language),
        is_dutch: false,
    }));
    let wet = question.wet;
    let more = |path: &str, name: String| (name, scope.link_with(path, &of(wet, question.categorie.as_deref())));
    blocks.push(Block::Links(Links {
        title: say(language, "Sinds wanneer, en bij wie", "Since when, and with whom"),
        links: vec![
            (
                say(language, "Sinds wanneer was dit te weten?", "Since when could this be known?"),
                foresight_link(question, scope),
            ),
            more(
                "/signalen",
                say(language, "Signalen: wat afwijkt van zijn verloop", "Signals: what departs from its course"),
            ),
            more("/indicatoren/gedeclareerd", say(language, "Gedeclareerd per maand", "Declared per month")),
            more(
                "/indicatoren/clienten-met-zorg",
                say(language, "Cliënten met zorg per maand", "Clients with care per month"),
            ),
            more("/indicatoren/kosten-per-client", say(language, "Kosten per cliënt", "Cost per client")),
        ],
    }));
    blocks
}

/// The questions of growth, in an address.
fn years_of(question: &GrowthQuestion) -> Vec<(&'static str, String)> {
    let years = [("van", question.van.to_string()), ("tot", question.tot.to_string())];
    years.into_iter().chain(of(question.wet, question.categorie.as_deref())).collect()
}

fn foresight_link(question: &GrowthQuestion, scope: &Scope) -> String {
    scope.link_with("/geld/groei/sinds-wanneer", &years_of(question))
}

/// `/geld/groei/sinds-wanneer?van=…&tot=…&wet=…&productcategorie=…`
pub(crate) async fn foresight(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let question = question(&app, &opened.asked, &scope)?;
    let asked = question.clone();
    let answer = app
        .ask(move |grip| {
            let years = (asked.van, asked.tot);
            grip.foresight(asked.gemeente, years, asked.wet, asked.categorie.as_deref(), asked.peildatum)
        })
        .await?;
    let what = subject(&app, &question, language).await?;
    let title = foresight_title(&what, &answer, language);
    let crumbs = vec![
        Crumb { name: words(language).money.to_owned(), href: Some(scope.link("/geld")) },
        Crumb {
            name: say(language, "Groei", "Growth"),
            href: Some(scope.link_with("/geld/groei", &years_of(&question))),
        },
        Crumb { name: say(language, "Sinds wanneer", "Since when"), href: None },
    ];
    let frame = opened.frame(&app, &uri, &title, crumbs);
    let lede = say(
        language,
        "Wat Grip aan het eind van elke maand van beide jaren verwachtte, met alleen wat toen bekend was. Te weten is het zodra Grip ten minste de helft van de groei voorzag, en daarna steeds.",
        "What Grip expected of both years at the end of each month, with only what was known then. It could be known from the first month in which at least half of the growth was foreseen, and always after.",
    );
    let mut document = Document::new(frame, &uri, title, lede);
    document.blocks = vec![Block::Chart(foresight_chart(&answer, &scope))];
    document.blocks.extend(foresight_links(&question, &answer, &scope));
    document.respond(&opened.asked)
}

fn foresight_title(what: &str, answer: &Foresight, language: Language) -> String {
    let (van, tot) = (answer.van, answer.tot);
    let known = answer.known_from.as_deref().and_then(|day| day.get(..7)).map(|maand| month_in_full(maand, language));
    let is_more = answer.moments.last().is_some_and(|last| last.after > last.before);
    match (known, language) {
        (Some(maand), Language::Nl) => {
            let which = if is_more { "duurder" } else { "goedkoper" };
            format!("{what}: dat {tot} {which} werd dan {van} was te weten eind {maand}")
        }
        (Some(maand), Language::En) => {
            let which = if is_more { "more" } else { "less" };
            format!("{what}: that {tot} cost {which} than {van} could be known at the end of {maand}")
        }
        (None, Language::Nl) => format!("{what}: {tot} werd niet anders dan {van}"),
        (None, Language::En) => format!("{what}: {tot} was no different from {van}"),
    }
}

fn foresight_chart(answer: &Foresight, scope: &Scope) -> ChartBlock {
    let language = scope.language;
    let month = |day: &str| day.get(..7).and_then(|maand| maand.parse::<Maand>().ok());
    let mut year = None;
    let step = |moment: &Foreseen| {
        let maand = month(&moment.peildatum);
        let label = maand.map_or("", |maand| month_name_short(maand.month(), language)).to_owned();
        let own = maand.map(Maand::year);
        let is_first = own != year;
        year = own;
        Step {
            name: maand.map_or_else(|| moment.peildatum.clone(), |maand| month_in_full(&maand.to_string(), language)),
            initial: label.chars().take(1).collect(),
            label,
            year: own.filter(|_| is_first).map(|year| year.to_string()).unwrap_or_default(),
            href: None,
        }
    };
    let labels = answer.moments.iter().map(step).collect();
    let line = |jaar: i16, of: fn(&Foreseen) -> i64| CourseLine {
        name: format!("{} {jaar}", words(language).forecast_lower),
        values: answer.moments.iter().map(|moment| Some(of(moment))).collect(),
        band: None,
    };
    let at = answer.moments.iter().position(|moment| Some(&moment.peildatum) == answer.known_from.as_ref());
    let title = match language {
        Language::Nl => format!("De prognoses van {} en {} aan het eind van elke maand", answer.van, answer.tot),
        Language::En => format!("The forecasts of {} and {} at the end of each month", answer.van, answer.tot),
    };
    let chart = Chart::Course(Course {
        id: "sinds-wanneer-grafiek".to_owned(),
        title: title.clone(),
        description: say(
            language,
            "Twee lijnen: wat van elk jaar werd verwacht. De cijfers staan in de tabel eronder.",
            "Two lines: what was expected of each year. The figures are in the table below.",
        ),
        language,
        scale: Scale::Euros,
        labels,
        lines: vec![line(answer.van, |moment| moment.before), line(answer.tot, |moment| moment.after)],
        reference: None,
        marks: at.map(|at| Mark { at, name: say(language, "te weten", "to be known") }).into_iter().collect(),
        form: Form::Straight,
        from_zero: false,
        known_to: answer.moments.len(),
        provisional_name: String::new(),
    });
    let rows = answer.moments.iter().map(|moment| {
        let amounts = [moment.before, moment.after, moment.after - moment.before];
        let day =
            month(&moment.peildatum).map_or(moment.peildatum.clone(), |maand| long_date(maand.last_day(), language));
        TableRow::new(day, amounts.map(Cell::Thousands).to_vec())
    });
    let table = Table {
        id: "sinds-wanneer".to_owned(),
        title: title.clone(),
        note: words(language).thousands.to_owned(),
        empty: String::new(),
        columns: vec![
            Column::text(words(language).peildatum),
            Column::number(format!("{} {}", words(language).forecast_lower, answer.van)),
            Column::number(format!("{} {}", words(language).forecast_lower, answer.tot)),
            Column::number(say(language, "voorziene groei", "growth foreseen")),
        ],
        rows: rows.collect(),
        total: None,
    };
    ChartBlock { drawings: both(title, &chart), table }
}

/// From the moment it could be known to what was to be seen then.
fn foresight_links(question: &GrowthQuestion, answer: &Foresight, scope: &Scope) -> Option<Block> {
    let language = scope.language;
    let day: Date = answer.known_from.as_deref()?.parse().ok()?;
    let then = Scope { peildatum: day, jaar: answer.tot, ..scope.clone() };
    let only = of(question.wet, question.categorie.as_deref());
    let on = long_date(day, language);
    let named = |nl: &str, en: &str| format!("{} {on}", say(language, nl, en));
    Some(Block::Links(Links {
        title: say(language, "Wat toen te zien was", "What was to be seen then"),
        links: vec![
            (named("De prognose op", "The forecast on"), then.link("/prognose")),
            (named("De signalen op", "The signals on"), then.link_with("/signalen", &only)),
            (
                named(
                    "Cliënten met lopende toewijzing, zoals bekend op",
                    "Clients with a running allocation, as known on",
                ),
                then.link_with("/indicatoren/clienten-met-lopende-zorg", &only),
            ),
            (
                named("Nieuwe toewijzingen, zoals bekend op", "New allocations, as known on"),
                then.link_with("/indicatoren/nieuwe-toewijzingen", &only),
            ),
        ],
    }))
}

fn of(wet: Option<Wet>, categorie: Option<&str>) -> Vec<(&'static str, String)> {
    let wet = wet.map(|wet| ("wet", wet.as_str().to_owned()));
    wet.into_iter().chain(categorie.map(|categorie| ("productcategorie", categorie.to_owned()))).collect()
}

fn waterfall(what: &str, answer: &GrowthAnswer, scope: &Scope) -> Block {
    let language = scope.language;
    let steps: Vec<(String, i64)> = answer
        .total
        .parts
        .iter()
        .filter(|part| part.amount != 0)
        .map(|part| (cause_name(part.cause, language).to_owned(), part.amount))
        .collect();
    let (before, after) = (euros_short(answer.total.before, language), euros_short(answer.total.after, language));
    let told: Vec<String> =
        steps.iter().map(|(name, amount)| format!("{name} {}", euros_change(*amount, language))).collect();
    let told = told.join("; ");
    let title = match language {
        Language::Nl => format!("{what}: van {before} naar {after}"),
        Language::En => format!("{what}: from {before} to {after}"),
    };
    let chart = Chart::Waterfall(Waterfall {
        id: "oorzaken-grafiek".to_owned(),
        title: title.clone(),
        description: match language {
            Language::Nl => format!("Waterval van {before} in {} naar {after} in {}: {told}.", answer.van, answer.tot),
            Language::En => format!("Waterfall from {before} in {} to {after} in {}: {told}.", answer.van, answer.tot),
        },
        language,
        from: answer.van.to_string(),
        start: answer.total.before,
        steps: steps
            .iter()
            .map(|(name, amount)| WaterfallStep { name: name.clone(), amount: *amount, href: None })
            .collect(),
        to: answer.tot.to_string(),
    });
    let rows = answer.total.parts.iter().map(|part| {
        let cells = vec![Cell::Euros(part.amount), Cell::text(cause_meaning(part.cause, language))];
        TableRow::new(cause_name(part.cause, language), cells)
    });
    let table = Table {
        id: "oorzaken".to_owned(),
        title: say(language, "De oorzaken", "The causes"),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "oorzaak", "cause")),
            Column::number(say(language, "bedrag", "amount")),
            Column::text(say(language, "wat het is", "what it is")),
        ],
        rows: rows.collect(),
        total: Some(TableRow::new(
            words(language).total,
            vec![Cell::Euros(answer.total.after - answer.total.before), Cell::Nothing],
        )),
    };
    Block::Chart(ChartBlock { drawings: both(title, &chart), table })
}

/// Causes beside each other in the table of parts: price, volume and what is left.
const COLUMNS: [GrowthCause; 11] = GrowthCause::ALL;

fn line_table(question: &GrowthQuestion, answer: &GrowthAnswer, scope: &Scope) -> Table {
    let language = scope.language;
    let shown: Vec<GrowthCause> =
        COLUMNS.into_iter().filter(|cause| answer.lines.iter().any(|line| amount(line, *cause) != 0)).collect();
    let row = |line: &GrowthLine| {
        let causes = shown.iter().map(|cause| Cell::Thousands(amount(line, *cause)));
        let whole = [line.before, line.after, line.after - line.before].map(Cell::Thousands);
        let row = TableRow {
            head: line.naam.clone(),
            href: None,
            is_dutch: true,
            cells: whole.into_iter().chain(causes).collect(),
        };
        match deeper(question, line, scope) {
            Some(href) => row.linked(href),
            None => row,
        }
    };
    let heads = [answer.van.to_string(), answer.tot.to_string(), say(language, "groei", "growth")];
    let causes = shown.iter().map(|cause| cause_name(*cause, language).to_lowercase());
    let dimension = dimension_name(question.by, language);
    Table {
        id: "groei".to_owned(),
        title: match language {
            Language::Nl => format!("De groei verdeeld naar {dimension}"),
            Language::En => format!("Growth split by {dimension}"),
        },
        note: words(language).thousands.to_owned(),
        empty: say(language, "In deze maanden is niets gedeclareerd.", "Nothing was declared in these months."),
        columns: std::iter::once(Column::text(dimension))
            .chain(heads.into_iter().chain(causes).map(Column::number))
            .collect(),
        rows: answer.lines.iter().map(row).collect(),
        total: Some(TableRow { head: words(language).total.to_owned(), is_dutch: false, ..row(&answer.total) })
            .map(|row| TableRow { href: None, ..row }),
    }
}

fn amount(line: &GrowthLine, cause: GrowthCause) -> i64 {
    line.parts.iter().find(|part| part.cause == cause).map_or(0, |part| part.amount)
}

/// One step down: from a law to its categories, from a category to its providers, from a provider to its lines.
fn deeper(question: &GrowthQuestion, line: &GrowthLine, scope: &Scope) -> Option<String> {
    let value = line.value.as_deref()?;
    let years = [("van", question.van.to_string()), ("tot", question.tot.to_string())];
    let link = |more: Vec<(&'static str, String)>| {
        let all: Vec<(&'static str, String)> = years.iter().cloned().chain(more).collect();
        scope.link_with("/geld/groei", &all)
    };
    match question.by {
        Dimension::Wet => Some(link(of(value.parse().ok(), None))),
        Dimension::Productcategorie => question.wet.map(|wet| link(of(Some(wet), Some(value)))),
        Dimension::Aanbieder => {
            let (wet, categorie) = question.wet.zip(question.categorie.as_deref())?;
            let path = format!("{}/{}", segment_path(wet, categorie), percent_encode(value));
            Some(Scope { jaar: question.tot, ..scope.clone() }.link(&path))
        }
        _ => None,
    }
}

fn method_text(answer: &GrowthAnswer, language: Language) -> String {
    let indexation: Vec<String> = answer
        .indexation
        .iter()
        .map(|indexation| {
            let percent = real((indexation.ratio - 1.0) * 100.0, 1, language);
            let law = if indexation.wet == "jw" { words(language).jw } else { words(language).wmo };
            match (indexation.contracts, language) {
                (0, Language::Nl) => format!("{law} {percent} % (opgegeven, of geen contracten)"),
                (0, Language::En) => format!("{law} {percent}% (given, or no contracts)"),
                (contracts, Language::Nl) => format!("{law} {percent} % (mediaan van {contracts} contracttarieven)"),
                (contracts, Language::En) => format!("{law} {percent}% (median of {contracts} contract tariffs)"),
            }
        })
        .collect();
    let indexation = indexation.join("; ");
    match language {
        Language::Nl => format!(
            "Per product is het bedrag het aantal cliënten × maanden per cliënt × eenheden per maand × tarief. Elke oorzaak is wat er gebeurt als alleen die verandert; wat oorzaken samen deden is samenloop. De delen tellen tot op de cent op tot de groei. Afgesproken indexatie: {indexation}. De methode en haar bron staan in docs/methods/price-or-volume.md."
        ),
        Language::En => format!(
            "Per product the amount is clients × months per client × units per month × tariff. Each cause is what happens when only that changes; what causes did together is interaction. The parts add up to the growth, to the cent. Agreed indexation: {indexation}. The method and its source are in docs/methods/price-or-volume.md."
        ),
    }
}

/// What a cause is called.
pub(crate) fn cause_name(cause: GrowthCause, language: Language) -> &'static str {
    let (nl, en) = match cause {
        GrowthCause::Clients => ("Meer of minder cliënten", "More or fewer clients"),
        GrowthCause::Stacking => ("Stapeling", "Stacking"),
        GrowthCause::Mix => ("Verschuiving tussen producten", "Shift between products"),
        GrowthCause::New => ("Nieuwe producten", "New products"),
        GrowthCause::Ended => ("Gestopte producten", "Ended products"),
        GrowthCause::Duration => ("Duur", "Duration"),
        GrowthCause::Intensity => ("Intensiteit", "Intensity"),
        GrowthCause::Indexation => ("Indexatie", "Indexation"),
        GrowthCause::Tariff => ("Tarief", "Tariff"),
        GrowthCause::Interaction => ("Samenloop", "Interaction"),
        GrowthCause::Undivided => ("Niet te verdelen", "Not to be divided"),
    };
    if language == Language::Nl { nl } else { en }
}

/// What a cause did, after `vooral door`.
fn cause_done(cause: GrowthCause, is_more: bool, language: Language) -> &'static str {
    let (nl, en) = match (cause, is_more) {
        (GrowthCause::Clients, true) => ("meer cliënten", "more clients"),
        (GrowthCause::Clients, false) => ("minder cliënten", "fewer clients"),
        (GrowthCause::Stacking, true) => ("meer producten per cliënt", "more products per client"),
        (GrowthCause::Stacking, false) => ("minder producten per cliënt", "fewer products per client"),
        (GrowthCause::Mix, true) => ("duurdere producten", "dearer products"),
        (GrowthCause::Mix, false) => ("goedkopere producten", "cheaper products"),
        (GrowthCause::New, _) => ("nieuwe producten", "new products"),
        (GrowthCause::Ended, _) => ("gestopte producten", "ended products"),
        (GrowthCause::Duration, true) => ("langere zorg", "longer care"),
        (GrowthCause::Duration, false) => ("kortere zorg", "shorter care"),
        (GrowthCause::Intensity, true) => ("intensievere zorg", "more intensive care"),
        (GrowthCause::Intensity, false) => ("minder intensieve zorg", "less intensive care"),
        (GrowthCause::Indexation, _) => ("afgesproken indexatie", "agreed indexation"),
        (GrowthCause::Tariff, true) => ("hogere tarieven", "higher tariffs"),
        (GrowthCause::Tariff, false) => ("lagere tarieven", "lower tariffs"),
        (GrowthCause::Interaction, _) => ("samenloop van oorzaken", "causes together"),
        (GrowthCause::Undivided, _) => ("wat niet te verdelen is", "what can't be divided"),
    };
    if language == Language::Nl { nl } else { en }
}

fn cause_meaning(cause: GrowthCause, language: Language) -> &'static str {
    let (nl, en) = match cause {
        GrowthCause::Clients => ("aantal cliënten, ieder één keer", "number of clients, each once"),
        GrowthCause::Stacking => ("producten per cliënt", "products per client"),
        GrowthCause::Mix => {
            ("cliënten die duurdere of goedkopere producten kregen", "clients who got dearer or cheaper products")
        }
        GrowthCause::New => ("producten die er eerder niet waren", "products that were not there before"),
        GrowthCause::Ended => ("producten die er niet meer zijn", "products that are there no more"),
        GrowthCause::Duration => ("maanden met zorg per cliënt", "months with care per client"),
        GrowthCause::Intensity => ("eenheden per cliënt per maand", "units per client per month"),
        GrowthCause::Indexation => ("afgesproken verhoging van tarieven", "agreed rise of tariffs"),
        GrowthCause::Tariff => ("bedrag per eenheid boven de indexatie", "amount per unit beyond the indexation"),
        GrowthCause::Interaction => ("wat oorzaken samen deden", "what causes did together"),
        GrowthCause::Undivided => ("correcties en zorg zonder eenheden", "corrections, and care without units"),
    };
    if language == Language::Nl { nl } else { en }
}
