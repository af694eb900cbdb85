//! What measures should save: cases that can be counted by hand, and what holds for all of them.

use grip_policy::{
    Ahead, Measure, MeasureGap, Object, Published, Purses, Reserve, Texts, Year, YearResult, ahead, counted,
    cumulative, expected, expected_between, measure_gaps, published, published_apart, published_purses, purses,
    reserve_on, reserve_path, totals, touches,
};
use grip_register::Content;
use grip_types::{Bedrag, Maand, parse_date};
use proptest::prelude::*;

fn measure(fields: &[(&str, &str)]) -> Measure {
    let given = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let named = [("gemeente", "9998"), ("name", "Iets")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    Measure::read(&named.into_iter().chain(given).collect::<Texts>()).expect("a measure")
}

fn month(text: &str) -> Maand {
    text.parse().expect("a month")
}

fn savings(measure: &Measure, to: &str) -> Vec<i64> {
    expected(measure, month(to)).iter().map(|month| month.saving.cents).collect()
}

#[test]
fn a_saving_grows_evenly_to_its_full_size_and_ends() {
    let grows = measure(&[
        ("begin", "2025-01"),
        ("full_from", "2025-04"),
        ("end", "2025-06"),
        ("saving_per_month", "4.000"),
        ("cost_once", "500"),
        ("cost_per_month", "100"),
    ]);
    assert_eq!(savings(&grows, "2025-12"), [100_000, 200_000, 300_000, 400_000, 400_000, 400_000]);
    let costs: Vec<i64> = expected(&grows, month("2025-03")).iter().map(|month| month.cost.cents).collect();
    assert_eq!(costs, [60_000, 10_000, 10_000]);
    assert_eq!(expected_between(&grows, month("2025-03"), month("2025-12")).cents, 1_500_000);
    let at_once = measure(&[("begin", "2025-11"), ("saving_per_month", "10")]);
    assert_eq!(savings(&at_once, "2026-01"), [1_000, 1_000, 1_000]);
    assert_eq!(savings(&at_once, "2025-10"), [] as [i64; 0]);
    assert_eq!(savings(&measure(&[("saving_per_month", "10")]), "2026-01"), [] as [i64; 0], "no first month");
}

#[test]
fn cents_of_a_growing_saving_add_up() {
    // One euro in full effect after two months: a third, two thirds, one: 33.33…, 66.66…, 100 cents.
    let euro = measure(&[("begin", "2025-01"), ("full_from", "2025-03"), ("saving_per_month", "1")]);
    assert_eq!(savings(&euro, "2025-04"), [33, 67, 100, 100]);
}

#[test]
fn measures_add_up_by_month() {
    let first = measure(&[("begin", "2025-01"), ("end", "2025-01"), ("saving_per_month", "10"), ("cost_once", "3")]);
    let second = measure(&[("begin", "2025-03"), ("saving_per_month", "1")]);
    let sums = cumulative([&first, &second].into_iter(), month("2025-04"));
    let sums: Vec<(i64, i64)> = sums.iter().map(|month| (month.saving.cents, month.cost.cents)).collect();
    assert_eq!(sums, [(1_000, 300), (1_000, 300), (1_100, 300), (1_200, 300)]);
}

#[test]
fn totals_split_what_was_from_what_is_to_come() {
    let running = measure(&[("status", "loopt"), ("begin", "2025-01"), ("saving_per_month", "10")]);
    let idea = measure(&[("begin", "2025-12"), ("saving_per_month", "100"), ("cost_once", "5")]);
    let silent = measure(&[("status", "loopt")]);
    let stopped = measure(&[("status", "gestopt"), ("begin", "2025-01"), ("saving_per_month", "10")]);
    let ended = measure(&[("status", "gestopt"), ("begin", "2025-01"), ("end", "2025-02"), ("saving_per_month", "10")]);
    let all = [running, idea, silent, stopped, ended];
    let found = totals(all.iter(), |measure| measure.status, month("2025-08"), month("2025-12"));
    let running = found[&grip_policy::MeasureStatus::Running];
    assert_eq!((running.measures, running.so_far.cents, running.to_come.cents), (2, 8_000, 4_000));
    assert_eq!(running.without_amount, 1);
    let idea = found[&grip_policy::MeasureStatus::Idea];
    assert_eq!((idea.so_far.cents, idea.to_come.cents, idea.cost.cents), (0, 10_000, 500));
    let stopped = found[&grip_policy::MeasureStatus::Stopped];
    assert_eq!((stopped.so_far.cents, stopped.to_come.cents, stopped.without_amount), (2_000, 0, 1));
}

#[test]
fn what_was_stopped_ends_and_says_when() {
    let faults =
        |fields: &[(&str, &str)]| -> Vec<&str> { measure(fields).faults().iter().map(|fault| fault.field).collect() };
    let stopped = [("status", "gestopt"), ("begin", "2025-01"), ("saving_per_month", "10")];
    assert_eq!(faults(&stopped), ["end"]);
    assert_eq!(savings(&measure(&stopped), "2025-12"), [] as [i64; 0], "nobody said until when");
    let ended = [stopped[0], stopped[1], stopped[2], ("end", "2025-02")];
    assert!(faults(&ended).is_empty());
    assert_eq!(savings(&measure(&ended), "2025-12"), [1_000, 1_000]);
}

#[test]
fn of_an_idea_nothing_counts_that_is_past() {
    let idea = measure(&[("begin", "2025-06"), ("saving_per_month", "10"), ("cost_once", "5")]);
    assert_eq!(savings(&idea, "2025-09").len(), 4, "by itself it is shown from its first month");
    let months = |measure: &Measure| -> Vec<Maand> {
        counted(measure, month("2025-08"), month("2025-09")).iter().map(|month| month.maand).collect()
    };
    assert_eq!(months(&idea), [month("2025-09")]);
    let running = measure(&[("status", "loopt"), ("begin", "2025-06"), ("saving_per_month", "10")]);
    assert_eq!(months(&running).len(), 4);
    let totals = totals([&idea].into_iter(), |_| (), month("2025-08"), month("2025-09"))[&()];
    assert_eq!((totals.so_far.cents, totals.to_come.cents, totals.cost.cents), (0, 1_000, 0));
    let found = ahead(&idea, month("2025-08"), month("2025-09"));
    assert_eq!((found.in_forecast.cents, found.not_in_forecast.cents), (0, 1_000));
}

#[test]
fn a_measure_is_compared_with_what_it_does_not_touch() {
    let fields = |filters: &str, comparison: &str| -> Vec<&str> {
        let fields = [("indicator", "gedeclareerd"), ("filters", filters), ("comparison", comparison)];
        measure(&fields).faults().iter().map(|fault| fault.field).collect()
    };
    assert!(fields("wet=jw; categorie=45", "wet=jw; categorie=44").is_empty());
    assert!(fields("wet=jw", "wet=WMO; categorie=01").is_empty());
    assert!(fields("wet=jw", "").is_empty() && fields("", "").is_empty());
    for (filters, inside) in
        [("wet=jw", "wet=jw"), ("wet=jw", "wet=jw; categorie=45"), ("", "wet=wmo"), ("wet=jw", "wijk=a")]
    {
        assert_eq!(fields(filters, inside), ["comparison"], "{inside} in {filters}");
    }
}

#[test]
fn a_forecast_holds_what_goes_on_and_not_what_begins() {
    let cents = |ahead: Ahead| (ahead.to_come.cents, ahead.in_forecast.cents, ahead.not_in_forecast.cents);
    let measure = |fields: &[(&str, &str)]| measure(&[&[("status", "loopt")], fields].concat());
    let whole = measure(&[("begin", "2025-01"), ("saving_per_month", "10")]);
    assert_eq!(cents(ahead(&whole, month("2025-08"), month("2025-12"))), (4_000, 4_000, 0));
    let later = measure(&[("begin", "2025-11"), ("saving_per_month", "10")]);
    assert_eq!(cents(ahead(&later, month("2025-08"), month("2025-12"))), (2_000, 0, 2_000));
    let grows = measure(&[("begin", "2025-08"), ("full_from", "2025-09"), ("saving_per_month", "10")]);
    assert_eq!(cents(ahead(&grows, month("2025-08"), month("2025-12"))), (4_000, 2_000, 2_000));
    // The forecast carries on four months what ends after two, or turns.
    let ends = measure(&[("begin", "2025-01"), ("end", "2025-10"), ("saving_per_month", "10")]);
    assert_eq!(cents(ahead(&ends, month("2025-08"), month("2025-12"))), (2_000, 4_000, -2_000));
    let ended = measure(&[("begin", "2025-01"), ("end", "2025-08"), ("saving_per_month", "10")]);
    assert_eq!(cents(ahead(&ended, month("2025-08"), month("2025-12"))), (0, 4_000, -4_000));
    assert_eq!(cents(ahead(&ended, month("2025-09"), month("2025-12"))), (0, 0, 0), "its end is known");
    let costs = measure(&[("begin", "2025-08"), ("full_from", "2025-09"), ("saving_per_month", "-10")]);
    assert_eq!(cents(ahead(&costs, month("2025-08"), month("2025-12"))), (-4_000, -2_000, -2_000));
    assert_eq!(cents(ahead(&whole, month("2025-12"), month("2025-08"))), (0, 0, 0), "the year is known");
}

#[test]
fn a_saving_lands_in_purses_to_the_cent() {
    // Annual figures of households: 359,164 in all, of which 257,130 for the municipality.
    let households = measure(&[("share_municipality", "71,5912508"), ("share_insurer", "20")]);
    let found = purses(&households, Bedrag::from_cents(35_916_400));
    assert_eq!(found.municipality.cents, 25_713_000);
    assert_eq!((found.insurer.cents, found.state.cents, found.unknown.cents), (7_183_280, 0, 3_020_120));
    let thirds = measure(&[
        ("share_municipality", "33,333333333"),
        ("share_insurer", "33,333333333"),
        ("share_state", "33,333333334"),
    ]);
    let expected = [33, 33, 34].map(Bedrag::from_cents);
    let found = purses(&thirds, Bedrag::from_cents(100));
    assert_eq!([found.municipality, found.insurer, found.state], expected);
    let unsaid = purses(&measure(&[]), Bedrag::from_cents(-7));
    assert_eq!(unsaid, Purses { unknown: Bedrag::from_cents(-7), ..Purses::default() });
}

#[test]
fn figures_that_differ_stand_side_by_side() {
    let pilot = measure(&[("saving_per_month", "75.000"), ("evaluated_saving", "436.074"), ("evaluated_year", "2019")]);
    let figures = [
        Published::ExpectedPerYear(Bedrag::from_cents(90_000_000)),
        Published::Evaluated(Bedrag::from_cents(43_607_400), Some(Year(2019))),
    ];
    assert_eq!(published(&pilot), figures);
    assert_eq!(published_apart(&pilot), Some(Bedrag::from_cents(46_392_600)));
    assert_eq!(published_apart(&measure(&[("evaluated_saving", "1")])), None);
    let (figure, found) = published_purses(&pilot).expect("a figure");
    assert_eq!((figure, found.unknown.cents), (figures[1], 43_607_400), "what was found goes before what was expected");
    assert_eq!(Purses::sum([found, found].into_iter()).unknown.cents, 87_214_800);
    assert_eq!(published_purses(&measure(&[])), None);
}

#[test]
fn what_is_not_said_is_named() {
    use MeasureGap::{Begin, End, Goal, Indicator, Owner, Reasoning, Saving};
    assert_eq!(measure_gaps(&measure(&[])), [Goal, Owner, Saving]);
    assert_eq!(measure_gaps(&measure(&[("status", "loopt")])), [Goal, Owner, Begin, Saving, Indicator]);
    let stopped =
        measure(&[("status", "gestopt"), ("saving_per_month", "1"), ("begin", "2025-01"), ("owner", "beleid")]);
    assert_eq!(measure_gaps(&stopped), [Goal, Reasoning, Indicator, End]);
}

#[test]
fn a_measure_touches_what_its_filters_do_not_exclude() {
    let check = |filters: &str, wet: &str, categorie: Option<&str>| {
        touches(&measure(&[("indicator", "gedeclareerd"), ("filters", filters)]), wet, categorie)
    };
    assert!(check("wet=jw; categorie=45", "jw", Some("45")));
    assert!(check("wet=jw; productcategorie=45", "jw", None));
    assert!(check("wet=jw", "jw", Some("44")));
    assert!(check("", "wmo", Some("01")));
    assert!(check("aanbieder=01234567", "wmo", Some("01")));
    assert!(check("wet=jw; productcode=45A01", "jw", Some("45")));
    assert!(!check("wet=jw; productcode=45A01", "jw", Some("44")));
    assert!(!check("wet=jw; categorie=45", "jw", Some("44")));
    assert!(!check("wet=jw", "wmo", None));
    assert!(!touches(&measure(&[]), "jw", None), "it says nowhere that it shows");
}

fn reserve(date: &str, amount: &str) -> Reserve {
    let fields = [("gemeente", "9998"), ("name", "Algemene reserve"), ("date", date), ("amount", amount)];
    Reserve::read(&fields.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect())
        .expect("a reserve")
}

#[test]
fn a_reserve_goes_down_by_deficits() {
    let day = |text: &str| parse_date(text).expect("a day");
    let reserves = [reserve("2024-12-31", "100"), reserve("2023-12-31", "200"), reserve("2025-12-31", "50")];
    assert_eq!(reserve_on(&reserves, day("2025-06-30")).map(|found| found.amount.cents), Some(10_000));
    assert_eq!(reserve_on(&reserves, day("2023-01-01")), None);
    let result = |jaar, low, middle, high| YearResult {
        jaar,
        low: Bedrag::from_cents(low),
        middle: Bedrag::from_cents(middle),
        high: Bedrag::from_cents(high),
    };
    let results = [result(2025, -40, -20, 0), result(2026, -60, -30, 10)];
    let path = reserve_path(Bedrag::from_cents(100), Some(Bedrag::from_cents(80)), &results);
    let ends: Vec<(i64, i64, i64)> =
        path.iter().map(|year| (year.low.cents, year.middle.cents, year.high.cents)).collect();
    assert_eq!(ends, [(60, 80, 100), (0, 50, 110)]);
    // At the middle it is even; the low end is below zero once in ten, the high end is at 0.9.
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-6, "{found} and not {wanted}");
    near(path[0].chance_below_minimum.expect("a minimum"), 0.5);
    near(path[1].chance_below_zero, 0.1);
    // R: pnorm(30 / (60 / qnorm(0.9))) = 0.7391658, R 4.5.
    near(path[1].chance_below_minimum.expect("a minimum"), 0.739_165_8);
    let sure = reserve_path(Bedrag::from_cents(1), None, &[result(2025, -2, -2, -2)]);
    near(sure[0].chance_below_zero, 1.0);
    assert_eq!(sure[0].chance_below_minimum, None);
}

proptest! {
    /// Whatever the size and the growth: months up to any one add up to the exact sum, rounded once.
    #[test]
    fn savings_up_to_any_month_are_exact(saving in 0_i64..1_000_000_000, full in 0_i32..40, months in 1_i32..80) {
        let begin = month("2024-03");
        let text = Bedrag::from_cents(saving).to_string();
        let (first, whole) = (begin.to_string(), begin.plus(full).to_string());
        let measure = measure(&[("begin", &first), ("full_from", &whole), ("saving_per_month", &text)]);
        let found: i64 = savings(&measure, &begin.plus(months - 1).to_string()).iter().sum();
        let thirds: i128 = (0..months).map(|at| i128::from((at + 1).min(full + 1))).sum::<i128>() * i128::from(saving);
        let error = i128::from(found) * i128::from(full + 1) - thirds;
        prop_assert!(2 * error.abs() <= i128::from(full + 1), "{error} of {}", full + 1);
        prop_assert_eq!(found, expected_between(&measure, begin, begin.plus(months - 1)).cents);
    }

    /// Whatever the shares: the purses add up to the saving, and none has another sign.
    #[test]
    fn purses_add_up(cents in -1_000_000_000_000_i64..1_000_000_000_000, parts in prop::array::uniform3(0_u32..=33_333)) {
        let [municipality, insurer, state] = parts.map(|part| format!("{},{:03}", part / 1000, part % 1000));
        let fields = [("share_municipality", municipality), ("share_insurer", insurer), ("share_state", state)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let found = purses(&measure(&fields), Bedrag::from_cents(cents));
        let parts = [found.municipality, found.insurer, found.state, found.unknown];
        prop_assert_eq!(parts.iter().map(|part| part.cents).sum::<i64>(), cents);
        prop_assert!(parts.iter().all(|part| part.cents == 0 || part.cents.signum() == cents.signum()));
    }

    /// Whatever grows or ends: the parts add up, and what is in the forecast is what was saved in the last known month, each month.
    #[test]
    fn what_is_ahead_adds_up(saving in -1_000_000_i64..1_000_000, full in 0_i32..20, known in -5_i32..30, length in 20_i32..60) {
        let begin = month("2024-03");
        let text = Bedrag::from_cents(saving).to_string();
        let (first, whole, last) = (begin.to_string(), begin.plus(full).to_string(), begin.plus(length).to_string());
        let fields = [("status", "loopt"), ("begin", &first), ("full_from", &whole), ("end", &last), ("saving_per_month", &text)];
        let measure = measure(&fields);
        let (m0, to) = (begin.plus(known), begin.plus(40));
        let found = ahead(&measure, m0, to);
        prop_assert_eq!(found.to_come.cents, found.in_forecast.cents + found.not_in_forecast.cents);
        prop_assert_eq!(found.to_come.cents, expected_between(&measure, m0.plus(1), to).cents);
        prop_assert_eq!(found.in_forecast.cents, i64::from(40 - known) * expected_between(&measure, m0, m0).cents);
    }
}
