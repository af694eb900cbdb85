use crate::{Selection, Triangle, links, mack};

/// Result of [`one_year`].
#[derive(Debug, Clone, PartialEq)]
pub struct OneYear {
    /// Standard error of the claims development result of the coming period, per origin, in the triangle's unit.
    pub origins: Vec<f64>,
    /// The same of all origins together.
    pub total: f64,
}

/// How far the chain-ladder estimate may move in the coming period: the standard error of the claims development result,
/// seen from now.
///
/// # Formula
/// With `r[j] = σ²[j]/f²[j]`, `S[j]` the column sum behind factor `j`, `L[j]` the value of the origin that is at age `j`
/// now, and `q[j] = L[j] / (S[j] + L[j])`, for an origin at age `a` with ultimate `U`:
/// `mse = U² · (r[a]/L[a] + r[a]/S[a] + Σ_{j>a} q[j]² r[j] (1/L[j] + 1/S[j]))`, and the total is
/// `Σ mse[i] + 2 Σ_{i<k} U[i] U[k] · (q[a] r[a]/S[a] + r[a]/(S[a]+L[a]) + Σ_{j>a} q[j]² r[j] (1/L[j] + 1/S[j]))` with `i`
/// the older of the two and `a` its age. Volume-weighted factors over all origins, σ by Mack's rule. Origins at the same age (in a triangle that is not
/// a square) share `L[j]`, their sum. Terms with a factor, column sum or value at or below zero are left out.
/// # Source
/// Merz, M. and Wüthrich, M. V. (2008), Modelling the claims development result for solvency purposes, CAS E-Forum, fall
/// 2008, 542–568: results 3.2 and 3.3.
/// # Example
/// ```
/// use grip_reserving::{Averaging, Triangle, mack, one_year};
/// let triangle = Triangle::from_cumulative(&[vec![10.0, 15.0, 16.0], vec![10.0, 17.0], vec![12.0]])?;
/// assert!(one_year(&triangle).total <= mack(&triangle, Averaging::AllOrigins).total.total); // one period, not all
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// None: every triangle has one.
#[must_use]
pub fn one_year(triangle: &Triangle) -> OneYear {
    let links = links(triangle, Selection::mack());
    let estimate = mack(triangle, Selection::mack()).estimate;
    let factors = links.development.factors();
    let mut latest = vec![0.0; factors.len()];
    for origin in 0..triangle.origins() {
        if let Some(sum) = latest.get_mut(triangle.age(origin)) {
            *sum += triangle.latest(origin);
        }
    }
    let share = |age: usize| latest[age] / (links.volumes[age] + latest[age]);
    let relative = |age: usize| (links.sigma[age] / factors[age]).powi(2);
    let usable = |age: usize| factors[age] > 0.0 && links.volumes[age] > 0.0;
    // What the new diagonal does through the factors of later ages: the sum over j > a.
    let mut later = vec![0.0; factors.len() + 1];
    for age in (0..factors.len()).rev().filter(|age| *age > 0) {
        let moved = usable(age) && latest[age] > 0.0;
        let term = if moved {
            share(age).powi(2) * relative(age) * (1.0 / latest[age] + 1.0 / links.volumes[age])
        } else {
            0.0
        };
        later[age - 1] = later[age] + term;
    }
    let mut variances = Vec::with_capacity(triangle.origins());
    let mut total = 0.0;
    for origin in 0..triangle.origins() {
        let (age, ultimate) = (triangle.age(origin), estimate.origins[origin].ultimate);
        if age >= factors.len() || !usable(age) || triangle.latest(origin) <= 0.0 {
            variances.push(0.0);
            continue;
        }
        let own = relative(age) / links.volumes[age];
        let variance = ultimate * ultimate * (relative(age) / triangle.latest(origin) + own + later[age]);
        let younger: f64 = (origin + 1..triangle.origins()).map(|other| estimate.origins[other].ultimate).sum();
        // The step of this origin moves the factor that younger ones will need.
        let shared = share(age) * own + relative(age) / (links.volumes[age] + latest[age]);
        total += variance + 2.0 * ultimate * younger * (shared + later[age]);
        variances.push(variance);
    }
    OneYear { origins: variances.into_iter().map(f64::sqrt).collect(), total: total.max(0.0).sqrt() }
}
