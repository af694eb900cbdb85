use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
};

/// An amount of money in whole eurocents. Credits are negative. Glossary: Bedrag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bedrag {
    /// Eurocents.
    pub cents: i64,
}

impl Bedrag {
    /// No money.
    pub const ZERO: Self = Self { cents: 0 };

    /// An amount of `cents` eurocents.
    pub const fn from_cents(cents: i64) -> Self {
        Self { cents }
    }

    /// The amount in eurocents as a floating-point number, for statistics only.
    ///
    /// Exact up to 2^53 cents, which is 90 trillion euros.
    #[expect(clippy::cast_precision_loss, reason = "budgets of municipalities stay far below 2^53 cents")]
    pub fn to_f64(self) -> f64 {
        self.cents as f64
    }

    /// The nearest whole eurocent to a statistic, halves away from zero; what is not finite becomes zero.
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates and turns NaN into 0, which is what is wanted")]
    pub fn from_f64(cents: f64) -> Self {
        Self { cents: cents.round() as i64 }
    }

    /// Reads an amount in euros as people type it: `1234`, `1.234,50`, `1234,5`, `€ 1 234,50`, `1234.50`, `-12,00`.
    ///
    /// A point followed by exactly three digits is taken for a thousands separator, as Dutch spreadsheets write it.
    /// Returns `None` when the text is not an amount or has a fraction of a cent.
    pub fn parse_euros(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '€' | '\u{a0}')).collect();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let (whole, fraction) = match (digits.rfind(','), digits.rfind('.')) {
            (Some(comma), _) => (&digits[..comma], &digits[comma + 1..]),
            (None, Some(point)) if digits.len() - point - 1 != 3 => (&digits[..point], &digits[point + 1..]),
            _ => (digits, ""),
        };
        let groups: Vec<&str> = whole.split('.').collect();
        let grouped_well =
            groups.len() == 1 || (groups[1..].iter().all(|group| group.len() == 3) && !groups[0].is_empty());
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !grouped_well || whole.is_empty() || !groups.iter().all(|g| all_digits(g)) || !all_digits(fraction) {
            return None;
        }
        if fraction.len() > 2 && fraction[2..].bytes().any(|b| b != b'0') {
            return None;
        }
        let euros: i64 = groups.concat().parse().ok()?;
        let cents: i64 = format!("{fraction:0<2}")[..2].parse().ok()?;
        let total = euros.checked_mul(100)?.checked_add(cents)?;
        Some(Self { cents: if negative { -total } else { total } })
    }
}

/// Dutch notation with cents: `-1.234,56`.
impl fmt::Display for Bedrag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.cents < 0 { "-" } else { "" };
        let magnitude = self.cents.unsigned_abs();
        let euros = (magnitude / 100).to_string();
        let mut grouped = String::with_capacity(euros.len() * 4 / 3 + 1);
        for (position, digit) in euros.chars().enumerate() {
            if position > 0 && (euros.len() - position).is_multiple_of(3) {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        f.pad(&format!("{sign}{grouped},{:02}", magnitude % 100))
    }
}

impl Add for Bedrag {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { cents: self.cents + other.cents }
    }
}
impl Sub for Bedrag {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { cents: self.cents - other.cents }
    }
}
impl Neg for Bedrag {
    type Output = Self;
    fn neg(self) -> Self {
        Self { cents: -self.cents }
    }
}
impl AddAssign for Bedrag {
    fn add_assign(&mut self, other: Self) {
        self.cents += other.cents;
    }
}
impl SubAssign for Bedrag {
    fn sub_assign(&mut self, other: Self) {
        self.cents -= other.cents;
    }
}
impl Sum for Bedrag {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Bedrag;

    #[track_caller]
    fn check(text: &str, cents: Option<i64>) {
        assert_eq!(Bedrag::parse_euros(text).map(|b| b.cents), cents, "{text}");
    }

    #[test]
    fn amounts_as_people_type_them() {
        check("1234", Some(123_400));
        check("1.234", Some(123_400));
        check("1.234,50", Some(123_450));
        check("1234,5", Some(123_450));
        check("1234.50", Some(123_450));
        check("€ 1 234,50", Some(123_450));
        check("-12,00", Some(-1_200));
        check("0,005", None);
        check("12,3400", Some(1_234));
        check("1.23.456", None);
        check("", None);
        check("-", None);
        check("12a", None);
        check(".500", None);
    }

    #[test]
    fn dutch_notation() {
        assert_eq!(Bedrag::from_cents(-123_456_789).to_string(), "-1.234.567,89");
        assert_eq!(Bedrag::from_cents(5).to_string(), "0,05");
        assert_eq!(Bedrag::from_cents(100_000).to_string(), "1.000,00");
        assert_eq!(format!("{:>10}", Bedrag::from_cents(100)), "      1,00");
    }
}
