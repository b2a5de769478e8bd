//! An answer that is one message, or none.

use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};
use hyper::body::Incoming;
use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::envelope::Frame;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::id::RequestId;

use crate::client::error::AskError;
use crate::outbound::receive;

/// How much is read of an answer that is no message, and how much of it is shown.
const READ_BYTES: usize = 4096;
const SHOWN_CHARACTERS: usize = 200;

/// Whether a stream of events follows.
pub(super) fn is_stream(response: &Response<Incoming>) -> bool {
    response.status().is_success() && media_type(response) == "text/event-stream"
}

/// Reads the answer to request `id`.
pub(super) async fn read(
    response: Response<Incoming>,
    id: i64,
    limit: usize,
) -> Result<Box<RawValue>, AskError> {
    let status = response.status();
    if media_type(&response) != "application/json" {
        return Err(unexpected(response).await);
    }
    let received = receive(response, limit)
        .await
        .map_err(|error| match error {
            crate::outbound::ReceiveError::Broken(_) => AskError::lost(),
            other => AskError::malformed(other.to_string()),
        })?;
    if received.cut {
        return Err(AskError::TooLong { limit });
    }
    match Frame::parse(&received.body) {
        Ok(Frame::Response(found, settlement)) if found == RequestId::from(id) => {
            settlement.map_err(|error| refused(error, status))
        }
        Ok(Frame::Response(_, Err(error))) => Err(refused(error, status)),
        Ok(Frame::Response(_, Ok(_))) => Err(AskError::malformed("it answers another request")),
        Ok(_) => Err(AskError::malformed("it is no answer")),
        Err(bad) => Err(match error_without_id(&received.body) {
            Some(error) => refused(error, status),
            None if status.is_success() => AskError::malformed(bad.error.message),
            None => said(status, &received.body),
        }),
    }
}

/// The error that an answer amounts to which is no message: the server's own, where one can be read.
pub(super) async fn unexpected(response: Response<Incoming>) -> AskError {
    let status = response.status();
    let kind = media_type(&response);
    let Ok(received) = receive(response, READ_BYTES).await else {
        return AskError::lost();
    };
    match error_without_id(&received.body) {
        Some(error) => refused(error, status),
        None if status.is_success() => {
            let kind: String = kind.chars().take(64).flat_map(char::escape_debug).collect();
            AskError::malformed(format!("it is of type `{kind}`"))
        }
        None => said(status, &received.body),
    }
}

fn refused(error: ErrorObject, status: StatusCode) -> AskError {
    AskError::Refused {
        error,
        status: Some(status),
    }
}

fn said(status: StatusCode, body: &[u8]) -> AskError {
    let text = String::from_utf8_lossy(body);
    let words: Vec<_> = text.split_whitespace().collect();
    let shown = words.join(" ");
    AskError::Status {
        status,
        excerpt: shown
            .chars()
            .take(SHOWN_CHARACTERS)
            .flat_map(char::escape_debug)
            .collect(),
    }
}

/// An error need not say whose it is where the response is.
fn error_without_id(body: &[u8]) -> Option<ErrorObject> {
    #[derive(Deserialize)]
    struct Failed {
        error: ErrorObject,
    }
    let failed: Failed = serde_json::from_slice(body).ok()?;
    Some(failed.error)
}

fn media_type(response: &Response<Incoming>) -> String {
    let value = response.headers().get(CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = text.split(';').next().unwrap_or("");
    essence.trim().to_ascii_lowercase()
}
