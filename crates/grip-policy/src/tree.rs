//! The tree of goals: what stands below what, what is missing in it, and how far it is.

use std::collections::{BTreeMap, BTreeSet};

use grip_register::{ObjectId, Version};

use crate::{Goal, GoalLevel, Measure, MeasureStatus, Object, Standing, Target, TargetStatus};

/// The tree of goals, in the order of reading: a goal stands right before those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalTree {
    /// Every goal once.
    pub rows: Vec<GoalRow>,
    /// Goals that would stand below themselves: they stand at the top instead.
    pub cut: Vec<ObjectId>,
    /// Goals that are no vision and stand below nothing.
    pub orphans: Vec<ObjectId>,
}

/// Where a goal stands in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoalRow {
    /// The goal.
    pub id: ObjectId,
    /// How many stand above it.
    pub depth: usize,
    /// The one right above it.
    pub parent: Option<ObjectId>,
}

/// Puts goals in a tree. Those beside each other keep their order. Of goals that stand below each other in a circle, the one that was
/// made first goes to the top; a goal below one that is not there does so too.
pub fn goal_tree(goals: &[Version<Goal>]) -> GoalTree {
    let there: BTreeSet<ObjectId> = goals.iter().map(|goal| goal.id).collect();
    let mut parents: BTreeMap<ObjectId, ObjectId> = goals
        .iter()
        .filter_map(|goal| Some((goal.id, goal.content.parent?.0)))
        .filter(|(_, parent)| there.contains(parent))
        .collect();
    let cut = first_of_circles(&there, &parents);
    for id in &cut {
        parents.remove(id);
    }
    let mut below: BTreeMap<Option<ObjectId>, Vec<ObjectId>> = BTreeMap::new();
    for goal in goals {
        below.entry(parents.get(&goal.id).copied()).or_default().push(goal.id);
    }
    let mut rows = Vec::new();
    let on_top = below.get(&None).into_iter().flatten().rev();
    let mut waiting: Vec<GoalRow> = on_top.map(|id| GoalRow { id: *id, depth: 0, parent: None }).collect();
    while let Some(row) = waiting.pop() {
        let children = below.get(&Some(row.id)).into_iter().flatten().rev();
        waiting.extend(children.map(|id| GoalRow { id: *id, depth: row.depth + 1, parent: Some(row.id) }));
        rows.push(row);
    }
    let is_orphan = |goal: &&Version<Goal>| {
        let is_free = !parents.contains_key(&goal.id) && !cut.contains(&goal.id);
        is_free && goal.content.level != GoalLevel::Vision
    };
    let orphans = goals.iter().filter(is_orphan).map(|goal| goal.id).collect();
    GoalTree { rows, cut, orphans }
}

/// Of every circle the one that was made first.
fn first_of_circles(there: &BTreeSet<ObjectId>, parents: &BTreeMap<ObjectId, ObjectId>) -> Vec<ObjectId> {
    let mut known: BTreeSet<ObjectId> = BTreeSet::new();
    let mut firsts = Vec::new();
    for id in there {
        let mut way: Vec<ObjectId> = Vec::new();
        let mut at = Some(*id);
        while let Some(here) = at.filter(|here| !known.contains(here)) {
            known.insert(here);
            way.push(here);
            at = parents.get(&here).copied();
        }
        // What was met on this very way, and not on an earlier one, closes a circle.
        if let Some(begin) = at.and_then(|here| way.iter().position(|on_way| *on_way == here)) {
            firsts.extend(way[begin..].iter().min());
        }
    }
    firsts.sort_unstable();
    firsts
}

impl GoalTree {
    /// A goal and all that stand below it, itself first.
    pub fn with_below(&self, id: ObjectId) -> impl Iterator<Item = ObjectId> {
        let begin = self.rows.iter().position(|row| row.id == id).unwrap_or(self.rows.len());
        let depth = self.rows.get(begin).map_or(0, |row| row.depth);
        let below = self.rows.iter().skip(begin + 1).take_while(move |row| row.depth > depth);
        self.rows.get(begin).into_iter().chain(below).map(|row| row.id)
    }
}

/// How many targets stand how. Counts, never an average: a target that is reached does not make up for one that is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatusCounts {
    /// Reached.
    pub reached: usize,
    /// On the line to the next target, or better.
    pub on_track: usize,
    /// Behind that line.
    pub behind: usize,
    /// Not yet to be told.
    pub not_yet: usize,
    /// Without information.
    pub unknown: usize,
}

impl StatusCounts {
    /// All together.
    pub fn total(&self) -> usize {
        self.reached + self.on_track + self.behind + self.not_yet + self.unknown
    }

    /// With one more.
    pub fn count(&mut self, status: TargetStatus) {
        match status {
            TargetStatus::Reached => self.reached += 1,
            TargetStatus::OnTrack => self.on_track += 1,
            TargetStatus::Behind => self.behind += 1,
            TargetStatus::NotYetToBeTold => self.not_yet += 1,
            TargetStatus::NoInformation => self.unknown += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.reached += other.reached;
        self.on_track += other.on_track;
        self.behind += other.behind;
        self.not_yet += other.not_yet;
        self.unknown += other.unknown;
    }
}

/// For every goal how its own targets and those of all goals below it stand.
pub fn roll_up(
    tree: &GoalTree,
    targets: &[Version<Target>],
    standings: &BTreeMap<ObjectId, Standing>,
) -> BTreeMap<ObjectId, StatusCounts> {
    let mut counts: BTreeMap<ObjectId, StatusCounts> =
        tree.rows.iter().map(|row| (row.id, StatusCounts::default())).collect();
    for target in targets {
        let status = standings.get(&target.id).map_or(TargetStatus::NoInformation, |standing| standing.status);
        if let Some(own) = counts.get_mut(&target.content.goal.0) {
            own.count(status);
        }
    }
    // Those below come after: from the end every goal is complete before it is added to the one above it.
    for row in tree.rows.iter().rev() {
        let own = counts.get(&row.id).copied().unwrap_or_default();
        if let Some(above) = row.parent.and_then(|parent| counts.get_mut(&parent)) {
            above.add(own);
        }
    }
    counts
}

/// What is missing between vision, goals, figures and measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A goal, no vision, that nothing tells the state of.
    GoalWithoutTarget,
    /// A target without indicator of which nobody will make the information.
    NobodyMakesIt,
    /// A target without indicator: the information is not available yet.
    NotAvailableYet,
    /// An indicator, and no value that is wanted.
    IndicatorWithoutTargets,
    /// A target that nobody monitors.
    TargetWithoutOwner,
    /// A target of a goal that is withdrawn.
    TargetWithoutGoal,
    /// A goal that nobody answers for.
    GoalWithoutOwner,
    /// A goal for which, and for all goals below it, nothing is done.
    GoalWithoutMeasure,
    /// Something that is done for no goal.
    MeasureWithoutGoal,
    /// A goal that is no vision and stands below nothing.
    GoalWithoutParent,
    /// A goal that stands below itself.
    GoalInCircle,
    /// A goal below one that is nearer to the work than itself.
    GoalAboveItsLevel,
}

impl Gap {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::GoalWithoutTarget,
        Self::NobodyMakesIt,
        Self::NotAvailableYet,
        Self::IndicatorWithoutTargets,
        Self::TargetWithoutOwner,
        Self::TargetWithoutGoal,
        Self::GoalWithoutOwner,
        Self::GoalWithoutMeasure,
        Self::MeasureWithoutGoal,
        Self::GoalWithoutParent,
        Self::GoalInCircle,
        Self::GoalAboveItsLevel,
    ];
}

/// A gap, and the object it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What is missing.
    pub gap: Gap,
    /// The kind of the object.
    pub kind: &'static str,
    /// The object.
    pub id: ObjectId,
}

/// All that is missing, in the order of [`Gap::ALL`].
///
/// A vision needs no target. A goal is served by a measure that names it or a goal below it, and is not stopped.
pub fn gaps(
    tree: &GoalTree,
    goals: &[Version<Goal>],
    targets: &[Version<Target>],
    measures: &[Version<Measure>],
) -> Vec<Missing> {
    let mut found = Vec::new();
    goal_gaps(tree, goals, targets, measures, &mut |gap, id| {
        found.push(Missing { gap, kind: Goal::kind().name, id });
    });
    let there: BTreeSet<ObjectId> = goals.iter().map(|goal| goal.id).collect();
    for target in targets {
        let it = &target.content;
        let has_indicator = it.indicator.is_some();
        let broken = [
            (Gap::NobodyMakesIt, !has_indicator && it.missing.0.is_empty()),
            (Gap::NotAvailableYet, !has_indicator && !it.missing.0.is_empty()),
            (Gap::IndicatorWithoutTargets, has_indicator && it.targets.0.is_empty()),
            (Gap::TargetWithoutOwner, it.owner.0.is_empty()),
            (Gap::TargetWithoutGoal, !there.contains(&it.goal.0)),
        ];
        let broken = broken.into_iter().filter(|(_, is_broken)| *is_broken);
        found.extend(broken.map(|(gap, _)| Missing { gap, kind: Target::kind().name, id: target.id }));
    }
    for measure in measures.iter().filter(|measure| measure.content.status != MeasureStatus::Stopped) {
        if !measure.content.goals.0.iter().any(|goal| there.contains(goal)) {
            found.push(Missing { gap: Gap::MeasureWithoutGoal, kind: Measure::kind().name, id: measure.id });
        }
    }
    found.sort_unstable();
    found
}

fn goal_gaps(
    tree: &GoalTree,
    goals: &[Version<Goal>],
    targets: &[Version<Target>],
    measures: &[Version<Measure>],
    find: &mut impl FnMut(Gap, ObjectId),
) {
    let levels: BTreeMap<ObjectId, GoalLevel> = goals.iter().map(|goal| (goal.id, goal.content.level)).collect();
    let measured: BTreeSet<ObjectId> = targets.iter().map(|target| target.content.goal.0).collect();
    let served: BTreeSet<ObjectId> = measures
        .iter()
        .filter(|measure| measure.content.status != MeasureStatus::Stopped)
        .flat_map(|measure| measure.content.goals.0.iter().copied())
        .collect();
    for goal in goals {
        let it = &goal.content;
        let above = tree.rows.iter().find(|row| row.id == goal.id).and_then(|row| row.parent);
        let broken = [
            (Gap::GoalWithoutTarget, it.level != GoalLevel::Vision && !measured.contains(&goal.id)),
            (Gap::GoalWithoutOwner, it.owner.0.is_empty()),
            (Gap::GoalWithoutMeasure, !tree.with_below(goal.id).any(|id| served.contains(&id))),
            (Gap::GoalWithoutParent, tree.orphans.contains(&goal.id)),
            (Gap::GoalInCircle, tree.cut.contains(&goal.id)),
            (Gap::GoalAboveItsLevel, above.and_then(|above| levels.get(&above)).is_some_and(|above| *above > it.level)),
        ];
        for (gap, _) in broken.into_iter().filter(|(_, is_broken)| *is_broken) {
            find(gap, goal.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Line, Number, One, YearValues, samples};

    fn goal(number: u128, level: GoalLevel, parent: Option<u128>) -> Version<Goal> {
        let mut goal = samples::goal(number, level);
        goal.content.parent = parent.map(|parent| One::new(samples::id(parent)));
        goal
    }

    fn shown(tree: &GoalTree) -> Vec<(String, usize)> {
        tree.rows.iter().map(|row| (row.id.to_string(), row.depth)).collect()
    }

    fn places(places: &[(u128, usize)]) -> Vec<(String, usize)> {
        places.iter().map(|(number, depth)| (samples::id(*number).to_string(), *depth)).collect()
    }

    #[test]
    fn goals_stand_right_before_those_below_them() {
        use GoalLevel::{Operational, Strategic, Tactical, Vision};
        let goals = [
            goal(1, Vision, None),
            goal(2, Strategic, Some(1)),
            goal(3, Strategic, Some(1)),
            goal(4, Tactical, Some(2)),
            goal(5, Operational, Some(99)),
        ];
        let tree = goal_tree(&goals);
        assert_eq!(shown(&tree), places(&[(1, 0), (2, 1), (4, 2), (3, 1), (5, 0)]));
        assert_eq!(tree.orphans, [samples::id(5)]);
        assert!(tree.cut.is_empty());
        let below: Vec<ObjectId> = tree.with_below(samples::id(2)).collect();
        assert_eq!(below, [samples::id(2), samples::id(4)]);
        assert_eq!(tree.with_below(samples::id(77)).count(), 0);
    }

    #[test]
    fn a_circle_is_cut_at_the_goal_that_was_made_first() {
        use GoalLevel::Tactical;
        let goals = [
            goal(9, Tactical, Some(3)),
            goal(5, Tactical, Some(9)),
            goal(3, Tactical, Some(5)),
            goal(4, Tactical, Some(9)),
        ];
        let tree = goal_tree(&goals);
        assert_eq!(tree.cut, [samples::id(3)]);
        assert_eq!(shown(&tree), places(&[(3, 0), (9, 1), (5, 2), (4, 2)]));
        assert!(tree.orphans.is_empty(), "what is cut is said once");
    }

    #[test]
    fn every_gap_is_found_where_it_is() {
        let mut vision = goal(1, GoalLevel::Vision, None);
        vision.content.owner = Line("wethouder".to_owned());
        // Without parent, target, owner and measure.
        let lost = goal(2, GoalLevel::Operational, None);
        // Served by a measure, measured, below a goal nearer to the work.
        let mut odd = goal(3, GoalLevel::Strategic, Some(2));
        odd.content.owner = Line("beleidsadviseur".to_owned());
        let mut target = samples::target(11, 3);
        target.content.owner = Line("controller".to_owned());
        target.content.targets = YearValues([(2026, 5.0)].into());
        let mut bare = samples::target(12, 3);
        bare.content.indicator = None;
        let mut promised = samples::target(13, 50);
        promised.content.indicator = None;
        promised.content.missing = Line("databeheer, 2027".to_owned());
        promised.content.owner = Line("controller".to_owned());
        let mut serving = samples::measure(21);
        serving.content.goals = crate::Many::new(vec![samples::id(3)]);
        let idle = samples::measure(22);
        let mut stopped = samples::measure(23);
        stopped.content.status = MeasureStatus::Stopped;

        let goals = [vision, lost, odd];
        let tree = goal_tree(&goals);
        let found = gaps(&tree, &goals, &[target, bare, promised], &[serving, idle, stopped]);
        let found: Vec<(Gap, ObjectId)> = found.iter().map(|missing| (missing.gap, missing.id)).collect();
        let expected = [
            (Gap::GoalWithoutTarget, 2),
            (Gap::NobodyMakesIt, 12),
            (Gap::NotAvailableYet, 13),
            (Gap::TargetWithoutOwner, 12),
            (Gap::TargetWithoutGoal, 13),
            (Gap::GoalWithoutOwner, 2),
            (Gap::GoalWithoutMeasure, 1),
            (Gap::MeasureWithoutGoal, 22),
            (Gap::GoalWithoutParent, 2),
            (Gap::GoalAboveItsLevel, 3),
        ];
        assert_eq!(found, expected.map(|(gap, number)| (gap, samples::id(number))));
    }

    #[test]
    fn an_indicator_without_values_is_a_gap() {
        let goals = [goal(1, GoalLevel::Vision, None)];
        let mut target = samples::target(2, 1);
        target.content.start_value = Some(Number(3.0));
        let found = gaps(&goal_tree(&goals), &goals, &[target], &[]);
        assert!(found.iter().any(|missing| missing.gap == Gap::IndicatorWithoutTargets), "{found:?}");
    }

    #[test]
    fn counts_go_up_the_tree() {
        let goals = [
            goal(1, GoalLevel::Vision, None),
            goal(2, GoalLevel::Strategic, Some(1)),
            goal(3, GoalLevel::Tactical, Some(2)),
        ];
        let targets = [samples::target(11, 2), samples::target(12, 3), samples::target(13, 3)];
        let standing = |status| Standing { status, ..Standing::unknown() };
        let standings = BTreeMap::from([
            (samples::id(11), standing(TargetStatus::Reached)),
            (samples::id(12), standing(TargetStatus::Behind)),
        ]);
        let counts = roll_up(&goal_tree(&goals), &targets, &standings);
        let expected = StatusCounts { reached: 1, behind: 1, unknown: 1, ..StatusCounts::default() };
        assert_eq!(counts[&samples::id(1)], expected);
        assert_eq!(counts[&samples::id(2)], expected);
        assert_eq!(counts[&samples::id(3)], StatusCounts { behind: 1, unknown: 1, ..StatusCounts::default() });
    }

    proptest! {
        #[test]
        fn whatever_stands_below_what_every_goal_is_shown_once_and_every_target_counts_once(
            parents in prop::collection::vec(prop::option::of(0_u128..12), 0..12),
            of in prop::collection::vec(0_u128..12, 0..20),
        ) {
            let goals: Vec<Version<Goal>> = parents
                .iter()
                .zip(0_u128..)
                .map(|(parent, number)| goal(number, GoalLevel::Tactical, *parent))
                .collect();
            let tree = goal_tree(&goals);
            let shown: BTreeSet<ObjectId> = tree.rows.iter().map(|row| row.id).collect();
            prop_assert_eq!(tree.rows.len(), goals.len());
            prop_assert_eq!(shown.len(), goals.len());
            for (at, row) in tree.rows.iter().enumerate() {
                let above = tree.rows[..at].iter().rev().find(|earlier| earlier.depth + 1 == row.depth);
                prop_assert_eq!(above.map(|above| above.id).filter(|_| row.depth > 0), row.parent);
            }
            let targets: Vec<Version<Target>> =
                of.iter().zip(100_u128..).map(|(goal, number)| samples::target(number, *goal)).collect();
            let counts = roll_up(&tree, &targets, &BTreeMap::new());
            let tops: usize = tree.rows.iter().filter(|row| row.depth == 0).map(|row| counts[&row.id].total()).sum();
            let there = targets.iter().filter(|target| shown.contains(&target.content.goal.0)).count();
            prop_assert_eq!(tops, there);
        }
    }
}
