use crate::development::ratio_or_one;
use crate::linear::least_squares;
use crate::{Averaging, Development, Error, Triangle};

/// How link ratios become one factor. With `x` the value at an age, `y` that at the next and `w` the weight of the pair
/// (usually 1), the factor is `Σ w x^(1-e) y / Σ w x^(2-e)`, which is the best one when the variance of `y` is
/// proportional to `x^e`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// `e = 1`: the sum of what came over the sum of what was.
    Volume,
    /// `e = 2`: the mean of the ratios.
    Simple,
    /// `e = 0`: a regression through the origin.
    Regression,
    /// The geometric mean of the ratios, with the σ of [`Average::Volume`] around it.
    Geometric,
}

impl Average {
    /// `x` to the power with which the variance of the next value grows.
    pub(crate) fn variance_power(self, x: f64) -> f64 {
        match self {
            Self::Volume | Self::Geometric => x,
            Self::Simple => x * x,
            Self::Regression => 1.0,
        }
    }

    fn factor(self, pairs: &[Pair]) -> (f64, f64) {
        let sum = |term: fn(&Pair) -> f64| pairs.iter().map(term).sum::<f64>();
        let ratio = match self {
            Self::Volume => {
                let (from, to) = (sum(|pair| pair.weight * pair.from), sum(|pair| pair.weight * pair.to));
                return (ratio_or_one(to, from), ratio_or_one(from, to));
            }
            Self::Regression => ratio_or_one(
                sum(|pair| pair.weight * pair.from * pair.to),
                sum(|pair| pair.weight * pair.from * pair.from),
            ),
            Self::Simple => {
                let defined = pairs.iter().filter(|pair| pair.from != 0.0);
                let (ratios, weights) = defined.fold((0.0, 0.0), |(ratios, weights), pair| {
                    (ratios + pair.weight * pair.to / pair.from, weights + pair.weight)
                });
                ratio_or_one(ratios, weights)
            }
            Self::Geometric => {
                let defined = pairs.iter().filter(|pair| pair.from > 0.0 && pair.to > 0.0);
                let (logs, weights) = defined.fold((0.0, 0.0), |(logs, weights), pair| {
                    (logs + pair.weight * (pair.to / pair.from).ln(), weights + pair.weight)
                });
                if weights > 0.0 { (logs / weights).exp() } else { 1.0 }
            }
        };
        (ratio, ratio_or_one(1.0, ratio))
    }
}

/// How σ is found where a single link ratio, or none, is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigmaRule {
    /// `σ²[k] = min(σ⁴[k-1]/σ²[k-2], σ²[k-1], σ²[k-2])`, and 0 without two before it. Mack (1993), ASTIN Bulletin 23(2),
    /// p. 220.
    Mack,
    /// A straight line through `ln σ` over all ages where σ is known, continued. Mack (1999), ASTIN Bulletin 29(2),
    /// p. 364, mentions it. A σ of exactly 0 counts as 1e-320, so that a pattern that has come to rest stays at rest.
    LogLinear,
}

/// Weights of the link ratios of one triangle, all 1 at first. A weight of 0 takes a ratio out.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkWeights {
    ages: usize,
    weights: Vec<f64>,
}

impl LinkWeights {
    /// Weight 1 for every link ratio of a triangle.
    #[must_use]
    pub fn ones(triangle: &Triangle) -> Self {
        let ages = triangle.ages();
        Self { ages, weights: vec![1.0; triangle.origins() * ages] }
    }

    /// Sets the weight of the ratio from age `age` to the next of one origin.
    ///
    /// # Errors
    /// [`Error::InvalidWeight`] when the weight is negative or not finite, [`Error::NoSuchCell`] beyond the triangle.
    pub fn set(&mut self, origin: usize, age: usize, weight: f64) -> Result<(), Error> {
        if !weight.is_finite() || weight < 0.0 {
            return Err(Error::InvalidWeight { age });
        }
        let place = origin.checked_mul(self.ages).and_then(|start| start.checked_add(age));
        let cell = place.filter(|_| age < self.ages).and_then(|place| self.weights.get_mut(place));
        *cell.ok_or(Error::NoSuchCell { origin, age })? = weight;
        Ok(())
    }

    /// Takes out every ratio that leads to a diagonal: what became known at that valuation is then not learned from.
    pub fn exclude_valuation(&mut self, triangle: &Triangle, valuation: usize) {
        for origin in 0..triangle.origins() {
            for age in 1..triangle.row(origin).len() {
                if triangle.grain().valuation(origin, age) == valuation {
                    self.weights[origin * self.ages + age - 1] = 0.0;
                }
            }
        }
    }

    fn weight(&self, origin: usize, age: usize) -> f64 {
        self.weights.get(origin * self.ages + age).copied().unwrap_or(1.0)
    }
}

/// Which link ratios count, how they are averaged, and how σ is continued.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Selection<'w> {
    /// How ratios become a factor.
    pub average: Average,
    /// Over which origins.
    pub origins: Averaging,
    /// How many of the highest ratios of each age are left out.
    pub drop_high: usize,
    /// How many of the lowest ratios of each age are left out.
    pub drop_low: usize,
    /// When fewer ratios than this would be left at an age, none is left out there for being high or low.
    pub preserve: usize,
    /// How σ is found where it cannot be estimated.
    pub sigma: SigmaRule,
    /// Weights and exclusions, one by one.
    pub weights: Option<&'w LinkWeights>,
}

impl<'w> Selection<'w> {
    /// This average over these origins, nothing left out, σ continued by Mack's rule.
    #[must_use]
    pub const fn new(average: Average, origins: Averaging) -> Self {
        Self { average, origins, drop_high: 0, drop_low: 0, preserve: 1, sigma: SigmaRule::Mack, weights: None }
    }

    /// Volume-weighted over all origins, σ continued by Mack's rule: what Mack (1993) describes.
    #[must_use]
    pub const fn mack() -> Self {
        Self::new(Average::Volume, Averaging::AllOrigins)
    }

    /// With another rule for σ.
    #[must_use]
    pub const fn with_sigma(self, sigma: SigmaRule) -> Self {
        Self { sigma, ..self }
    }

    /// Without so many of the highest and lowest ratios per age, where at least `preserve` are left. Among equal ratios
    /// the one of the smaller volume counts as the lower.
    #[must_use]
    pub const fn without_extremes(self, drop_high: usize, drop_low: usize, preserve: usize) -> Self {
        Self { drop_high, drop_low, preserve, ..self }
    }

    /// With weights and exclusions.
    #[must_use]
    pub const fn with_weights(self, weights: &'w LinkWeights) -> Self {
        Self { weights: Some(weights), ..self }
    }
}

impl From<Averaging> for Selection<'_> {
    fn from(origins: Averaging) -> Self {
        Self::new(Average::Volume, origins)
    }
}

/// Factors with what is known of their certainty; from [`links`].
#[derive(Debug, Clone, PartialEq)]
pub struct Links {
    /// The pattern. With a tail it has one factor more than the triangle.
    pub development: Development,
    /// σ per factor; its unit depends on the average (for volume: the root of the triangle's).
    pub sigma: Vec<f64>,
    /// Standard error of each factor, no unit.
    pub standard_errors: Vec<f64>,
    /// `Σ w x` per factor over the ratios that counted: the volume it rests on, in the triangle's unit.
    pub volumes: Vec<f64>,
    /// How many ratios counted per factor.
    pub counts: Vec<usize>,
    /// How the ratios were averaged.
    pub average: Average,
}

/// One link ratio that counts.
struct Pair {
    from: f64,
    to: f64,
    weight: f64,
}

/// Averages link ratios to factors, with σ and the standard error of each factor.
///
/// # Formula
/// With `e` as in [`Average`]: `f = Σ w x^(1-e) y / Σ w x^(2-e)`, `σ² = 1/(n-1) · Σ w x^(-e) (y - f x)²` and
/// `se(f)² = σ² / Σ w x^(2-e)`. Ratios whose `x` is at or below zero do not count for `σ²`; where fewer than two are left
/// σ is continued by the [`SigmaRule`]. A factor without any ratio, or with a zero denominator, is 1.
/// # Source
/// Mack, T. (1999), The standard error of chain ladder reserve estimates: recursive calculation and inclusion of a tail
/// factor, ASTIN Bulletin 29(2), 361–366.
/// # Example
/// ```
/// use grip_reserving::{Average, Averaging, Selection, Triangle, links};
/// let triangle = Triangle::from_cumulative(&[vec![10.0, 15.0], vec![20.0, 40.0], vec![5.0]])?;
/// let simple = links(&triangle, Selection::new(Average::Simple, Averaging::AllOrigins));
/// assert_eq!(simple.development.factors(), [1.75]); // of 1.5 and 2
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// None: every triangle has a pattern.
#[must_use]
pub fn links<'w>(triangle: &Triangle, selection: impl Into<Selection<'w>>) -> Links {
    let selection = selection.into();
    let factors = triangle.ages().saturating_sub(1);
    let mut fitted = Fitted::with_capacity(factors);
    let mut pairs = Vec::with_capacity(triangle.origins());
    for age in 0..factors {
        collect_pairs(triangle, age, selection, &mut pairs);
        fitted.push(&pairs, selection.average);
    }
    let sigma = continue_sigma(&fitted.sigma, selection.sigma);
    let standard_errors = sigma
        .iter()
        .zip(&fitted.information)
        .map(|(sigma, information)| if *information > 0.0 { sigma / information.sqrt() } else { 0.0 })
        .collect();
    Links {
        development: Development::from_links(fitted.factors, &fitted.shares),
        sigma,
        standard_errors,
        volumes: fitted.volumes,
        counts: fitted.counts,
        average: selection.average,
    }
}

/// What is found per age, before σ is continued.
struct Fitted {
    factors: Vec<f64>,
    shares: Vec<f64>,
    sigma: Vec<Option<f64>>,
    /// `Σ w x^(2-e)`.
    information: Vec<f64>,
    volumes: Vec<f64>,
    counts: Vec<usize>,
}

impl Fitted {
    fn with_capacity(factors: usize) -> Self {
        Self {
            factors: Vec::with_capacity(factors),
            shares: Vec::with_capacity(factors),
            sigma: Vec::with_capacity(factors),
            information: Vec::with_capacity(factors),
            volumes: Vec::with_capacity(factors),
            counts: Vec::with_capacity(factors),
        }
    }

    fn push(&mut self, pairs: &[Pair], average: Average) {
        let (factor, share) = average.factor(pairs);
        // The power is chosen once and not per pair: this is where most of the time of a batch goes.
        let moments = match average {
            Average::Volume | Average::Geometric => moments(pairs, factor, |x| x, |_| 1.0),
            Average::Simple => moments(pairs, factor, |_| 1.0, |x| 1.0 / x),
            Average::Regression => moments(pairs, factor, |x| x * x, |x| x),
        };
        self.factors.push(factor);
        self.shares.push(share);
        self.sigma.push((moments.used > 1).then(|| (moments.squares / f64::from(moments.used - 1)).sqrt()));
        self.information.push(moments.information);
        self.volumes.push(moments.volume);
        self.counts.push(pairs.len());
    }
}

/// Sums over the ratios of one age.
struct Moments {
    used: u32,
    squares: f64,
    information: f64,
    volume: f64,
}

/// `Σ w x^(-e) (y - f x)²` as `Σ w (y - f x)² · x^(1-e) / x`, and `Σ w x^(2-e)`.
fn moments(pairs: &[Pair], factor: f64, known: impl Fn(f64) -> f64, weight: impl Fn(f64) -> f64) -> Moments {
    let mut sums = Moments { used: 0, squares: 0.0, information: 0.0, volume: 0.0 };
    for pair in pairs.iter().filter(|pair| pair.from != 0.0) {
        sums.volume += pair.weight * pair.from;
        sums.information += pair.weight * known(pair.from);
        if pair.from > 0.0 {
            sums.used += 1;
            let residual = pair.to - factor * pair.from;
            sums.squares += pair.weight * residual * residual * weight(pair.from) / pair.from;
        }
    }
    sums
}

/// The ratios from one age to the next that count.
fn collect_pairs(triangle: &Triangle, age: usize, selection: Selection<'_>, pairs: &mut Vec<Pair>) {
    pairs.clear();
    let observed = triangle.observed(age + 1);
    let origins = match selection.origins {
        Averaging::AllOrigins => 0..observed,
        Averaging::LatestOrigins(count) => observed.saturating_sub(count.max(1))..observed,
    };
    for origin in origins {
        let Some(&[from, to]) = triangle.row(origin).get(age..age + 2) else { continue };
        let weight = selection.weights.map_or(1.0, |weights| weights.weight(origin, age));
        if !from.is_nan() && !to.is_nan() && weight != 0.0 {
            pairs.push(Pair { from, to, weight });
        }
    }
    let dropped = selection.drop_high + selection.drop_low;
    if dropped > 0 {
        // A ratio to zero is none that could be high or low.
        let defined = pairs.iter().filter(|pair| pair.from != 0.0).count();
        if defined >= selection.preserve.max(1) + dropped {
            pairs.retain(|pair| pair.from != 0.0);
            let ratio = |pair: &Pair| pair.to / pair.from;
            pairs.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)).then(a.from.total_cmp(&b.from)));
            pairs.truncate(defined - selection.drop_high);
            pairs.drain(..selection.drop_low);
        }
    }
}

fn continue_sigma(estimated: &[Option<f64>], rule: SigmaRule) -> Vec<f64> {
    const AT_REST: f64 = 1e-320;
    let mut result: Vec<f64> = Vec::with_capacity(estimated.len());
    let line = match rule {
        SigmaRule::LogLinear if estimated.contains(&None) => {
            least_squares((1_u32..).zip(estimated).filter_map(|(index, sigma)| {
                let sigma = (*sigma)?;
                Some((f64::from(index), if sigma > 0.0 { sigma } else { AT_REST }.ln()))
            }))
        }
        SigmaRule::LogLinear | SigmaRule::Mack => None,
    };
    for (index, sigma) in (1_u32..).zip(estimated) {
        result.push(match (sigma, rule, &line) {
            (Some(sigma), _, _) => *sigma,
            (None, SigmaRule::LogLinear, Some(line)) => (line.slope * f64::from(index) + line.intercept).exp(),
            (None, SigmaRule::LogLinear, None) => result.last().copied().unwrap_or(0.0),
            (None, SigmaRule::Mack, _) => by_macks_rule(&result),
        });
    }
    result
}

/// σ of a factor with one observation, from the two before it.
fn by_macks_rule(earlier: &[f64]) -> f64 {
    let [.., second_last, last] = earlier else { return 0.0 };
    let extrapolated = if *second_last > 0.0 { last * last / second_last } else { 0.0 };
    extrapolated.min(*last).min(*second_last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triangle() -> Triangle {
        let rows = [
            vec![10.0, 20.0, 22.0, 22.0],
            vec![10.0, 30.0, 33.0],
            vec![20.0, 40.0],
            vec![20.0, 80.0],
            vec![10.0, 20.0],
        ];
        let mut built = Triangle::empty(crate::Grain::ONE);
        rows.into_iter().for_each(|row| built.push_row(row.into_iter()));
        built
    }

    #[test]
    fn high_and_low_ratios_are_left_out_where_enough_remain() {
        let simple = Selection::new(Average::Simple, Averaging::AllOrigins);
        // Ratios 2, 3, 2, 4, 2: without the highest and the lowest the mean of 2, 2 and 3.
        assert_eq!(links(&triangle(), simple.without_extremes(1, 1, 3)).development.factors()[..1], [7.0 / 3.0]);
        assert_eq!(links(&triangle(), simple.without_extremes(1, 1, 4)).development.factors()[..1], [2.6]);
        assert_eq!(links(&triangle(), simple.without_extremes(1, 1, 3)).counts, [3, 2, 1]);
    }

    #[test]
    fn exclusions_and_weights() {
        let triangle = triangle();
        let mut weights = LinkWeights::ones(&triangle);
        weights.set(3, 0, 0.0).expect("a cell of the triangle");
        weights.set(1, 0, 2.0).expect("a cell of the triangle");
        let volume = links(&triangle, Selection::mack().with_weights(&weights));
        assert_eq!(volume.development.factors()[..1], [(20.0 + 60.0 + 40.0 + 20.0) / (10.0 + 20.0 + 20.0 + 10.0)]);
        assert_eq!(weights.set(9, 0, 1.0), Err(Error::NoSuchCell { origin: 9, age: 0 }));
        assert_eq!(weights.set(0, 0, -1.0), Err(Error::InvalidWeight { age: 0 }));
    }

    #[test]
    fn a_whole_diagonal_is_left_out() {
        let triangle = triangle();
        let mut weights = LinkWeights::ones(&triangle);
        weights.exclude_valuation(&triangle, 2);
        assert_eq!(links(&triangle, Selection::mack().with_weights(&weights)).counts, [4, 2, 1]);
    }

    #[test]
    fn sigma_is_continued() {
        let known = [Some(8.0), Some(4.0), None];
        assert_eq!(continue_sigma(&known, SigmaRule::Mack), [8.0, 4.0, 2.0]);
        let line = continue_sigma(&known, SigmaRule::LogLinear);
        assert!((line[2] - 2.0).abs() < 1e-12); // half again
        assert_eq!(continue_sigma(&[None], SigmaRule::LogLinear), [0.0]);
    }
}
