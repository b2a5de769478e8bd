//! Sampling: a server borrows the client's model.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::content::Content;

/// Parameters of `sampling/createMessage`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SamplingParams {
    pub messages: Vec<SamplingMessage>,
    /// The most tokens that the answer may have.
    pub max_tokens: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_preferences: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop_sequences: Vec<String>,
    /// Tools that the model may ask for; the client has to declare `sampling.tools`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<Box<RawValue>>,
}

impl SamplingParams {
    /// One question in plain words.
    pub fn question(text: &str, max_tokens: u64) -> Self {
        Self {
            messages: vec![SamplingMessage::user(text)],
            max_tokens,
            system_prompt: None,
            model_preferences: None,
            temperature: None,
            stop_sequences: Vec::new(),
            tools: None,
            tool_choice: None,
        }
    }
}

/// One message of a conversation with a model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SamplingMessage {
    pub role: Role,
    /// One content block or, in 2025-11-25 and newer, an array of them.
    pub content: Box<RawValue>,
}

impl SamplingMessage {
    /// What the user says, in plain words.
    pub fn user(text: &str) -> Self {
        let content = serde_json::json!({ "type": "text", "text": text });
        Self {
            role: Role::User,
            content: serde_json::value::to_raw_value(&content)
                .expect("an object of strings always serialises"),
        }
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Assistant,
}

/// The answer to `sampling/createMessage`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sampled {
    pub role: Role,
    pub content: Box<RawValue>,
    pub model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<String>,
}

impl Sampled {
    /// The text of the answer: that of its first text block.
    pub fn text(&self) -> Option<String> {
        let json = self.content.get();
        // Told apart by hand: an untagged enum reads into a buffer that raw values do not survive.
        let blocks: Vec<Content> = if json.starts_with('[') {
            serde_json::from_str(json).ok()?
        } else {
            vec![serde_json::from_str(json).ok()?]
        };
        blocks
            .iter()
            .find_map(|block| block.as_text().map(ToOwned::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Sampled;

    #[track_caller]
    fn check(content: &str, expected: Expect) {
        let json = format!(r#"{{"role":"assistant","model":"m","content":{content}}}"#);
        let sampled: Sampled = serde_json::from_str(&json).unwrap();
        expected.assert_eq(&format!("{:?}", sampled.text()));
    }

    #[test]
    fn the_text_of_one_block_and_of_the_first_that_has_any() {
        check(
            r#"{"type":"text","text":"Paris"}"#,
            expect![[r#"Some("Paris")"#]],
        );
        check(
            r#"[{"type":"image","data":"AA==","mimeType":"image/png"},{"type":"text","text":"Rome"}]"#,
            expect![[r#"Some("Rome")"#]],
        );
        check(r#"{"type":"hologram"}"#, expect!["None"]);
    }
}
