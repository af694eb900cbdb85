use crate::bootstrap::quantile_of_sorted;
use crate::development::ratio_or_one;
use crate::{Development, Links};

/// Draws the factors of each member of a group towards those of the group, the more the less certain they are.
///
/// # Formula
/// At each age, with `x` a member's own factor and `v` the square of its standard error, half replaced by the median of
/// the group (an error from few ratios is itself uncertain): the group's factor `m` is the mean weighted by `1/v`, where no
/// member weighs more than the ninth decile of weights and no `x` counts as beyond the 5 % and 95 % quantiles. The variance
/// between members is `τ² = mean (x-m)² - mean v`, with the same bounds, and at least a twentieth of the first term. Then
/// `Z = τ²/(τ²+v)` and the factor is `Z x + (1-Z) m`. In a group of fewer than five `m` is the median. A member without a
/// ratio at an age has the group's factor.
/// # Source
/// Bühlmann, H. and Gisler, A. (2005), A Course in Credibility Theory and its Applications, section 4.8 (τ² in the model of
/// Bühlmann and Straub); Gisler, A. and Wüthrich, M. V. (2008), Credibility for the chain ladder reserving method, ASTIN
/// Bulletin 38(2), 565–600. The bounds are ours.
/// # Example
/// ```
/// use grip_reserving::{Averaging, Triangle, links, shrink};
/// let triangles: Vec<Triangle> = [1.4, 1.5, 1.6, 1.5, 3.0]
///     .iter()
///     .map(|factor| Triangle::from_cumulative(&[vec![10.0, 15.0], vec![10.0, 10.0 * factor], vec![10.0]]))
///     .collect::<Result<_, _>>()?;
/// let own: Vec<_> = triangles.iter().map(|triangle| links(triangle, Averaging::AllOrigins)).collect();
/// let shrunk = shrink(&own.iter().collect::<Vec<_>>());
/// assert!(shrunk[4].factors()[0] < own[4].development.factors()[0]); // the odd one moves
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// None: every list has an answer, and a group of one keeps its factors.
#[must_use]
pub fn shrink(group: &[&Links]) -> Vec<Development> {
    let ages = group.iter().map(|links| links.development.factors().len()).max().unwrap_or(0);
    let mut factors: Vec<Vec<f64>> = group.iter().map(|links| links.development.factors().to_vec()).collect();
    for age in 0..ages {
        shrink_age(group, age, &mut factors);
    }
    let pattern = |factors: Vec<f64>| {
        let shares: Vec<f64> = factors.iter().map(|factor| ratio_or_one(1.0, *factor)).collect();
        Development::from_links(factors, &shares)
    };
    factors.into_iter().map(pattern).collect()
}

fn shrink_age(group: &[&Links], age: usize, factors: &mut [Vec<f64>]) {
    let known: Vec<usize> = (0..group.len())
        .filter(|member| group[*member].counts.get(age).is_some_and(|count| *count > 0))
        .filter(|member| group[*member].volumes[age] > 0.0)
        .collect();
    if known.is_empty() {
        return;
    }
    let own: Vec<f64> = known.iter().map(|member| group[*member].development.factors()[age]).collect();
    let errors: Vec<f64> = known.iter().map(|member| group[*member].standard_errors[age].powi(2)).collect();
    let typical = quantile(&errors, 0.5);
    let errors: Vec<f64> = errors.iter().map(|error| (error + typical) / 2.0).collect();
    let (low, high) = (quantile(&own, 0.05), quantile(&own, 0.95));
    let bounded: Vec<f64> = own.iter().map(|factor| factor.clamp(low, high)).collect();
    let middle = if own.len() < 5 { quantile(&own, 0.5) } else { certain_mean(&bounded, &errors) };
    let spread = mean(bounded.iter().map(|factor| (factor - middle).powi(2)));
    let error_bound = quantile(&errors, 0.9);
    let chance = mean(errors.iter().map(|error| error.min(error_bound)));
    let between = (spread - chance).max(0.05 * spread + 1e-12);
    for (member, factors) in factors.iter_mut().enumerate() {
        let Some(factor) = factors.get_mut(age) else { continue };
        let credibility = match known.iter().position(|other| *other == member) {
            Some(place) => between / (between + errors[place]),
            None => 0.0,
        };
        *factor = credibility * *factor + (1.0 - credibility) * middle;
    }
}

/// The mean weighted by certainty, where no one weighs more than the ninth decile.
fn certain_mean(values: &[f64], errors: &[f64]) -> f64 {
    let weights: Vec<f64> = errors.iter().map(|error| 1.0 / error.max(1e-12)).collect();
    let bound = quantile(&weights, 0.9);
    let (sum, total) = values
        .iter()
        .zip(weights)
        .fold((0.0, 0.0), |(sum, total), (value, weight)| (sum + value * weight.min(bound), total + weight.min(bound)));
    sum / total
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

fn quantile(values: &[f64], level: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile_of_sorted(&sorted, level)
}
