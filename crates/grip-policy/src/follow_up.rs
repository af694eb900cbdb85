//! What became of what was asked: answered by what, in time or not, and which decisions belong together.

use std::collections::BTreeMap;

use grip_register::{ObjectId, Version};
use grip_types::{Bedrag, Date};

use crate::{Decision, DecisionKind, Outcome, plan::days, sums::sum};

/// How far something that was asked is, on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Something answers it.
    Answered {
        /// What does, the first first.
        by: Vec<ObjectId>,
        /// When it was first answered.
        on: Date,
        /// Days after it was due; negative when it was in time, nothing when it was never due.
        late: Option<i64>,
    },
    /// It was done, by its own outcome; no object says by what or when.
    Settled,
    /// It waits for an answer.
    Open {
        /// Days after it was due; zero or less when it is not due yet, nothing when it is never due.
        overdue: Option<i64>,
    },
    /// It was rejected or withdrawn: it asks nothing any more.
    Dropped,
}

impl Asked {
    /// Whether it waits longer than it should.
    pub fn is_overdue(&self) -> bool {
        matches!(self, Self::Open { overdue: Some(days) } if *days > 0)
    }

    /// Whether it waits.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

/// Whether something asks for an answer: a question, motion, assignment or promise.
pub fn is_asked(decision: &Decision) -> bool {
    match decision.sort {
        DecisionKind::Question | DecisionKind::Motion | DecisionKind::Assignment | DecisionKind::Promise => true,
        DecisionKind::Decision | DecisionKind::Proposal | DecisionKind::Amendment => false,
    }
}

/// How far everything is that was asked by a day, by the object that asks it. An answer of after that day does not
/// count yet, nor
/// one that was withdrawn.
pub fn follow_up(decisions: &[Version<Decision>], day: Date) -> BTreeMap<ObjectId, Asked> {
    let asked = decisions.iter().filter(|decision| is_asked(&decision.content) && decision.content.date <= day);
    asked.map(|asked| (asked.id, state(asked, decisions, day))).collect()
}

fn state(asked: &Version<Decision>, decisions: &[Version<Decision>], day: Date) -> Asked {
    let Decision { outcome, due, .. } = &asked.content;
    if matches!(outcome, Outcome::Rejected | Outcome::Dropped) {
        return Asked::Dropped;
    }
    let counts = |answer: &&Version<Decision>| {
        let Decision { answers, outcome, date, .. } = &answer.content;
        let is_there = *outcome != Outcome::Dropped && *date <= day;
        answer.id != asked.id && can_answer(&answer.content) && answers.contains(asked.id) && is_there
    };
    let mut by: Vec<(Date, ObjectId)> =
        decisions.iter().filter(counts).map(|answer| (answer.content.date, answer.id)).collect();
    by.sort_unstable();
    match by.first() {
        Some((on, _)) => {
            let late = due.map(|due| days(due, *on));
            Asked::Answered { on: *on, late, by: by.iter().map(|(_, id)| *id).collect() }
        }
        None if *outcome == Outcome::Settled => Asked::Settled,
        None => Asked::Open { overdue: due.map(|due| days(due, day)) },
    }
}

/// Whether something can be the answer to what was asked: a decision, a proposal or a promise. What changes a proposal or asks
/// itself only belongs to it.
fn can_answer(decision: &Decision) -> bool {
    match decision.sort {
        DecisionKind::Decision | DecisionKind::Proposal | DecisionKind::Promise => true,
        DecisionKind::Amendment | DecisionKind::Motion | DecisionKind::Assignment | DecisionKind::Question => false,
    }
}

/// Decisions that answer each other, at once or by way of others: an assignment, the amendment, the proposal, the
/// decision.
/// Each chain by day, the chains by their first day; what stands by itself is in none.
pub fn chains(decisions: &[Version<Decision>]) -> Vec<Vec<ObjectId>> {
    let places: BTreeMap<ObjectId, usize> = decisions.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); decisions.len()];
    for (at, decision) in decisions.iter().enumerate() {
        for other in decision.content.answers.0.iter().filter_map(|id| places.get(id)) {
            next[at].push(*other);
            next[*other].push(at);
        }
    }
    let mut seen = vec![false; decisions.len()];
    let mut chains: Vec<Vec<(Date, ObjectId)>> = Vec::new();
    for start in 0..decisions.len() {
        let mut open = vec![start];
        let mut chain = Vec::new();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                chain.push((decisions[at].content.date, decisions[at].id));
                open.extend(&next[at]);
            }
        }
        chain.sort_unstable();
        if chain.len() > 1 {
            chains.push(chain);
        }
    }
    chains.sort();
    chains.into_iter().map(|chain| chain.into_iter().map(|(_, id)| id).collect()).collect()
}

/// Money that was decided about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecidedMoney {
    /// What decisions that were taken come to.
    pub decided: Bedrag,
    /// The same by what it is paid from; last what nobody said the cover of.
    pub covers: Vec<Cover>,
    /// Decisions with an amount that were not taken yet.
    pub open: Vec<ObjectId>,
    /// Decisions that were taken, with an amount and without a budget amendment.
    pub without_budget_change: Vec<ObjectId>,
}

/// Money that is paid from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The source; empty when nobody said.
    pub name: String,
    /// How much.
    pub amount: Bedrag,
    /// The decisions.
    pub decisions: Vec<ObjectId>,
}

/// The money of decisions that were there on a day. Only decisions count: a motion, amendment or proposal has the amount of the
/// decision that follows it.
pub fn decided_money<'a>(decisions: impl IntoIterator<Item = &'a Version<Decision>>, day: Date) -> DecidedMoney {
    let mut money = DecidedMoney::default();
    let mut covers: BTreeMap<(bool, String), Cover> = BTreeMap::new();
    for version in decisions.into_iter().filter(|version| version.content.date <= day) {
        let decision = &version.content;
        let Some(amount) = decision.amount.filter(|_| decision.sort == DecisionKind::Decision) else { continue };
        match decision.outcome {
            Outcome::Rejected | Outcome::Dropped => continue,
            Outcome::Open => {
                money.open.push(version.id);
                continue;
            }
            Outcome::Adopted | Outcome::Settled => {}
        }
        if decision.budget_change.0.trim().is_empty() {
            money.without_budget_change.push(version.id);
        }
        money.decided = sum([money.decided, amount]);
        let name = decision.cover.0.trim();
        let cover = covers.entry((name.is_empty(), name.to_lowercase())).or_insert_with(|| Cover {
            name: name.to_owned(),
            amount: Bedrag::ZERO,
            decisions: Vec::new(),
        });
        cover.amount = sum([cover.amount, amount]);
        cover.decisions.push(version.id);
    }
    money.covers = covers.into_values().collect();
    money
}

/// An amendment of the budget, as it was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetAmendment {
    /// Its number.
    pub number: String,
    /// The year whose budget it changes.
    pub year: i16,
    /// When it was decided.
    pub date: Date,
    /// All its lines together.
    pub amount: Bedrag,
}

/// A number of an amendment beside the decisions that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetChange {
    /// The number.
    pub number: String,
    /// The year in which it was decided.
    pub year: i16,
    /// Decisions that name it.
    pub decisions: Vec<ObjectId>,
    /// What those are about together; nothing when none says an amount.
    pub decided: Option<Bedrag>,
    /// What it is in the budget; nothing when it was not imported.
    pub budgeted: Option<Bedrag>,
}

/// Decisions that were taken by a day beside the amendments of the budget with the number they name, decided in the same year.
pub fn budget_changes<'a>(
    decisions: impl IntoIterator<Item = &'a Version<Decision>>,
    amendments: &[BudgetAmendment],
    day: Date,
) -> Vec<BudgetChange> {
    let mut found: BTreeMap<(i16, String), BudgetChange> = BTreeMap::new();
    for amendment in amendments.iter().filter(|amendment| amendment.date <= day) {
        let change = numbered(&mut found, amendment.date.year(), &amendment.number);
        change.budgeted = Some(sum(change.budgeted.into_iter().chain([amendment.amount])));
    }
    let is_taken = |decision: &Decision| {
        decision.date <= day
            && decision.sort == DecisionKind::Decision
            && matches!(decision.outcome, Outcome::Adopted | Outcome::Settled)
            && !decision.budget_change.0.trim().is_empty()
    };
    for version in decisions.into_iter().filter(|version| is_taken(&version.content)) {
        let decision = &version.content;
        let change = numbered(&mut found, decision.date.year(), &decision.budget_change.0);
        change.decisions.push(version.id);
        if let Some(amount) = decision.amount {
            change.decided = Some(sum(change.decided.into_iter().chain([amount])));
        }
    }
    found.into_values().collect()
}

/// The change with a number, however its letters are written.
fn numbered<'m>(found: &'m mut BTreeMap<(i16, String), BudgetChange>, year: i16, number: &str) -> &'m mut BudgetChange {
    let number = number.trim();
    found.entry((year, number.to_lowercase())).or_insert_with(|| BudgetChange {
        number: number.to_owned(),
        year,
        decisions: Vec::new(),
        decided: None,
        budgeted: None,
    })
}
