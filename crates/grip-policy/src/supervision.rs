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
