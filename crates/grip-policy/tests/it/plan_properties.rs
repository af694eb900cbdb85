//! What must hold of every plan.

use grip_policy::{Change, ItemStatus, Plan, PlanItem, Programme};
use grip_types::{Bedrag, Date};
use jiff::ToSpan;
use proptest::prelude::*;

use crate::plan::{day, id, read};

/// An item in numbers: begin and length in days, who is above it, what it waits for, its status, its cost.
type Item = (Option<(u16, u16)>, Option<usize>, Vec<usize>, usize, Option<u32>);

fn after(days: i64) -> Date {
    day("2021-01-01").checked_add(days.days()).expect("a day")
}

fn plan(items: &[Item]) -> Plan {
    let made = items.iter().enumerate().map(|(at, (dates, parent, waits, status, cost))| {
        let names: Vec<String> = waits.iter().map(|other| format!("@{}", other % items.len() + 1)).collect();
        let begin = dates.map(|(begin, _)| after(begin.into()).to_string()).unwrap_or_default();
        let end = dates.map(|(begin, length)| after(i64::from(begin) + i64::from(length)).to_string());
        let parent = parent.map(|parent| format!("@{}", parent % items.len() + 1)).unwrap_or_default();
        let cost = cost.map(|cents| Bedrag::from_cents(cents.into()).to_string()).unwrap_or_default();
        let item: PlanItem = read(&[
            ("begin", &begin),
            ("end", &end.unwrap_or_default()),
            ("parent", &parent),
            ("after", &names.join(" ")),
            ("status", ItemStatus::ALL[*status].choice().value),
            ("cost", &cost),
            ("hours", "12,34"),
            ("owner", "projectleider"),
        ]);
        (id(at + 1), item)
    });
    Plan::new(id(0), read::<Programme>(&[]), made.collect::<Vec<_>>())
}

/// Statuses without `uitgesteld`, which is not without a day.
fn items() -> impl Strategy<Value = Vec<Item>> {
    let dates = prop::option::weighted(0.8, (0_u16..400, 0_u16..90));
    let status = prop_oneof![5 => Just(0_usize), 1 => Just(1), 1 => Just(2), 1 => Just(4)];
    let item = (
        dates,
        prop::option::weighted(0.4, 0_usize..12),
        prop::collection::vec(0_usize..12, 0..3),
        status,
        prop::option::of(any::<u32>()),
    );
    prop::collection::vec(item, 1..12)
}

/// Planned items with days, which are not below another: each is a task by itself.
fn flat() -> impl Strategy<Value = Vec<Item>> {
    let item = ((0_u16..100, 0_u16..60), prop::collection::vec(0_usize..12, 0..3));
    let item = item.prop_map(|(dates, waits)| (Some(dates), None, waits, 0, None));
    prop::collection::vec(item, 1..12)
}

proptest! {
    #[test]
    fn every_item_is_there_once_below_its_parent(items in items()) {
        let plan = plan(&items);
        prop_assert_eq!(plan.nodes.len(), items.len());
        for number in 1..=items.len() {
            let place = plan.place(id(number)).expect("it is there");
            let node = &plan.nodes[place];
            prop_assert!(node.parent.is_none_or(|parent| parent < place && plan.nodes[parent].depth + 1 == node.depth));
            prop_assert!(node.parts.iter().all(|part| plan.nodes[*part].parent == Some(place)));
        }
        let same = plan.changed(&[]);
        prop_assert_eq!(&same.nodes, &plan.nodes, "the same items give the same places");
    }

    #[test]
    fn what_can_move_begins_after_what_it_waits_for_and_takes_as_long_as_planned(items in items()) {
        let plan = plan(&items);
        let schedule = plan.schedule();
        let whole = schedule.waits.iter().filter(|(before, place)| !schedule.circles.contains(&(*place, *before)));
        for (before, place) in whole {
            // What nobody dated has no days, and passes on what it waits for.
            let Some(first) = schedule.bars[*before] else { continue };
            for below in plan.branch(*place) {
                let Some(second) = schedule.bars[below].filter(|bar| !bar.is_sum) else { continue };
                if plan.nodes[below].item.status == ItemStatus::Planned {
                    prop_assert!(second.begin > first.end);
                }
            }
        }
        for bar in schedule.bars.iter().flatten() {
            prop_assert!(bar.begin >= bar.planned.0 && bar.slack.is_none_or(|slack| slack >= 0));
            if !bar.is_sum {
                prop_assert_eq!(bar.end.duration_since(bar.begin), bar.planned.1.duration_since(bar.planned.0));
            }
        }
    }

    #[test]
    fn the_critical_path_is_as_long_as_from_its_begin_to_the_end(items in items()) {
        let schedule = plan(&items).schedule();
        let Some(end) = schedule.end else { return Ok(()) };
        let length: i64 = schedule
            .critical
            .iter()
            .map(|place| schedule.bars[*place].expect("it has days"))
            .map(|bar| i64::from(bar.end.since(bar.begin).expect("days").get_days()) + 1)
            .sum();
        let first = schedule.bars[schedule.critical[0]].expect("it has days");
        prop_assert_eq!(first.begin, first.planned.0);
        prop_assert_eq!(length, i64::from(end.since(first.begin).expect("days").get_days()) + 1);
        let last = *schedule.critical.last().expect("there is an end");
        prop_assert_eq!(schedule.bars[last].map(|bar| bar.end), Some(end));
    }

    #[test]
    fn to_put_off_never_makes_anything_earlier(items in items(), at in 0_usize..12, days in 0_i64..200) {
        let plan = plan(&items);
        let place = at % items.len();
        let before = plan.schedule();
        // What has days now, and is not done.
        let is_open = plan.nodes[place].item.status != ItemStatus::Done;
        let Some(bar) = before.bars[place].filter(|_| is_open) else { return Ok(()) };
        let from = plan.nodes[place].item.begin.unwrap_or(bar.planned.0).max(bar.planned.0);
        let to = from.checked_add(days.days()).expect("a day");
        let later = plan.changed(&[Change::Defer(plan.nodes[place].id, to)]).schedule();
        for (before, later) in before.bars.iter().zip(&later.bars) {
            let (Some(before), Some(later)) = (before, later) else {
                prop_assert_eq!(before.is_some(), later.is_some());
                continue;
            };
            prop_assert!(later.begin >= before.begin && later.end >= before.end, "{:?} {:?}", before, later);
        }
        prop_assert!(later.end >= before.end);
    }

    #[test]
    fn to_leave_out_never_makes_anything_later(items in items(), at in 0_usize..12) {
        let plan = plan(&items);
        let place = at % items.len();
        let before = plan.schedule();
        // Without it a circle may be none, and a tie that was cut holds again.
        if !before.circles.is_empty() {
            return Ok(());
        }
        let less = plan.changed(&[Change::LeaveOut(plan.nodes[place].id)]).schedule();
        for (before, less) in before.bars.iter().zip(&less.bars) {
            if let (Some(before), Some(less)) = (before, less) && !before.is_sum {
                prop_assert!(less.begin <= before.begin && less.end <= before.end);
            }
        }
        prop_assert!(less.end <= before.end);
    }

    #[test]
    fn an_item_can_be_as_late_as_its_slack_and_not_a_day_later(items in flat(), at in 0_usize..12) {
        let plan = plan(&items);
        let place = at % items.len();
        let schedule = plan.schedule();
        let bar = schedule.bars[place].expect("it has days");
        let slack = bar.slack.expect("it is not done");
        let day_later = schedule.end.map(|end| end.tomorrow().expect("a day"));
        for (late, expected) in [(slack, schedule.end), (slack + 1, day_later)] {
            let to = bar.begin.checked_add(late.days()).expect("a day");
            let then = plan.changed(&[Change::Defer(plan.nodes[place].id, to)]).schedule();
            prop_assert_eq!(then.end, expected, "{} days late", late);
        }
    }

    #[test]
    fn parts_add_up_to_the_cent_and_the_hundredth_of_an_hour(items in items()) {
        let plan = plan(&items);
        let schedule = plan.schedule();
        let cost = plan.cost(&schedule);
        let years: i64 = cost.years.values().map(|amount| amount.cents).sum();
        prop_assert_eq!(years + cost.undated.cents, cost.estimate.cents);
        let tops: i64 = plan.tops().filter_map(|top| cost.items[top].estimate).map(|amount| amount.cents).sum();
        prop_assert_eq!(tops, cost.estimate.cents);
        let capacity = plan.capacity(&schedule, []);
        let carried = plan.nodes.iter().filter(|node| node.parts.is_empty() && !node.is_out).count();
        let hours: i64 = capacity.loads.iter().map(|load| load.total()).sum();
        let undated = i64::try_from(capacity.undated.len()).expect("few");
        prop_assert_eq!(hours + 1_234 * undated, 1_234 * i64::try_from(carried).expect("few"));
    }
}
