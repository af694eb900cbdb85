use crate::{Development, Error, Estimate, Triangle, check_per_origin};

/// Bornhuetter–Ferguson: what is still to come is the undeveloped part of what was expected beforehand, whatever is
/// known so far.
///
/// # Formula
/// `ibnr[i] = (1 - p[a]) · prior[i]` with `p[a]` the part developed at the age `a` of origin `i`, and `prior[i]` the
/// expected ultimate, in the triangle's unit.
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
    development.check_covers(triangle)?;
    check_per_origin(triangle, prior)?;
    Ok(Estimate::from_ibnr(triangle, |origin| (1.0 - development.developed(triangle.age(origin))) * prior[origin]))
}
