use crate::linear::minimise;
use crate::{Development, Error, Estimate, Grain, Triangle, check_per_origin};

/// How an origin grows to its ultimate with its average age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// `G(x) = x^ω / (x^ω + θ^ω)`: a heavy tail.
    LogLogistic,
    /// `G(x) = 1 - exp(-(x/θ)^ω)`: a light tail.
    Weibull,
}

/// A growth curve that was fitted, from [`clark_ldf`] or [`clark_cape_cod`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GrowthCurve {
    /// Which curve.
    pub growth: Growth,
    /// ω, the shape; no unit.
    pub omega: f64,
    /// θ, the scale, in the unit of time of the grain.
    pub theta: f64,
    grain: Grain,
}

impl GrowthCurve {
    /// Part of the ultimate that is known at an average age of an origin, in the unit of time of the grain.
    #[must_use]
    pub fn at(&self, average_age: f64) -> f64 {
        grown(self.growth, self.omega, self.theta, average_age)
    }

    /// Part of the ultimate that is known at the end of an age of the triangle.
    #[must_use]
    pub fn developed(&self, age: usize) -> f64 {
        self.at(average_age(self.grain, age + 1))
    }

    /// The pattern of this curve for so many ages. Without a horizon the last factor leads to what the curve reaches in
    /// infinity; with one to the average age given, after which nothing follows. A horizon at the last age gives a pattern
    /// without a tail.
    ///
    /// # Errors
    /// [`Error::InvalidFactor`] when the curve is zero at the first age.
    pub fn development(&self, ages: usize, horizon: Option<f64>) -> Result<Development, Error> {
        let end = horizon.map_or(1.0, |horizon| self.at(horizon));
        let next = |age: usize| if age + 1 < ages { self.developed(age + 1) } else { end };
        Development::from_factors((0..ages).map(|age| next(age) / self.developed(age)).collect())
    }
}

fn grown(growth: Growth, omega: f64, theta: f64, age: f64) -> f64 {
    if age <= 0.0 {
        return 0.0;
    }
    match growth {
        Growth::LogLogistic => 1.0 / (1.0 + (theta / age).powf(omega)),
        Growth::Weibull => -(-(age / theta).powf(omega)).exp_m1(),
    }
}

/// Average age, from the moments at which amounts arise, of an origin of which so many steps have passed: half of the time
/// while the origin lasts, then the time less half of its length. Clark (2003), appendix B.
fn average_age(grain: Grain, steps: usize) -> f64 {
    let as_number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let time = as_number(steps * grain.development);
    time - time.min(as_number(grain.origin)) / 2.0
}

/// Result of [`clark_ldf`] and [`clark_cape_cod`].
#[derive(Debug, Clone, PartialEq)]
pub struct Clark {
    /// The curve of greatest likelihood.
    pub curve: GrowthCurve,
    /// Expected ultimate per unit of exposure; only Cape Cod has one.
    pub rate: Option<f64>,
    /// The scale `φ`: variance over mean of an increment, in the triangle's unit.
    pub scale: f64,
    /// `Σ X ln μ - μ` at the fit, up to a constant: what was maximised, to compare fits of the same triangle.
    pub log_likelihood: f64,
    /// The estimate with the curve up to infinity.
    pub estimate: Estimate,
}

/// Clark's LDF method: a growth curve, and an ultimate for each origin, by the likelihood of an overdispersed Poisson.
///
/// # Formula
/// Increments have the mean `μ[i][j] = U[i] (G(x_j) - G(x_{j-1}))` and the variance `φ μ`; `ω` and `θ` maximise
/// `Σ X ln μ - μ`, where given the curve `U[i] = latest[i] / G(x_a)`. `φ = 1/(n-p) · Σ (X-μ)²/μ` with `p` the number of
/// origins and two. `ibnr[i] = U[i] - latest[i]`.
/// # Source
/// Clark, D. R. (2003), LDF curve-fitting and stochastic reserving: a maximum likelihood approach, CAS Forum, fall 2003,
/// 41–92.
/// # Example
/// ```
/// use grip_reserving::{Growth, Triangle, clark_ldf};
/// let triangle = Triangle::from_cumulative(&[vec![40.0, 70.0, 80.0, 85.0], vec![42.0, 75.0, 86.0], vec![39.0, 70.0], vec![41.0]])?;
/// let result = clark_ldf(&triangle, Growth::Weibull)?;
/// assert!(result.curve.developed(3) > 0.9 && result.estimate.total().ibnr > 0.0);
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::TooFewCells`] when there are not more known increments than parameters, [`Error::NoFit`] when no curve has a
/// finite likelihood.
pub fn clark_ldf(triangle: &Triangle, growth: Growth) -> Result<Clark, Error> {
    let cells = Cells::of(triangle);
    let origins = (0..triangle.origins()).filter(|origin| triangle.known_ages(*origin) > 0).count();
    let degrees = cells.degrees_of_freedom(origins + 2)?;
    let ultimates = |omega: f64, theta: f64, origin: usize| {
        let steps = triangle.known_ages(origin);
        triangle.latest(origin) / grown(growth, omega, theta, average_age(triangle.grain(), steps))
    };
    let fit = cells.fit(growth, triangle.grain(), |omega, theta, cell| {
        ultimates(omega, theta, cell.origin) * cell.grown(growth, omega, theta)
    })?;
    let curve = fit.curve;
    let estimate = Estimate::from_ibnr(triangle, |origin| match triangle.known_ages(origin) {
        0 => 0.0,
        _ => ultimates(curve.omega, curve.theta, origin) - triangle.latest(origin),
    });
    Ok(Clark { curve, rate: None, scale: fit.squares / degrees, log_likelihood: fit.log_likelihood, estimate })
}

/// Clark's Cape Cod method: a growth curve and one rate per unit of exposure.
///
/// # Formula
/// As [`clark_ldf`] with `μ[i][j] = rate · E[i] · (G(x_j) - G(x_{j-1}))`, three parameters, and
/// `ibnr[i] = rate · E[i] · (1 - G(x_a))`. Given the curve, `rate = Σ X / Σ E (G - G)`.
/// # Source
/// Clark (2003), as [`clark_ldf`].
/// # Errors
/// As [`clark_ldf`], and [`Error::LengthMismatch`] when there is not one exposure per origin, [`Error::InvalidExposure`]
/// when one is not finite or is negative.
pub fn clark_cape_cod(triangle: &Triangle, growth: Growth, exposure: &[f64]) -> Result<Clark, Error> {
    check_per_origin(triangle, exposure)?;
    if let Some(origin) = exposure.iter().position(|exposed| *exposed < 0.0) {
        return Err(Error::InvalidExposure { origin });
    }
    let cells = Cells::of(triangle);
    let degrees = cells.degrees_of_freedom(3)?;
    let known: f64 = cells.0.iter().map(|cell| cell.value).sum();
    let rate = |omega: f64, theta: f64| {
        known / cells.0.iter().map(|cell| exposure[cell.origin] * cell.grown(growth, omega, theta)).sum::<f64>()
    };
    // The likelihood at the best rate for the curve; the rate is worked out once per curve and not per cell.
    let memo = std::cell::Cell::new((f64::NAN, f64::NAN, f64::NAN));
    let fit = cells.fit(growth, triangle.grain(), |omega, theta, cell| {
        if memo.get().0.to_bits() != omega.to_bits() || memo.get().1.to_bits() != theta.to_bits() {
            memo.set((omega, theta, rate(omega, theta)));
        }
        memo.get().2 * exposure[cell.origin] * cell.grown(growth, omega, theta)
    })?;
    let curve = fit.curve;
    let rate = rate(curve.omega, curve.theta);
    let estimate = Estimate::from_ibnr(triangle, |origin| {
        let grown = curve.at(average_age(triangle.grain(), triangle.known_ages(origin)));
        rate * exposure[origin] * (1.0 - grown)
    });
    Ok(Clark { curve, rate: Some(rate), scale: fit.squares / degrees, log_likelihood: fit.log_likelihood, estimate })
}

/// One increment, over one or (where cells are unknown) more steps.
struct Cell {
    origin: usize,
    from: f64,
    to: f64,
    value: f64,
}

impl Cell {
    fn grown(&self, growth: Growth, omega: f64, theta: f64) -> f64 {
        grown(growth, omega, theta, self.to) - grown(growth, omega, theta, self.from)
    }
}

struct Cells(Vec<Cell>);

struct Fit {
    curve: GrowthCurve,
    log_likelihood: f64,
    /// `Σ (X-μ)²/μ`.
    squares: f64,
}

impl Cells {
    fn of(triangle: &Triangle) -> Self {
        let mut cells = Vec::new();
        for origin in 0..triangle.origins() {
            let (mut steps, mut before) = (0, 0.0);
            for (age, value) in triangle.row(origin).iter().enumerate().filter(|(_, value)| !value.is_nan()) {
                let (from, to) = (average_age(triangle.grain(), steps), average_age(triangle.grain(), age + 1));
                cells.push(Cell { origin, from, to, value: value - before });
                (steps, before) = (age + 1, *value);
            }
        }
        Self(cells)
    }

    fn degrees_of_freedom(&self, parameters: usize) -> Result<f64, Error> {
        let degrees = self.0.len().checked_sub(parameters).filter(|degrees| *degrees > 0);
        let degrees = degrees.and_then(|degrees| u32::try_from(degrees).ok());
        degrees.map(f64::from).ok_or(Error::TooFewCells { given: self.0.len(), needed: parameters + 1 })
    }

    /// The curve of greatest likelihood, from several starts: the likelihood may have more than one top.
    fn fit(&self, growth: Growth, grain: Grain, mean: impl Fn(f64, f64, &Cell) -> f64) -> Result<Fit, Error> {
        let likelihood = |omega: f64, theta: f64| -> f64 {
            let term = |cell: &Cell| {
                let mean = mean(omega, theta, cell);
                if mean > 0.0 {
                    cell.value * mean.ln() - mean
                } else if cell.value > 0.0 {
                    // Something came where nothing is expected; a credit or nothing there says nothing.
                    f64::NEG_INFINITY
                } else {
                    0.0
                }
            };
            self.0.iter().map(term).sum()
        };
        let worth = self.0.iter().map(|cell| cell.value.abs()).sum::<f64>().max(f64::MIN_POSITIVE);
        let oldest = self.0.iter().map(|cell| cell.to).fold(0.0, f64::max);
        let starts = [0.25, 1.0].into_iter().flat_map(|part| [(0.8, part), (2.0, part)]);
        let fits = starts.map(|(omega, part): (f64, f64)| {
            let start = [omega.ln(), (part * oldest).ln()];
            minimise(|point| -likelihood(point[0].exp(), point[1].exp()) / worth, &start)
        });
        let (point, height) = fits.min_by(|a, b| a.1.total_cmp(&b.1)).ok_or(Error::NoFit)?;
        let (omega, theta) = (point[0].exp(), point[1].exp());
        if !height.is_finite() || !omega.is_finite() || !theta.is_finite() {
            return Err(Error::NoFit);
        }
        let squares = self.0.iter().map(|cell| {
            let mean = mean(omega, theta, cell);
            if mean > 0.0 { (cell.value - mean).powi(2) / mean } else { 0.0 }
        });
        let curve = GrowthCurve { growth, omega, theta, grain };
        Ok(Fit { curve, log_likelihood: likelihood(omega, theta), squares: squares.sum() })
    }
}
