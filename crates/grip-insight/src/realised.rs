//! What a measure saved: each method that there is data for, and which of them to say first.
//!
//! Costs per month of the part that a measure touches, and of parts that it does not, go in; what would have been goes out, month
//! by month, of [`interrupted`], [`difference`] and [`synthetic`], with the interval of 80 % and a placebo. A saving is what would
//! have been less what was. Rules and sources are in `docs/methods/measures.md` of the repository.

use crate::effect::{
    Error, Estimate, count,
    difference::{self, Difference, Panel},
    interrupted::{self, BEFORE_MIN, Season, Settings, Shape},
    mean,
    synthetic::{self, Placebo, PredictorWeights, Study, Synthetic, Unit},
};

/// The level of every interval.
pub const LEVEL: f64 = 0.8;
/// Fewer months after the start say nothing yet.
pub const AFTER_MIN: usize = 3;
/// With so many months after the start the trend may change too, else the level only.
pub const AFTER_TREND_MIN: usize = 6;
/// Fewer months before make no method the first.
pub const BEFORE_FIRST_MIN: usize = 12;
/// Fewer months before say too little of how well a synthetic control follows.
pub const BEFORE_SYNTHETIC_MIN: usize = 24;
/// The largest share of the mean cost by which a synthetic control may miss before.
pub const MISS_MAX: f64 = 0.1;
/// A part that costs less than this share of what is touched is noise beside it.
pub const SMALLEST: f64 = 0.02;

/// A part that a measure does not touch.
#[derive(Debug, Clone, PartialEq)]
pub struct Other<K> {
    /// What it is called.
    pub key: K,
    /// Its cost per month.
    pub costs: Vec<Option<f64>>,
}

/// What a measure is to be compared with, by who wrote it down.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison<K> {
    /// Its cost per month, as a whole: of a part of it too little may be known.
    pub costs: Vec<Option<f64>>,
    /// The parts of it that are known, with their cost per month.
    pub parts: Vec<Other<K>>,
}

/// What is asked: costs over the same months, the oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Case<'a, K> {
    /// Cost per month of the part that the measure touches.
    pub touched: &'a [Option<f64>],
    /// What it is to be compared with.
    pub named: Option<&'a Comparison<K>>,
    /// Parts that no measure touches.
    pub others: &'a [Other<K>],
    /// The place of the first month with the measure.
    pub start: usize,
}

/// How what would have been is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// The course before, carried on.
    Interrupted,
    /// As it went for the parts that were named to compare with, as one.
    Named,
    /// As it went for all parts that no measure touches.
    Untouched,
    /// As it went for a mixture of parts that went alike before.
    Synthetic,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Named, Self::Synthetic, Self::Untouched, Self::Interrupted];
}

/// An amount with the bounds of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saving {
    /// The amount.
    pub value: f64,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Saving {
    /// What was less what would have been, turned about.
    fn of(effect: Estimate) -> Self {
        let bounds = effect.interval(LEVEL);
        Self { value: -effect.value, low: -bounds.high, high: -bounds.low }
    }

    fn times(self, by: f64) -> Self {
        Self { value: self.value * by, low: self.low * by, high: self.high * by }
    }

    fn around(value: f64, margin: f64) -> Self {
        Self { value, low: value - margin, high: value + margin }
    }
}

/// A month with the measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    /// Its place.
    pub at: usize,
    /// What it cost.
    pub observed: f64,
    /// What was saved in it.
    pub saving: Saving,
    /// What was saved up to and including it.
    pub cumulative: Saving,
}

/// The same with a measure that was none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// How many were tried.
    pub tried: usize,
    /// Share of them, the real one counted too, that gives at least as much.
    pub share: f64,
}

/// What one method finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<K> {
    /// Which method.
    pub method: Method,
    /// What would have been, for every month that it can be said of, also before.
    pub path: Vec<Option<f64>>,
    /// The months with the measure.
    pub months: Vec<Month>,
    /// What was saved in all of them.
    pub total: Saving,
    /// A check on the method itself.
    pub placebo: Option<Check>,
    /// Whether it followed what was touched before the start: near enough, or of a difference no other trend shows, which is allowed for.
    /// `None` where there is nothing to follow.
    pub follows: Option<bool>,
    /// By how much it misses before, as a share of the mean cost.
    pub miss: Option<f64>,
    /// The parts it rests on with their weights.
    pub parts: Vec<(K, f64)>,
}

/// What all methods find.
#[derive(Debug, Clone, PartialEq)]
pub struct Realised<K> {
    /// Each method, or why it says nothing.
    pub methods: Vec<(Method, Result<Found<K>, Error>)>,
    /// Which of them to say first.
    pub first: Option<Method>,
    /// Whether some of their intervals have nothing in common.
    pub is_disputed: bool,
}

impl<K> Realised<K> {
    /// What a method finds.
    pub fn of(&self, method: Method) -> Option<&Found<K>> {
        self.methods.iter().find(|(of, _)| *of == method).and_then(|(_, found)| found.as_ref().ok())
    }

    /// What the first method finds.
    pub fn headline(&self) -> Option<&Found<K>> {
        self.first.and_then(|method| self.of(method))
    }
}

/// What a measure saved by every method.
///
/// # The first method
/// In this order the first that has an interval and the months it needs: the parts named to compare with; a synthetic control, when
/// it follows; all untouched parts; the own course.
///
/// # Errors
/// Each method has its own, in its place. Nothing is said before [`AFTER_MIN`] months.
pub fn realised<K: Clone>(case: &Case<'_, K>) -> Realised<K> {
    let methods: Vec<(Method, Result<Found<K>, Error>)> =
        Method::ALL.into_iter().map(|method| (method, by(method, case))).collect();
    let is_first = |method: Method, found: &Found<K>| {
        let start = case.start.min(case.touched.len());
        match method {
            Method::Named | Method::Untouched => known(&found.path[..start]) >= BEFORE_FIRST_MIN,
            Method::Synthetic => known(&found.path[..start]) >= BEFORE_SYNTHETIC_MIN && found.follows == Some(true),
            Method::Interrupted => known(&case.touched[..start]) >= BEFORE_FIRST_MIN,
        }
    };
    let found: Vec<&Found<K>> = methods.iter().filter_map(|(_, found)| found.as_ref().ok()).collect();
    let first = found.iter().find(|found| is_first(found.method, found)).map(|found| found.method);
    let lowest_high = found.iter().map(|found| found.total.high).fold(f64::INFINITY, f64::min);
    let highest_low = found.iter().map(|found| found.total.low).fold(f64::NEG_INFINITY, f64::max);
    let is_disputed = found.len() > 1 && highest_low > lowest_high;
    Realised { first, is_disputed, methods }
}

fn known(values: &[Option<f64>]) -> usize {
    values.iter().flatten().count()
}

fn by<K: Clone>(method: Method, case: &Case<'_, K>) -> Result<Found<K>, Error> {
    enough(case.touched, case.start)?;
    match method {
        Method::Interrupted => own_course(case),
        Method::Named => beside_named(case),
        Method::Untouched => {
            let others = large_enough(case);
            let weights = others.iter().map(|other| (other.key.clone(), 1.0 / count(others.len()))).collect();
            let costs: Vec<&[Option<f64>]> = others.iter().map(|other| other.costs.as_slice()).collect();
            beside(case, method, &costs, weights)
        }
        Method::Synthetic => mixture(case),
    }
}

fn enough(touched: &[Option<f64>], start: usize) -> Result<(), Error> {
    let (before, after) = touched.split_at(start.min(touched.len()));
    if known(before) < BEFORE_MIN {
        return Err(Error::TooFewBefore { needed: BEFORE_MIN, given: known(before) });
    }
    if known(after) < AFTER_MIN {
        return Err(Error::TooFewAfter { needed: AFTER_MIN, given: known(after) });
    }
    Ok(())
}

/// The trend may change too when there are enough months with the measure.
fn settings<K>(case: &Case<'_, K>) -> Settings {
    let (before, after) = case.touched.split_at(case.start);
    Settings {
        start: case.start,
        transition: 0,
        season: Season::by_length(known(before)),
        shape: if known(after) >= AFTER_TREND_MIN { Shape::LevelAndTrend } else { Shape::Level },
    }
}

/// The same at starts that were none, the real one counted among them.
fn pretended(values: &[Option<f64>], settings: &Settings) -> Option<Check> {
    let placebos = interrupted::placebos(values, settings).ok()?;
    let tried = placebos.pretended.len();
    let share = (placebos.share()? * count(tried) + 1.0) / count(tried + 1);
    Some(Check { tried, share })
}

fn own_course<K>(case: &Case<'_, K>) -> Result<Found<K>, Error> {
    let settings = settings(case);
    let found = interrupted::interrupted(case.touched, &settings)?;
    let mut path = vec![None; case.touched.len()];
    for month in &found.months {
        path[month.at] = Some(month.counterfactual.value);
    }
    let months = found.months.iter().map(|month| Month {
        at: month.at,
        observed: month.observed,
        saving: Saving::of(month.effect),
        cumulative: Saving::of(month.cumulative),
    });
    Ok(Found {
        method: Method::Interrupted,
        path,
        months: months.collect(),
        total: Saving::of(found.total),
        placebo: pretended(case.touched, &settings),
        follows: None,
        miss: None,
        parts: Vec::new(),
    })
}

/// Parts that are known wherever the touched one is, and not too small beside it.
fn large_enough<K: Clone>(case: &Case<'_, K>) -> Vec<Other<K>> {
    let base = mean_before(case.touched, case.start);
    let is_usable = |other: &&Other<K>| {
        let has_all = case.touched.iter().zip(&other.costs).all(|(own, other)| own.is_none() || other.is_some());
        has_all && other.costs.len() == case.touched.len() && mean_before(&other.costs, case.start) >= SMALLEST * base
    };
    case.others.iter().filter(is_usable).cloned().collect()
}

/// In the months in which what was named is known too.
fn beside_named<K: Clone>(case: &Case<'_, K>) -> Result<Found<K>, Error> {
    let Some(named) = case.named else { return Err(Error::TooFewUnits { needed: 1, given: 0 }) };
    let is_known = |at: usize| named.costs.get(at).is_some_and(Option::is_some);
    let touched: Vec<Option<f64>> =
        case.touched.iter().enumerate().map(|(at, cost)| cost.filter(|_| is_known(at))).collect();
    enough(&touched, case.start)?;
    beside(&Case { touched: &touched, ..*case }, Method::Named, &[&named.costs], shares(&named.parts, case.start))
}

/// Parts with their share of what they cost together before.
fn shares<K: Clone>(parts: &[Other<K>], start: usize) -> Vec<(K, f64)> {
    let means: Vec<f64> = parts.iter().map(|part| mean_before(&part.costs, start)).collect();
    let whole: f64 = means.iter().sum();
    parts.iter().zip(means).filter(|_| whole > 0.0).map(|(part, mean)| (part.key.clone(), mean / whole)).collect()
}

fn mean_before(costs: &[Option<f64>], start: usize) -> f64 {
    let before: Vec<f64> = costs.iter().take(start).flatten().copied().collect();
    if before.is_empty() { 0.0 } else { mean(&before) }
}

/// Costs beside their own mean before, in the months in which what is touched is known.
fn index(costs: &[Option<f64>], case: &[Option<f64>], start: usize) -> Vec<f64> {
    let base = mean_before(costs, start);
    case.iter().zip(costs).filter(|(own, _)| own.is_some()).map(|(_, cost)| cost.unwrap_or(f64::NAN) / base).collect()
}

/// Places of the known months, and how many of them lie before the start.
fn places(touched: &[Option<f64>], start: usize) -> (Vec<usize>, usize) {
    (touched.iter().enumerate().filter_map(|(at, cost)| cost.map(|_| at)).collect(), known(&touched[..start]))
}

/// The difference in index between what is touched and others, as an interrupted series: the two may go apart at a steady pace before,
/// and are not taken to be parallel because nobody can show that they are not.
fn beside<K: Clone>(
    case: &Case<'_, K>,
    method: Method,
    others: &[&[Option<f64>]],
    parts: Vec<(K, f64)>,
) -> Result<Found<K>, Error> {
    let base = mean_before(case.touched, case.start);
    let (places, start) = places(case.touched, case.start);
    let treated = [index(case.touched, case.touched, case.start)];
    let comparison: Vec<Vec<f64>> = others.iter().map(|costs| index(costs, case.touched, case.start)).collect();
    let parallel = difference::difference(&Panel { treated: &treated, comparison: &comparison, start, transition: 0 })?;
    let mut gaps = vec![None; case.touched.len()];
    for period in &parallel.periods {
        gaps[places[period.at]] = Some(period.gap);
    }
    let settings = settings(case);
    let found = interrupted::interrupted(&gaps, &settings)?;
    let months: Vec<Month> = found
        .months
        .iter()
        .map(|month| Month {
            at: month.at,
            observed: case.touched[month.at].unwrap_or(f64::NAN),
            saving: Saving::of(month.effect).times(base),
            cumulative: Saving::of(month.cumulative).times(base),
        })
        .collect();
    let mut path = vec![None; case.touched.len()];
    for (place, gap) in gaps.iter().enumerate().take(case.start) {
        path[place] = case.touched[place].zip(*gap).map(|(cost, gap)| cost - gap * base);
    }
    for month in &months {
        path[month.at] = Some(month.observed + month.saving.value);
    }
    Ok(Found {
        method,
        path,
        total: Saving::of(found.total).times(base),
        months,
        placebo: pretended(&gaps, &settings),
        follows: Some(is_parallel(&parallel)),
        miss: Some(root_mean_square(gaps.iter().take(case.start).flatten().copied())),
        parts,
    })
}

/// Whether the interval of 95 % of the difference in trend before holds zero.
fn is_parallel(found: &Difference) -> bool {
    found.slope_before.is_some_and(|slope| slope.interval(0.95).contains(0.0))
}

fn root_mean_square(values: impl Iterator<Item = f64>) -> f64 {
    mean(&values.map(|value| value * value).collect::<Vec<_>>()).sqrt()
}

fn mixture<K: Clone>(case: &Case<'_, K>) -> Result<Found<K>, Error> {
    let base = mean_before(case.touched, case.start);
    let (places, start) = places(case.touched, case.start);
    let unit = |key: Option<K>, costs: &[Option<f64>]| Unit {
        key,
        outcomes: index(costs, case.touched, case.start).into_iter().map(Some).collect(),
        predictors: Vec::new(),
    };
    let treated = unit(None, case.touched);
    let donors: Vec<Unit<Option<K>>> =
        large_enough(case).iter().map(|other| unit(Some(other.key.clone()), &other.costs)).collect();
    let study = Study { treated: &treated, donors: &donors, fit: 0..start, start };
    let found = synthetic::synthetic(&study, &PredictorWeights::OutcomesOnly)?;
    let placebos = synthetic::placebos(&study, &PredictorWeights::OutcomesOnly)?;
    let needed = 4;
    let donors_tried = placebos.donors.len();
    if donors_tried < needed {
        return Err(Error::TooFewUnits { needed, given: donors_tried });
    }
    let gap = |at: usize| found.gaps.get(at).copied().flatten().unwrap_or(f64::NAN) * base;
    let miss = found.rmspe_before;
    let margin = |of: &dyn Fn(&Placebo<Option<K>>) -> f64| placebo_margin(&placebos.donors, of) * miss * base;
    let mut so_far = 0.0;
    let mut months = Vec::new();
    for at in start..places.len() {
        so_far -= gap(at);
        let single = margin(&|donor| donor.gaps.get(at).copied().flatten().unwrap_or(f64::NAN));
        let until = margin(&|donor| donor.gaps[start..=at].iter().flatten().sum());
        months.push(Month {
            at: places[at],
            observed: treated.outcomes[at].unwrap_or(f64::NAN) * base,
            saving: Saving::around(-gap(at), single),
            cumulative: Saving::around(so_far, until),
        });
    }
    let mut path = vec![None; case.touched.len()];
    places.iter().enumerate().for_each(|(at, place)| path[*place] = found.path[at].map(|value| value * base));
    Ok(Found {
        method: Method::Synthetic,
        path,
        total: months.last().map_or(Saving::around(0.0, 0.0), |month| month.cumulative),
        months,
        placebo: Some(Check { tried: donors_tried, share: placebos.chance() }),
        follows: Some(miss <= MISS_MAX),
        miss: Some(miss),
        parts: parts(&found),
    })
}

/// Donors that count for a hundredth at least.
fn parts<K: Clone>(found: &Synthetic<Option<K>>) -> Vec<(K, f64)> {
    let heavy = found.weights.iter().filter(|(_, weight)| *weight >= 0.01);
    heavy.filter_map(|(key, weight)| Some((key.clone()?, *weight))).collect()
}

/// So many times how much a comparison missed before are 80 % of the placebos within afterwards: the `⌈0.8·(n + 1)⌉`-th smallest of
/// them, or the largest when that is beyond.
fn placebo_margin<K>(donors: &[Placebo<K>], of: &dyn Fn(&Placebo<K>) -> f64) -> f64 {
    let mut sizes: Vec<f64> = donors
        .iter()
        .filter(|donor| donor.rmspe_before > 0.0)
        .map(|donor| of(donor).abs() / donor.rmspe_before)
        .filter(|size| size.is_finite())
        .collect();
    sizes.sort_by(f64::total_cmp);
    // 80 % is four of five.
    let rank = (4 * (sizes.len() + 1)).div_ceil(5);
    sizes.get(rank.min(sizes.len()).saturating_sub(1)).copied().unwrap_or(f64::INFINITY)
}
