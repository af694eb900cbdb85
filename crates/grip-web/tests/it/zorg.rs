//! The pages of care, and that they say the same as the indicators of the catalogue.

use std::collections::BTreeMap;

use grip_pipeline::{
    Answer, Call, Dimension, Number, Period,
    care::{CareFlows, FLOW_DIMENSIONS, Flow},
};
use grip_types::{Date, parse_date};

use crate::{
    http::get,
    pages::{check_page, links},
    town::{empty_server, server, town},
};

const PAGES: [&str; 5] = ["/zorg", "/zorg/verloop", "/zorg/duur", "/zorg/overgangen", "/zorg/stapeling"];

fn periods(names: &[&str]) -> Vec<Period> {
    names.iter().map(|name| name.parse().expect("the test is written well")).collect()
}

fn day(text: &str) -> Date {
    parse_date(text).expect("the test is written well")
}

fn ask(id: &str, periods: &[Period], peildatum: Date, by: &[Dimension]) -> Vec<Answer> {
    let gemeente = town().gemeente();
    let call = Call { gemeente, periods: periods.to_vec(), peildatum, by: by.to_vec(), only: Vec::new() };
    town().grip().indicator(id, &call).expect("an answer").to_vec()
}

fn flows(by: Dimension, periods: &[Period], peildatum: Date) -> std::sync::Arc<CareFlows> {
    town().grip().care_flows(town().gemeente(), peildatum, by, periods).expect("an answer")
}

/// Compares what the indicator of each of begin, in, out and end says with the flows: how many were compared.
#[track_caller]
fn check_agreement(by: Dimension, ids: [&str; 4], names: &[&str], peildatum: &str) -> usize {
    let (periods, peildatum) = (periods(names), day(peildatum));
    let flows = flows(by, &periods, peildatum);
    let mut ours: BTreeMap<(String, String, Option<String>), Flow> = BTreeMap::new();
    for row in &flows.rows {
        for (period, counts) in flows.periods.iter().zip(&row.flows) {
            ours.insert((period.clone(), row.wet.to_owned(), row.value.clone()), *counts);
        }
    }
    let split: Vec<Dimension> = if by == Dimension::Wet { vec![by] } else { vec![Dimension::Wet, by] };
    let parts: [fn(&Flow) -> Option<i64>; 4] = [|c| c.begin, |c| c.inflow, |c| c.outflow, |c| c.end];
    let mut compared = 0;
    for (id, part) in ids.into_iter().zip(parts) {
        for answer in ask(id, &periods, peildatum, &split) {
            let wet = answer.by["wet"].clone().expect("every trajectory has a law");
            let value = answer.by.get(by.column()).cloned().flatten().filter(|_| by != Dimension::Wet);
            let key = (answer.periode.clone(), wet, value);
            let found = ours.get(&key).map_or(Some(0), part);
            assert_eq!(answer.value, found.map(Number::Whole), "what is withheld in one is in the other: {id} {key:?}");
            if answer.is_withheld {
                continue;
            }
            compared += 1;
        }
    }
    compared
}

const OF_LAW: [&str; 4] = ["beginstand", "instroom", "uitstroom", "eindstand"];
const OF_PRODUCT: [&str; 4] = ["beginstand-product", "instroom-product", "uitstroom-product", "eindstand-product"];

#[test]
fn flows_are_those_of_the_indicators() {
    let years = ["2022", "2023", "2024", "2025"];
    assert!(check_agreement(Dimension::Productcategorie, OF_PRODUCT, &years, "2025-06-30") > 20);
    assert!(check_agreement(Dimension::Wet, OF_LAW, &years, "2025-06-30") > 20);
    assert!(check_agreement(Dimension::Wijk, OF_LAW, &years, "2025-06-30") > 5);
    let months = ["2024-01", "2024-02", "2024-03", "2024-04"];
    assert!(check_agreement(Dimension::Wet, OF_LAW, &months, "2024-04-17") > 8, "the last month is cut short");
    assert!(check_agreement(Dimension::Productcategorie, OF_PRODUCT, &["2023-K3", "2023-K4"], "2024-12-31") > 5);
}

#[test]
fn begin_and_in_is_out_and_end_for_every_dimension() {
    let years = periods(&["2022", "2023", "2024"]);
    let mut known = 0;
    for by in FLOW_DIMENSIONS {
        let flows = flows(by, &years, day("2025-06-30"));
        assert!(!flows.rows.is_empty());
        for row in &flows.rows {
            for counts in &row.flows {
                if let Flow { begin: Some(begin), inflow: Some(inflow), outflow: Some(outflow), end: Some(end) } =
                    counts
                {
                    assert_eq!(begin + inflow, outflow + end, "{row:?}");
                    known += 1;
                }
                let known =
                    [counts.begin, counts.inflow, counts.outflow, counts.end].map(|count| usize::from(count.is_some()));
                assert_ne!(known.iter().sum::<usize>(), 3, "three say the fourth: {row:?}");
            }
            assert!(row.flows.windows(2).all(|two| two[0].end == two[1].begin), "{row:?}");
        }
    }
    assert!(known > 0);
}

/// What is known of a year before it has ended changes when more is known, and not when it is asked again.
#[test]
fn what_is_known_later_is_not_in_it() {
    let year = periods(&["2024"]);
    let early = flows(Dimension::Wet, &year, day("2024-03-31"));
    let late = flows(Dimension::Wet, &year, day("2025-06-30"));
    let inflow = |flows: &CareFlows| flows.of(None, None)[0].inflow.expect("a town has enough");
    assert!(inflow(&early) < inflow(&late));
    assert_eq!(early, flows(Dimension::Wet, &year, day("2024-03-31")));
    assert!(flows(Dimension::Wet, &year, day("2023-12-31")).rows.is_empty(), "a year that has not begun");
}

#[test]
fn concentration_and_stacking_are_those_of_the_indicators() {
    let (year, peildatum) = (periods(&["2024"]), day("2025-06-30"));
    let stacking = town().grip().care_stacking(town().gemeente(), peildatum, 2024).expect("an answer");
    let value = |id: &str| ask(id, &year, peildatum, &[])[0].value;
    let both = stacking.by_law.iter().find(|row| row.number > 1).map_or(Some(0), |row| row.huishoudens);
    let theirs = &ask("huishoudens-beide-wetten", &year, peildatum, &[])[0];
    assert_eq!(theirs.value, both.map(Number::Whole), "what is withheld in one is in the other");
    let using =
        stacking.by_number.iter().map(|row| row.huishoudens).sum::<Option<i64>>().expect("they are put together");
    assert_eq!(value("huishoudens-met-zorg"), Some(Number::Whole(using)));
    if let Some(of_laws) = stacking.by_law.iter().map(|row| row.huishoudens).sum::<Option<i64>>() {
        assert_eq!(of_laws, using);
    }
    for answer in ask("huishoudens-met-zorg", &year, peildatum, &[Dimension::Wijk]) {
        let ours = stacking.wijken.iter().find(|row| row.wijk == answer.by["wijk"]).and_then(|row| row.huishoudens);
        assert_eq!(answer.value, ours.map(Number::Whole));
    }
    assert_eq!(value("gedeclareerd"), Some(Number::Whole(stacking.cents)));
    let of_year = stacking.clients.iter().find(|shares| shares.jaar == 2024).expect("the year");
    let mut compared = 0;
    for top in &of_year.tops {
        if let Some(Number::Real(percent)) = [1, 5, 10]
            .contains(&top.percent)
            .then(|| value(&format!("aandeel-duurste-{}-procent", top.percent)))
            .flatten()
        {
            assert!((percent - top.share * 100.0).abs() < 1e-9, "{} {percent} {}", top.percent, top.share);
            compared += 1;
        }
    }
    assert!(compared > 0);
}

#[test]
fn moves_count_every_client_once() {
    let (gemeente, peildatum) = (town().gemeente(), day("2025-06-30"));
    let moves = town().grip().care_moves(gemeente, peildatum, 2024, None).expect("an answer");
    let mut shown = 0;
    for (direction, clients) in &moves.directions {
        let own: Vec<i64> = moves.moves.iter().filter(|it| it.direction == *direction).map(|it| it.clients).collect();
        assert!(own.iter().all(|clients| *clients >= 10), "{direction:?} {own:?}");
        let Some(clients) = clients else { continue };
        let left = clients - own.iter().sum::<i64>();
        assert!(left == 0 || left >= 10, "{left} of {clients} {direction:?}");
        shown += 1;
    }
    assert!(shown > 2, "{:?}", moves.directions);
    // What one law has less than both must not be few either.
    for wet in [grip_types::Wet::Wmo, grip_types::Wet::Jw] {
        let of_law = town().grip().care_moves(gemeente, peildatum, 2024, Some(wet)).expect("an answer");
        for it in &of_law.moves {
            let both = moves.moves.iter().find(|other| (&other.from, &other.to) == (&it.from, &it.to));
            let less = both.map_or(0, |both| (both.clients - it.clients).abs());
            assert!(less == 0 || less >= 10, "{it:?} is of both laws {both:?}");
        }
    }
}

#[test]
fn durations_are_followed_no_further_than_is_known() {
    let (gemeente, peildatum) = (town().gemeente(), day("2025-06-30"));
    let grip = town().grip();
    let survival = grip.care_survival(gemeente, peildatum, 2025, None, None).expect("an answer");
    assert_eq!(survival.followed_until, "2025-05-30", "31 days before");
    for curve in &survival.curves {
        assert!(curve.points.windows(2).all(|two| two[0].share >= two[1].share));
        assert!(curve.points.first().is_some_and(|point| (point.share - 1.0).abs() < 1e-12));
    }
    let begun: Option<i64> = survival.years.iter().map(|year| year.cohort.begun).sum();
    assert_eq!(begun, survival.curves.iter().map(|curve| curve.cohort.begun).sum::<Option<i64>>());
    let durations = grip.care_durations(gemeente, peildatum, 2026).expect("an answer");
    let found: Vec<f64> = durations.rows.iter().filter_map(|row| Some(row.difference?.months)).collect();
    assert!(!found.is_empty() && found.windows(2).all(|two| two[0] >= two[1]), "the longest first: {found:?}");
    for difference in durations.rows.iter().filter_map(|row| row.difference) {
        assert!(difference.p_of_all >= difference.p && difference.low <= difference.months);
    }
}

#[test]
fn every_page_is_whole_in_both_languages() {
    for path in PAGES {
        for (query, language) in [("", "nl"), ("?taal=en", "en"), ("?jaar=2023&peildatum=2024-04-30", "nl")] {
            let answer = get(server(), &format!("{path}{query}"));
            check_page(&answer, 200, language);
            assert!(answer.body.contains("<table") && !answer.body.contains("NaN"), "{path}{query}");
        }
    }
    let stacking = get(server(), "/zorg/stapeling").body;
    assert!(stacking.contains("Participatie ontbreekt"));
    assert!(get(server(), "/zorg").body.contains("noemt geen team"));
}

#[test]
fn choices_are_in_the_address_and_lead_on() {
    for by in FLOW_DIMENSIONS {
        for periode in ["jaar", "kwartaal", "maand"] {
            let path = format!("/zorg/verloop?door={}&periode={periode}&wet=jw", by.column());
            let answer = get(server(), &path);
            check_page(&answer, 200, "nl");
            assert!(!answer.body.contains("wet=wmo"), "{path} is of one law");
        }
    }
    let onward = links(&get(server(), "/zorg").body, "/zorg/verloop?");
    let product = onward.iter().find(|link| link.contains("waarde=")).expect("a product leads to its course");
    let page = get(server(), product);
    check_page(&page, 200, "nl");
    assert!(page.body.contains("kwartaal 2024"), "{product}");
    let onward = links(&get(server(), "/zorg/duur").body, "/zorg/duur?");
    let product = onward.iter().find(|link| link.contains("productcategorie=")).expect("a product leads to its curve");
    check_page(&get(server(), product), 200, "nl");
}

#[test]
fn what_can_not_be_chosen_is_said() {
    for path in ["/zorg/verloop?door=team", "/zorg/verloop?periode=week", "/zorg/duur?wet=pw", "/zorg/overgangen?wet=x"]
    {
        check_page(&get(server(), path), 400, "nl");
    }
    check_page(&get(server(), "/zorg/verloop?door=wijk&waarde=%27%20OR%201=1"), 200, "nl");
    check_page(&get(server(), "/zorg/duur?productcategorie=99"), 200, "nl");
}

#[test]
fn days_and_years_without_care_are_no_fault() {
    for path in PAGES {
        check_page(&get(server(), &format!("{path}?peildatum=2016-01-01")), 200, "nl");
        check_page(&get(server(), &format!("{path}?jaar=2030")), 200, "nl");
        let nothing = get(empty_server(), path);
        check_page(&nothing, 200, "nl");
        assert!(nothing.body.contains("grip ingest") || nothing.body.contains("geen berichten"), "{path}");
    }
}

/// Of a file every field, without quotes: names of the sample have no comma.
fn file(path: &str) -> Vec<Vec<String>> {
    let answer = get(server(), path);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"), "{path}");
    let fields = |line: &str| line.split(',').map(|field| field.trim_matches('"').to_owned()).collect();
    answer.body.lines().skip(1).map(fields).collect()
}

#[test]
fn no_number_of_fewer_than_ten_persons_leaves_a_table() {
    let mut seen = 0;
    for by in FLOW_DIMENSIONS {
        for (table, first) in [("verloop", 2), ("perioden", 1)] {
            let path = format!("/zorg/verloop?door={}&periode=maand&tabel={table}&formaat=csv", by.column());
            for row in file(&path) {
                let numbers = row.iter().rev().skip(usize::from(table == "verloop")).take(4);
                for number in numbers.filter_map(|field| field.parse::<i64>().ok()) {
                    assert!(number == 0 || number >= 10, "{path} {row:?}");
                    seen += 1;
                }
                assert!(row.len() > first);
            }
        }
    }
    for (path, column) in [
        ("/zorg/overgangen?tabel=overgangen&formaat=csv", 2),
        ("/zorg/overgangen?tabel=richting&formaat=csv", 1),
        ("/zorg/stapeling?tabel=soorten&formaat=csv", 1),
        ("/zorg/stapeling?tabel=wetten&formaat=csv", 1),
    ] {
        for row in file(path) {
            let field = row.iter().rev().nth(row.len().saturating_sub(1 + column)).expect("a field");
            if let Ok(number) = field.parse::<i64>() {
                assert!(number == 0 || number >= 10, "{path} {row:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn no_pseudonym_is_shown() {
    for path in PAGES {
        let answer = get(server(), path);
        let words = answer.body.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() == 32);
        assert_eq!(words.count(), 0, "{path}");
    }
}
