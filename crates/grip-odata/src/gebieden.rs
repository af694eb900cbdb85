//! Municipalities and provinces by their codes, for reading and for grouping; no figures.
//!
//! Source: codes and names as in the open data of the Dutch corona dashboard (EUPL-1.2, state of March 2024, 342
//! municipalities); the province of each is read off its safety region there (state of 2022, each lies within one province),
//! by hand for Eemnes, Voorne aan Zee and Barendrecht. A municipality that is newer has no name here and no province; one that
//! was merged is not here any more.

use std::{collections::HashMap, sync::LazyLock};

use grip_types::GemeenteCode;

/// What is known of a municipality. Glossary: Gemeente.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gebied {
    /// Its name.
    pub naam: &'static str,
    /// Code of its province, `PV20` to `PV31`.
    pub provincie: &'static str,
}

/// Day as of which the list holds.
pub const GEBIEDEN_AS_OF: &str = "2024-03-31";

static GEMEENTEN: LazyLock<HashMap<&'static str, Gebied>> = LazyLock::new(|| {
    let lines = include_str!("gebieden/gemeenten.csv").lines().skip(1);
    lines
        .filter_map(|line| {
            let (code, rest) = line.split_once(';')?;
            let (naam, provincie) = rest.split_once(';')?;
            Some((code, Gebied { naam, provincie }))
        })
        .collect()
});

/// The twelve provinces by their codes.
const PROVINCIES: [(&str, &str); 12] = [
    ("PV20", "Groningen"),
    ("PV21", "Fryslân"),
    ("PV22", "Drenthe"),
    ("PV23", "Overijssel"),
    ("PV24", "Flevoland"),
    ("PV25", "Gelderland"),
    ("PV26", "Utrecht"),
    ("PV27", "Noord-Holland"),
    ("PV28", "Zuid-Holland"),
    ("PV29", "Zeeland"),
    ("PV30", "Noord-Brabant"),
    ("PV31", "Limburg"),
];

/// Name and province of a municipality, when it is in the list.
pub fn gebied(gemeente: GemeenteCode) -> Option<Gebied> {
    GEMEENTEN.get(gemeente.to_string().as_str()).copied()
}

/// Name of a province by its code, as `PV31`.
pub fn provincie(code: &str) -> Option<&'static str> {
    PROVINCIES.iter().find(|(known, _)| *known == code).map(|(_, naam)| *naam)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{GEMEENTEN, PROVINCIES, gebied, provincie};

    /// As many municipalities per province as on 1 January 2024 (CBS, Gebieden in Nederland 2024): together 342.
    #[test]
    fn as_many_as_there_were() {
        let mut counts = BTreeMap::new();
        for gebied in GEMEENTEN.values() {
            assert!(provincie(gebied.provincie).is_some() && !gebied.naam.is_empty(), "{gebied:?}");
            *counts.entry(gebied.provincie).or_insert(0) += 1;
        }
        let counts: Vec<i32> = PROVINCIES.iter().map(|(code, _)| counts[code]).collect();
        assert_eq!(counts, [10, 18, 12, 25, 6, 51, 26, 44, 50, 13, 56, 31]);
        assert_eq!(GEMEENTEN.len(), 342);
    }

    #[test]
    fn by_code() {
        let of = |code: &str| code.parse().ok().and_then(gebied).map(|found| (found.naam, provincie(found.provincie)));
        assert_eq!(of("0935"), Some(("Maastricht", Some("Limburg"))));
        assert_eq!(of("0317"), Some(("Eemnes", Some("Utrecht"))));
        assert_eq!(of("9998"), None);
        assert_eq!(provincie("PV99"), None);
    }
}
