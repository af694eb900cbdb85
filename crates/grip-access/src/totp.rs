use std::fmt;

use grip_types::percent_encode;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Totp};

use crate::{AccessError, SecretHash};

/// Bytes of the secret: as many as a SHA-1 gives (RFC 4226 §4, R6).
const SECRET_BYTES: usize = 20;
/// Steps before and after the one of the clock that are taken too: for who types slowly, and clocks that differ (RFC 6238 §5.2).
const STEPS_AROUND: u16 = 1;
/// Recovery codes an account has.
pub const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: 80 bits, too many to guess or to try out on what is kept.
const RECOVERY_BYTES: usize = 10;

/// What an authenticator app makes six digits from every thirty seconds, with SHA-1: what all apps can do.
///
/// # Source
/// RFC 6238.
#[derive(Clone)]
pub struct TotpSecret([u8; SECRET_BYTES]);

impl TotpSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`AccessError::NoRandomness`].
    pub fn generate() -> Result<Self, AccessError> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes).map_err(|_| AccessError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Its 20 bytes, to be sealed by [`Key::seal`](crate::Key::seal).
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// What was sealed.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// To type into an app, in base 32.
    pub fn base32(&self) -> String {
        totp_rs::Secret::from(self.0).to_base32()
    }

    /// The address that an app reads from a QR code: whose code it is, and of which account.
    ///
    /// # Source
    /// "Key URI Format" of Google Authenticator, which other apps read too.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (percent_encode(issuer), percent_encode(account));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.base32())
    }

    /// The step of a code, when it is right at this moment and of a later step than `last`, the one of the code that was taken
    /// last; 0 when there was none. Blanks in it do not count.
    ///
    /// Whoever takes it must keep the step, and only when none that is as late was kept meanwhile (RFC 6238 §5.2: a code is taken once).
    pub fn check(&self, code: &str, at: Timestamp, last: i64) -> Option<i64> {
        let digits: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let step = self.totp().check(&digits, u64::try_from(at.as_second()).ok()?)?;
        i64::try_from(step).ok().filter(|step| *step > last)
    }

    /// The code of a moment, as an app shows it.
    pub fn code(&self, at: Timestamp) -> String {
        self.totp().generate(u64::try_from(at.as_second()).unwrap_or_default()).to_string()
    }

    /// What was typed into an app, in base 32.
    pub fn from_base32(text: &str) -> Option<Self> {
        let letters: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let secret = totp_rs::Secret::try_from_base32(&letters).ok()?;
        Self::from_bytes(secret.as_bytes())
    }

    // The length of the secret is that of its type, and the rest is as the RFC has it: there is nothing to check.
    fn totp(&self) -> Totp {
        Builder::new().with_secret(self.0).with_skew(STEPS_AROUND).build_noncompliant()
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret([REDACTED])")
    }
}

/// A code for who lost the app, of 16 letters and digits; it works once.
#[derive(Clone)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    ///
    /// # Errors
    /// [`AccessError::NoRandomness`].
    pub fn generate() -> Result<Self, AccessError> {
        let mut bytes = [0; RECOVERY_BYTES];
        getrandom::fill(&mut bytes).map_err(|_| AccessError::NoRandomness)?;
        Ok(Self(totp_rs::Secret::from(bytes.to_vec()).to_base32()))
    }

    /// What somebody typed: in capitals or not, with what stands between groups or not, and with the digits that base 32 has
    /// not as the letters they look like.
    pub fn from_typed(text: &str) -> Self {
        let letters =
            text.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter.to_ascii_uppercase() {
                '0' => 'O',
                '1' => 'I',
                '8' => 'B',
                other => other,
            });
        Self(letters.collect())
    }

    /// To write down, in groups of four.
    pub fn expose(&self) -> String {
        let mut text = String::new();
        for (place, letter) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }

    /// What is kept of it: the SHA-256 of the account and the code.
    pub fn hash(&self, account: &str) -> SecretHash {
        let mut hash = Sha256::new();
        for part in ["grip recovery 1", account, &self.0] {
            hash.update(part);
            hash.update([0]);
        }
        SecretHash::of(hash)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The secret of RFC 6238, appendix B, for SHA-1.
    fn of_the_rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// The table of RFC 6238, appendix B: codes have eight digits there, of which the last six are those of six digits.
    #[test]
    fn the_examples_of_the_rfc() {
        for (second, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = second / 30;
            assert_eq!(of_the_rfc().check(&code[2..], at(second), 0), Some(step), "{second}");
            assert_eq!(of_the_rfc().check(&code[2..], at(second), step - 1), Some(step), "{second}");
            assert_eq!(of_the_rfc().check(&code[2..], at(second), step), None, "it was taken before");
        }
    }

    #[test]
    fn a_code_is_taken_a_step_early_and_a_step_late() {
        let (secret, code) = (of_the_rfc(), "081804");
        let step = 1_111_111_109 / 30;
        for (second, expected) in [(-31, Some(step)), (30, Some(step)), (31, None), (-60, None)] {
            // The moment of the example is the last of its step but zero.
            assert_eq!(secret.check(code, at(1_111_111_109 + second), 0), expected, "{second}");
        }
        assert_eq!(secret.check(" 081 804 ", at(1_111_111_109), 0), Some(step));
        for wrong in ["", "81804", "0818040", "08180a", "٠٨١٨٠٤"] {
            assert_eq!(secret.check(wrong, at(1_111_111_109), 0), None, "{wrong}");
        }
        assert_eq!(secret.check(code, at(-1), 0), None);
    }

    #[test]
    fn what_an_app_reads() {
        assert_eq!(
            of_the_rfc().uri("Grip Voorbeeldstad", "anna:a@voorbeeldstad"),
            "otpauth://totp/Grip%20Voorbeeldstad:anna%3Aa%40voorbeeldstad\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Grip%20Voorbeeldstad"
        );
        assert_eq!(format!("{:?}", of_the_rfc()), "TotpSecret([REDACTED])");
    }

    #[test]
    fn a_recovery_code_is_read_as_it_is_written_down() {
        let code = RecoveryCode::generate().unwrap();
        let text = code.expose();
        assert_eq!((text.len(), text.matches('-').count()), (19, 3));
        assert_eq!(RecoveryCode::from_typed(&text.to_lowercase().replace('-', " ")).hash("anna"), code.hash("anna"));
        assert_ne!(code.hash("anna"), code.hash("bert"), "it is of one account");
        assert_eq!(RecoveryCode::from_typed("018").expose(), "OIB");
        assert_eq!(format!("{code:?}"), "RecoveryCode([REDACTED])");
    }

    proptest! {
        /// Of a code that was taken no step is given again, at whatever moment.
        #[test]
        fn never_twice(bytes in proptest::array::uniform20(any::<u8>()), second in 60_i64..1 << 37, later in 0_i64..90) {
            let secret = TotpSecret::from_bytes(&bytes).unwrap();
            let code = secret.totp().generate(second.unsigned_abs()).to_string();
            let step = secret.check(&code, at(second), 0).unwrap();
            prop_assert!(secret.check(&code, at(second + later), step).is_none_or(|next| next > step));
        }
    }
}
