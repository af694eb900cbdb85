//! Student's t distribution for any number of degrees of freedom from 1 up.

/// Panels for Simpson's rule; an error below 1e-6 in the probability for the degrees of freedom in use.
const PANELS: u32 = 128;

/// Probability that a Student t variable lies below `value`.
///
/// # Formula
/// With `x = √ν · tan θ` the density becomes `cos^(ν-1) θ` on (-π/2, π/2), so that the probability is a ratio of two
/// integrals and no gamma function is needed. A second substitution, `θ = π/2 · (1 - (1-u)²)`, takes away the infinite
/// slope at the end. Simpson's rule does the rest. Degrees of freedom are taken as at least 1 and at most 200, from where
/// on the distribution is the normal one to three decimals.
pub(crate) fn probability_below(value: f64, degrees_of_freedom: f64) -> f64 {
    let freedom = bounded(degrees_of_freedom);
    below(value, freedom, integral(freedom, 1.0))
}

/// The value a Student t variable stays below with this probability, by bisection.
pub(crate) fn quantile(probability: f64, degrees_of_freedom: f64) -> f64 {
    let freedom = bounded(degrees_of_freedom);
    let whole = integral(freedom, 1.0);
    let (mut low, mut high) = (-100.0, 100.0);
    // Forty halvings of 200 leave less than 1e-9.
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if below(middle, freedom, whole) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

fn bounded(degrees_of_freedom: f64) -> f64 {
    degrees_of_freedom.clamp(1.0, 200.0)
}

fn below(value: f64, freedom: f64, whole: f64) -> f64 {
    let angle = (value.abs() / freedom.sqrt()).atan();
    // u that belongs to the angle.
    let end = 1.0 - (1.0 - angle / std::f64::consts::FRAC_PI_2).max(0.0).sqrt();
    let half = 0.5 * integral(freedom, end) / whole;
    if value < 0.0 { 0.5 - half } else { 0.5 + half }
}

/// `∫ cos^(ν-1) θ dθ` from `u = 0` to `u = end`, up to a constant.
fn integral(freedom: f64, end: f64) -> f64 {
    let step = end / f64::from(PANELS);
    let integrand = |u: f64| {
        let rest = 1.0 - u;
        // cos(π/2 · (1 - rest²)) = sin(π/2 · rest²)
        (std::f64::consts::FRAC_PI_2 * rest * rest).sin().max(0.0).powf(freedom - 1.0) * rest
    };
    let inner: f64 =
        (1..PANELS).map(|panel| integrand(f64::from(panel) * step) * if panel % 2 == 1 { 4.0 } else { 2.0 }).sum();
    step / 3.0 * (integrand(0.0) + inner + integrand(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(probability: f64, freedom: f64, printed: f64) {
        let actual = quantile(probability, freedom);
        // Tables print three decimals.
        assert!((actual - printed).abs() <= 0.0005, "{actual} is not {printed}");
    }

    #[test]
    fn quantiles_of_the_usual_table() {
        // Any table of Student's t, for instance Fisher and Yates (1963), table III.
        check(0.9, 1.0, 3.078);
        check(0.9, 2.0, 1.886);
        check(0.9, 5.0, 1.476);
        check(0.9, 30.0, 1.310);
        check(0.975, 3.0, 3.182);
        check(0.975, 120.0, 1.980);
        check(0.1, 2.0, -1.886);
    }

    #[test]
    fn freedom_between_whole_numbers_lies_between() {
        let between = quantile(0.9, 1.5);
        assert!(between < quantile(0.9, 1.0) && between > quantile(0.9, 2.0));
    }
}
