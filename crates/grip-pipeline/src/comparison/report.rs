//! The report of open data (*gegevensrapportage*): what was imported about a municipality, by the parts of annex II of the
//! reports of the review committee on the social domain, each figure with its source and period.

use std::collections::BTreeMap;

use grip_insight::comparison::Urbanity;
use grip_lake::{Parameter, Snapshot};
use grip_odata::gebieden::gebied;
use grip_types::GemeenteCode;
use serde::Serialize;

use super::{
    DENSITY, FEATURES, Field, Inhabitants, Measure, Published, area_name,
    figures::{self, gemeente_name, iv3_amounts, iv3_years, municipality, rows, taakveld_name, year_of},
    size_class,
};
use crate::PipelineError;

/// The open data of a municipality.
#[derive(Debug, Clone, Serialize)]
pub struct DataReport {
    /// Code of the municipality.
    pub gemeente: String,
    /// Its name, or its code.
    pub naam: String,
    /// The parts 3 to 8 of the report, and 0 for what belongs to none.
    pub sections: Vec<ReportSection>,
    /// Budget and accounts by domain and year.
    pub budget: Vec<BudgetLine>,
    /// Budget and accounts per inhabitant and task field, as published and as imported.
    pub iv3: Vec<Iv3Table>,
    /// What does not follow in the tables that budget and Iv3 are from.
    pub contradictions: Vec<Contradiction>,
}

/// One part.
#[derive(Debug, Clone, Serialize)]
pub struct ReportSection {
    /// Number in the annex: 3 key figures, 4 youth, 5 Wmo, 6 participation, 7 re-integration; 0 for the rest.
    pub number: u8,
    /// Areas with figures, one's own first.
    pub areas: Vec<String>,
    /// The figures.
    pub figures: Vec<ReportFigure>,
    /// What does not follow in the published tables they are from.
    pub contradictions: Vec<Contradiction>,
}

/// One figure in one period.
#[derive(Debug, Clone, Serialize)]
pub struct ReportFigure {
    /// What was measured.
    pub naam: String,
    /// Period.
    pub periode: String,
    /// Unit as published.
    pub eenheid: String,
    /// Digits behind the point, as published.
    pub decimals: u32,
    /// The values, in the order of the areas of the part.
    pub values: Vec<Option<f64>>,
    /// Where it was published.
    pub bron: String,
    /// Measure by its name in addresses.
    pub measure: String,
    /// What kind of source.
    pub source: ReportSource,
}

/// Kind of source of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportSource {
    /// A published table.
    Published,
    /// A table of CBS.
    Cbs,
}

/// Budget and accounts of a domain in a year, in eurocents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetLine {
    /// Domain, as published.
    pub domein: String,
    /// Year.
    pub jaar: String,
    /// Accounts of the year before.
    pub rekening_vorig: Option<i64>,
    /// Original budget.
    pub primitief: Option<i64>,
    /// Current budget; of a publication that names one budget, that one.
    pub begroting: Option<i64>,
    /// Accounts.
    pub rekening: Option<i64>,
    /// Budget less accounts, as it follows.
    pub verschil: Option<i64>,
    /// Balance as published.
    pub gepubliceerd: Option<i64>,
    /// Where it was published.
    pub bron: String,
}

/// Iv3 per inhabitant of one year.
#[derive(Debug, Clone, Serialize)]
pub struct Iv3Table {
    /// Year.
    pub jaar: String,
    /// Where it is from.
    pub bron: String,
    /// Whether it is from a published table, and not computed from Iv3 that was imported.
    pub is_published: bool,
    /// Municipality and groups.
    pub columns: Vec<Iv3Column>,
    /// Task fields in their order.
    pub lines: Vec<Iv3Line>,
    /// The total as published or as added up.
    pub total: Option<Iv3Line>,
}

/// Of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Iv3Column {
    /// Municipality or group.
    pub gebied: String,
    /// Municipalities in it; none when the publication does not say.
    pub gemeenten: Option<usize>,
}

/// A task field.
#[derive(Debug, Clone, Serialize)]
pub struct Iv3Line {
    /// Code with its name.
    pub taakveld: String,
    /// Accounts and budget per column, in eurocents per inhabitant.
    pub amounts: Vec<(Option<i64>, Option<i64>)>,
}

/// A published number that does not follow from those beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// Key of the file.
    pub bericht_id: String,
    /// Its name.
    pub bestand: String,
    /// Line in it.
    pub regel: i64,
    /// Rule.
    pub code: String,
    /// What was found, in Dutch.
    pub omschrijving: String,
}

/// Published figures by the part they belong to. A figure belongs to the first part with a name it begins with.
const NAMES: [(u8, &[&str]); 5] = [
    (
        3,
        &[
            "inwoners",
            "oppervlakte",
            "wijken",
            "buurten",
            "omgevingsadressendichtheid",
            "werkzame beroepsbevolking",
            "huishoudens",
        ],
    ),
    (4, &["jongeren met jeugdhulp", "herhaald beroep op jeugdhulp", "jeugdhulp"]),
    (5, &["mantelzorg", "cliëntervaring", "gebruik van beschermd wonen", "wmo"]),
    (6, &["ontvangers van bijstand", "bijstand"]),
    (7, &["re-integratie"]),
];

/// Tables of CBS by the part they belong to, the current ones and those before.
const TABLES: [(u8, &[&str]); 5] = [
    (3, &["70072ned", "86060NED", "83264NED"]),
    (4, &["85098NED", "85099NED", "85097NED", "85094NED", "85101NED"]),
    (5, &["85896NED", "86050NED", "86051NED", "85043NED", "85044NED", "83262NED", "83268NED"]),
    (6, &["86131NED", "86132NED"]),
    (7, &["85588NED"]),
];
/// Figures of CBS in one part, so that a page can be read; the comparison has them all.
const CBS_MAX: usize = 40;

pub(super) fn report(snapshot: &Snapshot, field: &Field, gemeente: GemeenteCode) -> Result<DataReport, PipelineError> {
    let found = contradictions(snapshot, gemeente)?;
    let is_money =
        |figure: &&Published| budget_post(&figure.indicator).is_some() || iv3_post(&figure.indicator).is_some();
    let of = |files: &mut dyn Iterator<Item = &Published>| {
        let files: Vec<&str> = files.map(|figure| figure.bericht_id.as_str()).collect();
        found.iter().filter(|one| files.contains(&one.bericht_id.as_str())).cloned().collect::<Vec<_>>()
    };
    let mut sections = Vec::new();
    for number in [3, 4, 5, 6, 7, 0] {
        let own: Vec<&Published> = field
            .published
            .iter()
            .filter(|figure| !is_money(figure) && section_of(&figure.indicator) == number)
            .collect();
        let mut section = published_section(number, &own, gemeente);
        section.contradictions = of(&mut own.iter().copied());
        if let Some((_, tables)) = TABLES.iter().find(|(of, _)| *of == number) {
            add_cbs(snapshot, field, tables, gemeente, &mut section)?;
        }
        if number != 0 || !section.figures.is_empty() {
            sections.push(section);
        }
    }
    let mut iv3: Vec<Iv3Table> = published_iv3(&field.published, gemeente);
    iv3.extend(imported_iv3(snapshot, field, gemeente)?);
    Ok(DataReport {
        gemeente: gemeente.to_string(),
        naam: gemeente_name(gemeente),
        sections,
        budget: budget(&field.published, gemeente),
        iv3,
        contradictions: of(&mut field.published.iter().filter(is_money)),
    })
}

fn section_of(indicator: &str) -> u8 {
    let name = indicator.to_lowercase();
    let is_in = |names: &[&str]| names.iter().any(|known| name.starts_with(known));
    NAMES.iter().find(|(_, names)| is_in(names)).map_or(0, |(number, _)| *number)
}

fn published_section(number: u8, own: &[&Published], gemeente: GemeenteCode) -> ReportSection {
    let mut areas = vec![gemeente_name(gemeente)];
    let mut found: Vec<ReportFigure> = Vec::new();
    let mut scales: Vec<i64> = Vec::new();
    for figure in own {
        let area = area_name(&figure.gebied);
        let place = areas.iter().position(|known| *known == area).unwrap_or_else(|| {
            areas.push(area);
            areas.len() - 1
        });
        let periode = figure.periode();
        let at = found.iter().position(|known| known.naam == figure.indicator && known.periode == periode);
        let at = at.unwrap_or_else(|| {
            scales.push(0);
            found.push(ReportFigure {
                naam: figure.indicator.clone(),
                periode,
                eenheid: figure.eenheid.clone(),
                decimals: 0,
                values: Vec::new(),
                bron: figure.bron.clone(),
                measure: format!("kern:{}", figure.indicator),
                source: ReportSource::Published,
            });
            found.len() - 1
        });
        scales[at] = scales[at].max(figure.scale);
        put(&mut found[at].values, place, figure.value());
    }
    for (figure, scale) in found.iter_mut().zip(scales) {
        figure.decimals = u32::try_from(scale).unwrap_or(0).min(4);
        figure.values.resize(areas.len(), None);
    }
    let order = |figure: &ReportFigure| {
        let names = NAMES.iter().find(|(of, _)| *of == number).map_or(&[][..], |(_, names)| *names);
        names.iter().position(|known| figure.naam.to_lowercase().starts_with(known))
    };
    found.sort_by_key(order);
    ReportSection { number, areas, figures: found, contradictions: Vec::new() }
}

fn put(values: &mut Vec<Option<f64>>, place: usize, value: f64) {
    if values.len() <= place {
        values.resize(place + 1, None);
    }
    values[place] = Some(value);
}

/// The newest figures of CBS that there are of one's own, beside those of the country and the province.
fn add_cbs(
    snapshot: &Snapshot,
    field: &Field,
    tables: &[&str],
    gemeente: GemeenteCode,
    section: &mut ReportSection,
) -> Result<(), PipelineError> {
    let own = format!("GM{gemeente}");
    let of_table = |measure: &&Measure| {
        measure.id.starts_with("cbs:") && tables.iter().any(|table| table.eq_ignore_ascii_case(&measure.bron))
    };
    let mut measures: Vec<&Measure> = field.measures.iter().filter(of_table).collect();
    // What is not divided says most.
    measures.sort_by_key(|measure| {
        (tables.iter().position(|t| t.eq_ignore_ascii_case(&measure.bron)), measure.dimensies.len())
    });
    let mut count = 0;
    for measure in measures {
        if count == CBS_MAX {
            break;
        }
        let Some(newest) = measure.periodes.first() else { continue };
        let values = figures::values(snapshot, &field.published, measure, &newest.periode)?;
        if !values.contains_key(&own) {
            continue;
        }
        count += 1;
        let province = gebied(gemeente).map(|gebied| gebied.provincie);
        let wanted = [Some(own.as_str()), Some("NL01"), province];
        let mut figure = ReportFigure {
            naam: named(measure),
            periode: newest.periode.clone(),
            eenheid: measure.eenheid.clone(),
            decimals: values.get(&own).map_or(0, |value| u32::from(value.fract() != 0.0)),
            values: Vec::new(),
            bron: format!("CBS {}", measure.bron),
            measure: measure.id.clone(),
            source: ReportSource::Cbs,
        };
        for area in wanted.into_iter().flatten() {
            let Some(value) = values.get(area) else { continue };
            let name = area_name(area);
            let place = section.areas.iter().position(|known| *known == name).unwrap_or_else(|| {
                section.areas.push(name);
                section.areas.len() - 1
            });
            put(&mut figure.values, place, *value);
        }
        section.figures.push(figure);
    }
    let wide = section.areas.len();
    for figure in &mut section.figures {
        figure.values.resize(wide, None);
    }
    Ok(())
}

fn named(measure: &Measure) -> String {
    if measure.dimensies.is_empty() {
        measure.naam.clone()
    } else {
        format!("{} ({})", measure.naam, measure.dimensies)
    }
}

/// What the name of a published figure of budget and accounts says: which of the four, and of which domain.
fn budget_post(indicator: &str) -> Option<(usize, &str)> {
    const POSTS: [&str; 4] = ["primitieve begroting ", "begroting ", "rekening ", "gepubliceerd saldo "];
    POSTS.iter().enumerate().find_map(|(number, post)| Some((number, indicator.strip_prefix(post)?)))
}

/// An amount of a published figure in eurocents, when its unit is money.
fn cents(figure: &Published) -> Option<i64> {
    let unit = figure.eenheid.to_lowercase();
    let factor: i64 = if unit.contains("mln") || unit.contains("miljoen") {
        100_000_000
    } else if unit.contains("1 000") || unit.contains("1.000") || unit.contains("duizend") {
        100_000
    } else if unit.contains("euro") || unit.contains('€') {
        100
    } else {
        return None;
    };
    let divisor = 10_i64.checked_pow(u32::try_from(figure.scale).ok()?)?;
    let scaled = figure.units.checked_mul(factor)?;
    (scaled % divisor == 0).then_some(scaled / divisor)
}

fn budget(published: &[Published], gemeente: GemeenteCode) -> Vec<BudgetLine> {
    let mut found: BTreeMap<(String, String), ([Option<i64>; 4], String)> = BTreeMap::new();
    for figure in published.iter().filter(|figure| municipality(&figure.gebied) == Some(gemeente)) {
        if let Some((post, domein)) = budget_post(&figure.indicator) {
            let line = found.entry((domein.to_owned(), figure.periode())).or_default();
            line.0[post] = cents(figure);
            line.1.clone_from(&figure.bron);
        }
    }
    let before = |domein: &str, jaar: &str| {
        let before = (year_of(jaar)? - 1).to_string();
        found.get(&(domein.to_owned(), before))?.0[2]
    };
    let lines = found.iter().map(|((domein, jaar), ([primitief, begroting, rekening, saldo], bron))| BudgetLine {
        domein: domein.clone(),
        jaar: jaar.clone(),
        rekening_vorig: before(domein, jaar),
        primitief: *primitief,
        begroting: *begroting,
        rekening: *rekening,
        verschil: begroting.zip(*rekening).map(|(begroting, rekening)| begroting - rekening),
        gepubliceerd: *saldo,
        bron: bron.clone(),
    });
    let mut lines: Vec<BudgetLine> = lines.collect();
    // The whole stands above its parts.
    lines.sort_by_key(|line| (line.domein != WHOLE, line.domein.to_lowercase(), line.jaar.clone()));
    lines
}

/// The domain that holds the others.
const WHOLE: &str = "sociaal domein";

/// What the name of a published figure of Iv3 says: whether it is of the budget, and which task field.
fn iv3_post(indicator: &str) -> Option<(bool, &str)> {
    let rest = indicator.strip_prefix("iv3 ")?;
    match rest.strip_prefix("begroting ") {
        Some(taakveld) => Some((true, taakveld)),
        None => Some((false, rest.strip_prefix("rekening ")?)),
    }
}

fn published_iv3(published: &[Published], gemeente: GemeenteCode) -> Vec<Iv3Table> {
    let mut by_year: BTreeMap<String, Vec<(&Published, bool, &str)>> = BTreeMap::new();
    for figure in published {
        if let Some((is_budget, taakveld)) = iv3_post(&figure.indicator) {
            by_year.entry(figure.periode()).or_default().push((figure, is_budget, taakveld));
        }
    }
    let tables = by_year.into_iter().rev().map(|(jaar, figures)| {
        let own = gemeente_name(gemeente);
        let mut columns = vec![own];
        let mut found: BTreeMap<String, Vec<(Option<i64>, Option<i64>)>> = BTreeMap::new();
        for (figure, is_budget, taakveld) in &figures {
            let area = area_name(&figure.gebied);
            let place = columns.iter().position(|known| *known == area).unwrap_or_else(|| {
                columns.push(area);
                columns.len() - 1
            });
            let line = found.entry((*taakveld).to_owned()).or_default();
            line.resize(line.len().max(place + 1), (None, None));
            let amount = if *is_budget { &mut line[place].1 } else { &mut line[place].0 };
            *amount = cents(figure);
        }
        for line in found.values_mut() {
            line.resize(columns.len(), (None, None));
        }
        let line = |(taakveld, amounts)| Iv3Line { taakveld: taakveld_name(taakveld), amounts };
        let total = found.remove(figures::TOTAL).map(|amounts| line((figures::TOTAL, amounts)));
        Iv3Table {
            jaar,
            bron: figures.first().map(|(figure, ..)| figure.bron.clone()).unwrap_or_default(),
            is_published: true,
            columns: columns.into_iter().map(|gebied| Iv3Column { gebied, gemeenten: None }).collect(),
            lines: found.iter().map(|(taakveld, amounts)| line((taakveld.as_str(), amounts.clone()))).collect(),
            total,
        }
    });
    tables.collect()
}

/// The newest year of Iv3 with accounts, or else with a budget: per inhabitant, groups as their sum over their inhabitants.
fn imported_iv3(snapshot: &Snapshot, field: &Field, gemeente: GemeenteCode) -> Result<Option<Iv3Table>, PipelineError> {
    let years = iv3_years(snapshot, gemeente)?;
    let newest = |kind: &str| years.iter().filter(|(_, found)| found == kind).map(|(jaar, _)| *jaar).max();
    let Some(jaar) = newest("jaarrekening").or_else(|| newest("begroting")) else { return Ok(None) };
    let (actual, budget) = (iv3_amounts(snapshot, jaar, "jaarrekening")?, iv3_amounts(snapshot, jaar, "begroting")?);
    let people = &field.inhabitants;
    if people.of(gemeente, jaar).is_none() {
        return Ok(None);
    }
    let density = field.feature(snapshot, &FEATURES[DENSITY], jaar)?.values;
    let size = |code: GemeenteCode| people.of(code, jaar).map(size_class);
    let urban = |code: GemeenteCode| density.get(&code).copied().and_then(Urbanity::of_density);
    let others: Vec<GemeenteCode> = actual.keys().copied().filter(|code| *code != gemeente).collect();
    let mut groups = vec![(gemeente_name(gemeente), vec![gemeente])];
    if let Some(class) = size(gemeente) {
        groups.push((class.to_string(), others.iter().copied().filter(|code| size(*code) == Some(class)).collect()));
    }
    if let Some(class) = urban(gemeente) {
        groups.push((class.to_string(), others.iter().copied().filter(|code| urban(*code) == Some(class)).collect()));
    }
    groups.retain(|(_, members)| members.as_slice() == [gemeente] || members.len() >= super::GROUP_MIN);
    let fields: Vec<&String> =
        actual.get(&gemeente).or_else(|| budget.get(&gemeente)).into_iter().flat_map(|own| own.keys()).collect();
    let line = |name: String, codes: &[&String]| {
        let of =
            |amounts: &figures::Iv3Amounts, members: &[GemeenteCode]| per_head(amounts, people, members, jaar, codes);
        let amounts = groups.iter().map(|(_, members)| (of(&actual, members), of(&budget, members)));
        Iv3Line { taakveld: name, amounts: amounts.collect() }
    };
    Ok(Some(Iv3Table {
        jaar: jaar.to_string(),
        bron: "Iv3 (CBS)".to_owned(),
        is_published: false,
        lines: fields.iter().map(|code| line(taakveld_name(code), &[*code])).collect(),
        total: Some(line(taakveld_name(figures::TOTAL), &fields)),
        columns: groups
            .iter()
            .map(|(gebied, members)| Iv3Column { gebied: gebied.clone(), gemeenten: Some(members.len()) })
            .collect(),
    }))
}

/// What these codes cost all these municipalities together, over their inhabitants, in whole eurocents.
#[expect(clippy::cast_possible_truncation, reason = "amounts per inhabitant are small, and `as` saturates")]
fn per_head(
    amounts: &figures::Iv3Amounts,
    people: &Inhabitants,
    members: &[GemeenteCode],
    jaar: i16,
    codes: &[&String],
) -> Option<i64> {
    let (mut cents, mut heads) = (0, 0.0);
    for member in members {
        let (Some(fields), Some(count)) = (amounts.get(member), people.of(*member, jaar)) else { continue };
        heads += count;
        cents += codes.iter().filter_map(|code| fields.get(*code)).sum::<i64>();
    }
    (heads > 0.0).then(|| (figures::real(cents, 0) / heads).round() as i64)
}

/// What the import of published tables of the municipality found, in the order of the files and their lines.
fn contradictions(snapshot: &Snapshot, gemeente: GemeenteCode) -> Result<Vec<Contradiction>, PipelineError> {
    let batches = snapshot.query_with(
        "SELECT bevinding.bericht_id, bericht._source_file, bevinding.regel, bevinding.code, bevinding.omschrijving
         FROM bevinding JOIN bericht ON bericht.bericht_id = bevinding.bericht_id
         WHERE bericht.berichtsoort = 'publicatie' AND bericht.gemeente = $1
           AND bevinding.code IN ('I040', 'I041', 'I042', 'I043')
         ORDER BY bericht._source_file, bevinding.regel, bevinding.code",
        &[Parameter::Text(&gemeente.to_string())],
    )?;
    let found = rows(&batches).map(|(columns, row)| {
        let text = |column| columns.text(column, row).unwrap_or_default().to_owned();
        Contradiction {
            bericht_id: text(0),
            bestand: text(1),
            regel: columns.number(2, row).unwrap_or_default(),
            code: text(3),
            omschrijving: text(4),
        }
    });
    Ok(found.collect())
}
