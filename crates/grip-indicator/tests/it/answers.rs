//! From rows to answers: what can be counted by hand.

use grip_indicator::{Answer, Call, Catalogue, Dimension, Number, Row, Side, Source, Status, answers};

/// A catalogue of one indicator, `keys` of which are given.
fn catalogue(keys: &str, numerator: &str, denominator: Option<&str>) -> Catalogue {
    let below = denominator.map_or(String::new(), |below| format!("[indicator.denominator]\n{below}\n"));
    let text = format!(
        "thema = \"z\"\nnaam = \"Z\"\nname = \"Z\"\n[[indicator]]\nid = \"x\"\nnaam = \"x\"\nname = \"x\"\n\
         definitie = \"wat het is\"\ndefinition = \"what it is\"\nsource = \"t\"\n{keys}\n[indicator.numerator]\n{numerator}\n{below}"
    );
    Catalogue::read(&[Source { name: "z.toml", text: &text }], &["t"]).expect("the test is written well")
}

const SPLIT: &str = "sql = \"SELECT gemeente, periode, wet, counted, value FROM t\"";
const WHOLE: &str = "sql = \"SELECT gemeente, periode, counted, value FROM t\"";
const DISTINCT: &str = "aggregate = \"distinct\"\nsql = \"SELECT gemeente, periode, wet, counted, value FROM t\"";

fn call(peildatum: &str, by: Vec<Dimension>) -> Call {
    Call {
        gemeente: "9998".parse().expect("the test is written well"),
        periods: vec!["2024".parse().expect("the test is written well")],
        peildatum: grip_types::parse_date(peildatum).expect("the test is written well"),
        by,
        only: Vec::new(),
    }
}

fn row(side: Side, wet: Option<&str>, whole: i64, count: i64) -> Row {
    let by = wet.map(|wet| (wet != "-").then(|| wet.to_owned())).into_iter().collect();
    Row { side, periode: "2024".to_owned(), by, whole: Some(whole), middle: None, count }
}

fn over(whole: i64, count: i64) -> Row {
    row(Side::Numerator, None, whole, count)
}

fn under(whole: i64, count: i64) -> Row {
    row(Side::Denominator, None, whole, count)
}

fn one(catalogue: &Catalogue, rows: &[Row]) -> Answer {
    let mut found = answers(&catalogue.indicators()[0], &call("2025-12-31", Vec::new()), rows);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn a_sum_is_itself() {
    let sum = catalogue("unit = \"eurocent\"", WHOLE, None);
    let answer = one(&sum, &[over(12_345, 10)]);
    assert_eq!((answer.value, answer.count, answer.is_withheld), (Some(Number::Whole(12_345)), Some(10), false));
    assert_eq!(
        (answer.gemeente.as_str(), answer.periode.as_str(), answer.peildatum.as_str()),
        ("9998", "2024", "2025-12-31")
    );
    assert_eq!(
        (answer.denominator, answer.definitie.as_str(), answer.counts.as_str()),
        (None, "wat het is", "cliënten")
    );
}

#[test]
fn money_per_client_is_whole_cents() {
    let per_client = catalogue("unit = \"eurocent\"", WHOLE, Some(WHOLE));
    let value = |cents: i64, clients: i64| one(&per_client, &[over(cents, clients), under(clients, clients)]).value;
    assert_eq!(value(1000, 16), Some(Number::Whole(63)), "62,5 goes up");
    assert_eq!(value(-1000, 16), Some(Number::Whole(-63)), "and down below zero");
    assert_eq!(value(999, 16), Some(Number::Whole(62)));
    assert_eq!(value(i64::MAX, 10), Some(Number::Whole(922_337_203_685_477_581)));
    assert_eq!(one(&per_client, &[over(5, 0), under(0, 0)]).value, None, "nothing is divided by zero");
}

#[test]
fn rates_are_multiplied_by_what_their_unit_says() {
    let value = |unit: &str, above: i64, below: i64| {
        one(&catalogue(&format!("unit = \"{unit}\""), WHOLE, Some(WHOLE)), &[over(above, 0), under(below, 0)]).value
    };
    assert_eq!(value("percent", 1, 8), Some(Number::Real(12.5)));
    assert_eq!(value("per_1000_inhabitants", 3, 40_000), Some(Number::Real(0.075)));
    assert_eq!(value("eurocent_per_hour", 7000, 90), Some(Number::Whole(4667)), "90 minutes for 70 euros");
}

#[test]
fn without_rows_nothing_is_known_unless_the_catalogue_says_zero() {
    assert_eq!(one(&catalogue("unit = \"count\"", WHOLE, None), &[]).value, None);
    assert_eq!(one(&catalogue("unit = \"count\"\nempty = \"zero\"", WHOLE, None), &[]).value, Some(Number::Whole(0)));
    let share = catalogue("unit = \"percent\"", WHOLE, Some(WHOLE));
    assert_eq!(one(&share, &[under(20, 20)]).value, Some(Number::Real(0.0)), "none of twenty");
    assert_eq!(one(&share, &[over(20, 20)]).value, None, "of nothing");
}

#[test]
fn a_figure_with_few_behind_it_is_withheld() {
    let sum = catalogue("unit = \"eurocent\"", WHOLE, None);
    let answer = one(&sum, &[over(12_345, 9)]);
    assert_eq!((answer.value, answer.numerator, answer.count, answer.is_withheld), (None, None, None, true));
    assert!(!one(&sum, &[over(12_345, 10)]).is_withheld);
    assert!(!one(&sum, &[over(0, 0)]).is_withheld, "that there are none gives nobody away");
    assert!(one(&catalogue("unit = \"eurocent\"\nminimum_count = 20", WHOLE, None), &[over(1, 19)]).is_withheld);
    assert!(!one(&catalogue("unit = \"eurocent\"\nminimum_count = 0", WHOLE, None), &[over(1, 1)]).is_withheld);
}

#[test]
fn a_share_is_withheld_also_for_those_outside_it() {
    let share = catalogue("unit = \"percent\"\ndimensions = [\"wet\"]", DISTINCT, Some(DISTINCT));
    let withheld = |above: i64, below: i64| one(&share, &[over(above, above), under(below, below)]).is_withheld;
    assert!(withheld(5, 100), "five inside");
    assert!(withheld(95, 100), "five outside");
    assert!(withheld(0, 5), "five in all");
    assert!(!withheld(100, 100) && !withheld(90, 100) && !withheld(10, 100));
}

#[test]
fn each_value_of_a_dimension_has_its_own_answer() {
    let share = catalogue("unit = \"percent\"\ndimensions = [\"wet\"]", SPLIT, Some(SPLIT));
    let rows = [
        row(Side::Numerator, Some("wmo"), 30, 30),
        row(Side::Numerator, Some("-"), 11, 11),
        row(Side::Denominator, Some("wmo"), 60, 60),
        row(Side::Denominator, Some("jw"), 40, 40),
        row(Side::Denominator, Some("-"), 44, 44),
    ];
    let found = answers(&share.indicators()[0], &call("2025-12-31", vec![Dimension::Wet]), &rows);
    let values: Vec<_> = found.iter().map(|answer| (answer.by["wet"].as_deref(), answer.value)).collect();
    let expected = [
        (None, Some(Number::Real(25.0))),
        (Some("jw"), Some(Number::Real(0.0))),
        (Some("wmo"), Some(Number::Real(50.0))),
    ];
    assert_eq!(values, expected);
}

#[test]
fn a_denominator_without_the_dimension_counts_for_each_value() {
    let rate = catalogue("unit = \"per_1000_inhabitants\"\ndimensions = [\"wet\"]", SPLIT, Some(WHOLE));
    let rows = [
        row(Side::Numerator, Some("wmo"), 60, 60),
        row(Side::Numerator, Some("jw"), 40, 40),
        row(Side::Denominator, Some("-"), 20_000, 0),
    ];
    let found = answers(&rate.indicators()[0], &call("2025-12-31", vec![Dimension::Wet]), &rows);
    let values: Vec<_> = found.iter().map(|answer| (answer.by["wet"].as_deref(), answer.value)).collect();
    assert_eq!(values, [(Some("jw"), Some(Number::Real(2.0))), (Some("wmo"), Some(Number::Real(3.0)))]);
}

#[test]
fn the_status_follows_from_the_months_since_the_period() {
    let status = |keys: &str, peildatum: &str| {
        let catalogue = catalogue(&format!("unit = \"count\"\n{keys}"), WHOLE, None);
        answers(&catalogue.indicators()[0], &call(peildatum, Vec::new()), &[over(20, 20)])[0].status
    };
    assert_eq!(status("", "2024-06-30"), Status::Incomplete);
    assert_eq!(status("", "2025-01-30"), Status::Incomplete);
    assert_eq!(status("", "2025-01-31"), Status::Provisional);
    assert_eq!(status("", "2025-04-29"), Status::Provisional);
    assert_eq!(status("", "2025-04-30"), Status::Definitive);
    let budget = "status = { provisional_after_months = -12, definitive_after_months = 0 }";
    assert_eq!(status(budget, "2023-12-31"), Status::Provisional);
    assert_eq!(status(budget, "2024-12-31"), Status::Definitive);
}

#[test]
fn what_is_computed_is_an_estimate_until_it_is_definitive() {
    let text = "thema = \"z\"\nnaam = \"Z\"\nname = \"Z\"\n[[indicator]]\nid = \"p\"\nnaam = \"p\"\nname = \"p\"\ndefinitie = \"x\"\n\
                definition = \"x\"\nsource = \"t\"\nunit = \"eurocent\"\ncomputed = \"prognose\"\n";
    let catalogue = Catalogue::read(&[Source { name: "z.toml", text }], &[]).unwrap();
    let status = |day: &str| answers(&catalogue.indicators()[0], &call(day, Vec::new()), &[over(7, 0)])[0].status;
    assert_eq!(status("2024-06-30"), Status::Estimate);
    assert_eq!(status("2025-04-30"), Status::Definitive);
}

#[test]
fn a_median_of_money_is_whole_cents_too() {
    let median = "aggregate = \"median\"\nsql = \"SELECT gemeente, periode, counted, value FROM t\"";
    let of = |unit: &str| catalogue(&format!("unit = \"{unit}\""), median, None);
    let rows = [Row { middle: Some(3.5), whole: None, ..over(0, 10) }];
    assert_eq!(one(&of("eurocent"), &rows).value, Some(Number::Whole(4)));
    assert_eq!(one(&of("days"), &rows).value, Some(Number::Real(3.5)));
}
