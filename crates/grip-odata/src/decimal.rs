use std::fmt::{self, Write as _};

/// More digits behind the point than any published figure has; keeps powers of ten inside `i64`.
const MAX_SCALE: u8 = 18;

/// An exact decimal number: `mantissa` / 10^`scale`, always in its shortest form, so that equal numbers are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i64,
    scale: u8,
}

impl Decimal {
    /// Zero, which is a figure and not the absence of one.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// `mantissa` / 10^`scale`; `None` when there are more than 18 digits behind the point.
    pub fn new(mantissa: i64, scale: u8) -> Option<Self> {
        (scale <= MAX_SCALE).then(|| Self::shortest(mantissa, scale))
    }

    fn shortest(mut mantissa: i64, mut scale: u8) -> Self {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Reads `-12.50` as CBS writes numbers: a point, no thousands separators, no exponent. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction.trim_end_matches('0')),
            None => (digits, ""),
        };
        if whole.is_empty() {
            return None;
        }
        let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= MAX_SCALE)?;
        let mut mantissa: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            // Downwards, so that the smallest number there is fits.
            mantissa = mantissa.checked_mul(10)?.checked_sub(i64::from(byte - b'0'))?;
        }
        let mantissa = if negative { mantissa } else { mantissa.checked_neg()? };
        Some(Self::shortest(mantissa, scale))
    }

    /// The number a JSON parser made of a decimal. Its shortest text is the text it was read from up to 15 digits, which is
    /// more than any published figure has.
    pub(crate) fn from_f64(number: f64) -> Option<Self> {
        let mut text = ShortText::default();
        write!(text, "{number}").ok()?;
        Self::parse(text.as_str())
    }

    /// Times 10^`scale`, as a whole number; `None` when digits would be lost or it does not fit.
    pub fn scaled_to(self, scale: u8) -> Option<i64> {
        let zeros = scale.checked_sub(self.scale)?;
        self.mantissa.checked_mul(10_i64.checked_pow(u32::from(zeros))?)
    }

    /// All its digits, without the point.
    pub fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many of its digits stand behind the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The nearest floating-point number, for statistics and charts only.
    #[expect(clippy::cast_precision_loss, reason = "published figures have far fewer than 15 digits")]
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 / 10_f64.powi(i32::from(self.scale))
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self { mantissa: whole, scale: 0 }
    }
}

/// `-12.5`, as [`Decimal::parse`] reads it.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let power = 10_u64.pow(u32::from(self.scale));
        let magnitude = self.mantissa.unsigned_abs();
        if self.scale == 0 {
            return f.pad(&format!("{sign}{magnitude}"));
        }
        let width = usize::from(self.scale);
        f.pad(&format!("{sign}{}.{:0width$}", magnitude / power, magnitude % power))
    }
}

/// Room for the text of one number; a longer one is no figure.
#[derive(Default)]
struct ShortText {
    bytes: [u8; 32],
    length: usize,
}

impl ShortText {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl fmt::Write for ShortText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[track_caller]
    fn check(text: &str, expected: Option<(i64, u8)>) {
        assert_eq!(Decimal::parse(text).map(|d| (d.mantissa, d.scale)), expected, "{text}");
    }

    #[test]
    fn numbers_as_published() {
        check("11745", Some((11_745, 0)));
        check("13.9", Some((139, 1)));
        check("13.90", Some((139, 1)));
        check("13.0", Some((13, 0)));
        check("-0.05", Some((-5, 2)));
        check("0", Some((0, 0)));
        check("-9223372036854775808", Some((i64::MIN, 0)));
        check("9223372036854775808", None);
        for text in ["", "-", ".", ".5", "5.", "1,5", "1e3", "1 000", "+1", "--1", "0x1", "NaN", "inf", "1.2.3", "1.-2"]
        {
            check(text, None);
        }
    }

    #[test]
    fn floats_of_a_parser_become_what_was_written() {
        for text in ["13.1", "0.1", "-446327", "1284680", "72.5", "0.000001"] {
            let float: f64 = text.parse().expect("a number");
            assert_eq!(Decimal::from_f64(float).map(|d| d.to_string()).as_deref(), Some(text));
        }
        for float in [f64::NAN, f64::INFINITY, 1e300, 1e-300] {
            assert_eq!(Decimal::from_f64(float), None, "{float}");
        }
    }

    #[test]
    fn scaling_never_loses_digits() {
        let thirteen = Decimal::parse("13.9").expect("a number");
        assert_eq!(thirteen.scaled_to(2), Some(1_390));
        assert_eq!(thirteen.scaled_to(0), None);
        assert_eq!(Decimal::from(i64::MAX).scaled_to(1), None);
        assert!((thirteen.to_f64() - 13.9).abs() < 1e-12);
    }
}
