//! A real browser reads the page, when there is one.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::town::server;

#[expect(clippy::disallowed_methods, reason = "a browser is found where programs are found")]
fn browser() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}

fn look(browser: &Path, path: &str) -> Output {
    let profile = tempfile::tempdir().expect("a folder");
    Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--window-size=390,844", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("http://{}{path}", server()))
        .output()
        .expect("the browser starts")
}

#[test]
fn a_browser_sees_the_chart_and_its_table() {
    let Some(browser) = browser() else {
        {
            eprintln!("no chromium on the PATH: the page was not looked at in a browser");
        }
        return;
    };
    let seen = look(&browser, "/prognose");
    let dom = String::from_utf8_lossy(&seen.stdout);
    let complaints = String::from_utf8_lossy(&seen.stderr);
    for element in
        ["<svg", "<figcaption>", "<details>", "utrecht-table--html-table full\">", "id=\"maanden-wide-title\""]
    {
        assert!(dom.contains(element), "{element} in {dom}\n{complaints}");
    }
    // The parser of a browser closes a figure that was left open only at the end: after it there must be more sections.
    assert!(dom.matches("</section>").count() >= 4);
    let console: Vec<&str> = complaints.lines().filter(|line| line.contains("CONSOLE")).collect();
    assert!(console.is_empty(), "{console:?}");
}
