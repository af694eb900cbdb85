use crate::{
    http::get,
    pages::{check_page, links},
    town::server,
};

#[test]
fn every_indicator_has_a_page() {
    let overview = get(server(), "/indicatoren");
    check_page(&overview, 200, "nl");
    let pages = links(&overview.body, "/indicatoren/");
    assert!(pages.len() > 100, "{}", pages.len());
    for page in &pages {
        let answer = get(server(), page);
        check_page(&answer, 200, "nl");
        assert!(answer.body.contains("Over dit cijfer"), "{page}");
    }
    check_page(&get(server(), "/indicatoren?taal=en"), 200, "en");
    check_page(&get(server(), "/indicatoren/wat-er-niet-is"), 404, "nl");
}

#[test]
fn from_a_figure_to_the_lines_behind_it() {
    let page = get(server(), "/indicatoren/gedeclareerd?jaar=2024&wet=jw");
    check_page(&page, 200, "nl");
    let narrower = links(&page.body, "/indicatoren/gedeclareerd?");
    let narrower = narrower.into_iter().find(|link| link.contains("productcategorie=")).expect("a category");
    check_page(&get(server(), &narrower), 200, "nl");
    let lines = links(&page.body, "/indicatoren/gedeclareerd/regels").into_iter().next().expect("lines");
    let first = get(server(), &lines);
    check_page(&first, 200, "nl");
    let next =
        links(&first.body, "/indicatoren/gedeclareerd/regels").into_iter().find(|link| link.contains("pagina=2"));
    check_page(&get(server(), &next.expect("a second page")), 200, "nl");
}

#[test]
fn the_lines_are_the_figure() {
    let ask = |address: &str| serde_json::from_str::<serde_json::Value>(&get(server(), address).body).expect("JSON");
    let answers = ask("/api/v1/indicatoren/gedeclareerd?periode=2024-03&door=wet,productcategorie");
    let smallest = answers.as_array().expect("a list").iter().filter(|answer| answer["value"].is_i64());
    let smallest = smallest.min_by_key(|answer| answer["count"].as_i64()).expect("a figure");
    let lines = smallest["lines"].as_str().expect("an address");
    let csv = get(server(), &format!("{lines}&formaat=csv&tabel=regels"));
    let cents = |line: &str| -> i64 {
        let amount = line.rsplit(',').next().unwrap_or_default();
        amount.replace('.', "").parse().expect("an amount with two decimals")
    };
    let sum: i64 = csv.body.lines().skip(1).map(cents).sum();
    assert_eq!(Some(sum), smallest["value"].as_i64(), "{lines}");
}

#[test]
fn a_table_is_a_file_too() {
    let page = get(server(), "/indicatoren/clienten-met-zorg?jaar=2024");
    let xlsx =
        links(&page.body, "/indicatoren/clienten-met-zorg").into_iter().find(|link| link.contains("formaat=xlsx"));
    let file = get(server(), &xlsx.expect("a spreadsheet"));
    assert_eq!(file.status, 200);
    assert!(file.header("content-type").starts_with("application/vnd.openxmlformats"));
    assert!(file.header("content-disposition").ends_with(".xlsx\""));
    assert_eq!(get(server(), "/indicatoren/clienten-met-zorg?formaat=pdf&tabel=verloop").status, 400);
    assert_eq!(get(server(), "/indicatoren/clienten-met-zorg?formaat=csv&tabel=wat").status, 404);
}

#[test]
fn the_form_keeps_what_was_chosen() {
    let page = get(server(), "/indicatoren/gedeclareerd?jaar=2024&wet=jw&productcategorie=45&taal=en");
    check_page(&page, 200, "en");
    for kept in ["name=\"wet\" value=\"jw\"", "name=\"productcategorie\" value=\"45\"", "name=\"taal\" value=\"en\""] {
        assert!(page.body.contains(kept), "{kept}");
    }
    assert!(page.body.contains("<option value=\"jw\" selected>"));
}

#[test]
fn the_api_refuses_what_it_does_not_know() {
    assert_eq!(get(server(), "/api/v1/indicatoren/wat-er-niet-is").status, 404);
    assert_eq!(get(server(), "/api/v1/indicatoren/gedeclareerd?periode=2024-13").status, 400);
    assert_eq!(get(server(), "/api/v1/indicatoren/gedeclareerd?door=schoenmaat").status, 400);
    let listed: serde_json::Value = serde_json::from_str(&get(server(), "/api/v1/indicatoren").body).expect("JSON");
    assert!(listed.as_array().is_some_and(|list| list.len() > 100));
}
