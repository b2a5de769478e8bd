//! What a transport reads of a request's parameters before their handler does.

use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::method::Method;
use wharf_protocol::notification::LogLevel;

/// `_meta`, and the parameters that name what a request is about.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Outline<'a> {
    #[serde(default, rename = "_meta")]
    pub meta: Meta,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    uri: Option<&'a RawValue>,
    #[serde(borrow, rename = "taskId")]
    task_id: Option<&'a RawValue>,
}

impl<'a> Outline<'a> {
    /// Reads `params`, which [`Frame::parse`](wharf_protocol::envelope::Frame::parse) has checked.
    ///
    /// # Errors
    ///
    /// `-32602` where `_meta` is not an object.
    pub(crate) fn read(params: Option<&'a RawValue>) -> Result<Self, ErrorObject> {
        params.map_or_else(
            || Ok(Self::default()),
            |params| {
                serde_json::from_str(params.get()).map_err(|error| {
                    ErrorObject::invalid_params(format!("Invalid params: {error}"))
                })
            },
        )
    }

    /// The parameter of `method` that `Mcp-Name` mirrors, and its value.
    pub(crate) fn named_by(&self, method: &Method) -> Option<(&'static str, Option<&'a RawValue>)> {
        // The tasks extension has its own methods, which the table of core methods does not list.
        let parameter = match method.as_str() {
            "tasks/get" | "tasks/update" | "tasks/cancel" => "taskId",
            _ => method.facts()?.named_by?,
        };
        let value = match parameter {
            "uri" => self.uri,
            "taskId" => self.task_id,
            _ => self.name,
        };
        Some((parameter, value))
    }

    /// The least grave log message that the sender of a modern request wants to hear; `None` where
    /// it wants none (2026-07-28, logging, per-request log level).
    ///
    /// # Errors
    ///
    /// `-32602` for a level that there is not.
    pub(crate) fn log_level(&self) -> Result<Option<LogLevel>, ErrorObject> {
        let Some(raw) = self.meta.get(key::LOG_LEVEL) else {
            return Ok(None);
        };
        serde_json::from_str(raw.get()).map(Some).map_err(|_| {
            ErrorObject::invalid_params(format!("`_meta` has a malformed `{}`", key::LOG_LEVEL))
        })
    }
}
