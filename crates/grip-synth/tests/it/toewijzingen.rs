//! Rules about 301, 305 and 307.

use std::collections::{BTreeMap, BTreeSet};

use grip_messages::Inhoud;
use grip_types::Date;

use crate::town::{berichten, day, toewijzingen};

#[test]
fn versions_follow_each_other_and_change_only_what_they_may() {
    let mut changes = BTreeSet::new();
    let mut resends = 0;
    for (key, versions) in toewijzingen() {
        assert_eq!(versions[0].reden(), None, "{key:?}: a first issue has no RedenWijziging");
        for pair in versions.windows(2) {
            let [before, after] = pair else { unreachable!("windows of two") };
            assert!(before.received < after.received, "{key:?}");
            assert!(
                (&before.bsn, &before.aanbieder, before.ingangsdatum(), before.product())
                    == (&after.bsn, &after.aanbieder, after.ingangsdatum(), after.product()),
                "{key:?}"
            );
            let same = (before.einddatum(), before.omvang(), &before.product.budget)
                == (after.einddatum(), after.omvang(), &after.product.budget);
            if before.stamp() == after.stamp() {
                resends += 1;
                assert!(same && after.reden().is_none(), "{key:?}: sent again without a change");
                continue;
            }
            assert!(before.stamp() < after.stamp() && !same, "{key:?}");
            let reden = after.reden().expect("a change has a reason");
            changes.insert(reden.to_owned());
            let may_change_volume = before.omvang().is_none_or(|(.., frequentie)| frequentie == "6");
            assert!(may_change_volume || before.omvang() == after.omvang(), "{key:?}: volume of a week or month");
            assert_eq!(
                reden == "13",
                after.einddatum() == after.ingangsdatum(),
                "{key:?}: deleted is begin and end on one day"
            );
            assert_ne!(before.reden(), Some("13"), "{key:?}: nothing follows deletion");
        }
        for version in &versions {
            assert!(version.stamp().0 <= version.received, "{key:?}");
            assert!(version.ingangsdatum() <= version.einddatum(), "{key:?}");
        }
    }
    for reden in ["02", "04", "05", "06", "07", "09", "12", "13"] {
        assert!(changes.contains(reden), "no change for reason {reden} in {changes:?}");
    }
    assert!(resends > 50, "{resends}");
}

#[test]
fn each_variant_is_filled_as_the_standard_wants() {
    let mut variants: BTreeMap<&str, usize> = BTreeMap::new();
    for versions in toewijzingen().values() {
        let last = versions.last().expect("a version");
        let (product, omvang, budget) = (last.product(), last.omvang(), last.product.budget.is_some());
        let variant = match (product, omvang, budget) {
            ((Some(_), Some(_)), Some((_, eenheid, frequentie)), false) => {
                assert!(frequentie != "2" || last.einddatum() < Date::MAX);
                assert!(!["14", "16", "83", "84"].contains(&eenheid) || ["2", "4", "6"].contains(&frequentie));
                "specifiek"
            }
            ((Some(_), None), None, false) => "aspecifiek",
            ((Some(_), None), None, true) => "aspecifiek met budget",
            ((None, None), None, true) => "generiek",
            other => panic!("not a variant: {other:?}"),
        };
        assert!(!budget || last.einddatum() < Date::MAX, "a Budget has an end");
        *variants.entry(variant).or_default() += 1;
    }
    assert_eq!(variants.len(), 4, "{variants:?}");
    assert!(variants["specifiek"] * 10 > variants.values().sum::<usize>() * 8, "{variants:?}");
}

#[test]
fn nothing_is_allotted_twice_for_the_same_time() {
    let mut by_client: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for ((wet, nummer), versions) in toewijzingen() {
        let last = versions.into_iter().next_back().expect("a version");
        // What is deleted counts as never sent, also when it is sent once more.
        if last.einddatum() > last.ingangsdatum() {
            by_client.entry((wet, last.bsn.clone(), last.aanbieder.clone())).or_default().push((nummer, last));
        }
    }
    let mut pairs = 0;
    for own in by_client.values() {
        for (position, (nummer, one)) in own.iter().enumerate() {
            for (other_nummer, other) in &own[position + 1..] {
                let (one_product, other_product) = (one.product(), other.product());
                let same_category =
                    one_product.0.is_none() || other_product.0.is_none() || one_product.0 == other_product.0;
                let same_code =
                    one_product.1.is_none() || other_product.1.is_none() || one_product.1 == other_product.1;
                if same_category && same_code {
                    pairs += 1;
                    let apart = one.einddatum() < other.ingangsdatum() || other.einddatum() < one.ingangsdatum();
                    assert!(apart, "{nummer} and {other_nummer} (rule TR302)");
                }
            }
        }
    }
    assert!(pairs > 50, "{pairs}");
}

#[test]
fn a_301_has_all_that_is_valid() {
    let all = toewijzingen();
    for bericht in berichten() {
        let Inhoud::Toewijzing(inhoud) = &bericht.inhoud else { continue };
        let (bsn, aanbieder) = (inhoud.client.bsn.text(), inhoud.header.ontvanger.text());
        let listed: BTreeSet<u32> =
            inhoud.client.toegewezen_producten.iter().filter_map(|p| p.toewijzing_nummer.text().parse().ok()).collect();
        for ((wet, nummer), versions) in all.range((bericht.wet, 0)..=(bericht.wet, u32::MAX)) {
            let known = versions.iter().rfind(|version| version.received <= bericht.day);
            let valid = known.is_some_and(|v| {
                v.bsn == bsn
                    && v.aanbieder == aanbieder
                    && v.einddatum() >= bericht.day
                    && v.einddatum() > v.ingangsdatum()
            });
            assert!(!valid || listed.contains(nummer), "{}: {wet} {nummer} is not in it (rule OP087)", bericht.name);
        }
    }
}

#[test]
fn a_stop_ends_a_start() {
    let mut current: BTreeMap<(String, Date), Date> = BTreeMap::new();
    let (mut temporary, mut deleted) = (0, 0);
    for bericht in berichten() {
        match &bericht.inhoud {
            Inhoud::Start(inhoud) => {
                for start in &inhoud.client.start_producten {
                    let nummer = start.toewijzing_nummer.as_ref().expect("a number").text().to_owned();
                    let key = (nummer, day(&start.begindatum));
                    if start.status_aanlevering.text() == "3" {
                        deleted += 1;
                        assert!(current.remove(&key).is_some(), "{}: nothing to delete", bericht.name);
                    } else {
                        assert!(
                            !current.keys().any(|(other, _)| *other == key.0),
                            "{}: a second start (rule TR326)",
                            bericht.name
                        );
                        current.insert(key, bericht.day);
                    }
                }
            }
            Inhoud::Stop(inhoud) => {
                for stop in &inhoud.client.stop_producten {
                    let nummer = stop.toewijzing_nummer.as_ref().expect("a number").text().to_owned();
                    let started = current.remove(&(nummer, day(&stop.begindatum)));
                    assert!(started.is_some_and(|day| day <= bericht.day), "{}: no start (rule TR382)", bericht.name);
                    assert!(day(&stop.begindatum) <= day(&stop.einddatum), "{}", bericht.name);
                    temporary += usize::from(stop.reden_beeindiging.text() == "20");
                }
            }
            _ => {}
        }
    }
    assert!(temporary > 0 && deleted > 0, "{temporary} {deleted}");
}
