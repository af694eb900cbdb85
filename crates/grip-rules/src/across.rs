//! Rules over messages together: what a receiver can only say who knows what came before.
//!
//! A [`Dossier`] holds what was sent between one Gemeente and one Aanbieder under one law. [`judge`] plays it again in the
//! order of receipt, and says of each new message what was wrong with it by what was known that day. There is no state to
//! keep: the same archive gives the same judgements, however it was cut into intakes.

mod antwoord;
mod control;
mod day;
mod declaratie;
mod dossier;
mod header;
mod levering;
mod replay;
mod reply;
mod rule;
#[cfg(test)]
mod tests;
mod toewijzing;
mod verzoek;
mod words;

use std::sync::LazyLock;

pub use control::{Bounds, ControlRegel, control_list};
pub use day::{Day, date_of, day_of};
pub use dossier::{
    Afkeuring, Antwoord, Asked, Bericht, Declaratie, DeclaratieAntwoord, Dossier, Elders, Key, Prestatie, Retour,
    Start, Stop, Toewijzing, Verzoek, Word,
};
use grip_messages::Rule;
pub use replay::{Context, ContractTarief, Gemeentecode, Judgement, judge, overdue};
pub use reply::{Afzending, answer};

/// Every rule, in the order of their codes.
pub static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut rules: Vec<&Rule> =
        [header::RULES, toewijzing::RULES, levering::RULES, verzoek::RULES, declaratie::RULES, antwoord::RULES]
            .concat();
    rules.sort_by_key(|rule| rule.code);
    rules
});
