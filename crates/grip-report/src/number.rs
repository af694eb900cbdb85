//! Notation of numbers. Rounding is integer arithmetic, halves away from zero, so that the same cents always give the
//! same text.

use serde::{Deserialize, Serialize};

const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';
const EURO: u64 = 100;
const THOUSAND: u64 = 1_000 * EURO;
const MILLION: u64 = 1_000_000 * EURO;

/// The language a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Dutch as written in the Netherlands: `€ 1.234,50`.
    Nl,
    /// English: `€1,234.50`.
    En,
}

impl Language {
    /// `nl` or `en`, as in the `lang` attribute.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    fn separators(self) -> (char, char) {
        match self {
            Self::Nl => ('.', ','),
            Self::En => (',', '.'),
        }
    }

    fn euro_sign(self) -> &'static str {
        match self {
            Self::Nl => "€\u{a0}",
            Self::En => "€",
        }
    }
}

/// What a difference with the budget means for the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Favour {
    /// Voordelig, `V`: less is spent than budgeted.
    Favourable,
    /// Nadelig, `N`: more is spent than budgeted.
    Adverse,
    /// Neither, to the precision shown.
    Neutral,
}

impl Favour {
    /// The letter that officials put behind a difference: V or N, in English F or A; nothing when neutral.
    pub fn letter(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Favourable, Language::Nl) => "V",
            (Self::Adverse, Language::Nl) => "N",
            (Self::Favourable, Language::En) => "F",
            (Self::Adverse, Language::En) => "A",
            (Self::Neutral, _) => "",
        }
    }
}

/// What a difference (budget less expected spending, in eurocents) means. A difference of no cents is neutral.
pub fn favour(difference: i64) -> Favour {
    match difference {
        1.. => Favour::Favourable,
        0 => Favour::Neutral,
        _ => Favour::Adverse,
    }
}

/// Whole euros: `€ 1.234.567`, in English `€1,234,567`.
pub fn euros(cents: i64, language: Language) -> String {
    money(cents, EURO, 0, "", language)
}

/// Euros and cents: `€ 1.234,56`, in English `€1,234.56`.
pub fn euros_and_cents(cents: i64, language: Language) -> String {
    money(cents, EURO, 2, "", language)
}

/// An amount as in a headline: `€ 41,2 mln`, `€ 4,12 mln`, `€ 512 dzd`, `€ 830`; in English `€41.2m`, `€4.12m`, `€512k`,
/// `€830`.
///
/// The unit is the largest one in which the rounded amount is at least one; below ten million there are two decimals.
pub fn euros_short(cents: i64, language: Language) -> String {
    euros_beside(cents, cents, language)
}

/// An amount as in a headline, with as many decimals as the amount `beside` it: `€ 1,9 mln` beside `€ 41,2 mln`.
pub fn euros_beside(cents: i64, beside: i64, language: Language) -> String {
    let (million, thousand) = match language {
        Language::Nl => ("\u{a0}mln", "\u{a0}dzd"),
        Language::En => ("m", "k"),
    };
    let decimals = if round_to(beside, MILLION / 100) >= 1_000 { 1 } else { 2 };
    if round_to(cents, THOUSAND) >= 1_000 {
        money(cents, MILLION, decimals, million, language)
    } else if round_to(cents, EURO) >= 1_000 {
        money(cents, THOUSAND, 0, thousand, language)
    } else {
        euros(cents, language)
    }
}

/// A change as in a headline, with its sign: `+€ 412 dzd`, `€ −1,9 mln`.
pub fn euros_change(cents: i64, language: Language) -> String {
    let sign = if cents > 0 { "+" } else { "" };
    format!("{sign}{}", euros_short(cents, language))
}

/// Whole thousands of euros without a sign of the unit, for a column under `× € 1.000`: `1.235`.
pub fn thousands(cents: i64, language: Language) -> String {
    decimal(cents, THOUSAND, 0, language)
}

/// A difference with the budget as in a headline, beside the amount it is a difference of: `€ −1,9 mln N`, `€ 120 dzd V`.
pub fn difference(cents: i64, beside: i64, language: Language) -> String {
    with_letter(euros_beside(cents, beside, language), cents, language)
}

/// A difference with the budget in whole thousands: `−1.902 N`.
pub fn thousands_difference(cents: i64, language: Language) -> String {
    with_letter(thousands(cents, language), cents, language)
}

fn with_letter(number: String, cents: i64, language: Language) -> String {
    match favour(cents).letter(language) {
        "" => number,
        letter => format!("{number}{NO_BREAK_SPACE}{letter}"),
    }
}

/// A share from 0 to 1 as a whole percentage: `83 %`, in English `83%`.
pub fn percent(share: f64, language: Language) -> String {
    percentage(share, 0, language)
}

/// A share as a percentage with one decimal: `8,3 %`, in English `8.3%`.
pub fn percent_one_decimal(share: f64, language: Language) -> String {
    percentage(share, 1, language)
}

/// A chance from 0 to 1 as a whole percentage that never pretends to be certain: `< 1 %`, `83 %`, `> 99 %`.
pub fn chance(probability: f64, language: Language) -> String {
    let sign = |sign: &str, share: f64| match language {
        Language::Nl => format!("{sign}{NO_BREAK_SPACE}{}", percent(share, language)),
        Language::En => format!("{sign}{}", percent(share, language)),
    };
    if probability < 0.01 {
        sign("<", 0.01)
    } else if probability > 0.99 {
        sign(">", 0.99)
    } else {
        percent(probability, language)
    }
}

/// A number of things: `1.234`.
pub fn count(number: usize, language: Language) -> String {
    grouped(u64::try_from(number).unwrap_or(u64::MAX), language.separators().0)
}

/// `value / unit` with so many decimals, rounded half away from zero: `decimal(123_456, 100, 1, Nl)` is `1.234,6`.
///
/// # Panics
/// When `unit` is zero or there are more than nine decimals.
pub fn decimal(value: i64, unit: u64, decimals: u32, language: Language) -> String {
    assert!(unit > 0 && decimals <= 9, "a unit above zero and at most nine decimals");
    let (thousands_separator, decimal_separator) = language.separators();
    let scale = 10_u64.pow(decimals);
    let scaled = round_half_up(u128::from(value.unsigned_abs()) * u128::from(scale), unit);
    let (whole, fraction) = (scaled / scale, scaled % scale);
    let sign = if value < 0 && scaled > 0 { MINUS.to_string() } else { String::new() };
    let whole = grouped(whole, thousands_separator);
    let width = usize::try_from(decimals).expect("at most nine");
    if decimals == 0 { sign + &whole } else { format!("{sign}{whole}{decimal_separator}{fraction:0width$}") }
}

/// Name of a month, 1 to 12: `juli`, `July`. Nothing outside that range.
pub fn month_name(month: i8, language: Language) -> &'static str {
    const NL: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    month_of(if language == Language::Nl { &NL } else { &EN }, month)
}

/// Name of a month in three letters: `mrt`, `Mar`.
pub fn month_name_short(month: i8, language: Language) -> &'static str {
    const NL: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    const EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    month_of(if language == Language::Nl { &NL } else { &EN }, month)
}

fn month_of(names: &[&'static str; 12], month: i8) -> &'static str {
    usize::try_from(month)
        .ok()
        .and_then(|month| month.checked_sub(1))
        .and_then(|at| names.get(at))
        .copied()
        .unwrap_or("")
}

fn money(cents: i64, unit: u64, decimals: u32, suffix: &str, language: Language) -> String {
    let number = decimal(cents, unit, decimals, language);
    match (language, number.strip_prefix(MINUS)) {
        (Language::En, Some(magnitude)) => format!("{MINUS}{}{magnitude}{suffix}", language.euro_sign()),
        _ => format!("{}{number}{suffix}", language.euro_sign()),
    }
}

fn percentage(share: f64, decimals: u32, language: Language) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    // A share carries at most some nine significant digits; a billionth keeps halves where they are.
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and shares are near 1")]
    let billionths = (share * 1e9).round() as i64;
    let number = decimal(billionths, 10_000_000, decimals, language);
    match language {
        Language::Nl => format!("{number}{NO_BREAK_SPACE}%"),
        Language::En => format!("{number}%"),
    }
}

fn round_to(cents: i64, unit: u64) -> u64 {
    round_half_up(u128::from(cents.unsigned_abs()), unit)
}

fn round_half_up(value: u128, unit: u64) -> u64 {
    let unit = u128::from(unit);
    u64::try_from((2 * value + unit) / (2 * unit)).unwrap_or(u64::MAX)
}

fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plain blanks and hyphens in the expectations, so that a person can read them.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text.replace(NO_BREAK_SPACE, " ").replace(MINUS, "-"), expected);
    }

    #[test]
    fn headlines() {
        for (cents, nl, en) in [
            (4_123_456_700, "€ 41,2 mln", "€41.2m"),
            (4_125_000_000, "€ 41,3 mln", "€41.3m"),
            (4_124_999_999, "€ 41,2 mln", "€41.2m"),
            (-190_000_000, "€ -1,90 mln", "-€1.90m"),
            (999_499_999, "€ 9,99 mln", "€9.99m"),
            (999_500_000, "€ 10,0 mln", "€10.0m"),
            (123_456_000_000, "€ 1.234,6 mln", "€1,234.6m"),
            (99_949_999, "€ 999 dzd", "€999k"),
            (99_950_000, "€ 1,00 mln", "€1.00m"),
            (51_249_900, "€ 512 dzd", "€512k"),
            (99_949, "€ 999", "€999"),
            (99_950, "€ 1 dzd", "€1k"),
            (83_049, "€ 830", "€830"),
            (-49, "€ 0", "€0"),
            (-50, "€ -1", "-€1"),
            (0, "€ 0", "€0"),
        ] {
            check(&euros_short(cents, Language::Nl), nl);
            check(&euros_short(cents, Language::En), en);
        }
    }

    #[test]
    fn full_amounts() {
        check(&euros(123_456_749, Language::Nl), "€ 1.234.567");
        check(&euros(123_456_750, Language::Nl), "€ 1.234.568");
        check(&euros_and_cents(123_456_705, Language::Nl), "€ 1.234.567,05");
        check(&euros_and_cents(-5, Language::Nl), "€ -0,05");
        check(&euros_and_cents(-123_456_705, Language::En), "-€1,234,567.05");
        check(&euros_and_cents(i64::MIN, Language::Nl), "€ -92.233.720.368.547.758,08");
        check(&thousands(123_450_000, Language::Nl), "1.235");
        check(&thousands(-49_999, Language::Nl), "0");
    }

    #[test]
    fn differences_say_for_whom() {
        let forecast = 4_123_456_700;
        check(&difference(-190_000_000, forecast, Language::Nl), "€ -1,9 mln N");
        check(&difference(-190_000_000, 410_000_000, Language::Nl), "€ -1,90 mln N");
        check(&difference(12_000_000, forecast, Language::Nl), "€ 120 dzd V");
        check(&difference(12_000_000, forecast, Language::En), "€120k F");
        check(&difference(0, forecast, Language::Nl), "€ 0");
        check(&thousands_difference(-190_212_345, Language::Nl), "-1.902 N");
    }

    #[test]
    fn shares() {
        check(&percent(0.834, Language::Nl), "83 %");
        check(&percent(0.835, Language::Nl), "84 %");
        check(&percent(0.005, Language::En), "1%");
        check(&percent(-0.25, Language::Nl), "-25 %");
        check(&percent_one_decimal(0.083_25, Language::Nl), "8,3 %");
        check(&percent(f64::NAN, Language::Nl), "–");
        check(&chance(0.0, Language::Nl), "< 1 %");
        check(&chance(0.999, Language::Nl), "> 99 %");
        check(&chance(0.999, Language::En), ">99%");
        check(&chance(0.5, Language::Nl), "50 %");
    }

    #[test]
    fn months_and_counts() {
        assert_eq!(month_name(7, Language::Nl), "juli");
        assert_eq!(month_name_short(3, Language::Nl), "mrt");
        assert_eq!(month_name_short(12, Language::En), "Dec");
        assert_eq!((month_name(0, Language::Nl), month_name(13, Language::En)), ("", ""));
        check(&count(1_234_567, Language::Nl), "1.234.567");
    }
}
