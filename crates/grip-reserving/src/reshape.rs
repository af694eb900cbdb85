use crate::{Error, Grain, Triangle};

impl Triangle {
    /// The triangle as it was known at an earlier valuation, in units of the grain since the beginning of the oldest
    /// origin. Origins without an age that had ended by then are not in it.
    ///
    /// # Example
    /// ```
    /// use grip_reserving::Triangle;
    /// let triangle = Triangle::from_cumulative(&[vec![1.0, 2.0, 3.0], vec![4.0, 5.0], vec![6.0]])?;
    /// let before = triangle.cut(triangle.valuation() - 1)?;
    /// assert_eq!((before.row(0), before.row(1), before.origins()), (&[1.0, 2.0][..], &[4.0][..], 2));
    /// # Ok::<(), grip_reserving::Error>(())
    /// ```
    /// # Errors
    /// [`Error::NoOrigins`] when nothing was known by then.
    pub fn cut(&self, valuation: usize) -> Result<Self, Error> {
        let mut cut = Self::empty(self.grain());
        for origin in 0..self.origins() {
            let row = self.row(origin);
            let length = self.grain().ages_at(origin, valuation).min(row.len());
            if length == 0 {
                break;
            }
            cut.push_row(row[..length].iter().copied());
        }
        if cut.origins() == 0 { Err(Error::NoOrigins) } else { Ok(cut) }
    }

    /// The same amounts in longer origins, longer development steps or both; each new length must be a multiple of the old
    /// one, and the new steps must fall on ends of old ones.
    ///
    /// A cell of the new triangle is the sum of what was known of its origins at that moment, where an origin that had not
    /// begun is nothing, one of which every age has passed keeps its last value, and one that is unknown makes the cell
    /// unknown. What became known after the last whole step is left out.
    /// # Example
    /// ```
    /// use grip_reserving::{Grain, Triangle};
    /// let monthly = Triangle::from_cumulative(&[vec![1.0, 2.0, 3.0, 4.0], vec![5.0, 6.0, 7.0], vec![8.0, 9.0], vec![10.0]])?;
    /// let bimonthly = monthly.aggregate(Grain { origin: 2, development: 2 })?;
    /// assert_eq!((bimonthly.row(0), bimonthly.row(1)), (&[7.0, 11.0][..], &[19.0][..]));
    /// # Ok::<(), grip_reserving::Error>(())
    /// ```
    /// # Errors
    /// [`Error::Grain`] when the lengths do not fit, [`Error::NoOrigins`] when not one whole step has passed.
    pub fn aggregate(&self, grain: Grain) -> Result<Self, Error> {
        let old = self.grain();
        let fits = |new: usize, old: usize| new > 0 && new.is_multiple_of(old);
        if !fits(grain.origin, old.origin)
            || !fits(grain.development, old.development)
            || !old.origin.is_multiple_of(old.development)
        {
            return Err(Error::Grain);
        }
        let together = grain.origin / old.origin;
        let valuation = self.valuation();
        // Ages of the oldest origin: no cell looks further back than the triangle goes.
        let ages = (self.ages() * old.development).div_ceil(grain.development)
            + (grain.origin - old.origin).div_ceil(grain.development);
        let mut result = Self::empty(grain);
        for first in (0..self.origins()).step_by(together) {
            let members = first..(first + together).min(self.origins());
            let origin = first / together;
            let length = grain.ages_at(origin, valuation).min(ages);
            if length == 0 {
                break;
            }
            let cell = |age| members.clone().map(|member| self.known_at(member, grain.valuation(origin, age))).sum();
            result.push_row((0..length).map(cell));
        }
        if result.origins() == 0 { Err(Error::NoOrigins) } else { Ok(result) }
    }

    /// What was known of an origin at a valuation: 0 before its first age has ended, NaN when unknown.
    fn known_at(&self, origin: usize, valuation: usize) -> f64 {
        match self.grain().ages_at(origin, valuation) {
            0 => 0.0,
            ages if ages > self.ages() => self.row(origin).get(self.ages() - 1).copied().unwrap_or(f64::NAN),
            ages => self.row(origin).get(ages - 1).copied().unwrap_or(f64::NAN),
        }
    }

    /// Several triangles added cell by cell. A cell that is unknown in one is unknown in the sum.
    ///
    /// # Errors
    /// [`Error::NoOrigins`] for an empty list, [`Error::ShapeMismatch`] when they do not have the same grain, origins and
    /// valuation.
    pub fn sum(triangles: &[&Self]) -> Result<Self, Error> {
        let (first, others) = triangles.split_first().ok_or(Error::NoOrigins)?;
        let mut values = first.values().to_vec();
        for other in others {
            let same_rows = first.origins() == other.origins()
                && (0..first.origins()).all(|origin| first.row(origin).len() == other.row(origin).len());
            if !same_rows || first.grain() != other.grain() {
                return Err(Error::ShapeMismatch);
            }
            values.iter_mut().zip(other.values()).for_each(|(sum, value)| *sum += value);
        }
        Ok(first.with_values(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monthly() -> Triangle {
        let rows: Vec<Vec<f64>> =
            (0..24).map(|origin| (0..24 - origin).map(|age| f64::from(age + 1)).collect()).collect();
        Triangle::from_cumulative(&rows).expect("a sound triangle")
    }

    #[test]
    fn months_to_years_by_quarters() {
        let annual = monthly().aggregate(Grain { origin: 12, development: 3 }).expect("lengths that fit");
        // After a quarter: months of age 3, 2 and 1; after two years the first year's months are 24 down to 13 old.
        assert_eq!((annual.row(0)[0], annual.row(0)[7]), (6.0, f64::from((13..=24).sum::<i32>())));
        assert_eq!((annual.row(0).len(), annual.row(1).len()), (8, 4));
        let again = annual.aggregate(Grain { origin: 12, development: 12 }).expect("lengths that fit");
        assert_eq!(again, monthly().aggregate(Grain { origin: 12, development: 12 }).expect("lengths that fit"));
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        let quarterly = monthly().aggregate(Grain { origin: 3, development: 3 }).expect("lengths that fit");
        assert_eq!(quarterly.aggregate(Grain { origin: 4, development: 3 }), Err(Error::Grain));
        assert_eq!(quarterly.aggregate(Grain { origin: 3, development: 1 }), Err(Error::Grain));
        let months = monthly();
        assert_eq!(Triangle::sum(&[&months, &quarterly]), Err(Error::ShapeMismatch));
        assert_eq!(months.cut(0), Err(Error::NoOrigins));
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        let cells = [Some(1.0), None, Some(3.0), Some(4.0), Some(5.0), None];
        let triangle = Triangle::from_cells(&cells, 3, Grain::ONE).expect("sound cells");
        let sum = Triangle::sum(&[&triangle, &triangle]).expect("the same shape");
        assert_eq!((sum.value(0, 1), sum.latest(0), sum.latest(1)), (None, 6.0, 10.0));
    }
}
