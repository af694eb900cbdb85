use grip_insight::effect::Error;
use grip_insight::effect::difference::{Panel, difference};

use super::noise::Noise;
use super::{assert_close, count};

/// Changes of 1, 2 and 3 beside 6: the effect is 4. The spread within groups is 2 over 2, so the error `√(1·(1 + 1/3))`.
#[test]
fn counted_by_hand() {
    let unit = |level: f64, change: f64| -> Vec<f64> {
        [0.0, 1.0, 1.0, 0.0, 1.0, 0.0]
            .iter()
            .enumerate()
            .map(|(at, wave)| level + wave + if at < 4 { 0.0 } else { change })
            .collect()
    };
    let treated = [unit(50.0, 6.0)];
    let comparison = [unit(10.0, 1.0), unit(20.0, 2.0), unit(80.0, 3.0)];
    let found = difference(&Panel { treated: &treated, comparison: &comparison, start: 4, transition: 0 }).unwrap();
    assert_close(found.effect, 4.0, 1e-12);
    let over_units = found.over_units.unwrap();
    assert_close(over_units.value, 4.0, 1e-12);
    assert_close(over_units.standard_error, (4.0_f64 / 3.0).sqrt(), 1e-12);
    assert_close(over_units.freedom, 2.0, 1e-12);
    assert_close(found.chance_by_exchange.unwrap(), 0.25, 1e-12);
    assert_eq!(found.over_time, None, "the groups went alike but for the effect: nothing to learn a spread from");
    assert_eq!(found.estimate(), found.over_units);
    assert_close(found.periods[4].gap, 4.0, 1e-12);
    assert!(found.periods[..4].iter().all(|period| period.gap.abs() < 1e-12));
}

#[test]
fn a_known_effect_is_found_and_parallels_are_looked_at() {
    let mut noise = Noise(3);
    let mut units: Vec<Vec<f64>> = (0..9)
        .map(|unit| noise.autoregressive(0.5, 40).iter().map(|value| value + 10.0 * count(unit)).collect())
        .collect();
    units[0].iter_mut().skip(24).for_each(|value| *value -= 6.0);
    let of = |units: &[Vec<f64>]| {
        difference(&Panel { treated: &units[..1], comparison: &units[1..], start: 24, transition: 2 }).unwrap()
    };
    let found = of(&units);
    let estimate = found.estimate().unwrap();
    assert!(estimate.interval(0.99).contains(-6.0) && estimate.chance() < 0.01, "{estimate:?}");
    assert_close(found.chance_by_exchange.unwrap(), 1.0 / 9.0, 1e-12);
    assert!(found.slope_before.unwrap().interval(0.95).contains(0.0));
    assert_eq!((found.periods.len(), found.periods[24].at), (38, 26));
    let mut swapped = units.clone();
    swapped[1..].reverse();
    assert_close(of(&swapped).effect, found.effect, 1e-12);
    units[0].iter_mut().enumerate().for_each(|(at, value)| *value += 0.5 * count(at));
    assert!(!of(&units).slope_before.unwrap().interval(0.95).contains(0.0));
}

#[test]
fn what_says_nothing_is_refused() {
    let unit = vec![vec![1.0, 2.0, 4.0, 3.0, 5.0]];
    let of = |treated: &[Vec<f64>], comparison: &[Vec<f64>], start, transition| {
        difference(&Panel { treated, comparison, start, transition }).unwrap_err()
    };
    assert_eq!(of(&unit, &[], 4, 0), Error::TooFewUnits { needed: 1, given: 0 });
    assert_eq!(of(&unit, &[vec![1.0; 4]], 4, 0), Error::UnequalLengths { needed: 5, given: 4 });
    assert_eq!(of(&unit, &[vec![1.0, 2.0, f64::NAN, 3.0, 4.0]], 4, 0), Error::Missing { at: 2 });
    assert_eq!(of(&unit, &unit, 3, 0), Error::TooFewBefore { needed: 4, given: 3 });
    assert_eq!(of(&unit, &unit, 4, 1), Error::TooFewAfter { needed: 1, given: 0 });
}
