//! The body: which arguments it is made of, and how its media type writes them.

use serde_json::{Map, Value};

use super::error::PlanError;
use super::{file, form, multipart, scalar, xml};
use crate::answer::media_type::MediaType;
use crate::operation::{Body, BodySource, Operation};

/// A body, ready to be sent.
pub(super) struct EncodedBody {
    pub bytes: Vec<u8>,
    pub content_type: String,
    /// The caller's own bytes or text: the caller may know their type better than the document.
    pub verbatim: bool,
}

/// Encodes the body of `operation`; `None` when there is nothing to send.
pub(super) fn write(
    operation: &Operation,
    arguments: &Map<String, Value>,
) -> Result<Option<EncodedBody>, PlanError> {
    let Some(body) = &operation.body else {
        return Ok(None);
    };
    let Some(content) = gather(operation, body, arguments)? else {
        return Ok(None);
    };
    encode(body, &content).map(Some)
}

/// What goes into the body, and the argument to name when it does not fit.
struct Content<'a> {
    argument: &'a str,
    value: Value,
}

/// Collects the body's arguments. An explicit `null` is a value: it is how a patch clears a field.
fn gather<'a>(
    operation: &Operation,
    body: &'a Body,
    arguments: &Map<String, Value>,
) -> Result<Option<Content<'a>>, PlanError> {
    let (properties, open) = match &body.source {
        BodySource::Argument(argument) => {
            return match arguments.get(argument) {
                Some(value) => Ok(Some(Content {
                    argument,
                    value: value.clone(),
                })),
                None if body.required => Err(PlanError::Missing {
                    argument: argument.clone(),
                }),
                None => Ok(None),
            };
        }
        BodySource::Properties { properties, open } => (properties, *open),
    };
    let mut members = Map::new();
    for (argument, property) in properties {
        if let Some(value) = arguments.get(argument) {
            members.insert(property.clone(), value.clone());
        }
    }
    if open {
        let claimed = |argument: &String| {
            properties.iter().any(|(each, _)| each == argument)
                || operation
                    .parameters
                    .iter()
                    .any(|each| each.argument == *argument)
        };
        for (argument, value) in arguments.iter().filter(|(argument, _)| !claimed(argument)) {
            members
                .entry(argument.clone())
                .or_insert_with(|| value.clone());
        }
    }
    // A body that must be there is there even when every property was left out.
    let needed = body.required || !members.is_empty();
    Ok(needed.then(|| Content {
        argument: "body",
        value: Value::Object(members),
    }))
}

fn encode(body: &Body, content: &Content<'_>) -> Result<EncodedBody, PlanError> {
    let media_type = MediaType::parse(&body.media_type);
    let value = &content.value;
    let is_text = value.is_string();
    if media_type.is_multipart() {
        let members = members(content)?;
        return multipart::write(members, body);
    }
    if body.file || (media_type.is_binary() && is_text) {
        return raw_file(content, &body.media_type);
    }
    let bytes = if media_type.is_form() && !is_text {
        form::write(members(content)?, &body.fields)?
    } else if media_type.is_xml() && !is_xml_text(value) {
        xml::write(content.argument, value, body.xml.as_ref())?
    } else if media_type.is_json_lines() {
        json_lines(value)?
    } else if media_type.is_json() || media_type.is_wildcard() {
        scalar::json(value)?
    } else {
        // Text, a form or XML that the caller wrote out, or a type we know nothing about.
        scalar::text_or_json(value)?
    };
    let wildcard = media_type.is_wildcard();
    Ok(EncodedBody {
        bytes: bytes.into_bytes(),
        content_type: if wildcard {
            "application/json".to_owned()
        } else {
            body.media_type.clone()
        },
        verbatim: is_text && !media_type.is_json() && !wildcard,
    })
}

fn members<'a>(content: &'a Content<'_>) -> Result<&'a Map<String, Value>, PlanError> {
    content.value.as_object().ok_or_else(|| PlanError::Kind {
        argument: content.argument.to_owned(),
        expected: "an object with the form's fields",
        found: scalar::kind(&content.value),
    })
}

/// The bytes of the one file that is the body. A data URI's type counts where the document leaves
/// the type open.
fn raw_file(content: &Content<'_>, declared: &str) -> Result<EncodedBody, PlanError> {
    let file = file::read(content.argument, &content.value)?;
    let open = MediaType::parse(declared).is_wildcard();
    let octets = || "application/octet-stream".to_owned();
    Ok(EncodedBody {
        bytes: file.bytes,
        content_type: if open {
            file.media_type.unwrap_or_else(octets)
        } else {
            declared.to_owned()
        },
        verbatim: true,
    })
}

fn is_xml_text(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.trim_start().starts_with('<'))
}

/// One value a line; what is no array is a single line.
fn json_lines(value: &Value) -> Result<String, PlanError> {
    let lines = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    lines
        .iter()
        .map(|line| Ok(scalar::json(line)? + "\n"))
        .collect()
}
