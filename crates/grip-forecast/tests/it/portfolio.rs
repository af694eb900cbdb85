//! A fictional portfolio with a known future: toewijzingen that start, stop early and are prolonged, care that is
//! delivered in part, with a summer dip in some segments, and declarations that come late, with some credits.

use grip_forecast::{FUTURE, PAST, SegmentHistory};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal, Normal, Poisson};

/// Months before month 0 in which the stock of toewijzingen builds up.
const BURN_IN: i64 = 90;

/// One toewijzing. Months are indices of the grid; negative ones lie before it.
struct Allocation {
    known: i64,
    start: i64,
    planned_end: i64,
    actual_end: i64,
    end_known: i64,
    value: f64,
    realisation: f64,
}

impl Allocation {
    /// Whether it has an allocated value in a month, as known at a cut.
    fn covers(&self, month: i64, cut: i64) -> bool {
        let end = if self.end_known <= cut { self.actual_end } else { self.planned_end };
        self.known <= cut && self.start <= month && month <= end
    }
}

/// What makes one segment different from another.
struct Character {
    arrivals: f64,
    yearly_growth: f64,
    duration_months: i64,
    prolongation: f64,
    stop_hazard: f64,
    summer: f64,
    /// Cumulative probability that a declaration has come after 0, 1, 2, … months.
    delay: [f64; 6],
}

fn character(rng: &mut ChaCha8Rng) -> Character {
    let quick = rng.random_range(0.4..0.7);
    Character {
        arrivals: rng.random_range(6.0..40.0),
        yearly_growth: rng.random_range(-0.02..0.05),
        duration_months: rng.random_range(4..14),
        prolongation: rng.random_range(0.3..0.7),
        stop_hazard: rng.random_range(0.01..0.04),
        summer: if rng.random_bool(0.5) { 0.8 } else { 1.0 },
        delay: [0.05, quick, quick + 0.2, quick + 0.25, quick + 0.28, 1.0],
    }
}

/// Histories of this many segments in which every declaration has come, so that any `truncate` has a known outcome.
pub(crate) fn portfolio(seed: u64, segments: usize, months: usize) -> Vec<SegmentHistory> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let shared = slow_factor(&mut rng, months, 0.012);
    (0..segments)
        .map(|_| {
            let character = character(&mut rng);
            let own = slow_factor(&mut rng, months, 0.015);
            let allocations = allocations(&mut rng, &character, months);
            let level: Vec<f64> = own.iter().zip(&shared).map(|(own, shared)| own * shared).collect();
            history(&mut rng, &character, &allocations, &level, months)
        })
        .collect()
}

/// A factor around 1 that wanders: half of last month's deviation stays.
fn slow_factor(rng: &mut ChaCha8Rng, months: usize, deviation: f64) -> Vec<f64> {
    let noise = Normal::new(0.0, deviation).unwrap();
    let mut state = 0.0;
    (0..months)
        .map(|_| {
            state = 0.5 * state + noise.sample(rng);
            1.0 + state
        })
        .collect()
}

fn allocations(rng: &mut ChaCha8Rng, character: &Character, months: usize) -> Vec<Allocation> {
    let value = LogNormal::new(11.0, 0.5).unwrap();
    let mut result = Vec::new();
    for month in -BURN_IN..as_index(months) {
        let growth = (1.0 + character.yearly_growth).powf(month as f64 / 12.0);
        // More starts after the summer.
        let season = [1.0, 1.0, 1.1, 1.0, 1.0, 0.9, 0.7, 0.7, 1.3, 1.2, 1.1, 1.0]
            [usize::try_from(month.rem_euclid(12)).unwrap()];
        let mut arrivals: f64 = Poisson::new(character.arrivals * growth * season).unwrap().sample(rng);
        while arrivals >= 1.0 {
            arrivals -= 1.0;
            let mut start = month;
            let mut known = month + rng.random_range(-1..=2);
            let amount = value.sample(rng) * growth;
            let realisation = rng.random_range(0.7..1.0);
            loop {
                let planned_end = start + character.duration_months - 1;
                let stopped = (start..planned_end).find(|_| rng.random_bool(character.stop_hazard));
                result.push(Allocation {
                    known,
                    start,
                    planned_end,
                    actual_end: stopped.unwrap_or(planned_end),
                    end_known: stopped.map_or(i64::MAX, |end| end + rng.random_range(0..=3)),
                    value: amount,
                    realisation,
                });
                if stopped.is_some() || !rng.random_bool(character.prolongation) {
                    break;
                }
                start = planned_end + 1;
                known = start + rng.random_range(-2..=1);
            }
        }
    }
    result
}

fn history(
    rng: &mut ChaCha8Rng,
    character: &Character,
    allocations: &[Allocation],
    level: &[f64],
    months: usize,
) -> SegmentHistory {
    let mut history = SegmentHistory::empty(months);
    for allocation in allocations {
        for month in allocation.start.max(0)..=allocation.planned_end.min(as_index(months + FUTURE)) {
            for cut in 0.max(month - as_index(FUTURE))..=(month + as_index(PAST)).min(as_index(months) - 1) {
                if allocation.covers(month, cut) {
                    history.committed[as_usize(cut)][as_usize(month - cut + as_index(PAST))] += allocation.value;
                }
            }
            if month > allocation.actual_end || month >= as_index(months) {
                continue;
            }
            let delivered = as_usize(month);
            let summer = if month.rem_euclid(12) == 6 || month.rem_euclid(12) == 7 { character.summer } else { 1.0 };
            let amount = allocation.value * allocation.realisation * summer * level[delivered];
            let draw: f64 = rng.random();
            let delay = character.delay.iter().position(|bound| draw < *bound).unwrap_or(5);
            // A delay beyond the table is a long one.
            let delay = if delay == 5 { rng.random_range(4..9) } else { delay };
            post(&mut history, allocation, delivered, delay, amount);
            if rng.random_bool(0.02) {
                post(&mut history, allocation, delivered, delay + 3, -0.5 * amount);
            }
        }
    }
    history
}

/// Adds an amount that becomes known with a delay, where that still lies in the grid.
fn post(history: &mut SegmentHistory, allocation: &Allocation, month: usize, delay: usize, amount: f64) {
    let Some(cell) = history.declared[month].get_mut(delay) else { return };
    *cell += amount;
    for ahead in 1..=FUTURE.min(month) {
        let cut = month - ahead;
        if allocation.covers(as_index(month), as_index(cut)) {
            history.known_declared[cut][ahead - 1][delay] += amount;
        }
    }
}

fn as_index(months: usize) -> i64 {
    i64::try_from(months).unwrap()
}

fn as_usize(month: i64) -> usize {
    usize::try_from(month).unwrap()
}
