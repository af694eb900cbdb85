//! From a question to SQL.

use grip_indicator::{Call, Catalogue, Dimension, Source, query};

const TEXT: &str = r#"
thema = "zorg"
naam = "Zorg"
name = "Care"

[[bouwsteen]]
id = "ongebruikt"
uitleg = "x"
sql = "SELECT a FROM start"

[[bouwsteen]]
id = "basis"
uitleg = "x"
sql = "SELECT gemeente, wet, client, begindatum FROM start"

[[bouwsteen]]
id = "begonnen"
uitleg = "x"
sql = "SELECT basis.gemeente, periode.periode, basis.wet, basis.client FROM basis JOIN periode ON basis.begindatum BETWEEN periode.van AND periode.tot"

[[indicator]]
id = "starts-per-inwoner"
naam = "Starts per 1000 inwoners"
name = "Starts per 1000 inhabitants"
definitie = "x"
definition = "x"
unit = "per_1000_inhabitants"
periods = ["jaar", "maand"]
dimensions = ["wet"]
source = "starts"
[indicator.numerator]
sql = "SELECT gemeente, periode, wet, client AS counted, 1 AS value FROM begonnen"
[indicator.denominator]
sql = "SELECT gemeente, periode, CAST(NULL AS VARCHAR) AS counted, aantal AS value FROM inwoners"

[[indicator]]
id = "prognose"
naam = "Prognose"
name = "Forecast"
definitie = "x"
definition = "x"
unit = "eurocent"
source = "x"
computed = "prognose"
"#;

fn ask(
    id: &str,
    periods: &[&str],
    by: Vec<Dimension>,
    only: Vec<(Dimension, String)>,
) -> Result<(String, Vec<String>), String> {
    let catalogue = Catalogue::read(&[Source { name: "zorg.toml", text: TEXT }], &["start", "inwoners"])
        .expect("the test is written well");
    let indicator = catalogue.get(id).map_err(|error| error.to_string())?;
    let call = Call {
        gemeente: "GM0935".parse().expect("the test is written well"),
        periods: periods.iter().map(|text| text.parse().expect("the test is written well")).collect(),
        peildatum: grip_types::parse_date("2024-02-10").expect("the test is written well"),
        by,
        only,
    };
    let asked = query(&catalogue, indicator, &call).map_err(|error| error.to_string())?;
    Ok((asked.whole(), asked.values))
}

#[test]
fn a_question_becomes_one_select() {
    let (sql, values) =
        ask("starts-per-inwoner", &["2024-02", "2024-01", "2024-02"], vec![Dimension::Wet], Vec::new()).unwrap();
    let expected = "WITH basis AS (
SELECT gemeente, wet, client, begindatum FROM start
),
periode (periode, jaar, van, tot, stand, van_maand, tot_maand) AS (
VALUES ('2024-01', 2024, DATE '2024-01-01', DATE '2024-01-31', DATE '2024-01-31', '2024-01', '2024-01'),
       ('2024-02', 2024, DATE '2024-02-01', DATE '2024-02-29', DATE '2024-02-10', '2024-02', '2024-02')
),
begonnen AS (
SELECT basis.gemeente, periode.periode, basis.wet, basis.client FROM basis JOIN periode ON basis.begindatum BETWEEN periode.van AND periode.tot
)
SELECT 'numerator' AS side, periode, CAST(wet AS VARCHAR) AS wet, CAST(SUM(value) AS BIGINT) AS whole, CAST(NULL AS DOUBLE) AS middle,
       COUNT(DISTINCT counted) AS count
FROM (
SELECT gemeente, periode, wet, client AS counted, 1 AS value FROM begonnen
) AS regels
WHERE gemeente = '0935'
GROUP BY periode, wet
UNION ALL
SELECT 'denominator' AS side, periode, CAST(NULL AS VARCHAR) AS wet, CAST(SUM(value) AS BIGINT) AS whole, CAST(NULL AS DOUBLE) AS middle,
       COUNT(DISTINCT counted) AS count
FROM (
SELECT gemeente, periode, CAST(NULL AS VARCHAR) AS counted, aantal AS value FROM inwoners
) AS regels
WHERE gemeente = '0935'
GROUP BY periode";
    assert_eq!(sql, expected);
    assert!(values.is_empty());
}

#[test]
fn what_does_not_know_the_periods_is_made_once() {
    let catalogue = Catalogue::read(&[Source { name: "zorg.toml", text: TEXT }], &["start", "inwoners"]).unwrap();
    let call = Call {
        gemeente: "0935".parse().unwrap(),
        periods: vec!["2024".parse().unwrap()],
        peildatum: grip_types::parse_date("2024-02-10").unwrap(),
        by: Vec::new(),
        only: Vec::new(),
    };
    let asked = query(&catalogue, catalogue.get("starts-per-inwoner").unwrap(), &call).unwrap();
    let ids: Vec<&str> = asked.bouwstenen.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["basis"]);
    assert!(asked.sql.contains("begonnen AS (") && !asked.sql.contains("basis AS ("), "{}", asked.sql);
}

#[test]
fn what_a_user_chooses_freely_never_stands_in_the_text() {
    let wicked = "wmo' OR 1 = 1; --";
    let only = vec![(Dimension::Wet, wicked.to_owned())];
    let (sql, values) = ask("starts-per-inwoner", &["2024"], Vec::new(), only).unwrap();
    assert!(!sql.contains("OR 1"), "{sql}");
    assert_eq!(sql.matches("= $1").count(), 1, "the denominator has no such dimension");
    assert_eq!(values, [wicked]);
}

#[test]
fn a_question_that_can_not_be_asked_is_refused() {
    let refusal = |id: &str, periods: &[&str], by: Vec<Dimension>| ask(id, periods, by, Vec::new()).unwrap_err();
    assert_eq!(refusal("onbekend", &["2024"], vec![]), "GC009 there is no such indicator");
    assert_eq!(
        refusal("starts-per-inwoner", &["2024-K1"], vec![]),
        "GC010 `starts-per-inwoner` is not kept for `2024-K1`"
    );
    assert_eq!(
        refusal("starts-per-inwoner", &["2024"], vec![Dimension::Wijk]),
        "GC011 `starts-per-inwoner` can't be split by `wijk`"
    );
    assert_eq!(refusal("prognose", &["2024"], vec![]), "GC012 `prognose` is computed by `prognose` and has no SQL");
    assert_eq!(refusal("starts-per-inwoner", &[], vec![]), "GC013 no period was asked for");
}
