//! Where the policy of a theme is in its cycle, and what is due when.

use grip_register::{ObjectId, Version};
use grip_types::Date;

use crate::{CycleStep, Decision, Moment, Object, Outcome, Step, Theme, follow_up};

/// How far a step of the policy cycle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepState {
    /// It is past its day.
    Overdue,
    /// It has begun.
    Busy,
    /// It is to come.
    Planned,
    /// It is done.
    Done,
    /// Nothing is said of it.
    Missing,
}

/// How far a step is on a day. What is done later than that day is not done on it.
pub fn step_state(step: &CycleStep, day: Date) -> StepState {
    if step.done.is_some_and(|done| done <= day) {
        StepState::Done
    } else if step.due.is_some_and(|due| due < day) {
        StepState::Overdue
    } else if step.begin.is_some_and(|begin| begin <= day) {
        StepState::Busy
    } else {
        StepState::Planned
    }
}

/// The cycle of a theme on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The theme.
    pub theme: ObjectId,
    /// The five steps in order, each with its most pressing state and all that is written of it: what is overdue first, then what is
    /// under way, to come and done.
    pub steps: Vec<(Step, StepState, Vec<ObjectId>)>,
    /// Where it is: the first step that is overdue or under way; else the one after what was done last; nothing when nothing was.
    pub now: Option<Step>,
    /// What was learnt or changed.
    pub lessons: Vec<ObjectId>,
    /// Evaluations that are done, of which no lesson is written.
    pub without_lesson: Vec<ObjectId>,
    /// Lessons of which is not written what changed because of them.
    pub without_change: Vec<ObjectId>,
}

/// The cycle of every theme on a day, in the order of the themes.
pub fn rounds(themes: &[Version<Theme>], steps: &[Version<CycleStep>], day: Date) -> Vec<Round> {
    themes.iter().map(|theme| round(theme.id, steps, day)).collect()
}

fn round(theme: ObjectId, steps: &[Version<CycleStep>], day: Date) -> Round {
    let own: Vec<&Version<CycleStep>> = steps.iter().filter(|step| step.content.theme.0 == theme).collect();
    let of_step = |step: Step| {
        let mut items: Vec<(StepState, Option<Date>, ObjectId)> = own
            .iter()
            .filter(|version| version.content.step == step)
            .map(|version| (step_state(&version.content, day), version.content.due, version.id))
            .collect();
        items.sort_unstable();
        let state = items.first().map_or(StepState::Missing, |(state, ..)| *state);
        (step, state, items.into_iter().map(|(.., id)| id).collect())
    };
    let found: Vec<(Step, StepState, Vec<ObjectId>)> = Step::ALL.iter().copied().map(of_step).collect();
    let open = found.iter().find(|(_, state, _)| matches!(state, StepState::Overdue | StepState::Busy));
    let last_done = own
        .iter()
        .filter(|version| step_state(&version.content, day) == StepState::Done)
        .max_by_key(|version| (version.content.done, version.content.step));
    let now = open.map(|(step, ..)| *step).or_else(|| last_done.map(|version| after(version.content.step)));
    let ids = |is_it: &dyn Fn(&CycleStep) -> bool| {
        own.iter().filter(|version| is_it(&version.content)).map(|version| version.id).collect()
    };
    let is_done = |step: &CycleStep| step_state(step, day) == StepState::Done;
    Round {
        theme,
        now,
        lessons: ids(&|step| !step.learnt.0.is_empty() || !step.changed.0.is_empty()),
        without_lesson: ids(&|step| step.step == Step::Evaluation && is_done(step) && step.learnt.0.is_empty()),
        without_change: ids(&|step| !step.learnt.0.is_empty() && step.changed.0.is_empty()),
        steps: found,
    }
}

/// The step that follows; after the last the first.
fn after(step: Step) -> Step {
    let at = Step::ALL.iter().position(|one| *one == step).unwrap_or_default();
    Step::ALL[(at + 1) % Step::ALL.len()]
}

/// Something with a day in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// The kind of the object.
    pub kind: &'static str,
    /// The object.
    pub id: ObjectId,
    /// Whether it is done or answered.
    pub is_done: bool,
    /// Whether it is not done and its day is past.
    pub is_overdue: bool,
}

/// What is due when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What is overdue, the longest first.
    pub overdue: Vec<Due>,
    /// What comes from the day on, the first first.
    pub ahead: Vec<Due>,
    /// What has been and is not overdue, the last first.
    pub past: Vec<Due>,
}

/// The calendar on a day: moments, steps of policy cycles with a day on which they must be done, and decisions that wait for an answer
/// by a day. What was asked is answered as [`follow_up`] says; a decision that asks nothing is done when it is no longer open. What
/// lies after the day is not done yet.
pub fn calendar(
    moments: &[Version<Moment>],
    steps: &[Version<CycleStep>],
    decisions: &[Version<Decision>],
    day: Date,
) -> Calendar {
    let due = |date: Date, kind, id, is_done: bool| Due { date, kind, id, is_done, is_overdue: !is_done && date < day };
    let asked = follow_up(decisions, day);
    let of_moments = moments.iter().map(|moment| {
        let Moment { date, done, .. } = moment.content;
        due(date, Moment::kind().name, moment.id, done && date <= day)
    });
    let of_steps = steps.iter().filter_map(|step| {
        let is_done = step_state(&step.content, day) == StepState::Done;
        Some(due(step.content.due?, CycleStep::kind().name, step.id, is_done))
    });
    let of_decisions = decisions.iter().filter_map(|decision| {
        let is_done = match asked.get(&decision.id) {
            Some(state) => !state.is_open(),
            None => decision.content.outcome != Outcome::Open && decision.content.date <= day,
        };
        Some(due(decision.content.due?, Decision::kind().name, decision.id, is_done))
    });
    let mut all: Vec<Due> = of_moments.chain(of_steps).chain(of_decisions).collect();
    all.sort_unstable();
    let (overdue, others): (Vec<Due>, Vec<Due>) = all.into_iter().partition(|one| one.is_overdue);
    let (ahead, mut past): (Vec<Due>, Vec<Due>) = others.into_iter().partition(|one| one.date >= day);
    past.reverse();
    Calendar { overdue, ahead, past }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{id, object};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn step(number: u128, step: &str, [begin, due, done]: [&str; 3], more: &[(&str, &str)]) -> Version<CycleStep> {
        let theme = id(1).to_string();
        let own = [("theme", theme.as_str()), ("step", step), ("begin", begin), ("due", due), ("done", done)];
        let fields: Vec<(&str, &str)> = own.iter().chain(more).copied().collect();
        object(number, &fields)
    }

    #[test]
    fn a_step_is_as_far_as_its_days_say() {
        let state = |days| step_state(&step(2, "besluit", days, &[]).content, day("2025-06-30"));
        assert_eq!(state(["2025-01-01", "2025-06-30", ""]), StepState::Busy);
        assert_eq!(state(["2025-01-01", "2025-06-29", ""]), StepState::Overdue);
        assert_eq!(state(["2025-01-01", "2025-03-01", "2025-06-30"]), StepState::Done);
        assert_eq!(state(["2025-01-01", "2025-08-01", "2025-07-01"]), StepState::Busy);
        assert_eq!(state(["2025-07-01", "", ""]), StepState::Planned);
        assert_eq!(state(["", "", ""]), StepState::Planned);
    }

    #[test]
    fn a_theme_is_where_its_first_open_step_is() {
        let themes = [object::<Theme>(1, &[])];
        let learnt = [("learnt", "Eerder beginnen.")];
        let steps = [
            step(2, "visie", ["", "", "2024-01-31"], &[]),
            step(3, "inrichting", ["2024-02-01", "2024-12-31", ""], &[]),
            step(4, "inrichting", ["", "", "2024-05-01"], &[]),
            step(5, "uitvoering", ["2024-06-01", "", ""], &[]),
            step(6, "evaluatie", ["", "", "2023-12-01"], &learnt),
            step(7, "evaluatie", ["", "", "2024-12-01"], &[]),
        ];
        let found = rounds(&themes, &steps, day("2025-06-30")).remove(0);
        let states: Vec<StepState> = found.steps.iter().map(|(_, state, _)| *state).collect();
        use StepState::{Busy, Done, Missing, Overdue};
        assert_eq!(states, [Done, Overdue, Missing, Busy, Done]);
        assert_eq!(found.steps[1].2, [id(3), id(4)]);
        assert_eq!(found.now, Some(Step::Design));
        assert_eq!(
            (found.lessons, found.without_lesson, found.without_change),
            (vec![id(6)], vec![id(7)], vec![id(6)])
        );
    }

    #[test]
    fn without_an_open_step_it_is_after_what_was_done_last() {
        let themes = [object::<Theme>(1, &[])];
        let now = |steps: &[Version<CycleStep>]| rounds(&themes, steps, day("2025-06-30"))[0].now;
        let done = |number, name, on| step(number, name, ["", "", on], &[]);
        assert_eq!(now(&[done(2, "visie", "2024-01-01"), done(3, "evaluatie", "2025-01-01")]), Some(Step::Vision));
        assert_eq!(now(&[done(2, "besluit", "2024-01-01")]), Some(Step::Execution));
        assert_eq!(now(&[]), None);
        assert_eq!(now(&[done(2, "besluit", "2025-07-01")]), None);
    }

    #[test]
    fn what_is_overdue_comes_first_and_an_answer_ends_it() {
        let moment = |number, date, done| object::<Moment>(number, &[("date", date), ("done", done)]);
        let question =
            |number, due| object::<Decision>(number, &[("date", "2025-01-01"), ("due", due), ("sort", "vraag")]);
        let answer =
            object::<Decision>(9, &[("date", "2025-06-01"), ("answers", &id(5).to_string()), ("outcome", "afgedaan")]);
        let moments = [moment(2, "2025-05-31", ""), moment(3, "2025-05-01", "ja"), moment(4, "2025-09-30", "")];
        let decisions = [question(5, "2025-04-01"), question(6, "2025-03-15"), answer];
        let steps = [step(7, "besluit", ["", "2025-07-01", ""], &[])];
        let found = calendar(&moments, &steps, &decisions, day("2025-06-30"));
        let overdue: Vec<ObjectId> = found.overdue.iter().map(|due| due.id).collect();
        assert_eq!(overdue, [id(6), id(2)]);
        let ids = |dues: &[Due]| dues.iter().map(|due| due.id).collect::<Vec<_>>();
        assert_eq!((ids(&found.ahead), ids(&found.past)), (vec![id(7), id(4)], vec![id(3), id(5)]));
        // What is done on a later day is not done yet, and neither is what is decided later.
        let proposal = [("date", "2025-06-20"), ("due", "2025-07-01"), ("sort", "voorstel"), ("outcome", "aangenomen")];
        let is_done = |on: &str| {
            let found = calendar(&moments[1..2], &[], &[object::<Decision>(10, &proposal)], day(on));
            let mut found = [found.overdue, found.ahead, found.past].concat();
            found.sort_unstable();
            found.iter().map(|due| due.is_done).collect::<Vec<_>>()
        };
        assert_eq!(is_done("2025-04-30"), [false, false]);
        assert_eq!(is_done("2025-05-01"), [true, false]);
        assert_eq!(is_done("2025-06-20"), [true, true]);
        // Before the answer the question was overdue.
        let earlier = calendar(&moments, &steps, &decisions, day("2025-05-15"));
        assert!(earlier.overdue.iter().any(|due| due.id == id(5)));
    }
}
