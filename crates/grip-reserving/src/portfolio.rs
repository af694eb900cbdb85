//! Many triangles at once: patterns that lean on each other, and intervals that are learned from outcomes.

use std::collections::BTreeMap;

use crate::linear::minimise;
use crate::{
    Averaging, Development, Error, Estimate, Links, OriginEstimate, RateModel, Selection, Triangle,
    bornhuetter_ferguson, cape_cod, chain_ladder, check_per_origin, links, mack_with, shrink,
};

/// One triangle of a portfolio.
#[derive(Debug, Clone, Copy)]
pub struct Member<'t> {
    /// Whose pattern it is like: members of a group lean on each other. A line of business, a category of care.
    pub group: &'t str,
    /// The triangle.
    pub triangle: &'t Triangle,
    /// Exposure per origin, if there is one: premium, allocated care.
    pub exposure: Option<&'t [f64]>,
}

/// What [`estimate`] says of one member.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The estimate: the mean of those below that there are.
    pub estimate: Estimate,
    /// Chain ladder with the shrunk pattern.
    pub chain_ladder: Estimate,
    /// Cape Cod with the shrunk pattern and a decay of ¾; only with an exposure.
    pub cape_cod: Option<Estimate>,
    /// Bornhuetter–Ferguson with the shrunk pattern and the group's rate; only with an exposure.
    pub bornhuetter_ferguson: Option<Estimate>,
    /// The pattern that was used.
    pub development: Development,
    /// Mack's standard error of the total over the chain-ladder ultimate, both with the member's own pattern.
    pub variation: f64,
}

impl Forecast {
    /// Part of the ultimate that is still to become known, without sign.
    #[must_use]
    pub fn open(&self) -> f64 {
        let total = self.estimate.total();
        (total.ibnr / total.ultimate).abs()
    }
}

/// Estimates every member of a portfolio by the method we advise where nothing else is known: the mean of chain ladder,
/// Cape Cod and Bornhuetter–Ferguson, all with factors shrunk to the group.
///
/// # Formula
/// Volume-weighted factors over all origins, drawn to the group by [`shrink`](fn@crate::shrink). Cape Cod with decay ¾ and without trend.
/// The prior of Bornhuetter–Ferguson is the exposure times the group's rate: the sum of chain-ladder ultimates of its
/// members that have an exposure, with the factors of their sum, over the sum of exposures. A member without an exposure
/// has the chain ladder only.
/// # Source
/// The parts as cited there; that their mean errs least: two decades of company triangles with their outcomes, see
/// `docs/methods/portfolio.md`.
/// # Errors
/// [`Error::LengthMismatch`] or [`Error::InvalidExposure`] for exposures that do not fit.
pub fn estimate(members: &[Member<'_>]) -> Result<Vec<Forecast>, Error> {
    let own: Vec<Links> = members.iter().map(|member| links(member.triangle, Averaging::AllOrigins)).collect();
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, member) in members.iter().enumerate() {
        if let Some(exposure) = member.exposure {
            check_per_origin(member.triangle, exposure)?;
        }
        groups.entry(member.group).or_default().push(place);
    }
    let mut forecasts: Vec<(usize, Forecast)> = Vec::with_capacity(members.len());
    for places in groups.into_values() {
        let group: Vec<&Links> = places.iter().map(|place| &own[*place]).collect();
        let rate = group_rate(&places, members, &group)?;
        for (place, development) in places.iter().zip(shrink(&group)) {
            forecasts.push((*place, forecast(&members[*place], development, rate)?));
        }
    }
    forecasts.sort_unstable_by_key(|(place, _)| *place);
    Ok(forecasts.into_iter().map(|(_, forecast)| forecast).collect())
}

/// Expected ultimate per unit of exposure of a group, from the factors of its sum; 0 without exposure.
fn group_rate(places: &[usize], members: &[Member<'_>], group: &[&Links]) -> Result<f64, Error> {
    let ages = group.iter().map(|links| links.volumes.len()).max().unwrap_or(0);
    let sums = |age: usize| {
        group.iter().filter(|links| age < links.volumes.len()).fold((0.0, 0.0), |(from, to), links| {
            let volume = links.volumes[age];
            (from + volume, to + volume * links.development.factors()[age])
        })
    };
    let (factors, shares): (Vec<f64>, Vec<f64>) = (0..ages)
        .map(sums)
        .map(|(from, to)| (crate::development::ratio_or_one(to, from), crate::development::ratio_or_one(from, to)))
        .unzip();
    let pooled = Development::from_links(factors, &shares);
    let (mut ultimate, mut exposed) = (0.0, 0.0);
    for member in places.iter().map(|place| &members[*place]) {
        if let Some(exposure) = member.exposure {
            ultimate += chain_ladder(member.triangle, &pooled)?.total().ultimate;
            exposed += exposure.iter().sum::<f64>();
        }
    }
    let rate: f64 = ultimate / exposed;
    Ok(if rate.is_finite() { rate } else { 0.0 })
}

fn forecast(member: &Member<'_>, development: Development, rate: f64) -> Result<Forecast, Error> {
    let triangle = member.triangle;
    let ladder = chain_ladder(triangle, &development)?;
    let with_exposure = match member.exposure {
        Some(exposure) => {
            let cape = cape_cod(triangle, &development, exposure, RateModel { decay: 0.75, trend: 0.0 })?.estimate;
            let prior: Vec<f64> = exposure.iter().map(|exposed| rate * exposed).collect();
            Some((cape, bornhuetter_ferguson(triangle, &development, &prior)?))
        }
        None => None,
    };
    let mack = mack_with(triangle, links(triangle, Selection::mack()));
    let variation = (mack.total.total / mack.estimate.total().ultimate).abs();
    let (cape_cod, bornhuetter_ferguson) = with_exposure.unzip();
    let parts: Vec<&Estimate> =
        [Some(&ladder), cape_cod.as_ref(), bornhuetter_ferguson.as_ref()].into_iter().flatten().collect();
    let estimate = mean_of(&parts);
    Ok(Forecast {
        estimate,
        chain_ladder: ladder,
        cape_cod,
        bornhuetter_ferguson,
        development,
        variation: if variation.is_finite() { variation } else { 1.0 },
    })
}

fn mean_of(estimates: &[&Estimate]) -> Estimate {
    let count = estimates.iter().fold(0.0, |count, _| count + 1.0);
    let origins = (0..estimates[0].origins.len())
        .map(|origin| {
            let latest = estimates[0].origins[origin].latest;
            let ibnr = estimates.iter().map(|estimate| estimate.origins[origin].ibnr).sum::<f64>() / count;
            OriginEstimate { latest, ibnr, ultimate: latest + ibnr }
        })
        .collect();
    Estimate { origins }
}

/// How far outcomes lie from forecasts, learned from forecasts whose outcome is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// How wide: `s² = (a · variation)² + (b · open)² + c²`.
    weights: [f64; 3],
    /// `|ln(outcome/forecast)| / s` of the forecasts that were learned from, lowest first.
    scores: Vec<f64>,
    /// Forecasts that were not learned from, because forecast or outcome is not above zero.
    pub unusable: usize,
}

/// An interval for the sum of all origins of a member, in the triangle's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Learns from forecasts with the known ultimate of all origins together how wide intervals must be.
///
/// # Formula
/// `e = ln(outcome / forecast)`. The width of each forecast is `s² = (a v)² + (b o)² + c²`, with `v` Mack's coefficient of
/// variation (between 0.002 and 1) and `o` the part that is open (at least 0.005); `a`, `b` and `c` are those of greatest
/// likelihood when `e/s` has Student's distribution with four degrees of freedom. Intervals then come from the ranks of
/// `|e|/s`, not from that distribution.
/// # Source
/// Split conformal prediction with a normalised score: Lei, J., G'Sell, M., Rinaldo, A., Tibshirani, R. J. and Wasserman,
/// L. (2018), Distribution-free predictive inference for regression, Journal of the American Statistical Association
/// 113(523), section 5.2.
/// # Errors
/// [`Error::TooFewOutcomes`] with fewer than twenty usable ones.
pub fn calibrate<'f>(outcomes: impl IntoIterator<Item = (&'f Forecast, f64)>) -> Result<Calibration, Error> {
    const OUTCOMES_MIN: usize = 20;
    let mut errors: Vec<([f64; 2], f64)> = Vec::new();
    let mut unusable = 0;
    for (forecast, outcome) in outcomes {
        let error = (outcome / forecast.estimate.total().ultimate).ln();
        if outcome > 0.0 && error.is_finite() { errors.push((sizes(forecast), error)) } else { unusable += 1 }
    }
    if errors.len() < OUTCOMES_MIN {
        return Err(Error::TooFewOutcomes { given: errors.len(), needed: OUTCOMES_MIN });
    }
    let unlikely = |logs: &[f64]| -> f64 {
        let weights = [logs[0].exp(), logs[1].exp(), logs[2].exp()];
        let term = |(sizes, error): &([f64; 2], f64)| {
            let width = width(weights, *sizes);
            width.ln() + 2.5 * (error / width).powi(2).mul_add(0.25, 1.0).ln()
        };
        errors.iter().map(term).sum()
    };
    let (logs, _) = minimise(unlikely, &[0.0, -2.0, -4.0]);
    let weights = [logs[0].exp(), logs[1].exp(), logs[2].exp()];
    let mut scores: Vec<f64> = errors.iter().map(|(sizes, error)| error.abs() / width(weights, *sizes)).collect();
    scores.sort_unstable_by(f64::total_cmp);
    Ok(Calibration { weights, scores, unusable })
}

/// Variation and open part, within bounds.
fn sizes(forecast: &Forecast) -> [f64; 2] {
    let open = forecast.open();
    [forecast.variation.clamp(0.002, 1.0), if open.is_finite() { open.max(0.005) } else { 1.0 }]
}

fn width(weights: [f64; 3], sizes: [f64; 2]) -> f64 {
    ((weights[0] * sizes[0]).powi(2) + (weights[1] * sizes[1]).powi(2) + weights[2].powi(2)).sqrt()
}

impl Calibration {
    /// The interval that should hold the outcome of a new member with a probability of at least `level`, when it is like
    /// those that were learned from.
    ///
    /// # Formula
    /// `forecast · exp(± q s)` with `q` the score of rank `⌈(n+1) · level⌉` of `n`.
    /// # Errors
    /// [`Error::InvalidSetting`] for a level outside 0 to 1, [`Error::TooFewOutcomes`] when so high a level needs more
    /// outcomes than were learned from.
    pub fn interval(&self, forecast: &Forecast, level: f64) -> Result<Interval, Error> {
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::InvalidSetting { what: "a level lies between 0 and 1" });
        }
        let count = f64::from(u32::try_from(self.scores.len()).unwrap_or(u32::MAX));
        // Less a billionth, so that 0.95 of 19 and 1 is 19 whatever the rounding.
        let rank = ((count + 1.0) * level - 1e-9).ceil();
        // The rank is above zero and at most a little above the length of a list.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
        let score = self.scores.get(rank as usize - 1).ok_or_else(|| {
            let needed = (level / (1.0 - level)).ceil() as usize;
            Error::TooFewOutcomes { given: self.scores.len(), needed }
        })?;
        let ultimate = forecast.estimate.total().ultimate;
        let stretch = (score * width(self.weights, sizes(forecast))).exp();
        Ok(Interval { low: ultimate / stretch, high: ultimate * stretch })
    }
}
