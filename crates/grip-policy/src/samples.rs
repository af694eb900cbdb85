//! The least that objects of the tests hold.

use grip_register::{Action, By, ObjectId, Version};
use jiff::Timestamp;

use crate::{GEMEENTE, Goal, GoalLevel, Measure, Object, Target, Texts};

/// The identification with a number: the larger, the later it was made.
pub(crate) fn id(number: u128) -> ObjectId {
    let digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".as_bytes();
    let digit = |place: u32| char::from(digits[usize::try_from(number >> (5 * place) & 31).expect("five bits")]);
    let text: String = (0..26).rev().map(digit).collect();
    text.parse().expect("an identification")
}

/// An object with these fields.
pub(crate) fn object<O: Object>(number: u128, fields: &[(&str, &str)]) -> Version<O> {
    let mut texts = Texts::from([
        (GEMEENTE.to_owned(), "9998".to_owned()),
        ("name".to_owned(), format!("{} {number}", O::kind().one.nl)),
    ]);
    texts.extend(fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    let content = O::read(&texts).expect("the fields can be read");
    let by =
        By { actor: "beleidsadviseur".parse().expect("an account"), at: Timestamp::UNIX_EPOCH, reason: String::new() };
    Version {
        id: id(number),
        kind: O::kind().name.to_owned(),
        number: 1,
        edit: 1,
        action: Action::Create,
        withdrawn: false,
        by,
        content,
    }
}

pub(crate) fn goal(number: u128, level: GoalLevel) -> Version<Goal> {
    object(number, &[("level", level.choice().value)])
}

pub(crate) fn target(number: u128, goal: u128) -> Version<Target> {
    object(number, &[("goal", &id(goal).to_string()), ("indicator", "clienten-met-zorg")])
}

pub(crate) fn measure(number: u128) -> Version<Measure> {
    object(number, &[])
}
