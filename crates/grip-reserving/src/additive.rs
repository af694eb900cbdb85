use crate::{Averaging, Error, Estimate, StandardError, Triangle, check_per_origin};

/// Result of [`additive`].
#[derive(Debug, Clone, PartialEq)]
pub struct Additive {
    /// What becomes known at each age per unit of exposure.
    pub rates: Vec<f64>,
    /// The estimate per origin.
    pub estimate: Estimate,
    /// Standard error of the IBNR per origin, oldest first.
    pub origins: Vec<StandardError>,
    /// Standard error of the IBNR of all origins together.
    pub total: StandardError,
}

/// The additive method: at each age an origin gets what earlier origins got at that age per unit of exposure, whatever is
/// known of itself. What health insurers know as paid per member per month by lag.
///
/// # Formula
/// `m[j] = Σ X[i][j] / Σ E[i]` over the origins whose increment `X` at age `j` is known, `ibnr[i] = E[i] · Σ_{j>a} m[j]`.
/// With `s²[j] = 1/(n-1) · Σ E[i] (X[i][j]/E[i] - m[j])²` the process variance is `E[i] · Σ s²[j]`, the parameter variance
/// of a sum of origins `Σ_j (Σ E of those open at j)² · s²[j] / Σ E`. An age with fewer than two increments has the `s²` of
/// the age before. An age without any has no rate: 0.
/// # Source
/// Mack, T. (2002), Schadenversicherungsmathematik, 2nd edition, section 3.2; Merz, M. and Wüthrich, M. V. (2010),
/// Prediction error of the multivariate additive loss reserving method, CAS Forum, single-triangle case.
/// # Example
/// ```
/// use grip_reserving::{Averaging, Triangle, additive};
/// let triangle = Triangle::from_increments(&[vec![50.0, 20.0], vec![30.0]])?;
/// let result = additive(&triangle, &[100.0, 200.0], Averaging::AllOrigins)?;
/// assert_eq!(result.estimate.origins[1].ibnr, 40.0); // 200 · 20/100
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::LengthMismatch`] when there is not one exposure per origin, [`Error::InvalidExposure`] when one is not finite
/// or is negative.
pub fn additive(triangle: &Triangle, exposure: &[f64], averaging: Averaging) -> Result<Additive, Error> {
    check_per_origin(triangle, exposure)?;
    if let Some(origin) = exposure.iter().position(|exposed| *exposed < 0.0) {
        return Err(Error::InvalidExposure { origin });
    }
    let ages: Vec<AgeRate> = (0..triangle.ages()).map(|age| AgeRate::new(triangle, exposure, age, averaging)).collect();
    let mut spreads: Vec<f64> = Vec::with_capacity(ages.len());
    for age in &ages {
        spreads.push(age.spread.or(spreads.last().copied()).unwrap_or(0.0));
    }
    let mut open_exposure = vec![0.0; ages.len()];
    let mut total_process = 0.0;
    let mut origins = Vec::with_capacity(triangle.origins());
    let mut still: Vec<f64> = Vec::with_capacity(triangle.origins());
    for (origin, exposed) in exposure.iter().enumerate() {
        let (mut ibnr, mut process, mut parameter) = (0.0, 0.0, 0.0);
        for age in triangle.known_ages(origin)..ages.len() {
            ibnr += exposed * ages[age].rate;
            process += exposed * spreads[age];
            parameter += exposed * exposed * spreads[age] * ages[age].inverse_exposure;
            open_exposure[age] += exposed;
        }
        total_process += process;
        still.push(ibnr);
        origins.push(StandardError::from_variances(process, parameter));
    }
    let total_parameter =
        (0..ages.len()).map(|age| open_exposure[age].powi(2) * spreads[age] * ages[age].inverse_exposure).sum();
    Ok(Additive {
        rates: ages.iter().map(|age| age.rate).collect(),
        estimate: Estimate::from_ibnr(triangle, |origin| still[origin]),
        origins,
        total: StandardError::from_variances(total_process, total_parameter),
    })
}

/// What is found at one age.
struct AgeRate {
    rate: f64,
    spread: Option<f64>,
    inverse_exposure: f64,
}

impl AgeRate {
    fn new(triangle: &Triangle, exposure: &[f64], age: usize, averaging: Averaging) -> Self {
        let observed = triangle.observed(age);
        let first = match averaging {
            Averaging::AllOrigins => 0,
            Averaging::LatestOrigins(count) => observed.saturating_sub(count.max(1)),
        };
        let known = (first..observed).filter_map(|origin| Some((triangle.increment(origin, age)?, exposure[origin])));
        let known = known.filter(|(_, exposed)| *exposed > 0.0);
        let (sum, exposed) = known.clone().fold((0.0, 0.0), |sums, cell| (sums.0 + cell.0, sums.1 + cell.1));
        if exposed <= 0.0 {
            return Self { rate: 0.0, spread: None, inverse_exposure: 0.0 };
        }
        let rate = sum / exposed;
        let (count, squares) = known.fold((0_u32, 0.0), |(count, squares), (value, exposed)| {
            (count + 1, squares + exposed * (value / exposed - rate).powi(2))
        });
        Self { rate, spread: (count > 1).then(|| squares / f64::from(count - 1)), inverse_exposure: 1.0 / exposed }
    }
}
