//! The policy cycle of a theme, and the calendar of planning and control.

use grip_register::Fault;
use grip_types::Date;

use crate::{
    Line, Name, One, Rules, Text, Theme,
    kind::{kind, not_before, said},
    value::choice,
};

choice! {
    /// A step of the policy cycle, as the review committee orders them (report on Maastricht 2021, chapter 3).
    Step {
        /// Vision, policy and goals.
        Vision = "visie", "visie, beleid en doelen", "vision, policy and goals";
        /// Arranging it and choosing instruments.
        Design = "inrichting", "inrichting en instrumenten", "design and instruments";
        /// Deciding.
        Decision = "besluit", "besluitvorming", "decision";
        /// Doing it.
        Execution = "uitvoering", "uitvoering", "execution";
        /// Learning from it.
        Evaluation = "evaluatie", "evaluatie", "evaluation";
    }
}

kind! {
    /// A step of the policy cycle of a theme: planned, under way or done.
    CycleStep = "cycle_step": "stap in de beleidscyclus", "stappen in de beleidscyclus", "step of the policy cycle", "steps of the policy cycle" {
        /// What is done in it.
        name: Name = "Wat gebeurt er", "What is done",
        /// Of which theme.
        theme: One<Theme> = "Thema", "Theme",
        /// Which step.
        step: Step = "Stap", "Step",
        /// When it begins.
        begin: Option<Date> = "Begin", "Begin",
        /// When it must be done.
        due: Option<Date> = "Klaar op", "Due",
        /// When it was done.
        done: Option<Date> = "Werkelijk klaar", "Done",
        /// The function that looks after it.
        owner: Line = "Eigenaar", "Owner"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// What came out of it.
        document: Line = "Document", "Document",
        /// What was learnt, in Markdown.
        learnt: Text = "Wat is geleerd", "What was learnt",
        /// What changed because of that, in Markdown.
        changed: Text = "Wat is daardoor veranderd", "What changed because of it",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for CycleStep {
    fn broken(&self) -> Vec<Fault> {
        let mut faults = not_before(self.begin, self.due, "due");
        faults.extend(not_before(self.begin, self.done, "done"));
        faults
    }
}

choice! {
    /// What is due at a moment of the calendar.
    MomentKind {
        /// Another moment.
        Other = "anders", "anders", "other";
        /// The framework for the budget.
        Framework = "kadernota", "kadernota", "framework memorandum";
        /// The budget.
        Budget = "begroting", "begroting", "budget";
        /// A report within the year.
        Report = "tussenrapportage", "tussentijdse rapportage", "interim report";
        /// The accounts.
        Accounts = "jaarrekening", "jaarrekening", "accounts";
        /// The monitor for the council.
        Monitor = "monitor", "monitor voor de raad", "monitor for the council";
        /// An evaluation.
        Evaluation = "evaluatie", "evaluatie", "evaluation";
        /// The end of a contract.
        Contract = "contract", "contract loopt af", "end of a contract";
    }
}

kind! {
    /// A moment of the calendar of planning and control, and of evaluations.
    Moment = "moment": "moment in de kalender", "momenten in de kalender", "moment of the calendar", "moments of the calendar" {
        /// What is due.
        name: Name = "Wat", "What",
        /// Of which sort.
        sort: MomentKind = "Soort", "Sort",
        /// When.
        date: Date = "Datum", "Date",
        /// About which theme.
        theme: Option<One<Theme>> = "Thema", "Theme",
        /// For whom: council, executive.
        body: Line = "Voor wie", "For whom",
        /// Whether it was done.
        done: bool = "Gedaan", "Done",
        /// What stands by it, in Markdown.
        note: Text = "Toelichting", "Note",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Moment {
    fn broken(&self) -> Vec<Fault> {
        said(self.date.year() < 1990, "date", "Dit ligt te ver terug.", "This is too long ago.")
    }
}
