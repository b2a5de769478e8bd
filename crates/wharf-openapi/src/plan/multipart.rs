//! `multipart/form-data` and its relatives: fields, JSON parts and real files.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::body::EncodedBody;
use super::error::PlanError;
use super::{file, scalar, style};
use crate::answer::media_type::MediaType;
use crate::operation::{Body, BodySource, Field};

/// One part, its headers still apart.
struct Part {
    name: String,
    filename: Option<String>,
    content_type: Option<String>,
    bytes: Vec<u8>,
}

/// Writes `members` in their order, each as its field says.
pub(super) fn write(members: &Map<String, Value>, body: &Body) -> Result<EncodedBody, PlanError> {
    let mut parts = Vec::new();
    for (name, value) in members {
        let field = body.fields.iter().find(|field| field.name == *name);
        match (field.filter(|field| field.file), value) {
            (_, Value::Null) => {}
            (Some(file), Value::Array(items)) => {
                for item in items {
                    parts.push(file_part(file, argument(body, name), item)?);
                }
            }
            (Some(file), value) => parts.push(file_part(file, argument(body, name), value)?),
            (None, value) => parts.extend(value_parts(name, value, field)?),
        }
    }
    let essence = MediaType::parse(&body.media_type).essence;
    // The parts of `multipart/related` refer to each other by order, not by name.
    let named = essence != "multipart/related";
    let parts: Vec<Vec<u8>> = parts.iter().map(|part| part.write(named)).collect();
    let boundary = boundary(&parts);
    Ok(EncodedBody {
        bytes: join(&parts, &boundary),
        content_type: format!("{essence}; boundary={boundary}"),
        verbatim: false,
    })
}

/// The argument that a property came from.
fn argument<'a>(body: &'a Body, property: &'a str) -> &'a str {
    match &body.source {
        BodySource::Argument(argument) => argument,
        BodySource::Properties { properties, .. } => {
            let mut found = properties.iter().filter(|(_, each)| each == property);
            found.next().map_or(property, |(argument, _)| argument)
        }
    }
}

fn file_part(field: &Field, argument: &str, value: &Value) -> Result<Part, PlanError> {
    let file = file::read(argument, value)?;
    // The document may allow several types (`image/png, image/jpeg`) or a range of them.
    let allowed = field.content_type.as_deref().unwrap_or("*/*");
    let concrete = allowed
        .split(',')
        .map(str::trim)
        .find(|each| !each.contains('*'));
    let single = concrete.filter(|_| !allowed.contains(','));
    let content_type = single
        .map(str::to_owned)
        .or(file.media_type)
        .or_else(|| concrete.map(str::to_owned))
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    let extension = MediaType::parse(&content_type).extension();
    let named_after = || match extension {
        Some(extension) => format!("{}.{extension}", field.name),
        None => field.name.clone(),
    };
    Ok(Part {
        name: field.name.clone(),
        // Servers tell files from fields by the presence of a file name.
        filename: Some(file.name.unwrap_or_else(named_after)),
        content_type: Some(content_type),
        bytes: file.bytes,
    })
}

fn value_parts(name: &str, value: &Value, field: Option<&Field>) -> Result<Vec<Part>, PlanError> {
    if let Some(style) = field.and_then(|field| field.style) {
        let pairs = style::pairs(style, name, value, str::to_owned)?;
        return Ok(pairs
            .into_iter()
            .map(|(name, text)| Part::of_text(name, text, None))
            .collect());
    }
    let declared = field.and_then(|field| field.content_type.as_deref());
    let asks_for_json = declared.is_some_and(|declared| MediaType::parse(declared).is_json());
    let has_parts = |value: &Value| value.is_object() || value.is_array();
    match value {
        // One part an item (RFC 7578, section 4.3). Plain items are text by default, so a document
        // that says JSON for them means the list.
        Value::Array(items) if !asks_for_json || items.iter().any(has_parts) => items
            .iter()
            .filter(|item| !item.is_null())
            .map(|item| value_part(name, item, declared))
            .collect(),
        value => Ok(vec![value_part(name, value, declared)?]),
    }
}

fn value_part(name: &str, value: &Value, declared: Option<&str>) -> Result<Part, PlanError> {
    // Plain text is the default type of a part, and some servers take the header for a file's.
    let declared = declared.filter(|declared| *declared != "text/plain");
    let by_default = || (value.is_object() || value.is_array()).then_some("application/json");
    let content_type = declared.or_else(by_default);
    let text = match content_type {
        Some(content_type) if MediaType::parse(content_type).is_json() => scalar::json(value)?,
        _ => scalar::text_or_json(value)?,
    };
    Ok(Part::of_text(
        name.to_owned(),
        text,
        content_type.map(str::to_owned),
    ))
}

impl Part {
    fn of_text(name: String, text: String, content_type: Option<String>) -> Self {
        Self {
            name,
            filename: None,
            content_type,
            bytes: text.into_bytes(),
        }
    }

    fn write(&self, named: bool) -> Vec<u8> {
        let mut head = String::new();
        if named {
            head.extend([
                "Content-Disposition: form-data; name=\"",
                &quoted(&self.name),
                "\"",
            ]);
            if let Some(filename) = &self.filename {
                head.extend(["; filename=\"", &quoted(filename), "\""]);
            }
            head.push_str("\r\n");
        }
        if let Some(content_type) = &self.content_type {
            let content_type = content_type.replace(|each: char| each.is_ascii_control(), "");
            head.extend(["Content-Type: ", &content_type, "\r\n"]);
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.bytes);
        bytes
    }
}

/// Browsers' escapes (WHATWG HTML, multipart/form-data): they also keep a name from ending its header.
fn quoted(name: &str) -> String {
    let name = name
        .replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    name.replace(|each: char| each.is_ascii_control(), "")
}

/// Derived from the contents, so that the same call is the same request, and so that contents cannot
/// hold their own boundary without a hash of themselves inside.
fn boundary(parts: &[Vec<u8>]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digits = format!("{:x}", hash.finalize());
    format!("wharf-{}", &digits[..32])
}

fn join(parts: &[Vec<u8>], boundary: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        bytes.extend_from_slice(part);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    bytes
}
