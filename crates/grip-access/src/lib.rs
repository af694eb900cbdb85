#![doc = include_str!("../README.md")]

pub mod chain;
mod error;
mod key;
pub mod lockout;
mod password;
mod right;
mod role;
mod secret;
pub mod session;
mod totp;

pub use error::AccessError;
pub use key::Key;
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, Password, PasswordFault, PasswordHash, verify};
pub use right::{Deed, Detail, Level, Need, Part, level_of};
pub use role::{Grant, Reach, Rights, Role, RoleError};
pub use secret::{Secret, SecretHash, TOKEN_PREFIX};
pub use totp::{RECOVERY_CODES, RecoveryCode, TotpSecret};
