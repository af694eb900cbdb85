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
        // The same as below, without asking each time how many there are and what to compute.
        ([one], Cost::Mean) => {
            least(number, length_min, penalty, |from, to| one.cost(Cost::Mean, from, to) + lengths[to - from])
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

/// A place where the last segment may begin, and the last end for which that is worth trying.
struct Candidate {
    from: usize,
    until: usize,
}

/// The bounds, from 0 to `number`, with the least sum. Needs a cost that never rises when a segment is cut: so are all here, and the
/// logarithms of two parts add up to less than that of the whole, as long as both are parts of `number`.
fn least(number: usize, length_min: usize, penalty: f64, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let mut best = vec![f64::INFINITY; number + 1];
    let mut last = vec![0_usize; number + 1];
    best[0] = -penalty;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut sums: Vec<f64> = Vec::new();
    for to in length_min..=number {
        let from = to - length_min;
        if best[from].is_finite() {
            candidates.push(Candidate { from, until: usize::MAX });
        }
        sums.clear();
        let mut least = f64::INFINITY;
        for candidate in &candidates {
            let sum = best[candidate.from] + cost(candidate.from, to);
            if sum < least {
                (least, last[to]) = (sum, candidate.from);
            }
            sums.push(sum);
        }
        best[to] = least + penalty;
        for (candidate, sum) in candidates.iter_mut().zip(&sums) {
            if *sum >= best[to] {
                candidate.until = candidate.until.min(to + length_min - 1);
            }
        }
        candidates.retain(|candidate| candidate.until > to);
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
