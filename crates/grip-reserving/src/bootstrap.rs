use std::num::NonZeroUsize;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma};

use crate::linear::inverse_of_symmetric;
use crate::{Averaging, Development, Error, Triangle, in_parallel};

/// How residuals are made as wide as what they stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Each residual over `√(1-h)`, with `h` its leverage: the diagonal of the hat matrix.
    Hat,
    /// All residuals times `√(n/(n-p))`.
    DegreesOfFreedom,
    /// None: too narrow, here to compare with programs that leave it out.
    None,
}

/// What the bootstrap should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootstrapSettings {
    /// How many triangles are simulated.
    pub simulations: usize,
    /// Where chance begins: the same seed gives the same result on any machine with any number of threads.
    pub seed: u64,
    /// How residuals are widened.
    pub adjustment: Adjustment,
    /// On how many threads.
    pub threads: NonZeroUsize,
}

/// Result of [`bootstrap`].
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// The scale `φ`: variance over mean of an increment, in the triangle's unit.
    pub scale: f64,
    /// Simulated IBNR of all origins together, in the order in which they were drawn; rejected ones are not in it.
    pub totals: Vec<f64>,
    /// Mean of the simulated IBNR per origin.
    pub origin_means: Vec<f64>,
    /// Standard deviation of the simulated IBNR per origin.
    pub origin_deviations: Vec<f64>,
    /// Simulations that were left out because a column of the simulated triangle summed to zero or less, so that there is
    /// no factor. Where these are many, the method does not suit the triangle.
    pub rejected: usize,
}

impl Bootstrap {
    /// Mean of the simulated totals; NaN when all were rejected.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.totals.iter().sum::<f64>() / count(self.totals.len())
    }

    /// Standard deviation of the simulated totals: the standard error of prediction.
    #[must_use]
    pub fn standard_deviation(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.totals.iter().map(|total| (total - mean).powi(2)).sum();
        (squares / (count(self.totals.len()) - 1.0)).sqrt()
    }

    /// Quantiles of the simulated totals, with straight lines between order statistics; NaN when all were rejected.
    #[must_use]
    pub fn quantiles(&self, levels: &[f64]) -> Vec<f64> {
        let mut sorted = self.totals.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        levels.iter().map(|level| quantile_of_sorted(&sorted, *level)).collect()
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A quantile with straight lines between order statistics (type 7 of Hyndman and Fan, 1996).
pub(crate) fn quantile_of_sorted(sorted: &[f64], level: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = level.clamp(0.0, 1.0) * count(last);
    // The place is between 0 and the length of a list.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (place - count(below)) * (sorted[above] - sorted[below])
}

/// The bootstrap of an overdispersed Poisson model: the distribution of what is still to come under chain ladder.
///
/// # Formula
/// Fitted increments `m` from the volume-weighted pattern backwards, Pearson residuals `r = (X-m)/√|m|`,
/// `φ = Σ r² / (n-p)` over the `n` known increments, with one parameter per origin and one per age but the first. Per
/// simulation: residuals, adjusted and with mean zero, are drawn with replacement; `X* = r √|m| + m`; chain ladder of the
/// new triangle gives means of the increments to come, and each becomes a draw from a gamma distribution with that mean
/// and the variance `φ |mean|`, with the sign of the mean. Residuals of exactly nothing (corners, which the model fits
/// whatever they are) are not drawn. Cells after an unknown one are left out of residuals and count.
/// # Source
/// England, P. and Verrall, R. (1999), Analytic and bootstrap estimates of prediction errors in claims reserving,
/// Insurance: Mathematics and Economics 25, 281–293; the same (2002), Stochastic claims reserving in general insurance,
/// British Actuarial Journal 8(3), section 7 and appendix 3; hat matrix: Shapland, M. R. (2016), Using the ODP bootstrap
/// model, CAS Monograph 4, section 3.
/// # Example
/// ```
/// use std::num::NonZeroUsize;
/// use grip_reserving::{Adjustment, BootstrapSettings, Triangle, bootstrap};
/// let triangle = Triangle::from_cumulative(&[vec![40.0, 70.0, 80.0, 85.0], vec![42.0, 79.0, 86.0], vec![35.0, 70.0], vec![41.0]])?;
/// let threads = NonZeroUsize::MIN;
/// let settings = BootstrapSettings { simulations: 1_000, seed: 1, adjustment: Adjustment::Hat, threads };
/// let result = bootstrap(&triangle, settings)?;
/// assert_eq!(result, bootstrap(&triangle, BootstrapSettings { threads: threads.saturating_add(1), ..settings })?);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::TooFewCells`] when there are not more known increments than parameters, [`Error::NoFit`] when the increments
/// are fitted without any error or the scale is not finite.
pub fn bootstrap(triangle: &Triangle, settings: BootstrapSettings) -> Result<Bootstrap, Error> {
    /// Simulations that share a stream of chance. Part of the result: another number gives another draw.
    const TOGETHER: usize = 64;
    let model = Model::new(triangle, settings.adjustment)?;
    let blocks = (0..settings.simulations).step_by(TOGETHER).map(|first| {
        let number = u64::try_from(first / TOGETHER).unwrap_or(u64::MAX);
        (number, TOGETHER.min(settings.simulations - first))
    });
    let outcomes = in_parallel(blocks, settings.threads, |(number, simulations)| {
        let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
        random.set_stream(number);
        let mut outcome = Outcome::new(triangle.origins());
        let mut scratch = Scratch::new(triangle);
        for _ in 0..simulations {
            model.simulate(&mut random, &mut scratch, &mut outcome);
        }
        outcome
    })?;
    let mut all = Outcome::new(triangle.origins());
    outcomes.into_iter().for_each(|outcome| all.add(outcome));
    let kept = count(all.totals.len());
    let moments = all.sums.iter().zip(&all.squares);
    Ok(Bootstrap {
        scale: model.scale,
        origin_means: all.sums.iter().zip(&model.expected).map(|(sum, expected)| expected + sum / kept).collect(),
        origin_deviations: moments
            .map(|(sum, squares)| ((squares - sum * sum / kept) / (kept - 1.0)).max(0.0).sqrt())
            .collect(),
        totals: all.totals,
        rejected: all.rejected,
    })
}

/// What a block of simulations found.
struct Outcome {
    totals: Vec<f64>,
    /// Sums of what an origin's IBNR is over its expectation, and of the squares of that.
    sums: Vec<f64>,
    squares: Vec<f64>,
    rejected: usize,
}

impl Outcome {
    fn new(origins: usize) -> Self {
        Self { totals: Vec::new(), sums: vec![0.0; origins], squares: vec![0.0; origins], rejected: 0 }
    }

    fn add(&mut self, other: Self) {
        self.totals.extend(other.totals);
        self.rejected += other.rejected;
        self.sums.iter_mut().zip(other.sums).for_each(|(sum, more)| *sum += more);
        self.squares.iter_mut().zip(other.squares).for_each(|(sum, more)| *sum += more);
    }
}

/// What a simulation works in, made once per block.
struct Scratch {
    cumulative: Vec<f64>,
    from: Vec<f64>,
    to: Vec<f64>,
    factors: Vec<f64>,
    ibnr: Vec<f64>,
}

impl Scratch {
    fn new(triangle: &Triangle) -> Self {
        let (cells, ages) = (triangle.values().len(), triangle.ages());
        Self {
            cumulative: vec![0.0; cells],
            from: vec![0.0; ages],
            to: vec![0.0; ages],
            factors: vec![1.0; ages],
            ibnr: vec![0.0; triangle.origins()],
        }
    }
}

/// What all simulations share.
struct Model {
    /// Length of each row.
    lengths: Vec<usize>,
    ages: usize,
    /// Fitted increments, row after row, and the roots of their sizes.
    fitted: Vec<f64>,
    roots: Vec<f64>,
    residuals: Vec<f64>,
    scale: f64,
    /// Chain-ladder IBNR per origin, around which sums are kept so that no digits are lost.
    expected: Vec<f64>,
}

impl Model {
    fn new(triangle: &Triangle, adjustment: Adjustment) -> Result<Self, Error> {
        let development = Development::estimate(triangle, Averaging::AllOrigins);
        let lengths: Vec<usize> = (0..triangle.origins()).map(|origin| triangle.known_ages(origin)).collect();
        let mut fitted = Vec::with_capacity(triangle.values().len());
        let mut expected = Vec::with_capacity(lengths.len());
        let mut pearson = Vec::with_capacity(triangle.values().len());
        for (origin, length) in lengths.iter().enumerate() {
            let latest = triangle.latest(origin);
            let developed = development.developed_of(triangle, origin);
            let ultimate = if developed > 0.0 { latest / developed } else { latest };
            expected.push(latest * (development.to_ultimate(length.saturating_sub(1)) - 1.0));
            for age in 0..*length {
                let before = if age == 0 { 0.0 } else { development.developed(age - 1) };
                let mean = ultimate * (development.developed(age) - before);
                fitted.push(mean);
                // Less than this of the ultimate is rounding, and not an increment that was expected.
                let counts = mean.abs() > 1e-9 * ultimate.abs();
                pearson
                    .push(triangle.increment(origin, age).filter(|_| counts).map(|x| (x - mean) / mean.abs().sqrt()));
            }
        }
        let cells = pearson.iter().flatten().count();
        let parameters = lengths.iter().filter(|length| **length > 0).count() + triangle.ages() - 1;
        if cells <= parameters {
            return Err(Error::TooFewCells { given: cells, needed: parameters + 1 });
        }
        let known = pearson.iter().map(Option::is_some).collect::<Vec<_>>();
        let squares: f64 = pearson.iter().flatten().map(|residual| residual * residual).sum();
        let scale = squares / count(cells - parameters);
        let widening = match adjustment {
            Adjustment::Hat => hat_widening(&lengths, triangle.ages(), &fitted, &known),
            Adjustment::DegreesOfFreedom => vec![(count(cells) / count(cells - parameters)).sqrt(); fitted.len()],
            Adjustment::None => vec![1.0; fitted.len()],
        };
        let wide = pearson.iter().zip(widening).filter_map(|(residual, wide)| residual.map(|residual| residual * wide));
        let residuals = centred(wide.collect());
        if residuals.is_empty() || !(scale.is_finite() && scale > 0.0) {
            return Err(Error::NoFit);
        }
        let roots = fitted.iter().map(|mean| mean.abs().sqrt()).collect();
        Ok(Self { lengths, ages: triangle.ages(), fitted, roots, residuals, scale, expected })
    }

    fn simulate(&self, random: &mut ChaCha8Rng, scratch: &mut Scratch, outcome: &mut Outcome) {
        self.draw_triangle(random, scratch);
        for age in 0..self.ages {
            let (from, to) = (scratch.from[age], scratch.to[age]);
            scratch.factors[age] = if from == 0.0 && to == 0.0 { 1.0 } else { to / from };
            if !(scratch.factors[age] > 0.0 && scratch.factors[age].is_finite()) {
                outcome.rejected += 1;
                return;
            }
        }
        let mut start = 0;
        for (origin, length) in self.lengths.iter().enumerate() {
            start += length;
            let mut value = if *length == 0 { 0.0 } else { scratch.cumulative[start - 1] };
            let mut ibnr = 0.0;
            for factor in &scratch.factors[length.saturating_sub(1)..self.ages - 1] {
                let mean = value * (factor - 1.0);
                value += mean;
                ibnr += self.draw_increment(random, mean);
            }
            scratch.ibnr[origin] = ibnr;
        }
        for (origin, ibnr) in scratch.ibnr.iter().enumerate() {
            let over = ibnr - self.expected[origin];
            outcome.sums[origin] += over;
            outcome.squares[origin] += over * over;
        }
        outcome.totals.push(scratch.ibnr.iter().sum());
    }

    /// A triangle of resampled residuals, and its column sums.
    fn draw_triangle(&self, random: &mut ChaCha8Rng, scratch: &mut Scratch) {
        scratch.from.fill(0.0);
        scratch.to.fill(0.0);
        let mut cell = 0;
        for length in &self.lengths {
            let mut cumulative = 0.0;
            for age in 0..*length {
                let residual = self.residuals[random.random_range(0..self.residuals.len())];
                let before = cumulative;
                cumulative += residual * self.roots[cell] + self.fitted[cell];
                scratch.cumulative[cell] = cumulative;
                cell += 1;
                if age > 0 {
                    scratch.from[age - 1] += before;
                    scratch.to[age - 1] += cumulative;
                }
            }
        }
    }

    fn draw_increment(&self, random: &mut ChaCha8Rng, mean: f64) -> f64 {
        // Smaller than this beside the scale, a gamma variable is zero to the last digit.
        let shape = mean.abs() / self.scale;
        if shape < 1e-12 {
            return 0.0;
        }
        let gamma = Gamma::new(shape, self.scale).expect("shape and scale are above zero and finite");
        gamma.sample(random).copysign(mean)
    }
}

/// Residuals that are something, with their mean taken off.
fn centred(mut residuals: Vec<f64>) -> Vec<f64> {
    let largest = residuals.iter().fold(0.0, |largest: f64, residual| largest.max(residual.abs()));
    residuals.retain(|residual| residual.is_finite() && residual.abs() > 1e-9 * largest);
    let mean = residuals.iter().sum::<f64>() / count(residuals.len());
    residuals.iter_mut().for_each(|residual| *residual -= mean);
    residuals
}

/// `1/√(1-h)` per cell, with `h` the leverage in the model `ln m = origin + age`, weighted by `m`; 0 where the model fits
/// the cell whatever it is.
fn hat_widening(lengths: &[usize], ages: usize, fitted: &[f64], known: &[bool]) -> Vec<f64> {
    let size = lengths.len() + ages - 1;
    let column_of = |age: usize| age.checked_sub(1).map(|column| lengths.len() + column);
    let mut information = vec![0.0; size * size];
    let cells = || lengths.iter().enumerate().flat_map(|(origin, length)| (0..*length).map(move |age| (origin, age)));
    for ((origin, age), (mean, _)) in cells().zip(fitted.iter().zip(known)).filter(|(_, (_, known))| **known) {
        information[origin * size + origin] += mean.abs();
        if let Some(column) = column_of(age) {
            information[column * size + column] += mean.abs();
            information[origin * size + column] += mean.abs();
            information[column * size + origin] += mean.abs();
        }
    }
    let inverse = inverse_of_symmetric(&information, size);
    let leverage = |(origin, age): (usize, usize)| {
        let own = inverse[origin * size + origin];
        column_of(age)
            .map_or(own, |column| own + inverse[column * size + column] + 2.0 * inverse[origin * size + column])
    };
    let widened = |hat: f64| if 1.0 - hat > 1e-9 { 1.0 / (1.0 - hat).sqrt() } else { 0.0 };
    cells().zip(fitted).map(|(cell, mean)| widened(leverage(cell) * mean.abs())).collect()
}
