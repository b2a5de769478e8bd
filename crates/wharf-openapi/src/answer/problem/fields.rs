//! Which field is wrong, and how: what a model needs to correct its own call.

use serde::Serialize;
use serde_json::{Map, Value};

use super::shape::member;
use crate::answer::{control, reading};

/// Most fields listed.
const MAX_FIELDS: usize = 20;

/// Longest message about one field, in bytes.
const MESSAGE_BYTES: usize = 200;

/// One field of the request that the server did not like.
#[derive(Debug, Serialize)]
pub(super) struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    fn new(field: &str, message: &str) -> Self {
        let clean = |text: &str| {
            let (clean, _) = control::strip(text.trim());
            reading::shorten(&clean, MESSAGE_BYTES).0.to_owned()
        };
        Self {
            field: clean(field),
            message: clean(message),
        }
    }

    pub(super) fn line(&self) -> String {
        format!("- {}: {}", self.field, self.message)
    }
}

/// Looks where APIs keep them: beside the message, or in the error that wraps it.
pub(super) fn find(value: &Value) -> Vec<FieldError> {
    let Value::Object(members) = value else {
        return value
            .as_array()
            .map(|items| listed(items))
            .unwrap_or_default();
    };
    let places = [
        "errors",
        "detail",
        "details",
        "invalidparams",
        "fields",
        "fielderrors",
        "violations",
        "validationerrors",
        "validationmessages",
        "modelstate",
        "error",
    ];
    for place in places {
        let found = match member(members, place) {
            Some(Value::Array(items)) => listed(items),
            Some(Value::Object(inner)) if matches!(place, "error" | "detail" | "details") => {
                find(&Value::Object(inner.clone()))
            }
            Some(Value::Object(inner)) => mapped(inner),
            _ => Vec::new(),
        };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// `[{"field": …, "message": …}, …]`, under any of their usual names. Google keeps the list one level
/// down, in `fieldViolations`.
fn listed(items: &[Value]) -> Vec<FieldError> {
    let entries = items.iter().filter_map(Value::as_object).flat_map(|entry| {
        match member(entry, "fieldviolations").and_then(Value::as_array) {
            Some(inner) => listed(inner),
            None => entry_of(entry).into_iter().collect(),
        }
    });
    entries.take(MAX_FIELDS).collect()
}

fn entry_of(entry: &Map<String, Value>) -> Option<FieldError> {
    let names = [
        "field",
        "loc",
        "path",
        "pointer",
        "property",
        "propertypath",
        "param",
        "parameter",
        "name",
        "instancepath",
        "location",
        "key",
        "source",
    ];
    let messages = [
        "message",
        "msg",
        "detail",
        "reason",
        "description",
        "title",
        "code",
        "error",
    ];
    let field = names
        .iter()
        .find_map(|name| member(entry, name).and_then(place))?;
    let message = messages
        .iter()
        .find_map(|name| member(entry, name).and_then(Value::as_str))?;
    Some(FieldError::new(&field, message))
}

/// A field's place: text, a path of keys (FastAPI's `loc`), or JSON:API's `source`.
fn place(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Array(keys) => {
            let keys = keys
                .iter()
                .map(|key| key.as_str().map_or_else(|| key.to_string(), str::to_owned));
            Some(keys.collect::<Vec<_>>().join("."))
        }
        Value::Object(source) => ["pointer", "parameter", "header"]
            .iter()
            .find_map(|name| source.get(*name).and_then(Value::as_str))
            .map(str::to_owned),
        _ => None,
    }
}

/// `{"email": ["is taken"], …}`, as Rails, Laravel, Django and ASP.NET write it.
fn mapped(members: &Map<String, Value>) -> Vec<FieldError> {
    let entries = members
        .iter()
        .filter_map(|(field, messages)| match messages {
            Value::String(message) => Some(FieldError::new(field, message)),
            Value::Array(messages) => {
                let messages: Vec<_> = messages.iter().filter_map(Value::as_str).collect();
                (!messages.is_empty()).then(|| FieldError::new(field, &messages.join("; ")))
            }
            _ => None,
        });
    entries.take(MAX_FIELDS).collect()
}
