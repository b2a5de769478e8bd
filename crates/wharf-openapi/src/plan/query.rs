//! The query string.

use serde_json::{Map, Value};

use super::error::PlanError;
use super::path::Path;
use super::{form, percent, scalar, style};
use crate::answer::media_type::MediaType;
use crate::operation::{Encoding, Location, Operation, Parameter};

/// Fixed pairs first, then each parameter in the document's order, without the `?`.
pub(super) fn write(
    operation: &Operation,
    arguments: &Map<String, Value>,
    path: &Path<'_>,
) -> Result<String, PlanError> {
    let mut parts = Vec::new();
    if !path.query.is_empty() {
        parts.push(path.query.clone());
    }
    for parameter in &operation.parameters {
        let Some(value) = arguments
            .get(&parameter.argument)
            .filter(|value| !value.is_null())
        else {
            continue;
        };
        match parameter.location {
            Location::Query if path.claimed.contains(&parameter) => {}
            Location::Query => parts.extend(pairs(parameter, value)?),
            Location::QueryString => parts.push(whole(parameter, value)?),
            Location::Path | Location::Header | Location::Cookie => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    Ok(parts.join("&"))
}

fn pairs(parameter: &Parameter, value: &Value) -> Result<Vec<String>, PlanError> {
    let found = match &parameter.encoding {
        Encoding::Content { media_type } => {
            let text = document(media_type, value)?;
            vec![(parameter.name.clone(), percent::value(&text))]
        }
        Encoding::Style {
            style,
            explode,
            allow_reserved,
        } => {
            let encode = if *allow_reserved {
                percent::reserved_in_query
            } else {
                percent::value
            };
            style::pairs((*style, *explode), &parameter.name, value, encode)?
        }
    };
    let written = found.into_iter();
    Ok(written
        .map(|(name, text)| format!("{}={text}", percent::name(&name)))
        .collect())
}

/// `in: querystring`: a form when it has fields, else one encoded text.
fn whole(parameter: &Parameter, value: &Value) -> Result<String, PlanError> {
    match &parameter.encoding {
        Encoding::Content { media_type } if !MediaType::parse(media_type).is_form() => {
            Ok(percent::value(&document(media_type, value)?))
        }
        _ => match value {
            Value::Object(members) => form::write(members, &[]),
            // A caller who gives text has written the query string out.
            value => Ok(percent::repair(&scalar::text_or_json(value)?).replace('#', "%23")),
        },
    }
}

/// A parameter that is a small document. Text is itself in every type but JSON.
pub(super) fn document(media_type: &str, value: &Value) -> Result<String, PlanError> {
    match value {
        Value::String(text) if !MediaType::parse(media_type).is_json() => Ok(text.clone()),
        value => scalar::json(value),
    }
}
