//! Tool parameters that travel in headers as well, so that a router need not read the body
//! (2026-07-28, Streamable HTTP, custom headers from tool parameters).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tracing::warn;
use wharf_protocol::error::ErrorObject;

use super::annotation::{self, Mirrored};
use super::params;
use super::sentinel;

/// The tools of one server that have such parameters, as its last lists told.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<HashMap<String, Vec<Mirrored>>>);

/// Most tools remembered; a server with more has them refused until it is asked again.
const MAX_TOOLS: usize = 10_000;

#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    tools: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Defined<'a> {
    name: String,
    #[serde(borrow)]
    input_schema: Option<&'a RawValue>,
}

impl Book {
    /// Reads a page of `tools/list`. A tool whose annotations are invalid is taken out of it; where
    /// all are valid, the page is what it was.
    pub(super) fn read(&self, page: Box<RawValue>) -> Box<RawValue> {
        let Ok(listed) = serde_json::from_str::<Listed<'_>>(page.get()) else {
            return page;
        };
        let kept: Vec<_> = listed
            .tools
            .iter()
            .filter(|tool| self.enter(tool))
            .collect();
        if kept.len() == listed.tools.len() {
            return page;
        }
        let rewritten = || {
            let mut members = params::members(Some(&page))?;
            members.insert("tools", params::raw(&kept)?);
            params::raw(&members)
        };
        rewritten().unwrap_or_else(|_: ErrorObject| page.clone())
    }

    /// Remembers what `tool` wants mirrored; whether that is valid.
    fn enter(&self, tool: &RawValue) -> bool {
        let Ok(Defined { name, input_schema }) = serde_json::from_str(tool.get()) else {
            return true;
        };
        let annotated = input_schema.filter(|schema| schema.get().contains(annotation::KEYWORD));
        let Some(schema) = annotated else {
            self.tools().remove(&name);
            return true;
        };
        match annotation::read(schema) {
            Ok(mirrored) => {
                let mut tools = self.tools();
                if tools.len() < MAX_TOOLS || tools.contains_key(&name) {
                    tools.insert(name, mirrored);
                }
                true
            }
            Err(reason) => {
                warn!(tool = ?name, %reason, "left out a tool whose `x-mcp-header` is invalid");
                self.tools().remove(&name);
                false
            }
        }
    }

    /// The headers for a call.
    ///
    /// # Errors
    ///
    /// `-32602` for an integer that no header may carry.
    pub(super) fn headers(
        &self,
        call: &RawValue,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, ErrorObject> {
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        #[derive(Deserialize)]
        struct Arguments {
            #[serde(default)]
            arguments: Value,
        }
        let Ok(Named { name }) = serde_json::from_str(call.get()) else {
            return Ok(Vec::new());
        };
        let mirrored = self.tools().get(&name).cloned().unwrap_or_default();
        if mirrored.is_empty() {
            return Ok(Vec::new());
        }
        let Ok(Arguments { arguments }) = serde_json::from_str(call.get()) else {
            return Ok(Vec::new());
        };
        let mut headers = Vec::new();
        for parameter in mirrored {
            if let Some(text) = parameter.value_in(&arguments)? {
                headers.push((parameter.header, sentinel::encode(&text)));
            }
        }
        Ok(headers)
    }

    fn tools(&self) -> MutexGuard<'_, HashMap<String, Vec<Mirrored>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
