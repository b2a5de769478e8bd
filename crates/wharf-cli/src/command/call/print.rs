//! What a call's result looks like.

use std::io::{self, Write};

use serde_json::Value;
use serde_json::value::RawValue;
use wharf_protocol::content::Content;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::tool::CallToolResult;

use crate::command::one_line::on_one_line;
use crate::paint;
use crate::printable::printable;
use crate::report::Failure;

/// Prints a result. For scripts a dry run is the request alone, and anything else the whole result.
pub(super) fn result(result: &CallToolResult, json: bool, dry_run: bool) -> Result<(), Failure> {
    match &result.structured_content {
        Some(request) if json && dry_run && !result.is_error => {
            writeln!(io::stdout(), "{request}")?;
        }
        _ if json => writeln!(io::stdout(), "{}", serde_json::to_string(result)?)?,
        _ => for_people(result)?,
    }
    Ok(())
}

/// Prints a result as its server wrote it, for scripts.
pub(super) fn raw(result: &RawValue) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{}", on_one_line(result))?)
}

/// Prints why there is no result, for scripts.
pub(super) fn refusal(refusal: &ErrorObject) -> Result<(), Failure> {
    let line = serde_json::json!({ "error": refusal });
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// What the model would read, block by block; a failure on standard error.
fn for_people(result: &CallToolResult) -> io::Result<()> {
    let mut blocks: Vec<String> = result.content.iter().map(shown).collect();
    // Structured content stands in the text blocks as well, unless there are none.
    if let (true, Some(structured)) = (blocks.is_empty(), &result.structured_content) {
        blocks.push(text(structured.get()));
    }
    for block in blocks {
        let text = printable(&block);
        if result.is_error {
            let paint = paint::ERROR;
            writeln!(anstream::stderr(), "{paint}error{paint:#}: {text}")?;
        } else {
            writeln!(anstream::stdout(), "{text}")?;
        }
    }
    Ok(())
}

fn shown(content: &Content) -> String {
    let sized = |kind: &str, media: &str, base64: &str| {
        format!(
            "[{kind}: {media}, {} bytes; --json shows them]",
            base64.len() / 4 * 3
        )
    };
    match content {
        Content::Text(block) => text(&block.text),
        Content::Image(media) => sized("image", &media.mime_type, &media.data),
        Content::Audio(media) => sized("sound", &media.mime_type, &media.data),
        Content::ResourceLink(link) => format!("[resource: {}]", link.uri),
        Content::Resource(_) | Content::Other(_) => serde_json::to_string_pretty(content)
            .unwrap_or_else(|_| "[a block of another kind]".to_owned()),
    }
}

/// A text; JSON is laid out.
fn text(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => format!("{value:#}"),
        _ => text.to_owned(),
    }
}
