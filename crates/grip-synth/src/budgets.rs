//! What the council set aside.

use std::collections::BTreeMap;

use grip_types::{Date, Maand, Wet};
use jiff::civil::date;

use crate::{
    Settings,
    contracts::PRODUCTS,
    random::{Purpose, Stream, real, rounded},
    truth::Segment,
};

/// Money for a category in a year. Glossary: Begroting.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Year.
    pub year: i16,
    /// Law.
    pub wet: Wet,
    /// ProductCategorie.
    pub categorie: &'static str,
    /// `primitief`, set before the year, or `actueel`, set in autumn when more is known.
    pub versie: &'static str,
    /// Eurocents, in whole thousands of euros.
    pub cents: i64,
    /// Day on which the council decided.
    pub vastgesteld: Date,
}

/// Sets budgets as was thought right at the time: last year's cost and a modest growth, which is too little where care
/// grows and too much where it shrinks. In autumn most years go halfway to what it is going to be.
pub(crate) fn set(settings: &Settings, truth: &BTreeMap<(Segment, Maand), (i64, i64)>) -> Vec<Budget> {
    let mut yearly: BTreeMap<(Segment, i16), i64> = BTreeMap::new();
    for ((segment, maand), (delivered, _)) in truth {
        *yearly.entry((*segment, maand.year())).or_default() += delivered;
    }
    let segments: Vec<Segment> = {
        let mut segments: Vec<Segment> = PRODUCTS.iter().map(|product| (product.wet, product.categorie)).collect();
        segments.sort_unstable();
        segments.dedup();
        segments
    };
    let mut budgets = Vec::new();
    for (number, (wet, categorie)) in segments.into_iter().enumerate() {
        let mut stream = Stream::new(settings.seed, Purpose::Budget, u64::try_from(number).unwrap_or_default());
        for year in settings.from.year()..=settings.to.year() {
            let cost = |year: i16| yearly.get(&((wet, categorie), year)).copied();
            let expected = cost(year).unwrap_or_default();
            // Of the year before the first one nothing is known but that it was a little cheaper.
            let before = cost(year - 1).map_or(real(expected) * 0.95, real);
            let primitief = before * 1.025 * stream.normal(1.0, 0.03);
            let mut set = |versie, cents: f64, vastgesteld| {
                let cents = rounded(cents / 100_000.0) * 100_000;
                budgets.push(Budget { year, wet, categorie, versie, cents, vastgesteld });
            };
            set("primitief", primitief, date(year - 1, 11, 10));
            let is_revised = stream.chance(0.6);
            let revised = primitief + (real(expected) - primitief) * stream.range(0.3, 0.8);
            let decided = date(year, 10, 14);
            if is_revised && decided <= settings.to {
                set("actueel", revised, decided);
            }
        }
    }
    budgets
}
