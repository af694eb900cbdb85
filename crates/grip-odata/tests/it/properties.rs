//! What holds for any rows and any bytes.

use grip_odata::{CbsPeriode, Decimal, fuzz};
use proptest::{collection::vec, prelude::*};

use crate::shapes::{ROWS, page, read, table};

fn rows() -> impl Strategy<Value = Vec<String>> {
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("\" .\"".to_owned()),
        Just("\"x\"".to_owned()),
        any::<i32>().prop_map(|n| n.to_string()),
        (any::<i16>(), 0_u8..10).prop_map(|(n, d)| format!("{n}.{d}")),
    ];
    let row = (0_u16..40, prop_oneof![Just("2024JJ00"), Just("2023JJ00"), Just("raar")], value.clone(), value);
    vec(row, 0..60).prop_map(|rows| {
        let text = |(gemeente, periode, a, b): (u16, &str, String, String)| {
            format!(
                r#"{{"TypeMaatwerkarrangement":"T001024","RegioS":"GM{gemeente:04}  ","Perioden":"{periode}","WmoClienten_5":{a},"WmoClientenRelatief_6":{b}}}"#
            )
        };
        rows.into_iter().map(text).collect()
    })
}

proptest! {
    #[test]
    fn where_pages_are_cut_does_not_matter(rows in rows(), cuts in vec(0_usize..60, 0..5)) {
        let (whole, reading) = read(&table(), &[page(&rows, None)]);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
        cuts.extend([0, rows.len()]);
        cuts.sort_unstable();
        let pages: Vec<String> = cuts.windows(2).map(|pair| page(&rows[pair[0]..pair[1]], Some("x"))).collect();
        let (parts, of_parts) = read(&table(), &pages);
        prop_assert_eq!(whole, parts);
        prop_assert_eq!(reading.rows, of_parts.rows);
        let counts = |reading: &grip_odata::Reading| reading.findings.counts().collect::<Vec<_>>();
        prop_assert_eq!(counts(&reading), counts(&of_parts));
    }

    #[test]
    fn keys_with_any_padding_are_equal(before in 0_usize..6, after in 0_usize..30) {
        let pad = |key: &str| format!("\"{}{key}{}\"", " ".repeat(before), " ".repeat(after));
        let rows = ROWS.map(|row| {
            row.replace("\"GM0118  \"", &pad("GM0118")).replace("\"2024JJ00\"", &pad("2024JJ00")).replace("\"T001024\"", &pad("T001024"))
        });
        let (found, reading) = read(&table(), &[page(&rows, None)]);
        prop_assert_eq!(found, crate::shapes::FIGURES);
        prop_assert!(reading.findings.is_empty());
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..300)) {
        _ = fuzz::v3_page(&bytes);
        _ = fuzz::v4_page(&bytes);
        fuzz::description(&bytes);
    }

    #[test]
    fn any_damage_to_a_page_is_read_without_panic(at in 0_usize..800, with in vec(any::<u8>(), 0..6), cut in 0_usize..6) {
        let mut bytes = page(&ROWS, Some("x")).into_bytes();
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        let reading = fuzz::v3_page(&bytes);
        prop_assert!(reading.rows <= 5);
        _ = fuzz::v4_page(&bytes);
    }

    #[test]
    fn numbers_are_read_as_they_are_written(mantissa in any::<i64>(), scale in 0_u8..=18) {
        let number = Decimal::new(mantissa, scale).expect("few digits");
        prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
        prop_assert_eq!(number.scaled_to(scale), Some(mantissa));
    }

    #[test]
    fn periods_are_written_as_they_were_read(text in "[0-9]{4}(JJ|KW|MM|HJ|SJ|X0|W1|[0-9]{2})[0-9]{2}") {
        let periode = CbsPeriode::parse(&text);
        prop_assert_eq!(periode.to_string(), text);
        _ = periode.days();
    }
}

#[test]
fn deep_and_endless_json_is_no_trouble() {
    for text in ["[".repeat(100_000), "{\"value\":".repeat(10_000), format!("{{\"value\":[{}", "{},".repeat(10_000))] {
        assert!(!fuzz::v3_page(text.as_bytes()).is_complete);
        fuzz::description(text.as_bytes());
    }
    let columns: Vec<String> = (0..20_000).map(|n| format!("\"kolom{n}\":1")).collect();
    let reading = fuzz::v3_page(format!("[{{{}}}]", columns.join(",")).as_bytes());
    assert_eq!((reading.rows, reading.findings.list().len()), (1, 100));
}
