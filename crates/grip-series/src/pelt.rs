//! The segmentation of least cost, exactly.

use crate::cost::{Cost, Noise, Rows};
use crate::season;
use crate::segmentation::Segmentation;
use crate::series::{Series, count};

/// What every change-point has to earn in cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Penalty {
    /// `(p + 1) · ln n` for `p` parameters of a segment: one for its place. Schwarz (1978), Yao (1988).
    Bic,
    /// `(p + 2) · ln n`, and each segment pays the logarithm of its part of the whole, so that cuts near an end or near
    /// one another earn more. Zhang and Siegmund (2007), Biometrics 63(1), 22-32, equation 6, where `p` is 1.
    Mbic,
    /// A number of your own.
    Of(f64),
}

/// How change-points are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// What may change.
    pub cost: Cost,
    /// Where the variance comes from; not used by [`Cost::MeanVariance`].
    pub noise: Noise,
    /// What a change-point has to earn.
    pub penalty: Penalty,
    /// Known places in the shortest segment, at least one more than it has parameters where that is a slope or variance.
    pub length_min: usize,
}

impl Search {
    /// Straight lines with a variance as if there were no change: the default, and why is in `docs/methods/signals.md`.
    pub const DEFAULT: Self = Self { cost: Cost::Trend, noise: Noise::Line, penalty: Penalty::Mbic, length_min: 3 };
}

/// Change-points of one series, or of several over the same time that change together, without their seasons.
///
/// Seasons are taken off where the series has two of them and shows them; the found levels are without season too.
/// [`Change::confidence`](crate::Change::confidence) is as [`pelt`] says.
pub fn change_points(series: &[Series<'_>]) -> Segmentation {
    let plain: Vec<Vec<Option<f64>>> = series.iter().map(|series| season::without(*series)).collect();
    let plain: Vec<&[Option<f64>]> = plain.iter().map(Vec::as_slice).collect();
    pelt(&plain, &Search::DEFAULT)
}

/// The segmentation with the least sum of costs and penalties over all there are, as it is, seasons and all.
///
/// Several series are cut at the same places: their costs are added, and so are their parameters in the penalty. `None` is
/// unknown and costs nothing.
///
/// [`Change::confidence`](crate::Change::confidence) is `1 / (1 + exp(-g / 2))`, with `g` what the cost would rise by if the change were
/// left out, less its penalty: the probability of the change, by Schwarz's approximation, as far as the penalty is one.
///
/// Time grows with the number of places where changes are frequent, with its square where there are none; memory with the
/// number of places.
///
/// Source: Killick, Fearnhead and Eckley (2012), Journal of the American Statistical Association 107(500), 1590-1598. A candidate
/// that can't be best any more is dropped only when a segment of the shortest length can follow.
pub fn pelt(series: &[&[Option<f64>]], search: &Search) -> Segmentation {
    let rows = Rows::of(series, search.noise);
    let number = rows.places.len();
    if number == 0 {
        return Segmentation { changes: Vec::new(), segments: Vec::new() };
    }
    let shortest = match search.cost {
        Cost::Mean => 1,
        Cost::MeanVariance => 2,
        Cost::Trend => 3,
    };
    let length_min = search.length_min.max(shortest);
    let penalty = penalty(search, number, series.len());
    let lengths = lengths(search.penalty, number);
    let bounds = match (rows.dimensions.as_slice(), search.cost) {
        // The same as below, from smaller tables.
        ([one], Cost::Mean) => {
            let of = one.of_levels();
            least(number, length_min, penalty, |from, to| of(from, to) + lengths[to - from])
        }
        (dimensions, cost) => least(number, length_min, penalty, |from, to| {
            dimensions.iter().map(|dimension| dimension.cost(cost, from, to)).sum::<f64>() + lengths[to - from]
        }),
    };
    let cost = |from: usize, to: usize| {
        rows.dimensions.iter().map(|dimension| dimension.cost(search.cost, from, to)).sum::<f64>() + lengths[to - from]
    };
    let confidence: Vec<f64> = bounds
        .windows(3)
        .map(|three| {
            let earned = cost(three[0], three[2]) - cost(three[0], three[1]) - cost(three[1], three[2]) - penalty;
            1.0 / (1.0 + (-earned / 2.0).exp())
        })
        .collect();
    Segmentation::new(&rows, &bounds, search.cost == Cost::Trend, &confidence)
}

fn penalty(search: &Search, number: usize, dimensions: usize) -> f64 {
    let parameters = search.cost.parameters() * count(dimensions);
    let logarithm = count(number).ln();
    match search.penalty {
        Penalty::Bic => (parameters + 1.0) * logarithm,
        Penalty::Mbic => (parameters + 2.0) * logarithm,
        Penalty::Of(penalty) => penalty.max(0.0),
    }
}

/// What a segment pays for its length, by its number of rows.
fn lengths(penalty: Penalty, number: usize) -> Vec<f64> {
    (0..=number)
        .map(|length| if penalty == Penalty::Mbic && length > 0 { (count(length) / count(number)).ln() } else { 0.0 })
        .collect()
}

/// The bounds, from 0 to `number`, with the least sum. Needs a cost that never rises when a segment is cut: so are all here, and the
/// logarithms of two parts add up to less than that of the whole, as long as both are parts of `number`.
fn least(number: usize, length_min: usize, penalty: f64, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let mut best = vec![f64::INFINITY; number + 1];
    let mut last = vec![0_usize; number + 1];
    best[0] = -penalty;
    // Where the last segment may begin, the last end for which each is worth trying, and whether any has one.
    let (mut froms, mut untils, mut is_any_ending) = (Vec::new(), Vec::new(), false);
    let mut sums: Vec<f64> = Vec::new();
    for to in length_min..=number {
        if best[to - length_min].is_finite() {
            froms.push(to - length_min);
            untils.push(usize::MAX);
        }
        sums.clear();
        sums.extend(froms.iter().map(|from| best[*from] + cost(*from, to)));
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for (sum, from) in sums.iter().zip(&froms) {
            most = most.max(*sum);
            if *sum < least {
                (least, last[to]) = (*sum, *from);
            }
        }
        best[to] = least + penalty;
        if most >= best[to] {
            let late = untils.iter_mut().zip(&sums).filter(|(_, sum)| **sum >= best[to]);
            late.for_each(|(until, _)| *until = (*until).min(to + length_min - 1));
            is_any_ending = true;
        }
        if is_any_ending {
            let mut stays = untils.iter().map(|until| *until > to);
            froms.retain(|_| stays.next().unwrap_or(true));
            untils.retain(|until| *until > to);
            is_any_ending = untils.iter().any(|until| *until < usize::MAX);
        }
    }
    let mut bounds = vec![number];
    let mut at = number;
    while at > 0 {
        at = last[at];
        bounds.push(at);
    }
    bounds.reverse();
    bounds
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COSTS: [Cost; 3] = [Cost::Mean, Cost::MeanVariance, Cost::Trend];

    fn value() -> impl Strategy<Value = Option<f64>> {
        prop_oneof![5 => (-9..9_i32).prop_map(|value| Some(f64::from(value))), 1 => Just(None)]
    }

    /// Two series of the same length.
    fn pair(length: std::ops::Range<usize>) -> impl Strategy<Value = [Vec<Option<f64>>; 2]> {
        let one = move |length: usize| prop::collection::vec(value(), length);
        length.prop_flat_map(move |length| [one(length), one(length)])
    }

    fn sum(rows: &Rows, cost: Cost, from: usize, to: usize) -> f64 {
        rows.dimensions.iter().map(|dimension| dimension.cost(cost, from, to)).sum()
    }

    /// The least sum over every way to cut `0..number`, tried one by one.
    fn least_of_all(number: usize, length_min: usize, penalty: f64, cost: &impl Fn(usize, usize) -> f64) -> f64 {
        let ways = 0_u32..1 << (number - 1);
        let sum_of = |way: u32| {
            let cut = |row: &usize| way >> (row - 1) & 1 == 1;
            let bounds: Vec<usize> = std::iter::once(0).chain((1..number).filter(cut)).chain([number]).collect();
            let short = bounds.windows(2).any(|pair| pair[1] - pair[0] < length_min);
            if short && bounds.len() > 2 {
                return f64::INFINITY;
            }
            bounds.windows(2).map(|pair| cost(pair[0], pair[1]) + penalty).sum::<f64>() - penalty
        };
        ways.map(sum_of).fold(f64::INFINITY, f64::min)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// Dropping candidates loses nothing: the sum is the least there is.
        #[test]
        fn nothing_cheaper_exists(
            series in pair(1..12),
            length_min in 1_usize..5,
            penalty in prop_oneof![
                Just(Penalty::Bic), Just(Penalty::Mbic), Just(Penalty::Of(0.0)), (0.0..4.0).prop_map(Penalty::Of),
            ],
        ) {
            let slices: Vec<&[Option<f64>]> = series.iter().map(Vec::as_slice).collect();
            let rows = Rows::of(&slices, Noise::Level);
            let number = rows.places.len();
            prop_assume!(number > 0);
            for kind in COSTS {
                let search = Search { cost: kind, noise: Noise::Level, penalty, length_min };
                let (earned, lengths) = (super::penalty(&search, number, 2), lengths(penalty, number));
                let cost = |from: usize, to: usize| sum(&rows, kind, from, to) + lengths[to - from];
                let bounds = least(number, length_min, earned, cost);
                let found = bounds.windows(2).map(|pair| cost(pair[0], pair[1]) + earned).sum::<f64>() - earned;
                let expected = least_of_all(number, length_min, earned, &cost);
                prop_assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{} {}", found, expected);
                prop_assert!(bounds.windows(2).all(|pair| pair[1] - pair[0] >= length_min) || bounds.len() == 2);
            }
        }

        /// Cutting a segment never costs more before penalties: what dropping candidates rests on.
        #[test]
        fn a_cut_never_costs_more(series in pair(2..40), at in 0.0..1.0_f64) {
            let slices: Vec<&[Option<f64>]> = series.iter().map(Vec::as_slice).collect();
            let rows = Rows::of(&slices, Noise::Differences);
            let number = rows.places.len();
            prop_assume!(number >= 2);
            let middle = (1..number).find(|row| count(*row) >= at * count(number)).unwrap_or(1);
            for kind in COSTS {
                let whole = sum(&rows, kind, 0, number);
                let parts = sum(&rows, kind, 0, middle) + sum(&rows, kind, middle, number);
                prop_assert!(parts <= whole + 1e-9 * (1.0 + whole.abs()), "{:?}: {} {}", kind, parts, whole);
            }
        }
    }
}
