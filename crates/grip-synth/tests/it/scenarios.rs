//! Each scenario does what it says where it says so, and nothing elsewhere: held against the same town without it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use grip_synth::{
    Municipality, Scenario, Settings,
    contracts::PRODUCTS,
    declaraties::{Declaratie, Outcome},
    deliveries::Delivery,
    scenario::largest,
    simulate,
    toewijzingen::{Toewijzing, Variant},
};
use grip_types::{Date, Maand, Wet, parse_date};

const YEAR: i16 = 2025;

fn settings(scenario: Scenario, inhabitants: u32) -> Settings {
    Settings {
        gemeente: "9998".parse().expect("a code"),
        inhabitants,
        from: day("2023-01-01"),
        to: day("2025-12-31"),
        seed: 11,
        scenario,
    }
}

fn day(text: &str) -> Date {
    parse_date(text).expect("a date")
}

fn town(scenario: Scenario) -> Municipality {
    simulate(&settings(scenario, 12_000)).expect("a town")
}

fn ordinary() -> &'static Municipality {
    static TOWN: OnceLock<Municipality> = OnceLock::new();
    TOWN.get_or_init(|| town(Scenario::Default))
}

/// Eurocents and units delivered, by client, product and month.
type Delivered = BTreeMap<(usize, &'static str, Maand), (i64, i64)>;

fn delivered(town: &Municipality, wanted: impl Fn(&Toewijzing, &Delivery) -> bool) -> Delivered {
    let mut sums = Delivered::new();
    for delivery in &town.deliveries {
        let toewijzing = &town.toewijzingen[delivery.toewijzing];
        if wanted(toewijzing, delivery) {
            let key = (toewijzing.client, PRODUCTS[delivery.product].code, delivery.maand);
            let sum = sums.entry(key).or_default();
            sum.0 += delivery.cents;
            sum.1 += delivery.volume;
        }
    }
    assert!(!sums.is_empty(), "nothing is compared");
    sums
}

fn cents(delivered: &Delivered) -> i64 {
    delivered.values().map(|(cents, _)| cents).sum()
}

fn percent(part: i64, whole: i64) -> i64 {
    part * 100 / whole
}

fn since(scenario: Scenario) -> Date {
    scenario.since(day("2025-12-31")).expect("it begins on a day")
}

/// The same is delivered before the scenario begins, client by client.
fn assert_same_before(town: &Municipality, first: Date) {
    let before = |_: &Toewijzing, delivery: &Delivery| delivery.maand.last_day() < first;
    assert!(delivered(town, before) == delivered(ordinary(), before), "not the same before {first}");
}

fn assert_same_deliveries(town: &Municipality) {
    assert!(delivered(town, |_, _| true) == delivered(ordinary(), |_, _| true), "not the same is delivered");
}

/// What a Declaratie says.
fn told(declaratie: &Declaratie) -> (Wet, usize, Date, Maand, i64, i64, usize) {
    let Declaratie { wet, aanbieder, sent, maand, .. } = *declaratie;
    (wet, aanbieder, sent, maand, declaratie.cents(), declaratie.granted_cents(), declaratie.lines.len())
}

fn assert_same_declaraties(town: &Municipality, wanted: impl Fn(&Declaratie) -> bool) {
    let all = |town: &Municipality| town.declaraties.iter().filter(|one| wanted(one)).map(told).collect::<Vec<_>>();
    assert!(!all(town).is_empty() && all(town) == all(ordinary()), "not the same is declared");
}

#[test]
fn names_are_read_as_they_are_written() {
    for scenario in Scenario::ALL {
        assert_eq!(scenario.to_string().parse(), Ok(scenario));
    }
    assert_eq!(Scenario::ALL.into_iter().collect::<BTreeSet<_>>().len(), Scenario::ALL.len());
    assert_eq!(Scenario::default(), Scenario::Default);
    let error = "Steady".parse::<Scenario>().expect_err("names are in small letters");
    assert!(error.to_string().contains("replaced-product"), "{error}");
}

#[test]
fn steady_providers_neither_change_nor_skip() {
    let steady = town(Scenario::Steady);
    assert_same_deliveries(&steady);
    let moody = |town: &Municipality| {
        let delays = town.market.aanbieders.iter().flat_map(|aanbieder| aanbieder.delay.values());
        delays.filter(|delay| delay.skip > 0.0 || delay.change.is_some()).count()
    };
    assert!(moody(ordinary()) > 5);
    assert_eq!(moody(&steady), 0);
    // Two months on one day is what a skipped month looks like.
    let skipped = |town: &Municipality| {
        let mut months: BTreeMap<_, BTreeSet<Maand>> = BTreeMap::new();
        for one in &town.declaraties {
            months.entry((one.wet, one.aanbieder, one.sent)).or_default().insert(one.maand);
        }
        months.values().filter(|months| months.len() > 1).count()
    };
    assert!(skipped(ordinary()) > 10);
    assert_eq!(skipped(&steady), 0);
}

/// Months between delivery and the first time that it is declared, for what a provider delivers in the last year.
fn delays(town: &Municipality, wet: Wet, aanbieder: usize) -> Vec<i32> {
    let mut seen = BTreeSet::new();
    let own = town.declaraties.iter().filter(|one| (one.wet, one.aanbieder) == (wet, aanbieder));
    let lines = own.flat_map(|one| one.lines.iter().map(|line| (one.maand, line.delivery)));
    lines
        .filter(|(_, delivery)| town.deliveries[*delivery].maand.year() == YEAR && seen.insert(*delivery))
        .map(|(declared, delivery)| declared.index() - town.deliveries[delivery].maand.index())
        .collect()
}

#[test]
fn the_largest_providers_become_slow() {
    let slow = town(Scenario::SlowProvider);
    assert_same_deliveries(&slow);
    let mut slow_ones = BTreeSet::new();
    for wet in [Wet::Wmo, Wet::Jw] {
        let first = largest(&slow.toewijzingen, &slow.deliveries, Some(wet))[0];
        slow_ones.insert((wet, first));
        let late = delays(&slow, wet, first);
        let share = |months: i32| late.iter().filter(|late| **late == months).count() * 100 / late.len();
        assert!((50..80).contains(&share(3)), "{wet}: {} % three months late", share(3));
        assert!(share(0) < 25, "{wet}: {} % at once", share(0));
        assert!(late.len() > 50 && late.iter().all(|late| *late <= 13), "{wet}");
        let usual = delays(ordinary(), wet, first);
        assert!(usual.iter().filter(|late| **late == 3).count() * 10 < usual.len(), "{wet} was slow already");
    }
    assert_same_declaraties(&slow, |one| !slow_ones.contains(&(one.wet, one.aanbieder)));
    // What is sent in January is about December.
    assert_same_declaraties(&slow, |one| one.sent < day("2025-02-01"));
}

#[test]
fn tariffs_jump_in_the_last_year() {
    let jump = town(Scenario::TariffJump);
    assert_same_before(&jump, since(Scenario::TariffJump));
    for (key, contract) in &ordinary().market.contracts {
        for (year, tarief) in &contract.tarief_cents {
            let now = jump.market.contracts[key].tarief_cents[year];
            match tarief {
                // To the cent: 100 times the new one is within half a cent of 112 times the old one.
                Some(cents) if *year == YEAR => {
                    assert!((now.expect("a tariff") * 100 - cents * 112).abs() <= 50, "{key:?}");
                }
                _ => assert_eq!(now, *tarief, "{key:?} {year}"),
            }
        }
    }
    let has_volume = |toewijzing: &Toewijzing, _: &Delivery| toewijzing.variant == Variant::Specifiek;
    let volumes =
        |town: &Municipality| delivered(town, has_volume).into_iter().map(|(key, sum)| (key, sum.1)).collect();
    let (before, after): (Vec<_>, Vec<_>) = (volumes(ordinary()), volumes(&jump));
    assert!(before == after, "not the same volumes");
    let in_year = |town: &Municipality, is_euros: bool| {
        cents(&delivered(town, |toewijzing, delivery| {
            has_volume(toewijzing, delivery)
                && delivery.maand.year() == YEAR
                && (PRODUCTS[delivery.product].eenheid == "83") == is_euros
        }))
    };
    assert_eq!(in_year(&jump, true), in_year(ordinary(), true));
    // Of a tariff per minute half a cent is much.
    let share = in_year(&jump, false) * 1000 / in_year(ordinary(), false);
    assert!((1115..=1125).contains(&share), "{share} ‰");
}

/// First day of the first Toewijzing of every client, with the law.
fn arrivals(town: &Municipality) -> BTreeMap<usize, (Date, Wet)> {
    let mut arrivals: BTreeMap<usize, (Date, Wet)> = BTreeMap::new();
    for toewijzing in &town.toewijzingen {
        let first = arrivals.entry(toewijzing.client).or_insert((toewijzing.ingangsdatum, toewijzing.wet));
        *first = (*first).min((toewijzing.ingangsdatum, toewijzing.wet));
    }
    arrivals
}

#[test]
fn more_clients_come_from_march_on() {
    let jump = town(Scenario::InflowJump);
    let first = since(Scenario::InflowJump);
    assert_eq!(first, day("2025-03-01"));
    assert_same_before(&jump, first);
    let count = |town: &Municipality, wet: Wet, is_later: bool| {
        let all = arrivals(town);
        let wanted = all.values().filter(|(begin, of)| (*begin >= first) == is_later && *of == wet);
        i64::try_from(wanted.count()).expect("a few")
    };
    for (wet, expected) in [(Wet::Jw, 125..=158), (Wet::Wmo, 108..=134)] {
        assert_eq!(count(&jump, wet, false), count(ordinary(), wet, false), "{wet}");
        let share = percent(count(&jump, wet, true), count(ordinary(), wet, true));
        assert!(expected.contains(&share), "{wet}: {share} % of the new clients");
    }
}

#[test]
fn who_comes_later_stays_longer() {
    let longer = town(Scenario::LongerDurations);
    let first = since(Scenario::LongerDurations);
    assert_eq!(first, day("2024-01-01"));
    assert_same_before(&longer, first);
    // Clients are in order of arrival, so those who were there have the same position.
    let there = arrivals(ordinary()).into_iter().filter(|(_, (begin, _))| *begin < first).map(|(client, _)| client);
    let there: BTreeSet<usize> = there.collect();
    let of_old = |toewijzing: &Toewijzing, _: &Delivery| there.contains(&toewijzing.client);
    assert!(delivered(&longer, of_old) == delivered(ordinary(), of_old), "who was there already");
    // All that is known of the care of those who came in the first half year, to its true end.
    let mean_days = |town: &Municipality| {
        let new: BTreeSet<usize> = arrivals(town)
            .into_iter()
            .filter(|(_, (begin, _))| (first..day("2024-07-01")).contains(begin))
            .map(|(client, _)| client)
            .collect();
        let of_new = town.toewijzingen.iter().filter(|toewijzing| new.contains(&toewijzing.client));
        let days = |toewijzing: &Toewijzing| toewijzing.care.map_or(0, |care| care.days());
        let (mut allotted, mut needed) = (0, 0);
        for toewijzing in of_new {
            let until = toewijzing.last().einddatum.unwrap_or(day("2025-12-31")).min(day("2025-12-31"));
            allotted += i64::from(toewijzing.ingangsdatum.until(until).expect("days").get_days());
            needed += days(toewijzing);
        }
        let clients = i64::try_from(new.len()).expect("a few");
        (needed / clients, allotted / clients)
    };
    let ((needed, allotted), (needed_before, allotted_before)) = (mean_days(&longer), mean_days(ordinary()));
    let (needed, allotted) = (percent(needed, needed_before), percent(allotted, allotted_before));
    assert!((110..=150).contains(&needed), "{needed} % of the days with care");
    assert!((103..=140).contains(&allotted), "{allotted} % of the days allotted");
}

#[test]
fn budgets_are_spent_at_different_speeds_and_never_exceeded() {
    let ceiling = town(Scenario::Ceiling);
    let first = since(Scenario::Ceiling);
    assert_same_before(&ceiling, first);
    let is_capped = |toewijzing: &Toewijzing| ["02", "45", "54"].contains(&PRODUCTS[toewijzing.product].categorie);
    let in_year = |delivery: &Delivery| delivery.maand.year() == YEAR;
    let others = |toewijzing: &Toewijzing, _: &Delivery| !is_capped(toewijzing);
    assert!(delivered(&ceiling, others) == delivered(ordinary(), others), "other products");
    let whole = cents(&delivered(ordinary(), |_, delivery| in_year(delivery)));
    let part = cents(&delivered(ordinary(), |toewijzing, delivery| is_capped(toewijzing) && in_year(delivery)));
    assert!((25..=42).contains(&percent(part, whole)), "{} % of the money", percent(part, whole));

    let mut spent: BTreeMap<usize, BTreeMap<Maand, i64>> = BTreeMap::new();
    for delivery in ceiling.deliveries.iter().filter(|delivery| in_year(delivery)) {
        *spent.entry(delivery.toewijzing).or_default().entry(delivery.maand).or_default() += delivery.cents;
    }
    let (mut all_year, mut empty) = (0, 0);
    for (index, months) in &spent {
        let toewijzing = &ceiling.toewijzingen[*index];
        if !is_capped(toewijzing) || toewijzing.variant == Variant::Generiek {
            continue;
        }
        assert_eq!(toewijzing.variant, Variant::AspecifiekMetBudget, "{}", toewijzing.nummer);
        let einddatum = toewijzing.last().einddatum.expect("a Budget has an end");
        assert!(toewijzing.ingangsdatum >= first && einddatum <= day("2025-12-31"), "{}", toewijzing.nummer);
        let budget = toewijzing.last().size;
        assert!(months.values().sum::<i64>() <= budget, "{} is exceeded", toewijzing.nummer);
        if toewijzing.care.is_some_and(|care| (care.begin, care.eind) == (first, day("2025-12-31"))) {
            all_year += 1;
            empty += usize::from(*months.keys().next_back().expect("a month") < Maand::new(YEAR, 12));
        }
    }
    assert!(all_year > 40 && (20..=65).contains(&(empty * 100 / all_year)), "{empty} of {all_year} empty");
    let goes_on = ceiling.toewijzingen.iter().filter(|one| is_capped(one) && one.ingangsdatum == day("2026-01-01"));
    assert!(goes_on.count() > 40, "what runs on has a Budget for the next year");
}

#[test]
fn a_tiny_town_is_simulated_in_every_scenario() {
    for inhabitants in [2_000, 3_000, 4_000] {
        let usual = simulate(&settings(Scenario::Default, inhabitants)).expect("a town");
        let tiny = simulate(&settings(Scenario::Tiny, inhabitants)).expect("a town");
        assert_eq!(tiny.truth, usual.truth);
        assert!(tiny.declaraties.iter().map(told).eq(usual.declaraties.iter().map(told)));
    }
    for scenario in Scenario::ALL {
        let town = simulate(&settings(scenario, 2_000)).expect("a town");
        let (delivered, granted) = town.truth.values().fold((0, 0), |sum, cents| (sum.0 + cents.0, sum.1 + cents.1));
        assert!((96..=100).contains(&percent(granted, delivered)), "{scenario}: {granted} of {delivered}");
    }
}

#[test]
fn the_largest_three_are_silent_until_july() {
    let backlog = town(Scenario::Backlog);
    assert_same_deliveries(&backlog);
    let silent = &largest(&backlog.toewijzingen, &backlog.deliveries, None)[..3];
    let is_silent = |one: &&Declaratie| silent.contains(&one.aanbieder);
    let in_quarter = |one: &&Declaratie| (day("2025-04-01")..=day("2025-06-30")).contains(&one.sent);
    let sent_in_quarter = |town: &Municipality| town.declaraties.iter().filter(is_silent).filter(in_quarter).count();
    assert!(sent_in_quarter(ordinary()) >= 9);
    assert_eq!(sent_in_quarter(&backlog), 0);
    let over = Maand::new(YEAR, 3)..=Maand::new(YEAR, 6);
    let mut seen = BTreeSet::new();
    for one in backlog.declaraties.iter().filter(is_silent) {
        if over.contains(&one.maand) && one.outcome == Outcome::Judged {
            assert_eq!(Maand::of(one.sent), Maand::new(YEAR, 7), "over {}", one.maand);
            seen.insert((one.wet, one.aanbieder, one.maand));
        }
    }
    assert!(seen.len() >= 12, "{}", seen.len());
    assert_same_declaraties(&backlog, |one| !silent.contains(&one.aanbieder));
    assert_same_declaraties(&backlog, |one| one.sent < day("2025-03-01"));
}

#[test]
fn a_product_is_replaced_for_everybody() {
    let replaced = town(Scenario::ReplacedProduct);
    let first = since(Scenario::ReplacedProduct);
    assert_same_before(&replaced, first);
    let (old, new) = ("45A01", "45A03");
    let has = |one: &Toewijzing, code: &str| {
        [Some(one.product), one.second_product].into_iter().flatten().any(|product| PRODUCTS[product].code == code)
    };
    let others = |one: &Toewijzing, _: &Delivery| !has(one, old) && !has(one, new);
    assert!(delivered(&replaced, others) == delivered(ordinary(), others), "other products");
    let is_old = |one: &Toewijzing| PRODUCTS[one.product].code == old && one.variant == Variant::Specifiek;
    let later = |one: &Toewijzing| !one.is_deleted() && one.last().einddatum.is_none_or(|end| end >= first);
    assert!(ordinary().toewijzingen.iter().any(|one| is_old(one) && later(one)));
    assert!(!replaced.toewijzingen.iter().any(|one| is_old(one) && later(one)));

    let in_year = |town: &Municipality, codes: &[&str]| {
        let wanted =
            |delivery: &&Delivery| delivery.maand.year() == YEAR && codes.contains(&PRODUCTS[delivery.product].code);
        let chosen = town.deliveries.iter().filter(wanted);
        chosen.map(|delivery| delivery.volume).sum::<i64>()
    };
    assert!(in_year(ordinary(), &[old]) > 1_000);
    assert_eq!(in_year(&replaced, &[old]), 0);
    let hours = percent(in_year(&replaced, &[old, new]), in_year(ordinary(), &[old, new]));
    assert!((92..=112).contains(&hours), "{hours} % of the hours");
    // Who is moved stays with the same provider.
    let ended = replaced.toewijzingen.iter().filter(|one| one.last().reden == Some("03"));
    let mut moved = 0;
    for one in ended {
        moved += usize::from(replaced.toewijzingen.iter().any(|other| {
            let same = (other.client, other.aanbieder, other.need) == (one.client, one.aanbieder, one.need);
            same && other.ingangsdatum == first && PRODUCTS[other.product].code == new
        }));
        assert_eq!(one.last().einddatum, Some(day("2024-12-31")), "{}", one.nummer);
    }
    assert!(moved > 10, "{moved}");
}
