//! The style of the components of NL Design System that pages are made of: from their packages, in one file that is committed, so that
//! neither a build nor a page needs npm.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
    process::Command,
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{Failure, root, run};

/// Which packages there are, and in which order they are joined.
const FOLDER: &str = "crates/grip-web/components";
const MADE: &str = "crates/grip-web/src/components.css";
/// Where pages are made.
const PAGES: &str = "crates/grip-web/src";

/// `package-lock.json`.
#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

/// A package whose style is in the program.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    #[serde(default)]
    pub(crate) version: String,
    #[serde(default)]
    pub(crate) license: String,
    /// The digest of its archive, as `sha512-` and Base64.
    #[serde(default)]
    pub(crate) integrity: String,
}

/// Installs the packages beside the tree, as the lock file says and without running anything of them, and writes the file.
pub(crate) fn write() -> Result<(), Failure> {
    let place = std::env::temp_dir().join("grip-components");
    fs_err::create_dir_all(&place)?;
    for file in ["package.json", "package-lock.json"] {
        fs_err::copy(root().join(FOLDER).join(file), place.join(file))?;
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).arg("--prefix").arg(&place))?;
    fs_err::write(root().join(MADE), made(&place)?)?;
    println!("wrote {MADE}");
    Ok(())
}

/// The packages by their names, from the lock file.
pub(crate) fn packages() -> Result<BTreeMap<String, Package>, Failure> {
    let lock: Lock = serde_json::from_str(&lock_file()?)?;
    let named = |(path, package): (String, Package)| Some((path.strip_prefix("node_modules/")?.to_owned(), package));
    Ok(lock.packages.into_iter().filter_map(named).collect())
}

fn lock_file() -> Result<String, Failure> {
    Ok(fs_err::read_to_string(root().join(FOLDER).join("package-lock.json"))?)
}

/// The line of the file that says which lock file it was made from.
fn lock_line() -> Result<String, Failure> {
    let mut line = "   package-lock.json: SHA-256 ".to_owned();
    for byte in Sha256::digest(lock_file()?) {
        write!(line, "{byte:02x}")?;
    }
    Ok(line)
}

/// The file, from the packages as they are installed in a folder: of each the rules for the classes that pages use.
fn made(installed: &Path) -> Result<String, Failure> {
    let used = used()?;
    let mut head = format!(
        "/* Made by `cargo xtask components`; do not edit. Components of NL Design System, https://nldesignsystem.nl: of each\n   \
         package the rules for the classes that the pages use.\n{}\n",
        lock_line()?
    );
    let (mut rules, mut holders) = (String::new(), BTreeSet::new());
    for (name, Package { version, license, .. }) in packages()? {
        writeln!(head, "   {name} {version}, {license}")?;
        let sheet = fs_err::read_to_string(installed.join("node_modules").join(&name).join(sheet(&name)))?;
        let (sheet, comments) = without_comments(&sheet);
        holders.extend(
            comments.lines().filter_map(|line| line.split_once("Copyright").map(|(_, who)| who.trim().to_owned())),
        );
        writeln!(rules, "\n/* {name} */")?;
        push_used(&mut rules, &sheet, &used);
    }
    for holder in holders {
        writeln!(head, "   Copyright {holder}")?;
    }
    Ok(format!("{head}*/\n{rules}"))
}

/// Where a package keeps its style.
fn sheet(name: &str) -> String {
    match name.strip_prefix("@nl-design-system-candidate/").and_then(|name| name.strip_suffix("-css")) {
        Some(component) => format!("dist/{component}.css"),
        None => "dist/index.css".to_owned(),
    }
}

/// A style sheet without its comments, and those.
fn without_comments(sheet: &str) -> (String, String) {
    let (mut text, mut comments, mut rest) = (String::new(), String::new(), sheet);
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        let (comment, after) = comment.split_once("*/").unwrap_or((comment, ""));
        comments.push_str(comment);
        comments.push('\n');
        rest = after;
    }
    text.push_str(rest);
    (text, comments)
}

/// The classes of components, with what else begins as they do, in what makes pages.
fn used() -> Result<BTreeSet<String>, Failure> {
    let (mut used, mut folders) = (BTreeSet::new(), vec![root().join(PAGES)]);
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if makes_pages(&path) {
                used.extend(classes(&fs_err::read_to_string(&path)?));
            }
        }
    }
    Ok(used)
}

/// Templates, the script, and what dresses texts; not what names tokens.
fn makes_pages(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("html" | "js")) || path.ends_with("dress.rs") || path.ends_with("document.rs")
}

fn classes(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_inside = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    let words = text.split(move |letter: char| !is_inside(letter));
    words.filter(|word| word.starts_with("nl-") || word.starts_with("utrecht-")).map(str::to_owned)
}

/// Writes the rules of a style sheet that can apply to what has these classes only, each on its line.
fn push_used(out: &mut String, sheet: &str, used: &BTreeSet<String>) {
    let mut rest = sheet;
    while let Some((head, behind)) = rest.split_once('{') {
        // A statement without a block, as `@charset`, ends before the next rule begins.
        let head = head.rsplit(';').next().unwrap_or_default().trim();
        let (block, after) = behind.split_at(end_of(behind, '{', '}'));
        rest = after.strip_prefix('}').unwrap_or_default();
        if head.starts_with('@') {
            let mut inner = String::new();
            push_used(&mut inner, block, used);
            if !inner.is_empty() {
                let _ = write!(out, "{head}{{\n{inner}}}\n");
            }
            continue;
        }
        let selectors: Vec<String> = apart(head).filter(|selector| applies(selector, used)).map(on_one_line).collect();
        let block = on_one_line(block);
        if !selectors.is_empty() && !block.is_empty() {
            let _ = writeln!(out, "{}{{{block}}}", selectors.join(","));
        }
    }
}

/// Where what was opened is closed again.
fn end_of(text: &str, open: char, close: char) -> usize {
    let mut depth = 1_usize;
    let end = text.find(|letter| {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
        }
        depth == 0
    });
    end.unwrap_or(text.len())
}

/// The selectors of a list.
fn apart(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    list.split(move |letter| {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    })
}

/// Whether all classes that a selector wants are in use. What it wants not to be there may well not be.
fn applies(selector: &str, used: &BTreeSet<String>) -> bool {
    let mut wanted = selector.to_owned();
    while let Some((before, inside)) = wanted.split_once(":not(") {
        let after = inside.get(end_of(inside, '(', ')') + 1..).unwrap_or_default();
        wanted = format!("{before}{after}");
    }
    let mut classes = wanted.split('.').skip(1).flat_map(|rest| classes(rest).next());
    classes.all(|class| used.contains(&class))
}

/// With one blank between words, and none around what needs none.
fn on_one_line(text: impl AsRef<str>) -> String {
    let text = text.as_ref().split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("; ", ";")
        .replace("{ ", "{")
        .replace(": ", ":")
        .replace(", ", ",")
        .trim_end_matches(';')
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{MADE, applies, lock_line, made, packages, push_used, used};
    use crate::root;

    fn committed() -> String {
        fs_err::read_to_string(root().join(MADE)).expect("it is there")
    }

    #[test]
    fn the_committed_file_is_of_this_lock_file() {
        let sheet = committed();
        let line = lock_line().expect("a lock file");
        assert!(sheet.lines().any(|found| found == line), "run `cargo xtask components`: {line}");
        for (name, package) in packages().expect("a lock file") {
            assert!(sheet.contains(&format!("{name} {}, {}", package.version, package.license)), "{name}");
            assert_eq!(package.license, "EUPL-1.2", "{name}");
            assert!(sheet.contains(&format!("/* {name} */\n.")), "no page uses {name}");
        }
    }

    #[test]
    fn every_class_of_a_component_has_its_rules() {
        let sheet = committed();
        for class in used().expect("pages") {
            let has_rule = sheet.match_indices(&format!(".{class}")).any(|(at, found)| {
                let next = sheet[at + found.len()..].chars().next();
                next.is_none_or(|next| !next.is_ascii_alphanumeric() && !"-_".contains(next))
            });
            assert!(has_rule, "no package has `{class}`, or run `cargo xtask components`");
        }
    }

    /// With the packages at hand, as `npm ci` of the lock file installs them.
    #[test]
    fn the_committed_file_is_what_the_packages_make() {
        let Some(installed) = std::env::var_os("GRIP_TEST_COMPONENTS").map(PathBuf::from) else {
            eprintln!("GRIP_TEST_COMPONENTS names no folder with packages: COMPONENTS.CSS WAS NOT MADE AGAIN");
            return;
        };
        assert!(made(&installed).expect("made") == committed(), "run `cargo xtask components`");
    }

    #[test]
    fn rules_that_no_page_needs_are_left() {
        let used = ["nl-a".to_owned(), "nl-a--b".to_owned()].into();
        let mut left = String::new();
        let sheet = "@charset \"UTF-8\";.nl-a, .nl-c > p {\n  margin: 0;\n}\n@media print{.nl-c{x:y}}\
                     @media screen{.nl-a:where(.nl-a--b):not(.nl-c:has(b)):hover{x:y}}.nl-a__d{x:y}.nl-a{}";
        push_used(&mut left, sheet, &used);
        assert_eq!(left, ".nl-a{margin:0}\n@media screen{\n.nl-a:where(.nl-a--b):not(.nl-c:has(b)):hover{x:y}\n}\n");
        assert!(!applies(".nl-a.nl-a--c", &used) && applies("td", &used));
    }
}
