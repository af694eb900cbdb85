use std::{borrow::Cow, fmt, marker::PhantomData};

use grip_types::{Bedrag, Bsn, Date, parse_date};

use crate::Berichtsoort;

/// A value of a message: the text as received, its place in the file, and through `T` what it means.
///
/// Meaning is looked up when asked for, so reading costs nothing for what nobody asks, and a text that is not valid is
/// still there to be shown and written back.
pub struct Value<'a, T> {
    text: Cow<'a, str>,
    offset: u32,
    datatype: PhantomData<fn() -> T>,
}

const ABSENT: u32 = u32::MAX;
const MADE: u32 = u32::MAX - 1;

impl<'a, T: Datatype> Value<'a, T> {
    /// A value to be written.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), offset: MADE, datatype: PhantomData }
    }

    /// A value to be written, from what it means.
    pub fn of(meaning: impl fmt::Display) -> Self {
        Self::new(meaning.to_string())
    }

    pub(crate) fn received(text: Cow<'a, str>, offset: usize) -> Self {
        Self { text, offset: u32::try_from(offset).unwrap_or(MADE).min(MADE), datatype: PhantomData }
    }

    pub(crate) fn absent() -> Self {
        Self { text: Cow::Borrowed(""), offset: ABSENT, datatype: PhantomData }
    }

    /// The text as received, empty when the element was not there.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the text means, or `None` when it is absent or not valid; the reader has then made a finding of it.
    pub fn get(&self) -> Option<T::Meaning<'_>> {
        if self.offset == ABSENT { None } else { T::parse(&self.text).ok() }
    }

    /// Whether a required element was missing, so that this value only holds its place.
    pub fn is_absent(&self) -> bool {
        self.offset == ABSENT
    }

    /// Byte offset of the value in the file it came from.
    pub fn offset(&self) -> Option<usize> {
        (self.offset < MADE).then_some(self.offset as usize)
    }
}

impl<T> Clone for Value<'_, T> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), offset: self.offset, datatype: PhantomData }
    }
}

/// Equal when the texts are: where a value stood does not matter.
impl<T> PartialEq for Value<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T: Datatype> fmt::Debug for Value<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if T::PERSONAL { f.write_str("[REDACTED]") } else { fmt::Debug::fmt(&self.text, f) }
    }
}

/// What is wrong with a value's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not of the form or range of its type; the text says in Dutch what was expected.
    Invalid(&'static str),
    /// A code outside its list: kept, and reported as such.
    UnknownCode,
}

/// A simple type of the standard.
pub trait Datatype {
    /// What a valid text means.
    type Meaning<'t>;
    /// Whether its text may identify a person, and is therefore never shown.
    const PERSONAL: bool = false;
    /// What the text means.
    ///
    /// # Errors
    /// [`Fault::Invalid`] when the text has not the form of the type. A code outside its list is no error here.
    fn parse(text: &str) -> Result<Self::Meaning<'_>, Fault>;
    /// Whether the text is valid in this message, code lists of its law and release included.
    ///
    /// # Errors
    /// What [`parse`](Self::parse) gives, and [`Fault::UnknownCode`].
    fn check(text: &str, _soort: Berichtsoort) -> Result<(), Fault> {
        Self::parse(text).map(drop)
    }
}

/// A text of 1 to `MAX` characters.
#[derive(Debug)]
pub enum Text<const MAX: usize> {}
impl<const MAX: usize> Datatype for Text<MAX> {
    type Meaning<'t> = &'t str;
    fn parse(text: &str) -> Result<&str, Fault> {
        text_of_at_most(MAX, text)
    }
}

/// A text of 1 to `MAX` letters of the English alphabet and digits.
#[derive(Debug)]
pub enum Alfanumeriek<const MAX: usize> {}
impl<const MAX: usize> Datatype for Alfanumeriek<MAX> {
    type Meaning<'t> = &'t str;
    fn parse(text: &str) -> Result<&str, Fault> {
        let valid = (1..=MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if valid { Ok(text) } else { Err(Fault::Invalid("een korte tekst van alleen letters en cijfers")) }
    }
}

/// A text of 1 to `MAX` characters about a person or written by hand: names, addresses, comments.
#[derive(Debug)]
pub enum PersonalText<const MAX: usize> {}
impl<const MAX: usize> Datatype for PersonalText<MAX> {
    type Meaning<'t> = &'t str;
    const PERSONAL: bool = true;
    fn parse(text: &str) -> Result<&str, Fault> {
        text_of_at_most(MAX, text)
    }
}

fn text_of_at_most(max: usize, text: &str) -> Result<&str, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Invalid("een tekst"));
    }
    if text.len() > max && text.chars().count() > max {
        return Err(Fault::Invalid("een kortere tekst"));
    }
    Ok(text)
}

/// A date without time zone.
#[derive(Debug)]
pub enum Datum {}
impl Datatype for Datum {
    type Meaning<'t> = Date;
    fn parse(text: &str) -> Result<Date, Fault> {
        parse_date(text).ok_or(Fault::Invalid("een datum als 2025-06-30"))
    }
}

/// A date of birth without time zone: never shown.
#[derive(Debug)]
pub enum Geboortedag {}
impl Datatype for Geboortedag {
    type Meaning<'t> = Date;
    const PERSONAL: bool = true;
    fn parse(text: &str) -> Result<Date, Fault> {
        Datum::parse(text)
    }
}

/// A time of day without time zone, with an optional fraction of a second.
#[derive(Debug)]
pub enum Tijd {}
impl Datatype for Tijd {
    type Meaning<'t> = jiff::civil::Time;
    fn parse(text: &str) -> Result<jiff::civil::Time, Fault> {
        let fault = Fault::Invalid("een tijd als 13:45:00");
        let text = text.trim();
        if text.len() < 8 || text.bytes().any(|b| !matches!(b, b'0'..=b'9' | b':' | b'.')) {
            return Err(fault);
        }
        text.parse().map_err(|_| fault)
    }
}

/// A whole number from 0 to `MAX`.
#[derive(Debug)]
pub enum Geheel<const MAX: u64> {}
impl<const MAX: u64> Datatype for Geheel<MAX> {
    type Meaning<'t> = u64;
    fn parse(text: &str) -> Result<u64, Fault> {
        let fault = Fault::Invalid("een geheel getal binnen het bereik van het schema");
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let without_sign = |text| str::strip_prefix(text, '+').unwrap_or(text);
        // Nearly always it is a number as it stands: then blanks are not looked for.
        let digits = if is_number(text) { text } else { without_sign(text.trim()) };
        if !is_number(digits) {
            return Err(fault);
        }
        digits.parse().ok().filter(|number| *number <= MAX).ok_or(fault)
    }
}

/// An amount in eurocents from 0 to `MAX`; the sign stands in DebetCredit.
#[derive(Debug)]
pub enum GeldBedrag<const MAX: u64> {}
impl<const MAX: u64> Datatype for GeldBedrag<MAX> {
    type Meaning<'t> = Bedrag;
    fn parse(text: &str) -> Result<Bedrag, Fault> {
        let cents = Geheel::<MAX>::parse(text)?;
        i64::try_from(cents).map(Bedrag::from_cents).map_err(|_| Fault::Invalid("een bedrag in eurocenten"))
    }
}

/// At most `MAX` digits, such as a telephone number.
#[derive(Debug)]
pub enum Cijfers<const MAX: usize> {}
impl<const MAX: usize> Datatype for Cijfers<MAX> {
    type Meaning<'t> = &'t str;
    const PERSONAL: bool = true;
    fn parse(text: &str) -> Result<&str, Fault> {
        let valid = !text.is_empty() && text.len() <= MAX && text.bytes().all(|b| b.is_ascii_digit());
        if valid { Ok(text) } else { Err(Fault::Invalid("alleen cijfers")) }
    }
}

/// Code of a party: a Gemeente (four digits) or an Aanbieder (AGB code, eight digits).
#[derive(Debug)]
pub enum PartijCode<const DIGITS: usize> {}
impl<const DIGITS: usize> Datatype for PartijCode<DIGITS> {
    type Meaning<'t> = &'t str;
    fn parse(text: &str) -> Result<&str, Fault> {
        let valid = text.len() == DIGITS && text.bytes().all(|b| b.is_ascii_digit());
        let expected = if DIGITS == 4 { "een gemeentecode van vier cijfers" } else { "een AGB-code van acht cijfers" };
        if valid { Ok(text) } else { Err(Fault::Invalid(expected)) }
    }
}

/// Code of the office that invoices for a provider: an AGB code that begins with 98, or eight zeros for none.
#[derive(Debug)]
pub enum ServicebureauCode {}
impl Datatype for ServicebureauCode {
    type Meaning<'t> = &'t str;
    fn parse(text: &str) -> Result<&str, Fault> {
        let code = PartijCode::<8>::parse(text)?;
        let valid = code == "00000000" || code.starts_with("98") && code != "98000000";
        if valid { Ok(code) } else { Err(Fault::Invalid("een AGB-code van een servicebureau")) }
    }
}

/// Number for VAT. That of a sole trader has a citizen service number in it, so it is never shown.
#[derive(Debug)]
pub enum BtwIDNummer {}
impl Datatype for BtwIDNummer {
    type Meaning<'t> = &'t str;
    const PERSONAL: bool = true;
    fn parse(text: &str) -> Result<&str, Fault> {
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        let parts = text.strip_prefix("NL").and_then(|rest| rest.split_once('B'));
        let valid = parts.is_some_and(|(number, branch)| digits(number, 9) && digits(branch, 2));
        if valid { Ok(text) } else { Err(Fault::Invalid("een btw-nummer als NL123456789B01")) }
    }
}

/// A citizen service number that passes the elfproef.
#[derive(Debug)]
pub enum BurgerServicenummer {}
impl Datatype for BurgerServicenummer {
    type Meaning<'t> = Bsn;
    const PERSONAL: bool = true;
    fn parse(text: &str) -> Result<Bsn, Fault> {
        text.parse().map_err(|_| Fault::Invalid("een burgerservicenummer dat aan de elfproef voldoet"))
    }
    /// Since release 3.0 the elfproef is a rule of its own, CS002; the schema wants nine digits.
    fn check(text: &str, soort: Berichtsoort) -> Result<(), Fault> {
        let is_number = text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        if soort.release.versie >= 3 && is_number { Ok(()) } else { Self::parse(text).map(drop) }
    }
}

/// One to six letters.
#[derive(Debug)]
pub enum Voorletters {}
impl Datatype for Voorletters {
    type Meaning<'t> = &'t str;
    const PERSONAL: bool = true;
    fn parse(text: &str) -> Result<&str, Fault> {
        let valid = (1..=6).contains(&text.chars().count())
            && text.chars().all(|c| c.is_ascii_alphabetic() || ('À'..='ỳ').contains(&c));
        if valid { Ok(text) } else { Err(Fault::Invalid("een tot zes letters zonder punten")) }
    }
}

/// A version as `1.0.0`.
#[derive(Debug)]
pub enum VersieNummer {}
impl Datatype for VersieNummer {
    type Meaning<'t> = &'t str;
    fn parse(text: &str) -> Result<&str, Fault> {
        let part = |part: &str| {
            part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.is_empty() && !part.starts_with('0'))
        };
        let valid = text.split('.').count() == 3 && text.split('.').all(part);
        if valid { Ok(text) } else { Err(Fault::Invalid("een versie als 1.0.0")) }
    }
}

/// Code of the message in the header.
#[derive(Debug)]
pub enum BerichtCode {}
impl Datatype for BerichtCode {
    type Meaning<'t> = &'t str;
    fn parse(text: &str) -> Result<&str, Fault> {
        text_of_at_most(3, text)
    }
}

/// First number of the release in the header: 0 to 99.
#[derive(Debug)]
pub enum BerichtVersie {}
impl Datatype for BerichtVersie {
    type Meaning<'t> = u64;
    fn parse(text: &str) -> Result<u64, Fault> {
        Geheel::<99>::parse(text)
    }
}

/// Second number of the release in the header: 0 to 99.
#[derive(Debug)]
pub enum BerichtSubversie {}
impl Datatype for BerichtSubversie {
    type Meaning<'t> = u64;
    fn parse(text: &str) -> Result<u64, Fault> {
        Geheel::<99>::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Alfanumeriek, BtwIDNummer, Cijfers, Datatype, Datum, Fault, Geheel, GeldBedrag, PersonalText,
        ServicebureauCode, Text, Tijd, Value, VersieNummer, Voorletters,
    };

    #[track_caller]
    fn check<T: Datatype>(valid: &[&str], invalid: &[&str]) {
        for text in valid {
            assert!(T::parse(text).is_ok(), "{text}");
        }
        for text in invalid {
            assert!(matches!(T::parse(text), Err(Fault::Invalid(_))), "{text}");
        }
    }

    #[test]
    fn texts_are_valid_by_the_schema() {
        check::<Datum>(&["2024-02-29"], &["2023-02-29", "2023-02-01Z", "2023-02-01+01:00", ""]);
        check::<Tijd>(&["13:45:00", "13:45:00.123"], &["13:45", "13:45:00Z", "25:00:00", "13:45:00+01:00", ""]);
        check::<Geheel<999_999_999>>(&["0", "999999999", "007"], &["1000000000", "-1", "1.0", "", " "]);
        check::<GeldBedrag<99_999_999>>(&["0", "99999999"], &["100000000", "-5", "12,50"]);
        check::<Text<3>>(&["a", "één"], &["", " ", "vier"]);
        check::<Voorletters>(&["J", "ÀB"], &["J.", "", "ABCDEFG", "J H"]);
        check::<VersieNummer>(&["1.0.0", "0.10.2"], &["1.0", "01.0.0", "1.0.0.0", "a.b.c", ""]);
        check::<Cijfers<4>>(&["0031"], &["+31", "", "00315"]);
        check::<Alfanumeriek<4>>(&["a", "2025"], &["", "20-5", "20255", "é"]);
        check::<ServicebureauCode>(&["00000000", "98000001"], &["98000000", "12345678", "9800001"]);
        check::<BtwIDNummer>(&["NL000000001B01"], &["NL000000001", "NL00000001B01", "NL000000001B1", "BE000000001B01"]);
    }

    #[test]
    fn personal_values_do_not_print() {
        let value: Value<'_, PersonalText<200>> = Value::new("Puk");
        assert_eq!(format!("{value:?}"), "[REDACTED]");
    }
}
