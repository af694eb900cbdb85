//! How long what is kept of persons.

use std::path::Path;

use grip_types::Date;
use serde::{Deserialize, Serialize};

use crate::PipelineError;

/// File of the municipality with terms of its own, in the data folder.
const FILE: &str = "bewaartermijnen.toml";
const YEARS_MAX: i16 = 100;

/// A kind of data with a term of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PurgeKind {
    /// Lines of invoices and their refusals, by the last day of delivery.
    Declaratie,
    /// Allocations, starts, stops and requests: all of a person under one law, by the last that happened.
    Zorg,
    /// What is known of a client, once nothing else of that client is left.
    Kenmerk,
    /// Files of the record of processing, by their day.
    Logboek,
}

impl PurgeKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Declaratie, Self::Zorg, Self::Kenmerk, Self::Logboek];

    /// Its name on the command line, in the file with terms and in the table `vernietiging`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declaratie => "declaratie",
            Self::Zorg => "zorg",
            Self::Kenmerk => "kenmerk",
            Self::Logboek => "logboek",
        }
    }

    /// The tables it is in.
    pub(super) fn tables(self) -> &'static [&'static str] {
        match self {
            Self::Declaratie => &["prestatie", "prestatie_afkeuring"],
            Self::Zorg => &["toewijzing", "start", "stop", "verzoek"],
            Self::Kenmerk => &["clientkenmerk"],
            Self::Logboek => &[],
        }
    }
}

/// Whole years that each kind is kept after the year it is of.
///
/// The defaults are seven years, the term of the financial administration (article 52 paragraph 4 of the Algemene wet inzake
/// rijksbelastingen), for Grip steers money with copies. The dossiers that article 5.3.4 of the Wmo 2015 and article 7.3.8 of the
/// Jeugdwet are about are elsewhere, and article 5 paragraph 1 under e of the AVG asks for no longer than the purpose needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    declaratie: i16,
    zorg: i16,
    kenmerk: i16,
    logboek: i16,
}

impl Default for Terms {
    fn default() -> Self {
        Self { declaratie: 7, zorg: 7, kenmerk: 7, logboek: 7 }
    }
}

impl Terms {
    /// The terms of the municipality: those in `bewaartermijnen.toml` in the data folder, and the defaults for the rest.
    ///
    /// # Errors
    /// [`PipelineError::Terms`] when the file names something else, or a term outside 0 to 100 years.
    pub fn load(data: &Path) -> Result<Self, PipelineError> {
        let path = data.join(FILE);
        let text = match fs_err::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let found = toml::from_str::<Self>(&text).map_err(|error| error.message().to_owned());
        let valid = found.and_then(|terms| {
            let wrong = PurgeKind::ALL.into_iter().find(|kind| !(0..=YEARS_MAX).contains(&terms.years(*kind)));
            wrong.map_or(Ok(terms), |kind| Err(format!("{} is not from 0 to {YEARS_MAX} years", kind.as_str())))
        });
        valid.map_err(|why| PipelineError::Terms { path, why })
    }

    /// Years that a kind is kept.
    pub fn years(&self, kind: PurgeKind) -> i16 {
        match kind {
            PurgeKind::Declaratie => self.declaratie,
            PurgeKind::Zorg => self.zorg,
            PurgeKind::Kenmerk => self.kenmerk,
            PurgeKind::Logboek => self.logboek,
        }
    }

    /// The first day that is kept: of a year the term begins when it ends.
    pub fn before(&self, kind: PurgeKind, today: Date) -> Date {
        Date::new(today.year() - self.years(kind), 1, 1).unwrap_or(Date::MIN)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{PurgeKind, Terms};
    use crate::PipelineError;

    #[track_caller]
    fn check(text: &str, years: Option<i16>) {
        let folder = tempfile::tempdir().expect("a folder");
        fs_err::write(folder.path().join("bewaartermijnen.toml"), text).expect("written");
        match (Terms::load(folder.path()), years) {
            (Ok(terms), Some(years)) => assert_eq!(terms.years(PurgeKind::Zorg), years, "{text}"),
            (Err(PipelineError::Terms { .. }), None) => {}
            (other, _) => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn terms_of_the_municipality() {
        check("", Some(7));
        check("declaratie = 10", Some(7));
        check("zorg = 15", Some(15));
        check("zorg = 101", None);
        check("zorg = -1", None);
        check("zorg = \"lang\"", None);
        check("zrog = 15", None);
    }

    #[test]
    fn a_term_begins_when_the_year_ends() {
        let terms = Terms::default();
        assert_eq!(terms.before(PurgeKind::Declaratie, date(2026, 11, 23)), date(2019, 1, 1));
        assert_eq!(terms.before(PurgeKind::Declaratie, date(2027, 1, 1)), date(2020, 1, 1));
    }
}
