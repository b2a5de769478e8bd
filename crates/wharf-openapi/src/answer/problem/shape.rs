//! The shapes in which APIs describe their failures: RFC 9457, OAuth, JSON:API, Google, AWS, FastAPI,
//! ASP.NET, GraphQL, SOAP, S3, and whatever else has a message in it.

use serde_json::{Map, Value};

use super::fields::{self, FieldError};
use crate::answer::trace;

/// What was said, as far as it was found.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub code: Option<String>,
    pub message: Option<String>,
    pub fields: Vec<FieldError>,
}

/// How many wrappers (`{"error": {"error": …}}`) are worth opening.
const MAX_WRAPPERS: usize = 6;

/// Members that name the failure, best first, in lower case without separators.
const CODES: [&str; 9] = [
    "code",
    "errorcode",
    "errcode",
    "faultcode",
    "type",
    "error",
    "status",
    "__type",
    "name",
];

/// Members that describe it.
const MESSAGES: [&str; 14] = [
    "detail",
    "message",
    "errormessage",
    "errordescription",
    "description",
    "msg",
    "faultstring",
    "title",
    "error",
    "reason",
    "text",
    "summary",
    "hint",
    "fault",
];

/// Members that hold the error itself.
const WRAPPERS: [&str; 10] = [
    "error",
    "errors",
    "fault",
    "envelope",
    "body",
    "exception",
    "errorresponse",
    "response",
    "detail",
    "data",
];

impl Said {
    pub(super) fn message(text: impl Into<String>) -> Self {
        Self {
            message: Some(text.into()),
            ..Self::default()
        }
    }
}

/// Reads an error body. One of an unknown shape is shown as JSON, less its traces.
pub(super) fn read(value: &Value) -> Said {
    let mut said = Said {
        fields: fields::find(value),
        ..Said::default()
    };
    collect(value, &mut said, 0);
    if said.message.is_none() && said.fields.is_empty() {
        said.message = Some(remainder(value));
    }
    said
}

/// The outermost code and message win: what is inside a wrapper is looked at only for what is missing.
fn collect(value: &Value, said: &mut Said, depth: usize) {
    match value {
        Value::String(text) if said.message.is_none() => said.message = Some(text.clone()),
        Value::Array(items) if depth < MAX_WRAPPERS => {
            // The first entry speaks for all, but what it says about a field is said there.
            let message = said.message.take();
            if let Some(first) = items.first() {
                collect(first, said, depth + 1);
            }
            if !said.fields.is_empty() || message.is_some() {
                said.message = message;
            }
        }
        Value::Object(members) if depth < MAX_WRAPPERS => object(members, said, depth),
        _ => {}
    }
}

fn object(members: &Map<String, Value>, said: &mut Said, depth: usize) {
    if said.code.is_none() {
        said.code = CODES.iter().find_map(|name| code(members, name));
    }
    if said.message.is_none() {
        let described = MESSAGES.iter().find_map(|name| text(members, name));
        // `{"error": "invalid_grant"}` names and describes at once; once is enough.
        said.message = described.or_else(|| said.code.clone().filter(|_| only_code(members)));
    }
    for wrapper in WRAPPERS {
        if said.message.is_some() && said.code.is_some() {
            return;
        }
        if let Some(inner @ (Value::Object(_) | Value::Array(_))) = member(members, wrapper) {
            collect(inner, said, depth + 1);
        }
    }
    // XML has one root, whatever its name.
    if let (1, Some(inner @ Value::Object(_)), None) =
        (members.len(), members.values().next(), &said.message)
    {
        collect(inner, said, depth + 1);
    }
}

fn code(members: &Map<String, Value>, name: &str) -> Option<String> {
    match (name, member(members, name)?) {
        // A bare status repeats what the status line said; `error` is a code only as a word of its own.
        ("status", Value::Number(_)) => None,
        (_, Value::Number(number)) => Some(number.to_string()),
        ("type", Value::String(text)) if text == "about:blank" => None,
        ("error" | "status" | "name", Value::String(text)) if text.contains(' ') => None,
        (_, Value::String(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    match member(members, name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        // Elements with attributes: `<Text xml:lang="en">…</Text>`.
        Value::Object(inner) => inner
            .get("#text")
            .and_then(Value::as_str)
            .map(str::to_owned),
        _ => None,
    }
}

fn only_code(members: &Map<String, Value>) -> bool {
    let wrapped =
        |name: &&str| member(members, name).is_some_and(|each| each.is_object() || each.is_array());
    !WRAPPERS.iter().any(wrapped)
}

/// By name, whatever its case and separators: `errorCode`, `error_code` and `ErrorCode` are one.
pub(super) fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let plain = |key: &str| {
        let kept = key
            .chars()
            .filter(|each| !matches!(each, '-' | ' ') && (*each != '_' || key.starts_with('_')));
        kept.collect::<String>().to_ascii_lowercase()
    };
    members
        .iter()
        .find(|(key, _)| plain(key) == name)
        .map(|(_, value)| value)
}

fn remainder(value: &Value) -> String {
    match without_traces(value) {
        Value::Object(members) if members.is_empty() => String::new(),
        value => value.to_string(),
    }
}

fn without_traces(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let shown = members.iter().filter(|(key, _)| !trace::is_named(key));
            shown
                .map(|(key, value)| (key.clone(), without_traces(value)))
                .collect()
        }
        Value::Array(items) => items.iter().map(without_traces).collect(),
        value => value.clone(),
    }
}
