use crate::{Averaging, Development, Triangle};

/// How early or late what became known up to one valuation was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// The valuation, in units of the grain.
    pub valuation: usize,
    /// By how many development steps amounts were early (above zero) or late (below zero).
    pub steps: f64,
    /// How uncertain that is: a standard error, from how much origins differ.
    pub standard_error: f64,
}

impl Shift {
    /// Whether the shift is more than three standard errors and more than a twentieth of a step: worth a word to a reader.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.steps.abs() > (3.0 * self.standard_error).max(0.05)
    }
}

/// Result of [`settlement`].
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// One per valuation, oldest first. Those that are not clear are there too, but change no pattern.
    pub shifts: Vec<Shift>,
    /// The pattern without the shifts that are clear.
    pub development: Development,
    /// The pattern as it was at the latest valuation: what is to be used with the triangle. When the latest valuation has
    /// no clear shift it is [`development`](Self::development); when amounts are late, less is developed at every age.
    pub now: Development,
}

/// Finds valuations at which amounts were early or late as a whole (a backlog, a payment run on another day, a rush before
/// the end of a year), and patterns that allow for it.
///
/// # Formula
/// At a valuation with shift `δ` an origin of age `j` is developed as `p(j + δ)`, with straight lines between ages and
/// `p(-1) = 0`. For each valuation, each origin says where it stands: `C / U = p(j + x)`, with `U` from the most developed
/// other value of the origin. `δ` is the median of the `x`, between -1 and 1, weighted by `U` times the slope of `p` there,
/// so that origins at rest do not vote. The standard error is `1.2533 · 1.4826 · median |x - δ| / √n`, with `n` the effective
/// number of votes. Values at valuations with a clear shift are then put where they would have been, the pattern is
/// estimated again, and all of this three times more.
/// # Source
/// The idea that a diagonal changes the speed and not the ultimate: Meyers, G. (2019), Stochastic Loss Reserving Using
/// Bayesian MCMC Models, 2nd edition, CAS Monograph 8, chapter 7 (the changing settlement rate model). The estimator, of
/// medians, is ours.
/// # Example
/// ```
/// use grip_reserving::{Triangle, chain_ladder, settlement};
/// // Half of an origin is known after a step, and all after two; in the last step half of the new amounts is late.
/// let mut rows: Vec<Vec<f64>> = (1..=9).map(|size| vec![50.0 * f64::from(size), 100.0 * f64::from(size), 100.0 * f64::from(size)]).collect();
/// rows.push(vec![500.0, 750.0]);
/// rows.push(vec![275.0]);
/// let triangle = Triangle::from_cumulative(&rows)?;
/// let found = settlement(&triangle);
/// assert!((found.shifts.last().expect("a valuation").steps + 0.5).abs() < 1e-9);
/// let estimate = chain_ladder(&triangle, &found.now)?;
/// assert!((estimate.origins[10].ultimate - 1100.0).abs() < 1e-6);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// None: a triangle too small to see a shift has none.
#[must_use]
pub fn settlement(triangle: &Triangle) -> Settlement {
    const ROUNDS: usize = 4;
    let mut valuations: Vec<usize> = cells(triangle).map(|(origin, age)| triangle.grain().valuation(origin, age)).collect();
    valuations.sort_unstable();
    valuations.dedup();
    let none = |valuation| Shift { valuation, steps: 0.0, standard_error: 0.0 };
    let mut shifts: Vec<Shift> = valuations.iter().map(|valuation| none(*valuation)).collect();
    let mut development = Development::estimate(triangle, Averaging::AllOrigins);
    for _ in 0..ROUNDS {
        shifts = valuations.iter().map(|valuation| shift_at(triangle, &development, &shifts, *valuation)).collect();
        let values = cells(triangle)
            .zip(triangle.values())
            .map(|((origin, age), value)| value * put_back(triangle, &development, &shifts, origin, age))
            .collect();
        development = Development::estimate(&triangle.with_values(values), Averaging::AllOrigins);
    }
    let now = match shifts.last().filter(|shift| shift.is_clear()) {
        Some(shift) => shifted(&development, shift.steps),
        None => development.clone(),
    };
    Settlement { shifts, development, now }
}

fn cells(triangle: &Triangle) -> impl Iterator<Item = (usize, usize)> {
    (0..triangle.origins()).flat_map(|origin| (0..triangle.row(origin).len()).map(move |age| (origin, age)))
}

/// The part developed between two ages: at `steps` from `age`, with steps from -1 to 1.
fn developed_at(development: &Development, age: usize, steps: f64) -> f64 {
    let here = development.developed(age);
    let before = if age == 0 { 0.0 } else { development.developed(age - 1) };
    if steps < 0.0 { here + steps * (here - before) } else { here + steps * (development.developed(age + 1) - here) }
}

/// By what a value has to be multiplied to be what it would have been without the shift of its valuation.
fn put_back(triangle: &Triangle, development: &Development, shifts: &[Shift], origin: usize, age: usize) -> f64 {
    let valuation = triangle.grain().valuation(origin, age);
    let shift = shifts.binary_search_by_key(&valuation, |shift| shift.valuation).map(|place| shifts[place]);
    let steps = shift.ok().filter(Shift::is_clear).map_or(0.0, |shift| shift.steps);
    let ratio = development.developed(age) / developed_at(development, age, steps);
    // Nothing can be learned about an origin of which nothing should be known.
    if ratio.is_finite() && ratio > 0.0 { ratio.min(5.0) } else { 1.0 }
}

/// The shift of one valuation, given those of the others.
fn shift_at(triangle: &Triangle, development: &Development, shifts: &[Shift], valuation: usize) -> Shift {
    let mut votes: Vec<(f64, f64)> = Vec::new();
    for origin in 0..triangle.origins() {
        let here = (0..triangle.row(origin).len()).find(|age| triangle.grain().valuation(origin, *age) == valuation);
        let Some(vote) = here.and_then(|age| vote(triangle, development, shifts, (origin, age))) else { continue };
        votes.push(vote);
    }
    let steps = weighted_median(&mut votes).unwrap_or(0.0);
    let mut distances: Vec<(f64, f64)> = votes.iter().map(|(place, weight)| ((place - steps).abs(), *weight)).collect();
    let (sum, squares) = votes.iter().fold((0.0, 0.0), |sums, vote| (sums.0 + vote.1, sums.1 + vote.1 * vote.1));
    let effective = sum * sum / squares;
    let standard_error = match weighted_median(&mut distances) {
        // With fewer votes the middle of the distances says nothing.
        Some(distance) if effective >= 2.0 => 1.2533 * 1.4826 * distance / effective.sqrt(),
        _ => f64::INFINITY,
    };
    Shift { valuation, steps, standard_error }
}

/// Where an origin says a valuation stands, and how much that counts.
fn vote(triangle: &Triangle, development: &Development, shifts: &[Shift], cell: (usize, usize)) -> Option<(f64, f64)> {
    let (origin, age) = cell;
    let value = triangle.value(origin, age)?;
    let latest = triangle.age(origin);
    let other = if latest == age { (0..age).rev().find(|other| triangle.value(origin, *other).is_some())? } else { latest };
    let corrected = triangle.value(origin, other)? * put_back(triangle, development, shifts, origin, other);
    let ultimate = corrected / development.developed(other);
    let here = development.developed(age);
    let before = if age == 0 { 0.0 } else { development.developed(age - 1) };
    let distance = value / ultimate - here;
    let slope = if distance < 0.0 { here - before } else { development.developed(age + 1) - here };
    let weight = ultimate * (development.developed(age + 1) - before) / 2.0;
    // A slope of nothing has no place to offer; a thousandth per step is nothing beside the noise of a portfolio.
    let place = if slope.abs() > 1e-3 { (distance / slope).clamp(-1.0, 1.0) } else { 0.0 };
    (place.is_finite() && weight.is_finite() && weight > 0.0).then_some((place, weight))
}

fn weighted_median(votes: &mut [(f64, f64)]) -> Option<f64> {
    votes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = votes.iter().map(|vote| vote.1).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    for (place, weight) in votes.iter() {
        sum += weight;
        if sum >= half {
            return Some(*place);
        }
    }
    None
}

/// The pattern as it is when all that is known is early or late by so many steps.
fn shifted(development: &Development, steps: f64) -> Development {
    let ages = development.ages();
    let developed: Vec<f64> = (0..ages).map(|age| developed_at(development, age, steps)).collect();
    let share = |age: usize| developed[age] / developed.get(age + 1).copied().unwrap_or(1.0);
    let shares: Vec<f64> = (0..ages).map(share).map(|share| if share.is_finite() { share } else { 1.0 }).collect();
    let factors = shares.iter().map(|share| crate::development::ratio_or_one(1.0, *share)).collect();
    Development::from_links(factors, &shares)
}
