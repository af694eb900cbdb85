use crate::Error;

/// Cumulative amounts by origin (rows, oldest first) and age (columns), checked when built.
///
/// Row `i` is observed at the ages `0..=age(i)`. Rows may end anywhere, as long as no origin is observed further than
/// an older one: sixty monthly origins followed over twenty-four ages are as good as a square half filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Triangle {
    /// Cumulative values, row after row.
    values: Vec<f64>,
    /// Where each row starts in `values`, and one past the last.
    starts: Vec<usize>,
}

impl Triangle {
    /// Builds a triangle from the amount that became known at each age.
    ///
    /// # Example
    /// ```
    /// use grip_reserving::Triangle;
    /// let triangle = Triangle::from_increments(&[vec![10.0, 5.0], vec![8.0]])?;
    /// assert_eq!(triangle.row(0), [10.0, 15.0]);
    /// # Ok::<(), grip_reserving::Error>(())
    /// ```
    /// # Errors
    /// [`Error::NoOrigins`], [`Error::EmptyOrigin`], [`Error::YoungerObservedFurther`], and [`Error::NotFinite`] (also
    /// when a sum of finite increments is not finite).
    pub fn from_increments(rows: &[Vec<f64>]) -> Result<Self, Error> {
        Self::build(rows, |sum, increment| sum + increment)
    }

    /// Builds a triangle from values that are cumulative already.
    ///
    /// # Errors
    /// [`Error::NoOrigins`], [`Error::EmptyOrigin`], [`Error::YoungerObservedFurther`], [`Error::NotFinite`].
    pub fn from_cumulative(rows: &[Vec<f64>]) -> Result<Self, Error> {
        Self::build(rows, |_, value| value)
    }

    fn build(rows: &[Vec<f64>], next: impl Fn(f64, f64) -> f64) -> Result<Self, Error> {
        if rows.is_empty() {
            return Err(Error::NoOrigins);
        }
        let mut values = Vec::with_capacity(rows.iter().map(Vec::len).sum());
        let mut starts = Vec::with_capacity(rows.len() + 1);
        starts.push(0);
        for (origin, row) in rows.iter().enumerate() {
            if row.is_empty() {
                return Err(Error::EmptyOrigin { origin });
            }
            if origin > 0 && row.len() > rows[origin - 1].len() {
                return Err(Error::YoungerObservedFurther { origin, age: row.len() - 1 });
            }
            let mut cumulative = 0.0;
            for (age, &value) in row.iter().enumerate() {
                cumulative = next(cumulative, value);
                if !cumulative.is_finite() {
                    return Err(Error::NotFinite { origin, age });
                }
                values.push(cumulative);
            }
            starts.push(values.len());
        }
        Ok(Self { values, starts })
    }

    /// Number of origins (rows), at least 1.
    #[must_use]
    pub fn origins(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of ages (columns): that of the oldest origin, at least 1.
    #[must_use]
    pub fn ages(&self) -> usize {
        self.starts[1]
    }

    /// Cumulative values of one origin, age 0 first.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn row(&self, origin: usize) -> &[f64] {
        &self.values[self.starts[origin]..self.starts[origin + 1]]
    }

    /// The highest age at which an origin is observed.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn age(&self, origin: usize) -> usize {
        self.row(origin).len() - 1
    }

    /// What is known now of one origin: its value at its highest age.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn latest(&self, origin: usize) -> f64 {
        self.values[self.starts[origin + 1] - 1]
    }

    /// How many origins are observed at this age. They are the oldest ones: `0..observed(age)`.
    #[must_use]
    pub fn observed(&self, age: usize) -> usize {
        // Rows never get longer downwards, so the rows that reach this age come first.
        self.starts.windows(2).take_while(|ends| ends[1] - ends[0] > age).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(rows: &[Vec<f64>], expected: &Error) {
        assert_eq!(Triangle::from_increments(rows).as_ref(), Err(expected));
    }

    #[test]
    fn a_triangle_is_checked_when_built() {
        refused(&[], &Error::NoOrigins);
        refused(&[vec![1.0], vec![]], &Error::EmptyOrigin { origin: 1 });
        refused(&[vec![1.0], vec![1.0, 2.0]], &Error::YoungerObservedFurther { origin: 1, age: 1 });
        refused(&[vec![1.0, f64::NAN]], &Error::NotFinite { origin: 0, age: 1 });
        refused(&[vec![f64::MAX, f64::MAX]], &Error::NotFinite { origin: 0, age: 1 });
    }

    #[test]
    fn more_origins_than_ages() {
        let rows: Vec<Vec<f64>> = (0..60).map(|origin| vec![1.0; (60 - origin).min(24)]).collect();
        let triangle = Triangle::from_increments(&rows).expect("a sound triangle or pattern");
        assert_eq!((triangle.origins(), triangle.ages()), (60, 24));
        assert_eq!((triangle.observed(0), triangle.observed(23), triangle.observed(24)), (60, 37, 0));
        assert_eq!((triangle.latest(0), triangle.age(59), triangle.latest(59)), (24.0, 0, 1.0));
    }
}
