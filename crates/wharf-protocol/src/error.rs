//! JSON-RPC errors and the codes that the specification gives a meaning.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::revision::Revision;

/// Codes of JSON-RPC 2.0 and of MCP (2026-07-28, basic, error codes).
pub mod code {
    pub const PARSE_ERROR: i64 = -32700;
    pub const INVALID_REQUEST: i64 = -32600;
    pub const METHOD_NOT_FOUND: i64 = -32601;
    pub const INVALID_PARAMS: i64 = -32602;
    pub const INTERNAL_ERROR: i64 = -32603;
    /// 2025-11-25 and older; newer revisions answer [`INVALID_PARAMS`].
    pub const RESOURCE_NOT_FOUND: i64 = -32002;
    pub const HEADER_MISMATCH: i64 = -32020;
    pub const MISSING_CLIENT_CAPABILITY: i64 = -32021;
    pub const UNSUPPORTED_PROTOCOL_VERSION: i64 = -32022;
}

/// The `error` member of a response. What stands here, the caller reads.
#[derive(Clone, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{message} ({code})")]
pub struct ErrorObject {
    pub code: i64,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Box<RawValue>>,
}

impl ErrorObject {
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }

    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(code::INVALID_REQUEST, message)
    }

    pub fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(code::INVALID_PARAMS, message)
    }

    /// What went wrong is the server's affair; the caller learns no more than that.
    pub fn internal() -> Self {
        Self::new(code::INTERNAL_ERROR, "Internal error")
    }

    pub fn method_not_found(method: &str) -> Self {
        // Cut and escaped: the name is the peer's text.
        let shown: String = method
            .chars()
            .take(64)
            .flat_map(char::escape_debug)
            .collect();
        Self::new(code::METHOD_NOT_FOUND, format!("Method not found: {shown}"))
    }

    pub fn header_mismatch(message: impl Into<String>) -> Self {
        Self::new(code::HEADER_MISMATCH, message)
    }

    /// The client did not declare what this request needs; `required` has the shape of
    /// `ClientCapabilities`.
    pub fn missing_capability(required: &impl Serialize) -> Self {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Data<'a, T> {
            required_capabilities: &'a T,
        }
        Self::new(
            code::MISSING_CLIENT_CAPABILITY,
            "Missing required client capability",
        )
        .with_data(&Data {
            required_capabilities: required,
        })
    }

    /// The client asked for a revision that is not served here; says which ones are.
    pub fn unsupported_version(requested: &str, supported: &[Revision]) -> Self {
        #[derive(Serialize)]
        struct Data<'a> {
            supported: Vec<&'static str>,
            requested: &'a str,
        }
        let data = Data {
            supported: supported.iter().map(|revision| revision.as_str()).collect(),
            requested,
        };
        Self::new(
            code::UNSUPPORTED_PROTOCOL_VERSION,
            "Unsupported protocol version",
        )
        .with_data(&data)
    }

    /// Attaches `data`. A value that cannot be written as JSON is left out.
    #[must_use]
    pub fn with_data(mut self, data: &impl Serialize) -> Self {
        self.data = to_raw_value(data).ok();
        self
    }
}
