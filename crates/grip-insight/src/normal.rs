//! The normal distribution, as far as intervals and tests need it.

/// `1/√(2π)`.
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// Chance of more than `z`.
///
/// The series of Marsaglia (2004), Journal of Statistical Software 11(4), near the middle, where the tail is not
/// small beside one; Laplace's continued fraction in the tail. Relative error below 1e-11, seen against scipy up to
/// `z = 8`.
pub(crate) fn upper_tail(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - upper_tail(-z);
    }
    let density = DENSITY_AT_ZERO * (-z * z / 2.0).exp();
    if z < 3.0 {
        let (mut term, mut sum, mut odd) = (z, z, 1.0);
        while term > sum * 1e-17 {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        return 0.5 - density * sum;
    }
    let fraction = (1..=200).rev().fold(z, |below, level| z + f64::from(level) / below);
    density / fraction
}

/// The `z` that is exceeded with chance `(1 − level)/2`: 1.96 for a level of 0.95.
///
/// By halving, as it is asked once per curve. Zero for a level of zero or less, 38 for one of one or more.
pub(crate) fn two_sided(level: f64) -> f64 {
    let tail = (1.0 - level.clamp(0.0, 1.0)) / 2.0;
    let (mut low, mut high) = (0.0, 38.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if upper_tail(middle) > tail { low = middle } else { high = middle }
    }
    low
}

/// Chance of more than `x` for the square of a normal variable: χ² with one degree of freedom.
pub(crate) fn chi_square_tail(x: f64) -> f64 {
    (2.0 * upper_tail(x.max(0.0).sqrt())).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::{chi_square_tail, two_sided, upper_tail};

    /// scipy 1.17.1, 2026-11-23: `scipy.stats.norm.sf([0, 0.5, 1, 1.96, 2.9999, 3.0001, 5, 8, -1])`.
    #[test]
    fn tails_as_scipy_has_them() {
        for (z, expected) in SCIPY_TAILS {
            assert!((upper_tail(z) / expected - 1.0).abs() < 1e-11, "{z}: {} {expected}", upper_tail(z));
        }
    }

    const SCIPY_TAILS: [(f64, f64); 9] = [
        (0.0, 0.5),
        (0.5, 0.3085375387259869),
        (1.0, 0.15865525393145707),
        (1.96, 0.024997895148220435),
        (2.9999, 0.001350341282954925),
        (3.0001, 0.0013494549132607172),
        (5.0, 2.866515718791933e-07),
        (8.0, 6.22096057427174e-16),
        (-1.0, 0.8413447460685429),
    ];

    #[test]
    fn quantiles_and_chi_square() {
        // scipy.stats.norm.ppf(0.975), (0.9), (0.995)
        for (level, z) in
            [(0.95, 1.959_963_984_540_054), (0.8, 1.281_551_565_544_600_4), (0.99, 2.575_829_303_548_900_4)]
        {
            assert!((two_sided(level) - z).abs() < 1e-10, "{level}: {}", two_sided(level));
        }
        assert!((chi_square_tail(3.841_458_820_694_124) - 0.05).abs() < 1e-12);
        assert!((chi_square_tail(0.0) - 1.0).abs() < 1e-12);
        assert!(two_sided(0.0).abs() < 1e-10);
    }
}
