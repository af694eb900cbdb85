//! Decisions: who asked what, what was decided, and whether it was answered.

use grip_register::Fault;
use grip_types::{Bedrag, Date};

use crate::{
    Goal, Line, Many, Measure, Name, Programme, Rules, Text,
    kind::{kind, not_before},
    value::choice,
};

choice! {
    /// What a decision is.
    DecisionKind {
        /// A decision.
        Decision = "besluit", "besluit", "decision";
        /// A proposal for one.
        Proposal = "voorstel", "voorstel", "proposal";
        /// A change of a proposal.
        Amendment = "amendement", "amendement", "amendment";
        /// What a council asks of the executive.
        Motion = "motie", "motie", "motion";
        /// Something that is to be done or found out.
        Assignment = "opdracht", "opdracht", "assignment";
        /// A question.
        Question = "vraag", "vraag", "question";
        /// What the executive promised.
        Promise = "toezegging", "toezegging", "promise";
    }
}

choice! {
    /// Who decides or asks.
    Body {
        /// The municipal council.
        Council = "raad", "gemeenteraad", "council";
        /// Mayor and aldermen.
        Executive = "college", "college", "executive";
        /// A committee of the council.
        Committee = "commissie", "raadscommissie", "committee";
        /// The region.
        Region = "regio", "regio", "region";
        /// The management.
        Management = "directie", "directie", "management";
        /// Another.
        Other = "anders", "anders", "other";
    }
}

choice! {
    /// What became of it.
    Outcome {
        /// Not known yet.
        Open = "open", "open", "open";
        /// Adopted.
        Adopted = "aangenomen", "aangenomen", "adopted";
        /// Rejected.
        Rejected = "verworpen", "verworpen", "rejected";
        /// Withdrawn.
        Dropped = "ingetrokken", "ingetrokken", "dropped";
        /// Done or answered.
        Settled = "afgedaan", "afgedaan", "settled";
    }
}

kind! {
    /// An assignment, motion, amendment, proposal, question or decision.
    Decision = "decision": "besluit", "besluiten", "decision", "decisions" {
        /// What it is about.
        name: Name = "Onderwerp", "Subject",
        /// What it is.
        sort: DecisionKind = "Soort", "Sort",
        /// Who decides or asks.
        body: Body = "Orgaan", "Body",
        /// When.
        date: Date = "Datum", "Date",
        /// Its number.
        number: Line = "Nummer", "Number",
        /// What it says, in Markdown.
        text: Text = "Tekst", "Text",
        /// Documents, one a line.
        documents: Text = "Documenten", "Documents"; "Eén per regel: naam en vindplaats.", "One a line: name and place.",
        /// Who asked it: a group, a body.
        asked_by: Line = "Gevraagd door", "Asked by"; "Een fractie of orgaan, geen naam van een persoon.", "A group or body, no name of a person.",
        /// Who is to answer or do it.
        asked_of: Line = "Gevraagd aan", "Asked of"; "Een orgaan of functie, geen naam van een persoon.", "A body or function, no name of a person.",
        /// By when.
        due: Option<Date> = "Uiterlijk", "Due",
        /// What became of it.
        outcome: Outcome = "Uitkomst", "Outcome",
        /// What it answers.
        answers: Many<Decision> = "Antwoordt op", "Answers",
        /// How much money it is about.
        amount: Option<Bedrag> = "Bedrag", "Amount",
        /// What it is paid from.
        cover: Line = "Dekking", "Cover"; "Bijvoorbeeld: algemene reserve.", "For example: general reserve.",
        /// The change of the budget.
        budget_change: Line = "Begrotingswijziging", "Budget amendment",
        /// The goals it is about.
        goals: Many<Goal> = "Doelen", "Goals",
        /// The measures it is about.
        measures: Many<Measure> = "Maatregelen", "Measures",
        /// The programmes it is about.
        programmes: Many<Programme> = "Programma's", "Programmes",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Decision {
    fn broken(&self) -> Vec<Fault> {
        not_before(Some(self.date), self.due, "due")
    }
}
