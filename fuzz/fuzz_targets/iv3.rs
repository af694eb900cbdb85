//! Any bytes as a page of Iv3.

#![no_main]

use std::{hint::black_box, sync::LazyLock};

use grip_odata::{Bron, Description, Table, iv3};
use libfuzzer_sys::fuzz_target;

const COLUMNS: &[u8] = br#"{"value":[{"Type":"Dimension","Key":"Gemeenten"},{"Type":"Dimension","Key":"TaakveldBalanspost"},
    {"Type":"Dimension","Key":"Categorie"},{"Type":"TimeDimension","Key":"Verslagsoort"},
    {"Type":"Topic","Key":"k_1ePlaatsing_1","Unit":"x 1 000 euro"},{"Type":"Topic","Key":"k_2ePlaatsing_2","Unit":"x 1 000 euro"}]}"#;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let files = Description { measures: vec![COLUMNS], ..Description::default() };
    Table::parse(Bron::Iv3, "45067NED", &files).expect("the text above is right")
});

fuzz_target!(|bytes: &[u8]| {
    let mut sums = iv3::Iv3Sums::default();
    let reading = iv3::read_iv3_page(&TABLE, bytes, |regel| sums.add(regel));
    assert!(reading.is_ok_and(|reading| reading.regels <= reading.rows));
    black_box(sums.iter().count());
});
