//! How a total is spent over its term: by days, or as earlier totals of its kind were.

use grip_types::Periode;

/// Parts of a term that a curve is learnt in.
pub(crate) const PARTS: usize = 10;

/// Shares are whole millionths.
pub(crate) const ONE: i64 = 1_000_000;

/// How much of a total is spent by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Share spent by the end of each tenth of the days.
    pub(crate) curve: [i64; PARTS],
    /// Share that goes by payments in the first month, in the last, and by days between them, and not by the curve.
    pub(crate) payments: i64,
    /// Of those payments, the share of the first month.
    pub(crate) first: i64,
    /// Of those payments, the share of the last month.
    pub(crate) last: i64,
}

impl Shape {
    /// By days.
    pub(crate) const EVEN: Self = Self { curve: even(), payments: 0, first: 0, last: 0 };

    /// The part spent by the end of the first `days` days of a term, as a fraction: part and whole.
    pub(crate) fn until(&self, term: &Term, days: i64) -> (i128, i128) {
        if days >= term.days {
            return (1, 1);
        }
        let (part, whole) = self.by_curve(term, days);
        if self.payments == 0 {
            return (part, whole);
        }
        // Both to a millionth of a millionth, so that amounts of any size fit.
        let fine = i128::from(ONE) * i128::from(ONE);
        let (paid, of) = self.by_payments(term, days);
        let payments = i128::from(self.payments);
        let one = i128::from(ONE);
        (part * fine / whole * (one - payments) + paid * fine / of * payments, fine * one)
    }

    fn by_curve(&self, term: &Term, days: i64) -> (i128, i128) {
        let parts = i64::try_from(PARTS).expect("ten");
        let index = usize::try_from(parts * days / term.days).expect("days are not negative");
        let before = if index == 0 { 0 } else { self.curve[index - 1] };
        let inside = self.curve[index] - before;
        let rest = parts * days % term.days;
        let [before, inside, rest, all] = [before, inside, rest, term.days].map(i128::from);
        (before * all + inside * rest, i128::from(ONE) * all)
    }

    /// In the last month nothing is asked for but its end, which is the whole.
    fn by_payments(&self, term: &Term, days: i64) -> (i128, i128) {
        let between = term.days - term.first - term.last;
        let [first, last, one] = [self.first, self.last, ONE].map(i128::from);
        if between <= 0 {
            // Two months: the first has its share of both ends, or half when neither has any.
            return if first + last == 0 { (1, 2) } else { (first, first + last) };
        }
        let [days, between] = [days - term.first, between].map(i128::from);
        (first * between + (one - first - last) * days, one * between)
    }
}

const fn even() -> [i64; PARTS] {
    [ONE / 10, ONE / 5, ONE / 10 * 3, ONE / 5 * 2, ONE / 2, ONE / 5 * 3, ONE / 10 * 7, ONE / 5 * 4, ONE / 10 * 9, ONE]
}

/// Days of a term, of its first month and of its last.
pub(crate) struct Term {
    days: i64,
    first: i64,
    last: i64,
}

impl Term {
    pub(crate) fn new(periode: Periode) -> Self {
        let days = periode.days();
        let of_first = i64::from(periode.begin.days_in_month() - periode.begin.day() + 1);
        Self { days, first: of_first.min(days), last: i64::from(periode.eind.day()).min(days) }
    }
}

#[cfg(test)]
mod tests {
    use grip_types::Periode;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{ONE, Shape};
    use crate::volume::{spread, spread_by_days};

    #[track_caller]
    fn check(shape: &Shape, eind: (i16, i8, i8), expected: &[i64]) {
        let periode = Periode { begin: date(2025, 1, 1), eind: date(eind.0, eind.1, eind.2) };
        let found: Vec<i64> = spread(100_000, periode, shape).map(|(_, cents)| cents).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_shape_places_a_total() {
        check(&Shape::EVEN, (2025, 3, 31), &[34_444, 31_112, 34_444]);
        // 70 % at the start and 30 % at the end, as in the trajectory of the standard's example.
        let ends = Shape { payments: ONE, first: 700_000, last: 300_000, ..Shape::EVEN };
        check(&ends, (2025, 4, 30), &[70_000, 0, 0, 30_000]);
        check(&ends, (2025, 2, 10), &[70_000, 30_000]);
        check(&ends, (2025, 1, 31), &[100_000]);
        // Half by payments and half by days: 35000 + 50000 * 31/90, 50000 * 28/90 and the rest.
        check(&Shape { payments: ONE / 2, ..ends }, (2025, 3, 31), &[52_222, 15_556, 32_222]);
        // A fifth at each end, the rest over 28 and 31 days.
        let most_between = Shape { payments: ONE, first: 200_000, last: 200_000, ..Shape::EVEN };
        check(&most_between, (2025, 4, 30), &[20_000, 28_475, 31_525, 20_000]);
        // All in the first half of 90 days: 31/45, and the rest by the 45th day.
        let curve = [200_000, 400_000, 600_000, 800_000, ONE, ONE, ONE, ONE, ONE, ONE];
        check(&Shape { curve, ..Shape::EVEN }, (2025, 3, 31), &[68_889, 31_111, 0]);
    }

    proptest! {
        #[test]
        fn any_shape_gives_all_and_never_takes(
            amount in 0_i64..100_000_000, start in 0_i64..800, length in 0_i64..1500,
            mut curve in prop::array::uniform10(0_i64..=ONE), payments in 0..=ONE, first in 0..=ONE, last in 0..=ONE,
        ) {
            let begin = date(2022, 1, 1).saturating_add(jiff::Span::new().days(start));
            let periode = Periode { begin, eind: begin.saturating_add(jiff::Span::new().days(length)) };
            curve.sort_unstable();
            curve[9] = ONE;
            let shape = Shape { curve, payments, first, last: last.min(ONE - first) };
            let months: Vec<(_, i64)> = spread(amount, periode, &shape).collect();
            prop_assert_eq!(months.iter().map(|(_, cents)| cents).sum::<i64>(), amount);
            prop_assert!(months.iter().all(|(_, cents)| *cents >= 0), "{:?}", months);
            prop_assert_eq!(spread(amount, periode, &Shape::EVEN).collect::<Vec<_>>(), spread_by_days(amount, periode));
        }
    }
}
