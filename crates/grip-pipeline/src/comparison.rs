//! Where a municipality stands among others on a figure: groups by size, urbanity and province, and the most alike. Groups are told
//! by their spread and never as a list from high to low.

mod ask;
mod figures;
mod report;

use std::collections::{BTreeMap, BTreeSet};

use grip_insight::comparison::{
    Candidate, Scale, SizeClass, Spread, Urbanity, control_group, neighbours, position, spread_of,
};
use grip_lake::Snapshot;
use grip_odata::{
    gebieden::{gebied, provincie},
    taakveld::{Generatie, Level, conversions, series, social_domain},
};
use grip_types::GemeenteCode;
use serde::Serialize;

use self::figures::{
    Inhabitants, Published, TOTAL, area_name, gemeente_name, iv3_years, municipality, values, year_of,
};
pub use self::report::{
    BudgetLine, Contradiction, DataReport, Iv3Column, Iv3Line, Iv3Table, ReportFigure, ReportSection, ReportSource,
};
use crate::PipelineError;

/// Neighbours that make a group.
pub const NEIGHBOURS: usize = 10;
/// Weight of the features that must be known of a neighbour.
const KNOWN_MIN: f64 = 0.5;
/// Fewer others than this have no spread: it would tell their values.
const GROUP_MIN: usize = 3;

/// What can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Its name in addresses.
    pub id: String,
    /// Where it is from: a table of CBS, `Iv3`, or `gepubliceerd`.
    pub bron: String,
    /// What was measured, as the source calls it.
    pub naam: String,
    /// The other dimensions of a table of CBS, as name=key, separated by semicolons.
    pub dimensies: String,
    /// Unit as published.
    pub eenheid: String,
    /// Periods of which there are figures, the newest first.
    pub periodes: Vec<MeasurePeriod>,
}

/// A period of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeasurePeriod {
    /// As the source writes it: 2023JJ00, or 2019.
    pub periode: String,
    /// Municipalities with a figure.
    pub gemeenten: i64,
}

/// What is asked of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ComparisonCall {
    /// Measure by its name in addresses; without one the first that can be compared.
    pub measure: Option<String>,
    /// Period; without one the newest.
    pub periode: Option<String>,
    /// Features by name with a weight from 0 to 3; those that are not named weigh 1.
    pub weights: Vec<(String, u8)>,
}

/// One figure of a municipality among those of others.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Code of the municipality.
    pub gemeente: String,
    /// Its name, or its code.
    pub naam: String,
    /// What is compared.
    pub measure: Measure,
    /// In which period.
    pub periode: String,
    /// One's own figure.
    pub own: Option<f64>,
    /// Groups of others.
    pub groups: Vec<ComparedGroup>,
    /// Figures that the source gives of areas that are no municipality, by name.
    pub areas: Vec<(String, f64)>,
    /// What likeness is measured by.
    pub features: Vec<FeatureUsed>,
    /// The most alike, nearest first, with a figure or not.
    pub neighbours: Vec<AlikeGemeente>,
    /// The same over the years, when it is of Iv3.
    pub series: Option<TaakveldSeries>,
}

/// Which group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// The most alike on the features.
    Neighbours,
    /// The same class of inhabitants.
    Size,
    /// The same class of urbanity.
    Urbanity,
    /// The same province.
    Province,
    /// All others.
    All,
}

/// Others, and how their figures are spread.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedGroup {
    /// Which group.
    pub kind: GroupKind,
    /// Its name, as `100.000 tot 150.000 inwoners`; empty when that is not known of one's own.
    pub naam: String,
    /// Other municipalities in it.
    pub members: usize,
    /// Those with a figure, by name in the order of the alphabet.
    pub figures: Vec<(String, String, f64)>,
    /// How their figures are spread, when there are at least three.
    pub spread: Option<GroupSpread>,
    /// Percent of them below one's own, those with the same figure counted half: 50 is the middle.
    pub percentile: Option<f64>,
}

/// Figures of a group.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GroupSpread {
    /// How many.
    pub count: usize,
    /// The lowest.
    pub lowest: f64,
    /// A quarter of the way up.
    pub lower_quartile: f64,
    /// The middle.
    pub median: f64,
    /// Three quarters of the way up.
    pub upper_quartile: f64,
    /// The highest.
    pub highest: f64,
}

impl From<Spread> for GroupSpread {
    fn from(spread: Spread) -> Self {
        let Spread { count, lowest, lower_quartile, median, upper_quartile, highest } = spread;
        Self { count, lowest, lower_quartile, median, upper_quartile, highest }
    }
}

/// A feature by which likeness is measured.
#[derive(Debug, Clone, Serialize)]
pub struct FeatureUsed {
    /// Its name in addresses.
    pub id: &'static str,
    /// Its name.
    pub naam: &'static str,
    /// Its name in English.
    pub name: &'static str,
    /// How much it counts; 0 is not.
    pub weight: u8,
    /// Whether ratios count instead of differences.
    pub is_ratio: bool,
    /// Table or publication and period it is from; none when nothing was imported that tells it.
    pub bron: Option<String>,
    /// One's own value.
    pub own: Option<f64>,
}

/// A municipality that is alike.
#[derive(Debug, Clone, Serialize)]
pub struct AlikeGemeente {
    /// Its code.
    pub gemeente: String,
    /// Its name, or its code.
    pub naam: String,
    /// Distance: zero is the same in all features.
    pub distance: f64,
    /// Its value of each feature, in their order.
    pub values: Vec<Option<f64>>,
    /// What each feature adds to the squared distance, from 0 to 1.
    pub shares: Vec<Option<f64>>,
    /// Its figure of what is compared.
    pub figure: Option<f64>,
}

/// What a task field cost per inhabitant over the years, with the borders between lists of codes.
#[derive(Debug, Clone, Serialize)]
pub struct TaakveldSeries {
    /// Name of what is comparable over all years.
    pub naam: String,
    /// The years, first to last.
    pub years: Vec<TaakveldYear>,
}

/// One year of it.
#[derive(Debug, Clone, Serialize)]
pub struct TaakveldYear {
    /// Year.
    pub jaar: i16,
    /// Codes that were added up; none when the list of that year has nothing comparable.
    pub codes: Vec<&'static str>,
    /// One's own, in euros per inhabitant.
    pub own: Option<f64>,
    /// The median of all others with figures, at least three.
    pub median: Option<f64>,
    /// Why it may not be compared with the year before as it stands; none when it may.
    pub break_before: Option<String>,
}

/// A property of municipalities that a council can not choose.
struct Feature {
    id: &'static str,
    naam: &'static str,
    name: &'static str,
    /// Names of measures of CBS, in the order of preference.
    metings: &'static [&'static str],
    /// Names of published figures.
    published: &'static [&'static str],
    is_ratio: bool,
    /// Whether counts are divided by inhabitants.
    is_share: bool,
}

const DENSITY: usize = 1;

const FEATURES: [Feature; 5] = [
    Feature {
        id: "inwoners",
        naam: "inwoners",
        name: "inhabitants",
        metings: &["TotaleBevolking", "AantalInwoners"],
        published: &["inwoners"],
        is_ratio: true,
        is_share: false,
    },
    Feature {
        id: "dichtheid",
        naam: "adressen per km² in de omgeving",
        name: "addresses per km² around",
        metings: &["Omgevingsadressendichtheid"],
        published: &["omgevingsadressendichtheid"],
        is_ratio: true,
        is_share: false,
    },
    Feature {
        id: "jongeren",
        naam: "aandeel jongeren",
        name: "share of the young",
        metings: &["JongerDan20Jaar", "k_0Tot20Jaar", "k_0Tot15Jaar"],
        published: &["inwoners jonger dan 18 jaar"],
        is_ratio: false,
        is_share: true,
    },
    Feature {
        id: "ouderen",
        naam: "aandeel 65-plussers",
        name: "share aged 65 and over",
        metings: &["k_65JaarOfOuder"],
        published: &["inwoners van 65 jaar en ouder"],
        is_ratio: false,
        is_share: true,
    },
    Feature {
        id: "inkomen",
        naam: "huishoudens met een laag inkomen",
        name: "households with a low income",
        metings: &["HuishoudensMetEenLaagInkomen", "HuishOnderOfRondSociaalMinimum"],
        published: &["huishoudens met een laag inkomen"],
        is_ratio: false,
        is_share: false,
    },
];

/// Names of the features in addresses, with their names in Dutch and English.
pub fn features() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    FEATURES.iter().map(|feature| (feature.id, feature.naam, feature.name))
}

/// The values of one feature around a year, and where they are from.
#[derive(Default)]
struct FeatureValues {
    bron: Option<String>,
    values: BTreeMap<GemeenteCode, f64>,
}

/// What is compared with what it can be compared by.
pub(crate) struct Field {
    published: Vec<Published>,
    measures: Vec<Measure>,
    inhabitants: Inhabitants,
}

impl Field {
    pub(crate) fn load(snapshot: &Snapshot, gemeente: GemeenteCode) -> Result<Self, PipelineError> {
        let published = figures::published(snapshot, gemeente)?;
        let measures = figures::measures(snapshot, &published)?;
        let inhabitants = Inhabitants::load(snapshot, &published)?;
        Ok(Self { published, measures, inhabitants })
    }

    pub(crate) fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The values of a feature in the year or the latest before it; when there is none, the first after it.
    fn feature(&self, snapshot: &Snapshot, feature: &Feature, jaar: i16) -> Result<FeatureValues, PipelineError> {
        let is_it = |measure: &&Measure| {
            let (kind, rest) = measure.id.split_once(':').unwrap_or_default();
            match kind {
                "kern" => feature.published.contains(&rest),
                "cbs" => measure.dimensies.is_empty() && feature.metings.contains(&measure.naam.as_str()),
                _ => false,
            }
        };
        let mut found = FeatureValues::default();
        for measure in self.measures.iter().filter(is_it) {
            let years = || measure.periodes.iter().filter_map(|period| Some((year_of(&period.periode)?, period)));
            let before = years().filter(|(year, _)| *year <= jaar).max_by_key(|(year, _)| *year);
            let nearest = before.or_else(|| years().min_by_key(|(year, _)| *year));
            let Some((year, period)) = nearest else { continue };
            let is_count = feature.is_share && !measure.eenheid.contains('%');
            let values = values(snapshot, &self.published, measure, &period.periode)?;
            let of = values.iter().filter_map(|(area, value)| {
                let gemeente = municipality(area)?;
                let people = if is_count { self.inhabitants.of(gemeente, year)? / 100.0 } else { 1.0 };
                Some((gemeente, value / people))
            });
            let of: BTreeMap<GemeenteCode, f64> = of.collect();
            if of.len() > found.values.len() {
                found = FeatureValues { bron: Some(format!("{}, {}", measure.bron, period.periode)), values: of };
            }
        }
        Ok(found)
    }
}

/// Where a municipality stands on a measure; nothing when there is no such measure, or nothing to compare at all.
pub(crate) fn compare(
    snapshot: &Snapshot,
    field: &Field,
    gemeente: GemeenteCode,
    call: &ComparisonCall,
) -> Result<Option<Comparison>, PipelineError> {
    let chosen = match &call.measure {
        Some(id) => field.measures.iter().find(|measure| measure.id == *id),
        None => field.measures.iter().max_by_key(|measure| measure.periodes.first().map(|period| period.gemeenten)),
    };
    let Some(measure) = chosen else { return Ok(None) };
    let has = |periode: &String| measure.periodes.iter().any(|known| known.periode == *periode);
    let asked = call.periode.clone().filter(has);
    let Some(periode) = asked.or_else(|| measure.periodes.first().map(|newest| newest.periode.clone())) else {
        return Ok(None);
    };
    let found = values(snapshot, &field.published, measure, &periode)?;
    let jaar = year_of(&periode).unwrap_or_default();
    let mut features = Vec::new();
    for feature in &FEATURES {
        features.push(field.feature(snapshot, feature, jaar)?);
    }
    let figures: BTreeMap<GemeenteCode, f64> =
        found.iter().filter_map(|(area, value)| Some((municipality(area)?, *value))).collect();
    let weights: Vec<u8> = FEATURES.iter().map(|feature| weight(feature, call)).collect();
    let alike = alike(gemeente, &features, &weights, &figures);
    let groups = groups(gemeente, jaar, field, &features, &figures, &alike);
    let others = found.iter().filter(|(area, _)| municipality(area).is_none());
    Ok(Some(Comparison {
        gemeente: gemeente.to_string(),
        naam: gemeente_name(gemeente),
        own: figures.get(&gemeente).copied(),
        groups,
        areas: others.map(|(area, value)| (area_name(area), *value)).collect(),
        features: features_used(gemeente, &features, &weights),
        neighbours: alike,
        series: taakveld_series(snapshot, field, gemeente, measure)?,
        measure: measure.clone(),
        periode,
    }))
}

fn weight(feature: &Feature, call: &ComparisonCall) -> u8 {
    call.weights.iter().find(|(id, _)| id == feature.id).map_or(1, |(_, weight)| (*weight).min(3))
}

fn features_used(gemeente: GemeenteCode, found: &[FeatureValues], weights: &[u8]) -> Vec<FeatureUsed> {
    let used = FEATURES.iter().zip(found).zip(weights).map(|((feature, found), weight)| FeatureUsed {
        id: feature.id,
        naam: feature.naam,
        name: feature.name,
        weight: *weight,
        is_ratio: feature.is_ratio,
        bron: found.bron.clone(),
        own: found.values.get(&gemeente).copied(),
    });
    used.collect()
}

/// The municipalities most alike, nearest first; none when no feature tells.
fn alike(
    own: GemeenteCode,
    features: &[FeatureValues],
    weights: &[u8],
    figures: &BTreeMap<GemeenteCode, f64>,
) -> Vec<AlikeGemeente> {
    let all: BTreeSet<GemeenteCode> = features.iter().flat_map(|feature| feature.values.keys().copied()).collect();
    let value = |number: usize, gemeente: &GemeenteCode| features[number].values.get(gemeente).copied();
    let scaled = |number: usize, gemeente: &GemeenteCode| {
        let value = value(number, gemeente)?;
        if FEATURES[number].is_ratio { (value > 0.0).then(|| value.ln()) } else { Some(value) }
    };
    let candidates: Vec<Candidate<GemeenteCode>> = all
        .iter()
        .map(|key| Candidate { key: *key, values: (0..features.len()).map(|number| scaled(number, key)).collect() })
        .collect();
    let weights: Vec<f64> = weights.iter().map(|weight| f64::from(*weight)).collect();
    // Who is not among those with features has no neighbours.
    let Ok(found) = neighbours(&own, &candidates, &weights, Scale::Robust, KNOWN_MIN) else { return Vec::new() };
    let near = found.into_iter().take(NEIGHBOURS).map(|near| AlikeGemeente {
        gemeente: near.key.to_string(),
        naam: gemeente_name(near.key),
        distance: near.distance,
        values: (0..features.len()).map(|number| value(number, &near.key)).collect(),
        shares: near.contributions,
        figure: figures.get(&near.key).copied(),
    });
    near.collect()
}

fn groups(
    own: GemeenteCode,
    jaar: i16,
    field: &Field,
    features: &[FeatureValues],
    figures: &BTreeMap<GemeenteCode, f64>,
    alike: &[AlikeGemeente],
) -> Vec<ComparedGroup> {
    let others: Vec<GemeenteCode> =
        figures.keys().copied().chain(features.iter().flat_map(|f| f.values.keys().copied())).collect();
    let others: BTreeSet<GemeenteCode> = others.into_iter().chain([own]).collect();
    let size = |gemeente: &GemeenteCode| field.inhabitants.of(*gemeente, jaar).map(size_class);
    let urban =
        |gemeente: &GemeenteCode| features[DENSITY].values.get(gemeente).copied().and_then(Urbanity::of_density);
    let province = |gemeente: &GemeenteCode| gebied(*gemeente).map(|gebied| gebied.provincie);
    let near: Vec<GemeenteCode> = alike.iter().filter_map(|near| near.gemeente.parse().ok()).collect();
    let make = |kind, naam: Option<String>, members: Vec<GemeenteCode>| group(kind, naam, own, &members, figures);
    vec![
        make(GroupKind::Neighbours, (!near.is_empty()).then(|| format!("{} meest gelijkende", near.len())), near),
        make(GroupKind::Size, size(&own).map(|class| class.to_string()), same(own, &others, size)),
        make(GroupKind::Urbanity, urban(&own).map(|class| class.to_string()), same(own, &others, urban)),
        make(GroupKind::Province, province(&own).and_then(provincie).map(str::to_owned), same(own, &others, province)),
        make(
            GroupKind::All,
            Some("alle andere gemeenten".to_owned()),
            others.iter().copied().filter(|code| *code != own).collect(),
        ),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and people are counted in millions"
)]
fn size_class(inhabitants: f64) -> SizeClass {
    SizeClass::of(inhabitants as u64)
}

/// The others of the same class; none when that of one's own is not known.
fn same<G: PartialEq>(
    own: GemeenteCode,
    all: &BTreeSet<GemeenteCode>,
    class: impl Fn(&GemeenteCode) -> Option<G>,
) -> Vec<GemeenteCode> {
    let members: Vec<(GemeenteCode, G)> = all.iter().filter_map(|code| Some((*code, class(code)?))).collect();
    control_group(&own, &members).copied().collect()
}

fn group(
    kind: GroupKind,
    naam: Option<String>,
    own: GemeenteCode,
    members: &[GemeenteCode],
    figures: &BTreeMap<GemeenteCode, f64>,
) -> ComparedGroup {
    let known: Vec<(GemeenteCode, f64)> =
        members.iter().filter_map(|code| Some((*code, *figures.get(code)?))).collect();
    let values: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
    let mut named: Vec<(String, String, f64)> =
        known.iter().map(|(code, value)| (code.to_string(), gemeente_name(*code), *value)).collect();
    named.sort_by(|a, b| a.1.cmp(&b.1));
    let is_enough = values.len() >= GROUP_MIN;
    ComparedGroup {
        kind,
        naam: naam.unwrap_or_default(),
        members: members.len(),
        figures: named,
        spread: spread_of(values.iter().copied()).filter(|_| is_enough).map(GroupSpread::from),
        percentile: figures
            .get(&own)
            .filter(|_| is_enough)
            .and_then(|value| position(*value, &values))
            .map(|position| position.percentile),
    }
}

/// The years of a task field of Iv3 in what is comparable over all of them.
fn taakveld_series(
    snapshot: &Snapshot,
    field: &Field,
    gemeente: GemeenteCode,
    measure: &Measure,
) -> Result<Option<TaakveldSeries>, PipelineError> {
    let Some((verslag, taakveld)) = measure.id.strip_prefix("iv3:").and_then(|rest| rest.split_once(':')) else {
        return Ok(None);
    };
    let own = iv3_years(snapshot, gemeente)?;
    let years: BTreeSet<i16> = own.iter().filter(|(_, kind)| kind == verslag).map(|(jaar, _)| *jaar).collect();
    let lists: BTreeSet<Generatie> = years.iter().map(|jaar| Generatie::of_year(*jaar)).collect();
    let found = if taakveld == TOTAL {
        Some(social_domain(&lists))
    } else {
        series(&lists).into_iter().find(|one| one.codes.values().any(|codes| codes.contains(&taakveld)))
    };
    let Some(found) = found else { return Ok(None) };
    let mut made: Vec<TaakveldYear> = Vec::new();
    for jaar in years {
        let list = Generatie::of_year(jaar);
        let codes = found.codes_of(list).to_vec();
        let amounts = figures::iv3_amounts(snapshot, jaar, verslag)?;
        let of = |code: GemeenteCode| per_inhabitant(&amounts, &field.inhabitants, code, jaar, &codes);
        let others: Vec<f64> = amounts.keys().filter(|code| **code != gemeente).filter_map(|code| of(*code)).collect();
        let before = made.last().map(|year: &TaakveldYear| Generatie::of_year(year.jaar));
        let border = found.breaks.iter().find(|found| Some(found.from) == before && found.to == list);
        made.push(TaakveldYear {
            jaar,
            own: of(gemeente),
            median: spread_of(others).filter(|spread| spread.count >= GROUP_MIN).map(|spread| spread.median),
            codes,
            break_before: border.filter(|border| !border.is_seamless()).map(|border| told(border.level, &border.why)),
        });
    }
    Ok(Some(TaakveldSeries { naam: found.naam.to_owned(), years: made }))
}

fn told(level: Option<Level>, why: &[&str]) -> String {
    let what = level.map_or("geen vergelijkbaar taakveld aan de andere kant", level_name);
    if why.is_empty() { what.to_owned() } else { format!("{what} ({})", why.join("; ")) }
}

/// Euros per inhabitant of these codes; none when nothing stands there or the inhabitants are not known.
fn per_inhabitant(
    amounts: &figures::Iv3Amounts,
    inhabitants: &Inhabitants,
    gemeente: GemeenteCode,
    jaar: i16,
    codes: &[&str],
) -> Option<f64> {
    let fields = amounts.get(&gemeente)?;
    let mut meant =
        fields.iter().filter(|(code, _)| codes.contains(&code.as_str())).map(|(_, cents)| *cents).peekable();
    meant.peek()?;
    Some(figures::real(meant.sum(), 2) / inhabitants.of(gemeente, jaar)?)
}

/// One row of the conversion between two lists of task fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConversionLine {
    /// Name of the common level.
    pub groep: &'static str,
    /// List one comes from.
    pub from: &'static str,
    /// Codes to add up in it.
    pub from_codes: &'static [&'static str],
    /// List one goes to.
    pub to: &'static str,
    /// Codes to add up in it.
    pub to_codes: &'static [&'static str],
    /// How well both agree, in Dutch.
    pub level: &'static str,
    /// Why it is this and not less.
    pub why: &'static str,
    /// First day on which the later list holds.
    pub since: &'static str,
    /// Files of CBS with both lists.
    pub sources: Vec<&'static str>,
}

/// What of one list of task fields is comparable with what of another, every row with its source and day.
pub fn conversion_table() -> Vec<ConversionLine> {
    let lines = conversions().map(|(from, to, found)| ConversionLine {
        groep: found.groep,
        from: from.as_str(),
        from_codes: found.from,
        to: to.as_str(),
        to_codes: found.to,
        level: level_name(found.level),
        why: found.why,
        since: to.in_force(),
        sources: [from.source(), to.source()].into_iter().flatten().collect(),
    });
    lines.collect()
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Same => "gelijk",
        Level::Renamed => "andere naam; wat erop wordt geboekt kan zijn verschoven",
        Level::Split => "gesplitst: alleen de som is vergelijkbaar",
        Level::Merged => "samengevoegd: alleen de som is vergelijkbaar",
        Level::ManyToMany => "anders ingedeeld: alleen de som is vergelijkbaar",
    }
}
