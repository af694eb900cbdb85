#![doc = include_str!("../README.md")]

mod cycle;
mod decision;
mod dialogue;
mod dossier;
mod follow_up;
mod goal;
mod good_enough;
mod kind;
mod lookup;
mod measure;
mod needs;
mod plan;
mod programme;
mod quality;
mod reasoning;
mod round;
#[cfg(test)]
mod samples;
mod saving;
pub mod sheet;
mod stance;
mod standing;
mod sums;
mod supervision;
mod theory;
mod tree;
mod value;

use grip_register::{Content, Edit, ObjectId, RegisterError};

pub use cycle::{CycleStep, Moment, MomentKind, Step};
pub use decision::{Body, Decision, DecisionKind, Outcome};
pub use dialogue::{Conversation, Dilemma, Place, Position, Talk};
pub use dossier::{Dossier, Entry, change, create, gemeenten, history, withdrawn};
pub use follow_up::{
    Asked, BudgetAmendment, BudgetChange, Cover, DecidedMoney, budget_changes, chains, decided_money, follow_up,
    is_asked,
};
pub use goal::{Better, Goal, GoalLevel, Target, Theme};
pub use good_enough::{Answered, Outcome as QualityOutcome, QualityRow, answered, qualities};
pub use kind::{Field, GEMEENTE, Kind, Object, Rules, Said, Texts};
pub use lookup::{Snippet, changed};
pub use measure::{Knob, Led, Measure, MeasureKind, MeasureStatus};
pub use needs::{Topic, needs};
pub use plan::{
    Amounts, Bar, Capacity, Change, Conflict, Cost, Effect, FundingSum, Load, Moved, Odd, Overdue, OverdueWhat,
    Overload, Plan, PlanNode, RiskSum, Schedule, SumCheck, SumOf,
};
pub use programme::{
    Funding, FundingKind, ItemLevel, ItemStatus, PlanItem, Priority, Programme, ProgrammeRole, Risk, Speed,
};
pub use quality::{CareQuality, Intervention, ProviderAnswers, Quality, Recognition};
pub use reasoning::{Contradiction, Reasoning, reasoning};
pub use round::{Calendar, Due, Round, StepState, calendar, rounds, step_state};
pub use saving::{
    Ahead, CumulativeMonth, ExpectedMonth, MeasureGap, Published, Purses, Totals, ahead, counted, cumulative, expected,
    expected_between, measure_gaps, published, published_apart, published_purses, purses, totals, touches,
};
pub use stance::{Stance, stances};
pub use standing::{Because, Favours, Standing, TargetStatus, favours, next_target, standing};
pub use supervision::{Reserve, ReserveYear, YearResult, reserve_on, reserve_path};
pub use theory::{Evidence, Layer, Sign, TheoryLink, TheoryPart};
pub use tree::{Gap, GoalRow, GoalTree, Missing, StatusCounts, gaps, goal_tree, roll_up};
pub use value::{Choice, Filters, IndicatorId, Input, Line, Many, Name, Number, One, Text, Value, Year, YearValues};

/// Makes the list of all kinds, and what is done with one that is known by name only.
macro_rules! kinds {
    ($($type:ident,)+) => {
        /// All kinds, in the order in which a municipality would fill them in.
        pub fn kinds() -> impl Iterator<Item = &'static Kind> {
            [$(<$type as Object>::kind(),)+].into_iter()
        }

        /// Everything that must be filled in otherwise.
        pub fn faults(kind: &Kind, texts: &Texts) -> Vec<grip_register::Fault> {
            $(if kind.name == <$type as Content>::KIND {
                return match <$type as Object>::read(texts) {
                    Ok(object) => object.faults(),
                    Err(faults) => faults,
                };
            })+
            Vec::new()
        }

        async fn create_of_kind(edit: &mut Edit, kind: &Kind, texts: &Texts) -> Result<ObjectId, RegisterError> {
            $(if kind.name == <$type as Content>::KIND {
                let object = <$type as Object>::read(texts).map_err(RegisterError::Invalid)?;
                return edit.create(&object).await;
            })+
            unreachable!("every kind is in the list")
        }

        async fn change_of_kind(
            edit: &mut Edit,
            id: ObjectId,
            expected: i64,
            kind: &Kind,
            texts: &Texts,
        ) -> Result<i64, RegisterError> {
            $(if kind.name == <$type as Content>::KIND {
                let object = <$type as Object>::read(texts).map_err(RegisterError::Invalid)?;
                return edit.change(id, expected, &object).await;
            })+
            unreachable!("every kind is in the list")
        }
    };
}

kinds! {
    Theme, Goal, Target, TheoryPart, TheoryLink, CycleStep, Moment, Measure, Programme, PlanItem, Funding, Risk, ProgrammeRole,
    Decision, CareQuality, Intervention, ProviderAnswers, Position, Conversation, Reserve,
}

/// A kind by its name in the register and in addresses.
pub fn kind_named(name: &str) -> Option<&'static Kind> {
    kinds().find(|kind| kind.name == name)
}
