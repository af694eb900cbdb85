//! Days as numbers: a dossier holds millions of them, and most are only compared.

use grip_types::{Date, Maand};

/// Days since 1970-01-01.
pub type Day = i32;

/// The day of a date.
pub fn day_of(date: Date) -> Day {
    let (year, month) = (i32::from(date.year()), i32::from(date.month()));
    first_day(year * 12 + month - 1) + i32::from(date.day()) - 1
}

/// The date of a day; days outside the years 1 to 9999 become the nearest date.
pub fn date_of(day: Day) -> Date {
    // 0001-01-01 and 9999-12-31.
    let day = day.clamp(-719_162, 2_932_896);
    let month = month_of(day);
    let narrow = |number: i32| i8::try_from(number).expect("a day or month of a calendar");
    let year = i16::try_from(month.div_euclid(12)).expect("years 1 to 9999");
    jiff::civil::date(year, narrow(month.rem_euclid(12) + 1), narrow(day - first_day(month) + 1))
}

/// The month a day falls in, as [`Maand::index`] counts them.
pub(super) fn month_of(day: Day) -> i32 {
    // Years of 400 have 146 097 days; counted from 1 March, leap days come last.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    (era * 400 + year_of_era) * 12 + month_from_march + 2
}

/// First day of a month.
pub(super) fn first_day(month: i32) -> Day {
    let from_march = month - 2;
    let (year, month_from_march) = (from_march.div_euclid(12), from_march.rem_euclid(12));
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month_from_march + 2) / 5;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

/// Last day of a month.
pub(super) fn last_day(month: i32) -> Day {
    first_day(month + 1) - 1
}

/// The same day so many months earlier, or the last day of that month when it is shorter.
pub(super) fn months_before(day: Day, months: i32) -> Day {
    let month = month_of(day);
    (day - first_day(month) + first_day(month - months)).min(last_day(month - months))
}

/// Last day of a term of so many working days that begins the day after.
///
/// # Source
/// Algemene termijnenwet, article 3: Saturdays, Sundays and the general holidays do not count, nor does Good Friday.
pub(super) fn end_of_term(from: Day, working_days: u32) -> Day {
    let mut day = from;
    let mut left = working_days;
    while left > 0 {
        day += 1;
        left -= u32::from(is_working_day(day));
    }
    day
}

fn is_working_day(day: Day) -> bool {
    // 1970-01-01 was a Thursday; 5 and 6 are Saturday and Sunday.
    let weekday = (day + 3).rem_euclid(7);
    if weekday >= 5 {
        return false;
    }
    let year = month_of(day).div_euclid(12);
    let fixed = |month: i32, of_month: i32| first_day(year * 12 + month - 1) + of_month - 1;
    let kings_day = match fixed(4, 27) {
        sunday if (sunday + 3).rem_euclid(7) == 6 => sunday - 1,
        other => other,
    };
    let easter = easter(year);
    let holidays = [
        fixed(1, 1),
        kings_day,
        fixed(5, 5),
        fixed(12, 25),
        fixed(12, 26),
        easter - 2,
        easter + 1,
        easter + 39,
        easter + 50,
    ];
    !holidays.contains(&day)
}

/// Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i32) -> Day {
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * late + 114;
    first_day(year * 12 + sum / 31 - 1) + sum % 31
}

/// A month as people read it: `2024-03`.
pub(super) fn month_text(month: i32) -> String {
    Maand::from_index(month).to_string()
}

#[cfg(test)]
mod tests {
    use grip_types::Maand;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{date_of, day_of, easter, end_of_term, first_day, last_day, month_of, months_before};

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(day_of(date(1970, 1, 1)), 0);
        assert_eq!(day_of(date(2000, 3, 1)), 11_017);
        assert_eq!((date_of(i32::MIN), date_of(i32::MAX)), (date(1, 1, 1), date(9999, 12, 31)));
        assert_eq!(months_before(day_of(date(2024, 3, 31)), 1), day_of(date(2024, 2, 29)));
        assert_eq!(months_before(day_of(date(2024, 2, 29)), 60), day_of(date(2019, 2, 28)));
    }

    #[test]
    fn easter_and_the_terms_around_it() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)] {
            assert_eq!(date_of(easter(i32::from(year))), date(year, month, day));
        }
        // Thursday before Easter 2025: Good Friday, weekend and Easter Monday do not count.
        assert_eq!(date_of(end_of_term(day_of(date(2025, 4, 17)), 1)), date(2025, 4, 22));
        assert_eq!(date_of(end_of_term(day_of(date(2025, 6, 27)), 5)), date(2025, 7, 4));
        // 27 April 2025 is a Sunday, so the King's day is kept on Saturday the 26th.
        assert_eq!(date_of(end_of_term(day_of(date(2025, 4, 25)), 1)), date(2025, 4, 28));
    }

    proptest! {
        #[test]
        fn days_are_those_of_the_calendar(day in -700_000_i32..2_900_000) {
            let date = date_of(day);
            prop_assert_eq!(day_of(date), day);
            let maand = Maand::of(date);
            prop_assert_eq!(month_of(day), maand.index());
            prop_assert_eq!(date_of(first_day(maand.index())), maand.first_day());
            prop_assert_eq!(date_of(last_day(maand.index())), maand.last_day());
            prop_assert_eq!(date_of(day + 1), date.tomorrow().expect("within the calendar"));
        }
    }
}
