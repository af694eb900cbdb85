use std::collections::{BTreeMap, BTreeSet};

use grip_insight::flow::{
    Direction, Flow, Flows, PeriodsNotInOrder, Return, Returns, Spell, Transitions, flows, joined, months, repeat_use,
    transitions,
};
use grip_types::{Date, Periode};
use jiff::{ToSpan, civil::date};
use proptest::prelude::*;

fn year(year: i16) -> Periode {
    Periode { begin: date(year, 1, 1), eind: date(year, 12, 31) }
}

fn spell<K>(client: u8, key: K, begin: Date, end: impl Into<Option<Date>>) -> Spell<u8, K> {
    Spell { client, key, begin, end: end.into() }
}

fn flow(begin: usize, inflow: usize, outflow: usize, end: usize) -> Flow {
    Flow { begin, inflow, outflow, end }
}

/// The worked example of docs/methods/flows.md.
fn example() -> Vec<Spell<u8, &'static str>> {
    vec![
        spell(1, "light", date(2023, 5, 1), None),
        // Renewed on 1 July without a day between, and under a new code on 1 January 2025.
        spell(2, "light", date(2023, 9, 1), date(2024, 6, 30)),
        spell(2, "light", date(2024, 7, 1), date(2024, 12, 31)),
        spell(2, "heavy", date(2025, 1, 1), None),
        spell(3, "light", date(2024, 2, 1), date(2024, 3, 31)),
        spell(3, "light", date(2024, 9, 1), date(2024, 10, 31)),
        spell(4, "light", date(2023, 1, 1), date(2024, 4, 30)),
        spell(4, "heavy", date(2024, 4, 1), date(2025, 3, 31)),
        spell(5, "heavy", date(2024, 12, 31), date(2024, 12, 31)),
    ]
}

#[test]
fn stocks_and_flows_of_a_year() {
    let found = flows(&example(), &[year(2024), year(2025)]).expect("the years are in order");
    let expected = BTreeMap::from([
        (
            "light",
            vec![
                Flows { spells: flow(3, 3, 5, 1), clients: flow(3, 1, 3, 1) },
                Flows { spells: flow(1, 0, 0, 1), clients: flow(1, 0, 0, 1) },
            ],
        ),
        (
            "heavy",
            vec![
                Flows { spells: flow(0, 2, 1, 1), clients: flow(0, 2, 1, 1) },
                Flows { spells: flow(1, 1, 1, 1), clients: flow(1, 1, 1, 1) },
            ],
        ),
    ]);
    assert_eq!(found, expected);
    assert_eq!(found["light"][0].clients.served(), 4);
}

#[test]
fn all_keys_together_are_one_key() {
    let all: Vec<Spell<u8, ()>> =
        example().into_iter().map(|s| Spell { client: s.client, key: (), begin: s.begin, end: s.end }).collect();
    let found = flows(&all, &[year(2024), year(2025)]).expect("the years are in order");
    // Client 2 goes on through the change of code: light ends on 31 December and heavy begins the day after.
    assert_eq!(found[&()].iter().map(|flows| flows.clients).collect::<Vec<_>>(), [flow(3, 2, 2, 3), flow(3, 0, 1, 2)]);
}

#[test]
fn a_day_without_care_is_a_gap() {
    let spells = [spell(1, (), date(2023, 5, 1), date(2023, 12, 30)), spell(1, (), date(2024, 1, 1), None)];
    let found = flows(&spells, &[year(2023), year(2024)]).expect("the years are in order");
    assert_eq!(found[&()].iter().map(|flows| flows.clients).collect::<Vec<_>>(), [flow(0, 1, 1, 0), flow(0, 1, 0, 1)]);
}

#[test]
fn reversed_spells_and_periods() {
    let reversed = [spell(1, "a", date(2024, 5, 1), date(2024, 4, 1))];
    assert_eq!(flows(&reversed, &[year(2024)]), Ok(BTreeMap::new()));
    assert_eq!(joined(&reversed, 10), []);
    assert_eq!(transitions(&reversed, year(2024), |_| 0).moves, BTreeMap::new());
    let again = [year(2024), year(2024)];
    assert_eq!(flows(&example(), &again), Err(PeriodsNotInOrder { position: 1 }));
    let backwards = [Periode { begin: date(2024, 2, 1), eind: date(2024, 1, 1) }];
    assert_eq!(flows(&example(), &backwards), Err(PeriodsNotInOrder { position: 0 }));
}

#[test]
fn late_renewals_are_joined_on_request() {
    let spells = [
        spell(1, "a", date(2024, 1, 1), date(2024, 1, 31)),
        spell(1, "a", date(2024, 2, 11), date(2024, 2, 20)),
        spell(1, "a", date(2024, 2, 15), None),
        spell(1, "b", date(2024, 2, 1), date(2024, 2, 2)),
    ];
    let ends =
        |gap| joined(&spells, gap).into_iter().map(|spell| (spell.key, spell.begin, spell.end)).collect::<Vec<_>>();
    let b = ("b", date(2024, 2, 1), Some(date(2024, 2, 2)));
    assert_eq!(ends(9), [("a", date(2024, 1, 1), Some(date(2024, 1, 31))), ("a", date(2024, 2, 11), None), b]);
    assert_eq!(ends(10), [("a", date(2024, 1, 1), None), b]);
}

#[test]
fn who_comes_back() {
    let spells = [
        // Came back after two months, and stayed.
        spell(1, "a", date(2023, 1, 1), date(2024, 1, 31)),
        spell(1, "b", date(2024, 4, 1), None),
        // Came back on the last day that counts; the other a day too late.
        spell(2, "a", date(2023, 1, 1), date(2024, 1, 31)),
        spell(2, "a", date(2025, 1, 31), None),
        spell(3, "a", date(2023, 1, 1), date(2024, 1, 31)),
        spell(3, "a", date(2025, 2, 1), None),
        // Went on under another key, and on the last day had two.
        spell(4, "a", date(2023, 1, 1), date(2024, 3, 31)),
        spell(4, "b", date(2023, 6, 1), date(2024, 5, 31)),
        spell(4, "c", date(2024, 4, 1), date(2024, 5, 31)),
        // Nine days without care are none.
        spell(5, "a", date(2023, 1, 1), date(2024, 1, 31)),
        spell(5, "a", date(2024, 2, 10), None),
        // Ended too recently, though it came back already.
        spell(6, "a", date(2024, 1, 1), date(2024, 8, 1)),
        spell(6, "a", date(2024, 9, 1), None),
    ];
    let rule = Return { without_care_days_min: 10, within_months: 12 };
    let found = repeat_use(&spells, year(2024), rule, date(2025, 6, 30));
    let returns = |ended, returned, too_recent| Returns { ended, returned, too_recent };
    assert_eq!(found.total, returns(4, 2, 1));
    assert_eq!(
        found.by_key,
        BTreeMap::from([("a", returns(3, 2, 1)), ("b", returns(1, 0, 0)), ("c", returns(1, 0, 0))])
    );
    // Known for exactly a year after the end of 6, on 1 August: no longer too recent.
    let found_later = repeat_use(&spells, year(2024), rule, date(2025, 8, 1));
    assert_eq!(found_later.total, returns(5, 3, 0));
    assert_eq!((found.total.share(), Returns::default().share()), (Some(0.5), None));
}

#[test]
fn from_what_to_what() {
    let intensity = |key: &&str| u8::from(*key == "heavy");
    let found = transitions(&example(), year(2024), intensity);
    let expected = BTreeMap::from([
        ((Some("light"), Some("light")), 2), // 1, and 2 who goes on after the year with what begins the day after
        ((None, None), 2),                   // 3 came and left twice, 5 for a day
        ((Some("light"), Some("heavy")), 1), // 4
    ]);
    assert_eq!(found, Transitions { moves: expected });
    let directions = BTreeMap::from([(Direction::Same, 2), (Direction::Passed, 2), (Direction::Up, 1)]);
    assert_eq!(found.directions(intensity), directions);
    // The year after, 2 begins as light and ends as heavy; 4 leaves.
    let next = transitions(&example(), year(2025), intensity);
    let directions = BTreeMap::from([(Direction::Same, 1), (Direction::Up, 1), (Direction::Left, 1)]);
    assert_eq!(next.directions(intensity), directions);
    assert_eq!(next.directions(|_| 0)[&Direction::Sideways], 1);
    assert_eq!(next.directions(|key| std::cmp::Reverse(intensity(key)))[&Direction::Down], 1);
}

#[test]
fn handed_over_at_midnight() {
    // One day of crisis care, and the day after something that goes on.
    let spells =
        [spell(1, "crisis", date(2023, 12, 31), date(2023, 12, 31)), spell(1, "light", date(2024, 1, 1), None)];
    let found = transitions(&spells, year(2024), |_| 0);
    assert_eq!(found.moves, BTreeMap::from([((Some("crisis"), Some("light")), 1)]));
    // Of two that run through the midnight the most intensive counts, and one that ended there does not.
    let spells = [
        spell(1, "crisis", date(2023, 5, 1), date(2023, 12, 31)),
        spell(1, "light", date(2023, 5, 1), None),
        spell(1, "heavy", date(2023, 5, 1), date(2024, 6, 30)),
    ];
    let found =
        transitions(&spells, year(2024), |key| ["light", "heavy", "crisis"].iter().position(|known| known == key));
    assert_eq!(found.moves, BTreeMap::from([((Some("heavy"), Some("light")), 1)]));
}

fn any_spells() -> impl Strategy<Value = Vec<Spell<u8, u8>>> {
    let spell = (0..8u8, 0..4u8, 0..900i64, proptest::option::of(-5..300i64)).prop_map(|(client, key, from, days)| {
        let begin = date(2023, 1, 1) + from.days();
        Spell { client, key, begin, end: days.map(|days| begin + days.days()) }
    });
    proptest::collection::vec(spell, 0..40)
}

fn one_key(spells: &[Spell<u8, u8>]) -> Vec<Spell<u8, ()>> {
    spells.iter().map(|s| Spell { client: s.client, key: (), begin: s.begin, end: s.end }).collect()
}

fn covers<K>(spell: &Spell<u8, K>, day: Date) -> bool {
    spell.begin <= day && spell.end.is_none_or(|end| end >= day)
}

fn who_has_what(spells: &[Spell<u8, u8>], day: Date) -> BTreeSet<(u8, u8)> {
    spells.iter().filter(|spell| covers(spell, day)).map(|spell| (spell.client, spell.key)).collect()
}

fn there(counts: &BTreeMap<Option<u8>, usize>) -> usize {
    counts.iter().filter(|(key, _)| key.is_some()).map(|(_, count)| count).sum()
}

proptest! {
    #[test]
    fn tables_close_and_months_follow_each_other(spells in any_spells()) {
        let whole = Periode { begin: date(2023, 3, 1), eind: date(2025, 2, 28) };
        let by_month = flows(&spells, &months(whole)).expect("months are in order");
        let at_once = flows(&spells, &[whole]).expect("one period");
        prop_assert_eq!(by_month.keys().collect::<Vec<_>>(), at_once.keys().collect::<Vec<_>>());
        for (key, row) in &by_month {
            for flows in row {
                for flow in [flows.spells, flows.clients] {
                    prop_assert_eq!(flow.begin + flow.inflow, flow.outflow + flow.end);
                }
                prop_assert!(flows.clients.served() <= flows.spells.served());
            }
            for pair in row.windows(2) {
                prop_assert_eq!(pair[0].spells.end, pair[1].spells.begin);
                prop_assert_eq!(pair[0].clients.end, pair[1].clients.begin);
            }
            let whole = at_once[key][0];
            let sum = |part: fn(&Flow) -> usize| row.iter().map(|flows| part(&flows.spells)).sum::<usize>();
            prop_assert_eq!(sum(|flow| flow.inflow), whole.spells.inflow);
            prop_assert_eq!(sum(|flow| flow.outflow), whole.spells.outflow);
            prop_assert_eq!((row[0].clients.begin, row[23].clients.end), (whole.clients.begin, whole.clients.end));
        }
    }

    /// Counted day by day, as slowly and plainly as can be.
    #[test]
    fn clients_as_counted_by_the_day(spells in any_spells(), month in 1..12i8) {
        let period = Periode { begin: date(2024, month, 1), eind: date(2024, month, 1).last_of_month() };
        let found = flows(&one_key(&spells), &[period]).expect("one period");
        let has_care = |client: u8, day: Date| spells.iter().any(|spell| spell.client == client && covers(spell, day));
        let runs_into = |client, day: Date| has_care(client, day.yesterday().unwrap()) && has_care(client, day);
        let mut expected = Flow::default();
        for client in 0..8 {
            let days = (0..period.days()).any(|offset| has_care(client, period.begin + offset.days()));
            let (begin, end) = (runs_into(client, period.begin), runs_into(client, period.eind.tomorrow().unwrap()));
            expected.begin += usize::from(begin);
            expected.end += usize::from(end);
            expected.inflow += usize::from(days && !begin);
            expected.outflow += usize::from(days && !end);
        }
        prop_assert_eq!(found.get(&()).map_or(Flow::default(), |row| row[0].clients), expected);
    }

    #[test]
    fn margins_of_moves_are_the_flow_of_clients(spells in any_spells()) {
        let intensity = |key: &u8| key / 2;
        let (this, next) = (transitions(&spells, year(2024), intensity), transitions(&spells, year(2025), intensity));
        let found = flows(&one_key(&spells), &[year(2024)]).expect("one period");
        let flow = found.get(&()).map_or(Flow::default(), |row| row[0].clients);
        prop_assert_eq!((there(&this.begin()), there(&this.end())), (flow.begin, flow.end));
        prop_assert_eq!(this.moves.values().sum::<usize>(), flow.served());
        let mut ends = this.end();
        let mut begins = next.begin();
        ends.remove(&None);
        begins.remove(&None);
        prop_assert_eq!(ends, begins);
        prop_assert_eq!(this.directions(intensity).values().sum::<usize>(), flow.served());
    }

    #[test]
    fn joining_keeps_the_days_and_is_done_once(spells in any_spells(), gap in 0..40u16) {
        let once = joined(&spells, gap);
        prop_assert_eq!(&joined(&once, gap), &once);
        let mut shuffled = spells.clone();
        shuffled.reverse();
        prop_assert_eq!(&joined(&shuffled, gap), &once);
        for offset in (0..1_000i64).step_by(7) {
            let day = date(2023, 1, 1) + offset.days();
            prop_assert!(who_has_what(&once, day).is_superset(&who_has_what(&spells, day)));
            if gap == 0 {
                prop_assert_eq!(who_has_what(&once, day), who_has_what(&spells, day));
            }
        }
    }

    /// More time to come back, no fewer who do; and every end of all care is counted once.
    #[test]
    fn returns_grow_with_time(spells in any_spells(), months in 1..12u16) {
        let known_until = date(2027, 1, 1);
        let rule = |within_months| Return { without_care_days_min: 1, within_months };
        let count = |months| repeat_use(&spells, year(2024), rule(months), known_until).total;
        let (short, long) = (count(months), count(months + 6));
        prop_assert!(short.returned <= long.returned && long.returned <= long.ended);
        prop_assert_eq!(short.ended, long.ended);
        let care = joined(&one_key(&spells), 0);
        let ends = care.iter().filter(|spell| spell.end.is_some_and(|end| end.year() == 2024));
        prop_assert_eq!(long.ended + long.too_recent, ends.count());
    }
}
