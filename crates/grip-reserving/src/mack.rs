use crate::development::{averaged_origins, column_sums};
use crate::{Averaging, Development, Estimate, Triangle, chain_ladder};

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
/// With `S[k] = Σ C[i][k]` over the origins that count for factor `k`:
/// `σ²[k] = 1/(n-1) · Σ C[i][k] · (C[i][k+1]/C[i][k] - f[k])²`, and for an origin with ultimate `U` at age `a`
/// `mse = U² · Σ_{k>=a} σ²[k]/f²[k] · (1/Ĉ[k] + 1/S[k])`; the first term is process, the second parameter error. The
/// parameter part of the total is `Σ_k σ²[k]/(f²[k] S[k]) · (Σ U of the origins not yet past k)²`.
///
/// Where only one origin is left for `σ²[k]`, it is `min(σ⁴[k-1]/σ²[k-2], σ²[k-1], σ²[k-2])`; without two earlier ones
/// it is 0. Origins with a value at or below zero at age `k` do not count for `σ²[k]`, and a term whose `f`, `Ĉ` or `S`
/// is at or below zero is left out: the model has nothing to say there, and the error is then too low.
/// # Source
/// Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
/// Bulletin 23(2), 213–225: theorem 3, its corollary, and the rule for the last σ.
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
pub fn mack(triangle: &Triangle, averaging: Averaging) -> Mack {
    let development = Development::estimate(triangle, averaging);
    let estimate = chain_ladder(triangle, &development).expect("the pattern was made for this triangle");
    let sigma_squared = sigma_squared(triangle, &development, averaging);

    let mut origins = vec![(0.0, 0.0); triangle.origins()];
    let mut total_parameter_variance = 0.0;
    let mut total_process_variance = 0.0;
    // Value of each origin at age `age`, observed or projected.
    let mut projected: Vec<f64> = (0..triangle.origins()).map(|origin| triangle.latest(origin)).collect();
    for (age, (factor, sigma_squared)) in development.factors().iter().zip(&sigma_squared).enumerate() {
        // Those not observed at the next age are the youngest, so the rest of the list.
        let open = triangle.observed(age + 1)..triangle.origins();
        let relative = if *factor > 0.0 { sigma_squared / (factor * factor) } else { 0.0 };
        let volume = column_sums(triangle, age, averaging).0;
        let mut open_ultimate = 0.0;
        for origin in open {
            if triangle.age(origin) > age {
                continue;
            }
            let ultimate = estimate.origins[origin].ultimate;
            open_ultimate += ultimate;
            let (process, parameter) = &mut origins[origin];
            if projected[origin] > 0.0 {
                let variance = ultimate * ultimate * relative / projected[origin];
                *process += variance;
                total_process_variance += variance;
            }
            if volume > 0.0 {
                *parameter += ultimate * ultimate * relative / volume;
            }
            projected[origin] *= factor;
        }
        if volume > 0.0 {
            total_parameter_variance += open_ultimate * open_ultimate * relative / volume;
        }
    }
    Mack {
        sigma: sigma_squared.iter().map(|variance| variance.sqrt()).collect(),
        origins: origins.into_iter().map(|(process, parameter)| standard_error(process, parameter)).collect(),
        total: standard_error(total_process_variance, total_parameter_variance),
        development,
        estimate,
    }
}

fn standard_error(process_variance: f64, parameter_variance: f64) -> StandardError {
    StandardError {
        process: process_variance.sqrt(),
        parameter: parameter_variance.sqrt(),
        total: (process_variance + parameter_variance).sqrt(),
    }
}

/// Mack's σ² per factor.
fn sigma_squared(triangle: &Triangle, development: &Development, averaging: Averaging) -> Vec<f64> {
    let mut result: Vec<f64> = Vec::with_capacity(development.factors().len());
    for (age, factor) in development.factors().iter().enumerate().take(triangle.ages() - 1) {
        let mut used = 0_u32;
        let mut sum = 0.0;
        for origin in averaged_origins(triangle, age, averaging) {
            let (from, to) = (triangle.row(origin)[age], triangle.row(origin)[age + 1]);
            if from > 0.0 {
                used += 1;
                sum += (to - factor * from).powi(2) / from;
            }
        }
        result.push(if used > 1 { sum / f64::from(used - 1) } else { last_sigma_squared(&result) });
    }
    result
}

/// Mack's rule for a factor with one observation, from the σ² of the two factors before it.
fn last_sigma_squared(earlier: &[f64]) -> f64 {
    let [.., second_last, last] = earlier else { return 0.0 };
    let extrapolated = if *second_last > 0.0 { last * last / second_last } else { 0.0 };
    extrapolated.min(*last).min(*second_last)
}
