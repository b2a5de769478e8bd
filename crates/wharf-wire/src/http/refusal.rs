//! Why a request goes no further, and how its sender is told.

use http::header::{ALLOW, CONNECTION, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use tracing::debug;
use wharf_protocol::envelope::{self, BadFrame};
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::id::RequestId;

use super::body::Body;

/// A request that is turned away.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("exactly one valid Host is required")]
    BadHost,
    #[error("this server is not called by that name; see its list of hosts")]
    ForeignHost,
    #[error("this Origin may not call; see the server's list of origins")]
    ForeignOrigin,
    #[error("this endpoint takes POST")]
    Method,
    #[error("Accept must allow application/json and text/event-stream")]
    NotAcceptable,
    #[error("Accept must allow text/event-stream")]
    NoStreamAccepted,
    #[error("Content-Type must be application/json")]
    ContentType,
    #[error("bodies are taken as they are, without a Content-Encoding")]
    ContentEncoding,
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    #[error("the body came too slowly")]
    TooSlow,
    #[error("the body broke off")]
    BrokenBody,
    #[error("too much is running here, try again later")]
    Busy,
    #[error("a Mcp-Session-Id is required; `initialize` yields one")]
    NoSession,
    #[error("there is no such session; start a new one with `initialize`")]
    UnknownSession,
    #[error("what came after this Last-Event-ID is no longer kept; send the request again")]
    Forgotten,
    #[cfg(feature = "websocket")]
    #[error("this endpoint takes WebSockets of version 13 with the subprotocol `mcp`")]
    NoWebSocket,
    #[error("the operating system has no randomness to give")]
    NoRandomness,
    /// A message that is at fault, not the request that carried it.
    #[error("{error}")]
    Message {
        status: StatusCode,
        id: Option<RequestId>,
        #[source]
        error: ErrorObject,
    },
}

impl Refusal {
    /// A message that its sender has to correct.
    pub(super) fn bad_request(id: Option<&RequestId>, error: ErrorObject) -> Self {
        Self::Message {
            status: StatusCode::BAD_REQUEST,
            id: id.cloned(),
            error,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadHost | Self::BrokenBody | Self::NoSession | Self::Forgotten => {
                StatusCode::BAD_REQUEST
            }
            Self::ForeignHost | Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable | Self::NoStreamAccepted => StatusCode::NOT_ACCEPTABLE,
            Self::ContentType | Self::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::UnknownSession => StatusCode::NOT_FOUND,
            Self::NoRandomness => StatusCode::INTERNAL_SERVER_ERROR,
            #[cfg(feature = "websocket")]
            Self::NoWebSocket => StatusCode::UPGRADE_REQUIRED,
            Self::Message { status, .. } => *status,
        }
    }

    /// The response, with a JSON-RPC error as its body.
    pub(super) fn into_response(self) -> Response<Body> {
        let status = self.status();
        // Debug escapes what a peer may have put in.
        debug!(status = status.as_u16(), reason = ?self.to_string(), "refused a request");
        let extra = match &self {
            // GET and DELETE exist for legacy sessions only, which know them without being told.
            Self::Method => Some((ALLOW, "POST")),
            Self::Busy => Some((RETRY_AFTER, "1")),
            #[cfg(feature = "websocket")]
            Self::NoWebSocket => Some((http::header::UPGRADE, "websocket")),
            // What is left of the body is not worth reading.
            Self::TooLarge(_) | Self::TooSlow | Self::BrokenBody => Some((CONNECTION, "close")),
            _ => None,
        };
        let frame = match self {
            Self::Message { id, error, .. } => envelope::failure(id.as_ref(), &error),
            Self::NoRandomness => envelope::failure(None, &ErrorObject::internal()),
            other => {
                let error = ErrorObject::new(code::INVALID_REQUEST, other.to_string());
                envelope::failure(None, &error)
            }
        };
        let mut response = Body::json(status, frame);
        if let Some((name, value)) = extra {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<BadFrame> for Refusal {
    fn from(bad: BadFrame) -> Self {
        Self::bad_request(bad.id.as_ref(), bad.error)
    }
}
