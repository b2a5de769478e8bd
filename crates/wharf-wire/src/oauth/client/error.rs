//! Why there is no token.

use super::interaction::InteractionError;
use super::token::TokenError;
use crate::client::AuthorizeError;
use crate::oauth::discovery::DiscoveryError;
use crate::oauth::fetch::FetchError;
use crate::outbound::Cause;

/// What was attempted, and what to do next. No text of another server is in it but codes and names.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("`{server}` asks for a token but does not say who issues them: name its issuer")]
    NoIssuer { server: String },
    #[error("the metadata of `{server}` cannot be read")]
    Protected {
        server: String,
        #[source]
        source: FetchError,
    },
    #[error("the metadata of `{server}` speaks for another server, so it is not used")]
    ResourceMismatch { server: String },
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    #[error(
        "the issuer `{issuer}` does not say that it supports PKCE with S256, without which nobody signs in"
    )]
    NoPkce { issuer: String },
    #[error("the metadata of the issuer `{issuer}` names no {what}")]
    Incomplete { issuer: String, what: &'static str },
    #[error("an address in the metadata of the issuer `{issuer}` cannot be used")]
    Endpoint {
        issuer: String,
        #[source]
        source: FetchError,
    },
    #[error(
        "tokens come from `{found}` now, but this client is registered with `{registered}`: register it there"
    )]
    IssuerChanged { registered: String, found: String },
    #[error("`{issuer}` knows no way to register this client by itself: register it by hand")]
    NoRegistration { issuer: String },
    #[error("`{issuer}` refused to register this client: {code}")]
    RegistrationRefused { issuer: String, code: String },
    #[error("this client cannot be registered with `{issuer}`")]
    Registration {
        issuer: String,
        #[source]
        source: FetchError,
    },
    #[error("nobody signed in")]
    Interaction(#[from] InteractionError),
    #[error("the answer to the sign-in is not for this attempt, so it is not used")]
    State,
    #[error("the answer to the sign-in comes from another issuer, so it is not used")]
    Issuer,
    #[error("`{issuer}` refused the sign-in: {code}")]
    Denied { issuer: String, code: String },
    #[error("the answer to the sign-in holds no code")]
    NoCode,
    #[error("there is no statement to show for this client")]
    Assertion(#[source] Cause),
    #[error("`{issuer}` issued no token")]
    Token {
        issuer: String,
        #[source]
        source: TokenError,
    },
    #[error("`{issuer}` issued a token that is bound to no key, but only bound ones may be used")]
    Unbound { issuer: String },
    #[error("`{server}` needs a new sign-in: {why}")]
    NeedsSignIn { server: String, why: String },
}

impl SignInError {
    /// Whether trying again at once could end better. An issuer's refusal is final, and so is a
    /// person's.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Token { source, .. } => source.is_final(),
            Self::Interaction(_)
            | Self::State
            | Self::Issuer
            | Self::Denied { .. }
            | Self::NoCode
            | Self::IssuerChanged { .. }
            | Self::NoRegistration { .. }
            | Self::RegistrationRefused { .. }
            | Self::Unbound { .. } => true,
            _ => false,
        }
    }
}

impl From<SignInError> for AuthorizeError {
    fn from(error: SignInError) -> Self {
        Self {
            message: error.to_string(),
            source: Some(Box::new(error)),
        }
    }
}
