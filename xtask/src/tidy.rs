//! The house rules as tests. Each says in its failure what to do.

mod crates;
mod documents;
mod files;
mod words;

use files::{TextFile, text_files};

use crate::root;

fn files() -> Vec<TextFile> {
    text_files().expect("the repository can be read")
}

fn rust_files() -> Vec<TextFile> {
    files().into_iter().filter(|file| file.has_extension("rs")).collect()
}

fn read(path: &str) -> String {
    fs_err::read_to_string(root().join(path)).expect("the file is there")
}

#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Nine digits that pass the elfproef: (9a+8b+7c+6d+5e+4f+3g+2h−i) is a multiple of 11, and not all zero.
fn passes_elfproef(digits: &[u8]) -> bool {
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = digits.iter().zip(weights).map(|(digit, weight)| i32::from(digit - b'0') * weight).sum();
    digits.len() == 9 && sum % 11 == 0 && digits.iter().any(|digit| *digit != b'0')
}

/// Numbers from 999 on are never issued; everything else that could be of a citizen may not be here.
#[test]
fn no_citizen_numbers_in_the_repository() {
    let mut complaints = Vec::new();
    // Lock files are digests, one in eleven of whose nine-digit runs passes.
    for file in files().iter().filter(|file| !file.path.ends_with("Cargo.lock")) {
        for (index, line) in file.text.lines().enumerate() {
            let numbers = line.as_bytes().split(|byte| !byte.is_ascii_digit());
            if numbers.filter(|digits| passes_elfproef(digits)).any(|digits| !digits.starts_with(b"999")) {
                complaints.push(format!(
                    "{}:{}: a number that could be of a citizen; use 9999xxxxx",
                    file.path,
                    index + 1
                ));
            }
        }
    }
    assert_none(&complaints);
}

/// A test that does not run, or that any panic satisfies, is none.
#[test]
fn no_ignored_tests() {
    let mut complaints = Vec::new();
    for file in rust_files() {
        for (index, line) in file.text.lines().enumerate() {
            let line = line.trim_start();
            if ["#[ignore", "#[should_panic"].iter().any(|attribute| line.starts_with(attribute)) {
                complaints.push(format!("{}:{}: {line}", file.path, index + 1));
            }
        }
    }
    assert_none(&complaints);
}

/// What is true on one machine only is of no use to others.
#[test]
fn no_paths_of_one_machine() {
    let places = ["/home/", "/Users/", "/tmp/", "C:\\"];
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| file.path != "xtask/src/tidy.rs") {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(place) = places.iter().find(|place| starts_a_path(line, place)) {
                complaints.push(format!("{}:{}: `{place}` is a path of one machine", file.path, index + 1));
            }
        }
    }
    assert_none(&complaints);
}

/// Whether `place` stands at the beginning of a path and not inside one, as the `/home/` of an address would.
fn starts_a_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '.' | '_' | '-' | '}' | '/'))
    })
}

/// A file that no module names is not compiled, and rots.
#[test]
fn no_source_file_is_unreachable() {
    let files = rust_files();
    let mut complaints = Vec::new();
    for file in &files {
        let Some((crate_folder, inner)) = file.path.split_once("/src/").or_else(|| file.path.split_once("/tests/it/"))
        else {
            continue;
        };
        let stem = inner.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or_default();
        let named = format!("mod {stem};");
        let same_crate = |other: &&TextFile| other.path.starts_with(&format!("{crate_folder}/"));
        if !matches!(stem, "lib" | "main") && !files.iter().filter(same_crate).any(|other| other.text.contains(&named))
        {
            complaints.push(format!("{}: no `{named}` in its crate", file.path));
        }
    }
    assert_none(&complaints);
}

#[test]
fn elfproef_and_paths() {
    assert!(passes_elfproef(b"999900006"));
    assert!(!passes_elfproef(b"999900007") && !passes_elfproef(b"000000000") && !passes_elfproef(b"99990000"));
    assert!(starts_a_path("see /home/x", "/home/") && !starts_a_path("http://a/home/x", "/home/"));
}
