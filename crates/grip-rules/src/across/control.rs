//! What a controller wants to see of a declaratie: every line beside what bounds it.

use grip_ledger::Eenheid;

use super::{
    day::Day,
    dossier::{Dossier, Prestatie},
    replay::{Context, Judgement, watched_lines},
};

/// What allocation and contract allow for a line, as known when it was received.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// First and last day of the allocation; none when it is not known.
    pub toewijzing: Option<(Day, Option<Day>)>,
    /// Most that may be declared in the month, in units of the line, hours in minutes; none without a volume.
    pub maximum: Option<i64>,
    /// Most over the whole allocation, in the same units; none when it has no end or no volume.
    pub total: Option<i64>,
    /// Declared on the allocation before this line, in the same units.
    pub volume: i64,
    /// Budget of the allocation in eurocents.
    pub budget: Option<i64>,
    /// Declared on the allocation before this line, in eurocents.
    pub cents: i64,
    /// Tariff of the contract in eurocents, in the unit of the line; none when it has none.
    pub tarief: Option<i64>,
}

/// One line of a declaratie beside what bounds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlRegel {
    /// Position in the message, from 1.
    pub regel: u32,
    /// ToewijzingNummer.
    pub toewijzing: u32,
    /// First day of the ProductPeriode.
    pub begindatum: Day,
    /// Last day of the ProductPeriode.
    pub einddatum: Day,
    /// Whether it is a credit; what bounds a debit does not bound it.
    pub is_credit: bool,
    /// GeleverdVolume.
    pub volume: u32,
    /// Unit.
    pub eenheid: Eenheid,
    /// ProductTarief in eurocents.
    pub tarief: Option<u32>,
    /// IngediendBedrag in eurocents; below zero for a credit.
    pub bedrag: i32,
    /// What is allowed.
    pub bounds: Bounds,
    /// What differs.
    pub verschillen: Vec<Judgement>,
}

impl ControlRegel {
    pub(super) fn new(line: &Prestatie, bounds: Bounds, verschillen: &[Judgement]) -> Self {
        let Prestatie { regel, toewijzing, begindatum, einddatum, is_credit, volume, eenheid, tarief, bedrag, .. } =
            *line;
        let verschillen = verschillen.to_vec();
        Self {
            regel,
            toewijzing,
            begindatum,
            einddatum,
            is_credit,
            volume,
            eenheid,
            tarief,
            bedrag,
            bounds,
            verschillen,
        }
    }
}

/// The lines of one declaratie in their order, each beside what bounds it. Empty when the declaratie was not processed: it
/// is not there, or has a fault in its header or as a whole. Lines of a client without any allocation are not in it.
pub fn control_list(dossier: &mut Dossier, context: &Context, bericht: u32) -> Vec<ControlRegel> {
    watched_lines(dossier, context, bericht)
}
