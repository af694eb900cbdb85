use std::{fmt, str::FromStr};

use jiff::{ToSpan, civil::Date};

/// A calendar month. Glossary: Maand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Maand(i32);

impl Maand {
    /// The month a day falls in.
    pub fn of(date: Date) -> Self {
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Month `month` (1 to 12) of `year`; months outside that range roll over into other years.
    pub fn new(year: i16, month: i32) -> Self {
        Self(i32::from(year) * 12 + month - 1)
    }

    /// Months since January of year 0: the difference of two indices is a number of months.
    pub fn index(self) -> i32 {
        self.0
    }

    /// The month with that [index](Self::index).
    pub fn from_index(index: i32) -> Self {
        Self(index)
    }

    /// Year.
    pub fn year(self) -> i16 {
        i16::try_from(self.0.div_euclid(12)).expect("years of dates fit in i16")
    }

    /// Month of the year, 1 to 12.
    pub fn month(self) -> i8 {
        i8::try_from(self.0.rem_euclid(12) + 1).expect("1 to 12")
    }

    /// This many months later, earlier when negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// First day.
    pub fn first_day(self) -> Date {
        jiff::civil::date(self.year(), self.month(), 1)
    }

    /// Last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// All its days.
    pub fn periode(self) -> Periode {
        Periode { begin: self.first_day(), eind: self.last_day() }
    }

    /// The given day of this month, or its last day when the month is shorter.
    pub fn day_clamped(self, day: i8) -> Date {
        let days = self.first_day().days_in_month();
        jiff::civil::date(self.year(), self.month(), day.clamp(1, days))
    }
}

/// `2025-06`.
impl fmt::Display for Maand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Maand {
    type Err = MaandError;
    fn from_str(text: &str) -> Result<Self, MaandError> {
        let error = || MaandError { text: text.to_owned() };
        let (year, month) = text.trim().split_once('-').ok_or_else(error)?;
        let month: i32 = month.parse().map_err(|_| error())?;
        let year: i16 = year.parse().map_err(|_| error())?;
        if !(1..=12).contains(&month) || year < 1 {
            return Err(error());
        }
        Ok(Self::new(year, month))
    }
}

/// A text that is not a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a month: expected `YYYY-MM`")]
pub struct MaandError {
    text: String,
}

/// A closed period of days: both ends belong to it. Glossary: Periode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Periode {
    /// First day.
    pub begin: Date,
    /// Last day.
    pub eind: Date,
}

impl Periode {
    /// The days both periods have, or `None` when there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let begin = self.begin.max(other.begin);
        let eind = self.eind.min(other.eind);
        (begin <= eind).then_some(Self { begin, eind })
    }

    /// Number of days, at least 1 for a period that is not reversed.
    pub fn days(self) -> i64 {
        days_between(self.begin, self.eind) + 1
    }

    /// Every month it touches, in order.
    pub fn months(self) -> impl Iterator<Item = Maand> {
        (Maand::of(self.begin).index()..=Maand::of(self.eind).index()).map(Maand::from_index)
    }

    /// Number of distinct ISO weeks (Monday to Sunday) it touches.
    pub fn iso_weeks(self) -> i64 {
        days_between(monday(self.begin), monday(self.eind)) / 7 + 1
    }

    /// Number of Sundays in it.
    pub fn sundays(self) -> i64 {
        // The Sundays up to and including a day grow by one on each Sunday; Monday-based weeks end on Sunday.
        days_between(monday(self.begin), monday(self.eind.tomorrow().unwrap_or(self.eind))) / 7
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map(|span| span.get_days()).unwrap_or_default())
}

fn monday(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// Reads `YYYY-MM-DD`, with leading and trailing blanks, and nothing else.
pub fn parse_date(text: &str) -> Option<Date> {
    // As long as a date it is one as it stands, or none: then blanks are not looked for.
    let bytes = if text.len() == 10 { text.as_bytes() } else { text.trim().as_bytes() };
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
    let digit = |b: u8| b.is_ascii_digit().then(|| i16::from(b - b'0'));
    let year = digit(y1)? * 1000 + digit(y2)? * 100 + digit(y3)? * 10 + digit(y4)?;
    // XML Schema has no year 0, and other engines can't read one.
    if year == 0 {
        return None;
    }
    let month = i8::try_from(digit(m1)? * 10 + digit(m2)?).ok()?;
    let day = i8::try_from(digit(d1)? * 10 + digit(d2)?).ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Maand, Periode, parse_date};

    #[test]
    fn months_count_and_roll_over() {
        let december: Maand = "2024-12".parse().expect("a month");
        assert_eq!(december.plus(1).to_string(), "2025-01");
        assert_eq!(december.plus(2).last_day(), date(2025, 2, 28));
        assert_eq!(Maand::new(2024, 14), december.plus(2));
        assert_eq!(Maand::of(date(2025, 2, 3)).day_clamped(31), date(2025, 2, 28));
        assert!("2024-13".parse::<Maand>().is_err());
        assert!("202412".parse::<Maand>().is_err());
    }

    #[test]
    fn periods() {
        let june = Maand::new(2025, 6).periode();
        assert_eq!(june.days(), 30);
        assert_eq!(june.sundays(), 5); // 1, 8, 15, 22, 29 June 2025
        assert_eq!(june.iso_weeks(), 6); // Sunday 1 June is in week 22, Monday 30 June in week 27
        assert_eq!(Periode { begin: date(2025, 6, 2), eind: date(2025, 6, 8) }.sundays(), 1);
        assert_eq!(Periode { begin: date(2025, 6, 2), eind: date(2025, 6, 7) }.sundays(), 0);
        assert_eq!(june.intersect(Maand::new(2025, 7).periode()), None);
        let across = Periode { begin: date(2024, 12, 30), eind: date(2025, 1, 2) };
        assert_eq!((across.iso_weeks(), across.days(), across.months().count()), (1, 4, 2));
    }

    #[test]
    fn dates_are_strict() {
        assert_eq!(parse_date(" 2024-02-29 "), Some(date(2024, 2, 29)));
        for text in
            ["2023-02-29", "2023-2-01", "2023-02-01Z", "20230201", "2023-02-01T00:00", "+023-02-01", "0000-01-01", ""]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
