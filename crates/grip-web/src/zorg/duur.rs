//! How long care lasts, and who stays longer than before.

use axum::{http::Uri, response::Response};
use grip_pipeline::care::{CareDurations, CareSurvival, Cohort, CohortYears, Curve, DurationRow, StayDifference};
use grip_report::{
    Cell, Chart, Column, Course, CourseBand, CourseLine, Form, Language, Scale, Step, Table, TableRow, real,
};
use grip_types::{Wet, parse_date};

use super::{
    WITHHELD, asked_wet, frame, indicator_links, law_name, laws, one_decimal, pages, percentage, persons, table, text,
    wet_filter,
};
use crate::{
    App,
    address::Scope,
    document::{Block, ChartBlock, Document, Figure, Filter, WithTables, open},
    problem::Problem,
    prognose::drawings::both,
    sentences::long_date,
    words::{say, words},
};

/// Below this chance a difference is called one.
const SURE_BELOW: f64 = 0.05;
/// Months in the table of the curves.
const TABLE_MONTHS: [u32; 10] = [1, 3, 6, 9, 12, 18, 24, 36, 48, 60];

/// What is looked at: a law, a category or all care.
struct Subject {
    wet: Option<Wet>,
    categorie: Option<String>,
    name: String,
}

/// `/zorg/duur`
pub(crate) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = &opened.scope;
    let Scope { gemeente, jaar, peildatum, language, .. } = *scope;
    let wet = asked_wet(&opened.asked)?;
    let categorie = opened.asked.get("productcategorie").map(str::to_owned);
    let asked = categorie.clone();
    let (durations, survival) = app
        .ask(move |grip| {
            let durations = grip.care_durations(gemeente, peildatum, jaar)?;
            Ok((durations, grip.care_survival(gemeente, peildatum, jaar, wet, asked.as_deref())?))
        })
        .await?;
    let is_asked = |row: &&DurationRow| row.productcategorie == categorie;
    let named = durations.rows.iter().find(is_asked).filter(|_| categorie.is_some()).map(|row| row.naam.clone());
    let name = named.or_else(|| categorie.clone()).unwrap_or_else(|| laws(wet, language));
    let subject = Subject { wet, categorie, name };
    let title = title(&subject, &durations, &survival, language);
    let frame = frame(&opened, &app, &uri, &title, Some(say(language, "Duur", "Duration")));
    let mut document = Document::new(frame, &uri, title, lede(&survival, scope));
    document.filters = filters(&subject, &durations, language);
    document.figures = figures(&survival, language);
    document.blocks = curve_blocks(&subject, &survival, scope);
    document.blocks.extend([
        Block::Table(longer_table(&subject, &durations, scope)),
        Block::Table(year_table(&subject, &survival, scope)),
        what_counts(language),
        indicator_links(
            &app,
            scope,
            &["overleving-mediaan", "duur-beeindigd-mediaan", "duur-lopend-gemiddeld", "langer-dan-twee-jaar"],
        ),
        pages(scope, "/zorg/duur"),
    ]);
    document.respond(&opened.asked)
}

fn years(years: CohortYears) -> String {
    format!("{}–{}", years.from, years.to)
}

fn is_sure(difference: &StayDifference) -> bool {
    difference.p_of_all.or(difference.p).is_some_and(|p| p < SURE_BELOW)
}

fn title(subject: &Subject, durations: &CareDurations, survival: &CareSurvival, language: Language) -> String {
    if subject.categorie.is_none() {
        return longer_title(subject, durations, language);
    }
    let name = &subject.name;
    // That of the table below, where the chance is raised for all that is compared.
    let row = of_law(subject, durations).into_iter().find(|row| row.productcategorie == subject.categorie);
    let Some(found) = row.and_then(|row| row.difference.as_ref()) else {
        return match language {
            Language::Nl => format!("{name}: te weinig begonnen om de duur te vergelijken"),
            Language::En => format!("{name}: too few began to compare how long they stay"),
        };
    };
    let [early, late] = [years(survival.curves[0].years), years(survival.curves[1].years)];
    let months = one_decimal(found.months.abs(), language);
    let (longer, sure) = (found.months > 0.0, is_sure(found));
    match language {
        Language::Nl if !sure => {
            format!("{name}: wie in {late} begon blijft niet aantoonbaar langer of korter dan wie in {early} begon")
        }
        Language::Nl => {
            let how = if longer { "langer" } else { "korter" };
            format!("{name}: wie in {late} begon blijft gemiddeld {months} maanden {how} dan wie in {early} begon")
        }
        Language::En if !sure => {
            format!(
                "{name}: who began in {late} does not stay demonstrably longer or shorter than who began in {early}"
            )
        }
        Language::En => {
            let how = if longer { "longer" } else { "shorter" };
            format!("{name}: who began in {late} stays {months} months {how} on average than who began in {early}")
        }
    }
}

fn longer_title(subject: &Subject, durations: &CareDurations, language: Language) -> String {
    let rows = of_law(subject, durations);
    let compared = rows.iter().filter(|row| row.difference.is_some()).count();
    let longer =
        rows.iter().filter_map(|row| row.difference.as_ref()).filter(|found| is_sure(found) && found.months > 0.0);
    let longer = longer.count();
    match (compared, language) {
        (0, Language::Nl) => "Er is te weinig zorg gevolgd om te zien wie langer blijft".to_owned(),
        (0, Language::En) => "Too little care was followed to see who stays longer".to_owned(),
        (_, Language::Nl) => {
            let head = match longer {
                0 => "geen".to_owned(),
                1 => "één".to_owned(),
                _ => longer.to_string(),
            };
            format!("In {head} van de {compared} productcategorieën blijven cliënten aantoonbaar langer dan voorheen")
        }
        (_, Language::En) => {
            format!(
                "In {} of {compared} product categories clients stay demonstrably longer than before",
                if longer == 0 { "none".to_owned() } else { longer.to_string() }
            )
        }
    }
}

fn lede(survival: &CareSurvival, scope: &Scope) -> String {
    let [early, late] = [years(survival.curves[0].years), years(survival.curves[1].years)];
    let day = long_date(scope.peildatum, scope.language);
    match scope.language {
        Language::Nl => format!(
            "Wie in {early} begon naast wie in {late} begon, ook wie nog zorg heeft. Kies een ander jaar om andere jaren te vergelijken. \
             Zoals bekend op {day}."
        ),
        Language::En => format!(
            "Who began in {early} beside who began in {late}, those still in care included. Choose another year to compare others. \
             As known on {day}."
        ),
    }
}

fn of_law<'d>(subject: &Subject, durations: &'d CareDurations) -> Vec<&'d DurationRow> {
    durations.rows.iter().filter(|row| subject.wet.is_none_or(|wet| row.wet == wet.as_str())).collect()
}

fn filters(subject: &Subject, durations: &CareDurations, language: Language) -> Vec<Filter> {
    let mut categories: Vec<(String, String)> = of_law(subject, durations)
        .into_iter()
        .filter_map(|row| {
            let categorie = row.productcategorie.clone()?;
            let name = format!("{} ({}, {categorie})", row.naam, law_name(row.wet, language));
            Some((categorie, name))
        })
        .collect();
    categories.sort();
    categories.dedup_by(|one, other| one.0 == other.0);
    let all = (String::new(), words(language).all_values.to_owned());
    vec![
        wet_filter(subject.wet, language),
        Filter {
            name: "productcategorie",
            label: say(language, "productcategorie", "product category"),
            options: std::iter::once(all).chain(categories).collect(),
            chosen: subject.categorie.clone().unwrap_or_default(),
        },
    ]
}

fn figures(survival: &CareSurvival, language: Language) -> Vec<Figure> {
    let of_curve = |curve: &Curve| {
        let begun = persons(curve.cohort.begun).shown(language);
        let note = match language {
            Language::Nl => format!("de helft van {begun} trajecten duurde langer"),
            Language::En => format!("half of {begun} trajectories lasted longer"),
        };
        let name = match language {
            Language::Nl => format!("Mediane duur, begonnen in {}", years(curve.years)),
            Language::En => format!("Median length, begun in {}", years(curve.years)),
        };
        Figure { name, number: in_months(median(&curve.cohort).shown(language), language), note }
    };
    let mut figures: Vec<Figure> = survival.curves.iter().map(of_curve).collect();
    if let Some(found) = &survival.difference {
        figures.push(Figure {
            name: say(language, "Verschil in gemiddelde duur", "Difference of mean length"),
            number: in_months(signed(found.months, language), language),
            note: interval(found, language),
        });
    }
    figures
}

fn in_months(number: String, language: Language) -> String {
    format!("{number}\u{a0}{}", say(language, "mnd", "months"))
}

fn signed(value: f64, language: Language) -> String {
    let text = real(value.abs(), 1, language);
    if value < 0.0 { format!("\u{2212}{text}") } else { format!("+{text}") }
}

fn interval(found: &StayDifference, language: Language) -> String {
    let (low, high) = (signed(found.low, language), signed(found.high, language));
    let within = found.within_months;
    match language {
        Language::Nl => format!("95 % tussen {low} en {high}, binnen de eerste {within} maanden"),
        Language::En => format!("95% between {low} and {high}, within the first {within} months"),
    }
}

/// A median, unless it is withheld. Half had not ended where there is none.
fn median(cohort: &Cohort) -> Cell {
    if cohort.begun.is_none() { Cell::Withheld } else { Cell::of(cohort.median_months, |months| Cell::Real(months, 1)) }
}

fn curve_blocks(subject: &Subject, survival: &CareSurvival, scope: &Scope) -> Vec<Block> {
    if survival.curves.iter().all(|curve| curve.points.len() < 2) {
        return Vec::new();
    }
    let language = scope.language;
    let title = curve_title(subject, survival, language);
    let at = |curve: &Curve, month: u32| curve.points.iter().find(|point| point.month == month).copied();
    let furthest = survival.curves.iter().filter_map(|curve| curve.points.last()).map(|point| point.month).max();
    let months = TABLE_MONTHS.into_iter().filter(|month| furthest.is_some_and(|furthest| *month <= furthest));
    let rows = months.map(|month| {
        let cells = survival.curves.iter().flat_map(|curve| {
            let point = at(curve, month);
            let bounds = point.and_then(|point| point.bounds);
            [
                Cell::of(point, |point| Cell::Share(point.share)),
                Cell::of(bounds, |(low, high)| {
                    Cell::text(format!("{} – {}", percentage(low, language), percentage(high, language)))
                }),
            ]
        });
        TableRow::new(after(month, language), cells.collect())
    });
    let mut columns = vec![Column::text(say(language, "na", "after"))];
    for curve in &survival.curves {
        let of = years(curve.years);
        columns.push(Column::number(format!("{of}: {}", say(language, "nog in zorg", "still in care"))));
        columns.push(Column::number(format!("{of}: {}", say(language, "95 % tussen", "95% between"))));
    }
    let note = say(
        language,
        "Waar minder dan tien trajecten zo lang gevolgd zijn staat niets. De lijn daalt pas als er tien of meer zijn geëindigd.",
        "Where fewer than ten trajectories were followed so long there is nothing. The line falls when ten or more have ended.",
    );
    let table = Table { columns, rows: rows.collect(), ..table("duur", title.clone(), note, scope) };
    let chart = chart(title.clone(), survival, language);
    vec![Block::Chart(ChartBlock { drawings: both(title, &Chart::Course(chart)), table })]
}

fn after(month: u32, language: Language) -> String {
    match (month, language) {
        (1, Language::Nl) => "1 maand".to_owned(),
        (1, Language::En) => "1 month".to_owned(),
        (_, Language::Nl) => format!("{month} maanden"),
        (_, Language::En) => format!("{month} months"),
    }
}

fn curve_title(subject: &Subject, survival: &CareSurvival, language: Language) -> String {
    let name = &subject.name;
    let at_year = |curve: &Curve| curve.points.iter().find(|point| point.month == 12).map(|point| point.share);
    let [early, late] = [&survival.curves[0], &survival.curves[1]].map(|curve| (years(curve.years), at_year(curve)));
    match (early, late, language) {
        ((before, Some(one)), (since, Some(other)), Language::Nl) => format!(
            "{name}: na een jaar is {} nog in zorg van wie in {since} begon, en {} van wie in {before} begon",
            percentage(other, language),
            percentage(one, language)
        ),
        ((before, Some(one)), (since, Some(other)), Language::En) => format!(
            "{name}: after a year {} of those who began in {since} are still in care, and {} of those who began in {before}",
            percentage(other, language),
            percentage(one, language)
        ),
        (.., Language::Nl) => format!("{name}: welk deel na hoeveel maanden nog in zorg is"),
        (.., Language::En) => format!("{name}: which share is still in care after how many months"),
    }
}

fn chart(title: String, survival: &CareSurvival, language: Language) -> Course {
    let steps = survival.curves.iter().map(|curve| curve.points.len()).max().unwrap_or_default();
    let labels = (0..steps).map(|month| Step {
        name: match language {
            Language::Nl => format!("na {month} maanden"),
            Language::En => format!("after {month} months"),
        },
        label: month.to_string(),
        initial: month.to_string(),
        year: String::new(),
        href: None,
    });
    let line = |curve: &Curve| CourseLine {
        name: match language {
            Language::Nl => format!("begonnen in {}", years(curve.years)),
            Language::En => format!("begun in {}", years(curve.years)),
        },
        values: (0..steps).map(|at| curve.points.get(at).map(|point| tenths(point.share))).collect(),
        band: Some(CourseBand {
            name: say(language, "95 % zeker", "95% certain"),
            bounds: (0..steps)
                .map(|at| curve.points.get(at)?.bounds.map(|(low, high)| (tenths(low), tenths(high))))
                .collect(),
        }),
    };
    Course {
        id: "overleving".to_owned(),
        title,
        description: say(
            language,
            "Dalende trappen: het deel van de trajecten dat na zoveel maanden nog loopt. Het zijn twee groepen jaren van begin, met een band van 95 %.",
            "Falling stairs: the share of trajectories that still run after so many months, for two groups of years of begin, with a \
             band of 95%.",
        ),
        language,
        scale: Scale::Percent { name: say(language, "nog in zorg, naar maanden", "still in care, by months") },
        labels: labels.collect(),
        lines: survival.curves.iter().map(line).collect(),
        reference: None,
        marks: Vec::new(),
        form: Form::Stairs,
        from_zero: true,
        known_to: steps,
        provisional_name: String::new(),
    }
}

/// Tenths of a percent.
#[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
fn tenths(share: f64) -> i64 {
    (share * 1_000.0).round() as i64
}

/// Who stays longer, the longest first.
fn longer_table(subject: &Subject, durations: &CareDurations, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = of_law(subject, durations).into_iter().map(|row| {
        let asks =
            [("wet", row.wet.to_owned()), ("productcategorie", row.productcategorie.clone().unwrap_or_default())];
        let leads = row.productcategorie.is_some();
        let mut cells = vec![
            Cell::text(law_name(row.wet, language)),
            persons(row.early.begun),
            median(&row.early),
            persons(row.late.begun),
            median(&row.late),
        ];
        cells.extend(difference_cells(row.difference.as_ref(), language));
        TableRow {
            head: row.naam.clone(),
            href: leads.then(|| scope.link_with("/zorg/duur", &asks)),
            is_dutch: true,
            cells,
        }
    });
    let (early, late) = (years(durations.early), years(durations.late));
    let note = say(
        language,
        "Maanden. Het verschil is dat van de gemiddelde duur binnen de maanden die van beide groepen te volgen zijn. p is de kans op zulke \
         verschillende verlopen als er niets was veranderd (log-rank). Die is verhoogd omdat hier veel categorieën naast elkaar staan (Holm): \
         onder 0,05 noemen we het aantoonbaar. Zonder mediaan is nog niet de helft geëindigd.",
        "Months. The difference is that of the mean length within the months that both groups can be followed. p is the chance of so \
         different courses when nothing had changed (log-rank), raised as many categories stand beside each other (Holm): below 0.05 \
         we call it demonstrable. Without a median not half have ended yet.",
    );
    Table {
        columns: vec![
            Column::text(say(language, "productcategorie", "product category")),
            Column::text(words(language).law),
            Column::number(format!("{early}: {}", say(language, "begonnen", "begun"))),
            Column::number(format!("{early}: {}", say(language, "mediaan", "median"))),
            Column::number(format!("{late}: {}", say(language, "begonnen", "begun"))),
            Column::number(format!("{late}: {}", say(language, "mediaan", "median"))),
            Column::number(say(language, "verschil", "difference")),
            Column::number(say(language, "95 % tussen", "95% between")),
            Column::number(say(language, "binnen maanden", "within months")),
            Column::number("p"),
            Column::text(say(language, "oordeel", "verdict")),
        ],
        rows: rows.collect(),
        ..table(
            "blijft-langer",
            say(language, "Wie blijft langer dan voorheen?", "Who stays longer than before?"),
            note,
            scope,
        )
    }
}

fn difference_cells(difference: Option<&StayDifference>, language: Language) -> Vec<Cell> {
    let Some(found) = difference else {
        let few = say(language, "te weinig gevolgd", "too few followed");
        return vec![Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::text(few)];
    };
    let verdict = match (is_sure(found), found.months > 0.0) {
        (false, _) => say(language, "niet aantoonbaar", "not demonstrable"),
        (true, true) => say(language, "blijft langer", "stays longer"),
        (true, false) => say(language, "blijft korter", "stays shorter"),
    };
    vec![
        Cell::Real(found.months, 1),
        Cell::text(format!("{} – {}", signed(found.low, language), signed(found.high, language))),
        Cell::Count(i64::from(found.within_months)),
        Cell::of(found.p_of_all.or(found.p), |p| Cell::Real(p, 3)),
        Cell::text(verdict),
    ]
}

fn year_table(subject: &Subject, survival: &CareSurvival, scope: &Scope) -> Table {
    let language = scope.language;
    let rows = survival.years.iter().map(|year| {
        let mut cells = vec![persons(year.cohort.begun), median(&year.cohort)];
        cells.extend(year.shares.map(|share| Cell::of(share, Cell::Share)));
        TableRow::new(year.jaar.to_string(), cells)
    });
    let after = |months: u32| match language {
        Language::Nl => format!("na {months} mnd"),
        Language::En => format!("after {months} months"),
    };
    let mut note = say(language, WITHHELD.0, WITHHELD.1);
    if let Some(day) = survival.begun_from.as_deref().and_then(parse_date) {
        let day = long_date(day, language);
        note.push_str(&match language {
            Language::Nl => format!(" Wie voor {day} begon telt niet mee: van toen is niet te zien of er al zorg was."),
            Language::En => {
                format!(" Who began before {day} is left out: it is not seen whether care was there already.")
            }
        });
    }
    let title = match language {
        Language::Nl => format!("{}: welk deel nog in zorg is, naar jaar van begin", subject.name),
        Language::En => format!("{}: which share is still in care, by year of begin", subject.name),
    };
    Table {
        columns: vec![
            Column::text(say(language, "begonnen in", "begun in")),
            Column::number(say(language, "trajecten", "trajectories")),
            Column::number(say(language, "mediaan, maanden", "median, months")),
            Column::number(after(3)),
            Column::number(after(6)),
            Column::number(after(12)),
            Column::number(after(24)),
        ],
        rows: rows.collect(),
        ..table("cohorten", title, note, scope)
    }
}

fn what_counts(language: Language) -> Block {
    text(
        language,
        ("Wat telt als einde?", "What counts as an end?"),
        (
            "De laatste dag van een traject: de einddatum van de toewijzing, of eerder als de aanbieder voorgoed is gestopt. Binnen 31 dagen volgt dan geen andere in dezelfde productcategorie, of zonder keuze: in dezelfde wet. Daarom tellen einden \
             uit de laatste 31 dagen voor de peildatum nog niet: een verlenging kan nog komen. Wie dan nog zorg heeft telt mee zo lang hij \
             gevolgd is (Kaplan-Meier): een gemiddelde van alleen beëindigde trajecten lijkt korter dan de zorg duurt, vooral voor wie \
             kort geleden begon. De gemiddelde duur is die binnen een vast aantal maanden.",
            "The last day of a trajectory: the end of the allocation, or before when the provider stopped for good, when no other allocation \
             of the same product category (or without a choice: under the same law) follows within 31 days. Ends in the last 31 days before \
             the date are therefore not counted yet: a prolongation may come. Who is in care then counts as long as he was followed \
             (Kaplan-Meier): a mean of ended trajectories alone looks shorter than care lasts, most of all for who began recently. Mean \
             length is that within a fixed number of months.",
        ),
    )
}
