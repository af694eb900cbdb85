//! What a segment costs: minus twice the logarithm of its likelihood, from running sums, so that any segment takes the same time.

use crate::series::count;

/// What may differ between segments. Errors are taken as normal and independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// The level. What the level leaves has the same variance everywhere: see [`Noise`].
    Mean,
    /// The level and the variance around it.
    MeanVariance,
    /// The level and the slope: every segment is a straight line of its own, with the same variance around it: see [`Noise`].
    Trend,
}

/// Where the variance of the errors comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// What one straight line through everything leaves: the variance if there were no change. It is too large where there are
    /// changes, and so finds only those that explain much; it holds where errors hang together.
    Line,
    /// What one level leaves. Finds less still in a series that rises.
    Level,
    /// The median size of the changes from one value to the next: not moved by a few jumps or outliers, but far too small where
    /// errors hang together.
    Differences,
}

impl Cost {
    /// Parameters of one segment of one dimension.
    pub(crate) fn parameters(self) -> f64 {
        match self {
            Self::Mean => 1.0,
            Self::MeanVariance | Self::Trend => 2.0,
        }
    }
}

/// Sums over known values; all values and places were brought near zero before.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) number: f64,
    pub(crate) value: f64,
    value_value: f64,
    pub(crate) place: f64,
    place_place: f64,
    place_value: f64,
}

impl Sums {
    /// Squares around the mean.
    pub(crate) fn squared(&self) -> f64 {
        (self.value_value - self.value * self.value / self.number.max(1.0)).max(0.0)
    }

    pub(crate) fn places_squared(&self) -> f64 {
        (self.place_place - self.place * self.place / self.number.max(1.0)).max(0.0)
    }

    pub(crate) fn product(&self) -> f64 {
        self.place_value - self.place * self.value / self.number.max(1.0)
    }

    /// Squares around the line of least squares.
    pub(crate) fn around_line(&self) -> f64 {
        let places = self.places_squared();
        // Two places differ by one at least, so that their squares are half or more.
        if places < 0.25 {
            return self.squared();
        }
        (self.squared() - self.product() * self.product() / places).max(0.0)
    }
}

/// One of the series, brought to mean 0 and variance 1.
#[derive(Debug, Clone)]
pub(crate) struct Dimension {
    sums: Vec<Sums>,
    /// Known values before each row.
    pub(crate) known: Vec<usize>,
    pub(crate) offset: f64,
    pub(crate) scale: f64,
    /// Of the errors, in this scale.
    pub(crate) variance: f64,
}

/// Places where at least one of the series is known.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) places: Vec<usize>,
    /// Places there are, known or not.
    pub(crate) length: usize,
    pub(crate) dimensions: Vec<Dimension>,
}

/// A variance below this part of the whole is an accident of rounding or of equal values.
const VARIANCE_MIN: f64 = 1e-4;
/// What is left of a constant or of a line after rounding.
const NOTHING: f64 = 1e-9;
/// The median of the size of a standard normal value.
const NORMAL_MEDIAN_SIZE: f64 = 0.6745;

impl Rows {
    pub(crate) fn of(series: &[&[Option<f64>]], noise: Noise) -> Self {
        let length = series.iter().map(|values| values.len()).max().unwrap_or(0);
        let at = |values: &[Option<f64>], place: usize| {
            values.get(place).copied().flatten().filter(|value| value.is_finite()).unwrap_or(f64::NAN)
        };
        let places: Vec<usize> =
            (0..length).filter(|place| series.iter().any(|values| !at(values, *place).is_nan())).collect();
        let mut rows = Self { places, length, dimensions: Vec::with_capacity(series.len()) };
        for values in series {
            let values: Vec<f64> = rows.places.iter().map(|place| at(values, *place)).collect();
            let dimension = dimension(&rows, &values, noise);
            rows.dimensions.push(dimension);
        }
        rows
    }

    /// A place as the sums have it.
    pub(crate) fn centred(&self, place: usize) -> f64 {
        count(place) - count(self.length) / 2.0
    }
}

fn dimension(rows: &Rows, values: &[f64], noise: Noise) -> Dimension {
    let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let number = count(known.len()).max(1.0);
    // Largest first, so that no square is too large for a number.
    let largest = known.iter().fold(0.0, |most: f64, value| most.max(value.abs())).max(f64::MIN_POSITIVE);
    let mean = known.iter().map(|value| value / largest).sum::<f64>() / number;
    let squares = known.iter().map(|value| (value / largest - mean).powi(2)).sum::<f64>();
    let deviation = (squares / number).sqrt();
    let is_constant = deviation <= NOTHING * mean.abs();
    let scale = if is_constant { largest } else { largest * deviation };
    let offset = mean * largest;
    let mut sums = vec![Sums::default(); values.len() + 1];
    let mut before = vec![0_usize; values.len() + 1];
    for (row, value) in values.iter().enumerate() {
        let (mut next, place) = (sums[row], rows.centred(rows.places[row]));
        let value = if is_constant { 0.0 } else { (value - offset) / scale };
        before[row + 1] = before[row];
        if !values[row].is_nan() {
            before[row + 1] += 1;
            next.number += 1.0;
            next.value += value;
            next.value_value += value * value;
            next.place += place;
            next.place_place += place * place;
            next.place_value += place * value;
        }
        sums[row + 1] = next;
    }
    let mut dimension = Dimension { sums, known: before, offset, scale, variance: 0.0 };
    let whole = dimension.between(0, values.len());
    dimension.variance = match noise {
        Noise::Line => whole.around_line() / (number - 2.0).max(1.0),
        Noise::Level => whole.squared() / (number - 1.0).max(1.0),
        Noise::Differences => of_differences(&known, scale),
    };
    dimension
}

/// Variance from the changes between values; where most do not change at all, from their squares.
fn of_differences(known: &[f64], scale: f64) -> f64 {
    let mut sizes: Vec<f64> = known.windows(2).map(|pair| ((pair[1] - pair[0]) / scale).abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let Some(middle) = sizes.get(sizes.len() / 2) else { return 0.0 };
    let robust = (middle / NORMAL_MEDIAN_SIZE).powi(2) / 2.0;
    if robust > NOTHING {
        return robust;
    }
    sizes.iter().map(|size| size * size).sum::<f64>() / count(sizes.len()) / 2.0
}

impl Dimension {
    pub(crate) fn between(&self, from: usize, to: usize) -> Sums {
        let (early, late) = (&self.sums[from], &self.sums[to]);
        Sums {
            number: late.number - early.number,
            value: late.value - early.value,
            value_value: late.value_value - early.value_value,
            place: late.place - early.place,
            place_place: late.place_place - early.place_place,
            place_value: late.place_value - early.place_value,
        }
    }

    /// NaN where unknown.
    pub(crate) fn value(&self, row: usize) -> f64 {
        if self.known[row] == self.known[row + 1] {
            return f64::NAN;
        }
        self.sums[row + 1].value - self.sums[row].value
    }

    /// What [`Dimension::cost`] gives for levels where every row is known, as with one dimension, in a third of the time.
    pub(crate) fn of_levels(&self) -> impl Fn(usize, usize) -> f64 {
        let factor = if self.variance > NOTHING { 1.0 / self.variance } else { 0.0 };
        let (values, squares): (Vec<f64>, Vec<f64>) =
            self.sums.iter().map(|sums| (sums.value * factor.sqrt(), sums.value_value * factor)).unzip();
        let shares: Vec<f64> = (0..self.sums.len()).map(|number| 1.0 / count(number.max(1))).collect();
        move |from, to| {
            let value = values[to] - values[from];
            squares[to] - squares[from] - value * value * shares[to - from]
        }
    }

    /// Of the rows `from..to`. What never varies costs nothing, wherever it is cut.
    pub(crate) fn cost(&self, cost: Cost, from: usize, to: usize) -> f64 {
        if self.variance <= NOTHING {
            return 0.0;
        }
        match cost {
            Cost::Mean => {
                let (early, late) = (&self.sums[from], &self.sums[to]);
                let (number, value) = (late.number - early.number, late.value - early.value);
                (late.value_value - early.value_value - value * value / number.max(1.0)) / self.variance
            }
            Cost::Trend => self.between(from, to).around_line() / self.variance,
            Cost::MeanVariance => {
                let sums = self.between(from, to);
                let variance = (sums.squared() / sums.number.max(1.0)).max(VARIANCE_MIN);
                sums.number * variance.ln() + sums.squared() / variance
            }
        }
    }
}
