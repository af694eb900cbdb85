use std::{fmt, str::FromStr};

use grip_types::{Date, Maand};

use crate::{CallError, Grain};

/// A year, a quarter or a month, written `2024`, `2024-K1` or `2024-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Maand,
    grain: Grain,
}

impl Period {
    /// How long it is.
    pub fn grain(self) -> Grain {
        self.grain
    }

    /// The year it lies in.
    pub fn year(self) -> i16 {
        self.first.year()
    }

    /// Its first month.
    pub fn first_month(self) -> Maand {
        self.first
    }

    /// Its last month.
    pub fn last_month(self) -> Maand {
        self.first.plus(self.grain.months() - 1)
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.first.first_day()
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.last_month().last_day()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.grain {
            Grain::Jaar => write!(f, "{:04}", self.first.year()),
            Grain::Kwartaal => write!(f, "{:04}-K{}", self.first.year(), (self.first.month() - 1) / 3 + 1),
            Grain::Maand => write!(f, "{}", self.first),
        }
    }
}

impl FromStr for Period {
    type Err = CallError;
    fn from_str(text: &str) -> Result<Self, CallError> {
        let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let year: i16 = year.parse().ok().filter(|year| is_year && *year >= 1900).ok_or(CallError::Period)?;
        let number = |digits: &str, length: usize| -> Option<i32> {
            let is_number = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().ok()).flatten()
        };
        let (month, grain) = match rest {
            None => (1, Grain::Jaar),
            Some(rest) => match rest.strip_prefix('K') {
                Some(quarter) => {
                    let quarter = number(quarter, 1).filter(|quarter| (1..=4).contains(quarter));
                    (quarter.ok_or(CallError::Period)? * 3 - 2, Grain::Kwartaal)
                }
                None => {
                    let month = number(rest, 2).filter(|month| (1..=12).contains(month));
                    (month.ok_or(CallError::Period)?, Grain::Maand)
                }
            },
        };
        Ok(Self { first: Maand::new(year, month), grain })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match text.parse::<Period>() {
            Ok(period) => format!("{period} {} {}", period.first_day(), period.last_day()),
            Err(_) => "refused".to_owned(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn periods_have_a_first_and_a_last_day() {
        check("2024", "2024 2024-01-01 2024-12-31");
        check("2024-K1", "2024-K1 2024-01-01 2024-03-31");
        check("2024-K4", "2024-K4 2024-10-01 2024-12-31");
        check("2024-02", "2024-02 2024-02-01 2024-02-29");
        check("2023-02", "2023-02 2023-02-01 2023-02-28");
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in
            ["", "24", "2024-13", "2024-00", "2024-K5", "2024-K0", "2024-1", "2024-'; --", "+024", "2024-K1x", "0001"]
        {
            check(text, "refused");
        }
    }
}
