use std::{fmt, str::FromStr};

/// Of fewer persons than this no figure is shown: who they are could be told from it.
///
/// # Source
///
/// Publications of municipal care data hold ten as the smallest number; an indicator may ask for more or, where no persons are behind it, none.
pub const PERSONS_MIN: u8 = 10;

/// A citizen service number. It may pass through memory, never into a table, a log or an error: it has no `Display`, and
/// `Debug` shows nothing of it. Glossary: Bsn.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bsn([u8; 9]);

impl Bsn {
    /// The nine digits, to be keyed or written into a message for the receiver the law names.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits are ASCII")
    }

    /// Whether nine digits pass the elfproef: (9a+8b+7c+6d+5e+4f+3g+2h−i) is a multiple of 11, and not all are zero.
    ///
    /// # Source
    /// Rule CS002 of the standard's validation, which takes it from the Besluit burgerservicenummer.
    pub fn passes_elfproef(digits: &[u8; 9]) -> bool {
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
        let sum: i32 = digits.iter().zip(weights).map(|(digit, weight)| i32::from(digit - b'0') * weight).sum();
        sum % 11 == 0 && digits.iter().any(|digit| *digit != b'0')
    }
}

impl FromStr for Bsn {
    type Err = BsnError;
    fn from_str(text: &str) -> Result<Self, BsnError> {
        let digits: [u8; 9] = text.as_bytes().try_into().map_err(|_| BsnError::NotNineDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(BsnError::NotNineDigits);
        }
        if !Self::passes_elfproef(&digits) {
            return Err(BsnError::FailsElfproef);
        }
        Ok(Self(digits))
    }
}

impl fmt::Debug for Bsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bsn([REDACTED])")
    }
}

/// Why a text is not a citizen service number. Never carries the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BsnError {
    /// Other than nine digits.
    #[error("a citizen service number has nine digits")]
    NotNineDigits,
    /// Nine digits that fail the elfproef.
    #[error("the number fails the elfproef")]
    FailsElfproef,
}

/// Keyed pseudonym of a client: 32 hexadecimal digits. Glossary: Pseudoniem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudoniem(u128);

impl Pseudoniem {
    /// A pseudonym of 128 keyed bits.
    pub fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// Its bits.
    pub fn bits(self) -> u128 {
        self.0
    }
}

impl fmt::Display for Pseudoniem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(self.0))
    }
}

/// 128 bits as 32 hexadecimal digits: how a pseudonym, and the digest of a file, is kept and shown.
pub fn hex(bits: u128) -> String {
    let mut digits = [0; 32];
    hex::encode_to_slice(bits.to_be_bytes(), &mut digits).expect("two digits for each byte");
    digits.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::{Bsn, BsnError, Pseudoniem};

    #[test]
    fn elfproef() {
        assert!("999900006".parse::<Bsn>().is_ok());
        assert_eq!("999900007".parse::<Bsn>(), Err(BsnError::FailsElfproef));
        assert_eq!("000000000".parse::<Bsn>(), Err(BsnError::FailsElfproef));
        assert_eq!("99990000".parse::<Bsn>(), Err(BsnError::NotNineDigits));
        assert_eq!("99990000x".parse::<Bsn>(), Err(BsnError::NotNineDigits));
    }

    #[test]
    fn debug_shows_nothing() {
        let bsn: Bsn = "999900006".parse().expect("a test number");
        assert_eq!(format!("{bsn:?}"), "Bsn([REDACTED])");
    }

    #[test]
    fn pseudonyms_are_fixed_width() {
        assert_eq!(Pseudoniem::from_bits(255).to_string(), "000000000000000000000000000000ff");
    }
}
