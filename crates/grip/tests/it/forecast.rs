//! The year-end table: it adds up, it is as known on its day, and it is near what became true.

use std::collections::BTreeMap;

use crate::grip::{Place, sample};

fn number(value: &serde_json::Value) -> i64 {
    value.as_i64().expect("whole cents")
}

#[test]
fn the_table_adds_up_to_the_cent() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let answer = place.json(&[
        "forecast",
        "--gemeente",
        "GM9998",
        "--jaar",
        "2024",
        "--peildatum",
        "2024-06-30",
        "--format",
        "json",
    ]);
    let parts = ["declared", "ibnr", "open_commitments", "inflow"];
    let segments = answer["segments"].as_array().expect("a list");
    assert!(segments.len() > 5);
    for line in segments.iter().chain([&answer["total"]]) {
        let sum: i64 = parts.iter().map(|part| number(&line[part])).sum();
        assert_eq!(sum, number(&line["forecast"]["p50"]));
        assert!(number(&line["forecast"]["p10"]) <= sum && sum <= number(&line["forecast"]["p90"]));
        for part in parts {
            let months: i64 = line["months"].as_array().expect("a list").iter().map(|month| number(&month[part])).sum();
            assert_eq!(months, number(&line[part]), "{part}");
        }
        if let Some(budget) = line["budget"].as_i64() {
            assert_eq!(number(&line["difference"]), budget - sum);
        }
    }
    for part in parts {
        let sum: i64 = segments.iter().map(|line| number(&line[part])).sum();
        assert_eq!(sum, number(&answer["total"][part]), "{part}");
    }
}

#[test]
fn declared_is_what_sql_over_the_lines_says() {
    let place = Place::new();
    place.ingest_sample();
    let answer = place.json(&["forecast", "--jaar", "2024", "--peildatum", "2024-09-30", "--format", "json"]);
    let sql = "SELECT SUM(bedrag_cents) AS cents FROM prestatie_stand WHERE afgekeurd_op IS NULL AND EXTRACT(YEAR FROM begindatum) = 2024";
    let rows = place.json(&["sql", sql, "--peildatum", "2024-09-30", "--format", "json"]);
    assert_eq!(rows[0]["cents"], answer["total"]["declared"]);
    let ledger = place.json(&["ledger", "--peildatum", "2024-09-30", "--by", "maand", "--format", "json"]);
    let months = ledger.as_array().expect("a list").iter();
    let of_year: i64 = months
        .filter(|row| row["maand"].as_str().is_some_and(|maand| maand.starts_with("2024")))
        .map(|row| number(&row["gedeclareerd_cents"]))
        .sum();
    assert_eq!(of_year, number(&answer["total"]["declared"]));
}

/// What was received later does not change what was known then.
#[test]
fn a_past_forecast_can_be_made_again() {
    let early = Place::new();
    let folder = tempfile::tempdir().expect("a folder");
    for day in fs_err::read_dir(sample().join("berichten")).expect("a folder") {
        let day = day.expect("an entry");
        if day.file_name().to_string_lossy().as_ref() <= "2024-03-31" {
            let target = folder.path().join(day.file_name());
            fs_err::create_dir(&target).expect("a folder");
            for file in fs_err::read_dir(day.path()).expect("a folder") {
                let file = file.expect("an entry");
                fs_err::copy(file.path(), target.join(file.file_name())).expect("copied");
            }
        }
    }
    early.succeed(&["ingest", folder.path().to_str().expect("a plain name"), "--received-on", "from-folder"]);
    early.import_sample();
    let late = Place::new();
    late.ingest_sample().import_sample();
    let arguments = ["forecast", "--jaar", "2024", "--peildatum", "2024-03-31", "--format", "json"];
    assert_eq!(early.succeed(&arguments), late.succeed(&arguments));
}

/// The sample knows its own truth: what was finally granted over the year.
#[test]
fn the_forecast_is_nearer_the_truth_than_running_on() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let mut truth: BTreeMap<String, i64> = BTreeMap::new();
    for line in fs_err::read_to_string(sample().join("waarheid.csv")).expect("the truth").lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        *truth.entry(cells[2][..4].to_owned()).or_default() += cells[4].parse::<i64>().expect("cents");
    }
    let (mut ours, mut naive, mut inside, mut tried) = (0, 0, 0, 0);
    for peildatum in ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"] {
        let answer = place.json(&["forecast", "--jaar", "2024", "--peildatum", peildatum, "--format", "json"]);
        let total = &answer["total"];
        let actual = truth["2024"];
        ours += (number(&total["forecast"]["p50"]) - actual).abs();
        naive += (number(&total["naive_run_rate"]) - actual).abs();
        inside += i32::from(number(&total["forecast"]["p10"]) <= actual && actual <= number(&total["forecast"]["p90"]));
        tried += 1;
    }
    println!("absolute error over {tried} days: forecast {ours}, run-rate {naive} cents; inside the interval {inside}");
    assert!(ours * 10 < naive * 8, "forecast {ours}, run-rate {naive}");
    assert!(inside >= 2, "{inside} of {tried} inside the 80 % interval");
}

#[test]
fn a_look_back_says_what_was_said_then_and_what_it_became() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let answer = place.json(&["backtest", "--from", "2024-05", "--to", "2024-06", "--format", "json"]);
    let rows = answer["rows"].as_array().expect("a list");
    let total = rows.iter().find(|row| row["peildatum"] == "2024-06-30" && row["wet"].is_null()).expect("a total");
    let then = place.json(&["forecast", "--jaar", "2024", "--peildatum", "2024-06-30", "--format", "json"]);
    // Rounded per month and segment there, and as a whole here.
    assert!((number(&total["p50"]) - number(&then["total"]["forecast"]["p50"])).abs() < 1_000);
    assert!((number(&total["paid_run_rate"]) - 2 * number(&then["total"]["declared"])).abs() < 100);
    let became = place.json(&["forecast", "--jaar", "2024", "--format", "json"]);
    assert!((number(&total["actual"]) - number(&became["total"]["forecast"]["p50"])).abs() < 1_000);
    for name in ["declared", "paid_run_rate", "actual"] {
        let segments = rows.iter().filter(|row| row["peildatum"] == "2024-06-30" && !row["wet"].is_null());
        let sum: i64 = segments.map(|row| number(&row[name])).sum();
        assert!((sum - number(&total[name])).abs() < 1_000, "{name}");
    }
    let score = answer["scores"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|score| score["maand"] == 6 && score["level"] == "total" && score["method"] == "grip");
    let error = (number(&total["p50"]) - number(&total["actual"])).abs();
    assert_eq!(score.map(|score| number(&score["mean_absolute_error"])), Some(error));
    let never = place.run(&["backtest", "--from", "2031-01", "--to", "2031-12"]);
    assert!(String::from_utf8_lossy(&never.stderr).contains("GP017"));
}

/// Why the forecast changed adds up to the change, and to what the forecasts of both days say.
#[test]
fn a_change_is_explained_to_the_cent() {
    let place = Place::new();
    place.ingest_sample();
    let of = |day: &str| {
        let answer = place.json(&["forecast", "--jaar", "2024", "--peildatum", day, "--format", "json"]);
        number(&answer["total"]["forecast"]["p50"])
    };
    let told = ["forecast", "--jaar", "2024", "--peildatum", "2024-06-30", "--since", "2024-03-31", "--format", "json"];
    let change = place.json(&told);
    assert_eq!((number(&change["before"]), number(&change["after"])), (of("2024-03-31"), of("2024-06-30")));
    let parts = change["parts"].as_array().expect("a list");
    let sum: i64 = parts.iter().map(|part| number(&part["amount"])).sum();
    assert_eq!(sum, number(&change["after"]) - number(&change["before"]));
    let of_cause = |cause| parts.iter().filter(move |part| part["cause"] == cause);
    let months =
        |cause| of_cause(cause).filter_map(|part| part["maand"].as_str()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(months("late_declarations").into_iter().collect::<Vec<_>>(), ["2024-01", "2024-02", "2024-03"]);
    assert_eq!(months("passed_months").into_iter().collect::<Vec<_>>(), ["2024-04", "2024-05", "2024-06"]);
    assert!(of_cause("stops").map(|part| number(&part["amount"])).sum::<i64>() < 0);
}

/// Every row of the ledger closes, and nothing of it depends on the day the tables were filled.
#[test]
fn the_ledger_closes_on_every_row() {
    let place = Place::new();
    place.ingest_sample();
    let sql = "SELECT COUNT(*) AS rows,
                      SUM(CASE WHEN toegewezen_cents <> binnen_cents + open_cents + open_na_stop_cents + vervallen_cents THEN 1 ELSE 0 END) AS unclosed,
                      SUM(wacht_op_antwoord_cents) AS waiting, SUM(gecrediteerd_cents) AS credited, SUM(open_na_stop_cents) AS after_stop
               FROM verplichting_maand";
    let rows = place.json(&["sql", sql, "--peildatum", "2024-06-18", "--format", "json"]);
    assert!(number(&rows[0]["rows"]) > 5_000, "{rows}");
    assert_eq!(number(&rows[0]["unclosed"]), 0, "{rows}");
    for column in ["waiting", "credited", "after_stop"] {
        assert!(number(&rows[0][column]) > 0, "{column}: {rows}");
    }
    let by_age = place.json(&["ledger", "--peildatum", "2024-06-18", "--by", "leeftijd", "--format", "json"]);
    let shares: Vec<f64> =
        by_age.as_array().expect("a list").iter().filter_map(|row| row["verzilvering"].as_f64()).collect();
    assert!(shares.len() > 12 && shares.iter().all(|share| (0.0..1.5).contains(share)), "{shares:?}");
}

/// Five years, of which the first is the forecast of the year, and prices as they are given.
#[test]
fn the_first_of_five_years_is_the_forecast_of_the_year() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let day = ["forecast", "--peildatum", "2024-06-30", "--format", "json"];
    let year = place.json(&day);
    let told = place.json(&[&day[..], &["--years-ahead", "--indexation", "3"]].concat());
    let years: Vec<&serde_json::Value> =
        told["years"].as_array().expect("a list").iter().filter(|row| row["wet"].is_null()).collect();
    assert_eq!(years.iter().map(|row| number(&row["jaar"])).collect::<Vec<_>>(), [2024, 2025, 2026, 2027, 2028]);
    assert!((number(&years[0]["p50"]) - number(&year["total"]["forecast"]["p50"])).abs() < 200, "{told}");
    for pair in years.windows(2) {
        let width =
            |row: &serde_json::Value| (number(&row["p90"]) - number(&row["p10"])) as f64 / number(&row["p50"]) as f64;
        assert!(width(pair[0]) < width(pair[1]), "{pair:?}");
    }
    // The sample's contracts end with 2025; the mix of segments shifts a little.
    let price = |at: usize| years[at]["price"].as_f64().expect("a level");
    assert!((price(4) / price(3) - 1.03).abs() < 1e-3 && (price(3) / price(2) - 1.03).abs() < 1e-3, "{years:?}");
}
