//! Strategic dilemmas, where parties stand on them, and the conversations that follow.

use grip_types::Date;

use crate::{Choice, Decision, Goal, Line, Many, Name, Rules, Said, Text, kind::kind, value::choice};

choice! {
    /// The strategic dilemmas of *Harmonie in het sociaal domein* (VNG, 2020), as the review report lists them (4.1).
    Dilemma {
        /// A minimal base, or support in unfolding.
        Base = "basis-of-ontplooiing", "minimale basis of ondersteunen in ontplooiing", "a minimal base or support in unfolding";
        /// An uncertain future with fewer problems, or a certain one with the same.
        Future = "onzeker-of-zeker", "onzekere toekomst met minder problemen of zekere toekomst met dezelfde", "an uncertain future with fewer problems or a certain one with the same";
        /// All inhabitants, or groups at risk.
        Everyone = "allen-of-risicogroepen", "alle inwoners in beeld of alleen risicogroepen", "all inhabitants in view or only groups at risk";
        /// Broad and early, or heavy and late.
        Early = "vooraf-of-achteraf", "brede inzet vooraf of zwaardere inzet achteraf", "broad effort beforehand or heavier effort afterwards";
    }
}

impl Dilemma {
    /// What it is a choice between.
    pub fn ends(self) -> [Said; 2] {
        let Choice { nl, en, .. } = *self.choice();
        let (nl, en) = (nl.split_once(" of ").unwrap_or((nl, "")), en.split_once(" or ").unwrap_or((en, "")));
        [Said { nl: nl.0, en: en.0 }, Said { nl: nl.1, en: en.1 }]
    }
}

choice! {
    /// Where a party stands between the two ends of a dilemma.
    Place {
        /// In the middle.
        Middle = "midden", "in het midden", "in the middle";
        /// At the first.
        First = "eerste", "bij het eerste", "at the first";
        /// More to the first.
        RatherFirst = "meer-eerste", "meer bij het eerste", "more to the first";
        /// More to the second.
        RatherSecond = "meer-tweede", "meer bij het tweede", "more to the second";
        /// At the second.
        Second = "tweede", "bij het tweede", "at the second";
    }
}

impl Place {
    /// From −2, at the first, to 2, at the second.
    pub fn score(self) -> i8 {
        match self {
            Self::First => -2,
            Self::RatherFirst => -1,
            Self::Middle => 0,
            Self::RatherSecond => 1,
            Self::Second => 2,
        }
    }
}

kind! {
    /// Where a party stands on a dilemma, from a day on.
    Position = "position": "standpunt", "standpunten", "position", "positions" {
        /// The position in a sentence.
        name: Name = "Standpunt in één zin", "Position in a sentence",
        /// On which dilemma.
        dilemma: Dilemma = "Dilemma", "Dilemma",
        /// Whose it is: council, executive, a group, a partner.
        party: Line = "Partij", "Party"; "Een orgaan, fractie of organisatie, geen naam van een persoon.", "A body, group or organisation, no name of a person.",
        /// From which day.
        date: Date = "Vanaf", "From",
        /// Where between the two.
        place: Place = "Plaats", "Place",
        /// Why, in Markdown.
        reason: Text = "Waarom", "Why",
        /// The goals that follow from it.
        goals: Many<Goal> = "Doelen die hieruit volgen", "Goals that follow",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Position {}

choice! {
    /// Who talk with each other, and about what (report of the review committee, 4.1).
    Talk {
        /// What and why.
        CouncilExecutive = "raad-college", "raad en college: wat en waarom", "council and executive: what and why";
        /// What, why and how, in main lines.
        Executive = "college", "college onderling: wat, waarom en hoe", "within the executive: what, why and how";
        /// What, on the initiative of the executive.
        ExecutiveOrganisation = "college-organisatie", "college en organisatie: wat", "executive and organisation: what";
        /// How, on the initiative of the organisation.
        OrganisationExecutive = "organisatie-college", "organisatie en college: hoe", "organisation and executive: how";
        /// What and how, so that it hangs together.
        Organisation = "organisatie", "organisatie onderling: wat en hoe", "within the organisation: what and how";
        /// Policy and access.
        PolicyExecution = "beleid-uitvoering", "beleid en uitvoering: opdracht", "policy and execution: assignment";
        /// From the task to the work.
        Region = "regio", "gemeente en regiogemeenten: van opgave naar uitvoering", "municipality and region: from task to work";
        /// From prevention to heavy care.
        Field = "veld", "gemeente en veld: van preventie tot zware zorg", "municipality and field: from prevention to heavy care";
    }
}

kind! {
    /// What was said and agreed in a conversation.
    Conversation = "conversation": "gesprek", "gesprekken", "conversation", "conversations" {
        /// What it was about.
        name: Name = "Onderwerp", "Subject",
        /// Between whom.
        talk: Talk = "Gesprek", "Conversation",
        /// When.
        date: Date = "Datum", "Date",
        /// What was agreed, in Markdown.
        agreed: Text = "Wat is afgesproken", "What was agreed",
        /// What is to be talked about next, in Markdown.
        next: Text = "Wat moet nog besproken worden", "What is still to be discussed",
        /// The goals it was about.
        goals: Many<Goal> = "Doelen", "Goals",
        /// The decisions that followed.
        decisions: Many<Decision> = "Besluiten", "Decisions",
        /// The document that says so.
        source: Line = "Bron", "Source",
    }
}

impl Rules for Conversation {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dilemma_has_two_ends() {
        for said in Dilemma::ALL.iter().flat_map(|dilemma| dilemma.ends()) {
            assert!(!said.nl.is_empty() && !said.en.is_empty(), "{said:?}");
        }
        assert_eq!(Dilemma::Base.ends().map(|end| end.nl), ["minimale basis", "ondersteunen in ontplooiing"]);
    }
}
