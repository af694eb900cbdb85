//! Why what was declared grew between two years: the parts of `grip-insight`, from the lines of invoices.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use grip_indicator::{Catalogue, Dimension, Period, Query, over};
use grip_insight::growth::{Cell, Change, Method, Part, Period as Delivered, split};
use grip_prognose::Facts;
use grip_types::{Bedrag, Date, GemeenteCode, Maand, Wet};
use serde::Serialize;

use crate::{Columns, PipelineError, year_end::segment_naam};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct GrowthQuestion {
    /// Of which municipality.
    pub gemeente: GemeenteCode,
    /// As known on which day.
    pub peildatum: Date,
    /// The earlier year.
    pub van: i16,
    /// The later year.
    pub tot: i16,
    /// Of one law, or of both.
    pub wet: Option<Wet>,
    /// Of one category, or of all.
    pub categorie: Option<String>,
    /// By what it is split: one of [`GROWTH_DIMENSIONS`].
    pub by: Dimension,
    /// Agreed indexation between both years as a ratio, such as 1.04; otherwise that of the contracts.
    pub indexation: Option<f64>,
    /// How what causes did together is divided.
    pub method: Method,
}

/// By what growth can be split.
pub const GROWTH_DIMENSIONS: [Dimension; 8] = [
    Dimension::Wet,
    Dimension::Productcategorie,
    Dimension::Productcode,
    Dimension::Aanbieder,
    Dimension::Wijk,
    Dimension::Verwijzer,
    Dimension::Leeftijdsgroep,
    Dimension::Geslacht,
];

/// Growth between two years, split into causes.
#[derive(Debug, Clone, Serialize)]
pub struct GrowthAnswer {
    /// Code of the municipality, four digits.
    pub gemeente: String,
    /// The day as of which everything is known, `YYYY-MM-DD`.
    pub peildatum: String,
    /// The earlier year.
    pub van: i16,
    /// The later year.
    pub tot: i16,
    /// The months of both years that are compared, from January: those that are all but fully declared.
    pub months: i32,
    /// Always `eurocent`.
    pub unit: &'static str,
    /// By what it is split.
    pub by: &'static str,
    /// All together.
    pub total: GrowthLine,
    /// For each value of the dimension, the largest change first. They add up to the total, to the cent.
    pub lines: Vec<GrowthLine>,
    /// The agreed indexation that was reckoned with, per law.
    pub indexation: Vec<Indexation>,
}

/// Growth of one part of the care.
#[derive(Debug, Clone, Serialize)]
pub struct GrowthLine {
    /// The value of the dimension; empty for all together, and where it is not known.
    pub value: Option<String>,
    /// What to call it, in Dutch.
    pub naam: String,
    /// Declared in the earlier year.
    pub before: i64,
    /// Declared in the later year.
    pub after: i64,
    /// What made the difference, in the order of a waterfall; `before` and all of these are `after`, to the cent.
    pub parts: Vec<GrowthPart>,
}

/// What one cause did.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct GrowthPart {
    /// The cause.
    #[serde(serialize_with = "cause")]
    pub cause: Part,
    /// Eurocents.
    pub amount: i64,
}

fn cause<S: serde::Serializer>(part: &Part, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match part {
        Part::Clients => "clients",
        Part::Stacking => "stacking",
        Part::Mix => "mix",
        Part::New => "new",
        Part::Ended => "ended",
        Part::Duration => "duration",
        Part::Intensity => "intensity",
        Part::Indexation => "indexation",
        Part::Tariff => "tariff",
        Part::Interaction => "interaction",
        Part::Undivided => "undivided",
    })
}

/// The agreed indexation of a law.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Indexation {
    /// `wmo` or `jw`.
    pub wet: &'static str,
    /// Later tariff over earlier.
    pub ratio: f64,
    /// Tariffs of contracts it is the median of; zero where it was given or there are none.
    pub contracts: usize,
}

/// Fewer tariffs than this say nothing of what was agreed.
const CONTRACTS_MIN: usize = 5;
/// Months after which only stragglers are declared, as for `afgewikkeld` in the ledger.
const SETTLED_MONTHS: i32 = 4;
/// A unit that is money itself: its volume says nothing of intensity or price.
const EUROCENTS: &str = "83";

/// The product within a value of the dimension: what has one price.
type Key = (Option<String>, Wet, String, String, String);

/// The months of both years that can be compared as known on a day; none when the later year has none that is settled.
pub(crate) fn comparable_months(tot: i16, peildatum: Date) -> i32 {
    let settled = |month: &i32| Maand::new(tot, *month).plus(SETTLED_MONTHS).last_day() <= peildatum;
    (1..=12).take_while(settled).last().unwrap_or(0)
}

pub(crate) fn growth(
    question: &GrowthQuestion,
    catalogue: &Catalogue,
    facts: &Facts,
    run: impl FnOnce(&Query) -> Result<Vec<RecordBatch>, PipelineError>,
) -> Result<GrowthAnswer, PipelineError> {
    let months = comparable_months(question.tot, question.peildatum);
    if months == 0 || question.van >= question.tot || !GROWTH_DIMENSIONS.contains(&question.by) {
        return Err(PipelineError::NoGrowth { van: question.van, tot: question.tot, peildatum: question.peildatum });
    }
    let (before, after) = delivered(&run(&query(question, months, catalogue))?);
    let indexation = indexation(question, facts);
    let ratio = |key: &Key| {
        let of = indexation.iter().find(|indexation| indexation.wet == key.1.as_str());
        of.map_or(1.0, |indexation| indexation.ratio)
    };
    let growth = split(&before, &after, ratio, question.method).map_err(PipelineError::Growth)?;
    let mut lines: Vec<GrowthLine> = growth
        .by(|key: &Key| key.0.clone())
        .into_iter()
        .map(|(value, change)| line(named(question.by, value.as_deref(), facts), value, change))
        .collect();
    lines.sort_by_key(|line| (std::cmp::Reverse((line.after - line.before).abs()), line.value.clone()));
    Ok(GrowthAnswer {
        gemeente: question.gemeente.to_string(),
        peildatum: question.peildatum.to_string(),
        van: question.van,
        tot: question.tot,
        months,
        unit: "eurocent",
        by: question.by.column(),
        total: line("Totaal".to_owned(), None, growth.total()),
        lines,
        indexation,
    })
}

fn line(naam: String, value: Option<String>, change: Change) -> GrowthLine {
    let parts = change.parts.iter().map(|(cause, amount)| GrowthPart { cause, amount: amount.cents });
    GrowthLine { value, naam, before: change.before.cents, after: change.after.cents, parts: parts.collect() }
}

/// What to call a value of a dimension, in Dutch.
pub(crate) fn named(by: Dimension, value: Option<&str>, facts: &Facts) -> String {
    let Some(value) = value else { return "onbekend".to_owned() };
    let known = match by {
        Dimension::Wet => match value {
            "wmo" => Some("Wmo 2015".to_owned()),
            "jw" => Some("Jeugdwet".to_owned()),
            _ => None,
        },
        Dimension::Productcategorie => Some(segment_naam(value)),
        Dimension::Aanbieder => {
            value.parse().ok().and_then(|code| facts.namen.get(&code)).map(|naam| format!("{naam} ({value})"))
        }
        Dimension::Geslacht => match value {
            "1" => Some("man".to_owned()),
            "2" => Some("vrouw".to_owned()),
            _ => None,
        },
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

/// What was delivered in the months of both years, per value of the dimension and product.
fn query(question: &GrowthQuestion, months: i32, catalogue: &Catalogue) -> Query {
    let of_year = |year: i16| (1..=months).map(move |month| format!("{}", Maand::new(year, month)));
    let periods: Vec<Period> =
        of_year(question.van).chain(of_year(question.tot)).filter_map(|text| text.parse().ok()).collect();
    let mut values = vec![question.gemeente.to_string()];
    let mut only = String::new();
    let wet = question.wet.map(Wet::as_str);
    for (column, value) in [("wet", wet), ("productcategorie", question.categorie.as_deref())] {
        if let Some(value) = value {
            values.push(value.to_owned());
            only.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    let (column, read) = match question.by {
        // A line has no referrer of its own: its allocation does.
        Dimension::Verwijzer => ("verwijzer", vec!["geleverd_verwezen"]),
        other => (other.column(), vec!["geleverd"]),
    };
    let table = read[0];
    let regels = format!(
        "SELECT CASE WHEN periode < '{}' THEN 'voor' ELSE 'na' END AS kant, CAST({column} AS VARCHAR) AS waarde, wet,
                productcategorie, productcode, eenheid, client, periode, bedrag_cents,
                CASE WHEN bedrag_cents < 0 THEN -geleverd_volume ELSE geleverd_volume END AS volume
         FROM {table} WHERE gemeente = $1{only}",
        question.tot
    );
    let select = format!(
        "SELECT kant, waarde, wet, productcategorie, productcode, eenheid, COUNT(DISTINCT client) AS clienten,
                COUNT(DISTINCT client || periode) AS maanden, SUM(volume) AS volume, SUM(bedrag_cents) AS bedrag
         FROM ({regels}) AS regels GROUP BY kant, waarde, wet, productcategorie, productcode, eenheid
         UNION ALL
         SELECT kant, NULL, NULL, NULL, NULL, NULL, COUNT(DISTINCT client), 0, 0, 0 FROM ({regels}) AS regels GROUP BY kant"
    );
    Query { values, ..over(catalogue, &read, &periods, question.peildatum, &select) }
}

fn delivered(batches: &[RecordBatch]) -> (Delivered<Key>, Delivered<Key>) {
    let empty = || Delivered { clients: 0, cells: BTreeMap::new() };
    let (mut before, mut after) = (empty(), empty());
    for batch in batches {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let text = |column| columns.text(column, row);
            let number = |column| columns.number(column, row).unwrap_or_default();
            let side = if text(0) == Some("voor") { &mut before } else { &mut after };
            let clients = u64::try_from(number(6)).unwrap_or_default();
            let Some(wet) = text(2).and_then(|wet| wet.parse::<Wet>().ok()) else {
                side.clients = clients;
                continue;
            };
            let own = |column| text(column).unwrap_or_default().to_owned();
            let key: Key = (text(1).map(str::to_owned), wet, own(3), own(4), own(5));
            let units = if text(5) == Some(EUROCENTS) { 0 } else { number(8).max(0) };
            #[expect(clippy::cast_precision_loss, reason = "units and months are far below 2^53")]
            let (months, units) = (number(7) as f64, units as f64);
            side.cells.insert(key, Cell { clients, months, units, amount: Bedrag::from_cents(number(9)) });
        }
    }
    (before, after)
}

/// What was agreed: as given, or the median of how the tariffs of contracts changed between the middles of both years.
fn indexation(question: &GrowthQuestion, facts: &Facts) -> Vec<Indexation> {
    [Wet::Wmo, Wet::Jw]
        .into_iter()
        .filter(|wet| question.wet.is_none_or(|only| only == *wet))
        .map(|wet| {
            if let Some(ratio) = question.indexation {
                return Indexation { wet: wet.as_str(), ratio, contracts: 0 };
            }
            let mut ratios = ratios(wet, question.van, question.tot, facts);
            ratios.sort_by(f64::total_cmp);
            let middle = ratios.get(ratios.len() / 2).copied().filter(|_| ratios.len() >= CONTRACTS_MIN);
            Indexation {
                wet: wet.as_str(),
                ratio: middle.unwrap_or(1.0),
                contracts: middle.map_or(0, |_| ratios.len()),
            }
        })
        .collect()
}

fn ratios(wet: Wet, van: i16, tot: i16, facts: &Facts) -> Vec<f64> {
    let mut tariffs: BTreeMap<_, Vec<(Date, i64)>> = BTreeMap::new();
    for tarief in facts.contract.iter().filter(|tarief| tarief.wet == wet) {
        let key = (tarief.aanbieder, tarief.categorie.clone(), tarief.code.clone(), tarief.eenheid);
        tariffs.entry(key).or_default().push((tarief.begin, tarief.cents));
    }
    let ratio = |tariffs: &Vec<(Date, i64)>| {
        let on = |year| {
            let day = Maand::new(year, 7).first_day();
            let valid = tariffs.iter().filter(|(begin, _)| *begin <= day);
            valid.max_by_key(|(begin, _)| *begin).map(|(_, cents)| *cents).filter(|cents| *cents > 0)
        };
        let (before, after) = (on(van)?, on(tot)?);
        #[expect(clippy::cast_precision_loss, reason = "tariffs are far below 2^53")]
        Some(after as f64 / before as f64)
    };
    tariffs.values().filter_map(ratio).collect()
}
