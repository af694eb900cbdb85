use crate::{Development, Error, Estimate, Triangle, bornhuetter_ferguson, check_per_origin};

/// Result of [`cape_cod`].
#[derive(Debug, Clone, PartialEq)]
pub struct CapeCod {
    /// Expected ultimate per unit of exposure.
    pub rate: f64,
    /// The estimate per origin.
    pub estimate: Estimate,
}

/// Cape Cod: Bornhuetter–Ferguson with the prior taken from the triangle itself, as one rate per unit of exposure.
///
/// # Formula
/// `rate = Σ latest[i] / Σ exposure[i] · p[a_i]` (what is known over the exposure that should have become known), then
/// Bornhuetter–Ferguson with `prior[i] = rate · exposure[i]`. When no exposure should have become known yet, the rate is
/// 0, and so is the IBNR.
/// # Source
/// Bühlmann, H. (1983), Estimation of IBNR reserves by the methods chain ladder, Cape Cod and complementary loss ratio;
/// Friedland, J. (2010), Estimating Unpaid Claims Using Basic Techniques, chapter 10.
/// # Example
/// ```
/// use grip_reserving::{Development, Triangle, cape_cod};
/// let triangle = Triangle::from_cumulative(&[vec![50.0, 80.0], vec![25.0]])?;
/// let development = Development::from_factors(vec![2.0])?;
/// let result = cape_cod(&triangle, &development, &[100.0, 100.0])?;
/// assert_eq!(result.rate, 0.7); // (80 + 25) / (100 + 50)
/// assert_eq!(result.estimate.origins[1].ibnr, 35.0);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::PatternTooShort`], [`Error::LengthMismatch`] when there is not one exposure per origin,
/// [`Error::InvalidExposure`] when an exposure is not finite.
pub fn cape_cod(triangle: &Triangle, development: &Development, exposure: &[f64]) -> Result<CapeCod, Error> {
    development.check_covers(triangle)?;
    check_per_origin(triangle, exposure)?;
    let mut known = 0.0;
    let mut used_exposure = 0.0;
    for (origin, exposed) in exposure.iter().enumerate() {
        known += triangle.latest(origin);
        used_exposure += exposed * development.developed(triangle.age(origin));
    }
    let rate = known / used_exposure;
    let rate = if used_exposure != 0.0 && rate.is_finite() { rate } else { 0.0 };
    let prior: Vec<f64> = exposure.iter().map(|exposed| rate * exposed).collect();
    Ok(CapeCod { rate, estimate: bornhuetter_ferguson(triangle, development, &prior)? })
}
