//! What really happened, which no message tells.

use std::collections::BTreeMap;

use grip_types::{Maand, Wet};

use crate::{contracts::PRODUCTS, declaraties::Declaratie, deliveries::Delivery};

/// A law and a ProductCategorie.
pub type Segment = (Wet, &'static str);

/// Per segment and month of delivery: eurocents that were delivered, and that are granted in the end.
pub(crate) fn totals(deliveries: &[Delivery], declaraties: &[Declaratie]) -> BTreeMap<(Segment, Maand), (i64, i64)> {
    let mut totals: BTreeMap<(Segment, Maand), (i64, i64)> = BTreeMap::new();
    let key = |delivery: &Delivery| {
        let product = &PRODUCTS[delivery.product];
        ((product.wet, product.categorie), delivery.maand)
    };
    for delivery in deliveries {
        totals.entry(key(delivery)).or_default().0 += delivery.cents;
    }
    for line in declaraties.iter().flat_map(Declaratie::approved) {
        totals.entry(key(&deliveries[line.delivery])).or_default().1 += line.signed_cents();
    }
    totals
}
