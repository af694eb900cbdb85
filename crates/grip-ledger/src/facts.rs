//! What is known of one municipality: allocations, deliveries and lines of invoices, put together by allocation.

use std::collections::BTreeMap;

use grip_types::{AgbCode, Date, Maand, Pseudoniem, Wet};

use crate::Toewijzing;

/// A Toewijzing within its municipality; a line of before release 3.0 may name none. Glossary: Nummer.
pub type Nummer = (Wet, Option<i64>);

/// One line of an invoice and what became of it. Glossary: Prestatie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prestatie {
    /// Allocation.
    pub nummer: Nummer,
    /// Provider.
    pub aanbieder: AgbCode,
    /// Client.
    pub client: Pseudoniem,
    /// Category, as declared.
    pub categorie: Box<str>,
    /// Code, as declared.
    pub code: Box<str>,
    /// Month of delivery.
    pub maand: Maand,
    /// Eurocents; below zero in a credit, which repeats its debit with the sign turned (IV091).
    pub cents: i64,
    /// Day it was received.
    pub received: Date,
    /// Day it was refused, on its own or with its whole invoice.
    pub refused: Option<Date>,
    /// Day its invoice was answered, whatever the answer.
    pub answered: Option<Date>,
}

/// A Start, or a Stop for good, as it was sent. Not for a stop for a time (RedenBeeindiging 20). Glossary: Levering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeveringFact {
    /// Day it was received.
    pub received: Date,
    /// What begins or ends.
    pub kind: LeveringSoort,
    /// First day of the delivery.
    pub begindatum: Date,
    /// Of a start its first day, of a stop the last day of delivery.
    pub day: Date,
    /// Whether it takes back what was sent before with the same key: StatusAanlevering 3.
    pub deletes: bool,
}

/// Which message it was. Glossary: Levering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeveringSoort {
    /// 305.
    Start,
    /// 307.
    Stop,
}

/// What is known of the delivery on a Toewijzing. Glossary: Levering.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levering {
    /// First day of delivery, when it has started.
    pub started: Option<Date>,
    /// Last day of delivery, when it has ended for good.
    pub ended: Option<Date>,
}

impl Levering {
    /// As known on a day. Ended is the last stop that no later start has followed.
    ///
    /// # Source
    /// iWmo and iJw 3.2, CS058 and OP033x2 (a deletion), OP379 (a new start after a stop).
    pub fn known<'f>(facts: impl IntoIterator<Item = &'f LeveringFact>, peildatum: Date) -> Self {
        let mut known: Vec<&LeveringFact> = facts.into_iter().filter(|fact| fact.received <= peildatum).collect();
        // By key, and of one day what is new before what takes it back.
        known.sort_unstable_by_key(|fact| (fact.kind, fact.begindatum, fact.day, fact.received, fact.deletes));
        let (mut started, mut last_start, mut last_stop) = (None::<Date>, None, None);
        for of_key in known.chunk_by(|a, b| (a.kind, a.begindatum, a.day) == (b.kind, b.begindatum, b.day)) {
            let standing = of_key
                .iter()
                .fold(0_usize, |standing, fact| if fact.deletes { standing.saturating_sub(1) } else { standing + 1 });
            let day = Some(of_key[0].day).filter(|_| standing > 0);
            match of_key[0].kind {
                LeveringSoort::Start => {
                    started = started.into_iter().chain(day).min();
                    last_start = last_start.max(day);
                }
                LeveringSoort::Stop => last_stop = last_stop.max(day),
            }
        }
        Self { started, ended: last_stop.filter(|stop| last_start.is_none_or(|start| start <= *stop)) }
    }
}

/// Everything of one municipality, by allocation.
#[derive(Debug, Default)]
pub struct Facts<'f> {
    pub(crate) groups: BTreeMap<Nummer, Group<'f>>,
}

/// Everything of one allocation, in whatever order it came.
#[derive(Debug, Default)]
pub(crate) struct Group<'f> {
    pub(crate) versions: Vec<&'f Toewijzing>,
    pub(crate) leveringen: Vec<&'f LeveringFact>,
    pub(crate) prestaties: Vec<&'f Prestatie>,
}

impl<'f> Facts<'f> {
    /// Puts together what belongs together. No order means anything.
    pub fn new(
        toewijzingen: impl IntoIterator<Item = &'f Toewijzing>,
        leveringen: impl IntoIterator<Item = (Nummer, &'f LeveringFact)>,
        prestaties: impl IntoIterator<Item = &'f Prestatie>,
    ) -> Self {
        let mut groups: BTreeMap<Nummer, Group<'f>> = BTreeMap::new();
        for version in toewijzingen {
            groups.entry((version.wet, Some(version.nummer))).or_default().versions.push(version);
        }
        for (nummer, fact) in leveringen {
            groups.entry(nummer).or_default().leveringen.push(fact);
        }
        for line in prestaties {
            groups.entry(line.nummer).or_default().prestaties.push(line);
        }
        Self { groups }
    }

    /// What is known of the delivery on an allocation.
    pub fn levering(&self, nummer: Nummer, peildatum: Date) -> Levering {
        let group = self.groups.get(&nummer);
        group.map_or_else(Levering::default, |group| Levering::known(group.leveringen.iter().copied(), peildatum))
    }
}

impl Group<'_> {
    /// Lines known on a day, each with whether it was refused by then.
    pub(crate) fn known(&self, peildatum: Date) -> impl Iterator<Item = (&Prestatie, bool)> {
        let known = self.prestaties.iter().filter(move |line| line.received <= peildatum);
        known.map(move |line| (*line, line.refused.is_some_and(|refused| refused <= peildatum)))
    }
}
