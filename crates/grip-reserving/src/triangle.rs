use crate::Error;

/// How long an origin and a development step last, in one unit of time (say months): annual origins with quarterly
/// development are 12 and 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grain {
    /// Length of an origin.
    pub origin: usize,
    /// Length of a step from one age to the next.
    pub development: usize,
}

impl Grain {
    /// Origins and development steps of one unit of time each, the grain of a triangle built from rows.
    pub const ONE: Self = Self { origin: 1, development: 1 };

    /// When age `age` of origin `origin` ends, counted from the beginning of the oldest origin.
    #[must_use]
    pub fn valuation(self, origin: usize, age: usize) -> usize {
        origin * self.origin + (age + 1) * self.development
    }

    /// How many ages of an origin have ended at a valuation.
    pub(crate) fn ages_at(self, origin: usize, valuation: usize) -> usize {
        valuation.saturating_sub(origin * self.origin) / self.development
    }

    fn check(self) -> Result<Self, Error> {
        if self.origin == 0 || self.development == 0 { Err(Error::Grain) } else { Ok(self) }
    }
}

/// What the values of a record are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Known in the end of that age.
    Cumulative,
    /// Become known during that age.
    Incremental,
}

/// What a cell means for which there is no record, though its age has ended at the valuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// Nothing became known: an increment of zero, or a cumulative value that is that of the age before.
    Nothing,
    /// Not known. After an unknown increment the cumulative values of that origin are unknown too.
    Unknown,
}

/// Cumulative amounts by origin (rows, oldest first) and age (columns), checked when built.
///
/// Row `i` holds the ages that had ended at the valuation. A cell in it may be unknown, which is another thing than zero.
/// Rows may end anywhere: sixty monthly origins followed over twenty-four ages are as good as a square half filled. All
/// values lie in one list, row after row, so a triangle is two allocations whatever its size.
#[derive(Debug, Clone)]
pub struct Triangle {
    /// Cumulative values, row after row; NaN where unknown.
    values: Vec<f64>,
    /// Where each row starts in `values`, and one past the last.
    starts: Vec<usize>,
    ages: usize,
    grain: Grain,
}

impl PartialEq for Triangle {
    /// Equal in shape, grain and every value; unknown is equal to unknown.
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a == b || a.is_nan() && b.is_nan();
        self.starts == other.starts && self.grain == other.grain && self.values.iter().zip(&other.values).all(same)
    }
}

impl Triangle {
    /// Builds a triangle of grain one from the amount that became known at each age.
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
        Self::from_rows(rows, |sum, increment| sum + increment)
    }

    /// Builds a triangle of grain one from values that are cumulative already.
    ///
    /// # Errors
    /// [`Error::NoOrigins`], [`Error::EmptyOrigin`], [`Error::YoungerObservedFurther`], [`Error::NotFinite`].
    pub fn from_cumulative(rows: &[Vec<f64>]) -> Result<Self, Error> {
        Self::from_rows(rows, |_, value| value)
    }

    fn from_rows(rows: &[Vec<f64>], next: impl Fn(f64, f64) -> f64) -> Result<Self, Error> {
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
        let ages = rows.first().ok_or(Error::NoOrigins)?.len();
        Ok(Self { values, starts, ages, grain: Grain::ONE })
    }

    /// Builds a triangle from cumulative cells of which some are unknown, row after row with `ages` cells each.
    ///
    /// The valuation is the latest at which any cell is known. A row ends there, so that `None` beyond it is the future
    /// and `None` before it is unknown.
    /// # Example
    /// ```
    /// use grip_reserving::{Grain, Triangle};
    /// let cells = [Some(4.0), None, Some(9.0), Some(5.0), Some(7.0), None];
    /// let triangle = Triangle::from_cells(&cells, 3, Grain::ONE)?;
    /// assert_eq!((triangle.value(0, 1), triangle.latest(0), triangle.latest(1)), (None, 9.0, 7.0));
    /// # Ok::<(), grip_reserving::Error>(())
    /// ```
    /// # Errors
    /// [`Error::NoOrigins`] without a single known cell, [`Error::Grain`] for a grain of zero,
    /// [`Error::LengthMismatch`] when the list is not a whole number of rows, [`Error::NotFinite`].
    pub fn from_cells(cells: &[Option<f64>], ages: usize, grain: Grain) -> Result<Self, Error> {
        let grain = grain.check()?;
        if ages == 0 || !cells.len().is_multiple_of(ages) {
            return Err(Error::LengthMismatch { given: cells.len(), needed: ages.max(1) });
        }
        if let Some(place) = cells.iter().position(|cell| cell.is_some_and(|value| !value.is_finite())) {
            return Err(Error::NotFinite { origin: place / ages, age: place % ages });
        }
        let known = cells.iter().enumerate().filter(|(_, cell)| cell.is_some());
        let valuation = known.map(|(place, _)| grain.valuation(place / ages, place % ages)).max();
        let valuation = valuation.ok_or(Error::NoOrigins)?;
        let mut triangle = Self { values: Vec::new(), starts: vec![0], ages: 0, grain };
        for (origin, row) in cells.chunks(ages).enumerate() {
            let length = grain.ages_at(origin, valuation).min(ages);
            triangle.push_row(row[..length].iter().map(|cell| cell.unwrap_or(f64::NAN)));
        }
        Ok(triangle)
    }

    /// Builds a triangle from tidy records of origin, age and value, both counted from 0, in any order.
    ///
    /// Increments of the same cell add up. The valuation is the latest of any record; see [`Absent`] for cells before it
    /// that have no record.
    /// # Example
    /// ```
    /// use grip_reserving::{Absent, Grain, Kind, Triangle};
    /// let records = [(0, 0, 4.0), (0, 2, 5.0), (1, 0, 3.0), (1, 1, 1.0)];
    /// let triangle = Triangle::from_records(&records, Kind::Incremental, Absent::Nothing, Grain::ONE)?;
    /// assert_eq!((triangle.row(0), triangle.row(1)), (&[4.0, 4.0, 9.0][..], &[3.0, 4.0][..]));
    /// # Ok::<(), grip_reserving::Error>(())
    /// ```
    /// # Errors
    /// [`Error::NoOrigins`] without records, [`Error::Grain`], [`Error::NotFinite`], [`Error::DuplicateCell`] for a second
    /// cumulative value of a cell, [`Error::TooLarge`] for more than a hundred million cells.
    pub fn from_records(
        records: &[(usize, usize, f64)],
        kind: Kind,
        absent: Absent,
        grain: Grain,
    ) -> Result<Self, Error> {
        const CELLS_MAX: usize = 100_000_000;
        let grain = grain.check()?;
        let origins = records.iter().map(|record| record.0).max().ok_or(Error::NoOrigins)?.saturating_add(1);
        let ages = records.iter().map(|record| record.1).max().ok_or(Error::NoOrigins)?.saturating_add(1);
        let size = origins.checked_mul(ages).filter(|size| *size <= CELLS_MAX).ok_or(Error::TooLarge)?;
        let mut cells = vec![f64::NAN; size];
        let mut valuation = 0;
        for &(origin, age, value) in records {
            if !value.is_finite() {
                return Err(Error::NotFinite { origin, age });
            }
            let cell = &mut cells[origin * ages + age];
            if kind == Kind::Cumulative && !cell.is_nan() {
                return Err(Error::DuplicateCell { origin, age });
            }
            *cell = if cell.is_nan() { value } else { *cell + value };
            valuation = valuation.max(grain.valuation(origin, age));
        }
        let mut triangle = Self { values: Vec::new(), starts: vec![0], ages: 0, grain };
        for (origin, row) in cells.chunks(ages).enumerate() {
            let length = grain.ages_at(origin, valuation).min(ages);
            let mut before = 0.0;
            triangle.push_row(row[..length].iter().map(|value| {
                before = match (kind, absent) {
                    (_, Absent::Nothing) if value.is_nan() => before,
                    (Kind::Cumulative, _) => *value,
                    (Kind::Incremental, _) => before + value,
                };
                before
            }));
        }
        match triangle.values.iter().position(|value| value.is_infinite()) {
            Some(place) => {
                let origin = triangle.starts.partition_point(|start| *start <= place) - 1;
                Err(Error::NotFinite { origin, age: place - triangle.starts[origin] })
            }
            None => Ok(triangle),
        }
    }

    /// An empty triangle to which rows are added.
    pub(crate) fn empty(grain: Grain) -> Self {
        Self { values: Vec::new(), starts: vec![0], ages: 0, grain }
    }

    pub(crate) fn push_row(&mut self, row: impl Iterator<Item = f64>) {
        let before = self.values.len();
        self.values.extend(row);
        self.ages = self.ages.max(self.values.len() - before);
        self.starts.push(self.values.len());
    }

    /// The triangle with other values in the same cells.
    pub(crate) fn with_values(&self, values: Vec<f64>) -> Self {
        debug_assert_eq!(values.len(), self.values.len(), "one value per cell");
        Self { values, starts: self.starts.clone(), ages: self.ages, grain: self.grain }
    }

    /// All values, row after row; NaN where unknown.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The same figures, with the grain that their origins and ages have.
    ///
    /// # Errors
    /// [`Error::Grain`] when a length is zero.
    pub fn with_grain(mut self, grain: Grain) -> Result<Self, Error> {
        self.grain = grain.check()?;
        Ok(self)
    }

    /// How long origins and development steps last.
    #[must_use]
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// Number of origins (rows), at least 1.
    #[must_use]
    pub fn origins(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of ages (columns): that of the longest row, at least 1.
    #[must_use]
    pub fn ages(&self) -> usize {
        self.ages
    }

    /// Cumulative values of one origin, age 0 first; NaN where unknown.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn row(&self, origin: usize) -> &[f64] {
        &self.values[self.starts[origin]..self.starts[origin + 1]]
    }

    /// What is known of one origin at one age; `None` when that is unknown or still to come.
    #[must_use]
    pub fn value(&self, origin: usize, age: usize) -> Option<f64> {
        if origin >= self.origins() {
            return None;
        }
        self.row(origin).get(age).copied().filter(|value| !value.is_nan())
    }

    /// What became known at one age: the value less that of the age before, when both are known.
    #[must_use]
    pub fn increment(&self, origin: usize, age: usize) -> Option<f64> {
        let value = self.value(origin, age)?;
        if age == 0 { Some(value) } else { Some(value - self.value(origin, age - 1)?) }
    }

    /// How many ages lead up to the last known value of an origin; 0 when nothing is known of it.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn known_ages(&self, origin: usize) -> usize {
        self.row(origin).iter().rposition(|value| !value.is_nan()).map_or(0, |age| age + 1)
    }

    /// The highest age at which an origin is known; 0 also when nothing is known of it.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn age(&self, origin: usize) -> usize {
        self.known_ages(origin).saturating_sub(1)
    }

    /// What is known now of one origin: its value at its highest known age, 0 when nothing is known of it.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn latest(&self, origin: usize) -> f64 {
        let row = self.row(origin);
        row.iter().rev().find(|value| !value.is_nan()).copied().unwrap_or(0.0)
    }

    /// How many origins had reached this age at the valuation. In a triangle built from rows, and in any without unknown
    /// valuations, they are the oldest ones: `0..observed(age)`.
    #[must_use]
    pub fn observed(&self, age: usize) -> usize {
        self.starts.windows(2).rposition(|ends| ends[1] - ends[0] > age).map_or(0, |origin| origin + 1)
    }

    /// The latest valuation of any cell, in units of the grain since the beginning of the oldest origin.
    #[must_use]
    pub fn valuation(&self) -> usize {
        (0..self.origins())
            .filter(|origin| !self.row(*origin).is_empty())
            .map(|origin| self.grain.valuation(origin, self.row(origin).len() - 1))
            .max()
            .unwrap_or(0)
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
    fn records_are_checked_too() {
        let build =
            |records: &[(usize, usize, f64)], kind| Triangle::from_records(records, kind, Absent::Unknown, Grain::ONE);
        assert_eq!(build(&[], Kind::Cumulative), Err(Error::NoOrigins));
        let twice = [(0, 1, 1.0), (0, 1, 2.0)];
        assert_eq!(build(&twice, Kind::Cumulative), Err(Error::DuplicateCell { origin: 0, age: 1 }));
        let too_far = [(usize::MAX, 0, 1.0)];
        assert_eq!(build(&too_far, Kind::Cumulative), Err(Error::TooLarge));
        let overflow = [(0, 0, f64::MAX), (0, 1, f64::MAX), (1, 0, 1.0)];
        assert_eq!(build(&overflow, Kind::Incremental), Err(Error::NotFinite { origin: 0, age: 1 }));
    }

    #[test]
    fn unknown_is_not_zero() {
        let records = [(0, 0, 4.0), (0, 2, 5.0), (1, 0, 3.0)];
        let build = |kind, absent| Triangle::from_records(&records, kind, absent, Grain::ONE).expect("sound records");
        let unknown = build(Kind::Cumulative, Absent::Unknown);
        assert_eq!((unknown.value(0, 1), unknown.increment(0, 2), unknown.latest(0)), (None, None, 5.0));
        assert_eq!((unknown.age(1), unknown.value(1, 1)), (0, None));
        let lost = build(Kind::Incremental, Absent::Unknown);
        assert_eq!((lost.latest(0), lost.known_ages(0)), (4.0, 1));
        let nothing = build(Kind::Incremental, Absent::Nothing);
        assert_eq!((nothing.row(0), nothing.row(1)), (&[4.0, 4.0, 9.0][..], &[3.0, 3.0][..]));
    }

    #[test]
    fn annual_origins_with_quarterly_development() {
        let grain = Grain { origin: 12, development: 3 };
        // Two years; the second has had one quarter.
        let mut cells = vec![None; 12];
        cells[..5].fill(Some(1.0));
        cells[6] = Some(2.0);
        let triangle = Triangle::from_cells(&cells, 6, grain).expect("sound cells");
        assert_eq!((triangle.valuation(), triangle.ages()), (15, 5));
        assert_eq!((triangle.row(0).len(), triangle.row(1).len()), (5, 1));
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
