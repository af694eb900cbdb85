//! `/geld/weerstand`: what the results of the social domain do to the general reserve.

use axum::{http::Uri, response::Response};
use grip_pipeline::effect::SocialResult;
use grip_policy::{Reserve, ReserveYear, YearResult, reserve_on, reserve_path};
use grip_register::Version;
use grip_report::{
    Cell, Chart, Column, Course, CourseBand, CourseLine, Form, Language, Scale, Step, Table, TableRow, euros_short,
    percent,
};
use grip_types::Bedrag;

use super::text;
use crate::{
    App,
    address::Scope,
    document::{Block, ChartBlock, Document, Figure, Links, WithTables},
    frame::Crumb,
    problem::Problem,
    prognose::drawings::both,
    register,
    sentences::{chance_in_words, long_date},
    words::{say, words},
};

/// `/geld/weerstand`
pub(super) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let reserves: Vec<Reserve> =
        dossier.list::<Reserve>()?.into_iter().map(|version: Version<Reserve>| version.content).collect();
    let reserve = reserve_on(&reserves, scope.peildatum).cloned();
    let (gemeente, peildatum) = (scope.gemeente, scope.peildatum);
    let results = app.ask(move |grip| grip.social_results(gemeente, peildatum)).await?;
    let path = reserve.as_ref().map(|reserve| path(reserve, &results)).unwrap_or_default();
    let title = title(reserve.as_ref(), &path, language);
    let crumbs = vec![
        Crumb { name: words(language).money.to_owned(), href: Some(scope.link("/geld")) },
        Crumb { name: say(language, "Weerstand", "Resilience"), href: None },
    ];
    let frame = opened.frame(&app, &uri, &title, crumbs);
    let mut lede = lede(reserve.as_ref(), &scope);
    if let Some(jaar) = reserve.as_ref().and_then(|reserve| hole(reserve, &results)) {
        lede.push_str(&match language {
            Language::Nl => format!(" Van {jaar} is geen resultaat bekend: verder dan dat jaar is niet te zeggen wat ervan over is. Schrijf een latere stand op."),
            Language::En => format!(" Of {jaar} no result is known: what is left after that year can't be told. Record a later state."),
        });
    }
    let mut document = Document::new(frame, &uri, title, lede);
    document.figures = figures(reserve.as_ref(), &path, language);
    document
        .blocks
        .extend(reserve.as_ref().filter(|_| !path.is_empty()).map(|reserve| course(reserve, &path, language)));
    document.blocks.push(Block::Table(results_table(&results, language)));
    document.blocks.push(Block::Table(reserves_table(&reserves, language)));
    document.blocks.push(text(language, ("Hoe dit is berekend", "How this is reckoned"), reckoned(language)));
    document.blocks.push(text(language, ("Wanneer er toezicht komt", "When supervision comes"), article_12(language)));
    document.blocks.push(Block::Links(onward(&scope)));
    document.respond(&opened.asked)
}

/// The first year whose result is not in a reserve: a state on the last day of a year holds that of the year.
fn first_after(reserve: &Reserve) -> i16 {
    if (reserve.date.month(), reserve.date.day()) == (12, 31) { reserve.date.year() + 1 } else { reserve.date.year() }
}

/// The first year after a reserve of which no result is known, when there is one of a later year.
fn hole(reserve: &Reserve, results: &[SocialResult]) -> Option<i16> {
    let last = results.iter().map(|result| result.jaar).max()?;
    (first_after(reserve)..last).find(|jaar| results.iter().all(|result| result.jaar != *jaar))
}

/// The reserve after the years that came since its day, up to the first of which no result is known.
fn path(reserve: &Reserve, results: &[SocialResult]) -> Vec<ReserveYear> {
    let after: Vec<YearResult> = (first_after(reserve)..)
        .map_while(|jaar| results.iter().find(|result| result.jaar == jaar))
        .map(|result| YearResult {
            jaar: result.jaar,
            low: Bedrag::from_cents(result.result.p10),
            middle: Bedrag::from_cents(result.result.p50),
            high: Bedrag::from_cents(result.result.p90),
        })
        .collect();
    reserve_path(reserve.amount, reserve.minimum, &after)
}

fn title(reserve: Option<&Reserve>, path: &[ReserveYear], language: Language) -> String {
    let (Some(reserve), Some(last)) = (reserve, path.last()) else {
        return say(language, "Wat de algemene reserve kan dragen", "What the general reserve can bear");
    };
    let (chance, bound) = match (last.chance_below_minimum, reserve.minimum) {
        (Some(chance), Some(minimum)) => (chance, euros_short(minimum.cents, language)),
        _ => (last.chance_below_zero, euros_short(0, language)),
    };
    let (words, amount) = (chance_in_words(chance, language), euros_short(last.middle.cents, language));
    match language {
        Language::Nl => {
            format!("Na {} is nog {amount} van de reserve over; dat zij onder {bound} zakt is {words}", last.jaar)
        }
        Language::En => {
            format!("After {} {amount} of the reserve is left; that it falls below {bound} is {words}", last.jaar)
        }
    }
}

fn lede(reserve: Option<&Reserve>, scope: &Scope) -> String {
    let language = scope.language;
    let day = long_date(scope.peildatum, language);
    match (reserve, language) {
        (Some(reserve), Language::Nl) => format!(
            "Zoals bekend op {day}. De reserve stond op {} op {}. Hier telt alleen het sociaal domein; de rest van de gemeente kan haar evengoed raken.",
            long_date(reserve.date, language),
            euros_short(reserve.amount.cents, language)
        ),
        (Some(reserve), Language::En) => format!(
            "As known on {day}. The reserve was {} on {}. Only the social domain counts here; the rest of the municipality may touch it just as well.",
            euros_short(reserve.amount.cents, language),
            long_date(reserve.date, language)
        ),
        (None, Language::Nl) => format!(
            "Zoals bekend op {day} is er geen stand van de algemene reserve opgeschreven. Leg er een vast (zie ‘Verder’) om te zien wat tekorten ermee doen."
        ),
        (None, Language::En) => format!(
            "As known on {day} no state of the general reserve was written down. Record one (see ‘Onward’) to see what deficits do to it."
        ),
    }
}

fn figures(reserve: Option<&Reserve>, path: &[ReserveYear], language: Language) -> Vec<Figure> {
    let (Some(reserve), Some(last)) = (reserve, path.last()) else { return Vec::new() };
    let figure = |name: String, number: String, note: String| Figure { name, number, note };
    let [low, high] = [last.low, last.high].map(|amount| euros_short(amount.cents, language));
    let range = match language {
        Language::Nl => format!("tussen {low} en {high}"),
        Language::En => format!("between {low} and {high}"),
    };
    let left = match language {
        Language::Nl => format!("Over na {}", last.jaar),
        Language::En => format!("Left after {}", last.jaar),
    };
    let mut figures = vec![
        figure(
            say(language, "Reserve", "Reserve"),
            euros_short(reserve.amount.cents, language),
            long_date(reserve.date, language),
        ),
        figure(left, euros_short(last.middle.cents, language), range),
    ];
    if let (Some(minimum), Some(chance)) = (reserve.minimum, last.chance_below_minimum) {
        let note = euros_short(minimum.cents, language);
        figures.push(figure(
            say(language, "Kans op minder dan het minimum", "Chance of less than the minimum"),
            percent(chance, language),
            note,
        ));
    }
    figures.push(figure(
        say(language, "Kans op een negatieve reserve", "Chance of a negative reserve"),
        percent(last.chance_below_zero, language),
        String::new(),
    ));
    figures
}

fn course(reserve: &Reserve, path: &[ReserveYear], language: Language) -> Block {
    let title = say(language, "De reserve, jaar na jaar", "The reserve, year after year");
    let start = (long_date(reserve.date, language), reserve.date.year().to_string());
    let step =
        |name: String, label: String| Step { name, initial: label.clone(), label, year: String::new(), href: None };
    let end = |year: &ReserveYear| match language {
        Language::Nl => format!("eind {}", year.jaar),
        Language::En => format!("end of {}", year.jaar),
    };
    let labels = std::iter::once(step(start.0.clone(), start.1))
        .chain(path.iter().map(|year| step(end(year), year.jaar.to_string())))
        .collect();
    let amount = reserve.amount.cents;
    let bounds = std::iter::once(Some((amount, amount)))
        .chain(path.iter().map(|year| Some((year.low.cents, year.high.cents))))
        .collect();
    let values = std::iter::once(amount).chain(path.iter().map(|year| year.middle.cents)).map(Some).collect();
    let minimum = reserve.minimum.map(|minimum| CourseLine {
        name: say(language, "minimaal nodig", "minimum"),
        values: vec![Some(minimum.cents); path.len() + 1],
        band: None,
    });
    let band = CourseBand { name: say(language, "80 % kans", "80% chance"), bounds };
    let line = CourseLine { name: say(language, "reserve", "reserve"), values, band: Some(band) };
    let chart = Chart::Course(Course {
        id: "reserve-grafiek".to_owned(),
        title: title.clone(),
        description: say(
            language,
            "Een lijn per jaar in euro met een band van 80 %: wat er van de reserve over is als elk resultaat van het sociaal domein erin valt.",
            "A line by year in euros with a band of 80%: what is left of the reserve when every result of the social domain lands in it.",
        ),
        language,
        scale: Scale::Euros,
        labels,
        lines: std::iter::once(line).chain(minimum).collect(),
        reference: None,
        marks: Vec::new(),
        form: Form::Straight,
        from_zero: true,
        known_to: path.len() + 1,
        provisional_name: String::new(),
    });
    let row = |year: &ReserveYear| {
        let cells = vec![
            Cell::Euros(year.low.cents),
            Cell::Euros(year.middle.cents),
            Cell::Euros(year.high.cents),
            Cell::of(year.chance_below_minimum, Cell::Share),
            Cell::Share(year.chance_below_zero),
        ];
        TableRow::new(end(year), cells)
    };
    let table = Table {
        id: "reserve".to_owned(),
        title: title.clone(),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(say(language, "moment", "moment")),
            Column::number(say(language, "laag", "low")),
            Column::number(say(language, "midden", "middle")),
            Column::number(say(language, "hoog", "high")),
            Column::number(say(language, "kans onder minimum", "chance below minimum")),
            Column::number(say(language, "kans onder nul", "chance below zero")),
        ],
        rows: path.iter().map(row).collect(),
        total: None,
    };
    Block::Chart(ChartBlock { drawings: both(title, &chart), table })
}

fn results_table(results: &[SocialResult], language: Language) -> Table {
    let row = |result: &SocialResult| {
        let kind = if result.is_forecast {
            say(language, "prognose", "forecast")
        } else {
            say(language, "gedeclareerd", "declared")
        };
        let cells = vec![
            Cell::Text(kind),
            Cell::Euros(result.budget),
            Cell::Euros(result.cost.p50),
            Cell::Difference(result.result.p50),
            Cell::Difference(result.result.p10),
            Cell::Difference(result.result.p90),
        ];
        TableRow::new(result.jaar.to_string(), cells)
    };
    Table {
        id: "resultaten".to_owned(),
        title: say(language, "Resultaat van het sociaal domein per jaar", "Result of the social domain by year"),
        note: say(
            language,
            "Begroting in werking op de peildatum min wat het jaar kost; verschillen in duizenden euro, N is een tekort. Alleen jaren waarvan er een begroting is.",
            "Budget in force on the reference date less what the year costs; differences in thousands of euros, A is a deficit. Only years of which there is a budget.",
        ),
        empty: say(
            language,
            "Er is van geen jaar een begroting. Lees begrotingen in om resultaten te zien.",
            "There is no budget of any year. Take in budgets to see results.",
        ),
        columns: vec![
            Column::text(say(language, "jaar", "year")),
            Column::text(say(language, "kosten zijn", "cost is")),
            Column::number(say(language, "begroting", "budget")),
            Column::number(say(language, "kosten", "cost")),
            Column::number(say(language, "resultaat", "result")),
            Column::number(say(language, "slecht (1 op 10)", "bad (1 in 10)")),
            Column::number(say(language, "goed (1 op 10)", "good (1 in 10)")),
        ],
        rows: results.iter().map(row).collect(),
        total: None,
    }
}

fn reserves_table(reserves: &[Reserve], language: Language) -> Table {
    let row = |reserve: &Reserve| {
        let cells = vec![
            Cell::Text(long_date(reserve.date, language)),
            Cell::Euros(reserve.amount.cents),
            Cell::of(reserve.minimum, |minimum| Cell::Euros(minimum.cents)),
            Cell::text(reserve.source.0.as_str()),
        ];
        TableRow { head: reserve.name.0.clone(), href: None, is_dutch: true, cells }
    };
    Table {
        id: "standen".to_owned(),
        title: say(language, "Standen van de reserve", "States of the reserve"),
        note: String::new(),
        empty: say(language, "Er is nog geen stand opgeschreven.", "No state was written down yet."),
        columns: vec![
            Column::text(say(language, "reserve", "reserve")),
            Column::kept(say(language, "stand op", "as on")),
            Column::number(say(language, "bedrag", "amount")),
            Column::number(say(language, "minimaal nodig", "minimum")),
            Column::prose(say(language, "bron", "source")),
        ],
        rows: reserves.iter().map(row).collect(),
        total: None,
    }
}

fn reckoned(language: Language) -> String {
    say(
        language,
        "Vanaf de laatste stand van de reserve komt elk resultaat erbij of gaat eraf. Laag is als elk jaar aan de slechte kant van zijn band eindigt, hoog als elk jaar aan de goede. Dat is de breedste band die er kan zijn, want tegenvallers in de zorg blijven vaak. De kansen volgen daaruit, met een normale verdeling aan elke kant.",
        "From the last state of the reserve every result is added or taken off. Low is when every year ends at the bad end of its band, high when every year ends at the good end: the widest band there can be, as setbacks in care tend to stay. The chances follow from that, with a normal distribution on each side.",
    )
}

fn article_12(language: Language) -> String {
    say(
        language,
        "Een gemeente kan langdurig en flink te weinig eigen middelen hebben voor wat noodzakelijk is. Zijn haar eigen inkomsten op een redelijk peil, dan kan zij een aanvullende uitkering uit het gemeentefonds vragen. Zij komt dan onder verscherpt toezicht (Financiële-verhoudingswet, artikel 12; Handleiding artikel 12, mei 2014, over tekort, eigen inkomsten en een negatieve reserve). Hier staat of de reserve die kant op gaat, niet of aan die voorwaarden is voldaan.",
        "A municipality whose means fall well and lastingly short of what is necessary, while its own income is at a reasonable level, can ask for a supplementary grant from the municipal fund and thereby comes under close supervision (Financiële-verhoudingswet, article 12; Handleiding artikel 12, May 2014, on deficit, own income and a negative reserve). This page shows whether the reserve goes that way, not whether those conditions are met.",
    )
}

fn onward(scope: &Scope) -> Links {
    let language = scope.language;
    Links {
        title: say(language, "Verder", "Onward"),
        links: vec![
            (
                say(language, "Leg een stand van de reserve vast", "Record a state of the reserve"),
                register::new_link::<Reserve>(scope, &[]),
            ),
            (say(language, "Begroting en prognose", "Budget and forecast"), scope.link("/geld")),
            (
                say(language, "Maatregelen en wat zij besparen", "Measures and what they save"),
                scope.link("/maatregelen"),
            ),
        ],
    }
}
