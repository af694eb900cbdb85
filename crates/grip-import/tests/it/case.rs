//! The published tables of a real case, where it lies beside the project. Of the case only its contradictions stand here.

use std::path::{Path, PathBuf};

use grip_import::{Finding, Publicatie, PublicatieReport};

fn case() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/case-maastricht");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("not checked against a real case: no ../shared/case-maastricht beside the project");
    None
}

fn description(name: &str) -> Publicatie {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("publicaties").join(name);
    Publicatie::parse(&fs_err::read_to_string(path).unwrap()).unwrap()
}

fn check(folder: &Path, description_name: &str, table: &str) -> PublicatieReport {
    let file = fs_err::File::open(folder.join(table)).unwrap();
    description(description_name).check(file).unwrap()
}

fn lines(report: &PublicatieReport) -> Vec<String> {
    assert_eq!(report.findings.len() as u64, report.count);
    report.findings.iter().map(Finding::to_string).collect()
}

fn counts(report: &PublicatieReport) -> Vec<(u64, u64)> {
    report.rules.iter().map(|rule| (rule.checked, rule.unchecked)).collect()
}

#[test]
fn descriptions_can_be_read_without_the_case() {
    for name in ["saldo_per_jaar", "iv3_per_inwoner", "programmabudget", "kerncijfers", "pilots"] {
        assert!(!description(&format!("{name}.toml")).naam().is_empty());
    }
}

/// Twelve balances of three numbers of one decimal: 3 × 0.05 = 0.15 may be rounding.
///
/// By hand, budget − actual against the published balance:
///   sociaal domein 2016: 122.0 − 130.6 =  −8.6, published  −8.6
///                  2017: 113.3 − 126.9 = −13.6, published −13.4: 0.2 apart, a finding
///                  2018: 126.5 − 124.8 =   1.7, published   1.7
///                  2019: 129.9 − 137.3 =  −7.4, published  −7.4
///   jeugdhulp      2016:  29.6 −  34.6 =  −5.0, published  −5.0
///                  2017:  26.0 −  35.0 =  −9.0, published  −6.0: 3.0 apart, a finding
///                  2018:  32.5 −  33.8 =  −1.3, published  −1.3
///                  2019:  33.6 −  41.4 =  −7.8, published  −7.8
///   wmo            2016:  39.0 −  37.7 =   1.3, published   1.3
///                  2017:  34.6 −  34.7 =  −0.1, published  −0.1
///                  2018:  38.1 −  38.9 =  −0.8, published  −0.8
///                  2019:  38.8 −  44.6 =  −5.8, published  −5.8
/// Youth and Wmo together stay below the whole in all four years, budgeted (68.6 < 122.0, 60.6 < 113.3, 70.6 < 126.5,
/// 72.4 < 129.9) and actual (72.3 < 130.6, 69.7 < 126.9, 72.7 < 124.8, 86.0 < 137.3).
#[test]
fn balances() {
    let Some(folder) = case() else { return };
    let report = check(&folder, "saldo_per_jaar.toml", "budget_actual_eur_mln.csv");
    assert_eq!((report.rows, counts(&report)), (12, vec![(12, 0), (4, 0), (4, 0)]));
    let title = "I040 Gepubliceerd getal volgt niet uit de getallen ernaast (saldo)";
    assert_eq!(
        lines(&report),
        [
            format!(
                "{title}, sociaal_domein 2017: gepubliceerd is -13,4, uit de andere getallen volgt -13,6; \
                 afronding verklaart 0,15 (regel 3, kolom published_balance_eur_mln)"
            ),
            format!(
                "{title}, jeugdhulp 2017: gepubliceerd is -6, uit de andere getallen volgt -9; \
                 afronding verklaart 0,15 (regel 7, kolom published_balance_eur_mln)"
            ),
        ]
    );
}

/// Six totals of ten whole numbers: 11 × 0.5 = 5.5 may be rounding.
///
/// By hand, running sums of the ten task fields in the order of the table:
///   GM0935 actual        94 119 730 955 1040 1064 1421 2584 2921 3066, published 3066
///   GM0935 budget        60  74 696 878  964 1200 1359 2717 3061 3061, published 3041: 20 apart, a finding
///   size class actual   105 167 682 854  922  960 1167 1522 1844 1884, published 1864: 20 apart, a finding
///   size class budget   108 164 676 842  898  954 1129 1416 1718 1757, published 1757
///   urban class actual  114 171 647 790  840  880 1074 1377 1580 1630, published 1630
///   urban class budget  113 170 661 799  844  892 1065 1309 1516 1571, published 1571
#[test]
fn totals_per_inhabitant() {
    let Some(folder) = case() else { return };
    let report = check(&folder, "iv3_per_inwoner.toml", "iv3_2019_eur_per_inhabitant.csv");
    assert_eq!((report.rows, counts(&report)), (33, vec![(3, 0), (3, 0)]));
    let title = "I040 Gepubliceerd getal volgt niet uit de getallen ernaast";
    assert_eq!(
        lines(&report),
        [
            format!(
                "{title} (totaal werkelijk), grootteklasse_100000_150000: gepubliceerd is 1864, uit de andere getallen volgt \
                 1884; afronding verklaart 5,5 (regel 23, kolom actual)"
            ),
            format!(
                "{title} (totaal begroot), GM0935: gepubliceerd is 3041, uit de andere getallen volgt 3061; \
                 afronding verklaart 5,5 (regel 12, kolom budget)"
            ),
        ]
    );
}

/// By hand: 1 300 000 − 550 000 = 750 000 and 750 000 − 430 000 = 320 000, both as published; 0.10 is at most 1.
#[test]
fn programme_budget() {
    let Some(folder) = case() else { return };
    let report = check(&folder, "programmabudget.toml", "programme_budget_eur.csv");
    assert_eq!((report.rows, counts(&report)), (7, vec![(1, 0), (1, 0), (1, 0)]));
    assert_eq!(lines(&report), [""; 0]);
}

/// By hand: no indicator, period and area stands there twice; every share is at most 100 (the highest is 84) and every
/// number per thousand at most 1000 (the highest is 607); 115 ≤ 147, 97 ≤ 116, 420 ≤ 550, 7 ≤ 44 and 7 ≤ 18.
#[test]
fn key_figures() {
    let Some(folder) = case() else { return };
    let report = check(&folder, "kerncijfers.toml", "key_figures.csv");
    assert_eq!(report.rows, 51);
    assert_eq!(lines(&report), [""; 0]);
    // Every rule found something to compare.
    assert!(report.rules.iter().all(|rule| rule.checked > 0), "{:?}", report.rules);
}

/// By hand: the municipal shares 436 074 ≤ 436 074 and 257 130 ≤ 359 164; of one pilot two savings are published, 436 074
/// as evaluated and 900 000 as expected, where 2 × 0.5 = 1 could be rounding.
#[test]
fn savings_of_pilots() {
    let Some(folder) = case() else { return };
    let report = check(&folder, "pilots.toml", "pilots.csv");
    assert_eq!((report.rows, counts(&report)), (7, vec![(2, 5), (1, 5)]));
    assert_eq!(
        lines(&report),
        [
            "I041 Twee verschillende getallen over hetzelfde (een besparing per pilot), POH Jeugd: gepubliceerd is 900000, \
          elders staat 436074; afronding verklaart 1 (regel 3, kolom saving_eur)"
        ]
    );
}
