//! `multipart/form-data` and its relatives: fields, JSON parts and real files.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::body::EncodedBody;
use super::error::PlanError;
use super::{file, form, scalar};
use crate::answer::media_type::MediaType;
use crate::operation::Field;

/// One part, its headers still apart.
struct Part {
    name: String,
    filename: Option<String>,
    content_type: Option<String>,
    bytes: Vec<u8>,
}

/// Writes `members` in their order. `declared` is the media type as the document has it.
pub(super) fn write(
    members: &Map<String, Value>,
    fields: &[Field],
    declared: &str,
) -> Result<EncodedBody, PlanError> {
    let mut parts = Vec::new();
    for (name, value) in members {
        let field = fields.iter().find(|field| field.name == *name);
        match (field, value) {
            (_, Value::Null) => {}
            (Some(field), Value::Array(items)) if field.file => {
                for item in items {
                    parts.push(file_part(field, item)?);
                }
            }
            (Some(field), value) if field.file => parts.push(file_part(field, value)?),
            (field, value) => parts.extend(value_parts(name, value, field)?),
        }
    }
    let essence = MediaType::parse(declared).essence;
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

fn file_part(field: &Field, value: &Value) -> Result<Part, PlanError> {
    let file = file::read(&field.name, value)?;
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
    let declared = field.and_then(|field| field.content_type.clone());
    let styled = field.is_some_and(|field| field.style.is_some());
    if let (Some(declared), Value::String(_), false) = (&declared, value, styled)
        && MediaType::parse(declared).is_json()
    {
        return Ok(vec![json_part(name, declared, value)?]);
    }
    let pairs = form::pairs(name, value, field, str::to_owned)?;
    let structured = match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(|item| item.is_object() || item.is_array()),
        _ => false,
    };
    // Plain text is the default type of a part, so only other types are written out.
    let content_type = declared.or_else(|| structured.then(|| "application/json".to_owned()));
    let content_type = content_type.filter(|_| !styled);
    let parts = pairs.into_iter().map(|(name, text)| Part {
        name,
        filename: None,
        content_type: content_type.clone(),
        bytes: text.into_bytes(),
    });
    Ok(parts.collect())
}

fn json_part(name: &str, content_type: &str, value: &Value) -> Result<Part, PlanError> {
    Ok(Part {
        name: name.to_owned(),
        filename: None,
        content_type: Some(content_type.to_owned()),
        bytes: scalar::json(value)?.into_bytes(),
    })
}

impl Part {
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
