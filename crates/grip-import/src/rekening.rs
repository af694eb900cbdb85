use std::{fmt, str::FromStr};

/// One account of the general ledger or a number of them: `4301`, `4300-4399` or `43*`. Glossary: Grootboekrekening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rekeningen {
    /// This account only.
    One(String),
    /// Every account from the first to the last, both of which belong to it and have as many digits.
    Range(String, String),
    /// Every account that begins so.
    Prefix(String),
}

impl Rekeningen {
    /// Whether an account is among them.
    pub fn contains(&self, account: &str) -> bool {
        match self {
            Self::One(one) => one == account,
            Self::Range(from, to) => {
                // Of equally many digits the order of texts is the order of numbers.
                account.len() == from.len() && is_digits(account) && (from.as_str()..=to.as_str()).contains(&account)
            }
            Self::Prefix(prefix) => account.starts_with(prefix.as_str()),
        }
    }

    /// Which of two that both contain an account holds: the higher. One account is above every range, a narrow range above
    /// a wide one, a long prefix above a short one, and a range above a prefix.
    pub fn precedence(&self) -> (u8, i64) {
        match self {
            Self::One(_) => (2, 0),
            Self::Range(from, to) => {
                let number = |text: &str| text.parse::<i64>().unwrap_or_default();
                (1, number(from).saturating_sub(number(to)))
            }
            Self::Prefix(prefix) => (0, i64::try_from(prefix.len()).unwrap_or(i64::MAX)),
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_account(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/');
    (1..=35).contains(&text.len()) && text.chars().all(allowed)
}

impl fmt::Display for Rekeningen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(one) => f.pad(one),
            Self::Range(from, to) => f.pad(&format!("{from}-{to}")),
            Self::Prefix(prefix) => f.pad(&format!("{prefix}*")),
        }
    }
}

/// A text that names no accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an account: expected `4301`, `4300-4399` or `43*`")]
pub struct RekeningenError;

impl FromStr for Rekeningen {
    type Err = RekeningenError;
    fn from_str(text: &str) -> Result<Self, RekeningenError> {
        let text = text.trim();
        if let Some(prefix) = text.strip_suffix('*') {
            return if is_account(prefix) { Ok(Self::Prefix(prefix.to_owned())) } else { Err(RekeningenError) };
        }
        if let Some((from, to)) = text.split_once('-') {
            let (from, to) = (from.trim(), to.trim());
            let fits = is_digits(from) && is_digits(to) && from.len() == to.len() && from.len() <= 18 && from <= to;
            return if fits { Ok(Self::Range(from.to_owned(), to.to_owned())) } else { Err(RekeningenError) };
        }
        if is_account(text) { Ok(Self::One(text.to_owned())) } else { Err(RekeningenError) }
    }
}

#[cfg(test)]
mod tests {
    use super::Rekeningen;

    #[test]
    fn accounts_ranges_and_prefixes() {
        let parse = |text: &str| text.parse::<Rekeningen>();
        let range = parse("4300 - 4399").unwrap();
        assert!(
            range.contains("4300") && range.contains("4399") && !range.contains("4400") && !range.contains("43000")
        );
        let prefix = parse("43*").unwrap();
        assert!(prefix.contains("43000") && !prefix.contains("44"));
        let one = parse("4301").unwrap();
        assert!(one.contains("4301") && !one.contains("43010"));
        assert!(one.precedence() > range.precedence() && range.precedence() > prefix.precedence());
        assert!(parse("4300-4309").unwrap().precedence() > range.precedence());
        assert!(parse("430*").unwrap().precedence() > prefix.precedence());
        assert_eq!([&one, &range, &prefix].map(ToString::to_string), ["4301", "4300-4399", "43*"]);
        for wrong in ["", "*", "4399-4300", "43-4399", "A-B", "4 3", "4300-4399-4400", "é"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
