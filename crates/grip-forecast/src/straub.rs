//! Rates of one segment, helped by those of the others.

use crate::projection::SMALLEST_SAMPLE;

/// Neighbouring months never tell so little that more than this of their correlation counts.
const CORRELATION_MAX: f64 = 0.9;

/// Numerators and denominators of a rate, month by month.
pub(crate) type Observations = Vec<(f64, f64)>;

/// The rate of every member, drawn to that of all of them as far as its own could be chance; none when nobody has one.
///
/// # Formula
/// `Z·own + (1 - Z)·all`, `Z = w / (w + σ²/τ²)`, with `w` a member's summed denominators, `all` the mean of the rates weighted with
/// `Z`, `σ²` the variance of a month's rate per unit of weight within members and `τ²` that between members, both by the unbiased
/// estimators of Bühlmann and Straub; `σ²` is first enlarged by `(1 + r)/(1 - r)` with `r` the correlation of neighbouring months: the
/// same clients are in both. Without a difference between members (`τ² ≤ 0`) it is the rate of their sums.
/// # Source
/// Bühlmann, H. and Straub, E. (1970), Glaubwürdigkeit für Schadensätze, Mitteilungen der Vereinigung Schweizerischer
/// Versicherungsmathematiker 70, 111–133; Bühlmann and Gisler (2005), A Course in Credibility Theory, section 4.8.
pub(crate) fn credible(members: &[Observations]) -> Vec<Option<f64>> {
    let own: Vec<Option<Own>> = members.iter().map(Own::of).collect();
    let known: Vec<Own> = own.iter().flatten().copied().collect();
    let weight: f64 = known.iter().map(|own| own.weight).sum();
    if known.is_empty() {
        return vec![None; members.len()];
    }
    let within = Within::of(members);
    let within = within.variance() * within.enlargement();
    let between = variance_between(&known, within);
    let ratio = if between > 0.0 { within / between } else { f64::INFINITY };
    let credibility = |own: &Own| if known.len() == 1 { 1.0 } else { own.weight / (own.weight + ratio) };
    let together: f64 = known.iter().map(credibility).sum();
    let all = if together > 0.0 {
        known.iter().map(|own| credibility(own) * own.rate).sum::<f64>() / together
    } else {
        known.iter().map(|own| own.weight * own.rate).sum::<f64>() / weight
    };
    own.iter().map(|own| Some(own.map_or(all, |own| all + credibility(&own) * (own.rate - all)))).collect()
}

/// The rate of a member by itself, with enough months.
pub(crate) fn own_rate(observations: &Observations) -> Option<f64> {
    Own::of(observations).map(|own| own.rate)
}

/// What a member's own months say.
#[derive(Debug, Clone, Copy)]
struct Own {
    rate: f64,
    weight: f64,
}

impl Own {
    fn of(observations: &Observations) -> Option<Self> {
        let (sum, weight) = observations.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (observations.len() >= SMALLEST_SAMPLE && weight > 0.0).then(|| Self { rate: sum / weight, weight })
    }
}

/// What each month differs from the rate of its member, times the root of its weight.
fn residuals(observations: &Observations) -> Vec<f64> {
    let Some(own) = Own::of(observations) else { return Vec::new() };
    let known = observations.iter().filter(|(_, weight)| *weight > 0.0);
    known.map(|(value, weight)| weight.sqrt() * (value / weight - own.rate)).collect()
}

/// What the months of all members together differ from their rates.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    squares: f64,
    /// Of neighbouring months.
    products: f64,
    freedom: f64,
}

impl Within {
    fn of(members: &[Observations]) -> Self {
        members.iter().map(residuals).fold(Self::default(), |sum, residuals| Self {
            squares: sum.squares + residuals.iter().map(|residual| residual * residual).sum::<f64>(),
            products: sum.products + residuals.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>(),
            freedom: sum.freedom + residuals.len().saturating_sub(1) as f64,
        })
    }

    fn variance(&self) -> f64 {
        if self.freedom > 0.0 { self.squares / self.freedom } else { 0.0 }
    }

    /// By how much less neighbouring months tell than independent ones would.
    fn enlargement(&self) -> f64 {
        let correlation =
            if self.squares > 0.0 { (self.products / self.squares).clamp(0.0, CORRELATION_MAX) } else { 0.0 };
        (1.0 + correlation) / (1.0 - correlation)
    }
}

fn variance_between(known: &[Own], within: f64) -> f64 {
    let weight: f64 = known.iter().map(|own| own.weight).sum();
    let all = known.iter().map(|own| own.weight * own.rate).sum::<f64>() / weight;
    let squares: f64 = known.iter().map(|own| own.weight * (own.rate - all).powi(2)).sum();
    let spread = weight - known.iter().map(|own| own.weight.powi(2)).sum::<f64>() / weight;
    let count = known.len() as f64;
    if spread > 0.0 { ((squares - (count - 1.0) * within) / spread).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Claims of five states over twelve quarters, and their number: Hachemeister, C. A. (1975), Credibility for regression models
    /// with application to trend, in: Credibility, Theory and Applications, table 2.
    const AMOUNTS: [[f64; 12]; 5] = [
        [1738., 1642., 1794., 2051., 2079., 2234., 2032., 2035., 2115., 2262., 2267., 2517.],
        [1364., 1408., 1597., 1444., 1342., 1675., 1470., 1448., 1464., 1831., 1612., 1471.],
        [1759., 1685., 1479., 1763., 1674., 2103., 1502., 1622., 1828., 2155., 2233., 2059.],
        [1223., 1146., 1010., 1257., 1426., 1532., 1953., 1123., 1343., 1243., 1762., 1306.],
        [1456., 1499., 1609., 1741., 1482., 1572., 1606., 1735., 1607., 1573., 1613., 1690.],
    ];
    const COUNTS: [[f64; 12]; 5] = [
        [7861., 9251., 8706., 8575., 7917., 8263., 9456., 8003., 7365., 7832., 7849., 9077.],
        [1622., 1742., 1523., 1515., 1622., 1602., 1964., 1515., 1527., 1748., 1654., 1861.],
        [1147., 1357., 1329., 1204., 998., 1077., 1277., 1218., 896., 1003., 1108., 1121.],
        [407., 396., 348., 341., 315., 328., 352., 331., 287., 384., 321., 342.],
        [2902., 3172., 3046., 3068., 2693., 2910., 3275., 2697., 2663., 3017., 3242., 3425.],
    ];

    fn states() -> Vec<Observations> {
        let state = |(amounts, counts): (&[f64; 12], &[f64; 12])| {
            amounts.iter().zip(counts).map(|(amount, count)| (amount * count, *count)).collect()
        };
        AMOUNTS.iter().zip(&COUNTS).map(state).collect()
    }

    /// Structure parameters as the R package `actuar` gives them (vignette "Credibility theory", model `~state`): 139,120,026 and 89,639.
    #[test]
    fn variances_of_five_states_are_those_of_actuar() {
        let within = Within::of(&states()).variance();
        assert!((within - 139_120_026.0).abs() < 1.0, "{within}");
        let known: Vec<Own> = states().iter().filter_map(Own::of).collect();
        let between = variance_between(&known, within);
        assert!((between - 89_639.0).abs() < 1.0, "{between}");
    }

    #[test]
    fn who_has_little_is_drawn_to_the_others_most() {
        let found: Vec<f64> = credible(&states()).into_iter().flatten().collect();
        let own: Vec<f64> = states().iter().filter_map(Own::of).map(|own| own.rate).collect();
        let drawn = |state: usize| (found[state] - own[state]).abs() / (own[state] - 1684.0).abs();
        // Of the first state there are most claims, of the fourth fewest.
        assert!(drawn(0) < drawn(1) && drawn(1) < drawn(3), "{found:?} from {own:?}");
        assert!(found.iter().all(|rate| (own[3]..=own[0]).contains(rate)));
    }

    #[test]
    fn equal_members_have_the_rate_of_their_sums_and_nobody_has_none() {
        let member = |value: f64| vec![(value, 10.0), (20.0 - value, 10.0), (value, 10.0), (20.0 - value, 10.0)];
        assert_eq!(credible(&[member(9.0), member(11.0)]), [Some(1.0), Some(1.0)]);
        assert_eq!(credible(&[Vec::new(), vec![(1.0, 1.0)]]), [None, None]);
        // Who has nothing of its own has what the others have; who is alone keeps its own.
        assert_eq!(credible(&[member(9.0), Vec::new()]), [Some(1.0), Some(1.0)]);
    }
}
