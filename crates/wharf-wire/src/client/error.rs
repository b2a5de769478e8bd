//! Why a server was not reached, or did not answer.

use std::time::Duration;

use http::StatusCode;
use url::Url;
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::method::Method;

use super::authorize::AuthorizeError;
use super::stdio::StartError;
use crate::outbound::Cause;

/// No connection came about.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("cannot start the server")]
    Start(#[source] StartError),
    #[error("cannot get to know the server")]
    Ask(#[source] Box<AskError>),
    #[error("the server speaks none of our revisions, only {}", .offered.join(", "))]
    NoCommonRevision { offered: Vec<String> },
    #[error("`{0}` is no address of a server: it starts with neither https:// nor http://")]
    Scheme(Url),
}

impl From<AskError> for ConnectError {
    fn from(error: AskError) -> Self {
        Self::Ask(Box::new(error))
    }
}

/// A request that came to nothing. Its text is for callers: what only the operator may read, such as
/// addresses and what a process said last, stands in the fields and causes.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The server's own error.
    #[error("{error}")]
    Refused {
        error: ErrorObject,
        /// Of the HTTP response that it stood in.
        status: Option<StatusCode>,
    },
    #[error("the server cannot be reached")]
    Unreachable(#[source] Cause),
    #[error("the server left before it answered")]
    Lost {
        /// What it last wrote on its standard error.
        last_words: Option<String>,
    },
    #[error("the server did not answer within {0:?}")]
    Timeout(Duration),
    #[error("the server wants to know who asks ({status})")]
    Unauthorized {
        status: StatusCode,
        /// Its `WWW-Authenticate` headers.
        challenges: Vec<String>,
    },
    #[error("cannot sign in at the server")]
    Authorize(#[source] AuthorizeError),
    #[error("the server sends us elsewhere, where we do not follow")]
    Redirected { to: String },
    #[error("the server answered {status} and no message")]
    Status {
        status: StatusCode,
        /// The beginning of what it said instead.
        excerpt: String,
    },
    #[error("the server's answer is longer than {limit} bytes")]
    TooLong { limit: usize },
    #[error("the server's answer is no message of MCP: {reason}")]
    Malformed { reason: String },
    #[error("the server has ended the session")]
    SessionLost,
    #[error("the server asks for `{method}`, which nobody here answers")]
    Unanswered {
        method: Method,
        #[source]
        error: ErrorObject,
    },
    #[error("the server kept asking instead of answering, {0} times")]
    TooManyRounds(usize),
    #[error("{0}")]
    Invalid(ErrorObject),
}

impl AskError {
    pub(super) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed {
            reason: reason.into(),
        }
    }

    pub(super) fn lost() -> Self {
        Self::Lost { last_words: None }
    }

    /// The code of the server's own error, if it answered with one.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { error, .. } => Some(error.code),
            _ => None,
        }
    }

    /// Whether the error is one that only modern servers give.
    pub(super) fn is_modern(&self) -> bool {
        matches!(
            self.code(),
            Some(
                code::HEADER_MISMATCH
                    | code::MISSING_CLIENT_CAPABILITY
                    | code::UNSUPPORTED_PROTOCOL_VERSION
            )
        )
    }

    /// What the operator can do next, where we know it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Redirected { to } => Some(format!("if you trust it, use `{to}` as the address")),
            Self::Lost {
                last_words: Some(words),
            } => Some(format!("it last said: {words}")),
            Self::Status { excerpt, .. } if !excerpt.is_empty() => {
                Some(format!("it said: {excerpt}"))
            }
            _ => None,
        }
    }
}

impl From<AskError> for ErrorObject {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused { error, .. } | AskError::Invalid(error) => error,
            other => Self::new(code::INTERNAL_ERROR, sentence(&other.to_string())),
        }
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
