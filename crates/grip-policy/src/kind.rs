//! What a kind of object is: its name, its fields, and what must hold between them.

use std::collections::BTreeMap;

use grip_register::{Fault, Problem};
use grip_types::GemeenteCode;

use crate::{Input, Line, Number};

/// The fields of an object as texts, by name. A field that is not there is empty.
pub type Texts = BTreeMap<String, String>;

/// A kind of object.
#[derive(Debug)]
pub struct Kind {
    /// Its name in the register and in addresses: never changed.
    pub name: &'static str,
    /// What one is called in Dutch and in English.
    pub one: Said,
    /// What several are called.
    pub many: Said,
    /// Its fields, in the order in which they are asked for. The first is what an object is called.
    pub fields: &'static [Field],
}

/// A text in Dutch and in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// In Dutch.
    pub nl: &'static str,
    /// In English.
    pub en: &'static str,
}

/// A field of a kind.
#[derive(Debug)]
pub struct Field {
    /// Its name in the register, in forms and in addresses: never changed.
    pub name: &'static str,
    /// What it is called.
    pub label: Said,
    /// What helps to fill it in; may be empty.
    pub hint: Said,
    /// How it is asked for.
    pub input: Input,
    /// Whether it must be filled in.
    pub is_required: bool,
    /// Writes what people typed as the register writes it.
    pub canonical: fn(&str) -> Result<String, Problem>,
}

impl Kind {
    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that name other objects.
    pub fn references(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| matches!(field.input, Input::One(_) | Input::Many(_)))
    }
}

/// The name under which a document keeps whose it is.
pub const GEMEENTE: &str = "gemeente";

/// An object of a kind.
pub trait Object: Sized {
    /// What it is one of.
    fn kind() -> &'static Kind;

    /// Whose it is.
    fn gemeente(&self) -> GemeenteCode;

    /// What it is called.
    fn name(&self) -> &str;

    /// Its fields.
    fn texts(&self) -> Texts;

    /// Reads its fields.
    ///
    /// # Errors
    /// Every field that can't be read.
    fn read(texts: &Texts) -> Result<Self, Vec<Fault>>;
}

/// What must hold between the fields of an object.
pub trait Rules {
    /// Every rule that does not hold, at the field that should be changed.
    fn broken(&self) -> Vec<Fault> {
        Vec::new()
    }
}

/// Makes a kind: the struct with its fields, and how it is read, written and asked for. The first field is a [`Name`](crate::Name)
/// called `name`.
macro_rules! kind {
    (
        $(#[$doc:meta])*
        $type:ident = $kind:literal: $one_nl:literal, $many_nl:literal, $one_en:literal, $many_en:literal {
            $($(#[$field_doc:meta])* $field:ident: $value:ty = $nl:literal, $en:literal $(; $hint_nl:literal, $hint_en:literal)?,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $type {
            /// Whose it is.
            pub gemeente: grip_types::GemeenteCode,
            $($(#[$field_doc])* pub $field: $value,)+
        }

        impl $crate::Object for $type {
            fn kind() -> &'static $crate::Kind {
                static KIND: $crate::Kind = $crate::Kind {
                    name: $kind,
                    one: $crate::Said { nl: $one_nl, en: $one_en },
                    many: $crate::Said { nl: $many_nl, en: $many_en },
                    fields: &[$($crate::Field {
                        name: stringify!($field),
                        label: $crate::Said { nl: $nl, en: $en },
                        hint: $crate::Said { nl: concat!($($hint_nl)?), en: concat!($($hint_en)?) },
                        input: <$value as $crate::Value>::INPUT,
                        is_required: <$value as $crate::Value>::IS_REQUIRED,
                        canonical: |text| <$value as $crate::Value>::read(text.trim()).map(|value| $crate::Value::text(&value)),
                    },)+],
                };
                &KIND
            }

            fn gemeente(&self) -> grip_types::GemeenteCode {
                self.gemeente
            }

            fn name(&self) -> &str {
                &self.name.0
            }

            fn texts(&self) -> $crate::Texts {
                let mut texts = $crate::Texts::new();
                texts.insert($crate::GEMEENTE.to_owned(), self.gemeente.to_string());
                $(texts.insert(stringify!($field).to_owned(), <$value as $crate::Value>::text(&self.$field));)+
                texts.retain(|_, text| !text.is_empty());
                texts
            }

            fn read(texts: &$crate::Texts) -> Result<Self, Vec<grip_register::Fault>> {
                let mut faults = Vec::new();
                let gemeente = texts.get($crate::GEMEENTE).and_then(|code| code.parse().ok());
                if gemeente.is_none() {
                    let problem = grip_register::Problem::Form("the code of a municipality");
                    faults.push(grip_register::Fault { field: $crate::GEMEENTE, problem });
                }
                $(let $field = $crate::kind::read_field::<$value>(texts, stringify!($field), &mut faults);)+
                match (gemeente, $($field,)+) {
                    (Some(gemeente), $(Some($field),)+) => Ok(Self { gemeente, $($field,)+ }),
                    _ => Err(faults),
                }
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::Object::texts(self), serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
                let texts = <$crate::Texts as serde::Deserialize>::deserialize(reader)?;
                <Self as $crate::Object>::read(&texts).map_err(|faults| {
                    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                    serde::de::Error::custom(faults.join("; "))
                })
            }
        }

        impl grip_register::Content for $type {
            const KIND: &'static str = $kind;

            fn faults(&self) -> Vec<grip_register::Fault> {
                let mut faults = Vec::new();
                $(<$value as $crate::Value>::check(&self.$field, stringify!($field), &mut faults);)+
                faults.extend($crate::Rules::broken(self));
                faults
            }
        }
    };
}
pub(crate) use kind;

/// Reads one field, and complains when that fails.
pub(crate) fn read_field<V: crate::Value>(texts: &Texts, field: &'static str, faults: &mut Vec<Fault>) -> Option<V> {
    match V::read(texts.get(field).map_or("", |text| text.trim())) {
        Ok(value) => Some(value),
        Err(problem) => {
            faults.push(Fault { field, problem });
            None
        }
    }
}

/// The fault of a rule, when it is broken.
pub(crate) fn said(is_broken: bool, field: &'static str, nl: &'static str, en: &'static str) -> Vec<Fault> {
    if is_broken { vec![Fault { field, problem: grip_register::Problem::Said { nl, en } }] } else { Vec::new() }
}

/// The fault of an end before its begin.
pub(crate) fn not_before<T: PartialOrd>(begin: Option<T>, end: Option<T>, field: &'static str) -> Vec<Fault> {
    let is_broken = begin.zip(end).is_some_and(|(begin, end)| end < begin);
    said(is_broken, field, "Dit ligt vóór het begin.", "This is before the begin.")
}

/// The faults of a percentage: it is 0 to 100, and not between 0 and 1. A spreadsheet keeps 50 % as 0.5 and shows only by its format
/// which it is, so what is below one percent is refused, not guessed: nothing that is kept here (a share, a chance, what is kept for
/// the unforeseen, an outcome) is known that finely.
pub(crate) fn percentage(number: Option<Number>, field: &'static str) -> Vec<Fault> {
    let is = |range: fn(f64) -> bool| number.is_some_and(|Number(number)| range(number));
    let mut faults = said(is(|number| !(0.0..=100.0).contains(&number)), field, "Vul 0 tot 100 in.", "Enter 0 to 100.");
    faults.extend(said(
        is(|number| number > 0.0 && number < 1.0),
        field,
        "Vul een percentage in: 50, niet 0,5. Onder de 1 kan niet: rond af op 0 of 1.",
        "Enter a percentage: 50, not 0.5. It can't be below 1: round it to 0 or 1.",
    ));
    faults
}

/// The fault of what should be the code of a provider and is not; empty is none.
pub(crate) fn agb(code: &Line, field: &'static str) -> Vec<Fault> {
    let is_no_code = !code.0.is_empty() && code.0.parse::<grip_types::AgbCode>().is_err();
    said(is_no_code, field, "Een AGB-code heeft acht cijfers.", "An AGB code has eight digits.")
}
