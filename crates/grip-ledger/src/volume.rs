//! The volume rules of the standard: how much of an Omvang belongs to which month.

use grip_types::{Maand, Periode};

use crate::shape::{Shape, Term};

/// Unit of a volume, list WJ756. Glossary: Eenheid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Eenheid {
    /// 01.
    Minuut,
    /// 04.
    Uur,
    /// 14.
    Etmaal,
    /// 16, four hours.
    Dagdeel,
    /// 82: pieces of an agreed result.
    StuksOutput,
    /// 83: the volume is an amount in eurocents.
    Euro,
    /// 84: pieces of effort.
    StuksInspanning,
    /// A code outside the list.
    Onbekend,
}

impl Eenheid {
    /// The unit with that code.
    pub fn from_code(code: &str) -> Self {
        match code {
            "01" => Self::Minuut,
            "04" => Self::Uur,
            "14" => Self::Etmaal,
            "16" => Self::Dagdeel,
            "82" => Self::StuksOutput,
            "83" => Self::Euro,
            "84" => Self::StuksInspanning,
            _ => Self::Onbekend,
        }
    }

    /// Whether a result is paid for and not an effort: weeks are then counted by their Sundays (IV076).
    fn is_output(self) -> bool {
        matches!(self, Self::StuksOutput | Self::Euro)
    }
}

/// Per what a volume is meant, list WMO757. Glossary: Frequentie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Frequentie {
    /// 1.
    PerDag,
    /// 2.
    PerWeek,
    /// 4.
    PerMaand,
    /// 6: for the whole life of the Toewijzing.
    Totaal,
    /// A code outside the list.
    Onbekend,
}

impl Frequentie {
    /// The frequency with that code.
    pub fn from_code(code: &str) -> Self {
        match code {
            "1" => Self::PerDag,
            "2" => Self::PerWeek,
            "4" => Self::PerMaand,
            "6" => Self::Totaal,
            _ => Self::Onbekend,
        }
    }
}

/// Volume, unit and frequency together. Glossary: Omvang.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Omvang {
    /// Whole units.
    pub volume: i64,
    /// Unit.
    pub eenheid: Eenheid,
    /// Per what.
    pub frequentie: Frequentie,
}

/// What may at most be declared over the days of one month, in units.
///
/// Months may add up to more than [`total`], because a week that touches two months counts in both.
///
/// # Formula
/// Per day: days × volume. Per week: ISO weeks touched × volume, for output Sundays × volume with one more where the last
/// Sunday of an allocation lies that does not end on a Sunday, and for Wmo category 01 six weeks in every month. Per
/// month: the volume, also in a broken month. In total: the total.
/// # Source
/// iWmo and iJw 3.2, rules IV076, IV077, IV078, TR321 and TR322.
pub fn ceiling(omvang: Omvang, is_hulp_bij_huishouden: bool, toewijzing: Periode, maand: Maand) -> i64 {
    let Some(days) = toewijzing.intersect(maand.periode()) else { return 0 };
    let times = match omvang.frequentie {
        Frequentie::PerDag => days.days(),
        Frequentie::PerWeek if omvang.eenheid.is_output() => output_weeks(toewijzing, days),
        Frequentie::PerWeek if is_hulp_bij_huishouden => 6,
        Frequentie::PerWeek => days.iso_weeks(),
        Frequentie::PerMaand => 1,
        Frequentie::Totaal => return omvang.volume,
        Frequentie::Onbekend => 0,
    };
    times.saturating_mul(omvang.volume)
}

/// What may be declared over the whole of an allocation, in units: TR322.
pub fn total(omvang: Omvang, toewijzing: Periode) -> i64 {
    let times = match omvang.frequentie {
        Frequentie::PerDag => toewijzing.days(),
        Frequentie::PerWeek if omvang.eenheid.is_output() => output_weeks(toewijzing, toewijzing),
        Frequentie::PerWeek => toewijzing.iso_weeks(),
        Frequentie::PerMaand => i64::try_from(toewijzing.months().count()).unwrap_or(i64::MAX),
        Frequentie::Totaal => 1,
        Frequentie::Onbekend => 0,
    };
    times.saturating_mul(omvang.volume)
}

fn output_weeks(toewijzing: Periode, days: Periode) -> i64 {
    let last_sunday = toewijzing
        .eind
        .saturating_sub(jiff::Span::new().days(i64::from(toewijzing.eind.weekday().to_sunday_zero_offset())));
    let broken_week = last_sunday != toewijzing.eind;
    // An allocation without any Sunday is one broken week.
    let holds_it = days.begin <= last_sunday && last_sunday <= days.eind
        || last_sunday < toewijzing.begin && days.begin == toewijzing.begin;
    days.sundays() + i64::from(broken_week && holds_it)
}

/// What is allocated to each month, in units: months add up to [`total`].
///
/// Where [`ceiling`] lets a week count in two months, here it counts once: in the month of its Thursday, which is how ISO
/// 8601 gives weeks to years; at the ends of an allocation in the month of its nearest day. A total is spread by days.
pub fn allocated(omvang: Omvang, toewijzing: Periode) -> Vec<(Maand, i64)> {
    allocated_with(omvang, toewijzing, &Shape::EVEN)
}

/// As [`allocated`], with a total spread by a shape.
pub(crate) fn allocated_with(omvang: Omvang, toewijzing: Periode, shape: &Shape) -> Vec<(Maand, i64)> {
    let volume = omvang.volume;
    let times = |(maand, times): (Maand, i64)| (maand, times.saturating_mul(volume));
    match omvang.frequentie {
        Frequentie::PerDag => month_days(toewijzing).map(times).collect(),
        Frequentie::PerMaand => toewijzing.months().map(|maand| (maand, volume)).collect(),
        Frequentie::PerWeek if omvang.eenheid.is_output() => {
            let weeks =
                |maand: Maand| toewijzing.intersect(maand.periode()).map_or(0, |days| output_weeks(toewijzing, days));
            toewijzing.months().map(|maand| times((maand, weeks(maand)))).collect()
        }
        Frequentie::PerWeek => weeks_by_thursday(toewijzing).map(times).collect(),
        Frequentie::Totaal => spread(volume, toewijzing, shape).collect(),
        Frequentie::Onbekend => Vec::new(),
    }
}

/// The months of a period, each with how many of its days are in it.
pub(crate) fn month_days(periode: Periode) -> impl Iterator<Item = (Maand, i64)> {
    let (first, last) = (Maand::of(periode.begin), Maand::of(periode.eind));
    periode.months().map(move |maand| {
        let begin = if maand == first { periode.begin.day() } else { 1 };
        let eind = if maand == last { periode.eind.day() } else { maand.last_day().day() };
        (maand, i64::from(eind - begin + 1))
    })
}

fn weeks_by_thursday(toewijzing: Periode) -> impl Iterator<Item = (Maand, i64)> {
    // Days from the Monday on or before the first day.
    let mut days = i64::from(toewijzing.begin.weekday().to_monday_zero_offset());
    let (mut weeks, last, all) = (0, Maand::of(toewijzing.eind), toewijzing.iso_weeks());
    month_days(toewijzing).map(move |(maand, in_month)| {
        days += in_month;
        // A first week whose Thursday lies before the first day counts at once, the last one at the latest in the last month.
        let so_far = if maand == last { all } else { (days + 3) / 7 };
        let found = so_far - weeks;
        weeks = so_far;
        (maand, found)
    })
}

/// Spreads a total over the months of a period by their days, so that the months add up to the total exactly.
pub fn spread_by_days(amount: i64, periode: Periode) -> Vec<(Maand, i64)> {
    spread(amount, periode, &Shape::EVEN).collect()
}

/// Spreads a total over the months of a period by a shape, so that the months add up to the total exactly.
pub(crate) fn spread(amount: i64, periode: Periode, shape: &Shape) -> impl Iterator<Item = (Maand, i64)> {
    let term = Term::new(periode);
    let (mut days_so_far, mut given) = (0, 0_i64);
    month_days(periode).map(move |(maand, days)| {
        days_so_far += days;
        let (part, whole) = shape.until(&term, days_so_far);
        // Rounded half up on the cumulative amount, so that no cent is lost or made.
        let so_far = (2 * i128::from(amount) * part + whole).div_euclid(2 * whole);
        let so_far = i64::try_from(so_far).unwrap_or(amount);
        let share = so_far - given;
        given = so_far;
        (maand, share)
    })
}

#[cfg(test)]
mod tests {
    use grip_types::{Maand, Periode};
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{Eenheid, Frequentie, Omvang, allocated, ceiling, spread_by_days, total};

    fn omvang(volume: i64, eenheid: Eenheid, frequentie: Frequentie) -> Omvang {
        Omvang { volume, eenheid, frequentie }
    }

    #[track_caller]
    fn check(
        omvang: Omvang,
        periode: (i16, i8, i8, i16, i8, i8),
        ceilings: &[i64],
        expected_total: i64,
        months: &[i64],
    ) {
        let (y1, m1, d1, y2, m2, d2) = periode;
        let periode = Periode { begin: date(y1, m1, d1), eind: date(y2, m2, d2) };
        let found: Vec<i64> = periode.months().map(|maand| ceiling(omvang, false, periode, maand)).collect();
        assert_eq!(found, ceilings);
        assert_eq!(total(omvang, periode), expected_total);
        let found: Vec<i64> = allocated(omvang, periode).into_iter().map(|(_, units)| units).collect();
        assert_eq!(found, months);
    }

    /// The worked examples of IV076 and IV077, with their typing errors mended.
    #[test]
    fn examples_of_the_standard() {
        let hours = omvang(3, Eenheid::Uur, Frequentie::PerWeek);
        check(hours, (2022, 4, 13, 2022, 6, 30), &[9, 18, 15], 36, &[9, 12, 15]);
        check(hours, (2025, 10, 7, 2025, 12, 30), &[12, 15, 15], 39, &[12, 12, 15]);
        // Ours: a first week that begins on the last day of June has its Thursday in July.
        check(hours, (2025, 6, 30, 2025, 7, 31), &[3, 15], 15, &[0, 15]);
        let euros = omvang(30_000, Eenheid::Euro, Frequentie::PerWeek);
        check(euros, (2025, 7, 7, 2025, 9, 5), &[90_000, 180_000, 0], 270_000, &[90_000, 180_000, 0]);
    }

    #[test]
    fn other_frequencies() {
        check(omvang(2, Eenheid::Etmaal, Frequentie::PerDag), (2025, 1, 30, 2025, 2, 3), &[4, 6], 10, &[4, 6]);
        check(omvang(8, Eenheid::Dagdeel, Frequentie::PerMaand), (2025, 1, 31, 2025, 2, 1), &[8, 8], 16, &[8, 8]);
        check(omvang(10, Eenheid::Uur, Frequentie::Totaal), (2025, 1, 22, 2025, 2, 10), &[10, 10], 10, &[5, 5]);
        // From Monday to Saturday: no Sunday at all is still a week.
        check(omvang(1, Eenheid::StuksOutput, Frequentie::PerWeek), (2025, 6, 2, 2025, 6, 7), &[1], 1, &[1]);
    }

    #[test]
    fn household_help_may_put_six_weeks_in_a_month() {
        let periode = Periode { begin: date(2025, 1, 1), eind: date(2025, 3, 31) };
        let hours = omvang(2, Eenheid::Uur, Frequentie::PerWeek);
        assert_eq!(ceiling(hours, true, periode, Maand::new(2025, 2)), 12);
        assert_eq!(ceiling(hours, true, periode, Maand::new(2025, 4)), 0);
    }

    proptest! {
        #[test]
        fn months_add_up_to_the_total(volume in 0_i64..100_000, start in 0_i64..1500, length in 0_i64..1200, unit in 0_usize..7, frequency in 0_usize..4) {
            let begin = date(2022, 1, 1).saturating_add(jiff::Span::new().days(start));
            let periode = Periode { begin, eind: begin.saturating_add(jiff::Span::new().days(length)) };
            let eenheid = ["01", "04", "14", "16", "82", "83", "84"].map(Eenheid::from_code)[unit];
            let omvang = omvang(volume, eenheid, ["1", "2", "4", "6"].map(Frequentie::from_code)[frequency]);
            let months = allocated(omvang, periode);
            prop_assert_eq!(months.iter().map(|(_, units)| units).sum::<i64>(), total(omvang, periode));
            for (maand, units) in months {
                prop_assert!((0..=ceiling(omvang, false, periode, maand)).contains(&units), "{} {}", maand, units);
            }
        }

        #[test]
        fn a_week_counts_in_the_month_of_its_thursday(start in 0_i64..1500, length in 0_i64..200) {
            let day = |days: i64| date(2022, 1, 3).saturating_add(jiff::Span::new().days(days));
            let periode = Periode { begin: day(start), eind: day(start + length) };
            // 3 January 2022 is a Monday.
            let mut expected: Vec<(Maand, i64)> = periode.months().map(|maand| (maand, 0)).collect();
            for week in start.div_euclid(7)..=(start + length).div_euclid(7) {
                let thursday = Maand::of(day(week * 7 + 3).clamp(periode.begin, periode.eind));
                expected.iter_mut().filter(|(maand, _)| *maand == thursday).for_each(|(_, weeks)| *weeks += 1);
            }
            prop_assert_eq!(allocated(omvang(1, Eenheid::Uur, Frequentie::PerWeek), periode), expected);
        }

        #[test]
        fn no_cent_is_lost(amount in -1_000_000_i64..1_000_000, start in 0_i64..1500, length in 0_i64..1200) {
            let begin = date(2022, 1, 1).saturating_add(jiff::Span::new().days(start));
            let periode = Periode { begin, eind: begin.saturating_add(jiff::Span::new().days(length)) };
            prop_assert_eq!(spread_by_days(amount, periode).iter().map(|(_, cents)| cents).sum::<i64>(), amount);
        }
    }
}
