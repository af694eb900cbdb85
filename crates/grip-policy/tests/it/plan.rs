//! Plans that can be counted by hand.

use grip_policy::{
    Amounts, Change, Funding, FundingSum, Number, Object, Odd, OverdueWhat, Plan, PlanItem, Programme, ProgrammeRole,
    Risk, RiskSum, SumOf, Texts,
};
use grip_register::ObjectId;
use grip_types::{Bedrag, Date, Maand, parse_date};

pub(crate) fn id(number: usize) -> ObjectId {
    format!("01ARZ3NDEKTSV4RRFFQ69G{number:04}").parse().expect("an id")
}

pub(crate) fn day(text: &str) -> Date {
    parse_date(text).expect("a day")
}

/// An object of the programme 0, read as a form is: names and texts; `@3` is the object 3.
#[track_caller]
pub(crate) fn read<O: Object>(fields: &[(&str, &str)]) -> O {
    let mut texts =
        Texts::from([("gemeente".to_owned(), "9998".to_owned()), ("programme".to_owned(), id(0).to_string())]);
    texts.insert("name".to_owned(), "Iets".to_owned());
    for (name, text) in fields {
        let ids = text.split(' ').map(|part| match part.strip_prefix('@') {
            Some(number) => id(number.parse().expect("a number")).to_string(),
            None => part.to_owned(),
        });
        texts.insert((*name).to_owned(), ids.collect::<Vec<_>>().join(" "));
    }
    O::read(&texts).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A plan of items that are called 1, 2, 3 in the order in which they are given.
#[track_caller]
fn plan_of(programme: &[(&str, &str)], items: &[&[(&str, &str)]]) -> Plan {
    let items = items.iter().enumerate().map(|(at, fields)| (id(at + 1), read::<PlanItem>(fields)));
    Plan::new(id(0), read::<Programme>(programme), items)
}

fn euros(euros: i64) -> Bedrag {
    Bedrag::from_cents(euros * 100)
}

/// First and last day of every item.
fn bars(plan: &Plan) -> Vec<String> {
    let bars = plan.schedule().bars.into_iter();
    bars.map(|bar| bar.map_or_else(|| "-".to_owned(), |bar| format!("{} {}", bar.begin, bar.end))).collect()
}

#[test]
fn items_stand_below_what_they_belong_to_by_number() {
    let plan = plan_of(
        &[],
        &[
            &[("number", "3.10"), ("parent", "@3")],
            &[("number", "3.9"), ("parent", "@3")],
            &[("number", "3"), ("level", "hoofdstuk")],
            &[("parent", "@2")],
            &[("number", "2"), ("level", "hoofdstuk")],
        ],
    );
    let shown: Vec<(ObjectId, usize)> = plan.nodes.iter().map(|node| (node.id, node.depth)).collect();
    assert_eq!(shown, [(id(5), 0), (id(3), 0), (id(2), 1), (id(4), 2), (id(1), 1)]);
    assert_eq!(plan.nodes[1].parts, [2, 4]);
    assert_eq!(plan.branch(1), 1..5);
    assert!(plan.odd.is_empty());
}

#[test]
fn a_chapter_is_as_far_as_what_is_in_it() {
    let status = |first: &str, second: &str, own: &str| {
        let items: [&[(&str, &str)]; 3] =
            [&[("status", own)], &[("parent", "@1"), ("status", first)], &[("parent", "@1"), ("status", second)]];
        plan_of(&[], &items).status(0).choice().value
    };
    assert_eq!(status("gepland", "gepland", "gepland"), "gepland");
    assert_eq!(status("gereed", "gepland", "gepland"), "bezig");
    assert_eq!(status("gereed", "gestopt", "gepland"), "gereed");
    assert_eq!(status("gereed", "gereed", "bezig"), "bezig");
}

#[test]
fn an_odd_tie_is_cut_and_named_and_no_item_is_lost() {
    let plan = plan_of(
        &[],
        &[
            &[("parent", "@2"), ("level", "hoofdstuk")],
            &[("parent", "@3")],
            &[("parent", "@1")],
            &[("parent", "@99"), ("after", "@98")],
            &[("parent", "@5")],
        ],
    );
    assert_eq!(plan.nodes.len(), 5);
    let find = |number| plan.place(id(number)).expect("it is there");
    // 1 belongs to 2, 2 to 3, 3 to 1: the tie of 1 is cut.
    assert_eq!(plan.nodes[find(2)].parent, Some(find(3)));
    assert_eq!(plan.nodes[find(3)].parent, Some(find(1)));
    for odd in [Odd::Circle(find(1)), Odd::Circle(find(5)), Odd::NoParent(find(4)), Odd::NothingToWaitFor(find(4))] {
        assert!(plan.odd.contains(&odd), "{odd:?} in {:?}", plan.odd);
    }
    assert_eq!(plan.odd.len(), 4);
    let plan = plan_of(&[], &[&[], &[("parent", "@1"), ("level", "doel")]]);
    assert_eq!(plan.odd, [Odd::UpsideDown(1)]);
}

#[test]
fn an_item_begins_the_day_after_what_it_waits_for() {
    let plan = plan_of(
        &[],
        &[
            &[("begin", "2021-01-01"), ("end", "2021-01-10")],
            // Ten days, planned from the 5th: from the 11th.
            &[("begin", "2021-01-05"), ("end", "2021-01-14"), ("after", "@1")],
            // One day, by itself.
            &[("end", "2021-01-15")],
            // Five days, when it may begin is later than what it waits for.
            &[("begin", "2021-02-01"), ("end", "2021-02-05"), ("after", "@2")],
        ],
    );
    assert_eq!(
        bars(&plan),
        ["2021-01-01 2021-01-10", "2021-01-11 2021-01-20", "2021-01-15 2021-01-15", "2021-02-01 2021-02-05"]
    );
    let schedule = plan.schedule();
    let [conflict] = schedule.conflicts[..] else { panic!("{:?}", schedule.conflicts) };
    assert_eq!((conflict.item, conflict.after, conflict.days), (1, 0, 6));
    assert_eq!((schedule.begin, schedule.end), (Some(day("2021-01-01")), Some(day("2021-02-05"))));
    // 1 and 2 may slip until 2 ends on 31 January: eleven days. 3 may slip until the end.
    let slack: Vec<Option<i64>> = schedule.bars.iter().map(|bar| bar.and_then(|bar| bar.slack)).collect();
    assert_eq!(slack, [Some(11), Some(11), Some(21), Some(0)]);
    assert_eq!(schedule.critical, [3]);
    assert_eq!(schedule.waits, [(0, 1), (1, 3)]);
}

#[test]
fn the_critical_path_goes_through_what_pushes() {
    let plan = plan_of(
        &[],
        &[
            &[("begin", "2021-01-01"), ("end", "2021-01-31")],
            &[("begin", "2021-01-01"), ("end", "2021-01-05"), ("after", "@1")],
            &[("begin", "2021-01-01"), ("end", "2021-01-02"), ("after", "@1 @2")],
        ],
    );
    let schedule = plan.schedule();
    assert_eq!((schedule.critical.as_slice(), schedule.end), ([0, 1, 2].as_slice(), Some(day("2021-02-07"))));
}

#[test]
fn to_wait_for_a_chapter_is_to_wait_for_all_in_it() {
    let plan = plan_of(
        &[],
        &[
            &[("number", "1"), ("level", "hoofdstuk"), ("begin", "2020-01-01"), ("end", "2029-12-31")],
            &[("parent", "@1"), ("number", "1.1"), ("begin", "2021-01-01"), ("end", "2021-01-31")],
            &[("parent", "@1"), ("number", "1.2"), ("begin", "2021-01-01"), ("end", "2021-03-31")],
            &[("number", "2"), ("level", "hoofdstuk"), ("after", "@1")],
            &[("parent", "@4"), ("begin", "2021-01-01"), ("end", "2021-01-01")],
        ],
    );
    assert_eq!(
        bars(&plan),
        // The chapter is as long as what is in it, whatever it says itself.
        [
            "2021-01-01 2021-03-31",
            "2021-01-01 2021-01-31",
            "2021-01-01 2021-03-31",
            "2021-04-01 2021-04-01",
            "2021-04-01 2021-04-01"
        ]
    );
}

/// Five chapters of 120 items that each wait for the one before: 57,600 pairs of items, four ties.
#[test]
fn a_tie_between_chapters_is_one_tie() {
    let mut items: Vec<(ObjectId, PlanItem)> = Vec::new();
    for chapter in 1..=5_usize {
        let (number, after) = (chapter.to_string(), format!("@{}", chapter - 1));
        let after = if chapter > 1 { after.as_str() } else { "" };
        items.push((id(chapter), read(&[("number", &number), ("level", "hoofdstuk"), ("after", after)])));
        for part in 1..=120 {
            let (above, number) = (format!("@{chapter}"), format!("{chapter}.{part}"));
            let fields =
                [("parent", above.as_str()), ("number", &number), ("begin", "2021-01-01"), ("end", "2021-01-10")];
            items.push((id(1_000 * chapter + part), read(&fields)));
        }
    }
    let plan = Plan::new(id(0), read::<Programme>(&[]), items);
    let schedule = plan.schedule();
    let place = |chapter: usize| plan.place(id(chapter)).expect("a chapter");
    let expected: Vec<(usize, usize)> = (1..5).map(|chapter| (place(chapter), place(chapter + 1))).collect();
    assert_eq!(schedule.waits, expected);
    let found: Vec<(usize, usize, i64)> =
        schedule.conflicts.iter().map(|found| (found.after, found.item, found.days)).collect();
    assert_eq!(found, expected.iter().map(|(after, item)| (*after, *item, 10)).collect::<Vec<_>>());
    assert_eq!(schedule.end, Some(day("2021-02-19")), "five times ten days");
    assert_eq!((schedule.critical.len(), schedule.circles.len()), (5, 0));
}

#[test]
fn chapters_that_wait_for_each_other_are_one_circle() {
    let plan = plan_of(
        &[],
        &[
            &[("number", "1"), ("after", "@2")],
            &[("number", "2"), ("after", "@1")],
            &[("parent", "@1"), ("begin", "2021-01-01"), ("end", "2021-01-10")],
            &[("parent", "@1"), ("begin", "2021-01-01"), ("end", "2021-01-10")],
            &[("parent", "@2"), ("begin", "2021-01-01"), ("end", "2021-01-10")],
            &[("parent", "@2"), ("begin", "2021-01-01"), ("end", "2021-01-10")],
        ],
    );
    let schedule = plan.schedule();
    let place = |number| plan.place(id(number)).expect("a chapter");
    assert_eq!(schedule.circles, [(place(2), place(1))]);
    assert_eq!(schedule.waits, [(place(2), place(1))]);
    assert_eq!(schedule.bars[place(1)].map(|bar| bar.begin), Some(day("2021-01-11")));
}

#[test]
fn hours_at_the_end_of_all_days_are_divided_too() {
    let plan = plan_of(&[], &[&[("begin", "2021-01-01"), ("hours", "100"), ("owner", "projectleider")]]);
    let mut schedule = plan.schedule();
    let bar = schedule.bars[0].as_mut().expect("it has days");
    (bar.begin, bar.end) = (day("9999-11-30"), day("9999-12-31"));
    let load = plan.capacity(&schedule, []).loads.remove(0);
    assert_eq!(load.total(), 10_000);
    assert_eq!(
        load.months.into_iter().collect::<Vec<_>>(),
        [(Maand::new(9999, 11), 312), (Maand::new(9999, 12), 9_688)]
    );
}

#[test]
fn what_nobody_dated_takes_no_time_and_passes_on_what_it_waits_for() {
    let plan = plan_of(
        &[],
        &[
            &[("number", "1"), ("begin", "2021-01-01"), ("end", "2021-01-31")],
            &[("number", "2"), ("after", "@1")],
            &[("number", "3"), ("begin", "2021-01-01"), ("end", "2021-01-01"), ("after", "@2")],
        ],
    );
    assert_eq!(bars(&plan), ["2021-01-01 2021-01-31", "-", "2021-02-01 2021-02-01"]);
    assert_eq!(plan.schedule().critical, [0, 2]);
    // Nothing waits for what is stopped.
    let out = plan.changed(&[Change::LeaveOut(id(1))]);
    assert_eq!(bars(&out), ["-", "-", "2021-01-01 2021-01-01"]);
}

#[test]
fn what_waits_for_itself_is_named_and_does_not_wait() {
    let plan = plan_of(
        &[],
        &[
            &[("begin", "2021-01-01"), ("end", "2021-01-31"), ("after", "@2")],
            &[("begin", "2021-01-01"), ("end", "2021-01-31"), ("after", "@1")],
            &[("begin", "2021-01-01"), ("after", "@3")],
        ],
    );
    let schedule = plan.schedule();
    assert_eq!(schedule.circles, [(1, 0), (2, 2)]);
    assert_eq!(schedule.bars[0].map(|bar| bar.begin), Some(day("2021-02-01")));
}

#[test]
fn what_is_under_way_is_where_it_is() {
    let plan = plan_of(
        &[],
        &[
            &[("begin", "2021-01-01"), ("end", "2021-01-31")],
            &[("begin", "2021-01-10"), ("end", "2021-01-20"), ("after", "@1"), ("status", "bezig")],
            &[("begin", "2021-01-10"), ("end", "2021-01-20"), ("after", "@1"), ("status", "gereed")],
        ],
    );
    assert_eq!(bars(&plan)[1..], ["2021-01-10 2021-01-20", "2021-01-10 2021-01-20"]);
    // What is done collides with nothing any more.
    assert_eq!(plan.schedule().conflicts.len(), 1);
}

#[test]
fn to_put_off_moves_an_item_with_all_below_it_and_all_that_waits() {
    let plan = plan_of(
        &[("begin", "2021-01-01"), ("end", "2021-12-31"), ("contingency", "10")],
        &[
            &[("number", "1"), ("level", "hoofdstuk"), ("cost", "1000")],
            &[("number", "1.1"), ("parent", "@1"), ("begin", "2021-12-01"), ("end", "2021-12-10")],
            &[("number", "1.2"), ("parent", "@1"), ("begin", "2021-12-05"), ("end", "2021-12-05")],
            &[("number", "2"), ("begin", "2021-12-11"), ("end", "2021-12-20"), ("after", "@2"), ("cost", "500")],
        ],
    );
    let effect = plan.effect(&[Change::Defer(id(1), day("2021-12-11"))], []);
    let moved: Vec<(ObjectId, i64)> = effect.moved.iter().map(|moved| (moved.item, moved.days)).collect();
    assert_eq!(moved, [(id(2), 10), (id(3), 10), (id(4), 10)]);
    assert_eq!(effect.later, Some(10));
    assert_eq!(effect.schedules.1.end, Some(day("2021-12-30")));
    assert_eq!(effect.years[&2021], (euros(1_500), euros(1_500)));
    // Five days further, five of the ten days of 1.1 would be past the year... the chapter's days are 16 to 25
    // December.
    let effect = plan.effect(&[Change::Defer(id(1), day("2021-12-27"))], []);
    // The chapter: 27 December to 5 January, 5 of 10 days in each year; item 2: 6 to 15 January.
    assert_eq!(effect.years[&2021], (euros(1_500), euros(500)));
    assert_eq!(effect.years[&2022], (euros(0), euros(1_000)));
    assert_eq!(effect.costs.1.estimate, effect.costs.0.estimate);
}

#[test]
fn to_leave_out_saves_what_was_not_spent_and_names_what_rests_on_it() {
    let plan = plan_of(
        &[],
        &[
            &[("begin", "2021-01-01"), ("end", "2021-01-31"), ("cost", "1000"), ("spent", "300")],
            &[("begin", "2021-02-01"), ("end", "2021-02-28"), ("after", "@1"), ("cost", "500")],
            &[("begin", "2021-02-01"), ("end", "2021-02-28"), ("after", "@1"), ("status", "gestopt")],
        ],
    );
    let effect = plan.effect(&[Change::LeaveOut(id(1))], []);
    assert_eq!(effect.missing, [id(2)]);
    assert_eq!((effect.costs.0.estimate, effect.costs.1.estimate), (euros(1_500), euros(800)));
    assert!(effect.moved.is_empty());
}

/// Chapters 3 to 8 of a plan like that of the case, with 10 % for the unforeseen: 890.000 and 89.000.
#[test]
fn cost_is_by_chapter_with_what_is_kept_for_the_unforeseen() {
    let plan = plan_of(
        &[("contingency", "10"), ("budget", "980.000")],
        &[
            &[("number", "3"), ("level", "hoofdstuk"), ("cost", "200.000")],
            &[("number", "4"), ("level", "hoofdstuk"), ("cost", "90.000")],
            &[("parent", "@2"), ("cost", "60.000"), ("spent", "70.000")],
            &[("parent", "@2"), ("cost", "40.000,01")],
            &[("number", "8"), ("level", "hoofdstuk"), ("cost", "589.999,99"), ("spent", "0,01")],
            &[("number", "9"), ("level", "hoofdstuk")],
        ],
    );
    let cost = plan.cost(&plan.schedule());
    assert!(cost.is_said());
    assert_eq!(cost.estimate, euros(890_000));
    assert_eq!((cost.contingency, cost.total), (Some(euros(89_000)), euros(979_000)));
    assert_eq!(cost.left, Some(euros(1_000)));
    assert_eq!(cost.spent, Bedrag::from_cents(7_000_001));
    assert_eq!(cost.items[1], Amounts { estimate: Some(Bedrag::from_cents(10_000_001)), spent: Some(euros(70_000)) });
    assert_eq!(cost.apart, [(1, euros(90_000), Bedrag::from_cents(10_000_001))]);
    assert_eq!((cost.over, cost.unknown), (vec![2], vec![5]));
    assert_eq!((cost.undated, cost.years.len()), (euros(890_000), 0));
    let is_said = |items: &[&[(&str, &str)]]| {
        let plan = plan_of(&[("budget", "980.000")], items);
        plan.cost(&plan.schedule()).is_said()
    };
    assert!(!is_said(&[&[], &[("status", "gereed")]]), "nobody said what the first costs");
    assert!(is_said(&[&[("cost", "0")]]) && is_said(&[]), "nothing to pay");
}

#[test]
fn a_chapter_that_says_other_days_than_what_is_below_it_is_told() {
    let plan = plan_of(
        &[],
        &[
            &[("level", "hoofdstuk"), ("begin", "2024-01-01"), ("end", "2025-12-31")],
            &[("parent", "@1"), ("begin", "2024-01-01"), ("end", "2024-06-30")],
            &[("level", "hoofdstuk"), ("begin", "2024-01-01")],
            &[("parent", "@3"), ("begin", "2024-01-01"), ("end", "2024-06-30")],
        ],
    );
    let below = (day("2024-01-01"), day("2024-06-30"));
    assert_eq!(plan.days_apart(&plan.schedule()), [(0, (day("2024-01-01"), day("2025-12-31")), below)]);
}

/// The published sums: 1.300.000 − 550.000 = 750.000; 430.000 requested is 320.000 less.
#[test]
fn the_published_sums_of_the_case_hold() {
    let of = |sort: &str, amount: &str, date: &str| -> Funding {
        read(&[("sort", sort), ("amount", amount), ("date", date)])
    };
    let mut amounts = vec![
        of("geclaimd", "1.300.000", "2021-03-16"),
        of("toegekend", "550.000", "2021-03-16"),
        of("gevraagd", "430.000", "2021-06-22"),
        of("restant", "750.000", ""),
        of("minder", "320.000", ""),
        // It is given after it was asked: it changes nothing of what was asked then.
        of("toegekend", "430.000", "2021-07-21"),
    ];
    let sum = FundingSum::of(id(0), &amounts);
    assert_eq!(sum.remaining, Some(euros(750_000)));
    assert_eq!((sum.requested, sum.less), (Some(euros(430_000)), Some(euros(320_000))));
    assert_eq!((sum.granted_before, sum.granted), (Some(euros(550_000)), Some(euros(980_000))));
    let holds: Vec<(SumOf, Option<bool>)> = sum.checks.iter().map(|check| (check.what, check.holds())).collect();
    assert_eq!(holds, [(SumOf::Remaining, Some(true)), (SumOf::Less, Some(true))]);
    amounts[1] = of("toegekend", "550.000,01", "2021-03-16");
    assert!(FundingSum::of(id(0), &amounts).checks.iter().all(|check| check.holds() == Some(false)));
    amounts.retain(|amount| amount.sort.choice().value != "gevraagd");
    assert_eq!(FundingSum::of(id(0), &amounts).checks[1].holds(), None);
    assert_eq!(FundingSum::of(id(1), &amounts).claimed, None);
}

#[test]
fn what_was_given_by_the_decision_on_the_request_is_not_from_before_it() {
    let amounts: Vec<Funding> = vec![
        read(&[("sort", "geclaimd"), ("amount", "100")]),
        read(&[("sort", "gevraagd"), ("amount", "40"), ("decision", "@7"), ("date", "2021-07-21")]),
        read(&[("sort", "toegekend"), ("amount", "40"), ("decision", "@7"), ("date", "2021-07-21")]),
    ];
    let sum = FundingSum::of(id(0), &amounts);
    assert_eq!((sum.remaining, sum.less), (Some(euros(100)), Some(euros(60))));
}

#[test]
fn a_risk_without_an_amount_is_named_and_never_zero() {
    let risks: Vec<Risk> = vec![
        read(&[("amount", "100.000"), ("chance", "12,5")]),
        read(&[("name", "Frictiekosten")]),
        read(&[("amount", "50.000")]),
        read(&[("amount", "0,05"), ("chance", "10")]), // half a cent
    ];
    let sum = RiskSum::of(&risks);
    assert_eq!(sum.each, [Some(euros(12_500)), None, None, Some(Bedrag::from_cents(1))]);
    assert_eq!((sum.expected.cents, sum.full.cents), (1_250_001, 15_000_005));
    assert_eq!((sum.without_amount, sum.without_chance), (vec![1], vec![2]));
}

#[test]
fn hours_are_asked_of_who_does_it_month_by_month() {
    let plan = plan_of(
        &[],
        &[
            &[("owner", "projectleider"), ("level", "hoofdstuk")],
            // 28 days in January, 28 in February.
            &[("parent", "@1"), ("begin", "2021-01-04"), ("end", "2021-02-28"), ("hours", "100")],
            &[("begin", "2021-02-01"), ("end", "2021-02-28"), ("hours", "30,5"), ("owner", "Programmaleider")],
            &[("hours", "8"), ("owner", "projectleider")],
            &[("hours", "8"), ("begin", "2021-01-01")],
        ],
    );
    let roles: Vec<ProgrammeRole> = vec![
        read(&[("name", "Trekker"), ("function", "Projectleider"), ("capacity", "40")]),
        read(&[("name", "programmaleider"), ("function", "afdelingshoofd"), ("capacity", "60")]),
    ];
    let capacity = plan.capacity(&plan.schedule(), &roles);
    let shown: Vec<(&str, Option<i64>, i64)> =
        capacity.loads.iter().map(|load| (load.function.as_str(), load.capacity, load.total())).collect();
    assert_eq!(shown, [("afdelingshoofd", Some(6_000), 3_050), ("Projectleider", Some(4_000), 10_000)]);
    let month = |month| Maand::new(2021, month);
    assert_eq!(capacity.loads[1].over().collect::<Vec<_>>(), [(month(1), 1_000), (month(2), 1_000)]);
    let number = |number| plan.place(id(number)).expect("an item");
    assert_eq!((capacity.undated, capacity.unowned), (vec![number(4)], vec![number(5)]));
}

#[test]
fn what_should_have_happened_is_overdue_the_day_after() {
    let plan = plan_of(
        &[],
        &[
            &[("begin", "2021-01-01"), ("end", "2021-01-31"), ("status", "bezig")],
            &[("begin", "2021-01-15"), ("end", "2021-03-31")],
            &[("begin", "2021-01-15"), ("end", "2021-01-20"), ("status", "gereed")],
            &[("begin", "2021-01-15"), ("status", "uitgesteld"), ("deferred_to", "2021-04-01")],
        ],
    );
    let overdue = |at: &str| -> Vec<(usize, OverdueWhat, i64)> {
        plan.overdue(day(at)).iter().map(|one| (one.item, one.what, one.days)).collect()
    };
    assert_eq!(overdue("2021-01-15"), []);
    assert_eq!(overdue("2021-01-31"), [(1, OverdueWhat::Begin, 16)]);
    assert_eq!(overdue("2021-02-01"), [(1, OverdueWhat::Begin, 17), (0, OverdueWhat::End, 1)]);
    assert_eq!(overdue("2021-04-02").len(), 3);
}

#[test]
fn a_percentage_of_an_amount_is_rounded_to_the_nearest_cent() {
    let plan = plan_of(&[("contingency", "12,3456")], &[&[("cost", "1.000.000.000,01")]]);
    let cost = plan.cost(&plan.schedule());
    assert_eq!(plan.programme.contingency, Some(Number(12.3456)));
    assert_eq!(cost.contingency, Some(Bedrag::from_cents(12_345_600_000)));
}
