//! What each conversation needs to have at hand, and no more.

use crate::{GoalLevel, Talk};

/// Something that a conversation has at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Goals of a level, with how they stand.
    Goals(GoalLevel),
    /// The dilemmas with where the parties stand.
    Dilemmas,
    /// Questions, motions, assignments and promises that are open.
    Open,
    /// Decisions of the last year.
    Decided,
    /// What is due, and overdue.
    Calendar,
    /// Measures with what they should save.
    Measures,
    /// Initiatives and pilots only.
    Pilots,
    /// Programmes.
    Programmes,
    /// The steps of the policy cycle.
    Cycle,
    /// What is missing between goals, figures and measures.
    Gaps,
    /// Parts of the policy theory that are an assumption only.
    Assumptions,
    /// What was learnt and changed.
    Lessons,
    /// The four questions to providers, and what was found of care.
    Care,
    /// The general reserve.
    Reserve,
    /// The forecast of the year.
    Forecast,
}

/// What a conversation needs, in order. What, why and how are divided over the conversations as in the report of the review
/// committee on Maastricht (2021), 4.1: between council and executive what and why, without providers and operations; the nearer to the
/// work, the more how.
pub fn needs(talk: Talk) -> &'static [Topic] {
    use GoalLevel::{Operational, Strategic, Tactical, Vision};
    use Topic::{
        Assumptions, Calendar, Care, Cycle, Decided, Dilemmas, Forecast, Gaps, Goals, Lessons, Measures, Open, Pilots,
        Programmes, Reserve,
    };
    match talk {
        Talk::CouncilExecutive => &[Goals(Vision), Goals(Strategic), Dilemmas, Open, Decided, Reserve],
        Talk::Executive => {
            &[Goals(Vision), Goals(Strategic), Goals(Tactical), Dilemmas, Programmes, Forecast, Calendar]
        }
        Talk::ExecutiveOrganisation => &[Goals(Strategic), Goals(Tactical), Open, Forecast, Calendar],
        Talk::OrganisationExecutive => &[Goals(Tactical), Goals(Operational), Measures, Programmes, Decided],
        Talk::Organisation => &[Goals(Tactical), Goals(Operational), Measures, Programmes, Cycle, Gaps, Assumptions],
        Talk::PolicyExecution => &[Goals(Operational), Measures, Assumptions, Lessons, Cycle],
        Talk::Region => &[Goals(Strategic), Reserve, Forecast, Programmes, Measures, Calendar],
        Talk::Field => &[Goals(Tactical), Pilots, Care, Assumptions, Lessons],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn council_and_executive_talk_of_what_and_why_and_not_of_how() {
        let topics = needs(Talk::CouncilExecutive);
        for how in
            [Topic::Measures, Topic::Care, Topic::Pilots, Topic::Programmes, Topic::Goals(GoalLevel::Operational)]
        {
            assert!(!topics.contains(&how), "{how:?}");
        }
        assert!(topics.contains(&Topic::Dilemmas) && topics.contains(&Topic::Open));
    }

    #[test]
    fn every_conversation_has_goals_and_nothing_twice() {
        for talk in Talk::ALL {
            let topics = needs(*talk);
            assert!(topics.iter().any(|topic| matches!(topic, Topic::Goals(_))), "{talk:?}");
            for (at, topic) in topics.iter().enumerate() {
                assert!(!topics[..at].contains(topic), "{talk:?} {topic:?}");
            }
        }
    }
}
