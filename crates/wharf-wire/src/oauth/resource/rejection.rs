//! A refusal, as HTTP says it.

use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};

use crate::oauth::scope::Scopes;

/// Why a request is not let in. The words are the operator's; a client reads a status and a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No credential of a kind that is accepted.
    #[error("the request carries no token")]
    Missing,
    /// A credential that can be read in two ways, or in none.
    #[error("the request is malformed: {0}")]
    Malformed(&'static str),
    #[error("the token is not valid: {0}")]
    Token(&'static str),
    #[error("the proof is not valid: {0}")]
    Proof(&'static str),
    /// A good token that does not reach this far.
    #[error("the token lacks a scope of `{0}`")]
    Scope(Scopes),
    /// Nobody can tell now; nobody is let in.
    #[error("tokens cannot be checked: {0}")]
    Unavailable(&'static str),
}

impl Reason {
    /// MCP, error handling; RFC 6750, section 3.1.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Token(_) | Self::Proof(_) => StatusCode::UNAUTHORIZED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Scope(_) => StatusCode::FORBIDDEN,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The error code of the challenge. None where nothing was presented, for then there is nothing
    /// wrong with it (RFC 6750, section 3.1).
    pub(super) fn code(&self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::Unavailable(_) => None,
            Self::Malformed(_) => Some("invalid_request"),
            Self::Token(_) => Some("invalid_token"),
            Self::Proof(_) => Some("invalid_dpop_proof"),
            Self::Scope(_) => Some("insufficient_scope"),
        }
    }
}

/// How a request that is not let in is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    pub status: StatusCode,
    /// Values of `WWW-Authenticate`, a header each.
    pub challenges: Vec<String>,
    pub reason: Reason,
}

impl Rejection {
    /// The headers of the answer.
    pub fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers: Vec<_> = self
            .challenges
            .iter()
            .filter_map(|value| Some((WWW_AUTHENTICATE, HeaderValue::from_str(value).ok()?)))
            .collect();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.push((RETRY_AFTER, HeaderValue::from_static("5")));
        }
        headers
    }
}
