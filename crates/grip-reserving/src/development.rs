use crate::{Error, Selection, Triangle, links};

/// Over which origins a factor is averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Averaging {
    /// Over every origin that is observed at both ages.
    AllOrigins,
    /// Over at most this many of the youngest origins observed at both ages. In a triangle that grows by one origin and
    /// one age each period these are the latest so many diagonals. Zero counts as one.
    LatestOrigins(usize),
}

/// A development pattern: by which factor an origin grows from each age to the next, and which part of its ultimate is
/// known at each age.
#[derive(Debug, Clone, PartialEq)]
pub struct Development {
    factors: Vec<f64>,
    developed: Vec<f64>,
}

impl Development {
    /// Age-to-age factors: volume-weighted over all or the latest origins when given an [`Averaging`], anything that
    /// [`links`] can do when given a [`Selection`].
    ///
    /// # Formula
    /// Volume-weighted: `f[j] = Σ C[i][j+1] / Σ C[i][j]` over the origins `i` observed at both ages (all, or the latest so
    /// many). `C` is cumulative in any unit; `f` has none. When `Σ C[i][j]` is zero, `f[j]` is 1.
    ///
    /// The part of the ultimate known at age `j` is `p[j] = p[j+1] · Σ C[i][j] / Σ C[i][j+1]`, 1 at the last age. So a
    /// first column of zeros, usual where invoices come a month later, has `p[0] = 0` although its factor is 1. When
    /// `Σ C[i][j+1]` is zero, the pair of columns says nothing, and `p[j] = p[j+1]`.
    /// # Source
    /// Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
    /// Bulletin 23(2), 213–225.
    /// # Example
    /// ```
    /// use grip_reserving::{Averaging, Development, Triangle};
    /// let triangle = Triangle::from_cumulative(&[vec![10.0, 15.0, 16.5], vec![30.0, 45.0], vec![20.0]])?;
    /// let development = Development::estimate(&triangle, Averaging::AllOrigins);
    /// assert_eq!(development.factors(), [1.5, 1.1]);
    /// # Ok::<(), grip_reserving::Error>(())
    /// ```
    /// # Errors
    /// None: every triangle has a pattern.
    #[must_use]
    pub fn estimate<'w>(triangle: &Triangle, selection: impl Into<Selection<'w>>) -> Self {
        links(triangle, selection).development
    }

    /// From factors, and the part of the next age that is known at each age, which need not be its inverse at zero.
    pub(crate) fn from_links(factors: Vec<f64>, link_shares: &[f64]) -> Self {
        Self { factors, developed: developed_from(link_shares) }
    }

    /// This pattern with one factor more, for what comes after its last age.
    ///
    /// # Errors
    /// [`Error::InvalidFactor`] when the factor is not finite or not above zero.
    pub fn with_tail(&self, tail: f64) -> Result<Self, Error> {
        if !tail.is_finite() || tail <= 0.0 {
            return Err(Error::InvalidFactor { age: self.factors.len() });
        }
        let mut shares: Vec<f64> = (0..self.factors.len()).map(|age| self.link_share(age)).collect();
        shares.push(1.0 / tail);
        let factors = self.factors.iter().copied().chain([tail]).collect();
        Ok(Self::from_links(factors, &shares))
    }

    /// A pattern from factors that were chosen, for one age more than there are factors. A last factor for what comes
    /// after the triangle (a tail) is simply one factor more than the triangle has.
    ///
    /// # Errors
    /// [`Error::InvalidFactor`] when a factor is not finite or not above zero.
    pub fn from_factors(factors: Vec<f64>) -> Result<Self, Error> {
        if let Some(age) = factors.iter().position(|factor| !factor.is_finite() || *factor <= 0.0) {
            return Err(Error::InvalidFactor { age });
        }
        let link_shares: Vec<f64> = factors.iter().map(|factor| ratio_or_one(1.0, *factor)).collect();
        Ok(Self { factors, developed: developed_from(&link_shares) })
    }

    /// A pattern between this one and another: the credibility-weighted mean.
    ///
    /// # Formula
    /// With `g[j] = p[j] / p[j+1]`, the part of the next age that is known at this one:
    /// `g[j] = w[j] · g_own[j] + (1 - w[j]) · g_other[j]` and `f[j] = 1 / g[j]` (1 when `g[j]` is 0). The mean is taken
    /// of `g` and not of `f`, because `f` has no value where the first column is zero.
    /// # Source
    /// Bühlmann, H. and Gisler, A. (2005), A Course in Credibility Theory and its Applications, chapter 1 (the
    /// credibility-weighted mean).
    /// # Example
    /// ```
    /// use grip_reserving::Development;
    /// let own = Development::from_factors(vec![2.0])?;
    /// let other = Development::from_factors(vec![1.0])?;
    /// assert_eq!(own.blend(&other, &[0.5])?.developed(0), 0.75);
    /// # Ok::<(), grip_reserving::Error>(())
    /// ```
    /// # Errors
    /// [`Error::PatternTooShort`] when the other pattern has fewer ages, [`Error::LengthMismatch`] when there is not
    /// one weight per factor, [`Error::InvalidWeight`] when a weight is not between 0 and 1.
    pub fn blend(&self, other: &Self, weights: &[f64]) -> Result<Self, Error> {
        if other.ages() < self.ages() {
            return Err(Error::PatternTooShort { given: other.ages(), needed: self.ages() });
        }
        if weights.len() != self.factors.len() {
            return Err(Error::LengthMismatch { given: weights.len(), needed: self.factors.len() });
        }
        if let Some(age) = weights.iter().position(|weight| !(0.0..=1.0).contains(weight)) {
            return Err(Error::InvalidWeight { age });
        }
        let link_shares: Vec<f64> = weights
            .iter()
            .enumerate()
            .map(|(age, weight)| weight * self.link_share(age) + (1.0 - weight) * other.link_share(age))
            .collect();
        let factors = link_shares.iter().map(|share| ratio_or_one(1.0, *share)).collect();
        Ok(Self { factors, developed: developed_from(&link_shares) })
    }

    /// Number of ages, one more than there are factors.
    #[must_use]
    pub fn ages(&self) -> usize {
        self.developed.len()
    }

    /// The age-to-age factors; factor `j` develops from age `j` to age `j + 1`.
    #[must_use]
    pub fn factors(&self) -> &[f64] {
        &self.factors
    }

    /// Factor from this age to ultimate: the product of the factors from here on, 1 from the last age on.
    #[must_use]
    pub fn to_ultimate(&self, age: usize) -> f64 {
        self.factors.iter().skip(age).product()
    }

    /// Part of the ultimate that is known at this age, 1 from the last age on. Usually the inverse of
    /// [`to_ultimate`](Self::to_ultimate); 0 where nothing is ever known yet. May lie above 1 where credits follow.
    #[must_use]
    pub fn developed(&self, age: usize) -> f64 {
        self.developed.get(age).copied().unwrap_or(1.0)
    }

    /// Part of the ultimate of an origin that is known now: 0 when nothing is known of it.
    pub(crate) fn developed_of(&self, triangle: &Triangle, origin: usize) -> f64 {
        match triangle.known_ages(origin) {
            0 => 0.0,
            ages => self.developed(ages - 1),
        }
    }

    fn link_share(&self, age: usize) -> f64 {
        ratio_or_one(self.developed(age), self.developed(age + 1))
    }

    /// The pattern covers every age of the triangle, or the reason why not.
    pub(crate) fn check_covers(&self, triangle: &Triangle) -> Result<(), Error> {
        if self.ages() < triangle.ages() {
            return Err(Error::PatternTooShort { given: self.ages(), needed: triangle.ages() });
        }
        Ok(())
    }
}

/// `numerator / denominator`, or 1 where that is not a number one can use.
pub(crate) fn ratio_or_one(numerator: f64, denominator: f64) -> f64 {
    let ratio = numerator / denominator;
    if denominator != 0.0 && ratio.is_finite() { ratio } else { 1.0 }
}

/// From the part of the next age known at each age to the part of the ultimate.
fn developed_from(link_shares: &[f64]) -> Vec<f64> {
    let mut developed = vec![1.0; link_shares.len() + 1];
    for age in (0..link_shares.len()).rev() {
        developed[age] = developed[age + 1] * link_shares[age];
    }
    developed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_column_of_zeros_is_not_developed() {
        let triangle = Triangle::from_increments(&[vec![0.0, 4.0], vec![0.0]]).expect("a sound triangle or pattern");
        let development = Development::estimate(&triangle, Averaging::AllOrigins);
        assert_eq!(development.factors(), [1.0]);
        assert_eq!((development.developed(0), development.developed(1)), (0.0, 1.0));
    }

    #[test]
    fn zeros_only_are_developed() {
        let triangle = Triangle::from_increments(&[vec![0.0, 0.0], vec![0.0]]).expect("a sound triangle or pattern");
        assert!(Development::estimate(&triangle, Averaging::AllOrigins).developed(0) >= 1.0);
    }

    #[test]
    fn zeros_count_in_a_factor() {
        // A zero is a known amount: (3 + 6) / (3 + 0), not 3 / 3.
        let triangle = Triangle::from_cumulative(&[vec![3.0, 3.0], vec![0.0, 6.0], vec![1.0]])
            .expect("a sound triangle or pattern");
        assert_eq!(Development::estimate(&triangle, Averaging::AllOrigins).factors(), [3.0]);
    }

    #[test]
    fn a_tail_is_one_factor_more() {
        let development = Development::from_factors(vec![2.0, 1.25]).expect("a sound triangle or pattern");
        assert_eq!(
            (development.to_ultimate(0), development.to_ultimate(1), development.to_ultimate(2)),
            (2.5, 1.25, 1.0)
        );
        assert_eq!(Development::from_factors(vec![1.0, 0.0]), Err(Error::InvalidFactor { age: 1 }));
    }

    #[test]
    fn a_blend_is_checked() {
        let own = Development::from_factors(vec![2.0, 1.5]).expect("a sound triangle or pattern");
        let shorter = Development::from_factors(vec![2.0]).expect("a sound triangle or pattern");
        assert_eq!(own.blend(&shorter, &[0.5, 0.5]), Err(Error::PatternTooShort { given: 2, needed: 3 }));
        assert_eq!(own.blend(&own, &[0.5]), Err(Error::LengthMismatch { given: 1, needed: 2 }));
        assert_eq!(own.blend(&own, &[0.5, 1.5]), Err(Error::InvalidWeight { age: 1 }));
    }
}
