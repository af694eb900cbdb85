//! A model that has been fitted: what it expects, and the futures it thinks possible.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};

use crate::ets::{self, Ets, Form};
use crate::naive::{self, Naive};
use crate::paths::Paths;
use crate::season::Season;
use crate::series::{Prepared, Series, count};
use crate::theta::{self, Theta, ThetaForm};

/// What to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// The same month of last year.
    SeasonalNaive,
    /// Exponential smoothing, its form chosen by AICc.
    Ets,
    /// Exponential smoothing of one form.
    EtsOf(Form),
    /// Theta, its form chosen by mean square error.
    Theta,
    /// Theta of one form.
    ThetaOf(ThetaForm),
    /// The mean of seasonal naive, exponential smoothing and Theta: the default of this crate.
    Mean,
}

#[derive(Debug, Clone)]
enum Member {
    /// One value, and how far the known values are from it.
    Level(f64, f64),
    Naive(Naive),
    Ets(Box<Ets>),
    Theta(Box<Theta>),
}

/// A fitted model. A model that the series is too short for is replaced by a simpler one; `names` says by what.
#[derive(Debug, Clone)]
pub struct Fitted {
    members: Vec<Member>,
    season: usize,
    known: usize,
    trailing: usize,
    scale: f64,
    /// Where all members have an error.
    times: Vec<usize>,
}

/// Expected root mean square deviations.
pub(crate) struct Spreads {
    pub(crate) months: Vec<f64>,
    pub(crate) sum: f64,
}

/// Of a series with fewer known values than this nothing but their level is taken.
const KNOWN_MIN: usize = 5;
/// Of one or two values nobody can tell how they vary: half the level, as a wide guess.
const GUESSED_SPREAD: f64 = 0.5;
/// With hardly any value the variance may have been missed by any factor; more than this says nothing.
const VARIANCE_RATIO_MIN: f64 = 0.1;
/// Smoothing parameters and a starting level: what errors of a fitted series have lost in freedom.
const FREEDOM_LOST: usize = 4;

/// Fits `model` to `series`. Never fails: see [`Fitted`].
pub fn fit(series: Series<'_>, model: Model) -> Fitted {
    let prepared = Prepared::of(series);
    let naive = || naive::estimate(&prepared).map(Member::Naive);
    let boxed_ets = |found: Option<Ets>| found.map(|found| Member::Ets(Box::new(found)));
    let boxed_theta = |found: Option<Theta>| found.map(|found| Member::Theta(Box::new(found)));
    let found: Vec<Option<Member>> = if prepared.known < KNOWN_MIN || prepared.is_constant() {
        Vec::new()
    } else {
        match model {
            Model::SeasonalNaive => vec![naive()],
            Model::Ets => vec![boxed_ets(ets::select(&prepared))],
            Model::EtsOf(form) => vec![boxed_ets(allowed(&prepared, form))],
            Model::Theta => vec![boxed_theta(theta::select(&prepared))],
            Model::ThetaOf(form) => vec![boxed_theta(theta::estimate(&prepared, form))],
            Model::Mean => vec![naive(), boxed_ets(ets::select(&prepared)), boxed_theta(theta::select(&prepared))],
        }
    };
    let mut members: Vec<Member> = found.into_iter().flatten().collect();
    if members.is_empty() {
        members.push(level(&prepared));
    }
    let times = (0..prepared.y.len()).filter(|at| members.iter().all(|member| member.has_error(*at))).collect();
    let Prepared { season, known, trailing, scale, .. } = prepared;
    Fitted { members, season, known, trailing, scale, times }
}

/// One form, where the series allows it.
fn allowed(series: &Prepared, form: Form) -> Option<Ets> {
    let needs_seasons = form.season != Season::None;
    let needs_positive = form.errors == ets::Errors::Multiplicative || form.season == Season::Multiplicative;
    let fits = (!needs_seasons || series.has_seasons()) && (!needs_positive || series.is_positive());
    if fits { ets::estimate(series, form) } else { None }
}

/// The mean of what is known. A season or more without any change is taken for a constant.
fn level(series: &Prepared) -> Member {
    let known = || series.y.iter().filter(|value| value.is_finite());
    let number = count(series.known);
    let mean = known().sum::<f64>() / number.max(1.0);
    let squares: f64 = known().map(|value| (value - mean).powi(2)).sum();
    let spread = if series.is_constant() && series.known >= series.season.max(KNOWN_MIN) {
        0.0
    } else if series.known > 2 && !series.is_constant() {
        (squares / (number - 1.0)).sqrt()
    } else {
        GUESSED_SPREAD * mean.abs()
    };
    Member::Level(mean, spread)
}

/// What chance decides about one path, the same for every member, so that their mean is a path too.
struct Chances {
    /// Errors come from these times.
    times: Vec<usize>,
    /// Standard normal, one per step.
    normal: Vec<f64>,
    /// The variance of the errors is estimated: by this much it may have been missed.
    widening: f64,
    /// Seasonal naive knows no direction: its past changes count either way.
    sign: f64,
}

impl Member {
    fn has_error(&self, at: usize) -> bool {
        let errors = match self {
            Self::Level(..) | Self::Naive(_) => return true,
            Self::Ets(ets) => &ets.residuals,
            Self::Theta(theta) => &theta.residuals,
        };
        errors.get(at).is_some_and(|error| error.is_finite())
    }

    fn expect(&self, out: &mut [f64]) {
        match self {
            Self::Level(level, _) => out.fill(*level),
            Self::Naive(naive) => naive.walk(std::iter::repeat(0.0), out),
            Self::Ets(ets) => ets.walk(std::iter::repeat(0.0), out),
            Self::Theta(theta) => theta.walk(std::iter::repeat(0.0), out),
        }
    }

    fn walk(&self, chances: &Chances, season: usize, out: &mut [f64]) {
        let widening = chances.widening;
        let errors = |residuals| chances.times.iter().map(move |at: &usize| widening * at_of(residuals, *at));
        match self {
            Self::Level(level, spread) => {
                for (value, normal) in out.iter_mut().zip(&chances.normal) {
                    *value = level + spread * widening * normal;
                }
            }
            Self::Ets(ets) => ets.walk(errors(&ets.residuals), out),
            Self::Theta(theta) => theta.walk(errors(&theta.residuals), out),
            Self::Naive(naive) => {
                // Changes over a season hang together: a whole season of them is taken from one place in the past.
                let number = naive.changes.len().max(1);
                let change = |at: usize| {
                    let from = chances.times[at - at % season];
                    chances.sign * widening * at_of(&naive.changes, (from + at % season) % number)
                };
                naive.walk((0..out.len()).map(change), out);
            }
        }
    }
}

fn at_of(values: &[f64], at: usize) -> f64 {
    values.get(at).copied().unwrap_or(0.0)
}

impl Fitted {
    /// What the members are called, in the notation of their sources.
    pub fn names(&self) -> Vec<String> {
        self.members
            .iter()
            .map(|member| match member {
                Member::Level(..) => "Level".to_owned(),
                Member::Naive(_) => "SeasonalNaive".to_owned(),
                Member::Ets(ets) => ets.form.name(),
                Member::Theta(theta) => theta.form.name().to_owned(),
            })
            .collect()
    }

    /// Logarithm of the likelihood in the unit of the series, of a single exponential smoothing.
    pub fn log_likelihood(&self) -> Option<f64> {
        match self.members.as_slice() {
            [Member::Ets(ets)] => Some(ets.log_likelihood - count(self.known) * self.scale.ln()),
            _ => None,
        }
    }

    /// The expected value of every month after the last of the series; an unknown end of it has been passed over.
    pub fn mean(&self, horizon: usize) -> Vec<f64> {
        let steps = self.trailing + horizon;
        let mut sum = vec![0.0; steps];
        let mut one = vec![0.0; steps];
        for member in &self.members {
            member.expect(&mut one);
            sum.iter_mut().zip(&one).for_each(|(sum, value)| *sum += value);
        }
        let factor = self.scale / count(self.members.len());
        sum[self.trailing..].iter().map(|value| value * factor).collect()
    }

    /// `number` futures as the model sees them, around its mean, before any calibration. The same seed gives the same paths,
    /// and a longer horizon goes on where a shorter one ends.
    pub fn paths(&self, horizon: usize, number: usize, seed: u64) -> Paths {
        // In a mean, seasonal naive has no errors month by month: the others say how a path runs.
        let of_months = |member: &&Member| !matches!(member, Member::Naive(_));
        let mut spreading: Vec<&Member> = self.members.iter().filter(of_months).collect();
        if spreading.is_empty() {
            spreading.extend(&self.members);
        }
        let mut paths = self.paths_of(&spreading, horizon, number, seed);
        let shift = self.mean(horizon);
        for path in paths.iter_mut() {
            path.iter_mut().zip(&shift).for_each(|(value, mean)| *value += mean);
        }
        paths
    }

    /// How far the months, and the sum over the first `season` of them, are expected to be from the mean: the mean of what the
    /// members expect each. To average quantiles and not densities is what Lichtendahl, Grushka-Cockayne and Winkler (2013),
    /// Management Science 59(7), 1594-1611, advise.
    pub(crate) fn spreads(&self, horizon: usize, season: usize, number: usize) -> Spreads {
        let mut spreads = Spreads { months: vec![0.0; horizon], sum: 0.0 };
        let part = 1.0 / count(self.members.len());
        for member in &self.members {
            let paths = self.paths_of(&[member], horizon, number, 0);
            for (month, spread) in spreads.months.iter_mut().enumerate() {
                *spread += part * paths.root_mean_square(|path| path[month]);
            }
            spreads.sum += part * paths.root_mean_square(|path| path.iter().take(season).sum());
        }
        spreads
    }

    /// How far the mean of some members is from what it expects, in paths that share their chances.
    fn paths_of(&self, members: &[&Member], horizon: usize, number: usize, seed: u64) -> Paths {
        let steps = self.trailing + horizon;
        let mut values = Vec::with_capacity(horizon * number);
        let mut expected = vec![0.0; steps];
        let mut one = vec![0.0; steps];
        for member in members {
            member.expect(&mut one);
            expected.iter_mut().zip(&one).for_each(|(sum, value)| *sum += value);
        }
        let factor = self.scale / count(members.len());
        let mut sum = vec![0.0; steps];
        for path in 0..number {
            let chances = self.chances(steps, seed, path);
            sum.fill(0.0);
            for member in members {
                member.walk(&chances, self.season, &mut one);
                sum.iter_mut().zip(&one).for_each(|(sum, value)| *sum += value);
            }
            values
                .extend(sum.iter().zip(&expected).skip(self.trailing).map(|(sum, expected)| (sum - expected) * factor));
        }
        Paths::new(horizon, values)
    }

    fn chances(&self, steps: usize, seed: u64, path: usize) -> Chances {
        let mut random = stream(seed, path, 0);
        let lost = if self.known > 2 * FREEDOM_LOST { FREEDOM_LOST } else { 1 };
        let freedom = count(self.known.saturating_sub(lost).max(2));
        let ratio = ChiSquared::new(freedom).map_or(1.0, |chi| chi.sample(&mut random) / freedom);
        let widening = 1.0 / ratio.max(VARIANCE_RATIO_MIN).sqrt();
        let sign = if random.random_range(0..2) == 0 { 1.0 } else { -1.0 };
        let last = self.times.len().max(1);
        let (mut times, mut normal) = (Vec::with_capacity(steps), Vec::with_capacity(steps));
        for _ in 0..steps {
            times.push(self.times.get(random.random_range(0..last)).copied().unwrap_or(0));
            normal.push(StandardNormal.sample(&mut random));
        }
        Chances { times, normal, widening, sign }
    }

    pub(crate) fn season(&self) -> usize {
        self.season
    }

    pub(crate) fn known(&self) -> usize {
        self.known
    }
}

/// Random numbers of one path for one purpose: whoever makes path 7 first, it is the same.
pub(crate) fn stream(seed: u64, path: usize, purpose: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(u64::try_from(path).unwrap_or(u64::MAX).wrapping_mul(2).wrapping_add(purpose));
    random
}
