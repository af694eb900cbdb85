//! What is known of one municipality, in memory and typed.

use std::collections::{BTreeMap, HashMap};

use grip_ledger::{Tarieven, Toewijzing};
use grip_types::{AgbCode, Date, GemeenteCode, Maand, Pseudoniem, Wet};

/// A Toewijzing within its municipality; a line of before release 3.0 may name none.
pub type Nummer = (Wet, Option<i64>);

/// One line of an invoice.
#[derive(Debug, Clone)]
pub struct PrestatieFact {
    /// Its allocation.
    pub nummer: Nummer,
    /// Who delivered.
    pub aanbieder: AgbCode,
    /// Pseudonym of the client.
    pub client: Pseudoniem,
    /// ProductCategorie.
    pub categorie: Box<str>,
    /// ProductCode.
    pub code: Box<str>,
    /// Month of delivery.
    pub maand: Maand,
    /// Eurocents; a credit is negative.
    pub cents: i64,
    /// Day the municipality received it.
    pub received: Date,
    /// Day on which it was refused.
    pub refused: Option<Date>,
    /// Codes of the refusal, separated by blanks.
    pub codes: Option<Box<str>>,
}

/// A start or a stop that is known from a day on.
#[derive(Debug, Clone, Copy)]
pub struct LeveringFact {
    /// Day the municipality received it.
    pub received: Date,
    /// First day of delivery, or last.
    pub day: Date,
    /// Which of the two.
    pub kind: LeveringKind,
}

/// Start or stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeveringKind {
    /// The first day of delivery.
    Start,
    /// A stop for good, and the start it ends.
    Stop,
}

/// A budget line.
#[derive(Debug, Clone)]
pub struct BegrotingFact {
    /// Year.
    pub jaar: i64,
    /// Law.
    pub wet: Wet,
    /// ProductCategorie; none for the law as a whole.
    pub categorie: Option<Box<str>>,
    /// Instead of the category.
    pub taakveld: Option<Box<str>>,
    /// First, revised, or an amendment.
    pub versie: Versie,
    /// Number of the amendment.
    pub wijziging: Option<Box<str>>,
    /// Eurocents.
    pub cents: i64,
    /// Day of the decision.
    pub vastgesteld: Date,
    /// When it was imported: of two about the same, the later holds.
    pub imported: Box<str>,
}

/// Which budget an amount is of; a later one outranks an earlier one of the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Versie {
    /// As first decided.
    Primitief,
    /// As it stood on a later day.
    Actueel,
    /// A difference, which comes on top of what was in force.
    Wijziging,
}

/// Everything of one municipality.
#[derive(Debug)]
pub struct Facts {
    /// Municipality.
    pub gemeente: GemeenteCode,
    /// Versions of each allocation.
    pub toewijzingen: BTreeMap<Nummer, Vec<Toewijzing>>,
    /// Starts and stops of each.
    pub leveringen: HashMap<Nummer, Vec<LeveringFact>>,
    /// Lines of invoices, in the order they were received.
    pub prestaties: Vec<PrestatieFact>,
    /// What is paid per unit.
    pub tarieven: Tarieven,
    /// Every line of every budget.
    pub begroting: Vec<BegrotingFact>,
    /// Names of providers.
    pub namen: HashMap<AgbCode, String>,
}

impl Facts {
    /// Whether there is neither an allocation nor a line of an invoice.
    pub fn is_empty(&self) -> bool {
        self.toewijzingen.is_empty() && self.prestaties.is_empty()
    }

    /// Last day of delivery on an allocation when it has ended for good, as known on a day: the last stop that no later
    /// start has followed.
    pub fn ended(&self, nummer: Nummer, peildatum: Date) -> Option<Date> {
        let known = self.leveringen.get(&nummer)?.iter().filter(|fact| fact.received <= peildatum);
        let (mut stop, mut start) = (None, None);
        for fact in known {
            let last = if fact.kind == LeveringKind::Stop { &mut stop } else { &mut start };
            *last = (*last).max(Some(fact.day));
        }
        stop.filter(|stop| start.is_none_or(|start| start <= *stop))
    }

    /// Whether delivery has started, as known on a day.
    pub fn started(&self, nummer: Nummer, peildatum: Date) -> bool {
        let facts = self.leveringen.get(&nummer).map_or(&[][..], Vec::as_slice);
        facts.iter().any(|fact| fact.received <= peildatum && fact.kind == LeveringKind::Start)
    }

    /// The budget of a year that was in force on a day, per law and category.
    pub fn budget(&self, jaar: i16, peildatum: Date) -> BTreeMap<(Wet, Option<Box<str>>), i64> {
        let found = in_force(&self.begroting, jaar, peildatum);
        found
            .into_iter()
            .filter(|((.., taakveld), _)| taakveld.is_none())
            .map(|((wet, categorie, _), cents)| ((wet, categorie), cents))
            .collect()
    }
}

/// Law, and category or task field; neither for the law as a whole.
pub type BegrotingKey = (Wet, Option<Box<str>>, Option<Box<str>>);

/// The budget of a year that was in force on a day.
///
/// # Formula
/// The amount decided last, and every amendment decided after it; also on its very day when it is the first budget. Of an
/// amendment that was imported twice the later holds.
pub fn in_force(rows: &[BegrotingFact], jaar: i16, peildatum: Date) -> BTreeMap<BegrotingKey, i64> {
    let known = |fact: &&BegrotingFact| fact.jaar == i64::from(jaar) && fact.vastgesteld <= peildatum;
    let key = |fact: &BegrotingFact| (fact.wet, fact.categorie.clone(), fact.taakveld.clone());
    let mut best: BTreeMap<_, &BegrotingFact> = BTreeMap::new();
    for fact in rows.iter().filter(known).filter(|fact| fact.versie != Versie::Wijziging) {
        let holder = best.entry(key(fact)).or_insert(fact);
        let order = |fact: &BegrotingFact| (fact.vastgesteld, fact.versie, fact.imported.clone());
        if order(fact) > order(holder) {
            *holder = fact;
        }
    }
    let mut amendments: BTreeMap<_, &BegrotingFact> = BTreeMap::new();
    for fact in rows.iter().filter(known).filter(|fact| fact.versie == Versie::Wijziging) {
        let is_in_it = best.get(&key(fact)).is_some_and(|base| match base.versie {
            Versie::Primitief => fact.vastgesteld < base.vastgesteld,
            _ => fact.vastgesteld <= base.vastgesteld,
        });
        if !is_in_it {
            let holder = amendments.entry((key(fact), fact.wijziging.clone())).or_insert(fact);
            if fact.imported > holder.imported {
                *holder = fact;
            }
        }
    }
    let mut found: BTreeMap<BegrotingKey, i64> = best.into_iter().map(|(key, fact)| (key, fact.cents)).collect();
    for ((key, _), fact) in amendments {
        let sum = found.entry(key).or_default();
        *sum = sum.saturating_add(fact.cents);
    }
    found
}
