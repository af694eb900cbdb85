//! How many clients will arrive in a month.

use crate::season::{FLAT, Season};

/// How much the past counts less with every month: from nothing to a third.
const DISCOUNTS: [f64; 7] = [1.0, 0.98, 0.95, 0.9, 0.85, 0.75, 0.65];

/// Before anything was counted, a level is known as well as from this many arrivals.
const PRIOR_COUNT: f64 = 0.5;

/// Months of a year.
const YEAR: usize = 12;

/// The level of a series of counts after its last one.
///
/// # Formula
/// Counts are Poisson with mean `level · exposure`; the level is Gamma(`a`, `b`) and both are multiplied by a discount `w`
/// before each month, and then grow with the count and the exposure. Each discount of 1, 0.98, 0.95, 0.9, 0.85, 0.75 and 0.65
/// weighs by how well it foretold the counts (negative binomial), so that a level that jumps is soon believed, and one that stands
/// still is the mean of all months.
/// # Source
/// Harvey, A. C. and Fernandes, C. (1989), Time series models for count or qualitative observations, Journal of Business & Economic
/// Statistics 7(4), 407–417, for the discount; the mixture is Bayes' rule with equal priors.
pub(crate) fn level(counts: &[f64], exposures: &[f64]) -> f64 {
    let Some(mean) = ratio(counts, exposures) else { return 0.0 };
    let told = DISCOUNTS.map(|discount| {
        let (mut shape, mut rate, mut likelihood) = (PRIOR_COUNT, PRIOR_COUNT / mean, 0.0);
        for (count, exposure) in counts.iter().zip(exposures) {
            shape *= discount;
            rate *= discount;
            likelihood += log_negative_binomial(*count, shape, rate / exposure);
            shape += count;
            rate += exposure;
        }
        (likelihood, shape / rate)
    });
    let best = told.iter().map(|(likelihood, _)| *likelihood).fold(f64::NEG_INFINITY, f64::max);
    let weights = told.map(|(likelihood, _)| (likelihood - best).exp());
    let weighted: f64 = told.iter().zip(weights).map(|((_, level), weight)| level * weight).sum();
    weighted / weights.iter().sum::<f64>()
}

fn ratio(counts: &[f64], exposures: &[f64]) -> Option<f64> {
    let mean = counts.iter().sum::<f64>() / exposures.iter().sum::<f64>();
    (mean > 0.0 && mean.is_finite()).then_some(mean)
}

/// Logarithm of the probability of a count when its mean is Gamma(`shape`, `rate`).
fn log_negative_binomial(count: f64, shape: f64, rate: f64) -> f64 {
    ln_gamma(shape + count) - ln_gamma(shape) - ln_gamma(count + 1.0) + shape * (rate / (1.0 + rate)).ln()
        - count * (1.0 + rate).ln()
}

/// Stirling's series for the logarithm of the gamma function, after moving its argument above eight.
fn ln_gamma(argument: f64) -> f64 {
    let (mut x, mut shift) = (argument, 0.0);
    while x < 8.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - shift
}

/// Seasonal factors of counts by month of the grid; the first count is of month `first`. Flat with less than a year.
///
/// # Formula
/// Count over the mean of its own twelve months, averaged per calendar month; shrunk to 1 by `max(0, 1 - v / s²)` with `v` the
/// variance by chance of such an average of Poisson counts and `s²` the variance of the twelve averages.
/// # Source
/// Bühlmann and Gisler (2005), A Course in Credibility Theory, chapter 4; the variance by chance is that of Poisson counts.
pub(crate) fn season(counts: &[f64], first: usize) -> Season {
    let years = counts.len() / YEAR;
    let counts = &counts[counts.len() - years * YEAR..];
    let first = first + counts.len() % YEAR;
    let total: f64 = counts.iter().sum();
    if years == 0 || total <= 0.0 {
        return FLAT;
    }
    let mut factors = [0.0; YEAR];
    for (index, count) in counts.iter().enumerate() {
        factors[(first + index) % YEAR] += count * YEAR as f64 / total;
    }
    let chance = YEAR as f64 / total;
    let spread = factors.iter().map(|factor| (factor - 1.0).powi(2)).sum::<f64>() / (YEAR - 1) as f64;
    let credibility = if spread > 0.0 { (1.0 - chance / spread).max(0.0) } else { 0.0 };
    factors.map(|factor| 1.0 + credibility * (factor - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_stands_still_is_the_mean_and_one_that_jumps_is_soon_believed() {
        let steady = [48.0, 52.0, 50.0, 47.0, 53.0, 50.0, 49.0, 51.0, 52.0, 48.0, 50.0, 50.0];
        let found = level(&steady, &[1.0; 12]);
        assert!((found - 50.0).abs() < 0.5, "{found}");
        let mut jumped = steady.to_vec();
        jumped.extend([70.0; 5]);
        let found = level(&jumped, &[1.0; 17]);
        // The mean of all is 56, that of the latest five 70.
        assert!((64.0..70.0).contains(&found), "{found}");
        assert_eq!(level(&[0.0; 12], &[1.0; 12]).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn exposures_take_out_what_a_season_does() {
        let season = [0.5, 1.5];
        let exposures: Vec<f64> = (0..24).map(|month| season[month % 2]).collect();
        let counts: Vec<f64> = exposures.iter().map(|exposure| 40.0 * exposure).collect();
        let found = level(&counts, &exposures);
        assert!((found - 40.0).abs() < 0.1, "{found}");
    }

    #[test]
    fn the_logarithm_of_the_gamma_function_is_that_of_factorials() {
        // Γ(n + 1) = n!, and Γ(1/2) = √π.
        for (argument, value) in [(1.0, 1.0_f64), (5.0, 24.0), (11.0, 3_628_800.0), (0.5, std::f64::consts::PI.sqrt())]
        {
            assert!((ln_gamma(argument) - value.ln()).abs() < 1e-9, "{argument}");
        }
    }

    #[test]
    fn a_season_in_counts_is_found_and_chance_is_not() {
        let truth: [f64; 12] = [1.1, 1.1, 1.1, 1.0, 1.0, 1.0, 0.6, 0.6, 1.2, 1.2, 1.1, 1.0];
        let counts: Vec<f64> = (0..36).map(|month| (200.0 * truth[(month + 3) % 12]).round()).collect();
        for (month, factor) in season(&counts, 3).into_iter().enumerate() {
            assert!((factor - truth[month]).abs() < 0.02, "{month}: {factor}");
        }
        // Counts of 3, 5 and 4 vary less than Poisson counts of 4 do.
        let chance: Vec<f64> = (0..24).map(|month| [3.0, 5.0, 4.0][month % 3]).collect();
        assert_eq!(season(&chance, 0).map(f64::to_bits), FLAT.map(f64::to_bits));
        assert_eq!(season(&[4.0; 11], 0).map(f64::to_bits), FLAT.map(f64::to_bits));
    }
}
