//! Estimates from a triangle in a file.

use std::fmt::Write;

use crate::grip::{Place, path};

/// Taylor and Ashe (1983), as in the tests of `grip-reserving`: increments, one row per origin.
fn taylor_ashe(place: &Place) -> String {
    let rows = include_str!("../../../grip-reserving/tests/reference/taylor_ashe_increments.csv");
    let mut text = "development,origin,value,exposure\n".to_owned();
    for (origin, row) in rows.lines().enumerate() {
        for (age, value) in row.split(',').enumerate() {
            let _ = writeln!(text, "{},{},{value},5000000", 12 * (age + 1), 2001 + origin);
        }
    }
    let file = place.folder.path().join("driehoek.csv");
    fs_err::write(&file, text).expect("written");
    path(&file)
}

fn reserve(place: &Place, file: &str, more: &[&str]) -> serde_json::Value {
    let arguments = [&["reserve", "--incremental", "--format", "json", "--triangle", file], more].concat();
    let output = place.run(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Mack (1993), table 3, and England and Verrall (2002): 18,680,856 with a standard error of 2,447,095.
#[test]
fn a_file_gives_the_published_figures() {
    let place = Place::new();
    let file = taylor_ashe(&place);
    let mack = reserve(&place, &file, &["--method", "mack"]);
    let number = |answer: &serde_json::Value, name: &str| answer["total"][name].as_f64().expect("a number").round();
    assert_eq!((number(&mack, "ibnr"), number(&mack, "standard_error")), (18_680_856.0, 2_447_095.0));
    assert_eq!(mack["origins"][9]["origin"], "2010");
    assert_eq!(number(&reserve(&place, &file, &["--method", "chain-ladder"]), "ibnr"), 18_680_856.0);
    // Half an expectation, half of what is to come: expected loss is linear in the rate.
    let expected =
        |rate: &str| number(&reserve(&place, &file, &["--method", "expected-loss", "--rate", rate]), "ultimate");
    assert_eq!((expected("1"), expected("0.5")), (50_000_000.0, 25_000_000.0));
    // Another 10,000 simulations of the same model: within five standard errors of the mean.
    let simulated = reserve(&place, &file, &["--method", "bootstrap"]);
    let (mean, deviation) = (number(&simulated, "ibnr"), number(&simulated, "standard_error"));
    assert!((mean - 18_680_856.0).abs() < 5.0 * deviation / 100.0 + 0.02 * mean, "{mean} ± {deviation}");
    assert_eq!(simulated, reserve(&place, &file, &["--method", "bootstrap"]));
}

#[test]
fn what_is_no_triangle_is_said() {
    let place = Place::new();
    let file = place.folder.path().join("fout.csv");
    for (text, says) in [
        ("origin,value\n2001,5\n", "there is no column `development`"),
        ("origin,development,value\n2001,1,veel\n", "line 2: `veel` in `value` is no number"),
        ("origin,development,value\n2001,1,5\n2001,1,6\n", "origin"),
        ("origin,development,value\n", "origin"),
    ] {
        fs_err::write(&file, text).expect("written");
        let output = place.run(&["reserve", "--triangle", &path(&file)]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("G008") && said.contains(says), "{said}");
    }
    fs_err::write(&file, "origin,development,value\n2001,1,5\n2001,2,6\n2002,1,5\n").expect("written");
    let output = place.run(&["reserve", "--method", "cape-cod", "--triangle", &path(&file)]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs a column `exposure`"));
}
