//! The ledger: per allocation, product and month what was promised, what came of it and what is still open.

use std::collections::{BTreeMap, HashSet};

use grip_types::{AgbCode, Date, Maand, Pseudoniem};

use crate::{
    Facts, Levering, Nummer, Patterns, Tarieven, Toewijzing, current,
    facts::Group,
    is_deleted,
    toewijzing::{is_total, order},
    value_per_month,
};

/// An end further after the last month asked for than this is a slip of the pen, or as good as none.
pub const MONTHS_AHEAD_MAX: i32 = 120;

/// A month that ended longer ago than this can't be declared any more.
///
/// # Source
/// iWmo and iJw 3.2, rule TR335: a ProductPeriode ends at most 60 months before the Dagtekening of its Declaratie. The
/// national protocol for effort-based delivery asks for far less, but sets no end; contracts may.
pub const DECLARABLE_MONTHS: i32 = 60;

/// So many months after a month no more than stragglers are expected for it.
///
/// # Source
/// Standaard Administratieprotocol Inspanningsgericht 3.2.b, section 2.5: declare in the month that follows, send what was
/// refused again in the same period or the next, correct what was approved within two months: 1 + 1 + 2.
pub const SETTLED_MONTHS: i32 = 4;

/// Whether no more than stragglers are expected for a month: [`SETTLED_MONTHS`] more have passed.
pub fn is_settled(maand: Maand, peildatum: Date) -> bool {
    maand.plus(SETTLED_MONTHS).last_day() < peildatum
}

/// Where postings belong. Category and code are those declared, and on the allocated side those allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place<'f> {
    /// Allocation.
    pub nummer: Nummer,
    /// Provider.
    pub aanbieder: AgbCode,
    /// Client.
    pub client: Pseudoniem,
    /// Category; empty when none is allocated.
    pub categorie: &'f str,
    /// Code; empty when none is allocated.
    pub code: &'f str,
    /// Month of delivery.
    pub maand: Maand,
}

/// Amounts of one place, in eurocents. Glossary: Post.
///
/// # Formula
/// Over all places of an allocation and month: `allocated = within + open + open_after_stop + lapsed`, and
/// `declared = within + above`; where a total is allocated the second holds over all its months together. An allocation
/// without a value that can be known has no open part, and all that is declared on it is `within`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Postings {
    /// Promised for the month; none where nothing is, or when its value can't be known.
    pub allocated: Option<i64>,
    /// Declared for this product: debits less credits, without what was refused.
    pub declared: i64,
    /// Of `declared`, what no answer was known to.
    pub waiting: i64,
    /// Refused, with its sign.
    pub refused: i64,
    /// Credits in `declared`, as a positive amount.
    pub credited: i64,
    /// Where something is promised: declared on the allocation for this month, whatever the product.
    pub declared_on: i64,
    /// Of what is promised, the part that is declared. Below zero when credits are known and their debits are not.
    pub within: i64,
    /// Declared above what is promised, or where nothing is.
    pub above: i64,
    /// Promised, not declared, and still to be expected.
    pub open: i64,
    /// Promised and not declared, for months after the one in which delivery ended for good.
    pub open_after_stop: i64,
    /// Promised and not declared, for a month of too long ago: [`DECLARABLE_MONTHS`].
    pub lapsed: i64,
    /// Promised for this month by an earlier version, and by no later one; not in `allocated`.
    pub withdrawn: i64,
}

impl Postings {
    /// Adds what stands at the same place.
    fn add(&mut self, other: &Self) {
        self.allocated = match (self.allocated, other.allocated) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        self.declared = self.declared.saturating_add(other.declared);
        self.waiting = self.waiting.saturating_add(other.waiting);
        self.refused = self.refused.saturating_add(other.refused);
        self.credited = self.credited.saturating_add(other.credited);
        self.declared_on = self.declared_on.saturating_add(other.declared_on);
        self.within = self.within.saturating_add(other.within);
        self.above = self.above.saturating_add(other.above);
        self.open = self.open.saturating_add(other.open);
        self.open_after_stop = self.open_after_stop.saturating_add(other.open_after_stop);
        self.lapsed = self.lapsed.saturating_add(other.lapsed);
        self.withdrawn = self.withdrawn.saturating_add(other.withdrawn);
    }
}

/// A row of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'f> {
    /// Where.
    pub place: Place<'f>,
    /// How much.
    pub postings: Postings,
    /// What is known of the delivery on the allocation.
    pub levering: Levering,
    /// Months since the first of the allocation; none when it is not known.
    pub age_months: Option<i32>,
}

/// What values are reckoned with.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'f> {
    /// Tariffs, as known on the peildatum: [`Tarieven::as_of`].
    pub tarieven: &'f Tarieven,
    /// How totals are spent: [`Patterns::learn`], or [`Patterns::even`].
    pub patterns: &'f Patterns,
}

/// The whole ledger as known on a day, in the order of [`Place`] and one allocation at a time.
///
/// An allocation runs to its own end, one without an end to `last`. A deleted one (TR384) is as if never sent; what is
/// declared on it is above.
pub fn ledger<'f>(
    facts: &'f Facts<'f>,
    basis: Basis<'f>,
    peildatum: Date,
    last: Maand,
) -> impl Iterator<Item = Entry<'f>> {
    facts.groups.iter().flat_map(move |(nummer, group)| post(*nummer, group, basis, peildatum, last))
}

fn post<'f>(
    nummer: Nummer,
    group: &'f Group<'f>,
    basis: Basis<'f>,
    peildatum: Date,
    last: Maand,
) -> impl Iterator<Item = Entry<'f>> {
    let levering = Levering::known(group.leveringen.iter().copied(), peildatum);
    let mut rows = declared(group, peildatum);
    let version = current(group.versions.iter().copied(), peildatum).filter(|version| !is_deleted(version));
    let first = version.map(|version| Maand::of(version.ingangsdatum));
    let mut held = Vec::new();
    if let Some(version) = version {
        held = promised(version, basis, last);
        settle(&mut held, &by_month(&rows), is_total(version));
        for month in &held {
            rows.push((place(nummer, version, month.maand), month.postings(version.einddatum, levering, peildatum)));
        }
        rows.extend(withdrawn(nummer, group, version, &held, basis, peildatum, last));
    }
    // What is declared for a month nothing is promised for stands above where it was declared.
    for (place, postings) in &mut rows {
        if held.binary_search_by_key(&place.maand, |month| month.maand).is_err() {
            postings.above = postings.declared;
        }
    }
    rows.sort_unstable_by_key(|(place, _)| *place);
    rows.dedup_by(|(place, postings), (kept, sum)| {
        let is_same = place == kept;
        if is_same {
            sum.add(postings);
        }
        is_same
    });
    rows.into_iter().map(move |(place, postings)| {
        let age_months = first.map(|first| place.maand.index() - first.index());
        Entry { place, postings, levering, age_months }
    })
}

/// What is known of every line.
fn declared<'f>(group: &'f Group<'f>, peildatum: Date) -> Vec<(Place<'f>, Postings)> {
    let posted = |(line, is_refused): (&'f crate::Prestatie, bool)| {
        let place = Place {
            nummer: line.nummer,
            aanbieder: line.aanbieder,
            client: line.client,
            categorie: &line.categorie,
            code: &line.code,
            maand: line.maand,
        };
        if is_refused {
            return (place, Postings { refused: line.cents, ..Postings::default() });
        }
        let is_answered = line.answered.is_some_and(|answered| answered <= peildatum);
        let waiting = if is_answered { 0 } else { line.cents };
        let credited = line.cents.saturating_neg().max(0);
        (place, Postings { declared: line.cents, waiting, credited, ..Postings::default() })
    };
    group.known(peildatum).map(posted).collect()
}

fn by_month(rows: &[(Place<'_>, Postings)]) -> BTreeMap<Maand, i64> {
    let mut found = BTreeMap::new();
    for (place, postings) in rows {
        let sum: &mut i64 = found.entry(place.maand).or_default();
        *sum = sum.saturating_add(postings.declared);
    }
    found
}

/// A month that something is promised for.
struct Promised {
    maand: Maand,
    /// None when the value can't be known.
    cents: Option<i64>,
    declared: i64,
    within: i64,
    above: i64,
}

impl Promised {
    fn rest(&self) -> i64 {
        self.cents.map_or(0, |cents| cents.saturating_sub(self.within))
    }

    fn postings(&self, einddatum: Option<Date>, levering: Levering, peildatum: Date) -> Postings {
        let mut postings = Postings {
            allocated: self.cents,
            declared_on: self.declared,
            within: self.within,
            above: self.above,
            ..Postings::default()
        };
        let is_after_stop = levering.ended.is_some_and(|ended| Maand::of(ended) < self.maand);
        let rest = if is_after_stop {
            &mut postings.open_after_stop
        } else if is_lapsed(self.maand, einddatum, peildatum) {
            &mut postings.lapsed
        } else {
            &mut postings.open
        };
        *rest = self.rest();
        postings
    }
}

fn is_lapsed(maand: Maand, einddatum: Option<Date>, peildatum: Date) -> bool {
    let last_day = einddatum.map_or(maand.last_day(), |einddatum| einddatum.min(maand.last_day()));
    maand.plus(DECLARABLE_MONTHS).day_clamped(last_day.day()) < peildatum
}

/// The months of a version, each with its value.
fn promised(version: &Toewijzing, basis: Basis<'_>, last: Maand) -> Vec<Promised> {
    let last = last_of(version, last);
    let month = |maand, cents| Promised { maand, cents, declared: 0, within: 0, above: 0 };
    match value_per_month(version, basis.tarieven, basis.patterns, last) {
        Some(months) => months.into_iter().map(|(maand, cents)| month(maand, Some(cents))).collect(),
        None => {
            let first = Maand::of(version.ingangsdatum).index();
            (first..=last.index()).map(|index| month(Maand::from_index(index), None)).collect()
        }
    }
}

fn last_of(version: &Toewijzing, last: Maand) -> Maand {
    version.einddatum.map_or(last, |einddatum| Maand::of(einddatum).min(last.plus(MONTHS_AHEAD_MAX)))
}

/// Sets what is declared against what is promised: month by month, and what a total has left over in one month against what
/// is open in its others, the oldest first, because only the whole of it is promised (TR322, TR369).
fn settle(months: &mut [Promised], declared: &BTreeMap<Maand, i64>, is_total: bool) {
    let mut over = 0_i64;
    for month in months.iter_mut() {
        month.declared = declared.get(&month.maand).copied().unwrap_or_default();
        month.within = month.cents.map_or(month.declared, |cents| month.declared.min(cents));
        month.above = month.declared.saturating_sub(month.within);
        over = month.above.saturating_add(over);
    }
    if !is_total {
        return;
    }
    for month in months.iter_mut() {
        let taken = over.min(month.rest());
        month.within += taken;
        over -= taken;
    }
    // What even the whole has no room for is above in the last months that had too much.
    for month in months.iter_mut().rev() {
        month.above = month.above.min(over);
        over -= month.above;
    }
}

fn place<'f>(nummer: Nummer, version: &'f Toewijzing, maand: Maand) -> Place<'f> {
    Place {
        nummer,
        aanbieder: version.aanbieder,
        client: version.client,
        categorie: version.categorie.as_deref().unwrap_or_default(),
        code: version.code.as_deref().unwrap_or_default(),
        maand,
    }
}

/// What earlier versions promised for months that the one that counts does not hold any more: by the last version that did.
/// Totals promise nothing for a month, and are left out.
fn withdrawn<'f>(
    nummer: Nummer,
    group: &'f Group<'f>,
    version: &'f Toewijzing,
    held: &[Promised],
    basis: Basis<'f>,
    peildatum: Date,
    last: Maand,
) -> Vec<(Place<'f>, Postings)> {
    let mut found = Vec::new();
    if is_total(version) || group.versions.len() == 1 {
        return found;
    }
    let mut earlier = group.versions.clone();
    earlier.retain(|other| other.received <= peildatum && order(other, version).is_lt() && !is_total(other));
    earlier.sort_unstable_by(|a, b| order(b, a));
    let mut seen: HashSet<Maand> = held.iter().map(|month| month.maand).collect();
    for other in earlier {
        let months = value_per_month(other, basis.tarieven, basis.patterns, last_of(other, last)).unwrap_or_default();
        for (maand, withdrawn) in months {
            if seen.insert(maand) && withdrawn != 0 {
                found.push((place(nummer, other, maand), Postings { withdrawn, ..Postings::default() }));
            }
        }
    }
    found
}
