//! Themes, the tree of goals, and what tells whether a goal is reached.

use grip_register::Fault;

use crate::{
    Filters, IndicatorId, Line, Many, Name, Number, One, Rules, Text, Year, YearValues,
    kind::{kind, said},
    value::choice,
};

kind! {
    /// A subject on which a municipality makes policy.
    Theme = "theme": "thema", "thema's", "theme", "themes" {
        /// What it is called.
        name: Name = "Naam", "Name",
        /// What belongs to it.
        description: Text = "Omschrijving", "Description",
        /// The function that looks after it.
        owner: Line = "Eigenaar", "Owner"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Theme {}

choice! {
    /// How far a goal is from the vision.
    GoalLevel {
        /// An image of the future.
        Vision = "visie", "visie", "vision";
        /// For the society, over years.
        Strategic = "strategisch", "strategisch doel", "strategic goal";
        /// For the policy, over a term of office.
        Tactical = "tactisch", "tactisch doel", "tactical goal";
        /// For the work, within a year or two.
        Operational = "operationeel", "operationeel doel", "operational goal";
    }
}

kind! {
    /// What a municipality wants.
    Goal = "goal": "doel", "doelen", "goal", "goals" {
        /// What it wants.
        name: Name = "Doel", "Goal"; "Wat willen wij bereiken? In één zin.", "What do we want to reach? In one sentence.",
        /// How far it is from the vision.
        level: GoalLevel = "Niveau", "Level",
        /// The goal above it.
        parent: Option<One<Goal>> = "Hoort bij", "Belongs to"; "Het doel of de visie hierboven.", "The goal or vision above it.",
        /// What it is about.
        themes: Many<Theme> = "Thema's", "Themes",
        /// Why it is wanted, in Markdown.
        why: Text = "Waarom", "Why",
        /// The function that answers for it.
        owner: Line = "Eigenaar", "Owner"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// The document that says so.
        source: Line = "Brondocument", "Source document",
    }
}

impl Rules for Goal {
    fn broken(&self) -> Vec<Fault> {
        let is_below = self.level == GoalLevel::Vision && self.parent.is_some();
        said(is_below, "parent", "Een visie staat bovenaan.", "A vision stands at the top.")
    }
}

choice! {
    /// Whether more or less of an indicator is better.
    Better {
        /// As the catalogue says of the indicator, else as the values go that are wanted.
        AsIndicator = "indicator", "zoals bij de indicator staat", "as the indicator says";
        /// More is better.
        More = "meer", "hoger is beter", "higher is better";
        /// Less is better.
        Less = "minder", "lager is beter", "lower is better";
    }
}

kind! {
    /// What tells whether a goal is reached: an indicator with its targets, or what is missing to know it.
    Target = "target": "streefwaarde", "streefwaarden", "target", "targets" {
        /// What is measured, in words.
        name: Name = "Wat wordt gemeten", "What is measured",
        /// Of which goal.
        goal: One<Goal> = "Doel", "Goal",
        /// The indicator; without it the information is not available yet.
        indicator: Option<IndicatorId> = "Indicator", "Indicator"; "Leeg: deze informatie is er nog niet.", "Empty: this information is not available yet.",
        /// What the indicator is limited to.
        filters: Filters = "Beperkt tot", "Limited to"; "Bijvoorbeeld wet=jw. Leeg: alles.", "For example wet=jw. Empty: everything.",
        /// Who will make the information, and when, while there is no indicator.
        missing: Line = "Wie maakt deze informatie", "Who makes this information"; "Alleen als er nog geen indicator is: welke functie, en wanneer.", "Only when there is no indicator yet: which function, and when.",
        /// The value at the begin.
        start_value: Option<Number> = "Beginwaarde", "Start value",
        /// The year of that value.
        start_year: Option<Year> = "Beginjaar", "Start year",
        /// What is wanted at the end of each year.
        targets: YearValues = "Streefwaarde per jaar", "Target per year"; "Bijvoorbeeld 2025: 12,5; 2026: 11.", "For example 2025: 12,5; 2026: 11.",
        /// Whether more or less is better.
        better: Better = "Wat is beter", "What is better"; "Bij een plafond (hooguit dit bedrag) is lager beter.", "Of a ceiling (this amount at most) lower is better.",
        /// The function that monitors it.
        owner: Line = "Wie volgt dit", "Who monitors this"; "Een functie, geen naam van een persoon.", "A function, no name of a person.",
        /// The document that says so.
        source: Line = "Brondocument", "Source document",
    }
}

impl Rules for Target {
    fn broken(&self) -> Vec<Fault> {
        said(
            self.start_value.is_some() != self.start_year.is_some(),
            if self.start_value.is_some() { "start_year" } else { "start_value" },
            "Vul beginwaarde en beginjaar allebei in, of geen van beide.",
            "Enter both the start value and its year, or neither.",
        )
    }
}
