use crate::{Development, Error, Estimate, Triangle};

/// Chain ladder: what is known so far grows as earlier origins grew.
///
/// # Formula
/// `ultimate[i] = latest[i] · F[a]` with `F[a]` the factor to ultimate from the age `a` of origin `i`. An origin of which
/// nothing is known yet (latest 0) therefore has an IBNR of 0; where that is wrong, use
/// [`bornhuetter_ferguson`](crate::bornhuetter_ferguson).
/// # Source
/// Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
/// Bulletin 23(2), 213–225.
/// # Example
/// ```
/// use grip_reserving::{Averaging, Development, Triangle, chain_ladder};
/// let triangle = Triangle::from_cumulative(&[vec![10.0, 15.0], vec![30.0]])?;
/// let development = Development::estimate(&triangle, Averaging::AllOrigins);
/// assert_eq!(chain_ladder(&triangle, &development)?.origins[1].ibnr, 15.0);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::PatternTooShort`] when the pattern has fewer ages than the triangle.
pub fn chain_ladder(triangle: &Triangle, development: &Development) -> Result<Estimate, Error> {
    development.check_covers(triangle)?;
    Ok(Estimate::from_ibnr(triangle, |origin| {
        triangle.latest(origin) * (development.to_ultimate(triangle.age(origin)) - 1.0)
    }))
}
