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

/// Members that hold a list or a map of fields.
const PLACES: [&str; 10] = [
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
];

/// Looks where APIs keep them: beside the message, in the error that wraps it, or (Django) as the
/// whole body.
pub(super) fn find(value: &Value) -> Vec<FieldError> {
    match value {
        Value::Array(items) => listed(items),
        Value::Object(members) => {
            let wrapped = member(members, "error").and_then(Value::as_object);
            let nested = || wrapped.map(beside).unwrap_or_default();
            let found = Some(beside(members)).filter(|found| !found.is_empty());
            let found = found.or_else(|| Some(nested()).filter(|found| !found.is_empty()));
            found.unwrap_or_else(|| {
                if is_map_of_lists(members) {
                    mapped(members)
                } else {
                    Vec::new()
                }
            })
        }
        _ => Vec::new(),
    }
}

fn beside(members: &Map<String, Value>) -> Vec<FieldError> {
    let found = PLACES.iter().map(|place| match member(members, place) {
        Some(Value::Array(items)) => listed(items),
        // One error's own details are not fields.
        Some(Value::Object(inner)) if !place.starts_with("detail") => mapped(inner),
        _ => Vec::new(),
    });
    found
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// `{"email": ["This field is required."]}`.
fn is_map_of_lists(members: &Map<String, Value>) -> bool {
    let texts = |value: &Value| {
        value
            .as_array()
            .is_some_and(|items| items.iter().all(Value::is_string))
    };
    !members.is_empty() && members.values().all(texts)
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
