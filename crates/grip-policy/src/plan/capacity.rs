//! Whether there are people enough: hours of items by month against hours that functions have.

use std::collections::BTreeMap;

use grip_types::{Bedrag, Date, Maand};

use super::{Plan, Schedule, divide};
use crate::{Number, ProgrammeRole};

/// Hours by function and month. Hours are in hundredths, so that they add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// By function, in the order of their names.
    pub loads: Vec<Load>,
    /// Items with hours and without days.
    pub undated: Vec<usize>,
    /// Items with hours and without a function that does them.
    pub unowned: Vec<usize>,
}

/// What is asked of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The function.
    pub function: String,
    /// Hundredths of hours a month that there are; nothing when no role says so.
    pub capacity: Option<i64>,
    /// Hundredths of hours that items ask, by month.
    pub months: BTreeMap<Maand, i64>,
}

impl Load {
    /// The months in which more is asked than there is, with how much more.
    pub fn over(&self) -> impl Iterator<Item = (Maand, i64)> {
        let asked = self.months.iter().map(|(month, asked)| (*month, *asked));
        asked.filter_map(|(month, asked)| Some((month, asked - self.capacity?)).filter(|(_, over)| *over > 0))
    }

    /// All that is asked.
    pub fn total(&self) -> i64 {
        self.months.values().fold(0, |sum, asked| sum.saturating_add(*asked))
    }
}

impl Plan {
    /// Hours of items, spread evenly over their days, against what roles have. An item is of its owner, or of the
    /// owner of the
    /// nearest item above it; a role is of an owner that is called as the role or as what fills it. Where an item and
    /// items
    /// below it both have hours, those below count; what is stopped asks nothing.
    pub fn capacity<'a>(&self, schedule: &Schedule, roles: impl IntoIterator<Item = &'a ProgrammeRole>) -> Capacity {
        let mut loads: BTreeMap<String, Load> = BTreeMap::new();
        let roles = roles.into_iter().filter(|role| role.programme.0 == self.id);
        let mut called: BTreeMap<String, String> = BTreeMap::new();
        for role in roles {
            let function = if role.function.0.trim().is_empty() { &role.name.0 } else { &role.function.0 };
            let key = key(function);
            called.insert(self::key(&role.name.0), key.clone());
            let load = loads.entry(key).or_insert_with(|| load(function));
            if let Some(hours) = role.capacity {
                load.capacity = Some(load.capacity.unwrap_or(0).saturating_add(hundredths(hours)));
            }
        }
        let (mut undated, mut unowned) = (Vec::new(), Vec::new());
        let carries = self.carriers(|item| item.hours.is_some());
        for place in (0..self.nodes.len()).filter(|place| carries[*place] && !self.nodes[*place].is_out) {
            let Some(hours) = self.nodes[place].item.hours else { continue };
            let Some(owner) = self.owner(place) else {
                unowned.push(place);
                continue;
            };
            let Some(stretch) = self.bar_around(schedule, place) else {
                undated.push(place);
                continue;
            };
            let own = key(owner);
            let own = if loads.contains_key(&own) { own } else { called.get(&own).cloned().unwrap_or(own) };
            let months = &mut loads.entry(own).or_insert_with(|| load(owner)).months;
            let next = |day: Date| day.last_of_month().tomorrow().unwrap_or(Date::MAX);
            for (month, asked) in divide(hundredths(hours), stretch, Maand::of, next) {
                let held = months.entry(month).or_default();
                *held = held.saturating_add(asked);
            }
        }
        Capacity { loads: loads.into_values().collect(), undated, unowned }
    }
}

fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

fn load(function: &str) -> Load {
    Load { function: function.trim().to_owned(), capacity: None, months: BTreeMap::new() }
}

/// Hundredths of hours, rounded as cents are.
fn hundredths(Number(hours): Number) -> i64 {
    Bedrag::from_f64(hours * 100.0).cents
}
