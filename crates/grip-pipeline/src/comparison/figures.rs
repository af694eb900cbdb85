//! Figures of municipalities and other areas, as they stand in the tables: published, of CBS, and of Iv3 per inhabitant.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use grip_lake::{Parameter, Snapshot};
use grip_odata::{
    gebieden::gebied,
    taakveld::{Generatie, convert},
};
use grip_types::{Date, GemeenteCode, Maand};

use super::{Measure, MeasurePeriod};
use crate::{PipelineError, facts::Columns};

/// Names of measures of CBS that count the inhabitants, in the order of preference.
const INHABITANTS: [&str; 2] = ["TotaleBevolking", "AantalInwoners"];
/// The same as a published figure.
const INHABITANTS_PUBLISHED: &str = "inwoners";

/// A published figure of one area and period.
#[derive(Debug, Clone)]
pub(super) struct Published {
    pub(super) indicator: String,
    pub(super) begin: Date,
    pub(super) eind: Date,
    pub(super) gebied: String,
    pub(super) units: i64,
    pub(super) scale: i64,
    pub(super) eenheid: String,
    pub(super) bron: String,
    pub(super) bericht_id: String,
}

impl Published {
    pub(super) fn value(&self) -> f64 {
        real(self.units, self.scale)
    }

    pub(super) fn periode(&self) -> String {
        period_name(self.begin, self.eind)
    }
}

/// A year, half-year, quarter, month or day by its name, anything else by its days.
fn period_name(begin: Date, eind: Date) -> String {
    let (from, to) = (Maand::of(begin), Maand::of(eind));
    let is_whole = begin == from.first_day() && eind == to.last_day();
    let year = begin.year();
    let months = i32::from(eind.month()) - i32::from(begin.month()) + 1;
    match (is_whole, year == eind.year(), months, i32::from(begin.month()) - 1) {
        (true, true, 12, _) => year.to_string(),
        (true, true, 6, before) if before % 6 == 0 => format!("{year}-H{}", before / 6 + 1),
        (true, true, 3, before) if before % 3 == 0 => format!("{year}-K{}", before / 3 + 1),
        (true, true, 1, _) => from.to_string(),
        (true, false, ..) if begin.month() == 1 && eind.month() == 12 => format!("{year}/{}", eind.year()),
        _ if begin == eind => begin.to_string(),
        _ => format!("{begin}/{eind}"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "published figures have fewer than 15 digits")]
pub(super) fn real(units: i64, scale: i64) -> f64 {
    units as f64 / 10_f64.powi(i32::try_from(scale).unwrap_or(0))
}

pub(super) fn rows(batches: &[RecordBatch]) -> impl Iterator<Item = (Columns<'_>, usize)> {
    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (Columns(batch), row)))
}

/// The published figures that hold for a municipality: of two about the same, the later.
pub(super) fn published(snapshot: &Snapshot, gemeente: GemeenteCode) -> Result<Vec<Published>, PipelineError> {
    let batches = snapshot.query_with(
        "SELECT indicator, begindatum, einddatum, gebied, waarde_units, waarde_scale, eenheid, bron, bericht_id
         FROM (SELECT *, ROW_NUMBER() OVER (
                   PARTITION BY indicator, begindatum, einddatum, gebied ORDER BY _imported_at DESC
               ) AS volgorde
               FROM kerncijfer WHERE gemeente = $1)
         WHERE volgorde = 1 ORDER BY indicator, begindatum, einddatum, gebied",
        &[Parameter::Text(&gemeente.to_string())],
    )?;
    let figures = rows(&batches).filter_map(|(columns, row)| {
        let text = |column| columns.text(column, row).unwrap_or_default().to_owned();
        Some(Published {
            indicator: text(0),
            begin: columns.day(1, row)?,
            eind: columns.day(2, row)?,
            gebied: text(3),
            units: columns.number(4, row)?,
            scale: columns.number(5, row)?,
            eenheid: text(6),
            bron: text(7),
            bericht_id: text(8),
        })
    });
    Ok(figures.collect())
}

/// The municipality that an area is, by its code.
pub(super) fn municipality(area: &str) -> Option<GemeenteCode> {
    area.trim().strip_prefix("GM").filter(|code| code.len() == 4)?.parse().ok()
}

/// Everything that can be compared, in the order: published, Iv3, CBS by table.
pub(super) fn measures(snapshot: &Snapshot, published: &[Published]) -> Result<Vec<Measure>, PipelineError> {
    let mut found = published_measures(published);
    found.extend(iv3_measures(snapshot)?);
    found.extend(cbs_measures(snapshot)?);
    for measure in &mut found {
        measure.periodes.sort_by(|a, b| b.periode.cmp(&a.periode));
    }
    Ok(found)
}

fn published_measures(published: &[Published]) -> Vec<Measure> {
    let mut by_name: BTreeMap<&str, (&Published, BTreeMap<String, i64>)> = BTreeMap::new();
    for figure in published.iter().filter(|figure| !figure.indicator.starts_with("iv3 ")) {
        let (_, periods) = by_name.entry(&figure.indicator).or_insert_with(|| (figure, BTreeMap::new()));
        *periods.entry(figure.periode()).or_default() += i64::from(municipality(&figure.gebied).is_some());
    }
    let measures = by_name.into_iter().map(|(indicator, (first, periods))| Measure {
        id: format!("kern:{indicator}"),
        bron: "gepubliceerd".to_owned(),
        naam: indicator.to_owned(),
        dimensies: String::new(),
        eenheid: first.eenheid.clone(),
        periodes: periods.into_iter().map(|(periode, gemeenten)| MeasurePeriod { periode, gemeenten }).collect(),
    });
    measures.collect()
}

fn iv3_measures(snapshot: &Snapshot) -> Result<Vec<Measure>, PipelineError> {
    let batches = snapshot.query(
        "SELECT jaar, verslagsoort, taakveld, COUNT(DISTINCT gemeente) FROM iv3_actueel
         WHERE is_last AND taakveld LIKE '6.%' AND verslagsoort IN ('begroting', 'jaarrekening')
         GROUP BY jaar, verslagsoort, taakveld ORDER BY verslagsoort DESC, taakveld, jaar",
    )?;
    let mut found: BTreeMap<(String, String), BTreeMap<String, i64>> = BTreeMap::new();
    for (columns, row) in rows(&batches) {
        let jaar = columns.number(0, row).unwrap_or_default().to_string();
        let verslag = columns.text(1, row).unwrap_or_default();
        let gemeenten = columns.number(3, row).unwrap_or_default();
        for taakveld in [columns.text(2, row).unwrap_or_default(), TOTAL] {
            let periods = found.entry((verslag.to_owned(), taakveld.to_owned())).or_default();
            let most = periods.entry(jaar.clone()).or_default();
            *most = gemeenten.max(*most);
        }
    }
    let measures = found.into_iter().map(|((verslag, taakveld), periods)| Measure {
        id: format!("iv3:{verslag}:{taakveld}"),
        bron: "Iv3".to_owned(),
        naam: format!("{} ({verslag})", taakveld_name(&taakveld)),
        dimensies: String::new(),
        eenheid: PER_INHABITANT.to_owned(),
        periodes: periods.into_iter().map(|(periode, gemeenten)| MeasurePeriod { periode, gemeenten }).collect(),
    });
    Ok(measures.collect())
}

/// The social domain as a whole, in the place of a code.
pub(super) const TOTAL: &str = "totaal";
/// Unit of Iv3 beside other municipalities.
pub(super) const PER_INHABITANT: &str = "euro per inwoner";

/// Names of the list to 2022; those of later lists are told by their common group.
const NAMES_2022: [(&str, &str); 10] = [
    ("6.1", "Samenkracht en burgerparticipatie"),
    ("6.2", "Wijkteams (vanaf 2023 Toegang)"),
    ("6.3", "Inkomensregelingen"),
    ("6.4", "Begeleide participatie (vanaf 2023 Beschut werk)"),
    ("6.5", "Arbeidsparticipatie"),
    ("6.6", "Maatwerkvoorziening (Wmo)"),
    ("6.71", "Maatwerkdienstverlening 18+"),
    ("6.72", "Maatwerkdienstverlening 18-"),
    ("6.81", "Geëscaleerde zorg 18+"),
    ("6.82", "Geëscaleerde zorg 18-"),
];

/// A code with its name, as `6.72 Maatwerkdienstverlening 18-`.
pub(super) fn taakveld_name(taakveld: &str) -> String {
    if taakveld == TOTAL {
        return "Totaal van het sociaal domein".to_owned();
    }
    let own = NAMES_2022.iter().find(|(code, _)| *code == taakveld).map(|(_, naam)| *naam);
    let lists = [Generatie::Van2023, Generatie::Vanaf2025, Generatie::Tot2022];
    let group = || {
        let list = lists.into_iter().find(|list| list.has(taakveld))?;
        let others = lists.into_iter().filter(|other| *other != list);
        others.filter_map(|other| convert(taakveld, list, other)).map(|found| found.groep).next()
    };
    match own.or_else(group) {
        Some(naam) => format!("{taakveld} {naam}"),
        None => taakveld.to_owned(),
    }
}

fn cbs_measures(snapshot: &Snapshot) -> Result<Vec<Measure>, PipelineError> {
    let batches = snapshot.query(
        "SELECT tabel, meting, dimensies, periode, MIN(eenheid), COUNT(DISTINCT regio) FROM open_data_actueel
         WHERE regio LIKE 'GM%' AND waarde_units IS NOT NULL AND periode IS NOT NULL
         GROUP BY tabel, meting, dimensies, periode ORDER BY tabel, meting, dimensies, periode",
    )?;
    let mut found: Vec<Measure> = Vec::new();
    for (columns, row) in rows(&batches) {
        let text = |column| columns.text(column, row).unwrap_or_default();
        let id = format!("cbs:{}:{}:{}", text(0), text(1), text(2));
        let period =
            MeasurePeriod { periode: text(3).to_owned(), gemeenten: columns.number(5, row).unwrap_or_default() };
        match found.last_mut().filter(|last| last.id == id) {
            Some(last) => last.periodes.push(period),
            None => found.push(Measure {
                id,
                bron: text(0).to_owned(),
                naam: text(1).to_owned(),
                dimensies: text(2).to_owned(),
                eenheid: text(4).to_owned(),
                periodes: vec![period],
            }),
        }
    }
    Ok(found)
}

/// The values of a measure in a period by area, as the source names areas.
pub(super) fn values(
    snapshot: &Snapshot,
    published: &[Published],
    measure: &Measure,
    periode: &str,
) -> Result<BTreeMap<String, f64>, PipelineError> {
    let (kind, rest) = measure.id.split_once(':').unwrap_or_default();
    match kind {
        "kern" => {
            let own = published.iter().filter(|figure| figure.indicator == rest && figure.periode() == periode);
            Ok(own.map(|figure| (figure.gebied.clone(), figure.value())).collect())
        }
        "iv3" => {
            let (verslag, taakveld) = rest.split_once(':').unwrap_or_default();
            let Ok(jaar) = periode.parse::<i16>() else { return Ok(BTreeMap::new()) };
            let inhabitants = Inhabitants::load(snapshot, published)?;
            let amounts = iv3_amounts(snapshot, jaar, verslag)?;
            Ok(per_inhabitant(&amounts, &inhabitants, jaar, |code| taakveld == TOTAL || code == taakveld))
        }
        _ => cbs_values(snapshot, rest, periode),
    }
}

fn cbs_values(snapshot: &Snapshot, rest: &str, periode: &str) -> Result<BTreeMap<String, f64>, PipelineError> {
    let mut parts = rest.splitn(3, ':');
    let [tabel, meting, dimensies] = [parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
    let batches = snapshot.query_with(
        "SELECT regio, waarde_units, waarde_scale FROM open_data_actueel
         WHERE tabel = $1 AND meting = $2 AND dimensies = $3 AND periode = $4 AND waarde_units IS NOT NULL",
        &[tabel, meting, dimensies, periode].map(Parameter::Text),
    )?;
    let found = rows(&batches).filter_map(|(columns, row)| {
        Some((columns.text(0, row)?.trim().to_owned(), real(columns.number(1, row)?, columns.number(2, row)?)))
    });
    Ok(found.collect())
}

/// Amounts of Iv3 by municipality and task field, in eurocents: spending only.
pub(super) type Iv3Amounts = BTreeMap<GemeenteCode, BTreeMap<String, i64>>;

pub(super) fn iv3_amounts(snapshot: &Snapshot, jaar: i16, verslag: &str) -> Result<Iv3Amounts, PipelineError> {
    let batches = snapshot.query_with(
        "SELECT gemeente, taakveld, SUM(bedrag_cents) FROM iv3_actueel
         WHERE jaar = $1 AND verslagsoort = $2 AND is_last AND taakveld LIKE '6.%' GROUP BY gemeente, taakveld",
        &[Parameter::Number(i64::from(jaar)), Parameter::Text(verslag)],
    )?;
    let mut found = Iv3Amounts::new();
    for (columns, row) in rows(&batches) {
        let gemeente = columns.text(0, row).and_then(|code| code.parse().ok());
        if let (Some(gemeente), Some(taakveld), Some(cents)) = (gemeente, columns.text(1, row), columns.number(2, row))
        {
            *found.entry(gemeente).or_default().entry(taakveld.to_owned()).or_default() += cents;
        }
    }
    Ok(found)
}

/// Years and kinds of report of which there is Iv3 of a municipality.
pub(super) fn iv3_years(snapshot: &Snapshot, gemeente: GemeenteCode) -> Result<BTreeSet<(i16, String)>, PipelineError> {
    let batches = snapshot.query_with(
        "SELECT DISTINCT jaar, verslagsoort FROM iv3_actueel WHERE gemeente = $1 AND taakveld LIKE '6.%'",
        &[Parameter::Text(&gemeente.to_string())],
    )?;
    let years = rows(&batches).filter_map(|(columns, row)| {
        Some((i16::try_from(columns.number(0, row)?).ok()?, columns.text(1, row)?.to_owned()))
    });
    Ok(years.collect())
}

/// Euros per inhabitant of the task fields that are meant, of every municipality that has both.
fn per_inhabitant(
    amounts: &Iv3Amounts,
    inhabitants: &Inhabitants,
    jaar: i16,
    is_meant: impl Fn(&str) -> bool,
) -> BTreeMap<String, f64> {
    let found = amounts.iter().filter_map(|(gemeente, fields)| {
        let mut meant = fields.iter().filter(|(code, _)| is_meant(code)).map(|(_, cents)| *cents).peekable();
        meant.peek()?;
        let people = inhabitants.of(*gemeente, jaar)?;
        Some((format!("GM{gemeente}"), real(meant.sum(), 2) / people))
    });
    found.collect()
}

/// Inhabitants by municipality and year.
#[derive(Debug, Clone, Default)]
pub(super) struct Inhabitants(BTreeMap<GemeenteCode, BTreeMap<i16, f64>>);

impl Inhabitants {
    pub(super) fn load(snapshot: &Snapshot, published: &[Published]) -> Result<Self, PipelineError> {
        let mut found = Self::default();
        for figure in published.iter().filter(|figure| figure.indicator == INHABITANTS_PUBLISHED) {
            if let Some(gemeente) = municipality(&figure.gebied) {
                found.0.entry(gemeente).or_default().insert(figure.begin.year(), figure.value());
            }
        }
        for meting in INHABITANTS.iter().rev() {
            let batches = snapshot.query_with(
                "SELECT regio, periode, waarde_units, waarde_scale FROM open_data_actueel
                 WHERE meting = $1 AND dimensies = '' AND regio LIKE 'GM%' AND waarde_units IS NOT NULL",
                &[Parameter::Text(meting)],
            )?;
            for (columns, row) in rows(&batches) {
                let gemeente = columns.text(0, row).and_then(municipality);
                let jaar = columns.text(1, row).and_then(year_of);
                if let (Some(gemeente), Some(jaar)) = (gemeente, jaar) {
                    let count = real(columns.number(2, row).unwrap_or_default(), columns.number(3, row).unwrap_or(0));
                    found.0.entry(gemeente).or_default().insert(jaar, count);
                }
            }
        }
        Ok(found)
    }

    /// Of the year or the latest before it; when there is none, the first after it.
    pub(super) fn of(&self, gemeente: GemeenteCode, jaar: i16) -> Option<f64> {
        let years = self.0.get(&gemeente)?;
        let found = years.range(..=jaar).next_back().or_else(|| years.range(jaar..).next());
        found.map(|(_, count)| *count).filter(|count| *count > 0.0)
    }
}

/// The year a period begins in.
pub(super) fn year_of(periode: &str) -> Option<i16> {
    periode.get(..4)?.parse().ok()
}

/// Name of an area for people; one's own municipality and those in the list by name, groups as the source names them.
pub(super) fn area_name(area: &str) -> String {
    let area = area.trim();
    if let Some(gemeente) = municipality(area) {
        return gemeente_name(gemeente);
    }
    match area {
        "NL" | "NL01" | "NL00" => "Nederland".to_owned(),
        other => grip_odata::gebieden::provincie(other).map_or_else(|| other.to_owned(), str::to_owned),
    }
}

/// Name of a municipality, or its code when it is not in the list.
pub(super) fn gemeente_name(gemeente: GemeenteCode) -> String {
    gebied(gemeente).map_or_else(|| format!("gemeente {gemeente}"), |found| found.naam.to_owned())
}

#[cfg(test)]
mod tests {
    use grip_types::parse_date;

    use super::{area_name, municipality, period_name, taakveld_name};

    #[test]
    fn periods_have_names() {
        for (from, to, expected) in [
            ("2019-01-01", "2019-12-31", "2019"),
            ("2020-01-01", "2020-06-30", "2020-H1"),
            ("2020-07-01", "2020-09-30", "2020-K3"),
            ("2020-02-01", "2020-02-29", "2020-02"),
            ("2020-08-01", "2020-08-01", "2020-08-01"),
            ("2015-01-01", "2020-12-31", "2015/2020"),
            ("2020-01-05", "2020-02-01", "2020-01-05/2020-02-01"),
        ] {
            let day = |text| parse_date(text).expect("a day");
            assert_eq!(period_name(day(from), day(to)), expected);
        }
    }

    #[test]
    fn areas_and_task_fields_have_names() {
        assert_eq!(area_name("GM0935 "), "Maastricht");
        assert_eq!((area_name("NL01"), area_name("PV31")), ("Nederland".to_owned(), "Limburg".to_owned()));
        assert_eq!(area_name("jeugdregio"), "jeugdregio");
        assert_eq!(municipality("GM09350001"), None);
        assert_eq!(taakveld_name("6.72"), "6.72 Maatwerkdienstverlening 18-");
        assert_eq!(taakveld_name("6.82a"), "6.82a Jeugdbescherming");
        assert_eq!(taakveld_name("6.99"), "6.99");
    }
}
