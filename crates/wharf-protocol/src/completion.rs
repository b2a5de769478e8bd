//! Completion: what the value of an argument could be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The most values that one answer may have (specification, completion).
pub const MAX_VALUES: usize = 100;

/// Parameters of `completion/complete`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompleteParams {
    #[serde(rename = "ref")]
    pub reference: CompletionReference,
    pub argument: CompletionArgument,
    #[serde(default)]
    pub context: CompletionContext,
}

/// What the argument belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum CompletionReference {
    #[serde(rename = "ref/prompt")]
    Prompt { name: String },
    #[serde(rename = "ref/resource")]
    Resource { uri: String },
}

/// The argument, and as much of its value as there is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompletionArgument {
    pub name: String,
    pub value: String,
}

/// Arguments whose values are already known.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CompletionContext {
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
}

/// Fields of the answer to `completion/complete`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompleteResult {
    pub completion: Completion,
}

/// Values, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    pub values: Vec<String>,
    /// How many there are in all, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    #[serde(default)]
    pub has_more: bool,
}

impl Completion {
    /// As many of `values` as may be sent.
    pub fn of(mut values: Vec<String>) -> Self {
        let total = values.len();
        values.truncate(MAX_VALUES);
        Self {
            has_more: total > values.len(),
            total: u64::try_from(total).ok(),
            values,
        }
    }
}
