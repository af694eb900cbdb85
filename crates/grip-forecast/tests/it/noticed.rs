//! What a forecast tells that it saw, on histories made for it.

use grip_forecast::{FUTURE, Notice, NoticeKind, PAST, ProviderHistory, SegmentHistory, Window, forecast};

const MONTHS: usize = 30;

/// Thirty months of 1000 a month, all of it declared one month later and allocated long before; half of it by `aanbieder`.
fn history() -> SegmentHistory {
    let row = |amount: f64, months: usize| (0..months).map(|delay| if delay == 1 { amount } else { 0.0 }).collect();
    let provider = ProviderHistory {
        name: "aanbieder".into(),
        declared: (0..MONTHS).map(|month| row(500.0, MONTHS - month)).collect(),
        committed: vec![vec![500.0; PAST + 1]; MONTHS],
    };
    SegmentHistory {
        declared: (0..MONTHS).map(|month| row(1000.0, MONTHS - month)).collect(),
        committed: vec![vec![1000.0; PAST + FUTURE + 1]; MONTHS],
        known_declared: (0..MONTHS)
            .map(|cut| (1..=FUTURE.min(MONTHS - 1 - cut)).map(|ahead| row(1000.0, MONTHS - cut - ahead)).collect())
            .collect(),
        providers: vec![provider],
        ..SegmentHistory::empty(MONTHS)
    }
}

/// As [`history`], with this part of what the provider used to declare for these months by now.
fn declares(part: f64, months: std::ops::Range<usize>) -> SegmentHistory {
    let mut history = history();
    for month in months {
        history.declared[month][1] -= (1.0 - part) * 500.0;
        history.providers[0].declared[month][1] *= part;
        for ahead in 1..=FUTURE {
            history.known_declared[month - ahead][ahead - 1][1] -= (1.0 - part) * 500.0;
        }
    }
    history
}

fn noticed(history: SegmentHistory) -> Vec<Notice> {
    // The year of which the newest month is the sixth.
    let result = forecast(&[history], Window { first: 24, last: 35 }).unwrap();
    result.segments[0].noticed.clone()
}

fn notice(kind: NoticeKind, provider: Option<&str>, month: i64, cents: i64) -> Vec<Notice> {
    vec![Notice { kind, provider: provider.map(ToOwned::to_owned), month, cents }]
}

#[test]
fn nothing_is_noticed_where_nothing_happens() {
    assert_eq!(noticed(history()), []);
}

#[test]
fn a_provider_that_is_late_is_named_with_what_it_owes() {
    let check = |part, months, kind, month, cents| {
        assert_eq!(noticed(declares(part, months)), notice(kind, Some("aanbieder"), month, cents));
    };
    check(0.1, 27..29, NoticeKind::ProviderSlower, 27, 900);
    check(0.0, 27..28, NoticeKind::MissingMonth, 27, 500);
    check(0.0, 26..29, NoticeKind::Backlog, 26, 1500);
    // The newest month that can be declared may come in a few days.
    assert_eq!(noticed(declares(0.0, 28..29)), []);
}

#[test]
fn what_is_owed_is_expected() {
    let year = Window { first: 24, last: 35 };
    let forecast = |history: SegmentHistory| forecast(&[history], year).unwrap().total;
    let (calm, late) = (forecast(history()), forecast(declares(0.0, 26..29)));
    assert!((calm.declared - late.declared - 1500.0).abs() < 1e-9);
    // Rates are learned from the other months, so that all of it comes back.
    assert!((calm.p50 - late.p50).abs() < 1e-6 * calm.p50, "{} is not {}", late.p50, calm.p50);
}

#[test]
fn a_step_of_tariffs_is_told_from_the_month_it_comes() {
    let price = |step: f64| (0..MONTHS + FUTURE).map(|month| if month < 24 { 1.0 } else { step }).collect();
    let mut history = SegmentHistory { price: price(1.25), ..history() };
    for month in 24..MONTHS {
        history.declared[month].iter_mut().for_each(|amount| *amount *= 1.25);
    }
    let found = noticed(history.clone());
    assert_eq!((found[0].kind, found[0].month), (NoticeKind::TariffStep, 24));
    // A fifth of the year is what the step adds.
    let whole = forecast(std::slice::from_ref(&history), Window { first: 24, last: 35 }).unwrap().total.p50;
    assert!((found[0].cents as f64 - 0.2 * whole).abs() <= 1.0, "{} of {whole}", found[0].cents);
    assert_eq!(noticed(SegmentHistory { price: price(1.05), ..self::history() }), []);
}

#[test]
fn an_end_a_ceiling_and_a_first_year_are_told() {
    let mut ended = history();
    // From month 28 on nothing is allocated.
    for (cut, row) in ended.committed.iter_mut().enumerate() {
        let gone = |place: &usize| cut + place >= 28 + PAST;
        (0..row.len()).filter(gone).for_each(|place| row[place] = 0.0);
    }
    assert!(noticed(ended).iter().any(|notice| (notice.kind, notice.month) == (NoticeKind::Ended, 28)));
    let ceiling = SegmentHistory { beyond_ceiling: 700.4, ..history() };
    assert_eq!(noticed(ceiling), notice(NoticeKind::CeilingReached, None, 30, 700));
    let mut young = history();
    for row in young.declared.iter_mut().take(20) {
        row.fill(0.0);
    }
    young.providers.clear();
    let found = noticed(young);
    assert!(found.iter().any(|notice| (notice.kind, notice.month) == (NoticeKind::FirstYear, 20)), "{found:?}");
}
