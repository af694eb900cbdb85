use std::fmt;

use grip_types::{Date, Maand, Periode, parse_date};

use crate::iv3::Verslagsoort;

/// What a figure of CBS is about in time, as its eight characters say it. Glossary: Cbsperiode.
///
/// Source: the manual of CBS Open Data, "Perioden": four digits for the year, two letters for the kind, two for which.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CbsPeriode {
    /// `2023JJ00`.
    Jaar(i16),
    /// `2023HJ01`: first or second half of a year.
    Halfjaar(i16, u8),
    /// `2023KW01`.
    Kwartaal(i16, u8),
    /// `2023MM01`.
    Maand(i16, u8),
    /// `2023SJ00`: the school year that begins in August of that year.
    Schooljaar(i16),
    /// `20230101`.
    Dag(Date),
    /// `2024X005` of Iv3: a year and which account of it.
    Verslag(i16, Verslagsoort),
    /// A form this build does not know; kept as it came.
    Overig(Box<str>),
}

impl CbsPeriode {
    /// Reads a key of a period, with or without the blanks around it. Never fails: see [`CbsPeriode::Overig`].
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        Self::known(text).unwrap_or_else(|| Self::Overig(text.into()))
    }

    fn known(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.is_ascii() {
            return None;
        }
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        let year: i16 = digits(&text[..4]).filter(|year| *year > 0)?;
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return parse_date(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])).map(Self::Dag);
        }
        if text[4..6].eq("X0") {
            return Verslagsoort::parse(&text[5..]).map(|soort| Self::Verslag(year, soort));
        }
        let which = digits(&text[6..])?;
        let which = u8::try_from(which).ok()?;
        match (&text[4..6], which) {
            ("JJ", 0) => Some(Self::Jaar(year)),
            ("HJ", 1..=2) => Some(Self::Halfjaar(year, which)),
            ("KW", 1..=4) => Some(Self::Kwartaal(year, which)),
            ("MM", 1..=12) => Some(Self::Maand(year, which)),
            ("SJ", 0) => Some(Self::Schooljaar(year)),
            _ => None,
        }
    }

    /// Of a whole table, as the `Period` of its information says it: `2024` alone is a year.
    pub(crate) fn of_table(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        is_year.then(|| text.parse().ok()).flatten().filter(|year| *year > 0).map(Self::Jaar)
    }

    /// Whether its form is known.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Overig(_))
    }

    /// The year it begins in.
    pub fn jaar(&self) -> Option<i16> {
        match self {
            Self::Jaar(year)
            | Self::Halfjaar(year, _)
            | Self::Kwartaal(year, _)
            | Self::Maand(year, _)
            | Self::Schooljaar(year)
            | Self::Verslag(year, _) => Some(*year),
            Self::Dag(date) => Some(date.year()),
            Self::Overig(_) => None,
        }
    }

    /// Its days. `None` when its form is not known, and for a quarterly account of Iv3, of which the source does not say
    /// whether it counts from January or from the quarter's first day.
    pub fn days(&self) -> Option<Periode> {
        let months = |year: i16, first: i32, count: i32| {
            let first = Maand::new(year, first);
            Some(Periode { begin: first.first_day(), eind: first.plus(count - 1).last_day() })
        };
        match *self {
            Self::Jaar(year) => months(year, 1, 12),
            Self::Halfjaar(year, half) => months(year, 6 * i32::from(half) - 5, 6),
            Self::Kwartaal(year, quarter) => months(year, 3 * i32::from(quarter) - 2, 3),
            Self::Maand(year, month) => months(year, i32::from(month), 1),
            Self::Schooljaar(year) if year < 9999 => months(year, 8, 12),
            Self::Dag(date) => Some(Periode { begin: date, eind: date }),
            Self::Verslag(year, Verslagsoort::Begroting | Verslagsoort::Jaarrekening) => months(year, 1, 12),
            Self::Schooljaar(_) | Self::Verslag(..) | Self::Overig(_) => None,
        }
    }
}

/// The key, as CBS writes it.
impl fmt::Display for CbsPeriode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jaar(year) => write!(f, "{year:04}JJ00"),
            Self::Halfjaar(year, half) => write!(f, "{year:04}HJ{half:02}"),
            Self::Kwartaal(year, quarter) => write!(f, "{year:04}KW{quarter:02}"),
            Self::Maand(year, month) => write!(f, "{year:04}MM{month:02}"),
            Self::Schooljaar(year) => write!(f, "{year:04}SJ00"),
            Self::Dag(date) => write!(f, "{:04}{:02}{:02}", date.year(), date.month(), date.day()),
            Self::Verslag(year, soort) => write!(f, "{year:04}X{}", soort.code()),
            Self::Overig(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use grip_types::{Date, Periode};

    use super::CbsPeriode;
    use crate::iv3::Verslagsoort;

    #[track_caller]
    fn check(text: &str, expected: &CbsPeriode) {
        assert_eq!(&CbsPeriode::parse(text), expected, "{text}");
        assert_eq!(expected.to_string(), text.trim());
    }

    #[test]
    fn forms_of_cbs() {
        check("2023JJ00", &CbsPeriode::Jaar(2023));
        check("2023JJ00  ", &CbsPeriode::Jaar(2023));
        check("2023HJ02", &CbsPeriode::Halfjaar(2023, 2));
        check("2023KW01", &CbsPeriode::Kwartaal(2023, 1));
        check("2023MM12", &CbsPeriode::Maand(2023, 12));
        check("2024SJ00", &CbsPeriode::Schooljaar(2024));
        check("20240229", &CbsPeriode::Dag(Date::constant(2024, 2, 29)));
        check("2024X005", &CbsPeriode::Verslag(2024, Verslagsoort::Jaarrekening));
        check("2024X000", &CbsPeriode::Verslag(2024, Verslagsoort::Begroting));
        check("2024X003", &CbsPeriode::Verslag(2024, Verslagsoort::Kwartaal(3)));
    }

    #[test]
    fn other_forms_are_kept() {
        for text in
            ["2023W101", "2023KW05", "2023MM13", "2023JJ01", "20230230", "2024X006", "0000JJ00", "2023", "", "😀😀"]
        {
            check(text, &CbsPeriode::Overig(text.into()));
        }
    }

    #[test]
    fn days_of_a_period() {
        let days = |text: &str| CbsPeriode::parse(text).days();
        let between = |a: (i16, i8, i8), b: (i16, i8, i8)| {
            Some(Periode { begin: Date::constant(a.0, a.1, a.2), eind: Date::constant(b.0, b.1, b.2) })
        };
        assert_eq!(days("2023HJ02"), between((2023, 7, 1), (2023, 12, 31)));
        assert_eq!(days("2024KW01"), between((2024, 1, 1), (2024, 3, 31)));
        assert_eq!(days("2024SJ00"), between((2024, 8, 1), (2025, 7, 31)));
        assert_eq!(days("2024X002"), None);
        assert_eq!(days("9999SJ00"), None);
        assert_eq!(days("9999JJ00"), between((9999, 1, 1), (9999, 12, 31)));
    }
}
