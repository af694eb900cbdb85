use std::{fmt, str::FromStr};

/// A task field of Iv3, in any of the three numberings that were in use. Glossary: Taakveld.
///
/// The text is kept as the numbering writes it: `6.1` and `6.10` are two task fields.
///
/// # Source
/// BBV art. 24, Regeling vaststelling taakvelden: `6.72` (to 2022), `6.72a` (2023 and 2024), `6.762` (from 2025).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taakveld(String);

/// When a task field was in use. A series across two of these needs a conversion and a visible break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// The same number in every year.
    Every,
    /// Up to and including 2022.
    To2022,
    /// With a letter: 2023 and 2024.
    Letters,
    /// With a third digit, or among those that were added: from 2025.
    Digits,
}

impl Taakveld {
    /// As `6.72a`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In which numbering it stands.
    pub fn numbering(&self) -> Numbering {
        match self.0.as_str() {
            "6.21" | "6.22" | "6.23" | "6.60" | "6.91" | "6.92" => Numbering::Digits,
            "6.2" | "6.6" | "6.71" | "6.72" | "6.81" | "6.82" => Numbering::To2022,
            text if text.ends_with(|letter: char| letter.is_ascii_lowercase()) => Numbering::Letters,
            text if text.split_once('.').is_some_and(|(_, rest)| rest.len() == 3) => Numbering::Digits,
            _ => Numbering::Every,
        }
    }

    /// Whether the numbering of that year had it.
    pub fn is_of_year(&self, year: i64) -> bool {
        match self.numbering() {
            Numbering::Every => true,
            Numbering::To2022 => year <= 2022,
            Numbering::Letters => (2023..=2024).contains(&year),
            Numbering::Digits => year >= 2025,
        }
    }
}

impl fmt::Display for Taakveld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A text that is not a task field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a task field: expected `6.72`, `6.72a` or `6.762`")]
pub struct TaakveldError;

impl FromStr for Taakveld {
    type Err = TaakveldError;

    /// Reads `6.72`, `6.72a`, `6.762`, also `6,72`, `6.72 A`, and with the trailing blanks of Iv3 tables.
    fn from_str(text: &str) -> Result<Self, TaakveldError> {
        let text = text.trim().replace(',', ".").to_ascii_lowercase();
        let (chapter, rest) = text.split_once('.').ok_or(TaakveldError)?;
        let letter = rest.chars().next_back().filter(|letter| ('a'..='d').contains(letter));
        let digits = if letter.is_some() { rest[..rest.len() - 1].trim_end() } else { rest };
        let is_chapter = matches!(chapter.as_bytes(), [b'0'..=b'8']);
        let is_number = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let letter_fits = letter.is_none() || digits.len() == 2;
        if !is_chapter || !is_number || !letter_fits || digits.starts_with('0') {
            return Err(TaakveldError);
        }
        Ok(Self(format!("{chapter}.{digits}{}", letter.map(String::from).unwrap_or_default())))
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbering, Taakveld};

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, Numbering)>) {
        let found = text.parse::<Taakveld>().ok();
        assert_eq!(found.as_ref().map(|found| (found.as_str(), found.numbering())), expected, "{text}");
    }

    #[test]
    fn three_numberings() {
        check("6.72", Some(("6.72", Numbering::To2022)));
        check("6.72a", Some(("6.72a", Numbering::Letters)));
        check("6.72 A ", Some(("6.72a", Numbering::Letters)));
        check("6.762", Some(("6.762", Numbering::Digits)));
        check("6,81", Some(("6.81", Numbering::To2022)));
        check("6.60", Some(("6.60", Numbering::Digits)));
        check("6.6", Some(("6.6", Numbering::To2022)));
        check("5.3   ", Some(("5.3", Numbering::Every)));
        check("0.10", Some(("0.10", Numbering::Every)));
        for wrong in ["", "6", "6.", "6.7e", "9.1", "6.7a", "6.7211", "A.1", "6.72.1", "6.é", "totaal"] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_number_belongs_to_its_years() {
        let is_of = |text: &str, year| text.parse::<Taakveld>().unwrap().is_of_year(year);
        assert!(is_of("6.72", 2022) && !is_of("6.72", 2023));
        assert!(is_of("6.72a", 2024) && !is_of("6.72a", 2025));
        assert!(is_of("6.762", 2025) && !is_of("6.762", 2024));
        assert!(is_of("6.1", 2019) && is_of("6.1", 2026));
    }
}
