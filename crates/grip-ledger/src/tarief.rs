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
        found.of_contract.values_mut().for_each(|list| list.sort_by_key(|(begin, _)| *begin));
        // By amount too: which of a day are among the last few must not hang on the order of reading.
        found.of_category.values_mut().for_each(|list| list.sort_unstable());
        found
    }

    /// Whether a tariff of this provider for this product is known at all.
    pub fn knows(&self, wet: Wet, aanbieder: AgbCode, categorie: &str, code: Option<&str>, eenheid: Eenheid) -> bool {
        self.of_contract.contains_key(&(wet, aanbieder, categorie.into(), code.map(Into::into), eenheid))
    }

    /// The tariffs of contracts, and where no contract says anything the one that was declared first, as known on a day.
    ///
    /// `seen` are tariffs of Prestaties with the day these were received. Neither their order nor that of their arrival
    /// on one day means anything.
    pub fn as_of(
        contract: impl IntoIterator<Item = Tarief>,
        seen: impl IntoIterator<Item = (Date, Tarief)>,
        peildatum: Date,
    ) -> Self {
        let contract: Vec<Tarief> = contract.into_iter().collect();
        let agreed = Self::new(contract.iter().cloned());
        let mut first: HashMap<(ContractKey, Date), (Date, i64)> = HashMap::new();
        for (received, tarief) in seen.into_iter().filter(|(received, _)| *received <= peildatum) {
            let Tarief { wet, aanbieder, categorie, code, eenheid, begin, cents } = tarief;
            let key = (wet, aanbieder, categorie, code, eenheid);
            if !agreed.of_contract.contains_key(&key) {
                let held = first.entry((key, begin)).or_insert((received, cents));
                *held = (*held).min((received, cents));
            }
        }
        let seen = first.into_iter().map(|(((wet, aanbieder, categorie, code, eenheid), begin), (_, cents))| Tarief {
            wet,
            aanbieder,
            categorie,
            code,
            eenheid,
            begin,
            cents,
        });
        Self::new(seen.chain(contract))
    }

    /// What `volume` units cost: with the tariff of this provider and code, else of its category, else the middle one that
    /// other providers of the category had then. The tariff is the last that began by `day`, or the first when none had.
    pub fn value(
        &self,
        wet: Wet,
        aanbieder: AgbCode,
        product: (&str, Option<&str>),
        eenheid: Eenheid,
        volume: i64,
        day: Date,
    ) -> Option<Bedrag> {
        Some(Bedrag::from_cents(self.of_product(wet, aanbieder, product, eenheid)?.value(volume, day)))
    }

    /// Looked up once, to be asked for every month.
    pub(crate) fn of_product(
        &self,
        wet: Wet,
        aanbieder: AgbCode,
        (categorie, code): (&str, Option<&str>),
        eenheid: Eenheid,
    ) -> Option<Found<'_>> {
        if eenheid == Eenheid::Euro {
            return Some(Found::Cents);
        }
        let find = |code: Option<&str>, eenheid| {
            self.of_contract.get(&(wet, aanbieder, categorie.into(), code.map(Into::into), eenheid))
        };
        let exactly = |eenheid| find(code, eenheid).or_else(|| find(None, eenheid)).map(Vec::as_slice);
        if let Some(list) = exactly(eenheid) {
            return Some(Found::Agreed { list, times: 1, per: 1 });
        }
        // Hours may be contracted in minutes and the other way round (TR341, IV081).
        let other = match eenheid {
            Eenheid::Uur => exactly(Eenheid::Minuut).map(|list| Found::Agreed { list, times: 60, per: 1 }),
            Eenheid::Minuut => exactly(Eenheid::Uur).map(|list| Found::Agreed { list, times: 1, per: 60 }),
            _ => None,
        };
        let of_others = || self.of_category.get(&(wet, categorie.into(), eenheid)).map(|list| Found::OfOthers(list));
        other.or_else(of_others)
    }
}

/// Where the tariff of a product was found; lists are in the order of their first days and never empty.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'t> {
    /// The volume is an amount.
    Cents,
    /// Of the provider itself, in a unit that goes `per` into `times`.
    Agreed { list: &'t [(Date, i64)], times: i64, per: i64 },
    /// Of all providers of the category.
    OfOthers(&'t [(Date, i64)]),
}

impl Found<'_> {
    /// In eurocents, halves up; what no i64 can hold stops at its end.
    pub(crate) fn value(self, volume: i64, day: Date) -> i64 {
        match self {
            Self::Cents => volume,
            Self::Agreed { list, times, per } => scaled(volume, in_force(list, day), times, per),
            Self::OfOthers(list) => scaled(volume, middle(list, day), 1, 1),
        }
    }
}

fn scaled(volume: i64, cents: i64, times: i64, per: i64) -> i64 {
    let [volume, cents, times, per] = [volume, cents, times, per].map(i128::from);
    let value = volume.saturating_mul(cents).saturating_mul(2 * times).saturating_add(per).div_euclid(2 * per);
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

fn in_force(list: &[(Date, i64)], day: Date) -> i64 {
    list.iter().rev().find(|(begin, _)| *begin <= day).or(list.first()).map_or(0, |(_, cents)| *cents)
}

/// The middle one of the last few that began by a day: tariffs grow, and the middle of all years would lag.
fn middle(list: &[(Date, i64)], day: Date) -> i64 {
    const RECENT: usize = 25;
    let began = list.partition_point(|(begin, _)| *begin <= day);
    let then = if began == 0 { list } else { &list[..began] };
    let mut recent: Vec<i64> = then.iter().rev().take(RECENT).map(|(_, cents)| *cents).collect();
    recent.sort_unstable();
    recent[recent.len() / 2]
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
        // Half a cent is rounded up: 61 minutes of 63 euros an hour are 64.05 euros, 7 minutes 7.35.
        check("00000001", "02A01", Eenheid::Minuut, 7, 2025, Some(735));
        check("00000001", "02A01", Eenheid::Uur, i64::MAX, 2025, Some(i64::MAX));
    }

    #[test]
    fn a_tariff_declared_later_is_not_known_before() {
        let seen = [
            (date(2025, 3, 1), tarief("00000001", Some("02A01"), Eenheid::Uur, 2025, 7_000)),
            (date(2025, 2, 1), tarief("00000001", Some("02A01"), Eenheid::Uur, 2025, 6_000)),
            (date(2025, 2, 1), tarief("00000003", Some("02A01"), Eenheid::Uur, 2025, 1)),
        ];
        let contract = [tarief("00000003", Some("02A01"), Eenheid::Uur, 2024, 5_000)];
        let value = |aanbieder: &str, peildatum| {
            let tarieven = Tarieven::as_of(contract.clone(), seen.clone(), peildatum);
            let aanbieder = aanbieder.parse().expect("an AGB code");
            tarieven.value(Wet::Wmo, aanbieder, ("02", Some("02A01")), Eenheid::Uur, 1, date(2025, 6, 1))
        };
        // Before the first line the contract of another provider is the best there is.
        assert_eq!(value("00000001", date(2025, 1, 31)), Some(Bedrag::from_cents(5_000)));
        assert_eq!(value("00000001", date(2025, 2, 1)), Some(Bedrag::from_cents(6_000)));
        assert_eq!(value("00000001", date(2025, 3, 1)), Some(Bedrag::from_cents(6_000)));
        assert_eq!(value("00000003", date(2025, 3, 1)), Some(Bedrag::from_cents(5_000)));
    }
}
