//! How wide intervals have to be, learned from the records of all segments together.

use crate::record::{Record, SizedError, degrees_of_freedom, half_width, relative_error, weight};

/// So many segments with a record tell something of another.
const SMALLEST_POOL: usize = 3;

/// What the other segments tell of the relative error of one counts as so many observations.
const POOL_FREEDOM: f64 = 4.0;

/// The distribution that a multiplier starts from counts as so many errors.
const PRIOR_ERRORS: f64 = 4.0;

/// Part of the outcomes that an interval should hold.
const HELD: f64 = 0.8;

/// What the records of all segments say of the errors of any of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pool {
    /// Relative error of a segment of which [`Self::size`] has to be forecast.
    level: f64,
    size: f64,
    /// Between -0.5, as of the number of clients by chance, and 0.
    slope: f64,
    /// What the middle widths have to be multiplied by, beside the quantile of Student's t.
    factor: f64,
}

impl Pool {
    /// None when too few segments have a record.
    ///
    /// # Formula
    /// `sigma(size) = level · (size / typical size)^slope`: a straight line through the logarithms by least squares, with its
    /// slope held between -1/2 and 0, and through the middle one of what it leaves. Then every error of every record over the
    /// half width that it would have been given from the cuts whose windows do not overlap with it; `factor` is the weighted
    /// quantile of those at `0.8 · (n + 1) / n`, with `n` the number of independent errors, drawn to 1 as by four errors.
    /// # Source
    /// Vovk, V., Gammerman, A. and Shafer, G. (2005), Algorithmic Learning in a Random World, chapter 2, for the quantile.
    pub(crate) fn new(records: &[Record], overlap_months: usize) -> Option<Self> {
        let mut points: Vec<(f64, f64)> = records.iter().filter_map(point).collect();
        if points.len() < SMALLEST_POOL {
            return None;
        }
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        let count = points.len() as f64;
        let size = points.iter().map(|(size, _)| size).sum::<f64>() / count;
        let error = points.iter().map(|(_, error)| error).sum::<f64>() / count;
        let along = points.iter().map(|point| (point.0 - size).powi(2)).sum::<f64>();
        let across = points.iter().map(|point| (point.0 - size) * (point.1 - error)).sum::<f64>();
        let slope = if along > 0.0 { (across / along).clamp(-0.5, 0.0) } else { 0.0 };
        let mut rest: Vec<f64> = points.iter().map(|point| point.1 - slope * (point.0 - size)).collect();
        rest.sort_by(f64::total_cmp);
        let pool = Self { level: rest[rest.len() / 2].exp(), size: size.exp(), slope, factor: 1.0 };
        Some(Self { factor: pool.learn_factor(records, overlap_months), ..pool })
    }

    /// A segment's own relative error and freedom, helped by those of the others as if they were so many observations.
    pub(crate) fn help(&self, own: Option<f64>, freedom: f64, size: f64) -> (f64, f64) {
        let relative = if size > 0.0 { (size / self.size).powf(self.slope) } else { 1.0 };
        let pool = self.level * relative;
        let Some(own) = own else { return (pool, POOL_FREEDOM) };
        let together = freedom + POOL_FREEDOM;
        (((freedom * own * own + POOL_FREEDOM * pool * pool) / together).sqrt(), together)
    }

    pub(crate) fn factor(&self) -> f64 {
        self.factor
    }

    fn learn_factor(&self, records: &[Record], overlap_months: usize) -> f64 {
        let mut ratios: Vec<(f64, f64)> = Vec::new();
        let mut independent = 0.0;
        for record in records {
            let errors: Vec<SizedError> = record.sized_errors().collect();
            let Some(newest) = errors.last().map(|error| error.cut) else { continue };
            independent += degrees_of_freedom(errors.len(), overlap_months);
            for tested in errors.iter().filter(|error| error.scale > 0.0) {
                let apart = errors.iter().filter(|other| other.cut.abs_diff(tested.cut) >= overlap_months);
                let freedom = degrees_of_freedom(apart.clone().count(), overlap_months);
                let (sigma, freedom) = self.help(relative_error(apart.copied()), freedom, tested.scale);
                let width = half_width(freedom) * sigma * tested.scale;
                if width > 0.0 {
                    ratios.push((tested.error.abs() / width, weight(newest - tested.cut)));
                }
            }
        }
        if ratios.is_empty() {
            return 1.0;
        }
        let level = (HELD * (1.0 + 1.0 / independent.max(1.0))).min(1.0);
        let found = weighted_quantile(&mut ratios, level);
        (independent * found + PRIOR_ERRORS) / (independent + PRIOR_ERRORS)
    }
}

/// Logarithms of the size of what had to be forecast, and of the relative error.
fn point(record: &Record) -> Option<(f64, f64)> {
    let error = record.relative_error().filter(|error| *error > 0.0)?;
    let (mut sum, mut count) = (0.0, 0.0);
    for scale in record.sized_errors().map(|error| error.scale).filter(|scale| *scale > 0.0) {
        sum += scale.ln();
        count += 1.0;
    }
    (count > 0.0).then(|| (sum / count, error.ln()))
}

/// The smallest value with at least this part of the weight at or below it.
fn weighted_quantile(values: &mut [(f64, f64)], level: f64) -> f64 {
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let whole: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    let mut found = 0.0;
    for (value, weight) in values.iter() {
        found = *value;
        below += weight;
        if below >= level * whole {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_counts_weight() {
        let values = || [(3.0, 1.0), (1.0, 2.0), (2.0, 1.0)];
        let check = |level: f64, expected: f64| {
            assert_eq!(weighted_quantile(&mut values(), level).to_bits(), expected.to_bits());
        };
        check(0.5, 1.0);
        check(0.51, 2.0);
        check(0.75, 2.0);
        check(1.0, 3.0);
    }
}
