//! What a call came to.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// The result of a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Called(pub(super) Value);

impl Called {
    /// The texts of the result, one a line.
    pub fn text(&self) -> String {
        let blocks = self.0["content"].as_array().into_iter().flatten();
        let texts: Vec<_> = blocks.filter_map(|block| block["text"].as_str()).collect();
        texts.join("\n")
    }

    /// The structured content, as `T`.
    ///
    /// # Panics
    ///
    /// Where there is none, or none of this shape.
    #[track_caller]
    pub fn structured<T: DeserializeOwned>(&self) -> T {
        let content = &self.0["structuredContent"];
        assert!(!content.is_null(), "no structured content in {}", self.0);
        match serde_json::from_value(content.clone()) {
            Ok(content) => content,
            Err(error) => panic!("{error} in {content}"),
        }
    }

    /// Whether the tool failed, in words for the model.
    pub fn is_error(&self) -> bool {
        self.0["isError"] == true
    }

    /// The whole result, as a client reads it.
    pub fn json(&self) -> &Value {
        &self.0
    }
}
