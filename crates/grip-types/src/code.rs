use std::{fmt, str::FromStr};

/// Which law a message falls under. Not a field of any message: it follows from the namespace. Glossary: Wet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wet {
    /// Wet maatschappelijke ondersteuning 2015, messages of iWmo.
    Wmo,
    /// Jeugdwet, messages of iJw.
    Jw,
}

impl Wet {
    /// `wmo` or `jw`, as stored in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wmo => "wmo",
            Self::Jw => "jw",
        }
    }
}

impl fmt::Display for Wet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Wet {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "wmo" | "iwmo" | "wmo2015" => Ok(Self::Wmo),
            "jw" | "ijw" | "jeugdwet" | "jeugd" => Ok(Self::Jw),
            _ => Err(CodeError { what: "law", text: text.to_owned(), expected: "`wmo` or `jw`" }),
        }
    }
}

/// Code of a municipality in the list of CBS, four digits. Glossary: Gemeente.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GemeenteCode(u16);

impl GemeenteCode {
    /// The code with that number, at most 9999.
    ///
    /// # Panics
    /// When the number has more than four digits.
    pub const fn constant(number: u16) -> Self {
        assert!(number <= 9999, "a code has four digits");
        Self(number)
    }
}

impl FromStr for GemeenteCode {
    type Err = CodeError;
    /// Reads `0935`, `GM0935` and `gm0935`, also with the trailing blanks of CBS tables.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let trimmed = text.trim();
        let digits = trimmed.strip_prefix("GM").or_else(|| trimmed.strip_prefix("gm")).unwrap_or(trimmed);
        parse_digits::<4>(digits).and_then(|number| u16::try_from(number).ok()).map(Self).ok_or_else(|| CodeError {
            what: "municipality",
            text: text.to_owned(),
            expected: "four digits, as `0935` or `GM0935`",
        })
    }
}

impl fmt::Display for GemeenteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

/// AGB code of a provider, eight digits. Glossary: Aanbieder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgbCode(u32);

impl FromStr for AgbCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        parse_digits::<8>(text.trim()).map(Self).ok_or_else(|| CodeError {
            what: "provider",
            text: text.to_owned(),
            expected: "an AGB code of eight digits",
        })
    }
}

impl fmt::Display for AgbCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

fn parse_digits<const N: usize>(text: &str) -> Option<u32> {
    let all_digits = text.len() == N && text.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

/// A code that does not have the form its list prescribes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what} code: expected {expected}")]
pub struct CodeError {
    what: &'static str,
    text: String,
    expected: &'static str,
}

#[cfg(test)]
mod tests {
    use super::{AgbCode, GemeenteCode, Wet};

    #[test]
    fn municipality_codes_in_every_spelling() {
        for text in ["0935", "GM0935", "gm0935", "GM0935    "] {
            assert_eq!(text.parse::<GemeenteCode>().map(|c| c.to_string()), Ok("0935".to_owned()), "{text}");
        }
        for text in ["935", "GM935", "00935", "GM09x5", ""] {
            assert!(text.parse::<GemeenteCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn provider_codes_keep_their_zeros() {
        assert_eq!("00123456".parse::<AgbCode>().map(|c| c.to_string()), Ok("00123456".to_owned()));
        assert!("1234567".parse::<AgbCode>().is_err());
        assert!("+1234567".parse::<AgbCode>().is_err());
    }

    #[test]
    fn laws() {
        assert_eq!("Jeugdwet".parse::<Wet>(), Ok(Wet::Jw));
        assert!("wlz".parse::<Wet>().is_err());
    }
}
