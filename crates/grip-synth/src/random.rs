//! Chance, in streams that do not depend on each other: what happens to one client never changes what happens to another.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Geometric, Normal, Poisson};

/// What a stream of chance is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Contracts = 1,
    Arrivals = 2,
    Career = 3,
    Person = 4,
    Toewijzing = 5,
    Delivery = 6,
    Declaratie = 7,
    Budget = 8,
    Scenario = 9,
}

/// A stream of chance. Equal seed, purpose and index give equal draws.
pub(crate) struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream for the `index`-th thing of its kind; ChaCha numbers its streams, so they never overlap.
    pub(crate) fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(((purpose as u64) << 56) | index);
        Self(generator)
    }

    /// True with this chance.
    pub(crate) fn chance(&mut self, chance: f64) -> bool {
        self.0.random::<f64>() < chance
    }

    /// A whole number, both ends included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// A number, evenly spread.
    pub(crate) fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// One of the items, which are not none.
    pub(crate) fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.0.random_range(0..items.len())]
    }

    /// Position of one of the weights, drawn in proportion to them.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.range(0.0, weights.iter().sum());
        let last = weights.len().saturating_sub(1);
        weights
            .iter()
            .position(|weight| {
                left -= weight;
                left < 0.0
            })
            .unwrap_or(last)
    }

    /// How often something happens that happens `mean` times on average.
    pub(crate) fn poisson(&mut self, mean: f64) -> i64 {
        Poisson::new(mean).map_or(0, |poisson| rounded(poisson.sample(&mut self.0)))
    }

    /// How often something with this chance fails before it succeeds.
    pub(crate) fn geometric(&mut self, chance: f64) -> i64 {
        let failures = Geometric::new(chance).map_or(0, |geometric| geometric.sample(&mut self.0));
        i64::try_from(failures).unwrap_or(i64::MAX)
    }

    /// A number around `mean`.
    pub(crate) fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        Normal::new(mean, deviation).map_or(mean, |normal| normal.sample(&mut self.0))
    }

    /// A waiting time that is `mean` on average and does not depend on how long was waited.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.0.random::<f64>()).ln()
    }
}

/// The nearest whole number.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
pub(crate) fn rounded(number: f64) -> i64 {
    number.round() as i64
}

/// A whole number as one to calculate with.
#[expect(clippy::cast_precision_loss, reason = "volumes and amounts stay far below 2^53")]
pub(crate) fn real(number: i64) -> f64 {
    number as f64
}
