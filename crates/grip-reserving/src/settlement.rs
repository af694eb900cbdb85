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
    /// Whether it is more than four standard errors and a twentieth of a step, and allowing for it makes the origins more
    /// alike: worth a word to a reader, and allowed for in the patterns.
    pub is_clear: bool,
}

/// Result of [`settlement`].
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// One per valuation, oldest first. Those that are not clear change no pattern.
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
/// `p(-1) = 0`. At each valuation each origin says where it stands: `C / U = p(j + x)`, with `U` from the most developed
/// other value of the origin. `δ` is the median of the `x`, between -1 and 1, weighted by `U` times the slope of `p` there,
/// so that origins at rest do not vote. The standard error is `1.2533 · 1.4826 · m / √n`, with `m` the median of `|x - δ|` at
/// all valuations together and `n` the effective number of votes at this one, `(Σ w)² / Σ w²`.
///
/// Of the shifts beyond four standard errors and a twentieth of a step the one is taken that brings `Σ |C[j+1] - f[j] C[j]|`
/// down most when its values are put where they would have been; shifts and pattern are estimated again, and so on, at
/// most six times. A late valuation so is not taken for an early one after it.
/// # Source
/// The idea that a diagonal changes the speed and not the ultimate: Meyers, G. (2019), Stochastic Loss Reserving Using
/// Bayesian MCMC Models, 2nd edition, CAS Monograph 8, chapter 7 (the changing settlement rate model). The estimator, of
/// medians, is ours.
/// # Example
/// ```
/// use grip_reserving::{Triangle, chain_ladder, settlement};
/// // Every origin ends at 100; at the newest valuation half of what should have become known is late.
/// let known = [0.0, 30.0, 60.0, 80.0, 90.0, 100.0];
/// let cell = |origin: usize, age: usize| match origin + age {
///     11 => (known[age] + known[age + 1]) / 2.0,
///     _ => known[age + 1],
/// };
/// let row = |origin: usize| (0..(12 - origin).min(5)).map(|age| cell(origin, age)).collect();
/// let triangle = Triangle::from_cumulative(&(0..12).map(row).collect::<Vec<Vec<f64>>>())?;
/// let found = settlement(&triangle);
/// let newest = found.shifts[11];
/// assert!(newest.is_clear && (newest.steps + 0.5).abs() < 0.01);
/// let estimate = chain_ladder(&triangle, &found.now)?;
/// assert!((estimate.origins[11].ultimate - 100.0).abs() < 1.0); // and not half of it
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// None: a triangle too small to see a shift has none.
#[must_use]
pub fn settlement(triangle: &Triangle) -> Settlement {
    const CLEAR_MAX: usize = 6;
    let mut valuations: Vec<usize> =
        cells(triangle).map(|(origin, age)| triangle.grain().valuation(origin, age)).collect();
    valuations.sort_unstable();
    valuations.dedup();
    let calm = |valuation| Shift { valuation, steps: 0.0, standard_error: f64::INFINITY, is_clear: false };
    let mut shifts: Vec<Shift> = valuations.iter().map(|valuation| calm(*valuation)).collect();
    let mut development = Development::estimate(triangle, Averaging::AllOrigins);
    for _ in 0..=CLEAR_MAX {
        let measured = measure(triangle, &development, &shifts);
        let Some(best) = most_telling(triangle, &development, &measured) else {
            shifts = measured;
            break;
        };
        shifts = measured;
        shifts[best].is_clear = true;
        development = refine(triangle, &development, &mut shifts);
    }
    let now = match shifts.last().filter(|shift| shift.is_clear) {
        Some(shift) => shifted(&development, shift.steps, all_at(triangle, shift.valuation)),
        None => development.clone(),
    };
    Settlement { shifts, development, now }
}

/// Measures clear shifts again, each given the others, by the pattern that allows for them, and estimates that again.
fn refine(triangle: &Triangle, development: &Development, shifts: &mut [Shift]) -> Development {
    const ROUNDS: usize = 4;
    let again = |development: &Development, shifts: &[Shift]| {
        Development::estimate(&put_back_all(triangle, development, shifts), Averaging::AllOrigins)
    };
    let mut development = again(development, shifts);
    for _ in 0..ROUNDS {
        for place in (0..shifts.len()).filter(|place| shifts[*place].is_clear).collect::<Vec<_>>() {
            shifts[place].is_clear = false;
            let measured = measure(triangle, &development, shifts)[place];
            shifts[place] = Shift { is_clear: true, ..measured };
        }
        development = again(&development, shifts);
    }
    development
}

/// The shift that, allowed for, makes origins most alike; `None` when none is beyond its error, or none helps.
fn most_telling(triangle: &Triangle, development: &Development, shifts: &[Shift]) -> Option<usize> {
    let unlike = |shifts: &[Shift]| misfit(&put_back_all(triangle, development, shifts), development);
    let now = unlike(shifts);
    let candidates = (0..shifts.len()).filter(|place| {
        let shift = &shifts[*place];
        !shift.is_clear && shift.steps.abs() > (4.0 * shift.standard_error).max(0.05)
    });
    let gains = candidates.map(|place| {
        let mut tried = shifts.to_vec();
        tried[place].is_clear = true;
        (place, now - unlike(&tried))
    });
    gains.filter(|(_, gain)| *gain > 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
}

/// `Σ |C[j+1] - f[j] C[j]|`.
fn misfit(triangle: &Triangle, development: &Development) -> f64 {
    let rows = (0..triangle.origins()).map(|origin| triangle.row(origin));
    let steps = rows.flat_map(|row| row.windows(2).zip(development.factors()));
    let apart = steps.map(|(step, factor)| (step[1] - factor * step[0]).abs());
    apart.filter(|apart| !apart.is_nan()).sum()
}

/// The triangle with values at valuations of a clear shift where they would have been.
fn put_back_all(triangle: &Triangle, development: &Development, shifts: &[Shift]) -> Triangle {
    let values = cells(triangle)
        .zip(triangle.values())
        .map(|((origin, age), value)| value * put_back(triangle, development, shifts, origin, age))
        .collect();
    triangle.with_values(values)
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
    let steps = shift.ok().filter(|shift| shift.is_clear).map_or(0.0, |shift| shift.steps);
    let ratio = development.developed(age) / developed_at(development, age, steps);
    // Nothing can be learned about an origin of which nothing should be known.
    if ratio.is_finite() && ratio > 0.0 { ratio.min(5.0) } else { 1.0 }
}

/// The shift of each valuation that is not clear yet, given those that are.
fn measure(triangle: &Triangle, development: &Development, before: &[Shift]) -> Vec<Shift> {
    let mut by_valuation: Vec<Vec<(f64, f64)>> = vec![Vec::new(); before.len()];
    for (origin, age) in cells(triangle) {
        let valuation = triangle.grain().valuation(origin, age);
        let place = before.binary_search_by_key(&valuation, |shift| shift.valuation);
        if let (Ok(place), Some(vote)) = (place, vote(triangle, development, before, (origin, age))) {
            by_valuation[place].push(vote);
        }
    }
    let medians: Vec<f64> = by_valuation.iter_mut().map(|votes| weighted_median(votes).unwrap_or(0.0)).collect();
    // A single vote is its own median, and says nothing about how votes differ.
    let voted = by_valuation.iter().zip(&medians).filter(|(votes, _)| votes.len() > 2);
    let mut distances: Vec<(f64, f64)> = voted
        .flat_map(|(votes, median)| votes.iter().map(move |(place, weight)| ((place - median).abs(), *weight)))
        .collect();
    let distance = weighted_median(&mut distances).unwrap_or(f64::INFINITY);
    let shift = |votes: &[(f64, f64)], steps: f64, before: &Shift| {
        let (sum, squares) = votes.iter().fold((0.0, 0.0), |sums, vote| (sums.0 + vote.1, sums.1 + vote.1 * vote.1));
        let error = if votes.is_empty() { f64::INFINITY } else { 1.2533 * 1.4826 * distance * squares.sqrt() / sum };
        if before.is_clear { *before } else { Shift { steps, standard_error: error, ..*before } }
    };
    let measured = by_valuation.iter().zip(medians).zip(before);
    measured.map(|((votes, steps), before)| shift(votes, steps, before)).collect()
}

/// Where an origin says a valuation stands, and how much that counts.
fn vote(triangle: &Triangle, development: &Development, shifts: &[Shift], cell: (usize, usize)) -> Option<(f64, f64)> {
    let (origin, age) = cell;
    let value = triangle.value(origin, age)?;
    let latest = triangle.age(origin);
    let other =
        if latest == age { (0..age).rev().find(|other| triangle.value(origin, *other).is_some())? } else { latest };
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

/// Whether the latest value of every origin is of this valuation.
fn all_at(triangle: &Triangle, valuation: usize) -> bool {
    (0..triangle.origins()).all(|origin| triangle.grain().valuation(origin, triangle.age(origin)) == valuation)
}

/// The pattern as it is when all that is known is early or late by so many steps. Where some origins reached the last age
/// before, that age is not early or late: there is one pattern for all of them.
fn shifted(development: &Development, steps: f64, all: bool) -> Development {
    let last = development.ages() - 1;
    let developed = |age: usize| match age {
        _ if age > last => 1.0,
        _ if age == last && !all => development.developed(age),
        _ => developed_at(development, age, steps),
    };
    let shares: Vec<f64> = (0..=last)
        .map(|age| developed(age) / developed(age + 1))
        .map(|share| if share.is_finite() { share } else { 1.0 })
        .collect();
    let factors = shares.iter().map(|share| crate::development::ratio_or_one(1.0, *share)).collect();
    Development::from_links(factors, &shares)
}
