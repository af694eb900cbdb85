use grip_insight::effect::Error;
use grip_insight::effect::reach::{Target, reach};

use super::{assert_close, count, known};

/// By hand: 10, 12, 11, 15, 16 changes 2, -1, 4, 1: mean 1.5, variance 13/3; two steps on 16 + 3 = 19, variance 13/3·(2 + 4/4) = 13.
#[test]
fn counted_by_hand() {
    let values = known([10.0, 12.0, 11.0, 15.0, 16.0]);
    let found = reach(&values, 2, 1, Target::AtLeast(19.0)).unwrap();
    assert_close(found.value.value, 19.0, 1e-12);
    assert_close(found.value.standard_error, 13.0_f64.sqrt(), 1e-12);
    assert_close(found.value.freedom, 3.0, 1e-12);
    assert_close(found.chance, 0.5, 1e-12);
    assert_close(found.change.value, 1.5, 1e-12);
    // 3.182 is the 97.5 % point of Student's distribution with three degrees of freedom.
    assert_close(found.value.interval(0.95).high, 19.0 + 3.182_446 * 13.0_f64.sqrt(), 1e-6);
    let low = reach(&values, 2, 1, Target::AtMost(17.0)).unwrap().chance;
    let high = reach(&values, 2, 1, Target::AtLeast(21.0)).unwrap().chance;
    let between = reach(&values, 2, 1, Target::Between(17.0, 21.0)).unwrap().chance;
    assert_close(low, high, 1e-12);
    assert_close(low + between + high, 1.0, 1e-12);
}

/// A gap of two years counts as two changes; months of another part of the year do not count.
#[test]
fn gaps_and_seasons() {
    let values = [Some(10.0), Some(12.0), None, Some(15.0), Some(16.0)];
    let found = reach(&values, 1, 1, Target::AtLeast(0.0)).unwrap();
    assert_close(found.value.value, 17.5, 1e-12);
    // Changes 2, 3 over two, 1 against 1.5 a step: 0.25 + 0 + 0.25 over two degrees of freedom.
    assert_close(found.value.standard_error, (0.25_f64 * (1.0 + 0.25)).sqrt(), 1e-12);
    let yearly = [4.0, 5.0, 7.0, 8.0];
    let monthly: Vec<f64> = (0..48).map(|at| if at % 12 == 11 { yearly[at / 12] } else { count(at * at) }).collect();
    let found = reach(&known(monthly), 12, 12, Target::AtLeast(9.0)).unwrap();
    assert_eq!(found, reach(&known(yearly), 1, 1, Target::AtLeast(9.0)).unwrap());
}

#[test]
fn what_says_nothing_is_refused() {
    let target = Target::AtLeast(1.0);
    let short = [Some(1.0), None, Some(2.0), Some(f64::NAN), Some(4.0)];
    assert_eq!(reach(&short, 1, 1, target).unwrap_err(), Error::TooFewValues { needed: 4, given: 3 });
    assert_eq!(reach(&[], 1, 1, target).unwrap_err(), Error::TooFewValues { needed: 4, given: 0 });
    assert_eq!(reach(&known([1.0, 2.0, 3.0, 4.0]), 1, 1, target).unwrap_err(), Error::NoVariation);
    for (ahead, season, target) in
        [(0, 1, target), (1, 0, target), (1, 1, Target::Between(2.0, 1.0)), (1, 1, Target::AtMost(f64::NAN))]
    {
        assert_eq!(reach(&short, ahead, season, target).unwrap_err(), Error::Setting);
    }
}
