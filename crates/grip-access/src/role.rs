//! Roles, and in which municipalities somebody has them.

use std::{fmt, str::FromStr};

use grip_types::GemeenteCode;
use serde::{Deserialize, Serialize};

use crate::{Detail, Level, Need, Part, level_of};

/// What somebody does in the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Member of the council, or its clerk.
    Council,
    /// Member of the executive, or its direct adviser.
    Executive,
    /// Makes policy.
    Policy,
    /// Leads the teams that decide on support.
    Access,
    /// Buys care, manages contracts.
    Procurement,
    /// Controls and accounts.
    Finance,
    /// Works for several municipalities together.
    Region,
    /// Looks after the data and the rights of citizens over it.
    DataSteward,
    /// Manages accounts and the server.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 9] = [
        Self::Council,
        Self::Executive,
        Self::Policy,
        Self::Access,
        Self::Procurement,
        Self::Finance,
        Self::Region,
        Self::DataSteward,
        Self::Administrator,
    ];

    /// Its name in settings, addresses and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Council => "council",
            Self::Executive => "executive",
            Self::Policy => "policy",
            Self::Access => "access",
            Self::Procurement => "procurement",
            Self::Finance => "finance",
            Self::Region => "region",
            Self::DataSteward => "data-steward",
            Self::Administrator => "administrator",
        }
    }
}

impl Role {
    /// What people call it, in Dutch.
    pub fn nl(self) -> &'static str {
        match self {
            Self::Council => "Raad",
            Self::Executive => "College",
            Self::Policy => "Beleid",
            Self::Access => "Toegang",
            Self::Procurement => "Inkoop",
            Self::Finance => "Financiën",
            Self::Region => "Regio",
            Self::DataSteward => "Gegevensbeheer",
            Self::Administrator => "Beheer",
        }
    }

    /// The same in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Council => "Council",
            Self::Executive => "Executive",
            Self::Policy => "Policy",
            Self::Access => "Access to care",
            Self::Procurement => "Procurement",
            Self::Finance => "Finance",
            Self::Region => "Region",
            Self::DataSteward => "Data steward",
            Self::Administrator => "Administrator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A name that is of no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no role; roles are council, executive, policy, access, procurement, finance, region, data-steward, administrator"
)]
pub struct RoleError(String);

impl FromStr for Role {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| RoleError(text.chars().take(60).collect()))
    }
}

/// The municipalities of a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// All there are.
    All,
    /// These.
    #[serde(with = "codes")]
    Only(Vec<GemeenteCode>),
}

impl Reach {
    /// Whether a municipality is among them.
    pub fn covers(&self, gemeente: GemeenteCode) -> bool {
        match self {
            Self::All => true,
            Self::Only(codes) => codes.contains(&gemeente),
        }
    }
}

/// A role in some municipalities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where.
    pub gemeenten: Reach,
}

/// All that somebody may: what each of the grants gives, together. Without grants nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rights(pub Vec<Grant>);

impl Rights {
    /// Of whoever owns the folder with the data and started the program: everything.
    pub fn of_owner() -> Self {
        Self(Role::ALL.map(|role| Grant { role, gemeenten: Reach::All }).into())
    }

    /// The same of one role only; nothing when it is not among them.
    #[must_use]
    pub fn only(&self, role: Role) -> Self {
        Self(self.0.iter().filter(|grant| grant.role == role).cloned().collect())
    }

    /// What both this and another allow, by grant: for a token, which can do no more than whom it is of.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        let both = |mine: &Grant, theirs: &Grant| {
            let gemeenten = match (&mine.gemeenten, &theirs.gemeenten) {
                (Reach::All, reach) | (reach, Reach::All) => reach.clone(),
                (Reach::Only(mine), Reach::Only(theirs)) => {
                    Reach::Only(mine.iter().filter(|code| theirs.contains(code)).copied().collect())
                }
            };
            (mine.role == theirs.role).then_some(Grant { role: mine.role, gemeenten })
        };
        Self(self.0.iter().flat_map(|mine| other.0.iter().filter_map(move |theirs| both(mine, theirs))).collect())
    }

    /// The roles, each once, in the order of [`Role::ALL`].
    pub fn roles(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.0.iter().any(|grant| grant.role == *role)).collect()
    }

    /// Whether what is needed is allowed in a municipality.
    pub fn may(&self, need: Need, gemeente: GemeenteCode) -> bool {
        self.0.iter().any(|grant| grant.gemeenten.covers(gemeente) && level_of(grant.role, need.part).allows(need))
    }

    /// Whether it is allowed in any municipality.
    pub fn may_somewhere(&self, need: Need) -> bool {
        self.0
            .iter()
            .any(|grant| grant.gemeenten != Reach::Only(Vec::new()) && level_of(grant.role, need.part).allows(need))
    }

    /// Whether it is allowed in all municipalities: for what is about all of them together.
    pub fn may_everywhere(&self, need: Need) -> bool {
        self.0.iter().any(|grant| grant.gemeenten == Reach::All && level_of(grant.role, need.part).allows(need))
    }

    /// How close may be looked at a part in a municipality.
    pub fn detail(&self, part: Part, gemeente: GemeenteCode) -> Option<Detail> {
        let of = |grant: &Grant| -> Level { level_of(grant.role, part) };
        self.0.iter().filter(|grant| grant.gemeenten.covers(gemeente)).filter_map(|grant| of(grant).reads).max()
    }

    /// Whether anything of a municipality may be seen.
    pub fn covers(&self, gemeente: GemeenteCode) -> bool {
        self.0.iter().any(|grant| grant.gemeenten.covers(gemeente))
    }
}

/// Municipalities by their code of four digits.
mod codes {
    use grip_types::GemeenteCode;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(codes: &[GemeenteCode], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(codes.iter().map(ToString::to_string))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<GemeenteCode>, D::Error> {
        let texts = Vec::<String>::deserialize(reader)?;
        texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> GemeenteCode {
        text.parse().expect("a code")
    }

    fn grant(role: Role, codes: &[&str]) -> Grant {
        Grant { role, gemeenten: Reach::Only(codes.iter().map(|text| code(text)).collect()) }
    }

    #[test]
    fn nothing_without_a_grant() {
        for part in Part::ALL {
            let need = Need::read(part, Detail::Totals);
            assert!(!Rights::default().may(need, code("0935")));
            assert!(!Rights(vec![grant(Role::Finance, &[])]).may_somewhere(need));
        }
    }

    #[test]
    fn grants_add_up_and_stay_in_their_municipality() {
        let rights = Rights(vec![grant(Role::Council, &["0935"]), grant(Role::Finance, &["9998"])]);
        let lines = Need::read(Part::Forecast, Detail::Lines);
        assert!(rights.may(lines, code("9998")));
        assert!(!rights.may(lines, code("0935")));
        assert!(rights.may(Need::read(Part::Forecast, Detail::Totals), code("0935")));
        assert!(!rights.may(Need::read(Part::Forecast, Detail::Totals), code("0344")));
        assert_eq!(rights.detail(Part::Forecast, code("0935")), Some(Detail::Totals));
        assert_eq!(rights.roles(), [Role::Council, Role::Finance]);
        assert!(rights.may_somewhere(lines) && !rights.may_everywhere(lines));
    }

    #[test]
    fn looking_as_a_role_gives_no_more_than_one_has() {
        let rights = Rights(vec![grant(Role::Council, &["0935"])]);
        assert_eq!(rights.only(Role::Finance), Rights::default());
        assert_eq!(rights.only(Role::Council), rights);
        let token = Rights(vec![grant(Role::Council, &["0935", "9998"]), grant(Role::Finance, &["0935"])]);
        assert_eq!(token.within(&rights), rights);
        assert_eq!(rights.within(&Rights::of_owner()), rights);
    }

    #[test]
    fn as_json() {
        let rights =
            Rights(vec![Grant { role: Role::DataSteward, gemeenten: Reach::All }, grant(Role::Council, &["0935"])]);
        let text = r#"[{"role":"data-steward","gemeenten":"all"},{"role":"council","gemeenten":{"only":["0935"]}}]"#;
        assert_eq!(serde_json::to_string(&rights).expect("JSON"), text);
        assert_eq!(serde_json::from_str::<Rights>(text).expect("rights"), rights);
    }
}
