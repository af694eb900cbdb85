use crate::linear::{Line, least_squares};
use crate::{Error, Links};

/// How factors fall towards 1 with the number `k` of the factor, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// `f = 1 + exp(intercept + slope · k)`: a light tail.
    Exponential,
    /// `f = 1 + exp(intercept) · k^slope`: a heavy tail. Sherman (1984).
    InversePower,
    /// `f = 1 / (1 - exp(-exp(intercept) · k^slope))`: between the two.
    Weibull,
}

/// A curve through the factors of a pattern, from [`fit_tail`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// Which curve.
    pub curve: Curve,
    /// Its slope.
    pub slope: f64,
    /// Its intercept.
    pub intercept: f64,
    /// The factor from the last age of the pattern to ultimate: the product of the curve over the periods that follow.
    pub factor: f64,
}

impl Tail {
    /// The factor that the curve has at number `k`, counted from 1.
    #[must_use]
    pub fn at(&self, k: u32) -> f64 {
        curve_at(self.curve, Line { slope: self.slope, intercept: self.intercept }, f64::from(k))
    }
}

fn curve_at(curve: Curve, line: Line, k: f64) -> f64 {
    match curve {
        Curve::Exponential => 1.0 + (line.slope * k + line.intercept).exp(),
        Curve::InversePower => 1.0 + line.intercept.exp() * k.powf(line.slope),
        Curve::Weibull => 1.0 / (1.0 - (-line.intercept.exp() * k.powf(line.slope)).exp()),
    }
}

/// Fits a curve to the factors of a pattern and continues it for a number of periods.
///
/// # Formula
/// A straight line by least squares over the factors `f > threshold`: `ln(f-1)` against `k` (exponential) or `ln k`
/// (inverse power), `ln ln(f/(f-1))` against `ln k` (Weibull). The tail is the product of the curve over the `periods`
/// numbers after the last factor.
/// # Source
/// Boor, J. (2006), Estimating tail development factors: what to do when the triangle runs out, CAS Forum, winter 2006,
/// 345–390; inverse power: Sherman, R. E. (1984), Extrapolating, smoothing and interpolating development factors, PCAS 71,
/// 122–155.
/// # Example
/// ```
/// use grip_reserving::{Curve, Development, fit_tail};
/// let pattern = Development::from_factors(vec![2.0, 1.5, 1.25, 1.125])?;
/// let tail = fit_tail(&pattern, Curve::Exponential, 100, 1.00001)?;
/// assert!((tail.at(5) - 1.0625).abs() < 1e-9); // what is over one halves each time
/// # Ok::<(), grip_reserving::Error>(())
/// ```
/// # Errors
/// [`Error::NoTail`] when fewer than two factors lie above the threshold or the curve has no finite product,
/// [`Error::InvalidSetting`] for a threshold below 1.
pub fn fit_tail(development: &crate::Development, curve: Curve, periods: u32, threshold: f64) -> Result<Tail, Error> {
    if threshold.is_nan() || threshold < 1.0 {
        return Err(Error::InvalidSetting { what: "a threshold for factors is at least 1" });
    }
    let factors = development.factors();
    let points = (1_u32..).zip(factors).filter(|(_, factor)| **factor > threshold).map(|(number, factor)| {
        let number = f64::from(number);
        match curve {
            Curve::Exponential => (number, (factor - 1.0).ln()),
            Curve::InversePower => (number.ln(), (factor - 1.0).ln()),
            Curve::Weibull => (number.ln(), (factor / (factor - 1.0)).ln().ln()),
        }
    });
    let line = least_squares(points).ok_or(Error::NoTail)?;
    let first = u32::try_from(factors.len()).map_err(|_| Error::NoTail)?.saturating_add(1);
    let factor: f64 =
        (first..first.saturating_add(periods)).map(|number| curve_at(curve, line, f64::from(number))).product();
    if !factor.is_finite() {
        return Err(Error::NoTail);
    }
    Ok(Tail { curve, slope: line.slope, intercept: line.intercept, factor })
}

impl Links {
    /// The same with a tail factor, chosen or from [`fit_tail`], for the age after the last one, with a σ and a standard
    /// error that continue those of the triangle.
    ///
    /// # Formula
    /// The tail lies at the number `k*` where the line of `ln(f-1)` against `k`, over the factors above 1, has the value of
    /// the tail; σ and the standard error are there on the lines of `ln σ` and `ln se` against `k`. Values of zero are not
    /// on those lines. For a tail of at most 1 both are 0; so they are when a line cannot be drawn.
    /// # Source
    /// Mack, T. (1999), ASTIN Bulletin 29(2), p. 364: a tail's σ and standard error should fit between those of factors of
    /// its size.
    /// # Errors
    /// [`Error::InvalidFactor`] when the tail is not finite or not above zero.
    pub fn with_tail(&self, tail: f64) -> Result<Self, Error> {
        let development = self.development.with_tail(tail)?;
        let line = |values: &[f64], excess: f64| {
            let above = (1_u32..).zip(values).filter(|(_, value)| **value > excess);
            least_squares(
                above.map(|(number, value)| (f64::from(number), (value - excess).ln())).collect::<Vec<_>>().into_iter(),
            )
        };
        let place = line(self.development.factors(), 1.0).filter(|line| tail > 1.0 && line.slope != 0.0);
        let place = place.map(|line| ((tail - 1.0).ln() - line.intercept) / line.slope);
        let there = |values: &[f64]| {
            let (place, line) = (place?, line(values, 0.0)?);
            Some((place * line.slope + line.intercept).exp()).filter(|value| value.is_finite())
        };
        let mut with = Self { development, ..self.clone() };
        with.sigma.push(there(&self.sigma).unwrap_or(0.0));
        with.standard_errors.push(there(&self.standard_errors).unwrap_or(0.0));
        with.volumes.push(0.0);
        with.counts.push(0);
        Ok(with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Development;

    #[test]
    fn each_curve_finds_itself_again() {
        for (curve, slope, intercept) in
            [(Curve::Exponential, -0.5, 0.3), (Curve::InversePower, -2.0, 0.3), (Curve::Weibull, 0.9, -0.8)]
        {
            let line = Line { slope, intercept };
            let factors = (1..9_u32).map(|number| curve_at(curve, line, f64::from(number))).collect();
            let development = Development::from_factors(factors).expect("factors above zero");
            let tail = fit_tail(&development, curve, 10, 1.0).expect("eight factors");
            assert!((tail.slope - slope).abs() < 1e-9 && (tail.intercept - intercept).abs() < 1e-9);
            let product: f64 = (9..19).map(|number| tail.at(number)).product();
            assert!((tail.factor - product).abs() < 1e-12);
        }
    }

    #[test]
    fn a_pattern_at_rest_has_no_tail() {
        let development = Development::from_factors(vec![2.0, 1.0, 1.0]).expect("factors above zero");
        assert_eq!(fit_tail(&development, Curve::Exponential, 10, 1.00001), Err(Error::NoTail));
    }
}
