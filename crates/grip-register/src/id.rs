use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Fault, Problem};

/// The permanent name of an object: 26 characters in the form of a [ULID](https://github.com/ulid/spec), that sort by when
/// the object was made.
///
/// 48 bits of milliseconds since 1970, 32 of the edit, 16 of the place in that edit, 32 random: within a register the order
/// is exact, and two registers may be put together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(u128);

/// Crockford's base 32: no I, L, O and U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 26;

impl ObjectId {
    /// The name of the `place`th object that is made in an edit. `at` is not before 1970.
    pub(crate) fn new(at: Timestamp, edit: i64, place: u16, random: u32) -> Self {
        let milliseconds = at.as_millisecond().unsigned_abs() & 0xffff_ffff_ffff;
        let edit = edit.unsigned_abs() & 0xffff_ffff;
        Self(u128::from(milliseconds) << 80 | u128::from(edit) << 48 | u128::from(place) << 32 | u128::from(random))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |place: usize| DIGITS[usize::try_from(self.0 >> (5 * place) & 31).expect("five bits")];
        let text: String = (0..LENGTH).rev().map(|place| char::from(digit(place))).collect();
        f.pad(&text)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectId({self})")
    }
}

impl FromStr for ObjectId {
    type Err = Fault;
    /// Reads what `Display` writes, in capitals or not.
    fn from_str(text: &str) -> Result<Self, Fault> {
        let fault = Fault { field: "id", problem: Problem::Form("26 letters and digits") };
        let value_of = |letter: u8| DIGITS.iter().position(|digit| *digit == letter.to_ascii_uppercase());
        // 26 digits of five bits are 130: the first has three.
        if text.len() != LENGTH || !text.starts_with(|first: char| ('0'..='7').contains(&first)) {
            return Err(fault);
        }
        text.bytes()
            .try_fold(0_u128, |bits, letter| Some(bits << 5 | u128::try_from(value_of(letter)?).ok()?))
            .map(Self)
            .ok_or(fault)
    }
}

impl TryFrom<String> for ObjectId {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        text.parse()
    }
}

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ObjectId;

    /// The example of the specification: 01ARZ3NDEKTSV4RRFFQ69G5FAV, of which the first ten characters are the time.
    #[test]
    fn the_example_of_the_specification() {
        let at: jiff::Timestamp = "2016-07-30T23:54:10.259Z".parse().unwrap();
        assert_eq!(&ObjectId::new(at, 1, 0, 0).to_string()[..10], "01ARZ3NDEK");
        assert_eq!("01ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<ObjectId>().unwrap().to_string(), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }

    #[test]
    fn what_is_no_identification() {
        for text in [
            "",
            "01ARZ3NDEKTSV4RRFFQ69G5FA",
            "81ARZ3NDEKTSV4RRFFQ69G5FAV",
            "01ARZ3NDEKTSV4RRFFQ69G5FAU",
            "élan-élan-élan-élan-élan-",
        ] {
            assert!(text.parse::<ObjectId>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_keeps_the_order(
            a in (0_i64..1 << 47, 1_i64..1 << 31, any::<u16>(), any::<u32>()),
            b in (0_i64..1 << 47, 1_i64..1 << 31, any::<u16>(), any::<u32>()),
        ) {
            let id = |(ms, edit, place, random)| ObjectId::new(jiff::Timestamp::from_millisecond(ms).unwrap(), edit, place, random);
            let (left, right) = (id(a), id(b));
            prop_assert_eq!(left.to_string().cmp(&right.to_string()), a.cmp(&b));
            prop_assert_eq!(left.to_string().to_lowercase().parse(), Ok(left));
        }
    }
}
