//! What a municipality can bear: its general reserve.

use grip_register::Fault;
use grip_types::{Bedrag, Date};

use crate::{
    Line, Name, Rules,
    kind::{kind, said},
};

kind! {
    /// The general reserve on a day.
    Reserve = "reserve": "stand van de algemene reserve", "standen van de algemene reserve", "general reserve", "general reserves" {
        /// What it is called.
        name: Name = "Reserve", "Reserve"; "Bijvoorbeeld: algemene reserve.", "For example: general reserve.",
        /// On which day.
        date: Date = "Stand op", "As on",
        /// How much there was.
        amount: Bedrag = "Bedrag", "Amount",
        /// How much of it must stay, by the municipality's own rule.
        minimum: Option<Bedrag> = "Minimaal nodig", "Minimum",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Reserve {
    fn broken(&self) -> Vec<Fault> {
        let is_negative = self.minimum.is_some_and(|minimum| minimum.cents < 0);
        said(is_negative, "minimum", "Vul nul of meer in.", "Enter zero or more.")
    }
}

/// What the social domain leaves in a year: budget less cost. Negative is a deficit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearResult {
    /// The year.
    pub jaar: i16,
    /// The result below which one outcome in ten is expected.
    pub low: Bedrag,
    /// The middle.
    pub middle: Bedrag,
    /// The result above which one outcome in ten is expected.
    pub high: Bedrag,
}

/// What is left of a reserve at the end of a year, when every result until then lands in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReserveYear {
    /// The year.
    pub jaar: i16,
    /// When every year turns out low.
    pub low: Bedrag,
    /// In the middle.
    pub middle: Bedrag,
    /// When every year turns out high.
    pub high: Bedrag,
    /// Chance that it is below the minimum; nothing when there is no minimum.
    pub chance_below_minimum: Option<f64>,
    /// Chance that it is below zero.
    pub chance_below_zero: f64,
}

/// The last known state of the reserve on a day; of several on one date the first that was made.
pub fn reserve_on(reserves: &[Reserve], day: Date) -> Option<&Reserve> {
    let known = reserves.iter().filter(|reserve| reserve.date <= day);
    known.fold(None, |last: Option<&Reserve>, next| match last {
        Some(last) if last.date >= next.date => Some(last),
        Some(_) | None => Some(next),
    })
}

/// The reserve year by year under results that come after it, in the order of the years.
///
/// # Formula
/// `reserve + Σ results`, for each of the three: years that turn out low together, as when what is wrong stays so. That gives the
/// widest interval there can be; of years that go their own way it would be narrower.
///
/// The chance of less than a bound is `Φ((bound − middle) / σ)` with `σ = (middle − low) / 1.2816` for a bound below the middle,
/// else `(high − middle) / 1.2816`: a normal distribution with a width of its own on each side.
pub fn reserve_path(amount: Bedrag, minimum: Option<Bedrag>, results: &[YearResult]) -> Vec<ReserveYear> {
    let (mut low, mut middle, mut high) = (amount.cents, amount.cents, amount.cents);
    let path = results.iter().map(|result| {
        low = low.saturating_add(result.low.cents);
        middle = middle.saturating_add(result.middle.cents);
        high = high.saturating_add(result.high.cents);
        let chance = |bound: Bedrag| chance_below(bound, [low, middle, high].map(Bedrag::from_cents));
        ReserveYear {
            jaar: result.jaar,
            low: Bedrag::from_cents(low),
            middle: Bedrag::from_cents(middle),
            high: Bedrag::from_cents(high),
            chance_below_minimum: minimum.map(chance),
            chance_below_zero: chance(Bedrag::ZERO),
        }
    });
    path.collect()
}

/// The standard normal quantile of 0.9.
const Z90: f64 = 1.281_551_565_544_6;

fn chance_below(bound: Bedrag, [low, middle, high]: [Bedrag; 3]) -> f64 {
    let beside = bound.to_f64() - middle.to_f64();
    let spread = if beside < 0.0 { middle.to_f64() - low.to_f64() } else { high.to_f64() - middle.to_f64() } / Z90;
    if spread > 0.0 {
        normal_below(beside / spread)
    } else if beside > 0.0 {
        1.0
    } else {
        0.0
    }
}

/// The standard normal distribution function, to within 1e-7: Abramowitz and Stegun, Handbook of Mathematical Functions (1964),
/// formula 26.2.17.
fn normal_below(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let polynomial = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530]
        .iter()
        .fold(0.0, |sum, factor| (sum + factor) * t);
    let above = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * polynomial;
    if z < 0.0 { above } else { 1.0 - above }
}
