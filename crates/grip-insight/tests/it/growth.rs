use std::collections::BTreeMap;

use grip_insight::growth::{Cell, Change, Error, Growth, Method, Part, Period, split};
use grip_types::Bedrag;
use proptest::prelude::*;

const METHODS: [Method; 2] = [Method::OneByOne, Method::LogMean];

fn cell(clients: u64, months: f64, units: f64, cents: i64) -> Cell {
    Cell { clients, months, units, amount: Bedrag::from_cents(cents) }
}

fn period(cells: &[(&'static str, Cell)]) -> Period<&'static str> {
    Period::of_cells(cells.iter().copied().collect())
}

/// Parts that are not zero, in cents.
fn shown(change: &Change) -> Vec<(Part, i64)> {
    change
        .parts
        .iter()
        .filter(|(_, amount)| *amount != Bedrag::ZERO)
        .map(|(part, amount)| (part, amount.cents))
        .collect()
}

#[track_caller]
fn check(before: &Period<&'static str>, after: &Period<&'static str>, method: Method, expected: &[(Part, i64)]) {
    let growth = split(before, after, |_| 1.0, method).expect("it can be split");
    assert_eq!(shown(&growth.total()), expected, "{method:?}");
}

/// Horngren, C. T., Datar, S. M. and Foster, G., Cost Accounting: A Managerial Emphasis, exercise 14-24 (Soda King)
/// with its printed solution exhibit: budgeted 400,000, 600,000 and 1,500,000 units and sold 480,000, 900,000 and
/// 1,620,000, at $2.00, $1.20 and $2.50 each. Sales-quantity variance $1,054,000 favourable, sales-mix variance
/// $234,000 unfavourable, sales-volume variance $820,000. The book values the mix at the units sold, so that its mix
/// is mix and interaction together.
#[test]
fn sales_variances_of_soda_king() {
    let of = |kola: u32, limor: u32, orlem: u32| {
        let sold = |units: u32, price: i64| {
            let volume = f64::from(units);
            cell(u64::from(units), volume, volume, i64::from(units) * price)
        };
        period(&[("Kola", sold(kola, 200)), ("Limor", sold(limor, 120)), ("Orlem", sold(orlem, 250))])
    };
    let (budget, actual) = (of(400_000, 600_000, 1_500_000), of(480_000, 900_000, 1_620_000));
    let growth = split(&budget, &actual, |_| 1.0, Method::OneByOne).expect("it can be split");
    let total = growth.total();
    assert_eq!(
        shown(&total),
        [(Part::Clients, 105_400_000), (Part::Mix, -19_500_000), (Part::Interaction, -3_900_000)]
    );
    assert_eq!(total.parts.total(), Bedrag::from_cents(82_000_000));
    let mix = |change: &Change| (change.parts.of(Part::Mix) + change.parts.of(Part::Interaction)).cents;
    assert_eq!(mix(&total), -23_400_000);
    assert_eq!(growth.cells.values().map(mix).collect::<Vec<_>>(), [0, 21_600_000, -45_000_000]);
    let quantity: Vec<i64> = growth.cells.values().map(|change| change.parts.of(Part::Clients).cents).collect();
    assert_eq!(quantity, [16_000_000, 14_400_000, 75_000_000]);
}

/// The logarithmic mean against another implementation: package LMDIR for R (M. K. Heun),
/// `tests/testthat/test_lmdi.R`, "linear LMDI works as expected", read 2026-11-23: two subcategories, three factors,
/// four years.
#[test]
fn logarithmic_mean_of_lmdir() {
    let years = [[[1, 10, 2], [4, 5, 3]], [[4, 5, 3], [5, 6, 4]], [[8, 2, 4], [5, 7, 5]], [[10, 1, 5], [6, 8, 6]]];
    let expected = [
        [69.790_065_98, -9.455_125_793, 39.665_059_81],
        [42.960_214_67, -34.319_026_56, 50.358_811_9],
        [54.010_642_34, -9.021_284_671, 54.010_642_34],
    ];
    // One is 10^8 cents, so that the eight decimals are cents: half of the last one, and half a cent for each of six
    // parts.
    let of = |year: [[u32; 3]; 2]| {
        let cells = year.map(|[x, y, z]| {
            cell(u64::from(x), f64::from(x * y), f64::from(x * y * z), i64::from(x * y * z) * 100_000_000)
        });
        period(&[("one", cells[0]), ("two", cells[1])])
    };
    for (pair, expected) in years.windows(2).zip(expected) {
        let growth = split(&of(pair[0]), &of(pair[1]), |_| 1.0, Method::LogMean).expect("it can be split");
        let parts = growth.total().parts;
        let first = parts.of(Part::Clients) + parts.of(Part::Stacking) + parts.of(Part::Mix);
        let found = [first, parts.of(Part::Duration), parts.of(Part::Intensity)];
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found.to_f64() - expected * 1e8).abs() < 4.0, "{found} {expected}");
        }
        assert_eq!(parts.of(Part::Tariff).cents.abs() + parts.of(Part::Interaction).cents.abs(), 0);
    }
}

/// The worked example of docs/methods/price-or-volume.md.
#[test]
fn worked_example() {
    let before = Period {
        clients: 100,
        cells: BTreeMap::from([
            ("A", cell(80, 800.0, 8_000.0, 48_000_000)),
            ("B", cell(40, 240.0, 1_200.0, 12_000_000)),
        ]),
    };
    let after = Period {
        clients: 110,
        cells: BTreeMap::from([
            ("A", cell(84, 882.0, 8_820.0, 55_566_000)),
            ("B", cell(52, 312.0, 1_872.0, 20_217_600)),
        ]),
    };
    let index = |key: &&str| if *key == "A" { 1.03 } else { 1.04 };
    let growth = split(&before, &after, index, Method::OneByOne).expect("it can be split");
    assert_eq!(
        shown(&growth.cells["A"]),
        [
            (Part::Clients, 4_800_000),
            (Part::Stacking, 1_454_545),
            (Part::Mix, -3_529_412),
            (Part::Duration, 2_400_000),
            (Part::Indexation, 1_440_000),
            (Part::Tariff, 932_039),
            (Part::Interaction, 68_828),
        ]
    );
    assert_eq!(
        shown(&growth.total()),
        [
            (Part::Clients, 6_000_000),
            (Part::Stacking, 1_818_181),
            (Part::Mix, -1_764_706),
            (Part::Duration, 2_400_000),
            (Part::Intensity, 2_400_000),
            (Part::Indexation, 1_920_000),
            (Part::Tariff, 1_393_578),
            (Part::Interaction, 1_616_547),
        ]
    );
    let shared = split(&before, &after, index, Method::LogMean).expect("it can be split").total();
    assert_eq!(shared.parts.of(Part::Interaction), Bedrag::ZERO);
    assert_eq!(shared.parts.total(), Bedrag::from_cents(15_783_600));
}

#[test]
fn each_cause_alone_is_itself() {
    let before = period(&[("A", cell(10, 100.0, 1_000.0, 50_000))]);
    let index = |key: &&str| if *key == "A" { 1.1 } else { 1.0 };
    for method in METHODS {
        check(&before, &period(&[("A", cell(12, 120.0, 1_200.0, 60_000))]), method, &[(Part::Clients, 10_000)]);
        check(&before, &period(&[("A", cell(10, 120.0, 1_200.0, 60_000))]), method, &[(Part::Duration, 10_000)]);
        check(&before, &period(&[("A", cell(10, 100.0, 1_200.0, 60_000))]), method, &[(Part::Intensity, 10_000)]);
        check(&before, &period(&[("A", cell(10, 100.0, 1_000.0, 60_000))]), method, &[(Part::Tariff, 10_000)]);
        check(&before, &before, method, &[]);
        let indexed = period(&[("A", cell(10, 100.0, 1_000.0, 55_000))]);
        let growth = split(&before, &indexed, index, method).expect("it can be split");
        assert_eq!(shown(&growth.total()), [(Part::Indexation, 5_000)]);
    }
}

#[test]
fn indexed_and_not_paid_is_a_lower_tariff() {
    let (before, after) = (period(&[("A", cell(1, 1.0, 1.0, 10_000))]), period(&[("A", cell(1, 1.0, 1.0, 10_000))]));
    let growth = split(&before, &after, |_| 1.25, Method::OneByOne).expect("it can be split");
    // 25 % more agreed, 20 % less than agreed paid; together nothing, so that both at once made 500.
    let expected = [(Part::Indexation, 2_500), (Part::Tariff, -2_000), (Part::Interaction, -500)];
    assert_eq!(shown(&growth.total()), expected);
    let growth = split(&before, &after, |_| 1.25, Method::LogMean).expect("it can be split");
    assert_eq!(shown(&growth.total()), [(Part::Indexation, 2_231), (Part::Tariff, -2_231)]);
}

#[test]
fn clients_in_two_cells_are_stacking() {
    let before = Period {
        clients: 20,
        cells: period(&[("A", cell(10, 10., 10., 1_000)), ("B", cell(10, 10., 10., 1_000))]).cells,
    };
    let after = Period { clients: 10, ..before.clone() };
    // Half the clients, twice the cells each: 1,000 less, 2,000 more, and both at once 1,000 less.
    check(
        &before,
        &after,
        Method::OneByOne,
        &[(Part::Clients, -1_000), (Part::Stacking, 2_000), (Part::Interaction, -1_000)],
    );
    check(&before, &after, Method::LogMean, &[(Part::Clients, -1_386), (Part::Stacking, 1_386)]);
}

#[test]
fn a_product_under_a_new_code_is_growth_of_clients() {
    let before = period(&[("old", cell(100, 1_200., 1_200., 100_000))]);
    let after = period(&[("new", cell(110, 1_320., 1_320., 110_000))]);
    check(&before, &after, Method::OneByOne, &[(Part::Clients, 10_000), (Part::New, 100_000), (Part::Ended, -100_000)]);
    check(&before, &after, Method::LogMean, &[(Part::New, 110_000), (Part::Ended, -100_000)]);
}

#[test]
fn a_product_that_ended_while_others_stacked() {
    let of = |clients, cells: &[(&'static str, Cell)]| Period { clients, ..period(cells) };
    let (ten, twenty) = (cell(10, 10., 10., 1_000), cell(20, 20., 20., 2_000));
    let (before, after) = (of(20, &[("A", ten), ("B", ten)]), of(16, &[("B", twenty)]));
    // Clients 16/20, cells per client 20/16 against 20/20: −20 % and +25 % of all there was, also of A, which gives it back. The
    // share of B goes from a half to one.
    let expected = [(Part::Clients, -200), (Part::Stacking, 250), (Part::Ended, -1_000), (Part::Interaction, -50)];
    let growth = split(&before, &after, |_| 1.0, Method::OneByOne).expect("it can be split");
    assert_eq!(shown(&growth.cells["A"]), expected);
    let expected = [(Part::Clients, -200), (Part::Stacking, 250), (Part::Mix, 1_000), (Part::Interaction, -50)];
    assert_eq!(shown(&growth.cells["B"]), expected);
    let growth = split(&before, &after, |_| 1.0, Method::LogMean).expect("it can be split");
    assert_eq!(shown(&growth.cells["A"]), [(Part::Ended, -1_000)]);
}

#[test]
fn all_of_it_new_or_ended() {
    let (nothing, all) = (period(&[]), period(&[("A", cell(3, 3., 3., 900))]));
    for method in METHODS {
        check(&nothing, &all, method, &[(Part::New, 900)]);
        check(&all, &nothing, method, &[(Part::Ended, -900)]);
        check(&nothing, &nothing, method, &[]);
    }
}

#[test]
fn what_is_not_known_is_not_divided() {
    for method in METHODS {
        // No units: what a client cost per month.
        let before = period(&[("A", cell(10, 100.0, 0.0, 50_000))]);
        check(&before, &period(&[("A", cell(10, 100.0, 0.0, 60_000))]), method, &[(Part::Undivided, 10_000)]);
        check(&before, &period(&[("A", cell(10, 120.0, 0.0, 60_000))]), method, &[(Part::Duration, 10_000)]);
        let agreed = split(&before, &period(&[("A", cell(10, 100.0, 0.0, 55_000))]), |_| 1.1, method);
        assert_eq!(shown(&agreed.expect("it can be split").total()), [(Part::Indexation, 5_000)]);
        // No months: units per client.
        let before = period(&[("A", cell(10, 0.0, 100.0, 50_000))]);
        check(&before, &period(&[("A", cell(10, 0.0, 120.0, 60_000))]), method, &[(Part::Undivided, 10_000)]);
        check(&before, &period(&[("A", cell(10, 0.0, 100.0, 60_000))]), method, &[(Part::Tariff, 10_000)]);
        // Neither: what a client cost.
        let before = period(&[("A", cell(10, 0.0, 0.0, 50_000))]);
        check(&before, &period(&[("A", cell(12, 0.0, 0.0, 60_000))]), method, &[(Part::Clients, 10_000)]);
        check(&before, &period(&[("A", cell(10, 5.0, 5.0, 60_000))]), method, &[(Part::Undivided, 10_000)]);
        let agreed = split(&before, &period(&[("A", cell(10, 0.0, 0.0, 55_000))]), |_| 1.1, method);
        assert_eq!(shown(&agreed.expect("it can be split").total()), [(Part::Indexation, 5_000)]);
        // Corrections without clients, and credits larger than what was delivered.
        let before = period(&[("A", cell(0, 0.0, 0.0, -300)), ("B", cell(1, 1.0, 1.0, 100))]);
        let after = period(&[("A", cell(0, 0.0, 0.0, 50)), ("B", cell(1, 1.0, 1.0, -20))]);
        check(&before, &after, method, &[(Part::Undivided, 230)]);
        // A late credit on a cell without clients any more.
        let (before, after) = (period(&[("A", cell(1, 1.0, 1.0, 100))]), period(&[("A", cell(0, 0.0, 0.0, -30))]));
        check(&before, &after, method, &[(Part::Ended, -100), (Part::Undivided, -30)]);
    }
}

#[test]
fn what_can_not_be_is_said() {
    let (fine, index) = (period(&[("A", cell(2, 2.0, 2.0, 100))]), |_: &&str| 1.0);
    for clients in [0, 3] {
        let wrong = Period { clients, ..fine.clone() };
        assert_eq!(split(&fine, &wrong, index, Method::OneByOne), Err(Error::Clients { clients, in_cells: 2 }));
    }
    let wrong = period(&[("A", cell(2, -2.0, 2.0, 100))]);
    assert_eq!(split(&wrong, &fine, index, Method::OneByOne), Err(Error::Volume { value: -2.0 }));
    let wrong = period(&[("A", cell(2, 2.0, f64::INFINITY, 100))]);
    assert!(matches!(split(&fine, &wrong, index, Method::OneByOne), Err(Error::Volume { .. })));
    for ratio in [0.0, -1.0] {
        assert_eq!(split(&fine, &fine, |_| ratio, Method::OneByOne), Err(Error::Indexation { value: ratio }));
    }
    assert!(matches!(split(&fine, &fine, |_| f64::NAN, Method::OneByOne), Err(Error::Indexation { .. })));
}

fn any_cell() -> impl Strategy<Value = Cell> {
    (0..60u64, 0.0..700.0f64, 0.0..9_000.0f64, -100_000..90_000_000i64, any::<(bool, bool)>()).prop_map(
        |(clients, months, units, cents, (has_months, has_units))| {
            cell(clients, if has_months { months } else { 0.0 }, if has_units { units } else { 0.0 }, cents)
        },
    )
}

fn any_period() -> impl Strategy<Value = Period<u8>> {
    (proptest::collection::btree_map(0..12u8, any_cell(), 0..8), 0.3..1.0f64).prop_map(|(cells, share)| {
        let mut period = Period::of_cells(cells);
        let stacked = (0..=period.clients).rev().find(|clients| (*clients as f64) <= share * period.clients as f64);
        period.clients = stacked.unwrap_or(0).max(u64::from(period.clients > 0));
        period
    })
}

/// As much of everything, so many times.
fn multiplied(cell: &Cell, times: u32) -> Cell {
    Cell {
        clients: cell.clients * u64::from(times),
        months: cell.months * f64::from(times),
        units: cell.units * f64::from(times),
        amount: Bedrag::from_cents(cell.amount.cents * i64::from(times)),
    }
}

fn grown(before: &Period<u8>, after: &Period<u8>, method: Method) -> Growth<u8> {
    split(before, after, |key| 1.0 + f64::from(*key) / 100.0, method).expect("it can be split")
}

fn amount(period: &Period<u8>) -> Bedrag {
    period.cells.values().map(|cell| cell.amount).sum()
}

/// Cents by which two splits may differ, for parts rounded in so many cells.
fn is_near(one: &Change, other: &Change, cents: usize) -> bool {
    one.parts.iter().zip(other.parts.iter()).all(|((_, a), (_, b))| a.cents.abs_diff(b.cents) <= cents as u64)
}

proptest! {
    #[test]
    fn parts_add_up_to_the_cent(before in any_period(), after in any_period(), log in any::<bool>()) {
        let growth = grown(&before, &after, METHODS[usize::from(log)]);
        for change in growth.cells.values() {
            prop_assert_eq!(change.before + change.parts.total(), change.after);
        }
        let total = growth.total();
        prop_assert_eq!((total.before, total.after), (amount(&before), amount(&after)));
        prop_assert_eq!(total.before + total.parts.total(), total.after);
        if log {
            prop_assert_eq!(total.parts.of(Part::Interaction), Bedrag::ZERO);
        }
    }

    #[test]
    fn groups_add_up_in_any_dimension(before in any_period(), after in any_period(), modulus in 1..6u8) {
        let growth = grown(&before, &after, Method::OneByOne);
        let groups = growth.by(|key| key % modulus);
        prop_assert_eq!(groups.values().copied().sum::<Change>(), growth.total());
        prop_assert_eq!(growth.by(|_| ()).into_values().sum::<Change>(), growth.total());
        prop_assert_eq!(growth.by(|key| *key), growth.cells);
    }

    #[test]
    fn clients_times_their_number(before in any_period(), times in 2..5u32) {
        let mut after = before.clone();
        after.clients *= u64::from(times);
        for cell in after.cells.values_mut() {
            *cell = multiplied(cell, times);
        }
        let growth = split(&before, &after, |_| 1.0, Method::OneByOne).expect("it can be split");
        for (key, change) in &growth.cells {
            let cell = before.cells[key];
            let expected = if cell.clients > 0 && cell.amount > Bedrag::ZERO { Part::Clients } else { Part::Undivided };
            prop_assert_eq!(change.parts.of(expected).cents, cell.amount.cents * i64::from(times - 1), "{:?}", change);
        }
    }

    #[test]
    fn backwards_is_the_opposite(before in any_period(), after in any_period()) {
        let forth = split(&before, &after, |_| 1.0, Method::LogMean).expect("it can be split").total();
        let back = split(&after, &before, |_| 1.0, Method::LogMean).expect("it can be split").total();
        for part in Part::ALL.into_iter().filter(|part| !matches!(part, Part::New | Part::Ended)) {
            let sum = forth.parts.of(part) + back.parts.of(part);
            prop_assert!(sum.cents.unsigned_abs() <= 2 * 12, "{part:?} {sum}");
        }
        let is_opposite = |one, other| (forth.parts.of(one) + back.parts.of(other)).cents.unsigned_abs() <= 2 * 12;
        prop_assert!(is_opposite(Part::New, Part::Ended) && is_opposite(Part::Ended, Part::New));
    }

    /// A cell cut into two that are alike tells nothing new.
    #[test]
    fn cutting_a_cell_leaves_the_parts(before in any_period(), after in any_period(), log in any::<bool>()) {
        let method = METHODS[usize::from(log)];
        let double = |period: &Period<u8>| Period {
            clients: period.clients * 2,
            cells: period.cells.iter().map(|(key, cell)| (*key, multiplied(cell, 2))).collect(),
        };
        let cut = |period: &Period<u8>| Period {
            clients: period.clients * 2,
            cells: period.cells.iter().flat_map(|(key, cell)| [(*key, *cell), (*key + 100, *cell)]).collect(),
        };
        let index = |key: &u8| 1.0 + f64::from(*key % 100) / 100.0;
        let whole = split(&double(&before), &double(&after), index, method).expect("it can be split").total();
        let halves = split(&cut(&before), &cut(&after), index, method).expect("it can be split").total();
        prop_assert!(is_near(&whole, &halves, 3 * 12), "{whole:?} {halves:?}");
    }

    #[test]
    fn the_currency_does_not_matter(before in any_period(), after in any_period(), log in any::<bool>()) {
        let method = METHODS[usize::from(log)];
        let times_100 = |period: &Period<u8>| {
            let mut period = period.clone();
            period.cells.values_mut().for_each(|cell| cell.amount = Bedrag::from_cents(cell.amount.cents * 100));
            period
        };
        let small = grown(&before, &after, method).total();
        let large = grown(&times_100(&before), &times_100(&after), method).total();
        for (part, amount) in small.parts.iter() {
            let difference = large.parts.of(part).cents - amount.cents * 100;
            prop_assert!(difference.unsigned_abs() <= 100 * 13, "{part:?} {difference}");
        }
    }
}
