//! What was understood of a body, on its way to being a result.

use serde_json::value::RawValue;
use wharf_protocol::content::Content;
use wharf_protocol::tool::CallToolResult;

use super::media_type::MediaType;
use super::{AnswerLimits, Response, charset, control};

/// Content, its structured form, and what has to be said about both.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub content: Vec<Content>,
    pub structured: Option<Box<RawValue>>,
    /// Whole sentences or `Header: value` lines.
    pub notes: Vec<String>,
}

impl Reading {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::of(Content::text(text))
    }

    pub(super) fn of(content: Content) -> Self {
        Self {
            content: vec![content],
            ..Self::default()
        }
    }

    /// Structured content whose text is the same JSON.
    pub(super) fn structured(json: Box<RawValue>) -> Self {
        Self {
            structured: Some(json.clone()),
            ..Self::text(String::from(Box::<str>::from(json)))
        }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(super) fn into_result(self) -> CallToolResult {
        let mut content = self.content;
        if !self.notes.is_empty() {
            content.push(Content::text(self.notes.join("\n")));
        }
        CallToolResult {
            content,
            structured_content: self.structured,
            is_error: false,
        }
    }
}

/// The body as text, as it is but for control characters and what goes beyond the limit.
pub(super) fn text(
    response: &Response<'_>,
    limits: &AnswerLimits,
    media_type: &MediaType,
) -> Reading {
    let decoded = charset::decode(response.body, media_type, response.cut.is_some());
    let (clean, removed) = control::strip(&decoded.text);
    let (kept, cut) = shorten(&clean, limits.text_bytes);
    let mut reading = Reading::text(kept);
    reading.notes.extend(decoded.note);
    if removed > 0 {
        reading
            .notes
            .push(format!("{removed} control characters were removed."));
    }
    reading.notes.extend(cut);
    reading.notes.extend(cut_in_transfer(response));
    reading
}

/// The first `limit` bytes, ending at a character, and the note when that is not all.
pub(super) fn shorten(text: &str, limit: usize) -> (&str, Option<String>) {
    if text.len() <= limit {
        return (text, None);
    }
    let end = text.floor_char_boundary(limit);
    (
        &text[..end],
        Some(format!(
            "The text was cut at {end} bytes of {}.",
            text.len()
        )),
    )
}

/// The note about a body that was cut before it came here.
pub(super) fn cut_in_transfer(response: &Response<'_>) -> Option<String> {
    let kept = response.body.len();
    match response.cut? {
        total if total > kept as u64 => {
            Some(format!("The answer was cut at {kept} bytes of {total}."))
        }
        _ => Some(format!(
            "The answer was cut at {kept} bytes; its whole length is unknown."
        )),
    }
}
