use std::{cmp::Ordering, fmt};

/// Most digits after the decimal sign that are kept.
const SCALE_MAX: u8 = 9;

/// An exact decimal number, with as many digits after the decimal sign as were written. Never a floating-point number.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

impl Decimal {
    /// `units` × 10^−`scale`.
    ///
    /// # Panics
    /// When `scale` is above 9.
    pub const fn new(units: i64, scale: u8) -> Self {
        assert!(scale <= SCALE_MAX, "at most nine digits after the decimal sign");
        Self { units, scale }
    }

    /// The number without its decimal sign.
    pub fn units(self) -> i64 {
        self.units
    }

    /// Digits after the decimal sign, as written.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// One unit of the last digit written: 0.1 of 122.0.
    #[must_use]
    pub fn last_digit(self) -> Self {
        Self { units: 1, scale: self.scale }
    }

    /// The whole number it is, or `None` when it has a fraction.
    pub fn whole(self) -> Option<i64> {
        let factor = 10_i64.pow(u32::from(self.scale));
        (self.units % factor == 0).then_some(self.units / factor)
    }

    /// In units of 10^−9, which every number can be expressed in. Sums of billions of these fit.
    pub(crate) fn nano(self) -> i128 {
        i128::from(self.units) * 10_i128.pow(u32::from(SCALE_MAX - self.scale))
    }

    /// The shortest way to write a number of units of 10^−9.
    pub(crate) fn from_nano(nano: i128) -> Option<Self> {
        let (mut units, mut scale) = (nano, SCALE_MAX);
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Some(Self { units: i64::try_from(units).ok()?, scale })
    }

    #[must_use]
    pub(crate) fn negated(self) -> Self {
        Self { units: -self.units, scale: self.scale }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.nano() == other.nano()
    }
}
impl Eq for Decimal {}
impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nano().cmp(&other.nano())
    }
}

/// Dutch notation without thousands separators: `-8,6`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let factor = 10_u64.pow(u32::from(self.scale));
        let magnitude = self.units.unsigned_abs();
        if self.scale == 0 {
            return f.pad(&format!("{sign}{magnitude}"));
        }
        let width = usize::from(self.scale);
        f.pad(&format!("{sign}{},{:0width$}", magnitude / factor, magnitude % factor))
    }
}

/// What separates a number from its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Notation {
    /// Not stated: `1.234` could be read in two ways.
    #[default]
    Unknown,
    /// `1.234,50`
    Comma,
    /// `1,234.50`
    Point,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberFault {
    /// Not a number, or of more digits than can be kept.
    NoNumber,
    /// One separator before exactly three digits, and nobody said which it is.
    Ambiguous {
        /// Read as thousands.
        grouped: Decimal,
        separator: char,
    },
}

/// Reads a number as people and spreadsheets write it: `€ 1.234,50`, `1 234.5`, `(12,00)`, `12,00-`, `−3`.
pub(crate) fn parse_number(text: &str, notation: Notation) -> Result<Decimal, NumberFault> {
    let (negative, digits) = strip_sign(text).ok_or(NumberFault::NoNumber)?;
    let sign = |number: Decimal| if negative { number.negated() } else { number };
    let count = |separator| digits.matches(separator).count();
    let (commas, points) = (count(','), count('.'));
    let decimal_sign = match (notation, commas, points) {
        (Notation::Comma, ..) => Some(','),
        (Notation::Point, ..) => Some('.'),
        (_, 0, 0) => None,
        (_, 1.., 1..) => digits.rfind([',', '.']).and_then(|at| digits[at..].chars().next()),
        (_, 2.., 0) | (_, 0, 2..) => None,
        (_, one_comma, _) => {
            let separator = if one_comma == 1 { ',' } else { '.' };
            let (before, after) = digits.split_once(separator).ok_or(NumberFault::NoNumber)?;
            if after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') {
                let grouped = sign(assemble(&digits, None).ok_or(NumberFault::NoNumber)?);
                return Err(NumberFault::Ambiguous { grouped, separator });
            }
            Some(separator)
        }
    };
    assemble(&digits, decimal_sign).map(sign).ok_or(NumberFault::NoNumber)
}

/// Whether it is negative, and its digits and separators.
fn strip_sign(text: &str) -> Option<(bool, String)> {
    let text = text.trim().trim_start_matches('€').trim();
    let text = text.strip_prefix("EUR").unwrap_or(text).trim();
    let (in_brackets, text) = match text.strip_prefix('(') {
        Some(rest) => (true, rest.strip_suffix(')')?),
        None => (false, text),
    };
    let (minus, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (minus_behind, text) = match text.strip_suffix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if u8::from(in_brackets) + u8::from(minus) + u8::from(minus_behind) > 1 {
        return None;
    }
    let text = text.trim().trim_start_matches('€').trim();
    Some((in_brackets || minus || minus_behind, text.to_owned()))
}

/// Digits with at most one decimal sign; every other separator must stand before groups of three, and be the same one.
fn assemble(digits: &str, decimal_sign: Option<char>) -> Option<Decimal> {
    let (whole, fraction) = match decimal_sign.and_then(|sign| digits.rsplit_once(sign)) {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (digits, ""),
    };
    let is_separator = |c: char| matches!(c, '.' | ',' | '\'' | '’') || c.is_whitespace();
    let separator = whole.chars().find(|c| is_separator(*c));
    if separator.is_some() && separator == decimal_sign {
        return None;
    }
    let mut joined = String::with_capacity(digits.len());
    if let Some(separator) = separator {
        for (position, group) in whole.split(separator).enumerate() {
            if group.len() != 3 && (position > 0 || !(1..=2).contains(&group.len())) {
                return None;
            }
            joined.push_str(group);
        }
    } else {
        joined.push_str(whole);
    }
    // Zeros behind the ninth digit say nothing.
    let fraction = match fraction.get(usize::from(SCALE_MAX)..) {
        Some(rest) if rest.bytes().all(|byte| byte == b'0') => &fraction[..usize::from(SCALE_MAX)],
        Some(_) => return None,
        None => fraction,
    };
    if joined.is_empty() {
        return None;
    }
    joined.push_str(fraction);
    if !joined.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Decimal { units: joined.parse().ok()?, scale: u8::try_from(fraction.len()).ok()? })
}

#[cfg(test)]
mod tests {
    use super::{Decimal, Notation, NumberFault, parse_number};

    #[track_caller]
    fn check(text: &str, notation: Notation, expected: Option<(i64, u8)>) {
        let found = parse_number(text, notation).ok().map(|number| (number.units(), number.scale()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_as_people_and_systems_write_them() {
        check("1234", Notation::Unknown, Some((1234, 0)));
        check("1.234,50", Notation::Unknown, Some((123_450, 2)));
        check("1,234.50", Notation::Unknown, Some((123_450, 2)));
        check("1.234.567", Notation::Unknown, Some((1_234_567, 0)));
        check("€ 1 234,5", Notation::Unknown, Some((12_345, 1)));
        check("12,00-", Notation::Unknown, Some((-1200, 2)));
        check("(12,00)", Notation::Unknown, Some((-1200, 2)));
        check("−3", Notation::Unknown, Some((-3, 0)));
        check("0.125", Notation::Unknown, Some((125, 3)));
        check("1.234", Notation::Comma, Some((1234, 0)));
        check("1.234", Notation::Point, Some((1234, 3)));
        check("1,234", Notation::Point, Some((1234, 0)));
        for wrong in
            ["", "-", "12a", "1.23.456", ".5", "5.", "1.2345,6", "--3", "(-3)", "1 2", "€", "1e5", "NaN", "é,é"]
        {
            check(wrong, Notation::Unknown, None);
        }
        check("99999999999999999999", Notation::Unknown, None);
    }

    #[test]
    fn one_separator_before_three_digits_is_not_guessed() {
        for (text, separator) in [("1.234", '.'), ("12,345", ',')] {
            let Err(NumberFault::Ambiguous { grouped, separator: found }) = parse_number(text, Notation::Unknown)
            else {
                unreachable!("{text} can be read in two ways")
            };
            assert_eq!((grouped.scale(), found), (0, separator));
        }
    }

    #[test]
    fn equal_numbers_are_equal_however_written() {
        assert_eq!(Decimal::new(10, 1), Decimal::new(1, 0));
        assert!(Decimal::new(-86, 1) < Decimal::new(-8, 0));
        assert_eq!(Decimal::new(-86, 1).to_string(), "-8,6");
        assert_eq!(Decimal::new(5, 2).to_string(), "0,05");
        assert_eq!(Decimal::from_nano(1_500_000_000), Some(Decimal::new(15, 1)));
    }
}
