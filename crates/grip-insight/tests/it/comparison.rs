use std::{collections::BTreeMap, path::Path};

use grip_insight::comparison::{
    Candidate, Error, Neighbour, Position, Scale, SizeClass, control_group, neighbours, position,
};
use proptest::prelude::*;

fn candidate(key: &'static str, values: &[Option<f64>]) -> Candidate<&'static str> {
    Candidate { key, values: values.to_vec() }
}

/// The worked example of docs/methods/comparison.md.
fn five() -> Vec<Candidate<&'static str>> {
    vec![
        candidate("A", &[Some(10.0), Some(2.0)]),
        candidate("B", &[Some(12.0), Some(3.0)]),
        candidate("C", &[Some(13.0), Some(2.5)]),
        candidate("D", &[Some(16.0), None]),
        candidate("E", &[Some(90.0), Some(4.0)]),
    ]
}

#[test]
fn worked_example() {
    // Medians 13 and 2.75; deviations 3, 1, 0, 3, 77 and 0.75, 0.25, 0.25, 1.25, with medians 3 and 0.5.
    let found = neighbours(&"A", &five(), &[1.0, 1.0], Scale::Robust, 0.5).expect("A is there");
    let spread: f64 = 1.482_602_218_505_602;
    let square = |value: f64| value * value;
    let (x, y) = (3.0 * spread, 0.5 * spread);
    let expected = [
        ("C", (square(3.0 / x) + square(0.5 / y)).sqrt(), 1.0),
        ("B", (square(2.0 / x) + square(1.0 / y)).sqrt(), 1.0),
        ("D", f64::sqrt(2.0 * square(6.0 / x)), 0.5),
        ("E", (square(80.0 / x) + square(2.0 / y)).sqrt(), 1.0),
    ];
    for (found, (key, distance, known)) in found.iter().zip(expected) {
        assert_eq!((found.key, found.known), (key, known));
        assert!((found.distance - distance).abs() < 1e-12, "{found:?} {distance}");
    }
    // B: 4/9 and 4, which is 1 and 9 parts of ten. D: of the second feature nothing is known.
    assert!(
        found[1]
            .contributions
            .iter()
            .zip([0.1, 0.9])
            .all(|(share, expected)| (share.unwrap() - expected).abs() < 1e-12)
    );
    assert_eq!(found[2].contributions, [Some(1.0), None]);
    // Half of the weight is known of D.
    let found = neighbours(&"A", &five(), &[1.0, 1.0], Scale::Robust, 0.6).expect("A is there");
    assert_eq!(found.iter().map(|n| n.key).collect::<Vec<_>>(), ["C", "B", "E"]);
    // With all weight on the first feature D is nearer than E, and contributions are its alone.
    let found = neighbours(&"A", &five(), &[1.0, 0.0], Scale::Normal, 0.5).expect("A is there");
    assert_eq!(found.iter().map(|n| n.key).collect::<Vec<_>>(), ["B", "C", "D", "E"]);
    assert!(found.iter().all(|n| n.contributions == [Some(1.0), None]));
}

#[test]
fn standard_deviations() {
    // Of 1, 2 and 3 the standard deviation is 1; of 10, 30 and 20 it is 10. With a weight of 3 on the second: 1 + 3·4, and 4 + 3·1.
    let candidates = [("A", 1.0, 10.0), ("B", 2.0, 30.0), ("C", 3.0, 20.0)];
    let candidates = candidates.map(|(key, x, y)| candidate(key, &[Some(x), Some(y)]));
    let found = neighbours(&"A", &candidates, &[1.0, 3.0], Scale::Normal, 0.5).expect("A is there");
    assert_eq!(found.iter().map(|n| n.key).collect::<Vec<_>>(), ["C", "B"]);
    assert!((found[0].distance - 7f64.sqrt()).abs() < 1e-12 && (found[1].distance - 13f64.sqrt()).abs() < 1e-12);
}

#[test]
fn features_that_tell_nobody_apart() {
    // The first is the same for all; of the second more than half is: the mean deviation, 2/5 · 1.2533, takes over.
    let values = [(5.0, 1.0), (5.0, 1.0), (5.0, 1.0), (5.0, 1.0), (5.0, 3.0)];
    let candidates: Vec<_> = values
        .iter()
        .zip(["A", "B", "C", "D", "E"])
        .map(|((x, y), key)| candidate(key, &[Some(*x), Some(*y)]))
        .collect();
    let found = neighbours(&"A", &candidates, &[1.0, 1.0], Scale::Robust, 0.5).expect("A is there");
    assert_eq!(
        found.iter().map(|n| (n.key, n.known)).collect::<Vec<_>>(),
        [("B", 1.0), ("C", 1.0), ("D", 1.0), ("E", 1.0)]
    );
    assert_eq!(found[0].contributions, [None, Some(0.0)]);
    assert!((found[3].distance - 2.0 / (0.4 * 1.253_314_137_315_500_3)).abs() < 1e-12);
    let nothing = neighbours(&"A", &candidates, &[1.0, 0.0], Scale::Robust, 0.5);
    assert_eq!(nothing, Err(Error::NothingToCompare));
}

#[test]
fn what_can_not_be_is_said() {
    let of = |own, weights: &[f64]| neighbours(&own, &five(), weights, Scale::Robust, 0.5).map(|found| found.len());
    assert_eq!(of("X", &[1.0, 1.0]), Err(Error::NotThere));
    assert_eq!(of("A", &[1.0]), Err(Error::Values { position: 0, found: 2, expected: 1 }));
    assert_eq!(of("A", &[1.0, -1.0]), Err(Error::Number { value: -1.0 }));
    let infinite = [candidate("A", &[Some(f64::INFINITY)])];
    assert_eq!(neighbours(&"A", &infinite, &[1.0], Scale::Robust, 0.5), Err(Error::Number { value: f64::INFINITY }));
}

#[test]
fn classes_and_groups() {
    let bounds = [5_000, 10_000, 20_000, 50_000, 100_000, 150_000, 250_000];
    for (below, bound) in bounds.into_iter().enumerate() {
        assert_eq!(SizeClass::of(bound - 1), SizeClass::ALL[below]);
        assert_eq!(SizeClass::of(bound), SizeClass::ALL[below + 1]);
    }
    assert_eq!((SizeClass::of(0), SizeClass::of(u64::MAX)), (SizeClass::Below5, SizeClass::From250));
    assert_eq!(SizeClass::of(123_456).to_string(), "100.000 tot 150.000 inwoners");
    let members = [("A", 1), ("B", 2), ("C", 1), ("D", 1)];
    assert_eq!(control_group(&"C", &members).collect::<Vec<_>>(), [&"A", &"D"]);
    assert_eq!(control_group(&"B", &members).count() + control_group(&"X", &members).count(), 0);
}

#[test]
fn where_a_value_lies() {
    let of = |value| position(value, &[1.0, 2.0, 2.0, 5.0]);
    assert_eq!(of(2.0), Some(Position { below: 1, equal: 2, above: 1, percentile: 50.0 }));
    assert_eq!(of(0.0).map(|p| p.percentile), Some(0.0));
    assert_eq!(of(6.0).map(|p| p.percentile), Some(100.0));
    assert_eq!(of(f64::NAN), None);
    assert_eq!(position(1.0, &[]), None);
    assert_eq!(position(1.0, &[f64::NAN, 0.0]).map(|p| (p.below, p.percentile)), Some((1, 100.0)));
}

/// The municipalities of March 2024, when they are there: code, name and inhabitants.
#[test]
fn municipalities_by_size() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/open-data/gm_population.csv");
    let Ok(text) = fs_err::read_to_string(path) else {
        println!("skipped: ../shared/open-data/gm_population.csv is not there");
        return;
    };
    let rows: Vec<(&str, u64)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[1], cells[cells.len() - 1].parse().expect("a number of inhabitants"))
        })
        .collect();
    let members: Vec<(&str, SizeClass)> =
        rows.iter().map(|(name, inhabitants)| (*name, SizeClass::of(*inhabitants))).collect();
    let mut counts: BTreeMap<SizeClass, usize> = BTreeMap::new();
    members.iter().for_each(|(_, class)| *counts.entry(*class).or_default() += 1);
    let (smallest, largest) =
        (rows.iter().min_by_key(|row| row.1).unwrap(), rows.iter().max_by_key(|row| row.1).unwrap());
    assert_eq!(counts.values().sum::<usize>(), rows.len());
    for (name, class) in &members {
        assert_eq!(control_group(name, &members).count(), counts[class] - 1, "{name}");
    }
    // One feature: who is nearest in size. Nobody nearer is left out, and the largest has all others below it.
    let inhabitants = |name: &str| rows.iter().find(|row| row.0 == name).map(|row| row.1).expect("it is there");
    let candidates: Vec<Candidate<&str>> =
        rows.iter().map(|(name, n)| Candidate { key: *name, values: vec![Some((*n as f64).ln())] }).collect();
    for own in [smallest.0, largest.0, rows[rows.len() / 2].0] {
        let found = neighbours(&own, &candidates, &[1.0], Scale::Robust, 1.0).expect("it is there");
        assert_eq!(found.len(), rows.len() - 1);
        let ratio = |name: &str| (inhabitants(name) as f64 / inhabitants(own) as f64).ln().abs();
        assert!(found.windows(2).all(|pair| ratio(pair[0].key) <= ratio(pair[1].key) + 1e-12), "{own}");
    }
    let others: Vec<f64> = rows.iter().filter(|row| row.0 != largest.0).map(|row| row.1 as f64).collect();
    assert_eq!(position(largest.1 as f64, &others).map(|p| p.percentile), Some(100.0));
    // Of the 342 municipalities of March 2024, counted with another program.
    if rows.len() == 342 {
        assert_eq!(counts.into_values().collect::<Vec<_>>(), [5, 7, 58, 181, 59, 14, 14, 4]);
        let alike = neighbours(&"Maastricht", &candidates, &[1.0], Scale::Robust, 1.0).expect("it is there");
        assert_eq!(alike[..2].iter().map(|n| n.key).collect::<Vec<_>>(), ["Ede", "Dordrecht"]);
    }
}

fn any_candidates() -> impl Strategy<Value = Vec<Candidate<usize>>> {
    let values = proptest::collection::vec(proptest::option::weighted(0.8, -50.0..50.0f64), 3);
    proptest::collection::vec(values, 2..25)
        .prop_map(|rows| rows.into_iter().enumerate().map(|(key, values)| Candidate { key, values }).collect())
}

proptest! {
    #[test]
    fn neighbours_are_in_order_and_say_why(candidates in any_candidates(), robust in any::<bool>()) {
        let scale = if robust { Scale::Robust } else { Scale::Normal };
        let Ok(found) = neighbours(&0, &candidates, &[1.0, 2.0, 0.5], scale, 0.5) else { return Ok(()) };
        prop_assert!(found.windows(2).all(|pair| pair[0].distance <= pair[1].distance));
        for neighbour in &found {
            let sum: f64 = neighbour.contributions.iter().flatten().sum();
            prop_assert!(neighbour.distance == 0.0 || (sum - 1.0).abs() < 1e-9, "{neighbour:?}");
            prop_assert!((0.5..=1.0 + 1e-12).contains(&neighbour.known));
        }
    }

    /// Neither the unit of a feature nor its zero matters, and a distance is the same from both sides where all is
    /// known.
    #[test]
    fn units_do_not_matter(candidates in any_candidates(), robust in any::<bool>(), factor in 0.01..100.0f64) {
        let scale = if robust { Scale::Robust } else { Scale::Normal };
        let known = |c: &Candidate<usize>| c.values.iter().map(|value| Some(value.unwrap_or(7.0))).collect();
        let full: Vec<_> = candidates.iter().map(|c| Candidate { key: c.key, values: known(c) }).collect();
        let other: Vec<Candidate<usize>> = full.iter().map(|c| {
            let mut values = c.values.clone();
            values[1] = values[1].map(|value| value * factor + 3.0);
            Candidate { key: c.key, values }
        }).collect();
        let weights = [1.0, 2.0, 0.5];
        let of = |own: usize, candidates: &[Candidate<usize>]| neighbours(&own, candidates, &weights, scale, 0.5);
        let (Ok(one), Ok(same)) = (of(0, &full), of(0, &other)) else { return Ok(()) };
        let distance = |found: &[Neighbour<usize>], key| found.iter().find(|n| n.key == key).map(|n| n.distance);
        for neighbour in &one {
            let converted = distance(&same, neighbour.key).expect("nobody is lost");
            prop_assert!((neighbour.distance - converted).abs() <= 1e-6 * (1.0 + converted));
            let back = distance(&of(neighbour.key, &full).expect("it is there"), 0).expect("it is there");
            prop_assert!((neighbour.distance - back).abs() <= 1e-9 * (1.0 + back));
        }
    }

    #[test]
    fn positions_count_everybody(value in 0..20u8, others in proptest::collection::vec(0..20u8, 1..50)) {
        let others: Vec<f64> = others.into_iter().map(f64::from).collect();
        let found = position(f64::from(value), &others).expect("there are others");
        prop_assert_eq!(found.below + found.equal + found.above, others.len());
        let mirrored: Vec<f64> = others.iter().map(|other| -other).collect();
        let mirror = position(-f64::from(value), &mirrored).expect("there are others");
        prop_assert!((found.percentile + mirror.percentile - 100.0).abs() < 1e-9);
    }
}
