//! How much of what is promised is really declared.

use std::collections::BTreeMap;

use grip_types::{Bedrag, Date};

use crate::{Entry, Nummer, is_settled};

/// What was promised over settled months, and what came of it. Glossary: Verzilvering.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Realisation {
    /// In eurocents.
    pub allocated: i64,
    /// On the same allocations and months, whatever the product, in eurocents.
    pub declared: i64,
    /// Allocations behind it.
    pub toewijzingen: usize,
    /// Months of allocations behind it.
    pub maanden: usize,
}

impl Realisation {
    /// Declared part of what was promised; above one when more was declared. None when nothing was promised.
    pub fn share(&self) -> Option<f64> {
        let euros = |cents| Bedrag::from_cents(cents).to_f64();
        (self.allocated > 0).then(|| euros(self.declared) / euros(self.allocated))
    }
}

/// The declared share of what was promised, over the months that are settled ([`is_settled`]), by whatever `key` says:
/// product, provider, age of the allocation in months.
///
/// Months after the end of delivery count: that care ends early is part of it. Months whose value can't be known do not.
/// Entries come in the order of the ledger, or `toewijzingen` counts one more than once.
pub fn realisation<'f, K: Ord>(
    entries: impl IntoIterator<Item = Entry<'f>>,
    peildatum: Date,
    key: impl Fn(&Entry<'f>) -> K,
) -> BTreeMap<K, Realisation> {
    let mut found: BTreeMap<K, (Realisation, Option<Nummer>)> = BTreeMap::new();
    for entry in entries {
        let Some(allocated) = entry.postings.allocated.filter(|_| is_settled(entry.place.maand, peildatum)) else {
            continue;
        };
        let (sum, before) = found.entry(key(&entry)).or_default();
        sum.allocated = sum.allocated.saturating_add(allocated);
        sum.declared = sum.declared.saturating_add(entry.postings.declared_on);
        sum.maanden += 1;
        sum.toewijzingen += usize::from(*before != Some(entry.place.nummer));
        *before = Some(entry.place.nummer);
    }
    found.into_iter().map(|(key, (sum, _))| (key, sum)).collect()
}
