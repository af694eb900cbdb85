use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{Bron, CbsPeriode, Findings, Meting, Rule, Status, page::read_list};

/// More dimensions than a table can have are not looked at.
const DIMENSIONS_MAX: usize = 256;

/// What is known of a table besides its rows. Glossary: Tabel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Where it comes from.
    pub bron: Bron,
    /// Number: `85098NED`.
    pub tabel: String,
    /// Title as published.
    pub titel: String,
    /// When it was changed last, as the source writes it; nothing when it does not say.
    pub modified: String,
    /// What is measured, in the order of the table.
    pub metingen: Vec<Meting>,
    pub(crate) periode: Option<CbsPeriode>,
    pub(crate) dimensies: Vec<Dimension>,
    pub(crate) findings: Findings,
}

/// A dimension and its list of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dimension {
    pub(crate) naam: String,
    pub(crate) kind: Kind,
    /// By key without blanks. Empty when the list was not saved.
    pub(crate) codes: HashMap<String, Code>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Time,
    Place,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// The key as the source spells it, blanks and all: what a filter must say.
    pub(crate) raw: String,
    pub(crate) titel: String,
    pub(crate) status: Option<Status>,
}

/// The files that describe a table, as the server sent them.
#[derive(Debug, Clone, Default)]
pub struct Description<'f> {
    /// `TableInfos` of OData 3 or `Properties` of OData 4.
    pub information: Option<&'f [u8]>,
    /// `DataProperties` of OData 3 or `MeasureCodes` of OData 4, page by page.
    pub measures: Vec<&'f [u8]>,
    /// `Dimensions` of OData 4.
    pub dimensions: Option<&'f [u8]>,
}

/// Dimensions whose codes a reader of the table needs, by name: of OData 3 the name of the list is the same, of OData 4
/// `Codes` comes behind it.
pub(crate) fn code_list_name(bron: Bron, dimension: &str) -> String {
    match bron {
        Bron::CbsV3 | Bron::Iv3 => dimension.to_owned(),
        Bron::CbsV4 => format!("{dimension}Codes"),
    }
}

impl Table {
    /// Understands the description of a table, without its lists of codes: those are added with [`Table::add_codes`].
    ///
    /// # Errors
    /// The name of the file that can't be read, and why.
    pub fn parse(bron: Bron, tabel: &str, files: &Description<'_>) -> Result<Self, (&'static str, serde_json::Error)> {
        let is_v4 = bron == Bron::CbsV4;
        let information = match files.information {
            Some(bytes) => {
                let list: Vec<Information> =
                    read_list(bytes).map_err(|e| (if is_v4 { "Properties.json" } else { "TableInfos.json" }, e))?;
                list.into_iter().next().unwrap_or_default()
            }
            None => Information::default(),
        };
        let mut table = Self {
            bron,
            tabel: match information.identifier.trim() {
                "" => tabel.to_owned(),
                identifier => identifier.to_owned(),
            },
            titel: information.title.trim().to_owned(),
            modified: information.modified.trim().to_owned(),
            metingen: Vec::new(),
            periode: information.period.as_deref().and_then(CbsPeriode::of_table),
            dimensies: Vec::new(),
            findings: Findings::default(),
        };
        if is_v4 {
            for bytes in &files.measures {
                let list: Vec<MeasureCode> = read_list(bytes).map_err(|e| ("MeasureCodes.json", e))?;
                table.metingen.extend(list.into_iter().map(MeasureCode::into_meting));
            }
            let dimensions: Vec<DimensionInformation> = match files.dimensions {
                Some(bytes) => read_list(bytes).map_err(|e| ("Dimensions.json", e))?,
                None => Vec::new(),
            };
            for dimension in dimensions {
                table.add_dimension(&dimension.identifier, Kind::of(&dimension.kind, &dimension.identifier));
            }
        } else {
            let mut properties = Vec::new();
            for bytes in &files.measures {
                properties.extend(read_list::<DataProperty>(bytes).map_err(|e| ("DataProperties.json", e))?);
            }
            table.add_properties(&properties);
        }
        table.number_same_names();
        Ok(table)
    }

    /// Adds one page of the list of codes of a dimension.
    ///
    /// # Errors
    /// When it is not such a list.
    pub fn add_codes(&mut self, dimension: &str, bytes: &[u8]) -> serde_json::Result<()> {
        let list: Vec<CodeInformation> = read_list(bytes)?;
        self.add_dimension(dimension, Kind::of("", dimension));
        let Some(found) = self.dimensies.iter_mut().find(|d| d.naam == dimension) else { return Ok(()) };
        for code in list {
            let status = code.status.as_deref().and_then(Status::of_text).or_else(|| Status::of_title(&code.title));
            let key = code.key.trim().to_owned();
            found.codes.insert(key, Code { raw: code.key, titel: code.title.trim().to_owned(), status });
        }
        Ok(())
    }

    /// Names of its dimensions, in the order of the table.
    pub fn dimension_names(&self) -> impl Iterator<Item = &str> {
        self.dimensies.iter().map(|dimension| dimension.naam.as_str())
    }

    /// The measure of that name, whatever number its column has in this edition.
    pub fn meting(&self, naam: &str) -> Option<&Meting> {
        self.metingen.iter().find(|meting| meting.naam == naam)
    }

    fn add_dimension(&mut self, naam: &str, kind: Kind) {
        let has_room = self.dimensies.len() < DIMENSIONS_MAX;
        if has_room && !naam.is_empty() && !self.dimensies.iter().any(|dimension| dimension.naam == naam) {
            self.dimensies.push(Dimension { naam: naam.to_owned(), kind, codes: HashMap::new() });
        }
    }

    fn add_properties(&mut self, properties: &[DataProperty]) {
        let mut names = HashMap::<&str, u32>::new();
        for property in properties.iter().filter(|property| property.is_topic()) {
            *names.entry(stable_name(property.key())).or_default() += 1;
        }
        let mut groups = HashMap::new();
        for group in properties.iter().filter(|property| property.kind() == "TopicGroup" && !property.id.is_null()) {
            groups.entry(group.id.to_string()).or_insert(group);
        }
        for property in properties {
            let key = property.key();
            if property.is_topic() && !key.is_empty() {
                let short = stable_name(key);
                let titles = if names.get(short) > Some(&1) { group_titles(&groups, property) } else { Vec::new() };
                let naam = titles.iter().map(String::as_str).chain([short]).collect::<Vec<_>>().join("/");
                self.metingen.push(Meting {
                    naam,
                    kolom: key.to_owned(),
                    titel: property.title.as_deref().unwrap_or_default().trim().to_owned(),
                    eenheid: property.unit.as_deref().unwrap_or_default().trim().to_owned(),
                    decimals: small(&property.decimals),
                    is_text: property.datatype.as_deref().is_some_and(|t| t.eq_ignore_ascii_case("string")),
                });
            } else if property.is_dimension() {
                self.add_dimension(key, Kind::of(property.kind(), key));
            }
        }
    }

    fn number_same_names(&mut self) {
        let mut seen = HashMap::<String, u32>::new();
        for meting in &mut self.metingen {
            let times = seen.entry(meting.naam.clone()).or_default();
            *times += 1;
            if *times > 1 {
                self.findings.add(Rule::SameName, 0, 0, &meting.naam);
                meting.naam = format!("{}~{times}", meting.naam);
            }
        }
    }
}

impl Kind {
    /// What the source calls it, and else what its name tells.
    fn of(kind: &str, naam: &str) -> Self {
        match (kind, naam) {
            (_, "Verslagsoort") | ("TimeDimension", _) => Self::Time,
            (_, "Gemeenten") | ("GeoDimension" | "GeoDetail", _) => Self::Place,
            ("", "Perioden" | "Periods") => Self::Time,
            ("", "RegioS" | "Regios" | "WijkenEnBuurten" | "Regions") => Self::Place,
            _ => Self::Other,
        }
    }
}

/// The key of a column without the number that changes between editions: `WmoClienten` of `WmoClienten_93`.
pub(crate) fn stable_name(key: &str) -> &str {
    match key.rsplit_once('_') {
        Some((name, number))
            if !name.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            name
        }
        _ => key,
    }
}

/// Titles of the groups a measure stands in, outermost first.
fn group_titles(groups: &HashMap<String, &DataProperty>, of: &DataProperty) -> Vec<String> {
    let mut titles = Vec::new();
    let mut parent = &of.parent_id;
    // A group within itself would go on for ever; no table is deeper than this.
    for _ in 0..10 {
        let Some(group) = groups.get(&parent.to_string()) else { break };
        titles.push(group.title.as_deref().unwrap_or_default().trim().to_owned());
        parent = &group.parent_id;
    }
    titles.reverse();
    titles
}

/// Digits behind the point; some files have them as text.
fn small(value: &Value) -> u8 {
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    number.and_then(|number| u8::try_from(number).ok()).unwrap_or_default()
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Information {
    #[serde(deserialize_with = "text")]
    identifier: String,
    #[serde(deserialize_with = "text")]
    title: String,
    #[serde(deserialize_with = "text")]
    modified: String,
    period: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct DataProperty {
    #[serde(rename = "ID")]
    id: Value,
    #[serde(rename = "ParentID")]
    parent_id: Value,
    #[serde(rename = "Type")]
    kind: Option<String>,
    #[serde(rename = "odata.type")]
    odata_type: Option<String>,
    key: Option<String>,
    title: Option<String>,
    unit: Option<String>,
    decimals: Value,
    datatype: Option<String>,
}

impl DataProperty {
    fn key(&self) -> &str {
        self.key.as_deref().unwrap_or_default().trim()
    }

    /// `Topic`, `TopicGroup`, `Dimension`, `TimeDimension`, `GeoDimension` or `GeoDetail`.
    fn kind(&self) -> &str {
        let long = self.kind.as_deref().or(self.odata_type.as_deref()).unwrap_or_default();
        long.rsplit('.').next().unwrap_or_default().trim()
    }

    fn is_topic(&self) -> bool {
        self.kind() == "Topic"
    }

    fn is_dimension(&self) -> bool {
        matches!(self.kind(), "Dimension" | "TimeDimension" | "GeoDimension" | "GeoDetail")
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct MeasureCode {
    #[serde(deserialize_with = "text")]
    identifier: String,
    #[serde(deserialize_with = "text")]
    title: String,
    #[serde(deserialize_with = "text")]
    unit: String,
    decimals: Value,
    data_type: Option<String>,
}

impl MeasureCode {
    fn into_meting(self) -> Meting {
        let key = self.identifier.trim();
        Meting {
            naam: key.to_owned(),
            kolom: key.to_owned(),
            titel: self.title.trim().to_owned(),
            eenheid: self.unit.trim().to_owned(),
            decimals: small(&self.decimals),
            is_text: self.data_type.is_some_and(|t| t.eq_ignore_ascii_case("string")),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct DimensionInformation {
    #[serde(deserialize_with = "text")]
    identifier: String,
    #[serde(deserialize_with = "text")]
    kind: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct CodeInformation {
    #[serde(alias = "Identifier", deserialize_with = "text")]
    key: String,
    #[serde(deserialize_with = "text")]
    title: String,
    status: Option<String>,
}

/// A text that may be `null`.
fn text<'de, D: serde::Deserializer<'de>>(json: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(json)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{DIMENSIONS_MAX, Description, Table, stable_name};
    use crate::Bron;

    /// Each was looked for among all others: of a long list that took minutes.
    #[test]
    fn long_descriptions_are_read_in_one_go() {
        let of = |bron, measures: &str, dimensions: &str| {
            let files = Description {
                measures: vec![measures.as_bytes()],
                dimensions: Some(dimensions.as_bytes()),
                ..Description::default()
            };
            Table::parse(bron, "00000NED", &files).expect("well-formed")
        };
        let list = |item: fn(usize) -> String| {
            let items: Vec<String> = (0..100_000).map(item).collect();
            format!(r#"{{"value":[{}]}}"#, items.join(","))
        };
        let dimensions = list(|number| format!(r#"{{"Identifier":"D{number}"}}"#));
        assert_eq!(of(Bron::CbsV4, "[]", &dimensions).dimensies.len(), DIMENSIONS_MAX);
        // Every second is a group, and the measure of the same name behind it stands in that group.
        let topics = list(|number| match number % 2 {
            0 => format!(r#"{{"Type":"TopicGroup","ID":{number},"Title":"G{number}"}}"#),
            _ => format!(r#"{{"Type":"Topic","Key":"A_{number}","ParentID":{}}}"#, number - 1),
        });
        let table = of(Bron::CbsV3, &topics, "[]");
        assert_eq!(table.metingen.last().map(|meting| meting.naam.as_str()), Some("G99998/A"));
    }

    #[test]
    fn numbers_of_columns_fall_off() {
        for (key, name) in [
            ("WmoClienten_5", "WmoClienten"),
            ("WmoClienten_93", "WmoClienten"),
            ("k_2ePlaatsing_2", "k_2ePlaatsing"),
            ("Totaal", "Totaal"),
            ("_1", "_1"),
            ("A_", "A_"),
            ("A_1b", "A_1b"),
        ] {
            assert_eq!(stable_name(key), name);
        }
    }
}
