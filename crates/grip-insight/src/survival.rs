//! How long care lasts, while much of it has not ended yet.

use std::collections::BTreeMap;

use grip_types::{Date, Periode};

use crate::normal::{chi_square_tail, two_sided};

/// A stay in care as far as it was seen, in whole units of time since it began: days, weeks or months, the same for
/// all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stay {
    from: u32,
    until: u32,
    ended: bool,
}

impl Stay {
    /// A stay that was followed from age `from` (zero: from its begin) to age `until`, at which it `ended` or was
    /// lost from sight.
    ///
    /// `None` when it was not followed for any time: such a stay says nothing.
    pub fn new(from: u32, until: u32, ended: bool) -> Option<Self> {
        (from < until).then_some(Self { from, until, ended })
    }

    /// A stay from `begin` to `end`, both belonging to it, as far as it was seen in `window`, in days.
    ///
    /// A stay that began before the window is seen from the age it had then, and those that ended before are not seen
    /// at all: leaving them out without minding the age of the others would make stays look longer than they are.
    /// `None` when nothing of it lies in the window.
    pub fn seen(begin: Date, end: Option<Date>, window: Periode) -> Option<Self> {
        let age = |day: Date| u32::try_from(begin.until(day).ok()?.get_days()).ok();
        let last = end.map_or(window.eind, |end| end.min(window.eind));
        let from = if begin < window.begin { age(window.begin)? } else { 0 };
        let until = age(last)?.checked_add(1)?;
        Self::new(from, until, end.is_some_and(|end| end <= window.eind))
    }

    /// The part of it after an age, or `None` when there is none: for a curve of those who stayed that long.
    pub fn after(self, age: u32) -> Option<Self> {
        Self::new(self.from.max(age), self.until, self.ended)
    }
}

/// The curve at an age at which at least one stay ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Age, in the unit of the stays.
    pub age: u32,
    /// Stays that were followed up to this age and had not ended before.
    pub at_risk: usize,
    /// Stays that ended at it.
    pub ended: usize,
    /// Share of stays that last longer.
    pub survival: f64,
    /// Variance of that share (Greenwood). Zero when it is zero.
    pub variance: f64,
    /// Bounds of that share, at the level asked for. `None` when it is zero: nothing is known of the chance to last
    /// longer.
    pub bounds: Option<(f64, f64)>,
}

/// How many stays last longer than an age, for every age: the curve of Kaplan and Meier.
#[derive(Debug, Clone, PartialEq)]
pub struct Survival {
    /// The ages at which stays ended, in order. The curve is one before the first and flat in between.
    pub steps: Vec<Step>,
    /// Stays it is made from.
    pub stays: usize,
    /// The highest age at which a stay was followed: beyond it nothing is known.
    pub age_max: u32,
}

/// An age with its bounds. `None` where the curve, or its bound, does not come that low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile {
    /// The lower bound.
    pub low: Option<u32>,
    /// The first age at which no more than the share lasts longer.
    pub age: Option<u32>,
    /// The upper bound. `None` also when it lies beyond what was seen.
    pub high: Option<u32>,
}

/// Mean time in care up to an age, or the difference of two of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    /// Mean, in the unit of the stays.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

impl RestrictedMean {
    /// Bounds at `level`, such as 0.95: the mean and `z` standard errors to each side.
    pub fn bounds(&self, level: f64) -> (f64, f64) {
        let spread = two_sided(level) * self.variance.sqrt();
        (self.mean - spread, self.mean + spread)
    }
}

/// How much longer the first stay than the second, of other people and up to the same age.
impl std::ops::Sub for RestrictedMean {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { mean: self.mean - other.mean, variance: self.variance + other.variance }
    }
}

/// The share of stays that lasts longer than each age, with bounds at `level`, such as 0.95.
///
/// # Formula
///
/// `S(t) = Π (1 − d/n)` over ages up to `t` at which `d` of the `n` followed ended; who is lost from sight at an age
/// was at risk at it, and who came into sight at an age is at risk after it. Variance `S² Σ d/(n(n−d))`. Bounds
/// `S^exp(±z·√Σ / ln S)`, which stay between zero and one. A share, without unit.
///
/// # Source
///
/// Kaplan, E. L. and Meier, P. (1958), Journal of the American Statistical Association 53, 457–481; Greenwood, M.
/// (1926); Kalbfleisch, J. D. and Prentice, R. L. (2002), The Statistical Analysis of Failure Time Data, section 1.4,
/// for the bounds; Klein, J. P. and Moeschberger, M. L. (2003), Survival Analysis, sections 4.2 to 4.6, for all of it
/// and for stays that come into sight late.
///
/// # Example
///
/// Of the 21 patients with 6-mercaptopurine in Freireich and others (1963), 0.857 are in remission longer than 6 weeks.
pub fn kaplan_meier(stays: &[Stay], level: f64) -> Survival {
    let z = two_sided(level);
    let (mut survival, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    for Row { age, at_risk, ended } in table(stays) {
        let (n, d) = (to_f64(at_risk), to_f64(ended));
        survival *= to_f64(at_risk - ended) / n;
        if ended < at_risk {
            greenwood += d / (n * (n - d));
        }
        let variance = survival * survival * greenwood;
        let bounds = (survival > 0.0).then(|| {
            let spread = z * greenwood.sqrt() / survival.ln();
            (survival.powf((-spread).exp()), survival.powf(spread.exp()))
        });
        steps.push(Step { age, at_risk, ended, survival, variance, bounds });
        if ended == at_risk {
            break; // What is zero stays zero.
        }
    }
    Survival { steps, stays: stays.len(), age_max: stays.iter().map(|stay| stay.until).max().unwrap_or(0) }
}

impl Survival {
    /// Share that lasts longer than an age, or `None` beyond what was seen, unless all had ended.
    pub fn at(&self, age: u32) -> Option<f64> {
        let last = self.steps[..self.steps.partition_point(|step| step.age <= age)].last();
        let survival = last.map_or(1.0, |step| step.survival);
        (age <= self.age_max || survival <= 0.0).then_some(survival)
    }

    /// The first age at which no more than `share` lasts longer, such as 0.5 for the median.
    ///
    /// The bounds are the first ages at which the bounds of the curve come that low (Brookmeyer, R. and Crowley, J.
    /// (1982), Biometrics 38, 29–41).
    pub fn quantile(&self, share: f64) -> Quantile {
        // A product of fractions that is one half should count as one half.
        let is_low = |value: f64| value <= share + 1e-12;
        let first =
            |is_reached: &dyn Fn(&Step) -> bool| self.steps.iter().find(|step| is_reached(step)).map(|step| step.age);
        Quantile {
            low: first(&|step| step.bounds.is_none_or(|(low, _)| is_low(low))),
            age: first(&|step| is_low(step.survival)),
            high: first(&|step| step.bounds.is_some_and(|(_, high)| is_low(high))),
        }
    }

    /// The age that half of the stays outlast.
    pub fn median(&self) -> Quantile {
        self.quantile(0.5)
    }

    /// Mean time in care up to age `until`: the area under the curve. `None` beyond what was seen, unless all had
    /// ended.
    ///
    /// Unlike a mean of the stays that ended it does not forget those that go on.
    ///
    /// # Formula
    ///
    /// `μ = ∫ S` from zero to `until`, variance `Σ (∫ S from t to until)² · d/(n(n−d))` over the ages `t`. Time in
    /// the unit of the stays.
    ///
    /// # Source
    ///
    /// Klein and Moeschberger (2003), section 4.5, formulas 4.5.1 and 4.5.2.
    pub fn restricted_mean(&self, until: u32) -> Option<RestrictedMean> {
        self.at(until)?;
        let (mut area, mut variance) = (0.0, 0.0);
        let mut upper = until;
        for step in self.steps.iter().filter(|step| step.age < until).rev() {
            area += step.survival * f64::from(upper - step.age);
            upper = step.age;
            if step.ended < step.at_risk {
                let (n, d) = (to_f64(step.at_risk), to_f64(step.ended));
                variance += area * area * d / (n * (n - d));
            }
        }
        Some(RestrictedMean { mean: area + f64::from(upper), variance })
    }
}

/// How many stays were followed up to an age: few at risk say little.
pub fn at_risk(stays: &[Stay], age: u32) -> usize {
    AtRisk::of(stays).at(age)
}

/// Chances of several tests, each raised so that the chance of even one false alarm among them stays below the level it is
/// compared with. In the order they were given.
///
/// # Formula
///
/// With `p₁ ≤ … ≤ pₘ`: `p̃ₖ = max over j ≤ k of min(1, (m − j + 1)·pⱼ)`.
///
/// # Source
///
/// Holm, S. (1979), Scandinavian Journal of Statistics 6, 65–70.
pub fn holm(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|one, other| chances[*one].total_cmp(&chances[*other]));
    let mut found = vec![0.0; chances.len()];
    let mut highest = 0.0_f64;
    for (rank, position) in order.into_iter().enumerate() {
        highest = highest.max((to_f64(chances.len() - rank) * chances[position]).min(1.0));
        found[position] = highest;
    }
    found
}

/// Whether one group stays longer than another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRank {
    /// Stays that ended, per group.
    pub ended: [usize; 2],
    /// Stays that would have ended, were both groups alike. A group of which more is expected than ended stays longer.
    pub expected: [f64; 2],
    /// Variance of the difference between the two.
    pub variance: f64,
    /// The squared difference over its variance.
    pub chi_square: f64,
    /// Chance of a difference as large, were both groups alike.
    pub p: f64,
}

/// Compares two groups by the log-rank test. `None` when they can't be compared: at no age both had someone at risk
/// and one ended.
///
/// # Formula
///
/// At each age `e₁ = d·n₁/n` and `v = d·(n₁/n)·(n₂/n)·(n−d)/(n−1)`; `χ² = (Σ d₁ − Σ e₁)² / Σ v`, with one degree of
/// freedom.
///
/// # Source
///
/// Mantel, N. (1966), Cancer Chemotherapy Reports 50, 163–170; Klein and Moeschberger (2003), section 7.3.
pub fn log_rank(first: &[Stay], second: &[Stay]) -> Option<LogRank> {
    let both: Vec<Stay> = first.iter().chain(second).copied().collect();
    let ended_first: BTreeMap<u32, usize> = table(first).into_iter().map(|row| (row.age, row.ended)).collect();
    let at_risk_first = AtRisk::of(first);
    let (mut ended, mut all_ended, mut expected, mut variance) = (0, 0, 0.0, 0.0);
    for row in table(&both) {
        let (n, d) = (to_f64(row.at_risk), to_f64(row.ended));
        let share = to_f64(at_risk_first.at(row.age)) / n;
        ended += ended_first.get(&row.age).copied().unwrap_or(0);
        all_ended += row.ended;
        expected += d * share;
        if row.at_risk > 1 {
            variance += d * share * (1.0 - share) * (n - d) / (n - 1.0);
        }
    }
    let difference = to_f64(ended) - expected;
    let chi_square = difference * difference / variance;
    (variance > 0.0).then(|| LogRank {
        ended: [ended, all_ended - ended],
        expected: [expected, to_f64(all_ended) - expected],
        variance,
        chi_square,
        p: chi_square_tail(chi_square),
    })
}

/// An age at which stays ended.
struct Row {
    age: u32,
    at_risk: usize,
    ended: usize,
}

/// The ages at which stays ended, in order.
fn table(stays: &[Stay]) -> Vec<Row> {
    let mut ends: BTreeMap<u32, usize> = BTreeMap::new();
    for stay in stays.iter().filter(|stay| stay.ended) {
        *ends.entry(stay.until).or_default() += 1;
    }
    let at_risk = AtRisk::of(stays);
    ends.into_iter().map(|(age, ended)| Row { age, at_risk: at_risk.at(age), ended }).collect()
}

/// How many stays were followed up to an age.
struct AtRisk {
    from: Vec<u32>,
    until: Vec<u32>,
}

impl AtRisk {
    fn of(stays: &[Stay]) -> Self {
        let sorted = |age: fn(&Stay) -> u32| {
            let mut ages: Vec<u32> = stays.iter().map(age).collect();
            ages.sort_unstable();
            ages
        };
        Self { from: sorted(|stay| stay.from), until: sorted(|stay| stay.until) }
    }

    /// Stays with `from < age <= until`.
    fn at(&self, age: u32) -> usize {
        self.from.partition_point(|&from| from < age) - self.until.partition_point(|&until| until < age)
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 stays")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
