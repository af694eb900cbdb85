#![doc = include_str!("../README.md")]

mod claims;
mod error;
mod grant;
mod http;
mod jws;
mod key;
mod logout;
mod pending;
mod provider;
mod relying_party;
mod settings;

pub use error::{Flaw, OidcError, Part};
pub use grant::{Grant, GrantRule};
pub use key::ClientKey;
pub use logout::LoggedOut;
pub use pending::{PENDING_MINUTES_MAX, Pending};
pub use relying_party::{IdTokenHint, RelyingParty, SignedIn};
pub use settings::Settings;

/// How long a provider may take for one answer, in seconds: the caller's choice for [`RelyingParty::new`] when it has no
/// other.
pub const TIME_OUT_SECONDS: u64 = 10;
