//! Tools: their definitions, the list and the call.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cache::CacheHint;
use crate::content::Content;
use crate::meta::Meta;
use crate::revision::Revision;

/// A tool as a client sees it. Schemas stay raw: they are somebody else's text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tool {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// JSON Schema 2020-12 with an object root.
    pub input_schema: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<ToolAnnotations>,
    #[serde(default, rename = "_meta", skip_serializing_if = "Meta::is_empty")]
    pub meta: Meta,
}

/// Hints about what a tool does. A client must not trust them (specification, tools, annotations).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolAnnotations {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The tool changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only_hint: Option<bool>,
    /// The tool may destroy or overwrite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destructive_hint: Option<bool>,
    /// Calling it twice does what calling it once does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotent_hint: Option<bool>,
    /// The tool talks to a world outside the server's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_world_hint: Option<bool>,
}

/// Parameters of `tools/list`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ListToolsParams {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Fields of the answer to `tools/list`. Each tool is raw, so that a list which was rendered once is
/// copied and never built again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListToolsResult {
    pub tools: Vec<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    #[serde(flatten)]
    pub cache: Option<CacheHint>,
}

/// Parameters of `tools/call`; `arguments` as the caller wrote them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallToolParams {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Box<RawValue>>,
    /// Answers to an earlier `input_required` (2026-07-28, multi round-trip requests).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_responses: Option<Box<RawValue>>,
    /// The server's own sealed state, echoed by the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_state: Option<String>,
}

/// Fields of the answer to `tools/call`; `_meta` travels beside them in [`crate::port::Answer`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallToolResult {
    pub content: Vec<Content>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_content: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_error: bool,
}

impl CallToolResult {
    /// A result of one text block.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            content: vec![Content::text(text)],
            ..Self::default()
        }
    }

    /// The result as a client of `revision` can take it: structured content came with 2025-06-18 and
    /// was an object until 2026-07-28, sound came with 2025-03-26, links with 2025-06-18. Structured
    /// content stands in the text blocks as well; the other two are told in words.
    #[must_use]
    pub fn fit(mut self, revision: Revision) -> Self {
        let takes_structure = match &self.structured_content {
            Some(raw) if raw.get().starts_with('{') => revision >= Revision::V2025_06_18,
            _ => revision >= Revision::V2026_07_28,
        };
        if !takes_structure {
            self.structured_content = None;
        }
        for block in &mut self.content {
            let words = match block {
                Content::Audio(sound) if revision < Revision::V2025_03_26 => {
                    format!("[sound, {}]", sound.mime_type)
                }
                Content::ResourceLink(link) if revision < Revision::V2025_06_18 => {
                    format!("[{}: {}]", link.name, link.uri)
                }
                _ => continue,
            };
            *block = Content::text(words);
        }
        self
    }

    /// A failure that the model should read and act on.
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            is_error: true,
            ..Self::text(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::value::to_raw_value;

    use super::CallToolResult;
    use crate::content::Content;
    use crate::revision::Revision;

    #[test]
    fn a_result_is_told_in_the_words_that_its_revision_has() {
        let mut result = CallToolResult::text("[1]");
        result.structured_content = to_raw_value(&[1]).ok();
        result.content.push(Content::audio("AA==", "audio/wav"));
        let told = |revision| serde_json::to_string(&result.clone().fit(revision)).unwrap();
        expect![[r#"{"content":[{"type":"text","text":"[1]"},{"type":"audio","data":"AA==","mimeType":"audio/wav"}],"structuredContent":[1]}"#]]
            .assert_eq(&told(Revision::V2026_07_28));
        expect![[r#"{"content":[{"type":"text","text":"[1]"},{"type":"audio","data":"AA==","mimeType":"audio/wav"}]}"#]]
            .assert_eq(&told(Revision::V2025_11_25));
        expect![[r#"{"content":[{"type":"text","text":"[1]"},{"type":"text","text":"[sound, audio/wav]"}]}"#]]
            .assert_eq(&told(Revision::V2024_11_05));
    }
}
