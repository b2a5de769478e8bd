//! XML becomes JSON: `@` before attributes, `#text` beside children, arrays of repeated elements.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

use super::media_type::MediaType;
use super::reading::{self, Reading};
use super::{AnswerLimits, Response, charset, json};

/// Deeper documents stay text.
const MAX_DEPTH: usize = 100;

/// Far more than the largest body kept can usefully hold.
const MAX_NODES: u32 = 2_000_000;

/// Reads an XML body. Names lose their prefixes, which a server may choose anew in each answer.
pub(super) fn read(
    response: &Response<'_>,
    limits: &AnswerLimits,
    media_type: &MediaType,
) -> Reading {
    let as_text = || reading::text(response, limits, media_type);
    if response.cut.is_some() {
        return as_text();
    }
    let decoded = charset::decode(response.body, media_type, false);
    match value(&decoded.text) {
        Ok(value) => match serde_json::value::to_raw_value(&value) {
            Ok(raw) => {
                let mut reading = json::fit(raw, limits.text_bytes);
                reading.notes.extend(decoded.note);
                reading
            }
            Err(_) => as_text(),
        },
        Err(reason) => as_text().note(format!("This XML is shown as text: {reason}.")),
    }
}

/// `{"root": …}`.
///
/// # Errors
///
/// A sentence: malformed, nested too deep, or with a document type, which is never expanded.
pub(super) fn value(text: &str) -> Result<Value, String> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let document =
        Document::parse_with_options(text, options).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let mut object = Map::new();
    object.insert(root.tag_name().name().to_owned(), element(root, 0)?);
    Ok(Value::Object(object))
}

/// Text alone is a string; nothing at all is an empty one.
fn element(node: Node<'_, '_>, depth: usize) -> Result<Value, String> {
    if depth == MAX_DEPTH {
        return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
    }
    let mut object = Map::new();
    for attribute in node.attributes() {
        object.insert(format!("@{}", attribute.name()), attribute.value().into());
    }
    let mut text = String::new();
    for child in node.children() {
        if child.is_element() {
            let name = child.tag_name().name().to_owned();
            add(&mut object, name, element(child, depth + 1)?);
        } else if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        }
    }
    // Between elements white space is layout; inside a lone text it may be data.
    if object.is_empty() {
        return Ok(Value::String(text));
    }
    if !text.trim().is_empty() {
        object.insert("#text".to_owned(), text.trim().into());
    }
    Ok(Value::Object(object))
}

/// The second element of a name makes an array of both. An element never is an array itself, so the
/// two cannot be confused.
fn add(object: &mut Map<String, Value>, name: String, value: Value) {
    match object.get_mut(&name) {
        None => {
            object.insert(name, value);
        }
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}
