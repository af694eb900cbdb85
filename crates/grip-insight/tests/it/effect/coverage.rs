//! How often intervals hold what they should. The table of docs/methods/effect.md is what this prints with more runs:
//! `RUNS` 2000, 2026-11-23.

use grip_insight::effect::Estimate;
use grip_insight::effect::difference::{Panel, difference};
use grip_insight::effect::interrupted::{Season, Settings, Shape, interrupted};
use grip_insight::effect::reach::{Target, reach};

use super::noise::Noise;
use super::{count, known};

const RUNS: usize = 300;

/// Shares of estimates whose intervals at 80 and 95 % hold zero.
fn shares(of: impl FnMut(usize) -> Estimate) -> (f64, f64) {
    let found: Vec<Estimate> = (0..RUNS).map(of).collect();
    let share =
        |level| count(found.iter().filter(|estimate| estimate.interval(level).contains(0.0)).count()) / count(RUNS);
    (share(0.8), share(0.95))
}

/// Five standard errors of a share of `RUNS`, and what the method itself may be off.
fn assert_share(share: f64, nominal: f64, short: f64) {
    let chance = 5.0 * (nominal * (1.0 - nominal) / count(RUNS)).sqrt();
    assert!(share > nominal - short - chance && share < nominal + 0.08 + chance, "{share} instead of {nominal}");
}

#[test]
fn a_series_without_effect_holds_zero() {
    for (months, season, short) in
        [(24, Season::None, 0.04), (36, Season::None, 0.04), (60, Season::Harmonics(2), 0.04)]
    {
        for tie in [0.0, 0.3, 0.6] {
            let mut noise = Noise(u64::try_from(months * 1000 + 7).unwrap());
            let settings = Settings { start: months - 12, transition: 0, season, shape: Shape::LevelAndTrend };
            let (at_80, at_95) =
                shares(|_| interrupted(&known(noise.autoregressive(tie, months)), &settings).unwrap().total);
            println!("interrupted {months} {season:?} tie {tie}: {at_80:.3} {at_95:.3}");
            assert_share(at_80, 0.8, short);
            assert_share(at_95, 0.95, short);
        }
    }
}

#[test]
fn units_without_effect_hold_zero() {
    for (comparison, months) in [(1, 36), (1, 60), (5, 24), (10, 36)] {
        for tie in [0.0, 0.3, 0.6] {
            let mut noise = Noise(u64::try_from(comparison * 100 + months).unwrap());
            let (at_80, at_95) = shares(|_| {
                let mut units: Vec<Vec<f64>> = (0..=comparison).map(|_| noise.autoregressive(tie, months)).collect();
                let others = units.split_off(1);
                let panel = Panel { treated: &units, comparison: &others, start: months - 12, transition: 0 };
                difference(&panel).unwrap().estimate().unwrap()
            });
            println!("difference {comparison} {months} tie {tie}: {at_80:.3} {at_95:.3}");
            assert_share(at_80, 0.8, 0.04);
            assert_share(at_95, 0.95, 0.04);
        }
    }
}

/// With a random walk the interval is exact; around a line it is too wide, and never too narrow.
#[test]
fn a_forecast_holds_what_comes() {
    for years in [4, 6, 10] {
        for walks in [true, false] {
            let mut noise = Noise(u64::try_from(years).unwrap());
            let (at_80, at_95) = shares(|_| {
                let mut values: Vec<f64> = (0..years + 2).map(|_| noise.normal()).collect();
                for at in 1..values.len() {
                    values[at] += if walks { values[at - 1] + 0.5 } else { 0.5 * count(at) };
                }
                let found = reach(&known(values[..years].to_vec()), 2, 1, Target::AtLeast(0.0)).unwrap();
                Estimate { value: found.value.value - values[years + 1], ..found.value }
            });
            println!("reach {years} walks {walks}: {at_80:.3} {at_95:.3}");
            let chance = |nominal: f64| 5.0 * (nominal * (1.0 - nominal) / count(RUNS)).sqrt();
            assert!(at_80 > 0.8 - chance(0.8) && at_95 > 0.95 - chance(0.95));
            assert!(!walks || (at_80 < 0.8 + chance(0.8)));
        }
    }
}
