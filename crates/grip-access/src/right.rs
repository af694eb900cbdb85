//! What there is to see, how much of it, and which role may.

use serde::{Deserialize, Serialize};

use crate::Role;

/// A part of what Grip knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What the year will cost.
    Forecast,
    /// Budget, actual, growth and reserve.
    Money,
    /// Clients, how long, from where to where: in numbers.
    Care,
    /// Open data beside other municipalities.
    Comparison,
    /// The catalogue of indicators and what they say.
    Indicators,
    /// What asks for attention, and who takes it up.
    Signals,
    /// Goals, theory, cycle, dilemmas.
    Policy,
    /// What saves, and what it saved.
    Measures,
    /// What is done when, and by whom.
    Programme,
    /// What was decided.
    Decisions,
    /// What people ask and explain about figures.
    Questions,
    /// How good the data is, and which messages there are.
    Data,
    /// What is kept of one citizen.
    Persons,
    /// Accounts and their roles.
    Accounts,
    /// Who did what.
    Audit,
}

impl Part {
    /// Every part, in the order of the menu.
    pub const ALL: [Self; 15] = [
        Self::Forecast,
        Self::Money,
        Self::Care,
        Self::Comparison,
        Self::Indicators,
        Self::Signals,
        Self::Policy,
        Self::Measures,
        Self::Programme,
        Self::Decisions,
        Self::Questions,
        Self::Data,
        Self::Persons,
        Self::Accounts,
        Self::Audit,
    ];

    /// What people call it, in Dutch.
    pub fn nl(self) -> &'static str {
        match self {
            Self::Forecast => "Prognose",
            Self::Money => "Geld",
            Self::Care => "Zorg",
            Self::Comparison => "Vergelijking",
            Self::Indicators => "Indicatoren",
            Self::Signals => "Signalen",
            Self::Policy => "Beleid",
            Self::Measures => "Maatregelen",
            Self::Programme => "Programma",
            Self::Decisions => "Besluiten",
            Self::Questions => "Vragen",
            Self::Data => "Gegevens en berichten",
            Self::Persons => "Inzage van een burger",
            Self::Accounts => "Accounts",
            Self::Audit => "Logboek van handelingen",
        }
    }

    /// Its name in logs and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forecast => "forecast",
            Self::Money => "money",
            Self::Care => "care",
            Self::Comparison => "comparison",
            Self::Indicators => "indicators",
            Self::Signals => "signals",
            Self::Policy => "policy",
            Self::Measures => "measures",
            Self::Programme => "programme",
            Self::Decisions => "decisions",
            Self::Questions => "questions",
            Self::Data => "data",
            Self::Persons => "persons",
            Self::Accounts => "accounts",
            Self::Audit => "audit",
        }
    }
}

/// How close somebody may look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The municipality and its groups: law, category, district, age.
    Totals,
    /// Single providers too.
    Providers,
    /// Single lines of messages too, with the pseudonym of a citizen.
    Lines,
}

impl Detail {
    /// Every level, the furthest away first.
    pub const ALL: [Self; 3] = [Self::Totals, Self::Providers, Self::Lines];

    /// Its name in logs and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totals => "totals",
            Self::Providers => "providers",
            Self::Lines => "lines",
        }
    }
}

/// Whether something is only looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// It stays as it is.
    Read,
    /// Something is kept.
    Write,
}

/// What a question or a page asks of whoever wants its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Need {
    /// Of what.
    pub part: Part,
    /// How close.
    pub detail: Detail,
    /// To look or to write.
    pub deed: Deed,
}

impl Need {
    /// To look at a part.
    pub const fn read(part: Part, detail: Detail) -> Self {
        Self { part, detail, deed: Deed::Read }
    }

    /// To write in a part.
    pub const fn write(part: Part) -> Self {
        Self { part, detail: Detail::Totals, deed: Deed::Write }
    }
}

/// What a role may in a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// How close it may look; nothing is not at all.
    pub reads: Option<Detail>,
    /// Whether it may write there.
    pub writes: bool,
}

impl Level {
    /// Whether it is enough.
    pub fn allows(self, need: Need) -> bool {
        self.reads.is_some_and(|most| need.detail <= most) && (need.deed == Deed::Read || self.writes)
    }
}

const N: Level = Level { reads: None, writes: false };
const T: Level = Level { reads: Some(Detail::Totals), writes: false };
const P: Level = Level { reads: Some(Detail::Providers), writes: false };
const L: Level = Level { reads: Some(Detail::Lines), writes: false };
const TW: Level = Level { writes: true, ..T };
const PW: Level = Level { writes: true, ..P };
const LW: Level = Level { writes: true, ..L };

/// What each role may: `T` totals, `P` providers too, `L` lines too, `W` writes, `N` nothing. The columns are in the order of
/// [`Role::ALL`].
///
/// A role sees what its work asks for and no more (AVG article 5(1)(c)): the council frames and controls (Gemeentewet article
/// 108 in 147), which totals serve; who buys and who pays see providers; lines with a pseudonym are for who must be able to check
/// an invoice or a message. Who manages accounts sees no care.
#[rustfmt::skip]
const MATRIX: [(Part, [Level; 9]); 15] = [
    //                  Council Executive Policy Access Procurement Finance Region Steward Administrator
    (Part::Forecast,   [T,      P,        P,     P,     P,          L,      P,     L,      N]),
    (Part::Money,      [T,      P,        P,     T,     P,          PW,     P,     T,      N]),
    (Part::Care,       [T,      P,        P,     P,     P,          P,      P,     P,      N]),
    (Part::Comparison, [T,      T,        T,     T,     T,          T,      T,     T,      N]),
    (Part::Indicators, [T,      P,        P,     P,     P,          L,      P,     L,      N]),
    (Part::Signals,    [N,      P,        PW,    PW,    PW,         PW,     P,     PW,     N]),
    (Part::Policy,     [T,      TW,       TW,    T,     T,          T,      T,     N,      N]),
    (Part::Measures,   [T,      P,        PW,    PW,    PW,         PW,     P,     N,      N]),
    (Part::Programme,  [T,      T,        TW,    TW,    TW,         TW,     T,     N,      N]),
    (Part::Decisions,  [T,      TW,       TW,    T,     T,          TW,     T,     N,      N]),
    (Part::Questions,  [TW,     TW,       TW,    TW,    TW,         TW,     TW,    TW,     N]),
    (Part::Data,       [T,      T,        P,     P,     P,          L,      P,     LW,     N]),
    (Part::Persons,    [N,      N,        N,     N,     N,          N,      N,     LW,     N]),
    (Part::Accounts,   [N,      N,        N,     N,     N,          N,      N,     N,      TW]),
    (Part::Audit,      [N,      N,        N,     N,     N,          N,      N,     T,      T]),
];

/// What a role may in a part.
pub fn level_of(role: Role, part: Part) -> Level {
    let column = Role::ALL.iter().position(|known| *known == role);
    let row = MATRIX.iter().find(|(known, _)| *known == part).map(|(_, levels)| levels);
    row.zip(column).and_then(|(levels, at)| levels.get(at)).copied().unwrap_or(N)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_part_once_and_in_order() {
        assert_eq!(MATRIX.map(|(part, _)| part), Part::ALL);
        assert_eq!(MATRIX[0].1.len(), Role::ALL.len());
    }

    #[test]
    fn lines_are_for_who_checks_them() {
        let sees_lines = |role: &Role| Part::ALL.iter().any(|part| level_of(*role, *part).reads == Some(Detail::Lines));
        let found: Vec<Role> = Role::ALL.into_iter().filter(sees_lines).collect();
        assert_eq!(found, [Role::Finance, Role::DataSteward]);
    }

    #[test]
    fn who_manages_accounts_sees_no_care() {
        let seen: Vec<Part> =
            Part::ALL.into_iter().filter(|part| level_of(Role::Administrator, *part).reads.is_some()).collect();
        assert_eq!(seen, [Part::Accounts, Part::Audit]);
    }

    #[test]
    fn writing_asks_for_reading() {
        for role in Role::ALL {
            for part in Part::ALL {
                let level = level_of(role, part);
                assert!(!level.writes || level.reads.is_some(), "{role:?} {part:?}");
                assert_eq!(level.allows(Need::write(part)), level.writes, "{role:?} {part:?}");
            }
        }
    }
}
