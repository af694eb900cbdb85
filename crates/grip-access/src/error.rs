/// Why something about access could not be done. Codes start with `GA`; none holds a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The system gives no random numbers.
    #[error("GA001 the system gives no random numbers to make a secret from")]
    NoRandomness,
    /// What is kept of a password is no argon2 hash.
    #[error("GA002 what is kept of the password of this account can't be read")]
    Hash,
    /// There is no memory for the hash of a password.
    #[error("GA003 there is no memory left to check a password with")]
    Memory,
    /// What was sealed is opened with another key or for another account, or was changed.
    #[error("GA004 a sealed secret can't be opened with this key")]
    Sealed,
}

impl AccessError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoRandomness => "ask whoever looks after the computer",
            Self::Hash => "give the account a new password",
            Self::Memory => "let fewer people sign in at once, or give the computer more memory",
            Self::Sealed => "use the key the register was made with, or set up the second factor of the account again",
        }
    }
}
