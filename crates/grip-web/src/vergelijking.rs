//! The comparison with other municipalities: one figure among groups, the report of open data, and the lists of task fields.

mod report;
mod taakvelden;

use axum::{http::Uri, response::Response};
use grip_pipeline::comparison::{
    AlikeGemeente, ComparedGroup, Comparison, ComparisonCall, GroupKind, Measure, TaakveldSeries, features,
};
use grip_report::{
    Cell, Chart, Column, Course, CourseLine, Dots, DotsRow, Form, Language, Mark, Scale, Spread, Step, Table, TableRow,
    percent_one_decimal, real,
};
use grip_types::GemeenteCode;

pub(crate) use report::report;
pub(crate) use taakvelden::taakvelden;

use crate::{
    App,
    address::{Asked, Scope},
    document::{Block, ChartBlock, Document, Figure, Filter, Links, Opened, Text, WithTables, open},
    frame::{Crumb, Frame},
    problem::Problem,
    prognose::drawings::both,
    words::{either, words},
};

const PATH: &str = "/vergelijking";
const REPORT: &str = "/vergelijking/gegevensrapportage";
const TAAKVELDEN: &str = "/vergelijking/taakvelden";

/// Names of the weights of the features in the address, in the order of the features.
const WEIGHTS: [(&str, &str); 5] = [
    ("inwoners", "weeg_inwoners"),
    ("dichtheid", "weeg_dichtheid"),
    ("jongeren", "weeg_jongeren"),
    ("ouderen", "weeg_ouderen"),
    ("inkomen", "weeg_inkomen"),
];

/// Names of the groups in the address.
const GROUPS: [(&str, GroupKind); 5] = [
    ("buren", GroupKind::Neighbours),
    ("grootte", GroupKind::Size),
    ("stedelijkheid", GroupKind::Urbanity),
    ("provincie", GroupKind::Province),
    ("alle", GroupKind::All),
];

/// The frame of the overview, or of a page below it when that has a name.
fn frame(opened: &Opened, app: &App, uri: &Uri, title: &str, name: Option<&str>) -> Frame {
    let scope = &opened.scope;
    let overview = name.map(|_| scope.link(PATH));
    let part = Crumb { name: words(scope.language).comparison.to_owned(), href: overview };
    let own = name.map(|name| Crumb { name: name.to_owned(), href: None });
    opened.frame(app, uri, title, std::iter::once(part).chain(own).collect())
}

/// What the address asks of the comparison.
struct Choice {
    bron: Option<String>,
    call: ComparisonCall,
    group: GroupKind,
}

fn choice(asked: &Asked, measures: &[Measure]) -> Result<Choice, Problem> {
    let known = |id: &str| measures.iter().any(|measure| measure.id == id).then(|| id.to_owned());
    let measure = asked.read("meting", known)?;
    let bron = asked.read("bron", |bron| measures.iter().any(|m| m.bron == bron).then(|| bron.to_owned()))?;
    let is_of = |id: &String| measures.iter().any(|m| m.id == *id && bron.as_ref().is_none_or(|bron| m.bron == *bron));
    let first = || Some(measures.iter().find(|measure| Some(&measure.bron) == bron.as_ref())?.id.clone());
    let mut weights = Vec::new();
    for (feature, name) in WEIGHTS {
        let weight = asked.read(name, |text| text.parse::<u8>().ok().filter(|weight| *weight <= 3))?;
        weights.extend(weight.map(|weight| (feature.to_owned(), weight)));
    }
    let group = asked.read("groep", |text| GROUPS.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind))?;
    Ok(Choice {
        call: ComparisonCall {
            measure: measure.filter(is_of).or_else(first),
            periode: asked.get("periode").map(str::to_owned),
            weights,
        },
        bron,
        group: group.unwrap_or(GroupKind::Neighbours),
    })
}

/// `/vergelijking`
pub(crate) async fn overview(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let Scope { gemeente, peildatum, language, .. } = opened.scope;
    let measures = app.ask(move |grip| grip.measures(gemeente, peildatum)).await?;
    let choice = choice(&opened.asked, &measures)?;
    let call = choice.call.clone();
    let found = app.ask(move |grip| grip.comparison(gemeente, peildatum, &call)).await?;
    let title = either(language, "Vergelijking met andere gemeenten", "Comparison with other municipalities");
    let frame = frame(&opened, &app, &uri, title, None);
    let Some(found) = found else {
        let mut document = Document::new(frame, &uri, title, nothing(language));
        document.blocks = vec![onward(&opened.scope)];
        return document.respond(&opened.asked);
    };
    let lede = lede(&found, language);
    let mut document = Document::new(frame, &uri, title, lede);
    document.filters = filters(&measures, &found, &choice, language);
    let group = found.groups.iter().find(|group| group.kind == choice.group);
    document.figures = figures(&found, group, language);
    document.blocks.push(spread_block(&found, language));
    document.blocks.extend(area_table(&found, language).map(Block::Table));
    document.blocks.extend(group.map(|group| Block::Table(member_table(&found, group, &opened.scope))));
    document.blocks.extend(found.series.as_ref().map(|series| series_block(series, &found, language)));
    document.blocks.push(Block::Table(neighbour_table(&found, &opened.scope)));
    document.blocks.push(Block::Table(feature_table(&found, language)));
    document.blocks.push(how(language));
    document.blocks.push(onward(&opened.scope));
    document.respond(&opened.asked)
}

fn nothing(language: Language) -> &'static str {
    either(
        language,
        "Er is nog niets ingelezen om mee te vergelijken. Cijfers van het CBS komen erin met grip open-data download TABEL en grip open-data import MAP. Een gepubliceerde tabel komt erin met grip import publicatie.",
        "Nothing to compare was imported yet. Figures of CBS come in with grip open-data download TABEL and grip open-data \
         import MAP, a published table with grip import publicatie.",
    )
}

fn lede(found: &Comparison, language: Language) -> String {
    let (naam, what, periode) = (&found.naam, name_of(&found.measure), &found.periode);
    match language {
        Language::Nl => format!(
            "{what}, {periode}: {naam} naast groepen van gemeenten. Een groep staat er als spreiding, niet als ranglijst: \
             ongeveer de helft van de verschillen tussen gemeenten ligt buiten wat een raad kan kiezen."
        ),
        Language::En => format!(
            "{what}, {periode}: {naam} beside groups of municipalities. A group is shown by its spread and not as a ranking: \
             about half of the differences between municipalities is outside what a council can choose."
        ),
    }
}

fn name_of(measure: &Measure) -> String {
    if measure.dimensies.is_empty() {
        measure.naam.clone()
    } else {
        format!("{} ({})", measure.naam, measure.dimensies)
    }
}

fn group_name(kind: GroupKind, language: Language) -> &'static str {
    match kind {
        GroupKind::Neighbours => either(language, "meest gelijkende gemeenten", "most alike municipalities"),
        GroupKind::Size => either(language, "grootteklasse", "class of size"),
        GroupKind::Urbanity => either(language, "stedelijkheid", "urbanity"),
        GroupKind::Province => either(language, "provincie", "province"),
        GroupKind::All => either(language, "alle andere gemeenten", "all other municipalities"),
    }
}

fn filters(measures: &[Measure], found: &Comparison, choice: &Choice, language: Language) -> Vec<Filter> {
    let filter = |name, label: &str, options, chosen| Filter { name, label: label.to_owned(), options, chosen };
    let mut bronnen: Vec<(String, String)> = vec![(String::new(), words(language).all_values.to_owned())];
    for measure in measures {
        if !bronnen.iter().any(|(bron, _)| *bron == measure.bron) {
            bronnen.push((measure.bron.clone(), measure.bron.clone()));
        }
    }
    let is_of = |measure: &&Measure| choice.bron.as_ref().is_none_or(|bron| measure.bron == *bron);
    let metings = measures.iter().filter(is_of).map(|measure| {
        let name =
            if choice.bron.is_some() { name_of(measure) } else { format!("{}: {}", measure.bron, name_of(measure)) };
        (measure.id.clone(), name)
    });
    let periods = found.measure.periodes.iter().map(|known| (known.periode.clone(), known.periode.clone()));
    let groups = GROUPS.iter().map(|(name, kind)| ((*name).to_owned(), group_name(*kind, language).to_owned()));
    let group = GROUPS.iter().find(|(_, kind)| *kind == choice.group).map_or("", |(name, _)| *name);
    let mut filters = vec![
        filter("bron", either(language, "Bron", "Source"), bronnen, choice.bron.clone().unwrap_or_default()),
        filter("meting", either(language, "Cijfer", "Figure"), metings.collect(), found.measure.id.clone()),
        filter("periode", either(language, "Periode", "Period"), periods.collect(), found.periode.clone()),
        filter("groep", either(language, "Groep", "Group"), groups.collect(), group.to_owned()),
    ];
    for ((id, name), (_, nl, en)) in WEIGHTS.iter().zip(features()) {
        let used = found.features.iter().find(|feature| feature.id == *id);
        if used.is_none_or(|feature| feature.bron.is_none()) {
            continue;
        }
        let weights = [
            ("0", either(language, "telt niet", "does not count")),
            ("1", either(language, "telt mee", "counts")),
            ("2", either(language, "telt dubbel", "counts twice")),
            ("3", either(language, "telt driemaal", "counts three times")),
        ];
        let options = weights.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec();
        let chosen = used.map_or(1, |feature| feature.weight).to_string();
        filters.push(filter(name, either(language, nl, en), options, chosen));
    }
    filters
}

/// Decimals that the figures of a comparison need.
fn decimals(found: &Comparison) -> u32 {
    let others = found.groups.iter().flat_map(|group| group.figures.iter().map(|(_, _, value)| *value));
    let areas = found.areas.iter().map(|(_, value)| *value);
    u32::from(others.chain(areas).chain(found.own).any(|value| value.fract() != 0.0))
}

fn number(value: Option<f64>, found: &Comparison, language: Language) -> String {
    value.map_or("–".to_owned(), |value| real(value, decimals(found), language))
}

fn figures(found: &Comparison, group: Option<&ComparedGroup>, language: Language) -> Vec<Figure> {
    let mut figures = vec![Figure {
        name: found.naam.clone(),
        number: number(found.own, found, language),
        note: found.measure.eenheid.clone(),
    }];
    let Some(group) = group else { return figures };
    if let Some(spread) = group.spread {
        figures.push(Figure {
            name: either(language, "Mediaan van de groep", "Median of the group").to_owned(),
            number: number(Some(spread.median), found, language),
            note: group.naam.clone(),
        });
    }
    let count = group.figures.len().to_string();
    figures.push(Figure {
        name: either(language, "Gemeenten met dit cijfer in de groep", "Municipalities with this figure in the group")
            .to_owned(),
        number: count,
        note: match language {
            Language::Nl => format!("van de {} in de groep", group.members),
            Language::En => format!("of the {} in the group", group.members),
        },
    });
    figures
}

#[expect(clippy::cast_possible_truncation, reason = "figures are far below what an i64 holds, and `as` saturates")]
fn scaled(value: f64, scale: &Scale) -> i64 {
    let factor = if *scale == Scale::Euros { 100.0 } else { 10.0 };
    (value * factor).round() as i64
}

/// The groups, drawn when at least one has a spread.
fn spread_block(found: &Comparison, language: Language) -> Block {
    let table = group_table(found, language);
    let is_money = found.measure.eenheid.starts_with("euro per");
    let scale = if is_money { Scale::Euros } else { Scale::Number { name: found.measure.eenheid.clone() } };
    let rows = found.groups.iter().filter_map(|group| {
        let spread = group.spread?;
        Some(DotsRow {
            name: named(group, language),
            scale: scale.clone(),
            own: found.own.map(|value| scaled(value, &scale)),
            group: Some(Spread {
                low: scaled(spread.lowest, &scale),
                median: scaled(spread.median, &scale),
                high: scaled(spread.highest, &scale),
            }),
            href: None,
        })
    });
    let rows: Vec<DotsRow> = rows.collect();
    if rows.is_empty() {
        return Block::Table(table);
    }
    let what = name_of(&found.measure);
    let title = match language {
        Language::Nl => format!("{what}: {} naast groepen", found.naam),
        Language::En => format!("{what}: {} beside groups", found.naam),
    };
    let description = match language {
        Language::Nl => format!(
            "Per groep van gemeenten een lijn van het laagste naar het hoogste cijfer, de mediaan, en het cijfer van {}.",
            found.naam
        ),
        Language::En => format!(
            "For each group of municipalities a line from the lowest to the highest figure, the median, and the figure of {}.",
            found.naam
        ),
    };
    let chart = Chart::Dots(Dots {
        id: "spreiding".to_owned(),
        title: title.clone(),
        description,
        language,
        own_name: found.naam.clone(),
        median_name: either(language, "mediaan", "median").to_owned(),
        group_name: either(language, "laagste – hoogste van de groep", "lowest – highest of the group").to_owned(),
        rows,
        shared: true,
    });
    Block::Chart(ChartBlock { drawings: both(title, &chart), table })
}

fn named(group: &ComparedGroup, language: Language) -> String {
    match group.kind {
        GroupKind::All => group_name(group.kind, language).to_owned(),
        _ if group.naam.is_empty() => group_name(group.kind, language).to_owned(),
        GroupKind::Neighbours => group_name(group.kind, language).to_owned(),
        GroupKind::Size | GroupKind::Urbanity | GroupKind::Province => {
            format!("{}: {}", group_name(group.kind, language), group.naam)
        }
    }
}

fn group_table(found: &Comparison, language: Language) -> Table {
    let digits = decimals(found);
    let rows = found.groups.iter().map(|group| {
        let of = |value: Option<f64>| Cell::of(value, |value| Cell::Real(value, digits));
        let spread = group.spread.as_ref();
        TableRow::new(
            named(group, language),
            vec![
                Cell::Count(i64::try_from(group.members).unwrap_or_default()),
                Cell::Count(i64::try_from(group.figures.len()).unwrap_or_default()),
                of(spread.map(|spread| spread.lowest)),
                of(spread.map(|spread| spread.lower_quartile)),
                of(spread.map(|spread| spread.median)),
                of(spread.map(|spread| spread.upper_quartile)),
                of(spread.map(|spread| spread.highest)),
                Cell::of(group.percentile, |percent| Cell::Real(percent, 0)),
            ],
        )
    });
    Table {
        id: "groepen".to_owned(),
        title: either(language, "De groepen en hun spreiding", "The groups and their spread").to_owned(),
        note: either(
            language,
            "Zonder de eigen gemeente. Een groep met minder dan drie cijfers heeft geen spreiding. De plaats is het deel van de groep \
             onder het eigen cijfer, in procenten: 50 is het midden.",
            "Without the municipality itself. A group of fewer than three figures has no spread. The position is the percentage of \
             the group below one's own figure: 50 is the middle.",
        )
        .to_owned(),
        empty: String::new(),
        columns: vec![
            Column::text(either(language, "groep", "group")),
            Column::number(either(language, "gemeenten", "municipalities")),
            Column::number(either(language, "met cijfer", "with a figure")),
            Column::number(either(language, "laagste", "lowest")),
            Column::number(either(language, "onderste kwart", "lower quartile")),
            Column::number(either(language, "mediaan", "median")),
            Column::number(either(language, "bovenste kwart", "upper quartile")),
            Column::number(either(language, "hoogste", "highest")),
            Column::number(either(language, "plaats", "position")),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn area_table(found: &Comparison, language: Language) -> Option<Table> {
    let digits = decimals(found);
    let own = found.own.map(|value| (found.naam.clone(), value));
    let rows = own.into_iter().chain(found.areas.iter().cloned());
    (!found.areas.is_empty()).then(|| Table {
        id: "gebieden".to_owned(),
        title: either(
            language,
            "Wat de bron zelf van andere gebieden geeft",
            "What the source itself gives of other areas",
        )
        .to_owned(),
        note: format!("{}, {}, {}", found.measure.bron, found.periode, found.measure.eenheid),
        empty: String::new(),
        columns: vec![Column::text(either(language, "gebied", "area")), Column::number(found.measure.eenheid.clone())],
        rows: rows.map(|(area, value)| TableRow::new(area, vec![Cell::Real(value, digits)])).collect(),
        total: None,
    })
}

/// A page of another municipality, on the same day.
fn elsewhere(code: &str, scope: &Scope) -> Option<String> {
    let gemeente: GemeenteCode = code.parse().ok()?;
    Some(Scope { gemeente, ..scope.clone() }.link(REPORT))
}

fn member_table(found: &Comparison, group: &ComparedGroup, scope: &Scope) -> Table {
    let language = scope.language;
    let digits = decimals(found);
    let rows = group.figures.iter().map(|(code, naam, value)| TableRow {
        head: naam.clone(),
        href: elsewhere(code, scope),
        is_dutch: true,
        cells: vec![Cell::text(code), Cell::Real(*value, digits)],
    });
    Table {
        id: "leden".to_owned(),
        title: match language {
            Language::Nl => format!("De gemeenten in de groep: {}", named(group, language)),
            Language::En => format!("The municipalities in the group: {}", named(group, language)),
        },
        note: either(
            language,
            "Op alfabet, niet op hoogte. De naam leidt naar de gegevensrapportage van die gemeente.",
            "In the order of the alphabet, not of height. The name leads to the report of open data of that municipality.",
        )
        .to_owned(),
        empty: either(
            language,
            "Van geen gemeente in deze groep is dit cijfer ingelezen. Of het is niet bekend tot welke groep de eigen gemeente hoort. \
             Voor grootteklasse en gelijkenis: grip open-data download 70072ned; voor stedelijkheid een tabel met kerncijfers van \
             wijken en buurten.",
            "This figure was imported of no municipality in this group, or it is not known to which group one's own belongs. For \
             size and likeness: grip open-data download 70072ned; for urbanity a table of districts and neighbourhoods.",
        )
        .to_owned(),
        columns: vec![
            Column::text(either(language, "gemeente", "municipality")),
            Column::kept(either(language, "code", "code")),
            Column::number(found.measure.eenheid.clone()),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn series_table(series: &TaakveldSeries, found: &Comparison, language: Language) -> Table {
    let mut rows = Vec::new();
    for year in &series.years {
        if let Some(why) = &year.break_before {
            let head = match language {
                Language::Nl => format!("breuk vóór {}", year.jaar),
                Language::En => format!("break before {}", year.jaar),
            };
            rows.push(TableRow::new(head, vec![Cell::Nothing, Cell::Nothing, Cell::text(why)]));
        }
        let euros = |value: Option<f64>| Cell::of(value, |value| Cell::Real(value, 0));
        rows.push(TableRow::new(
            year.jaar.to_string(),
            vec![euros(year.own), euros(year.median), Cell::text(year.codes.join(", "))],
        ));
    }
    let name = if series.naam.is_empty() { found.measure.naam.clone() } else { series.naam.clone() };
    Table {
        id: "verloop".to_owned(),
        title: match language {
            Language::Nl => format!("Door de jaren: {name}"),
            Language::En => format!("Over the years: {name}"),
        },
        note: either(
            language,
            "Euro per inwoner. De lijst van taakvelden is in 2023 en in 2025 gewijzigd: per jaar zijn de taakvelden opgeteld die samen \
             vergelijkbaar zijn. Een breuk zegt waarom de jaren ernaast niet zonder meer te vergelijken zijn.",
            "Euros per inhabitant. The list of task fields changed in 2023 and 2025: for each year those that are comparable \
             together are added up. A break says why the years beside it can not be compared as they stand.",
        )
        .to_owned(),
        empty: String::new(),
        columns: vec![
            Column::text(words(language).jaar),
            Column::number(found.naam.clone()),
            Column::number(either(language, "mediaan van de anderen", "median of the others")),
            Column::prose(either(language, "taakvelden", "task fields")),
        ],
        rows,
        total: None,
    }
}

/// The years drawn, with a mark at every break; one year is no course.
fn series_block(series: &TaakveldSeries, found: &Comparison, language: Language) -> Block {
    let table = series_table(series, found, language);
    if series.years.len() < 2 {
        return Block::Table(table);
    }
    let line = |name: &str, of: &dyn Fn(usize) -> Option<f64>| CourseLine {
        name: name.to_owned(),
        values: (0..series.years.len()).map(|at| of(at).map(|value| scaled(value, &Scale::Euros))).collect(),
        band: None,
    };
    let breaks = series.years.iter().enumerate().filter(|(_, year)| year.break_before.is_some());
    let marks: Vec<Mark> =
        breaks.map(|(at, _)| Mark { at, name: either(language, "andere indeling", "other list").to_owned() }).collect();
    let description = match language {
        Language::Nl => format!(
            "Lijn per jaar in euro per inwoner, van {} en de mediaan van de andere gemeenten; {} breuken in de lijst van taakvelden zijn \
             gemerkt.",
            found.naam,
            marks.len()
        ),
        Language::En => format!(
            "Line per year in euros per inhabitant, of {} and the median of the other municipalities; {} breaks in the list of task \
             fields are marked.",
            found.naam,
            marks.len()
        ),
    };
    let lines = vec![
        line(&found.naam, &|at| series.years[at].own),
        line(either(language, "mediaan van de anderen", "median of the others"), &|at| series.years[at].median),
    ];
    let title = table.title.clone();
    let chart =
        course("verloop-lijn", &title, description, series.years.iter().map(|year| year.jaar.to_string()), lines);
    let chart = Chart::Course(Course { language, marks, ..chart });
    Block::Chart(ChartBlock { drawings: both(title, &chart), table })
}

/// A course of amounts over years, all of them known.
fn course(
    id: &str,
    title: &str,
    description: String,
    years: impl Iterator<Item = String>,
    lines: Vec<CourseLine>,
) -> Course {
    let step = |year: String| Step {
        label: year.clone(),
        initial: year.chars().skip(2).collect(),
        name: year,
        year: String::new(),
        href: None,
    };
    let labels: Vec<Step> = years.map(step).collect();
    Course {
        id: id.to_owned(),
        title: title.to_owned(),
        description,
        language: Language::Nl,
        scale: Scale::Euros,
        known_to: labels.len(),
        labels,
        lines: lines.into_iter().filter(|line| line.values.iter().any(Option::is_some)).collect(),
        reference: None,
        marks: Vec::new(),
        form: Form::Straight,
        from_zero: true,
        provisional_name: String::new(),
    }
}

/// Decimals of the value of a feature: whole numbers have none.
fn digits_of(value: f64) -> u32 {
    u32::from(value.fract() != 0.0)
}

fn neighbour_table(found: &Comparison, scope: &Scope) -> Table {
    let language = scope.language;
    let digits = decimals(found);
    let with_share = |near: &AlikeGemeente, at: usize| match (near.values[at], near.shares[at]) {
        (Some(value), Some(share)) => Cell::Text(format!(
            "{} ({})",
            real(value, digits_of(value), language),
            percent_one_decimal(share, language)
        )),
        (Some(value), None) => Cell::Real(value, digits_of(value)),
        (None, _) => Cell::Nothing,
    };
    let rows = found.neighbours.iter().map(|near| TableRow {
        head: near.naam.clone(),
        href: elsewhere(&near.gemeente, scope),
        is_dutch: true,
        cells: [Cell::Real(near.distance, 2), Cell::of(near.figure, |value| Cell::Real(value, digits))]
            .into_iter()
            .chain((0..found.features.len()).map(|at| with_share(near, at)))
            .collect(),
    });
    let names = found.features.iter().map(|feature| Column::number(either(language, feature.naam, feature.name)));
    Table {
        id: "buren".to_owned(),
        title: either(language, "De meest gelijkende gemeenten", "The most alike municipalities").to_owned(),
        note: either(
            language,
            "Van dichtbij naar verder weg. Tussen haakjes welk deel van de afstand door dat kenmerk komt.",
            "From near to farther. In brackets which part of the distance comes from that feature.",
        )
        .to_owned(),
        empty: either(
            language,
            "Er is geen kenmerk ingelezen waarop gemeenten lijken: grip open-data download 70072ned, en daarna grip open-data import.",
            "No feature was imported by which municipalities are alike: grip open-data download 70072ned, then grip open-data import.",
        )
        .to_owned(),
        columns: [
            Column::text(either(language, "gemeente", "municipality")),
            Column::number(either(language, "afstand", "distance")),
            Column::number(found.measure.eenheid.clone()),
        ]
        .into_iter()
        .chain(names)
        .collect(),
        rows: rows.collect(),
        total: None,
    }
}

fn feature_table(found: &Comparison, language: Language) -> Table {
    let rows = found.features.iter().map(|feature| {
        let bron =
            feature.bron.clone().unwrap_or_else(|| either(language, "niet ingelezen", "not imported").to_owned());
        let scale = if feature.is_ratio {
            either(language, "verhouding", "ratio")
        } else {
            either(language, "verschil", "difference")
        };
        TableRow::new(
            either(language, feature.naam, feature.name),
            vec![
                Cell::Count(i64::from(feature.weight)),
                Cell::of(feature.own, |value| Cell::Real(value, digits_of(value))),
                Cell::text(scale),
                Cell::text(bron),
            ],
        )
    });
    Table {
        id: "kenmerken".to_owned(),
        title: either(
            language,
            "De kenmerken waarop gemeenten lijken",
            "The features by which municipalities are alike",
        )
        .to_owned(),
        note: either(
            language,
            "Wat een raad niet kiest. Het gewicht stelt u hierboven in.",
            "What a council does not choose. Their weights are set above.",
        )
        .to_owned(),
        empty: String::new(),
        columns: vec![
            Column::text(either(language, "kenmerk", "feature")),
            Column::number(either(language, "gewicht", "weight")),
            Column::number(found.naam.clone()),
            Column::text(either(language, "telt als", "counts as")),
            Column::text(words(language).source),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn how(language: Language) -> Block {
    Block::Text(Text {
        name: either(language, "Hoe de afstand is berekend", "How the distance is computed").to_owned(),
        text: either(
            language,
            "Van elk kenmerk telt het verschil in spreidingen: 1,4826 maal de mediaan van de afwijkingen van de mediaan over alle \
             gemeenten. De afstand is de wortel van de som van de gekwadrateerde verschillen, elk maal zijn gewicht. Van aantallen \
             telt de verhouding en niet het verschil. Een onbekend kenmerk telt alsof het even ver is als de bekende; een gemeente \
             waarvan minder dan de helft van het gewicht bekend is, doet niet mee. Afstand 0 is gelijk in alles.",
            "Of each feature the difference counts in spreads: 1.4826 times the median of the deviations from the median over all \
             municipalities. The distance is the root of the sum of the squared differences, each times its weight. Of counts the \
             ratio counts and not the difference. An unknown feature counts as far as the known ones; a municipality of which less \
             than half of the weight is known takes no part. Distance 0 is the same in everything.",
        )
        .to_owned(),
        is_dutch: false,
    })
}

fn onward(scope: &Scope) -> Block {
    let language = scope.language;
    Block::Links(Links {
        title: either(language, "Verder", "Further").to_owned(),
        links: vec![
            (
                either(
                    language,
                    "De gegevensrapportage van deze gemeente",
                    "The report of open data of this municipality",
                )
                .to_owned(),
                scope.link(REPORT),
            ),
            (
                either(
                    language,
                    "De drie lijsten van taakvelden en hun omrekening",
                    "The three lists of task fields and their conversion",
                )
                .to_owned(),
                scope.link(TAAKVELDEN),
            ),
        ],
    })
}
