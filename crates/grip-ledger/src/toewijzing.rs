//! Versions of a Toewijzing: which one counts, and what it is worth per month.

use std::cmp::Ordering;

use grip_types::{AgbCode, Bedrag, Date, Maand, Periode, Pseudoniem, Wet};

use crate::{
    Frequentie, Omvang, Patterns, Tarieven,
    volume::{allocated_with, spread},
};

/// The stamp of a version: Toewijzingsdatum and Toewijzingstijd (IV013).
pub type Stempel = (Date, Box<str>);

/// One version of a Toewijzing. Glossary: Toewijzing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toewijzing {
    /// Law.
    pub wet: Wet,
    /// Number, unique within law and municipality.
    pub nummer: i64,
    /// Provider.
    pub aanbieder: AgbCode,
    /// Client.
    pub client: Pseudoniem,
    /// Category; none in a generic one.
    pub categorie: Option<Box<str>>,
    /// Code; none when only the category is allocated.
    pub code: Option<Box<str>>,
    /// Version.
    pub stempel: Stempel,
    /// First day.
    pub ingangsdatum: Date,
    /// Last day.
    pub einddatum: Option<Date>,
    /// Why it differs from the version before.
    pub reden_wijziging: Option<Box<str>>,
    /// Volume.
    pub omvang: Option<Omvang>,
    /// Budget over its whole life.
    pub budget: Option<Bedrag>,
    /// Day it was sent.
    pub received: Date,
}

/// Whether a version says that the Toewijzing never was: reason 13, or the older 01, with both dates equal.
///
/// # Source
/// iWmo and iJw 3.2, rules CS335 and TR384; for 01 releases up to 3.0.
pub fn is_deleted(toewijzing: &Toewijzing) -> bool {
    let reason = toewijzing.reden_wijziging.as_deref();
    matches!(reason, Some("13" | "01")) && toewijzing.einddatum == Some(toewijzing.ingangsdatum)
}

/// The version that counts as known on a day: the highest stamp, and of equal stamps the one received last. `None` when
/// none was known yet. A deleted Toewijzing has a version that counts; ask [`is_deleted`].
///
/// Of versions with one stamp, received on one day, one with a RedenWijziging counts before one without, then the one that
/// promises the longest, then the most: the standard leaves it open, and the order of reading must not decide.
///
/// # Source
/// iWmo and iJw 3.2, rules IV013, IV099 and OP080: neither the order of arrival nor of processing means anything.
pub fn current<'v>(versions: impl IntoIterator<Item = &'v Toewijzing>, peildatum: Date) -> Option<&'v Toewijzing> {
    let known = versions.into_iter().filter(|version| version.received <= peildatum);
    known.max_by(|a, b| order(a, b))
}

/// The order of versions, the last of which counts; equal only for versions that are the same in all that has value.
pub(crate) fn order(a: &Toewijzing, b: &Toewijzing) -> Ordering {
    let content = |version: &Toewijzing| {
        let end = (version.einddatum.is_none(), version.einddatum, version.ingangsdatum);
        (version.reden_wijziging.is_some(), end, version.budget, version.omvang, version.aanbieder, version.client)
    };
    let product =
        |version: &Toewijzing| (version.categorie.clone(), version.code.clone(), version.reden_wijziging.clone());
    (&a.stempel, a.received)
        .cmp(&(&b.stempel, b.received))
        .then_with(|| content(a).cmp(&content(b)))
        .then_with(|| product(a).cmp(&product(b)))
}

/// Whether a version promises a total over its life, and nothing about its months: a Budget, or Frequentie 6.
pub fn is_total(toewijzing: &Toewijzing) -> bool {
    match toewijzing.omvang {
        Some(omvang) => omvang.frequentie == Frequentie::Totaal,
        None => toewijzing.budget.is_some(),
    }
}

/// What a version is worth in each month up to and including `horizon`, in eurocents, with totals spread by days.
///
/// As [`value_per_month`] with nothing learnt.
pub fn known_value(toewijzing: &Toewijzing, tarieven: &Tarieven, horizon: Maand) -> Option<Vec<(Maand, i64)>> {
    value_per_month(toewijzing, tarieven, &Patterns::even(), horizon)
}

/// What a version is worth in each month up to and including `horizon`, in eurocents.
///
/// Months add up to the whole value when the allocation ends by then, and no month depends on how far one looks. One
/// without an end runs to the horizon; a total without an end is spread over a year. An allocation of neither volume nor
/// budget, of a frequency outside the list, or without a known tariff, has no value that can be known: `None`. One that ends before it begins was withdrawn,
/// and is worth nothing.
pub fn value_per_month(
    toewijzing: &Toewijzing,
    tarieven: &Tarieven,
    patterns: &Patterns,
    horizon: Maand,
) -> Option<Vec<(Maand, i64)>> {
    if is_deleted(toewijzing) {
        return Some(Vec::new());
    }
    let begin = toewijzing.ingangsdatum;
    let is_total = is_total(toewijzing);
    // One month more than is asked for, so that a week that goes on into it is counted where it belongs.
    let far = horizon.plus(1).last_day();
    let eind = match toewijzing.einddatum {
        Some(einddatum) if is_total => einddatum,
        None if is_total => year_later(begin),
        einddatum => einddatum.unwrap_or(far).min(far),
    };
    if eind < begin {
        return Some(Vec::new());
    }
    let periode = Periode { begin, eind };
    let shape = patterns.shape(toewijzing);
    let mut months: Vec<(Maand, i64)> = match (toewijzing.omvang, toewijzing.budget) {
        (Some(omvang), _) if omvang.frequentie == Frequentie::Onbekend => return None,
        (Some(omvang), _) => allocated_with(omvang, periode, shape),
        (None, Some(budget)) => {
            spread(budget.cents, periode, shape).take_while(|(maand, _)| *maand <= horizon).collect()
        }
        (None, None) => return None,
    };
    months.retain(|(maand, _)| *maand <= horizon);
    if let Some(omvang) = toewijzing.omvang {
        let product = (toewijzing.categorie.as_deref()?, toewijzing.code.as_deref());
        let tarief = tarieven.of_product(toewijzing.wet, toewijzing.aanbieder, product, omvang.eenheid)?;
        for (maand, value) in &mut months {
            *value = tarief.value(*value, maand.last_day().min(eind));
        }
    }
    Some(months)
}

fn year_later(day: Date) -> Date {
    day.saturating_add(jiff::Span::new().years(1)).yesterday().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use grip_types::{Bedrag, Maand, Pseudoniem, Wet};
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{Toewijzing, current, is_deleted, known_value};
    use crate::{Eenheid, Frequentie, Omvang, Tarief, Tarieven};

    fn version(stamp_day: i8, received_day: i8) -> Toewijzing {
        Toewijzing {
            wet: Wet::Wmo,
            nummer: 1,
            aanbieder: "00000001".parse().expect("an AGB code"),
            client: Pseudoniem::from_bits(1),
            categorie: Some("02".into()),
            code: Some("02A01".into()),
            stempel: (date(2025, 1, stamp_day), "10:00:00".into()),
            ingangsdatum: date(2025, 1, 1),
            einddatum: Some(date(2025, 3, 31)),
            reden_wijziging: None,
            omvang: Some(Omvang { volume: 10, eenheid: Eenheid::Uur, frequentie: Frequentie::PerMaand }),
            budget: None,
            received: date(2025, 1, received_day),
        }
    }

    fn tarieven() -> Tarieven {
        let tarief = |year, cents| Tarief {
            wet: Wet::Wmo,
            aanbieder: "00000001".parse().expect("an AGB code"),
            categorie: "02".into(),
            code: Some("02A01".into()),
            eenheid: Eenheid::Uur,
            begin: date(year, 1, 1),
            cents,
        };
        Tarieven::new([tarief(2025, 6_000), tarief(2026, 7_000)])
    }

    #[test]
    fn the_highest_stamp_counts_whatever_the_order_of_arrival() {
        let versions = [version(20, 5), version(10, 9), version(20, 12)];
        assert_eq!(current(&versions, date(2025, 1, 4)), None);
        assert_eq!(current(&versions, date(2025, 1, 10)), Some(&versions[0]));
        assert_eq!(current(&versions, date(2025, 1, 31)), Some(&versions[2]));
    }

    #[test]
    fn deleted_is_worth_nothing() {
        let mut deleted = version(1, 1);
        deleted.reden_wijziging = Some("13".into());
        assert!(!is_deleted(&deleted));
        deleted.einddatum = Some(deleted.ingangsdatum);
        assert!(is_deleted(&deleted));
        assert_eq!(known_value(&deleted, &tarieven(), Maand::new(2026, 1)), Some(vec![]));
    }

    #[test]
    fn value_per_month_takes_the_tariff_of_the_month() {
        let mut open_ended = version(1, 1);
        open_ended.ingangsdatum = date(2025, 12, 1);
        open_ended.einddatum = None;
        let months = known_value(&open_ended, &tarieven(), Maand::new(2026, 2));
        assert_eq!(
            months,
            Some(vec![(Maand::new(2025, 12), 60_000), (Maand::new(2026, 1), 70_000), (Maand::new(2026, 2), 70_000)])
        );
    }

    #[test]
    fn no_month_depends_on_how_far_one_looks() {
        let mut open_ended = version(1, 1);
        open_ended.einddatum = None;
        open_ended.omvang = Some(Omvang { volume: 1, eenheid: Eenheid::Uur, frequentie: Frequentie::PerWeek });
        let months = |version: &Toewijzing, horizon| known_value(version, &tarieven(), horizon).expect("a value");
        // The week of Thursday 1 January 2026 belongs to January, also when December is the last month asked for.
        let december = months(&open_ended, Maand::new(2025, 12))[11];
        assert_eq!(december, (Maand::new(2025, 12), 4 * 6_000));
        assert_eq!(december, months(&open_ended, Maand::new(2026, 2))[11]);
        open_ended.einddatum = Some(date(9999, 12, 31));
        assert_eq!(months(&open_ended, Maand::new(2025, 12))[11], december);
        let output = Omvang { volume: 1, eenheid: Eenheid::Euro, frequentie: Frequentie::PerWeek };
        open_ended = Toewijzing { omvang: Some(output), einddatum: None, ..open_ended };
        // Sundays 7, 14, 21 and 28; the broken week is only where an allocation ends.
        assert_eq!(months(&open_ended, Maand::new(2025, 12))[11], (Maand::new(2025, 12), 4));
    }

    #[test]
    fn one_that_ends_before_it_begins_was_withdrawn() {
        let withdrawn = Toewijzing { einddatum: Some(date(2024, 12, 31)), ..version(1, 1) };
        assert_eq!(known_value(&withdrawn, &tarieven(), Maand::new(2026, 1)), Some(vec![]));
    }

    #[test]
    fn without_volume_and_budget_nothing_is_known() {
        let mut open = version(1, 1);
        open.omvang = None;
        assert_eq!(known_value(&open, &tarieven(), Maand::new(2026, 1)), None);
        // Per four weeks, of release 2.3.
        open.omvang = Some(Omvang { volume: 1, eenheid: Eenheid::Euro, frequentie: Frequentie::from_code("3") });
        assert_eq!(known_value(&open, &tarieven(), Maand::new(2026, 1)), None);
        open.omvang = None;
        open.budget = Some(Bedrag::from_cents(90_001));
        let months = known_value(&open, &tarieven(), Maand::new(2026, 1)).expect("a value");
        assert_eq!(months.iter().map(|(_, cents)| cents).sum::<i64>(), 90_001);
    }

    proptest! {
        #[test]
        fn order_of_arrival_does_not_matter(stamps in prop::collection::vec(1_i8..28, 1..6), rotate in 0_usize..6) {
            let versions: Vec<_> = stamps.iter().enumerate().map(|(index, stamp)| version(*stamp, i8::try_from(index).unwrap_or(0) + 1)).collect();
            let mut rotated = versions.clone();
            rotated.rotate_left(rotate % versions.len());
            prop_assert_eq!(current(&versions, date(2025, 12, 31)), current(&rotated, date(2025, 12, 31)));
            let tie = [&versions[0], &Toewijzing { einddatum: Some(date(2025, 2, 1)), ..versions[0].clone() }];
            prop_assert_eq!(current(tie, date(2025, 12, 31)), current([tie[1], tie[0]], date(2025, 12, 31)));
        }
    }
}
