//! What a change of a plan does: to what waits, to the end, to cost and to people.

use std::collections::{BTreeMap, BTreeSet};

use grip_register::ObjectId;
use grip_types::{Bedrag, Date, Maand};

use super::{Capacity, Change, Cost, Plan, Schedule, days};
use crate::ProgrammeRole;

/// A plan as it is and as it would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The plan after the changes: the same items in the same places, unless they were put elsewhere by their days.
    pub plan: Plan,
    /// When everything is done now, and then.
    pub schedules: (Schedule, Schedule),
    /// What it costs now, and then.
    pub costs: (Cost, Cost),
    /// Items that come at another time, of those without items below them that do.
    pub moved: Vec<Moved>,
    /// Items that go on and wait for what is left out.
    pub missing: Vec<ObjectId>,
    /// Days that the whole ends later; negative when it is earlier.
    pub later: Option<i64>,
    /// The cost of each year now, and then.
    pub years: BTreeMap<i16, (Bedrag, Bedrag)>,
    /// Months in which a function gets more than it has, and more too much than now.
    pub overloads: Vec<Overload>,
}

/// An item that comes at another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The item.
    pub item: ObjectId,
    /// Its first and last day now.
    pub from: (Date, Date),
    /// Its first and last day then.
    pub to: (Date, Date),
    /// Days that it ends later; negative when it is earlier.
    pub days: i64,
}

/// A month in which a function gets more than it has. Hours are in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overload {
    /// The function.
    pub function: String,
    /// The month.
    pub month: Maand,
    /// Hours too many now, and then.
    pub over: (i64, i64),
}

impl Plan {
    /// What changes would do.
    pub fn effect<'a>(&self, changes: &[Change], roles: impl IntoIterator<Item = &'a ProgrammeRole> + Clone) -> Effect {
        let plan = self.changed(changes);
        let schedules = (self.schedule(), plan.schedule());
        let costs = (self.cost(&schedules.0), plan.cost(&schedules.1));
        let overloads = overloads(&self.capacity(&schedules.0, roles.clone()), &plan.capacity(&schedules.1, roles));
        let mut years: BTreeMap<i16, (Bedrag, Bedrag)> = BTreeMap::new();
        for (year, amount) in &costs.0.years {
            years.entry(*year).or_default().0 = *amount;
        }
        for (year, amount) in &costs.1.years {
            years.entry(*year).or_default().1 = *amount;
        }
        Effect {
            moved: self.moved(&plan, &schedules),
            missing: self.missing(&plan),
            later: schedules.0.end.zip(schedules.1.end).map(|(now, then)| days(now, then)),
            years,
            overloads,
            plan,
            schedules,
            costs,
        }
    }

    fn moved(&self, plan: &Self, schedules: &(Schedule, Schedule)) -> Vec<Moved> {
        let bars = self.nodes.iter().zip(&schedules.0.bars).filter_map(|(node, bar)| {
            let then = schedules.1.bars[plan.place(node.id)?]?;
            let now = (*bar)?;
            let is_moved = !now.is_sum && (now.begin, now.end) != (then.begin, then.end);
            is_moved.then(|| Moved {
                item: node.id,
                from: (now.begin, now.end),
                to: (then.begin, then.end),
                days: days(now.end, then.end),
            })
        });
        bars.collect()
    }

    /// What waits for an item that is only left out after the changes.
    fn missing(&self, plan: &Self) -> Vec<ObjectId> {
        let was_in = |id: &ObjectId| self.place(*id).is_some_and(|place| !self.nodes[place].is_out);
        let out: BTreeSet<ObjectId> =
            plan.nodes.iter().filter(|node| node.is_out).map(|node| node.id).filter(was_in).collect();
        let waits = |place: usize| {
            let mut own = std::iter::once(place).chain(plan.above(place));
            own.any(|place| plan.nodes[place].item.after.0.iter().any(|other| out.contains(other)))
        };
        let goes_on = (0..plan.nodes.len()).filter(|place| !plan.nodes[*place].is_out && waits(*place));
        goes_on.map(|place| plan.nodes[place].id).collect()
    }
}

fn overloads(now: &Capacity, then: &Capacity) -> Vec<Overload> {
    let mut found = Vec::new();
    for load in &then.loads {
        let before: BTreeMap<Maand, i64> =
            now.loads.iter().filter(|other| other.function == load.function).flat_map(super::Load::over).collect();
        for (month, over) in load.over() {
            let was = before.get(&month).copied().unwrap_or(0);
            if over > was {
                found.push(Overload { function: load.function.clone(), month, over: (was, over) });
            }
        }
    }
    found
}
