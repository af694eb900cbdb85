use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

use crate::AccessError;

/// The one secret of an installation, which lies outside the database: 256 bits. What it is used for gets a key of its own,
/// derived from it.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of 32 bytes that were random when they were made.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Bytes that only who has the key can read again, and only for the same `context`, such as the account they are of:
    /// what is sealed for one can't be put in the place of another's. In hexadecimal digits.
    ///
    /// # Source
    /// ChaCha20-Poly1305, RFC 8439 §2.8, with a random nonce of 96 bits, which stands before what it sealed.
    ///
    /// # Errors
    /// [`AccessError::NoRandomness`].
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<String, AccessError> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| AccessError::NoRandomness)?;
        let mut bytes = plain.to_vec();
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut bytes)
            .map_err(|_| AccessError::Sealed)?;
        Ok(format!("{}{}", hex::encode(nonce), hex::encode(bytes)))
    }

    /// What was sealed for this context.
    ///
    /// # Errors
    /// [`AccessError::Sealed`].
    pub fn open(&self, context: &str, sealed: &str) -> Result<Vec<u8>, AccessError> {
        let mut bytes = hex::decode(sealed).map_err(|_| AccessError::Sealed)?;
        let (nonce, rest) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(AccessError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| AccessError::Sealed)?;
        let plain = self.cipher()?.open_in_place(nonce, Aad::from(context), rest).map_err(|_| AccessError::Sealed)?;
        Ok(plain.to_vec())
    }

    /// The MAC of a purpose, with a key that is derived for it: HMAC-SHA-256 of its name.
    pub(crate) fn mac(&self, purpose: &str) -> Hmac<Sha256> {
        keyed(&self.derive(purpose))
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = keyed(&self.0);
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> Result<LessSafeKey, AccessError> {
        UnboundKey::new(&CHACHA20_POLY1305, &self.derive("grip seal 1"))
            .map(LessSafeKey::new)
            .map_err(|_| AccessError::Sealed)
    }
}

/// HMAC-SHA-256 with a key of 32 bytes, which it takes as any length.
pub(crate) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length")
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([REDACTED])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_for_its_own_account_and_key_only(plain in proptest::collection::vec(any::<u8>(), 0..64)) {
            let key = Key::from_bytes([7; 32]);
            let sealed = key.seal("anna", &plain).unwrap();
            prop_assert_eq!(key.open("anna", &sealed), Ok(plain));
            prop_assert_eq!(key.open("bert", &sealed), Err(AccessError::Sealed));
            prop_assert_eq!(Key::from_bytes([8; 32]).open("anna", &sealed), Err(AccessError::Sealed));
        }

        #[test]
        fn what_was_changed_does_not_open(place in 0_usize..36, bit in 0_u8..8) {
            let key = Key::from_bytes([7; 32]);
            let mut bytes = hex::decode(key.seal("anna", b"geheimen").unwrap()).unwrap();
            bytes[place] ^= 1 << bit;
            prop_assert_eq!(key.open("anna", &hex::encode(bytes)), Err(AccessError::Sealed));
        }
    }

    #[test]
    fn what_was_never_sealed_does_not_open() {
        for text in ["", "00", "zz", "00112233445566778899aabb", "é"] {
            assert_eq!(Key::from_bytes([7; 32]).open("anna", text), Err(AccessError::Sealed), "{text}");
        }
    }

    /// Two sealed copies of one secret can't be seen to be the same.
    #[test]
    fn sealing_twice_gives_two_texts_and_debug_none() {
        let key = Key::from_bytes([7; 32]);
        assert_ne!(key.seal("anna", b"x").unwrap(), key.seal("anna", b"x").unwrap());
        assert_eq!(format!("{key:?}"), "Key([REDACTED])");
    }
}
