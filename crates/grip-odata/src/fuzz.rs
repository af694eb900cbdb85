//! Doors for a fuzzer: any bytes, nothing to prepare, no panic.

use crate::{Bron, Description, Reader, Reading, Table};

/// Bytes as a page of OData 3.
pub fn v3_page(bytes: &[u8]) -> Reading {
    read(Bron::CbsV3, V3_COLUMNS, bytes)
}

/// Bytes as a page of OData 4.
pub fn v4_page(bytes: &[u8]) -> Reading {
    read(Bron::CbsV4, V4_MEASURES, bytes)
}

/// Bytes as each of the files that describe a table.
pub fn description(bytes: &[u8]) {
    for bron in [Bron::CbsV3, Bron::CbsV4, Bron::Iv3] {
        let files = Description { information: Some(bytes), measures: vec![bytes], dimensions: Some(bytes) };
        if let Ok(mut table) = Table::parse(bron, "00000NED", &files) {
            _ = table.add_codes("Perioden", bytes);
        }
    }
}

const V3_COLUMNS: &[u8] =
    br#"{"value":[{"Type":"GeoDimension","Key":"RegioS"},{"Type":"TimeDimension","Key":"Perioden"},
    {"Type":"Topic","Key":"WmoClienten_5","Decimals":0},{"Type":"Topic","Key":"Relatief_6","Decimals":1}]}"#;

const V4_MEASURES: &[u8] = br#"{"value":[{"Identifier":"M000001","Unit":"aantal","Decimals":0}]}"#;

const V4_DIMENSIONS: &[u8] = br#"{"value":[{"Identifier":"RegioS","Kind":"GeoDimension"},
    {"Identifier":"Perioden","Kind":"TimeDimension"}]}"#;

fn read(bron: Bron, measures: &[u8], bytes: &[u8]) -> Reading {
    let files = Description { information: None, measures: vec![measures], dimensions: Some(V4_DIMENSIONS) };
    let table = Table::parse(bron, "00000NED", &files).expect("the text above is right");
    let mut reader = Reader::new(&table);
    reader.read_page(bytes, |_| {});
    reader.finish()
}
