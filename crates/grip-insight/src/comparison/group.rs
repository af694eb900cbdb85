//! What a group looks like: classes of urbanity, and the spread of its values.

use std::fmt;

use super::to_f64;

/// How urban a municipality is, in the five classes of CBS by addresses per square kilometre around an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urbanity {
    /// 2,500 addresses or more.
    VeryStrong,
    /// 1,500 to 2,500.
    Strong,
    /// 1,000 to 1,500.
    Moderate,
    /// 500 to 1,000.
    Little,
    /// Fewer than 500.
    Not,
}

impl Urbanity {
    /// The class of a density of addresses (omgevingsadressendichtheid, addresses per square kilometre). A bound belongs to the
    /// more urban class.
    ///
    /// # Source
    /// CBS, begrip stedelijkheid van een gebied.
    pub fn of_density(addresses: f64) -> Option<Self> {
        match addresses {
            2_500.0.. => Some(Self::VeryStrong),
            1_500.0.. => Some(Self::Strong),
            1_000.0.. => Some(Self::Moderate),
            500.0.. => Some(Self::Little),
            0.0.. => Some(Self::Not),
            _ => None,
        }
    }
}

/// Dutch, as CBS calls them.
impl fmt::Display for Urbanity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::VeryStrong => "zeer sterk stedelijk",
            Self::Strong => "sterk stedelijk",
            Self::Moderate => "matig stedelijk",
            Self::Little => "weinig stedelijk",
            Self::Not => "niet stedelijk",
        })
    }
}

/// The values of a group in five numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// How many values.
    pub count: usize,
    /// The lowest.
    pub lowest: f64,
    /// A quarter of the way up.
    pub lower_quartile: f64,
    /// The middle.
    pub median: f64,
    /// Three quarters of the way up.
    pub upper_quartile: f64,
    /// The highest.
    pub highest: f64,
}

/// The spread of values; `None` without any. Values that are not finite are left out.
///
/// # Formula
/// Of `n` sorted values `x` from 0 on, the quantile `p` is at `h = (n − 1)·p`: `x⌊h⌋ + (h − ⌊h⌋)·(x⌊h⌋+1 − x⌊h⌋)`.
///
/// # Source
/// Hyndman, R. J. and Fan, Y. (1996), The American Statistician 50(4), 361–365, definition 7.
pub fn spread_of(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
    let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let (lowest, highest) = (*values.first()?, *values.last()?);
    let quarter = |quarters: usize| {
        let steps = (values.len() - 1) * quarters;
        let (below, part) = (steps / 4, to_f64(steps % 4) / 4.0);
        let above = values[(below + 1).min(values.len() - 1)];
        values[below] + part * (above - values[below])
    };
    Some(Spread {
        count: values.len(),
        lowest,
        lower_quartile: quarter(1),
        median: quarter(2),
        upper_quartile: quarter(3),
        highest,
    })
}

#[cfg(test)]
mod tests {
    use super::{Spread, Urbanity, spread_of};

    /// By hand: of 1, 2, 4, 8 the quartiles are at 0.75, 1.5 and 2.25 steps: 1 + 0.75·1, 2 + 0.5·2 and 4 + 0.25·4. R 4.3's
    /// `quantile(c(1, 2, 4, 8))` documents the same definition as its default.
    #[test]
    fn five_numbers() {
        let of_four =
            Spread { count: 4, lowest: 1.0, lower_quartile: 1.75, median: 3.0, upper_quartile: 5.0, highest: 8.0 };
        assert_eq!(spread_of([8.0, 1.0, f64::NAN, 4.0, 2.0]), Some(of_four));
        let of_one = spread_of([3.0]).expect("a value");
        assert_eq!((of_one.count, of_one.lower_quartile, of_one.upper_quartile), (1, 3.0, 3.0));
        assert_eq!(spread_of([]), None);
        assert_eq!(spread_of([f64::INFINITY]), None);
    }

    /// The address density of the sample case, 2,329, is strongly urban.
    #[test]
    fn classes_of_urbanity() {
        for (density, expected) in [
            (2_500.0, Urbanity::VeryStrong),
            (2_329.0, Urbanity::Strong),
            (1_499.0, Urbanity::Moderate),
            (500.0, Urbanity::Little),
            (0.0, Urbanity::Not),
        ] {
            assert_eq!(Urbanity::of_density(density), Some(expected));
        }
        assert_eq!((Urbanity::of_density(-1.0), Urbanity::of_density(f64::NAN)), (None, None));
    }
}
