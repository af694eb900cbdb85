//! Tariffs: what a unit costs with a provider in a month.

use std::collections::HashMap;

use grip_types::{AgbCode, Bedrag, Date, Wet};

use crate::Eenheid;

/// A tariff of a contract, or one seen in a Prestatie. Glossary: Tarief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tarief {
    /// Law.
    pub wet: Wet,
    /// Provider.
    pub aanbieder: AgbCode,
    /// Category.
    pub categorie: Box<str>,
    /// Code; none for every code of the category.
    pub code: Option<Box<str>>,
    /// Unit.
    pub eenheid: Eenheid,
    /// From this day on.
    pub begin: Date,
    /// Per unit.
    pub cents: i64,
}

type ContractKey = (Wet, AgbCode, Box<str>, Option<Box<str>>, Eenheid);
type CategoryKey = (Wet, Box<str>, Eenheid);

/// Tariffs to look up in.
#[derive(Debug, Default)]
pub struct Tarieven {
    of_contract: HashMap<ContractKey, Vec<(Date, i64)>>,
    of_category: HashMap<CategoryKey, Vec<(Date, i64)>>,
}

impl Tarieven {
    /// Orders tariffs for looking up. Where two begin on the same day the later in the list holds.
    pub fn new(tarieven: impl IntoIterator<Item = Tarief>) -> Self {
        let mut found = Self::default();
        for tarief in tarieven {
            let Tarief { wet, aanbieder, categorie, code, eenheid, begin, cents } = tarief;
            found.of_category.entry((wet, categorie.clone(), eenheid)).or_default().push((begin, cents));
            found.of_contract.entry((wet, aanbieder, categorie, code, eenheid)).or_default().push((begin, cents));
        }
        found
            .of_contract
            .values_mut()
            .chain(found.of_category.values_mut())
            .for_each(|list| list.sort_by_key(|(begin, _)| *begin));
        found
    }

    /// Whether a tariff of this provider for this product is known at all.
    pub fn knows(&self, wet: Wet, aanbieder: AgbCode, categorie: &str, code: Option<&str>, eenheid: Eenheid) -> bool {
        self.of_contract.contains_key(&(wet, aanbieder, categorie.into(), code.map(Into::into), eenheid))
    }

    /// What `volume` units cost: with the tariff of this provider and code, else of its category, else the middle one that
    /// other providers of the category had then. The tariff is the last that began by `day`, or the first when none had.
    pub fn value(
        &self,
        wet: Wet,
        aanbieder: AgbCode,
        (categorie, code): (&str, Option<&str>),
        eenheid: Eenheid,
        volume: i64,
        day: Date,
    ) -> Option<Bedrag> {
        if eenheid == Eenheid::Euro {
            return Some(Bedrag::from_cents(volume));
        }
        let find = |code: Option<&str>, eenheid| {
            let list = self.of_contract.get(&(wet, aanbieder, categorie.into(), code.map(Into::into), eenheid))?;
            in_force(list, day)
        };
        let exactly = |eenheid| find(code, eenheid).or_else(|| find(None, eenheid));
        let scaled =
            |cents: i64, times: i64, per: i64| Some(Bedrag::from_cents((2 * volume * cents * times + per) / (2 * per)));
        if let Some(cents) = exactly(eenheid) {
            return scaled(cents, 1, 1);
        }
        // Hours may be contracted in minutes and the other way round (TR341).
        match eenheid {
            Eenheid::Uur if exactly(Eenheid::Minuut).is_some() => return scaled(exactly(Eenheid::Minuut)?, 60, 1),
            Eenheid::Minuut if exactly(Eenheid::Uur).is_some() => return scaled(exactly(Eenheid::Uur)?, 1, 60),
            _ => {}
        }
        let others = self.of_category.get(&(wet, categorie.into(), eenheid))?;
        let mut then: Vec<i64> = others.iter().filter(|(begin, _)| *begin <= day).map(|(_, cents)| *cents).collect();
        if then.is_empty() {
            then = others.iter().map(|(_, cents)| *cents).collect();
        }
        // The last few are those in force or just before: tariffs grow, and the middle of all years would lag.
        let recent = &mut then.iter().rev().take(25).copied().collect::<Vec<_>>();
        recent.sort_unstable();
        scaled(recent[recent.len() / 2], 1, 1)
    }
}

fn in_force(list: &[(Date, i64)], day: Date) -> Option<i64> {
    list.iter().rev().find(|(begin, _)| *begin <= day).or(list.first()).map(|(_, cents)| *cents)
}

#[cfg(test)]
mod tests {
    use grip_types::{Bedrag, Wet};
    use jiff::civil::date;

    use super::{Tarief, Tarieven};
    use crate::Eenheid;

    fn tarief(aanbieder: &str, code: Option<&str>, eenheid: Eenheid, year: i16, cents: i64) -> Tarief {
        let aanbieder = aanbieder.parse().expect("an AGB code");
        Tarief {
            wet: Wet::Wmo,
            aanbieder,
            categorie: "02".into(),
            code: code.map(Into::into),
            eenheid,
            begin: date(year, 1, 1),
            cents,
        }
    }

    #[track_caller]
    fn check(aanbieder: &str, code: &str, eenheid: Eenheid, volume: i64, year: i16, expected: Option<i64>) {
        let tarieven = Tarieven::new([
            tarief("00000001", Some("02A01"), Eenheid::Uur, 2024, 6_000),
            tarief("00000001", Some("02A01"), Eenheid::Uur, 2025, 6_300),
            tarief("00000001", None, Eenheid::Etmaal, 2024, 20_000),
        ]);
        let found = tarieven.value(
            Wet::Wmo,
            aanbieder.parse().expect("an AGB code"),
            ("02", Some(code)),
            eenheid,
            volume,
            date(year, 6, 1),
        );
        assert_eq!(found, expected.map(Bedrag::from_cents));
    }

    #[test]
    fn the_nearest_tariff_holds() {
        check("00000001", "02A01", Eenheid::Uur, 10, 2024, Some(60_000));
        check("00000001", "02A01", Eenheid::Uur, 10, 2026, Some(63_000));
        check("00000001", "02A01", Eenheid::Uur, 10, 2020, Some(60_000));
        check("00000001", "02A01", Eenheid::Minuut, 90, 2025, Some(9_450));
        check("00000001", "02X99", Eenheid::Etmaal, 2, 2025, Some(40_000));
        check("00000002", "02A01", Eenheid::Uur, 1, 2024, Some(6_000));
        check("00000002", "02A01", Eenheid::Euro, 123, 2024, Some(123));
        check("00000002", "02A01", Eenheid::Dagdeel, 1, 2024, None);
    }
}
