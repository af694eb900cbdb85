//! What is removed in time, and what shows it.

use std::collections::BTreeSet;

use crate::grip::Place;

const DAY: &str = "2024-01-01";

fn number(place: &Place, sql: &str) -> i64 {
    place.rows(&format!("SELECT {sql} AS n"))[0]["n"].as_i64().unwrap_or_default()
}

fn clients(place: &Place) -> BTreeSet<String> {
    let sql = "SELECT client FROM toewijzing UNION SELECT client FROM prestatie UNION SELECT client FROM start
        UNION SELECT client FROM stop UNION SELECT client FROM verzoek UNION SELECT client FROM clientkenmerk
        UNION SELECT client FROM prestatie_afkeuring ORDER BY 1";
    place.succeed(&["sql", sql, "--format", "csv"]).lines().skip(1).map(ToOwned::to_owned).collect()
}

#[test]
fn rows_go_with_their_term_and_the_rest_stays() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let (before, everybody) = (place.dump(), clients(&place));
    let kept = |column: &str| {
        number(&place, &format!("(SELECT {column} FROM prestatie_stand WHERE einddatum >= DATE '{DAY}')"))
    };
    let (lines, money) = (kept("COUNT(*)"), kept("SUM(bedrag_cents)"));
    let refused = kept("COUNT(afgekeurd_op)");
    assert!(lines > 100 && refused > 0);

    let plan = place.json(&["purge", "--dry-run", "--before", DAY, "--json"]);
    assert_eq!((plan["removed"].as_bool(), place.dump()), (Some(false), before));

    let report = place.json(&["purge", "--yes", "--before", DAY, "--json"]);
    assert_eq!((&report["tables"], &report["persons_gone"]), (&plan["tables"], &plan["persons_gone"]));
    assert_eq!(report["counted_again"], true);
    assert_eq!(report["search"]["found_in"], serde_json::json!({}), "{report}");
    assert_eq!(kept("COUNT(*)"), lines);
    assert_eq!(kept("SUM(bedrag_cents)"), money, "not a cent of what is kept has changed");
    assert_eq!(kept("COUNT(afgekeurd_op)"), refused, "what was refused still is");
    assert_eq!(number(&place, &format!("(SELECT COUNT(*) FROM prestatie WHERE einddatum < DATE '{DAY}')")), 0);
    for table in report["tables"].as_array().expect("a list") {
        let name = table["table"].as_str().expect("a name");
        assert_eq!(
            table["rows_after"].as_i64(),
            Some(number(&place, &format!("(SELECT COUNT(*) FROM {name})"))),
            "{name}"
        );
    }
    // Care that goes on keeps its allocations: no line that is left has lost what it was delivered on.
    let orphans = "(SELECT COUNT(*) FROM prestatie p WHERE NOT EXISTS (SELECT 1 FROM toewijzing t WHERE t.wet = p.wet
        AND t.gemeente = p.gemeente AND t.client = p.client AND t.toewijzing_nummer = p.toewijzing_nummer))";
    let had = Place::new();
    had.ingest_sample();
    let had = number(
        &had,
        &format!(
            "{} ",
            orphans.replace("prestatie p WHERE", &format!("prestatie p WHERE p.einddatum >= DATE '{DAY}' AND"))
        ),
    );
    assert_eq!(number(&place, orphans), had);

    let left = clients(&place);
    let gone: BTreeSet<&String> = everybody.difference(&left).collect();
    assert!(gone.len() > 10 && left.len() > 10, "{} of {}", gone.len(), everybody.len());
    let mut files = Vec::new();
    crate::privacy::all_files(&place.data(), &mut files);
    files.push(place.dump().into_bytes());
    for file in files {
        let text = String::from_utf8_lossy(&file);
        assert!(!text.split(|letter: char| !letter.is_ascii_hexdigit()).any(|word| gone.contains(&word.to_owned())));
    }

    // It is said that something is missing, as known on any day, and the same files do not bring it back.
    let told = place.succeed(&["check", "--peildatum", "2023-06-30"]);
    assert!(told.contains("Vernietigd omdat de bewaartermijn om was") && told.contains(DAY), "{told}");
    let after = place.dump();
    place.ingest_sample();
    assert_eq!(place.dump(), after);
    let again = place.json(&["purge", "--dry-run", "--before", DAY, "--json"]);
    assert_eq!((again["persons"].as_i64(), again["persons_gone"].as_i64()), (Some(0), Some(0)), "{again}");
}

/// The search is a check: what lies where no purge comes is found, told, and not a success.
#[test]
fn what_is_left_elsewhere_is_found() {
    let place = Place::new();
    place.ingest_sample();
    let somebody = place.rows(
        "SELECT client FROM toewijzing GROUP BY client HAVING MAX(COALESCE(einddatum, DATE '9999-12-31')) < DATE '2023-06-01'
         ORDER BY client LIMIT 1",
    );
    let somebody = somebody[0]["client"].as_str().expect("a pseudonym");
    fs_err::write(place.data().join("aantekening.txt"), format!("bellen over {somebody}")).expect("written");
    let output = place.run(&["purge", "--yes", "--before", "2025-06-01", "--json"]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["search"]["found_in"], serde_json::json!({ "aantekening.txt": 1 }));
}

#[test]
fn terms_of_the_municipality_and_kinds() {
    let place = Place::new();
    place.ingest_sample();
    let plan = place.json(&["purge", "--dry-run", "--json"]);
    assert_eq!(plan["persons"], 0, "nothing of the sample is seven years old: {plan}");
    fs_err::write(place.data().join("bewaartermijnen.toml"), "declaratie = 0\n").expect("written");
    let plan = place.json(&["purge", "--dry-run", "--kind", "declaratie", "--json"]);
    let tables = plan["tables"].as_array().expect("a list");
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[0]["rows_after"], 0, "{plan}");
    fs_err::write(place.data().join("bewaartermijnen.toml"), "declaraties = 0\n").expect("written");
    let wrong = place.run(&["purge", "--dry-run"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("GP032"));
    assert_eq!(place.run(&["purge"]).status.code(), Some(2), "it is said whether rows go or are counted");
}
