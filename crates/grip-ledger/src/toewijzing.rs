//! Versions of a Toewijzing: which one counts, and what it is worth per month.

use grip_types::{AgbCode, Bedrag, Date, Maand, Periode, Pseudoniem, Wet};

use crate::{Omvang, Tarieven, allocated, spread_by_days};

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

/// What is known of the delivery on a Toewijzing: the last day a definitive stop names. Glossary: Stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levering {
    /// Whether it has started.
    pub started: bool,
    /// Last day of delivery, when it has ended for good.
    pub ended: Option<Date>,
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
/// # Source
/// iWmo and iJw 3.2, rules IV013 and OP080: neither the order of arrival nor of processing means anything.
pub fn current(versions: &[Toewijzing], peildatum: Date) -> Option<&Toewijzing> {
    versions
        .iter()
        .filter(|version| version.received <= peildatum)
        .max_by(|a, b| (&a.stempel, a.received).cmp(&(&b.stempel, b.received)))
}

/// What a version is worth in each month up to and including `horizon`, in eurocents.
///
/// Months add up to the whole value when the allocation ends by then. One without an end runs to the horizon; a total
/// without an end is spread over a year. An allocation of neither volume nor budget, or without a known tariff, has no
/// value that can be known: `None`.
pub fn known_value(toewijzing: &Toewijzing, tarieven: &Tarieven, horizon: Maand) -> Option<Vec<(Maand, i64)>> {
    if is_deleted(toewijzing) {
        return Some(Vec::new());
    }
    let begin = toewijzing.ingangsdatum;
    let is_total = toewijzing.budget.is_some()
        || toewijzing.omvang.is_some_and(|omvang| omvang.frequentie == crate::Frequentie::Totaal);
    let eind = toewijzing.einddatum.unwrap_or_else(|| if is_total { year_later(begin) } else { horizon.last_day() });
    if eind < begin {
        return Some(Vec::new());
    }
    let periode = Periode { begin, eind };
    let mut months = match (&toewijzing.omvang, toewijzing.budget) {
        (Some(omvang), _) => {
            let categorie = toewijzing.categorie.as_deref()?;
            let price = |(maand, volume): (Maand, i64)| {
                let product = (categorie, toewijzing.code.as_deref());
                let day = maand.last_day().min(eind);
                let value =
                    tarieven.value(toewijzing.wet, toewijzing.aanbieder, product, omvang.eenheid, volume, day)?;
                Some((maand, value.cents))
            };
            allocated(*omvang, periode).into_iter().map(price).collect::<Option<Vec<_>>>()?
        }
        (None, Some(budget)) => spread_by_days(budget.cents, periode),
        (None, None) => return None,
    };
    months.retain(|(maand, _)| *maand <= horizon);
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
    fn without_volume_and_budget_nothing_is_known() {
        let mut open = version(1, 1);
        open.omvang = None;
        assert_eq!(known_value(&open, &tarieven(), Maand::new(2026, 1)), None);
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
        }
    }
}
