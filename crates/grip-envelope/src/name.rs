/// Longest name of one entry, in characters. A path of Windows has at most 260, one of ZIP 65,535.
const NAME_CHARS_MAX: usize = 512;

/// A name that was changed to be harmless, or was harmless as it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// Whether it could have harmed somebody who writes files by it.
    pub(crate) was_unsafe: bool,
}

/// A path relative to its archive, with `/` between the parts, without `..`, drive, control or direction characters.
pub(crate) fn harmless(raw: &str) -> Name {
    let mut was_unsafe = raw.starts_with(['/', '\\']) || raw.contains('\\');
    let mut text = String::with_capacity(raw.len());
    let mut chars = 0;
    for part in raw.split(['/', '\\']) {
        let undriven = without_drive(part);
        was_unsafe |= undriven.len() < part.len() || part == "..";
        if matches!(undriven, "" | "." | "..") {
            continue;
        }
        if !text.is_empty() {
            text.push('/');
            chars += 1;
        }
        for char in undriven.chars() {
            if chars == NAME_CHARS_MAX {
                return Name { text, was_unsafe: true };
            }
            chars += 1;
            let misleads = char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            was_unsafe |= misleads;
            text.push(if misleads { '_' } else { char });
        }
    }
    if text.is_empty() {
        text.push_str("naamloos");
    }
    Name { text, was_unsafe }
}

fn without_drive(mut part: &str) -> &str {
    while let [letter, b':', ..] = part.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        part = &part[2..];
    }
    part
}

/// What operating systems put into archives for themselves: no document of anybody.
pub(crate) fn is_of_the_system(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    name.split('/').any(|part| part == "__MACOSX") || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

#[cfg(test)]
mod tests {
    use super::{NAME_CHARS_MAX, harmless};

    #[track_caller]
    fn check(raw: &str, expected: &str, was_unsafe: bool) {
        let name = harmless(raw);
        assert_eq!((name.text.as_str(), name.was_unsafe), (expected, was_unsafe), "{raw:?}");
    }

    #[test]
    fn names_are_made_harmless() {
        check("2024/a.xml", "2024/a.xml", false);
        check("./a//b.xml", "a/b.xml", false);
        check("../../etc/passwd", "etc/passwd", true);
        check("/etc/passwd", "etc/passwd", true);
        check("Z:\\Windows\\a.xml", "Windows/a.xml", true);
        check("c:a.xml", "a.xml", true);
        check("c:d:../a.xml", "a.xml", true);
        check("x/C:../../a.xml", "x/a.xml", true);
        check("2024\\a.xml", "2024/a.xml", true);
        check("\\\\server\\share\\a.xml", "server/share/a.xml", true);
        check("a\0.xml", "a_.xml", true);
        check("lmx.\u{202e}exe", "lmx._exe", true);
        check("", "naamloos", false);
        check("..", "naamloos", true);
        check("één.xml", "één.xml", false);
    }

    #[test]
    fn long_names_are_cut() {
        let name = harmless(&"é".repeat(70_000));
        assert_eq!(name.text.chars().count(), NAME_CHARS_MAX);
        assert!(name.was_unsafe);
    }
}
