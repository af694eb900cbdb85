//! Whether someone who does not see the pages can read them.

use std::process::Command;

use grip_report::Language;
use serde_json::Value;

use crate::{paper::standard, sample::report};

/// A Python with a checker of PDF/UA-1 and a reader of PDF, or nothing.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says which Python has the programs")]
fn python() -> Option<String> {
    let candidates = [std::env::var("GRIP_TEST_PYTHON").ok(), Some("python3".to_owned())];
    candidates.into_iter().flatten().find(|python| {
        let has_them = Command::new(python).args(["-c", "import page, pikepdf; page.validate_pdf"]).output();
        has_them.is_ok_and(|output| output.status.success())
    })
}

/// Two judges: page-validation, a checker of PDF/UA-1 that is not Typst's own, and what `access.py` looks at itself.
#[test]
fn the_file_can_be_read_aloud() {
    let Some(python) = python() else {
        println!(
            "not checked as PDF/UA-1 but by Typst: no python3 with page-validation and pikepdf (pip install both)"
        );
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    for language in [Language::Nl, Language::En] {
        let path = folder.path().join("rapport.pdf");
        fs_err::write(&path, standard(&report(language))).expect("it is written");
        let output =
            Command::new(&python).arg("-c").arg(include_str!("access.py")).arg(&path).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let judged: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(judged["faults"], serde_json::json!([]), "{judged}");
        let found = &judged["found"];
        let counts = ["figures", "tables"].map(|name| found[name].as_u64());
        assert_eq!(counts, [Some(1), Some(3)], "{judged}");
        // A table of 3 rows, one of 90 and one of 1, of which two have a total; heads that repeat count once.
        assert_eq!([&found["row_heads"], &found["column_heads"]], [96, 5 + 5 + 14], "{judged}");
        assert_eq!((found["lang"].as_str(), found["part"].as_str()), (Some(language.code()), Some("1")));
        assert_eq!([&found["shows_title"], &found["bookmarks"]], [true, true]);
        assert_eq!(found["title"], "Monitor sociaal domein");
    }
}
