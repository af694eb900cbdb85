//! Other engines open the tables and count the same rows.

use std::process::Command;

use crate::grip::{MESSAGE_TABLES, Place, path};

const SCRIPT: &str = r#"
import glob, json, sys
import deltalake, duckdb, polars
root, tables = sys.argv[1], sys.argv[2:]
found = {}
for table in tables:
    delta = deltalake.DeltaTable(f"{root}/tables/{table}")
    files = delta.file_uris()
    assert sorted(f.split("/")[-1] for f in files) == sorted(f.split("/")[-1] for f in glob.glob(f"{root}/tables/{table}/*.parquet"))
    found[table] = [
        delta.to_pyarrow_table().num_rows,
        polars.read_delta(f"{root}/tables/{table}").height,
        duckdb.sql(f"SELECT COUNT(*) FROM read_parquet({files!r})").fetchall()[0][0],
    ]
cents = duckdb.sql(f"SELECT SUM(bedrag_cents) FROM read_parquet('{root}/tables/prestatie/*.parquet')").fetchall()[0][0]
print(json.dumps({"rows": found, "cents": int(cents)}))
"#;

/// A Python that has the engines, or nothing.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says which Python has the engines")]
fn python() -> Option<String> {
    let candidates = [std::env::var("GRIP_TEST_PYTHON").ok(), Some("python3".to_owned())];
    candidates.into_iter().flatten().find(|python| {
        let has_engines = Command::new(python).args(["-c", "import deltalake, duckdb, polars, pyarrow"]).output();
        has_engines.is_ok_and(|output| output.status.success())
    })
}

#[test]
fn other_engines_count_the_same_rows() {
    let Some(python) = python() else {
        println!(
            "not checked with other engines: no python3 with deltalake, duckdb, polars and pyarrow (pip install deltalake duckdb polars pyarrow)"
        );
        return;
    };
    let place = Place::new();
    place.ingest_sample();
    let tables: Vec<&str> = MESSAGE_TABLES
        .into_iter()
        .filter(|table| place.rows(&format!("SELECT COUNT(*) AS n FROM {table}"))[0]["n"] != 0)
        .collect();
    let output = Command::new(python)
        .arg("-c")
        .arg(SCRIPT)
        .arg(path(&place.data()))
        .args(&tables)
        .output()
        .expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for table in tables {
        let ours = place.rows(&format!("SELECT COUNT(*) AS n FROM {table}"))[0]["n"].clone();
        assert_eq!(found["rows"][table], serde_json::json!([ours, ours, ours]), "{table}");
    }
    assert_eq!(place.rows("SELECT SUM(bedrag_cents) AS cents FROM prestatie")[0]["cents"], found["cents"]);
}
