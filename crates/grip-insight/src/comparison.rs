//! With whom to compare: neighbours on chosen features, and groups by size.

mod group;

use std::{cmp::Ordering, fmt};

pub use group::{Spread, Urbanity, spread_of};

/// Inhabitants of a municipality, in the classes in which CBS publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeClass {
    /// Fewer than 5,000.
    Below5,
    /// 5,000 to 10,000.
    From5To10,
    /// 10,000 to 20,000.
    From10To20,
    /// 20,000 to 50,000.
    From20To50,
    /// 50,000 to 100,000.
    From50To100,
    /// 100,000 to 150,000.
    From100To150,
    /// 150,000 to 250,000.
    From150To250,
    /// 250,000 or more.
    From250,
}

impl SizeClass {
    /// All classes, smallest first.
    pub const ALL: [Self; 8] = [
        Self::Below5,
        Self::From5To10,
        Self::From10To20,
        Self::From20To50,
        Self::From50To100,
        Self::From100To150,
        Self::From150To250,
        Self::From250,
    ];

    /// The class of a number of inhabitants. A bound belongs to the class above it.
    pub fn of(inhabitants: u64) -> Self {
        match inhabitants {
            0..5_000 => Self::Below5,
            5_000..10_000 => Self::From5To10,
            10_000..20_000 => Self::From10To20,
            20_000..50_000 => Self::From20To50,
            50_000..100_000 => Self::From50To100,
            100_000..150_000 => Self::From100To150,
            150_000..250_000 => Self::From150To250,
            250_000.. => Self::From250,
        }
    }
}

/// Dutch: `20.000 tot 50.000 inwoners`.
impl fmt::Display for SizeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Below5 => "minder dan 5.000 inwoners",
            Self::From5To10 => "5.000 tot 10.000 inwoners",
            Self::From10To20 => "10.000 tot 20.000 inwoners",
            Self::From20To50 => "20.000 tot 50.000 inwoners",
            Self::From50To100 => "50.000 tot 100.000 inwoners",
            Self::From100To150 => "100.000 tot 150.000 inwoners",
            Self::From150To250 => "150.000 tot 250.000 inwoners",
            Self::From250 => "250.000 inwoners of meer",
        })
    }
}

/// The others of the same group, such as a [`SizeClass`] or a region, in the order given. None when `own` is not a
/// member.
pub fn control_group<'a, K: PartialEq, G: PartialEq>(own: &'a K, members: &'a [(K, G)]) -> impl Iterator<Item = &'a K> {
    let group = members.iter().find(|(key, _)| key == own).map(|(_, group)| group);
    members.iter().filter(move |(key, its)| key != own && Some(its) == group).map(|(key, _)| key)
}

/// How a feature is brought to a scale that does not depend on its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Distance to the median in units of 1.4826 times the median absolute deviation, which is a standard deviation
    /// where values are normal. A few extremes do not change it. Where more than half of the values are alike, the
    /// mean absolute deviation times 1.2533 is taken instead, which is one as well.
    #[default]
    Robust,
    /// Distance to the mean in standard deviations (divided by `n − 1`).
    Normal,
}

/// Someone to compare, with a value for each feature; `None` where it is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<K> {
    /// Who.
    pub key: K,
    /// One value per feature.
    pub values: Vec<Option<f64>>,
}

/// Someone alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour<K> {
    /// Who.
    pub key: K,
    /// Distance: zero is the same in all features.
    pub distance: f64,
    /// What each feature adds to the squared distance, as a share; they add up to 1 unless the distance is zero.
    /// `None` where the feature is not known of either, or tells nobody apart.
    pub contributions: Vec<Option<f64>>,
    /// Weight of the features known of both, as a share of those that could be.
    pub known: f64,
}

/// Why there are no neighbours.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Who is asked for is not among the candidates.
    #[error("who is to be compared is not among those to compare with")]
    NotThere,
    /// A candidate has more or fewer values than there are weights.
    #[error("candidate {position} (counted from 0) has {found} values for {expected} features")]
    Values {
        /// Which.
        position: usize,
        /// Values it has.
        found: usize,
        /// Weights given.
        expected: usize,
    },
    /// A weight below zero or not a number, or a value that is not finite.
    #[error("{value} is not a weight of zero or more, or not a finite value")]
    Number {
        /// What was given.
        value: f64,
    },
    /// No feature with a weight is known of who is asked for and tells anybody apart.
    #[error("no feature tells who is to be compared from the others")]
    NothingToCompare,
}

/// Those most like `own`, nearest first, among candidates of which at least `known_min` of the weight is known (0.5
/// is a fair choice); equally near ones in the order of the candidates.
///
/// A position among these says more than a rank among all. Values that span orders of magnitude, as inhabitants do,
/// are better given as logarithms; what is to be explained, such as cost, is no feature.
///
/// # Formula
///
/// `d² = Σ w·((x − y)/s)² · W/W'` over the features known of both, with `s` the spread of the feature over all
/// candidates by [`Scale`], `W` the weight of the features known of `own` that tell anybody apart, and `W'` the
/// weight of those that are known of the other too. So what is not known is taken to differ as much as what is. A
/// feature without spread tells nobody apart and takes no part. No unit.
///
/// # Source
///
/// The scaling for unknown values: Dixon, J. K. (1979), IEEE Transactions on Systems, Man, and Cybernetics 9(10),
/// 617–621. Median absolute deviation: Hampel, F. R. (1974), Journal of the American Statistical Association 69,
/// 383–393.
///
/// # Errors
///
/// As [`Error`] says.
pub fn neighbours<K: PartialEq + Clone>(
    own: &K,
    candidates: &[Candidate<K>],
    weights: &[f64],
    scale: Scale,
    known_min: f64,
) -> Result<Vec<Neighbour<K>>, Error> {
    check(candidates, weights)?;
    let own = candidates.iter().find(|candidate| &candidate.key == own).ok_or(Error::NotThere)?;
    let spreads: Vec<f64> = (0..weights.len())
        .map(|feature| spread(candidates.iter().filter_map(|candidate| candidate.values[feature]).collect(), scale))
        .collect();
    let counts = |feature: usize| own.values[feature].is_some() && spreads[feature] > 0.0 && weights[feature] > 0.0;
    let features: Vec<usize> = (0..weights.len()).filter(|feature| counts(*feature)).collect();
    let weight_of_all: f64 = features.iter().map(|feature| weights[*feature]).sum();
    if features.is_empty() {
        return Err(Error::NothingToCompare);
    }
    let mut found = Vec::new();
    for other in candidates.iter().filter(|candidate| candidate.key != own.key) {
        let mut squares = vec![None; weights.len()];
        let mut weight = 0.0;
        for &feature in &features {
            if let (Some(x), Some(y)) = (own.values[feature], other.values[feature]) {
                let difference = (x - y) / spreads[feature];
                squares[feature] = Some(weights[feature] * difference * difference);
                weight += weights[feature];
            }
        }
        let known = weight / weight_of_all;
        if weight > 0.0 && known >= known_min {
            let sum: f64 = squares.iter().flatten().sum();
            let share = |square: f64| if sum > 0.0 { square / sum } else { 0.0 };
            found.push(Neighbour {
                key: other.key.clone(),
                distance: (sum / known).sqrt(),
                contributions: squares.into_iter().map(|square| square.map(share)).collect(),
                known,
            });
        }
    }
    found.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    Ok(found)
}

fn check<K>(candidates: &[Candidate<K>], weights: &[f64]) -> Result<(), Error> {
    if let Some(&value) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
        return Err(Error::Number { value });
    }
    for (position, candidate) in candidates.iter().enumerate() {
        let found = candidate.values.len();
        if found != weights.len() {
            return Err(Error::Values { position, found, expected: weights.len() });
        }
        if let Some(&value) = candidate.values.iter().flatten().find(|value| !value.is_finite()) {
            return Err(Error::Number { value });
        }
    }
    Ok(())
}

/// From a median absolute deviation to a standard deviation, where values are normal: `1/Φ⁻¹(¾)`.
const MEDIAN_DEVIATION: f64 = 1.482_602_218_505_602;
/// From a mean absolute deviation to a standard deviation, where values are normal: `√(π/2)`.
const MEAN_DEVIATION: f64 = 1.253_314_137_315_500_3;

/// The spread of values, or zero when there are fewer than two different ones.
fn spread(mut values: Vec<f64>, scale: Scale) -> f64 {
    values.sort_by(f64::total_cmp);
    if values.first() == values.last() {
        return 0.0;
    }
    match scale {
        Scale::Normal => {
            let mean = mean(&values);
            let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
            (squares / (to_f64(values.len()) - 1.0)).sqrt()
        }
        Scale::Robust => {
            let middle = median(&values);
            let mut deviations: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
            deviations.sort_by(f64::total_cmp);
            let robust = median(&deviations) * MEDIAN_DEVIATION;
            if robust > 0.0 { robust } else { mean(&deviations) * MEAN_DEVIATION }
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / to_f64(values.len())
}

/// The middle of sorted values, of which there is at least one.
fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { f64::midpoint(sorted[half - 1], sorted[half]) } else { sorted[half] }
}

/// Where a value lies among those of others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Others with a lower value.
    pub below: usize,
    /// Others with the same value.
    pub equal: usize,
    /// Others with a higher value.
    pub above: usize,
    /// Percent of the others below, those with the same value counted half: 50 is the middle.
    pub percentile: f64,
}

/// Where a value lies among those of others, which should not hold it itself. `None` without others; values that are
/// not numbers are not counted.
///
/// # Formula
///
/// `100 · (below + equal/2) / others`.
pub fn position(value: f64, others: &[f64]) -> Option<Position> {
    let count = |meant| others.iter().filter(|other| other.partial_cmp(&&value) == Some(meant)).count();
    let (below, equal, above) = (count(Ordering::Less), count(Ordering::Equal), count(Ordering::Greater));
    let all = below + equal + above;
    let percentile = 100.0 * (to_f64(below) + to_f64(equal) / 2.0) / to_f64(all);
    (all > 0).then_some(Position { below, equal, above, percentile })
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 municipalities")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
