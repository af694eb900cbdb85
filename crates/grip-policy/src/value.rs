//! What a field can hold: how it is asked for, read from a text, and written as one.
//!
//! A text is what stands in a form, in a cell of a spreadsheet and in the register: the same everywhere.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use grip_register::{Content, Fault, ObjectId, Problem, check_line, check_text};
use grip_types::{Bedrag, Date, Maand, parse_date};

/// How a value is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A line.
    Line,
    /// Paragraphs, in Markdown.
    Text,
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
    /// An amount in euros.
    Amount,
    /// A number, perhaps with decimals.
    Number,
    /// Yes or no.
    YesNo,
    /// One of these.
    Choice(&'static [Choice]),
    /// An indicator of the catalogue.
    Indicator,
    /// What an indicator is limited to: dimensions with a value.
    Filters,
    /// A value for each of some years.
    YearValues,
    /// An object of this kind.
    One(&'static str),
    /// Objects of this kind.
    Many(&'static str),
}

/// One of the values that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// As stored: never changed.
    pub value: &'static str,
    /// Its name in Dutch.
    pub nl: &'static str,
    /// Its name in English.
    pub en: &'static str,
}

/// A value of a field.
pub trait Value: Sized {
    /// How it is asked for.
    const INPUT: Input;
    /// Whether a field of this type must be filled in.
    const IS_REQUIRED: bool = false;

    /// Reads it as people type it, without blanks around it.
    ///
    /// # Errors
    /// What is wrong with it, for who typed it.
    fn read(text: &str) -> Result<Self, Problem>;

    /// As it stands in a form; [`Value::read`] reads it back.
    fn text(&self) -> String;

    /// Complains about what can be read but not kept.
    fn check(&self, field: &'static str, faults: &mut Vec<Fault>) {
        let (_, _) = (field, faults);
    }
}

impl<V: Value> Value for Option<V> {
    const INPUT: Input = V::INPUT;

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() { Ok(None) } else { V::read(text).map(Some) }
    }

    fn text(&self) -> String {
        self.as_ref().map(V::text).unwrap_or_default()
    }

    fn check(&self, field: &'static str, faults: &mut Vec<Fault>) {
        if let Some(value) = self {
            value.check(field, faults);
        }
    }
}

/// What an object is called: a line that must be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub String);

/// A line that may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line(pub String);

/// Paragraphs in Markdown; may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub String);

macro_rules! texts {
    ($($type:ty, $input:expr, $required:literal, $check:expr;)+) => {$(
        impl Value for $type {
            const INPUT: Input = $input;
            const IS_REQUIRED: bool = $required;

            fn read(text: &str) -> Result<Self, Problem> {
                if $required && text.is_empty() { Err(Problem::Empty) } else { Ok(Self(text.to_owned())) }
            }

            fn text(&self) -> String {
                self.0.clone()
            }

            fn check(&self, field: &'static str, faults: &mut Vec<Fault>) {
                let check: fn(&'static str, &str, &mut Vec<Fault>) = $check;
                check(field, &self.0, faults);
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )+};
}

texts! {
    Name, Input::Line, true, check_name;
    Line, Input::Line, false, check_line_if_any;
    Text, Input::Text, false, check_text;
    IndicatorId, Input::Indicator, true, check_line;
}

/// The name of an indicator in the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndicatorId(pub String);

/// A name stands first in a sheet, where a row that begins with `#` is a remark and is not read.
fn check_name(field: &'static str, name: &str, faults: &mut Vec<Fault>) {
    check_line(field, name, faults);
    if name.starts_with('#') {
        let problem = Problem::Said {
            nl: "Begin niet met #: dat is een opmerking in een rekenblad.",
            en: "Do not begin with #: that is a remark in a sheet.",
        };
        faults.push(Fault { field, problem });
    }
}

fn check_line_if_any(field: &'static str, line: &str, faults: &mut Vec<Fault>) {
    if !line.is_empty() {
        check_line(field, line, faults);
    }
}

/// What is wrong with a value that can't be read.
const fn wrong<T>(nl: &'static str, en: &'static str) -> Result<T, Problem> {
    Err(Problem::Said { nl, en })
}

impl Value for Date {
    const INPUT: Input = Input::Day;
    const IS_REQUIRED: bool = true;

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        match read_day(text).filter(|day| (1900..=2200).contains(&day.year())) {
            Some(day) => Ok(day),
            None => wrong("Vul een datum in, zoals 31-12-2025.", "Enter a day, such as 31-12-2025."),
        }
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// A day as ISO 8601 or the Dutch write it.
fn read_day(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/']).map(str::trim).collect();
    match parts[..] {
        [day, month, year] if year.len() == 4 => {
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        }
        _ => parse_date(text),
    }
}

impl Value for Maand {
    const INPUT: Input = Input::Month;
    const IS_REQUIRED: bool = true;

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        let found = text.parse().ok().or_else(|| read_day(text).map(Self::of));
        match found.filter(|month: &Self| (1900..=2200).contains(&month.year())) {
            Some(month) => Ok(month),
            None => wrong("Vul een maand in, zoals 2025-12.", "Enter a month, such as 2025-12."),
        }
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// A calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Year(pub i16);

impl Value for Year {
    const INPUT: Input = Input::Year;
    const IS_REQUIRED: bool = true;

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        match text.parse().ok().filter(|year| (1900..=2200).contains(year)) {
            Some(year) => Ok(Self(year)),
            None => wrong("Vul een jaar in van vier cijfers.", "Enter a year of four digits."),
        }
    }

    fn text(&self) -> String {
        self.0.to_string()
    }
}

impl Value for Bedrag {
    const INPUT: Input = Input::Amount;
    const IS_REQUIRED: bool = true;

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        match Self::parse_euros(text) {
            Some(amount) => Ok(amount),
            None => wrong(
                "Vul een bedrag in euro's in, zoals 1.250.000 of 12,50.",
                "Enter an amount in euros, such as 1.250.000 or 12,50.",
            ),
        }
    }

    fn text(&self) -> String {
        self.to_string()
    }

    fn check(&self, field: &'static str, faults: &mut Vec<Fault>) {
        if self.cents.unsigned_abs() > CENTS_MAX {
            faults.push(Fault { field, problem: TOO_MUCH });
        }
    }
}

/// Cents of an amount that is kept, at most: a thousand milliard euros. Sums of all that a municipality writes down then fit.
const CENTS_MAX: u64 = 100_000_000_000_000;
const TOO_MUCH: Problem = Problem::Said {
    nl: "Dit is meer dan duizend miljard euro. Kijk na of er cijfers te veel staan.",
    en: "This is more than a thousand milliard euros. Look whether there are digits too many.",
};

/// A number, perhaps with decimals; always finite.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Number(pub f64);

impl Value for Number {
    const INPUT: Input = Input::Number;
    const IS_REQUIRED: bool = true;

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        match read_number(text) {
            Some(number) => Ok(Self(number)),
            None => wrong("Vul een getal in, zoals 12,5.", "Enter a number, such as 12,5."),
        }
    }

    fn text(&self) -> String {
        write_number(self.0)
    }
}

/// A number as people type it, by the rule of amounts ([`Bedrag::parse_euros`]): a comma begins decimals; without one a point does,
/// unless it stands before exactly three digits: then it separates thousands, as `1.250` is written in the Netherlands. `0.125`
/// can only have decimals. Points between thousands have three digits after each, or it is no number.
fn read_number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '%').collect();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, decimals) = match (digits.rfind(','), digits.rfind('.')) {
        (Some(comma), _) => (&digits[..comma], &digits[comma + 1..]),
        (None, Some(point)) if digits.len() - point - 1 != 3 || ["", "0"].contains(&&digits[..point]) => {
            (&digits[..point], &digits[point + 1..])
        }
        _ => (digits, ""),
    };
    let groups: Vec<&str> = whole.split('.').collect();
    let is_grouped = groups.len() == 1
        || (1..=3).contains(&groups[0].len())
            && !groups[0].starts_with('0')
            && groups[1..].iter().all(|group| group.len() == 3);
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = groups.iter().all(|group| is_digits(group)) && is_digits(decimals);
    if !is_grouped || !is_number || whole.is_empty() && decimals.is_empty() {
        return None;
    }
    let number: f64 = format!("{sign}{}.{decimals}", groups.concat()).parse().ok()?;
    number.is_finite().then_some(number)
}

fn write_number(number: f64) -> String {
    number.to_string().replace('.', ",")
}

impl Value for bool {
    const INPUT: Input = Input::YesNo;

    fn read(text: &str) -> Result<Self, Problem> {
        match text.to_lowercase().as_str() {
            "ja" | "yes" | "true" | "waar" | "1" | "x" => Ok(true),
            "" | "nee" | "no" | "false" | "onwaar" | "0" => Ok(false),
            _ => wrong("Vul ja of nee in.", "Enter yes or no."),
        }
    }

    fn text(&self) -> String {
        if *self { "ja".to_owned() } else { String::new() }
    }
}

/// What an indicator is limited to: dimension and value, written as `productcategorie=45; wet=jw`. People may write `categorie`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(pub BTreeMap<String, String>);

impl Value for Filters {
    const INPUT: Input = Input::Filters;

    fn read(text: &str) -> Result<Self, Problem> {
        let mut filters = BTreeMap::new();
        for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            let pair = part.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
            let pair = pair.filter(|(name, value)| !name.is_empty() && !value.is_empty());
            let is_new = pair.map(as_kept).is_some_and(|(name, value)| filters.insert(name, value).is_none());
            if !is_new {
                return wrong(
                    "Schrijf dit als wet=jw; categorie=45, elke naam één keer.",
                    "Write this as wet=jw; categorie=45, each name once.",
                );
            }
        }
        Ok(Self(filters))
    }

    fn text(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn check(&self, field: &'static str, faults: &mut Vec<Fault>) {
        check_line_if_any(field, &self.text(), faults);
    }
}

/// A dimension and a value as the figures write them.
fn as_kept((name, value): (&str, &str)) -> (String, String) {
    match name.to_lowercase() {
        name if name == "categorie" => ("productcategorie".to_owned(), value.to_owned()),
        name if name == "wet" => (name, value.to_lowercase()),
        name => (name, value.to_owned()),
    }
}

impl Filters {
    /// Whether what is limited like this has a part in a law, `wmo` or `jw`, and in a category of products of it when one is given.
    /// Without a limit it has a part in all; a limit on anything finer, such as a provider, leaves no category out. A product code
    /// begins with its category.
    pub fn touches(&self, wet: &str, categorie: Option<&str>) -> bool {
        let is_own = |categorie| self.categorie().is_none_or(|own| own == categorie);
        self.limit("wet").is_none_or(|own| own == wet) && categorie.is_none_or(is_own)
    }

    /// Whether nothing can be limited both like this and like the other: both name a dimension, each with another value.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let differ = |one: Option<&str>, other: Option<&str>| one.zip(other).is_some_and(|(one, other)| one != other);
        differ(self.categorie(), other.categorie())
            || self.0.keys().any(|name| differ(self.limit(name), other.limit(name)))
    }

    fn limit(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The category of products, also by a product code, which begins with it.
    fn categorie(&self) -> Option<&str> {
        self.limit("productcategorie").or_else(|| self.limit("productcode").and_then(|code| code.get(..2)))
    }
}

/// A value for each of some years, written as `2025: 12,5; 2026: 11`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct YearValues(pub BTreeMap<i16, f64>);

impl Value for YearValues {
    const INPUT: Input = Input::YearValues;

    fn read(text: &str) -> Result<Self, Problem> {
        let mut values = BTreeMap::new();
        for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            let pair = part.split_once([':', '=']).map(|(year, value)| (Year::read(year.trim()), read_number(value)));
            match pair {
                Some((Ok(Year(year)), Some(value))) if !values.contains_key(&year) => {
                    values.insert(year, value);
                }
                _ => {
                    return wrong(
                        "Schrijf dit als 2025: 12,5; 2026: 11, elk jaar één keer.",
                        "Write this as 2025: 12,5; 2026: 11, each year once.",
                    );
                }
            }
        }
        Ok(Self(values))
    }

    fn text(&self) -> String {
        let pairs: Vec<String> =
            self.0.iter().map(|(year, value)| format!("{year}: {}", write_number(*value))).collect();
        pairs.join("; ")
    }

    fn check(&self, field: &'static str, faults: &mut Vec<Fault>) {
        check_text(field, &self.text(), faults);
    }
}

/// An object of kind `K`.
pub struct One<K>(pub ObjectId, PhantomData<fn() -> K>);

/// Objects of kind `K`, each once, in the order in which they were chosen.
pub struct Many<K>(pub Vec<ObjectId>, PhantomData<fn() -> K>);

impl<K> One<K> {
    /// This object.
    pub fn new(id: ObjectId) -> Self {
        Self(id, PhantomData)
    }
}

impl<K> Many<K> {
    /// These objects.
    pub fn new(ids: Vec<ObjectId>) -> Self {
        Self(ids, PhantomData)
    }

    /// Whether an object is among them.
    pub fn contains(&self, id: ObjectId) -> bool {
        self.0.contains(&id)
    }
}

impl<K> Default for Many<K> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<K: Content> Value for One<K> {
    const INPUT: Input = Input::One(K::KIND);
    const IS_REQUIRED: bool = true;

    fn read(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        match text.parse() {
            Ok(id) => Ok(Self::new(id)),
            Err(_) => wrong("Kies er een uit de lijst.", "Choose one of the list."),
        }
    }

    fn text(&self) -> String {
        self.0.to_string()
    }
}

impl<K: Content> Value for Many<K> {
    const INPUT: Input = Input::Many(K::KIND);

    fn read(text: &str) -> Result<Self, Problem> {
        let mut ids: Vec<ObjectId> = Vec::new();
        for part in text.split([' ', ';', ',', '\n']).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(id) if ids.contains(&id) => {}
                Ok(id) => ids.push(id),
                Err(_) => return wrong("Kies uit de lijst.", "Choose from the list."),
            }
        }
        Ok(Self::new(ids))
    }

    fn text(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    fn check(&self, field: &'static str, faults: &mut Vec<Fault>) {
        if self.0.len() > MANY_MAX {
            faults.push(Fault { field, problem: Problem::TooLong(MANY_MAX) });
        }
    }
}

/// Objects that one field can name.
const MANY_MAX: usize = 200;

// Derived ones would ask of `K` what they ask of the identifications.
impl<K> Clone for One<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for One<K> {}

impl<K> PartialEq for One<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> fmt::Debug for One<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K> Clone for Many<K> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}

impl<K> PartialEq for Many<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> fmt::Debug for Many<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A type with one value for each thing that can be chosen, as [`Value`].
///
/// The first is the one that holds when nothing is chosen.
macro_rules! choice {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $value:literal, $nl:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $type {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $type {
            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// Their names.
            pub const CHOICES: &[$crate::Choice] =
                &[$($crate::Choice { value: $value, nl: $nl, en: $en }),+];

            /// What it is called.
            pub fn choice(self) -> &'static $crate::Choice {
                match self {
                    $(Self::$variant => &$crate::Choice { value: $value, nl: $nl, en: $en },)+
                }
            }
        }

        impl $crate::Value for $type {
            const INPUT: $crate::Input = $crate::Input::Choice(Self::CHOICES);

            fn read(text: &str) -> Result<Self, grip_register::Problem> {
                let wanted = text.to_lowercase();
                if wanted.is_empty() {
                    return Ok(Self::ALL[0]);
                }
                let is_this = |choice: &$crate::Choice| {
                    [choice.value, choice.nl, choice.en].iter().any(|name| name.to_lowercase() == wanted)
                };
                Self::ALL.iter().copied().find(|one| is_this(one.choice())).ok_or(grip_register::Problem::Said {
                    nl: "Kies er een uit de lijst.",
                    en: "Choose one of the list.",
                })
            }

            fn text(&self) -> String {
                self.choice().value.to_owned()
            }
        }
    };
}
pub(crate) use choice;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<V: Value>(text: &str, expected: &str) {
        let read = V::read(text).map(|value| value.text());
        assert_eq!(read.as_deref(), Ok(expected), "{text}");
        assert_eq!(V::read(expected).map(|value| value.text()).as_deref(), Ok(expected), "{expected} again");
    }

    #[test]
    fn values_are_read_as_people_type_them() {
        check::<Date>("31-12-2025", "2025-12-31");
        check::<Option<Date>>("", "");
        check::<Maand>("2025-12", "2025-12");
        check::<Bedrag>("1.250.000", "1.250.000,00");
        check::<Bedrag>("€ 12,5", "12,50");
        check::<Number>("12,5", "12,5");
        check::<Number>("1.250,5 %", "1250,5");
        check::<Number>("1.250.000", "1250000");
        check::<Number>("0.25", "0,25");
        check::<Number>("1.250", "1250");
        check::<Number>("-1.250,5", "-1250,5");
        check::<Number>("12.5", "12,5");
        check::<Number>("0.125", "0,125");
        check::<Number>("-0.125", "-0,125");
        check::<Number>("1,250", "1,25");
        check::<Number>("1250.1250", "1250,125");
        check::<Number>("1 250", "1250");
        check::<YearValues>("2025: 1.250; 2026: 1.250,5", "2025: 1250; 2026: 1250,5");
        check::<Filters>("Wet=JW; aanbieder=01234567", "aanbieder=01234567; wet=jw");
        check::<bool>("Ja", "ja");
        check::<bool>("nee", "");
        check::<Filters>(" categorie=45;wet = jw ", "productcategorie=45; wet=jw");
        check::<YearValues>("2026: 11\n2025=12,5", "2025: 12,5; 2026: 11");
    }

    #[test]
    fn filters_touch_what_they_do_not_leave_out() {
        let touches =
            |filters: &str, wet, categorie| Filters::read(filters).is_ok_and(|filters| filters.touches(wet, categorie));
        assert!(touches("", "jw", Some("45")));
        assert!(touches("wet=jw", "jw", Some("45")));
        assert!(!touches("wet=wmo", "jw", None));
        assert!(touches("wet=jw; categorie=45", "jw", Some("45")));
        assert!(!touches("wet=jw; productcategorie=44", "jw", Some("45")));
        assert!(touches("wet=jw; productcategorie=44", "jw", None));
        assert!(touches("productcode=45A48", "jw", Some("45")));
        assert!(!touches("productcode=45A48", "jw", Some("44")));
        assert!(touches("aanbieder=01234567", "wmo", Some("02")));
    }

    #[test]
    fn parts_are_apart_that_differ_in_a_dimension_both_name() {
        let apart = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|text| Filters::read(text).expect("filters"));
            assert_eq!(one.is_apart_from(&other), other.is_apart_from(&one));
            one.is_apart_from(&other)
        };
        assert!(apart("wet=jw", "wet=wmo"));
        assert!(apart("wet=jw; categorie=45", "wet=jw; categorie=44"));
        assert!(apart("wet=jw; productcode=45A48", "wet=jw; categorie=44"));
        assert!(apart("wijk=a; productcode=45A48", "productcode=45A50"));
        assert!(!apart("wet=jw", "wet=jw; categorie=45"));
        assert!(!apart("productcode=45A48", "categorie=45"));
        assert!(!apart("wet=jw", "aanbieder=01234567"));
        assert!(!apart("", "wet=jw"));
    }

    #[test]
    fn an_amount_that_no_municipality_has_is_refused() {
        let is_kept = |text: &str| {
            let mut faults = Vec::new();
            Bedrag::read(text).expect("an amount").check("amount", &mut faults);
            faults.is_empty()
        };
        assert!(is_kept("1.000.000.000.000") && is_kept("-1.000.000.000.000,00"));
        assert!(!is_kept("1.000.000.000.000,01") && !is_kept("-90.000.000.000.000.000"));
    }

    proptest::proptest! {
        #[test]
        fn a_number_that_was_written_is_read_back(number in proptest::num::f64::NORMAL | proptest::num::f64::ZERO, thousandths in -9_999_999_i32..9_999_999) {
            for number in [number, f64::from(thousandths) / 1000.0] {
                proptest::prop_assert_eq!(Number::read(&write_number(number)), Ok(Number(number)));
            }
        }
    }

    #[test]
    fn what_is_not_a_value_is_refused() {
        assert!(Date::read("31-02-2025").is_err());
        assert!(Date::read("").is_err());
        assert!(Maand::read("2025-13").is_err());
        assert!(Year::read("25").is_err());
        assert!(Number::read("een").is_err());
        for odd in ["1.2.3", "1.25,5", "1234.567", "0.125.000", "1,2,3", "1,2.3", ".", ",", "-", "", "--1"] {
            assert!(Number::read(odd).is_err(), "{odd}");
        }
        assert!(Number::read("1e400").is_err());
        assert!(Number::read("inf").is_err());
        assert!(Bedrag::read("1,234").is_err());
        assert!(Filters::read("wet").is_err());
        assert!(Filters::read("wet=jw; wet=wmo").is_err());
        assert!(Filters::read("categorie=45; productcategorie=46").is_err());
        assert!(YearValues::read("2025: 1; 2025: 2").is_err());
        assert!(bool::read("misschien").is_err());
    }
}
