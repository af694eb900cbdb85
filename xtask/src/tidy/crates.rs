//! Who may know whom.

use serde_json::Value;

use super::assert_none;
use crate::cargo;

/// The arrows that may be, each crate with those it may know, all of them above it. Tests may know everything above: they
/// need messages and a municipality to look at. A new arrow is a change here and a decision (ADR-0004).
const ARROWS: &[(&str, &[&str])] = &[
    ("grip-types", &[]),
    ("grip-access", &["grip-types"]),
    ("grip-envelope", &[]),
    ("grip-messages", &["grip-types"]),
    ("grip-ledger", &["grip-types"]),
    ("grip-import", &["grip-types"]),
    ("grip-lake", &[]),
    ("grip-logboek", &["grip-types"]),
    ("grip-odata", &["grip-types"]),
    ("grip-oidc", &[]),
    ("grip-register", &["grip-types", "grip-access"]),
    ("grip-policy", &["grip-types", "grip-register"]),
    ("grip-reserving", &[]),
    ("grip-series", &[]),
    ("grip-forecast", &["grip-reserving"]),
    ("grip-insight", &["grip-types"]),
    ("grip-indicator", &["grip-types"]),
    ("grip-report", &[]),
    ("grip-synth", &["grip-types", "grip-messages"]),
    ("grip-prognose", &["grip-types", "grip-ledger", "grip-forecast", "grip-series"]),
    ("grip-rules", &["grip-types", "grip-messages", "grip-ledger"]),
    (
        "grip-pipeline",
        &[
            "grip-types",
            "grip-access",
            "grip-envelope",
            "grip-messages",
            "grip-ledger",
            "grip-rules",
            "grip-import",
            "grip-indicator",
            "grip-insight",
            "grip-lake",
            "grip-logboek",
            "grip-odata",
            "grip-forecast",
            "grip-prognose",
            "grip-series",
        ],
    ),
    ("grip-upkeep", &["grip-types", "grip-register", "grip-pipeline"]),
    (
        "grip-web",
        &["grip-types", "grip-access", "grip-oidc", "grip-policy", "grip-register", "grip-pipeline", "grip-report"],
    ),
    (
        "grip",
        &[
            "grip-types",
            "grip-access",
            "grip-oidc",
            "grip-policy",
            "grip-register",
            "grip-report",
            "grip-reserving",
            "grip-pipeline",
            "grip-synth",
            "grip-upkeep",
            "grip-web",
        ],
    ),
    ("xtask", &["grip-access", "grip-indicator", "grip-messages", "grip-pipeline"]),
];

/// External crates with a home: nobody else names them, so that replacing one is a change in one place.
const HOMES: &[(&str, &[&str])] = &[
    // The benchmark measures quick-xml itself.
    ("quick-xml", &["grip-envelope", "grip-messages", "grip-import", "xtask"]),
    ("base64", &["grip-envelope", "grip-oidc", "xtask"]),
    ("flate2", &["grip-envelope", "grip-odata"]),
    // A spreadsheet is a ZIP too: its size is looked at before it is opened.
    ("zip", &["grip-envelope", "grip-import"]),
    ("datafusion", &["grip-lake"]),
    ("deltalake-core", &["grip-lake"]),
    ("parquet", &["grip-lake"]),
    ("arrow", &["grip-lake", "grip-pipeline"]),
    ("hmac", &["grip-access", "grip-pipeline"]),
    ("argon2", &["grip-access"]),
    ("ring", &["grip-access", "grip-oidc"]),
    ("totp-rs", &["grip-access"]),
    ("calamine", &["grip-import"]),
    ("csv", &["grip-synth", "grip"]),
    ("csv-core", &["grip-import"]),
    ("rand", &["grip-reserving", "grip-series", "grip-synth"]),
    ("rand_chacha", &["grip-reserving", "grip-series", "grip-synth"]),
    ("rand_distr", &["grip-reserving", "grip-series", "grip-synth"]),
    ("sqlx", &["grip-register"]),
    ("axum", &["grip-web"]),
    ("tower-service", &["grip-web"]),
    // A page shows what people write in full, a report in the part that paper can show too.
    ("pulldown-cmark", &["grip-report", "grip-web"]),
    ("askama", &["grip-web"]),
    ("tokio", &["grip-lake", "grip-odata", "grip-oidc", "grip-register", "grip-upkeep", "grip-web", "grip"]),
    ("reqwest", &["grip-odata", "grip-oidc"]),
    ("rustls-pki-types", &["grip-oidc"]),
    ("clap", &["grip"]),
    ("console", &["grip"]),
    ("indicatif", &["grip"]),
    ("microlp", &["grip-insight"]),
    ("open", &["grip"]),
    ("prometheus", &["grip-web"]),
    ("sysinfo", &["grip-web"]),
    ("tar", &["grip-upkeep"]),
    ("rustix", &["grip-upkeep"]),
    // At home in a workspace of its own, `typeset`.
    ("typst", &[]),
    ("typst-layout", &[]),
    ("typst-pdf", &[]),
];

/// Crates that only compute: everything they may use.
const PURE: &[(&str, &[&str])] = &[
    ("grip-types", &["hex", "jiff", "thiserror"]),
    ("grip-ledger", &["grip-types", "jiff"]),
    ("grip-rules", &["foldhash", "grip-ledger", "grip-messages", "grip-types", "jiff"]),
    ("grip-reserving", &["rand", "rand_chacha", "rand_distr", "thiserror"]),
    ("grip-series", &["rand", "rand_chacha", "rand_distr"]),
    ("grip-forecast", &["grip-reserving", "thiserror"]),
    ("grip-prognose", &["grip-forecast", "grip-ledger", "grip-series", "grip-types", "serde", "thiserror"]),
    ("grip-insight", &["grip-types", "jiff", "microlp", "thiserror"]),
    ("grip-indicator", &["grip-types", "serde", "thiserror", "toml"]),
    // Random numbers are all that it asks of the system.
    (
        "grip-access",
        &[
            "argon2",
            "getrandom",
            "grip-types",
            "hex",
            "hmac",
            "jiff",
            "ring",
            "serde",
            "sha2",
            "subtle",
            "thiserror",
            "totp-rs",
            "unicode-normalization",
        ],
    ),
];

/// One dependency of one crate of the workspace.
struct Dependency {
    of: String,
    on: String,
    only_in_tests: bool,
}

fn dependencies() -> Vec<Dependency> {
    let output = cargo().args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).output();
    let output = output.expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for package in list(&metadata["packages"]) {
        for dependency in list(&package["dependencies"]) {
            found.push(Dependency {
                of: text(&package["name"]),
                on: text(&dependency["name"]),
                only_in_tests: dependency["kind"] == "dev",
            });
        }
    }
    assert!(found.len() > 50, "cargo metadata should list the dependencies of all crates");
    found
}

fn allowed<'t>(table: &'t [(&str, &'t [&'t str])], name: &str) -> Option<&'t [&'t str]> {
    table.iter().find(|(of, _)| *of == name).map(|(_, others)| *others)
}

fn position(name: &str) -> Option<usize> {
    ARROWS.iter().position(|(found, _)| *found == name)
}

fn is_ours(name: &str) -> bool {
    name == "grip" || name == "xtask" || name.starts_with("grip-")
}

#[test]
fn crates_depend_only_downwards() {
    let mut complaints = Vec::new();
    for Dependency { of, on, only_in_tests } in dependencies().iter().filter(|dependency| is_ours(&dependency.on)) {
        let Some(others) = allowed(ARROWS, of) else {
            complaints.push(format!("{of} is not in the table of arrows"));
            continue;
        };
        let is_allowed = others.contains(&on.as_str()) || *only_in_tests && position(on) < position(of);
        if !is_allowed {
            complaints.push(format!("{of} may not know {on}: see ADR-0004"));
        }
    }
    assert_none(&complaints);
}

#[test]
fn the_arrows_have_no_circle() {
    for (name, others) in ARROWS {
        for other in *others {
            assert!(position(other).is_some() && position(other) < position(name), "{other} should stand above {name}");
        }
    }
}

#[test]
fn external_crates_have_one_home() {
    let mut complaints = Vec::new();
    for Dependency { of, on, .. } in dependencies().iter().filter(|dependency| !dependency.only_in_tests) {
        if allowed(HOMES, on).is_some_and(|homes| !homes.contains(&of.as_str())) {
            complaints.push(format!("{of} uses {on}, whose home is {:?}", allowed(HOMES, on).unwrap_or_default()));
        }
        if allowed(PURE, of).is_some_and(|few| !few.contains(&on.as_str())) {
            complaints.push(format!("{of} only computes and may not use {on}"));
        }
    }
    assert_none(&complaints);
}
