//! What is written must be true of what is there.

use std::collections::BTreeSet;

use super::{assert_none, files, files::TextFile, read, rust_files};
use crate::{
    generate::{self, decision_files},
    root, schemas,
};

const README_LINES_MAX: usize = 120;
const ADR_LINES_MAX: usize = 75;

fn markdown() -> Vec<TextFile> {
    files().into_iter().filter(|file| file.has_extension("md")).collect()
}

#[test]
fn generated_files_are_fresh() {
    let pages = generate::pages().expect("the pages can be made");
    let stale = pages.iter().filter(|page| read(page.path) != page.text);
    let complaints: Vec<String> = stale.map(|page| format!("{} is stale: cargo xtask gen", page.path)).collect();
    assert_none(&complaints);
}

#[test]
fn readme_is_short() {
    let readme = read("README.md");
    assert!(readme.lines().count() < README_LINES_MAX, "README.md has {} lines", readme.lines().count());
    for command in ["\ncargo run --bin grip -- demo\n", "\ncargo test\n"] {
        assert!(readme.contains(command), "README.md misses the command {command}");
    }
}

/// The crate of which a file is: one of the workspace, or `grip-typeset`, which has a workspace of its own.
fn crate_of(path: &str) -> Option<&str> {
    match path.strip_prefix("crates/") {
        Some(rest) => rest.split('/').next(),
        None => path.starts_with("typeset/").then_some("grip-typeset"),
    }
}

/// Links below the repository, and paths in backticks that begin in one of its folders.
#[test]
fn paths_in_markdown_exist() {
    let root = root();
    let mut complaints = Vec::new();
    for file in markdown() {
        let folder = root.join(&file.path).parent().map(ToOwned::to_owned).unwrap_or_default();
        for link in links(&file.text) {
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty() && !folder.join(path).exists() {
                complaints.push(format!("{}: the link `{link}` leads nowhere", file.path));
            }
        }
        for path in code_spans(&file.text).filter(|span| is_path(span)) {
            if !root.join(path).exists() && !folder.join(path).exists() {
                complaints.push(format!("{}: there is no `{path}`", file.path));
            }
        }
    }
    assert_none(&complaints);
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
}

/// Texts between single backticks, outside code blocks.
fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

fn is_path(span: &str) -> bool {
    let tops = ["crates/", "docs/", "xtask/", "benches/", "typeset/", ".ci/", ".cargo/", "src/", "tests/"];
    tops.iter().any(|top| span.starts_with(top)) && !span.contains(['*', '<', '{', ' ', '…', '$'])
}

/// Subcommands, tasks and programs that are named in documents are there.
#[test]
fn commands_in_markdown_exist() {
    let args = read("crates/grip/src/args.rs");
    let (_, rest) = args.split_once("enum Command {").expect("the commands are an enum");
    let (body, _) = rest.split_once("\n}").expect("the enum ends");
    let subcommands: BTreeSet<String> =
        body.lines().filter_map(|line| line.trim().split_once('(')).map(|(name, _)| kebab(name)).collect();
    assert!(subcommands.contains("ingest") && subcommands.len() > 5, "{subcommands:?}");
    let mut complaints = Vec::new();
    for file in markdown().iter().filter(|file| file.path != "CHANGELOG.md") {
        let in_blocks = file.text.split("```").skip(1).step_by(2).flat_map(str::lines);
        for command in in_blocks.chain(code_spans(&file.text)) {
            let words: Vec<&str> = command.split_whitespace().collect();
            let is_there = match words.as_slice() {
                ["grip", word, ..] => subcommands.contains(*word) || is_placeholder(word),
                ["cargo", "xtask", task, ..] => {
                    ["ci", "gen", "bench", "components", "sbom"].contains(task) || is_placeholder(task)
                }
                ["cargo", "run", "--bin", program, ..] => ["grip", "xtask"].contains(program),
                _ => true,
            };
            if !is_there {
                complaints.push(format!("{}: no such command: {command}", file.path));
            }
        }
    }
    assert_none(&complaints);
}

/// `OpenData` as it is typed: `open-data`.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

fn is_placeholder(word: &str) -> bool {
    word.starts_with('-') || word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '…')
}

/// Every code of an error has its entry in the handbook, and every entry is of an error that there is.
#[test]
fn every_error_code_is_documented() {
    let mut in_code: Vec<(String, String)> = Vec::new();
    for file in rust_files().iter().filter(|file| crate_of(&file.path).is_some() && file.path.contains("/src/")) {
        // Tests may name a code they expect.
        let declared = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for code in error_codes(declared) {
            in_code.push((code.to_owned(), file.path.clone()));
        }
    }
    assert!(in_code.len() > 30, "only {} codes were found", in_code.len());
    let codes: BTreeSet<&str> = in_code.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes.len(), in_code.len(), "a code is used twice: {in_code:?}");
    let page = read("docs/handboek/fouten.md");
    let documented: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|code| is_code(code))
        .collect();
    let missing: Vec<String> = codes
        .symmetric_difference(&documented)
        .map(|code| format!("{code}: in the code and docs/handboek/fouten.md, or in neither"))
        .collect();
    assert_none(&missing);
}

/// `GL001` and the like at the beginning of a string literal.
fn error_codes(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).filter_map(|literal| {
        let end = literal.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(literal.len());
        is_code(&literal[..end]).then_some(&literal[..end])
    })
}

fn is_code(text: &str) -> bool {
    // The longest first; `GM0935` is a municipality.
    let number = ["GA", "GC", "GI", "GL", "GO", "GP", "GR", "GS", "GT", "GU", "GW", "G"]
        .iter()
        .find_map(|crate_letters| text.strip_prefix(crate_letters));
    number.is_some_and(|number| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Answers of commands that the API does not give, by file.
const PRINTED: &[(&str, &[&str])] = &[
    ("crates/grip-pipeline/src/intake.rs", &["IntakeReport", "RefusedFile"]),
    ("crates/grip-pipeline/src/import.rs", &["ImportReport", "ImportFault"]),
    ("crates/grip-pipeline/src/open_data.rs", &["OpenDataReport"]),
    ("crates/grip-pipeline/src/reconcile.rs", &["Reconciliation", "ReconciliationLine", "ReconciliationYear"]),
];

/// What programs read by name is explained by name.
#[test]
fn fields_of_answers_are_documented() {
    let page = read("docs/handboek/velden.md");
    let mut names: BTreeSet<String> = BTreeSet::new();
    // Those of the API that are no pages, and what only commands print.
    let of_api = schemas::TYPES.iter().filter(|(path, _)| !path.starts_with("crates/grip-web/"));
    for (path, types) in of_api.chain(PRINTED) {
        let source = read(path);
        for name in *types {
            // The words of an enumeration are described with the schemas.
            let Some((_, rest)) = source.split_once(&format!("pub struct {name} {{")) else {
                assert!(source.contains(&format!("pub enum {name} {{")), "{path} declares no `{name}`");
                continue;
            };
            let (body, _) = rest.split_once("\n}").expect("it ends");
            let lines: Vec<&str> = body.lines().map(str::trim).collect();
            // What is flattened has no name of its own.
            let named = lines.windows(2).filter(|pair| pair[0] != "#[serde(flatten)]");
            names.extend(named.filter_map(|pair| Some(pair[1].strip_prefix("pub ")?.split_once(':')?.0.to_owned())));
        }
    }
    let ledger = read("crates/grip-pipeline/src/ledger.rs");
    let between = |from, to| ledger.split_once(from).and_then(|(_, rest)| rest.split_once(to)).expect("columns").0;
    for columns in [between("const AMOUNTS", "];"), between("let names = ", "let columns")] {
        names.extend(columns.split('"').skip(1).step_by(2).map(ToOwned::to_owned));
    }
    let sums = between("pub(crate) fn sums()", "pub(crate) fn providers").split(" AS ").skip(1);
    let sums = sums.filter_map(|rest| rest.split([',', '\n', ' ', '"']).next());
    names.extend(sums.filter(|name| name.starts_with(char::is_lowercase)).map(ToOwned::to_owned));
    assert!(names.len() > 40 && names.contains("open_commitments") && names.contains("open_cents"), "{names:?}");
    let missing = names.iter().filter(|name| !page.contains(&format!("`{name}`")));
    let complaints: Vec<String> =
        missing.map(|name| format!("docs/handboek/velden.md does not explain `{name}`")).collect();
    assert_none(&complaints);
}

#[test]
fn decisions_have_one_form() {
    let mut complaints = Vec::new();
    let decisions = decision_files().expect("the decisions can be read");
    for (position, decision) in decisions.iter().enumerate() {
        let text = read(&format!("docs/adr/{}", decision.name));
        let number = format!("{:04}", position + 1);
        if !decision.name.starts_with(&number) {
            complaints.push(format!("{} should begin with {number}: numbers follow each other", decision.name));
        }
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        if headings != ["Status", "Context", "Decision", "Consequences"] {
            complaints.push(format!("{} has other headings: {headings:?}", decision.name));
        }
        if text.lines().count() > ADR_LINES_MAX {
            complaints.push(format!("{} is longer than a page", decision.name));
        }
    }
    assert!(decisions.len() >= 13, "decisions are never removed");
    assert_none(&complaints);
}

/// One text, two readers: the README of a library is its documentation.
#[test]
fn crates_explain_themselves() {
    let mut complaints = Vec::new();
    for file in rust_files().iter().filter(|file| file.path.ends_with("/src/lib.rs")) {
        let Some(name) = crate_of(&file.path) else { continue };
        if !file.text.starts_with("#![doc = include_str!(\"../README.md\")]") {
            complaints.push(format!("{} does not begin with its README", file.path));
        }
        for page in ["README.md", "ARCHITECTURE.md"] {
            if !read(page).contains(&format!("`{name}`")) {
                complaints.push(format!("{page} does not name {name}"));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn spans_links_and_codes() {
    let text = "see `docs/x.md` and [y](z.md)\n```text\n`not this`\n```\n`a b`";
    assert_eq!(code_spans(text).collect::<Vec<_>>(), ["docs/x.md", "a b"]);
    assert_eq!(links(text).collect::<Vec<_>>(), ["z.md"]);
    assert_eq!(
        error_codes("x(\"GL001 {0}\") \"GEMEENTE\" \"G0012\" \"GW010\"").collect::<Vec<_>>(),
        ["GL001", "GW010"]
    );
}
