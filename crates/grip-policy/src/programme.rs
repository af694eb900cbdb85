//! A programme or execution plan: chapters, goals, results and activities, with cost, risks and roles.

use grip_register::Fault;
use grip_types::{Bedrag, Date};

use crate::{
    Decision, Goal, Line, Many, Measure, Name, Number, One, Rules, Text,
    kind::{kind, not_before, percentage, said},
    value::choice,
};

kind! {
    /// A programme or execution plan.
    Programme = "programme": "programma", "programma's", "programme", "programmes" {
        /// What it is called.
        name: Name = "Programma", "Programme",
        /// The goals it serves.
        goals: Many<Goal> = "Doelen", "Goals",
        /// What there is to spend.
        budget: Option<Bedrag> = "Budget", "Budget",
        /// What is kept for the unforeseen, as a percentage of the cost of its items.
        contingency: Option<Number> = "Onvoorzien (% van de kosten)", "Contingency (% of the cost)",
        /// When it begins.
        begin: Option<Date> = "Begin", "Begin",
        /// When it ends.
        end: Option<Date> = "Einde", "End",
        /// The function that leads it.
        owner: Line = "Eigenaar", "Owner"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// What it is for, in Markdown.
        description: Text = "Omschrijving", "Description",
        /// The document that says so.
        source: Line = "Brondocument", "Source document",
    }
}

impl Rules for Programme {
    fn broken(&self) -> Vec<Fault> {
        let mut faults = not_before(self.begin, self.end, "end");
        faults.extend(percentage(self.contingency, "contingency"));
        faults
    }
}

choice! {
    /// What an item of a programme is.
    ItemLevel {
        /// Something to do.
        Activity = "activiteit", "activiteit", "activity";
        /// What must come out.
        Result = "resultaat", "resultaat", "result";
        /// What it is for.
        Goal = "doel", "doel", "goal";
        /// A part of the plan.
        Chapter = "hoofdstuk", "hoofdstuk", "chapter";
    }
}

choice! {
    /// How fast an item goes.
    Speed {
        /// As planned.
        Normal = "gewoon", "gewoon", "normal";
        /// At once.
        Fast = "snel", "snel", "fast";
        /// With time.
        Slow = "langzaam", "langzaam", "slow";
    }
}

choice! {
    /// How far an item is.
    ItemStatus {
        /// To be begun.
        Planned = "gepland", "gepland", "planned";
        /// Under way.
        Busy = "bezig", "bezig", "under way";
        /// Done.
        Done = "gereed", "gereed", "done";
        /// Put off.
        Deferred = "uitgesteld", "uitgesteld", "deferred";
        /// No longer done.
        Stopped = "gestopt", "gestopt", "stopped";
    }
}

choice! {
    /// How important an item is.
    Priority {
        /// Not said.
        None = "geen", "niet bepaald", "not set";
        /// It must be done.
        Must = "moet", "moet", "must";
        /// It should be done.
        Should = "hoort", "hoort erbij", "should";
        /// It can be done.
        Could = "kan", "kan", "could";
    }
}

kind! {
    /// A chapter, goal, result or activity of a programme.
    PlanItem = "plan_item": "onderdeel van een programma", "onderdelen van een programma", "item of a programme", "items of a programme" {
        /// What it is.
        name: Name = "Onderdeel", "Item",
        /// Of which programme.
        programme: One<Programme> = "Programma", "Programme",
        /// What it is.
        level: ItemLevel = "Niveau", "Level",
        /// Its number in the plan.
        number: Line = "Nummer", "Number",
        /// The item above it.
        parent: Option<One<PlanItem>> = "Hoort bij", "Belongs to",
        /// The goals of the municipality that it serves.
        goals: Many<Goal> = "Doelen", "Goals",
        /// The measures it carries out.
        measures: Many<Measure> = "Maatregelen", "Measures",
        /// The function that does it.
        owner: Line = "Eigenaar", "Owner"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// When it begins.
        begin: Option<Date> = "Begin", "Begin",
        /// When it is done.
        end: Option<Date> = "Einde", "End",
        /// What must be done before it begins.
        after: Many<PlanItem> = "Pas na", "Only after",
        /// Its phase.
        phase: Line = "Fase", "Phase",
        /// Its track.
        track: Line = "Spoor", "Track",
        /// How fast it goes.
        speed: Speed = "Snelheid", "Speed",
        /// How important it is.
        priority: Priority = "Prioriteit", "Priority",
        /// How far it is.
        status: ItemStatus = "Status", "Status",
        /// To when it was put off.
        deferred_to: Option<Date> = "Uitgesteld tot", "Deferred to"; "Het nieuwe begin; het einde schuift even ver mee.", "The new begin; the end moves as far.",
        /// What it is estimated to cost.
        cost: Option<Bedrag> = "Geraamde kosten", "Estimated cost",
        /// What it has cost so far.
        spent: Option<Bedrag> = "Uitgegeven", "Spent",
        /// Hours that people put in, in all.
        hours: Option<Number> = "Uren", "Hours",
        /// What it means, in Markdown.
        description: Text = "Omschrijving", "Description",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for PlanItem {
    fn broken(&self) -> Vec<Fault> {
        let mut faults = not_before(self.begin, self.end, "end");
        let has_no_day = self.status == ItemStatus::Deferred && self.deferred_to.is_none();
        faults.extend(said(has_no_day, "deferred_to", "Vul in tot wanneer.", "Enter to when."));
        let is_negative = self.hours.is_some_and(|Number(hours)| hours < 0.0);
        faults.extend(said(is_negative, "hours", "Vul nul of meer in.", "Enter zero or more."));
        faults
    }
}

choice! {
    /// What an amount of a programme is.
    FundingKind {
        /// Asked for at first.
        Claimed = "geclaimd", "geclaimd", "claimed";
        /// Given.
        Granted = "toegekend", "toegekend", "granted";
        /// Asked for to cover the rest.
        Requested = "gevraagd", "gevraagd", "requested";
        /// What remained of the claim, as a source states it: compared with what it is.
        Remaining = "restant", "restant volgens de bron", "remaining by the source";
        /// How much less is requested than remained, as a source states it: compared with what it is.
        Less = "minder", "minder gevraagd volgens de bron", "requested less by the source";
    }
}

kind! {
    /// Money that was claimed, granted or requested for a programme.
    Funding = "funding": "budgetaanvraag", "budgetaanvragen", "request for budget", "requests for budget" {
        /// What it is for.
        name: Name = "Waarvoor", "What for",
        /// Of which programme.
        programme: One<Programme> = "Programma", "Programme",
        /// What it is.
        sort: FundingKind = "Soort", "Sort",
        /// How much.
        amount: Bedrag = "Bedrag", "Amount",
        /// When.
        date: Option<Date> = "Datum", "Date",
        /// The decision about it.
        decision: Option<One<Decision>> = "Besluit", "Decision",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Funding {}

kind! {
    /// What may go wrong in a programme.
    Risk = "risk": "risico", "risico's", "risk", "risks" {
        /// What may happen.
        name: Name = "Risico", "Risk",
        /// In which programme.
        programme: One<Programme> = "Programma", "Programme",
        /// In which item.
        item: Option<One<PlanItem>> = "Onderdeel", "Item",
        /// What it would cost; without it, that can't be said yet.
        amount: Option<Bedrag> = "Bedrag", "Amount"; "Leeg: nog niet te kwantificeren.", "Empty: can't be quantified yet.",
        /// The chance, in percent.
        chance: Option<Number> = "Kans (%)", "Chance (%)",
        /// What is done about it, in Markdown.
        response: Text = "Beheersing", "Response",
        /// The function that watches it.
        owner: Line = "Eigenaar", "Owner"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Risk {
    fn broken(&self) -> Vec<Fault> {
        percentage(self.chance, "chance")
    }
}

kind! {
    /// A role in the governance of a programme.
    ProgrammeRole = "programme_role": "rol in een programma", "rollen in een programma", "role in a programme", "roles in a programme" {
        /// Which role.
        name: Name = "Rol", "Role",
        /// In which programme.
        programme: One<Programme> = "Programma", "Programme",
        /// The function that fills it.
        function: Line = "Vervuld door", "Filled by"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// What it does, in Markdown.
        tasks: Text = "Taken", "Tasks",
        /// Hours a month that there are for it.
        capacity: Option<Number> = "Uren per maand", "Hours a month",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for ProgrammeRole {}
