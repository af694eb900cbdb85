//! Where parties stand on the dilemmas, and how that moved.

use std::collections::BTreeMap;

use grip_register::{ObjectId, Version};
use grip_types::Date;

use crate::{Dilemma, Place, Position};

/// Where a party stands on a dilemma, over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stance {
    /// The party.
    pub party: String,
    /// Its positions up to the day, the first first.
    pub positions: Vec<(Date, Place, ObjectId)>,
    /// By how many places of five the last moved from the one before: above zero to the second end, below to the first.
    pub moved: i8,
}

impl Stance {
    /// Where it stands.
    pub fn now(&self) -> Option<(Date, Place, ObjectId)> {
        self.positions.last().copied()
    }
}

/// Where every party that took a position on a dilemma by a day stands, by its name. Of two positions of one day the last written
/// holds.
pub fn stances(dilemma: Dilemma, positions: &[Version<Position>], day: Date) -> Vec<Stance> {
    let mut parties: BTreeMap<String, Vec<(Date, Place, ObjectId)>> = BTreeMap::new();
    for version in positions.iter().filter(|version| version.content.dilemma == dilemma && version.content.date <= day)
    {
        let it = &version.content;
        parties.entry(it.party.0.clone()).or_default().push((it.date, it.place, version.id));
    }
    let stance = |(party, mut positions): (String, Vec<(Date, Place, ObjectId)>)| {
        positions.sort_by_key(|(date, _, id)| (*date, *id));
        let moved = match positions[..] {
            [.., (_, before, _), (_, now, _)] => now.score() - before.score(),
            _ => 0,
        };
        Stance { party, positions, moved }
    };
    parties.into_iter().map(stance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{id, object};

    #[test]
    fn the_last_position_before_a_day_holds() {
        let position = |number, party, date, place| {
            object::<Position>(
                number,
                &[("dilemma", "onzeker-of-zeker"), ("party", party), ("date", date), ("place", place)],
            )
        };
        let positions = [
            position(1, "college", "2024-06-01", "eerste"),
            position(2, "college", "2021-01-01", "midden"),
            position(3, "raad", "2022-01-01", "meer-tweede"),
            position(4, "raad", "2026-01-01", "tweede"),
        ];
        let day: Date = "2025-06-30".parse().expect("a day");
        let found = stances(Dilemma::Future, &positions, day);
        let now: Vec<(&str, Option<ObjectId>, i8)> =
            found.iter().map(|stance| (stance.party.as_str(), stance.now().map(|(.., id)| id), stance.moved)).collect();
        assert_eq!(now, [("college", Some(id(1)), -2), ("raad", Some(id(3)), 0)]);
        assert!(stances(Dilemma::Base, &positions, day).is_empty());
    }
}
