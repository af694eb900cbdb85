use std::{fmt, str::FromStr};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash as Phc, PasswordHasher, PasswordVerifier, Version,
    password_hash::Error as HashError,
};
use unicode_normalization::UnicodeNormalization;

use crate::{AccessError, Secret};

mod common;

/// Characters a password has at least.
///
/// # Source
/// NIST SP 800-63B-4 (July 2025), §3.1.1.2: fifteen where a password may be all there is; eight beside a second factor.
pub const PASSWORD_CHARS_MIN: usize = 15;
/// Characters a password has at most: more than the 64 that must be possible (NIST SP 800-63B-4, §3.1.1.2), and few enough that
/// nobody makes the computer work by sending a book.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Characters that are left when what everybody thinks of is taken away: what a password has at least beside a second factor (NIST
/// SP 800-63B-4, §3.1.1.2), which then counts as the password.
const OWN_CHARS_MIN: usize = 8;
/// Hexadecimal digits of a first password: 96 bits.
const FIRST_CHARS: usize = 24;

/// The work of a hash: 64 MiB, three passes, four lanes; 128 bits of salt and a hash of 256 bits.
///
/// # Source
/// RFC 9106, §4, the second recommended option, which is above the least that the OWASP Password Storage Cheat Sheet names (19 MiB, two
/// passes, one lane).
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
const SALT_BYTES: usize = 16;

/// What is checked when there is no such account: the work is the same, and no password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What somebody typed as a password, in the one form of Unicode in which all ways to type a letter are the same: NFKC.
///
/// # Source
/// NIST SP 800-63B-4, §3.1.1.2, which asks for NFKC or NFKD; Unicode Standard Annex 15.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// What was typed, blanks included. What is longer than a password can be is cut: it is none, and is not worked on.
    pub fn from_typed(text: &str) -> Self {
        Self(text.nfkc().take(PASSWORD_CHARS_MAX + 1).collect())
    }

    /// A new one for an account that has none, with its text: it is handed over once, and whoever gets it chooses their own.
    ///
    /// # Errors
    /// [`AccessError::NoRandomness`].
    pub fn generate() -> Result<(String, Self), AccessError> {
        let text: String = Secret::generate()?.expose().chars().take(FIRST_CHARS).collect();
        let password = Self::from_typed(&text);
        Ok((text, password))
    }

    /// What makes it no password; empty when nothing does. `names` are what it is for and whose it is: the account, the municipality.
    /// There is no rule about which characters it has, and none that it must be changed.
    ///
    /// # Source
    /// NIST SP 800-63B-4, §3.1.1.2: length, no rules of composition, no periodic change, and a list of what is used much, expected or
    /// compromised, with the names of the service and the user. The NCSC of the Netherlands advises the same: length, and no periodic
    /// change. BIO2, 5.17.03: such rules are kept by the program.
    pub fn faults(&self, names: &[&str]) -> Vec<PasswordFault> {
        let length = self.0.chars().count();
        let mut faults = Vec::new();
        if length < PASSWORD_CHARS_MIN {
            faults.push(PasswordFault::Short);
        }
        if length > PASSWORD_CHARS_MAX {
            faults.push(PasswordFault::Long);
        } else if length >= PASSWORD_CHARS_MIN && common::own_chars(&self.0, names) < OWN_CHARS_MIN {
            faults.push(PasswordFault::Common);
        }
        faults
    }

    /// What is kept of it, with a salt of its own. Takes about 0.2 s of one processor and 64 MiB: the
    /// caller bounds how many are made at once.
    ///
    /// # Errors
    /// [`AccessError::NoRandomness`] and [`AccessError::Memory`].
    pub fn hash(&self) -> Result<PasswordHash, AccessError> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| AccessError::NoRandomness)?;
        let hash = argon2().hash_password_with_salt(self.0.as_bytes(), &salt).map_err(|_| AccessError::Memory)?;
        Ok(PasswordHash(hash.to_string()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([REDACTED])")
    }
}

/// Whether this is the password. For who has none, or is nobody, the answer is no after as much work.
///
/// # Errors
/// [`AccessError::Hash`] and [`AccessError::Memory`].
pub fn verify(password: &Password, kept: Option<&PasswordHash>) -> Result<bool, AccessError> {
    let hash = Phc::new(kept.map_or(NOBODY, |kept| &kept.0)).map_err(|_| AccessError::Hash)?;
    match argon2().verify_password(password.0.as_bytes(), &hash) {
        Ok(()) => Ok(kept.is_some()),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(HashError::OutOfMemory) => Err(AccessError::Memory),
        Err(_) => Err(AccessError::Hash),
    }
}

fn argon2() -> Argon2<'static> {
    const PARAMS: Params = match Params::new(MEMORY_KIB, PASSES, LANES, None) {
        Ok(params) => params,
        Err(_) => Params::DEFAULT,
    };
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

/// What is kept of a password: a text in PHC form, with the salt and the work in it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// As stored.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it was made with less work than is asked today, or otherwise. Then it is made again when the password is next typed,
    /// because only then is it known.
    pub fn is_outdated(&self) -> bool {
        let Ok(hash) = Phc::new(&self.0) else { return true };
        let Ok(params) = Params::try_from(&hash) else { return true };
        let work = (params.m_cost(), params.t_cost(), params.p_cost());
        hash.algorithm != Algorithm::Argon2id.ident() || work != (MEMORY_KIB, PASSES, LANES)
    }
}

impl FromStr for PasswordHash {
    type Err = AccessError;
    fn from_str(text: &str) -> Result<Self, AccessError> {
        Phc::new(text).map_err(|_| AccessError::Hash)?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([REDACTED])")
    }
}

/// What makes a text no password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    Short,
    /// More than [`PASSWORD_CHARS_MAX`] characters.
    Long,
    /// Made of what everybody thinks of: passwords that leaked, seasons, years, rows of keys, this product, the name of the account.
    Common,
}

impl PasswordFault {
    /// In Dutch, for who chose it.
    pub fn nl(self) -> &'static str {
        match self {
            Self::Short => "gebruik ten minste 15 tekens; een zin is goed te onthouden",
            Self::Long => "gebruik hoogstens 128 tekens",
            Self::Common => {
                "dit is te raden: het bestaat uit veelgebruikte woorden, jaartallen, rijen toetsen of de naam van het account"
            }
        }
    }

    /// In English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Short => "use at least 15 characters; a sentence is easy to remember",
            Self::Long => "use at most 128 characters",
            Self::Common => {
                "this can be guessed: it is made of much-used words, years, rows of keys or the name of the account"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn faults(text: &str) -> Vec<PasswordFault> {
        Password::from_typed(text).faults(&["j.devries@voorbeeldstad", "Ons Dorp"])
    }

    #[test]
    fn a_first_password_is_one_and_no_other() {
        let (text, password) = Password::generate().expect("a password");
        assert_eq!((text.len(), faults(&text)), (24, vec![]));
        let kept = password.hash().expect("a hash");
        assert!(verify(&Password::from_typed(&text), Some(&kept)).expect("an answer"));
        assert_ne!(Password::generate().expect("another").0, text);
    }

    #[test]
    fn length_counts_and_composition_does_not() {
        assert_eq!(faults("kikkerdril onder de brug"), []);
        assert_eq!(faults("vlieguurkoekbrood"), []);
        assert_eq!(faults("9Xk!2v"), [PasswordFault::Short]);
        assert_eq!(faults("élève à la plage ☀"), []);
        assert_eq!(faults(&"kikkerdril onder ".repeat(9)), [PasswordFault::Long]);
        assert_eq!(faults(""), [PasswordFault::Short]);
    }

    #[test]
    fn what_everybody_thinks_of() {
        for text in [
            "WelkomWelkom2026!",
            "Gemeente123456789",
            "Zomer2026Zomer2026",
            "W3lk0m@Gemeente!!",
            "qwertyuiopasdfghjkl",
            "aaaaaaaaaaaaaaaaaaaa",
            "0123456789012345",
            "GripGripGripGripGrip",
            "JDevries-Voorbeeldstad1",
            "wachtwoordwachtwoord",
            "Jeugdzorg-wmo-2025!!",
            "kikkerkikkerkikkerkikker",
            "Januari2026Februari2026",
            "OnsDorp2026OnsDorp!",
        ] {
            assert_eq!(faults(text), [PasswordFault::Common], "{text}");
        }
    }

    #[test]
    fn what_is_said_names_the_lengths() {
        for (fault, length) in [(PasswordFault::Short, PASSWORD_CHARS_MIN), (PasswordFault::Long, PASSWORD_CHARS_MAX)] {
            let length = format!(" {length} ");
            assert!(fault.nl().contains(&length) && fault.en().contains(&length), "{fault:?}");
        }
    }

    /// The same letters, typed on another keyboard: é as one character or as two, and digits of full width.
    #[test]
    fn all_ways_to_type_a_letter_are_one() {
        let hash = Password::from_typed("caf\u{e9} aan de haven 12").hash().unwrap();
        let typed = Password::from_typed("cafe\u{301} aan de haven \u{ff11}\u{ff12}");
        assert_eq!(verify(&typed, Some(&hash)), Ok(true));
        assert_eq!(verify(&Password::from_typed("cafe aan de haven 12"), Some(&hash)), Ok(false));
    }

    #[test]
    fn nobody_has_no_password() {
        assert_eq!(verify(&Password::from_typed(""), None), Ok(false));
        let nobody: PasswordHash = NOBODY.parse().unwrap();
        assert!(!nobody.is_outdated(), "the work for nobody is that for somebody");
    }

    #[test]
    fn what_is_kept_shows_nothing_and_says_when_it_is_outdated() {
        let password = Password::from_typed("kikkerdril onder de brug");
        let hash = password.hash().unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=65536,t=3,p=4$"), "{}", hash.expose());
        assert_ne!(password.hash().unwrap(), hash, "each has a salt of its own");
        assert!(!hash.is_outdated());
        assert_eq!(format!("{password:?} {hash:?}"), "Password([REDACTED]) PasswordHash([REDACTED])");
        assert_eq!("geheim".parse::<PasswordHash>(), Err(AccessError::Hash));
    }

    /// The vector of the reference implementation (phc-winner-argon2, src/test.c): argon2id, version 19, 256 KiB, two passes, one lane.
    #[test]
    fn a_hash_of_elsewhere_is_checked_and_outdated() {
        let hash: PasswordHash =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4".parse().unwrap();
        assert_eq!(verify(&Password::from_typed("password"), Some(&hash)), Ok(true));
        assert_eq!(verify(&Password::from_typed("Password"), Some(&hash)), Ok(false));
        assert!(hash.is_outdated());
    }

    proptest! {
        /// Decorating what is common with a year and punctuation does not make it less common.
        #[test]
        fn decoration_does_not_help(word in prop::sample::select(&["welkom", "gemeente", "wachtwoord", "herfst"][..]),
                                    year in 1950..2050, end in "[!?.]{0,3}") {
            let text = format!("{word}{year}{word}{year}{end}");
            prop_assert_eq!(faults(&text), [PasswordFault::Common]);
        }
    }
}
