//! Student's distribution, for any positive degrees of freedom.

use crate::normal;

/// Chance of more than `t`: half the regularised incomplete beta function at `ν/(ν + t²)` (Abramowitz and Stegun 1964,
/// 26.7.1 and 26.5.2).
pub(crate) fn upper_tail(t: f64, freedom: f64) -> f64 {
    if freedom > 1e7 {
        return normal::upper_tail(t);
    }
    let half = 0.5 * incomplete_beta(freedom / 2.0, 0.5, freedom, t * t);
    if t < 0.0 { 1.0 - half } else { half }
}

/// The `t` that is exceeded in size with chance `1 − level`: 2.228 for a level of 0.95 and 10 degrees of freedom.
pub(crate) fn two_sided(level: f64, freedom: f64) -> f64 {
    let tail = (1.0 - level.clamp(0.0, 1.0)) / 2.0;
    let (mut low, mut high) = (0.0, 1.0);
    while upper_tail(high, freedom) > tail && high < 1e9 {
        high *= 2.0;
    }
    for _ in 0..70 {
        let middle = f64::midpoint(low, high);
        if upper_tail(middle, freedom) > tail { low = middle } else { high = middle }
    }
    low
}

/// `I_x(a, b)` at `x = u/(u + v)`, so that neither `x` nor `1 − x` loses digits.
fn incomplete_beta(a: f64, b: f64, u: f64, v: f64) -> f64 {
    let (x, rest) = (u / (u + v), v / (u + v));
    if rest <= 0.0 {
        return 1.0;
    }
    if x <= 0.0 {
        return 0.0;
    }
    let front = (a * x.ln() + b * rest.ln() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front / a * continued_fraction(a, b, x)
    } else {
        1.0 - front / b * continued_fraction(b, a, rest)
    }
}

/// Abramowitz and Stegun 26.5.8, from the front, by the method of Lentz (1976), Applied Optics 15, 668-671.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..500 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// Logarithm of the gamma function for a positive argument: Stirling's series (Abramowitz and Stegun 6.1.41) from ten up,
/// and the recurrence below.
fn ln_gamma(x: f64) -> f64 {
    if x < 10.0 {
        return ln_gamma(x + 1.0) - x.ln();
    }
    let square = 1.0 / (x * x);
    let series =
        (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0)))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series
}

#[cfg(test)]
mod tests {
    use super::{two_sided, upper_tail};

    /// scipy 1.17.1, 2026-11-23: `scipy.stats.t.sf(t, df)`.
    const SCIPY_TAILS: [(f64, f64, f64); 6] = [
        (0.0, 3.0, 0.5),
        (1.0, 1.0, 0.25000000000000006),
        (2.5, 4.7, 0.02879607967343366),
        (-1.2, 12.0, 0.8733526348732028),
        (6.0, 30.0, 6.971384383602382e-07),
        (0.3, 250.5, 0.3822129758464997),
    ];
    /// scipy 1.17.1, 2026-11-23: `scipy.stats.t.ppf((1 + level) / 2, df)`.
    const SCIPY_QUANTILES: [(f64, f64, f64); 4] = [
        (0.95, 1.0, 12.706204736174694),
        (0.95, 10.0, 2.228138851986274),
        (0.8, 4.3, 1.512770878112436),
        (0.99, 57.5, 2.664071615911496),
    ];

    #[test]
    fn tails_and_quantiles_as_scipy_has_them() {
        for (t, freedom, expected) in SCIPY_TAILS {
            let found = upper_tail(t, freedom);
            assert!((found / expected - 1.0).abs() < 1e-10, "{t} {freedom}: {found} {expected}");
        }
        for (level, freedom, expected) in SCIPY_QUANTILES {
            let found = two_sided(level, freedom);
            assert!((found / expected - 1.0).abs() < 1e-9, "{level} {freedom}: {found} {expected}");
        }
        assert!((upper_tail(1.3, 1e9) - crate::normal::upper_tail(1.3)).abs() < 1e-12);
    }
}
