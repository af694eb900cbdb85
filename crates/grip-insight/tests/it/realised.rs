use grip_insight::effect::Error;
use grip_insight::realised::{Case, Comparison, Found, Method, Other, Realised, realised};

use crate::effect::{count, noise::Noise};

const BEFORE: usize = 36;
const AFTER: usize = 12;
const COST: f64 = 10_000_000.0;

/// A part that moves with the whole and wavers by itself by 4 %, without a measure.
fn part(noise: &mut Noise, whole: &[f64], size: f64) -> Vec<f64> {
    let own = noise.autoregressive(0.3, whole.len());
    whole.iter().zip(own).map(|(whole, own)| size * COST * (1.0 + whole + 0.04 * own)).collect()
}

struct Town {
    touched: Vec<Option<f64>>,
    others: Vec<Other<usize>>,
}

/// Ten parts of a town that grows by half a percent a month, with a saving of a share from the start on.
fn town(seed: u64, share: f64) -> Town {
    let mut noise = Noise(seed);
    let wave = noise.autoregressive(0.5, BEFORE + AFTER);
    let whole: Vec<f64> = wave.iter().enumerate().map(|(at, wave)| 0.005 * count(at) + 0.01 * wave).collect();
    let touched = part(&mut noise, &whole, 1.0);
    let saved = touched.iter().enumerate().map(|(at, cost)| if at < BEFORE { *cost } else { cost * (1.0 - share) });
    let touched = saved.map(Some).collect();
    let others = (0..10)
        .map(|key| Other {
            key,
            costs: part(&mut noise, &whole, 0.3 + 0.1 * count(key)).into_iter().map(Some).collect(),
        })
        .collect();
    Town { touched, others }
}

/// The first three parts are what was named to compare with.
fn named(town: &Town) -> Comparison<usize> {
    let parts = town.others[..3].to_vec();
    let costs = (0..town.touched.len()).map(|at| parts.iter().map(|part| part.costs[at]).sum()).collect();
    Comparison { costs, parts }
}

fn ask(town: &Town) -> Realised<usize> {
    ask_beside(town, &named(town))
}

fn ask_beside(town: &Town, named: &Comparison<usize>) -> Realised<usize> {
    realised(&Case { touched: &town.touched, named: Some(named), others: &town.others, start: BEFORE })
}

/// What was saved in truth, from what is left: `observed · share / (1 − share)`.
fn truth(town: &Town, share: f64) -> f64 {
    town.touched[BEFORE..].iter().flatten().sum::<f64>() * share / (1.0 - share)
}

fn adds_up(found: &Found<usize>) {
    let sum: f64 = found.months.iter().map(|month| month.saving.value).sum();
    assert!((sum - found.total.value).abs() < 1.0, "{:?}: {sum} and {}", found.method, found.total.value);
    assert!(found.total.low < found.total.value && found.total.value < found.total.high, "{:?}", found.method);
    for month in &found.months {
        let expected = found.path[month.at].expect("a counterfactual") - month.observed;
        assert!((expected - month.saving.value).abs() < 1.0, "{:?} in {}", found.method, month.at);
    }
}

#[test]
fn a_saving_is_found_and_adds_up() {
    let town = town(3, 0.2);
    let found = ask(&town);
    for method in Method::ALL {
        let by = found.of(method).unwrap_or_else(|| panic!("{method:?} says nothing"));
        adds_up(by);
        let truth = truth(&town, 0.2);
        assert!(
            by.total.value > 0.5 * truth && by.total.value < 1.5 * truth,
            "{method:?}: {} of {truth}",
            by.total.value
        );
    }
    assert_eq!(found.first, Some(Method::Named));
    let named = &found.of(Method::Named).expect("an answer").parts;
    assert_eq!(named.iter().map(|(key, _)| *key).collect::<Vec<_>>(), [0, 1, 2]);
    assert!((named.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-9 && named[0].1 < named[2].1);
}

/// Of the first method and of each: how often its interval of 80 % holds what was saved, with and without a saving.
#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    const RUNS: u64 = 120;
    for share in [0.0, 0.15] {
        let runs: Vec<(Realised<usize>, f64)> = (0..RUNS)
            .map(|seed| {
                let town = town(100 + seed, share);
                (ask(&town), truth(&town, share))
            })
            .collect();
        let held = |of: &dyn Fn(&Realised<usize>) -> Option<grip_insight::realised::Saving>| {
            let known: Vec<bool> = runs
                .iter()
                .filter_map(|(found, truth)| of(found).map(|total| total.low <= *truth && *truth <= total.high))
                .collect();
            (count(known.iter().filter(|held| **held).count()) / count(known.len()), known.len())
        };
        for method in Method::ALL {
            let (part, of) = held(&|found| found.of(method).map(|found| found.total));
            println!("realised, saving {share}: {method:?} holds {part:.3} of {of}");
            assert!((0.7..=0.97).contains(&part), "{method:?} holds {part:.3}");
        }
        let (part, of) = held(&|found| found.headline().map(|found| found.total));
        println!("realised, saving {share}: the first holds {part:.3} of {of}");
        assert!((0.7..=0.93).contains(&part), "the first holds {part:.3}");
    }
}

#[test]
fn nothing_is_said_too_early() {
    let mut town = town(5, 0.2);
    town.touched.truncate(BEFORE + 2);
    town.others.iter_mut().for_each(|other| other.costs.truncate(BEFORE + 2));
    let found = ask(&town);
    assert_eq!(found.first, None);
    let reason = Error::TooFewAfter { needed: 3, given: 2 };
    assert!(found.methods.iter().all(|(_, found)| found.as_ref().err() == Some(&reason)));
    let late = realised(&Case { touched: &town.touched, named: Some(&named(&town)), others: &town.others, start: 5 });
    let reason = Error::TooFewBefore { needed: 8, given: 5 };
    assert!(late.methods.iter().all(|(_, found)| found.as_ref().err() == Some(&reason)));
}

#[test]
fn what_is_not_known_is_left_out() {
    let mut town = town(7, 0.2);
    town.touched[10] = None;
    town.touched[BEFORE + 3] = None;
    town.others[4].costs[12] = None;
    let found = ask(&town);
    let synthetic = found.of(Method::Synthetic).expect("a mixture");
    assert_eq!(synthetic.months.len(), AFTER - 1);
    assert!(synthetic.parts.iter().all(|(key, _)| *key != 4), "of which a month is not known");
    assert!(synthetic.path[10].is_none());
    found.methods.iter().filter_map(|(_, found)| found.as_ref().ok()).for_each(adds_up);
}

#[test]
fn of_what_was_named_a_part_may_be_unknown_and_the_whole_for_a_month() {
    let mut town = town(7, 0.2);
    let mut beside = named(&town);
    beside.parts[1].costs[12] = None;
    let of = |beside: &Comparison<usize>| ask_beside(&town, beside).of(Method::Named).expect("an answer").total;
    assert_eq!(of(&beside), of(&named(&town)), "the whole counts");
    beside.costs[12] = None;
    beside.costs[BEFORE + 3] = None;
    let found = ask_beside(&town, &beside);
    let by = found.of(Method::Named).expect("an answer");
    assert_eq!((by.months.len(), by.path[12]), (AFTER - 1, None));
    town.others.clear();
    let none = realised(&Case { touched: &town.touched, named: None, others: &town.others, start: BEFORE });
    assert_eq!(none.first, Some(Method::Interrupted), "there is only its own course");
}

#[test]
fn money_in_other_units_gives_the_same() {
    let town = town(9, 0.1);
    let times = |costs: &[Option<f64>]| costs.iter().map(|cost| cost.map(|cost| cost * 1000.0)).collect::<Vec<_>>();
    let others = town.others.iter().map(|other| Other { costs: times(&other.costs), ..other.clone() }).collect();
    let larger = ask(&Town { touched: times(&town.touched), others });
    let found = ask(&town);
    assert_eq!(found.first, larger.first);
    for method in Method::ALL {
        let totals = [&found, &larger].map(|found| found.of(method).expect("an answer").total);
        let apart = (totals[1].value / 1000.0 - totals[0].value).abs();
        assert!(apart < 1e-4 * COST, "{method:?}: {apart}");
    }
}
