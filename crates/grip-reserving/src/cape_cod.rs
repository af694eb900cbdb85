use crate::{Development, Error, Estimate, Triangle, bornhuetter_ferguson, check_per_origin};

/// How the rate of Cape Cod may differ between origins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateModel {
    /// How much less an origin counts for each origin further away, from 0 to 1. With 1 there is one rate for all.
    pub decay: f64,
    /// By which part amounts per exposure rise per unit of time of the grain, from an origin to the valuation; 0 for none.
    /// Three percent a year is `1.03.powf(1.0 / 12.0) - 1.0` when the grain counts months.
    pub trend: f64,
}

impl RateModel {
    /// One rate for all origins.
    pub const ONE_RATE: Self = Self { decay: 1.0, trend: 0.0 };
}

/// Result of [`cape_cod`].
#[derive(Debug, Clone, PartialEq)]
pub struct CapeCod {
    /// Expected ultimate per unit of exposure for each origin, at the level of amounts of that origin.
    pub rates: Vec<f64>,
    /// The same at the level of amounts at the valuation.
    pub trended_rates: Vec<f64>,
    /// The estimate per origin.
    pub estimate: Estimate,
}

/// Cape Cod: Bornhuetter–Ferguson with the prior taken from the triangle itself, as a rate per unit of exposure.
///
/// # Formula
/// With `t[k] = (1 + trend)^(units of time from the end of origin k to the valuation)`:
/// `trended[i] = Σ_k d^|i-k| · latest[k] · t[k] / Σ_k d^|i-k| · exposure[k] · p[a_k]` (what is known over the exposure that
/// should have become known), `rate[i] = trended[i] / t[i]`, then Bornhuetter–Ferguson with
/// `prior[i] = rate[i] · exposure[i]`. Where no exposure should have become known yet, the rate is 0, and so is the IBNR.
/// # Source
/// Bühlmann, H. (1983), Estimation of IBNR reserves by the methods chain ladder, Cape Cod and complementary loss ratio;
/// decay and trend: Gluck, S. M. (1997), Balancing development and trend in loss reserve analysis, Proceedings of the
/// Casualty Actuarial Society 84, 482–532.
/// # Example
/// ```
/// use grip_reserving::{Development, RateModel, Triangle, cape_cod};
/// let triangle = Triangle::from_cumulative(&[vec![50.0, 80.0], vec![25.0]])?;
/// let development = Development::from_factors(vec![2.0])?;
/// let result = cape_cod(&triangle, &development, &[100.0, 100.0], RateModel::ONE_RATE)?;
/// assert_eq!(result.rates, [0.7, 0.7]); // (80 + 25) / (100 + 50)
/// assert_eq!(result.estimate.origins[1].ibnr, 35.0);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::PatternTooShort`], [`Error::LengthMismatch`] when there is not one exposure per origin,
/// [`Error::InvalidExposure`] when an exposure is not finite, [`Error::InvalidSetting`] for a decay outside 0 to 1 or a
/// trend of -1 or less.
pub fn cape_cod(
    triangle: &Triangle,
    development: &Development,
    exposure: &[f64],
    model: RateModel,
) -> Result<CapeCod, Error> {
    development.check_covers(triangle)?;
    check_per_origin(triangle, exposure)?;
    let trend_is_sound = model.trend > -1.0 && model.trend.is_finite();
    if !(0.0..=1.0).contains(&model.decay) || !trend_is_sound {
        return Err(Error::InvalidSetting { what: "decay lies from 0 to 1, and trend is above -1" });
    }
    let trends = trends(triangle, model.trend);
    let known: Vec<f64> = (0..triangle.origins()).map(|origin| triangle.latest(origin) * trends[origin]).collect();
    let used: Vec<f64> =
        (0..triangle.origins()).map(|origin| exposure[origin] * development.developed_of(triangle, origin)).collect();
    let trended_rates: Vec<f64> = (0..triangle.origins())
        .map(|origin| {
            let rate = decayed_sum(&known, origin, model.decay) / decayed_sum(&used, origin, model.decay);
            if rate.is_finite() { rate } else { 0.0 }
        })
        .collect();
    let rates: Vec<f64> = trended_rates.iter().zip(&trends).map(|(rate, trend)| rate / trend).collect();
    let prior: Vec<f64> = rates.iter().zip(exposure).map(|(rate, exposed)| rate * exposed).collect();
    Ok(CapeCod { estimate: bornhuetter_ferguson(triangle, development, &prior)?, rates, trended_rates })
}

/// From the level of amounts of each origin to that at the valuation.
fn trends(triangle: &Triangle, trend: f64) -> Vec<f64> {
    let (grain, valuation) = (triangle.grain(), triangle.valuation());
    (0..triangle.origins())
        .map(|origin| {
            let time = valuation.saturating_sub((origin + 1) * grain.origin);
            (1.0 + trend).powf(f64::from(u32::try_from(time).unwrap_or(u32::MAX)))
        })
        .collect()
}

/// The sum over all origins, each counting less the further it is from this one.
fn decayed_sum(values: &[f64], origin: usize, decay: f64) -> f64 {
    let (before, from_here) = values.split_at(origin);
    let run = |sum: f64, value: &f64| value + decay * sum;
    let older = before.iter().fold(0.0, run);
    from_here.iter().rev().fold(0.0, run) + decay * older
}
