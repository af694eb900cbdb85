use crate::{Development, Error, Estimate, Triangle, check_per_origin};

/// Bornhuetter–Ferguson: what is still to come is the undeveloped part of what was expected beforehand, whatever is
/// known so far.
///
/// # Formula
/// `ibnr[i] = (1 - p[a]) · prior[i]` with `p[a]` the part developed at the age `a` of origin `i` (0 when nothing is known
/// of it), and `prior[i]` the expected ultimate, in the triangle's unit.
/// # Source
/// Bornhuetter, R. L. and Ferguson, R. E. (1972), The Actuary and IBNR, Proceedings of the Casualty Actuarial Society
/// 59, 181–195.
/// # Example
/// ```
/// use grip_reserving::{Development, Triangle, bornhuetter_ferguson};
/// let triangle = Triangle::from_cumulative(&[vec![10.0, 15.0], vec![2.0]])?;
/// let development = Development::from_factors(vec![1.5])?;
/// let estimate = bornhuetter_ferguson(&triangle, &development, &[15.0, 18.0])?;
/// assert!((estimate.origins[1].ibnr - 6.0).abs() < 1e-12); // one third of 18, not half of 2
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::PatternTooShort`], [`Error::LengthMismatch`] when there is not one prior per origin,
/// [`Error::InvalidExposure`] when a prior is not finite.
pub fn bornhuetter_ferguson(triangle: &Triangle, development: &Development, prior: &[f64]) -> Result<Estimate, Error> {
    benktander(triangle, development, prior, 1)
}

/// Benktander: Bornhuetter–Ferguson repeated, each time with the ultimate that was found as the prior. Zero times is the
/// prior itself, once is Bornhuetter–Ferguson, twice is the method of Benktander, and ever more times is chain ladder.
///
/// # Formula
/// `U₀ = prior`, `Uₙ = latest + (1 - p) · Uₙ₋₁`; in the triangle's unit, `p` as in [`bornhuetter_ferguson`].
/// # Source
/// Mack, T. (2000), Credible claims reserves: the Benktander method, ASTIN Bulletin 30(2), 333–347.
/// # Example
/// ```
/// use grip_reserving::{Development, Triangle, benktander};
/// let triangle = Triangle::from_cumulative(&[vec![10.0, 20.0], vec![12.0]])?;
/// let development = Development::from_factors(vec![2.0])?;
/// let estimate = benktander(&triangle, &development, &[20.0, 20.0], 2)?;
/// assert_eq!(estimate.origins[1].ultimate, 23.0); // 12 + ½ · (12 + ½ · 20)
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// As [`bornhuetter_ferguson`].
pub fn benktander(
    triangle: &Triangle,
    development: &Development,
    prior: &[f64],
    iterations: usize,
) -> Result<Estimate, Error> {
    development.check_covers(triangle)?;
    check_per_origin(triangle, prior)?;
    Ok(Estimate::from_ibnr(triangle, |origin| {
        let latest = triangle.latest(origin);
        let open = 1.0 - development.developed_of(triangle, origin);
        match iterations {
            0 => prior[origin] - latest,
            // Straight from the prior, so that the digits of a small IBNR are not lost in a large latest.
            _ => open * (1..iterations).fold(prior[origin], |ultimate, _| latest + open * ultimate),
        }
    }))
}

/// The expected loss: the ultimate is what was expected beforehand, whatever is known so far.
///
/// # Formula
/// `ibnr[i] = prior[i] - latest[i]`, in the triangle's unit.
/// # Source
/// Friedland, J. (2010), Estimating Unpaid Claims Using Basic Techniques, Casualty Actuarial Society, chapter 8.
/// # Example
/// ```
/// use grip_reserving::{Triangle, expected_loss};
/// let triangle = Triangle::from_cumulative(&[vec![10.0]])?;
/// assert_eq!(expected_loss(&triangle, &[25.0])?.origins[0].ibnr, 15.0);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::LengthMismatch`] when there is not one prior per origin, [`Error::InvalidExposure`] when one is not finite.
pub fn expected_loss(triangle: &Triangle, prior: &[f64]) -> Result<Estimate, Error> {
    check_per_origin(triangle, prior)?;
    Ok(Estimate::from_ibnr(triangle, |origin| prior[origin] - triangle.latest(origin)))
}
