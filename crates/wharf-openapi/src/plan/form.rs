//! `application/x-www-form-urlencoded`.

use serde_json::{Map, Value};

use super::error::PlanError;
use super::{percent, scalar, style};
use crate::answer::media_type::MediaType;
use crate::operation::{Field, Style};

/// Writes `members` in their order, each by the encoding that `fields` gives it. Spaces become `%20`,
/// which every decoder reads, also those that do not know `+`.
pub(super) fn write(members: &Map<String, Value>, fields: &[Field]) -> Result<String, PlanError> {
    let mut parts = Vec::new();
    for (name, value) in members {
        let field = fields.iter().find(|field| field.name == *name);
        let pairs = pairs(name, value, field, percent::value)?;
        parts.extend(
            pairs
                .iter()
                .map(|(name, text)| format!("{}={text}", percent::name(name))),
        );
    }
    Ok(parts.join("&"))
}

/// The fields that one property becomes. Without a style an object is one field of JSON and an array
/// one field an item (OAS 3.0.4, Encoding Object, defaults of `contentType`).
fn pairs(
    name: &str,
    value: &Value,
    field: Option<&Field>,
    encode: impl Fn(&str) -> String,
) -> Result<Vec<(String, String)>, PlanError> {
    if let Some(style) = field.and_then(|field| field.style) {
        return style::pairs(style, name, value, encode);
    }
    let declared = field.and_then(|field| field.content_type.as_deref());
    match value {
        Value::Null => Ok(Vec::new()),
        // `encoding.contentType` on an array is about each item, unless it says JSON.
        Value::Array(_) if declared.is_none_or(|each| !MediaType::parse(each).is_json()) => {
            style::pairs((Style::Form, true), name, value, encode)
        }
        value => Ok(vec![(
            name.to_owned(),
            encode(&scalar::text_or_json(value)?),
        )]),
    }
}
