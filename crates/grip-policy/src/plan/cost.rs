//! What a plan costs: by item and chapter, by year, with what is kept for the unforeseen.

use std::collections::BTreeMap;

use grip_types::{Bedrag, Date};

use super::{Plan, Schedule, divide, percentage};
use crate::{
    ItemStatus,
    sums::{minus, sum},
};

/// What a plan costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// Of every item, with all below it.
    pub items: Vec<Amounts>,
    /// The estimate of all.
    pub estimate: Bedrag,
    /// What was spent of it.
    pub spent: Bedrag,
    /// What is kept for the unforeseen; nothing when the programme does not say.
    pub contingency: Option<Bedrag>,
    /// The estimate with the contingency.
    pub total: Bedrag,
    /// What the budget leaves after that; negative when it is short.
    pub left: Option<Bedrag>,
    /// The estimate by year, each item's spread evenly over its days.
    pub years: BTreeMap<i16, Bedrag>,
    /// The estimate of items without days.
    pub undated: Bedrag,
    /// Items on which more was spent than estimated.
    pub over: Vec<usize>,
    /// Items without an amount, on themselves, above or below: they may cost something, nobody said what.
    pub unknown: Vec<usize>,
    /// Items whose own amount is not what is below them adds up to, with both.
    pub apart: Vec<(usize, Bedrag, Bedrag)>,
}

/// The amounts of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What it is estimated to cost; what was spent on it when it was stopped.
    pub estimate: Option<Bedrag>,
    /// What was spent.
    pub spent: Option<Bedrag>,
}

impl Cost {
    /// Whether anybody said what it costs: without a single estimate a total of nothing would be a claim.
    pub fn is_said(&self) -> bool {
        self.estimate != Bedrag::ZERO || self.unknown.is_empty()
    }
}

impl Plan {
    /// What it costs. Where an item and items below it both have an amount, those below count.
    pub fn cost(&self, schedule: &Schedule) -> Cost {
        let carries = self.carriers(|item| item.cost.is_some());
        let items = self.amounts(&carries);
        let tops: Vec<Amounts> = self.tops().map(|place| items[place]).collect();
        let estimate = sum(tops.iter().filter_map(|top| top.estimate));
        let contingency = self.programme.contingency.map(|percent| percentage(estimate, percent));
        let total = sum([estimate].into_iter().chain(contingency));
        let mut years: BTreeMap<i16, Bedrag> = BTreeMap::new();
        let mut undated = Vec::new();
        for place in (0..items.len()).filter(|place| carries[*place]) {
            let amount = items[place].estimate.unwrap_or_default();
            match self.bar_around(schedule, place) {
                None => undated.push(amount),
                Some(stretch) => {
                    let next = |day: Date| Date::new(day.year() + 1, 1, 1).unwrap_or(Date::MAX);
                    for (year, cents) in divide(amount.cents, stretch, Date::year, next) {
                        let held = years.entry(year).or_default();
                        *held = sum([*held, Bedrag::from_cents(cents)]);
                    }
                }
            }
        }
        let is_over = |amounts: &Amounts| amounts.estimate.zip(amounts.spent).is_some_and(|(plan, spent)| spent > plan);
        Cost {
            estimate,
            spent: sum(tops.iter().filter_map(|top| top.spent)),
            contingency,
            total,
            left: self.programme.budget.map(|budget| minus(budget, total)),
            years,
            undated: sum(undated),
            over: (0..items.len()).filter(|place| is_over(&items[*place])).collect(),
            unknown: self.unknown(&items),
            apart: self.apart(&items),
            items,
        }
    }

    fn amounts(&self, carries: &[bool]) -> Vec<Amounts> {
        let spends = self.carriers(|item| item.spent.is_some());
        let mut items = vec![Amounts::default(); self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate().rev() {
            let below = |of: fn(&Amounts) -> Option<Bedrag>| {
                let below: Vec<Bedrag> = node.parts.iter().filter_map(|part| of(&items[*part])).collect();
                (!below.is_empty()).then(|| sum(below))
            };
            let spent = if spends[place] { node.item.spent } else { below(|amounts| amounts.spent) };
            let estimate = if !carries[place] {
                below(|amounts| amounts.estimate)
            } else if node.is_out {
                Some(spent.unwrap_or_default())
            } else {
                node.item.cost
            };
            items[place] = Amounts { estimate, spent };
        }
        items
    }

    /// The days of an item, or of the nearest item above it that has some; what is stopped has those it had.
    pub(super) fn bar_around(&self, schedule: &Schedule, place: usize) -> Option<(Date, Date)> {
        let bar = |place: usize| schedule.bars[place].map(|bar| (bar.begin, bar.end));
        let stated = |place: usize| {
            let item = &self.nodes[place].item;
            item.begin.or(item.end).zip(item.end.or(item.begin)).map(|(begin, end)| (begin, end.max(begin)))
        };
        bar(place)
            .or_else(|| stated(place))
            .or_else(|| self.above(place).find_map(|above| bar(above).or_else(|| stated(above))))
    }

    fn unknown(&self, items: &[Amounts]) -> Vec<usize> {
        let is_unknown = |place: &usize| {
            let node = &self.nodes[*place];
            let is_open = !node.is_out && node.item.status != ItemStatus::Done;
            let is_said =
                node.item.cost.is_some() || self.above(*place).any(|above| self.nodes[above].item.cost.is_some());
            node.parts.is_empty() && is_open && !is_said
        };
        (0..items.len()).filter(is_unknown).collect()
    }

    fn apart(&self, items: &[Amounts]) -> Vec<(usize, Bedrag, Bedrag)> {
        let is_apart = |place: usize| {
            let node = &self.nodes[place];
            let own = node.item.cost?;
            let below: Vec<Bedrag> = node.parts.iter().filter_map(|part| items[*part].estimate).collect();
            let below = (!below.is_empty() && !node.is_out).then(|| sum(below))?;
            (own != below).then_some((place, own, below))
        };
        (0..items.len()).filter_map(is_apart).collect()
    }
}
