//! Measures, improvement initiatives and pilots: what is done to reach a goal, and what it should save.

use grip_register::Fault;
use grip_types::{Bedrag, Maand};

use crate::{
    Filters, Goal, IndicatorId, Line, Many, Name, Number, Rules, Text, Year,
    kind::{kind, not_before, percentage, said},
    value::choice,
};

choice! {
    /// What a measure is.
    MeasureKind {
        /// To save or to steer.
        Measure = "maatregel", "maatregel", "measure";
        /// To work better.
        Initiative = "initiatief", "verbeterinitiatief", "improvement initiative";
        /// To try something out.
        Pilot = "pilot", "pilot", "pilot";
    }
}

choice! {
    /// The knob that a measure turns.
    Knob {
        /// Not chosen, or another.
        Other = "anders", "anders", "other";
        /// Who gets which care.
        Access = "toegang", "toegang", "access";
        /// What is bought, of whom.
        Procurement = "inkoop", "inkoop", "procurement";
        /// How is paid.
        Payment = "bekostiging", "bekostiging", "payment";
        /// What a contract says.
        Contract = "contract", "contract", "contract";
        /// What keeps care from being needed.
        Prevention = "preventie", "preventie en voorveld", "prevention";
        /// How the work is organised.
        Organisation = "organisatie", "organisatie en systemen", "organisation and systems";
    }
}

choice! {
    /// What a measure is for.
    Led {
        /// Not said.
        Unknown = "onbekend", "niet bekend", "not known";
        /// It follows from the vision.
        Vision = "visie", "visiegestuurd", "vision-led";
        /// It only saves.
        Money = "financieel", "alleen financieel", "only financial";
    }
}

choice! {
    /// How far a measure is.
    MeasureStatus {
        /// Thought of.
        Idea = "idee", "idee", "idea";
        /// Being prepared.
        Preparing = "voorbereiding", "in voorbereiding", "in preparation";
        /// Under way.
        Running = "loopt", "loopt", "running";
        /// Done.
        Done = "afgerond", "afgerond", "done";
        /// Ended before it was done.
        Stopped = "gestopt", "gestopt", "stopped";
    }
}

kind! {
    /// Something that is done to reach a goal, with what it costs and should save.
    Measure = "measure": "maatregel", "maatregelen", "measure", "measures" {
        /// What is done.
        name: Name = "Maatregel", "Measure"; "Wat gaan wij doen? In één zin.", "What do we do? In one sentence.",
        /// What it is.
        sort: MeasureKind = "Soort", "Sort",
        /// The stream it belongs to.
        stream: Line = "Spoor", "Stream",
        /// Its number in that stream.
        number: Line = "Nummer", "Number",
        /// The goals it serves.
        goals: Many<Goal> = "Doelen", "Goals",
        /// The knob it turns.
        knob: Knob = "Knop", "Knob",
        /// Whether it follows from the vision.
        led: Led = "Visiegestuurd of financieel", "Vision-led or financial",
        /// How far it is.
        status: MeasureStatus = "Status", "Status",
        /// The function that answers for it.
        owner: Line = "Eigenaar", "Owner"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// Its first month.
        begin: Option<Maand> = "Eerste maand", "First month",
        /// Its last month; without it, it goes on.
        end: Option<Maand> = "Laatste maand", "Last month"; "Leeg: loopt door.", "Empty: it goes on.",
        /// From which month it saves in full; it grows evenly until then.
        full_from: Option<Maand> = "Volledig effect vanaf", "Full effect from"; "Tot die maand groeit het effect gelijkmatig.", "Until that month the effect grows evenly.",
        /// What it costs once.
        cost_once: Option<Bedrag> = "Eenmalige kosten", "Cost, once",
        /// What it costs each month.
        cost_per_month: Option<Bedrag> = "Kosten per maand", "Cost per month",
        /// What it should save each month, in full effect.
        saving_per_month: Option<Bedrag> = "Verwachte besparing per maand", "Expected saving per month"; "Bij volledig effect.", "In full effect.",
        /// Why that much, in Markdown.
        reasoning: Text = "Onderbouwing van de besparing", "Reasoning of the saving",
        /// The indicator in which it should show: an amount per month.
        indicator: Option<IndicatorId> = "Zichtbaar in indicator", "Shows in indicator"; "Een bedrag per maand; meestal gedeclareerd.", "An amount per month; mostly what was declared.",
        /// The part of the indicator that it touches.
        filters: Filters = "Raakt", "Touches"; "Bijvoorbeeld wet=jw; categorie=45.", "For example wet=jw; categorie=45.",
        /// A part that it does not touch, to compare with.
        comparison: Filters = "Vergelijk met", "Compare with"; "Een deel dat de maatregel niet raakt, bijvoorbeeld wet=wmo.", "A part that the measure does not touch, for example wet=wmo.",
        /// What was found when it was evaluated, in all.
        evaluated_saving: Option<Bedrag> = "Besparing volgens evaluatie", "Saving by evaluation",
        /// In which year that was saved.
        evaluated_year: Option<Year> = "Jaar van die besparing", "Year of that saving",
        /// Percentage of the saving that the municipality keeps.
        share_municipality: Option<Number> = "Deel voor de gemeente (%)", "Share of the municipality (%)",
        /// Percentage that a health insurer keeps.
        share_insurer: Option<Number> = "Deel voor de zorgverzekeraar (%)", "Share of the health insurer (%)",
        /// Percentage that the state keeps.
        share_state: Option<Number> = "Deel voor het Rijk (%)", "Share of the state (%)",
        /// What is still being studied, in Markdown.
        under_study: Text = "Nog in onderzoek", "Still under study",
        /// The document that says so.
        source: Line = "Brondocument", "Source document",
    }
}

impl Rules for Measure {
    fn broken(&self) -> Vec<Fault> {
        let mut faults = not_before(self.begin, self.end, "end");
        let goes_on = self.status == MeasureStatus::Stopped && self.end.is_none();
        faults.extend(said(goes_on, "end", "Vul de laatste maand in.", "Enter the last month."));
        faults.extend(not_before(self.begin, self.full_from, "full_from"));
        let shares = [self.share_municipality, self.share_insurer, self.share_state];
        let names = ["share_municipality", "share_insurer", "share_state"];
        for (share, name) in shares.iter().zip(names) {
            faults.extend(percentage(*share, name));
        }
        let sum: f64 = shares.iter().flatten().map(|Number(share)| share).sum();
        faults.extend(said(
            sum > 100.0 + 1e-9,
            "share_municipality",
            "De delen zijn samen meer dan 100 %.",
            "The shares are more than 100 % together.",
        ));
        // What it touches would be on both sides of the comparison.
        let is_inside = !self.comparison.0.is_empty() && !self.comparison.is_apart_from(&self.filters);
        faults.extend(said(
            is_inside,
            "comparison",
            "Vergelijk met iets dat de maatregel niet raakt: geef een andere waarde van wet, categorie of aanbieder.",
            "Compare with something that the measure does not touch: give another value of law, category or provider.",
        ));
        let unseen = self.indicator.is_none() && !(self.filters.0.is_empty() && self.comparison.0.is_empty());
        faults.extend(said(unseen, "indicator", "Kies ook de indicator.", "Choose the indicator too."));
        faults
    }
}
