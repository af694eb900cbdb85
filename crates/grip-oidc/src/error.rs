use std::fmt;

use crate::PENDING_MINUTES_MAX;

/// Why somebody could not sign in, or a sign-out was not taken. Codes start with `GS`; the hint says what to do. Never
/// holds a token, a code or a claim of a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The text of the settings is no TOML, or names something that does not exist.
    #[error("GS001 the settings for signing in can't be read: {0}")]
    Settings(String),
    /// A setting has a value that is not allowed.
    #[error("GS002 the setting `{field}` {problem}")]
    Setting {
        /// The setting, as the file names it.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The private key can't be used.
    #[error("GS003 the private key of Grip {0}")]
    Key(&'static str),
    /// The provider does not answer.
    #[error("GS004 no answer from `{host}` to a question for {part}: {reason}")]
    Away {
        /// Who was asked.
        host: String,
        /// What was asked for.
        part: Part,
        /// What went wrong.
        reason: String,
    },
    /// The provider answers, and refuses.
    #[error("GS005 the provider answers {status} to a question for {part}{}", said(.code.as_deref()))]
    Refused {
        /// What was asked for.
        part: Part,
        /// Status of HTTP.
        status: u16,
        /// The provider's own code, as `invalid_client`, when it gave one that looks like a code.
        code: Option<String>,
    },
    /// More than is taken.
    #[error("GS006 the answer with {part} is larger than {bytes_max} bytes")]
    TooLarge {
        /// What was asked for.
        part: Part,
        /// How much is taken at most.
        bytes_max: usize,
    },
    /// An answer that is not what the standard says.
    #[error("GS007 the answer with {part} can't be used: {problem}")]
    Unusable {
        /// What was asked for.
        part: Part,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The provider does not do what the profile asks for.
    #[error("GS008 the provider says that it does not support {0}")]
    Unsupported(&'static str),
    /// The provider sent the person back without a sign-in.
    #[error("GS009 the provider did not sign the person in: `{0}`")]
    Denied(String),
    /// The person came back with an answer to another question than was asked.
    #[error("GS010 the answer does not belong to this sign-in")]
    Foreign,
    /// The person came back too late.
    #[error("GS011 the sign-in took longer than {PENDING_MINUTES_MAX} minutes")]
    TooLate,
    /// The ID token is not to be trusted.
    #[error("GS012 the ID token was refused: {0}")]
    IdToken(Flaw),
    /// The logout token is not to be trusted.
    #[error("GS013 the logout token was refused: {0}")]
    LogoutToken(Flaw),
    /// Userinfo is about somebody else than the ID token.
    #[error("GS014 userinfo is about another subject than the ID token")]
    OtherSubject,
    /// The system gives no random numbers.
    #[error("GS015 the system gives no random numbers")]
    NoRandomness,
    /// The system gives no TLS.
    #[error("GS016 the network can't be used: {0}")]
    Client(String),
}

impl OidcError {
    /// What can be done about it, by the person or the administrator.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Settings(_) | Self::Setting { .. } => "see docs/handboek/aanmelden-oidc.md for what can be set",
            Self::Key(_) => {
                "give PEM with a PKCS#8 private key: RSA of 2048 bits or more, or P-256; `openssl genpkey` makes both"
            }
            Self::Away { .. } => "check `issuer`, the network and the proxy, and whether the provider runs",
            Self::Refused { part: Part::Tokens, .. } => {
                "check that the provider knows this client, its public key and its redirect address; sign in again"
            }
            Self::Refused { .. } | Self::Unusable { .. } | Self::TooLarge { .. } => "check `issuer` with the provider",
            Self::Unsupported(_) => "ask the administrator of the provider to turn it on for this client",
            Self::Denied(_) | Self::Foreign | Self::TooLate => "sign in again",
            Self::IdToken(Flaw::NotEnough) => "the provider must be set to ask for a stronger way of signing in",
            Self::IdToken(Flaw::Early | Flaw::Late) | Self::LogoutToken(Flaw::Early | Flaw::Late) => {
                "set the clocks of this computer and of the provider right"
            }
            Self::IdToken(_) | Self::LogoutToken(_) | Self::OtherSubject => {
                "somebody may be forging; tell the administrator of the provider when it happens again"
            }
            Self::NoRandomness | Self::Client(_) => return None,
        })
    }
}

fn said(code: Option<&str>) -> String {
    code.map(|code| format!(": `{code}`")).unwrap_or_default()
}

/// What a provider is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The document that says where everything is.
    Discovery,
    /// Its public keys.
    Keys,
    /// The tokens for a code.
    Tokens,
    /// Claims of a person.
    UserInfo,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "the discovery document",
            Self::Keys => "the public keys",
            Self::Tokens => "tokens",
            Self::UserInfo => "userinfo",
        })
    }
}

/// Why a token is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is no signed token in three parts with claims as the standard says.
    Form,
    /// Its header says that it is something else, or asks for what is not known.
    Kind,
    /// Its algorithm is not one of RS256, PS256 and ES256.
    Algorithm,
    /// The provider does not publish the key that it names.
    UnknownKey,
    /// The signature is not of the provider.
    Signature,
    /// It is of another provider.
    Issuer,
    /// It is for others, or for others too.
    Audience,
    /// It has expired.
    Late,
    /// It begins in the future.
    Early,
    /// It was issued too long ago.
    Old,
    /// It does not hold what was sent with this sign-in.
    Nonce,
    /// The way of signing in is weaker than asked.
    NotEnough,
    /// It does not belong to the access token.
    AccessToken,
    /// The person acts for somebody else, which is not known here.
    Represents,
    /// It does not say what has happened.
    Event,
    /// It says neither whose sign-in nor which one is over.
    Nobody,
    /// It was received before.
    Replayed,
    /// More are received than can be remembered.
    TooMany,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "it is not a signed token with the claims it must have",
            Self::Kind => "it is a token of another kind",
            Self::Algorithm => "its algorithm is not allowed",
            Self::UnknownKey => "the provider does not publish its key",
            Self::Signature => "its signature is not of the provider",
            Self::Issuer => "it is of another provider",
            Self::Audience => "it is not for this client alone",
            Self::Late => "it has expired",
            Self::Early => "it begins in the future",
            Self::Old => "it was issued too long ago",
            Self::Nonce => "its nonce is not the one of this sign-in",
            Self::NotEnough => "its `acr` is not enough",
            Self::AccessToken => "its `at_hash` is of another access token",
            Self::Represents => "it represents somebody else",
            Self::Event => "it does not say that somebody signed out",
            Self::Nobody => "it names no session and no subject",
            Self::Replayed => "it was received before",
            Self::TooMany => "too many were received",
        })
    }
}
