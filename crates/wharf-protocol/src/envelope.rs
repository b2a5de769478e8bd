//! One JSON-RPC frame: the envelope is read, what it carries stays raw.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::error::{ErrorObject, code};
use crate::id::RequestId;
use crate::method::Method;
use crate::port::{Notification, Request};
use crate::strict::{self, Flaw};

/// A frame that came in.
#[derive(Debug)]
pub enum Frame {
    Request(RequestId, Request),
    Notification(Notification),
    Response(RequestId, Result<Box<RawValue>, ErrorObject>),
}

/// A frame that cannot be taken, and what to answer.
#[derive(Debug, thiserror::Error)]
#[error("the frame cannot be taken")]
pub struct BadFrame {
    /// The id to answer to, where one could be read.
    pub id: Option<RequestId>,
    #[source]
    pub error: ErrorObject,
}

impl Frame {
    /// Reads one frame and checks all of it (see [`strict::check`]), so that nobody who reads its
    /// parameters later meets invalid JSON, a duplicate key or bottomless nesting.
    ///
    /// # Errors
    ///
    /// [`BadFrame`] with `-32700` for text that is not JSON, and `-32600` for JSON that is no frame:
    /// a batch (removed in 2025-06-18), a duplicate key, a missing or wrong member.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadFrame> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| bad(code::PARSE_ERROR, "Parse error: the frame is not UTF-8"))?;
        strict::check(text).map_err(|flaw| match flaw {
            Flaw::Syntax(error) => bad(code::PARSE_ERROR, format!("Parse error: {error}")),
            Flaw::DuplicateKey(error) => {
                bad(code::INVALID_REQUEST, format!("Invalid request: {error}"))
            }
        })?;
        match text.trim_start().as_bytes().first() {
            Some(b'{') => {}
            Some(b'[') => {
                return Err(bad(
                    code::INVALID_REQUEST,
                    "Invalid request: batches are not taken, send one message at a time",
                ));
            }
            _ => {
                return Err(bad(
                    code::INVALID_REQUEST,
                    "Invalid request: a message is an object",
                ));
            }
        }
        let wire: Wire<'_> = serde_json::from_str(text).map_err(|error| BadFrame {
            id: id_of(text),
            error: ErrorObject::invalid_request(format!("Invalid request: {error}")),
        })?;
        wire.into_frame()
    }
}

fn bad(code: i64, message: impl Into<String>) -> BadFrame {
    BadFrame {
        id: None,
        error: ErrorObject::new(code, message),
    }
}

/// The id of a frame that is otherwise unusable.
fn id_of(text: &str) -> Option<RequestId> {
    #[derive(Deserialize)]
    struct Identified {
        id: RequestId,
    }
    serde_json::from_str(text)
        .ok()
        .map(|frame: Identified| frame.id)
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    #[serde(default, deserialize_with = "present")]
    id: Option<RequestId>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<ErrorObject>,
}

/// Tells `"id": null`, which is an error, from no id at all, which makes a notification.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RequestId>, D::Error> {
    RequestId::deserialize(deserializer).map(Some)
}

impl Wire<'_> {
    fn into_frame(self) -> Result<Frame, BadFrame> {
        if self.jsonrpc != "2.0" {
            return Err(self.invalid("`jsonrpc` must be \"2.0\""));
        }
        if self
            .params
            .is_some_and(|params| !params.get().starts_with('{'))
        {
            return Err(self.invalid("`params` must be an object"));
        }
        match (self.method, self.id, self.result, self.error) {
            (Some(method), Some(id), None, None) => Ok(Frame::Request(
                id,
                Request {
                    method: Method::from(method.as_ref()),
                    params: self.params.map(ToOwned::to_owned),
                },
            )),
            (Some(method), None, None, None) => Ok(Frame::Notification(Notification {
                method: Method::from(method.as_ref()),
                params: self.params.map(ToOwned::to_owned),
            })),
            (None, Some(id), Some(result), None) => Ok(Frame::Response(id, Ok(result.to_owned()))),
            (None, Some(id), None, Some(error)) => Ok(Frame::Response(id, Err(error))),
            (_, id, _, _) => Err(BadFrame {
                id,
                error: ErrorObject::invalid_request(
                    "Invalid request: a message has a `method`, or an `id` with either `result` or `error`",
                ),
            }),
        }
    }

    fn invalid(self, reason: &str) -> BadFrame {
        BadFrame {
            id: self.id,
            error: ErrorObject::invalid_request(format!("Invalid request: {reason}")),
        }
    }
}

/// Writes a successful response; `result` is a JSON object.
pub fn response(id: &RequestId, result: &RawValue) -> Vec<u8> {
    #[derive(Serialize)]
    struct Out<'a> {
        jsonrpc: &'static str,
        id: &'a RequestId,
        result: &'a RawValue,
    }
    written(&Out {
        jsonrpc: "2.0",
        id,
        result,
    })
}

/// Writes an error response; without an id where the request's could not be read.
pub fn failure(id: Option<&RequestId>, error: &ErrorObject) -> Vec<u8> {
    #[derive(Serialize)]
    struct Out<'a> {
        jsonrpc: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a RequestId>,
        error: &'a ErrorObject,
    }
    written(&Out {
        jsonrpc: "2.0",
        id,
        error,
    })
}

/// Writes a request.
pub fn request(id: &RequestId, request: &Request) -> Vec<u8> {
    #[derive(Serialize)]
    struct Out<'a> {
        jsonrpc: &'static str,
        id: &'a RequestId,
        method: &'a Method,
        #[serde(skip_serializing_if = "Option::is_none")]
        params: Option<&'a RawValue>,
    }
    written(&Out {
        jsonrpc: "2.0",
        id,
        method: &request.method,
        params: request.params.as_deref(),
    })
}

/// Writes a notification.
pub fn notification(notification: &Notification) -> Vec<u8> {
    #[derive(Serialize)]
    struct Out<'a> {
        jsonrpc: &'static str,
        method: &'a Method,
        #[serde(skip_serializing_if = "Option::is_none")]
        params: Option<&'a RawValue>,
    }
    written(&Out {
        jsonrpc: "2.0",
        method: &notification.method,
        params: notification.params.as_deref(),
    })
}

fn written(frame: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(frame).expect("names, ids and raw JSON always serialise")
}

#[cfg(test)]
mod tests;
