use crate::{
    http::get,
    pages::{check_page, links},
    town::{server, town},
};

#[test]
fn budget_and_actual_add_up_and_lead_on() {
    let answer = get(server(), "/geld?jaar=2024");
    check_page(&answer, 200, "nl");
    let csv = get(server(), "/geld?jaar=2024&formaat=csv&tabel=begroting");
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    let rows: Vec<Vec<&str>> = csv.body.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap_or_default();
    let is_law = |row: &&Vec<&str>| ["Wmo 2015", "Jeugdwet"].contains(&row[0]);
    let is_total = |row: &&Vec<&str>| row[0] == "totaal";
    for column in 1..=6 {
        let total = rows.iter().find(is_total).map(|row| cents(row[column])).expect("a total");
        let laws: i64 = rows.iter().filter(is_law).map(|row| cents(row[column])).sum();
        let parts: i64 = rows.iter().filter(|row| !is_law(row) && !is_total(row)).map(|row| cents(row[column])).sum();
        assert_eq!((laws, parts), (total, total), "column {column}");
    }
    assert!(!links(&answer.body, "/geld/groei").is_empty() && !links(&answer.body, "/prognose/").is_empty());
    check_page(&get(server(), "/geld?taal=en"), 200, "en");
}

#[test]
fn growth_is_told_down_to_a_provider() {
    let all = get(server(), "/geld/groei?jaar=2024");
    check_page(&all, 200, "nl");
    let law = links(&all.body, "/geld/groei").into_iter().find(|link| link.contains("wet=jw")).expect("a law");
    let law = get(server(), &law);
    check_page(&law, 200, "nl");
    let category = links(&law.body, "/geld/groei").into_iter().find(|link| link.contains("productcategorie="));
    let category = get(server(), &category.expect("a category"));
    check_page(&category, 200, "nl");
    let lines = links(&category.body, "/prognose/jw/").into_iter().next().expect("a provider");
    check_page(&get(server(), &lines), 200, "nl");
    for by in ["wet", "productcode", "wijk", "verwijzer", "leeftijdsgroep", "geslacht"] {
        check_page(&get(server(), &format!("/geld/groei?jaar=2024&door={by}&methode=logaritmisch")), 200, "nl");
    }
}

#[test]
fn the_parts_of_growth_are_the_growth_to_the_cent() {
    for query in ["jaar=2024", "jaar=2024&wet=jw", "jaar=2024&van=2022&methode=logaritmisch", "jaar=2025&indexatie=3,5"]
    {
        let answer = get(server(), &format!("/api/v1/groei?{query}"));
        let growth: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        let cents = |value: &serde_json::Value| value.as_i64().expect("whole cents");
        let parts = |line: &serde_json::Value| -> i64 {
            line["parts"].as_array().expect("parts").iter().map(|part| cents(&part["amount"])).sum()
        };
        let total = &growth["total"];
        assert_eq!(cents(&total["before"]) + parts(total), cents(&total["after"]), "{query}");
        let lines = growth["lines"].as_array().expect("lines");
        assert!(!lines.is_empty());
        for of in ["before", "after"] {
            assert_eq!(lines.iter().map(|line| cents(&line[of])).sum::<i64>(), cents(&total[of]), "{query} {of}");
        }
        assert_eq!(lines.iter().map(parts).sum::<i64>(), parts(total), "{query}");
    }
}

#[test]
fn growth_is_that_of_what_was_declared() {
    let growth: serde_json::Value =
        serde_json::from_str(&get(server(), "/api/v1/groei?jaar=2024&wet=jw").body).expect("JSON");
    assert_eq!(growth["months"], 12);
    for (year, of) in [(2023, "before"), (2024, "after")] {
        let answer = get(server(), &format!("/api/v1/indicatoren/gedeclareerd?periode={year}&wet=jw"));
        let declared: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(declared[0]["value"], growth["total"][of], "{year}");
    }
    let jaar = town().year_end().jaar;
    let early = get(server(), &format!("/geld/groei?jaar={jaar}&peildatum={jaar}-01-31"));
    check_page(&early, 200, "nl");
    assert!(early.body.contains("Nog niet te vergelijken"));
    assert_eq!(get(server(), "/geld/groei?van=2024&jaar=2024").status, 400);
}

#[test]
fn since_when_growth_could_be_known_is_told() {
    let growth = get(server(), "/geld/groei?jaar=2024&wet=jw");
    let link = links(&growth.body, "/geld/groei/sinds-wanneer").into_iter().next().expect("a way to it");
    let answer = get(server(), &link);
    check_page(&answer, 200, "nl");
    let csv = get(server(), &format!("{link}&formaat=csv&tabel=sinds-wanneer"));
    let rows: Vec<Vec<&str>> = csv.body.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 13, "from the end of 2023 to the end of 2024");
    // What was expected at the end of 2024 is what the forecast page of that day says.
    let known = grip_types::parse_date("2024-12-31").expect("a day");
    let then = town().year_end_of(2024, known);
    let youth: i64 = then.segments.iter().filter(|line| line.wet == Some("jw")).map(|line| line.forecast.p50).sum();
    assert_eq!(rows[12][2].replace('.', ""), youth.to_string());
    let later = links(&answer.body, "/signalen");
    assert!(later.iter().any(|link| link.contains("peildatum=2024-") || link.contains("peildatum=2023-")), "{later:?}");
}
