//! Answers in the shape CBS gives them, and a text per figure to compare.

use grip_odata::{Bron, Description, Reader, Reading, Table, Waarneming};

pub(crate) const TABLE_INFOS: &str = r#"{"odata.metadata":"http://opendata.cbs.nl/ODataFeed/OData/86050NED/$metadata#Cbs.OData.WebAPI.TableInfos",
  "value":[{"ID":0,"Title":"Wmo-cliënten; type maatwerkarrangement, regio","ShortTitle":"Wmo-cliënten","Identifier":"86050NED",
  "Modified":"2026-05-29T02:00:00","ReasonDelivery":"Actualisering","OutputStatus":"Regulier","Period":"2021 - 2024","Frequency":"Perjaar"}]}"#;

pub(crate) const DATA_PROPERTIES: &str = r#"{"odata.metadata":"http://opendata.cbs.nl/ODataFeed/OData/86050NED/$metadata#Cbs.OData.WebAPI.DataProperties","value":[
  {"odata.type":"Cbs.OData.Dimension","ID":0,"Position":0,"ParentID":null,"Type":"Dimension","Key":"TypeMaatwerkarrangement","Title":"Type"},
  {"odata.type":"Cbs.OData.GeoDimension","ID":1,"Position":1,"ParentID":null,"Type":"GeoDimension","Key":"RegioS","Title":"Regio's"},
  {"odata.type":"Cbs.OData.TimeDimension","ID":2,"Position":2,"ParentID":null,"Type":"TimeDimension","Key":"Perioden","Title":"Perioden"},
  {"odata.type":"Cbs.OData.TopicGroup","ID":3,"Position":null,"ParentID":null,"Type":"TopicGroup","Key":"","Title":"Wmo-cliënten"},
  {"odata.type":"Cbs.OData.Topic","ID":4,"Position":3,"ParentID":3,"Type":"Topic","Key":"WmoClienten_5","Title":"Wmo-cliënten","Datatype":"Long","Unit":"aantal","Decimals":0},
  {"odata.type":"Cbs.OData.Topic","ID":5,"Position":4,"ParentID":3,"Type":"Topic","Key":"WmoClientenRelatief_6","Title":"Wmo-cliënten relatief","Datatype":"Double","Unit":"per 1 000 inwoners","Decimals":1}]}"#;

pub(crate) const TYPES: &str = r#"{"value":[{"Key":"T001024","Title":"Totaal maatwerkarrangementen","Description":""},{"Key":"A019507","Title":"Hulp bij het huishouden"}]}"#;

pub(crate) const REGIONS: &str = r#"{"value":[{"Key":"NL01    ","Title":"Nederland"},{"Key":"GM0114  ","Title":"Emmen"},{"Key":"GM0118  ","Title":"Hoogeveen"}]}"#;

pub(crate) const PERIODS: &str = r#"{"value":[{"Key":"2023JJ00","Title":"2023","Status":"Definitief"},{"Key":"2024JJ00","Title":"2024*","Status":"Voorlopig"}]}"#;

/// Real figures: cbs_excerpts.csv, table 86050NED.
pub(crate) const ROWS: [&str; 4] = [
    r#"{"ID":0,"TypeMaatwerkarrangement":"T001024","RegioS":"NL01    ","Perioden":"2024JJ00","WmoClienten_5":1284680,"WmoClientenRelatief_6":72.0}"#,
    r#"{"ID":1,"TypeMaatwerkarrangement":"T001024","RegioS":"GM0114  ","Perioden":"2024JJ00","WmoClienten_5":11745,"WmoClientenRelatief_6":107}"#,
    r#"{"ID":2,"TypeMaatwerkarrangement":"T001024","RegioS":"GM0118  ","Perioden":"2024JJ00","WmoClienten_5":4850,"WmoClientenRelatief_6":86}"#,
    r#"{"ID":3,"TypeMaatwerkarrangement":"A019507","RegioS":"GM0118  ","Perioden":"2023JJ00","WmoClienten_5":null,"WmoClientenRelatief_6":0.0}"#,
];

pub(crate) const FIGURES: [&str; 8] = [
    "cbs-v3 86050NED 2024JJ00 NL01 T001024 WmoClienten = 1284680 voorlopig",
    "cbs-v3 86050NED 2024JJ00 NL01 T001024 WmoClientenRelatief = 72 voorlopig",
    "cbs-v3 86050NED 2024JJ00 GM0114 T001024 WmoClienten = 11745 voorlopig",
    "cbs-v3 86050NED 2024JJ00 GM0114 T001024 WmoClientenRelatief = 107 voorlopig",
    "cbs-v3 86050NED 2024JJ00 GM0118 T001024 WmoClienten = 4850 voorlopig",
    "cbs-v3 86050NED 2024JJ00 GM0118 T001024 WmoClientenRelatief = 86 voorlopig",
    "cbs-v3 86050NED 2023JJ00 GM0118 A019507 WmoClienten = niets ontbreekt",
    "cbs-v3 86050NED 2023JJ00 GM0118 A019507 WmoClientenRelatief = 0 definitief",
];

/// A page of these rows.
pub(crate) fn page<R: AsRef<str>>(rows: &[R], next: Option<&str>) -> String {
    let rows: Vec<&str> = rows.iter().map(AsRef::as_ref).collect();
    let next = next.map(|link| format!(r#","odata.nextLink":"{link}""#)).unwrap_or_default();
    format!(r#"{{"odata.metadata":"http://opendata.cbs.nl/…","value":[{}]{next}}}"#, rows.join(","))
}

/// The table of [`ROWS`], with its lists of codes.
pub(crate) fn table() -> Table {
    table_of(DATA_PROPERTIES)
}

pub(crate) fn table_of(properties: &str) -> Table {
    let files = Description {
        information: Some(TABLE_INFOS.as_bytes()),
        measures: vec![properties.as_bytes()],
        dimensions: None,
    };
    let mut table = Table::parse(Bron::CbsV3, "86050NED", &files).expect("well-formed");
    for (dimension, codes) in [("TypeMaatwerkarrangement", TYPES), ("RegioS", REGIONS), ("Perioden", PERIODS)] {
        table.add_codes(dimension, codes.as_bytes()).expect("well-formed");
    }
    table
}

/// One line per figure.
pub(crate) fn line(found: &Waarneming<'_>) -> String {
    assert_eq!(
        found.waarde.is_none(),
        matches!(found.status.as_str(), "geheim of onbekend" | "niet van toepassing" | "ontbreekt"),
        "a figure is absent when its status says so"
    );
    let mut words = vec![found.bron.as_str().to_owned(), found.tabel.to_owned()];
    words.extend(found.periode.map(ToString::to_string));
    words.extend(found.regio.map(str::to_owned));
    words.extend(found.dimensies.iter().map(|dimensie| dimensie.key.to_owned()));
    words.push(found.meting.naam.clone());
    words.push("=".to_owned());
    words.push(found.waarde.map_or_else(|| "niets".to_owned(), |waarde| waarde.to_string()));
    words.push(found.status.as_str().to_owned());
    words.join(" ")
}

/// Reads pages one after another.
pub(crate) fn read<P: AsRef<[u8]>>(table: &Table, pages: &[P]) -> (Vec<String>, Reading) {
    let mut lines = Vec::new();
    let mut reader = Reader::new(table);
    for page in pages {
        reader.read_page(page.as_ref(), |found| lines.push(line(found)));
    }
    (lines, reader.finish())
}
