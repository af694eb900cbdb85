//! Providers that have come to declare later than they did.

use crate::history::{KnownAmounts, PAST};
use crate::projection::MEMORY;

/// The youngest and the oldest age at which a provider is held against its own past.
const AGES: std::ops::RangeInclusive<usize> = 1..=6;

/// Of what it used to have declared by an age, a provider that is late has declared less than this part.
const LATE: f64 = 0.5;

/// What used to be declared of what is allocated must be at least this, or there is nothing to be late with.
const SMALLEST_SHARE: f64 = 0.2;

/// So many times its usual spread below what is usual is no chance.
const CHANCE: f64 = 3.0;

/// The standard deviation of a normal variable over the distance from its middle to its upper quartile.
const NORMAL_SPREAD: f64 = 1.4826;

/// A provider that declared less than this part of what it used to has declared nothing to speak of.
const NOTHING: f64 = 0.05;

/// Who has declared a part, and still too little at this age, delivers less: it is not late.
const NO_LONGER_LATE: usize = 5;

/// Months at an age that make a pattern.
const SMALLEST_PATTERN: usize = 6;

/// What a provider owes: a month of delivery of which it has declared far less than it used to by that age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Late {
    pub(crate) provider: usize,
    pub(crate) month: usize,
    pub(crate) declared: f64,
    pub(crate) committed: f64,
    /// What it used to have declared by this age of such an amount.
    pub(crate) usual: f64,
}

impl Late {
    /// Whether it declared nothing to speak of.
    pub(crate) fn is_silent(&self) -> bool {
        self.declared <= NOTHING * self.usual
    }
}

/// The months of the latest half year for which a provider is late, as known at a cut.
///
/// # Formula
/// `declared / committed` below half the median of the same ratio at the same age over the 24 months before, and more than
/// three times its spread below it; the spread is 1.4826 times the distance from the median to the upper quartile, so that a
/// few late months do not make being late the pattern; it is there because of a provider with few clients chance is large.
pub(crate) fn late(amounts: &KnownAmounts, cut: usize) -> Vec<Late> {
    let mut found = Vec::new();
    for provider in 0..amounts.providers() {
        let mut own = Vec::new();
        for age in AGES.filter(|age| *age <= cut.min(PAST)) {
            let month = cut - age;
            let committed = amounts.provider_committed(provider, cut, age);
            let declared = amounts.provider_declared(provider, month, cut);
            // Nearly all are on time, and nobody declares more than what is allocated for long.
            if committed <= 0.0 || declared >= LATE * committed {
                continue;
            }
            let Some(usual) = usual_share(amounts, provider, month, age) else { continue };
            let share = declared / committed;
            if share < LATE * usual.middle && share < usual.middle - CHANCE * usual.spread {
                own.push(Late { provider, month, declared, committed, usual: usual.middle * committed });
            }
        }
        if own.iter().all(|late: &Late| late.is_silent() || cut - late.month < NO_LONGER_LATE) {
            found.append(&mut own);
        }
    }
    found
}

/// The middle one of some ratios, and their spread around it.
struct Usual {
    middle: f64,
    spread: f64,
}

/// What a provider had declared of what was allocated to it, at this age of the months before.
fn usual_share(amounts: &KnownAmounts, provider: usize, month: usize, age: usize) -> Option<Usual> {
    let mut shares: Vec<f64> = (month.saturating_sub(MEMORY)..month)
        .filter_map(|before| {
            let committed = amounts.provider_committed(provider, before + age, age);
            (committed > 0.0).then(|| amounts.provider_declared(provider, before, before + age) / committed)
        })
        .collect();
    if shares.len() < SMALLEST_PATTERN {
        return None;
    }
    shares.sort_by(f64::total_cmp);
    let middle = shares[shares.len() / 2];
    let spread = NORMAL_SPREAD * (shares[shares.len() * 3 / 4] - middle);
    (middle >= SMALLEST_SHARE).then_some(Usual { middle, spread })
}
