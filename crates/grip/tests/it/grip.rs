//! Running the binary, and the sample that the tests share.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;

/// The tables that messages fill.
pub(crate) const MESSAGE_TABLES: [&str; 12] = [
    "bericht",
    "bevinding",
    "toewijzing",
    "start",
    "stop",
    "prestatie",
    "declaratie_antwoord",
    "prestatie_afkeuring",
    "verzoek",
    "antwoord",
    "retour",
    "clientkenmerk",
];

/// A data folder with a key of its own.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grip"));
        // One key for all places, so that their pseudonyms can be compared.
        command
            .args(arguments)
            .env("GRIP_DATA", self.data())
            .env("GRIP_KEY", sample().with_file_name("key"))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    #[track_caller]
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.succeed(arguments)).expect("JSON")
    }

    /// The rows of a query, one JSON object each.
    #[track_caller]
    pub(crate) fn rows(&self, sql: &str) -> Vec<serde_json::Value> {
        match self.json(&["sql", sql, "--format", "json"]) {
            serde_json::Value::Array(rows) => rows,
            other => panic!("{other} is no list of rows"),
        }
    }

    /// Every row of every table of messages, in an order of its own: equal texts are equal tables.
    #[track_caller]
    pub(crate) fn dump(&self) -> String {
        let mut text = String::new();
        for table in MESSAGE_TABLES {
            let rows = self.succeed(&["sql", &format!("SELECT * FROM {table}"), "--format", "csv"]);
            let mut rows: Vec<&str> = rows.lines().collect();
            rows.sort_unstable();
            text.push_str(&format!("{table}\n{}\n", rows.join("\n")));
        }
        text
    }

    pub(crate) fn ingest_sample(&self) -> &Self {
        self.succeed(&["ingest", &path(&sample().join("berichten")), "--received-on", "from-folder"]);
        self
    }

    pub(crate) fn import_sample(&self) -> &Self {
        for kind in ["begroting", "contract", "client"] {
            let file = path(&sample().join(format!("{kind}.csv")));
            self.succeed(&["import", kind, &file, "--gemeente", "GM9998", "--received-on", "2021-01-01"]);
        }
        self
    }
}

pub(crate) fn path(path: &Path) -> String {
    path.to_str().expect("temporary folders have plain names").to_owned()
}

/// The messages of a small sample municipality, made once.
pub(crate) fn sample() -> &'static Path {
    static SAMPLE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, folder) = SAMPLE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let out = folder.path().join("sample");
        let arguments =
            ["generate", "--inhabitants", "2500", "--from", "2022-01-01", "--to", "2025-06-30", "--seed", "7", "--out"];
        let output =
            Command::new(env!("CARGO_BIN_EXE_grip")).args(arguments).arg(&out).output().expect("the binary runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (folder, out)
    });
    folder
}

/// The files of the sample's messages.
pub(crate) fn sample_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for day in fs_err::read_dir(sample().join("berichten")).expect("a folder") {
        for file in fs_err::read_dir(day.expect("an entry").path()).expect("a folder") {
            found.push(file.expect("an entry").path());
        }
    }
    found.sort();
    found
}
