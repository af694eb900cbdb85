//! Regression whose errors hang together from month to month: generalised least squares with first order autoregression.

use super::Estimate;

/// The strongest tie between months that is looked for, and the strongest the other way.
const TIES: (f64, f64) = (-0.9, 0.97);
const GRID: u32 = 44;

/// Known values with the factors that explain them, in order of time.
pub(crate) struct Data {
    /// Month of each value, ascending; months in between may be absent.
    pub(crate) times: Vec<usize>,
    /// The values.
    pub(crate) values: Vec<f64>,
    /// Per value its factors.
    pub(crate) rows: Vec<Vec<f64>>,
}

/// The regression as it came out.
pub(crate) struct Fit {
    /// One per factor.
    pub(crate) coefficients: Vec<f64>,
    /// Correlation of the error with that of the month before.
    pub(crate) tie: f64,
    /// Variance of the error of one month.
    pub(crate) variance: f64,
    /// The data with independent errors, at the tie, and a bit lower and higher.
    white: [White; 3],
    /// Half the distance between the last two.
    nudge: f64,
    /// Second derivatives of minus twice the restricted likelihood, by the log of the variance and the tie.
    curvature: [f64; 3],
}

/// Values and factors turned so that the errors are independent, as known at one tie.
struct White {
    /// What a value, and the one before it, are multiplied with.
    turns: Vec<(f64, f64)>,
    rows: Vec<Vec<f64>>,
    /// Lower triangle of Cholesky of the factors' products.
    root: Vec<Vec<f64>>,
    coefficients: Vec<f64>,
    squares: f64,
    log_spread: f64,
}

impl Data {
    /// By restricted maximum likelihood over the tie, exact also where months are absent.
    ///
    /// `None` when factors can not be told apart, or when there are not more values than factors.
    pub(crate) fn fit(&self) -> Option<Fit> {
        let (count_values, count_factors) = (self.values.len(), self.rows.first()?.len());
        let freedom = super::count(count_values.checked_sub(count_factors).filter(|rest| *rest > 0)?);
        let minus_twice = |tie: f64| {
            let white = self.white(tie)?;
            Some(freedom * white.squares.max(f64::MIN_POSITIVE).ln() + white.log_spread)
        };
        let step = (TIES.1 - TIES.0) / f64::from(GRID);
        let mut best = (f64::INFINITY, 0.0);
        for at in 0..=GRID {
            let tie = TIES.0 + step * f64::from(at);
            let level = minus_twice(tie)?;
            if level < best.0 {
                best = (level, tie);
            }
        }
        let tie = lowest(|tie| minus_twice(tie).unwrap_or(f64::INFINITY), best.1, step);
        self.fit_at(tie, freedom)
    }

    fn fit_at(&self, tie: f64, freedom: f64) -> Option<Fit> {
        let nudge = 1e-3;
        let white = [self.white(tie)?, self.white(tie - nudge)?, self.white(tie + nudge)?];
        let variance = white[0].squares / freedom;
        let deviance = |of: &White| of.squares / variance + of.log_spread;
        let [at, below, above] = &white;
        let curvature = [
            freedom,
            -(above.squares - below.squares) / (2.0 * nudge) / variance,
            (deviance(above) - 2.0 * deviance(at) + deviance(below)) / (nudge * nudge),
        ];
        Some(Fit { coefficients: white[0].coefficients.clone(), tie, variance, white, nudge, curvature })
    }

    fn white(&self, tie: f64) -> Option<White> {
        let mut turns = Vec::with_capacity(self.times.len());
        let mut log_spread = 0.0;
        for at in 0..self.times.len() {
            let gap = if at == 0 { None } else { i32::try_from(self.times[at] - self.times[at - 1]).ok() };
            let carried = gap.map_or(0.0, |gap| tie.powi(gap));
            let fresh = 1.0 - carried * carried;
            log_spread += fresh.ln();
            turns.push((1.0 / fresh.sqrt(), -carried / fresh.sqrt()));
        }
        let turn = |at: usize, of: &dyn Fn(usize) -> f64| {
            let before = if at == 0 { 0.0 } else { turns[at].1 * of(at - 1) };
            turns[at].0 * of(at) + before
        };
        let factors = self.rows.first()?.len();
        let rows: Vec<Vec<f64>> = (0..turns.len())
            .map(|at| (0..factors).map(|factor| turn(at, &|at| self.rows[at][factor])).collect())
            .collect();
        let values: Vec<f64> = (0..turns.len()).map(|at| turn(at, &|at| self.values[at])).collect();
        let mut products = vec![vec![0.0; factors]; factors];
        let mut right = vec![0.0; factors];
        for (row, value) in rows.iter().zip(&values) {
            for i in 0..factors {
                right[i] += row[i] * value;
                for j in 0..=i {
                    products[i][j] += row[i] * row[j];
                }
            }
        }
        let root = cholesky(products)?;
        let coefficients = solve(&root, right);
        let squares = rows.iter().zip(&values).map(|(row, value)| (value - dot(row, &coefficients)).powi(2)).sum();
        log_spread += root.iter().enumerate().map(|(at, row)| 2.0 * row[at].ln()).sum::<f64>();
        Some(White { turns, rows, root, coefficients, squares, log_spread })
    }
}

impl Fit {
    /// The combination of coefficients by `weights`.
    pub(crate) fn combination(&self, weights: &[f64]) -> Estimate {
        self.estimate(dot(weights, &self.coefficients), weights, &[])
    }

    /// The figure `value`, known but for the coefficients by `weights` and the errors of the values by `noise` (none when
    /// empty).
    ///
    /// Degrees of freedom by Satterthwaite: what is not known of the variance and the tie, carried over to this figure.
    pub(crate) fn estimate(&self, value: f64, weights: &[f64], noise: &[f64]) -> Estimate {
        let [at, below, above] = [0, 1, 2].map(|which: usize| self.white[which].variance_of(weights, noise));
        let variance = self.variance * at;
        let slope = self.variance * (above - below) / (2.0 * self.nudge);
        let [ll, lt, tt] = self.curvature;
        let determinant = ll * tt - lt * lt;
        let spread = (variance * variance * tt - 2.0 * variance * slope * lt + slope * slope * ll) / determinant;
        let freedom = if determinant > 0.0 && spread > 0.0 { variance * variance / spread } else { ll };
        Estimate { value, standard_error: variance.sqrt(), freedom: freedom.clamp(2.0_f64.min(ll), ll) }
    }
}

impl White {
    fn variance_of(&self, weights: &[f64], noise: &[f64]) -> f64 {
        let by_factor = solve(&self.root, weights.to_vec());
        let (mut later, mut sum) = (0.0, 0.0);
        for at in (0..self.rows.len()).rev() {
            let carried = self.turns.get(at + 1).map_or(0.0, |turn| turn.1 * later);
            later = (noise.get(at).copied().unwrap_or(0.0) - carried) / self.turns[at].0;
            sum += (later - dot(&self.rows[at], &by_factor)).powi(2);
        }
        sum
    }
}

/// The lowest point of a function within `step` of `near`, by golden section.
fn lowest(of: impl Fn(f64) -> f64, near: f64, step: f64) -> f64 {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = ((near - step).max(TIES.0), (near + step).min(TIES.1));
    for _ in 0..30 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if of(left) < of(right) { high = right } else { low = left }
    }
    f64::midpoint(low, high)
}

pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// Lower triangle whose product with itself is the symmetric matrix given by its lower triangle; `None` when that is not
/// positive, seen against its own diagonal.
pub(crate) fn cholesky(mut matrix: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    for row in 0..matrix.len() {
        let whole = matrix[row][row];
        for column in 0..=row {
            let rest = matrix[row][column] - dot(&matrix[row][..column], &matrix[column][..column]);
            if column < row {
                matrix[row][column] = rest / matrix[column][column];
            } else if rest > whole * 1e-11 && rest.is_finite() {
                matrix[row][row] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(matrix)
}

/// The solution of a symmetric system of which the Cholesky triangle is given.
pub(crate) fn solve(root: &[Vec<f64>], mut right: Vec<f64>) -> Vec<f64> {
    for row in 0..right.len() {
        right[row] = (right[row] - dot(&root[row][..row], &right[..row])) / root[row][row];
    }
    for row in (0..right.len()).rev() {
        let known: f64 = (row + 1..right.len()).map(|below| root[below][row] * right[below]).sum();
        right[row] = (right[row] - known) / root[row][row];
    }
    right
}
