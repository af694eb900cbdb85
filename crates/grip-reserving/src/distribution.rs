use crate::Error;

/// The standard normal distribution function, to about 1e-15, by the series of Marsaglia, G. (2004), Evaluating the normal
/// distribution, Journal of Statistical Software 11(4), p. 2.
pub(crate) fn normal_cdf(x: f64) -> f64 {
    if x.abs() > 8.0 {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut term, mut sum, mut odd) = (x, x, 1.0);
    while term.abs() > 1e-17 * sum.abs() {
        odd += 2.0;
        term *= x * x / odd;
        sum += term;
    }
    0.5 + sum * (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// The standard normal quantile, by halving: a handful per triangle are asked for.
fn normal_quantile(level: f64) -> f64 {
    let (mut low, mut high) = (-8.0, 8.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if normal_cdf(middle) < level { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// A quantile of the lognormal distribution with a given mean and standard deviation, in their unit: the usual way from a
/// standard error to an interval that is not below zero.
///
/// # Formula
/// `s² = ln(1 + (sd/mean)²)`, `exp(ln(mean) - s²/2 + s z)` with `z` the standard normal quantile.
/// # Source
/// Mack, T. (1994), Measuring the variability of chain ladder reserve estimates, CAS Forum, spring 1994, p. 117.
/// # Example
/// ```
/// use grip_reserving::lognormal_quantile;
/// let median = lognormal_quantile(100.0, 75.0, 0.5)?;
/// assert!((median - 80.0).abs() < 1e-9); // 100 / √(1 + 0.75²)
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::InvalidSetting`] when the mean is not above zero, the deviation is negative, or the level is not between 0
/// and 1.
pub fn lognormal_quantile(mean: f64, deviation: f64, level: f64) -> Result<f64, Error> {
    if !(mean > 0.0 && mean.is_finite() && deviation >= 0.0 && deviation.is_finite() && level > 0.0 && level < 1.0) {
        return Err(Error::InvalidSetting { what: "mean above 0, deviation at least 0, level between 0 and 1" });
    }
    let variance = (deviation / mean).powi(2).ln_1p();
    Ok((mean.ln() - variance / 2.0 + variance.sqrt() * normal_quantile(level)).exp())
}

/// The interval of the lognormal distribution that holds a part of it, with as much below as above.
///
/// # Errors
/// As [`lognormal_quantile`].
pub fn lognormal_interval(mean: f64, deviation: f64, level: f64) -> Result<(f64, f64), Error> {
    let outside = (1.0 - level) / 2.0;
    Ok((lognormal_quantile(mean, deviation, outside)?, lognormal_quantile(mean, deviation, 1.0 - outside)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_tables() {
        // Abramowitz and Stegun (1964), table 26.1 and 26.5.
        assert!((normal_cdf(1.0) - 0.841_344_746_068_543).abs() < 1e-14);
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((normal_quantile(0.1) + 1.281_551_565_544_600_5).abs() < 1e-12);
        assert!(normal_cdf(-40.0) <= 0.0);
    }

    #[test]
    fn an_interval_is_refused_without_a_mean() {
        assert!(matches!(lognormal_interval(0.0, 1.0, 0.8), Err(Error::InvalidSetting { .. })));
        assert!(matches!(lognormal_interval(1.0, 1.0, 1.0), Err(Error::InvalidSetting { .. })));
    }
}
