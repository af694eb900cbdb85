//! Interrupted time series: the months after a start against the course of the months before.
//!
//! Segmented regression (Wagner, Soumerai, Zhang and Ross-Degnan 2002, Journal of Clinical Pharmacy and Therapeutics 27, 299-309)
//! with errors that hang together, by restricted maximum likelihood with Satterthwaite's degrees of freedom, which did best in
//! Turner, Forbes, Karahalios, Taljaard and McKenzie (2021), BMC Medical Research Methodology 21, 181.

use super::regression::{Data, Fit};
use super::{Error, Estimate, count, mean};

/// Fewer values before say nothing of a course.
pub const BEFORE_MIN: usize = 8;
/// Fewer values before say nothing of a season.
pub const BEFORE_SEASON_MIN: usize = 24;

/// What returns every twelve months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// Nothing.
    None,
    /// So many pairs of a sine and a cosine, 1 to 5: with periods of 12, 6, 4, 3 and 2.4 months.
    Harmonics(u8),
    /// Each month of the year its own level.
    Months,
}

impl Season {
    /// Two pairs when the series before is long enough to tell a season, else none.
    pub fn by_length(before: usize) -> Self {
        if before >= BEFORE_SEASON_MIN { Self::Harmonics(2) } else { Self::None }
    }
}

/// What may change at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The level, once.
    Level,
    /// The level and the trend.
    LevelAndTrend,
}

/// How the series is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Place in the series of the first month with the measure.
    pub start: usize,
    /// Months from the start on that are left out, while the measure is being brought in.
    pub transition: usize,
    /// What returns every year.
    pub season: Season,
    /// What may change.
    pub shape: Shape,
}

/// One month after the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// Place in the series.
    pub at: usize,
    /// What was.
    pub observed: f64,
    /// What would have been: the course before, carried on. Its uncertainty is that of what would have been in this very month.
    pub counterfactual: Estimate,
    /// What was minus what would have been.
    pub effect: Estimate,
    /// Sum of the effects up to this month. Its interval is that of the sum, as months hang together and share one course.
    pub cumulative: Estimate,
}

/// What the series says.
#[derive(Debug, Clone, PartialEq)]
pub struct Interrupted {
    /// Change of the level at the first month after the transition.
    pub level: Estimate,
    /// Change of the trend, per month. `None` when only the level may change.
    pub trend: Option<Estimate>,
    /// Trend before, per month.
    pub trend_before: Estimate,
    /// Correlation of a month's error with that of the month before.
    pub autocorrelation: f64,
    /// Known months after the transition, in order.
    pub months: Vec<Month>,
    /// Sum over these months: the last cumulative one.
    pub total: Estimate,
    /// Mean per month over these months.
    pub mean: Estimate,
}

/// Effect of a measure on a monthly series. Unknown months (`None` or not finite) are left out.
///
/// # Errors
///
/// * [`Error::TooFewBefore`]: fewer than 8 known months before, 24 with a season, or than the model has parts.
/// * [`Error::TooFewAfter`]: none after, or fewer than three when the trend may change.
/// * [`Error::Setting`]: harmonics outside 1 to 5. [`Error::Collinear`]: parts that can not be told apart.
/// * [`Error::NoVariation`]: every value lies on the model exactly.
pub fn interrupted(values: &[Option<f64>], settings: &Settings) -> Result<Interrupted, Error> {
    let model = Model::of(values, settings)?;
    let fit = model.fit()?;
    let width = model.width();
    let unit = |at: usize| -> Vec<f64> { (0..width).map(|other| if other == at { 1.0 } else { 0.0 }).collect() };
    let months = model.months(&fit);
    let total = months.last().map(|month| month.cumulative).ok_or(Error::TooFewAfter { needed: 1, given: 0 })?;
    let number = count(months.len());
    let mean = Estimate { value: total.value / number, standard_error: total.standard_error / number, ..total };
    Ok(Interrupted {
        level: fit.combination(&unit(2)),
        trend: (settings.shape == Shape::LevelAndTrend).then(|| fit.combination(&unit(3))),
        trend_before: fit.combination(&unit(1)),
        autocorrelation: fit.tie,
        months,
        total,
        mean,
    })
}

/// Known months, those before first, with the factors of the regression: one, trend, level after, trend after, season.
struct Model {
    data: Data,
    /// Number of months before.
    before: usize,
    /// Number of factors that the measure changes: they follow the first two.
    changes: usize,
}

impl Model {
    fn of(values: &[Option<f64>], settings: &Settings) -> Result<Self, Error> {
        let Settings { start, transition, season, shape } = *settings;
        let first_after = start.saturating_add(transition);
        let is_known = |at: usize| values[at].is_some_and(f64::is_finite);
        let times: Vec<usize> =
            (0..values.len()).filter(|at| is_known(*at) && (*at < start || *at >= first_after)).collect();
        let before = times.iter().filter(|at| **at < start).count();
        let after = times.len() - before;
        let season_width = match season {
            Season::None => 0,
            Season::Harmonics(pairs @ 1..=5) => 2 * usize::from(pairs),
            Season::Harmonics(_) => return Err(Error::Setting),
            Season::Months => 11,
        };
        let needed = if season == Season::None { BEFORE_MIN } else { BEFORE_SEASON_MIN };
        if before < needed {
            return Err(Error::TooFewBefore { needed, given: before });
        }
        let (changes, needed) = match shape {
            Shape::Level => (1, 1),
            Shape::LevelAndTrend => (2, 3),
        };
        if after < needed {
            return Err(Error::TooFewAfter { needed, given: after });
        }
        let rows = times
            .iter()
            .map(|at| {
                let is_after = *at >= first_after;
                // Counted from the start, so that trend and level are not nearly the same thing.
                let mut row = vec![1.0, count(*at) - count(start), f64::from(u8::from(is_after))];
                if changes == 2 {
                    row.push(if is_after { count(at - first_after) } else { 0.0 });
                }
                seasonal(season, *at, &mut row);
                row
            })
            .collect::<Vec<_>>();
        debug_assert!(rows.iter().all(|row| row.len() == 2 + changes + season_width), "all rows have all factors");
        let values = times.iter().filter_map(|at| values[*at]).collect();
        Ok(Self { data: Data { times, values, rows }, before, changes })
    }

    fn width(&self) -> usize {
        self.data.rows.first().map_or(0, Vec::len)
    }

    fn fit(&self) -> Result<Fit, Error> {
        let fit = self.data.fit().ok_or(Error::Collinear)?;
        let middle = mean(&self.data.values);
        let spread: f64 =
            self.data.values.iter().map(|value| value * value).sum::<f64>() / count(self.data.values.len());
        if fit.variance > 1e-20 * spread.max(middle * middle) { Ok(fit) } else { Err(Error::NoVariation) }
    }

    fn months(&self, fit: &Fit) -> Vec<Month> {
        let known = self.data.times.len();
        let mut noise_so_far = vec![0.0; known];
        let mut factors_so_far = vec![0.0; self.width()];
        let mut sum = 0.0;
        let mut months = Vec::with_capacity(known - self.before);
        for place in self.before..known {
            let mut factors = self.data.rows[place].clone();
            factors[2..2 + self.changes].fill(0.0);
            let mut noise = vec![0.0; known];
            noise[place] = 1.0;
            noise_so_far[place] = 1.0;
            factors_so_far.iter_mut().zip(&factors).for_each(|(sum, factor)| *sum += factor);
            let observed = self.data.values[place];
            let expected = fit.combination(&factors).value;
            sum += observed - expected;
            let effect = fit.estimate(observed - expected, &factors, &noise);
            let cumulative = fit.estimate(sum, &factors_so_far, &noise_so_far);
            let counterfactual = Estimate { value: expected, ..effect };
            months.push(Month { at: self.data.times[place], observed, counterfactual, effect, cumulative });
        }
        months
    }
}

/// Appends the factors of the season for a month.
fn seasonal(season: Season, at: usize, row: &mut Vec<f64>) {
    match season {
        Season::None => {}
        Season::Harmonics(pairs) => {
            for pair in 1..=pairs {
                let angle = 2.0 * std::f64::consts::PI * f64::from(pair) * count(at % 12) / 12.0;
                row.extend([angle.sin(), angle.cos()]);
            }
        }
        Season::Months => row.extend((1..12).map(|month| if at % 12 == month { 1.0 } else { 0.0 })),
    }
}

/// The same at starts that were none.
#[derive(Debug, Clone, PartialEq)]
pub struct Placebos {
    /// Known months after a start that are looked at, the same number for all.
    pub window: usize,
    /// Mean effect over the first `window` months after the start that was one.
    pub own: f64,
    /// Pretended starts, all before the real one and using nothing from it on, with the mean effect over their window.
    pub pretended: Vec<(usize, f64)>,
}

impl Placebos {
    /// Share of pretended starts whose effect is at least as large, on either side. `None` without pretended starts.
    ///
    /// Neighbouring starts share months, so a share of 0.05 of forty is no test at 5 %: read it as a check of the method on
    /// this very series.
    pub fn share(&self) -> Option<f64> {
        let as_large = self.pretended.iter().filter(|(_, effect)| effect.abs() >= self.own.abs()).count();
        (!self.pretended.is_empty()).then(|| count(as_large) / count(self.pretended.len()))
    }
}

/// Pretends that the measure began at each month before that leaves enough months on both sides.
///
/// The window is what there is after the real start, and a third of the months before at most.
///
/// # Errors
///
/// As [`interrupted`] for the real start.
pub fn placebos(values: &[Option<f64>], settings: &Settings) -> Result<Placebos, Error> {
    let model = Model::of(values, settings)?;
    let after = model.data.times.len() - model.before;
    let window = after.min((model.before / 3).max(1));
    let first_effects = |start: usize, end: usize| -> Result<f64, Error> {
        let settings = Settings { start, ..*settings };
        let found = interrupted(&values[..end], &settings)?;
        Ok(mean(&found.months.iter().map(|month| month.effect.value).collect::<Vec<_>>()))
    };
    // The months after start and transition, until the window is full.
    let window_end = |start: usize, limit: usize| {
        let mut known =
            (start.saturating_add(settings.transition)..limit).filter(|at| values[*at].is_some_and(f64::is_finite));
        known.nth(window.saturating_sub(1)).map(|last| last + 1)
    };
    let end = window_end(settings.start, values.len()).ok_or(Error::TooFewAfter { needed: window, given: after })?;
    let own = first_effects(settings.start, end)?;
    let pretended = (0..settings.start)
        .filter_map(|start| {
            let end = window_end(start, settings.start)?;
            first_effects(start, end).ok().map(|effect| (start, effect))
        })
        .collect();
    Ok(Placebos { window, own, pretended })
}
