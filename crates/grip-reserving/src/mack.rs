use crate::links::{Links, Selection, links};
use crate::{Development, Estimate, Triangle, chain_ladder};

/// Two sources of error and their sum, as standard errors in the triangle's unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StandardError {
    /// From chance in what is still to come.
    pub process: f64,
    /// From not knowing the true factors.
    pub parameter: f64,
    /// Root of the sum of their squares: the standard error of prediction.
    pub total: f64,
}

impl StandardError {
    pub(crate) fn from_variances(process: f64, parameter: f64) -> Self {
        Self { process: process.sqrt(), parameter: parameter.sqrt(), total: (process + parameter).sqrt() }
    }
}

/// Result of [`mack`].
#[derive(Debug, Clone, PartialEq)]
pub struct Mack {
    /// The pattern that was used.
    pub development: Development,
    /// Mack's σ per factor.
    pub sigma: Vec<f64>,
    /// The chain-ladder estimate.
    pub estimate: Estimate,
    /// Standard error of the IBNR per origin, oldest first.
    pub origins: Vec<StandardError>,
    /// Standard error of the IBNR of all origins together. Its parameter part is more than a root of a sum of squares,
    /// because all origins share the same factors.
    pub total: StandardError,
}

/// Chain ladder with Mack's distribution-free standard error.
///
/// # Formula
/// Age by age from the latest value `C` of an origin, with `f`, `σ`, `se` and `e` of [`links`]:
/// process variance `P ← f² P + σ² C^e`, parameter variance `Q ← f² Q + se² C²`, `C ← f C`. For the volume-weighted
/// average over all origins this is `mse = U² · Σ σ²/f² · (1/Ĉ + 1/ΣC)`. The parameter part of the total runs the same
/// way over the sum of all origins that have reached the age.
///
/// A step from a value at or below zero adds no process variance: the model has nothing to say there, and the error is
/// then too low.
/// # Source
/// Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
/// Bulletin 23(2), 213–225: theorem 3 and its corollary; recursion and other averages Mack (1999), ASTIN Bulletin 29(2),
/// p. 363.
/// # Example
/// ```
/// use grip_reserving::{Averaging, Triangle, mack};
/// let triangle = Triangle::from_cumulative(&[vec![10.0, 15.0, 15.0], vec![10.0, 17.0], vec![10.0]])?;
/// let result = mack(&triangle, Averaging::AllOrigins);
/// assert!(result.total.total > 0.0);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// None: every triangle has one.
#[must_use]
pub fn mack<'w>(triangle: &Triangle, selection: impl Into<Selection<'w>>) -> Mack {
    let selection = selection.into();
    mack_with(triangle, links(triangle, selection))
}

/// [`mack`] with factors that were made before, for instance with a tail
/// ([`Links::with_tail`](crate::Links::with_tail)).
///
/// # Panics
/// When the links are of a triangle with fewer ages.
#[must_use]
pub fn mack_with(triangle: &Triangle, links: Links) -> Mack {
    let estimate = chain_ladder(triangle, &links.development).expect("the pattern was made for this triangle");
    let factors = links.development.factors();
    let mut origins = Vec::with_capacity(triangle.origins());
    let mut reached = vec![0.0; factors.len()];
    let mut total_process = 0.0;
    for origin in 0..triangle.origins() {
        let (mut process, mut parameter) = (0.0, 0.0);
        let mut value = triangle.latest(origin);
        for age in triangle.age(origin)..factors.len() {
            let (factor, sigma, error) = (factors[age], links.sigma[age], links.standard_errors[age]);
            process *= factor * factor;
            parameter = factor * factor * parameter + value * value * error * error;
            if value > 0.0 {
                process += sigma * sigma * links.average.variance_power(value);
            }
            reached[age] += value;
            value *= factor;
        }
        total_process += process;
        origins.push(StandardError::from_variances(process, parameter));
    }
    let total_parameter = reached.iter().enumerate().fold(0.0, |variance, (age, value)| {
        let (factor, error) = (factors[age], links.standard_errors[age]);
        factor * factor * variance + value * value * error * error
    });
    Mack {
        total: StandardError::from_variances(total_process, total_parameter),
        sigma: links.sigma,
        development: links.development,
        estimate,
        origins,
    }
}
