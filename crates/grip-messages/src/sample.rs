//! Messages with random content, for tests: valid by the schema, with every optional element there or not by chance.
//!
//! What they say makes no sense: no rule of the standard holds between their values. Citizen service numbers are test
//! numbers (`9999…`) that pass the elfproef.

use crate::{
    Bericht, Berichtsoort, Value,
    codes::CodeList,
    datatype::{
        Alfanumeriek, BerichtCode, BerichtSubversie, BerichtVersie, BtwIDNummer, BurgerServicenummer, Cijfers, Datum,
        Geboortedag, Geheel, GeldBedrag, PartijCode, PersonalText, ServicebureauCode, Text, Tijd, VersieNummer,
        Voorletters,
    },
    value::Datatype,
};

/// A message with random content, or `None` for a message or release that can't be written. The same seed gives the same
/// message.
///
/// ```
/// use grip_messages::{Berichtsoort, read, sample::bericht, write};
/// let soort = Berichtsoort::v3_2(grip_types::Wet::Jw, 316);
/// let bericht = bericht(soort, 7).expect("a message of 3.2");
/// assert_eq!(read(&write(&bericht)).bericht, Some(bericht));
/// ```
pub fn bericht(soort: Berichtsoort, seed: u64) -> Option<Bericht<'static>> {
    let inhoud = crate::bericht::sample_inhoud(&mut Source { soort, state: seed })?;
    Some(Bericht { soort, inhoud })
}

/// Chance, for one message.
pub(crate) struct Source {
    pub(crate) soort: Berichtsoort,
    state: u64,
}

impl Source {
    /// SplitMix64 (Steele, Lea and Flood 2014, OOPSLA).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `max`.
    fn up_to(&mut self, max: u64) -> u64 {
        self.next() % max.saturating_add(1)
    }

    /// True once in two.
    pub(crate) fn coin(&mut self) -> bool {
        self.up_to(1) == 1
    }

    /// A length for a list: 1, 2 or 3.
    pub(crate) fn few(&mut self) -> u64 {
        1 + self.up_to(2)
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        let last = choices.len() - 1;
        choices[usize::try_from(self.up_to(last as u64)).unwrap_or(last)]
    }

    fn text(&mut self, characters: &[char], max: usize) -> String {
        (0..1 + self.up_to(max as u64 - 1)).map(|_| self.one_of(characters)).collect()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.one_of(&DIGITS)).collect()
    }
}

const DIGITS: [char; 10] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const LETTERS_AND_DIGITS: [char; 6] = ['A', 'Z', 'a', 'z', '0', '9'];
/// Letters of one to four bytes, and what XML makes something of.
const CHARACTERS: [char; 16] = ['a', 'Z', '7', 'é', 'ỳ', '€', '𝔾', ' ', '\t', '-', '.', '<', '>', '&', '\'', '"'];
/// More characters than this say nothing new.
const LONG: usize = 60;

/// A text that is valid for a type.
pub(crate) trait Sample {
    fn sample(source: &mut Source) -> String;
}

pub(crate) fn value<T: Datatype + Sample>(source: &mut Source) -> Value<'static, T> {
    Value::new(T::sample(source))
}

impl<T: CodeList> Sample for T {
    fn sample(source: &mut Source) -> String {
        source.one_of(T::codes(source.soort)).to_owned()
    }
}

fn not_blank(source: &mut Source, max: usize) -> String {
    let text = source.text(&CHARACTERS, max.min(LONG));
    if text.trim().is_empty() { "x".to_owned() } else { text }
}

impl<const MAX: usize> Sample for Text<MAX> {
    fn sample(source: &mut Source) -> String {
        not_blank(source, MAX)
    }
}

impl<const MAX: usize> Sample for PersonalText<MAX> {
    fn sample(source: &mut Source) -> String {
        not_blank(source, MAX)
    }
}

impl<const MAX: usize> Sample for Alfanumeriek<MAX> {
    fn sample(source: &mut Source) -> String {
        source.text(&LETTERS_AND_DIGITS, MAX)
    }
}

impl<const MAX: usize> Sample for Cijfers<MAX> {
    fn sample(source: &mut Source) -> String {
        source.text(&DIGITS, MAX)
    }
}

impl Sample for Voorletters {
    fn sample(source: &mut Source) -> String {
        source.text(&['A', 'Z', 'a', 'z', 'À', 'é', 'ỳ'], 6)
    }
}

impl Sample for Datum {
    fn sample(source: &mut Source) -> String {
        let year = 1900 + source.up_to(199);
        let month = 1 + source.up_to(11);
        let days = match month {
            2 if year.is_multiple_of(4) && year != 1900 => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        format!("{year}-{month:02}-{:02}", 1 + source.up_to(days - 1))
    }
}

impl Sample for Geboortedag {
    fn sample(source: &mut Source) -> String {
        Datum::sample(source)
    }
}

impl Sample for Tijd {
    fn sample(source: &mut Source) -> String {
        let (hour, minute, second) = (source.up_to(23), source.up_to(59), source.up_to(59));
        let fraction = if source.coin() { format!(".{}", source.text(&DIGITS, 9)) } else { String::new() };
        format!("{hour:02}:{minute:02}:{second:02}{fraction}")
    }
}

impl<const MAX: u64> Sample for Geheel<MAX> {
    fn sample(source: &mut Source) -> String {
        // Of every length, and the ends more often than chance would have them.
        match source.up_to(7) {
            0 => "0".to_owned(),
            1 => MAX.to_string(),
            _ => {
                let length = source.up_to(u64::from(MAX.ilog10()));
                source.up_to(MAX.min(10_u64.pow(u32::try_from(length).unwrap_or(0) + 1) - 1)).to_string()
            }
        }
    }
}

impl<const MAX: u64> Sample for GeldBedrag<MAX> {
    fn sample(source: &mut Source) -> String {
        Geheel::<MAX>::sample(source)
    }
}

impl<const DIGITS: usize> Sample for PartijCode<DIGITS> {
    fn sample(source: &mut Source) -> String {
        source.digits(DIGITS)
    }
}

impl Sample for ServicebureauCode {
    fn sample(source: &mut Source) -> String {
        if source.coin() { "00000000".to_owned() } else { format!("98{:06}", 1 + source.up_to(999_998)) }
    }
}

impl Sample for BtwIDNummer {
    fn sample(source: &mut Source) -> String {
        // 000000000 is no citizen service number, nor is any number that starts with six zeros.
        format!("NL000000{}B{}", source.digits(3), source.digits(2))
    }
}

impl Sample for BurgerServicenummer {
    fn sample(source: &mut Source) -> String {
        // Of most beginnings there is one last digit that makes the number pass.
        loop {
            let start = format!("9999{:04}", source.up_to(9_999));
            let bsn = (0..10).map(|last| format!("{start}{last}")).find(|bsn| Self::parse(bsn).is_ok());
            if let Some(bsn) = bsn {
                return bsn;
            }
        }
    }
}

impl Sample for VersieNummer {
    fn sample(source: &mut Source) -> String {
        format!("{}.{}.{}", source.up_to(12), source.up_to(12), source.up_to(12))
    }
}

impl Sample for BerichtCode {
    fn sample(source: &mut Source) -> String {
        source.one_of(source.soort.bericht_codes()).to_owned()
    }
}

impl Sample for BerichtVersie {
    fn sample(source: &mut Source) -> String {
        source.soort.release.versie.to_string()
    }
}

impl Sample for BerichtSubversie {
    fn sample(source: &mut Source) -> String {
        source.soort.release.subversie.to_string()
    }
}
