//! Questions and their answers that can be counted by hand.

use grip_policy::{Asked, BudgetAmendment, DecidedMoney, Decision, budget_changes, chains, decided_money, follow_up};
use grip_register::{Action, ObjectId, Version};
use grip_types::Bedrag;

use crate::{
    kinds::by,
    plan::{day, id, read},
};

/// Decisions called 1, 2, 3 in the order in which they are given.
fn decisions(all: &[&[(&str, &str)]]) -> Vec<Version<Decision>> {
    let made = all.iter().enumerate().map(|(at, fields)| Version {
        id: id(at + 1),
        kind: "decision".to_owned(),
        number: 1,
        edit: 1,
        action: Action::Create,
        withdrawn: false,
        by: by(0),
        content: read(fields),
    });
    made.collect()
}

#[test]
fn who_asked_what_and_was_it_answered() {
    let all = decisions(&[
        &[("sort", "vraag"), ("date", "2021-03-01"), ("due", "2021-04-01")],
        &[("sort", "motie"), ("date", "2021-03-01"), ("outcome", "verworpen")],
        &[("sort", "toezegging"), ("date", "2021-03-01"), ("outcome", "afgedaan")],
        &[("sort", "opdracht"), ("date", "2021-03-16"), ("due", "2021-06-30")],
        &[("sort", "voorstel"), ("date", "2021-07-02"), ("answers", "@4")],
        &[("sort", "besluit"), ("date", "2021-07-21"), ("answers", "@5 @4")],
        &[("sort", "vraag"), ("date", "2021-03-01")],
        &[("sort", "besluit"), ("date", "2021-03-02"), ("answers", "@7"), ("outcome", "ingetrokken")],
        // It belongs to the assignment and answers nothing.
        &[("sort", "amendement"), ("date", "2021-03-16"), ("answers", "@4"), ("outcome", "aangenomen")],
    ]);
    let asked = |at: &str| follow_up(&all, day(at));
    let open = |overdue| Asked::Open { overdue };
    let march = asked("2021-03-10");
    assert_eq!(march.keys().copied().collect::<Vec<ObjectId>>(), [id(1), id(2), id(3), id(7)]);
    assert_eq!(march[&id(1)], open(Some(-22)));
    assert_eq!(march[&id(7)], open(None));
    let april = asked("2021-04-02");
    assert_eq!(april[&id(1)], open(Some(1)));
    assert!(april[&id(1)].is_overdue() && !march[&id(1)].is_overdue());
    assert_eq!((&april[&id(2)], &april[&id(3)]), (&Asked::Dropped, &Asked::Settled));
    assert_eq!(asked("2021-07-01")[&id(4)], open(Some(1)));
    let answered = |by: Vec<ObjectId>| Asked::Answered { by, on: day("2021-07-02"), late: Some(2) };
    assert_eq!(asked("2021-07-02")[&id(4)], answered(vec![id(5)]));
    assert_eq!(asked("2021-07-21")[&id(4)], answered(vec![id(5), id(6)]));
}

#[test]
fn what_answers_each_other_is_one_chain() {
    let all = decisions(&[
        &[("sort", "besluit"), ("date", "2021-07-21"), ("answers", "@2")],
        &[("sort", "voorstel"), ("date", "2021-06-22"), ("answers", "@4")],
        &[("sort", "vraag"), ("date", "2021-01-01")],
        &[("sort", "amendement"), ("date", "2021-03-16"), ("answers", "@5 @99")],
        &[("sort", "opdracht"), ("date", "2021-03-16"), ("answers", "@1")],
        &[("sort", "vraag"), ("date", "2020-01-01")],
        &[("sort", "voorstel"), ("date", "2022-01-01"), ("answers", "@6")],
    ]);
    assert_eq!(chains(&all), [vec![id(6), id(7)], vec![id(4), id(5), id(2), id(1)]]);
}

#[test]
fn money_is_counted_once_and_by_what_covers_it() {
    let all = decisions(&[
        &[("sort", "voorstel"), ("date", "2021-06-22"), ("amount", "430.000"), ("outcome", "aangenomen")],
        &[
            ("sort", "besluit"),
            ("date", "2021-07-21"),
            ("amount", "430.000"),
            ("outcome", "aangenomen"),
            ("cover", "Algemene reserve"),
            ("budget_change", "2021-12"),
        ],
        &[
            ("sort", "besluit"),
            ("date", "2021-03-16"),
            ("amount", "550.000"),
            ("outcome", "afgedaan"),
            ("cover", "algemene reserve "),
        ],
        &[("sort", "besluit"), ("date", "2021-03-16"), ("amount", "0,01"), ("outcome", "aangenomen")],
        &[("sort", "besluit"), ("date", "2021-03-16"), ("amount", "7"), ("outcome", "verworpen")],
        &[("sort", "besluit"), ("date", "2021-03-16"), ("amount", "7")],
    ]);
    let on = |day: &str| decided_money(&all, day.parse().expect("a day"));
    assert_eq!(on("2021-03-15"), DecidedMoney::default());
    assert_eq!(on("2021-07-20").decided, Bedrag::from_cents(55_000_001), "what is decided later is not decided yet");
    let money = on("2021-07-21");
    assert_eq!(money.decided, Bedrag::from_cents(98_000_001));
    let covers: Vec<(&str, i64)> = money.covers.iter().map(|cover| (cover.name.as_str(), cover.amount.cents)).collect();
    assert_eq!(covers, [("Algemene reserve", 98_000_000), ("", 1)]);
    assert_eq!((money.open, money.without_budget_change), (vec![id(6)], vec![id(3), id(4)]));
}

#[test]
fn what_was_decided_stands_beside_the_budget() {
    let all = decisions(&[
        &[
            ("sort", "besluit"),
            ("date", "2024-03-12"),
            ("outcome", "aangenomen"),
            ("budget_change", "BW 3"),
            ("amount", "100.000"),
        ],
        &[
            ("sort", "besluit"),
            ("date", "2024-06-01"),
            ("outcome", "aangenomen"),
            ("budget_change", "bw 3 "),
            ("amount", "20.000"),
        ],
        &[
            ("sort", "besluit"),
            ("date", "2024-06-01"),
            ("outcome", "verworpen"),
            ("budget_change", "BW 3"),
            ("amount", "9.000"),
        ],
        &[("sort", "besluit"), ("date", "2024-07-01"), ("outcome", "aangenomen"), ("budget_change", "BW 4")],
        &[
            ("sort", "besluit"),
            ("date", "2025-02-01"),
            ("outcome", "aangenomen"),
            ("budget_change", "BW 5"),
            ("amount", "1.000"),
        ],
    ]);
    let amendment = |number: &str, date: &str, cents: i64| BudgetAmendment {
        number: number.to_owned(),
        year: 2024,
        date: day(date),
        amount: Bedrag::from_cents(cents),
    };
    let amendments = [
        amendment("BW 3", "2024-03-12", 9_000_000),
        amendment("BW 3", "2024-03-12", 2_000_000),
        // The same number a year before is another one.
        amendment("BW 3", "2023-03-14", 500),
        amendment("BW 6", "2024-12-01", 700),
    ];
    let told = |at: &str| {
        let cents = |amount: Option<Bedrag>| amount.map(|amount| amount.cents);
        let found = budget_changes(&all, &amendments, day(at)).into_iter();
        found
            .map(|one| (one.number, one.year, one.decisions.len(), cents(one.decided), cents(one.budgeted)))
            .collect::<Vec<_>>()
    };
    let row =
        |number: &str, year, decisions, decided, budgeted| (number.to_owned(), year, decisions, decided, budgeted);
    assert_eq!(
        told("2024-11-30"),
        [
            row("BW 3", 2023, 0, None, Some(500)),
            row("BW 3", 2024, 2, Some(12_000_000), Some(11_000_000)),
            row("BW 4", 2024, 1, None, None),
        ]
    );
    assert_eq!(told("2025-12-31").len(), 5);
    assert_eq!(told("2022-12-31"), []);
}
