use grip_insight::survival::{Quantile, Stay, Survival, kaplan_meier, log_rank};
use grip_types::Periode;
use jiff::civil::date;
use proptest::prelude::*;

/// Remission in weeks under 6-mercaptopurine and under placebo: Freireich and others (1963), Blood 21, 699–716, in
/// the form of Gehan (1965), Biometrika 52, 203–223, table 1.
const MERCAPTOPURINE: [(u32, bool); 21] = [
    (6, true),
    (6, true),
    (6, true),
    (6, false),
    (7, true),
    (9, false),
    (10, true),
    (10, false),
    (11, false),
    (13, true),
    (16, true),
    (17, false),
    (19, false),
    (20, false),
    (22, true),
    (23, true),
    (25, false),
    (32, false),
    (32, false),
    (34, false),
    (35, false),
];
const PLACEBO: [u32; 21] = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];

fn from_begin(stays: impl IntoIterator<Item = (u32, bool)>) -> Vec<Stay> {
    stays.into_iter().map(|(until, ended)| Stay::new(0, until, ended).expect("followed for some time")).collect()
}

/// Klein and Moeschberger (2003), table 4.1A: shares and standard errors as printed, to three decimals. Quoted from memory; the next
/// test has the same shares from a reference run, and the mean and its error were computed apart in Python (23.28739, 2.82747).
#[test]
fn remission_as_printed() {
    let curve = kaplan_meier(&from_begin(MERCAPTOPURINE), 0.95);
    let printed = [
        (6, 21, 3, 0.857, 0.076),
        (7, 17, 1, 0.807, 0.087),
        (10, 15, 1, 0.753, 0.096),
        (13, 12, 1, 0.690, 0.107),
        (16, 11, 1, 0.627, 0.114),
        (22, 7, 1, 0.538, 0.128),
        (23, 6, 1, 0.448, 0.135),
    ];
    assert_eq!(curve.steps.len(), printed.len());
    for (step, (age, at_risk, ended, survival, error)) in curve.steps.iter().zip(printed) {
        assert_eq!((step.age, step.at_risk, step.ended), (age, at_risk, ended));
        assert!((step.survival - survival).abs() < 0.0005 && (step.variance.sqrt() - error).abs() < 0.0005, "{step:?}");
    }
    // Example 4.1, continued in section 4.5: the mean up to 35 weeks is 23.287 with a standard error of 2.827.
    let mean = curve.restricted_mean(35).expect("35 weeks were seen");
    assert!((mean.mean - 23.287).abs() < 0.0005 && (mean.variance.sqrt() - 2.827).abs() < 0.0005, "{mean:?}");
}

/// lifelines 0.30.3, 2026-11-23: `k = KaplanMeierFitter(alpha=0.05).fit(T, E)` with the data above;
/// `k.survival_function_`, `k.confidence_interval_`, `k.median_survival_time_`,
/// `median_survival_times(k.confidence_interval_)` and `restricted_mean_survival_time(k, t=20)`.
#[test]
fn remission_as_lifelines_has_it() {
    let curve = kaplan_meier(&from_begin(MERCAPTOPURINE), 0.95);
    let expected = [
        (0.857142857142857, 0.6197179552659838, 0.9515517476469969),
        (0.8067226890756299, 0.5631465646222333, 0.9228090192028802),
        (0.7529411764705878, 0.5031995107999564, 0.8893618351692651),
        (0.6901960784313722, 0.4316102224861839, 0.8490659633494505),
        (0.6274509803921566, 0.36751085598750194, 0.8049121894718411),
        (0.5378151260504199, 0.26777893676713493, 0.7467907176353943),
        (0.44817927170868327, 0.18805200595923233, 0.6801426284952412),
    ];
    for (step, (survival, low, high)) in curve.steps.iter().zip(expected) {
        let bounds = step.bounds.expect("some stay longer");
        // Both are sums of a few terms; what differs is the quantile of the normal distribution, in its eleventh digit.
        for (found, expected) in [(step.survival, survival), (bounds.0, low), (bounds.1, high)] {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }
    assert_eq!(curve.median(), Quantile { low: Some(13), age: Some(23), high: None });
    let mean = curve.restricted_mean(20).expect("20 weeks were seen").mean;
    assert!((mean - 16.116526610644254).abs() < 1e-9, "{mean}");
    assert_eq!((curve.at(5), curve.at(36), curve.restricted_mean(36)), (Some(1.0), None, None));
}

/// `logrank_test(T_6mp, T_placebo, E_6mp, E_placebo)` of the same run. In print: 9 and 21 relapses, 19.3 and 10.7
/// expected, χ² 16.8.
#[test]
fn log_rank_of_both_groups() {
    let placebo = from_begin(PLACEBO.map(|weeks| (weeks, true)));
    let found = log_rank(&from_begin(MERCAPTOPURINE), &placebo).expect("both groups end");
    assert_eq!(found.ended, [9, 21]);
    assert!((found.expected[0] - 19.3).abs() < 0.05 && (found.expected[1] - 10.7).abs() < 0.06, "{:?}", found.expected);
    assert!((found.chi_square - 16.792940989216547).abs() < 1e-9, "{}", found.chi_square);
    assert!((found.p / 4.168809109334511e-05 - 1.0).abs() < 1e-9, "{}", found.p);
}

/// Sixty stays of a simple generator of numbers, a third of them seen from some age on.
fn seen_late() -> Vec<Stay> {
    let mut state: u64 = 12_345;
    let mut next = || {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        u32::try_from(state >> 16).expect("fifteen bits")
    };
    let mut stays = Vec::new();
    for _ in 0..60 {
        // In the order in which Python evaluates `nxt()%40 if nxt()%3==0 else 0`.
        let from = if next() % 3 == 0 { next() % 40 } else { 0 };
        let until = from + 1 + next() % 60;
        stays.push(Stay::new(from, until, next() % 4 != 0).expect("followed for some time"));
    }
    stays
}

/// The same stays in lifelines 0.30.3, 2026-11-23, at a level of 80 %: `KaplanMeierFitter(alpha=0.2).fit(until,
/// ended, entry)`, with half a day added to each entry above zero. There a stay that comes into sight at an age is at
/// risk at it, here after it, as in R.
#[test]
fn stays_that_come_into_sight_late() {
    let stays = seen_late();
    assert_eq!(
        stays[..3],
        [Stay::new(28, 66, true), Stay::new(0, 26, true), Stay::new(0, 11, true)].map(Option::unwrap)
    );
    let curve = kaplan_meier(&stays, 0.8);
    assert_eq!((curve.steps.len(), curve.stays), (37, 60));
    let expected = [
        (0, 1, 48, 0.9791666666666663, 0.9269636738128314, 0.994172625921652),
        (5, 11, 41, 0.8722163308589603, 0.7938542546237033, 0.922223771873208),
        (12, 24, 31, 0.6960925726963219, 0.5994421470754066, 0.7737911521657336),
        (20, 38, 30, 0.49220459091983876, 0.3967588734238343, 0.5806758775367917),
        (35, 78, 3, 0.05222549764707343, 0.01907759231419355, 0.11066155036052258),
        (36, 85, 2, 0.026112748823536716, 0.0058475224933408855, 0.0754393208782263),
    ];
    for (position, age, at_risk, survival, low, high) in expected {
        let step = curve.steps[position];
        let bounds = step.bounds.expect("some stay longer");
        assert_eq!((step.age, step.at_risk), (age, at_risk));
        for (found, expected) in [(step.survival, survival), (bounds.0, low), (bounds.1, high)] {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }
    assert_eq!(curve.median(), Quantile { low: Some(29), age: Some(38), high: Some(40) });
}

/// The worked example of docs/methods/survival.md: ten stays in months, before and since.
#[test]
fn worked_example() {
    let stays = |ages: [(u32, bool); 5]| from_begin(ages);
    let before = kaplan_meier(&stays([(2, true), (3, true), (3, false), (5, true), (8, true)]), 0.95);
    let since = kaplan_meier(&stays([(3, true), (6, true), (8, false), (9, false), (9, false)]), 0.95);
    let shares = |curve: &Survival| curve.steps.iter().map(|step| step.survival).collect::<Vec<_>>();
    let is_near = |found: &[f64], expected: &[f64]| {
        found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12)
    };
    // 4/5; of four at risk one ended: 3/5; of two one: 3/10; and the last.
    assert!(is_near(&shares(&before), &[0.8, 0.6, 0.3, 0.0]), "{:?}", shares(&before));
    assert!(is_near(&shares(&since), &[0.8, 0.6]), "{:?}", shares(&since));
    assert_eq!((before.median().age, since.median().age), (Some(5), None));
    // 2 + 0.8 + 2 · 0.6 + 3 · 0.3, and 3 + 3 · 0.8 + 2 · 0.6.
    let of = |curve: &Survival| curve.restricted_mean(8).expect("eight months were seen");
    let longer = of(&since) - of(&before);
    assert!(is_near(&[of(&before).mean, of(&since).mean, longer.mean], &[4.9, 6.6, 1.7]));
    // (2.9²/20 + 2.1²/12 + 0.9²/2) and (3.6²/20 + 1.2²/12).
    assert!(is_near(&[longer.variance], &[0.4205 + 0.3675 + 0.405 + 0.648 + 0.12]), "{longer:?}");
    let (low, high) = longer.bounds(0.95);
    assert!((low + 1.05).abs() < 0.01 && (high - 4.45).abs() < 0.01, "{low} {high}");
}

#[test]
fn those_who_stayed_a_while() {
    // Of the four that stay longer than 2, as if nobody had left before.
    let stays = from_begin([(2, true), (3, true), (3, false), (5, true), (8, true)]);
    let later: Vec<Stay> = stays.iter().filter_map(|stay| stay.after(2)).collect();
    let (all, later) = (kaplan_meier(&stays, 0.95), kaplan_meier(&later, 0.95));
    for age in 3..8 {
        let expected = all.at(age).zip(all.at(2)).map(|(share, start)| share / start);
        assert!(later.at(age).zip(expected).is_some_and(|(a, b)| (a - b).abs() < 1e-12), "{age}");
    }
}

#[test]
fn stays_as_seen_in_a_window() {
    let window = Periode { begin: date(2024, 1, 1), eind: date(2024, 12, 31) };
    let seen = |begin, end| Stay::seen(begin, end, window);
    // One day long, and the whole of January.
    assert_eq!(seen(date(2024, 1, 1), Some(date(2024, 1, 1))), Stay::new(0, 1, true));
    assert_eq!(seen(date(2024, 1, 1), Some(date(2024, 1, 31))), Stay::new(0, 31, true));
    // Going on, or ending after the window, is all the same.
    assert_eq!(seen(date(2024, 12, 1), None), Stay::new(0, 31, false));
    assert_eq!(seen(date(2024, 12, 1), Some(date(2025, 1, 1))), Stay::new(0, 31, false));
    // Its last day is that of the window.
    assert_eq!(seen(date(2024, 12, 1), Some(date(2024, 12, 31))), Stay::new(0, 31, true));
    // Thirty days old when the window opens; its last day is the first of the window.
    assert_eq!(seen(date(2023, 12, 2), Some(date(2024, 1, 1))), Stay::new(30, 31, true));
    // Not in the window, reversed, or followed for no time.
    assert_eq!(seen(date(2023, 1, 1), Some(date(2023, 12, 31))), None);
    assert_eq!(seen(date(2025, 1, 1), None), None);
    assert_eq!(seen(date(2024, 3, 1), Some(date(2024, 2, 1))), None);
    assert_eq!(Stay::new(3, 3, true), None);
}

#[test]
fn nothing_known_is_nothing_said() {
    let curve = kaplan_meier(&[], 0.95);
    assert_eq!((curve.steps.len(), curve.at(0), curve.at(1)), (0, Some(1.0), None));
    assert_eq!(curve.median(), Quantile { low: None, age: None, high: None });
    assert_eq!(log_rank(&[], &from_begin([(1, true)])), None);
    // All ended: known for ever, but how sure is not.
    let curve = kaplan_meier(&from_begin([(2, true), (4, true)]), 0.95);
    assert_eq!((curve.at(4), curve.at(100), curve.steps[1].bounds), (Some(0.0), Some(0.0), None));
    assert_eq!(curve.restricted_mean(100).map(|mean| mean.mean), Some(3.0));
    assert_eq!(curve.median().age, Some(2));
}

fn any_stays(max: usize) -> impl Strategy<Value = Vec<Stay>> {
    let stay = (0..30u32, 1..50u32, any::<bool>())
        .prop_map(|(from, length, ended)| Stay::new(from / 2, from / 2 + length, ended));
    proptest::collection::vec(stay.prop_map(|stay| stay.expect("followed for some time")), 1..max)
}

proptest! {
    /// Nobody lost from sight: the curve is the share that lasts longer, and the variance that of a share.
    #[test]
    fn all_seen_to_the_end(ages in proptest::collection::vec(1..60u32, 1..80)) {
        let curve = kaplan_meier(&from_begin(ages.iter().map(|age| (*age, true))), 0.9);
        let n = ages.len() as f64;
        for step in &curve.steps {
            let share = ages.iter().filter(|age| **age > step.age).count() as f64 / n;
            prop_assert!((step.survival - share).abs() < 1e-12);
            prop_assert!((step.variance - share * (1.0 - share) / n).abs() < 1e-12);
        }
        let mean = curve.restricted_mean(30).expect("all ended, or seen longer").mean;
        let expected = ages.iter().map(|age| f64::from(*age.min(&30))).sum::<f64>() / n;
        prop_assert!((mean - expected).abs() < 1e-9);
    }

    /// To see a stay in two pieces is to see it.
    #[test]
    fn cutting_stays_leaves_the_curve(ages in proptest::collection::vec((2..60u32, 1..59u32, any::<bool>()), 1..60)) {
        let whole = from_begin(ages.iter().map(|(until, _, ended)| (*until, *ended)));
        let pieces = ages.iter().flat_map(|(until, cut, ended)| {
            let cut = (*cut).min(until - 1);
            [Stay::new(0, cut, false), Stay::new(cut, *until, *ended)]
        });
        let pieces: Vec<Stay> = pieces.map(|piece| piece.expect("both have some length")).collect();
        prop_assert_eq!(kaplan_meier(&whole, 0.95).steps, kaplan_meier(&pieces, 0.95).steps);
    }

    #[test]
    fn the_curve_falls_within_its_bounds(stays in any_stays(80)) {
        let curve = kaplan_meier(&stays, 0.95);
        let mut before = 1.0;
        for step in &curve.steps {
            prop_assert!(step.survival < before && step.survival >= 0.0 && step.ended <= step.at_risk);
            before = step.survival;
            if let Some((low, high)) = step.bounds {
                prop_assert!(0.0 <= low && low <= step.survival && step.survival <= high && high <= 1.0, "{step:?}");
            }
        }
        let median = curve.median();
        prop_assert!(median.age.is_none_or(|age| median.low.is_some_and(|low| low <= age)));
        prop_assert!(median.high.is_none_or(|high| median.age.is_some_and(|age| age <= high)));
    }

    #[test]
    fn log_rank_does_not_mind_the_order(one in any_stays(40), other in any_stays(40)) {
        match (log_rank(&one, &other), log_rank(&other, &one)) {
            (Some(forth), Some(back)) => {
                prop_assert!((forth.chi_square - back.chi_square).abs() < 1e-6 * (1.0 + forth.chi_square));
                prop_assert_eq!(forth.ended, [back.ended[1], back.ended[0]]);
                let (ended, expected) = (forth.ended.iter().sum::<usize>() as f64, forth.expected.iter().sum::<f64>());
                prop_assert!((ended - expected).abs() < 1e-9 && (0.0..=1.0).contains(&forth.p));
            }
            (None, None) => {}
            (forth, back) => prop_assert!(false, "{forth:?} {back:?}"),
        }
        if let Some(same) = log_rank(&one, &one) {
            prop_assert!(same.chi_square < 1e-9 && same.p > 0.999);
        }
    }
}

/// Four tests, by hand: sorted 0.005, 0.01, 0.03 and 0.04 become 0.02, 0.03, 0.06 and, as it may not fall below the one
/// before it, 0.06.
#[test]
fn of_several_tests_each_chance_is_raised() {
    let found = grip_insight::survival::holm(&[0.01, 0.04, 0.03, 0.005]);
    for (found, expected) in found.iter().zip([0.03, 0.06, 0.06, 0.02]) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
    assert_eq!(grip_insight::survival::holm(&[0.7, 0.6]), [1.0, 1.0]);
    assert!(grip_insight::survival::holm(&[]).is_empty());
}

#[test]
fn at_risk_is_who_was_followed_so_far() {
    let stays = [(0, 3, true), (0, 5, false), (4, 9, true)].map(|(from, until, ended)| Stay::new(from, until, ended));
    let stays: Vec<Stay> = stays.into_iter().flatten().collect();
    let found = [1, 3, 4, 5, 6, 10].map(|age| grip_insight::survival::at_risk(&stays, age));
    assert_eq!(found, [2, 2, 1, 2, 1, 0]);
}
