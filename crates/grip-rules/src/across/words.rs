//! Numbers as Dutch readers write them.

use grip_ledger::Eenheid;

/// `4.200`.
pub(super) fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// `€ 1.234,56`.
pub(super) fn euros(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    let whole = i64::try_from(cents / 100).unwrap_or(i64::MAX);
    format!("{sign}€ {},{:02}", number(whole), cents % 100)
}

/// `4.200 minuten`, and an amount of unit 83.
pub(super) fn volume(volume: i64, eenheid: Eenheid) -> String {
    if eenheid == Eenheid::Euro { euros(volume) } else { format!("{} {}", number(volume), units(eenheid)) }
}

/// What is counted in a unit: `minuten`.
pub(super) fn units(eenheid: Eenheid) -> &'static str {
    match eenheid {
        Eenheid::Euro => "euro's",
        Eenheid::Minuut => "minuten",
        Eenheid::Uur => "uur",
        Eenheid::Etmaal => "etmalen",
        Eenheid::Dagdeel => "dagdelen",
        Eenheid::StuksOutput | Eenheid::StuksInspanning => "stuks",
        Eenheid::Onbekend => "eenheden",
    }
}

#[cfg(test)]
mod tests {
    use grip_ledger::Eenheid;

    use super::{euros, number, volume};

    #[test]
    fn numbers_are_dutch() {
        assert_eq!([number(0), number(999), number(4_200), number(-1_234_567)], ["0", "999", "4.200", "-1.234.567"]);
        assert_eq!([euros(5), euros(123_456), euros(-100)], ["€ 0,05", "€ 1.234,56", "-€ 1,00"]);
        assert_eq!(volume(4_200, Eenheid::Minuut), "4.200 minuten");
        assert_eq!(volume(30_000, Eenheid::Euro), "€ 300,00");
    }
}
