//! Tool parameters that travel in headers as well, so that a router need not read the body
//! (2026-07-28, Streamable HTTP, custom headers from tool parameters).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Number, Value};
use tracing::warn;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::mirrored::{MirroredParameter, Primitive};

use super::params;
use super::sentinel;

/// The tools of one server that have such parameters, as its last lists told.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<HashMap<String, Vec<MirroredParameter>>>);

/// Most tools remembered; a server with more has them refused until it is asked again.
const MAX_TOOLS: usize = 10_000;

/// Integers beyond are not the same number to every reader (2026-07-28, schema extension).
const MAX_SAFE: i64 = (1 << 53) - 1;

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
        let mirrored = input_schema.map_or(Ok(Vec::new()), MirroredParameter::all);
        let mut tools = self.tools();
        match mirrored {
            Ok(mirrored) if mirrored.is_empty() => {
                tools.remove(&name);
                true
            }
            Ok(mirrored) => {
                if tools.len() < MAX_TOOLS || tools.contains_key(&name) {
                    tools.insert(name, mirrored);
                }
                true
            }
            Err(reason) => {
                warn!(tool = ?name, %reason, "left out a tool whose `x-mcp-header` is invalid");
                tools.remove(&name);
                false
            }
        }
    }

    /// Whether no tool has such parameters, as is mostly so.
    pub(super) fn is_empty(&self) -> bool {
        self.tools().is_empty()
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
            let name = HeaderName::from_bytes(parameter.header.as_bytes());
            if let (Ok(name), Some(text)) = (name, value_in(&parameter, &arguments)?) {
                headers.push((name, sentinel::encode(&text)));
            }
        }
        Ok(headers)
    }

    fn tools(&self) -> MutexGuard<'_, HashMap<String, Vec<MirroredParameter>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The value of `parameter` as a header says it; `None` where there is none, or one of another type,
/// which the server will refuse.
///
/// # Errors
///
/// `-32602` for an integer that is not the same to every reader.
fn value_in(
    parameter: &MirroredParameter,
    arguments: &Value,
) -> Result<Option<String>, ErrorObject> {
    let mut value = arguments;
    for name in &parameter.path {
        match value.get(&**name) {
            Some(inner) => value = inner,
            None => return Ok(None),
        }
    }
    Ok(match (parameter.kind, value) {
        (Primitive::String, Value::String(text)) => Some(text.clone()),
        (Primitive::Boolean, Value::Bool(truth)) => Some(truth.to_string()),
        (Primitive::Integer, Value::Number(number)) if is_whole(number) => {
            let agreed = integer(number).ok_or_else(|| {
                ErrorObject::invalid_params(format!(
                    "Invalid params: `{}` is beyond the integers that `{}` can carry",
                    parameter.path.join("."),
                    parameter.header
                ))
            })?;
            Some(agreed.to_string())
        }
        _ => None,
    })
}

fn is_whole(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// `number` as an integer that every reader agrees on; `42.0` is 42.
fn integer(number: &Number) -> Option<i64> {
    let whole = match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => whole,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole, and small enough to be exact"
        )]
        (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9e15 => float as i64,
        _ => return None,
    };
    (-MAX_SAFE..=MAX_SAFE).contains(&whole).then_some(whole)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;
    use serde_json::value::to_raw_value;

    use super::Book;

    /// The headers of a call with `arguments` of a tool with four annotated parameters.
    #[track_caller]
    fn check(arguments: &str, expected: Expect) {
        let annotated = |kind, header| json!({ "type": kind, "x-mcp-header": header });
        let page = json!({ "tools": [{ "name": "t", "inputSchema": { "properties": {
            "region": annotated("string", "Region"),
            "deep": { "properties": { "count": annotated("integer", "Count") } },
            "dry": annotated("boolean", "Dry"),
        }}}]});
        let book = Book::default();
        book.read(to_raw_value(&page).expect("JSON"));
        let call = format!(r#"{{"name":"t","arguments":{arguments}}}"#);
        let call = serde_json::from_str(&call).expect("the test's own JSON");
        expected.assert_eq(&match book.headers(call) {
            Ok(headers) => headers
                .iter()
                .map(|(name, value)| format!("{name}: {}", value.to_str().expect("ASCII")))
                .collect::<Vec<_>>()
                .join("\n"),
            Err(error) => error.to_string(),
        });
    }

    #[test]
    fn values_are_found_at_the_exact_path_of_their_property() {
        check(
            r#"{"region":"us","deep":{"count":42.0},"dry":true,"count":7}"#,
            expect![[r"
                mcp-param-region: us
                mcp-param-count: 42
                mcp-param-dry: true"]],
        );
    }

    #[test]
    fn what_is_absent_null_or_of_another_type_is_left_out() {
        check(r#"{"region":null,"deep":{"count":1.5}}"#, expect![""]);
    }

    #[test]
    fn an_integer_that_readers_disagree_on_is_refused() {
        check(
            r#"{"deep":{"count":9007199254740993}}"#,
            expect![[
                "Invalid params: `deep.count` is beyond the integers that `mcp-param-count` can carry (-32602)"
            ]],
        );
    }
}
