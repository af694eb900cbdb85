//! What is known of one municipality, in memory and typed.

use std::collections::{BTreeMap, HashMap};

use grip_ledger::{Eenheid, Levering, LeveringFact, Nummer, Prestatie, Tarief, Tarieven, Toewijzing};
use grip_types::{AgbCode, Date, GemeenteCode, Wet};

/// A line of an invoice, with why it was refused.
#[derive(Debug, Clone)]
pub struct PrestatieFact {
    /// The line. Its answer is not asked of the tables yet: nothing shows what waits for one.
    pub line: Prestatie,
    /// Codes of the refusal, separated by blanks.
    pub codes: Option<Box<str>>,
    /// Its unit and its tariff in eurocents, when it states a tariff.
    pub tarief: Option<(Eenheid, i64)>,
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
    /// Tariffs of contracts.
    pub contract: Vec<Tarief>,
    /// Tariffs of lines, each with the day its line was received.
    pub seen: Vec<(Date, Tarief)>,
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

    /// Put together by allocation, for the ledger.
    pub fn by_toewijzing(&self) -> grip_ledger::Facts<'_> {
        let leveringen = self.leveringen.iter().flat_map(|(nummer, facts)| facts.iter().map(|fact| (*nummer, fact)));
        let lines = self.prestaties.iter().map(|fact| &fact.line);
        grip_ledger::Facts::new(self.toewijzingen.values().flatten(), leveringen, lines)
    }

    /// The tariffs that were known on a day. Contracts have no day on which they became known, and count as always known.
    pub fn tarieven(&self, peildatum: Date) -> Tarieven {
        Tarieven::as_of(self.contract.iter().cloned(), self.seen.iter().cloned(), peildatum)
    }

    /// What is known of the delivery on an allocation on a day.
    pub fn levering(&self, nummer: Nummer, peildatum: Date) -> Levering {
        Levering::known(self.leveringen.get(&nummer).into_iter().flatten(), peildatum)
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

/// An amendment of the budget, as it was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// Its number.
    pub number: Box<str>,
    /// The year whose budget it changes.
    pub jaar: i64,
    /// Day of the decision.
    pub vastgesteld: Date,
    /// All its lines together, in eurocents.
    pub cents: i64,
}

/// The amendments with a number that were decided by a day, by year and number. Of a line that was imported twice the later holds.
pub fn amendments(rows: &[BegrotingFact], peildatum: Date) -> Vec<Amendment> {
    let mut lines: BTreeMap<_, &BegrotingFact> = BTreeMap::new();
    for fact in rows.iter().filter(|fact| fact.versie == Versie::Wijziging && fact.vastgesteld <= peildatum) {
        let Some(number) = fact.wijziging.clone() else { continue };
        let holder = lines
            .entry((fact.jaar, number, fact.vastgesteld, fact.wet, fact.categorie.clone(), fact.taakveld.clone()))
            .or_insert(fact);
        if fact.imported > holder.imported {
            *holder = fact;
        }
    }
    let mut found: BTreeMap<(i64, Box<str>, Date), i64> = BTreeMap::new();
    for ((jaar, number, vastgesteld, ..), fact) in lines {
        let sum = found.entry((jaar, number, vastgesteld)).or_default();
        *sum = sum.saturating_add(fact.cents);
    }
    found
        .into_iter()
        .map(|((jaar, number, vastgesteld), cents)| Amendment { number, jaar, vastgesteld, cents })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amendments_are_summed_by_number_and_what_was_imported_last_holds() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let line = |number: Option<&str>, categorie: &str, cents: i64, imported: &str| BegrotingFact {
            jaar: 2024,
            wet: Wet::Jw,
            categorie: Some(categorie.into()),
            taakveld: None,
            versie: Versie::Wijziging,
            wijziging: number.map(Into::into),
            cents,
            vastgesteld: day("2024-03-12"),
            imported: imported.into(),
        };
        let rows = [
            line(Some("3"), "45", 100, "2024-04-01"),
            line(Some("3"), "50", -30, "2024-04-01"),
            line(Some("3"), "45", 120, "2024-05-01"),
            line(None, "45", 7, "2024-04-01"),
            BegrotingFact { versie: Versie::Actueel, ..line(Some("3"), "45", 900, "2024-04-01") },
        ];
        let one = Amendment { number: "3".into(), jaar: 2024, vastgesteld: day("2024-03-12"), cents: 90 };
        assert_eq!(amendments(&rows, day("2024-12-31")), [one]);
        assert_eq!(amendments(&rows, day("2024-03-11")), []);
    }
}
